"""``rank``: which network suits the data, before any is trained."""

import argparse
from typing import TYPE_CHECKING, Any

import msgspec

from transfergui.cli import console
from transfergui.cli.models import share
from transfergui.cli.settings import recipe_from
from transfergui.cli.training import prepare, say_choice
from transfergui.core.base import messages
from transfergui.core.base.i18n import _

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
            console.say(
                _("{title}: {accuracy}").format(title=row.title, accuracy=share(row.accuracy))
            )
    rows = ranking.ordered(rows)
    if arguments.json:
        console.document([_document(row) for row in rows])
    else:
        _show(rows)


def _document(row: "Ranked") -> dict[str, Any]:
    return {**msgspec.to_builtins(row), "why": why(row)}


def why(row: "Ranked") -> str:
    """Why a network was not tried, as a sentence; empty if it was."""
    return messages.sentence(row.skipped, row.values) if row.skipped else ""


def _show(rows: "list[Ranked]") -> None:
    tried = [row for row in rows if not row.skipped]
    table = [
        (
            row.key,
            f"{share(row.accuracy)} ± {share(row.deviation)}",
            share(row.logme),
            "" if row.published is None else f"{row.published:.1f}",
            f"{row.seconds:.1f} s",
        )
        for row in tried
    ]
    columns = (_("backbone"), _("accuracy"), _("LogME"), _("published"), _("time"))
    console.table(table, columns)
    left = len(rows) - len(tried)
    if tried:
        text = _(
            "{title} suits these data best. Accuracy: how often a simple classifier is right by "
            "what the network sees as it is, on {n} training examples that it had not learnt "
            "from (cross-validated). LogME: another score of the same, higher is better. "
            "Published: the network's accuracy in per cent where it comes from. {left} others "
            "are not here or cannot be frozen; --json lists them."
        )
        console.say(text.format(title=tried[0].title, n=tried[0].n, left=left))
