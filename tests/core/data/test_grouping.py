"""Sets of samples that belong together."""

from transfergui.core.data.grouping import UnionFind


def test_union_find_merges_whatever_is_linked() -> None:
    joined = UnionFind()
    for one, other in [(1, 2), (3, 4), (5, 6), (2, 3), (1, 4)]:
        joined.join(one, other)
    assert sorted(sorted(map(str, members)) for members in joined.sets()) == [
        ["1", "2", "3", "4"],
        ["5", "6"],
    ]
    assert joined.find(99) == 99
