"""CSV as people make it: every readable row is found, and a broken line costs only itself."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.loading.table import MOST_LINES, Table
from simulator.processes import RefusalError

COLUMNS = ("id", "name", "place")


def table(file: Path, text: str, encoding: str = "utf-8") -> Table:
    file.write_bytes(text.encode(encoding))
    return Table(file, COLUMNS, ("id", "name"))


def read(file: Path, text: str, encoding: str = "utf-8") -> list[tuple[int, dict[str, str] | None]]:
    records = table(file, text, encoding)
    return [(each.line, dict(each.values) if each.values else None) for each in records]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_same_table_in_any_dress(
    file: Path, delimiter: str, newline: str, encoding: str
) -> None:
    lines = [("ID", " Name ", "place"), ("1", '"Jalan; rusak, di sini"', "Kátyú"), ("2", "x", "")]
    text = newline.join(delimiter.join(fields) for fields in lines) + newline
    assert read(file, text, encoding) == [
        (2, {"id": "1", "name": "Jalan; rusak, di sini", "place": "Kátyú"}),
        (3, {"id": "2", "name": "x", "place": ""}),
    ]


def test_columns_in_any_order_and_strange_ones_between(file: Path) -> None:
    assert read(file, "colour,name,id\nred,a,1\n") == [
        (2, {"colour": "red", "name": "a", "id": "1"})
    ]


def test_absent_columns_are_named_and_required_ones_refused(file: Path) -> None:
    assert table(file, "id,name\n").absent == ("place",)
    with pytest.raises(RefusalError, match=r"table\.csv lacks the column name\.$"):
        table(file, "id,place\n")
    with pytest.raises(RefusalError, match=r"table\.csv lacks the columns id, name\.$"):
        table(file, "")


def test_of_two_columns_with_one_name_the_first_counts(file: Path) -> None:
    assert read(file, "id,name,id\n1,a,2\n") == [(2, {"id": "1", "name": "a"})]


def test_blank_lines_are_no_rows_and_do_not_shift_the_numbers(file: Path) -> None:
    assert [line for line, _ in read(file, "id,name,place\n\n1,a,b\n  \n2,c,d\n")] == [3, 5]


def test_a_short_row_is_filled_and_a_long_one_is_not_guessed_at(file: Path) -> None:
    rows = read(file, "id,name,place\n1,a\n2,a,b,,\n3,a,b,c\n")
    assert rows[0] == (2, {"id": "1", "name": "a", "place": ""})
    assert rows[1] == (3, {"id": "2", "name": "a", "place": "b"})
    assert rows[2] == (4, None)


def test_a_quoted_field_may_span_lines(file: Path) -> None:
    rows = read(file, 'id,name,place\n1,"two\nlines",b\n2,c,d\n')
    assert rows == [
        (2, {"id": "1", "name": "two lines", "place": "b"}),
        (4, {"id": "2", "name": "c", "place": "d"}),
    ]


def test_an_unclosed_quote_costs_its_own_line_only(file: Path) -> None:
    text = 'id,name,place\n1,"open,b\n2,"closed",d\n3,e,f\n'
    assert [(line, values and values["id"]) for line, values in read(file, text)] == [
        (2, None),
        (3, "2"),
        (4, "3"),
    ]


def test_an_unclosed_quote_far_from_the_end(file: Path) -> None:
    rows = "".join(f"{number},a,b\n" for number in range(MOST_LINES * 3))
    assert sum(values is None for _, values in read(file, f'id,name,place\nx,"y,z\n{rows}')) == 1


def test_nul_bytes_and_foreign_bytes_do_not_stop_the_reading(file: Path) -> None:
    file.write_bytes(b"id,name,place\n1,a\0b,c\n2,caf\xe9,d\n")
    rows = [each.values for each in Table(file, COLUMNS, ())]
    assert [row["name"] for row in rows if row] == ["ab", "caf\ufffd"]


field = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), max_size=8)


@given(
    rows=st.lists(st.tuples(field, field, field), max_size=20),
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
)
def test_reads_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str, str]],
    delimiter: str,
    quoting: int,
) -> None:
    file = tmp_path_factory.mktemp("tables") / "table.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type]
        writer.writerows([COLUMNS, *rows])
    read_back = [tuple(each.values.values()) for each in Table(file, COLUMNS, ()) if each.values]
    assert read_back == rows
    file.unlink()


@given(
    noise=st.lists(st.text("\", ;x'", max_size=5), max_size=2),
    places=st.lists(st.integers(0, 12), min_size=2, max_size=2),
)
def test_no_good_row_vanishes_among_broken_lines(
    tmp_path_factory: pytest.TempPathFactory, noise: list[str], places: list[int]
) -> None:
    header = [*COLUMNS, *(f"more{number}" for number in range(9))]
    lines = [",".join([str(number), *["v"] * (len(header) - 1)]) for number in range(12)]
    for place, text in zip(places, noise, strict=False):
        lines.insert(place, text)
    file = tmp_path_factory.mktemp("tables") / "table.csv"
    file.write_text("\n".join([",".join(header), *lines]), encoding="utf-8")
    found = [each.values["id"] for each in Table(file, COLUMNS, ()) if each.values]
    assert {str(number) for number in range(12)} <= set(found)
    file.unlink()
