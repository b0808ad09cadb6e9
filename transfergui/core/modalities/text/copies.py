"""Texts that are there twice, or nearly: left out, or kept together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from transfergui.core.base.errors import UserError
from transfergui.core.data.dataset import DataOptions, Problem, Sample
from transfergui.core.data.file_part import FilePart
from transfergui.core.data.targets import SEVERAL_LABELS
from transfergui.core.modalities.text import near, tokens
from transfergui.core.modalities.text.options import TextData, TextInput
from transfergui.core.modalities.text.problems import TextProblems
from transfergui.core.modalities.text.reading import WANTED, read
from transfergui.core.reading.copies import settle_copies, united
from transfergui.core.reading.files import duplicates
from transfergui.core.reading.listings.listing import Listing
from transfergui.core.reading.tables.reading_options import ALL_TABLES

ACROSS = {"text.repeated": "text.repeated_across", "text.near": "text.near_across"}
OF_GROUPS = {"text.repeated": "text.repeated_groups", "text.near": "text.near_groups"}
"""What is said of copies in several parts of the data, and of several groups."""


def compared(listing: Listing, options: DataOptions, asked: TextData) -> list[str]:
    """The texts of the samples, once those that are there twice are dealt with.

    One text with several classes is left out, of several labels it has all; copies are kept
    together by groups.

    Raises:
        Question: ``data.copied_test``.
    """
    texts = [read(listing.root / sample.path, asked) for sample in listing.samples]
    places: defaultdict[str, list[int]] = defaultdict(list)
    for at, text in enumerate(texts):
        places[tokens.clean(text)].append(at)
    repeated = [same for same in places.values() if len(same) > 1]
    near = _nearly(listing, texts)
    settle_copies(listing, [*repeated, *near], options, WANTED.noun)
    samples, problems, dropped = listing.samples, TextProblems(), set()
    labelled = listing.targets.objective == SEVERAL_LABELS
    copies = []
    once = options.options.get("table") == ALL_TABLES
    for text, everywhere in places.items():
        same = everywhere
        if len({samples[at].label for at in same}) > 1 and labelled:
            dropped.update(united(listing, same))
            problems.count("text.united", samples[same[0]].path, text, len(same))
        elif len({samples[at].label for at in same}) > 1:
            dropped.update(same)
            problems.count("text.two_labels", samples[same[0]].path, text, len(same), left_out=True)
        elif once and len(again := _in_other_tables(samples, same)):
            dropped.update(again)
            problems.count(
                "text.in_tables", samples[again[0]].path, text, len(again), left_out=True
            )
            same = [at for at in same if at not in again]
        if len(same) > 1 and dropped.isdisjoint(same):
            code, at, differing = _repeated(samples, same)
            problems.count(code, samples[at].path, text, len(same) - 1, values=differing)
            copies.append(same)
    told = {at for same in repeated for at in same[1:]}
    for one, other in near:
        if dropped.isdisjoint((one, other)):
            copies.append([one, other])
            if other not in told:
                told.add(other)
                code, at, differing = _repeated(samples, (one, other), "text.near")
                problems.count(code, samples[at].path, texts[at], values=differing)
    duplicates.grouped(samples, copies)
    listing.problems += problems.problems()
    listing.samples = [sample for at, sample in enumerate(samples) if at not in dropped]
    return [text for at, text in enumerate(texts) if at not in dropped]


def _nearly(listing: Listing, texts: Sequence[str]) -> list[tuple[int, int]]:
    """Texts of one class that are nearly the same; none are looked for among too many."""
    if len(texts) > near.MOST:
        values = {"count": len(texts), "noun": WANTED.noun}
        listing.problems.append(Problem("data.near_unchecked", values, path=".", left_out=False))
        return []
    return near_of_one_class(listing.samples, texts)


def near_of_one_class(samples: Sequence[Sample], texts: Sequence[str]) -> list[tuple[int, int]]:
    alike = near.pairs(texts)
    return [(a, b) for a, b in alike if samples[a].label == samples[b].label]


def of_others(
    own: Sequence[Path],
    others: Sequence[Path],
    input: TextInput,
    check_cancelled: Callable[[], object],
) -> list[tuple[int, int]] | None:
    """As of :meth:`transfergui.core.interfaces.plan.Modality.copies`."""
    if len(own) + len(others) > near.MOST:
        return None
    texts = []
    for path in (*own, *others):
        check_cancelled()
        try:
            texts.append(read(path, input))
        except UserError:
            texts.append("")  # like nothing
    pairs = near.pairs(texts)
    return [(one, other - len(own)) for one, other in pairs if one < len(own) <= other]


def _in_other_tables(samples: Sequence[Sample], same: Sequence[int]) -> list[int]:
    """Those of several samples that are in another file than the first."""
    return [
        at
        for at in same
        if FilePart.parse(samples[at].path).file != FilePart.parse(samples[same[0]].path).file
    ]


def _repeated(
    samples: Sequence[Sample], same: Sequence[int], code: str = "text.repeated"
) -> tuple[str, int, dict[str, str]]:
    """What copies of a text differ in, as a code; the first copy that does, and its values.

    Args:
        code: where they differ in nothing.
    """
    first, rest = samples[same[0]], same[1:]
    for at in rest:
        if samples[at].split != first.split:
            one, other = (str(sample.split or "-") for sample in (first, samples[at]))
            return ACROSS[code], at, {"one": one, "other": other}
    for at in rest:
        group = samples[at].group
        if group and first.group and group != first.group:
            return OF_GROUPS[code], at, {"one": first.group, "other": group}
    return code, same[1], {}
