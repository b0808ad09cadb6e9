"""Sentences about adapting a model without its training data: to the files at hand (Tent), and to a
target (SHOT)."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- a finished run adapted to a target
    "adapt.not_a_run": N_(
        "“{strategy}” adapts a finished run. Train first, then choose that run as the backbone "
        "(command line: --backbone RUN)."
    ),
    "adapt.other_classes": N_(
        "The run {path} predicts other classes than those of your data. Choose a run with the same "
        "classes."
    ),
    "adapt.too_few": N_("{path} has too few {noun} to adapt to: at least {needed} are needed."),
    "adapt.no_data": N_(
        "The labelled data of the run are not there, so no accuracy can be measured. Adapting is "
        "judged only by the predictions for the unlabelled examples, and by labelled ones from "
        "there if you add some (--check)."
    ),
    "adapt.unmeasured": N_("Accuracy unknown: the labelled data of the run are not there."),
    "strategy.nothing_to_adapt": N_(
        "{title} has nothing that can be trained, so it cannot be adapted. Choose a run with "
        "another backbone."
    ),
    "strategy.no_batch_norms": N_(
        "{title} has no batch normalisation, whose statistics this strategy adjusts. Choose "
        "another strategy, such as SHOT, or a run with another backbone."
    ),
    # -- Tent
    "tent.used": N_(
        "Experimental: the model was adapted to {count} of these {noun} (Tent); {changed} of "
        "their predictions changed. Whether more are correct is not known, and confidences can be "
        "much lower or higher than usual. The model itself stays as it was."
    ),
    "tent.not_used": N_("The predictions were made without adapting. {why}"),
    "tent.few": N_(
        "{count} {noun} are few to adapt to: with fewer than {needed}, or with only some of the "
        "classes among them, adapting often makes predictions worse."
    ),
    "tent.lost": N_(
        "After adapting, some classes are not predicted any more (share before → after): "
        "{classes}. If these classes should occur, predict without adapting."
    ),
    "tent.moved": N_(
        "After adapting, some classes are predicted far more or less often (share before → after): "
        "{classes}. Many of these predictions are wrong, either before or after, and confidence "
        "does not tell which. Look at some of them, or predict without adapting."
    ),
    "tent.one_class": N_(
        "After adapting, nearly everything gets the same class (share before → after): {classes}. "
        "If other classes should occur, predict without adapting."
    ),
    "tent.no_promise": N_(
        "The limit on wrong predictions is not applied: the limit was measured without adapting."
    ),
    "tent.with_promise": N_(
        "A limit on wrong predictions cannot be kept by a model that is adapted to the files at "
        "hand. Leave out --at-most-wrong or --tent."
    ),
    "tent.one_class_only": N_(
        "Adapting to the files at hand works only where one class is predicted."
    ),
    "tent.no_norms": N_(
        "{title} has no normalisation layers, so it cannot be adapted to the files at hand."
    ),
    "tent.too_few": N_(
        "Adapting to the files at hand needs at least {needed} {noun} that can be read."
    ),
}
