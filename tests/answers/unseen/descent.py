# Answers of imagined learners for lesson 03-descent.

# %% wrong="finite_difference" really="pokes up only and compares with the middle, not up and down"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    here = loss(parameters)
    slopes = []
    for i in range(len(parameters)):
        up = parameters.clone()
        up[i] += nudge
        slopes.append((loss(up) - here) / nudge)
    return torch.stack(slopes)

# %% wrong="finite_difference" really="pokes down only"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    result = torch.zeros_like(parameters)
    for i in range(parameters.shape[0]):
        down = parameters.clone()
        down[i] = down[i] - nudge
        result[i] = (loss(parameters) - loss(down)) / nudge
    return result

# %% wrong="finite_difference" really="divides by the nudge although the two pokes lie two nudges apart, so it is twice too large"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    grad = torch.zeros_like(parameters)
    for i in range(len(parameters)):
        step = torch.zeros_like(parameters)
        step[i] = nudge
        grad[i] = (loss(parameters + step) - loss(parameters - step)) / nudge
    return grad

# %% wrong="finite_difference" really="sign turned round: down minus up points downhill"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    grad = torch.empty_like(parameters)
    for i in range(len(parameters)):
        up, down = parameters.clone(), parameters.clone()
        up[i] += nudge
        down[i] -= nudge
        grad[i] = (loss(down) - loss(up)) / (2 * nudge)
    return grad

# %% wrong="finite_difference" really="pokes all the knobs at once and returns one number"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    return (loss(parameters + nudge) - loss(parameters - nudge)) / (2 * nudge)

# %% wrong="finite_difference" really="pokes all the knobs at once, so every entry holds the sum of the gradient"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    gradient = torch.zeros_like(parameters)
    for i in range(len(parameters)):
        gradient[i] = (loss(parameters + nudge) - loss(parameters - nudge)) / (2 * nudge)
    return gradient

# %% wrong="finite_difference" really="pokes the caller's tensor in place and goes back by adding, which leaves it changed in its last digits"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    result = []
    for i in range(len(parameters)):
        parameters[i] += nudge
        up = loss(parameters).clone()
        parameters[i] -= 2 * nudge
        down = loss(parameters).clone()
        parameters[i] += nudge
        result.append((up - down) / (2 * nudge))
    return torch.stack(result)

# %% wrong="finite_difference" really="the earlier knobs are still poked when the next one is measured"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    up = parameters.clone()
    down = parameters.clone()
    gradient = torch.zeros_like(parameters)
    for i in range(len(parameters)):
        up[i] += nudge
        down[i] -= nudge
        gradient[i] = (loss(up) - loss(down)) / (2 * nudge)
    return gradient

# %% wrong="finite_difference" really="up and down are both the caller's own tensor, so it measures nothing, or zero"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    gradient = torch.zeros_like(parameters)
    for i in range(len(parameters)):
        up = parameters
        up[i] += nudge
        down = parameters
        down[i] -= nudge
        gradient[i] = (loss(up) - loss(down)) / (2 * nudge)
    return gradient

# %% wrong="finite_difference" really="ignores the argument nudge and always pokes by 0.01"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    gradient = torch.zeros_like(parameters)
    for i in range(len(parameters)):
        one = torch.zeros_like(parameters)
        one[i] = 0.01
        gradient[i] = (loss(parameters + one) - loss(parameters - one)) / 0.02
    return gradient

# %% wrong="finite_difference" really="only for two knobs"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    a, b = tensor([nudge, 0.0]), tensor([0.0, nudge])
    by_slope = (loss(parameters + a) - loss(parameters - a)) / (2 * nudge)
    by_intercept = (loss(parameters + b) - loss(parameters - b)) / (2 * nudge)
    return torch.stack([by_slope, by_intercept])

# %% wrong="finite_difference" really="returns a list, not a tensor"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    gradient = []
    for i in range(len(parameters)):
        up = parameters.clone()
        up[i] += nudge
        down = parameters.clone()
        down[i] -= nudge
        gradient.append((loss(up) - loss(down)) / (2 * nudge))
    return gradient

# %% wrong="finite_difference" really="takes the nudge as a share of the parameter, which gives nan where a parameter is zero"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    gradient = torch.zeros_like(parameters)
    for i in range(len(parameters)):
        size = nudge * parameters[i]
        up, down = parameters.clone(), parameters.clone()
        up[i] += size
        down[i] -= size
        gradient[i] = (loss(up) - loss(down)) / (2 * size)
    return gradient

# %% wrong="finite_difference" really="collects the result in float32 even when the parameters are float64"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    gradient = torch.zeros(len(parameters))
    for i in range(len(parameters)):
        up, down = parameters.clone(), parameters.clone()
        up[i] += nudge
        down[i] -= nudge
        gradient[i] = (loss(up) - loss(down)) / (2 * nudge)
    return gradient

# %% wrong="finite_difference" really="item and tensor make the answer float32 whatever came in"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    answers = []
    for k in range(len(parameters)):
        up = parameters.clone()
        down = parameters.clone()
        up[k] = parameters[k] + nudge
        down[k] = parameters[k] - nudge
        answers.append(((loss(up) - loss(down)) / (2 * nudge)).item())
    return tensor(answers)

# %% wrong="finite_difference" really="uses autograd in place of poking, so it ignores the nudge and fails for a loss that autograd cannot follow"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    p = parameters.clone().detach().requires_grad_(True)
    loss(p).backward()
    return p.grad

# %% wrong="finite_difference" really="hands the loss a whole matrix of poked parameters, and the loss makes one number of it"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    steps = nudge * torch.eye(len(parameters))
    return (loss(parameters + steps) - loss(parameters - steps)) / (2 * nudge)

# %% wrong="finite_difference" really="missing brackets: halves and then multiplies by the nudge"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    gradient = torch.zeros_like(parameters)
    for i in range(len(parameters)):
        step = torch.zeros_like(parameters)
        step[i] = nudge
        gradient[i] = (loss(parameters + step) - loss(parameters - step)) / 2 * nudge
    return gradient

# %% wrong="finite_difference" really="this is the second derivative, how much the ground bends"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    here = loss(parameters)
    gradient = torch.zeros_like(parameters)
    for i in range(len(parameters)):
        step = torch.zeros_like(parameters)
        step[i] = nudge
        gradient[i] = (loss(parameters + step) - 2 * here + loss(parameters - step)) / nudge ** 2
    return gradient

# %% wrong="finite_difference" really="converts the parameters to float64, so a loss with float32 data in it stops with an error"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    precise = parameters.double()   # more digits
    gradient = torch.zeros_like(precise)
    for i in range(len(precise)):
        step = torch.zeros_like(precise)
        step[i] = nudge
        gradient[i] = (loss(precise + step) - loss(precise - step)) / (2 * nudge)
    return gradient.to(parameters.dtype)

# %% wrong="finite_difference" really="hands the loss one knob alone, which is right only where the knobs do not depend on each other"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    return torch.stack([(loss(p + nudge) - loss(p - nudge)) / (2 * nudge) for p in parameters])

# %% wrong="finite_difference" really="the return stands inside the loop, so only the first knob is poked"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    gradient = torch.zeros_like(parameters)
    for i in range(len(parameters)):
        up, down = parameters.clone(), parameters.clone()
        up[i] += nudge
        down[i] -= nudge
        gradient[i] = (loss(up) - loss(down)) / (2 * nudge)
        return gradient

# %% wrong="finite_difference" really="measures the loss of the splatter and not the loss that was handed in"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    def splatter(p):
        return mse(predict(x, *p), y)

    gradient = torch.zeros_like(parameters)
    for i in range(len(parameters)):
        step = torch.zeros_like(parameters)
        step[i] = nudge
        gradient[i] = (splatter(parameters + step) - splatter(parameters - step)) / (2 * nudge)
    return gradient

# %% wrong="finite_difference" really="pokes by half a nudge to either side, and the nudge is asked to be the way to either side"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    gradient = torch.zeros_like(parameters)
    for i in range(len(parameters)):
        half = torch.zeros_like(parameters)
        half[i] = nudge / 2
        gradient[i] = (loss(parameters + half) - loss(parameters - half)) / nudge
    return gradient

# %% wrong="finite_difference" really="tensors have no method copy, stops with an error"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    gradient = []
    for i in range(len(parameters)):
        up = parameters.copy()
        down = parameters.copy()
        up[i] += nudge
        down[i] -= nudge
        gradient.append((loss(up) - loss(down)) / (2 * nudge))
    return torch.stack(gradient)

# %% wrong="finite_difference" really="the absolute value loses the direction, so no entry is ever negative"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    gradient = torch.zeros_like(parameters)
    for i in range(len(parameters)):
        step = torch.zeros_like(parameters)
        step[i] = nudge
        gradient[i] = abs(loss(parameters + step) - loss(parameters - step)) / abs(2 * nudge)
    return gradient

# %% wrong="finite_difference" really="returns a column of shape (p, 1) in place of (p,)"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    rows = []
    for i in range(len(parameters)):
        up, down = parameters.clone(), parameters.clone()
        up[i] += nudge
        down[i] -= nudge
        rows.append(((loss(up) - loss(down)) / (2 * nudge)).reshape(1))
    return torch.stack(rows)

# %% wrong="finite_difference" really="counts the knobs from 1 and leaves the first one out"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    gradient = torch.zeros_like(parameters)
    for i in range(1, len(parameters)):
        up, down = parameters.clone(), parameters.clone()
        up[i] += nudge
        down[i] -= nudge
        gradient[i] = (loss(up) - loss(down)) / (2 * nudge)
    return gradient

# %% right="finite_difference" style="loop with two clones and a result like the parameters"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    gradient = torch.zeros_like(parameters)
    for i in range(len(parameters)):
        up = parameters.clone()
        down = parameters.clone()
        up[i] += nudge
        down[i] -= nudge
        gradient[i] = (loss(up) - loss(down)) / (2 * nudge)
    return gradient

# %% right="finite_difference" style="rows of a scaled identity in a comprehension"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    pokes = nudge * torch.eye(len(parameters), dtype=parameters.dtype, device=parameters.device)
    return torch.stack([loss(parameters + poke) - loss(parameters - poke) for poke in pokes]) / (2 * nudge)

# %% right="finite_difference" style="helper with torch.where, up and down as two lists"
def poked(parameters, which, amount):
    places = torch.arange(len(parameters), device=parameters.device)
    return torch.where(places == which, parameters + amount, parameters)


@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    ups = [loss(poked(parameters, k, nudge)) for k in range(parameters.numel())]
    downs = [loss(poked(parameters, k, -nudge)) for k in range(parameters.numel())]
    return torch.stack([(u - d) / (2 * nudge) for u, d in zip(ups, downs)])

# %% right="finite_difference" style="the mean of the steepness above and the steepness below, python floats"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    answer = []
    for k in range(len(parameters)):
        steepness = 0.0
        for sign in (1, -1):
            there = parameters.detach().clone()
            there[k] = there[k] + sign * nudge
            steepness += sign * float(loss(there))
        answer.append(steepness / (2 * nudge))
    return torch.tensor(answer, dtype=parameters.dtype, device=parameters.device)

# %% right="finite_difference" style="torch.cat of pieces around the knob, lambda inside"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    moved = lambda k, by: torch.cat([parameters[:k], parameters[k:k + 1] + by, parameters[k + 1:]])
    pairs = ((loss(moved(k, nudge)), loss(moved(k, -nudge))) for k in range(len(parameters)))
    return torch.stack([0.5 * (up - down) / nudge for up, down in pairs])

# %% right="finite_difference" style="recursion over the knobs"
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    def from_knob(k):
        if k == len(parameters):
            return []
        hair = torch.zeros_like(parameters)
        hair[k] = nudge
        return [(loss(parameters + hair) - loss(parameters - hair)) / (nudge + nudge)] + from_knob(k + 1)

    return torch.stack(from_knob(0))

# %% wrong="line_gradient" really="adds up over the rows, no mean"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    r = y - (parameters[0] * x + parameters[1])
    return torch.stack([(-2 * r * x).sum(), (-2 * r).sum()])

# %% wrong="line_gradient" really="wrong sign: it points downhill"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    slope, intercept = parameters
    r = y - (slope * x + intercept)
    return torch.stack([(2 * r * x).mean(), (2 * r).mean()])

# %% wrong="line_gradient" really="takes prediction minus target and keeps the -2, so the sign is wrong"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    error = predict(x, *parameters) - y
    return torch.stack([torch.mean(-2 * error * x), torch.mean(-2 * error)])

# %% wrong="line_gradient" really="the factor 2 of the square is forgotten"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    r = y - (parameters[0] * x + parameters[1])
    return torch.stack([-(r * x).mean(), -r.mean()])

# %% wrong="line_gradient" really="intercept first and slope second"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    r = y - (parameters[0] * x + parameters[1])
    return torch.stack([(-2 * r).mean(), (-2 * r * x).mean()])

# %% wrong="line_gradient" really="takes the intercept for the slope when it predicts"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    intercept, slope = parameters
    r = y - (slope * x + intercept)
    return torch.stack([(-2 * r * x).mean(), (-2 * r).mean()])

# %% wrong="line_gradient" really="the gradient by the slope lacks the factor x"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    r = y - (parameters[0] * x + parameters[1])
    g = (-2 * r).mean()
    return torch.stack([g, g])

# %% wrong="line_gradient" really="no mean at all: tries to return one gradient a row, of shape (2, n)"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    r = y - (parameters[0] * x + parameters[1])
    return torch.stack([-2 * r * x, -2 * r])

# %% wrong="line_gradient" really="torch.tensor of two items makes float32 of float64"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    r = y - (parameters[0] * x + parameters[1])
    return torch.tensor([(-2 * r * x).mean().item(), (-2 * r).mean().item()])

# %% wrong="line_gradient" really="converts to float32 for safety, so float64 does not come back"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    parameters, x, y = parameters.float(), x.float(), y.float()
    r = y - (parameters[0] * x + parameters[1])
    return torch.stack([(-2 * r * x).mean(), (-2 * r).mean()])

# %% wrong="line_gradient" really="multiplies the mean residual by the mean x, and a mean of products is not the product of means"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    r = (y - (parameters[0] * x + parameters[1])).mean()
    return torch.stack([-2 * r * x.mean(), -2 * r])

# %% wrong="line_gradient" really="a column against a row: residuals of every drop with every other, (n, n)"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    X = x.reshape(-1, 1)
    r = y - (parameters[0] * X + parameters[1])
    return torch.stack([(-2 * r * X).mean(), (-2 * r).mean()])

# %% wrong="line_gradient" really="gradient of the root of the mean square, not of the mean square"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    r = y - (parameters[0] * x + parameters[1])
    root = (r ** 2).mean().sqrt()
    return torch.stack([-(r * x).mean(), -r.mean()]) / root

# %% wrong="line_gradient" really="divides by n - 1, which is nan or infinite for a single row"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    r = y - (parameters[0] * x + parameters[1])
    return torch.stack([-2 * (r * x).sum(), -2 * r.sum()]) / (len(x) - 1)

# %% wrong="line_gradient" really="the number of drops of the splatter, 200, is written into the formula"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    r = y - (parameters[0] * x + parameters[1])
    return torch.stack([-2 / 200 * (r * x).sum(), -2 / 200 * r.sum()])

# %% wrong="line_gradient" really="divides by the number of parameters and not by the number of rows"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    r = y - (parameters[0] * x + parameters[1])
    n = len(parameters)
    return torch.stack([(-2 * r * x).sum() / n, (-2 * r).sum() / n])

# %% wrong="line_gradient" really="gradient of the mean absolute error: only the signs of the residuals count"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    r = y - (parameters[0] * x + parameters[1])
    return torch.stack([(-r.sign() * x).mean(), -r.sign().mean()])

# %% wrong="line_gradient" really="returns a list of two tensors, not a tensor"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    r = y - (parameters[0] * x + parameters[1])
    return [(-2 * r * x).mean(), (-2 * r).mean()]

# %% wrong="line_gradient" really="takes the prediction off y in place, so the caller's data are changed"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    r = y
    r -= parameters[0] * x + parameters[1]
    return torch.stack([(-2 * r * x).mean(), (-2 * r).mean()])

# %% wrong="line_gradient" really="residual without the intercept"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    r = y - parameters[0] * x
    return torch.stack([(-2 * r * x).mean(), (-2 * r).mean()])

# %% wrong="line_gradient" really="residuals squared: this is the loss times x, not its gradient"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    r = y - (parameters[0] * x + parameters[1])
    return torch.stack([(-2 * r ** 2 * x).mean(), (-2 * r ** 2).mean()])

# %% wrong="line_gradient" really="the gradient by the intercept is not averaged but added up"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    r = y - (parameters[0] * x + parameters[1])
    return torch.stack([-2 * (r * x).mean(), -2 * r.sum()])

# %% wrong="line_gradient" really="this is finite differences again, nudges where paper is asked for"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    gradient = torch.zeros_like(parameters)
    for i in range(2):
        step = torch.zeros_like(parameters)
        step[i] = 1e-2
        gradient[i] = (mse(predict(x, *(parameters + step)), y) - mse(predict(x, *(parameters - step)), y)) / 2e-2
    return gradient

# %% wrong="line_gradient" really="returns a matrix of shape (1, 2) in place of (2,)"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    r = y - (parameters[0] * x + parameters[1])
    X = torch.stack([x, torch.ones_like(x)], dim=1)
    return (-2 * r[:, None] * X).mean(dim=0, keepdim=True)

# %% wrong="line_gradient" really="means over both axes, so slope and intercept are mixed into one number"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    r = y - (parameters[0] * x + parameters[1])
    X = torch.stack([x, torch.ones_like(x)], dim=1)
    return (-2 * r[:, None] * X).mean()

# %% wrong="line_gradient" really="squeezes x and y, so a single row becomes a scalar and len of it fails"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    x, y = x.squeeze(), y.squeeze()
    r = y - (parameters[0] * x + parameters[1])
    return torch.stack([(-2 * r * x).sum() / len(x), (-2 * r).sum() / len(x)])

# %% wrong="line_gradient" really="torch.tensor is called with two arguments in place of a list, stops with an error"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    r = y - (parameters[0] * x + parameters[1])
    return torch.tensor((-2 * r * x).mean(), (-2 * r).mean())

# %% right="line_gradient" style="the formula as it stands in the text"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    slope, intercept = parameters
    r = y - (slope * x + intercept)
    return torch.stack([(-2 * r * x).mean(), (-2 * r).mean()])

# %% right="line_gradient" style="design matrix and matmul"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    X = torch.stack([x, torch.ones_like(x)], dim=1)
    return 2 / len(x) * (X.T @ (X @ parameters - y))

# %% right="line_gradient" style="einsum over rows"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    basis = torch.stack((x, x ** 0))
    error = torch.einsum("k,kn->n", parameters, basis) - y
    return torch.einsum("kn,n->k", basis, error) * (2.0 / x.numel())

# %% right="line_gradient" style="predict from lesson 02, torch.hstack of means"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    too_high = predict(x, parameters[0], parameters[1]) - y
    return 2 * torch.hstack([torch.mean(too_high * x), torch.mean(too_high)])

# %% right="line_gradient" style="one broadcast product and a mean over the rows"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    drops = torch.column_stack([x, torch.ones_like(x)])
    miss = (drops * parameters).sum(dim=1) - y
    return (2 * miss.unsqueeze(1) * drops).mean(0)

# %% right="line_gradient" style="filled into a new tensor of the same kind"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    residual = y - parameters[0] * x - parameters[1]
    result = torch.zeros_like(parameters)
    result[0] = -2 * (residual * x).sum() / len(x)
    result[1] = -2 * residual.sum() / len(x)
    return result

# %% right="line_gradient" style="with the data centred: the mean plus the covariance of residual and x"
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    def average(values):
        return values.sum() / values.shape[0]

    r = y - torch.addcmul(parameters[1].expand_as(x), x, parameters[0].expand_as(x))
    by_intercept = -2 * average(r)
    centre = average(x)
    by_slope = by_intercept * centre - 2 * average(r * (x - centre))
    return torch.cat([by_slope.view(1), by_intercept.view(1)])

# %% wrong="descend" really="the start is not in the path, which has steps rows only"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    line, path = start, []
    for _ in range(steps):
        line = line - learning_rate * line_gradient(line, x, y)
        path.append(line)
    return torch.stack(path)

# %% wrong="descend" really="keeps the place before each step, so where the last step ended is missing"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    line, path = start.clone(), []
    for _ in range(steps):
        path.append(line)
        line = line - learning_rate * line_gradient(line, x, y)
    return torch.stack(path)

# %% wrong="descend" really="one step too few"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    path = [start]
    for _ in range(1, steps):
        path.append(path[-1] - learning_rate * line_gradient(path[-1], x, y))
    return torch.stack(path)

# %% wrong="descend" really="plus in place of minus: climbs uphill"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    path = [start]
    for _ in range(steps):
        path.append(path[-1] + learning_rate * line_gradient(path[-1], x, y))
    return torch.stack(path)

# %% wrong="descend" really="the gradient is measured once at the start and not afresh at each step"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    gradient = line_gradient(start, x, y)
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * gradient)
    return torch.stack(path)

# %% wrong="descend" really="every step sets out from the start again, so the path does not move on"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    path = [start]
    for _ in range(steps):
        line = start - learning_rate * line_gradient(start, x, y)
        path.append(line)
    return torch.stack(path)

# %% wrong="descend" really="-= overwrites the start and every entry of the path is the same tensor"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    line = start
    path = [line]
    for _ in range(steps):
        line -= learning_rate * line_gradient(line, x, y)
        path.append(line)
    return torch.stack(path)

# %% wrong="descend" really="the start is safe, but all entries are one and the same tensor, so the path is the last place again and again"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    line = start.clone()
    path = [line]
    for _ in range(steps):
        line -= learning_rate * line_gradient(line, x, y)
        path.append(line)
    return torch.stack(path)

# %% wrong="descend" really="the path is right but the caller's start is walked along with it"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    path = [start.clone()]
    for _ in range(steps):
        start -= learning_rate * line_gradient(start, x, y)
        path.append(start.clone())
    return torch.stack(path)

# %% wrong="descend" really="returns a list of tensors, not a tensor"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * line_gradient(path[-1], x, y))
    return path

# %% wrong="descend" really="returns the last place only and not the path"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    line = start.clone()
    for _ in range(steps):
        line = line - learning_rate * line_gradient(line, x, y)
    return line

# %% wrong="descend" really="the gradient is scaled to length one, so the steps do not shrink where it is flat"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    path = [start]
    for _ in range(steps):
        gradient = line_gradient(path[-1], x, y)
        path.append(path[-1] - learning_rate * gradient / gradient.norm())
    return torch.stack(path)

# %% wrong="descend" really="shrinks the learning rate with the steps, which nobody asked for"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    path = [start]
    for step in range(steps):
        rate = learning_rate / (1 + step)
        path.append(path[-1] - rate * line_gradient(path[-1], x, y))
    return torch.stack(path)

# %% wrong="descend" really="the path is a float32 tensor even if the start is float64"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    path = torch.zeros(steps + 1, 2)
    path[0] = start
    line = start
    for step in range(steps):
        line = line - learning_rate * line_gradient(line, x, y)
        path[step + 1] = line
    return path

# %% wrong="descend" really="by way of python lists, so float64 comes back as float32"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    line = start
    path = [line.tolist()]
    for _ in range(steps):
        line = line - learning_rate * line_gradient(line, x, y)
        path.append(line.tolist())
    return tensor(path)

# %% wrong="descend" really="the first row is zero and the start is forgotten: right only for a start of zero"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    path = torch.zeros((steps + 1, 2), dtype=start.dtype)
    for step in range(steps):
        path[step + 1] = path[step] - learning_rate * line_gradient(path[step], x, y)
    return path

# %% wrong="descend" really="stops early when the gradient is small, so the path may be too short"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    path = [start]
    for _ in range(steps):
        gradient = line_gradient(path[-1], x, y)
        if gradient.norm() < 1e-3:
            break
        path.append(path[-1] - learning_rate * gradient)
    return torch.stack(path)

# %% wrong="descend" really="turns round when the loss rises, so a rate that is too high does not diverge"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    path = [start]
    for _ in range(steps):
        here = path[-1]
        there = here - learning_rate * line_gradient(here, x, y)
        if mse(predict(x, *there), y) > mse(predict(x, *here), y):
            there = here
        path.append(there)
    return torch.stack(path)

# %% wrong="descend" really="stacked along the wrong axis: (2, steps + 1)"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * line_gradient(path[-1], x, y))
    return torch.stack(path, dim=1)

# %% wrong="descend" really="cat in place of stack gives one long row of numbers"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * line_gradient(path[-1], x, y))
    return torch.cat(path)

# %% wrong="descend" really="one row a step in place of all rows in every step"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    path = [start]
    for step in range(steps):
        i = step % len(x)
        path.append(path[-1] - learning_rate * line_gradient(path[-1], x[i:i + 1], y[i:i + 1]))
    return torch.stack(path)

# %% wrong="descend" really="arguments of line_gradient in the wrong order, a wrong gradient or a shape error"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * line_gradient(x, y, path[-1]))
    return torch.stack(path)

# %% wrong="descend" really="x and y swapped in the gradient"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * line_gradient(path[-1], y, x))
    return torch.stack(path)

# %% wrong="descend" really="the gradients are never cleared and add up from step to step"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    line = start.clone().requires_grad_(True)
    path = [start.clone()]
    for _ in range(steps):
        mse(predict(x, *line), y).backward()
        with torch.no_grad():
            line -= learning_rate * line.grad
        path.append(line.detach().clone())
    return torch.stack(path)

# %% wrong="descend" really="measures the slope and the intercept one after the other, the second gradient where the first half step has ended"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    line = start.clone()
    path = [start.clone()]
    for _ in range(steps):
        for knob in range(2):
            line[knob] -= learning_rate * line_gradient(line, x, y)[knob]
        path.append(line.clone())
    return torch.stack(path)

# %% wrong="descend" really="the learning rate 0.1 is written into the loop and the argument is ignored"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - 0.1 * line_gradient(path[-1], x, y))
    return torch.stack(path)

# %% wrong="descend" really="clips the gradient to length one, which changes every walk from a steep place"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    path = [start]
    for _ in range(steps):
        gradient = line_gradient(path[-1], x, y)
        gradient = gradient / gradient.norm().clamp(min=1)
        path.append(path[-1] - learning_rate * gradient)
    return torch.stack(path)

# %% wrong="descend" really="one step too many: steps + 2 rows"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    path = [start]
    for _ in range(steps + 1):
        path.append(path[-1] - learning_rate * line_gradient(path[-1], x, y))
    return torch.stack(path)

# %% wrong="descend" really="for no steps at all the loop variable is never made, and it stops with an error"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    path = start[None]
    for _ in range(steps):
        line = path[-1] - learning_rate * line_gradient(path[-1], x, y)
        path = torch.cat([path, line[None]])
    print("arrived at", line)
    return path

# %% right="descend" style="list whose last entry is where we stand, stacked at the end"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * line_gradient(path[-1], x, y))
    return torch.stack(path)

# %% right="descend" style="a table made beforehand, in the kind of the start"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    path = start.new_empty((steps + 1, 2))
    here = start
    path[0] = here
    for step in range(1, steps + 1):
        here = here - learning_rate * line_gradient(here, x, y)
        path[step] = here
    return path

# %% right="descend" style="an inner generator of places"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    def places():
        line = start.clone()
        yield line
        for _ in range(steps):
            line = line - learning_rate * line_gradient(line, x, y)
            yield line

    return torch.stack(list(places()), dim=0)

# %% right="descend" style="recursion, the path so far grows by a row"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    def walk(path, left):
        if left == 0:
            return path
        line = path[-1]
        return walk(torch.cat([path, (line - learning_rate * line_gradient(line, x, y)).unsqueeze(0)]), left - 1)

    return walk(start.reshape(1, 2), steps)

# %% right="descend" style="slope and intercept as two variables with the formula written out"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    slope, intercept = start[0], start[1]
    slopes, intercepts = [slope], [intercept]
    for _ in range(steps):
        r = y - slope * x - intercept
        slope, intercept = slope + 2 * learning_rate * (r * x).mean(), intercept + 2 * learning_rate * r.mean()
        slopes.append(slope)
        intercepts.append(intercept)
    return torch.stack([torch.stack(slopes), torch.stack(intercepts)], dim=1)

# %% right="descend" style="itertools.accumulate with a lambda"
from itertools import accumulate


@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    step = lambda line, _: line - learning_rate * line_gradient(line, x, y)
    return torch.stack(list(accumulate(range(steps), step, initial=start)))

# %% right="descend" style="in place on a clone of its own, with a clone for each entry of the path"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    line = start.clone()
    path = [line.clone()]
    while len(path) <= steps:
        line -= learning_rate * line_gradient(line.clone(), x, y)
        path.append(line.clone())
    return torch.stack(path)

# %% wrong="mini_batches" really="the rows are not shuffled at all"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    for _ in range(epochs):
        for i in range(0, len(x), batch_size):
            yield x[i:i + batch_size], y[i:i + batch_size]

# %% wrong="mini_batches" really="shuffles once before the epochs, so every epoch has the same order"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(x), generator=generator)
    for _ in range(epochs):
        for i in range(0, len(x), batch_size):
            rows = order[i:i + batch_size]
            yield x[rows], y[rows]

# %% wrong="mini_batches" really="makes the generator anew in each epoch with the same seed, so no epoch differs from another"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    for _ in range(epochs):
        generator = torch.Generator().manual_seed(seed)
        order = torch.randperm(len(x), generator=generator)
        for i in range(0, len(x), batch_size):
            rows = order[i:i + batch_size]
            yield x[rows], y[rows]

# %% wrong="mini_batches" really="x and y are shuffled each in its own order, so the pairs are torn apart"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        xs = x[torch.randperm(len(x), generator=generator)]
        ys = y[torch.randperm(len(y), generator=generator)]
        for i in range(0, len(x), batch_size):
            yield xs[i:i + batch_size], ys[i:i + batch_size]

# %% wrong="mini_batches" really="only x is shuffled and y stays in the old order"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(x), generator=generator)
        for i in range(0, len(x), batch_size):
            yield x[order[i:i + batch_size]], y[i:i + batch_size]

# %% wrong="mini_batches" really="the last short batch is dropped and its rows are lost"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(x), generator=generator)
        for b in range(len(x) // batch_size):
            rows = order[b * batch_size:(b + 1) * batch_size]
            yield x[rows], y[rows]

# %% wrong="mini_batches" really="the range stops a batch too early, which loses the last batch whether short or full"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(x), generator=generator)
        for i in range(0, len(x) - batch_size, batch_size):
            rows = order[i:i + batch_size]
            yield x[rows], y[rows]

# %% wrong="mini_batches" really="one batch too many where the rows divide evenly, and that one is empty"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(x), generator=generator)
        for b in range(len(x) // batch_size + 1):
            rows = order[b * batch_size:(b + 1) * batch_size]
            yield x[rows], y[rows]

# %% wrong="mini_batches" really="fills the last batch up with rows from the front, so some rows have two turns"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(x), generator=generator)
        for i in range(0, len(x), batch_size):
            rows = order[torch.arange(i, i + batch_size) % len(x)]
            yield x[rows], y[rows]

# %% wrong="mini_batches" really="draws with replacement, so some rows come twice and others never"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    n = len(x)
    for _ in range(epochs):
        for i in range(0, n, batch_size):
            rows = torch.randint(0, n, (min(batch_size, n - i),), generator=generator)
            yield x[rows], y[rows]

# %% wrong="mini_batches" really="draws a fresh permutation for each batch, so rows repeat within an epoch and others are left out"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        for i in range(0, len(x), batch_size):
            rows = torch.randperm(len(x), generator=generator)[i:i + batch_size]
            yield x[rows], y[rows]

# %% wrong="mini_batches" really="shuffles the order of the batches but not the rows, so neighbours always stay together"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    xs, ys = x.split(batch_size), y.split(batch_size)
    for _ in range(epochs):
        for b in torch.randperm(len(xs), generator=generator).tolist():
            yield xs[b], ys[b]

# %% wrong="mini_batches" really="the seed is not used: the order is another one on every call"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    for _ in range(epochs):
        order = torch.randperm(len(x))
        for i in range(0, len(x), batch_size):
            rows = order[i:i + batch_size]
            yield x[rows], y[rows]

# %% wrong="mini_batches" really="always seeds with 0, so another seed does not give another order"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(0)
    for _ in range(epochs):
        order = torch.randperm(len(x), generator=generator)
        for i in range(0, len(x), batch_size):
            rows = order[i:i + batch_size]
            yield x[rows], y[rows]

# %% wrong="mini_batches" really="seeds torch's global chance: whoever draws between two batches changes the next epoch's order, and the caller's chance is reset"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    torch.manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(x))
        for i in range(0, len(x), batch_size):
            rows = order[i:i + batch_size]
            yield x[rows], y[rows]

# %% wrong="mini_batches" really="shuffles the caller's x and y in place"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(x), generator=generator)
        x[:] = x[order]
        y[:] = y[order]
        for i in range(0, len(x), batch_size):
            yield x[i:i + batch_size].clone(), y[i:i + batch_size].clone()

# %% wrong="mini_batches" really="return in place of yield: only the first batch comes back"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(x), generator=generator)
        for i in range(0, len(x), batch_size):
            rows = order[i:i + batch_size]
            return x[rows], y[rows]

# %% wrong="mini_batches" really="epochs is ignored, there is a single pass"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(seed))
    for rows in order.split(batch_size):
        yield x[rows], y[rows]

# %% wrong="mini_batches" really="strings the epochs together before cutting, so a batch may reach from one epoch into the next"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    order = torch.cat([torch.randperm(len(x), generator=generator) for _ in range(epochs)])
    for i in range(0, len(order), batch_size):
        rows = order[i:i + batch_size]
        yield x[rows], y[rows]

# %% wrong="mini_batches" really="chunk makes pieces of equal size: 9 rows in fours come as 3, 3, 3 and not as 4, 4, 1"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    pieces = -(-len(x) // batch_size)
    for _ in range(epochs):
        order = torch.randperm(len(x), generator=generator)
        for rows in order.chunk(pieces):
            yield x[rows], y[rows]

# %% wrong="mini_batches" really="takes the batch size for the number of batches"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(x), generator=generator)
        for rows in order.chunk(batch_size):
            yield x[rows], y[rows]

# %% wrong="mini_batches" really="puts x and y side by side in one tensor, which makes floats of whole-number labels and fails where x has more axes"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    both = torch.stack([x, y], dim=1)
    for _ in range(epochs):
        shuffled = both[torch.randperm(len(x), generator=generator)]
        for batch in shuffled.split(batch_size):
            yield batch[:, 0], batch[:, 1]

# %% wrong="mini_batches" really="hands out the numbers of the rows and not the rows"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(x), generator=generator)
        for i in range(0, len(x), batch_size):
            yield order[i:i + batch_size], order[i:i + batch_size]

# %% wrong="mini_batches" really="yields y first and x second"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(x), generator=generator)
        for i in range(0, len(x), batch_size):
            rows = order[i:i + batch_size]
            yield y[rows], x[rows]

# %% wrong="mini_batches" really="the window moves by one row and not by a batch, so the batches overlap"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(x), generator=generator)
        for i in range(0, len(x)):
            rows = order[i:i + batch_size]
            yield x[rows], y[rows]

# %% wrong="mini_batches" really="permutes all the numbers in the tensor by numel: out of range as soon as a row has more than one number"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(x.numel(), generator=generator)
        for start_row in range(0, x.numel(), batch_size):
            rows = order[start_row:start_row + batch_size]
            yield x[rows], y[rows]

# %% wrong="mini_batches" really="the short batch comes first and the last one is full"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(x), generator=generator)
        rest = len(x) % batch_size
        if rest:
            yield x[order[:rest]], y[order[:rest]]
        for i in range(rest, len(x), batch_size):
            rows = order[i:i + batch_size]
            yield x[rows], y[rows]

# %% wrong="mini_batches" really="flattens the rows of a batch, so the further axes of x are lost"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(x), generator=generator)
        for i in range(0, len(x), batch_size):
            rows = order[i:i + batch_size]
            yield x[rows].flatten(), y[rows].flatten()

# %% wrong="mini_batches" really="a batch of one row is squeezed and loses its first axis"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(x), generator=generator)
        for rows in order.split(batch_size):
            yield x[rows].squeeze(0), y[rows].squeeze(0)

# %% wrong="mini_batches" really="manual_seed is called as a function of a generator that does not exist, stops with an error"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator.manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(x), generator=generator)
        for i in range(0, len(x), batch_size):
            rows = order[i:i + batch_size]
            yield x[rows], y[rows]

# %% right="mini_batches" style="one permutation an epoch, slices of it as row numbers"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(x), generator=generator)
        for i in range(0, len(x), batch_size):
            rows = order[i:i + batch_size]
            yield x[rows], y[rows]

# %% right="mini_batches" style="shuffle both, then zip two splits with yield from"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    chance = torch.Generator().manual_seed(seed)
    for epoch in range(epochs if len(x) else 0):
        cards = torch.randperm(x.shape[0], generator=chance)
        yield from zip(x[cards].split(batch_size), y[cards].split(batch_size))

# %% right="mini_batches" style="a while loop that deals from the top of the pack"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    dealer = torch.Generator().manual_seed(seed)
    while epochs > 0:
        pack = torch.randperm(len(x), generator=dealer).tolist()
        while pack:
            hand, pack = pack[:batch_size], pack[batch_size:]
            yield x[hand], y[hand]
        epochs -= 1

# %% right="mini_batches" style="returns a generator expression made by a helper, index_select"
def _orders(n, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        yield torch.randperm(n, generator=generator)


@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    n = x.size(0)
    return ((x.index_select(0, order[a:a + batch_size].to(x.device)), y.index_select(0, order[a:a + batch_size].to(y.device)))
            for order in _orders(n, epochs, seed) for a in range(0, n, batch_size))

# %% right="mini_batches" style="shuffles the already shuffled copies again each epoch"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    count = (len(x) + batch_size - 1) // batch_size
    for _ in range(epochs):
        order = torch.randperm(len(x), generator=generator)
        x, y = x[order], y[order]
        for k in range(count):
            hand = slice(k * batch_size, (k + 1) * batch_size)
            yield x[hand].clone(), y[hand].clone()

# %% right="mini_batches" style="torch's own DataLoader with a seeded generator"
from torch.utils.data import DataLoader, TensorDataset


@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    if len(x) == 0:
        return
    generator = torch.Generator().manual_seed(seed)
    loader = DataLoader(TensorDataset(x, y), batch_size=batch_size, shuffle=True, generator=generator)
    for _ in range(epochs):
        for x_batch, y_batch in loader:
            yield x_batch, y_batch

# %% right="mini_batches" style="gathers row after row and hands out what has come together"
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    g = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        xs, ys = [], []
        for row in torch.randperm(len(x), generator=g).tolist():
            xs.append(x[row])
            ys.append(y[row])
            if len(xs) == batch_size:
                yield torch.stack(xs), torch.stack(ys)
                xs, ys = [], []
        if xs:
            yield torch.stack(xs), torch.stack(ys)

# %% wrong="momentum_step" really="moves by the old velocity, the new gradient joins only after the move"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    new_parameters = parameters - learning_rate * velocity
    new_velocity = momentum * velocity + gradient
    return new_parameters, new_velocity

# %% wrong="momentum_step" really="returns the velocity first and the parameters second"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    velocity = momentum * velocity + gradient
    parameters = parameters - learning_rate * velocity
    return velocity, parameters

# %% wrong="momentum_step" really="a running average: the gradient is scaled by 1 - momentum"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    velocity = momentum * velocity + (1 - momentum) * gradient
    return parameters - learning_rate * velocity, velocity

# %% wrong="momentum_step" really="the same running average by lerp, the gradient counts only 1 - momentum"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    v = torch.lerp(gradient, velocity, momentum)
    return parameters - learning_rate * v, v

# %% wrong="momentum_step" really="the learning rate goes into the velocity, so the velocity returned is another one"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    velocity = momentum * velocity + learning_rate * gradient
    return parameters - velocity, velocity

# %% wrong="momentum_step" really="plus in place of minus: walks uphill"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    velocity = momentum * velocity + gradient
    return parameters + learning_rate * velocity, velocity

# %% wrong="momentum_step" really="the velocity is kept with the other sign, momentum * velocity - gradient"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    velocity = momentum * velocity - gradient
    return parameters + learning_rate * velocity, velocity

# %% wrong="momentum_step" really="in place: the caller's velocity is overwritten"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    velocity *= momentum
    velocity += gradient
    return parameters - learning_rate * velocity, velocity

# %% wrong="momentum_step" really="in place: the caller's parameters are overwritten"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    new_velocity = momentum * velocity + gradient
    parameters -= learning_rate * new_velocity
    return parameters, new_velocity

# %% wrong="momentum_step" really="add_ on the gradient changes the caller's gradient"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    new_velocity = gradient.add_(momentum * velocity)
    return parameters - learning_rate * new_velocity, new_velocity

# %% wrong="momentum_step" really="momentum 0.9 is written in and the argument ignored"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    velocity = 0.9 * velocity + gradient
    return parameters - learning_rate * velocity, velocity

# %% wrong="momentum_step" really="momentum 0 counts as not given and becomes 0.9"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    momentum = momentum or 0.9
    velocity = momentum * velocity + gradient
    return parameters - learning_rate * velocity, velocity

# %% wrong="momentum_step" really="without momentum the old velocity is handed back and not the gradient"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    if momentum == 0:
        return parameters - learning_rate * gradient, velocity
    velocity = momentum * velocity + gradient
    return parameters - learning_rate * velocity, velocity

# %% wrong="momentum_step" really="Nesterov's look ahead: moves by gradient plus momentum times the new velocity"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    velocity = momentum * velocity + gradient
    return parameters - learning_rate * (gradient + momentum * velocity), velocity

# %% wrong="momentum_step" really="returns only the parameters and forgets the velocity"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    velocity = momentum * velocity + gradient
    parameters = parameters - learning_rate * velocity
    return parameters

# %% wrong="momentum_step" really="the learning rate is forgotten in the move"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    velocity = momentum * velocity + gradient
    return parameters - velocity, velocity

# %% wrong="momentum_step" really="brackets: the new gradient is scaled by momentum too"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    velocity = momentum * (velocity + gradient)
    return parameters - learning_rate * velocity, velocity

# %% wrong="momentum_step" really="momentum multiplies the gradient in place of the velocity"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    velocity = velocity + momentum * gradient
    return parameters - learning_rate * velocity, velocity

# %% wrong="momentum_step" really="keeps 1 - momentum of the velocity: right only for momentum 0.5"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    velocity = (1 - momentum) * velocity + gradient
    return parameters - learning_rate * velocity, velocity

# %% wrong="momentum_step" really="moves by the gradient alone, the velocity is computed but never used"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    velocity = momentum * velocity + gradient
    return parameters - learning_rate * gradient, velocity

# %% wrong="momentum_step" really="stands still where the gradient is zero although the ball still rolls"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    if not gradient.any():
        return parameters.clone(), velocity.clone()
    velocity = momentum * velocity + gradient
    return parameters - learning_rate * velocity, velocity

# %% wrong="momentum_step" really="hands back the old velocity, so nothing is remembered"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    new_velocity = momentum * velocity + gradient
    return parameters - learning_rate * new_velocity, velocity

# %% wrong="momentum_step" really="works with one number only: item fails for more than one parameter"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    v = momentum * velocity.item() + gradient.item()
    p = parameters.item() - learning_rate * v
    return tensor([p]), tensor([v])

# %% wrong="momentum_step" really="two parameters are written in and float32 is made of everything"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    v = [momentum * float(velocity[i]) + float(gradient[i]) for i in range(2)]
    p = [float(parameters[i]) - learning_rate * v[i] for i in range(2)]
    return tensor(p), tensor(v)

# %% wrong="momentum_step" really="numpy's float32 in between makes float32 of float64"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    v = momentum * velocity.detach().cpu().numpy().astype("float32") + gradient.detach().cpu().numpy().astype("float32")
    p = parameters.detach().cpu().numpy().astype("float32") - learning_rate * v
    return torch.from_numpy(p), torch.from_numpy(v)

# %% wrong="momentum_step" really="ignores the velocity handed in and keeps one of its own from call to call"
_velocity = 0.0


@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    global _velocity
    _velocity = momentum * _velocity + gradient
    return parameters - learning_rate * _velocity, _velocity

# %% wrong="momentum_step" really="forgets the old velocity where it points against the gradient"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    velocity = torch.where(velocity * gradient < 0, gradient, momentum * velocity + gradient)
    return parameters - learning_rate * velocity, velocity

# %% wrong="momentum_step" really="scalar product in place of an elementwise one, mixes the parameters"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    v = momentum * velocity + gradient
    return parameters - learning_rate * torch.dot(v, torch.ones_like(v)), v

# %% wrong="momentum_step" really="the move is scaled by 1 - momentum to make up for the sum"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    v = momentum * velocity + gradient
    return parameters - learning_rate * (1 - momentum) * v, v

# %% wrong="momentum_step" really="a misspelt name, stops with an error"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    new_velocity = momentum * velocity + gradient
    new_parameters = parameters - learning_rate * new_velocty
    return new_parameters, new_velocity

# %% right="momentum_step" style="two lines from the text"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    velocity = momentum * velocity + gradient
    parameters = parameters - learning_rate * velocity
    return parameters, velocity

# %% right="momentum_step" style="torch.add and torch.sub with alpha"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    new_velocity = torch.add(gradient, velocity, alpha=float(momentum))
    return torch.sub(parameters, new_velocity, alpha=float(learning_rate)), new_velocity

# %% right="momentum_step" style="in place on clones of its own"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    v = velocity.clone()
    v.mul_(momentum).add_(gradient)
    p = parameters.clone()
    p.sub_(learning_rate * v)
    return p, v

# %% right="momentum_step" style="a comprehension over the parameters, stacked"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    pairs = [(p - learning_rate * (momentum * v + g), momentum * v + g) for p, v, g in zip(parameters, velocity, gradient)]
    new_parameters, new_velocity = zip(*pairs)
    return torch.stack(new_parameters), torch.stack(new_velocity)

# %% right="momentum_step" style="a row of weights times the stacked vectors, einsum"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    shares = torch.stack([velocity, gradient])
    weights = shares.new_tensor([float(momentum), 1.0])
    new_velocity = torch.einsum("k,kp->p", weights, shares)
    return torch.einsum("k,kp->p", weights.new_tensor([1.0, -float(learning_rate)]), torch.stack([parameters, new_velocity])), new_velocity

# %% right="momentum_step" style="lerp from the velocity towards nothing, helper with a lambda"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    blend = lambda a, b, share: a + share * b
    survived = velocity - (1 - momentum) * velocity
    pushed = survived + gradient
    return blend(parameters, pushed, -learning_rate), pushed

# %% right="momentum_step" style="the old share and the new push are applied to the parameters one after the other"
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    roll = velocity * momentum
    after_roll = parameters - roll * learning_rate
    after_push = after_roll - gradient * learning_rate
    return (after_push, roll + gradient)

# %% wrong="Adam" really="no bias correction: the averages are used while they are still too small"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        self.parameters = self.parameters - self.learning_rate * self.mean / (self.square.sqrt() + self.epsilon)
        return self.parameters

# %% wrong="Adam" really="the mended averages are put back into self, so they are mended again at the next step"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        self.mean = self.mean / (1 - self.beta1 ** self.steps)
        self.square = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * self.mean / (self.square.sqrt() + self.epsilon)
        return self.parameters

# %% wrong="Adam" really="the averages of self are mended in place by div_"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = self.mean.div_(1 - self.beta1 ** self.steps)
        s = self.square.div_(1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters

# %% wrong="Adam" really="epsilon stands under the root"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / torch.sqrt(s + self.epsilon)
        return self.parameters

# %% wrong="Adam" really="counts the step last, so the first correction divides by zero"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        self.steps += 1
        return self.parameters

# %% wrong="Adam" really="the second average is of the gradient and not of its square"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters

# %% wrong="Adam" really="averages the absolute value in place of the square and leaves the root out, which agrees only while the gradient has one size"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient.abs()
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s + self.epsilon)
        return self.parameters

# %% wrong="Adam" really="divides by the average square itself, the root is forgotten"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s + self.epsilon)
        return self.parameters

# %% wrong="Adam" really="beta1 and beta2 are swapped"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta2 * self.mean + (1 - self.beta2) * gradient
        self.square = self.beta1 * self.square + (1 - self.beta1) * gradient ** 2
        m = self.mean / (1 - self.beta2 ** self.steps)
        s = self.square / (1 - self.beta1 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters

# %% wrong="Adam" really="the two corrections are swapped: beta2 mends the mean and beta1 the square"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = self.mean / (1 - self.beta2 ** self.steps)
        s = self.square / (1 - self.beta1 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters

# %% wrong="Adam" really="the averages lack the factors 1 - beta, as with momentum"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + gradient
        self.square = self.beta2 * self.square + gradient ** 2
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters

# %% wrong="Adam" really="the correction takes beta times t where beta to the power t is asked"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = self.mean / (1 - self.beta1 * self.steps)
        s = self.square / (1 - self.beta2 * self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters

# %% wrong="Adam" really="the correction takes 1 - beta at every step, the power t is forgotten"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = self.mean / (1 - self.beta1)
        s = self.square / (1 - self.beta2)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters

# %% wrong="Adam" really="the steps are never counted and the correction is that of step 1 for ever"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        t = self.steps + 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = self.mean / (1 - self.beta1 ** t)
        s = self.square / (1 - self.beta2 ** t)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters

# %% wrong="Adam" really="returns nothing"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)

# %% wrong="Adam" really="the new parameters are returned but not kept"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        return self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)

# %% wrong="Adam" really="plus in place of minus: climbs"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters + self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters

# %% wrong="Adam" really="the averages are local names and not put back into self, so nothing is remembered"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = mean / (1 - self.beta1 ** self.steps)
        s = square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters

# %% wrong="Adam" really="epsilon is written in as 1e-8"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + 1e-8)
        return self.parameters

# %% wrong="Adam" really="epsilon is left out: zero over zero is nan for a knob without gradient"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / s.sqrt()
        return self.parameters

# %% wrong="Adam" really="the betas 0.9 and 0.999 are written in"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = 0.9 * self.mean + (1 - 0.9) * gradient
        self.square = 0.999 * self.square + (1 - 0.999) * gradient ** 2
        m = self.mean / (1 - 0.9 ** self.steps)
        s = self.square / (1 - 0.999 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters

# %% wrong="Adam" really="the learning rate is not used, always 0.1"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - 0.1 * m / (s.sqrt() + self.epsilon)
        return self.parameters

# %% wrong="Adam" really="the parameters are moved before the new gradient joins the averages"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        return self.parameters

# %% wrong="Adam" really="squares the running mean and not the gradient"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * self.mean ** 2
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters

# %% wrong="Adam" really="squares the caller's gradient in place"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient.pow_(2)
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters

# %% wrong="Adam" really="one stride for all knobs: the square is averaged over the parameters"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * (gradient ** 2).mean()
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters

# %% wrong="Adam" really="the sum of squares is one number for all parameters"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient @ gradient
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters

# %% wrong="Adam" really="the short form of the paper with epsilon not rescaled: differs where epsilon is large against the gradient"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        rate = self.learning_rate * (1 - self.beta2 ** self.steps) ** 0.5 / (1 - self.beta1 ** self.steps)
        self.parameters = self.parameters - rate * self.mean / (self.square.sqrt() + self.epsilon)
        return self.parameters

# %% wrong="Adam" really="only the mean is mended and not the square"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters

# %% wrong="Adam" really="the root is clamped at epsilon and not added to it"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / s.sqrt().clamp(min=self.epsilon)
        return self.parameters

# %% wrong="Adam" really="only the sign of the gradient: right at the first step and no further"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.parameters = self.parameters - self.learning_rate * gradient.sign()
        return self.parameters

# %% wrong="Adam" really="the mended averages use the count of the step before, except in the first step"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        t = max(self.steps - 1, 1)
        m = self.mean / (1 - self.beta1 ** t)
        s = self.square / (1 - self.beta2 ** t)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters

# %% wrong="Adam" really="never forgets: the largest square so far stays for good"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        self.largest = torch.maximum(getattr(self, 'largest', self.square), self.square)
        s = self.largest / (1 - self.beta2 ** self.steps)
        m = self.mean / (1 - self.beta1 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters

# %% wrong="Adam" really="a missing self, stops with an error"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters

# %% wrong="Adam" really="returns the stride and not the new parameters"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        stride = self.learning_rate * m / (s.sqrt() + self.epsilon)
        self.parameters = self.parameters - stride
        return stride

# %% wrong="Adam" really="brackets: epsilon is added to the quotient and not to the root"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * (m / s.sqrt() + self.epsilon)
        return self.parameters

# %% wrong="Adam" really="the parameters become float32 whatever they were"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters.float() - self.learning_rate * m.float() / (s.float().sqrt() + self.epsilon)
        return self.parameters

# %% right="Adam" style="the five lines of the text"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters

# %% right="Adam" style="lerp for the averages, torch functions"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps = self.steps + 1
        self.mean = torch.lerp(self.mean, gradient, 1 - self.beta1)
        self.square = torch.lerp(self.square, torch.square(gradient), 1 - self.beta2)
        bias1, bias2 = (1 - beta ** self.steps for beta in (self.beta1, self.beta2))
        self.parameters = torch.sub(self.parameters, self.learning_rate * torch.div(self.mean / bias1, torch.sqrt(self.square / bias2) + self.epsilon))
        return self.parameters

# %% right="Adam" style="averages in place on self's own tensors, new tensor for the parameters"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean.mul_(self.beta1).add_((1 - self.beta1) * gradient)
        self.square.mul_(self.beta2).add_((1 - self.beta2) * gradient * gradient)
        mended_mean = self.mean / (1 - pow(self.beta1, self.steps))
        mended_square = self.square / (1 - pow(self.beta2, self.steps))
        self.parameters = self.parameters - self.learning_rate * (mended_mean / (mended_square ** 0.5 + self.epsilon))
        return self.parameters

# %% right="Adam" style="the paper's short form with epsilon rescaled too"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        root = (1 - self.beta2 ** self.steps) ** 0.5
        rate = self.learning_rate * root / (1 - self.beta1 ** self.steps)
        self.parameters = self.parameters - rate * self.mean / (self.square.sqrt() + self.epsilon * root)
        return self.parameters

# %% right="Adam" style="helper method for average and correction together"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean, mean = self.average(self.mean, gradient, self.beta1)
        self.square, square = self.average(self.square, gradient.pow(2), self.beta2)
        self.parameters = self.parameters - self.learning_rate * mean / (square.sqrt() + self.epsilon)
        return self.parameters

    def average(self, old, new, beta):
        kept = beta * old + (1 - beta) * new
        return kept, kept / (1 - beta ** self.steps)

# %% right="Adam" style="the average moves a part of the way towards the new gradient, addcdiv for the move"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = self.mean + (1 - self.beta1) * (gradient - self.mean)
        self.square = self.square + (1 - self.beta2) * (gradient * gradient - self.square)
        correct = lambda average, beta: average / (1 - beta ** self.steps)
        self.parameters = torch.addcdiv(self.parameters, correct(self.mean, self.beta1), correct(self.square, self.beta2).sqrt() + self.epsilon, value=-self.learning_rate)
        return self.parameters

# %% right="Adam" style="a loop over the parameters, each knob by itself, stacked at the end"
@exercise(given=["__init__"])
class Adam:
    """Descent in which every parameter has a stride of its own (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Tensor, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8):
        """parameters: (p,), where to start. beta1, beta2: the shares of the two averages that are kept, in [0, 1)."""
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)     # running average of the gradient
        self.square = torch.zeros_like(parameters)   # running average of its square
        self.steps = 0                               # how many steps were taken

    def step(self, gradient: Tensor) -> Tensor:
        self.steps += 1
        t, means, squares, places = self.steps, [], [], []
        for place, mean, square, g in zip(self.parameters, self.mean, self.square, gradient):
            mean = self.beta1 * mean + (1 - self.beta1) * g
            square = self.beta2 * square + (1 - self.beta2) * g ** 2
            stride = mean / (1 - self.beta1 ** t) / ((square / (1 - self.beta2 ** t)).sqrt() + self.epsilon)
            means.append(mean)
            squares.append(square)
            places.append(place - self.learning_rate * stride)
        self.mean, self.square, self.parameters = torch.stack(means), torch.stack(squares), torch.stack(places)
        return self.parameters

