"""Right and wrong answers to lesson 15 (What the model remembers), as learners give them.
Each cell is an answer to one exercise; a wrong one is named by a part of what the checks must say about it.
Read first: solutions/15-privacy/privacy.py, for what is asked."""

# %% right="advantage" style="a loop over thresholds"
@exercise
def advantage(members, others):
    best = 0.0
    for t in torch.cat([members, others]):
        hit = (members <= t).sum() / len(members)
        false = (others <= t).sum() / len(others)
        best = max(best, float(hit - false))
    return best

# %% right="advantage" style="two sorted lists and searchsorted"
@exercise
def advantage(members, others):
    m, o = members.sort().values, others.sort().values
    t = torch.cat([m, o])
    tpr = torch.searchsorted(m, t, right=True) / m.numel()
    fpr = torch.searchsorted(o, t, right=True) / o.numel()
    return (tpr - fpr).amax()

# %% right="advantage" style="scikit-learn's curve"
@exercise
def advantage(members, others):
    from sklearn.metrics import roc_curve
    there = [1] * len(members) + [0] * len(others)
    fpr, tpr, _ = roc_curve(there, -torch.cat([members, others]).numpy())
    return float((tpr - fpr).max())

# %% right="advantage" style="just above every loss, strictly below"
@exercise
def advantage(members, others):
    tried = torch.cat([members, others, torch.tensor([float("inf")])])
    return max(float((members < t).double().mean() - (others < t).double().mean()) for t in tried)

# %% wrong="advantage" named="these are counts"
@exercise
def advantage(members, others):
    t = torch.cat([members, others])[:, None]
    return ((members <= t).sum(dim=1) - (others <= t).sum(dim=1)).max()

# %% wrong="advantage" named="members and others have changed places"
@exercise
def advantage(members, others):
    t = torch.cat([members, others])[:, None]
    return ((others <= t).float().mean(dim=1) - (members <= t).float().mean(dim=1)).max()

# %% wrong="advantage" named="the sign"
@exercise
def advantage(members, others):
    t = torch.cat([members, others])[:, None]
    return ((others <= t).float().mean(dim=1) - (members <= t).float().mean(dim=1)).abs().max()

# %% wrong="advantage" named="the mean loss of the members"
@exercise
def advantage(members, others):
    t = members.mean()
    return (members <= t).float().mean() - (others <= t).float().mean()

# %% wrong="advantage" named="the accuracy of the attack"
@exercise
def advantage(members, others):
    t = torch.cat([members, others])[:, None]
    tpr, tnr = (members <= t).float().mean(dim=1), (others > t).float().mean(dim=1)
    return ((tpr + tnr) / 2).max()

# %% wrong="advantage" named="the largest share of members called"
@exercise
def advantage(members, others):
    t = torch.cat([members, others])[:, None]
    return (members <= t).float().mean(dim=1).max() - 0

# %% wrong="advantage" named="divided by all rows"
@exercise
def advantage(members, others):
    t = torch.cat([members, others])[:, None]
    n = len(members) + len(others)
    return ((members <= t).sum(dim=1) / n - (others <= t).sum(dim=1) / n).max()

# %% right="caught_at" style="a loop"
@exercise
def caught_at(members, others, most):
    best = 0.0
    for t in torch.cat([members, others]).tolist():
        if float((others <= t).double().mean()) <= most:
            best = max(best, float((members <= t).double().mean()))
    return best

# %% right="caught_at" style="the largest loss that is still allowed"
@exercise
def caught_at(members, others, most):
    t = torch.cat([members, others]).unique()
    fpr = (others[None] <= t[:, None]).double().mean(1)
    good = t[fpr <= most]
    if good.numel() == 0:
        return torch.tensor(0.)
    return (members <= good.max()).double().mean()

# %% right="caught_at" style="counting how many others may be called"
@exercise
def caught_at(members, others, most):
    ordered = others.sort().values
    may = 0
    while may < len(ordered) and (may + 1) / len(ordered) <= most:
        may += 1
    if may == len(ordered):
        return 1.0
    return (members < ordered[may]).double().mean()

# %% wrong="caught_at" named="exactly the share"
@exercise
def caught_at(members, others, most):
    t = torch.cat([members, others])[:, None]
    tpr, fpr = (members <= t).float().mean(dim=1), (others <= t).float().mean(dim=1)
    good = tpr[fpr < most]
    return good.max() if len(good) else torch.tensor(0.)

# %% wrong="caught_at" named="a quantile"
@exercise
def caught_at(members, others, most):
    return (members <= torch.quantile(others, most)).float().mean()

# %% wrong="caught_at" named="how many members"
@exercise
def caught_at(members, others, most):
    t = torch.cat([members, others])[:, None]
    hit, fpr = (members <= t).sum(dim=1), (others <= t).float().mean(dim=1)
    good = hit[fpr <= most]
    return float(good.max()) if len(good) else 0.

# %% wrong="caught_at" named="the advantage at that threshold"
@exercise
def caught_at(members, others, most):
    t = torch.cat([members, others])[:, None]
    tpr, fpr = (members <= t).float().mean(dim=1), (others <= t).float().mean(dim=1)
    good = (tpr - fpr)[fpr <= most]
    return good.max() if len(good) else torch.tensor(0.)

# %% wrong="caught_at" named="compared it with a count"
@exercise
def caught_at(members, others, most):
    best = 0.
    for t in torch.cat([members, others]):
        if (others <= t).sum() <= most:
            best = max(best, float((members <= t).float().mean()))
    return best

# %% wrong="caught_at" named="only the others' losses"
@exercise
def caught_at(members, others, most):
    fpr = (others <= others[:, None]).float().mean(1)
    tpr = (members <= others[:, None]).float().mean(1)[fpr <= most]
    return tpr.max() if len(tpr) else 0.

# %% right="per_sample_gradients" style="a loop with autograd.grad"
@exercise
def per_sample_gradients(loss, weights, inputs, labels):
    w = weights.detach().clone().requires_grad_(True)
    return torch.stack([torch.autograd.grad(loss(w, x, y), w)[0] for x, y in zip(inputs, labels)])

# %% right="per_sample_gradients" style="backward, set back each time"
@exercise
def per_sample_gradients(loss, weights, inputs, labels):
    rows = []
    for i in range(len(inputs)):
        w = weights.clone().detach()
        w.requires_grad = True
        loss(w, inputs[i], labels[i]).backward()
        rows.append(w.grad.clone())
    return torch.stack(rows)

# %% right="per_sample_gradients" style="the Jacobian of all losses"
@exercise
def per_sample_gradients(loss, weights, inputs, labels):
    def every(w):
        return torch.stack([loss(w, x, y) for x, y in zip(inputs, labels)])
    return torch.func.jacrev(every)(weights)

# %% right="per_sample_gradients" style="vmap of a lambda"
@exercise
def per_sample_gradients(loss, weights, inputs, labels):
    g = torch.func.grad(loss, argnums=0)
    return torch.vmap(lambda x, y: g(weights, x, y))(inputs, labels)

# %% wrong="per_sample_gradients" named="the mean of the rows' gradients"
@exercise
def per_sample_gradients(loss, weights, inputs, labels):
    w = weights.detach().clone().requires_grad_(True)
    total = torch.stack([loss(w, x, y) for x, y in zip(inputs, labels)]).mean()
    return torch.autograd.grad(total, w)[0]

# %% wrong="per_sample_gradients" named="the sum of the rows' gradients"
@exercise
def per_sample_gradients(loss, weights, inputs, labels):
    w = weights.detach().clone().requires_grad_(True)
    sum(loss(w, x, y) for x, y in zip(inputs, labels)).backward()
    return w.grad

# %% wrong="per_sample_gradients" named="gradients pile up"
@exercise
def per_sample_gradients(loss, weights, inputs, labels):
    w, rows = weights.detach().clone().requires_grad_(True), []
    for x, y in zip(inputs, labels):
        loss(w, x, y).backward()
        rows.append(w.grad.clone())
    return torch.stack(rows)

# %% wrong="per_sample_gradients" named="the gradient by the inputs"
@exercise
def per_sample_gradients(loss, weights, inputs, labels):
    return torch.func.vmap(torch.func.grad(loss, argnums=1), in_dims=(None, 0, 0))(weights, inputs, labels)

# %% wrong="per_sample_gradients" named="divided by the number of rows"
@exercise
def per_sample_gradients(loss, weights, inputs, labels):
    w = weights.detach().clone().requires_grad_(True)
    return torch.stack([torch.autograd.grad(loss(w, x, y) / len(inputs), w)[0] for x, y in zip(inputs, labels)])

# %% wrong="per_sample_gradients" named="these are the losses"
@exercise
def per_sample_gradients(loss, weights, inputs, labels):
    return torch.stack([loss(weights, x, y) for x, y in zip(inputs, labels)])

# %% wrong="per_sample_gradients" named="a list of gradients"
@exercise
def per_sample_gradients(loss, weights, inputs, labels):
    return [torch.func.grad(loss)(weights, x, y) for x, y in zip(inputs, labels)]

# %% right="private_gradient" style="a loop over rows"
@exercise
def private_gradient(gradients, most, noise, expected, chance):
    total = torch.zeros_like(chance)
    for g in gradients:
        length = (g ** 2).sum().sqrt()
        total = total + (g if length <= most else g / length * most)
    return (total + noise * most * chance) / expected

# %% right="private_gradient" style="where it is too long"
@exercise
def private_gradient(gradients, most, noise, expected, chance):
    n = torch.linalg.vector_norm(gradients, dim=1, keepdim=True)
    short = torch.where(n > most, gradients * most / n.clamp(min=1e-12), gradients)
    return short.sum(0) / expected + most * noise / expected * chance

# %% right="private_gradient" style="a factor of at most 1, as in the paper"
@exercise
def private_gradient(gradients, most, noise, expected, chance):
    factor = 1 / (gradients.norm(dim=1) / most).clamp(min=1.0)
    return (factor @ gradients + noise * most * chance) / expected

# %% wrong="private_gradient" named="short rows were made longer"
@exercise
def private_gradient(gradients, most, noise, expected, chance):
    clipped = gradients / gradients.norm(dim=1, keepdim=True) * most
    return (clipped.sum(dim=0) + noise * most * chance) / expected

# %% wrong="private_gradient" named="each number of a gradient is cut off"
@exercise
def private_gradient(gradients, most, noise, expected, chance):
    return (gradients.clamp(-most, most).sum(dim=0) + noise * most * chance) / expected

# %% wrong="private_gradient" named="in units of `most`"
@exercise
def private_gradient(gradients, most, noise, expected, chance):
    clipped = gradients * (most / gradients.norm(dim=1, keepdim=True)).clamp(max=1)
    return (clipped.sum(dim=0) + noise * chance) / expected

# %% wrong="private_gradient" named="after the division"
@exercise
def private_gradient(gradients, most, noise, expected, chance):
    clipped = gradients * (most / gradients.norm(dim=1, keepdim=True)).clamp(max=1)
    return clipped.sum(dim=0) / expected + noise * most * chance

# %% wrong="private_gradient" named="each row has noise of its own"
@exercise
def private_gradient(gradients, most, noise, expected, chance):
    clipped = gradients * (most / gradients.norm(dim=1, keepdim=True)).clamp(max=1)
    return (clipped + noise * most * chance).sum(dim=0) / expected

# %% wrong="private_gradient" named="the number of rows that came"
@exercise
def private_gradient(gradients, most, noise, expected, chance):
    clipped = gradients * (most / gradients.norm(dim=1, keepdim=True)).clamp(max=1)
    return (clipped.sum(dim=0) + noise * most * chance) / len(gradients)

# %% wrong="private_gradient" named="the sum is clipped"
@exercise
def private_gradient(gradients, most, noise, expected, chance):
    total = gradients.sum(dim=0)
    total = total * (most / total.norm()).clamp(max=1)
    return (total + noise * most * chance) / expected

# %% right="epsilon" style="plain Python, the largest term taken out"
@exercise
def epsilon(share, noise, steps, delta):
    best = float("inf")
    for a in range(2, 65):
        logs = []
        for k in range(a + 1):
            if share == 1 and k < a:
                continue
            out = 0 if share == 1 else (a - k) * math.log1p(-share)
            logs.append(math.lgamma(a + 1) - math.lgamma(k + 1) - math.lgamma(a - k + 1) + out + k * math.log(share) + (k * k - k) / (2 * noise ** 2))
        top = max(logs)
        r = (top + math.log(sum(math.exp(v - top) for v in logs))) / (a - 1)
        best = min(best, steps * r + math.log(1 - 1 / a) - math.log(a * delta) / (a - 1))
    return best

# %% right="epsilon" style="tensors, and xlogy for share 1"
@exercise
def epsilon(share, noise, steps, delta):
    found = []
    q, s = torch.tensor(share, dtype=torch.float64), float(noise)
    for a in range(2, 65):
        k = torch.arange(a + 1, dtype=torch.float64)
        a_ = torch.tensor(float(a), dtype=torch.float64)
        ways = torch.lgamma(a_ + 1) - torch.lgamma(k + 1) - torch.lgamma(a_ - k + 1)
        terms = ways + torch.special.xlogy(a_ - k, 1 - q) + k * q.log() + k * (k - 1) / (2 * s * s)
        r = torch.logsumexp(terms, 0) / (a - 1)
        found.append(steps * r + math.log((a - 1) / a) - (math.log(delta) + math.log(a)) / (a - 1))
    return torch.stack(found).min()

# %% right="epsilon" style="term added to term by logaddexp, the ways counted on from k to k + 1"
@exercise
def epsilon(share, noise, steps, delta):
    import numpy as np
    def r(a):
        if share == 1:
            return a / 2 / noise ** 2
        total, ways = -np.inf, 1
        for k in range(a + 1):
            total = np.logaddexp(total, np.log(float(ways)) + k * (k - 1) / 2 / noise ** 2 + (a - k) * np.log(1 - share) + k * np.log(share))
            ways = ways * (a - k) // (k + 1)
        return total / (a - 1)
    return float(min(steps * r(a) + np.log1p(-1 / a) - np.log(delta * a) / (a - 1) for a in range(2, 65)))

# %% wrong="epsilon" named="as if it were in every batch"
@exercise
def epsilon(share, noise, steps, delta):
    return min(steps * a / (2 * noise ** 2) + math.log((a - 1) / a) - (math.log(delta) + math.log(a)) / (a - 1) for a in range(2, 65))

# %% wrong="epsilon" named="the older and looser one"
@exercise
def epsilon(share, noise, steps, delta):
    found = []
    for a in range(2, 65):
        if share == 1:
            r = a / (2 * noise ** 2)
        else:
            terms = [math.log(math.comb(a, k)) + (a - k) * math.log(1 - share) + k * math.log(share) + k * (k - 1) / (2 * noise ** 2) for k in range(a + 1)]
            r = torch.logsumexp(torch.tensor(terms, dtype=torch.float64), 0).item() / (a - 1)
        found.append(steps * r + math.log(1 / delta) / (a - 1))
    return min(found)

# %% wrong="epsilon" named="not divided by a - 1"
@exercise
def epsilon(share, noise, steps, delta):
    found = []
    for a in range(2, 65):
        if share == 1:
            r = a / (2 * noise ** 2)
        else:
            terms = [math.log(math.comb(a, k)) + (a - k) * math.log(1 - share) + k * math.log(share) + k * (k - 1) / (2 * noise ** 2) for k in range(a + 1)]
            r = torch.logsumexp(torch.tensor(terms, dtype=torch.float64), 0).item()
        found.append(steps * r + math.log((a - 1) / a) - (math.log(delta) + math.log(a)) / (a - 1))
    return min(found)

# %% wrong="epsilon" named="epsilons are added up"
@exercise
def epsilon(share, noise, steps, delta):
    found = []
    for a in range(2, 65):
        if share == 1:
            r = a / (2 * noise ** 2)
        else:
            terms = [math.log(math.comb(a, k)) + (a - k) * math.log(1 - share) + k * math.log(share) + k * (k - 1) / (2 * noise ** 2) for k in range(a + 1)]
            r = torch.logsumexp(torch.tensor(terms, dtype=torch.float64), 0).item() / (a - 1)
        found.append(r + math.log((a - 1) / a) - (math.log(delta) + math.log(a)) / (a - 1))
    return steps * min(found)

# %% wrong="epsilon" named="the orders end at 63"
@exercise
def epsilon(share, noise, steps, delta):
    found = []
    for a in range(2, 64):
        if share == 1:
            r = a / (2 * noise ** 2)
        else:
            terms = [math.log(math.comb(a, k)) + (a - k) * math.log(1 - share) + k * math.log(share) + k * (k - 1) / (2 * noise ** 2) for k in range(a + 1)]
            r = torch.logsumexp(torch.tensor(terms, dtype=torch.float64), 0).item() / (a - 1)
        found.append(steps * r + math.log((a - 1) / a) - (math.log(delta) + math.log(a)) / (a - 1))
    return min(found)

# %% wrong="epsilon" named="the way back to epsilon is missing"
@exercise
def epsilon(share, noise, steps, delta):
    found = []
    for a in range(2, 65):
        if share == 1:
            r = a / (2 * noise ** 2)
        else:
            terms = [math.log(math.comb(a, k)) + (a - k) * math.log(1 - share) + k * math.log(share) + k * (k - 1) / (2 * noise ** 2) for k in range(a + 1)]
            r = torch.logsumexp(torch.tensor(terms, dtype=torch.float64), 0).item() / (a - 1)
        found.append(steps * r)
    return min(found)

# %% right="federated_average" style="a matrix product"
@exercise
def federated_average(weights, rows):
    n = rows.to(weights)
    return n @ weights / n.sum()

# %% right="federated_average" style="a loop over devices"
@exercise
def federated_average(weights, rows):
    total = torch.zeros_like(weights[0])
    for w, n in zip(weights, rows):
        total = total + w * n
    return total / rows.sum()

# %% right="federated_average" style="einsum"
@exercise
def federated_average(weights, rows):
    return torch.einsum("dp,d->p", weights, rows.type_as(weights)).div(rows.sum())

# %% wrong="federated_average" named="every device counts the same"
@exercise
def federated_average(weights, rows):
    return weights.mean(dim=0)

# %% wrong="federated_average" named="nothing is divided"
@exercise
def federated_average(weights, rows):
    return (weights * rows[:, None]).sum(dim=0)

# %% wrong="federated_average" named="divided by the number of devices"
@exercise
def federated_average(weights, rows):
    return (weights * rows[:, None]).mean(dim=0)

# %% wrong="federated_average" named="a softmax"
@exercise
def federated_average(weights, rows):
    return (weights * torch.softmax(rows.to(weights.dtype), dim=0)[:, None]).sum(dim=0)

# %% wrong="federated_average" named="are not added up"
@exercise
def federated_average(weights, rows):
    return weights * (rows.to(weights.dtype) / rows.sum())[:, None]

# %% wrong="federated_average" named="the device with the most rows"
@exercise
def federated_average(weights, rows):
    return weights[rows.argmax()]

# %% wrong="federated_average" named="divided by the largest device's"
@exercise
def federated_average(weights, rows):
    return (weights * (rows.to(weights.dtype) / rows.max())[:, None]).sum(dim=0)
