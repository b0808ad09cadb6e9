"""Maps by hiding find the one place that counts."""

import numpy as np

from transfergui.core.looking import hiding


def test_the_place_that_counts_is_hottest() -> None:
    hidden = hiding.squares()
    assert len(hidden) == 41
    changes = np.array([float(region[7, 4]) for region in hidden])
    heat = hiding.of_squares(hidden, changes)
    row, column = np.unravel_index(heat.argmax(), heat.shape)
    assert abs(row - 7) <= 1 and abs(column - 4) <= 1
    assert heat[0, 11] == 0
    assert hiding.joined(np.eye(7), heat).shape == (hiding.SIDE, hiding.SIDE)


def test_words_of_long_texts_are_hidden_together() -> None:
    units = np.repeat(np.arange(-1, 3 * hiding.MOST_WORDS), 2)
    hidden = hiding.words(units)
    assert len(hidden) == hiding.MOST_WORDS
    heat = hiding.of_words(hidden, np.ones(len(hidden)), len(units))
    assert np.isclose(heat.sum(), len(hidden)) and not heat[:2].any()
    assert hiding.words(np.full(4, -1)) == []
