"""How answers with sources are printed: whole as JSON, as rows, or as text with numbered sources."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tripoint.cli.output import print_rows, to_json, write_text

if TYPE_CHECKING:
    from tripoint.evidence.citing import Citations

_IDS_SHOWN = 3
#: Amounts from here on are written without decimals.
_WHOLE = 1000
#: Alignment beyond which no decimals are given.
_END = 0.99


def put(answer: Any, rows: list[dict[str, Any]], form: str | None, output: Path | None, show: Any) -> None:
    """Write an answer as JSON whole, as rows, or as text for a person."""
    import polars as pl

    if form == "json" or (form is None and output is not None and output.suffix == ".json"):
        write_text(to_json(plain(answer)), output)
    elif form or output:
        print_rows(pl.DataFrame(rows, infer_schema_length=None), form, output)
    else:
        show()


def plain(value: Any) -> Any:
    """Turn dataclasses, arrays and mappings into plain values; NaN becomes null."""
    from dataclasses import fields, is_dataclass

    import numpy as np

    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, dict):
        return {"-".join(k) if isinstance(k, tuple) else str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    return None if isinstance(value, float) and value != value else value


def print_sources(out: Any, cited: Citations) -> None:
    """Print the numbered sources, with a mark where commercial use is not allowed."""
    out.print("\n[bold]Sources[/bold]")
    if not cited.sources:
        out.print("none: no fact is on record")
    for source in cited.sources:
        terms = "  (non-commercial use)" if source.noncommercial else ""
        out.print(f"[{source.number}] {source.citation}{terms}", markup=False)


def some_ids(fact_ids: tuple[str, ...]) -> str:
    """Return the first fact ids, and how many more there are."""
    more = f" and {len(fact_ids) - _IDS_SHOWN} more" if len(fact_ids) > _IDS_SHOWN else ""
    return ", ".join(fact_ids[:_IDS_SHOWN]) + more


def number(value: float, form: str = ".2f") -> str:
    """Return a number as text; ``?`` where it is not known."""
    return "?" if value != value else format(value, form)


def signed(value: float) -> str:
    """Return a change as text with its sign, and none where it rounds to 0."""
    text = f"{value:+.2f}"
    return "0.00" if text in ("+0.00", "-0.00") else text


def aligned(value: float) -> str:
    """Return an alignment [-1..+1] as text: ``+0.42``; ``>+0.99`` and ``<-0.99`` near the ends, which none reaches."""
    if value > _END:
        return f">+{_END}"
    return f"<-{_END}" if value < -_END else f"{value:+.2f}"


def amount(value: float) -> str:
    """Return an amount as a person would write it: whole from 1,000 on, else four digits; ``?`` if not known."""
    if value != value:
        return "?"
    return f"{value:,.0f}" if abs(value) >= _WHOLE else f"{value:.4g}"
