"""Count the words of the embedded corpus, with their stems: masked and doubled letters are read against it.

``python -m training.words`` writes it again after the corpus has changed.
"""

import re
from collections import Counter
from pathlib import Path
from typing import Final

import model.text
from data.embedded import embedded_comments
from model.text.tokens import snowball

LIST: Final = Path(model.text.__file__).with_name("words.tsv")

# a word next to a digit or sign may be half of a disguised one
_WORD: Final = re.compile(r"(?<![\w*#@$€._-])[a-zàâäçèéêëîïôöùûüÿœæ]{3,25}(?![\w*#@$€])", re.IGNORECASE)
_HELD: Final = re.compile(r"(.)\1\1")


def counted_words() -> str:
    """Give the list by the alphabet: lower-case word, count and stem on a line; no held letters."""
    counts: Counter[str] = Counter()
    titles: set[str] = set()
    for comment in embedded_comments():
        counts.update(_words(comment.text))
        titles.update({comment.article_title or "", comment.target or ""})
    for title in sorted(titles):
        counts.update(_words(title))
    kept = [(word, count) for word, count in sorted(counts.items()) if not _HELD.search(word)]
    return "".join(f"{word}\t{count}\t{snowball(word)}\n" for word, count in kept)


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text.replace("’", "'"))]


if __name__ == "__main__":
    LIST.write_text(counted_words(), encoding="utf-8")
