"""Figures of questions to everybody: are they answered, and by whom if the loudest fell silent."""

from __future__ import annotations

import numpy as np

from models.health.answering import first_answers
from models.health.history import History
from models.health.newcomers import open_questions
from models.health.threads import ANSWER_GAP
from models.health.voice import loudest
from models.health.windows import Measured, Pointer, Windows, named, share_by_window, shares

OPEN_QUESTIONS = 2  # unanswered in the last window from which on a channel is pointed to


def answered(history: History, windows: Windows) -> Measured:
    """Of the questions of a window, the share that somebody answered within 48 hours.

    A question is a message in a room open to all that ends a sentence with a question mark (or 吗, 呢) and neither
    replies nor mentions. Told once the 48 hours are over. Unit: share of questions, 0 to 1. Higher is better. Source:
    Arguello et al., "Talk to Me: Foundations for Successful Individual-Group Interactions in Online Communities", CHI
    2006. Points to the channels with the most unanswered questions in the last window (how many).
    """
    messages = history.messages
    rows = open_questions(history)
    rows = rows[messages.time[rows] <= windows.as_of - ANSWER_GAP]
    place = windows.of(messages.time[rows])
    hit = history.answers[rows] >= 0
    open_ = (place == windows.count - 1) & ~hit
    amount = np.bincount(messages.channel[rows[open_]], minlength=len(history.channels))
    return Measured(
        *share_by_window(place, hit, windows.count), named("channel", history.channels, amount, OPEN_QUESTIONS)
    )


def answered_without_loudest(history: History, windows: Windows) -> Measured:
    """Of the answered questions of a window, the share still answered if the three loudest had said nothing.

    The three said most in the window; their own questions are left out. Unit: share of questions, 0 to 1. Higher is
    better: the community does not hang on three people. Source: attack tolerance as in Albert, Jeong and Barabási,
    "Error and attack tolerance of complex networks", Nature 406 (2000), applied to answers. Points to the three in the
    last window (the share of these questions that they were the first to answer).
    """
    messages = history.messages
    asking = open_questions(history)
    everybody = history.answers
    hits, counts = np.zeros(windows.count), np.zeros(windows.count, np.int64)
    pointers: tuple[Pointer, ...] = ()
    for at, part in enumerate(windows.slices(messages.time)):
        amount = np.bincount(messages.author[part], minlength=len(history.people.ids))
        loud = np.array(loudest(amount, history.people.ids), np.int64)
        asked = asking[(asking >= part.start) & (asking < part.stop)]
        asked = asked[(everybody[asked] >= 0) & ~np.isin(messages.author[asked], loud)]
        left = first_answers(messages, history.contacts, loud, int(windows.edges[at]), int(windows.edges[at + 1]))
        hits[at], counts[at] = (left[asked] >= 0).sum(), len(asked)
        first = messages.author[everybody[asked]]
        pointers = tuple(
            Pointer("member", history.people.ids[row], float((first == row).mean())) for row in loud if len(first)
        )
    return Measured(shares(hits, counts), counts, tuple(p for p in pointers if p.value > 0))
