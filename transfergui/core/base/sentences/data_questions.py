"""Sentences about how data are to be understood: what is asked, and what was concluded."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    "data.class_or_part": N_(
        "Some folders in {path} are named like a training, validation or test set: {names}. Are"
        " they classes or sets?"
    ),
    "data.which_level": N_(
        "The folders in {path} lie on several levels, and their names repeat ({names}). Which "
        "level holds the classes?"
    ),
    "data.split_folders": N_(
        "Which of the folders in {path} is for training, and which for testing ({names})?"
    ),
    "data.unknown_part": N_(
        "The names of the folders {names} in {path} do not show which is for training, "
        "validation or test. Assign each folder ({known})."
    ),
    "data.nested": N_(
        "The folders in {path} contain subfolders ({names}). Which are the classes: the "
        "subfolders, or the folders that contain them?"
    ),
    "data.folders_below": N_(
        "In {path} some files are directly in the class folders, others in subfolders ({names}). "
        "Are the subfolders classes of their own?"
    ),
    "data.only_groups": N_(
        "The folders in {path} are numbered, or named like days, patients, devices or folds "
        "({names}), and no table gives the classes of the {count} {noun}.{more} Is each folder a "
        "class?"
    ),
    "data.only_parts": N_(
        "The {count} {noun} in {path} are in folders with names that are usually not classes "
        "({names}), and no table gives their classes.{more} What are the classes?"
    ),
    "data.odd_folders": N_(
        "Some folders in {path} have names that are unusual for classes ({names}). Exclude them?"
    ),
    "data.only_predicted": N_(
        "The classes of the {count} {noun} in {path} are only in a table that looks like "
        "predictions of a model. Use it as true labels?"
    ),
    "data.copied_test": N_(
        "{count} of the {of} {noun} for validation and test in {path} are also among the "
        "training data, identical or nearly the same. The result would not show how well new "
        "{noun} are recognised. What should be done?"
    ),
    "data.copied": N_(
        "{count} of the {of} {noun} for validation and test are also among the training data, "
        "identical or nearly the same (the first: {path}). The result may be too optimistic: "
        "delete them from one of the sets."
    ),
    "data.odd_labels": N_(
        "Some labels in {path} mean “not labelled yet” ({names}). Exclude these examples?"
    ),
    "data.unknown_classes": N_(
        "The classes {names} do not occur in {path}. Found: {found}. Check the spelling."
    ),
    "data.left_out_class": N_("{count} {noun} of the class “{path}” are excluded, as you chose."),
    "data.unclear_decimal": N_(
        "The numbers of “{path}” can be read in two ways: {example} is read as {value:.10g}. If "
        "this is wrong, change “Decimal sign”."
    ),
    "data.label_of_all": N_(
        "Every row is marked with “{path}”. A label that all rows have cannot be learned and is "
        "not used."
    ),
    "data.label_of_none": N_(
        "No row is marked with “{path}”. A label that no row has cannot be learned and is not used."
    ),
    "data.left_out_label": N_(
        "{count} {noun} are used without the label “{path}”, which is excluded, as you chose."
    ),
    "data.untrained": N_(
        "{count} {noun} in {path} belong to classes that are only in the validation or test "
        "data ({names}). A class without training data cannot be learned. Add training examples of "
        "these classes, or choose what should be done now."
    ),
    "data.class_in_name": N_(
        "The {count} {noun} in {path} are not sorted into folders.{more} Do their file names "
        "contain the class?"
    ),
    "data.class_in_folder": N_(
        "Part of the folder names in {path} repeats in several of them ({names}). Is the whole "
        "name the class, or that part?"
    ),
    "data.name_or_folder": N_(
        "Part of the names of the {noun} in {path} repeats in several folders ({names}). What "
        "gives the class: the file name or the folder?"
    ),
    "data.table_or_folders": N_(
        "The table {name} in {path} and the folders give different classes. Which are correct?"
    ),
    "data.which_table": N_(
        "Several tables in {path} describe the same files differently. Which one should be used?"
    ),
    "data.which_sheet": N_(
        "Several sheets or lists of {path} could contain the examples. Which should be used?"
    ),
    "data.unknown_sheet": N_(
        "No table in these data has a sheet or list named {name}. Found: {found}."
    ),
    "data.unknown_table": N_("These data contain no table named {name}. Found: {found}."),
    "data.unknown_box_format": N_(
        "These data contain no boxes in the format {name}. Found: {found}."
    ),
    "data.unknown_column": N_("{path} has no column {name}. Found: {found}."),
    "data.which_file_column": N_(
        "Several columns of {path} name existing files, but different ones. Which is correct?"
    ),
    "data.which_labels": N_(
        "The labels of {path} could be in a column of words or in columns of yes and no. Which "
        "should be used?"
    ),
    "data.which_column": N_("What should be predicted? Several columns of {path} are possible."),
    "data.fill_down": N_(
        "In {path}, {count} rows have an empty cell in the column {column}, below rows with a "
        "class. Do they have the class above them?"
    ),
    "data.only_column": N_(
        "No column of {path} looks like classes. Only the values of {name} repeat, but such a "
        "column usually shows which examples belong together. Are these values the classes?"
    ),
    "data.detection": N_(
        "{path} is a dataset for object detection (boxes around objects; format: {kind}). What "
        "should be predicted of each whole file?"
    ),
    "data.detection_only": N_(
        "{path} is a dataset for object detection (format: {kind}): “{title}” cannot be predicted "
        "from boxes. Choose “Boxes”, “Several labels” or “One class” under “What is predicted”."
    ),
    "data.detection_mixed": N_(
        "{path} is a dataset for object detection (format: {kind}). Too few pictures show only "
        "one class ({count} show several) to predict one class per picture. Choose “Boxes” or "
        "“Several labels” under “What is predicted”."
    ),
    "data.spans": N_(
        "The {noun} in {path} come with files that mark when each class is heard ({kind}: "
        "{classes}). TransferGUI classifies whole recordings, and {several} contain several "
        "classes. To train on single sounds, cut them out into one folder per class. What should "
        "be predicted for whole recordings?"
    ),
    "data.spans_mixed": N_(
        "The {noun} in {path} come with files that mark when each class is heard ({kind}), but "
        "TransferGUI classifies whole recordings. Too few contain only one class ({count} "
        "contain several). Cut out the sounds and sort them into one folder per class."
    ),
    "data.segmentation_named": N_(
        "{path} is a dataset for segmentation ({noun} with masks that outline objects). "
        "TransferGUI classifies whole {noun}. What should be predicted?"
    ),
    "data.segmentation": N_(
        "{path} is a dataset for segmentation ({noun} with masks that outline objects), but "
        "TransferGUI classifies whole {noun}. Sort them into one folder per class, without the "
        "masks."
    ),
    "data.unknown_layout": N_(
        "“{layout}” is not a valid layout. Combine some of the words {known} with “/” (for "
        "example split/class), or choose table or boxes."
    ),
    "data.test_unclear": N_(
        "The test data in {path} are arranged differently from the training data and can be "
        "understood in several ways. Arrange both in the same way. {why}"
    ),
    "data.which_modality": N_(
        "{path} contains about as many files of one kind as of another. Which of them are the "
        "examples?"
    ),
    "data.unnamed_table": N_(
        "{path} looks like a table, but its name does not end like that of a table. Rename the "
        "file so that it ends in .tsv, and open it again."
    ),
    "data.zip_inside": N_(
        "{path} contains zip files, but no {noun} outside them. Which zip file should be opened?"
    ),
    "data.foreign_only": N_("No {noun} were found in {path}. {why}"),
}
"""By code."""

ONE: dict[str, str] = {
    "data.left_out_label": N_(
        "One of the {noun} is used without the label “{path}”, which is excluded, as you chose."
    ),
}
"""The same where ``{count}`` is one."""
