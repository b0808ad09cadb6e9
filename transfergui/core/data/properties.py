"""What can be measured of a sample without knowing what it shows, and what makes one a bad example.

How bright a picture is, how long a recording: each modality names what it measures
(:class:`Property`) and what is wrong with a sample by these figures (:class:`Fault`). The checks of
the data and the views of a result read nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Value = float | str
"""A number, NaN where there is none; or a name, empty where there is none."""
Values = Mapping[str, Value]
"""By the keys of properties, and of what else a modality measures."""


@dataclass(frozen=True)
class Property:
    """One of the things that are measured of every sample.

    Attributes:
        title: what people call it, marked with ``N_``.
        kind: what its values are.
        of: ``making``: the way in which a sample was taken and saved; ``either``: what it shows may
            make it so as well, as the colour of a fruit.
        unit: of numbers, as :func:`transfergui.core.base.figure_texts.suffix` takes it.
        follows: keys of the properties that make it what it is: of two that tell the same, the
            cause is named.
        remedy: code of the sentence on how to make all samples alike in this.
    """

    key: str
    title: str
    kind: Literal["number", "category"] = "number"
    of: Literal["making", "either"] = "making"
    unit: str = ""
    follows: tuple[str, ...] = ()
    remedy: str = ""


@dataclass(frozen=True)
class Fault:
    """What a sample is that has an extreme value, both by itself and beside the others.

    A sample has the fault where its value is beyond ``limit`` and, in units of the spread of the
    whole data set, more than ``apart`` from the middle one. Of a category: where nearly all others
    have one, and it has another.

    Attributes:
        key: of what is measured.
        code: of the sentence that is said of those samples.
        side: on which side of ``limit`` a value is bad; ``other``: of a category.
        floor: the least that counts as spread, in the unit of the value.
    """

    key: str
    code: str
    side: Literal["below", "above", "other"]
    limit: float = 0.0
    apart: float = 0.0
    floor: float = 1e-9


@dataclass(frozen=True)
class Framing:
    """Something that becomes of samples when they are brought to the network's size.

    Attributes:
        code: of the sentence.
        values: what it needs beside ``noun``.
        rows: the samples that it is about, the worst first; none where it is about most.
        setting: the path in the recipe that would help, with its ``value``; empty for none.
    """

    code: str
    values: Mapping[str, Any]
    rows: tuple[int, ...] = ()
    setting: str = ""
    value: Any = None
