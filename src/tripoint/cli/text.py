"""Long answers: text in columns, results as plain values, and a sign of life while they are made."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

from tripoint.cli.output import console

T = TypeVar("T")


def working(what: str, work: Callable[[], T]) -> T:
    """Do the work, with a sign of life and the seconds gone by on a terminal."""
    err = console(stderr=True)
    if not err.is_terminal:
        return work()
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=err, transient=True
    ) as p:
        p.add_task(what, total=None)
        return work()


def plain(value: Any) -> Any:
    """A result as values for JSON; what is not shown (raw draws, whole paths) is left out, NaN is null."""
    import numpy as np

    if is_dataclass(value) and not isinstance(value, type):
        made = {f.name: plain(getattr(value, f.name)) for f in fields(value) if f.repr}
        for name in ("convergence", "verdict", "robust", "outcome"):
            if isinstance(getattr(type(value), name, None), property):
                made[name] = plain(getattr(value, name))
        return made
    if isinstance(value, Mapping):
        return {" | ".join(k) if isinstance(k, tuple) else str(k): plain(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list | tuple | frozenset):
        return [plain(v) for v in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def table_lines(
    head: Sequence[str], rows: Sequence[Sequence[str]], *, indent: str = "  ", words: bool = False
) -> list[str]:
    """Rows as columns of text: the first to the left, numbers to the right; the last to the left where ``words``."""
    table = [list(head), *(list(row) for row in rows)]
    wide = [max(len(row[k]) for row in table) for k in range(len(head))]
    left = {0, len(head) - 1} if words else {0}
    return [
        (
            indent
            + "  ".join(c.ljust(w) if k in left else c.rjust(w) for k, (c, w) in enumerate(zip(row, wide, strict=True)))
        ).rstrip()
        for row in table
    ]
