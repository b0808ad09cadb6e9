"""A watched folder: each file once, whatever ends the program, and nothing before it is whole."""

import contextlib
import csv
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from transfergui.core import registry
from transfergui.core.acting import moving
from transfergui.core.acting.plan import ActOptions
from transfergui.core.acting.record import Record
from transfergui.core.acting.undo import undo
from transfergui.core.app.predicting import version
from transfergui.core.base.errors import UserError
from transfergui.core.data.dataset import Problem
from transfergui.core.data.targets import Targets
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.interfaces.objective import Found
from transfergui.core.watching import arrivals
from transfergui.core.watching import log as watch_log
from transfergui.core.watching import watch as watching
from transfergui.core.watching.arrivals import Arrivals
from transfergui.core.watching.watch import Looked, SetAside, Waiting, Watched, WatchOptions

CLASSES = ("cat", "dog")
MODEL: Any = SimpleNamespace(
    name="pets",
    modality=registry.modality("image"),
    objective=registry.objective("one_class"),
    found=Found(Targets(), CLASSES),
    classes=CLASSES,
    promise=None,
)


def answered(_model: object, paths: Sequence[Path]) -> list[Prediction]:
    """Files say themselves what they are: ``cat``, ``dog``; others cannot be read."""
    found = []
    for path in paths:
        word = path.read_text() if path.exists() else ""
        if word not in CLASSES:
            problem = Problem("picture.not_a_picture", path=str(path))
            found.append(Prediction(path, problem=problem, version=version(path)))
            continue
        sure = np.full(2, 0.1)
        sure[CLASSES.index(word)] = 0.9
        found.append(Prediction(path, sure, version=version(path)))
    return found


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "answered", answered)
    monkeypatch.setattr(arrivals, "SETTLE", 0.0)
    for name in ("PATIENCE", "POLL", "RETRY"):
        monkeypatch.setattr(watching, name, 0.0)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    for name in ("a.png", "b.jpg", "deep/a.png"):
        (tmp_path / "in" / name).write_text("dog" if "b" in name else "cat")
    (tmp_path / "in" / "notes.txt").write_text("cat")
    return tmp_path / "in"


def options(inbox: Path, **given: Any) -> WatchOptions:
    to, how = given.pop("to", inbox.parent / "out"), given.pop("how", "copy")
    act = ActOptions(to=str(to), how=how, model=MODEL.name)
    return WatchOptions(folder=str(inbox), act=act, **given)


def events(given: WatchOptions, looks: int = 2) -> list[watching.Event]:
    """What happens until the folder was looked at so often without a file."""
    found: list[watching.Event] = []
    with contextlib.closing(watching.watch(MODEL, given, lambda _s: None)) as watched:
        idle = 0
        for event in watched:
            idle = idle + 1 if isinstance(event, Looked) else 0
            found.append(event)
            if idle == looks:
                break
    return [event for event in found if not isinstance(event, Looked)]


def rows(out: Path) -> list[dict[str, str]]:
    with (out / "predictions.csv").open(newline="") as stream:
        return list(csv.DictReader(stream))


def sorted_files(out: Path) -> list[str]:
    files = (path.relative_to(out) for path in out.rglob("*") if path.is_file())
    kept = (path.as_posix() for path in files if not path.name.startswith("."))
    return sorted(name for name in kept if not name.endswith(".csv"))


def test_each_new_file_is_sorted_once_and_listed(inbox: Path) -> None:
    out = inbox.parent / "out"
    given = options(inbox)
    assert [type(event) for event in events(given)] == [Watched] * 3
    assert sorted_files(out) == ["cat/a (2).png", "cat/a.png", "dog/b.jpg"]
    assert events(given) == []  # after a restart
    (inbox / "c.png").write_text("dog")
    (inbox / "a.png").write_text("dog")  # it is another one now
    (inbox / "a.png").touch()
    assert len(events(given)) == 2
    found = rows(out)
    names = Counter(Path(row["path"]).relative_to(inbox).as_posix() for row in found)
    assert names == {"a.png": 2, "b.jpg": 1, "deep/a.png": 1, "c.png": 1}
    assert all(Path(row["target"]).is_relative_to(out / row["label"]) for row in found)
    assert all(row["time"] and row["confidence"] == "0.9" for row in found)
    assert (inbox / "notes.txt").exists()


def test_what_was_moved_is_moved_back(inbox: Path) -> None:
    before = {path: path.read_bytes() for path in inbox.rglob("*") if path.is_file()}
    given = options(inbox, how="move")
    events(given)
    assert not list(inbox.rglob("*.png"))
    (record,) = (inbox.parent / "out").glob(".transfergui-sort-*")
    with Record.open(record) as opened:
        assert not undo(opened).left
    assert {path: path.read_bytes() for path in inbox.rglob("*") if path.is_file()} == before
    assert events(given) == []


def test_only_the_table_and_only_new_files(inbox: Path) -> None:
    out = inbox.parent / "out"
    given = options(inbox, table_only=True, new_only=True)
    assert events(given) == []
    (inbox / "c.png").write_text("dog")
    (event,) = events(given)
    assert isinstance(event, Watched)
    assert [row["label"] for row in rows(out)] == ["dog"]
    assert sorted_files(out) == []


def test_a_table_of_texts_stays_and_its_rows_are_listed(
    inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = SimpleNamespace(**{**vars(MODEL), "modality": registry.modality("text")})
    monkeypatch.setattr(watching, "answered", rows_answered)
    monkeypatch.setitem(globals(), "MODEL", texts)
    (inbox / "notes.txt").unlink()
    (inbox / "many.csv").write_text("text\ncat\ndog\n")
    (event,) = events(options(inbox, how="move"))
    assert isinstance(event, Watched)
    assert (len(event.predictions), event.target) == (2, "")
    assert (inbox / "many.csv").exists()
    assert [row["label"] for row in rows(inbox.parent / "out")] == ["cat", "dog"]
    assert events(options(inbox, how="move")) == []


def rows_answered(model: object, paths: Sequence[Path]) -> list[Prediction]:
    """The rows of a table."""
    return [
        Prediction(Path(f"{path}#{at}"), np.eye(2)[at - 2], version=version(path))
        for path in paths
        for at in (2, 3)
    ]


def test_what_cannot_be_read_is_set_aside_and_named(inbox: Path) -> None:
    (inbox / "bad.png").write_text("nothing")
    found = events(options(inbox, how="move"))
    (aside,) = (event for event in found if isinstance(event, SetAside))
    assert aside.problem.code == "picture.not_a_picture"
    out = inbox.parent / "out"
    assert (out / "_not_read" / "bad.png").read_text() == "nothing"
    (row,) = (row for row in rows(out) if row["path"].endswith("bad.png"))
    assert (row["label"], row["target"]) == ("", str(out / "_not_read" / "bad.png"))
    assert row["note"]


def test_a_file_that_cannot_be_read_yet_is_tried_again(
    inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "PATIENCE", 60.0)
    (inbox / "half.png").write_text("ca")
    assert [type(event) for event in events(options(inbox))] == [Watched] * 3
    (inbox / "half.png").write_text("cat")
    assert [type(event) for event in events(options(inbox))] == [Watched]


def test_a_recording_that_is_cut_off_waits_and_one_that_changed_is_told(
    inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def torn(model: object, paths: Sequence[Path]) -> list[Prediction]:
        cut = Problem("sound.cut_off", path="a.png", left_out=False)
        return [
            replace(each, problem=cut if each.path.name == "a.png" else None)
            for each in answered(model, paths)
        ]

    monkeypatch.setattr(watching, "PATIENCE", 60.0)
    with monkeypatch.context() as patch:
        patch.setattr(watching, "answered", torn)
        assert [type(event) for event in events(options(inbox))] == [Watched]  # b.jpg alone
    assert not any(event.again for event in events(options(inbox)))
    (inbox / "b.jpg").write_text("cat")
    assert [event.again for event in events(options(inbox))] == [True]


def test_half_written_files_wait(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "SETTLE", 1.0)
    now = [0.0]
    no = lambda _name, _version: False  # noqa: E731
    found = Arrivals(inbox, (".png", ".jpg"), inbox / "deep", no, clock=lambda: now[0])
    (inbox / "b.jpg").write_text("")
    found.look()
    assert found.ready(9) == []
    now[0] = 0.9
    (inbox / "a.png").write_text("more")  # it grows
    found.look()
    now[0] = 1.8
    found.look()
    assert found.ready(9) == []  # b is empty, a has changed, deep is left out
    now[0] = 2.0
    assert [each.name for each in found.ready(9)] == ["a.png"]
    (inbox / "a.png").unlink()
    found.look()
    assert list(found.waiting) == ["b.jpg"]


def test_the_results_may_lie_within_the_folder_but_not_be_it(inbox: Path) -> None:
    given = options(inbox, to=inbox / "sorted")
    assert len(events(given)) == 3
    assert events(given) == []
    for wrong, code in (
        (options(inbox, to=inbox), "watch.same_folder"),
        (options(inbox.parent / "none"), "watch.no_folder"),
        (options(inbox, to=inbox / "a.png"), "act.not_a_folder"),
    ):
        with pytest.raises(UserError) as found:
            events(wrong)
        assert found.value.code == code
    with contextlib.closing(watching.watch(MODEL, given)) as first:
        next(first)
        with pytest.raises(UserError) as found:
            events(given)
        assert found.value.code == "watch.busy"


def test_a_folder_that_is_gone_is_waited_for(inbox: Path) -> None:
    away = inbox.with_name("away")
    with contextlib.closing(watching.watch(MODEL, options(inbox), lambda _s: None)) as watched:
        assert [type(next(watched)) for _each in range(4)] == [Watched] * 3 + [Looked]
        inbox.rename(away)
        told = [next(watched) for _each in range(6)]
        (why,) = (event.why for event in told if isinstance(event, Waiting))  # once
        assert why.code == "watch.gone"
        (away / "c.png").write_text("dog")
        away.rename(inbox)
        assert any(isinstance(next(watched), Watched) for _each in range(4))


class Killed(BaseException):
    """The process ends here."""


def killing(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """The process ends before its ``at``-th write of any kind."""
    count = [0]

    def dying(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            count[0] += 1
            if count[0] == at:
                raise Killed
            return function(*args, **named)

        return call

    for place, name in (
        (watch_log.WatchLog, "_append"),
        (watch_log.GrowingTable, "add"),
        (Record, "_append"),
        (moving, "copy"),
        (moving, "move"),
    ):
        monkeypatch.setattr(place, name, dying(getattr(place, name)))


@pytest.mark.parametrize("how", ["copy", "move"])
def test_killed_at_any_write_every_file_is_there_once(
    tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at, ended = 0, False
    while not ended:
        at += 1
        inbox = tmp_path / str(at) / "in"
        inbox.mkdir(parents=True)
        for name in ("a.png", "b.png"):
            (inbox / name).write_text("dog")
        with monkeypatch.context() as patch:
            killing(patch, at)
            try:
                events(options(inbox, how=how))
                ended = True
            except Killed:
                pass
        events(options(inbox, how=how))
        out = inbox.parent / "out"
        assert sorted_files(out) == ["dog/a.png", "dog/b.png"], at
        found = rows(out)
        assert sorted(Path(row["path"]).name for row in found) == ["a.png", "b.png"], at
        assert all(Path(row["target"]).read_text() == "dog" for row in found), at
    assert at > 10


def test_a_table_that_is_open_elsewhere_is_waited_for(
    inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add, locked = watch_log.GrowingTable.add, [3]

    def refuse(self: watch_log.GrowingTable, *args: Any, **named: Any) -> None:
        locked[0] -= 1
        if locked[0] >= 0:
            raise PermissionError(13, "Permission denied")
        add(self, *args, **named)

    monkeypatch.setattr(watch_log.GrowingTable, "add", refuse)
    found = events(options(inbox), looks=6)
    assert [e.why.code for e in found if isinstance(e, Waiting)] == ["watch.no_target"]
    assert len(rows(inbox.parent / "out")) == 3


def test_a_file_that_cannot_be_placed_holds_no_other_up(
    inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def place(source: Path, target: Path) -> None:
        if target.name == "a.png":
            raise moving.LeftError(36, "File name too long")
        real(source, target)

    real = moving._place
    monkeypatch.setattr(moving, "_place", place)
    given = options(inbox, how="move")
    found = events(given)
    assert sorted(type(event).__name__ for event in found) == ["SetAside", "Watched", "Watched"]
    (left,) = (event for event in found if isinstance(event, SetAside))
    assert (left.problem.path, left.target) == (str(inbox / "a.png"), "")
    assert (inbox / "a.png").read_text() == "cat"
    assert events(given) == []
