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
    "looking.nothing": N_("No region supports “{name}”."),
    "looking.no_words": N_("Too few words support “{name}” to test them."),
    "looking.map_legend": N_(
        "The brighter the colour, the more the region supports the prediction. The white line "
        "surrounds the hottest fifth, which was hidden to test the map."
    ),
    "looking.map_by_hiding": N_(
        "The brighter the colour, the more the prediction depends on the region. The map was made "
        "by hiding one region after the other, because an ONNX file has no gradients. The white "
        "line surrounds the hottest fifth, which was hidden to test the map."
    ),
    "looking.sound_by_hiding": N_(
        "The brighter the colour, the more the prediction depends on these tones at this time. The "
        "map was made by silencing one part after the other, because an ONNX file has no gradients."
    ),
    "looking.words_by_hiding": N_(
        "Orange words support the prediction, blue words contradict it. The colours were found by "
        "leaving out one word after the other, because an ONNX file has no gradients."
    ),
    "looking.sound_legend": N_(
        "The brighter the colour, the more these tones at this time support the prediction."
    ),
    "looking.words_legend": N_(
        "Orange words support the prediction, blue words contradict it. The stronger the "
        "colour, the more a word counts."
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
    "looking.maps_few": N_(
        "{count} of {n} maps passed the test of hiding their hot part. That is too few to tell "
        "whether the maps are reliable."
    ),
    "looking.maps_unreliable": N_(
        "The maps are not reliable: in only {count} of {n} examples, hiding the hot part changed "
        "the prediction more than hiding nearly any other part of the same size. By chance, that "
        "happens in about {chance}."
    ),
    "looking.maps_not_correct": N_(
        "The maps show what this model reacts to, not that its predictions are correct: do not "
        "trust this model yet (see Summary)."
    ),
    "looking.border": N_(
        "The model may rely on the background: hiding the border of the pictures changes "
        "{border} of the predictions; hiding an equally large part of the middle changes "
        "{middle}. {share} of the heat lies on the border, which covers {area} of the picture "
        "({count} test pictures)."
    ),
    "looking.middle": N_(
        "Hiding the border of the pictures changes {border} of the predictions; hiding an "
        "equally large part of the middle changes {middle}. {share} of the heat lies on the "
        "border, which covers {area} of the picture ({count} test pictures)."
    ),
    "because.pulling": N_(
        "Next to each error are the training examples that contribute most to the wrong "
        "prediction: the model finds them similar, and their labels teach it the predicted "
        "class."
    ),
    "because.moving": N_(
        "Next to each error are the training examples that contribute most to it. The figure says "
        "how far each of them moves the prediction: without the example, the prediction would "
        "change by that much. The figures come from a linear model on the features of the trained "
        "model; that linear model makes {count} of these {total} errors, too."
    ),
    "because.what_to_do": N_(
        "If one of them has a wrong label, relabel it. If all are correct, add training examples "
        "like the error."
    ),
    "because.label_errors": N_(
        "The labels of {count} of these {total} errors may be wrong: for each of them, all of "
        "the most similar training examples have the predicted label. Look at these errors "
        "first; if a label is wrong, select the example and relabel it."
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
    "explain.boxes": N_(
        "Predictions of boxes are not explained by heat maps: each box shows what it is based on. "
        "Use `predict` instead."
    ),
    "explain.no_output": N_("The model does not predict “{name}”. Choose one of: {names}."),
    "explain.not_written": N_("The explanations cannot be written to {path}: {reason}."),
}
"""By code."""
ONE: dict[str, str] = {
    "because.moving": N_(
        "Next to each error are the training examples that contribute most to it. The figure says "
        "how far each of them moves the prediction: without the example, the prediction would "
        "change by that much. The figures come from a linear model on the features of the trained "
        "model; that linear model makes one of these {total} errors, too."
    ),
    "because.label_errors": N_(
        "One of these {total} errors may have a wrong label: all of the most similar training "
        "examples have the predicted label. Look at this error first; if the label is wrong, "
        "select the example and relabel it."
    ),
}
"""The same where ``{count}`` is one."""
