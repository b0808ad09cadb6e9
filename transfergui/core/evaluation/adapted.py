"""What is said of a model that was adapted to unlabelled examples, beside one that was not.

Where no label of the target is known, nothing says that it is better: only what changed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from transfergui.core import registry
from transfergui.core.base.figure_texts import (
    per_cent,
    percent,
    share_decimals,
    share_ends,
    span,
)
from transfergui.core.base.i18n import _, paragraph
from transfergui.core.base.notes import Note
from transfergui.core.base.paths import shown
from transfergui.core.data import labels
from transfergui.core.data.targets import ONE_CLASS
from transfergui.core.evaluation.difference_texts import ends_text
from transfergui.core.evaluation.kinds import Table
from transfergui.core.figures.adapting import Adaptation, Side
from transfergui.core.figures.intervals import wilson_of
from transfergui.core.figures.metrics import Checked, Report, Verdict
from transfergui.core.figures.questions import LEVEL

CODES = frozenset(
    {
        "adapt.helped",
        "adapt.maybe_helped",
        "adapt.hurt",
        "adapt.no_gain",
        "adapt.not_enough",
        "adapt.kept",
        "adapt.unchanged",
        "adapt.declined",
        "adapt.early",
        "adapt.validation_differs",
        "adapt.validation_fell",
        "adapt.kept_few",
        "report.own_data",
    }
)
"""Of :func:`notes`."""
TELLING = 15
"""So many predictions that differ show a difference of three to one in two cases of three; examples
to label are reckoned from that."""


def notes(report: Report, noun: str) -> list[Note]:
    """The sentences, the most important first; none where nothing is known of where the model will
    be used.

    Args:
        noun: what the examples are called; marked with ``N_``.
    """
    if report.adaptation is not None:
        said = told(report.adaptation, noun)
        home = report.n and report.measured_on == "test" and not report.adaptation.checked
        return [*said, Note("report.own_data")] if home else said
    if report.checked is None:
        return []
    found = report.checked
    share = percent(found.accuracy, share_decimals(found.n))
    between = per_cent(span(*share_ends(found.low, found.high)))
    values = {"count": found.n, "accuracy": share, "interval": between, "noun": noun}
    return [Note("report.checked", values)]


def where_used(report: Report) -> Checked | None:
    """What the model of a report gets right where it will be used; None where no labelled examples
    of there tell."""
    found = report.adaptation
    if found is None:
        return report.checked
    side = found.adapted if found.kept == "adapted" else found.plain
    if not found.checked or side.checked is None:
        return None
    ends = wilson_of(side.checked, found.checked)
    return Checked(side.checked, ends.low, ends.high, found.checked)


def headline(found: Checked) -> Note:
    """What comes before the figure of one's own test set: the model is for that place."""
    values = {
        "hits": round(found.accuracy * found.n),
        "count": found.n,
        "percent": percent(found.accuracy, 0),
    }
    return Note("report.where_used", values)


def told(found: Adaptation, noun: str) -> list[Note]:
    """As of :func:`notes`, of an adapted model beside the other one."""
    if found.checked:
        said = _checked(found)
    elif found.kept == "adapted" or not found.changed:
        said = _unproven(found)
    else:
        said = _declined(found)
    level, values = said.level, {"noun": noun} | said.values
    more = _validation(found, noun)
    if not found.early:
        return [Note(said.code, values, level), *more]
    level = "info" if level == "good" else level  # the other one may have become better
    return [Note(said.code, values, level), Note("adapt.early", level="warning"), *more]


def _validation(found: Adaptation, noun: str) -> list[Note]:
    """That one's own validation samples say the opposite of what the labelled ones of there say, or
    of an adapted model that was kept without such."""
    count, before, after = found.validated, found.plain.accuracy, found.adapted.accuracy
    there = (found.adapted.checked or 0.0) - (found.plain.checked or 0.0)
    if not found.checked:
        there = 1.0 if found.kept == "adapted" else 0.0
    if not count or there * (after - before) >= 0:
        return []
    values = {
        "count": count,
        "adapted": round(after * count),
        "plain": round(before * count),
        "noun": noun,
    }
    return [Note("adapt.validation_differs" if found.checked else "adapt.validation_fell", values)]


def _checked(found: Adaptation) -> Note:
    """Where labelled examples of the target tell."""
    before, after = found.plain.checked or 0.0, found.adapted.checked or 0.0
    decimals, count = share_decimals(found.checked), found.checked
    ends = _("n/a")
    if found.low is not None and found.high is not None:
        ends = ends_text(found.low, found.high, ONE_CLASS, "")
    values = {
        "count": count,
        "plain": percent(before, decimals),
        "adapted": percent(after, decimals),
        "plain_hits": round(before * count),
        "adapted_hits": round(after * count),
        "interval": ends,
    }
    clear = found.p is not None and found.p < LEVEL
    if found.kept != "adapted":
        if after > before:  # perhaps by chance, and more speaks against it
            return Note("adapt.not_enough", values | {"why": _why(found)})
        code = "adapt.hurt" if clear else "adapt.no_gain"
        return Note(code, values, "warning" if clear else "info")
    return Note(
        "adapt.helped" if clear else "adapt.maybe_helped", values, "good" if clear else "info"
    )


def _unproven(found: Adaptation) -> Note:
    """Nothing speaks against it, and nothing says that it is right."""
    changed = round(found.changed * found.target)
    if not changed:
        return Note("adapt.unchanged", {"total": found.target})
    needed = max(10, math.ceil(TELLING / found.changed))
    values = {"changed": changed, "total": found.target}
    if needed > found.target:  # however many of them are labelled
        return Note("adapt.kept_few", values)
    return Note("adapt.kept", values | {"needed": needed})


def _declined(found: Adaptation) -> Note:
    """What spoke against it."""
    title = _(registry.strategy(found.strategy).title)
    return Note("adapt.declined", {"strategy": title, "why": _why(found)})


def _why(found: Adaptation) -> str:
    names = {"classes": labels.quoted(found.lost)} if found.lost else {}
    return paragraph(Note(code, names).sentence() for code in found.reasons)


def verdict(found: Adaptation) -> Verdict:
    """The same in a few figures: the share of right answers on the labelled examples from where the
    model will be used, or else on the validation samples."""
    note, *_more = told(found, "")
    sides = [s.accuracy if s.checked is None else s.checked for s in (found.adapted, found.plain)]
    return Verdict(found.kept, note.code, *sides)


# -- figures


def tables(found: Adaptation, noun: str) -> tuple[Table, Table]:
    """Both models beside each other: what is known of them, and how often they predict each class.

    Args:
        noun: what the examples are called; marked with ``N_``.
    """
    kept = found.kept == "adapted"
    plain, adapted = _("Not adapted"), _("Adapted")
    columns = (
        _("{name} (kept)").format(name=plain) if not kept else plain,
        _("{name} (kept)").format(name=adapted) if kept else adapted,
    )
    figures = frozenset({1, 2})
    title = _("Share of the {total} unlabelled {noun} by predicted class")
    return (
        Table(_("The two models"), (_("Figure"), *columns), tuple(_rows(found)), figures),
        Table(
            title.format(total=found.target, noun=_(noun)),
            (_("Class"), *columns),
            tuple(
                (shown(name), *(percent(share, share_decimals(found.target)) for share in pair))
                for name, pair in found.shares.items()
            ),
            figures,
        ),
    )


def _rows(found: Adaptation) -> Iterator[tuple[str, str, str]]:
    sides = (found.plain, found.adapted)
    if found.checked:
        text = _("Correct on the {count} labelled examples from there")
        yield text.format(count=found.checked), *_both(sides, "checked", found.checked)
    if found.validated:
        yield _("Correct on the validation set"), *_both(sides, "accuracy", found.validated)
    if found.effective and all(side.weighted is not None for side in sides):
        count = max(1, round(found.effective))
        text = _("Correct on similar validation examples (they count as {count})")
        yield text.format(count=count), *_both(sides, "weighted", count)
    changed = percent(found.changed, share_decimals(found.target))
    yield _("Unlabelled examples predicted differently"), "", changed


def _both(sides: tuple[Side, Side], name: str, count: int) -> tuple[str, str]:
    """A share of both models, each with its interval."""

    def text(share: float) -> str:
        known, decimals = wilson_of(share, count), share_decimals(count)
        between = per_cent(span(*share_ends(known.low, known.high)))
        return f"{percent(share, decimals)} ({between})"

    first, second = (text(getattr(side, name)) for side in sides)
    return first, second
