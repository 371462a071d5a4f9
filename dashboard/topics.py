"""Conditions that last: one line in the log when one begins and one when it ends, none between."""

from __future__ import annotations

import logging


class Topics:
    """What is wrong at the moment, by topic."""

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger
        self._wrong: dict[str, str] = {}

    def wrong(self, topic: str, kind: str, sentence: str) -> None:
        """Something is wrong; logged unless the same kind of wrong was said last."""
        if self._wrong.get(topic) != kind:
            self._wrong[topic] = kind
            self._logger.warning("%s", sentence)

    def right(self, topic: str, sentence: str) -> None:
        """All is well; logged if it was not."""
        if self._wrong.pop(topic, None) is not None:
            self._logger.info("%s", sentence)

    def is_wrong(self, topic: str) -> bool:
        """Whether something is wrong with the topic."""
        return topic in self._wrong
