"""Stands before Dash's callbacks: a body that no page of ours can have sent is refused in words."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from dash import Dash
from flask import Response, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from dashboard.pages import problem

logger = logging.getLogger(__name__)

ROUTE = "/_dash-update-component"


class MalformedError(ValueError):
    """A body that is not a callback's; the message is one sentence."""


def register(app: Dash) -> None:
    """Put the guard before the route."""
    view = app.server.view_functions[ROUTE]
    app.server.view_functions[ROUTE] = guarded(view, app.callback_map)


def guarded(view: Callable[[], Any], callbacks: dict[str, Any]) -> Callable[[], Any]:
    """The view behind the guard. ``callbacks``: Dash's map, by output."""

    def update() -> Any:  # noqa: ANN401 - whatever the view answers
        try:
            check(_body(), callbacks)
        except MalformedError as error:
            logger.warning("Refused a callback from %s: %s", request.remote_addr, error)
            return _refusal(str(error))
        return view()

    return update


def check(body: object, callbacks: dict[str, Any]) -> None:
    """Raise ``MalformedError`` unless the body asks for a callback that exists, as it is."""
    if not isinstance(body, dict):
        raise MalformedError("The body must be a JSON object.")
    output = body.get("output")
    if not isinstance(output, str) or "callback" not in callbacks.get(output, ()):
        raise MalformedError("There is no such callback.")
    changed = body.get("changedPropIds", [])
    if not isinstance(changed, list) or not all(isinstance(each, str) for each in changed):
        raise MalformedError("changedPropIds must be a list of texts.")
    callback = callbacks[output]
    _check_properties(body.get("inputs"), callback["inputs"], "inputs")
    _check_properties(body.get("state", []), callback["state"], "state")
    _check_outputs(body.get("outputs"), output)


def _check_properties(given: object, expected: list[dict[str, Any]], what: str) -> None:
    if not isinstance(given, list) or len(given) != len(expected):
        raise MalformedError(f"{what} must be a list of {len(expected)}.")
    for each, wanted in zip(given, expected, strict=True):
        if not isinstance(each, dict):
            raise MalformedError(f"{what} must be objects.")
        if each.get("id") != wanted["id"] or each.get("property") != wanted["property"]:
            raise MalformedError(f"{what} must be those of the callback.")


def _check_outputs(given: object, output: str) -> None:
    """Outputs must be exactly those that the callback's name lists."""
    listed = given if isinstance(given, list) else [given]
    pairs = [
        f"{each.get('id')}.{each.get('property')}" for each in listed if isinstance(each, dict)
    ]
    expected = output.strip(".").split("...") if output.startswith("..") else [output]
    if isinstance(given, list) is not output.startswith("..") or pairs != expected:
        raise MalformedError("outputs must be those of the callback.")


def _body() -> object:
    try:
        return request.get_json()
    except (BadRequest, UnsupportedMediaType, RecursionError) as error:
        raise MalformedError("The body is not JSON.") from error


def _refusal(sentence: str) -> Response:
    return problem(400, sentence)
