"""Sentences about pictures."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- modalities
    "input.vanished": N_("{path} is missing."),
    # -- pictures: left out (raised by image/decode.py)
    "picture.vanished": N_(
        "{path} is missing: deleted, moved, or on a disk that is not connected."
    ),
    "picture.not_a_file": N_("{path} is not a file that can be read as a picture."),
    "picture.unreadable": N_("{path} cannot be opened: {reason}."),
    "picture.empty": N_("{path} is empty (0 bytes). Copy it again from the original."),
    "picture.not_a_picture": N_("{path} is not a picture, despite its name."),
    "picture.cut_off": N_(
        "{path} is cut off: the end of the picture is missing. Copy it again from the original."
    ),
    "picture.in_changed_tar": N_(
        "{path} is not where it was in the tar file: the file has changed. Open the data again."
    ),
    "picture.damaged": N_("{path} is damaged. Copy it again from the original."),
    "picture.damaged_inside": N_(
        "{path} is damaged inside: part of the picture is missing or wrong. Copy it again from "
        "the original."
    ),
    "picture.unsupported": N_(
        "{path} is intact, but in a format that cannot be read here ({format}). Convert it to "
        "PNG or JPEG."
    ),
    "picture.too_large": N_(
        "{path} is too large to open safely. Save it with fewer than {limit} million pixels."
    ),
    "picture.heic": N_(
        "{path} is a HEIC picture, which needs a package that is not installed. Install it with: "
        'pip install "transfergui[heic]". Or save the picture as JPEG.'
    ),
    "picture.lfs_pointer": N_(
        "{path} is only a Git LFS pointer, not the picture itself. Download the pictures with: "
        "git lfs pull."
    ),
    "picture.white_not_above_black": N_(
        "The white level ({white}) must be above the black level ({black}). Change “White "
        "level” or “Black level” (data.options.white, data.options.black)."
    ),
    # -- pictures: used, but noted
    "picture.wrong_extension": N_(
        "{path} is in the format {format}, despite its name. The picture is used."
    ),
    "picture.animated": N_("{path} has {frames} frames; only the first is used."),
    "picture.unusual_mode": N_("{path} is stored as {mode} and is converted to RGB."),
    "picture.left_over": N_(
        "{path} may be damaged inside: unused bytes follow the last pixel. Check the picture; if "
        "part of it is wrong, copy it again from the original."
    ),
    "picture.one_colour": N_("{path} shows a single colour, from which nothing can be learned."),
    "picture.blank": N_("{path} shows a single colour, so its prediction is meaningless."),
    "picture.mixed_depth": N_(
        "{count} of {total} pictures have more than 8 bits per channel (the first: {first}). The "
        "value {black} is shown as black and {white} as white."
    ),
    "picture.outlier": N_(
        "{path} has values from {low} to {high}, far outside those of all other pictures. The "
        "black and white levels ignore this picture. Check it, or set “White level” "
        "(data.options.white)."
    ),
    "picture.beyond": N_(
        "{path} has values from {low} to {high}, but the model was trained with black at {black} "
        "and white at {white}. Values outside are clipped."
    ),
    "picture.tiny": N_("{path} has only {width} x {height} pixels, which show little detail."),
    "picture.extreme_shape": N_(
        "{path} has {width} x {height} pixels: most of this long, narrow picture is cut off or "
        "squeezed."
    ),
}
"""By code."""
