"""All figures of one scope, from the frames of one snapshot, and their form as JSON."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from measures import backlog, channels, completion, flow, points, ranking, rows
from measures.arrays import Mask, to_datetime
from measures.figures import Figures
from measures.frames import Frames
from measures.ontime import on_time
from measures.satisfaction import satisfaction
from measures.scope import Scope, restrict


def figures(frames: Frames, scope: str | None = None) -> Figures:
    """Return every figure of a region and all below it; None is the root.

    Raises ``regions.UnknownRegion`` if there is no such region.
    """
    part = restrict(frames, scope)
    opened = part.complaints.open
    states = backlog.states(part)
    return Figures(
        scope=part.region.code,
        scope_name=part.region.name,
        scope_level=part.region.level,
        as_of=frames.as_of.to_pydatetime().astimezone(UTC),
        newest_received_at=_newest(part),
        received=sum(states.values()),
        states=states,
        open=_count(opened),
        overdue=_count(backlog.overdue(part)),
        at_risk=_count(backlog.at_risk(part)),
        uncoordinated=_count(backlog.uncoordinated(part)),
        without_region=_count(opened & (part.complaints.region < 0)),
        without_region_ever=_without_region_ever(part),
        without_point=_count(opened & _without_point(part) & ~part.complaints.private),
        private=_count(opened & part.complaints.private),
        unknown_codes=_count(opened & _unknown_codes(part)),
        age_by_state=backlog.age_by_state(part),
        age_by_region=backlog.age_by_region(part),
        received_today=flow.received_today(part),
        received_last_hour=flow.received_last_hour(part),
        usual_received_by_now=flow.usual_received_by_now(part),
        done_today=flow.done_today(part),
        on_time=on_time(part),
        completion=completion.completion(part),
        completion_30_days=completion.completion_30_days(part),
        validated_30_days=completion.validated_30_days(part),
        satisfaction=satisfaction(part),
        stages=backlog.stages(part),
        children=backlog.region_rows(part, part.tree.children(part.region.code)),
        leaves=backlog.region_rows(part, part.tree.leaves(part.region.code)),
        region_ranking=ranking.region_ranking(part),
        unit_ranking=ranking.unit_ranking(part),
        channels=channels.channel_rows(part),
        newest=rows.newest(part),
        oldest=rows.oldest(part),
        points=points.points(part),
        flow=flow.flow(part),
    )


def figures_as_dict(value: Figures) -> dict[str, Any]:
    """Return the figures as JSON knows them: instants in ISO 8601, UTC, with their offset."""
    plain: dict[str, Any] = _plain(value)
    return plain


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a figure
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    return value


def _newest(scope: Scope) -> datetime | None:
    received_at = scope.complaints.received_at
    return to_datetime(np.fmax.reduce(received_at)) if len(received_at) else None


def _without_region_ever(scope: Scope) -> int:
    complaints, totals = scope.complaints, scope.totals
    counted = complaints.open | (complaints.ended_at >= scope.cutoff)
    return _count(counted & (complaints.region < 0)) + int(totals.count[totals.region < 0].sum())


def _without_point(scope: Scope) -> Mask:
    return np.isnan(scope.complaints.longitude) | np.isnan(scope.complaints.latitude)


def _unknown_codes(scope: Scope) -> Mask:
    complaints = scope.complaints
    return (complaints.holder < 0) | (complaints.channel < 0) | (complaints.category < 0)


def _count(chosen: Mask) -> int:
    return int(chosen.sum())
