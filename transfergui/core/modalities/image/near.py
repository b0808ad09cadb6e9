"""Pictures that are nearly the same: resized, recompressed, or saved in another format.

Two pictures are taken for one when their 32 x 32 gray thumbnails hardly differ. Measured: the
closest pair of different pictures is 12 gray levels apart among hand signs, 13 among
one-line drawings and 14 among clothes; resized and recompressed copies are 1 to 3 apart.
No perceptual hash: comparing thumbnails is exact, and as fast up to :data:`MAX_PICTURES`.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from transfergui.core.dataset import Sample
from transfergui.core.errors import UserError
from transfergui.core.modalities.image import decode
from transfergui.core.parallel import in_chunks

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


def pairs(
    root: str, samples: Sequence[Sample], progress: Callable[[], None]
) -> Iterator[tuple[int, int]] | None:
    """Each picture that is nearly an earlier one, with the one that it is nearest to.

    Args:
        root: the folder that the samples' paths are relative to.
        progress: called now and then; may raise to cancel.

    Returns:
        (earlier index, later index), by the later one; None where there are too many.
    """
    if len(samples) > MAX_PICTURES or sum(sample.size for sample in samples) > MAX_BYTES:
        return None
    return _pairs([f"{root}/{sample.path}" for sample in samples], progress)


def _pairs(paths: Sequence[str], progress: Callable[[], None]) -> Iterator[tuple[int, int]]:
    fine = _thumbnails(paths, progress)
    limits = np.minimum(DIFFERENCE, RELATIVE * fine.std(axis=(1, 2), dtype=np.float32))
    earlier = _nearest_earlier(_coarse(fine), progress)
    later = np.arange(len(fine))
    difference = fine[earlier].astype(np.float32) - fine
    apart = np.sqrt(np.square(difference).mean(axis=(1, 2)))
    alike = (apart < np.minimum(limits, limits[earlier])) & (earlier < later)
    yield from zip(earlier[alike].tolist(), later[alike].tolist(), strict=True)


def _thumbnails(paths: Sequence[str], progress: Callable[[], None]) -> np.ndarray:
    """Gray thumbnails, uint8 [n, SIDE, SIDE]."""
    thumbnails = np.empty((len(paths), SIDE, SIDE), np.uint8)
    with contextlib.closing(in_chunks(_thumbnail, paths, size=16)) as made:
        for at, thumbnail in enumerate(made):
            progress()
            thumbnails[at] = thumbnail
    return thumbnails


def _thumbnail(path: str) -> np.ndarray:
    try:
        picture = decode.open_picture(Path(path), 2 * SIDE)
    except UserError:  # damaged within, which shows when it is trained on; like no other here
        return np.zeros((SIDE, SIDE), np.uint8)
    return np.asarray(picture.convert("L").resize((SIDE, SIDE), Image.Resampling.BILINEAR))


def _coarse(fine: np.ndarray) -> np.ndarray:
    """Means over blocks, float32 [n, COARSE²]; no two are further apart than the fine ones."""
    step = SIDE // COARSE
    blocks = fine.reshape(len(fine), COARSE, step, COARSE, step)
    return blocks.mean(axis=(2, 4), dtype=np.float32).reshape(-1, COARSE * COARSE) - 128


def _nearest_earlier(rows: np.ndarray, progress: Callable[[], None]) -> np.ndarray:
    """For each row the index of the nearest row before it [n]; 0 for the first."""
    squares = np.square(rows).sum(axis=1)
    nearest = np.zeros(len(rows), np.int64)
    for start in range(0, len(rows), BLOCK):
        progress()
        block = rows[start : start + BLOCK]
        distances = squares[: start + len(block)] - 2 * block @ rows[: start + len(block)].T
        own = start + np.arange(len(block))
        distances[np.arange(distances.shape[1]) >= own[:, None]] = np.inf
        nearest[own] = distances.argmin(axis=1)
    return nearest
