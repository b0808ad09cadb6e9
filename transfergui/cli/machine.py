"""``demo``: does it work here?"""

import argparse

from transfergui.cli import console, curves, training
from transfergui.core.app.samples import catalogue as samples
from transfergui.core.base.i18n import _
from transfergui.core.runs.run import Run


def demo(arguments: argparse.Namespace) -> None:
    """``transfergui demo [--sample KEY]`` without a display: a small training, data to curves.

    Raises:
        UserError: ``sample.not_written``, ``weights.not_installed``, or why it could not go on.
    """
    sample = samples.find(arguments.sample)
    text = _("Sample: {title}. {sentence} Nothing is downloaded.")
    console.say(text.format(title=_(sample.title), sentence=_(sample.sentence)))
    if sample.why:
        console.say(_(sample.why))
    plan = training.prepare(samples.recipe_of(sample.key))
    training.provide_weights(plan, download=False)
    run = Run.create(plan.recipe, plan.split)
    training.follow(plan, run)
    for line in curves.lines(run.history()):
        console.say(line)
    console.say(_("Next, with your own data: transfergui train DATA"))
