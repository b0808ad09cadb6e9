"""Keeps what the checks found, so that the results of trainings on these data say it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from transfergui.core.base.notes import Note
from transfergui.core.checks import label_errors
from transfergui.core.checks.check import Finding
from transfergui.core.checks.registry import CHECKS, Outcome
from transfergui.core.data.versions import version_of
from transfergui.core.evaluation import data_checks
from transfergui.core.evaluation.data_checks import DataChecks
from transfergui.core.evaluation.reasons import Said

if TYPE_CHECKING:
    from transfergui.core.interfaces.plan import Plan


def keep(plan: Plan, outcomes: Mapping[str, Outcome]) -> DataChecks:
    """Keep what was found of the data of a plan; returns that.

    Args:
        outcomes: by the keys of the checks.
    """
    found = [
        (check, outcome)
        for check in CHECKS
        if isinstance(outcome := outcomes.get(check.key), Finding)
    ]
    said = [Said(check.key, check.title, each.notes) for check, each in found]
    if isinstance(cannot := outcomes.get(label_errors.KEY), Note):  # a result says so
        said.append(Said(label_errors.KEY, label_errors.CHECK.title, (cannot,)))
    alone = tuple(one for _check, each in found for one in each.alone)
    doubted = tuple(
        flagged.path
        for check, each in found
        if check.key == label_errors.KEY
        for flagged in each.flagged
        if flagged.score >= label_errors.LIKELY
    )
    kept = DataChecks(version_of(plan.split), tuple(said), alone, doubted)
    data_checks.keep(kept)
    return kept
