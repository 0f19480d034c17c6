"""``tripoint mcp``: tools for assistants, over standard input and output."""

from __future__ import annotations

from pathlib import Path

import click

from tripoint.cli.output import home_option


@click.command("mcp")
@home_option
def mcp_command(home: Path | None) -> None:
    """Serve nine read-only tools to an assistant over standard input and output.

    \b
    Example:
      tripoint mcp
    In an assistant's settings:
      {"command": "tripoint", "args": ["mcp"]}
    """
    from tripoint.mcp.server import build_server

    build_server(home).run("stdio")
