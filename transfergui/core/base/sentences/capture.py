"""Sentences about cameras, microphones and what they give."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    "capture.no_device": N_(
        "This model reads {noun}, which neither a camera nor a microphone can take. Choose a model "
        "of pictures or sounds."
    ),
    "capture.needs_av": N_(
        "{path} cannot be played, because neither PyAV nor QtMultimedia works on this computer. "
        'Install PyAV with: pip install "transfergui[media]".'
    ),
    "capture.not_a_video": N_("{path} contains no video. Choose another file."),
    "capture.unreadable": N_("{path} cannot be played: {reason}."),
    "capture.not_written": N_(
        "Recording stopped: nothing could be written into {path} ({reason}). Free some space or "
        "choose another folder; the examples so far are kept."
    ),
    "capture.name_empty": N_("Enter a name for the class."),
    "capture.name_forbidden": N_(
        '“{name}” cannot be the name of a folder. Leave out < > : " / \\ | ? * and dots or spaces '
        "at the beginning or end."
    ),
    "capture.name_reserved": N_("Windows reserves the name “{name}”. Choose another one."),
    "capture.name_long": N_("The name is too long: at most {most} characters."),
    "capture.name_twice": N_("There already is a class “{name}”."),
    # -- what is in the way of a device
    "capture.no_multimedia": N_(
        "Cameras and microphones cannot be used, because QtMultimedia does not work on this "
        "computer ({reason})."
    ),
    "capture.no_library": N_(
        "Cameras and microphones cannot be used, because the system library {library} is missing. "
        "On Debian and Ubuntu, install it with: sudo apt install {package}. Then start TransferGUI "
        "again."
    ),
    "capture.no_camera": N_("No camera was found. Connect one, or play a video file instead."),
    "capture.no_microphone": N_(
        "No microphone was found. Connect one, or play a sound file instead."
    ),
    "capture.camera_denied": N_(
        "The system does not let TransferGUI use the camera. Allow it in the privacy settings of "
        "the system, then try again."
    ),
    "capture.microphone_denied": N_(
        "The system does not let TransferGUI use the microphone. Allow it in the privacy settings "
        "of the system, then try again."
    ),
    "capture.camera_failed": N_(
        "The camera “{name}” cannot be used ({reason}). Close other programs that use it, or "
        "disconnect and connect it again."
    ),
    "capture.microphone_failed": N_(
        "The microphone “{name}” cannot be used ({reason}). Close other programs that use it, or "
        "disconnect and connect it again."
    ),
    "capture.camera_gone": N_(
        "The camera “{name}” was disconnected. Connect it again and press Start."
    ),
    "capture.microphone_gone": N_(
        "The microphone “{name}” was disconnected. Connect it again and press Start."
    ),
    "capture.nothing_comes": N_(
        "“{name}” is on, but no picture or sound has come for {seconds} seconds. Close other "
        "programs that use it, or choose another device."
    ),
}
