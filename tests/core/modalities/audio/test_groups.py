"""Groups: what is offered, and what they make of a listing."""

from pathlib import Path

import pytest

from transfergui.core.base.errors import UserError
from transfergui.core.data.dataset import Sample
from transfergui.core.modalities.audio import groups
from transfergui.core.reading.listings.listing import Listing


def listing(*paths: str) -> Listing:
    """Files whose class is their folder."""
    classes = sorted({path.rpartition("/")[0] for path in paths})
    samples = [Sample(path, classes.index(path.rpartition("/")[0])) for path in paths]
    return Listing(Path("/data"), samples, classes)


SPOKEN = listing(
    *(
        f"{digit}/{digit}_{name}_{take}.wav"
        for digit in "01"
        for name in ("george", "jackson", "lucas", "theo")
        for take in range(5)
    )
)
NESTED = listing(
    *(
        f"{kind}/{place}/{place[0]}{kind}{number}.wav"
        for kind in ("cat", "dog")
        for place in ("park", "yard", "zoo")
        for number in range(4)
    )
)
SPEAKERS = ("03", "08", "09", "10")
UNDIVIDED = listing(
    *(
        f"{emotion}/{speaker}{text}{emotion[0]}{take}.wav"
        for emotion in ("Wut", "Trauer")
        for speaker in SPEAKERS
        for text in ("a01", "a02", "b01", "b03")
        for take in "abc"
    )
)
"""Named as the recordings of EmoDB: speaker, text, emotion, take."""


def copied(found: Listing) -> Listing:
    return Listing(found.root, list(found.samples), list(found.classes))


def test_parts_of_names_are_offered_with_examples() -> None:
    assert groups.choices(SPOKEN) == {
        "name:2": "george, jackson, lucas, … (4)",
        "name:3": "0, 1, 2, … (5)",
    }
    assert groups.likely(groups.choices(SPOKEN)) == "name:2"


def test_folders_within_classes_are_offered() -> None:
    assert groups.choices(NESTED) == {"folder": "park, yard, zoo"}


@pytest.mark.parametrize(
    "found",
    [
        listing("a/1.wav", "b/2.wav", "b/3.wav"),
        listing(*(f"{label}/{label}_{n}.wav" for label in "abc" for n in range(9))),
        listing(*(f"{label}/mic_{n}.wav" for label in "abc" for n in range(9))),
    ],
    ids=["too few", "the class itself, and each its own", "constant"],
)
def test_what_does_not_group_is_not_offered(found: Listing) -> None:
    choices = groups.choices(found)
    assert "name:1" not in choices
    assert "folder" not in choices


def test_numbers_alone_are_not_likely() -> None:
    assert groups.likely({"name:2": "01, 02, 03, … (24)"}) is None


def test_a_part_of_the_name_becomes_the_group() -> None:
    found = copied(SPOKEN)
    groups.apply(found, "name:2", groups.choices(found))
    assert {s.path: s.group for s in found.samples}["1/1_theo_4.wav"] == "theo"
    assert found.classes == SPOKEN.classes


def test_the_folder_becomes_the_group_and_leaves_the_class() -> None:
    found = copied(NESTED)
    groups.apply(found, "folder", groups.choices(found))
    assert found.classes == ["cat", "dog"]
    last = found.samples[-1]
    assert (last.path, found.classes[last.label], last.group) == ("dog/zoo/zdog3.wav", "dog", "zoo")


def test_none_leaves_the_groups_of_a_table() -> None:
    found = listing("a/1_x.wav")
    found.samples[0] = Sample("a/1_x.wav", 0, group="anna")
    groups.apply(found, "", {})
    assert found.samples[0].group == "anna"


@pytest.mark.parametrize("key", ["name:9", "name:0", "folder", "speaker", "name:x"])
def test_an_unknown_group_is_refused_with_those_that_are_known(key: str) -> None:
    with pytest.raises(UserError) as caught:
        groups.apply(copied(SPOKEN), key, groups.choices(SPOKEN))
    assert caught.value.code == "sound.unknown_group"
    assert "name:2 (george, jackson" in str(caught.value)


# -- characters


def test_characters_are_offered_where_names_have_no_dividers() -> None:
    found = groups.choices(UNDIVIDED)
    assert found == {
        "chars:1-2": "03, 08, 09, … (4): characters 1-2 of the file name, as 03a01Wa → 03",
        "chars:4-5": "01, 02, 03 (3): characters 4-5 of the file name, as 03a01Wa → 01",
    }
    assert groups.likely(found) is None


@pytest.mark.parametrize(
    "found",
    [
        SPOKEN,
        listing(*(f"{c}/{c}{n:03}.wav" for c in ("cat", "dog", "cow") for n in range(9))),
        listing(*(f"{c}/{n}x{c}.wav" for c in ("cat", "dog", "cow") for n in range(1, 30))),
    ],
    ids=["divided", "only numbered within each class", "of other lengths"],
)
def test_characters_that_mean_nothing_are_not_offered(found: Listing) -> None:
    assert not [key for key in groups.choices(found) if key.startswith("chars:")]


@pytest.mark.parametrize(
    ("key", "group"), [("chars:1-2", "03"), ("chars:3-5", "a01"), ("chars:3", "a")]
)
def test_characters_become_the_group_whether_offered_or_not(key: str, group: str) -> None:
    found = copied(UNDIVIDED)
    groups.apply(found, key, groups.choices(found))
    assert {s.path: s.group for s in found.samples}["Wut/03a01Wa.wav"] == group
    assert found.classes == UNDIVIDED.classes


@pytest.mark.parametrize(
    "key", ["chars:0-2", "chars:2-1", "chars:", "chars:a-b", "chars:1-", "chars"]
)
def test_characters_written_wrongly_are_refused(key: str) -> None:
    with pytest.raises(UserError) as caught:
        groups.apply(copied(UNDIVIDED), key, groups.choices(UNDIVIDED))
    assert caught.value.code == "sound.unknown_group"
    assert "chars:1-2 (the first two)" in str(caught.value)


def test_characters_that_a_name_lacks_are_refused_with_that_name() -> None:
    found = listing("a/03a01.wav", "a/04a02.wav", "b/1.wav")
    with pytest.raises(UserError) as caught:
        groups.apply(found, "chars:1-2", {})
    assert str(caught.value) == (
        "The recordings cannot be grouped by “chars:1-2”: the name of b/1.wav has only 1 "
        "characters before its extension. Choose characters that every name has."
    )
    assert all(sample.group is None for sample in found.samples)


# -- why there is nothing to choose


def why(found: Listing, **chosen: str) -> str:
    found = copied(found)
    found.chosen.update(chosen)
    return groups.obstacle(found).sentence()


def test_why_nothing_can_be_chosen() -> None:
    plain = listing(*(f"{c}/{n}.wav" for c in "ab" for n in range(4)))
    assert why(plain).startswith("No groups found: the file names have no parts")
    own = listing(*(f"{c}/{c}_{n}.wav" for c in "ab" for n in range(4)))
    assert "into 3 groups or more" in why(own)
    assert "the column “speaker”" in why(own, group_column="speaker")
    assert why(own, group_column="-") == why(own)
    assert why(own, layout="group/class") == "Your folders already group the recordings."
