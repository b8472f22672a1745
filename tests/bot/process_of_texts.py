"""`griot bot` with a long form of plain texts in place of the guide's: `python -m tests.bot.process_of_texts`."""

from __future__ import annotations

import asyncio

from bot.outbox import Limits
from bot.serving import serve
from bot.settings import load
from flows.interview.form import Form
from flows.interview.form import load as load_xform

QUESTIONS = 40


def texts() -> list[Form]:
    """Forty texts, in any language."""
    names = [f"q{number}" for number in range(QUESTIONS)]
    instance = "".join(f"<{name}/>" for name in names)
    binds = "".join(f'<bind nodeset="/data/{name}" type="string"/>' for name in names)
    body = "".join(f'<input ref="/data/{name}"><label>Question {name}?</label></input>' for name in names)
    xform = (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">'
        f'<h:head><h:title>Texts</h:title><model><instance><data id="texts" version="1">{instance}</data></instance>'
        f"{binds}</model></h:head><h:body>{body}</h:body></h:html>"
    )
    return [load_xform(xform)]


if __name__ == "__main__":
    asyncio.run(serve(load(None), Limits(per_second=100_000, at_once=1000), texts))
