"""History: events gathered into columns; a resumed training goes on where it was."""

import msgspec
import pytest

from tests.core.runs.test_events import STARTED
from transfergui.core.runs import events as ev
from transfergui.core.runs.history import SMOOTHING, History


def progress(epoch: float, loss: float = 1.0) -> ev.Progress:
    return ev.Progress(stage="train", epoch=epoch, step=1, steps=2, loss=loss, lr=0.1)


def ended(epoch: int, best: bool = False, loss: float = 1.0) -> ev.EpochEnded:
    return ev.EpochEnded(
        epoch=epoch,
        phase=0,
        train_loss=loss,
        train_score=0.5,
        val_loss=loss,
        val_score=0.5,
        lr=0.1,
        seconds=1.0,
        best=best,
    )


PHASE = ev.PhaseStarted(index=0, name="Head", epoch=0, epochs=4, trainable=1, frozen=0)


def history(*events: ev.Event) -> History:
    gathered = History()
    for event in events:
        gathered.add(event)
    return gathered


def test_columns_have_the_same_length() -> None:
    h = history(STARTED, PHASE, progress(0.5), progress(1.0), ended(1), progress(1.5))
    assert h.steps == [0.5, 1.0, 1.5]
    assert len(h.losses) == len(h.smoothed) == len(h.rates) == 3
    assert [e.epoch for e in h.epochs] == [1]
    assert h.phases == [PHASE]


def test_what_a_strategy_tells_has_a_column_of_its_own() -> None:
    told = [msgspec.structs.replace(progress(x / 2), logs={"one": x}) for x in (1.0, 2.0, 3.0)]
    h = history(STARTED, PHASE, progress(0.2), *told)
    assert h.logs["one"].steps == [0.5, 1.0, 1.5]
    assert h.logs["one"].smoothed[0] == pytest.approx(1.0)
    h.add(progress(0.7))  # resumed
    assert h.logs["one"].steps == [0.5]
    h.add(msgspec.structs.replace(STARTED, strategy="another"))  # that model was kept
    h.add(progress(0.5, 2.0))
    assert (h.steps, h.losses, h.logs["one"].steps) == ([0.5], [2.0], [])


def test_only_training_makes_points() -> None:
    features = ev.Progress(stage="features", epoch=0.0, step=5, steps=10)
    h = history(STARTED, features)
    assert h.steps == []
    assert h.progress == features


def test_smoothing_is_a_bias_corrected_moving_average() -> None:
    losses = [3.0, 1.0, 2.0, 0.5]
    h = history(STARTED, *(progress(i / 4, loss) for i, loss in enumerate(losses)))
    weights = [SMOOTHING ** (3 - i) for i in range(4)]
    expected = sum(w * x for w, x in zip(weights, losses, strict=True)) / sum(weights)
    assert h.smoothed[0] == pytest.approx(3.0)
    assert h.smoothed[-1] == pytest.approx(expected)


def test_a_loss_with_labels_is_not_averaged_with_one_without() -> None:
    without = [progress(0.5, 9.0), progress(1.0, 7.0)]
    labelled = [msgspec.structs.replace(progress(e, e), accuracy=0.5) for e in (1.5, 2.0)]
    h = history(STARTED, *without, *labelled)
    assert h.smoothed[1] > 7.0
    assert h.smoothed[2] == pytest.approx(1.5)
    h.add(progress(0.7, 5.0))  # resumed amid what needs no labels
    h.add(labelled[0])
    assert h.smoothed[-1] == pytest.approx(1.5)


def test_the_best_is_the_last_that_was_best() -> None:
    h = history(STARTED, ended(1, best=True), ended(2, best=True), ended(3))
    assert h.best is not None
    assert h.best.epoch == 2
    assert history(STARTED).best is None


def test_resuming_keeps_what_was_and_drops_what_is_repeated() -> None:
    """The last checkpoint was at epoch 2.25; the crash came after epoch 3."""
    before = [STARTED, PHASE]
    before += [progress(0.5), ended(1), progress(1.5), ended(2), progress(2.25, 7.0)]
    lost = [progress(2.75), ended(3, best=True), progress(3.5)]
    again = [STARTED, PHASE, progress(2.5), ended(3)]
    h = history(*before, *lost, *again)
    assert h.steps == [0.5, 1.5, 2.25, 2.5]
    assert [e.epoch for e in h.epochs] == [1, 2, 3]
    assert h.best is None
    straight = history(*before, progress(2.5), ended(3))
    assert h.smoothed == pytest.approx(straight.smoothed)


def test_resuming_with_epochs_too_quick_for_progress() -> None:
    h = history(
        STARTED, PHASE, ended(1), ended(2), progress(2.5), ended(3), STARTED, PHASE, ended(2)
    )
    assert [e.epoch for e in h.epochs] == [1, 2]
    assert h.steps == []


def test_a_new_start_forgets_the_outcome() -> None:
    failed = ev.Failed(code="training.diverged")
    assert history(STARTED, failed).outcome == failed
    assert history(STARTED, failed, STARTED).outcome is None


ENDED = ev.Finished(outcome="cancelled", epochs=1, best_epoch=1, seconds=1)
SEARCHING = ev.Progress(stage="search", epoch=0.0, step=0, steps=4)
TRIED = ev.Tried(backbone="a", title="A")


@pytest.mark.parametrize("event", [SEARCHING, TRIED, STARTED])
def test_a_resumed_search_forgets_the_outcome_with_its_first_event(event: ev.Event) -> None:
    """It says that it has started when it has chosen what to train, which may take hours."""
    assert history(SEARCHING, ev.Failed(code="data.vanished"), event).outcome is None


@pytest.mark.parametrize("event", [SEARCHING, TRIED, STARTED])
def test_how_it_ended_is_not_said_of_one_that_was_resumed(event: ev.Event) -> None:
    nothing, lasting = ev.Notice(code="training.nothing_learnt"), ev.Notice(code="auto.finish")
    ended = ev.Finished(outcome="cancelled", epochs=0, best_epoch=None, seconds=0)
    assert history(STARTED, lasting, nothing, ended).notices == [lasting, nothing]
    assert history(STARTED, lasting, nothing, ended, event).notices == [lasting]


@pytest.mark.parametrize("event", [SEARCHING, TRIED, STARTED])
def test_a_search_has_begun_before_it_has_chosen(event: ev.Event) -> None:
    assert history(event).begun
    assert not history().begun


def test_notices_are_kept() -> None:
    notice = ev.Notice(code="data.skipped", values={"count": 1, "path": "x"})
    assert history(STARTED, notice).notices == [notice]


@pytest.mark.parametrize(
    "over",
    [
        STARTED,
        ev.Failed(code="training.diverged"),
        ev.Finished(outcome="cancelled", epochs=0, best_epoch=None, seconds=0),
    ],
)
def test_what_was_true_of_the_search_alone_goes_with_it(over: ev.Event) -> None:
    lasting, passing = ev.Notice(code="auto.finish"), ev.Notice(code="auto.again", passing=True)
    tried = ev.Tried(backbone="a", title="A")
    assert history(passing, lasting, tried).notices == [passing, lasting]
    assert history(passing, lasting, tried, over).notices == [lasting]


def test_what_is_tried_is_a_row_whose_fate_may_change() -> None:
    row = ev.Tried(backbone="a", title="A", strategy="fine_tuning", settings={"optim.lr": 0.1})
    other = ev.Tried(backbone="a", title="A", strategy="fine_tuning", dropped="auto.weaker")
    so_far = ev.Tried(**{f: getattr(row, f) for f in row.__struct_fields__} | {"dropped": "auto"})
    assert history(so_far, other, row).trials == [other, row]


@pytest.mark.parametrize("over", [STARTED, ev.Failed(code="x"), ENDED])
def test_nothing_is_trained_any_more_once_the_search_is_over(over: ev.Event) -> None:
    """A search that was stopped said “Being trained now.” for ever."""
    made = [
        ev.Tried(backbone=code, title="A", strategy="fine_tuning", dropped=code)
        for code in ("auto.now", "auto.elsewhere", "auto.weaker")
    ]
    assert history(*made).trials == made
    fates = [trial.dropped for trial in history(*made, over).trials]
    assert fates == ["auto.interrupted", "auto.interrupted", "auto.weaker"]


def test_the_share_is_of_the_epochs_and_in_a_search_of_what_there_is_to_try() -> None:
    epochs = STARTED.epochs
    assert history(STARTED).share == 0.0
    assert history(STARTED, progress(epochs / 2)).share == 0.5
    assert history(STARTED, progress(epochs + 1.0)).share == 1.0
    told = msgspec.structs.replace(progress(epochs / 2), share=0.1)
    assert history(STARTED, told).share == 0.1  # by work, where a run tells it
    assert history(ev.Progress(stage="search", epoch=0.0, step=3, steps=4)).share == 0.75


@pytest.mark.parametrize("stage", ["features", "teach", "evaluate"])
def test_a_stage_of_its_own_tells_its_own_share(stage: ev.Stage) -> None:
    """In the window's title, on its tab and in the bar: after a resume they differed."""
    at = ev.Progress(stage=stage, epoch=0.0, step=29, steps=100)
    assert history(STARTED, at).share == 0.29


def test_what_is_finished_is_done_and_what_was_cancelled_is_not() -> None:
    half = progress(STARTED.epochs / 2)
    for outcome, share in (("done", 1.0), ("stopped", 1.0), ("cancelled", 0.5)):
        over = ev.Finished(outcome=outcome, epochs=1, best_epoch=None, seconds=0.0)
        assert history(STARTED, half, over).share == share
