"""Sentences about other data beside those that are learnt, and about adapting to them."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    "companion.missing": N_("{path} does not exist. Choose the folder again."),
    "companion.empty": N_("{path} contains no {noun} that can be used. Choose another folder."),
    "companion.no_class": N_(
        "No class in {path} has the name of one of yours ({names}). Rename its folders, or say "
        "which class is which."
    ),
    "companion.other_classes": N_(
        "{count} {noun} are left out because their classes are not among yours: {names}."
    ),
    "companion.learnt": N_(
        "{count} {noun} are left out because they are also among your own: what is trained on "
        "cannot check."
    ),
    "companion.measures": N_(
        "{count} {noun} are left out because they are also in your validation or test set, or "
        "among those that only check."
    ),
    "companion.needed": N_(
        "“{strategy}” needs other data: {role}. Add them (command line: --{option})."
    ),
    "companion.unreadable": N_(
        "Nothing in {path} can be read. Reconnect its disk and resume, or train without it."
    ),
    "companion.skipped": N_("{count} files of {path} could not be read and were not used."),
    # -- the adapted model beside the other one
    "adapt.helped": N_(
        "Adapting helped: of {count} labelled {noun} from where the model will be used, {adapted} "
        "are correct, and {plain} without adapting. The adapted model was kept."
    ),
    "adapt.maybe_helped": N_(
        "Of {count} labelled {noun} from where the model will be used, {adapted} are correct, and "
        "{plain} without adapting. The adapted model was kept; the difference may be chance."
    ),
    "adapt.hurt": N_(
        "Adapting hurt: of {count} labelled {noun} from where the model will be used, {adapted} "
        "are correct, and {plain} without adapting. The model without adapting was kept."
    ),
    "adapt.no_gain": N_(
        "Adapting did not help: of {count} labelled {noun} from where the model will be used, "
        "{adapted} are correct, and {plain} without adapting. The model without adapting was kept."
    ),
    "adapt.kept": N_(
        "The adapted model was kept. Its predictions differ for {changed} of {total} unlabelled "
        "{noun} and are clearer; whether they are correct is not known. About {needed} labelled "
        "ones would tell."
    ),
    "adapt.unchanged": N_(
        "Adapting changed none of the predictions for the {total} unlabelled {noun}."
    ),
    "adapt.declined": N_(
        "The model without adapting was kept. What speaks against “{strategy}” here: {why}"
    ),
    "adapt.worse_at_home": N_("The adapted model is clearly worse on the validation set."),
    "adapt.less_clear": N_(
        "The adapted model's predictions for the unlabelled examples are less clear."
    ),
    "adapt.worse_where_alike": N_(
        "The adapted model is worse on the validation examples that are most like the unlabelled "
        "ones."
    ),
    "adapt.lost_classes": N_("The adapted model never predicts {classes}."),
    "adapt.checked_worse": N_(
        "The adapted model is not better on the labelled examples that check it."
    ),
    "adapt.not_compared": N_(
        "The adapted model was not compared with one that was not adapted, because training was "
        "stopped. Nothing shows whether adapting helped."
    ),
    "adapt.not_adapted": N_(
        "This model was not adapted. Add unlabelled examples from where the model will be used, "
        "and choose a strategy that adapts to them."
    ),
    "strategy.one_class_only": N_(
        "This strategy works only where one class is predicted. Choose another strategy."
    ),
}
