"""Numbers of tokens, changed at random; and texts to look at."""

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.core.modalities.text.conftest import WORDS
from transfergui.core.base.errors import UserError
from transfergui.core.modalities.text import preview, transforms
from transfergui.core.modalities.text.options import TextAugment, TextInput

TEXT = "the film was not very good and it was a poor plot"


@pytest.fixture
def input(tiny_bert: Path) -> TextInput:
    return TextInput(tokens=16, assets=str(tiny_bert))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(TEXT)
    return tmp_path / "a.txt"


def augmented(
    ids: torch.Tensor, input: TextInput, options: TextAugment, rng: np.random.Generator
) -> torch.Tensor:
    """One text, augmented alone."""
    (changed,) = transforms.augment([ids], input, options, [rng], torch.device("cpu"))
    return changed


def words(ids: torch.Tensor) -> list[int]:
    return [number for number in ids.tolist() if number]


def test_texts_become_numbers(path: Path, input: TextInput) -> None:
    ids = transforms.load(path, input)
    assert ids.shape == (16,)
    assert ids.dtype == transforms.example(input).dtype == torch.int64
    assert words(ids) == [2 + WORDS.index(word) for word in TEXT.split()]


def test_without_a_tokenizer_nothing_is_loaded(path: Path) -> None:
    with pytest.raises(UserError) as caught:
        transforms.load(path, TextInput())
    assert caught.value.code == "text.no_tokenizer"


@pytest.mark.parametrize("seed", range(5))
def test_each_change_does_what_it_says(path: Path, input: TextInput, seed: int) -> None:
    ids = transforms.load(path, input)
    own = words(ids)

    def changed(**options: float) -> list[int]:
        rng = np.random.default_rng(seed)
        found = augmented(ids, input, TextAugment(**options), rng)
        assert found.shape == ids.shape
        return words(found)

    hidden = changed(hide=50)
    assert len(hidden) == len(own)
    assert all(new in (old, 1) for new, old in zip(hidden, own, strict=True))
    assert 1 in hidden
    dropped = changed(drop=50)
    assert 0 < len(dropped) < len(own)
    remaining = iter(own)
    assert all(word in remaining for word in dropped)
    swapped = changed(swap=50)
    assert sorted(swapped) == sorted(own)
    assert swapped != own


def test_something_of_a_text_always_stays(input: TextInput) -> None:
    ids = torch.tensor([2, *[0] * 15])
    for seed in range(20):
        rng = np.random.default_rng(seed)
        options = TextAugment(hide=50, drop=50, swap=50)
        assert words(augmented(ids, input, options, rng))
    empty = torch.zeros(16, dtype=torch.long)
    rng = np.random.default_rng(0)
    assert torch.equal(augmented(empty, input, TextAugment(drop=50), rng), empty)


# -- previews


def test_a_text_is_shown_with_its_tokens(tmp_path: Path, input: TextInput) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'text,label\n"{TEXT} zzz yyy",good\n"{"film " * 40}",bad\n')
    shown = preview.of_text(Path(f"{path}#2"), input)
    assert (shown.kind, shown.caption) == ("text", "row 2 of a.csv")
    assert shown.data.text == f"{TEXT} zzz yyy"
    assert shown.data.tokens[:2] == ("the", "film")
    assert shown.data.unknown == pytest.approx(2 / 14)
    assert shown.data.cut == 0
    long = preview.of_text(Path(f"{path}#3"), input)
    assert (len(long.data.tokens), long.data.cut) == (16, 24)


def test_without_a_network_the_text_alone_is_shown(path: Path) -> None:
    shown = preview.of_text(path, TextInput())
    assert (shown.data.text, shown.data.tokens) == (TEXT, ())


def test_what_the_network_gets_is_shown_in_words(path: Path, input: TextInput) -> None:
    ids = transforms.load(path, input)
    shown = preview.of_ids(ids.numpy(), input)
    assert shown.data.tokens == tuple(TEXT.split())
    assert shown.data.text == TEXT
