"""A training on a terminal: a line per epoch, and a bar for what is going on."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, TextIO, cast

from transfergui.cli import console
from transfergui.cli.setting_names import spelt_out
from transfergui.core import plans, registry
from transfergui.core.base.figure_texts import bytes_text, per_cent, within
from transfergui.core.base.i18n import N_, _, comma_list, duration, ngettext
from transfergui.core.data.targets import ONE_CLASS
from transfergui.core.evaluation import trials
from transfergui.core.evaluation.trials import Measures
from transfergui.core.interfaces.logs import Log
from transfergui.core.interfaces.plan import Plan
from transfergui.core.runs import events as ev
from transfergui.core.runs.history import IN_BYTES

if TYPE_CHECKING:
    from rich.console import Console

STAGES = {
    "search": N_("Automatic search: attempt {done} of {total}"),
    "features": N_("Computing features"),
    "teach": N_("Computing the teacher's outputs: {done} of {total}"),
    "train": N_("Training"),
    "validate": N_("Validating"),
    "evaluate": N_("Testing"),
    "compare": N_("Training each question alone: {done} of {total}"),
    "beside": N_("Training without the other data, to compare"),
    "read": N_("Reading your files, to find which are missing there: {done} of {total}"),
    "send": N_("Sending files to the other computer: {done} of {total}"),
    "fetch": N_("Bringing back the results: {done} of {total}"),
}
LOOKS = ("auto.looking", "auto.looked")
"""Fates of a network that is looked at: the line that says what came of it is enough."""

USUAL = Measures(registry.objective(ONE_CLASS).curve)
"""What a training is followed by where nothing else is known."""


class Display:
    """Shows events on standard error; the bar only where that is a terminal.

    Args:
        plan: what is trained.
    """

    def __init__(self, plan: Plan) -> None:
        from rich.progress import BarColumn, Progress

        self.epochs = plans.epochs(plan)
        objective = plan.objective
        self.logs = (*plan.strategy.logs, *plan.objective.logs)
        self.measures = Measures(objective.curve, plan.split.targets.unit, objective.probe)
        self.phase: int | None = None
        self.searched = False
        self.attempts = dict[tuple[str, str], str]()
        terminal = _terminal()
        columns = (
            "{task.description}",
            BarColumn(),
            per_cent("{task.percentage:3.0f}"),
            "{task.fields[left]}",
        )
        self.bar = Progress(
            *columns, console=terminal, transient=True, disable=not terminal.is_terminal
        )
        self.task = self.bar.add_task("", total=None, left="")

    def __enter__(self) -> "Display":
        self.bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.bar.stop()

    def show(self, event: ev.Event) -> None:
        """Show one event."""
        self.searched |= isinstance(event, ev.Tried)
        if isinstance(event, ev.Tried) and self._is_known(event):
            return
        if isinstance(event, ev.Progress):
            self._move(event)
        elif isinstance(event, ev.Finished) and self.searched:  # why its training ended is old
            self.epochs = event.epochs
        elif isinstance(event, ev.Started):
            self.epochs = event.epochs
            if self.phase is not None:  # what a search found, and was told of, goes on
                return
        elif isinstance(event, ev.PhaseStarted):
            again, self.phase = self.phase == event.index, event.index
            if again:
                return
        line = describe(event, self.epochs, self.measures, self.logs)
        if line:
            self.bar.console.print(line, markup=False, soft_wrap=True)

    def _is_known(self, event: ev.Tried) -> bool:
        """Whether a line says the same already; how far another process is needs no line each."""
        key, line = (event.title, trials.way(event)), _tried(event, self.measures)
        known, self.attempts[key] = self.attempts.get(key), line
        return line == known or (event.dropped == "auto.elsewhere" and bool(event.epochs))

    def _move(self, event: ev.Progress) -> None:
        whole = event.stage in ("train", "validate", "beside")
        whole |= event.stage == "evaluate" and event.share is not None  # another training follows
        self.bar.update(
            self.task,
            description=_said(event),
            completed=(event.share or 0.0) if whole else event.step,
            total=1.0 if whole else event.steps,
            left="" if event.eta is None else _("{time} left").format(time=duration(event.eta)),
        )


def _said(event: ev.Progress) -> str:
    if event.stage == "search" and not event.step:
        return _("Preparing…")
    counted = bytes_text if event.stage in IN_BYTES else str
    return _(STAGES[event.stage]).format(done=counted(event.step), total=counted(event.steps))


def describe(
    event: ev.Event, epochs: int, measures: Measures = USUAL, logs: Sequence[Log] = ()
) -> str:
    """One line about ``event``; empty for what needs none.

    Args:
        epochs: planned in total.
        measures: what the training is followed by, and the trials of a search.
        logs: what the strategy tells of its steps; shares are shown.
    """
    line = ""
    match event:
        case ev.Tried() if event.dropped not in LOOKS:
            line = _tried(event, measures)
        case ev.Started():
            line = _started(event)
        case ev.PhaseStarted():
            line = _phase(event)
        case ev.EpochEnded():
            line = _epoch(event, epochs, measures, logs)
        case ev.Notice():
            line = spelt_out(event.sentence())
        case ev.Finished() if event.outcome != "cancelled":
            line = _finished(event, epochs)
    return line


def _tried(event: ev.Tried, measures: Measures) -> str:
    values = {"title": event.title, "way": trials.way(event), "outcome": trials.fate(event)}
    figures = comma_list(filter(None, _figures(event, measures)))
    if not figures:
        return _("{title}, {way}: {outcome}").format(**values)
    return _("{title}, {way}: {figures}. {outcome}").format(figures=figures, **values)


def _figures(event: ev.Tried, measures: Measures) -> Iterator[str]:
    trained, probed = measures.trained_text(event), measures.probed_text(event)
    if trained:
        name = within(_(measures.score.title))
        yield _("validation {score} {value}").format(score=name, value=trained)
    if probed:
        score = measures.probe or measures.score
        yield f"{within(_(score.title))} {probed}"
    if event.seconds:
        yield _("took {time}").format(time=duration(event.seconds))
    if event.full is not None:
        yield _("a full training takes {time}").format(time=duration(event.full))


def _started(event: ev.Started) -> str:
    if event.resumed:
        text = _(
            "Resuming {backbone}, {strategy}: {train} training, {val} validation, {test} test "
            "examples"
        )
    else:
        text = _(
            "Training {backbone}, {strategy}: {train} training, {val} validation, {test} test "
            "examples"
        )
    return text.format(
        backbone=event.backbone,
        strategy=event.strategy,
        **event.sizes,
    )


def _phase(event: ev.PhaseStarted) -> str:
    if not event.trainable:
        return _(event.name)
    text = (
        _("{name}: {trainable} of {all} parameters are trained")
        if event.precision == "float32"
        else _("{name}: {trainable} of {all} parameters are trained, in {precision}")
    )
    return text.format(
        name=_(event.name),
        trainable=event.trainable,
        all=event.trainable + event.frozen,
        precision=event.precision,
    )


def _finished(event: ev.Finished, planned: int) -> str:
    epochs, early = event.epochs, event.epochs < planned
    if not epochs and not planned:  # nothing was trained
        return _("Finished after {time}.").format(time=duration(event.seconds))
    amount = ngettext("{count} epoch", "{count} epochs", epochs)
    text = _("Finished after {epochs}, {time}. Best epoch: {best}")
    if early:
        amount = _("{count} of {planned} epochs")
        text = _(
            "Early stopping after {epochs}, {time}: no further improvement. Best epoch: {best}"
        )
    if event.outcome == "stopped":
        text = _("Stopped by you after {epochs}, {time}. Best epoch: {best}")
    amount = amount.format(count=epochs, planned=planned)
    return text.format(epochs=amount, time=duration(event.seconds), best=event.best_epoch)


def _epoch(event: ev.EpochEnded, epochs: int, measures: Measures, logs: Sequence[Log] = ()) -> str:
    score, unit = measures.score, measures.unit
    name = within(_(score.title))

    def figure(value: float | None) -> str:
        return _("n/a").center(7) if value is None else f"{score.text(value, unit):>7}"

    cells = [
        _("epoch {epoch}/{epochs}").format(
            epoch=f"{event.epoch:>{len(str(epochs))}}", epochs=epochs
        ),
        _("loss {loss}  {score}").format(
            loss=f"{event.train_loss:7.4f}", score=f"{name} {figure(event.train_score)}"
        ),
    ]
    if event.val_loss is not None:
        text = _("validation loss {loss}  {score}")
        value = f"{name} {figure(event.val_score)}"
        cells.append(text.format(loss=f"{event.val_loss:7.4f}", score=value))
    for log in logs:
        if log.kind == "share" and log.key in event.logs:
            share = per_cent(f"{100 * event.logs[log.key]:3.0f}")
            cells.append(_("{name} {value}").format(name=_(log.title), value=share))
    return "  |  ".join([*cells, *([_("best")] if event.best else [])])


@contextlib.contextmanager
def downloading(title: str) -> Iterator[Callable[[int, int], None]]:
    """A bar for one download; gives what is to be called with the bytes done and in all."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    terminal = _terminal()
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=terminal, disable=not terminal.is_terminal) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextlib.contextmanager
def counting(title: str) -> Iterator[Callable[[int, int], None]]:
    """A bar for what is counted, gone when it is over; gives what is to be called with what is
    done and in all, 0 where that is not known."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    terminal = _terminal()
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=terminal, transient=True, disable=not terminal.is_terminal
    ) as bar:
        task = bar.add_task(title, total=None)
        counted = 0

        def tell(done: int, total: int) -> None:
            nonlocal counted
            if total != counted:  # another count: what is left is estimated anew
                bar.reset(task)
                counted = total
            bar.update(task, completed=done, total=total or None)

        yield tell


def _terminal() -> "Console":
    from rich.console import Console

    return Console(file=cast("TextIO", console.Errors(draws=True)), highlight=False)
