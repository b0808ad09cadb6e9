"""Every check: a row with a file of its own, and sentences that exist."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.core.conftest import Run
from transfergui.core.checks import registry
from transfergui.core.checks.material import material_of
from transfergui.core.resolve import resolve

FOLDER = Path(registry.__file__).parent


def test_every_file_is_a_row() -> None:
    keys = [check.key for check in registry.CHECKS]
    assert len(set(keys)) == len(keys)
    assert all((FOLDER / f"{key}.py").is_file() for key in keys)


@pytest.mark.parametrize("check", registry.CHECKS, ids=lambda check: check.key)
def test_every_check_speaks_in_sentences(
    check: registry.Check, objective_run: Callable[[str, str], Run]
) -> None:
    run = objective_run("one_class", "image")
    material = material_of(resolve(run.recipe, run.split))
    assert check.title and check.summary
    if not check.obstacle(material):
        found = check.find(material, lambda done, total: None)
        assert found.check == check.key
        assert all(note.sentence() for note in found.notes)


def test_material_is_every_sample_with_its_features(
    objective_run: Callable[[str, str], Run],
) -> None:
    run = objective_run("one_class", "image")
    plan = resolve(run.recipe, run.split)
    material = material_of(plan)
    split = plan.split
    assert material.samples == (*split.train, *split.val, *split.test)
    assert [split.test[0]] == [material.samples[material.at("test")[0]]]
    assert len(material.at("val")) == len(split.val)
    assert material.features is not None
    assert material.features.shape == (len(material.samples), plan.backbone.features)
    assert np.isfinite(material.features).all()
