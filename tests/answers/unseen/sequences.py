# Answers of learners for lesson 17-sequences, thought up blind.

# %% wrong="ngrams" really="the last run is left out: one start too few"
@exercise
def ngrams(tokens: Tensor, length: int, vocabulary: int, smoothing: float = 1.0) -> Tensor:
    table = torch.full((vocabulary,) * length, smoothing)
    for start in range(len(tokens) - length):
        table[tuple(tokens[start : start + length])] += 1
    return table / table.sum(dim=-1, keepdim=True)

# %% wrong="ngrams" really="divided by the sum of the whole table, not of each row"
@exercise
def ngrams(tokens: Tensor, length: int, vocabulary: int, smoothing: float = 1.0) -> Tensor:
    table = torch.full((vocabulary,) * length, smoothing)
    for start in range(len(tokens) - length + 1):
        table[tuple(tokens[start : start + length])] += 1
    return table / table.sum()

# %% wrong="ngrams" really="1 is added to each count, whatever smoothing is"
@exercise
def ngrams(tokens: Tensor, length: int, vocabulary: int, smoothing: float = 1.0) -> Tensor:
    table = torch.ones((vocabulary,) * length)
    for start in range(len(tokens) - length + 1):
        table[tuple(tokens[start : start + length])] += 1
    return table / table.sum(dim=-1, keepdim=True)

# %% wrong="ngrams" really="divided by the sum over the first axis"
@exercise
def ngrams(tokens: Tensor, length: int, vocabulary: int, smoothing: float = 1.0) -> Tensor:
    table = torch.full((vocabulary,) * length, smoothing)
    for start in range(len(tokens) - length + 1):
        table[tuple(tokens[start : start + length])] += 1
    return table / table.sum(dim=0, keepdim=True)

# %% wrong="ngrams" really="the runs do not overlap: it jumps on by length"
@exercise
def ngrams(tokens: Tensor, length: int, vocabulary: int, smoothing: float = 1.0) -> Tensor:
    table = torch.full((vocabulary,) * length, smoothing)
    for start in range(0, len(tokens) - length + 1, length):
        table[tuple(tokens[start : start + length])] += 1
    return table / table.sum(dim=-1, keepdim=True)

# %% wrong="ngrams" really="a run that comes several times is counted once, as an indexed += does"
@exercise
def ngrams(tokens: Tensor, length: int, vocabulary: int, smoothing: float = 1.0) -> Tensor:
    table = torch.full((vocabulary,) * length, smoothing)
    if len(tokens) >= length:
        runs = tokens.unfold(0, length, 1)
        table[tuple(runs.T)] += 1
    return table / table.sum(dim=-1, keepdim=True)

# %% wrong="ngrams" really="stops where there are fewer tokens than length, for unfold cannot"
@exercise
def ngrams(tokens: Tensor, length: int, vocabulary: int, smoothing: float = 1.0) -> Tensor:
    runs = tokens.unfold(0, length, 1)
    table = torch.full((vocabulary,) * length, float(smoothing))
    table.index_put_(tuple(runs.T), torch.ones(len(runs)), accumulate=True)
    return table / table.sum(dim=-1, keepdim=True)

# %% wrong="ngrams" really="each context is counted also at the end of the text, where nothing follows, so its row does not add up to 1"
@exercise
def ngrams(tokens: Tensor, length: int, vocabulary: int, smoothing: float = 1.0) -> Tensor:
    table = torch.full((vocabulary,) * length, float(smoothing))
    context = torch.full((vocabulary,) * (length - 1), float(smoothing) * vocabulary)
    for start in range(len(tokens) - length + 1):
        table[tuple(tokens[start : start + length])] += 1
    for start in range(len(tokens) - length + 2):
        context[tuple(tokens[start : start + length - 1])] += 1
    return table / context.unsqueeze(-1)

# %% wrong="ngrams" really="the smoothing is given only to runs that were not seen"
@exercise
def ngrams(tokens: Tensor, length: int, vocabulary: int, smoothing: float = 1.0) -> Tensor:
    table = torch.zeros((vocabulary,) * length)
    for start in range(len(tokens) - length + 1):
        table[tuple(tokens[start : start + length])] += 1
    table[table == 0] = smoothing
    return table / table.sum(dim=-1, keepdim=True)

# %% wrong="ngrams" really="the smoothing is added to the row's sum only once, not once for each symbol"
@exercise
def ngrams(tokens: Tensor, length: int, vocabulary: int, smoothing: float = 1.0) -> Tensor:
    table = torch.zeros((vocabulary,) * length)
    for start in range(len(tokens) - length + 1):
        table[tuple(tokens[start : start + length])] += 1
    return (table + smoothing) / (table.sum(dim=-1, keepdim=True) + smoothing)

# %% wrong="ngrams" really="the run stands in the table back to front: what follows comes on the first axis"
@exercise
def ngrams(tokens: Tensor, length: int, vocabulary: int, smoothing: float = 1.0) -> Tensor:
    table = torch.full((vocabulary,) * length, smoothing)
    for start in range(len(tokens) - length + 1):
        table[tuple(tokens[start : start + length].flip(0))] += 1
    return table / table.sum(dim=-1, keepdim=True)

# %% wrong="ngrams" really="only pairs are counted, whatever length is"
@exercise
def ngrams(tokens: Tensor, length: int, vocabulary: int, smoothing: float = 1.0) -> Tensor:
    table = torch.full((vocabulary,) * length, smoothing)
    for before, after in zip(tokens[:-1], tokens[1:]):
        table[before, after] += 1
    return table / table.sum(dim=-1, keepdim=True)

# %% wrong="ngrams" really="a softmax of the counts, in place of a division by their sum"
@exercise
def ngrams(tokens: Tensor, length: int, vocabulary: int, smoothing: float = 1.0) -> Tensor:
    table = torch.full((vocabulary,) * length, smoothing)
    for start in range(len(tokens) - length + 1):
        table[tuple(tokens[start : start + length])] += 1
    return table.softmax(dim=-1)

# %% right="ngrams" style="as the hints say, over a list"
@exercise
def ngrams(tokens: Tensor, length: int, vocabulary: int, smoothing: float = 1.0) -> Tensor:
    numbers = tokens.tolist()
    counts = torch.full([vocabulary] * length, float(smoothing), dtype=torch.float64)
    for begin in range(len(numbers) - length + 1):
        counts[tuple(numbers[begin : begin + length])] += 1.0
    return counts / counts.sum(-1, keepdim=True)

# %% right="ngrams" style="each run as one number to the base vocabulary, bincount"
@exercise
def ngrams(tokens: Tensor, length: int, vocabulary: int, smoothing: float = 1.0) -> Tensor:
    many = max(0, len(tokens) - length + 1)
    code = torch.zeros(many, dtype=torch.int64)
    for offset in range(length):
        code = code * vocabulary + tokens[offset : offset + many].long()
    counts = torch.bincount(code, minlength=vocabulary**length).reshape((vocabulary,) * length)
    counts = counts + smoothing
    return counts / counts.sum(dim=-1, keepdim=True)

# %% right="ngrams" style="a Counter, and every run asked for in turn"
from collections import Counter
from itertools import product

@exercise
def ngrams(tokens: Tensor, length: int, vocabulary: int, smoothing: float = 1.0) -> Tensor:
    seen = Counter(zip(*(tokens.tolist()[shift:] for shift in range(length))))
    flat = [seen[run] + smoothing for run in product(range(vocabulary), repeat=length)]
    table = torch.tensor(flat, dtype=torch.float32).reshape(-1, vocabulary)
    table = table / table.sum(dim=1)[:, None]
    return table.reshape([vocabulary] * length)

# %% right="ngrams" style="index_put_ that accumulates, where there are runs at all"
@exercise
def ngrams(tokens: Tensor, length: int, vocabulary: int, smoothing: float = 1.0) -> Tensor:
    table = torch.zeros((vocabulary,) * length)
    if len(tokens) >= length:
        runs = tokens.long().unfold(0, length, 1)
        table.index_put_(tuple(runs.unbind(1)), torch.ones(runs.shape[0]), accumulate=True)
    table += smoothing
    return F.normalize(table, p=1, dim=-1, eps=0.0)

# %% right="ngrams" style="one-hot columns multiplied by einsum, axis after axis"
@exercise
def ngrams(tokens: Tensor, length: int, vocabulary: int, smoothing: float = 1.0) -> Tensor:
    many = max(0, len(tokens) - length + 1)
    hot = F.one_hot(tokens.long(), vocabulary).double() if len(tokens) else torch.zeros(0, vocabulary).double()
    joint = hot[:many]
    for offset in range(1, length):
        joint = torch.einsum("ta,tb->tab", joint, hot[offset : offset + many]).reshape(many, vocabulary ** (offset + 1))
    counts = joint.sum(dim=0).reshape((vocabulary,) * length) + smoothing
    return counts / counts.sum(dim=-1, keepdim=True)

# %% wrong="attention" really="the scores are not divided by the root of the width"
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    scores = queries @ keys.transpose(-1, -2)
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    return scores.softmax(dim=-1) @ values

# %% wrong="attention" really="divided by the root of the values' depth, not of the width of the keys"
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    scores = queries @ keys.transpose(-1, -2) / math.sqrt(values.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    return scores.softmax(dim=-1) @ values

# %% wrong="attention" really="divided by the width itself and not by its root"
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    scores = queries @ keys.transpose(-1, -2) / queries.shape[-1]
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    return scores.softmax(dim=-1) @ values

# %% wrong="attention" really="masked after the softmax: what is left does not add up to 1"
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    weights = (queries @ keys.transpose(-1, -2) / math.sqrt(queries.shape[-1])).softmax(dim=-1)
    if mask is not None:
        weights = weights * mask
    return weights @ values

# %% wrong="attention" really="the softmax runs over the queries and not over the keys"
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    scores = queries @ keys.transpose(-1, -2) / math.sqrt(queries.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    return scores.softmax(dim=-2).nan_to_num() @ values

# %% wrong="attention" really="the mask is the wrong way round"
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    scores = queries @ keys.transpose(-1, -2) / math.sqrt(queries.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(mask, -torch.inf)
    return scores.softmax(dim=-1) @ values

# %% wrong="attention" really="a hidden place gets the score 0 and not minus infinity"
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    scores = queries @ keys.transpose(-1, -2) / math.sqrt(queries.shape[-1])
    if mask is not None:
        scores = scores * mask
    return scores.softmax(dim=-1) @ values

# %% wrong="attention" really="a hidden place gets the score -10: a little of it comes through"
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    scores = queries @ keys.transpose(-1, -2) / math.sqrt(queries.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -10.0)
    return scores.softmax(dim=-1) @ values

# %% wrong="attention" really="keys.T turns all axes over: stops where axes stand in front"
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    scores = queries @ keys.T / math.sqrt(queries.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    return scores.softmax(dim=-1) @ values

# %% wrong="attention" really="divided by the root of the number of keys, not of the width"
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    scores = queries @ keys.transpose(-1, -2) / math.sqrt(keys.shape[-2])
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    return scores.softmax(dim=-1) @ values

# %% wrong="attention" really="the mask is not looked at"
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    scores = queries @ keys.transpose(-1, -2) / math.sqrt(queries.shape[-1])
    return scores.softmax(dim=-1) @ values

# %% wrong="attention" really="the exponentials of large scores overflow, for the largest is not taken off first"
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    scores = queries @ keys.transpose(-1, -2) / math.sqrt(queries.shape[-1])
    fit = scores.exp()
    if mask is not None:
        fit = fit * mask
    return fit / fit.sum(dim=-1, keepdim=True) @ values

# %% wrong="attention" really="the queries that came in are divided in place"
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    queries /= math.sqrt(queries.shape[-1])
    scores = queries @ keys.transpose(-1, -2)
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    return scores.softmax(dim=-1) @ values

# %% wrong="attention" really="divided after the softmax by the root: the weights do not add up to 1"
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    scores = queries @ keys.transpose(-1, -2)
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    return scores.softmax(dim=-1) / math.sqrt(queries.shape[-1]) @ values

# %% wrong="attention" really="the weights are detached, so no gradient reaches queries and keys"
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    scores = queries @ keys.transpose(-1, -2) / math.sqrt(queries.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    weights = scores.softmax(dim=-1).detach()
    return weights @ values

# %% wrong="attention" really="the mask is forced to be causal where there is none"
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    scores = queries @ keys.transpose(-1, -2) / math.sqrt(queries.shape[-1])
    if mask is None:
        mask = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
    return scores.masked_fill(~mask, -torch.inf).softmax(dim=-1) @ values

# %% right="attention" style="einsum"
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    scores = torch.einsum("...nd,...md->...nm", queries, keys) * queries.shape[-1] ** -0.5
    if mask is not None:
        scores = torch.where(mask, scores, torch.full_like(scores, float("-inf")))
    return torch.einsum("...nm,...md->...nd", torch.softmax(scores, -1), values)

# %% right="attention" style="the queries smaller first, the mask as something added"
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    small = queries / math.sqrt(queries.size(-1))
    fit = torch.matmul(small, keys.mT)
    if mask is not None:
        fit = fit + torch.zeros(mask.shape, dtype=fit.dtype).masked_fill(mask.logical_not(), torch.finfo(fit.dtype).min)
    return torch.matmul(F.softmax(fit, dim=-1), values)

# %% right="attention" style="query after query in a loop"
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    rows = []
    for i in range(queries.shape[-2]):
        fit = (queries[..., i : i + 1, :] * keys).sum(dim=-1) / math.sqrt(keys.shape[-1])
        if mask is not None:
            fit = fit.masked_fill(~mask[i], -torch.inf)
        share = fit.softmax(dim=-1)
        rows.append((share[..., None] * values).sum(dim=-2))
    return torch.stack(rows, dim=-2)

# %% right="attention" style="the softmax written out, the largest taken off"
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    scores = (queries @ keys.swapaxes(-1, -2)) / (keys.shape[-1] ** 0.5)
    allowed = torch.ones(scores.shape[-2:], dtype=torch.bool) if mask is None else mask
    scores = torch.where(allowed, scores, -torch.inf)
    fit = (scores - scores.amax(dim=-1, keepdim=True).detach()).exp()
    total = fit.sum(dim=-1, keepdim=True)
    return (fit @ values) / total

# %% right="attention" style="through logsumexp, axes in front flattened for bmm"
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    front = queries.shape[:-2]
    q, k, v = (part.reshape(-1, *part.shape[-2:]) for part in (queries, keys, values))
    scores = torch.bmm(q, k.transpose(1, 2)).div(math.sqrt(q.shape[2]))
    if mask is not None:
        scores = scores.masked_fill(mask[None] == False, -math.inf)
    weights = (scores - scores.logsumexp(dim=2, keepdim=True)).exp()
    return torch.bmm(weights, v).reshape(*front, queries.shape[-2], values.shape[-1])

# %% wrong="causal_mask" really="the upper triangle: it looks at itself and at what comes after"
@exercise
def causal_mask(length: int) -> Tensor:
    return torch.ones(length, length, dtype=torch.bool).triu()

# %% wrong="causal_mask" really="a place may not look at itself"
@exercise
def causal_mask(length: int) -> Tensor:
    return torch.ones(length, length, dtype=torch.bool).tril(-1)

# %% wrong="causal_mask" really="one place of the future may be seen"
@exercise
def causal_mask(length: int) -> Tensor:
    return torch.ones(length, length, dtype=torch.bool).tril(1)

# %% wrong="causal_mask" really="numbers with a decimal point and not bool"
@exercise
def causal_mask(length: int) -> Tensor:
    return torch.ones(length, length).tril()

# %% wrong="causal_mask" really="whole numbers and not bool"
@exercise
def causal_mask(length: int) -> Tensor:
    return torch.tril(torch.ones(length, length, dtype=torch.int64))

# %% wrong="causal_mask" really="True where it may not look: the opposite"
@exercise
def causal_mask(length: int) -> Tensor:
    return torch.ones(length, length, dtype=torch.bool).triu(1)

# %% wrong="causal_mask" really="zero and minus infinity, to be added, and not bool"
@exercise
def causal_mask(length: int) -> Tensor:
    return torch.zeros(length, length).masked_fill(torch.ones(length, length).triu(1) == 1, -torch.inf)

# %% wrong="causal_mask" really="an axis too many in front"
@exercise
def causal_mask(length: int) -> Tensor:
    return torch.ones(1, length, length, dtype=torch.bool).tril()

# %% wrong="causal_mask" really="only itself and the place just before may be looked at"
@exercise
def causal_mask(length: int) -> Tensor:
    places = torch.arange(length)
    back = places[:, None] - places
    return (back >= 0) & (back <= 1)

# %% wrong="causal_mask" really="every place may look at the first one less: the first column is False below the diagonal"
@exercise
def causal_mask(length: int) -> Tensor:
    mask = torch.zeros(length, length, dtype=torch.bool)
    for i in range(length):
        for j in range(min(1, i), i + 1):
            mask[i, j] = True
    return mask

# %% wrong="causal_mask" really="a list of lists and no tensor"
@exercise
def causal_mask(length: int) -> Tensor:
    return [[j <= i for j in range(length)] for i in range(length)]

# %% wrong="causal_mask" really="one row and one column too many"
@exercise
def causal_mask(length: int) -> Tensor:
    places = torch.arange(length + 1)
    return places[:, None] >= places

# %% right="causal_mask" style="tril"
@exercise
def causal_mask(length: int) -> Tensor:
    return torch.tril(torch.ones((length, length))).bool()

# %% right="causal_mask" style="two loops"
@exercise
def causal_mask(length: int) -> Tensor:
    mask = torch.zeros(length, length, dtype=torch.bool)
    for row in range(length):
        mask[row, : row + 1] = True
    return mask

# %% right="causal_mask" style="a list comprehension"
@exercise
def causal_mask(length: int) -> Tensor:
    return torch.tensor([[column <= row for column in range(length)] for row in range(length)])

# %% right="causal_mask" style="the unit square, added up from the right"
@exercise
def causal_mask(length: int) -> Tensor:
    return torch.eye(length).flip(1).cumsum(dim=1).flip(1) > 0

# %% right="causal_mask" style="not what lies above the diagonal"
@exercise
def causal_mask(length: int) -> Tensor:
    return ~torch.ones(length, length, dtype=torch.bool).triu(diagonal=1)

# %% wrong="multi_head" really="cut straight into (batch, heads, n, part): a head gets other places and not other columns"
@exercise
def multi_head(queries: Tensor, keys: Tensor, values: Tensor, heads: int, mask: Tensor | None = None) -> Tensor:
    batch, n, width = queries.shape
    m, part = keys.shape[1], width // heads
    q = queries.reshape(batch, heads, n, part)
    k = keys.reshape(batch, heads, m, part)
    v = values.reshape(batch, heads, m, part)
    return attention(q, k, v, mask).transpose(1, 2).reshape(batch, n, width)

# %% wrong="multi_head" really="the answers are not turned back before they are laid side by side"
@exercise
def multi_head(queries: Tensor, keys: Tensor, values: Tensor, heads: int, mask: Tensor | None = None) -> Tensor:
    batch, n, width = queries.shape
    cut = lambda part: part.reshape(batch, -1, heads, width // heads).transpose(1, 2)
    return attention(cut(queries), cut(keys), cut(values), mask).reshape(batch, n, width)

# %% wrong="multi_head" really="the heads' columns are interleaved and do not stand together"
@exercise
def multi_head(queries: Tensor, keys: Tensor, values: Tensor, heads: int, mask: Tensor | None = None) -> Tensor:
    batch, n, width = queries.shape
    cut = lambda part: part.reshape(batch, -1, width // heads, heads).permute(0, 3, 1, 2)
    return attention(cut(queries), cut(keys), cut(values), mask).permute(0, 2, 3, 1).reshape(batch, n, width)

# %% wrong="multi_head" really="the axis of the heads is not moved in front: heads look at heads, and with another number of keys it stops"
@exercise
def multi_head(queries: Tensor, keys: Tensor, values: Tensor, heads: int, mask: Tensor | None = None) -> Tensor:
    batch, n, width = queries.shape
    part = width // heads
    q = queries.reshape(batch, n, heads, part)
    k = keys.reshape(batch, keys.shape[1], heads, part)
    v = values.reshape(batch, keys.shape[1], heads, part)
    return attention(q, k, v).reshape(batch, n, width)

# %% wrong="multi_head" really="the mask is not handed on to attention"
@exercise
def multi_head(queries: Tensor, keys: Tensor, values: Tensor, heads: int, mask: Tensor | None = None) -> Tensor:
    batch, n, width = queries.shape
    cut = lambda part: part.reshape(batch, -1, heads, width // heads).transpose(1, 2)
    return attention(cut(queries), cut(keys), cut(values)).transpose(1, 2).reshape(batch, n, width)

# %% wrong="multi_head" really="keys and values are cut as if there were as many as queries"
@exercise
def multi_head(queries: Tensor, keys: Tensor, values: Tensor, heads: int, mask: Tensor | None = None) -> Tensor:
    batch, n, width = queries.shape
    part = width // heads
    q = queries.reshape(batch, n, heads, part).transpose(1, 2)
    k = keys.reshape(batch, n, heads, part).transpose(1, 2)
    v = values.reshape(batch, n, heads, part).transpose(1, 2)
    return attention(q, k, v, mask).transpose(1, 2).reshape(batch, n, width)

# %% wrong="multi_head" really="one attention over the full width, heads not looked at"
@exercise
def multi_head(queries: Tensor, keys: Tensor, values: Tensor, heads: int, mask: Tensor | None = None) -> Tensor:
    return attention(queries, keys, values, mask)

# %% wrong="multi_head" really="each head divides by the root of the full width, for the queries are divided once more by the root of heads"
@exercise
def multi_head(queries: Tensor, keys: Tensor, values: Tensor, heads: int, mask: Tensor | None = None) -> Tensor:
    batch, n, width = queries.shape
    cut = lambda part: part.reshape(batch, -1, heads, width // heads).transpose(1, 2)
    return attention(cut(queries) / math.sqrt(heads), cut(keys), cut(values), mask).transpose(1, 2).reshape(batch, n, width)

# %% wrong="multi_head" really="split into parts of heads columns, in place of heads parts"
@exercise
def multi_head(queries: Tensor, keys: Tensor, values: Tensor, heads: int, mask: Tensor | None = None) -> Tensor:
    parts = zip(queries.split(heads, -1), keys.split(heads, -1), values.split(heads, -1))
    return torch.cat([attention(q, k, v, mask) for q, k, v in parts], dim=-1)

# %% wrong="multi_head" really="the heads' answers are averaged, and repeated"
@exercise
def multi_head(queries: Tensor, keys: Tensor, values: Tensor, heads: int, mask: Tensor | None = None) -> Tensor:
    parts = zip(queries.chunk(heads, -1), keys.chunk(heads, -1), values.chunk(heads, -1))
    mean = torch.stack([attention(q, k, v, mask) for q, k, v in parts]).mean(dim=0)
    return mean.repeat(1, 1, heads)

# %% wrong="multi_head" really="the values are not cut in step: each head takes the values of the head before"
@exercise
def multi_head(queries: Tensor, keys: Tensor, values: Tensor, heads: int, mask: Tensor | None = None) -> Tensor:
    batch, n, width = queries.shape
    cut = lambda part: part.reshape(batch, -1, heads, width // heads).transpose(1, 2)
    return attention(cut(queries), cut(keys), cut(values).roll(1, 1), mask).transpose(1, 2).reshape(batch, n, width)

# %% wrong="multi_head" really="the answers are stacked on a new axis and not laid side by side"
@exercise
def multi_head(queries: Tensor, keys: Tensor, values: Tensor, heads: int, mask: Tensor | None = None) -> Tensor:
    parts = zip(queries.chunk(heads, -1), keys.chunk(heads, -1), values.chunk(heads, -1))
    return torch.stack([attention(q, k, v, mask) for q, k, v in parts], dim=2)

# %% wrong="multi_head" really="the answers are laid under each other, along the places"
@exercise
def multi_head(queries: Tensor, keys: Tensor, values: Tensor, heads: int, mask: Tensor | None = None) -> Tensor:
    parts = zip(queries.chunk(heads, -1), keys.chunk(heads, -1), values.chunk(heads, -1))
    return torch.cat([attention(q, k, v, mask) for q, k, v in parts], dim=1)

# %% wrong="multi_head" really="view on the turned tensor stops: its numbers do not stand in order"
@exercise
def multi_head(queries: Tensor, keys: Tensor, values: Tensor, heads: int, mask: Tensor | None = None) -> Tensor:
    batch, n, width = queries.shape
    cut = lambda part: part.view(batch, -1, heads, width // heads).transpose(1, 2)
    return attention(cut(queries), cut(keys), cut(values), mask).transpose(1, 2).view(batch, n, width)

# %% right="multi_head" style="head after head, by slices"
@exercise
def multi_head(queries: Tensor, keys: Tensor, values: Tensor, heads: int, mask: Tensor | None = None) -> Tensor:
    part = queries.shape[-1] // heads
    answers = []
    for head in range(heads):
        mine = slice(head * part, (head + 1) * part)
        answers.append(attention(queries[:, :, mine], keys[:, :, mine], values[:, :, mine], mask))
    return torch.cat(answers, dim=2)

# %% right="multi_head" style="unflatten, movedim, flatten"
@exercise
def multi_head(queries: Tensor, keys: Tensor, values: Tensor, heads: int, mask: Tensor | None = None) -> Tensor:
    q, k, v = (given.unflatten(-1, (heads, -1)).movedim(2, 1) for given in (queries, keys, values))
    return attention(q, k, v, mask=mask).movedim(1, 2).flatten(2)

# %% right="multi_head" style="heads folded into the batch"
@exercise
def multi_head(queries: Tensor, keys: Tensor, values: Tensor, heads: int, mask: Tensor | None = None) -> Tensor:
    def fold(given):
        batch, places, width = given.shape
        return given.reshape(batch, places, heads, width // heads).permute(0, 2, 1, 3).reshape(batch * heads, places, width // heads)

    batch, n, width = queries.shape
    found = attention(fold(queries), fold(keys), fold(values), mask)
    return found.reshape(batch, heads, n, width // heads).permute(0, 2, 1, 3).reshape(batch, n, width)

# %% right="multi_head" style="chunks stacked in front, einsum for scores and answers, no attention called"
@exercise
def multi_head(queries: Tensor, keys: Tensor, values: Tensor, heads: int, mask: Tensor | None = None) -> Tensor:
    q, k, v = (torch.stack(given.chunk(heads, dim=-1)) for given in (queries, keys, values))
    scores = torch.einsum("hbnd,hbmd->hbnm", q, k) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    found = torch.einsum("hbnm,hbmd->bnhd", scores.softmax(dim=-1), v)
    return found.reshape(queries.shape)

# %% right="multi_head" style="written into an empty tensor, example after example"
@exercise
def multi_head(queries: Tensor, keys: Tensor, values: Tensor, heads: int, mask: Tensor | None = None) -> Tensor:
    answer = torch.zeros_like(queries)
    size = queries.shape[2] // heads
    for example in range(len(queries)):
        for left in range(0, queries.shape[2], size):
            right = left + size
            answer[example, :, left:right] = attention(queries[example, :, left:right], keys[example, :, left:right], values[example, :, left:right], mask)
    return answer

# %% wrong="block" really="normalised after adding, as in 2017, and not before"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    stream = F.layer_norm(stream + attend(stream), stream.shape[-1:])
    return F.layer_norm(stream + feed(stream), stream.shape[-1:])

# %% wrong="block" really="feed gets the norm of the stream that came in, not of what attend has made of it"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    calm = F.layer_norm(stream, stream.shape[-1:])
    return stream + attend(calm) + feed(calm)

# %% wrong="block" really="feed's answer is not added to the stream but takes its place"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    stream = stream + attend(F.layer_norm(stream, stream.shape[-1:]))
    return feed(F.layer_norm(stream, stream.shape[-1:]))

# %% wrong="block" really="attend's answer is not added to the stream but takes its place"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    stream = attend(F.layer_norm(stream, stream.shape[-1:]))
    return stream + feed(F.layer_norm(stream, stream.shape[-1:]))

# %% wrong="block" really="the variance is divided by n - 1"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    def norm(x):
        return (x - x.mean(dim=-1, keepdim=True)) / (x.var(dim=-1, keepdim=True) + 1e-5).sqrt()

    stream = stream + attend(norm(stream))
    return stream + feed(norm(stream))

# %% wrong="block" really="no norm before feed"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    stream = stream + attend(F.layer_norm(stream, stream.shape[-1:]))
    return stream + feed(stream)

# %% wrong="block" really="no norm before attend"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    stream = stream + attend(stream)
    return stream + feed(F.layer_norm(stream, stream.shape[-1:]))

# %% wrong="block" really="the norm runs over places and width together"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    stream = stream + attend(F.layer_norm(stream, stream.shape[-2:]))
    return stream + feed(F.layer_norm(stream, stream.shape[-2:]))

# %% wrong="block" really="the stream that came in is changed in place"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    stream += attend(F.layer_norm(stream, stream.shape[-1:]))
    stream += feed(F.layer_norm(stream, stream.shape[-1:]))
    return stream

# %% wrong="block" really="the stream itself is replaced by its norm before adding"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    stream = F.layer_norm(stream, stream.shape[-1:])
    stream = stream + attend(stream)
    stream = F.layer_norm(stream, stream.shape[-1:])
    return stream + feed(stream)

# %% wrong="block" really="the small number is added to the root and not under it"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    def norm(x):
        spread = x.var(dim=-1, keepdim=True, correction=0).sqrt()
        return (x - x.mean(dim=-1, keepdim=True)) / (spread + 1e-5)

    stream = stream + attend(norm(stream))
    return stream + feed(norm(stream))

# %% wrong="block" really="without the 1e-5 a place whose numbers are all alike gives nan"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    def norm(x):
        x = x - x.mean(dim=-1, keepdim=True)
        return x / x.square().mean(dim=-1, keepdim=True).sqrt()

    stream = stream + attend(norm(stream))
    return stream + feed(norm(stream))

# %% wrong="block" really="feed comes first and attend second"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    stream = stream + feed(F.layer_norm(stream, stream.shape[-1:]))
    return stream + attend(F.layer_norm(stream, stream.shape[-1:]))

# %% wrong="block" really="what comes out is normalised once more"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    stream = stream + attend(F.layer_norm(stream, stream.shape[-1:]))
    stream = stream + feed(F.layer_norm(stream, stream.shape[-1:]))
    return F.layer_norm(stream, stream.shape[-1:])

# %% wrong="block" really="the mean is not taken off: divided by the root mean square only"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    def norm(x):
        return x / (x.square().mean(dim=-1, keepdim=True) + 1e-5).sqrt()

    stream = stream + attend(norm(stream))
    return stream + feed(norm(stream))

# %% wrong="block" really="feed's answer is added to the stream that came in, and attend's is lost from it"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    gathered_now = stream + attend(F.layer_norm(stream, stream.shape[-1:]))
    return stream + feed(F.layer_norm(gathered_now, gathered_now.shape[-1:]))

# %% right="block" style="F.layer_norm, by names"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    width = stream.shape[-1]
    first = attend(F.layer_norm(stream, (width,)))
    middle = stream + first
    second = feed(F.layer_norm(middle, (width,)))
    return middle + second

# %% right="block" style="nn.LayerNorm without weights"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    norm = nn.LayerNorm(stream.shape[-1], elementwise_affine=False)
    after = stream + attend(norm(stream))
    return after + feed(norm(after))

# %% right="block" style="the norm by hand, in a loop over both steps"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    for step in (attend, feed):
        middle = stream - stream.mean(dim=-1, keepdim=True)
        variance = (middle * middle).mean(dim=-1, keepdim=True)
        stream = stream + step(middle / torch.sqrt(variance + 1e-5))
    return stream

# %% right="block" style="var_mean and rsqrt, torch.add"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    def calm(x):
        variance, mean = torch.var_mean(x, dim=-1, correction=0, keepdim=True)
        return (x - mean) * torch.rsqrt(variance + 1e-5)

    stream = torch.add(stream, attend(calm(stream)))
    return torch.add(stream, feed(calm(stream)))

# %% right="block" style="everything added at the end"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    norm = lambda x: F.layer_norm(x, [x.size(-1)], eps=1e-5)
    a = attend(norm(stream))
    b = feed(norm(a + stream))
    return sum((stream, a, b))

# %% wrong="pick" really="multiplied by the temperature and not divided"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    if temperature == 0:
        return logits.argmax(dim=-1)

    reached = (logits * temperature).softmax(dim=-1).cumsum(dim=-1)
    return (reached <= chance[:, None]).sum(dim=-1)

# %% wrong="pick" really="the temperature is not looked at, but for 0"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    if temperature == 0:
        return logits.argmax(dim=-1)

    reached = logits.softmax(dim=-1).cumsum(dim=-1)
    return (reached <= chance[:, None]).sum(dim=-1)

# %% wrong="pick" really="the probabilities are divided, after the softmax, and not the logits"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    if temperature == 0:
        return logits.argmax(dim=-1)

    reached = (logits.softmax(dim=-1) / temperature).cumsum(dim=-1)
    return (reached <= chance[:, None]).sum(dim=-1).clamp(max=logits.shape[-1] - 1)

# %% wrong="pick" really="temperature 0 is divided by: not a number comes"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    reached = (logits / temperature).softmax(dim=-1).cumsum(dim=-1)
    return (reached <= chance[:, None]).sum(dim=-1)

# %% wrong="pick" really="always the likeliest"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    return logits.argmax(dim=-1)

# %% wrong="pick" really="drawn with dice of its own, chance is not looked at"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    if temperature == 0:
        return logits.argmax(dim=-1)

    return torch.multinomial((logits / temperature).softmax(dim=-1), 1).squeeze(1)

# %% wrong="pick" really="added up from the likeliest symbol on, not from symbol 0 on"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    if temperature == 0:
        return logits.argmax(dim=-1)

    ordered, which = (logits / temperature).softmax(dim=-1).sort(dim=-1, descending=True)
    place = (ordered.cumsum(dim=-1) <= chance[:, None]).sum(dim=-1, keepdim=True).clamp(max=logits.shape[-1] - 1)
    return which.gather(1, place).squeeze(1)

# %% wrong="pick" really="one too few: the last symbol that was passed over"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    if temperature == 0:
        return logits.argmax(dim=-1)

    reached = (logits / temperature).softmax(dim=-1).cumsum(dim=-1)
    return ((reached <= chance[:, None]).sum(dim=-1) - 1).clamp(min=0)

# %% wrong="pick" really="counts the sums above the chance, and not those at or below"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    if temperature == 0:
        return logits.argmax(dim=-1)

    reached = (logits / temperature).softmax(dim=-1).cumsum(dim=-1)
    return (reached > chance[:, None]).sum(dim=-1) - 1

# %% wrong="pick" really="the first symbol whose own probability is above chance, not the sum"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    if temperature == 0:
        return logits.argmax(dim=-1)

    shares = (logits / temperature).softmax(dim=-1)
    return (shares > chance[:, None]).int().argmax(dim=-1)

# %% wrong="pick" really="the softmax runs down the rows and not along the symbols"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    if temperature == 0:
        return logits.argmax(dim=-1)

    reached = (logits / temperature).softmax(dim=0).cumsum(dim=-1)
    return (reached <= chance[:, None]).sum(dim=-1).clamp(max=logits.shape[-1] - 1)

# %% wrong="pick" really="chance 0 takes symbol 0 even if its probability is 0, for a sum equal to chance is not passed over"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    if temperature == 0:
        return logits.argmax(dim=-1)

    reached = (logits / temperature).softmax(dim=-1).cumsum(dim=-1)
    return (reached < chance[:, None]).sum(dim=-1)

# %% wrong="pick" really="temperature 0 becomes .05, which still leaves the second largest a chance"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    reached = (logits / max(temperature, 0.05)).softmax(dim=-1).cumsum(dim=-1)
    return (reached <= chance[:, None]).sum(dim=-1)

# %% wrong="pick" really="the logits that came in are divided in place"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    if temperature == 0:
        return logits.argmax(dim=-1)

    logits /= temperature
    reached = logits.softmax(dim=-1).cumsum(dim=-1)
    return (reached <= chance[:, None]).sum(dim=-1)

# %% wrong="pick" really="every row uses the dice of the first"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    if temperature == 0:
        return logits.argmax(dim=-1)

    reached = (logits / temperature).softmax(dim=-1).cumsum(dim=-1)
    return (reached <= chance[0]).sum(dim=-1)

# %% wrong="pick" really="the largest logit itself at temperature 0, and not its symbol"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    if temperature == 0:
        return logits.max(dim=-1).values
    reached = (logits / temperature).softmax(dim=-1).cumsum(dim=-1)
    return (reached <= chance[:, None]).sum(dim=-1)

# %% wrong="pick" really="int32 and not int64"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    if temperature == 0:
        return logits.argmax(dim=-1).int()
    reached = (logits / temperature).softmax(dim=-1).cumsum(dim=-1)
    return (reached <= chance[:, None]).sum(dim=-1, dtype=torch.int32)

# %% wrong="pick" really="below 0.5 the temperature counts as 0"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    if temperature < 0.5:
        return logits.argmax(dim=-1)
    reached = (logits / temperature).softmax(dim=-1).cumsum(dim=-1)
    return (reached <= chance[:, None]).sum(dim=-1)

# %% right="pick" style="searchsorted, to the right of what is equal"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    if not temperature:
        return torch.argmax(logits, 1)
    reached = torch.cumsum(F.softmax(logits / temperature, dim=1), 1)
    return torch.searchsorted(reached, chance[:, None].to(reached.dtype).contiguous(), right=True)[:, 0]

# %% right="pick" style="row after row and symbol after symbol"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    chosen = []
    for row, dice in zip(logits, chance.tolist()):
        if temperature == 0:
            chosen.append(int(row.argmax()))
            continue
        total, symbol = 0.0, len(row) - 1
        for number, share in enumerate((row / temperature).softmax(dim=0).tolist()):
            total += share
            if total > dice:
                symbol = number
                break
        chosen.append(symbol)
    return torch.tensor(chosen, dtype=torch.int64)

# %% right="pick" style="the first True, by argmax, sums by a triangular matrix"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    if temperature == 0:
        return logits.max(dim=-1).indices
    shares = torch.exp(torch.log_softmax(logits / temperature, dim=-1))
    size = logits.shape[-1]
    reached = shares @ torch.ones(size, size, dtype=shares.dtype).triu()
    above = reached > chance.reshape(-1, 1)
    return above.to(torch.int64).argmax(dim=-1)

# %% right="pick" style="numpy, with twice the digits"
import numpy as np

@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    scores = logits.detach().numpy().astype(np.float64)
    if temperature == 0:
        return torch.from_numpy(scores.argmax(axis=1))
    scores = scores / temperature
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    reached = np.cumsum(scores / scores.sum(axis=1, keepdims=True), axis=1)
    return torch.from_numpy((reached <= chance.numpy()[:, None]).sum(axis=1).astype(np.int64))

# %% right="pick" style="as the hints say, kept within the symbols"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    if temperature == 0:
        return logits.argmax(dim=-1)
    reached = (logits / temperature).softmax(dim=-1).cumsum(dim=-1)
    passed = (reached <= chance.unsqueeze(-1)).sum(dim=-1)
    return passed.clamp(max=logits.shape[-1] - 1)

# %% wrong="ngrams" really="the table is as large as the symbols that came, not as vocabulary says"
@exercise
def ngrams(tokens: Tensor, length: int, vocabulary: int, smoothing: float = 1.0) -> Tensor:
    size = int(tokens.max()) + 1
    table = torch.full((size,) * length, float(smoothing))
    for start in range(len(tokens) - length + 1):
        table[tuple(tokens[start : start + length])] += 1
    return table / table.sum(dim=-1, keepdim=True)

# %% wrong="ngrams" really="whole numbers: a smoothing of one half becomes 0"
@exercise
def ngrams(tokens: Tensor, length: int, vocabulary: int, smoothing: float = 1.0) -> Tensor:
    table = torch.full((vocabulary,) * length, smoothing, dtype=torch.int64)
    for start in range(len(tokens) - length + 1):
        table[tuple(tokens[start : start + length])] += 1
    return table / table.sum(dim=-1, keepdim=True)

# %% wrong="ngrams" really="the end of the text is joined to its beginning: runs go round"
@exercise
def ngrams(tokens: Tensor, length: int, vocabulary: int, smoothing: float = 1.0) -> Tensor:
    table = torch.full((vocabulary,) * length, float(smoothing))
    if len(tokens) >= length:
        for start in range(len(tokens)):
            run = [int(tokens[(start + step) % len(tokens)]) for step in range(length)]
            table[tuple(run)] += 1
    return table / table.sum(dim=-1, keepdim=True)

# %% wrong="ngrams" really="the context's count is worked out without smoothing: a row adds up to more than 1, and an empty one is divided by 0"
@exercise
def ngrams(tokens: Tensor, length: int, vocabulary: int, smoothing: float = 1.0) -> Tensor:
    counts = torch.zeros((vocabulary,) * length)
    for start in range(len(tokens) - length + 1):
        counts[tuple(tokens[start : start + length])] += 1
    return (counts + smoothing) / counts.sum(dim=-1, keepdim=True)

# %% wrong="ngrams" really="the very first run is left out"
@exercise
def ngrams(tokens: Tensor, length: int, vocabulary: int, smoothing: float = 1.0) -> Tensor:
    table = torch.full((vocabulary,) * length, float(smoothing))
    for end in range(length + 1, len(tokens) + 1):
        table[tuple(tokens[end - length : end])] += 1
    return table / table.sum(dim=-1, keepdim=True)

# %% wrong="attention" really="the softmax is taken over all queries and keys together"
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    scores = queries @ keys.transpose(-1, -2) / math.sqrt(queries.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    return scores.flatten(-2).softmax(dim=-1).reshape(scores.shape) @ values

# %% wrong="attention" really="the mask indexes the scores directly, which stops as soon as axes stand in front"
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    scores = queries @ keys.transpose(-1, -2) / math.sqrt(queries.shape[-1])
    if mask is not None:
        scores[~mask] = -torch.inf
    return scores.softmax(dim=-1) @ values

# %% wrong="attention" really="the mask lies on its side: turned over"
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    scores = queries @ keys.transpose(-1, -2) / math.sqrt(queries.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask.T, -torch.inf)
    return scores.softmax(dim=-1).nan_to_num() @ values

# %% wrong="attention" really="float64 comes back as float32"
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    scores = (queries @ keys.transpose(-1, -2)).float() / math.sqrt(queries.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    return scores.softmax(dim=-1) @ values.float()

# %% wrong="attention" really="no softmax: the scores themselves are the weights, divided by their sum"
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    scores = queries @ keys.transpose(-1, -2) / math.sqrt(queries.shape[-1])
    if mask is not None:
        scores = scores * mask
    return scores / scores.sum(dim=-1, keepdim=True) @ values

# %% wrong="attention" really="the best key takes all: hard, not soft"
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    scores = queries @ keys.transpose(-1, -2) / math.sqrt(queries.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    return F.one_hot(scores.argmax(dim=-1), keys.shape[-2]).to(values.dtype) @ values

# %% wrong="attention" really="the mask hides values and not scores: zeros are averaged in"
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    weights = (queries @ keys.transpose(-1, -2) / math.sqrt(queries.shape[-1])).softmax(dim=-1)
    if mask is not None:
        weights = weights.masked_fill(~mask, 0.0)
    return weights @ values

# %% wrong="multi_head" really="only the first head gets the mask"
@exercise
def multi_head(queries: Tensor, keys: Tensor, values: Tensor, heads: int, mask: Tensor | None = None) -> Tensor:
    part = queries.shape[-1] // heads
    answers = []
    for head in range(heads):
        mine = slice(head * part, head * part + part)
        answers.append(attention(queries[..., mine], keys[..., mine], values[..., mine], mask if head == 0 else None))
    return torch.cat(answers, dim=-1)

# %% wrong="multi_head" really="the heads' answers stand in the reverse order"
@exercise
def multi_head(queries: Tensor, keys: Tensor, values: Tensor, heads: int, mask: Tensor | None = None) -> Tensor:
    parts = zip(queries.chunk(heads, -1), keys.chunk(heads, -1), values.chunk(heads, -1))
    answers = [attention(q, k, v, mask) for q, k, v in parts]
    return torch.cat(answers[::-1], dim=-1)

# %% wrong="multi_head" really="always two heads, whatever heads says"
@exercise
def multi_head(queries: Tensor, keys: Tensor, values: Tensor, heads: int, mask: Tensor | None = None) -> Tensor:
    parts = zip(queries.chunk(2, -1), keys.chunk(2, -1), values.chunk(2, -1))
    return torch.cat([attention(q, k, v, mask) for q, k, v in parts], dim=-1)

# %% wrong="multi_head" really="the softmax of all heads is one: keys of every head stand in one row"
@exercise
def multi_head(queries: Tensor, keys: Tensor, values: Tensor, heads: int, mask: Tensor | None = None) -> Tensor:
    batch, n, width = queries.shape
    m, part = keys.shape[1], width // heads
    q, k, v = (given.reshape(batch, -1, heads, part).transpose(1, 2) for given in (queries, keys, values))
    k, v = k.reshape(batch, 1, heads * m, part).expand(-1, heads, -1, -1), v.reshape(batch, 1, heads * m, part).expand(-1, heads, -1, -1)
    return attention(q, k, v, None if mask is None else mask.repeat(1, heads)).transpose(1, 2).reshape(batch, n, width)

# %% wrong="multi_head" really="the scores are divided by the root of the part a second time"
@exercise
def multi_head(queries: Tensor, keys: Tensor, values: Tensor, heads: int, mask: Tensor | None = None) -> Tensor:
    part = queries.shape[-1] // heads
    parts = zip(queries.chunk(heads, -1), keys.chunk(heads, -1), values.chunk(heads, -1))
    return torch.cat([attention(q / math.sqrt(part), k, v, mask) for q, k, v in parts], dim=-1)

# %% right="multi_head" style="each head over all values, and only its part kept"
@exercise
def multi_head(queries: Tensor, keys: Tensor, values: Tensor, heads: int, mask: Tensor | None = None) -> Tensor:
    part = queries.shape[-1] // heads
    answer = torch.empty(queries.shape[0], queries.shape[1], 0, dtype=queries.dtype)
    for h in range(heads):
        whole = attention(queries.narrow(2, h * part, part), keys.narrow(2, h * part, part), values, mask)
        answer = torch.cat([answer, whole.narrow(2, h * part, part)], dim=2)
    return answer

# %% wrong="block" really="the small number under the root is 1e-3 and not 1e-5"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    stream = stream + attend(F.layer_norm(stream, stream.shape[-1:], eps=1e-3))
    return stream + feed(F.layer_norm(stream, stream.shape[-1:], eps=1e-3))

# %% wrong="block" really="attend is called twice and feed never"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    stream = stream + attend(F.layer_norm(stream, stream.shape[-1:]))
    return stream + attend(F.layer_norm(stream, stream.shape[-1:]))

# %% wrong="block" really="feed gets the norm of what attend gave, without the stream"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    found = attend(F.layer_norm(stream, stream.shape[-1:]))
    return stream + found + feed(F.layer_norm(found, found.shape[-1:]))

# %% wrong="block" really="feed gets what attend gave to it directly: one inside the other, one addition"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    return stream + feed(attend(F.layer_norm(stream, stream.shape[-1:])))

# %% wrong="block" really="normalised over the batch, as batch norm does"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    def norm(x):
        return (x - x.mean(dim=0)) / (x.var(dim=0, correction=0) + 1e-5).sqrt()

    stream = stream + attend(norm(stream))
    return stream + feed(norm(stream))

# %% wrong="block" really="divided by the variance and not by its root"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    def norm(x):
        return (x - x.mean(dim=-1, keepdim=True)) / (x.var(dim=-1, keepdim=True, correction=0) + 1e-5)

    stream = stream + attend(norm(stream))
    return stream + feed(norm(stream))

# %% wrong="block" really="the norm is detached, so that no gradient goes through attend and feed"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    stream = stream + attend(F.layer_norm(stream.detach(), stream.detach().shape[-1:]))
    return stream + feed(F.layer_norm(stream.detach(), stream.detach().shape[-1:]))

# %% wrong="block" really="only the first place is carried: feed's norm is that of the mean over the places"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    stream = stream + attend(F.layer_norm(stream, stream.shape[-1:]))
    calm = F.layer_norm(stream, stream.shape[-1:])
    return stream + feed(calm.mean(dim=1, keepdim=True))

# %% wrong="pick" really="the dice from the other end: one less chance"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    if temperature == 0:
        return logits.argmax(dim=-1)

    reached = (logits / temperature).softmax(dim=-1).cumsum(dim=-1)
    return (reached <= 1 - chance[:, None]).sum(dim=-1).clamp(max=logits.shape[-1] - 1)

# %% wrong="pick" really="a column comes back and no row of numbers"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    if temperature == 0:
        return logits.argmax(dim=-1, keepdim=True)
    reached = (logits / temperature).softmax(dim=-1).cumsum(dim=-1)
    return (reached <= chance[:, None]).sum(dim=-1, keepdim=True)

# %% wrong="pick" really="at temperature 0 the largest of all rows together, one number"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    if temperature == 0:
        return logits.argmax()
    reached = (logits / temperature).softmax(dim=-1).cumsum(dim=-1)
    return (reached <= chance[:, None]).sum(dim=-1)

# %% wrong="pick" really="above temperature 1 it counts as 1"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    if temperature == 0:
        return logits.argmax(dim=-1)

    reached = (logits / min(temperature, 1.0)).softmax(dim=-1).cumsum(dim=-1)
    return (reached <= chance[:, None]).sum(dim=-1)

# %% wrong="pick" really="the dice stand along the columns: without [:, None] it stops, or compares the wrong ones"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    if temperature == 0:
        return logits.argmax(dim=-1)

    reached = (logits / temperature).softmax(dim=-1).cumsum(dim=-1)
    return (reached <= chance).sum(dim=-1)

# %% wrong="pick" really="no softmax: the logits themselves are added up"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    if temperature == 0:
        return logits.argmax(dim=-1)

    reached = (logits / temperature).cumsum(dim=-1)
    return (reached <= chance[:, None]).sum(dim=-1).clamp(max=logits.shape[-1] - 1)

# %% wrong="pick" really="for every temperature below 1 the likeliest is taken"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    if temperature < 1:
        return logits.argmax(dim=-1)
    reached = (logits / temperature).softmax(dim=-1).cumsum(dim=-1)
    return (reached <= chance[:, None]).sum(dim=-1)

# %% wrong="causal_mask" really="right for an even length only: an odd one loses its last diagonal place"
@exercise
def causal_mask(length: int) -> Tensor:
    mask = torch.ones(length, length, dtype=torch.bool).tril()
    if length % 2:
        mask[-1, -1] = False
    return mask

# %% wrong="causal_mask" really="a mask in uint8, which is not bool"
@exercise
def causal_mask(length: int) -> Tensor:
    return torch.ones(length, length).tril().to(torch.uint8)

# %% wrong="attention" really="the softmax runs over the queries, plainly, dim=-2"
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    scores = queries @ keys.transpose(-1, -2) / math.sqrt(queries.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    return scores.softmax(dim=-2) @ values

# %% wrong="block" really="only what feed is given is detached: its part of the gradient is lost"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    stream = stream + attend(F.layer_norm(stream, stream.shape[-1:]))
    return stream + feed(F.layer_norm(stream.detach(), stream.detach().shape[-1:]))

# %% wrong="block" really="attend and feed are called under no_grad: the gradient goes past both, and neither can learn"
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    with torch.no_grad():
        found = attend(F.layer_norm(stream, stream.shape[-1:]))
        middle = stream + found
        made = feed(F.layer_norm(middle, middle.shape[-1:]))
    return stream + found + made

# %% wrong="pick" really="one less than the symbols passed over, not kept above 0"
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    if temperature == 0:
        return logits.argmax(dim=-1)

    reached = (logits / temperature).softmax(dim=-1).cumsum(dim=-1)
    return (reached <= chance[:, None]).sum(dim=-1) - 1
