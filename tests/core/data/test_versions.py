"""Which data a run saw: the same name for the same state, and how two states differ in words."""

import msgspec

from transfergui.core.data import versions
from transfergui.core.data.dataset import DataOptions, Sample
from transfergui.core.data.split import Split
from transfergui.core.data.versions import DataDifference

TRAIN = (Sample("a.png", 0, 10), Sample("b.png", 1, 20), Sample("c.png", 0, 30))
FIRST = Split(
    "/data", "image", ("ant", "bee"), TRAIN, (Sample("d.png", 1, 40),), (), 0, "split.random"
)


def _changed(**changes: object) -> Split:
    return msgspec.structs.replace(FIRST, **changes)


def test_the_same_data_have_the_same_name_wherever_they_are() -> None:
    version = versions.version_of(FIRST)
    assert len(version) == versions.DIGITS
    assert versions.version_of(_changed(root="/elsewhere", seed=3)) == version
    assert versions.version_of(_changed(train=TRAIN[::-1])) == version
    other_order = _changed(
        classes=("bee", "ant"),
        train=tuple(msgspec.structs.replace(s, label=1 - s.label) for s in TRAIN),
        val=(Sample("d.png", 0, 40),),
    )
    assert versions.version_of(other_order) == version
    others = (
        _changed(train=TRAIN[:2]),
        _changed(classes=("ant", "wasp")),
        _changed(val=(Sample("d.png", 1, 41),)),
        _changed(train=TRAIN[1:], val=(*FIRST.val, TRAIN[0])),
    )
    assert version not in {versions.version_of(other) for other in others}


def test_two_states_are_compared_in_words() -> None:
    second = _changed(
        train=(Sample("b.png", 0, 20), Sample("e.png", 0), Sample("f.png", 1)),
        val=(Sample("d.png", 1, 44),),
        test=(),
    )
    found = versions.difference(FIRST, second, ["c.png"])
    assert found == DataDifference(
        added=2, removed=1, excluded=1, relabelled=1, changed=1, unrecorded=2
    )
    assert found.words().startswith("2 added, 1 removed, 1 excluded, 1 relabelled")
    moved = versions.difference(FIRST, _changed(train=TRAIN[1:], val=(*FIRST.val, TRAIN[0])))
    assert moved == DataDifference(moved=1, unrecorded=4)
    assert versions.document(found)["added"] == 2


def test_a_file_with_another_content_of_the_same_size_is_noticed() -> None:
    before = {"a.png": "1", "b.png": "2", "c.png": "3", "d.png": "4"}
    after = {**before, "b.png": "7"}
    assert versions.version_of(FIRST, before) != versions.version_of(FIRST, after)
    assert versions.difference(FIRST, FIRST, contents=(before, before)) == DataDifference()
    found = versions.difference(FIRST, FIRST, contents=(before, after))
    assert found.words() == "1 with changed content"
    old = versions.difference(FIRST, FIRST, contents=({}, after))
    assert (old.unrecorded, old.nothing) == (4, True)
    assert old.words() == "the same files (content not recorded)"


def test_corrections_are_counted_once_for_each_example() -> None:
    data = DataOptions(exclude=("a",), relabel={"a": "ant", "b": "ant"}, confirmed={"c": "bee"})
    assert versions.corrections_in(data) == 3
    assert versions.told("3f2a91", 2) == "data version 3f2a91, 2 corrections"
    assert versions.told("3f2a91", 0) == "data version 3f2a91"
    assert versions.told("", 2) == ""
