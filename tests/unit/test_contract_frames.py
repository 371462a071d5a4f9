"""Frames from CSV: types, nulls, codes and words that nobody knows, values that do not fit."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access import frames
from data_access.errors import ContractBroken
from data_access.frames import Column, Kind, parse
from measures import frames as described
from measures import states

ALL = tuple(Column(kind.name.lower(), kind, "known") for kind in Kind)
CODES = {"known": pd.Index(["a", "b"], dtype="str")}
ROW = (
    b"text,a,proses,2026-03-01 01:00:00.5+00,t,1.5,4,-3,7,9\n"
    b',"",unheard,,f,,,,,0\n'
    b'"",z,,infinity,,NaN,,,,0\n'
)
DTYPES = {
    "text": "str",
    "code": "category",
    "status": "category",
    "instant": "datetime64[us, UTC]",
    "flag": "bool",
    "number": "float64",
    "stars": "Float32",
    "hours": "Int32",
    "people": "Int64",
    "count": "int64",
}


@pytest.mark.parametrize("data", [ROW, b""], ids=["rows", "no rows"])
def test_types_hold_with_and_without_rows(data: bytes) -> None:
    frame = parse(data, ALL, CODES)
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == DTYPES
    assert list(frame["code"].cat.categories) == ["a", "b"]
    assert list(frame["status"].cat.categories) == list(states.STATES)


def test_values_nulls_and_what_nobody_knows() -> None:
    frame = parse(ROW, ALL, CODES).astype(object)
    first, second, third = frame.where(frame.notna(), None).to_dict("records")
    assert first == {
        "text": "text",
        "code": "a",
        "status": "proses",
        "instant": pd.Timestamp("2026-03-01 01:00:00.5", tz="UTC"),
        "flag": True,
        "number": 1.5,
        "stars": 4.0,
        "hours": -3,
        "people": 7,
        "count": 9,
    }
    assert second == dict.fromkeys(first) | {"status": states.UNKNOWN, "flag": False, "count": 0}
    # An empty text is not null; a complaint that does not say is private.
    unknown = {"text": "", "status": states.UNKNOWN, "flag": True, "count": 0}
    assert third == dict.fromkeys(first) | unknown


@pytest.mark.parametrize("bad", [b"x,1\n", b"1\n", b"2026-03-01 01:00:00+00,1.5\n"])
def test_a_value_that_does_not_fit_breaks_the_contract(bad: bytes) -> None:
    schema = (Column("at", Kind.INSTANT), Column("count", Kind.COUNT))
    with pytest.raises(ContractBroken, match="does not fit") as caught:
        parse(bad, schema)
    assert "\n" not in str(caught.value)


@given(st.lists(st.sampled_from(["a", "b", "c", "", None, "A", "a "])))
def test_codes_are_those_known_and_no_others(values: list[str | None]) -> None:
    data = "".join(f"{'' if v is None else chr(34) + v + chr(34)},x\n" for v in values)
    schema = (Column("code", Kind.CODE, "known"), Column("text", Kind.TEXT))
    frame = parse(data.encode(), schema, CODES)
    found = [None if pd.isna(code) else code for code in frame["code"]]
    assert found == [value if value in ("a", "b") else None for value in values]


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00"))))
def test_any_text_comes_through(values: list[str]) -> None:
    data = "".join('"' + value.replace('"', '""') + '",1\n' for value in values)
    frame = parse(data.encode(), (Column("text", Kind.TEXT), Column("count", Kind.COUNT)))
    assert frame["text"].tolist() == values


def test_the_frame_of_complaints_is_as_the_measures_describe_it() -> None:
    text = described.__doc__ or ""
    for column in (*frames.COMPLAINTS, *frames.TOTALS):
        assert column.name in text
