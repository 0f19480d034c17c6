"""Scenarios: a contest and its assumptions as a TOML file, every number a range with where it comes from.

The schema is documented in ``docs/how-to/bargain-scenarios.md``. :func:`read_scenario` refuses what it does not
know and says in which file and line.
"""

from __future__ import annotations

import datetime as dt
import math
import tomllib
from collections.abc import Callable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, NoReturn

from tripoint.bargain.council import Actor
from tripoint.bargain.policy import Policy
from tripoint.bargain.scenario_schema import (
    ASSUMPTIONS,
    KINDS,
    NO_POLICY,
    REQUIRED,
    SCHEMA,
    THEORY_NEEDS,
    Kind,
    Quantity,
    Scenario,
    ScenarioIssue,
    ScenarioPolicy,
    Statement,
)
from tripoint.bargain.settlement import Issue
from tripoint.errors import InputError, unknown
from tripoint.toml_lines import find_lines, line_of


class _Reader:
    """Takes a parsed file apart and knows where each key stands."""

    def __init__(self, text: str, where: str) -> None:
        self.where = where
        self.lines = find_lines(text)
        try:
            self.data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise InputError(f"{where}: not valid TOML: {error}") from error

    def place(self, *path: str | int) -> str:
        line = line_of(self.lines, path)
        return f"{self.where}, line {line}" if line is not None else self.where

    def refuse(self, message: str, *path: str | int) -> NoReturn:
        raise InputError(f"{self.place(*path)}: {message}")

    def known(self, table: Mapping[str, Any], allowed: Mapping[str, Any] | tuple[str, ...], *path: str | int) -> None:
        for key in table:
            if key not in allowed:
                raise unknown("key", key, allowed, where=self.place(*path, key))

    def text(self, table: Mapping[str, Any], key: str, *path: str | int, default: str | None = None) -> str:
        if key not in table:
            if default is not None:
                return default
            self.refuse(f"'{key}' is missing; give a text", *path)
        if not isinstance(table[key], str) or not table[key].strip():
            self.refuse(f"'{key}' must be a text that is not empty, got {table[key]!r}", *path, key)
        return str(table[key])

    def number(
        self,
        table: Mapping[str, Any],
        key: str,
        low: float | None,
        high: float | None,
        *path: str | int,
        default: float | None = None,
    ) -> float:
        if key not in table:
            if default is not None:
                return default
            self.refuse(f"'{key}' is missing; give a number", *path)
        value = table[key]
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.refuse(f"'{key}' must be a number, got {value!r}", *path, key)
        if not math.isfinite(value) or (low is not None and value < low) or (high is not None and value > high):
            bounds = (
                f"between {low:g} and {high:g}"
                if low is not None and high is not None
                else (f"at least {low:g}" if low is not None else "finite")
            )
            self.refuse(f"'{key}' must be {bounds}, got {value!r}", *path, key)
        return float(value)

    def span(
        self, table: Mapping[str, Any], key: str, low: float | None, high: float | None, *path: str | int
    ) -> tuple[float, float]:
        """Return (low, high) of a number or of an array of two."""
        value = table.get(key)
        if not isinstance(value, list):
            number = self.number(table, key, low, high, *path)
            return number, number
        if len(value) != 2:
            self.refuse(f"'{key}' must be a number or [low, high], got {value!r}", *path, key)
        least, most = (self.number({key: v}, key, low, high, *path) for v in value)
        if least > most:
            self.refuse(f"'{key}' must be [low, high] with low first, got {value!r}", *path, key)
        return least, most

    def rows(self, key: str) -> list[tuple[int, Mapping[str, Any]]]:
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            self.refuse(f"'{key}' must be an array of tables: write [[{key}]]", key)
        return list(enumerate(value))

    def date(self, table: Mapping[str, Any], key: str, *path: str | int) -> dt.date:
        value = table.get(key)
        if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
            self.refuse(f"'{key}' must be a date such as 2022-03-29, got {value!r}", *path, key)
        return value


_TOP = (
    "schema", "kind", "id", "title", "summary", "caution", "as_of", "sides", "setup", "assumptions", "issues",
    "statements", "policies", "theories", "actors",
)  # fmt: skip
_SETUP: Mapping[Kind, Mapping[str, tuple[float | None, float | None] | tuple[str, ...]]] = {
    "war": {"forts": (2, 1000), "horizon": (1, 3000), "draws": (2, 100_000), "seed": (0, None),
            "foresight": ("finish", "settlement"), "fighting": ()},
    "council": {"rounds": (1, 10_000), "draws": (2, 1_000_000), "seed": (0, None), "error": (0.001, 0.999),
                "exponent": (1e-6, None), "scale": ()},
    "ultimatum": {"draws": (2, 1_000_000), "seed": (0, None)},
}  # fmt: skip
_POLICY: Mapping[str, tuple[float | None, float | None]] = {
    "cost": (0.0, None), "own_cost": (0.0, None), "power": (0.0, None), "start": (0, None), "stop": (1, None),
    "ramp": (0, None), "credibility": (0.0, 1.0), "offer": (0.0, 1.0), "offer_start": (0, None),
    "offer_stop": (1, None), "encouragement": (0.0, None),
}  # fmt: skip
_WHOLE = ("forts", "horizon", "draws", "seed", "rounds", "start", "stop", "ramp", "offer_start", "offer_stop")


def _read_quantity(r: _Reader, name: str, value: object) -> Quantity:
    path = ("assumptions", name)
    low, high, _ = ASSUMPTIONS[name]
    if not isinstance(value, dict):
        r.refuse(f"'{name}' must be a table with low, high and basis, got {value!r}: no number without a range", *path)
    r.known(value, ("low", "mid", "high", "basis"), *path)
    least, most = r.number(value, "low", low, high, *path), r.number(value, "high", low, high, *path)
    middle = r.number(value, "mid", low, high, *path, default=(least + most) / 2.0)
    if not least <= middle <= most:
        r.refuse(f"'{name}' must have low <= mid <= high, got {least:g}, {middle:g}, {most:g}", *path)
    return Quantity(name, least, middle, most, r.text(value, "basis", *path))


def _read_setup(r: _Reader, kind: Kind) -> dict[str, Any]:
    table = r.data.get("setup", {})
    if not isinstance(table, dict):
        r.refuse("'setup' must be a table: write [setup]", "setup")
    allowed = _SETUP[kind]
    r.known(table, allowed, "setup")
    setup: dict[str, Any] = {}
    for key, rule in allowed.items():
        if key not in table:
            continue
        if key in ("foresight", "scale"):
            setup[key] = r.text(table, key, "setup")
            if rule and setup[key] not in rule:
                raise unknown(key, setup[key], [str(x) for x in rule], where=r.place("setup", key))
            continue
        if key == "fighting":
            if not isinstance(table[key], bool):
                r.refuse(f"'fighting' must be true or false, got {table[key]!r}", "setup", key)
            setup[key] = table[key]
            continue
        low, high = rule
        setup[key] = _whole(r, key, r.number(table, key, low, high, "setup"), "setup", key)  # type: ignore[arg-type]
    return setup


def _whole(r: _Reader, key: str, value: float, *path: str | int) -> float | int:
    if key not in _WHOLE:
        return value
    if value != int(value):
        r.refuse(f"'{key}' must be a whole number, got {value!r}", *path)
    return int(value)


def _read_issue(r: _Reader, i: int, row: Mapping[str, Any]) -> ScenarioIssue:
    path = ("issues", i)
    r.known(row, ("name", "weight_a", "weight_b", "held", "demand_a", "demand_b", "divisible", "basis"), *path)
    divisible = row.get("divisible", True)
    if not isinstance(divisible, bool):
        r.refuse(f"'divisible' must be true or false, got {divisible!r}", *path, "divisible")
    most = {"weight_a": None, "weight_b": None, "held": 1.0, "demand_a": 1.0, "demand_b": 1.0}
    spans = {key: r.span(row, key, 0.0, top, *path) for key, top in most.items()}
    middle = {key: sum(span) / 2.0 for key, span in spans.items()}
    issue = Issue(name=r.text(row, "name", *path), divisible=divisible, **middle)
    return ScenarioIssue(issue, _wide(spans), r.text(row, "basis", *path))


def _wide(spans: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    return {key: (low, high) for key, (low, high) in spans.items() if high > low}


def _read_statement(r: _Reader, i: int, row: Mapping[str, Any]) -> Statement:
    path = ("statements", i)
    r.known(row, ("side", "date", "demand", "held", "basis"), *path)
    side = r.text(row, "side", *path)
    if side not in ("a", "b"):
        raise unknown("side", side, ("a", "b"), where=r.place(*path, "side"))
    return Statement(
        side=side,  # type: ignore[arg-type]
        date=r.date(row, "date", *path),
        demand=r.span(row, "demand", 0.0, 1.0, *path),
        held=r.span(row, "held", 0.0, 1.0, *path),
        basis=r.text(row, "basis", *path),
    )


def _read_policy(r: _Reader, i: int, row: Mapping[str, Any]) -> ScenarioPolicy:
    path = ("policies", i)
    r.known(row, ("name", "target", "basis", *_POLICY), *path)
    spans = {key: r.span(row, key, *bounds, *path) for key, bounds in _POLICY.items() if key in row}
    wide = _wide(spans)
    dates = [key for key in wide if key in _WHOLE]
    if dates:
        r.refuse(f"'{dates[0]}' must be one whole number, got {row[dates[0]]!r}", *path, dates[0])
    given: dict[str, Any] = {key: _whole(r, key, sum(span) / 2.0, *path, key) for key, span in spans.items()}
    target = r.text(row, "target", *path, default="a")
    policy = Policy(name=r.text(row, "name", *path), target=target, **given)  # type: ignore[arg-type]
    if policy.name == NO_POLICY:
        r.refuse(f"the name '{NO_POLICY}' is taken; give the policy another", *path, "name")
    try:
        policy.schedule(1)  # checks what the bounds above cannot: windows and the target
    except InputError as error:
        r.refuse(str(error), *path)
    return ScenarioPolicy(policy, wide, r.text(row, "basis", *path))


def _read_actor(r: _Reader, i: int, row: Mapping[str, Any]) -> Actor:
    path = ("actors", i)
    r.known(row, ("name", "capability", "position", "salience"), *path)
    return Actor(
        name=r.text(row, "name", *path),
        capability=r.number(row, "capability", 0.0, None, *path),
        position=r.number(row, "position", None, None, *path),
        salience=r.number(row, "salience", 0.0, 1.0, *path),
    )


def _read_theories(r: _Reader, assumptions: Mapping[str, Quantity], issues: int) -> tuple[str, ...]:
    names = r.data.get("theories", ["learning"])
    if not isinstance(names, list) or not all(isinstance(n, str) for n in names):
        r.refuse(f"'theories' must be a list of names, got {names!r}", "theories")
    for name in names:
        if name not in THEORY_NEEDS:
            raise unknown("theory", name, THEORY_NEEDS, where=r.place("theories"))
        missing = [need for need in THEORY_NEEDS[name] if need not in assumptions]
        if missing:
            r.refuse(f"theory '{name}' needs the assumption '{missing[0]}': add [assumptions.{missing[0]}]", "theories")
        if name == "standing-firm" and not issues:
            r.refuse("theory 'standing-firm' needs the demands of [[issues]]", "theories")
    return tuple(names)


def _unique(r: _Reader, key: str, names: list[str]) -> None:
    for i, name in enumerate(names):
        if name in names[:i]:
            r.refuse(f"two {key} are named '{name}'; give each its own name", key, i, "name")


def parse_scenario(text: str, where: str = "scenario") -> Scenario:
    """Take a scenario from the text of a TOML file; ``where`` names it in errors.

    Raises
    ------
    InputError
        Where it is not TOML, something is missing or out of range: with file and line.
    UnknownNameError
        For a key or name that is not known: with file, line and the nearest known one.
    """
    r = _Reader(text, where)
    r.known(r.data, _TOP)
    if r.data.get("schema") != SCHEMA:
        r.refuse(f"'schema' must be {SCHEMA}, got {r.data.get('schema')!r}", "schema")
    kind = r.text(r.data, "kind")
    if kind not in KINDS:
        raise unknown("kind of scenario", kind, KINDS, where=r.place("kind"))
    table = r.data.get("assumptions", {})
    if not isinstance(table, dict):
        r.refuse("'assumptions' must be tables: write [assumptions.NAME]", "assumptions")
    r.known(table, ASSUMPTIONS, "assumptions")
    assumptions = {name: _read_quantity(r, name, value) for name, value in table.items()}
    missing = [name for name in REQUIRED[kind] if name not in assumptions]
    if missing:
        r.refuse(f"assumption '{missing[0]}' is missing: add [assumptions.{missing[0]}] with low, high, basis")
    sides = r.data.get("sides", {})
    if not isinstance(sides, dict):
        r.refuse("'sides' must be a table: write [sides] with a and b", "sides")
    r.known(sides, ("a", "b"), "sides")
    plain: Mapping[str, Callable[[_Reader, int, Mapping[str, Any]], Any]] = {
        "issues": _read_issue, "statements": _read_statement, "policies": _read_policy, "actors": _read_actor,
    }  # fmt: skip
    read = {key: tuple(one(r, i, row) for i, row in r.rows(key)) for key, one in plain.items()}
    _unique(r, "issues", [x.issue.name for x in read["issues"]])
    _unique(r, "policies", [x.policy.name for x in read["policies"]])
    _unique(r, "actors", [x.name for x in read["actors"]])
    if kind == "council" and len(read["actors"]) < 2:
        r.refuse(f"a council needs at least two [[actors]], got {len(read['actors'])}")
    return Scenario(
        kind=kind,
        id=r.text(r.data, "id"),
        title=r.text(r.data, "title"),
        summary=r.text(r.data, "summary"),
        caution=r.text(r.data, "caution", default=" ").strip(),
        as_of=r.date(r.data, "as_of") if "as_of" in r.data else None,
        side_a=r.text(sides, "a", "sides") if kind != "council" else "",
        side_b=r.text(sides, "b", "sides") if kind != "council" else "",
        setup=_read_setup(r, kind),
        assumptions=assumptions,
        issues=read["issues"],
        statements=read["statements"],
        policies=read["policies"],
        theories=_read_theories(r, assumptions, len(read["issues"])) if kind == "war" else (),
        actors=read["actors"],
        file=where,
    )


def shipped_scenarios() -> tuple[str, ...]:
    """Return the ids of the scenarios that come with the package."""
    folder = resources.files("tripoint.bargain").joinpath("scenarios")
    return tuple(sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml")))


def read_scenario(source: str | Path) -> Scenario:
    """Read a scenario: the path of a TOML file, or the id of a shipped one.

    Raises
    ------
    InputError
        See :func:`parse_scenario`; also where there is neither such a file nor such an id.
    """
    path = Path(source)
    if path.is_file():
        return parse_scenario(path.read_text(encoding="utf-8"), str(path))
    ids = shipped_scenarios()
    if str(source) in ids:
        file = resources.files("tripoint.bargain").joinpath("scenarios", f"{source}.toml")
        return parse_scenario(file.read_text(encoding="utf-8"), f"{source}.toml")
    raise unknown("scenario (no such file, and no such shipped id)", str(source), ids)
