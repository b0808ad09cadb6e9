"""Labels of boxes that look wrong to the trained model: objects that nobody has labelled, boxes in
which it finds nothing, and boxes of another class.

All pictures are looked at. On those of the training set, the model has seen the labels that it
contradicts: what it finds there although it was taught that nothing is there is the more
suspicious, but a label that it has learnt to repeat is not found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transfergui.core.base.i18n import N_, _
from transfergui.core.base.notes import Note
from transfergui.core.base.progress import Tell
from transfergui.core.evaluation import box_marks
from transfergui.core.evaluation.kinds import Gallery, Item, Shown
from transfergui.core.figures import box_answers, box_errors
from transfergui.core.figures.box_errors import FalseAlarm, Missed
from transfergui.core.views.box_errors import Told
from transfergui.core.views.box_threshold import obstacle
from transfergui.core.views.result import Result, answers_of
from transfergui.core.views.view import View

MOST = 200
"""Boxes of a gallery."""
UNLABELLED = frozenset({"nothing", "place"})
"""Kinds of false alarms that may be objects without a box. Of 30 boxes of 444 that were deleted
from validation and test pictures of blood cells, these list 19 (128 in all, 11 in the first 30);
without those that overlap a box a little, as crowded cells do, 12 (70 in all, 10)."""
FAINT = 0.5
"""Of the model's threshold: with less confidence, nothing is found at a box."""


def compute(result: Result, tell: Tell) -> Shown:
    """Three galleries, the most suspicious first."""
    samples = (*result.part("train"), *result.part("val"), *result.part("test"))
    kept, answers = answers_of(result.model, result.root, samples, tell)
    targets = result.split.targets
    found = box_answers.matched(answers, [sample.label for sample in kept], targets)
    least = box_answers.threshold(result.found.fitted)
    alarms = box_errors.false_alarms(found, least)
    paths = [sample.path for sample in kept]
    marks = box_marks.of_matches(found, least, targets.names, paths)
    told = Told(found, targets.names, paths, marks)
    new = [alarm for alarm in alarms if alarm.kind in UNLABELLED]
    other = [alarm for alarm in alarms if alarm.kind == "class"]
    empty = box_errors.untouched(found, FAINT * least)
    galleries = tuple(_galleries(told, new, other, empty))
    figures = {"unlabelled": len(new), "other_class": len(other), "not_found": len(empty)}
    notes = _notes(figures, len(kept), result.modality.many)
    return Shown(tuple(notes), galleries, figures)


def _galleries(
    told: Told,
    new: Sequence[FalseAlarm],
    other: Sequence[FalseAlarm],
    empty: Sequence[Missed],
) -> Iterator[Gallery]:
    listed: tuple[tuple[str, list[Item]], ...] = (
        (_("Found, but not labelled"), [told.alarm(each) for each in new[:MOST]]),
        (_("Labelled as another class"), [told.alarm(each) for each in other[:MOST]]),
        (_("Labelled, but nothing found there"), [told.missed(each) for each in empty[:MOST]]),
    )
    for title, items in listed:
        if items:
            yield Gallery(title, tuple(items))


def _notes(figures: dict[str, int], pictures: int, noun: str) -> Iterator[Note]:
    if not any(figures.values()):
        yield Note("boxes.labels_fine", {"n": pictures, "noun": noun}, "good")
        return
    yield Note("boxes.labels", {**figures, "n": pictures, "noun": noun})
    yield Note("boxes.labels_how", {"noun": noun})


VIEW = View(
    key="box_labels",
    title=N_("Labels to check"),
    summary=N_(
        "Looks for labels that may be wrong in all your pictures: objects without a box, boxes "
        "without an object, and other classes."
    ),
    obstacle=obstacle,
    compute=compute,
    looked_at=lambda result: sum(result.split.sizes().values()),
    button=N_("Search"),
    unlisted="boxes.other_runs",
)
