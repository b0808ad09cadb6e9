"""Sentences about pictures."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- modalities
    "input.vanished": N_("{path} is gone."),
    # -- pictures: left out (raised by image/decode.py)
    "picture.vanished": N_("{path} is gone. It was deleted, moved, or its disk was unplugged."),
    "picture.not_a_file": N_("{path} is not a file that can be read as a picture."),
    "picture.unreadable": N_("{path} cannot be opened: {reason}."),
    "picture.empty": N_("{path} is empty (0 bytes). Copy it again from where it came from."),
    "picture.not_a_picture": N_("{path} is not a picture, whatever its name says."),
    "picture.cut_off": N_(
        "{path} is cut off: the end of the picture is missing. Copy it again from where it "
        "came from."
    ),
    "picture.damaged": N_("{path} is damaged. Copy it again from where it came from."),
    "picture.damaged_inside": N_(
        "{path} is damaged inside: part of the picture is missing or wrong. Copy it again from "
        "where it came from."
    ),
    "picture.unsupported": N_(
        "{path} is intact, but stored in a way that is not read here ({format}). Convert it to "
        "PNG or JPEG."
    ),
    "picture.too_large": N_(
        "{path} is too large to open safely. Save it with fewer than {limit} million pixels."
    ),
    "picture.heic": N_(
        "{path} is a HEIC picture, for which a part is missing here. Install it with: "
        'pip install "transfergui[heic]". Or save the picture as JPEG.'
    ),
    "picture.lfs_pointer": N_(
        "{path} is only a Git LFS placeholder, not the picture itself. Fetch the pictures with: "
        "git lfs pull."
    ),
    "picture.white_not_above_black": N_(
        "White ({white}) must be a larger value than black ({black}). Change data.options.white or "
        "data.options.black."
    ),
    # -- pictures: used, but noted
    "picture.wrong_extension": N_("{path} is really a {format} file; it is used all the same."),
    "picture.animated": N_("{path} has {frames} frames; only the first is used."),
    "picture.unusual_mode": N_("{path} is stored as {mode}; it is converted to ordinary colours."),
    "picture.left_over": N_(
        "{path} may be damaged inside: unused bytes follow the last pixel. Look at it; if part of "
        "it is wrong, copy it again from where it came from."
    ),
    "picture.one_colour": N_("{path} shows a single colour; nothing can be learned from it."),
    "picture.blank": N_("{path} shows a single colour; its prediction means nothing."),
    "picture.mixed_depth": N_(
        "{count} of {total} pictures have more than 8 bits per channel (the first: {first}). They "
        "are shown with {black} as black and {white} as white."
    ),
    "picture.outlier": N_(
        "{path} has values from {low} to {high}, far beyond those of all other pictures. Black and "
        "white are chosen without it; look at it, or set data.options.white."
    ),
    "picture.beyond": N_(
        "{path} has values from {low} to {high}; the model was trained with {black} as black and "
        "{white} as white. Values beyond are clipped."
    ),
    "picture.tiny": N_("{path} is only {width} x {height} pixels; little can be seen on it."),
    "picture.extreme_shape": N_(
        "{path} is {width} x {height} pixels: so long and narrow that most of it is cut off or "
        "squeezed."
    ),
}
"""By code."""
