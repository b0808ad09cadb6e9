"""Runs: the directory is the only record, and survives crashes, other processes and undo."""

import errno
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from tests.core.runs.test_events import EVENTS, STARTED
from transfergui.core.base import files, lock_marks, locks, paths
from transfergui.core.base.errors import UserError
from transfergui.core.data import split as splits
from transfergui.core.data.dataset import DataOptions, Sample
from transfergui.core.data.split import Split
from transfergui.core.recipe import Recipe
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run, list_runs

RECIPE = Recipe(name="beetles", backbone="mobilenet_v2", data=DataOptions(path="/data/beetles"))
SPLIT = Split(
    root="/data/beetles",
    modality="image",
    classes=("a", "b\udcff"),
    train=(Sample("a/1\udcff.png", 0, 10), Sample("b/甲\n虫.png", 1, 20, group="x")),
    val=(Sample("a/2.png", 0, 30, split="val"),),
    test=(Sample("../test/a/3.png", 0, 40),),
    seed=3,
    method="split.random",
)


def refused(code: str) -> pytest.RaisesExc:
    return pytest.raises(UserError, check=lambda error: error.code == code)


@pytest.fixture
def run() -> Run:
    return Run.create(RECIPE, SPLIT)


# -- making and finding


def test_create_keeps_recipe_split_and_environment(run: Run) -> None:
    assert run.recipe == RECIPE
    assert run.split == SPLIT
    assert json.loads((run.path / "environment.json").read_text())["python"]
    assert run.path.parent == paths.runs_dir()
    assert "beetles_mobilenet_v2" in run.path.name


def test_a_run_is_called_as_the_user_says(run: Run) -> None:
    assert (run.name, run.called(run.recipe)) == ("", "beetles")
    recipe, began = (run.path / "recipe.json").read_bytes(), run.began
    assert run.rename("  Käfer,\tbest\n") == "Käfer, best"
    assert (run.name, run.called(run.recipe)) == ("Käfer, best", "Käfer, best")
    assert (run.path / "name.txt").read_text(encoding="utf-8") == "Käfer, best\n"
    assert ((run.path / "recipe.json").read_bytes(), run.began) == (recipe, began)
    assert run.split == SPLIT
    assert Run.restore(run.discard()).name == "Käfer, best"


@pytest.mark.parametrize(("name", "code"), [(" \n ", "run.no_name"), ("é" * 81, "run.long_name")])
def test_names_that_a_run_cannot_have(run: Run, name: str, code: str) -> None:
    run.rename("before")
    with refused(code):
        run.rename(name)
    assert run.name == "before"


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"x" * 5000, b"y" * 100])
def test_a_name_that_cannot_be_read_is_none(run: Run, content: bytes) -> None:
    (run.path / "name.txt").write_bytes(content)
    assert run.name == ""
    assert run.called(run.recipe) == "beetles"


def test_undecodable_names_survive_in_split_json(tmp_path: Path) -> None:
    SPLIT.save(tmp_path / "split.json")
    assert (tmp_path / "split.json").read_bytes().isascii()
    assert splits.load(tmp_path / "split.json") == SPLIT
    assert os.fsencode(SPLIT.train[0].path) == b"a/1\xff.png"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"root": 3}', "[" * 100_000])
def test_a_damaged_split_is_refused(text: str, run: Run) -> None:
    (run.path / "split.json").write_text(text)
    with refused("run.damaged"):
        _ = run.split


def test_runs_of_the_same_name_get_numbers() -> None:
    names = [Run.create(RECIPE, SPLIT).path.name for _ in range(3)]
    assert [name.rpartition("_")[2] for name in names] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("strategy", "called"), [("auto", "recommended"), ("soup", "together"), ("fine_tuning", "net")]
)
def test_a_run_is_called_by_its_network_or_by_what_is_to_find_one(
    strategy: str, called: str
) -> None:
    recipe = RECIPE.replace(name="cats", backbone="net", strategy=strategy)
    assert f"_cats_{called}_" in Run.create(recipe, SPLIT).path.name


def test_any_name_makes_a_folder_below_the_runs() -> None:
    for name in ("../../etc", "a/b", "\udcff", "虫" * 300, "...", "con\n"):
        run = Run.create(RECIPE.replace(name=name), SPLIT)
        assert run.path.parent == paths.runs_dir()
        assert run.recipe.name == name


def test_create_at_a_place_of_ones_own(tmp_path: Path) -> None:
    run = Run.create(RECIPE, SPLIT, tmp_path / "deep" / "run")
    assert Run.open(tmp_path / "deep" / "run").recipe == run.recipe
    with refused("run.exists"):
        Run.create(RECIPE, SPLIT, run.path)
    (tmp_path / "file").write_text("x")
    with refused("run.exists"):
        Run.create(RECIPE, SPLIT, tmp_path / "file")


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with refused("run.not_writable"):
        Run.create(RECIPE, SPLIT, tmp_path / "file" / "run")


def test_open_refuses_what_is_no_run(tmp_path: Path) -> None:
    with refused("run.missing"):
        Run.open(tmp_path)
    with refused("run.missing"):
        Run.open(tmp_path / "nowhere")


def test_a_search_that_has_chosen_did_not_begin_just_now(run: Run) -> None:
    later = Run.create(run.recipe, run.split)
    for path in run.path.iterdir():
        os.utime(path, (1000, 1000))
    run.adopt(run.recipe.replace(run__epochs=3))
    assert run.began == 1000
    assert [each.path for each in list_runs()] == [later.path, run.path]


def test_list_is_newest_first() -> None:
    assert list_runs() == []
    older, newer = Run.create(RECIPE, SPLIT), Run.create(RECIPE, SPLIT)
    os.utime(older.path / "recipe.json", (1, 1))
    (paths.runs_dir() / "not a run").mkdir()
    assert [run.path for run in list_runs()] == [newer.path, older.path]


# -- what happened


def test_events_are_recorded_in_order(run: Run) -> None:
    for event in EVENTS:
        run.record(event)
    assert list(run.events()) == EVENTS
    assert run.history().started == STARTED


def test_a_run_without_events_has_none(run: Run) -> None:
    assert list(run.events()) == []
    assert run.report() == {}


def test_a_line_cut_off_by_a_crash_is_passed_over(run: Run) -> None:
    run.record(STARTED)
    run.record(ev.Saved(kind="last", epoch=1))
    log = run.path / "events.jsonl"
    log.write_bytes(log.read_bytes()[:-10])
    run.record(STARTED)  # resumed
    run.record(ev.Saved(kind="last", epoch=2))
    assert list(run.events()) == [STARTED, STARTED, ev.Saved(kind="last", epoch=2)]


def test_a_failing_log_never_stops_a_training(run: Run) -> None:
    (run.path / "events.jsonl").mkdir()
    run.record(STARTED)


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "\xff", "[]", '{"accuracy": "high"}', '{"accuracy": NaN}'),
        *('{"accuracy": 1e308}', '{"interval": {"low": 1e999}}', "[" * 100_000, '{"n": -1}'),
    ],
)
def test_a_damaged_report_is_a_sentence(text: str, run: Run) -> None:
    """It was taken for none, so that a figure that is text reached the window."""
    assert run.report() == {}
    (run.path / "report.json").write_bytes(text.encode("latin-1"))
    with refused("run.damaged") as caught:
        run.report()
    assert "report.json" in str(caught.value)


# -- stopping


def test_stop_file(run: Run) -> None:
    assert run.stop_requested() is None
    run.request_stop("finish")
    assert run.stop_requested() == "finish"
    run.request_stop("cancel")
    assert run.stop_requested() == "cancel"
    run.clear_stop()
    assert run.stop_requested() is None
    run.clear_stop()


def test_what_is_asked_before_a_training_begins_is_not_forgotten(run: Run) -> None:
    run.request_stop("cancel")  # of an earlier training
    run.heed_stops()
    run.clear_stop()
    assert run.stop_requested() is None
    for before in ("nothing", "cancel"):
        if before == "cancel":
            run.request_stop("cancel")
        run.heed_stops()
        Run(run.path).request_stop("finish")
        with run.claimed():
            run.clear_stop()
            assert run.stop_requested() == "finish"
            run.clear_stop()
            assert run.stop_requested() is None


def test_a_stop_file_made_by_hand_means_finish(run: Run) -> None:
    (run.path / "stop").touch()
    assert run.stop_requested() == "finish"


# -- one process at a time

HOLD = """
import sys, time
from pathlib import Path
from transfergui.core.runs.run import Run
with Run(Path(sys.argv[1])).claimed():
    print("held", flush=True)
    sys.stdin.read()
"""


def hold(run: Run) -> subprocess.Popen[str]:
    """Another process that holds ``run`` until its standard input ends."""
    command = [sys.executable, "-c", HOLD, str(run.path)]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def test_a_run_is_held_by_one_process(run: Run) -> None:
    with hold(run) as holder:
        assert run.active()
        with pytest.raises(UserError) as caught, run.claimed():
            pass
        assert caught.value.code == "run.busy"
        assert caught.value.note.values == {"pid": holder.pid, "host": platform.node()}
        holder.communicate(timeout=30)
    assert not run.active()
    with run.claimed():
        assert run.active()


def test_a_killed_process_holds_nothing(run: Run) -> None:
    with hold(run) as holder:
        holder.kill()
        holder.communicate(timeout=30)
    assert (run.path / "lock").exists()
    assert not run.active()
    with run.claimed():
        pass
    assert not (run.path / "lock").exists()


def test_what_a_killed_process_has_half_written_is_removed(run: Run) -> None:
    """Checkpoints may be hundreds of MB."""
    run.checkpoints.mkdir()
    half, last = run.checkpoints / ".last.pt.4711.0123456789ab.part", run.checkpoints / "last.pt"
    for path in (half, last):
        path.touch()
    with run.claimed():
        assert list(run.checkpoints.iterdir()) == [last]


def test_it_is_not_claimed_twice_in_one_process_either(run: Run) -> None:
    with run.claimed(), refused("run.busy"), run.claimed():
        pass


def test_a_number_that_was_used_again_holds_nothing(run: Run) -> None:
    """After a restart of the machine, another program has the number of the one that died."""
    (run.path / "lock").write_text(f"{os.getpid()} {platform.node()}")
    assert not run.active()
    with run.claimed():
        pass


@pytest.mark.parametrize("text", ["", "garbage", "0 0", "-1 5", "99999999999999999999 1", "1 x"])
def test_a_damaged_lock_holds_nothing(text: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though another computer may be just about to write who holds it."""
    monkeypatch.setattr(lock_marks, "UNMARKED", 0.05)
    monkeypatch.setattr(locks, "SETTLE", 0.05)
    (run.path / "lock").write_text(text)
    with run.claimed():
        assert run.active()


CLAIM = """
import sys, time
from pathlib import Path
from transfergui.core.base.errors import UserError
from transfergui.core.recipe import Recipe
from transfergui.core.runs.run import Run
from transfergui.core.data.split import Split
claims = {claims}
print("ready", flush=True)
for line in sys.stdin:
    print("in" if claims(Path(line.strip())) else "out", flush=True)
"""
CLAIMED = """
def claims(path):
    claimed = Run(path).claimed()
    try:
        claimed.__enter__()
    except UserError as error:
        assert error.code == "run.busy", error
        return False
    kept.append(claimed)
    return True
kept = []
"""
MADE = """
def claims(path):
    try:
        Run.create(Recipe(), Split("", "image", (), (), (), (), 0, ""), path)
    except UserError as error:
        assert error.code == "run.exists", error
        return False
    return True
"""


def winners(program: str, folders: list[Path]) -> list[int]:
    """How many of three processes that want each folder at one moment get it."""
    code = CLAIM.replace("claims = {claims}", program)
    command = [sys.executable, "-c", code]
    made = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    try:
        for process in made:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        return [_race(made, folder) for folder in folders]
    finally:
        for process in made:
            process.communicate(timeout=30)


def _race(processes: list[subprocess.Popen[str]], folder: Path) -> int:
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(f"{folder}\n")
    for process in processes:
        assert process.stdin is not None
        process.stdin.flush()
    lines = [process.stdout.readline() for process in processes if process.stdout]
    return lines.count("in\n")


def test_of_three_that_claim_a_stale_lock_at_once_one_gets_it(tmp_path: Path) -> None:
    folders = [tmp_path / str(number) for number in range(30)]
    for folder in folders:
        folder.mkdir()
        (folder / "lock").write_text(f"99999999 {platform.node()}")
    assert winners(CLAIMED, folders) == [1] * 30


def test_of_three_that_make_one_run_at_once_one_does(tmp_path: Path) -> None:
    folders = [tmp_path / str(number) for number in range(20)]
    assert winners(MADE, folders) == [1] * 20
    assert not list(tmp_path.glob("*/.making"))


def test_a_clock_that_was_set_frees_nothing(run: Run) -> None:
    """The lock is the system's, whatever time it is said to be."""
    with hold(run) as holder:
        (run.path / "lock").write_text("")
        os.utime(run.path / "lock", (1, 1))
        with refused("run.busy"), run.claimed():
            pass
        holder.communicate(timeout=30)


def test_without_locks_the_file_is_one(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(handle: int, shared: bool) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(locks, "_lock_system", unsupported)
    with run.claimed():
        assert run.active()
        with refused("run.busy") as caught, run.claimed():
            pass
    assert caught.value.note.values["host"] == platform.node()
    assert not (run.path / "lock").exists()
    with run.claimed():
        pass


def no_space(*args: object, **named: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_stop_needs_no_disk(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "write_atomic", no_space)
    with refused("run.not_writable"):
        run.request_stop("finish")  # nobody trains it here, and nobody can be told
    with run.claimed():
        Run(run.path).request_stop("finish")
        assert run.stop_requested() == "finish"
        run.request_stop("cancel")
        assert run.stop_requested() == "cancel"
        run.clear_stop()
        assert run.stop_requested() is None
        run.request_stop("cancel")
    assert run.stop_requested() is None


def test_a_lock_that_cannot_be_made_is_no_bug(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(locks.os, "open", no_space)
        with refused("run.not_writable"), run.claimed():
            pass
    with monkeypatch.context() as patch:  # who holds it need not be written
        patch.setattr(locks.os, "write", no_space)
        with run.claimed():
            assert run.active()


@pytest.mark.parametrize("name", ["虫" * 48, "é" * 200, "x" * 300, "🪲" * 90])
def test_long_names_are_cut_by_their_bytes(name: str) -> None:
    run = Run.create(RECIPE.replace(name=name, backbone=f"/{name}.pth"), SPLIT)
    assert name[:20] in run.path.name or name[0] == "🪲"
    assert len(os.fsencode(run.discard().name)) <= 255


# -- deleting, with undo


def test_discard_and_restore(run: Run) -> None:
    trashed = run.discard()
    assert list_runs() == []
    assert not run.path.exists()
    assert Run.restore(trashed).path == run.path
    assert [each.path for each in list_runs()] == [run.path]


def test_restore_where_the_name_was_taken_meanwhile() -> None:
    first = Run.create(RECIPE, SPLIT)
    trashed = first.discard()
    second = Run.create(RECIPE, SPLIT)
    assert second.path == first.path
    restored = Run.restore(trashed)
    assert restored.path.parent == paths.runs_dir()
    assert restored.recipe == RECIPE
    assert len(list_runs()) == 2


def test_two_runs_of_one_name_can_be_discarded() -> None:
    trashed = {Run.create(RECIPE, SPLIT).discard() for _ in range(2)}
    assert len(trashed) == 2


def test_a_run_that_is_gone_cannot_be_claimed(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not the folder") as caught, Run(tmp_path / "x").claimed():
        pass
    assert caught.value.code == "run.missing"


# -- what killed processes leave


def test_a_run_that_was_half_made_is_made_anew(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """kill -9 amid ``train --out``: the same command works again."""
    monkeypatch.setattr(lock_marks, "UNMARKED", 0.05)  # the lock says nothing of its holder
    monkeypatch.setattr(locks, "SETTLE", 0.05)
    half = tmp_path / "half"
    half.mkdir()
    left = (".making", "split.json", "environment.json", ".recipe.json.12.0123456789ab.part")
    for name in left:
        (half / name).write_text("{")
    made = Run.create(run.recipe, run.split, half)
    assert made.split == run.split
    assert {path.name for path in half.iterdir()} == {
        "recipe.json",
        "split.json",
        "environment.json",
    }
    with refused("run.exists"):
        Run.create(run.recipe, run.split, half)


@pytest.mark.parametrize("name", ["notes.txt", "recipe.json", "x.part"])
def test_a_folder_with_anything_else_is_not_taken(run: Run, tmp_path: Path, name: str) -> None:
    half = tmp_path / "half"
    half.mkdir()
    for each in (".making", "split.json", name):
        (half / each).write_text("mine")
    with refused("run.exists"):
        Run.create(run.recipe, run.split, half)
    assert (half / "split.json").read_text() == "mine"
    (half / ".making").unlink()
    (half / name).unlink()
    with refused("run.exists"):  # a split without a marker is somebody's own
        Run.create(run.recipe, run.split, half)


def test_who_holds_a_run_clears_what_killed_ones_left(run: Run) -> None:
    run.checkpoints.mkdir()
    name = ".last.pt.12.0123456789ab.part"
    asked = run.path / ".stop.34.0123456789ab.part"  # by a process that asks for a stop now
    kept = [asked, run.path / "mine.part", run.checkpoints / ".hidden.part"]
    gone = [run.path / ".making", run.path / name, run.checkpoints / name]
    for path in (*kept, *gone):
        path.write_text("x")
    with run.claimed():
        assert [path.exists() for path in kept] == [True] * 3
        assert [path.exists() for path in gone] == [False] * 3
