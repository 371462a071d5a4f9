"""Malformed callback bodies: answered 400 in words, logged in one line, never a 500."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.guard import ROUTE
from tests.unit.dashboard_web import Site

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
FIELDS = ("output", "outputs", "inputs", "state", "changedPropIds")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp("site"))
    site.client.get("/_dash-dependencies")
    site.show()
    return site


def callbacks(site: Site) -> dict[str, Any]:
    return {name: each for name, each in site.app.callback_map.items() if "callback" in each}


def proper_body(name: str, callback: dict[str, Any], value: object) -> dict[str, Any]:
    """What Dash's own script would send."""
    outputs = [pair.rsplit(".", 1) for pair in name.strip(".").split("...")]
    listed = [{"id": each, "property": prop} for each, prop in outputs]
    inputs = [{**each, "value": value} for each in callback["inputs"]]
    return {
        "output": name,
        "outputs": listed if name.startswith("..") else listed[0],
        "inputs": inputs,
        "state": [{**each, "value": value} for each in callback["state"]],
        "changedPropIds": [f"{each['id']}.{each['property']}" for each in inputs],
    }


def test_there_are_callbacks_to_guard(site: Site) -> None:
    assert len(callbacks(site)) >= 2


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "must be a JSON object"),
        (b'"text"', "must be a JSON object"),
        (b"{}", "no such callback"),
        (b'{"output": 7}', "no such callback"),
        (b'{"output": ["x"]}', "no such callback"),
        (b'{"output": "nobody.data"}', "no such callback"),
        (b'{"output": "version.data"}', "inputs must be a list"),
        (b'{"output": "version.data", "changedPropIds": 7}', "changedPropIds"),
    ],
)
def test_a_body_that_no_page_sends_is_refused_in_words(
    site: Site, caplog: pytest.LogCaptureFixture, body: bytes, words: str
) -> None:
    answer = site.client.post(ROUTE, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert words in answer.get_json()["error"]
    assert len(caplog.records) == 1
    assert "Refused a callback" in caplog.text
    assert caplog.records[0].exc_info is None


def test_another_kind_of_body_is_refused(site: Site) -> None:
    answer = site.client.post(ROUTE, data="output=x", content_type="text/plain")
    assert answer.status_code == 400


def test_only_posts_are_taken(site: Site) -> None:
    assert site.client.get(ROUTE).status_code == 404
    assert site.client.put(ROUTE, json={}).status_code == 405


def test_what_runs_in_the_browser_cannot_be_called(site: Site) -> None:
    names = set(site.app.callback_map) - set(callbacks(site))
    for name in names:
        assert site.client.post(ROUTE, json={"output": name}).status_code == 400


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=VALUES)
def test_any_json_is_answered_without_a_failure(site: Site, body: object) -> None:
    text = json.dumps(body)
    answer = site.client.post(ROUTE, data=text, content_type="application/json")
    assert answer.status_code == 400


@given(data=st.data())
def test_a_callbacks_body_with_one_part_replaced_is_no_failure(
    site: Site, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(callbacks(site))))
    body = proper_body(name, callbacks(site)[name], None)
    body[data.draw(st.sampled_from(FIELDS))] = data.draw(VALUES)
    answer = site.client.post(ROUTE, data=json.dumps(body), content_type="application/json")
    assert answer.status_code < 500


@given(data=st.data())
def test_a_callback_with_any_value_is_no_failure(site: Site, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(callbacks(site))))
    body = proper_body(name, callbacks(site)[name], data.draw(VALUES))
    answer = site.client.post(ROUTE, data=json.dumps(body), content_type="application/json")
    assert answer.status_code < 500


def test_a_proper_body_passes(site: Site) -> None:
    name, callback = next((n, c) for n, c in callbacks(site).items() if n == "version.data")
    answer = site.client.post(ROUTE, json=proper_body(name, callback, None))
    assert answer.status_code == 200
    assert answer.get_json()["response"]["version"]["data"] > 0


def test_a_callback_that_fails_is_a_designed_answer_and_one_entry_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(tmp_path)
    site.client.get("/_dash-dependencies")

    def fail() -> None:
        raise RuntimeError("postgresql://user:hunter2@host/crm")

    monkeypatch.setattr(site.service.pictures, "current", fail)
    name = "version.data"
    answer = site.client.post(ROUTE, json=proper_body(name, callbacks(site)[name], 1))
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert "hunter2" not in answer.text
    assert "logged" in answer.get_json()["error"]
    assert [record.levelname for record in caplog.records] == ["ERROR"]
