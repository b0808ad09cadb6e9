"""A prediction as JSON, as a service answers and programs read it.

``file``: what the example is called; ``prediction``: the class, labels, answers or number, null
where there is none; ``confidence`` in [0, 1], null of a number; ``scores``: what the model says for
each class, label, question or number; ``doubt``: ``unlike``, ``unsure`` or empty; ``withheld``:
whether the prediction is left out, by what was promised; ``note``: the doubt in words; ``error``:
null, or ``code`` and ``message`` of why there is no prediction, or why it means little. Of a model
that finds boxes, ``prediction`` is how many of each class are shown, ``confidence`` the least score
of these (null without any), and there are also ``boxes``: class, score and sides of each that is
shown, as shares and, in ``pixels``, in those of the upright picture; ``width`` and ``height`` of
that; and ``threshold``: the score from which on boxes are shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transfergui.core.evaluation import prediction_table as table
from transfergui.core.figures import box_answers

if TYPE_CHECKING:
    from transfergui.core.evaluation.prediction import Prediction
    from transfergui.core.evaluation.prediction_table import Predicting
    from transfergui.core.interfaces.objective import Found


def as_json(
    prediction: Prediction,
    model: Predicting,
    threshold: float = table.UNSURE,
    size: tuple[int, int] | None = None,
) -> dict[str, Any]:
    """See the module.

    Args:
        threshold: per cent of confidence below which a prediction is ``unsure``.
        size: width and height in pixels of an upright picture, if known.
    """
    answered = prediction.probabilities is not None
    found, objective = model.found, model.objective
    scores: dict[str, Any] = {}
    if prediction.probabilities is not None:
        cells = objective.told_cells(prediction.probabilities, found)
        scores = dict(zip(objective.columns(found), cells, strict=False))
    label, confidence = table.told(prediction, objective, found)
    problem = prediction.problem
    more = _placed(prediction, found, size) if objective.places else {}
    return {
        "file": prediction.called,
        "prediction": (label or None) if answered else None,
        "confidence": confidence if answered else None,
        "scores": scores,
        "doubt": table.doubt(prediction, threshold),
        "withheld": prediction.withheld,
        "note": table.note(prediction, threshold),
        "error": problem and {"code": problem.code, "message": table.problem_of(prediction)},
        **more,
    }


def _placed(prediction: Prediction, found: Found, size: tuple[int, int] | None) -> dict[str, Any]:
    """The boxes that are shown, and what is needed to read them."""
    least = box_answers.threshold(found.fitted)
    width, height = size or (None, None)
    boxes = []
    if prediction.probabilities is not None:
        scored = box_answers.scored_boxes(prediction.probabilities, found.targets.names)
        boxes = [_box(box, size) for box in scored if box.score >= least]
    return {"boxes": boxes, "threshold": least, "width": width, "height": height}


def _box(box: box_answers.ScoredBox, size: tuple[int, int] | None) -> dict[str, Any]:
    sides = ("left", "top", "right", "bottom")
    shares = dict(zip(sides, box[2:], strict=True))
    pixels = None
    if size is not None:
        both = zip(box[2:], (*size, *size), strict=True)
        pixels = [round(share * extent, box_answers.PIXEL_DECIMALS) for share, extent in both]
    return {"class": box.name, "score": box.score, **shares, "pixels": pixels}
