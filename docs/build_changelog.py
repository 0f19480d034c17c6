"""Gather the fragments of ``changelog.d`` into ``CHANGELOG.md``.

``python docs/build_changelog.py`` writes them under "Unreleased"; ``python docs/build_changelog.py 0.2.0 2026-12-01``
writes them under that release and deletes them.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KINDS = {"added": "Added", "changed": "Changed", "fixed": "Fixed"}
HEAD = "# Changes\n\nWhat a user would notice, release by release.\n"


def section(title: str, folder: Path) -> str:
    """Return the fragments of a folder as one section."""
    text = f"## {title}\n"
    for kind, name in KINDS.items():
        lines = [" ".join(p.read_text("utf-8").split()) for p in sorted(folder.glob(f"*.{kind}.md"))]
        if lines:
            text += f"\n### {name}\n\n" + "".join(f"- {line.removeprefix('- ')}\n" for line in lines)
    return text


def main(*given: str) -> None:
    """Write the file; delete the fragments when a release is named."""
    path, folder = ROOT / "CHANGELOG.md", ROOT / "changelog.d"
    held = path.read_text("utf-8") if path.is_file() else HEAD
    older = re.sub(r"## Unreleased\n.*?(?=^## |\Z)", "", held.removeprefix(HEAD), flags=re.S | re.M).strip()
    made = section(" ".join(given) or "Unreleased", folder)
    path.write_text(f"{HEAD}\n{made}" + (f"\n{older}\n" if older else ""), "utf-8")
    if given:
        for kind in KINDS:
            for fragment in folder.glob(f"*.{kind}.md"):
                fragment.unlink()


if __name__ == "__main__":
    main(*sys.argv[1:])
