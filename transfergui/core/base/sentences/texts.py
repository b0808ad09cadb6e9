"""Sentences about texts, and about networks for texts."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- data: texts that cannot be read or used
    "text.by_lines": N_(
        "In {path}, {text} holds texts and {labels} their classes, line by line. Put both side by "
        "side into the columns text and label of a table (.xlsx or .csv)."
    ),
    "text.one_column": N_(
        "{path} needs two columns at least, one with the texts and one with their classes. Choose "
        "another file, or tell where its first row and its separators are."
    ),
    "text.only_numbers": N_(
        "{path} is a table of numbers (columns {names}): no column holds texts, and no column "
        "names files. TransferGUI learns from pictures, sounds and texts, not from tables of "
        "measurements. If the numbers are the pixels of pictures, save each as a picture file; if "
        "a column holds texts all the same, choose it as “Column of the texts”."
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
    "text.united": N_(
        "{count} rows have texts that are there again with other labels: each text is used once, "
        "with the labels of all its rows (the first: {first}, “{value}”)."
    ),
    "text.two_labels": N_(
        "{count} rows have texts that are there again with another class, and are left out (the "
        "first: {first}, “{value}”). Delete the wrong rows; if all are right, choose “Several "
        "labels” under “What is predicted”."
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
}
"""By code."""

ONE: dict[str, str] = {
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
}
"""The same where ``{count}`` is one."""
