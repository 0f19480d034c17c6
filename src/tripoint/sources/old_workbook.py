"""Workbooks of before 2007 (.xls), read in a process of their own.

A damaged one can name a cell so far out that the library asks for more memory than there is, which ends the process
it runs in. Here that is a child with a bound, and an error in its parent.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from tripoint.errors import FormatError

#: How such a file begins.
OLD = b"\xd0\xcf\x11\xe0"
#: Bytes of memory and seconds of CPU that the child may take.
MOST_MEMORY, MOST_SECONDS = 4 << 30, 120


def read_old(path: Path, sheet: str | None) -> list[list[Any]]:
    """Rows of a sheet, of the first where none is named.

    Raises ``FormatError`` where the file cannot be read, or has no such sheet.
    """
    command = [sys.executable, "-m", __name__, str(path), *([sheet] if sheet is not None else [])]
    done = subprocess.run(command, capture_output=True, timeout=10 * MOST_SECONDS, check=False)  # noqa: S603
    if done.returncode:
        raise FormatError(f"{path.name}: not readable as a workbook; it may be damaged: fetch it again")
    said, rows = json.loads(done.stdout)
    if said:
        raise FormatError(f"{path.name}: {said}")
    return [[_READ[cell[0]](cell[1]) if isinstance(cell, list) else cell for cell in row] for row in rows]


#: How a cell that JSON has no form for is written and read again, by the name of its type.
_READ: dict[str, Callable[[Any], Any]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda seconds: timedelta(seconds=seconds),
}


def _written(cell: Any) -> Any:
    """A cell as JSON holds it: numbers, texts and truths as they are, moments under the name of their type."""
    if isinstance(cell, timedelta):
        return ["timedelta", cell.total_seconds()]
    return [type(cell).__name__, cell.isoformat()] if isinstance(cell, date | time) else cell


def main(path: str, sheet: str | None = None) -> None:
    """Read a sheet and write its rows to standard output."""
    _bound()
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    if sheet is not None and sheet not in book.sheet_names:
        answer: tuple[str, list[list[Any]]] = (f"no sheet '{sheet}'; it has {', '.join(book.sheet_names)}", [])
    else:
        found = book.get_sheet_by_index(0) if sheet is None else book.get_sheet_by_name(sheet)
        answer = ("", found.to_python())
    said, rows = answer
    sys.stdout.write(json.dumps([said, [[_written(cell) for cell in row] for row in rows]]))


def _bound() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such bounds
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(*sys.argv[1:])
