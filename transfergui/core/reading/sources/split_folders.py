"""What the folders of the parts are, where the user says it: ``A=train, B=test``."""

import itertools
from collections.abc import Container, Sequence

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.data.dataset import SplitName

Parts = tuple[tuple[str, SplitName], ...]
PARTS: tuple[SplitName, ...] = ("train", "val", "test")
HOW = "split_folders=A=train, B=val, C=test"


def parsed_parts(said: str) -> Parts:
    """What folders are by the option ``split_folders``: ``A=train, B=test``.

    Raises:
        UserError: ``recipe.invalid``: it is written in another way.
    """
    found: list[tuple[str, SplitName]] = []
    for pair in filter(None, map(str.strip, said.split(","))):
        name, _equals, part = map(str.strip, pair.rpartition("="))
        meant = next((each for each in PARTS if each == part), None)
        if not name or meant is None:
            reason = _("assign each folder as in {example}, not {found}")
            reason = reason.format(example="A=train, B=test", found=said)
            raise UserError("recipe.invalid", path="data.options.split_folders", reason=reason)
        found.append((name, meant))
    return tuple(found)


def orders(names: Sequence[str], known: Container[str] = ()) -> list[Parts]:
    """What folders may be, where others are the ``known`` parts; the likeliest first: the first
    folder for training, where none is known to be, and a test set rather than a validation set."""
    parts = itertools.permutations(PARTS, len(names))
    trained = (each for each in parts if "train" in each or "train" in known)

    def unlikely(each: Sequence[str]) -> tuple[int, bool, bool]:
        again = sum(part in known for part in each)
        return again, "train" not in known and each[0] != "train", "val" in each

    likely = sorted(trained, key=unlikely)
    return [tuple(zip(names, each, strict=True)) for each in likely]


def written_parts(parts: Parts) -> str:
    return ", ".join(f"{name}={part}" for name, part in parts)


def meant_parts(parts: Parts) -> str:
    called = {"train": _("training"), "val": _("validation"), "test": _("test")}
    return ", ".join(f"{name}: {called[part]}" for name, part in parts)
