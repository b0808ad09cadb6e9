"""Pictures with what is drawn in them: boxes, as what is to be predicted."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from transfergui.core.base.errors import Question
from transfergui.core.base.i18n import _
from transfergui.core.base.parallel import in_chunks
from transfergui.core.data.boxes import MOST
from transfergui.core.data.dataset import Problem, Sample, SplitName, natural_order
from transfergui.core.data.targets import BOXES, ONE_CLASS, SEVERAL_LABELS, Targets
from transfergui.core.interfaces.plan import ScanProgress
from transfergui.core.reading.listings.listing import Listing, some
from transfergui.core.reading.marks.drawn import Drawn
from transfergui.core.reading.marks.pages import Page, Stored
from transfergui.core.reading.marks.placed import Placed, placed, united
from transfergui.core.reading.names import kinds
from transfergui.core.reading.sources import box_numbers
from transfergui.core.reading.sources.detection import part_of_path
from transfergui.core.reading.sources.wanted import PROGRESS_EVERY, Wanted

MOSTLY_DRAWN = 0.5
"""From this share of the pictures of a folder on, the others of it have no boxes, in formats in
which such pictures have no file, or no row."""
TOLD = {
    "cut": "data.box_cut",
    "outside": "data.box_outside",
    "sizeless": "data.box_sizeless",
    "repeated": "data.box_repeated",
    "nameless": "data.box_nameless",
    "unreadable": "data.box_unreadable",
    "crowd": "data.box_crowd",
    "many": "data.box_many",
    "turned": "data.box_turned",
    "resized": "data.box_resized",
}
"""What is told of a picture, by what is counted in :class:`..marks.placed.Placed`."""


def listing_of_boxes(
    root: Path,
    paths: Sequence[str],
    drawn: Drawn,
    wanted: Wanted,
    progress: ScanProgress,
    splits: Mapping[int, SplitName] | None = None,
) -> Listing:
    """The pictures in which boxes are drawn, and those that surely have none.

    Args:
        splits: what a table says of the parts.
    """
    listing = Listing(root, problems=list(drawn.problems), targets=Targets(BOXES))
    _decide_numbers(listing, paths, drawn, wanted)
    if len(drawn.kinds) > 1:
        listing.chosen["box_format"] = drawn.kind
        listing.choices["box_format"] = {kind: kind for kind in drawn.kinds}
    broken = sorted(at for at, page in drawn.pages.items() if page.broken)
    empty = _without(paths, drawn)
    every = sorted((drawn.pages.keys() | empty) - {*broken})
    classes: dict[str, int] = {}
    found = _placed(root, paths, drawn, every, wanted)
    for count, (at, each) in enumerate(found, 1):
        label = classes.setdefault(each.text, len(classes))
        split = (splits or {}).get(at) or drawn.splits.get(at) or part_of_path(paths[at])
        listing.samples.append(Sample(paths[at], label, split=split))
        listing.problems += _problems(paths[at], each.counts)
        if not count % PROGRESS_EVERY:
            progress(count)
    listing.classes = list(classes)
    if not any(sample.split == "train" for sample in listing.samples):
        listing.samples = [Sample(s.path, s.label) for s in listing.samples]
    listing.problems += [
        Problem("data.box_file_broken", {"noun": wanted.noun}, path=paths[at]) for at in broken
    ]
    listing.problems += _of_all(paths, drawn, empty, wanted.noun)
    return listing


def _decide_numbers(listing: Listing, paths: Sequence[str], drawn: Drawn, wanted: Wanted) -> None:
    """Decide, and show, what the numbers of boxes are where that is in doubt."""

    def stored(at: int) -> Stored | None:
        return wanted.stored(f"{listing.root}/{paths[at]}") if wanted.stored else None

    how = box_numbers.decide(drawn.pages, stored, drawn.numbers_as)
    if how is None:
        return
    listing.chosen[box_numbers.OPTION] = how
    listing.choices[box_numbers.OPTION] = box_numbers.choices()
    if not drawn.numbers_as:
        path = min(drawn.files, default=".")
        listing.problems.append(box_numbers.told(how, path))


def _placed(
    root: Path, paths: Sequence[str], drawn: Drawn, every: Sequence[int], wanted: Wanted
) -> Iterator[tuple[int, Placed]]:
    stored = wanted.stored
    folder = os.fspath(root)

    def place(at: int) -> Placed:
        page = drawn.pages.get(at)
        if page is None or not page.all_shapes:
            return placed(page or Page(), Stored(1, 1))
        size = stored(f"{folder}/{paths[at]}") if stored else None
        return united(placed(each, size) for each in (page, *page.others))

    return zip(every, in_chunks(place, every), strict=True)


def _without(paths: Sequence[str], drawn: Drawn) -> set[int]:
    """The pictures without a file, or a row, that have no boxes by that."""
    if not drawn.leaves_out:
        return set()
    homes: dict[str, list[int]] = defaultdict(list)
    for at, path in enumerate(paths):
        home = path.rpartition("/")[0]
        if not kinds.among_masks(home):
            homes[home].append(at)
    return {
        at
        for held in homes.values()
        if sum(at in drawn.pages for at in held) >= MOSTLY_DRAWN * len(held)
        for at in held
        if at not in drawn.pages
    }


def _problems(path: str, counts: Mapping[str, int]) -> Iterator[Problem]:
    for kind, count in counts.items():
        yield Problem(TOLD[kind], {"count": count, "most": MOST}, path=path, left_out=False)


def _of_all(paths: Sequence[str], drawn: Drawn, empty: set[int], noun: str) -> Iterator[Problem]:
    """What is to be said of all pictures together."""
    if empty:
        first = min(paths[at] for at in empty)
        values = {"count": len(empty), "noun": noun}
        yield Problem("data.box_without_file", values, path=first, left_out=False)
    several = [paths[at] for at, page in sorted(drawn.pages.items()) if _differ(page)]
    if several:
        values = {"count": len(several), "noun": noun}
        yield Problem("data.boxes_several", values, path=several[0], left_out=False)
    outlines = sum(page.outlines for page in drawn.pages.values())
    if outlines:
        yield Problem("data.box_outlines", {"count": outlines}, path=".", left_out=False)
    apart = [at for at in range(len(paths)) if at not in drawn.pages and at not in empty]
    masks = [paths[at] for at in apart if kinds.among_masks(paths[at].rpartition("/")[0])]
    if masks:
        yield Problem("data.masks", {"count": len(masks)}, path=min(masks))
    left = sorted({paths[at] for at in apart} - {*masks})
    if left:
        where = Counter(path.rpartition("/")[0] or "." for path in left)
        names = some([f"{home}: {number}" for home, number in sorted(where.items())])
        values = {"count": len(left), "noun": noun, "names": names}
        yield Problem("data.no_boxes", values, path=min(left))
    used = drawn.names
    for name in sorted(drawn.known - used):
        yield Problem("data.empty_class", {"noun": noun}, path=name)
    if drawn.numbers:
        yield from _unknown_numbers(drawn)


def _differ(page: Page) -> bool:
    """Whether several files, or people, say other boxes of the same picture."""
    return any(sorted(each.shapes) != sorted(page.shapes) for each in page.others)


def _unknown_numbers(drawn: Drawn) -> Iterator[Problem]:
    """Numbers of classes that no list names: they stay as they are."""
    counts: Counter[str] = Counter()
    for page in drawn.pages.values():
        counts += page.names()
    for name in natural_order(n for n in counts if n.isdecimal() and n not in drawn.known):
        values = {"count": counts[name]}
        yield Problem("data.box_unknown_class", values, path=name, left_out=False)


def boxes_or_classes(path: str, noun: str, drawn: Drawn, classes: Sequence[str]) -> Question:
    """Are the boxes predicted, or do the folders say a class of each picture?"""
    inside = some(natural_order(drawn.names))
    text = _("Boxes: where each thing is, and what it is ({names})")
    folders = _("One class for each of the {noun} ({names})")
    labels = _("Several labels: which of these classes occur ({names})")
    return Question(
        "data.boxes_or_classes",
        setting="data.objective",
        choices={
            BOXES: text.format(names=inside),
            ONE_CLASS: folders.format(noun=_(noun), names=some(natural_order(classes))),
            SEVERAL_LABELS: labels.format(names=inside),
        },
        guess=BOXES,
        path=path,
        noun=noun,
        kind=drawn.kind,
    )
