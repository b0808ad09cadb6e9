"""``scan`` with ``--export``: pictures with their boxes, written for other programs."""

import argparse

from transfergui.cli import console, data
from transfergui.cli.acting import carried_out
from transfergui.cli.settings import recipe_from
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.data.split import split
from transfergui.core.labelling import box_files

PARTS = ("train", "val", "test")


def scan(arguments: argparse.Namespace) -> None:
    """``transfergui scan DATA [--corrections] [--export DIR --as HOW] [--json]``.

    Raises:
        UserError: the data cannot be read; as :func:`box_files.planned`; an ``act.`` code.
    """
    if arguments.export is None:
        data.scan(arguments)
        return
    recipe, dataset = data.read_corrected(recipe_from(arguments), arguments.corrections)
    parts: dict[str, str] = {}
    try:
        divided = split(dataset, recipe.split, recipe.run.seed)
        parts = {s.path: part for part in PARTS for s in getattr(divided, part)}
    except UserError as error:
        text = _("Exported without a split: {why}")
        console.say(text.format(why=error))
    act = box_files.planned(dataset, parts, arguments.export, arguments.how)
    for problem in act.left:
        console.say(problem.sentence())
    carried_out(act, _("Exporting"), arguments.json)
