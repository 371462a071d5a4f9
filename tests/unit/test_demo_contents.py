from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import pytest

from simulator import contents
from simulator.contents import Contents
from simulator.options import Files, Options, parse
from simulator.processes import RefusalError

CITY = Contents("Asia/Jakarta", days=3, per_day=50.0, seed=7)


def holding(directory: Path, held: Contents) -> Path:
    (directory / "primary").mkdir()
    (directory / "primary/PG_VERSION").write_text("18")
    contents.write(directory, held)
    return directory


def loading(directory: Path, complaints: str) -> Options:
    files = Files(directory / "complaints.csv", directory / "regions.csv")
    files.complaints.write_text(complaints)
    files.regions.write_text("regions")
    return dataclasses.replace(parse([]), files=files)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    assert contents.read(holding(tmp_path, CITY)) == CITY


def test_data_without_the_mark_counts_as_nothing(tmp_path: Path) -> None:
    (holding(tmp_path, CITY) / "contents.json").unlink()
    assert contents.read(tmp_path) is None


@pytest.mark.parametrize("mark", ["", "{", "[]", '{"days": 3}', '{"timezone": "UTC", "x": 1}'])
def test_a_damaged_mark_is_refused(tmp_path: Path, mark: str) -> None:
    (holding(tmp_path, CITY) / "contents.json").write_text(mark)
    with pytest.raises(RefusalError, match=r"contents\.json is damaged: --fresh starts over"):
        contents.read(tmp_path)


def test_a_mark_without_its_data_is_refused(tmp_path: Path) -> None:
    (holding(tmp_path, CITY) / "primary/PG_VERSION").unlink()
    with pytest.raises(RefusalError, match="primary is damaged: --fresh starts over"):
        contents.read(tmp_path)


def test_what_is_left_open_stays_as_it_is() -> None:
    assert contents.wanted(parse([]), CITY) == CITY
    assert contents.wanted(parse(["--days", "4"]), CITY) == dataclasses.replace(CITY, days=4)


def test_without_data_the_defaults_hold() -> None:
    assert contents.wanted(parse([]), None) == Contents("Asia/Jakarta", 1096, 508.0, 1)


def test_files_are_known_by_what_they_say(tmp_path: Path) -> None:
    first = contents.wanted(loading(tmp_path, "one"), None)
    assert first == contents.wanted(loading(tmp_path, "one"), CITY)
    assert first != contents.wanted(loading(tmp_path, "two"), None)
    assert not first.simulated


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    options = loading(tmp_path, "one")
    assert options.files is not None
    options.files.complaints.unlink()
    with pytest.raises(RefusalError, match=r"complaints\.csv cannot be read: No such file"):
        contents.wanted(options, None)


def test_clearing_keeps_what_is_not_the_demos(tmp_path: Path) -> None:
    holding(tmp_path, CITY)
    (tmp_path / "dashboard/cache").mkdir(parents=True)
    (tmp_path / "dashboard/boundaries.json").write_text("{}")
    contents.clear(tmp_path)
    assert sorted(os.listdir(tmp_path)) == ["dashboard"]
    assert os.listdir(tmp_path / "dashboard") == ["boundaries.json"]


def test_a_directory_with_other_files_is_refused(tmp_path: Path) -> None:
    contents.check_ours(tmp_path)
    contents.check_ours(tmp_path / "new")
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(RefusalError, match="holds files that are not the demo's"):
        contents.check_ours(tmp_path)
    with pytest.raises(RefusalError, match="is a file, not a directory"):
        contents.check_ours(tmp_path / "thesis.txt")
    holding(tmp_path, CITY)
    contents.check_ours(tmp_path)


def test_too_little_space_is_told_and_old_data_counts_as_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": 1_000_000_000})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    contents.check_space(tmp_path, 1_000_000_000)
    with pytest.raises(RefusalError, match=r"needs 1\.0 GB and there would be 1\.0 GB"):
        contents.check_space(tmp_path, 1_000_000_001)
    holding(tmp_path, CITY)
    contents.check_space(tmp_path, 1_000_000_001)
