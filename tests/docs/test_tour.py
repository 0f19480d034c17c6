"""The notebook tour runs from top to bottom on the evidence that ships."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

TOUR = Path(__file__).parents[2] / "docs" / "tutorial" / "tour.ipynb"


def test_the_tour_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIPOINT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the notebook machinery's own, not ours
        import nbclient
        import nbformat

        notebook = nbformat.read(TOUR, as_version=4)
        nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    outputs = [o for cell in notebook.cells if cell.cell_type == "code" for o in cell.outputs]
    assert not [o for o in outputs if o.output_type in ("error", "stream")]
    pages = [o.data["text/html"] for o in outputs if "text/html" in o.get("data", {})]
    assert any("figcaption" in page and "Source: starter evidence" in page for page in pages)
