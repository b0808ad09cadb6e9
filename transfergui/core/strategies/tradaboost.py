"""Borrowed samples that lose their weight where they contradict one's own (TrAdaBoost).

Dai, Yang, Xue and Yu, "Boosting for Transfer Learning", ICML 2007, on the features of a frozen
backbone: see :mod:`transfergui.core.figures.boosting` for the rounds, the correction of their
weight drift, and the learner. The paper answers with the learners of the later rounds together.
Here the weights that the source's samples have in the end train one head, which is exported as any
other: each is drawn that often beside one's own (:mod:`transfergui.core.nn.borrowing`), which all
count 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options, option
from transfergui.core.interfaces.plan import Strategy
from transfergui.core.strategies import borrowing
from transfergui.core.strategies.borrowing import BorrowingOptions
from transfergui.core.strategies.feature_extraction import EPOCHS, LR

if TYPE_CHECKING:
    from transfergui.core.figures.borrowing import Labelled, Lent


class TrAdaBoostOptions(BorrowingOptions, frozen=True):
    """The options of :data:`STRATEGY`."""

    rounds: Annotated[
        int,
        option(
            N_("Rounds"),
            N_(
                "How often borrowed examples are compared with yours. Those that contradict yours "
                "lose weight in each round."
            ),
            ge=1,
            le=200,
            advanced=True,
        ),
    ] = 20


def weigh(options: Options, own: Labelled, source: Labelled) -> Lent:
    """As :attr:`Strategy.weigh`."""
    from transfergui.core.figures.boosting import by_boosting

    assert isinstance(options, TrAdaBoostOptions)
    return by_boosting(own, source, options.rounds)


STRATEGY = Strategy(
    key="tradaboost",
    title=N_("Borrow: contradicting examples count less"),
    summary=N_(
        "Trains a new last layer on your examples and on somebody else's. Borrowed examples that "
        "contradict yours lose their weight (TrAdaBoost). For sources whose labels may be wrong."
    ),
    options=TrAdaBoostOptions,
    cost=1,
    preset="None",
    needs=("source",),
    epochs=EPOCHS,
    lr=LR,
    phases=borrowing.head_phases,
    task=borrowing.task,
    logs=borrowing.LOGS,
    weigh=weigh,
    discards=True,
    plain=borrowing.plain_head,
)
