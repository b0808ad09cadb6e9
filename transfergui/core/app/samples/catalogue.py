"""Data to try the program with, without a network: a row for each, made or copied when opened.

``digits``, ``notes`` and ``remarks`` write them, one for each modality, without torch.
"""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from transfergui.core import registry
from transfergui.core.app.samples import digits, remarks
from transfergui.core.base import paths
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_
from transfergui.core.data.dataset import DataOptions
from transfergui.core.recipe import OptimOptions, Recipe, RunOptions


@dataclass(frozen=True)
class Bundled:
    """A sample that comes with the program.

    Attributes:
        key: how the command line calls it, and its folder in the cache.
        title: a few words, marked with ``N_``.
        sentence: what there is and what is to be told apart, marked with ``N_``.
        write: fills an empty folder with the data; the same ones every time.
        recipe: how it is trained in less than a minute, but for where the data lie.
        file: where the data are in that folder; empty for the folder itself.
        strip: a file of ``resources/samples`` with square pictures of it side by side; empty
            where there is nothing to draw.
        strip_shows: the same in words, for those who cannot see it, marked with ``N_``.
        why: why its network is not the one that the program would take, marked with ``N_``.
    """

    key: str
    title: str
    sentence: str
    write: Callable[[Path], None]
    recipe: Recipe
    file: str = ""
    strip: str = ""
    strip_shows: str = ""
    why: str = ""

    @property
    def modality(self) -> str:
        """The key of what is learnt from."""
        return self.recipe.modality

    @property
    def strip_path(self) -> Path | None:
        """The picture to show before the sample is unpacked, where there is one."""
        return paths.resource("samples", self.strip) if self.strip else None


def _write_notes(folder: Path) -> None:
    from transfergui.core.app.samples import notes  # numpy: not at every start

    notes.write(folder)


QUICK = RunOptions(epochs=60, patience=10)
"""On cached features epochs cost next to nothing."""

SAMPLES: tuple[Bundled, ...] = (
    Bundled(
        key="digits",
        title=N_("Handwritten digits"),
        sentence=N_("1797 scanned digits: which of the ten is it?"),
        write=digits.write,
        strip="digits.png",
        strip_shows=N_("Handwritten digits from zero to nine"),
        recipe=Recipe(
            name="digits",
            backbone="tgnet",
            input={"size": digits.SEEN, "resize": digits.SEEN},
            # a digit that was mirrored is none; a little askew, it still is one
            augment={"rotation": 8, "shift": 4},
            run=QUICK,
        ),
    ),
    Bundled(
        key="notes",
        title=N_("Played notes"),
        sentence=N_("200 short recordings: plucked, bowed, struck, or noise?"),
        write=_write_notes,
        strip="notes.png",
        strip_shows=N_("Spectrograms of a plucked, a bowed and a struck note, and of noise"),
        recipe=Recipe(name="notes", modality="audio", backbone="tgnet", run=QUICK),
    ),
    Bundled(
        key="remarks",
        title=N_("Customer remarks"),
        sentence=N_("Short texts in English and Chinese: praise, complaint, or question?"),
        write=remarks.write,
        file=remarks.TABLE,
        recipe=Recipe(
            name="remarks",
            modality="text",
            backbone="tfidf",
            optim=OptimOptions(lr=0.003),
            run=QUICK,
        ),
        why=N_(
            "Trained with TF-IDF, which counts words. The built-in word vectors are English only, "
            "and backbones for both languages need a download."
        ),
    ),
)
DEFAULT = SAMPLES[0].key
"""Of the demo."""


def find(key: str) -> Bundled:
    """The sample with this key.

    Raises:
        UserError: ``registry.unknown``.
    """
    return registry.find(N_("sample"), SAMPLES, key)


def recipe_of(key: str) -> Recipe:
    """How the sample is trained, with its data unpacked.

    Raises:
        UserError: ``registry.unknown``; ``sample.not_written``.
    """
    sample = find(key)
    data = DataOptions(path=str(unpacked(sample)))
    return msgspec.structs.replace(sample.recipe, data=data)


def unpacked(sample: Bundled) -> Path:
    """Where the data of a sample lie: a folder in the cache, or a file there.

    Written once; a second process that does the same at the same time does no harm.

    Raises:
        UserError: ``sample.not_written``: not into the cache.
    """
    home = _home() / sample.key
    try:
        if not home.is_dir():
            _make(home, sample.write)
    except OSError as error:
        raise UserError("sample.not_written", path=str(home), reason=str(error)) from None
    return home / sample.file


def is_sample(path: Path) -> bool:
    """Whether ``path`` is one of the samples, not the user's own."""
    return path.is_relative_to(_home())


def _home() -> Path:
    return paths.cache_dir() / "samples"


def _make(home: Path, write: Callable[[Path], None]) -> None:
    home.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{home.name}-", dir=home.parent))
    try:
        write(fresh)
        _move(fresh, home)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _move(fresh: Path, home: Path) -> None:
    try:
        fresh.rename(home)
    except OSError:
        if not home.is_dir():  # else another process was quicker, with the same data
            raise
