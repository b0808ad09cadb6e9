"""Sentences on whether new data look like those that a model was tested on."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    "likeness.apart": N_(
        "These {noun} do not look like the training data: a simple classifier tells the two apart "
        "in {percent} of cases (50 % is chance). The measured results may not hold here. Check "
        "some predictions by hand."
    ),
    "likeness.trained_on": N_(
        "{count} of these {n} {noun} were used for training or for choosing the best epoch, so the "
        "model is correct on them more often than on new {noun}."
    ),
    "likeness.trained_on_some": N_(
        "Of {n} {noun} taken at random from these, {count} were used for training or for choosing "
        "the best epoch. On such {noun}, the model is correct more often than on new ones."
    ),
    "likeness.strangers": N_(
        "{count} of the {total} {noun} examined ({percent}, 95 % interval {between}) are unlike"
        " anything the model was trained on; 5 % would be usual. The most unusual: {names}."
    ),
    "likeness.shares": N_(
        "“{label}” is predicted for {percent} of these {noun}, but for {usual} of those in the "
        "test set. That is fine if the classes really are distributed differently here. If not,"
        " check some predictions by hand."
    ),
    "likeness.one_class": N_(
        "{count} of the {total} {noun} examined are predicted as “{label}”, but only {usual} of"
        " those in the test set. Unless nearly all of these {noun} are “{label}”, many of the "
        "predictions are wrong: the model always chooses one of its classes, even for {noun} "
        "that show none of them. Check some by hand."
    ),
}

ONE: dict[str, str] = {
    "likeness.trained_on": N_(
        "One of these {noun} was used for training or for choosing the best epoch, so the model "
        "is correct on it more often than on new {noun}."
    ),
    "likeness.trained_on_some": N_(
        "Of {n} {noun} taken at random from these, one was used for training or for choosing the "
        "best epoch. On such {noun}, the model is correct more often than on new ones."
    ),
}
