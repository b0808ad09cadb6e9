"""Somebody else's examples that a model learnt from, too: how much they counted."""

from __future__ import annotations

from pathlib import Path

from transfergui.core.base.i18n import N_, _
from transfergui.core.base.paths import shown
from transfergui.core.base.progress import Tell
from transfergui.core.evaluation import borrowed
from transfergui.core.evaluation.kinds import Gallery, Item, Shown
from transfergui.core.figures.borrowing import Source
from transfergui.core.views.result import Result
from transfergui.core.views.view import View


def obstacle(result: Result) -> str:
    """As :attr:`transfergui.core.views.view.View.obstacle`."""
    return "borrow.nothing" if result.report.borrowed is None else ""


def compute(result: Result, tell: Tell) -> Shown:
    """What the report knows of them, and those that contradict one's own most."""
    found = result.report.borrowed
    assert found is not None
    notes = borrowed.notes(result.report, result.modality.many)
    galleries = filter(None, (_contradicting(result, source) for source in found.sources))
    return Shown(tuple(notes), (borrowed.table(found), *galleries))


def _contradicting(result: Result, source: Source) -> Gallery | None:
    """Those of a source that lost most of their weight, with their classes; None of those that are
    not there any more."""
    of = [each for each in result.split.of_role("source") if each.path == source.path]
    items = []
    for companion in of:
        labels = {sample.path: sample.label for sample in companion.samples}
        for name in source.lost:
            path = Path(companion.root) / name
            if name in labels and path.exists():
                label = result.split.classes[labels[name]]
                items.append(Item("", label, result.modality.preview(path, result.model.input)))
    title = _("Lost most of their weight: {name}").format(name=shown(Path(source.path).name))
    return Gallery(title, tuple(items)) if items else None


VIEW = View(
    "borrowed",
    N_("Borrowed examples"),
    N_(
        "Shows how much the examples counted that were borrowed from others, and which of several "
        "sources helps."
    ),
    obstacle,
    compute,
    quick=True,
    unlisted="borrow.nothing",
)
