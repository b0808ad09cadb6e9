"""The state machine: what every call does in every state."""

import operator
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from tests.conftest import make_tiny_pictures
from tests.gui.conftest import FakeTrainer, end, open_data, rest, user_error
from transfergui.core import registry
from transfergui.core.app.samples import catalogue as samples
from transfergui.core.base.errors import UserError
from transfergui.core.reading import scanning
from transfergui.core.recipe import Recipe
from transfergui.core.runs import events as ev
from transfergui.core.runs import run as runs
from transfergui.core.runs.run import Run, list_runs
from transfergui.gui.base import tasks
from transfergui.gui.session import loading
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import Message, State


@pytest.fixture
def messages(session: Session) -> list[Message]:
    """The sentences that were said, without those that take one away."""
    said: list[Message] = []
    session.message.connect(lambda message: message.text and said.append(message))
    return said


@pytest.fixture
def states(session: Session) -> list[State]:
    passed: list[State] = []
    session.state_changed.connect(passed.append)
    return passed


def collected(signal: Any) -> list[Any]:
    """What ``signal`` emits from now on."""
    values: list[Any] = []
    signal.connect(values.append)
    return values


def seeded(recipe: Recipe, seed: int) -> Recipe:
    return msgspec.structs.replace(recipe, run=msgspec.structs.replace(recipe.run, seed=seed))


def excluding(session: Session, *paths: str) -> Recipe:
    data = msgspec.structs.replace(session.recipe.data, exclude=paths)
    return msgspec.structs.replace(session.recipe, data=data)


def train(qtbot: QtBot, session: Session) -> Run:
    session.start_training()
    rest(qtbot, session)
    assert session.run is not None
    return session.run


def begin(qtbot: QtBot, session: Session, trainer: FakeTrainer) -> None:
    """Start a training that goes on until it is let go or stopped."""
    trainer.hold.clear()
    session.start_training()
    qtbot.waitUntil(lambda: session.history.started is not None and session.run is not None)


# -- opening


def test_opening_a_folder_scans_splits_and_resolves(
    qtbot: QtBot, session: Session, states: list[State], pictures: Path
) -> None:
    open_data(qtbot, session, pictures)
    assert states == [State.SCANNING, State.READY]
    assert session.dataset is not None
    assert session.dataset.classes == ("class_0", "class_1")
    assert session.split is not None
    assert sum(session.split.sizes().values()) == 24
    assert session.plan is not None
    assert session.obstacle == ""


def test_nothing_there_is_said_in_the_card_of_the_dataset(
    qtbot: QtBot, session: Session, messages: list[Message], tmp_path: Path
) -> None:
    session.open_data(tmp_path / "nowhere")
    rest(qtbot, session)
    assert session.state is State.EMPTY
    assert [m.panel for m in messages] == ["dataset"]
    assert "nowhere" in messages[0].text


def test_what_was_open_stays_when_the_next_folder_cannot_be_opened(
    qtbot: QtBot, ready: Session, tmp_path: Path
) -> None:
    before = ready.dataset, ready.recipe
    ready.open_data(tmp_path / "nowhere")
    rest(qtbot, ready)
    assert ready.state is State.READY
    assert (ready.dataset, ready.recipe) == before


@pytest.mark.parametrize("place", ["scan", "derive"])
def test_a_bug_while_opening_is_reported_and_what_was_open_stays(
    qtbot: QtBot,
    ready: Session,
    tmp_path: Path,
    bugs: list[str],
    monkeypatch: pytest.MonkeyPatch,
    place: str,
) -> None:
    """The scan must not seem to go on behind the error dialog."""

    def broken(*_given: object) -> None:
        raise ValueError("max() arg is an empty sequence")

    before = ready.dataset
    other = make_tiny_pictures(tmp_path / "other")
    with monkeypatch.context() as patch:
        if place == "scan":
            patch.setattr(scanning, "_inspect", broken)
        else:
            patch.setattr(loading, "split", broken)
        ready.open_data(other)
        rest(qtbot, ready)
    assert "empty sequence" in bugs[0]
    assert ready.state is State.READY
    assert ready.dataset is before
    ready.open_data(other)
    rest(qtbot, ready)
    assert ready.dataset is not None and ready.dataset.source == other
    assert ready.plan is not None


def test_equal_folders_are_refused_in_a_sentence(
    qtbot: QtBot, session: Session, messages: list[Message], tmp_path: Path
) -> None:
    folder = make_tiny_pictures(tmp_path / "same", classes=1)
    shutil.copytree(folder / "class_0", folder / "class_1")
    session.open_data(folder)
    rest(qtbot, session)
    assert session.state is State.EMPTY
    assert "24 are left out" in messages[-1].text


def test_one_class_cannot_be_learnt_from_and_says_so(
    qtbot: QtBot, session: Session, messages: list[Message], tmp_path: Path
) -> None:
    open_data(qtbot, session, make_tiny_pictures(tmp_path / "one", classes=1))
    assert session.plan is None
    assert session.plan_error is not None
    assert session.plan_error.code == "data.one_class"
    assert session.obstacle == str(session.plan_error) == messages[-1].text
    session.start_training()
    assert session.state is State.READY


def test_opening_while_scanning_scans_the_new_folder_instead(
    qtbot: QtBot, session: Session, pictures: Path, tmp_path: Path
) -> None:
    other = make_tiny_pictures(tmp_path / "other", classes=3)
    session.open_data(pictures)
    session.open_data(other)
    rest(qtbot, session)
    assert session.dataset is not None
    assert session.dataset.source == other


def test_a_cancelled_scan_leaves_what_was_open(
    qtbot: QtBot, ready: Session, tmp_path: Path
) -> None:
    before = ready.dataset
    ready.open_data(make_tiny_pictures(tmp_path / "other"))
    ready.cancel_scan()
    assert ready.state is State.READY
    rest(qtbot, ready)
    assert ready.dataset is before


def test_a_cancelled_first_scan_leaves_nothing(
    qtbot: QtBot, session: Session, states: list[State], pictures: Path
) -> None:
    session.open_data(pictures)
    session.cancel_scan()
    rest(qtbot, session)
    assert states == [State.SCANNING, State.EMPTY]
    assert session.dataset is None


# -- settings


def test_undo_and_redo_walk_through_recipes(ready: Session) -> None:
    first = ready.recipe
    ready.change(seeded(first, 1), "Change the seed")
    ready.change(seeded(first, 2), "Change it again")
    assert ready.undo_stack.undo_text == "Change it again"
    ready.undo_stack.undo()
    assert ready.recipe.run.seed == 1
    assert ready.undo_stack.redo_text == "Change it again"
    ready.undo_stack.undo()
    assert ready.recipe == first
    assert ready.undo_stack.undo_text == ""
    ready.undo_stack.redo()
    assert ready.recipe.run.seed == 1
    ready.change(seeded(first, 3), "Something else")
    assert ready.undo_stack.redo_text == ""


def test_changes_of_a_slider_are_one_step_of_undo(ready: Session) -> None:
    first = ready.recipe
    for seed in (5, 6, 7):
        ready.change(seeded(first, seed), "Move", merge=True)
    ready.undo_stack.undo()
    assert ready.recipe == first


def test_a_change_that_changes_nothing_cannot_be_undone(ready: Session) -> None:
    ready.change(ready.recipe, "Nothing")
    assert ready.undo_stack.undo_text == ""


def test_excluding_needs_no_new_scan(
    qtbot: QtBot, ready: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_scan(*args: object, **named: object) -> None:
        raise AssertionError("scanned again")

    monkeypatch.setattr(type(registry.modality("image")), "scan", no_scan)
    ready.change(excluding(ready, "class_0/00.png"), "Exclude a picture")
    rest(qtbot, ready)
    assert ready.dataset is not None
    assert len(ready.dataset.samples) == 23
    ready.undo_stack.undo()
    rest(qtbot, ready)
    assert len(ready.dataset.samples) == 24


def test_relabelling_changes_the_classes(qtbot: QtBot, ready: Session) -> None:
    data = msgspec.structs.replace(ready.recipe.data, relabel={"class_0/00.png": "other"})
    ready.change(msgspec.structs.replace(ready.recipe, data=data), "Relabel")
    rest(qtbot, ready)
    assert ready.dataset is not None
    assert ready.dataset.classes == ("class_0", "class_1", "other")
    assert ready.dataset.counts() == [11, 12, 1]


def test_another_seed_makes_another_split(qtbot: QtBot, ready: Session) -> None:
    before = ready.split
    ready.change(seeded(ready.recipe, 9), "Change the seed")
    rest(qtbot, ready)
    assert ready.split is not None
    assert ready.split != before
    assert ready.plan is not None
    assert ready.plan.split is ready.split


def test_a_setting_that_does_not_fit_names_itself(ready: Session) -> None:
    broken = msgspec.structs.replace(ready.recipe, options={"passes": -1})
    ready.change(broken, "Break it")
    assert ready.plan is None
    assert ready.plan_error is not None
    assert ready.plan_error.note.values["path"] == "options.passes"
    ready.undo_stack.undo()
    assert ready.plan is not None


def test_a_change_of_the_path_opens_it(qtbot: QtBot, session: Session, pictures: Path) -> None:
    session.change(Recipe().replace(data__path=str(pictures), run__seed=4), "Take a recipe")
    rest(qtbot, session)
    assert session.dataset is not None
    assert session.recipe.run.seed == 4
    assert session.recipe.data.path == str(pictures)


def test_opening_forgets_the_corrections_of_what_was_open(
    qtbot: QtBot, ready: Session, tmp_path: Path
) -> None:
    ready.change(excluding(ready, "class_0/00.png"), "Exclude a picture")
    open_data(qtbot, ready, make_tiny_pictures(tmp_path / "other"))
    assert ready.recipe.data.exclude == ()
    assert ready.undo_stack.undo_text == ""


# -- training


def test_training_reports_into_the_history(
    qtbot: QtBot, ready: Session, states: list[State]
) -> None:
    arrived = collected(ready.event_arrived)
    runs = collected(ready.run_changed)
    run = train(qtbot, ready)
    assert states == [State.TRAINING, State.READY]
    assert len(ready.history.epochs) == FakeTrainer.EPOCHS
    assert [type(e).__name__ for e in arrived][-1] == "Finished"
    assert runs == [None, run, run]
    assert ready.plan is not None
    assert run.recipe == ready.plan.recipe
    assert len(run.history().epochs) == FakeTrainer.EPOCHS


def test_a_double_click_on_train_trains_once(
    qtbot: QtBot, ready: Session, trainer: FakeTrainer
) -> None:
    ready.start_training()
    ready.start_training()
    rest(qtbot, ready)
    assert trainer.started == 1
    assert len(list_runs()) == 1


def test_train_right_after_an_edit_waits_for_the_split(
    qtbot: QtBot, ready: Session, trainer: FakeTrainer
) -> None:
    ready.change(excluding(ready, "class_0/00.png"), "Exclude a picture")
    ready.start_training()
    qtbot.waitUntil(lambda: trainer.started == 1)
    rest(qtbot, ready)
    run = ready.run
    assert run is not None
    assert trainer.started == 1
    assert sum(run.split.sizes().values()) == 23


@pytest.mark.parametrize(("how", "outcome"), [("finish", "stopped"), ("cancel", "cancelled")])
def test_stopping(
    qtbot: QtBot,
    ready: Session,
    trainer: FakeTrainer,
    states: list[State],
    how: Any,
    outcome: str,
) -> None:
    begin(qtbot, ready, trainer)
    ready.stop(how)
    ready.stop(how)
    rest(qtbot, ready)
    assert states == [State.TRAINING, State.STOPPING, State.READY]
    assert ready.history.outcome.outcome == outcome  # type: ignore[union-attr]


def test_stop_before_the_training_has_begun_is_not_lost(
    qtbot: QtBot, ready: Session, trainer: FakeTrainer
) -> None:
    trainer.hold.clear()
    ready.start_training()
    ready.stop("cancel")
    rest(qtbot, ready)
    assert ready.history.outcome.outcome == "cancelled"  # type: ignore[union-attr]


def test_cancel_after_stop_hurries_it(qtbot: QtBot, ready: Session, trainer: FakeTrainer) -> None:
    begin(qtbot, ready, trainer)
    ready.stop("finish")
    ready.stop("cancel")
    rest(qtbot, ready)
    assert not ready.training


def test_train_right_after_stop_begins_when_the_thread_has_ended(
    qtbot: QtBot, ready: Session, trainer: FakeTrainer, states: list[State]
) -> None:
    begin(qtbot, ready, trainer)
    ready.stop("finish")
    trainer.hold.set()
    ready.start_training()
    qtbot.waitUntil(lambda: trainer.started == 2)
    rest(qtbot, ready)
    assert trainer.most == 1
    assert states == [
        State.TRAINING,
        State.STOPPING,
        State.READY,
        State.TRAINING,
        State.READY,
    ]


def test_stop_takes_back_a_train_that_waits(
    qtbot: QtBot, ready: Session, trainer: FakeTrainer
) -> None:
    begin(qtbot, ready, trainer)
    ready.stop("finish")
    ready.start_training()
    ready.stop("finish")
    rest(qtbot, ready)
    assert trainer.started == 1


def test_opening_while_training_is_refused_with_a_sentence(
    qtbot: QtBot,
    ready: Session,
    trainer: FakeTrainer,
    messages: list[Message],
    tmp_path: Path,
) -> None:
    begin(qtbot, ready, trainer)
    before = ready.dataset
    ready.open_data(tmp_path)
    ready.open_run(tmp_path)
    assert [m.panel for m in messages] == ["dataset", "runs"]
    assert ready.state is State.TRAINING
    assert ready.dataset is before


def test_opening_while_stopping_happens_afterwards(
    qtbot: QtBot, ready: Session, trainer: FakeTrainer, tmp_path: Path
) -> None:
    other = make_tiny_pictures(tmp_path / "other", classes=3)
    begin(qtbot, ready, trainer)
    ready.stop("cancel")
    ready.open_data(other)
    qtbot.waitUntil(lambda: ready.dataset is not None and ready.dataset.source == other)
    rest(qtbot, ready)
    assert ready.state is State.READY


def test_an_edit_while_training_is_for_the_next_one(
    qtbot: QtBot, ready: Session, trainer: FakeTrainer
) -> None:
    begin(qtbot, ready, trainer)
    ready.change(excluding(ready, "class_0/00.png"), "Exclude a picture")
    qtbot.waitUntil(lambda: len(ready.dataset.samples) == 23)  # type: ignore[union-attr]
    assert ready.state is State.TRAINING
    assert ready.run is not None
    assert sum(ready.run.split.sizes().values()) == 24
    trainer.hold.set()
    rest(qtbot, ready)


def test_a_mistake_of_the_user_amid_the_training_is_a_sentence(
    qtbot: QtBot, ready: Session, trainer: FakeTrainer, messages: list[Message]
) -> None:
    trainer.error = user_error()
    train(qtbot, ready)
    assert messages == [Message("error", str(user_error()), "training")]


def test_a_bug_amid_the_training_is_reported_and_survived(
    qtbot: QtBot, ready: Session, trainer: FakeTrainer, bugs: list[str]
) -> None:
    trainer.error = SystemExit("as a library might")
    train(qtbot, ready)
    assert "as a library might" in bugs[0]
    trainer.error = None
    train(qtbot, ready)
    assert trainer.started == 2


# -- runs


def test_a_cancelled_run_is_resumed_with_its_data_and_settings(
    qtbot: QtBot, session: Session, trainer: FakeTrainer, pictures: Path
) -> None:
    open_data(qtbot, session, pictures)
    session.change(seeded(session.recipe, 3), "Change the seed")
    rest(qtbot, session)
    begin(qtbot, session, trainer)
    session.stop("cancel")
    rest(qtbot, session)
    assert session.run is not None
    session.change(seeded(session.recipe, 8), "Change the seed")
    trainer.hold.set()
    session.resume(session.run)
    rest(qtbot, session)
    assert session.recipe.run.seed == 3
    assert session.history.outcome.outcome == "done"  # type: ignore[union-attr]
    assert len(list_runs()) == 1
    assert session.undo_stack.undo_text == "Resume a run"
    session.undo_stack.undo()  # the user's own settings are not lost
    rest(qtbot, session)
    assert session.recipe.run.seed == 8 and session.plan is not None


def test_a_run_whose_data_have_changed_asks_first(
    qtbot: QtBot, ready: Session, trainer: FakeTrainer, pictures: Path
) -> None:
    begin(qtbot, ready, trainer)
    ready.stop("cancel")
    rest(qtbot, ready)
    trainer.hold.set()
    run = ready.run
    assert run is not None
    gone = [sample.path for sample in run.split.train[:5]]
    for path in gone:
        (pictures / path).unlink()
    doubted = collected(ready.resume_doubted)
    ready.resume(run)
    rest(qtbot, ready)
    assert doubted == [run]
    assert trainer.started == 1
    ready.resume(run, changed=True)
    rest(qtbot, ready)
    assert trainer.started == 2
    assert ready.split == run.split  # without what is gone: else it would vanish at once again
    assert not set(gone) & {sample.path for sample in run.split.train}


def test_an_earlier_run_is_shown(qtbot: QtBot, ready: Session) -> None:
    first = train(qtbot, ready)
    second = train(qtbot, ready)
    assert ready.run is second
    reset = collected(ready.history_reset)
    ready.open_run(first.path)
    rest(qtbot, ready)
    assert ready.run is not None
    assert ready.run.path == first.path
    assert reset == [ready.history]
    assert len(ready.history.epochs) == FakeTrainer.EPOCHS


def test_what_is_no_run_is_said(
    qtbot: QtBot, session: Session, messages: list[Message], tmp_path: Path
) -> None:
    session.open_run(tmp_path)
    session.comparison.compare(tmp_path)
    rest(qtbot, session)
    assert [m.panel for m in messages] == ["runs", "runs"]


def test_another_run_is_laid_under_and_taken_away(qtbot: QtBot, ready: Session) -> None:
    run = train(qtbot, ready)
    compared = collected(ready.comparison.changed)
    ready.comparison.compare(run.path)
    rest(qtbot, ready)
    assert ready.comparison.current is not None
    assert len(ready.comparison.current[1].epochs) == FakeTrainer.EPOCHS
    ready.comparison.compare(None)
    assert compared[-1] is ready.comparison.current is None


# -- leaving, and what makes no sense


def test_closing_amid_a_training_leaves_it_to_be_resumed(
    qtbot: QtBot, ready: Session, trainer: FakeTrainer
) -> None:
    begin(qtbot, ready, trainer)
    closed = collected(ready.closed)
    ready.close()
    qtbot.waitUntil(lambda: bool(closed))
    assert not ready.training
    assert ready.history.outcome.outcome == "cancelled"  # type: ignore[union-attr]


def test_closing_when_nothing_runs_is_immediate(session: Session) -> None:
    closed = collected(session.closed)
    session.close()
    assert closed == [session]


def test_nothing_begins_after_closing(
    qtbot: QtBot, ready: Session, trainer: FakeTrainer, pictures: Path
) -> None:
    ready.close()
    ready.start_training()
    ready.open_data(pictures)
    assert tasks.wait_all()
    assert ready.state is State.READY
    assert trainer.started == 0


SENSELESS: list[Callable[[Session], object]] = [
    Session.cancel_scan,
    lambda session: session.undo_stack.undo(),
    lambda session: session.undo_stack.redo(),
    Session.start_training,
    lambda session: session.stop("finish"),
    lambda session: session.stop("cancel"),
    lambda session: session.comparison.compare(None),
]


@pytest.mark.parametrize("call", SENSELESS)
def test_senseless_calls_do_nothing(
    session: Session, states: list[State], call: Callable[[Session], object]
) -> None:
    call(session)
    assert states == []
    assert tasks.wait_all()
    assert session.state is State.EMPTY


def test_a_stop_of_before_the_start_is_asked_for_once(
    qtbot: QtBot, trainer: FakeTrainer, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = Run.request_stop
    asked: list[str] = []

    def early(run: Run, how: Any) -> None:
        request(run, how)
        asked.append(how)

    def begin(plan: Any, run: Run) -> Callable[[], Iterator[ev.Event]]:
        def events() -> Iterator[ev.Event]:
            until = time.monotonic() + 10
            while not asked and time.monotonic() < until:
                time.sleep(0.01)
            yield from trainer(plan, run)()

        return events

    monkeypatch.setattr(Run, "request_stop", early)
    session = Session(source=begin)
    open_data(qtbot, session, pictures)
    trainer.hold.clear()
    session.start_training()
    session.stop("finish")
    rest(qtbot, session)
    assert isinstance(session.history.outcome, ev.Finished)
    assert asked == ["finish"]
    end(qtbot, session, trainer)


@pytest.mark.parametrize("late", [0.0, 0.3])
def test_a_stop_is_repeated_with_the_first_event_of_any_kind(
    qtbot: QtBot,
    trainer: FakeTrainer,
    pictures: Path,
    monkeypatch: pytest.MonkeyPatch,
    late: float,
) -> None:
    """A search tells ``Started`` last; before it is claimed, a full disk holds no request. That may
    be known only after the first event (``late`` seconds)."""
    request, asked = Run.request_stop, list[str]()

    def full_at_first(run: Run, how: Any) -> None:
        asked.append(how)
        if len(asked) == 1:
            time.sleep(late)
            raise UserError("run.not_writable", path=str(run.path), reason="full")
        request(run, how)

    def search(plan: Any, run: Run) -> Iterator[ev.Event]:
        while not asked:
            time.sleep(0.01)
        yield ev.Progress(stage="search", epoch=0.0, step=0, steps=3)
        until = time.monotonic() + 20
        while run.stop_requested() is None and time.monotonic() < until:
            time.sleep(0.01)
        assert run.stop_requested() == "finish"
        yield ev.Finished(outcome="cancelled", epochs=0, best_epoch=None, seconds=0.0)

    monkeypatch.setattr(Run, "request_stop", full_at_first)
    monkeypatch.setattr(trainer, "_work", search)
    session = Session(source=trainer)
    open_data(qtbot, session, pictures)
    session.start_training()
    session.stop("finish")
    rest(qtbot, session)
    assert isinstance(session.history.outcome, ev.Finished)
    assert asked == ["finish", "finish"]
    end(qtbot, session, trainer)


# -- the sample and the networks that are there


def test_the_samples_settings_go_with_it(
    qtbot: QtBot, session: Session, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = Recipe().replace(name="digits", data__path=str(pictures), input__size=64)
    monkeypatch.setattr(samples, "recipe_of", lambda key: recipe)
    mine = session.recipe.replace(run__epochs=3)
    session.change(mine, "Epochs")
    for _again in range(2):
        session.open_sample()
        rest(qtbot, session)
        assert session.recipe == recipe
        assert session.undo_stack.undo_text == ""
    open_data(qtbot, session, make_tiny_pictures(tmp_path / "own"))
    rest(qtbot, session)
    assert session.recipe == mine.replace(data__path=str(tmp_path / "own"))


def test_a_sample_that_is_not_waited_for_changes_nothing(
    qtbot: QtBot, ready: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(samples, "recipe_of", lambda key: Recipe().replace(name="digits"))
    before = ready.recipe
    ready.open_sample()
    ready.cancel_scan()
    rest(qtbot, ready)
    assert (ready.recipe, ready.state) == (before, State.READY)


def test_weights_that_arrive_change_what_is_planned(
    ready: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = collected(ready.weights_changed)
    assert ready.plan is not None and ready.plan.backbone.key == "tgnet"
    ready.look_for_weights()
    assert tasks.wait_all()
    assert changes == []  # nothing came
    monkeypatch.setenv("TRANSFERGUI_WEIGHTS", str(tmp_path))
    (tmp_path / "resnet18.pth").write_bytes(b"weights")
    ready.look_for_weights()
    assert tasks.wait_all()
    assert ready.plan.backbone.key == "resnet18"
    assert ready.recipe.backbone == "auto"
    assert len(changes) == 1


def test_another_folder_of_weights_is_looked_through(ready: Session, tmp_path: Path) -> None:
    (tmp_path / "resnet18.pth").write_bytes(b"weights")
    ready.change(msgspec.structs.replace(ready.recipe, weights_dir=str(tmp_path)), "Weights")
    assert tasks.wait_all()
    assert ready.plan is not None and ready.plan.backbone.key == "resnet18"


# -- what nobody foresaw


def raises(*_anything: Any) -> Any:
    raise ZeroDivisionError("nobody foresaw it")


def closes(qtbot: QtBot, session: Session) -> bool:
    """Whether it ends when it is asked to."""
    with qtbot.waitSignal(session.closed, timeout=10_000):
        session.close()
    return not session.training


@pytest.mark.parametrize("broken", ["_making_fresh", "source", "_on_created", "_set_run"], ids=str)
def test_a_bug_where_a_training_begins_strands_nothing(
    broken: str, qtbot: QtBot, ready: Session, bugs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After one, the session stayed in TRAINING without a thread, and could not be closed."""
    if broken == "source":
        ready.runner.source = raises
    elif broken == "_making_fresh":
        monkeypatch.setattr(runs, broken, raises)
    elif broken == "_on_created":
        monkeypatch.setattr(ready.runner._create, "_done", raises)
    else:
        monkeypatch.setattr(ready.runner, "launch", raises)
    ready.start_training()
    rest(qtbot, ready)
    assert ready.state is State.READY
    assert "nobody foresaw it" in bugs[0]
    assert closes(qtbot, ready)


def test_a_bug_after_the_thread_has_begun_ends_it(
    qtbot: QtBot, ready: Session, bugs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asks, broken = ready.runner.ask_to_stop, iter([raises])

    def ask_at_the_second_time() -> None:
        next(broken, asks)()

    monkeypatch.setattr(ready.runner, "ask_to_stop", ask_at_the_second_time)
    ready.start_training()
    qtbot.waitUntil(lambda: bool(bugs))
    rest(qtbot, ready)
    assert closes(qtbot, ready)


@pytest.mark.parametrize(
    "task",
    [
        *("opener._scan", "opener._reopen", "project._resolver._derive", "project._look"),
        *("shown_run._read", "comparison._read"),
    ],
)
def test_a_bug_in_what_takes_a_result_strands_nothing(
    task: str,
    qtbot: QtBot,
    ready: Session,
    trainer: FakeTrainer,
    pictures: Path,
    bugs: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = Run.create(ready.plan.recipe, ready.plan.split)
    monkeypatch.setattr(operator.attrgetter(task)(ready), "_done", raises)
    act = {
        "opener._scan": lambda: ready.open_data(pictures),
        "opener._reopen": lambda: ready.resume(run),
        "project._resolver._derive": lambda: ready.change(seeded(ready.recipe, 5), "Seed"),
        "project._look": ready.look_for_weights,
        "shown_run._read": lambda: ready.open_run(run.path),
        "comparison._read": lambda: ready.comparison.compare(run.path),
    }
    act[task]()
    assert tasks.wait_all(20)
    rest(qtbot, ready)
    assert "nobody foresaw it" in bugs[0]
    assert closes(qtbot, ready)
