"""Plans of pictures that are nowhere: what is decided before a file is read."""

from typing import Any

from transfergui.core.data.dataset import Sample
from transfergui.core.data.split import Split
from transfergui.core.interfaces.plan import Plan
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve


def split(*counts: int) -> Split:
    """A split with so many training samples per class."""
    samples = [
        Sample(f"{label}/{i}.png", label) for label, n in enumerate(counts) for i in range(n)
    ]
    classes = tuple(f"class_{label}" for label in range(len(counts)))
    return Split("/data", "image", classes, tuple(samples), (), (), 0, "split.random")


def planned(*counts: int, **settings: Any) -> Plan:
    return resolve(Recipe().replace(**settings), split(*counts or (3, 3)))
