"""What predictions of the test set rest on: heat maps of right and wrong ones."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import percent
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.notes import Note
from transfergui.core.base.progress import Tell
from transfergui.core.data import unread
from transfergui.core.data.targets import NUMBER, ONE_CLASS
from transfergui.core.evaluation import data_checks
from transfergui.core.evaluation.kinds import Gallery, Item, Shown
from transfergui.core.figures.intervals import wilson
from transfergui.core.looking import border, explain
from transfergui.core.looking.explain import Explainer, Explanation
from transfergui.core.views.pulling import truths, wrong_output
from transfergui.core.views.view import OF_WHOLE, View, nothing_in_the_way, of_whole

if TYPE_CHECKING:
    from transfergui.core.figures.answer_rows import PredictionRow
    from transfergui.core.runs.run import Run
    from transfergui.core.views.result import Result

SHOWN = 8
"""Errors, and as many correct predictions."""
MEASURED = 100
"""Test pictures of which the heat on the border is measured: the error is then below 3 points."""
BATCH = 8
PASSES, BORDER_PASSES = 55, 4
"""How often the network looks at an example for its map with the test of it, and for the heat on
the border, roughly; it is read once only for the former."""
MOST_PASS = 0.8
"""Of the maps, for a tick: where more of them fail, each has to be looked at."""


def compute(result: Result, tell: Tell) -> Shown:
    """As :attr:`View.compute`.

    Raises:
        UserError: ``data.gone``: none of the examples can be read any more.
    """
    explainer = Explainer(result.model)
    wrong, right = _chosen(result)
    rows = [*wrong, *right]
    more = _spread(result.rows, MEASURED)
    total = len(rows) + len(more)
    found: list[tuple[PredictionRow, Explanation]] = []
    lost: list[str] = []
    chosen = _Chosen(result)
    for done, row in enumerate(rows):
        tell(done, total)
        try:
            found.append((row, explainer.explain(result.root / row.path, chosen.of(row))))
        except UserError:  # the file is gone or damaged
            lost.append(row.path)
    if rows and not found:
        path, count = rows[0].path, len(rows)
        raise UserError("data.gone", count=count, total=count, path=path)
    on_border = border.Border()
    changes = result.split.targets.objective != NUMBER  # hiding any part changes a number
    if found and changes and found[0][1].preview.kind == "picture":
        on_border = _border(result, explainer, more, lambda at: tell(len(rows) + at, total))
    left_out = unread.of_paths(lost, len(rows), result.modality.many)
    explanations = [each for _row, each in found]
    galleries = (
        Gallery(_("Errors, most confident first"), _items(found, False, result)),
        Gallery(_("Correct predictions"), _items(found, True, result)),
    )
    return Shown(
        (*left_out, *_notes(explanations, result.run), *border.notes(on_border)),
        tuple(gallery for gallery in galleries if gallery.items),
        _figures(explanations) | border.figures(on_border),
    )


class _Chosen:
    """Which output is explained: of an error among labels or questions, the one that is wrong."""

    def __init__(self, result: Result) -> None:
        self._result = result
        self._several = result.objective.key not in (ONE_CLASS, NUMBER)
        self._truths = truths(result.split.targets) if self._several else None
        self._labels = {sample.path: sample.label for sample in result.split.test}

    def of(self, row: PredictionRow) -> Callable[[np.ndarray], int] | None:
        """None for the most confident one."""
        label = self._labels.get(row.path)
        wrong = self._result.objective.error(row, self._result.split.targets) > 0
        if self._truths is None or label is None or not wrong:
            return None
        return functools.partial(wrong_output, self._result, self._truths[label])


def looked_at(result: Result) -> int:
    """As :attr:`View.looked_at`."""
    count = len(result.rows)
    measured = BORDER_PASSES * min(MEASURED, count) if result.modality.key == "image" else 0
    return PASSES * min(2 * SHOWN, count) + measured


def _chosen(result: Result) -> tuple[list[PredictionRow], list[PredictionRow]]:
    """Errors, the worst first; correct ones, spread over the test set."""
    targets = result.split.targets
    errors = [(result.objective.error(row, targets), row) for row in result.rows]
    wrong = sorted((e for e in errors if e[0] > 0), key=lambda each: -each[0])
    right = [row for error, row in errors if error == 0]
    return [row for _error, row in wrong[:SHOWN]], _spread(right, SHOWN)


def _spread(rows: Sequence[PredictionRow], count: int) -> list[PredictionRow]:
    """Up to ``count`` of them, at equal distances: they are sorted by class."""
    places = np.unique(np.linspace(0, len(rows) - 1, min(count, len(rows))).round().astype(int))
    return [rows[at] for at in places.tolist()]


def _items(
    found: Sequence[tuple[PredictionRow, Explanation]], right: bool, result: Result
) -> tuple[Item, ...]:
    targets = result.split.targets
    return tuple(
        Item(row.path, _caption(row, each, result), beside=each.preview)
        for row, each in found
        if (result.objective.error(row, targets) == 0) == right
    )


def _caption(row: PredictionRow, explanation: Explanation, result: Result) -> str:
    sure = "" if row.confidence is None else f" {percent(row.confidence, 0)}"
    if row.right:
        text = _("“{label}”{sure}").format(label=row.label, sure=sure)
    else:
        text = _("“{label}”{sure}, labelled “{truth}”").format(
            label=row.label, sure=sure, truth=row.truth
        )
    if result.objective.key not in (ONE_CLASS, NUMBER):
        text = _("{text}; the map is about “{name}”").format(text=text, name=explanation.name)
    doubtful = explanation.check is not None and not explanation.check.reliable
    return _("{text} (map not reliable)").format(text=text) if doubtful else text


# -- in words


def _notes(explanations: Sequence[Explanation], run: Run) -> tuple[Note, ...]:
    if not explanations:
        return ()
    said = check_notes(explanations)
    if any(data_checks.doubts_of(run)):  # no tick, which looks like praise of the model
        said = tuple(Note(n.code, n.values, "info" if n.level == "good" else n.level) for n in said)
        said = (*said, Note("looking.maps_not_correct", level="warning"))
    return (*said, explain.legend(explanations[0]))


def check_notes(explanations: Sequence[Explanation]) -> tuple[Note, ...]:
    """Whether the maps hold what they claim, by more than chance explains."""
    checked = [each.check.reliable for each in explanations if each.check is not None]
    interval = wilson(sum(checked), len(checked))
    if interval is None:
        return ()
    values = {
        "count": sum(checked),
        "n": len(checked),
        "chance": percent(explain.CHANCE, 0),
    }
    if interval.low <= explain.CHANCE and interval.high >= MOST_PASS:
        return (Note("looking.maps_few", values),)
    if interval.low <= explain.CHANCE:
        return (Note("looking.maps_unreliable", values, "warning"),)
    if sum(checked) < MOST_PASS * len(checked):
        return (Note("looking.maps_partly", values | {"failed": len(checked) - sum(checked)}),)
    return (Note("looking.maps_reliable", values, "good"),)


def _border(
    result: Result,
    explainer: Explainer,
    rows: Sequence[PredictionRow],
    tell: Callable[[int], None],
) -> border.Border:
    found = border.Border()
    for start in range(0, len(rows), BATCH):
        tell(start)
        prepared = []
        for row in rows[start : start + BATCH]:
            try:
                prepared.append(result.model.read(result.root / row.path))
            except UserError:  # as above
                continue
        if prepared:
            found.measure(explainer, prepared)
    return found


def _figures(explanations: Sequence[Explanation]) -> dict[str, object]:
    checked = [each.check.reliable for each in explanations if each.check is not None]
    return {"checked": len(checked), "reliable": sum(checked)}


VIEW = View(
    key="where_it_looks",
    title=N_("Where the model looks"),
    summary=N_(
        "Heat maps show which parts of an example a prediction is based on, and a test shows "
        "whether the maps are reliable."
    ),
    obstacle=of_whole(nothing_in_the_way),
    compute=compute,
    looked_at=looked_at,
    unlisted=OF_WHOLE,
)
