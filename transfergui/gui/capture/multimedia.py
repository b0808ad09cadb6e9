"""QtMultimedia, where it works: the devices, and whether they may be used.

It is imported when it is first needed: on Linux it wants system libraries that may be missing.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, Qt

from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.capture import Device
from transfergui.gui.base import system_libraries

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QAudioDevice, QCameraDevice

CODES = {
    "camera": ("capture.no_camera", "capture.camera_denied"),
    "microphone": ("capture.no_microphone", "capture.microphone_denied"),
}
"""What is said where there is no device, and where it may not be used."""


@functools.cache
def import_error() -> str:
    """Why QtMultimedia cannot be imported; empty where it can."""
    try:
        importlib.import_module("PySide6.QtMultimedia")
    except ImportError as error:
        return str(error)
    return ""


def obstacle(device: Device) -> UserError | None:
    """Why no device can be used; None where one can."""
    if reason := import_error():
        if known := system_libraries.missing(reason):
            library, package = known
            return UserError("capture.no_library", library=library, package=package)
        return UserError("capture.no_multimedia", reason=reason)
    missing, _denied = CODES[device.key]
    return None if devices(device) else UserError(missing)


def devices(device: Device) -> list[QCameraDevice] | list[QAudioDevice]:
    """The cameras or microphones that are connected, the default one first."""
    if import_error():
        return []
    from PySide6.QtMultimedia import QMediaDevices

    if device.key == "camera":
        return sorted(QMediaDevices.videoInputs(), key=lambda each: not each.isDefault())
    return sorted(QMediaDevices.audioInputs(), key=lambda each: not each.isDefault())


def watch(parent: QObject, changed: Callable[[], object]) -> None:
    """Call ``changed`` whenever a device is connected or disconnected."""
    if import_error():
        return
    from PySide6.QtMultimedia import QMediaDevices

    media = QMediaDevices(parent)
    for signal in (media.videoInputsChanged, media.audioInputsChanged):
        signal.connect(lambda *_what: changed())


def ask_permission(parent: QObject, device: Device, answered: Callable[[bool], object]) -> None:
    """Ask the system whether the device may be used, which asks the user where it must."""
    from PySide6.QtCore import QCameraPermission, QMicrophonePermission

    app: Any = QCoreApplication.instance()
    permission = QCameraPermission() if device.key == "camera" else QMicrophonePermission()
    status = app.checkPermission(permission)
    if status == Qt.PermissionStatus.Undetermined:
        app.requestPermission(
            permission,
            parent,
            lambda given: answered(given.status() == Qt.PermissionStatus.Granted),
        )
    else:
        answered(status == Qt.PermissionStatus.Granted)


def denied(device: Device) -> UserError:
    """What is said where the device may not be used."""
    return UserError(CODES[device.key][1])
