"""What tells when not to believe a model: kept beside a run, and in what is exported from it.

``doubts.safetensors``: how confident the model was of its validation samples and whether it was
right, of which a promise is made whenever one is asked for; and features of training samples, from
which strangers are far. ``promise.json``: what the user asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import msgspec

from transfergui.core.base import files, records
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.notes import Note
from transfergui.core.base.records import Count, Number, Share

if TYPE_CHECKING:
    import numpy as np

FILE = "doubts.safetensors"
PROMISE = "promise.json"
MAX_BYTES = 100_000_000
CONFIDENCE, RIGHT, KEPT, SURPRISES = "confidence", "right", "kept", "surprises"

Limit = Annotated[float, msgspec.Meta(gt=0, lt=1)]
"""A share of the answers that may be wrong."""
Temperature = Annotated[float, msgspec.Meta(ge=1e-3, le=1e3)]


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """That no more than a share of the answers is wrong, and what it takes to keep that.

    Attributes:
        at_most_wrong: the share of the answers that may be wrong.
        below: predictions with a lower confidence are not given.
        examples: validation samples.
        answered: those of them that get an answer, and ``wrong`` of these.
    """

    at_most_wrong: Limit
    below: Share
    examples: Count
    answered: Count
    wrong: Count

    @property
    def unanswered(self) -> int:
        return self.examples - self.answered


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What is usual among held-out samples, and what is too much.

    Attributes:
        distance, energy, residual: the median.
        far, high, beyond: above one of them, a sample is a stranger.
        held_out: how many samples set them.
        rarity, rare: the same of the words of texts; None of other samples.
        deviation: of the rarity of single words; ``rare`` is more for texts of few of them.
        length, fading: the median of the words, and the power with which distance and residual
            fall with their number; None in runs of older versions and of other samples.
        nearest: the distance is the mean of those to so many neighbours; 0 in runs of older
            versions, which know no residual either: that to the fifth.
    """

    distance: Number
    far: Number
    energy: Number
    high: Number
    held_out: Count
    nearest: Count = 0
    residual: Number | None = None
    beyond: Number | None = None
    rarity: Number | None = None
    rare: Number | None = None
    deviation: Number | None = None
    length: Number | None = None
    fading: Number | None = None


class _Wanted(msgspec.Struct, frozen=True):
    at_most_wrong: Limit


@dataclass(frozen=True)
class Doubts:
    """See the module.

    Attributes:
        confidence: of validation samples, float64 [V].
        right: whether the model was, bool [V].
        kept: features of training samples on the unit sphere, float16 [R, F]; None where there are
            too few samples.
        surprises: of tokens, as of :func:`transfergui.core.figures.rarity.table`; None where
            samples have none.
    """

    confidence: np.ndarray
    right: np.ndarray
    kept: np.ndarray | None = None
    surprises: np.ndarray | None = None

    def to_bytes(self) -> bytes:
        """The content of the file."""
        import numpy as np
        from safetensors.numpy import save

        tensors = {
            CONFIDENCE: self.confidence.astype(np.float64),
            RIGHT: self.right.astype(np.uint8),
        }
        more = {KEPT: self.kept, SURPRISES: self.surprises}
        return save(tensors | {name: each for name, each in more.items() if each is not None})


def read(path: Path) -> Doubts | None:
    """What is kept in a file that may come from anybody; None where there is none.

    Raises:
        UserError: ``model.damaged``.
    """
    try:
        if not path.exists():
            return None
        return parsed(files.read_regular(path, MAX_BYTES))
    except (OSError, ValueError) as error:
        reason = records.why(error)
        raise UserError("model.damaged", path=str(path), reason=reason) from None


def parsed(data: bytes) -> Doubts:
    """The content of a file.

    Raises:
        ValueError: it is something else.
    """
    return _checked(_tensors(data))


def _tensors(data: bytes) -> dict[str, np.ndarray]:
    """
    Raises:
        ValueError: it is no such file.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        return load(data)
    except (SafetensorError, KeyError, TypeError):
        raise ValueError(_("it is cut off or not a safetensors file")) from None


def _checked(tensors: dict[str, np.ndarray]) -> Doubts:
    """
    Raises:
        ValueError: something in it cannot be what it is called.
    """
    import numpy as np

    confidence, right, kept, surprises = (
        tensors.get(name) for name in (CONFIDENCE, RIGHT, KEPT, SURPRISES)
    )
    fits = (
        confidence is not None
        and right is not None
        and (confidence.dtype, right.dtype) == (np.float64, np.uint8)
        and confidence.ndim == 1
        and confidence.shape == right.shape
        and bool(np.all((confidence >= 0) & (confidence <= 1 + 1e-9)))
    )
    for found, dimensions in ((kept, 2), (surprises, 1)):
        if found is not None:
            fits = fits and found.dtype == np.float16 and found.ndim == dimensions
            fits = fits and len(found) > 0 and bool(np.isfinite(found).all())
    if not fits or confidence is None or right is None:
        raise ValueError(_("its values are not what they should be"))
    return Doubts(confidence, right > 0, kept, surprises)


class Kept(NamedTuple):
    """What a run keeps of its doubts. None of it is needed to predict.

    Attributes:
        doubts: None where there are none, or where they cannot be read.
        wanted: the share of wrong answers that the user asked for at most; None as well where that
            cannot be read.
        notes: what is missing, and what follows.
    """

    doubts: Doubts | None
    wanted: float | None
    notes: tuple[Note, ...]


def kept(folder: Path, strangers: bool) -> Kept:
    """What is kept in the folder of a run; what is damaged is left out and told.

    Args:
        strangers: whether the run measured how unlike its training samples others may be.
    """
    found, share, notes = None, None, []
    try:
        share = wanted(folder)
    except UserError as error:
        notes.append(_left_out("doubts.no_promise", folder / PROMISE, error))
    try:
        found = read(folder / FILE)
    except UserError as error:
        notes.append(_left_out("doubts.unreadable", folder / FILE, error))
    else:
        if found is None and (strangers or share is not None):
            values = {"path": str(folder / FILE)}
            notes.append(Note("doubts.missing", values, "warning"))
    return Kept(found, share, tuple(notes))


def foreign(folder: Path) -> Note:
    """That what is kept there is of another model."""
    values = {"path": str(folder / FILE), "reason": _("it belongs to another model")}
    return Note("doubts.unreadable", values, "warning")


def _left_out(code: str, path: Path, error: UserError) -> Note:
    return Note(code, {"path": str(path), "reason": error.note.values["reason"]}, "warning")


def wanted(folder: Path) -> float | None:
    """The share of wrong answers that the user asked for at most; None where nothing was chosen.

    Raises:
        UserError: ``run.damaged``.
    """
    path = folder / PROMISE
    return records.read(path, _Wanted).at_most_wrong if path.exists() else None


def keep_wanted(folder: Path, at_most_wrong: float | None) -> None:
    """Remember it; None to forget it.

    Raises:
        UserError: ``disk.full``.
    """
    path = folder / PROMISE
    try:
        if at_most_wrong is None:
            path.unlink(missing_ok=True)
            return
        tree: dict[str, Any] = msgspec.to_builtins(_Wanted(at_most_wrong))
        files.write_atomic(path, msgspec.json.encode(tree))
    except OSError as error:
        raise files.not_written(folder, error) from None
