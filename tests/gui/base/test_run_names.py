"""What the data of a run are called."""

from transfergui.gui.base.run_names import with_added


def test_what_was_added_is_named_once() -> None:
    added = ("/new/sorted", "/kept/1.corrected.csv", "/kept/2.corrected.csv")
    assert with_added("photos", added) == "photos + sorted + corrected predictions"
    assert with_added("photos", ()) == "photos"
