"""``rank``: which network suits the data, before any is trained."""

import argparse
from typing import TYPE_CHECKING, Any

import msgspec

from transfergui.cli import console
from transfergui.cli.curves import within
from transfergui.cli.models import share
from transfergui.cli.settings import recipe_from
from transfergui.cli.training import prepare, say_choice
from transfergui.core.base.i18n import _
from transfergui.core.interfaces import Score

if TYPE_CHECKING:
    from transfergui.core.training.ranking import Ranked


def rank(arguments: argparse.Namespace) -> None:
    """``transfergui rank DATA [--json]``."""
    plan = prepare(recipe_from(arguments), arguments.corrections)
    say_choice(plan)
    from transfergui.core.training import ranking

    rows = []
    for row in ranking.rank(plan):
        rows.append(row)
        if not row.skipped:
            console.say(_("{title}: {accuracy}").format(title=row.title, accuracy=share(row.score)))
    rows = ranking.ordered(rows)
    if arguments.json:
        console.document([_document(row) for row in rows])
    else:
        _show(rows, plan.objective.probe)


def _document(row: "Ranked") -> dict[str, Any]:
    """Of a network that was not tried, with the code, the values and the sentence of why."""
    note = row.skipped
    why = {"skipped": note.code, "values": note.values} if note else {"skipped": "", "values": {}}
    return {**msgspec.to_builtins(row), **why, "why": note.sentence() if note else ""}


def _show(rows: "list[Ranked]", score: Score) -> None:
    tried = [row for row in rows if not row.skipped]
    table = [
        (
            row.key,
            f"{share(row.score)} ± {share(row.deviation)}",
            share(row.logme),
            "" if row.published is None else f"{row.published:.1f}",
            f"{row.seconds:.1f} s",
        )
        for row in tried
    ]
    columns = (_("backbone"), within(_(score.title)), _("LogME"), _("published"), _("time"))
    console.table(table, columns)
    left = len(rows) - len(tried)
    if tried:
        one = _(
            "{title} suits these data best. Accuracy: how often a simple classifier is right by "
            "what the network sees as it is, on {n} training examples that it had not learnt "
            "from (cross-validated). LogME: another score of the same, higher is better. "
            "Published: the network's accuracy in per cent where it comes from. {left} others "
            "are not here or cannot be frozen; --json lists them."
        )
        others = _(
            "{title} suits these data best. {score}: of a simple model of what the network sees as "
            "it is, measured on {n} training examples that it had not learnt from "
            "(cross-validated). LogME: another score of the same, higher is better. Published: the "
            "network's accuracy in per cent where it comes from. {left} others are not here or "
            "cannot be frozen; --json lists them."
        )
        text = others if tried[0].accuracy is None else one
        values = {"title": tried[0].title, "n": tried[0].n, "score": _(score.title)}
        console.say(text.format(left=left, **values))
