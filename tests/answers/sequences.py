"""Right and wrong answers to lesson 17 (One thing after another), as learners give them.
Each cell is an answer to one exercise; a wrong one is named by a part of what the checks must say about it.
Read first: solutions/17-sequences/sequences.py, for what is asked."""

# %% right="ngrams" style="a dictionary of counts"
@exercise
def ngrams(tokens, length, vocabulary, smoothing=1.0):
    from collections import Counter
    from itertools import product

    symbols = tokens.tolist()
    counts = Counter(tuple(symbols[i:i + length]) for i in range(len(symbols) - length + 1))
    table = torch.zeros((vocabulary,) * length)
    for run in product(range(vocabulary), repeat=length):
        table[run] = counts[run] + smoothing
    return table / table.sum(-1, keepdim=True)


# %% right="ngrams" style="one number a run, bincount"
@exercise
def ngrams(tokens, length, vocabulary, smoothing=1.0):
    n = len(tokens) - length + 1
    keys = torch.zeros(max(n, 0), dtype=torch.int64, device=tokens.device)
    for place in range(length):
        keys = keys * vocabulary + tokens[place:place + max(n, 0)]
    counts = torch.bincount(keys, minlength=vocabulary ** length).reshape((vocabulary,) * length)
    smooth = counts.double() + smoothing
    return smooth / smooth.sum(dim=-1, keepdim=True)


# %% right="ngrams" style="unfold and index_put"
@exercise
def ngrams(tokens, length, vocabulary, smoothing=1.0):
    table = torch.ones((vocabulary,) * length) * smoothing
    if len(tokens) >= length:
        runs = tokens.unfold(0, length, 1)
        table.index_put_(tuple(runs.T), torch.ones(len(runs)), accumulate=True)
    return torch.nn.functional.normalize(table, p=1, dim=-1)


# %% wrong="ngrams" named="nothing is smoothed"
@exercise
def ngrams(tokens, length, vocabulary, smoothing=1.0):
    table = torch.zeros((vocabulary,) * length)
    for i in range(len(tokens) - length + 1):
        table[tuple(tokens[i:i + length])] += 1
    return table / table.sum(-1, keepdim=True)


# %% wrong="ngrams" named="the sum of the whole table"
@exercise
def ngrams(tokens, length, vocabulary, smoothing=1.0):
    table = torch.full((vocabulary,) * length, smoothing)
    for i in range(len(tokens) - length + 1):
        table[tuple(tokens[i:i + length])] += 1
    return table / table.sum()


# %% wrong="ngrams" named="the last run is missing"
@exercise
def ngrams(tokens, length, vocabulary, smoothing=1.0):
    table = torch.full((vocabulary,) * length, smoothing)
    for i in range(len(tokens) - length):
        table[tuple(tokens[i:i + length])] += 1
    return table / table.sum(-1, keepdim=True)


# %% wrong="ngrams" named="these are counts"
@exercise
def ngrams(tokens, length, vocabulary, smoothing=1.0):
    table = torch.full((vocabulary,) * length, smoothing)
    for i in range(len(tokens) - length + 1):
        table[tuple(tokens[i:i + length])] += 1
    return table


# %% right="attention" style="einsum"
@exercise
def attention(queries, keys, values, mask=None):
    scores = torch.einsum("...nw,...mw->...nm", queries, keys) * keys.shape[-1] ** -0.5
    if mask is not None:
        scores = torch.where(mask, scores, float("-inf"))
    return torch.einsum("...nm,...md->...nd", torch.softmax(scores, -1), values)


# %% right="attention" style="exponentials by hand"
@exercise
def attention(queries, keys, values, mask=None):
    scores = (queries / math.sqrt(queries.shape[-1])) @ keys.mT
    if mask is not None:
        scores = scores.masked_fill(mask == False, -float("inf"))
    powers = (scores - scores.amax(dim=-1, keepdim=True)).exp()
    return powers @ values / powers.sum(dim=-1, keepdim=True)


# %% right="attention" style="a mask that is added"
@exercise
def attention(queries, keys, values, mask=None):
    n, m = queries.shape[-2], keys.shape[-2]
    hidden = torch.zeros(n, m, dtype=queries.dtype, device=queries.device)
    if mask is not None:
        hidden = hidden.masked_fill(mask.logical_not(), float("-inf"))
    return ((queries @ keys.transpose(-2, -1)) / keys.shape[-1] ** 0.5 + hidden).softmax(-1) @ values


# %% wrong="attention" named="not divided by the root of the width"
@exercise
def attention(queries, keys, values, mask=None):
    scores = queries @ keys.transpose(-1, -2)
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    return scores.softmax(-1) @ values


# %% wrong="attention" named="True is where a query may look"
@exercise
def attention(queries, keys, values, mask=None):
    scores = queries @ keys.transpose(-1, -2) / math.sqrt(keys.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(mask, -torch.inf)
    return scores.softmax(-1) @ values


# %% wrong="attention" named="the mask comes after the softmax"
@exercise
def attention(queries, keys, values, mask=None):
    weights = (queries @ keys.transpose(-1, -2) / math.sqrt(keys.shape[-1])).softmax(-1)
    if mask is not None:
        weights = weights * mask
    return weights @ values


# %% wrong="attention" named="along the queries"
@exercise
def attention(queries, keys, values, mask=None):
    scores = queries @ keys.transpose(-1, -2) / math.sqrt(keys.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    return scores.softmax(-2) @ values


# %% wrong="attention" named="the mask is not used"
@exercise
def attention(queries, keys, values, mask=None):
    return (queries @ keys.transpose(-1, -2) / math.sqrt(keys.shape[-1])).softmax(-1) @ values


# %% right="causal_mask" style="places compared"
@exercise
def causal_mask(length):
    places = torch.arange(length)
    return places[:, None] >= places


# %% right="causal_mask" style="two loops"
@exercise
def causal_mask(length):
    return torch.tensor([[j <= i for j in range(length)] for i in range(length)])


# %% right="causal_mask" style="what is above the diagonal, turned round"
@exercise
def causal_mask(length):
    return ~torch.triu(torch.ones(length, length), diagonal=1).bool()


# %% wrong="causal_mask" named="the diagonal is True"
@exercise
def causal_mask(length):
    return torch.ones(length, length).tril(-1).bool()


# %% wrong="causal_mask" named="the other way round"
@exercise
def causal_mask(length):
    return torch.ones(length, length).triu().bool()


# %% wrong="causal_mask" named="you marked what is hidden"
@exercise
def causal_mask(length):
    return torch.ones(length, length).triu(1).bool()


# %% wrong="causal_mask" named="float32"
@exercise
def causal_mask(length):
    return torch.tril(torch.ones(length, length))


# %% right="multi_head" style="a loop over the heads"
@exercise
def multi_head(queries, keys, values, heads, mask=None):
    parts = zip(queries.chunk(heads, dim=-1), keys.chunk(heads, dim=-1), values.chunk(heads, dim=-1))
    return torch.cat([attention(q, k, v, mask) for q, k, v in parts], dim=-1)


# %% right="multi_head" style="view and permute"
@exercise
def multi_head(queries, keys, values, heads, mask=None):
    b, n, w = queries.shape
    q, k, v = (t.contiguous().view(b, -1, heads, w // heads).permute(0, 2, 1, 3) for t in (queries, keys, values))
    return attention(q, k, v, mask).permute(0, 2, 1, 3).contiguous().view(b, n, w)


# %% right="multi_head" style="heads in the batch"
@exercise
def multi_head(queries, keys, values, heads, mask=None):
    b, n, w = queries.shape

    def fold(x):
        return x.reshape(b, x.shape[1], heads, w // heads).transpose(1, 2).reshape(b * heads, x.shape[1], w // heads)

    found = attention(fold(queries), fold(keys), fold(values), mask)
    return found.reshape(b, heads, n, w // heads).transpose(1, 2).reshape(b, n, w)


# %% wrong="multi_head" named="one head only"
@exercise
def multi_head(queries, keys, values, heads, mask=None):
    return attention(queries, keys, values, mask)


# %% wrong="multi_head" named="tears the places apart"
@exercise
def multi_head(queries, keys, values, heads, mask=None):
    b, n, w = queries.shape
    q, k, v = (t.reshape(b, heads, t.shape[1], w // heads) for t in (queries, keys, values))
    return attention(q, k, v, mask).transpose(1, 2).reshape(b, n, w)


# %% wrong="multi_head" named="not put back beside each other"
@exercise
def multi_head(queries, keys, values, heads, mask=None):
    b, n, w = queries.shape
    q, k, v = (t.reshape(b, t.shape[1], heads, w // heads).transpose(1, 2) for t in (queries, keys, values))
    return attention(q, k, v, mask).reshape(b, n, w)


# %% wrong="multi_head" named="the mask is not used"
@exercise
def multi_head(queries, keys, values, heads, mask=None):
    return torch.cat([attention(q, k, v) for q, k, v in zip(*(t.chunk(heads, -1) for t in (queries, keys, values)))], -1)


# %% right="block" style="the norm by hand"
@exercise
def block(stream, attend, feed):
    def norm(x):
        away = x - x.mean(-1, keepdim=True)
        return away / torch.sqrt(away.pow(2).mean(-1, keepdim=True) + 1e-5)

    middle = stream + attend(norm(stream))
    return middle + feed(norm(middle))


# %% right="block" style="torch's module"
@exercise
def block(stream, attend, feed):
    norm = nn.LayerNorm(stream.shape[-1], elementwise_affine=False)
    for step in (attend, feed):
        stream = step(norm(stream)) + stream
    return stream


# %% right="block" style="variance without correction"
@exercise
def block(stream, attend, feed):
    def calm(x):
        var, mean = torch.var_mean(x, dim=-1, correction=0, keepdim=True)
        return (x - mean) * torch.rsqrt(var + 1e-5)

    found = attend(calm(stream))
    stream = torch.add(stream, found)
    return torch.add(stream, feed(calm(stream)))


# %% wrong="block" named="what attention found replaces the stream"
@exercise
def block(stream, attend, feed):
    stream = attend(F.layer_norm(stream, stream.shape[-1:]))
    return stream + feed(F.layer_norm(stream, stream.shape[-1:]))


# %% wrong="block" named="nothing is normalised"
@exercise
def block(stream, attend, feed):
    stream = stream + attend(stream)
    return stream + feed(stream)


# %% wrong="block" named="you normalised after adding"
@exercise
def block(stream, attend, feed):
    stream = F.layer_norm(stream + attend(stream), stream.shape[-1:])
    return F.layer_norm(stream + feed(stream), stream.shape[-1:])


# %% wrong="block" named="n - 1"
@exercise
def block(stream, attend, feed):
    def norm(x):
        return (x - x.mean(-1, keepdim=True)) / torch.sqrt(x.var(-1, keepdim=True) + 1e-5)

    stream = stream + attend(norm(stream))
    return stream + feed(norm(stream))


# %% wrong="block" named="the stream as it came"
@exercise
def block(stream, attend, feed):
    norm = F.layer_norm(stream, stream.shape[-1:])
    return stream + attend(norm) + feed(norm)


# %% right="pick" style="searchsorted"
@exercise
def pick(logits, temperature, chance):
    if temperature == 0:
        return torch.argmax(logits, 1)
    sums = torch.softmax(logits / temperature, 1).cumsum(1)
    return torch.searchsorted(sums, chance[:, None], right=True)[:, 0].clamp(max=logits.shape[1] - 1)


# %% right="pick" style="the first that is above"
@exercise
def pick(logits, temperature, chance):
    if not temperature:
        return logits.max(dim=1).indices
    above = torch.softmax(logits / temperature, dim=1).cumsum(dim=1) > chance.unsqueeze(1)
    above[:, -1] = True
    return above.int().argmax(dim=1)


# %% right="pick" style="row by row"
@exercise
def pick(logits, temperature, chance):
    chosen = []
    for row, dice in zip(logits, chance):
        if temperature == 0:
            chosen.append(int(row.argmax()))
            continue
        total, symbol = 0.0, 0
        for symbol, p in enumerate((row.double() / temperature).softmax(0).tolist()):
            total += p
            if total > float(dice):
                break
        chosen.append(symbol)
    return torch.tensor(chosen)


# %% wrong="pick" named="the temperature is not looked at"
@exercise
def pick(logits, temperature, chance):
    return (logits.softmax(1).cumsum(1) <= chance[:, None]).sum(1)


# %% wrong="pick" named="a temperature of 0 gives 0/0"
@exercise
def pick(logits, temperature, chance):
    return ((logits / temperature).softmax(1).cumsum(1) <= chance[:, None]).sum(1).clamp(max=logits.shape[1] - 1)


# %% wrong="pick" named="the likeliest is taken each time"
@exercise
def pick(logits, temperature, chance):
    return logits.argmax(1)


# %% wrong="pick" named="multiplied by the temperature"
@exercise
def pick(logits, temperature, chance):
    if temperature == 0:
        return logits.argmax(1)
    return ((logits * temperature).softmax(1).cumsum(1) <= chance[:, None]).sum(1)
