"""Where a number comes from: sources, licenses, hashes, and the lineage of what is derived.

A :class:`Source` is a public data set or a primary document. Its producer's words (title, citation, terms)
are kept apart from ours. Nothing here reads or writes anything but bytes to be hashed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class License:
    """Terms of a source, in its producer's sense; ``redistribute`` is None where they do not say."""

    name: str
    url: str = ""
    noncommercial: bool = False
    redistribute: bool | None = None
    forbids: str = ""
    notice: str = ""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of a source: where it is in a mirror, at its official address, or by what name a person downloads it.

    Attributes
    ----------
    role
        What the file is to its reader; several paths may share a role.
    mirror
        Path, or glob, inside a mirror.
    address
        Official address; empty where the site blocks programs.
    member
        Name, or glob, inside the archive at ``address``.
    pattern
        Glob that a hand-downloaded file matches; several are joined with ``|``.
    sha256
        Hash of the known vintage; empty for a file that changes.
    max_bytes
        Most bytes that are accepted.
    optional
        Whether a reader can do without it.
    many
        Whether the role takes several files; otherwise the newest of several is taken.
    copy
        Whose copy the file is; empty for the producer's own.
    """

    role: str
    mirror: str = ""
    address: str = ""
    member: str = ""
    pattern: str = ""
    sha256: str = ""
    max_bytes: int = 200_000_000
    optional: bool = False
    many: bool = False
    copy: str = ""

    @property
    def where(self) -> str:
        """Where a program gets the file: ``producer`` or ``copy``; ``by hand`` where no program can or may."""
        if not self.address:
            return "by hand"
        return "copy" if self.copy else "producer"


@dataclass(frozen=True, slots=True)
class Source:
    """A public source as its catalog entry states it.

    ``reader`` names the function that turns its files into evidence, ``module:function``. ``pinned`` sources are
    editions that do not change; the others grow at their address, and their vintage is read from the data. ``needs``
    are sets of roles of which one suffices, the producer's first; all roles that are not optional where it is empty.
    ``grows`` says that new files add to those held. ``checked`` says when, and how, the addresses were looked at.
    ``spares`` is the largest share of records that a sound file may have set aside.
    """

    id: str
    title: str
    producer: str
    citation: str
    bibtex: str
    landing: str
    license: License
    reader: str
    version: str = ""
    doi: str = ""
    origin: str = ""
    cadence: str = "irregular"
    covers: str = ""
    pinned: bool = True
    grows: bool = False
    checked: str = ""
    spares: float = 0.5
    needs: tuple[tuple[str, ...], ...] = ()
    files: tuple[SourceFile, ...] = field(default=())

    @property
    def alternatives(self) -> tuple[tuple[str, ...], ...]:
        """Sets of roles of which one must be there whole."""
        return self.needs or (tuple(dict.fromkeys(f.role for f in self.files if not f.optional)),)

    @property
    def family(self) -> str:
        """Sources of one family rest on one origin and count once as evidence."""
        return self.origin or self.id


@dataclass(frozen=True, slots=True)
class Receipt:
    """A file as it was had: its name, role, hash and size, where it came from and when."""

    name: str
    role: str
    sha256: str
    bytes: int
    origin: str
    fetched_at: str


@dataclass(frozen=True, slots=True)
class Lineage:
    """How a derived number was made: the facts it rests on, the method, and what it was given."""

    method: str
    evidence_hash: str
    fact_ids: tuple[str, ...] = ()
    parameters: Mapping[str, str | int | float | bool] = field(default_factory=dict)
    seed: int | None = None

    @property
    def id(self) -> str:
        """Short hash that names this computation."""
        return "model:" + digest(json.dumps(asdict(self), sort_keys=True, default=str))[:12]


def digest(data: str | bytes) -> str:
    """SHA-256 of text or bytes, as hex."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of a file, as hex, read in chunks."""
    sha = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            sha.update(chunk)
    return sha.hexdigest()


def joint_digest(parts: Iterable[str]) -> str:
    """SHA-256 over several strings, order-free."""
    return digest("\n".join(sorted(parts)))
