"""What is wrong with each false alarm, and what a model made of each box that it missed.

After Bolya et al., "TIDE: A General Toolbox for Identifying Object Detection Errors", 2020
(arXiv:2008.08439): a false alarm lies on an object of another class, is the second box of one that
was found, lies beside an object of its class, or there is nothing.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from transfergui.core.figures.detection import OVERLAPS, Boxes, Matches, is_found, overlapping

Kind = Literal["class", "twice", "place", "nothing"]
BESIDE = 0.1
"""IoU from which on a box is meant for an object: below lies the background."""


class FalseAlarm(NamedTuple):
    """An answer that found nothing.

    Attributes:
        row: of ``Matches.said``.
        kind: ``class``: an object of another class; ``twice``: one that another box found;
            ``place``: one of its class, which it overlaps too little; ``nothing``.
        truth: the row of that object in ``Matches.truth``; -1 of nothing.
    """

    row: int
    kind: Kind
    truth: int = -1


class Missed(NamedTuple):
    """A true box that was not found.

    Attributes:
        row: of ``Matches.truth``.
        score: of the answer that would find it at a smaller threshold; 0 where there is none.
        other: the row in ``Matches.said`` of an answer that is shown there and is of another class;
            -1 of none.
    """

    row: int
    score: float
    other: int = -1


def false_alarms(found: Matches, threshold: float) -> list[FalseAlarm]:
    """Those with at least this score, the most confident first."""
    rows = np.flatnonzero(~found.hits & (found.said.score >= threshold))
    own, other, shared = _near(found.said.at(rows), found.truth)
    same = found.said.name[rows][own] == found.truth.name[other]
    enough = shared >= OVERLAPS[0]
    alarms = {row: FalseAlarm(row, "nothing") for row in rows.tolist()}
    cases: tuple[tuple[Kind, np.ndarray], ...] = (
        ("place", same),
        ("class", ~same & enough),
        ("twice", same & enough),
    )
    for kind, there in cases:  # what comes later counts more
        for at in np.flatnonzero(there)[np.argsort(shared[there], kind="stable")].tolist():
            row = int(rows[own[at]])
            alarms[row] = FalseAlarm(row, kind, int(other[at]))
    return list(alarms.values())


def missed(found: Matches, threshold: float) -> list[Missed]:
    """Those that answers with at least this score do not find; first those that a model has the
    least idea of."""
    rows = np.flatnonzero(~is_found(found, threshold))
    score = np.zeros(len(found.truth.score))
    hits = np.flatnonzero(found.hits)
    score[found.taken[0][hits]] = found.said.score[hits]
    shown = np.flatnonzero(found.said.score >= threshold)
    own, other, shared = _near(found.said.at(shown), found.truth)
    differs = (found.said.name[shown][own] != found.truth.name[other]) & (shared >= OVERLAPS[0])
    taken_for = {int(other[at]): int(shown[own[at]]) for at in np.flatnonzero(differs)[::-1]}
    every = [Missed(row, float(score[row]), taken_for.get(row, -1)) for row in rows.tolist()]
    return sorted(every, key=lambda each: each.score)


def untouched(found: Matches, threshold: float) -> list[Missed]:
    """True boxes beside which no answer with at least this score lies, of whatever class; the
    largest first: small ones are easily overlooked."""
    _own, other, _shared = _near(found.said.at(found.said.score >= threshold), found.truth)
    rows = np.setdiff1d(np.arange(len(found.truth.score)), other)
    order = np.argsort(-found.truth.sides[rows], kind="stable")
    return [Missed(row, 0.0) for row in rows[order].tolist()]


def _near(said: Boxes, truth: Boxes) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs that overlap, of any class."""
    plain = [boxes._replace(name=np.zeros_like(boxes.name)) for boxes in (said, truth)]
    return overlapping(plain[0], plain[1], 1, BESIDE)
