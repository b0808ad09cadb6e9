"""Every sentence of the core, by code: errors, problems of a dataset, notices of a training.

The core speaks in codes and values (they go into event files, scripts and
tests); the sentence is made where it is shown. A sentence says what happened,
to which file, and what to do about it. A code is ``subject.what_happened``.

``{path}`` values are escaped for display by :func:`sentence`.
"""

from collections.abc import Mapping
from typing import Any

from transfergui.core.base.i18n import N_, _
from transfergui.core.base.paths import shown

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
    "data.which_column": N_("Several columns of {path} may be the classes. Which one is it?"),
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
    # -- data: tables that cannot be read
    "tables.web_page": N_(
        "{path} is a web page, not a table{why}. Open it in a browser to see what it says, and "
        "download the file itself."
    ),
    "tables.not_a_workbook": N_(
        "{path} is named like an Excel workbook but is not one, or is damaged{why}. Open it in a "
        "spreadsheet and save it as .xlsx."
    ),
    "tables.protected": N_(
        "{path} is protected with a password{why}. Open it in a spreadsheet and save it without "
        "one."
    ),
    "tables.old_excel": N_(
        "{path} is in the format of Excel before 2007{why}. Open it in a spreadsheet and save it "
        "as .xlsx."
    ),
    "tables.open_document": N_(
        "{path} is an OpenDocument table, which is not read{why}. Save it as .xlsx or .csv."
    ),
    "tables.binary": N_(
        "{path} is named like a table but holds no text{why}. Save the table as .csv or .xlsx."
    ),
    "tables.no_json": N_(
        "{path} is written as JSON, but cannot be read as that{why}: something in it is damaged, "
        "or is nested too deep."
    ),
    "tables.broken_letters": N_(
        "In {count} of the rows of {path}, some letters are not of its encoding, {encoding} (the "
        "first: row {row}). They are read as �."
    ),
    "tables.no_rows": N_(
        "{path} holds no list of examples{why}. Each example must be an object with the keys "
        "text and label (or path and label), in a list or on a line of its own."
    ),
    "tables.other_sheets": N_(
        "{count} sheets or lists of {path} are not used ({others}): “{sheet}” is read. To use "
        "another, choose it under “Sheet or list”."
    ),
    "tables.hidden_rows": N_(
        "{count} rows of {path} are hidden in the spreadsheet, by a filter for example. They are "
        "read all the same; delete them there if they are not meant."
    ),
    "tables.formulas": N_(
        "{count} formulas in {path} have no result and are read as empty. Open the file in a "
        "spreadsheet and save it."
    ),
    "zip.damaged": N_("The zip {path} cannot be unpacked: {reason}. Copy or download it again."),
    "zip.encrypted": N_("The zip {path} needs a password. Unpack it first and open the folder."),
    "zip.unsafe": N_(
        "The zip {path} was not unpacked: {member} would be written outside of the folder meant "
        "for it. Do not trust where it came from."
    ),
    "zip.bomb": N_(
        "The zip {path} was not unpacked: it is small but claims to hold {gigabytes} GB, which "
        "looks like a trap. If you trust it, unpack it yourself and open the folder."
    ),
    "zip.no_space": N_(
        "The zip {path} needs {gigabytes} GB on the disk, and there is not that much space."
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
        "“{other_name}” ({other}). Both are left out. Exclude, relabel or delete the wrong one."
    ),
    "data.two_classes": N_(
        "{path} is in the class “{name}”, and the very same file is in “{other_name}” ({other}). "
        "Both are left out. Exclude, relabel or delete the wrong one."
    ),
    # -- data: problems of rows of a table
    "rows.broken": N_("{count} rows of {path} cannot be read (the first: row {row}, {value})."),
    "rows.no_path": N_("{count} rows of {path} name no file (the first: row {row})."),
    "rows.no_label": N_("{count} rows of {path} have no label (the first: row {row}, {value})."),
    "rows.missing": N_(
        "{count} rows of {path} name files that are not there, or are of a kind that is not read "
        "(the first: row {row}, {value})."
    ),
    "rows.outside": N_(
        "{count} rows of {path} name files outside of its own folder, which are not used (the "
        "first: row {row}, {value}). Write paths relative to the folder of the table."
    ),
    "rows.url": N_(
        "{count} rows of {path} are web addresses; nothing is downloaded (the first: row {row}, "
        "{value})."
    ),
    "rows.repeated": N_(
        "{count} rows of {path} repeat an earlier one (the first: row {row}, {value})."
    ),
    "rows.other_split": N_(
        "{count} rows of {path} name a file again, for another part of the data (the first: row "
        "{row}, {value}: {one}, then {other}). The first row of each file counts."
    ),
    "rows.other_group": N_(
        "{count} rows of {path} name a file again, in another group (the first: row {row}, "
        "{value}: {one}, then {other}). The first row of each file counts."
    ),
    "rows.split_unknown": N_(
        "{count} rows of {path} have a split other than train, val or test (the first: row {row}, "
        "{value}); they are divided like rows that have none."
    ),
    "rows.two_labels": N_(
        "{path} has two labels, “{first}” and “{second}”, and is left out. Delete the wrong row."
    ),
    "rows.wide": N_(
        "{count} rows of {path} have more cells than the others (the first: row {row}, {value}). "
        "Put quotation marks around texts in which the separator occurs."
    ),
    "rows.no_text": N_("{count} rows of {path} hold no text (the first: row {row}, {value})."),
    "rows.several_labels": N_(
        "{count} rows of {path} have several labels and are left out (the first: row {row}, "
        "{value}). Each example must have one label."
    ),
    "rows.above": N_(
        "{count} rows of {path} stand above the column names and are not used (the first: row "
        "{row}, {value})."
    ),
    "rows.total": N_(
        "{count} rows of {path} are totals or averages, not examples, and are left out (the first: "
        "row {row}, {value})."
    ),
    "rows.header_repeated": N_(
        "{count} rows of {path} repeat the column names and are not used (the first: row {row})."
    ),
    # -- data: texts that cannot be read or used
    "text.by_lines": N_(
        "In {path}, {text} holds texts and {labels} their classes, line by line. Put both side by "
        "side into the columns text and label of a table (.xlsx or .csv)."
    ),
    "text.one_column": N_(
        "{path} needs two columns at least, one with the texts and one with their classes. Choose "
        "another file, or tell where its first row and its separators are."
    ),
    "text.too_many_classes": N_(
        "The column {column} of {path} has a different value in nearly every row, so it does not "
        "tell the classes. Choose another column for them."
    ),
    "text.empty_file": N_("{path} is empty."),
    "text.no_text": N_("{path} holds no text."),
    "text.not_text": N_("{path} does not hold text. Save it as plain text in UTF-8."),
    "text.no_row": N_("{path} has no row {row} any more. It was changed after it was opened."),
    "text.more_tables": N_(
        "{count} more tables are not used: {names}. They lie deeper than those that are used, are "
        "copies of these, or others were chosen or are named train, val or test. Open them by "
        "themselves, or put them beside those."
    ),
    "text.files_beside": N_(
        "{count} text files beside the tables are not read: {names}. Only the rows of the tables "
        "are used."
    ),
    "text.no_texts": N_(
        "{count} tables are not used, because they lack the columns of the others: {names}."
    ),
    "text.unlabelled": N_(
        "{path} has no column {column}, so its {count} rows have no label and are not used."
    ),
    "text.same_texts": N_(
        "Several tables in {path} hold mostly the same texts ({names}), as where several people "
        "label them. Whose classes count?"
    ),
    "text.which_table": N_(
        "The tables in {path} have different columns. Which of them holds the examples?"
    ),
    "text.table_classes": N_(
        "{path} holds {count} tables without a column of labels ({names}). Is each table a class?"
    ),
    "text.table_parts": N_(
        "{path} holds {name} and {count} more tables ({names}). Is only {name} meant for training?"
    ),
    "text.two_labels": N_(
        "{count} rows have texts that are there again with another class, and are left out (the "
        "first: {first}, “{value}”). Delete the wrong rows."
    ),
    "text.in_tables": N_(
        "{count} texts are in another table as well, with the same class, and count once (the "
        "first: {first}, “{value}”)."
    ),
    # -- data: texts that are used, but noted
    "text.no_column": N_(
        "{path} has no column {column}; another one was taken. It has these: {found}."
    ),
    "text.repeated": N_(
        "{count} texts repeat an earlier one (the first: {first}, “{value}”). Copies are kept "
        "together, so that none is tested on after the other was learnt."
    ),
    "text.repeated_across": N_(
        "{count} texts are in several parts of your data (the first: {first}, “{value}”: {one} and "
        "{other}), so the test result would be too optimistic. Delete them in one of the parts."
    ),
    "text.repeated_groups": N_(
        "{count} texts repeat an earlier one of another group (the first: {first}, “{value}”, "
        "{one} and {other}). These groups are kept together as one."
    ),
    "text.near": N_(
        "{count} texts are nearly the same as an earlier one (the first: {first}, “{value}”). They "
        "are kept together, so that none is tested on after the other was learnt."
    ),
    "text.near_across": N_(
        "{count} texts are nearly the same as one in another part of your data (the first: "
        "{first}, “{value}”: {one} and {other}), so the test result may be too optimistic. Delete "
        "them in one of the parts."
    ),
    "text.near_groups": N_(
        "{count} texts are nearly the same as an earlier one of another group (the first: {first}, "
        "“{value}”, {one} and {other}). These groups are kept together as one."
    ),
    "text.markup": N_(
        "{count} texts hold HTML, of which only the words are read (the first: {first}, “{value}”)."
    ),
    "text.control": N_(
        "{count} texts hold characters that cannot be seen and are not read (the first: {first}, "
        "“{value}”)."
    ),
    "text.undecodable": N_(
        "{count} texts hold characters that could not be read (the first: {first}, “{value}”). "
        "Choose another encoding."
    ),
    "text.no_words": N_(
        "{count} texts hold no letters or digits, only signs such as emoji (the first: {first}, "
        "“{value}”)."
    ),
    "text.long": N_(
        "{count} texts are so long that only their beginning is read (the first: {first}, "
        "“{value}”)."
    ),
    # -- data: problems of classes
    "data.empty_class": N_("The class “{path}” holds no {noun} that can be used."),
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
    # -- data: how it was divided
    "split.random": N_("Divided at random, every class alike."),
    "split.folders": N_("Divided as your folders or your table say."),
    "split.val_from_train": N_(
        "The test data are as you chose them; validation was taken at random from the rest."
    ),
    "split.test_from_train": N_(
        "The validation data are as you chose them; the test was taken at random from the rest."
    ),
    "split.one_group": N_(
        "All {noun} belong to one group ({groups}), so none of another group is left to test on. "
        "The groups were ignored: the result may be too optimistic for {noun} of other groups."
    ),
    "split.group_per_class": N_(
        "Each class comes from a single group ({groups}), so classes cannot be told from groups. "
        "The groups were ignored: the result may be too optimistic for {noun} of other groups."
    ),
    "split.class_of_one_group": N_(
        "All {noun} of {classes} belong to one group, so none of another group is left to test on. "
        "They were divided at random: the result may be too optimistic for {noun} of other groups."
    ),
    "split.copies": N_(
        "All {noun} of {classes} are copies of each other or nearly the same, so nothing else is "
        "left to test on. They were divided at random: the result may be too optimistic."
    ),
    "split.few_groups": N_(
        "The groups of these {noun} leave nothing to test on. They were ignored: the result may "
        "be too optimistic for {noun} of other groups."
    ),
    "split.no_test": N_(
        "Nothing is left for the test, so the result is measured on the validation data, by which "
        "the best epoch is chosen too: it looks better than it is. More data, or more groups, help."
    ),
    "split.untested": N_(
        "The test holds nothing of {classes}, so nothing is known of how well that is recognised. "
        "Add examples: a class needs 3 or more (of 3 groups or more, where examples are grouped) "
        "to be in training, validation and test."
    ),
    "split.untested_by_you": N_(
        "Your test data hold nothing of {classes}, so nothing is known of how well that is "
        "recognised. Add examples of it to them."
    ),
    "split.single": N_(
        "{count} classes have only one example each ({classes}). It is used for training, so "
        "nothing can be said about how well these classes are recognised. Add more {noun} of "
        "each (20 or more give a result that can be trusted), or leave these classes out."
    ),
    "split.not_trained": N_(
        "{count} classes have no {noun} for training ({classes}), so they cannot be recognised. "
        "Add some to the training data, or leave these classes out."
    ),
    "split.grouped": N_("Kept together: {by}."),
    # -- recipe
    "recipe.invalid": N_("The setting {path} does not fit: {reason}."),
    "recipe.unreadable": N_("{path} is not a recipe that this program can read: {reason}."),
    "recipe.newer": N_(
        "{path} was made by a newer TransferGUI (format {found}, this one knows {known}). "
        "Please update TransferGUI."
    ),
    "registry.unknown": N_("There is no {kind} named “{key}”.{hint}"),
    "restraint.few_frozen": N_(
        "With {count} training examples of each class an epoch is only a few steps: the last "
        "layer is trained for longer, with less dropout, and asked for a little less than full "
        "certainty. More examples would help more."
    ),
    "restraint.few_moving": N_(
        "With {count} training examples of each class the network would soon know them by heart: "
        "it is asked for a little less than full certainty. More examples would help more."
    ),
    "strategy.no_attention": N_(
        "Low-rank updates work only with transformers, a kind of network, and {title} is none. "
        "Choose a Vision Transformer, Swin or MaxViT for pictures, a BERT for texts, wav2vec 2.0 "
        "or WavLM for sounds; or train this network in another way."
    ),
    "strategy.no_student": N_(
        "{title} has nothing that could learn from a teacher. Choose another network as the "
        "student, or feature extraction."
    ),
    "strategy.no_screws": N_(
        "{title} has no pretrained norms or biases that could be adapted. Take feature extraction "
        "or fine-tuning, or another network."
    ),
    "backbone.one_size": N_(
        "{title} cannot look at pictures of {size} pixels while it learns. Switch “Random "
        "resolution” off or lower it, or take another network."
    ),
    "backbone.for_others": N_(
        "The network “{key}” is for {others}, not for {noun}. “transfergui list backbones” shows "
        "what each is for."
    ),
    "backbone.other_modality": N_(
        "The model {path} did not learn from {noun}, so its network cannot be used for them."
    ),
    "source.taken_over": N_(
        "The network of {path} is taken over with what it has learnt. Its last layers, which gave "
        "its own answers, are not: new ones are trained for your {count} classes."
    ),
    "source.as_it_was": N_(
        "The training {path} changed only its last layers, which gave its own answers, and these "
        "are not taken over: its network, {title}, is as it was before, and new last layers are "
        "trained for your {count} classes. To build on a training, choose one that changed its "
        "network too, as fine-tuning does."
    ),
    # -- distillation
    "distillation.larger": N_(
        "{title}, the student, is neither clearly smaller nor quicker than its teacher, {teacher} "
        "(published with {size} and {other} million parameters): it may learn from it, but nothing "
        "is saved. Choose a smaller backbone or a larger teacher."
    ),
    "distillation.quicker": N_(
        "{title}, the student, is quicker than its teacher, {teacher}, but not clearly smaller "
        "(published with {size} and {other} million parameters): time is saved, but no space. "
        "To save space too, choose a smaller backbone or a larger teacher."
    ),
    "teacher.no_answers": N_(
        "“Likeness of answers” needs a teacher that knows the same classes, and {teacher} does "
        "not. Name a model of yours with these classes as teacher, or set it to 0."
    ),
    "teacher.nothing": N_(
        "Nothing would be learnt: likeness of features, likeness of answers and weight of the "
        "labels are all 0. Give at least one of them a weight."
    ),
    # -- several networks together
    "fusion.no_partner": N_(
        "There is no other network on this disk that could look at the examples together with "
        "{title}. Download another one, or choose a model of your own."
    ),
    "fusion.twice": N_(
        "{title} is chosen twice; it would see the same twice. Take another network beside it."
    ),
    "fusion.not_frozen": N_(
        "{title} cannot be one of several networks that stay as they are: a part of it is new, or "
        "its features are made anew each time. Choose another network."
    ),
    "fusion.other_width": N_(
        "Features can be averaged only where all networks have equally many, and these have not: "
        "{lengths}. Put them side by side, or choose other networks."
    ),
    "fusion.other_sound": N_(
        "These networks want sounds of different rates ({one} and {other} Hz), so one recording "
        "cannot be played to both. Set “Sample rate”, or choose other networks."
    ),
    "fusion.other_tokens": N_(
        "These networks do not read texts in the same way (their tokenizers differ, or are not on "
        "this disk yet), so one text cannot be shown to both. Choose networks with one tokenizer."
    ),
    "fusion.no_gain": N_(
        "The others seem to add nothing to {title}: on {n} training examples, a simple classifier "
        "is right in {alone} % by what it sees alone, and in {together} % by what all see. Train "
        "it alone, or choose other partners."
    ),
    # -- finished trainings as one
    "soup.alone": N_(
        "Only one of the {of} trainings was kept, as no other made it better on the validation "
        "{noun}, of which it has {best} % right: the result is that one."
    ),
    "soup.better": N_(
        "Together, {count} of the {of} trainings have {together} % of the validation {noun} right; "
        "the best of them alone has {best} %."
    ),
    "soup.as_good": N_(
        "Together, {count} of the {of} trainings have {together} % of the validation {noun} right, "
        "no more than the best of them alone: little was gained."
    ),
    "soup.less_sure": N_(
        "Together, {count} of the {of} trainings have {together} % of the validation {noun} right, "
        "no more than the best of them alone, which is surer of it: that one may be the better "
        "choice."
    ),
    "soup.unchecked": N_(
        "There are no validation {noun} that could tell whether {count} trainings do better "
        "together than the best of them alone."
    ),
    "soup.too_few": N_("Choose two or more finished trainings to put together."),
    "soup.not_a_run": N_(
        "{name} is not a finished training of yours. Choose the folders of two or more."
    ),
    "soup.twice": N_("The training {path} is chosen twice. Choose each only once."),
    "soup.other_classes": N_(
        "The training {path} tells other classes apart than the rest. Choose trainings with the "
        "same classes as your data."
    ),
    "soup.not_alike": N_(
        "The weights of these trainings cannot be averaged: they began with different networks, "
        "heads or picture sizes, or at random. Average their answers instead."
    ),
    "soup.learnt": N_(
        "The training {path} learnt from {count} of the examples that are kept for validation or "
        "test here, so the result could not be trusted. Divide the data as it did: with the same "
        "shares and the seed {seed}."
    ),
    "soup.weights": N_(
        "These {count} trainings began alike: the weights of those that are kept are averaged."
    ),
    "soup.answers": N_(
        "The weights of these {count} trainings are not averaged, but their answers are: the "
        "result needs all that are kept, whenever it recognises something."
    ),
    "soup.worse": N_("Makes it worse on the validation examples."),
    # -- runs
    "run.missing": N_("{path} is not the folder of a training run."),
    "run.data_missing": N_(
        "The data of this run are no longer at {path}. Move them back, or open the folder where "
        "they are now: corrections that were saved for them are offered there."
    ),
    "run.damaged": N_("The run {path} cannot be read: {reason}."),
    "run.last_damaged": N_(
        "The training cannot be resumed: {path} is damaged ({reason}). Delete this file, and the "
        "training starts from the beginning."
    ),
    "run.last_damaged_kept": N_(
        "The training cannot be resumed: {path} is damaged ({reason}). The best model so far is "
        "kept and can be used to predict and to export. To train from the beginning, delete the "
        "file."
    ),
    "training.best_lost": N_(
        "The best model so far is lost: {path} is damaged ({reason}). The training goes on from "
        "its last state, which counts as the best until a later epoch is better."
    ),
    "run.events_damaged": N_(
        "{path} cannot be read: {reason}. Rename or delete it to go on without the curves so far."
    ),
    "run.unknown_failure": N_(
        "The training ended for a reason that this version of TransferGUI does not know ({name})."
    ),
    "run.exists": N_("{path} already exists and is not empty. Choose another folder for the run."),
    "run.not_writable": N_("The run cannot be kept at {path}: {reason}. Choose another folder."),
    "run.busy": N_("This run is being trained by another TransferGUI (process {pid} on {host})."),
    "run.locked": N_(
        "{path} says that this run is being trained (process {pid} on {host}). This disk cannot "
        "tell whether that is still true; if it is not, delete that file."
    ),
    "run.finished": N_("The run {path} is already finished; there is nothing to resume."),
    "run.not_moved": N_("The run {path} cannot be moved: {reason}. Is a file in it still open?"),
    "run.no_name": N_("Type a name: a run cannot have an empty one."),
    "run.long_name": N_("The name has {count} characters; at most {most} are possible."),
    "run.not_renamed": N_("The run {path} cannot be renamed: {reason}."),
    "run.not_trained": N_("The run {path} has no trained model yet."),
    # -- training
    "run.data_changed": N_(
        "The data changed since this run began: {missing} are gone, {changed} have other contents "
        "or sizes (the first: {path}). Resume with --accept-changes, or the button, to go "
        "on with what is left."
    ),
    "run.data_gone": N_(
        "{missing} of {total} files of this run are gone (the first: {path}), among them the whole "
        "training set, or all that the model could be measured on. Connect their disk again and "
        "resume, or begin a new training."
    ),
    "training.diverged": N_(
        "The loss became infinite in epoch {epoch}: the steps were too big. Nothing useful was "
        "learnt. Try a learning rate of {smaller} instead of {lr}."
    ),
    "training.diverged_kept": N_(
        "The loss became infinite in epoch {epoch}: the steps were too big. The best weights from "
        "before are kept. Try a learning rate of {smaller} instead of {lr}."
    ),
    "training.diverged_sample": N_(
        "Training diverged in epoch {epoch}. The likely cause is {path}, whose values are far "
        "outside those of the other files. Correct, replace or exclude it, and train again."
    ),
    "training.nothing_learnt": N_(
        "It was stopped before anything was learnt, so there is no model to keep yet. "
        "It can be resumed."
    ),
    "memory.halved": N_(
        "{size} at once did not fit into memory; it goes on with {pieces} at once. "
        "The result stays the same."
    ),
    "memory.exhausted": N_(
        "There is not enough memory even for one at a time. Close other programs, or choose a "
        "smaller backbone or a smaller input size."
    ),
    "memory.out": N_(
        "Out of memory. Close other programs and try again. A smaller batch size, backbone or "
        "input size needs less memory."
    ),
    "memory.smaller_parts": N_(
        "Batch size {size} needs about {needed} GB of memory, and {free} GB are available. Each "
        "batch is computed in parts of {pieces}, whose gradients are added up."
    ),
    "memory.tight": N_(
        "Training needs about {needed} GB of memory even one example at a time, and {free} GB are "
        "available. Close other programs, or choose a smaller backbone or input size."
    ),
    "memory.features_on_disk": N_(
        "The features take {needed} GB, and {free} GB of memory are available. They are read from "
        "a temporary file instead, which is slower."
    ),
    "device.missing": N_("This machine has no device “{device}”. Choose “auto” or “cpu”."),
    "device.precision": N_(
        "The precision {precision} does not work on this device ({reason}). Choose float32."
    ),
    "disk.full": N_(
        "{path} could not be written ({reason}). Is the disk full? What was saved before is intact."
    ),
    "disk.in_the_way": N_(
        "{path} cannot be written: {reason}. Move it away or delete it, then try again."
    ),
    "cache.damaged": N_(
        "{count} files of the feature cache were damaged ({path}). They were deleted; their "
        "features are computed again."
    ),
    "cache.not_written": N_(
        "Features cannot be cached in {path} ({reason}). The training continues without the "
        "cache; the next one computes them again."
    ),
    "disk.no_temporary": N_(
        "There is no place for temporary files: {path} cannot be written ({reason}). Make room on "
        "the disk, or name another folder with TMPDIR."
    ),
    "data.skipped": N_(
        "{count} files could not be read during the training and were left out (the first: {path})."
    ),
    "data.vanished": N_(
        "{count} of {total} files cannot be read any more (the first: {path}). Is a disk or "
        "network share unplugged? Connect it again and resume; the last checkpoint, if there is "
        "one, is kept."
    ),
    "data.vanished_train": N_(
        "{lost} of {total} files of the training set cannot be read any more (the first: {path}). "
        "Is a disk or network share unplugged? Connect it again and resume; the last checkpoint, "
        "if there is one, is kept."
    ),
    "data.vanished_val": N_(
        "{lost} of {total} files of the validation set cannot be read any more (the first: "
        "{path}). Without it, the best epoch cannot be chosen. Is a disk or network share "
        "unplugged? Connect it again and resume; the last checkpoint, if there is one, is kept."
    ),
    "data.vanished_test": N_(
        "{lost} of {total} files of the test set cannot be read any more (the first: {path}). "
        "Without it, the result cannot be measured. Is a disk or network share unplugged? Connect "
        "it again and resume; the last checkpoint, if there is one, is kept."
    ),
    # -- command line: predict, stop, doctor
    "cli.not_written": N_(
        "The result cannot be printed: {reason}. If it goes into a file, make room on that disk."
    ),
    "predict.empty": N_("No {noun} were found in {path}, which is what this model answers for."),
    "predict.not_finite": N_(
        "The model gives no usable prediction for {path}: its outputs are not numbers."
    ),
    "predict.changed": N_(
        "{path} changed while it was being read, so this row may be another one. Predict it again."
    ),
    "predict.changed_since": N_(
        "{path} has changed since the earlier model's prediction, which is not shown."
    ),
    "predict.too_large_for_excel": N_(
        "{path} cannot be written: an Excel sheet holds at most {limit} {what}, which row {row} "
        "exceeds. Save as .csv instead."
    ),
    "predict.missing": N_("There is nothing at {path}. Check the name."),
    "predict.foreign": N_(
        "{path} is not one of the {noun} that this model answers for, but one of the {found}."
    ),
    "predict.table": N_(
        "No column of {path} names {noun} that are there. Write their paths relative to the "
        "folder of the table."
    ),
    "predict.no_lines": N_(
        "{noun} cannot be typed or piped in. Name files or folders instead of “-”."
    ),
    "predict.one_text": N_(
        "{path} was read as one text, though it has {count} lines. If each is a text of its own, "
        "give them as lines: transfergui predict MODEL - < {path}"
    ),
    "run.idle": N_("The run {path} is not being trained, so there is nothing to stop."),
    "doctor.broken": N_("Something is missing or broken: {names}. The commands above mend it."),
    "sample.not_written": N_(
        "The sample cannot be written to {path}: {reason}. Make room on the disk, or name another "
        "folder with TRANSFERGUI_CACHE."
    ),
    # -- modalities
    "input.vanished": N_("{path} is gone."),
    # -- pictures: left out (raised by image/decode.py)
    "picture.vanished": N_("{path} is gone. It was deleted, moved, or its disk was unplugged."),
    "picture.not_a_file": N_("{path} is not a file that can be read as a picture."),
    "picture.unreadable": N_("{path} cannot be opened: {reason}."),
    "picture.empty": N_("{path} is empty (0 bytes). Copy it again from where it came from."),
    "picture.not_a_picture": N_("{path} is not a picture, whatever its name says."),
    "picture.cut_off": N_(
        "{path} is cut off: the end of the picture is missing. Copy it again from where it "
        "came from."
    ),
    "picture.damaged": N_("{path} is damaged. Copy it again from where it came from."),
    "picture.damaged_inside": N_(
        "{path} is damaged inside: part of the picture is missing or wrong. Copy it again from "
        "where it came from."
    ),
    "picture.unsupported": N_(
        "{path} is intact, but stored in a way that is not read here ({format}). Convert it to "
        "PNG or JPEG."
    ),
    "picture.too_large": N_(
        "{path} is too large to open safely. Save it with fewer than {limit} million pixels."
    ),
    "picture.heic": N_(
        "{path} is a HEIC picture, for which a part is missing here. Install it with: "
        'pip install "transfergui[heic]". Or save the picture as JPEG.'
    ),
    "picture.lfs_pointer": N_(
        "{path} is only a Git LFS placeholder, not the picture itself. Fetch the pictures with: "
        "git lfs pull."
    ),
    "picture.white_not_above_black": N_(
        "White ({white}) must be a larger value than black ({black}). Change data.options.white or "
        "data.options.black."
    ),
    # -- pictures: used, but noted
    "picture.wrong_extension": N_("{path} is really a {format} file; it is used all the same."),
    "picture.animated": N_("{path} has {frames} frames; only the first is used."),
    "picture.unusual_mode": N_("{path} is stored as {mode}; it is converted to ordinary colours."),
    "picture.left_over": N_(
        "{path} may be damaged inside: unused bytes follow the last pixel. Look at it; if part of "
        "it is wrong, copy it again from where it came from."
    ),
    "picture.one_colour": N_("{path} shows a single colour; nothing can be learned from it."),
    "picture.blank": N_("{path} shows a single colour; its prediction means nothing."),
    "picture.mixed_depth": N_(
        "{count} of {total} pictures have more than 8 bits per channel (the first: {first}). They "
        "are shown with {black} as black and {white} as white."
    ),
    "picture.outlier": N_(
        "{path} has values from {low} to {high}, far beyond those of all other pictures. Black and "
        "white are chosen without it; look at it, or set data.options.white."
    ),
    "picture.beyond": N_(
        "{path} has values from {low} to {high}; the model was trained with {black} as black and "
        "{white} as white. Values beyond are clipped."
    ),
    "picture.tiny": N_("{path} is only {width} x {height} pixels; little can be seen on it."),
    "picture.extreme_shape": N_(
        "{path} is {width} x {height} pixels: so long and narrow that most of it is cut off or "
        "squeezed."
    ),
    # -- sounds: left out (raised by audio/decode.py and audio/files.py)
    "sound.vanished": N_("{path} is gone. It was deleted, moved, or its disk was unplugged."),
    "sound.not_a_file": N_("{path} is not a file that can be read as a sound."),
    "sound.unreadable": N_("{path} cannot be opened: {reason}."),
    "sound.empty": N_("{path} is empty (0 bytes). Copy it again from where it came from."),
    "sound.not_a_sound": N_("{path} is not a sound, whatever its name says."),
    "sound.needs_av": N_(
        "{path} is stored as {format}, which needs PyAV, a part that is not installed: "
        'pip install "transfergui[media]". Or convert it to WAV or FLAC, with Audacity for example.'
    ),
    "sound.unsupported": N_(
        "{path} is intact, but stored in a format ({format}) that cannot be read here. Convert it "
        "to WAV or FLAC, with Audacity for example."
    ),
    "sound.video": N_(
        "{path} is a video, and was left out. To use its sound, switch on “Sound of videos”."
    ),
    "sound.no_sound_track": N_("{path} is a video without sound."),
    "sound.impossible_rate": N_(
        "The header of {path} gives a sample rate of {rate} Hz, which no recording has. Record, "
        "convert or copy it again."
    ),
    "sound.impossible_values": N_(
        "{path} holds values up to {peak:.3g}, which no recording has. Convert or copy it again."
    ),
    "sound.lfs_pointer": N_(
        "{path} is only a Git LFS placeholder, not the sound itself. Fetch the sounds with: "
        "git lfs pull."
    ),
    "sound.damaged": N_("{path} is damaged. Copy it again from where it came from."),
    "sound.cut_off": N_(
        "{path} is cut off: the end of the sound is missing. Copy it again from where it came from."
    ),
    "sound.too_short": N_(
        "{path} lasts only {milliseconds} thousandths of a second; there is nothing to hear."
    ),
    "sound.silent": N_("{path} is silent from beginning to end. Was the microphone switched on?"),
    "sound.not_finite": N_(
        "{path} holds values that are no numbers (NaN or infinity), as a program that failed may "
        "write them. Make or copy it again."
    ),
    # -- sounds: used, but noted
    "sound.wrong_extension": N_("{path} is really a {format} file; it is used all the same."),
    "sound.channels_cancel": N_(
        "The channels of {path} cancel each other out when they are mixed (one of them is "
        "inverted, by a wrong cable for example). The loudest channel is used alone."
    ),
    "sound.loud": N_(
        "{path} holds values far above 1, which is full scale. They are divided by {scale}."
    ),
    "sound.wrong_length": N_(
        "The header of {path} gives a length of {stated} s, but the file holds {seconds} s of "
        "sound. All of it is used."
    ),
    "sound.joined": N_(
        "{path} consists of {count} recordings, one after the other. All of them are used "
        "({seconds} s)."
    ),
    "sound.partly_heard": N_(
        "{path} consists of {count} recordings of different sample rates or channels, one after "
        "the other. Only the beginning ({seconds} s) is used; split the file to use the rest."
    ),
    "sound.windows": N_(
        "{count} long recordings are cut into {pieces} pieces of {seconds} seconds. Those of one "
        "recording are kept together, so that none is tested on after another was learnt."
    ),
    "sound.maybe_groups": N_(
        "The names of the recordings hold something that many share ({names}). If these are "
        "speakers, machines or places, choose {key} for “Keep together”: else the test says how "
        "well known ones are recognised, not new ones."
    ),
    # -- sounds: options that do not fit
    "sound.unknown_group": N_(
        "The recordings cannot be kept together by “{key}”. What they can be kept together by: "
        "{known}. Characters of the file names are written as chars:1-2 (the first two)."
    ),
    "sound.short_name": N_(
        "The recordings cannot be kept together by “{key}”: the name of {path} has only {count} "
        "characters before its ending. Choose characters that every name has."
    ),
    # -- sounds: why there is nothing to keep together by
    "groups.by_column": N_(
        "The column “{column}” of your table says already what is kept together. The file names "
        "and folders offer nothing else."
    ),
    "groups.by_folder": N_("Your folders say already what is kept together."),
    "groups.undivided_names": N_(
        "Nothing to choose: the file names have no parts, such as the speaker in "
        "speaker_number.wav, and no characters that mean the same in every name. To keep "
        "recordings together, rename the files so, or add a table with a column named group."
    ),
    "groups.no_shared_part": N_(
        "Nothing to choose: no part of the file names and no folder divides the recordings of most "
        "classes into {fewest} groups or more. To keep recordings together, add a table with a "
        "column named group."
    ),
    "sound.rate": N_(
        "{title} listens to sounds of {own} samples a second, not {rate}. Set the sample rate to "
        "{own}, or take a network that looks at spectrograms."
    ),
    "sound.no_torchaudio": N_(
        "{title} needs torchaudio, which cannot be loaded here ({reason}). “transfergui doctor” "
        "says how to mend that; networks that look at spectrograms work without it."
    ),
    # -- curves: what they say about a training
    "curves.diverging": N_(
        "The training loss is rising: each step is too big, and the network forgets instead of "
        "learning. Stop it and train again with a learning rate ten times smaller."
    ),
    "curves.constant": N_(
        "The training loss has not moved for {count} epochs: nothing is being learnt. Try a "
        "larger learning rate, or train more layers of the network."
    ),
    "curves.majority": N_(
        "It does no better than always giving the commonest class ({percent} % right). Look "
        "whether the files are in the right class folders, or train more layers of the network."
    ),
    "curves.by_heart": N_(
        "It is learning the training {noun} by heart: right in {train} of 100 of them, but in "
        "{val} of 100 of those kept aside. More {noun}, or augmentation, would help most."
    ),
    "curves.plateau": N_(
        "Validation has not improved for {count} epochs; training longer will hardly help."
    ),
    "curves.stops_soon": N_(
        "Validation has stopped improving; training will stop by itself in {count} epochs unless "
        "that changes. The best moment is kept."
    ),
    "curves.stops_next": N_(
        "Validation has stopped improving; training will stop by itself after the next epoch "
        "unless that changes. The best moment is kept."
    ),
    "curves.improving": N_("Validation is still improving; let it go on."),
    # -- which moment of a training was kept
    "moment.untouched": N_(
        "Only new last layers were kept, as they were after epoch {epoch} (“{phase}”): the {count} "
        "epochs after them, which changed the network too, did no better on the validation {noun}."
    ),
    "moment.earlier_phase": N_(
        "What was kept is from epoch {epoch}, of the phase “{phase}”: the {count} epochs of what "
        "came after it did no better on the validation {noun}."
    ),
    "moment.not_highest": N_(
        "On the validation {noun}, epoch {other} was right more often ({high} % of them) than "
        "epoch {epoch} ({share} %), which was kept all the same, because its loss was smaller: "
        "that counts how sure the answers are, too. “Stop early on” can be set to the accuracy."
    ),
    # -- evaluation: a report in words
    "evaluate.learnt_from": N_(
        "{count} of these {n} {noun} were used for training or for choosing the best epoch: the "
        "figures are better than they would be on new {noun}."
    ),
    "evaluate.unchecked": N_(
        "It was not checked whether these {noun} were used for training: a model package keeps no "
        "record of its training data, or those of the run are no longer there."
    ),
    "evaluate.unknown_classes": N_(
        "{count} of {total} {noun} are left out, because the model does not know their classes: "
        "{names}."
    ),
    "evaluate.matched_classes": N_(
        "Some classes are spelt otherwise in the data than in the model and were taken as the "
        "same: {names}."
    ),
    "evaluate.similar_classes": N_(
        "Some classes in {path} are nearly called like classes of the model: {names}. Are they "
        "the same?"
    ),
    "report.nothing": N_(
        "There were no {noun} left to test with, so nothing is known about how good this is. "
        "Add more {noun}."
    ),
    "report.accuracy": N_("It is right in {hits} of {n} test {noun}, that is {right} of 100."),
    "report.balanced": N_(
        "Counting every class alike, it is right in {right} of 100 test {noun}. This figure comes "
        "first because the classes are very uneven."
    ),
    "report.balanced_plain": N_(
        "Counting every test example alike, it is right in {right} of 100; a rare class hardly "
        "shows in this figure."
    ),
    "report.teacher": N_(
        "Its teacher, {title}, is right in {teacher} of 100 of the same {noun}, and this, its "
        "student, in {right}, with {size} million parameters instead of {other}."
    ),
    "report.teacher_elsewhere": N_(
        "It cannot be compared with its teacher, {title}, which was not tested on the same {noun}. "
        "Train both on the same data, with the same shares and the same seed, to compare them."
    ),
    "report.teacher_silent": N_(
        "It cannot be compared with its teacher, {title}, which gives no answers of these classes. "
        "Train that network on the same data and take the training as the teacher to compare them."
    ),
    "report.baseline": N_("This is better than always predicting “{name}” ({baseline} % correct)."),
    "report.maybe_no_better": N_(
        "Always predicting “{name}” is {baseline} % correct. With so few test examples, the model "
        "may not be better than that."
    ),
    "report.hardly_better": N_(
        "This is hardly better than always predicting “{name}” ({baseline} % correct): the model "
        "has learnt next to nothing. Try another network or strategy, or train for longer."
    ),
    "report.searched_hardly_better": N_(
        "This is hardly better than always predicting “{name}” ({baseline} % correct), and nothing "
        "else that was tried did better on the validation {noun}. Check that the labels are right, "
        "or add examples."
    ),
    "report.no_better": N_(
        "This is no better than always predicting “{name}” ({baseline} % correct). Check that the "
        "labels are right, add examples, or train for longer."
    ),
    "report.one_class_tested": N_(
        "All {n} test {noun} belong to “{name}”, so the accuracy does not show whether the model "
        "tells the classes apart. Test on several classes."
    ),
    "report.worth_it": N_(
        "{title}, a simple method without any transfer, gets {simple} of 100 of the same {noun} "
        "right: the transfer was worth it, it gained {gain} of 100."
    ),
    "report.maybe_worth_it": N_(
        "{title}, a simple method without any transfer, gets {simple} of 100 of the same {noun} "
        "right, and this {right}. With only {n} test {noun}, it cannot be told whether the "
        "transfer was worth it."
    ),
    "report.frozen_not_worth_it": N_(
        "{title}, a simple method without any transfer, gets {simple} of 100 of the same {noun} "
        "right, and this is not clearly better: the frozen network was not worth it here. "
        "Fine-tuning it may be."
    ),
    "report.frozen_worse": N_(
        "{title}, a simple method without any transfer, gets {simple} of 100 of the same {noun} "
        "right, which is better than this: the frozen network was not worth it here. Try "
        "fine-tuning, or a network that knows such {noun}."
    ),
    "report.searched_worse": N_(
        "{title}, a simple method without any transfer, gets {simple} of 100 of the same {noun} "
        "right, which is better than this. Other strategies were tried too, and did no better on "
        "the validation {noun}; another network may."
    ),
    "report.searched_not_worth_it": N_(
        "{title}, a simple method without any transfer, gets {simple} of 100 of the same {noun} "
        "right, and this is not clearly better. Other strategies were tried too, and did no better "
        "on the validation {noun}; another network may."
    ),
    "report.worse": N_(
        "{title}, a simple method without any transfer, gets {simple} of 100 of the same {noun} "
        "right, which is better than this: the transfer was not worth it here."
    ),
    "report.not_worth_it": N_(
        "{title}, a simple method without any transfer, gets {simple} of 100 of the same {noun} "
        "right, and this is not clearly better: the transfer was not worth it here."
    ),
    "report.nothing_transferred": N_(
        "Nothing pretrained was used here. {title}, the simple method that every result is "
        "compared with, gets {simple} of 100 of the same {noun} right, and this {right}."
    ),
    "report.grouped": N_(
        "Kept together were {by}: the test tells how well {noun} are recognised of those that "
        "it never learnt from."
    ),
    "report.not_grouped": N_(
        "Training and test were divided at random, so {noun} that belong together, of the same "
        "voice or machine, say, are in both: those of others will be recognised less well than "
        "this. To measure that, choose what is the same of these for “Keep together”, and train "
        "again."
    ),
    "report.grouped_beside": N_(
        "Side by side: {right} of 100 divided at random, {other} of 100 with {by} kept together."
    ),
    "report.random_beside": N_(
        "Side by side: {right} of 100 like this, {other} of 100 divided at random, where training "
        "and test share what belongs together."
    ),
    "report.other_test": N_(
        "The training before it ({name}) had another test: of its {before} {noun}, {shared} are "
        "among the {n} of this one with the same class. A difference between the two results may "
        "come from that alone."
    ),
    "compare.other_tests": N_(
        "The two trainings were not measured on the same {noun}. In validation, {val_shared} are "
        "the same, of {val} here and {val_other} there; in the test {test_shared}, of {test} here "
        "and {test_other} there. A difference between the two may come from that alone."
    ),
    "report.interval": N_(
        "With {n} test {noun}, the true figure most likely lies between {low} and {high} of 100."
    ),
    "report.few": N_(
        "The test rests on few {noun} ({n}): one more mistake or one less changes the figures "
        "visibly. Add {noun} for a result that can be trusted."
    ),
    "report.seen_before": N_(
        "{count} of these {noun} are not new to the network: the model that this training began "
        "with, or its teacher, had learnt from them. The figures are too kind. For honest ones, "
        "begin with a model that was trained with the same seed and the same data."
    ),
    "report.validation": N_(
        "There were too few examples for a test of its own. The figures come from the validation "
        "examples, which also chose the best moment, and are a little too kind."
    ),
    "report.untested": N_(
        "Nothing can be said about {names}: no test example belongs to it (classes: {count})."
    ),
    "report.too_sure": N_(
        "It is surer than it should be: on average it gives {confidence} of 100 as its "
        "confidence, but is right in {right}."
    ),
    "report.confused": N_(
        "The commonest mistake: “{truth}” taken for “{label}” ({count} of {support})."
    ),
    # -- trained models: files made by others
    "model.missing": N_("There is no model at {path}."),
    "model.unknown": N_(
        "{path} is not a model that this program can open. Choose the folder of a run, a model "
        "package (.zip) or an ONNX file (.onnx) made by TransferGUI."
    ),
    "model.damaged": N_("The model {path} cannot be used: {reason}."),
    "model.newer": N_(
        "{path} was made by TransferGUI {version}, which is newer than this one ({own}). "
        "Please update TransferGUI."
    ),
    "model.onnx_only": N_(
        "{path} is an ONNX file, which can only answer. Choose the run or the model package "
        "that it came from."
    ),
    "evaluate.other_classes": N_(
        "The model knows none of the classes in {path} ({names}); it knows {known}. Choose data "
        "with the same class names."
    ),
    # -- exporters
    "export.differs": N_(
        "The exported file does not answer like the trained model (largest difference "
        "{difference}, same answer in {agree} of 100), so it was not kept. Try another format."
    ),
    "export.needs_run": N_(
        "An export is checked on the validation {noun} of its training run. Choose the folder of "
        "the run instead of a model made from it."
    ),
    "export.no_network": N_(
        "{title} has no weights of its own with which another training could begin. The model "
        "package keeps all of it."
    ),
    "export.unlisted": N_(
        "{title} is in no list of networks, so its weights alone would not say what they are of. "
        "Begin the next training with this one itself, or choose the model package."
    ),
    "export.too_large": N_(
        "The network is too large for this format, which ends at {limit} GB. Choose another format."
    ),
    "export.no_samples": N_(
        "The export cannot be checked: none of the {noun} of the run can be read at {path} any "
        "more. Bring them back, or connect the disk that they are on."
    ),
    "export.not_writable": N_("{path} cannot be written: {reason}. Choose another place."),
    # -- backbones and their weights
    "choice.built_in": N_(
        "It comes with TransferGUI; no better quick network is on this computer."
    ),
    "choice.language": N_("The texts are in {language}; {title} was trained on that."),
    "choice.any_language": N_(
        "The texts are in {language}, and no quick network on this computer was trained on that; "
        "{title} works in any language."
    ),
    "choice.no_language": N_(
        "The texts are in {language}, but no network on this computer that can be trained in this "
        "way was trained on that. Another strategy can use TF-IDF, which works in any language."
    ),
    "choice.able": N_(
        "No network on this computer can be trained in this way; of those that can, this one is "
        "the smallest to download."
    ),
    "choice.best_here": N_("It is the most accurate of the quick networks on this computer."),
    "choice.compact": N_("It comes with TransferGUI, and is small, which this strategy needs."),
    "rank.not_here": N_("{title} is not on this computer; its weights can be downloaded."),
    "rank.other_language": N_("{title} was trained on other languages than that of these texts."),
    "auto.other_language": N_("Trained on other languages than that of these texts."),
    "auto.looking": N_("Looking at the examples now."),
    "auto.looked": N_("Has looked at the examples."),
    "auto.not_looked": N_("Cannot be used with these data."),
    "auto.likely": N_("Likely: tried further, too."),
    "auto.weaker": N_("Others did better."),
    "auto.less_sure": N_("As good, but less sure."),
    "auto.weaker_short": N_("Cut short; others did better."),
    "auto.finish": N_("You asked to finish: the best so far is taken."),
    "auto.again": N_(
        "The search goes on, with all its time again; what was tried before is not tried again."
    ),
    "auto.too_slow": N_("Longer than you want to wait."),
    "auto.no_time": N_("The time for trying was over."),
    "cli.minutes": N_(
        "The time of --minutes is for --strategy auto; {strategy} takes as long as it takes."
    ),
    "auto.only": N_(
        "Only {title} is tried, because it was chosen as the backbone. With the backbone on "
        "automatic, every network on this computer is."
    ),
    "auto.now": N_("Being trained now."),
    "auto.interrupted": N_("It was interrupted."),
    "auto.so_far": N_("The best so far."),
    "auto.no_settings": N_(
        "There was no time left to try other settings. Give it more time, or switch that off."
    ),
    "auto.swept": N_(
        "A sweep over learning rates (each step takes a larger one, until the errors grow) "
        "suggests {rate}: other settings are tried around it."
    ),
    "auto.failed": N_("The training failed."),
    "auto.nothing": N_(
        "There is no network on this computer that could be tried on these data. Name one with "
        "--backbone, or download one."
    ),
    "rank.not_frozen": N_("{title} has no features that stay as they are while it learns."),
    "backbone.size": N_(
        "{title} cannot work with pictures of {size} pixels. Its own size is {own} pixels."
    ),
    "weights.missing": N_(
        "The pretrained weights of {title} ({megabytes} MB) are not on this computer. Let "
        "TransferGUI download them (on the command line: --download), or download {url} "
        "elsewhere and copy the file {name} into the folder {folder}."
    ),
    "weights.needed": N_(
        "This training needs {title}, which is not on this computer yet. Download it ({megabytes} "
        "MB), or choose another network."
    ),
    "weights.needed_attention": N_(
        "“{strategy}” needs a transformer, a kind of network of which none is on this computer. "
        "Download {title} ({megabytes} MB), or choose another strategy."
    ),
    "weights.needed_able": N_(
        "“{strategy}” cannot train any network on this computer. Download {title} ({megabytes} "
        "MB), or choose another strategy."
    ),
    "weights.not_installed": N_(
        "The weights of {title} come with TransferGUI, but {path} is not there: the installation "
        "is damaged. Install TransferGUI again, or choose another network."
    ),
    "weights.no_file": N_("There is no weights file and no training at {path}. Check the name."),
    "weights.unknown_network": N_(
        "The name of the weights file {path} does not tell which network it belongs to. Put the "
        "network's name into it, as in {example}."
    ),
    "weights.empty": N_("The weights file {path} is empty. Copy or download it again."),
    "weights.pointer": N_(
        "{path} is only a placeholder of Git LFS, not the weights themselves. Fetch the real file "
        "with “git lfs pull”, or download it again."
    ),
    "weights.too_large": N_(
        "{path} has {megabytes} MB, but no weights of this network have more than {limit} MB. "
        "Check that it is the right file."
    ),
    "weights.damaged": N_(
        "{path} is not a weights file, or is cut off or damaged. Copy or download it again."
    ),
    "weights.unsafe": N_(
        "{path} was not opened: it asks to run {name}, as harmful files do. Use a file that "
        "holds nothing but weights."
    ),
    "weights.whole_model": N_(
        "{path} was not opened: it holds a whole model ({name}) instead of its weights alone, and "
        "would run a program. Save the weights with torch.save(model.state_dict(), ...) and use "
        "that file."
    ),
    "weights.not_finite": N_(
        "{path} cannot be used: {name} holds values that are not numbers (NaN or infinity)."
    ),
    "weights.misfit": N_("{path} does not fit {title}: {reasons}"),
    "weights.tensor_missing": N_("{name} is missing."),
    "weights.tensor_size": N_("{name} has the size {found}, expected {expected}."),
    "weights.tensor_kind": N_("{name} holds another kind of numbers."),
    "weights.tensor_extra": N_("{name} does not belong to it."),
    "weights.more": N_("{count} more things do not fit."),
    "weights.missing_folder": N_(
        "The pretrained weights of {title} ({megabytes} MB) are not on this computer. Let "
        "TransferGUI download them (on the command line: --download), or download the files "
        "{files} from the same place as {url} elsewhere and copy them into the folder {folder}."
    ),
    # -- networks for texts
    "text.no_tokenizer": N_(
        "There is no tokenizer.json and config.json in “{path}”, without which the network cannot "
        "read texts. Copy both from where the network came from; transformers writes them with "
        "AutoTokenizer.from_pretrained(...).save_pretrained(...)."
    ),
    "text.bad_tokenizer": N_("{path} cannot be used: {reason}. Copy it again."),
    "text.unknown_family": N_(
        "{path} holds a network of the kind “{family}”, which cannot be used. These kinds can: "
        "{known}."
    ),
    "text.too_many_tokens": N_(
        "{title} reads {limit} pieces of words at most. Choose a shorter length of texts."
    ),
    "text.unknown_here": N_(
        "The network does not know {percent} of 100 words or characters of {path}, so this answer "
        "means little. Is it in another language than what was learnt from?"
    ),
    "text.unknown_words": N_(
        "{title} does not know {percent} % of the words or characters of these texts; it was "
        "probably trained on another language. Choose a network for theirs, or TF-IDF."
    ),
    "text.unknown_words_searched": N_(
        "{title} does not know {percent} % of the words or characters of these texts, but did best "
        "of all that was tried."
    ),
    "vectors.unreadable": N_(
        "{path} cannot be read as a file of word vectors (word2vec, GloVe or fastText): {reason}."
    ),
    # -- downloading them
    "weights.unreachable": N_(
        "The download did not begin: {url} cannot be reached ({reason}). Check the internet "
        "connection, or download the file elsewhere and copy it into {folder}."
    ),
    "weights.refused": N_(
        "The server answered “{status}” instead of sending {url}. Try again later, or download "
        "the file elsewhere and copy it into {folder}."
    ),
    "weights.portal": N_(
        "Instead of the file, a web page came from {host}. Perhaps this network wants you to log "
        "in first: open a web browser to see. Or download {url} elsewhere and copy the file into "
        "{folder}."
    ),
    "weights.interrupted": N_(
        "The download broke off after {done} of {total} MB. Try again: where possible, it goes on "
        "from there. Or download {url} elsewhere and copy the file into {folder}."
    ),
    "weights.cancelled": N_(
        "The download was cancelled. Where possible, the next one goes on from there. Or download "
        "{url} elsewhere and copy the file into {folder}."
    ),
    "weights.wrong_content": N_(
        "What came was not the published file (its check sum differs), so it was thrown away. "
        "Try again, or download {url} elsewhere and copy the file into {folder}."
    ),
    "weights.not_saved": N_(
        "The download cannot be written to {folder}: {reason}. Make space or choose another "
        "folder, or copy the file from {url} by hand."
    ),
}


ONE: dict[str, str] = {
    "cache.damaged": N_(
        "One file of the feature cache was damaged ({path}). It was deleted; its features are "
        "computed again."
    ),
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
    "rows.broken": N_("One row of {path} cannot be read (row {row}, {value})."),
    "rows.no_path": N_("One row of {path} names no file (row {row})."),
    "rows.no_label": N_("One row of {path} has no label (row {row}, {value})."),
    "rows.missing": N_(
        "One row of {path} names a file that is not there, or is of a kind that is not read (row "
        "{row}, {value})."
    ),
    "split.single": N_(
        "One class has only one example ({classes}). It is used for training, so nothing can be "
        "said about how well this class is recognised. Add more {noun} of it (20 or more give a "
        "result that can be trusted), or leave the class out."
    ),
    "split.not_trained": N_(
        "One class has no {noun} for training ({classes}), so it cannot be recognised. Add some "
        "to the training data, or leave the class out."
    ),
    "report.confused": N_(
        "One of its mistakes, of which none was made twice: “{truth}” taken for “{label}” "
        "({count} of {support})."
    ),
    "rows.outside": N_(
        "One row of {path} names a file outside of its own folder, which is not used (row {row}, "
        "{value}). Write paths relative to the folder of the table."
    ),
    "rows.url": N_(
        "One row of {path} is a web address; nothing is downloaded (row {row}, {value})."
    ),
    "rows.repeated": N_("One row of {path} repeats an earlier one (row {row}, {value})."),
    "rows.other_split": N_(
        "One row of {path} names a file again, for another part of the data (row {row}, {value}: "
        "{one}, then {other}). The first row counts."
    ),
    "rows.other_group": N_(
        "One row of {path} names a file again, in another group (row {row}, {value}: {one}, then "
        "{other}). The first row counts."
    ),
    "rows.split_unknown": N_(
        "One row of {path} has a split other than train, val or test (row {row}, {value}); it is "
        "divided like rows that have none."
    ),
    "rows.wide": N_(
        "One row of {path} has more cells than the others (row {row}, {value}). Put quotation "
        "marks around a text in which the separator occurs."
    ),
    "rows.no_text": N_("One row of {path} holds no text (row {row}, {value})."),
    "rows.several_labels": N_(
        "One row of {path} has several labels and is left out (row {row}, {value}). Each example "
        "must have one label."
    ),
    "rows.above": N_(
        "One row of {path} stands above the column names and is not used (row {row}, {value})."
    ),
    "rows.total": N_(
        "One row of {path} is a total or average, not an example, and is left out (row {row}, "
        "{value})."
    ),
    "rows.header_repeated": N_(
        "One row of {path} repeats the column names and is not used (row {row})."
    ),
    "tables.other_sheets": N_(
        "One sheet or list of {path} is not used ({others}): “{sheet}” is read. To use another, "
        "choose it under “Sheet or list”."
    ),
    "tables.hidden_rows": N_(
        "One row of {path} is hidden in the spreadsheet, by a filter for example. It is read all "
        "the same; delete it there if it is not meant."
    ),
    "tables.formulas": N_(
        "One formula in {path} has no result and is read as empty. Open the file in a spreadsheet "
        "and save it."
    ),
    "text.no_texts": N_(
        "One table is not used, because it lacks the columns of the others: {names}."
    ),
    "text.files_beside": N_(
        "One text file beside the tables is not read: {names}. Only the rows of the tables are "
        "used."
    ),
    "text.more_tables": N_(
        "One more table is not used: {names}. It lies deeper than those that are used, is a copy "
        "of one of these, or others were chosen or are named train, val or test. Open it by "
        "itself, or put it beside those."
    ),
    "text.repeated": N_(
        "One text repeats an earlier one ({first}, “{value}”). Copies are kept together, so that "
        "none is tested on after the other was learnt."
    ),
    "text.repeated_groups": N_(
        "One text repeats an earlier one of another group ({first}, “{value}”, {one} and {other}). "
        "These groups are kept together as one."
    ),
    "text.repeated_across": N_(
        "One text is in several parts of your data ({first}, “{value}”: {one} and {other}), so the "
        "test result would be too optimistic. Delete it in one of the parts."
    ),
    "text.near": N_(
        "One text is nearly the same as an earlier one ({first}, “{value}”). They are kept "
        "together, so that none is tested on after the other was learnt."
    ),
    "text.near_across": N_(
        "One text is nearly the same as one in another part of your data ({first}, “{value}”: "
        "{one} and {other}), so the test result may be too optimistic. Delete it in one of the "
        "parts."
    ),
    "text.near_groups": N_(
        "One text is nearly the same as an earlier one of another group ({first}, “{value}”, {one} "
        "and {other}). These groups are kept together as one."
    ),
    "text.markup": N_(
        "One text holds HTML, of which only the words are read ({first}, “{value}”)."
    ),
    "text.control": N_(
        "One text holds characters that cannot be seen and are not read ({first}, “{value}”)."
    ),
    "text.undecodable": N_(
        "One text holds characters that could not be read ({first}, “{value}”). Choose another "
        "encoding."
    ),
    "text.no_words": N_(
        "One text holds no letters or digits, only signs such as emoji ({first}, “{value}”)."
    ),
    "text.long": N_("One text is so long that only its beginning is read ({first}, “{value}”)."),
    "data.skipped": N_("One file could not be read during the training and was left out ({path})."),
    "sound.windows": N_(
        "One long recording is cut into {pieces} pieces of {seconds} seconds. They are kept "
        "together, so that none is tested on after another was learnt."
    ),
    "moment.untouched": N_(
        "One epoch after “{phase}”, which changed the network too, did no better on the validation "
        "{noun}: only new last layers were kept, as they were after epoch {epoch}."
    ),
    "moment.earlier_phase": N_(
        "One epoch of what came after “{phase}” did no better on the validation {noun}: what was "
        "kept is from epoch {epoch}."
    ),
    "curves.plateau": N_(
        "Validation has not improved for one epoch; training longer will hardly help."
    ),
    "evaluate.learnt_from": N_(
        "One of these {n} {noun} was used for training or for choosing the best epoch: the "
        "figures are better than they would be on new {noun}."
    ),
    "evaluate.unknown_classes": N_(
        "One of {total} {noun} is left out, because the model does not know its class: {names}."
    ),
    "report.seen_before": N_(
        "One of these {noun} is not new to the network: the model that this training began with, "
        "or its teacher, had learnt from it. The figures are too kind. For honest ones, begin "
        "with a model that was trained with the same seed and the same data."
    ),
    "weights.more": N_("One more thing does not fit."),
}
"""The same where ``{count}`` is one."""


NAME = "{path} "
"""What the sentence about a file begins with."""
NEEDS_NAME = frozenset({"data.near_two_classes"})
"""Codes whose sentence goes on with something else than what the file is or does."""


def template(code: str) -> str:
    """The untranslated sentence of ``code``.

    Raises:
        KeyError: no such code.
    """
    return MESSAGES[code]


def can_say(code: str, values: Mapping[str, Any]) -> bool:
    """Whether a code that was read from a file, with its values, is a sentence of this version."""
    try:
        return bool(sentence(code, values))
    except (LookupError, TypeError, ValueError, AttributeError):
        return False


def sentence(code: str, values: Mapping[str, Any]) -> str:
    """The sentence of ``code`` in the user's language, with ``values`` filled in.

    ``{noun}`` is what the modality calls its samples, and is translated as well.
    """
    return _translated(code, values).format(**_filled(values))


def reason(code: str, values: Mapping[str, Any]) -> str:
    """The same without the name of the file that it begins with, which stands beside it.

    ``a.png is empty.`` becomes ``Is empty.``; other sentences stay whole.
    """
    text = _translated(code, values)
    told = text.removeprefix(NAME)
    if told != text and code not in NEEDS_NAME:
        text = told[:1].upper() + told[1:]
    return text.format(**_filled(values))


def _translated(code: str, values: Mapping[str, Any]) -> str:
    text = ONE.get(code, "") if values.get("count") == 1 else ""
    return _(text or template(code))


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    filled = {k: shown(v) if isinstance(v, str) else v for k, v in values.items()}
    if "noun" in values:
        filled["noun"] = _(values["noun"])
    return filled
