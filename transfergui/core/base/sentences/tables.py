"""Sentences about tables and their rows."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- data: tables that cannot be read
    "tables.web_page": N_(
        "{path} is a web page, not a table{why}. Open it in a browser to see what went wrong, "
        "and download the table again."
    ),
    "tables.not_a_workbook": N_(
        "{path} is named like an Excel workbook, but is another kind of file or damaged{why}. "
        "Open it in a spreadsheet program and save it as .xlsx."
    ),
    "tables.protected": N_(
        "{path} is protected with a password{why}. Open it in a spreadsheet program and save it "
        "without a password."
    ),
    "tables.old_excel": N_(
        "{path} is in the format of Excel before 2007{why}. Open it in a spreadsheet program and "
        "save it as .xlsx."
    ),
    "tables.open_document": N_(
        "{path} is an OpenDocument table, which cannot be read here{why}. Save it as .xlsx or .csv."
    ),
    "tables.binary": N_(
        "{path} is named like a table but contains no text{why}. Save the table as .csv or .xlsx."
    ),
    "tables.no_json": N_(
        "{path} is not valid JSON{why}. Part of it is damaged or nested too deeply: save or "
        "download it again."
    ),
    "tables.broken_letters": N_(
        "{count} rows of {path} contain characters that are not in the encoding {encoding} (the"
        " first: row {row}). They are read as �. Choose another encoding."
    ),
    "tables.no_rows": N_(
        "{path} contains no list of examples{why}. Each example must be an object with the keys "
        "text and label (or path and label), in a list or on its own line."
    ),
    "tables.of_boxes": N_(
        "{path} lists the boxes in pictures (COCO), but not the pictures themselves. Open the "
        "folder that holds both this file and the pictures."
    ),
    "tables.other_sheets": N_(
        "{count} sheets or lists of {path} are not used ({others}); “{sheet}” is read. To use "
        "another, choose it under “Sheet or list”."
    ),
    "tables.hidden_rows": N_(
        "{count} rows of {path} are hidden in the spreadsheet, for example by a filter, but are "
        "read. If you do not want them, delete them in the spreadsheet."
    ),
    "tables.formulas": N_(
        "{count} formulas in {path} have no stored result and are read as empty. Open the file "
        "in a spreadsheet program and save it again."
    ),
    "zip.damaged": N_(
        "The zip file {path} cannot be unpacked: {reason}. Copy or download it again."
    ),
    "zip.encrypted": N_(
        "The zip file {path} needs a password. Unpack it yourself and open the folder."
    ),
    "zip.unsafe": N_(
        "The zip file {path} was not unpacked, because {member} would be written outside its "
        "folder. Do not trust the source of this file."
    ),
    "zip.bomb": N_(
        "The zip file {path} was not unpacked: it is small but would unpack to {gigabytes} GB, "
        "as harmful files do. If you trust it, unpack it yourself and open the folder."
    ),
    "zip.no_space": N_(
        "The zip file {path} needs {gigabytes} GB to unpack, and this computer does not have "
        "enough free space. Free some space, or unpack it on another disk and open the folder."
    ),
    # -- data: problems of rows of a table
    "rows.broken": N_(
        "{count} rows of {path} cannot be read and are left out (the first: row {row}, {value})."
    ),
    "rows.no_path": N_(
        "{count} rows of {path} name no file and are left out (the first: row {row})."
    ),
    "rows.no_label": N_(
        "{count} rows of {path} have no label and are left out (the first: row {row}, {value})."
    ),
    "rows.missing": N_(
        "{count} rows of {path} name files that do not exist or are of a kind that cannot be "
        "read, and are left out (the first: row {row}, {value})."
    ),
    "rows.outside": N_(
        "{count} rows of {path} name files outside the folder of the table and are left out "
        "(the first: row {row}, {value}). Move the files into that folder, and write their "
        "paths relative to it."
    ),
    "rows.url": N_(
        "{count} rows of {path} contain web addresses and are left out (the first: row {row}, "
        "{value}). Download the files and write their paths instead."
    ),
    "rows.repeated": N_(
        "{count} rows of {path} repeat an earlier row and are left out (the first: row {row}, "
        "{value})."
    ),
    "rows.other_split": N_(
        "{count} rows of {path} list a file again in another set (the first: row {row}, {value}: "
        "{one}, then {other}). The first row of each file counts."
    ),
    "rows.other_group": N_(
        "{count} rows of {path} list a file again in another group (the first: row {row}, "
        "{value}: {one}, then {other}). The first row of each file counts."
    ),
    "rows.split_unknown": N_(
        "{count} rows of {path} have a split other than train, val or test (the first: row "
        "{row}, {value}). They are treated like rows without a split."
    ),
    "rows.two_labels": N_(
        "{path} has two labels, “{first}” and “{second}”, and is left out. Delete the wrong row; "
        "if both are correct, choose “Several labels” under “What is predicted”."
    ),
    "rows.wide": N_(
        "{count} rows of {path} have more cells than the others (the first: row {row}, {value}). "
        "Put quotation marks around texts that contain the separator."
    ),
    "rows.no_text": N_(
        "{count} rows of {path} contain no text and are left out (the first: row {row}, {value})."
    ),
    "rows.several_labels": N_(
        "{count} rows of {path} have several labels and are left out (the first: row {row}, "
        "{value}). Give each example one label, or choose “Several labels” under “What is "
        "predicted”."
    ),
    "rows.unknown_mark": N_(
        "{count} rows of {path} have cells that are neither yes nor no and are left out (the "
        "first: row {row}, {value})."
    ),
    "rows.empty_marks": N_(
        "{count} rows of {path} have empty cells next to cells with yes or no (the first: row "
        "{row}, {value}). Empty cells are read as “no”."
    ),
    "rows.no_answer": N_(
        "{count} rows of {path} have no answer to any question and are left out (the first: row"
        " {row}, {value})."
    ),
    "rows.no_number": N_(
        "{count} rows of {path} have no number and are left out (the first: row {row}, {value})."
    ),
    "rows.not_a_number": N_(
        "{count} rows of {path} have something other than a number and are left out (the first: "
        "row {row}, {value})."
    ),
    "rows.decimal_comma": N_(
        "{count} rows of {path} have a number with a comma, where other rows have a point, and "
        "are left out (the first: row {row}, {value}). Use the same decimal sign in all rows."
    ),
    "rows.decimal_point": N_(
        "{count} rows of {path} have a number with a point, where other rows have a comma, and "
        "are left out (the first: row {row}, {value}). Use the same decimal sign in all rows."
    ),
    "rows.number_too_large": N_(
        "{count} rows of {path} have a number beyond 1e30, which is too large to train on, and "
        "are left out (the first: row {row}, {value}). Use a larger unit to keep them."
    ),
    "rows.other_unit": N_(
        "{count} rows of {path} have a different unit from the others and are left out (the "
        "first: row {row}, {value}). Convert them to the same unit to keep them."
    ),
    "rows.above": N_(
        "{count} rows of {path} are above the column names and are not used (the first: row "
        "{row}, {value})."
    ),
    "rows.total": N_(
        "{count} rows of {path} are totals or averages and are left out (the first: row {row}, "
        "{value})."
    ),
    "rows.header_repeated": N_(
        "{count} rows of {path} repeat the column names and are not used (the first: row {row})."
    ),
}
"""By code."""

ONE: dict[str, str] = {
    "rows.broken": N_("One row of {path} cannot be read and is left out (row {row}, {value})."),
    "rows.no_path": N_("One row of {path} names no file and is left out (row {row})."),
    "rows.no_label": N_("One row of {path} has no label and is left out (row {row}, {value})."),
    "rows.missing": N_(
        "One row of {path} names a file that does not exist or is of a kind that cannot be "
        "read, and is left out (row {row}, {value})."
    ),
    "rows.outside": N_(
        "One row of {path} names a file outside the folder of the table and is left out (row "
        "{row}, {value}). Move the file into that folder, and write its path relative to it."
    ),
    "rows.url": N_(
        "One row of {path} contains a web address and is left out (row {row}, {value}). "
        "Download the file and write its path instead."
    ),
    "rows.repeated": N_(
        "One row of {path} repeats an earlier row and is left out (row {row}, {value})."
    ),
    "rows.other_split": N_(
        "One row of {path} lists a file again in another set (row {row}, {value}: {one}, then "
        "{other}). The first row counts."
    ),
    "rows.other_group": N_(
        "One row of {path} lists a file again in another group (row {row}, {value}: {one}, then "
        "{other}). The first row counts."
    ),
    "rows.split_unknown": N_(
        "One row of {path} has a split other than train, val or test (row {row}, {value}). It is "
        "treated like rows without a split."
    ),
    "rows.wide": N_(
        "One row of {path} has more cells than the others (row {row}, {value}). Put quotation "
        "marks around a text that contains the separator."
    ),
    "rows.no_text": N_("One row of {path} contains no text and is left out (row {row}, {value})."),
    "rows.several_labels": N_(
        "One row of {path} has several labels and is left out (row {row}, {value}). Give each "
        "example one label, or choose “Several labels” under “What is predicted”."
    ),
    "rows.unknown_mark": N_(
        "One row of {path} has a cell that is neither yes nor no and is left out (row {row}, "
        "{value})."
    ),
    "rows.empty_marks": N_(
        "One row of {path} has empty cells next to cells with yes or no (row {row}, {value}). "
        "Empty cells are read as “no”."
    ),
    "rows.no_answer": N_(
        "One row of {path} has no answer to any question and is left out (row {row}, {value})."
    ),
    "rows.no_number": N_("One row of {path} has no number and is left out (row {row}, {value})."),
    "rows.not_a_number": N_(
        "One row of {path} has something other than a number and is left out (row {row}, {value})."
    ),
    "rows.decimal_comma": N_(
        "One row of {path} has a number with a comma, where other rows have a point, and is "
        "left out (row {row}, {value}). Use the same decimal sign in all rows."
    ),
    "rows.decimal_point": N_(
        "One row of {path} has a number with a point, where other rows have a comma, and is "
        "left out (row {row}, {value}). Use the same decimal sign in all rows."
    ),
    "rows.number_too_large": N_(
        "One row of {path} has a number beyond 1e30, which is too large to train on, and is left "
        "out (row {row}, {value}). Use a larger unit to keep it."
    ),
    "rows.other_unit": N_(
        "One row of {path} has a different unit from the others and is left out (row {row}, "
        "{value}). Convert it to the same unit to keep it."
    ),
    "rows.above": N_(
        "One row of {path} is above the column names and is not used (row {row}, {value})."
    ),
    "rows.total": N_(
        "One row of {path} is a total or an average and is left out (row {row}, {value})."
    ),
    "rows.header_repeated": N_(
        "One row of {path} repeats the column names and is not used (row {row})."
    ),
    "tables.other_sheets": N_(
        "One sheet or list of {path} is not used ({others}); “{sheet}” is read. To use another, "
        "choose it under “Sheet or list”."
    ),
    "tables.hidden_rows": N_(
        "One row of {path} is hidden in the spreadsheet, for example by a filter, but is read. "
        "If you do not want it, delete it in the spreadsheet."
    ),
    "tables.formulas": N_(
        "One formula in {path} has no stored result and is read as empty. Open the file in a "
        "spreadsheet program and save it again."
    ),
}
"""The same where ``{count}`` is one."""
