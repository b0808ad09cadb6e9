"""A model that learnt from other data beside the same one without them: what both are worth.

A source that suits badly makes a model worse: negative transfer (Zhang et al., "A Survey on
Negative Transfer", 2022, arXiv:2009.00909). Only a training without it shows that. Both are
compared sample by sample (:mod:`transfergui.core.figures.paired`).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import msgspec

from transfergui.core.base.records import Count, Number, Share

if TYPE_CHECKING:
    from transfergui.core.figures.paired import Paired

Role = Literal["source", "unlabelled"]


class Versus(msgspec.Struct, frozen=True, kw_only=True):
    """The model with the other data against another one, on the same samples.

    Attributes:
        own, other: the figure of both.
        difference: of the two trainings, the first less the second; ``low`` and ``high`` are the
            ends of its 95 % interval, two seeds heeded; None where that is not known.
        p: how often chance alone gives a difference as large.
        n: samples.
        verdict: of the model with the other data.
        needed: how many more samples would show such a difference; None where no number would, or
            these do.
    """

    own: Number
    other: Number
    difference: Number
    low: Number | None
    high: Number | None
    p: Share
    n: Count
    verdict: Literal["better", "worse", "unclear"]
    needed: Count | None = None

    @classmethod
    def of(cls, found: Paired, other: float, own: float) -> Versus:
        """
        Args:
            found: of ``own`` beside ``other``.
        """
        known = math.isfinite(found.low)
        return cls(
            own=own,
            other=other,
            difference=found.difference,
            low=found.low if known else None,
            high=found.high if known else None,
            p=found.p,
            n=found.n,
            verdict=found.verdict,
            needed=found.needed,
        )


class BorrowingGain(msgspec.Struct, frozen=True, kw_only=True):
    """What other data were worth to a training.

    Attributes:
        strategy: of the one that used them.
        role: what they were for.
        objective: key of what is predicted, with its ``unit``.
        figure: key of what is compared: that of the objective, or ``balanced_accuracy``.
        measured_on: which samples ``plain`` and ``probe`` are about.
        plain: against the same training without the other data.
        probe: against a linear model on the frozen backbone; None where none could be made.
        validation: as ``plain``, on the validation samples, which chose the best epoch of both;
            None where that is not known, or ``plain`` is about them.
        early: whether the training without them was ended by the user.
    """

    strategy: str
    role: Role
    objective: str
    figure: str
    measured_on: Literal["test", "val"]
    plain: Versus
    probe: Versus | None = None
    validation: Versus | None = None
    unit: str = ""
    early: bool = False
