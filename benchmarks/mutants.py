"""How many deliberate errors in the rules the tests catch: ``python benchmarks/mutants.py [MODULE ...] [--every N]``.

Each mutant changes one place of a rule module (a comparison, a constant, a boolean, an arithmetic sign, a condition)
and runs the tests that belong to the module, in a copy of the source. Prints the kill rate by module and the survivors.
With no module it takes all of :data:`RULES`. Runs for minutes to an hour: not part of the check.
"""

from __future__ import annotations

import argparse
import ast
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import duckdb  # noqa: F401  loaded once, before the children
import polars  # noqa: F401
import pyarrow  # noqa: F401
import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"
#: Module -> the tests that are to catch errors in it.
RULES: dict[str, tuple[str, ...]] = {
    "evidence/coverage.py": ("tests/evidence/test_coverage.py",),
    "evidence/freshness.py": ("tests/evidence/test_coverage.py", "tests/evidence/test_freshness.py"),
    "evidence/choice.py": ("tests/evidence/test_choice.py",),
    "evidence/citing.py": ("tests/evidence/test_citing.py",),
    "evidence/roll_calls.py": ("tests/evidence/test_roll_calls.py",),
    "claims/weigh.py": ("tests/claims/test_weigh.py", "tests/claims/test_weigh_rules.py"),
    "dyad/votes_together.py": ("tests/dyad/test_votes_together.py",),
    "triad/ties/flow_counts.py": ("tests/triad/test_ties_flow_counts.py",),
    "triad/ties/poles.py": ("tests/triad/test_ties_poles.py", "tests/triad/test_autonomy_bound.py"),
    "triad/ties/record.py": ("tests/triad/test_ties_record.py", "tests/triad/test_ties_flow_counts.py"),
    "triad/ties/domains.py": ("tests/triad/test_ties_domains.py", "tests/triad/test_autonomy_on_record.py"),
    "triad/autonomy/rule.py": ("tests/triad/test_autonomy_rule.py",),
    "triad/autonomy/positions.py": ("tests/triad/test_autonomy_positions.py",),
    "triad/autonomy/on_record.py": ("tests/triad/test_autonomy_bound.py", "tests/triad/test_autonomy_on_record.py"),
    "triad/balance/on_record.py": ("tests/triad/test_balance_on_record.py",),
    "triad/patronage/profile.py": ("tests/triad/test_patronage_profile.py",),
    "triad/wedge/levers.py": ("tests/triad/test_wedge_levers.py",),
    "triad/wedge/openings.py": ("tests/triad/test_wedge_openings.py",),
    "triad/wedge/seams.py": ("tests/triad/test_wedge_seams.py", "tests/triad/test_wedge_openings.py"),
    "states/lookup.py": ("tests/states",),
    "states/timeline.py": ("tests/states",),
    "states/spells.py": ("tests/states",),
    "states/names.py": ("tests/states",),
    "states/reports.py": ("tests/states",),
    "states/frames.py": ("tests/states",),
}
_FLIPS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_SIGNS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}


def places(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Every place of a module that a mutant may change, and how."""
    told = {
        id(node.body[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body
    }
    hidden = {id(n) for node in ast.walk(tree) for n in _unimportant(node, told)}
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Compare) and type(node.ops[0]) in _FLIPS:
            yield node, "flip"
        elif isinstance(node, ast.BoolOp):
            yield node, "and/or"
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert):
            yield node, "drop not"
        elif isinstance(node, ast.BinOp) and type(node.op) in _SIGNS:
            yield node, "sign"
        elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
            yield node, "negate"
        elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            yield node, "one more"
        elif isinstance(node, ast.IfExp):
            yield node, "swap"


def _unimportant(node: ast.AST, told: set[int]) -> Iterator[ast.AST]:
    """Parts whose change is no error of a rule: docstrings, annotations, decorators, type checking, formats."""
    if id(node) in told and isinstance(node, ast.Expr):
        yield from ast.walk(node)
    if isinstance(node, ast.FunctionDef):
        parts = [*node.decorator_list, node.returns, *(a.annotation for a in (*node.args.args, *node.args.kwonlyargs))]
        for part in parts:
            yield from ast.walk(part) if part else ()
    if isinstance(node, ast.ClassDef):
        for part in node.decorator_list:
            yield from ast.walk(part)
    if isinstance(node, ast.AnnAssign):
        yield from ast.walk(node.annotation)
    if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in ("Who", "Row", "Floats"):
        yield from ast.walk(node.value)
    if isinstance(node, ast.keyword) and node.arg in ("maintain_order", "strict", "slots", "frozen", "repr"):
        yield from ast.walk(node.value)


def change(node: ast.AST, how: str) -> None:
    """Change a place."""
    if isinstance(node, ast.Compare):
        node.ops[0] = _FLIPS[type(node.ops[0])]()
    elif isinstance(node, ast.BoolOp):
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    elif isinstance(node, ast.UnaryOp):
        node.op = ast.UAdd() if isinstance(node.op, ast.Invert) else node.op
        if isinstance(node.op, ast.Not):
            node.operand = ast.UnaryOp(ast.Not(), node.operand)
    elif isinstance(node, ast.BinOp):
        node.op = _SIGNS[type(node.op)]()
    elif isinstance(node, ast.Constant):
        node.value = not node.value if how == "negate" else node.value + 1
    elif isinstance(node, ast.IfExp):
        node.body, node.orelse = node.orelse, node.body


def mutants(text: str, every: int) -> Iterator[tuple[str, str]]:
    """Changed texts of a module, each with what was changed."""
    count = sum(1 for _ in places(ast.parse(text)))
    for number in range(0, count, every):
        tree = ast.parse(text)
        node, how = list(places(tree))[number]
        line = getattr(node, "lineno", 0)
        before = ast.unparse(node)
        change(node, how)
        yield f"line {line}: {before[:70]} -> {ast.unparse(node)[:70]}", ast.unparse(ast.fix_missing_locations(tree))


def caught(module: str, text: str, seconds: float) -> bool:
    """Whether the tests of a module fail with the changed text, in a child of this process."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "src"
        shutil.copytree(SOURCE, copy)  # with what is compiled, so that only the changed module is compiled again
        changed = copy / "tripoint" / module
        changed.write_text(text, "utf-8")
        for compiled in (changed.parent / "__pycache__").glob(f"{changed.stem}.*"):
            compiled.unlink()
        child = os.fork()
        if child == 0:
            _run(copy, [t for t in RULES[module] if (ROOT / t).exists()], int(seconds))
        _, status = os.waitpid(child, 0)
        return status != 0


def _run(source: Path, tests: list[str], seconds: int) -> NoReturn:
    """Run tests against a copy of the source, quietly, and end; a run that takes too long is killed."""
    signal.alarm(seconds)
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    os.chdir(ROOT)
    sys.path.insert(0, str(source))
    sys.dont_write_bytecode = True
    os.environ.pop("TRIPOINT_MIRROR", None)
    os._exit(int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", *tests])))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", default=list(RULES))
    parser.add_argument("--every", type=int, default=1, help="try every nth place only")
    parser.add_argument("--least", type=float, default=0.0, help="fail below this kill rate")
    options = parser.parse_args()
    killed = tried = 0
    for module in options.modules:
        text = (SOURCE / "tripoint" / module).read_text("utf-8")
        started = time.perf_counter()
        if caught(module, ast.unparse(ast.parse(text)), 600):
            sys.exit(f"{module}: its tests fail without any change")
        limit = 30 + 5 * (time.perf_counter() - started)
        changes = list(mutants(text, options.every))
        found = []
        for what, changed in changes:
            found.append(caught(module, changed, limit))
            if not found[-1]:
                print(f"  survived: {module} {what}", flush=True)
        killed, tried = killed + sum(found), tried + len(found)
        print(f"{module}: {sum(found)} of {len(found)} killed ({sum(found) / max(len(found), 1):.0%})", flush=True)
    print(f"all: {killed} of {tried} killed ({killed / max(tried, 1):.0%})")
    if killed < options.least * tried:
        sys.exit(1)


if __name__ == "__main__":
    main()
