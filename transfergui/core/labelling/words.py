"""Suggestions from the names of the classes alone, before anything is learnt from labels.

The probabilities are the softmax of the network's own scores over the names
(:mod:`transfergui.core.labelling.word_features`). They say which name fits best, not whether any
does: "none of these" has no words, and is never suggested so. Suggestions are no labels, and count
nowhere as such.

Which ones are shown is decided by the labels: those from words until the head of the labels is
correct on as many of the labelled examples. The head predicts each of them without its own label
(:mod:`transfergui.core.labelling.head`), the words have seen none; both are counted on the same
examples. Labels that were only accepted as suggested favour who suggested them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec
import numpy as np

from transfergui.core.base.i18n import _, ngettext
from transfergui.core.labelling import word_features
from transfergui.core.labelling.features import Features
from transfergui.core.labelling.suggestions import Suggestions
from transfergui.core.labelling.table import LabelTable
from transfergui.core.labelling.word_networks import WordNetwork

FEWEST = 2
"""Classes from which on there is something to tell apart."""
Source = Literal["words", "labels"]


class WordRows(NamedTuple):
    """What a network makes of examples.

    Attributes:
        network: that knows words, too.
        examples: its features of them (:func:`word_features.of_examples`).
    """

    network: WordNetwork
    examples: Features


class WordScores(NamedTuple):
    """What the names of the classes say of examples.

    Attributes:
        network: the name of the network.
        paths: of the examples [N].
        classes: without "none of these" [C].
        probabilities: float64 [N, C].
    """

    network: str
    paths: tuple[str, ...]
    classes: tuple[str, ...]
    probabilities: np.ndarray

    def guesses(self) -> dict[str, tuple[str, float]]:
        """The likeliest class of each example, and how likely it is among the others, by path."""
        at = self.probabilities.argmax(1).tolist()
        highest = self.probabilities.max(1).tolist()
        return {
            path: (self.classes[place], share)
            for path, place, share in zip(self.paths, at, highest, strict=True)
        }


class Comparison(msgspec.Struct, frozen=True):
    """Which suggestions are shown, and why.

    Attributes:
        network: the name of the network that knows words.
        shown: where the suggestions come from.
        n: how many labelled examples were looked at.
        words: on how many of them the class names alone are correct.
        labels: on how many the head of the labels is; None while there is none.
    """

    network: str
    shown: Source
    n: int
    words: int
    labels: int | None = None

    def sentence(self) -> str:
        """The same in words."""
        values = {"network": self.network, "words": self.words, "labels": self.labels, "n": self.n}
        if not self.n:
            text = _(
                "Suggestions come from the class names alone ({network}); nothing has been learned "
                "from your labels yet."
            )
        elif self.labels is None:
            text = ngettext(
                "Suggestions come from the class names alone ({network}): correct on {words} of "
                "{n} labelled example. Nothing has been learned from your labels yet.",
                "Suggestions come from the class names alone ({network}): correct on {words} of "
                "{n} labelled examples. Nothing has been learned from your labels yet.",
                self.n,
            )
        elif self.shown == "words":
            text = _(
                "Suggestions come from the class names alone ({network}): correct on {words} of "
                "{n} labelled examples. What was learned from your labels is correct on {labels} "
                "of them, and is shown once it is correct on as many."
            )
        else:
            text = _(
                "Suggestions come from your labels: correct on {labels} of {n} labelled examples, "
                "the class names alone ({network}) on {words}."
            )
        return text.format(**values)


def scored(rows: WordRows, classes: Sequence[str]) -> WordScores | None:
    """What the names of ``classes``, without "none of these", say; None for fewer than
    :data:`FEWEST`.

    Raises:
        UserError: ``words.damaged``.
    """
    from scipy.special import softmax

    if len(classes) < FEWEST:
        return None
    network, examples = rows
    names = word_features.of_names(network, classes).astype(np.float64)
    logits = word_features.scale(network) * (examples.rows.astype(np.float64) @ names.T)
    return WordScores(network.title, examples.paths, tuple(classes), softmax(logits, axis=1))


def compared(scores: WordScores, found: Suggestions | None, table: LabelTable) -> Comparison:
    """Which suggestions are shown.

    Args:
        found: of the head of the labels in ``table``; None where there are no features for one.
    """
    guesses = scores.guesses()
    labelled = {path: name for path, name in table.labels.items() if path in guesses}
    heads = _left_out(found) if found is not None else {}
    if heads:
        labelled = {path: name for path, name in labelled.items() if path in heads}
    words = sum(guesses[path][0] == name for path, name in labelled.items())
    if not heads:
        return Comparison(scores.network, "words", len(labelled), words)
    labels = sum(heads[path] == name for path, name in labelled.items())
    shown: Source = "labels" if labels >= words else "words"
    return Comparison(scores.network, shown, len(labelled), words, labels)


def _left_out(found: Suggestions) -> Mapping[str, str]:
    """What the head says of each labelled example without its own label, by path."""
    if not found.classes:
        return {}
    rows = np.flatnonzero(found.left_out.any(1)).tolist()
    at = found.left_out.argmax(1)
    return {found.paths[row]: found.classes[at[row]] for row in rows}
