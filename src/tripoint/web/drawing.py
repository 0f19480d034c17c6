"""The templates of pages, read once; everything that they are given is escaped."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from tripoint.chart import marks


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("tripoint.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["mark"] = lambda word: Markup(marks.mark(word))  # noqa: S704  # our own shapes
    made.filters["marked"] = lambda text: Markup(marks.marked(text))  # noqa: S704  # it escapes the text
    made.globals["states_of_knowledge"] = marks.STATES
    return made


def template(name: str) -> Template:
    """Return a template by its name."""
    return _environment().get_template(name)
