"""Years, seeds and limits beyond any calendar or count end in one sentence, in every command that takes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tripoint.cli.main import main

YEARS = ("-5", "0", "10000", "99999", "1" + "0" * 20)
LINES = [
    *(["dyad", "RUS", "CHN", "--since", y] for y in YEARS),
    *(["depth", "RUS", "CHN", "--year", y] for y in YEARS),
    *(["autonomy", "IND", "--year", y] for y in (*YEARS, "3000")),
    *(["facts", "RUS", "--since", y] for y in YEARS),
    *(["states", "--year", y] for y in YEARS),
    ["tension", "RUS", "CHN", "--year", "10000"],
    ["exposure", "RUS", "CHN", "--year", "-5"],
    ["facts", "RUS", "--limit", "-1"],
    ["autonomy", "IND", "--weights", "votes=inf"],
    ["fact", "\udcff"],
    ["dyad", "\udcff", "CHN"],
]


@pytest.mark.parametrize("line", LINES, ids=" ".join)
def test_a_value_beyond_its_bounds_is_one_sentence(
    line: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRIPOINT_HOME", str(tmp_path))
    with pytest.raises(SystemExit) as ended:
        main(line)
    said = capsys.readouterr().err
    assert ended.value.code in (1, 2), said
    assert "rror" in said
    assert "stumbled" not in said
