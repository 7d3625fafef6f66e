"""What people are told: a catalogue for each language and one renderer for all. Another language is one more file."""

from service.texts.renderer import RENDERER

__all__ = ["say", "words"]

say, words = RENDERER.say, RENDERER.words
