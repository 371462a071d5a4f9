"""Answers what goes wrong in a request in words, and logs it in one line."""

from __future__ import annotations

import logging

from dash.exceptions import DependencyException
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, default_exceptions
from werkzeug.wrappers import Response as AnyResponse

from dashboard.pages import TEXTS, problem

logger = logging.getLogger(__name__)


def register(server: Flask) -> None:
    """Answer every HTTP error and every unexpected exception."""
    server.register_error_handler(HTTPException, _expected)
    server.register_error_handler(DependencyException, _no_such_part)
    server.register_error_handler(Exception, _unexpected)


def _expected(error: HTTPException) -> AnyResponse:
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response(request.environ)
    standard = default_exceptions.get(error.code)
    said = error.description if standard and error.description != standard.description else None
    if error.code not in TEXTS:
        return problem(400 if error.code < 500 else 500, said)
    response = problem(error.code, said)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _no_such_part(_: Exception) -> Response:
    """Dash knows of no such script."""
    return problem(404)


def _unexpected(error: Exception) -> Response:
    logger.error("%s %s failed.", request.method, request.path, exc_info=error)
    return problem(500)
