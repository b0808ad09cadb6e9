"""The report of a run with everything that is known: views, samples, checks of the data.

A training writes its page at its end from what it measured. What takes a second look at the model
or at the samples is added here.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from transfergui.core.base import files
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.options import Options
from transfergui.core.base.progress import Tell, untold
from transfergui.core.data import tar_names, versions
from transfergui.core.evaluation import data_checks, report, siblings
from transfergui.core.evaluation.kinds import Shown
from transfergui.core.evaluation.report_page import PAGE, Extras, ShownView
from transfergui.core.interfaces.objective import Found
from transfergui.core.interfaces.samples import Preview
from transfergui.core.sources import input_of
from transfergui.core.views.registry import VIEWS
from transfergui.core.views.result import Result
from transfergui.core.views.view import View


def write(
    result: Result,
    known: Mapping[str, Shown] | None = None,
    tell: Tell = untold,
    views: Sequence[View] = VIEWS,
) -> Path:
    """Write ``report.html`` and ``report.json`` of a tested run anew; returns the page.

    Args:
        result: of the run.
        known: what views found already, by their keys; quick ones are computed.

    Raises:
        UserError: ``run.*``, ``model.*``: it cannot be read; ``disk.full``.
    """
    run, shown = result.run, dict(known or {})
    for place, view in enumerate(views):
        tell(place, len(views))
        if view.quick and view.key not in shown and (found := _computed(view, result)):
            shown[view.key] = found
    version = versions.version_of(result.split)
    data_checks.keep_with(run, version)
    checked = data_checks.of_run(run, version)
    measured = msgspec.structs.replace(result.report, views=_figures(result, shown))
    extras = Extras(
        views=[
            ShownView(_(view.title), _(view.summary), shown[view.key])
            for view in views
            if view.key in shown
        ],
        findings=() if checked is None else checked.notes,
        look=functools.partial(_look, result, input_of(run)),
    )
    try:
        report.save(
            run.path,
            measured,
            result.rows,
            recipe=run.recipe,
            history=run.history(),
            environment=run.environment(),
            beside=siblings.beside(run, measured, result.rows),
            found=Found(result.split.targets, result.split.classes, measured.fitted),
            keep_predictions=True,
            extras=extras,
            root=result.split.root,
        )
    except OSError as error:
        raise files.not_written(run.path, error) from None
    return run.path / PAGE


def _computed(view: View, result: Result) -> Shown | None:
    """What a view finds; None where it cannot: the page says what can be said."""
    try:
        return None if view.obstacle(result) else view.compute(result, untold)
    except UserError:
        return None


def _figures(result: Result, shown: Mapping[str, Shown]) -> dict[str, dict[str, object]]:
    """What ``report.json`` says of views, those that were computed earlier included."""
    own = {key: dict(found.figures) for key, found in shown.items() if found.figures}
    return {**result.report.views, **tar_names.in_tree(result.split.root, own)}


def _look(result: Result, input: Options, path: str) -> Preview:
    return result.modality.preview(result.root / path, input)
