"""The recipe: everything that decides how a training goes, immutable, as JSON.

What depends on a modality (``input``, ``augment``) or a strategy (``options``)
is kept as plain values here and checked by :func:`transfergui.core.resolve.resolve`
against the option struct of the modality or strategy that was chosen.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from transfergui.core.base import files, records
from transfergui.core.base import options as opt
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.options import Options, option
from transfergui.core.data import tar_names
from transfergui.core.data.companions import ROLES, CompanionOptions, Place, own_name
from transfergui.core.data.dataset import DataOptions
from transfergui.core.data.split import SplitOptions

Migration = Callable[[dict[str, Any]], dict[str, Any]]
SCHEMA = 3
"""Of recipes, and of the runs that hold them."""
MOST_PROCESSES = 64
"""That train together on one computer."""


def _of_one_class(tree: dict[str, Any]) -> dict[str, Any]:
    """A recipe of which data are read as they were, when there was nothing else to predict."""
    data = tree.get("data", {})
    return (
        tree if not isinstance(data, dict) else {**tree, "data": {"objective": "one_class", **data}}
    )


def _divided_anew(tree: dict[str, Any]) -> dict[str, Any]:
    """A recipe whose corrected data are divided as they were, when corrections came first."""
    data, split = tree.get("data", {}), tree.get("split", {})
    if not isinstance(data, dict) or not isinstance(split, dict):
        return tree
    if not any(data.get(name) for name in ("exclude", "relabel", "rename")):
        return tree
    return {**tree, "split": {"corrected": "anew", **split}}


MIGRATIONS: Mapping[int, Migration] = {1: _of_one_class, 2: _divided_anew}
"""From each older schema to the next. 2 knows what is predicted (``objective``); what a run of it
stores is complete, and what one of 1 left to the program is chosen as it was then. In 3,
corrections leave all other samples in their part of the split."""
MAX_BYTES = 4_000_000
"""A recipe is small; a huge file is not a recipe."""


class HeadOptions(Options, frozen=True):
    """The new last layers, which turn the backbone's features into your classes.

    ``dropout`` is chosen by :mod:`transfergui.core.restraint` where it is None.

    ``members`` is not shown: of an ensemble (:mod:`transfergui.core.strategies.soup`), the heads
    of its members, each on the features of its own part of the backbone; their probabilities
    are averaged, and the other settings mean nothing.
    """

    kind: Annotated[
        Literal["linear", "hidden"],
        option(
            N_("Head"),
            N_(
                "The new last layers, trained on your data. A single layer suits most data; a "
                "hidden layer can learn more, but needs more examples."
            ),
            labels={"linear": N_("Single layer"), "hidden": N_("Hidden layer (ReLU, dropout)")},
        ),
    ] = "linear"
    units: Annotated[
        int,
        option(
            N_("Hidden units"),
            N_("The width of the hidden layer: how many units there are."),
            ge=8,
            le=8192,
        ),
    ] = 256
    dropout: (
        Annotated[
            float,
            option(
                N_("Dropout"),
                N_(
                    "The share of the head's inputs (or hidden units) switched off at random in "
                    "each step. More dropout reduces overfitting."
                ),
                ge=0,
                le=0.95,
            ),
        ]
        | None
    ) = None
    members: tuple["HeadOptions", ...] = ()


class OptimOptions(Options, frozen=True):
    """How the weights are moved.

    None means chosen: ``lr`` by the strategy, ``batch_size`` by what is predicted,
    ``label_smoothing`` by :mod:`transfergui.core.restraint`.
    """

    optimizer: Annotated[
        Literal["adamw", "adam", "sgd"],
        option(
            N_("Optimiser"),
            N_("The rule that turns gradients into changes of the weights. AdamW suits most data."),
            labels={"adamw": "AdamW", "adam": "Adam", "sgd": "SGD"},
            advanced=True,
        ),
    ] = "adamw"
    lr: (
        Annotated[
            float,
            option(
                N_("Learning rate"),
                N_(
                    "How far the weights move in each step. If the learning rate is too high, "
                    "training diverges or the pretraining is lost; if too low, the model hardly "
                    "learns."
                ),
                ge=1e-8,
                le=1e9,
                advanced=True,
            ),
        ]
        | None
    ) = None
    batch_size: (
        Annotated[
            int,
            option(
                N_("Batch size"),
                N_("How many examples are used for each step. A larger batch needs more memory."),
                ge=1,
                le=4096,
                advanced=True,
            ),
        ]
        | None
    ) = None
    accumulate: Annotated[
        int,
        option(
            N_("Gradient accumulation"),
            N_(
                "The gradients of this many batches are added up before each step: the effect of "
                "a larger batch without its memory."
            ),
            ge=1,
            le=256,
            advanced=True,
        ),
    ] = 1
    schedule: Annotated[
        Literal["cosine", "one_cycle", "plateau", "constant"],
        option(
            N_("Schedule"),
            N_("How the learning rate changes during training."),
            labels={
                "cosine": N_("Falling smoothly (cosine)"),
                "one_cycle": N_("Rising, then falling (one cycle)"),
                "plateau": N_("Falling when validation stops improving"),
                "constant": N_("Constant"),
            },
            advanced=True,
        ),
    ] = "cosine"
    warmup_percent: Annotated[
        float,
        option(
            N_("Warm-up"),
            N_("The first part of the training, during which the learning rate rises from zero."),
            ge=0,
            le=50,
            unit="%",
            advanced=True,
        ),
    ] = 5.0
    weight_decay: Annotated[
        float,
        option(
            N_("Weight decay"),
            N_("Pulls the weights towards zero in each step, which reduces overfitting."),
            ge=0,
            le=1,
            advanced=True,
        ),
    ] = 0.01
    momentum: Annotated[
        float,
        option(
            N_("Momentum"),
            N_("For SGD only: how much of the previous step is added to the next one."),
            ge=0,
            le=0.999,
            advanced=True,
        ),
    ] = 0.9
    label_smoothing: (
        Annotated[
            float,
            option(
                N_("Label smoothing"),
                N_(
                    "Trains towards slightly less than full certainty, which reduces "
                    "overconfidence."
                ),
                ge=0,
                le=0.5,
                advanced=True,
            ),
        ]
        | None
    ) = None
    average: Annotated[
        float,
        option(
            N_("Weight averaging"),
            N_(
                "Keeps a moving average of the weights, which is often more accurate than the "
                "last weights. 0.99 averages about the last hundred steps; 0 turns averaging "
                "off."
            ),
            ge=0,
            le=0.9999,
            advanced=True,
        ),
    ] = 0.0
    balance: Annotated[
        Literal["auto", "none", "weights", "sampling"],
        option(
            N_("Class imbalance"),
            N_("What to do when some classes have many more examples than others."),
            labels={
                "auto": N_("Weight rare classes more where needed"),
                "none": N_("No correction"),
                "weights": N_("Weight rare classes more"),
                "sampling": N_("Sample rare classes more often"),
            },
            advanced=True,
        ),
    ] = "auto"
    clip_norm: Annotated[
        float,
        option(
            N_("Gradient clipping"),
            N_(
                "Limits the size of each gradient, so that no single step is too large. 0 means"
                " no limit."
            ),
            ge=0,
            le=1000,
            advanced=True,
        ),
    ] = 1.0


class RunOptions(Options, frozen=True):
    """How long, how reproducible, on what."""

    epochs: (
        Annotated[
            int,
            option(
                N_("Epochs"),
                N_(
                    "How many times the training goes through all training examples. Epochs in "
                    "which a strategy first trains the head alone are added to this number."
                ),
                ge=1,
                le=10_000,
            ),
        ]
        | None
    ) = None
    seed: Annotated[
        int,
        option(
            N_("Seed"),
            N_("The starting point of all random choices. The same seed gives the same result."),
            ge=0,
            le=2**31 - 1,
            advanced=True,
        ),
    ] = 0
    early_stopping: Annotated[
        Literal["auto", "loss", "accuracy", "none"],
        option(
            N_("Early stopping"),
            N_("The training ends when this figure no longer improves on the validation set."),
            labels={
                "auto": N_("Automatic"),
                "loss": N_("On validation loss"),
                "accuracy": N_("On validation accuracy (or main metric)"),
                "none": N_("Off"),
            },
            advanced=True,
        ),
    ] = "auto"
    patience: (
        Annotated[
            int,
            option(
                N_("Patience"),
                N_(
                    "The number of epochs without improvement after which early stopping ends "
                    "the training."
                ),
                ge=1,
                le=1000,
                advanced=True,
            ),
        ]
        | None
    ) = None
    device: Annotated[
        Literal["auto", "cpu", "cuda", "mps"],
        option(
            N_("Hardware"),
            N_("Where the training runs: on the processor, or on a graphics card if there is one."),
            labels={
                "auto": N_("Fastest available"),
                "cpu": N_("Processor (CPU)"),
                "cuda": N_("NVIDIA graphics card"),
                "mps": N_("Apple graphics card"),
            },
            advanced=True,
        ),
    ] = "auto"
    precision: Annotated[
        Literal["auto", "float32", "bfloat16", "float16"],
        option(
            N_("Numerical precision"),
            N_(
                "The number format used during training. Lower precision is faster on some "
                "hardware. Test results are always computed in full precision."
            ),
            labels={
                "auto": N_("Fastest (measured)"),
                "float32": N_("Full (32 bit)"),
                "bfloat16": "bfloat16",
                "float16": "float16",
            },
            advanced=True,
        ),
    ] = "auto"

    processes: Annotated[
        int,
        option(
            N_("Processes"),
            N_(
                "How many processes train together, each on its part of every batch: one for each "
                "NVIDIA graphics card, or several on the processor. 0 means one for each graphics "
                "card of this computer. In an automatic search, each process trains models of its "
                "own."
            ),
            ge=0,
            le=MOST_PROCESSES,
            advanced=True,
        ),
    ] = 1


class Recipe(Options, frozen=True):
    """A whole training, as data.

    Attributes:
        backbone: a key of the backbone list, a path to a weights file that fits one, to the
            folder of a run, or to a model package; ``auto`` for the best quick one that is there
            (:mod:`transfergui.core.networks.choice`). A run's recipe names the one taken.
        companions: other data beside.
        objective: options of what is predicted; what that is, the data say (``data.objective``).
        strategy: a key of the strategy registry.
        options: the strategy's own options.
        input: the modality's options on how a sample is brought to the network.
        augment: the modality's augmentation options; None for the preset that suits
            the strategy.
        weights_dir: a folder searched first for pretrained weights.
    """

    schema: Annotated[int, msgspec.Meta(ge=1)] = SCHEMA
    name: str = ""
    modality: str = "image"
    data: DataOptions = DataOptions()
    companions: CompanionOptions = CompanionOptions()
    objective: dict[str, Any] = {}
    split: SplitOptions = SplitOptions()
    backbone: str = "auto"
    weights_dir: str | None = None
    strategy: str = "feature_extraction"
    options: dict[str, Any] = {}
    head: HeadOptions = HeadOptions()
    input: dict[str, Any] = {}
    augment: dict[str, Any] | None = None
    optim: OptimOptions = OptimOptions()
    run: RunOptions = RunOptions()

    def others(self) -> tuple[Place, ...]:
        """Role and path of all other data; of groups of one's own data, role and name."""
        name = own_name(self.data.elsewhere)
        own: list[Place] = [("target", name)] if name else []
        own += [("check", name)] if name and self.data.elsewhere_checks else []
        found = (*own, *self.companions.places())
        return tuple(sorted(found, key=lambda place: [*ROLES].index(place[0])))

    def to_json(self) -> str:
        """Indented JSON, stable in order; undecodable path bytes survive as ``\\udcXX``."""
        return json.dumps(self.to_keep(), indent=2) + "\n"

    def to_keep(self) -> dict[str, Any]:
        """Plain values to be written: samples in tars are called by their names there."""
        tree: dict[str, Any] = msgspec.to_builtins(self)
        return {**tree, "data": msgspec.to_builtins(tar_names.kept(self.data))}

    def replace(self, **dotted: Any) -> "Recipe":
        """A copy with some settings changed; ``__`` stands for the dot: ``optim__lr=0.1``.

        Raises:
            UserError: ``recipe.invalid``.
        """
        tree = msgspec.to_builtins(self)
        for path, value in dotted.items():
            tree = opt.assign(tree, path.replace("__", "."), value)
        return opt.check(tree, Recipe)


def for_modality(recipe: Recipe, modality: str) -> Recipe:
    """``recipe`` without what belongs to another modality than ``modality``."""
    if recipe.modality == modality:
        return recipe
    plain = Recipe()
    return msgspec.structs.replace(
        recipe,
        modality=modality,
        backbone=plain.backbone,
        input=plain.input,
        augment=plain.augment,
        data=msgspec.structs.replace(recipe.data, options={}),
    )


def from_json(text: str, origin: str = "recipe") -> Recipe:
    """Read a recipe, migrating older formats.

    Args:
        text: JSON.
        origin: the file name, for messages.

    Raises:
        UserError: ``recipe.unreadable``, ``recipe.newer`` or ``recipe.invalid``.
    """
    try:
        files.parse_json(text)  # refuses repeated keys
        tree = records.parse(text)
    except (ValueError, RecursionError) as error:
        raise UserError("recipe.unreadable", path=origin, reason=records.why(error)) from None
    if not isinstance(tree, dict):
        raise UserError("recipe.unreadable", path=origin, reason=_("not a JSON object"))
    recipe = opt.check(migrated(tree, origin), Recipe)
    return msgspec.structs.replace(recipe, data=tar_names.found(recipe.data))


def migrated(tree: dict[str, Any], origin: str) -> dict[str, Any]:
    """A recipe as it was read, in the present schema; one that names none is of that.

    Raises:
        UserError: ``recipe.newer``.
    """
    found = tree.get("schema", SCHEMA)
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        return tree  # which the check refuses
    if found > SCHEMA:
        raise UserError("recipe.newer", path=origin, found=found, known=SCHEMA)
    for schema in range(found, SCHEMA):
        tree = MIGRATIONS[schema](tree)
    return tree | {"schema": SCHEMA}


def read(path: Path) -> Recipe:
    """Read a recipe file.

    Raises:
        UserError: as :func:`from_json`, or ``recipe.unreadable`` where there is no such file.
    """
    try:
        text = files.read_regular(path, MAX_BYTES).decode("utf-8-sig")  # Notepad puts a mark there
    except (OSError, UnicodeDecodeError) as error:
        raise UserError("recipe.unreadable", path=str(path), reason=records.why(error)) from None
    return from_json(text, str(path))
