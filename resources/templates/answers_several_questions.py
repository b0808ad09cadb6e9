"""What a model that answers several questions says: {"size": {"low": 0.93, "high": 0.07}}"""


class Answers:
    """One answer to each question."""

    outputs = ()

    def __init__(self, card):
        self.names, self.answers = card["targets"]["names"], card["targets"]["answers"]
        self.columns = [cell for name in self.names for cell in (name, f"{name} confidence")]

    def by_name(self, shares):
        """The probabilities of the answers to every question."""
        return {
            name: dict(zip(answers, part.tolist(), strict=True))
            for name, answers, part in self.parts(shares)
        }

    def told(self, shares):
        """The answers, how sure the least sure of them is, and the cells below the columns."""
        best = [(answers[part.argmax()], part.max()) for _name, answers, part in self.parts(shares)]
        label = " · ".join(answer for answer, _sure in best)
        return label, min(sure for _answer, sure in best), [cell for pair in best for cell in pair]

    def parts(self, shares):
        """Each question, its answers and their probabilities."""
        start = 0
        for name, answers in zip(self.names, self.answers, strict=True):
            yield name, answers, shares[start : start + len(answers)]
            start += len(answers)
