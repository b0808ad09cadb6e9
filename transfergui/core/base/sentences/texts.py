"""Sentences about texts, and about networks for texts."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- data: texts that cannot be read or used
    "text.by_lines": N_(
        "In {path}, {text} contains the texts and {labels} their classes, line by line. Put both "
        "into one table (.xlsx or .csv) with the columns text and label."
    ),
    "text.one_column": N_(
        "{path} needs at least two columns: the texts and their classes. Choose another file, or "
        "check “First row” and “Encoding”."
    ),
    "text.only_numbers": N_(
        "{path} is a table of numbers (columns {names}), without a column of texts or of file "
        "names. TransferGUI learns from pictures, sounds and texts, not from measurements. Save "
        "pixels as picture files; if a column does contain texts, choose it as “Text column”."
    ),
    "text.too_many_classes": N_(
        "The column {column} of {path} has a different value in nearly every row, so it cannot "
        "be the classes. Choose another column."
    ),
    "text.empty_file": N_("{path} is empty."),
    "text.no_text": N_("{path} contains no text."),
    "text.not_text": N_("{path} is not a text file. Save it as plain text in UTF-8."),
    "text.no_row": N_(
        "{path} no longer has a row {row}, because the file was changed after it was opened. "
        "Open the data again."
    ),
    "text.more_tables": N_(
        "{count} more tables are not used: {names}. They are in deeper folders, are copies, or "
        "were not chosen, or the tables named train, val or test are used instead. To use them,"
        " open them separately, or move them next to the others."
    ),
    "text.files_beside": N_(
        "{count} text files next to the tables are not read: {names}. Only the rows of the "
        "tables are used."
    ),
    "text.no_texts": N_(
        "{count} tables are not used, because they do not have the same columns as the others: "
        "{names}. Give them the same columns, or open them separately."
    ),
    "text.unlabelled": N_(
        "{path} has no column {column}, so its {count} rows have no label and are left out."
    ),
    "text.same_texts": N_(
        "Several tables in {path} contain mostly the same texts ({names}), as when several "
        "people label them. Whose classes should be used?"
    ),
    "text.which_table": N_(
        "The tables in {path} have different columns. Which of them contains the examples?"
    ),
    "text.table_classes": N_(
        "{path} contains {count} tables without a column of labels ({names}). Is each table a "
        "class?"
    ),
    "text.table_parts": N_(
        "{path} contains {name} and {count} more tables ({names}). Is only {name} meant for "
        "training?"
    ),
    "text.united": N_(
        "{count} rows repeat a text with other labels. Each text is used once, with the labels "
        "of all its rows (the first: {first}, “{value}”)."
    ),
    "text.two_labels": N_(
        "{count} rows repeat a text with another class and are left out (the first: {first}, "
        "“{value}”). Delete the wrong rows; if all are correct, choose “Several labels” under "
        "“What is predicted”."
    ),
    "text.in_tables": N_(
        "{count} texts are in another table too, with the same class, and are used once (the "
        "first: {first}, “{value}”)."
    ),
    # -- data: texts that are used, but noted
    "text.no_column": N_(
        "{path} has no column {column}, so another column is used. Found: {found}."
    ),
    "text.repeated": N_(
        "{count} texts repeat an earlier one (the first: {first}, “{value}”). Copies are put "
        "into the same set, so that the model is not tested on a copy of a training text."
    ),
    "text.repeated_across": N_(
        "{count} texts are in several sets of your data (the first: {first}, “{value}”: {one} "
        "and {other}). The test result would be too optimistic: delete them from one of the sets."
    ),
    "text.repeated_groups": N_(
        "{count} texts repeat an earlier one of another group (the first: {first}, “{value}”, "
        "{one} and {other}). These groups are treated as one."
    ),
    "text.near": N_(
        "{count} texts are nearly the same as an earlier one (the first: {first}, “{value}”). "
        "They are put into the same set, so that the model is not tested on a near-copy of a "
        "training text."
    ),
    "text.near_across": N_(
        "{count} texts are nearly the same as one in another set of your data (the first: "
        "{first}, “{value}”: {one} and {other}). The test result may be too optimistic: delete "
        "them from one of the sets."
    ),
    "text.near_groups": N_(
        "{count} texts are nearly the same as an earlier one of another group (the first: "
        "{first}, “{value}”, {one} and {other}). These groups are treated as one."
    ),
    "text.markup": N_(
        "{count} texts contain HTML tags, which are removed (the first: {first}, “{value}”)."
    ),
    "text.control": N_(
        "{count} texts contain invisible characters, which are removed (the first: {first}, "
        "“{value}”)."
    ),
    "text.undecodable": N_(
        "{count} texts contain characters that could not be read (the first: {first}, "
        "“{value}”). Choose another encoding."
    ),
    "text.no_words": N_(
        "{count} texts contain no letters or digits, only symbols such as emoji (the first: "
        "{first}, “{value}”)."
    ),
    "text.long": N_(
        "{count} texts are longer than “Length of texts” allows, so only their beginning is "
        "read (the first: {first}, “{value}”)."
    ),
    # -- networks for texts
    "text.no_tokenizer": N_(
        "The folder “{path}” needs the files tokenizer.json and config.json. Copy both from the "
        "source of the backbone, or write them with "
        "AutoTokenizer.from_pretrained(...).save_pretrained(...) of transformers."
    ),
    "text.bad_tokenizer": N_("{path} cannot be used: {reason}. Copy it again."),
    "text.unknown_family": N_(
        "{path} contains a backbone of the kind “{family}”, which is not supported. Supported "
        "kinds: {known}."
    ),
    "text.too_many_tokens": N_(
        "{title} reads at most {limit} tokens (pieces of words). Choose a smaller “Length of "
        "texts”."
    ),
    "text.unknown_here": N_(
        "The model does not know {percent} % of the words or characters of {path}, so this "
        "prediction is unreliable. Is the text in another language than the training data?"
    ),
    "text.unknown_words": N_(
        "{title} does not know {percent} % of the words or characters of these texts; it was "
        "probably trained on another language. Choose a backbone for the language of your texts, "
        "or TF-IDF."
    ),
    "text.unknown_words_searched": N_(
        "{title} does not know {percent} % of the words or characters of these texts, but had "
        "the best result of all backbones tried."
    ),
    "vectors.unreadable": N_(
        "{path} cannot be read as a file of word vectors (word2vec, GloVe or fastText): {reason}."
    ),
}
"""By code."""

ONE: dict[str, str] = {
    "text.no_texts": N_(
        "One table is not used, because it does not have the same columns as the others: "
        "{names}. Give it the same columns, or open it separately."
    ),
    "text.files_beside": N_(
        "One text file next to the tables is not read: {names}. Only the rows of the tables are "
        "used."
    ),
    "text.more_tables": N_(
        "One more table is not used: {names}. The table is in a deeper folder, is a copy, or "
        "was not chosen, or the tables named train, val or test are used instead. To use it, "
        "open it separately, or move it next to the others."
    ),
    "text.repeated": N_(
        "One text repeats an earlier one ({first}, “{value}”). Copies are put into the same set, "
        "so that the model is not tested on a copy of a training text."
    ),
    "text.repeated_groups": N_(
        "One text repeats an earlier one of another group ({first}, “{value}”, {one} and "
        "{other}). These groups are treated as one."
    ),
    "text.repeated_across": N_(
        "One text is in several sets of your data ({first}, “{value}”: {one} and {other}). The "
        "test result would be too optimistic: delete it from one of the sets."
    ),
    "text.near": N_(
        "One text is nearly the same as an earlier one ({first}, “{value}”). Both are put into "
        "the same set, so that the model is not tested on a near-copy of a training text."
    ),
    "text.near_across": N_(
        "One text is nearly the same as one in another set of your data ({first}, “{value}”: "
        "{one} and {other}). The test result may be too optimistic: delete it from one of the "
        "sets."
    ),
    "text.near_groups": N_(
        "One text is nearly the same as an earlier one of another group ({first}, “{value}”, "
        "{one} and {other}). These groups are treated as one."
    ),
    "text.markup": N_("One text contains HTML tags, which are removed ({first}, “{value}”)."),
    "text.control": N_(
        "One text contains invisible characters, which are removed ({first}, “{value}”)."
    ),
    "text.undecodable": N_(
        "One text contains characters that could not be read ({first}, “{value}”). Choose "
        "another encoding."
    ),
    "text.no_words": N_(
        "One text contains no letters or digits, only symbols such as emoji ({first}, “{value}”)."
    ),
    "text.long": N_(
        "One text is longer than “Length of texts” allows, so only its beginning is read "
        "({first}, “{value}”)."
    ),
}
"""The same where ``{count}`` is one."""
