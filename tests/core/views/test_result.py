"""What views read of a run."""

from collections.abc import Callable

import numpy as np
import pytest

from tests.core.conftest import Run
from transfergui.core.views.result import Result


@pytest.mark.parametrize(
    "key, modality", [("one_class", "image"), ("one_class", "text"), ("several_labels", "image")]
)
def test_answers_are_those_of_the_report(
    objective_run: Callable[[str, str], Run], key: str, modality: str
) -> None:
    result = Result(objective_run(key, modality))
    found = result.features("test")
    assert found is result.features("test")  # computed once
    assert [sample.path for sample in found.samples] == [row.path for row in result.rows]
    assert found.rows.shape == (len(found.samples), result.model.backbone.features)
    said = result.objective.said(found.answers, result.found)
    assert [each.label for each in said] == [row.label for row in result.rows]
    known = [row.confidence for row in result.rows]
    np.testing.assert_allclose([each.confidence for each in said], known, atol=1e-3)
