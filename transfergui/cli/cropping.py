"""``crop``: boxes cut out of pictures, into a folder per class."""

import argparse

from transfergui.cli import acting, data, models
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.data.dataset import DataOptions
from transfergui.core.recipe import Recipe


def crop(arguments: argparse.Namespace) -> None:
    """``transfergui crop RUN|MODEL PATH... --to DIR [--margin PERCENT] [--at-least PERCENT]
    [--dry-run] [--json]``, ``crop --data DATA --to DIR [--corrections]``, ``crop --undo RECORD``,
    ``crop --continue RECORD``. The last line printed is the path of the record.

    Raises:
        UserError: ``boxes.no_detector``, ``boxes.not_boxes``; an ``act.`` or ``undo.`` code; or as
            of ``predict``.
    """
    from transfergui.core.acting import crops

    if arguments.undo is not None or arguments.carry_on is not None:
        acting.sort(arguments)
        return
    if arguments.to is None:
        arguments.wrong_usage(_("--to is missing: the folder that gets the pictures"))
    margin = arguments.margin / 100
    if arguments.data is not None:
        options = DataOptions(path=str(arguments.data), objective="boxes")
        recipe = Recipe(modality="image", data=options)
        _recipe, dataset = data.read_corrected(recipe, arguments.corrections)
        act, noun = crops.of_dataset(dataset, arguments.to, margin), "pictures"
    elif arguments.model is None or not arguments.paths:
        arguments.wrong_usage(_("a model and the pictures are missing"))
        return
    else:
        model = models.loaded(arguments.model)
        if not model.objective.places:
            raise UserError("boxes.no_detector")
        model = models.showing(model, arguments)
        found = acting.predicted(model, arguments.paths)
        act = crops.of_predictions(model, model.input, found, arguments.to, margin)
        noun = model.modality.many
    for problem in act.left:
        acting.say_left(problem)
    if arguments.dry_run:
        acting.show_plan(act, arguments.json)
    elif not act.steps:
        raise UserError("act.nothing", left=len(act.left), there=act.there, noun=noun)
    else:
        acting.carried_out(act, _("Cutting out"), arguments.json)
