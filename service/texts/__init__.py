"""What people are told: a catalogue for each language and one renderer for all. Another language is one more file."""

from service.texts.renderer import RENDERER

__all__ = ["fitted", "known", "say", "words"]

fitted, known, say, words = RENDERER.fitted, RENDERER.known, RENDERER.say, RENDERER.words
