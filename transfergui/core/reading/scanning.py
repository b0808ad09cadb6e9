"""From a source to a Dataset: list, look into every file, compare files, look at the classes.

The same for every modality; what it knows of its files is in :class:`Media`.
"""

import contextlib
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import Any

import msgspec

from transfergui.core.base import shards
from transfergui.core.base.errors import Question, UserError
from transfergui.core.base.i18n import _, comma_list
from transfergui.core.base.parallel import in_chunks
from transfergui.core.data import grouping, imbalance, labels
from transfergui.core.data.applied_corrections import corrected
from transfergui.core.data.boxes import boxes_text, joined, parsed_boxes
from transfergui.core.data.dataset import (
    Conflict,
    DataOptions,
    Dataset,
    Problem,
    Sample,
    natural_order,
    ordered,
    singles,
)
from transfergui.core.data.file_part import FilePart, is_part
from transfergui.core.data.targets import (
    BOXES,
    LABEL_SETS,
    NONE_OF_THEM,
    NUMBER,
    ONE_CLASS,
    SEVERAL_LABELS,
    SEVERAL_QUESTIONS,
    Targets,
    labels_text,
    names_in,
    normalised,
    of_boxes,
    of_labels,
    of_questions,
    parsed_answers,
    parsed_labels,
    renewed,
)
from transfergui.core.interfaces.plan import ScanProgress
from transfergui.core.reading.classes import class_names, combinations
from transfergui.core.reading.files import duplicates
from transfergui.core.reading.files.duplicates import Comparison
from transfergui.core.reading.files.walk import size_of
from transfergui.core.reading.listings.listing import Listing, some
from transfergui.core.reading.names import kinds
from transfergui.core.reading.parsing import numbers
from transfergui.core.reading.sources import reader
from transfergui.core.reading.sources.wanted import Wanted
from transfergui.core.reading.tables import label_files

PROGRESS_EVERY = 64
COPIED, DIVIDE, KEEP = "copied_test", class_names.DIVIDE, "keep"
"""The data option that says what happens where test data are also training data, its values."""
FEW_COPIES, MANY_COPIES = 3, 0.2
"""So many samples, and such a share, of the user's own validation and test data must also be
training data for it to be asked."""
FEWEST_NUMBERS = 3
"""So many classes that are numbers may be steps of one thing."""
MOST, FEW = 0.5, 10
"""If more than this share of a class, and so many, are nearly the same, they stay ungrouped."""


@dataclass(frozen=True)
class Findings:
    """What a modality concludes from all samples together.

    Attributes:
        input, chosen, choices, obstacles: as of :class:`transfergui.core.data.dataset.Dataset`.
        parts: where the samples begin that one file holds, as
            :class:`transfergui.core.data.file_part.FilePart` counts them, nowhere where it is a
            single one; None where every file is.
        languages: as of :class:`transfergui.core.data.dataset.Dataset`.
    """

    input: dict[str, Any] = field(default_factory=dict)
    chosen: dict[str, Any] = field(default_factory=dict)
    choices: dict[str, dict[str, str]] = field(default_factory=dict)
    obstacles: dict[str, Problem] = field(default_factory=dict)
    parts: Callable[[Sample], Sequence[int]] | None = None
    languages: tuple[str, ...] = ()


Identical = Callable[[str, Sequence[Sample], Callable[[], None]], list[list[int]]]
Compare = Callable[[str, Sequence[Sample], Callable[[], None]], Comparison | None]


@dataclass(frozen=True)
class Media:
    """What a scan must know of a modality.

    Attributes:
        modality: its key.
        wanted: which files it is looking for.
        inspect: opens one file: what is wrong with it or worth a note; several notes,
            or one problem that leaves it out. Called from several threads.
        compare: compares the samples with each other, by root, samples and progress; called
            after ``arrange``. None where there are too many.
        arrange: called once every file was looked into, with what is left of them; may group
            them, and note problems of all together.
        identical: finds the samples that are the same, by root, samples and progress: two or more
            indices each.
    """

    modality: str
    wanted: Wanted
    inspect: Callable[[str], Sequence[Problem]]
    compare: Compare = duplicates.nothing
    arrange: Callable[[Listing], Findings] = lambda listing: Findings()
    identical: Identical = duplicates.identical


def scan(options: DataOptions, media: Media, progress: ScanProgress) -> Dataset:
    """Read what ``options`` name; nothing is written but unpacked zips in the cache.

    Args:
        progress: called with the number of files listed, then from 1 again with the number
            of files looked into; may raise to cancel.

    Raises:
        Question: as :func:`layouts.read` and :func:`class_names.unify`.
        UserError: likewise; ``data.all_bad``: there are files, but none of use;
            ``data.nothing_left``: none is left once they are compared;
            ``data.boxes_of_pictures``: in these, no boxes can be drawn.
    """
    require_drawable(options, media.wanted)
    listing = reader.read(options, media.wanted, progress)
    combinations.unify(listing, options, media.wanted.noun)  # asks before files are looked into
    note_groups_in_parts(listing, media.wanted.noun)
    listing.samples.sort(key=attrgetter("path"))
    total = len(listing.samples)
    _inspect(listing, media, progress)
    if not listing.samples:
        raise _all_bad(options, listing, media)
    findings = media.arrange(listing)
    combinations.unify(listing, options, media.wanted.noun)
    _compare(listing, options, media, lambda: progress(total))
    if findings.parts:
        _divide(listing, findings.parts)
        whole = [c for c in listing.conflicts if not any(map(findings.parts, c.samples))]
        listing.conflicts = whole
    in_table = options.labels not in ("", label_files.UNSORTED)
    if in_table and listing.targets.objective != BOXES:  # which no part of a file has
        table = Path(options.labels)
        said = label_files.read(table, listing.root)
        if listing.targets.objective == BOXES:
            said = {path: normalised(listing.targets, text) for path, text in said.items()}
        label_files.as_labelled(listing, said, table)
    return concluded(options, listing, media.modality, media.wanted.noun, findings)


def require_drawable(options: DataOptions, wanted: Wanted) -> None:
    """
    Raises:
        UserError: ``data.boxes_of_pictures``: boxes are predicted, and these are no pictures.
    """
    if options.objective == BOXES and wanted.stored is None:
        raise UserError("data.boxes_of_pictures", noun=wanted.noun)


def note_groups_in_parts(listing: Listing, noun: str) -> None:
    """Note the groups that are in training as well as in validation or test data, as the folders
    or the table divide them."""
    parts: dict[str, set[str]] = defaultdict(set)
    for sample in listing.samples:
        if sample.group and sample.split:
            parts[sample.group].add(sample.split)
    both = natural_order(group for group, inside in parts.items() if len(inside) > 1)
    if both:
        values = {"count": len(both), "of": len(parts), "names": some(both), "noun": noun}
        listing.problems.append(Problem("data.group_in_parts", values, path=".", left_out=False))


def concluded(
    options: DataOptions, listing: Listing, modality: str, noun: str, findings: Findings
) -> Dataset:
    """The data set of all that was listed, read and compared; as the user corrected it.

    Args:
        modality: its key.
        noun: what it calls its samples, untranslated.

    Raises:
        UserError: ``data.nothing_left``.
    """
    if not listing.samples:
        raise _nothing_left(options, listing, noun)
    listing.problems += _without_samples(listing, noun)
    listing.problems += _unlabelled(listing, noun)
    alone = listing.targets.objective == ONE_CLASS
    if alone and not options.options.get(class_names.KEEP_UNTRAINED):
        class_names.drop_untrained(listing, noun)
    dataset = _finished(Path(options.path), listing, modality, noun, findings)
    return corrected(dataset, options) if options.corrects else dataset


def _all_bad(options: DataOptions, listing: Listing, media: Media) -> UserError:
    bad = [problem for problem in listing.problems if problem.left_out]
    return UserError(
        "data.all_bad",
        path=options.path,
        noun=media.wanted.noun,
        count=len(bad),
        first=bad[0].sentence(),
    )


def _nothing_left(options: DataOptions, listing: Listing, noun: str) -> UserError:
    """Why: what was found last, when they were compared, with its first example."""
    code = next(problem.code for problem in reversed(listing.problems) if problem.left_out)
    alike = [problem for problem in listing.problems if problem.code == code]
    count = sum(problem.values.get("count", 1) for problem in alike)
    values = {"path": options.path, "noun": noun, "count": count, "why": alike[0].sentence()}
    return UserError("data.nothing_left", **values)


# -- each file


def _inspect(listing: Listing, media: Media, progress: ScanProgress) -> None:
    """Open every file: sizes are filled in, bad files become problems."""
    samples, root = listing.samples, os.fspath(listing.root)
    kept = 0

    def look(sample: Sample) -> tuple[int, Sequence[Problem]]:
        path = f"{root}/{sample.path}"
        if is_part(sample.path) and not shards.is_member(sample.path):
            return 0, (Problem("data.named_like_part", path=path),)
        found = media.inspect(path)
        if shards.is_member(path):
            return sample.size, found
        return (0 if _bad(found) else size_of(path) or 0), found

    with contextlib.closing(in_chunks(look, samples)) as looks:
        for count, (size, found) in enumerate(looks, 1):
            sample = samples[count - 1]
            listing.problems += (
                msgspec.structs.replace(problem, path=sample.path) for problem in found
            )
            if not _bad(found):
                samples[kept] = Sample(sample.path, sample.label, size, sample.group, sample.split)
                kept += 1
            if not count % PROGRESS_EVERY or count == len(samples):
                progress(count)
    del samples[kept:]


def _bad(found: Sequence[Problem]) -> bool:
    return any(problem.left_out for problem in found)


# -- files among each other


def _compare(
    listing: Listing, options: DataOptions, media: Media, progress: Callable[[], None]
) -> None:
    """Find what is there twice: conflicts are left out, the rest is kept together by groups."""
    root = os.fspath(listing.root)
    same = media.identical(root, listing.samples, progress)
    comparison = media.compare(root, listing.samples, progress)
    if comparison is None:
        values = {"count": len(listing.samples), "noun": media.wanted.noun}
        listing.problems.append(Problem("data.near_unchecked", values, path=".", left_out=False))
        comparison = Comparison()
    bad = _looked_into(listing, comparison)
    firsts = {index: indices[0] for indices in same for index in indices}
    again = [(one, other) for one, other, is_one in comparison.across if is_one]
    found = grouping.sets([*same, *again])
    conflicts = [indices for indices in found if len(_labels(listing, indices)) > 1]
    if listing.targets.objective in LABEL_SETS:
        bad |= {at for several in conflicts for at in _united(listing, several, bad)}
        conflicts = [each for each in conflicts if not bad.issuperset(each[1:])]
    dropped = bad.union(*conflicts)
    copies = [left for indices in same if len(left := [i for i in indices if i not in dropped]) > 1]
    near_by = [pair for pair in comparison.near if dropped.isdisjoint(pair)]
    settle_copies(listing, grouping.sets([*copies, *near_by]), options, media.wanted.noun)
    for indices in conflicts:
        listing.problems += _conflict(listing, indices, firsts)
        if bad.isdisjoint(indices):
            several = tuple(listing.samples[index] for index in indices)
            names = tuple(listing.classes[sample.label] for sample in several)
            listing.conflicts.append(Conflict(several, names))
    for indices in copies:
        listing.problems += _copies(listing, indices)
    near = _nearly(listing, comparison, firsts, dropped)
    duplicates.grouped(listing.samples, [*copies, *near])
    if dropped:
        listing.samples = [s for i, s in enumerate(listing.samples) if i not in dropped]


def settle_copies(
    listing: Listing, sets: Iterable[Sequence[int]], options: DataOptions, noun: str
) -> None:
    """Divide anew where much of the user's own validation and test data is also training data, if
    the user wants it.

    Args:
        sets: indices of samples that are the same, or nearly.

    Raises:
        Question: ``data.copied_test``.
    """
    samples = listing.samples
    held = [at for at, sample in enumerate(samples) if sample.split in ("val", "test")]
    if not held or options.options.get(class_names.KEEP_UNTRAINED):
        return
    learnt = (s for s in sets if any(samples[at].split in (None, "train") for at in s))
    again = {at for several in learnt for at in several if samples[at].split in ("val", "test")}
    values = {"count": len(again), "of": len(held), "noun": noun}
    question = Question(
        "data.copied_test",
        setting=f"data.options.{COPIED}",
        choices={
            DIVIDE: _("Split all data again at random; copies are put into the same set."),
            KEEP: _("Keep my split. The test result will be too optimistic."),
        },
        guess=DIVIDE,
        path=options.path,
        **values,
    )
    needed = len(again) >= max(FEW_COPIES, MANY_COPIES * len(held))
    answer = class_names.divide_anew(listing, options, question, (DIVIDE, KEEP), needed)
    if answer != DIVIDE and len(again) > 1:
        first = min(samples[at].path for at in again)
        listing.problems.append(Problem("data.copied", values, path=first, left_out=False))


def united(listing: Listing, indices: Sequence[int]) -> list[int]:
    """Give the first of several samples that are the same the labels, or the boxes, of all.

    Returns:
        the others, which are not used.
    """
    first, *others = indices
    texts = [listing.classes[listing.samples[at].label] for at in indices]
    if listing.targets.objective == BOXES:
        text = boxes_text(joined(map(parsed_boxes, texts)))
    else:
        text = labels_text(natural_order({name for each in texts for name in parsed_labels(each)}))
    if text not in listing.classes:
        listing.classes.append(text)
    listing.samples[first] = msgspec.structs.replace(
        listing.samples[first], label=listing.classes.index(text)
    )
    return others


def _united(listing: Listing, indices: Sequence[int], bad: set[int]) -> list[int]:
    """The same of those that are not bad, told."""
    same = [at for at in indices if at not in bad]
    others = united(listing, same)
    first = listing.samples[same[0]]
    text, code = listing.classes[first.label], "data.united"
    if listing.targets.objective == BOXES:
        text, code = comma_list(natural_order(names_in(BOXES, text))), "data.united_boxes"
    values = {"count": len(same), "names": text}
    listing.problems.append(Problem(code, values, path=first.path, left_out=False))
    return others


def _looked_into(listing: Listing, comparison: Comparison) -> set[int]:
    """Take over problems of single samples; the indices of those that are not used."""
    bad = set()
    for index, problem in comparison.problems:
        listing.problems.append(msgspec.structs.replace(problem, path=listing.samples[index].path))
        if problem.left_out:
            bad.add(index)
    return bad


def _labels(listing: Listing, indices: Iterable[int]) -> set[int]:
    return {listing.samples[index].label for index in indices}


def _conflict(
    listing: Listing, indices: Sequence[int], firsts: Mapping[int, int]
) -> Iterator[Problem]:
    """One thing under several labels: nobody knows which is right.

    Args:
        firsts: for each exact copy, the first of those that are equal.
    """
    for index in indices:
        sample = listing.samples[index]
        others = [o for o in indices if listing.samples[o].label != sample.label]
        equal = [o for o in others if index in firsts and firsts.get(o) == firsts[index]]
        other = (equal or others)[0]
        yield Problem(
            "data.two_classes" if equal else "data.two_classes_again",
            {
                "name": listing.classes[sample.label],
                "other_name": listing.classes[listing.samples[other].label],
                "other": listing.samples[other].path,
            },
            path=sample.path,
        )


def _copies(listing: Listing, indices: Sequence[int]) -> Iterator[Problem]:
    first, *rest = (listing.samples[index] for index in indices)
    for sample in rest:
        code = "data.duplicate" if sample.split == first.split else "data.duplicate_across"
        yield Problem(code, {"other": first.path}, path=sample.path, left_out=False)


def _nearly(
    listing: Listing, comparison: Comparison, firsts: Mapping[int, int], dropped: set[int]
) -> list[tuple[int, int]]:
    """Pairs of one class that are to be kept together, without exact copies, told already by
    ``firsts``, the first of each.

    Those of two classes are told, but not kept together: of parts before a fixed camera, good
    and bad ones, nothing would be left to test on. Two numbers, or two combinations of labels or
    answers, are no such classes: they are kept together.
    """
    near = [(a, b) for a, b in comparison.near if not {a, b} & dropped]
    everywhere = _everywhere(listing, near)
    for label, count in everywhere.items():
        name = listing.classes[label]
        values = {"name": name, "count": count}
        listing.problems.append(Problem("data.near_everywhere", values, path=name, left_out=False))
    near = [(a, b) for a, b in near if listing.samples[a].label not in everywhere]
    if listing.targets.objective != ONE_CLASS:
        others = [(a, b) for a, b, is_one in comparison.across if not is_one]
        near += [(a, b) for a, b in others if not {a, b} & dropped]
    near = [(a, b) for a, b in near if firsts.get(a, a) != firsts.get(b, b)]
    alike = listing.targets.objective in (NUMBER, BOXES)  # both may be right
    across = [(a, b) for a, b, is_one in comparison.across if not is_one and not alike]
    listing.problems += [
        _near_across(listing, one, other)
        for one, other in across
        if not {one, other} & dropped and not _labels(listing, (one, other)) <= everywhere.keys()
    ]
    listing.problems += [_near(listing, one, other) for one, other in near]
    return near


def _everywhere(listing: Listing, near: Sequence[tuple[int, int]]) -> dict[int, int]:
    """The classes of which most samples are nearly the same, and how many are: a fixed camera, or
    the frames of one film. Kept together, they could not be divided."""
    sizes = Counter(sample.label for sample in listing.samples)
    largest: dict[int, int] = {}
    for indices in grouping.sets(near):
        label = listing.samples[indices[0]].label
        largest[label] = max(largest.get(label, 0), len(indices))
    return {
        label: count
        for label, count in largest.items()
        if count >= FEW and count > MOST * sizes[label]
    }


def _near_across(listing: Listing, one: int, other: int) -> Problem:
    first, second = listing.samples[one], listing.samples[other]
    names = {
        "name": listing.classes[second.label],
        "other_name": listing.classes[first.label],
        "other": first.path,
    }
    return Problem("data.near_two_classes", names, path=second.path, left_out=False)


def _near(listing: Listing, one: int, other: int) -> Problem:
    first, second = listing.samples[one], listing.samples[other]
    same = first.split == second.split
    code = "data.near_duplicate" if same else "data.near_duplicate_across"
    return Problem(code, {"other": first.path}, path=second.path, left_out=False)


# -- parts of files


def _divide(listing: Listing, parts: Callable[[Sample], Sequence[int]]) -> None:
    """Files that hold several samples become them; those of one file are one group."""
    divided = (part for sample in listing.samples for part in _parts(sample, parts(sample)))
    listing.samples = sorted(divided, key=attrgetter("path"))


def _parts(sample: Sample, starts: Sequence[int]) -> Iterable[Sample]:
    if not starts:
        return (sample,)
    s, group = sample, sample.group or sample.path
    names = (str(FilePart(s.path, start)) for start in starts)
    return (Sample(name, s.label, s.size, group, s.split) for name in names)


# -- the classes


def _finished(
    source: Path, listing: Listing, modality: str, noun: str, findings: Findings
) -> Dataset:
    """Classes in natural order, with what is to be said about them."""
    used = (listing.classes[label] for label in _all_labels(listing))
    classes = ordered(listing.targets, used)
    labels = {name: label for label, name in enumerate(classes)}
    renumbered = [labels.get(name, -1) for name in listing.classes]
    for at, s in enumerate(listing.samples):
        listing.samples[at] = Sample(s.path, renumbered[s.label], s.size, s.group, s.split)
    dataset = Dataset(
        source=source,
        root=listing.root,
        modality=modality,
        classes=classes,
        samples=tuple(listing.samples),
        noun=noun,
        input=findings.input,
        chosen=listing.chosen | findings.chosen,
        choices=listing.choices | findings.choices,
        obstacles=findings.obstacles,
        languages=findings.languages,
        conflicts=tuple(listing.conflicts),
        targets=_targets(listing.targets, classes),
    )
    problems = (*listing.problems, *_class_problems(dataset))
    return msgspec.structs.replace(dataset, problems=problems)


def _targets(bare: Targets, classes: Sequence[str]) -> Targets:
    """What the classes mean; labels and answers in their natural order."""
    if bare.objective == BOXES:
        named = natural_order(n for text in classes for n in names_in(BOXES, text))
        return of_boxes(classes, named)
    if bare.objective == SEVERAL_LABELS:
        return of_labels(classes, natural_order(n for text in classes for n in parsed_labels(text)))
    if bare.objective == SEVERAL_QUESTIONS:
        rows = list(map(parsed_answers, classes))
        answers = [
            natural_order(answer for row in rows if (answer := row[place]) is not None)
            for place in range(len(bare.names))
        ]
        return of_questions(classes, bare.names, answers)
    return renewed(bare, classes)


def _all_labels(listing: Listing) -> set[int]:
    return {sample.label for sample in listing.samples}


def _unlabelled(listing: Listing, noun: str) -> Iterator[Problem]:
    """That samples have no label, or lack answers: how many."""
    counts = Counter(listing.classes[s.label] for s in listing.samples)
    if listing.targets.objective == SEVERAL_LABELS and counts[NONE_OF_THEM]:
        values = {"count": counts[NONE_OF_THEM], "noun": noun}
        yield Problem("data.without_labels", values, path=".", left_out=False)
    if listing.targets.objective == BOXES and counts[NONE_OF_THEM]:
        values = {"count": counts[NONE_OF_THEM], "noun": noun}
        yield Problem("data.without_boxes", values, path=".", left_out=False)
    if listing.targets.objective != SEVERAL_QUESTIONS:
        return
    for place, name in enumerate(listing.targets.names):
        missing = sum(n for text, n in counts.items() if parsed_answers(text)[place] is None)
        if missing:
            values = {"count": missing, "noun": noun, "name": name}
            yield Problem("data.without_answer", values, path=".", left_out=False)


def _without_samples(listing: Listing, noun: str) -> list[Problem]:
    if listing.targets.objective != ONE_CLASS:
        return []
    used = _all_labels(listing)
    empty = [name for label, name in enumerate(listing.classes) if label not in used]
    return [Problem("data.empty_class", {"noun": noun}, path=name) for name in sorted(empty)]


def _class_problems(dataset: Dataset) -> Iterator[Problem]:
    yield from singles(dataset)
    yield from _none_among_labels(dataset)
    yield from _unknown(dataset)
    if dataset.targets.objective != ONE_CLASS:
        return
    if _are_numbers(dataset.classes):
        names = some(natural_order(dataset.classes))
        yield Problem("data.classes_are_numbers", {"names": names}, path=".", left_out=False)
    counts = dict(zip(dataset.classes, dataset.counts(), strict=True))
    yield from _similar_names(dataset)
    largest, smallest = max(counts, key=counts.__getitem__), min(counts, key=counts.__getitem__)
    if imbalance.is_uneven(dataset.counts()):
        values = {"largest": largest, "smallest": smallest, "noun": dataset.noun}
        numbers = {"most": counts[largest], "fewest": counts[smallest]}
        yield Problem("data.uneven", values | numbers, path=".", left_out=False)


def _are_numbers(classes: Sequence[str]) -> bool:
    """Whether classes tell how much something is (1 to 5 stars), unlike class numbers from 0."""
    if len(classes) < FEWEST_NUMBERS or not numbers.is_numeric(classes, 1):
        return False
    how = numbers.written(classes)
    return sorted(how.value(name) or 0.0 for name in classes) != list(range(len(classes)))


def _none_among_labels(dataset: Dataset) -> Iterator[Problem]:
    """Labels that say that there is none, and have none beside them: ``No Finding``."""
    if dataset.targets.objective != SEVERAL_LABELS:
        return
    counts = dict(zip(dataset.classes, dataset.counts(), strict=True))
    for name in dataset.targets.names:
        own = [text for text in counts if name in parsed_labels(text)]
        if own == [name] and kinds.says_none(name) and len(dataset.targets.names) > 1:
            values = {"count": counts[name], "noun": dataset.noun}
            yield Problem("data.label_none", values, path=name, left_out=False)


def _unknown(dataset: Dataset) -> Iterator[Problem]:
    """Classes, labels and answers that may say that nobody knew: ``NA``."""
    if dataset.targets.objective == NUMBER:
        return
    used = Counter[str]()
    for text, count in zip(dataset.classes, dataset.counts(), strict=True):
        for name in {*names_in(dataset.targets.objective, text)}:
            used[name] += count
    for name in filter(kinds.says_unknown, used):
        values = {"count": used[name], "noun": dataset.noun}
        yield Problem("data.unknown_class", values, path=name, left_out=False)


def _similar_names(dataset: Dataset) -> Iterator[Problem]:
    """Names that may be meant to be one, though the user said that they are not."""
    number = dict(zip(dataset.classes, dataset.counts(), strict=True))
    for several in labels.similar(dataset.classes):
        values = {"names": labels.quoted(several, number), "classes": several}
        yield Problem("data.similar_names", values, path=several[0], left_out=False)
