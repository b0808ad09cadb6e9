"""Sentences about sounds."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- sounds: left out (raised by audio/decode.py and audio/files.py)
    "sound.vanished": N_("{path} is missing: deleted, moved, or on a disk that is not connected."),
    "sound.not_a_file": N_("{path} is not a file that can be read as a recording."),
    "sound.unreadable": N_("{path} cannot be opened: {reason}."),
    "sound.empty": N_("{path} is empty (0 bytes). Copy it again from the original."),
    "sound.not_a_sound": N_("{path} is not a sound file, despite its name."),
    "sound.needs_av": N_(
        "{path} is stored as {format}, which needs the package PyAV. Install it with: pip "
        'install "transfergui[media]". Or convert the file to WAV or FLAC, for example with '
        "Audacity."
    ),
    "sound.unsupported": N_(
        "{path} is intact, but in a format that cannot be read here ({format}). Convert it to "
        "WAV or FLAC, for example with Audacity."
    ),
    "sound.video": N_(
        "{path} is a video and is left out. To use its sound, turn on “Sound of videos”."
    ),
    "sound.no_sound_track": N_("{path} is a video without sound."),
    "sound.impossible_rate": N_(
        "{path} has an impossible sample rate of {rate} Hz in its header. Record, convert or "
        "copy the file again."
    ),
    "sound.impossible_values": N_(
        "{path} contains values up to {peak:.3g}, which is impossible for a recording. Convert "
        "or copy the file again."
    ),
    "sound.lfs_pointer": N_(
        "{path} is only a Git LFS pointer, not the recording itself. Download the recordings "
        "with: git lfs pull."
    ),
    "sound.damaged": N_("{path} is damaged. Copy it again from the original."),
    "sound.cut_off": N_(
        "{path} is cut off: the end of the recording is missing. Copy it again from the original."
    ),
    "sound.too_short": N_("{path} lasts only {milliseconds} ms, which is too short to use."),
    "sound.silent": N_("{path} is silent from beginning to end. Was the microphone switched on?"),
    "sound.not_finite": N_(
        "{path} contains invalid values (NaN or infinity), probably written by a faulty program. "
        "Make or copy the file again."
    ),
    # -- sounds: used, but noted
    "sound.wrong_extension": N_(
        "{path} is in the format {format}, despite its name. The recording is used."
    ),
    "sound.channels_cancel": N_(
        "The channels of {path} cancel each other out when mixed, because one is inverted (by a "
        "wrong cable, for example). Only the loudest channel is used."
    ),
    "sound.loud": N_(
        "{path} contains values far above 1, which is full scale. They are divided by {scale}."
    ),
    "sound.wrong_length": N_(
        "{path} has a length of {stated} s in its header, but contains {seconds} s of sound. All "
        "of it is used."
    ),
    "sound.joined": N_(
        "{path} consists of {count} recordings, one after the other. All of them are used "
        "({seconds} s)."
    ),
    "sound.partly_heard": N_(
        "{path} consists of {count} recordings with different sample rates or channels, one "
        "after the other. Only the beginning ({seconds} s) is used; split the file to use the "
        "rest."
    ),
    "sound.windows": N_(
        "{count} long recordings are cut into {pieces} clips of {seconds} s. Clips of one "
        "recording are put into the same set, so that the model is not tested on a recording it "
        "was trained on."
    ),
    "sound.maybe_groups": N_(
        "Many recordings share a part of their names. If this part names speakers, machines or "
        "places, choose “{names}” under “Group by”. Otherwise the test result holds only for "
        "known speakers, machines or places, not for new ones."
    ),
    # -- sounds: options that do not fit
    "sound.unknown_group": N_(
        "The recordings cannot be grouped by “{key}”. Possible groups: {known}. To group by "
        "characters of the file names, write for example chars:1-2 (the first two)."
    ),
    "sound.short_name": N_(
        "The recordings cannot be grouped by “{key}”: the name of {path} has only {count} "
        "characters before its extension. Choose characters that every name has."
    ),
    # -- sounds: why there is nothing to keep together by
    "groups.by_column": N_(
        "Your table already groups the recordings by the column “{column}”. The file names and "
        "folders offer no other groups."
    ),
    "groups.by_folder": N_("Your folders already group the recordings."),
    "groups.undivided_names": N_(
        "No groups found: the file names have no parts (such as the speaker in "
        "speaker_number.wav) and no characters with the same meaning in every name. Rename the "
        "files like this, or add a table with a column named group."
    ),
    "groups.no_shared_part": N_(
        "No groups found: no part of the file names and no folder divides the recordings of most "
        "classes into {fewest} groups or more. To group recordings, add a table with a column "
        "named group."
    ),
    "sound.rate": N_(
        "{title} needs a sample rate of {own} Hz, not {rate} Hz. Set the sample rate to {own}, "
        "or choose a backbone that uses spectrograms."
    ),
    "sound.no_torchaudio": N_(
        "{title} needs torchaudio, which cannot be loaded here ({reason}). “transfergui doctor” "
        "shows how to fix this; backbones that use spectrograms work without torchaudio."
    ),
}
"""By code."""

ONE: dict[str, str] = {
    "sound.windows": N_(
        "One long recording is cut into {pieces} clips of {seconds} s. They are put into the "
        "same set, so that the model is not tested on a recording it was trained on."
    ),
}
"""The same where ``{count}`` is one."""
