"""Of groups that are the same samples, the one by name is told first; a class may be the cause."""

import numpy as np

from transfergui.core.views import group_causes
from transfergui.core.views.group_causes import Group


def test_a_speaker_leads_what_is_measured_of_the_same_recordings() -> None:
    rng = np.random.default_rng(0)
    speaker = np.arange(200) < 60
    quiet = speaker ^ (rng.random(200) < 0.05)
    long = np.arange(200) >= 150
    errors = (rng.random(200) < np.where(speaker | long, 0.8, 0.1)).astype(float)
    groups = [Group("loudness", "quiet", quiet), Group("length", "long", long)]
    groups.append(Group("group", "speaker", speaker))
    assert group_causes.leaders(groups, errors) == [2, 1, 2]
    classes = [Group("class", "a", speaker), Group("class", "b", ~speaker)]
    found = group_causes.causes(groups[0], [classes], errors, tests=10)
    assert [each.title for each in found] == ["a"]
    assert group_causes.causes(groups[1], [classes], errors, tests=10) == []
    # neither of speaker and class alone is worse: one class of one speaker is
    other = np.arange(200) % 2 == 0
    errors = (rng.random(200) < np.where(speaker & other, 1.0, 0.1)).astype(float)
    speakers = [groups[2], Group("group", "others", ~speaker)]
    halves = [Group("class", "even", other), Group("class", "odd", ~other)]
    loud = Group("loudness", "loud", speaker & other)
    (cause,) = group_causes.causes(loud, [speakers, halves], errors, tests=10)
    assert cause.title == "speaker · even"
