"""Where samples come from: the cache, and what a teacher saw, the same cold or warm."""

import shutil
from pathlib import Path

import msgspec
import pytest

from tests.core.training.comparing import (
    FROZEN,
    TAUGHT,
    assert_same,
)
from tests.core.training.conftest import Lab
from transfergui.core import resolve as plan
from transfergui.core.runs import events as ev
from transfergui.core.training import feature_pass, features, progress_reporter, trainer


@pytest.fixture(scope="module")
def weights_dir(small_weights: Path) -> Path:
    return small_weights


# -- the cache


def no_forward(*args: object) -> None:
    raise AssertionError("computed again")


def test_second_training_starts_from_the_cache(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _events = lab.train(**FROZEN)
    monkeypatch.setattr(feature_pass.FeaturePass, "keep", no_forward)
    second, events = lab.train(**FROZEN)
    assert isinstance(events[-1], ev.Finished)
    assert_same(first, second)


def test_features_do_not_depend_on_what_was_cached(lab: Lab) -> None:
    """Another split, half of it cached, gives the same bits as a cold cache."""
    lab.train(run__seed=1)
    warm, _events = lab.train(run__seed=2)
    shutil.rmtree(features.paths.cache_dir() / "features")
    cold, _events = lab.train(run__seed=2)
    assert_same(warm, cold)


# -- a teacher


def test_the_teacher_looks_once(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a second training it does not look at anything."""
    monkeypatch.setattr(progress_reporter, "EVERY", 0.0)
    first, events = lab.train(**TAUGHT, run__epochs=1)
    seen = [e for e in events if isinstance(e, ev.Progress) and e.stage == "teach"]
    assert seen[-1].step == seen[-1].steps == len(first.split.train)
    monkeypatch.setattr(feature_pass.FeaturePass, "keep", no_forward)
    second, events = lab.train(**TAUGHT, run__epochs=1)
    assert isinstance(events[-1], ev.Finished)
    assert not any(isinstance(e, ev.Progress) and e.stage == "teach" for e in events)
    assert_same(first, second)


def test_what_the_teacher_saw_does_not_depend_on_what_was_cached(lab: Lab) -> None:
    """Another split, half of it cached, gives the same weights as a cold cache."""
    lab.train(**TAUGHT, run__epochs=1, run__seed=1)
    warm, _events = lab.train(**TAUGHT, run__epochs=1, run__seed=2)
    shutil.rmtree(features.paths.cache_dir() / "features")
    cold, _events = lab.train(**TAUGHT, run__epochs=1, run__seed=2)
    assert_same(warm, cold)


def test_cancelled_while_the_teacher_looks(lab: Lab) -> None:
    made = lab.plan(**TAUGHT, run__epochs=1)
    run = lab.run(made)
    events = list(lab.interrupted(run, made, "cancel", after=1))
    assert any(isinstance(e, ev.PhaseStarted) for e in events)
    assert isinstance(events[-1], ev.Finished)
    assert events[-1].outcome == "cancelled"
    assert not any(isinstance(e, ev.EpochEnded) for e in events)
    list(trainer.train(plan.resume_plan(run), run))
    whole, _events = lab.train(**TAUGHT, run__epochs=1)
    assert_same(whole, run)


def test_what_the_teacher_cannot_read_teaches_nothing(own: Lab) -> None:
    """The others keep their own guide: it is as if that file had never been there."""
    made = own.plan(**TAUGHT, run__epochs=1)
    bad = made.split.train[4]
    (own.pictures / bad.path).write_bytes(b"<html>")
    run = own.run(made)
    events = list(trainer.train(made, run))
    notices = [e.values for e in events if isinstance(e, ev.Notice) and e.code == "data.skipped"]
    assert notices == [{"count": 1, "path": bad.path}]
    others = tuple(sample for sample in made.split.train if sample != bad)
    without = plan.resolve(made.recipe, msgspec.structs.replace(made.split, train=others))
    clean = own.run(without)
    list(trainer.train(without, clean))
    assert_same(clean, run, "data_version", "split_version")  # one file less


def test_missing_weights_of_the_teacher_are_named(lab: Lab) -> None:
    _run, events = lab.train(**TAUGHT | {"options": {"teacher": "mobilenet_v2"}})
    assert isinstance(events[-1], ev.Failed)
    assert events[-1].code == "weights.missing"
    assert events[-1].values["title"] == "MobileNetV2"
