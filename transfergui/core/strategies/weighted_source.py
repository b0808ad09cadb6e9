"""Borrowed samples that count the more, the more they are like one's own.

Importance weighting under covariate shift (Shimodaira, "Improving predictive inference under
covariate shift by weighting the log-likelihood function", 2000) with weights from a domain
classifier (Bickel, Brückner and Scheffer, "Discriminative learning for differing training and test
distributions", ICML 2007). Of features z of the frozen backbone, [N, F] of one's own training
samples and [M, F] of the source's, logistic regression estimates p(own | z), out of fold; a
source's sample counts

    w(z) = p(own | z) / p(source | z) * M / N,

cut at the 99th percentile and divided by the mean. It is drawn that often for a step, so that the
loss (:mod:`transfergui.core.nn.borrowing`) needs no weights of its own. As how many samples all of
them count (Kish) is told before the training, and in the report; a step draws no more of them in
proportion to one's own.

Whose labels mean something else, or are wrong, is not seen by these weights, which look at features
alone: :mod:`.tradaboost` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options, option
from transfergui.core.interfaces.phase import ALL, Phase, PhaseSettings
from transfergui.core.interfaces.plan import Strategy
from transfergui.core.recipe import Recipe
from transfergui.core.strategies import adapting, borrowing
from transfergui.core.strategies.borrowing import BorrowingOptions
from transfergui.core.strategies.feature_extraction import EPOCHS, LR

if TYPE_CHECKING:
    from transfergui.core.figures.borrowing import Labelled, Lent


class WeightedSourceOptions(BorrowingOptions, frozen=True):
    """The options of :data:`STRATEGY`."""

    train: Annotated[
        Literal["head", "all"],
        option(
            N_("What to train"),
            N_(
                "Only the new last layers, on features that are computed once, or the whole model. "
                "The latter is slower, and often more accurate."
            ),
            labels={"head": N_("Only the last layers"), "all": N_("The whole model")},
        ),
    ] = "head"
    weigh: Annotated[
        Literal["likeness", "alike"],
        option(
            N_("Weigh borrowed examples"),
            N_(
                "Whether borrowed examples that resemble yours count more, or all of them count "
                "the same."
            ),
            labels={"likeness": N_("By similarity to yours"), "alike": N_("All the same")},
        ),
    ] = "likeness"


def phases(settings: PhaseSettings) -> tuple[Phase, ...]:
    """
    Raises:
        UserError: ``strategy.one_class_only``.
    """
    assert isinstance(settings.options, WeightedSourceOptions)
    if settings.options.train == "head":
        return borrowing.head_phases(settings)
    borrowing.require_one_class(settings)
    return (
        Phase(
            name=N_("Fine-tune"),
            epochs=settings.epochs,
            groups=ALL,
            lr=settings.lr,
            decay=adapting.DECAY,
            streams=("source",),
        ),
    )


def weigh(options: Options, own: Labelled, source: Labelled) -> Lent:
    """As :attr:`Strategy.weigh`."""
    from transfergui.core.figures import borrowing as figures

    assert isinstance(options, WeightedSourceOptions)
    if options.weigh == "alike":
        return figures.alike(len(source.labels))
    return figures.by_likeness(own, source)


def plain(recipe: Recipe) -> Recipe:
    """The same training without the source."""
    if recipe.options.get("train", "head") == "head":
        return borrowing.plain_head(recipe)
    return adapting.plain(recipe)


STRATEGY = Strategy(
    key="weighted_source",
    title=N_("Borrow: similar examples count more"),
    summary=N_(
        "Trains a new last layer on your examples and on somebody else's. The more a borrowed "
        "example resembles yours, the more it counts."
    ),
    options=WeightedSourceOptions,
    cost=1,
    preset="None",
    needs=("source",),
    epochs=EPOCHS,
    lr=LR,
    phases=phases,
    task=borrowing.task,
    logs=borrowing.LOGS,
    weigh=weigh,
    plain=plain,
)
