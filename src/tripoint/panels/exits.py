"""Panels for pandas, R and Stata: types as they are, labels with every column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tripoint.errors import InputError, needs

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

#: Rows that go from Arrow to pandas at a time, so that the panel is not in memory twice.
BLOCK = 50_000
#: Cells of a panel that may be walked row by row in Python.
WALKED = 10_000_000
_STATA_LABEL = 80
_STATA_VERSION = 118
_STATA_NAME = 32
_R_WHOLE = 2**31 - 1
#: R's NA of numbers with a point: a NaN with 1954 in its low word.
_R_NA = np.array([0x7FF00000000007A2], np.uint64).view(np.float64)[0]


def pandas_frame(schema: pa.Schema, batches: Iterable[pa.RecordBatch], height: int, *, nullable: bool) -> pd.DataFrame:
    """Fill a pandas frame block by block.

    Parameters
    ----------
    schema
        Names and types of the columns.
    batches
        The rows, ``height`` in all.
    height
        How many rows there are.
    nullable
        Whether whole numbers with nulls are pandas' nullable integers; floats with NaN otherwise.
    """
    needs("pandas")
    import pandas as pd

    needs("pyarrow")
    import pyarrow as pa

    plain = {f.name: _numpy(f.type) for f in schema}
    values = {name: np.empty(height, kind) for name, kind in plain.items() if kind is not None}
    absent: dict[str, np.ndarray[Any, Any]] = {}
    other: dict[str, list[pa.Array]] = {name: [] for name, kind in plain.items() if kind is None}
    start = 0
    for batch in batches:
        stop = start + batch.num_rows
        for name, array in zip(schema.names, batch.columns, strict=True):
            if name in other:
                other[name].append(array)
                continue
            values[name][start:stop] = _values(array)
            if array.null_count:
                mask = absent.setdefault(name, np.zeros(height, bool))
                mask[start:stop] = array.is_null().to_numpy(zero_copy_only=False)
        start = stop
    columns: dict[str, Any] = {}
    for field in schema:
        name = field.name
        if name in other:
            columns[name] = pa.chunked_array(other.pop(name), field.type).unify_dictionaries().to_pandas()
        elif name not in absent:
            columns[name] = values.pop(name)
        elif plain[name].kind == "f" or not nullable:
            held = values.pop(name)
            held = held if held.dtype.kind == "f" else held.astype(np.float64)
            held[absent.pop(name)] = np.nan
            columns[name] = held
        else:
            columns[name] = pd.arrays.IntegerArray(values.pop(name), absent.pop(name))
    return pd.DataFrame(columns, copy=False)


def _numpy(kind: pa.DataType) -> Any:
    needs("pyarrow")
    import pyarrow as pa

    if pa.types.is_date32(kind):
        return np.dtype("datetime64[s]")
    return np.dtype(kind.to_pandas_dtype()) if pa.types.is_integer(kind) or pa.types.is_floating(kind) else None


def _values(array: pa.Array) -> Any:
    """Values without a copy; what stands where there is none means nothing."""
    needs("pyarrow")
    import pyarrow as pa

    if pa.types.is_date32(array.type):
        return array.to_numpy(zero_copy_only=False)
    held = np.frombuffer(array.buffers()[1], array.type.to_pandas_dtype())
    return held[array.offset : array.offset + len(array)]


def rows(names: tuple[str, ...], batches: Iterable[pa.RecordBatch], height: int) -> Iterator[dict[str, Any]]:
    """Rows as mappings, one by one.

    Raises
    ------
    InputError
        For a panel that is too large to be walked in Python.
    """
    if height * len(names) > WALKED:
        raise InputError(
            f"{height:,} rows of {len(names)} columns are too many to walk one by one; use to_pandas(), to_polars() or "
            "to_arrow(), or pandas.DataFrame.from_arrow(panel)"
        )
    for batch in batches:
        yield from batch.to_pylist()


def write_stata(path: Path, frame: pd.DataFrame, meanings: Mapping[str, str]) -> None:
    """Write a Stata 14+ file with a label for every column, cut between words where Stata has no room for all."""
    from tripoint.writing import replace_whole

    long = [c for c in frame.columns if len(c) > _STATA_NAME]
    if long:
        raise InputError(
            f"column '{long[0]}' is longer than Stata's {_STATA_NAME} characters; rename it in to_pandas()"
        )
    labels = {name: _cut(text) for name, text in meanings.items()}
    dates = {"date": "td"} if "date" in frame.columns else None
    replace_whole(
        path,
        lambda partial: frame.to_stata(
            partial, write_index=False, version=_STATA_VERSION, variable_labels=labels, convert_dates=dates
        ),
    )


def _cut(text: str) -> str:
    if len(text) <= _STATA_LABEL:
        return text
    return text[: _STATA_LABEL - 3].rsplit(" ", 1)[0].rstrip(" ,;:(") + "..."


def write_rds(path: Path, frame: pd.DataFrame, meanings: Mapping[str, str], about: Mapping[str, str]) -> None:
    """Write a frame that R reads with ``readRDS``: integers, dates and factors as such, NA, and labels of columns.

    Parameters
    ----------
    path
        Where to.
    frame
        With nullable integers where integers have nulls.
    meanings
        Of columns; each becomes the attribute ``label`` of its column.
    about
        Attributes of the whole frame.
    """
    import gzip

    needs("rdata")
    from rdata.conversion import convert_python_to_r_data
    from rdata.conversion.to_r import build_r_object
    from rdata.parser import RObjectType
    from rdata.unparser import unparse_fileobj

    from tripoint.writing import replace_whole

    class Frame:
        """What the writer hands to ``build``."""

    def build(_: Any, converter: Any) -> Any:
        made = []
        for name, column in frame.items():
            values, attributes = _for_r(column)
            if name in meanings:
                attributes["label"] = meanings[str(name)]
            kind = RObjectType.REAL if values.dtype.kind == "f" else RObjectType.INT
            extra = converter.convert_to_r_attributes(attributes) if attributes else None
            made.append(build_r_object(kind, value=values, is_object="class" in attributes, attributes=extra))
        unset = np.ma.array([0, -len(frame)], mask=[True, False], dtype=np.int32)
        outer = {"names": np.array(list(frame.columns), object), "class": "data.frame", "row.names": unset, **about}
        extra = converter.convert_to_r_attributes(outer)
        return build_r_object(RObjectType.VEC, value=made, is_object=True, attributes=extra)

    made = convert_python_to_r_data(Frame(), constructor_dict={Frame: build})

    def write(partial: Path) -> None:
        with gzip.open(partial, "wb", compresslevel=1) as handle:
            unparse_fileobj(handle, made, file_type="rds")

    replace_whole(path, write)


def _for_r(column: pd.Series) -> tuple[np.ndarray[Any, Any], dict[str, Any]]:
    """Values of a column as R holds them, and its attributes."""
    needs("pandas")
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        codes = np.asarray(column.cat.codes, np.int32)
        levels = np.asarray(column.cat.categories, object)
        return _masked(codes + 1, codes < 0), {"levels": levels, "class": "factor"}
    if column.dtype.kind == "M":
        days = np.asarray(column, "datetime64[D]").astype(np.float64)
        return days, {"class": "Date"}
    absent = np.asarray(column.isna(), bool)
    if column.dtype.kind == "f":
        held = np.array(column, np.float64)
        held[absent] = _R_NA
        return held, {}
    whole = np.array(column.fillna(0), np.int64)
    if abs(whole).max(initial=0) <= _R_WHOLE:
        return _masked(whole.astype(np.int32), absent), {}
    wide = whole.astype(np.float64)
    wide[absent] = _R_NA
    return wide, {}


def _masked(values: np.ndarray[Any, Any], absent: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.ma.array(values, mask=absent) if absent.any() else values
