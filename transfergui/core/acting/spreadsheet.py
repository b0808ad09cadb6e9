"""Predictions as a workbook that people read: with small pictures, and a sheet that sums up."""

from __future__ import annotations

import base64
import datetime
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from transfergui.core.base import files
from transfergui.core.base.errors import UserError, naming_missing_parts
from transfergui.core.base.i18n import _
from transfergui.core.base.progress import Tell, untold
from transfergui.core.data.boxes import parsed_boxes
from transfergui.core.data.doubt import UNLIKE, UNSURE
from transfergui.core.data.targets import (
    BOXES,
    NUMBER,
    SEVERAL_LABELS,
    SEVERAL_QUESTIONS,
    parsed_answers,
    parsed_labels,
)
from transfergui.core.evaluation import prediction_table as table
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.evaluation.thumbnails import SIDE, thumbnail
from transfergui.core.figures import box_answers
from transfergui.core.interfaces.samples import Preview

MOST_PICTURES = 5000
"""Pictures take about 6 KB each, and programs become slow with more of them."""
PICTURES, SUMMARY = "predictions", "summary"
"""The sheets."""
HIGH = 60
"""Points of a row with a picture; a point is 4/3 of a pixel."""
WIDE = 14
"""Letters of the column of pictures."""
BESIDE = 42
"""Letters of columns with names."""

Group = dict[str, list[float | None]]
"""The confidence of each prediction, by what was predicted."""


def write(
    path: Path,
    answered: table.Answered,
    preview: Callable[[Path], Preview],
    threshold: float = table.UNSURE,
    tell: Tell = untold,
) -> int:
    """Write predictions with a picture each; how many pictures there are.

    Sounds have their spectrogram, texts their first words.

    Args:
        preview: decodes a sample small; raises :class:`UserError` where it cannot be read.
        tell: called before each prediction; raises where the work is to end.

    Raises:
        UserError: ``export.not_writable``, ``predict.too_large_for_excel``, ``part.missing``.
    """
    with naming_missing_parts():
        import xlsxwriter

    stream = io.BytesIO()
    try:
        with files.temporary_folder() as folder:
            options = {"constant_memory": True, "tmpdir": str(folder)}
            with xlsxwriter.Workbook(stream, options) as book:
                pictures = _predictions(book, path, answered, preview, threshold, tell)
                summary(book, path, answered, threshold, pictures)
        files.write_output(path, stream.getvalue())
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError("export.not_writable", path=str(path), reason=reason) from None
    return pictures


# -- the sheet of predictions


def _predictions(
    book: Any,
    path: Path,
    answered: table.Answered,
    preview: Callable[[Path], Preview],
    threshold: float,
    tell: Tell,
) -> int:
    sheet = book.add_worksheet(PICTURES)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, WIDE)
    sheet.set_column(1, 1, BESIDE)
    rows = table.rows(answered, threshold=threshold)
    table.write_row(sheet, path, 0, ("picture", *next(rows)))
    number = pictures = 0
    for at, prediction in enumerate(answered.predictions):
        assert prediction is not None
        tell(at, len(answered.predictions))
        shown = _shown(prediction, preview) if pictures < MOST_PICTURES else None
        for which in range(max(1, len(prediction.own))):
            number += 1
            if which == 0 and shown is not None:
                pictures += 1
                _show(sheet, path, number, shown)
            table.write_row(sheet, path, number, next(rows), first=1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{number + 1}"})
    return pictures


def _shown(prediction: Prediction, preview: Callable[[Path], Preview]) -> str | bytes | None:
    """A JPEG, or the words of a text; None where it cannot be read."""
    try:
        small = thumbnail(preview(prediction.path))
    except UserError:
        return None
    if not small.source:
        return small.text
    return base64.b64decode(small.source.partition(",")[2])


def _show(sheet: Any, path: Path, number: int, shown: str | bytes) -> None:
    if isinstance(shown, str):
        table.write_row(sheet, path, number, (shown,))
        return
    sheet.set_row(number, HIGH)
    scale = (HIGH * 4 / 3 - 4) / SIDE
    options = {"image_data": io.BytesIO(shown), "x_scale": scale, "y_scale": scale}
    options |= {"x_offset": 2, "y_offset": 2, "object_position": 1, "description": ""}
    sheet.insert_image(number, 0, f"{number}.jpg", options)


# -- the sheet that sums up


def summary(
    book: Any, path: Path, answered: table.Answered, threshold: float, pictures: int = 0
) -> None:
    """A sheet that says how much of what was predicted.

    Args:
        book: an open workbook, which will be at ``path``.
        threshold: as of :func:`write`.
        pictures: how many rows have one.
    """
    sheet = book.add_worksheet(SUMMARY)
    sheet.set_column(0, 0, BESIDE)
    number = 0
    for row in _totals(answered, threshold, pictures):
        table.write_row(sheet, path, number, row)
        number += 1
    for title, group in groups(answered).items():
        number += 1
        heading = (title, _("count"), _("mean confidence"))
        table.write_row(sheet, path, number, heading)
        first = number + 1
        for name, sure in sorted(group.items(), key=lambda pair: -len(pair[1])):
            number += 1
            known = [each for each in sure if each is not None]
            mean = sum(known) / len(known) if known else ""
            table.write_row(sheet, path, number, (name, float(len(sure)), mean))
        number += 1
        if group:
            _chart(book, sheet, title, first, number - 1)


def _totals(
    answered: table.Answered, threshold: float, pictures: int
) -> Iterator[tuple[str | float, ...]]:
    known = [each for each in answered.predictions if each is not None]
    doubts = [table.doubt(each, threshold) for each in known]
    unread = sum(each.probabilities is None for each in known)
    if answered.name:
        yield _("Model"), answered.name
    yield _("Written"), datetime.datetime.now().strftime("%Y-%m-%d %H:%M")
    yield _("Examples"), float(len(known))
    yield _("Unlike the training data"), float(doubts.count(UNLIKE))
    yield _("Low confidence"), float(doubts.count(UNSURE))
    yield _("Without a prediction"), float(unread)
    if pictures == MOST_PICTURES < len(known):
        yield _("Only the first examples have a picture"), float(pictures)
    if answered.objective.key == BOXES:
        boxes = [parsed_boxes(each.label(answered.found.classes)) for each in known]
        yield _("Least confidence of boxes"), box_answers.threshold(answered.found.fitted)
        yield _("Boxes"), float(sum(map(len, boxes)))
        if known:
            yield _("Boxes per example"), sum(map(len, boxes)) / len(known)
    if answered.objective.key == NUMBER:
        numbers = [float(each.probabilities[0]) for each in known if each.probabilities is not None]
        if numbers:
            yield _("Lowest"), min(numbers)
            yield _("Mean"), sum(numbers) / len(numbers)
            yield _("Highest"), max(numbers)


def groups(answered: table.Answered) -> dict[str, Group]:
    """What was predicted how often, with the confidence; a group for each question, none of
    numbers. A prediction that is withheld counts for none."""
    found, key = answered.found, answered.objective.key
    if key == NUMBER:
        return {}
    names = found.targets.names if key == SEVERAL_QUESTIONS else (_("Prediction"),)
    counted: dict[str, Group] = {name: {} for name in names}
    if key == BOXES:  # also of which there are none
        counted[names[0]] = {name: [] for name in found.targets.names}
    for each in answered.predictions:
        said = "" if each is None else each.label(found.classes)
        if each is None or not said:
            continue
        if key == BOXES and each.probabilities is not None:
            scored = box_answers.scored_boxes(each.probabilities, found.targets.names)
            for box in scored:
                if box.score >= box_answers.threshold(found.fitted):
                    counted[names[0]].setdefault(box.name, []).append(box.score)
            continue
        if key == SEVERAL_QUESTIONS:
            pairs = zip(names, parsed_answers(said), strict=True)
        else:
            labels = _parts_of(key, said)
            pairs = zip(names * len(labels), labels, strict=True)
        for name, answer in pairs:
            if answer is not None:
                counted[name].setdefault(answer, []).append(each.confidence)
    return counted


def _parts_of(key: str, said: str) -> tuple[str, ...]:
    """What a prediction counts for: each of its labels."""
    return tuple(parsed_labels(said)) if key == SEVERAL_LABELS else (said,)


def _chart(book: Any, sheet: Any, title: str, first: int, last: int) -> None:
    chart = book.add_chart({"type": "bar"})
    series = {"categories": [SUMMARY, first, 0, last, 0], "values": [SUMMARY, first, 1, last, 1]}
    chart.add_series({**series, "name": title})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True})
    chart.set_size({"width": 420, "height": 120 + 22 * min(last - first + 1, 30)})
    sheet.insert_chart(first - 1, 4, chart)
