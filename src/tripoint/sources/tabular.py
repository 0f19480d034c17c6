"""Opening other people's files: delimited text, R data, spreadsheets; each with errors that name the file.

Nothing here knows what a column means. Text stays text: readers say which columns are numbers.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tripoint.errors import FormatError, did_you_mean, needs
from tripoint.provenance import Source
from tripoint.sources.old_workbook import OLD, read_old

if TYPE_CHECKING:
    import polars as pl

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
#: Most bytes that the parts of a workbook may have together.
MOST_INFLATED = 2_000_000_000
#: What a sheet may have: the last column is XFD.
MOST_COLUMNS, MOST_ROWS, MOST_CELLS = 16_384, 1_048_576, 50_000_000
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml$")
_CELL = re.compile(rb'\sr="([A-Z]{1,9})(\d{1,12})"')
#: How the parser names a column whose name another has already.
_TWICE = re.compile(r"(.*)_duplicated_\d+")
_HTML = (b"<!doctype html", b"<html")


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one source on disk, by role, as a reader gets them.

    ``stamp`` is a short hash of their bytes, and empty where the catalog knows the bytes already.
    """

    entry: Source
    paths: Mapping[str, tuple[Path, ...]]
    stamp: str = ""

    def one(self, role: str) -> Path:
        """The only file of a role."""
        found = self.paths.get(role, ())
        if len(found) != 1:
            raise FormatError(
                f"{self.entry.id}: {len(found)} files for '{role}', one is needed; run: tripoint fetch {self.entry.id}"
            )
        return found[0]

    def many(self, role: str) -> tuple[Path, ...]:
        """All files of a role, by name."""
        return tuple(sorted(self.paths.get(role, ())))


def check_not_html(path: Path) -> None:
    """Raise ``FormatError`` when a file is empty or is a web page (a block page saved under a data file's name)."""
    with path.open("rb") as stream:
        head = stream.read(512)
    if not head.strip():
        raise FormatError(f"{path.name}: the file is empty; fetch it again")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_HTML):
        raise FormatError(
            f"{path.name}: this is a web page, not data; the site may block programs: download it by hand"
        )


def require_columns(frame: pl.DataFrame, columns: Iterable[str], path: Path) -> None:
    """Raise ``FormatError`` naming the columns that a file should have and has not."""
    missing = [c for c in columns if c not in frame.columns]
    if missing:
        for other, name in {";": "semicolons", "\t": "tabs"}.items():
            if any(c.count(other) >= max(len(missing) - 1, 1) for c in frame.columns):
                raise FormatError(f"{path.name}: its fields are separated by {name}; save it with commas between them")
        hint = did_you_mean(missing[0], frame.columns)
        raise FormatError(f"{path.name}: no column {', '.join(missing)}{hint}; is this another edition of the file?")


def read_delimited(
    path: Path,
    *,
    columns: Sequence[str] = (),
    separator: str = ",",
    encoding: str = "utf-8",
    numbers: Mapping[str, pl.DataType | type[pl.DataType]] | None = None,
    nulls: Sequence[str] = (),
    skip_lines: int = 0,
    header: bool = True,
    quote: str | None = '"',
    check_end: bool = True,
    ended: bool = True,
) -> pl.DataFrame:
    """Read delimited text. Every column is text unless ``numbers`` gives it a type; adds nothing, drops nothing.

    ``ended`` says that the producer ends the last row with a line break too, so that a file without is cut short.

    Raises ``FormatError`` for a web page, an empty file, a ragged or truncated row, a wrong encoding or a
    missing column.
    """
    import polars as pl

    check_not_html(path)
    raw = path.read_bytes()
    try:
        if raw.startswith(_UTF16):
            raw = raw.decode("utf-16").encode()
        elif encoding != "utf-8":
            raw = raw.decode(encoding).encode()
        else:
            raw.decode()
        frame = pl.read_csv(
            raw,
            separator=separator,
            quote_char=quote,
            has_header=header,
            skip_lines=skip_lines,
            infer_schema=False,
            null_values=list(nulls) or None,
        )
    except (UnicodeDecodeError, pl.exceptions.PolarsError) as error:
        raise unreadable(path, error) from error
    if check_end:
        if ended:
            check_ended(raw, path)
        _check_last_row(raw, separator, quote, frame.width, path)
    again = [m[1] for c in frame.columns if (m := _TWICE.fullmatch(c)) and m[1].strip() and m[1] in frame.columns]
    if again and header:
        raise FormatError(f"{path.name}: two columns are named '{again[0]}'; which is which cannot be told")
    frame = frame.rename({c: c.strip().strip("\ufeff") for c in frame.columns})
    require_columns(frame, columns, path)
    for name, dtype in (numbers or {}).items():
        frame = frame.with_columns(_number(frame[name], dtype, path))
    return frame


def decoded(path: Path) -> str:
    """Text of a file in UTF-8 or UTF-16; raises ``FormatError`` for another encoding."""
    raw = path.read_bytes()
    try:
        return raw.decode("utf-16") if raw.startswith(_UTF16) else raw.decode()
    except UnicodeDecodeError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: Exception) -> FormatError:
    """Say why text could not be read: another encoding, or a row that is not whole."""
    if isinstance(error, UnicodeDecodeError) or "utf-8" in str(error).lower():
        return FormatError(
            f"{path.name}: not UTF-8 text; it looks like a Windows encoding (cp1252): a spreadsheet may have rewritten "
            "it, so download it again, or save it as 'CSV UTF-8'"
        )
    return FormatError(f"{path.name}: {str(error).splitlines()[0]}; the file may be cut short: fetch it again")


def check_ended(raw: bytes, path: Path) -> None:
    """Raise ``FormatError`` when the last row has no line break: a cut inside a last field leaves a shorter number."""
    if raw[-1:] not in (b"\n", b"\r"):
        last = raw[-500:].rpartition(b"\n")[2].decode(errors="replace")
        raise FormatError(
            f"{path.name}: its last row, '...{last[-40:]}', has no line break after it; the file is cut short: "
            "fetch it again, or add a line break where it is whole"
        )


def _check_last_row(raw: bytes, separator: str, quote: str | None, width: int, path: Path) -> None:
    """Raise ``FormatError`` when the last row stops before its last field: the parser fills it with nulls."""
    last = raw.rstrip(b"\r\n").rpartition(b"\n")[2].decode()
    if quote and last.count(quote) % 2:
        return  # the end of a quoted field of several lines; one that is never closed is an error of the parser
    fields = re.sub(f"{quote}[^{quote}]*{quote}", "", last) if quote else last
    if fields.count(separator) + 1 < width:
        raise FormatError(
            f"{path.name}: the last row has {fields.count(separator) + 1} of {width} fields; "
            "the file is cut short: fetch it again"
        )


def _number(column: pl.Series, dtype: pl.DataType | type[pl.DataType], path: Path) -> pl.Series:
    cast = column.str.strip_chars().cast(dtype, strict=False)
    bad = cast.is_null() & column.is_not_null() & (column.str.strip_chars() != "")
    if bad.any():
        row = bad.arg_max() or 0
        raise FormatError(
            f"{path.name}: column {column.name}, data row {row + 1}: '{column[row]}' is not a number; "
            "the file may be damaged or another edition"
        )
    return cast


def read_r(path: Path, name: str = "", *, columns: Sequence[str] = ()) -> pl.DataFrame:
    """Read one data frame of an R data file (.rda or .rds) into polars; factors become text.

    ``name`` picks the object where the file holds several.
    """
    value = read_r_object(path, name)
    frame = _from_pandas(value, path)
    require_columns(frame, columns, path)
    return frame


def read_r_object(path: Path, name: str = "") -> object:
    """Read one R object of any kind."""
    needs("rdata")
    import rdata

    check_not_html(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            value = rdata.read_rds(path) if path.suffix == ".rds" else rdata.read_rda(path)
        except Exception as error:
            raise FormatError(f"{path.name}: not readable as R data ({error}); the file may be cut short") from error
    if path.suffix == ".rds":
        return value
    if not name and len(value) == 1:
        return next(iter(value.values()))
    if name not in value:
        raise FormatError(f"{path.name}: no object '{name}'; it holds {', '.join(value)}")
    return value[name]


def _from_pandas(value: object, path: Path) -> pl.DataFrame:
    needs("pandas")
    import pandas as pd
    import polars as pl

    if not isinstance(value, pd.DataFrame):
        raise FormatError(f"{path.name}: holds a {type(value).__name__}, not a data frame")
    columns = {}
    for label in value.columns:
        series = value[label]
        if isinstance(series.dtype, pd.CategoricalDtype):
            series = series.astype(object)
        if series.dtype == object or isinstance(series.dtype, pd.StringDtype):
            columns[str(label)] = pl.Series(str(label), [None if pd.isna(v) else v for v in series], strict=False)
        else:
            columns[str(label)] = pl.Series(str(label), series.to_numpy(), nan_to_null=True)
    return pl.DataFrame(columns)


def read_first_sheet(path: Path) -> list[list[object]]:
    """Read the first sheet of a workbook, whatever its name, as rows of cells."""
    from python_calamine import CalamineWorkbook

    check_not_html(path)
    with _opened(path):
        if _is_old(path):
            return read_old(path, None)
        book = CalamineWorkbook.from_path(str(path))
        return [list(row) for row in book.get_sheet_by_index(0).to_python()]


def read_sheet(path: Path, sheet: str, *, skip_rows: int = 0) -> list[list[object]]:
    """Read one sheet of a workbook as rows of cells; raises ``FormatError`` naming the sheets there are."""
    from python_calamine import CalamineWorkbook

    check_not_html(path)
    with _opened(path):
        if _is_old(path):
            return read_old(path, sheet)[skip_rows:]
        book = CalamineWorkbook.from_path(str(path))
        if sheet not in book.sheet_names:
            raise FormatError(f"{path.name}: no sheet '{sheet}'; it has {', '.join(book.sheet_names)}")
        return [list(row) for row in book.get_sheet_by_name(sheet).to_python()][skip_rows:]


def _is_old(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(OLD)) == OLD


@contextmanager
def _opened(path: Path) -> Iterator[None]:
    """Refuse a workbook that inflates beyond measure, and name the file in whatever the library stumbles on."""
    try:
        if zipfile.is_zipfile(path):
            _check_extent(path)
        yield
    except (FormatError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # a library in Rust raises panics that are no Exception
        raise FormatError(
            f"{path.name}: not readable as a workbook ({str(error)[:200]}); it may be cut short: fetch it again"
        ) from error


def _check_extent(path: Path) -> None:
    """Refuse cells so far out that the library would reserve more memory than there is, which ends the process."""
    with zipfile.ZipFile(path) as packed:
        if (size := sum(part.file_size for part in packed.infolist())) > MOST_INFLATED:
            raise FormatError(f"{path.name}: a workbook of {size:,} bytes; at most {MOST_INFLATED:,} are read")
        for part in packed.namelist():
            if not _SHEET.match(part):
                continue
            cells = set(_CELL.findall(packed.read(part)))
            letters = {column for column, _ in cells}
            width = max((_column(column) for column in letters), default=0)
            height = max((int(row) for _, row in cells), default=0)
            if width > MOST_COLUMNS or height > MOST_ROWS or width * height > MOST_CELLS:
                raise FormatError(
                    f"{path.name}: {part} has a cell in column {width:,} and one in row {height:,}; a sheet of at most "
                    f"{MOST_CELLS:,} cells is read; the file may be damaged: fetch it again"
                )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
