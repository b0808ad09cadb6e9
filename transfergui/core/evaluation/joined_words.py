"""Trainings that were put together, and a student beside its teacher, in words."""

from __future__ import annotations

from typing import Any, Literal

from transfergui.core import registry
from transfergui.core.base.figure_texts import told_apart
from transfergui.core.base.i18n import _
from transfergui.core.base.notes import Note
from transfergui.core.data.targets import ONE_CLASS
from transfergui.core.evaluation.figure_words import of_hundred
from transfergui.core.figures.metrics import EnsembleSummary, Report
from transfergui.core.interfaces.objective import Score


def of_joined(joined: EnsembleSummary, objective: str, unit: str = "") -> Note:
    """What came of putting trainings together, but for the noun.

    Args:
        objective: key of what is predicted, with its ``unit``.
    """
    values: dict[str, Any] = {"count": joined.count, "of": joined.of}
    if joined.together is None or joined.best is None:
        return Note("soup.unchecked", values)
    score = registry.objective(objective).curve
    together, best = joined.together, joined.best
    if objective != ONE_CLASS:
        texts = score.texts(together, best, unit)
        values |= {"title": _(score.title), "together": texts[0], "best": texts[1]}
        return Note(OF_SCORES[_gain(joined, score)], values)
    texts = told_apart(lambda share, more: f"{100 * share:.{1 + more}f}", together, best)
    values |= {"together": texts[0], "best": texts[1]}
    return Note(OF_CLASSES[_gain(joined, score)], values)


Gain = Literal["alone", "better", "as_good", "less_sure"]


OF_CLASSES: dict[Gain, str] = {
    "alone": "soup.alone",
    "better": "soup.better",
    "as_good": "soup.as_good",
    "less_sure": "soup.less_sure",
}
"""What to say of trainings that were put together."""


OF_SCORES: dict[Gain, str] = {
    "alone": "soup.score_alone",
    "better": "soup.score_better",
    "as_good": "soup.score_as_good",
    "less_sure": "soup.score_as_good",
}
"""The same where it is not about shares of right answers."""


def _gain(joined: EnsembleSummary, score: Score) -> Gain:
    if joined.count == 1:
        return "alone"
    if score.worth(joined.together) > score.worth(joined.best):
        return "better"
    return "less_sure" if joined.less_sure else "as_good"


def notes_of_joined(report: Report) -> list[Note]:
    if report.joined is None:
        return []
    return [of_joined(report.joined, report.objective, report.unit)]


def notes_of_teacher(report: Report) -> list[Note]:
    """The student beside its teacher."""
    teacher = report.teacher
    if teacher is None or report.accuracy is None:
        return []
    values: dict[str, Any] = {"title": teacher.title}
    if teacher.accuracy is None:
        code = "report.teacher_elsewhere" if teacher.answers else "report.teacher_silent"
        return [Note(code, values)]
    values |= {
        "teacher": of_hundred(teacher.accuracy),
        "teacher_hits": round(teacher.accuracy * report.n),
        "right": of_hundred(report.accuracy),
        "hits": round(report.accuracy * report.n),
        "size": round(teacher.own / 1e6, 1),
        "other": round(teacher.params / 1e6, 1),
    }
    return [Note("report.teacher", values)]
