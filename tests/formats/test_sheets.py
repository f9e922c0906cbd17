"""Small files that would become huge are refused before they are opened."""

import zipfile
from io import BytesIO

import pytest

from qianan.formats.sheets import check_extent
from qianan.formats.tables import read_table
from qianan.kernel.problems import Invalid, Problem, TooLarge
from tests.formats.workbooks import cell, workbook

HEAD = f'<row r="1">{cell("A1", "name")}{cell("B1", "mobile")}</row>'


def test_a_plain_sheet_is_read() -> None:
    table = read_table(workbook(HEAD + f'<row r="2">{cell("A2", "Wang")}{cell("B2", "138")}</row>'))

    assert table.columns == ("name", "mobile")
    assert [dict(row.cells) for row in table.rows] == [{"name": "Wang", "mobile": "138"}]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (HEAD + f'<row r="20000">{cell("XFD20000", "far")}</row>', "too_many_columns"),
        (HEAD + f'<row r="1048576">{cell("A1048576", "deep")}</row>', "too_many_rows"),
        (HEAD + f"<row>{cell('ZZZZZ9', 'nowhere')}</row>", "too_many_rows"),
        (HEAD + f'<row r="2">{cell("&#88;FD2", "hidden")}</row>', "too_many_columns"),
        (HEAD + '<row r="999999"/>', "too_many_rows"),
    ],
)
def test_two_cells_in_far_corners_take_no_memory(rows: str, code: str) -> None:
    for name in ("worksheets/sheet1.xml", "sharedStrings.xml", "theme.odd"):
        with pytest.raises(TooLarge) as refused:
            read_table(workbook(rows, name=name), max_rows=50_000)

        assert refused.value.code == code


def test_a_bomb_is_counted_as_it_unpacks_whatever_its_header_says() -> None:
    data = bytearray(workbook(HEAD + " " * 30_000_000))
    assert len(data) < 60_000

    with zipfile.ZipFile(BytesIO(bytes(data))) as packed, pytest.raises(TooLarge) as refused:
        check_extent(packed, max_rows=100, max_columns=100, max_unpacked=5_000_000)

    assert refused.value.code == "file_too_large"


@pytest.mark.parametrize("cut", [40, 200, 700])
def test_half_a_file_is_broken(cut: int) -> None:
    with pytest.raises(Invalid) as refused:
        read_table(workbook(HEAD)[:-cut])

    assert refused.value.code == "broken_file"


def test_a_workbook_with_garbage_in_it_is_refused_or_read() -> None:
    whole = workbook(HEAD)
    for place in range(0, len(whole), 37):
        data = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
        try:
            read_table(data)
        except Problem as refused:
            assert refused.code  # noqa: PT017  whatever it is, it has a name
