"""A long recording is answered in pieces, and then as a whole, as ``predict.py`` does it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.core.made_answers import FOUND, said_by
from transfergui.core import registry
from transfergui.core.app.wholes import count, with_wholes
from transfergui.core.data.dataset import Problem
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.interfaces.objective import Said

AUDIO, TEXT = registry.modality("audio"), registry.modality("text")


def SAID(answers: np.ndarray) -> Said:
    return registry.objective("one_class").said(answers[None], FOUND["one_class"])[0]


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
    found = list(with_wholes(given, AUDIO, SAID))
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
    assert list(with_wholes(given, TEXT, SAID)) == given
    assert count([each.path for each in given], TEXT) == 0


def test_pieces_that_were_given_by_themselves_are_no_whole() -> None:
    given = [piece("talk.wav#0", 0.9), piece("talk.wav#5000", 0.3)]
    paths = [each.path for each in given]
    assert list(with_wholes(given, AUDIO, SAID, paths)) == given
    assert count(paths, AUDIO, paths) == 0


def test_a_piece_that_cannot_be_read_leaves_no_whole() -> None:
    unread = Prediction(
        Path("talk.wav#5000"), problem=Problem("sound.cut_off", path="talk.wav#5000")
    )
    given = [piece("talk.wav#0", 0.9), unread, piece("talk.wav#10000", 0.9)]
    assert list(with_wholes(given, AUDIO, SAID)) == given


def test_what_is_doubtful_of_every_piece_is_doubtful_of_the_whole() -> None:
    def silent(name: str) -> Problem:
        return Problem("sound.silent", path=name, left_out=False)

    given = [piece(name, 0.9, silent(name)) for name in ("talk.wav#0", "talk.wav#5000")]
    assert list(with_wholes(given, AUDIO, SAID))[-1].problem == silent("talk.wav")
    given[1] = piece("talk.wav#5000", 0.9)
    assert list(with_wholes(given, AUDIO, SAID))[-1].problem is None


def test_the_whole_is_called_as_its_pieces_are() -> None:
    zipped = [
        replace(piece(f"/cache/talk.wav#{at}", 0.5), name=Path(f"z.zip/talk.wav#{at}"))
        for at in (0, 5000)
    ]
    assert list(with_wholes(zipped, AUDIO, SAID))[-1].name == Path("z.zip/talk.wav")


@pytest.mark.parametrize(
    ("objective", "pieces", "label", "confidence"),
    [
        ("one_class", ([0.9, 0.1], [0.0, 1.0]), "b", 0.55),
        ("several_labels", ([0.5, 0.8], [0.0, 1.0]), "odd", 0.75),  # thresholds 0.3 and 0.9
        ("several_questions", ([0.9, 0.1, 0.6, 0.4], [0, 1, 1, 0]), "high · e", 0.55),
        ("number", ([10.0], [13.0]), "11.5 kg", None),
    ],
)
def test_a_whole_says_what_the_mean_of_its_pieces_comes_to(
    objective: str, pieces: Sequence[Sequence[float]], label: str, confidence: float | None
) -> None:
    """Not what its first piece says."""
    found = [said_by(objective, f"t.wav#{n}", each) for n, each in enumerate(pieces)]

    def said(answers: np.ndarray) -> Said:
        return registry.objective(objective).said(answers[None], FOUND[objective])[0]

    whole = list(with_wholes(found, AUDIO, said))[-1]
    assert whole.label(()) == label
    assert whole.confidence == (confidence and pytest.approx(confidence))
    assert found[0].label(()) != label
