"""Sentences about predicting, stopping and checking from the command line."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
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
    "predict.no_confidence": N_(
        "The model predicts numbers, which have no confidence: no prediction is marked as unsure."
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
}
"""By code."""
