"""The method's pages: the same Markdown as the documentation's explanations, drawn as HTML without raw markup."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from markupsafe import Markup

from tripoint.errors import InputError


@cache
def _folder() -> Any:
    shipped = resources.files("tripoint.web") / "method"
    if shipped.is_dir():
        return shipped
    checkout = Path(__file__).parents[3] / "docs" / "explanation"
    if checkout.is_dir():
        return checkout
    raise InputError("the method's pages are not installed; reinstall the package")


@cache
def titles() -> dict[str, str]:
    """Name of each page -> its title, in the order of titles."""
    found = {}
    for file in _folder().iterdir():
        if file.name.endswith(".md"):
            first = file.read_text("utf-8").lstrip().splitlines()[0]
            found[file.name.removesuffix(".md")] = first.lstrip("# ").strip()
    return dict(sorted(found.items(), key=lambda item: item[1].casefold()))


def page(name: str, href: Callable[[str], str]) -> tuple[str, Markup]:
    """Title and body of a page; links between pages lead where ``href`` says, other relative links lead nowhere."""
    from markdown_it import MarkdownIt

    text = (_folder() / f"{name}.md").read_text("utf-8").lstrip()
    _, _, body = text.partition("\n")
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(body)
    for token in tokens:
        for child in token.children or ():
            if child.type == "link_open":
                _lead(child, href)
            if child.type == "image":
                child.type, child.tag, child.content = "text", "", child.content
    html = reader.renderer.render(tokens, reader.options, {})
    for tag in ("pre", "table"):  # what scrolls must be reached by keyboard
        html = html.replace(f"<{tag}>", f'<{tag} tabindex="0">')
    return titles()[name], Markup(html)  # noqa: S704  # raw HTML is off


def _lead(link: Any, href: Callable[[str], str]) -> None:
    target = str(link.attrs.get("href", ""))
    if target.startswith(("https://", "http://", "#")):
        return
    name = target.rpartition("/")[2].partition("#")[0].removesuffix(".md")
    if name in titles():
        link.attrs["href"] = href(name)
    else:
        link.attrs.pop("href", None)
