"""The wall: one page of three scenes that a monitoring room leaves running for months."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dash import ClientsideFunction, Dash, Input, Output, State, no_update
from dash.development.base_component import Component
from flask import abort

from data_access.snapshot import Snapshot
from layouts import shell
from layouts.choice import Choice, ChoiceError, choice_of
from layouts.look import Look, LookError, look_of
from layouts.rendering import Once
from layouts.scene import Scene
from layouts.scenes import SCENES
from layouts.source import SnapshotSource
from layouts.text import Words, language
from layouts.view import Measure, View
from measures.regions import UnknownRegion

_logger = logging.getLogger(__name__)
MAP_STYLE_URL: Final = "/assets/map/style.json"


def layout(query: Mapping[str, str], source: SnapshotSource) -> Component:
    """The wall that an address asks for, or a page that says in one sentence why there is none."""
    words = Words(language(query.get("lang")), "UTC")
    try:
        choice = choice_of(query)
    except ChoiceError as error:
        return shell.message(words("error"), str(error))
    snapshot = source.current()
    if snapshot is None:
        return _waiting(choice, source)
    words = Words(choice.language, snapshot.timezone)
    try:
        name = source.figures(snapshot, choice.scope).scope_name
    except UnknownRegion as error:
        return shell.message(words("error"), words("error.scope", value=error.code[:40]))
    page = _page(choice, source, snapshot.timezone)
    return shell.wall(words, SCENES, name, page, _marks(words, snapshot, source))


def _waiting(choice: Choice, source: SnapshotSource) -> Component:
    words = Words(choice.language, "UTC")
    reason = source.condition().reason
    text = " ".join(filter(None, [reason, words("waiting.note")]))
    return shell.message(words("waiting"), text, {**_page(choice, source, "UTC"), "waiting": True})


def _page(choice: Choice, source: SnapshotSource, timezone: str) -> dict[str, Any]:
    options = source.options
    return {
        "scene": choice.scene,
        "scenes": [scene.name for scene in SCENES],
        "seconds": options.scene_seconds,
        "interval": options.interval_seconds,
        "scope": choice.scope,
        "map": choice.measure,
        "theme": choice.theme,
        "lang": choice.language,
        "distance": choice.distance,
        "diagonal": choice.diagonal,
        "zone": timezone,
        "words": {},
    }


def _marks(words: Words, snapshot: Snapshot, source: SnapshotSource) -> list[str]:
    marks = [words("simulated")] if snapshot.simulated else []
    if source.condition().pinned:
        marks.append(words("pinned", day=words.day(snapshot.as_of)))
    return marks


def register(app: Dash, source: SnapshotSource) -> None:
    """Wire one callback a scene, and the safety net, to a source."""
    pictures: Once[list[Any]] = Once()
    for scene in SCENES:
        _register_scene(app, source, scene, pictures)

    @app.callback(
        Output("version", "data"),
        Input("safety-net", "n_intervals"),
        State("version", "data"),
        prevent_initial_call=True,
    )
    def newest(_: int, version: object) -> object:
        snapshot = source.current()
        return no_update if snapshot is None or snapshot.version == version else snapshot.version

    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("wall", "version"), Input("version", "data"), prevent_initial_call=True
    )


def _register_scene(
    app: Dash, source: SnapshotSource, scene: Scene, pictures: Once[list[Any]]
) -> None:
    drawn = [
        Output(scene.name, "data-drawn"),
        Output(scene.name, "data-key"),
        Output(scene.name, "data-as-of"),
    ]

    @app.callback(
        [*drawn, *scene.outputs()], Input(f"ask-{scene.name}", "data"), prevent_initial_call=True
    )
    def update(request: object) -> list[Any]:
        snapshot = source.current()
        if snapshot is None:
            return [no_update] * (len(drawn) + len(scene.outputs()))
        try:
            asked = _asked(request)
            values = _picture(source, snapshot, scene, asked, pictures)
        except (LookError, UnknownRegion) as error:
            _logger.warning("refused a request for the scene %s: %s", scene.name, error)
            abort(400, str(error))
        words = Words(asked.look.language, snapshot.timezone)
        pinned = source.condition().pinned
        time = words.day(snapshot.as_of) if pinned else words.clock(snapshot.as_of, seconds=True)
        as_of = words("as_of", time=time)
        return [str(snapshot.version), asked.key, as_of, *values]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A checked request: ``key`` is given back, so that the browser knows what it sees."""

    key: str
    scope: str | None
    measure: Measure
    look: Look


def _asked(request: object) -> _Asked:
    look = look_of(request)
    assert isinstance(request, dict)  # noqa: S101 - look_of refuses anything else
    scope = request.get("scope")
    if scope is not None and not isinstance(scope, str):
        raise LookError("scope must be a text")
    measure: Measure = "open" if request.get("map") == "open" else "overdue"
    return _Asked(str(request.get("key"))[:200], scope, measure, look)


def _picture(
    source: SnapshotSource,
    snapshot: Snapshot,
    scene: Scene,
    asked: _Asked,
    pictures: Once[list[Any]],
) -> list[Any]:
    geometry = source.geometry()
    key = (
        snapshot.version,
        scene.name,
        asked.scope,
        asked.measure,
        asked.look,
        geometry and geometry.url,
    )

    def draw() -> list[Any]:
        view = View(
            figures=source.figures(snapshot, asked.scope),
            look=asked.look,
            words=Words(asked.look.language, snapshot.timezone),
            geometry=geometry,
            style_url=source.options.map_style_url or MAP_STYLE_URL,
            measure=asked.measure,
        )
        return scene.fill(view)

    return pictures.get(key, draw)
