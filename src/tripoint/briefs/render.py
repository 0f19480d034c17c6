"""Drawing a brief: one self-contained HTML file, Markdown, PDF, BibTeX. No request leaves the host."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources
from typing import TYPE_CHECKING, Any

from tripoint.briefs.paper import Brief, Section
from tripoint.chart.lines import lines_svg
from tripoint.chart.theme import fonts_folder
from tripoint.claims.likelihood import WORDS, percent
from tripoint.errors import MissingExtraError

if TYPE_CHECKING:
    from tripoint.chart.figure import Figure

_FACES = (
    ("IBM Plex Sans", 400, "normal", "IBMPlexSans-Regular"),
    ("IBM Plex Sans", 600, "normal", "IBMPlexSans-SemiBold"),
    ("IBM Plex Serif", 400, "normal", "IBMPlexSerif-Regular"),
    ("IBM Plex Serif", 600, "normal", "IBMPlexSerif-SemiBold"),
    ("IBM Plex Serif", 400, "italic", "IBMPlexSerif-Italic"),
)
#: Width of a figure and height of its plot [px]: in its column, on a phone, and beside the text of a printed page.
_SIZES = {"wide": (680, 190), "narrow": (343, 150), "inset": (384, 108)}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|#])")


@dataclass(frozen=True, slots=True)
class _Group:
    name: str
    sections: tuple[Section, ...]


def render_html(brief: Brief) -> str:
    """The brief as one HTML file with its fonts, styles and charts inside, and no scripts."""
    css = (resources.files("tripoint.briefs") / "templates" / "brief.css").read_text("utf-8")
    return _render("brief.html", brief, draw=_draw, css=_safe(css), fonts=_safe(_font_faces()), link=_link)


def render_markdown(brief: Brief) -> str:
    """The brief as Markdown; figures are left out, their titles and numbers are in the text."""

    def notes(numbers: Sequence[int]) -> str:
        return "".join(f"[{n}]" for n in numbers)

    text = _render("brief.md", brief, notes=notes, plain=_markdown, link=_link)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def render_pdf(brief: Brief) -> bytes:
    """The brief as PDF.

    Raises
    ------
    MissingExtraError
        When WeasyPrint or the system libraries that it needs are absent.
    """
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        raise MissingExtraError(
            f"PDF needs WeasyPrint ({error}). Run: pip install 'tripoint[pdf]'; on Debian also: "
            "apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        ) from None
    html = render_html(brief)
    fetcher = weasyprint.URLFetcher(allowed_protocols={"data"})
    pdf: bytes = weasyprint.HTML(string=html, url_fetcher=fetcher).write_pdf()
    return pdf


def render_bibtex(brief: Brief) -> str:
    """BibTeX of every numbered source; documents without an entry of their own become ``@misc``."""
    entries = (s.bibtex.strip() or _misc(s.id, s.citation, s.url, s.accessed) for s in brief.sources)
    return "\n\n".join(dict.fromkeys(entries)) + "\n"


def _misc(key: str, citation: str, url: str, accessed: str) -> str:
    title = citation.replace("{", "").replace("}", "")
    note = f"  note = {{accessed {accessed}}},\n" if accessed else ""
    return f"@misc{{{key},\n  title = {{{title}}},\n  url = {{{url}}},\n{note}}}"


def _render(template: str, brief: Brief, **more: Any) -> str:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("tripoint.briefs"),
        autoescape=template.endswith(".html"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )
    return environment.get_template(template).render(
        b=brief, groups=_groups(brief), percent=percent, words=WORDS, **more
    )


def _groups(brief: Brief) -> tuple[_Group, ...]:
    names = list(dict.fromkeys(s.group for s in brief.sections))
    return tuple(_Group(n, tuple(s for s in brief.sections if s.group == n)) for n in names)


def _draw(figure: Figure) -> Any:
    """A figure drawn for its column and for a narrow place, with its words and the table behind it."""
    from markupsafe import Markup

    drawn = ""
    for name, (width, height) in _SIZES.items():
        svg = lines_svg(figure, width, height)
        hidden = "" if name == "wide" else ' aria-hidden="true"'
        drawn += f'<div class="{name}"{hidden}>{svg}</div>'
    return Markup(figure.to_html(drawn=drawn))  # noqa: S704  # our own markup, text escaped in it


def _link(address: str) -> str:
    """An address on the web, or nothing: no other scheme becomes a link."""
    return address if address.casefold().startswith(("https://", "http://")) else ""


def _markdown(text: str) -> str:
    """A text whose characters mean nothing to Markdown, in a table or out of it."""
    return _MARKDOWN.sub(r"\\\1", escape(" ".join(text.split()), quote=False).replace("&amp;", "&"))


def _font_faces() -> str:
    faces = []
    for family, weight, style, name in _FACES:
        data = base64.b64encode((fonts_folder() / f"{name}.woff2").read_bytes()).decode()
        faces.append(
            f'@font-face{{font-family:"{family}";font-weight:{weight};font-style:{style};'
            f'src:url(data:font/woff2;base64,{data}) format("woff2")}}'
        )
    return "".join(faces)


def _safe(text: str) -> Any:
    from markupsafe import Markup

    return Markup(text)  # noqa: S704  # our own style sheet and fonts
