"""Commands that look at data: scan, list, rank, check, label."""

from __future__ import annotations

import argparse

from transfergui.cli import (
    argument_types,
    box_export,
    checking,
    flags,
    labelling,
    listing,
    ranking,
)
from transfergui.cli.flags import Commands
from transfergui.core.base.i18n import _
from transfergui.core.labelling.box_files import HOWS as BOX_HOWS
from transfergui.core.labelling.export import HOWS
from transfergui.core.labelling.shards import WEBDATASET


def add_scan(commands: Commands) -> None:
    command = commands.add_parser("scan", help=_("show classes, counts and problems of a dataset"))
    flags.data(command, needed=False)
    flags.later(command)
    command.add_argument(
        "--export",
        metavar=_("DIR"),
        type=flags.FILE,
        help=_(
            "write the pictures and their boxes or classes, divided into sets, into the new "
            "folder DIR"
        ),
    )
    command.add_argument(
        "--as",
        dest="how",
        choices=(*BOX_HOWS, WEBDATASET),
        default=BOX_HOWS[0],
        help=_(
            "how to write them: boxes as Pascal VOC, COCO or YOLO, classes as tar files of a "
            "WebDataset (default: %(default)s)"
        ),
    )
    flags.as_json(command)
    command.set_defaults(command=box_export.scan, recipe=None, wrong_usage=command.error)


def add_list(commands: Commands) -> None:
    command = commands.add_parser(
        "list", help=_("list the backbones, strategies, export formats or kinds of data")
    )
    command.add_argument("kind", choices=tuple(listing.LISTS))
    flags.as_json(command)
    command.set_defaults(command=listing.show_list)


def add_rank(commands: Commands) -> None:
    command = commands.add_parser(
        "rank", help=_("show how well each backbone on this computer suits a dataset")
    )
    flags.data(command)
    command.add_argument(
        "--sources",
        metavar=_("SOURCE"),
        type=argument_types.network,
        nargs="*",
        help=_(
            "compare the data with other data, with the data of finished runs, and with their "
            "backbones: folders of data or runs, tables, keys of backbones; without any, all runs "
            "and backbones on this computer"
        ),
    )
    flags.as_json(command)
    command.set_defaults(command=ranking.rank, recipe=None)


def add_check(commands: Commands) -> None:
    command = commands.add_parser(
        "check", help=_("look for near duplicates, wrong labels and other faults of a dataset")
    )
    flags.data(command, needed=False)
    flags.later(command)
    flags.backbone(command)
    flags.download(command)
    flags.as_json(command)
    command.set_defaults(command=checking.check, recipe=None, wrong_usage=command.error)


def add_label(commands: Commands) -> None:
    command = commands.add_parser(
        "label",
        help=_("label unsorted data: what to label next, with suggestions; export the labels"),
    )
    command.add_argument(
        "data.path",
        metavar=_("DATA"),
        type=argument_types.absolute,
        help=_("an unsorted folder, a table of texts without labels, a long recording, or a zip"),
    )
    flags.modality(command)
    command.add_argument(
        "--table",
        metavar=_("FILE"),
        type=flags.FILE,
        help=_("where the labels are kept (CSV); by default in TransferGUI's own folder"),
    )
    command.add_argument(
        "--classes",
        metavar=_("NAME[,NAME...]"),
        type=argument_types.columns,
        help=_("add classes; “none of these” is always there"),
    )
    command.add_argument(
        "--give",
        metavar=_("FILE"),
        type=flags.FILE,
        help=_("add the labels of this table (CSV with the columns path and label)"),
    )
    command.add_argument(
        "--suggest",
        metavar="N",
        type=argument_types.checks,
        default=labelling.SHOWN,
        help=_("so many examples to label next (default: {count})").format(count=labelling.SHOWN),
    )
    command.add_argument(
        "--words",
        metavar=_("FOLDER"),
        help=_(
            "suggest from the class names alone until the labels suggest as well: the folder of a "
            "SigLIP, CLIP or CLAP model, or “auto” for one that is on this computer"
        ),
    )
    _export_of_labels(command)
    flags.backbone(command)
    flags.download(command)
    flags.any_setting(command, _("change any setting, as in data.options.text_column=comment"))
    flags.as_json(command)
    command.set_defaults(command=labelling.label, recipe=None)


def _export_of_labels(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--export",
        metavar=_("DIR"),
        type=flags.FILE,
        help=_("write the labels, with a split, into DIR"),
    )
    command.add_argument(
        "--as",
        dest="how",
        choices=HOWS,
        default=HOWS[0],
        help=_(
            "how to export: folders with copies or with links, a CSV table, or JSON lines "
            "(default: %(default)s)"
        ),
    )
