"""Texts: tables or folders of them; word vectors, networks of the BERT family, TF-IDF.

``files`` finds, checks and reads, ``tokens`` makes numbers of
texts, ``backbones`` lists the networks, ``folders`` knows those on the disk, ``tfidf``
and ``word_vectors`` make what is made here (all without torch); ``transforms`` prepares
and augments, ``models`` builds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options, option
from transfergui.core.data.dataset import DataOptions, Dataset, Problem
from transfergui.core.interfaces import Backbone, Preview, ScanProgress
from transfergui.core.reading.data_options import FileData

if TYPE_CHECKING:
    import numpy as np
    import torch

    from transfergui.core.data.rows import OwnRow
    from transfergui.core.interfaces import Baseline
    from transfergui.core.resolve import Plan
    from transfergui.core.strategies.strategy import Source

MOST_TOKENS = 256
"""More are seen only where somebody asks for them: the cost grows with the length."""


class TextData(FileData, frozen=True):
    """How a collection of texts is read."""

    text_column: Annotated[
        str,
        option(
            N_("Column of the texts"),
            N_("Which column of the table holds the texts. Guessed where you choose none."),
            chooser="found",
        ),
    ] = ""
    header: Annotated[
        Literal["auto", "yes", "no"],
        option(
            N_("First row"),
            N_("Whether the first row of the table names the columns, or is an example already."),
            labels={
                "auto": N_("Find out"),
                "yes": N_("Names the columns"),
                "no": N_("Is an example"),
            },
        ),
    ] = "auto"
    tables: Annotated[
        Literal["auto", "all", "parts", "classes"],
        option(
            N_("Several tables"),
            N_("What several tables in one folder are to each other."),
            labels={
                "auto": N_("Find out"),
                "all": N_("One data set"),
                "parts": N_("Training, validation and test set"),
                "classes": N_("One class each"),
            },
            advanced=True,
        ),
    ] = "auto"
    encoding: Annotated[
        Literal[
            "auto",
            "utf-8",
            "utf-16",
            "utf-16-le",
            "utf-16-be",
            "cp1252",
            "cp1251",
            "gb18030",
            "big5",
            "shift_jis",
            "cp949",
        ],
        option(
            N_("Encoding"),
            N_(
                "How the file writes its characters. Choose another one if umlauts or foreign "
                "scripts look garbled."
            ),
            labels={
                "auto": N_("Find out"),
                "utf-8": "UTF-8",
                "utf-16": "UTF-16",
                "utf-16-le": "UTF-16 LE",
                "utf-16-be": "UTF-16 BE",
                "cp1252": N_("Western (Windows-1252)"),
                "cp1251": N_("Cyrillic (Windows-1251)"),
                "gb18030": N_("Chinese (GB 18030)"),
                "big5": N_("Traditional Chinese (Big5)"),
                "shift_jis": N_("Japanese (Shift JIS)"),
                "cp949": N_("Korean (CP949)"),
            },
            advanced=True,
        ),
    ] = "auto"


class TextInput(Options, frozen=True):
    """How a text is brought to the network.

    All but ``tokens`` come from the data or lie beside the weights, and are not shown.

    Attributes:
        text_column, label_column, encoding, sheet: as of :class:`TextData`, with the columns found.
        assets: the folder with the network's tokenizer; empty where none is known.
    """

    tokens: Annotated[
        int,
        option(
            N_("Length of texts"),
            N_(
                "The network reads so many pieces of words of each text; what goes on beyond is "
                "not seen. By itself, as long as nearly all of your texts are, at most 256."
            ),
            ge=4,
            le=4096,
            advanced=True,
        ),
    ] = 128
    text_column: str = ""
    label_column: str = ""
    encoding: str = "auto"
    sheet: str = ""
    assets: str = ""


class TextAugment(Options, frozen=True):
    """Random changes of each text, anew in every epoch; everything off by default."""

    hide: Annotated[
        float,
        option(
            N_("Hide words"),
            N_("Black out this share of the pieces of words, so that none is relied on alone."),
            ge=0,
            le=50,
            unit="%",
        ),
    ] = 0.0
    drop: Annotated[
        float,
        option(
            N_("Leave out words"),
            N_("Take this share of the pieces of words out of the text."),
            ge=0,
            le=50,
            unit="%",
        ),
    ] = 0.0
    swap: Annotated[
        float,
        option(
            N_("Swap neighbours"),
            N_("Exchange this share of the pieces of words with the next one."),
            ge=0,
            le=50,
            unit="%",
        ),
    ] = 0.0


PRESETS: dict[str, Options] = {
    N_("None"): TextAugment(),
    N_("Light"): TextAugment(hide=10),
    N_("Strong"): TextAugment(hide=15, drop=10, swap=10),
}


class Texts:
    """The text modality; see :class:`transfergui.core.interfaces.Modality`."""

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
    recommended = "minilm"  # small, quick, and made to tell sentences apart
    prepared = "numbers of tokens, as the tokenizer.json beside the model makes them of raw text"

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

    def load(self, path: Path, input: Options) -> torch.Tensor:
        from transfergui.core.modalities.text import transforms

        return transforms.load(path, _input(input))

    def prepare(self, loaded: torch.Tensor, input: Options) -> torch.Tensor:
        return loaded

    def doubt(self, prepared: torch.Tensor, input: Options) -> tuple[str, dict[str, Any]] | None:
        from transfergui.core.modalities.text import transforms

        return transforms.doubt(prepared, _input(input))

    def file_doubt(self, path: Path, input: Options) -> tuple[str, dict[str, Any]] | None:
        return None

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
    ) -> torch.Tensor:
        from transfergui.core.modalities.text import transforms

        return transforms.augment(loaded, _input(input), _augment(options), rngs, device)

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

    def equip(self, plan: Plan, folder: Path) -> None:
        from transfergui.core.modalities.text import equipment

        equipment.equip(plan, folder)

    def baselines(self, plan: Plan) -> tuple[Baseline, ...]:
        from transfergui.core.modalities.text import tfidf

        return tfidf.baselines(plan)

    def remarks(self, plan: Plan, searched: bool) -> Iterable[tuple[str, dict[str, Any]]]:
        from transfergui.core.modalities.text import equipment

        return equipment.remarks(plan, searched)

    def build(self, backbone: Backbone, weights: Path | None, input: Options) -> torch.nn.Module:
        from transfergui.core.modalities.text import models

        return models.build(backbone, weights, _input(input))

    def shown(self, prepared: torch.Tensor, input: Options) -> Preview:
        from transfergui.core.modalities.text import preview

        return preview.of_ids(prepared.numpy(), _input(input))

    def preview(self, path: Path, input: Options, large: bool = False) -> Preview:
        from transfergui.core.modalities.text import preview

        return preview.of_text(path, _input(input))


def _input(options: Options) -> TextInput:
    assert isinstance(options, TextInput)
    return options


def _augment(options: Options) -> TextAugment:
    assert isinstance(options, TextAugment)
    return options
