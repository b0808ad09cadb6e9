"""Other data beside those that are learnt: what each is for, where it is, which samples it has.

A companion lies in a folder (or table) of its own, which is only read. Its samples are never among
those that choose the best epoch or measure the result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options
from transfergui.core.data.dataset import Problem, Sample

Role = Literal["target", "check"]

UNLABELLED = -1
"""The label of a sample whose class nobody knows."""


@dataclass(frozen=True)
class RoleText:
    """What a role is, for people.

    Attributes:
        title, summary: marked with ``N_``.
        labelled: whether the classes of the samples must be known.
    """

    title: str
    summary: str
    labelled: bool = False


ROLES: Mapping[Role, RoleText] = {
    "target": RoleText(
        N_("Unlabelled examples from where it will be used"),
        N_("The model is adapted to them; their classes are not needed."),
    ),
    "check": RoleText(
        N_("Labelled examples from where it will be used"),
        N_("The model is never trained on them. They only show whether adapting helped."),
        labelled=True,
    ),
}
"""Every role, in the order in which they are shown."""


class CompanionOptions(Options, frozen=True):
    """Where other data are: paths of folders, tables or zips; none where there are none.

    Attributes:
        classes: which class of yours a class of other data is, by its name there; empty for one
            that is left out. Names that agree need none.
    """

    target: str | None = None
    check: str | None = None
    classes: dict[str, Annotated[str, msgspec.Meta(max_length=1000)]] = {}

    def places(self) -> tuple[tuple[Role, str], ...]:
        """Role and path of each."""
        found = ((role, getattr(self, role)) for role in ROLES)
        return tuple((role, path) for role, path in found if path)


class Companion(msgspec.Struct, frozen=True):
    """Other data as they were read.

    Attributes:
        path: what was opened.
        root: the folder that sample paths are relative to.
        samples: their labels are indices into the classes of the data that are learnt, or
            :data:`UNLABELLED`.
        problems: what was left out, and why.
    """

    role: Role
    path: str
    root: str
    samples: tuple[Sample, ...]
    problems: tuple[Problem, ...] = ()
