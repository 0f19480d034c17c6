"""``tripoint web``: the pages, served from this machine or written as a folder of files."""

from __future__ import annotations

from pathlib import Path

import click

from tripoint.cli.output import home_option


@click.command("web")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Where to listen; others than this let others read."
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="Port; 0 takes a free one."
)
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
@click.option(
    "--export", "folder", type=click.Path(file_okay=False, path_type=Path), help="Write all pages to a folder."
)
@click.option(
    "--base", default="", metavar="ADDRESS", help="With --export: address at which the folder will be served."
)
@click.option("--mcp", "assistants", is_flag=True, help="Also serve the tools for assistants, at /mcp.")
@home_option
def web_command(
    host: str, port: int, no_open: bool, folder: Path | None, base: str, assistants: bool, home: Path | None
) -> None:
    """Show states, pairs, triangles, claims and their sources as pages.

    \b
    Example:
      tripoint web
      tripoint web --export site
      tripoint web --mcp
    """
    if folder is not None:
        from tripoint.cli.show import working
        from tripoint.web.export import export

        made = working("pages", lambda: export(home, folder, base=base))
        click.echo(f"{made.pages:,} pages, {made.bytes / 1e6:.1f} MB in {folder}; open {folder / 'index.html'}")
        return
    from tripoint.web.serve import serve

    tools = None
    if assistants:
        from tripoint.mcp.server import http_app

        tools = http_app(home, host)
    serve(home, host=host, port=port, opened=not no_open, mcp=tools)
