import numpy as np
import pytest

from transfergui.core.figures import rarity

PADDING, UNKNOWN = 0, 1


def texts(count: int, seed: int, first: int = 2) -> list[np.ndarray]:
    """Of a hundred tokens from ``first`` on, the first ones common."""
    rng = np.random.default_rng(seed)
    return [first + rng.geometric(0.1, 20).clip(max=100) for _ in range(count)]


def test_texts_of_other_words_surprise() -> None:
    learnt = texts(100, 0)
    counts = rarity.counted(learnt, UNKNOWN)
    table = rarity.table(counts, PADDING)
    usual = rarity.among(learnt, counts)
    assert table[PADDING] == rarity.SKIPPED
    assert rarity.rarities(texts(50, 1), table).mean() == pytest.approx(usual.mean(), rel=0.05)
    assert rarity.rarities(texts(50, 2, first=60), table).min() > usual.max()
    unknown = [np.full(5, UNKNOWN), np.full(5, 10_000)]
    assert rarity.rarities(unknown, table) == pytest.approx([table[-1]] * 2)


def test_a_text_is_compared_with_the_others_only() -> None:
    counts = rarity.counted([np.array([2, 3]), np.array([3, 4])])
    alone = rarity.rarities([np.array([3, 4])], rarity.table(rarity.counted([np.array([2, 3])]), 0))
    (found,) = rarity.among([np.array([3, 4])], counts)
    assert found - alone[0] == pytest.approx(np.log(2), abs=1e-2)  # of twice as many tokens


def test_few_words_vary_more() -> None:
    found = texts(100, 0)
    table = rarity.table(rarity.counted(found, UNKNOWN), PADDING)
    one = rarity.deviation(found, table)
    short = rarity.rarities([ids[:4] for ids in found], table)
    assert short.std() == pytest.approx(one / 2, rel=0.2)
