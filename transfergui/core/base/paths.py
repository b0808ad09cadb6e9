"""Where things live: resources, cache, runs and settings, each with an environment override.

``TRANSFERGUI_HOME`` moves everything that the program writes below one folder;
``TRANSFERGUI_CACHE``, ``TRANSFERGUI_RUNS``, ``TRANSFERGUI_LABELS`` and ``TRANSFERGUI_SETTINGS``
move one part.
"""

import os
import tempfile
from pathlib import Path

APP = "TransferGUI"


def resource(*parts: str) -> Path:
    """A file or folder of ``resources/``, in the wheel or in the checkout."""
    package = Path(__file__).parents[2]
    wheel = package / "resources"
    root = wheel if wheel.is_dir() else package.parent / "resources"
    return root.joinpath(*parts)


def home() -> Path:
    """The user's folder; where nobody knows it, as in a container, one of the system's temporary
    folder, else the working folder."""
    if _has_home():
        return Path.home()
    place = temporary_dir() or Path.cwd()
    return place / f"{APP}-{getattr(os, 'getuid', int)()}"


def temporary_dir() -> Path | None:
    """Where the system keeps what does not last; None where there is none that can be written."""
    try:
        return Path(tempfile.gettempdir())
    except OSError:
        return None


def expanded(named: str | os.PathLike[str]) -> Path:
    """``named``, its ``~`` replaced by a folder; as it is where nobody is called so."""
    path = Path(named)
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def _has_home() -> bool:
    try:
        Path.home()
    except RuntimeError:
        return False
    return True


def cache_dir() -> Path:
    """Unpacked zips, cached features and thumbnails: may be deleted at any time."""
    return _place("TRANSFERGUI_CACHE", "cache")


def runs_dir() -> Path:
    """Where new runs are made, one directory each."""
    return _place("TRANSFERGUI_RUNS", "runs")


def labels_dir() -> Path:
    """Where the labels that are given in the program are kept, one directory for each folder."""
    return _place("TRANSFERGUI_LABELS", "labels")


def records_dir() -> Path:
    """What was done with files of the user, where that is not kept beside them."""
    return _place("TRANSFERGUI_RECORDS", "records")


def settings_dir() -> Path:
    """Recent folders and window geometry."""
    return _place("TRANSFERGUI_SETTINGS", "settings")


def weights_dirs(chosen: str | None = None) -> tuple[Path, ...]:
    """Folders searched for pretrained weights, first match wins.

    ``chosen`` (the recipe's ``weights_dir``), then ``TRANSFERGUI_WEIGHTS``
    (several folders may be given, separated as in ``PATH``), then torch's hub cache.
    """
    named = [chosen] if chosen else []
    named += [part for part in os.environ.get("TRANSFERGUI_WEIGHTS", "").split(os.pathsep) if part]
    return (*map(expanded, named), hub_checkpoints_dir())


def hub_checkpoints_dir() -> Path:
    """torch's own download cache, found without importing torch."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or home() / ".cache")
    return Path(os.environ.get("TORCH_HOME") or cache / "torch") / "hub" / "checkpoints"


def hub_cache_dir() -> Path:
    """Where the programs of Hugging Face keep what they downloaded."""
    if os.environ.get("HF_HUB_CACHE"):
        return expanded(os.environ["HF_HUB_CACHE"])
    cache = Path(os.environ.get("XDG_CACHE_HOME") or home() / ".cache")
    return expanded(os.environ.get("HF_HOME") or cache / "huggingface") / "hub"


def _place(variable: str, name: str) -> Path:
    if os.environ.get(variable):
        return expanded(os.environ[variable])
    if os.environ.get("TRANSFERGUI_HOME"):
        return expanded(os.environ["TRANSFERGUI_HOME"]) / name
    import platformdirs

    if not _has_home():  # platformdirs would take "~" for the name of a folder
        return home() / name
    dirs = platformdirs.PlatformDirs(APP, appauthor=False)
    places = {
        "cache": Path(dirs.user_cache_dir),
        "runs": Path(dirs.user_data_dir) / "runs",
        "labels": Path(dirs.user_data_dir) / "labels",
        "records": Path(dirs.user_data_dir) / "records",
        "settings": Path(dirs.user_config_dir),
    }
    return places[name]


def shown(path: str | os.PathLike[str]) -> str:
    """``path`` as it may be shown: undecodable bytes, control and direction marks escaped."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in os.fspath(path))
