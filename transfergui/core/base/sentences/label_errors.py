"""Sentences about likely label errors."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    "check.label_errors": N_(
        "{count} of {total} labels look wrong. Look at each of them: up to about {false} may be "
        "correct after all."
    ),
    "check.label_errors_no_features": N_(
        "Label errors cannot be looked for with this backbone: it has no features before it is "
        "trained. Choose another backbone."
    ),
}
ONE: dict[str, str] = {
    "check.label_errors": N_(
        "One of {total} labels looks wrong. Look at it: the label may be correct after all."
    ),
}
