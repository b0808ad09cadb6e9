"""Dividing a dataset into training, validation and test: stratified, reproducible, leak-free."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from transfergui.core import files
from transfergui.core.dataset import Dataset, Sample, fingerprint
from transfergui.core.errors import UserError
from transfergui.core.recipe import SplitOptions


class Split(msgspec.Struct, frozen=True):
    """Which samples are learnt from, which choose the best moment, which measure the result.

    Self-contained: a training can be resumed and evaluated from it alone.

    Attributes:
        root: the folder that sample paths are relative to.
        classes: names, in the order of the labels.
        method: how it was made, as a message code: ``split.random``, ``split.folders`` ...
    """

    root: str
    modality: str
    classes: tuple[str, ...]
    train: tuple[Sample, ...]
    val: tuple[Sample, ...]
    test: tuple[Sample, ...]
    seed: int
    method: str

    @property
    def fingerprint(self) -> str:
        """Of all samples, wherever they are; equals the dataset's when nothing changed."""
        everything = sorted(self.train + self.val + self.test, key=lambda s: s.path)
        return fingerprint(tuple(everything), self.classes)

    def sizes(self) -> dict[str, int]:
        return {"train": len(self.train), "val": len(self.val), "test": len(self.test)}

    def save(self, path: Path) -> None:
        """Write ``split.json``; undecodable path bytes survive as ``\\udcXX``."""
        files.write_atomic(path, json.dumps(msgspec.to_builtins(self)))


def load(path: Path) -> Split:
    """Read ``split.json``.

    Raises:
        UserError: ``run.damaged``.
    """
    try:
        tree: Any = json.loads(path.read_text(encoding="utf-8"))
        return msgspec.convert(tree, Split)
    except (OSError, ValueError, RecursionError, msgspec.ValidationError) as error:
        raise UserError("run.damaged", path=str(path), reason=str(error)) from None


def compare(split: Split) -> tuple[Split, list[str], list[str]]:
    """Compare a split with the disk.

    Returns:
        the split of what is there (with the sizes of now), the paths that are
        gone, and the paths whose size has changed.
    """
    root = Path(split.root)
    gone: list[str] = []
    changed: list[str] = []

    def present(samples: tuple[Sample, ...]) -> Iterator[Sample]:
        for sample in samples:
            try:
                size = (root / sample.path).stat().st_size
            except OSError:
                gone.append(sample.path)
                continue
            if size != sample.size:
                changed.append(sample.path)
            yield msgspec.structs.replace(sample, size=size)

    parts = {name: tuple(present(getattr(split, name))) for name in ("train", "val", "test")}
    return msgspec.structs.replace(split, **parts), gone, changed


def split(dataset: Dataset, options: SplitOptions, seed: int) -> Split:
    """Divide ``dataset``.

    Raises:
        UserError: ``data.one_class``, ``data.too_few``: nothing can be learnt from it.
    """
    raise NotImplementedError
