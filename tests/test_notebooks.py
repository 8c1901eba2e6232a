"""The notebooks run from beginning to end, and print what is stored in them."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def _shown(notebook) -> list[str]:
    """What each cell prints; of a picture, that there is one."""
    shown = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            text = output.get("text", "")
            if "data" in output:
                text = "a picture" if "image/png" in output["data"] else output["data"].get("text/plain", "")
            shown.append(text)
    return shown


def test_there_are_notebooks():
    assert [path.name[:2] for path in NOTEBOOKS] == [f"0{number}" for number in range(1, 7)]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_opens_with_what_it_shows_and_how_long_it_takes(path):
    nbformat = pytest.importorskip("nbformat")
    first = nbformat.read(path, as_version=4).cells[0]
    assert first.cell_type == "markdown"
    assert first.source.startswith("# ")
    assert "This notebook" in first.source
    assert "seconds" in first.source or "minute" in first.source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_names_no_place_of_the_machine_that_ran_it(path):
    text = path.read_text(encoding="utf-8")
    assert not [place for place in (str(ROOT), "/home/", "/root/", "/tmp/") if place in text]


@pytest.fixture(scope="module")
def fonts(tmp_path_factory):
    """A folder with Matplotlib's list of fonts: where it has to be made first, a cell may say so in what it prints."""
    folder = tmp_path_factory.mktemp("matplotlib")
    environment = os.environ | {"MPLCONFIGDIR": str(folder)}
    code = "import matplotlib.font_manager"
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True)
    assert list(folder.glob("fontlist*"))
    return folder


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_prints_what_is_stored_in_it(path, tmp_path, monkeypatch, fonts):
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    traitlets = pytest.importorskip("traitlets.config")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("MPLCONFIGDIR", str(fonts))
    monkeypatch.delenv("MPLBACKEND", raising=False)
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    stored = _shown(notebook)
    options = {"timeout": 300, "kernel_name": "python3", "coalesce_streams": True}
    with warnings.catch_warnings(), tempfile.TemporaryDirectory() as sockets:  # their paths have to be short
        warnings.simplefilter("ignore")  # of the notebook server's own sockets
        # Files, since of ports that are free now another process may have taken one a moment later.
        config = traitlets.Config({"KernelManager": {"transport": "ipc", "ip": f"{sockets}/kernel"}})
        places = {"metadata": {"path": str(tmp_path)}}
        nbclient.NotebookClient(notebook, resources=places, config=config, **options).execute()
    assert _shown(notebook) == stored


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_times_and_is_small(path):
    nbformat = pytest.importorskip("nbformat")
    notebook = nbformat.read(path, as_version=4)
    assert path.stat().st_size < 400_000
    assert all(not cell.metadata for cell in notebook.cells)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1)), "run all cells in order, from a fresh start"
