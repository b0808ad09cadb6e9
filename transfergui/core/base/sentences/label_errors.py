"""Sentences about likely label errors, and about what corrections of the data changed."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    "check.label_errors": N_(
        "{count} of {total} labels look wrong. Look at each of them: up to about {false} may be "
        "correct after all."
    ),
    "check.label_errors_none": N_(
        "No label looks wrong. In trials with {made} made-up wrong labels at a time, this check "
        "found {share} % of them ({seen} of {total}). Your labels were not changed."
    ),
    "check.label_errors_doubtful": N_(
        "No label is certainly wrong, but this check misses many. Look through the {count} {noun} "
        "whose labels fit least: in trials with {made} made-up wrong labels at a time, {share} % of"
        " them were in the tenth that fits least ({first} of {total}). Your labels were not "
        "changed."
    ),
    "check.label_errors_reviewed": N_(
        "No label is certainly wrong, and you have reviewed the tenth that fits least. In trials "
        "with {made} made-up wrong labels at a time, {share} % of them were in that tenth ({first} "
        "of {total})."
    ),
    "check.label_errors_unknown": N_(
        "Wrong labels cannot be found with the backbone “{title}” on these {noun}. In trials with "
        "{made} made-up wrong labels at a time, {share} % of them were in the tenth that fits least"
        " ({first} of {total}); by chance it would be 10 %. A stronger backbone or more {noun} may "
        "help. Otherwise, look through the labels yourself. Your labels were not changed."
    ),
    "check.label_errors_boxes": N_(
        "Labels of boxes are checked by a trained model. Train, and then choose Results, “Look "
        "closer”, “Labels to check”."
    ),
    "check.label_errors_no_features": N_(
        "Label errors cannot be found with this backbone: it has no features until it is "
        "trained. Choose another backbone."
    ),
    "report.labels_doubtful": N_(
        "Wrong labels may remain. None is certain: in Checks, look through the labels that fit "
        "least."
    ),
    "report.labels_unknown": N_("Whether labels are wrong could not be judged."),
    "report.data_version": N_("Trained on data version {version}, without corrections."),
    "report.data_corrected": N_("Trained on data version {version}, with {count} corrections."),
    "report.mended_better": N_(
        "Correcting the data helped ({changes}): {title} {first} before, {second} now, on the "
        "{shared} test {noun} that both runs share. 95 % interval of the difference: {interval}."
    ),
    "report.mended_worse": N_(
        "Since the data were corrected ({changes}), the result is worse: {title} {first} before, "
        "{second} now, on the {shared} test {noun} that both runs share. 95 % interval of the "
        "difference: {interval}."
    ),
    "report.mended_unclear": N_(
        "No clear difference since the data were corrected ({changes}): {title} {first} before, "
        "{second} now, on the {shared} test {noun} that both runs share. 95 % interval of the "
        "difference: {interval}."
    ),
    "report.mended_and_set": N_(
        "The data were corrected ({changes}), and other settings changed, too ({settings}), so "
        "what caused a difference cannot be told: {title} {first} before, {second} now, on the "
        "{shared} test {noun} that both runs share. 95 % interval of the difference: {interval}."
    ),
    "report.set_otherwise": N_(
        "Settings of the two runs differ, too ({settings}), so what caused a difference cannot be "
        "told."
    ),
    "report.mended_part": N_(
        "“Before” and “now” count only the {noun} that both runs were tested on: {shared} of {n}. "
        "The result of this run counts all {n}, so the two can differ."
    ),
    "compare.relabelled": N_(
        "{count} of these {noun} were relabelled between the two runs. Both runs are compared on "
        "the labels of the later one, so the earlier result can differ from its own report."
    ),
    "compare.unknown_class": N_(
        "{count} more {noun} were relabelled as a class that the earlier run does not know, so "
        "they are left out of the comparison."
    ),
}
ONE: dict[str, str] = {
    "compare.relabelled": N_(
        "One of these {noun} was relabelled between the two runs. Both runs are compared on the "
        "labels of the later one, so the earlier result can differ from its own report."
    ),
    "compare.unknown_class": N_(
        "One more of the {noun} was relabelled as a class that the earlier run does not know, so "
        "it is left out of the comparison."
    ),
    "report.data_corrected": N_("Trained on data version {version}, with one correction."),
    "check.label_errors": N_(
        "One of {total} labels looks wrong. Look at it: the label may be correct after all."
    ),
    "check.label_errors_doubtful": N_(
        "No label is certainly wrong, but this check misses many. Look at the one label that fits "
        "least of those left: in trials with {made} made-up wrong labels at a time, {share} % of "
        "them were in the tenth that fits least ({first} of {total}). Your labels were not changed."
    ),
}
