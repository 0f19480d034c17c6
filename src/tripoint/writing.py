"""Writing files whole or not at all."""

from __future__ import annotations

import os
import stat
import uuid
from collections.abc import Callable
from pathlib import Path

from tripoint.errors import InputError


def write_whole(path: Path, body: str | bytes) -> None:
    """Write a file so that a reader sees the old one or the new one, never a part.

    A link is followed, so that what it leads to is written. Text is UTF-8.

    Raises
    ------
    InputError
        The path is empty, a folder, or neither a file nor absent, its folder is missing, or the disk refuses. What was
        there before stands, and nothing is left behind.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_whole(Path(folder) / "a.txt", "whole")
    ...     (Path(folder) / "a.txt").read_text()
    'whole'
    """
    data = body.encode() if isinstance(body, str) else body
    replace_whole(path, lambda partial: partial.write_bytes(data))


def replace_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a temporary file beside a path, and give it the path's name; errors as :func:`write_whole`."""
    target = checked_target(path)
    partial = target.with_name(f".{target.name[:200]}.{uuid.uuid4().hex[:8]}.part")
    try:
        write(partial)
        with partial.open("rb") as handle:
            os.fsync(handle.fileno())
        partial.replace(target)
    except OSError as error:
        raise InputError(f"cannot write '{path}' ({error.strerror or error}); nothing was changed") from error
    finally:
        partial.unlink(missing_ok=True)


def checked_target(path: Path) -> Path:
    """Return the file that a path leads to, or say why it cannot be written."""
    if not path.name:
        raise InputError(f"cannot write '{path}': it names no file")
    try:
        target = path.resolve()
        mode = target.stat().st_mode if target.exists() else stat.S_IFREG
    except (OSError, RuntimeError, ValueError) as error:
        raise InputError(f"cannot write '{path}' ({error}); name another file") from error
    if stat.S_ISDIR(mode):
        raise InputError(f"cannot write '{path}': it is a folder; name a file in it")
    if not stat.S_ISREG(mode):
        raise InputError(f"cannot write '{path}': it is a device or a pipe, not a file; name a file")
    if not target.parent.is_dir():
        raise InputError(f"cannot write '{path}': there is no folder '{target.parent}'; make it first")
    return target
