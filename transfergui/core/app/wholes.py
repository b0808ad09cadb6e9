"""Predictions for whole recordings, behind those for the pieces that they are cut into."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from transfergui.core.base.shards import is_member
from transfergui.core.data.dataset import Problem
from transfergui.core.data.file_part import FilePart
from transfergui.core.data.parts import middle, of_whole

if TYPE_CHECKING:
    import numpy as np

    from transfergui.core.evaluation.prediction import Prediction
    from transfergui.core.interfaces.objective import Said
    from transfergui.core.interfaces.plan import Modality
    from transfergui.core.runs.doubts import Promise

    InWords = Callable[[np.ndarray], Said]


def with_wholes(
    predictions: Iterable[Prediction],
    modality: Modality,
    said: InWords,
    alone: Collection[Path] = (),
    promise: Promise | None = None,
) -> Iterator[Prediction]:
    """``predictions``, and behind the pieces of each recording one for the whole of it.

    There is none where a piece has no answer, as in the ``predict.py`` of a package.

    Args:
        predictions: the pieces of a file one after the other.
        modality: rows of a table, which :attr:`Modality.tables` hold, are no pieces of a whole.
        said: what answers [O] come to, as :meth:`TrainedModel.said`.
        alone: pieces that were given by themselves: their files were not.
        promise: of the model.
    """
    if modality.tables:
        yield from predictions
        return
    given = frozenset(alone)
    for file, found in itertools.groupby(predictions, lambda each: _cut(each.path, given)):
        pieces = []
        for piece in found:
            yield piece
            pieces.append(piece)
        if file is not None and (whole := _whole(file, pieces, said)) is not None:
            yield whole.judged(promise)


def count(paths: Iterable[Path], modality: Modality, alone: Collection[Path] = ()) -> int:
    """How many predictions :func:`with_wholes` adds where every piece can be read."""
    given = frozenset(alone)
    return 0 if modality.tables else len({_cut(path, given) for path in paths} - {None})


def _cut(path: Path, alone: frozenset[Path]) -> Path | None:
    """The file that was cut for ``path``; None where that is a file (in a tar, too), or was given
    by itself."""
    file, part = FilePart.parse(path)
    return None if part is None or path in alone or is_member(path) else Path(file)


def _whole(file: Path, pieces: Sequence[Prediction], said: InWords) -> Prediction | None:
    answered = [each.probabilities for each in pieces if each.probabilities is not None]
    probabilities = of_whole(answered) if len(answered) == len(pieces) else None
    if probabilities is None:
        return None
    first = pieces[0]
    name = first.name and FilePart.parse(first.name).path
    return replace(
        first,
        path=file,
        name=name,
        probabilities=probabilities,
        said=said(probabilities),
        problem=_problem(file, pieces),
        unlike=middle([each.unlike for each in pieces if each.unlike is not None]),
        parts=len(pieces),
    )


def _problem(file: Path, pieces: Sequence[Prediction]) -> Problem | None:
    """What is doubtful about every piece."""
    first = pieces[0].problem
    if first is None or any(each.problem is None for each in pieces):
        return None
    codes = {each.problem.code for each in pieces if each.problem is not None}
    return msgspec.structs.replace(first, path=str(file)) if len(codes) == 1 else None
