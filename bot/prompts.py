"""What a turn says → what a channel shows: events to prompts, in the interview's language, for any channel.

Nothing is decided here but wording and layout. A question's message is edited in place when its ticks change and when
it is answered (it keeps its text, shows the answer, loses its buttons); everything else is a new message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from bot.layout import arranged, is_listed, numbered, shown_as_list
from bot.messages import LAST, REPLY, Button, Line, Prompt
from bot.reasons import announced, button_of_keep, form_changed, is_apart, reason
from flows.i18n import RIGHT_TO_LEFT, MissingText, base, text
from flows.interview import events as e
from flows.interview.form import Choice

Glossary = Callable[[str, str], str]  # (key, language) → a definition, "" when there is none

# Button code → the command that does the same where there are no buttons.
CONTROLS = {
    "d": "done",
    "z": "undo",
    "k": "keep",
    "x": "none",
    "b": "back",
    "s": "skip",
    "u": "unknown",
    "h": "help",
    "m": "resume",
    "v": "review",
    "p": "page",
}
_CODES = {name: code for code, name in CONTROLS.items()}
_MAIN = ("done", "undo", "keep", "none")
_BEFORE_SENDING = ("review",)
_ASIDE = ("back", "skip", "unknown", "help")
_YES_NO = ("repeat", "first", "rest", "remove")
_TYPED = {  # question type → the line that says how to answer
    "integer": "how_integer",
    "decimal": "how_decimal",
    "date": "how_date",
    "time": "how_time",
    "dateTime": "how_datetime",
    "geopoint": "how_geopoint",
    "geotrace": "how_geotrace",
    "geoshape": "how_geotrace",
    "file": "how_file",
    "image": "how_image",
    "audio": "how_audio",
    "video": "how_video",
    "select_multiple": "how_select_multiple",
    "rank": "how_rank",
}
_BY_KIND = {"email": "how_email", "phone": "how_phone", "url": "how_url", "year": "how_year"}
_PYXFORM_OTHER = {"Specify other.": "specify_other", "Other": "other"}  # what `or_other` puts in, in English only


ONE_MESSAGE = 3000  # characters that certainly fit into one message, so that it can take the place of another
ECHOED = 600  # an answer longer than this (in characters) is just above: its length is said back, not its text


def prompts(
    events: Iterable[e.Event], language: str, *, scope: str = "", glossary: Glossary | None = None
) -> list[Prompt]:
    """The messages that say `events`, in order. `scope` (an interview's id) makes keys and buttons unique among
    interviews."""
    writer = _Writer(language, scope, glossary)
    for event in events:
        writer.write(event)
    writer.flush()
    return writer.prompts


class _Writer:
    """Collects lines until something is said that stands as a message of its own."""

    def __init__(self, language: str, scope: str, glossary: Glossary | None) -> None:
        self.language = language
        self.scope = scope
        self.glossary = glossary
        self.prompts: list[Prompt] = []
        self.lines: list[Line] = []
        self.lasting = False  # what was collected must stay readable when the question below it is answered

    def say(self, name: str, /, n: int | None = None, **values: object) -> str:
        return text(f"interview.{name}", self.language, n, **values)

    def flush(
        self,
        lines: Sequence[Line] = (),
        buttons: Sequence[Sequence[Button]] = (),
        *,
        key: str = "",
        edit: bool = False,
        ask_location: bool = False,
        priority: int = REPLY,
    ) -> None:
        """One message: what was collected, then `lines`."""
        every = (*self.lines, *lines)
        self.lines.clear()
        self.lasting = False
        if every:
            self.prompts.append(
                Prompt(
                    every,
                    tuple(tuple(self.own(button) for button in row) for row in buttons if row),
                    key=f"{self.scope}.{key}" if key and self.scope else key,
                    edit=edit,
                    language=self.language,
                    ask_location=ask_location,
                    rtl=base(self.language) in RIGHT_TO_LEFT,
                    priority=priority,
                )
            )

    def write(self, event: e.Event) -> None:
        match event:
            case e.Asked():
                self.asked(event)
            case e.Recorded():
                self.recorded(event)
            case e.Refused():
                self.refused(event)
            case e.Told():
                self.lines.append(Line(self.worded(event.label)))
                if event.hint:
                    self.lines.append(Line(event.hint, "hint"))
                self.lasting = True
            case e.Added():
                said = self.say("added", event.count)
                buttons = [self.control("done", event.token), self.control("undo", event.token)] if event.count else []
                # One message that grows: at a message a second, one for each part would keep the next question waiting.
                self.flush([Line(said)], [buttons], key=f"{event.token}+", edit=event.count > 1)
            case e.Noticed():
                self.lines.append(Line(text(f"replies.{event.reason}", self.language, None, **event.values)))
            case e.SetAside() | e.CameBack():
                self.lines.append(Line(self.say("set_aside" if isinstance(event, e.SetAside) else "came_back")))
                self.lines.extend(Line(self.worded(label), "item") for label in event.labels)
            case e.FormChanged():
                if said := form_changed(event, self.language):
                    self.lines.append(Line(said))
                    self.lasting = True
            case e.Reopened():
                self.lines.append(Line(announced(event, self.language)))
                self.lasting = True
            case e.RowRemoved():
                if event.removed:  # a row without an answer was never there for the person
                    self.lines.append(Line(self.say("row_removed", row=event.row_label)))
            case e.Helped():
                self.helped(event)
            case e.Spoke():
                self.lines.append(Line(self.say("language_changed")))
            case e.Confided():
                name = "confided" if event.confidential else "not_confided"
                self.lines.append(Line(self.say(name, label=self.worded(event.label))))
            case e.Paused():
                self.flush([Line(self.say("paused"))], [[self.button("resume", "m", event.token)]])
            case e.Reviewed():
                self.reviewed(event)
            case e.CoreDone():
                row = [self.button("continue", "m", event.token), self.button("review", "v", event.token)]
                self.flush([Line(self.say("core_done", event.left))], arranged(row), key=event.token)
            case e.Awaited():
                self.awaited(event)
            case e.Completed():
                self.lines.append(Line(self.say("part_completed" if event.scoped else "completed"), "title"))
                for name in ("answered", "skipped", "unknown"):
                    if count := getattr(event, name):
                        self.lines.append(Line(self.say(f"count_{name}", count), "item"))
                # A part is given back at its end: its answers are then another's to look through.
                buttons = [] if event.scoped else [self.button("review", "v", event.token)]
                self.flush([], [buttons], key=event.token)
            case _:
                pass  # rows added and interviews resumed are seen in the question that follows

    # ---- one kind of event each ----
    def asked(self, event: e.Asked) -> None:
        if self.lasting:
            self.flush()
        # Put again after a refusal or below its help: only what is needed.
        brief = any(line.style in ("error", "title") for line in self.lines)
        lines = [] if brief else list(self.heading(event))
        if not brief and is_apart(event) and not event.refreshed:
            self.flush(reason(event, self.language))
        elif not brief and not is_apart(event):
            lines += reason(event, self.language)
        if event.type in _YES_NO:
            values = {"label": self.worded(event.label), "row": event.row_label}
            lines.append(Line(self.say(f"ask_{event.type}", event.rows, **values), "question"))
            answers = [self.button("yes", "y", event.token), self.button("no", "n", event.token)]
            self.flush(lines, [answers, *self.controls(event)], key=event.token, edit=event.refreshed)
            return
        lines.append(Line(self.worded(event.label), "question"))
        if event.hint and not brief:
            lines.append(Line(event.hint, "hint"))
        choices = [Choice(choice.name, self.worded(choice.label)) for choice in event.choices]
        if is_listed(choices):
            lines.append(Line(numbered(choices, event.chosen)))
        unfinished = event.long and "undo" in event.controls  # what was typed so far is still there
        if (not brief or unfinished) and (instruction := self.instruction(event)):
            lines.append(Line(instruction, "example"))
        if event.type == "rank" and event.chosen:
            labels = {choice.name: choice.label for choice in choices}
            ranked = " > ".join(labels[name] for name in event.chosen if name in labels)
            lines.append(Line(self.say("ranking", ranking=ranked)))
        elif event.current and not event.refreshed:
            lines.append(Line(self.say("current", answer=event.current)))
        elif event.again and event.status in ("skipped", "unknown"):
            lines.append(Line(self.say("current", answer=self.say(f"status_{event.status}"))))
        rows = [*self.choice_rows(event, choices), *self.controls(event)]
        self.flush(
            lines,
            rows,
            key=event.token,
            edit=event.refreshed,
            ask_location=event.type == "geopoint" and not event.refreshed,
        )

    def heading(self, event: e.Asked) -> Iterable[Line]:
        found: list[str] = []
        place = event.place
        if place is not None:
            if place.section and place.sections > 1:
                section = self.worded(place.section)
                found.append(self.say("section", number=place.section_number, of=place.sections, name=section))
            if place.total:
                name = f"progress_{place.phase}" if place.phase else "progress"
                found.append(self.say(name, done=place.done, total=place.total))
            if place.away:
                found.append(self.say("progress_away", n=place.away))
        if event.confidential:
            found.append(self.say("confidential_mark"))
        row = [event.row_label] if event.row_label and event.type != "remove" else []
        said = "\n".join([*([" · ".join(found)] if found else []), *row])
        return [Line(said, "progress")] if said else []

    def instruction(self, event: e.Asked) -> str:
        if event.type in ("select_one", "select_multiple", "rank") and not event.choices:
            return self.say("no_choices_needed" if event.required else "no_choices")
        if event.type == "range":
            return self.say(
                "how_range", start=event.parameters.get("start", "1"), end=event.parameters.get("end", "10")
            )
        if event.long:
            return self.say("how_long_unfinished" if "undo" in event.controls else "how_long")
        of_kind = _BY_KIND.get(event.parameters.get("kind", ""))
        if of_kind and event.hint:
            return ""  # the form says itself how to answer
        name = of_kind or _TYPED.get(event.type)
        if event.type in ("select_one", "select_multiple") and not shown_as_list(event.choices):
            name = "how_search"
        said = self.say(name) if name else ""
        return f"{said} {self.say('or_link')}" if event.parameters.get("link") else said

    def choice_rows(self, event: e.Asked, choices: Sequence[Choice]) -> list[list[Button]]:
        if event.type == "acknowledge":
            return [[self.button("acknowledge", "a", event.token)]]
        if not choices or not shown_as_list(choices):
            return []
        listed, ticking = is_listed(choices), event.type == "select_multiple"
        buttons = []
        for index, choice in enumerate(choices):
            if event.type == "rank" and choice.name in event.chosen and len(event.chosen) < len(choices):
                continue
            label = str(index + 1) if listed else choice.label
            tick = choice.name in event.chosen if ticking else None
            buttons.append(Button(label, f"{event.token}:c{index}", ticked=tick))
        return arranged(buttons)

    def controls(self, event: e.Asked) -> list[list[Button]]:
        rows: list[list[Button]] = []
        for names in (_MAIN, _BEFORE_SENDING, _ASIDE):
            buttons = [self.control(name, event.token) for name in names if name in event.controls]
            kept = replace(self.control("keep", event.token), label=self.say(button_of_keep(event)))
            rows.extend(arranged([kept if button.action == kept.action else button for button in buttons]))
        return rows

    def recorded(self, event: e.Recorded) -> None:
        label = self.worded(event.label)
        shown = self.worded(event.display) if event.status == "answered" else self.say(f"status_{event.status}")
        if len(shown) > ECHOED:
            shown = self.say("long_answer", len(shown))
        if event.token:
            self.flush()
            # The next question goes first: nobody should wait a second for their own answer to be tidied up.
            self.flush([Line(label, "question"), Line(shown, "quote")], key=event.token, edit=True, priority=LAST)
            if event.parts:
                noted = Line(self.say("noted", event.parts))
                self.flush([noted], key=f"{event.token}+", edit=True, priority=LAST)
        else:
            self.lines.append(Line(self.say("revised", label=label, answer=shown)))

    def refused(self, event: e.Refused) -> None:
        self.lines.append(Line(refusal(event, self.language), "error"))
        if event.suggestions:
            offers = [
                Button(self.worded(choice.label), f"{event.token}:o{index}")
                for index, choice in enumerate(event.suggestions)
            ]
            rows = [*arranged(offers), [self.button("none_of_these", "m", event.token)]]
            self.flush([Line(self.say("did_you_mean"), "question")], rows, key=f"{event.token}?")

    def awaited(self, event: e.Awaited) -> None:
        lines = [Line(self.say("awaited")), *(Line(self.worded(label), "item") for label in event.labels)]
        if event.left:
            lines.append(Line(self.say("awaited_left", event.left)))
        buttons = [self.button("review", "v", event.token)]
        if event.rest:
            lines.append(Line(self.say("core_done", event.rest)))
            buttons.insert(0, self.button("continue", "m", event.token))
        self.flush(lines, arranged(buttons), key=event.token)

    def helped(self, event: e.Helped) -> None:
        self.lines.append(Line(self.say("help_title"), "title"))
        found = [part for part in (event.guidance, event.hint) if part]
        if self.glossary is not None:
            found += [said for key in event.glossary if (said := self.glossary(key, self.language))]
        self.lines.extend(Line(part) for part in found or [self.say("no_help")])

    def reviewed(self, event: e.Reviewed) -> None:
        title = self.say("review_title", page=event.page + 1, pages=event.pages)
        lines = [Line(title, "title")]
        section = row = ""
        buttons: list[Button] = []
        removals: list[Button] = []
        for entry in event.entries:
            if entry.section != section:
                lines.append(Line(self.worded(entry.section), "progress"))
            if entry.row_label and entry.row_label != row:
                number = f"{entry.number}. " if entry.is_row else ""
                lines.append(Line(number + entry.row_label, "progress"))
            section, row = entry.section, entry.row_label
            if entry.is_row:
                removals.append(Button(self.say("remove_row", number=entry.number), f"{event.token}:r{entry.number}"))
                continue
            shown = self.worded(entry.display) if entry.status == "answered" else self.say(f"status_{entry.status}")
            mark = f" ({self.say('confidential_mark')})" if entry.confidential else ""
            values = {"number": entry.number, "label": self.worded(entry.label), "answer": shown, "mark": mark}
            lines.append(Line(self.say("review_entry", None, **values)))
            buttons.append(Button(str(entry.number), f"{event.token}:e{entry.number}"))
        lines.append(Line(self.say("review_how" if buttons else "review_empty"), "example"))
        pages = []
        if event.page > 0:
            pages.append(Button(self.say("previous_page"), f"{event.token}:p{event.page - 1}"))
        if event.page + 1 < event.pages:
            pages.append(Button(self.say("next_page"), f"{event.token}:p{event.page + 1}"))
        rows = [*arranged(buttons), *arranged(removals), pages, [self.button("continue", "m", event.token)]]
        in_place = event.refreshed and sum(len(line.text) for line in lines) < ONE_MESSAGE
        self.flush(lines, rows, key=f"{event.token}=", edit=in_place)

    # ---- pieces ----
    def button(self, name: str, code: str, token: str) -> Button:
        return Button(self.say(f"button_{name}"), f"{token}:{code}")

    def own(self, button: Button) -> Button:
        """The button, with the interview that it belongs to in its action."""
        return replace(button, action=f"{self.scope}.{button.action}") if self.scope else button

    def control(self, name: str, token: str) -> Button:
        return self.button(name, _CODES[name], token)

    def worded(self, label: str) -> str:
        """A form's text; the two that `or_other` always puts in English are translated."""
        name = _PYXFORM_OTHER.get(label)
        return self.say(name) if name else label


def refusal(event: e.Refused, language: str) -> str:
    """The message of a refusal: the form's own words, or the catalogue's."""
    if event.message:
        return event.message
    try:
        return text(f"interview.{event.reason}", language, None, **event.values)
    except MissingText:
        return text(f"replies.{event.reason}", language, None, **event.values)


def own_action(action: str, scope: str) -> str:
    """The action as the interview `scope` made it; "" when it is another's, whose questions count alike."""
    if not scope:
        return action
    made_by, dot, own = action.partition(".")
    return own if dot and made_by == scope else ""


def command_of(action: str) -> str:
    """The command that does what a control button does; "" for the buttons of answers."""
    _, _, code = action.partition(":")
    return CONTROLS.get(code[:1], "") if code[:1] != "p" else ""
