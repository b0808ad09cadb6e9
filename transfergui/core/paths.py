"""Where things live: resources, cache, runs and settings, each with an environment override.

``TRANSFERGUI_HOME`` moves everything that the program writes below one folder;
``TRANSFERGUI_CACHE``, ``TRANSFERGUI_RUNS`` and ``TRANSFERGUI_SETTINGS`` move one part.
"""

import os
from pathlib import Path

APP = "TransferGUI"


def resource(*parts: str) -> Path:
    """A file or folder of ``resources/``, in the wheel or in the checkout."""
    package = Path(__file__).parents[1]
    wheel = package / "resources"
    root = wheel if wheel.is_dir() else package.parent / "resources"
    return root.joinpath(*parts)


def cache_dir() -> Path:
    """Unpacked zips, cached features and thumbnails: may be deleted at any time."""
    return _place("TRANSFERGUI_CACHE", "cache")


def runs_dir() -> Path:
    """Where new runs are made, one directory each."""
    return _place("TRANSFERGUI_RUNS", "runs")


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
    return (*(Path(name).expanduser() for name in named), hub_checkpoints_dir())


def hub_checkpoints_dir() -> Path:
    """torch's own download cache, found without importing torch."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("TORCH_HOME") or cache / "torch") / "hub" / "checkpoints"


def hub_cache_dir() -> Path:
    """Where the programs of Hugging Face keep what they downloaded."""
    if os.environ.get("HF_HUB_CACHE"):
        return Path(os.environ["HF_HUB_CACHE"]).expanduser()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("HF_HOME") or cache / "huggingface").expanduser() / "hub"


def _place(variable: str, name: str) -> Path:
    if os.environ.get(variable):
        return Path(os.environ[variable]).expanduser()
    if os.environ.get("TRANSFERGUI_HOME"):
        return Path(os.environ["TRANSFERGUI_HOME"]).expanduser() / name
    import platformdirs

    dirs = platformdirs.PlatformDirs(APP, appauthor=False)
    places = {
        "cache": Path(dirs.user_cache_dir),
        "runs": Path(dirs.user_data_dir) / "runs",
        "settings": Path(dirs.user_config_dir),
    }
    return places[name]


def shown(path: str | os.PathLike[str]) -> str:
    """``path`` as it may be shown: undecodable bytes, control and direction marks escaped."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in os.fspath(path))
