"""Other computers in the window: the list, what is agreed to, and a training there."""

import functools
import shlex
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import psutil
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.core.made_runs import make_run
from tests.core.places.test_following import PLAYED
from tests.gui.conftest import FakeTrainer, open_data, rest
from tests.gui.theme import use_light_theme
from tests.standin_ssh import StandIn
from transfergui.core.base import paths
from transfergui.core.base.errors import UserError
from transfergui.core.places import assignment as assignments
from transfergui.core.places import cleaning, following, stopping
from transfergui.core.places import place as places
from transfergui.core.places.examining import Examined, Found
from transfergui.core.places.keeping import Amount, Kept, Training
from transfergui.core.places.place import Place
from transfergui.core.places.stopping import Running
from transfergui.core.runs import events as ev
from transfergui.core.runs.history import History
from transfergui.core.runs.run import list_runs
from transfergui.gui.base import tasks, words
from transfergui.gui.base.settings import Settings
from transfergui.gui.panels import run_trash
from transfergui.gui.panels.live import LiveStage
from transfergui.gui.parts import dialogs as dialogs_of_window
from transfergui.gui.places import dialog as dialogs
from transfergui.gui.places import questions, sending, trainings
from transfergui.gui.places.cleaning import CLEAN
from transfergui.gui.places.dialog import PlacesDialog
from transfergui.gui.places.run_on import RunOn
from transfergui.gui.places.trainings import STOP as STOP_THERE
from transfergui.gui.places.trainings import TrainingsDialog
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State
from transfergui.gui.shell import run_offers
from transfergui.gui.shell.main_window import MainWindow
from transfergui.gui.tables.run_row import RunRow

PROGRAM = f"{shlex.quote(sys.executable)} -P -m transfergui"
PATIENCE = 60_000


def click(qtbot: QtBot, button: QPushButton) -> None:
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def choose(run_on: RunOn, row: int) -> None:
    run_on.box.setCurrentIndex(row)
    run_on.box.activated.emit(row)


def answer(window: QWidget, name: str, qtbot: QtBot, role: QMessageBox.ButtonRole) -> str:
    """Press a button of a question; returns what was asked."""
    find = functools.partial(window.findChild, QMessageBox, name)
    qtbot.waitUntil(lambda: find() is not None, timeout=PATIENCE)
    box = find()
    text = f"{box.text()}\n{box.informativeText()}"
    next(button for button in box.buttons() if box.buttonRole(button) is role).click()
    return text


# -- the list


def test_the_list(qtbot: QtBot, window: MainWindow) -> None:
    run_on = window._training_panel.run_on
    assert not run_on.isVisible()
    window.places.show()
    found = window.findChild(PlacesDialog)
    assert tasks.wait_all()
    qtbot.waitUntil(lambda: found.list.count() == 1)
    assert not found.save.isEnabled() and not found.remove.isEnabled()
    found.name.setText("lab")
    found.host.setText("me@lab")
    click(qtbot, found.save)
    qtbot.waitUntil(lambda: found.list.count() == 2 and run_on.isVisible())
    assert places.known() == (Place("lab", "me@lab"),)
    choose(run_on, 1)
    assert window.session.runner.place == Place("lab", "me@lab")
    click(qtbot, found.remove)
    said = answer(window, questions.REMOVE, qtbot, QMessageBox.ButtonRole.DestructiveRole)
    assert "~/transfergui" in said
    qtbot.waitUntil(lambda: not run_on.isVisible())
    assert window.session.runner.place is None and places.known() == ()
    found.host.setText("-x")
    found.name.setText("lab")
    click(qtbot, found.save)
    qtbot.waitUntil(lambda: "ssh" in found.said.toPlainText())


def test_few_fields_are_shown_before_they_are_needed(qtbot: QtBot, window: MainWindow) -> None:
    places.add(Place("cluster", "me@cluster", launch="srun {program} resume {run}"))
    places.add(Place("lab", "me@lab"))
    found = PlacesDialog(window)
    qtbot.addWidget(found)
    found.show()
    qtbot.waitUntil(lambda: found.list.count() == 3)
    shown = []
    for row in range(3):
        found.list.setCurrentRow(row)
        shown.append((found.launch.isVisible(), found.folder.isVisible(), found.host.isVisible()))
    assert shown == [(True, True, True), (False, False, True), (False, False, True)]
    found.more.click()
    assert found.launch.isVisible() and found.program.isVisible()
    assert tasks.wait_all()


def test_a_test_names_what_mends_it(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[Callable[[], Examined]] = []
    monkeypatch.setattr(dialogs, "examine", lambda place, check, step: answers.pop()())
    found = PlacesDialog(window)
    qtbot.addWidget(found)
    assert tasks.wait_all()
    found.host.setText("lab")
    rows = (Found("versions", "torch", "gone", "broken", "pip install torch"),)
    answers.append(lambda: Examined("/there", 0, 10**9, rows, ()))
    click(qtbot, found.test)
    qtbot.waitUntil(lambda: "torch: pip install torch" in found.said.toPlainText())
    assert found.more.isChecked()
    found.name.setText("lab")
    answers.append(lambda: Examined("/there", 0, 10**9, rows, ()))
    click(qtbot, found.test)
    qtbot.waitUntil(lambda: "torch: pip install torch" in found.said.toPlainText())
    click(qtbot, found.save)
    qtbot.waitUntil(lambda: found.list.count() == 2)
    assert "torch: pip install torch" in found.said.toPlainText()

    def refuse() -> Examined:
        raise UserError("place.refused", name="lab", host="lab", reason="no")

    answers.append(refuse)
    click(qtbot, found.test)
    qtbot.waitUntil(lambda: "ssh-copy-id lab" in found.said.toPlainText())
    found.host.setText("lab2")  # the test was of another address
    assert not found.said.toPlainText()
    found.host.setText("lab")


def test_what_was_typed_is_not_lost(qtbot: QtBot, window: MainWindow) -> None:
    """Neither by Close nor by another row of the list."""
    places.add(Place("lab", "lab"))
    found = PlacesDialog(window)
    found.show()
    qtbot.waitUntil(lambda: found.list.count() == 2)
    role = QMessageBox.ButtonRole
    found.host.setText("me@lab")
    found.list.setCurrentRow(1)
    answer(found, questions.SAVE, qtbot, role.RejectRole)
    assert found.list.currentRow() == 0 and found.host.text() == "me@lab"
    qtbot.waitUntil(lambda: found.findChild(QMessageBox) is None)
    found.list.setCurrentRow(1)
    answer(found, questions.SAVE, qtbot, role.DestructiveRole)
    assert found.list.currentRow() == 1 and not found.host.text()
    found.name.setText("other")
    found.host.setText("-x")
    qtbot.waitUntil(lambda: found.findChild(QMessageBox) is None)
    found.reject()
    answer(found, questions.SAVE, qtbot, role.AcceptRole)
    qtbot.waitUntil(lambda: "-x" in found.said.toPlainText())  # refused: it stays open
    found.host.setText("me@other")
    qtbot.waitUntil(lambda: found.findChild(QMessageBox) is None)
    found.reject()
    answer(found, questions.SAVE, qtbot, role.AcceptRole)
    qtbot.waitUntil(lambda: len(places.known()) == 2)
    assert tasks.wait_all()


def test_run_on_follows_the_list_and_what_is_trained(qtbot: QtBot, window: MainWindow) -> None:
    run_on = window._training_panel.run_on
    place = places.add(Place("lab", "lab"))  # by a command
    QApplication.sendEvent(run_on, QEvent(QEvent.Type.ActivationChange))
    qtbot.waitUntil(run_on.isVisible)
    run = make_run(paths.runs_dir() / "run", ("a", "b"))
    assignments.assign(run, place)
    window.session._states.state = State.TRAINING
    window.session.run_changed.emit(run)
    qtbot.waitUntil(lambda: run_on.box.currentText() == "lab")
    assert window.session.runner.place == place
    window.session.run_changed.emit(make_run(paths.runs_dir() / "here", ("a", "b")))
    qtbot.waitUntil(lambda: window.session.runner.place is None)
    window.session._states.state = State.EMPTY


def test_cleaning_up_asks_first(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = list[bool]()
    amount = Amount(2_000_000, 500_000)
    kept = Kept((), ("beetles",), ("moths",), amount, amount, amount)
    monkeypatch.setattr(cleaning, "kept", lambda place, check: kept)
    monkeypatch.setattr(
        cleaning, "clean", lambda place, everything: done.append(everything) or 6_000_000
    )
    places.add(Place("lab", "lab"))
    found = PlacesDialog(window)
    qtbot.addWidget(found)
    qtbot.waitUntil(found.clean.isEnabled)
    for role in (QMessageBox.ButtonRole.RejectRole, QMessageBox.ButtonRole.DestructiveRole):
        click(qtbot, found.clean)
        qtbot.waitUntil(lambda: found.findChild(QMessageBox, CLEAN) is not None)
        box = found.findChild(QMessageBox, CLEAN)
        assert "beetles" in box.informativeText() and box.checkBox() is not None
        box.checkBox().setChecked(True)
        next(button for button in box.buttons() if box.buttonRole(button) is role).click()
        qtbot.waitUntil(lambda: found.findChild(QMessageBox, CLEAN) is None)
    qtbot.waitUntil(lambda: found.said.toPlainText() == "Deleted 6.0 MB.")
    assert done == [True]
    kept = msgspec.structs.replace(kept, running=("beetles",))
    click(qtbot, found.clean)
    qtbot.waitUntil(lambda: "beetles" in found.said.toPlainText())


def test_a_test_says_what_it_does_and_can_be_cancelled(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def examine(place: Place, check: Callable[[], object], step: Callable[[str], object]) -> None:
        step("connect")
        step("start")
        while True:  # until it is cancelled
            check()
            time.sleep(0.02)

    monkeypatch.setattr(dialogs, "examine", examine)
    found = PlacesDialog(window)
    qtbot.addWidget(found)
    assert tasks.wait_all()
    found.host.setText("lab")
    click(qtbot, found.test)
    qtbot.waitUntil(lambda: "✓ Connecting to lab… (0 s)" in found.said.toPlainText())
    assert "→ Connected to lab. Starting TransferGUI there…" in found.said.toPlainText()
    assert found.test.text() == "Cancel the test"
    click(qtbot, found.test)
    assert not found.said.toPlainText() and found.test.text() == "Test"
    assert tasks.wait_all()


def test_what_trains_there_is_listed_and_stopped(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also a run that was deleted here; nothing is stopped before it was asked about."""
    runs = [
        Running(Training("beetles.00000000", "beetles", 0.0), "unknown"),
        Running(Training("moths.00000000", "moths"), "here"),
    ]
    stopped = list[str]()

    def pause(place: Place, job: str, check: object) -> None:
        stopped.append(job)
        runs.pop(0)

    monkeypatch.setattr(stopping, "running", lambda place, check: list(runs))
    monkeypatch.setattr(stopping, "pause", pause)
    places.add(Place("lab", "lab"))
    dialog = PlacesDialog(window)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(dialog.trainings.isEnabled)
    click(qtbot, dialog.trainings)
    found = dialog.findChild(TrainingsDialog)
    qtbot.waitUntil(lambda: found.table.rowCount() == 2)
    assert found.table.item(0, 2).text() == "not on this computer"
    for role in (QMessageBox.ButtonRole.RejectRole, QMessageBox.ButtonRole.DestructiveRole):
        qtbot.waitUntil(lambda: found.findChild(QMessageBox, STOP_THERE) is None)
        click(qtbot, found.stop)
        said = answer(found, STOP_THERE, qtbot, role)
        assert "beetles" in said and "another computer started" in said
    qtbot.waitUntil(lambda: found.table.rowCount() == 1)
    assert stopped == ["beetles.00000000"]
    found.reject()
    assert tasks.wait_all()


def test_what_trains_there_is_looked_up_again_by_itself(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is chosen stays chosen, and what went wrong is not said any longer than it does."""
    moths = Running(Training("moths.00000000", "moths"), "here")
    runs, down = [moths], list[UserError]()

    def running(place: Place, check: object) -> list[Running]:
        for error in down:
            raise error
        return list(runs)

    monkeypatch.setattr(stopping, "running", running)
    monkeypatch.setattr(trainings, "AGAIN", 20)
    found = TrainingsDialog(window, Place("lab", "lab"))
    found.show()
    qtbot.waitUntil(lambda: found.table.rowCount() == 1)
    runs.insert(0, Running(Training("beetles.00000000", "beetles"), "unknown"))
    qtbot.waitUntil(lambda: found.table.rowCount() == 2)
    assert found.table.item(found.table.currentRow(), 0).text() == "moths"
    down.append(UserError("place.refused", name="lab", host="lab", reason="no"))
    qtbot.waitUntil(found.said.isVisible)
    down.clear()
    qtbot.waitUntil(lambda: not found.said.isVisible())
    found.reject()
    assert tasks.wait_all()


def test_nothing_is_sent_before_it_is_agreed_to(
    qtbot: QtBot, window: MainWindow, trainer: FakeTrainer, pictures: Path
) -> None:
    places.add(Place("lab", "lab"))
    panel = window._training_panel
    panel.run_on.read()
    open_data(qtbot, window.session, pictures)
    rest(qtbot, window.session)
    choose(panel.run_on, 1)
    panel.train()
    said = answer(window, sending.SEND, qtbot, QMessageBox.ButtonRole.RejectRole)
    assert "24 pictures" in said and "~/transfergui" in said
    assert list_runs() == [] and not window.session.training
    choose(panel.run_on, 0)
    panel.train()
    rest(qtbot, window.session)
    assert trainer.started == 1


# -- a training


def unplug(standin: StandIn) -> None:
    standin.break_by(down=True)
    for child in psutil.Process().children():
        if str(standin.folder) in " ".join(child.cmdline()):
            child.kill()


def opened(qtbot: QtBot) -> MainWindow:
    window = MainWindow(Session(), Settings())
    window.show()
    qtbot.waitExposed(window)
    return window


def closed(qtbot: QtBot, window: MainWindow) -> None:
    window.close()
    qtbot.waitUntil(lambda: window.closed, timeout=PATIENCE)
    window.deleteLater()
    assert tasks.wait_all(60)


def codes(window: MainWindow) -> list[str]:
    return [notice.code for notice in window.session.history.notices]


def test_unplugged_closed_and_opened_again(
    qtbot: QtBot,
    qapp: QApplication,
    pictures: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The plug is pulled, the program closed; it goes on there, and its result comes back."""
    use_light_theme(qapp)
    monkeypatch.setattr(following, "PAUSES", (0.2,))
    standin = StandIn(tmp_path / "standin")
    standin.use(monkeypatch)
    places.add(Place("lab", "lab", program=PROGRAM))
    window = opened(qtbot)
    session, panel = window.session, window._training_panel
    open_data(qtbot, session, pictures)
    session.change(session.wanted.replace(backbone="tgnet", run__epochs=1), "Epochs")
    rest(qtbot, session)
    qtbot.waitUntil(lambda: panel.run_on.box.count() > 3)
    choose(panel.run_on, 1)
    panel.train()
    answer(window, sending.SEND, qtbot, QMessageBox.ButtonRole.AcceptRole)
    qtbot.waitUntil(lambda: "place.begun" in codes(window), timeout=PATIENCE)
    unplug(standin)
    qtbot.waitUntil(lambda: "place.lost" in codes(window), timeout=PATIENCE)
    closed(qtbot, window)
    (run,) = list_runs()
    assert run.history().outcome is None
    assert RunRow.read(run).state == "elsewhere"
    standin.break_by()
    window = opened(qtbot)
    window.offers.look_for_unfinished()
    qtbot.waitUntil(lambda: window.session.history.outcome is not None, timeout=PATIENCE)
    outcome = window.session.history.outcome
    assert isinstance(outcome, ev.Finished) and outcome.outcome == "done"
    rest(qtbot, window.session)
    assert run.report()["n"] == len(run.split.test)
    assert run.best.is_file()
    closed(qtbot, window)


def test_the_beginning_of_what_is_long_is_seen(qtbot: QtBot, window: MainWindow) -> None:
    place = places.add(Place("Institute for plants, node 7 " * 4, f"me@{'long.' * 30}org"))
    found = PlacesDialog(window)
    qtbot.addWidget(found)
    qtbot.waitUntil(lambda: found.list.count() == 2)
    assert found.host.text() == place.host
    assert found.host.cursorPosition() == found.name.cursorPosition() == 0
    assert place.host in found.list.item(0).toolTip()
    assert not found.list.horizontalScrollBar().isVisible()


def test_the_page_of_a_training_names_no_command(qtbot: QtBot, window: MainWindow) -> None:
    values = {"name": "lab", "launch": "x", "log": "no queue"}
    run = make_run(paths.runs_dir() / "run", ("a", "b"))
    history = History()
    history.add(ev.Failed(code="place.launch_failed", values=values))
    window.session.shown_run.set(run, history)
    assert heading(window) == "The training could not begin on lab"
    live = window.stage.widget_of("live")
    assert isinstance(live, LiveStage)
    (text,) = live.says.texts()
    assert "no queue" in text and "place add" not in text


def test_the_corner_says_that_there_is_no_connection(window: MainWindow) -> None:
    session, label = window.session, window.status.label
    session._states.state = State.TRAINING
    for code, text in {
        "place.connecting": "Connecting",
        "place.lost": "Not connected",
        "place.back": "Preparing",
    }.items():
        session.history.add(ev.Notice(code=code, values={"name": "lab"}, passing=True))
        session.event_arrived.emit(ev.Notice(code=code, values={"name": "lab"}))
        assert label.text().endswith(text)
    session.history.add(ev.Progress(stage="fetch", epoch=0.0, step=1, steps=2))
    session.event_arrived.emit(session.history.progress)
    assert label.text().endswith("Bringing back the results")
    session._states.state = State.EMPTY


def test_a_few_gigabytes_have_a_decimal() -> None:
    sizes = (1_200_000_000, 9_960_000_000, 48_000_000_000, 12_000_000)
    assert [words.size(each) for each in sizes] == ["1.2 GB", "10 GB", "48 GB", "12 MB"]


def test_what_could_not_be_sent_leaves_no_run(
    qtbot: QtBot,
    qapp: QApplication,
    pictures: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use_light_theme(qapp)
    standin = StandIn(tmp_path / "standin")
    standin.use(monkeypatch)
    standin.break_by(down=True)
    window = opened(qtbot)
    session, said = window.session, []
    session.message.connect(said.append)
    open_data(qtbot, session, pictures)
    session.change(session.wanted.replace(backbone="tgnet"), "Backbone")
    rest(qtbot, session)
    assert session.plan is not None
    session.project_file.path = tmp_path / "project"
    session.runner.start_elsewhere(session.plan, places.add(Place("lab", "lab", program=PROGRAM)))
    rest(qtbot, session)
    assert list_runs() == [] and session.run is None and session.project_file.runs == ()
    assert any("No route to host" in each.text for each in said)
    session.project_file.path = None
    closed(qtbot, window)


def found_there() -> tuple[Path, bool] | None:
    found = run_offers._unfinished()
    return None if found is None else (found[0].path, found[1])


def test_what_was_paused_there_is_offered_and_what_goes_on_is_followed() -> None:
    run = make_run(paths.runs_dir() / "run", ("a", "b"))
    found = assignments.assign(run, places.add(Place("lab", "lab")))
    assert found_there() == (run.path, False)  # not begun there
    assignments.keep(run, msgspec.structs.replace(found, begun=True))
    assert found_there() == (run.path, True)
    places.remove("lab")
    assert found_there() == (run.path, False)  # offered, not followed by itself
    places.add(Place("lab", "lab"))
    assert run_trash._trained_on(run) == ("lab",)
    assignments.keep(run, msgspec.structs.replace(found, begun=True, ended=True))
    assert found_there() == (run.path, False)  # dead: the user may resume it
    assignments.keep(run, msgspec.structs.replace(found, begun=True))
    run.record(ev.Finished(outcome="cancelled", epochs=1, best_epoch=None, seconds=1.0))
    assert found_there() == (run.path, False)
    assert run_trash._trained_on(run) == ()


def heading(window: MainWindow) -> str:
    window.stage.show_stage("live")
    live = window.stage.widget_of("live")
    assert isinstance(live, LiveStage)
    live.refresh()
    return live.heading.text()


def test_what_goes_on_there_can_be_left_and_found_again(
    qtbot: QtBot,
    qapp: QApplication,
    pictures: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Following it keeps nobody from opening a project, which says that it goes on."""
    use_light_theme(qapp)
    StandIn(tmp_path / "standin").use(monkeypatch)
    window = opened(qtbot)
    session, said = window.session, list[str]()
    session.message.connect(lambda message: said.append(message.text))
    open_data(qtbot, session, pictures)
    session.change(session.wanted.replace(backbone="tgnet"), "Backbone")
    rest(qtbot, session)
    project = tmp_path / "project.transfergui"
    session.project_file.save_as(project)
    assert session.plan is not None
    place = places.add(Place("lab", "lab", program=PROGRAM, launch=PLAYED))
    session.runner.start_elsewhere(session.plan, place)
    assert not session.runner.ending.elsewhere  # nothing goes on there while it is sent
    qtbot.waitUntil(lambda: "place.begun" in codes(window), timeout=PATIENCE)
    qtbot.waitUntil(lambda: session.runner.ending.elsewhere)
    window.opening.open_path(project)
    text = answer(window, dialogs_of_window.STOP, qtbot, QMessageBox.ButtonRole.RejectRole)
    assert "Stop following" in text and session.training
    window.opening.open_path(project)
    find = functools.partial(window.findChild, QMessageBox, dialogs_of_window.STOP)
    qtbot.waitUntil(lambda: find() is not None)
    next(b for b in find().buttons() if b.text() == "Stop following").click()
    bar = window.cards["training"].bar
    qtbot.waitUntil(bar.isVisible, timeout=PATIENCE)
    assert "is trained on lab" in bar.text.text() and bar.action.text() == "Follow"
    qtbot.waitUntil(lambda: heading(window) == "In training on lab; Resume follows it")
    assert not [text for text in said if "ended" in text]
    bar.action.click()
    qtbot.waitUntil(lambda: session.training and session.history.lost is None, timeout=PATIENCE)
    session.stop("cancel")
    rest(qtbot, session)
    assert heading(window) == "Training paused; Resume continues from here"
    closed(qtbot, window)
