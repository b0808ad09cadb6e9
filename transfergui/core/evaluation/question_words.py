"""The answers to each of several questions, in words."""

from __future__ import annotations

from typing import Any

from transfergui.core.base.figure_texts import told_apart
from transfergui.core.base.messages import Level
from transfergui.core.base.notes import Note
from transfergui.core.evaluation.figure_words import of_hundred, with_decimals
from transfergui.core.figures.metrics import Report


def notes(report: Report) -> list[Note]:
    """Of several questions: a sentence for each."""
    return [note for name, own in report.questions.items() for note in _question(name, own)]


def _question(name: str, own: Report) -> list[Note]:
    if own.accuracy is None:
        return [Note("report.question_nothing", {"name": name}, "warning")]
    values: dict[str, Any] = {
        "name": name,
        "n": own.n,
        "hits": round(own.accuracy * own.n),
        "right": of_hundred(own.accuracy),
    }
    level, code = _of_question(own)
    if own.majority is not None:
        values |= {"majority": own.majority_class, "baseline": of_hundred(own.majority)}
    return [Note(code, values, level), *_alone(name, own)]


def _of_question(own: Report) -> tuple[Level, str]:
    """How an answer to one question is called beside always predicting one class."""
    if own.majority is None or own.accuracy is None or own.interval is None:
        return "info", "report.question"
    if own.accuracy <= own.majority:
        return "warning", "report.question_no_better"
    if own.interval.low <= own.majority:
        return "warning", "report.question_maybe_no_better"
    return "good", "report.question_baseline"


def _alone(name: str, own: Report) -> list[Note]:
    """A question beside its own training, where there was one."""
    alone = own.alone
    if alone is None or alone.accuracy is None or own.accuracy is None:
        return []
    together, single = told_apart(with_decimals, own.accuracy, alone.accuracy)
    values = {"name": name, "n": own.n, "together": together, "alone": single}
    level, code = TOGETHER[alone.verdict]
    return [Note(code, values, level)]


TOGETHER: dict[str, tuple[Level, str]] = {
    "helped": ("good", "report.alone_helped"),
    "harmed": ("warning", "report.alone_harmed"),
    "unclear": ("info", "report.alone_unclear"),
}
"""How a question is called that was learnt together with others."""
