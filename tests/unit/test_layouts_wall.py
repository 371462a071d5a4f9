"""The wall's callbacks: one picture for all, panels that fail alone, requests without sense."""

from __future__ import annotations

import gzip
import json
import threading
from dataclasses import replace
from typing import Any

import pytest
from dash import Dash, no_update

from layouts import wall
from layouts.panels import newest
from layouts.rendering import Once
from layouts.scene import Panel, Slot
from layouts.scenes import SCENES
from layouts.view import View
from measures.figures_of import figures
from measures.regions import UnknownRegion
from tests.unit.layouts_views import LOOK, FakeSource, ask, texts, view_of

MOST_BYTES = 30_000


def app_of(source: FakeSource) -> Dash:
    app = Dash(__name__, assets_folder="none", suppress_callback_exceptions=True)
    app.layout = lambda: wall.layout({}, source)
    wall.register(app, source)
    return app


def post(app: Dash, scene: str, request: object) -> Any:  # noqa: ANN401 - a Flask answer
    client = app.server.test_client()
    client.get("/")
    output = next(key for key in app.callback_map if f"..{scene}.data-drawn" in key)
    names = [part.rpartition(".") for part in output.strip(".").split("...")]
    body = {
        "output": output,
        "outputs": [{"id": name, "property": prop} for name, _, prop in names],
        "inputs": [{"id": f"ask-{scene}", "property": "data", "value": request}],
        "changedPropIds": [f"ask-{scene}.data"],
    }
    return client.post("/_dash-update-component", json=body)


@pytest.mark.parametrize("scene", [scene.name for scene in SCENES])
def test_a_scene_comes_in_one_small_answer_of_one_version(scene: str) -> None:
    source = FakeSource()
    assert source.snapshot is not None
    answer = post(app_of(source), scene, ask(key="mine"))
    assert answer.status_code == 200
    response = json.loads(answer.data)["response"]
    assert response[scene]["data-drawn"] == str(source.snapshot.version)
    assert response[scene]["data-key"] == "mine"
    assert all(part.get("children") == "" for name, part in response.items() if "failure" in name)
    assert len(gzip.compress(answer.data)) <= MOST_BYTES


def test_fifty_screens_are_drawn_once() -> None:
    source = FakeSource()
    app = app_of(source)
    post(app, "city", ask())  # the first request also draws the layout
    before = source.computed
    answers = [post(app, "backlog", ask()) for _ in range(50)]
    assert {answer.status_code for answer in answers} == {200}
    assert source.computed == before + 1
    post(app, "backlog", ask(lang="en"))
    assert source.computed == before + 2


@pytest.mark.parametrize(
    "request_", [None, [], {}, ask(screen=None), ask(scope=7), ask(screen={"unit": "x"})]
)
def test_a_request_without_sense_is_refused_not_failed(request_: object) -> None:
    assert post(app_of(FakeSource()), "city", request_).status_code == 400


def test_an_unknown_scope_is_refused() -> None:
    assert post(app_of(FakeSource()), "city", ask(scope="99")).status_code == 400


def test_before_the_first_snapshot_nothing_changes() -> None:
    answer = post(app_of(FakeSource(snapshot=None)), "city", ask())
    assert answer.status_code == 204 or not json.loads(answer.data)["response"]


def test_a_failing_panel_says_so_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: View) -> str:
        raise ZeroDivisionError

    broken = Panel("map", [Slot("map", newest.newest), Slot("beside", fail)])
    sound = Panel("newest", [Slot("newest", newest.newest)])
    scene = replace(SCENES[0], panels=(broken, sound))
    values = scene.fill(view_of())
    assert values[0] is no_update
    assert values[1] is no_update
    assert "gagal" in values[2]
    assert texts(values[3])
    assert values[4] == ""
    assert "the panel map could not be drawn" in caplog.text


def test_values_and_outputs_are_as_many() -> None:
    for scene in SCENES:
        assert len(scene.fill(view_of())) == len(scene.outputs())


def test_the_wall_names_its_city_and_its_marks() -> None:
    source = FakeSource(pinned=True)
    said = " ".join(texts(wall.layout({}, source)))
    assert figures(source.snapshot).scope_name in said if source.snapshot else False
    assert "DATA SIMULASI" in said
    assert "KEADAAN PER 18 Mar 2026 10.20" in said
    assert "SIMULATED DATA" in " ".join(texts(wall.layout({"lang": "en"}, source)))


def test_a_wall_without_data_waits_and_says_why() -> None:
    source = FakeSource(snapshot=None, reason="Replika tidak menjawab.")
    page = wall.layout({}, source)
    assert "Replika tidak menjawab." in " ".join(texts(page))
    assert json.loads(getattr(page, "data-page"))["waiting"] is True


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"scene": "x"}, "Adegan “x” tidak dikenal"),
        ({"scope": "99"}, "Kode wilayah “99” tidak dikenal"),
    ],
)
def test_an_address_without_sense_gets_a_sentence(query: dict[str, str], said: str) -> None:
    assert said in " ".join(texts(wall.layout(query, FakeSource())))


def test_a_key_is_computed_once_however_many_ask_at_once() -> None:
    once: Once[int] = Once()
    begun, asked = threading.Event(), []

    def compute() -> int:
        asked.append(1)
        begun.wait(10)
        return 7

    found: list[int] = []

    def look() -> None:
        found.append(once.get("k", compute))

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    begun.set()
    for thread in threads:
        thread.join(10)
    assert found == [7] * 8
    assert asked == [1]


def test_a_failure_is_not_kept_and_old_pictures_go() -> None:
    once: Once[int] = Once(kept=2)

    def fail() -> int:
        raise UnknownRegion("x")

    with pytest.raises(UnknownRegion):
        once.get("k", fail)
    assert once.get("k", lambda: 1) == 1
    assert once.get("k", fail) == 1
    once.get("l", lambda: 2)
    once.get("m", lambda: 3)
    assert once.get("k", lambda: 4) == 4


def test_the_look_is_part_of_a_picture() -> None:
    assert replace(LOOK, theme="light") != LOOK
