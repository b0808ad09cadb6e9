"""Sentences about data: what was opened, how it is understood, files that are left out."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- data: nothing can be learnt from this
    "data.missing": N_("There is nothing at {path}. Check the name, or choose another folder."),
    "data.empty": N_(
        "No {noun} were found in {path}. Put the {noun} of each class into a folder of its own, "
        "named after the class."
    ),
    "data.one_class": N_(
        "Only one class was found ({name}). A classifier needs at least two: add a folder "
        "with {noun} that are not “{name}”. Learning from one class alone is not supported."
    ),
    "data.one_combination": N_(
        "All {noun} have the same labels ({name}), so there is nothing to learn. Add {noun} with "
        "other labels, or without any."
    ),
    "data.one_answer": N_(
        "The question “{name}” has fewer than two different answers ({answer}), so there is "
        "nothing to learn. Add {noun} with other answers, or leave the question out."
    ),
    "data.numbers_too_close": N_(
        "The numbers of the {noun} are too close together to be learnt: all lie between {low} and "
        "{high}. Networks compute with 7 digits and with nothing smaller than 1e-30. Subtract what "
        "the numbers have in common (from times: the first one), or use a smaller unit."
    ),
    "data.one_number": N_(
        "All {noun} have the same number ({name}), so there is nothing to learn. Add {noun} with "
        "other numbers."
    ),
    "data.too_few_samples": N_(
        "{count} {noun} are too few to learn from. At least 4 are needed that can be divided into "
        "training, validation and test data, and some hundreds give a result that can be trusted."
    ),
    "data.no_number": N_(
        "“{value}” is no number. Write one with a point before the decimals, as in 3.5."
    ),
    "data.no_answers": N_(
        "“{value}” does not answer the questions {names}. Write {count} answers with “ · ” between "
        "them, and “?” for one that is missing."
    ),
    "data.no_questions": N_(
        "Nothing in {path} may be several questions (found: {found}). Name the columns of a table, "
        "or levels of folders (level:1,level:2), under “Predicted columns”."
    ),
    "data.no_numbers": N_(
        "Nothing in {path} is a number that can be predicted (found: {found}). Name a column of "
        "numbers under “Predicted columns”. Numbers beyond 1e30 are too large: use a larger unit."
    ),
    "data.class_no_number": N_(
        "{count} {noun} belong to “{path}”, which is no number. They are not used."
    ),
    "data.no_level": N_(
        "{path} has no level {number} of folders: there are {count} below those that all have in "
        "common."
    ),
    "data.one_column": N_(
        "One class or one number is said by one column, and {names} are several. Name one, or "
        "predict several questions."
    ),
    "data.class_or_number": N_(
        "The column “{name}” of {path} holds many different numbers ({examples}). What should be "
        "predicted?"
    ),
    "data.classes_or_number": N_(
        "The classes in {path} are many different numbers ({examples}). What should be predicted?"
    ),
    "data.only_numbers": N_(
        "No column of {path} is called like classes, or holds some that come again, but there are "
        "numbers ({names}). Should a number be predicted?"
    ),
    "data.which_questions": N_(
        "What should be predicted? Several columns of {path} may be questions to answer."
    ),
    "data.which_number": N_("What should be predicted? Several columns of {path} hold numbers."),
    "data.label_none": N_(
        "“{path}” ({count} {noun}) never stands beside another label. If it means that there is "
        "none of them, leave it out under “Classes left out”."
    ),
    "data.classes_are_numbers": N_(
        "The classes are numbers ({names}), and each is learnt as a class of its own. To predict "
        "how much it is, choose “A number” under “What is predicted”."
    ),
    "data.difficult_labels": N_(
        "{count} labels in {path} are marked as difficult (0, beside 1 and -1): they are read as "
        "no."
    ),
    "data.unknown_class": N_(
        "“{path}” ({count} {noun}) is learnt like any other. If it means that nobody knows, leave "
        "it out under “Classes left out”."
    ),
    "data.without_labels": N_(
        "{count} {noun} have no label: they are used as examples of none of the labels."
    ),
    "data.without_answer": N_(
        "{count} {noun} have no answer to “{name}”. They are used for the other questions."
    ),
    "data.option_unfit": N_(
        "The setting {option} means nothing for what is predicted in {path} ({objective}). Clear "
        "it, or choose something else under “What is predicted”."
    ),
    "data.united": N_(
        "{path} is there {count} times, with different labels: one copy is used, with all of them "
        "({names})."
    ),
    "data.too_few": N_(
        "{count} {noun} are too few to learn from. At least 2 classes with 2 {noun} each are "
        "needed, and 20 or more of each give a result that can be trusted."
    ),
    "data.nothing_to_train": N_(
        "All {count} {noun} in {path} are marked as validation or test data, so there is nothing "
        "to train on. Mark some as training data, or leave the split empty. To measure a trained "
        "model on them, run: transfergui evaluate MODEL {path}"
    ),
    # -- data: what the user decided
    "data.excluded": N_("You excluded {path}; it is still where it was."),
    "corrections.unreadable": N_(
        "The corrections that were saved for these data cannot be read ({path}: {reason}), so none "
        "are offered. When new ones are saved, that file is renamed to {name}."
    ),
    "corrections.newer": N_(
        "The corrections that were saved for these data are of a newer version of TransferGUI "
        "({path}), so none are offered. When new ones are saved, that file is renamed to {name}."
    ),
    # -- data: what was opened
    "data.all_bad": N_(
        "None of the {noun} in {path} can be used. Problems: {count}. The first: {first}"
    ),
    "data.nothing_left": N_(
        "None of the {noun} in {path} can be used: {count} are left out. {why}"
    ),
    "data.unsorted": N_(
        "The {count} {noun} in {path} are not sorted into classes. Put those of each class into a "
        "folder of its own, named after the class; or add a table with the columns path and "
        "label.{more}"
    ),
    "data.unknown_source": N_(
        "{path} is not a folder of {noun}, a table (.xlsx, .csv, .tsv, .json or .jsonl) or a zip. "
        "Choose the folder that holds one folder per class."
    ),
    "data.unreadable": N_("{path} cannot be opened: {reason}."),
    "data.table_columns": N_(
        "{path} has no column that names files which are there, or none that says their class. "
        "Name the columns path and label in its first row, and open the folder that holds both the "
        "table and the files. Found: {found}."
    ),
    # -- data: how they are to be understood
    "data.class_or_part": N_(
        "Some folders in {path} are called like a part of a data set (training, validation, "
        "test): {names}. Are they classes, or parts?"
    ),
    "data.which_level": N_(
        "The folders in {path} lie on several levels with the same names again ({names}). Which "
        "level holds the classes?"
    ),
    "data.split_folders": N_(
        "Which of the folders in {path} is for training, which for the test ({names})?"
    ),
    "data.unknown_part": N_(
        "The folders {names} in {path} do not say whether they are for training, validation or "
        "test. Say it for each ({known})."
    ),
    "data.nested": N_(
        "The folders in {path} hold folders of their own ({names}). Is each of these a class, or "
        "are the folders above the classes?"
    ),
    "data.folders_below": N_(
        "In {path} some files lie directly in the folders of the classes, others in folders below "
        "them ({names}). Are the folders below classes of their own?"
    ),
    "data.only_groups": N_(
        "The folders in {path} are only counted, or called like days, patients, devices or folds "
        "({names}), and no table says the classes of the {count} {noun}.{more} Is each folder a "
        "class?"
    ),
    "data.only_parts": N_(
        "The {count} {noun} in {path} lie in folders that usually are no classes ({names}), and no "
        "table says their classes.{more} What are the classes?"
    ),
    "data.odd_folders": N_(
        "Some folders in {path} are called as classes hardly ever are ({names}). Leave them out?"
    ),
    "data.only_predicted": N_(
        "Nothing says the classes of the {count} {noun} in {path} but a table that looks like "
        "predictions of a model. Use it as true labels?"
    ),
    "data.copied_test": N_(
        "{count} of the {of} {noun} for validation and test in {path} are among the training data "
        "as well, or nearly the same. So the result would not tell how well new {noun} are "
        "recognised. What should be done?"
    ),
    "data.copied": N_(
        "{count} of the {of} {noun} for validation and test are among the training data as well, "
        "or nearly the same (the first: {path}). So the result may be better than it will be for "
        "new {noun}."
    ),
    "data.odd_labels": N_(
        "Some labels in {path} say that there is none yet ({names}). Leave these examples out?"
    ),
    "data.unknown_classes": N_("There are no classes {names} in {path}, but: {found}."),
    "data.left_out_class": N_("{count} {noun} of the class “{path}” are left out, as you chose."),
    "data.unclear_decimal": N_(
        "The numbers of “{path}” may be read in two ways: {example} is read as {value:.10g}. If "
        "that is wrong, choose the other “Decimal sign”."
    ),
    "data.label_of_all": N_(
        "Every row marks “{path}”, so that there is nothing to learn of it. It is no label."
    ),
    "data.label_of_none": N_(
        "No row marks “{path}”, so that there is nothing to learn of it. It is no label."
    ),
    "data.left_out_label": N_(
        "{count} {noun} are used without “{path}”, which is left out, as you chose."
    ),
    "data.untrained": N_(
        "{count} {noun} in {path} are of classes that are only in the validation or test data "
        "({names}). A class without training data cannot be recognised. What should be done?"
    ),
    "data.class_in_name": N_(
        "The {count} {noun} in {path} are not sorted into folders, but their names may say the "
        "class.{more} Do they?"
    ),
    "data.class_in_folder": N_(
        "The names of the folders in {path} have a part that comes again in several of them "
        "({names}). Is the whole name the class, or that part?"
    ),
    "data.name_or_folder": N_(
        "The names of the {noun} in {path} say something that comes again in several folders "
        "({names}). Are the names the classes, or the folders?"
    ),
    "data.table_or_folders": N_(
        "The table {name} in {path} and the folders say different classes. Which are right?"
    ),
    "data.which_table": N_(
        "Several tables in {path} describe the same files differently. Which one should be used?"
    ),
    "data.which_sheet": N_(
        "Several sheets or lists of {path} may be the examples. Which should be used?"
    ),
    "data.unknown_sheet": N_(
        "No table of these data has a sheet or list called {name}. Found: {found}."
    ),
    "data.unknown_table": N_("There is no table {name} in these data. Found: {found}."),
    "data.unknown_column": N_("{path} has no column {name}. Found: {found}."),
    "data.which_file_column": N_(
        "Several columns of {path} name files that are there, but different ones. Which is right?"
    ),
    "data.which_labels": N_(
        "The labels of {path} may stand in a column of words, or in columns of yes and no. Which "
        "ones are meant?"
    ),
    "data.which_column": N_("What should be predicted? Several columns of {path} may say it."),
    "data.fill_down": N_(
        "In {path}, {count} rows have an empty cell in the column {column}, below rows that have "
        "one filled in. Does a class hold for the rows below it?"
    ),
    "data.only_column": N_(
        "No column of {path} is called like classes. Only the values of {name} come again; such a "
        "column mostly says which examples belong together. Are they the classes to learn?"
    ),
    "data.detection": N_(
        "{path} is a data set for object detection (boxes around things in pictures; format: "
        "{kind}). TransferGUI classifies whole pictures. What should it learn?"
    ),
    "data.detection_mixed": N_(
        "{path} is a data set for object detection (boxes around things in pictures; format: "
        "{kind}). TransferGUI classifies whole pictures, but too few of these show one class only "
        "({count} show several). Sort pictures or cut-outs of each class into a folder of its own."
    ),
    "data.spans": N_(
        "Beside the {noun} in {path} lie files that say what is heard at which times ({kind}: "
        "{classes}). TransferGUI gives one answer for a whole recording, and {several} hold "
        "several of these: to learn from them, cut out the sounds of each class into a folder of "
        "its own. What should it learn from the recordings as they are?"
    ),
    "data.spans_mixed": N_(
        "Beside the {noun} in {path} lie files that say what is heard at which times ({kind}). "
        "TransferGUI gives one answer for a whole recording, but too few of these hold one class "
        "only ({count} hold several). Cut out the sounds of each class into a folder of its own."
    ),
    "data.segmentation_named": N_(
        "{path} is a data set for segmentation ({noun} and masks that outline things in them). "
        "TransferGUI classifies whole {noun}. What should it learn?"
    ),
    "data.segmentation": N_(
        "{path} is a data set for segmentation ({noun} and masks that outline things in them). "
        "TransferGUI classifies whole {noun}. Sort them into a folder per class, without the masks."
    ),
    "data.unknown_layout": N_(
        "“{layout}” is not a layout of folders. It is made of these words, with / between them: "
        "{known}; or it is table or boxes."
    ),
    "data.test_unclear": N_(
        "The test data in {path} can be understood in several ways, and not in that of the "
        "training data. Arrange both alike. {why}"
    ),
    "data.which_modality": N_(
        "{path} holds about as many files of two kinds. Which of them are the examples?"
    ),
    "data.unnamed_table": N_(
        "{path} looks like a table, but its name does not say so. Let it end with .tsv, and open "
        "it again."
    ),
    "data.zip_inside": N_("{path} holds {noun} in zip files only, if at all. Which one to open?"),
    "data.foreign_only": N_("No {noun} were found in {path}. {why}"),
    # -- data: what is not used
    "data.foreign": N_("{why}"),
    "data.parts": N_("{count} pieces of {path} have the same problem. The first: {why}"),
    "data.not_in_table": N_(
        "{count} {noun} are not named in {table} and are not used (the first: {path})."
    ),
    "data.table_unused": N_(
        "The classes are not taken from the table {path}, although it names files. To use it, "
        "choose it under “Table”."
    ),
    "data.table_beside_folders": N_(
        "The classes are not taken from the table {path}, although it names files. To use it, "
        "choose it under “Layout”."
    ),
    "data.table_unmatched": N_(
        "The table {path} is not used: no column of it names files that are there."
    ),
    "data.table_repeats": N_(
        "The table {path} is not used: {tables} divide the data into training, validation and "
        "test. {count} of its {rows} rows name files that these name as well."
    ),
    "data.table_not_chosen": N_("The table {path} is not used, as you chose another one."),
    "data.groups_of_table": N_(
        "The table {path} says which files belong together (column {column}); they are kept "
        "together by it. “-” under “Group by column” turns that off."
    ),
    "data.table_unread": N_("The table {path} is not used. {why}"),
    "data.table_predicted": N_(
        "The table {path} is not used: it looks like predictions of a model, not like true labels. "
        "To use it all the same, choose it under “Table”."
    ),
    "data.table_unlabelled": N_(
        "The table {path} is not used: no column of it tells the files apart as classes would."
    ),
    "data.by_name": N_(
        "{path} names files in folders that are not there; {count} rows were matched by the names "
        "of the files alone."
    ),
    "data.nested_copy": N_(
        "The folder {path} repeats {count} files that lie above it, under the same names and of "
        "the same sizes; it is left out."
    ),
    "data.split_unused": N_(
        "By its name, {path} may say what is for training and what for the test. It names no files "
        "and is not used. Sort the {noun} into folders called train and test instead, if you want "
        "this division."
    ),
    "data.joined": N_(
        "{path} names the files, and {other} says more of them. Both are read as one table, by the "
        "column {column} that they have in common."
    ),
    "data.more_files": N_(
        "{path} names several files in a row (columns {columns}). Those of one row have its class "
        "and stay together."
    ),
    "data.by_part": N_(
        "{path} names no files. Its column {column} was matched with a part of their names, as in "
        "{example}; files with the same part stay together."
    ),
    "data.masks": N_(
        "{count} files are masks of other pictures and are left out (the first: {path})."
    ),
    "data.several_boxes": N_(
        "{count} {noun} have several classes and are left out (the first: {path})."
    ),
    "data.no_boxes": N_(
        "{count} {noun} have no file of boxes and are left out ({names}; the first: {path})."
    ),
    "data.empty_boxes": N_(
        "{count} {noun} show nothing that is marked, and are left out (the first: {path})."
    ),
    "data.no_spans": N_(
        "{count} {noun} have no marked times and are left out ({names}; the first: {path})."
    ),
    "data.nameless": N_(
        "{count} {noun} have names that say no class and are left out (the first: {path})."
    ),
    "data.manifest_empty": N_("{path} has no row that can be used. {why}"),
    "data.table_no_rows": N_(
        "{path} has no rows of data. Add a row for each example, or choose another file."
    ),
    "data.table_one_row": N_(
        "{path} has a single row of data, and there is nothing to learn from one example. At least "
        "two classes with two examples each are needed."
    ),
    "data.table_one_class": N_(
        "All rows of {path} that can be used have the class “{name}”. A classifier needs at least "
        "two: add rows of another class."
    ),
    # -- paths and parts of the program
    "path.too_long": N_(
        "{path} is a longer name than this system allows. Shorten it, or move what it means into "
        "a folder nearer to the top."
    ),
    "part.missing": N_(
        "The part {name} of this program is not installed here. Install it with: "
        "pip install {name}."
    ),
    # -- data: problems of files and folders
    "data.folder_unreadable": N_("The folder {path} cannot be opened: {reason}."),
    "data.folder_like_file": N_("{path} is a folder, although it is named like a file."),
    "data.named_like_part": N_(
        "The name of {path} ends like the number of a row or a piece, as in “talk.wav#12000”. "
        "Rename the file to use it."
    ),
    "data.not_a_file": N_("{path} is not an ordinary file but a pipe, a socket or a device."),
    "data.link_broken": N_("{path} is a link to something that is not there."),
    "data.link_repeats": N_("{path} is a link to something that is in the data anyway."),
    "data.no_class": N_("{count} {noun} in {path} belong to no class and are not used."),
    "data.no_class_above": N_(
        "{count} {noun} lie beside the folders of the classes, in none of them, and are not used."
    ),
    "data.other_files": N_("{count} files in {path} are not {noun} (such as {example})."),
    "data.versions": N_(
        "{count} files seem to be versions of each other, by their names (the first: {path}). "
        "Where TransferGUI divides the data, versions of one file stay together."
    ),
    "data.other_in_folders": N_(
        "{count} files in {folders} folders are not {noun} (such as {example})."
    ),
    "data.versions_across": N_(
        "{count} files seem to be versions of another one, by their names, but your own division "
        "puts them into different parts (the first: {path}, of {other}): the test result may be "
        "too optimistic. Delete them in one of the parts."
    ),
    "data.other_folders": N_("{count} files in folders without {noun} are not used ({names})."),
    "data.duplicate": N_(
        "{path} is an exact copy of {other}. The copies are kept together, so that none is tested "
        "on after the other was learnt."
    ),
    "data.duplicate_across": N_(
        "{path} is an exact copy of {other}, but your own division puts them into different parts: "
        "the test result would be too optimistic. Delete one of them."
    ),
    "data.near_duplicate": N_(
        "{path} is nearly the same as {other}. They are kept together, so that none is tested on "
        "after the other was learnt."
    ),
    "data.near_duplicate_across": N_(
        "{path} is nearly the same as {other}, but your own division puts them into different "
        "parts: the test result may be too optimistic. Delete one of them."
    ),
    "data.near_unchecked": N_(
        "{count} {noun} are too many to compare and to decode while scanning: only exact copies "
        "were looked for, neither nearly equal {noun} nor damage inside files."
    ),
    "data.near_everywhere": N_(
        "{count} files of the class “{name}” are nearly the same, as from a fixed camera or one "
        "film. They are too many to keep together, so the test result may be optimistic."
    ),
    "data.near_two_classes": N_(
        "{path} in the class “{name}” is nearly the same as {other} in “{other_name}”. Both are "
        "used. Check both labels."
    ),
    "data.two_classes_again": N_(
        "{path} is in the class “{name}”, and the same picture, saved again, is in "
        "“{other_name}” ({other}). Both are left out. Exclude, relabel or delete the wrong one; if "
        "both are right, choose “Several labels” under “What is predicted”."
    ),
    "data.two_classes": N_(
        "{path} is in the class “{name}”, and the very same file is in “{other_name}” ({other}). "
        "Both are left out. Exclude, relabel or delete the wrong one; if both are right, choose "
        "“Several labels” under “What is predicted”."
    ),
}
"""By code."""

ONE: dict[str, str] = {
    "data.difficult_labels": N_(
        "One label in {path} is marked as difficult (0, beside 1 and -1): it is read as no."
    ),
    "data.without_labels": N_(
        "One of the {noun} has no label: it is used as an example of none of the labels."
    ),
    "data.without_answer": N_(
        "One of the {noun} has no answer to “{name}”. It is used for the other questions."
    ),
    "data.left_out_label": N_(
        "One of the {noun} is used without “{path}”, which is left out, as you chose."
    ),
    "data.class_no_number": N_(
        "One of the {noun} belongs to “{path}”, which is no number. It is not used."
    ),
    "data.no_class_above": N_(
        "One of the {noun} lies beside the folders of the classes, in none of them, and is not "
        "used."
    ),
    "data.no_class": N_("One of the {noun} in {path} belongs to no class and is not used."),
    "data.not_in_table": N_("One of the {noun}, {path}, is not named in {table} and is not used."),
    "data.by_name": N_(
        "One row of {path} names a file in a folder that is not there; it was matched by the name "
        "of the file alone."
    ),
    "data.masks": N_("One file is a mask of another picture and is left out: {path}."),
    "data.several_boxes": N_("One of the {noun} has several classes and is left out: {path}."),
    "data.no_boxes": N_("One of the {noun} has no file of boxes and is left out: {path}."),
    "data.empty_boxes": N_("One of the {noun} shows nothing marked and is left out: {path}."),
    "data.no_spans": N_("One of the {noun} has no marked times and is left out: {path}."),
    "data.nameless": N_("One of the {noun} has a name that says no class and is left out: {path}."),
    "data.other_folders": N_("One file in a folder without {noun} is not used ({names})."),
    "data.other_files": N_("One file in {path} is none of the {noun}: {example}."),
}
"""The same where ``{count}`` is one."""
