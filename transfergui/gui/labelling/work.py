"""What labelling does in worker threads: examples listed, features computed, labels suggested."""

from __future__ import annotations

import dataclasses
import functools
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from transfergui.core import registry
from transfergui.core.base import files, shards
from transfergui.core.base import options as opt
from transfergui.core.base.errors import UserError
from transfergui.core.base.notes import Note
from transfergui.core.data.dataset import DataOptions
from transfergui.core.data.file_part import FilePart
from transfergui.core.data.targets import BOXES
from transfergui.core.interfaces.plan import Modality
from transfergui.core.interfaces.samples import Preview
from transfergui.core.labelling import box_table
from transfergui.core.labelling import table as tables
from transfergui.core.labelling.examples import Examples, examples, labelled_data
from transfergui.core.labelling.table import LabelTable
from transfergui.gui.base import words
from transfergui.gui.base.warm_up import warm_up
from transfergui.gui.base.words import Noun
from transfergui.gui.labelling.listing import Guess

if TYPE_CHECKING:
    from transfergui.core.acting.carry_out import Outcome
    from transfergui.core.labelling.estimate import Estimate
    from transfergui.core.labelling.export import How
    from transfergui.core.labelling.features import Features
    from transfergui.core.labelling.suggestions import Suggestions
    from transfergui.core.labelling.words import Comparison, WordRows

DIVISION = "division.json"
"""Beside the table of labels: how recordings are divided."""


@dataclass(frozen=True)
class Opened:
    """What is labelled.

    Attributes:
        source: what was opened: a folder or a file.
        examples: what there is to label.
        table: of the labels that were saved, or an empty one.
        place: where it is saved.
        saved: when that was, as of :func:`transfergui.core.base.files.changed`, before it was read.
    """

    source: Path
    examples: Examples
    table: LabelTable
    place: Path
    saved: int = 0

    @functools.cached_property
    def paths(self) -> tuple[str, ...]:
        """Of all examples, by name."""
        return self.examples.paths

    @property
    def root(self) -> Path:
        """What the paths are relative to."""
        return Path(self.examples.root)

    @property
    def modality(self) -> Modality:
        return registry.modality(self.examples.modality)

    @property
    def noun(self) -> Noun:
        """What the examples are called."""
        return Noun.of(self.modality)

    @property
    def amount(self) -> str:
        """``412 pictures``; of long recordings, ``46 clips of 1 recording``."""
        files = len({p if shards.is_member(p) else FilePart.parse(p).file for p in self.paths})
        return words.amount(self.modality, len(self.paths), files)

    def divided_by(self) -> Iterator[tuple[opt.Option, float]]:
        """The numbers by which recordings are divided, with their values."""
        modality = self.modality
        input = opt.check(self.examples.input, modality.input_options, "input")
        values = modality.data_for(input)
        for option in opt.describe(modality.data_options):
            if option.kind in ("int", "float") and option.name in values:
                yield option, float(values[option.name])

    def decode(self, path: Path, large: bool = False, /) -> Preview:
        """The preview of an example; called in worker threads."""
        modality = self.modality
        input = opt.check(self.examples.input, modality.input_options, "input")
        return modality.preview(path, input, large)


@dataclass(frozen=True)
class Suggested:
    """What follows from the labels so far.

    Attributes:
        guesses: the class that each example seems to have, by its path; none before there are
            enough labels.
        useful: the examples without a label, the most useful to label next first.
        estimate: how often what is suggested from the labels is correct; None before anything was
            computed.
        comparison: whether it comes from the names of the classes; None where they were not asked.
        wordless: why the names could not be asked any more.
    """

    guesses: Mapping[str, Guess] = field(default_factory=dict)
    useful: tuple[str, ...] = ()
    estimate: Estimate | None = None
    comparison: Comparison | None = None
    wordless: UserError | None = None

    @property
    def by_words(self) -> bool:
        """Whether the suggestions come from the names of the classes alone."""
        return self.comparison is not None and self.comparison.shown == "words"


def open_source(
    source: Path,
    place: Path | None,
    options: Mapping[str, float] | None,
    report: Callable[[int], None],
) -> Opened:
    """What there is to label in a folder, a table or a recording, and the labels of last time.

    Args:
        place: of the table with these labels; None for the usual one.
        options: by which recordings are divided; None for those of last time.

    Raises:
        UserError: there is nothing, or the saved labels cannot be read.
    """
    from transfergui.core.app.detection import detect  # 60 modules: not before the window is seen

    place = place or tables.place(source)
    found = _examples(detect(source), source, _division(place, options), report)
    table, saved = LabelTable(found.root, found.modality), files.changed(place)
    if place.is_file():
        table = tables.load(place, found.root, found.modality)
    return Opened(source, found, table, place, saved)


def open_pictures(source: Path, place: Path | None, report: Callable[[int], None]) -> Opened:
    """What pictures there are to draw boxes in, and the boxes of last time.

    Args:
        place: of the table with these boxes; None for the usual one.

    Raises:
        UserError: there is no picture, or the saved boxes cannot be read.
    """
    place = place or box_table.place(source)
    (modality,) = registry.objective(BOXES).modalities
    try:
        found = examples(registry.modality(modality), str(source), {}, report)
    except UserError as error:
        if error.code != "data.empty":  # whose advice is one for folders of classes
            raise
        raise UserError("labelling.no_pictures", path=str(source)) from None
    table, saved = LabelTable(found.root, found.modality), files.changed(place)
    if place.is_file():
        table = box_table.load(place, found.root, found.modality)
    return Opened(source, found, table, place, saved)


def _division(place: Path, options: Mapping[str, float] | None) -> Mapping[str, float]:
    """How recordings were divided when their parts were labelled, where that is known."""
    if options is not None:
        return options
    try:
        return msgspec.json.decode(place.with_name(DIVISION).read_bytes(), type=dict[str, float])
    except (OSError, msgspec.MsgspecError):
        return {}


def _examples(
    key: str, source: Path, options: Mapping[str, float], report: Callable[[int], None]
) -> Examples:
    """A table without labels is often taken for a list of pictures: its rows are texts then."""
    modality = registry.modality(key)
    try:
        return examples(modality, str(source), options, report)
    except UserError:
        others = [each for each in registry.MODALITIES if each.tables and each is not modality]
        if source.is_dir() or not others:
            raise
        return examples(others[0], str(source), tell=report)


def features_of(opened: Opened, report: Callable[[tuple[int, int]], None]) -> Features:
    """What a backbone makes of all examples.

    Raises:
        UserError: no weights are there, or the examples cannot be read.
    """
    warm_up()
    from transfergui.core.labelling import features

    plan = features.plan_of(opened.examples)
    return features.features_of(plan, lambda done, total: report((done, total)))


def suggest(
    features: Features | None, table: LabelTable, words: WordRows | None = None
) -> Suggested:
    """What the labels so far suggest for the other examples, and how good that is; or what the
    names of the classes suggest, as long as that is better.

    Args:
        words: what the names can be compared with; None where they were not asked.
    """
    from transfergui.core.labelling.estimate import estimated
    from transfergui.core.labelling.suggestions import suggested

    found = None if features is None else suggested(features.rows, features.paths, table)
    try:
        guesses, comparison = _by_words(found, table, words)
    except UserError as error:  # the labels suggest all the same
        return dataclasses.replace(suggest(features, table), wordless=error)
    if found is None:
        return Suggested(guesses, comparison=comparison)
    if found.classes and not guesses:
        likeliest = found.probabilities.argmax(1).tolist()
        highest = found.probabilities.max(1).tolist()
        guesses = {
            path: Guess(found.classes[at], share)
            for path, at, share in zip(found.paths, likeliest, highest, strict=True)
        }
    useful = tuple(found.paths[row] for row in found.order)
    return Suggested(guesses, useful, estimated(found, table), comparison)


def _by_words(
    found: Suggestions | None, table: LabelTable, words: WordRows | None
) -> tuple[dict[str, Guess], Comparison | None]:
    """What the names of the classes suggest, where that is to be shown.

    Raises:
        UserError: the model that knows words cannot be used any more.
    """
    from transfergui.core.labelling.words import compared, scored

    scores = None if words is None else scored(words, table.classes)
    if scores is None:
        return {}, None
    comparison = compared(scores, found, table)
    if comparison.shown == "labels":
        return {}, comparison
    return {path: Guess(*guess) for path, guess in scores.guesses().items()}, comparison


def similar(features: Features, paths: Sequence[str]) -> list[str]:
    """All others, those that are most like any of ``paths`` first."""
    from transfergui.core.labelling.suggestions import neighbours

    rows = {path: row for row, path in enumerate(features.paths)}
    wanted = [rows[path] for path in paths if path in rows]
    return [features.paths[row] for row in neighbours(features.rows, wanted, len(rows))]


def save(table: LabelTable, opened: Opened) -> None:
    """Save the labels, and how recordings are divided into the examples that have them.

    Raises:
        UserError: as of :func:`transfergui.core.labelling.table.save`.
    """
    division = {option.name: value for option, value in opened.divided_by()}
    tables.save(table, opened.place)
    if division:
        place = opened.place.with_name(DIVISION)
        try:
            files.write_atomic(place, msgspec.json.encode(division))
        except OSError as error:
            raise files.not_written(place, error) from None


def data_of(opened: Opened) -> DataOptions:
    """What is opened to train with the labels."""
    return labelled_data(opened.examples, opened.place)


@dataclass(frozen=True)
class Exported:
    """What was written.

    Attributes:
        done: how many files.
        place: the folder, or the table, that was written.
        is_file: whether that is one file.
        record: with which it is undone.
        halted: whether the user ended it.
        troubles: what was left out, or why it ended or has no split.
    """

    done: int
    record: Path
    place: Path
    is_file: bool = False
    halted: bool = False
    troubles: tuple[Note, ...] = ()


def export(
    opened: Opened,
    table: LabelTable,
    how: How,
    to: Path,
    halt: threading.Event,
    report: Callable[[tuple[int, int]], None],
) -> Exported:
    """Write the labelled examples as of :mod:`transfergui.core.labelling.export`.

    Args:
        to: a folder; for a table, the file.
        halt: set where it shall end after the file at hand.

    Raises:
        UserError: they cannot be written so.
    """
    from transfergui.core.acting.carry_out import Halted
    from transfergui.core.labelling import export as exporting

    def tell(done: int, total: int) -> None:
        if halt.is_set():
            raise Halted
        report((done, total))

    save(table, opened)
    given = exporting.labelled(opened.examples, opened.place)
    act = (
        exporting.planned(given, to.parent, how, to.stem)
        if is_table(how)
        else exporting.planned(given, to, how)
    )
    place = Path(act.steps[0].target) if is_table(how) else to
    outcome, record = exporting.written(act, tell)
    if not outcome.done:  # cancelled at once, or the disk is full: nothing is to stay
        undo_record(record)
    undivided = (given.undivided.note,) if given.undivided is not None else ()
    stopped = (outcome.stopped,) if outcome.stopped is not None else ()
    troubles = (*stopped, *act.left[:1], *outcome.left[:1], *undivided)
    return Exported(outcome.done, record, place, is_table(how), outcome.halted, troubles)


def is_table(how: str) -> bool:
    """Whether all is written into one file."""
    return how in ("csv", "jsonl")


def undo_export(made: Exported) -> list[str]:
    """Take away what was written.

    Returns:
        Why something stays, as sentences.
    """
    outcome = undo_record(made.record)
    return [problem.sentence() for problem in outcome.left[:3]]


def undo_record(path: Path) -> Outcome:
    """Undo all that a record says.

    Raises:
        UserError: it cannot be read, or is in use.
    """
    from transfergui.core.acting.record import Record
    from transfergui.core.acting.undo import undo

    with Record.open(path) as record:
        return undo(record)
