"""The training samples that pull predictions where they are wrong."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.core.conftest import Run
from transfergui.core.base.errors import UserError
from transfergui.core.base.progress import untold
from transfergui.core.data.dataset import Sample
from transfergui.core.views import because, insight
from transfergui.core.views import pulling as pulling_module
from transfergui.core.views.pulling import Pulling
from transfergui.core.views.result import Features, Result


def test_a_result_without_errors_says_so(objective_run: Callable[[str, str], Run]) -> None:
    result = Result(objective_run("one_class", "text"))
    wrong = [row for row in result.rows if not row.right]
    shown = because.compute(result, untold)
    assert (shown.notes[0].code == "because.no_errors") == (not wrong)
    assert len(shown.parts) == len(wrong)


def test_errors_stand_beside_the_training_samples_of_that_class(
    objective_run: Callable[[str, str], Run],
) -> None:
    """Of answers that were turned round, every one is an error."""
    result = Result(objective_run("one_class", "image"))
    test = result.features("test")
    turned = type(test)(test.samples, test.rows, test.answers[:, ::-1])
    pulling = Pulling(result, result.features("train"), turned, 3)
    for at in range(len(turned.samples)):
        found = pulling.of(at).examples
        predicted = result.split.classes[int(np.argmax(turned.answers[at]))]
        assert {each.label for each in found} <= {predicted}


@pytest.mark.parametrize("objective", ["number", "several_labels", "several_questions"])
def test_what_moves_other_predictions_has_a_direction(
    objective_run: Callable[[str, str], Run], objective: str
) -> None:
    result = Result(objective_run(objective, "image"))
    test = result.features("test")
    turned = type(test)(
        test.samples, test.rows, -test.answers if objective == "number" else 1 - test.answers
    )
    pulling = Pulling(result, result.features("train"), turned, 5)
    truths = pulling_module.truths(result.split.targets)
    train = {sample.path: sample.label for sample in result.split.train}
    named = 0
    for at in range(len(test.samples)):
        found = pulling.of(at)
        for each in found.examples:
            named += 1
            assert each.moves is not None and (each.moves > 0) == found.raises
            if objective != "number":  # the label of the example is the one that is wrong here
                assert bool(truths[train[each.path], found.output]) == found.raises
    assert named
    shown = because.compute(result, untold)
    assert {note.code for note in shown.notes} & {"because.moving", "because.no_errors"}


def test_a_training_sample_is_not_like_itself(objective_run: Callable[[str, str], Run]) -> None:
    run = objective_run("one_class", "image")
    own = insight.insight_of(run.path)
    assert own is insight.insight_of(run.path)
    path = run.split.train[0].path
    assert own.result is not None
    found = own.because(own.result.root / path)
    assert path not in {each.path for each in found}
    assert found == sorted(found, key=lambda each: -each.likeness)


def test_a_package_does_not_know_its_training_data(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        insight.Insight(tmp_path / "model.zip").because(tmp_path / "a.png")
    assert caught.value.code == "because.no_run"


def test_a_label_is_doubted_where_all_that_is_alike_has_the_predicted_one(
    objective_run: Callable[[str, str], Run],
) -> None:
    result = Result(objective_run("one_class", "image"))
    rows = np.eye(2, dtype=np.float32)[[0] * 5 + [1] * 5]
    labels = [1] * 5 + [1] * 4 + [0]
    samples = tuple(Sample(f"{at}.png", label) for at, label in enumerate(labels))
    train = Features(samples, rows, np.zeros((10, 2)))
    asked = Features(samples[:1], rows[[0, 9]], np.array([[0.1, 0.9], [0.1, 0.9]]))
    pulling = Pulling(result, train, asked, 5)
    assert pulling._is_doubted(0)
    assert not pulling._is_doubted(1)
