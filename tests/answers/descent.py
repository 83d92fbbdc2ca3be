"""Right and wrong answers to lesson 03 (Down the landscape of loss), as learners give them.
Each cell is an answer to one exercise; a wrong one is named by a part of what the checks must say about it.
Read first: solutions/03-descent/descent.py, for what is asked."""

# %% right="finite_difference" style="one row of nudges for each parameter, in a list"
@exercise
def finite_difference(loss, parameters, nudge=1e-2):
    steps = nudge * torch.eye(len(parameters))
    return torch.stack([(loss(parameters + step) - loss(parameters - step)) / (2 * nudge) for step in steps])


# %% right="finite_difference" style="one copy, poked and put back"
@exercise
def finite_difference(loss, parameters, nudge=1e-2):
    place = parameters.detach().clone()
    gradient = []
    for i in range(place.numel()):
        kept = place[i].item()
        place[i] = kept + nudge
        high = loss(place)
        place[i] = kept - nudge
        low = loss(place)
        place[i] = kept
        gradient.append((high - low) / nudge / 2)
    return torch.stack(gradient)


# %% right="finite_difference" style="in plain Python numbers, back to a tensor at the end"
@exercise
def finite_difference(loss, parameters, nudge=1e-2):
    numbers = parameters.tolist()
    found = []
    for i, number in enumerate(numbers):
        up = numbers[:i] + [number + nudge] + numbers[i + 1:]
        down = numbers[:i] + [number - nudge] + numbers[i + 1:]
        found.append(float(loss(tensor(up, dtype=parameters.dtype)) - loss(tensor(down, dtype=parameters.dtype))) / (2 * nudge))
    return tensor(found, dtype=parameters.dtype)


# %% wrong="finite_difference" named="you poked up only: compare"
@exercise
def finite_difference(loss, parameters, nudge=1e-2):
    here = loss(parameters)
    slopes = torch.zeros_like(parameters)
    for i in range(len(parameters)):
        up = parameters.clone()
        up[i] += nudge
        slopes[i] = (loss(up) - here) / nudge
    return slopes


# %% wrong="finite_difference" named="you poked down only"
@exercise
def finite_difference(loss, parameters, nudge=1e-2):
    slopes = torch.zeros_like(parameters)
    for i in range(len(parameters)):
        down = parameters.clone()
        down[i] -= nudge
        slopes[i] = (loss(parameters) - loss(down)) / nudge
    return slopes


# %% wrong="finite_difference" named="you divided by one nudge"
@exercise
def finite_difference(loss, parameters, nudge=1e-2):
    slopes = torch.zeros_like(parameters)
    for i in range(len(parameters)):
        up, down = parameters.clone(), parameters.clone()
        up[i] += nudge
        down[i] -= nudge
        slopes[i] = (loss(up) - loss(down)) / nudge
    return slopes


# %% wrong="finite_difference" named="you poked up only and divided by two nudges"
@exercise
def finite_difference(loss, parameters, nudge=1e-2):
    slopes = torch.zeros_like(parameters)
    for i in range(len(parameters)):
        up = parameters.clone()
        up[i] += nudge
        slopes[i] = (loss(up) - loss(parameters)) / (2 * nudge)
    return slopes


# %% wrong="finite_difference" named="you poked all parameters at once"
@exercise
def finite_difference(loss, parameters, nudge=1e-2):
    slopes = torch.zeros_like(parameters)
    for i in range(len(parameters)):
        slopes[i] = (loss(parameters + nudge) - loss(parameters - nudge)) / (2 * nudge)
    return slopes


# %% wrong="finite_difference" named="you did not put a parameter back"
@exercise
def finite_difference(loss, parameters, nudge=1e-2):
    place = parameters.clone()
    slopes = torch.zeros_like(parameters)
    for i in range(len(place)):
        place[i] += nudge
        high = loss(place)
        place[i] -= 2 * nudge
        slopes[i] = (high - loss(place)) / (2 * nudge)
    return slopes


# %% wrong="finite_difference" named="a nudge too high"
@exercise
def finite_difference(loss, parameters, nudge=1e-2):
    place = parameters.clone()
    slopes = torch.zeros_like(parameters)
    for i in range(len(place)):
        place[i] -= nudge
        low = loss(place)
        place[i] += 2 * nudge
        slopes[i] = (loss(place) - low) / (2 * nudge)
    return slopes


# %% wrong="finite_difference" named="the sign is flipped"
@exercise
def finite_difference(loss, parameters, nudge=1e-2):
    slopes = torch.zeros_like(parameters)
    for i in range(len(parameters)):
        up, down = parameters.clone(), parameters.clone()
        up[i] += nudge
        down[i] -= nudge
        slopes[i] = (loss(down) - loss(up)) / (2 * nudge)
    return slopes


# %% wrong="finite_difference" named="the call wrote into its argument `parameters`"
@exercise
def finite_difference(loss, parameters, nudge=1e-2):
    slopes = torch.zeros_like(parameters)
    for i in range(len(parameters)):
        one = torch.zeros_like(parameters)
        one[i] = nudge
        slopes[i] = (loss(parameters + one) - loss(parameters - one)) / (2 * nudge)
    parameters -= nudge * slopes
    return slopes


# %% right="finite_difference" style="the mean of a poke up and a poke down"
@exercise
def finite_difference(loss, parameters, nudge=1e-2):
    here = loss(parameters)
    res = []
    for i in range(len(parameters)):
        a = parameters.clone()
        a[i] += nudge
        b = parameters.clone()
        b[i] -= nudge
        res.append(((loss(a) - here) / nudge + (here - loss(b)) / nudge) / 2)
    return torch.stack(res)


# %% wrong="finite_difference" named="you did not divide"
@exercise
def finite_difference(loss, parameters, nudge=1e-2):
    p = parameters
    return torch.stack([(loss(p + nudge * e) - loss(p - nudge * e)) for e in torch.eye(len(p))])


# %% wrong="finite_difference" named="put `2 * nudge` in brackets"
@exercise
def finite_difference(loss, parameters, nudge=1e-2):
    p = parameters
    return torch.stack([(loss(p + nudge * e) - loss(p - nudge * e)) / 2 * nudge for e in torch.eye(len(p))])


# %% wrong="finite_difference" named="one and the same tensor"
@exercise
def finite_difference(loss, parameters, nudge=1e-2):
    g = []
    for i in range(len(parameters)):
        up = parameters
        down = parameters
        up[i] += nudge
        down[i] -= nudge
        g.append((loss(up) - loss(down)) / (2 * nudge))
    return torch.stack(g)


# %% wrong="finite_difference" named="the pokes pile up"
@exercise
def finite_difference(loss, parameters, nudge=1e-2):
    up, down = parameters.clone(), parameters.clone()
    g = []
    for i in range(len(parameters)):
        up[i] += nudge
        down[i] -= nudge
        g.append((loss(up) - loss(down)) / (2 * nudge))
    return torch.stack(g)


# %% wrong="finite_difference" named="`return` stands inside the loop"
@exercise
def finite_difference(loss, parameters, nudge=1e-2):
    g = torch.zeros_like(parameters)
    for i in range(len(parameters)):
        up = parameters.clone()
        up[i] += nudge
        down = parameters.clone()
        down[i] -= nudge
        g[i] = (loss(up) - loss(down)) / (2 * nudge)
        return g


# %% wrong="finite_difference" named="a share of the parameter"
@exercise
def finite_difference(loss, parameters, nudge=1e-2):
    g = torch.zeros_like(parameters)
    for i in range(len(parameters)):
        up = parameters.clone()
        up[i] *= 1 + nudge
        down = parameters.clone()
        down[i] *= 1 - nudge
        g[i] = (loss(up) - loss(down)) / (2 * nudge)
    return g


# %% wrong="finite_difference" named="one number for all parameters"
@exercise
def finite_difference(loss, parameters, nudge=1e-2):
    return (loss(parameters + nudge) - loss(parameters - nudge)) / (2 * nudge)


# %% wrong="finite_difference" named="the nudge you were given changes nothing"
@exercise
def finite_difference(loss, parameters, nudge=1e-2):
    p = parameters
    return torch.stack([(loss(p + 0.01 * e) - loss(p - 0.01 * e)) / (2 * 0.01) for e in torch.eye(len(p))])


# %% wrong="finite_difference" named="the nudge you were given changes nothing"
@exercise
def finite_difference(loss, parameters, nudge=1e-2):
    p = parameters.clone().requires_grad_(True)
    loss(p).backward()
    return p.grad


# %% wrong="finite_difference" named="half a nudge"
@exercise
def finite_difference(loss, parameters, nudge=1e-2):
    p = parameters
    return torch.stack([(loss(p + nudge / 2 * e) - loss(p - nudge / 2 * e)) / nudge for e in torch.eye(len(p))])


# %% wrong="finite_difference" named="the others are at zero"
@exercise
def finite_difference(loss, parameters, nudge=1e-2):
    g = torch.zeros_like(parameters)
    for i in range(len(parameters)):
        up = torch.zeros_like(parameters)
        up[i] = parameters[i] + nudge
        down = torch.zeros_like(parameters)
        down[i] = parameters[i] - nudge
        g[i] = (loss(up) - loss(down)) / (2 * nudge)
    return g


# %% wrong="finite_difference" named="one number alone"
@exercise
def finite_difference(loss, parameters, nudge=1e-2):
    return torch.stack([(loss(p + nudge) - loss(p - nudge)) / (2 * nudge) for p in parameters])


# %% wrong="finite_difference" named="you poked `bowl`"
@exercise
def finite_difference(loss, parameters, nudge=1e-2):
    p = parameters
    return torch.stack([(bowl(p + nudge * e) - bowl(p - nudge * e)) / (2 * nudge) for e in torch.eye(len(p))])


# %% right="line_gradient" style="errors as prediction minus target, so without the minus"
@exercise
def line_gradient(parameters, x, y):
    error = parameters[0] * x + parameters[1] - y
    return torch.stack((2 * torch.mean(error * x), 2 * torch.mean(error)))


# %% right="line_gradient" style="one matrix product"
@exercise
def line_gradient(parameters, x, y):
    inputs = torch.stack([x, torch.ones_like(x)], dim=1)
    return 2 * inputs.T @ (inputs @ parameters - y) / len(x)


# %% right="line_gradient" style="autograd does it"
@exercise
def line_gradient(parameters, x, y):
    line = parameters.clone().requires_grad_(True)
    mse(predict(x, line[0], line[1]), y).backward()
    return line.grad


# %% wrong="line_gradient" named="you forgot the factor 2: a square"
@exercise
def line_gradient(parameters, x, y):
    slope, intercept = parameters
    r = y - (slope * x + intercept)
    return torch.stack([(-r * x).mean(), (-r).mean()])


# %% wrong="line_gradient" named="you summed over the rows; the loss is a mean"
@exercise
def line_gradient(parameters, x, y):
    slope, intercept = parameters
    r = y - (slope * x + intercept)
    return torch.stack([(-2 * r * x).sum(), (-2 * r).sum()])


# %% wrong="line_gradient" named="what came is half the sum over the rows"
@exercise
def line_gradient(parameters, x, y):
    r = residuals(predict(x, parameters[0], parameters[1]), y)
    return torch.stack([-(r @ x), -r.sum()])


# %% wrong="line_gradient" named="the signs are the wrong way round"
@exercise
def line_gradient(parameters, x, y):
    slope, intercept = parameters
    r = y - (slope * x + intercept)
    return torch.stack([(2 * r * x).mean(), (2 * r).mean()])


# %% wrong="line_gradient" named="you exchanged the two"
@exercise
def line_gradient(parameters, x, y):
    slope, intercept = parameters
    r = y - (slope * x + intercept)
    return torch.stack([(-2 * r).mean(), (-2 * r * x).mean()])


# %% wrong="line_gradient" named="you left out x in the slope's part"
@exercise
def line_gradient(parameters, x, y):
    slope, intercept = parameters
    r = y - (slope * x + intercept)
    return torch.stack([(-2 * r).mean(), (-2 * r).mean()])


# %% wrong="line_gradient" named="you took the mean of x and the mean of the residuals"
@exercise
def line_gradient(parameters, x, y):
    slope, intercept = parameters
    r = y - (slope * x + intercept)
    return torch.stack([-2 * r.mean() * x.mean(), -2 * r.mean()])


# %% wrong="line_gradient" named="you left the intercept out"
@exercise
def line_gradient(parameters, x, y):
    r = y - parameters[0] * x
    return torch.stack([(-2 * r * x).mean(), (-2 * r).mean()])


# %% wrong="line_gradient" named="the values are right"
@exercise
def line_gradient(parameters, x, y):
    slope, intercept = parameters
    r = y - (slope * x + intercept)
    return tensor([(-2 * r * x).mean().item(), (-2 * r).mean().item()])


# %% wrong="line_gradient" named="nothing was returned"
@exercise
def line_gradient(parameters, x, y):
    slope, intercept = parameters
    r = y - (slope * x + intercept)
    torch.stack([(-2 * r * x).mean(), (-2 * r).mean()])


# %% right="line_gradient" style="sums, divided by the number of rows at the end"
@exercise
def line_gradient(parameters, x, y):
    r = y - predict(x, parameters[0], parameters[1])
    return -2 / x.shape[0] * torch.cat([(r * x).sum().unsqueeze(0), r.sum()[None]])


# %% wrong="line_gradient" named="no nudges and no loop"
@exercise
def line_gradient(parameters, x, y):
    return finite_difference(lambda p: mse(predict(x, *p), y), parameters)


# %% wrong="line_gradient" named="no nudges and no loop"
@exercise
def line_gradient(parameters, x, y):
    s = i = 0.
    for a, b in zip(x, y):
        r = b - parameters[0] * a - parameters[1]
        s = s - 2 * r * a
        i = i - 2 * r
    return torch.stack([s / len(x), i / len(x)])


# %% wrong="line_gradient" named="the wrong way round"
@exercise
def line_gradient(parameters, x, y):
    intercept, slope = parameters
    r = y - (slope * x + intercept)
    return torch.stack([(-2 * r * x).mean(), (-2 * r).mean()])


# %% wrong="line_gradient" named="brackets are missing"
@exercise
def line_gradient(parameters, x, y):
    slope, intercept = parameters
    r = y - slope * x + intercept
    return torch.stack([(-2 * r * x).mean(), (-2 * r).mean()])


# %% wrong="line_gradient" named="you multiplied by the slope"
@exercise
def line_gradient(parameters, x, y):
    slope, intercept = parameters
    r = y - predict(x, *parameters)
    return torch.stack([(-2 * r * slope).mean(), (-2 * r * intercept).mean()])


# %% wrong="line_gradient" named="has the minus"
@exercise
def line_gradient(parameters, x, y):
    r = y - predict(x, *parameters)
    return torch.stack([(-2 * r * x).mean(), (2 * r).mean()])


# %% wrong="line_gradient" named="the factor 2 is in the slope's part only"
@exercise
def line_gradient(parameters, x, y):
    r = y - predict(x, *parameters)
    return torch.stack([(-2 * r * x).mean(), (-r).mean()])


# %% wrong="line_gradient" named="a mean and the other a sum"
@exercise
def line_gradient(parameters, x, y):
    r = y - predict(x, *parameters)
    return torch.stack([(-2 * r * x).mean(), (-2 * r).sum()])


# %% wrong="line_gradient" named="you squared the residuals"
@exercise
def line_gradient(parameters, x, y):
    r = (y - predict(x, *parameters)) ** 2
    return torch.stack([(-2 * r * x).mean(), (-2 * r).mean()])


# %% wrong="line_gradient" named="one gradient for every row"
@exercise
def line_gradient(parameters, x, y):
    r = y - predict(x, *parameters)
    return torch.stack([-2 * r * x, -2 * r])


# %% wrong="line_gradient" named="the values are right"
@exercise
def line_gradient(parameters, x, y):
    g = torch.zeros(2)
    r = y - predict(x, *parameters)
    g[0] = (-2 * r * x).mean()
    g[1] = (-2 * r).mean()
    return g


# %% right="descend" style="an empty path, filled row by row"
@exercise
def descend(start, x, y, learning_rate, steps):
    path = torch.empty(steps + 1, len(start), dtype=start.dtype)
    path[0] = start
    for step in range(steps):
        path[step + 1] = path[step] - learning_rate * line_gradient(path[step], x, y)
    return path


# %% right="descend" style="one line that moves in place, and a copy of it each step"
@exercise
def descend(start, x, y, learning_rate, steps):
    line = start.clone()
    points = [line.clone()]
    while len(points) <= steps:
        line -= learning_rate * line_gradient(line, x, y)
        points.append(line.clone())
    return torch.vstack(points)


# %% wrong="descend" named="you walked uphill"
@exercise
def descend(start, x, y, learning_rate, steps):
    path = [start]
    for _ in range(steps):
        path.append(path[-1] + learning_rate * line_gradient(path[-1], x, y))
    return torch.stack(path)


# %% wrong="descend" named="the start is missing"
@exercise
def descend(start, x, y, learning_rate, steps):
    line, path = start, []
    for _ in range(steps):
        line = line - learning_rate * line_gradient(line, x, y)
        path.append(line)
    return torch.stack(path)


# %% wrong="descend" named="the last point is missing"
@exercise
def descend(start, x, y, learning_rate, steps):
    line, path = start, []
    for _ in range(steps):
        path.append(line)
        line = line - learning_rate * line_gradient(line, x, y)
    return torch.stack(path)


# %% wrong="descend" named="you returned where the walk ended"
@exercise
def descend(start, x, y, learning_rate, steps):
    line = start
    for _ in range(steps):
        line = line - learning_rate * line_gradient(line, x, y)
    return line


# %% wrong="descend" named="every point of your path is the last one"
@exercise
def descend(start, x, y, learning_rate, steps):
    line = start.clone()
    path = [line]
    for _ in range(steps):
        line -= learning_rate * line_gradient(line, x, y)
        path.append(line)
    return torch.stack(path)


# %% wrong="descend" named="every point of your path is the last one"
@exercise
def descend(start, x, y, learning_rate, steps):
    path = [start]
    for _ in range(steps):
        start -= learning_rate * line_gradient(start, x, y)
        path.append(start)
    return torch.stack(path)


# %% wrong="descend" named="you measured the gradient once"
@exercise
def descend(start, x, y, learning_rate, steps):
    gradient = line_gradient(start, x, y)
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * gradient)
    return torch.stack(path)


# %% wrong="descend" named="every step sets out from the start"
@exercise
def descend(start, x, y, learning_rate, steps):
    path = [start]
    for _ in range(steps):
        path.append(start - learning_rate * line_gradient(path[-1], x, y))
    return torch.stack(path)


# %% wrong="descend" named="every step repeats the first one"
@exercise
def descend(start, x, y, learning_rate, steps):
    path = [start]
    for _ in range(steps):
        path.append(start - learning_rate * line_gradient(start, x, y))
    return torch.stack(path)


# %% wrong="descend" named="forgot the learning rate"
@exercise
def descend(start, x, y, learning_rate, steps):
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - line_gradient(path[-1], x, y))
    return torch.stack(path)


# %% wrong="descend" named="no step was asked for"
@exercise
def descend(start, x, y, learning_rate, steps):
    path = [start, start - learning_rate * line_gradient(start, x, y)]
    while len(path) < steps + 1:
        path.append(path[-1] - learning_rate * line_gradient(path[-1], x, y))
    return torch.stack(path)


# %% wrong="descend" named="the call wrote into its argument `start`"
@exercise
def descend(start, x, y, learning_rate, steps):
    path = [start.clone()]
    for _ in range(steps):
        start -= learning_rate * line_gradient(start, x, y)
        path.append(start.clone())
    return torch.stack(path)


# %% right="descend" style="a walk of one step less, after the first step"
@exercise
def descend(start, x, y, learning_rate, steps):
    if steps == 0:
        return start.unsqueeze(0)
    rest = descend(start - learning_rate * line_gradient(start, x, y), x, y, learning_rate, steps - 1)
    return torch.cat([start.unsqueeze(0), rest])


# %% right="descend" style="autograd for the gradient"
@exercise
def descend(start, x, y, learning_rate, steps):
    path = [start]
    for _ in range(steps):
        p = path[-1].clone().requires_grad_(True)
        mse(predict(x, *p), y).backward()
        path.append((p - learning_rate * p.grad).detach())
    return torch.stack(path)


# %% wrong="descend" named="still in a list"
@exercise
def descend(start, x, y, learning_rate, steps):
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * line_gradient(path[-1], x, y))
    return path


# %% wrong="descend" named="`torch.cat` strings"
@exercise
def descend(start, x, y, learning_rate, steps):
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * line_gradient(path[-1], x, y))
    return torch.cat(path)


# %% wrong="descend" named="every point after the start is the last one"
@exercise
def descend(start, x, y, learning_rate, steps):
    here = start.clone()
    path = [start]
    for _ in range(steps):
        here -= learning_rate * line_gradient(here, x, y)
        path.append(here)
    return torch.stack(path)


# %% wrong="descend" named="a step too many"
@exercise
def descend(start, x, y, learning_rate, steps):
    path = [start]
    for _ in range(steps + 1):
        path.append(path[-1] - learning_rate * line_gradient(path[-1], x, y))
    return torch.stack(path)


# %% wrong="descend" named="the start stands twice"
@exercise
def descend(start, x, y, learning_rate, steps):
    path, here = [start], start
    for _ in range(steps):
        path.append(here)
        here = here - learning_rate * line_gradient(here, x, y)
    return torch.stack(path)


# %% wrong="descend" named="a learning rate of your own"
@exercise
def descend(start, x, y, learning_rate, steps):
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - 0.1 * line_gradient(path[-1], x, y))
    return torch.stack(path)


# %% wrong="descend" named="you moved one knob and measured again"
@exercise
def descend(start, x, y, learning_rate, steps):
    path = [start]
    for _ in range(steps):
        p = path[-1].clone()
        p[0] -= learning_rate * line_gradient(p, x, y)[0]
        p[1] -= learning_rate * line_gradient(p, x, y)[1]
        path.append(p)
    return torch.stack(path)


# %% wrong="descend" named="you stopped when nothing moved"
@exercise
def descend(start, x, y, learning_rate, steps):
    path = [start]
    for _ in range(steps):
        nxt = path[-1] - learning_rate * line_gradient(path[-1], x, y)
        if torch.allclose(nxt, path[-1]):
            break
        path.append(nxt)
    return torch.stack(path)


# %% right="mini_batches" style="row numbers in a list, in strides"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    lottery = torch.Generator()
    lottery.manual_seed(seed)
    for epoch in range(epochs):
        rows = torch.randperm(x.shape[0], generator=lottery).tolist()
        for first in range(0, len(rows), batch_size):
            hand = rows[first:first + batch_size]
            yield x[hand], y[hand]


# %% right="mini_batches" style="shuffle both, then split, in a list"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    lottery = torch.Generator().manual_seed(seed)
    batches = []
    for epoch in range(epochs):
        order = torch.rand(len(x), generator=lottery).argsort()
        batches += zip(x[order].split(batch_size), y[order].split(batch_size))
    return batches


# %% right="mini_batches" style="a DataLoader from torch"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    lottery = torch.Generator().manual_seed(seed)
    rows = torch.utils.data.TensorDataset(x, y)
    loader = torch.utils.data.DataLoader(rows, batch_size=batch_size, shuffle=True, generator=lottery)
    for _ in range(epochs):
        for x_batch, y_batch in loader:
            yield x_batch, y_batch


# %% wrong="mini_batches" named="the rows that did not fill a batch are lost"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(x), generator=generator)
        for number in range(len(x) // batch_size):
            rows = order[number * batch_size:(number + 1) * batch_size]
            yield x[rows], y[rows]


# %% wrong="mini_batches" named="some rows come twice and others never"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        for first in range(0, len(x), batch_size):
            rows = torch.randint(len(x), (min(batch_size, len(x) - first),), generator=generator)
            yield x[rows], y[rows]


# %% wrong="mini_batches" really="some rows come twice and others never"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        for first in range(0, len(x), batch_size):
            rows = torch.randperm(len(x), generator=generator)[:batch_size]
            yield x[rows], y[rows]


# %% wrong="mini_batches" named="the batches overlap"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(x), generator=generator)
        for first in range(len(x)):
            rows = order[first:first + batch_size]
            yield x[rows], y[rows]


# %% wrong="mini_batches" named="x and y no longer stand in the same order"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        x = x[torch.randperm(len(x), generator=generator)]
        y = y[torch.randperm(len(y), generator=generator)]
        for first in range(0, len(x), batch_size):
            yield x[first:first + batch_size], y[first:first + batch_size]


# %% wrong="mini_batches" named="x and y no longer stand in the same order"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        x_shuffled = x[torch.randperm(len(x), generator=generator)]
        for first in range(0, len(x), batch_size):
            yield x_shuffled[first:first + batch_size], y[first:first + batch_size]


# %% wrong="mini_batches" named="something other than the pair"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        for rows in torch.randperm(len(x), generator=generator).split(batch_size):
            yield x[rows]


# %% wrong="mini_batches" named="in the order of the file"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    for _ in range(epochs):
        for first in range(0, len(x), batch_size):
            yield x[first:first + batch_size], y[first:first + batch_size]


# %% wrong="mini_batches" named="every epoch has the same order"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(seed))
    for _ in range(epochs):
        for rows in order.split(batch_size):
            yield x[rows], y[rows]


# %% wrong="mini_batches" named="every epoch has the same order"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    for _ in range(epochs):
        generator = torch.Generator().manual_seed(seed)
        for rows in torch.randperm(len(x), generator=generator).split(batch_size):
            yield x[rows], y[rows]


# %% wrong="mini_batches" named="you shuffled the batches"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    generator = torch.Generator().manual_seed(seed)
    starts = torch.arange(0, len(x), batch_size)
    for _ in range(epochs):
        for first in starts[torch.randperm(len(starts), generator=generator)]:
            yield x[first:first + batch_size], y[first:first + batch_size]


# %% wrong="mini_batches" named="you stopped after one epoch"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    generator = torch.Generator().manual_seed(seed)
    for rows in torch.randperm(len(x), generator=generator).split(batch_size):
        yield x[rows], y[rows]


# %% wrong="mini_batches" named="have changed places"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        for rows in torch.randperm(len(x), generator=generator).tensor_split(batch_size):
            yield x[rows], y[rows]


# %% wrong="mini_batches" named="the seed changes nothing"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    for _ in range(epochs):
        for rows in torch.randperm(len(x)).split(batch_size):
            yield x[rows], y[rows]


# %% wrong="mini_batches" named="one and the same for every seed"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    generator = torch.Generator().manual_seed(0)
    for _ in range(epochs):
        for rows in torch.randperm(len(x), generator=generator).split(batch_size):
            yield x[rows], y[rows]


# %% right="mini_batches" style="hands off the top of the pack, until it is empty"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    g = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        rows = torch.randperm(len(x), generator=g)
        while len(rows):
            hand, rows = rows[:batch_size], rows[batch_size:]
            yield x[hand], y[hand]


# %% right="mini_batches" style="Python's own shuffle"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    import random
    rng = random.Random(seed)
    for _ in range(epochs):
        rows = list(range(len(x)))
        rng.shuffle(rows)
        for i in range(0, len(rows), batch_size):
            yield x[rows[i:i + batch_size]], y[rows[i:i + batch_size]]


# %% wrong="mini_batches" named="a batch is empty"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    g = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(x), generator=g)
        for i in range(len(x) // batch_size + 1):
            rows = order[i * batch_size:(i + 1) * batch_size]
            yield x[rows], y[rows]


# %% wrong="mini_batches" named="out of one epoch into the next"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    g = torch.Generator().manual_seed(seed)
    order = torch.cat([torch.randperm(len(x), generator=g) for _ in range(epochs)])
    for rows in order.split(batch_size):
        yield x[rows], y[rows]


# %% wrong="mini_batches" named="out of one epoch into the next"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    g = torch.Generator().manual_seed(seed)
    for rows in (torch.randperm(len(x) * epochs, generator=g) % len(x)).split(batch_size):
        yield x[rows], y[rows]


# %% wrong="mini_batches" named="the call wrote into its argument `x`"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    g = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(x), generator=g)
        x[:] = x[order]
        y[:] = y[order]
        for i in range(0, len(x), batch_size):
            yield x[i:i + batch_size].clone(), y[i:i + batch_size].clone()


# %% wrong="mini_batches" named="the same rows meet"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    g = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(x), generator=g)
    for e in range(epochs):
        for rows in order.split(batch_size):
            rows = rows[torch.randperm(len(rows), generator=g)]
            yield x[rows], y[rows]


# %% wrong="mini_batches" named="in the order of the file"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    g = torch.Generator().manual_seed(seed)
    order = torch.arange(len(x))
    for e in range(epochs):
        for rows in order.split(batch_size):
            yield x[rows], y[rows]
        order = torch.randperm(len(x), generator=g)


# %% wrong="mini_batches" named="`return` ends the function"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    g = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        for rows in torch.randperm(len(x), generator=g).split(batch_size):
            return x[rows], y[rows]


# %% wrong="mini_batches" named="something other than the pair"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    g = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        for rows in torch.randperm(len(x), generator=g).split(batch_size):
            yield torch.stack([x[rows], y[rows]])


# %% wrong="mini_batches" named="something other than the pair"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    g = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        for rows in torch.randperm(len(x), generator=g).split(batch_size):
            yield [x[i] for i in rows], [y[i] for i in rows]


# %% wrong="mini_batches" named="the pair is the wrong way round"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    g = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        for rows in torch.randperm(len(x), generator=g).split(batch_size):
            yield y[rows], x[rows]


# %% wrong="mini_batches" named="have changed places"
@exercise
def mini_batches(x, y, batch_size, epochs=1, seed=0):
    g = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        for rows in torch.randperm(len(x), generator=g).chunk(batch_size):
            yield x[rows], y[rows]


# %% right="momentum_step" style="with names of its own, a list given back"
@exercise
def momentum_step(parameters, velocity, gradient, learning_rate, momentum=0.9):
    v = gradient + velocity * momentum
    return [parameters - v * learning_rate, v]


# %% right="momentum_step" style="with torch.add and copies"
@exercise
def momentum_step(parameters, velocity, gradient, learning_rate, momentum=0.9):
    velocity = velocity.clone().mul_(momentum).add_(gradient)
    return torch.add(parameters, velocity, alpha=-learning_rate), velocity


# %% wrong="momentum_step" named="you weakened the gradient"
@exercise
def momentum_step(parameters, velocity, gradient, learning_rate, momentum=0.9):
    velocity = momentum * velocity + (1 - momentum) * gradient
    return parameters - learning_rate * velocity, velocity


# %% wrong="momentum_step" named="you moved by the old velocity"
@exercise
def momentum_step(parameters, velocity, gradient, learning_rate, momentum=0.9):
    parameters = parameters - learning_rate * velocity
    velocity = momentum * velocity + gradient
    return parameters, velocity


# %% wrong="momentum_step" named="you went uphill"
@exercise
def momentum_step(parameters, velocity, gradient, learning_rate, momentum=0.9):
    velocity = momentum * velocity + gradient
    return parameters + learning_rate * velocity, velocity


# %% wrong="momentum_step" named="momentum multiplied the gradient"
@exercise
def momentum_step(parameters, velocity, gradient, learning_rate, momentum=0.9):
    velocity = velocity + momentum * gradient
    return parameters - learning_rate * velocity, velocity


# %% wrong="momentum_step" named="the learning rate is inside your velocity"
@exercise
def momentum_step(parameters, velocity, gradient, learning_rate, momentum=0.9):
    velocity = momentum * velocity + learning_rate * gradient
    return parameters - velocity, velocity


# %% wrong="momentum_step" named="your velocity points downhill"
@exercise
def momentum_step(parameters, velocity, gradient, learning_rate, momentum=0.9):
    velocity = momentum * velocity - learning_rate * gradient
    return parameters + velocity, velocity


# %% wrong="momentum_step" named="you kept the velocity whole"
@exercise
def momentum_step(parameters, velocity, gradient, learning_rate, momentum=0.9):
    velocity = velocity + gradient
    return parameters - learning_rate * velocity, velocity


# %% wrong="momentum_step" named="you gave back the old velocity"
@exercise
def momentum_step(parameters, velocity, gradient, learning_rate, momentum=0.9):
    return parameters - learning_rate * (momentum * velocity + gradient), velocity


# %% wrong="momentum_step" named="the two results have changed places"
@exercise
def momentum_step(parameters, velocity, gradient, learning_rate, momentum=0.9):
    velocity = momentum * velocity + gradient
    return velocity, parameters - learning_rate * velocity


# %% wrong="momentum_step" named="you gave back the parameters only"
@exercise
def momentum_step(parameters, velocity, gradient, learning_rate, momentum=0.9):
    velocity = momentum * velocity + gradient
    return parameters - learning_rate * velocity


# %% wrong="momentum_step" named="the call wrote into its argument `velocity`"
@exercise
def momentum_step(parameters, velocity, gradient, learning_rate, momentum=0.9):
    velocity *= momentum
    velocity += gradient
    return parameters - learning_rate * velocity, velocity


# %% right="momentum_step" style="number by number"
@exercise
def momentum_step(parameters, velocity, gradient, learning_rate, momentum=0.9):
    v = torch.stack([momentum * a + b for a, b in zip(velocity, gradient)])
    return torch.stack([p - learning_rate * w for p, w in zip(parameters, v)]), v


# %% wrong="momentum_step" named="you kept (1 - momentum) of the velocity"
@exercise
def momentum_step(parameters, velocity, gradient, learning_rate, momentum=0.9):
    v = (1 - momentum) * velocity + gradient
    return parameters - learning_rate * v, v


# %% wrong="momentum_step" named="multiplied the two together"
@exercise
def momentum_step(parameters, velocity, gradient, learning_rate, momentum=0.9):
    v = momentum * (velocity + gradient)
    return parameters - learning_rate * v, v


# %% wrong="momentum_step" named="your velocity points downhill: here it gains the gradient"
@exercise
def momentum_step(parameters, velocity, gradient, learning_rate, momentum=0.9):
    v = momentum * velocity - gradient
    return parameters + learning_rate * v, v


# %% wrong="momentum_step" named="you subtracted twice"
@exercise
def momentum_step(parameters, velocity, gradient, learning_rate, momentum=0.9):
    v = momentum * velocity - gradient
    return parameters - learning_rate * v, v


# %% wrong="momentum_step" named="you kept 0.9"
@exercise
def momentum_step(parameters, velocity, gradient, learning_rate, momentum=0.9):
    v = 0.9 * velocity + gradient
    return parameters - learning_rate * v, v


# %% wrong="momentum_step" named="you forgot the old velocity"
@exercise
def momentum_step(parameters, velocity, gradient, learning_rate, momentum=0.9):
    return parameters - learning_rate * gradient, gradient


# %% wrong="momentum_step" named="you moved by the gradient"
@exercise
def momentum_step(parameters, velocity, gradient, learning_rate, momentum=0.9):
    v = momentum * velocity + gradient
    return parameters - learning_rate * gradient, v


# %% wrong="momentum_step" named="no learning rate"
@exercise
def momentum_step(parameters, velocity, gradient, learning_rate, momentum=0.9):
    v = momentum * velocity + gradient
    return parameters - v, v


# %% wrong="momentum_step" named="you stacked the two results"
@exercise
def momentum_step(parameters, velocity, gradient, learning_rate, momentum=0.9):
    v = momentum * velocity + gradient
    return torch.stack([parameters - learning_rate * v, v])


# %% right="Adam" style="with lerp, and the mending folded into the stride"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.steps += 1
        self.mean = torch.lerp(self.mean, gradient, 1 - self.beta1)
        self.square = torch.lerp(self.square, gradient * gradient, 1 - self.beta2)
        root = torch.sqrt(self.square) / (1 - self.beta2 ** self.steps) ** 0.5
        stride = self.learning_rate / (1 - self.beta1 ** self.steps)
        self.parameters = self.parameters - stride * self.mean / (root + self.epsilon)
        return self.parameters


# %% right="Adam" style="in place, on what belongs to the object"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        t = self.steps = self.steps + 1
        self.mean.mul_(self.beta1).add_(gradient, alpha=1 - self.beta1)
        self.square.mul_(self.beta2).addcmul_(gradient, gradient, value=1 - self.beta2)
        mended_mean, mended_square = self.mean / (1 - self.beta1 ** t), self.square / (1 - self.beta2 ** t)
        self.parameters -= self.learning_rate * mended_mean / (mended_square ** 0.5 + self.epsilon)
        return self.parameters.clone()


# %% wrong="Adam" named="the two averages were not mended"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        self.parameters = self.parameters - self.learning_rate * self.mean / (self.square.sqrt() + self.epsilon)
        return self.parameters


# %% wrong="Adam" named="you mended the mean but not the square"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        mean = self.mean / (1 - self.beta1 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * mean / (self.square.sqrt() + self.epsilon)
        return self.parameters


# %% wrong="Adam" named="you mended the square but not the mean"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        square = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * self.mean / (square.sqrt() + self.epsilon)
        return self.parameters


# %% wrong="Adam" named="the root is missing"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        mean = self.mean / (1 - self.beta1 ** self.steps)
        square = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * mean / (square + self.epsilon)
        return self.parameters


# %% wrong="Adam" named="you counted the step after the mending"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        mean = self.mean / (1 - self.beta1 ** self.steps)
        square = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * mean / (square.sqrt() + self.epsilon)
        self.steps += 1
        return self.parameters


# %% wrong="Adam" named="your count is one ahead"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        mean = self.mean / (1 - self.beta1 ** (self.steps + 1))
        square = self.square / (1 - self.beta2 ** (self.steps + 1))
        self.parameters = self.parameters - self.learning_rate * mean / (square.sqrt() + self.epsilon)
        return self.parameters


# %% wrong="Adam" named="you walked uphill"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        mean = self.mean / (1 - self.beta1 ** self.steps)
        square = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters + self.learning_rate * mean / (square.sqrt() + self.epsilon)
        return self.parameters


# %% wrong="Adam" named="every step sets out from where it all began"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        mean = self.mean / (1 - self.beta1 ** self.steps)
        square = self.square / (1 - self.beta2 ** self.steps)
        return self.parameters - self.learning_rate * mean / (square.sqrt() + self.epsilon)


# %% wrong="Adam" named="you put the mended averages back into self"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        self.mean = self.mean / (1 - self.beta1 ** self.steps)
        self.square = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * self.mean / (self.square.sqrt() + self.epsilon)
        return self.parameters


# %% wrong="Adam" named="you mend by 1 - beta in every step"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        mean = self.mean / (1 - self.beta1 ** 1)
        square = self.square / (1 - self.beta2 ** 1)
        self.parameters = self.parameters - self.learning_rate * mean / (square.sqrt() + self.epsilon)
        return self.parameters


# %% wrong="Adam" named="you averaged the squares of the mean"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * self.mean ** 2
        mean = self.mean / (1 - self.beta1 ** self.steps)
        square = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * mean / (square.sqrt() + self.epsilon)
        return self.parameters


# %% wrong="Adam" named="the two betas have changed places"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.steps += 1
        self.mean = self.beta2 * self.mean + (1 - self.beta2) * gradient
        self.square = self.beta1 * self.square + (1 - self.beta1) * gradient ** 2
        mean = self.mean / (1 - self.beta2 ** self.steps)
        square = self.square / (1 - self.beta1 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * mean / (square.sqrt() + self.epsilon)
        return self.parameters


# %% wrong="Adam" named="epsilon is inside the root"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        mean = self.mean / (1 - self.beta1 ** self.steps)
        square = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * mean / (square + self.epsilon).sqrt()
        return self.parameters


# %% wrong="Adam" named="epsilon is missing"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        mean = self.mean / (1 - self.beta1 ** self.steps)
        square = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * mean / square.sqrt()
        return self.parameters


# %% wrong="Adam" named="nothing was returned"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        mean = self.mean / (1 - self.beta1 ** self.steps)
        square = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * mean / (square.sqrt() + self.epsilon)


# %% wrong="Adam" named="you gave back the step"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        step = self.learning_rate * m / (s.sqrt() + self.epsilon)
        self.parameters = self.parameters - step
        return step


# %% wrong="Adam" named="the root before the mending"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square.sqrt() / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s + self.epsilon)
        return self.parameters


# %% wrong="Adam" named="divides by 1 and then subtracts"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = self.mean / 1 - self.beta1 ** self.steps
        s = self.square / 1 - self.beta2 ** self.steps
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters


# %% wrong="Adam" named="you multiplied where the mending divides"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = self.mean * (1 - self.beta1 ** self.steps)
        s = self.square * (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters


# %% wrong="Adam" named="joins each average in full"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.steps += 1
        self.mean = self.beta1 * self.mean + gradient
        self.square = self.beta2 * self.square + gradient ** 2
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters


# %% wrong="Adam" named="the shares are exchanged"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.steps += 1
        self.mean = (1 - self.beta1) * self.mean + self.beta1 * gradient
        self.square = (1 - self.beta2) * self.square + self.beta2 * gradient ** 2
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters


# %% wrong="Adam" named="both averages use beta1"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta1 * self.square + (1 - self.beta1) * gradient ** 2
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters


# %% wrong="Adam" named="beta1 is in both averages"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta1 * self.square + (1 - self.beta1) * gradient ** 2
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta1 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters


# %% wrong="Adam" named="with the beta of the other"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = self.mean / (1 - self.beta2 ** self.steps)
        s = self.square / (1 - self.beta1 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters


# %% wrong="Adam" named="kept with the other's"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.steps += 1
        self.mean = self.beta2 * self.mean + (1 - self.beta2) * gradient
        self.square = self.beta1 * self.square + (1 - self.beta1) * gradient ** 2
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters


# %% wrong="Adam" named="you averaged the gradient where its square"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters


# %% wrong="Adam" named="the averages start from zero"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.steps += 1
        mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = mean / (1 - self.beta1 ** self.steps)
        s = square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / (s.sqrt() + self.epsilon)
        return self.parameters


# %% wrong="Adam" named="the newest gradient"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * gradient / (s.sqrt() + self.epsilon)
        return self.parameters


# %% wrong="Adam" named="outside the brackets"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        m = self.mean / (1 - self.beta1 ** self.steps)
        s = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * m / s.sqrt() + self.epsilon
        return self.parameters


# %% wrong="Adam" named="to the root before the mending"
@exercise(given=["__init__"])
class Adam:
    """An answer."""

    def __init__(self, parameters, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters.clone()
        self.learning_rate, self.beta1, self.beta2, self.epsilon = learning_rate, beta1, beta2, epsilon
        self.mean = torch.zeros_like(parameters)
        self.square = torch.zeros_like(parameters)
        self.steps = 0

    def step(self, gradient):
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        rate = self.learning_rate * (1 - self.beta2 ** self.steps) ** 0.5 / (1 - self.beta1 ** self.steps)
        self.parameters = self.parameters - rate * self.mean / (self.square.sqrt() + self.epsilon)
        return self.parameters


# %% right="reading" style="capital letters"
reading = {1: "B", 2: "A", 3: "C", 4: "B", 5: "A"}


# %% wrong="reading" named="the gradient points uphill"
reading = {1: "a", 2: "a", 3: "c", 4: "b", 5: "a"}


# %% wrong="reading" named="each knob goes against its own number"
reading = {1: "c", 2: "a", 3: "c", 4: "b", 5: "a"}


# %% wrong="reading" named="a single valley"
reading = {1: "b", 2: "b", 3: "c", 4: "b", 5: "a"}


# %% wrong="reading" named="compound interest"
reading = {1: "b", 2: "c", 3: "c", 4: "b", 5: "a"}


# %% wrong="reading" named="not what the word is about"
reading = {1: "b", 2: "a", 3: "a", 4: "b", 5: "a"}


# %% wrong="reading" named="chance has no part"
reading = {1: "b", 2: "a", 3: "b", 4: "b", 5: "a"}


# %% wrong="reading" named="the last eight"
reading = {1: "b", 2: "a", 3: "c", 4: "a", 5: "a"}


# %% wrong="reading" named="one step a batch"
reading = {1: "b", 2: "a", 3: "c", 4: "c", 5: "a"}


# %% wrong="reading" named="no step of descent changes it"
reading = {1: "b", 2: "a", 3: "c", 4: "b", 5: "b"}


# %% wrong="reading" named="belongs to the walker"
reading = {1: "b", 2: "a", 3: "c", 4: "b", 5: "c"}


# %% right="backward" style="every path by itself, its share handed down"
@exercise
def backward(formula, numbers):
    values = [Value(number) for number in numbers.tolist()]
    output = formula(values)

    def hand_down(value, share):
        value.gradient += share
        for parent, derivative in zip(value.parents, value.derivatives):
            hand_down(parent, share * derivative)

    hand_down(output, 1.0)
    return tensor([value.gradient for value in values], dtype=numbers.dtype)


# %% right="backward" style="count who still has to hand back, and go on when nobody has"
@exercise
def backward(formula, numbers):
    values = [Value(number) for number in numbers.tolist()]
    output = formula(values)
    users, found = {}, [output]
    for value in found:
        for parent in value.parents:
            users[parent] = users.get(parent, 0) + 1
            if parent not in found:
                found.append(parent)
    output.gradient, ready = 1, [output]
    while ready:
        value = ready.pop()
        for parent, derivative in zip(value.parents, value.derivatives):
            parent.gradient = parent.gradient + derivative * value.gradient
            users[parent] -= 1
            if users[parent] == 0:
                ready.append(parent)
    return torch.stack([torch.as_tensor(value.gradient, dtype=numbers.dtype) for value in values])


# %% right="backward" style="gradients in a dictionary, the order without recursion"
@exercise
def backward(formula, numbers):
    values = [Value(float(n)) for n in numbers]
    output = formula(values)
    order, stack = [], [(output, False)]
    while stack:
        value, done = stack.pop()
        if done:
            order.append(value)
        elif value not in order:
            stack.append((value, True))
            stack += [(parent, False) for parent in value.parents]
    gradients = {value: 0.0 for value in values + order}
    gradients[output] = 1.0
    for value in reversed(list(dict.fromkeys(order))):
        for i in range(len(value.parents)):
            gradients[value.parents[i]] += value.derivatives[i] * gradients[value]
    return torch.tensor([gradients[value] for value in values], dtype=numbers.dtype)


# %% wrong="backward" named="the last share to arrive replaced the others"
@exercise
def backward(formula, numbers):
    values = [Value(number) for number in numbers.tolist()]
    output = formula(values)
    order = []

    def visit(value):
        if value not in order:
            for parent in value.parents:
                visit(parent)
            order.append(value)

    visit(output)
    output.gradient = 1.0
    for value in reversed(order):
        for parent, derivative in zip(value.parents, value.derivatives):
            parent.gradient = derivative * value.gradient
    return tensor([value.gradient for value in values], dtype=numbers.dtype)


# %% wrong="backward" named="you did not begin with 1"
@exercise
def backward(formula, numbers):
    values = [Value(number) for number in numbers.tolist()]
    output = formula(values)
    order = []

    def visit(value):
        if value not in order:
            for parent in value.parents:
                visit(parent)
            order.append(value)

    visit(output)
    for value in reversed(order):
        for parent, derivative in zip(value.parents, value.derivatives):
            parent.gradient += derivative * value.gradient
    return tensor([value.gradient for value in values], dtype=numbers.dtype)


# %% wrong="backward" named="so walk the line from its end"
@exercise
def backward(formula, numbers):
    values = [Value(number) for number in numbers.tolist()]
    output = formula(values)
    order = []

    def visit(value):
        if value not in order:
            for parent in value.parents:
                visit(parent)
            order.append(value)

    visit(output)
    output.gradient = 1.0
    for value in order:
        for parent, derivative in zip(value.parents, value.derivatives):
            parent.gradient += derivative * value.gradient
    return tensor([value.gradient for value in values], dtype=numbers.dtype)


# %% wrong="backward" named="hands on its whole gradient both times"
@exercise
def backward(formula, numbers):
    values = [Value(number) for number in numbers.tolist()]
    output = formula(values)
    order = []

    def visit(value):
        for parent in value.parents:
            visit(parent)
        order.append(value)

    visit(output)
    output.gradient = 1.0
    for value in reversed(order):
        for parent, derivative in zip(value.parents, value.derivatives):
            parent.gradient += derivative * value.gradient
    return tensor([value.gradient for value in values], dtype=numbers.dtype)


# %% wrong="backward" named="it is multiplied by the local derivative"
@exercise
def backward(formula, numbers):
    values = [Value(number) for number in numbers.tolist()]
    output = formula(values)
    order = []

    def visit(value):
        if value not in order:
            for parent in value.parents:
                visit(parent)
            order.append(value)

    visit(output)
    output.gradient = 1.0
    for value in reversed(order):
        for parent, derivative in zip(value.parents, value.derivatives):
            parent.gradient += value.gradient
    return tensor([value.gradient for value in values], dtype=numbers.dtype)


# %% wrong="backward" named="a value handed on before everybody who used it"
@exercise
def backward(formula, numbers):
    values = [Value(number) for number in numbers.tolist()]
    output = formula(values)
    output.gradient = 1.0
    order = []

    def visit(value):
        if value not in order:
            order.append(value)
            for parent in value.parents:
                visit(parent)

    visit(output)
    for value in order:
        for parent, derivative in zip(value.parents, value.derivatives):
            parent.gradient += derivative * value.gradient
    return tensor([value.gradient for value in values], dtype=numbers.dtype)


# %% wrong="backward" named="you gave back the numbers"
@exercise
def backward(formula, numbers):
    values = [Value(number) for number in numbers.tolist()]
    output = formula(values)
    order = []

    def visit(value):
        if value not in order:
            for parent in value.parents:
                visit(parent)
            order.append(value)

    visit(output)
    output.gradient = 1.0
    for value in reversed(order):
        for parent, derivative in zip(value.parents, value.derivatives):
            parent.gradient += derivative * value.gradient
    return tensor([value.number for value in values], dtype=numbers.dtype)

# %% right="backward" style="Kahn's order: count how many use a value, take it when all have been heard"
@exercise
def backward(formula, numbers):
    leaves = [Value(n) for n in numbers.tolist()]
    out = formula(leaves)
    users, stack, known = {}, [out], {out}
    while stack:
        v = stack.pop()
        for p in v.parents:
            users[p] = users.get(p, 0) + 1
            if p not in known:
                known.add(p)
                stack.append(p)
    out.gradient = 1.0
    ready = [out]
    while ready:
        v = ready.pop()
        for p, d in zip(v.parents, v.derivatives):
            p.gradient += d * v.gradient
            users[p] -= 1
            if users[p] == 0:
                ready.append(p)
    return torch.tensor([v.gradient for v in leaves], dtype=numbers.dtype)

# %% right="backward" style="every path from the output, recursively; slow and right"
@exercise
def backward(formula, numbers):
    leaves = [Value(n) for n in numbers.tolist()]
    def send(v, amount):
        v.gradient += amount
        for p, d in zip(v.parents, v.derivatives):
            send(p, amount * d)
    send(formula(leaves), 1.0)
    return torch.tensor([v.gradient for v in leaves], dtype=numbers.dtype)

# %% wrong="backward" named="only the share that reached it first"
@exercise
def backward(formula, numbers):
    leaves = [Value(n) for n in numbers.tolist()]
    seen = set()
    def send(v, amount):
        v.gradient += amount
        if v in seen:
            return
        seen.add(v)
        for p, d in zip(v.parents, v.derivatives):
            send(p, amount * d)
    send(formula(leaves), 1.0)
    return torch.tensor([v.gradient for v in leaves], dtype=numbers.dtype)

# %% wrong="backward" named="by the value's number: its gradient"
@exercise
def backward(formula, numbers):
    leaves = [Value(n) for n in numbers.tolist()]
    out = formula(leaves)
    order, seen = [], set()
    def visit(v):
        if v not in seen:
            seen.add(v)
            for p in v.parents: visit(p)
            order.append(v)
    visit(out)
    out.gradient = 1.0
    for v in reversed(order):
        for p, d in zip(v.parents, v.derivatives):
            p.gradient += d * v.number
    return torch.tensor([v.gradient for v in leaves], dtype=numbers.dtype)
