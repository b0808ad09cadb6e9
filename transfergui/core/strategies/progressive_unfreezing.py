"""Progressive unfreezing: the head first, then more and more of the network, from the end back.

Howard and Ruder, "Universal Language Model Fine-tuning for Text Classification", 2018
(arXiv:1801.06146), 3.3. With the backbone's groups g_1 (stem) to g_n (last), stage s of S
trains the head and the last ``ceil(n s / S)`` groups; the group k steps below the topmost at
``lr * decay**k`` (their discriminative fine-tuning). What is special to the old task is changed
first, and what is general last: errors of a new head never reach the early layers.
"""

from __future__ import annotations

import math
from typing import Annotated

from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options, option
from transfergui.core.interfaces.phase import Phase, PhaseSettings
from transfergui.core.interfaces.plan import Strategy
from transfergui.core.strategies.feature_extraction import LR as HEAD_LR
from transfergui.core.strategies.fine_tuning import Decay

EPOCHS = 12
"""Of all stages after the head's."""
LR = 1e-3
HEAD_EPOCHS = 20
"""On cached features: they take a second, and early stopping ends them sooner."""


class ProgressiveUnfreezingOptions(Options, frozen=True):
    """The options of :data:`STRATEGY`."""

    stages: Annotated[
        int,
        option(
            N_("Unfreezing stages"),
            N_("In how many stages the backbone is unfrozen after the head has been trained."),
            ge=1,
            le=12,
        ),
    ] = 3
    decay: Decay = 0.9


def phases(settings: PhaseSettings) -> tuple[Phase, ...]:
    options, epochs, groups = settings.options, settings.epochs, settings.groups
    assert isinstance(options, ProgressiveUnfreezingOptions)
    stages = min(options.stages, groups, epochs)
    head = Phase(
        name=N_("Train the head"),
        epochs=HEAD_EPOCHS,
        groups=0,
        lr=HEAD_LR,
        cache_features=True,
        fixed=True,
    )
    woken = [
        Phase(
            name=N_("Unfreeze"),
            epochs=epochs * stage // stages - epochs * (stage - 1) // stages,
            groups=math.ceil(groups * stage / stages),
            lr=settings.lr,
            decay=options.decay,
        )
        for stage in range(1, stages + 1)
    ]
    return head, *woken


STRATEGY = Strategy(
    key="progressive_unfreezing",
    title=N_("Progressive unfreezing"),
    summary=N_(
        "Trains the new last layer first, then unfreezes the backbone block by block from the "
        "end. A careful fine-tuning for a few hundred examples."
    ),
    options=ProgressiveUnfreezingOptions,
    cost=2,
    preset="Light",
    compact=False,
    epochs=EPOCHS,
    lr=LR,
    phases=phases,
)
