"""A training in lines: one per epoch."""

import io
import sys
from typing import get_args

import msgspec
import pytest

from tests.core.made_plans import planned
from tests.core.runs.test_events import STARTED
from tests.core.runs.test_history import ended
from transfergui.cli import console, progress
from transfergui.core import registry
from transfergui.core.evaluation.trials import Measures
from transfergui.core.objectives.number import Number
from transfergui.core.objectives.several_labels import SeveralLabels
from transfergui.core.runs import events as ev


def test_an_epoch_is_one_line() -> None:
    line = progress.describe(ended(7, best=True, loss=0.25), 12)
    assert line == (
        "epoch  7/12  |  loss  0.2500  accuracy  50.0 %  |  "
        "validation loss  0.2500  accuracy  50.0 %  |  best"
    )


def test_what_a_strategy_tells_in_per_cent_is_in_its_line() -> None:
    logs = registry.strategy("dann").logs
    event = msgspec.structs.replace(ended(7), logs={"domain": 0.5, "domain_accuracy": 0.616})
    assert progress.describe(event, 12, logs=logs).endswith("|  domain classifier correct  62 %")


def test_an_epoch_of_another_objective_has_its_own_figure() -> None:
    event = msgspec.structs.replace(ended(7, loss=0.25), train_score=3.14159, val_score=12400.0)
    kilograms = Measures(Number.curve, "kg", Number.probe)
    assert progress.describe(event, 12, kilograms) == (
        "epoch  7/12  |  loss  0.2500  mean absolute error 3.14 kg  |  "
        "validation loss  0.2500  mean absolute error 12400 kg"
    )
    labels = progress.describe(ended(7), 12, Measures(SeveralLabels.curve))
    assert "F1 of the labels  50.0 %" in labels
    tried = ev.Tried(backbone="a", title="A", strategy="fine_tuning", accuracy=2.5)
    assert "validation mean absolute error 2.5 kg" in progress.describe(tried, 12, kilograms)
    probed = ev.Tried(backbone="a", title="A", accuracy=0.5)
    assert "A, Linear probe: R² 0.5" in progress.describe(probed, 12, kilograms)


def test_an_attempt_is_told_again_only_where_that_says_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who ended a search told of each attempt for which there was no time left twice."""
    display, told = progress.Display(planned(strategy="auto")), list[str]()
    monkeypatch.setattr(display.bar.console, "print", lambda line, **_how: told.append(line))
    late = ev.Tried(backbone="a", title="A", strategy="fine_tuning", dropped="auto.no_time")
    there = msgspec.structs.replace(late, title="B", dropped="auto.elsewhere")
    far = msgspec.structs.replace(there, epoch=3, epochs=40)
    done = msgspec.structs.replace(there, accuracy=0.5, dropped="auto.weaker")
    for event in (late, there, far, late, done):
        display.show(event)
    assert [line[0] for line in told] == ["A", "B", "B"]
    assert told[1].endswith("In another process.") and told[2].endswith("Others are better.")


def test_an_epoch_without_validation() -> None:
    event = ev.EpochEnded(
        epoch=1,
        phase=0,
        train_loss=0.5,
        train_score=1.0,
        val_loss=None,
        val_score=None,
        lr=0.1,
        seconds=1.0,
        best=False,
    )
    assert "validation" not in progress.describe(event, 5)


def test_every_event_can_be_described() -> None:
    from tests.core.runs.test_events import EVENTS

    silent = (ev.Progress, ev.Saved, ev.Failed, ev.Notice)
    for event in EVENTS:
        if not isinstance(event, ev.Notice):  # the example's code is made up
            assert bool(progress.describe(event, 12)) is not isinstance(event, silent)


def test_every_stage_is_called_something() -> None:
    assert set(progress.STAGES) == set(get_args(ev.Stage))


def test_a_notice_is_its_sentence() -> None:
    notice = ev.Notice(code="run.missing", values={"path": "/x"})
    assert progress.describe(notice, 1).startswith("/x is not")


def test_started_says_what_is_trained() -> None:
    line = progress.describe(STARTED, 12)
    assert line.startswith("Training mobilenet_v2, fine_tuning: 70 training, 15 validation")


def test_a_phase_says_in_which_precision_unless_it_is_full() -> None:
    phase = ev.PhaseStarted(index=0, name="Train", epoch=0, epochs=2, trainable=1200, frozen=0)
    assert progress.describe(phase, 2) == "Train: 1,200 of 1,200 parameters are trained"
    half = msgspec.structs.replace(phase, precision="bfloat16")
    assert progress.describe(half, 2).endswith(" are trained, in bfloat16")


def test_the_end_says_why_it_came_early() -> None:
    end = ev.Finished(outcome="done", epochs=1, best_epoch=1, seconds=60)
    assert progress.describe(end, 1) == "Finished after 1 epoch, 1 min. Best epoch: 1"
    early = progress.describe(end, 40)
    assert early.startswith("Early stopping after 1 of 40 epochs, 1 min: no further improvement")
    stopped = ev.Finished(outcome="stopped", epochs=3, best_epoch=2, seconds=60)
    assert progress.describe(stopped, 40).startswith("Stopped by you after 3 of 40 epochs")


class Terminal(io.StringIO):
    """A person reads it."""

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        assert self.tell() < 100_000, "it is given its own lines"
        return super().write(text)


def test_a_bar_is_drawn_in_a_terminal_and_lines_stand_above_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """rich puts a stream of its own in the place of standard error, for as long as it draws."""
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    monkeypatch.setenv("TERM", "xterm")
    with progress.counting("Counting sheep") as tell:
        tell(1, 2)
        console.say("A wolf came.")
        tell(2, 2)
    assert sys.stderr is terminal
    shown = terminal.getvalue()
    assert "Counting sheep" in shown
    assert shown.count("A wolf came.\n") == 1
