"""Sentences about what a model found that looks for boxes."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    "report.boxes_found": N_("Found {found} of {boxes}; {count} false alarms in {n} {noun}."),
    "report.boxes_nothing": N_(
        "There is no object in the {n} {noun}; the model finds {count}, all false alarms."
    ),
    "report.boxes_ap50": N_(
        "AP50 {value} (95 % interval {low} to {high}). AP50 is 100 % if every object is found and "
        "all false alarms have less confidence. A box counts as found if it overlaps the true box "
        "of the same class by at least half (IoU 0.5)."
    ),
    "report.boxes_ap50_alone": N_(
        "AP50 {value}. AP50 is 100 % if every object is found and all false alarms have less "
        "confidence. A box counts as found if it overlaps the true box of the same class by at "
        "least half (IoU 0.5)."
    ),
    "report.boxes_ap": N_(
        "AP {value}: the mean over overlaps (IoU) of 0.5 to 0.95, so boxes must also fit exactly."
    ),
    "report.boxes_threshold": N_(
        "Only boxes with a confidence of at least {percent} % count as found or as false alarms: "
        "on the validation set, this threshold had the best F1."
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
        "{other} of {others} of the larger ones ({other_share} %). A larger input size may help."
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
    "boxes.sizes_alike": N_(
        "No clear difference: the smallest of the {n} objects are found about as often as the "
        "others, as far as this test can tell."
    ),
}
ONE: dict[str, str] = {
    "report.boxes_found": N_("Found {found} of {boxes}; one false alarm in {n} {noun}."),
    "report.boxes_nothing": N_(
        "There is no object in the {n} {noun}; the model finds one, a false alarm."
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
