"""What a trained model says about itself, wherever it goes: its card."""

from __future__ import annotations

import json
from typing import Any, Literal

import msgspec

from transfergui import __version__
from transfergui.core.base import files, records
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.records import Count, Epoch, Number, Share
from transfergui.core.data.targets import Targets
from transfergui.core.recipe import Recipe, migrated
from transfergui.core.runs.doubts import Limits, Promise, Temperature

FORMAT = 3
"""A file with a higher one was made by a newer program; 2 knows what is predicted, 3 how far the
model is to be believed."""


class ClassFigures(msgspec.Struct, frozen=True):
    """Of one class, as :class:`Figures`."""

    precision: Share | None = None
    recall: Share | None = None
    f1: Share | None = None
    support: Count = 0


class BestEpoch(msgspec.Struct, frozen=True):
    """Of ``moment`` of a report, what others than its page read."""

    epoch: Epoch = 0
    untouched: bool = False


class FittedTemperatures(msgspec.Struct, frozen=True):
    """Of ``calibration`` of a report, likewise."""

    temperatures: tuple[Temperature, ...] = ()


class PrimaryFigure(msgspec.Struct, frozen=True):
    """Of ``primary`` of a report, likewise."""

    name: str = ""
    value: Number | None = None


class Figures(msgspec.Struct, frozen=True):
    """What is read of ``report.json`` and of a card's ``metrics`` outside the report itself; any
    of it may be missing, none may be something else."""

    accuracy: Share | None = None
    balanced_accuracy: Share | None = None
    macro_f1: Share | None = None
    n: Count = 0
    interval: dict[Literal["low", "high"], Share] | None = None
    per_class: dict[str, ClassFigures] = {}
    measured_on: Literal["test", "val", "data"] = "test"
    frozen: bool = False
    grouped_by: str | None = None
    moment: BestEpoch | None = None
    objective: str = "one_class"
    primary: PrimaryFigure | None = None
    unit: str = ""
    mean_average_precision: Share | None = None
    micro_f1: Share | None = None
    exact_match: Share | None = None
    per_label: dict[str, ClassFigures] = {}
    questions: dict[str, Figures] = {}
    fitted: tuple[Share, ...] = ()
    calibration: FittedTemperatures | None = None
    strangers: Limits | None = None
    mean_absolute_error: Number | None = None
    median_absolute_error: Number | None = None
    baseline_mean_absolute_error: Number | None = None
    r2: Number | None = None


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``model.json`` in a model package, ``card`` in the metadata of an ONNX file.

    Attributes:
        transfergui: the version that made it.
        classes: what each output of the model stands for.
        targets: what is predicted; without the values of single samples.
        fitted: what was chosen on the validation samples, as of
            :meth:`transfergui.core.interfaces.objective.Objective.fit`.
        input: every input option of the modality.
        recipe: how it was trained, without the folders of the machine that did it.
        metrics: the figures of its report.
        versions: of the libraries that trained it.
        temperatures: by which the outputs are divided, as of
            :meth:`transfergui.core.interfaces.objective.Objective.calibrate`.
        promise: which predictions are not given.
        strangers: from where on something is unlike the training samples; None where that is not
            known.
        sha256: of the other members of a package, by name.
    """

    format: int = FORMAT
    transfergui: str = __version__
    name: str
    modality: str
    backbone: str
    classes: tuple[str, ...]
    input: dict[str, Any]
    recipe: Recipe
    metrics: dict[str, Any] = {}
    versions: dict[str, str] = {}
    sha256: dict[str, str] = {}
    targets: Targets = Targets()
    fitted: tuple[float, ...] = ()
    temperatures: tuple[Temperature, ...] = ()
    promise: Promise | None = None
    strangers: Limits | None = None

    def to_json(self) -> str:
        """ASCII JSON; undecodable bytes of a class name survive as ``\\udcXX``."""
        return json.dumps(msgspec.to_builtins(self), indent=1) + "\n"


def read(text: str | bytes, origin: str) -> Card:
    """Read a card that may come from anybody.

    Args:
        origin: the file that it is in, for messages.

    Raises:
        UserError: ``model.newer`` or ``model.damaged``.
    """
    try:
        files.parse_json(text)  # refuses repeated keys
        tree = records.parse(text)
        _check_version(tree, origin)
        if isinstance(tree, dict) and isinstance(tree.get("recipe"), dict):
            tree["recipe"] = migrated(tree["recipe"], origin)
        card = records.convert(tree, Card)
        records.convert(card.metrics, Figures)
    except records.ERRORS as error:
        raise UserError("model.damaged", path=origin, reason=records.why(error)) from None
    if not card.classes or len(set(card.classes)) != len(card.classes):
        reason = _("two of its classes have the same name")
        raise UserError("model.damaged", path=origin, reason=reason)
    return card


def _check_version(tree: Any, origin: str) -> None:
    """Before the fields are looked at: a newer card may hold some that are unknown here."""
    found = tree.get("format") if isinstance(tree, dict) else None
    if isinstance(found, int) and found > FORMAT:
        version = str(tree.get("transfergui", "?"))[:40]
        raise UserError("model.newer", path=origin, version=version, own=__version__)
