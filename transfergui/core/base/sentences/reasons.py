"""Why a result is not to be trusted yet, in one short sentence for each finding of the checks."""

from transfergui.core.base.sentences.marking import N_

_GIVES_AWAY = N_("{check}: {title} alone gives away the class.")
_TOGETHER = N_("{check}: {properties} together give away the class.")

MESSAGES: dict[str, str] = {
    "reason.balance_apart": N_(
        "{check}: “{one}” comes only from {of_one}; “{other}” comes only from {of_other}."
    ),
    "reason.balance_apart_names": N_(
        "{check}: by file name, “{one}” comes only from {of_one}; “{other}” comes only from "
        "{of_other}."
    ),
    "reason.near_duplicates_leak": N_(
        "{check}: copies of some of the {noun} that were tested are in another set."
    ),
    "reason.shortcuts_classes": _GIVES_AWAY,
    "reason.shortcuts_two": _GIVES_AWAY,
    "reason.shortcuts_one": N_("{check}: {title} alone gives away {names}."),
    "reason.label_errors": N_("{check}: some labels are probably wrong."),
    "reason.shortcuts_all_classes": _TOGETHER,
    "reason.shortcuts_all_two": _TOGETHER,
    "reason.shortcuts_all_one": N_("{check}: {properties} together give away {names}."),
    "reason.balance_few_groups": N_("{check}: some classes come from very few groups."),
    "reason.near_duplicates_classes": N_(
        "{check}: copies of the same example are in several classes."
    ),
    "reason.quality_one_class": N_("{check}: the bad examples are all in the class “{name}”."),
    "reason.balance_few": N_("{check}: some classes have few {noun}."),
    "reason.balance_all_few": N_("{check}: every class has few {noun} ({fewest} to {most})."),
    "reason.balance_all_few_alike": N_("{check}: every class has few {noun} ({most} each)."),
    "reason.others": N_("{check}: problems were found."),
}
"""By code."""
