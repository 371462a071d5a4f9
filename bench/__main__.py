"""The benchmark's command line: cities of several sizes, few and many screens, one table."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from rich.console import Console

from bench.builds import measure_builds
from bench.city import city_of
from bench.load import measure_screens
from bench.paint import watch_commits
from bench.server import serving
from bench.table import Line, print_table
from simulator.cluster import Cluster

_SMALL, _LARGE = 1_000_000, 10_000_000  # between them a build may not double
_progress = Console(stderr=True)


def main() -> None:
    """Measure all sizes asked for; screens, if any, and paint on the size nearest to the demo's."""
    options = _options()
    lines: list[Line] = []
    builds: dict[int, float] = {}
    for rows in options.rows:
        _progress.print(f"Making a city of {rows:,} complaints ...")
        with city_of(rows) as cluster:
            _progress.print("Measuring builds ...")
            found, builds[rows] = measure_builds(f"{rows:,} rows", cluster.standby_url())
            lines += found
            if options.screens and rows == options.live_rows:
                lines += _live(cluster, rows, options.screens)
    lines += _growth(builds)
    print_table(lines)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 550_000, 1_000_000])
    parser.add_argument("--screens", type=int, nargs="*", default=[1, 50])
    options = parser.parse_args()
    options.live_rows = min(options.rows, key=lambda rows: abs(rows - 550_000))
    return options


def _live(cluster: Cluster, rows: int, screens: list[int]) -> list[Line]:
    with tempfile.TemporaryDirectory() as directory:
        _progress.print("Measuring commit to paint, one minute ...")
        settings = {"clock_seconds": "3600"}  # no idle minute with the clock's own build in it
        with serving(cluster.standby_url(), Path(directory), **settings) as server:
            painting = watch_commits(server, cluster.primary_url())
            lines = _painted(f"{rows:,} rows, 10/s", painting.seconds)
            for number in screens:
                _progress.print(f"Measuring {number} screens, two minutes ...")
                case = f"{rows:,} rows, {number} screens"
                lines += measure_screens(case, cluster, server, painting.request, number)
            memory = server.resident_megabytes()
            lines.append(Line(f"{rows:,} rows", "resident memory", f"{memory:,.0f} MB"))
    return lines


def _painted(case: str, seconds: list[float]) -> list[Line]:
    ordered = sorted(seconds)
    median, tail = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
    return [
        Line(case, "commit to painted, p50", f"{median:.2f} s"),
        Line(case, "commit to painted, p95", f"{tail:.2f} s", "within 2 s", tail <= 2),
    ]


def _growth(builds: dict[int, float]) -> list[Line]:
    if not {_SMALL, _LARGE} <= builds.keys():
        return []
    ratio = builds[_LARGE] / builds[_SMALL]
    what = "build at 10 million : build at 1 million"
    return [Line("growth", what, f"{ratio:.2f}", "at most 2", ratio <= 2)]


if __name__ == "__main__":
    main()
