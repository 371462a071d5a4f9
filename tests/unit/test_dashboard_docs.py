"""The documents say everything there is to say: each setting, each field, each band."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from dashboard.api import body
from dashboard.live import Hub, News
from dashboard.release import ROOT
from dashboard.settings import PREFIX, Settings
from tests.unit.dashboard_fakes import FakeClock
from tests.unit.dashboard_web import Site

OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
API = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (`[^|]+?) \| ([^|]*) \| ([^|]+) \|$", re.MULTILINE)
CODE = re.compile(r"`([^`]+)`")
KEYED_BY_DATA = {"states", "age_by_state", "age_by_region"}


def documented(text: str) -> dict[str, str]:
    """First column's code to the rest of the row."""
    rows = ROW.findall(text)
    return {
        name: f"{kind} {meaning}" for first, kind, meaning in rows for name in CODE.findall(first)
    }


def paths(value: Any, name: str = "") -> Iterator[str]:  # noqa: ANN401 - JSON
    """Names of all fields, those of objects within a path that is documented by dots."""
    for key, each in value.items():
        yield f"{name}{key}"
        if isinstance(each, dict) and key == "replica":
            yield from paths(each, f"{key}.")


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_is_documented_with_its_default(name: str) -> None:
    rows = documented(OPERATIONS)
    variable = f"{PREFIX}{name.upper()}"
    assert variable in rows, f"docs/operations.md does not explain {variable}"
    default = Settings.model_fields[name].default
    if isinstance(default, (int, float, str)) and default != "":
        assert f"`{default}`" in rows[variable].split(" ", 1)[0] + rows[variable]


def test_nothing_is_documented_that_is_no_setting() -> None:
    mentioned = set(re.findall(rf"{PREFIX}[A-Z_]+", OPERATIONS + API))
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    assert mentioned <= known


def test_every_field_of_the_api_is_documented(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.show()
    snapshot = site.service.pictures.current()
    assert snapshot is not None
    answer = body(snapshot, site.service.pictures.figures(snapshot, None))
    rows = documented(API)
    missing = {path for path in paths(answer) if path not in rows} - {"replica"}
    figures = answer["figures"]
    missing |= {name for name in figures if name not in rows}
    for name, value in figures.items():
        inner = value[0] if isinstance(value, list) and value else value
        if isinstance(inner, dict) and name not in KEYED_BY_DATA:
            missing |= {f"{name}.{key}" for key in inner if f"`{key}`" not in rows.get(name, "")}
    for band in figures["age_by_state"]:
        assert f"`{band}`" in rows["age_by_state"]
    assert missing == set()


def test_every_field_of_the_other_answers_is_documented(tmp_path: Path) -> None:
    site = Site(tmp_path)
    rows = documented(API)
    for path in ("/healthz", "/readyz"):
        assert set(site.client.get(path).get_json()) <= set(rows)


def test_the_live_channel_is_documented() -> None:
    rows = documented(API)
    first = next(Hub("b", 10, 1, clock=FakeClock()).messages()).decode()
    sent = json.loads(first.split("data: ", 1)[1])
    assert set(asdict(News())) < set(sent) <= set(rows)


def test_the_example_of_the_live_channel_is_one() -> None:
    block = re.search(
        r"event: state\ndata: (\{.*?\})\n\nevent: beat\ndata: ([\d ]+)\n", API, re.DOTALL
    )
    assert block is not None
    assert set(json.loads(block[1])) == {
        *asdict(News()),
        "build",
        "interval",
        "pinned",
        "now",
    }
    assert len(block[2].split()) == 3
