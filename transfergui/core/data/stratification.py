"""Dividing samples with several labels, or numbers, into parts: stratified and reproducible.

Iterative stratification (Sechidis, Tsoumakas, Vlahavas, "On the stratification of multi-label
data", 2011): label by label, the one with fewest samples left first, its samples are given to the
parts that still want it most.

The paper deals the samples out one after the other, in random order: one file more, and all that
follow move. Here each sample has a place between 0 and 1 that depends on the seed and its name
alone, and a label's samples are cut in the order of their places: the first into the first part,
and so on. Each label wants the same shares, so all labels cut near the same places, and samples
far from the cuts stay where they are when others are added, relabelled or left out.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping, Sequence

import numpy as np

TOLERANCE = 1e-6
SCALE = 2**16
"""What costs are multiplied by, so that they are whole numbers."""
EMPTY, EMPTY_REST = 2.0**30, 2.0**40
"""What it costs to take the last sample of a label out of a part, and out of the rest."""


def iterative_split(
    labels: np.ndarray,
    names: Sequence[str],
    shares: Mapping[str, float],
    seed: int,
    groups: Sequence[str | None] | None = None,
    rest: str = "train",
) -> dict[str, list[int]]:
    """Divide samples with label sets into parts.

    - Without groups each part has its share of all samples, rounded.
    - A label of as many samples as parts, or more, is to be in every part; of a rarer one the
      first sample is in ``rest``, and further ones are in other parts, by turns. Where samples
      with several labels leave no way to have both this and the sizes, the sizes are kept.
    - Samples without any label are divided like those of a label of their own.
    - A group is in one part as a whole; sizes are then as near as groups allow.

    The result does not depend on the order of the samples.

    Args:
        labels: bool [N, L].
        names: N different names (paths), which the random places depend on.
        shares: the share of each part, which add up to 1; a part of share 0 stays empty.
        seed: from -2**63 to 2**63 - 1.
        groups: N names of groups; None where a sample is alone.
        rest: the part that gets what the others do not take: the training samples.

    Returns:
        for each part, in the order of ``shares``, the indices of its samples, rising.

    Raises:
        ValueError: lengths differ, names are repeated, or shares do not add up to 1.
    """
    held = np.asarray(labels, dtype=bool)
    _check(held, names, shares, groups, rest)
    units = _Units(held, names, groups, seed)
    order = [*(part for part in shares if part != rest), rest]
    division = _Division(units, [shares[part] for part in order])
    division.run()
    found: dict[str, list[int]] = {part: [] for part in shares}
    for unit, part in enumerate(division.part.tolist()):
        found[order[part]] += units.members[unit]
    return {part: sorted(indices) for part, indices in found.items()}


def number_strata(values: Sequence[float] | np.ndarray, n: int) -> np.ndarray:
    """Strata of about equal size by the quantiles of numbers; equal numbers share a stratum.

    Each stratum is to be divided like a class; :func:`one_hot` makes labels of them.

    Args:
        values: [N], finite.
        n: how many are wanted; fewer come out where there are fewer different numbers, or many
            equal ones.

    Returns:
        int64 [N], from 0 for the smallest numbers, without gaps.

    Raises:
        ValueError: a number is not finite, or ``n`` is below 1.
    """
    given = np.asarray(values, dtype=np.float64)
    if n < 1 or given.ndim != 1 or not np.isfinite(given).all():
        raise ValueError("finite numbers [N] and at least one stratum wanted")
    if not len(given):
        return np.zeros(0, dtype=np.int64)
    ranks = np.arange(1, n) * len(given) // n  # whole numbers: strata differ by one at most
    edges = np.unique(np.sort(given)[ranks])
    found = np.searchsorted(edges, given, side="right")
    return np.unique(found, return_inverse=True)[1].astype(np.int64)


def one_hot(targets: np.ndarray) -> np.ndarray:
    """Class indices [N] or [N, Q] as label sets bool [N, L], so that they can be stratified.

    The classes of all questions stand side by side; a missing answer (-1) is no label.
    """
    columns = np.asarray(targets, dtype=np.int64)
    columns = columns[:, None] if columns.ndim == 1 else columns
    sizes = [int(column.max(initial=-1)) + 1 for column in columns.T]
    parts = [
        column[:, None] == np.arange(size) for column, size in zip(columns.T, sizes, strict=True)
    ]
    return np.concatenate(parts, axis=1) if parts else np.zeros((len(columns), 0), dtype=bool)


def _check(
    labels: np.ndarray,
    names: Sequence[str],
    shares: Mapping[str, float],
    groups: Sequence[str | None] | None,
    rest: str,
) -> None:
    if labels.ndim != 2 or len(labels) != len(names):
        raise ValueError(f"labels of shape {labels.shape}, {len(names)} names")
    if len(set(names)) < len(names):
        raise ValueError("names must differ")
    if groups is not None and len(groups) != len(names):
        raise ValueError(f"{len(groups)} groups, {len(names)} names")
    if not shares.get(rest, 0) > 0 or any(share < 0 for share in shares.values()):
        raise ValueError(f"shares {dict(shares)}: none below 0, and one for {rest}")
    if abs(sum(shares.values()) - 1) > TOLERANCE:
        raise ValueError(f"shares {dict(shares)} do not add up to 1")


class _Units:
    """What is divided: groups, and samples without one, by their place.

    Attributes:
        members: the samples of each unit.
        counts: how many samples of each label a unit has, int64 [U, L + 1]; the last column
            are those without any label.
        sizes: [U].
        places: in [0, 1), rising [U].
    """

    def __init__(
        self,
        labels: np.ndarray,
        names: Sequence[str],
        groups: Sequence[str | None] | None,
        seed: int,
    ) -> None:
        gathered: dict[tuple[bool, str], list[int]] = {}
        for at, name in enumerate(names):
            group = groups[at] if groups is not None else None
            gathered.setdefault((group is None, name if group is None else group), []).append(at)
        hashes = {key: _hash(key[1], seed) for key in gathered}
        keys = sorted(gathered, key=lambda key: (hashes[key], key))
        self.members = [gathered[key] for key in keys]
        self.sizes = np.array([len(rows) for rows in self.members], dtype=np.int64)
        self.places = np.array([_place(hashes[key]) for key in keys])
        self.counts = np.zeros((len(keys), labels.shape[1] + 1), dtype=np.int64)
        of_sample = np.repeat(np.arange(len(keys)), self.sizes)
        rows = np.array([at for unit in self.members for at in unit], dtype=np.int64)
        stratum = np.column_stack([labels, ~labels.any(axis=1)])
        np.add.at(self.counts, of_sample, stratum[rows])


def _hash(name: str, seed: int) -> bytes:
    """As :mod:`transfergui.core.data.split` places a sample: a hash of the seed and of its name."""
    key = seed.to_bytes(8, "big", signed=True)
    encoded = name.encode("utf-8", "surrogateescape")
    return hashlib.blake2b(encoded, digest_size=16, key=key).digest()


def _place(digest: bytes) -> float:
    """The first 52 bits as a number in [0, 1)."""
    return (int.from_bytes(digest[:8], "big") >> 12) / 2**52


class _Division:
    """Gives each unit a part; the last part is the rest.

    Attributes:
        part: of each unit [U]; -1 where it is not given yet.
        wanted: samples of each label that each part should get [P, L + 1].
        missing: how many it still lacks; below 0 where it has too many.
        spare: how many samples a part still lacks [P].
        most: the most samples of each label in a unit [L + 1].
        amounts: the counts of the units as floats, and ``squares`` their squares.
    """

    def __init__(self, units: _Units, shares: Sequence[float]) -> None:
        self.units = units
        self.shares = np.array(shares)
        self.part = np.full(len(units.members), -1, dtype=np.int64)
        totals = units.counts.sum(axis=0).tolist()
        carriers = (units.counts > 0).sum(axis=0).tolist()
        rows = [
            _quotas(total, carrier, shares, turn)
            for turn, (total, carrier) in enumerate(zip(totals, carriers, strict=True))
        ]
        self.wanted = np.array(rows, dtype=np.int64).T
        self.missing = self.wanted.copy()
        self.spare = np.array(_apportioned(int(units.sizes.sum()), shares), dtype=np.int64)
        self.most = units.counts.max(axis=0, initial=0)
        self.amounts = units.counts.astype(np.float64)
        self.squares = self.amounts if self.most.max(initial=0) <= 1 else self.amounts**2

    def run(self) -> None:
        left = self.units.counts.sum(axis=0)
        while left.any():
            label = int(np.where(left > 0, left, left.max() + 1).argmin())
            left -= self.units.counts[self._deal(label)].sum(axis=0)
        self._cover_rest()
        self._even_out()

    def _deal(self, label: int) -> np.ndarray:
        """Give all units that have this label and no part yet, in the order of their places.

        Returns:
            these units.
        """
        counts = self.units.counts[:, label]
        free = dealt = np.flatnonzero((self.part < 0) & (counts > 0))
        portions = self._portions(label, int(counts[free].sum()))
        for part, portion in enumerate(portions[:-1]):
            self._give(self._first(free, label, portion, part), part)
            free = free[self.part[free] < 0]
        self._give(free, len(portions) - 1)
        return dealt

    def _portions(self, label: int, count: int) -> list[int]:
        """How many of the ``count`` samples of a label go to each part: by what they lack."""
        lack = np.maximum(self.missing[:, label], 0)
        if int(lack.sum()) == count:
            return lack.tolist()
        return _apportioned(count, (lack if lack.any() else self.shares).tolist())

    def _first(self, free: np.ndarray, label: int, portion: int, part: int) -> np.ndarray:
        """The first units that together have ``portion`` samples of the label.

        A group that has more than what is lacking, or is larger than what the part has room
        for, is passed over; where all are and the part has none, the smallest is taken.
        """
        if not portion or not len(free):
            return free[:0]
        if (self.units.sizes[free] == 1).all():
            return free[:portion]
        taken = self._fitting(free, label, portion, int(self.spare[part]))
        has_none = self.missing[part, label] == self.wanted[part, label]
        if not taken and has_none and len(free) > 1:
            taken = [int(free[self.units.sizes[free].argmin()])]
        return np.array(taken, dtype=np.int64)

    def _fitting(self, free: np.ndarray, label: int, portion: int, room: int) -> list[int]:
        counts, sizes = self.units.counts[free, label].tolist(), self.units.sizes[free].tolist()
        taken = []
        for unit, own, size in zip(free.tolist(), counts, sizes, strict=True):
            if own <= portion and size <= max(room, 1):
                taken.append(unit)
                portion, room = portion - own, room - size
            if not portion:
                break
        return taken

    def _give(self, units: np.ndarray, part: int) -> None:
        self.part[units] = part
        self.missing[part] -= self.units.counts[units].sum(axis=0)
        self.spare[part] -= self.units.sizes[units].sum()

    def _move(self, unit: int, target: int) -> None:
        source = int(self.part[unit])
        self.missing[source] += self.units.counts[unit]
        self.spare[source] += self.units.sizes[unit]
        self._give(np.array([unit]), target)

    # -- what the turns of the labels leave to do

    def _cover_rest(self) -> None:
        """A label that came to other parts only, with rarer ones, gets a unit in the rest."""
        rest = len(self.shares) - 1
        present = self.wanted[rest] - self.missing[rest]
        for label in np.flatnonzero((present == 0) & (self.wanted[rest] > 0)).tolist():
            if self.missing[rest, label] < self.wanted[rest, label]:
                continue  # with the one of a label before
            carriers = np.flatnonzero(self.units.counts[:, label] > 0)
            smallest = carriers[self.units.sizes[carriers].argmin()]
            self._move(int(smallest), rest)

    def _even_out(self) -> None:
        """Move units from parts that are too large to those that are too small.

        Each time the unit that harms the shares of the labels least; of equal ones the one
        nearest to the places of its new part, which it would have there by chance too.
        """
        while (move := self._best_move()) is not None:
            self._move(*move)

    def _best_move(self) -> tuple[int, int] | None:
        """A unit and the part that it should go to."""
        by_room = np.argsort(self.spare, kind="stable").tolist()
        for source, target in itertools.product(by_room, reversed(by_room)):
            room = min(-int(self.spare[source]), int(self.spare[target]))
            movable = np.flatnonzero((self.part == source) & (self.units.sizes <= room))
            if len(movable):
                costs = self._costs(source, target)[movable]
                distances = self._distances(movable, target)
                return int(movable[np.lexsort((movable, distances, costs))[0]]), target
        return None

    def _costs(self, source: int, target: int) -> np.ndarray:
        """How much farther from what is wanted the labels of two parts get by each move [U].

        The squared distances, each over the number that is wanted. All values are whole, and
        small enough for a product of floats to be exact: the same on every machine.
        """
        lack = self.missing[[source, target]]
        scale = np.rint(SCALE / np.maximum(self.wanted[[source, target]], 1))
        change = 2 * (lack[0] * scale[0] - lack[1] * scale[1])
        total = self.amounts @ change + self.squares @ scale.sum(axis=0)
        penalty = EMPTY_REST if source == len(self.shares) - 1 else EMPTY
        return total + penalty * self._emptying(source)

    def _emptying(self, source: int) -> np.ndarray:
        """Which units hold all samples of a label in a part that should have some: bool [U]."""
        present = self.wanted[source] - self.missing[source]
        rare = np.flatnonzero((present > 0) & (present <= self.most) & (self.wanted[source] > 0))
        return (self.units.counts[:, rare] >= present[rare]).any(axis=1)

    def _distances(self, units: np.ndarray, part: int) -> np.ndarray:
        """How far units are from the places of a part [M]."""
        high = float(self.shares[: part + 1].sum())
        low = high - float(self.shares[part])
        places = self.units.places[units]
        return np.maximum(np.maximum(low - places, places - high), 0)


def _quotas(total: int, carriers: int, shares: Sequence[float], turn: int) -> list[int]:
    """How many samples of a label each part should get; the last part is the rest.

    Args:
        total: samples of the label, in ``carriers`` units.
        turn: which of the others comes first where there is not enough for all.
    """
    used = [part for part, share in enumerate(shares) if share > 0]
    if carriers >= len(used):
        return _at_least_one(total, shares)
    others = used[:-1]
    turns = [used[-1], *(others[(turn + k) % len(others)] for k in range(len(others)))]
    if carriers <= 1:
        return [total * (part == used[-1]) for part in range(len(shares))]
    given = [0] * len(shares)
    for part in turns[:carriers]:
        given[part] = 1
    given[-1] += total - sum(given)
    return given


def _at_least_one(total: int, shares: Sequence[float]) -> list[int]:
    """``total`` by shares, at least one for each part that has a share; there must be enough."""
    given = _apportioned(total, shares)
    for part, share in enumerate(shares):
        if share > 0 and not given[part]:
            given[max(range(len(given)), key=given.__getitem__)] -= 1
            given[part] = 1
    return given


def _apportioned(total: int, shares: Sequence[float]) -> list[int]:
    """``total`` by shares, each rounded, largest remainders first; equal ones to the last part."""
    scale = sum(shares)
    exact = [total * share / scale for share in shares]
    given = [int(value + 1e-9) for value in exact]
    order = sorted(range(len(shares)), key=lambda k: (round(given[k] - exact[k], 9), -k))
    for part in order[: total - sum(given)]:
        given[part] += 1
    return given
