"""Claim files: what is wrong is said with the file and line, and nothing that cannot fail gets in."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from tripoint.claims.files import parse_claims, read_claims
from tripoint.errors import InputError

GOOD = """title = "Two claims"
published = 2025-12-07

[[claim]]
id = "one"
text = "Russia and China have no mutual defense obligation."
states = ["RUS", "CHN"]
since = 2014

[[claim.rival]]
id = "pact"
text = "They have one."

[[claim.test]]
id = "none"
see = "no defense pact in force"
when = 'ties("defense pact", RUS, CHN) == 0'
likelihood = { claim = 0.9, pact = 0.1 }
reason = "A pact would be listed."
range = [3, 20]

[[claim]]
id = "two"
text = "India and China exercise together."
states = ["IND", "CHN"]

[[claim.test]]
id = "exercises"
see = "three exercises"
when = 'count("joint exercise", IND, CHN, 2014, 2024) >= 3'
likelihood = { claim = 0.9, otherwise = 0.2 }
reason = "They would show."
range = [2, 9]

[[claim.test]]
id = "visits"
see = "three visits"
when = 'count("visit", IND, CHN, 2014, 2024) >= 3'
raters = [{ claim = 0.8, otherwise = 0.4 }, { claim = 0.9, otherwise = 0.3 }, { claim = 0.7, otherwise = 0.5 }]

[[watch]]
indicator = "exercises"
measure = 'count("joint exercise", IND, CHN, 2024, 2025)'
threshold = "two"
"""


#: A proposition that would take 2 to the power of 45 looks, were each taken at its ends.
MANY = " and ".join(f'ties("rivalry", RUS, CHN, {1960 + n})<1' for n in range(45)) + "'"


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def broken(old: str, new: str) -> str:
    assert GOOD.count(old) >= 1
    return GOOD.replace(old, new, 1)


def test_a_good_file_is_read_in_order_with_lines() -> None:
    file = parse_claims(GOOD)
    assert [c.id for c in file.claims] == ["one", "two"]
    assert file.published == date(2025, 12, 7)
    assert [t.line for c in file.claims for t in c.tests] == [14, 27, 35]
    assert file.claims[0].rivals == {"pact": "They have one."}
    assert list(file.claims[1].rivals) == ["otherwise"]
    assert file.key == ("one", "two")


@pytest.mark.parametrize(
    ("old", "new", "line_with", "fragment"),
    [
        ("ties(", "tyes(", "tyes(", "unknown measure 'tyes'"),
        ('count("visit"', 'cuont("visit"', "cuont(", "did you mean 'count'"),
        ('"defense pact", RUS', '"defence pact", RUS', "defence", "did you mean 'defense pact'"),
        ("RUS, CHN) == 0", "RUS, CNH) == 0", "CNH", "did you mean 'CHN'"),
        ('["IND", "CHN"]', '["IND", "CHIN"]', "CHIN", "CHIN"),
        ('["IND", "CHN"]', '"IND"', 'states = "IND"', "write a list of texts"),
        ('["IND", "CHN"]', "[1]", "states = [1]", "write a list of texts"),
        (") == 0'", ") >= 0'", ") >= 0'", "cannot come out both ways"),
        (") == 0'", ") == 0 or 1 < 2'", "or 1 < 2", "cannot come out both ways"),
        ("when = 'ties(\"defense pact\", RUS, CHN) == 0'", "when = '1 < 2'", "1 < 2", "cannot come out both ways"),
        (") == 0'", ") = 0'", ") = 0'", "does not read as a proposition"),
        ("claim = 0.9, pact = 0.1", "claim = 0.9", "claim = 0.9 }", "no likelihood under 'pact'"),
        ("claim = 0.9, pact = 0.1", "claim = 0.9, pact = 1.0", "pact = 1.0", "between 0 and 1"),
        ("claim = 0.9, pact = 0.1", 'claim = 0.9, pact = "x"', 'pact = "x"', "write a number"),
        ("claim = 0.9, pact = 0.1", "claim = 0.9, pcat = 0.1", "pcat", "did you mean 'pact'"),
        ("claim = 0.9, pact = 0.1", "claim = 0.5, pact = 0.5", "pact = 0.5", "tells nothing"),
        ("{ claim = 0.9, pact = 0.1 }", "0.9", "likelihood = 0.9", "write { claim"),
        ("since = 2014", "since = 2026", "since = 2026", "after publication"),
        ("since = 2014", 'since = "long ago"', "long ago", "write a number"),
        ("2014, 2024) >= 3'", "2026, 2027) >= 3'", "2026, 2027", "asks about 2026, after publication"),
        ("2014, 2024) >= 3'", "2024, 2014) >= 3'", "2024, 2014", "since 2024 is after until 2014"),
        ('"visit", IND, CHN', '"visit", RUS, USA', '"visit", RUS', "none of the claim's states"),
        ('id = "visits"', 'id = "exercises"', 'id = "exercises"\nsee = "three visits"', "two tests with the id"),
        ('id = "two"', 'id = "one"', 'id = "one"\ntext = "India', "two claims with the id"),
        ('id = "pact"', 'id = "claim"', "[[claim.rival]]", "cannot be called"),
        ('see = "three visits"\n', "", '[[claim.test]]\nid = "visits"', "a test needs 'see'"),
        ('text = "India and China exercise together."\n', "", '[[claim]]\nid = "two"', "a claim needs its text"),
        ('text = "India', 'txet = "India', '[[claim]]\nid = "two"', "did you mean 'text'"),
        ("published = 2025-12-07", 'published = "2025-12-07"', "published", "write a bare date"),
        ("since = 2014", 'prior = 0.995\nargued = "Sure."', "[[claim]]", "it must be able to fail and to hold"),
        ("since = 2014", "prior = 1.5", "prior = 1.5", "between 0 and 1"),
        ("since = 2014", "prior = [0.3, 0.5]", "prior = [0.3", "say why in 'argued'"),
        ("since = 2014", 'kind = "recrod"', 'kind = "recrod"', "did you mean 'record'"),
        ("since = 2014", 'kind = "record"', 'kind = "record"', "a record claim has no likelihoods"),
        ('reason = "A pact would be listed."\n', "", "likelihood = { claim = 0.9, pact", "needs a 'reason'"),
        ("range = [3, 20]", "range = [20, 30]", "range = [20, 30]", "leaves out the ratio"),
        ("range = [3, 20]", "range = [20, 3]", "range = [20, 3]", "the lower first"),
        (", { claim = 0.7, otherwise = 0.5 }]", "]", "raters = ", "at least 3 raters"),
        ("published = 2025-12-07", 'link = "javascript:alert(1)"', "link", "is no web address"),
        ('text = "They have one."', 'text = "They\\u0007 have one."', "[[claim.rival]]", "control character U+0007"),
        ('text = "They have one."', 'text = "\\u202Eenod"', "[[claim.rival]]", "control character U+202E"),
        (
            'ties("defense pact", RUS, CHN) == 0\'',
            MANY,
            "1960)",
            "45 measures in one proposition",
        ),
        (
            "RUS, CHN) == 0'",
            'RUS, CHN) == 0 and flow("arms deliveries", RUS, CHN, 2023) > 1\'',
            "2023) > 1",
            "give the tie",
        ),
        ("measure = 'count(", "measure = 'cont(", "[[watch]]", "did you mean 'count'"),
        ("measure = 'count(", "measure = '1 + count(", "[[watch]]", "must be one measure"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old: str, new: str, line_with: str, fragment: str) -> None:
    text = broken(old, new)
    with pytest.raises(InputError) as caught:
        parse_claims(text, name="mine.toml")
    message = str(caught.value)
    assert fragment in message
    assert re.findall(r"mine\.toml, line (\d+)", message) == [str(line_of(text, line_with))], message


def test_a_claim_without_a_test_says_what_it_needs() -> None:
    start = GOOD[: GOOD.index("[[claim.rival]]")]
    with pytest.raises(InputError, match="has no test"):
        parse_claims(start)
    assert parse_claims(start + 'needs = "Letters."\n').claims[0].needs == "Letters."


def test_lines_of_tests_written_in_one_line_point_to_the_claim() -> None:
    text = (
        '[[claim]]\nid = "a"\ntext = "A."\nstates = ["RUS", "CHN"]\n'
        'test = [{ id = "t", see = "s", when = "ties(1) == 0", reason = "r", range = [8, 10], '
        "likelihood = { claim = 0.9, otherwise = 0.1 } }]\n"
    )
    with pytest.raises(InputError, match="line 1: 1 arguments given"):
        parse_claims(text)


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_claims(tmp_path / "no.toml")
    bad = tmp_path / "bad.toml"
    bad.write_bytes(b"title = '\xff'")
    with pytest.raises(InputError, match="not UTF-8"):
        read_claims(bad)
    bad.write_text("title = ")
    with pytest.raises(InputError, match=r"bad\.toml"):
        read_claims(bad)
    bad.write_text("title = 'x'")
    with pytest.raises(InputError, match="no claim in it"):
        read_claims(bad)
    bad.write_bytes(b"#" * 1_000_001)
    with pytest.raises(InputError, match="at most"):
        read_claims(bad)
    bad.write_text("claim = 3")
    with pytest.raises(InputError, match="written as tables"):
        read_claims(bad)


def test_a_file_saved_with_a_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "marked.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert len(read_claims(path).claims) == 2


def test_the_example_in_the_docs_reads() -> None:
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "write-a-claim.md").read_text("utf-8")
    one, other = parse_claims(page.split("```toml\n")[1].split("```")[0]).claims
    assert (one.kind, other.kind) == ("record", "explanation")
    assert [t.weight.basis for t in other.tests] == ["words only", "reasoned"]
