"""The sentences about curves: each rule on a training that shows it, and on one that does not."""

import msgspec
import pytest

from transfergui.core.base.notes import Note
from transfergui.core.data.targets import BOXES
from transfergui.core.evaluation.curves import best_epoch, details, diagnose, of_best_epoch
from transfergui.core.recipe import Recipe, RunOptions
from transfergui.core.runs import events as ev
from transfergui.core.runs.history import History

BASELINE = 0.25


def training(
    train: list[float],
    val: list[float],
    right: list[float] | None = None,
    seen: list[float] | None = None,
    validated: int = 4,
) -> History:
    """A history with one epoch per loss; validation accuracy ``right``, training's ``seen``."""
    history = History()
    history.add(
        ev.Started(
            run="r",
            resumed=False,
            modality="image",
            backbone="b",
            strategy="s",
            device="cpu",
            precision="float32",
            classes=("a", "b"),
            sizes={"train": 10, "val": validated, "test": 4},
            epochs=20,
            baseline=BASELINE,
        )
    )
    right = right or [0.9] * len(val)
    for number, (loss, val_loss) in enumerate(zip(train, val, strict=True), start=1):
        history.add(
            ev.EpochEnded(
                epoch=number,
                phase=0,
                train_loss=loss,
                train_score=(seen or right)[number - 1],
                val_loss=val_loss,
                val_score=right[number - 1],
                lr=1e-3 / number,
                seconds=1,
                best=val_loss == min(val[:number]),
            )
        )
    return history


def codes(history: History, **options: object) -> list[str]:
    return [d.code for d in diagnose(history, RunOptions(**{"patience": 5, **options}))]


def test_nothing_is_said_before_the_third_epoch():
    assert codes(training([1.0, 9.0], [1.0, 9.0])) == []
    assert codes(History()) == []


def in_two_phases(val: list[float], right: list[float], finished: bool = True) -> History:
    """A training whose second phase begins with the third epoch."""
    history = training([1.0 - 0.1 * n for n in range(len(val))], val, right)
    for index, name in enumerate(("Head", "Whole network")):
        history.add(
            ev.PhaseStarted(
                index=index, name=name, epoch=2 * index, epochs=2, trainable=1, frozen=1
            )
        )
    history.epochs[2:] = [msgspec.structs.replace(e, phase=1) for e in history.epochs[2:]]
    if finished:
        history.add(ev.Finished(outcome="done", epochs=len(val), best_epoch=1, seconds=1))
    return history


def test_later_phases_that_did_not_help_are_told():
    history = in_two_phases([0.5, 0.4, 0.6, 0.7], [0.8, 0.9, 0.9, 0.9])
    assert "moment.earlier_phase" in codes(history)
    kept = best_epoch(history)
    assert kept is not None
    assert (kept.epoch, kept.phase, kept.later, kept.highest) == (2, "Head", 2, None)
    (note,) = of_best_epoch(msgspec.structs.replace(kept, untouched=True))
    said = Note(note.code, note.values | {"noun": "pictures"}).sentence()
    assert said.startswith("The model is from epoch 2 (“Head”), when only the head had been")
    assert "The 2 epochs that trained the backbone" in said


def test_nothing_is_told_of_the_moment_where_it_is_the_last_word_or_not_certain_yet():
    helped = in_two_phases([0.5, 0.4, 0.3, 0.2], [0.8, 0.9, 0.9, 0.9])
    unsure = in_two_phases([0.5, 0.4, 0.6, 0.7], [0.8, 0.9, 0.9, 0.9], finished=False)
    assert not [code for code in codes(helped) + codes(unsure) if code.startswith("moment.")]


def test_that_the_smallest_loss_chose_not_the_highest_accuracy_is_told():
    history = in_two_phases([0.5, 0.4, 0.3, 0.35], [0.8, 0.95, 0.9, 0.9])
    (found,) = details(history)
    assert found.code == "moment.not_highest"
    assert found.sentence().startswith(
        "Epoch 3 has the lowest validation loss and is kept (90.0 % correct). Epoch 2 has"
    )
    assert "moment.not_highest" not in codes(history)  # a detail, no verdict


def test_improving():
    history = training([1, 0.8, 0.6], [1, 0.9, 0.8])
    assert codes(history) == ["curves.improving"]
    assert not diagnose(history, RunOptions(), ending=True)
    assert history.started is not None
    history.started = msgspec.structs.replace(history.started, epochs=3)
    assert not codes(history)  # none follows


@pytest.mark.parametrize(
    ("waited", "code", "count"),
    [(2, "curves.stops_soon", 3), (3, "curves.stops_soon", 2), (4, "curves.stops_next", 1)],
)
def test_stalled_says_when_it_will_stop(waited, code, count):
    losses = [1.0, 0.5] + [0.51] * waited
    found = diagnose(
        training([1 - 0.05 * n for n in range(len(losses))], losses), RunOptions(patience=5)
    )
    assert [d.code for d in found] == [code]
    assert found[0].values["count"] == count
    assert "Early stopping" in found[0].sentence()


def test_a_stop_that_the_last_epoch_comes_before_is_not_foretold():
    history = training(
        [1 - 0.05 * n for n in range(18)], [1.0, *[0.5 + 0.01 * n for n in range(17)]]
    )
    assert codes(history, patience=19) == []  # 3 more epochs without a better one; 2 are left
    assert codes(history, patience=17) == ["curves.stops_next"]


def test_stalled_is_silent_once_the_training_is_over():
    history = training([1, 0.9, 0.8, 0.7], [0.5, 0.51, 0.51, 0.51])
    history.add(ev.Finished(outcome="done", epochs=4, best_epoch=1, seconds=1))
    assert codes(history) == []


def test_without_early_stopping_a_plateau_is_named():
    history = training([1, 0.9, 0.8, 0.7, 0.6, 0.5], [0.5] + [0.51] * 5)
    assert codes(history, early_stopping="none") == ["curves.plateau"]


def test_diverging_suggests_a_tenth_of_the_largest_rate():
    (first, *_) = diagnose(training([1.0, 1.2, 2.5], [1.0, 1.1, 3.0]), RunOptions())
    assert (first.code, first.level) == ("curves.diverging", "warning")
    assert first.change == {"optim.lr": pytest.approx(1e-4)}
    assert first.action


def test_a_dip_that_recovers_is_not_diverging():
    assert "curves.diverging" not in codes(training([2.0, 0.5, 0.9], [1.0, 0.9, 0.8]))


def test_constant_loss_is_named():
    assert codes(training([0.7, 0.7, 0.7], [0.7, 0.69, 0.68]))[0] == "curves.constant"


def test_accuracy_of_the_majority_class_is_named():
    history = training([1, 0.9, 0.8], [1, 0.9, 0.8], right=[0.25, 0.26, 0.25])
    found = diagnose(history, RunOptions())
    assert found[0].code == "curves.majority"
    assert "25 %" in found[0].sentence()


def test_learning_by_heart_needs_gap_and_rising_validation_loss():
    train, right, seen = [1.0, 0.3, 0.1], [0.7, 0.7, 0.7], [0.7, 0.9, 1.0]
    found = diagnose(training(train, [0.9, 0.8, 1.0], right, seen), RunOptions())
    assert found[0].code == "curves.by_heart"
    assert "pictures" in found[0].sentence()
    assert "curves.by_heart" not in codes(training(train, [0.9, 0.8, 0.8], right, seen))
    assert "curves.by_heart" not in codes(training(train, [0.9, 0.8, 1.0], right))


def test_a_training_without_validation_is_survived():
    history = training([1, 0.9, 0.8], [1, 0.9, 0.8])
    history.epochs = [
        ev.EpochEnded(
            epoch=n,
            phase=0,
            train_loss=1 / n,
            train_score=0.9,
            val_loss=None,
            val_score=None,
            lr=1e-3,
            seconds=1,
            best=True,
        )
        for n in (1, 2, 3)
    ]
    assert codes(history) == ["curves.improving"]


def test_nothing_is_said_where_nothing_is_learnt():
    """Finished trainings that are put together have no steps that could be too big."""
    rising = training([0.1, 0.2, 0.9], [0.6, 0.6, 0.6])
    assert "curves.diverging" in codes(rising)
    rising.add(ev.PhaseStarted(index=0, name="p", epoch=0, epochs=3, trainable=0, frozen=9))
    assert codes(rising) == []


def ended(history: History, outcome: ev.Outcome = "done") -> History:
    """The history of a training that is over after its last planned epoch."""
    assert history.started is not None
    count = len(history.epochs)
    history.started = msgspec.structs.replace(
        history.started, epochs=count, strategy="feature_extraction"
    )
    history.add(ev.Finished(outcome=outcome, epochs=count, best_epoch=count, seconds=1))
    return history


def test_a_training_that_ended_while_it_improved_is_to_be_longer():
    falling, flat = [1.0, 0.8, 0.6, 0.5], [1.0, 0.6, 0.5, 0.499]
    (found,) = [d for d in diagnose(ended(training(falling, falling)), RunOptions()) if d.action]
    assert (found.code, found.change) == ("curves.too_short", {"run.epochs": 8})
    assert "curves.too_short" not in codes(ended(training(flat, flat)))
    assert "curves.too_short" not in codes(training(falling, falling))


def test_a_loss_that_jumps_wants_a_lower_learning_rate():
    jumps = [1.0, 0.5, 0.9, 0.5, 0.8, 0.45]
    falls = [1.0, 0.9, 0.7, 0.72, 0.6, 0.55]
    train = [1.0 - 0.1 * n for n in range(6)]
    (found,) = [
        d
        for d in diagnose(training(train, jumps, validated=30), RunOptions())
        if d.code == "curves.unsteady"
    ]
    assert found.change == {"optim.lr": pytest.approx(1e-4)}
    assert "curves.unsteady" not in codes(training(train, falls, validated=30))
    assert "curves.unsteady" not in codes(training(train, jumps, validated=9))  # that is chance


def test_what_does_not_fit_the_training_set_is_underfitting():
    still, right = [1.0, 0.8, 0.8, 0.8, 0.8, 0.8], [0.6] * 6
    (found,) = [
        d
        for d in diagnose(ended(training(still, still, right)), RunOptions())
        if d.code == "curves.underfitting"
    ]
    assert found.change == {"strategy": "fine_tuning", "options": {}}
    falling = [1.0 - 0.1 * n for n in range(6)]
    assert "curves.underfitting" not in codes(ended(training(falling, falling, right)))
    assert "curves.underfitting" not in codes(ended(training(still, still, [0.9] * 6)))


def test_overfitting_suggests_stronger_augmentation_which_is_a_recipe():
    history = training([1, 0.5, 0.1], [1, 0.9, 1.2], [0.6, 0.7, 0.7], [0.6, 0.8, 0.99])
    (found,) = [d for d in diagnose(history, RunOptions()) if d.code == "curves.by_heart"]
    changes = {path.replace(".", "__"): value for path, value in found.change.items()}
    assert Recipe().replace(**changes).augment


def test_boxes_have_no_training_score_but_curves_all_the_same():
    """A gap to the training set cannot be told; that the loss diverges, or falls, can."""
    for losses, said in (([1.0, 0.5, 2.0], "curves.diverging"), ([1.0, 0.8, 0.6], "")):
        found = training(losses, [0.5, 0.6, 0.7], [0.1, 0.1, 0.1])
        assert found.started is not None
        found.started = msgspec.structs.replace(found.started, objective=BOXES, baseline=None)
        found.epochs = [msgspec.structs.replace(e, train_score=None) for e in found.epochs]
        assert {said, "curves.overfitting"} & {*codes(found)} == ({said} if said else set())
