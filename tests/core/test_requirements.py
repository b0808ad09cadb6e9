"""What means nothing for what is predicted is refused, and nothing else is."""

from typing import Any

import pytest

from transfergui.core import registry, requirements
from transfergui.core.base import options as opt
from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.objective import Objective
from transfergui.core.recipe import Recipe

SETTINGS: tuple[tuple[str, Any], ...] = (
    ("optim.balance", "weights"),
    ("optim.label_smoothing", 0.1),
    ("head.kind", "hidden"),
    ("head.dropout", 0.3),
    ("input.fit", "pad"),
    ("augment.mixup", 0.2),
    ("augment.mosaic", 50.0),
    ("augment.flip", True),
)


@pytest.mark.parametrize("objective", registry.OBJECTIVES, ids=lambda each: each.key)
def test_what_is_listed_is_refused(objective: Objective) -> None:
    modality = registry.modality("image")
    listed = requirements.unmeant(modality, objective)
    for path, value in SETTINGS:
        part, name = path.split(".")
        recipe, augment = Recipe(), modality.augment_options()
        if part == "augment":
            augment = opt.check({name: value}, modality.augment_options)
        elif part == "input":
            recipe = recipe.replace(input={name: value})
        else:
            recipe = recipe.replace(**{f"{part}__{name}": value})
        codes = []
        try:
            requirements.meant(recipe, objective)
            requirements.meant_augment(modality, objective, augment)
        except UserError as error:
            codes.append(error.code)
        assert codes == [listed[path]] if path in listed else not codes, path
