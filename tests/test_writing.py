from __future__ import annotations

from pathlib import Path

import pytest

from tripoint.errors import InputError
from tripoint.writing import replace_whole, write_whole


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    target.write_text("old")
    link.symlink_to(target)
    write_whole(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"


@pytest.mark.parametrize(
    ("name", "reason"), [("", "names no file"), ("folder", "is a folder"), ("none/x.csv", "there is no folder")]
)
def test_what_cannot_be_written_is_said(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match=reason):
        write_whole(tmp_path / name if name else Path(), "x")
    assert [p.name for p in tmp_path.iterdir()] == ["folder"]


def test_a_device_is_left_alone() -> None:
    with pytest.raises(InputError, match="device"):
        write_whole(Path("/dev/full"), "x")


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")

    def fail(partial: Path) -> None:
        partial.write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(InputError, match="No space left"):
        replace_whole(path, fail)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]
