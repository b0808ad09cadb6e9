"""All samples on a map: what the model finds similar lies close together."""

from __future__ import annotations

import functools

import numpy as np

from transfergui.core.base.i18n import N_, _
from transfergui.core.base.notes import Note
from transfergui.core.base.progress import Tell
from transfergui.core.data import unread
from transfergui.core.data.dataset import SplitName
from transfergui.core.data.targets import parsed_number
from transfergui.core.evaluation.kinds import Points, Shown
from transfergui.core.evaluation.prediction import prediction_rows
from transfergui.core.figures import layouts
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.interfaces.objective import Found
from transfergui.core.views.result import Features, Result
from transfergui.core.views.view import OF_WHOLE, View, every_example, nothing_in_the_way, of_whole

PARTS: dict[SplitName, str] = {
    "train": N_("Training set"),
    "val": N_("Validation set"),
    "test": N_("Test set"),
}


def compute(result: Result, tell: Tell) -> Shown:
    """PCA at once; t-SNE when the map is shown."""
    known = {name: part for name, part in _features(result, tell).items() if len(part.samples)}
    rows = np.concatenate([part.rows for part in known.values()])
    xy = layouts.plane(rows)
    points = Points(
        title=_("Map of the examples"),
        xy=xy,
        paths=[sample.path for part in known.values() for sample in part.samples],
        colourings=_colourings(result, known),
        layout="PCA",
        layouts={"t-SNE": functools.partial(layouts.neighbourhoods, rows)},
    )
    noun = result.modality.many
    asked = [sample for name in known for sample in result.part(name)]
    read = [sample for part in known.values() for sample in part.samples]
    notes = [Note("map.read", {"noun": noun}), *unread.notes(asked, read, noun)]
    if len(rows) > layouts.MOST:
        values = {"noun": noun, "count": len(rows), "drawn": layouts.MOST}
        notes.append(Note("map.drawn", values))
    return Shown(tuple(notes), (points,))


def _features(result: Result, tell: Tell) -> dict[SplitName, Features]:
    """Of every part of the data."""
    there = [name for name in PARTS if result.part(name)]
    total, begun = sum(len(result.part(name)) for name in there), 0
    found: dict[SplitName, Features] = {}
    for name in there:
        found[name] = result.features(name, functools.partial(_tell_on, tell, begun, total))
        begun += len(result.part(name))
    return found


def _tell_on(tell: Tell, begun: int, total: int, done: int, _of: int) -> None:
    tell(begun + done, total)


def _colourings(
    result: Result, known: dict[SplitName, Features]
) -> dict[str, list[str] | np.ndarray]:
    """What points can be coloured by."""
    split = result.split
    found = Found(split.targets, split.classes, result.found.fitted)
    rows: list[PredictionRow] = []
    for part in known.values():
        paths = [sample.path for sample in part.samples]
        labels = part.labels.tolist()
        rows += prediction_rows(paths, labels, part.answers, result.objective, found)
    sets = [_(PARTS[name]) for name, part in known.items() for _sample in part.samples]
    groups = [sample.group or "" for part in known.values() for sample in part.samples]
    if not result.objective.confident:
        truth = np.array([parsed_number(row.truth) for row in rows])
        said = np.array([float(row.cells[0]) for row in rows])
        own = {_("True value"): truth, _("Prediction"): said, _("Error"): np.abs(said - truth)}
    else:
        correct, wrong = _("Correct"), _("Wrong")
        own = {
            _("Class"): [row.truth for row in rows],
            _("Prediction"): [row.label for row in rows],
            _("Correct or wrong"): [correct if row.right else wrong for row in rows],
        }
    if result.objective.confident:
        sure = [100 * (row.confidence or 0.0) for row in rows]
        own[_("Confidence (%)")] = np.array(sure)
    own[_("Set")] = sets
    if any(groups) and len(set(groups)) < len(groups):
        own[_("Group")] = groups
    return own


VIEW = View(
    key="sample_map",
    title=N_("Map of the examples"),
    summary=N_(
        "Every example is a point. Examples that the model finds similar lie close together, so"
        " outliers and wrong labels stand out."
    ),
    obstacle=of_whole(nothing_in_the_way),
    compute=compute,
    looked_at=every_example,
    unlisted=OF_WHOLE,
)
