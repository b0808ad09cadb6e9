"""How texts are read, brought to the length of the network and augmented."""

from __future__ import annotations

from typing import Annotated, Literal

from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options, option
from transfergui.core.reading.data_options import FileData

MOST_TOKENS = 256
"""More are seen only where somebody asks for them: the cost grows with the length."""


class TextData(FileData, frozen=True):
    """How a collection of texts is read."""

    text_column: Annotated[
        str,
        option(
            N_("Text column"),
            N_("The column of the table that contains the texts. Detected if you choose none."),
            chooser="found",
        ),
    ] = ""
    header: Annotated[
        Literal["auto", "yes", "no"],
        option(
            N_("First row"),
            N_(
                "Whether the first row of the table contains the column names or is already an "
                "example."
            ),
            labels={
                "auto": N_("Detect automatically"),
                "yes": N_("Column names"),
                "no": N_("An example"),
            },
        ),
    ] = "auto"
    tables: Annotated[
        Literal["auto", "all", "parts", "classes"],
        option(
            N_("Several tables"),
            N_("How several tables in one folder belong together."),
            labels={
                "auto": N_("Detect automatically"),
                "all": N_("One dataset"),
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
                "The character encoding of the file. Choose another one if umlauts or other "
                "scripts look garbled."
            ),
            labels={
                "auto": N_("Detect automatically"),
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
                "The model reads this many tokens (pieces of words) of each text and ignores "
                "the rest. Automatic: long enough for nearly all texts, at most 256 tokens."
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
            N_("Hide this share of the tokens, so that the model does not rely on single words."),
            ge=0,
            le=50,
            unit="%",
        ),
    ] = 0.0
    drop: Annotated[
        float,
        option(
            N_("Remove words"),
            N_("Remove this share of the tokens from the text."),
            ge=0,
            le=50,
            unit="%",
        ),
    ] = 0.0
    swap: Annotated[
        float,
        option(
            N_("Swap neighbours"),
            N_("Swap this share of the tokens with the next one."),
            ge=0,
            le=50,
            unit="%",
        ),
    ] = 0.0


PRESETS: dict[str, Options] = {
    N_("None"): TextAugment(),
    N_("Light"): TextAugment(hide=10.0),
    N_("Strong"): TextAugment(hide=15.0, drop=10.0, swap=10.0),
}
