"""Answers that are kept: what took long to make is read back as a file.

An answer is kept under its question, the evidence, the code and the day; any of them changed, it is made anew. A kept
answer is one archive of JSON and Parquet: what is not shown is not in it, so its ``result`` holds plain values.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import uuid
import zipfile
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tripoint.answers.answer import Answer, Line, Part, Table
from tripoint.answers.plain import plain
from tripoint.chart.figure import Figure
from tripoint.evidence.citing import Cited
from tripoint.provenance import Lineage, digest

if TYPE_CHECKING:
    import polars as pl

    from tripoint.answers.question import Question
    from tripoint.evidence.query import Evidence

FORMAT = 1
#: All kept answers together take at most this; the least recently read go first.
MOST_BYTES = 256_000_000
_WORDS = ("title", "subtitle", "source", "alt", "note")


class KeptAnswer(Answer):
    """An answer that was kept: its rows are unpacked when they are first looked at."""

    _packed_rows: bytes

    @property
    def rows(self) -> pl.DataFrame:
        """Its numbers as a frame."""
        return _unpacked(self._packed_rows)

    @rows.setter
    def rows(self, packed: Any) -> None:
        object.__setattr__(self, "_packed_rows", packed)


class KeptFigure(Figure):
    """A figure that was kept: its table is unpacked when it is first looked at."""

    _packed_table: bytes

    @property
    def table(self) -> pl.DataFrame:
        """The rows that the figure was drawn from, read back as a frame."""
        return _unpacked(self._packed_table)

    @table.setter
    def table(self, packed: Any) -> None:
        object.__setattr__(self, "_packed_table", packed)


def folder_of(home: Path) -> Path:
    """Where the answers of a store are kept."""
    return home / "answers"


def path_of(evidence: Evidence, question: Question) -> Path:
    """File of an answer: named by the question in full, the evidence, the code and the day."""
    asked = json.dumps([FORMAT, question.subject, repr(question), evidence.hash, code(), date.today().isoformat()])
    return folder_of(evidence.home) / f"{question.subject}-{digest(asked)[:24]}.zip"


@cache
def code() -> str:
    """What the package's own files are: names, sizes and times of change."""
    root = Path(__file__).parent.parent
    files = sorted(p for p in root.rglob("*") if p.suffix in (".py", ".csv", ".toml", ".json"))
    stats = [(p.relative_to(root).as_posix(), p.stat()) for p in files]
    return digest("\n".join(f"{name} {s.st_size} {s.st_mtime_ns}" for name, s in stats))


def load(evidence: Evidence, question: Question) -> Answer | None:
    """The kept answer to a question, or None where there is none that can be read."""
    path = path_of(evidence, question)
    try:
        with zipfile.ZipFile(path) as archive:
            found = _read(archive, question)
    except (OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError):
        return None
    with contextlib.suppress(OSError):
        os.utime(path)
    return found


def keep(evidence: Evidence, answer: Answer) -> bool:
    """Keep an answer; False where the store cannot be written, which is no error."""
    path = path_of(evidence, answer.question)
    partial = path.with_name(f".{uuid.uuid4().hex}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as archive:
            _write(archive, answer)
        partial.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        return False
    _bound(path.parent)
    return True


def clean(home: Path) -> tuple[int, int]:
    """Delete all kept answers of a store; returns how many files went, and their bytes."""
    gone = [(path, path.stat().st_size) for path in _files(folder_of(home))]
    for path, _ in gone:
        path.unlink(missing_ok=True)
    return len(gone), sum(size for _, size in gone)


def _files(folder: Path) -> list[Path]:
    return [*folder.glob("*.zip"), *folder.glob(".*.part")] if folder.is_dir() else []


def _bound(folder: Path) -> None:
    """Delete what was read longest ago until the rest is within the bound; a file that goes meanwhile is no error."""
    with contextlib.suppress(OSError):
        known = sorted(((p.stat().st_mtime, p.stat().st_size, p) for p in _files(folder)), key=lambda item: item[0])
        total = sum(size for _, size, _ in known)
        for _, size, path in known:
            if total <= MOST_BYTES:
                return
            path.unlink(missing_ok=True)
            total -= size


def _write(archive: zipfile.ZipFile, answer: Answer) -> None:
    figures = answer.figures
    body = {
        "headline": answer.headline,
        "result": plain(answer.result),
        "parts": [_part(part) for part in answer.parts],
        "figures": [{**{name: getattr(f, name) for name in _WORDS}, "spec": f.spec} for f in figures],
        "sources": plain(answer.sources),
        "method": answer.lineage.method,
        "evidence": answer.lineage.evidence_hash,
        "facts": answer.lineage.fact_ids,
        "parameters": answer.lineage.parameters,
        "seed": answer.lineage.seed,
        "newest": plain(answer.newest),
        "remarks": answer.remarks,
        "truncated": answer.truncated,
    }
    archive.writestr("answer.json", json.dumps(body, ensure_ascii=False, allow_nan=False))
    for name, table in (("rows", answer.rows), *((f"figure-{k}", f.table) for k, f in enumerate(figures))):
        archive.writestr(f"{name}.parquet", _packed(table))


def _packed(table: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    table.write_parquet(buffer, compression="zstd", compression_level=1)
    return buffer.getvalue()


def _part(part: Part) -> dict[str, Any]:
    table = part.table
    return {
        "heading": part.heading,
        "lines": [[x.text, x.facts, x.marks, x.level, x.tone] for x in part.lines],
        "table": None if table is None else plain(table),
        "figure": part.figure is not None,
    }


def _read(archive: zipfile.ZipFile, question: Question) -> Answer:
    body = json.loads(archive.read("answer.json"))
    figures = iter([_figure(archive, k, words) for k, words in enumerate(body["figures"])])
    parts = tuple(
        Part(
            part["heading"],
            tuple(
                Line(text, tuple(facts), tuple(marks), level, tone) for text, facts, marks, level, tone in part["lines"]
            ),
            None if part["table"] is None else _table(part["table"]),
            next(figures) if part["figure"] else None,
        )
        for part in body["parts"]
    )
    packed: Any = archive.read("rows.parquet")
    return KeptAnswer(
        question=question,
        headline=body["headline"],
        result=body["result"],
        parts=parts,
        rows=packed,
        sources=tuple(Cited(**source) for source in body["sources"]),
        lineage=Lineage(body["method"], body["evidence"], tuple(body["facts"]), body["parameters"], body["seed"]),
        newest=date.fromisoformat(body["newest"]) if body["newest"] else None,
        remarks=tuple(body["remarks"]),
        truncated=body["truncated"],
    )


def _table(body: dict[str, Any]) -> Table:
    rows = tuple(tuple(row) for row in body["rows"])
    return Table(**{**body, "head": tuple(body["head"]), "rows": rows, "links": tuple(body["links"])})


def _figure(archive: zipfile.ZipFile, number: int, words: dict[str, Any]) -> Figure:
    packed: Any = archive.read(f"figure-{number}.parquet")
    return KeptFigure(table=packed, **words)


def _unpacked(packed: bytes) -> pl.DataFrame:
    import polars as pl

    return pl.read_parquet(io.BytesIO(packed))
