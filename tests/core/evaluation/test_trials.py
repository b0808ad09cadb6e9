"""What the automatic choice tried, in words."""

import msgspec
import pytest

from transfergui.core.evaluation import trials
from transfergui.core.objectives.number import Number
from transfergui.core.runs.events import Tried

SETTINGS = {"optim.lr": 0.0004, "head.dropout": 0.31, "augment": "Strong"}


@pytest.mark.parametrize(
    ("strategy", "settings", "words"),
    [
        ("", {}, "Linear probe"),
        ("fine_tuning", {}, "Fine-tuning"),
        (
            "fine_tuning",
            SETTINGS,
            "Fine-tuning: Learning rate 0.0004, Dropout 0.31, Strong augmentation",
        ),
    ],
)
def test_how_a_network_was_tried(strategy: str, settings: dict[str, object], words: str) -> None:
    assert trials.way(Tried(backbone="x", title="X", strategy=strategy, settings=settings)) == words


def test_a_linear_probe_and_a_trained_model_have_a_measure_each() -> None:
    measures = trials.Measures(Number.curve, "kg", Number.probe)
    probed = Tried(backbone="x", title="X", accuracy=0.5)
    trained = Tried(backbone="x", title="X", strategy="fine_tuning", accuracy=2.5)
    assert (measures.probed_text(probed), measures.trained_text(probed)) == ("0.5", "")
    assert (measures.probed_text(trained), measures.trained_text(trained)) == ("", "2.5 kg")
    assert measures.probed_title != measures.trained_title


def test_what_became_of_it() -> None:
    assert trials.fate(Tried(backbone="x", title="X")) == "Chosen."
    assert trials.fate(Tried(backbone="x", title="X", dropped="auto.so_far"))
    there = Tried(backbone="x", title="X", dropped="auto.elsewhere", epoch=3, epochs=40)
    assert trials.fate(there) == "In another process: epoch 3 of 40."


def test_a_time_that_was_estimated_is_told_from_one_that_was_measured() -> None:
    trial = Tried(backbone="b", title="B", strategy="fine_tuning", full=120.0)
    done = msgspec.structs.replace(trial, accuracy=0.9, seconds=90.0)
    late = msgspec.structs.replace(trial, seconds=180.0, dropped="auto.no_time")
    unknown = msgspec.structs.replace(trial, full=None)
    texts = [trials.full_time(each) for each in (trial, done, late, unknown)]
    assert texts == ["about 2 min", "2 min", "over 3 min", ""]
