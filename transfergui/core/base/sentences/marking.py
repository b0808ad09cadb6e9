"""The mark of texts that are translated, which gettext looks for."""


def N_(text: str) -> str:  # noqa: N802 - gettext's own name
    """Mark ``text`` for translation and return it unchanged."""
    return text
