"""How well propositions are found in text: precision and recall on the paragraphs and the article of the tests.

``python benchmarks/claims_extraction.py`` prints them, with what was missed and what was wrong, and the time for a
long article. ``python benchmarks/claims_extraction.py FOLDER`` prints thirty findings drawn at random from the English
``.txt`` files of a folder, for a person to judge.
"""

from __future__ import annotations

import platform
import random
import statistics
import sys
import time
import tomllib
from pathlib import Path

from tripoint.claims.extract import Score, extract, score
from tripoint.errors import InputError

TEXTS = Path(__file__).parents[1] / "tests" / "claims" / "texts"


def paragraphs() -> list[tuple[str, Score]]:
    """Score each of the ten paragraphs."""
    data = tomllib.loads((TEXTS / "paragraphs.toml").read_text("utf-8"))
    return [(p["id"], score(extract(p["text"], name=p["id"]).propositions, p["claims"])) for p in data["paragraph"]]


def article() -> Score:
    """Score the article that the rules were written with."""
    data = tomllib.loads((TEXTS / "short-of-an-alliance.toml").read_text("utf-8"))
    return score(extract(data["text"]).propositions, data["claims"])


def line(name: str, one: Score) -> str:
    """One row of the table."""
    polarity = one.right_polarity / one.right if one.right else 1.0
    return (
        f"{name:22s} found {one.found:3d}  expected {one.expected:3d}  right {one.right:3d}  "
        f"precision {one.precision:.2f}  recall {one.recall:.2f}  polarity right {polarity:.2f}"
    )


def total(scores: list[Score]) -> Score:
    """All scores as one."""
    sums = [sum(getattr(s, k) for s in scores) for k in ("found", "expected", "right", "right_polarity")]
    return Score(*sums, tuple(m for s in scores for m in s.missed), tuple(w for s in scores for w in s.wrong))


def sample(folder: Path, size: int = 30) -> None:
    """Print findings drawn at random from the texts of a folder."""
    found = []
    for path in sorted(folder.rglob("*.txt")):
        text = path.read_text("utf-8-sig", errors="replace")
        try:
            found += [(path.stem, p) for p in extract(text, name=path.name).propositions]
        except InputError as error:
            print(error)
    print(f"{len(found)} findings")
    for name, one in random.Random(11).sample(found, min(size, len(found))):
        print(f"{name}: {one.relation} {one.states} {one.holds} <{one.trigger}> {one.words[:200]}")


def main() -> None:
    """Print scores and times."""
    if len(sys.argv) > 1:
        sample(Path(sys.argv[1]))
        return
    scores = paragraphs()
    for name, one in scores:
        print(line(name, one))
    together = total([one for _, one in scores])
    print(line("ten paragraphs", together))
    print("missed:", *together.missed, sep="\n  ")
    print("wrong:", *together.wrong, sep="\n  ")
    print(line("own article", article()))
    data = tomllib.loads((TEXTS / "short-of-an-alliance.toml").read_text("utf-8"))
    long = data["text"].split("Sources:")[0] * 100
    seconds = []
    for _ in range(3):
        started = time.process_time()
        extract(long)
        seconds.append(time.process_time() - started)
    print(
        f"{len(long):,} characters: {statistics.median(seconds):.2f} s CPU (target 5 s), {platform.machine()}, "
        f"Python {platform.python_version()}"
    )


if __name__ == "__main__":
    main()
