"""What the web page of :mod:`.html` says, by the key that its JavaScript asks for.

The page speaks English and Chinese, whichever the browser of its reader prefers: so each text is
put into it in every language of the program.
"""

from __future__ import annotations

from collections.abc import Mapping

from transfergui.core.base import i18n
from transfergui.core.base.i18n import N_

TEXTS = {
    "made": N_("Model made with TransferGUI"),
    "predictions": N_("Predictions"),
    "about": N_("About this model"),
    "save": N_("Save as table"),
    "clear": N_("Clear"),
    "predict": N_("Predict"),
    "working": N_("Predicting…"),
    "opening": N_("Opening the model… This can take a few seconds."),
    "cannot_open": N_(
        "This browser cannot run the model. Use a current version of Chrome, Edge, Firefox or "
        "Safari."
    ),
    "failed": N_("The prediction failed. Reload the page and try again."),
    "private": N_(
        "Everything happens on this computer: the page contains the model and sends nothing."
    ),
    "self_check": N_(
        "Checked in this browser: same outputs as TransferGUI (largest difference {difference})."
    ),
    "self_check_failed": N_(
        "In this browser, the model's outputs differ from those in TransferGUI. Do not rely on "
        "the predictions; use another browser."
    ),
    "needs_script": N_("This page needs JavaScript."),
    "no_label": N_("None of the labels"),
    "unsure": N_("Not sure: low confidence"),
    "unlike": N_("Unlike the training data"),
    "withheld": N_("No prediction"),
    "clips": N_("{name}: mean of {count} clips"),
    "doubted": N_(
        "Do not rely on these predictions yet: TransferGUI found reasons to doubt this model. Ask "
        "the person who made this page."
    ),
    # -- about the model
    "predicts": N_("Predicts"),
    "classes": N_("One of {count} classes: {names}"),
    "labels": N_("Any of {count} labels: {names}"),
    "questions": N_("An answer to each of {count} questions: {names}"),
    "value": N_("A number: {names}"),
    "backbone": N_("Backbone"),
    "tested": N_("Tested"),
    "tested_one_class": N_("{percent} correct on {count} examples of the test set"),
    "tested_one_class_interval": N_(
        "{percent} correct on {count} examples of the test set (95 % interval: {low} to {high})"
    ),
    "validated": N_(
        "{percent} correct on {count} examples of the validation set, which also chose the "
        "epoch, so slightly optimistic"
    ),
    "tested_labels": N_("Mean average precision {percent} on {count} examples"),
    "tested_number": N_("Mean absolute error {error} on {count} examples"),
    "tested_questions": N_("Correct on {count} examples: {figures}"),
    "not_tested": N_("No results are known"),
    "confidence": N_("Confidence"),
    "promise": N_(
        "Uncertain predictions are left out, so that at most {share} of the others are wrong "
        "(on data like the training data)"
    ),
    "flagged": N_("Predictions below {share} are marked as not sure"),
    "unknown_inputs": N_("Unknown inputs"),
    "strangers": N_("Marked where they are unlike the training data"),
    "no_strangers": N_("Not detected: everything gets a prediction, whatever it is"),
}
"""Of every page."""
OF_MODALITY: Mapping[str, Mapping[str, str]] = {
    "image": {
        "lead": N_("Choose pictures, and the model predicts what they show."),
        "choose": N_("Choose pictures…"),
        "drop": N_("or drop them here, or paste them"),
        "none": N_("No pictures yet."),
        "camera": N_("Use the camera"),
        "camera_off": N_("Stop the camera"),
        "take": N_("Take a picture"),
        "no_camera": N_(
            "No camera can be used: none is connected, another program uses it, or the browser "
            "does not allow it. Choose pictures instead."
        ),
        "no_picture": N_(
            "This browser cannot read the file as a picture. Save it as JPEG or PNG and try again."
        ),
        "too_large": N_("The picture is too large for the browser. Make it smaller and try again."),
        "deep": N_(
            "The picture has 16 bits per channel, which browsers reduce differently from "
            "TransferGUI. Save it with 8 bits and try again."
        ),
    },
    "audio": {
        "lead": N_("Choose recordings, and the model predicts what they contain."),
        "choose": N_("Choose recordings…"),
        "drop": N_("or drop them here"),
        "none": N_("No recordings yet."),
        "no_sound": N_(
            "This browser cannot read the file as a recording. Save it as WAV and try again."
        ),
    },
    "text": {
        "lead": N_("Type or paste a text, and the model predicts."),
        "choose": N_("Choose text files…"),
        "drop": N_("or drop .txt files here, one text each"),
        "none": N_("No texts yet."),
        "type_here": N_("Text to predict"),
    },
}
"""Of a page for pictures, sounds or texts."""


def of(modality: str) -> dict[str, dict[str, str]]:
    """The texts of a page by language and key.

    Args:
        modality: its key.
    """
    wanted = {**TEXTS, **OF_MODALITY[modality]}
    return {
        language: {key: i18n.in_language(text, language) for key, text in wanted.items()}
        for language in i18n.languages()
    }


def in_each_language(text: str) -> dict[str, str]:
    """A marked text by language."""
    return {language: i18n.in_language(text, language) for language in i18n.languages()}
