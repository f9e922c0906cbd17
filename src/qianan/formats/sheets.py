"""How large an XLSX would become, asked before it is opened: the reader lays a sheet out as a full grid, so two cells
in far corners of a file of one kilobyte would take all memory there is.

Every part is unpacked in pieces, with a limit for all of them together (what a header says of its size is not
believed), and read for the numbers of its cells without keeping anything.
"""

import zipfile
import zlib
from collections.abc import Callable
from xml.parsers import expat

from qianan.kernel.problems import Invalid, TooLarge

PIECE = 1 << 18
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
EMPTY_ROWS = 2000
"""Rows that may stand empty above or within a sheet."""


def check_extent(packed: zipfile.ZipFile, *, max_rows: int, max_columns: int, max_unpacked: int) -> None:
    """Raises TooLarge("file_too_large" | "too_many_rows" | "too_many_columns"), Invalid("broken_file")."""
    left = max_unpacked
    for member in packed.infolist():
        if member.filename.endswith(("/", ".png", ".jpeg", ".jpg", ".bin")):
            continue
        try:
            with packed.open(member) as part:
                left = _check_part(part.read, left, max_rows + EMPTY_ROWS, max_columns)
        except (RuntimeError, NotImplementedError, zlib.error, EOFError, zipfile.BadZipFile) as error:
            raise Invalid("broken_file", why=type(error).__name__) from error
        if left < 0:
            raise TooLarge("file_too_large", limit=max_unpacked)


def _check_part(read: Callable[[int], bytes], left: int, max_rows: int, max_columns: int) -> int:
    """Read one part; gives how many bytes may still be unpacked (negative: too many)."""
    parser = expat.ParserCreate(namespace_separator="\n")
    reached = [0, 0]

    def start(name: str, attributes: dict[str, str]) -> None:
        kind = name.rsplit("\n", 1)[-1]
        if kind == "c":
            column, row = _place(attributes.get("r", ""))
            reached[0], reached[1] = max(reached[0], row), max(reached[1], column)
        elif kind == "row" and (number := attributes.get("r", "")).isdigit() and len(number) < 9:
            reached[0] = max(reached[0], int(number))

    parser.StartElementHandler = start
    is_xml = True
    while piece := read(PIECE):
        left -= len(piece)
        if left < 0:
            return left
        if is_xml:
            try:
                parser.Parse(piece, False)
            except expat.ExpatError:
                is_xml = False  # no sheet, or one that the reader will refuse
        if reached[0] > max_rows:
            raise TooLarge("too_many_rows", limit=max_rows - EMPTY_ROWS)
        if reached[1] > max_columns:
            raise TooLarge("too_many_columns", limit=max_columns)
    return left


def _place(reference: str) -> tuple[int, int]:
    """(column, row) of a cell's own name, `AB12` → (28, 12); beyond a sheet's last ones for nonsense."""
    column = 0
    digits = reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz$")
    letters = reference[: len(reference) - len(digits)].replace("$", "")
    if len(letters) > 4 or len(digits) > 8 or (digits and not digits.isdigit()):
        return LAST_COLUMN + 1, LAST_ROW + 1
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column, int(digits or 0)
