"""Reference classes: past cases over which a test is counted, and the test carried over to each of them.

A class names what makes two states (``X``, ``Y``) in a year (``T``) a case, and what puts a case under each
hypothesis. A test is carried over by putting the case's states and year where its own stand: nothing is written twice.
"""

from __future__ import annotations

import ast
import copy
import hashlib
import re
from collections.abc import Mapping
from typing import Any

from tripoint import states
from tripoint.claims import fields
from tripoint.claims.fields import Places
from tripoint.claims.language import Proposition, parse
from tripoint.claims.measures import MEASURES, YEARS, check_call
from tripoint.claims.model import CLAIM, Application, ReferenceClass
from tripoint.errors import InputError

_KEYS = ("id", "text", "among", "under", "years")
_LETTER = re.compile(r"\b(X|Y)\b")
_YEAR = re.compile(r"\bT(?:\s*-\s*(\d{1,2}))?(?:\s*\+\s*(\d{1,2}))?\b")


def read_classes(data: Mapping[str, Any], places: Places) -> dict[str, ReferenceClass]:
    """Classes of a claim file, checked: each ``[[class]]`` with its cases and hypotheses."""
    out: dict[str, ReferenceClass] = {}
    for number, item in enumerate(fields.tables(data, "class", places.at())):
        where = places.at("class", number)
        fields.check_whole(item, _KEYS, "a reference class", where, optional=("step", "fixed"))
        name = fields.text(item, "id", where)
        if name in out:
            raise InputError(f"{where}: two classes with the id '{name}'; ids are unique")
        first, last = fields.span(item["years"], "years", where, low=1815, high=2101)
        under = item["under"]
        if not isinstance(under, Mapping) or CLAIM not in under or len(under) < 2:
            raise InputError(f"{where}: under = {under!r}; say what puts a case under the claim and under each rival")
        hypotheses = {str(h): fields.text(under, h, where) for h in under}
        among = fields.text(item, "among", where)
        for rule in (among, *hypotheses.values()):
            _check_rule(rule, int(first), where)
        out[name] = ReferenceClass(
            name,
            fields.text(item, "text", where),
            among,
            hypotheses,
            (int(first), int(last)),
            int(fields.number(item.get("step", 1), "step", where)),
            _fixed(item.get("fixed", {}), where),
            places.line("class", number),
        )
    return out


def _fixed(value: object, where: str) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, Mapping):
        raise InputError(f'{where}: fixed = {value!r}; write {{ Y = ["USA", "RUS"] }}')
    fixed = {str(letter): fields.texts(value, letter, where) for letter in value}
    for letter, named in fixed.items():
        if letter not in ("X", "Y"):
            raise InputError(f"{where}: fixed holds '{letter}'; only X and Y stand for states")
        for state in named:
            states.find(state, system="id")
    return fixed


def _check_rule(rule: str, year: int, where: str) -> None:
    one, other = [s for s in ("FRA", "ITA", "ESP", "PRT") if s not in rule][:2]
    for call in parse(filled(rule, {"X": one, "Y": other}, year), where=where).calls():
        check_call(call, where=where)


def filled(rule: str, put: Mapping[str, str], year: int) -> str:
    """A rule over X, Y and T with two states and a year put in; ``T-3`` is three years before."""
    text = _LETTER.sub(lambda m: put.get(m[1], m[1]), rule)
    return _YEAR.sub(lambda m: str(year - int(m[1] or 0) + int(m[2] or 0)), text)


def carried(when: Proposition, application: Application) -> str:
    """A test as a rule over X, Y and T: ``flow("arms deliveries", CHN, RUS, 2023) < 50`` over any two states."""
    letters = {state: letter for letter, state in application.states.items()}
    return ast.unparse(_Carried(letters, application.year).visit(copy.deepcopy(when.tree)))


class _Carried(ast.NodeTransformer):
    """Puts letters where a test's own states and year stand."""

    def __init__(self, letters: Mapping[str, str], year: int) -> None:
        self.letters, self.year = letters, year

    def visit_Call(self, node: ast.Call) -> ast.Call:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        for place, parameter in enumerate(MEASURES[name].parameters[: len(node.args)]):
            argument = node.args[place]
            if isinstance(argument, ast.Name):
                node.args[place] = ast.Name(self.letters.get(argument.id, argument.id))
            elif parameter in YEARS and isinstance(argument, ast.Constant):
                away = int(str(argument.value)) - self.year
                node.args[place] = ast.Name("T" if not away else f"T{away:+d}")
        return node


def rule_of(reference: ReferenceClass, application: Application, when: Proposition) -> str:
    """Hash of what was counted: a count of another rule is not taken for this one."""
    parts = (
        reference.among,
        *sorted(f"{h}:{r}" for h, r in reference.hypotheses.items()),
        str((reference.years, reference.step, sorted(reference.fixed.items()))),
        carried(when, application),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
