"""Text in, comparable text out: normalisation with a way back, words and stems."""

from model.text.emoji import EMOJI
from model.text.mapped import Change, Normalised
from model.text.masking import EMAIL, HANDLE, URL
from model.text.pipeline import normalise
from model.text.tokens import stem, tokens

__all__ = ["EMAIL", "EMOJI", "HANDLE", "URL", "Change", "Normalised", "normalise", "stem", "tokens"]
