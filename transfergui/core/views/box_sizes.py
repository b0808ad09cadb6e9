"""Whether small objects are found as often as large ones."""

from __future__ import annotations

from transfergui.core.base.figure_texts import per_cent, percent, share_ends, span
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.progress import Tell
from transfergui.core.evaluation import box_words
from transfergui.core.evaluation.kinds import Chart, Shown, Table
from transfergui.core.figures import box_answers, detection
from transfergui.core.figures.detection import SizeGroup
from transfergui.core.views.box_threshold import matches_of, obstacle
from transfergui.core.views.result import Result
from transfergui.core.views.shares import shares_chart
from transfergui.core.views.view import View


def compute(result: Result, tell: Tell) -> Shown:
    """Recall of objects in groups by their size."""
    found = matches_of(result)
    least = box_answers.threshold(result.report.fitted)
    groups = detection.by_size(found, least)
    note = box_words.by_size(result.report)
    figures = {
        "groups": [
            {"low": each.low, "high": each.high, "found": each.found, "boxes": each.boxes}
            for each in groups
        ]
    }
    return Shown((note,), (_chart(groups), _table(groups)), figures)


def _chart(groups: list[SizeGroup]) -> Chart:
    return shares_chart(
        _("Objects found, by their size"),
        (_("Side of the object, as a share of the picture's side"), _("Objects found")),
        [((g.low + g.high) / 2, g.found / g.boxes, g.interval) for g in groups],
    )


def _table(groups: list[SizeGroup]) -> Table:
    columns = _("Side"), _("Found"), _("Share"), _("95 % interval")
    part = _("{count} of {total}")
    rows = tuple(
        (
            span(percent(each.low), percent(each.high)),
            part.format(count=each.found, total=each.boxes),
            percent(each.found / each.boxes, 0),
            per_cent(span(*share_ends(each.interval.low, each.interval.high))),
        )
        for each in groups
    )
    return Table(_("Groups of equally many objects"), columns, rows, frozenset({1, 2, 3}))


VIEW = View(
    key="box_sizes",
    title=N_("Size of objects"),
    summary=N_("Shows whether small objects are found as often as large ones."),
    obstacle=obstacle,
    compute=compute,
    quick=True,
    unlisted="boxes.other_runs",
)
