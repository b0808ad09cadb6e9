"""Other data beside those that are learnt: what each is for, where it is, which samples it has.

A companion lies in a folder (or table) of its own, which is only read. Its samples are never among
those that choose the best epoch or measure the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

from transfergui.core.base import shards
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.options import Options
from transfergui.core.data import own_places, tars
from transfergui.core.data.dataset import Dataset, Problem, Sample, natural_order
from transfergui.core.data.file_part import FilePart
from transfergui.core.data.tars import Tars

Role = Literal["target", "source", "unlabelled", "check"]
Place = tuple[Role, str]
"""What other data are for, and where they are."""
UNLABELLED = own_places.UNLABELLED


@dataclass(frozen=True)
class RoleText:
    """What a role is, for people.

    Attributes:
        title, summary: marked with ``N_``.
        named: the title with the noun of what they are.
        labelled: whether the classes of the samples must be known.
        several: whether there may be more than one of them.
    """

    title: str
    named: str
    summary: str
    labelled: bool = False
    several: bool = False

    def of(self, noun: str) -> str:
        """The title for pictures, recordings, texts.

        Args:
            noun: the many of a modality, marked with ``N_``.
        """
        return _(self.named).format(noun=_(noun))


ROLES: Mapping[Role, RoleText] = {
    "target": RoleText(
        N_("Unlabelled examples from where you will use the model"),
        N_("Unlabelled {noun} from where you will use the model"),
        N_("Not sorted into classes; say, from another camera. The model is adapted to them."),
    ),
    "source": RoleText(
        N_("Labelled examples to borrow from"),
        N_("Labelled {noun} to borrow from"),
        N_("Somebody else's, sorted into classes as yours. The model learns from them, too."),
        labelled=True,
        several=True,
    ),
    "unlabelled": RoleText(
        N_("Unlabelled examples to learn from first"),
        N_("Unlabelled {noun} to learn from first"),
        N_("Many, not sorted. The backbone gets used to them before it learns your classes."),
    ),
    "check": RoleText(
        N_("Labelled examples from where you will use the model"),
        N_("Labelled {noun} from where you will use the model"),
        N_("Sorted into your classes. Never trained on; they show whether adapting helped."),
        labelled=True,
    ),
}
"""Every role, in the order in which they are shown."""
FEWEST_TARGET = 16
"""Examples to adapt to: of fewer, means and variances of features say nothing."""
WHERE_USED: tuple[Role, ...] = ("target", "check")
"""Roles of examples from where the model will be used."""
LEARNT: tuple[Role, ...] = ("source", "unlabelled")
"""Roles of examples that are learnt from beside one's own."""


class CompanionOptions(Options, frozen=True):
    """Where other data are: paths of folders, tables or zips; none where there are none.

    Attributes:
        classes: which class of yours a class of other data is, by its name there; empty for one
            that is left out. Names that agree need none.
    """

    target: str | None = None
    source: tuple[str, ...] = ()
    unlabelled: str | None = None
    check: str | None = None
    classes: dict[str, Annotated[str, msgspec.Meta(max_length=1000)]] = {}

    def places(self) -> tuple[Place, ...]:
        """Role and path of each."""
        return tuple((role, path) for role in ROLES for path in self.of_role(role))

    def of_role(self, role: Role) -> tuple[str, ...]:
        """The paths of other data with a role."""
        found = getattr(self, role)
        if ROLES[role].several:
            return tuple(found)
        return (found,) if found else ()

    def with_paths(self, role: Role, found: tuple[str, ...]) -> CompanionOptions:
        """The same with other paths for a role; each only once."""
        paths = tuple(dict.fromkeys(found))
        value = paths if ROLES[role].several else next(iter(paths), None)
        return msgspec.structs.replace(self, **{role: value})


class TheirClass(msgspec.Struct, frozen=True):
    """A class of labelled other data, as it is called there.

    Attributes:
        examples: paths of a few of its samples.
    """

    name: str
    count: int
    examples: tuple[str, ...] = ()


class Companion(msgspec.Struct, frozen=True):
    """Other data as they were read.

    Attributes:
        path: what was opened.
        root: the folder that sample paths are relative to.
        samples: their labels are indices into the classes of the data that are learnt, or
            :data:`UNLABELLED`.
        problems: what was left out, and why.
        own: whether they are groups of one's own data; ``path`` names these then.
        classes: of labelled ones of which one class is predicted: those that they have, whether
            they are among one's own or not.
        tars: as of :class:`transfergui.core.data.split.Split`.
    """

    role: Role
    path: str
    root: str
    samples: tuple[Sample, ...]
    problems: tuple[Problem, ...] = ()
    own: bool = False
    classes: tuple[TheirClass, ...] = ()
    tars: Tars = {}

    @property
    def place(self) -> Place:
        """See :data:`Place`."""
        return self.role, self.path

    @property
    def files(self) -> int:
        """How many there are: fewer than samples where recordings are cut into clips."""
        found = (sample.path for sample in self.samples)
        return len({p if shards.is_member(p) else FilePart.parse(p).file for p in found})


def of_own(dataset: Dataset) -> tuple[Companion, ...]:
    """The groups of one's own data that are used as other data, as
    :mod:`transfergui.core.data.own_places` set them apart."""
    every = (*dataset.elsewhere, *dataset.checking)
    name = own_name({sample.group for sample in every if sample.group})
    parts: tuple[tuple[Role, tuple[Sample, ...]], ...] = (
        ("target", dataset.elsewhere),
        ("check", dataset.checking),
    )
    root = str(dataset.root)
    return tuple(
        Companion(role, name, root, part, own=True, tars=tars.of(root, part))
        for role, part in parts
        if part
    )


def own_name(groups: Iterable[str]) -> str:
    """What groups are called together."""
    return ", ".join(natural_order(groups))
