"""Sentences about likely label errors, and about what corrections of the data changed."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    "check.label_errors": N_(
        "{count} of {total} labels look wrong. Look at each of them: up to about {false} may be "
        "correct after all."
    ),
    "check.label_errors_none": N_(
        "No label looks wrong. In a trial, this check gave {total} {noun} a wrong label and "
        "found {seen} of them. Your labels were not changed."
    ),
    "check.label_errors_unknown": N_(
        "The backbone “{title}” is too weak to judge whether labels are wrong. In a trial, this"
        " check gave {total} {noun} a wrong label and found only {seen} of them. Your labels "
        "were not changed. Look through them yourself, or choose a stronger backbone."
    ),
    "check.label_errors_no_features": N_(
        "Label errors cannot be found with this backbone: it has no features until it is "
        "trained. Choose another backbone."
    ),
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
}
