"""The small language of propositions: measures, numbers, comparisons, ``and``, ``or``, ``not``.

::

    ties("defense pact", RUS, CHN) == 0 and count("joint exercise", RUS, CHN, 2014, 2024) >= 20

It is written like Python and read with Python's own parser, and nothing else of Python is allowed: the tree is
walked, never run. Names in capitals are state ids; everything else is a measure or a number.
"""

from __future__ import annotations

import ast
import itertools
import json
import math
import operator
import random
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

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
_MOST_TRIES = 20_000


class StateId(str):
    """A state id as a proposition names it: bare capitals, not text in quotes."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Call:
    """A measure with its arguments; its text parses back to the same call."""

    name: str
    arguments: tuple[Argument, ...]
    column: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"{self.name}({', '.join(_shown(a) for a in self.arguments)})"


@dataclass(frozen=True, slots=True)
class Proposition:
    """A proposition of a test as it was read: a comparison, or several joined by and, or, not."""

    text: str
    tree: ast.expr

    def calls(self) -> tuple[Call, ...]:
        """The measures it names, each once, in order."""
        return _calls_of(self)

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
        _check(tree, place, boolean=True)
    except InputError:
        raise
    except (SyntaxError, ValueError) as error:
        column = getattr(error, "offset", 0) or 0
        raise InputError(f"{place}'{text}' does not read as a proposition (column {column})") from None
    except (RecursionError, MemoryError):
        raise InputError(f"{place}a proposition nested too deeply to read; break it up into several tests") from None
    return Proposition(text.strip(), tree)


def holds(proposition: Proposition, values: Mapping[str, float]) -> bool | None:
    """Whether it holds, given the value of each measure by its text; None when a value it needs is missing.

    ``and`` is false when either side is false, even if the other is unknown; ``or`` likewise true.
    """
    return _truth(proposition.tree, values)


def holds_within(proposition: Proposition, spans: Mapping[str, tuple[float, float]]) -> bool | None:
    """Whether it holds for all values of the measures within their spans: True, False, or None where it turns on them.

    A measure without a span is not known. One that stands on both sides of a comparison is taken as two, so that
    None may be given where a closer look would decide.
    """
    return _truth_within(proposition.tree, spans)


def can_fail(
    proposition: Proposition, ranges: Mapping[str, tuple[float, float]], *, whole: Collection[str] = ()
) -> bool:
    """Whether some values of the measures within their ranges make it false, and some make it true.

    Each measure is tried at its ends, at zero, and at and just either side of every number the proposition names;
    measures that are ``whole`` only at whole numbers. All combinations are tried, or a fixed sample of them where
    there are more than 20,000.
    """
    constants = (n.value for n in ast.walk(proposition.tree) if isinstance(n, ast.Constant))
    numbers = {float(v) for v in constants if _is_number(v)}  # type: ignore[arg-type]
    names = [str(call) for call in proposition.calls()]
    spots = [_spots(numbers, ranges[call.name], call.name in whole) for call in proposition.calls()]
    if math.prod(map(len, spots)) <= _MOST_TRIES:
        tries: Iterator[tuple[float, ...]] = itertools.product(*spots)
    else:
        chance = random.Random(5)  # noqa: S311 - a fixed sample, not a secret
        tries = (tuple(chance.choice(s) for s in spots) for _ in range(_MOST_TRIES))
    results = set()
    for one in tries:
        results.add(holds(proposition, dict(zip(names, one, strict=True))))
        if {True, False} <= results:
            return True
    return False


def _spots(numbers: Collection[float], span: tuple[float, float], whole: bool) -> list[float]:
    low, high = span
    near = {x + d for x in numbers for d in (-1.0, -1e-6, 0.0, 1e-6, 1.0)}
    if whole:
        near = {float(f(x)) for x in near for f in (math.floor, math.ceil)}
    return sorted(s for s in {low, high, 0.0, *near} if low <= s <= high)


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


@lru_cache(maxsize=4096)
def _key(node: ast.Call) -> str:
    """Text of a call, worked out once: draws ask for it hundreds of times."""
    return str(_call(node))


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
        return values.get(_key(node), math.nan)
    raise InputError(f"'{ast.unparse(node)}' is not a number")


def _truth_within(node: ast.expr, spans: Mapping[str, tuple[float, float]]) -> bool | None:
    if isinstance(node, ast.BoolOp):
        parts = [_truth_within(v, spans) for v in node.values]
        decisive = isinstance(node.op, ast.Or)
        if decisive in parts:
            return decisive
        return None if None in parts else not decisive
    if isinstance(node, ast.UnaryOp):
        inner = _truth_within(node.operand, spans)
        return None if inner is None else not inner
    if isinstance(node, ast.Compare):
        sides = [_span(n, spans) for n in (node.left, *node.comparators)]
        if any(math.isnan(end) for side in sides for end in side):
            return None
        truths = [_compared(a, op, b) for a, op, b in zip(sides[:-1], node.ops, sides[1:], strict=True)]
        return False if False in truths else None if None in truths else True
    raise InputError(f"'{ast.unparse(node)}' is neither true nor false")


def _compared(one: tuple[float, float], op: ast.cmpop, other: tuple[float, float]) -> bool | None:
    if isinstance(op, ast.Eq | ast.NotEq):
        same = one[0] == one[1] == other[0] == other[1]
        apart = one[1] < other[0] or other[1] < one[0]
        if not same and not apart:
            return None
        return same is isinstance(op, ast.Eq)
    compare = _COMPARISON[type(op)]
    ends = {compare(a, b) for a in one for b in other}
    return ends.pop() if len(ends) == 1 else None


def _span(node: ast.expr, spans: Mapping[str, tuple[float, float]]) -> tuple[float, float]:
    if isinstance(node, ast.Constant):
        return (float(node.value), float(node.value))  # type: ignore[arg-type]
    if isinstance(node, ast.UnaryOp):
        low, high = _span(node.operand, spans)
        return (-high, -low)
    if isinstance(node, ast.BinOp):
        one, other = _span(node.left, spans), _span(node.right, spans)
        if isinstance(node.op, ast.Div) and other[0] <= 0 <= other[1]:
            return (math.nan, math.nan)
        ends = [_ARITHMETIC[type(node.op)](a, b) for a in one for b in other]
        return (min(ends), max(ends))
    if isinstance(node, ast.Call):
        return spans.get(_key(node), (math.nan, math.nan))
    raise InputError(f"'{ast.unparse(node)}' is not a number")


@lru_cache(maxsize=1024)
def _calls_of(proposition: Proposition) -> tuple[Call, ...]:
    return tuple({str(call): call for call in map(_call, _calls(proposition.tree))}.values())


def _calls(tree: ast.expr) -> Iterator[ast.Call]:
    return (n for n in ast.walk(tree) if isinstance(n, ast.Call))


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e15


def _shown(argument: Argument) -> str:
    if isinstance(argument, tuple):
        return "[" + ", ".join(argument) + "]"
    if isinstance(argument, str):
        return str(argument) if isinstance(argument, StateId) else json.dumps(argument, ensure_ascii=False)
    return str(int(argument)) if argument.is_integer() else repr(argument)
