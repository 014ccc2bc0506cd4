"""The subset of JSON that records need, without importing `json` into the user's program."""

from .compat import PY2, integers, utf8

def _quote(text):
    try:
        simple = text.isascii() and text.isprintable()  # nearly every text matches; loading _json takes a third of a millisecond
    except AttributeError:  # before 3.7
        simple = False
    if simple and '"' not in text and "\\" not in text:
        return '"' + text + '"'
    return _quote_all(text)


def _quote_all(text):
    try:
        from _json import encode_basestring_ascii
    except ImportError:  # an interpreter without the C helper
        encode_basestring_ascii = _escape
    return encode_basestring_ascii(text)


def _escape(text):
    out = []
    for char in text:
        code = ord(char)
        if char in '"\\':
            out.append("\\" + char)
        elif 32 <= code < 127:
            out.append(char)
        elif code > 0xFFFF:
            code -= 0x10000
            out.append("\\u%04x\\u%04x" % (0xD800 | (code >> 10), 0xDC00 | (code & 0x3FF)))
        else:
            out.append("\\u%04x" % code)
    return '"' + "".join(out) + '"'


def encode(value):
    """JSON text of None, bool, int, float, str, list, tuple and dict with str keys; anything else by its type's name."""
    kind = type(value)
    if kind is str:
        return _quote(value if not PY2 else utf8(value))
    if value is None:
        return "null"
    if kind is bool:
        return "true" if value else "false"
    if kind in integers:
        return "%d" % value
    if kind is float:
        return float.__repr__(value) if value == value and abs(value) != float("inf") else "null"
    if kind is list or kind is tuple:
        return "[" + ",".join([encode(item) for item in value]) + "]"
    if kind is dict:
        return "{" + ",".join([encode(key) + ":" + encode(item) for key, item in value.items()]) + "}"
    if isinstance(value, str) and not PY2:  # a subclass: its plain text, not the result of its `__str__`
        return _quote(str.__str__(value))
    if isinstance(value, integers):
        return "%d" % value
    if PY2 and isinstance(value, (str, unicode)):  # noqa: F821
        return _quote(utf8(str.__str__(value) if isinstance(value, str) else value[:]))  # noqa: F821
    return _quote("<%s>" % kind.__name__)
