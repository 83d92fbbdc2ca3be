# Answers of learners for lesson 15-privacy, thought up blind.

# %% wrong="advantage" really="counts in place of shares: the numbers called are subtracted, and the difference divided by the number of members"
@exercise
def advantage(members: Tensor, others: Tensor) -> Tensor:
    t = torch.cat([members, others])
    called = (members <= t[:, None]).sum(dim=1)
    mistaken = (others <= t[:, None]).sum(dim=1)
    return (called - mistaken).max() / len(members)

# %% wrong="advantage" really="the distance of the two shares: a threshold at which more others than members are called counts as well"
@exercise
def advantage(members: Tensor, others: Tensor) -> Tensor:
    t = torch.cat([members, others])
    return ((members <= t[:, None]).float().mean(dim=1) - (others <= t[:, None]).float().mean(dim=1)).abs().max()

# %% wrong="advantage" really="the wrong way round: rows with a loss of t or more are called"
@exercise
def advantage(members: Tensor, others: Tensor) -> Tensor:
    t = torch.cat([members, others])
    return ((members >= t[:, None]).float().mean(dim=1) - (others >= t[:, None]).float().mean(dim=1)).max()

# %% wrong="advantage" really="only the losses of others are tried as thresholds, those of members are left out"
@exercise
def advantage(members: Tensor, others: Tensor) -> Tensor:
    best = 0.0
    for t in others:
        best = max(best, ((members <= t).float().mean() - (others <= t).float().mean()).item())
    return best

# %% wrong="advantage" really="ties: a row whose loss is the threshold is called among the members, but not among the others"
@exercise
def advantage(members: Tensor, others: Tensor) -> Tensor:
    t = torch.cat([members, others])
    hit = (members <= t[:, None]).float().mean(dim=1)
    mistaken = (others < t[:, None]).float().mean(dim=1)
    return (hit - mistaken).max()

# %% wrong="advantage" really="walks through the sorted rows one by one and looks after each, so that rows with the same loss are called one at a time, members first"
@exercise
def advantage(members: Tensor, others: Tensor) -> Tensor:
    labelled = [(float(x), 0) for x in members] + [(float(x), 1) for x in others]
    labelled.sort()
    hit = mistaken = best = 0.0
    for _, who in labelled:
        if who == 0:
            hit += 1 / len(members)
        else:
            mistaken += 1 / len(others)
        best = max(best, hit - mistaken)
    return best

# %% wrong="advantage" really="the best threshold itself is returned, not what it wins"
@exercise
def advantage(members: Tensor, others: Tensor) -> Tensor:
    t = torch.cat([members, others])
    gain = (members <= t[:, None]).float().mean(dim=1) - (others <= t[:, None]).float().mean(dim=1)
    return t[gain.argmax()]

# %% wrong="advantage" really="a hundred thresholds at equal steps between the smallest and the largest loss, so the best is missed"
@exercise
def advantage(members: Tensor, others: Tensor) -> Tensor:
    low = min(members.min(), others.min())
    high = max(members.max(), others.max())
    t = torch.linspace(float(low), float(high), 100, dtype=members.dtype)
    return ((members <= t[:, None]).double().mean(dim=1) - (others <= t[:, None]).double().mean(dim=1)).max()

# %% wrong="advantage" really="one threshold only, the median of the losses of members"
@exercise
def advantage(members: Tensor, others: Tensor) -> Tensor:
    t = members.median()
    return (members <= t).float().mean() - (others <= t).float().mean()

# %% wrong="advantage" really="the largest share of members and the smallest share of others are taken at different thresholds"
@exercise
def advantage(members: Tensor, others: Tensor) -> Tensor:
    t = torch.cat([members, others])
    hit = (members <= t[:, None]).float().mean(dim=1)
    mistaken = (others <= t[:, None]).float().mean(dim=1)
    return hit.max() - mistaken.min()

# %% wrong="advantage" really="the mean runs along the thresholds (dim 0) and not along the rows: a number for each row, of lots of different length"
@exercise
def advantage(members: Tensor, others: Tensor) -> Tensor:
    t = torch.cat([members, others])
    return ((members <= t[:, None]).float().mean(dim=0) - (others <= t[:, None]).float().mean(dim=0)).max()

# %% wrong="advantage" really="the losses of the members and of the others are sorted in place, so the arguments come back changed"
@exercise
def advantage(members: Tensor, others: Tensor) -> Tensor:
    members.copy_(members.sort().values)
    others.copy_(others.sort().values)
    t = torch.cat([members, others])
    return ((members <= t[:, None]).float().mean(dim=1) - (others <= t[:, None]).float().mean(dim=1)).max()

# %% wrong="advantage" really="stops at the first threshold that wins less than the one before: a local best"
@exercise
def advantage(members: Tensor, others: Tensor) -> Tensor:
    best = 0.0
    for t in torch.cat([members, others]).sort().values:
        now = float((members <= t).float().mean() - (others <= t).float().mean())
        if now < best:
            break
        best = now
    return best

# %% wrong="advantage" really="rounded to two places"
@exercise
def advantage(members: Tensor, others: Tensor) -> Tensor:
    t = torch.cat([members, others])
    gain = (members <= t[:, None]).float().mean(dim=1) - (others <= t[:, None]).float().mean(dim=1)
    return round(float(gain.max()), 2)

# %% right="advantage" style="a loop over plain numbers, with counts"
@exercise
def advantage(members: Tensor, others: Tensor) -> Tensor:
    ours, theirs = members.tolist(), others.tolist()
    best = 0.0
    for t in ours + theirs:
        hit = sum(1 for x in ours if x <= t) / len(ours)
        slip = sum(1 for x in theirs if x <= t) / len(theirs)
        if hit - slip > best:
            best = hit - slip
    return best

# %% right="advantage" style="sorted, and places found by bisection"
@exercise
def advantage(members: Tensor, others: Tensor) -> Tensor:
    t = torch.unique(torch.cat([members, others]))
    hit = torch.searchsorted(members.sort().values, t, right=True).double() / len(members)
    slip = torch.searchsorted(others.sort().values, t, right=True).double() / len(others)
    return (hit - slip).max()

# %% right="advantage" style="strictly less: at the next loss this calls the same rows as at-most at the one before, and nobody at the smallest, so the maximum is the same"
@exercise
def advantage(members: Tensor, others: Tensor) -> Tensor:
    t = torch.cat([members, others])
    gain = (members < t[:, None]).float().mean(dim=1) - (others < t[:, None]).float().mean(dim=1)
    return gain.max()

# %% right="advantage" style="only losses of members as thresholds: between two of them a larger t calls others only"
@exercise
def advantage(members: Tensor, others: Tensor) -> Tensor:
    gains = [(members <= t).double().mean() - (others <= t).double().mean() for t in members]
    return torch.stack(gains).max()

# %% right="advantage" style="one cumulated sum over all rows, sorted, looked at where the loss changes"
@exercise
def advantage(members: Tensor, others: Tensor) -> Tensor:
    both = torch.cat([members, others])
    step = torch.cat([torch.full((len(members),), 1 / len(members), dtype=torch.float64),
                      torch.full((len(others),), -1 / len(others), dtype=torch.float64)])
    order = both.argsort()
    sums = step[order].cumsum(dim=0)
    values = both[order]
    last = torch.ones(len(values), dtype=torch.bool)
    last[:-1] = values[1:] != values[:-1]
    return sums[last].max().clamp(min=0)

# %% right="advantage" style="numpy"
import numpy as np

@exercise
def advantage(members: Tensor, others: Tensor) -> Tensor:
    ours, theirs = np.sort(members.detach().numpy()), np.sort(others.detach().numpy())
    points = np.concatenate([ours, theirs])
    gain = np.searchsorted(ours, points, side="right") / ours.size - np.searchsorted(theirs, points, side="right") / theirs.size
    return float(gain.max())

# %% wrong="caught_at" really="exactly the allowed share is refused: less than most in place of at most"
@exercise
def caught_at(members: Tensor, others: Tensor, most: float) -> Tensor:
    t = torch.cat([members, others])
    hit = (members <= t[:, None]).float().mean(dim=1)
    slip = (others <= t[:, None]).float().mean(dim=1)
    allowed = hit[slip < most]
    return allowed.max() if len(allowed) else 0.0

# %% wrong="caught_at" really="where no threshold is allowed, max of nothing stops with an error"
@exercise
def caught_at(members: Tensor, others: Tensor, most: float) -> Tensor:
    t = torch.cat([members, others])
    hit = (members <= t[:, None]).float().mean(dim=1)
    slip = (others <= t[:, None]).float().mean(dim=1)
    return hit[slip <= most].max()

# %% wrong="caught_at" really="only losses of others are tried, so members below the smallest of them are never caught when nobody may be called"
@exercise
def caught_at(members: Tensor, others: Tensor, most: float) -> Tensor:
    best = 0.0
    for t in others:
        if (others <= t).float().mean() <= most:
            best = max(best, float((members <= t).float().mean()))
    return best

# %% wrong="caught_at" really="the threshold is an interpolated quantile of the others, which calls too few, or more than are allowed"
@exercise
def caught_at(members: Tensor, others: Tensor, most: float) -> Tensor:
    t = torch.quantile(others, most)
    return (members <= t).float().mean()

# %% wrong="caught_at" really="what is won, members less others, and not the share of members"
@exercise
def caught_at(members: Tensor, others: Tensor, most: float) -> Tensor:
    t = torch.cat([members, others])
    hit = (members <= t[:, None]).float().mean(dim=1)
    slip = (others <= t[:, None]).float().mean(dim=1)
    gain = (hit - slip)[slip <= most]
    return gain.max() if len(gain) else tensor(0.0)

# %% wrong="caught_at" really="the others among all who are called are limited, not the share of others that is called"
@exercise
def caught_at(members: Tensor, others: Tensor, most: float) -> Tensor:
    best = 0.0
    for t in torch.cat([members, others]):
        hit, slip = (members <= t).sum(), (others <= t).sum()
        if slip / (hit + slip) <= most:
            best = max(best, float(hit) / len(members))
    return best

# %% wrong="caught_at" really="0 whenever no mistake is allowed, though members below every other could be caught"
@exercise
def caught_at(members: Tensor, others: Tensor, most: float) -> Tensor:
    if most == 0:
        return tensor(0.0)
    t = torch.cat([members, others])
    hit = (members <= t[:, None]).float().mean(dim=1)
    slip = (others <= t[:, None]).float().mean(dim=1)
    allowed = hit[slip <= most]
    return allowed.max() if len(allowed) else tensor(0.0)

# %% wrong="caught_at" really="the limit is compared with a number of others, not with their share"
@exercise
def caught_at(members: Tensor, others: Tensor, most: float) -> Tensor:
    t = torch.cat([members, others])
    hit = (members <= t[:, None]).float().mean(dim=1)
    slip = (others <= t[:, None]).sum(dim=1)
    allowed = hit[slip <= most]
    return allowed.max() if len(allowed) else 0.0

# %% wrong="caught_at" really="the others are called by strictly less, so that a tie with an outsider is not counted as a mistake"
@exercise
def caught_at(members: Tensor, others: Tensor, most: float) -> Tensor:
    t = torch.cat([members, others])
    hit = (members <= t[:, None]).float().mean(dim=1)
    slip = (others < t[:, None]).float().mean(dim=1)
    allowed = hit[slip <= most]
    return allowed.max() if len(allowed) else 0.0

# %% wrong="caught_at" really="the share of others at the best threshold is returned, not that of members"
@exercise
def caught_at(members: Tensor, others: Tensor, most: float) -> Tensor:
    t = torch.cat([members, others])
    hit = (members <= t[:, None]).float().mean(dim=1)
    slip = (others <= t[:, None]).float().mean(dim=1)
    slip = slip[slip <= most]
    return slip.max() if len(slip) else 0.0

# %% wrong="caught_at" really="the threshold is the loss of the last outsider who may be called: members between that and the next outsider are missed"
@exercise
def caught_at(members: Tensor, others: Tensor, most: float) -> Tensor:
    k = int(most * len(others) + 1e-9)
    if k == 0:
        return (members < others.min()).double().mean()
    t = others.sort().values[k - 1]
    return (members <= t).double().mean()

# %% wrong="caught_at" really="the shares are divided by the number of members in both lots"
@exercise
def caught_at(members: Tensor, others: Tensor, most: float) -> Tensor:
    t = torch.cat([members, others])
    hit = (members <= t[:, None]).sum(dim=1) / len(members)
    slip = (others <= t[:, None]).sum(dim=1) / len(members)
    allowed = hit[slip <= most]
    return allowed.max() if len(allowed) else 0.0

# %% wrong="caught_at" really="not a number where no threshold is allowed, in place of 0"
@exercise
def caught_at(members: Tensor, others: Tensor, most: float) -> Tensor:
    t = torch.cat([members, others])
    hit = (members <= t[:, None]).float().mean(dim=1)
    slip = (others <= t[:, None]).float().mean(dim=1)
    return torch.where(slip <= most, hit, torch.nan).nan_to_num(nan=-1.0).max() if bool((slip <= most).any()) else tensor(float("nan"))

# %% wrong="caught_at" really="the threshold with the best advantage is searched first, and only then asked whether it is allowed"
@exercise
def caught_at(members: Tensor, others: Tensor, most: float) -> Tensor:
    t = torch.cat([members, others])
    hit = (members <= t[:, None]).float().mean(dim=1)
    slip = (others <= t[:, None]).float().mean(dim=1)
    place = (hit - slip).argmax()
    return hit[place] if slip[place] <= most else tensor(0.0)

# %% wrong="caught_at" really="most is read as a percentage"
@exercise
def caught_at(members: Tensor, others: Tensor, most: float) -> Tensor:
    t = torch.cat([members, others])
    hit = (members <= t[:, None]).float().mean(dim=1)
    slip = (others <= t[:, None]).float().mean(dim=1)
    allowed = hit[100 * slip <= most]
    return allowed.max() if len(allowed) else 0.0

# %% right="caught_at" style="products with a flag: what is not allowed counts 0"
@exercise
def caught_at(members: Tensor, others: Tensor, most: float) -> Tensor:
    t = torch.cat([members, others])
    hit = (members <= t[:, None]).double().mean(dim=1)
    slip = (others <= t[:, None]).double().mean(dim=1)
    return (hit * (slip <= most)).max()

# %% right="caught_at" style="plain loops, shares by division"
@exercise
def caught_at(members: Tensor, others: Tensor, most: float) -> Tensor:
    ours, theirs = members.tolist(), others.tolist()
    caught = 0.0
    for t in ours:
        if sum(x <= t for x in theirs) / len(theirs) <= most:
            caught = max(caught, sum(x <= t for x in ours) / len(ours))
    return caught

# %% right="caught_at" style="strictly below the first outsider that is too many"
@exercise
def caught_at(members: Tensor, others: Tensor, most: float) -> Tensor:
    ranked = others.sort().values
    may = 0
    while may < len(ranked) and (may + 1) / len(ranked) <= most:
        may += 1
    if may == len(ranked):
        return 1.0
    return (members < ranked[may]).double().mean()

# %% right="caught_at" style="a list comprehension with max and a default"
@exercise
def caught_at(members: Tensor, others: Tensor, most: float) -> Tensor:
    pairs = [((others <= t).double().mean(), (members <= t).double().mean()) for t in members]
    return max((hit for slip, hit in pairs if slip <= most), default=tensor(0.0))

# %% right="caught_at" style="bisection on sorted losses, from the largest threshold down"
from bisect import bisect_right

@exercise
def caught_at(members: Tensor, others: Tensor, most: float) -> Tensor:
    ours, theirs = sorted(members.tolist()), sorted(others.tolist())
    for t in reversed(ours):
        if bisect_right(theirs, t) / len(theirs) <= most:
            return bisect_right(ours, t) / len(ours)
    return 0.0

# %% right="caught_at" style="float32 shares taken out with item before they are compared"
@exercise
def caught_at(members: Tensor, others: Tensor, most: float) -> Tensor:
    best = 0.0
    for t in torch.cat([members, others]):
        if (others <= t).float().mean().item() <= most:
            best = max(best, (members <= t).float().mean().item())
    return best

# %% right="caught_at" style="counts compared with most times the number of others"
@exercise
def caught_at(members: Tensor, others: Tensor, most: float) -> Tensor:
    t = torch.cat([members, others])
    allowed = (others <= t[:, None]).sum(dim=1) <= most * len(others)
    hit = (members <= t[:, None]).double().mean(dim=1)
    return hit[allowed].max() if allowed.any() else 0.0

# %% wrong="per_sample_gradients" really="the gradient of the mean loss, repeated for each row"
@exercise
def per_sample_gradients(loss, weights: Tensor, inputs: Tensor, labels: Tensor) -> Tensor:
    def mean_loss(w):
        return torch.stack([loss(w, x, y) for x, y in zip(inputs, labels)]).mean()
    return torch.func.grad(mean_loss)(weights).expand(len(inputs), -1).clone()

# %% wrong="per_sample_gradients" really="the gradients are added up in .grad from row to row: row i holds the sum of the first rows"
@exercise
def per_sample_gradients(loss, weights: Tensor, inputs: Tensor, labels: Tensor) -> Tensor:
    w = weights.detach().clone().requires_grad_()
    rows = []
    for x, y in zip(inputs, labels):
        loss(w, x, y).backward()
        rows.append(w.grad.clone())
    return torch.stack(rows)

# %% wrong="per_sample_gradients" really="the same tensor .grad is kept for every row, so that all rows show the last one"
@exercise
def per_sample_gradients(loss, weights: Tensor, inputs: Tensor, labels: Tensor) -> Tensor:
    w = weights.detach().clone().requires_grad_()
    w.grad = torch.zeros_like(w)
    rows = []
    for x, y in zip(inputs, labels):
        w.grad.zero_()
        loss(w, x, y).backward()
        rows.append(w.grad)
    return torch.stack(rows)

# %% wrong="per_sample_gradients" really="the weights themselves are made to require gradients, and their .grad is left filled"
@exercise
def per_sample_gradients(loss, weights: Tensor, inputs: Tensor, labels: Tensor) -> Tensor:
    weights.requires_grad_()
    rows = []
    for x, y in zip(inputs, labels):
        weights.grad = None
        loss(weights, x, y).backward()
        rows.append(weights.grad.clone())
    return torch.stack(rows)

# %% wrong="per_sample_gradients" really="in_dims=0 for the weights as well: vmap runs along the axis of the weights"
@exercise
def per_sample_gradients(loss, weights: Tensor, inputs: Tensor, labels: Tensor) -> Tensor:
    return torch.func.vmap(torch.func.grad(loss))(weights, inputs, labels)

# %% wrong="per_sample_gradients" really="the gradient by the inputs, not by the weights"
@exercise
def per_sample_gradients(loss, weights: Tensor, inputs: Tensor, labels: Tensor) -> Tensor:
    return torch.func.vmap(torch.func.grad(loss, argnums=1), in_dims=(None, 0, 0))(weights, inputs, labels)

# %% wrong="per_sample_gradients" really="the transpose: one column a row"
@exercise
def per_sample_gradients(loss, weights: Tensor, inputs: Tensor, labels: Tensor) -> Tensor:
    return torch.func.vmap(torch.func.grad(loss), in_dims=(None, 0, 0), out_dims=1)(weights, inputs, labels)

# %% wrong="per_sample_gradients" really="each divided by the number of rows, as in a mean"
@exercise
def per_sample_gradients(loss, weights: Tensor, inputs: Tensor, labels: Tensor) -> Tensor:
    return torch.func.vmap(torch.func.grad(loss), in_dims=(None, 0, 0))(weights, inputs, labels) / len(inputs)

# %% wrong="per_sample_gradients" really="a table of zeros in float32 is filled, so float64 weights come back as float32"
@exercise
def per_sample_gradients(loss, weights: Tensor, inputs: Tensor, labels: Tensor) -> Tensor:
    result = torch.zeros(len(inputs), len(weights))
    for i in range(len(inputs)):
        result[i] = torch.func.grad(loss)(weights, inputs[i], labels[i])
    return result

# %% wrong="per_sample_gradients" really="all rows are handed to the loss at once"
@exercise
def per_sample_gradients(loss, weights: Tensor, inputs: Tensor, labels: Tensor) -> Tensor:
    return torch.func.grad(lambda w: loss(w, inputs, labels).sum())(weights)

# %% wrong="per_sample_gradients" really="finite differences, which are rough in float32"
@exercise
def per_sample_gradients(loss, weights: Tensor, inputs: Tensor, labels: Tensor) -> Tensor:
    step = 1e-3
    columns = []
    for j in range(len(weights)):
        more, less = weights.detach().clone(), weights.detach().clone()
        more[j] += step
        less[j] -= step
        columns.append(torch.stack([(loss(more, x, y) - loss(less, x, y)) / (2 * step) for x, y in zip(inputs, labels)]))
    return torch.stack(columns, dim=1).detach()

# %% wrong="per_sample_gradients" really="the gradient for the first label is used for every row"
@exercise
def per_sample_gradients(loss, weights: Tensor, inputs: Tensor, labels: Tensor) -> Tensor:
    return torch.func.vmap(torch.func.grad(loss), in_dims=(None, 0, None))(weights, inputs, labels[0])

# %% wrong="per_sample_gradients" really="a list of gradients and not one tensor"
@exercise
def per_sample_gradients(loss, weights: Tensor, inputs: Tensor, labels: Tensor) -> Tensor:
    return [torch.func.grad(loss)(weights, x, y) for x, y in zip(inputs, labels)]

# %% wrong="per_sample_gradients" really="worked out for the half squared error of a weighted sum, whatever the loss is"
@exercise
def per_sample_gradients(loss, weights: Tensor, inputs: Tensor, labels: Tensor) -> Tensor:
    return (inputs @ weights - labels)[:, None] * inputs

# %% wrong="per_sample_gradients" really="a step is made after each row, so later gradients are those of other weights"
@exercise
def per_sample_gradients(loss, weights: Tensor, inputs: Tensor, labels: Tensor) -> Tensor:
    w = weights.detach().clone()
    rows = []
    for x, y in zip(inputs, labels):
        g = torch.func.grad(loss)(w, x, y)
        rows.append(g)
        w = w - 0.1 * g
    return torch.stack(rows)

# %% right="per_sample_gradients" style="a loop with autograd.grad on a copy"
@exercise
def per_sample_gradients(loss, weights: Tensor, inputs: Tensor, labels: Tensor) -> Tensor:
    w = weights.detach().clone().requires_grad_(True)
    rows = []
    for x, y in zip(inputs, labels):
        (g,) = torch.autograd.grad(loss(w, x, y), w)
        rows.append(g)
    return torch.stack(rows)

# %% right="per_sample_gradients" style="a fresh copy for every row, and backward"
@exercise
def per_sample_gradients(loss, weights: Tensor, inputs: Tensor, labels: Tensor) -> Tensor:
    result = torch.empty(len(inputs), len(weights), dtype=weights.dtype)
    for i in range(len(inputs)):
        w = weights.detach().clone().requires_grad_()
        loss(w, inputs[i], labels[i]).backward()
        result[i] = w.grad
    return result

# %% right="per_sample_gradients" style="the Jacobian of all losses at once"
@exercise
def per_sample_gradients(loss, weights: Tensor, inputs: Tensor, labels: Tensor) -> Tensor:
    every = torch.func.vmap(loss, in_dims=(None, 0, 0))
    return torch.func.jacrev(every)(weights, inputs, labels)

# %% right="per_sample_gradients" style="forward mode"
@exercise
def per_sample_gradients(loss, weights: Tensor, inputs: Tensor, labels: Tensor) -> Tensor:
    return torch.func.vmap(torch.func.jacfwd(loss), in_dims=(None, 0, 0))(weights, inputs, labels)

# %% right="per_sample_gradients" style="a copy of the weights for each row, one backward for the sum of the losses"
@exercise
def per_sample_gradients(loss, weights: Tensor, inputs: Tensor, labels: Tensor) -> Tensor:
    copies = weights.detach().repeat(len(inputs), 1).requires_grad_()
    total = sum(loss(copies[i], inputs[i], labels[i]) for i in range(len(inputs)))
    total.backward()
    return copies.grad

# %% right="per_sample_gradients" style="vmap around a function of one row"
@exercise
def per_sample_gradients(loss, weights: Tensor, inputs: Tensor, labels: Tensor) -> Tensor:
    def one(row, label):
        return torch.func.grad(lambda w: loss(w, row, label))(weights)
    return torch.vmap(one)(inputs, labels)

# %% wrong="private_gradient" really="the sum is clipped, not each row"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    total = gradients.sum(dim=0)
    total = total * min(1.0, most / max(float(total.norm()), 1e-12))
    return (total + noise * most * chance) / expected

# %% wrong="private_gradient" really="lengths along the wrong axis: each weight is clipped over the batch"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    lengths = gradients.norm(dim=0, keepdim=True)
    return ((gradients * (most / lengths.clamp(min=most))).sum(dim=0) + noise * most * chance) / expected

# %% wrong="private_gradient" really="the 1-norm in place of the 2-norm"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    lengths = gradients.abs().sum(dim=1, keepdim=True)
    return ((gradients * (most / lengths.clamp(min=most))).sum(dim=0) + noise * most * chance) / expected

# %% wrong="private_gradient" really="each number is cut off at C, not the length of the row"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    return (gradients.clamp(-most, most).sum(dim=0) + noise * most * chance) / expected

# %% wrong="private_gradient" really="the noise is not in units of C"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    lengths = gradients.norm(dim=1, keepdim=True)
    return ((gradients * (most / lengths.clamp(min=most))).sum(dim=0) + noise * chance) / expected

# %% wrong="private_gradient" really="the noise is added after the division"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    lengths = gradients.norm(dim=1, keepdim=True)
    return (gradients * (most / lengths.clamp(min=most))).sum(dim=0) / expected + noise * most * chance

# %% wrong="private_gradient" really="divided by the true number of rows, not by the expected one"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    lengths = gradients.norm(dim=1, keepdim=True)
    return ((gradients * (most / lengths.clamp(min=most))).sum(dim=0) + noise * most * chance) / max(len(gradients), 1)

# %% wrong="private_gradient" really="short rows are stretched to C as well"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    lengths = gradients.norm(dim=1, keepdim=True).clamp(min=1e-12)
    return ((gradients / lengths * most).sum(dim=0) + noise * most * chance) / expected

# %% wrong="private_gradient" really="a row of zeros is divided by its length, 0, and gives nan"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    lengths = gradients.norm(dim=1, keepdim=True)
    clipped = gradients / lengths * lengths.clamp(max=most)
    return (clipped.sum(dim=0) + noise * most * chance) / expected

# %% wrong="private_gradient" really="every row gets the noise, so that it comes n times"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    lengths = gradients.norm(dim=1, keepdim=True)
    clipped = gradients * (most / lengths.clamp(min=most)) + noise * most * chance
    return clipped.sum(dim=0) / expected

# %% wrong="private_gradient" really="an empty batch gives zeros, without the noise"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    if len(gradients) == 0:
        return torch.zeros_like(chance)
    lengths = gradients.norm(dim=1, keepdim=True)
    return ((gradients * (most / lengths.clamp(min=most))).sum(dim=0) + noise * most * chance) / expected

# %% wrong="private_gradient" really="the rows are clipped in place: the gradients come back changed"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    lengths = gradients.norm(dim=1, keepdim=True)
    gradients *= most / lengths.clamp(min=most)
    return (gradients.sum(dim=0) + noise * most * chance) / expected

# %% wrong="private_gradient" really="one length for the whole batch, as clip_grad_norm_ does it"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    length = gradients.norm()
    factor = (most / (length + 1e-6)).clamp(max=1.0)
    return ((gradients * factor).sum(dim=0) + noise * most * chance) / expected

# %% wrong="private_gradient" really="the noise is drawn here, chance is not used"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    lengths = gradients.norm(dim=1, keepdim=True)
    return ((gradients * (most / lengths.clamp(min=most))).sum(dim=0) + noise * most * torch.randn(gradients.shape[1])) / expected

# %% wrong="private_gradient" really="long rows are divided by C and not shortened to C"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    lengths = gradients.norm(dim=1, keepdim=True)
    clipped = torch.where(lengths > most, gradients / lengths, gradients)
    return (clipped.sum(dim=0) + noise * most * chance) / expected

# %% wrong="private_gradient" really="the noise has C times sigma squared: as a variance"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    lengths = gradients.norm(dim=1, keepdim=True)
    return ((gradients * (most / lengths.clamp(min=most))).sum(dim=0) + noise**2 * most * chance) / expected

# %% wrong="private_gradient" really="long rows are left out in place of shortened"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    kept = gradients[gradients.norm(dim=1) <= most]
    return (kept.sum(dim=0) + noise * most * chance) / expected

# %% wrong="private_gradient" really="the length is the square of the length: the root is forgotten"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    squares = (gradients**2).sum(dim=1, keepdim=True)
    factor = most / squares.clamp(min=most)
    return ((gradients * factor).sum(dim=0) + noise * most * chance) / expected

# %% wrong="private_gradient" really="the sum starts from a float32 row of zeros of the default dtype and is filled in place: float64 comes back as float32"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    total = torch.zeros(gradients.shape[1])
    for g in gradients:
        total += g * min(1.0, most / max(float(g.norm()), 1e-30))
    total += noise * most * chance
    return total / expected

# %% right="private_gradient" style="a loop over the rows"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    total = noise * most * chance
    for row in gradients:
        length = float(torch.sqrt((row * row).sum()))
        total = total + (row if length <= most else row * (most / length))
    return total / expected

# %% right="private_gradient" style="where, and a product of factors and rows"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    lengths = gradients.pow(2).sum(dim=1).sqrt()
    factors = torch.where(lengths > most, most / lengths, torch.ones_like(lengths))
    return (factors @ gradients + most * noise * chance) / expected

# %% right="private_gradient" style="the infinite factor of a row of zeros is cut off at 1; einsum"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    factors = (most / torch.linalg.vector_norm(gradients, dim=1)).clamp(max=1)
    return torch.einsum("n,np->p", factors, gradients) / expected + noise * most / expected * chance

# %% right="private_gradient" style="long rows are overwritten in a copy"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    rows = gradients.clone()
    lengths = rows.norm(dim=1)
    long = lengths > most
    rows[long] = rows[long] / lengths[long][:, None] * most
    return torch.cat([rows, (noise * most * chance)[None]]).sum(dim=0) / expected

# %% right="private_gradient" style="normalize, and the shorter of the two lengths"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    lengths = gradients.norm(dim=1, keepdim=True).clamp(max=most)
    clipped = torch.nn.functional.normalize(gradients, dim=1) * lengths
    return clipped.sum(dim=0).add(chance, alpha=noise * most).div(expected)

# %% right="private_gradient" style="numpy"
import numpy as np

@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    g = gradients.detach().numpy()
    lengths = np.sqrt((g**2).sum(axis=1, keepdims=True))
    clipped = g * np.minimum(1, most / np.maximum(lengths, 1e-30))
    total = (clipped.sum(axis=0) + noise * most * chance.numpy()) / expected
    return torch.from_numpy(total).to(gradients.dtype)

# %% right="private_gradient" style="torch.renorm, which adds 1e-7 to a length it divides by"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    return (torch.renorm(gradients, p=2, dim=0, maxnorm=most).sum(dim=0) + noise * most * chance) / expected

# %% wrong="epsilon" really="the orders end at 63: range stops one before"
@exercise
def epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    def divergence(a):
        if share == 1:
            return a / (2 * noise**2)
        terms = [math.log(math.comb(a, k)) + (a - k) * math.log(1 - share) + k * math.log(share) + k * (k - 1) / (2 * noise**2) for k in range(a + 1)]
        return float(torch.logsumexp(torch.tensor(terms, dtype=torch.float64), dim=0)) / (a - 1)
    return min(steps * divergence(a) + math.log((a - 1) / a) - (math.log(delta) + math.log(a)) / (a - 1) for a in range(2, 64))

# %% wrong="epsilon" really="the largest over the orders, not the smallest"
@exercise
def epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    def divergence(a):
        if share == 1:
            return a / (2 * noise**2)
        terms = [math.log(math.comb(a, k)) + (a - k) * math.log(1 - share) + k * math.log(share) + k * (k - 1) / (2 * noise**2) for k in range(a + 1)]
        return float(torch.logsumexp(torch.tensor(terms, dtype=torch.float64), dim=0)) / (a - 1)
    return max(steps * divergence(a) + math.log((a - 1) / a) - (math.log(delta) + math.log(a)) / (a - 1) for a in range(2, 65))

# %% wrong="epsilon" really="one fixed order, the 15 of the example"
@exercise
def epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    def divergence(a):
        if share == 1:
            return a / (2 * noise**2)
        terms = [math.log(math.comb(a, k)) + (a - k) * math.log(1 - share) + k * math.log(share) + k * (k - 1) / (2 * noise**2) for k in range(a + 1)]
        return float(torch.logsumexp(torch.tensor(terms, dtype=torch.float64), dim=0)) / (a - 1)
    a = 15
    return steps * divergence(a) + math.log((a - 1) / a) - (math.log(delta) + math.log(a)) / (a - 1)

# %% wrong="epsilon" really="the older way back, log(1/delta)/(a - 1), without the two terms in log a"
@exercise
def epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    def divergence(a):
        if share == 1:
            return a / (2 * noise**2)
        terms = [math.log(math.comb(a, k)) + (a - k) * math.log(1 - share) + k * math.log(share) + k * (k - 1) / (2 * noise**2) for k in range(a + 1)]
        return float(torch.logsumexp(torch.tensor(terms, dtype=torch.float64), dim=0)) / (a - 1)
    return min(steps * divergence(a) + math.log(1 / delta) / (a - 1) for a in range(2, 65))

# %% wrong="epsilon" really="the whole bracket is multiplied by the steps"
@exercise
def epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    def divergence(a):
        if share == 1:
            return a / (2 * noise**2)
        terms = [math.log(math.comb(a, k)) + (a - k) * math.log(1 - share) + k * math.log(share) + k * (k - 1) / (2 * noise**2) for k in range(a + 1)]
        return float(torch.logsumexp(torch.tensor(terms, dtype=torch.float64), dim=0)) / (a - 1)
    return min(steps * (divergence(a) + math.log((a - 1) / a) - (math.log(delta) + math.log(a)) / (a - 1)) for a in range(2, 65))

# %% wrong="epsilon" really="delta is shared out over the steps"
@exercise
def epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    def divergence(a):
        if share == 1:
            return a / (2 * noise**2)
        terms = [math.log(math.comb(a, k)) + (a - k) * math.log(1 - share) + k * math.log(share) + k * (k - 1) / (2 * noise**2) for k in range(a + 1)]
        return float(torch.logsumexp(torch.tensor(terms, dtype=torch.float64), dim=0)) / (a - 1)
    d = delta / steps
    return min(steps * divergence(a) + math.log((a - 1) / a) - (math.log(d) + math.log(a)) / (a - 1) for a in range(2, 65))

# %% wrong="epsilon" really="the share is left out: q = 1 whatever it is"
@exercise
def epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    return min(steps * a / (2 * noise**2) + math.log((a - 1) / a) - (math.log(delta) + math.log(a)) / (a - 1) for a in range(2, 65))

# %% wrong="epsilon" really="the rule of thumb q squared times a over 2 sigma squared, not the sum"
@exercise
def epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    return min(steps * share**2 * a / (2 * noise**2) + math.log((a - 1) / a) - (math.log(delta) + math.log(a)) / (a - 1) for a in range(2, 65))

# %% wrong="epsilon" really="the powers are added as they are, in plain numbers: for little noise math.exp stops with an OverflowError"
@exercise
def epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    best = math.inf
    for a in range(2, 65):
        total = sum(math.comb(a, k) * (1 - share)**(a - k) * share**k * math.exp(k * (k - 1) / (2 * noise**2)) for k in range(a + 1))
        R = math.log(total) / (a - 1)
        best = min(best, steps * R + math.log((a - 1) / a) - (math.log(delta) + math.log(a)) / (a - 1))
    return best

# %% wrong="epsilon" really="the logarithm of 1 - q stops where q is 1"
@exercise
def epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    best = math.inf
    for a in range(2, 65):
        terms = [math.log(math.comb(a, k)) + (a - k) * math.log(1 - share) + k * math.log(share) + k * (k - 1) / (2 * noise**2) for k in range(a + 1)]
        R = float(torch.logsumexp(torch.tensor(terms, dtype=torch.float64), dim=0)) / (a - 1)
        best = min(best, steps * R + math.log((a - 1) / a) - (math.log(delta) + math.log(a)) / (a - 1))
    return best

# %% wrong="epsilon" really="the last term of the sum, k = a, is missing"
@exercise
def epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    def divergence(a):
        if share == 1:
            return a / (2 * noise**2)
        terms = [math.log(math.comb(a, k)) + (a - k) * math.log(1 - share) + k * math.log(share) + k * (k - 1) / (2 * noise**2) for k in range(a)]
        return float(torch.logsumexp(torch.tensor(terms, dtype=torch.float64), dim=0)) / (a - 1)
    return min(steps * divergence(a) + math.log((a - 1) / a) - (math.log(delta) + math.log(a)) / (a - 1) for a in range(2, 65))

# %% wrong="epsilon" really="the first term of the sum, k = 0, is missing"
@exercise
def epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    def divergence(a):
        if share == 1:
            return a / (2 * noise**2)
        terms = [math.log(math.comb(a, k)) + (a - k) * math.log(1 - share) + k * math.log(share) + k * (k - 1) / (2 * noise**2) for k in range(1, a + 1)]
        return float(torch.logsumexp(torch.tensor(terms, dtype=torch.float64), dim=0)) / (a - 1)
    return min(steps * divergence(a) + math.log((a - 1) / a) - (math.log(delta) + math.log(a)) / (a - 1) for a in range(2, 65))

# %% wrong="epsilon" really="q and 1 - q are exchanged"
@exercise
def epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    def divergence(a):
        if share == 1:
            return a / (2 * noise**2)
        terms = [math.log(math.comb(a, k)) + k * math.log(1 - share) + (a - k) * math.log(share) + k * (k - 1) / (2 * noise**2) for k in range(a + 1)]
        return float(torch.logsumexp(torch.tensor(terms, dtype=torch.float64), dim=0)) / (a - 1)
    return min(steps * divergence(a) + math.log((a - 1) / a) - (math.log(delta) + math.log(a)) / (a - 1) for a in range(2, 65))

# %% wrong="epsilon" really="k squared in place of k (k - 1) in the exponent"
@exercise
def epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    def divergence(a):
        if share == 1:
            return a / (2 * noise**2)
        terms = [math.log(math.comb(a, k)) + (a - k) * math.log(1 - share) + k * math.log(share) + k * k / (2 * noise**2) for k in range(a + 1)]
        return float(torch.logsumexp(torch.tensor(terms, dtype=torch.float64), dim=0)) / (a - 1)
    return min(steps * divergence(a) + math.log((a - 1) / a) - (math.log(delta) + math.log(a)) / (a - 1) for a in range(2, 65))

# %% wrong="epsilon" really="sigma is not squared"
@exercise
def epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    def divergence(a):
        if share == 1:
            return a / (2 * noise)
        terms = [math.log(math.comb(a, k)) + (a - k) * math.log(1 - share) + k * math.log(share) + k * (k - 1) / (2 * noise) for k in range(a + 1)]
        return float(torch.logsumexp(torch.tensor(terms, dtype=torch.float64), dim=0)) / (a - 1)
    return min(steps * divergence(a) + math.log((a - 1) / a) - (math.log(delta) + math.log(a)) / (a - 1) for a in range(2, 65))

# %% wrong="epsilon" really="the ways to choose k of a are left out of the sum"
@exercise
def epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    def divergence(a):
        if share == 1:
            return a / (2 * noise**2)
        terms = [(a - k) * math.log(1 - share) + k * math.log(share) + k * (k - 1) / (2 * noise**2) for k in range(a + 1)]
        return float(torch.logsumexp(torch.tensor(terms, dtype=torch.float64), dim=0)) / (a - 1)
    return min(steps * divergence(a) + math.log((a - 1) / a) - (math.log(delta) + math.log(a)) / (a - 1) for a in range(2, 65))

# %% wrong="epsilon" really="R is not divided by a - 1 where q is below 1"
@exercise
def epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    def divergence(a):
        if share == 1:
            return a / (2 * noise**2)
        terms = [math.log(math.comb(a, k)) + (a - k) * math.log(1 - share) + k * math.log(share) + k * (k - 1) / (2 * noise**2) for k in range(a + 1)]
        return float(torch.logsumexp(torch.tensor(terms, dtype=torch.float64), dim=0))
    return min(steps * divergence(a) + math.log((a - 1) / a) - (math.log(delta) + math.log(a)) / (a - 1) for a in range(2, 65))

# %% wrong="epsilon" really="the sign of the last term: log delta is added, so the result is negative"
@exercise
def epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    def divergence(a):
        if share == 1:
            return a / (2 * noise**2)
        terms = [math.log(math.comb(a, k)) + (a - k) * math.log(1 - share) + k * math.log(share) + k * (k - 1) / (2 * noise**2) for k in range(a + 1)]
        return float(torch.logsumexp(torch.tensor(terms, dtype=torch.float64), dim=0)) / (a - 1)
    return min(steps * divergence(a) + math.log((a - 1) / a) + (math.log(delta) + math.log(a)) / (a - 1) for a in range(2, 65))

# %% wrong="epsilon" really="minus sign before log delta only: the log a is added, not taken away"
@exercise
def epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    def divergence(a):
        if share == 1:
            return a / (2 * noise**2)
        terms = [math.log(math.comb(a, k)) + (a - k) * math.log(1 - share) + k * math.log(share) + k * (k - 1) / (2 * noise**2) for k in range(a + 1)]
        return float(torch.logsumexp(torch.tensor(terms, dtype=torch.float64), dim=0)) / (a - 1)
    return min(steps * divergence(a) + math.log((a - 1) / a) - (math.log(delta) - math.log(a)) / (a - 1) for a in range(2, 65))

# %% wrong="epsilon" really="in bits: logarithms to the base 2 in the way back"
@exercise
def epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    def divergence(a):
        if share == 1:
            return a / (2 * noise**2)
        terms = [math.log(math.comb(a, k)) + (a - k) * math.log(1 - share) + k * math.log(share) + k * (k - 1) / (2 * noise**2) for k in range(a + 1)]
        return float(torch.logsumexp(torch.tensor(terms, dtype=torch.float64), dim=0)) / (a - 1)
    return min(steps * divergence(a) + math.log2((a - 1) / a) - (math.log2(delta) + math.log2(a)) / (a - 1) for a in range(2, 65))

# %% wrong="epsilon" really="divides by the brackets wrongly: log(delta) + log(a)/(a - 1)"
@exercise
def epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    def divergence(a):
        if share == 1:
            return a / (2 * noise**2)
        terms = [math.log(math.comb(a, k)) + (a - k) * math.log(1 - share) + k * math.log(share) + k * (k - 1) / (2 * noise**2) for k in range(a + 1)]
        return float(torch.logsumexp(torch.tensor(terms, dtype=torch.float64), dim=0)) / (a - 1)
    return min(steps * divergence(a) + math.log((a - 1) / a) - math.log(delta) + math.log(a) / (a - 1) for a in range(2, 65))

# %% right="epsilon" style="all orders at once, in one table with -inf where k is beyond the order"
@exercise
def epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    a = torch.arange(2, 65, dtype=torch.float64)[:, None]
    k = torch.arange(0, 65, dtype=torch.float64)[None]
    ways = torch.lgamma(a + 1) - torch.lgamma(k + 1) - torch.lgamma((a - k).clamp(min=0) + 1)
    q = torch.tensor(share, dtype=torch.float64)
    terms = ways + torch.special.xlogy(a - k, 1 - q) + k * q.log() + k * (k - 1) / (2 * noise**2)
    terms = terms.masked_fill(k > a, -math.inf)
    R = torch.logsumexp(terms, dim=1) / (a[:, 0] - 1)
    a = a[:, 0]
    return float((steps * R + torch.log((a - 1) / a) - (math.log(delta) + torch.log(a)) / (a - 1)).min())

# %% right="epsilon" style="by hand: the largest exponent taken out, plain Python"
@exercise
def epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    smallest = None
    for order in range(2, 65):
        if share == 1.0:
            pushed = order / 2 / noise / noise
        else:
            logs = []
            for k in range(order + 1):
                logs.append(math.log(math.comb(order, k)) + (order - k) * math.log1p(-share) + k * math.log(share) + k * (k - 1) / 2 / noise**2)
            top = max(logs)
            pushed = (top + math.log(math.fsum(math.exp(value - top) for value in logs))) / (order - 1)
        candidate = steps * pushed + math.log(order - 1) - math.log(order) - math.log(delta * order) / (order - 1)
        if smallest is None or candidate < smallest:
            smallest = candidate
    return smallest

# %% right="epsilon" style="exact decimals, which know no overflow"
from decimal import Decimal

@exercise
def epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    q, var = Decimal(share), Decimal(noise) ** 2
    best = math.inf
    for a in range(2, 65):
        total = Decimal(0)
        for k in range(a + 1):
            if share == 1 and k < a:
                continue
            stay = (1 - q) ** (a - k) if a > k else Decimal(1)
            total += math.comb(a, k) * stay * q**k * (Decimal(k * (k - 1)) / (2 * var)).exp()
        R = float(total.ln()) / (a - 1)
        best = min(best, steps * R + math.log1p(-1 / a) - math.log(delta * a) / (a - 1))
    return best

# %% right="epsilon" style="numpy, with logaddexp.reduce"
import numpy as np

@exercise
def epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    found = []
    for a in range(2, 65):
        k = np.arange(a + 1)
        if share < 1:
            ways = np.array([math.log(math.comb(a, int(j))) for j in k])
            R = np.logaddexp.reduce(ways + (a - k) * np.log1p(-share) + k * np.log(share) + k * (k - 1) / (2 * noise**2)) / (a - 1)
        else:
            R = a / (2 * noise**2)
        found.append(steps * R + np.log((a - 1) / a) - (np.log(delta) + np.log(a)) / (a - 1))
    return np.min(found)

# %% right="epsilon" style="a tensor comes back, from a stack of the orders"
@exercise
def epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    orders = []
    for a in range(2, 65):
        k = torch.arange(a + 1, dtype=torch.float64)
        log_ways = tensor([math.log(math.comb(a, j)) for j in range(a + 1)], dtype=torch.float64)
        if share == 1:
            pushed = tensor(a / (2 * noise**2), dtype=torch.float64)
        else:
            pushed = torch.logsumexp(log_ways + (a - k) * math.log(1 - share) + k * math.log(share) + k * (k - 1) / (2 * noise**2), dim=0) / (a - 1)
        orders.append(steps * pushed + math.log((a - 1) / a) - (math.log(delta) + math.log(a)) / (a - 1))
    return torch.stack(orders).min()

# %% wrong="federated_average" really="the plain mean, each device counts alike"
@exercise
def federated_average(weights: Tensor, rows: Tensor) -> Tensor:
    return weights.mean(dim=0)

# %% wrong="federated_average" really="the plain mean of the devices that were on"
@exercise
def federated_average(weights: Tensor, rows: Tensor) -> Tensor:
    return weights[rows > 0].mean(dim=0)

# %% wrong="federated_average" really="the weighted sum is divided by the number of devices, not of rows"
@exercise
def federated_average(weights: Tensor, rows: Tensor) -> Tensor:
    return (weights * rows[:, None]).sum(dim=0) / len(rows)

# %% wrong="federated_average" really="the shares are whole numbers: // rounds them down to 0"
@exercise
def federated_average(weights: Tensor, rows: Tensor) -> Tensor:
    return (weights * (rows // rows.sum())[:, None].to(weights.dtype)).sum(dim=0)

# %% wrong="federated_average" really="divided by the number of devices as well, after the shares"
@exercise
def federated_average(weights: Tensor, rows: Tensor) -> Tensor:
    share = rows.to(weights.dtype) / rows.sum()
    return (weights * share[:, None]).mean(dim=0)

# %% wrong="federated_average" really="shares by softmax of the rows"
@exercise
def federated_average(weights: Tensor, rows: Tensor) -> Tensor:
    share = rows.to(weights.dtype).softmax(dim=0)
    return share @ weights

# %% wrong="federated_average" really="rows over the largest number of rows, which do not add up to 1"
@exercise
def federated_average(weights: Tensor, rows: Tensor) -> Tensor:
    share = rows.to(weights.dtype) / rows.max()
    return share @ weights

# %% wrong="federated_average" really="the weights are multiplied in place and come back changed"
@exercise
def federated_average(weights: Tensor, rows: Tensor) -> Tensor:
    weights *= rows[:, None]
    return weights.sum(dim=0) / rows.sum()

# %% wrong="federated_average" really="only the device with most rows counts"
@exercise
def federated_average(weights: Tensor, rows: Tensor) -> Tensor:
    return weights[rows.argmax()]

# %% wrong="federated_average" really="a device that was off counts as if it had one row"
@exercise
def federated_average(weights: Tensor, rows: Tensor) -> Tensor:
    counted = rows.clamp(min=1).to(weights.dtype)
    return (counted / counted.sum()) @ weights

# %% wrong="federated_average" really="float32 is asked for, so float64 weights come back as float32"
@exercise
def federated_average(weights: Tensor, rows: Tensor) -> Tensor:
    share = rows.float() / rows.sum()
    return share @ weights.float()

# %% wrong="federated_average" really="weighted by the root of the rows"
@exercise
def federated_average(weights: Tensor, rows: Tensor) -> Tensor:
    share = rows.to(weights.dtype).sqrt()
    return (share / share.sum()) @ weights

# %% wrong="federated_average" really="multiplied along the wrong axis, which fits only for as many devices as weights"
@exercise
def federated_average(weights: Tensor, rows: Tensor) -> Tensor:
    share = rows.to(weights.dtype) / rows.sum()
    return (weights * share).sum(dim=0)

# %% wrong="federated_average" really="divided by the rows of the devices that were on plus one for luck: the sum is kept from being 0"
@exercise
def federated_average(weights: Tensor, rows: Tensor) -> Tensor:
    return rows.to(weights.dtype) @ weights / (rows.sum() + 1)

# %% right="federated_average" style="each device repeated as often as it has rows, then a plain mean"
@exercise
def federated_average(weights: Tensor, rows: Tensor) -> Tensor:
    return weights.repeat_interleave(rows, dim=0).mean(dim=0)

# %% right="federated_average" style="a loop with running sums"
@exercise
def federated_average(weights: Tensor, rows: Tensor) -> Tensor:
    total, count = torch.zeros_like(weights[0]), 0
    for device, many in zip(weights, rows.tolist()):
        if many == 0:
            continue
        total = total + many * device
        count += many
    return total / count

# %% right="federated_average" style="one product, divided at the end"
@exercise
def federated_average(weights: Tensor, rows: Tensor) -> Tensor:
    return torch.mv(weights.T, rows.to(weights.dtype)) / rows.sum()

# %% right="federated_average" style="einsum over the devices that were on"
@exercise
def federated_average(weights: Tensor, rows: Tensor) -> Tensor:
    on = rows > 0
    return torch.einsum("d,dp->p", rows[on].to(weights.dtype), weights[on]).div(int(rows.sum()))

# %% right="federated_average" style="the mean is carried along from device to device"
@exercise
def federated_average(weights: Tensor, rows: Tensor) -> Tensor:
    mean, seen = torch.zeros(weights.shape[1], dtype=weights.dtype), 0
    for i in range(len(rows)):
        if rows[i] > 0:
            seen += int(rows[i])
            mean = mean + (weights[i] - mean) * (int(rows[i]) / seen)
    return mean

# %% right="federated_average" style="numpy average"
import numpy as np

@exercise
def federated_average(weights: Tensor, rows: Tensor) -> Tensor:
    return torch.from_numpy(np.average(weights.detach().numpy(), axis=0, weights=rows.numpy())).to(weights.dtype)

# %% right="federated_average" style="shares by dividing whole numbers, which torch does in float32"
@exercise
def federated_average(weights: Tensor, rows: Tensor) -> Tensor:
    return (weights * (rows / rows.sum())[:, None]).sum(dim=0)
# %% wrong="private_gradient" really="plain: divided by len(gradients)"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    lengths = gradients.norm(dim=1, keepdim=True)
    return ((gradients * (most / lengths.clamp(min=most))).sum(dim=0) + noise * most * chance) / len(gradients)

# %% wrong="private_gradient" really="plain: stretched, nan for zeros"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    lengths = gradients.norm(dim=1, keepdim=True)
    return ((gradients / lengths * most).sum(dim=0) + noise * most * chance) / expected

# %% wrong="private_gradient" really="plain: nan where a row is zeros, factor most/length by minimum over lengths"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    total = torch.zeros_like(chance)
    for g in gradients:
        total += g / g.norm() * min(g.norm(), most)
    return (total + noise * most * chance) / expected

# %% wrong="private_gradient" really="whole batch norm without 1e-6"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    length = gradients.norm()
    factor = most / length.clamp(min=most)
    return ((gradients * factor).sum(dim=0) + noise * most * chance) / expected

# %% wrong="private_gradient" really="noise drawn with randn_like(chance)"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    lengths = gradients.norm(dim=1, keepdim=True)
    return ((gradients * (most / lengths.clamp(min=most))).sum(dim=0) + noise * most * torch.randn_like(chance)) / expected

# %% right="private_gradient" style="opacus: 1e-6 beside the length"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    factor = (most / (gradients.norm(dim=1) + 1e-6)).clamp(max=1.0)
    return ((gradients * factor[:, None]).sum(dim=0) + noise * most * chance) / expected

# %% right="private_gradient" style="renorm, empty batch apart"
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    if len(gradients) == 0:
        return noise * most * chance / expected
    return (torch.renorm(gradients, p=2, dim=0, maxnorm=most).sum(dim=0) + noise * most * chance) / expected

# %% wrong="advantage" really="only others, vectorised"
@exercise
def advantage(members: Tensor, others: Tensor) -> Tensor:
    return ((members <= others[:, None]).float().mean(dim=1) - (others <= others[:, None]).float().mean(dim=1)).max()

# %% wrong="advantage" really="only others, vectorised, clamped at 0"
@exercise
def advantage(members: Tensor, others: Tensor) -> Tensor:
    return ((members <= others[:, None]).float().mean(dim=1) - (others <= others[:, None]).float().mean(dim=1)).max().clamp(min=0)

# %% wrong="advantage" really="a thousand thresholds from 0 to 10"
@exercise
def advantage(members: Tensor, others: Tensor) -> Tensor:
    t = torch.linspace(0, 10, 1000)
    return ((members <= t[:, None]).float().mean(dim=1) - (others <= t[:, None]).float().mean(dim=1)).max()

# %% right="caught_at" style="tensor(0.) where none"
@exercise
def caught_at(members: Tensor, others: Tensor, most: float) -> Tensor:
    t = torch.cat([members, others])
    hit = (members <= t[:, None]).float().mean(dim=1)
    slip = (others <= t[:, None]).float().mean(dim=1)
    allowed = hit[slip <= most]
    return allowed.max() if len(allowed) else tensor(0.0)

# %% wrong="caught_at" really="0 whenever most is 0, a plain 0.0"
@exercise
def caught_at(members: Tensor, others: Tensor, most: float) -> Tensor:
    if most == 0:
        return 0.0
    t = torch.cat([members, others])
    hit = (members <= t[:, None]).float().mean(dim=1)
    slip = (others <= t[:, None]).float().mean(dim=1)
    allowed = hit[slip <= most]
    return allowed.max() if len(allowed) else 0.0

# %% right="epsilon" style="float32"
@exercise
def epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    found = []
    for a in range(2, 65):
        k = torch.arange(a + 1)
        ways = tensor([math.log(math.comb(a, j)) for j in range(a + 1)])
        if share == 1:
            R = tensor(a / (2 * noise**2))
        else:
            R = torch.logsumexp(ways + (a - k) * math.log(1 - share) + k * math.log(share) + k * (k - 1) / (2 * noise**2), dim=0) / (a - 1)
        found.append(steps * R + math.log((a - 1) / a) - (math.log(delta) + math.log(a)) / (a - 1))
    return float(min(found))

# %% wrong="federated_average" really="plain * rows / len"
@exercise
def federated_average(weights: Tensor, rows: Tensor) -> Tensor:
    return (weights * rows[:, None]).sum(dim=0) / rows.shape[0]
