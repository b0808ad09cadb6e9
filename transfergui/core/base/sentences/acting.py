"""Sentences about what is done with predictions: sorting, renaming, undoing."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- plans
    "act.nothing": N_(
        "There is nothing to do: {left} {noun} stay as they are for the reasons above, {there} are "
        "where they belong."
    ),
    "act.nowhere": N_(
        "Choose a folder to sort into (command line: `--to DIR`), a pattern for new names "
        "(`--name`) or a place for JSON files (`--sidecars`)."
    ),
    "act.number": N_(
        "This model predicts a number, so there are no classes to sort into. Save a spreadsheet "
        "instead (command line: `predict --save FILE.xlsx`), or rename the {noun} by their number "
        "(command line: `--name`)."
    ),
    "act.rows_copied": N_(
        "The rows of a table can only be copied, into one table for each class. Choose Copy "
        "(command line: `--copy`)."
    ),
    "act.each_copied": N_(
        "One file cannot be moved into several folders. Choose Copy or Link, or only the most "
        "confident label (command line: `--labels first`)."
    ),
    "act.question": N_(
        "The model has no question “{name}”; it answers {names} (command line: `--question`)."
    ),
    "act.pattern": N_(
        "“{pattern}” is not a pattern for names. Use at least one of {known}; other braces are not "
        "allowed."
    ),
    "act.links_elsewhere": N_(
        "{path} is on another disk than the {noun}, where Windows cannot link to them. Choose a "
        "folder on the same disk, or Copy."
    ),
    "act.no_beside": N_(
        "Nothing is copied, so there is nothing to put the JSON files beside. Choose a folder for "
        "them, or the originals (command line: `--sidecars DIR` or `--sidecars originals`)."
    ),
    "act.not_a_folder": N_("{path} is a file. Choose a folder."),
    "predict.pictures": N_(
        "Pictures need a workbook: save to a file that ends in .xlsx (command line: `--save "
        "FILE.xlsx --pictures`)."
    ),
    # -- files that stay as they are
    "act.in_archive": N_(
        "{path} is inside a zip or tar file or was pasted; it can only be copied."
    ),
    "act.is_link": N_("{path} is a link to another file; it can be copied, but not moved."),
    "act.is_part": N_(
        "{path} is a part of a recording; only predictions for whole recordings are sorted."
    ),
    "act.is_row": N_("{path} is a row of a table; it cannot be renamed or have a JSON file."),
    "act.changed": N_("{path} changed after it was predicted. Predict it again."),
    "act.gone": N_("{path} is gone."),
    "act.unreadable": N_("{path} cannot be read: {reason}."),
    "act.not_moved": N_("{path} was left where it is: {reason}."),
    "act.not_linked": N_(
        "{path} was left alone: no link to it is possible from the chosen folder ({reason}). Copy "
        "it, or choose a folder beside it."
    ),
    # -- carrying out
    "act.no_room": N_(
        "Not enough space for {path}: {needed} are needed, {free} are free. Free some space, "
        "choose another disk, or move or link the files instead of copying them."
    ),
    "act.disk_full": N_(
        "The disk is full: {path} cannot be written to. Nothing is lost. Free some space and "
        "continue, or undo what was done."
    ),
    "act.locked": N_(
        "{path} cannot be written to: {reason}. Nothing is lost. Change the permissions and "
        "continue, or undo what was done."
    ),
    "act.not_placed": N_(
        "Nothing more can be put into {path}: {reason}. Nothing is lost. Continue later, or undo "
        "what was done."
    ),
    "act.halted": N_("Cancelled. Continue later, or undo what was done."),
    # -- records
    "act.no_record": N_(
        "The record of what is done cannot be written to {path}: {reason}. Nothing was changed."
    ),
    "act.not_a_record": N_("{path} is not a record of files that TransferGUI sorted."),
    "act.busy": N_("Another process is working with {path}. Wait until it has finished."),
    # -- undoing
    "undo.changed": N_("{path} changed since and was left where it is."),
    "undo.gone": N_("{path} is gone, so it cannot be moved back."),
    "undo.moved_on": N_("{path} was moved or renamed again at {time}. Undo that first, then this."),
    "undo.occupied": N_("{path} was left where it is: another file is at {target} now."),
    "undo.original_gone": N_("{path} was kept: its original, {source}, is gone."),
    "undo.original_changed": N_("{path} was kept: its original, {source}, changed since."),
    "undo.leads_here": N_(
        "{path} was left where it is: {source} is only a link to it now, or lies in a folder that "
        "is one."
    ),
    "undo.incomplete": N_(
        "{count} files could not be put back and were left where they are. The reasons are listed "
        "above."
    ),
}
"""By code."""

ONE: dict[str, str] = {
    "undo.incomplete": N_(
        "One file could not be put back and was left where it is. The reason is listed above."
    ),
}
"""The same where ``{count}`` is one."""
