"""How long the checks of data take, before they begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transfergui.core.base import files
from transfergui.core.base.progress import Tell, untold
from transfergui.core.checks import measured
from transfergui.core.data.dataset import bytes_of
from transfergui.core.networks.planned import save_assets

if TYPE_CHECKING:
    from transfergui.core.interfaces.plan import Plan

FEW_BYTES = 500_000_000
"""Of files that are read quickly, to see whether their features are known."""
EACH, AT_ONCE = 0.001, 1.5
"""Seconds that the checks themselves take for each sample; how much faster samples are measured
than by one processor, on two."""


def expected_seconds(plan: Plan, quick: float, tell: Tell = untold) -> float:
    """About how long the checks take: mostly to compute features that are not in the cache.

    Args:
        quick: where even all features take no longer than this, the cache is not looked at.

    Raises:
        UserError: the weights are not there.
    """
    from transfergui.core.training import ranking  # torch, which the window begins without

    split, backbone = plan.split, plan.backbone
    samples = (*split.train, *split.val, *split.test)
    measuring = sum(measured.expected_seconds(samples[row]) for row in measured.chosen_of(samples))
    checking = EACH * len(samples) + measuring / AT_ONCE
    if backbone.no_cache or not backbone.cacheable:
        return checking
    each = backbone.flops / ranking.SPEED
    if checking + each * len(samples) <= quick or bytes_of(samples) > FEW_BYTES:
        return checking + each * len(samples)
    with files.temporary_folder() as folder:
        missing = ranking.missing(save_assets(plan, folder), samples, tell)
    return checking + each * missing
