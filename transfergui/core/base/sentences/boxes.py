"""Sentences about boxes in pictures: how they are read, and what is wrong with them."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    "data.boxes_file": N_(
        "{path} belongs to pictures with boxes. Open the folder that contains these pictures and "
        "this file."
    ),
    "boxes.not_boxes": N_(
        "These data have no boxes, so there is nothing to export. Choose “Boxes” under “What is "
        "predicted”."
    ),
    "boxes.folder_in_use": N_(
        "{path} is not an empty folder. Choose a new or an empty one: the pictures and their boxes "
        "are written there together."
    ),
    "data.no_box_drawn": N_(
        "No box is drawn in any of the {noun}, so there is nothing to learn. Draw boxes around "
        "what is to be found, or open data that have some."
    ),
    "data.no_box": N_(
        "“{value}” is not a box, or boxes separated by “; ”. Write the class and the left, top, "
        "right and bottom edge as shares of the picture, for example “cat 0.1 0.2 0.5 0.75”; "
        "“(none)” where nothing is to be found."
    ),
    "boxes.no_detector": N_(
        "This model does not find boxes. Choose a model that was trained on boxes."
    ),
    "data.without_boxes": N_(
        "{count} {noun} have no box. They are used as examples in which nothing is to be found."
    ),
    "data.united_boxes": N_(
        "{path} occurs {count} times with different boxes. One copy is used, with all of these "
        "boxes; of boxes that overlap, the first (classes: {names})."
    ),
    "data.boxes_or_classes": N_(
        "{path} has boxes around objects (format: {kind}), and folders that may be classes. What "
        "should be predicted?"
    ),
    "labelling.no_pictures": N_(
        "No pictures were found in {path}. Boxes can be drawn in pictures only: choose a folder "
        "with pictures."
    ),
    "data.no_boxes_found": N_(
        "No boxes were found in {path}.{more} Boxes are read from the files of Pascal VOC, YOLO, "
        "COCO, LabelMe, CVAT, Label Studio, VIA, Supervisely, Create ML, VoTT and others (the "
        "guide lists them), and from tables with a row for each box, beside the {noun}."
    ),
    "data.boxes_of_pictures": N_(
        "Boxes can be predicted in pictures only, not in {noun}. Choose something else under “What "
        "is predicted”."
    ),
    "data.box_cut": N_(
        "{count} boxes of {path} lie partly outside the picture. They were cut at its edge."
    ),
    "data.box_outside": N_("{count} boxes of {path} lie outside the picture and are left out."),
    "data.box_sizeless": N_("{count} boxes of {path} have no width or no height and are left out."),
    "data.box_repeated": N_("{count} boxes of {path} are there twice. One of each is used."),
    "data.box_nameless": N_("{count} boxes of {path} have no class and are left out."),
    "data.box_unreadable": N_(
        "{count} boxes of {path} have no place that can be read and are left out."
    ),
    "data.box_crowd": N_(
        "{count} boxes of {path} are around a crowd of objects, not a single one, and are left out."
    ),
    "data.box_many": N_(
        "{path} has {count} boxes. The model learns from the first {most} of them only. Cut the "
        "picture into several ones to use all."
    ),
    "data.box_turned": N_(
        "{path} is turned by its orientation (EXIF), and its boxes were turned with it. Check that "
        "they are in the right place."
    ),
    "data.box_resized": N_(
        "The boxes of {path} were drawn when the picture had another size or shape. They were "
        "scaled to its present size. Check that they are in the right place."
    ),
    "data.box_file_broken": N_("The annotation file of {path} cannot be read. {path} is left out."),
    "data.box_without_file": N_(
        "{count} {noun} have no annotation file. They are used as examples in which nothing is to "
        "be found (the first: {path})."
    ),
    "data.box_outlines": N_(
        "{count} objects are outlined by polygons or masks. The boxes around them are used."
    ),
    "data.box_unknown_class": N_(
        "No list of classes names the number {path}, which {count} boxes have. The number stays as "
        "the name of the class. You can rename it."
    ),
    "data.boxes_without_picture": N_(
        "{count} annotation files belong to no picture that is there (the first: {path})."
    ),
    "data.box_numbers": N_(
        "{path} does not say what the four numbers of a box are. Taken for: {how}. Check the boxes "
        "in the pictures; “Numbers of a box” changes it."
    ),
    "data.boxes_doubled": N_(
        "{count} annotation files belong to pictures that have another one, and are not used (the "
        "first: {path}; used is {used}, for example)."
    ),
    "data.boxes_unused": N_(
        "{path} contains boxes too (format: {kind}). It is not used: the boxes come from the files "
        "in the format {used}. “Box format” changes it."
    ),
    "data.box_list_broken": N_(
        "{path} cannot be read (format: {kind}). Its boxes are missing. The file may be cut off, "
        "or not be what its name says."
    ),
    "data.boxes_of_other_pictures": N_(
        "{name} contains boxes (format: {kind}), but {path} has none of the pictures that it names "
        "(the first: {first})."
    ),
    "data.boxes_several": N_(
        "{count} {noun} have different boxes from several files or people (the first: {path}). All "
        "are used; of boxes of one class that overlap by more than half, the first."
    ),
    "data.yolo_in_pixels": N_(
        "The numbers in {path} and other label files are larger than 1. YOLO files give places as "
        "shares of the picture, so boxes are outside it. Divide them by width and height."
    ),
    "data.boxes_of_no_picture": N_(
        "{path} names {count} pictures that are not there (the first: {first})."
    ),
}
ONE: dict[str, str] = {
    "data.without_boxes": N_(
        "One of the {noun} has no box. It is used as an example in which nothing is to be found."
    ),
    "data.box_cut": N_(
        "One box of {path} lies partly outside the picture. It was cut at the edge."
    ),
    "data.box_outside": N_("One box of {path} lies outside the picture and is left out."),
    "data.box_sizeless": N_("One box of {path} has no width or no height and is left out."),
    "data.box_repeated": N_("One box of {path} is there twice. One of them is used."),
    "data.box_nameless": N_("One box of {path} has no class and is left out."),
    "data.box_unreadable": N_("One box of {path} has no place that can be read and is left out."),
    "data.box_crowd": N_(
        "One box of {path} is around a crowd of objects, not a single one, and is left out."
    ),
    "data.box_without_file": N_(
        "One of the {noun} has no annotation file. It is used as an example in which nothing is to "
        "be found: {path}."
    ),
    "data.box_outlines": N_(
        "One object is outlined by a polygon or a mask. The box around it is used."
    ),
    "data.box_unknown_class": N_(
        "No list of classes names the number {path}, which one box has. The number stays as the "
        "name of the class. You can rename it."
    ),
    "data.boxes_without_picture": N_("One annotation file belongs to no picture: {path}."),
    "data.boxes_doubled": N_(
        "One annotation file belongs to a picture that has another one, and is not used: {path} "
        "(used is {used}, for example)."
    ),
    "data.boxes_several": N_(
        "One of the {noun} has different boxes from several files or people: {path}. All are used; "
        "of boxes of one class that overlap by more than half, the first."
    ),
    "data.boxes_of_no_picture": N_("{path} names one picture that is not there: {first}."),
}
"""Worded anew where ``{count}`` is one."""
