"""Small widgets that any page can use: labels, messages, cards, dialogs and empty pages."""
