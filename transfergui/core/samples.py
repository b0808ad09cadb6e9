"""Data to try the program with, without a network: scikit-learn's handwritten digits."""

import shutil
import tempfile
from pathlib import Path

from transfergui.core import paths
from transfergui.core.dataset import DataOptions
from transfergui.core.errors import UserError
from transfergui.core.recipe import HeadOptions, OptimOptions, Recipe, RunOptions

SIDE = 32
"""The originals have 8 x 8 pixels; enlarged, a person recognises them too."""
STRIP = paths.resource("samples", "digits.png")
"""The first picture of each class, side by side: to show them before they are unpacked."""


def digits() -> Path:
    """A folder with 1797 pictures of ten digits (Alpaydin and Kaynak 1998), a folder per class.

    Written once, into the cache; a second process that does the same at the
    same time does no harm.

    Raises:
        UserError: ``sample.not_written``: not into the cache.
    """
    home = _home() / "digits"
    try:
        if not home.is_dir():
            _make(home)
    except OSError as error:
        raise UserError("sample.not_written", path=str(home), reason=str(error)) from None
    return home


def is_sample(path: Path) -> bool:
    """Whether ``path`` is one of the samples, not the user's own."""
    return path.is_relative_to(_home())


def _home() -> Path:
    return paths.cache_dir() / "samples"


def _make(home: Path) -> None:
    home.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".digits-", dir=home.parent))
    try:
        _write_digits(fresh)
        _move(fresh, home)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _write_digits(folder: Path) -> None:
    from PIL import Image
    from sklearn.datasets import load_digits

    bunch = load_digits()
    for number, (values, label) in enumerate(zip(bunch.images, bunch.target, strict=True)):
        home = folder / str(label)
        home.mkdir(exist_ok=True)
        picture = Image.fromarray((values * (255 / 16)).round().astype("uint8"))
        picture.resize((SIDE, SIDE), Image.Resampling.BICUBIC).save(home / f"{number:04}.png")


def _move(fresh: Path, home: Path) -> None:
    try:
        fresh.rename(home)
    except OSError:
        if not home.is_dir():  # else another process was quicker, with the same pictures
            raise


INPUT = 96
"""Three times the size of the pictures: strokes are then as wide as what the network knows."""


def demo_recipe() -> Recipe:
    """A new head for the built-in network, on the digits: no download, less than a minute.

    Raises:
        UserError: ``sample.not_written``.
    """
    return Recipe(
        name="digits",
        data=DataOptions(path=str(digits())),
        backbone="tgnet",
        strategy="feature_extraction",
        input={"size": INPUT, "resize": INPUT},
        # a digit that was mirrored is none; a little askew, it still is one
        augment={"rotation": 8, "shift": 4},
        head=HeadOptions(dropout=0.0),  # of many and even examples nothing is learnt by heart
        # on cached features quick steps are safe, and epochs cost next to nothing
        optim=OptimOptions(lr=0.003),
        run=RunOptions(epochs=60, patience=10),
    )
