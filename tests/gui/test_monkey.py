"""Hundreds of random actions: the window lives, one training at a time, no thread is left.

Most with a fake trainer, for speed and for mischief in every state; the end with
a real one. Data of every objective are opened; each begins with those of another one.
"""

import functools
import random
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFileDialog,
    QMenu,
    QMessageBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.conftest import make_tiny_pictures
from tests.gui.conftest import FakeTrainer, end, rest, user_error
from tests.gui.objective_data import TABLES
from transfergui.core import registry
from transfergui.core.data.dataset import DataOptions
from transfergui.core.recipe import Recipe
from transfergui.core.runs.run import list_runs
from transfergui.gui.base import style, tasks
from transfergui.gui.base.settings import Settings
from transfergui.gui.panels import STAGES
from transfergui.gui.session import edits
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State
from transfergui.gui.shell.main_window import MainWindow

ACTIONS = 400
ROUNDS = 3
"""Of so many actions, at most."""
SEED = 20261121
BEGUN_WITH = ("classes", *TABLES)
"""What the data predict that are open first: one class, or as a table says."""


def beginning(*quick: str) -> pytest.MarkDecorator:
    """``first``: one of :data:`BEGUN_WITH`; but for ``quick``, only with ``-m slow``."""
    marks = {key: () if key in quick else pytest.mark.slow for key in BEGUN_WITH}
    return pytest.mark.parametrize("first", [pytest.param(k, marks=m) for k, m in marks.items()])


def make_data(folder: Path) -> dict[str, Recipe]:
    """Data of every objective: what opens them without a question."""
    classes = Recipe(data=DataOptions(path=str(make_tiny_pictures(folder / "classes"))))
    tables = {key: table.recipe(table.write(folder / key)) for key, table in TABLES.items()}
    return {"classes": classes, **tables}


def open_recipe(qtbot: QtBot, session: Session, recipe: Recipe) -> None:
    """Open its data and wait until they were scanned."""
    session.open_again(recipe)
    qtbot.waitUntil(lambda: session.state is not State.SCANNING, timeout=20_000)
    assert session.state is State.READY
    assert session.dataset is not None
    opened, wanted = session.recipe.data, recipe.data  # corrections of earlier come with them
    assert (opened.path, opened.predict) == (wanted.path, wanted.predict)
    assert opened.objective == wanted.objective


class Monkey:
    """Does one random thing after the other to a window.

    Attributes:
        done: what was done, for the message of a failure.
    """

    def __init__(
        self,
        qtbot: QtBot,
        window: MainWindow,
        trainer: FakeTrainer,
        folders: list[Path],
        data: list[Recipe],
    ) -> None:
        self.qtbot = qtbot
        self.window, self.session, self.trainer = window, window.session, trainer
        self.folders, self.data = folders, data
        self.random = random.Random(SEED)
        self.done: list[str] = []
        self._deeds: list[tuple[int, Callable[[], object]]] = [
            (6, self.session.start_training),
            (4, functools.partial(self.session.stop, "finish")),
            (3, functools.partial(self.session.stop, "cancel")),
            (1, self.open),
            (2, self.open_as),
            (1, self.session.cancel_scan),
            (4, self.session.undo_stack.undo),
            (3, self.session.undo_stack.redo),
            (6, self.edit),
            (3, self.exclude),
            (3, self.relabel),
            (3, self.show_run),
            (2, self.resume),
            (2, self.compare),
            (6, self.change_stage),
            (20, self.click),
            (6, self.type),
            (4, self.answer),
            (2, self.hold),
            (2, self.fail),
            (1, self.change_scheme),
            (1, self.resize),
            (12, self.wait),
        ]

    def act(self, times: int) -> None:
        weights, deeds = zip(*self._deeds, strict=True)
        for deed in self.random.choices(deeds, weights, k=times):
            self.done.append(getattr(deed, "__name__", str(deed)))
            deed()
            assert self.trainer.most <= 1, self.done[-20:]

    # -- deeds

    def open(self) -> None:
        self.window.opening.open_path(self.random.choice(self.folders))

    def open_as(self) -> None:
        """Open data of an objective."""
        self.session.open_again(self.random.choice(self.data))

    def edit(self) -> None:
        recipe = self.session.recipe
        strategy = self.random.choice(registry.STRATEGIES).key
        seed = self.random.randrange(3)
        run = msgspec.structs.replace(recipe.run, seed=seed)
        changed = msgspec.structs.replace(recipe, run=run, strategy=strategy, options={})
        self.session.change(changed, "Edit", merge=self.random.random() < 0.5)

    def exclude(self) -> None:
        if self.session.dataset is not None:
            path = self.random.choice(self.session.dataset.samples).path
            data = msgspec.structs.replace(self.session.recipe.data, exclude=(path,))
            self.session.change(msgspec.structs.replace(self.session.recipe, data=data), "Exclude")

    def relabel(self) -> None:
        """Give a sample the label, the labels, the answers or the number of another one."""
        dataset = self.session.dataset
        if dataset is not None:
            sample, like = self.random.choices(dataset.samples, k=2)
            edits.relabel(self.session, [sample.path], dataset.classes[like.label])

    def show_run(self) -> None:
        runs = list_runs()
        self.session.open_run(runs[0].path if runs else self.folders[0])

    def resume(self) -> None:
        for run in list_runs()[:1]:
            self.session.resume(run, changed=self.random.random() < 0.5)

    def compare(self) -> None:
        runs = [run.path for run in list_runs()[:2]]
        self.session.comparison.compare(self.random.choice([None, *runs]))

    def change_stage(self) -> None:
        self.window.stage.show_stage(self.random.choice(STAGES).key)

    def click(self) -> None:
        """Click a button that can be seen, but for those that open a menu and wait."""
        buttons = [b for b in self.window.findChildren(QAbstractButton) if b.isVisible()]
        button = self.random.choice(buttons)
        waits = getattr(button, "menu", lambda: None)() is not None
        if button.isEnabled() and not waits and not isinstance(button.window(), QMessageBox):
            self.done[-1] += f" {button.text() or button.accessibleName()}"
            button.click()

    def type(self) -> None:
        widget = QApplication.focusWidget() or self.window
        key = self.random.choice(
            [Qt.Key.Key_Tab, Qt.Key.Key_Down, Qt.Key.Key_5, Qt.Key.Key_Escape, Qt.Key.Key_Return]
        )
        if isinstance(widget, QWidget) and not isinstance(widget, QMenu | QComboBox):
            QTest.keyClick(widget, key)

    def answer(self) -> None:
        """Press a button of an open question, or look away."""
        for box in self.window.findChildren(QMessageBox):
            if box.isVisible():
                self.random.choice(box.buttons()).click()

    def hold(self) -> None:
        """Let the training wait, or go on."""
        (self.trainer.hold.set if self.random.random() < 0.8 else self.trainer.hold.clear)()

    def fail(self) -> None:
        self.trainer.error = self.random.choice([None, None, user_error()])

    def change_scheme(self) -> None:
        style.theme.use(self.random.choice(["light", "dark"]))

    def resize(self) -> None:
        self.window.resize(self.random.randrange(900, 1600), self.random.randrange(600, 1000))

    def wait(self) -> None:
        QTest.mouseMove(self.window, QPoint(self.random.randrange(800), 300))
        self.qtbot.wait(self.random.choice([0, 1, 5, 20]))


@pytest.fixture
def harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    """No dialog of the system, no other program, no menu that waits for a click."""
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *a, **k: "")
    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *a, **k: ("", ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *a, **k: ([], ""))
    monkeypatch.setattr(QMenu, "exec", lambda *a, **k: None)
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: True)


@beginning("questions")
def test_hundreds_of_random_actions(
    qtbot: QtBot,
    window: MainWindow,
    trainer: FakeTrainer,
    harmless: None,
    tmp_path: Path,
    first: str,
) -> None:
    data = make_data(tmp_path)
    folders = [
        make_tiny_pictures(tmp_path / "three", classes=3),
        make_tiny_pictures(tmp_path / "one class", classes=1),
        tmp_path / "nowhere",
        *(Path(recipe.data.path) for recipe in data.values()),
    ]
    open_recipe(qtbot, window.session, data[first])
    monkey = Monkey(qtbot, window, trainer, folders, list(data.values()))
    for _round in range(ROUNDS):
        monkey.act(ACTIONS)
        if trainer.started:  # on a busy machine, data may always be closed before they are read
            break
    trainer.hold.set()
    trainer.error = None
    rest(qtbot, window.session)
    for box in window.findChildren(QMessageBox):
        box.close()
    assert window.isVisible()
    assert trainer.started, monkey.done
    open_recipe(qtbot, window.session, data[first])  # it still works
    # the last strategy may want what is not there: an attending network, finished trainings
    usual = {"strategy": "feature_extraction", "options": {}, "backbone": "auto"}
    # and so may corrections made while other data were shown, which are saved with these
    recipe = msgspec.structs.replace(window.session.recipe, data=data[first].data)
    window.session.change(recipe.replace(**usual), "Take the usual way")
    rest(qtbot, window.session)
    begun = trainer.started
    window.session.start_training()
    rest(qtbot, window.session)
    assert trainer.started == begun + 1, window.session.obstacle


@beginning("labels")
def test_a_real_training_in_the_window(
    qtbot: QtBot, tmp_path: Path, trainer: FakeTrainer, first: str
) -> None:
    """The real engine, once: from scratch, on a few small pictures."""
    window = MainWindow(Session(), Settings())
    window.show()
    session = window.session
    session.change(
        make_data(tmp_path)[first].replace(
            backbone="squeezenet1_1",
            strategy="from_scratch",
            input={"size": 32, "resize": 32},
            run__epochs=1,
        ),
        "Take a recipe",
    )
    qtbot.waitUntil(lambda: session.state is State.READY)
    session.start_training()
    qtbot.waitUntil(lambda: session.state is State.READY, timeout=60_000)
    assert session.history.outcome is not None
    assert session.history.outcome.outcome == "done"  # type: ignore[union-attr]
    assert window.stage.key == "results"
    assert tasks.wait_all(60)
    assert window.close()
    end(qtbot, session, trainer)
    window.deleteLater()
