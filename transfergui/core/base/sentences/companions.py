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
    "strategy.one_class_only": N_(
        "This strategy works only where one class is predicted. Choose another strategy."
    ),
}
