"""What an installed copy brings with it: licenses that may be passed on, and versions that exist."""

from __future__ import annotations

import re
from importlib import metadata

from packaging.requirements import Requirement

#: Licenses whose terms reach into a program that uses a library.
STRICT = re.compile(r"\b(AGPL|GPL|LGPL|SSPL|GNU (Affero|Lesser|General)|Business Source|Commons Clause)", re.IGNORECASE)
#: A package that names such a license as one of two, with the reason why it may be used.
CHOICE = {"pyphen": "of the extra pdf; it may be had under MPL-1.1, which stays with its own files"}


def tree(root: str, *, extras: frozenset[str] = frozenset({""})) -> set[str]:
    """Names of a package and of all that it needs."""
    found: set[str] = set()
    open_: list[tuple[str, frozenset[str]]] = [(root, extras)]
    while open_:
        name, wanted = open_.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key in found and wanted == frozenset({""}):
            continue
        found.add(key)
        for line in metadata.requires(name) or ():
            need = Requirement(line)
            if need.marker is None or any(need.marker.evaluate({"extra": e}) for e in wanted):
                below = re.sub(r"[-_.]+", "-", need.name).lower()
                if below not in found:
                    open_.append((need.name, frozenset({"", *need.extras})))
    return found


def license_of(name: str) -> str:
    """Every word that a package says of its license, but for the text itself."""
    about = metadata.metadata(name)
    said = [about.get("License-Expression") or "", *(about.get_all("Classifier") or ())]
    free = (about.get("License") or "").strip().splitlines()
    return "; ".join([s for s in said if s and (not s.count("::") or s.startswith("License"))] + free[:1])


def test_no_license_in_the_tree_reaches_into_the_program() -> None:
    names = tree("tripoint", extras=frozenset({"", "pdf", "mcp"}))
    assert len(names) > 30
    for name in sorted(names):
        said = license_of(name)
        assert said, f"{name} states no license"
        assert not STRICT.search(said) or name in CHOICE, f"{name}: {said}"


def test_the_rule_sees_what_it_forbids() -> None:
    assert STRICT.search("GNU General Public License v3 (GPLv3)")
    assert STRICT.search("LGPL-3.0-or-later")
    assert not STRICT.search("Apache-2.0; BSD-3-Clause; MPL-2.0; PSF-2.0")


def test_what_is_installed_meets_what_is_declared() -> None:
    for line in metadata.requires("tripoint") or ():
        need = Requirement(line)
        if need.marker is None:
            assert need.specifier.contains(metadata.version(need.name), prereleases=True), line
