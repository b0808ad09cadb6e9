"""One threshold decides everywhere whether classes are uneven."""

from pathlib import Path

import pytest

from tests.core.evaluation.test_words import remarks
from transfergui.core.data import imbalance
from transfergui.core.data.dataset import Dataset, Sample
from transfergui.core.data.split import Split
from transfergui.core.reading.classes import class_notes
from transfergui.core.resolve import _class_weights


def test_the_ratio_leaves_out_classes_without_samples() -> None:
    assert imbalance.ratio([9, 0, 3]) == 3.0
    assert imbalance.ratio([0, 0]) == imbalance.ratio([]) == 1.0


@pytest.mark.parametrize(("most", "uneven"), [(29, False), (30, True)])
def test_scan_training_and_report_agree(most: int, uneven: bool) -> None:
    """No note says that rare classes get more weight where they do not, or the other way."""
    samples = [Sample(f"{at}.jpg", int(at >= most)) for at in range(most + 10)]
    dataset = Dataset(Path("/"), Path("/"), "image", ("a", "b"), tuple(samples))
    noted = {problem.code for problem in class_notes.class_problems(dataset)}
    parts = {"train": tuple(samples), "val": (), "test": ()}
    split = Split("/", "image", ("a", "b"), **parts, seed=0, method="split.random")
    said = remarks([0, 1] * 20, [0, 1] * 20, [most, 10], classes="ab")
    assert imbalance.is_uneven([most, 10]) is uneven
    assert ("data.uneven" in noted) is uneven
    assert (_class_weights(split, "auto") is not None) is uneven
    assert ("report.balanced" in said) is uneven
