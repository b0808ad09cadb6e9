"""Sentences about what is measured of data without knowing what they show: the checks before a
training."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- bad examples
    "check.quality_dark": N_(
        "{count} of {total} {noun} are very dark. Check whether they show anything; exclude those "
        "that do not."
    ),
    "check.quality_bright": N_(
        "{count} of {total} {noun} are overexposed: nearly everything is white. Check whether they "
        "show anything; exclude those that do not."
    ),
    "check.quality_blurred": N_(
        "{count} of {total} {noun} are much less sharp than the others. Exclude those on which you "
        "could not tell the class yourself."
    ),
    "check.quality_nearly_empty": N_(
        "{count} of {total} {noun} are nearly empty: almost all of the picture has one brightness. "
        "Exclude those that show nothing."
    ),
    "check.quality_clipped": N_(
        "{count} of {total} {noun} are clipped: the recording level was too high, and the loudest "
        "parts are cut off. Record them again at a lower level, or exclude them."
    ),
    "check.quality_quiet": N_(
        "{count} of {total} {noun} are very quiet. Listen to them; exclude those in which nothing "
        "can be heard."
    ),
    "check.quality_mostly_silent": N_(
        "{count} of {total} {noun} are silent for nearly their whole length. Listen to them; "
        "exclude those in which nothing can be heard."
    ),
    "check.quality_language": N_(
        "{count} of {total} {noun} seem to be in another language than the others. Exclude them, "
        "or choose a backbone that knows all languages of your texts."
    ),
    "check.quality_one_class": N_(
        "All {count} of these are in the class “{name}”: the model may learn this instead of the "
        "class. Find out why, and add examples like these of the other classes."
    ),
    "check.quality_too_few": N_("At least 20 examples are needed to tell what is usual."),
    "check.quality_sample": N_(
        "The quality of {count} {noun}, chosen at random from {total}, was checked."
    ),
    "check.quality_sample_none": N_(
        "Nothing found in {count} {noun}, chosen at random from {total}. To check all of them would"
        " take minutes."
    ),
    # -- what gives the class away
    "check.shortcuts_too_few": N_(
        "At least 40 examples are needed to tell a shortcut from chance."
    ),
    "check.shortcuts_one": N_(
        "{title} alone tells each of {names} from all other classes in at least {score} % of "
        "cases (chance: 50 %)."
    ),
    "check.shortcuts_two": N_(
        "{title} alone tells “{name}” from “{other}” in {score} % of cases (chance: 50 %)."
    ),
    "check.shortcuts_classes": N_(
        "{title} alone tells the {count} classes apart in {score} % of cases (chance: {chance} %)."
    ),
    "check.shortcuts_label": N_(
        "{title} alone tells {noun} with the label “{name}” from those without it in {score} % of "
        "cases (chance: 50 %)."
    ),
    "check.shortcuts_number": N_(
        "{title} alone predicts “{name}” with a correlation of {score} (0: not at all, 1: "
        "perfectly)."
    ),
    "check.shortcuts_all_one": N_(
        "All measured properties together tell each of {names} from all other classes in at least "
        "{score} % of cases (chance: 50 %). The strongest: {properties}."
    ),
    "check.shortcuts_all_two": N_(
        "All measured properties together tell “{name}” from “{other}” in {score} % of cases "
        "(chance: 50 %). The strongest: {properties}."
    ),
    "check.shortcuts_all_classes": N_(
        "All measured properties together tell the {count} classes apart in {score} % of cases "
        "(chance: {chance} %). The strongest: {properties}."
    ),
    "check.shortcuts_all_label": N_(
        "All measured properties together tell {noun} with the label “{name}” from those without "
        "it in {score} % of cases (chance: 50 %). The strongest: {properties}."
    ),
    "check.shortcuts_value": N_(
        "{title} “{value}”: {own} % of “{name}”, {others} % of all other classes. "
        "Examples: {examples}."
    ),
    "check.shortcuts_value_two": N_(
        "{title}: “{value}” in {own} % of “{name}” and {others} % of “{name_2}”; “{value_2}” in "
        "{own_2} % of “{name_2}” and {others_2} % of “{name}”."
    ),
    "check.shortcuts_median": N_(
        "{title}: median {own} in “{name}”, {others} in all other classes."
    ),
    "check.shortcuts_median_two": N_("{title}: median {own} in “{name}”, {others} in “{other}”."),
    "check.shortcuts_also": N_(
        "These properties show the same difference less clearly: {properties}."
    ),
    "check.shortcuts_making": N_(
        "The model may learn this instead of what the {noun} show or say, and fail on new ones. "
        "Collect {noun} of every class in the same way, or remove the difference from them. After "
        "a training, Results says whether the model relies on it, where the test set can tell."
    ),
    "check.shortcuts_resave": N_(
        "To remove it: resize all pictures to the width and height of the smallest, and save all "
        "of them in the same format with the lowest JPEG quality found here. Many picture programs "
        "do this for a whole folder."
    ),
    "check.shortcuts_ending": N_(
        "To remove it: delete the punctuation at the end of all texts, also of those that you "
        "predict later."
    ),
    "check.shortcuts_either": N_(
        "This may come only from the way the {noun} were made. Then the model may learn it "
        "instead of what they show, and fail on new ones: make {noun} of every class in the "
        "same way. If the difference belongs to the classes, like the colour of a fruit, "
        "nothing is wrong."
    ),
    "check.shortcuts_sample": N_(
        "Shortcuts were looked for in {count} {noun}, chosen at random from {total}."
    ),
    "check.shortcuts_sample_none": N_(
        "No shortcuts found in {count} {noun}, chosen at random from {total}."
    ),
    # -- what is lost on the way to the backbone
    "check.framing_cut": N_(
        "In {count} of the {total} pictures in which the object could be located ({percent} %), "
        "cropping cuts off more than a tenth of it. If the class depends on the whole object, set "
        "“Non-square pictures” to “Add a border”."
    ),
    "check.framing_cut_edges": N_(
        "In {count} of the {total} pictures in which the object could be located ({percent} %), "
        "cropping cuts off more than a tenth of it. If the class depends on the whole object, set "
        "“Resize first to” to {size} px."
    ),
    "check.framing_narrow": N_(
        "Cropping keeps only {kept} % of a typical picture. If the class depends on the rest, set "
        "“Non-square pictures” to “Add a border”."
    ),
    "check.framing_squeezed": N_(
        "{count} of {total} pictures are far from square (one side at least 1.5 times the "
        "other). Squeezing them into a square changes the shapes that they show. To keep the "
        "shapes, set “Non-square pictures” to “Add a border”."
    ),
    "check.framing_enlarged": N_(
        "{count} of {total} pictures are so small that they are enlarged more than {times} times "
        "and show little detail. Use larger pictures if there are any."
    ),
    "check.framing_unheard": N_(
        "Only the middle of {count} of {total} recordings is used, because they are longer than "
        "the clip length of {seconds} s. To use them whole, set “Clip length” to {wanted} s."
    ),
    "check.framing_padded": N_(
        "A clip has {seconds} s, but nine of ten recordings are shorter than {length} s, and the "
        "rest of the clip is silence. Set “Clip length” to {wanted} s: training gets faster."
    ),
    "check.framing_unread": N_(
        "Only the beginning of {count} of {total} texts is read. To read nearly all of them whole, "
        "set “Length of texts” to {wanted}."
    ),
    "check.framing_unread_few": N_(
        "Only the beginning of {count} of {total} texts is read: they are longer than “Length of "
        "texts” ({length} tokens). If what matters comes later in them, shorten them or divide "
        "them into several texts."
    ),
    "check.framing_unheard_few": N_(
        "Only the middle of {count} of {total} recordings is used: they are longer than the clip "
        "length of {seconds} s. Listen to them: does the middle show the class?"
    ),
    "check.framing_sample": N_(
        "This was measured on {count} {noun}, chosen at random from {total}."
    ),
    "check.framing_sample_none": N_(
        "Nothing found in {count} {noun}, chosen at random from {total}."
    ),
    # -- too few of something
    "check.balance_few": N_(
        "{count} classes or labels have fewer than {enough} {noun} each: {names}. Only a handful "
        "of them are tested, so the results for these say little. Add {noun} of them."
    ),
    "check.balance_all_few": N_(
        "Every class has only {fewest} to {most} {noun}. With fewer than "
        "{enough}, only a handful of each are tested, so the result says little about single ones. "
        "Add {noun} of all of them."
    ),
    "check.balance_all_few_alike": N_(
        "Every class has only {most} {noun}. With fewer than {enough}, "
        "only a handful of each are tested, so the result says little about single ones. Add "
        "{noun} of all of them."
    ),
    "check.balance_uneven_labels": N_(
        "The labels are imbalanced: “{largest}” has {most} {noun}, “{smallest}” only {fewest}. "
        "Rare labels are recognised less well; more {noun} with them would help most."
    ),
    "check.balance_uneven_answers": N_(
        "The answers to “{name}” are imbalanced: “{largest}” has {most} {noun}, “{smallest}” only "
        "{fewest}. Rare answers are recognised less well; more {noun} with them would help most."
    ),
    "check.balance_few_groups": N_(
        "The {noun} of some classes come from fewer than {groups} groups ({by}; groups of each "
        "class: {names}). The model may learn the group instead of the class, and the test says "
        "little about new groups. Add {noun} of these classes from other groups."
    ),
    "check.balance_shares": N_(
        "The training set has {train} of {total} {noun} ({percent} %) instead of the {wanted} %"
        " in the settings, because groups stay together ({by}). With more and smaller groups, "
        "more {noun} would be in it."
    ),
    "check.balance_apart": N_(
        "All {noun} of the class “{one}” are from {of_one}; all of “{other}” are from {of_other}. "
        "The model may tell these sources apart instead of the classes. Add {noun} of both classes "
        "from the same sources, such as the same people."
    ),
    "check.balance_apart_names": N_(
        "By their file names, all {noun} of the class “{one}” are from {of_one}; all of “{other}” "
        "are from {of_other}. If these are people, devices or places, the model may tell them "
        "apart instead of the classes. Add {noun} of both classes from the same ones."
    ),
    # -- where a model is worse
    "worst.too_few": N_("At least 30 test {noun} are needed to compare parts of them."),
    "worst.none": N_(
        "The model is not clearly worse on any of the {count} groups of test {noun} (by folder,"
        " group and measured properties) than on the others."
    ),
    "worst.sample": N_("This was measured on {count} test {noun}, chosen at random from {total}."),
    "worst.group": N_(
        "{name}: {hits} of {n} test {noun} correct ({right} %), against {others} % of all others."
    ),
    "worst.group_number": N_(
        "{name}: mean absolute error {value} on {n} test {noun}, against {others} on all others."
    ),
    "worst.cause": N_(
        "The most likely cause is {names}: the model makes more errors there in general, and "
        "{count} of the {n} {noun} of the group “{name}” belong there."
    ),
    "worst.same": N_(
        "These groups are mostly the same {noun}, probably with the same cause: {names}."
    ),
    "worst.advice": N_(
        "Add training {noun} like these, with correct labels, or do not use the model on such "
        "{noun}."
    ),
    "worst.advice_cause": N_(
        "Start with the cause: check the labels there, and add training {noun} of the same classes "
        "from other sources."
    ),
    "worst.no_use": N_(
        "The model is of no use as a whole yet (see Summary), so no group of the test set stands "
        "out."
    ),
    "worst.by_class": N_(
        "The classes are not among these groups (see Summary). The one with the lowest share "
        "correct: “{name}”, {hits} of {n} test {noun} ({right} %)."
    ),
}
"""By code."""

ONE: dict[str, str] = {
    "worst.none": N_(
        "Only one group of test {noun} could be compared (by folder, group and measured "
        "properties); the model is not clearly worse on it than on the others."
    ),
    "check.quality_dark": N_(
        "One of {total} {noun} is very dark. Check whether it shows anything; if not, exclude it."
    ),
    "check.quality_bright": N_(
        "One of {total} {noun} is overexposed: nearly everything is white. Check whether it shows "
        "anything; if not, exclude it."
    ),
    "check.quality_blurred": N_(
        "One of {total} {noun} is much less sharp than the others. Exclude it if you could not "
        "tell the class yourself."
    ),
    "check.quality_nearly_empty": N_(
        "One of {total} {noun} is nearly empty: almost all of the picture has one brightness. "
        "Exclude it if it shows nothing."
    ),
    "check.quality_clipped": N_(
        "One of {total} {noun} is clipped: the recording level was too high, and the loudest parts "
        "are cut off. Record it again at a lower level, or exclude it."
    ),
    "check.quality_quiet": N_(
        "One of {total} {noun} is very quiet. Listen to it; exclude it if nothing can be heard."
    ),
    "check.quality_mostly_silent": N_(
        "One of {total} {noun} is silent for nearly its whole length. Listen to it; exclude it if "
        "nothing can be heard."
    ),
    "check.quality_language": N_(
        "One of {total} {noun} seems to be in another language than the others. Exclude it, or "
        "choose a backbone that knows all languages of your texts."
    ),
    "check.shortcuts_all_one": N_(
        "All measured properties together tell one class ({names}) from all others in {score} % of "
        "cases (chance: 50 %). The strongest: {properties}."
    ),
    "check.shortcuts_one": N_(
        "{title} alone tells {names} from all other classes in {score} % of cases (chance: 50 %)."
    ),
    "check.framing_enlarged": N_(
        "One of {total} pictures is so small that it is enlarged more than {times} times and shows "
        "little detail. Use a larger picture if there is one."
    ),
    "check.framing_unread_few": N_(
        "Only the beginning of one of {total} texts is read: the text is longer than “Length of "
        "texts” ({length} tokens). If what matters comes later in it, shorten it or divide it into "
        "several texts."
    ),
    "check.framing_unheard_few": N_(
        "Only the middle of one of {total} recordings is used: the recording is longer than the "
        "clip length of {seconds} s. Listen to it: does the middle show the class?"
    ),
    "check.balance_few": N_(
        "One class or label has fewer than {enough} {noun}: {names}. Only a handful of them are "
        "tested, so its result says little. Add {noun} of it."
    ),
}
"""The same where ``{count}`` is one."""
