"""A text as the letters that a reader would say, so that the spellings of one name are the same.

Letters and digits only, after NFKC and casefold, without accents, invisible characters and trademark signs; what stands between
them is a gap. **Soft** gaps join the parts of one name (space, line break, hyphen, underscore, dot, slash, apostrophe, quotes,
asterisk); all others (comma, colon, bracket, full stop of Japanese) are **hard**.

A **border** is where a name may begin or end: at a gap; between a letter and a digit; at the hump of ``checkoutStatus``; and
before each whole character of a script without spaces between words (kanji, kana, hangul, Thai). So a name in such a script
is found anywhere, and a Latin one also beside it, but not inside a longer Latin word or number. Vowel signs, tone marks and
voicing marks belong to the character before them: no border parts them from it.

Source: Unicode Standard Annex 15 (normalization forms) and section 3.13, D145 to D147 (caseless matching).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

NONE, SOFT, HARD = 0, 1, 2

_LOWER, _UPPER, _DIGIT, _UNSPACED, _MARK, _UNSPACED_MARK = range(6)

_SILENT = frozenset("™℠®©\u034f\u115f\u1160\u3164\uffa0\u17b4\u17b5\u180b\u180c\u180d\u180f")
"""What nobody reads aloud, beside the marks and format characters: trademark signs, fillers, selectors."""
_LIKE_PLAIN = str.maketrans({"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ħ": "h", "\u0131": "i", "æ": "ae", "œ": "oe"})
"""Letters that have no decomposition, and that people without that key replace."""
_SOFT = frozenset("./\\'+*`~\"·・‧•„\u201a「」『』")
"""Joins the parts of a name, beside spaces, controls, hyphens, connectors and quotation marks."""
_ACCENTS = ((0x300, 0x36F), (0x483, 0x487), (0x591, 0x5C7), (0x610, 0x61A), (0x64B, 0x65F), (0x670, 0x670),
            (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F), (0xE0100, 0xE01EF))  # fmt: skip
"""Marks that a spelling may lack: accents, points of Hebrew and Arabic, variation selectors. Not the marks of kana and of Thai."""
_SPACELESS = ((0xE00, 0x109F), (0x1100, 0x11FF), (0x1780, 0x17FF), (0x1950, 0x19DF), (0x1A20, 0x1AAF), (0x2190, 0x2BFF),
              (0x2E80, 0xA4CF), (0xA960, 0xA97F), (0xA9E0, 0xA9FF), (0xAA60, 0xAADF), (0xAC00, 0xD7FF), (0xF900, 0xFAFF),
              (0x16FE0, 0x1B2FF), (0x1F000, 0x1FAFF), (0x20000, 0x3FFFF))  # fmt: skip
"""Scripts that put no spaces between words, and pictures."""


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of a text, n of them."""

    letters: str
    at: Sequence[int]
    """For each letter the index in the text of the character that it comes from."""
    gaps: bytes
    """For each letter what stands before it: NONE, SOFT or HARD; HARD for the first."""
    borders: bytes
    """n + 1: for each letter, and for the end, not 0 if a name may begin or end there."""


def read(text: str) -> Letters:
    """Read the letters of a text.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    Letters
        Each of its letters, with the place and with what stands between them.

    Examples
    --------
    >>> read("Isp\u00adÀ, 2号").letters, read("dc-east").gaps.index(SOFT)
    ('ispa2号', 2)
    """
    known = {char: _items(char) for char in set(text)}
    letters: list[str] = []
    at: list[int] = []
    classes = bytearray()
    gaps = bytearray()
    gap = HARD
    for index, char in enumerate(text):
        for letter, code in known[char]:
            if letter:
                letters.append(letter)
                at.append(index)
                classes.append(code)
                gaps.append(gap)
                gap = NONE
            elif code > gap:
                gap = code
    return Letters("".join(letters), at, bytes(gaps), _borders(classes, gaps))


def letters_of(text: str) -> str:
    """Return the letters of a text alone: `read(text).letters`, soon.

    Examples
    --------
    >>> letters_of("Orders-DB_1")
    'ordersdb1'
    """
    return text.lower().translate(_NO_LETTERS) if text.isascii() else "".join(map(_letters_of, text))


_NO_LETTERS = {number: None for number in range(128) if not chr(number).isalnum()}


@lru_cache(maxsize=1 << 16)
def _letters_of(char: str) -> str:
    return "".join(letter for letter, _ in _items(char))


@lru_cache(maxsize=1 << 16)
def _items(char: str) -> tuple[tuple[str, int], ...]:
    """Return what one character is: letters with their classes, gaps as ("", SOFT or HARD), or nothing."""
    if char in _SILENT:
        return ()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold()).translate(_LIKE_PLAIN)
    items = [_item(each) for each in plain if each not in _SILENT and not _is_unseen(each)]
    if char.isupper() and items and items[0][1] == _LOWER:
        items[0] = (items[0][0], _UPPER)
    return tuple(items)


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char) == "Cf" or _is_within(char, _ACCENTS)


def _item(char: str) -> tuple[str, int]:
    category = unicodedata.category(char)
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit), _DIGIT
    if category[0] == "M" or "\u1160" <= char <= "\u11ff":  # the vowels and ends of a syllable of hangul
        return char, _UNSPACED_MARK if _is_within(char, _SPACELESS) else _MARK
    if category[0] in "LN" or (category == "So" and char >= "\u2190"):
        return char, _UNSPACED if _is_within(char, _SPACELESS) else _LOWER if category[0] == "L" else _DIGIT
    return "", SOFT if category[0] == "Z" or category in {"Cc", "Pd", "Pc", "Pi", "Pf"} or char in _SOFT else HARD


def _is_within(char: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    number = ord(char)
    return any(low <= number <= high for low, high in ranges)


def _borders(classes: bytearray, gaps: bytearray) -> bytes:
    size = len(classes)
    borders = bytearray(gaps)
    borders.append(1)
    before = _LOWER
    for index, code in enumerate(classes):
        if code >= _MARK:  # a part of the character before it, which a script may have lost
            before = _UNSPACED if code == _UNSPACED_MARK else _LOWER if gaps[index] else before
            continue
        if not gaps[index]:
            borders[index] = _CUTS[before][code]
            if code == before == _UPPER and index + 1 < size and not gaps[index + 1] and classes[index + 1] == _LOWER:
                borders[index] = 1  # the last capital of HTTPServer begins the next word
        before = code
    return bytes(borders)


_CUTS = (
    # before a letter that is: lower, upper, digit, unspaced
    (0, 1, 1, 1),  # behind a lower one
    (0, 0, 1, 1),  # behind an upper one
    (1, 1, 0, 1),  # behind a digit
    (1, 1, 1, 1),  # behind one of a script without spaces
)
