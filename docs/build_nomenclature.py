"""Write docs/nomenclature.md from the record's own tables and kinds: ``python docs/build_nomenclature.py``."""

from __future__ import annotations

from pathlib import Path

from tripoint.record import COVERAGE, DOCUMENTS, KINDS, SET_ASIDE, TABLES

HEAD = """# Nomenclature

Every column and kind, once: its meaning, unit, range and direction. Units stand in square brackets.

A **fact id** is an address: `source@vintage#locator`. **States** are written by state id (see
[States](explanation/states.md)). Dates are days; `precision` says how much of a date the source knows. A period known
by year runs from 1 January to 31 December. Columns of panels are listed under [Variables](reference/variables.md);
what a claim may measure, under [The language of claims](reference/claim-language.md).
"""


def main() -> None:
    """Write the page."""
    lines = [HEAD]
    for name, columns in (*TABLES.items(), ("coverage", COVERAGE), ("set_aside", SET_ASIDE), ("documents", DOCUMENTS)):
        lines += [f"## Table `{name}`", "", "| column | type | required | meaning |", "|---|---|---|---|"]
        for c in columns:
            meaning = c.meaning.replace("|", "&#124;")
            lines.append(f"| `{c.name}` | {c.dtype} | {'yes' if c.required else ''} | {meaning} |")
        lines.append("")
    lines += ["## Kinds", "", "Tone says whether a fact of this kind speaks for a tie, against it, or neither.", ""]
    lines += ["| kind | table | tone | scale | meaning |", "|---|---|---|---|---|"]
    lines += [f"| {k.name} | {k.table} | {k.tone} | {k.scale} | {k.meaning} |" for k in KINDS.values()]
    Path(__file__).with_name("nomenclature.md").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
