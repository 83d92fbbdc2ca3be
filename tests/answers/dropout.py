"""Right and wrong answers to lesson 06 (Throw some of it away), as learners give them.
Each cell is an answer to one exercise; a wrong one is named by a part of what the checks must say about it.
Read first: solutions/06-dropout/dropout.py, for what is asked."""

# %% right="masked" style="one product and one division"
@exercise
def masked(x, mask, p):
    return x * mask / (1 - p)

# %% right="masked" style="torch.where"
@exercise
def masked(x, mask, p):
    return torch.where(mask.bool(), x / (1 - p), torch.zeros_like(x))

# %% right="masked" style="masked_fill"
@exercise
def masked(x, mask, p):
    return x.masked_fill(mask == 0, 0) / (1 - p)

# %% right="masked" style="a copy that is written into"
@exercise
def masked(x, mask, p):
    out = (x / (1 - p)).clone()
    out[..., :] = out * mask
    return out

# %% right="masked" style="step by step"
@exercise
def masked(x, mask, p):
    kept_share = 1 - p
    factor = 1 / kept_share
    dropped = torch.mul(x, mask)
    return factor * dropped

# %% wrong="masked" named="forgot to scale up"
@exercise
def masked(x, mask, p):
    return x * mask

# %% wrong="masked" named="divided by p, the share"
@exercise
def masked(x, mask, p):
    return x * mask / p

# %% wrong="masked" named="multiplied by 1 - p"
@exercise
def masked(x, mask, p):
    return x * mask * (1 - p)

# %% wrong="masked" named="you multiplied by p"
@exercise
def masked(x, mask, p):
    return x * mask * p

# %% wrong="masked" named="kept what the mask drops: 1 means keep"
@exercise
def masked(x, mask, p):
    return x * (1 - mask.float()) / (1 - p)

# %% wrong="masked" named="and did not scale: 1 means keep"
@exercise
def masked(x, mask, p):
    return x.masked_fill(mask == 1, 0)

# %% wrong="masked" named="happened to keep"
@exercise
def masked(x, mask, p):
    return x * mask / mask.float().mean()

# %% wrong="masked" named="took the dropped numbers out: they"
@exercise
def masked(x, mask, p):
    return x[mask > 0] / (1 - p)

# %% wrong="masked" named="took the dropped numbers out and did not scale"
@exercise
def masked(x, mask, p):
    return x[mask == 1]

# %% wrong="masked" named="brackets are missing"
@exercise
def masked(x, mask, p):
    return x * mask / 1 - p

# %% wrong="masked" named="1 + p"
@exercise
def masked(x, mask, p):
    return x * mask * (1 + p)

# %% wrong="masked" named="the mask is missing"
@exercise
def masked(x, mask, p):
    return x / (1 - p)

# %% wrong="masked" named="x is missing"
@exercise
def masked(x, mask, p):
    return mask / (1 - p)

# %% wrong="masked" named="scaled twice"
@exercise
def masked(x, mask, p):
    return (x / (1 - p)) * (mask / (1 - p))

# %% wrong="masked" named="happened to keep"
@exercise
def masked(x, mask, p):
    return x * mask * mask.numel() / mask.sum()

# %% wrong="masked" named="the values are right"
@exercise
def masked(x, mask, p):
    return x.float() * mask / (1 - p)

# %% wrong="masked" named="may be smaller than x"
@exercise
def masked(x, mask, p):
    out = x / (1 - p)
    out[mask == 0] = 0
    return out

# %% wrong="masked" named="wrote into its argument"
@exercise
def masked(x, mask, p):
    x *= mask
    return x / (1 - p)

# %% wrong="masked" named="nothing was returned"
@exercise
def masked(x, mask, p):
    x * mask / (1 - p)

# %% wrong="masked" named="stops where the mask is of True and False"
@exercise
def masked(x, mask, p):
    return x * mask / (1 - p) - 0 * (1 - mask)

# %% wrong="masked" named="you took a root"
@exercise
def masked(x, mask, p):
    return x * mask / (1 - p) ** 0.5

# %% wrong="masked" named="is still there, as it was"
@exercise
def masked(x, mask, p):
    return torch.where(mask == 1, x / (1 - p), x)

# %% wrong="masked" named="you made one number of it"
@exercise
def masked(x, mask, p):
    return (x * mask).sum() / (1 - p)

# %% wrong="masked" named="how many this mask keeps"
@exercise
def masked(x, mask, p):
    return x * mask / mask.sum()

# %% wrong="masked" named="the division alone does it"
@exercise
def masked(x, mask, p):
    return x * mask * p / (1 - p)

# %% wrong="masked" named="you subtracted 1 - p"
@exercise
def masked(x, mask, p):
    return x * mask - (1 - p)

# %% wrong="masked" really="no gradient reaches"
@exercise
def masked(x, mask, p):
    return tensor([float(xi) * float(mi) / (1 - p) for xi, mi in zip(x, mask)])

# %% wrong="masked" named="one number only"
@exercise
def masked(x, mask, p):
    if mask:
        return x / (1 - p)
    return 0 * x

# %% wrong="masked" named="swaps True and False"
@exercise
def masked(x, mask, p):
    x = x.clone()
    x[~mask] = 0
    return x / (1 - p)

# %% right="average_over_masks" style="each unit multiplies the probability by its own factor"
@exercise
def average_over_masks(layer, x, p):
    n = len(x)
    answer = 0
    for number in range(2 ** n):
        bits = [(number >> i) & 1 for i in range(n)]
        chance = 1.0
        for bit in bits:
            chance *= (1 - p) if bit else p
        answer = answer + chance * layer(masked(x, tensor(bits), p))
    return answer

# %% right="average_over_masks" style="all masks at once, stacked at the end"
@exercise
def average_over_masks(layer, x, p):
    masks = torch.tensor(list(itertools.product([0., 1.], repeat=len(x))))
    chances = torch.where(masks > 0, 1 - p, p).prod(dim=1)
    outcomes = torch.stack([layer(x * mask / (1 - p)) for mask in masks])
    return torch.tensordot(chances, outcomes, dims=1)

# %% right="average_over_masks" style="one unit after the other, by recursion"
@exercise
def average_over_masks(layer, x, p):
    def rest(kept):
        if len(kept) == len(x):
            return layer(masked(x, tensor(kept), p))
        return (1 - p) * rest(kept + [1.]) + p * rest(kept + [0.])
    return rest([])

# %% wrong="average_over_masks" named="changed places"
@exercise
def average_over_masks(layer, x, p):
    average = 0.0
    for choice in itertools.product((0., 1.), repeat=len(x)):
        kept = int(sum(choice))
        average = average + p ** kept * (1 - p) ** (len(x) - kept) * layer(masked(x, tensor(choice), p))
    return average

# %% wrong="average_over_masks" named="every mask counted the same: one"
@exercise
def average_over_masks(layer, x, p):
    average = 0.0
    for choice in itertools.product((0., 1.), repeat=len(x)):
        kept = int(sum(choice))
        average = average + 1 / 2 ** len(x) * layer(masked(x, tensor(choice), p))
    return average

# %% wrong="average_over_masks" named="without their probabilities"
@exercise
def average_over_masks(layer, x, p):
    average = 0.0
    for choice in itertools.product((0., 1.), repeat=len(x)):
        kept = int(sum(choice))
        average = average + 1 * layer(masked(x, tensor(choice), p))
    return average

# %% wrong="average_over_masks" named="dropped and not scaled"
@exercise
def average_over_masks(layer, x, p):
    average = 0.0
    for choice in itertools.product((0., 1.), repeat=len(x)):
        kept = int(sum(choice))
        average = average + (1 - p) ** kept * p ** (len(x) - kept) * layer(x * tensor(choice))
    return average

# %% wrong="average_over_masks" named="left out the factors p"
@exercise
def average_over_masks(layer, x, p):
    average = 0.0
    for choice in itertools.product((0., 1.), repeat=len(x)):
        kept = int(sum(choice))
        average = average + (1 - p) ** kept * layer(masked(x, tensor(choice), p))
    return average

# %% wrong="average_over_masks" named="left out the factors 1 - p"
@exercise
def average_over_masks(layer, x, p):
    average = 0.0
    for choice in itertools.product((0., 1.), repeat=len(x)):
        kept = int(sum(choice))
        average = average + p ** (len(x) - kept) * layer(masked(x, tensor(choice), p))
    return average

# %% wrong="average_over_masks" named="one factor p and one factor"
@exercise
def average_over_masks(layer, x, p):
    average = 0.0
    for choice in itertools.product((0., 1.), repeat=len(x)):
        kept = int(sum(choice))
        average = average + p * (1 - p) * layer(masked(x, tensor(choice), p))
    return average

# %% wrong="average_over_masks" named="stands inside the loop"
@exercise
def average_over_masks(layer, x, p):
    average = 0.0
    for choice in itertools.product((0., 1.), repeat=len(x)):
        kept = int(sum(choice))
        average = average + (1 - p) ** kept * p ** (len(x) - kept) * layer(masked(x, tensor(choice), p))
        return average

# %% wrong="average_over_masks" named="divided by the number of masks"
@exercise
def average_over_masks(layer, x, p):
    average = 0.0
    for choice in itertools.product((0., 1.), repeat=len(x)):
        kept = int(sum(choice))
        average = average + (1 - p) ** kept * p ** (len(x) - kept) * layer(masked(x, tensor(choice), p))
    return average / 2 ** len(x)

# %% wrong="average_over_masks" named="the mask that drops everybody is missing"
@exercise
def average_over_masks(layer, x, p):
    average = 0.0
    for choice in itertools.product((0., 1.), repeat=len(x)):
        kept = int(sum(choice))
        if kept == 0:
            continue
        average = average + (1 - p) ** kept * p ** (len(x) - kept) * layer(masked(x, tensor(choice), p))
    return average

# %% wrong="average_over_masks" named="and made up for it"
@exercise
def average_over_masks(layer, x, p):
    average = 0.0
    for choice in itertools.product((0., 1.), repeat=len(x)):
        kept = int(sum(choice))
        if kept == 0:
            continue
        average = average + (1 - p) ** kept * p ** (len(x) - kept) * layer(masked(x, tensor(choice), p))
    return average / (1 - p ** len(x))

# %% wrong="average_over_masks" named="scaled what the layer says"
@exercise
def average_over_masks(layer, x, p):
    average = 0.0
    for choice in itertools.product((0., 1.), repeat=len(x)):
        kept = int(sum(choice))
        average = average + (1 - p) ** kept * p ** (len(x) - kept) * layer(x * tensor(choice)) / (1 - p)
    return average

# %% wrong="average_over_masks" named="the layer was asked once"
@exercise
def average_over_masks(layer, x, p):
    return layer(x)

# %% wrong="average_over_masks" named="the average is written over"
@exercise
def average_over_masks(layer, x, p):
    average = 0.0
    for choice in itertools.product((0., 1.), repeat=len(x)):
        kept = int(sum(choice))
        average = (1 - p) ** kept * p ** (len(x) - kept) * layer(masked(x, tensor(choice), p))
    return average

# %% wrong="average_over_masks" named="nobody was dropped"
@exercise
def average_over_masks(layer, x, p):
    return layer(masked(x, torch.ones_like(x), p))

# %% wrong="average_over_masks" named="the layer is missing"
@exercise
def average_over_masks(layer, x, p):
    average = 0.0
    for choice in itertools.product((0., 1.), repeat=len(x)):
        kept = int(sum(choice))
        average = average + (1 - p) ** kept * p ** (len(x) - kept) * masked(x, tensor(choice), p)
    return average

# %% wrong="average_over_masks" named="in `masked`"
@exercise
def average_over_masks(layer, x, p):
    average = 0.0
    for choice in itertools.product((0., 1.), repeat=len(x)):
        kept = int(sum(choice))
        average = average + (1 - p) ** kept * p ** (len(x) - kept) * layer(masked(x, tensor(choice), 1 - p))
    return average

# %% wrong="average_over_masks" named="the masks are of three units"
@exercise
def average_over_masks(layer, x, p):
    average = 0.0
    for choice in itertools.product((0., 1.), repeat=3):
        kept = int(sum(choice))
        average = average + (1 - p) ** kept * p ** (len(x) - kept) * layer(masked(x, tensor(choice), p))
    return average

# %% wrong="average_over_masks" named="you asked `total`"
@exercise
def average_over_masks(layer, x, p):
    average = 0.0
    for choice in itertools.product((0., 1.), repeat=len(x)):
        kept = int(sum(choice))
        average = average + (1 - p) ** kept * p ** (len(x) - kept) * total(masked(x, tensor(choice), p))
    return average

# %% wrong="average_over_masks" named="want a single number"
@exercise
def average_over_masks(layer, x, p):
    average = 0.0
    for choice in itertools.product((0., 1.), repeat=len(x)):
        kept = int(sum(choice))
        average = average + (1 - p) ** kept * p ** (len(x) - kept) * layer(masked(x, tensor(choice), p)).item()
    return average

# %% wrong="average_over_masks" named="multiplied the layer"
@exercise
def average_over_masks(layer, x, p):
    average = 0.0
    for choice in itertools.product((0., 1.), repeat=len(x)):
        kept = int(sum(choice))
        average = average + (1 - p) ** kept * p ** (len(x) - kept) * masked(layer(x), tensor(choice), p)
    return average

# %% wrong="average_over_masks" named="the call wrote into its argument `x`"
@exercise
def average_over_masks(layer, x, p):
    average = 0.0
    for choice in itertools.product((0., 1.), repeat=len(x)):
        kept = int(sum(choice))
        average = average + (1 - p) ** kept * p ** (len(x) - kept) * layer(masked(x, tensor(choice), p))
    x *= 0
    return average

# %% right="average_over_masks" style="weights by numpy"
@exercise
def average_over_masks(layer, x, p):
    import numpy as np
    avg = None
    for c in itertools.product((0., 1.), repeat=len(x)):
        w = np.prod([1 - p if k else p for k in c])
        t = w * layer(x * tensor(c) / (1 - p))
        avg = t if avg is None else avg + t
    return avg

# %% wrong="average_over_masks" really="nor can a"
@exercise
def average_over_masks(layer, x, p):
    avg = tensor(0.)
    for c in itertools.product((0., 1.), repeat=len(x)):
        kept = int(sum(c))
        avg += (1 - p) ** kept * p ** (len(x) - kept) * layer(masked(x, tensor(c), p))
    return avg

# %% wrong="average_over_masks" really="gives tuples"
@exercise
def average_over_masks(layer, x, p):
    avg = 0
    for c in itertools.product((0., 1.), repeat=len(x)):
        kept = int(sum(c))
        avg = avg + (1 - p) ** kept * p ** (len(x) - kept) * layer(masked(x, c, p))
    return avg

# %% wrong="average_over_masks" named="want a single number"
@exercise
def average_over_masks(layer, x, p):
    avg = 0.0
    for c in itertools.product((0., 1.), repeat=len(x)):
        kept = int(sum(c))
        avg += (1 - p) ** kept * p ** (len(x) - kept) * layer(masked(x, tensor(c), p)).item()
    return avg

# %% wrong="average_over_masks" named="no binomial"
@exercise
def average_over_masks(layer, x, p):
    import math
    n = len(x)
    avg = 0
    for c in itertools.product((0., 1.), repeat=n):
        kept = int(sum(c))
        avg = avg + math.comb(n, kept) * (1 - p) ** kept * p ** (n - kept) * layer(masked(x, tensor(c), p))
    return avg

# %% wrong="average_over_masks" really="`tensor` of a list of tensors stops where a layer gives several numbers"
@exercise
def average_over_masks(layer, x, p):
    avg = []
    for c in itertools.product((0., 1.), repeat=len(x)):
        kept = int(sum(c))
        avg.append((1 - p) ** kept * p ** (len(x) - kept) * layer(masked(x, tensor(c), p)))
    return tensor(avg).sum()

# %% wrong="average_over_masks" named="added to one another"
@exercise
def average_over_masks(layer, x, p):
    avg = []
    for c in itertools.product((0., 1.), repeat=len(x)):
        kept = int(sum(c))
        avg.append((1 - p) ** kept * p ** (len(x) - kept) * layer(masked(x, tensor(c), p)))
    return torch.stack(avg).sum()

# %% wrong="average_over_masks" named="wrote over x"
@exercise
def average_over_masks(layer, x, p):
    avg = 0
    for c in itertools.product((0., 1.), repeat=len(x)):
        kept = int(sum(c))
        x *= tensor(c)
        avg = avg + (1 - p) ** kept * p ** (len(x) - kept) * layer(x / (1 - p))
    return avg

# %% wrong="average_over_masks" named="the same in every turn"
@exercise
def average_over_masks(layer, x, p):
    avg = 0
    for c in itertools.product((0., 1.), repeat=len(x)):
        kept = len(c)
        avg = avg + (1 - p) ** kept * p ** (len(x) - kept) * layer(masked(x, tensor(c), p))
    return avg

# %% wrong="average_over_masks" named="only the last unit"
@exercise
def average_over_masks(layer, x, p):
    avg = 0
    for c in itertools.product((0., 1.), repeat=len(x)):
        prob = 1
        for k in c:
            prob = p if k == 0 else 1 - p
        avg = avg + prob * layer(masked(x, tensor(c), p))
    return avg

# %% wrong="average_over_masks" named="set it back to 1"
@exercise
def average_over_masks(layer, x, p):
    avg = 0
    prob = 1
    for c in itertools.product((0., 1.), repeat=len(x)):
        for k in c:
            prob *= p if k == 0 else 1 - p
        avg = avg + prob * layer(masked(x, tensor(c), p))
    return avg

# %% wrong="average_over_masks" named="multiplied, not added"
@exercise
def average_over_masks(layer, x, p):
    avg = 0
    for c in itertools.product((0., 1.), repeat=len(x)):
        kept = int(sum(c))
        avg = avg + ((1 - p) * kept + p * (len(x) - kept)) * layer(masked(x, tensor(c), p))
    return avg

# %% right="dropout" style="coins by torch.bernoulli"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    return masked(x, torch.bernoulli(torch.full_like(x, 1 - p), generator=generator), p)

# %% right="dropout" style="a comparison of draws"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    return masked(x, torch.rand(x.shape, generator=generator) >= p, p)

# %% right="dropout" style="the switch first, one expression"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if p < 0 or p >= 1:
        raise ValueError(f"p must be in [0, 1), not {p}")
    keep = (torch.rand(x.shape, generator=generator, dtype=x.dtype) > p).to(x.dtype)
    return x * keep / (1 - p) if training else x

# %% right="dropout" style="where"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    coins = torch.rand(x.shape, generator=generator)
    return torch.where(coins < 1 - p, x / (1 - p), 0 * x)

# %% wrong="dropout" named="kept p and dropped the others"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    return masked(x, torch.rand(x.shape, generator=generator) < p, p)

# %% wrong="dropout" named="kept p and dropped the others"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    return masked(x, torch.bernoulli(torch.full_like(x, p), generator=generator), p)

# %% wrong="dropout" named="a single coin"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    return masked(x, torch.rand(1, generator=generator) >= p, p)

# %% wrong="dropout" named="is not scaled up"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    return x * (torch.rand(x.shape, generator=generator) >= p)

# %% wrong="dropout" named="you divided by p"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    return x * (torch.rand(x.shape, generator=generator) >= p) / p

# %% wrong="dropout" named="you multiplied by 1 - p: divide"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    return x * (torch.rand(x.shape, generator=generator) >= p) * (1 - p)

# %% wrong="dropout" named="you multiplied by p: divide"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    return x * (torch.rand(x.shape, generator=generator) >= p) * p

# %% wrong="dropout" named="scaled twice"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    return masked(x, torch.rand(x.shape, generator=generator) >= p, p) / (1 - p)

# %% wrong="dropout" named="bell curve"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    return masked(x, torch.randn(x.shape, generator=generator) > p, p)

# %% wrong="dropout" really="half is dropped"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    return x * torch.randint(0, 2, x.shape, generator=generator) / (1 - p)

# %% wrong="dropout" named="these coins happened to keep"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    keep = (torch.rand(x.shape, generator=generator) >= p).to(x.dtype)
    return x * keep / keep.mean()

# %% wrong="dropout" named="multiplied by a random number"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    coins = torch.rand(x.shape, generator=generator)
    return x * coins * (coins >= p) / (1 - p)

# %% wrong="dropout" named="all rows share one mask"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    return masked(x, torch.rand(x.shape[-1], generator=generator) >= p, p)

# %% wrong="dropout" named="drops whole rows"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    return masked(x, torch.rand(len(x), *[1] * (x.ndim - 1), generator=generator) >= p, p)

# %% wrong="dropout" named="every call has the same mask"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    generator = torch.Generator().manual_seed(0)
    return masked(x, torch.rand(x.shape, generator=generator) >= p, p)

# %% wrong="dropout" named="every call has the same mask"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    torch.manual_seed(42)
    return masked(x, torch.rand(x.shape) >= p, p)

# %% wrong="dropout" named="exactly the same number"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    order = torch.randperm(x.numel(), generator=generator).reshape(x.shape)
    return masked(x, order >= p * x.numel(), p)

# %% wrong="dropout" really="the switch is the wrong way round: it drops in evaluation and hands x on in training"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if p < 0 or p >= 1:
        raise ValueError("p")
    if training:
        return x
    return masked(x, torch.rand(x.shape, generator=generator) >= p, p)

# %% wrong="dropout" named="multiplied by 1 - p in evaluation"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if p < 0 or p >= 1:
        raise ValueError("p")
    mask = torch.rand(x.shape, generator=generator) >= p
    return masked(x, mask, p) if training else x * (1 - p)

# %% wrong="dropout" named="divided by 1 - p in evaluation"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if p < 0 or p >= 1:
        raise ValueError("p")
    mask = torch.rand(x.shape, generator=generator) >= p if training else torch.ones_like(x)
    return masked(x, mask, p)

# %% wrong="dropout" named="not zeros"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if p < 0 or p >= 1:
        raise ValueError("p")
    mask = torch.rand(x.shape, generator=generator) >= p if training else torch.zeros_like(x)
    return masked(x, mask, p)

# %% wrong="dropout" really="`training` changes nothing"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    return masked(x, torch.rand(x.shape, generator=generator) >= p, p)

# %% wrong="dropout" named="in evaluation nothing is given back"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if training:
        return masked(x, torch.rand(x.shape, generator=generator) >= p, p)

# %% wrong="dropout" named="generator that came in changes nothing"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    return masked(x, torch.rand(x.shape) >= p, p)

# %% wrong="dropout" named="generator that came in changes nothing"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    return nn.functional.dropout(x, p)

# %% wrong="dropout" named="the values are right"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    return masked(x.float(), torch.rand(x.shape, generator=generator) >= p, p)

# %% wrong="dropout" really="no gradient comes through"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    return masked(x.detach(), torch.rand(x.shape, generator=generator) >= p, p)

# %% wrong="dropout" named="gradient is not scaled"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x

    mask = torch.rand(x.shape, generator=generator) >= p
    out = x * mask
    return out + (out * p / (1 - p)).detach()

# %% wrong="dropout" named="the call wrote into its argument `x`"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x

    x.mul_((torch.rand(x.shape, generator=generator) >= p) / (1 - p))
    return x

# %% wrong="dropout" named="give back one tensor"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    mask = torch.rand(x.shape, generator=generator) >= p
    return masked(x, mask, p), mask

# %% wrong="dropout" really="are taken out"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    order = torch.randperm(x.numel(), generator=generator)
    return x.flatten()[order[round(p * x.numel()):]] / (1 - p)

# %% wrong="dropout" really="another shape than x"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    return masked(x, torch.rand(len(x), generator=generator) >= p, p)

# %% wrong="dropout" really="by name"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    return masked(x, torch.rand(x.shape, generator) >= p, p)

# %% wrong="dropout" named="a p of 0 is allowed"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 < p < 1:
        raise ValueError("p")
    if not training:
        return x
    return masked(x, torch.rand(x.shape, generator=generator) >= p, p)

# %% wrong="dropout" really="may be None"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    generator.manual_seed(0)
    return masked(x, torch.rand(x.shape, generator=generator) >= p, p)

# %% wrong="dropout" named="the mask is made of x itself"
@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    return masked(x, x >= p, p)

# %% right="Dropout" style="by keyword"
@exercise
class Dropout(nn.Module):
    def __init__(self, p=0.5, generator=None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p")
        self.p = p
        self.generator = generator

    def forward(self, x):
        return dropout(x, p=self.p, training=self.training, generator=self.generator)

# %% right="Dropout" style="two cases"
@exercise
class Dropout(nn.Module):
    def __init__(self, p=0.5, generator=None):
        super().__init__()
        self.p = p
        self.generator = generator
        dropout(torch.zeros(1), p)

    def forward(self, x):
        if not self.training:
            return x
        return dropout(x, self.p, True, self.generator)

# %% right="Dropout" style="the old way to call super"
@exercise
class Dropout(nn.Module):
    def __init__(self, p=0.5, generator=None):
        super(Dropout, self).__init__()
        if not 0 <= p < 1:
            raise ValueError("p")
        self.p = p
        self.generator = generator

    def forward(self, x):
        training = self.training
        out = dropout(x, self.p, training, self.generator)
        return out

# %% wrong="Dropout" really="has to come first"
@exercise
class Dropout(nn.Module):
    def __init__(self, p=0.5, generator=None):
        if not 0 <= p < 1:
            raise ValueError("p")
        self.p = p
        self.generator = generator

    def forward(self, x):
        return dropout(x, self.p, self.training, self.generator)

# %% wrong="Dropout" named="drops in evaluation mode"
@exercise
class Dropout(nn.Module):
    def __init__(self, p=0.5, generator=None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p")
        self.p = p
        self.generator = generator

    def forward(self, x):
        return dropout(x, self.p, generator=self.generator)

# %% wrong="Dropout" really="drops in evaluation mode"
@exercise
class Dropout(nn.Module):
    def __init__(self, p=0.5, generator=None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p")
        self.p = p
        self.generator = generator

    def forward(self, x):
        return nn.functional.dropout(x, self.p)

# %% wrong="Dropout" named="half is dropped"
@exercise
class Dropout(nn.Module):
    def __init__(self, p=0.5, generator=None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p")
        self.p = p
        self.generator = generator

    def forward(self, x):
        return dropout(x, training=self.training, generator=self.generator)

# %% wrong="Dropout" named="handed on 1 - p"
@exercise
class Dropout(nn.Module):
    def __init__(self, p=0.5, generator=None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p")
        self.p = p
        self.generator = generator

    def forward(self, x):
        return dropout(x, 1 - self.p, self.training, self.generator)

# %% wrong="Dropout" named="the wrong way round"
@exercise
class Dropout(nn.Module):
    def __init__(self, p=0.5, generator=None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p")
        self.p = p
        self.generator = generator

    def forward(self, x):
        return dropout(x, self.p, not self.training, self.generator)

# %% wrong="Dropout" named="scales in evaluation mode"
@exercise
class Dropout(nn.Module):
    def __init__(self, p=0.5, generator=None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p")
        self.p = p
        self.generator = generator

    def forward(self, x):
        out = dropout(x, self.p, self.training, self.generator)
        return out if self.training else out * (1 - self.p)

# %% wrong="Dropout" named="the layer noted `eval"
@exercise
class Dropout(nn.Module):
    def __init__(self, p=0.5, generator=None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p")
        self.p = p
        self.generator = generator
        self.drops = True

    def forward(self, x):
        return dropout(x, self.p, self.drops, self.generator)

    def eval(self):
        self.drops = False
        return super().eval()

# %% wrong="Dropout" named="first call's mask was kept"
@exercise
class Dropout(nn.Module):
    def __init__(self, p=0.5, generator=None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p")
        self.p = p
        self.generator = generator
        self.mask = None

    def forward(self, x):
        if not self.training:
            return x
        if self.mask is None:
            self.mask = torch.rand(x.shape, generator=self.generator) >= self.p
        return masked(x, self.mask, self.p)

# %% wrong="Dropout" really="under another name"
@exercise
class Dropout(nn.Module):
    def __init__(self, p=0.5, generator=None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p")
        self.share = p
        self.generator = generator

    def forward(self, x):
        return dropout(x, self.share, self.training, self.generator)

# %% wrong="Dropout" named="p became a parameter"
@exercise
class Dropout(nn.Module):
    def __init__(self, p=0.5, generator=None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p")
        self.p = nn.Parameter(tensor(p))
        self.generator = generator

    def forward(self, x):
        return dropout(x, self.p.item(), self.training, self.generator)

# %% wrong="Dropout" really="no nn.Module any more"
@exercise
class Dropout:
    def __init__(self, p=0.5, generator=None):
        if not 0 <= p < 1:
            raise ValueError("p")
        self.p = p
        self.training = True
        self.generator = generator

    def forward(self, x):
        return dropout(x, self.p, self.training, self.generator)

    def eval(self):
        self.training = False

    def train(self):
        self.training = True

# %% wrong="Dropout" named="layer's generator changes nothing"
@exercise
class Dropout(nn.Module):
    def __init__(self, p=0.5, generator=None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p")
        self.p = p
        self.generator = generator

    def forward(self, x):
        return dropout(x, self.p, self.training)

# %% wrong="Dropout" really="a method called `forward`"
@exercise
class Dropout(nn.Module):
    def __init__(self, p=0.5, generator=None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p")
        self.p = p
        self.generator = generator

    def drop(self, x):
        return dropout(x, self.p, self.training, self.generator)

# %% wrong="Dropout" named="`forward` gives nothing back"
@exercise
class Dropout(nn.Module):
    def __init__(self, p=0.5, generator=None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p")
        self.p = p
        self.generator = generator

    def forward(self, x):
        dropout(x, self.p, self.training, self.generator)

# %% wrong="Dropout" really="are known only as self.p"
@exercise
class Dropout(nn.Module):
    def __init__(self, p=0.5, generator=None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p")
        self.p = p
        self.generator = generator

    def forward(self, x):
        return dropout(x, p, self.training, self.generator)

# %% right="Dropout" style="a mask of its own"
@exercise
class Dropout(nn.Module):
    def __init__(self, p=0.5, generator=None):
        super(Dropout, self).__init__()
        if not (p >= 0 and p < 1):
            raise ValueError("p")
        self.p = p
        self.generator = generator

    def forward(self, x):
        if not self.training:
            return x
        keep = torch.empty_like(x).bernoulli_(1 - self.p, generator=self.generator)
        return masked(x, keep, self.p)

# %% wrong="Dropout" really="small d"
@exercise
class Dropout(nn.Module):
    def __init__(self, p=0.5, generator=None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError
        self.p = p
        self.generator = generator
    def forward(self, x):
        return Dropout(x, self.p, self.training, self.generator)

# %% wrong="Dropout" named="every layer has the same mask"
@exercise
class Dropout(nn.Module):
    def __init__(self, p=0.5, generator=None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError
        self.p = p
        self.generator = torch.Generator().manual_seed(0)
    def forward(self, x):
        return dropout(x, self.p, self.training, self.generator)

# %% wrong="Dropout" named="do not seed in the layer"
@exercise
class Dropout(nn.Module):
    def __init__(self, p=0.5, generator=None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError
        self.p = p
        self.generator = generator
    def forward(self, x):
        return dropout(x, self.p, self.training, Generator())

# %% right="train_and_measure" style="one switch for both"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    result = []
    for _ in range(rounds):
        model.train(True)
        practise(model, train[0], train[1])
        model.train(False)
        scores = model(test[0])
        result.append(float((scores.argmax(1) == test[1]).sum()) / len(test[1]))
    return result

# %% right="train_and_measure" style="back to training mode after the exam"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    inputs, labels = test
    found = []
    while len(found) < rounds:
        practise(model, *train)
        model.eval()
        found += [(model(inputs).argmax(dim=-1) == labels).double().mean().item()]
        model.train()
    return found

# %% wrong="train_and_measure" named="you measured in training mode"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    found = []
    for _ in range(rounds):
        practise(model, *train)
        found.append((model(test[0]).argmax(dim=1) == test[1]).float().mean().item())
    return found

# %% wrong="train_and_measure" named="you measured in training mode"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    found = []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        with torch.no_grad():
            found.append((model(test[0]).argmax(dim=1) == test[1]).float().mean().item())
    return found

# %% wrong="train_and_measure" named="nobody went back"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    found = []
    for _ in range(rounds):
        practise(model, *train)
        model.eval()
        found.append((model(test[0]).argmax(dim=1) == test[1]).float().mean().item())
    return found

# %% wrong="train_and_measure" named="nobody went back"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    found = []
    model.train()
    for _ in range(rounds):
        practise(model, *train)
        model.eval()
        found.append((model(test[0]).argmax(dim=1) == test[1]).float().mean().item())
    return found

# %% wrong="train_and_measure" named="never was in training mode"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    found = []
    model.eval()
    for _ in range(rounds):
        practise(model, *train)
        found.append((model(test[0]).argmax(dim=1) == test[1]).float().mean().item())
    return found

# %% wrong="train_and_measure" named="never was in training mode"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    found = []
    for _ in range(rounds):
        model.train()
        model.eval()
        practise(model, *train)
        found.append((model(test[0]).argmax(dim=1) == test[1]).float().mean().item())
    return found

# %% wrong="train_and_measure" named="two modes have changed places"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    found = []
    for _ in range(rounds):
        model.eval()
        practise(model, *train)
        model.train()
        found.append((model(test[0]).argmax(dim=1) == test[1]).float().mean().item())
    return found

# %% wrong="train_and_measure" named="first exam is held in training mode"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    found = []
    for _ in range(rounds):
        practise(model, *train)
        found.append((model(test[0]).argmax(dim=1) == test[1]).float().mean().item())
        model.eval()
    return found

# %% wrong="train_and_measure" named="before the practice of the round"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    found = []
    for _ in range(rounds):
        model.eval()
        found.append((model(test[0]).argmax(dim=1) == test[1]).float().mean().item())
        model.train()
        practise(model, *train)
    return found

# %% wrong="train_and_measure" named="new model"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    found = []
    for _ in range(rounds):
        model = build()
        model.train()
        practise(model, *train)
        model.eval()
        found.append((model(test[0]).argmax(dim=1) == test[1]).float().mean().item())
    return found

# %% wrong="train_and_measure" named="on the practice rows"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    found = []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        found.append((model(train[0]).argmax(dim=1) == train[1]).float().mean().item())
    return found

# %% wrong="train_and_measure" named="last accuracy only"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    found = []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        found.append((model(test[0]).argmax(dim=1) == test[1]).float().mean().item())
    return found[-1]

# %% wrong="train_and_measure" named="counted the right answers"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    found = []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        found.append((model(test[0]).argmax(dim=1) == test[1]).float().sum().item())
    return found

# %% wrong="train_and_measure" named="these are percent"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    found = []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        found.append(100 * (model(test[0]).argmax(dim=1) == test[1]).float().mean().item())
    return found

# %% wrong="train_and_measure" named="before the first exam"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    model.train()
    for _ in range(rounds):
        practise(model, *train)
    model.eval()
    return [(model(test[0]).argmax(dim=1) == test[1]).float().mean().item()]

# %% right="train_and_measure" style="numbers as tensors without axes"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    found = []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        found.append((model(test[0]).argmax(dim=1) == test[1]).float().mean())
    return found

# %% wrong="train_and_measure" named="stands inside the loop"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    found = []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        found.append((model(test[0]).argmax(dim=1) == test[1]).float().mean().item())
        return found

# %% wrong="train_and_measure" named="counted the rows that are wrong"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    found = []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        found.append((model(test[0]).argmax(dim=1) != test[1]).float().mean().item())
    return found

# %% wrong="train_and_measure" named="nothing was returned"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    found = []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        found.append((model(test[0]).argmax(dim=1) == test[1]).float().mean().item())

# %% wrong="train_and_measure" named="does not reach the modules inside"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    found = []
    for _ in range(rounds):
        model.training = True
        practise(model, *train)
        model.training = False
        found.append((model(test[0]).argmax(dim=1) == test[1]).float().mean().item())
    return found

# %% wrong="train_and_measure" named="one round too many"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    found = []
    for _ in range(rounds + 1):
        model.train()
        practise(model, *train)
        model.eval()
        found.append((model(test[0]).argmax(dim=1) == test[1]).float().mean().item())
    return found

# %% wrong="train_and_measure" named="one round is missing"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    found = []
    for _ in range(1, rounds):
        model.train()
        practise(model, *train)
        model.eval()
        found.append((model(test[0]).argmax(dim=1) == test[1]).float().mean().item())
    return found

# %% wrong="train_and_measure" named="on the exam"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    found = []
    for _ in range(rounds):
        model.train()
        practise(model, *test)
        model.eval()
        found.append((model(test[0]).argmax(dim=1) == test[1]).float().mean().item())
    return found

# %% wrong="train_and_measure" named="the mean over the rounds"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    found = []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        found.append((model(test[0]).argmax(dim=1) == test[1]).float().mean().item())
    return sum(found) / rounds

# %% wrong="train_and_measure" named="not a tensor"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    found = []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        found.append((model(test[0]).argmax(dim=1) == test[1]).float().mean().item())
    return torch.tensor(found)

# %% wrong="train_and_measure" really="have to be unpacked"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    found = []
    for _ in range(rounds):
        model.train()
        practise(model, train)
        model.eval()
        found.append((model(test[0]).argmax(dim=1) == test[1]).float().mean().item())
    return found

# %% wrong="train_and_measure" really="wants numbers"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    found = []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        found.append((model(test[0]).argmax(dim=1) == test[1]).mean().item())
    return found

# %% wrong="train_and_measure" really="gives nothing back"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    found = []
    for _ in range(rounds):
        model.train()
        model = practise(model, *train)
        model.eval()
        found.append((model(test[0]).argmax(dim=1) == test[1]).float().mean().item())
    return found

# %% right="train_and_measure" style="one exam row after the other"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model = build()
    result = []
    inputs, labels = test
    for r in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        right = 0
        for one, label in zip(inputs, labels):
            if model(one.unsqueeze(0)).argmax() == label:
                right += 1
        result.append(right / len(labels))
    return result

# %% right="train_and_measure" style="the exam in shuffled batches"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    from torch.utils.data import DataLoader, TensorDataset
    model = build()
    result = []
    for r in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        right = 0
        for a, b in DataLoader(TensorDataset(*test), batch_size=3, shuffle=True):
            right += int((model(a).argmax(1) == b).sum())
        result.append(right / len(test[1]))
    return result

# %% right="train_and_measure" style="the accuracy of course.training"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    from course.training import accuracy
    model = build()
    result = []
    for r in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        result.append(accuracy(model, *test))
    return result

# %% wrong="train_and_measure" named="`argmax` without `dim=1` finds one place among all scores"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model, out = build(), []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        out.append((model(test[0]).argmax() == test[1]).float().mean().item())
    return out

# %% wrong="train_and_measure" named="never practised"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model, out = build(), []
    for _ in range(rounds):
        model.train()
        model.eval()
        out.append((model(test[0]).argmax(1) == test[1]).float().mean().item())
    return out

# %% wrong="train_and_measure" named="is a pair"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model, out = build(), []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        out.append((model(test[0]).argmax(1) == test[1]).sum().item() / len(test))
    return out

# %% wrong="train_and_measure" named="before the loop"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model, out = build(), []
    practise(model, *train)
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        out.append((model(test[0]).argmax(1) == test[1]).float().mean().item())
    return out

# %% wrong="train_and_measure" named="rows as well"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model, out = build(), []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        practise(model, *test)
        out.append((model(test[0]).argmax(1) == test[1]).float().mean().item())
    return out

# %% wrong="train_and_measure" named="in the same loop"
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model, out = build(), []
    model.train()
    for _ in range(rounds):
        practise(model, *train)
    model.eval()
    for _ in range(rounds):
        out.append((model(test[0]).argmax(1) == test[1]).float().mean().item())
    return out

# %% right="AdamW" style="minus a share of itself"
@exercise(given=["__init__"])
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        w = self.adam.parameters
        self.adam.parameters = w - self.learning_rate * self.decay * w
        self.adam.step(gradient)
        return self.adam.parameters

# %% right="AdamW" style="in place, on Adam's own copy"
@exercise(given=["__init__"])
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        self.adam.parameters *= 1 - self.learning_rate * self.decay
        return self.adam.step(gradient)

# %% right="AdamW" style="Adam first, then less a share of what was there before"
@exercise(given=["__init__"])
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        before = self.adam.parameters
        self.adam.parameters = self.adam.step(gradient) - self.learning_rate * self.decay * before
        return self.adam.parameters

# %% wrong="AdamW" named="that is the L2 penalty"
@exercise(given=["__init__"])
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        return self.adam.step(gradient + self.decay * self.adam.parameters)

# %% wrong="AdamW" named="that is the L2 penalty"
@exercise(given=["__init__"])
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        return self.adam.step(gradient + self.learning_rate * self.decay * self.adam.parameters)

# %% wrong="AdamW" named="this is Adam alone"
@exercise(given=["__init__"])
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        return self.adam.step(gradient)

# %% wrong="AdamW" named="shrink by decay alone"
@exercise(given=["__init__"])
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        self.adam.parameters = self.adam.parameters * (1 - self.decay)
        return self.adam.step(gradient)

# %% wrong="AdamW" named="the weights grow"
@exercise(given=["__init__"])
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        self.adam.parameters = self.adam.parameters * (1 + self.learning_rate * self.decay)
        return self.adam.step(gradient)

# %% wrong="AdamW" named="Adam moved first"
@exercise(given=["__init__"])
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        self.adam.step(gradient)
        self.adam.parameters = self.adam.parameters * (1 - self.learning_rate * self.decay)
        return self.adam.parameters

# %% wrong="AdamW" named="lost the same amount"
@exercise(given=["__init__"])
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        self.adam.parameters = self.adam.parameters - self.learning_rate * self.decay * self.adam.parameters.sign()
        return self.adam.step(gradient)

# %% wrong="AdamW" named="only the share that should be lost"
@exercise(given=["__init__"])
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        self.adam.parameters = self.adam.parameters * self.learning_rate * self.decay
        return self.adam.step(gradient)

# %% wrong="AdamW" named="and not the gradient"
@exercise(given=["__init__"])
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        self.adam.parameters = self.adam.parameters - self.learning_rate * self.decay * gradient
        return self.adam.step(gradient)

# %% wrong="AdamW" named="before Adam's step"
@exercise(given=["__init__"])
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        shrunk = self.adam.parameters * (1 - self.learning_rate * self.decay)
        self.adam.parameters = shrunk
        self.adam.step(gradient)
        return shrunk

# %% wrong="AdamW" named="square of the weights"
@exercise(given=["__init__"])
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        self.adam.parameters = self.adam.parameters - self.learning_rate * self.decay * self.adam.parameters ** 2
        return self.adam.step(gradient)

# %% wrong="AdamW" named="you divided by 1 +"
@exercise(given=["__init__"])
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        self.adam.parameters = self.adam.parameters / (1 + self.learning_rate * self.decay)
        return self.adam.step(gradient)

# %% wrong="AdamW" named="shrank twice"
@exercise(given=["__init__"])
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        for _ in range(2):
            self.adam.parameters = self.adam.parameters * (1 - self.learning_rate * self.decay)
        return self.adam.step(gradient)

# %% wrong="AdamW" named="is not kept"
@exercise(given=["__init__"])
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        before = self.adam.parameters
        return self.adam.step(gradient) - self.learning_rate * self.decay * before

# %% wrong="AdamW" named="begins anew"
@exercise(given=["__init__"])
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        self.adam.parameters = Adam(self.adam.parameters * (1 - self.learning_rate * self.decay), self.learning_rate).step(gradient)
        return self.adam.parameters

# %% wrong="AdamW" named="let self.adam take the step"
@exercise(given=["__init__"])
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        self.adam.parameters = self.adam.parameters * (1 - self.learning_rate * self.decay) - self.learning_rate * gradient
        return self.adam.parameters

# %% wrong="AdamW" named="nothing was returned"
@exercise(given=["__init__"])
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        self.adam.parameters = self.adam.parameters * (1 - self.learning_rate * self.decay)
        self.adam.step(gradient)

# %% wrong="AdamW" named="multiply it by the weights first"
@exercise(given=["__init__"])
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        self.adam.parameters = self.adam.parameters - self.learning_rate * self.decay
        return self.adam.step(gradient)

# %% wrong="AdamW" named="decayed twice"
@exercise(given=["__init__"])
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        gradient = gradient + self.decay * self.adam.parameters
        self.adam.parameters = self.adam.parameters * (1 - self.learning_rate * self.decay)
        return self.adam.step(gradient)

# %% wrong="AdamW" named="brackets: the factor"
@exercise(given=["__init__"])
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        self.adam.parameters = self.adam.parameters * (1 - self.learning_rate) * self.decay
        return self.adam.step(gradient)

# %% wrong="AdamW" named="moved away from zero"
@exercise(given=["__init__"])
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        self.adam.parameters = self.adam.parameters - self.learning_rate * self.decay * self.adam.parameters.abs()
        return self.adam.step(gradient)

# %% wrong="AdamW" named="only the share"
@exercise(given=["__init__"])
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        self.adam.parameters = self.adam.parameters * self.learning_rate * self.decay
        return self.adam.step(gradient)

# %% wrong="AdamW" named="nowhere else"
@exercise
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        self.parameters = self.parameters * (1 - self.learning_rate * self.decay)
        return self.adam.step(gradient)

# %% wrong="AdamW" named="is known here"
@exercise
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        self.adam.parameters = self.adam.parameters * (1 - learning_rate * decay)
        return self.adam.step(gradient)

# %% wrong="AdamW" named="learning rate alone"
@exercise
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        self.adam.parameters = self.adam.parameters * (1 - self.learning_rate)
        return self.adam.step(gradient)

# %% wrong="AdamW" named="multiply the two"
@exercise
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        self.adam.parameters = self.adam.parameters * (1 - self.learning_rate / self.decay)
        return self.adam.step(gradient)

# %% wrong="AdamW" named="both were subtracted"
@exercise
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        self.adam.parameters = self.adam.parameters * (1 - self.learning_rate - self.decay)
        return self.adam.step(gradient)

# %% wrong="AdamW" named="has to stay one"
@exercise
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        self.adam.parameters = [w * (1 - self.learning_rate * self.decay) for w in self.adam.parameters]
        return self.adam.step(gradient)

# %% wrong="AdamW" named="half is in the penalty"
@exercise
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        self.adam.parameters = self.adam.parameters * (1 - self.learning_rate * self.decay / 2)
        return self.adam.step(gradient)

# %% wrong="AdamW" named="two steps"
@exercise
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        self.adam.parameters = self.adam.parameters * (1 - self.learning_rate * self.decay)
        self.adam.step(gradient)
        return self.adam.step(gradient)

# %% wrong="AdamW" named="the exponential"
@exercise
class AdamW:
    def __init__(self, weights, learning_rate=1e-3, decay=1e-2):
        self.adam = Adam(weights, learning_rate)
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient):
        import math
        self.adam.parameters = self.adam.parameters * math.exp(-self.learning_rate * self.decay)
        return self.adam.step(gradient)

# %% right="reading" style="all five"
reading = {1: "b", 2: "c", 3: "a", 4: "b", 5: "c"}

# %% wrong="reading" named="the paper's p is the share kept"
reading = {1: "b", 2: "a", 3: "a", 4: "b", 5: "c"}
