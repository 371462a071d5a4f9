from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from simulator.options import Files, parse


def test_nothing_said_leaves_history_open_and_the_rest_at_its_default() -> None:
    options = parse([])
    assert (options.port, options.rate, options.timezone) == (8050, 2000.0, "Asia/Jakarta")
    assert (options.days, options.per_day, options.seed) == (None, None, None)
    assert (options.as_of, options.files, options.directory) == (None, None, None)
    assert not options.fresh


def test_an_instant_without_offset_is_on_the_citys_clock() -> None:
    assert parse(["--as-of", "2026-03-01T07:00"]).as_of == datetime(2026, 3, 1, tzinfo=UTC)


def test_an_instants_own_offset_counts() -> None:
    as_of = parse(["--as-of", "2025-11-01T00:00:00+01:00"]).as_of
    assert as_of is not None
    assert as_of.utcoffset() == timedelta(hours=1)


def test_files_come_as_a_pair_with_their_own_time_zone() -> None:
    options = parse(["--data", "a.csv", "--regions", "b.csv", "--timezone", "Europe/Budapest"])
    assert options.files == Files(Path("a.csv"), Path("b.csv"))
    assert options.timezone == "Europe/Budapest"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--port", "0"], "'0' is not a number from 1 to 65535"),
        (["--port", "70000"], "'70000' is not a number from 1 to 65535"),
        (["--days", "many"], "'many' is not a number from 1 to 10000"),
        (["--per-day", "nan"], "'nan' is not a number from 1"),
        (["--per-day", "inf"], "'inf' is not a number from 1"),
        (["--as-of", "yesterday"], "'yesterday' is not like 2025-11-01T00:00+07:00"),
        (["--as-of", "2999-01-01T00:00+07:00"], "--as-of lies in the future"),
        (["--timezone", "Mars/Base"], "'Mars/Base' is no time zone like Asia/Jakarta"),
        (["--timezone", "../etc/passwd"], "is no time zone"),
        (["--data", "a.csv"], "--data and --regions go together"),
        (["--regions", "a.csv"], "--data and --regions go together"),
        (["--data", "a.csv", "--regions", "b.csv", "--days", "3"], "are for the simulated city"),
        (["--data", "a.csv", "--regions", "b.csv", "--seed", "0"], "are for the simulated city"),
    ],
)
def test_nonsense_is_refused_with_a_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        parse(arguments)
    assert sentence in capsys.readouterr().err
