"""What people are told: a catalogue for each language and one renderer for all. Another language is one more file."""

from service.texts.renderer import RENDERER

__all__ = ["fitted", "say", "words"]

fitted, say, words = RENDERER.fitted, RENDERER.say, RENDERER.words
