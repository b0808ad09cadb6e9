"""Reads data together with what was added to them later.

What was added is read as the first data are (:attr:`DataOptions.added`): for the same prediction,
with the same columns and lengths, as far as it can be. What clashes is left out and counted: copies
of examples that are there already (byte by byte; of rows of a table, the same text), classes that
the first data do not have, files that cannot be read. Of data whose test set stays what it was
(:attr:`SplitOptions.kept`), validation and test examples that have another content now are left
out: they are other examples.
"""

from __future__ import annotations

import os
import posixpath
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from transfergui.core import plans
from transfergui.core.base import options as opt
from transfergui.core.base.errors import Question, UserError
from transfergui.core.base.options import Options
from transfergui.core.data import arrivals, labels
from transfergui.core.data import split as splitting
from transfergui.core.data.dataset import (
    GROUP_BY,
    GROUP_COLUMN,
    NO_GROUP,
    DataOptions,
    Dataset,
    Problem,
    Sample,
    ordered,
)
from transfergui.core.data.file_part import FilePart
from transfergui.core.data.likeness import saved_again
from transfergui.core.data.targets import (
    BOXES,
    LABEL_SETS,
    MISSING,
    NUMBER,
    ONE_CLASS,
    Targets,
    columns_of,
    names_in,
    normalised,
    parsed_answers,
    renewed,
)
from transfergui.core.interfaces.plan import Modality, ScanProgress
from transfergui.core.projects import corrected
from transfergui.core.reading.classes import class_names
from transfergui.core.reading.data_options import FileData
from transfergui.core.runs import seen_data
from transfergui.core.runs.run import Run

COPY, CHANGED = "added.copy", "added.changed"
"""Codes of problems: a new example is a copy; one that was measured on has another content now."""
TRAINED = "added.changed_training"
NEAR, UNCHECKED = "added.near_copy", "added.near_unchecked"
UNKNOWN = "added.other_classes"
OF_BOXES = "data.box_"
"""How codes begin of what was wrong with the boxes of a picture."""


def scan(modality: Modality, data: DataOptions, kept: str, progress: ScanProgress) -> Dataset:
    """Read ``data`` without corrections, and what was added to them.

    Args:
        kept: as of :class:`transfergui.core.data.split.SplitOptions`.

    Raises:
        UserError: as :meth:`Modality.scan`; ``added.missing``, ``added.other_kind``,
            ``added.unclear``: what was added cannot be read as the first data are.
    """
    options = msgspec.structs.replace(data, added=(), added_classes="leave_out")
    dataset = modality.scan(options, progress)
    for path in data.added:
        for more in _opened(modality, dataset, data, path, progress):
            dataset = joined(dataset, more, data.added_classes)
    if not (data.added or kept):
        return dataset
    known, tested = dict[str, str](), frozenset[str]()
    if kept:
        run = Run(Path(kept).parent)
        measured = splitting.kept(kept)
        tested = frozenset(s.path for p in arrivals.MEASURED for s in getattr(measured, p))
        known = seen_data.contents(run)
    clashes = _clashes(modality, dataset, known, tested, lambda: progress(len(dataset.samples)))
    return _without(dataset, list(clashes))


def _opened(
    modality: Modality, first: Dataset, data: DataOptions, path: str, progress: ScanProgress
) -> Iterator[Dataset]:
    """What was added at ``path``: one data set, or several of corrected predictions.

    Raises:
        UserError: as :func:`scan`.
    """
    if not os.path.exists(path):  # noqa: PTH110 - Path.exists raises on too long names
        raise UserError("added.missing", path=path)
    given = DataOptions(path=path)
    for each in corrected.sources(path, modality) if corrected.is_table(path) else [given]:
        yield _read(modality, first, data, each, progress)


def _read(
    modality: Modality,
    first: Dataset,
    data: DataOptions,
    given: DataOptions,
    progress: ScanProgress,
) -> Dataset:
    """
    Args:
        given: what is read; how it is read is as of ``first``.

    Raises:
        UserError: as :func:`scan`.
    """
    input = opt.check(first.input, modality.input_options, "input")
    options = _options(modality, first) | modality.data_for(input)
    groups = {
        name: value
        for name in (GROUP_BY, GROUP_COLUMN)
        if (value := first.chosen.get(name)) and value != NO_GROUP
    }
    asked = msgspec.structs.replace(
        given,
        objective=first.targets.objective,
        predict=data.predict or columns_of(first.targets),
        options=options | groups,
    )
    try:
        found = _answered(modality, first, asked, progress)
    except UserError:
        if not groups:
            raise
        asked = msgspec.structs.replace(asked, options=options)
        found = _answered(modality, first, asked, progress)
    if found.targets.objective != first.targets.objective or (
        found.targets.unit and first.targets.unit and found.targets.unit != first.targets.unit
    ):
        raise UserError("added.other_kind", path=given.path)
    return found


def _options(modality: Modality, first: Dataset) -> dict[str, Any]:
    """What of the reading of the first data holds for others as well: levels of brightness, say,
    but not where classes stand."""
    general = {field.name for field in msgspec.structs.fields(FileData)}
    own = {field.name for field in msgspec.structs.fields(modality.data_options)} - general
    fixed = {name: value for name, value in first.chosen.items() if name in own - {GROUP_BY}}
    names = {class_names.OPTION: class_names.SEPARATE, class_names.KEEP_UNTRAINED: True}
    return names | ({} if modality.tables else fixed)


def _answered(
    modality: Modality, first: Dataset, asked: DataOptions, progress: ScanProgress
) -> Dataset:
    """Read data; what they leave open is answered as it was for the first ones.

    Raises:
        UserError: ``added.unclear``, or what the scan finds wrong.
    """
    while True:
        try:
            return modality.scan(asked, progress)
        except Question as question:
            name = question.setting.removeprefix("data.options.")
            answer = first.chosen.get(name, "class" if name == "layout" else "")
            if name in asked.options or answer not in question.choices:
                raise UserError("added.unclear", path=asked.path, why=str(question)) from None
            options = asked.options | {name: answer}
            asked = msgspec.structs.replace(asked, options=options)


# -- one data set of two


def joined(first: Dataset, other: Dataset, unknown: str = "leave_out") -> Dataset:
    """``first`` with the examples of ``other``, whose paths are in :attr:`Dataset.arrived`.

    What both have, by path, stays as it is in ``first``.

    Args:
        unknown: whether examples of classes that ``first`` does not have are used as well.
    """
    place = relative(other.root, first.root)
    there = {sample.path for sample in first.samples}
    names = _names(first, other, unknown == "use")
    groups = _own_groups(other)
    taken: list[tuple[Sample, str]] = []
    left: Counter[str] = Counter()
    for sample in other.samples:
        path, name = _moved(place, sample.path), names[sample.label]
        if path in there:
            continue
        if name is None:
            left[other.classes[sample.label]] += 1
            continue
        group = sample.group
        group = _moved(place, group) if group in groups else group
        taken.append((Sample(path, 0, sample.size, group), name))
    classes = ordered(first.targets, (*first.classes, *(name for _sample, name in taken)))
    label_of = {name: label for label, name in enumerate(classes)}
    before = [label_of[name] for name in first.classes]
    samples = [msgspec.structs.replace(s, label=before[s.label]) for s in first.samples]
    samples += [msgspec.structs.replace(s, label=label_of[name]) for s, name in taken]
    problems = [*first.problems, *_problems_of(other, place)]
    if left:
        values = {
            "count": left.total(),
            "names": labels.quoted(_unknown(first.targets, left)),
            "noun": other.noun,
        }
        problems.append(Problem(UNKNOWN, values, path=str(other.source)))
    return msgspec.structs.replace(
        first,
        classes=classes,
        samples=tuple(sorted(samples, key=lambda s: s.path)),
        problems=tuple(problems),
        targets=renewed(first.targets, classes),
        arrived=first.arrived | {sample.path for sample, _name in taken},
    )


def _unknown(targets: Targets, texts: Iterable[str]) -> list[str]:
    """The classes among ``texts`` that the first data do not have; of boxes, of these alone."""
    if targets.objective != BOXES:
        return list(texts)
    named = dict.fromkeys(name for text in texts for name in names_in(BOXES, text))
    return [name for name in named if name not in targets.names]


def _problems_of(other: Dataset, place: str) -> Iterator[Problem]:
    """What was found in the files of ``other``; what is about its classes as a whole is not."""
    for problem in other.problems:
        told = problem.left_out or problem.twin or problem.code.startswith(OF_BOXES)
        if not told:
            continue
        if problem.code == "data.empty_class":
            continue
        values = dict(problem.values)
        if problem.twin:
            values["other"] = _moved(place, problem.twin)
        path = _moved(place, problem.path)
        yield msgspec.structs.replace(problem, path=path, values=values)


def _own_groups(dataset: Dataset) -> frozenset[str]:
    """Groups that are called as one of the files in them: copies, and parts of a recording."""
    paths = {sample.path for sample in dataset.samples}
    paths |= {FilePart.parse(path).file for path in paths}
    return frozenset(s.group for s in dataset.samples if s.group in paths)


def _names(first: Dataset, other: Dataset, unknown: bool) -> list[str | None]:
    """What each class of ``other`` is called in ``first``; None where it has no such class."""
    targets = first.targets
    if targets.objective == ONE_CLASS:
        same = labels.matched(other.classes, first.classes, loosely=False)
        return [same.get(name, name if unknown else None) for name in other.classes]
    return [_combination(targets, name, unknown) for name in other.classes]


def _combination(targets: Targets, text: str, unknown: bool) -> str | None:
    """A combination of labels, answers or a number as it is called in ``targets``."""
    try:
        name = normalised(targets, text)
    except ValueError:
        return None
    if targets.objective == NUMBER or unknown:
        return name
    if targets.objective in LABEL_SETS:
        return name if {*names_in(targets.objective, name)} <= {*targets.names} else None
    pairs = zip(targets.answers, parsed_answers(name), strict=True)
    known = all(answer in (None, MISSING) or answer in own for own, answer in pairs)
    return name if known else None


def relative(folder: Path, root: Path) -> str:
    """``folder`` seen from ``root``; absolute on another drive of Windows."""
    try:
        return Path(os.path.relpath(os.path.realpath(folder), os.path.realpath(root))).as_posix()
    except ValueError:
        return folder.absolute().as_posix()


def _moved(place: str, path: str) -> str:
    return posixpath.normpath(f"{place}/{path}")


# -- what clashes


def _clashes(
    modality: Modality,
    dataset: Dataset,
    known: Mapping[str, str],
    tested: Container[str],
    progress: Callable[[], object],
) -> Iterator[Problem]:
    """New examples that are copies of first ones, and examples with another content than in
    ``known``, digests by their paths: left out where they are measured on.

    Args:
        tested: paths of those that the model is validated or tested on.
    """
    wanted = dataset.samples
    if not dataset.arrived:
        wanted = tuple(sample for sample in wanted if sample.path in known)
    found = _digests(modality, dataset, wanted, progress)
    first: dict[str, str] = {}
    for sample in wanted:
        if sample.path not in dataset.arrived and sample.path in found:
            first.setdefault(found[sample.path], sample.path)
    again = _saved_again(modality, dataset, found, set(first), progress)
    if again is None:
        values = {"count": len(dataset.arrived), "noun": dataset.noun}
        yield Problem(UNCHECKED, values, path=".", left_out=False)
    for sample in wanted:
        path, digest = sample.path, found.get(sample.path)
        if path in dataset.arrived and digest in first:
            yield Problem(COPY, {"other": first[digest]}, path=path)
        elif again is not None and path in again:
            yield Problem(NEAR, {"other": again[path]}, path=path)
        elif digest is not None and known.get(path, digest) != digest:
            measured = path in tested
            yield Problem(CHANGED if measured else TRAINED, path=path, left_out=measured)


def _saved_again(
    modality: Modality,
    dataset: Dataset,
    found: Mapping[str, str],
    same: Container[str],
    progress: Callable[[], object],
) -> dict[str, str] | None:
    """New examples that are copies of first ones which were saved again or hardly changed: the
    first one, by the path of the copy; None where there are too many to look for such.

    Args:
        found: digests by path; ``same``: those of first examples, whose copies are known.
    """
    input, root = _input(modality, dataset), dataset.root
    return saved_again(
        lambda first, new: modality.copies(first, new, input, progress),
        {root / s.path: s.path for s in dataset.samples if s.path not in dataset.arrived},
        {p: root / p for p in sorted(dataset.arrived) if found.get(p, "") not in same},
    )


def _without(dataset: Dataset, problems: Sequence[Problem]) -> Dataset:
    """``dataset`` with more problems, without what these leave out."""
    away = {problem.path for problem in problems if problem.left_out}
    return msgspec.structs.replace(
        dataset,
        samples=tuple(s for s in dataset.samples if s.path not in away),
        problems=(*dataset.problems, *problems),
        arrived=dataset.arrived - away,
    )


def _digests(
    modality: Modality, dataset: Dataset, samples: Iterable[Sample], progress: Callable[[], object]
) -> dict[str, str]:
    """As :func:`transfergui.core.plans.digests`, before there is a plan."""
    input = _input(modality, dataset)
    return plans.digests_of(modality, input, dataset.root, samples, progress)


def _input(modality: Modality, dataset: Dataset) -> Options:
    return opt.check(dataset.input, modality.input_options, "input")
