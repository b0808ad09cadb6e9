"""Groups of samples that stay on one side of the split."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import cast


class UnionFind:
    """Sets that are merged (Galler & Fischer 1964); only what was joined costs memory."""

    def __init__(self) -> None:
        self._parents: dict[Hashable, Hashable] = {}

    def find(self, item: Hashable) -> Hashable:
        """The representative of the set of ``item``."""
        parents = self._parents
        while (parent := parents.get(item, item)) != item:
            parents[item] = parents.get(parent, parent)  # path halving
            item = parents[item]
        return item

    def join(self, one: Hashable, other: Hashable) -> None:
        self._parents.setdefault(one, one)
        self._parents.setdefault(other, other)
        self._parents[self.find(one)] = self.find(other)

    def sets(self) -> list[list[Hashable]]:
        """Everything that was joined, by set."""
        members = defaultdict(list)
        for item in self._parents:
            members[self.find(item)].append(item)
        return list(members.values())


def sets(pairs: Iterable[Sequence[int]]) -> list[list[int]]:
    """Indices that are linked by ``pairs``, directly or through others; each set in order."""
    joined = UnionFind()
    for one, *others in pairs:
        for other in others:
            joined.join(one, other)
    return [sorted(cast("list[int]", members)) for members in joined.sets()]


def merged(
    paths: Sequence[str], groups: Sequence[str | None], alike: Iterable[Sequence[int]]
) -> list[str | None]:
    """The group of each sample once those that are alike have one; declared groups that they
    belong to are merged.

    A group is called as the first declared one, else as the first of the samples.

    Args:
        paths, groups: of the samples [N].
        alike: indices of samples.
    """
    joined = UnionFind()
    for indices in alike:
        for index in indices:
            joined.join(indices[0], index)
            if (group := groups[index]) is not None:
                joined.join(index, group)
    names: dict[Hashable, str] = {}
    for members in joined.sets():
        declared = [member for member in members if isinstance(member, str)]
        own = [paths[member] for member in members if isinstance(member, int)]
        names[joined.find(members[0])] = min(declared or own)
    if not names:
        return list(groups)
    return [
        names.get(joined.find(index)) or names.get(joined.find(group)) or group
        for index, group in enumerate(groups)
    ]
