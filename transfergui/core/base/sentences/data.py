"""Sentences about data: what was opened, what the user decided, files that are left out."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- data: nothing can be learnt from this
    "data.missing": N_("{path} does not exist. Check the name, or choose another folder."),
    "data.empty": N_(
        "No {noun} were found in {path}. Put the {noun} of each class into a folder named after "
        "the class."
    ),
    "data.one_class": N_(
        "Only one class was found ({name}). At least two are needed: add a folder with {noun} "
        "that are not “{name}”."
    ),
    "data.one_combination": N_(
        "All {noun} have the same labels ({name}), so there is nothing to learn. Add {noun} with "
        "other labels or with none."
    ),
    "data.one_answer": N_(
        "The question “{name}” needs at least two different answers (found: {answer}). Add "
        "{noun} with other answers, or exclude the question."
    ),
    "data.numbers_too_close": N_(
        "The numbers of the {noun} differ too little: all lie between {low} and {high}, and "
        "models compute with 7 digits. Subtract a common value from all of them (for times, the"
        " first time). If the numbers themselves are tiny, use a smaller unit."
    ),
    "data.one_number": N_(
        "All {noun} have the same number ({name}), so there is nothing to learn. Add {noun} with "
        "other numbers."
    ),
    "data.too_few_samples": N_(
        "{count} {noun} are too few. At least 4 are needed for training, validation and test; "
        "several hundred give a reliable result."
    ),
    "data.no_number": N_(
        "“{value}” is not a number. Write a number with a decimal point, for example 3.5."
    ),
    "data.no_answers": N_(
        "“{value}” does not answer the questions {names}. Write {count} answers separated by “ · "
        "”, with “?” for a missing answer."
    ),
    "data.no_questions": N_(
        "Nothing in {path} can be predicted as several questions (found: {found}). Under "
        "“Predicted columns”, name columns of a table or levels of folders (level:1,level:2)."
    ),
    "data.no_group": N_(
        "“{name}” is not one of the groups of these data ({names}), so it cannot be what the model "
        "is adapted to."
    ),
    "data.not_grouped": N_(
        "These data are not grouped yet, so the model cannot be adapted to “{name}”. Choose what "
        "to group by: {ways}."
    ),
    "data.no_groups": N_(
        "These data have no named groups, so the model cannot be adapted to “{name}”: neither the "
        "names of the files nor a table say what belongs together. Put the examples of “{name}” "
        "into a folder of their own and add it as other data (--target)."
    ),
    "data.no_numbers": N_(
        "{path} has no numbers that can be predicted (found: {found}). Under “Predicted "
        "columns”, name a column of numbers."
    ),
    "data.numbers_too_large": N_(
        "The numbers in {path} are beyond 1e30, which is too large to train on (found: {found}). "
        "Use a larger unit."
    ),
    "data.class_no_number": N_(
        "{count} {noun} belong to “{path}”, which is not a number, and are left out."
    ),
    "data.no_level": N_(
        "{path} has no folder level {number} (levels below the folders that all files share: "
        "{count}). Choose another level."
    ),
    "data.one_column": N_(
        "One class or one number needs a single column, but several are named: {names}. Name one "
        "column, or choose “Several questions” under “What is predicted”."
    ),
    "data.number_no_question": N_(
        "The column “{name}” contains numbers, which cannot be combined with other questions. "
        "Predict this column alone: choose “A number” under “What is predicted”."
    ),
    "data.labels_no_question": N_(
        "The column “{name}” has several labels in one cell, which cannot be combined with other "
        "questions. Predict this column alone: choose “Several labels” under “What is predicted”."
    ),
    "data.class_or_number": N_(
        "The column “{name}” of {path} contains many different numbers ({examples}). What should "
        "be predicted?"
    ),
    "data.classes_or_number": N_(
        "The classes in {path} are many different numbers ({examples}). What should be predicted?"
    ),
    "data.only_numbers": N_(
        "No column of {path} looks like classes, but some contain numbers ({names}). Should a "
        "number be predicted?"
    ),
    "data.which_questions": N_(
        "What should be predicted? Several columns of {path} could be questions."
    ),
    "data.which_number": N_("What should be predicted? Several columns of {path} contain numbers."),
    "data.label_none": N_(
        "“{path}” ({count} {noun}) never occurs together with another label. If it means “no "
        "label”, add it under “Excluded classes”."
    ),
    "data.classes_are_numbers": N_(
        "The classes are numbers ({names}), and each number is a class of its own. To predict a "
        "quantity, choose “A number” under “What is predicted”."
    ),
    "data.difficult_labels": N_(
        "{count} labels in {path} are marked as difficult (0 instead of 1 or -1). They are read "
        "as “no”."
    ),
    "data.unknown_class": N_(
        "“{path}” ({count} {noun}) is used as a class. If it means “unknown”, add it under "
        "“Excluded classes”."
    ),
    "data.without_labels": N_(
        "{count} {noun} have no label. They are used as examples without any of the labels."
    ),
    "data.without_answer": N_(
        "{count} {noun} have no answer to “{name}”. They are used for the other questions."
    ),
    "data.option_unfit": N_(
        "The setting {option} does not fit what is predicted in {path} ({objective}). Remove the "
        "setting, or change “What is predicted”."
    ),
    "data.united": N_(
        "{path} occurs {count} times with different labels. One copy is used, with all of these "
        "labels ({names})."
    ),
    "data.too_few": N_(
        "{count} {noun} are too few. At least 2 classes with 2 {noun} each are needed; 20 or "
        "more of each class give a reliable result."
    ),
    "data.nothing_to_train": N_(
        "All {count} {noun} in {path} are marked as validation or test data, so none are left "
        "for training. Mark some as training data, or remove the split. To measure a trained "
        "model on them, run: transfergui evaluate MODEL {path}"
    ),
    # -- data: what the user decided
    "data.corrections_lost": N_(
        "{count} corrections are not used, because their examples are no longer in the tar files "
        "(the first: {first})."
    ),
    "corrections.unreadable": N_(
        "The saved corrections for these data cannot be read ({path}: {reason}). When you save "
        "new corrections, that file is renamed to {name}."
    ),
    "corrections.newer": N_(
        "The saved corrections for these data come from a newer version of TransferGUI ({path})"
        " and are not used. To use them, update TransferGUI first: when you save new "
        "corrections, that file is renamed to {name}."
    ),
    # -- data: what was opened
    "data.all_bad": N_(
        "None of the {noun} in {path} can be used. Problems: {count}. The first: {first}"
    ),
    "data.gone": N_(
        "{count} of {total} files can no longer be read (the first: {path}). Is a disk or network "
        "share disconnected? Reconnect it and try again."
    ),
    "data.damaged": N_("{count} of {total} files cannot be read. The first: {first}"),
    "data.left_unread": N_(
        "{count} of {total} {noun} could not be read and are not included here (the first: {path})."
    ),
    "data.nothing_left": N_(
        "None of the {noun} in {path} can be used: {count} are left out. {why}"
    ),
    "data.is_run": N_(
        "{path} is a run of TransferGUI, not data. Choose the folder or the table with your {noun}."
    ),
    "data.unsorted": N_(
        "The {count} {noun} in {path} are not sorted into classes. Put the {noun} of each class "
        "into a folder named after the class, or add a table with the columns path and "
        "label.{more}"
    ),
    "data.unknown_source": N_(
        "{path} is not a folder of {noun}, a table (.xlsx, .csv, .tsv, .json or .jsonl) or a zip "
        "file. Choose the folder that contains one folder per class."
    ),
    "data.unreadable": N_("{path} cannot be opened: {reason}."),
    "data.table_columns": N_(
        "{path} has no column that names existing files, or none that gives their classes. Name "
        "these columns path and label in the first row, and open the folder that contains the "
        "table and the files. Found: {found}."
    ),
    "data.predicted_folders": N_(
        "{path} has no table with the columns {names}. To predict the names of folders, write "
        "their levels under “Predicted columns”, the outermost first (level:1,level:2)."
    ),
    # -- data: what is not used
    "data.foreign": N_("{why}"),
    "data.parts": N_("{count} parts of {path} have the same problem. The first: {why}"),
    "data.not_in_table": N_(
        "{count} {noun} are not listed in {table} and are left out (the first: {path})."
    ),
    "data.table_unused": N_(
        "The table {path} lists files, but is not used for the classes. To use it, choose it "
        "under “Table”."
    ),
    "data.table_beside_folders": N_(
        "The table {path} lists files, but is not used for the classes. To use it, choose it "
        "under “Layout”."
    ),
    "data.table_unmatched": N_(
        "The table {path} is not used: none of its columns names existing files."
    ),
    "data.table_repeats": N_(
        "The table {path} is not used, because {tables} already split the data into training, "
        "validation and test. {count} of its {rows} rows name files that are listed there too."
    ),
    "data.table_not_chosen": N_("The table {path} is not used, because you chose another one."),
    "data.groups_of_table": N_(
        "The table {path} groups the files by the column {column}: files of one group are put "
        "into the same set. To turn this off, choose “-” under “Group by column”."
    ),
    "data.table_unread": N_("The table {path} is not used. {why}"),
    "data.table_predicted": N_(
        "The table {path} is not used, because it looks like predictions of a model. To use it "
        "as true labels, choose it under “Table”."
    ),
    "data.table_unlabelled": N_(
        "The table {path} is not used: none of its columns looks like classes."
    ),
    "data.by_name": N_(
        "{path} names files in folders that do not exist. {count} rows were matched by file name "
        "only."
    ),
    "data.nested_copy": N_(
        "The folder {path} repeats {count} files of the folders above it, with the same names "
        "and sizes. It is left out."
    ),
    "data.split_unused": N_(
        "{path} is named like a split into training and test data, but names no files and is "
        "not used. To define the split yourself, sort the {noun} into folders named train and "
        "test."
    ),
    "data.joined": N_(
        "{path} names the files, and {other} describes them further. Both are read as one table, "
        "joined by the column {column}."
    ),
    "data.more_files": N_(
        "{path} names several files per row (columns {columns}). The files of one row have its "
        "class and are put into the same set."
    ),
    "data.by_part": N_(
        "{path} names no files. Its column {column} was matched with part of the file names, as"
        " in {example}. Files with the same part are put into the same set."
    ),
    "data.masks": N_(
        "{count} files are masks of other pictures and are left out (the first: {path})."
    ),
    "data.several_boxes": N_(
        "{count} {noun} have several classes and are left out (the first: {path}). To use them,"
        " choose “Several labels” under “What is predicted”."
    ),
    "data.no_boxes": N_(
        "{count} {noun} have no annotation file and are left out ({names}; the first: {path})."
    ),
    "data.empty_boxes": N_(
        "{count} {noun} have an empty annotation file and are left out (the first: {path})."
    ),
    "data.no_spans": N_(
        "{count} {noun} have no marked times and are left out ({names}; the first: {path})."
    ),
    "data.nameless": N_(
        "{count} {noun} have no class in their file names and are left out (the first: {path})."
    ),
    "data.manifest_empty": N_("{path} has no usable rows. {why}"),
    "data.table_no_rows": N_(
        "{path} has no rows of data. Add one row per example, or choose another file."
    ),
    "data.table_one_row": N_(
        "{path} has only one row of data. At least two classes with two examples each are needed."
    ),
    "data.table_one_class": N_(
        "All usable rows of {path} have the class “{name}”. At least two classes are needed: add "
        "rows of another class."
    ),
    # -- paths and parts of the program
    "path.too_long": N_(
        "The path {path} is longer than this system allows. Shorten the name, or move the data "
        "to a folder closer to the top level."
    ),
    "part.missing": N_(
        "The Python package {name} is not installed. Install it with: pip install {name}."
    ),
    # -- data: problems of files and folders
    "data.folder_unreadable": N_("The folder {path} cannot be opened: {reason}."),
    "data.folder_like_file": N_("{path} is a folder, although its name ends like that of a file."),
    "data.named_like_part": N_(
        "The name of {path} ends in # and a number, as in “talk.wav#12000”, which TransferGUI "
        "uses for rows of tables and parts of recordings. Rename the file to use it."
    ),
    "data.not_a_file": N_("{path} is not a regular file but a pipe, a socket or a device."),
    "data.link_broken": N_("{path} is a link to a file or folder that does not exist."),
    "data.link_repeats": N_("{path} is a link to a file or folder that is in the data already."),
    "data.no_class": N_("{count} {noun} in {path} belong to no class and are left out."),
    "data.no_class_above": N_(
        "{count} {noun} are outside the class folders and are left out. To use them, move them "
        "into the folders of their classes."
    ),
    "data.other_files": N_(
        "{count} files in {path} are not {noun} and are not used (for example {example})."
    ),
    "data.versions": N_(
        "{count} files seem to be versions of each other, judging by their names (the first: "
        "{path}). When TransferGUI splits the data, versions of one file are put into the same "
        "set."
    ),
    "data.other_in_folders": N_(
        "{count} files in {folders} folders are not {noun} and are not used (for example "
        "{example})."
    ),
    "data.versions_across": N_(
        "{count} files seem to be versions of other files, judging by their names, but your own"
        " split puts them into different sets (the first: {path}, a version of {other}). The "
        "test result may be too optimistic: delete them from one of the sets."
    ),
    "data.other_folders": N_("{count} files in folders without {noun} are not used ({names})."),
    "data.duplicate": N_(
        "{path} is an exact copy of {other}. Both are put into the same set, so that the model "
        "is not tested on a copy of a training example."
    ),
    "data.duplicate_across": N_(
        "{path} is an exact copy of {other}, but your own split puts them into different sets. "
        "The test result would be too optimistic: delete one of them."
    ),
    "data.near_duplicate": N_(
        "{path} is nearly the same as {other}. Both are put into the same set, so that the model "
        "is not tested on a near-copy of a training example."
    ),
    "data.near_duplicate_across": N_(
        "{path} is nearly the same as {other}, but your own split puts them into different sets. "
        "The test result may be too optimistic: delete one of them."
    ),
    "data.near_unchecked": N_(
        "{count} {noun} are too many to check in detail. The scan searched only for exact "
        "copies, not for near-duplicates or for damage inside files."
    ),
    "data.near_everywhere": N_(
        "{count} files of the class “{name}” are nearly the same, as from a fixed camera or one "
        "film. They are too many to keep in one set, so the test result may be too optimistic."
    ),
    "data.near_two_classes": N_(
        "{path} in the class “{name}” is nearly the same as {other} in “{other_name}”. Both are "
        "used. Check both labels."
    ),
    "data.two_classes_again": N_(
        "{path} is in the class “{name}”, and the same picture, saved again, is in "
        "“{other_name}” ({other}). Both are left out. Exclude, relabel or delete the wrong one; "
        "if both are correct, choose “Several labels” under “What is predicted”."
    ),
    "data.two_classes": N_(
        "{path} is in the class “{name}”, and an identical file is in “{other_name}” ({other}). "
        "Both are left out. Exclude, relabel or delete the wrong one; if both are correct, "
        "choose “Several labels” under “What is predicted”."
    ),
}
"""By code."""

ONE: dict[str, str] = {
    "data.corrections_lost": N_(
        "One correction is not used, because its example is no longer in the tar files: {first}."
    ),
    "data.damaged": N_("One of {total} files cannot be read. {first}"),
    "data.left_unread": N_(
        "One of {total} {noun} could not be read and is not included here: {path}."
    ),
    "data.difficult_labels": N_(
        "One label in {path} is marked as difficult (0 instead of 1 or -1). It is read as “no”."
    ),
    "data.without_labels": N_(
        "One of the {noun} has no label. It is used as an example without any of the labels."
    ),
    "data.without_answer": N_(
        "One of the {noun} has no answer to “{name}”. It is used for the other questions."
    ),
    "data.class_no_number": N_(
        "One of the {noun} belongs to “{path}”, which is not a number, and is left out."
    ),
    "data.no_class_above": N_(
        "One of the {noun} is outside the class folders and is left out. To use it, move it "
        "into the folder of its class."
    ),
    "data.no_class": N_("One of the {noun} in {path} belongs to no class and is left out."),
    "data.not_in_table": N_("One of the {noun}, {path}, is not listed in {table} and is left out."),
    "data.by_name": N_(
        "One row of {path} names a file in a folder that does not exist. It was matched by file "
        "name only."
    ),
    "data.masks": N_("One file is a mask of another picture and is left out: {path}."),
    "data.several_boxes": N_(
        "One of the {noun} has several classes and is left out: {path}. To use it, choose "
        "“Several labels” under “What is predicted”."
    ),
    "data.no_boxes": N_("One of the {noun} has no annotation file and is left out: {path}."),
    "data.empty_boxes": N_(
        "One of the {noun} has an empty annotation file and is left out: {path}."
    ),
    "data.no_spans": N_("One of the {noun} has no marked times and is left out: {path}."),
    "data.nameless": N_("One of the {noun} has no class in its file name and is left out: {path}."),
    "data.other_folders": N_("One file in a folder without {noun} is not used ({names})."),
    "data.other_files": N_(
        "One file in {path} is not one of the {noun} and is not used: {example}."
    ),
}
"""The same where ``{count}`` is one."""
