"""What the model says of what has nothing to do with its training data.

Noise and the like are made here; the collections that come with the program lend some of theirs.
These are easy. The hard test is a class of the same data that the model was not trained on: each
class in turn is taken out of what new samples are compared with.
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
from transfergui.core.base.messages import Level
from transfergui.core.base.notes import Note
from transfergui.core.base.paths import shown
from transfergui.core.base.progress import Tell
from transfergui.core.data.dataset import SplitName
from transfergui.core.data.languages import LATIN
from transfergui.core.data.targets import ONE_CLASS
from transfergui.core.evaluation import prediction_table
from transfergui.core.evaluation.kinds import Gallery, Item, Shown, Table
from transfergui.core.figures import strangers
from transfergui.core.views.result import Features, Result, features_of
from transfergui.core.views.view import OF_WHOLE, View, of_whole

if TYPE_CHECKING:
    from transfergui.core.evaluation.prediction import Prediction

EACH = 12
"""Samples of a kind."""
SIDE = 224
"""Pixels."""
RATE = 16_000
HELD_OUT: tuple[SplitName, ...] = ("val", "test")
WELL, HALF = 0.95, 0.5
"""Of the strangers, that are told: from the one on it is good, below the other a warning."""
MOST_CLASSES = 10
"""Classes that are left out in turn: those with the most held-out samples."""
MOST_HELD_OUT = 300
"""Held-out samples that a trained network looks at."""
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
GERMAN = [
    "Leider war das Buch so langweilig, dass ich nach der Hälfte aufgehört habe.",
    "Die Lieferung kam pünktlich, und alles war gut verpackt.",
    "Der Film hat mir ausgezeichnet gefallen, vor allem die Musik.",
    "Nach zwei Wochen ist der Griff abgebrochen.",
    "Der Zug nach Bremen fährt heute von Gleis sieben.",
    "Das Essen war kalt und der Kellner unfreundlich.",
    "Eine wunderbare Geschichte mit überraschendem Ende!",
    "Bitte senden Sie uns den unterschriebenen Vertrag bis Freitag.",
    "Sehr zufrieden mit dem Kauf, gern wieder.",
    "Die Schauspieler waren hölzern und die Handlung vorhersehbar.",
    "Morgen wird es im Norden regnen und stürmen.",
    "Für diesen Preis kann man wirklich nichts Besseres erwarten.",
]
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Kind:
    """Unrelated samples.

    Attributes:
        title: marked with ``N_``.
        write: makes them as files in a folder.
        bundled: the name of the sample collection that they are of; empty where they are made.
        language: the code of their language; empty where that does not make them unrelated.
    """

    title: str
    write: Callable[[Path, np.random.Generator], None]
    bundled: str = ""
    language: str = ""


def obstacle(result: Result) -> str:
    """As :attr:`transfergui.core.views.view.View.obstacle`."""
    if result.report.strangers is not None and result.split.modality in KINDS:
        return ""
    split = result.split
    few = len(split.val) < strangers.FEWEST or len(split.train) < strangers.FEWEST_KEPT
    return "strangers.few" if few else "strangers.unknown"


def compute(result: Result, tell: Tell) -> Shown:
    """Let the model predict them all."""
    kinds = [
        kind
        for kind in KINDS[result.split.modality]
        if (not kind.bundled or kind.bundled != result.run.recipe.name)
        and kind.language not in result.split.languages
    ]
    galleries, found = [], []
    with files.temporary_folder() as folder:
        for done, kind in enumerate(kinds):
            tell(done, len(kinds) + 1)
            own = folder / str(done)
            own.mkdir()
            kind.write(own, np.random.default_rng(0))
            predictions = list(result.model.predict(sorted(own.iterdir())))
            galleries.append(_gallery(result, kind, predictions))
            found += [(_(kind.title), each) for each in predictions]
    classes = left_out(result, lambda _done, _total: tell(len(kinds), len(kinds) + 1))
    tables = (_table(result, classes),) if classes else ()
    notes = (*class_notes(result, classes), *_notes(result, found))
    return Shown(notes, (*tables, *galleries), _figures(kinds, found, classes))


# -- the hard ones: classes left out


@dataclass(frozen=True)
class LeftOut:
    """A class as if it had never been seen.

    Attributes:
        told: so many of its ``total`` held-out samples are unlike the other classes.
    """

    name: str
    told: int
    total: int


def left_out(result: Result, tell: Tell) -> list[LeftOut]:
    """Each class in turn, the least told first; none where that cannot be tried.

    Raises:
        UserError: the samples or the model cannot be read.
    """
    split = result.split
    if split.targets.objective != ONE_CLASS or len(split.classes) < 2:
        return []
    train, held_out = _compared(result, tell)
    if not len(train.labels) or not len(held_out.labels):
        return []
    kept, labels = strangers.reference(train.rows), train.labels
    counts = np.bincount(held_out.labels, minlength=len(split.classes))
    tried = np.argsort(-counts, kind="stable")[:MOST_CLASSES]
    groups = [sample.group or sample.path for sample in train.samples]
    found = []
    for label in tried.tolist():
        rows = held_out.rows
        one = strangers.left_out(kept, labels, rows, held_out.labels, label, groups)
        if one is not None:
            found.append(LeftOut(split.classes[label], *one))
    return sorted(found, key=lambda each: each.told / each.total)


def _compared(result: Result, tell: Tell) -> tuple[Features, Features]:
    """What new samples are compared with, and held-out samples."""
    split = result.split
    rows = strangers.chosen([each.label for each in split.train])
    train, parts = [split.train[row] for row in rows], (split.val, split.test)
    held_out = [sample for part in parts for sample in part]
    if not train or not held_out:
        nothing = Features((), np.zeros((0, 1), np.float32), np.zeros((0, 1)))
        return nothing, nothing
    if result.is_frozen:  # they are cached
        every = result.features("train", tell)
        at = strangers.chosen(every.labels.tolist())
        own = Features(tuple(every.samples[row] for row in at), every.rows[at], every.answers[at])
        found = [result.features(name, tell) for name in HELD_OUT if result.part(name)]
        return own, _together(found)
    places = strangers.chosen([each.label for each in held_out], MOST_HELD_OUT)
    model, root = result.model, result.root
    own = features_of(model, root, train, tell)
    return own, features_of(model, root, [held_out[at] for at in places], tell)


def _together(every: Sequence[Features]) -> Features:
    return Features(
        tuple(sample for each in every for sample in each.samples),
        np.concatenate([each.rows for each in every]),
        np.concatenate([each.answers for each in every]),
    )


def class_notes(result: Result, classes: Sequence[LeftOut]) -> Iterator[Note]:
    """How many of all are told; a tick only where nearly all are."""
    if not classes:
        return
    told, total = sum(each.told for each in classes), sum(each.total for each in classes)
    least = classes[0]
    values = {
        "count": told,
        "total": total,
        "noun": result.modality.many,
        "label": least.name,
        "least": least.told,
        "most": least.total,
    }
    level: Level = "info" if told >= HALF * total else "warning"
    if told >= WELL * total:
        yield Note("strangers.classes_told", values, "good")
    else:
        yield Note("strangers.classes_missed", values, level)
    if not result.is_frozen:
        yield Note("strangers.classes_trained", {"noun": result.modality.many})


def _table(result: Result, classes: Sequence[LeftOut]) -> Table:
    rows = tuple((shown(each.name), str(each.told), str(each.total)) for each in classes)
    held_out = _("Held-out {noun}").format(noun=_(result.modality.many))
    columns = (_("Class left out"), _("Noticed"), held_out)
    return Table(_("Classes that the model was not trained on"), columns, rows, frozenset({1, 2}))


# -- the easy ones


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
    yield Note(code, values, "info" if well else "warning")  # easy ones: no tick for them
    sure = [(each.confidence or 0.0, title, each) for title, each in found]
    if sure and result.objective.confident and not result.objective.several:
        confidence, title, each = max(sure, key=lambda one: one[0])
        label = each.likeliest(result.model.classes)
        yield Note(
            "strangers.surest",
            {"label": label, "confidence": percent(confidence, 0), "what": title},
        )


def _figures(
    kinds: Sequence[Kind], found: Sequence[tuple[str, Prediction]], classes: Sequence[LeftOut]
) -> Mapping[str, object]:
    return {
        "tried": len(found),
        "told": sum(bool(each.doubt) for _title, each in found),
        "held_out_passed": strangers.PASSED,
        "classes": [
            {"class": each.name, "told": each.told, "total": each.total} for each in classes
        ],
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


def _german(folder: Path, _rng: np.random.Generator) -> None:
    for number, sentence in enumerate(GERMAN):
        (folder / f"{number:02}.txt").write_text(sentence, encoding="utf-8-sig")


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
        Kind(N_("German sentences"), _german, language=LATIN),
        Kind(N_("Chinese remarks"), _texts(_chinese), "remarks", "Hani"),
    ),
}
"""By the modality of the model."""

VIEW = View(
    key="strangers_tried",
    title=N_("Unrelated examples"),
    summary=N_(
        "Whether the model notices what it was not trained on: classes left out in turn, noise, "
        "and other data."
    ),
    obstacle=of_whole(obstacle),
    compute=compute,
    looked_at=lambda result: EACH * len(KINDS[result.modality.key]),
    unlisted=OF_WHOLE,
)
