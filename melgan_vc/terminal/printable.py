"""Names of files, folders and tags as text: what a terminal would obey becomes a backslash and letters."""

import re
import unicodedata

_JOINERS = "\u200c\u200d"  # invisible, and part of words and of emoji
_MARKS_OF_MARKDOWN = re.compile(r"[\\`*\[\]<>|&#~$]|(?<![^\W_])_|_(?![^\W_])")  # not the one in female_ru


def printable(text: str) -> str:
    r"""Text on one line, with escapes in place of what acts on a terminal instead of being seen in it.

    These are control characters (line breaks among them), marks that turn the direction of writing, and the bytes of
    a name that is not UTF-8.

    >>> printable("song\x1b[31m.wav")
    'song\\x1b[31m.wav'
    >>> printable("naïve [live] 你好.wav")
    'naïve [live] 你好.wav'
    """
    return text if text.isprintable() else "".join(map(_shown, text))


def printable_lines(text: str) -> str:
    r"""The same of text whose line breaks are meant.

    >>> printable_lines("one\ntwo\r")
    'one\ntwo\\r'
    """
    return "\n".join(map(printable, text.split("\n")))


def printable_markdown(text: str) -> str:
    r"""A name as it is to be read on a page of Markdown: nothing in it is a link, a tag, a heading or a column.

    >>> print(printable_markdown("[a](b) | <c> female_ru"))
    \[a\](b) \| \<c\> female_ru
    """
    return _MARKS_OF_MARKDOWN.sub(r"\\\g<0>", printable(text))


def _shown(character: str) -> str:
    acts = unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") and character not in _JOINERS
    return character.encode("unicode_escape").decode("ascii") if acts else character
