"""The map of every objective: all samples, coloured by what is known of them."""

from collections.abc import Callable

import numpy as np
import pytest

from tests.core.conftest import Run
from transfergui.core.base.progress import untold
from transfergui.core.evaluation.kinds import Points
from transfergui.core.evaluation.report_charts import map_of
from transfergui.core.views import sample_map
from transfergui.core.views.result import Result


@pytest.mark.parametrize("objective", ["one_class", "several_questions", "number"])
def test_every_sample_has_a_place_and_colours(
    objective_run: Callable[[str, str], Run], objective: str
) -> None:
    result = Result(objective_run(objective, "image"))
    (points,) = sample_map.compute(result, untold).parts
    assert isinstance(points, Points)
    count = sum(len(result.part(part)) for part in sample_map.PARTS)
    assert points.xy.shape == (count, 2) and len(points.paths) == count
    assert all(len(values) == count for values in points.colourings.values())
    first = next(iter(points.colourings.values()))
    assert isinstance(first, np.ndarray) == (objective == "number")
    assert sum(len(group.points) for group in map_of(points)) == count
