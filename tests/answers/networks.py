"""Right and wrong answers to lesson 04 (A pile of very simple choices), as learners give them.
Each cell is an answer to one exercise; a wrong one is named by a part of what the checks must say about it.
Read first: solutions/04-networks/networks.py, for what is asked."""

# %% right="sigmoid" style="powers of e"
@exercise
def sigmoid(x):
    return 1 / (1 + 2.718281828459045 ** -x)


# %% right="sigmoid" style="by way of tanh"
@exercise
def sigmoid(x):
    return 0.5 * (1 + torch.tanh(x / 2))


# %% right="sigmoid" style="in three lines, with reciprocal"
@exercise
def sigmoid(x):
    power = (-x).exp()
    below = 1.0 + power
    return below.reciprocal()


# %% right="sigmoid" style="two formulas, one for each side"
@exercise
def sigmoid(x):
    small = torch.exp(-x.abs())
    return torch.where(x >= 0, 1 / (1 + small), small / (1 + small))


# %% wrong="sigmoid" named="the minus in the exponent is missing"
@exercise
def sigmoid(x):
    return 1 / (1 + torch.exp(x))


# %% wrong="sigmoid" named="brackets are missing"
@exercise
def sigmoid(x):
    return 1 / 1 + torch.exp(-x)


# %% wrong="sigmoid" named="what stands under the line only"
@exercise
def sigmoid(x):
    return torch.exp(-x)


# %% wrong="sigmoid" named="not 1 minus it"
@exercise
def sigmoid(x):
    return 1 / (1 - torch.exp(-x))


# %% wrong="sigmoid" named="the odds"
@exercise
def sigmoid(x):
    return torch.exp(x)


# %% wrong="sigmoid" named="that is tanh"
@exercise
def sigmoid(x):
    return torch.tanh(x)


# %% wrong="sigmoid" named="that S goes from -1 to 1"
@exercise
def sigmoid(x):
    return 2 / (1 + torch.exp(-x)) - 1


# %% wrong="sigmoid" named="the hard step"
@exercise
def sigmoid(x):
    return (x > 0).float()


# %% wrong="sigmoid" named="that is ReLU"
@exercise
def sigmoid(x):
    return torch.clamp(x, min=0)


# %% wrong="sigmoid" named="you shared 1 out"
@exercise
def sigmoid(x):
    return x.exp() / x.exp().sum()


# %% wrong="sigmoid" named="you summed over the tensor"
@exercise
def sigmoid(x):
    return 1 / (1 + torch.exp(-x).sum())


# %% wrong="sigmoid" named="powers of 2"
@exercise
def sigmoid(x):
    return 1 / (1 + 2 ** -x)


# %% wrong="sigmoid" named="powers of 10"
@exercise
def sigmoid(x):
    return 1 / (1 + 10 ** (-x))


# %% wrong="sigmoid" named="the steepness of the sigmoid"
@exercise
def sigmoid(x):
    s = 1 / (1 + torch.exp(-x))
    return s * (1 - s)


# %% wrong="sigmoid" named="want a single number"
@exercise
def sigmoid(x):
    import math
    return 1 / (1 + math.exp(-x))


# %% wrong="sigmoid" named="infinity divided by infinity"
@exercise
def sigmoid(x):
    return torch.exp(x) / (1 + torch.exp(x))


# %% wrong="sigmoid" named="torch has one"
@exercise
def sigmoid(x):
    return torch.sigmoid(x)


# %% right="relu" style="clamp"
@exercise
def relu(x):
    return x.clamp(min=0)


# %% right="relu" style="the largest of two tensors"
@exercise
def relu(x):
    return torch.maximum(x, torch.zeros_like(x))


# %% right="relu" style="times a mask"
@exercise
def relu(x):
    return x * (x > 0)


# %% right="relu" style="half of the sum with the absolute value"
@exercise
def relu(x):
    return (x + x.abs()) / 2


# %% right="relu" style="a copy, written into"
@exercise
def relu(x):
    y = x.clone()
    y[y < 0] = 0
    return y


# %% wrong="relu" named="that is the absolute value"
@exercise
def relu(x):
    return x.abs()


# %% wrong="relu" named="you kept the numbers below zero"
@exercise
def relu(x):
    return x.clamp(max=0)


# %% wrong="relu" named="you turned the sign round"
@exercise
def relu(x):
    return torch.clamp(-x, min=0)


# %% wrong="relu" named="that is the hard step"
@exercise
def relu(x):
    return (x > 0).float()


# %% wrong="relu" named="you cut off above as well"
@exercise
def relu(x):
    return x.clamp(0, 1)


# %% wrong="relu" named="nothing has changed"
@exercise
def relu(x):
    return x


# %% wrong="relu" named="you dropped the numbers"
@exercise
def relu(x):
    return x[x > 0]


# %% wrong="relu" named="largest number of the whole tensor"
@exercise
def relu(x):
    return x.max()


# %% wrong="relu" named="leaky"
@exercise
def relu(x):
    return torch.where(x > 0, x, 0.01 * x)


# %% wrong="relu" named="the hard step, a comparison"
@exercise
def relu(x):
    return x > 0


# %% wrong="relu" named="the hard step, a comparison"
@exercise
def relu(x):
    return (x > 0).int().long()


# %% wrong="relu" named="along axis 0"
@exercise
def relu(x):
    return torch.max(x, 0)


# %% wrong="relu" named="`if`, `max` and `min` of plain Python"
@exercise
def relu(x):
    return x if x > 0 else 0


# %% wrong="relu" named="`if`, `max` and `min` of plain Python"
@exercise
def relu(x):
    return max(x, torch.zeros(1))


# %% wrong="relu" really="torch.maximum wants two tensors, and every call stops"
@exercise
def relu(x):
    return torch.maximum(x, 0)


# %% wrong="relu" named="no gradient reaches `x`"
@exercise
def relu(x):
    import numpy
    return torch.tensor(numpy.maximum(x.detach().numpy(), 0))


# %% wrong="relu" named="the call wrote into its argument"
@exercise
def relu(x):
    return x.clamp_(min=0)


# %% wrong="relu" named="torch has one"
@exercise
def relu(x):
    return torch.relu(x)


# %% right="dense" style="einsum"
@exercise
def dense(inputs, weights, biases):
    return torch.einsum("ni,oi->no", inputs, weights) + biases


# %% right="dense" style="turned twice"
@exercise
def dense(inputs, weights, biases):
    return (weights @ inputs.T).T + biases


# %% right="dense" style="by broadcasting and a sum"
@exercise
def dense(inputs, weights, biases):
    return (inputs[:, None, :] * weights).sum(dim=2) + biases


# %% right="dense" style="addmm"
@exercise
def dense(inputs, weights, biases):
    return torch.addmm(biases, inputs, weights.t())


# %% wrong="dense" named="the weights are not turned: their rows"
@exercise
def dense(inputs, weights, biases):
    return inputs @ weights + biases


# %% wrong="dense" named="the biases are missing"
@exercise
def dense(inputs, weights, biases):
    return inputs @ weights.T


# %% wrong="dense" named="not turned and the biases are missing"
@exercise
def dense(inputs, weights, biases):
    return torch.matmul(inputs, weights)


# %% wrong="dense" named="the biases are added, not subtracted"
@exercise
def dense(inputs, weights, biases):
    return inputs @ weights.T - biases


# %% wrong="dense" named="`*` multiplies place by place"
@exercise
def dense(inputs, weights, biases):
    return inputs * weights + biases


# %% wrong="dense" named="each bias went to an example: it belongs"
@exercise
def dense(inputs, weights, biases):
    return inputs @ weights.T + biases[:, None]


# %% wrong="dense" named="rows and columns are exchanged: examples"
@exercise
def dense(inputs, weights, biases):
    return (inputs @ weights.T + biases).T


# %% wrong="dense" named="rows and columns are exchanged: examples"
@exercise
def dense(inputs, weights, biases):
    return weights @ inputs.T + biases.unsqueeze(1)


# %% wrong="dense" named="and so each bias went to an example"
@exercise
def dense(inputs, weights, biases):
    return weights @ inputs.T + biases


# %% wrong="dense" named="the product is the wrong way round"
@exercise
def dense(inputs, weights, biases):
    return weights @ inputs + biases


# %% wrong="dense" named="you turned the inputs as well"
@exercise
def dense(inputs, weights, biases):
    return inputs.T @ weights.T + biases


# %% wrong="dense" named="a choice came in, ReLU"
@exercise
def dense(inputs, weights, biases):
    return (inputs @ weights.T + biases).clamp(min=0)


# %% wrong="dense" named="a choice came in before"
@exercise
def dense(inputs, weights, biases):
    return (inputs @ weights.T).clamp(min=0) + biases


# %% wrong="dense" named="a choice came in, a sigmoid"
@exercise
def dense(inputs, weights, biases):
    return torch.sigmoid(inputs @ weights.T + biases)


# %% wrong="dense" named="every neuron got the first bias"
@exercise
def dense(inputs, weights, biases):
    return inputs @ weights.T + biases[0]


# %% wrong="dense" named="over everything"
@exercise
def dense(inputs, weights, biases):
    return (inputs @ weights.T + biases).sum()


# %% wrong="dense" named="you added the neurons up"
@exercise
def dense(inputs, weights, biases):
    return (inputs @ weights.T + biases).sum(dim=1)


# %% wrong="dense" named="a weighted sum is not divided"
@exercise
def dense(inputs, weights, biases):
    return inputs @ weights.T / inputs.shape[1] + biases


# %% wrong="dense" named="the biases are multiplied"
@exercise
def dense(inputs, weights, biases):
    return inputs @ weights.T * biases


# %% wrong="dense" named="the biases went into the inputs"
@exercise
def dense(inputs, weights, biases):
    return (inputs + biases) @ weights.T


# %% wrong="dense" named="where an axis has length 1 it is lost"
@exercise
def dense(inputs, weights, biases):
    return (inputs @ weights.T + biases).squeeze()


# %% wrong="dense" named="one matrix product"
@exercise
def dense(inputs, weights, biases):
    rows = []
    for row in inputs:
        rows.append((weights * row).sum(dim=1) + biases)
    return torch.stack(rows)


# %% wrong="dense" named="torch has a function for the whole"
@exercise
def dense(inputs, weights, biases):
    return nn.functional.linear(inputs, weights, biases)


# %% right="hinges" style="a loop over the dots"
@exercise
def hinges(knots, heights):
    weights, before = [], 0.0
    for i in range(len(knots) - 1):
        slope = (heights[i + 1] - heights[i]) / (knots[i + 1] - knots[i])
        weights.append(slope - before)
        before = slope
    return torch.stack(weights)


# %% right="hinges" style="a zero slope put in front"
@exercise
def hinges(knots, heights):
    slopes = (heights[1:] - heights[:-1]) / (knots[1:] - knots[:-1])
    return torch.diff(slopes, prepend=torch.zeros_like(slopes[:1]))


# %% right="hinges" style="subtract a shifted copy"
@exercise
def hinges(knots, heights):
    slopes = heights.diff() / knots.diff()
    weights = slopes.clone()
    weights[1:] -= slopes[:-1]
    return weights


# %% right="hinges" style="solve for the weights"
@exercise
def hinges(knots, heights):
    table = torch.relu(knots[1:, None] - knots[None, :-1])
    return torch.linalg.solve(table, heights[1:] - heights[0])


# %% wrong="hinges" named="those are the slopes"
@exercise
def hinges(knots, heights):
    return heights.diff() / knots.diff()


# %% wrong="hinges" named="those are the rises"
@exercise
def hinges(knots, heights):
    return heights.diff()


# %% wrong="hinges" named="you took the changes of the rises"
@exercise
def hinges(knots, heights):
    rises = heights.diff()
    return torch.cat([rises[:1], rises.diff()])


# %% wrong="hinges" named="the first hinge is missing"
@exercise
def hinges(knots, heights):
    return (heights.diff() / knots.diff()).diff()


# %% wrong="hinges" named="a hinge too many: nothing has to bend"
@exercise
def hinges(knots, heights):
    slopes = heights.diff() / knots.diff()
    zero = torch.zeros_like(slopes[:1])
    return torch.cat([zero, slopes, zero]).diff()


# %% wrong="hinges" named="too many, of weight 0"
@exercise
def hinges(knots, heights):
    slopes = heights.diff() / knots.diff()
    return torch.cat([slopes[:1], slopes.diff(), torch.zeros_like(slopes[:1])])


# %% wrong="hinges" named="the starting height is not a hinge"
@exercise
def hinges(knots, heights):
    slopes = heights.diff() / knots.diff()
    return torch.cat([heights[:1], slopes[:1], slopes.diff()])


# %% wrong="hinges" named="the changes are the wrong way round"
@exercise
def hinges(knots, heights):
    slopes = heights.diff() / knots.diff()
    return torch.cat([slopes[:1], slopes[:-1] - slopes[1:]])


# %% wrong="hinges" named="you added the slopes up"
@exercise
def hinges(knots, heights):
    return (heights.diff() / knots.diff()).cumsum(0)


# %% wrong="hinges" named="the mean distance"
@exercise
def hinges(knots, heights):
    rises = heights.diff() / knots.diff().mean()
    return torch.cat([rises[:1], rises.diff()])


# %% wrong="hinges" named="run over rise"
@exercise
def hinges(knots, heights):
    slopes = knots.diff() / heights.diff()
    return torch.cat([slopes[:1], slopes.diff()])


# %% wrong="hinges" named="you divided the changes of the rises by the runs"
@exercise
def hinges(knots, heights):
    rises = heights.diff()
    return torch.cat([rises[:1], rises.diff()]) / knots.diff()


# %% wrong="hinges" named="every slope is taken from the first dot"
@exercise
def hinges(knots, heights):
    slopes = (heights[1:] - heights[0]) / (knots[1:] - knots[0])
    return torch.cat([slopes[:1], slopes.diff()])


# %% wrong="hinges" named="your first slope is taken from zero height"
@exercise
def hinges(knots, heights):
    slopes = heights.diff() / knots.diff()
    slopes[0] = heights[1] / (knots[1] - knots[0])
    return torch.cat([slopes[:1], slopes.diff()])


# %% wrong="hinges" named="a step is left out"
@exercise
def hinges(knots, heights):
    slopes = heights.diff() / knots
    return torch.cat([slopes[:1], slopes.diff()])


# %% wrong="hinges" named="where an axis has length 1 it is lost"
@exercise
def hinges(knots, heights):
    slopes = heights.diff() / knots.diff()
    return torch.cat([slopes[:1], slopes.diff()]).squeeze()


# %% wrong="hinges" named="the call wrote into its argument"
@exercise
def hinges(knots, heights):
    heights[1:] -= heights[:-1].clone()
    slopes = heights[1:] / knots.diff()
    return torch.cat([slopes[:1], slopes.diff()])


# %% right="softmax" style="amax, and a division in place"
@exercise
def softmax(logits):
    powers = (logits - logits.amax(1, True)).exp()
    return powers / powers.sum(1, True)


# %% right="softmax" style="by way of the logarithm"
@exercise
def softmax(logits):
    return torch.exp(logits - logits.logsumexp(dim=1, keepdim=True))


# %% right="softmax" style="turned on its side"
@exercise
def softmax(logits):
    columns = logits.T
    powers = torch.exp(columns - columns.max(dim=0).values)
    return (powers / powers.sum(dim=0)).T


# %% right="softmax" style="row by row"
@exercise
def softmax(logits):
    rows = []
    for row in logits:
        powers = torch.exp(row - row.max())
        rows.append(powers / powers.sum())
    return torch.stack(rows)


# %% right="softmax" style="negative axes and unsqueeze"
@exercise
def softmax(logits):
    highest, _ = logits.max(-1)
    powers = (logits - highest.unsqueeze(-1)).exp()
    return powers / powers.sum(-1).unsqueeze(-1)


# %% wrong="softmax" named="you summed down the columns"
@exercise
def softmax(logits):
    powers = logits.exp()
    return powers / powers.sum(dim=0)


# %% wrong="softmax" named="you summed down the columns"
@exercise
def softmax(logits):
    powers = (logits - logits.max(dim=1, keepdim=True).values).exp()
    powers = logits.exp()
    return powers / powers.sum(0, keepdim=True)


# %% wrong="softmax" named="you summed over the whole batch"
@exercise
def softmax(logits):
    powers = logits.exp()
    return powers / powers.sum()


# %% wrong="softmax" named="you did not divide"
@exercise
def softmax(logits):
    return logits.exp()


# %% wrong="softmax" named="you did not divide"
@exercise
def softmax(logits):
    return (logits - logits.max(dim=1, keepdim=True).values).exp()


# %% wrong="softmax" named="you divided the scores themselves"
@exercise
def softmax(logits):
    return logits / logits.sum(dim=1, keepdim=True)


# %% wrong="softmax" named="the logarithms of the shares"
@exercise
def softmax(logits):
    return logits - logits.exp().sum(dim=1, keepdim=True).log()


# %% wrong="softmax" named="the sigmoid of each score"
@exercise
def softmax(logits):
    return 1 / (1 + torch.exp(-logits))


# %% wrong="softmax" named="powers of 2"
@exercise
def softmax(logits):
    powers = 2 ** logits
    return powers / powers.sum(1, True)


# %% wrong="softmax" named="the hard choice"
@exercise
def softmax(logits):
    return (logits == logits.max(dim=1, keepdim=True).values).float()


# %% wrong="softmax" named="the smallest score got the largest share"
@exercise
def softmax(logits):
    powers = (-logits).exp()
    return powers / powers.sum(1, True)


# %% wrong="softmax" named="you divided by the mean"
@exercise
def softmax(logits):
    powers = logits.exp()
    return powers / powers.mean(1, True)


# %% wrong="softmax" named="you divided the scores by the largest"
@exercise
def softmax(logits):
    powers = (logits / logits.amax(1, True)).exp()
    return powers / powers.sum(1, True)


# %% wrong="softmax" named="softmax twice"
@exercise
def softmax(logits):
    for _ in range(2):
        logits = logits.exp() / logits.exp().sum(1, True)
    return logits


# %% wrong="softmax" named="above the line, but not below"
@exercise
def softmax(logits):
    return (logits - logits.amax(1, True)).exp() / logits.exp().sum(1, True)


# %% wrong="softmax" named="below the line, but not above"
@exercise
def softmax(logits):
    return logits.exp() / (logits - logits.amax(1, True)).exp().sum(1, True)


# %% wrong="softmax" named="the sums lost their axis"
@exercise
def softmax(logits):
    powers = logits.exp()
    return powers / powers.sum(dim=1)


# %% wrong="softmax" really="max along an axis gives two things, and every call stops"
@exercise
def softmax(logits):
    powers = (logits - logits.max(dim=1, keepdim=True)).exp()
    return powers / powers.sum(1, True)


# %% wrong="softmax" named="infinity by infinity is no number"
@exercise
def softmax(logits):
    powers = torch.exp(logits)
    return powers / powers.sum(dim=1, keepdim=True)


# %% wrong="softmax" named="the largest of the whole batch"
@exercise
def softmax(logits):
    powers = torch.exp(logits - logits.max())
    return powers / powers.sum(dim=1, keepdim=True)


# %% wrong="softmax" named="you cut large scores off"
@exercise
def softmax(logits):
    powers = torch.exp(logits.clamp(-80, 80))
    return powers / powers.sum(dim=1, keepdim=True)


# %% wrong="softmax" named="you wrote zeros over"
@exercise
def softmax(logits):
    powers = torch.exp(logits)
    return (powers / powers.sum(dim=1, keepdim=True)).nan_to_num(0.0)


# %% wrong="softmax" named="torch has one"
@exercise
def softmax(logits):
    return nn.functional.softmax(logits, dim=1)


# %% wrong="softmax" named="the call wrote into its argument"
@exercise
def softmax(logits):
    logits -= logits.amax(1, True)
    logits.exp_()
    return logits / logits.sum(1, True)


# %% right="cross_entropy" style="gather"
@exercise
def cross_entropy(logits, targets):
    m = logits.amax(dim=1, keepdim=True)
    lse = m + (logits - m).exp().sum(dim=1, keepdim=True).log()
    return (lse - logits.gather(1, targets[:, None])).mean()


# %% right="cross_entropy" style="shift first, then all of it"
@exercise
def cross_entropy(logits, targets):
    shifted = logits - logits.max(dim=1, keepdim=True).values
    right = shifted[range(len(targets)), targets]
    return (shifted.exp().sum(dim=1).log() - right).mean()


# %% right="cross_entropy" style="row by row"
@exercise
def cross_entropy(logits, targets):
    losses = []
    for row, target in zip(logits, targets):
        m = row.max()
        losses.append(m + (row - m).exp().sum().log() - row[target])
    return torch.stack(losses).mean()


# %% right="cross_entropy" style="one-hot and a sum"
@exercise
def cross_entropy(logits, targets):
    m = logits.amax(1)
    lse = m + torch.log(torch.exp(logits - m[:, None]).sum(1))
    hot = torch.eye(logits.shape[1], dtype=logits.dtype)[targets]
    return (lse - (logits * hot).sum(1)).sum() / len(targets)


# %% wrong="cross_entropy" named="you summed over the rows"
@exercise
def cross_entropy(logits, targets):
    n = torch.arange(len(targets))
    m = logits.amax(1)
    return (m + (logits - m[:, None]).exp().sum(1).log() - logits[n, targets]).sum()


# %% wrong="cross_entropy" named="the minus is missing"
@exercise
def cross_entropy(logits, targets):
    n = torch.arange(len(targets))
    return (logits.softmax(1)[n, targets]).log().mean()


# %% wrong="cross_entropy" named="those are the surprises, one a row"
@exercise
def cross_entropy(logits, targets):
    n = torch.arange(len(targets))
    return -logits.softmax(1)[n, targets].log()


# %% wrong="cross_entropy" named="that is the mean share of the right classes"
@exercise
def cross_entropy(logits, targets):
    n = torch.arange(len(targets))
    return logits.softmax(1)[n, targets].mean()


# %% wrong="cross_entropy" named="that is minus the mean share"
@exercise
def cross_entropy(logits, targets):
    n = torch.arange(len(targets))
    return -logits.softmax(1)[n, targets].mean()


# %% wrong="cross_entropy" named="the mean of the shares and then the logarithm"
@exercise
def cross_entropy(logits, targets):
    n = torch.arange(len(targets))
    return -logits.softmax(1)[n, targets].mean().log()


# %% wrong="cross_entropy" named="what the network believes most"
@exercise
def cross_entropy(logits, targets):
    n = torch.arange(len(targets))
    return -logits.softmax(1).max(dim=1).values.log().mean()


# %% wrong="cross_entropy" named="over all classes as well"
@exercise
def cross_entropy(logits, targets):
    hot = torch.eye(logits.shape[1])[targets]
    return -(hot * logits.softmax(1).log()).mean()


# %% wrong="cross_entropy" named="you added up the surprise at every class"
@exercise
def cross_entropy(logits, targets):
    return -logits.softmax(1).log().sum(dim=1).mean()


# %% wrong="cross_entropy" named="the mean surprise at every class"
@exercise
def cross_entropy(logits, targets):
    return -logits.softmax(1).log().mean()


# %% wrong="cross_entropy" named="picks every target from every row"
@exercise
def cross_entropy(logits, targets):
    m = logits.amax(dim=1, keepdim=True)
    lse = m + (logits - m).exp().sum(dim=1, keepdim=True).log()
    return (lse - logits[:, targets]).mean()


# %% wrong="cross_entropy" named="to base 2"
@exercise
def cross_entropy(logits, targets):
    n = torch.arange(len(targets))
    return -logits.softmax(1)[n, targets].log2().mean()


# %% wrong="cross_entropy" named="to base 10"
@exercise
def cross_entropy(logits, targets):
    n = torch.arange(len(targets))
    return -logits.softmax(1)[n, targets].log10().mean()


# %% wrong="cross_entropy" named="softmax was taken twice"
@exercise
def cross_entropy(logits, targets):
    n = torch.arange(len(targets))
    return -logits.softmax(1).softmax(1)[n, targets].log().mean()


# %% wrong="cross_entropy" named="the log-sum-exp is missing"
@exercise
def cross_entropy(logits, targets):
    n = torch.arange(len(targets))
    return -logits[n, targets].mean()


# %% wrong="cross_entropy" named="the log-sum-exp only"
@exercise
def cross_entropy(logits, targets):
    m = logits.amax(1)
    return (m + (logits - m[:, None]).exp().sum(1).log()).mean()


# %% wrong="cross_entropy" named="you added the score of the right class"
@exercise
def cross_entropy(logits, targets):
    n = torch.arange(len(targets))
    m = logits.amax(1)
    return (m + (logits - m[:, None]).exp().sum(1).log() + logits[n, targets]).mean()


# %% wrong="cross_entropy" named="did not put it back"
@exercise
def cross_entropy(logits, targets):
    n = torch.arange(len(targets))
    m = logits.amax(1)
    return ((logits - m[:, None]).exp().sum(1).log() - logits[n, targets]).mean()


# %% wrong="cross_entropy" named="you summed the powers down the columns"
@exercise
def cross_entropy(logits, targets):
    n = torch.arange(len(targets))
    return -logits.softmax(0)[n, targets].log().mean()


# %% wrong="cross_entropy" named="the powers of the whole batch"
@exercise
def cross_entropy(logits, targets):
    n = torch.arange(len(targets))
    return (logits.exp().sum().log() - logits[n, targets]).mean()


# %% wrong="cross_entropy" named="that is one minus the share"
@exercise
def cross_entropy(logits, targets):
    n = torch.arange(len(targets))
    return (1 - logits.softmax(1)[n, targets]).mean()


# %% wrong="cross_entropy" named="mean squared error"
@exercise
def cross_entropy(logits, targets):
    return ((logits.softmax(1) - torch.eye(logits.shape[1])[targets]) ** 2).mean()


# %% wrong="cross_entropy" named="the entropy of the shares"
@exercise
def cross_entropy(logits, targets):
    p = logits.softmax(1)
    return -(p * p.log()).sum(1).mean()


# %% wrong="cross_entropy" named="only the first row was counted"
@exercise
def cross_entropy(logits, targets):
    for row, target in zip(logits, targets):
        return -row.softmax(0)[target].log()


# %% wrong="cross_entropy" named="infinity came"
@exercise
def cross_entropy(logits, targets):
    n = torch.arange(len(targets))
    return -logits.softmax(1)[n, targets].log().mean()


# %% wrong="cross_entropy" really="infinity came"
@exercise
def cross_entropy(logits, targets):
    n = torch.arange(len(targets))
    return (logits.exp().sum(1).log() - logits[n, targets]).mean() + 0 * logits.exp().sum() / logits.exp().sum()


# %% wrong="cross_entropy" named="a little something to the share"
@exercise
def cross_entropy(logits, targets):
    n = torch.arange(len(targets))
    return -(logits.softmax(1)[n, targets] + 1e-9).log().mean()


# %% wrong="cross_entropy" named="a little something to the share"
@exercise
def cross_entropy(logits, targets):
    n = torch.arange(len(targets))
    return -logits.softmax(1)[n, targets].clamp(min=1e-7).log().mean()


# %% wrong="cross_entropy" named="torch has it"
@exercise
def cross_entropy(logits, targets):
    return nn.functional.cross_entropy(logits, targets)


# %% right="accuracy" style="counted and divided"
@exercise
def accuracy(logits, targets):
    right = (logits.argmax(dim=1) == targets).sum()
    return right / len(targets)


# %% right="accuracy" style="a loop and a plain number"
@exercise
def accuracy(logits, targets):
    right = 0
    for row, target in zip(logits.tolist(), targets.tolist()):
        right += row.index(max(row)) == target
    return right / len(targets)


# %% right="accuracy" style="max and its places"
@exercise
def accuracy(logits, targets):
    values, places = logits.max(1)
    return torch.eq(places, targets).to(torch.float32).mean()


# %% right="accuracy" style="through softmax"
@exercise
def accuracy(logits, targets):
    return torch.where(logits.softmax(1).argmax(1) == targets, 1.0, 0.0).mean()


# %% wrong="accuracy" named="you counted: divide by the number of rows"
@exercise
def accuracy(logits, targets):
    return (logits.argmax(1) == targets).sum().item()


# %% wrong="accuracy" named="you counted: divide by the number of rows, or take the mean"
@exercise
def accuracy(logits, targets):
    return (logits.argmax(1) == targets).float().sum()


# %% wrong="accuracy" named="share of wrong answers"
@exercise
def accuracy(logits, targets):
    return (logits.argmax(1) != targets).float().mean()


# %% wrong="accuracy" named="in per cent"
@exercise
def accuracy(logits, targets):
    return 100 * (logits.argmax(1) == targets).float().mean()


# %% wrong="accuracy" named="the highest score of each column"
@exercise
def accuracy(logits, targets):
    return (logits.argmax(0) == targets).float().mean()


# %% wrong="accuracy" named="the lowest score"
@exercise
def accuracy(logits, targets):
    return (logits.argmin(1) == targets).float().mean()


# %% wrong="accuracy" named="the highest scores themselves"
@exercise
def accuracy(logits, targets):
    return (logits.max(dim=1).values == targets).float().mean()


# %% wrong="accuracy" named="the highest score of the whole batch"
@exercise
def accuracy(logits, targets):
    return (logits.argmax() == targets).float().mean()


# %% wrong="accuracy" named="whether all rows are right"
@exercise
def accuracy(logits, targets):
    return (logits.argmax(1) == targets).all()


# %% wrong="accuracy" named="whether all rows are right"
@exercise
def accuracy(logits, targets):
    return torch.equal(logits.argmax(1), targets)


# %% wrong="accuracy" named="those are the single verdicts: their"
@exercise
def accuracy(logits, targets):
    return logits.argmax(1) == targets


# %% wrong="accuracy" named="those are the single verdicts"
@exercise
def accuracy(logits, targets):
    return (logits.argmax(1) == targets).float()


# %% wrong="accuracy" named="those are the classes"
@exercise
def accuracy(logits, targets):
    return logits.argmax(1)


# %% wrong="accuracy" named="`//` threw the fraction away"
@exercise
def accuracy(logits, targets):
    return (logits.argmax(1) == targets).sum().item() // len(targets)


# %% wrong="accuracy" really="True and False have no mean, and every call stops"
@exercise
def accuracy(logits, targets):
    return (logits.argmax(1) == targets).mean()


# %% right="fit" style="gradients asked for, not stored"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model = make_model()
    parameters = list(model.parameters())
    losses = []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y)
        gradients = torch.autograd.grad(loss, parameters)
        for parameter, gradient in zip(parameters, gradients):
            parameter.data -= learning_rate * gradient
        losses.append(float(loss))
    return model, losses


# %% right="fit" style="an optimiser of torch"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model = make_model()
    optimiser = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        optimiser.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return model, losses


# %% right="fit" style="clears each gradient after the step"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model(), []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y)
        losses.append(loss.item())
        loss.backward()
        for parameter in model.parameters():
            with torch.no_grad():
                parameter.sub_(learning_rate * parameter.grad)
                parameter.grad = None
    return model, losses


# %% wrong="fit" named="the gradients pile up"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model(), []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y)
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return model, losses


# %% wrong="fit" named="you walked uphill"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model(), []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter += learning_rate * parameter.grad
        losses.append(loss.item())
    return model, losses


# %% wrong="fit" named="nothing is learned"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model(), []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter = parameter - learning_rate * parameter.grad
        losses.append(loss.item())
    return model, losses


# %% wrong="fit" named="forgot the learning rate"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model(), []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= parameter.grad
        losses.append(loss.item())
    return model, losses


# %% wrong="fit" named="a learning rate of your own"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model(), []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= 0.1 * parameter.grad
        losses.append(loss.item())
    return model, losses


# %% wrong="fit" named="you measured the loss after the step"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model(), []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
        losses.append(cross_entropy(model(x), y).item())
    return model, losses


# %% wrong="fit" named="softmax was taken before"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model(), []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(torch.softmax(model(x), dim=1), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return model, losses


# %% wrong="fit" named="the sum over the batch"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model(), []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y) * len(y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return model, losses


# %% wrong="fit" named="the losses pile up"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model(), []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item() + (losses[-1] if losses else 0))
    return model, losses


# %% wrong="fit" really="put it under `with torch.no_grad():`"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model(), []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y)
        model.zero_grad()
        loss.backward()
        for parameter in model.parameters():
            parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return model, losses


# %% wrong="fit" really="there is no gradient to step by"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model(), []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y)
        model.zero_grad()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return model, losses


# %% wrong="fit" really="there is no gradient to step by"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model(), []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y)
        loss.backward()
        model.zero_grad()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return model, losses


# %% wrong="fit" named="the two have changed places"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model(), []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return losses, model


# %% wrong="fit" named="you gave back the losses only"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model(), []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return losses


# %% wrong="fit" named="you gave back the network only"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model(), []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return model


# %% wrong="fit" named="you gave back a single loss"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model(), []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return model, loss.item()


# %% wrong="fit" named="your list is too short"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model(), []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
        return model, [loss.item()]
    return model, losses


# %% wrong="fit" really="a fresh network is made for every batch"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    losses = []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy((model := make_model())(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return model, losses


# %% wrong="fit" named="in the order of the file"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model(), []
    for x, y in [(x, y) for _ in range(epochs) for x, y in zip(inputs.split(batch_size), targets.split(batch_size))]:
        loss = cross_entropy(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return model, losses


# %% wrong="fit" named="each step saw all rows"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model(), []
    for x, y in mini_batches(inputs, targets, len(inputs), epochs):
        loss = cross_entropy(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return model, losses


# %% wrong="fit" named="you went through the rows once"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model(), []
    for x, y in mini_batches(inputs, targets, batch_size):
        loss = cross_entropy(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return model, losses


# %% wrong="fit" named="every epoch dealt the same order"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model(), []
    for x, y in [batch for _ in range(epochs) for batch in mini_batches(inputs, targets, batch_size)]:
        loss = cross_entropy(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return model, losses


# %% wrong="fit" named="only the weights learn"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model(), []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                if parameter.ndim > 1:
                    parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return model, losses


# %% wrong="fit" named="the network that you give back has learned nothing"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model(), []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return make_model(), losses


# %% wrong="sigmoid" named="twice as steep"
@exercise
def sigmoid(x):
    return (torch.tanh(x) + 1) / 2


# %% wrong="sigmoid" named="`exp(x) / 1 + exp(x)`"
@exercise
def sigmoid(x):
    return torch.exp(x) / 1 + torch.exp(x)


# %% wrong="sigmoid" named="absolute value"
@exercise
def sigmoid(x):
    return 1 / (1 + torch.exp(-x.abs()))


# %% wrong="dense" named="only one of the neurons"
@exercise
def dense(inputs, weights, biases):
    return (inputs * weights).sum(dim=1) + biases


# %% wrong="dense" really="a function for other shapes"
@exercise
def dense(inputs, weights, biases):
    return torch.dot(inputs, weights.T) + biases


# %% wrong="hinges" named="the weight before"
@exercise
def hinges(knots, heights):
    weights = []
    for i in range(len(knots) - 1):
        weights.append((heights[i + 1] - heights[i]) / (knots[i + 1] - knots[i]))
        if i > 0:
            weights[i] = weights[i] - weights[i - 1]
    return torch.stack(weights)


# %% wrong="hinges" named="compared with the first one"
@exercise
def hinges(knots, heights):
    slopes = heights.diff() / knots.diff()
    return torch.cat([slopes[:1], slopes[1:] - slopes[0]])


# %% wrong="hinges" named="a height over a place"
@exercise
def hinges(knots, heights):
    slopes = heights[1:] / knots[1:]
    return torch.cat([slopes[:1], slopes.diff()])


# %% wrong="softmax" named="the largest of each column"
@exercise
def softmax(logits):
    powers = (logits - logits.max(dim=0).values).exp()
    return powers / powers.sum(1, True)


# %% wrong="softmax" named="the lowered scores"
@exercise
def softmax(logits):
    lowered = logits - logits.max(dim=1, keepdim=True).values
    return lowered / lowered.sum(1, True)


# %% wrong="softmax" named="its smallest score"
@exercise
def softmax(logits):
    powers = (logits - logits.min(dim=1, keepdim=True).values).exp()
    return powers / powers.sum(1, True)


# %% wrong="softmax" named="mean, or its smallest"
@exercise
def softmax(logits):
    powers = (logits - logits.mean(dim=1, keepdim=True)).exp()
    return powers / powers.sum(1, True)


# %% wrong="cross_entropy" really="the wrong way round: rows first"
@exercise
def cross_entropy(logits, targets):
    n = torch.arange(len(targets))
    m = logits.amax(1)
    return (m + (logits - m[:, None]).exp().sum(1).log() - logits[targets, n]).mean()


# %% wrong="cross_entropy" named="the largest of the whole batch"
@exercise
def cross_entropy(logits, targets):
    n = torch.arange(len(targets))
    m = logits.max()
    return (m + (logits - m).exp().sum(1).log() - logits[n, targets]).mean()


# %% wrong="cross_entropy" named="how the wrong classes did"
@exercise
def cross_entropy(logits, targets):
    h = torch.eye(logits.shape[1])[targets]
    p = logits.softmax(1)
    return -(h * p.log() + (1 - h) * (1 - p).log()).sum(1).mean()


# %% wrong="accuracy" named="a column against a row"
@exercise
def accuracy(logits, targets):
    return (logits.argmax(1, keepdim=True) == targets).float().mean()


# %% wrong="accuracy" really="gives two things"
@exercise
def accuracy(logits, targets):
    return (logits.max(1) == targets).float().mean()


# %% wrong="fit" named="divided the step by the batch size"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model(), []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad / batch_size
        losses.append(loss.item())
    return model, losses


# %% wrong="fit" named="dealt in another order"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model(), []
    for epoch in range(epochs):
        for x, y in mini_batches(inputs, targets, batch_size, 1, seed=epoch):
            loss = cross_entropy(model(x), y)
            model.zero_grad()
            loss.backward()
            with torch.no_grad():
                for p in model.parameters():
                    p -= learning_rate * p.grad
            losses.append(loss.item())
    return model, losses


# %% wrong="fit" named="as a tensor"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model(), []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return model, tensor(losses)


# %% wrong="fit" named="the weights, `state_dict()`"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model(), []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return model.state_dict(), losses


# %% wrong="fit" really="brackets are missing: `make_model()`"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model, []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return model, losses


# %% wrong="fit" really="the scores first"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model, losses = make_model(), []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(y, model(x))
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return model, losses

# %% wrong="sigmoid" named="`//` throws the fraction away"
@exercise
def sigmoid(x):
    return 1 // (1 + torch.exp(-x))

# %% wrong="sigmoid" named="2.718 is e to three places"
@exercise
def sigmoid(x):
    return 1 / (1 + 2.718 ** (-x))

# %% wrong="sigmoid" named="you wrote zeros over what overflowed, and far to the right"
@exercise
def sigmoid(x):
    return torch.nan_to_num(torch.exp(x) / (1 + torch.exp(x)))

# %% wrong="relu" named="its items are lists"
@exercise
def relu(x):
    return torch.tensor([max(0., v) for v in x.tolist()])

# %% wrong="dense" named="only the first example came back"
@exercise
def dense(inputs, weights, biases):
    return inputs[0] @ weights.T + biases

# %% wrong="hinges" named="index -1 is the last one"
@exercise
def hinges(knots, heights):
    s = heights.diff() / knots.diff()
    w = s.clone()
    for i in range(len(s)):
        w[i] = s[i] - s[i - 1]
    return w

# %% wrong="hinges" named="divided the changes of slope once more"
@exercise
def hinges(knots, heights):
    s = heights.diff() / knots.diff()
    return torch.cat([s[:1], s.diff() / knots.diff()[1:]])

# %% wrong="hinges" named="not the first height"
@exercise
def hinges(knots, heights):
    s = heights.diff() / knots.diff()
    return torch.cat([heights[:1], s.diff()])

# %% wrong="hinges" named="you took the absolute value"
@exercise
def hinges(knots, heights):
    s = heights.diff() / knots.diff()
    return torch.cat([s[:1], s.diff()]).abs()

# %% wrong="hinges" really="your loop runs past the end"
@exercise
def hinges(knots, heights):
    w = []
    for i in range(len(knots)):
        w.append((heights[i + 1] - heights[i]) / (knots[i + 1] - knots[i]))
    return torch.stack(w)

# %% wrong="hinges" named="the values are right"
@exercise
def hinges(knots, heights):
    w = torch.zeros(len(knots) - 1)
    before = 0
    for i in range(len(w)):
        s = (heights[i + 1] - heights[i]) / (knots[i + 1] - knots[i])
        w[i] = s - before
        before = s
    return w

# %% wrong="softmax" named="you summed over the whole batch"
@exercise
def softmax(logits):
    e = (logits - logits.amax(dim=1, keepdim=True)).exp()
    return e / e.sum()

# %% wrong="softmax" named="your `return` stands inside a loop"
@exercise
def softmax(logits):
    for row in logits:
        e = (row - row.max()).exp()
        return e / e.sum()

# %% wrong="cross_entropy" named="you divided by the number of classes"
@exercise
def cross_entropy(logits, targets):
    m = logits.amax(dim=1)
    return (m + (logits - m[:, None]).exp().sum(1).log() - logits[torch.arange(len(logits)), targets]).sum() / logits.shape[1]

# %% wrong="cross_entropy" named="only the last row was counted"
@exercise
def cross_entropy(logits, targets):
    for row, t in zip(logits, targets):
        m = row.max()
        total = m + (row - m).exp().sum().log() - row[t]
    return total / len(logits)

# %% wrong="cross_entropy" named="the values are right"
import math

@exercise
def cross_entropy(logits, targets):
    total = 0.0
    for row, t in zip(logits.tolist(), targets.tolist()):
        m = max(row)
        total += m + math.log(sum(math.exp(v - m) for v in row)) - row[t]
    return tensor(total / len(logits))

# %% wrong="cross_entropy" named="you wrote something over the infinity"
@exercise
def cross_entropy(logits, targets):
    p = softmax(logits)
    return torch.nan_to_num(-p[torch.arange(len(logits)), targets].log()).mean()

# %% wrong="accuracy" named="so only the first row was counted"
@exercise
def accuracy(logits, targets):
    for row, t in zip(logits, targets):
        return (row.argmax() == t).float()

# %% wrong="accuracy" named="only the last row was counted"
@exercise
def accuracy(logits, targets):
    for row, t in zip(logits, targets):
        right = 0
        if row.argmax() == t:
            right += 1
    return tensor(right / len(targets))

# %% wrong="accuracy" named="by the number of all scores"
@exercise
def accuracy(logits, targets):
    return (logits.argmax(1) == targets).sum() / logits.numel()

# %% wrong="accuracy" named="though less than half of the shares"
@exercise
def accuracy(logits, targets):
    return (softmax(logits)[torch.arange(len(targets)), targets] > 0.5).float().mean()

# %% wrong="accuracy" named="a score need not be above zero"
@exercise
def accuracy(logits, targets):
    return ((logits > 0) & (logits == logits.amax(1, keepdim=True)))[torch.arange(len(targets)), targets].float().mean()

# %% wrong="accuracy" named="classes count from 0"
@exercise
def accuracy(logits, targets):
    return (logits.argmax(1) + 1 == targets).float().mean()

# %% wrong="accuracy" named="you divided by the number of classes"
@exercise
def accuracy(logits, targets):
    return (logits.argmax(1) == targets).sum() / logits.shape[1]

# %% wrong="fit" named="your losses are tensors"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model = make_model()
    losses = []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= learning_rate * p.grad
        losses.append(loss)
    return model, losses

# %% wrong="fit" named="your list is too long"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model = make_model()
    losses = []
    for epoch in range(epochs):
        for x, y in mini_batches(inputs, targets, batch_size, epochs):
            loss = cross_entropy(model(x), y)
            model.zero_grad()
            loss.backward()
            with torch.no_grad():
                for p in model.parameters():
                    p -= learning_rate * p.grad
            losses.append(loss.item())
    return model, losses

# %% wrong="fit" named="the network answered for all rows each time"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model = make_model()
    losses = []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(inputs), targets)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= learning_rate * p.grad
        losses.append(loss.item())
    return model, losses

# %% wrong="fit" named="that is Adam"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model = make_model()
    losses = []
    opt = torch.optim.Adam(model.parameters(), lr=learning_rate)
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return model, losses

# %% wrong="fit" named="descent with momentum"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model = make_model()
    opt = torch.optim.SGD(model.parameters(), lr=learning_rate, momentum=0.9)
    losses = []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return model, losses

# %% wrong="fit" really="brackets are missing: `make_model()`"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model = make_model()
    losses = []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters:
                p -= learning_rate * p.grad
        losses.append(loss.item())
    return model, losses

# %% wrong="fit" really="`.item()` only when you write the loss down"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model = make_model()
    losses = []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y).item()
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= learning_rate * p.grad
        losses.append(loss)
    return model, losses

# %% wrong="fit" really="(n, classes) as the network gives them"
@exercise
def fit(make_model, inputs, targets, epochs, batch_size, learning_rate):
    model = make_model()
    losses = []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x).argmax(1), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= learning_rate * p.grad
        losses.append(loss.item())
    return model, losses
