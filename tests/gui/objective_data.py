"""Data for each objective as the window opens them: pictures beside a table."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from transfergui.core.data.dataset import DataOptions
from transfergui.core.recipe import Recipe

COUNT = 24


@dataclass(frozen=True)
class MadeTable:
    """A table of pictures.

    Attributes:
        columns: of the table, beside ``file``; ``rows`` its cells.
        objective, predict: what is predicted.
        said: how the data stage counts it.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    objective: str
    predict: tuple[str, ...]
    said: str

    def write(self, folder: Path) -> Path:
        """Make the pictures and the table."""
        folder.mkdir()
        rng = np.random.default_rng(0)
        lines = [",".join(("file", *self.columns))]
        for at in range(COUNT):
            pixels = rng.integers(0, 256, (24, 24, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(folder / f"{at:02}.png")
            lines.append(",".join((f"{at:02}.png", *self.rows[at % len(self.rows)])))
        (folder / "labels.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return folder

    def recipe(self, folder: Path) -> Recipe:
        """What opens them so without a question."""
        return Recipe(
            data=DataOptions(path=str(folder), objective=self.objective, predict=self.predict)
        )


LABELS = MadeTable(
    ("tags",), (("cat;dog",), ("cat",), ("dog",), ("",)), "several_labels", ("tags",), "2 labels"
)
QUESTIONS = MadeTable(
    ("digit", "speaker"),
    (("one", "ann"), ("two", "bob"), ("one", "bob"), ("two", "")),
    "several_questions",
    ("digit", "speaker"),
    "2 questions",
)
NUMBERS = MadeTable(
    ("weight (kg)",),
    tuple((f"{at / 2}",) for at in range(COUNT)),
    "number",
    ("weight (kg)",),
    "A number in kg",
)
CHOICE = MadeTable(
    ("colour", "size"),
    tuple((("red", "blue")[at % 2], ("big", "mid", "small")[at % 3]) for at in range(COUNT)),
    "several_questions",
    ("colour", "size"),
    "2 questions",
)
"""Of which it must be asked what is predicted."""
TABLES = {"labels": LABELS, "questions": QUESTIONS, "numbers": NUMBERS}
