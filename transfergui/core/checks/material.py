"""The samples of a plan with their features, for the checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transfergui.core.base import files
from transfergui.core.base.progress import Tell, untold
from transfergui.core.checks.check import Material
from transfergui.core.networks.planned import save_assets
from transfergui.core.training import ranking

if TYPE_CHECKING:
    from transfergui.core.data.dataset import SplitName
    from transfergui.core.interfaces.plan import Plan


def material_of(plan: Plan, tell: Tell = untold) -> Material:
    """Read what the checks need; features come from the cache where they are known.

    Raises:
        UserError: the weights are not there; ``data.gone``, ``data.damaged``: too many samples
            cannot be read.
    """
    split = plan.split
    samples = (*split.train, *split.val, *split.test)
    part_of: dict[str, SplitName] = {sample.path: "train" for sample in split.train}
    part_of.update({sample.path: "val" for sample in split.val})
    part_of.update({sample.path: "test" for sample in split.test})
    if plan.backbone.no_cache or not plan.backbone.cacheable:
        return Material(plan, samples, tuple(part_of[s.path] for s in samples), None)
    with files.temporary_folder() as folder, ranking.outside_training():
        source = ranking.source_of(save_assets(plan, folder), samples, tell=tell)
    kept = tuple(source.samples)
    parts = tuple(part_of[sample.path] for sample in kept)
    read = {sample.path for sample in kept}
    unread = tuple(sample.path for sample in samples if sample.path not in read)
    return Material(plan, kept, parts, source.versions[0].numpy(), unread)
