"""What a model that predicts one class says."""


class Answers:
    """Exactly one of the classes."""

    outputs = ("probabilities",)

    def __init__(self, card):
        self.names = card["classes"]
        self.columns = card["classes"]

    def by_name(self, shares):
        """The probability of every class."""
        return dict(zip(self.names, shares.tolist(), strict=True))

    def told(self, shares):
        """The answer, its confidence, and the figures below the columns."""
        best = int(shares.argmax())
        return self.names[best], shares[best], shares
