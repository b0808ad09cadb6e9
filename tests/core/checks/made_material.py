"""Pictures that were made, as the checks get them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from PIL import Image

from tests.core import made_plans
from transfergui.core.checks.check import Material
from transfergui.core.data.dataset import Sample
from transfergui.core.data.split import Split
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve


def scene(seed: int, size: tuple[int, int] = (64, 48)) -> Image.Image:
    """Patches of many colours, another one for each seed."""
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(30, 226, (6, 8, 3), dtype=np.uint8))
    return small.resize(size, Image.Resampling.NEAREST)


def material(
    folder: Path,
    pictures: Mapping[str, Sequence[Image.Image]],
    features: np.ndarray | None = None,
    groups: Mapping[str, str] | None = None,
    **settings: Any,
) -> Material:
    """Pictures by class, saved as ``class/number.png``.

    Args:
        groups: of some of them, by path.
    """
    samples = []
    for label, (name, several) in enumerate(pictures.items()):
        (folder / name).mkdir()
        for number, image in enumerate(several):
            path = f"{name}/{number}.png"
            image.save(folder / path)
            samples.append(Sample(path, label, 0, (groups or {}).get(path)))
    bare = made_plans.split(*(len(several) for several in pictures.values()))
    split: Split = msgspec.structs.replace(
        bare, root=str(folder), classes=tuple(pictures), train=tuple(samples)
    )
    plan = resolve(Recipe().replace(**settings), split)
    return Material(plan, tuple(samples), ("train",) * len(samples), features)
