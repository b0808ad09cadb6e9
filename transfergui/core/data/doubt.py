"""Why a prediction is not to be believed, as a word for programs.

The ``predict.py`` of a package carries this module.
"""

UNSURE, UNLIKE = "unsure", "unlike"


def doubt_of(confidence: float | None, unlike: float | None, below: float) -> str:
    """``unlike`` anything that the model was trained on, ``unsure``, or nothing.

    Args:
        confidence: in [0, 1]; None of a number.
        unlike: above 1 it is a stranger; None where that is not known.
        below: the confidence from which on a prediction is sure enough.
    """
    if unlike is not None and unlike > 1:
        return UNLIKE
    return UNSURE if confidence is not None and confidence < below else ""
