"""Where a model is clearly worse: named with its errors, or nothing is."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from tests.core.checks.made_material import material, scene
from transfergui.core.base.progress import untold
from transfergui.core.evaluation.kinds import Gallery, Table
from transfergui.core.figures import one_class
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.views import worst_groups
from transfergui.core.views.result import Result

EACH = 30


def result(folder: Path, wrong: np.ndarray) -> Result:
    """What a run says of dark and bright pictures of two classes; every fourth one is dark."""
    made: dict[str, list[Image.Image]] = {}
    for label, name in enumerate(("a", "b")):
        dark = [at % 4 == 0 for at in range(EACH)]
        pictures = [scene(EACH * label + at) for at in range(EACH)]
        made[name] = [
            ImageEnhance.Brightness(each).enhance(0.3 if d else 1)
            for each, d in zip(pictures, dark, strict=True)
        ]
    plan = material(folder, made).plan
    samples = plan.split.train
    rows = [
        PredictionRow(
            sample.path,
            "ab"[sample.label],
            "ab"[sample.label ^ bool(wrong[at])],
            0.9,
            (0.9, 0.1) if (sample.label ^ bool(wrong[at])) == 0 else (0.1, 0.9),
        )
        for at, sample in enumerate(samples)
    ]
    labels = [sample.label for sample in samples]
    said = np.eye(2)[[label ^ bool(wrong[at]) for at, label in enumerate(labels)]]
    of = SimpleNamespace(
        report=one_class.measure(labels, said, "ab", train_counts=[EACH, EACH]),
        rows=rows,
        split=plan.split,
        plan=plan,
        modality=plan.modality,
        objective=plan.objective,
        root=folder,
        part=lambda name: samples if name == "test" else (),
    )
    return cast("Result", of)


def test_the_dark_pictures_are_named_with_their_errors(tmp_path: Path) -> None:
    dark = np.tile(np.arange(EACH) % 4 == 0, 2)
    wrong = dark & (np.arange(2 * EACH) % 3 > 0)
    found = result(tmp_path, wrong)
    assert worst_groups.obstacle(found) == ""
    shown = worst_groups.compute(found, untold)
    assert shown.notes[0].code == "worst.group"
    assert all(note.sentence() for note in shown.notes)
    named = [row["by"] for row in shown.figures["worst_groups"]]  # type: ignore[attr-defined]
    assert any("brightness" in by for by in named)
    table = next(part for part in shown.parts if isinstance(part, Table))
    assert len(table.rows) == len(named)
    gallery = next(part for part in shown.parts if isinstance(part, Gallery))
    assert {item.path for item in gallery.items} <= {
        row.path for row, bad in zip(found.rows, wrong, strict=True) if bad
    }


@pytest.mark.parametrize("share", [0.0, 0.2])
def test_errors_anywhere_are_no_group(tmp_path: Path, share: float) -> None:
    wrong = np.random.default_rng(3).random(2 * EACH) < share
    shown = worst_groups.compute(result(tmp_path, wrong), untold)
    classes = ["worst.by_class"] if share else []
    assert [note.code for note in shown.notes] == ["worst.none", *classes]
    assert shown.parts == ()


def test_no_group_of_a_model_that_is_of_no_use_is_named(tmp_path: Path) -> None:
    dark = np.tile(np.arange(EACH) % 4 == 0, 2)
    wrong = dark | (np.arange(2 * EACH) % 3 > 0)
    shown = worst_groups.compute(result(tmp_path, wrong), untold)
    assert [note.code for note in shown.notes] == ["worst.no_use"] and not shown.parts


def test_too_few_to_compare(tmp_path: Path) -> None:
    few = cast("Result", SimpleNamespace(rows=[None] * 20))
    assert worst_groups.obstacle(few) == "worst.too_few"
