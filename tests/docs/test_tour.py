"""The notebooks run from top to bottom on the evidence that ships."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "tutorial"


def outputs(name: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    monkeypatch.setenv("TRIPOINT_HOME", str(home))
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the notebook machinery's own, not ours
        import nbclient
        import nbformat

        notebook = nbformat.read(FOLDER / name, as_version=4)
        nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    found = [o for cell in notebook.cells if cell.cell_type == "code" for o in cell.outputs]
    assert not [o for o in found if o.output_type == "error"]
    assert not [o for o in found if o.output_type == "stream" and o.name == "stderr"]
    return found


def test_the_tour_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = outputs("tour.ipynb", tmp_path / "home", monkeypatch)
    pages = [o.data["text/html"] for o in found if "text/html" in o.get("data", {})]
    assert any("figcaption" in page and "Relation of China and Russia" in page for page in pages)
    assert any("Treaty of Good-Neighborliness" in page for page in pages)
    assert any("Not on record" in page for page in pages)
    assert "@misc" in "".join(o.text for o in found if o.output_type == "stream")


def test_a_panel_becomes_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = outputs("panel-to-table.ipynb", tmp_path / "home", monkeypatch)
    tables = [o.data["text/plain"] for o in found if "text/plain" in o.get("data", {})]
    assert any("United States" in table and "2015" in table for table in tables)
    assert any("pairs.parquet" in table for table in tables)
