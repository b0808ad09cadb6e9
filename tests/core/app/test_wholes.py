"""A long recording is answered in pieces, and then as a whole, as ``predict.py`` does it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from transfergui.core import registry
from transfergui.core.app.wholes import count, with_wholes
from transfergui.core.data.dataset import Problem
from transfergui.core.evaluation.prediction import Prediction

AUDIO, TEXT = registry.modality("audio"), registry.modality("text")


def piece(name: str, first: float, problem: Problem | None = None) -> Prediction:
    return Prediction(Path(name), np.array([first, 1 - first]), problem)


def names(found: list[Prediction]) -> list[str]:
    return [str(each.path) for each in found]


def test_the_whole_follows_its_pieces() -> None:
    given = [
        piece("a/talk.wav#0", 0.9),
        piece("a/talk.wav#5000", 0.3),
        piece("a/short.wav", 0.2),
        piece("b/talk.wav#0", 0.4),
        piece("b/talk.wav#5000", 0.2),
    ]
    found = list(with_wholes(given, AUDIO))
    wanted = names(given)
    assert names(found) == [*wanted[:2], "a/talk.wav", *wanted[2:], "b/talk.wav"]
    whole = found[2]
    assert whole.probabilities is not None
    assert whole.probabilities.tolist() == pytest.approx([0.6, 0.4])
    assert (whole.parts, whole.confidence) == (2, pytest.approx(0.6))
    assert [each.parts for each in found if each is not whole] == [0, 0, 0, 0, 0, 2]
    assert count([each.path for each in given], AUDIO) == 2


def test_rows_of_a_table_are_no_pieces() -> None:
    given = [piece("reviews.csv#2", 0.9), piece("reviews.csv#3", 0.3)]
    assert list(with_wholes(given, TEXT)) == given
    assert count([each.path for each in given], TEXT) == 0


def test_pieces_that_were_given_by_themselves_are_no_whole() -> None:
    given = [piece("talk.wav#0", 0.9), piece("talk.wav#5000", 0.3)]
    paths = [each.path for each in given]
    assert list(with_wholes(given, AUDIO, paths)) == given
    assert count(paths, AUDIO, paths) == 0


def test_a_piece_that_cannot_be_read_leaves_no_whole() -> None:
    unread = Prediction(Path("talk.wav#5000"), problem=Problem("sound.cut_off", "talk.wav#5000"))
    given = [piece("talk.wav#0", 0.9), unread, piece("talk.wav#10000", 0.9)]
    assert list(with_wholes(given, AUDIO)) == given


def test_what_is_doubtful_of_every_piece_is_doubtful_of_the_whole() -> None:
    def silent(name: str) -> Problem:
        return Problem("sound.silent", name, False)

    given = [piece(name, 0.9, silent(name)) for name in ("talk.wav#0", "talk.wav#5000")]
    assert list(with_wholes(given, AUDIO))[-1].problem == silent("talk.wav")
    given[1] = piece("talk.wav#5000", 0.9)
    assert list(with_wholes(given, AUDIO))[-1].problem is None


def test_the_whole_is_called_as_its_pieces_are() -> None:
    zipped = [
        replace(piece(f"/cache/talk.wav#{at}", 0.5), name=Path(f"z.zip/talk.wav#{at}"))
        for at in (0, 5000)
    ]
    assert list(with_wholes(zipped, AUDIO))[-1].name == Path("z.zip/talk.wav")
