"""Starting the server on this machine."""

from __future__ import annotations

import socket
import webbrowser
from pathlib import Path

from tripoint.errors import InputError
from tripoint.web.app import build_app
from tripoint.web.safety import LOCAL_NAMES, App
from tripoint.web.service import Service

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def serve(
    home: Path | None, *, host: str = "127.0.0.1", port: int = 8765, opened: bool = True, mcp: App | None = None
) -> None:
    """Serve pages until interrupted.

    Parameters
    ----------
    home
        Folder of the store; None for the default.
    host, port
        Where to listen. A host that is not the loopback lets others read what the store holds.
    opened
        Whether to open a browser.
    mcp
        Application for ``/mcp``.

    Raises
    ------
    InputError
        The port is taken, or the host is none of this machine's.
    """
    import uvicorn

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise InputError(f"cannot listen on {host} port {port} ({error.strerror}); give another with --port") from None
    names = LOCAL_NAMES if host in LOOPBACK else LOCAL_NAMES | {host.casefold()}
    service = Service(home)
    config = uvicorn.Config(
        build_app(service, names=names, mcp=mcp),
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
        timeout_keep_alive=10,
        limit_concurrency=200,
        h11_max_incomplete_event_size=16_384,
    )
    address = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}/"
    print(f"Tripoint at {address}  (Ctrl-C stops it)", flush=True)
    if opened:
        webbrowser.open(address)
    uvicorn.Server(config).run(sockets=[listening])
