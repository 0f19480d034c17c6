"""Frozen files keep their first day; predictions are scored when their day has come."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tripoint.claims.files import parse_claims
from tripoint.claims.freeze import find_frozen, freeze, mean_brier, resolve
from tripoint.errors import StoreError
from tripoint.sources.assemble import cover

FILE = """published = 2025-01-01
[[claim]]
id = "c"
text = "C."
states = ["RUS", "CHN"]
needs = "Letters."

[[prediction]]
id = "visit"
text = "They meet in 2025."
when = 'count("visit", RUS, CHN, 2025, 2025) >= 1'
by = 2025-12-31
probability = 0.8

[[prediction]]
id = "pact"
text = "They sign a pact by 2025."
when = 'ties("defense pact", RUS, CHN) >= 1'
by = 2025-12-31
probability = 0.1

[[prediction]]
id = "later"
text = "They sign one by 2030."
when = 'ties("defense pact", RUS, CHN) >= 1'
by = 2030-12-31
probability = 0.1
"""


def test_a_file_keeps_its_first_day_and_a_changed_one_is_another(tmp_path: Path) -> None:
    file = parse_claims(FILE)
    assert find_frozen(file, tmp_path) is None
    first = freeze(file, tmp_path, evidence="aa", on=date(2025, 1, 2))
    again = freeze(file, tmp_path, evidence="bb", on=date(2025, 6, 2))
    assert again == first == find_frozen(file, tmp_path)
    assert (first.on, first.evidence) == ("2025-01-02", "aa")
    assert find_frozen(parse_claims(FILE.replace("0.8", "0.9")), tmp_path) is None


def test_a_damaged_ledger_is_said(tmp_path: Path) -> None:
    (tmp_path / "frozen_claims.jsonl").write_text("{}\n", "utf-8")
    with pytest.raises(StoreError, match="line 1"):
        find_frozen(parse_claims(FILE), tmp_path)


def test_predictions_are_scored_when_they_resolve(store: Any) -> None:
    visit = {"state_a": "CHN", "state_b": "RUS", "kind": "visit", "directed": False, "title": "v"}
    events = [{**visit, "start": date(2025, 5, 8), "end": date(2025, 5, 8)}]
    evidence = store(
        made=(
            {"events": events},
            [*(cover(k, 1900, 2026, silence="none") for k in ("visit", "defense pact"))],
        )
    )
    early = resolve(parse_claims(FILE), evidence, as_of=date(2025, 6, 1))
    assert [r.outcome for r in early] == [None, None, None]
    assert math.isnan(mean_brier(early))
    done = resolve(parse_claims(FILE), evidence, as_of=date(2026, 6, 1))
    assert [r.outcome for r in done] == [True, False, None]
    assert mean_brier(done) == pytest.approx((0.2**2 + 0.1**2) / 2)
    assert done[2].why == "open until 2030-12-31"
