"""What a model that predicts several labels says: {"beach": 0.93, "dog": 0.07}"""

import numpy as np


class Answers:
    """The labels above their thresholds; there may be none."""

    outputs = ("probabilities",)

    def __init__(self, card):
        self.names = card["classes"]
        self.columns = card["classes"]
        self.limits = np.array(card["fitted"] or [0.5] * len(self.names))

    def by_name(self, shares):
        """The probability of every label."""
        return dict(zip(self.names, shares.tolist(), strict=True))

    def told(self, shares):
        """The labels, how sure the least clear of them is, and the figures below the columns."""
        chosen = shares >= self.limits
        names = [name for name, yes in zip(self.names, chosen, strict=True) if yes]
        sure = np.where(chosen, shares, 1 - shares).min()
        return "; ".join(names) or "(none)", sure, shares
