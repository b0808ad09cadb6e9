"""A trained model as a service on this computer: a page to drop files on, and JSON for programs."""
