import csv
import io
from pathlib import Path

from transfergui.core.data import correction_list
from transfergui.core.data.dataset import DataOptions, Dataset, Sample


def test_every_correction_is_a_row_with_the_old_and_the_new_label() -> None:
    samples = (Sample("=a.png", 0), Sample("b.png", 1), Sample("c.png", 1))
    scanned = Dataset(Path("/data"), Path("/data"), "image", ("ant", "bee"), samples)
    data = DataOptions(
        exclude=("=a.png",), relabel={"b.png": "ant"}, confirmed={"c.png": "bee"},
        rename={"bee": "wasp"}, together={"c.png": "b.png"},
    )  # fmt: skip
    found = list(csv.DictReader(io.StringIO(correction_list.table(data, scanned))))
    rows = {row["path"]: tuple(row.values())[1:] for row in found}
    assert tuple(found[0]) == correction_list.COLUMNS
    assert rows == {
        "": ("bee", "wasp", "", "", ""),
        "'=a.png": ("ant", "", "yes", "", ""),
        "b.png": ("bee", "ant", "", "", ""),
        "c.png": ("bee", "", "", "yes", "b.png"),
    }
    assert len(correction_list.table(DataOptions(), None).splitlines()) == 1
