"""From scratch: random weights, no transfer. The baseline that tells whether transfer was worth it.

Kornblith et al., "Do Better ImageNet Models Transfer Better?", 2019
(arXiv:1805.08974), compare against the same.
"""

from __future__ import annotations

from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options
from transfergui.core.interfaces.phase import ALL, Phase, PhaseSettings
from transfergui.core.interfaces.plan import Strategy

EPOCHS = 30
LR = 2e-3


class FromScratchOptions(Options, frozen=True):
    """From scratch has no options of its own."""


def starts_pretrained(options: Options) -> bool:
    return False


def phases(settings: PhaseSettings) -> tuple[Phase, ...]:
    return (
        Phase(
            name=N_("Train from scratch"),
            epochs=settings.epochs,
            groups=ALL,
            lr=settings.lr,
            freeze_norm=False,
        ),
    )


STRATEGY = Strategy(
    key="from_scratch",
    title=N_("From scratch"),
    summary=N_(
        "Starts with random weights. Needs thousands of examples and a long time; useful as a "
        "baseline that shows how much the pretraining helps."
    ),
    options=FromScratchOptions,
    cost=3,
    preset="Light",
    compact=True,  # no weights are needed, and all of it must be learnt
    epochs=EPOCHS,
    lr=LR,
    starts_pretrained=starts_pretrained,
    phases=phases,
)
