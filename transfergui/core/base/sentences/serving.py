"""Sentences about a model that is served, and what is wrong with requests."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- starting
    "serve.needs_token": N_(
        "Other computers can reach {host}, so a token is required (command line: `--token "
        "generate`)."
    ),
    "serve.short_token": N_(
        "The token must have at least {count} characters: letters, digits and signs of ASCII "
        "without spaces (command line: `--token generate` makes one)."
    ),
    "serve.port_taken": N_(
        "Port {port} is in use by another program or not allowed. Choose another port (command "
        "line: `--port 0` takes any that is free)."
    ),
    "serve.no_address": N_("The model cannot be served at {host}: {reason}."),
    "serve.not_encrypted": N_(
        "Other computers can reach this address. Files and the token are not encrypted on their "
        "way: use this only among computers that you trust."
    ),
    # -- requests
    "serve.bad_request": N_("The request cannot be understood: {reason}."),
    "serve.wrong_host": N_(
        "The request was meant for “{host}”. Open the address that TransferGUI shows."
    ),
    "serve.other_origin": N_("Requests from pages of other addresses are refused ({origin})."),
    "serve.wrong_token": N_(
        "The token is missing or wrong. Send it as the header “Authorization: Bearer TOKEN”."
    ),
    "serve.not_found": N_("There is nothing at this address. Use /, /model or /predict."),
    "serve.wrong_method": N_("Use {method} for {path}."),
    "serve.no_length": N_("The request does not say how long it is (header Content-Length)."),
    "serve.too_large": N_("The request is larger than {size} MB."),
    "serve.too_many_files": N_("The request has more than {count} files. Send them in several."),
    "serve.too_many_examples": N_(
        "The files contain more than {count} examples. Send them in several requests, or use "
        "`transfergui predict`."
    ),
    "serve.unknown_kind": N_("The file cannot be predicted: {reason}."),
    "serve.head_too_large": N_("The headers of the request are larger than {size} kB."),
    "serve.too_slow": N_("The request did not arrive in time."),
    "serve.too_late": N_("There was no prediction within {seconds} seconds. Try again later."),
    "serve.busy": N_("{count} requests are already waiting. Try again later."),
    "serve.stopping": N_("The model is not being served any more."),
    "serve.no_room": N_("The request could not be stored: {reason}."),
    "serve.bug": N_("There is a bug in TransferGUI: this request could not be answered."),
}
"""By code."""
