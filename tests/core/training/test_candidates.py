"""What a search tries, in which order."""

from transfergui.core.training import candidates, ranking


def test_the_likely_ways_come_first() -> None:
    rows = [ranking.Ranked(key=key, title="", published=p) for key, p in (("b", None), ("a", 70.0))]
    assert [(t.strategy, t.backbone) for t in candidates.likely(rows)] == [
        ("feature_extraction", "b"),
        ("feature_extraction", "a"),
        ("fusion", "b"),
        ("fine_tuning", "a"),
        ("fine_tuning", "b"),
        ("head_first", "a"),
        ("head_first", "b"),
    ]


def test_one_network_alone_has_nothing_beside_it() -> None:
    (row,) = [ranking.Ranked(key="a", title="")]
    assert {t.strategy for t in candidates.likely([row])} == {candidates.FROZEN, *candidates.MOVING}
