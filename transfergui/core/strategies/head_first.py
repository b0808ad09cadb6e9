"""Head first, then everything: LP-FT.

Kumar et al., "Fine-Tuning can Distort Pretrained Features and Underperform
Out-of-Distribution", 2022 (arXiv:2202.10054). A random head sends large, meaningless
gradients into the backbone and distorts what it knows. So the head g is trained on the frozen
backbone's features f(x) until it is good (a linear probe), and f and g together only then,
from there, at a small rate.
"""

from __future__ import annotations

from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options
from transfergui.core.interfaces.phase import ALL, Phase, PhaseSettings
from transfergui.core.interfaces.plan import Strategy
from transfergui.core.strategies.feature_extraction import EPOCHS as HEAD_EPOCHS
from transfergui.core.strategies.feature_extraction import LR as HEAD_LR
from transfergui.core.strategies.fine_tuning import Decay

EPOCHS = 10
"""Of the second phase; the first one takes a second."""
LR = 3e-4
"""Of the second phase: a good head needs no large steps any more."""


class HeadFirstOptions(Options, frozen=True):
    """The options of :data:`STRATEGY`."""

    decay: Decay = 0.9


def phases(settings: PhaseSettings) -> tuple[Phase, ...]:
    assert isinstance(settings.options, HeadFirstOptions)
    return (
        Phase(
            name=N_("Train the head"),
            epochs=HEAD_EPOCHS,
            groups=0,
            lr=HEAD_LR,
            cache_features=True,
            fixed=True,
        ),
        Phase(
            name=N_("Fine-tune"),
            epochs=settings.epochs,
            groups=ALL,
            lr=settings.lr,
            decay=settings.options.decay,
        ),
    )


STRATEGY = Strategy(
    key="head_first",
    title=N_("Head first, then fine-tuning (LP-FT)"),
    summary=N_(
        "Trains the new last layer first, then fine-tunes the whole backbone gently. For models "
        "that will be used on examples from other devices or places than yours."
    ),
    options=HeadFirstOptions,
    cost=2,
    preset="Light",
    compact=False,
    epochs=EPOCHS,
    lr=LR,
    phases=phases,
)
