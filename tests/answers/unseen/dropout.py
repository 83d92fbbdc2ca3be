# Learners' answers for lesson 06-dropout, thought up from the student lesson alone.

# %% wrong="masked" really="what is kept is not scaled up"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    return x * mask

# %% wrong="masked" really="divides by the share dropped, not by the share kept (and fails to make sense at p 0)"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    return x * mask / p

# %% wrong="masked" really="multiplies by the share kept where it should divide by it"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    return mask * x * (1 - p)

# %% wrong="masked" really="scales by the share this mask happens to keep, not by 1 - p"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    kept = mask.float().mean()
    return x * mask / kept

# %% wrong="masked" really="changes x in place"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    x *= mask
    x /= 1 - p
    return x

# %% wrong="masked" really="assigns zeros into the caller's x before the scaling makes a new tensor"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    x[mask.expand_as(x) == 0] = 0
    return x / (1 - p)

# %% wrong="masked" really="the mask is read the wrong way round: its ones are dropped"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    return x.masked_fill(mask.bool(), 0.0) / (1 - p)

# %% wrong="masked" really="picks out the kept numbers and loses the zeros and the shape"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    return x[mask.bool()] / (1 - p)

# %% wrong="masked" really="1 - mask is an error for a boolean mask"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    dropped = x * (1 - mask)
    return (x - dropped) / (1 - p)

# %% wrong="masked" really="torch.where takes only a boolean condition, so a mask of 1. and 0. stops it"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    return torch.where(mask, x / (1 - p), torch.zeros_like(x))

# %% wrong="masked" really="boolean indexing needs a mask of x's own shape, so a mask that should stretch over the rows fails"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    out = torch.zeros_like(x)
    keep = mask.bool()
    out[keep] = x[keep] / (1 - p)
    return out

# %% wrong="masked" really="goes through flattened x and mask with zip, which stops early when the mask is to stretch"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    numbers = [n / (1 - p) if m else n * 0 for n, m in zip(x.flatten(), mask.flatten())]
    return torch.stack(numbers).reshape(x.shape)

# %% wrong="masked" really="detach cuts the gradient to x"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    out = x.detach().clone()
    out = out * mask
    return out / (1 - p)

# %% wrong="masked" really="builds a new tensor from python numbers: one axis only, float32 only, gradient lost"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    result = []
    for i in range(len(x)):
        if mask[i] == 1:
            result.append(x[i].item() / (1 - p))
        else:
            result.append(0.0)
    return torch.tensor(result)

# %% wrong="masked" really="missing brackets: divides by 1 and then subtracts p"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    return mask * x / 1 - p

# %% wrong="masked" really="scales by 1 + p instead of 1 / (1 - p)"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    return x * mask * (1 + p)

# %% wrong="masked" really="always doubles, which is right only for p 0.5"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    return x * mask * 2

# %% wrong="masked" really="rescales so that the sum of this very x is kept, instead of dividing by 1 - p"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    kept = x * mask
    return kept * (x.sum() / kept.sum())

# %% wrong="masked" really="a relu nobody asked for turns kept negative numbers into 0"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    return (x * mask / (1 - p)).clamp(min=0)

# %% wrong="masked" really="ignores the mask that came with the call and flips coins of its own"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    return nn.functional.dropout(x, p)

# %% wrong="masked" really="float64 input comes back as float32"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    return x.float() * mask.float() / (1 - p)

# %% wrong="masked" really="dropped numbers stay as they were instead of becoming 0"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    return torch.where(mask.bool(), x / (1 - p), x)

# %% wrong="masked" really="scales the caller's mask in place, and stops for a boolean mask"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    mask /= 1 - p
    return x * mask

# %% wrong="masked" really="a matrix product adds the numbers up instead of multiplying one by one"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    return (x @ mask) / (1 - p)

# %% right="masked" style="torch's way: scale the mask, then multiply"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    scale = mask.to(x.dtype) / (1 - p)
    return x * scale

# %% right="masked" style="torch.where with a boolean condition"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    return torch.where(mask.bool(), x / (1 - p), 0.0)

# %% right="masked" style="scale all, then fill the dropped places of the new tensor"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    louder = x / (1 - p)
    return louder.masked_fill(mask == 0, 0)

# %% right="masked" style="index assignment into a fresh tensor, mask stretched by hand"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    out = x.div(1 - p)
    gone = ~mask.bool().expand_as(x)
    out[gone] = 0
    return out

# %% right="masked" style="a python loop over the flattened numbers"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    if x.numel() == 0:
        return x.clone()
    stretched = mask.expand(x.shape).reshape(-1)
    numbers = []
    for number, keep in zip(x.reshape(-1), stretched):
        numbers.append(number / (1 - p) if keep else torch.zeros_like(number / (1 - p)))
    return torch.stack(numbers).reshape(x.shape)

# %% right="masked" style="einsum over an ellipsis"
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    m = mask.expand_as(x).type_as(x)
    return torch.einsum("...,...->...", x, m) / (1 - p)

# %% right="masked" style="takes away what is dropped, with the scale written as 1 + p / (1 - p)"
def boost(p):
    return 1 + p / (1 - p)


@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    gone = x * (mask == 0)
    return (x - gone) * boost(p)

# %% wrong="average_over_masks" really="all masks count alike, which is right only for p 0.5"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    outs = [layer(masked(x, tensor(m), p)) for m in itertools.product((0., 1.), repeat=len(x))]
    return torch.stack(outs).mean(dim=0)

# %% wrong="average_over_masks" really="the exponents are swapped: p for each kept and 1 - p for each dropped"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    n = len(x)
    result = 0
    for choice in itertools.product((0., 1.), repeat=n):
        kept = int(sum(choice))
        result = result + p ** kept * (1 - p) ** (n - kept) * layer(masked(x, tensor(choice), p))
    return result

# %% wrong="average_over_masks" really="adds up without any probabilities"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    return sum(layer(masked(x, tensor(choice), p)) for choice in itertools.product((0., 1.), repeat=len(x)))

# %% wrong="average_over_masks" really="averages the inputs and asks the layer once, so a bend is not seen"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    n = len(x)
    average = torch.zeros_like(x)
    for choice in itertools.product((0., 1.), repeat=n):
        kept = int(sum(choice))
        average = average + (1 - p) ** kept * p ** (n - kept) * masked(x, tensor(choice), p)
    return layer(average)

# %% wrong="average_over_masks" really="takes it for granted that dropout keeps the average, which fails behind a ReLU"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    return layer(x)

# %% wrong="average_over_masks" really="what is kept is not scaled up"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    n = x.shape[0]
    answer = 0
    for choice in itertools.product((0., 1.), repeat=n):
        weight = 1
        for c in choice:
            weight *= (1 - p) if c else p
        answer = answer + weight * layer(x * tensor(choice))
    return answer

# %% wrong="average_over_masks" really="scales what the layer returns instead of what it is given, which differs for the neuron with its constant 1"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    n = len(x)
    result = 0
    for choice in itertools.product((0., 1.), repeat=n):
        kept = int(sum(choice))
        result = result + (1 - p) ** kept * p ** (n - kept) * layer(x * tensor(choice)) / (1 - p)
    return result

# %% wrong="average_over_masks" really="a lottery of ten thousand draws, not exact"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    outs = []
    for _ in range(10000):
        mask = (torch.rand(len(x)) >= p).to(x.dtype)
        outs.append(layer(x * mask / (1 - p)))
    return torch.stack(outs).mean(dim=0)

# %% wrong="average_over_masks" really="item() fails for a layer of several outputs and makes a python number of the rest"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    n = len(x)
    result = 0.0
    for choice in itertools.product((0., 1.), repeat=n):
        kept = int(sum(choice))
        result += (1 - p) ** kept * p ** (n - kept) * layer(masked(x, tensor(choice), p)).item()
    return tensor(result)

# %% wrong="average_over_masks" really="adds in place to a scalar, which stops for a layer of several outputs"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    n = len(x)
    result = torch.zeros(())
    for choice in itertools.product((0., 1.), repeat=n):
        kept = int(sum(choice))
        result += (1 - p) ** kept * p ** (n - kept) * layer(masked(x, tensor(choice), p))
    return result

# %% wrong="average_over_masks" really="only one mask for each number of kept units, so most masks are missing"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    n = len(x)
    result = 0
    for choice in itertools.combinations_with_replacement((0., 1.), n):
        kept = int(sum(choice))
        result = result + (1 - p) ** kept * p ** (n - kept) * layer(masked(x, tensor(choice), p))
    return result

# %% wrong="average_over_masks" really="the binomial coefficient counts masks again that the loop goes through one by one already"
import math


@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    n = len(x)
    result = 0
    for choice in itertools.product((0., 1.), repeat=n):
        kept = int(sum(choice))
        chance = math.comb(n, kept) * (1 - p) ** kept * p ** (n - kept)
        result = result + chance * layer(masked(x, tensor(choice), p))
    return result

# %% wrong="average_over_masks" really="three units are hard-coded, any other n fails or is weighted wrongly"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    result = 0
    for choice in itertools.product((0., 1.), repeat=3):
        kept = int(sum(choice))
        result = result + (1 - p) ** kept * p ** (3 - kept) * layer(masked(x, tensor(choice), p))
    return result

# %% wrong="average_over_masks" really="the mask that drops everything is left out, which a neuron with a constant notices"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    n = len(x)
    result = 0
    for choice in itertools.product((0., 1.), repeat=n):
        kept = int(sum(choice))
        if kept == 0:
            continue    # nothing left to hand on
        result = result + (1 - p) ** kept * p ** (n - kept) * layer(masked(x, tensor(choice), p))
    return result

# %% wrong="average_over_masks" really="the range ends one short, so the mask that keeps everything is missing"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    n = len(x)
    result = 0
    for number in range(2 ** n - 1):
        bits = [float(number >> i & 1) for i in range(n)]
        kept = int(sum(bits))
        result = result + (1 - p) ** kept * p ** (n - kept) * layer(masked(x, tensor(bits), p))
    return result

# %% wrong="average_over_masks" really="no_grad cuts the gradient from the average back to x"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    n = len(x)
    result = 0
    with torch.no_grad():
        for choice in itertools.product((0., 1.), repeat=n):
            kept = int(sum(choice))
            result = result + (1 - p) ** kept * p ** (n - kept) * layer(masked(x, tensor(choice), p))
    return result

# %% wrong="average_over_masks" really="the factor for the dropped units is forgotten"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    result = 0
    for choice in itertools.product((0., 1.), repeat=len(x)):
        kept = int(sum(choice))
        result = result + (1 - p) ** kept * layer(masked(x, tensor(choice), p))
    return result

# %% wrong="average_over_masks" really="the weighted sum is divided by the number of masks once more"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    n = len(x)
    parts = []
    for choice in itertools.product((0., 1.), repeat=n):
        kept = int(sum(choice))
        parts.append((1 - p) ** kept * p ** (n - kept) * layer(masked(x, tensor(choice), p)))
    return sum(parts) / len(parts)

# %% wrong="average_over_masks" really="the last sum goes over the outputs too, so a layer of several comes back as one number"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    n = len(x)
    parts = []
    for choice in itertools.product((0., 1.), repeat=n):
        kept = int(sum(choice))
        parts.append((1 - p) ** kept * p ** (n - kept) * layer(masked(x, tensor(choice), p)))
    return torch.stack(parts).sum()

# %% wrong="average_over_masks" really="masks x in place, so after the first mask nothing of x is left"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    n = len(x)
    result = 0
    for choice in itertools.product((0., 1.), repeat=n):
        x *= tensor(choice)
        kept = int(sum(choice))
        result = result + (1 - p) ** kept * p ** (n - kept) * layer(x / (1 - p))
    return result

# %% wrong="average_over_masks" really="the result is overwritten in each turn, only the last mask counts"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    n = len(x)
    for choice in itertools.product((0., 1.), repeat=n):
        kept = int(sum(choice))
        result = (1 - p) ** kept * p ** (n - kept) * layer(masked(x, tensor(choice), p))
    return result

# %% wrong="average_over_masks" really="masks what comes out of the layer instead of what goes in"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    out = layer(x)
    n = out.numel()
    result = 0
    for choice in itertools.product((0., 1.), repeat=n):
        kept = int(sum(choice))
        result = result + (1 - p) ** kept * p ** (n - kept) * masked(out, tensor(choice).reshape(out.shape), p)
    return result

# %% wrong="average_over_masks" really="collects in one float32 slot a mask, so a layer of several outputs fails"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    n = len(x)
    outs, chances = torch.zeros(2 ** n), torch.zeros(2 ** n)
    for i, choice in enumerate(itertools.product((0., 1.), repeat=n)):
        outs[i] = layer(masked(x, tensor(choice), p))
        chances[i] = (1 - p) ** sum(choice) * p ** (n - sum(choice))
    return (outs * chances).sum()

# %% wrong="average_over_masks" really="a tuple is no tensor: x cannot be multiplied by the choice as it comes from itertools"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    n = len(x)
    result = 0
    for choice in itertools.product((0., 1.), repeat=n):
        kept = int(sum(choice))
        result = result + (1 - p) ** kept * p ** (n - kept) * layer(x * choice / (1 - p))
    return result

# %% wrong="average_over_masks" really="the exponent of p is always 1 or 0 instead of the number of dropped units"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    result = 0
    for choice in itertools.product((0., 1.), repeat=len(x)):
        kept = int(sum(choice))
        chance = (1 - p) ** kept * (p if kept < len(x) else 1)
        result = result + chance * layer(masked(x, tensor(choice), p))
    return result

# %% right="average_over_masks" style="the loop of the lesson's table, adding up"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    n, average = len(x), 0
    for choice in itertools.product((0., 1.), repeat=n):
        kept = int(sum(choice))
        average = average + (1 - p) ** kept * p ** (n - kept) * layer(masked(x, tensor(choice, device=x.device), p))
    return average

# %% right="average_over_masks" style="recursion: each unit is kept with 1 - p or dropped with p"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    def from_here(decided: list) -> Tensor:
        if len(decided) == len(x):
            return layer(x * x.new_tensor(decided) / (1 - p))
        return (1 - p) * from_here(decided + [1.0]) + p * from_here(decided + [0.0])

    return from_here([])

# %% right="average_over_masks" style="bits of a counter, outputs stacked, weighted by tensordot"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    n = x.numel()
    outs, chances = [], []
    for number in range(2 ** n):
        bits = [(number >> i) % 2 for i in range(n)]
        outs.append(layer(x * x.new_tensor(bits) / (1 - p)))
        chances.append((1 - p) ** sum(bits) * p ** (n - sum(bits)))
    outs = torch.stack(outs)
    return torch.tensordot(outs.new_tensor(chances), outs, dims=1)

# %% right="average_over_masks" style="by who stays: combinations of indices"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    n = x.shape[0]
    parts = []
    for kept in range(n + 1):
        for members in itertools.combinations(range(n), kept):
            mask = torch.zeros_like(x)
            for member in members:
                mask[member] = 1
            parts.append(layer(masked(x, mask, p)) * ((1 - p) ** kept * p ** (n - kept)))
    return torch.stack(parts).sum(dim=0)

# %% right="average_over_masks" style="one table of masks, probabilities as a product along its rows, einsum"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    masks = x.new_tensor(list(itertools.product((0., 1.), repeat=len(x))))
    chances = (masks * (1 - p) + (1 - masks) * p).prod(dim=1)
    outs = torch.stack([layer(row) for row in x * masks / (1 - p)])
    return torch.einsum("m,m...->...", chances.to(outs.dtype), outs)

# %% right="average_over_masks" style="python's sum over a generator with math.prod"
from math import prod


@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    return sum(prod(1 - p if c else p for c in choice) * layer(torch.where(x.new_tensor(choice) > 0, x / (1 - p), 0))
               for choice in itertools.product((False, True), repeat=len(x)))

# %% wrong="dropout" really="what is kept is not scaled up"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if not 0 <= p < 1:
        raise ValueError("p")
    if not training:
        return x
    mask = torch.rand(x.shape, generator=generator, device=x.device) >= p
    return x * mask

# %% wrong="dropout" really="keeps with probability p and drops with 1 - p"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if p < 0 or p >= 1:
        raise ValueError("p must be in [0, 1)")
    if not training:
        return x
    mask = torch.rand(x.shape, generator=generator, device=x.device) < p
    return masked(x, mask, p)

# %% wrong="dropout" really="bernoulli is handed p, the share dropped, as the chance of a one"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if p < 0 or p >= 1:
        raise ValueError("p must be in [0, 1)")
    if training:
        mask = torch.bernoulli(torch.full_like(x, p), generator=generator)
        return masked(x, mask, p)
    return x

# %% wrong="dropout" really="the generator is not handed on"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if not 0 <= p < 1:
        raise ValueError(f"p is {p}")
    if not training:
        return x
    return masked(x, torch.rand(x.shape, device=x.device) >= p, p)

# %% wrong="dropout" really="no ValueError for a p outside [0, 1)"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if not training:
        return x
    mask = torch.rand(x.shape, generator=generator, device=x.device) >= p
    return masked(x, mask, p)

# %% wrong="dropout" really="p = 1 gets through, the interval is open there"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if p < 0 or p > 1:
        raise ValueError("p must be between 0 and 1")
    if not training:
        return x
    mask = torch.rand(x.shape, generator=generator, device=x.device) >= p
    return masked(x, mask, p)

# %% wrong="dropout" really="p = 0 is refused though it is allowed"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if not 0 < p < 1:
        raise ValueError("p must be between 0 and 1")
    if not training:
        return x
    mask = torch.rand(x.shape, generator=generator, device=x.device) >= p
    return masked(x, mask, p)

# %% wrong="dropout" really="a bad p passes unnoticed in evaluation, the test comes after the return"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if not training:
        return x
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    mask = torch.rand(x.shape, generator=generator, device=x.device) >= p
    return masked(x, mask, p)

# %% wrong="dropout" really="shrinks in evaluation as the paper does, although training scales up already"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    if not training:
        return x * (1 - p)
    mask = torch.rand(x.shape, generator=generator, device=x.device) >= p
    return masked(x, mask, p)

# %% wrong="dropout" really="drops in evaluation too, training is not looked at"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    mask = torch.empty_like(x).bernoulli_(1 - p, generator=generator)
    return masked(x, mask, p)

# %% wrong="dropout" really="one mask for all questions of the batch"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    if not training:
        return x
    mask = torch.rand(x.shape[-1:], generator=generator, device=x.device) >= p
    return masked(x, mask, p)

# %% wrong="dropout" really="one coin a row, so whole rows are dropped"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    if not training:
        return x
    shape = (x.shape[0],) + (1,) * (x.dim() - 1)
    mask = torch.rand(shape, generator=generator, device=x.device) >= p
    return masked(x, mask, p)

# %% wrong="dropout" really="drops a fixed number of places instead of flipping a coin for each, so a single number is never dropped"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    if not training:
        return x
    mask = torch.ones(x.numel(), device=x.device)
    gone = torch.randperm(x.numel(), generator=generator, device=x.device)[:int(p * x.numel())]
    mask[gone] = 0
    return masked(x, mask.reshape(x.shape), p)

# %% wrong="dropout" really="seeds torch in every call, so the same numbers are dropped each time"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    if not training:
        return x
    if generator is None:
        torch.manual_seed(0)
    mask = torch.rand(x.shape, generator=generator, device=x.device) >= p
    return masked(x, mask, p)

# %% wrong="dropout" really="for None it makes a new generator, which always begins at the same seed"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    if not training:
        return x
    if generator is None:
        generator = torch.Generator(device=x.device)
    mask = torch.rand(x.shape, generator=generator, device=x.device) >= p
    return masked(x, mask, p)

# %% wrong="dropout" really="writes the zeros into the caller's x"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    if not training:
        return x
    gone = torch.rand(x.shape, generator=generator, device=x.device) < p
    x[gone] = 0
    return x / (1 - p)

# %% wrong="dropout" really="assert raises an AssertionError, not a ValueError"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    assert 0 <= p < 1, "p must be in [0, 1)"
    if not training:
        return x
    mask = torch.rand(x.shape, generator=generator, device=x.device) >= p
    return masked(x, mask, p)

# %% wrong="dropout" really="returns the error instead of raising it"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if not 0 <= p < 1:
        return ValueError("p must be in [0, 1)")
    if not training:
        return x
    mask = torch.rand(x.shape, generator=generator, device=x.device) >= p
    return masked(x, mask, p)

# %% wrong="dropout" really="randn is bell-shaped, so the share dropped is not p"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    if not training:
        return x
    mask = torch.randn(x.shape, generator=generator, device=x.device) >= p
    return masked(x, mask, p)

# %% wrong="dropout" really="a fair coin whatever p is"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    if not training:
        return x
    mask = torch.randint(0, 2, x.shape, generator=generator, device=x.device)
    return masked(x, mask, p)

# %% wrong="dropout" really="p is not handed on: mask and scale are those of 0.5"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    if not training:
        return x
    mask = torch.rand(x.shape, generator=generator, device=x.device) > 0.5
    return masked(x, mask, 0.5)

# %% wrong="dropout" really="scales by the share that this draw happened to keep instead of 1 - p"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    if not training:
        return x
    mask = (torch.rand(x.shape, generator=generator, device=x.device) >= p).to(x.dtype)
    return x * mask / mask.mean()

# %% wrong="dropout" really="keeps the mask of the first call for each shape, it is not drawn anew"
remembered = {}


@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    if not training:
        return x
    key = (tuple(x.shape), p)
    if key not in remembered:
        remembered[key] = torch.rand(x.shape, generator=generator, device=x.device) >= p
    return masked(x, remembered[key], p)

# %% wrong="dropout" really="the scale is applied twice, masked does it already"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    if not training:
        return x
    mask = torch.rand(x.shape, generator=generator, device=x.device) >= p
    return masked(x, mask, p) / (1 - p)

# %% wrong="dropout" really="the switch is the wrong way round"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    if training:
        return x
    mask = torch.rand(x.shape, generator=generator, device=x.device) >= p
    return masked(x, mask, p)

# %% wrong="dropout" really="nothing is returned in evaluation"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    if training:
        mask = torch.rand(x.shape, generator=generator, device=x.device) >= p
        return masked(x, mask, p)

# %% wrong="dropout" really="a float64 mask makes float64 of a float32 x"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    if not training:
        return x
    mask = (torch.rand(x.shape, generator=generator, device=x.device) >= p).double()
    return x * mask / (1 - p)

# %% wrong="dropout" really="works on x.data, so no gradient comes back to x"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    if not training:
        return x
    mask = torch.rand(x.shape, generator=generator, device=x.device) >= p
    return masked(x.data, mask, p)

# %% wrong="dropout" really="the coins are always flipped on the CPU, whatever device x is on"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    if not training:
        return x
    mask = torch.rand(x.shape, generator=generator, device="cpu") >= p
    return x * mask.to(x.dtype) / (1 - p)

# %% wrong="dropout" really="torch's own dropout takes no generator, and lets p = 1 through"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    return nn.functional.dropout(x, p, training)

# %% wrong="dropout" really="draws rows and columns only, so x must have exactly two axes"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    if not training:
        return x
    n, d = x.shape
    mask = torch.rand(n, d, generator=generator, device=x.device) >= p
    return masked(x, mask, p)

# %% wrong="dropout" really="the draw itself is the mask, never compared with p, so every number is scaled by chance and none dropped"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    if not training:
        return x
    mask = torch.rand(x.shape, generator=generator, device=x.device)
    return x * mask / (1 - p)

# %% right="dropout" style="rand compared with p, then masked"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if not 0 <= p < 1:
        raise ValueError(f"p must be in [0, 1), not {p}")
    if not training:
        return x
    mask = torch.rand(x.shape, generator=generator, device=x.device) >= p
    return masked(x, mask, p)

# %% right="dropout" style="bernoulli_ on an empty tensor like x, scaled mask"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if p < 0.0 or p >= 1.0:
        raise ValueError("the share dropped must be at least 0 and less than 1")
    if training:
        coins = torch.empty_like(x, requires_grad=False).bernoulli_(1 - p, generator=generator)
        return x * coins.div_(1 - p)
    return x

# %% right="dropout" style="torch.bernoulli of a tensor of chances in float64, masked_fill, a copy in evaluation"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if not (p >= 0 and p < 1):
        raise ValueError("p")
    if not training:
        return x.clone()
    gone = torch.bernoulli(torch.full(x.shape, p, dtype=torch.float64, device=x.device), generator=generator)
    return (x / (1 - p)).masked_fill(gone.bool(), 0)

# %% right="dropout" style="evaluation as dropout with p 0, by recursion"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    def drop(share: float) -> Tensor:
        if share == 0:
            return x * 1
        alive = torch.rand(x.shape, generator=generator, device=x.device) >= share
        return torch.where(alive, x / (1 - share), 0)

    if 0 <= p < 1:
        return drop(p if training else 0)
    raise ValueError("p must lie in [0, 1)")

# %% right="dropout" style="rounding up: floor of rand plus the share kept is the mask"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    share_kept = 1 - p
    if share_kept <= 0 or share_kept > 1 or p < 0:
        raise ValueError("no such share")
    if not training:
        return x
    draw = torch.rand(x.shape, generator=generator, device=x.device, dtype=torch.float64)
    mask = (draw + share_kept).floor().clamp(max=1)
    return masked(x, mask.to(x.dtype), p)

# %% right="dropout" style="one flat row of coins, reshaped"
def flip(count, p, generator, device):
    """True where the coin says keep."""
    return ~(torch.rand(count, generator=generator, device=device) < p)


@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    if p >= 1 or p < 0:
        raise ValueError("p outside [0, 1)")
    return masked(x, flip(x.numel(), p, generator, x.device).view(x.shape), p) if training else x

# %% wrong="Dropout" really="the switch is not handed on, so it drops in evaluation too"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p must be in [0, 1)")
        self.p, self.generator = p, generator

    def forward(self, x: Tensor) -> Tensor:
        return dropout(x, self.p, generator=self.generator)

# %% wrong="Dropout" really="training is written as True instead of asking self.training"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p must be in [0, 1)")
        self.p = p
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        return dropout(x, self.p, True, self.generator)

# %% wrong="Dropout" really="super().__init__() is missing, so there is no switch"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        if not 0 <= p < 1:
            raise ValueError("p must be in [0, 1)")
        self.p = p
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        return dropout(x, self.p, self.training, self.generator)

# %% wrong="Dropout" really="a bad p is noticed only in forward, not when the layer is made"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super().__init__()
        self.p = p
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        return dropout(x, self.p, self.training, self.generator)

# %% wrong="Dropout" really="the generator is kept but never handed on"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p must be in [0, 1)")
        self.p = p
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        return dropout(x, self.p, self.training)

# %% wrong="Dropout" really="arguments swapped: the generator stands where training belongs"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p must be in [0, 1)")
        self.p = p
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        return dropout(x, self.p, self.generator, self.training)

# %% wrong="Dropout" really="keeps 1 - p as self.p, the paper's share kept, and drops that share"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p must be in [0, 1)")
        self.p = 1 - p
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        return dropout(x, self.p, self.training, self.generator)

# %% wrong="Dropout" really="forward forgets to return"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p must be in [0, 1)")
        self.p = p
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        dropout(x, self.p, self.training, self.generator)

# %% wrong="Dropout" really="p is not handed on, so it always drops a half"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p must be in [0, 1)")
        self.p = p
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        return dropout(x, training=self.training, generator=self.generator)

# %% wrong="Dropout" really="the switch is turned the wrong way: drops in evaluation"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p must be in [0, 1)")
        self.p = p
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        if self.training:
            return x
        return dropout(x, self.p, True, self.generator)

# %% wrong="Dropout" really="the mask is drawn at the first pass and kept for all later ones"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p must be in [0, 1)")
        self.p = p
        self.generator = generator
        self.mask = None

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        if self.mask is None or self.mask.shape != x.shape:
            self.mask = dropout(torch.ones_like(x), self.p, True, self.generator)
        return x * self.mask

# %% wrong="Dropout" really="wraps nn.Dropout, which never sees the generator and takes p = 1"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super().__init__()
        self.p = p
        self.generator = generator
        self.layer = nn.Dropout(p)

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(x)

# %% wrong="Dropout" really="p = 1 gets past the test in __init__"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super().__init__()
        if p < 0 or p > 1:
            raise ValueError("p must be in [0, 1)")
        self.p = p
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        return dropout(x, self.p, self.training, self.generator)

# %% wrong="Dropout" really="refuses p = 0 though it is allowed"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super().__init__()
        if p <= 0 or p >= 1:
            raise ValueError("p must be in [0, 1)")
        self.p = p
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        return dropout(x, self.p, self.training, self.generator)

# %% wrong="Dropout" really="shrinks in evaluation although training scales up already"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p must be in [0, 1)")
        self.p = p
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        if self.training:
            return dropout(x, self.p, True, self.generator)
        return x * (1 - self.p)

# %% wrong="Dropout" really="a flag of its own, turned only by its own eval(), which a model round it never calls"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p must be in [0, 1)")
        self.p = p
        self.generator = generator
        self.dropping = True

    def eval(self):
        self.dropping = False
        return self

    def forward(self, x: Tensor) -> Tensor:
        return dropout(x, self.p, self.dropping, self.generator)

# %% wrong="Dropout" really="an attribute named train hides the method train(), so the model's switch breaks"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p must be in [0, 1)")
        self.p = p
        self.generator = generator
        self.train = True

    def forward(self, x: Tensor) -> Tensor:
        return dropout(x, self.p, self.train, self.generator)

# %% wrong="Dropout" really="None is replaced by a fresh generator, which starts every layer at the same fixed seed instead of torch's own chance"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p must be in [0, 1)")
        self.p = p
        self.generator = generator if generator is not None else torch.Generator()

    def forward(self, x: Tensor) -> Tensor:
        return dropout(x, self.p, self.training, self.generator)

# %% wrong="Dropout" really="nn.Module's __init__ takes no p and no generator"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super().__init__(p, generator)
        if not 0 <= p < 1:
            raise ValueError("p must be in [0, 1)")
        self.p = p
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        return dropout(x, self.p, self.training, self.generator)

# %% wrong="Dropout" really="brackets missing after super"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super.__init__()
        if not 0 <= p < 1:
            raise ValueError("p must be in [0, 1)")
        self.p = p
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        return dropout(x, self.p, self.training, self.generator)

# %% wrong="Dropout" really="the switch is read once in __init__, where it is always True"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p must be in [0, 1)")
        self.p = p
        self.generator = generator
        self.mode = self.training

    def forward(self, x: Tensor) -> Tensor:
        return dropout(x, self.p, self.mode, self.generator)

# %% wrong="Dropout" really="asks whether autograd is recording instead of which mode the layer is in"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p must be in [0, 1)")
        self.p = p
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        return dropout(x, self.p, torch.is_grad_enabled(), self.generator)

# %% wrong="Dropout" really="p becomes a parameter of the model, which an optimiser would train"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p must be in [0, 1)")
        self.p = nn.Parameter(tensor(p))
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        return dropout(x, self.p.item(), self.training, self.generator)

# %% wrong="Dropout" really="p and generator are kept on the class, so the newest layer changes all others"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p must be in [0, 1)")
        type(self).p = p
        type(self).generator = generator

    def forward(self, x: Tensor) -> Tensor:
        return dropout(x, self.p, self.training, self.generator)

# %% wrong="Dropout" really="p is clamped silently where a ValueError is asked for"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super().__init__()
        self.p = min(max(p, 0.0), 0.999)
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        return dropout(x, self.p, self.training, self.generator)

# %% wrong="Dropout" really="a bare p in forward is not the layer's p: it is another variable of the notebook, or a NameError"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p must be in [0, 1)")
        self.p = p
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        return dropout(x, p, self.training, self.generator)

# %% wrong="Dropout" really="sets the switch to True in every pass, so eval() is undone"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError("p must be in [0, 1)")
        self.p = p
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        self.train()
        return dropout(x, self.p, self.training, self.generator)

# %% right="Dropout" style="three lines and a call"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError(f"p must be in [0, 1), not {p}")
        self.p, self.generator = p, generator

    def forward(self, x: Tensor) -> Tensor:
        return dropout(x, self.p, self.training, self.generator)

# %% right="Dropout" style="lets dropout itself test p on an empty tensor in evaluation mode"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super().__init__()
        dropout(torch.zeros(0), p, training=False)    # raises ValueError for a bad p
        self.p = p
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        return dropout(x, p=self.p, generator=self.generator, training=self.training)

# %% right="Dropout" style="early return in evaluation, with a check before super"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        if p < 0 or p >= 1:
            raise ValueError("p")
        nn.Module.__init__(self)
        self.generator = generator
        self.p = p

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        return dropout(x, self.p, generator=self.generator)

# %% right="Dropout" style="flips the coins itself and does without the function"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super(Dropout, self).__init__()
        if not (p >= 0 and p < 1):
            raise ValueError("p has to be in [0, 1)")
        self.p = p
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        if self.training:
            keep = torch.rand(x.shape, generator=self.generator, device=x.device) >= self.p
            return torch.where(keep, x / (1 - self.p), 0)
        else:
            return x

# %% right="Dropout" style="a helper for the test and keywords from a dict, extra_repr as torch has it"
def proper_share(p: float) -> float:
    if 0 <= p < 1:
        return p
    raise ValueError("a share dropped lies in [0, 1)")


@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super().__init__()
        self.p = proper_share(p)
        self.generator = generator

    def extra_repr(self) -> str:
        return f"p={self.p}"

    def forward(self, x: Tensor) -> Tensor:
        options = {"p": self.p, "training": self.training, "generator": self.generator}
        return dropout(x, **options)

# %% right="Dropout" style="drops ones and multiplies, so the scaled mask is visible"
@exercise
class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        super().__init__()
        if p >= 1 or p < 0:
            raise ValueError("p is out of range")
        self.p = p
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        scaled_mask = dropout(torch.ones_like(x, requires_grad=False), self.p, self.training, self.generator)
        return x * scaled_mask

# %% wrong="train_and_measure" really="script one: never leaves training mode, measures with units sent home"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model, accuracies = build(), []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        with torch.no_grad():
            guesses = model(test[0]).argmax(dim=1)
        accuracies.append((guesses == test[1]).float().mean().item())
    return accuracies

# %% wrong="train_and_measure" really="train() stands before the loop, so from the second round on it practises in evaluation mode"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model, accuracies = build(), []
    model.train()
    for _ in range(rounds):
        practise(model, *train)
        model.eval()
        with torch.no_grad():
            guesses = model(test[0]).argmax(dim=1)
        accuracies.append((guesses == test[1]).float().mean().item())
    return accuracies

# %% wrong="train_and_measure" really="the two modes are swapped: practises in evaluation and measures in training mode"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model, accuracies = build(), []
    for _ in range(rounds):
        model.eval()
        practise(model, *train)
        model.train()
        with torch.no_grad():
            guesses = model(test[0]).argmax(dim=1)
        accuracies.append((guesses == test[1]).float().mean().item())
    return accuracies

# %% wrong="train_and_measure" really="builds a new model in every round, so what was learned is lost"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    accuracies = []
    for _ in range(rounds):
        model = build()
        model.train()
        practise(model, *train)
        model.eval()
        with torch.no_grad():
            guesses = model(test[0]).argmax(dim=1)
        accuracies.append((guesses == test[1]).float().mean().item())
    return accuracies

# %% wrong="train_and_measure" really="measures on the practice questions"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model, accuracies = build(), []
    inputs, labels = train
    for _ in range(rounds):
        model.train()
        practise(model, inputs, labels)
        model.eval()
        with torch.no_grad():
            guesses = model(inputs).argmax(dim=1)
        accuracies.append((guesses == labels).float().mean().item())
    return accuracies

# %% wrong="train_and_measure" really="practises on the exam questions"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model, accuracies = build(), []
    inputs, labels = test
    for _ in range(rounds):
        model.train()
        practise(model, inputs, labels)
        model.eval()
        with torch.no_grad():
            guesses = model(inputs).argmax(dim=1)
        accuracies.append((guesses == labels).float().mean().item())
    return accuracies

# %% wrong="train_and_measure" really="only the last accuracy is returned, not one for each round"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model = build()
    for _ in range(rounds):
        model.train()
        practise(model, *train)
    model.eval()
    with torch.no_grad():
        guesses = model(test[0]).argmax(dim=1)
    return [(guesses == test[1]).float().mean().item()]

# %% wrong="train_and_measure" really="counts the right answers and does not divide by how many there are"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model, accuracies = build(), []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        with torch.no_grad():
            guesses = model(test[0]).argmax(dim=1)
        accuracies.append((guesses == test[1]).sum().item())
    return accuracies

# %% wrong="train_and_measure" really="argmax along the rows of the batch instead of along the classes"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model, accuracies = build(), []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        with torch.no_grad():
            guesses = model(test[0]).argmax(dim=0)
        accuracies.append((guesses == test[1]).float().mean().item())
    return accuracies

# %% wrong="train_and_measure" really="takes no_grad for eval: the switch is never turned"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model, accuracies = build(), []
    for _ in range(rounds):
        practise(model, *train)
        with torch.no_grad():
            guesses = model(test[0]).argmax(dim=1)
            accuracies.append((guesses == test[1]).float().mean().item())
    return accuracies

# %% wrong="train_and_measure" really="no_grad stands round the practice too, so a real net cannot go backward"
@exercise
@torch.no_grad()
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model, accuracies = build(), []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        guesses = model(test[0]).argmax(dim=1)
        accuracies.append((guesses == test[1]).float().mean().item())
    return accuracies

# %% wrong="train_and_measure" really="one tensor comes back instead of a list of numbers"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model = build()
    accuracies = torch.zeros(rounds)
    for i in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        with torch.no_grad():
            guesses = model(test[0]).argmax(dim=1)
        accuracies[i] = (guesses == test[1]).float().mean()
    return accuracies

# %% wrong="train_and_measure" really="measures before it practises, so every number is a round late"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model, accuracies = build(), []
    for _ in range(rounds):
        model.eval()
        with torch.no_grad():
            guesses = model(test[0]).argmax(dim=1)
        accuracies.append((guesses == test[1]).float().mean().item())
        model.train()
        practise(model, *train)
    return accuracies

# %% wrong="train_and_measure" really="percent instead of shares in [0, 1]"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model, accuracies = build(), []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        with torch.no_grad():
            guesses = model(test[0]).argmax(dim=1)
        accuracies.append(100 * (guesses == test[1]).float().mean().item())
    return accuracies

# %% wrong="train_and_measure" really="hands practise the pair as one argument, and it stops"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model, accuracies = build(), []
    for _ in range(rounds):
        model.train()
        practise(model, train)
        model.eval()
        with torch.no_grad():
            guesses = model(test[0]).argmax(dim=1)
        accuracies.append((guesses == test[1]).float().mean().item())
    return accuracies

# %% wrong="train_and_measure" really="build is not called, so there is no model"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model, accuracies = build, []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        with torch.no_grad():
            guesses = model(test[0]).argmax(dim=1)
        accuracies.append((guesses == test[1]).float().mean().item())
    return accuracies

# %% wrong="train_and_measure" really="range(1, rounds) is a round short"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model, accuracies = build(), []
    for _ in range(1, rounds):
        model.train()
        practise(model, *train)
        model.eval()
        with torch.no_grad():
            guesses = model(test[0]).argmax(dim=1)
        accuracies.append((guesses == test[1]).float().mean().item())
    return accuracies

# %% wrong="train_and_measure" really="the count of right answers runs on over the rounds"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model, accuracies = build(), []
    correct, seen = 0, 0
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        with torch.no_grad():
            correct += (model(test[0]).argmax(dim=1) == test[1]).sum().item()
        seen += len(test[1])
        accuracies.append(correct / seen)
    return accuracies

# %% wrong="train_and_measure" really="the share of wrong answers, not of right ones"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model, accuracies = build(), []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        with torch.no_grad():
            guesses = model(test[0]).argmax(dim=1)
        accuracies.append((guesses != test[1]).float().mean().item())
    return accuracies

# %% wrong="train_and_measure" really="whole-number division makes 0 of everything below 1"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model, accuracies = build(), []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        with torch.no_grad():
            right = int((model(test[0]).argmax(dim=1) == test[1]).sum())
        accuracies.append(right // len(test[1]))
    return accuracies

# %% wrong="train_and_measure" really="writes the flag of the outermost module only, the modules inside never hear of it"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model, accuracies = build(), []
    for _ in range(rounds):
        model.training = True
        practise(model, *train)
        model.training = False
        with torch.no_grad():
            guesses = model(test[0]).argmax(dim=1)
        accuracies.append((guesses == test[1]).float().mean().item())
    return accuracies

# %% wrong="train_and_measure" really="brackets missing: model.eval and model.train are named but not called"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model, accuracies = build(), []
    for _ in range(rounds):
        model.train
        practise(model, *train)
        model.eval
        with torch.no_grad():
            guesses = model(test[0]).argmax(dim=1)
        accuracies.append((guesses == test[1]).float().mean().item())
    return accuracies

# %% wrong="train_and_measure" really="keeps the best accuracy so far, not that after each round"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model, accuracies = build(), []
    best = 0.0
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        with torch.no_grad():
            guesses = model(test[0]).argmax(dim=1)
        best = max(best, (guesses == test[1]).float().mean().item())
        accuracies.append(best)
    return accuracies

# %% wrong="train_and_measure" really="rounds to one decimal, which only ten rows survive"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model, accuracies = build(), []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        with torch.no_grad():
            guesses = model(test[0]).argmax(dim=1)
        accuracies.append(round((guesses == test[1]).float().mean().item(), 1))
    return accuracies

# %% wrong="train_and_measure" really="stops at full marks, so the list is shorter than rounds"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model, accuracies = build(), []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        with torch.no_grad():
            guesses = model(test[0]).argmax(dim=1)
        accuracies.append((guesses == test[1]).float().mean().item())
        if accuracies[-1] == 1.0:
            break
    return accuracies

# %% wrong="train_and_measure" really="divides by the number of practice rows instead of exam rows"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model, accuracies = build(), []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        with torch.no_grad():
            right = (model(test[0]).argmax(dim=1) == test[1]).sum().item()
        accuracies.append(right / len(train[0]))
    return accuracies

# %% wrong="train_and_measure" really="the whole pair is given to the model instead of its inputs"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model, accuracies = build(), []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        with torch.no_grad():
            guesses = model(test).argmax(dim=1)
        accuracies.append((guesses == test[1]).float().mean().item())
    return accuracies

# %% wrong="train_and_measure" really="practises on a copy that is thrown away, the model itself learns nothing"
import copy


@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model, accuracies = build(), []
    for _ in range(rounds):
        pupil = copy.deepcopy(model)
        pupil.train()
        practise(pupil, *train)
        model.eval()
        with torch.no_grad():
            guesses = model(test[0]).argmax(dim=1)
        accuracies.append((guesses == test[1]).float().mean().item())
    return accuracies

# %% wrong="train_and_measure" really="eval() comes only after the guesses were made, so they are those of training mode"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model, accuracies = build(), []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        with torch.no_grad():
            guesses = model(test[0]).argmax(dim=1)
        model.eval()
        accuracies.append((guesses == test[1]).float().mean().item())
    return accuracies

# %% right="train_and_measure" style="back to training mode after each exam"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model, accuracies = build(), []
    for _ in range(rounds):
        practise(model, *train)
        model.eval()
        with torch.no_grad():
            guesses = model(test[0]).argmax(dim=1)
        model.train()
        accuracies.append((guesses == test[1]).float().mean().item())
    return accuracies

# %% right="train_and_measure" style="script two with train() at the head of each round and no_grad"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model, accuracies = build(), []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        with torch.no_grad():
            guesses = model(test[0]).argmax(dim=1)
        accuracies.append((guesses == test[1]).float().mean().item())
    return accuracies

# %% right="train_and_measure" style="a helper for one round inside a list comprehension, train(mode)"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model = build()

    def one_round() -> float:
        practise(model.train(True), *train)
        with torch.inference_mode():
            scores = model.train(False)(test[0])
        return int((scores.max(dim=-1).indices == test[1]).sum()) / len(test[1])

    return [one_round() for _ in range(rounds)]

# %% right="train_and_measure" style="a generator of accuracies with the exam a hundred rows at a time"
def right_answers(model: nn.Module, inputs: Tensor, labels: Tensor) -> int:
    model.eval()
    right = 0
    with torch.no_grad():
        for some, theirs in zip(inputs.split(100), labels.split(100)):
            right += int((model(some).argmax(1) == theirs).sum())
    return right


def round_by_round(model, practise, train, test, rounds):
    for _ in range(rounds):
        model.train()
        practise(model, train[0], train[1])
        yield right_answers(model, *test) / len(test[1])


@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    return list(round_by_round(build(), practise, train, test, rounds))

# %% right="train_and_measure" style="turned back to training mode after each exam, and set before the first round"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    inputs, labels = train
    questions, answers = test
    model = build()
    model.train()
    record = []
    while len(record) < rounds:
        practise(model, inputs, labels)
        model.eval()
        with torch.no_grad():
            hits = torch.eq(model(questions).argmax(dim=1), answers)
        record.append(float(hits.double().mean()))
        model.train()
    return record

# %% right="train_and_measure" style="recursion over the rounds"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    model = build()

    def go(left: int) -> list[float]:
        if left == 0:
            return []
        for module in model.modules():
            module.train()
        practise(model, *train)
        for module in model.modules():
            module.eval()
        with torch.no_grad():
            guesses = torch.argmax(model(test[0]), dim=1)
        return [(guesses == test[1]).to(torch.float64).mean().item()] + go(left - 1)

    return go(rounds)

# %% right="train_and_measure" style="python counting over the lists of guesses and labels"
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    pupil = build()
    marks = [0.0] * rounds
    for number in range(rounds):
        pupil.train()
        practise(pupil, train[0], train[1])
        pupil.eval()
        with torch.no_grad():
            said = pupil(test[0]).argmax(dim=1).tolist()
        truth = test[1].tolist()
        marks[number] = sum(s == t for s, t in zip(said, truth)) / len(truth)
    return marks

# %% wrong="AdamW" really="the tax is added to the gradient: the L2 penalty inside Adam"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        return self.adam.step(gradient + self.decay * self.adam.parameters)

# %% wrong="AdamW" really="the penalty joins the gradient and the weights shrink as well"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        gradient = gradient + self.decay * self.adam.parameters
        self.adam.parameters = self.adam.parameters * (1 - self.learning_rate * self.decay)
        return self.adam.step(gradient)

# %% wrong="AdamW" really="shrinks after Adam's step, so the step is taxed too"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        self.adam.step(gradient)
        self.adam.parameters = self.adam.parameters * (1 - self.learning_rate * self.decay)
        return self.adam.parameters

# %% wrong="AdamW" really="the learning rate is missing from the shrinking"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        self.adam.parameters = self.adam.parameters * (1 - self.decay)
        return self.adam.step(gradient)

# %% wrong="AdamW" really="wrong sign: the weights grow"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        self.adam.parameters = self.adam.parameters * (1 + self.learning_rate * self.decay)
        return self.adam.step(gradient)

# %% wrong="AdamW" really="a constant is subtracted instead of a share of each weight"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        self.adam.parameters = self.adam.parameters - self.learning_rate * self.decay
        return self.adam.step(gradient)

# %% wrong="AdamW" really="the shrunken weights stay in a local name, Adam never hears of them"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        weights = self.adam.parameters * (1 - self.learning_rate * self.decay)
        return self.adam.step(gradient)

# %% wrong="AdamW" really="the new weights are not returned"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        self.adam.parameters = self.adam.parameters * (1 - self.learning_rate * self.decay)
        self.adam.step(gradient)

# %% wrong="AdamW" really="returns the shrunken weights without Adam's move"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        self.adam.parameters = self.adam.parameters * (1 - self.learning_rate * self.decay)
        new = self.adam.parameters
        self.adam.step(gradient)
        return new

# %% wrong="AdamW" really="keeps the share that should be lost"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        self.adam.parameters = self.adam.parameters * self.learning_rate * self.decay
        return self.adam.step(gradient)

# %% wrong="AdamW" really="a fresh Adam in every step forgets its running averages"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        shrunk = self.adam.parameters * (1 - self.learning_rate * self.decay)
        self.adam = Adam(shrunk, self.learning_rate)
        return self.adam.step(gradient)

# %% wrong="AdamW" really="moves by the sign of the gradient, which is Adam's very first step only"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        self.adam.parameters = self.adam.parameters * (1 - self.learning_rate * self.decay)
        self.adam.parameters = self.adam.parameters - self.learning_rate * gradient.sign()
        return self.adam.parameters

# %% wrong="AdamW" really="plain descent instead of Adam after the shrinking"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        self.adam.parameters = self.adam.parameters * (1 - self.learning_rate * self.decay)
        self.adam.parameters = self.adam.parameters - self.learning_rate * gradient
        return self.adam.parameters

# %% wrong="AdamW" really="a learning rate of 0.1 is written into the shrinking"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        self.adam.parameters = self.adam.parameters * (1 - 0.1 * self.decay)
        return self.adam.step(gradient)

# %% wrong="AdamW" really="the decay is worn off as 1 / (1 + rate x decay), another number"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        self.adam.parameters = self.adam.parameters / (1 + self.learning_rate * self.decay)
        return self.adam.step(gradient)

# %% wrong="AdamW" really="brackets wrong: (1 - rate) x decay"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        self.adam.parameters = self.adam.parameters * (1 - self.learning_rate) * self.decay
        return self.adam.step(gradient)

# %% wrong="AdamW" really="Adam steps twice"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        self.adam.parameters = self.adam.parameters * (1 - self.learning_rate * self.decay)
        self.adam.step(gradient)
        return self.adam.step(gradient)

# %% wrong="AdamW" really="takes off a share of the gradient instead of a share of the weights"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        self.adam.parameters = self.adam.parameters - self.learning_rate * self.decay * gradient
        return self.adam.step(gradient)

# %% wrong="AdamW" really="the weights shrink in the first step only"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        if self.adam.steps == 0:
            self.adam.parameters = self.adam.parameters * (1 - self.learning_rate * self.decay)
        return self.adam.step(gradient)

# %% wrong="AdamW" really="only weights without a gradient shrink"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        shrunk = self.adam.parameters * (1 - self.learning_rate * self.decay)
        self.adam.parameters = torch.where(gradient == 0, shrunk, self.adam.parameters)
        return self.adam.step(gradient)

# %% wrong="AdamW" really="the gradient is multiplied by the learning rate before Adam sees it, and the gradient is the caller's"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        gradient *= self.learning_rate
        self.adam.parameters = self.adam.parameters * (1 - self.learning_rate * self.decay)
        return self.adam.step(gradient)

# %% wrong="AdamW" really="the decay is in what is returned but not in what Adam keeps, so it is lost from the second step on"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        old = self.adam.parameters.clone()
        new = self.adam.step(gradient)
        return new - self.learning_rate * self.decay * old

# %% wrong="AdamW" really="a tax on the sign of the weights, not on their size"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        self.adam.parameters = self.adam.parameters - self.learning_rate * self.decay * self.adam.parameters.sign()
        return self.adam.step(gradient)

# %% wrong="AdamW" really="float64 weights are cut to float32"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        self.adam.parameters = self.adam.parameters.float() * (1 - self.learning_rate * self.decay)
        return self.adam.step(gradient.float())

# %% wrong="AdamW" really="there is no self.parameters, Adam holds them"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        self.parameters = self.parameters * (1 - self.learning_rate * self.decay)
        return self.adam.step(gradient)

# %% wrong="AdamW" really="shrinks by one common amount, taken from the mean of the weights"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        self.adam.parameters = self.adam.parameters - self.learning_rate * self.decay * self.adam.parameters.mean()
        return self.adam.step(gradient)

# %% wrong="AdamW" really="the gradient is shrunk instead of the weights"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        return self.adam.step(gradient * (1 - self.learning_rate * self.decay))

# %% wrong="AdamW" really="weights are stopped at 0, which nobody asked for"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        self.adam.parameters = (self.adam.parameters * (1 - self.learning_rate * self.decay)).clamp(min=0)
        return self.adam.step(gradient)

# %% wrong="AdamW" really="decay is taken as torch.optim.Adam's weight_decay with a factor 2, the derivative of an unhalved square"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        self.adam.parameters = self.adam.parameters * (1 - 2 * self.learning_rate * self.decay)
        return self.adam.step(gradient)

# %% wrong="AdamW" really="the decay is stored over self.decay and so shrinks itself from step to step"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        self.decay = self.learning_rate * self.decay
        self.adam.parameters = self.adam.parameters * (1 - self.decay)
        return self.adam.step(gradient)

# %% right="AdamW" style="two lines"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        self.adam.parameters = self.adam.parameters * (1 - self.learning_rate * self.decay)
        return self.adam.step(gradient)

# %% right="AdamW" style="Adam first, then the share of the old weights is taken off and kept"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        old = self.adam.parameters.clone()
        new = self.adam.step(gradient) - self.learning_rate * self.decay * old
        self.adam.parameters = new
        return new

# %% right="AdamW" style="torch.lerp towards zero"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        weights = self.adam.parameters
        self.adam.parameters = torch.lerp(weights, torch.zeros_like(weights), self.learning_rate * self.decay)
        return self.adam.step(gradient)

# %% right="AdamW" style="torch.sub with alpha, weights and result by name"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        weights = self.adam.parameters
        self.adam.parameters = torch.sub(weights, weights, alpha=self.learning_rate * self.decay)
        self.adam.step(gradient)
        return self.adam.parameters

# %% right="AdamW" style="a python loop over the weights"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        lost = self.learning_rate * self.decay
        if len(self.adam.parameters):
            self.adam.parameters = torch.stack([weight - lost * weight for weight in self.adam.parameters])
        return self.adam.step(gradient)

# %% right="AdamW" style="the learning rate and the weights through a helper method"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        self.adam.parameters = self._taxed(self.adam.parameters)
        return self.adam.step(gradient)

    def _taxed(self, weights):
        tax = weights.mul(self.decay).mul(self.learning_rate)
        return weights - tax

# %% right="AdamW" style="a new Adam with the shrunken weights that inherits the old one's memory"
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        adam = self.adam
        fresh = Adam(adam.parameters * (1 - adam.learning_rate * self.decay), adam.learning_rate)
        fresh.mean, fresh.square, fresh.steps = adam.mean, adam.square, adam.steps
        self.adam = fresh
        return fresh.step(gradient)
