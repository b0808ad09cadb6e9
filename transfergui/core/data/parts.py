"""What a model predicts for a file of which it gets the parts one by one: for a long recording.

Only numpy is needed: the ``predict.py`` of a package carries this module.
"""

import numpy as np


def of_whole(parts: list[np.ndarray]) -> np.ndarray | None:
    """The answers [O] for a whole file, probabilities or numbers: the mean over those of its parts.

    Args:
        parts: [O] of each part, all of the file.

    Returns:
        None where the file is a single part: that one's answer is the file's.
    """
    return np.mean(parts, axis=0) if len(parts) > 1 else None


def middle(unlike: list[float]) -> float | None:
    """How unlike the training samples a whole file is: as its parts are, at the median."""
    return float(np.median(unlike)) if unlike else None
