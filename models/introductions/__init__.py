"""Introductions that start by themselves: from what somebody just said or stated to whom they should meet.

`Recent` keeps what was said lately, `Proposer` looks from each new remark or profile for somebody who does not know its
author and to whom it speaks: the same rare interest now, a question they can answer, an offer that meets a seek, the
same idea in another channel. Precise rather than many: a pair is proposed only where the past says that such a pair is
likely enough to deal with each other within a week.
"""

from models.introductions.proposing import Proposer
from models.introductions.recent import Recent, remark
from models.introductions.requests import KINDS, Introduction, IntroductionKind, Remark

__all__ = ["KINDS", "Introduction", "IntroductionKind", "Proposer", "Recent", "Remark", "remark"]
