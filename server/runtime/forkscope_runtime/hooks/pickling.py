"""Texts of pickling errors, without running code of the user."""


def error_text(error):
    """Type and first argument: of builtin exceptions only the text, never the result of a user-defined __str__."""
    name = type(error).__name__
    text = error.args[0] if error.args and type(error.args[0]) is str else ""
    return "%s: %s" % (name, text[:200]) if text else name


def is_about_pickling(error):
    """Pickle raises PicklingError, and TypeError or AttributeError with its name in the text."""
    return type(error).__name__ == "PicklingError" or "pickle" in error_text(error)
