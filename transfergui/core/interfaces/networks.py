"""Pretrained networks, as rows of a list, and what has learnt something already."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

import msgspec

from transfergui.core.data.targets import Targets

if TYPE_CHECKING:
    from transfergui.core.recipe import HeadOptions


ASSETS = "assets"
"""The input option that names the folder which :meth:`Modality.save_assets` fills; modalities that
need none lack it."""


Merge = Literal["concatenate", "average"]


ONE = Targets()
"""What is predicted where nothing else is said: one class."""


IN_FILES = {
    "no_cache": "cheap",
    "untrained_groups": "fresh",
    "lr_scale": "pace",
    "epoch_scale": "share",
    "has_norm_or_bias": "screws",
}
"""What fields of a row are called in files: those of runs and packages are older."""


class Map(msgspec.Struct, frozen=True, array_like=True):
    """A feature map of a network.

    Attributes:
        at: the module, within the network, that makes it.
        stride: pixels of the picture for each of its places.
    """

    at: str
    channels: int
    stride: int


class Backbone(msgspec.Struct, frozen=True, kw_only=True, rename=IN_FILES):
    """One pretrained network, as a row of the list. Plain data; torch is not needed to read it.

    Attributes:
        key: how recipes and the command line call it.
        family: ``VGG``, ``ResNet``, ... for grouping.
        summary: one plain sentence on when it is the right one.
        params: number of parameters, with the original head.
        features: length of the feature vector that the head gets.
        groups: parameter-name prefixes, one tuple per group, ordered stem to last
            block; together they cover every parameter of the encoder exactly once.
        input: defaults for the modality's input options (size, resize, mean ...).
        flops: multiply-adds of one forward pass at its input size, in units of 1e9.
        weights_url: where the weights are downloaded from, None for built-in ones.
        weights_hash: leading hex digits of the file's SHA-256.
        download_bytes: size of that file.
        accuracy: published top-1 accuracy in per cent on ``trained_on``.
        speed: a coarse class for people.
        hub: its name on the Hugging Face hub, where its weights are a folder there
            (``config.json``, ``tokenizer.json``, ``model.safetensors``); else empty.
        no_cache: its features cost less than reading them from the disk; they are never cached.
        untrained_groups: how many of the last groups have no pretrained weights, and are always
            trained.
        weights_of: key of the network whose weights it begins with, where they are not its own.
        lr_scale: factor of the learning rates that strategies take by themselves, which suit
            networks for pictures.
        epoch_scale: factor of the epochs that strategies take by themselves.
        attention: whether there are linear layers that attend, as transformers have them.
        has_norm_or_bias: whether norms or biases were pretrained.
        languages: those that it was trained on, as codes of :mod:`.languages`; none where any
            will do, or samples are in no language.
        parts: the networks that it is made of (:mod:`.composite`); empty for a single one.
        merge: what a head makes of their features, which lie side by side: takes them so, or
            averages them.
        maps: three feature maps, each half as wide as the one before, which boxes are found by;
            none where it has no such maps.
        pooled: where its encoder is to give these maps, side by side, not the features of a whole
            sample: how long the latter are. Else 0.
        body: of a detector that is taken over whole, with its own pyramid and head, the key of the
            network within it; else empty. It only finds boxes.
    """

    key: str
    title: str
    family: str
    summary: str
    params: int
    features: int
    groups: tuple[tuple[str, ...], ...]
    input: dict[str, Any]
    flops: float
    weights_url: str | None
    weights_hash: str
    download_bytes: int
    trained_on: str
    accuracy: float | None
    licence: str
    speed: Literal["fast", "medium", "slow", "very slow"] = "medium"
    source: str = ""
    hub: str = ""
    no_cache: bool = False
    untrained_groups: int = 0
    weights_of: str = ""
    lr_scale: float = 1.0
    epoch_scale: float = 1.0
    attention: bool = False
    has_norm_or_bias: bool = True
    languages: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    merge: Merge = "concatenate"
    maps: tuple[Map, ...] = ()
    pooled: int = 0
    body: str = ""

    @property
    def cacheable(self) -> bool:
        """Whether its features, frozen, stay the same and are worth keeping."""
        return not self.no_cache and not self.untrained_groups

    @property
    def widths(self) -> tuple[int, ...]:
        """How long the features of each part are; of a single network, its own."""
        return tuple(part.backbone.features for part in self.parts) or (self.features,)

    @property
    def merged(self) -> int:
        """How long the features are once a head has merged those of the parts."""
        return self.widths[0] if self.merge == "average" else self.features


class Part(msgspec.Struct, frozen=True):
    """One of the networks that another is made of.

    Attributes:
        input: its modality's input options, as it gets to see what the whole sees; without the
            place of its :data:`ASSETS`, which is :func:`part_assets`.
    """

    backbone: Backbone
    input: dict[str, Any]


def part_assets(assets: str, index: int) -> str:
    """The folder among a network's :data:`ASSETS` that belongs to its part number ``index``."""
    return str(Path(assets) / f"part{index}")


WeightState = Literal["built-in", "on disk", "download", "missing"]
"""``missing``: they belong to the program and cannot be downloaded, but are not there."""


@dataclass(frozen=True)
class Source:
    """A network that has learnt something: where a training starts, or whom it learns from.

    Attributes:
        weights: its file; None where it is to be looked for.
        input: settings of the modality's input options that go with it.
        run: the folder of the run that made it, if it was one of ours.
        classes: which classes its own head tells apart; empty where it has none.
        head: how that head was made.
        targets: what these classes mean.
        backbone_unchanged: whether its training left the network as it was, and trained last
            layers alone.
    """

    backbone: Backbone
    weights: Path | None = None
    input: dict[str, Any] = field(default_factory=dict)
    run: Path | None = None
    classes: tuple[str, ...] = ()
    head: HeadOptions | None = None
    targets: Targets = ONE
    backbone_unchanged: bool = False


class Networks(Protocol):
    """The networks that the options of a strategy name."""

    def named(self, name: str) -> Source:
        """The network that a key, a file, a run or a package names.

        Raises:
            UserError: as :func:`transfergui.core.sources.named_backbone`.
        """

    def input(self, source: Source) -> dict[str, Any]:
        """The input options that can be set, with which ``source`` looks at the samples."""

    def beginning(self, source: Source) -> tuple[Any, ...] | None:
        """What the weights of a finished run began with, and their shape; see
        :func:`transfergui.core.sources.beginning`."""
