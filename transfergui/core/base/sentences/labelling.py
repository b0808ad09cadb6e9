"""Sentences on labels that a person gives in the program."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    "labelling.tars_copied": N_(
        "A picture in a tar file cannot be linked to. Export the labels with copies, or as a table."
    ),
    "labelling.no_name": N_("A class needs a name."),
    "labelling.taken": N_(
        "There is already a class “{name}”. Merge the two classes, or choose another name."
    ),
    "labelling.no_class": N_("There is no class “{name}”."),
    "labelling.none_class": N_(
        "The class “{name}” is always there. Name, merge or delete another one."
    ),
    "labelling.none": N_(
        "None of the examples that {path} names can be used: {root} does not have them. Choose the "
        "folder that these labels were given for."
    ),
    "labelling.parts_as_table": N_(
        "The labels are of parts of long recordings, which are no files of their own. Export a "
        "table (CSV or JSON lines) instead of folders."
    ),
    "labelling.rows_copied": N_(
        "Rows of a table cannot be linked. Export copies instead: each row becomes a text file."
    ),
    "labelling.no_labels": N_("There are no labels yet. Label some {noun} first."),
    "labelling.unmatched": N_(
        "{path} has {count} labels of examples that are not in the data; they are not used (the "
        "first: {first})."
    ),
    "labelling.several": N_(
        "{path} gives {count} examples several labels; the last one counts (for {first}, “{name}”)."
    ),
    "labelling.into_data": N_(
        "{path} is in the folder with the data: what is exported there would be read as further "
        "data. Choose a folder outside of {root}."
    ),
    "labelling.no_columns": N_(
        "{path} has no columns “path” and “label”. Give a table with a row for each labelled "
        "example."
    ),
    "labelling.unreadable": N_(
        "{path} cannot be read as a table of labels: {reason}. Choose another file."
    ),
    "labelling.not_ours": N_(
        "{path} holds more than labels, or something else, and would be lost if labels were saved "
        "there. Choose another file for the labels; labels from a table of your own can be read "
        "with --give."
    ),
    "labelling.not_a_table": N_(
        "Labels cannot be saved as {path}: files that end in .json keep the classes beside the "
        "table. Choose a name that ends in .csv."
    ),
    "labelling.elsewhere": N_(
        "The labels in {path} are being changed in another TransferGUI (process {pid} on {host}). "
        "Leave them there first."
    ),
    "labelling.locked": N_(
        "According to {lock}, the labels in {path} are being changed in another TransferGUI "
        "(process {pid} on {host}). TransferGUI cannot check that on this file system. If nothing "
        "else changes them, delete that file."
    ),
    "labelling.newer": N_(
        "{path} was written by a newer version of TransferGUI. Open it with that version."
    ),
    "words.unsupported": N_(
        "Class names alone can suggest classes for pictures and sounds only, not for {noun}. Label "
        "some examples instead."
    ),
    "words.none": N_(
        "No model that compares words with {noun} ({known}) is on this computer. Put the folder of "
        "one, with {files}, into {folder}, or name it."
    ),
    "words.not_a_network": N_(
        "{path} holds no model that compares words with {noun}. Choose the folder of one "
        "({known}); {files} must be in it."
    ),
    "words.damaged": N_(
        "The model in {path} cannot be used: {reason}. Download its files again, or choose "
        "another folder."
    ),
    "words.few_classes": N_(
        "Suggestions from the class names need at least two classes. Name them first."
    ),
}

ONE: dict[str, str] = {
    "labelling.unmatched": N_(
        "{path} has one label of an example that is not in the data; the label is not used "
        "({first})."
    ),
    "labelling.several": N_("{path} gives {first} several labels; the last one counts: “{name}”."),
}
