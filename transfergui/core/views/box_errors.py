"""Objects that the model misses, and boxes where there is none, each cut out of its picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from transfergui.core.base.figure_texts import hundredths
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.notes import Note
from transfergui.core.base.paths import shown
from transfergui.core.base.progress import Tell
from transfergui.core.evaluation import box_marks, crops
from transfergui.core.evaluation.kinds import Gallery, Item, Part, Shown, Table
from transfergui.core.figures import box_answers, box_errors
from transfergui.core.figures.box_errors import FalseAlarm, Missed
from transfergui.core.figures.detection import Matches
from transfergui.core.interfaces.samples import MarkedBox
from transfergui.core.views.box_threshold import matches_of, obstacle
from transfergui.core.views.result import Result
from transfergui.core.views.view import View

MOST = 300
"""Boxes of a gallery."""
PAIRS = 10
"""Pairs of classes in the table."""
KINDS = {
    "nothing": N_("No object is labelled there"),
    "class": N_("An object of another class"),
    "place": N_("Overlaps too little"),
    "twice": N_("A second box for one object"),
}
"""What is wrong with false alarms."""


def compute(result: Result, tell: Tell) -> Shown:
    """Galleries of false alarms and missed objects, and what is wrong with them."""
    found, report = matches_of(result), result.report
    least = box_answers.threshold(report.fitted)
    alarms, missed = box_errors.false_alarms(found, least), box_errors.missed(found, least)
    paths = [row.path for row in result.rows]
    marks = box_marks.of_matches(found, least, report.classes, paths)
    told = Told(found, report.classes, paths, marks)
    kinds = Counter[str](alarm.kind for alarm in alarms)
    parts: list[Part] = []
    if alarms:
        title = _("False alarms, most confident first")
        parts.append(Gallery(title, tuple(map(told.alarm, alarms[:MOST]))))
    if missed:
        title = _("Missed objects, least confident first")
        parts.append(Gallery(title, tuple(map(told.missed, missed[:MOST]))))
    parts += _tables(found, alarms, missed, report.classes)
    notes = tuple(_notes(kinds, len(alarms), len(missed)))
    return Shown(notes, tuple(parts), {"false_alarms": dict(kinds), "missed": len(missed)})


def _notes(kinds: Counter[str], alarms: int, missed: int) -> Iterator[Note]:
    if not alarms and not missed:
        yield Note("boxes.no_errors", level="good")
        return
    yield Note("boxes.errors", {"missed": missed, "wrong": alarms})
    if kinds["nothing"]:
        yield Note("boxes.unlabelled", {"count": kinds["nothing"]})


class Told:
    """Items of the galleries.

    Args:
        paths: of the pictures [P].
        marks: the boxes of each, by its path.
    """

    def __init__(
        self,
        found: Matches,
        names: Sequence[str],
        paths: Sequence[str],
        marks: dict[str, tuple[MarkedBox, ...]],
    ) -> None:
        self._found, self._names, self._paths, self._marks = found, names, paths, marks

    def alarm(self, alarm: FalseAlarm) -> Item:
        """A false alarm, with the object that it is meant for."""
        found, names = self._found, self._names
        mark = box_marks.said_mark(found.said, alarm.row, names, wrong=True)
        drawn = [mark]
        if alarm.truth >= 0:
            drawn.append(box_marks.true_mark(found.truth, alarm.truth, names, wrong=False))
        why = _(KINDS[alarm.kind])
        if alarm.kind == "class":
            name = shown(names[int(found.truth.name[alarm.truth])])
            why = _("Labelled “{name}”").format(name=name)
        return self._item(int(found.said.picture[alarm.row]), mark, drawn, why)

    def missed(self, missed: Missed) -> Item:
        """A missed object, with what was found there instead."""
        found, names = self._found, self._names
        mark = box_marks.true_mark(found.truth, missed.row, names, wrong=True)
        drawn, why = [mark], _("Not found")
        if missed.other >= 0:
            other = box_marks.said_mark(found.said, missed.other, names, wrong=True)
            drawn.append(other)
            why = _("Found as “{name}”").format(name=shown(other.name))
        elif missed.score:
            why = _("Confidence only {percent} %").format(percent=hundredths(missed.score))
        return self._item(int(found.truth.picture[missed.row]), mark, drawn, why)

    def _item(self, picture: int, mark: MarkedBox, drawn: Sequence[MarkedBox], why: str) -> Item:
        path, name = self._paths[picture], shown(mark.name)
        if mark.score is not None:
            sure = hundredths(mark.score)
            name = _("{label} · {percent} %").format(label=name, percent=sure)
        return Item(
            path,
            f"{name}\n{why}",
            part=crops.around(mark),
            boxes=self._marks.get(path, ()),
            marked=tuple(drawn),
        )


def _tables(
    found: Matches, alarms: Sequence[FalseAlarm], missed: Sequence[Missed], names: Sequence[str]
) -> Iterator[Table]:
    counts = Counter[str](alarm.kind for alarm in alarms)
    rows = tuple((_(text), str(counts[kind])) for kind, text in KINDS.items() if counts[kind])
    if rows:
        columns = _("What is there"), _("False alarms")
        yield Table(_("Kinds of false alarms"), columns, rows, frozenset({1}))
    pairs = Counter(
        (names[int(found.truth.name[each.row])], names[int(found.said.name[each.other])])
        for each in missed
        if each.other >= 0
    )
    if pairs:
        titles = _("True class"), _("Found as"), _("Count")
        listed = tuple((shown(a), shown(b), str(n)) for (a, b), n in pairs.most_common(PAIRS))
        yield Table(_("Confused classes"), titles, listed, frozenset({2}))


VIEW = View(
    key="box_errors",
    title=N_("Missed and false boxes"),
    summary=N_("Shows each missed object and each false alarm, cut out of its picture."),
    obstacle=obstacle,
    compute=compute,
    quick=True,
    unlisted="boxes.other_runs",
)
