"""Samples that are nearly the same: crops, other encodings, a clip with noise, a text with a word
changed; and how much they flatter a score.

Found by the features of the backbone as it is, together with what the scan knows from the bytes.
Two samples are nearly the same if they are much nearer to each other than to what else is around
them: nearer than :data:`CLOSE` of the distance of each to its :data:`AROUND`-th neighbour. A single
threshold for all data does not exist: scans of heads are nearer to each other than photos of hats.

What is not so near, a strongly cropped picture, a noisy recording, is compared with its neighbours
by what is in the files, where the modality can (:class:`~transfergui.core.data.likeness.Likeness`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

import numpy as np

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_
from transfergui.core.base.notes import Note
from transfergui.core.base.parallel import in_chunks
from transfergui.core.base.progress import Tell
from transfergui.core.checks.check import (
    Check,
    Finding,
    Flagged,
    Material,
    level,
    nothing_in_the_way,
)
from transfergui.core.checks.leak import Leak, measured
from transfergui.core.data import grouping
from transfergui.core.data.file_part import is_part
from transfergui.core.data.targets import ONE_CLASS
from transfergui.core.figures.neighbours import Neighbours, nearest

KEY = "near_duplicates"
LEAK, CHOSEN_BY = "check.near_duplicates_leak", "check.near_duplicates_chosen_by"
"""That groups are in the test set and in another one; that they are in the training and in the
validation set alone: the test result does not suffer from these."""

CLOSE, AROUND = 0.3, 5
"""Measured with tgnet and mobilenet_v2 on 250 brain scans, 600 clothes, 400 hand signs, 2700
characters and 900 spoken digits, with word vectors on 5000 reviews: of copies that were cut to
90 % of the picture, turned by 3 degrees, mirrored, saved again with quality 30 or made smaller,
0.02 to 0.3; of recordings with noise (30 dB) at most 0.15; of texts with a word changed, 9 in 10
below 0.3. Pairs that are not the same: 0.35 and more for pictures, 0.33 for recordings (0.24 in one
pair of "three" by one speaker), and below 0.3 five pairs of reviews of a few words."""
SURE = 0.1
"""Of the median distance to the :data:`AROUND`-th neighbour, below which there is no doubt, however
many copies there are (cleanlab takes 0.13 of the median distance to the nearest)."""
FAR = 0.35
"""Of the median distance of any two samples, above which nothing is nearly the same, however
lonely: "terrible" and "horrible" among whole sentences."""
KNOWN = 24
"""Neighbours of each sample that are looked at: of more copies, each is a neighbour of some."""
FEWEST = 20
"""Of fewer samples, nobody knows what is near."""
COMPARED = 1500
"""Pairs that are compared by what is in the files, a few milliseconds each."""
BYTES = 2_000_000_000
"""Of files that are read for that: 40 pictures of 12 megapixels take a second."""
CHUNK = 4
DRAWN, FURTHER, OFTEN = 100, 10, 0.95
"""How many samples are compared with such a far neighbour, to see what is usual, and the share of
them that is: before a fixed camera, and of digits of 8 x 8 pixels, all are alike."""
PAIRS = 2000
"""Of samples, by which the median distance of any two is estimated."""


def _find(material: Material, tell: Tell) -> Finding:
    groups = near_groups(material, tell)
    if not groups:
        return Finding(KEY, document={"near_duplicates": [], "leak": None})
    leak = _leak(material, groups, tell)
    paths = [[material.samples[row].path for row in group] for group in groups]
    document = {
        "near_duplicates": paths,
        "leak": {"with": leak.with_copies, "without": leak.without} if leak else None,
    }
    notes = tuple(_notes(material, groups, leak))
    return Finding(KEY, notes, tuple(_flagged(material, groups)), document)


def near_groups(material: Material, tell: Tell) -> list[list[int]]:
    """Rows of samples that are nearly the same, two or more each; what is in several parts of the
    split first. Found once."""
    if KEY not in material.known:
        material.known[KEY] = _near_groups(material, tell)
    found: list[list[int]] = material.known[KEY]
    return found


def _near_groups(material: Material, tell: Tell) -> list[list[int]]:
    alike: list[Sequence[int]] = [*_known(material)]
    if material.features is not None and len(material.samples) >= FEWEST:
        neighbours = nearest(material.features, KNOWN, tell)
        tell(0, 0)
        alike += near_pairs(neighbours, typical_distance(material.features))
        alike += compared_pairs(material, neighbours, alike, tell)
    found = grouping.sets(alike)
    return sorted(found, key=lambda group: (not _leaks(material, group), group[0]))


def near_pairs(neighbours: Neighbours, typical: float) -> list[tuple[int, int]]:
    """Pairs of rows that are nearly the same.

    Args:
        typical: the median distance of any two rows.
    """
    distances = neighbours.distances
    if distances.shape[1] < AROUND:
        return []
    median = float(np.median(distances[:, AROUND - 1]))
    around = _around(distances, SURE * median)
    limit = CLOSE * np.minimum(around[:, None], around[neighbours.rows])
    limit = np.minimum(np.maximum(limit, SURE * median), FAR * typical)
    rows, places = np.nonzero(distances <= limit)
    return [
        (int(row), int(neighbours.rows[row, place]))
        for row, place in zip(rows, places, strict=True)
    ]


def _around(distances: np.ndarray, sure: float) -> np.ndarray:
    """The distance of each to its :data:`AROUND`-th neighbour that is no clear copy [N]; the
    farthest that is known where there are fewer."""
    copies = (distances <= sure).sum(1)
    places = np.minimum(copies + AROUND - 1, distances.shape[1] - 1)
    found: np.ndarray = distances[np.arange(len(distances)), places]
    return found


def compared_pairs(
    material: Material, neighbours: Neighbours, known: Sequence[Sequence[int]], tell: Tell
) -> list[tuple[int, int]]:
    """Pairs of neighbours that features leave in doubt and the samples themselves do not: parts of
    a picture, a recording with noise.

    Args:
        known: what is nearly the same already.
    """
    likeness = material.plan.modality.likeness
    if likeness is None:
        return []
    compare = likeness.of(material.plan.input)

    def alike(one: int, other: int) -> float:
        paths = (material.root / material.samples[row].path for row in (one, other))
        with contextlib.suppress(UserError):  # gone, or changed, since the scan
            return compare(*paths)
        return 0.0

    rng = np.random.default_rng(0)
    drawn = rng.permutation(len(material.samples))[:DRAWN].tolist()
    further = neighbours.rows[:, min(FURTHER, neighbours.rows.shape[1]) - 1].tolist()
    pairs = _within(material, _doubtful(neighbours, known, likeness.neighbours))
    usual = [(row, further[row]) for row in drawn]
    both = [*usual, *pairs]
    values: list[float] = []
    with contextlib.closing(in_chunks(lambda pair: alike(*pair), both, size=CHUNK)) as made:
        for done, value in enumerate(made):
            tell(done, len(both))
            values.append(value)
            if done + 1 == len(usual):
                limit = max(likeness.same, np.quantile(values, OFTEN) + likeness.apart)
                if limit >= 1:
                    return []
    found = zip(pairs, values[len(usual) :], strict=True)
    return [pair for pair, value in found if value >= limit]


def _within(material: Material, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The first of ``pairs``, until :data:`BYTES` of files are to be read."""
    sizes = [each.size if not is_part(each.path) else 0 for each in material.samples]
    read = np.cumsum([sizes[one] + sizes[other] for one, other in pairs])
    return list(pairs[: int((read <= BYTES).sum())])


def _doubtful(
    neighbours: Neighbours, known: Sequence[Sequence[int]], count: int
) -> list[tuple[int, int]]:
    """Pairs of near neighbours that are not known, the likeliest first."""
    place = {row: number for number, group in enumerate(grouping.sets(known)) for row in group}
    around = neighbours.distances[:, min(AROUND, neighbours.distances.shape[1]) - 1]
    ratios: dict[tuple[int, int], float] = {}
    for row, (others, distances) in enumerate(
        zip(neighbours.rows[:, :count].tolist(), neighbours.distances.tolist(), strict=True)
    ):
        for other, distance in zip(others, distances, strict=False):
            if row not in place or place[row] != place.get(other):
                pair = (min(row, other), max(row, other))
                ratios[pair] = distance / max(float(min(around[row], around[other])), 1e-9)
    return sorted(ratios, key=lambda pair: ratios[pair])[:COMPARED]


def typical_distance(features: np.ndarray) -> float:
    """The median distance, 1 - cosine, of pairs of rows [N, F] drawn at random, always alike."""
    rng = np.random.default_rng(0)
    one, other = rng.integers(0, len(features), (2, PAIRS))
    one, other = one[one != other], other[one != other]
    a, b = features[one].astype(np.float64), features[other].astype(np.float64)
    lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    return float(np.median(1 - (a * b).sum(1) / np.maximum(lengths, 1e-12)))


def _known(material: Material) -> Iterator[list[int]]:
    """The copies that the scan found: a group of those is called as one of its samples."""
    paths = {sample.path for sample in material.samples}
    groups: dict[str, list[int]] = {}
    for row, sample in enumerate(material.samples):
        if sample.group in paths:
            groups.setdefault(str(sample.group), []).append(row)
    return (group for group in groups.values() if len(group) > 1)


def _kept(material: Material, groups: Sequence[Sequence[int]]) -> int:
    """How many groups the split keeps together, as the problems of the data say."""
    return sum(
        len({material.samples[row].group or material.samples[row].path for row in group}) == 1
        for group in groups
    )


def _leaks(material: Material, group: Sequence[int]) -> bool:
    """Whether a group is in several parts of the split."""
    return len({material.parts[row] for row in group}) > 1


def _leak(material: Material, groups: Sequence[Sequence[int]], tell: Tell) -> Leak | None:
    """On what is learnt from and chosen by; the test samples are not looked at."""
    if material.features is None:
        return None
    rows = np.concatenate([material.at("train"), material.at("val")])
    place = {int(row): at for at, row in enumerate(rows)}
    inside = [[place[row] for row in group if row in place] for group in groups]
    split, objective = material.plan.split, material.plan.objective
    probes = objective.probes(material.labels[rows], split.targets)
    return measured(material.features[rows], inside, probes, tell)


def _notes(
    material: Material, groups: Sequence[Sequence[int]], leak: Leak | None
) -> Iterator[Note]:
    noun = material.plan.modality.many
    across = [group for group in groups if _leaks(material, group)]
    measured_on = "test" if "test" in material.parts else "val"
    rows = [[row for row in group if material.parts[row] == measured_on] for group in across]
    tested = [own for own in rows if own]
    values = {"n": sum(map(len, groups)), "count": len(groups), "noun": noun}
    yield Note("check.near_duplicates_found", values, "info")
    kept = _kept(material, groups)
    if 0 < kept < len(groups):
        values = {"kept": kept, "count": len(groups) - kept}
        yield Note("check.near_duplicates_more", values, "info")
    if tested:
        count = sum(map(len, tested))
        values = {"n": count, "count": len(tested), "noun": noun}
        yield Note(LEAK, values, level(count, material.parts.count(measured_on)))
    if chosen := len(across) - len(tested):
        yield Note(CHOSEN_BY, {"count": chosen, "noun": noun}, "info")
    if not across:
        yield Note("check.near_duplicates_together", {"noun": noun}, "good")
    mixed = [group for group in groups if len({material.samples[row].label for row in group}) > 1]
    if mixed and material.plan.split.targets.objective == ONE_CLASS:
        yield Note("check.near_duplicates_classes", {"count": len(mixed)}, "warning")
    if leak:
        yield _score_note(material, leak, bool(tested))


def _score_note(material: Material, leak: Leak, tested: bool) -> Note:
    score = material.plan.objective.probe
    unit = material.plan.split.targets.unit
    with_copies, without = score.texts(leak.with_copies, leak.without, unit)
    values = {
        "title": score.title,
        "with_copies": with_copies,
        "without": without,
        "n": leak.n,
        "noun": material.plan.modality.many,
    }
    if leak.only_by_copies is not None and leak.only_without is not None:
        gain = leak.only_by_copies - leak.only_without
        # a sign test by its normal approximation: what changed may have changed by chance
        if gain <= 2 * np.sqrt(leak.only_by_copies + leak.only_without):
            return Note("check.near_duplicates_little", values, "info")
    elif leak.with_copies <= leak.without:
        return Note("check.near_duplicates_little", values, "info")
    return Note("check.near_duplicates_score", values, "warning" if tested else "info")


def _flagged(material: Material, groups: Sequence[Sequence[int]]) -> Iterator[Flagged]:
    classes = material.plan.split.classes
    for group in groups:
        first, *others = (material.samples[row] for row in group)
        yield Flagged(
            first.path,
            tuple(sample.path for sample in others),
            classes[first.label],
            score=float(_leaks(material, group)),
        )


CHECK = Check(
    KEY,
    N_("Near duplicates"),
    N_(
        "Finds examples that are almost the same: crops, other encodings, small changes. If one is "
        "in the training set and its copy in the test set, the test result is too optimistic."
    ),
    nothing_in_the_way,
    _find,
    N_("Near duplicates: comparing pairs"),
)
