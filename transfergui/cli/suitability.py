"""``transfergui rank DATA --sources``: how alike other data are, and how well networks suit."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from transfergui.cli import console, progress
from transfergui.cli.training import ended_by_signals
from transfergui.core import sources
from transfergui.core.app import suitability_texts
from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import span, within
from transfergui.core.base.i18n import _, paragraph
from transfergui.core.base.notes import Note
from transfergui.core.interfaces.plan import Plan
from transfergui.core.runs.run import Run

if TYPE_CHECKING:
    from transfergui.core.app.suitability import Candidate, Suitability


def show(plan: Plan, names: Sequence[str], as_json: bool) -> None:
    """Compare and print.

    Args:
        names: of what is compared; all that is here where there are none.

    Raises:
        UserError: the data cannot be read; ``suit.no_network``.
    """
    from transfergui.core.app import suitability

    wanted = suitability.named(plan, names) if names else suitability.candidates(plan)
    under = suitability.reference(plan).backbone
    with ended_by_signals(), progress.counting(_("Comparing")) as tell:
        rows = suitability.ordered(suitability.compare(plan, wanted, tell))
    if as_json:
        tree = {"compared_under": under.key, "sources": [_document(row) for row in rows]}
        console.document(tree)
        return
    _show_data(rows, under.title)
    _show_networks(rows, plan)
    _show_reasons(rows)


def _document(row: "Suitability") -> dict[str, Any]:
    near, network = row.closeness, row.network
    skipped = network.skipped if network else None
    tree = {
        **msgspec.to_builtins(row.candidate),
        "closeness": None if near is None else msgspec.to_builtins(near),
        "labels": None if row.labels is None else msgspec.to_builtins(row.labels),
        "not_compared": _told(row.not_compared),
        "network": None if network is None else msgspec.to_builtins(network),
    }
    if tree["network"] is not None:
        tree["network"]["skipped"] = _told(skipped)
    return tree


def _told(note: Note | None) -> dict[str, Any] | None:
    if note is None:
        return None
    return {"code": note.code, "values": note.values, "why": note.sentence()}


def _show_data(rows: "Sequence[Suitability]", under: str) -> None:
    """The nearest first."""
    table = []
    for row in rows:
        if (near := row.closeness) is None:
            continue
        known = near.low is not None and near.high is not None
        table.append(
            (
                _name(row.candidate),
                suitability_texts.word(near),
                None if near.distance is None else f"{near.distance:.2f}",
                span(f"{near.low:.2f}", f"{near.high:.2f}") if known else None,
                None if near.energy is None else f"{near.energy:.2f}",
                near.count or None,
            )
        )
    if not table:
        return
    titles = (_("data"), _("likeness"), _("A-distance"), _("95 % interval"), _("energy"))
    console.table(table, (*titles, _("examples")))
    console.say(_(suitability_texts.EXPLAINED))
    text = _(
        "Compared by the features of {title}. A-distance: proxy A-distance, 0 if a classifier "
        "cannot tell the two apart, 2 if it always can. Energy: energy coefficient, from 0 (in "
        "the same place) to 1 (far apart)."
    )
    console.say(text.format(title=under))
    for row in rows:
        if row.labels is not None:
            said = suitability_texts.labels(row.labels, row.candidate.role)
            name = _name(row.candidate)
            console.result(_("{name}: {text}").format(name=name, text=said))


def _show_networks(rows: "Sequence[Suitability]", plan: Plan) -> None:
    """The best first."""
    score = plan.objective.probe
    tried = [
        (row.candidate, row.network) for row in rows if row.network and not row.network.skipped
    ]
    if not tried:
        return
    tried.sort(key=lambda each: -(each[1].score or 0.0))
    table = [
        (
            _name(candidate),
            score.text(network.score),
            score.text(network.deviation),
            None if network.logme is None else f"{network.logme:.3f}",
            None if network.hscore is None else f"{network.hscore:.2f}",
        )
        for candidate, network in tried
    ]
    console.result("")
    titles = (_("backbone or run"), within(_(score.title)), "±", "LogME", "H-score")
    console.table(table, titles)
    text = _(
        "{score}: measured with a linear probe on the frozen features of your {n} training "
        "examples, cross-validated. LogME and H-score: further scores of the same features. "
        "Higher is better for all; compare them on one data set only."
    )
    console.say(text.format(score=_(score.title), n=tried[0][1].n))


def _show_reasons(rows: "Sequence[Suitability]") -> None:
    """What could not be compared; that nothing is known of the data of backbones is no news."""
    text = _("{name}: not compared. {why}")
    for row in rows:
        notes = [row.not_compared if row.candidate.kind != "backbone" else None]
        notes += [row.network.skipped if row.network else None]
        why = paragraph(note.sentence() for note in notes if note)
        if why:
            console.say(text.format(name=_name(row.candidate), why=why))


def _name(candidate: "Candidate") -> str:
    """Of a run what it was trained on and with, as folders differ in a number only."""
    if candidate.kind != "run":
        return candidate.named
    folder = Path(candidate.named)
    try:
        run = Run.open(folder)
        called, title = run.called(run.recipe), sources.network_title(run)
    except UserError:
        return folder.name
    text = _("{data}, {network} (run {folder})")
    return text.format(data=called, network=title, folder=folder.name)
