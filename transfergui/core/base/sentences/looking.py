"""Sentences about what a prediction rests on, and about similar examples."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    "looking.region_decides": N_(
        "Hiding the hot region changes “{name}” from {before} to {after}; hiding another region of "
        "the same size gives {others}."
    ),
    "looking.region_unreliable": N_(
        "The heat map is not reliable here: hiding the hot region changes “{name}” from {before} "
        "to {after}, and hiding another region of the same size gives {others}."
    ),
    "looking.words_decides": N_(
        "Without the strongest words, “{name}” changes from {before} to {after}; without as many "
        "other words, the model gives {others}."
    ),
    "looking.words_unreliable": N_(
        "The colours are not reliable here: without the strongest words, “{name}” changes from "
        "{before} to {after}, and without as many other words, the model gives {others}."
    ),
    "looking.nothing": N_("No region speaks for “{name}”."),
    "looking.no_words": N_("There are too few words that speak for “{name}” to test them."),
    "looking.map_legend": N_(
        "The brighter the colour, the more the region speaks for the prediction. The white line "
        "surrounds the hottest fifth, which was hidden to test the map."
    ),
    "looking.sound_legend": N_(
        "The brighter the colour, the more these tones at this time speak for the prediction."
    ),
    "looking.words_legend": N_(
        "Orange words speak for the prediction, blue words against it. The stronger the colour, "
        "the more a word counts."
    ),
    "looking.maps_reliable": N_(
        "The maps are reliable: in {count} of {n} examples, hiding the hot part changed the "
        "prediction more than hiding nearly any other part of the same size. By chance, that "
        "happens in about {chance}."
    ),
    "looking.maps_partly": N_(
        "Only some of the maps are reliable: in {count} of {n} examples, hiding the hot part "
        "changed the prediction more than hiding nearly any other part of the same size (by "
        "chance, that happens in about {chance}). Do not rely on the {failed} that are marked “map "
        "not reliable”."
    ),
    "looking.maps_unreliable": N_(
        "The maps are not reliable: in only {count} of {n} examples, hiding the hot part changed "
        "the prediction more than hiding nearly any other part of the same size. By chance, that "
        "happens in about {chance}."
    ),
    "looking.border": N_(
        "The model may look at the background: hiding the border of the pictures changes {border} "
        "of the predictions, and hiding as much of the middle changes {middle}. {share} of the "
        "heat lies on the border, which is {area} of the area ({count} test pictures)."
    ),
    "looking.middle": N_(
        "Hiding the border of the pictures changes {border} of the predictions, and hiding as "
        "much of the middle changes {middle}. {share} of the heat lies on the border, which is "
        "{area} of the area ({count} test pictures)."
    ),
    "because.pulling": N_(
        "Beside each error stand the training examples that pull the prediction there the most: "
        "they look alike to the model and teach it the predicted class."
    ),
    "because.alike": N_(
        "Beside each error stand the training examples that look most alike to the model."
    ),
    "because.what_to_do": N_(
        "If one of them has a wrong label, relabel it. If all are correct, add training examples "
        "like the error."
    ),
    "because.label_errors": N_(
        "The labels of {count} of these {total} errors may be wrong: all training examples most "
        "like each of them have the predicted label. Look at these first; if the label is wrong, "
        "select the example and relabel it."
    ),
    "because.no_errors": N_("The model made no errors on the test set."),
    "because.no_test": N_("There is no test set, so there are no errors to explain."),
    "because.no_run": N_(
        "“{name}” is a model package or file, which does not keep its training data. Choose the "
        "run that it was exported from."
    ),
    "because.no_features": N_(
        "“{title}” has no pretrained features to compare examples with. Choose another backbone."
    ),
    "because.not_used": N_(
        "{path} is not among the examples that are used, so no similar ones can be found."
    ),
    "explain.no_output": N_("The model does not predict “{name}”. Choose one of: {names}."),
    "explain.not_written": N_("The explanations cannot be written to {path}: {reason}."),
}
"""By code."""
ONE: dict[str, str] = {
    "because.label_errors": N_(
        "One of these {total} errors may have a wrong label: all training examples most like it "
        "have the predicted label. Look at it first; if the label is wrong, select the example and "
        "relabel it."
    ),
}
"""The same where ``{count}`` is one."""
