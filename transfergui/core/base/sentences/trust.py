"""Sentences about how far the confidence of a model is to be believed."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- how far a model is to be believed
    "promise.no_confidence": N_(
        "Predictions of this model (numbers or boxes) have no overall confidence, so no limit on "
        "wrong predictions can be set."
    ),
    "promise.unknown": N_(
        "This model keeps no record of its validation predictions, so no limit on wrong "
        "predictions can be set. Train again with a validation set, or choose the run or the model "
        "package."
    ),
    "promise.made": N_(
        "With 90 % probability, at most {wrong} of the predictions are wrong. Below {below} "
        "confidence there is no prediction: {count} of {n} validation {noun}."
    ),
    "promise.tested": N_(
        "Test set: {count} of {n} {noun} without a prediction; of the other {answered}, {wrong} "
        "wrong."
    ),
    "promise.too_few": N_(
        "“Wrong in at most {wrong}” needs about {needed} validation examples; there are {count}. "
        "The more errors a model makes, the more examples this takes. Add examples, or allow more "
        "wrong predictions."
    ),
    "promise.too_few_in_all": N_(
        "“Wrong in at most {wrong}” needs about {needed} validation examples, or {total} examples "
        "in all with the present split; there are {count} in validation. The more errors a model "
        "makes, the more examples this takes. Add examples, or allow more wrong predictions."
    ),
    "promise.too_often": N_(
        "{count} validation examples do not show that “Wrong in at most {wrong}” can be kept: the "
        "model is wrong too often among them, even where it is most confident. Allow more wrong "
        "predictions, train a better model, or find out with more validation examples."
    ),
    "doubts.unreadable": N_(
        "{path} cannot be read: {reason}. Without it, examples unlike the training data are not "
        "flagged, and no limit on wrong predictions can be kept. Everything else works. To restore "
        "it, train again."
    ),
    "doubts.missing": N_(
        "{path} is missing. Without it, examples unlike the training data are not flagged, and no "
        "limit on wrong predictions can be kept. Everything else works. To restore it, train again."
    ),
    "doubts.no_promise": N_(
        "{path} cannot be read: {reason}. The limit on wrong predictions that it held is not "
        "applied. To apply one again, choose it in Predict, or delete the file."
    ),
    "predict.unlike": N_(
        "{count} of {total} {noun} are unlike anything that the model was trained on; do not trust "
        "their predictions."
    ),
    "predict.unsure": N_(
        "{count} of {total} {noun} have no prediction: the confidence is too low to keep wrong "
        "predictions to at most {wrong}."
    ),
    # -- views
    "reliability.no_confidence": N_("A predicted number has no confidence to check."),
    "reliability.too_few": N_("At least 20 predictions are needed to check the confidence."),
    "reliability.overconfident": N_(
        "Overconfident: mean confidence {confidence}, but {right} of {n} {noun} correct ({share})."
    ),
    "reliability.underconfident": N_(
        "Underconfident: mean confidence {confidence}, but {right} of {n} {noun} correct ({share})."
    ),
    "reliability.honest": N_(
        "The confidence matches the accuracy: mean confidence {confidence}, {right} of {n} "
        "{noun} correct ({share})."
    ),
    "reliability.unclear": N_(
        "{n} {noun} are too few to judge the confidence: mean confidence {confidence}, {right} "
        "of {n} correct ({share}), so the true accuracy may be anything from {low} to {high}."
    ),
    "reliability.uneven": N_(
        "The confidence matches the accuracy on average (mean {confidence}, {right} of {n} "
        "{noun} correct, {share}), but not everywhere: see the chart."
    ),
    "reliability.group": N_(
        "Largest difference: where the mean confidence is {confidence}, {right} of {n} "
        "predictions are correct ({share})."
    ),
    "reliability.error": N_(
        "Confidence and accuracy differ by {error} on average (expected calibration error). With "
        "this many test examples, up to {chance} can be chance alone."
    ),
    "reliability.calibrated": N_(
        "The confidence was calibrated on {n} validation {noun} (temperature {temperature}), which "
        "changes no prediction."
    ),
    "reliability.not_calibrated": N_(
        "The confidence was not calibrated: that needs at least {least} validation {noun}, and "
        "there are {n}."
    ),
    "strangers.unknown": N_(
        "This model cannot recognise data unlike its training data: what that needs was not "
        "kept when it was trained. Train again with this version of TransferGUI."
    ),
    "strangers.few": N_(
        "This model cannot recognise data unlike its training data: that needs at least 20 "
        "validation and 10 training examples. Add examples, or raise the validation share."
    ),
    "strangers.told": N_(
        "Easy cases (noise, other data): {count} of {total} {noun} are recognised as unlike the "
        "training data or get no prediction. What is nearer to the training data is harder to "
        "notice."
    ),
    "strangers.classes_told": N_(
        "Classes that the model was not trained on: the model noticed {count} of {total} "
        "{noun}. To test this, each class was left out in turn; “{label}” was noticed least "
        "({least} of {most})."
    ),
    "strangers.classes_missed": N_(
        "Classes that the model was not trained on: the model noticed only {count} of {total} "
        "{noun}. To test this, each class was left out in turn; “{label}” was noticed least "
        "({least} of {most}). All others get one of the classes of the model, so do not use the"
        " model on {noun} of other classes."
    ),
    "strangers.classes_trained": N_(
        "The backbone was trained on the left-out classes, too, so the model may notice fewer "
        "{noun} of a truly new class."
    ),
    "strangers.missed": N_(
        "Only {count} of {total} unrelated {noun} are recognised as unlike the training data or "
        "get no prediction. Check that what you predict is the kind of data that the model was "
        "trained on."
    ),
    "strangers.surest": N_(
        "A model always chooses one of its classes: here, “{label}” with a confidence of "
        "{confidence} ({what})."
    ),
}
ONE: dict[str, str] = {
    "predict.unlike": N_(
        "One of {total} {noun} is unlike anything that the model was trained on; do not trust "
        "its prediction."
    ),
    "predict.unsure": N_(
        "One of {total} {noun} has no prediction: the confidence is too low to keep wrong "
        "predictions to at most {wrong}."
    ),
}
"""Where ``{count}`` is one."""
