"""The Live stage: how far the training is, what it says, and its curves."""

from __future__ import annotations

import contextlib
import time

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.messages import Level, for_window
from transfergui.core.base.paths import shown
from transfergui.core.evaluation import siblings
from transfergui.core.evaluation.curves import Diagnosis, diagnose
from transfergui.core.places.assignment import goes_on, is_elsewhere, place_of
from transfergui.core.recipe import RunOptions
from transfergui.core.runs import events as ev
from transfergui.core.runs.history import IN_BYTES, History
from transfergui.core.runs.run import Run
from transfergui.gui.base import style, words
from transfergui.gui.base.tasks import Task
from transfergui.gui.panels.live_examples import LiveExamples
from transfergui.gui.panels.live_headings import (
    FAILURES,
    GOES_ON,
    IN_HEADING,
    TO_BRING,
    has_curves,
    heading_of,
    noun_of,
)
from transfergui.gui.panels.stop_button import StopButton
from transfergui.gui.panels.time_left import TimeLeft
from transfergui.gui.panels.watched_line import WatchedLine
from transfergui.gui.parts.empty_page import NoRunPage, lay_out_stage
from transfergui.gui.parts.figures import Figures
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.parts.other_dataset_notice import OtherDatasetNotice
from transfergui.gui.parts.scroll_page import ScrollPage
from transfergui.gui.parts.term_label import TermLabel
from transfergui.gui.plots.curve_data import Followed, best_epoch_texts, same_figure
from transfergui.gui.plots.live_plot import LivePlot
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State
from transfergui.gui.tables.trials import TrialTable

SOONEST, LATEST = 100, 1000
"""Milliseconds from an event's arrival until it is shown, with all that came meanwhile."""
SHARE = 0.02
"""Of the time, for bringing the stage up to date: the rest is the training's."""

OTHER_OBJECTIVE = N_(
    "The run to compare with predicts something else, so its curves are not shown here."
)


class LiveStage(QWidget):
    """Everything is read from the session's history: ten times a second, less if it is slow."""

    go = Signal(object)
    """Key of another stage that should be shown."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._options = session.recipe.run
        self._by_score = False
        self._diagnoses: tuple[Diagnosis, ...] = ()
        self._comparable, self._given = True, False
        self.plot = LivePlot()
        self.heading = WrappedLabel(role="heading")
        self.bar = MessageBar(session, "live")
        self.whose = OtherDatasetNotice(session)
        self._there = ""
        self._finding = Task(self, _goes_on_at, self._show_there, self._failed)
        self._owner = Task(self, _data_of, self.whose.show_data, lambda _error: None)
        self._tests = Task(self, siblings.other_tests, self._say_tests, self._failed)
        self.tests = WrappedLabel(role="caption")
        self.drawn = WrappedLabel(role="caption")
        self.drawn.setText(_("The epoch and the curves are those of the first training."))
        self.progress = QProgressBar(textVisible=False)
        self.left = TimeLeft()
        self.figures = Figures(_figure_names())
        self.says = _RunMessages()
        self.watched = WatchedLine(session)
        self.trials = TrialTable()
        self.examples = LiveExamples()
        self.stop = StopButton(session)
        self.resume = QPushButton(_("Resume"))
        self.results = QPushButton(_("Show the results"))
        self._pages = QStackedWidget()
        self._build()
        self._connect()
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self.refresh)
        self._take_history(session.history)

    def refresh(self) -> None:
        """Bring everything up to date."""
        began = time.thread_time()
        self._show()
        taken = time.thread_time() - began
        self._pause.setInterval(min(max(SOONEST, round(1000 * taken / SHARE)), LATEST))

    # -- building

    def _build(self) -> None:
        self.progress.setAccessibleName(_("Training progress"))
        empty = NoRunPage(
            self._session,
            "chart",
            _("No training yet"),
            _(
                "While a model trains, its curves appear here: loss and accuracy on the training "
                "set and on the validation set."
            ),
        )
        lay_out_stage(self, self.bar, self._pages, empty, ScrollPage(self._content()))

    def _content(self) -> QWidget:
        top = QHBoxLayout()
        top.setSpacing(style.INSIDE)
        top.addWidget(self.heading, 1)
        for button in (self.results, self.resume, self.stop):
            top.addWidget(button)
        progress = QHBoxLayout()
        progress.setSpacing(style.BETWEEN)
        progress.addWidget(self.progress, 1)
        progress.addWidget(self.left)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self.whose)
        layout.addLayout(top)
        layout.addLayout(progress)
        layout.addWidget(self.watched)
        layout.addWidget(self.figures)
        layout.addWidget(self.says)
        for part in (self.trials, self.examples, self.tests, self.drawn):
            layout.addWidget(part)
        layout.addWidget(self.plot, 1)
        layout.addStretch()  # takes the plot's room where there is none
        return content

    def _connect(self) -> None:
        session = self._session
        session.event_arrived.connect(self._refresh_soon)
        session.plan_changed.connect(self._refresh_soon)
        session.state_changed.connect(self._find_there)
        session.state_changed.connect(self.refresh)
        session.history_reset.connect(self._take_history)
        session.run_changed.connect(self._find_owner)
        session.comparison.changed.connect(self._lay_under)
        self.plot.failed.connect(self._failed)
        self.plot.compare_removed.connect(lambda: session.comparison.compare(None))
        self.resume.clicked.connect(self._resume)
        self.results.clicked.connect(lambda: self.go.emit("results"))
        self.says.acted.connect(self._change)

    # -- what arrives

    def _refresh_soon(self, _what: object) -> None:
        if not self._pause.isActive():
            self._pause.start()

    def _take_history(self, history: History) -> None:
        self._options = self._session.recipe.run  # those it runs with, whatever is edited later
        self._by_score = _chosen_by_score(self._session.run, self._options)
        run = self._session.run
        self._given = run is not None and is_elsewhere(run)
        self._find_there()
        self.plot.show_history(history, self._by_score)
        self._lay_under(self._session.comparison.current)
        self.refresh()

    def _find_there(self) -> None:
        """On which other computer the run goes on that is shown, and not followed."""
        self._finding.cancel()
        self._there = ""
        if self._given and not self._session.training:
            self._finding.start(self._session.run)

    def _show_there(self, name: str) -> None:
        self._there = name
        self.refresh()

    def _find_owner(self, run: Run | None) -> None:
        """Of which data the run is, unless it is being trained: on what is open."""
        self._owner.cancel()
        self.whose.show_data("")
        if run is not None and (self._session.runner.watch or not self._session.training):
            self._owner.start(run)

    def _lay_under(self, compared: tuple | None) -> None:
        run, history = compared or (None, None)
        self._tests.cancel()
        self._say_tests("")
        self._comparable = history is None or same_figure(history, self._session.history)
        if not self._comparable:
            self.plot.lay_under("", None)
            self._say_tests(_(OTHER_OBJECTIVE))
            return
        self.plot.lay_under(run.path.name if run else "", history)
        if run is not None and self._session.run is not None:
            self._tests.start(self._session.run, run)

    def _say_tests(self, text: str) -> None:
        """That the two trainings were not measured on the same samples."""
        self.tests.setText(text)
        self.tests.setVisible(bool(text))

    def _failed(self, error: UserError) -> None:
        self.bar.show_message(str(error), "error")

    # -- showing

    def _show(self) -> None:
        history, compared = self._session.history, self._session.comparison.current
        if compared and self._comparable is not same_figure(compared[1], history):
            self._lay_under(compared)  # what this training predicts is known by now
        failed = isinstance(history.outcome, ev.Failed) and self._session.run is not None
        nothing = not (history.begun or failed or self._given or self._session.training)
        self._pages.setCurrentIndex(0 if nothing else 1)
        self._show_progress(history)
        self._show_figures(history)
        self._show_sayings(history)
        self._show_trials(history)
        self.examples.show_epochs(self._session.run, history.epochs)
        self.plot.refresh()
        self._show_buttons(history)

    def _show_progress(self, history: History) -> None:
        noun = noun_of(history)
        self.heading.setText(self._where(history, heading_of(history, self._session.state, noun)))
        at, state = history.progress, self._session.state
        busy = self._session.training and at is None and not history.epochs
        self.progress.setRange(0, 0 if busy else 1000)
        self.progress.setValue(round(1000 * history.share))
        # how long it would have taken says nothing of how long stopping takes
        follows = state is State.TRAINING and history.lost is None
        self.left.follow(at if follows else None)
        self.drawn.setVisible(self._session.training and at is not None and at.stage == "beside")
        self.progress.setAccessibleDescription(self.left.text())

    def _where(self, history: History, heading: str) -> str:
        """``heading``, and on which other computer that is."""
        at, runner = history.progress, self._session.runner
        if self._there and not isinstance(history.outcome, ev.Failed):
            text = GOES_ON if history.outcome is None else TO_BRING
            return _(text).format(name=shown(self._there))
        there = runner.place if at is None or at.stage not in IN_BYTES else None
        trains = self._session.state is State.TRAINING and history.lost is None
        if there is None or not trains or not runner.elsewhere:
            return heading
        return _("{heading} (on {name})").format(heading=heading, name=shown(there.name))

    def _show_figures(self, history: History) -> None:
        at, best, started = history.progress, history.best, history.started
        done = history.epochs[-1].epoch if history.epochs else 0
        values = {"epoch": f"{done} / {started.epochs}"} if started else {}
        if best is not None:
            name, values["best"] = best_epoch_texts(best, Followed.of(history), self._by_score)
            self.figures.rename("best", name)
        if at is not None and at.rate:
            rate = words.number(round(at.rate))
            values["speed"] = _("{rate} {noun} per second").format(rate=rate, noun=noun_of(history))
        if at is not None and at.memory:
            values["memory"] = words.size(at.memory)
        self.figures.show_values(values)

    def _show_trials(self, history: History) -> None:
        """Where there are no curves, the table has their room."""
        curves = has_curves(history)
        for part in (self.figures, self.plot):
            part.setVisible(curves)
        self.trials.show_all(history.trials, not curves, Followed.of(history))

    def _show_sayings(self, history: History) -> None:
        run = self._session.run
        if run and history.epochs and self._options.patience is None:
            self._options = run.recipe.run  # what was left open was settled as it began
        ending = self._session.state is State.STOPPING
        self._diagnoses = diagnose(history, self._options, ending) if run else ()
        failure = history.outcome if isinstance(history.outcome, ev.Failed) else None
        notices = [note for note in history.notices if note.code not in IN_HEADING]
        self.says.show_all(failure, self._diagnoses, notices)

    def _show_buttons(self, history: History) -> None:
        over = not self._session.training
        finished = isinstance(history.outcome, ev.Finished) and (
            history.outcome.outcome != "cancelled" and not self._there
        )
        self.stop.setVisible(not over)
        self.stop.follow()
        self.watched.follow()
        self.resume.setVisible(over and not finished and self._session.run is not None)
        self.results.setVisible(over and finished)

    # -- what the buttons do

    def _resume(self) -> None:
        if self._session.run is not None:
            self._session.resume(self._session.run, panel="live")

    def _change(self, diagnosis: Diagnosis) -> None:
        """Set what the diagnosis suggests, for the next training."""
        recipe = self._session.wanted
        changes = {path.replace(".", "__"): value for path, value in diagnosis.change.items()}
        self._session.change(recipe.replace(**changes), _(diagnosis.action))


class _RunMessages(QWidget):
    """Why it failed, what the curves say, and what else is worth knowing: a line each."""

    acted = Signal(object)
    """The diagnosis whose button was pressed."""
    LIMIT = 3

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[tuple[Level, str, Diagnosis | None]] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(style.GAP)
        style.theme.changed.connect(self._rebuild)

    def show_all(
        self,
        failure: ev.Failed | None,
        diagnoses: tuple[Diagnosis, ...],
        notices: list[ev.Notice],
    ) -> None:
        """Replace all lines, the most urgent first; a few at most."""
        lines: list[tuple[Level, str, Diagnosis | None]] = []
        if failure is not None:
            level: Level = "warning" if failure.code in FAILURES else "error"
            lines.append((level, _why(failure), None))
        lines += [(d.level, d.sentence(), d) for d in diagnoses]
        said = {for_window(note.sentence()): note.level for note in reversed(notices)}
        lines += [(level, text, None) for text, level in said.items()]
        if lines[: self.LIMIT] != self._shown:
            self._shown = lines[: self.LIMIT]
            self._rebuild()

    def texts(self) -> list[str]:
        return [text for _level, text, _diagnosis in self._shown]

    def _rebuild(self, *_args: object) -> None:
        while (item := self._layout.takeAt(0)) is not None:
            if (line := item.widget()) is not None:
                line.hide()
                line.deleteLater()
        for level, text, diagnosis in self._shown:
            self._layout.addWidget(self._line(level, text, diagnosis))

    def _line(self, level: Level, text: str, diagnosis: Diagnosis | None) -> QWidget:
        line = QWidget()
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        picture = QLabel()
        token = {"error": "danger", "warning": "warning"}.get(level, "accent")
        picture.setPixmap(style.pixmap(level, 16, token))
        label = WrappedLabel()
        label.setText(text)
        layout.addWidget(picture)
        layout.addWidget(label, 1)
        if diagnosis is not None and diagnosis.action:
            button = QPushButton(_(diagnosis.action))
            button.setToolTip(_("Changes the setting for the next run. Undo reverts it."))
            button.clicked.connect(lambda: self.acted.emit(diagnosis))
            layout.addWidget(button)
        return line


def _data_of(run: Run) -> str:
    """
    Raises:
        UserError: it is damaged.
    """
    return run.recipe.data.path


def _goes_on_at(run: Run) -> str:
    """The other computer on which a run goes on, or has its result still; empty for none.

    Raises:
        UserError: it is damaged.
    """
    return place_of(run) if goes_on(run) else ""


def _chosen_by_score(run: Run | None, options: RunOptions) -> bool:
    """Whether the score chose the best epoch of ``run`` (of a new one with ``options``), not the
    validation loss."""
    with contextlib.suppress(UserError):  # damaged: the Runs stage says so
        options = options if run is None else run.recipe.run
    return options.early_stopping == "accuracy"


def _figure_names() -> dict[str, TermLabel]:
    return {
        "epoch": TermLabel.term("epoch"),
        "best": TermLabel(
            _("Best epoch"),
            _(
                "The model keeps the weights of the best epoch: the one with the lowest loss on "
                "the validation set or, if “Early stopping” is set to the accuracy, the one with "
                "the highest accuracy. The loss also depends on the confidence of the "
                "predictions, so another epoch may have a higher accuracy."
            ),
        ),
        "speed": TermLabel(
            _("Speed"),
            _("How many examples are processed per second."),
        ),
        "memory": TermLabel(
            _("Memory"),
            _(
                "How much memory the program uses: that of the graphics card if the training runs "
                "there. A smaller batch size needs less."
            ),
        ),
    }


def _why(failure: ev.Failed) -> str:
    if failure.code == "bug":
        return _(
            "A bug in TransferGUI ended the training, not anything that you did. Everything up to "
            "the last checkpoint is kept; Resume continues from there."
        )
    return for_window(failure.sentence())
