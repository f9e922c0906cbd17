"""Tables that people send: CSV in any of the usual encodings, XLSX; columns and rows of plain text with their lines.

What a file is goes by its bytes, never by its name. A cell is text: numbers without a decimal tail, dates as ISO
(YYYY-MM-DD), yes/no as `yes`, `no`. Nothing in a file is executed; formulas come as the value that was saved with them.
"""

import csv
import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from qianan.formats.sheets import check_extent
from qianan.kernel.problems import Invalid, TooLarge

MAX_BYTES = 30 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 200
MAX_CELL = 20_000
MAX_UNPACKED = 400 * 1024 * 1024
ENCODINGS = ("utf-8-sig", "gb18030")
BROKEN = (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, RuntimeError, struct.error)
"""What Python says of a packed file that is not whole."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file or sheet (the header is line 1 as a rule), and its cells by column."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it came: column names in order, rows without the empty ones, what kind of file it was."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    kind: str
    encoding: str = ""
    sheet: str = ""

    def dicts(self) -> list[dict[str, str]]:
        return [dict(row.cells) for row in self.rows]


def read_table(data: bytes, *, sheet: str = "", max_rows: int = MAX_ROWS, max_bytes: int = MAX_BYTES) -> Table:
    """Read a CSV or an XLSX file; the first row that is not empty names the columns.

    Raises Invalid: `empty_file`, `not_a_table` (an old .xls, a PDF, a picture), `unknown_encoding`, `broken_file`,
    `no_such_sheet`, `column_without_name`, `column_twice`, `too_many_cells` (a row longer than the header);
    TooLarge: `file_too_large`, `too_many_rows`, `too_many_columns`, `cell_too_long`. `where` is the line, or the
    line and column, at which it happened.
    """
    if len(data) > max_bytes:
        raise TooLarge("file_too_large", limit=max_bytes, size=len(data))
    if not data.strip():
        raise Invalid("empty_file")
    if data[:4] == b"PK\x03\x04":
        lines, name = _xlsx_lines(data, sheet, max_rows)
        return _table(lines, kind="xlsx", sheet=name, max_rows=max_rows)
    if data[:4] in {b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"GIF8", b"RIFF"} or data[:3] == b"\xff\xd8\xff":
        raise Invalid("not_a_table")
    text, encoding = _decode(data)
    return _table(_csv_lines(text), kind="csv", encoding=encoding, max_rows=max_rows)


def _decode(data: bytes) -> tuple[str, str]:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        encodings: Sequence[str] = ("utf-16",)
    else:
        encodings = ENCODINGS
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            raise Invalid("not_a_table")
        return text, encoding
    raise Invalid("unknown_encoding")


def _delimiter(text: str) -> str:
    """Comma, tab, semicolon or the full-width comma: which one the header line uses most."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    return max(",\t;\uff0c", key=lambda mark: (header.count(mark), mark == ","))


def _csv_lines(text: str) -> Iterable[tuple[int, list[str]]]:
    csv.field_size_limit(max(csv.field_size_limit(), MAX_CELL * 10))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    first = 1
    try:
        for cells in reader:
            yield first, cells
            first = reader.line_num + 1
    except csv.Error as error:
        raise Invalid("broken_file", where=str(reader.line_num), why=str(error)) from error


def _xlsx_lines(data: bytes, sheet: str, max_rows: int) -> tuple[list[tuple[int, list[str]]], str]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(each.file_size for each in packed.infolist()) > MAX_UNPACKED:
                raise TooLarge("file_too_large", limit=MAX_UNPACKED)
            if "xl/workbook.xml" not in packed.namelist():
                raise Invalid("not_a_table")
            check_extent(packed, max_rows=max_rows, max_columns=MAX_COLUMNS, max_unpacked=MAX_UNPACKED)
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        if not book.sheet_names:
            raise Invalid("empty_file")
        name = sheet or book.sheet_names[0]
        if name not in book.sheet_names:
            raise Invalid("no_such_sheet", where=name, sheets=", ".join(book.sheet_names))
        page = book.get_sheet_by_name(name)
        start = (page.start or (0, 0))[0]
        if page.total_height > max_rows + 100:
            raise TooLarge("too_many_rows", limit=max_rows)
        grid = page.to_python(skip_empty_area=True)
    except (CalamineError, *BROKEN) as error:
        raise Invalid("broken_file", why=type(error).__name__) from error
    return [(start + number, [_plain(cell) for cell in cells]) for number, cells in enumerate(grid, start=1)], name


def _plain(cell: object) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time.min else cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        minutes = int(cell.total_seconds()) // 60
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return str(cell)


def _clean(text: str, where: str) -> str:
    """Without the edges and without control characters, which no column wants; line breaks stay."""
    if len(text) > MAX_CELL:
        raise TooLarge("cell_too_long", where=where, limit=MAX_CELL)
    if not text.isprintable():
        text = "".join(mark for mark in text if mark in "\n\t" or mark.isprintable() or mark == "\u3000")
    return text.strip().strip("\ufeff\u200b")


def _table(
    lines: Iterable[tuple[int, list[str]]], *, kind: str, max_rows: int, encoding: str = "", sheet: str = ""
) -> Table:
    columns: tuple[str, ...] = ()
    rows: list[Row] = []
    for line, raw in lines:
        if len(raw) > MAX_COLUMNS and any(cell.strip() for cell in raw[MAX_COLUMNS:]):
            raise TooLarge("too_many_columns", where=str(line), limit=MAX_COLUMNS)
        cells = [_clean(cell, f"{line}:{number}") for number, cell in enumerate(raw[:MAX_COLUMNS], start=1)]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if not columns:
            columns = _header(cells, line)
            continue
        if len(cells) > len(columns):
            raise Invalid("too_many_cells", where=str(line), found=len(cells), columns=len(columns))
        if len(rows) >= max_rows:
            raise TooLarge("too_many_rows", where=str(line), limit=max_rows)
        cells += [""] * (len(columns) - len(cells))
        rows.append(Row(line, dict(zip(columns, cells, strict=True))))
    if not columns:
        raise Invalid("empty_file")
    return Table(columns, tuple(rows), kind=kind, encoding=encoding, sheet=sheet)


def _header(cells: list[str], line: int) -> tuple[str, ...]:
    seen: set[str] = set()
    for number, cell in enumerate(cells, start=1):
        if not cell:
            raise Invalid("column_without_name", where=f"{line}:{number}", column=number)
        if cell in seen:
            raise Invalid("column_twice", where=f"{line}:{number}", name=cell)
        seen.add(cell)
    return tuple(cells)


RISKY = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins so for a formula."""


def write_csv(columns: Sequence[str], rows: Iterable[Mapping[str, object]], *, guard: bool = False) -> bytes:
    """A table as CSV bytes: UTF-8 with a mark so that spreadsheets see it, None as empty.

    `guard` puts an apostrophe before cells that a spreadsheet would run as a formula: for files that people open,
    not for files that a program reads back.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        cells = ["" if (value := row.get(column)) is None else str(value) for column in columns]
        writer.writerow([f"'{cell}" if guard and cell.startswith(RISKY) else cell for cell in cells])
    return b"\xef\xbb\xbf" + out.getvalue().encode()
