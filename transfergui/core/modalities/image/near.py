"""Pictures that are nearly the same (resized, recompressed, saved in another format), and what
only decoding shows: damage, and pictures of one colour.

Two pictures of one class are nearly the same when their 32 x 32 gray thumbnails hardly differ.
Measured: the closest pair of different pictures is 12 gray levels apart among hand signs, 13 among
one-line drawings and 14 among clothes; resized and recompressed copies are 1 to 3 apart.
No perceptual hash: comparing thumbnails is exact, and as fast up to :data:`MAX_PICTURES`.

Of two classes, such a pair may be one picture under two labels, or two parts before a fixed camera
of which one has a scratch: :func:`is_same` looks closer. A scratch is a large difference in one
place, another compression a small one everywhere.
"""

import contextlib
import functools
import itertools
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from transfergui.core.base.errors import UserError
from transfergui.core.base.notes import Note
from transfergui.core.base.parallel import in_chunks
from transfergui.core.data import contents
from transfergui.core.data.dataset import Problem, Sample, bytes_of
from transfergui.core.modalities.image import decode, jpeg, png
from transfergui.core.modalities.image.deep import PLAIN, Reading
from transfergui.core.reading.files.duplicates import Comparison

SIDE = 32
COARSE = 8
"""The side of the smaller thumbnails that are compared first, each with each."""
DIFFERENCE = 5.0
"""Root mean square of the difference, in gray levels of 255, below which pictures are alike ..."""
RELATIVE = 0.1
"""... if it is below this share of their contrast as well: flat pictures all look alike."""
MAX_PICTURES = 20_000
MAX_BYTES = 2_000_000_000
"""More are not compared: about a millisecond a picture and 8 more a megabyte."""
BLOCK = 512

FINE = 4 * SIDE
"""The side of the thumbnails by which pictures of two classes are compared."""
LOCAL = 0.6
"""Difference of a place, as a share of the texture around it, below which it is the same.

Measured on 75 photos, the largest of each: saved again with quality 60 or 90, 0.03 to 0.35 for
clothes, up to 0.8 for hand signs (9 of 10 below 0.6); as WebP with quality 50 or at 2/3 of the
size, 0.2 to 0.7. With a black scratch of 25 x 3 pixels on smooth 320 x 240, 1.2 to 3.3, on photos,
where it may fall into a shadow, 0.3 to 2. What is not sure is noted, and used.
"""
FAINT = 6.0
"""Gray levels that are added to that texture: in flat places, every difference is a large one."""
CANDIDATES = 8
"""Pictures of other classes that one picture is compared with."""
CROWD = 3
"""So many of them that are nearly the same are parts before a fixed camera: ..."""
CORRELATED, AHEAD = 0.12, 2
"""... one of them is the same picture only if what sets both apart from the others, noise mostly,
is correlated by more than this and by so many times more than with any other. Measured: 0.02 to
0.15 between two shots, and hardly less with the second; between one and itself, saved again with
quality 95, 0.6 to 0.97, with quality 60, 0.14 to 0.6, and at most 0.07 with the second."""


def compare(
    root: str,
    samples: Sequence[Sample],
    progress: Callable[[], None],
    reading: Reading = PLAIN,
) -> Comparison | None:
    """Compare each picture with each.

    Args:
        root: the folder that the samples' paths are relative to.
        progress: called now and then; may raise to cancel.
        reading: how the data set is read.

    Returns:
        None where there are too many.
    """
    if len(samples) > MAX_PICTURES or bytes_of(samples) > MAX_BYTES:
        return None
    paths = [f"{root}/{sample.path}" for sample in samples]
    labels = np.fromiter((sample.label for sample in samples), np.int64, len(samples))
    return _compared(paths, labels, progress, reading)


def copies(
    own: Sequence[str],
    others: Sequence[str],
    progress: Callable[[], object],
    reading: Reading = PLAIN,
) -> list[tuple[int, int]] | None:
    """Which of ``others`` is one of ``own``, saved again or made smaller: pairs of indices; None
    where there are too many. What looks alike before a fixed camera is not the same."""
    if len(own) + len(others) > MAX_PICTURES:
        return None
    labels = np.repeat((0, 1), (len(own), len(others)))
    found = _compared([*own, *others], labels, progress, reading)
    return [(first, later - len(own)) for first, later, same in found.across if same]


def _compared(
    paths: Sequence[str], labels: np.ndarray, progress: Callable[[], object], reading: Reading
) -> Comparison:
    fine, problems = _thumbnails(paths, reading, progress)
    coarse = _coarse(fine)
    nearest, others = _nearest_earlier(coarse, labels, progress)
    near = [(a, b) for b, a in enumerate(nearest.tolist()) if a < b and _alike(fine, a, b)]
    comparison = Comparison(near, problems=problems)
    closer = _Closer(paths, reading)
    for later, candidates in others:
        alike = [index for index in candidates if _alike(fine, index, later)]
        if alike:
            progress()
            comparison.across.append(closer.nearest(later, alike))
    return comparison


def _alike(fine: np.ndarray, one: int, other: int) -> bool:
    """Whether two thumbnails [SIDE, SIDE] hardly differ."""
    first, second = fine[one].astype(np.float32), fine[other].astype(np.float32)
    limit = min(DIFFERENCE, RELATIVE * float(first.std()), RELATIVE * float(second.std()))
    return bool(np.sqrt(np.square(first - second).mean()) < limit)


# -- every picture, small


class _Look(NamedTuple):
    """A picture, small: uint8 [SIDE, SIDE], and what was found in it."""

    thumbnail: np.ndarray
    note: Note | None = None


NOTHING = _Look(np.zeros((SIDE, SIDE), np.uint8))
NOTED = ("picture.left_over", "picture.one_colour")
"""Of what is found, pictures that are used all the same."""


def _thumbnails(
    paths: Sequence[str], reading: Reading, progress: Callable[[], object]
) -> tuple[np.ndarray, list[tuple[int, Problem]]]:
    """Gray thumbnails, uint8 [n, SIDE, SIDE], and problems by index."""
    thumbnails = np.empty((len(paths), SIDE, SIDE), np.uint8)
    problems = []
    with contextlib.closing(in_chunks(lambda p: _looked_at(p, reading), paths, size=16)) as made:
        for at, (thumbnail, note) in enumerate(made):
            progress()
            thumbnails[at] = thumbnail
            if note is not None:
                problems.append((at, Problem.of(note, paths[at], note.code not in NOTED)))
    return thumbnails, problems


def _looked_at(path: str, reading: Reading) -> _Look:
    """The same, of a file that was looked at before and has not changed since without decoding it
    again: other data are compared with one's own whenever a setting of them changes."""
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        return look(path, reading)
    if time.time_ns() - status.st_mtime_ns < contents.SETTLED:
        return look(path, reading)
    return _remembered(path, status.st_size, status.st_mtime_ns, reading)


@functools.lru_cache(maxsize=MAX_PICTURES)
def _remembered(path: str, _size: int, _changed: int, reading: Reading) -> _Look:
    return look(path, reading)


def look(path: str, reading: Reading) -> _Look:
    """Decode a picture small, as far as its bytes go."""
    try:
        image, code = _opened(Path(path), reading)
    except UserError as error:
        return _Look(NOTHING.thumbnail, error.note)
    small = image.convert("L").resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    low, high = small.getextrema()
    if not code and low == high and _one_colour(Path(path), reading):
        code = "picture.one_colour"
    return _Look(np.asarray(small), Note(code) if code else None)


def _opened(path: Path, reading: Reading) -> tuple[Image.Image, str | None]:
    """At least ``2 * SIDE`` pixels, where there are so many, upright; and the code of a problem.

    Raises:
        UserError: ``picture.*``.
    """
    data = decode.content(path)
    if data.startswith(jpeg.SIGNATURE):
        gray, code = jpeg.gray(data, 2 * SIDE)
        if gray is not None:
            return decode.upright(path, Image.fromarray(gray), data), code
        if code:
            raise UserError(code, path=str(path))
    elif data.startswith(png.SIGNATURE) and not png.is_whole(data):
        raise UserError("picture.damaged_inside", path=str(path))
    return decode.open_picture(path, 2 * SIDE, reading, data), None


def damage(data: bytes) -> str | None:
    """The code for damage inside a picture file, as far as it can be seen in its bytes."""
    if data.startswith(jpeg.SIGNATURE):
        return jpeg.gray(data, 1)[1]
    whole = not data.startswith(png.SIGNATURE) or png.is_whole(data)
    return None if whole else "picture.damaged_inside"


def _one_colour(path: Path, reading: Reading) -> bool:
    try:
        return is_flat(decode.open_picture(path, None, reading))
    except UserError:
        return False


def is_flat(image: Image.Image) -> bool:
    """Whether all pixels of an RGB picture are equal."""
    return not np.ptp(np.asarray(image), axis=(0, 1)).any()


# -- each with each


def _coarse(fine: np.ndarray) -> np.ndarray:
    """Means over blocks, float32 [n, COARSE²]; no two are further apart than the fine ones."""
    step = SIDE // COARSE
    blocks = fine.reshape(len(fine), COARSE, step, COARSE, step)
    return blocks.mean(axis=(2, 4), dtype=np.float32).reshape(-1, COARSE * COARSE) - 128


def _nearest_earlier(
    rows: np.ndarray, labels: np.ndarray, progress: Callable[[], object]
) -> tuple[np.ndarray, list[tuple[int, list[int]]]]:
    """For each row the index of the nearest row of its label before it [n], itself if there is
    none; and for each that has such, the nearest ones of other labels that might be alike."""
    squares = np.square(rows).sum(axis=1)
    nearest = np.arange(len(rows))
    others = []
    limit = rows.shape[1] * DIFFERENCE**2
    for start in range(0, len(rows), BLOCK):
        progress()
        block = rows[start : start + BLOCK]
        end = start + len(block)
        distances = squares[:end] - 2 * block @ rows[:end].T + squares[start:end, None]
        own = np.arange(start, end)
        distances[np.arange(end) >= own[:, None]] = np.inf
        foreign = labels[:end] != labels[start:end, None]
        for row in np.flatnonzero(((distances < limit) & foreign).any(axis=1)).tolist():
            there = np.where(foreign[row], distances[row], np.inf)
            some = np.argsort(there, kind="stable")[:CANDIDATES]
            others.append((start + row, some[there[some] < limit].tolist()))
        distances[foreign] = np.inf
        found = distances.argmin(axis=1)
        some = np.isfinite(distances[np.arange(len(block)), found])
        nearest[own[some]] = found[some]
    return nearest, others


# -- two of different classes


class _Closer:
    """Compares pictures by larger thumbnails in colour, which it keeps for a while."""

    def __init__(self, paths: Sequence[str], reading: Reading) -> None:
        self._paths = paths
        self._reading = reading
        self._kept: dict[int, np.ndarray] = {}

    def nearest(self, later: int, candidates: Sequence[int]) -> tuple[int, int, bool]:
        """The candidate nearest to ``later``, ``later``, and whether both are one picture."""
        own = self._thumbnail(later)
        others = [self._thumbnail(index) for index in candidates]
        if len(others) < CROWD:
            best = int(np.argmin([np.square(own - other).mean() for other in others]))
            return candidates[best], later, is_same(own, others[best])
        total = sum(others, np.zeros_like(own))
        scenes = [(total - other) / (len(others) - 1) for other in others]
        noises = [_correlation(own, o, s) for o, s in zip(others, scenes, strict=True)]
        second, first = sorted(noises)[-2:]
        best = noises.index(first)
        ahead = first > max(CORRELATED, AHEAD * second)
        same = ahead and is_same(own, others[best])
        return candidates[best], later, same

    def _thumbnail(self, index: int) -> np.ndarray:
        """float32 [FINE, FINE, 3]; NaN, which is like nothing, where the file is gone by now."""
        if index not in self._kept:
            if len(self._kept) > BLOCK:
                self._kept.clear()
            try:
                self._kept[index] = closer(Path(self._paths[index]), self._reading)
            except UserError:
                self._kept[index] = np.full((FINE, FINE, 3), np.nan, np.float32)
        return self._kept[index]


def closer(path: Path, reading: Reading) -> np.ndarray:
    """The picture as it is compared across classes: float32 [FINE, FINE, 3].

    Raises:
        UserError: ``picture.*``.
    """
    image = decode.open_picture(path, 2 * FINE, reading)
    enough = min(image.size) >= FINE
    filter = Image.Resampling.BOX if enough else Image.Resampling.BILINEAR
    return np.asarray(image.resize((FINE, FINE), filter), dtype=np.float32)


def is_same(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two pictures [FINE, FINE, 3] differ nowhere by more than another compression
    makes, which is in proportion to the texture of the place: brightness by cells of 4 x 4,
    colours by their neighbourhoods."""
    bright, tint = _cells(one - other)
    apart = np.maximum(np.abs(bright), np.abs(_around(tint)).max(axis=2))
    texture = np.minimum(_texture(one), _texture(other))
    return bool((apart / (FAINT + texture)).max() < LOCAL)


def _correlation(one: np.ndarray, other: np.ndarray, scene: np.ndarray) -> float:
    """Of what two pictures have in fine detail beside that of a scene, however bright this is."""
    base = _detail(scene)
    own = np.stack([_detail(one), _detail(other)], axis=1)
    rest = own - np.outer(base, base @ own / max(float(base @ base), 1e-9))
    sizes = np.sqrt(np.square(rest).sum(axis=0))
    return float((rest[:, 0] * rest[:, 1]).sum() / max(float(sizes.prod()), 1e-9))


def _detail(pixels: np.ndarray) -> np.ndarray:
    """Brightness without that of the cells [FINE²]: light and shadow change slowly."""
    bright = pixels @ LUMA
    step = FINE // SIDE
    return (bright - _means(bright).repeat(step, 0).repeat(step, 1)).ravel()


LUMA = np.array([0.299, 0.587, 0.114], np.float32)


def _cells(pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means of brightness [SIDE, SIDE], and of red and blue beside it [SIDE, SIDE, 2]."""
    bright = pixels @ LUMA
    return _means(bright), _means(pixels[..., ::2] - bright[..., None])


def _means(pixels: np.ndarray) -> np.ndarray:
    step = FINE // SIDE
    return pixels.reshape(SIDE, step, SIDE, step, *pixels.shape[2:]).mean(axis=(1, 3))


def _texture(pixels: np.ndarray) -> np.ndarray:
    """Standard deviation of brightness within the cells around each [SIDE, SIDE]. From cell to
    cell it may change as it will: a shade excuses no scratch."""
    bright = pixels @ LUMA
    variance = _means(np.square(bright)) - np.square(_means(bright))
    return np.sqrt(np.maximum(_around(_around(variance)), 0))


def _around(cells: np.ndarray) -> np.ndarray:
    """Means over each cell and its neighbours."""
    padded = np.pad(cells, ((1, 1), (1, 1), *[(0, 0)] * (cells.ndim - 2)), mode="edge")
    shifts = itertools.product(range(3), repeat=2)
    parts = (padded[y : y + SIDE, x : x + SIDE] for y, x in shifts)
    total: np.ndarray = sum(parts, np.zeros_like(cells))
    return total / 9
