"""What is learnt from: the interface that every modality fills in.

A modality is one folder here and one line in :mod:`transfergui.core.registry`.
Nothing in this file, and nothing at the top of a modality's package, imports
torch; the functions of a modality that need it import it when they are called.
Nothing under ``gui`` names a modality: forms come from the option structs,
previews are neutral data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

import msgspec

from transfergui.core.dataset import DataOptions, Dataset, Problem
from transfergui.core.options import Options

if TYPE_CHECKING:
    import numpy as np
    import torch


class Backbone(msgspec.Struct, frozen=True, kw_only=True):
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


@dataclass(frozen=True)
class Preview:
    """A sample as neutral data that the window's renderers draw.

    Attributes:
        kind: which renderer: ``picture``, ``sound`` or ``text``.
        data: for a picture uint8 [height, width, 3].
        caption: what is shown, in words.
    """

    kind: Literal["picture", "sound", "text"]
    data: Any
    caption: str = ""


ScanProgress = Callable[[int], None]
"""Called now and then with the number of files seen; raises to cancel the scan."""


class Modality(Protocol):
    """Everything the engine and the window need to know about one kind of data.

    Attributes:
        recommended: key of the network that is worth its download where only a poorer one is there.
        prepared: what :meth:`prepare` returns, in words for those who use an exported model.
    """

    key: str
    title: str
    one: str
    many: str
    input_options: type[Options]
    augment_options: type[Options]
    augment_presets: Mapping[str, Options]
    patterns: tuple[str, ...]
    recommended: str
    prepared: str

    def backbones(self) -> tuple[Backbone, ...]:
        """The rows, torch-free and fast."""

    def scan(self, options: DataOptions, progress: ScanProgress = ...) -> Dataset:
        """Read a folder, manifest or zip; bad files become problems, never exceptions.

        Raises:
            UserError: ``data.missing``, ``data.empty``: there is nothing to list.
        """

    def list_files(self, paths: Sequence[Path]) -> Iterator[Path]:
        """The files to predict among ``paths``, folders walked."""

    def check(self, path: Path) -> Problem | None:
        """What is wrong with one file, or None."""

    def load(self, path: Path, input: Options) -> torch.Tensor:
        """Decode one file to what is cached and augmented: for pictures uint8 [3, H, W].

        Raises:
            UserError: the file cannot be read; the code says why.
        """

    def prepare(self, loaded: torch.Tensor, input: Options) -> torch.Tensor:
        """What the network sees without augmentation: for pictures float [3, S, S] in [0, 1]."""

    def input_shape(self, input: Options) -> tuple[int, ...]:
        """The shape of one prepared sample."""

    def augment(
        self, loaded: torch.Tensor, input: Options, options: Options, rng: np.random.Generator
    ) -> torch.Tensor:
        """Like :meth:`prepare`, randomly changed; all randomness comes from ``rng``."""

    def mixes(self, options: Options) -> bool:
        """Whether :meth:`mix` does anything with these options."""

    def mix(
        self,
        inputs: torch.Tensor,
        targets: torch.Tensor,
        options: Options,
        rng: np.random.Generator,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Change a batch as a whole (mixup, cutmix): inputs [N, ...], soft targets [N, classes]."""

    def require_fit(self, backbone: Backbone, input: Options, augment: Options) -> None:
        """Insist that the network takes whatever :meth:`mix` makes of prepared inputs.

        Raises:
            UserError: it does not; the code says why.
        """

    def build(self, backbone: Backbone, weights: Path | None, input: Options) -> torch.nn.Module:
        """The encoder: prepared batch [N, ...] to features [N, ``backbone.features``].

        Normalisation is inside, so that exports carry it; a weights file names the
        tensors of its submodule ``network``. In train mode an
        encoder may return a tuple (features, auxiliary features); its
        ``aux_features`` is then their length, otherwise 0.

        Raises:
            UserError: the weights do not fit; the code says what does not.
        """

    def preview(self, path: Path, input: Options) -> Preview:
        """A sample as the user knows it, decoded small; torch-free.

        Raises:
            UserError: the file cannot be read.
        """
