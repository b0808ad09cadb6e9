"""Sentences about classes and their sizes."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- data: problems of classes
    "data.empty_class": N_("The class “{path}” holds no {noun} that can be used."),
    "data.single_member": N_(
        "“{path}” has only one example: it is used for training, so nothing can be said about how "
        "well that is recognised. Add more {noun}."
    ),
    "data.single": N_(
        "The class “{path}” has only one example: it is used for training, so nothing can be said "
        "about how well the class is recognised. Add more {noun}, or leave the class out."
    ),
    "data.untrained_class": N_(
        "{count} {noun} belong to the class “{path}”, which is only in the validation or test "
        "data, so the model cannot learn it. They are not used."
    ),
    "data.merged_classes": N_(
        "{names} are the same class in different spellings. They were merged into “{path}” "
        "({count} {noun})."
    ),
    "data.similar_classes": N_(
        "Some classes in {path} have nearly the same name: {names}. Are they the same?"
    ),
    "data.class_names": N_(
        "The classes in {path} are numbers or codes, and what they are called can be read in "
        "several ways. Which is right?"
    ),
    "data.class_names_used": N_("{path} says what the {count} classes are called: {names}."),
    "data.one_column_twice": N_(
        "The column “{name}” of {path} would be used for two things: {first} and {second}. Choose "
        "another column for one of them."
    ),
    "data.option_of_files": N_(
        "{name} means nothing for {path}: it is a table with a text in each row. Leave it out."
    ),
    "data.option_of_tables": N_(
        "{name} means nothing for {path}: each of its files is a text. Leave it out."
    ),
    "data.no_columns": N_(
        "{option} names the column {name}, but there is no table in {path}. Leave the option out, "
        "or put the table beside the files."
    ),
    "data.no_split_folders": N_(
        "The setting data.options.split_folders ({known}) says which folders are for training, "
        "validation and test, but no such folders are used in {path}. Leave it out, or set "
        "data.options.layout to split/class."
    ),
    "data.is_model": N_(
        "{path} is a model that TransferGUI made, and no data. Open it on the Predict page, or "
        "with transfergui predict."
    ),
    "data.folders_may_group": N_(
        "The files lie in {count} folders ({names}), each with several classes. If each is of one "
        "person, device or day, keep them together by data.options.group_column=/, so that the "
        "test is about others than those of the training."
    ),
    "data.columns_may_group": N_(
        "Values of {names} come again in several rows and classes. If one of these columns says "
        "who or what several examples are of, keep them together by "
        "data.options.group_column={first}, so that the test is about others than those of the "
        "training."
    ),
    "data.run_folder": N_("{path} holds a training of TransferGUI, which is not part of the data."),
    "cli.no_input": N_("Nothing can be read from the standard input: it is closed."),
    "predict.save_ending": N_(
        "{path} is no name of a table: a file that ends in {ending} would hold something else. "
        "Choose a name that ends in .csv or .xlsx."
    ),
    "data.group_in_parts": N_(
        "{count} of {of} groups have {noun} in several parts of the data (training, validation, "
        "test), as your folders or your table say: {names}. So the test result may be better than "
        "it will be for new ones."
    ),
    "data.in_two_parts": N_(
        "{count} files are named in {other} and in {path}, for different parts of the data (the "
        "first: {value}: {one} and {second}). They count as {other} says."
    ),
    "data.unknown_class_names": N_(
        "“{name}” names no list that says what the classes in {path} are called. There are: "
        "{found}."
    ),
    "data.test_gone": N_(
        "None of the {count} {noun} that were meant for the test can be used: their classes "
        "({path}) are not among the classes to learn. The test set is taken from the other {noun}."
    ),
    "data.test_replaced": N_(
        "The test data that lie beside the training data ({count} files, the first: {path}) are "
        "not used, because others were chosen for the test."
    ),
    "data.similar_names": N_(
        "The classes {names} have nearly the same name. If they are one class, set “Similar class "
        "names” to merge."
    ),
    "data.uneven": N_(
        "The classes are uneven: “{largest}” has {most} {noun}, “{smallest}” only {fewest}. Rare "
        "classes are given more weight; more {noun} of them would help most."
    ),
}
"""By code."""

ONE: dict[str, str] = {
    "data.untrained_class": N_(
        "One of the {noun} belongs to the class “{path}”, which is only in the validation or test "
        "data, so the model cannot learn it. It is not used."
    ),
    "data.group_in_parts": N_(
        "One of {of} groups ({names}) has {noun} in several parts of the data (training, "
        "validation, test), as your folders or your table say. So the test result may be better "
        "than it will be for new ones."
    ),
    "data.in_two_parts": N_(
        "One file is named in {other} and in {path}, for different parts of the data ({value}: "
        "{one} and {second}). It counts as {other} says."
    ),
}
"""The same where ``{count}`` is one."""
