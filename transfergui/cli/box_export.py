"""``scan`` with ``--export``: pictures with their boxes or classes, for other programs."""

import argparse
from collections.abc import Mapping

from transfergui.cli import console, data
from transfergui.cli.acting import carried_out
from transfergui.cli.progress import counting
from transfergui.cli.settings import recipe_from
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.data.dataset import Dataset
from transfergui.core.data.split import split
from transfergui.core.labelling import box_files, shards

PARTS = ("train", "val", "test")


def scan(arguments: argparse.Namespace) -> None:
    """``transfergui scan DATA [--corrections] [--export DIR --as HOW] [--json]``.

    Raises:
        UserError: the data cannot be read; as :func:`box_files.planned` and :func:`shards.write`;
            an ``act.`` code.
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
    if arguments.how == shards.WEBDATASET:
        _as_shards(dataset, parts, arguments)
        return
    act = box_files.planned(dataset, parts, arguments.export, arguments.how)
    for problem in act.left:
        console.say(problem.sentence())
    carried_out(act, _("Exporting"), arguments.json)


def _as_shards(dataset: Dataset, parts: Mapping[str, str], arguments: argparse.Namespace) -> None:
    with counting(_("Exporting")) as tell:
        written = shards.write(dataset, parts, arguments.export, tell)
    for problem in written.left:
        console.say(problem.sentence())
    if arguments.json:
        tree = {"counts": written.counts, "left": [each.path for each in written.left]}
        console.document({"paths": list(map(str, written.paths)), **tree})
        return
    for part, count in written.counts.items():
        console.result(f"{part}  {count}")
    console.result(str(arguments.export))
