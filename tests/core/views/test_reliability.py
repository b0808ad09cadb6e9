"""Whether the confidence fits: said both ways."""

from types import SimpleNamespace
from typing import cast

import numpy as np

from transfergui.core import registry
from transfergui.core.base.progress import untold
from transfergui.core.data.targets import NUMBER, ONE_CLASS, Targets
from transfergui.core.figures.metrics import Calibration, PredictionRow
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
    assert "honest" in codes(result(0.0))
    assert {"overconfident", "group"} <= set(codes(result(0.2)))
    assert "underconfident" in codes(result(-0.3))


def test_the_temperature_or_why_there_is_none() -> None:
    assert codes(result(0.0, temperatures=(1.5,)))[-1] == "calibrated"
    assert codes(result(0.0))[-1] == "not_calibrated"


def test_the_chart_has_bins_with_intervals_and_a_diagonal() -> None:
    (chart,) = reliability.compute(result(0.0), untold).parts
    assert chart.diagonal
    assert len(chart.lines[0].x) == len(chart.lines[0].low) == 10


def test_what_cannot_be_checked() -> None:
    assert reliability.obstacle(result(0.0)) == ""
    assert reliability.obstacle(result(0.0, count=10)) == "reliability.too_few"
    number = result(0.0)
    number.objective = registry.objective(NUMBER)  # type: ignore[misc]
    assert reliability.obstacle(number) == "reliability.no_confidence"
