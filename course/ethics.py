"""Who is harmed, counted: error rates by group, thresholds, proxies, slices that fail, loops that feed themselves, an
alarm. Lesson 16 (solutions/16-ethics) builds the first seven functions as exercises; the rest makes the towns and
streams that it looks at.
Read course/data.py's `compas` first: the counts come from there."""

from __future__ import annotations

import itertools

import torch
from torch import Generator, Tensor

HIGH = 5  # from this score on ProPublica, and the firm's own bands, say more than 'low'


def rates(table: Tensor) -> Tensor:
    """False positive rate, false negative rate and precision of each row of four counts.

    table: (..., 4), counts of people: low and not arrested again, high and not, low and arrested again, high and
    arrested again. Returns (..., 3), each in [0, 1]; NaN where a rate is of nobody.
    """
    low_not, high_not, low_did, high_did = table.unbind(dim=-1)
    return torch.stack(
        [high_not / (high_not + low_not), low_did / (low_did + high_did), high_did / (high_did + high_not)], dim=-1
    )


def at_cut(counts: Tensor, cut: int) -> Tensor:
    """The four counts when a score of `cut` or more is called high.

    counts: (..., 2, scores), people by outcome (0 not arrested again, 1 arrested again) and by score, 1 first. cut: 1
    (everybody is high) to scores + 1 (nobody).
    Returns (..., 4), in the order that `rates` reads. Raises ValueError for a cut outside that.
    """
    if not 1 <= cut <= counts.shape[-1] + 1:
        raise ValueError(f"cut is {cut}; it must be from 1 to {counts.shape[-1] + 1}")
    low, high = counts[..., : cut - 1].sum(dim=-1), counts[..., cut - 1 :].sum(dim=-1)
    return torch.stack([low[..., 0], high[..., 0], low[..., 1], high[..., 1]], dim=-1)


def equal_false_positives(counts: Tensor, wanted: float) -> tuple[int, float]:
    """The cut at which a group's false positive rate lies nearest to `wanted`, and the precision there.

    counts: (2, scores), as in `at_cut`. Cuts from 1 to scores; of two that are equally near, the higher, which calls
    fewer people high.
    """
    found = [(cut, rates(at_cut(counts, cut))) for cut in range(counts.shape[-1], 0, -1)]
    cut, there = min(found, key=lambda one: abs(float(one[1][0]) - wanted))
    return cut, float(there[2])


def implied_false_positive_rate(base: float, precision: float, false_negative_rate: float) -> float:
    """The false positive rate that a base rate, a precision and a false negative rate leave no choice about
    (Chouldechova 2017)."""
    return base / (1 - base) * (1 - precision) / precision * (1 - false_negative_rate)


def strongest_proxy(columns: Tensor, group: Tensor) -> tuple[int, float]:
    """The column from which a group can be guessed best, and the share of rows guessed right by it.

    columns: (n, k), whole numbers from 0, the codes of k columns. group: (n,), whole numbers from 0.
    The guess for a row is the group that is most frequent among the rows with the same code in that column.
    """
    shares = []
    for column in columns.T:
        table = torch.zeros(int(column.max()) + 1, int(group.max()) + 1, device=columns.device)
        table.index_put_((column, group), torch.ones(len(group), device=columns.device), accumulate=True)
        shares.append(float(table.max(dim=1).values.sum()) / len(group))
    best = max(range(len(shares)), key=shares.__getitem__)
    return best, shares[best]


def worst_slice(columns: Tensor, losses: Tensor, smallest: int) -> tuple[dict[int, int], float]:
    """The slice with the highest mean loss, of all that one column's value, or two columns' values together, cut out.

    columns: (n, k), codes from 0. losses: (n,), what each row costs. smallest: slices of fewer rows are left out.
    Returns the slice as {column: code, ...} and its mean loss; ({}, mean of all) where no slice is large enough.
    """
    worst, highest = {}, -float("inf")
    for many in (1, 2):
        for chosen in itertools.combinations(range(columns.shape[1]), many):
            for codes in columns[:, list(chosen)].unique(dim=0):
                rows = (columns[:, list(chosen)] == codes).all(dim=1)
                if rows.sum() >= smallest and float(losses[rows].mean()) > highest:
                    worst, highest = dict(zip(chosen, codes.tolist(), strict=False)), float(losses[rows].mean())
    return (worst, highest) if worst else ({}, float(losses.mean()))


def patrol(rates: Tensor, records: Tensor, days: int, visits: float = 100.0, corrected: bool = False) -> Tensor:
    """Where the patrols go, when they are sent where the records are and the records come from patrols; on average,
    without chance.

    rates: (k,), what one visit finds in each district. records: (k,), what the books hold at the start. visits: how
    many a day in all. corrected: write down what an even share of the visits would have found (Ensign and others 2018).
    Returns (days + 1,
    k), the share of the visits of each district.
    """
    shares = [records / records.sum()]
    for _ in range(days):
        sent = torch.full_like(shares[-1], 1 / len(rates)) if corrected else shares[-1]
        records = records + visits * sent * rates
        shares.append(records / records.sum())
    return torch.stack(shares)


def drift_alarm(mistakes: Tensor, expected: float, window: int, width: float = 3.0) -> int | None:
    """After how many decisions an alarm first rings, or None: the share of mistakes among the last `window` is above
    its limit.

    mistakes: (n,), 1 for a decision that was wrong and 0 for one that was right, in order. expected: the share that was
    promised, in (0, 1). The limit is `width` standard errors of such a share above it (Shewhart's chart of 1924,
    one-sided). Nothing rings before `window` decisions.
    """
    limit = expected + width * (expected * (1 - expected) / window) ** 0.5
    for count in range(window, len(mistakes) + 1):
        if float(mistakes[count - window : count].double().mean()) > limit:
            return count
    return None


def urn(rates: Tensor, records: Tensor, days: int, generator: Generator, corrected: bool = False) -> Tensor:
    """`patrol` with chance in it, one visit a day: the district is drawn by its share of the records, and the visit
    finds something or not.

    rates, records: (k,). Returns (days + 1, k), shares. A Pólya urn (Lum and Isaac 2016; Ensign and others 2018).
    """
    records, shares = records.clone().double(), []
    draws = torch.rand(days, 2, generator=generator, dtype=torch.float64)
    for place, luck in draws:
        share = records / records.sum()
        shares.append(share)
        where = min(int((share.cumsum(0) < place).sum()), len(rates) - 1)
        if luck < rates[where]:
            # What `patrol` divides by, times a number that keeps one find from ever counting more than once: rare
            # visits would shake the books.
            records[where] += float(share.min() / share[where]) if corrected else 1.0
    return torch.stack([*shares, records / records.sum()])


def meetup(rounds: int, use_group: bool, women: float = 0.4) -> Tensor:
    """The share of women in the room of an imagined programmers' meetup, round after round, (rounds + 1,): averages,
    without chance.

    Women and men are equally many and equally interested. Somebody who is invited goes more readily the more of the
    room is like them. use_group: invite in proportion to who came so far; else both alike. women: their share of the
    first room.
    """
    came, shares = torch.tensor([women, 1 - women], dtype=torch.float64), [women]
    for _ in range(rounds):
        room = came / came.sum()
        invited = room if use_group else torch.tensor([0.5, 0.5], dtype=torch.float64)
        came = invited * (0.2 + 0.6 * room)
        shares.append(float(came[0] / came.sum()))
    return torch.tensor(shares)


TOWN = ("district", "income band", "newspaper", "shoe size", "years in the job")


def town(n: int = 4000, seed: int = 0, swapped: bool = False) -> tuple[Tensor, Tensor, Tensor]:
    """An invented town: columns (n, 5) as TOWN names them, group (n,) 0 or 1, and who got a loan, (n,) 0 or 1.

    The two groups have the same incomes, and live apart. Past loans hung on income, and a clerk said no to group 1 more
    often. swapped: the same people with the same luck, each born into the other group, with what follows from that
    (Kusner and others 2017).
    """
    generator = Generator().manual_seed(seed)
    draws = torch.rand(n, 8, generator=generator, dtype=torch.float64)
    group = ((draws[:, 0] < 0.4) ^ swapped).long()
    apart = draws[:, 1] < 0.85  # lives in its own half of the town
    half = torch.where(apart, group, 1 - group)
    income = (draws[:, 3] * 5).long()
    newspaper = torch.where(draws[:, 4] < 0.35, group, (draws[:, 5] * 3).long())
    columns = torch.stack(
        [
            4 * half + (draws[:, 2] * 4).long(),
            income,
            newspaper,
            (draws[:, 5] * 997 % 1 * 8).long(),
            (draws[:, 6] * 6).long(),
        ],
        dim=1,
    )
    loan = draws[:, 7] < torch.sigmoid(1.6 * (income - 1.6) - 1.8 * group)
    return columns, group, loan.long()


def say_yes(
    columns: Tensor, loans: Tensor, steps: int = 400, rate: float = 2.0, decide: Tensor | None = None
) -> Tensor:
    """Learn from past loans who gets one, by logistic regression on one-hot columns, and decide for the same people:
    (n,) 0 or 1.

    columns: (n, k) codes from 0. loans: (n,) 0 or 1. As many people get a yes as before, those with the highest scores.
    decide: (m, k), decide for these rows in their place, with a yes for all who reach the lowest score that got one.
    Returns (m,) then.
    """

    def encoded(rows: Tensor) -> Tensor:
        sizes = (columns.max(dim=0).values + 1).tolist()
        return torch.cat(
            [torch.nn.functional.one_hot(column, size).double() for column, size in zip(rows.T, sizes, strict=False)],
            dim=1,
        )

    x = encoded(columns)
    weights = torch.zeros(x.shape[1], dtype=torch.float64)
    for _ in range(steps):
        weights -= rate * x.T @ (torch.sigmoid(x @ weights) - loans) / len(x)
    decided = torch.zeros_like(loans)
    decided[(x @ weights).argsort(descending=True, stable=True)[: int(loans.sum())]] = 1
    if decide is not None:
        lowest = (x @ weights)[decided == 1].min()
        return (encoded(decide) @ weights >= lowest - 1e-9).long()  # equal rows may differ in the last digit
    return decided


CALLS = ("region", "line", "age band", "hour of the day")


def call_log(n: int = 4000, seed: int = 0, hidden: float = 0.4) -> tuple[Tensor, Tensor]:
    """An invented log of a speech recogniser: columns (n, 4) as CALLS names them, and (n,) 1. where it misheard.

    It mishears 6 % of all callers, and the share `hidden` of those of region 3 who call by landline (line 1), of whom
    there are few.
    """
    draws = torch.rand(n, 5, generator=Generator().manual_seed(seed), dtype=torch.float64)
    region, age, hour = (draws[:, 0] * 5).long(), (draws[:, 2] * 4).long(), (draws[:, 3] * 6).long()
    line = torch.where(draws[:, 1] < torch.where(region == 3, 0.15, 0.4), 1, torch.where(draws[:, 1] < 0.7, 0, 2))
    share = torch.where((region == 3) & (line == 1), hidden, 0.06)
    return torch.stack([region, line, age, hour], dim=1), (draws[:, 4] < share).float()


def stream(
    n: int = 2000, before: float = 0.05, after: float = 0.15, change: int | None = 1000, seed: int = 0
) -> Tensor:
    """Mistakes of a system in use, (n,) 0. or 1.: a share `before` of the decisions, and from `change` on the share
    `after`."""
    share = torch.full((n,), before, dtype=torch.float64)
    if change is not None:
        share[change:] = after
    return (torch.rand(n, generator=Generator().manual_seed(seed), dtype=torch.float64) < share).float()


def label_together(
    images: Tensor,
    labels: Tensor,
    generator: Generator,
    begin: int = 50,
    page: int = 60,
    misses: float = 0.05,
    slips: float = 0.01,
) -> tuple[int, int, int]:
    """Label images with a machine that proposes and a person who corrects: labels typed, pages looked through, labels
    wrong at the end.

    images: (n, ...), labels: (n,), the truth, which only the simulated person knows. The person types the first
    `begin`. Then, page after page, the machine (nearest neighbour) proposes labels for those it is surest of; the
    person overlooks a wrong one with chance `misses` and types the others anew; a typed label is wrong with chance
    `slips`.
    """
    n, distances = len(images), torch.cdist(images.flatten(1), images.flatten(1))
    classes = int(labels.max()) + 1
    chance = torch.rand(2, n, generator=generator)
    shift = 1 + (torch.rand(n, generator=generator) * (classes - 1)).long()
    typed_as = torch.where(chance[0] < slips, (labels + shift) % classes, labels)
    given = torch.full((n,), -1)
    first = torch.randperm(n, generator=generator)[:begin]
    given[first] = typed_as[first]
    typed, pages = begin, 0
    while (given < 0).any():
        known, left = (given >= 0).nonzero().flatten(), (given < 0).nonzero().flatten()
        far = torch.full((len(left), classes), float("inf"))
        far = far.scatter_reduce(1, given[known].expand(len(left), -1), distances[left][:, known], "amin")
        nearest = far.sort(dim=1)
        surest = (nearest.values[:, 1] - nearest.values[:, 0]).argsort(descending=True, stable=True)[:page]
        rows, proposed = left[surest], nearest.indices[surest, 0]
        corrected = (proposed != labels[rows]) & (chance[1, rows] >= misses)
        given[rows] = torch.where(corrected, typed_as[rows], proposed)
        typed, pages = typed + int(corrected.sum()), pages + 1
    return typed, pages, int((given != labels).sum())
