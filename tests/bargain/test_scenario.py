"""Scenarios: the shipped ones are complete, and every mistake is found with its file and line."""

from __future__ import annotations

import datetime as dt

import pytest

from tripoint.bargain.rivals import THEORIES
from tripoint.bargain.scenario import parse_scenario, read_scenario, shipped_scenarios
from tripoint.bargain.scenario_schema import ASSUMPTIONS, THEORY_NEEDS
from tripoint.errors import InputError, UnknownNameError
from tripoint.toml_lines import find_lines, line_of

SHIPPED = ("ec-emissions", "fearon-ultimatum", "russia-ukraine-2022", "two-optimists")


def test_shipped_scenarios():
    assert shipped_scenarios() == SHIPPED
    for name in SHIPPED:
        got = read_scenario(name)
        assert got.id == name
        assert got.caution
        for quantity in got.assumptions.values():
            assert quantity.low <= quantity.mid <= quantity.high
            assert quantity.basis
            assert quantity.meaning


def test_the_worked_case_states_its_assumptions_as_ranges_and_treats_the_sides_alike():
    got = read_scenario("russia-ukraine-2022")
    q = got.assumptions
    assert got.as_of == dt.date(2026, 8, 22)
    assert q["held"].mid == pytest.approx(116_995 / 603_500, abs=5e-4)
    assert all(x.high > x.low for x in q.values())
    assert len(got.theories) >= 5
    assert set(got.theories) <= set(THEORIES)
    # Nothing favors a side by construction: mirrored beliefs, equal costs, mirrored policies.
    for end in ("low", "mid", "high"):
        other = {"low": "high", "mid": "mid", "high": "low"}[end]
        assert getattr(q["belief_a"], end) == pytest.approx(1 - getattr(q["belief_b"], other))
    for name in ("cost", "confidence", "discount", "attack_again"):
        a, b = q[f"{name}_a"], q[f"{name}_b"]
        assert (a.low, a.mid, a.high) == (b.low, b.mid, b.high)
    pressed = [p for p in got.policies if p.policy.offer is None]
    assert {p.policy.target for p in pressed} == {"a", "b"}
    assert pressed[0].ranges == pressed[1].ranges
    (to_a, to_b) = (p.ranges["offer"] for p in got.policies if p.policy.offer is not None)
    assert to_a == (0.2, 0.5)
    assert to_b == (0.5, 0.8)  # its own share: from half to about what it holds
    assert all(s.basis for s in got.statements)
    assert {s.side for s in got.statements} == {"a", "b"}


WAR = """\
schema = 1
kind = "war"
id = "t"
title = "Test"
summary = "A test."

[sides]
a = "A"
b = "B"

[setup]
forts = 10

[assumptions.held]
low = 0.5
high = 0.5
basis = "x"
""" + "".join(
    f"\n[assumptions.{name}]\nlow = {low}\nhigh = {high}\nbasis = 'x'\n"
    for name, low, high in (
        ("belief_a", 0.5, 0.6), ("belief_b", 0.4, 0.5), ("confidence_a", 10, 10), ("confidence_b", 10, 10),
        ("truth", 0.5, 0.5), ("cost_a", 0.01, 0.02), ("cost_b", 0.01, 0.02),
    )
)  # fmt: skip


def test_a_small_war_parses():
    got = parse_scenario(WAR, "t.toml")
    assert got.setup == {"forts": 10}
    assert got.theories == ("learning",)
    assert got.assumptions["belief_a"].mid == pytest.approx(0.55)


def numbered(text, fragment):
    return next(i for i, line in enumerate(text.splitlines(), 1) if fragment in line)


@pytest.mark.parametrize(
    ("old", "new", "mark", "what"),
    [
        ("forts = 10", "fort = 10", "fort = 10", "unknown key 'fort' .* did you mean 'forts'"),
        ("forts = 10", "forts = 1", "forts = 1", "between 2 and 1000"),
        ("forts = 10", "forts = 10.5", "forts = 10.5", "whole number"),
        ("forts = 10", "forts = true", "forts = true", "must be a number"),
        ("forts = 10", 'foresight = "finsh"', "foresight", "did you mean 'finish'"),
        ('kind = "war"', 'kind = "wars"', 'kind = "wars"', "did you mean 'war'"),
        ("schema = 1", "schema = 2", "schema = 2", "'schema' must be 1"),
        ('title = "Test"', "title = 3", "title = 3", "'title' must be a text"),
        ("[assumptions.held]", "[assumptions.hold]", "[assumptions.hold]", "did you mean 'held'"),
        ("low = 0.5\nhigh = 0.5\nbasis", "low = 1.5\nhigh = 0.5\nbasis", "low = 1.5", "between 0 and 1, got 1.5"),
        ("low = 0.5\nhigh = 0.5\nbasis", "low = 0.7\nhigh = 0.5\nbasis", "[assumptions.held]", "low <= mid <= high"),
        ("low = 0.5\nhigh = 0.5\nbasis", "low = nan\nhigh = 0.5\nbasis", "low = nan", "between 0 and 1"),
        ("low = 0.01\nhigh = 0.02", "low = -0.01\nhigh = 0.02", "low = -0.01", "at least 0, got -0.01"),
        ('b = "B"', 'c = "B"', 'c = "B"', "unknown key 'c'"),
    ],
)
def test_mistakes_are_found_with_file_and_line(old, new, mark, what):
    text = WAR.replace(old, new, 1)
    assert text != WAR
    with pytest.raises(InputError, match=what) as caught:
        parse_scenario(text, "t.toml")
    assert f"t.toml, line {numbered(text, mark)}" in str(caught.value)


@pytest.mark.parametrize(
    ("extra", "what"),
    [
        ('\n[[policies]]\nname = "p"\ncots = 1\nbasis = "x"\n', "did you mean 'cost'"),
        ('\n[[policies]]\nname = "p"\ncost = [2, 1]\nbasis = "x"\n', "low first"),
        ('\n[[policies]]\nname = "p"\ncost = [1, 2, 3]\nbasis = "x"\n', r"number or \[low, high\]"),
        ('\n[[policies]]\nname = "p"\nstart = [1, 2]\nbasis = "x"\n', "one whole number"),
        ('\n[[policies]]\nname = "p"\nstart = 5\nstop = 3\nbasis = "x"\n', "stops at battle 3"),
        ('\n[[policies]]\nname = "p"\n', "'basis' is missing"),
        ('\n[[policies]]\nname = "no new policy"\nbasis = "x"\n', "is taken"),
        ('\n[[policies]]\nname = "p"\nbasis = "x"\n' * 2, "two policies are named 'p'"),
        ('\n[[policies]]\nname = "p"\ntarget = "c"\nbasis = "x"\n', "target 'c'"),
        ('\n[[statements]]\nside = "a"\ndate = "2022"\ndemand = 1\nheld = 0\nbasis = "x"\n', "must be a date"),
        ('\n[[statements]]\nside = "x"\ndate = 2022-01-01\ndemand = 1\nheld = 0\nbasis = "x"\n', "unknown side"),
        ('\n[[issues]]\nname = "i"\nweight_a = 1\nbasis = "x"\n', "'weight_b' is missing"),
    ],
)
def test_mistakes_in_rows_are_found_with_file_and_line(extra, what):
    text = WAR + extra
    with pytest.raises(InputError, match=what) as caught:
        parse_scenario(text, "t.toml")
    line = int(str(caught.value).split("line ")[1].split(":")[0].split(";")[0].split(" ")[0])
    assert line > len(WAR.splitlines())


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (WAR.replace("schema", 'theories = ["lerning"]\nschema', 1), "did you mean 'learning'"),
        (WAR.replace("schema", 'theories = ["slow-learning"]\nschema', 1), "needs the assumption 'news'"),
        (WAR.replace("schema", 'theories = ["standing-firm"]\nschema', 1), "needs the demands"),
        (WAR.replace("[assumptions.truth]\nlow = 0.5\nhigh = 0.5\nbasis = 'x'\n", ""), "'truth' is missing"),
        ("schema = 1\nkind = = 2\n", "not valid TOML.*line 2"),
        ('schema = 1\nkind = "council"\nid = "c"\ntitle = "C"\nsummary = "s"\n', "at least two"),
    ],
)
def test_missing_parts(text, what):
    with pytest.raises(InputError, match=what):
        parse_scenario(text, "t.toml")


def test_neither_a_file_nor_a_shipped_id(tmp_path):
    with pytest.raises(UnknownNameError, match="did you mean 'two-optimists'"):
        read_scenario("two-optimist")
    file = tmp_path / "w.toml"
    file.write_text(WAR, encoding="utf-8")
    assert read_scenario(file).file == str(file)


def test_lines_of_keys():
    text = 'a = 1\nb = """\n[not.a.table]\nc = 2\n"""\n'
    text += "[t]  # note\nx = {y = 1}\n[[r]]\nk = 1\n[[r]]\nk = 2\n[r.s]\nz = 3\n"
    lines = find_lines(text)
    assert lines["a",] == 1
    assert ("c",) not in lines
    assert lines["t", "x"] == 7
    assert (lines["r", 0, "k"], lines["r", 1, "k"], lines["r", 1, "s", "z"]) == (9, 11, 13)
    assert line_of(lines, ("t", "x", "y")) == 7
    assert line_of(lines, ("nothing",)) is None


def test_every_assumption_and_theory_is_documented(request):
    """The page on scenarios names every key that a file may use."""
    page = (request.config.rootpath / "docs" / "how-to" / "bargain-scenarios.md").read_text(encoding="utf-8")
    for name in (*ASSUMPTIONS, *THEORY_NEEDS, *shipped_scenarios()):
        assert f"`{name}`" in page, name
