"""Freezing a claim file by its hash before new evidence is loaded, and scoring its predictions when they resolve."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tripoint.claims.measured import Question
from tripoint.claims.model import ClaimFile, Prediction, Test, Weight
from tripoint.claims.tested import weigh_test
from tripoint.errors import StoreError

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

_LEDGER = "frozen_claims.jsonl"
_SURE = 0.95


@dataclass(frozen=True, slots=True)
class Frozen:
    """A claim file as it stood on a day.

    Attributes
    ----------
    hash
        SHA-256 of its text and counts.
    on
        Day on which it was frozen.
    evidence
        Hash of the evidence that was in use then; what was loaded later cannot have been known.
    """

    hash: str
    path: str
    title: str
    on: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """A prediction on a day: ``outcome`` is None while its day has not come or where nothing was searched."""

    prediction: Prediction
    outcome: bool | None
    why: str

    @property
    def brier(self) -> float:
        """Squared distance of the probability from what happened [0-1]; NaN while it is open."""
        return math.nan if self.outcome is None else (self.prediction.probability - self.outcome) ** 2


def freeze(file: ClaimFile, home: Path, *, evidence: str, on: date) -> Frozen:
    """Write a file's hash into the ledger of the home; a file frozen before keeps its first day.

    Raises
    ------
    StoreError
        When the ledger cannot be written.
    """
    before = find_frozen(file, home)
    if before is not None:
        return before
    one = Frozen(file.hash, file.path, file.title, on.isoformat(), evidence)
    try:
        home.mkdir(parents=True, exist_ok=True)
        with (home / _LEDGER).open("a", encoding="utf-8") as ledger:
            ledger.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")
    except OSError as error:
        raise StoreError(f"{home / _LEDGER} cannot be written ({error.strerror})") from None
    return one


def find_frozen(file: ClaimFile, home: Path) -> Frozen | None:
    """When this very file was frozen; None where it was not, or was changed since."""
    return next((one for one in _ledger(home) if one.hash == file.hash), None)


def _ledger(home: Path) -> Iterator[Frozen]:
    path = home / _LEDGER
    if not path.is_file():
        return
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        try:
            yield Frozen(**json.loads(line))
        except (ValueError, TypeError):
            raise StoreError(f"{path}, line {number}: does not read; remove the line, or move the file away") from None


def resolve(file: ClaimFile, evidence: Evidence, *, as_of: date) -> tuple[Resolved, ...]:
    """Predictions of a file with their outcomes, as far as the evidence reaches by a day."""
    return tuple(_resolved(p, evidence, as_of) for p in file.predictions)


def _resolved(prediction: Prediction, evidence: Evidence, as_of: date) -> Resolved:
    if prediction.by > as_of:
        return Resolved(prediction, None, f"open until {prediction.by}")
    test = Test(prediction.id, prediction.text, prediction.when, Weight("words only"), prediction.line)
    seen = weigh_test(test, Question(evidence, prediction.by)).seen
    if math.isnan(seen):
        return Resolved(prediction, None, "not searched")
    if 1 - _SURE < seen < _SURE:
        return Resolved(prediction, None, "the sources do not agree on it")
    return Resolved(prediction, seen > _SURE, "resolved")


def mean_brier(resolved: tuple[Resolved, ...]) -> float:
    """Mean Brier score of the predictions that resolved; NaN where none has."""
    scores = [r.brier for r in resolved if r.outcome is not None]
    return sum(scores) / len(scores) if scores else math.nan
