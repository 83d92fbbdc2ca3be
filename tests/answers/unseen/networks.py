# Answers of imagined learners for lesson 04-networks, thought up blind.

# %% wrong="sigmoid" really="e to the power of x over itself plus one: infinity over infinity is nan for large x"
@exercise
def sigmoid(x: Tensor) -> Tensor:
    power = torch.exp(x)
    return power / (power + 1)

# %% wrong="sigmoid" really="missing brackets: 1/1 plus the power, it is not a quotient"
@exercise
def sigmoid(x: Tensor) -> Tensor:
    return 1 / 1 + torch.exp(-x)

# %% wrong="sigmoid" really="half the argument was forgotten in the tanh formula, so the step is twice as steep"
@exercise
def sigmoid(x: Tensor) -> Tensor:
    return (1 + torch.tanh(x)) / 2

# %% wrong="sigmoid" really="x is cut off at -10 and 10, so it is wrong beyond and the gradient is zero there"
@exercise
def sigmoid(x: Tensor) -> Tensor:
    x = torch.clamp(x, -10, 10)
    return 1 / (1 + (-x).exp())

# %% wrong="sigmoid" really="the way through numpy cuts the gradient"
import numpy as np

@exercise
def sigmoid(x: Tensor) -> Tensor:
    values = x.detach().cpu().numpy()
    with np.errstate(over="ignore"):
        return torch.as_tensor(1 / (1 + np.exp(-values)))

# %% wrong="sigmoid" really="goes through the numbers of a rank 1 tensor only, and math.exp overflows far below zero"
import math

@exercise
def sigmoid(x: Tensor) -> Tensor:
    return tensor([1 / (1 + math.exp(-value)) for value in x], dtype=x.dtype)

# %% right="sigmoid" style="softmax of the score and of zero"
@exercise
def sigmoid(x: Tensor) -> Tensor:
    return torch.softmax(torch.stack([x, torch.zeros_like(x)]), dim=0)[0]

# %% right="sigmoid" style="two branches, each with the power that cannot overflow"
@exercise
def sigmoid(x: Tensor) -> Tensor:
    small = torch.exp(-x.abs())
    return torch.where(x >= 0, 1 / (1 + small), small / (1 + small))

# %% right="sigmoid" style="by the logarithm: logaddexp and exp"
@exercise
def sigmoid(x: Tensor) -> Tensor:
    return torch.exp(-torch.logaddexp(torch.zeros_like(x), -x))

# %% wrong="relu" really="zeros are written into the tensor that came in"
@exercise
def relu(x: Tensor) -> Tensor:
    x[x < 0] = 0
    return x

# %% wrong="relu" really="the numbers below zero are dropped, so the shape is lost"
@exercise
def relu(x: Tensor) -> Tensor:
    return x[x > 0]

# %% wrong="relu" really="detach cuts the gradient"
@exercise
def relu(x: Tensor) -> Tensor:
    result = x.detach().clone()
    result[result < 0] = 0
    return result

# %% wrong="relu" really="cut off at 6 as well, which nobody asked for"
@exercise
def relu(x: Tensor) -> Tensor:
    return torch.clamp(x, min=0, max=6)

# %% wrong="relu" really="the half was forgotten: positive numbers come out twice as large"
@exercise
def relu(x: Tensor) -> Tensor:
    return x + x.abs()

# %% wrong="relu" really="Python's max asks a whole tensor whether it is larger and stops with an error unless there is one number"
@exercise
def relu(x: Tensor) -> Tensor:
    return max(torch.tensor(0.0), x)

# %% right="relu" style="half of the sum with the absolute value"
@exercise
def relu(x: Tensor) -> Tensor:
    return (x + x.abs()) * 0.5

# %% right="relu" style="torch.where with zeros like x"
@exercise
def relu(x: Tensor) -> Tensor:
    return torch.where(x > 0, x, torch.zeros_like(x))

# %% right="relu" style="a masked fill, not in place"
@exercise
def relu(x: Tensor) -> Tensor:
    asleep = ~(x > 0)
    return x.masked_fill(asleep, 0)

# %% wrong="dense" really="the weights are reshaped and not transposed, so each neuron gets other neurons' weights"
@exercise
def dense(inputs: Tensor, weights: Tensor, biases: Tensor) -> Tensor:
    return inputs @ weights.reshape(weights.shape[1], weights.shape[0]) + biases

# %% wrong="dense" really="an activation is applied, the sums below zero are lost"
@exercise
def dense(inputs: Tensor, weights: Tensor, biases: Tensor) -> Tensor:
    return (inputs @ weights.T + biases).clamp(min=0)

# %% wrong="dense" really="the result is collected in float32 zeros, so float64 is lost"
@exercise
def dense(inputs: Tensor, weights: Tensor, biases: Tensor) -> Tensor:
    sums = torch.zeros(inputs.shape[0], weights.shape[0])
    for neuron in range(weights.shape[0]):
        sums[:, neuron] = (inputs * weights[neuron]).sum(dim=1) + biases[neuron]
    return sums

# %% wrong="dense" really="the biases stand in a column and meet the examples: an error, or wrong where there are as many examples as neurons"
@exercise
def dense(inputs: Tensor, weights: Tensor, biases: Tensor) -> Tensor:
    return torch.matmul(inputs, weights.T) + biases[:, None]

# %% wrong="dense" really="squeeze takes an axis away where there is one example or one neuron"
@exercise
def dense(inputs: Tensor, weights: Tensor, biases: Tensor) -> Tensor:
    products = weights @ inputs[:, :, None]
    return products.squeeze() + biases

# %% wrong="dense" really="the result is (neurons, n), it was not turned back"
@exercise
def dense(inputs: Tensor, weights: Tensor, biases: Tensor) -> Tensor:
    return weights @ inputs.T + biases.unsqueeze(1)

# %% right="dense" style="einsum"
@exercise
def dense(inputs: Tensor, weights: Tensor, biases: Tensor) -> Tensor:
    return torch.einsum("ni,ki->nk", inputs, weights) + biases

# %% right="dense" style="a one in every row and the bias as one more weight"
@exercise
def dense(inputs: Tensor, weights: Tensor, biases: Tensor) -> Tensor:
    with_one = torch.cat([inputs, inputs.new_ones(len(inputs), 1)], dim=1)
    return with_one @ torch.cat([weights, biases[:, None]], dim=1).mT

# %% right="dense" style="neurons turned, biases in a column, turned back"
@exercise
def dense(inputs: Tensor, weights: Tensor, biases: Tensor) -> Tensor:
    return torch.addmm(biases[:, None], weights, inputs.t()).t()

# %% wrong="hinges" really="even spacing is assumed: every rise is divided by the first gap"
@exercise
def hinges(knots: Tensor, heights: Tensor) -> Tensor:
    step = knots[1] - knots[0]
    slopes = heights.diff() / step
    return torch.cat([slopes[:1], slopes.diff()])

# %% wrong="hinges" really="only the last weight is taken off and not the whole slope so far, wrong from the third hinge on"
@exercise
def hinges(knots: Tensor, heights: Tensor) -> Tensor:
    weights = []
    for i in range(len(knots) - 1):
        slope = (heights[i + 1] - heights[i]) / (knots[i + 1] - knots[i])
        weights.append(slope - weights[-1] if weights else slope)
    return torch.stack(weights)

# %% wrong="hinges" really="the weights are put into float32 zeros whatever dtype came in"
@exercise
def hinges(knots: Tensor, heights: Tensor) -> Tensor:
    weights = torch.zeros(len(knots) - 1)
    before = 0.0
    for i in range(len(knots) - 1):
        slope = (heights[i + 1] - heights[i]) / (knots[i + 1] - knots[i])
        weights[i] = slope - before
        before = slope
    return weights

# %% wrong="hinges" really="these are the slopes themselves, not the changes of slope"
@exercise
def hinges(knots: Tensor, heights: Tensor) -> Tensor:
    return (heights[1:] - heights[:-1]) / (knots[1:] - knots[:-1])

# %% wrong="hinges" really="with two knots there is no change of slope to stack, and it stops with an error"
@exercise
def hinges(knots: Tensor, heights: Tensor) -> Tensor:
    slopes = torch.diff(heights) / torch.diff(knots)
    changes = torch.stack([slopes[i] - slopes[i - 1] for i in range(1, len(slopes))])
    return torch.cat([slopes[:1], changes])

# %% wrong="hinges" really="the first weight has the first height taken off, as if it were a slope"
@exercise
def hinges(knots: Tensor, heights: Tensor) -> Tensor:
    slopes = heights.diff() / knots.diff()
    return torch.diff(slopes, prepend=heights[:1])

# %% right="hinges" style="pad a zero slope before the first and take differences"
@exercise
def hinges(knots: Tensor, heights: Tensor) -> Tensor:
    slopes = (heights[1:] - heights[:-1]) / (knots[1:] - knots[:-1])
    return nn.functional.pad(slopes, (1, 0)).diff()

# %% right="hinges" style="a running total of the weights so far"
@exercise
def hinges(knots: Tensor, heights: Tensor) -> Tensor:
    weights = []
    for a, b, low, high in zip(knots, knots[1:], heights, heights[1:]):
        so_far = torch.stack(weights).sum() if weights else 0.0
        weights.append((high - low) / (b - a) - so_far)
    return torch.stack(weights)

# %% right="hinges" style="slopes minus the slopes moved by one"
@exercise
def hinges(knots: Tensor, heights: Tensor) -> Tensor:
    slope = torch.div(torch.diff(heights), torch.diff(knots))
    moved = torch.cat((torch.zeros_like(slope[:1]), slope[:-1]))
    return slope - moved

# %% wrong="softmax" really="the largest score of the whole batch is taken out, so a row far below it has only zeros and becomes nan"
@exercise
def softmax(logits: Tensor) -> Tensor:
    powers = (logits - logits.max()).exp()
    return powers / powers.sum(dim=1, keepdim=True)

# %% wrong="softmax" really="scores are cut off at 80 in place of taking the largest out, so different large scores get the same share"
@exercise
def softmax(logits: Tensor) -> Tensor:
    powers = logits.clamp(max=80).exp()
    return powers / powers.sum(dim=-1, keepdim=True)

# %% wrong="softmax" really="without keepdim the sums meet the columns: an error, or wrong for square batches"
@exercise
def softmax(logits: Tensor) -> Tensor:
    powers = torch.exp(logits - logits.max(dim=1, keepdim=True).values)
    return powers / powers.sum(dim=1)

# %% wrong="softmax" really="the largest absolute value is taken out, so a row of very negative scores has only zeros and becomes nan"
@exercise
def softmax(logits: Tensor) -> Tensor:
    shifted = logits - logits.abs().amax(dim=1, keepdim=True)
    return shifted.exp() / shifted.exp().sum(dim=1, keepdim=True)

# %% wrong="softmax" really="computed in float64 and never turned back"
@exercise
def softmax(logits: Tensor) -> Tensor:
    z = logits.double()
    z = z - z.max(dim=1, keepdim=True)[0]
    return z.exp() / z.exp().sum(dim=1, keepdim=True)

# %% wrong="softmax" really="the scores are divided by the largest in place of having it taken off, which changes the shares"
@exercise
def softmax(logits: Tensor) -> Tensor:
    scaled = logits / logits.abs().amax(dim=1, keepdim=True).clamp(min=1e-12)
    powers = scaled.exp()
    return powers / powers.sum(dim=1, keepdim=True)

# %% right="softmax" style="minus log-sum-exp, then the power"
@exercise
def softmax(logits: Tensor) -> Tensor:
    return (logits - torch.logsumexp(logits, dim=1, keepdim=True)).exp()

# %% right="softmax" style="row by row"
@exercise
def softmax(logits: Tensor) -> Tensor:
    def share_out(row):
        powers = torch.exp(row - max(row))
        return powers / powers.sum()
    return torch.stack([share_out(row) for row in logits])

# %% right="softmax" style="classes first, so that broadcasting needs no keepdim"
@exercise
def softmax(logits: Tensor) -> Tensor:
    turned = logits.transpose(0, 1)
    powers = turned.sub(turned.amax(dim=0)).exp()
    return powers.div(powers.sum(dim=0)).transpose(0, 1)

# %% wrong="cross_entropy" really="a small number in the logarithm caps the surprise at about 20 and cuts the push off"
@exercise
def cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    shares = softmax(logits)
    chosen = shares[torch.arange(len(targets)), targets]
    return -(chosen + 1e-9).log().mean()

# %% wrong="cross_entropy" really="the largest score is taken out and not added back"
@exercise
def cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    m = logits.max(dim=1, keepdim=True).values
    total = (logits - m).exp().sum(dim=1).log()
    return (total - logits[torch.arange(len(logits)), targets]).mean()

# %% wrong="cross_entropy" really="one_hot guesses the number of classes from the targets and does not fit where the last class is absent"
@exercise
def cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    switches = nn.functional.one_hot(targets).to(logits.dtype)
    picked = (logits * switches).sum(dim=1)
    return (torch.logsumexp(logits, dim=1) - picked).mean()

# %% wrong="cross_entropy" really="the largest score of the whole batch is taken out, so rows far below it give minus infinity"
@exercise
def cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    top = logits.max()
    surprise = top + (logits - top).exp().sum(dim=1).log() - logits[torch.arange(len(targets)), targets]
    return surprise.mean()

# %% wrong="cross_entropy" really="item takes the numbers out, so no gradient flows and the result is always float32"
@exercise
def cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    total = 0
    for row, target in zip(logits, targets):
        total += (torch.logsumexp(row, dim=0) - row[target]).item()
    return tensor(total / len(targets))

# %% wrong="cross_entropy" really="divided by the number of scores in place of the number of rows, too small by the number of classes"
@exercise
def cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    log_shares = logits - logits.logsumexp(dim=1, keepdim=True)
    switches = nn.functional.one_hot(targets, logits.shape[1])
    return -(switches * log_shares).mean()

# %% wrong="cross_entropy" really="torch's own logsumexp, which the docstring asks to do without"
@exercise
def cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    return torch.logsumexp(logits - logits.gather(1, targets[:, None]), dim=1).mean()

# %% right="cross_entropy" style="logaddexp from class to class"
from functools import reduce

@exercise
def cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    everything = reduce(torch.logaddexp, logits.unbind(dim=1))
    right = torch.stack([row[target] for row, target in zip(logits, targets)])
    return (everything - right).sum() / len(targets)

# %% wrong="cross_entropy" really="torch's own log_softmax and nll_loss, which the docstring asks to do without"
@exercise
def cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    return nn.functional.nll_loss(nn.functional.log_softmax(logits, dim=1), targets)

# %% wrong="accuracy" really="the share of the right class must be above a half, but with three or more classes the highest may have less"
@exercise
def accuracy(logits: Tensor, targets: Tensor) -> Tensor:
    shares = softmax(logits)
    return (shares[torch.arange(len(targets)), targets] > 0.5).float().mean()

# %% wrong="accuracy" really="the highest scores themselves are compared with the class numbers, not their places"
@exercise
def accuracy(logits: Tensor, targets: Tensor) -> Tensor:
    highest = logits.max(dim=1)[0]
    return (highest == targets).float().mean()

# %% wrong="accuracy" really="the targets stand in a column, so every row is compared with every target"
@exercise
def accuracy(logits: Tensor, targets: Tensor) -> Tensor:
    right = logits.argmax(dim=1) == targets[:, None]
    return right.float().mean()

# %% wrong="accuracy" really="a plain number comes back and not a tensor"
@exercise
def accuracy(logits: Tensor, targets: Tensor) -> Tensor:
    right = (logits.argmax(dim=1) == targets).sum().item()
    return right / len(targets)

# %% wrong="accuracy" really="the dtype is that of the scores, so float64 scores give float64"
@exercise
def accuracy(logits: Tensor, targets: Tensor) -> Tensor:
    return (logits.argmax(dim=1) == targets).to(logits.dtype).mean()

# %% wrong="accuracy" really="torch has no mean of true and false: it stops with an error"
@exercise
def accuracy(logits: Tensor, targets: Tensor) -> Tensor:
    return torch.mean(torch.argmax(logits, dim=1) == targets)

# %% right="accuracy" style="count the right ones and divide"
@exercise
def accuracy(logits: Tensor, targets: Tensor) -> Tensor:
    return torch.eq(logits.max(dim=1).indices, targets).sum().float() / targets.numel()

# %% right="accuracy" style="one minus the share of the wrong ones"
@exercise
def accuracy(logits: Tensor, targets: Tensor) -> Tensor:
    wrong_ones = torch.count_nonzero(torch.argmax(logits, dim=-1) - targets)
    return 1 - wrong_ones.to(torch.float32) / len(logits)

# %% right="accuracy" style="a loop over the rows, a tensor made at the end"
@exercise
def accuracy(logits: Tensor, targets: Tensor) -> Tensor:
    right = 0
    for row, target in zip(logits.tolist(), targets.tolist()):
        if row.index(max(row)) == target:
            right += 1
    return torch.tensor(right / len(targets), dtype=torch.float32, device=logits.device)

# %% wrong="fit" really="the gradients are never cleared and pile up"
@exercise
def fit(make_model: Callable[[], nn.Module], inputs: Tensor, targets: Tensor, epochs: int, batch_size: int, learning_rate: float) -> tuple[nn.Module, list[float]]:
    model = make_model()
    losses = []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y)
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return model, losses

# %% wrong="fit" really="mini_batches is begun anew for every epoch with the same seed, so each epoch has the order of the first"
@exercise
def fit(make_model: Callable[[], nn.Module], inputs: Tensor, targets: Tensor, epochs: int, batch_size: int, learning_rate: float) -> tuple[nn.Module, list[float]]:
    model = make_model()
    losses = []
    for epoch in range(epochs):
        for x, y in mini_batches(inputs, targets, batch_size):
            loss = cross_entropy(model(x), y)
            model.zero_grad()
            loss.backward()
            with torch.no_grad():
                for parameter in model.parameters():
                    parameter -= learning_rate * parameter.grad
            losses.append(loss.item())
    return model, losses

# %% wrong="fit" really="shares are handed to the cross-entropy in place of scores, so softmax is applied twice"
@exercise
def fit(make_model: Callable[[], nn.Module], inputs: Tensor, targets: Tensor, epochs: int, batch_size: int, learning_rate: float) -> tuple[nn.Module, list[float]]:
    model, losses = make_model(), []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        shares = torch.softmax(model(x), dim=1)
        loss = cross_entropy(shares, y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
        losses.append(float(loss))
    return model, losses

# %% wrong="fit" really="the loss that is written down is measured after the step"
@exercise
def fit(make_model: Callable[[], nn.Module], inputs: Tensor, targets: Tensor, epochs: int, batch_size: int, learning_rate: float) -> tuple[nn.Module, list[float]]:
    model = make_model()
    losses = []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        model.zero_grad()
        cross_entropy(model(x), y).backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
            losses.append(cross_entropy(model(x), y).item())
    return model, losses

# %% wrong="fit" really="only the weight matrices are moved, the biases stay as they were"
@exercise
def fit(make_model: Callable[[], nn.Module], inputs: Tensor, targets: Tensor, epochs: int, batch_size: int, learning_rate: float) -> tuple[nn.Module, list[float]]:
    model = make_model()
    weights = [p for p in model.parameters() if p.ndim > 1]
    losses = []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for w in weights:
                w -= learning_rate * w.grad
        losses.append(loss.item())
    return model, losses

# %% wrong="fit" really="the last, smaller batch of each epoch is left out"
@exercise
def fit(make_model: Callable[[], nn.Module], inputs: Tensor, targets: Tensor, epochs: int, batch_size: int, learning_rate: float) -> tuple[nn.Module, list[float]]:
    model = make_model()
    losses = []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        if len(x) < batch_size:
            continue
        loss = cross_entropy(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return model, losses

# %% right="fit" style="torch's own plain descent"
@exercise
def fit(make_model: Callable[[], nn.Module], inputs: Tensor, targets: Tensor, epochs: int, batch_size: int, learning_rate: float) -> tuple[nn.Module, list[float]]:
    model = make_model()
    optimiser = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for x, y in mini_batches(inputs, targets, batch_size, epochs):
        loss = nn.functional.cross_entropy(model(x), y)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return model, losses

# %% right="fit" style="gradients asked for with autograd.grad, nothing to clear"
@exercise
def fit(make_model: Callable[[], nn.Module], inputs: Tensor, targets: Tensor, epochs: int, batch_size: int, learning_rate: float) -> tuple[nn.Module, list[float]]:
    model = make_model()
    parameters = list(model.parameters())

    def one_step(x, y):
        loss = cross_entropy(model(x), y)
        gradients = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            for parameter, gradient in zip(parameters, gradients):
                parameter.sub_(gradient, alpha=learning_rate)
        return float(loss)

    return model, [one_step(x, y) for x, y in mini_batches(inputs, targets, batch_size, epochs)]

# %% right="fit" style="clears after the step, loss by log-sum-exp in the loop, writes through data"
@exercise
def fit(make_model: Callable[[], nn.Module], inputs: Tensor, targets: Tensor, epochs: int, batch_size: int, learning_rate: float) -> tuple[nn.Module, list[float]]:
    losses = []
    model = make_model()
    model.zero_grad()
    for rows, classes in mini_batches(x=inputs, y=targets, batch_size=batch_size, epochs=epochs):
        scores = model(rows)
        loss = (scores.logsumexp(dim=1) - scores[torch.arange(len(rows)), classes]).mean()
        losses.append(loss.detach().cpu().item())
        loss.backward()
        for p in model.parameters():
            p.data.add_(p.grad, alpha=-learning_rate)
            p.grad = None
    return model, losses
