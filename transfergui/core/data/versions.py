"""Which data a run saw: a short name for their state, and how two states differ.

The name is a hash over each sample's path, size, class and part of the split, all of which a run
keeps, so that nothing is read again, and runs that were made before have one as well. Where the
data lie does not matter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from typing import Any

import msgspec

from transfergui.core.base.i18n import _, comma_list, ngettext
from transfergui.core.data.dataset import DataOptions, Sample
from transfergui.core.data.split import Split

DIGITS = 6
"""Of the name: two states of a data set get the same one in 1 of 17 million."""
PARTS = ("train", "val", "test")


def version_of(split: Split) -> str:
    """Six hex digits that change when a sample is added, removed, resized, relabelled, or moved to
    another part of the split."""
    digest = hashlib.blake2b(digest_size=DIGITS // 2)
    for path, (part, name, sample) in sorted(_by_path(split).items()):
        row = f"{path}\0{sample.size}\0{name}\0{part}\n"
        digest.update(row.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def corrections_in(data: DataOptions) -> int:
    """How many examples and classes the user corrected, or whose labels were confirmed: the count
    that is shown everywhere."""
    changed = {*data.exclude, *data.relabel, *data.together, *data.confirmed}
    return len(changed) + len(data.rename)


def told(version: str, corrections: int) -> str:
    """``data version 3f2a91, 12 corrections``; empty where the version is not known."""
    if not version:
        return ""
    if not corrections:
        return _("data version {version}").format(version=version)
    text = ngettext(
        "data version {version}, {count} correction",
        "data version {version}, {count} corrections",
        corrections,
    )
    return text.format(version=version, count=corrections)


class DataDifference(msgspec.Struct, frozen=True):
    """How the data of a second run differ from those of a first one; numbers of samples.

    Attributes:
        excluded: by the user; ``removed`` are gone for another reason.
        changed: files of another size.
        moved: to another part of the split, and nothing else.
    """

    added: int = 0
    removed: int = 0
    excluded: int = 0
    relabelled: int = 0
    changed: int = 0
    moved: int = 0

    @property
    def nothing(self) -> bool:
        """Whether both saw the same."""
        return self == DataDifference()

    def words(self) -> str:
        """``2 added, 3 relabelled, 1 excluded``; that nothing differs, in words."""
        return comma_list(self._said()) or _("the same data")

    def _said(self) -> Iterator[str]:
        texts = (
            (self.added, _("{count} added")),
            (self.removed, _("{count} removed")),
            (self.excluded, _("{count} excluded")),
            (self.relabelled, _("{count} relabelled")),
            (self.changed, _("{count} with changed content")),
            (self.moved, _("{count} moved to another set")),
        )
        return (text.format(count=count) for count, text in texts if count)


def difference(
    first: Split, second: Split, excluded: Collection[str] = frozenset()
) -> DataDifference:
    """How the data of ``second`` differ from those of ``first``.

    Args:
        excluded: the paths of what the user excluded from the second.
    """
    before, after = _by_path(first), _by_path(second)
    gone, counts = (
        before.keys() - after.keys(),
        dict.fromkeys(("relabelled", "changed", "moved"), 0),
    )
    for path in before.keys() & after.keys():
        (part, name, sample), (new_part, new_name, new) = before[path], after[path]
        if name != new_name:
            counts["relabelled"] += 1
        elif sample.size != new.size:
            counts["changed"] += 1
        elif part != new_part:
            counts["moved"] += 1
    left_out = len(gone & set(excluded))
    return DataDifference(
        added=len(after.keys() - before.keys()),
        removed=len(gone) - left_out,
        excluded=left_out,
        **counts,
    )


def document(first: Split, second: Split, found: DataDifference) -> dict[str, Any]:
    """The same for programs."""
    counts: dict[str, Any] = msgspec.to_builtins(found)
    versions = {"first": version_of(first), "second": version_of(second)}
    return {**versions, **counts, "sentence": found.words()}


def _by_path(split: Split) -> dict[str, tuple[str, str, Sample]]:
    """The part, class and sample of each path."""
    return {
        sample.path: (part, split.classes[sample.label], sample)
        for part in PARTS
        for sample in getattr(split, part)
    }
