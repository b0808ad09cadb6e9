"""Boxes cut out of pictures, into a folder per class: so that a classifier can be trained on them.

Each crop is a PNG file named after its picture and counted, from left to right; it shows what is in
the box and a margin around it, as far as the picture reaches. As for sorted files, what is done is
planned first, recorded, and can be undone; crops that were made before are not made again.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from transfergui.core import registry
from transfergui.core.acting import names
from transfergui.core.acting.carry_out import blocks
from transfergui.core.acting.earlier import crops_made, without_earlier
from transfergui.core.acting.plan import Acting
from transfergui.core.acting.record import existing_folder
from transfergui.core.acting.steps import Act, Part, Step
from transfergui.core.base.errors import UserError
from transfergui.core.base.options import Options
from transfergui.core.data.boxes import NamedBox, parsed_boxes
from transfergui.core.data.dataset import Dataset, Problem
from transfergui.core.data.targets import BOXES
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.figures import box_answers

BYTES = 3
"""Of a pixel, at most."""


class Cut(NamedTuple):
    """A picture and the boxes to be cut out of it.

    Attributes:
        called: what the picture is called, where that is not its path.
    """

    path: Path
    boxes: Sequence[NamedBox]
    called: str = ""


def of_predictions(
    model: Acting,
    input: Options,
    predictions: Sequence[Prediction],
    to: Path,
    margin: float = 0.0,
    corrected: Mapping[str, str] | None = None,
) -> Act:
    """A plan for the boxes of predictions that are shown.

    Args:
        corrected: boxes that a person drew or confirmed instead, by the path of the picture.
        input: the input options of the model, which say how pictures are read.
        margin: share of a box's width and height that is kept on each side.

    Raises:
        UserError: ``boxes.no_detector``: the model finds none; ``act.not_a_folder``.
    """
    found = model.found
    if model.objective.key != BOXES:
        raise UserError("boxes.no_detector")
    corrected = corrected or {}
    left = [each.problem for each in predictions if each.probabilities is None and each.problem]
    cuts = []
    for each in without_earlier(predictions, to)[0]:
        if each.probabilities is not None:
            own = corrected.get(str(each.path))
            known = found.targets.names, found.fitted
            shown = box_answers.shown_or_corrected(each.probabilities, *known, own)
            cuts.append(Cut(each.path, [box.place for box in shown], str(each.name or "")))
    names = tuple(dict.fromkeys((*found.targets.names, *(b.name for c in cuts for b in c.boxes))))
    return planned(cuts, names, _reading(model.modality.key, input), to, margin, left)


def of_dataset(dataset: Dataset, to: Path, margin: float = 0.0) -> Act:
    """A plan for the labelled boxes of a data set.

    Raises:
        UserError: ``boxes.not_boxes``: something else is predicted; ``act.not_a_folder``.
    """
    if dataset.targets.objective != BOXES:
        raise UserError("boxes.not_boxes")
    modality = registry.modality(dataset.modality)
    known = {name: dataset.input[name] for name in modality.reading}
    input = msgspec.structs.replace(modality.input_options(), **known)
    boxes = list(map(parsed_boxes, dataset.classes))
    cuts = [Cut(dataset.root / each.path, boxes[each.label]) for each in dataset.samples]
    return planned(cuts, dataset.targets.names, _reading(modality.key, input), to, margin)


def planned(
    cuts: Iterable[Cut],
    classes: Sequence[str],
    reading: str,
    to: Path,
    margin: float = 0.0,
    left: Sequence[Problem] = (),
) -> Act:
    """What is to be written; nothing is touched."""
    to = to.absolute()
    if to.exists() and not to.is_dir():
        raise UserError("act.not_a_folder", path=str(to))
    folders, free = names.folders(classes), names.FreeNames()
    before, steps, there = crops_made(to), list[Step](), 0
    counts: dict[str, int] = {}
    problems, needed = list(left), 0
    for cut in cuts:
        try:
            status = cut.path.stat()
        except OSError:
            problems.append(Problem("act.gone", path=cut.called or str(cut.path)))
            continue
        source = str(cut.path.absolute())
        for number, box in enumerate(sorted(cut.boxes, key=lambda box: (box.left, box.top)), 1):
            part, place = _part(box, margin), folders[box.name]
            counts[place] = counts.get(place, 0) + 1
            values = (source, status.st_size, status.st_mtime_ns)
            if (*values, part) in before.get(place, ()):
                there += 1
                continue
            stem = Path(cut.called).stem if cut.called else cut.path.stem
            target = free.free(to / place, names.safe(f"{stem}-{number}") + ".png")
            steps.append(Step("crop", str(target), *values, text=reading, part=part))
            needed += blocks(round(BYTES * status.st_size * _area(part)))
    room = shutil.disk_usage(existing_folder(to)).free if needed else None
    ordered = {place: counts[place] for place in folders.values() if place in counts}
    return Act(tuple(steps), tuple(problems), ordered, there, 0, needed, room, str(to))


def _part(box: NamedBox, margin: float) -> Part:
    wide, high = margin * (box.right - box.left), margin * (box.bottom - box.top)
    return (
        round(max(0.0, box.left - wide), 6),
        round(max(0.0, box.top - high), 6),
        round(min(1.0, box.right + wide), 6),
        round(min(1.0, box.bottom + high), 6),
    )


def _area(part: Part) -> float:
    left, top, right, bottom = part
    return (right - left) * (bottom - top)


def _reading(modality: str, input: Options) -> str:
    """How a picture is read, as a step keeps it."""
    return json.dumps({"modality": modality, "input": msgspec.to_builtins(input)})
