"""Pages → one HTML file that needs nothing else, from `templates/guide/guide.html.j2` and `guide.css`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from bot.documents.addresses import parted
from bot.documents.cleaning import clean
from bot.documents.figures import svg
from bot.documents.pages import Item, Pages, Said, runs
from bot.documents.wording import Wording
from flows.country.guide import Figure
from flows.i18n import text
from flows.questionnaires.wording import wording

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup


def to_html(pages: Pages) -> bytes:
    """The pages as UTF-8 HTML. In a guide, what somebody said names its question when it is pointed at."""
    cited: set[int] = set()
    asked = _questions(pages.language) if pages.cover else lambda _: ""

    def first(number: int) -> bool:
        """Whether the source is cited for the first time."""
        new = number not in cited
        cited.add(number)
        return new

    return (
        _template()
        .render(
            pages=pages,
            headings=pages.headings(),
            kind=_kind,
            runs=runs,
            first=first,
            numbers_cited=cited,
            svg=_drawn,
            asked=asked,
            leading=_leading,
        )
        .encode()
    )


def _questions(language: str) -> Callable[[Said], str]:
    """Statement → the question of the questionnaire that it answers, in words; "" where there is none."""
    form, spoken = wording(), Wording(language, {}).texts

    @cache
    def told(question: str) -> str:
        name = question.rpartition("/")[2].partition("[")[0]
        number, words = form.asked(name, spoken)
        return text("provenance.question", spoken, None, number=number or name, words=clean(words)) if words else ""

    return lambda said: told(said.evidence.question) if said.evidence is not None and said.evidence.question else ""


def _leading(line: str) -> Markup:
    """A line in which addresses of the web can be followed."""
    from markupsafe import Markup

    link = Markup('<a class="address" rel="noopener noreferrer" href="{0}">{0}</a>')
    return Markup().join(link.format(piece) if follows else piece for piece, follows in parted(line))


def _kind(item: Item) -> str:
    return type(item).__name__


def _drawn(figure: Figure, anchor: str) -> Markup:
    from markupsafe import Markup

    return Markup(svg(figure, anchor))  # noqa: S704 - escaped where it is drawn


@cache
def _template() -> Template:
    from jinja2 import DictLoader, Environment, StrictUndefined

    folder = files("templates").joinpath("guide")
    sources = {name: folder.joinpath(name).read_text("utf-8") for name in ("guide.html.j2", "guide.css")}
    environment = Environment(autoescape=True, undefined=StrictUndefined, loader=DictLoader(sources))
    return environment.get_template("guide.html.j2")
