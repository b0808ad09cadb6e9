"""What a model says of a camera or a microphone, while it runs. Nothing is written to disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSpinBox, QVBoxLayout, QWidget

from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import suffix
from transfergui.core.base.i18n import _, ngettext
from transfergui.core.base.paths import shown
from transfergui.core.capture.feed import Clips, Feed
from transfergui.core.capture.live import (
    LiveAnswer,
    LivePredictor,
    half_of_the_cores,
    require_device,
)
from transfergui.core.data.doubt import UNLIKE
from transfergui.core.evaluation import box_marks
from transfergui.core.evaluation import prediction_table as table
from transfergui.core.figures import box_answers
from transfergui.core.trained import TrainedModel
from transfergui.gui.base import style, words
from transfergui.gui.base.kept_scores import scores
from transfergui.gui.base.tasks import Task
from transfergui.gui.base.warm_up import warm_up
from transfergui.gui.capture.device_panel import DevicePanel
from transfergui.gui.parts.labels import ElidedLabel, WrappedLabel
from transfergui.gui.parts.responsive_splitter import ResponsiveSplitter
from transfergui.gui.parts.score_slider import ScoreSlider
from transfergui.gui.samples.answer_bars import AnswerBar, AnswerBars, bars_of

if TYPE_CHECKING:
    from transfergui.core.evaluation.prediction import Prediction

COLUMN = 300
"""Pixels of what is said, beside what is seen."""
SIDE_BY_SIDE = 800
"""Pixels from which on the picture and what is said of it stand side by side."""
ROWS = 14
"""So many classes have a bar at most."""
LOOK = 0.1
"""Seconds after which the worker looks whether anybody still waits."""


@dataclass
class LiveJob:
    """What the worker is given, and what it says; it only replaces, the window only reads.

    Attributes:
        model: another one may take its place while it runs.
        latest: the newest answer.
    """

    model: TrainedModel
    feed: Feed
    latest: LiveAnswer | None = None


class LivePage(QWidget):
    """See the module.

    Args:
        fail: shows why something does not work.
    """

    def __init__(self, fail: Callable[[UserError], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fail = fail
        self._path: Path | None = None
        self._model: TrainedModel | None = None
        self._loaded: Path | None = None
        self._loaded_model: TrainedModel | None = None  # as it was loaded
        self._drawn: LiveAnswer | None = None
        self.job: LiveJob | None = None
        self.panel = DevicePanel(self._failed)
        self.label = WrappedLabel(role="heading")
        self.doubt = WrappedLabel()
        self.bars = AnswerBars()
        self.own = ElidedLabel(role="caption")
        self.rate = WrappedLabel(role="caption")
        self.unsure = QSpinBox()
        self.slider = ScoreSlider(narrow=True)
        self.slider.hide()
        self.slider.chosen.connect(self._show_from)
        self._score = 0.0
        self._about = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._loading = Task(self, _load, self._begin, self._failed)
        self._work = Task(self, _predict, lambda _job: None, self._failed, broken=self.stop)
        self._build()
        self.panel.wanted.connect(self._want)
        self.panel.ticked.connect(self._show)
        self.panel.running_changed.connect(self._follow)
        self._follow()

    def use(self, path: Path | None) -> None:
        """Predict with this model from now on; what is on is turned off."""
        if path != self._path:
            self.stop()
            self._path = path

    def stop(self) -> None:
        """Turn the device off, and ask the model no more."""
        self._loading.cancel()
        self._work.cancel()
        self.panel.stop()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.stop()

    # -- building

    def _build(self) -> None:
        self.label.setAccessibleName(_("Prediction"))
        self.label.setMinimumHeight(2 * self.label.fontMetrics().lineSpacing())
        self.label.setAlignment(Qt.AlignmentFlag.AlignTop)
        privacy = WrappedLabel(role="caption")
        privacy.setText(_("Nothing is recorded or sent anywhere."))
        said = QWidget()
        said.setMinimumWidth(COLUMN)
        said.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(said)
        column.setContentsMargins(0, style.GAP, 0, 0)
        column.setSpacing(style.INSIDE)
        self._about.setText(_("Last second"))
        self._about.setProperty("role", "title")
        for part in (self._about, self.label, self.doubt, self.bars, self.own):
            column.addWidget(part)
        column.addStretch(1)
        column.addWidget(self.slider)
        column.addLayout(self._threshold_row())
        column.addWidget(self.rate)
        column.addWidget(privacy)
        both = ResponsiveSplitter(SIDE_BY_SIDE)
        both.setMinimumWidth(1)  # side by side, it may become narrower all the same: then it turns
        both.setHandleWidth(style.BETWEEN)
        both.setChildrenCollapsible(False)
        for at, half in enumerate((self.panel, said)):
            both.addWidget(half)
            both.setStretchFactor(at, 1 - at)
        both.use_width(SIDE_BY_SIDE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(both)

    def _threshold_row(self) -> QHBoxLayout:
        self.unsure.setRange(0, 100)
        self.unsure.setValue(table.UNSURE)
        self.unsure.setSuffix(suffix("%"))
        self.unsure.setAccessibleName(_("Flag confidence below"))
        self._below = QLabel(_("Flag confidence &below"))
        self._below.setBuddy(self.unsure)
        row = QHBoxLayout()
        row.addWidget(self._below, 1)
        row.addWidget(self.unsure)
        return row

    # -- running

    def _want(self) -> None:
        """Start was pressed: the model is loaded first, since it knows how long a clip is."""
        if self._path is None:
            return
        if self._loaded_model is not None and self._loaded == self._path:
            self._begin((self._path, self._loaded_model))
        else:
            self.doubt.setText(_("Loading the model…"))
            self._loading.start(self._path)

    def _begin(self, found: tuple[Path, TrainedModel]) -> None:
        self._loaded, self._model = found
        self._loaded_model = self._model
        device = require_device(self._model)
        self._drawn = self.job = None
        self.doubt.setText("")
        asked = self._model.objective.confident and self._model.promise is None
        for part in (self._below, self.unsure):  # a model with a promise has its own limit
            part.setVisible(asked)
        self._ask_score(self._model)
        self.panel.use(device)
        self.panel.begin(device.seconds(self._model.input))

    def _ask_score(self, model: TrainedModel) -> None:
        """Of a model that finds boxes: ask from which score on they are shown."""
        places = model.objective.places
        self._about.setText(_("Newest picture") if places else _("Last second"))
        self.own.setVisible(not places)
        self.slider.setVisible(places)
        if places and self._path is not None:
            self._score = box_answers.threshold(model.found.fitted)
            kept = scores.of(self._path) or self._score
            self.slider.show_score(kept, self._score)
            self._model = model.showing_from(kept)

    def _show_from(self, score: float | None) -> None:
        """Show boxes from another score on; None for the model's own."""
        if self._model is None or self._path is None:
            return
        scores.keep(self._path, score)
        self._model = self._model.showing_from(self._score if score is None else score)
        if self.job is not None:
            self.job.model = self._model

    def _follow(self) -> None:
        """The device was turned on or off."""
        feed, model = self.panel.feed, self._model
        if feed is None or model is None:
            self._work.cancel()
            self.label.setText("")
            self.own.setText("")
            self.rate.setText("")
            self.bars.fill(())
            self.panel.camera.boxes = ()
            self.panel.camera.update()
            possible = self.panel.switch.isEnabled() or self.panel.device is None
            said = _("Press Start to predict what the device gives.") if possible else ""
            self.doubt.setText("" if self._loading.running else said)
            self._tint("muted")
        else:
            self.job = LiveJob(model, feed)
            self._work.start(self.job)

    def _failed(self, error: UserError) -> None:
        self.stop()
        self._follow()
        self._fail(error)

    # -- showing

    def _show(self) -> None:
        job, feed = self.job, self.panel.feed
        answer = None if job is None else job.latest
        if answer is None:
            if isinstance(feed, Clips) and feed.missing > 0:
                text = _("Listening: the model needs {seconds} s of sound.")
                self.doubt.setText(text.format(seconds=f"{feed.seconds:.1f}"))
            return
        if answer is self._drawn or job is None:
            return
        self._drawn = answer
        self._show_vote(answer.voted, job.model)
        if job.model.objective.places and answer.own.probabilities is not None:
            found = box_marks.of_answers(answer.own.probabilities, job.model.found)
            self.panel.camera.boxes = found
            self.panel.camera.update()
        own = _text(answer.own, job.model)
        self.own.setText(_("Newest alone: {name}").format(name=shown(own)))
        self._show_rate(answer)

    def _show_vote(self, voted: Prediction, model: TrainedModel) -> None:
        why = table.doubt(voted, self.unsure.value())
        text = _text(voted, model)
        sure = voted.confidence if model.objective.confident else None
        if why and voted.withheld:
            text = _("Not sure") if why != UNLIKE else _("Unlike the training data")
        elif sure is not None:
            text = f"{shown(text)} · {words.percent(sure)}"
        self.label.setText(text)
        self.doubt.setText(self._reason(voted, why))
        self._tint("warning")
        self.bars.fill(_bars(voted, model))

    def _reason(self, voted: Prediction, why: str) -> str:
        if voted.problem is not None:
            return voted.problem.sentence()
        if why == UNLIKE:
            return _("Unlike anything in the training data.")
        if why and voted.withheld:
            return _("Below the confidence that this model needs for its limit on errors.")
        if why:
            below = f"{self.unsure.value()}{suffix('%')}"
            return _("Not sure: below {below} confidence.").format(below=below)
        return ""

    def _show_rate(self, answer: LiveAnswer) -> None:
        text = ngettext(
            "{count} prediction in the last second, {time} ms each",
            "{count} predictions in the last second, {time} ms each",
            answer.rate,
        )
        said = text.format(count=answer.rate, time=round(1000 * answer.seconds))
        if isinstance(self.panel.feed, Clips) and self.panel.feed.whole:
            short = _("The file is shorter than a clip: played again and again, with silence.")
            said = f"{said}\n{short}"
        self.rate.setText(said)

    def _tint(self, token: str) -> None:
        palette = self.doubt.palette()
        palette.setColor(palette.ColorRole.WindowText, style.colour(token))
        self.doubt.setPalette(palette)


def _text(answer: Prediction, model: TrainedModel) -> str:
    """What is said; of boxes, how many there are of each class."""
    text = answer.likeliest(model.classes)
    return box_marks.summary(text) if model.objective.places and text else text


def _bars(voted: Prediction, model: TrainedModel) -> tuple[AnswerBar, ...]:
    """In the order of the classes, where all of them have room: bars that change places while one
    looks cannot be read."""
    bars = bars_of(voted.probabilities, model.objective, model.found, ROWS)
    if len(model.classes) > ROWS:
        return bars
    order = {name: at for at, name in enumerate(model.classes)}
    return tuple(sorted(bars, key=lambda bar: order.get(bar.name, 0)))


# -- in worker threads


def _load(path: Path) -> tuple[Path, TrainedModel]:
    """
    Raises:
        UserError: it is no model, or one of texts.
    """
    warm_up()
    model = TrainedModel.load(path)
    require_device(model)
    return path, model


def _predict(job: LiveJob, report: Callable[[object], None]) -> LiveJob:
    predictor = LivePredictor(job.model)
    with half_of_the_cores():
        while True:
            report(None)  # which ends it once nobody waits any more
            if predictor.model is not job.model:
                predictor = LivePredictor(job.model)
            captured = job.feed.take(LOOK)
            if captured is not None:
                job.latest = predictor.answer(captured)
