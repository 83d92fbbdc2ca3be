# Answers of imagined learners for lesson 02-lines, thought up blind.

# %% wrong="predict" really="slope and intercept are exchanged"
@exercise
def predict(x: Tensor, slope: Tensor | float, intercept: Tensor | float) -> Tensor:
    return intercept * x + slope

# %% wrong="predict" really="the intercept is multiplied by the slope as well"
@exercise
def predict(x: Tensor, slope: Tensor | float, intercept: Tensor | float) -> Tensor:
    return slope * (x + intercept)

# %% wrong="predict" really="a plain float, which is allowed, has no item and stops with an AttributeError"
@exercise
def predict(x: Tensor, slope: Tensor | float, intercept: Tensor | float) -> Tensor:
    return slope.item() * x + intercept.item()

# %% wrong="predict" really="the result is a column, (n, 1), and not (n,)"
@exercise
def predict(x: Tensor, slope: Tensor | float, intercept: Tensor | float) -> Tensor:
    inputs = torch.stack([x, torch.ones_like(x)], dim=1)
    line = tensor([[float(slope)], [float(intercept)]], dtype=x.dtype)
    return inputs @ line

# %% wrong="predict" really="built from Python numbers, so float64 comes back as float32"
@exercise
def predict(x: Tensor, slope: Tensor | float, intercept: Tensor | float) -> Tensor:
    heights = []
    for place in x.tolist():
        heights.append(float(slope) * place + float(intercept))
    return tensor(heights)

# %% wrong="predict" really="the places x themselves are overwritten by the heights"
@exercise
def predict(x: Tensor, slope: Tensor | float, intercept: Tensor | float) -> Tensor:
    x *= slope
    x += intercept
    return x

# %% right="predict" style="methods in a chain"
@exercise
def predict(x: Tensor, slope: Tensor | float, intercept: Tensor | float) -> Tensor:
    return x.mul(slope).add(intercept)

# %% right="predict" style="Horner's rule over the coefficients"
from functools import reduce

@exercise
def predict(x: Tensor, slope: Tensor | float, intercept: Tensor | float) -> Tensor:
    return reduce(lambda total, coefficient: total * x + coefficient, (slope, intercept), torch.zeros_like(x))

# %% right="predict" style="start from the intercept and climb, step by step"
@exercise
def predict(x: Tensor, slope: Tensor | float, intercept: Tensor | float) -> Tensor:
    start = torch.zeros_like(x) + intercept
    climb = torch.ones_like(x) * slope
    return torch.addcmul(start, climb, x)

# %% wrong="residuals" really="prediction minus target: the sign is the wrong way round"
@exercise
def residuals(prediction: Tensor, target: Tensor) -> Tensor:
    return prediction.sub(target)

# %% wrong="residuals" really="the sign is lost: the distance in place of the difference"
@exercise
def residuals(prediction: Tensor, target: Tensor) -> Tensor:
    return (target - prediction).abs()

# %% wrong="residuals" really="the targets are overwritten by the residuals"
@exercise
def residuals(prediction: Tensor, target: Tensor) -> Tensor:
    target -= prediction
    return target

# %% wrong="residuals" really="the residuals are averaged into one number, one for each drop was wanted"
@exercise
def residuals(prediction: Tensor, target: Tensor) -> Tensor:
    return (target - prediction).mean()

# %% wrong="residuals" really="residuals below the line are cut off at zero"
@exercise
def residuals(prediction: Tensor, target: Tensor) -> Tensor:
    return torch.where(target > prediction, target - prediction, torch.zeros_like(target))

# %% wrong="residuals" really="a list of tensors comes back in place of one tensor"
@exercise
def residuals(prediction: Tensor, target: Tensor) -> Tensor:
    return [t - p for p, t in zip(prediction, target)]

# %% right="residuals" style="the difference of the two rows of a stack"
@exercise
def residuals(prediction: Tensor, target: Tensor) -> Tensor:
    return torch.stack([prediction, target]).diff(dim=0)[0]

# %% right="residuals" style="torch.add with alpha -1"
@exercise
def residuals(prediction: Tensor, target: Tensor) -> Tensor:
    return torch.add(target, prediction, alpha=-1)

# %% right="residuals" style="a lambda under the name, handed through a function"
_left_over = lambda said, there: there + said.neg()

@exercise
def residuals(prediction: Tensor, target: Tensor) -> Tensor:
    return _left_over(prediction, target)

# %% wrong="mse" really="the mean is taken first and squared afterwards, so errors cancel"
@exercise
def mse(prediction: Tensor, target: Tensor) -> Tensor:
    return (target - prediction).mean() ** 2

# %% wrong="mse" really="the variance of the residuals, which takes their mean out first"
@exercise
def mse(prediction: Tensor, target: Tensor) -> Tensor:
    return (target - prediction).var(correction=0)

# %% wrong="mse" really="the result has one axis of length 1 and is not a scalar"
@exercise
def mse(prediction: Tensor, target: Tensor) -> Tensor:
    return ((target - prediction) ** 2).mean(dim=0, keepdim=True)

# %% wrong="mse" really="divides by n - 1 in place of n, and by zero for a single drop"
@exercise
def mse(prediction: Tensor, target: Tensor) -> Tensor:
    squares = (target - prediction).square()
    return squares.sum() / (len(squares) - 1)

# %% wrong="mse" really="made anew from a Python number: float32 whatever came in, and without gradient"
@exercise
def mse(prediction: Tensor, target: Tensor) -> Tensor:
    total = 0.0
    for p, t in zip(prediction, target):
        total += (t.item() - p.item()) ** 2
    return torch.tensor(total / len(target))

# %% wrong="mse" really="a plain number comes back and not a scalar tensor"
@exercise
def mse(prediction: Tensor, target: Tensor) -> Tensor:
    left_over = residuals(prediction, target)
    return (left_over ** 2).mean().item()

# %% right="mse" style="dot product of the residuals with themselves"
@exercise
def mse(prediction: Tensor, target: Tensor) -> Tensor:
    left_over = target - prediction
    return torch.dot(left_over, left_over) / left_over.numel()

# %% right="mse" style="torch's own loss"
import torch.nn.functional as F

@exercise
def mse(prediction: Tensor, target: Tensor) -> Tensor:
    return F.mse_loss(prediction, target)

# %% right="mse" style="Python's sum over the drops"
@exercise
def mse(prediction: Tensor, target: Tensor) -> Tensor:
    n = target.shape[0]
    return sum((t - p) * (t - p) for p, t in zip(prediction, target)) / n

# %% wrong="random_search" really="of two equally good lines the later one stays, as less-or-equal replaces"
@exercise
def random_search(x: Tensor, y: Tensor, candidates: Tensor) -> tuple[Tensor, Tensor]:
    best, least, history = None, None, []
    for candidate in candidates:
        loss = ((y - (candidate[0] * x + candidate[1])) ** 2).mean()
        if least is None or loss <= least:
            best, least = candidate, loss
        history.append(least)
    return best, torch.stack(history)

# %% wrong="random_search" really="the least loss starts at 10, so losses above that never enter the history"
@exercise
def random_search(x: Tensor, y: Tensor, candidates: Tensor) -> tuple[Tensor, Tensor]:
    best = candidates[0]
    least = torch.tensor(10.0, dtype=x.dtype)
    history = []
    for slope, intercept in candidates:
        loss = mse(predict(x, slope, intercept), y)
        if loss < least:
            least = loss
            best = torch.stack([slope, intercept])
        history.append(least)
    return best, torch.stack(history)

# %% wrong="random_search" really="the losses are sorted from high to low, which falls but is not the least loss so far"
@exercise
def random_search(x: Tensor, y: Tensor, candidates: Tensor) -> tuple[Tensor, Tensor]:
    losses = (y - candidates[:, :1] * x - candidates[:, 1:]).square().mean(dim=1)
    return candidates[losses.argmin()], losses.sort(descending=True).values

# %% wrong="random_search" really="the history is made of Python numbers and always float32"
@exercise
def random_search(x: Tensor, y: Tensor, candidates: Tensor) -> tuple[Tensor, Tensor]:
    best_loss = float("inf")
    history = []
    for candidate in candidates:
        loss = mse(predict(x, candidate[0], candidate[1]), y).item()
        if loss < best_loss:
            best_loss, best = loss, candidate
        history.append(best_loss)
    return best, tensor(history)

# %% wrong="random_search" really="the first candidate only sets the start: the history lacks its entry and is one too short"
@exercise
def random_search(x: Tensor, y: Tensor, candidates: Tensor) -> tuple[Tensor, Tensor]:
    best = candidates[0]
    least = mse(predict(x, *best), y)
    history = []
    for candidate in candidates[1:]:
        loss = mse(predict(x, *candidate), y)
        if loss < least:
            best, least = candidate, loss
        history.append(least)
    return best, torch.stack(history)

# %% wrong="random_search" really="the history has an entry only where a try was better, not one after each try"
@exercise
def random_search(x: Tensor, y: Tensor, candidates: Tensor) -> tuple[Tensor, Tensor]:
    least = torch.full((), float("inf"), dtype=x.dtype)
    history = []
    for candidate in candidates:
        loss = (y - candidate[0] * x - candidate[1]).pow(2).mean()
        if loss < least:
            least = loss
            best = candidate
            history.append(loss)
    return best, torch.stack(history)

# %% right="random_search" style="all losses at once, cummin and argmin"
@exercise
def random_search(x: Tensor, y: Tensor, candidates: Tensor) -> tuple[Tensor, Tensor]:
    slopes, intercepts = candidates.split(1, dim=1)
    losses = (y - (slopes * x + intercepts)).square().mean(dim=1)
    return candidates[losses.argmin()], losses.cummin(dim=0).values

# %% right="random_search" style="itertools.accumulate and Python's min over indices"
from itertools import accumulate

@exercise
def random_search(x: Tensor, y: Tensor, candidates: Tensor) -> tuple[Tensor, Tensor]:
    losses = [(y - line[0] * x - line[1]).square().mean() for line in candidates]
    first_best = min(range(len(losses)), key=lambda i: losses[i].item())
    return candidates[first_best], torch.stack(list(accumulate(losses, torch.minimum)))

# %% right="random_search" style="a loop that writes into tensors made beforehand"
@exercise
def random_search(x: Tensor, y: Tensor, candidates: Tensor) -> tuple[Tensor, Tensor]:
    history = x.new_empty(len(candidates))
    winner = 0
    for i in range(len(candidates)):
        loss = mse(predict(x, candidates[i, 0], candidates[i, 1]), y)
        if i > 0 and not loss < history[i - 1]:
            loss = history[i - 1].clone()
        else:
            winner = i
        history[i] = loss
    return candidates[winner].clone(), history

# %% wrong="loss_landscape" really="the rows are turned upside down, so that row 0 is the last intercept as on a map"
@exercise
def loss_landscape(x: Tensor, y: Tensor, slopes: Tensor, intercepts: Tensor) -> Tensor:
    predictions = slopes[None, :, None] * x + intercepts[:, None, None]
    return (y - predictions).square().mean(dim=-1).flip(0)

# %% wrong="loss_landscape" really="the pairs run through the intercepts fastest but are folded as if slopes ran fastest, so the losses stand in wrong places"
@exercise
def loss_landscape(x: Tensor, y: Tensor, slopes: Tensor, intercepts: Tensor) -> Tensor:
    lines = torch.cartesian_prod(slopes, intercepts)
    predictions = lines[:, :1] * x + lines[:, 1:]
    losses = ((y - predictions) ** 2).mean(dim=1)
    return losses.reshape(len(intercepts), len(slopes))

# %% wrong="loss_landscape" really="divides by 200 drops whatever their number"
@exercise
def loss_landscape(x: Tensor, y: Tensor, slopes: Tensor, intercepts: Tensor) -> Tensor:
    predictions = intercepts[:, None, None] + slopes[None, :, None] * x
    return ((predictions - y) ** 2).sum(dim=2) / 200

# %% wrong="loss_landscape" really="the square is multiplied out with the cross term of slope and intercept once in place of twice"
@exercise
def loss_landscape(x: Tensor, y: Tensor, slopes: Tensor, intercepts: Tensor) -> Tensor:
    m, b = slopes[None, :], intercepts[:, None]
    return ((y * y).mean() + m ** 2 * (x * x).mean() + b ** 2
            - 2 * m * (x * y).mean() - 2 * b * y.mean() + m * b * x.mean())

# %% wrong="loss_landscape" really="the drops lie along the first axis but y is left bare, so it meets the slopes: an error, or nonsense where there are as many drops as slopes"
@exercise
def loss_landscape(x: Tensor, y: Tensor, slopes: Tensor, intercepts: Tensor) -> Tensor:
    predictions = x[:, None, None] * slopes[None, None, :] + intercepts[None, :, None]
    return (predictions - y).square().mean(dim=0)

# %% wrong="loss_landscape" really="the mean residual is squared in place of the mean of the squares"
@exercise
def loss_landscape(x: Tensor, y: Tensor, slopes: Tensor, intercepts: Tensor) -> Tensor:
    left_over = y - (slopes[None, :, None] * x + intercepts[:, None, None])
    return left_over.mean(dim=-1).square()

# %% right="loss_landscape" style="all lines as rows of a table, one matrix product"
@exercise
def loss_landscape(x: Tensor, y: Tensor, slopes: Tensor, intercepts: Tensor) -> Tensor:
    b, m = torch.meshgrid(intercepts, slopes, indexing="ij")
    lines = torch.stack([m.flatten(), b.flatten()], dim=1).to(x.dtype)
    inputs = torch.stack([x, torch.ones_like(x)])
    return (lines @ inputs - y).square().mean(dim=1).unflatten(0, b.shape)

# %% right="loss_landscape" style="torch.vmap twice"
@exercise
def loss_landscape(x: Tensor, y: Tensor, slopes: Tensor, intercepts: Tensor) -> Tensor:
    def one(slope, intercept):
        return (y - (slope * x + intercept)).square().mean()
    return torch.vmap(torch.vmap(one, in_dims=(0, None)), in_dims=(None, 0))(slopes, intercepts).to(x.dtype)

# %% right="loss_landscape" style="what is left for each slope first, then the intercepts, einsum for the squares"
@exercise
def loss_landscape(x: Tensor, y: Tensor, slopes: Tensor, intercepts: Tensor) -> Tensor:
    tilted = y - torch.outer(slopes.to(x.dtype), x)
    left = tilted.unsqueeze(0) - intercepts.to(x.dtype).view(-1, 1, 1)
    return torch.einsum("rcn,rcn->rc", left, left) / x.shape[0]

# %% wrong="least_squares" really="the column of ones stands first, so the intercept comes before the slope"
@exercise
def least_squares(x: Tensor, y: Tensor) -> Tensor:
    inputs = torch.stack([torch.ones_like(x), x], dim=1)
    return torch.linalg.solve(inputs.T @ inputs, inputs.T @ y)

# %% wrong="least_squares" really="a small number on the diagonal pulls the line away from the best one, plainly where x is spread little"
@exercise
def least_squares(x: Tensor, y: Tensor) -> Tensor:
    inputs = torch.stack([x, torch.ones_like(x)], dim=1)
    block = inputs.T @ inputs + 1e-3 * torch.eye(2, dtype=x.dtype)
    return torch.linalg.solve(block, inputs.T @ y)

# %% wrong="least_squares" really="the covariance divides by n - 1 and the variance by n, so the slope is too large by n / (n - 1)"
@exercise
def least_squares(x: Tensor, y: Tensor) -> Tensor:
    covariance = ((x - x.mean()) * (y - y.mean())).sum() / (len(x) - 1)
    slope = covariance / x.var(correction=0)
    return torch.stack([slope, y.mean() - slope * x.mean()])

# %% wrong="least_squares" really="the intercept is the height at the mean x and not at x = 0"
@exercise
def least_squares(x: Tensor, y: Tensor) -> Tensor:
    centred = x - x.mean()
    inputs = torch.stack([centred, torch.ones_like(x)], dim=1)
    return torch.linalg.solve(inputs.T @ inputs, inputs.T @ y)

# %% wrong="least_squares" really="packed from Python numbers: float64 comes back as float32"
@exercise
def least_squares(x: Tensor, y: Tensor) -> Tensor:
    dx, dy = x - x.mean(), y - y.mean()
    slope = (dx * dy).sum() / (dx * dx).sum()
    intercept = y.mean() - slope * x.mean()
    return torch.tensor([slope.item(), intercept.item()])

# %% wrong="least_squares" really="divides by the spread of y, which is the slope of x by y and not of y by x"
@exercise
def least_squares(x: Tensor, y: Tensor) -> Tensor:
    dx, dy = x - x.mean(), y - y.mean()
    slope = (dx @ dy) / (dy @ dy)
    return torch.stack([slope, y.mean() - slope * x.mean()])

# %% right="least_squares" style="slope from centred sums, intercept through the middle"
@exercise
def least_squares(x: Tensor, y: Tensor) -> Tensor:
    middle = x.mean()
    across = x - middle
    slope = torch.dot(across, y - y.mean()) / torch.dot(across, across)
    return torch.stack((slope, y.mean() - slope * middle))

# %% right="least_squares" style="QR of the centred inputs, then shifted back"
@exercise
def least_squares(x: Tensor, y: Tensor) -> Tensor:
    inputs = torch.stack([x - x.mean(), torch.ones_like(x)], dim=1)
    q, r = torch.linalg.qr(inputs)
    slope, height = torch.linalg.solve_triangular(r, (q.T @ y)[:, None], upper=True)[:, 0]
    return torch.stack([slope, height - slope * x.mean()])

# %% right="least_squares" style="Cramer's rule in float64, turned back into the dtype that came"
@exercise
def least_squares(x: Tensor, y: Tensor) -> Tensor:
    shift = x.double().mean()
    a, b, n = x.double() - shift, y.double(), len(x)
    sx, sy, sxx, sxy = a.sum(), b.sum(), (a * a).sum(), (a * b).sum()
    det = n * sxx - sx * sx
    slope = (n * sxy - sx * sy) / det
    intercept = (sxx * sy - sx * sxy) / det - slope * shift
    return torch.stack([slope, intercept]).to(x.dtype)
