"""A prediction as JSON, as a service answers and programs read it.

``file``: what the example is called; ``prediction``: the class, labels, answers or number, null
where there is none; ``confidence`` in [0, 1], null of a number; ``scores``: what the model says for
each class, label, question or number; ``doubt``: ``unlike``, ``unsure`` or empty; ``withheld``:
whether the prediction is left out, by what was promised; ``note``: the doubt in words; ``error``:
null, or ``code`` and ``message`` of why there is no prediction, or why it means little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transfergui.core.evaluation import prediction_table as table

if TYPE_CHECKING:
    from transfergui.core.evaluation.prediction import Prediction
    from transfergui.core.evaluation.prediction_table import Predicting


def as_json(
    prediction: Prediction, model: Predicting, threshold: float = table.UNSURE
) -> dict[str, Any]:
    """See the module.

    Args:
        threshold: per cent of confidence below which a prediction is ``unsure``.
    """
    answered = prediction.probabilities is not None
    found, objective = model.found, model.objective
    scores: dict[str, Any] = {}
    if prediction.probabilities is not None:
        cells = objective.cells(prediction.probabilities, found)
        scores = dict(zip(objective.columns(found), cells, strict=False))
    problem = prediction.problem
    return {
        "file": str(prediction.name or prediction.path),
        "prediction": (prediction.label(found.classes) or None) if answered else None,
        "confidence": prediction.confidence if answered else None,
        "scores": scores,
        "doubt": table.doubt(prediction, threshold),
        "withheld": prediction.withheld,
        "note": table.note(prediction, threshold),
        "error": problem and {"code": problem.code, "message": table.problem_of(prediction)},
    }
