"""The shared store and the builder's lock: bytes and no pickles, few versions, freed by death."""

from __future__ import annotations

import errno
import logging
import os
import pickletools
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from dashboard.lock import FlockLock, RedisLease
from dashboard.release import ROOT
from dashboard.settings import Settings, SettingsError
from dashboard.sharing import Shared, Sharing
from dashboard.store import Files, Record, Store, StoreError, namespace, open_store
from data_access.snapshot import Snapshot
from tests.frames import AS_OF
from tests.unit.dashboard_fakes import FakeClock, settings_of, snapshot_of


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_of(tmp_path)


@pytest.fixture
def store(settings: Settings) -> Store:
    return open_store(settings, Flask(__name__), "build")


def shared_of(snapshot: Snapshot | None, contact: bool = True) -> Shared:
    return Shared(snapshot, AS_OF.timestamp(), contact, None, None)


def files_of(settings: Settings) -> list[Path]:
    return [path for path in (settings.data_dir / "cache").rglob("*") if path.is_file()]


def test_what_is_written_is_read(store: Store) -> None:
    store.put_live(7, b"live")
    store.put_history("h", b"history")
    record = Record(7, "h", 1.0, 2.0, True, None, "a reason", (6, 7), ("h",))
    store.put_record(record)
    assert (store.live(7), store.history("h"), store.record()) == (b"live", b"history", record)
    assert store.live(8) is None


def test_a_record_that_is_none_is_nothing(store: Store) -> None:
    for data in (b"", b"[]", b"{}", b'{"version": 1, "more": 2}', b"\x80\x04N."):
        assert Record.from_bytes(data) is None


def test_nothing_on_disk_is_a_pickle(settings: Settings) -> None:
    sharing = Sharing(open_store(settings, Flask(__name__), "build"))
    snapshot, history = snapshot_of()
    sharing.publish(snapshot, history, shared_of(snapshot))
    files = files_of(settings)
    assert len(files) == 3
    for file in files:
        content = file.read_bytes()
        assert content[4:5] != b"\x80"  # where a pickle would begin, after the expiry
        with pytest.raises(ValueError, match=r".+"):
            list(pickletools.genops(content[4:]))
        assert file.stat().st_mode & 0o077 == 0


def test_another_process_sees_the_same_snapshot(settings: Settings) -> None:
    snapshot, history = snapshot_of()
    Sharing(open_store(settings, Flask("a"), "build")).publish(
        snapshot, history, shared_of(snapshot)
    )
    shared = Sharing(open_store(settings, Flask("b"), "build")).read()
    assert shared is not None
    assert shared.snapshot is not None
    assert shared.snapshot.version == snapshot.version
    assert list(shared.snapshot.complaints["ticket"]) == list(snapshot.complaints["ticket"])


def test_another_release_or_replica_reads_nothing_of_it(settings: Settings) -> None:
    open_store(settings, Flask("a"), "build").put_live(1, b"x")
    assert open_store(settings, Flask("b"), "other").live(1) is None
    elsewhere = settings.model_copy(update={"history_days": 7})
    assert namespace(elsewhere, "build") != namespace(settings, "build")


def test_few_versions_are_kept(settings: Settings) -> None:
    sharing = Sharing(open_store(settings, Flask(__name__), "build"))
    clock, history = FakeClock(), None
    for _ in range(6):
        clock.advance(1)
        snapshot, history = snapshot_of(clock.instant, history=history)
        sharing.publish(snapshot, history, shared_of(snapshot))
    assert len(files_of(settings)) == 1 + 1 + 3  # record, history, three versions


def test_a_builder_clears_what_a_dead_one_left(settings: Settings) -> None:
    sharing = Sharing(store := open_store(settings, Flask(__name__), "build"))
    snapshot, history = snapshot_of()
    sharing.publish(snapshot, history, shared_of(snapshot))
    store.put_live(99, b"written, but never announced")
    directory = files_of(settings)[0].parent
    fresh, old = directory / "a.__wz_cache", directory / "b.__wz_cache"
    for file in (fresh, old):
        file.write_bytes(b"half")
    os.utime(old, (1, 1))
    former = directory.parent / "former"
    former.mkdir()
    os.utime(former, (1, 1))
    sharing.take_over()
    assert store.live(99) is None
    assert store.live(snapshot.version) is not None
    assert (fresh.exists(), old.exists(), former.exists()) == (True, False, False)


def fill_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Every write fails from now on, until what is returned is called."""
    wrong = {"full": True}
    replace = Path.replace

    def full(self: Path, target: Path) -> Path:
        if wrong["full"]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", full)
    return lambda: wrong.update(full=False)


def test_a_full_disk_is_said_once_and_leaves_nothing_behind(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    sharing = Sharing(store := open_store(settings, Flask(__name__), "build"))
    empty = fill_disk(monkeypatch)
    with pytest.raises(StoreError, match="No space left on device"):
        store.put_live(1, b"x")
    snapshot, history = snapshot_of()
    for _ in range(3):
        sharing.publish(snapshot, history, shared_of(snapshot))
    assert sharing.failing
    assert [record.message for record in caplog.records] == [
        "The shared store failed: No space left on device."
        " The picture is served from memory meanwhile."
    ]
    assert files_of(settings) == []
    empty()
    sharing.publish(snapshot, history, shared_of(snapshot))
    assert not sharing.failing
    assert caplog.records[-1].message == "The shared store works again."


def test_bytes_of_another_kind_are_no_picture(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    store = open_store(settings, Flask(__name__), "build")
    store.put_live(1, b"no snapshot")
    store.put_history("h", b"no history")
    store.put_record(Record(1, "h", 0, 0, True, None, None, (1,), ("h",)))
    shared = Sharing(store).read()
    assert shared is not None
    assert shared.snapshot is None
    assert [record.message for record in caplog.records] == [
        "What lies in the shared store is no snapshot of this release."
    ]


def test_only_bytes_go_in(store: Store) -> None:
    with pytest.raises(TypeError):
        store.put_live(1, "text")  # type: ignore[arg-type]


def test_an_unwritable_directory_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    settings = settings_of(tmp_path / "file")
    with pytest.raises(SettingsError, match=r"DASHBOARD_DATA_DIR: .* cannot be made"):
        open_store(settings, Flask(__name__), "build")


def test_redis_is_asked_for_in_words_when_its_package_is_missing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    wanted = settings_of(settings.data_dir, cache_url="redis://127.0.0.1/0")
    with pytest.raises(SettingsError, match="pip install redis"):
        open_store(wanted, Flask(__name__), "build")


def test_files_come_from_flask_caching(settings: Settings) -> None:
    server = Flask(__name__)
    open_store(settings, server, "build")
    (backend,) = server.extensions["cache"].values()
    assert isinstance(backend, Files)


# -- the builder's lock


def test_one_holds_the_lock_and_hands_it_on(tmp_path: Path) -> None:
    one, other = FlockLock(tmp_path / "lock"), FlockLock(tmp_path / "lock")
    assert one.held()
    assert one.held()
    assert not other.held()
    one.release()
    assert other.held()
    other.release()


HOLD = """
import signal, sys
from pathlib import Path
from dashboard.lock import FlockLock
lock = FlockLock(Path(sys.argv[1]))
print(lock.held(), flush=True)
signal.pause()
"""


def test_a_killed_builder_frees_the_lock(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path / "lock")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "True\n"
            lock = FlockLock(tmp_path / "lock")
            assert not lock.held()
        finally:
            process.kill()
        process.wait()
        assert lock.held()
        lock.release()


class FakeRedis:
    """The three commands that the lease uses, with a clock of its own."""

    def __init__(self) -> None:
        self.now = 0.0
        self.down = False
        self.values: dict[str, tuple[str, float]] = {}

    def set(self, name: str, value: str, *, nx: bool, px: int) -> object:
        self._answer()
        if nx and self._get(name) is not None:
            return None
        self.values[name] = (value, self.now + px / 1000)
        return True

    def eval(self, script: str, numkeys: int, *keys_and_args: str) -> object:
        self._answer()
        name, mine, *rest = keys_and_args
        if self._get(name) != mine:
            return 0
        if "pexpire" in script:
            self.values[name] = (mine, self.now + int(rest[0]) / 1000)
        else:
            del self.values[name]
        return 1

    def _get(self, name: str) -> str | None:
        value, until = self.values.get(name, (None, 0.0))
        return value if until > self.now else None

    def _answer(self) -> None:
        if self.down:
            raise FakeRedisError


class FakeRedisError(Exception):
    pass


@pytest.fixture
def redis(monkeypatch: pytest.MonkeyPatch) -> FakeRedis:
    fake = FakeRedis()
    monkeypatch.setattr("dashboard.lock.monotonic", lambda: fake.now)
    monkeypatch.setattr("dashboard.lock.RedisLease._errors", lambda _: FakeRedisError)
    return fake


def test_a_lease_is_renewed_while_its_holder_lives(redis: FakeRedis) -> None:
    one, other = RedisLease(redis, "builder", 15), RedisLease(redis, "builder", 15)
    for _ in range(20):
        redis.now += 4
        assert one.held()
        assert not other.held()


def test_a_lease_ends_with_its_holder(redis: FakeRedis) -> None:
    one, other = RedisLease(redis, "builder", 15), RedisLease(redis, "builder", 15)
    assert one.held()
    redis.now += 14
    assert not other.held()
    redis.now += 2
    assert other.held()
    assert not one.held()  # it slept too long, and finds that out


def test_a_lease_is_given_back(redis: FakeRedis) -> None:
    one, other = RedisLease(redis, "builder", 15), RedisLease(redis, "builder", 15)
    assert one.held()
    one.release()
    assert other.held()


def test_without_redis_nobody_holds_a_lease_for_long(redis: FakeRedis) -> None:
    one = RedisLease(redis, "builder", 15)
    assert one.held()
    redis.down = True
    redis.now += 6
    assert not one.held()
    one.release()


def test_redis_gets_plain_bytes(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from dashboard.store import BytesSerializer  # noqa: PLC0415

    serializer: Any = BytesSerializer()
    assert serializer.dumps(b"x") == b"x"
    assert serializer.loads(b"!cos\nsystem\n") == b"!cos\nsystem\n"  # not unpickled
    assert serializer.loads(None) is None
