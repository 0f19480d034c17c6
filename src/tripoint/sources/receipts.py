"""Receipts of the files of a source: name, hash, size, where each came from and when."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from tripoint.errors import FetchError
from tripoint.provenance import Receipt, SourceFile, file_digest
from tripoint.writing import write_whole


def receipt_of(file: SourceFile, path: Path, origin: str, sha256: str = "") -> Receipt:
    """Receipt of a file; one with another hash than the catalog knows is put aside and refused."""
    found = file_digest(path)
    wanted = file.sha256 or sha256
    if wanted and found != wanted:
        path.rename(path.with_name(path.name + ".rejected"))
        raise FetchError(
            f"{path.name}: sha256 is {found[:12]}..., the catalog knows {wanted[:12]}...; the producer may have issued "
            f"a new edition, or the file is damaged; it is kept as {path.name}.rejected"
        )
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Receipt(path.name, file.role, found, path.stat().st_size, origin, now)


def still_here(folder: Path, receipt: Receipt) -> bool:
    """Whether the file of a receipt lies there unchanged."""
    path = folder / receipt.name
    return path.is_file() and path.stat().st_size == receipt.bytes and file_digest(path) == receipt.sha256


def forget_receipts(folder: Path, receipts: tuple[Receipt, ...]) -> None:
    """Forget files that a reader refused and a person gave: they are not taken for the source's the next time."""
    refused = {r.name for r in receipts if r.origin.startswith("downloaded by hand")}
    held = read_receipts(folder).values()
    write_receipts(folder, [r for r in held if r.name not in refused])
    for name in refused:
        (folder / name).unlink(missing_ok=True)


def read_receipts(folder: Path) -> dict[str, Receipt]:
    """Receipts of a folder by the name of the file; none where the list cannot be read."""
    path = folder / "receipts.json"
    if not path.is_file():
        return {}
    try:
        return {item["name"]: Receipt(**item) for item in json.loads(path.read_text("utf-8"))}
    except (ValueError, TypeError, KeyError):
        return {}


def write_receipts(folder: Path, receipts: list[Receipt]) -> None:
    """Write the receipts of a folder, whole or not at all."""
    write_whole(folder / "receipts.json", json.dumps([asdict(r) for r in receipts], indent=1))
