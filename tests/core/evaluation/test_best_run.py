import dataclasses

import numpy as np
import pytest

from transfergui.core.data.dataset import Sample
from transfergui.core.data.split import Split
from transfergui.core.evaluation import report
from transfergui.core.evaluation.best_run import best_run
from transfergui.core.figures import one_class
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.recipe import Recipe
from transfergui.core.runs.run import Run

COUNT = 40


def run_with_errors(errors: int, first: int = 0) -> Run:
    """A run that was tested on 40 samples from number ``first`` on, with so many errors."""
    recipe = Recipe().replace(data__path="/data", backbone="resnet18")
    samples = tuple(Sample(f"{first + n}.png", 0) for n in range(COUNT))
    run = Run.create(recipe, Split("/", "image", ("a", "b"), (), (), samples, 0, "x"))
    said = [int(n < errors) for n in range(COUNT)]
    rows = [PredictionRow(s.path, "a", "ab"[k], 0.9) for s, k in zip(samples, said, strict=True)]
    report.save(
        run.path, one_class.measure([0] * COUNT, np.eye(2)[said], "ab"), rows, recipe=recipe
    )
    return run


@pytest.mark.parametrize(("errors", "clear"), [(0, True), (19, False)])
def test_the_best_run_on_the_same_test_set(errors: int, clear: bool) -> None:
    own = run_with_errors(20)
    assert best_run(own, report.load(own.path)) is None
    run_with_errors(30), run_with_errors(0, first=COUNT)  # worse, and better on other examples
    better = run_with_errors(errors)
    found = best_run(own, report.load(own.path))
    assert found is not None
    assert (found.run.path, found.difference.clear) == (better.path, clear)
    assert ("chance" in found.sentence("X", "pictures")) is not clear
    assert not found.unadapted
    unadapted = dataclasses.replace(found, unadapted=True)
    assert "not adapted" in unadapted.sentence("X", "pictures")
