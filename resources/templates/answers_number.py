"""What a model that predicts a number says, in its unit: {"weight": 3.2}"""


class Answers:
    """A number."""

    outputs = ("value",)
    columns = ("value",)

    def __init__(self, card):
        self.name, self.unit = card["classes"][0], card["targets"]["unit"]

    def by_name(self, values):
        """The number."""
        return {self.name: float(values[0])}

    def told(self, values):
        """The number with its unit, no confidence, and the number alone."""
        whole = 1e4 <= abs(values[0]) < 1e15
        text = f"{values[0]:.0f}" if whole else f"{values[0]:.4g}"
        return f"{text} {self.unit}".strip(), None, values
