"""The estimates that ship with the package, as tables with their lineage: relation, agreement, ideal points."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import polars as pl

Name = Literal["relation", "agreement", "ideal_points"]
#: Of a value in the files: they hold thousandths.
VALUE = 1000.0


@cache
def estimates(name: Name) -> pl.DataFrame:
    """Rows of a table as they are in its file, in thousandths; see :mod:`tripoint.dyad.estimates`.

    Examples
    --------
    >>> estimates("ideal_points").columns
    ['state', 'year', 'mean', 'low', 'high', 'votes']
    """
    import polars as pl

    with files("tripoint.evidence").joinpath("estimates", f"{name}.parquet").open("rb") as file:
        return pl.read_parquet(file)


def lineage(name: Name) -> str:
    """What a table was made from, in one sentence.

    Examples
    --------
    >>> lineage("ideal_points").startswith("estimates made on 20")
    True
    """
    import tomllib

    path = files("tripoint.evidence").joinpath("estimates", "lineage.toml")
    made = tomllib.loads(path.read_text(encoding="utf-8"))[name]
    return f"estimates made on {made['made']} from evidence {made['evidence'][:12]} ({len(made['sources'])} sources)"
