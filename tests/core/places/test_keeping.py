"""What is kept over there, and what of it goes."""

import hashlib
import json
from pathlib import Path

import pytest

from transfergui.core.base.errors import UserError
from transfergui.core.places import keeping
from transfergui.core.places.jobs import Job, Manifest, Process, mark_of
from transfergui.core.places.store import Store

JOBS = ("done.00000000", "paused.00000001")


def put(store: Store, data: bytes) -> str:
    digest = hashlib.sha256(data).hexdigest()
    store.put(digest, len(data), 0, data)
    return digest


def job(folder: Path, name: str, files: dict[str, str]) -> Job:
    """A training that has ended, with ten bytes of its own."""
    found = Job(folder, name)
    found.announce(Manifest(files, "", ""))
    for path, digest in files.items():
        Store(folder / "store").lay(digest, found.folder / path)
    found.run.path.mkdir()
    (found.run.path / "recipe.json").write_text("0123456789")
    return found


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Two runs that share a file; one of them has its result where it belongs."""
    store = Store(tmp_path / "store")
    shared, own, weights = (put(store, bytes(n)) for n in (100, 200, 300))
    put(store, bytes(50))  # of a training that was deleted
    done = job(tmp_path, JOBS[0], {"files/a": shared, "files/b": own, "weights/w": weights})
    job(tmp_path, JOBS[1], {"files/a": shared})
    done.note_brought()
    return tmp_path


def test_what_an_unfinished_run_needs_stays(place: Path) -> None:
    store = Store(place / "store")
    found = keeping.kept(place, store)
    assert (found.running, found.unfinished, found.finished) == ((), ("paused",), ("done",))
    assert found.data == keeping.Amount(350, 250)
    assert found.weights == keeping.Amount(300, 300)
    manifests = sum((place / "jobs" / name / "manifest.json").stat().st_size for name in JOBS)
    assert found.runs.total == 20 + manifests
    assert keeping.clean(place, store, False) == found.unused
    assert keeping.kept(place, store).unused == 0
    assert (place / "jobs" / JOBS[1] / "files" / "a").stat().st_size == 100
    assert not (place / "jobs" / JOBS[0]).exists()
    keeping.clean(place, store, True)
    assert keeping.kept(place, store).total == 0
    assert not [each for each in (place / "store").iterdir() if each.is_dir()]


def test_nothing_goes_while_something_runs_or_is_sent(place: Path) -> None:
    store = Store(place / "store")
    with store.used(), pytest.raises(UserError) as raised:
        keeping.clean(place, store, True)
    assert raised.value.code == "place.clean_sending"
    pid = 1
    process = {"pid": pid, "mark": mark_of(pid)}
    (place / "jobs" / JOBS[1] / "process.json").write_text(json.dumps(process))
    with pytest.raises(UserError) as raised:
        keeping.clean(place, store, True)
    assert raised.value.code == "place.clean_running"
    assert len(store.sizes()) == 4


def test_what_is_announced_is_not_deleted_before_it_is_all_there(tmp_path: Path) -> None:
    """The connection was lost while it was sent."""
    store = Store(tmp_path / "store")
    digest, data = hashlib.sha256(bytes(10)).hexdigest(), bytes(4)
    Job(tmp_path, JOBS[0]).announce(Manifest({"files/a": digest}, "", ""))
    store.put(digest, 10, 0, data)
    assert keeping.clean(tmp_path, store, False) == 0
    assert store.have(digest, 10) == 4


def test_a_process_is_told_from_a_later_one_of_its_number(place: Path) -> None:
    found = Job(place, JOBS[1])
    path = found.folder / "process.json"
    for process, state in (
        (Process(1, mark_of(1)), "running"),
        (Process(1, "another boot 17"), "ended"),
        (Process(1, mark_of(1), "another computer"), "running"),  # it may wait in a queue
    ):
        path.write_text(
            json.dumps({"pid": process.pid, "mark": process.mark, "host": process.host})
        )
        assert found.state() == state
    (found.run.path / "events.jsonl").write_text("{}\n")
    assert found.state() == "ended"  # it has told something, and nobody holds its run
    (found.folder / "status").write_text("0")
    assert found.state() == "ended"
