"""``rank``: which backbone suits the data, before any is trained."""

import argparse
from typing import TYPE_CHECKING, Any

import msgspec

from transfergui.cli import console, suitability
from transfergui.cli.settings import recipe_from
from transfergui.cli.training import prepare, say_choice
from transfergui.core.base.figure_texts import per_cent, within
from transfergui.core.base.i18n import _, comma_list, ngettext
from transfergui.core.interfaces.objective import Score

if TYPE_CHECKING:
    from transfergui.core.training.ranking import Ranked


def rank(arguments: argparse.Namespace) -> None:
    """``transfergui rank DATA [--sources [...]] [--json]``."""
    plan = prepare(recipe_from(arguments), arguments.corrections)
    say_choice(plan)
    if arguments.sources is not None:
        suitability.show(plan, arguments.sources, arguments.json)
        return
    from transfergui.core.training import ranking

    rows = []
    for row in ranking.rank(plan):
        rows.append(row)
        if not row.skipped:
            score = plan.objective.probe.text(row.score)
            console.say(_("{title}: {score}").format(title=row.title, score=score))
    rows = ranking.ordered(rows)
    if arguments.json:
        console.document([_document(row) for row in rows])
    else:
        _show(rows, ranking.places(rows), plan.objective.probe)


def _document(row: "Ranked") -> dict[str, Any]:
    """Of a backbone that was not tried, with the code, the values and the sentence of why."""
    note = row.skipped
    why = {"skipped": note.code, "values": note.values} if note else {"skipped": "", "values": {}}
    return {**msgspec.to_builtins(row), **why, "why": note.sentence() if note else ""}


def _show(rows: "list[Ranked]", places: list[int | None], score: Score) -> None:
    tried = [(row, place) for row, place in zip(rows, places, strict=True) if not row.skipped]
    table = [
        (
            _place(place, places),
            row.key,
            score.text(row.score),
            score.text(row.deviation),
            None if row.logme is None else f"{row.logme:.3f}",
            None if row.hscore is None else f"{row.hscore:.2f}",
            "" if row.published is None else per_cent(f"{row.published:.1f}"),
            f"{row.seconds:.1f} s",
        )
        for row, place in tried
    ]
    titles = (_("rank"), _("backbone"), within(_(score.title)), "±", "LogME", "H-score")
    console.table(table, (*titles, _("published"), _("time")))
    if tried:
        console.say(_verdict([row for row, place in tried if place == 1] or [tried[0][0]]))
        console.say(_legend(score, tried[0][0].n))
    left = len(rows) - len(tried)
    if left:
        text = ngettext(
            "{count} backbone was not tried; --json shows why.",
            "{count} backbones were not tried; --json shows why.",
            left,
        )
        console.say(text.format(count=left))


def _place(place: int | None, places: list[int | None]) -> str:
    """``2``; of a place that several share, ``2 (tie)``."""
    if place is None:
        return ""
    return _("{place} (tie)").format(place=place) if places.count(place) > 1 else str(place)


def _verdict(best: "list[Ranked]") -> str:
    if len(best) == 1:
        return _("{title} suits your data best.").format(title=best[0].title)
    titles = comma_list(row.title for row in best)
    return _("Tied for the best score: {titles}.").format(titles=titles)


def _legend(score: Score, n: int) -> str:
    """What the columns are."""
    return _(
        "{score}: measured with a linear probe (a linear model on the features of the frozen "
        "backbone), cross-validated on {n} training examples. LogME and H-score: further "
        "scores of the same features; higher is better. Published: the accuracy of the pretrained "
        "backbone on its own test set, as published."
    ).format(score=_(score.title), n=n)
