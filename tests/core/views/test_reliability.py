"""Whether the confidence fits: said both ways."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np

from transfergui.core import registry
from transfergui.core.base.progress import untold
from transfergui.core.data.targets import NUMBER, ONE_CLASS, Targets
from transfergui.core.evaluation import promises
from transfergui.core.evaluation.kinds import Table
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.figures.metrics import Calibration
from transfergui.core.views import reliability
from transfergui.core.views.result import Result


def result(off: float, count: int = 300, temperatures: tuple[float, ...] = ()) -> Result:
    """A run whose predictions are right less often than they say, by ``off``."""
    rng = np.random.default_rng(0)
    sure = rng.uniform(0.6, 1, count)
    rows = [
        PredictionRow(str(at), "a", "a" if rng.random() < each - off else "b", float(each))
        for at, each in enumerate(sure)
    ]
    of = SimpleNamespace(
        rows=rows,
        run=SimpleNamespace(path=Path("no-such-run")),
        objective=registry.objective(ONE_CLASS),
        modality=registry.modality("image"),
        split=SimpleNamespace(targets=Targets()),
        report=SimpleNamespace(
            calibration=Calibration(temperatures=temperatures, examples=140 if temperatures else 60)
        ),
    )
    return cast("Result", of)


def codes(found: Result) -> list[str]:
    return [
        note.code.removeprefix("reliability.") for note in reliability.compute(found, untold).notes
    ]


def test_a_confidence_that_fits_and_one_that_does_not() -> None:
    assert codes(result(0.0, count=1000)) == ["honest", "error"]
    assert codes(result(0.2))[:3] == ["overconfident", "group", "error"]
    assert codes(result(-0.3))[0] == "underconfident"


def test_few_examples_do_not_show_that_it_fits() -> None:
    (note, *_more) = reliability.compute(result(0.05, count=34), untold).notes
    assert (note.code, note.level) == ("reliability.unclear", "info")
    assert "group" not in codes(result(0.05, count=34))


def test_errors_that_cancel_each_other_do_not_fit() -> None:
    found = result(0.0)
    for at, row in enumerate(found.rows):  # the less sure ones are always right
        right = row.confidence < 0.7 or at % 4 > 0  # type: ignore[operator]
        found.rows[at] = PredictionRow(row.path, "a", "a" if right else "b", row.confidence)
    assert codes(found)[0] == "uneven"


def test_the_temperature_or_why_there_is_none() -> None:
    assert codes(result(0.0, temperatures=(1.5,)))[-1] == "calibrated"
    assert codes(result(0.2))[-1] == "not_calibrated"


def test_the_chart_has_bins_with_intervals_and_a_diagonal() -> None:
    (chart, table) = reliability.compute(result(0.0), untold).parts
    assert isinstance(table, Table)
    assert [row[2:] for row in table.rows] == [("–", "–")] * len(promises.CHOICES)
    assert chart.diagonal
    assert len(chart.lines[0].x) == len(chart.lines[0].low) == 10


def test_what_cannot_be_checked() -> None:
    assert reliability.obstacle(result(0.0)) == ""
    assert reliability.obstacle(result(0.0, count=10)) == "reliability.too_few"
    number = result(0.0)
    number.objective = registry.objective(NUMBER)  # type: ignore[misc]
    assert reliability.obstacle(number) == "reliability.no_confidence"
