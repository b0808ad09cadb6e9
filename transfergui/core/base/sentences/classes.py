"""Sentences about classes and their sizes."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- data: problems of classes
    "data.empty_class": N_("The class “{path}” has no usable {noun}."),
    "data.single_member": N_(
        "“{path}” has only one example. It is used for training, so nothing is known about how "
        "well “{path}” is recognised. Add more {noun}."
    ),
    "data.single": N_(
        "The class “{path}” has only one example. It is used for training, so nothing is known "
        "about how well the class is recognised. Add more {noun}, or exclude the class."
    ),
    "data.untrained_class": N_(
        "{count} {noun} belong to the class “{path}”, which is only in the validation or test "
        "data, and are left out. To use them, add examples of this class to the training data."
    ),
    "data.merged_classes": N_(
        "{names} are spellings of the same class and were merged into “{path}” ({count} "
        "{noun}). If they are different classes, keep them apart under “Similar class names”."
    ),
    "data.similar_classes": N_(
        "Some classes in {path} have nearly the same name: {names}. Are they the same class?"
    ),
    "data.class_names": N_(
        "The classes in {path} are numbers or codes, and there are several lists of their names. "
        "Which is correct?"
    ),
    "data.class_names_used": N_("{path} gives the names of the {count} classes: {names}."),
    "data.one_column_twice": N_(
        "The column “{name}” of {path} would be used for two things: {first} and {second}. Choose "
        "another column for one of them."
    ),
    "data.option_of_files": N_(
        "The setting {name} does not apply to {path}, which is a table with a text in each row. "
        "Remove the setting."
    ),
    "data.option_of_tables": N_(
        "The setting {name} does not apply to {path}, in which each file is a text. Remove the "
        "setting."
    ),
    "data.no_columns": N_(
        "{option} names the column {name}, but {path} contains no table. Remove the option, or "
        "put the table next to the files."
    ),
    "data.no_split_folders": N_(
        "“Split folders” ({known}) assigns folders to training, validation and test, but {path}"
        " has no such folders. Clear this setting (data.options.split_folders), or set “Layout”"
        " (data.options.layout) to split/class."
    ),
    "data.is_model": N_(
        "{path} is a model made by TransferGUI, not data. Open it on the Predict page, or with "
        "transfergui predict."
    ),
    "data.folders_may_group": N_(
        "The files are in {count} folders ({names}), each with several classes. If each folder "
        "is one person, device or day, choose “/” under “Group by column” "
        "(data.options.group_column=/), so that the model is tested on new ones."
    ),
    "data.columns_may_group": N_(
        "The values of {names} repeat in several rows and classes. If one of these columns "
        "names a person, device or day, choose it under “Group by column” (for example "
        "data.options.group_column={first}), so that the model is tested on new ones."
    ),
    "data.run_folder": N_(
        "{path} contains a run of TransferGUI. The run is not part of the data and is not used."
    ),
    "cli.no_input": N_(
        "Standard input is closed, so nothing can be read from it. Name files or folders "
        "instead of “-”."
    ),
    "predict.save_ending": N_(
        "{path} cannot be the name of a table, because {ending} is another kind of file. Choose "
        "a name that ends in .csv or .xlsx."
    ),
    "data.group_in_parts": N_(
        "{count} of {of} groups ({names}) have {noun} in several sets (training, validation, "
        "test) of your own split. The test result may be too optimistic for new groups. Move "
        "each group into one set."
    ),
    "data.in_two_parts": N_(
        "{count} files are listed in {other} and in {path} for different sets (the first: "
        "{value}: {one} and {second}). The set in {other} is used."
    ),
    "data.unknown_class_names": N_(
        "“{name}” is not a list of class names in {path}. Found: {found}."
    ),
    "data.test_gone": N_(
        "None of the {count} test {noun} can be used, because their classes ({path}) are not "
        "among the classes of the training data. The test set is taken from the other {noun}."
    ),
    "data.test_replaced": N_(
        "The test data next to the training data ({count} files, the first: {path}) are not "
        "used, because you chose other test data."
    ),
    "data.similar_names": N_(
        "The classes {names} have nearly the same name. If they are one class, set “Similar class "
        "names” to merge."
    ),
    "data.uneven": N_(
        "The classes are imbalanced: “{largest}” has {most} {noun}, “{smallest}” only {fewest}."
        " Rare classes are given more weight, but more {noun} of them would help most."
    ),
}
"""By code."""

ONE: dict[str, str] = {
    "data.untrained_class": N_(
        "One of the {noun} belongs to the class “{path}”, which is only in the validation or "
        "test data, and is left out. To use it, add examples of this class to the training "
        "data."
    ),
    "data.group_in_parts": N_(
        "One of {of} groups ({names}) has {noun} in several sets (training, validation, test) "
        "of your own split. The test result may be too optimistic for new groups. Move the "
        "group into one set."
    ),
    "data.in_two_parts": N_(
        "One file is listed in {other} and in {path} for different sets ({value}: {one} and "
        "{second}). The set in {other} is used."
    ),
}
"""The same where ``{count}`` is one."""
