"""The way of one value through the rooms of the package: ``python benchmarks/walk.py [HOME]``.

Runs ``tripoint scan USA --year 2019`` and lists, by room (folder of the package), the functions that were entered from
another room with the year in hand, from where, and how often. A straight way has one or two such doors a room;
evidence, which every room asks, has one for each thing that can be asked of it.
"""

from __future__ import annotations

import sys
from collections import Counter
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Any

import tripoint
from tripoint.answers import registry

ROOT = f"{Path(tripoint.__file__).parent}/"
YEAR = 2019
#: Elements of a list, and lists in lists, that are looked through for the year.
FEW, DEEP = 10, 2


def room_of(frame: FrameType | None) -> str:
    """Folder of the package that a frame is in; empty outside."""
    if frame is None or not frame.f_code.co_filename.startswith(ROOT):
        return ""
    return frame.f_code.co_filename[len(ROOT) :].split("/")[0].removesuffix(".py")


def has_year(value: Any, depth: int = 0) -> bool:
    """Whether a value is the year, a day of it, or a short list with one."""
    if isinstance(value, int):
        return value == YEAR
    if isinstance(value, date):
        return value.year == YEAR
    if isinstance(value, tuple | list) and depth < DEEP and len(value) < FEW:
        return any(has_year(each, depth + 1) for each in value)
    return isinstance(getattr(value, "year", None), int) and value.year == YEAR


def main() -> None:
    home = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    evidence = tripoint.open_evidence(home)
    question = registry.read("scan", {"by": "USA", "year": str(YEAR)})
    doors: Counter[tuple[str, str, str]] = Counter()

    def watch(frame: FrameType, event: str, _: Any) -> None:
        here = room_of(frame)
        if event != "call" or not here:
            return
        code, caller = frame.f_code, frame.f_back
        while caller is not None and not room_of(caller):
            caller = caller.f_back
        given = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        if room_of(caller) != here and any(has_year(frame.f_locals.get(name)) for name in given):
            doors[room_of(caller), here, f"{code.co_filename[len(ROOT) :]} {code.co_name}"] += 1

    sys.setprofile(watch)
    registry.answer(evidence, question)
    sys.setprofile(None)
    for here in dict.fromkeys(there for _, there, _ in doors):
        mine = [(came, name, n) for (came, there, name), n in doors.items() if there == here]
        print(f"{here}: {len({name for _, name, _ in mine})} doors")
        for came, name, n in mine:
            print(f"    from {came or 'outside'}: {name}, {n} times")


if __name__ == "__main__":
    main()
