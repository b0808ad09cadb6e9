"""Predictions beside the truth."""

from transfergui.core.figures import answer_rows
from transfergui.core.figures.answer_rows import PredictionRow


def test_mistakes_come_most_confident_first():
    rows = [
        PredictionRow("a", "x", "y", 0.6),
        PredictionRow("b", "x", "x", 0.99),
        PredictionRow("c", "y", "x", 0.9),
    ]
    assert [row.path for row in answer_rows.top_mistakes(rows)] == ["c", "a"]
    assert [row.path for row in answer_rows.top_mistakes(rows, 1)] == ["c"]
