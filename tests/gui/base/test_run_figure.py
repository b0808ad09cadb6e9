"""What a run reached, as lists of runs show it."""

from pathlib import Path

import pytest

from transfergui.core.data.dataset import Problem
from transfergui.core.runs.run import Run
from transfergui.gui.base.run_figure import RunFigure
from transfergui.gui.base.run_names import result_of


@pytest.mark.parametrize(
    "kept, text",
    [
        ({}, "43 %"),
        ({"grouped_by": "speaker"}, "43 %, grouped"),
        ({"grouped_by": "speaker", "ungrouped": Problem("split.random", path=".")}, "43 %"),
    ],
)
def test_a_model_list_says_whether_a_figure_is_of_new_groups(
    kept: dict[str, object], text: str
) -> None:
    figure = RunFigure.of({"primary": {"value": 0.43}, **kept})
    assert result_of(Run(Path("run")), figure) == text
