"""Counts beside a claim file (``claims.counts.toml``): how its tests came out over their reference classes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable

from tripoint.claims.model import Count, Share
from tripoint.errors import InputError


def read_counts(text: str) -> dict[tuple[str, str], tuple[str, Count]]:
    """Counts by claim and test, each with the hash of the rule that was counted.

    Raises
    ------
    InputError
        When the text is not what :func:`write_counts` writes.
    """
    try:
        data = tomllib.loads(text)
        return {
            (one["claim"], one["test"]): (
                one["rule"],
                Count(
                    one["class"],
                    {h: Share(int(seen), int(units)) for h, (seen, units) in one["shares"].items()},
                    int(one["pairs"]),
                    float(one["low"]),
                    float(one["high"]),
                    str(data["evidence"]),
                ),
            )
            for one in data.get("count", [])
        }
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"the counts beside the claim file cannot be read ({error}); count them again") from None


def write_counts(counted: Iterable[tuple[str, str, str, Count]], *, evidence: str, command: str) -> str:
    """Counts as TOML, in the order given: claim, test, rule and count."""
    lines = [f"# Counted by: {command}", f'evidence = "{evidence}"', ""]
    for claim, test, rule, count in counted:
        shares = ", ".join(f"{h} = [{s.seen}, {s.units}]" for h, s in count.shares.items())
        lines += [
            "[[count]]",
            f'claim = "{claim}"',
            f'test = "{test}"',
            f'class = "{count.reference}"',
            f'rule = "{rule}"',
            f"pairs = {count.pairs}",
            f"shares = {{ {shares} }}",
            f"low = {count.low:.4g}",
            f"high = {count.high:.4g}",
            "",
        ]
    return "\n".join(lines)
