"""Data to try the program with, without a network: scikit-learn's handwritten digits."""

import shutil
import tempfile
from pathlib import Path

from transfergui.core import paths
from transfergui.core.dataset import DataOptions
from transfergui.core.recipe import Recipe, RunOptions

SIDE = 32
"""The originals have 8 x 8 pixels; enlarged, a person recognises them too."""


def digits() -> Path:
    """A folder with 1797 pictures of ten digits (Alpaydin and Kaynak 1998), a folder per class.

    Written once, into the cache; a second process that does the same at the
    same time does no harm.

    Raises:
        OSError: the cache cannot be written.
    """
    home = paths.cache_dir() / "samples" / "digits"
    if not home.is_dir():
        home.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".digits-", dir=home.parent))
        try:
            _write_digits(fresh)
            _move(fresh, home)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return home


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


def demo_recipe() -> Recipe:
    """A small network from scratch on the digits: no weights, no network, a minute.

    Until the program ships a pretrained network of its own.

    Raises:
        OSError: the cache cannot be written.
    """
    return Recipe(
        name="digits",
        data=DataOptions(path=str(digits())),
        backbone="resnet18",
        strategy="from_scratch",
        input={"size": SIDE, "resize": SIDE},
        augment={},
        run=RunOptions(epochs=6),
    )
