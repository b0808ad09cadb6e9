"""Taking a share of every class out of samples, whole groups at a time."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from transfergui.core.data.dataset import Sample


class GroupStratifiedSplitter:
    """Takes a share of every class out of ``samples``, whole groups at a time.

    Greedy, rare classes first (after iterative stratification, Sechidis et al. 2011):
    without groups, every share is met within one sample.
    """

    def __init__(
        self,
        samples: Sequence[Sample],
        classes: Sequence[str],
        shares: Mapping[str, int],
        seed: int,
    ) -> None:
        """Args:
        shares: for each part that is taken out, its per cent of each class.
        """
        self._samples = sorted(samples, key=lambda sample: sample.path)
        self._classes = classes
        self._shares = shares
        self._seed = seed
        self._groups = self._gather()
        self._of_class: list[list[int]] = [[] for _ in classes]
        self._left = [0] * len(classes)
        for index, group in enumerate(self._groups):
            for label, count in self._labels(group).items():
                self._of_class[label].append(index)
                self._left[label] += count
        self._wanted = self._targets()
        self._missing = {part: list(wanted) for part, wanted in self._wanted.items()}
        self._taken: dict[int, str] = {}

    def parts(self) -> dict[str, list[Sample]]:
        """The samples of each part of ``shares``, and ``train``: what is left."""
        for label in sorted(range(len(self._classes)), key=lambda c: len(self._of_class[c])):
            self._take_from(label)
        parts: dict[str, list[Sample]] = {"train": [], **{part: [] for part in self._shares}}
        for index, group in enumerate(self._groups):
            parts[self._taken.get(index, "train")] += (self._samples[at] for at in group)
        return parts

    def _gather(self) -> list[list[int]]:
        """Positions of the samples of each group; a sample without one is its own."""
        declared: dict[str, list[int]] = {}
        groups = []
        for at, sample in enumerate(self._samples):
            if sample.group is None or sample.group not in declared:
                groups.append([at])
                if sample.group is not None:
                    declared[sample.group] = groups[-1]
            else:
                declared[sample.group].append(at)
        return groups

    def _labels(self, group: Sequence[int]) -> Mapping[int, int]:
        """How many samples of each class are in a group."""
        if len(group) == 1:
            return {self._samples[group[0]].label: 1}
        return Counter(self._samples[at].label for at in group)

    def _targets(self) -> dict[str, list[int]]:
        """How many samples of each class each part should get."""
        targets: dict[str, list[int]] = {part: [] for part in self._shares}
        pairs = 0
        for label, groups in enumerate(self._of_class):
            wanted = shared_out(self._left[label], self._shares)
            if len(groups) == 2 and len(self._shares) > 1:  # one group to give: take turns
                wanted = dict.fromkeys(self._shares, 0)
                wanted["test" if pairs % 2 else "val"] = 1
                pairs += 1
            for part, count in wanted.items():
                targets[part].append(count)
        return targets

    def _take_from(self, label: int) -> None:
        """Fill the parts with groups that hold this class, in random order."""
        free = [index for index in self._shuffled(label) if index not in self._taken]
        for part in self._shares:
            missing = self._missing[part]
            for index in free:
                if missing[label] <= 0:
                    break
                if self._fits(part, index):
                    self._take(part, index)
            free = [index for index in free if index not in self._taken]
            if missing[label] > 0 and missing[label] == self._wanted[part][label]:
                self._take_smallest(part, free)  # all are larger than the share: better than none
                free = [index for index in free if index not in self._taken]

    def _shuffled(self, label: int) -> list[int]:
        """The groups of a class, in an order that depends on nothing but their names and the seed:
        those that are added, relabelled or left out hardly change where the others are."""
        return sorted(self._of_class[label], key=self._place)

    def _place(self, index: int) -> bytes:
        """Where a group stands in the random order: a hash of the seed and of its name."""
        first = self._samples[self._groups[index][0]]
        name = (first.group or first.path).encode("utf-8", "surrogateescape")
        seed = self._seed.to_bytes(8, "big", signed=True)
        return hashlib.blake2b(name, digest_size=16, key=seed).digest()

    def _fits(self, part: str, index: int) -> bool:
        missing = self._missing[part]
        labels = self._labels(self._groups[index])
        return self._spares(index) and all(n <= missing[label] for label, n in labels.items())

    def _spares(self, index: int) -> bool:
        """Whether every class is still in the training when this group is taken away."""
        labels = self._labels(self._groups[index])
        return all(count < self._left[label] for label, count in labels.items())

    def _take_smallest(self, part: str, free: Iterable[int]) -> None:
        spared = [index for index in free if self._spares(index)]
        if spared:
            self._take(part, min(spared, key=lambda index: len(self._groups[index])))

    def _take(self, part: str, index: int) -> None:
        self._taken[index] = part
        for label, count in self._labels(self._groups[index]).items():
            self._left[label] -= count
            self._missing[part][label] -= count


def shared_out(count: int, shares: Mapping[str, int]) -> dict[str, int]:
    """``count`` samples of a class by per cent, each part within one sample of its share.

    At least one for each part and one for the rest, in the order of ``shares``, if there are
    enough; rounded together, so that small classes keep most for the training.
    """
    if not shares:
        return {}
    # at least one, and no part pays alone for those that were rounded up to one
    least = {part: max(1, -(-(count * share) // 100) - 1) for part, share in shares.items()}
    total = max(_rounded(count * sum(shares.values())), sum(least.values()))
    total = max(0, min(total, count - 1))
    wanted: dict[str, int] = {}
    *firsts, last = shares
    for part in firsts:
        others = sum(least.values()) - sum(least[p] for p in [*wanted, part])
        own = max(_rounded(count * shares[part]), least[part])
        wanted[part] = max(0, min(own, total - others))
        total -= wanted[part]
    return wanted | {last: total}


def _rounded(hundredths: int) -> int:
    """To the nearest whole, halves up; no floats, so the same everywhere."""
    return (hundredths + 50) // 100
