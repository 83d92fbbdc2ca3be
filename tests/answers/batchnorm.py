"""Right and wrong answers to lesson 07 (The scale of things), as learners give them.
Each cell is an answer to one exercise; a wrong one is named by a part of what the checks must say about it.
Read first: solutions/07-batchnorm/batchnorm.py, for what is asked."""

# %% right="channel_statistics" style="by hand, with the distances"
@exercise
def channel_statistics(x):
    rows = x.transpose(0, 1).flatten(1)
    mean = rows.mean(1)
    return mean, ((rows - mean[:, None]) ** 2).mean(1)


# %% right="channel_statistics" style="a channel at a time"
@exercise
def channel_statistics(x):
    means, variances = [], []
    for c in range(x.shape[1]):
        values = x[:, c]
        m = values.mean()
        means.append(m)
        variances.append(((values - m) ** 2).sum() / values.numel())
    return torch.stack(means), torch.stack(variances)


# %% right="channel_statistics" style="var_mean, turned round, as a list"
@exercise
def channel_statistics(x):
    dims = tuple(d for d in range(x.dim()) if d != 1)
    variance, mean = torch.var_mean(x, dims, unbiased=False)
    return [mean, variance]


# %% right="channel_statistics" style="keepdim and squeeze"
@exercise
def channel_statistics(x):
    dims = [0, 2, 3][: 1 if x.ndim == 2 else 3]
    mean = x.mean(dims, keepdim=True)
    return mean.reshape(-1), (x - mean).pow(2).mean(dims).reshape(-1)


# %% wrong="channel_statistics" named="you took the statistics of each row"
@exercise
def channel_statistics(x):
    dims = [1] if x.ndim == 2 else [1, 2, 3]
    return x.mean(dims), x.var(dims, correction=0)


# %% wrong="channel_statistics" named="your variance divides by one less than the count"
@exercise
def channel_statistics(x):
    dims = [0] if x.ndim == 2 else [0, 2, 3]
    return x.mean(dims), x.var(dims)


# %% wrong="channel_statistics" named="you gave the standard deviation: the variance"
@exercise
def channel_statistics(x):
    dims = [0] if x.ndim == 2 else [0, 2, 3]
    return x.mean(dims), x.std(dims, correction=0)


# %% wrong="channel_statistics" named="you gave the standard deviation, and it divides by one less"
@exercise
def channel_statistics(x):
    dims = [0] if x.ndim == 2 else [0, 2, 3]
    return x.mean(dims), x.std(dims)


# %% wrong="channel_statistics" named="you put all channels together"
@exercise
def channel_statistics(x):
    return x.mean(), x.var(correction=0)


# %% wrong="channel_statistics" named="the two have changed places"
@exercise
def channel_statistics(x):
    return torch.var_mean(x, [0] if x.ndim == 2 else [0, 2, 3], correction=0)


# %% wrong="channel_statistics" named="you summed the squared distances"
@exercise
def channel_statistics(x):
    dims = [0] if x.ndim == 2 else [0, 2, 3]
    return x.mean(dims), ((x - x.mean(dims, keepdim=True)) ** 2).sum(dims)


# %% wrong="channel_statistics" named="you averaged the squares of the values"
@exercise
def channel_statistics(x):
    dims = [0] if x.ndim == 2 else [0, 2, 3]
    return x.mean(dims), (x ** 2).mean(dims)


# %% wrong="channel_statistics" named="you averaged the distances without squaring"
@exercise
def channel_statistics(x):
    dims = [0] if x.ndim == 2 else [0, 2, 3]
    mean = x.mean(dims, keepdim=True)
    return mean.flatten(), (x - mean).abs().mean(dims)


# %% wrong="channel_statistics" named="you averaged the distances as they are"
@exercise
def channel_statistics(x):
    dims = [0] if x.ndim == 2 else [0, 2, 3]
    mean = x.mean(dims, keepdim=True)
    return mean.flatten(), (x - mean).mean(dims)


# %% wrong="channel_statistics" named="you kept the axes that were averaged away"
@exercise
def channel_statistics(x):
    dims = [0] if x.ndim == 2 else [0, 2, 3]
    return x.mean(dims, keepdim=True), x.var(dims, correction=0, keepdim=True)


# %% wrong="channel_statistics" named="you kept the axes that were averaged away"
@exercise
def channel_statistics(x):
    if x.ndim == 2:
        return x.mean(0), x.var(0, correction=0)
    return x.mean([0, 2, 3], keepdim=True), x.var([0, 2, 3], correction=0, keepdim=True)


# %% wrong="channel_statistics" named="you stacked the two"
@exercise
def channel_statistics(x):
    dims = [0] if x.ndim == 2 else [0, 2, 3]
    return torch.stack([x.mean(dims), x.var(dims, correction=0)])


# %% wrong="channel_statistics" named="you gave the means only"
@exercise
def channel_statistics(x):
    dims = [0] if x.ndim == 2 else [0, 2, 3]
    mean = x.mean(dims)
    variance = x.var(dims, correction=0)
    return mean


# %% wrong="channel_statistics" named="you averaged over the batch only"
@exercise
def channel_statistics(x):
    return x.mean(0), x.var(0, correction=0)


# %% wrong="channel_statistics" named="you averaged over the places only"
@exercise
def channel_statistics(x):
    dims = [0] if x.ndim == 2 else [2, 3]
    return x.mean(dims), x.var(dims, correction=0)


# %% wrong="channel_statistics" named="you averaged the variances of the single images"
@exercise
def channel_statistics(x):
    if x.ndim == 2:
        return x.mean(0), x.var(0, correction=0)
    return x.mean([2, 3]).mean(0), x.var([2, 3], correction=0).mean(0)


# %% wrong="channel_statistics" named="you kept the last axis"
@exercise
def channel_statistics(x):
    dims = list(range(x.ndim - 1))
    return x.mean(dims), x.var(dims, correction=0)


# %% wrong="channel_statistics" named="the mean of the squares less the square of the mean"
@exercise
def channel_statistics(x):
    dims = [0] if x.ndim == 2 else [0, 2, 3]
    mean = x.mean(dims)
    return mean, (x ** 2).mean(dims) - mean ** 2


# %% wrong="channel_statistics" named="nothing was returned"
@exercise
def channel_statistics(x):
    dims = [0] if x.ndim == 2 else [0, 2, 3]
    mean, variance = x.mean(dims), x.var(dims, correction=0)


# %% right="batch_norm" style="statistics of its own, with keepdim"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    dims = [d for d in range(x.ndim) if d != 1]
    mean = x.mean(dims, keepdim=True)
    var = x.var(dims, keepdim=True, correction=0)
    shape = mean.shape
    return (x - mean) / (var + epsilon) ** 0.5 * gamma.reshape(shape) + beta.reshape(shape)


# %% right="batch_norm" style="channels last and back"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    last = x.movedim(1, -1)
    return ((last - mean) * torch.rsqrt(variance + epsilon) * gamma + beta).movedim(-1, 1)


# %% right="batch_norm" style="one stretch and one shift"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    m, v = channel_statistics(x)
    s = gamma / (v + epsilon).sqrt()
    return x * by_channel(s, x) + by_channel(beta - m * s, x)


# %% right="batch_norm" style="torch's own"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    return nn.functional.batch_norm(x, None, None, gamma, beta, training=True, eps=epsilon)


# %% wrong="batch_norm" named="gamma and beta came before the normalising"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    x = by_channel(gamma, x) * x + by_channel(beta, x)
    mean, variance = channel_statistics(x)
    return (x - by_channel(mean, x)) / torch.sqrt(by_channel(variance, x) + epsilon)


# %% wrong="batch_norm" named="the epsilon that came is not in it"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    return by_channel(gamma, x) * (x - by_channel(mean, x)) / torch.sqrt(by_channel(variance, x)) + by_channel(beta, x)


# %% wrong="batch_norm" named="the epsilon that came is not in it"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    return by_channel(gamma, x) * (x - by_channel(mean, x)) / torch.sqrt(by_channel(variance, x) + 1e-5) + by_channel(beta, x)


# %% wrong="batch_norm" named="epsilon is outside the root"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    return by_channel(gamma, x) * (x - by_channel(mean, x)) / (by_channel(variance, x).sqrt() + epsilon) + by_channel(beta, x)


# %% wrong="batch_norm" named="the root is missing"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    return by_channel(gamma, x) * (x - by_channel(mean, x)) / (by_channel(variance, x) + epsilon) + by_channel(beta, x)


# %% wrong="batch_norm" named="your variance divides by one less than the count"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    dims = [0] if x.ndim == 2 else [0, 2, 3]
    mean, variance = x.mean(dims), x.var(dims)
    return by_channel(gamma, x) * (x - by_channel(mean, x)) / torch.sqrt(by_channel(variance, x) + epsilon) + by_channel(beta, x)


# %% wrong="batch_norm" named="you normalised and stopped"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    return (x - by_channel(mean, x)) / torch.sqrt(by_channel(variance, x) + epsilon)


# %% wrong="batch_norm" named="gamma is missing"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    return (x - by_channel(mean, x)) / torch.sqrt(by_channel(variance, x) + epsilon) + by_channel(beta, x)


# %% wrong="batch_norm" named="beta is missing"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    return by_channel(gamma, x) * (x - by_channel(mean, x)) / torch.sqrt(by_channel(variance, x) + epsilon)


# %% wrong="batch_norm" named="gamma and beta have changed places"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    return by_channel(beta, x) * (x - by_channel(mean, x)) / torch.sqrt(by_channel(variance, x) + epsilon) + by_channel(gamma, x)


# %% wrong="batch_norm" named="beta is inside the brackets"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    return by_channel(gamma, x) * ((x - by_channel(mean, x)) / torch.sqrt(by_channel(variance, x) + epsilon) + by_channel(beta, x))


# %% wrong="batch_norm" named="you multiplied by the standard deviation"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    return by_channel(gamma, x) * (x - by_channel(mean, x)) * torch.sqrt(by_channel(variance, x) + epsilon) + by_channel(beta, x)


# %% wrong="batch_norm" named="you took the value from the mean"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    return by_channel(gamma, x) * (by_channel(mean, x) - x) / torch.sqrt(by_channel(variance, x) + epsilon) + by_channel(beta, x)


# %% wrong="batch_norm" named="you took the mean away and did not divide"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    return by_channel(gamma, x) * (x - by_channel(mean, x)) + by_channel(beta, x)


# %% wrong="batch_norm" named="you divided and did not take the mean away"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    return by_channel(gamma, x) * x / torch.sqrt(by_channel(variance, x) + epsilon) + by_channel(beta, x)


# %% wrong="batch_norm" named="brackets are missing"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    normalised = x - by_channel(mean, x) / torch.sqrt(by_channel(variance, x) + epsilon)
    return by_channel(gamma, x) * normalised + by_channel(beta, x)


# %% wrong="batch_norm" named="you put all channels together"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    return by_channel(gamma, x) * (x - x.mean()) / torch.sqrt(x.var(correction=0) + epsilon) + by_channel(beta, x)


# %% wrong="batch_norm" named="you normalised over the channels"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    mean, variance = x.mean(1, keepdim=True), x.var(1, keepdim=True, correction=0)
    return by_channel(gamma, x) * (x - mean) / torch.sqrt(variance + epsilon) + by_channel(beta, x)


# %% wrong="batch_norm" named="all met the width of the image"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    return gamma * (x - mean) / torch.sqrt(variance + epsilon) + beta


# %% wrong="batch_norm" named="gamma and beta met the width"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    return gamma * (x - by_channel(mean, x)) / torch.sqrt(by_channel(variance, x) + epsilon) + beta


# %% wrong="batch_norm" named="mean and variance met the width"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    return by_channel(gamma, x) * ((x - mean) / torch.sqrt(variance + epsilon)) + by_channel(beta, x)


# %% wrong="batch_norm" named="each place was normalised by itself"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    mean, variance = x.mean(0), x.var(0, correction=0)
    return by_channel(gamma, x) * (x - mean) / torch.sqrt(variance + epsilon) + by_channel(beta, x)


# %% wrong="batch_norm" named="each image was normalised by itself"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    dims = [0] if x.ndim == 2 else [2, 3]
    mean, variance = x.mean(dims, keepdim=True), x.var(dims, correction=0, keepdim=True)
    return by_channel(gamma, x) * (x - mean) / torch.sqrt(variance + epsilon) + by_channel(beta, x)


# %% wrong="batch_norm" named="that is layer norm"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    dims = [0] if x.ndim == 2 else [1, 2, 3]
    mean, variance = x.mean(dims, keepdim=True), x.var(dims, correction=0, keepdim=True)
    return by_channel(gamma, x) * (x - mean) / torch.sqrt(variance + epsilon) + by_channel(beta, x)


# %% wrong="batch_norm" really="an in-place change"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    x -= by_channel(mean, x)
    x /= torch.sqrt(by_channel(variance, x) + epsilon)
    return by_channel(gamma, x) * x + by_channel(beta, x)


# %% right="parameter_gradients" style="matrix products"
@exercise
def parameter_gradients(gradient, x, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    hat = (x - mean) * torch.rsqrt(variance + epsilon)
    return torch.einsum("nc,nc->c", gradient, hat), gradient.T @ torch.ones_like(x[:, 0])


# %% right="parameter_gradients" style="a channel at a time, as a list"
@exercise
def parameter_gradients(gradient, x, epsilon=1e-5):
    by_gamma, by_beta = [], []
    for g, column in zip(gradient.T, x.T):
        hat = (column - column.mean()) / (column.var(correction=0) + epsilon) ** 0.5
        by_gamma.append((g * hat).sum())
        by_beta.append(g.sum())
    return [torch.stack(by_gamma), torch.stack(by_beta)]


# %% right="parameter_gradients" style="the exercise's batch_norm as a helper"
@exercise
def parameter_gradients(gradient, x, epsilon=1e-5):
    hat = batch_norm(x, torch.ones(x.shape[1]), torch.zeros(x.shape[1]), epsilon)
    return (hat * gradient).sum(0), gradient.sum(0)


# %% wrong="parameter_gradients" named="you took means over the rows"
@exercise
def parameter_gradients(gradient, x, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    hat = (x - mean) / torch.sqrt(variance + epsilon)
    return (gradient * hat).mean(0), gradient.mean(0)


# %% wrong="parameter_gradients" named="the mean is in the second only"
@exercise
def parameter_gradients(gradient, x, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    hat = (x - mean) / torch.sqrt(variance + epsilon)
    return (gradient * hat).sum(0), gradient.mean(0)


# %% wrong="parameter_gradients" named="the mean is in the first only"
@exercise
def parameter_gradients(gradient, x, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    hat = (x - mean) / torch.sqrt(variance + epsilon)
    return (gradient * hat).mean(0), gradient.sum(0)


# %% wrong="parameter_gradients" named="you took x as it came"
@exercise
def parameter_gradients(gradient, x, epsilon=1e-5):
    return (gradient * x).sum(0), gradient.sum(0)


# %% wrong="parameter_gradients" named="did not divide by the standard deviation"
@exercise
def parameter_gradients(gradient, x, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    return (gradient * (x - mean)).sum(0), gradient.sum(0)


# %% wrong="parameter_gradients" named="the epsilon that came is not in it"
@exercise
def parameter_gradients(gradient, x, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    return (gradient * (x - mean) / variance.sqrt()).sum(0), gradient.sum(0)


# %% wrong="parameter_gradients" named="epsilon is outside the root"
@exercise
def parameter_gradients(gradient, x, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    return (gradient * (x - mean) / (variance.sqrt() + epsilon)).sum(0), gradient.sum(0)


# %% wrong="parameter_gradients" named="the root is missing"
@exercise
def parameter_gradients(gradient, x, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    return (gradient * (x - mean) / (variance + epsilon)).sum(0), gradient.sum(0)


# %% wrong="parameter_gradients" named="your variance divides by one less"
@exercise
def parameter_gradients(gradient, x, epsilon=1e-5):
    hat = (x - x.mean(0)) / torch.sqrt(x.var(0) + epsilon)
    return (gradient * hat).sum(0), gradient.sum(0)


# %% wrong="parameter_gradients" named="the gradient is not in the first"
@exercise
def parameter_gradients(gradient, x, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    hat = (x - mean) / torch.sqrt(variance + epsilon)
    return hat.sum(0), gradient.sum(0)


# %% wrong="parameter_gradients" named="the gradient is not in the second"
@exercise
def parameter_gradients(gradient, x, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    hat = (x - mean) / torch.sqrt(variance + epsilon)
    return (gradient * hat).sum(0), torch.full((x.shape[1],), float(len(x)))


# %% wrong="parameter_gradients" named="the two have changed places"
@exercise
def parameter_gradients(gradient, x, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    hat = (x - mean) / torch.sqrt(variance + epsilon)
    return gradient.sum(0), (gradient * hat).sum(0)


# %% wrong="parameter_gradients" named="you summed each row"
@exercise
def parameter_gradients(gradient, x, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    hat = (x - mean) / torch.sqrt(variance + epsilon)
    return (gradient * hat).sum(1), gradient.sum(1)


# %% wrong="parameter_gradients" named="you summed over everything"
@exercise
def parameter_gradients(gradient, x, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    hat = (x - mean) / torch.sqrt(variance + epsilon)
    return (gradient * hat).sum(), gradient.sum()


# %% wrong="parameter_gradients" named="the sums are missing"
@exercise
def parameter_gradients(gradient, x, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    hat = (x - mean) / torch.sqrt(variance + epsilon)
    return gradient * hat, gradient


# %% wrong="parameter_gradients" named="no autograd here"
@exercise
def parameter_gradients(gradient, x, epsilon=1e-5):
    gamma, beta = torch.ones(x.shape[1], requires_grad=True), torch.zeros(x.shape[1], requires_grad=True)
    batch_norm(x, gamma, beta, epsilon).backward(gradient)
    return gamma.grad, beta.grad


# %% right="input_gradient" style="the formula of the papers, with sums"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    n = x.shape[0]
    mean, variance = channel_statistics(x)
    std = torch.sqrt(variance + epsilon)
    hat = (x - mean) / std
    dhat = gradient * gamma
    return (n * dhat - dhat.sum(0) - hat * (dhat * hat).sum(0)) / (n * std)


# %% right="input_gradient" style="all three roads, link by link"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    n = len(x)
    mean, variance = channel_statistics(x)
    away = x - mean
    dhat = gradient * gamma
    dvar = (dhat * away * -0.5 * (variance + epsilon) ** -1.5).sum(0)
    dmean = (-dhat / (variance + epsilon).sqrt()).sum(0) + dvar * (-2 * away).mean(0)
    return dhat / (variance + epsilon).sqrt() + dvar * 2 * away / n + dmean / n


# %% right="input_gradient" style="a channel at a time"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    out = torch.zeros_like(x)
    for c in range(x.shape[1]):
        g, column = gradient[:, c], x[:, c]
        root = (column.var(correction=0) + epsilon) ** 0.5
        hat = (column - column.mean()) / root
        out[:, c] = gamma[c] / root * (g - g.mean() - hat * (g * hat).mean())
    return out


# %% right="input_gradient" style="with the sums of exercise 3"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    hat = (x - mean) / torch.sqrt(variance + epsilon)
    by_gamma, by_beta = parameter_gradients(gradient, x, epsilon)
    return gamma * torch.rsqrt(variance + epsilon) * (gradient - by_beta / len(x) - hat * by_gamma / len(x))


# %% wrong="input_gradient" named="only the direct road is there"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    return gradient * gamma / torch.sqrt(variance + epsilon)


# %% wrong="input_gradient" named="the mean of the gradient is still in it"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    root = torch.sqrt(variance + epsilon)
    hat = (x - mean) / root
    return gamma / root * (gradient - hat * (gradient * hat).mean(0))


# %% wrong="input_gradient" named="the part along the normalised x is still in it"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    return gamma / torch.sqrt(variance + epsilon) * (gradient - gradient.mean(0))


# %% wrong="input_gradient" named="you took out sums where means are wanted"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    root = torch.sqrt(variance + epsilon)
    hat = (x - mean) / root
    return gamma / root * (gradient - gradient.sum(0) - hat * (gradient * hat).sum(0))


# %% wrong="input_gradient" named="gamma is missing"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    root = torch.sqrt(variance + epsilon)
    hat = (x - mean) / root
    return (gradient - gradient.mean(0) - hat * (gradient * hat).mean(0)) / root


# %% wrong="input_gradient" named="the division by the root is missing"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    hat = (x - mean) / torch.sqrt(variance + epsilon)
    return gamma * (gradient - gradient.mean(0) - hat * (gradient * hat).mean(0))


# %% wrong="input_gradient" named="you multiplied by the root"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    root = torch.sqrt(variance + epsilon)
    hat = (x - mean) / root
    return gamma * root * (gradient - gradient.mean(0) - hat * (gradient * hat).mean(0))


# %% wrong="input_gradient" named="you divided by the variance"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    hat = (x - mean) / torch.sqrt(variance + epsilon)
    return gamma / (variance + epsilon) * (gradient - gradient.mean(0) - hat * (gradient * hat).mean(0))


# %% wrong="input_gradient" named="the epsilon that came is not in it"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    root = torch.sqrt(variance)
    hat = (x - mean) / root
    return gamma / root * (gradient - gradient.mean(0) - hat * (gradient * hat).mean(0))


# %% wrong="input_gradient" named="epsilon is outside the root"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    root = torch.sqrt(variance) + epsilon
    hat = (x - mean) / root
    return gamma / root * (gradient - gradient.mean(0) - hat * (gradient * hat).mean(0))


# %% wrong="input_gradient" really="your means divide by one less"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    n = len(x) - 1
    mean, variance = channel_statistics(x)
    root = torch.sqrt(variance + epsilon)
    hat = (x - mean) / root
    return gamma / root * (gradient - gradient.sum(0) / n - hat * (gradient * hat).sum(0) / n)


# %% wrong="input_gradient" named="your variance divides by one less"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    root = torch.sqrt(x.var(0) + epsilon)
    hat = (x - x.mean(0)) / root
    return gamma / root * (gradient - gradient.mean(0) - hat * (gradient * hat).mean(0))


# %% wrong="input_gradient" named="without taking its mean away"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    root = torch.sqrt(variance + epsilon)
    hat = x / root
    return gamma / root * (gradient - gradient.mean(0) - hat * (gradient * hat).mean(0))


# %% wrong="input_gradient" named="you used x less its mean where the normalised x is wanted"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    root = torch.sqrt(variance + epsilon)
    away = x - mean
    return gamma / root * (gradient - gradient.mean(0) - away * (gradient * away).mean(0))


# %% wrong="input_gradient" named="the second part is not multiplied by the normalised x"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    root = torch.sqrt(variance + epsilon)
    hat = (x - mean) / root
    return gamma / root * (gradient - gradient.mean(0) - (gradient * hat).mean(0))


# %% wrong="input_gradient" named="you added the two parts"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    root = torch.sqrt(variance + epsilon)
    hat = (x - mean) / root
    return gamma / root * (gradient + gradient.mean(0) + hat * (gradient * hat).mean(0))


# %% wrong="input_gradient" named="you added the second part"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    root = torch.sqrt(variance + epsilon)
    hat = (x - mean) / root
    return gamma / root * (gradient - gradient.mean(0) + hat * (gradient * hat).mean(0))


# %% wrong="input_gradient" named="multiplies the first part only"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    root = torch.sqrt(variance + epsilon)
    hat = (x - mean) / root
    return gamma / root * (gradient - gradient.mean(0)) - hat * (gradient * hat).mean(0)


# %% wrong="input_gradient" named="your means go along each row"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    root = torch.sqrt(variance + epsilon)
    hat = (x - mean) / root
    return gamma / root * (gradient - gradient.mean(1, keepdim=True) - hat * (gradient * hat).mean(1, keepdim=True))


# %% wrong="input_gradient" named="your means go over everything"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    root = torch.sqrt(variance + epsilon)
    hat = (x - mean) / root
    return gamma / root * (gradient - gradient.mean() - hat * (gradient * hat).mean())


# %% wrong="input_gradient" named="no autograd here"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    x = x.clone().requires_grad_(True)
    return torch.autograd.grad(batch_norm(x, gamma, torch.zeros_like(gamma), epsilon), x, gradient)[0]


# %% right="running_update" style="lerp"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    mean, variance = channel_statistics(x)
    n = x.numel() // x.shape[1]
    return torch.lerp(running_mean, mean, momentum), torch.lerp(running_variance, variance * n / (n - 1), momentum)


# %% right="running_update" style="torch's unbiased variance, moved by a share of the difference"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    dims = [0] if x.ndim == 2 else [0, 2, 3]
    return (running_mean + momentum * (x.mean(dims) - running_mean),
            running_variance + momentum * (x.var(dims) - running_variance))


# %% right="running_update" style="clones changed in place, as a list"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    new_mean, new_variance = running_mean.clone(), running_variance.clone()
    rows = x.transpose(0, 1).reshape(x.shape[1], -1)
    new_mean *= 1 - momentum
    new_mean += momentum * rows.mean(1)
    new_variance *= 1 - momentum
    new_variance += momentum * rows.var(1)
    return [new_mean, new_variance]


# %% wrong="running_update" named="you kept the variance that divides by the count"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    mean, variance = channel_statistics(x)
    return (1 - momentum) * running_mean + momentum * mean, (1 - momentum) * running_variance + momentum * variance


# %% wrong="running_update" named="momentum is the wrong way round: here"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    mean, variance = channel_statistics(x)
    n = x.numel() / x.shape[1]
    return momentum * running_mean + (1 - momentum) * mean, momentum * running_variance + (1 - momentum) * variance * n / (n - 1)


# %% wrong="running_update" named="momentum is the wrong way round, and the variance divides"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    mean, variance = channel_statistics(x)
    return momentum * running_mean + (1 - momentum) * mean, momentum * running_variance + (1 - momentum) * variance


# %% wrong="running_update" named="the old average was kept whole"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    mean, variance = channel_statistics(x)
    n = x.numel() / x.shape[1]
    return running_mean + momentum * mean, running_variance + momentum * variance * n / (n - 1)


# %% wrong="running_update" named="the batch joined whole"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    mean, variance = channel_statistics(x)
    n = x.numel() / x.shape[1]
    return (1 - momentum) * running_mean + mean, (1 - momentum) * running_variance + variance * n / (n - 1)


# %% wrong="running_update" named="momentum kept a share of the old, as in lesson 03"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    mean, variance = channel_statistics(x)
    n = x.numel() / x.shape[1]
    return momentum * running_mean + mean, momentum * running_variance + variance * n / (n - 1)


# %% wrong="running_update" named="you took the plain mean of old and new"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    mean, variance = channel_statistics(x)
    n = x.numel() / x.shape[1]
    return (running_mean + mean) / 2, (running_variance + variance * n / (n - 1)) / 2


# %% wrong="running_update" named="you kept the standard deviation"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    dims = [0] if x.ndim == 2 else [0, 2, 3]
    return (1 - momentum) * running_mean + momentum * x.mean(dims), (1 - momentum) * running_variance + momentum * x.std(dims)


# %% wrong="running_update" named="you moved by 0.1"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    dims = [0] if x.ndim == 2 else [0, 2, 3]
    return 0.9 * running_mean + 0.1 * x.mean(dims), 0.9 * running_variance + 0.1 * x.var(dims)


# %% wrong="running_update" named="forgot the old ones"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    dims = [0] if x.ndim == 2 else [0, 2, 3]
    return x.mean(dims), x.var(dims)


# %% wrong="running_update" named="you took the distances from the running mean"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    mean, _ = channel_statistics(x)
    n = x.numel() / x.shape[1]
    dims = [0] if x.ndim == 2 else [0, 2, 3]
    variance = ((x - by_channel(running_mean, x)) ** 2).sum(dims) / (n - 1)
    return (1 - momentum) * running_mean + momentum * mean, (1 - momentum) * running_variance + momentum * variance


# %% wrong="running_update" named="the correction is upside down"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    mean, variance = channel_statistics(x)
    n = x.numel() / x.shape[1]
    return (1 - momentum) * running_mean + momentum * mean, (1 - momentum) * running_variance + momentum * variance * (n - 1) / n


# %% wrong="running_update" named="you corrected the old average too"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    mean, variance = channel_statistics(x)
    n = x.numel() / x.shape[1]
    return (1 - momentum) * running_mean + momentum * mean, ((1 - momentum) * running_variance + momentum * variance) * n / (n - 1)


# %% wrong="running_update" named="your count is the number of images"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    mean, variance = channel_statistics(x)
    n = len(x)
    return (1 - momentum) * running_mean + momentum * mean, (1 - momentum) * running_variance + momentum * variance * n / (n - 1)


# %% wrong="running_update" really="your count is all numbers of the batch"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    mean, variance = channel_statistics(x)
    n = len(x) if x.ndim == 2 else x.numel()
    return (1 - momentum) * running_mean + momentum * mean, (1 - momentum) * running_variance + momentum * variance * n / (n - 1)


# %% wrong="running_update" named="the call wrote into its argument `running_mean`"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    dims = [0] if x.ndim == 2 else [0, 2, 3]
    running_mean *= 1 - momentum
    running_mean += momentum * x.mean(dims)
    running_variance *= 1 - momentum
    running_variance += momentum * x.var(dims)
    return running_mean, running_variance


# %% wrong="running_update" named="nothing was returned"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    dims = [0] if x.ndim == 2 else [0, 2, 3]
    running_mean = (1 - momentum) * running_mean + momentum * x.mean(dims)
    running_variance = (1 - momentum) * running_variance + momentum * x.var(dims)


# %% right="BatchNorm" style="one formula for both lives, buffers written in place"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training:
            n = x.numel() // x.shape[1]
            if n < 2:
                raise ValueError("one value a channel has no spread")
            mean, variance = channel_statistics(x)
            with torch.no_grad():
                self.running_mean.mul_(1 - self.momentum).add_(self.momentum * mean)
                self.running_variance.mul_(1 - self.momentum).add_(self.momentum * variance * n / (n - 1))
        else:
            mean, variance = self.running_mean, self.running_variance
        hat = (x - by_channel(mean, x)) / torch.sqrt(by_channel(variance, x) + self.epsilon)
        return by_channel(self.gamma, x) * hat + by_channel(self.beta, x)


# %% right="BatchNorm" style="torch's own inside, with detach"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.shape[0] * x[0, 0].numel() == 1:
            raise ValueError("a batch of one")
        if self.training:
            self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x.detach(), self.momentum)
            return nn.functional.batch_norm(x, None, None, self.gamma, self.beta, True, eps=self.epsilon)
        return nn.functional.batch_norm(x, self.running_mean, self.running_variance, self.gamma, self.beta, False, eps=self.epsilon)


# %% right="BatchNorm" style="channels last, update after the output"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if not self.training:
            out = (x.movedim(1, -1) - self.running_mean) * torch.rsqrt(self.running_variance + self.epsilon) * self.gamma + self.beta
            return out.movedim(-1, 1)
        if x.numel() == len(self.gamma):
            raise ValueError("only one value a channel")
        out = batch_norm(x, self.gamma, self.beta, self.epsilon)
        new_mean, new_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
        self.running_mean = new_mean.detach()
        self.running_variance = new_variance.detach()
        return out


# %% wrong="BatchNorm" named="in eval mode you normalised by the batch: there"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        if self.training:
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
        return batch_norm(x, self.gamma, self.beta, self.epsilon)


# %% wrong="BatchNorm" really="in training you normalised by the running averages, updated first"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        if self.training:
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
        hat = (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(self.running_variance, x) + self.epsilon)
        return by_channel(self.gamma, x) * hat + by_channel(self.beta, x)


# %% wrong="BatchNorm" named="in training you normalised by the running averages: there"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        mean, variance = self.running_mean, self.running_variance
        if self.training:
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
        hat = (x - by_channel(mean, x)) / torch.sqrt(by_channel(variance, x) + self.epsilon)
        return by_channel(self.gamma, x) * hat + by_channel(self.beta, x)


# %% wrong="BatchNorm" named="epsilon is not the layer's own"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        if self.training:
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
            return batch_norm(x, self.gamma, self.beta)
        hat = (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(self.running_variance, x) + self.epsilon)
        return by_channel(self.gamma, x) * hat + by_channel(self.beta, x)


# %% wrong="BatchNorm" named="gamma and beta are not in it"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        if self.training:
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
            return batch_norm(x, torch.ones(x.shape[1]), torch.zeros(x.shape[1]), self.epsilon)
        hat = (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(self.running_variance, x) + self.epsilon)
        return by_channel(self.gamma, x) * hat + by_channel(self.beta, x)


# %% wrong="BatchNorm" named="gamma and beta have changed places: gamma"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        if self.training:
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
            return batch_norm(x, self.beta, self.gamma, self.epsilon)
        hat = (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(self.running_variance, x) + self.epsilon)
        return by_channel(self.gamma, x) * hat + by_channel(self.beta, x)


# %% wrong="BatchNorm" named="momentum stands where epsilon belongs"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        if self.training:
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
            return batch_norm(x, self.gamma, self.beta, self.momentum)
        hat = (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(self.running_variance, x) + self.epsilon)
        return by_channel(self.gamma, x) * hat + by_channel(self.beta, x)


# %% wrong="BatchNorm" named="you normalised by the variance that divides by the count less one"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        if self.training:
            dims = [d for d in range(x.ndim) if d != 1]
            mean, variance = x.mean(dims), x.var(dims)
            with torch.no_grad():
                self.running_mean = torch.lerp(self.running_mean, mean, self.momentum)
                self.running_variance = torch.lerp(self.running_variance, variance, self.momentum)
        else:
            mean, variance = self.running_mean, self.running_variance
        hat = (x - by_channel(mean, x)) / torch.sqrt(by_channel(variance, x) + self.epsilon)
        return by_channel(self.gamma, x) * hat + by_channel(self.beta, x)


# %% wrong="BatchNorm" named="the running averages are as they were"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        if self.training:
            with torch.no_grad():
                running_mean, running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
            return batch_norm(x, self.gamma, self.beta, self.epsilon)
        hat = (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(self.running_variance, x) + self.epsilon)
        return by_channel(self.gamma, x) * hat + by_channel(self.beta, x)


# %% wrong="BatchNorm" named="the running averages are as they were"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        if self.training:
            return batch_norm(x, self.gamma, self.beta, self.epsilon)
        hat = (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(self.running_variance, x) + self.epsilon)
        return by_channel(self.gamma, x) * hat + by_channel(self.beta, x)


# %% wrong="BatchNorm" named="momentum is not the layer's own"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        if self.training:
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x)
            return batch_norm(x, self.gamma, self.beta, self.epsilon)
        hat = (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(self.running_variance, x) + self.epsilon)
        return by_channel(self.gamma, x) * hat + by_channel(self.beta, x)


# %% wrong="BatchNorm" named="the averages moved twice in one call"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        if self.training:
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
            return batch_norm(x, self.gamma, self.beta, self.epsilon)
        hat = (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(self.running_variance, x) + self.epsilon)
        return by_channel(self.gamma, x) * hat + by_channel(self.beta, x)


# %% wrong="BatchNorm" named="the two averages have changed places"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        if self.training:
            with torch.no_grad():
                self.running_variance, self.running_mean = running_update(self.running_mean, self.running_variance, x, self.momentum)
            return batch_norm(x, self.gamma, self.beta, self.epsilon)
        hat = (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(self.running_variance, x) + self.epsilon)
        return by_channel(self.gamma, x) * hat + by_channel(self.beta, x)


# %% wrong="BatchNorm" named="it is the x that came whose statistics are kept"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        if self.training:
            y = batch_norm(x, self.gamma, self.beta, self.epsilon)
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, y, self.momentum)
            return y
        hat = (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(self.running_variance, x) + self.epsilon)
        return by_channel(self.gamma, x) * hat + by_channel(self.beta, x)


# %% wrong="BatchNorm" named="the running variance is as it was"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        if self.training:
            with torch.no_grad():
                self.running_mean, _ = running_update(self.running_mean, self.running_variance, x, self.momentum)
            return batch_norm(x, self.gamma, self.beta, self.epsilon)
        hat = (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(self.running_variance, x) + self.epsilon)
        return by_channel(self.gamma, x) * hat + by_channel(self.beta, x)


# %% wrong="BatchNorm" named="you kept the variance that divides by the count"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        if self.training:
            mean, variance = channel_statistics(x)
            with torch.no_grad():
                self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * mean
                self.running_variance = (1 - self.momentum) * self.running_variance + self.momentum * variance
            return batch_norm(x, self.gamma, self.beta, self.epsilon)
        hat = (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(self.running_variance, x) + self.epsilon)
        return by_channel(self.gamma, x) * hat + by_channel(self.beta, x)


# %% wrong="BatchNorm" named="the running averages drag the diary"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        if self.training:
            self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
            return batch_norm(x, self.gamma, self.beta, self.epsilon)
        hat = (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(self.running_variance, x) + self.epsilon)
        return by_channel(self.gamma, x) * hat + by_channel(self.beta, x)


# %% wrong="BatchNorm" named="the memory was at its start again"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        if self.training:
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(torch.zeros(x.shape[1]), torch.ones(x.shape[1]), x, self.momentum)
            return batch_norm(x, self.gamma, self.beta, self.epsilon)
        hat = (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(self.running_variance, x) + self.epsilon)
        return by_channel(self.gamma, x) * hat + by_channel(self.beta, x)


# %% wrong="BatchNorm" really="the averages were updated in eval mode"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        if self.training:
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
            return batch_norm(x, self.gamma, self.beta, self.epsilon)
        out = by_channel(self.gamma, x) * (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(self.running_variance, x) + self.epsilon) + by_channel(self.beta, x)
        with torch.no_grad():
            self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
        return out


# %% wrong="BatchNorm" really="the layer updated its averages in eval mode, and then used them"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        with torch.no_grad():
            self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
        if self.training:
            return batch_norm(x, self.gamma, self.beta, self.epsilon)
        hat = (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(self.running_variance, x) + self.epsilon)
        return by_channel(self.gamma, x) * hat + by_channel(self.beta, x)


# %% wrong="BatchNorm" named="in eval mode epsilon is missing"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        if self.training:
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
            return batch_norm(x, self.gamma, self.beta, self.epsilon)
        hat = (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(self.running_variance, x))
        return by_channel(self.gamma, x) * hat + by_channel(self.beta, x)


# %% wrong="BatchNorm" named="in eval mode epsilon is not the layer's own"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        if self.training:
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
            return batch_norm(x, self.gamma, self.beta, self.epsilon)
        hat = (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(self.running_variance, x) + 1e-5)
        return by_channel(self.gamma, x) * hat + by_channel(self.beta, x)


# %% wrong="BatchNorm" named="in eval mode epsilon is outside the root"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        if self.training:
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
            return batch_norm(x, self.gamma, self.beta, self.epsilon)
        hat = (x - by_channel(self.running_mean, x)) / (torch.sqrt(by_channel(self.running_variance, x)) + self.epsilon)
        return by_channel(self.gamma, x) * hat + by_channel(self.beta, x)


# %% wrong="BatchNorm" named="in eval mode the root is missing"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        if self.training:
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
            return batch_norm(x, self.gamma, self.beta, self.epsilon)
        hat = (x - by_channel(self.running_mean, x)) / (by_channel(self.running_variance, x) + self.epsilon)
        return by_channel(self.gamma, x) * hat + by_channel(self.beta, x)


# %% wrong="BatchNorm" named="in eval mode gamma and beta are not in it"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        if self.training:
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
            return batch_norm(x, self.gamma, self.beta, self.epsilon)
        return (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(self.running_variance, x) + self.epsilon)


# %% wrong="BatchNorm" named="in eval mode gamma and beta have changed places"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        if self.training:
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
            return batch_norm(x, self.gamma, self.beta, self.epsilon)
        hat = (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(self.running_variance, x) + self.epsilon)
        return by_channel(self.beta, x) * hat + by_channel(self.gamma, x)


# %% wrong="BatchNorm" named="you took the running mean and the batch's variance"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        if self.training:
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
            return batch_norm(x, self.gamma, self.beta, self.epsilon)
        _, variance = channel_statistics(x)
        hat = (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(variance, x) + self.epsilon)
        return by_channel(self.gamma, x) * hat + by_channel(self.beta, x)


# %% wrong="BatchNorm" named="in eval mode x went through as it came"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        if self.training:
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
            return batch_norm(x, self.gamma, self.beta, self.epsilon)
        return x


# %% wrong="BatchNorm" named="met the width of the image"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        if self.training:
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
            return batch_norm(x, self.gamma, self.beta, self.epsilon)
        return self.gamma * (x - self.running_mean) / torch.sqrt(self.running_variance + self.epsilon) + self.beta


# %% wrong="BatchNorm" named="a single image with more than one place was refused"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and len(x) == 1:
            raise ValueError("a batch of one")
        if self.training:
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
            return batch_norm(x, self.gamma, self.beta, self.epsilon)
        hat = (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(self.running_variance, x) + self.epsilon)
        return by_channel(self.gamma, x) * hat + by_channel(self.beta, x)


# %% wrong="BatchNorm" named="in training no gradient comes back at all"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        with torch.no_grad():
            if self.training:
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
                return batch_norm(x, self.gamma, self.beta, self.epsilon)
        hat = (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(self.running_variance, x) + self.epsilon)
        return by_channel(self.gamma, x) * hat + by_channel(self.beta, x)


# %% wrong="BatchNorm" named="no gradient comes back to x"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        if self.training:
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
            return batch_norm(x.detach(), self.gamma, self.beta, self.epsilon)
        hat = (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(self.running_variance, x) + self.epsilon)
        return by_channel(self.gamma, x) * hat + by_channel(self.beta, x)


# %% wrong="BatchNorm" named="mean and variance are cut out of the diary"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            raise ValueError("one value a channel")
        if self.training:
            with torch.no_grad():
                mean, variance = channel_statistics(x)
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
        else:
            mean, variance = self.running_mean, self.running_variance
        hat = (x - by_channel(mean, x)) / torch.sqrt(by_channel(variance, x) + self.epsilon)
        return by_channel(self.gamma, x) * hat + by_channel(self.beta, x)


# %% right="fold_into_conv" style="einsum, and one shift"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    scale = torch.rsqrt(variance + epsilon) * gamma
    shift = beta - mean * scale
    return torch.einsum("oihw,o->oihw", weight, scale), shift if bias is None else bias * scale + shift


# %% right="fold_into_conv" style="a filter at a time"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    filters, biases = [], []
    for o in range(weight.shape[0]):
        s = gamma[o] / (variance[o] + epsilon) ** 0.5
        b = 0.0 if bias is None else bias[o]
        filters.append(weight[o] * s)
        biases.append((b - mean[o]) * s + beta[o])
    return torch.stack(filters), torch.stack(biases)


# %% right="fold_into_conv" style="through a matrix, reshaped back"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    if bias is None:
        bias = torch.zeros(len(mean))
    s = gamma / torch.sqrt(variance + epsilon)
    return (torch.diag(s) @ weight.flatten(1)).reshape(weight.shape), s * bias - s * mean + beta


# %% wrong="fold_into_conv" named="the stretch met the input channels"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    if bias is None:
        bias = torch.zeros(len(mean))
    s = gamma / torch.sqrt(variance + epsilon)
    return weight * s.view(1, -1, 1, 1), (bias - mean) * s + beta


# %% wrong="fold_into_conv" named="the epsilon that came is not in it"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    if bias is None:
        bias = torch.zeros(len(mean))
    s = gamma / torch.sqrt(variance)
    return weight * s[:, None, None, None], (bias - mean) * s + beta


# %% wrong="fold_into_conv" named="epsilon is outside the root"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    if bias is None:
        bias = torch.zeros(len(mean))
    s = gamma / (torch.sqrt(variance) + epsilon)
    return weight * s[:, None, None, None], (bias - mean) * s + beta


# %% wrong="fold_into_conv" named="the root is missing"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    if bias is None:
        bias = torch.zeros(len(mean))
    s = gamma / (variance + epsilon)
    return weight * s[:, None, None, None], (bias - mean) * s + beta


# %% wrong="fold_into_conv" named="gamma is missing"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    if bias is None:
        bias = torch.zeros(len(mean))
    s = 1 / torch.sqrt(variance + epsilon)
    return weight * s[:, None, None, None], (bias - mean) * s + beta


# %% wrong="fold_into_conv" named="own bias was not stretched"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    if bias is None:
        bias = torch.zeros(len(mean))
    s = gamma / torch.sqrt(variance + epsilon)
    return weight * s[:, None, None, None], bias - mean * s + beta


# %% wrong="fold_into_conv" named="own bias is lost"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    if bias is None:
        bias = torch.zeros(len(mean))
    s = gamma / torch.sqrt(variance + epsilon)
    return weight * s[:, None, None, None], beta - mean * s


# %% wrong="fold_into_conv" named="the mean is lost"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    if bias is None:
        bias = torch.zeros(len(mean))
    s = gamma / torch.sqrt(variance + epsilon)
    return weight * s[:, None, None, None], bias * s + beta


# %% wrong="fold_into_conv" named="the mean was added"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    if bias is None:
        bias = torch.zeros(len(mean))
    s = gamma / torch.sqrt(variance + epsilon)
    return weight * s[:, None, None, None], (bias + mean) * s + beta


# %% wrong="fold_into_conv" named="the mean was not stretched"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    if bias is None:
        bias = torch.zeros(len(mean))
    s = gamma / torch.sqrt(variance + epsilon)
    return weight * s[:, None, None, None], bias * s - mean + beta


# %% wrong="fold_into_conv" named="beta is lost"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    if bias is None:
        bias = torch.zeros(len(mean))
    s = gamma / torch.sqrt(variance + epsilon)
    return weight * s[:, None, None, None], (bias - mean) * s


# %% wrong="fold_into_conv" named="beta was stretched"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    if bias is None:
        bias = torch.zeros(len(mean))
    s = gamma / torch.sqrt(variance + epsilon)
    return weight * s[:, None, None, None], (bias - mean + beta) * s


# %% wrong="fold_into_conv" named="beta was taken away"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    if bias is None:
        bias = torch.zeros(len(mean))
    s = gamma / torch.sqrt(variance + epsilon)
    return weight * s[:, None, None, None], (bias - mean) * s - beta


# %% wrong="fold_into_conv" named="the bias is as it was"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    if bias is None:
        bias = torch.zeros(len(mean))
    s = gamma / torch.sqrt(variance + epsilon)
    return weight * s[:, None, None, None], bias


# %% wrong="fold_into_conv" named="the weights are as they were"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    if bias is None:
        bias = torch.zeros(len(mean))
    s = gamma / torch.sqrt(variance + epsilon)
    return weight, (bias - mean) * s + beta


# %% wrong="fold_into_conv" named="gamma and beta have changed places"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    if bias is None:
        bias = torch.zeros(len(mean))
    s = beta / torch.sqrt(variance + epsilon)
    return weight * s[:, None, None, None], (bias - mean) * s + gamma


# %% wrong="fold_into_conv" named="mean and variance have changed places"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    if bias is None:
        bias = torch.zeros(len(mean))
    s = gamma / torch.sqrt(mean + epsilon)
    return weight * s[:, None, None, None], (bias - variance) * s + beta


# %% wrong="fold_into_conv" named="the two have changed places"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    if bias is None:
        bias = torch.zeros(len(mean))
    s = gamma / torch.sqrt(variance + epsilon)
    return (bias - mean) * s + beta, weight * s[:, None, None, None]


# %% wrong="fold_into_conv" named="you gave the weights only"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    if bias is None:
        bias = torch.zeros(len(mean))
    s = gamma / torch.sqrt(variance + epsilon)
    return weight * s[:, None, None, None]


# %% wrong="fold_into_conv" named="you calculated with None"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    s = gamma / torch.sqrt(variance + epsilon)
    return weight * s[:, None, None, None], (bias - mean) * s + beta


# %% wrong="fold_into_conv" named="none went out"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    s = gamma / torch.sqrt(variance + epsilon)
    new = weight * s[:, None, None, None]
    return new, None if bias is None else (bias - mean) * s + beta


# %% wrong="fold_into_conv" named="the stretch met the width"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    if bias is None:
        bias = torch.zeros(len(mean))
    s = gamma / torch.sqrt(variance + epsilon)
    return weight * s, (bias - mean) * s + beta


# %% wrong="fold_into_conv" named="you multiplied by the root"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    if bias is None:
        bias = torch.zeros(len(mean))
    s = gamma * torch.sqrt(variance + epsilon)
    return weight * s[:, None, None, None], (bias - mean) * s + beta


# %% wrong="fold_into_conv" named="the root is over gamma"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    if bias is None:
        bias = torch.zeros(len(mean))
    s = gamma / torch.sqrt(variance + epsilon)
    return weight / s[:, None, None, None], (bias - mean) / s + beta


# %% wrong="fold_into_conv" named="you took the bias from the mean"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    if bias is None:
        bias = torch.zeros(len(mean))
    s = gamma / torch.sqrt(variance + epsilon)
    return weight * s[:, None, None, None], (mean - bias) * s + beta


# %% wrong="fold_into_conv" named="you added the two biases"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    if bias is None:
        bias = torch.zeros(len(mean))
    s = gamma / torch.sqrt(variance + epsilon)
    return weight * s[:, None, None, None], bias + beta


# %% wrong="fold_into_conv" named="beta was added to the weights"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    if bias is None:
        bias = torch.zeros(len(mean))
    s = gamma / torch.sqrt(variance + epsilon)
    return weight * s[:, None, None, None] + beta[:, None, None, None], (bias - mean) * s + beta


# %% wrong="fold_into_conv" named="the call wrote into its argument `weight`"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    if bias is None:
        bias = torch.zeros(len(mean))
    s = gamma / torch.sqrt(variance + epsilon)
    weight *= s[:, None, None, None]
    return weight, (bias - mean) * s + beta


# %% wrong="batch_norm" named="beta was taken away"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    hat = (x - by_channel(mean, x)) / torch.sqrt(by_channel(variance, x) + epsilon)
    return by_channel(gamma, x) * hat - by_channel(beta, x)


# %% wrong="batch_norm" named="you divided by gamma"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    hat = (x - by_channel(mean, x)) / torch.sqrt(by_channel(variance, x) + epsilon)
    return hat / by_channel(gamma, x) + by_channel(beta, x)


# %% wrong="batch_norm" named="epsilon was added after the division"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    hat = (x - by_channel(mean, x)) / torch.sqrt(by_channel(variance, x))
    return by_channel(gamma, x) * hat + epsilon + by_channel(beta, x)


# %% wrong="batch_norm" named="between its least and its greatest value"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    rows = x.transpose(0, 1).flatten(1)
    low, high = rows.amin(1), rows.amax(1)
    return by_channel(gamma, x) * (x - by_channel(low, x)) / by_channel(high - low, x) + by_channel(beta, x)


# %% wrong="input_gradient" named="multiplies the gradient only"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    root = torch.sqrt(variance + epsilon)
    hat = (x - mean) / root
    return gamma / root * gradient - gradient.mean(0) - hat * (gradient * hat).mean(0)


# %% wrong="input_gradient" named="the first part is a sum"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    root = torch.sqrt(variance + epsilon)
    hat = (x - mean) / root
    return gamma / root * (gradient - gradient.sum(0) - hat * (gradient * hat).mean(0))


# %% wrong="input_gradient" named="the second part has a sum"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    root = torch.sqrt(variance + epsilon)
    hat = (x - mean) / root
    return gamma / root * (gradient - gradient.mean(0) - hat * (gradient * hat).sum(0))


# %% wrong="input_gradient" named="the mean in the second part is missing"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    root = torch.sqrt(variance + epsilon)
    hat = (x - mean) / root
    return gamma / root * (gradient - gradient.mean(0) - hat * (gradient * hat))


# %% wrong="input_gradient" named="multiplied by x as it came"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    root = torch.sqrt(variance + epsilon)
    hat = (x - mean) / root
    return gamma / root * (gradient - gradient.mean(0) - x * (gradient * hat).mean(0))


# %% wrong="input_gradient" named="the root is over gamma"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, variance = channel_statistics(x)
    root = torch.sqrt(variance + epsilon)
    hat = (x - mean) / root
    return root / gamma * (gradient - gradient.mean(0) - hat * (gradient * hat).mean(0))


# %% wrong="running_update" named="the old variance was kept whole"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    mean, variance = channel_statistics(x)
    n = x.numel() / x.shape[1]
    unbiased = variance * n / (n - 1)
    return (1 - momentum) * running_mean + momentum * mean, running_variance + momentum * unbiased


# %% wrong="running_update" named="of all channels together"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    return (1 - momentum) * running_mean + momentum * x.mean(), (1 - momentum) * running_variance + momentum * x.var()


# %% wrong="running_update" named="part was taken away"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    mean, variance = channel_statistics(x)
    n = x.numel() / x.shape[1]
    unbiased = variance * n / (n - 1)
    return (1 - momentum) * running_mean - momentum * mean, (1 - momentum) * running_variance - momentum * unbiased


# %% wrong="channel_statistics" named="no gradient reaches"
@exercise
def channel_statistics(x):
    means, vs = [], []
    for c in range(x.shape[1]):
        v = x[:, c]
        m = v.mean()
        means.append(m.item())
        vs.append(((v - m) ** 2).mean().item())
    return tensor(means), tensor(vs)


# %% wrong="channel_statistics" named="mixes the channels"
@exercise
def channel_statistics(x):
    y = x.reshape(x.shape[1], -1)
    return y.mean(1), y.var(1, correction=0)


# %% wrong="channel_statistics" named="a bare `reshape"
@exercise
def channel_statistics(x):
    y = x.reshape(-1, x.shape[1])
    return y.mean(0), y.var(0, correction=0)


# %% wrong="channel_statistics" named="your code asked for an axis that is not there"
@exercise
def channel_statistics(x):
    return x.mean(dim=[0, 2, 3]), x.var(dim=[0, 2, 3], correction=0)


# %% wrong="channel_statistics" named="you averaged the places away first"
@exercise
def channel_statistics(x):
    if x.ndim == 4:
        x = x.mean(dim=[2, 3])
    return x.mean(dim=0), x.var(dim=0, correction=0)


# %% wrong="channel_statistics" named="you divided the squares by the number of images"
@exercise
def channel_statistics(x):
    d = [0] if x.ndim == 2 else [0, 2, 3]
    m = x.mean(dim=d, keepdim=True)
    return m.flatten(), ((x - m) ** 2).sum(dim=d) / len(x)


# %% wrong="channel_statistics" named="your means met the width"
@exercise
def channel_statistics(x):
    d = [0] if x.ndim == 2 else [0, 2, 3]
    m = x.mean(dim=d)
    return m, ((x - m) ** 2).mean(dim=d)


# %% wrong="batch_norm" named="you shaped the channels for images whatever came"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    m, v = channel_statistics(x)
    b = lambda t: t.view(1, -1, 1, 1)
    return b(gamma) * (x - b(m)) / torch.sqrt(b(v) + epsilon) + b(beta)


# %% wrong="batch_norm" named="and multiplied by gamma"
@exercise
def batch_norm(x, gamma, beta, epsilon=1e-5):
    m, v = channel_statistics(x)
    xh = (x - by_channel(m, x)) / torch.sqrt(by_channel(v, x)) + epsilon
    return by_channel(gamma, x) * xh + by_channel(beta, x)


# %% wrong="parameter_gradients" named="joins each channel with each other one"
@exercise
def parameter_gradients(gradient, x, epsilon=1e-5):
    mean, var = channel_statistics(x)
    xh = (x - mean) / (var + epsilon).sqrt()
    return gradient.T @ xh, gradient.sum(0)


# %% wrong="parameter_gradients" named="without taking its mean away"
@exercise
def parameter_gradients(gradient, x, epsilon=1e-5):
    mean, var = channel_statistics(x)
    xh = x / (var + epsilon).sqrt()
    return (gradient * xh).sum(0), gradient.sum(0)


# %% right="input_gradient" style="exercise 2 for the normalised x"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    ones = torch.ones_like(gamma)
    xh = batch_norm(x, ones, 0 * ones, epsilon)
    mean, var = channel_statistics(x)
    return gamma / torch.sqrt(var + epsilon) * (gradient - gradient.mean(0) - xh * (gradient * xh).mean(0))


# %% wrong="input_gradient" named="you took x as it came, both times"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, var = channel_statistics(x)
    root = (var + epsilon) ** 0.5
    return gamma / root * (gradient - gradient.mean(0) - x * (gradient * x).mean(0))


# %% wrong="input_gradient" named="gamma over the root is missing"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, var = channel_statistics(x)
    xh = (x - mean) / (var + epsilon) ** 0.5
    return gradient - gradient.mean(0) - xh * (gradient * xh).mean(0)


# %% wrong="input_gradient" named="the normalised x went into the mean"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, var = channel_statistics(x)
    root = (var + epsilon) ** 0.5
    xh = (x - mean) / root
    return gamma / root * (gradient - gradient.mean(0) - (xh * gradient * xh).mean(0))


# %% wrong="input_gradient" named="gamma is in the normalised x already"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, var = channel_statistics(x)
    root = (var + epsilon) ** 0.5
    xh = batch_norm(x, gamma, torch.zeros_like(gamma), epsilon)
    return gamma / root * (gradient - gradient.mean(0) - xh * (gradient * xh).mean(0))


# %% wrong="input_gradient" named="you took out the mean of x"
@exercise
def input_gradient(gradient, x, gamma, epsilon=1e-5):
    mean, var = channel_statistics(x)
    root = (var + epsilon) ** 0.5
    xh = (x - mean) / root
    return gamma / root * (gradient - mean - xh * (gradient * xh).mean(0))


# %% wrong="running_update" named="your count is all numbers of the batch"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    mean, var = channel_statistics(x)
    n = x.numel()
    return (1 - momentum) * running_mean + momentum * mean, (1 - momentum) * running_variance + momentum * var * n / (n - 1)


# %% wrong="running_update" named="your count is the number of channels"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    mean, var = channel_statistics(x)
    n = x.shape[1]
    return (1 - momentum) * running_mean + momentum * mean, (1 - momentum) * running_variance + momentum * var * n / (n - 1)


# %% wrong="running_update" named="the mean was multiplied by count"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    mean, var = channel_statistics(x)
    n = x.numel() / x.shape[1]
    return (1 - momentum) * running_mean + momentum * mean * n / (n - 1), (1 - momentum) * running_variance + momentum * var * n / (n - 1)


# %% wrong="running_update" named="you corrected twice"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    d = [0] if x.ndim == 2 else [0, 2, 3]
    n = x.numel() / x.shape[1]
    return (1 - momentum) * running_mean + momentum * x.mean(d), (1 - momentum) * running_variance + momentum * x.var(d) * n / (n - 1)


# %% wrong="running_update" named="less one once more"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    mean, var = channel_statistics(x)
    n = x.numel() / x.shape[1]
    return (1 - momentum) * running_mean + momentum * mean, (1 - momentum) * running_variance + momentum * var / (n - 1)


# %% wrong="running_update" named="brackets are missing"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    mean, var = channel_statistics(x)
    n = x.numel() / x.shape[1]
    return 1 - momentum * running_mean + momentum * mean, 1 - momentum * running_variance + momentum * var * n / (n - 1)


# %% wrong="running_update" named="the mean is as it was"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    mean, var = channel_statistics(x)
    n = x.numel() / x.shape[1]
    return running_mean, (1 - momentum) * running_variance + momentum * var * n / (n - 1)


# %% wrong="running_update" named="for the variance only"
@exercise
def running_update(running_mean, running_variance, x, momentum=0.1):
    mean, var = channel_statistics(x)
    n = x.numel() / x.shape[1]
    return (1 - momentum) * running_mean + momentum * mean, momentum * running_variance + (1 - momentum) * var * n / (n - 1)


# %% wrong="BatchNorm" named="no gradient reaches gamma and beta"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training:
            if x.numel() == x.shape[1]:
                raise ValueError('one')
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
            return batch_norm(x, self.gamma.data, self.beta.data, self.epsilon)
        return by_channel(self.gamma, x) * (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(self.running_variance, x) + self.epsilon) + by_channel(self.beta, x)


# %% wrong="BatchNorm" named="the call wrote into its argument of `forward`"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training:
            if x.numel() == x.shape[1]:
                raise ValueError('one')
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
            return batch_norm(x, self.gamma, self.beta, self.epsilon)
        x -= by_channel(self.running_mean, x)
        x /= torch.sqrt(by_channel(self.running_variance, x) + self.epsilon)
        return by_channel(self.gamma, x) * x + by_channel(self.beta, x)


# %% wrong="BatchNorm" named="a single row was refused in eval mode"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if x.numel() == x.shape[1]:
            raise ValueError('one')
        if self.training:
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
            return batch_norm(x, self.gamma, self.beta, self.epsilon)
        return by_channel(self.gamma, x) * (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(self.running_variance, x) + self.epsilon) + by_channel(self.beta, x)


# %% wrong="BatchNorm" really="the averages are the last batch's own"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x):
        if self.training:
            if x.numel() == x.shape[1]:
                raise ValueError('one')
            with torch.no_grad():
                self.running_mean, self.running_variance = channel_statistics(x)
            return batch_norm(x, self.gamma, self.beta, self.epsilon)
        return by_channel(self.gamma, x) * (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(self.running_variance, x) + self.epsilon) + by_channel(self.beta, x)


# %% wrong="fold_into_conv" named="the mean was lost with it"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    s = gamma / torch.sqrt(variance + epsilon)
    if bias is None:
        return weight * s.view(-1, 1, 1, 1), beta
    return weight * s.view(-1, 1, 1, 1), (bias - mean) * s + beta


# %% wrong="fold_into_conv" named="and the mean was not stretched"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    s = gamma / torch.sqrt(variance + epsilon)
    if bias is None:
        return weight * s.view(-1, 1, 1, 1), beta - mean
    return weight * s.view(-1, 1, 1, 1), (bias - mean) * s + beta


# %% wrong="fold_into_conv" named="and zeros went out"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    s = gamma / torch.sqrt(variance + epsilon)
    if bias is None:
        return weight * s.view(-1, 1, 1, 1), torch.zeros_like(mean)
    return weight * s.view(-1, 1, 1, 1), (bias - mean) * s + beta


# %% wrong="fold_into_conv" named="met the height"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    s = gamma / torch.sqrt(variance + epsilon)
    b = 0 if bias is None else bias
    return weight * s.view(-1, 1), (b - mean) * s + beta


# %% wrong="fold_into_conv" named="the root is not in it at all"
@exercise
def fold_into_conv(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    s = gamma
    b = 0 if bias is None else bias
    return weight * s.view(-1, 1, 1, 1), (b - mean) * s + beta
