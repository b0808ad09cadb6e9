"""From predictions to what is to be done with their files; nothing is touched.

Three acts, alone or together: files are sorted into a folder per class (``to``), get names by a
pattern (``name``), and a JSON file each says what was predicted (``sidecars``).

Where a prediction is not one class: of several labels, and of the classes of boxes, the most
confident one counts, or each (a file is then in several folders); of several questions one; a
number has no folder. A recording that was cut counts as a whole. Rows of a table become a table per
class.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

import msgspec

from transfergui.core.acting import names
from transfergui.core.acting.carry_out import blocks
from transfergui.core.acting.earlier import without_earlier
from transfergui.core.acting.moving import is_same
from transfergui.core.acting.record import existing_folder
from transfergui.core.acting.steps import Act, Kind, Step, link_kind
from transfergui.core.base import paths, shards
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import comma_list
from transfergui.core.data.boxes import names_in
from transfergui.core.data.dataset import Problem
from transfergui.core.data.doubt import UNLIKE, UNSURE
from transfergui.core.data.file_part import FilePart
from transfergui.core.data.targets import (
    BOXES,
    NUMBER,
    SEVERAL_LABELS,
    SEVERAL_QUESTIONS,
    cell_text,
    parsed_answers,
    parsed_labels,
)
from transfergui.core.evaluation import prediction_table as table
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.figures import box_answers
from transfergui.core.interfaces.objective import Found, Objective
from transfergui.core.interfaces.plan import Modality

NOT_SURE, NOT_LIKE, NO_LABEL = "_not_sure", "_unlike", "_no_label"
"""Folders for predictions that are not to be believed, and for files without any label. The same
in every language: a folder that is watched gets no second one when the language changes."""
APART = (NO_LABEL, NOT_SURE, NOT_LIKE)
COPIES, ORIGINALS = "copies", "originals"
"""Where JSON files lie: beside the copies, beside the originals; else in a folder."""
SIDECAR = ".json"
SCHEMA = 1


class ActOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done.

    Attributes:
        to: a folder; below it, each class gets one. Empty: files stay in their folders.
        how: a file is copied, moved, or linked: by a hard link on the same disk, which takes no
            room and is as the file itself in every program, else by a symbolic one.
        name: a pattern of :data:`names.FIELDS` for the new name; empty for the same name.
        threshold: per cent of confidence below which a file goes apart.
        labels: of several labels, the most confident one counts, or each.
        question: of several questions, the one that counts; empty for the first.
        sidecars: :data:`COPIES`, :data:`ORIGINALS` or a folder; empty for none.
        model: its name, for the JSON files.
    """

    to: str = ""
    how: Literal["copy", "move", "link"] = "copy"
    name: str = ""
    threshold: float = table.UNSURE
    labels: Literal["first", "each"] = "first"
    question: str = ""
    sidecars: str = ""
    model: str = ""


class Acting(Protocol):
    """A model: what is read of it here."""

    @property
    def objective(self) -> Objective:
        """What it predicts."""

    @property
    def found(self) -> Found:
        """What its answers are read with."""

    @property
    def modality(self) -> Modality:
        """What its samples are."""


def plan(model: Acting, predictions: Sequence[Prediction], options: ActOptions) -> Act:
    """What is to be done with the files of ``predictions``.

    Raises:
        UserError: an ``act.`` code: that cannot be done at all.
    """
    require_possible(model, options)
    if options.to:
        options = msgspec.structs.replace(options, to=str(Path(options.to).absolute()))
    planner = _Planner(model, options, _folder_names(model, options))
    if options.to:
        predictions, made = without_earlier(predictions, Path(options.to))
        planner.there = len(made)
    rows: dict[str, list[Prediction]] = {}
    planner.digits = len(str(len(predictions)))
    for each in _whole(model, predictions, planner.left):
        if each.probabilities is None:
            if each.problem is not None:
                planner.left.append(each.problem)
        elif FilePart.parse(each.path).part is not None and model.modality.tables:
            planner.add_row(each, rows)
        else:
            planner.add_file(each)
    planner.add_tables(rows)
    return planner.act()


def require_possible(model: Acting, options: ActOptions) -> None:
    """
    Raises:
        UserError: ``act.nowhere``, ``act.number``, ``act.question``, ``act.pattern``,
            ``act.each_copied``, ``act.no_beside``, ``act.not_a_folder``.
    """
    objective, targets = model.objective.key, model.found.targets
    if not (options.to or options.name or options.sidecars):
        raise UserError("act.nowhere")
    if options.to and objective == NUMBER:
        raise UserError("act.number", noun=model.modality.many)
    if options.question and options.question not in targets.names:
        raise UserError(
            "act.question", name=options.question, names=comma_list(targets.names) or "–"
        )
    if options.name:
        names.require_pattern(options.name)
    if options.labels == "each" and objective in (SEVERAL_LABELS, BOXES) and options.how == "move":
        raise UserError("act.each_copied")
    if options.sidecars == COPIES and not options.to:
        raise UserError("act.no_beside")
    for folder in (options.to, "" if options.sidecars in (COPIES, ORIGINALS) else options.sidecars):
        if folder and os.path.lexists(folder) and not Path(folder).is_dir():
            raise UserError("act.not_a_folder", path=folder)


def classes_of(model: Acting, question: str = "") -> tuple[str, ...]:
    """What files are sorted by: the classes, the labels, the answers to a question."""
    targets = model.found.targets
    if model.objective.key in (SEVERAL_LABELS, BOXES):
        return targets.names
    if model.objective.key == SEVERAL_QUESTIONS:
        return targets.answers[targets.names.index(question) if question else 0]
    return model.found.classes


def _folder_names(model: Acting, options: ActOptions) -> dict[str, str]:
    if model.objective.key == NUMBER:
        return {}
    return names.folders(classes_of(model, options.question), APART)


def _whole(
    model: Acting, predictions: Sequence[Prediction], left: list[Problem]
) -> Iterator[Prediction]:
    """Predictions for files, each file once; of pieces of a recording, that for the whole."""
    pieces: dict[str, int] = {}
    for each in predictions:
        part = _part_of(each.path)
        if part.part is not None and not model.modality.tables:
            pieces[part.file] = pieces.get(part.file, 0) + 1
    whole = {os.fspath(each.path) for each in predictions if each.parts}
    seen: set[str] = set()
    for each in predictions:
        part = _part_of(each.path)
        if part.file in pieces and part.part is not None:
            if pieces[part.file] > 1 or part.file in whole:
                if part.file not in whole and part.file not in seen:
                    seen.add(part.file)
                    left.append(Problem("act.is_part", path=part.file))
                continue
            found = _of_file(each, part.path)
        else:
            found = each
        if os.fspath(found.path) not in seen:
            seen.add(os.fspath(found.path))
            yield found


def _part_of(path: Path) -> FilePart:
    """Which part of a file; a file in a tar is none of the tar."""
    return FilePart(os.fspath(path)) if shards.is_member(path) else FilePart.parse(path)


def _of_file(piece: Prediction, file: Path) -> Prediction:
    """The prediction for the only piece of a file as that for the file."""
    name = piece.name and FilePart.parse(piece.name).path
    return replace(piece, path=file, name=name)


class _File(NamedTuple):
    """A file that is to be acted on.

    Attributes:
        size, modified: as it is now.
        device: the disk that it is on.
        link: whether it is a symbolic link.
        borrowed: whether it is no file of the user's own: in a tar, out of a zip, or pasted.
        called: its name, beside the tar for one in a tar.
    """

    path: Path
    called: Path
    size: int
    modified: int
    device: int
    link: bool
    borrowed: bool


class _Planner:
    """Collects the steps of one plan.

    Attributes:
        digits: of the numbers in names.
    """

    def __init__(self, model: Acting, options: ActOptions, folders: dict[str, str]) -> None:
        self._model, self._options, self._folders = model, options, folders
        self._names = names.FreeNames()
        self._counts: dict[str, int] = {}
        self._numbers: dict[str, int] = {}
        self.digits = 1
        self._device = _device(options.to) if options.to else 0
        self.left: list[Problem] = []
        self._steps: list[Step] = []
        self.there = self._renamed = self._needed = 0

    # -- what goes where

    def places(self, prediction: Prediction) -> list[str]:
        """The names of the folders that a file belongs into; one, unless each label counts."""
        doubt = table.doubt(prediction, self._options.threshold)
        if doubt in (UNSURE, UNLIKE):
            return [NOT_LIKE if doubt == UNLIKE else NOT_SURE]
        found, key = self._model.found, self._model.objective.key
        said = prediction.likeliest(found.classes)
        if key == SEVERAL_LABELS:
            sure = dict(zip(found.targets.names, prediction.probabilities, strict=True))  # type: ignore[arg-type]
            labels = sorted(parsed_labels(said), key=lambda name: -sure.get(name, 0))
            chosen = labels if self._options.labels == "each" else labels[:1]
            return [self._folders[label] for label in chosen] or [NO_LABEL]
        if key == BOXES:
            boxes = box_answers.scored_boxes(prediction.probabilities, found.targets.names)  # type: ignore[arg-type]
            order = [box.name for box in sorted(boxes, key=lambda box: -box.score)]
            labels = sorted(names_in(said), key=order.index)
            chosen = labels if self._options.labels == "each" else labels[:1]
            return [self._folders[label] for label in chosen] or [NO_LABEL]
        if key == SEVERAL_QUESTIONS:
            question = self._options.question or found.targets.names[0]
            answer = parsed_answers(said)[found.targets.names.index(question)]
            return [self._folders[answer] if answer is not None else NO_LABEL]
        return [self._folders.get(said, names.safe(said))]

    def _name(self, prediction: Prediction, file: _File, folder: Path, place: str) -> str:
        """The name of a file by the pattern; its number is the next one that is free.

        Numbers count within each class where files of a class are together, by their folder or by
        their name, else through all of them.
        """
        pattern, sure = self._options.name, prediction.confidence
        counted = place if self._options.to or "{class}" in pattern else ""
        values = {
            "class": place.lstrip("_") if place in APART else place,
            "confidence": "" if sure is None else f"{100 * sure:.0f}",
            "name": file.called.stem,
            "folder": file.called.parent.name,
        }
        before = ""
        while True:
            number = self._numbers[counted] = self._numbers.get(counted, 0) + 1
            values["number"] = str(number).zfill(self.digits)
            name = names.filled(pattern, values, file.called.suffix)
            path = folder / name
            free = not os.path.lexists(path) or self._is_there(file, path)
            if free or name == before or "{number}" not in pattern:
                return name
            before = name  # a pattern may be so long that its end, with the number, is cut off

    # -- files

    def add_file(self, prediction: Prediction) -> None:
        """The steps for one file."""
        try:
            file = _file(prediction)
        except OSError:
            self.left.append(Problem("act.gone", path=os.fspath(prediction.path)))
            return
        if (why := self._refused(prediction, file)) is not None:
            self.left.append(Problem(why, path=prediction.called))
            return
        for place in self._places_of(prediction):
            target = self._add(prediction, file, place)
            self._add_sidecar(prediction, file, target)

    def _places_of(self, prediction: Prediction) -> list[str]:
        if self._model.objective.key == NUMBER:
            return [cell_text(float(prediction.probabilities[0]))]  # type: ignore[index]
        found = self.places(prediction)
        return found if self._options.to else found[:1]

    def _refused(self, prediction: Prediction, file: _File) -> str | None:
        """The code of why a file stays as it is."""
        version = prediction.version
        whole = shards.on_disk(file.path)  # what is known of a file in a tar is of the tar
        size = file.size if whole == file.path else whole.stat().st_size
        if prediction.name is None and version not in (None, (file.modified, size)):
            return "act.changed"
        options = self._options
        stays = options.how == "copy" if options.to else not options.name
        if file.borrowed and not (stays and options.sidecars != ORIGINALS):
            return "act.in_archive"
        if file.link and not stays and not (options.to and options.how == "link"):
            return "act.is_link"
        return None

    def _add(self, prediction: Prediction, file: _File, place: str) -> Path | None:
        """The step for one file and one folder; where the file will be, None where it stays."""
        options = self._options
        if not (options.to or options.name):
            return None
        folder = Path(options.to, place) if options.to else file.path.parent
        name = file.called.name
        if options.name:
            name = self._name(prediction, file, folder, place)
        if options.to:
            self._counts[place] = self._counts.get(place, 0) + 1
        target = self._target(file, folder, name)
        if target is None:
            self.there += 1
            return None
        self._renamed += target.name != name
        kind = self._kind(file)
        across = kind == "move" and file.device != self._device
        if kind == "copy" or across:
            self._needed += blocks(file.size)
        source = os.path.realpath(file.path) if kind in ("link", "symlink") else file.path
        step = Step(kind, str(target), str(source), file.size, file.modified, across=across)
        self._steps.append(step)
        return target

    def _kind(self, file: _File) -> Kind:
        if not self._options.to:
            return "rename"
        if self._options.how != "link":
            return self._options.how
        same_disk = file.device == self._device
        return link_kind(same_disk, self._options.to, self._model.modality.many)

    def _target(self, file: _File, folder: Path, name: str) -> Path | None:
        """A free name; None where the file is there already, or a copy of it."""
        for path in self._names.candidates(folder, name):
            if not os.path.lexists(path):
                return self._names.give(path)
            if self._is_there(file, path):
                self._names.give(path)
                return None
        raise AssertionError  # there is no end of names

    def _is_there(self, file: _File, path: Path) -> bool:
        try:
            if not shards.is_member(file.path) and file.path.samefile(path):
                return True
            return (
                bool(self._options.to) and self._options.how == "copy" and is_same(file.path, path)
            )
        except OSError:
            return False

    def _add_sidecar(self, prediction: Prediction, file: _File, target: Path | None) -> None:
        options = self._options
        if not options.sidecars:
            return
        now = target or file.called
        if options.sidecars == COPIES:
            if target is None:  # it is there already, and so is what was said of it
                return
            folder = target.parent
        elif options.sidecars == ORIGINALS:
            folder = now.parent if options.how == "move" or not options.to else file.path.parent
            now = now if folder == now.parent else file.path
        else:
            folder = Path(options.sidecars).absolute()
        path = self._names.free(folder, now.name + SIDECAR)
        self._write(path, self._document(prediction, now))

    def _document(self, prediction: Prediction, file: Path) -> str:
        """What is known of a file, as JSON."""
        found, objective = self._model.found, self._model.objective
        columns = objective.columns(found)
        cells = objective.told_cells(prediction.probabilities, found)  # type: ignore[arg-type]
        tree: dict[str, Any] = {
            "schema": SCHEMA,
            "file": file.name,
            "from": prediction.called,
            "model": self._options.model,
            "prediction": prediction.label(found.classes),
            "confidence": prediction.confidence,
            "reason": table.doubt(prediction, self._options.threshold),
            "answers": dict(zip(columns, cells, strict=True)),
            "unlike": prediction.unlike,
        }
        return json.dumps(tree, indent=2) + "\n"

    def _write(self, path: Path, text: str) -> None:
        size = len(text.encode("utf-8", "backslashreplace"))
        self._needed += blocks(size)
        self._steps.append(Step("write", str(path), size=size, text=text))

    # -- rows of tables

    def add_row(self, prediction: Prediction, rows: dict[str, list[Prediction]]) -> None:
        """A row of a table goes into the tables of its classes."""
        if not self._options.to or self._options.name:
            self.left.append(Problem("act.is_row", path=os.fspath(prediction.path)))
            return
        if self._options.how != "copy":
            raise UserError("act.rows_copied")
        for place in self.places(prediction):
            rows.setdefault(place, []).append(prediction)

    def add_tables(self, rows: dict[str, list[Prediction]]) -> None:
        """A table for each class, with the columns of the user's own and of the prediction."""
        for place, found in rows.items():
            answered = table.Answered(self._model.objective, self._model.found, found)
            text = table.to_text(table.rows(answered, threshold=self._options.threshold))
            path = self._names.free(Path(self._options.to), f"{place}.csv")
            self._renamed += path.name != f"{place}.csv"
            self._counts[place] = self._counts.get(place, 0) + len(found)
            self._write(path, text)

    # -- all of it

    def act(self) -> Act:
        """The plan."""
        order = [*self._folders.values(), *APART]
        place: Callable[[str], int] = lambda name: order.index(name) if name in order else 0  # noqa: E731
        counts = {name: self._counts[name] for name in sorted(self._counts, key=place)}
        to = self._options.to
        if not to and self._options.sidecars not in ("", COPIES, ORIGINALS):
            to = str(Path(self._options.sidecars).absolute())
        free = shutil.disk_usage(existing_folder(Path(to))).free if to and self._needed else None
        needed, steps = self._needed if to else 0, tuple(self._steps)
        left = tuple(self.left)
        return Act(steps, left, counts, self.there, self._renamed, needed, free, to)


def _file(prediction: Prediction) -> _File:
    """
    Raises:
        OSError: it is gone.
    """
    path = prediction.path.absolute()
    own = prediction.name is None and not path.is_relative_to(paths.cache_dir())
    borrowed, called = shards.is_member(path) or not own, shards.called(path)
    size, modified = shards.status(path)
    device = shards.on_disk(path).stat().st_dev
    return _File(path, called, size, modified, device, path.is_symlink(), borrowed)


def _device(folder: str) -> int:
    return existing_folder(Path(folder)).stat().st_dev
