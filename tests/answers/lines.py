# Right and wrong answers to lesson 02, each as a learner writes it. The lesson's checks must accept every right one and
# name every wrong one, at home and in grading, whatever the seed.

# %% right="predict" style="by multiply and add"
@exercise
def predict(x, slope, intercept):
    return torch.add(torch.mul(x, slope), intercept)

# %% right="predict" style="one place at a time"
@exercise
def predict(x, slope, intercept):
    heights = torch.empty_like(x)
    for row in range(len(x)):
        heights[row] = slope * x[row] + intercept
    return heights

# %% right="predict" style="as a matrix product with a column of ones"
@exercise
def predict(x, slope, intercept):
    line = torch.stack([torch.as_tensor(slope, dtype=x.dtype), torch.as_tensor(intercept, dtype=x.dtype)])
    return torch.stack([x, torch.ones_like(x)], dim=1) @ line

# %% wrong="predict" named="slope and intercept have changed places"
@exercise
def predict(x, slope, intercept):
    return intercept * x + slope

# %% wrong="predict" named="the intercept is missing"
@exercise
def predict(x, slope, intercept):
    return slope * x

# %% wrong="predict" named="you multiplied the intercept by the slope as well"
@exercise
def predict(x, slope, intercept):
    return slope * (x + intercept)

# %% wrong="predict" named="the intercept is subtracted"
@exercise
def predict(x, slope, intercept):
    return slope * x - intercept

# %% wrong="predict" named="the slope is added"
@exercise
def predict(x, slope, intercept):
    return x + slope + intercept

# %% wrong="predict" named="nothing was returned"
@exercise
def predict(x, slope, intercept):
    heights = slope * x + intercept

# %% wrong="predict" named="they come in a list"
@exercise
def predict(x, slope, intercept):
    return [float(slope * place + intercept) for place in x]

# %% wrong="predict" named="x multiplies the intercept too"
@exercise
def predict(x, slope, intercept):
    return (slope + intercept) * x

# %% wrong="predict" named="the line runs the wrong way"
@exercise
def predict(x, slope, intercept):
    return intercept - slope * x

# %% wrong="predict" named="the heights were added up"
@exercise
def predict(x, slope, intercept):
    return sum(slope * place + intercept for place in x)

# %% wrong="predict" named="wrote into its argument"
@exercise
def predict(x, slope, intercept):
    x *= slope
    x += intercept
    return x

# %% right="residuals" style="by sub"
@exercise
def residuals(prediction, target):
    return torch.sub(target, prediction)

# %% right="residuals" style="a row at a time, then stacked"
@exercise
def residuals(prediction, target):
    return torch.stack([wanted - said for said, wanted in zip(prediction, target)])

# %% wrong="residuals" named="prediction minus target"
@exercise
def residuals(prediction, target):
    return prediction - target

# %% wrong="residuals" named="you dropped the sign"
@exercise
def residuals(prediction, target):
    return (target - prediction).abs()

# %% wrong="residuals" named="you squared them already"
@exercise
def residuals(prediction, target):
    return (target - prediction) ** 2

# %% wrong="residuals" named="added the residuals up"
@exercise
def residuals(prediction, target):
    return (target - prediction).sum()

# %% wrong="residuals" named="you averaged the residuals"
@exercise
def residuals(prediction, target):
    return (target - prediction).mean()

# %% wrong="residuals" named="divided by the target"
@exercise
def residuals(prediction, target):
    return (target - prediction) / target

# %% wrong="residuals" named="wrote into its argument"
@exercise
def residuals(prediction, target):
    target -= prediction
    return target

# %% right="residuals" style="as minus what is too much"
@exercise
def residuals(prediction, target):
    return -(prediction - target)

# %% wrong="residuals" named="you divided by the prediction"
@exercise
def residuals(prediction, target):
    return (target - prediction) / prediction

# %% wrong="residuals" named="you squared them and took the mean"
@exercise
def residuals(prediction, target):
    return ((target - prediction) ** 2).mean()

# %% wrong="residuals" named="the two are added"
@exercise
def residuals(prediction, target):
    return target + prediction

# %% right="mse" style="torch's own"
@exercise
def mse(prediction, target):
    return torch.nn.functional.mse_loss(prediction, target)

# %% right="mse" style="a dot product with itself"
@exercise
def mse(prediction, target):
    left_over = prediction - target
    return left_over @ left_over / len(left_over)

# %% right="mse" style="by hand with pow and numel"
@exercise
def mse(prediction, target):
    return torch.sum(torch.pow(residuals(prediction, target), 2)) / target.numel()

# %% wrong="mse" named="you summed the squares"
@exercise
def mse(prediction, target):
    return ((prediction - target) ** 2).sum()

# %% wrong="mse" named="nothing was squared"
@exercise
def mse(prediction, target):
    return residuals(prediction, target).mean()

# %% wrong="mse" named="the subtraction is the other way round"
@exercise
def mse(prediction, target):
    return (prediction - target).mean()

# %% wrong="mse" named="mean absolute error"
@exercise
def mse(prediction, target):
    return (prediction - target).abs().mean()

# %% wrong="mse" named="you took a root at the end"
@exercise
def mse(prediction, target):
    return ((prediction - target) ** 2).mean().sqrt()

# %% wrong="mse" named="you averaged first and squared after"
@exercise
def mse(prediction, target):
    return (prediction - target).mean() ** 2

# %% wrong="mse" named="one less than the number of rows"
@exercise
def mse(prediction, target):
    return ((prediction - target) ** 2).sum() / (len(target) - 1)

# %% wrong="mse" named="half of it"
@exercise
def mse(prediction, target):
    return ((prediction - target) ** 2).mean() / 2

# %% wrong="mse" named="one square for each row"
@exercise
def mse(prediction, target):
    return (prediction - target) ** 2

# %% right="mse" style="one row at a time"
@exercise
def mse(prediction, target):
    total = 0
    for said, wanted in zip(prediction, target):
        total = total + (wanted - said) ** 2
    return total / len(target)

# %% right="mse" style="from the variance and the mean of the residuals"
@exercise
def mse(prediction, target):
    left_over = residuals(prediction, target)
    return left_over.var(correction=0) + left_over.mean() ** 2

# %% wrong="mse" named="you summed first and squared after"
@exercise
def mse(prediction, target):
    return residuals(prediction, target).sum() ** 2

# %% wrong="mse" named="you summed first, squared after and divided then"
@exercise
def mse(prediction, target):
    return residuals(prediction, target).sum() ** 2 / len(target)

# %% wrong="mse" named="the residuals were doubled"
@exercise
def mse(prediction, target):
    return (residuals(prediction, target) * 2).mean()

# %% wrong="mse" named="each of the two was squared before the subtraction"
@exercise
def mse(prediction, target):
    return (target ** 2 - prediction ** 2).mean()

# %% wrong="mse" named="their norm"
@exercise
def mse(prediction, target):
    return residuals(prediction, target).norm()

# %% wrong="mse" named="does `return` stand inside the loop"
@exercise
def mse(prediction, target):
    total = 0
    for said, wanted in zip(prediction, target):
        total = total + (wanted - said) ** 2
        return total / len(target)

# %% wrong="mse" named=""
@exercise
def mse(prediction, target):
    return (residuals(prediction, target) ^ 2).mean()

# %% wrong="mse" named="no gradient reaches"
@exercise
def mse(prediction, target):
    return (residuals(prediction, target) ** 2).mean().item()

# %% right="random_search" style="all the losses first, cummin after"
@exercise
def random_search(x, y, candidates):
    losses = torch.stack([mse(predict(x, slope, intercept), y) for slope, intercept in candidates])
    return candidates[losses.argmin()], losses.cummin(dim=0).values

# %% right="random_search" style="batched, without calling predict or mse"
@exercise
def random_search(x, y, candidates):
    heights = candidates[:, :1] * x + candidates[:, 1:]
    losses = ((heights - y) ** 2).mean(dim=1)
    return candidates[int(losses.argmin())], torch.cummin(losses, 0)[0]

# %% right="random_search" style="starting at infinity"
@exercise
def random_search(x, y, candidates):
    least, best, seen = float("inf"), None, []
    for number in range(len(candidates)):
        loss = mse(predict(x, candidates[number, 0], candidates[number, 1]), y).item()
        if loss < least:
            least, best = loss, number
        seen.append(least)
    return candidates[best], torch.tensor(seen, dtype=x.dtype)

# %% right="random_search" style="plain numbers, and one tensor at the end"
@exercise
def random_search(x, y, candidates):
    best, seen = 0, []
    for number, (slope, intercept) in enumerate(candidates.tolist()):
        loss = float(mse(predict(x, slope, intercept), y))
        if not seen or loss < seen[-1]:
            best = number
        seen.append(min(loss, *seen[-1:]) if seen else loss)
    return candidates[best], torch.tensor(seen, dtype=x.dtype)

# %% wrong="random_search" named=""
@exercise
def random_search(x, y, candidates):
    best, least, seen = None, None, []
    for line in candidates:
        loss = mse(predict(x, line[0], line[1]), y)
        if loss < least:
            best, least = line, loss
        seen.append(least)
    return best, torch.stack(seen)

# %% wrong="random_search" named="the last line you tried"
@exercise
def random_search(x, y, candidates):
    least, seen = float("inf"), []
    for line in candidates:
        loss = mse(predict(x, line[0], line[1]), y)
        least = min(least, loss)
        seen.append(least)
    return line, torch.stack(seen)

# %% wrong="random_search" named="you kept the worst line"
@exercise
def random_search(x, y, candidates):
    losses = torch.stack([mse(predict(x, line[0], line[1]), y) for line in candidates])
    return candidates[losses.argmax()], losses.cummax(dim=0).values

# %% wrong="random_search" named="the loss of each try"
@exercise
def random_search(x, y, candidates):
    losses = torch.stack([mse(predict(x, line[0], line[1]), y) for line in candidates])
    return candidates[losses.argmin()], losses

# %% wrong="random_search" named="only the last number of the history"
@exercise
def random_search(x, y, candidates):
    losses = torch.stack([mse(predict(x, line[0], line[1]), y) for line in candidates])
    return candidates[losses.argmin()], losses.min()

# %% wrong="random_search" named="the number of the best try"
@exercise
def random_search(x, y, candidates):
    losses = torch.stack([mse(predict(x, line[0], line[1]), y) for line in candidates])
    return losses.argmin(), losses.cummin(dim=0).values

# %% wrong="random_search" named="column 0 of the candidates is the slope"
@exercise
def random_search(x, y, candidates):
    losses = torch.stack([mse(predict(x, line[1], line[0]), y) for line in candidates])
    return candidates[losses.argmin()], losses.cummin(dim=0).values

# %% wrong="random_search" named="no loss is below 0"
@exercise
def random_search(x, y, candidates):
    best, least, seen = candidates[0], torch.tensor(0.0, dtype=x.dtype), []
    for line in candidates:
        loss = mse(predict(x, line[0], line[1]), y)
        if loss < least:
            best, least = line, loss
        seen.append(least)
    return best, torch.stack(seen)

# %% wrong="random_search" named="only as good as the best so far took its place"
@exercise
def random_search(x, y, candidates):
    best, least, seen = None, float("inf"), []
    for line in candidates:
        loss = mse(predict(x, line[0], line[1]), y)
        if loss <= least:
            best, least = line, loss
        seen.append(least)
    return best, torch.stack(seen)

# %% wrong="random_search" named="the history comes first"
@exercise
def random_search(x, y, candidates):
    losses = torch.stack([mse(predict(x, line[0], line[1]), y) for line in candidates])
    return losses.cummin(dim=0).values, candidates[losses.argmin()]

# %% right="random_search" style="the first line, then the rest"
@exercise
def random_search(x, y, candidates):
    best = candidates[0]
    least = mse(predict(x, *best), y)
    history = [least]
    for line in candidates[1:]:
        loss = mse(predict(x, *line), y)
        if loss < least:
            best, least = line, loss
        history.append(least)
    return best, torch.stack(history)

# %% right="random_search" style="itertools, and the smallest by its index"
@exercise
def random_search(x, y, candidates):
    import itertools
    losses = [mse(predict(x, slope, intercept), y) for slope, intercept in candidates]
    return candidates[losses.index(min(losses))], torch.stack(list(itertools.accumulate(losses, min)))

# %% wrong="random_search" named="the history grew only when a better line turned up"
@exercise
def random_search(x, y, candidates):
    best, least, history = None, float("inf"), []
    for line in candidates:
        loss = mse(predict(x, line[0], line[1]), y)
        if loss < least:
            best, least = line, loss
            history.append(least)
    return best, torch.stack(history)

# %% wrong="random_search" named="one number too many at its beginning"
@exercise
def random_search(x, y, candidates):
    best, least, history = None, float("inf"), [torch.tensor(float("inf"))]
    for line in candidates:
        loss = mse(predict(x, line[0], line[1]), y)
        if loss < least:
            best, least = line, loss
        history.append(least)
    return best, torch.stack(history)

# %% wrong="random_search" named="the first candidate is counted twice"
@exercise
def random_search(x, y, candidates):
    best = candidates[0]
    least = mse(predict(x, best[0], best[1]), y)
    history = [least]
    for line in candidates:
        loss = mse(predict(x, line[0], line[1]), y)
        if loss < least:
            best, least = line, loss
        history.append(least)
    return best, torch.stack(history)

# %% wrong="random_search" named="the first candidate is missing from the history"
@exercise
def random_search(x, y, candidates):
    best = candidates[0]
    least = mse(predict(x, *best), y)
    history = []
    for line in candidates[1:]:
        loss = mse(predict(x, *line), y)
        if loss < least:
            best, least = line, loss
        history.append(least)
    return best, torch.stack(history)

# %% wrong="random_search" named="the history is one try behind"
@exercise
def random_search(x, y, candidates):
    best, least, history = None, float("inf"), []
    for line in candidates:
        loss = mse(predict(x, line[0], line[1]), y)
        history.append(least)
        if loss < least:
            best, least = line, loss.item()
    return best, torch.tensor(history)

# %% wrong="random_search" named="the least loss came back"
@exercise
def random_search(x, y, candidates):
    best, least, history = None, float("inf"), []
    for line in candidates:
        loss = mse(predict(x, line[0], line[1]), y)
        if loss < least:
            best, least = line, loss
        history.append(least)
    return least, torch.stack(history)

# %% wrong="random_search" named="only the best line came back"
@exercise
def random_search(x, y, candidates):
    best, least, history = None, float("inf"), []
    for line in candidates:
        loss = mse(predict(x, line[0], line[1]), y)
        if loss < least:
            best, least = line, loss
        history.append(least)
    return best

# %% wrong="random_search" named="only the history came back"
@exercise
def random_search(x, y, candidates):
    best, least, history = None, float("inf"), []
    for line in candidates:
        loss = mse(predict(x, line[0], line[1]), y)
        if loss < least:
            best, least = line, loss
        history.append(least)
    return torch.stack(history)

# %% wrong="random_search" named="the search ended after the first try"
@exercise
def random_search(x, y, candidates):
    best, least, history = None, float("inf"), []
    for line in candidates:
        loss = mse(predict(x, line[0], line[1]), y)
        if loss < least:
            best, least = line, loss
        history.append(least)
        return best, torch.stack(history)

# %% wrong="random_search" named="compared with the one just before it"
@exercise
def random_search(x, y, candidates):
    best, least, before, history = None, None, float("inf"), []
    for line in candidates:
        loss = mse(predict(x, line[0], line[1]), y)
        if loss < before:
            best, least = line, loss
        before = loss
        history.append(least)
    return best, torch.stack(history)

# %% wrong="random_search" named="a number that you chose"
@exercise
def random_search(x, y, candidates):
    best, least, history = candidates[0], torch.tensor(1e6, dtype=x.dtype), []
    for line in candidates:
        loss = mse(predict(x, line[0], line[1]), y)
        if loss < least:
            best, least = line, loss
        history.append(least)
    return best, torch.stack(history)

# %% wrong="random_search" named="wrote into its argument"
@exercise
def random_search(x, y, candidates):
    best, least, history = candidates[0], float("inf"), []
    for line in candidates:
        loss = mse(predict(x, line[0], line[1]), y)
        if loss < least:
            best[:] = line
            least = loss
        history.append(least)
    return best, torch.stack(history)

# %% wrong="random_search" named=""
@exercise
def random_search(x, y, candidates):
    least = 0
    history = []
    for line in candidates:
        loss = mse(predict(x, line[0], line[1]), y)
        if loss < least:
            best, least = line, loss
        history.append(least)
    return best, torch.stack(history)

# %% wrong="random_search" named="the best line was never set"
@exercise
def random_search(x, y, candidates):
    least = 1000
    history = []
    for line in candidates:
        loss = mse(predict(x, line[0], line[1]), y)
        if loss < least:
            best, least = line, loss
        history.append(least)
    return best, torch.stack(history)

# %% wrong="random_search" named="got into torch.stack"
@exercise
def random_search(x, y, candidates):
    best, least = candidates[0], 1000
    history = []
    for line in candidates:
        loss = mse(predict(x, line[0], line[1]), y)
        if loss < least:
            best, least = line, loss
        history.append(least)
    return best, torch.stack(history)

# %% wrong="random_search" named=""
@exercise
def random_search(x, y, candidates):
    best, least = candidates[0], 0
    history = []
    for line in candidates:
        loss = mse(predict(x, line[0], line[1]), y)
        if loss < least:
            best, least = line, loss
        history.append(least)
    return best, torch.stack(history)

# %% right="loss_landscape" style="every line in a row, then folded into the grid"
@exercise
def loss_landscape(x, y, slopes, intercepts):
    lines = torch.cartesian_prod(intercepts, slopes)
    heights = lines[:, 1:] * x + lines[:, :1]
    return ((y - heights) ** 2).mean(dim=1).reshape(len(intercepts), len(slopes))

# %% right="loss_landscape" style="meshgrid"
@exercise
def loss_landscape(x, y, slopes, intercepts):
    slope, intercept = torch.meshgrid(slopes, intercepts, indexing="xy")
    left_over = y - (slope.unsqueeze(-1) * x + intercept.unsqueeze(-1))
    return left_over.square().mean(-1)

# %% right="loss_landscape" style="the square multiplied out, six sums for all lines"
@exercise
def loss_landscape(x, y, slopes, intercepts):
    s, i = slopes[None, :], intercepts[:, None]
    return ((y * y).mean() + s ** 2 * (x * x).mean() + i ** 2
            + 2 * s * i * x.mean() - 2 * s * (x * y).mean() - 2 * i * y.mean())

# %% wrong="loss_landscape" named="a row for each intercept"
@exercise
def loss_landscape(x, y, slopes, intercepts):
    heights = slopes[:, None, None] * x + intercepts[None, :, None]
    return ((y - heights) ** 2).mean(dim=-1)

# %% wrong="loss_landscape" named="you summed over the drops"
@exercise
def loss_landscape(x, y, slopes, intercepts):
    heights = slopes[None, :, None] * x + intercepts[:, None, None]
    return ((y - heights) ** 2).sum(dim=-1)

# %% wrong="loss_landscape" named="you took a root at the end"
@exercise
def loss_landscape(x, y, slopes, intercepts):
    heights = slopes[None, :, None] * x + intercepts[:, None, None]
    return ((y - heights) ** 2).mean(dim=-1) ** 0.5

# %% wrong="loss_landscape" named="you averaged first and squared after"
@exercise
def loss_landscape(x, y, slopes, intercepts):
    heights = slopes[None, :, None] * x + intercepts[:, None, None]
    return (y - heights).mean(dim=-1) ** 2

# %% wrong="loss_landscape" named="nothing was squared"
@exercise
def loss_landscape(x, y, slopes, intercepts):
    heights = slopes[None, :, None] * x + intercepts[:, None, None]
    return (y - heights).mean(dim=-1)

# %% wrong="loss_landscape" named="the slopes are used as intercepts"
@exercise
def loss_landscape(x, y, slopes, intercepts):
    heights = intercepts[:, None, None] * x + slopes[None, :, None]
    return ((y - heights) ** 2).mean(dim=-1)

# %% wrong="loss_landscape" named="you averaged over the lines"
@exercise
def loss_landscape(x, y, slopes, intercepts):
    heights = slopes[None, :, None] * x + intercepts[:, None, None]
    return ((y - heights) ** 2).mean(dim=1)

# %% wrong="loss_landscape" named="one number for the whole map"
@exercise
def loss_landscape(x, y, slopes, intercepts):
    heights = slopes[None, :, None] * x + intercepts[:, None, None]
    return ((y - heights) ** 2).mean()

# %% wrong="loss_landscape" named="without axes of their own"
@exercise
def loss_landscape(x, y, slopes, intercepts):
    return ((y - (slopes * x + intercepts)) ** 2).mean(dim=-1)

# %% wrong="loss_landscape" named="one call for the whole map"
@exercise
def loss_landscape(x, y, slopes, intercepts):
    return torch.stack([torch.stack([mse(predict(x, slope, intercept), y) for slope in slopes]) for intercept in intercepts])

# %% right="loss_landscape" style="the drops along the first axis"
@exercise
def loss_landscape(x, y, slopes, intercepts):
    heights = slopes * x[:, None, None] + intercepts[:, None]
    return ((y[:, None, None] - heights) ** 2).mean(dim=0)

# %% right="loss_landscape" style="the functions of before, and axes where they are called"
@exercise
def loss_landscape(x, y, slopes, intercepts):
    heights = predict(x, slopes[:, None], intercepts[:, None, None])
    return residuals(heights, y).square().mean(dim=2)

# %% right="loss_landscape" style="torch.vmap over one line"
@exercise
def loss_landscape(x, y, slopes, intercepts):
    def one_line(slope, intercept):
        return ((y - slope * x - intercept) ** 2).mean()
    
    along_a_row = torch.vmap(one_line, in_dims=(0, None))
    return torch.vmap(along_a_row, in_dims=(None, 0))(slopes, intercepts)

# %% wrong="loss_landscape" named="the drops are still there"
@exercise
def loss_landscape(x, y, slopes, intercepts):
    heights = slopes[None, :, None] * x + intercepts[:, None, None]
    return (y - heights) ** 2

# %% wrong="loss_landscape" named="you averaged over the intercepts"
@exercise
def loss_landscape(x, y, slopes, intercepts):
    heights = slopes[None, :, None] * x + intercepts[:, None, None]
    return ((y - heights) ** 2).mean(dim=0)

# %% wrong="loss_landscape" named="only the signs went"
@exercise
def loss_landscape(x, y, slopes, intercepts):
    heights = slopes[None, :, None] * x + intercepts[:, None, None]
    return (y - heights).abs().mean(dim=-1)

# %% wrong="loss_landscape" named="the subtraction is the other way round"
@exercise
def loss_landscape(x, y, slopes, intercepts):
    heights = slopes[None, :, None] * x + intercepts[:, None, None]
    return (heights - y).mean(dim=-1)

# %% wrong="loss_landscape" named="the map is upside down"
@exercise
def loss_landscape(x, y, slopes, intercepts):
    heights = slopes[None, :, None] * x + intercepts[:, None, None]
    return ((y - heights) ** 2).mean(dim=-1).flip(0)

# %% wrong="loss_landscape" named="without axes of their own"
@exercise
def loss_landscape(x, y, slopes, intercepts):
    return mse(predict(x, slopes[None, :], intercepts[:, None]), y)

# %% right="least_squares" style="from the means, in closed form"
@exercise
def least_squares(x, y):
    across, up = x - x.mean(), y - y.mean()
    slope = (across * up).sum() / (across ** 2).sum()
    return torch.stack([slope, y.mean() - slope * x.mean()])

# %% right="least_squares" style="five sums and Cramer's rule"
@exercise
def least_squares(x, y):
    n, sum_x, sum_y, sum_xx, sum_xy = len(x), x.sum(), y.sum(), (x * x).sum(), (x * y).sum()
    area = n * sum_xx - sum_x ** 2
    return torch.stack([(n * sum_xy - sum_x * sum_y) / area, (sum_xx * sum_y - sum_x * sum_xy) / area])

# %% right="least_squares" style="with the inverse"
@exercise
def least_squares(x, y):
    inputs = torch.stack((x, torch.ones_like(x))).T
    return torch.inverse(inputs.T @ inputs) @ inputs.T @ y

# %% right="least_squares" style="by the library's own least squares"
@exercise
def least_squares(x, y):
    inputs = torch.stack([x, torch.ones_like(x)], dim=1)
    return torch.linalg.lstsq(inputs, y[:, None]).solution[:, 0]

# %% right="least_squares" style="two equations solved by hand, put into a new tensor"
@exercise
def least_squares(x, y):
    slope = ((x * y).mean() - x.mean() * y.mean()) / ((x * x).mean() - x.mean() ** 2)
    return torch.tensor([slope, y.mean() - slope * x.mean()], dtype=x.dtype)

# %% wrong="least_squares" named="no column of ones"
@exercise
def least_squares(x, y):
    slope = (x @ y) / (x @ x)
    return torch.stack([slope, torch.zeros_like(slope)])

# %% wrong="least_squares" named="the intercept comes first"
@exercise
def least_squares(x, y):
    inputs = torch.stack([torch.ones_like(x), x], dim=1)
    return torch.linalg.solve(inputs.T @ inputs, inputs.T @ y)

# %% wrong="least_squares" named="that line predicts x from y"
@exercise
def least_squares(x, y):
    inputs = torch.stack([y, torch.ones_like(y)], dim=1)
    return torch.linalg.solve(inputs.T @ inputs, inputs.T @ x)

# %% wrong="least_squares" named="divided once by n and once by n - 1"
@exercise
def least_squares(x, y):
    together = ((x - x.mean()) * (y - y.mean())).mean()
    slope = together / x.var()
    return torch.stack([slope, y.mean() - slope * x.mean()])

# %% wrong="least_squares" named="that is the correlation"
@exercise
def least_squares(x, y):
    slope = torch.corrcoef(torch.stack([x, y]))[0, 1]
    return torch.stack([slope, y.mean() - slope * x.mean()])

# %% wrong="least_squares" named="the height over the middle of the drops"
@exercise
def least_squares(x, y):
    across = x - x.mean()
    return torch.stack([(across @ y) / (across @ across), y.mean()])

# %% wrong="least_squares" named="through the first drop and the last"
@exercise
def least_squares(x, y):
    slope = (y[-1] - y[0]) / (x[-1] - x[0])
    return torch.stack([slope, y[0] - slope * x[0]])

# %% wrong="least_squares" named="the inverse is missing"
@exercise
def least_squares(x, y):
    inputs = torch.stack([x, torch.ones_like(x)], dim=1)
    return inputs.T @ y

# %% right="least_squares" style="the pseudoinverse"
@exercise
def least_squares(x, y):
    inputs = torch.stack([x, torch.ones_like(x)], dim=1)
    return torch.linalg.pinv(inputs) @ y

# %% right="least_squares" style="from the covariance matrix"
@exercise
def least_squares(x, y):
    spread = torch.cov(torch.stack([x, y]))
    slope = spread[0, 1] / spread[0, 0]
    return torch.stack([slope, y.mean() - slope * x.mean()])

# %% wrong="least_squares" named="there is no column of ones, and one number came"
@exercise
def least_squares(x, y):
    inputs = x[:, None]
    return torch.linalg.solve(inputs.T @ inputs, inputs.T @ y)

# %% wrong="least_squares" named="going back to x = 0 takes it away"
@exercise
def least_squares(x, y):
    across, up = x - x.mean(), y - y.mean()
    slope = (across * up).sum() / (across ** 2).sum()
    return torch.stack([slope, y.mean() + slope * x.mean()])

# %% wrong="least_squares" named="as NumPy"
@exercise
def least_squares(x, y):
    import numpy
    slope = numpy.cov(x, y)[0, 1] / numpy.var(x.numpy())
    return torch.tensor([slope, y.mean() - slope * x.mean()], dtype=x.dtype)

# %% wrong="least_squares" named="the line itself is wanted"
@exercise
def least_squares(x, y):
    inputs = torch.stack([x, torch.ones_like(x)], dim=1)
    return inputs @ torch.linalg.solve(inputs.T @ inputs, inputs.T @ y)

# %% wrong="least_squares" named="only the slope came back"
@exercise
def least_squares(x, y):
    across, up = x - x.mean(), y - y.mean()
    slope = (across * up).sum() / (across ** 2).sum()
    return slope

# %% wrong="least_squares" named=""
@exercise
def least_squares(x, y):
    inputs = torch.stack([x, torch.zeros_like(x)], dim=1)
    return torch.linalg.solve(inputs.T @ inputs, inputs.T @ y)

# %% wrong="least_squares" named="shapes that do not fit"
@exercise
def least_squares(x, y):
    inputs = torch.stack([x, torch.ones_like(x)], dim=1)
    return torch.linalg.solve(inputs, y)

# %% wrong="least_squares" named="lies on its side"
@exercise
def least_squares(x, y):
    inputs = torch.stack([x, torch.ones_like(x)])
    return torch.linalg.solve(inputs.T @ inputs, inputs.T @ y)

# %% wrong="reading" named="the drop hangs below the line"
reading = {1: "a", 2: "c", 3: "b", 4: "c", 5: "b"}

# %% wrong="reading" named="any line through the middle of the drops"
reading = {1: "b", 2: "a", 3: "b", 4: "c", 5: "b"}
