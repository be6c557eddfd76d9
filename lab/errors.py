"""The one error the lab raises at its user."""


class LabError(Exception):
    """Something the lab needs is missing or did not start; the text is one clear sentence."""
