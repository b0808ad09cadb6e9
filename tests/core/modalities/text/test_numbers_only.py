"""Tables of numbers are refused; tables that hold texts beside numbers are read."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from transfergui.core.base import options as opt
from transfergui.core.base.errors import UserError
from transfergui.core.data.dataset import DataOptions, Dataset
from transfergui.core.modalities.text import files

WORDS = ["the", "film", "was", "long", "and", "dull", "but", "its", "end", "made", "laugh"]
Row = list[Any]


def text(words: int = 8) -> str:
    return " ".join(random.choices(WORDS, k=words))


def size() -> float:
    return round(random.uniform(1, 9), 1)


def table(path: Path, row: Callable[[int], Row], header: str = "") -> Path:
    random.seed(3)
    rows = [",".join(f'"{cell}"' for cell in row(at)) for at in range(60)]
    path.write_text("\n".join([header, *rows] if header else rows) + "\n", encoding="utf-8")
    return path


def scanned(path: Path, **options: Any) -> Dataset:
    return files.scan(opt.check({"path": str(path), "options": options}, DataOptions))


def digits(at: int) -> Row:
    return [at % 10, *(random.randrange(256) for _ in range(20))]


def flower(at: int) -> Row:
    return [size(), size(), size(), ("setosa", "Iris-virginica", "versicolor")[at % 3]]


def customer(at: int) -> Row:
    paid = ("Bank transfer (automatic)", "Electronic check")[at % 2]
    return [f"A{at}VH", paid, at % 7, size(), ("Yes", "No")[at % 2]]


def price(at: int) -> Row:
    return [f"2024-05-{at % 28 + 1:02d} 12:30", size(), size(), size()]


def face(at: int) -> Row:
    return [at % 7, " ".join(str(random.randrange(256)) for _ in range(16))]


PIXELS = "label," + ",".join(f"pixel{at}" for at in range(20))


@pytest.mark.parametrize(
    ("row", "header", "names"),
    [
        (digits, PIXELS, "pixel0, pixel1, pixel2, pixel3, … (20)"),
        (digits, "", "1, 2, 3, 4, … (21)"),
        (flower, "length,width,petal,species", "length, width, petal"),
        (customer, "customerID,PaymentMethod,tenure,charges,Churn", "tenure, charges"),
        (price, "Date,Open,High,label", "Open, High"),
        (face, "emotion,pixels", "pixels"),
        (lambda at: [at * 7, size(), at % 3], "comments,views,label", "comments, views"),
    ],
)
def test_a_table_of_numbers_is_refused(
    tmp_path: Path, row: Callable[[int], Row], header: str, names: str
) -> None:
    path = table(tmp_path / "t.csv", row, header)
    for source in (path, tmp_path):
        with pytest.raises(UserError) as refused:
            scanned(source)
        assert refused.value.note.code == "text.only_numbers"
        assert refused.value.note.values == {"path": str(path), "names": names}


def test_several_tables_of_numbers_are_refused_before_anything_is_asked(tmp_path: Path) -> None:
    for name in ("red", "white"):
        table(tmp_path / f"{name}.csv", flower, "length,width,petal,species")
    with pytest.raises(UserError) as refused:
        scanned(tmp_path)
    assert refused.value.note.code == "text.only_numbers"


@pytest.mark.parametrize(
    ("row", "header", "column"),
    [
        (lambda at: [text(), at % 5 + 1], "review,rating", "review"),
        (lambda at: [at, size(), size(), f"{text(2)} {at}", at % 2], "id,a,b,title,label", "title"),
        (lambda at: [size() / 3, size() / 7, f"C(=O)N{at}", at % 2], "a,b,smiles,label", "smiles"),
        (lambda at: [size(), at % 9, f"{text(4)}", at % 2], "a,b,said,label", "said"),
        (lambda at: [" ".join(map(str, range(at, 3 * at + 5))), at % 2], "text,label", "text"),
    ],
)
def test_texts_beside_numbers_are_read(
    tmp_path: Path, row: Callable[[int], Row], header: str, column: str
) -> None:
    dataset = scanned(table(tmp_path / "t.csv", row, header))
    assert dataset.chosen["text_column"] == column
    assert len(dataset.classes) in (2, 5)


def test_a_chosen_column_of_numbers_is_read(tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", lambda at: [at * 71, size(), at % 3], "phone,a,label")
    assert scanned(path, text_column="phone").chosen["text_column"] == "phone"
