"""Words of authors as one line of text that commands neither terminals, nor programs, nor the order of letters.

Sources: Unicode 15, general categories; Unicode Standard Annex 9, 2.1 and 2.2 (directional formatting characters).
"""

from __future__ import annotations

import re
import unicodedata

_BREAKS = re.compile(r"[\t-\r\x1c-\x1f\x85\u2028\u2029 ]+")
_JOINERS = frozenset("\u200c\u200d")
"""Not seen, but Persian and Indic words need them."""
_NEVER = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Controls, format characters (which turn the direction around), halves of surrogate pairs, and what is no character."""


def harmless(text: str) -> str:
    r"""Return a text as one line, in form NFC, without characters that are not seen; spaces that do not break stay.

    Examples
    --------
    >>> harmless("Sign\u202e-in\x00\n  again"), harmless("8\u00a0%") == "8\u00a0%"
    ('Sign-in again', True)
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    seen = "".join(char for char in _BREAKS.sub(" ", text) if char in _JOINERS or not _is_never(char))
    return _BREAKS.sub(" ", unicodedata.normalize("NFC", seen)).strip()


def _is_never(char: str) -> bool:
    return unicodedata.category(char) in _NEVER
