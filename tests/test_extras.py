"""What the default install does without the libraries of the extras, and what it says where one is needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tripoint.errors import EXTRAS

ROOT = Path(__file__).parents[1]
_BLOCKED = """
import sys

class Blocked:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in BLOCK:
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)

BLOCK = set(BLOCKED)
sys.meta_path.insert(0, Blocked)
import importlib.util
found = importlib.util.find_spec
def find_spec(name, package=None):
    return None if name in BLOCK else found(name, package)
importlib.util.find_spec = find_spec
from tripoint.cli.main import main
main(sys.argv[1:])
"""


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    code = _BLOCKED.replace("BLOCKED)", f"{json.dumps(sorted({*EXTRAS, 'xarray'}))})")
    environment = {"TRIPOINT_HOME": str(home), "PATH": "", "HOME": str(home)}
    if path := os.environ.get("PYTHONPATH"):
        environment["PYTHONPATH"] = path
    return subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, env=environment, check=False, cwd=home
    )


@pytest.mark.parametrize(
    "words",
    [("dyad", "RUS", "CHN"), ("state", "IND"), ("brief", "IND", "JPN", "-o", "pair.html"), ("ideal-points",)],
)
def test_the_main_job_needs_no_extra(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = run(tmp_path, *words)
    assert done.returncode == 0, done.stderr


def test_what_needs_one_says_which(tmp_path: Path) -> None:
    done = run(tmp_path, "events", "sql", "--dialect", "bigquery")
    assert done.returncode == 1
    assert "pip install 'tripoint[events]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_each_library_is_in_the_extra_that_is_named() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for library, extra in EXTRAS.items():
        name = {"ibis": "ibis-framework"}.get(library, library)
        assert any(line.startswith(name) for line in project["optional-dependencies"][extra])
        assert not any(line.startswith(name) for line in project["dependencies"])
