"""Where the model is clearly worse than elsewhere: in some folder, on dark pictures, on long texts.

The test samples are cut into groups by what they belong to and by what can be measured of them, and
each group is compared with all other samples (:mod:`..figures.group_tests`). Groups that are
nearly one class are left out, as figures by class stand in the report; but they, and the classes,
are named where they are why another group is worse (:mod:`.group_causes`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np

from transfergui.core.base.figure_texts import number, per_cent, span, suffix
from transfergui.core.base.i18n import N_, _, comma_list
from transfergui.core.base.notes import Note
from transfergui.core.base.paths import shown
from transfergui.core.base.progress import Tell
from transfergui.core.checks import apart, measured
from transfergui.core.data import unread
from transfergui.core.data.targets import NUMBER, ONE_CLASS
from transfergui.core.evaluation.baseline_words import no_use
from transfergui.core.evaluation.figure_words import of_hundred
from transfergui.core.evaluation.kinds import Gallery, Item, Shown, Table
from transfergui.core.figures import group_tests
from transfergui.core.figures.group_tests import Compared
from transfergui.core.views import group_causes
from transfergui.core.views.group_causes import Group
from transfergui.core.views.result import Result
from transfergui.core.views.view import View

if TYPE_CHECKING:
    from transfergui.core.data.dataset import Sample
    from transfergui.core.data.properties import Property
    from transfergui.core.figures.answer_rows import PredictionRow

KEY = "worst_groups"
FEWEST = 30
"""Test samples; of fewer, no part is large enough."""
MOST = 1500
"""Test samples that are looked at: more would keep the report waiting."""
ONE_KIND = 0.8
"""A group with a larger share of one class is that class."""
SHOWN = 12
"""Errors of a group that are shown."""
GROUPS = 5
"""Groups that are named."""
QUARTER = 0.25


def obstacle(result: Result) -> str:
    """As :attr:`transfergui.core.views.view.View.obstacle`."""
    return "worst.too_few" if len(result.rows) < FEWEST else ""


def compute(result: Result, tell: Tell) -> Shown:
    """The groups in which the model is clearly worse, and their errors."""
    known = {sample.path: sample for part in _parts(result) for sample in part}
    rows = [row for row in result.rows if row.path in known]
    samples = [known[row.path] for row in rows]
    found = measured.of_samples(
        samples, result.root, result.modality, result.plan.input, tell, most=MOST
    )
    rows = [rows[at] for at in found.rows]
    targets = result.split.targets
    errors = np.array([result.objective.error(row, targets) for row in rows])
    if targets.objective != NUMBER:
        errors = (errors > 0).astype(np.float64)
    kept = [samples[at] for at in found.rows]
    every = list(_groups(result, kept, found.columns))
    groups = list(_mixed(every, np.array([sample.label for sample in kept])))
    worse = group_tests.worse([group.inside for group in groups], errors)
    told = [(groups[at], compared) for at, compared in worse]
    noun, count = result.modality.many, len(rows)
    notes = list(unread.of_paths(found.lost, count + len(found.lost), noun))
    if found.is_sample:
        values = {"count": count, "total": found.total, "noun": noun}
        notes.append(Note("worst.sample", values))
    made = _shown(result, rows, errors, told, len(groups), list(_partitions(result, kept)))
    if no_use(result.report) is not None:  # then every group is bad, and no advice about one helps
        return Shown((Note("worst.no_use", level="warning"), *notes), (), made.figures)
    weakest = _weakest_class(result, kept, errors)
    return replace(made, notes=(*made.notes, *weakest, *notes))


def _weakest_class(
    result: Result, samples: Sequence[Sample], errors: np.ndarray
) -> tuple[Note, ...]:
    """Classes are no groups here: which of them has the smallest share of correct ones."""
    if result.split.targets.objective != ONE_CLASS or not errors.any():
        return ()
    labels = np.array([sample.label for sample in samples])
    shares = {int(each): float(errors[labels == each].mean()) for each in np.unique(labels)}
    worst = max(shares, key=lambda each: shares[each])
    if len(shares) < 2 or worst < 0:
        return ()
    own = errors[labels == worst]
    hits, name = round(len(own) - float(own.sum())), result.split.classes[worst]
    values = {"name": name, "n": len(own), "hits": hits}
    values |= {"right": of_hundred(1 - float(own.mean())), "noun": result.modality.many}
    return (Note("worst.by_class", values),)


def _parts(result: Result) -> tuple[tuple[Sample, ...], ...]:
    """Where the samples of the report may be."""
    return result.part("test"), result.part("val")


# -- the groups


def _groups(
    result: Result, samples: Sequence[Sample], columns: dict[str, np.ndarray]
) -> Iterator[Group]:
    yield from _by_split(result, samples)
    yield from _by_folder(samples, result.split.classes)
    for each in result.modality.properties:
        if each.key in columns:
            yield from _by_property(each, columns[each.key])


def _mixed(groups: Sequence[Group], labels: np.ndarray) -> Iterator[Group]:
    """Those that are large enough, not told already, and not nearly of one class."""
    seen: set[bytes] = set()
    for group in groups:
        own = labels[group.inside]
        if not group_tests.is_large_enough(group.inside) or group.inside.tobytes() in seen:
            continue
        seen.add(group.inside.tobytes())
        most = Counter(own.tolist()).most_common(1)[0][1]
        if most < ONE_KIND * len(own) or len(np.unique(labels)) > len(labels) / 2:
            yield group


def _by_split(result: Result, samples: Sequence[Sample]) -> Iterator[Group]:
    """What samples are kept together by: speakers, say; else what their file names say."""
    if result.split.grouped_by:
        names = [sample.group or "" for sample in samples]
        yield from _by_names("group", _("Group"), names)
        return
    for place, names in apart.name_parts(samples):
        yield from _by_name_part(place, names)


def _by_name_part(place: int, names: Sequence[str]) -> Iterator[Group]:
    title = _("Part {place} of the file name").format(place=place)
    yield from _by_names("file_name", title, names)


def _partitions(result: Result, samples: Sequence[Sample]) -> Iterator[list[Group]]:
    """What each sample belongs to by name, one after the other: speaker, folder, class."""
    if result.split.grouped_by:
        yield list(_by_split(result, samples))
    else:
        for place, names in apart.name_parts(samples):
            yield list(_by_name_part(place, names))
    for found in (_by_folder(samples, result.split.classes), _by_class(result, samples)):
        if parts := list(found):
            yield parts


def _by_class(result: Result, samples: Sequence[Sample]) -> Iterator[Group]:
    """The classes, where each sample has one."""
    if result.split.targets.objective == ONE_CLASS:
        classes = result.split.classes
        names = [classes[s.label] if 0 <= s.label < len(classes) else "" for s in samples]
        yield from _by_names("class", _("Class"), names)


def _by_folder(samples: Sequence[Sample], classes: Sequence[str]) -> Iterator[Group]:
    """Not those of classes, which hold others where labels were corrected."""
    names = [PurePosixPath(sample.path).parent.name for sample in samples]
    if set(names).isdisjoint(classes):
        yield from _by_names("folder", _("Folder"), names)


def _by_names(by: str, title: str, names: Sequence[str]) -> Iterator[Group]:
    values = np.array(names)
    for name in np.unique(values):
        if name:
            text = _("{title}: {value}").format(title=title, value=name)
            yield Group(by, text, values == name)


def _by_property(each: Property, values: np.ndarray) -> Iterator[Group]:
    """Those with one name; of numbers the lowest and the highest quarter."""
    title = _(each.title)
    if each.kind == "category":
        yield from _by_names(each.key, title, values.tolist())
        return
    known = np.isfinite(values)
    if known.sum() < 4 or np.ptp(values[known]) == 0:
        return
    low, high = np.quantile(values[known], (QUARTER, 1 - QUARTER))
    names: tuple[str, str] = (_("{title}: lowest quarter"), _("{title}: highest quarter"))
    if each.unit or np.array_equal(values[known], np.round(values[known])):  # else of no scale
        names = (
            _("{title}: lowest quarter (up to {value})"),
            _("{title}: highest quarter (from {value})"),
        )
    ends = ((known & (values <= low), low), (known & (values >= high), high))
    for text, (inside, end) in zip(names, ends, strict=True):
        if 0 < inside.sum() <= 2 * QUARTER * known.sum():
            value = number(float(end)) + suffix(each.unit)
            yield Group(each.key, text.format(title=title, value=value), inside)


# -- what is shown


def _shown(
    result: Result,
    rows: Sequence[PredictionRow],
    errors: np.ndarray,
    told: Sequence[tuple[Group, Compared]],
    looked_at: int,
    partitions: Sequence[Sequence[Group]],
) -> Shown:
    """
    Args:
        partitions: as of :func:`.group_causes.causes`.
    """
    noun = result.modality.many
    if not told:
        values = {"count": looked_at, "n": len(rows), "noun": noun}
        return Shown((Note("worst.none", values),), figures={KEY: []})
    groups = [group for group, _compared in told]
    lead = group_causes.leaders(groups, errors)
    first = [at for at in range(len(told)) if lead[at] == at][:GROUPS]
    notes: list[Note] = []
    own = False
    for at in first:
        same = [groups[other].title for other in range(len(told)) if lead[other] == at != other]
        why = group_causes.causes(groups[at], partitions, errors, looked_at)
        own = own or not why
        notes += [*_cause(groups[at], why, noun), _note(result, *told[at]), *_same(same, noun)]
    notes.append(Note("worst.advice" if own else "worst.advice_cause", {"noun": noun}))
    galleries = [_gallery(groups[at], rows, errors) for at in first]
    figures = [{"by": group.by, "group": group.title, **_figures(c)} for group, c in told]
    return Shown(tuple(notes), (_table(result, told), *galleries), {KEY: figures})


def _figures(compared: Compared) -> dict[str, Any]:
    return {
        "n": compared.n,
        "error": compared.inside,
        "low": compared.low,
        "high": compared.high,
        "others": compared.outside,
        "p": compared.p,
    }


def _note(result: Result, group: Group, compared: Compared) -> Note:
    values: dict[str, Any] = {"name": group.title, "n": compared.n, "noun": result.modality.many}
    if result.split.targets.objective == NUMBER:
        unit = suffix(result.split.targets.unit)
        values |= {"value": number(compared.inside) + unit}
        values |= {"others": number(compared.outside) + unit}
        return Note("worst.group_number", values, "warning")
    values |= {
        "hits": compared.n - round(compared.inside * compared.n),
        "right": of_hundred(1 - compared.inside),
        "others": of_hundred(1 - compared.outside),
    }
    return Note("worst.group", values, "warning")


def _cause(group: Group, causes: Sequence[Group], noun: str) -> Iterator[Note]:
    """What makes a group worse, if that is not what it is called by."""
    if causes:
        names = comma_list([each.title for each in causes])
        shared = sum(int((group.inside & each.inside).sum()) for each in causes)
        values = {"names": names, "noun": noun, "n": int(group.inside.sum()), "count": shared}
        values["name"] = group.title
        yield Note("worst.cause", values, "warning")


def _same(same: Sequence[str], noun: str) -> Iterator[Note]:
    """What goes together with a group."""
    if same:
        yield Note("worst.same", {"names": comma_list(same), "noun": noun})


def _table(result: Result, told: Sequence[tuple[Group, Compared]]) -> Table:
    by_number = result.split.targets.objective == NUMBER
    unit = suffix(result.split.targets.unit)

    def text(error: float) -> str:
        return number(error) + unit if by_number else per_cent(of_hundred(1 - error))

    figure = _("Mean absolute error") if by_number else _("Correct")
    columns = (
        _("Group"),
        _("Test {noun}").format(noun=_(result.modality.many)),
        figure,
        _("95 % interval"),
        _("All others"),
    )
    rows = []
    for group, c in told:
        ends = (c.low, c.high) if by_number else (c.high, c.low)
        between = span(text(ends[0]), text(ends[1]))
        if not by_number:  # “26 to 66 %”: the room belongs to the name of the group
            between = span(str(of_hundred(1 - ends[0])), text(ends[1]))
        rows.append((group.title, str(c.n), text(c.inside), between, text(c.outside)))
    return Table(_("Groups with more errors"), columns, tuple(rows), frozenset({1, 2, 3, 4}))


def _gallery(group: Group, rows: Sequence[PredictionRow], errors: np.ndarray) -> Gallery:
    order = sorted(np.flatnonzero(group.inside & (errors > 0)).tolist(), key=lambda at: -errors[at])
    items = tuple(Item(rows[at].path, _caption(rows[at])) for at in order[:SHOWN])
    return Gallery(_("Errors: {group}").format(group=group.title), items)


def _caption(row: PredictionRow) -> str:
    text = _("Label: {truth}\nModel: {label}")  # short, so that the names are seen
    return text.format(truth=shown(row.truth), label=shown(row.label))


VIEW = View(
    KEY,
    N_("Worst groups"),
    N_("Shows folders, speakers, dark pictures or long texts on which the model is clearly worse."),
    obstacle,
    compute,
    quick=True,
)
