"""Which data a run saw: a short name for their state, and how two states differ.

The name is a hash over each sample's path, class and part of the split, and over its content, or
its size where that was not written down (:mod:`.contents`). All of this a run keeps, so that
nothing is read again, and runs that were made before have a name as well. Where the data lie does
not matter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from transfergui.core.base.i18n import _, comma_list, ngettext
from transfergui.core.data.dataset import DataOptions, Sample
from transfergui.core.data.split import Split

DIGITS = 6
"""Of the name: two states of a data set get the same one in 1 of 17 million."""
PARTS = ("train", "val", "test", "new")


NOT_RECORDED: Mapping[str, str] = MappingProxyType({})


def version_of(split: Split, contents: Mapping[str, str] = NOT_RECORDED) -> str:
    """Six hex digits that change when a sample is added, removed, resized, relabelled, or moved to
    another part of the split; and when its content changes, where that is known.

    Args:
        contents: digests of samples by their paths.
    """
    digest = hashlib.blake2b(digest_size=DIGITS // 2)
    for path, (part, name, sample) in sorted(_by_path(split).items()):
        row = f"{path}\0{contents.get(path, sample.size)}\0{name}\0{part}\n"
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
        changed: examples with another content; files of another size where it was not recorded.
        moved: to another part of the split, and nothing else.
        unrecorded: of how many examples of both the content is not known in both.
    """

    added: int = 0
    removed: int = 0
    excluded: int = 0
    relabelled: int = 0
    changed: int = 0
    moved: int = 0
    unrecorded: int = 0

    @property
    def nothing(self) -> bool:
        """Whether both saw the same, as far as that was recorded."""
        return self == DataDifference(unrecorded=self.unrecorded)

    def words(self) -> str:
        """``2 added, 3 relabelled, 1 excluded``; that nothing differs, in words; and whether the
        content of the files is not known."""
        said = self.changes
        if self.unrecorded and said:
            return _("{changes} (content of the files not recorded)").format(changes=said)
        if self.unrecorded:
            return _("the same files (content not recorded)")
        return said or _("the same data")

    @property
    def changes(self) -> str:
        """What is known to differ, in words; empty where nothing is."""
        return comma_list(self._said())

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
    first: Split,
    second: Split,
    excluded: Collection[str] = frozenset(),
    contents: tuple[Mapping[str, str], Mapping[str, str]] = (NOT_RECORDED, NOT_RECORDED),
) -> DataDifference:
    """How the data of ``second`` differ from those of ``first``.

    Args:
        excluded: the paths of what the user excluded from the second.
        contents: digests of the samples of each, by their paths.
    """
    before, after = _by_path(first), _by_path(second)
    gone, counts = (
        before.keys() - after.keys(),
        dict.fromkeys(("relabelled", "changed", "moved", "unrecorded"), 0),
    )
    for path in before.keys() & after.keys():
        (part, name, sample), (new_part, new_name, new) = before[path], after[path]
        held, now = (each.get(path) for each in contents)
        known = held is not None and now is not None
        counts["unrecorded"] += not known
        if name != new_name:
            counts["relabelled"] += 1
        elif held != now if known else sample.size != new.size:
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


def document(found: DataDifference) -> dict[str, Any]:
    """The same for programs."""
    counts: dict[str, Any] = msgspec.to_builtins(found)
    return {**counts, "sentence": found.words()}


def _by_path(split: Split) -> dict[str, tuple[str, str, Sample]]:
    """The part, class and sample of each path."""
    return {
        sample.path: (part, split.classes[sample.label], sample)
        for part in PARTS
        for sample in getattr(split, part)
    }
