"""A training in lines: one per epoch, and curves as blocks."""

import pytest

from tests.core.test_events import STARTED
from tests.core.test_history import ended, history
from transfergui.cli import progress
from transfergui.core import events as ev


def test_an_epoch_is_one_line() -> None:
    line = progress.describe(ended(7, best=True, loss=0.25), 12)
    assert line == (
        "epoch  7/12  |  loss  0.2500  accuracy  50.0 %  |  "
        "validation loss  0.2500  accuracy  50.0 %  |  best"
    )


def test_an_epoch_without_validation() -> None:
    event = ev.EpochEnded(
        epoch=1,
        phase=0,
        train_loss=0.5,
        train_accuracy=1.0,
        val_loss=None,
        val_accuracy=None,
        lr=0.1,
        seconds=1.0,
        best=False,
    )
    assert "validation" not in progress.describe(event, 5)


def test_every_event_can_be_described() -> None:
    from tests.core.test_events import EVENTS

    silent = (ev.Progress, ev.Saved, ev.Failed, ev.Notice)
    for event in EVENTS:
        if not isinstance(event, ev.Notice):  # the example's code is made up
            assert bool(progress.describe(event, 12)) is not isinstance(event, silent)


def test_a_notice_is_its_sentence() -> None:
    notice = ev.Notice(code="run.missing", values={"path": "/x"})
    assert progress.describe(notice, 1).startswith("/x is not")


def test_started_says_what_is_trained() -> None:
    line = progress.describe(STARTED, 12)
    assert line.startswith("Training mobilenet_v2, fine_tuning: 70 to train on, 15")


@pytest.mark.parametrize(
    ("values", "blocks"),
    [
        ([0.0, 0.5, 1.0], "▁▅█"),
        ([1.0, 1.0], "██"),
        ([0.5], "▅"),
        ([-5.0, 9.0], "▁█"),
        ([0.0] * 100 + [1.0] * 100, "▁" * 30 + "█" * 30),
    ],
)
def test_sparkline(values: list[float], blocks: str) -> None:
    assert progress.sparkline(values, 0.0, 1.0) == blocks


def test_a_constant_has_no_span() -> None:
    assert progress.sparkline([2.0, 2.0], 2.0, 2.0) == "▁▁"


def test_curves_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    progress.show_curves(history(STARTED, ended(1, loss=2.0), ended(2, loss=1.0)))
    out, err = capsys.readouterr()
    assert out == ""
    assert [line.split()[:2] for line in err.splitlines()] == [
        ["loss", "training"],
        ["loss", "validation"],
        ["accuracy", "training"],
        ["accuracy", "validation"],
    ]
    assert "2.000 █▁  1.000" in err
