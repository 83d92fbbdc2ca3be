"""The claims of the lessons' prose: each stands in the prose, and the fast ones are measured here; `make claims`
measures all. Read benchmarks/claims.py first."""

import pytest
from shared import LESSONS

from benchmarks.claims import Claim, all_claims, claim, measured, prose, row

CLAIMS = all_claims()


@pytest.mark.parametrize("one", CLAIMS, ids=lambda one: f"{one.lesson}-{one.name}")
def test_a_claim_stands_in_the_prose_of_its_lesson(one: Claim):
    assert " ".join(one.says.split()) in prose(LESSONS[one.lesson])


@pytest.mark.parametrize("one", [one for one in CLAIMS if one.fast], ids=lambda one: f"{one.lesson}-{one.name}")
def test_a_fast_claim_holds(one: Claim):
    done = measured(one)
    assert done.holds, row(done)


def test_a_band_that_nothing_can_miss_is_refused():
    with pytest.raises(ValueError, match="could miss"):
        claim("02-lines", says="anything")
    with pytest.raises(ValueError, match="pool"):
        claim("02-lines", says="anything", low=0, pool="best")


def test_a_claim_that_does_not_hold_says_no_in_its_table():
    done = measured(Claim("02-lines", "half", lambda seed: seed / 2, low=1.0, high=2.0, seeds=2))
    assert not done.holds and "**no**" in row(done) and "0.25" in row(done)
