"""Corrections are saved as they are made, and offered when the data are opened again."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from tests.conftest import make_tiny_pictures
from tests.gui.conftest import FakeTrainer, end, open_data, rest
from transfergui.core.base.errors import UserError
from transfergui.core.data import corrections
from transfergui.core.data.split import SplitOptions
from transfergui.core.runs.run import Run, list_runs
from transfergui.gui.base import tasks
from transfergui.gui.panels.data import DataStage
from transfergui.gui.session import edits
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State
from transfergui.gui.shell.main_window import MainWindow

RELABELLED, LEFT_OUT = ("class_0/00.png", "class_0/01.png"), "class_1/02.png"
OFFER = "3 corrections from last time (2 labels changed, 1 excluded). Use them?"


@pytest.fixture
def again(qtbot: QtBot) -> Iterator[Callable[[], Session]]:
    """Makes sessions, as the program does when it is started again."""
    made: list[tuple[Session, FakeTrainer]] = []

    def start() -> Session:
        trainer = FakeTrainer()
        made.append((Session(source=trainer), trainer))
        return made[-1][0]

    yield start
    for session, trainer in made:
        end(qtbot, session, trainer)


def open_settled(qtbot: QtBot, session: Session, folder: Path) -> None:
    open_data(qtbot, session, folder)
    rest(qtbot, session)


def correct(qtbot: QtBot, session: Session) -> None:
    edits.relabel(session, RELABELLED, "class_1")
    edits.exclude(session, [LEFT_OUT])
    rest(qtbot, session)


def labels(session: Session) -> dict[str, str]:
    assert session.dataset is not None
    return {s.path: session.dataset.classes[s.label] for s in session.dataset.samples}


def saved_paths(folder: Path) -> list[str]:
    place = corrections.place(folder)
    if not place.exists():
        return []
    saved = msgspec.json.decode(place.read_bytes(), type=corrections.Saved)
    return [each.path for each in saved.corrections]


@pytest.fixture
def corrected(qtbot: QtBot, again: Callable[[], Session], pictures: Path) -> dict[str, str]:
    """The labels of ``pictures`` as an earlier session corrected and trained on them."""
    session = again()
    open_settled(qtbot, session, pictures)
    correct(qtbot, session)
    session.start_training()
    rest(qtbot, session)
    return labels(session)


def test_relabel_exclude_train_and_open_again(
    qtbot: QtBot, session: Session, corrected: dict[str, str], stage: DataStage, pictures: Path
) -> None:
    open_settled(qtbot, session, pictures)
    assert (len(labels(session)), labels(session)["class_0/00.png"]) == (24, "class_0")
    assert stage.earlier.isVisible()
    assert stage.earlier.text.text() == OFFER
    assert (stage.earlier.action.text(), stage.earlier.other.text()) == ("Use", "Discard")
    stage.earlier.action.click()
    rest(qtbot, session)
    assert labels(session) == corrected
    assert (len(corrected), corrected["class_0/00.png"]) == (23, "class_1")
    assert not stage.earlier.isVisible()
    assert session.undo_stack.undo_text == "Use 3 corrections from last time"


def test_using_them_is_undone_and_offered_again(
    qtbot: QtBot, session: Session, corrected: dict[str, str], stage: DataStage, pictures: Path
) -> None:
    open_settled(qtbot, session, pictures)
    session.corrections.use()
    rest(qtbot, session)
    session.undo_stack.undo()
    rest(qtbot, session)
    assert len(labels(session)) == 24
    assert stage.earlier.text.text() == OFFER and stage.earlier.isVisible()
    assert len(saved_paths(pictures)) == 3
    session.undo_stack.redo()
    rest(qtbot, session)
    assert labels(session) == corrected
    assert not stage.earlier.isVisible()


def test_the_same_window_offers_them_as_well(
    qtbot: QtBot, ready: Session, stage: DataStage, pictures: Path
) -> None:
    correct(qtbot, ready)
    open_settled(qtbot, ready, pictures)
    assert len(labels(ready)) == 24
    assert stage.earlier.text.text() == OFFER


def test_forgotten_ones_are_not_offered_again(
    qtbot: QtBot, session: Session, corrected: dict[str, str], stage: DataStage, pictures: Path
) -> None:
    open_settled(qtbot, session, pictures)
    stage.earlier.other.click()
    rest(qtbot, session)
    assert not stage.earlier.isVisible()
    assert not corrections.place(pictures).exists()
    open_settled(qtbot, session, pictures)
    assert not stage.earlier.isVisible()
    assert session.corrections.offer.usable == ()


def test_a_new_correction_loses_none_that_are_still_offered(
    qtbot: QtBot, session: Session, corrected: dict[str, str], pictures: Path
) -> None:
    open_settled(qtbot, session, pictures)
    edits.exclude(session, ["class_1/05.png"])
    rest(qtbot, session)
    assert saved_paths(pictures) == [*RELABELLED, LEFT_OUT, "class_1/05.png"]
    session.corrections.forget()
    rest(qtbot, session)
    assert saved_paths(pictures) == ["class_1/05.png"]


def test_a_correction_that_is_taken_back_is_gone(
    qtbot: QtBot, session: Session, corrected: dict[str, str], stage: DataStage, pictures: Path
) -> None:
    open_settled(qtbot, session, pictures)
    session.corrections.use()
    edits.include(session, [LEFT_OUT])
    rest(qtbot, session)
    assert saved_paths(pictures) == list(RELABELLED)
    assert not stage.earlier.isVisible()


def test_undone_corrections_are_not_kept(qtbot: QtBot, ready: Session, pictures: Path) -> None:
    edits.exclude(ready, [LEFT_OUT])
    rest(qtbot, ready)
    assert saved_paths(pictures) == [LEFT_OUT]
    ready.undo_stack.undo()
    rest(qtbot, ready)
    assert saved_paths(pictures) == []


def test_two_folders_are_not_mixed_up(
    qtbot: QtBot, session: Session, corrected: dict[str, str], stage: DataStage, tmp_path: Path
) -> None:
    other = make_tiny_pictures(tmp_path / "other")
    open_settled(qtbot, session, other)
    assert not stage.earlier.isVisible()
    edits.exclude(session, ["class_0/07.png"])
    open_settled(qtbot, session, tmp_path / "shapes")
    assert stage.earlier.text.text() == OFFER
    assert saved_paths(other) == ["class_0/07.png"]
    assert len(saved_paths(tmp_path / "shapes")) == 3


def test_a_folder_that_was_moved_is_offered_its_corrections(
    qtbot: QtBot, session: Session, corrected: dict[str, str], stage: DataStage, pictures: Path
) -> None:
    before = corrections.place(pictures)
    moved = pictures.rename(pictures.with_name("elsewhere"))
    open_settled(qtbot, session, moved)
    assert stage.earlier.text.text() == OFFER
    session.corrections.use()
    rest(qtbot, session)
    assert labels(session) == corrected
    edits.exclude(session, ["class_1/05.png"])
    rest(qtbot, session)
    assert len(saved_paths(moved)) == 4
    assert not before.exists()


def test_forgetting_those_of_a_moved_folder_forgets_them(
    qtbot: QtBot, session: Session, corrected: dict[str, str], pictures: Path
) -> None:
    moved = pictures.rename(pictures.with_name("elsewhere"))
    open_settled(qtbot, session, moved)
    session.corrections.forget()
    rest(qtbot, session)
    open_settled(qtbot, session, moved)
    assert session.corrections.offer.all == ()


def test_files_that_are_gone_or_replaced_are_counted_and_left_alone(
    qtbot: QtBot, session: Session, corrected: dict[str, str], stage: DataStage, pictures: Path
) -> None:
    (pictures / RELABELLED[0]).unlink()
    (pictures / LEFT_OUT).write_bytes((pictures / "class_1" / "03.png").read_bytes() + b"\0")
    open_settled(qtbot, session, pictures)
    assert stage.earlier.text.text() == (
        "1 correction from last time (1 label changed). Use them? "
        "1 correction cannot be used: the examples are missing from the data. "
        "1 correction cannot be used: the files have changed since."
    )
    stage.earlier.action.click()
    rest(qtbot, session)
    assert session.recipe.data.exclude == ()
    assert session.recipe.data.relabel == {RELABELLED[1]: "class_1"}
    assert len(saved_paths(pictures)) == 3


def test_a_damaged_file_is_told_and_new_corrections_are_saved(
    qtbot: QtBot, session: Session, corrected: dict[str, str], stage: DataStage, pictures: Path
) -> None:
    place = corrections.place(pictures)
    place.write_bytes(b"{")
    open_settled(qtbot, session, pictures)
    assert not stage.earlier.isVisible()
    assert stage.bar.isVisible() and str(place) in stage.bar.text.text()
    edits.exclude(session, [LEFT_OUT])
    rest(qtbot, session)
    assert saved_paths(pictures) == [LEFT_OUT]
    assert place.with_name(f"{place.name}.unreadable").read_bytes() == b"{"
    assert not stage.bar.isVisible()


def test_a_full_disk_is_told(
    qtbot: QtBot,
    session: Session,
    stage: DataStage,
    pictures: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_given: object) -> None:
        raise UserError("disk.full", path="here", reason="No space left on device")

    open_settled(qtbot, session, pictures)
    with monkeypatch.context() as patch:
        patch.setattr(corrections, "save", full)
        edits.exclude(session, [LEFT_OUT])
        rest(qtbot, session)
    assert "No space left on device" in stage.bar.text.text()
    assert LEFT_OUT not in labels(session)
    edits.exclude(session, ["class_0/00.png"])
    rest(qtbot, session)
    assert saved_paths(pictures) == ["class_0/00.png", LEFT_OUT]
    assert not stage.bar.isVisible()


def test_closing_waits_until_the_last_correction_is_saved(
    qtbot: QtBot, ready: Session, pictures: Path
) -> None:
    rest(qtbot, ready)
    edits.exclude(ready, [LEFT_OUT])
    with qtbot.waitSignal(ready.closed):
        ready.close()
    assert saved_paths(pictures) == [LEFT_OUT]


def test_a_slider_compares_nothing(
    qtbot: QtBot, ready: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest(qtbot, ready)
    calls: list[object] = []
    monkeypatch.setattr(corrections, "of_options", lambda data: calls.append(data) or {})
    ready.change(ready.recipe.replace(run__seed=1), "Change")  # plain values: other data options
    assert len(calls) == 1
    edits.divide(ready, SplitOptions(test_percent=30))
    assert len(calls) == 1


# -- runs


def trained(qtbot: QtBot, session: Session) -> Run:
    session.start_training()
    rest(qtbot, session)
    assert session.run is not None
    return session.run


def test_a_run_opens_with_its_data_settings_and_corrections(
    qtbot: QtBot, window: MainWindow, pictures: Path, tmp_path: Path
) -> None:
    session, bar = window.session, window.cards["dataset"].bar
    open_settled(qtbot, session, pictures)
    correct(qtbot, session)
    session.change(session.recipe.replace(run__seed=7, optim__weight_decay=0.5), "Change")
    rest(qtbot, session)
    corrected, run = labels(session), trained(qtbot, session)
    session.open_run(run.path)
    rest(qtbot, session)
    assert not bar.isVisible()  # they are open
    other = make_tiny_pictures(tmp_path / "other", classes=3)
    open_settled(qtbot, session, other)
    session.change(session.recipe.replace(run__seed=1, optim__weight_decay=0.1), "Change")
    session.open_run(run.path)
    rest(qtbot, session)
    assert bar.text.text() == (
        "This run was trained on “shapes” with 3 corrections (2 labels changed, 1 excluded). "
        "Open its data, settings and corrections? The present settings are replaced; Edit > Undo "
        "brings them back."
    )
    bar.action.click()
    rest(qtbot, session)
    assert labels(session) == corrected
    assert session.recipe.data.path == str(pictures)
    assert (session.recipe.run.seed, session.recipe.optim.weight_decay) == (7, 0.5)
    assert session.split is not None and session.split.train == run.split.train
    assert session.run is not None and session.run.path == run.path
    session.undo_stack.undo()
    rest(qtbot, session)
    assert session.recipe.data.path == str(other)
    assert (session.recipe.run.seed, session.recipe.optim.weight_decay) == (1, 0.1)


def test_a_run_opens_its_data_where_nothing_is_open(
    qtbot: QtBot, session: Session, corrected: dict[str, str]
) -> None:
    session.open_data_of(_only_run())
    rest(qtbot, session)
    assert session.state is State.READY
    assert labels(session) == corrected
    assert session.undo_stack.undo_text == ""
    assert session.corrections.offer.all == ()
    assert session.plan is not None and session.plan.recipe.run.epochs is not None
    assert session.recipe.run.epochs is None  # the run says how many; the form says "Automatic"


def test_resuming_a_run_loses_none_that_were_saved_later(
    qtbot: QtBot, ready: Session, trainer: FakeTrainer, stage: DataStage, pictures: Path
) -> None:
    trainer.hold.clear()
    ready.start_training()
    qtbot.waitUntil(lambda: ready.history.started is not None and ready.run is not None)
    ready.stop("cancel")
    rest(qtbot, ready)
    trainer.hold.set()
    correct(qtbot, ready)
    assert ready.run is not None
    ready.resume(ready.run)
    rest(qtbot, ready)
    assert len(labels(ready)) == 24
    assert saved_paths(pictures) == [*RELABELLED, LEFT_OUT]
    assert stage.earlier.text.text() == OFFER


def test_the_data_of_a_run_that_have_changed_are_told(
    qtbot: QtBot, window: MainWindow, corrected: dict[str, str], pictures: Path
) -> None:
    (pictures / "class_0" / "11.png").unlink()
    window.session.open_data_of(_only_run())
    rest(qtbot, window.session)
    bar = window.cards["dataset"].bar
    assert bar.text.text() == "Files were added, removed or changed since this run was trained."


def test_the_data_of_a_run_that_are_gone_are_told(
    qtbot: QtBot, window: MainWindow, corrected: dict[str, str], pictures: Path
) -> None:
    pictures.rename(pictures.with_name("elsewhere"))
    window.session.open_run(_only_run().path)
    rest(qtbot, window.session)
    bar = window.cards["dataset"].bar
    assert bar.text.text().startswith(f"The data of this run are no longer at {pictures}.")
    assert tasks.wait_all()


def _only_run() -> Run:
    (run,) = list_runs()
    return run


def test_a_renamed_class_is_saved_and_offered_when_the_data_are_opened_again(
    qtbot: QtBot, again: Callable[[], Session], pictures: Path
) -> None:
    first = again()
    open_settled(qtbot, first, pictures)
    edits.rename_class(first, "class_0", "ladybird")
    rest(qtbot, first)
    second = again()
    open_settled(qtbot, second, pictures)
    offer = second.corrections.offer
    assert corrections.counted(offer.usable) == "1 class renamed"
    assert second.dataset is not None and second.dataset.classes == ("class_0", "class_1")
    second.corrections.use()
    rest(qtbot, second)
    assert second.dataset.classes == ("class_1", "ladybird")
    assert not second.corrections.offer.usable
    second.undo_stack.undo()
    rest(qtbot, second)
    assert second.dataset.classes == ("class_0", "class_1")
    assert [each.path for each in second.corrections.offer.usable] == ["class_0"]
    assert saved_paths(pictures) == ["class_0"]


def test_two_windows_correct_the_same_data(
    qtbot: QtBot, again: Callable[[], Session], pictures: Path
) -> None:
    first, second = again(), again()
    open_settled(qtbot, first, pictures)
    open_settled(qtbot, second, pictures)
    edits.exclude(first, ["class_0/00.png"])
    rest(qtbot, first)
    edits.exclude(second, ["class_0/01.png"])
    rest(qtbot, second)
    edits.exclude(first, ["class_0/02.png"])
    rest(qtbot, first)
    assert saved_paths(pictures) == ["class_0/00.png", "class_0/01.png", "class_0/02.png"]
    first.undo_stack.undo()
    rest(qtbot, first)
    assert saved_paths(pictures) == ["class_0/00.png", "class_0/01.png"]
