"""The package stays light and knows no data frames."""

from __future__ import annotations

import subprocess
import sys

import pytest

import tripoint.bargain


def test_importing_everything_loads_no_data_frame_database_or_evidence_code():
    code = (
        "import sys, importlib, pkgutil, tripoint.bargain as b\n"
        "light = {'numba', 'scipy', 'numpy'} & set(sys.modules)\n"
        "for m in pkgutil.iter_modules(b.__path__):\n"
        "    if m.name != 'calibrate': importlib.import_module('tripoint.bargain.' + m.name)\n"
        "heavy = {'polars', 'pandas', 'duckdb', 'ibis', 'pyarrow', 'altair', 'tripoint.evidence'} & set(sys.modules)\n"
        "print(sorted(light), sorted(heavy))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] []"


def test_solving_without_numba_is_not_needed_for_closed_forms():
    code = (
        "import sys; from tripoint.bargain import ultimatum, walk\n"
        "walk.win_probability(1, 3, 0.5); print('numba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_every_module_is_named_in_the_package():
    assert tripoint.bargain.__doc__ is not None
    for name in ("ultimatum", "war", "council", "rivals", "scenario", "policy_map", "figures"):
        assert f"``{name}``" in tripoint.bargain.__doc__


def test_modules_are_attributes_when_asked_for():
    code = "from tripoint import bargain as b; print(b.ultimatum.solve_ultimatum(0.5, 0.1, 0.5).chance_of_war)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(done.stdout) == pytest.approx(0.4)
    with pytest.raises(AttributeError, match="did you mean 'council'"):
        _ = tripoint.bargain.concil
