"""Tables as people send them: encodings, separators, dates, broken files."""

import csv
import io
from datetime import date, datetime, time

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from qianan.formats.tables import MAX_CELL, read_table, write_csv
from qianan.kernel.problems import Invalid, Problem, TooLarge

SHOPS = "name,code\r\n老王面馆,92110105\r\n\r\n钱记茶馆,\r\n"


def workbook(rows: list[list[object]], *, sheet: str = "登记") -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    page = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.add_worksheet("空")
    book.close()
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_in_any_of_the_usual_encodings(encoding: str) -> None:
    table = read_table(SHOPS.encode(encoding))

    assert table.columns == ("name", "code")
    assert table.dicts() == [{"name": "老王面馆", "code": "92110105"}, {"name": "钱记茶馆", "code": ""}]
    assert [row.line for row in table.rows] == [2, 4]


@pytest.mark.parametrize("mark", [",", ";", "\t", "\uff0c"])
def test_the_separator_is_the_one_that_the_header_uses(mark: str) -> None:
    table = read_table(f"name{mark}code\n甲{mark}1\n".encode())

    assert table.dicts() == [{"name": "甲", "code": "1"}]


def test_a_cell_with_line_breaks_keeps_them_and_rows_keep_their_lines() -> None:
    table = read_table(b'a,b\n"one\ntwo",x\nthree,y\n')

    assert [(row.line, row.cells["a"]) for row in table.rows] == [(2, "one\ntwo"), (4, "three")]


def test_control_characters_and_edges_go_other_text_stays() -> None:
    table = read_table("a\n\x07 名\u200b称\u0000 \n".replace("\x00", "").encode())

    assert table.dicts() == [{"a": "名称"}]


def test_a_workbook_gives_plain_text() -> None:
    data = workbook(
        [
            ["名称", "日期", "时间", "数", "真"],
            ["老王", date(2026, 11, 2), datetime(2026, 11, 2, 9, 30), 12.0, True],
            [1.5, "", "", 3, False],
        ]
    )

    table = read_table(data)

    assert (table.kind, table.sheet) == ("xlsx", "登记")
    assert table.dicts() == [
        {"名称": "老王", "日期": "2026-11-02", "时间": "2026-11-02 09:30:00", "数": "12", "真": "yes"},
        {"名称": "1.5", "日期": "", "时间": "", "数": "3", "真": "no"},
    ]


def test_rows_of_a_workbook_keep_their_lines() -> None:
    data = workbook([[""], ["", ""], ["名称"], [""], ["老王"]])

    assert [(row.line, row.cells["名称"]) for row in read_table(data).rows] == [(5, "老王")]


@pytest.mark.parametrize(
    ("data", "code", "where"),
    [
        (b"", "empty_file", ""),
        (b" \n\t\n", "empty_file", ""),
        (b"\xff\xd8\xff\xe0 a picture", "not_a_table", ""),
        (b"%PDF-1.7 a paper", "not_a_table", ""),
        (b"\xd0\xcf\x11\xe0 an old workbook", "not_a_table", ""),
        (b"a,b\n\x00\x01,2\n", "not_a_table", ""),
        (b"a\n\x81\xff\x81\xff\n", "unknown_encoding", ""),
        (b"PK\x03\x04 not a zip at all", "broken_file", ""),
        (b"a,,b\n1,2,3\n", "column_without_name", "1:2"),
        (b"a,b,a\n1,2,3\n", "column_twice", "1:3"),
        (b"a,b\n1,2\n1,2,3\n", "too_many_cells", "3"),
        (b'a,b\n"1"x,2\n', "broken_file", "2"),
    ],
)
def test_a_file_that_is_no_table_says_what_is_wrong_and_where(data: bytes, code: str, where: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_table(data)

    assert (refused.value.code, refused.value.where) == (code, where)


def test_limits_are_kept() -> None:
    with pytest.raises(TooLarge, match="file_too_large"):
        read_table(b"a\n1\n", max_bytes=3)
    with pytest.raises(TooLarge, match="too_many_rows at 4"):
        read_table(b"a\n1\n2\n3\n", max_rows=2)
    with pytest.raises(TooLarge, match="cell_too_long at 2:1"):
        read_table(b"a\n" + b"x" * (MAX_CELL + 1))
    with pytest.raises(TooLarge, match="too_many_columns at 1"):
        read_table(",".join(f"c{n}" for n in range(300)).encode())


def test_a_sheet_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(Invalid) as refused:
        read_table(workbook([["a"]]), sheet="甲")

    assert refused.value == Invalid("no_such_sheet", where="甲", sheets="登记, 空")


def test_what_is_written_for_people_runs_nothing() -> None:
    rows = [{"a": "=1+1", "b": None}, {"a": "+86", "b": "甲,乙"}]

    assert write_csv(("a", "b"), rows, guard=True).decode("utf-8-sig") == "a,b\r\n'=1+1,\r\n'+86,\"甲,乙\"\r\n"
    assert write_csv(("a", "b"), rows).decode("utf-8-sig") == 'a,b\r\n=1+1,\r\n+86,"甲,乙"\r\n'


text = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12).filter(
    lambda each: each == each.strip("\ufeff\u200b")
)


@given(st.lists(st.lists(text, min_size=2, max_size=2), max_size=8))
def test_what_was_written_is_read_again(cells: list[list[str]]) -> None:
    rows = [dict(zip(("one", "two"), row, strict=True)) for row in cells]

    assert read_table(write_csv(("one", "two"), rows)).dicts() == rows


@given(st.binary(max_size=400))
def test_any_bytes_give_a_table_or_a_problem(data: bytes) -> None:
    try:
        table = read_table(data)
    except Problem:
        return
    assert table.columns


def test_times_and_spans_of_a_workbook() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet()
    page.write_row(0, 0, ["t"])
    page.write_datetime(1, 0, time(20, 0), book.add_format({"num_format": "hh:mm"}))
    book.close()

    assert read_table(out.getvalue()).dicts() in ([{"t": "20:00:00"}], [{"t": "20:00"}])


def test_our_own_tables_are_read_as_the_csv_module_reads_them() -> None:
    from tests.basis import DATA

    for path in sorted(DATA.glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            expected = [{key: value.strip() for key, value in row.items()} for row in csv.DictReader(file)]
        assert read_table(path.read_bytes()).dicts() == expected, path.name
