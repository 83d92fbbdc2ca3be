"""What lesson 16 (Who is harmed?) claims in figures of its simulations and of the published counts, each measured anew.
A seed stands for another town, another log, another run of the lots; what is counted, not simulated, has one.
Read solutions/16-ethics/ethics.py first, and benchmarks/claims.py for how a claim is held to its bounds."""

from functools import cache

import torch

from benchmarks.claims import claim
from course import data
from course.ethics import (
    at_cut,
    call_log,
    drift_alarm,
    label_together,
    meetup,
    patrol,
    rates,
    say_yes,
    stream,
    strongest_proxy,
    town,
    urn,
    worst_slice,
)

LESSON = "16-ethics"


def odds(group: str) -> float:
    not_again, again = data.compas()[group].sum(dim=1).tolist()
    return again / not_again


@claim(LESSON, says="would *force* 1.63 times the false positive rate", low=1.625, high=1.635, unit="times", fast=True)
def forced_ratio(seed: int) -> float:
    return odds("Black") / odds("White")


@claim(LESSON, says="44.85 to 23.45, is 1.91", low=1.905, high=1.915, unit="times", fast=True)
def observed_ratio(seed: int) -> float:
    found = [rates(at_cut(people, 5))[0] for people in data.compas().values()]
    return float(found[0] / found[1])


def scored_higher(ties: float) -> float:
    """How often whoever was arrested again has the higher score, the mean of the two groups, with ties counted for so
    much."""
    areas = []
    for no, yes in (people.double() for people in data.compas().values()):
        below = no.cumsum(0) - no
        areas.append(float((yes * (below + no * ties)).sum() / (yes.sum() * no.sum())))
    return sum(areas) / 2


@claim(LESSON, says="the higher score in about 64 of 100 cases", low=0.635, high=0.645, unit="share", fast=True)
def strictly_higher(seed: int) -> float:
    return scored_higher(ties=0)


@claim(
    LESSON, says="with such ties counted half it is 69, in both groups", low=0.69, high=0.695, unit="share", fast=True
)
def area_under_the_curve(seed: int) -> float:
    return scored_higher(ties=0.5)


def apart(black: int, white: int) -> torch.Tensor:
    """What lies between the groups at two cuts: share marked, false positive rate, false negative rate, precision; in
    points."""
    tables = torch.stack(
        [at_cut(people, cut) for people, cut in zip(data.compas().values(), (black, white), strict=False)]
    )
    marked = tables[:, 1::2].sum(dim=1) / tables.sum(dim=1)
    measured = torch.cat([marked[:, None], rates(tables)], dim=1)
    return 100 * (measured[0] - measured[1]).abs()


@claim(LESSON, says="at 7 comes within about a point of predictive parity", low=0.5, high=1.5, unit="points", fast=True)
def predictive_parity(seed: int) -> float:
    return float(apart(7, 7)[3])


@claim(
    LESSON,
    says="the other two criteria it misses by 15 points and more",
    low=15,
    high=25,
    unit="points, the least of three at 5 and 7",
    fast=True,
)
def one_cut_misses(seed: int) -> float:
    return float(torch.stack([apart(5, 5), apart(7, 7)])[:, :3].min())


@claim(
    LESSON,
    says="The pair 6 and 4 does well by both of those",
    low=0,
    high=3,
    unit="points, the most of three",
    fast=True,
)
def two_cuts_meet(seed: int) -> float:
    return float(apart(6, 4)[:3].max())


@claim(LESSON, says="to over a thousand people it gives", low=1001, high=1500, unit="people", fast=True)
def another_mark(seed: int) -> float:
    return float(sum(people[:, 3:5].sum() for people in data.compas().values()))


@claim(LESSON, says="IBM's ratio is about 116", low=115, high=117, unit="times", fast=True)
def ratio_of_ibm(seed: int) -> float:
    return 34.7 / 0.3


@claim(LESSON, says="and five in six are for somebody who bought a ticket", low=0.8, high=0.87, unit="share", fast=True)
def alarms_that_are_false(seed: int) -> float:
    false, right = 49_990 / 1000, 9
    return false / (false + right)


@claim(LESSON, says="more than twice and a half the share", low=2.5, high=2.9, unit="times", fast=True)
def congress(seed: int) -> float:
    """Of members of colour against the others, from the rounded shares that were published."""
    return (0.4 * 28 / (0.2 * 535)) / (0.6 * 28 / (0.8 * 535))


@claim(LESSON, says="works for 93 of 100 callers", seeds=10, low=0.92, high=0.94, unit="share", fast=True)
def understood(seed: int) -> float:
    return 1 - float(call_log(seed=seed)[1].mean())


@claim(
    LESSON,
    says="It finds the landline callers of region 3",
    seeds=10,
    low=1,
    high=1,
    pool="min",
    unit="found",
    fast=True,
)
def hidden_group_found(seed: int) -> float:
    return float(worst_slice(*call_log(seed=seed), 40)[0] == {0: 3, 1: 1})


@claim(
    LESSON, says="whom four out of ten times nobody understands", seeds=10, low=0.36, high=0.44, unit="share", fast=True
)
def hidden_group_misheard(seed: int) -> float:
    return worst_slice(*call_log(seed=seed), 40)[1]


@claim(
    LESSON,
    says="And it finds somebody in the harmless log as well",
    seeds=10,
    low=0.09,
    high=0.2,
    pool="min",
    unit="share misheard",
    fast=True,
)
def unluckiest_slice(seed: int) -> float:
    """The worst slice where everybody is misheard 6 times in a hundred."""
    return worst_slice(*call_log(seed=seed, hidden=0.06), 40)[1]


def gap(decided: torch.Tensor, group: torch.Tensor) -> float:
    return 100 * float(decided[group == 0].float().mean() - decided[group == 1].float().mean())


@cache
def gaps(seed: int) -> tuple[float, float, float, float]:
    """The clerk's, and the model's without the group, without the district too, without the newspaper too: points."""
    columns, group, loans = town(seed=seed)
    return tuple(
        gap(decided, group)
        for decided in (
            loans,
            say_yes(columns, loans),
            say_yes(columns[:, 1:], loans),
            say_yes(columns[:, [1, 3, 4]], loans),
        )
    )


@claim(
    LESSON,
    says="About half of the gap is still there",
    seeds=5,
    low=0.45,
    high=0.65,
    unit="share of the clerk's gap",
    fast=False,
)
def gap_that_stays(seed: int) -> float:
    return gaps(seed)[1] / gaps(seed)[0]


@claim(
    LESSON,
    says="and the newspaper takes its place",
    seeds=5,
    low=0.15,
    high=0.5,
    unit="share of the clerk's gap",
    fast=False,
)
def gap_without_the_district(seed: int) -> float:
    return gaps(seed)[2] / gaps(seed)[0]


@claim(LESSON, says="In this town two deletions are enough", seeds=5, low=-3, high=3, unit="points", fast=False)
def gap_without_either(seed: int) -> float:
    return gaps(seed)[3]


@claim(
    LESSON,
    says="*unaware* of it and still not counterfactually fair",
    seeds=5,
    low=0.1,
    high=0.25,
    unit="share who get another answer in the other life",
    fast=False,
)
def another_answer(seed: int) -> float:
    (columns, _, loans), (otherwise, _, _) = town(seed=seed), town(seed=seed, swapped=True)
    return float((say_yes(columns, loans, decide=columns) != say_yes(columns, loans, decide=otherwise)).float().mean())


@claim(
    LESSON,
    says="which alone gives 85 people in 100 away",
    seeds=5,
    low=0.83,
    high=0.87,
    unit="share guessed by the district",
    fast=True,
)
def proxy_share(seed: int) -> float:
    columns, group, _ = town(seed=seed)
    column, share = strongest_proxy(columns, group)
    assert column == 0
    return share


def far(seed: int, corrected: bool) -> float:
    """Whether one of two equal districts ends with more than three quarters of the patrols."""
    last = urn(
        torch.tensor([0.3, 0.3]), torch.tensor([1.0, 1.0]), 1000, torch.Generator().manual_seed(seed), corrected
    )[-1, 0]
    return float(abs(last - 0.5) > 0.25)


@claim(
    LESSON,
    says="Many a town has found *its* dangerous district",
    seeds=60,
    low=0.35,
    high=0.65,
    unit="share of runs beyond three quarters",
    fast=False,
)
def towns_that_go_astray(seed: int) -> float:
    return far(seed, corrected=False)


@claim(
    LESSON,
    says="what is found counts by *how often one looked*",
    seeds=60,
    low=0,
    high=0,
    pool="max",
    unit="share of runs beyond three quarters",
    fast=False,
)
def towns_that_go_astray_when_mended(seed: int) -> float:
    return far(seed, corrected=True)


@claim(LESSON, says="after 400 days four patrols in five go there", low=0.77, high=0.82, unit="share", fast=True)
def fed_back(seed: int) -> float:
    shares = patrol(torch.tensor([0.4, 0.3]), torch.tensor([50.0, 50.0]), 400)[:, 0]
    assert (shares.diff() > 0).all()
    return float(shares[-1])


@claim(LESSON, says="so rooms fill with men", low=0, high=0.01, unit="share of women after 12 rounds", fast=True)
def women_left(seed: int) -> float:
    return float(meetup(12, use_group=True)[-1])


@cache
def rung(seed: int, window: int) -> tuple[bool, int]:
    """Whether a quiet run of 1,000 rings, and how many decisions after the change a changed one does."""
    quiet = drift_alarm(stream(1000, change=None, seed=seed), 0.05, window) is not None
    return quiet, (drift_alarm(stream(3000, seed=seed)[1000 - window :], 0.05, window) or 3000) - window


@claim(
    LESSON,
    says="A short window hears it at once",
    seeds=20,
    low=20,
    high=60,
    unit="decisions late, window 50",
    fast=False,
)
def short_window_is_late(seed: int) -> float:
    return rung(seed, 50)[1]


@claim(
    LESSON,
    says="and hears ghosts as well",
    seeds=20,
    low=0.15,
    high=0.6,
    unit="share of quiet runs that ring, window 50",
    fast=False,
)
def short_window_hears_ghosts(seed: int) -> float:
    return float(rung(seed, 50)[0])


@claim(
    LESSON,
    says="hears it at once, and hears ghosts as well",
    seeds=20,
    low=0,
    high=0.14,
    unit="share of quiet runs that ring, window 400",
    fast=False,
)
def long_window_hears_ghosts(seed: int) -> float:
    return float(rung(seed, 400)[0])


@cache
def labelled(seed: int, misses: float) -> tuple[int, int, int]:
    return label_together(*data.digits(), torch.Generator().manual_seed(seed), misses=misses)


@claim(
    LESSON,
    says="Over nine labels in ten are saved",
    seeds=10,
    low=0.92,
    high=0.98,
    pool="min",
    unit="share of 1,797",
    fast=False,
)
def labels_saved(seed: int) -> float:
    return 1 - labelled(seed, 0.05)[0] / 1797


@claim(
    LESSON,
    says="and the result is *better* than by hand, as long as somebody looks",
    seeds=10,
    low=0,
    high=9,
    pool="max",
    unit="labels wrong, about 18 by hand",
    fast=False,
)
def labels_wrong_with_an_attentive_person(seed: int) -> float:
    return labelled(seed, 0.05)[2]


@claim(
    LESSON,
    says="leaves more errors than one who works alone",
    seeds=10,
    low=20,
    high=60,
    unit="labels wrong, about 18 by hand",
    fast=False,
)
def labels_wrong_with_a_person_who_nods(seed: int) -> float:
    return labelled(seed, 0.5)[2]
