"""Sentences about what a model found that looks for boxes."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    "report.boxes_found": N_("Found {found} of {boxes}; {count} false alarms in {n} {noun}."),
    "report.boxes_never": N_(
        "No object of these classes was found: {names} (0 of {boxes}). AP50 also counts boxes "
        "below the threshold of {percent} %, so it can still be high. A lower threshold may find "
        "them. If not, train for longer, or add examples of these classes."
    ),
    "report.boxes_nothing": N_(
        "There is no object to be found in {n} {noun}; {count} false alarms."
    ),
    "report.boxes_ap50": N_(
        "AP50 {value} (95 % interval {low} to {high}). AP50 (average precision) is 100 % if every "
        "object is found and all false alarms have less confidence. An object is found if what its "
        "box and a predicted box of its class share is at least half of what both cover together "
        "(IoU 0.5)."
    ),
    "report.boxes_ap50_alone": N_(
        "AP50 {value}. There is no 95 % interval: the test {noun} are too few (below {least}), or "
        "all come to the same, so nothing is known of how much {noun} differ. AP50 (average "
        "precision) is 100 % if every object is found and all false alarms have less confidence. "
        "An object is found if what its box and a predicted box of its class share is at least "
        "half of what both cover together (IoU 0.5)."
    ),
    "report.boxes_ap": N_(
        "AP {value}: the same, but boxes must also fit more exactly (the mean over IoU 0.5 to "
        "0.95)."
    ),
    "report.boxes_threshold": N_(
        "Only boxes with a confidence of at least {percent} % count as found or as false alarms: "
        "on the validation set, this threshold gave the best balance of missed objects and false "
        "alarms (F1)."
    ),
    "report.boxes_no_threshold": N_(
        "The validation set has no boxes, so neither the best epoch nor the confidence threshold "
        "could be chosen properly: boxes count from a confidence of {percent} % on. Add {noun} "
        "with boxes to the validation set, or divide the data at random, and train again."
    ),
    "report.boxes_counts": N_(
        "Counting: on average, the number of objects in a picture is off by {error} ({said} "
        "predicted, {truth} there)."
    ),
    "report.boxes_few_pictures": N_(
        "The test set has few {noun} ({n}). On others, the result may differ clearly. Label more "
        "of them, and train again."
    ),
    "report.boxes_untested": N_(
        "No object of {count} classes is in the test set, so nothing is known of how well they are "
        "found: {names}."
    ),
    "report.boxes_baseline": N_(
        "Better than the same boxes for all {noun}, where objects are most often (AP50 {baseline})."
    ),
    "report.boxes_maybe_no_better": N_(
        "The same boxes for all {noun}, where objects are most often: AP50 {baseline}. The "
        "difference may be chance."
    ),
    "report.boxes_no_better": N_(
        "No better than the same boxes for all {noun}, where objects are most often (AP50 "
        "{baseline}). Check that the boxes of your data are correct, add {noun}, or train for "
        "longer."
    ),
    "report.boxes_few": N_(
        "{count} classes have fewer than {least} objects in the test set, so their figures are "
        "uncertain: {names}."
    ),
    "report.boxes_small": N_(
        "Small objects are found less often: {found} of {boxes} of the smallest ({share} %), "
        "{other} of {others} of the larger ones ({other_share} %). A larger “Picture size” in the "
        "advanced settings may help."
    ),
    "views.of_whole": N_("This view is not made for models that find boxes."),
    "boxes.other_runs": N_("This run does not look for boxes."),
    "boxes.no_rows": N_("The predictions of this run were not kept."),
    "boxes.no_objects": N_("There is no object in the test {noun}, so nothing can be found."),
    "boxes.threshold": N_(
        "At the threshold of the model ({percent} %): found {found} of {boxes} ({share} %), missed "
        "{missed}; false alarms: {wrong} of {shown} boxes."
    ),
    "boxes.trade": N_(
        "A lower threshold finds more objects, but also raises more false alarms. The threshold of "
        "the model was chosen on the validation set; what the slider shows is the test set."
    ),
    "boxes.no_errors": N_("All objects are found, without any false alarm."),
    "boxes.errors": N_(
        "Missed objects: {missed}. False alarms: {wrong}. True boxes have solid lines, predicted "
        "ones dashed lines, wrong ones thick lines."
    ),
    "boxes.unlabelled": N_(
        "{count} false alarms lie where no object is labelled. Look at the first ones: an object "
        "may be there that nobody has labelled."
    ),
    "boxes.counts": N_(
        "On average, the number of objects in a picture is off by {error} ({said} predicted, "
        "{truth} there)."
    ),
    "boxes.counts_low": N_(
        "The model counts too few: {said} instead of {truth} in all test pictures together. Missed "
        "objects and false alarms partly make up for each other in a count."
    ),
    "boxes.counts_high": N_(
        "The model counts too many: {said} instead of {truth} in all test pictures together. "
        "Missed objects and false alarms partly make up for each other in a count."
    ),
    "boxes.counts_even": N_(
        "In all test pictures together, {said} are predicted and {truth} are there: missed objects "
        "and false alarms make up for each other."
    ),
    "boxes.counts_exact": N_("All counts are exact."),
    "boxes.labels": N_(
        "In {n} {noun}, the model finds objects where no box is drawn ({unlabelled}), another "
        "class than that of the box ({other_class}), and nothing at drawn boxes ({not_found}). "
        "Either the model is wrong, or the label is: look at the first ones."
    ),
    "boxes.labels_how": N_(
        "The {noun} of the training set are included; the model was trained on their labels, so "
        "some wrong ones stay unseen there. Open a box and press “Correct boxes” to fix a label."
    ),
    "boxes.labels_fine": N_("No label of the {n} {noun} looks wrong to the model."),
    "boxes.sizes_alike": N_(
        "Found of the smallest objects: {found} of {boxes} ({share} %). Of the larger ones: "
        "{other} of {others} ({other_share} %). Whether size makes a difference is "
        "uncertain (95 % interval of the difference: {interval})."
    ),
    "boxes.sizes_more": N_(
        "Small objects are found more often: {found} of {boxes} of the smallest ({share} %), "
        "{other} of {others} of the larger ones ({other_share} %)."
    ),
    "boxes.sizes_one": N_("All objects are of the same size, so sizes cannot be compared."),
}
ONE: dict[str, str] = {
    "report.boxes_found": N_("Found {found} of {boxes}; one false alarm in {n} {noun}."),
    "report.boxes_nothing": N_("There is no object to be found in {n} {noun}; one false alarm."),
    "report.boxes_untested": N_(
        "No object of one class is in the test set, so nothing is known of how well it is found: "
        "{names}."
    ),
    "boxes.unlabelled": N_(
        "One false alarm lies where no object is labelled. Look at it: an object may be there that "
        "nobody has labelled."
    ),
    "report.boxes_few": N_(
        "One class has fewer than {least} objects in the test set, so its figures are uncertain: "
        "{names}."
    ),
}
