"""What plots, tables and reports read of a training: the events, gathered into columns."""

from dataclasses import dataclass, field

import msgspec

from transfergui.core.runs import events as ev

SMOOTHING = 0.9
"""Weight of the past in the smoothed training loss (exponential moving average)."""


IN_BYTES: tuple[ev.Stage, ...] = ("read", "send", "fetch")
"""Stages whose steps are bytes."""
APART: tuple[ev.Stage, ...] = (
    *("features", "teach", "evaluate", "compare"),
    *IN_BYTES,
)
"""Stages whose progress is told by itself, not as a share of the training; a test that another
training follows tells its share of both."""
LOST = ("place.connecting", "place.lost", "place.lost_sending")
SILENT = ("watch.silent", "watch.unreachable")
OVER = {
    "place.connected": LOST,
    "place.back": LOST,
    "watch.back": SILENT,
    **dict.fromkeys(LOST, ("place.back", *LOST)),
    **dict.fromkeys(SILENT, ("watch.back", *SILENT)),
}
"""Notices, and those that they end."""
ONLY_END = ("place.connected",)
"""Of these, those that say nothing else."""
UNDER_WAY = ("auto.now", "auto.elsewhere", "auto.looking")
"""What stands at an attempt of a search while it is made."""
OF_AN_END = ("training.nothing_learnt", "unlabelled.stopped")
"""Notices that say how a training has ended."""


@dataclass
class Logged:
    """What a strategy tells of its steps under one key.

    Attributes:
        steps: x, in epochs.
        smoothed: exponential moving average, bias-corrected.
    """

    steps: list[float] = field(default_factory=list)
    smoothed: list[float] = field(default_factory=list)

    def add(self, x: float, value: float) -> None:
        self.steps.append(x)
        self.smoothed.append(_smoothed(self.smoothed, value))

    def rewind(self, x: float) -> None:
        while self.steps and self.steps[-1] > x:
            self.steps.pop()
            self.smoothed.pop()


@dataclass
class History:
    """A training so far. ``add`` is cheap; nothing is drawn or computed twice.

    Attributes:
        steps: x (in epochs) of the raw training loss.
        losses: raw training loss at ``steps``.
        smoothed: exponential moving average of ``losses``, bias-corrected.
        rates: learning rate at ``steps``.
        unlabelled: so many steps at the beginning looked at no labels: their loss is another one.
        logs: what the strategy tells beside, by the keys of its logs.
        epochs: one row per finished epoch.
        phases: one row per phase begun.
        trials: what the automatic choice tried before; the chosen one last.
    """

    started: ev.Started | None = None
    steps: list[float] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    smoothed: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    unlabelled: int = 0
    logs: dict[str, Logged] = field(default_factory=dict)
    epochs: list[ev.EpochEnded] = field(default_factory=list)
    phases: list[ev.PhaseStarted] = field(default_factory=list)
    trials: list[ev.Tried] = field(default_factory=list)
    notices: list[ev.Notice] = field(default_factory=list)
    progress: ev.Progress | None = None
    outcome: ev.Finished | ev.Failed | None = None

    def add(self, event: ev.Event) -> None:
        """Take in one event; a resumed training continues the same columns."""
        if self.outcome is not None:  # what is told after an end is of a training that was resumed
            self._resume()
        match event:
            case ev.Started():
                if self.started is not None and self.started.strategy != event.strategy:
                    self._rewind(0.0)  # of two models, another one was kept
                self.started, self.progress = event, None
                self._pass()
                self._end_trials()
            case ev.PhaseStarted():
                self.phases = [p for p in self.phases if p.index != event.index] + [event]
            case ev.Progress():
                self.progress = event
                if event.loss is not None:
                    self._rewind(event.epoch)
                    self._point(event, event.loss)
                    for key, value in event.logs.items():
                        self.logs.setdefault(key, Logged()).add(event.epoch, value)
            case ev.EpochEnded():
                self._rewind(event.epoch)
                self.epochs = [e for e in self.epochs if e.epoch < event.epoch] + [event]
            case ev.Tried():
                # told again: its fate has changed, or the search was interrupted
                others = [t for t in self.trials if _tried(t) != _tried(event)]
                self.trials = [*others, event]
            case ev.Notice():
                self._say(event)
            case ev.Finished() | ev.Failed():
                self.outcome = event
                self._pass()
                self._end_trials()

    def _say(self, notice: ev.Notice) -> None:
        over = OVER.get(notice.code, ())
        self.notices = [each for each in self.notices if each.code not in over]
        if notice.code not in ONLY_END:
            self.notices.append(notice)
        if notice.code == "place.begun":  # all was sent
            self.progress = None

    @property
    def best(self) -> ev.EpochEnded | None:
        """The last epoch that was the best when it ended."""
        return next((e for e in reversed(self.epochs) if e.best), None)

    @property
    def lost(self) -> ev.Notice | None:
        """That there is no connection now to the computer that trains it."""
        return next((note for note in self.notices if note.code in LOST), None)

    @property
    def begun(self) -> bool:
        """Whether anything was done: a search has no ``started`` before it has chosen."""
        return bool(self.started or self.progress or self.trials)

    @property
    def has_learned(self) -> bool:
        """Whether there is something that could be kept: a model was trained, if not to its end."""
        tried = any(each.strategy and each.accuracy is not None for each in self.trials)
        return bool(self.epochs or self.losses or tried)

    @property
    def share(self) -> float:
        """Of the training's work, done, 0 to 1; of what there is to try, in a search; of a stage
        that is none of these, while it lasts."""
        at, started = self.progress, self.started
        if isinstance(self.outcome, ev.Finished) and self.outcome.outcome != "cancelled":
            return 1.0
        if at is None:  # epochs may be shorter than the time between two reports of progress
            planned = started.epochs if started is not None else 0
            return min(1.0, self.epochs[-1].epoch / max(1, planned)) if self.epochs else 0.0
        if at.stage in APART and (at.stage != "evaluate" or at.share is None):
            return at.step / max(1, at.steps)
        if at.share is not None:
            return at.share
        done, of = (at.step, at.steps) if started is None else (at.epoch, started.epochs)
        return min(1.0, done / max(1, of))

    def _resume(self) -> None:
        """It has not ended; what was said of that end is true no longer."""
        self.outcome = None
        self.notices = [notice for notice in self.notices if notice.code not in OF_AN_END]

    def _pass(self) -> None:
        """Something has ended: what was said of it alone is true no longer."""
        self.notices = [notice for notice in self.notices if not notice.passing]

    def _end_trials(self) -> None:
        """A search is over or was stopped: nothing of it is made any more."""
        self.trials = [
            msgspec.structs.replace(trial, dropped="auto.interrupted")
            if trial.dropped in UNDER_WAY
            else trial
            for trial in self.trials
        ]

    def _point(self, event: ev.Progress, loss: float) -> None:
        labelled = event.accuracy is not None
        self.steps.append(event.epoch)
        self.losses.append(loss)
        self.smoothed.append(_smoothed(self.smoothed, loss, self.unlabelled if labelled else 0))
        self.rates.append(event.lr or 0.0)
        if not labelled:
            self.unlabelled = len(self.steps)

    def _rewind(self, x: float) -> None:
        """Drop what a resumed training is about to repeat."""
        while self.steps and self.steps[-1] > x:
            for column in (self.steps, self.losses, self.smoothed, self.rates):
                column.pop()
        self.unlabelled = min(self.unlabelled, len(self.steps))
        for logged in self.logs.values():
            logged.rewind(x)
        self.epochs = [e for e in self.epochs if e.epoch <= x]


def _smoothed(so_far: list[float], value: float, begun: int = 0) -> float:
    """The next one of an exponential moving average, bias-corrected, that began at an index."""
    count = len(so_far) - begun
    past = so_far[-1] * (1 - SMOOTHING**count) if count else 0.0
    return (SMOOTHING * past + (1 - SMOOTHING) * value) / (1 - SMOOTHING ** (count + 1))


def _tried(trial: ev.Tried) -> tuple[str, str, dict[str, object]]:
    """What was tried, whatever became of it."""
    return trial.backbone, trial.strategy, trial.settings
