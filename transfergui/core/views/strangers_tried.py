"""What the model says of what has nothing to do with its training data.

Noise and the like are made here; the collections that come with the program lend some of theirs.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from transfergui.core.base import files, paths
from transfergui.core.base.figure_texts import percent
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.notes import Note
from transfergui.core.base.progress import Tell
from transfergui.core.evaluation import prediction_table
from transfergui.core.evaluation.kinds import Gallery, Item, Shown
from transfergui.core.figures import strangers
from transfergui.core.views.result import Result
from transfergui.core.views.view import View

if TYPE_CHECKING:
    from transfergui.core.evaluation.prediction import Prediction

EACH = 12
"""Samples of a kind."""
SIDE = 224
"""Pixels."""
RATE = 16_000
WELL = 0.95
"""Of the strangers, that are told."""
WORDS = [
    "apple",
    "river",
    "window",
    "quantum",
    "saddle",
    "cloud",
    "nine",
    "happen",
    "tundra",
    "violin",
    "matrix",
    "eleven",
    "lamp",
    "orange",
    "shoe",
    "kettle",
    "moss",
    "print",
    "glass",
    "rail",
    "salt",
    "north",
    "spend",
    "dog",
    "corner",
    "seven",
    "tiny",
    "orbit",
    "velvet",
    "harbour",
]
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Kind:
    """Unrelated samples.

    Attributes:
        title: marked with ``N_``.
        write: makes them as files in a folder.
        bundled: the name of the sample collection that they are of; empty where they are made.
    """

    title: str
    write: Callable[[Path, np.random.Generator], None]
    bundled: str = ""


def obstacle(result: Result) -> str:
    """As :attr:`transfergui.core.views.view.View.obstacle`."""
    known = result.report.strangers is not None and result.split.modality in KINDS
    return "" if known else "strangers.unknown"


def compute(result: Result, tell: Tell) -> Shown:
    """Let the model predict them all."""
    kinds = [
        kind
        for kind in KINDS[result.split.modality]
        if not kind.bundled or kind.bundled != result.run.recipe.name
    ]
    galleries, found = [], []
    with files.temporary_folder() as folder:
        for done, kind in enumerate(kinds):
            tell(done, len(kinds))
            own = folder / str(done)
            own.mkdir()
            kind.write(own, np.random.default_rng(0))
            predictions = list(result.model.predict(sorted(own.iterdir())))
            galleries.append(_gallery(result, kind, predictions))
            found += [(_(kind.title), each) for each in predictions]
    return Shown(tuple(_notes(result, found)), tuple(galleries), _figures(kinds, found))


def _gallery(result: Result, kind: Kind, predictions: Sequence[Prediction]) -> Gallery:
    items = [
        Item("", _caption(result, each), result.modality.preview(each.path, result.model.input))
        for each in predictions
    ]
    return Gallery(_(kind.title), tuple(items))


def _caption(result: Result, found: Prediction) -> str:
    """``shirt · 63 % · unlike the training data``"""
    said = [found.likeliest(result.model.classes)]
    said += [] if found.confidence is None else [percent(found.confidence, 0)]
    said += [prediction_table.doubt_text(found.doubt)] if found.doubt else []
    return " · ".join(said)


def _notes(result: Result, found: Sequence[tuple[str, Prediction]]) -> Iterator[Note]:
    told = sum(bool(each.doubt) for _title, each in found)
    noun = result.modality.many
    values = {"count": told, "total": len(found), "noun": noun}
    well = told >= WELL * len(found)
    code = "strangers.told" if well else "strangers.missed"
    yield Note(code, values, "good" if well else "warning")
    sure = [(each.confidence or 0.0, title, each) for title, each in found]
    if sure and result.objective.confident and not result.objective.several:
        confidence, title, each = max(sure, key=lambda one: one[0])
        label = each.likeliest(result.model.classes)
        yield Note(
            "strangers.surest",
            {"label": label, "confidence": percent(confidence, 0), "what": title},
        )


def _figures(
    kinds: Sequence[Kind], found: Sequence[tuple[str, Prediction]]
) -> Mapping[str, object]:
    return {
        "tried": len(found),
        "told": sum(bool(each.doubt) for _title, each in found),
        "held_out_passed": strangers.PASSED,
    }


# -- pictures


def _pictures(
    make: Callable[[np.random.Generator], np.ndarray],
) -> Callable[[Path, np.random.Generator], None]:
    def write(folder: Path, rng: np.random.Generator) -> None:
        from PIL import Image

        for number in range(EACH):
            Image.fromarray(make(rng)).save(folder / f"{number:02}.png")

    return write


def _noise(rng: np.random.Generator) -> np.ndarray:
    return rng.integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)


def _patches(rng: np.random.Generator) -> np.ndarray:
    """Coloured squares."""
    count = int(rng.integers(2, 9))
    coarse = rng.integers(0, 256, (count, count, 3), dtype=np.uint8)
    return np.kron(coarse, np.ones((SIDE // count, SIDE // count, 1), np.uint8))


def _strip(name: str) -> Callable[[Path, np.random.Generator], None]:
    """The squares of a picture of ``resources/samples``."""

    def write(folder: Path, _rng: np.random.Generator) -> None:
        from PIL import Image

        with Image.open(paths.resource("samples", name)) as opened:
            strip = opened.convert("RGB")
        side = strip.height
        for number in range(min(EACH, strip.width // side)):
            square = strip.crop((number * side, 0, (number + 1) * side, side))
            square.resize((SIDE, SIDE)).save(folder / f"{number:02}.png")

    return write


# -- sounds


def _sounds(
    make: Callable[[np.random.Generator], np.ndarray],
) -> Callable[[Path, np.random.Generator], None]:
    def write(folder: Path, rng: np.random.Generator) -> None:
        import soundfile

        for number in range(EACH):
            soundfile.write(folder / f"{number:02}.wav", make(rng).astype(np.float32), RATE)

    return write


def _hiss(rng: np.random.Generator) -> np.ndarray:
    return rng.normal(0, rng.choice([0.02, 0.1, 0.3]), RATE)


def _quiet(rng: np.random.Generator) -> np.ndarray:
    return rng.normal(0, 1e-4, RATE)


def _tones(rng: np.random.Generator) -> np.ndarray:
    """A chord that fades."""
    time = np.arange(RATE) / RATE
    pitches = rng.uniform(100, 3000, int(rng.integers(1, 4)))
    return np.exp(-time * rng.uniform(0, 4)) * sum(0.2 * np.sin(6.283 * p * time) for p in pitches)


# -- texts


def _texts(
    make: Callable[[np.random.Generator], str],
) -> Callable[[Path, np.random.Generator], None]:
    def write(folder: Path, rng: np.random.Generator) -> None:
        for number in range(EACH):
            (folder / f"{number:02}.txt").write_text(make(rng), encoding="utf-8-sig")

    return write


def _letters(rng: np.random.Generator) -> str:
    lengths = rng.integers(2, 10, 20)
    return " ".join("".join(rng.choice(list(LETTERS), int(length))) for length in lengths)


def _words(rng: np.random.Generator) -> str:
    return " ".join(rng.choice(WORDS, int(rng.integers(8, 30))))


def _remarks(language: str) -> list[str]:
    path = paths.resource("samples", "texts.csv")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return [row["text"] for row in csv.DictReader(stream) if row["language"] == language]


def _chinese(rng: np.random.Generator) -> str:
    return str(rng.choice(_remarks("chinese")))


KINDS: Mapping[str, tuple[Kind, ...]] = {
    "image": (
        Kind(N_("Noise"), _pictures(_noise)),
        Kind(N_("Coloured squares"), _pictures(_patches)),
        Kind(N_("Handwritten digits"), _strip("digits.png"), "digits"),
        Kind(N_("Spectrograms"), _strip("notes.png")),
    ),
    "audio": (
        Kind(N_("Noise"), _sounds(_hiss)),
        Kind(N_("Near silence"), _sounds(_quiet)),
        Kind(N_("Chords"), _sounds(_tones)),
    ),
    "text": (
        Kind(N_("Random letters"), _texts(_letters)),
        Kind(N_("Random words"), _texts(_words)),
        Kind(N_("Chinese remarks"), _texts(_chinese), "remarks"),
    ),
}
"""By the modality of the model."""

VIEW = View(
    key="strangers_tried",
    title=N_("Unrelated examples"),
    summary=N_(
        "What the model predicts for noise and for other data that it was never trained on, and "
        "whether it notices."
    ),
    obstacle=obstacle,
    compute=compute,
    looked_at=lambda result: EACH * len(KINDS[result.modality.key]),
)
