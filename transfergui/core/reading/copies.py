"""Samples that are there twice, or nearly: which are left out, which are kept together."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from transfergui.core.base.errors import Question
from transfergui.core.base.i18n import _, comma_list
from transfergui.core.data import grouping
from transfergui.core.data.boxes import boxes_text, joined, parsed_boxes
from transfergui.core.data.dataset import (
    Conflict,
    DataOptions,
    Problem,
    natural_order,
)
from transfergui.core.data.targets import (
    BOXES,
    LABEL_SETS,
    NUMBER,
    ONE_CLASS,
    labels_text,
    names_in,
    parsed_labels,
)
from transfergui.core.reading.classes import class_names
from transfergui.core.reading.files import duplicates
from transfergui.core.reading.files.duplicates import Comparison
from transfergui.core.reading.listings.listing import Listing
from transfergui.core.reading.media import Media

COPIED, DIVIDE, KEEP = "copied_test", class_names.DIVIDE, "keep"
"""The data option that says what happens where test data are also training data, its values."""
FEW_COPIES, MANY_COPIES = 3, 0.2
"""So many samples, and such a share, of the user's own validation and test data must also be
training data for it to be asked."""
MOST, FEW = 0.5, 10
"""If more than this share of a class, and so many, are nearly the same, they stay ungrouped."""


def compare_samples(
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
