"""From a source to a Dataset: list, look into every file, compare files, look at the classes.

The same for every modality; what it knows of its files is in :class:`Media`.
"""

import contextlib
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from pathlib import Path

import msgspec

from transfergui.core.base import shards
from transfergui.core.base.errors import UserError
from transfergui.core.base.parallel import in_chunks
from transfergui.core.data.applied_corrections import corrected
from transfergui.core.data.dataset import (
    DataOptions,
    Dataset,
    Problem,
    Sample,
    natural_order,
    ordered,
)
from transfergui.core.data.file_part import FilePart, is_part
from transfergui.core.data.targets import (
    BOXES,
    ONE_CLASS,
    SEVERAL_LABELS,
    SEVERAL_QUESTIONS,
    Targets,
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
from transfergui.core.reading.classes.class_notes import (
    class_problems,
    classes_without_samples,
    unlabelled,
    used_labels,
)
from transfergui.core.reading.copies import compare_samples
from transfergui.core.reading.files.walk import size_of
from transfergui.core.reading.listings.listing import Listing, some
from transfergui.core.reading.media import Findings, Media
from transfergui.core.reading.sources import reader
from transfergui.core.reading.sources.wanted import Wanted
from transfergui.core.reading.tables import label_files

PROGRESS_EVERY = 64


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
    compare_samples(listing, options, media, lambda: progress(total))
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
    listing.problems += classes_without_samples(listing, noun)
    listing.problems += unlabelled(listing, noun)
    alone = listing.targets.objective == ONE_CLASS
    if alone and not options.options.get(class_names.KEEP_UNTRAINED):
        class_names.drop_untrained(listing, noun)
    dataset = _finished(Path(options.path), listing, modality, noun, findings)
    return corrected(dataset, options) if options.corrects else dataset


def _all_bad(options: DataOptions, listing: Listing, media: Media) -> UserError:
    bad = [problem.below(listing.root) for problem in listing.problems if problem.left_out]
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
    why = alike[0].below(listing.root).sentence()
    values = {"path": options.path, "noun": noun, "count": count, "why": why}
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
    used = (listing.classes[label] for label in used_labels(listing))
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
    problems = (p.below(dataset.root) for p in (*listing.problems, *class_problems(dataset)))
    return msgspec.structs.replace(dataset, problems=tuple(problems))


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
