"""Members of zip archives that are not to be trusted."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tripoint.errors import FetchError
from tripoint.sources.archives import extract

BODY = b"".join(b"%d,%d\n" % (k, k * k) for k in range(3000))


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, body in members.items():
            bundle.writestr(name, body)
    return path


def test_a_member_is_taken_out_by_its_bare_name(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"deep/rows.csv": BODY[:999], "readme.txt": b"x"})
    assert [p.name for p in extract(path, "rows*.csv", tmp_path, 10_000)] == ["rows.csv"]


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"../../rows.csv": b"a,b"}, "points outside"),
        ({"/etc/rows.csv": b"a,b"}, "points outside"),
        ({"C:/rows.csv": b"a,b"}, "points outside"),
        ({"rows.csv": b"0" * 5_000_000}, "unpacks to 5,000,000 bytes"),
        ({"other.csv": b"a,b"}, "no member matches"),
    ],
)
def test_an_archive_that_is_not_to_be_trusted(tmp_path: Path, members: dict[str, bytes], message: str) -> None:
    path = archive(tmp_path / "a.zip", members)
    with pytest.raises(FetchError, match=message):
        extract(path, "rows.csv", tmp_path / "out", 10_000_000)
    assert not (tmp_path.parent / "rows.csv").exists()


def test_a_truncated_archive_is_said(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"rows.csv": BODY})
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(FetchError, match="not a whole zip"):
        extract(path, "rows.csv", tmp_path, 10_000_000)
