"""Sentences about a folder that is watched."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    "watch.no_folder": N_("There is no folder {path} to watch. Choose another one."),
    "watch.same_folder": N_(
        "{path} cannot be watched and sorted into at the same time. Choose another folder for the "
        "results; a subfolder is possible."
    ),
    "watch.busy": N_("{path} is already being watched by another window or terminal."),
    "watch.no_log": N_(
        "What was done cannot be written down in {path}: {reason}. Choose another folder for the "
        "results."
    ),
    "watch.gone": N_(
        "{path} cannot be reached. Watching continues as soon as the folder is there again."
    ),
    "watch.no_target": N_(
        "{path} cannot be written to: {reason}. Watching continues as soon as that is possible; "
        "close the table if another program has it open."
    ),
    "watch.ended": N_("Watching ended because of a bug in TransferGUI. Start again to continue."),
    "watch.nothing_in": N_("{path} contains nothing to predict."),
}
"""By code."""
