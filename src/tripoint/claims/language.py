"""The small language of propositions: measures, numbers, comparisons, ``and``, ``or``, ``not``.

::

    ties("defense pact", RUS, CHN) == 0 and count("joint exercise", RUS, CHN, 2014, 2024) >= 20

It is written like Python and read with Python's own parser, and nothing else of Python is allowed: the tree is
walked, never run. Names in capitals are state ids; everything else is a measure or a number.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tripoint.errors import InputError, unknown

Argument = str | float | tuple[str, ...]

_ARITHMETIC: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: lambda a, b: a / b if b else math.nan,
}
_COMPARISON: Mapping[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_LONGEST = 2_000


class StateId(str):
    """A state id as a proposition names it: bare capitals, not text in quotes."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Call:
    """A measure with its arguments, as written."""

    name: str
    arguments: tuple[Argument, ...]
    column: int

    def __str__(self) -> str:
        return f"{self.name}({', '.join(_shown(a) for a in self.arguments)})"


@dataclass(frozen=True, slots=True)
class Proposition:
    """A parsed proposition."""

    text: str
    tree: ast.expr

    def calls(self) -> tuple[Call, ...]:
        """The measures it names, each once, in order."""
        return tuple(dict.fromkeys(_call(n) for n in _calls(self.tree)))

    def states(self) -> tuple[str, ...]:
        """The state ids it names, in order."""
        names = (n.id for n in ast.walk(self.tree) if isinstance(n, ast.Name) and n.id.isupper())
        return tuple(dict.fromkeys(names))


def parse(text: str, *, where: str = "") -> Proposition:
    """Parse a proposition.

    Raises
    ------
    InputError
        For anything that is not part of the language; the message says what and at which column.
    """
    place = f"{where}: " if where else ""
    if len(text) > _LONGEST:
        raise InputError(f"{place}a proposition of {len(text)} characters; at most {_LONGEST} are read")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError) as error:
        column = getattr(error, "offset", 0) or 0
        raise InputError(f"{place}'{text}' does not read as a proposition (column {column})") from None
    _check(tree, place, boolean=True)
    return Proposition(text.strip(), tree)


def holds(proposition: Proposition, values: Mapping[str, float]) -> bool | None:
    """Whether it holds, given the value of each measure by its text; None when a value it needs is missing.

    ``and`` is false when either side is false, even if the other is unknown; ``or`` likewise true.
    """
    return _truth(proposition.tree, values)


def can_fail(proposition: Proposition, ranges: Mapping[str, tuple[float, float]]) -> bool:
    """Whether some values of the measures within their ranges make it false, and some make it true.

    Each measure is tried at its ends, at zero, and just either side of every number the proposition names.
    """
    constants = (n.value for n in ast.walk(proposition.tree) if isinstance(n, ast.Constant))
    numbers = {float(v) for v in constants if isinstance(v, (int, float)) and not isinstance(v, bool)}
    tries: list[dict[str, float]] = [{}]
    for call in proposition.calls():
        low, high = ranges[call.name]
        spots = {low, high, 0.0, *(x + d for x in numbers for d in (-1e-6, 0.0, 1e-6, -1.0, 1.0))}
        inside = sorted(s for s in spots if low <= s <= high)
        tries = [{**one, str(call): s} for one in tries for s in inside][:50_000]
    results = {holds(proposition, one) for one in tries}
    return {True, False} <= results


def _check(node: ast.expr, place: str, *, boolean: bool) -> None:
    column = node.col_offset + 1
    if isinstance(node, ast.BoolOp):
        for value in node.values:
            _check(value, place, boolean=True)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        _check(node.operand, place, boolean=True)
    elif isinstance(node, ast.Compare):
        if any(type(op) not in _COMPARISON for op in node.ops):
            raise InputError(f"{place}column {column}: only < <= > >= == != compare")
        for value in (node.left, *node.comparators):
            _check(value, place, boolean=False)
    elif boolean:
        raise InputError(f"{place}column {column}: a comparison is needed here, such as ties(...) >= 1")
    elif isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        _check(node.left, place, boolean=False)
        _check(node.right, place, boolean=False)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        _check(node.operand, place, boolean=False)
    elif isinstance(node, ast.Call):
        _call(node, place)
    elif not (isinstance(node, ast.Constant) and _is_number(node.value)):
        raise InputError(f"{place}column {column}: '{ast.unparse(node)}' is not a measure or a number")


def _call(node: ast.Call, place: str = "") -> Call:
    column = node.col_offset + 1
    if not isinstance(node.func, ast.Name) or node.keywords:
        raise InputError(f"{place}column {column}: a measure is written name(argument, ...)")
    return Call(node.func.id, tuple(_argument(a, place) for a in node.args), column)


def _argument(node: ast.expr, place: str) -> Argument:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Constant) and _is_number(node.value):
        return float(node.value)  # type: ignore[arg-type]
    if isinstance(node, ast.Name):
        if not node.id.isupper():
            raise unknown("state id", node.id, (), where=f"{place}column {node.col_offset + 1}")
        return StateId(node.id)
    if isinstance(node, (ast.List, ast.Tuple)):
        parts = [_argument(e, place) for e in node.elts]
        if all(isinstance(p, StateId) for p in parts):
            return tuple(str(p) for p in parts)
    raise InputError(f"{place}column {node.col_offset + 1}: '{ast.unparse(node)}' cannot be an argument")


def _truth(node: ast.expr, values: Mapping[str, float]) -> bool | None:
    if isinstance(node, ast.BoolOp):
        parts = [_truth(v, values) for v in node.values]
        decisive = isinstance(node.op, ast.Or)
        if decisive in parts:
            return decisive
        return None if None in parts else not decisive
    if isinstance(node, ast.UnaryOp):
        inner = _truth(node.operand, values)
        return None if inner is None else not inner
    if isinstance(node, ast.Compare):
        sides = [_number(n, values) for n in (node.left, *node.comparators)]
        if any(math.isnan(s) for s in sides):
            return None
        pairs = zip(sides[:-1], node.ops, sides[1:], strict=True)
        return all(_COMPARISON[type(op)](a, b) for a, op, b in pairs)
    raise InputError(f"'{ast.unparse(node)}' is neither true nor false")


def _number(node: ast.expr, values: Mapping[str, float]) -> float:
    if isinstance(node, ast.Constant):
        return float(node.value)  # type: ignore[arg-type]
    if isinstance(node, ast.UnaryOp):
        return -_number(node.operand, values)
    if isinstance(node, ast.BinOp):
        return _ARITHMETIC[type(node.op)](_number(node.left, values), _number(node.right, values))
    if isinstance(node, ast.Call):
        return values.get(str(_call(node)), math.nan)
    raise InputError(f"'{ast.unparse(node)}' is not a number")


def _calls(tree: ast.expr) -> Iterator[ast.Call]:
    return (n for n in ast.walk(tree) if isinstance(n, ast.Call))


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _shown(argument: Argument) -> str:
    if isinstance(argument, tuple):
        return "[" + ", ".join(argument) + "]"
    if isinstance(argument, str):
        return str(argument) if isinstance(argument, StateId) else f'"{argument}"'
    return f"{argument:g}"
