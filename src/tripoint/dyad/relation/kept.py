"""A fit that is kept in the store: arrays in one file and columns in another, read back by a later call."""

from __future__ import annotations

import contextlib
import hashlib
import json
import uuid
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tripoint.dyad.relation.first_stage import FOLDS, Logit, Model
from tripoint.dyad.relation.fit import Trained, Vintage
from tripoint.dyad.relation.indicators import INDICATORS
from tripoint.dyad.relation.intervals import Errors
from tripoint.dyad.relation.risk import Risk
from tripoint.dyad.relation.second_stage import SecondStage
from tripoint.dyad.relation.trees import Trees
from tripoint.provenance import digest

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

#: Fits kept in one store; the oldest goes first.
MOST = 4
FORMAT = 3


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """All of a fit: the world's states, years and pairs that exist, and what was estimated of them.

    Attributes
    ----------
    states, start, end
        The world.
    cells
        (c,) place of each pair and year that exists, pair times years plus year.
    chances
        (c, 7) chances of the rungs.
    low, high
        (c,) bounds of the mean rung.
    speaks, newest, age
        (c,) bits of the groups that speak, year of the newest evidence, age of the last code.
    residual, told
        (c,) what the second stage knew of the pair's own past.
    x
        (c, k) columns.
    trained
        The models.
    risk
        (c,) chance that a dispute begins within a year.
    structure
        (c, 4) nearness and size.
    causes
        The logits of the risk, one a block of years of ``trained``.
    """

    states: tuple[str, ...]
    start: int
    end: int
    cells: NDArray[np.int64]
    chances: NDArray[np.float32]
    low: NDArray[np.float32]
    high: NDArray[np.float32]
    speaks: NDArray[np.uint32]
    newest: NDArray[np.int16]
    age: NDArray[np.int16]
    residual: NDArray[np.float32]
    told: NDArray[np.float32]
    risk: NDArray[np.float32]
    structure: NDArray[np.float16]
    x: NDArray[np.float16]
    trained: Trained
    causes: Risk


_ARRAYS = ("cells", "chances", "low", "high", "speaks", "newest", "age", "residual", "told", "risk", "structure")
_RISK = ("slope", "intercept", "middle", "spread")


@cache
def code() -> str:
    """What the modules of the measure are: the bytes of all of them, and the learner's version."""
    from importlib.metadata import version

    here = Path(__file__).parent
    whole = hashlib.sha256()
    for path in sorted(here.glob("*.py")):
        whole.update(path.read_bytes())
    return digest(whole.hexdigest() + version("scikit-learn") + version("numpy"))


def folder_of(evidence: Evidence, parameters: dict[str, Any]) -> Path:
    """Where the fit of some evidence with some parameters is kept."""
    key = digest(json.dumps([FORMAT, evidence.hash, code(), parameters], sort_keys=True))
    return evidence.home / "relation" / key[:24]


def load(folder: Path) -> Kept | None:
    """The fit in a folder; None where there is none that can be read."""
    try:
        with np.load(folder / "fit.npz", allow_pickle=False) as found:
            states, start, end = tuple(str(s) for s in found["states"]), int(found["start"]), int(found["end"])
            arrays = {name: found[name] for name in _ARRAYS}
            trained = _trained(found)
            causes = Risk(*(found[f"risk {name}"] for name in _RISK))
        x = np.load(folder / "columns.npy", mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, KeyError, EOFError):
        return None
    if x.shape != (arrays["cells"].size, len(INDICATORS)):
        return None
    return Kept(states, start, end, x=x, trained=trained, causes=causes, **arrays)


def keep(folder: Path, fit: Kept) -> bool:
    """Keep a fit; False where the store cannot be written, which is no error."""
    partial = folder.with_name(f".{uuid.uuid4().hex}")
    try:
        partial.mkdir(parents=True)
        flat = {name: getattr(fit, name) for name in _ARRAYS}
        flat |= {f"risk {name}": getattr(fit.causes, name) for name in _RISK}
        with (partial / "fit.npz").open("wb") as out:
            np.savez(out, states=np.array(fit.states), start=fit.start, end=fit.end, **flat, **_flat(fit.trained))
        np.save(partial / "columns.npy", fit.x, allow_pickle=False)
        if folder.is_dir():
            _remove(folder)
        partial.rename(folder)
    except OSError:
        with contextlib.suppress(OSError):
            _remove(partial)
        return False
    with contextlib.suppress(OSError):
        old = sorted((p for p in folder.parent.iterdir() if p.is_dir()), key=lambda p: p.stat().st_mtime)
        for path in old[:-MOST]:
            _remove(path)
    return True


def _remove(folder: Path) -> None:
    import shutil

    shutil.rmtree(folder)


def _flat(trained: Trained) -> dict[str, Any]:
    out: dict[str, Any] = {
        "vintages": json.dumps([[v.first, v.last, dict(v.gaps)] for v in trained.vintages]),
        "code end": trained.code_end,
    }
    for v, vintage in enumerate(trained.vintages):
        out |= {
            f"second {v} slope": vintage.second.slope,
            f"second {v} intercept": vintage.second.intercept,
            f"errors {v} mass": vintage.errors.mass,
        }
        for f, model in enumerate(vintage.models):
            name = f"model {v} {f} "
            out |= {
                name + "base": model.trees.base,
                name + "nodes": model.trees.nodes,
                name + "roots": model.trees.roots,
                **{name + field: getattr(model.logit, field) for field in ("cut", "slope", "middle", "spread")},
            }
    return out


def _trained(found: Any) -> Trained:
    vintages = []
    for v, (first, last, gaps) in enumerate(json.loads(str(found["vintages"]))):
        models = []
        for f in range(FOLDS):
            name = f"model {v} {f} "
            trees = Trees(float(found[name + "base"]), found[name + "nodes"], found[name + "roots"])
            logit = Logit(*(found[name + field] for field in ("cut", "slope", "middle", "spread")))
            models.append(Model(trees, logit))
        second = SecondStage(found[f"second {v} slope"], found[f"second {v} intercept"])
        vintages.append(Vintage(first, last, gaps, tuple(models), second, Errors(found[f"errors {v} mass"])))
    return Trained(tuple(vintages), int(found["code end"]))
