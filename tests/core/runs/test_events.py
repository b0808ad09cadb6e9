"""Events: one line each, and back again."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transfergui.core.runs import events as ev

STARTED = ev.Started(
    run="/runs/1",
    resumed=False,
    modality="image",
    backbone="mobilenet_v2",
    strategy="fine_tuning",
    device="cpu",
    precision="float32",
    classes=("cat", "dog\udcff"),
    sizes={"train": 70, "val": 15, "test": 15},
    epochs=12,
    baseline=0.5,
)
EVENTS = [
    ev.Tried(backbone="tgnet", title="TGNet", accuracy=0.5, dropped="auto.weaker"),
    STARTED,
    ev.PhaseStarted(index=0, name="Head", epoch=0, epochs=12, trainable=10, frozen=90),
    ev.Progress(stage="train", epoch=0.5, step=1, steps=2, loss=0.7, eta=1.5),
    ev.Progress(stage="features", epoch=0.0, step=1, steps=2),
    ev.EpochEnded(
        epoch=1,
        phase=0,
        train_loss=0.7,
        train_score=0.5,
        val_loss=None,
        val_score=None,
        lr=1e-3,
        seconds=2.0,
        best=True,
    ),
    ev.Saved(kind="best", epoch=1),
    ev.Notice(code="data.skipped", values={"count": 2, "path": "a.png"}, level="warning"),
    ev.Finished(outcome="done", epochs=12, best_epoch=7, seconds=9.5, report={"accuracy": 0.9}),
    ev.Failed(code="picture.vanished", values={"path": "a\udcff.jpg"}),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_round_trip(event: ev.Event) -> None:
    line = ev.to_line(event)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert ev.from_line(line) == event


def test_notes_among_them_are_written_without_another_level_of_braces() -> None:
    notice = {"event": "Notice", "code": "auto.finish", "values": {}, "level": "info"}
    assert json.loads(ev.to_line(ev.Notice("auto.finish"))) == notice | {"passing": False}


def test_a_failure_as_older_versions_wrote_it_is_read() -> None:
    line = (
        b'{"event": "Failed", "code": "picture.vanished", "values": {"path": "a"}, "details": ""}'
    )
    assert ev.from_line(line) == ev.Failed("picture.vanished", {"path": "a"}, level="error")


def test_every_kind_is_tried() -> None:
    assert {type(event) for event in EVENTS} == set(ev.AnyEvent.__args__)


@pytest.mark.parametrize("loss", [math.nan, math.inf, 1e308, 10**400])
def test_a_loss_that_no_training_reports_is_refused(loss: float) -> None:
    """A training ends before it reports one; drawn, 1e308 ended the process."""
    line = ev.to_line(ev.Progress(stage="train", epoch=1, step=1, steps=1, loss=loss))
    with pytest.raises(ValueError):
        ev.from_line(line)


def test_codes_of_other_versions_reach_nobody() -> None:
    with pytest.raises(ValueError):
        ev.from_line(ev.to_line(ev.Notice(code="data.skipped")))  # its sentence needs values
    failed = ev.from_line(ev.to_line(ev.Failed(code="from.the_future")))
    assert failed == ev.Failed(code="run.unknown_failure", values={"name": "from.the_future"})


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(EVENTS), st.data())
def test_any_cut_off_line_is_refused(event: ev.Event, data: st.DataObject) -> None:
    line = ev.to_line(event)
    cut = data.draw(st.integers(0, len(line) - 2))
    with pytest.raises(ValueError):
        ev.from_line(line[:cut])


@pytest.mark.parametrize(
    "line", [b"[]", b'{"event":"Exploded"}', b'{"event":"Saved"}', b"[" * 100_000, b"\xff"]
)
def test_what_is_no_event_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError):
        ev.from_line(line)
