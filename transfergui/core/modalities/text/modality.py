"""Texts: tables or folders of them; word vectors, networks of the BERT family, TF-IDF.

``files`` finds, checks and reads, ``tokens`` makes numbers of
texts, ``backbones`` lists the networks, ``folders`` knows those on the disk, ``tfidf``
and ``word_vectors`` make what is made here (all without torch); ``transforms`` prepares
and augments, ``models`` builds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transfergui.core.base.i18n import N_
from transfergui.core.base.notes import Note
from transfergui.core.base.options import Options
from transfergui.core.data.dataset import DataOptions, Dataset, Problem
from transfergui.core.data.likeness import Likeness
from transfergui.core.data.properties import Fault, Framing, Property, Value
from transfergui.core.interfaces.capture import Device
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.interfaces.plan import ScanProgress
from transfergui.core.interfaces.samples import Augmented, Preview
from transfergui.core.modalities.text.options import PRESETS, TextAugment, TextData, TextInput
from transfergui.core.modalities.text.properties import FAULTS, PROPERTIES
from transfergui.core.modalities.usual import Usual

if TYPE_CHECKING:
    import numpy as np
    import torch

    from transfergui.core.data.rows import OwnRow
    from transfergui.core.figures.metrics import Baseline
    from transfergui.core.interfaces.networks import Source
    from transfergui.core.interfaces.plan import Plan


class Texts(Usual):
    """The text modality; see :class:`transfergui.core.interfaces.plan.Modality`."""

    key = "text"
    title = N_("Texts")
    one = N_("text")
    many = N_("texts")
    data_options: type[Options] = TextData
    input_options: type[Options] = TextInput
    augment_options: type[Options] = TextAugment
    augment_presets: Mapping[str, Options] = PRESETS
    patterns: tuple[str, ...] = ("*.txt",)
    patterns_on_request: tuple[str, ...] = ()
    reading: tuple[str, ...] = ("text_column", "label_column", "encoding", "sheet")
    tables = True
    typed = ".txt"
    icon = "lines"
    recommended = "minilm"  # small, quick, and made to tell sentences apart
    prepared = N_(
        "token numbers, as the tokenizer.json beside the model produces them from raw text"
    )
    properties: tuple[Property, ...] = PROPERTIES
    faults: tuple[Fault, ...] = FAULTS
    likeness: Likeness | None = None
    device: Device | None = None

    def backbones(self) -> tuple[Backbone, ...]:
        from transfergui.core.modalities.text import backbones

        return backbones.ROWS

    def scan(self, options: DataOptions, progress: ScanProgress = lambda count: None) -> Dataset:
        from transfergui.core.modalities.text import files

        return files.scan(options, progress)

    def list_files(self, paths: Sequence[Path], input: Options) -> Iterator[Path]:
        from transfergui.core.modalities.text import reading as files

        return files.list_files(paths, _input(input))

    def own_row(self, path: Path, input: Options) -> OwnRow | None:
        from transfergui.core.modalities.text import reading as files

        return files.own_row(path, _input(input))

    def data_for(self, input: Options) -> dict[str, Any]:
        chosen = _input(input)
        columns = {"text_column": chosen.text_column, "label_column": chosen.label_column}
        return columns | ({"sheet": chosen.sheet} if chosen.sheet else {})

    def check(self, path: Path) -> Problem | None:
        from transfergui.core.modalities.text import reading as files

        return files.check(path)

    def digest(self, path: Path, input: Options) -> str:
        from transfergui.core.modalities.text import reading as files

        return files.digest(path, _input(input))

    def copies(
        self,
        own: Sequence[Path],
        others: Sequence[Path],
        input: Options,
        check_cancelled: Callable[[], object],
    ) -> list[tuple[int, int]] | None:
        from transfergui.core.modalities.text import copies

        return copies.of_others(own, others, _input(input), check_cancelled)

    def load(self, path: Path, input: Options) -> torch.Tensor:
        from transfergui.core.modalities.text import transforms

        return transforms.load(path, _input(input))

    def prepare(self, loaded: torch.Tensor, input: Options) -> torch.Tensor:
        return loaded

    def tokens(self, input: Options) -> tuple[int, int | None] | None:
        from transfergui.core.modalities.text import tokens

        chosen = _input(input)
        if not chosen.assets:
            return None
        tokenizer = tokens.open_folder(Path(chosen.assets))
        return tokenizer.pad, tokenizer.unknown

    def prediction_warning(self, prepared: torch.Tensor, input: Options) -> Note | None:
        from transfergui.core.modalities.text import transforms

        return transforms.prediction_warning(prepared, _input(input))

    def measure(self, path: Path, input: Options) -> dict[str, Value]:
        from transfergui.core.modalities.text import measuring

        return measuring.measure(path, _input(input))

    def framing(self, columns: Mapping[str, np.ndarray], input: Options) -> Iterable[Framing]:
        from transfergui.core.modalities.text import framing

        return framing.framed(columns, _input(input))

    def input_shape(self, input: Options) -> tuple[int, ...]:
        return (_input(input).tokens,)

    def example(self, input: Options) -> torch.Tensor:
        from transfergui.core.modalities.text import transforms

        return transforms.example(_input(input))

    def augment(
        self,
        loaded: Sequence[torch.Tensor],
        input: Options,
        options: Options,
        rngs: Sequence[np.random.Generator],
        device: torch.device,
        places: torch.Tensor | None = None,
    ) -> Augmented:
        from transfergui.core.modalities.text import transforms

        assert places is None  # objectives with places are for pictures
        return Augmented(transforms.augment(loaded, _input(input), _augment(options), rngs, device))

    def mixes(self, options: Options) -> bool:
        return False

    def mix(
        self,
        inputs: torch.Tensor,
        targets: torch.Tensor,
        options: Options,
        rng: np.random.Generator,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        return inputs, targets

    def input_limits(self, backbone: Backbone, input: Options) -> dict[str, int]:
        from transfergui.core.modalities.text import folders

        most = folders.most_tokens(_input(input))
        return {} if most is None else {"tokens": most}

    def require_fit(self, backbone: Backbone, input: Options, augment: Options) -> None:
        from transfergui.core.modalities.text import folders

        folders.require_length(backbone, _input(input))

    def fused(self, inputs: Sequence[Options]) -> tuple[Options, tuple[Options, ...]]:
        from transfergui.core.modalities.text import equipment

        return equipment.fused([_input(input) for input in inputs])

    def beside(self, backbone: Backbone, weights: Path | None) -> dict[str, Any]:
        from transfergui.core.modalities.text import folders

        return folders.beside(backbone, weights)

    def from_path(self, path: Path) -> Source | None:
        from transfergui.core.modalities.text import folders

        return folders.source(path)

    def save_assets(self, plan: Plan, folder: Path) -> None:
        from transfergui.core.modalities.text import equipment

        equipment.save_assets(plan, folder)

    def baselines(self, plan: Plan) -> tuple[Baseline, ...]:
        from transfergui.core.modalities.text import tfidf

        return tfidf.baselines(plan)

    def notes(self, plan: Plan, searched: bool) -> Iterable[Note]:
        from transfergui.core.modalities.text import equipment

        return equipment.notes(plan, searched)

    def build(self, backbone: Backbone, weights: Path | None, input: Options) -> torch.nn.Module:
        from transfergui.core.modalities.text import models

        return models.build(backbone, weights, _input(input))

    def shown(self, prepared: torch.Tensor, input: Options) -> Preview:
        from transfergui.core.modalities.text import preview

        return preview.of_ids(prepared.numpy(), _input(input))

    def without(self, prepared: torch.Tensor, hidden: np.ndarray, input: Options) -> torch.Tensor:
        from transfergui.core.modalities.text import transforms

        return transforms.without(prepared, hidden, _input(input))

    def units(self, path: Path, input: Options) -> np.ndarray | None:
        from transfergui.core.modalities.text import spans

        return spans.units(path, _input(input))

    def explained(
        self, path: Path, prepared: torch.Tensor, heat: np.ndarray, hot: np.ndarray, input: Options
    ) -> Preview:
        from transfergui.core.modalities.text import spans

        return spans.explained(path, heat, _input(input))

    def preview(self, path: Path, input: Options, large: bool = False) -> Preview:
        from transfergui.core.modalities.text import preview

        return preview.of_text(path, _input(input))


def _input(options: Options) -> TextInput:
    assert isinstance(options, TextInput)
    return options


def _augment(options: Options) -> TextAugment:
    assert isinstance(options, TextAugment)
    return options
