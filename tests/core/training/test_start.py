"""Where every training begins."""

from tests.core.training.conftest import Lab
from transfergui.core.training import start


def test_a_search_that_is_over_leaves_nothing(lab: Lab) -> None:
    """kill -9 when its result had been taken over, before its folder was deleted."""
    made = lab.plan(run__epochs=1)
    run = lab.run(made)
    (run.path / start.SEARCH / "candidate").mkdir(parents=True)
    list(start.train(made, run))
    assert run.report()
    assert not (run.path / start.SEARCH).exists()
