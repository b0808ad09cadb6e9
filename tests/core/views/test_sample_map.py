"""The map of every objective: all samples, coloured by what is known of them."""

from collections.abc import Callable

import numpy as np
import pytest

from tests.core.conftest import Run
from transfergui.core.base.progress import untold
from transfergui.core.evaluation.kinds import Points
from transfergui.core.evaluation.report_charts import map_of
from transfergui.core.views import because, sample_map
from transfergui.core.views.result import Features, Result


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


def test_what_cannot_be_read_is_counted_and_named(
    objective_run: Callable[[str, str], Run],
) -> None:
    result = Result(objective_run("one_class", "image"))
    whole = result.features("test")
    lost, *kept = whole.samples
    result._features["test"] = Features(tuple(kept), whole.rows[1:], whole.answers[1:])
    for view in (sample_map, because):
        notes = view.compute(result, untold).notes
        (note,) = (each for each in notes if each.code == "data.left_unread")
        assert (note.values["count"], note.values["path"]) == (1, lost.path)
