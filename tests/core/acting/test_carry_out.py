"""Files put in their places, and put back, whatever comes in between."""

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.core.acting.made_acts import contents, made, planned
from transfergui.core.acting import moving, past
from transfergui.core.acting.carry_out import Halted, Outcome, carry_on, carry_out
from transfergui.core.acting.record import Record, read
from transfergui.core.acting.steps import Act
from transfergui.core.acting.undo import undo
from transfergui.core.base.errors import UserError
from transfergui.core.base.progress import untold

NAMES = {"1.jpg": "a", "2.jpg": "b", "below/1.jpg": "a", "3.jpg": "?"}
SORTED = ["_not_sure/3.jpg", "a/1 (2).jpg", "a/1.jpg", "b/2.jpg"]


def done(act: Act, tell: Any = untold) -> tuple[Outcome, Path]:
    with Record.create(act.to) as record:
        return carry_out(act, record, tell), record.path


def undone(path: Path) -> Outcome:
    with Record.open(path) as record:
        return undo(record)


@pytest.mark.parametrize("how", ["copy", "move", "link"])
def test_files_are_sorted_and_put_back(tmp_path: Path, how: str) -> None:
    predictions = made(tmp_path / "in", NAMES)
    before = contents(tmp_path)
    outcome, path = done(planned(predictions, tmp_path / "out", how=how))
    assert (outcome.done, outcome.left, outcome.stopped) == (4, [], None)
    assert list(contents(tmp_path / "out")) == SORTED
    assert set(contents(tmp_path).values()) == set(before.values())
    assert len(contents(tmp_path / "in")) == (0 if how == "move" else 4)
    assert undone(path).done == 4
    assert contents(tmp_path) == before
    assert not (tmp_path / "out").exists()  # not even the record
    assert undone(path).done == 0  # once more
    (known,) = past.acts()
    assert (known.done, known.undone, known.to) == (0, 4, str(tmp_path / "out"))
    assert dict(known.kinds) == {how: 4}


def test_names_by_a_pattern_are_taken_back(tmp_path: Path) -> None:
    predictions = made(tmp_path / "in", NAMES)
    before = contents(tmp_path)
    act = planned(predictions, name="{class}-{confidence}-{number}", sidecars="originals")
    _outcome, path = done(act)
    found = [name for name in contents(tmp_path / "in") if not name.endswith(".json")]
    assert found == ["a-90-1.jpg", "b-90-1.jpg", "below/a-90-2.jpg", "not_sure-55-1.jpg"]
    assert (tmp_path / "in" / "a-90-1.jpg.json").is_file()
    (known,) = past.acts()
    assert dict(known.kinds) == {"rename": 4, "write": 4} and known.to == str(tmp_path / "in")
    undone(path)
    assert contents(tmp_path) == before


def test_numbers_go_on_where_names_are_taken(tmp_path: Path) -> None:
    predictions = made(tmp_path / "in", NAMES)
    options = {"name": "{class}-{number}", "how": "move"}
    _outcome, first = done(planned(predictions[:1], tmp_path / "out", **options))
    done(planned(predictions[1:], tmp_path / "out", **options))
    found = list(contents(tmp_path / "out"))
    assert found == ["_not_sure/not_sure-1.jpg", "a/a-1.jpg", "a/a-2.jpg", "b/b-1.jpg"]
    undone(first)
    assert (tmp_path / "in" / "1.jpg").is_file() and (tmp_path / "out" / "a").is_dir()
    act = planned([predictions[0], *made(tmp_path / "more", {"7.jpg": "b"})], name="x{number}")
    assert [Path(step.target).name for step in act.steps] == ["x1.jpg", "x2.jpg"]


def test_a_number_is_not_cut_off(tmp_path: Path) -> None:
    predictions = made(tmp_path / "in", {"ü" * 100 + f"{n}.jpg": "a" for n in range(3)})
    act = planned(predictions, tmp_path / "out", name="{name} {number}")
    assert [Path(step.target).stem[-2:] for step in act.steps] == [" 1", " 2", " 3"]
    (tmp_path / "out" / "a").mkdir(parents=True)
    (tmp_path / "out" / "a" / ("y" * 120 + ".jpg")).write_bytes(b"other")
    act = planned(predictions, tmp_path / "out", name="y" * 120 + "{number}")  # it ends
    assert [Path(step.target).stem[-4:] for step in act.steps] == [" (2)", " (3)", " (4)"]


def test_a_file_that_came_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    act = planned(made(tmp_path / "in", {"1.jpg": "a"}), tmp_path / "out")
    (tmp_path / "out" / "a").mkdir(parents=True)
    other = tmp_path / "out" / "a" / "1.jpg"
    other.write_bytes(b"other")
    _outcome, path = done(act)
    assert other.read_bytes() == b"other"
    assert (tmp_path / "out" / "a" / "1 (2).jpg").is_file()
    undone(path)
    assert list(contents(tmp_path / "out")) == ["a/1.jpg"]


def test_what_changed_stays_where_it_is(tmp_path: Path) -> None:
    predictions = made(tmp_path / "in", NAMES)
    act = planned(predictions, tmp_path / "out", how="move")
    (tmp_path / "in" / "2.jpg").write_bytes(b"another picture")
    (tmp_path / "in" / "3.jpg").unlink()
    outcome, path = done(act)
    assert [each.code for each in outcome.left] == ["act.changed", "act.gone"]
    (tmp_path / "out" / "a" / "1.jpg").write_bytes(b"edited")
    (tmp_path / "in" / "below" / "1.jpg").write_bytes(b"a new one")
    refused = undone(path)
    assert sorted(each.code for each in refused.left) == ["undo.changed", "undo.occupied"]
    assert (tmp_path / "out" / "a" / "1.jpg").read_bytes() == b"edited"
    assert (tmp_path / "in" / "below" / "1.jpg").read_bytes() == b"a new one"


def test_the_last_copy_is_kept(tmp_path: Path) -> None:
    _outcome, path = done(planned(made(tmp_path / "in", {"1.jpg": "a"}), tmp_path / "out"))
    (tmp_path / "in" / "1.jpg").unlink()
    assert [each.code for each in undone(path).left] == ["undo.original_gone"]
    assert (tmp_path / "out" / "a" / "1.jpg").is_file()


def test_a_move_to_another_disk_is_a_checked_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    predictions = made(tmp_path / "in", NAMES)
    before = contents(tmp_path)
    act = planned(predictions, tmp_path / "out", how="move")
    act = act._replace(steps=tuple(_across(step) for step in act.steps))
    outcome, path = done(act)
    assert outcome.done == 4
    assert read(path).entries[0].digest
    undone(path)
    assert contents(tmp_path) == before
    monkeypatch.setattr(moving.files, "digest", lambda path: "damaged")
    outcome, _path = done(act)
    assert (outcome.done, outcome.stopped and outcome.stopped.code) == (0, "act.not_placed")
    monkeypatch.undo()
    assert contents(tmp_path) == before


def _across(step: Any) -> Any:
    return msgspec.structs.replace(step, across=True)


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc")
@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "act.disk_full"), (errno.EROFS, "act.locked"), (errno.EPERM, "act.locked")],
)
def test_a_disk_that_refuses_ends_the_work_between_two_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    predictions = made(tmp_path / "in", NAMES)
    before = contents(tmp_path)
    real = os.fsync

    def fsync(handle: int) -> None:
        if Path(f"/proc/self/fd/{handle}").readlink().suffix == ".part":
            parts.append(handle)
            if len(parts) == 3:
                raise OSError(number, os.strerror(number))
        real(handle)

    parts: list[int] = []
    act = planned(predictions, tmp_path / "out")
    with Record.create(act.to) as record, monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        outcome = carry_out(act, record)
    assert outcome.stopped is not None
    assert outcome.stopped.code == code
    assert len(contents(tmp_path / "out")) == 2
    assert not list((tmp_path / "out").rglob("*.part"))
    with Record.open(record.path) as again:  # once there is room
        assert carry_on(again).stopped is None
    assert list(contents(tmp_path / "out")) == SORTED
    undone(record.path)
    assert contents(tmp_path) == before


def test_too_little_room_is_told_before_anything_is_done(tmp_path: Path) -> None:
    act = planned(made(tmp_path / "in", NAMES), tmp_path / "out")
    with pytest.raises(UserError, match="space") as raised:
        done(act._replace(needed=1 << 60))
    assert raised.value.code == "act.no_room"
    assert contents(tmp_path / "out") == {}


def test_the_user_ends_it_after_a_file(tmp_path: Path) -> None:
    def tell(done: int, total: int) -> None:
        if done == 2:
            raise Halted

    act = planned(made(tmp_path / "in", NAMES), tmp_path / "out", how="move")
    outcome, path = done(act, tell)
    assert (outcome.done, outcome.halted) == (2, True)
    with Record.open(path) as record:
        assert carry_on(record).done == 2
    assert list(contents(tmp_path / "out")) == SORTED


def test_what_was_ended_early_is_undone_without_a_trace_and_can_be_continued(
    tmp_path: Path,
) -> None:
    def tell(done: int, total: int) -> None:
        if done == 2:
            raise Halted

    predictions = made(tmp_path / "in", NAMES)
    before = contents(tmp_path)
    _outcome, path = done(planned(predictions, tmp_path / "out", how="move"), tell)
    with Record.open(path) as record:
        assert undo(record).done == 2 and path.exists()  # Windows deletes nothing that is open
    assert contents(tmp_path) == before and not (tmp_path / "out").exists()
    assert [act.waiting for act in past.acts()] == [2]
    with Record.open(path) as record:
        assert carry_on(record).done == 2
    undone(path)
    assert contents(tmp_path) == before and not (tmp_path / "out").exists()


KILLED = '''
import os, random, sys
from pathlib import Path
from tests.core.acting.made_acts import contents, made, planned
from transfergui.core.acting.carry_out import carry_on, carry_out
from transfergui.core.acting.record import Record
from transfergui.core.acting.undo import undo

os.fsync = lambda handle: None
base, how, stride = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
NAMES = {"1.jpg": "a", "2.jpg": "b", "below/1.jpg": "a", "3.jpg": "?"}
if how.endswith("-fat"):  # a disk without hard links

    def link(source, target):
        raise PermissionError(1, "Operation not permitted")

    os.link, how = link, how.removesuffix("-fat")


def dying(at, work):
    """Whether ``work`` was killed at the so many-th line of this package, as by kill -9."""
    child = os.fork()
    if child:
        return os.WEXITSTATUS(os.waitpid(child, 0)[1]) == 9
    left = at

    def trace(frame, event, arg):
        nonlocal left
        if "core/acting" not in frame.f_code.co_filename:
            return None
        left -= 1
        if left < 0:
            os._exit(9)
        return trace

    sys.settrace(trace)
    work()
    os._exit(0)


def act(folder, predictions):
    kind = how.removesuffix("-across")
    found = planned(predictions, folder / "out", how=kind, sidecars="copies")
    if how == "move-across":
        import msgspec
        steps = tuple(
            msgspec.structs.replace(each, across=True) if each.kind == "move" else each
            for each in found.steps
        )
        found = found._replace(steps=steps)
    return found


def records(folder):
    """Those with a first line: before it, nothing is done."""
    found = (folder / "out").glob(".transfergui-sort-*.jsonl")
    return [path for path in found if path.stat().st_size]


def opened(path, work):
    with Record.open(path) as record:
        return work(record)


at, killed, chance = 0, 0, random.Random(how)
while True:
    folder = base / str(at)
    predictions = made(folder / "in", NAMES)
    before, steps = contents(folder), act(folder, predictions)

    def work():
        with Record.create(steps.to) as record:
            carry_out(steps, record)

    died = dying(at, work)
    killed += died
    found = records(folder)
    for path in found:
        if at % 2:
            opened(path, carry_on)
            after = sorted(contents(folder / "out"))
            assert len([n for n in after if n.endswith(".jpg")]) in (0, 4), (at, after)
        for _twice in range(2):  # undoing is killed, too
            killed += dying(chance.randrange(400), lambda: opened(path, undo))
        outcome = opened(path, undo)
        assert not outcome.left, (at, outcome.left)
    assert contents(folder) == before, (at, before, contents(folder))
    assert not list(folder.rglob("*.part")), at
    if not died:
        break
    at += stride
print(killed)
'''


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize(
    ("how", "stride"), [("copy", 181), ("move", 151), ("move-across", 193), ("move-fat", 167)]
)
def test_killed_at_any_line_nothing_is_lost(tmp_path: Path, how: str, stride: int) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path), how, str(stride)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=200)
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) > 8


@pytest.mark.parametrize("how", ["copy", "link"])
@pytest.mark.parametrize("original", ["link", "folder", "edited"])
def test_a_copy_with_the_only_bytes_is_kept(tmp_path: Path, how: str, original: str) -> None:
    _outcome, path = done(planned(made(tmp_path / "in", {"1.jpg": "a"}), tmp_path / "out", how=how))
    source, copy = tmp_path / "in" / "1.jpg", tmp_path / "out" / "a" / "1.jpg"
    source.unlink()
    if original == "link":
        source.symlink_to(copy)
    elif original == "folder":
        source.parent.rmdir()
        source.parent.symlink_to(copy.parent)
    else:
        source.write_bytes(b"edited")
    changed = "undo.original_changed" if how == "copy" else "undo.changed"
    code = changed if original == "edited" else "undo.leads_here"
    assert [each.code for each in undone(path).left] == [code]
    assert copy.read_bytes() == b"1.jpg" * 50


def test_a_copy_is_deleted_where_its_original_became_a_hard_link_to_it(tmp_path: Path) -> None:
    _outcome, path = done(planned(made(tmp_path / "in", {"1.jpg": "a"}), tmp_path / "out"))
    source, copy = tmp_path / "in" / "1.jpg", tmp_path / "out" / "a" / "1.jpg"
    source.unlink()
    os.link(copy, source)
    assert undone(path).done == 1
    assert source.read_bytes() == b"1.jpg" * 50


@pytest.mark.parametrize("linked", ["folder", "file"])
@pytest.mark.parametrize("killed", [False, True])
def test_a_moved_file_that_its_old_place_leads_to_is_kept(
    tmp_path: Path, linked: str, killed: bool
) -> None:
    act = planned(made(tmp_path / "in", {"1.jpg": "a"}), tmp_path / "out", how="move")
    _outcome, path = done(act)
    source, target = tmp_path / "in" / "1.jpg", tmp_path / "out" / "a" / "1.jpg"
    if linked == "file":
        source.symlink_to(target)
    else:
        source.parent.rmdir()
        source.parent.symlink_to(target.parent)
    if killed:  # before the line that says that it is done
        lines = path.read_text().splitlines(keepends=True)
        path.write_text("".join(line for line in lines if not line.startswith('{"done"')))
    assert [each.code for each in undone(path).left] == ["undo.leads_here"]
    assert target.read_bytes() == b"1.jpg" * 50


@pytest.mark.skipif(os.name == "nt", reason="there, renaming is another call")
@pytest.mark.parametrize("how", ["move", "link"])
def test_places_of_one_disk_between_which_nothing_can_be_linked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    def link(source: Any, target: Any) -> None:
        if Path(source).parent != Path(target).parent:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        real(source, target)

    real = os.link
    predictions = made(tmp_path / "in", NAMES)
    before = contents(tmp_path)
    monkeypatch.setattr(os, "link", link)
    outcome, path = done(planned(predictions, tmp_path / "out", how=how))
    assert outcome.stopped is None
    if how == "link":
        assert {each.code for each in outcome.left} == {"act.not_linked"}
    else:
        assert list(contents(tmp_path)) == [f"out/{name}" for name in SORTED]
    assert undone(path).left == []
    assert contents(tmp_path) == before


@pytest.mark.parametrize("how", ["copy", "move"])
def test_a_number_goes_behind_a_shorter_name(tmp_path: Path, how: str) -> None:
    name = "ü" * 120 + "x" * 11 + ".jpg"
    predictions = made(tmp_path / "in", {name: "a", "2.jpg": "a"})
    (tmp_path / "out" / "a").mkdir(parents=True)
    (tmp_path / "out" / "a" / name).write_bytes(b"other")
    before = contents(tmp_path)
    act = planned(predictions, tmp_path / "out", how=how, sidecars="copies")
    outcome, path = done(act)
    assert (outcome.done, outcome.left, outcome.stopped) == (4, [], None)
    assert (tmp_path / "out" / "a" / ("ü" * 120 + "x" * 7 + " (2).jpg")).is_file()
    undone(path)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("how", ["copy", "move"])
def test_one_file_that_cannot_be_placed_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    def place(source: Path, target: Path) -> None:
        if target.name == "2.jpg":
            with moving._into(target.parent):
                raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG))
        real(source, target)

    real = moving._place
    predictions = made(tmp_path / "in", NAMES)
    before = contents(tmp_path)
    monkeypatch.setattr(moving, "_place", place)
    outcome, path = done(planned(predictions, tmp_path / "out", how=how))
    assert (outcome.done, [each.code for each in outcome.left]) == (3, ["act.not_moved"])
    assert (tmp_path / "in" / "2.jpg").is_file()
    assert undone(path).done == 3
    assert contents(tmp_path) == before


def test_one_locked_file_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unlink(path: Path, missing_ok: bool = False) -> None:
        if path == tmp_path / "in" / "2.jpg":
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
        real(path, missing_ok)

    real = Path.unlink
    predictions = made(tmp_path / "in", NAMES)
    before = contents(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", unlink)
        outcome, path = done(planned(predictions, tmp_path / "out", how="move"))
    assert (outcome.done, [each.code for each in outcome.left]) == (3, ["act.not_moved"])
    assert undone(path).done == 3
    assert contents(tmp_path) == before


def test_of_two_acts_the_later_is_undone_first(tmp_path: Path) -> None:
    predictions = made(tmp_path / "in", NAMES)
    before = contents(tmp_path)
    act = planned(predictions, tmp_path / "out", how="move")
    _outcome, first = done(act)
    moved = [
        msgspec.structs.replace(step, kind="rename", source=step.target, target=f"{step.target}.x")
        for step in act.steps[:2]
    ]
    _outcome, second = done(Act(tuple(moved)))
    left = undone(first).left
    assert {each.code for each in left} == {"undo.moved_on"}
    assert len(left) == 2
    assert undone(second).done == 2
    assert undone(first).left == []
    assert contents(tmp_path) == before
