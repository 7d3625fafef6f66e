"""The garbage collector rests while much is made."""

from __future__ import annotations

import gc

import pytest

from service.core.garbage import uncollected


def test_the_collector_rests_until_the_last_block_ends() -> None:
    with uncollected():
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled(), "somebody else is not done"
    assert gc.isenabled()


def test_the_collector_goes_on_after_a_fault() -> None:
    with pytest.raises(ValueError), uncollected():
        raise ValueError
    assert gc.isenabled()
