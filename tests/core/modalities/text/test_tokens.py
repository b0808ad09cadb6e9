"""From texts to numbers of tokens."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.core.modalities.text.conftest import WORDS
from transfergui.core.base.errors import UserError
from transfergui.core.modalities.text import tokens
from transfergui.core.modalities.text.tokens import Tokenizer, clean

AROUND = {
    "type": "TemplateProcessing",
    "single": [
        {"SpecialToken": {"id": "[CLS]", "type_id": 0}},
        {"Sequence": {"id": "A", "type_id": 0}},
        {"SpecialToken": {"id": "[SEP]", "type_id": 0}},
    ],
    "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
    "special_tokens": {
        name: {"id": name, "ids": [number], "tokens": [name]}
        for name, number in (("[CLS]", 18), ("[SEP]", 19))
    },
}


def tree(around: bool = False) -> dict:
    made = tokens.word_level(WORDS, characters=False)
    if not around:
        return made
    special = [
        tokens._special(name, 18 + at) for at, name in enumerate(("[CLS]", "[SEP]", "[MASK]"))
    ]
    made["model"]["vocab"] |= {each["content"]: each["id"] for each in special}
    return {**made, "added_tokens": made["added_tokens"] + special, "post_processor": AROUND}


def tokenizer(around: bool = False) -> Tokenizer:
    return Tokenizer(tokens.with_cleaning(tree(around)), {"pad_token_id": 0})


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a <b>bold</b> claim<br/>and more", "a bold claim and more"),
        ("1 < 2 and 3 > 2, <3", "1 < 2 and 3 > 2, <3"),
        ("<!-- hidden --> seen", "seen"),
        ("Tom &amp; Jerry&#39;s &lt;best&gt;&nbsp;film", "Tom & Jerry's <best> film"),
        ("zero\0width\u200b and \ufeffmarks\x85", "zero width and marks"),
        ("  many \n\n lines\t here ", "many lines here"),
        ("👩‍👩‍👧 ❤️", "👩‍👩‍👧 ❤️"),
        ("<div><p></p></div>", ""),
        ("", ""),
    ],
)
def test_texts_are_cleaned(text: str, wanted: str) -> None:
    assert clean(text) == wanted
    assert clean(wanted) == wanted or "<best>" in wanted


@pytest.mark.parametrize(
    "text",
    [
        "A <b>GOOD</b> film &amp; a bad\0plot",
        "the\u200bfilm\n\n was   very <br> good",
        "\ufeff  fine <!-- no --> cast ",
    ],
)
def test_the_tokenizer_cleans_by_itself(text: str) -> None:
    plain = Tokenizer(tree(), {})
    assert tokenizer().whole(text).tokens == plain.whole(clean(text)).tokens


def test_cleaning_is_put_in_once() -> None:
    once = tokens.with_cleaning(tree())
    assert tokens.with_cleaning(once) == once
    without = {**tree(), "normalizer": None}
    assert tokens.with_cleaning(tokens.with_cleaning(without)) == tokens.with_cleaning(without)


def test_rows_are_filled_and_cut_around_what_the_network_wants() -> None:
    bare, around = tokenizer(), tokenizer(around=True)
    the, film, good = (2 + WORDS.index(word) for word in ("the", "film", "good"))
    assert bare.ids("the film zzz", 5).tolist() == [the, film, 1, 0, 0]
    assert bare.ids("the film good", 2).tolist() == [the, film]
    assert around.ids("the film good", 4).tolist() == [18, the, film, 19]
    assert around.ids("the film good", 6).tolist() == [18, the, film, good, 19, 0]
    assert bare.ids("", 3).tolist() == [0, 0, 0]
    assert bare.ids("the", 3).dtype == np.int64


def test_a_megabyte_costs_no_more_than_its_beginning() -> None:
    text = "the film was not very good and " * 40_000
    assert tokenizer().ids(text, 16).tolist() == tokenizer().ids(text[:500], 16).tolist()
    assert tokenizer().ids("x" * 1_000_000, 4).tolist() == [1, 0, 0, 0]


def test_it_knows_its_special_tokens() -> None:
    found = tokenizer(around=True)
    assert (found.pad, found.unknown, found.mask) == (0, 1, 20)
    assert found.special == {0, 18, 19, 20}
    assert tokenizer().mask == 1
    whole = found.whole("the film")
    assert whole.tokens == ("[CLS]", "the", "film", "[SEP]")
    assert whole.special.tolist() == [True, False, False, True]


def test_the_share_of_unknown_words() -> None:
    found = tokenizer(around=True)
    assert found.unknown_share(["the film", "good plot"]) == 0
    assert found.unknown_share(["the zzz", "qqq film"]) == 0.5
    assert found.unknown_share([]) == 0


def test_characters_where_words_are_not_set_apart() -> None:
    found = Tokenizer(tokens.with_cleaning(tokens.word_level(["很", "好"], characters=True)), {})
    assert found.whole("很 好吃").tokens == ("很", "好", "[UNK]")


def test_a_kept_tokenizer_does_all_by_itself() -> None:
    """What an exported model does, with nothing but the library."""
    from tokenizers import Tokenizer as Library

    kept = tokens.limited(tokens.with_cleaning(tree(around=True)), 8, 0)
    library = Library.from_str(json.dumps(kept))
    for text in ("the <b>good</b> film", "very " * 50, "", "Zzz &amp; a bad\0plot"):
        assert library.encode(text).ids == tokenizer(around=True).ids(text, 8).tolist()


def test_folders_without_or_with_a_damaged_tokenizer(tmp_path: Path) -> None:
    for content, code in ((None, "text.no_tokenizer"), ("{", "text.bad_tokenizer")):
        if content is not None:
            (tmp_path / tokens.TOKENIZER).write_text(content)
        with pytest.raises(UserError) as caught:
            tokens.open_folder(tmp_path)
        assert caught.value.code == code
    (tmp_path / tokens.TOKENIZER).write_text(json.dumps({"model": {"type": "Magic"}}))
    (tmp_path / tokens.CONFIG).write_text("{}")
    with pytest.raises(UserError) as caught:
        tokens.open_folder(tmp_path)
    assert caught.value.code == "text.bad_tokenizer"


def test_a_folder_is_read_again_when_it_changed(tmp_path: Path) -> None:
    import os

    (tmp_path / tokens.CONFIG).write_text("{}")
    for at, words in enumerate((["one"], ["two"])):
        path = tmp_path / tokens.TOKENIZER
        path.write_text(json.dumps(tokens.word_level(words, characters=False)))
        os.utime(path, (at, at))
        assert tokens.open_folder(tmp_path).whole(words[0]).ids.tolist() == [2]
