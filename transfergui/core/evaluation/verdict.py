"""Which of the sentences about a result come first, in the window and in ``report.html``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from transfergui.core.base.notes import Note
from transfergui.core.evaluation import adapted, borrowed, borrowing_gain

MOST = 3
"""Sentences that are shown at once."""
ORDER = {"warning": 0, "good": 2}
"""Levels that come before others."""
OF_LABELS = frozenset({"report.labels_doubtful", "report.labels_unknown"})
"""Codes of what comes after the warnings: nothing else says that no check judged the labels."""
SINCE = frozenset({"report.since_better", "report.since_worse", "report.since_unclear"})
"""Codes of what new examples brought, on the test set that was kept."""
OF_DATA = frozenset(
    {
        "report.checks_found",
        "report.checks_clean",
        "report.checks_clean_else",
        "report.checks_but_labels",
        "report.checks_but_labels_else",
        "report.checks_none",
    }
)
"""Codes of what stands above the headline: what the checks of the data found."""
ON_BARS = frozenset(
    {"report.interval", "report.balanced_plain", "report.own_test", "report.checked"}
)
"""Codes of sentences that the bars show already."""


@dataclass(frozen=True)
class Verdict:
    """The sentences about a result by where they stand.

    Attributes:
        data: what the checks of the data found; above the headline.
        headline: without a full stop, and without the interval that the bars show.
        first: the most important ones.
        more: the others.
    """

    headline: str
    first: list[Note]
    more: list[Note]
    data: Note | None = None

    @classmethod
    def of(cls, notes: Sequence[Note]) -> Verdict:
        """
        Args:
            notes: of :func:`transfergui.core.evaluation.words.notes`.
        """
        headline, *others = notes
        data = next((note for note in others if note.code in OF_DATA), None)
        others = [note for note in others if note.code not in OF_DATA]
        wanted = [at for at, note in enumerate(others) if note.code not in ON_BARS]
        places = sorted(wanted, key=lambda at: _order(others[at]))[:MOST]
        more = [note for at, note in enumerate(others) if at not in places]
        return cls(headline_text(headline), [others[at] for at in places], more, data)


def _order(note: Note) -> int:
    """What was asked of the training comes first."""
    if note.code in SINCE | adapted.CODES | borrowing_gain.CODES | borrowed.WARNED:
        return -1
    return 1 if note.code in OF_LABELS else ORDER.get(note.level, 3)


def headline_text(note: Note) -> str:
    """The first sentence as a title."""
    if note.code == "report.score_between":
        note = Note("report.score", note.values, note.level)
    return note.sentence().rstrip(".。")
