"""Sentences about predicting, stopping and checking from the command line."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- command line: predict, stop, doctor
    "cli.not_written": N_(
        "The result cannot be printed: {reason}. If the output goes to a file, the disk may be "
        "full: free some space."
    ),
    "cli.run_as_data": N_(
        "{path} is a finished run, not data. Only these strategies begin with a run: {names}. For "
        "others, give the data."
    ),
    "cli.base_and_recipe": N_(
        "Give either --base or --recipe: both name the settings. To change single settings, use "
        "--set."
    ),
    "cli.new_test": N_(
        "Nothing is new that --new-test could take its examples from. Give new examples with "
        "--add, or the earlier run with --base."
    ),
    "cli.check_count": N_(
        "The {number} examples of --check-count are taken from a group of your data. Name the "
        "group with --target-group, or give examples that check the model with --check."
    ),
    "predict.empty": N_("There are no {noun} in {path}; this model is for {noun}."),
    "predict.not_finite": N_(
        "The outputs of the model for {path} are NaN or infinite, so there is no prediction. "
        "Check the file; if other files fail too, choose another model."
    ),
    "predict.changed": N_(
        "{path} changed while it was being read, so its prediction may be wrong. Predict the "
        "file again."
    ),
    "predict.changed_since": N_(
        "{path} has changed since the earlier model predicted it, so that prediction is not shown."
    ),
    "predict.too_large_for_excel": N_(
        "{path} cannot be written: an Excel sheet holds at most {limit} {what}, which row {row} "
        "exceeds. Save as .csv instead."
    ),
    "predict.no_confidence": N_(
        "Predictions of this model (numbers or boxes) have no overall confidence, so none is "
        "flagged."
    ),
    "predict.missing": N_("{path} does not exist. Check the name."),
    "predict.foreign": N_(
        "This model is for {noun}, but {path} is of another kind ({found}). Choose other files."
    ),
    "predict.table": N_(
        "No column of {path} names existing {noun}. Write their paths relative to the folder of "
        "the table."
    ),
    "predict.no_lines": N_(
        "{noun} cannot be typed or piped in. Name files or folders instead of “-”."
    ),
    "predict.one_text": N_(
        "{path} was read as one text with {count} lines. If every line is a text, use: "
        "transfergui predict MODEL - < {path}"
    ),
    "run.idle": N_("The run {path} is not being trained, so there is nothing to stop."),
    "doctor.broken": N_(
        "Something is missing or broken: {names}. Run the commands above to fix this."
    ),
    "sample.not_written": N_(
        "The sample data cannot be written to {path}: {reason}. Free some space on the disk, or"
        " set TRANSFERGUI_CACHE to another folder."
    ),
}
"""By code."""
