"""``demo`` and ``doctor``: does it work here, and what is missing?"""

import argparse
import dataclasses

from transfergui.cli import console, curves, training
from transfergui.core import doctor as doctors
from transfergui.core import samples
from transfergui.core.errors import UserError
from transfergui.core.i18n import _
from transfergui.core.runs import Run

MARKS = {"good": "", "note": "note:", "broken": "BROKEN:"}


def demo(arguments: argparse.Namespace) -> None:
    """``transfergui demo [--sample KEY]`` without a display: a small training, data to curves.

    Raises:
        UserError: ``sample.not_written``, ``weights.not_installed``, or why it could not go on.
    """
    sample = samples.find(arguments.sample)
    text = _("The sample: {title}. {sentence} Nothing is downloaded.")
    console.say(text.format(title=_(sample.title), sentence=_(sample.sentence)))
    if sample.why:
        console.say(_(sample.why))
    plan = training.prepare(samples.recipe_of(sample.key))
    training.provide_weights(plan, download=False)
    run = Run.create(plan.recipe, plan.split)
    training.follow(plan, run)
    for line in curves.lines(run.history()):
        console.say(line)
    console.say(_("Now with your own data: transfergui train DATA"))


def doctor(arguments: argparse.Namespace) -> None:
    """``transfergui doctor [--json]``.

    Raises:
        UserError: ``doctor.broken``: something keeps the program from working.
    """
    findings = doctors.examine()
    if arguments.json:
        console.document([dataclasses.asdict(finding) for finding in findings])
    else:
        console.table([(f.topic, f.name, f"{MARKS[f.state]} {f.value}".strip()) for f in findings])
        for finding in findings:
            if finding.mend:
                console.result(f"{finding.name}: {finding.mend}")
    broken = [finding.name for finding in findings if finding.state == "broken"]
    if broken:
        raise UserError("doctor.broken", names=", ".join(broken))
