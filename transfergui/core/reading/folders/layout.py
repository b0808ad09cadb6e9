"""What each level of folders is: a layout, and what a folder says with it.

A layout is told by the role of each level of folders, from the top, as in ``split/class`` for
``train/cat/1.jpg`` or ``class/group`` for ``cat/2024-05-01/1.jpg``. Folders that everything has in
common at the top are no level. The roles are the keys of :data:`ROLES`. What lies deeper than the
roles belongs to the last of them: ``Greek/alpha`` is one class of ``class``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from transfergui.core.data.dataset import SplitName
from transfergui.core.reading.names.kinds import (
    ODD,
    among_masks,
    kind_of,
    named_split,
    says_labelled,
)
from transfergui.core.reading.names.name_parts import divided_name, named_class, part_of_name

Role = Literal["split", "split?", "class", "class?", "group", "images", "labelled", "name", "-"]

ROLES: tuple[Role, ...] = (
    "split",
    "split?",
    "class",
    "class?",
    "group",
    "images",
    "labelled",
    "name",
    "-",
)
"""What a level of folders may be.

``split``: training, validation or test. ``split?``: the same where the name says so, else a class.
``class``, ``group``: as they are called. ``class:-1``, ``class:1``: the last, or the first, part of
their names is the class, the rest a group where nothing else is. ``class?``: a class, but folders
that are called like masks, small copies or files without a class are skipped. ``images``: the
pictures of a set that keeps masks or labels beside them, which are skipped. ``labelled``: those
with classes, beside ``unlabelled`` ones, which are skipped. ``name``: no level, but the beginning
of the file names is the class; ``name:3``: their third part is. ``-``: means nothing.
"""


LEVELS = "levels"
"""Instead of a layout: each level of folders is a question of its own."""


class Place(NamedTuple):
    """What a folder says about the files in it; no label: in no class folder."""

    label: str | None
    split: SplitName | None = None
    group: str | None = None


def odd_names(layout: Layout, homes: Iterable[str]) -> list[str]:
    """Folders among the classes that are hardly such."""
    rests = [home.split("/")[layout.lead :] for home in homes if home]
    doubted = replace(layout, key=layout.key.replace("class?", "class"))
    return sorted(name for name in classes_of(doubted, rests) if kind_of(name) in ODD)


@dataclass(frozen=True)
class Layout:
    """What each level of folders is, below the first ``lead`` ones.

    Attributes:
        key: the roles, from the top, as in ``split/class``.
        parts: what folders of a split level are, where their names do not say it.
        masked: whether there are folders of masks anywhere, which are skipped.
    """

    key: str
    lead: int = 0
    parts: tuple[tuple[str, SplitName], ...] = ()
    masked: bool = False

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(self.key.split("/"))

    @property
    def by_name(self) -> bool:
        """Whether the names of the files say the class."""
        return self.roles[-1].partition(":")[0] == "name"

    def named_class(self, name: str) -> str | None:
        """The class that a file name says, with such a layout; None where it says none."""
        part = self.roles[-1].partition(":")[2]
        return part_of_name(name, int(part)) if part else named_class(name)

    def unknown_parts(self, homes: Iterable[str]) -> list[str]:
        """Folders of the split level of which it is not known what they are."""
        at = self.lead + self.roles.index("split") if "split" in self.roles else -1
        names = {home.split("/")[at] for home in homes if home.count("/") >= at >= 0}
        unknown = (n for n in names if named_split(n) is None and n not in dict(self.parts))
        return sorted(n for n in unknown if kind_of(n) not in ("unlabelled", "masks"))

    def skips(self, role: str, name: str) -> bool:
        """Whether a folder holds masks, or files without a class beside those of the parts."""
        if role == "images":
            return kind_of(name) == "masks"
        if role == "labelled":
            return kind_of(name) == "unlabelled" and not says_labelled(name)
        if role == "class?":
            return kind_of(name) in ODD
        return role == "class" and "split" in self.roles and kind_of(name) == "unlabelled"

    def place(self, folder: str) -> Place:
        """What ``folder``, a path below the root, says about its files."""
        if self.masked and among_masks(folder):
            return Place(None)
        parts = folder.split("/")[self.lead :] if folder else []
        label: list[str] = []
        group: list[str] = []
        split: SplitName | None = None
        roles = list(self.roles)
        while parts and roles:
            part, role = parts.pop(0), roles.pop(0)
            if role in ("split", "split?"):
                split = dict(self.parts).get(part) or named_split(part)
                if split is None and role == "split":
                    return Place(None)
                if split is None:
                    parts.insert(0, part)
            elif self.skips(role, part):
                return Place(None)
            elif role in ("class", "class?"):
                label.append(part)
            elif role.startswith("class:"):
                said, rest = divided_name(part, int(role.partition(":")[2]))
                label.append(said)
                group += [rest] if "group" not in self.roles else []
            elif role == "group":
                group.append(part)
        if roles == [] and self.roles[-1] in ("class", "class?"):
            label += parts
        return Place("/".join(label) or None, split, "/".join(group) or None)


@dataclass(frozen=True)
class Guess:
    """The likeliest layout, and the others that are worth asking about.

    Attributes:
        others: further layouts that the names allow.
        sure: whether ``layout`` may be taken without a question.
        code: of the sentence that says why one must ask; empty where that is not so.
    """

    layout: Layout
    others: tuple[Layout, ...] = ()
    sure: bool = True
    code: str = ""


def classes_of(layout: Layout, rests: Sequence[Sequence[str]]) -> set[str]:
    """The folders on the first level of classes that are not skipped anyway."""
    if "class" not in layout.roles:
        return set()
    at, plain = layout.roles.index("class"), replace(layout, lead=0)
    used = [rest for rest in rests if len(rest) > at]
    return {rest[at] for rest in used if plain.place("/".join(rest)).label is not None}


OTHER_LEVELS = ("split", "split?", "labelled", "images")
"""Roles of levels that are the same for all that is predicted."""


def levels_of(layout: Layout, homes: Iterable[str]) -> int:
    """How many levels of folders may say something, below those that everything has in common:
    without those that divide the data, or hold them beside others."""
    return max((len(_below(layout, home)[0]) for home in homes), default=0)


def level_values(
    layout: Layout, home: str, levels: Sequence[int]
) -> tuple[tuple[str, ...], SplitName | None]:
    """The names of the folders on some levels, from 1 on, and the split; empty where there is none.

    What lies deeper than the last level means nothing.
    """
    parts, split = _below(layout, home)
    return tuple(parts[n - 1] if n <= len(parts) else "" for n in levels), split


def _below(layout: Layout, home: str) -> tuple[list[str], SplitName | None]:
    parts = home.split("/")[layout.lead :] if home else []
    if any(layout.skips(role, part) for role, part in zip(layout.roles, parts, strict=False)):
        return [], None
    split: SplitName | None = None
    kept = []
    for at, part in enumerate(parts):
        role = layout.roles[at] if at < len(layout.roles) else ""
        own = dict(layout.parts).get(part) or named_split(part) if "split" in role else None
        split = split or own
        if role not in OTHER_LEVELS or (role == "split?" and own is None):
            kept.append(part)
    return kept, split
