"""Sentences about sounds."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- sounds: left out (raised by audio/decode.py and audio/files.py)
    "sound.vanished": N_("{path} is gone. It was deleted, moved, or its disk was unplugged."),
    "sound.not_a_file": N_("{path} is not a file that can be read as a sound."),
    "sound.unreadable": N_("{path} cannot be opened: {reason}."),
    "sound.empty": N_("{path} is empty (0 bytes). Copy it again from where it came from."),
    "sound.not_a_sound": N_("{path} is not a sound, whatever its name says."),
    "sound.needs_av": N_(
        "{path} is stored as {format}, which needs PyAV, a part that is not installed: "
        'pip install "transfergui[media]". Or convert it to WAV or FLAC, with Audacity for example.'
    ),
    "sound.unsupported": N_(
        "{path} is intact, but stored in a format ({format}) that cannot be read here. Convert it "
        "to WAV or FLAC, with Audacity for example."
    ),
    "sound.video": N_(
        "{path} is a video, and was left out. To use its sound, switch on “Sound of videos”."
    ),
    "sound.no_sound_track": N_("{path} is a video without sound."),
    "sound.impossible_rate": N_(
        "The header of {path} gives a sample rate of {rate} Hz, which no recording has. Record, "
        "convert or copy it again."
    ),
    "sound.impossible_values": N_(
        "{path} holds values up to {peak:.3g}, which no recording has. Convert or copy it again."
    ),
    "sound.lfs_pointer": N_(
        "{path} is only a Git LFS placeholder, not the sound itself. Fetch the sounds with: "
        "git lfs pull."
    ),
    "sound.damaged": N_("{path} is damaged. Copy it again from where it came from."),
    "sound.cut_off": N_(
        "{path} is cut off: the end of the sound is missing. Copy it again from where it came from."
    ),
    "sound.too_short": N_(
        "{path} lasts only {milliseconds} thousandths of a second; there is nothing to hear."
    ),
    "sound.silent": N_("{path} is silent from beginning to end. Was the microphone switched on?"),
    "sound.not_finite": N_(
        "{path} holds values that are no numbers (NaN or infinity), as a program that failed may "
        "write them. Make or copy it again."
    ),
    # -- sounds: used, but noted
    "sound.wrong_extension": N_("{path} is really a {format} file; it is used all the same."),
    "sound.channels_cancel": N_(
        "The channels of {path} cancel each other out when they are mixed (one of them is "
        "inverted, by a wrong cable for example). The loudest channel is used alone."
    ),
    "sound.loud": N_(
        "{path} holds values far above 1, which is full scale. They are divided by {scale}."
    ),
    "sound.wrong_length": N_(
        "The header of {path} gives a length of {stated} s, but the file holds {seconds} s of "
        "sound. All of it is used."
    ),
    "sound.joined": N_(
        "{path} consists of {count} recordings, one after the other. All of them are used "
        "({seconds} s)."
    ),
    "sound.partly_heard": N_(
        "{path} consists of {count} recordings of different sample rates or channels, one after "
        "the other. Only the beginning ({seconds} s) is used; split the file to use the rest."
    ),
    "sound.windows": N_(
        "{count} long recordings are cut into {pieces} pieces of {seconds} seconds. Those of one "
        "recording are kept together, so that none is tested on after another was learnt."
    ),
    "sound.maybe_groups": N_(
        "The names of the recordings hold something that many share ({names}). If these are "
        "speakers, machines or places, choose {key} for “Keep together”: else the test says how "
        "well known ones are recognised, not new ones."
    ),
    # -- sounds: options that do not fit
    "sound.unknown_group": N_(
        "The recordings cannot be kept together by “{key}”. What they can be kept together by: "
        "{known}. Characters of the file names are written as chars:1-2 (the first two)."
    ),
    "sound.short_name": N_(
        "The recordings cannot be kept together by “{key}”: the name of {path} has only {count} "
        "characters before its ending. Choose characters that every name has."
    ),
    # -- sounds: why there is nothing to keep together by
    "groups.by_column": N_(
        "The column “{column}” of your table says already what is kept together. The file names "
        "and folders offer nothing else."
    ),
    "groups.by_folder": N_("Your folders say already what is kept together."),
    "groups.undivided_names": N_(
        "Nothing to choose: the file names have no parts, such as the speaker in "
        "speaker_number.wav, and no characters that mean the same in every name. To keep "
        "recordings together, rename the files so, or add a table with a column named group."
    ),
    "groups.no_shared_part": N_(
        "Nothing to choose: no part of the file names and no folder divides the recordings of most "
        "classes into {fewest} groups or more. To keep recordings together, add a table with a "
        "column named group."
    ),
    "sound.rate": N_(
        "{title} listens to sounds of {own} samples a second, not {rate}. Set the sample rate to "
        "{own}, or take a network that looks at spectrograms."
    ),
    "sound.no_torchaudio": N_(
        "{title} needs torchaudio, which cannot be loaded here ({reason}). “transfergui doctor” "
        "says how to mend that; networks that look at spectrograms work without it."
    ),
}
"""By code."""

ONE: dict[str, str] = {
    "sound.windows": N_(
        "One long recording is cut into {pieces} pieces of {seconds} seconds. They are kept "
        "together, so that none is tested on after another was learnt."
    ),
}
"""The same where ``{count}`` is one."""
