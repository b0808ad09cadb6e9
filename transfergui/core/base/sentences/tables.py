"""Sentences about tables and their rows."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
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
        "{path} has two labels, “{first}” and “{second}”, and is left out. Delete the wrong "
        "row; if both are right, choose “Several labels” under “What is predicted”."
    ),
    "rows.wide": N_(
        "{count} rows of {path} have more cells than the others (the first: row {row}, {value}). "
        "Put quotation marks around texts in which the separator occurs."
    ),
    "rows.no_text": N_("{count} rows of {path} hold no text (the first: row {row}, {value})."),
    "rows.several_labels": N_(
        "{count} rows of {path} have several labels and are left out (the first: row {row}, "
        "{value}). Each example must have one label; to predict several of each, choose “Several "
        "labels” under “What is predicted”."
    ),
    "rows.unknown_mark": N_(
        "{count} rows of {path} have cells that say neither yes nor no, and are left out (the "
        "first: row {row}, {value})."
    ),
    "rows.empty_marks": N_(
        "{count} rows of {path} have empty cells beside others that say yes or no (the first: row "
        "{row}, {value}). Empty cells are read as no."
    ),
    "rows.no_answer": N_(
        "{count} rows of {path} answer none of the questions (the first: row {row}, {value})."
    ),
    "rows.no_number": N_(
        "{count} rows of {path} have no number and are left out (the first: row {row}, {value})."
    ),
    "rows.not_a_number": N_(
        "{count} rows of {path} hold something else than a number and are left out (the first: row "
        "{row}, {value})."
    ),
    "rows.decimal_comma": N_(
        "{count} rows of {path} hold a number written with a comma, where the others have a "
        "point, and are left out (the first: row {row}, {value})."
    ),
    "rows.decimal_point": N_(
        "{count} rows of {path} hold a number written with a point, where the others have a "
        "comma, and are left out (the first: row {row}, {value})."
    ),
    "rows.number_too_large": N_(
        "{count} rows of {path} hold a number beyond 1e30, too large for a network, and are left "
        "out (the first: row {row}, {value}). Use a larger unit to keep them."
    ),
    "rows.other_unit": N_(
        "{count} rows of {path} have another unit than the others and are left out (the first: row "
        "{row}, {value})."
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
}
"""By code."""

ONE: dict[str, str] = {
    "rows.broken": N_("One row of {path} cannot be read (row {row}, {value})."),
    "rows.no_path": N_("One row of {path} names no file (row {row})."),
    "rows.no_label": N_("One row of {path} has no label (row {row}, {value})."),
    "rows.missing": N_(
        "One row of {path} names a file that is not there, or is of a kind that is not read (row "
        "{row}, {value})."
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
        "must have one label; to predict several of each, choose “Several labels” under “What is "
        "predicted”."
    ),
    "rows.unknown_mark": N_(
        "One row of {path} has a cell that says neither yes nor no, and is left out (row {row}, "
        "{value})."
    ),
    "rows.empty_marks": N_(
        "One row of {path} has empty cells beside others that say yes or no (row {row}, {value}). "
        "Empty cells are read as no."
    ),
    "rows.no_answer": N_("One row of {path} answers none of the questions (row {row}, {value})."),
    "rows.no_number": N_("One row of {path} has no number and is left out (row {row}, {value})."),
    "rows.not_a_number": N_(
        "One row of {path} holds something else than a number and is left out (row {row}, {value})."
    ),
    "rows.decimal_comma": N_(
        "One row of {path} holds a number written with a comma, where the others have a "
        "point, and is left out (row {row}, {value})."
    ),
    "rows.decimal_point": N_(
        "One row of {path} holds a number written with a point, where the others have a "
        "comma, and is left out (row {row}, {value})."
    ),
    "rows.number_too_large": N_(
        "One row of {path} holds a number beyond 1e30, too large for a network, and is left out "
        "(row {row}, {value}). Use a larger unit to keep it."
    ),
    "rows.other_unit": N_(
        "One row of {path} has another unit than the others and is left out (row {row}, {value})."
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
}
"""The same where ``{count}`` is one."""
