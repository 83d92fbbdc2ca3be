# Answers of imagined learners for lesson 07-batchnorm, thought up blind.

# %% wrong="channel_statistics" really="the variances of the single images are averaged, so the spread between images is left out"
@exercise
def channel_statistics(x: Tensor) -> tuple[Tensor, Tensor]:
    if x.ndim == 2:
        return x.mean(dim=0), x.var(dim=0, correction=0)
    mean = x.mean(dim=[2, 3]).mean(dim=0)
    variance = x.var(dim=[2, 3], correction=0).mean(dim=0)
    return mean, variance

# %% wrong="channel_statistics" really="the images are reshaped into columns without moving the channel axis, so the columns mix channels"
@exercise
def channel_statistics(x: Tensor) -> tuple[Tensor, Tensor]:
    columns = x.reshape(-1, x.shape[1])
    mean = columns.mean(dim=0)
    return mean, ((columns - mean) ** 2).mean(dim=0)

# %% wrong="channel_statistics" really="mean of the squares minus square of the mean: with a mean far from zero the digits are gone, and it can fall below zero"
@exercise
def channel_statistics(x: Tensor) -> tuple[Tensor, Tensor]:
    axes = [0] if x.ndim == 2 else [0, 2, 3]
    mean = x.mean(dim=axes)
    return mean, (x * x).mean(dim=axes) - mean * mean

# %% wrong="channel_statistics" really="torch's var divides by the count less one unless told otherwise"
@exercise
def channel_statistics(x: Tensor) -> tuple[Tensor, Tensor]:
    axes = [axis for axis in range(x.ndim) if axis != 1]
    return x.mean(dim=axes), x.var(dim=axes)

# %% wrong="channel_statistics" really="the distances are taken from the mean of all channels and not from the channel's own"
@exercise
def channel_statistics(x: Tensor) -> tuple[Tensor, Tensor]:
    axes = (0, 2, 3) if x.ndim == 4 else (0,)
    mean = x.mean(dim=axes)
    variance = (x - x.mean()).square().mean(dim=axes)
    return mean, variance

# %% wrong="channel_statistics" really="the squared distances are summed per channel and divided by the number of rows only, places are not counted"
@exercise
def channel_statistics(x: Tensor) -> tuple[Tensor, Tensor]:
    axes = [0, 2, 3][:x.ndim - 1]
    mean = x.mean(dim=axes, keepdim=True)
    variance = ((x - mean) ** 2).sum(dim=axes) / len(x)
    return mean.flatten(), variance

# %% right="channel_statistics" style="channels first, each laid out as one long row"
@exercise
def channel_statistics(x: Tensor) -> tuple[Tensor, Tensor]:
    rows = x.transpose(0, 1).flatten(start_dim=1)
    return rows.mean(dim=1), rows.var(dim=1, correction=0)

# %% right="channel_statistics" style="torch.var_mean, turned round"
@exercise
def channel_statistics(x: Tensor) -> tuple[Tensor, Tensor]:
    variance, mean = torch.var_mean(x, dim=[0, *range(2, x.ndim)], correction=0)
    return mean, variance

# %% right="channel_statistics" style="a loop over the channels"
@exercise
def channel_statistics(x: Tensor) -> tuple[Tensor, Tensor]:
    means, variances = [], []
    for channel in x.unbind(dim=1):
        middle = channel.sum() / channel.numel()
        means.append(middle)
        variances.append((channel - middle).pow(2).sum() / channel.numel())
    return torch.stack(means), torch.stack(variances)

# %% wrong="batch_norm" really="epsilon is added to the standard deviation, outside the root"
@exercise
def batch_norm(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: float = 1e-5) -> Tensor:
    mean, variance = channel_statistics(x)
    normalised = (x - by_channel(mean, x)) / (by_channel(variance, x).sqrt() + epsilon)
    return by_channel(gamma, x) * normalised + by_channel(beta, x)

# %% wrong="batch_norm" really="gamma and beta are left bare and meet the width of images"
@exercise
def batch_norm(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: float = 1e-5) -> Tensor:
    mean, variance = channel_statistics(x)
    mean, variance = by_channel(mean, x), by_channel(variance, x)
    return gamma * (x - mean) / torch.sqrt(variance + epsilon) + beta

# %% wrong="batch_norm" really="beta is added before gamma multiplies"
@exercise
def batch_norm(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: float = 1e-5) -> Tensor:
    mean, variance = channel_statistics(x)
    x_hat = (x - by_channel(mean, x)) * by_channel((variance + epsilon).rsqrt(), x)
    return (x_hat + by_channel(beta, x)) * by_channel(gamma, x)

# %% wrong="batch_norm" really="x itself is changed in place"
@exercise
def batch_norm(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: float = 1e-5) -> Tensor:
    mean, variance = channel_statistics(x)
    x -= by_channel(mean, x)
    x /= by_channel((variance + epsilon).sqrt(), x)
    return x * by_channel(gamma, x) + by_channel(beta, x)

# %% wrong="batch_norm" really="mean and variance are computed without gradient, so the roads through them are missing from the gradient by x"
@exercise
def batch_norm(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: float = 1e-5) -> Tensor:
    with torch.no_grad():
        mean, variance = channel_statistics(x)
    x_hat = (x - by_channel(mean, x)) / by_channel(variance + epsilon, x).sqrt()
    return by_channel(gamma, x) * x_hat + by_channel(beta, x)

# %% wrong="batch_norm" really="epsilon is not handed on, torch's default of 0.00001 is used whatever is asked for"
@exercise
def batch_norm(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: float = 1e-5) -> Tensor:
    return nn.functional.batch_norm(x, None, None, weight=gamma, bias=beta, training=True)

# %% right="batch_norm" style="channels moved to the end, where broadcasting wants them"
@exercise
def batch_norm(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: float = 1e-5) -> Tensor:
    last = x.movedim(1, -1)
    rows = last.reshape(-1, last.shape[-1])
    centred = last - rows.mean(dim=0)
    spread = (rows.var(dim=0, correction=0) + epsilon).sqrt()
    return (centred / spread * gamma + beta).movedim(-1, 1)

# %% right="batch_norm" style="channel by channel in a loop"
@exercise
def batch_norm(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: float = 1e-5) -> Tensor:
    done = []
    for number in range(x.shape[1]):
        values = x[:, number]
        away = values - values.mean()
        done.append(gamma[number] * away / (away.square().mean() + epsilon).sqrt() + beta[number])
    return torch.stack(done, dim=1)

# %% right="batch_norm" style="a layer norm over each channel laid out as a row"
@exercise
def batch_norm(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: float = 1e-5) -> Tensor:
    turned = x.transpose(0, 1)
    flat = turned.flatten(1)
    normal = nn.functional.layer_norm(flat, flat.shape[1:], eps=epsilon)
    return (normal * gamma[:, None] + beta[:, None]).view(turned.shape).transpose(0, 1)

# %% wrong="parameter_gradients" really="x is centred but not divided by its standard deviation in the gradient by gamma"
@exercise
def parameter_gradients(gradient: Tensor, x: Tensor, epsilon: float = 1e-5) -> tuple[Tensor, Tensor]:
    return (gradient * (x - x.mean(dim=0))).sum(dim=0), gradient.sum(dim=0)

# %% wrong="parameter_gradients" really="epsilon stands outside the root"
@exercise
def parameter_gradients(gradient: Tensor, x: Tensor, epsilon: float = 1e-5) -> tuple[Tensor, Tensor]:
    x_hat = (x - x.mean(dim=0)) / (x.std(dim=0, correction=0) + epsilon)
    return (gradient * x_hat).sum(dim=0), gradient.sum(dim=0)

# %% wrong="parameter_gradients" really="the variance divides by the count less one"
@exercise
def parameter_gradients(gradient: Tensor, x: Tensor, epsilon: float = 1e-5) -> tuple[Tensor, Tensor]:
    x_hat = (x - x.mean(0)) / torch.sqrt(x.var(0) + epsilon)
    return (gradient * x_hat).sum(0), gradient.sum(0)

# %% wrong="parameter_gradients" really="the gradient by beta is a mean, it should be a sum"
@exercise
def parameter_gradients(gradient: Tensor, x: Tensor, epsilon: float = 1e-5) -> tuple[Tensor, Tensor]:
    mean, variance = channel_statistics(x)
    x_hat = (x - mean) / (variance + epsilon).sqrt()
    by_gamma = (gradient * x_hat).sum(dim=0)
    by_beta = gradient.mean(dim=0)
    return by_gamma, by_beta

# %% wrong="parameter_gradients" really="beta's gradient comes first and gamma's second"
@exercise
def parameter_gradients(gradient: Tensor, x: Tensor, epsilon: float = 1e-5) -> tuple[Tensor, Tensor]:
    mean, variance = channel_statistics(x)
    x_hat = (x - mean) / (variance + epsilon).sqrt()
    return gradient.sum(dim=0), (gradient * x_hat).sum(dim=0)

# %% wrong="parameter_gradients" really="the two sums are multiplied in place of the products being summed"
@exercise
def parameter_gradients(gradient: Tensor, x: Tensor, epsilon: float = 1e-5) -> tuple[Tensor, Tensor]:
    mean, variance = channel_statistics(x)
    x_hat = (x - mean) / torch.sqrt(variance + epsilon)
    by_beta = gradient.sum(dim=0)
    by_gamma = by_beta * x_hat.sum(dim=0)
    return by_gamma, by_beta

# %% right="parameter_gradients" style="einsum"
@exercise
def parameter_gradients(gradient: Tensor, x: Tensor, epsilon: float = 1e-5) -> tuple[Tensor, Tensor]:
    away = x - x.mean(dim=0)
    spread = (torch.einsum("nc,nc->c", away, away) / len(x) + epsilon).sqrt()
    return torch.einsum("nc,nc->c", gradient, away) / spread, torch.einsum("nc->c", gradient)

# %% right="parameter_gradients" style="batch_norm with gamma 1 and beta 0 gives the normalised x"
@exercise
def parameter_gradients(gradient: Tensor, x: Tensor, epsilon: float = 1e-5) -> tuple[Tensor, Tensor]:
    ones, zeros = torch.ones_like(x[0]), torch.zeros_like(x[0])
    x_hat = batch_norm(x, ones, zeros, epsilon)
    return (gradient * x_hat).sum(dim=0), gradient.sum(dim=0)

# %% right="parameter_gradients" style="dot products, channel by channel"
@exercise
def parameter_gradients(gradient: Tensor, x: Tensor, epsilon: float = 1e-5) -> tuple[Tensor, Tensor]:
    def of_one(g, values):
        away = values - values.mean()
        return torch.stack([g @ away / (away @ away / len(away) + epsilon) ** 0.5, g.sum()])
    pairs = torch.stack([of_one(g, values) for g, values in zip(gradient.T, x.T)])
    return pairs[:, 0], pairs[:, 1]

# %% wrong="input_gradient" really="the tilt is divided by the mean square of the normalised x, which is below 1 with epsilon, so too much is taken out"
@exercise
def input_gradient(gradient: Tensor, x: Tensor, gamma: Tensor, epsilon: float = 1e-5) -> Tensor:
    mean, variance = channel_statistics(x)
    root = (variance + epsilon).sqrt()
    x_hat = (x - mean) / root
    g = gradient - gradient.mean(dim=0)
    tilt = (g * x_hat).sum(dim=0) / (x_hat * x_hat).sum(dim=0)
    return gamma / root * (g - x_hat * tilt)

# %% wrong="input_gradient" really="the road through the variance is missing: only the mean of the gradient is taken out"
@exercise
def input_gradient(gradient: Tensor, x: Tensor, gamma: Tensor, epsilon: float = 1e-5) -> Tensor:
    variance = x.var(dim=0, correction=0)
    return gamma / torch.sqrt(variance + epsilon) * (gradient - gradient.mean(dim=0))

# %% wrong="input_gradient" really="epsilon is added after the root and not under it"
@exercise
def input_gradient(gradient: Tensor, x: Tensor, gamma: Tensor, epsilon: float = 1e-5) -> Tensor:
    mean, variance = channel_statistics(x)
    spread = variance ** 0.5 + epsilon
    x_hat = (x - mean) / spread
    return gamma / spread * (gradient - gradient.mean(dim=0) - x_hat * (gradient * x_hat).mean(dim=0))

# %% wrong="input_gradient" really="the tilt is a sum over the rows and should be a mean"
@exercise
def input_gradient(gradient: Tensor, x: Tensor, gamma: Tensor, epsilon: float = 1e-5) -> Tensor:
    mean, variance = channel_statistics(x)
    root = torch.sqrt(variance + epsilon)
    x_hat = (x - mean) / root
    return gamma / root * (gradient - gradient.mean(dim=0) - x_hat * (gradient * x_hat).sum(dim=0))

# %% wrong="input_gradient" really="gamma multiplies only the direct road and not the two parts that are taken out"
@exercise
def input_gradient(gradient: Tensor, x: Tensor, gamma: Tensor, epsilon: float = 1e-5) -> Tensor:
    mean, variance = channel_statistics(x)
    root = torch.sqrt(variance + epsilon)
    x_hat = (x - mean) / root
    return (gamma * gradient - gradient.mean(dim=0) - x_hat * (gradient * x_hat).mean(dim=0)) / root

# %% wrong="input_gradient" really="the means run over each row, across the channels, and not down each channel"
@exercise
def input_gradient(gradient: Tensor, x: Tensor, gamma: Tensor, epsilon: float = 1e-5) -> Tensor:
    mean, variance = channel_statistics(x)
    root = torch.sqrt(variance + epsilon)
    x_hat = (x - mean) / root
    g = gradient
    return gamma / root * (g - g.mean(dim=1, keepdim=True) - x_hat * (g * x_hat).mean(dim=1, keepdim=True))

# %% right="input_gradient" style="three roads by the chain rule, added up"
@exercise
def input_gradient(gradient: Tensor, x: Tensor, gamma: Tensor, epsilon: float = 1e-5) -> Tensor:
    n = len(x)
    away = x - x.mean(dim=0)
    variance = (away ** 2).mean(dim=0)
    by_hat = gradient * gamma
    by_variance = (by_hat * away).sum(dim=0) * -0.5 * (variance + epsilon) ** -1.5
    by_mean = -by_hat.sum(dim=0) / (variance + epsilon) ** 0.5
    return by_hat / (variance + epsilon) ** 0.5 + by_variance * 2 * away / n + by_mean / n

# %% right="input_gradient" style="with the two gradients of exercise 3"
@exercise
def input_gradient(gradient: Tensor, x: Tensor, gamma: Tensor, epsilon: float = 1e-5) -> Tensor:
    n = x.shape[0]
    by_gamma, by_beta = parameter_gradients(gradient, x, epsilon)
    mean, variance = channel_statistics(x)
    scale = (variance + epsilon).rsqrt()
    x_hat = (x - mean) * scale
    return gamma * scale / n * (n * gradient - by_beta - x_hat * by_gamma)

# %% right="input_gradient" style="the matrix of all derivatives, one channel at a time"
@exercise
def input_gradient(gradient: Tensor, x: Tensor, gamma: Tensor, epsilon: float = 1e-5) -> Tensor:
    n = len(x)
    eye = torch.eye(n, dtype=x.dtype, device=x.device)
    columns = []
    for g, values, knob in zip(gradient.unbind(1), x.unbind(1), gamma):
        away = values - values.mean()
        root = (away.square().mean() + epsilon).sqrt()
        hat = away / root
        jacobian = knob / root * (eye - 1 / n - torch.outer(hat, hat) / n)
        columns.append(jacobian @ g)
    return torch.stack(columns, dim=1)

# %% wrong="running_update" really="the count is the number of rows, the places of images are forgotten"
@exercise
def running_update(running_mean: Tensor, running_variance: Tensor, x: Tensor, momentum: float = 0.1) -> tuple[Tensor, Tensor]:
    mean, variance = channel_statistics(x)
    n = len(x)
    variance = variance * n / (n - 1)
    return (1 - momentum) * running_mean + momentum * mean, (1 - momentum) * running_variance + momentum * variance

# %% wrong="running_update" really="all values of all channels are counted, not those of one channel"
@exercise
def running_update(running_mean: Tensor, running_variance: Tensor, x: Tensor, momentum: float = 0.1) -> tuple[Tensor, Tensor]:
    mean, variance = channel_statistics(x)
    n = x.numel()
    variance = variance * n / (n - 1)
    return (1 - momentum) * running_mean + momentum * mean, (1 - momentum) * running_variance + momentum * variance

# %% wrong="running_update" really="the old averages are changed in place"
@exercise
def running_update(running_mean: Tensor, running_variance: Tensor, x: Tensor, momentum: float = 0.1) -> tuple[Tensor, Tensor]:
    mean, variance = channel_statistics(x)
    n = x.numel() / x.shape[1]
    running_mean *= 1 - momentum
    running_mean += momentum * mean
    running_variance *= 1 - momentum
    running_variance += momentum * variance * n / (n - 1)
    return running_mean, running_variance

# %% wrong="running_update" really="var already divides by the count less one and is corrected a second time"
@exercise
def running_update(running_mean: Tensor, running_variance: Tensor, x: Tensor, momentum: float = 0.1) -> tuple[Tensor, Tensor]:
    axes = [0, 2, 3][:x.ndim - 1]
    n = x.numel() // x.shape[1]
    mean, variance = x.mean(dim=axes), x.var(dim=axes) * n / (n - 1)
    return (1 - momentum) * running_mean + momentum * mean, (1 - momentum) * running_variance + momentum * variance

# %% wrong="running_update" really="the correction multiplies the whole new average, the old memory too"
@exercise
def running_update(running_mean: Tensor, running_variance: Tensor, x: Tensor, momentum: float = 0.1) -> tuple[Tensor, Tensor]:
    mean, variance = channel_statistics(x)
    n = x[:, 0].numel()
    new_mean = (1 - momentum) * running_mean + momentum * mean
    new_variance = ((1 - momentum) * running_variance + momentum * variance) * n / (n - 1)
    return new_mean, new_variance

# %% wrong="running_update" really="momentum is taken for the share of the old that is kept"
@exercise
def running_update(running_mean: Tensor, running_variance: Tensor, x: Tensor, momentum: float = 0.1) -> tuple[Tensor, Tensor]:
    mean, variance = channel_statistics(x)
    n = x[:, 0].numel()
    return torch.lerp(mean, running_mean, momentum), torch.lerp(variance * n / (n - 1), running_variance, momentum)

# %% right="running_update" style="torch.lerp with the unbiased variance"
@exercise
def running_update(running_mean: Tensor, running_variance: Tensor, x: Tensor, momentum: float = 0.1) -> tuple[Tensor, Tensor]:
    variance, mean = torch.var_mean(x.transpose(0, 1).flatten(1), dim=1, correction=1)
    return torch.lerp(running_mean, mean, momentum), torch.lerp(running_variance, variance, momentum)

# %% right="running_update" style="a step of momentum times the difference"
@exercise
def running_update(running_mean: Tensor, running_variance: Tensor, x: Tensor, momentum: float = 0.1) -> tuple[Tensor, Tensor]:
    mean, variance = channel_statistics(x)
    count = x.numel() // x.size(1)
    unbiased = variance * (count / (count - 1))
    towards = lambda old, new: old + momentum * (new - old)
    return towards(running_mean, mean), towards(running_variance, unbiased)

# %% right="running_update" style="torch's own layer writes into copies"
@exercise
def running_update(running_mean: Tensor, running_variance: Tensor, x: Tensor, momentum: float = 0.1) -> tuple[Tensor, Tensor]:
    new_mean, new_variance = running_mean.clone(), running_variance.clone()
    nn.functional.batch_norm(x, new_mean, new_variance, training=True, momentum=momentum)
    return new_mean, new_variance

# %% wrong="BatchNorm" really="the layer's epsilon is not handed to batch_norm, in training the default is used"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x: Tensor) -> Tensor:
        if self.training:
            if x.numel() == x.shape[1]:
                raise ValueError("one value a channel has no spread")
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
            return batch_norm(x, self.gamma, self.beta)
        x_hat = (x - by_channel(self.running_mean, x)) / by_channel((self.running_variance + self.epsilon).sqrt(), x)
        return by_channel(self.gamma, x) * x_hat + by_channel(self.beta, x)

# %% wrong="BatchNorm" really="every batch of one is refused, though a single image of many places has a spread"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x: Tensor) -> Tensor:
        if self.training:
            if len(x) == 1:
                raise ValueError("a batch of one")
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
            return batch_norm(x, self.gamma, self.beta, self.epsilon)
        x_hat = (x - by_channel(self.running_mean, x)) / by_channel((self.running_variance + self.epsilon).sqrt(), x)
        return by_channel(self.gamma, x) * x_hat + by_channel(self.beta, x)

# %% wrong="BatchNorm" really="the averages are updated with the diary running, so they carry a gradient and drag every batch along"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x: Tensor) -> Tensor:
        if self.training:
            if x[:, 0].numel() < 2:
                raise ValueError("too few values")
            out = batch_norm(x, self.gamma, self.beta, self.epsilon)
            self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
            return out
        scale = self.gamma / torch.sqrt(self.running_variance + self.epsilon)
        return (x - by_channel(self.running_mean, x)) * by_channel(scale, x) + by_channel(self.beta, x)

# %% wrong="BatchNorm" really="in eval mode the answers are right but the averages are updated there too"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x: Tensor) -> Tensor:
        many = x.numel() > x.shape[1]
        if self.training and not many:
            raise ValueError("a channel has a single value")
        if self.training:
            out = batch_norm(x, self.gamma, self.beta, self.epsilon)
        else:
            out = (x - by_channel(self.running_mean, x)) / by_channel((self.running_variance + self.epsilon).sqrt(), x)
            out = out * by_channel(self.gamma, x) + by_channel(self.beta, x)
        if many:
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
        return out

# %% wrong="BatchNorm" really="a single row is refused in eval mode as well, where it is just what the memory is for"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x: Tensor) -> Tensor:
        if x.numel() // x.shape[1] == 1:
            raise ValueError("a channel has a single value")
        if self.training:
            with torch.no_grad():
                mean, variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
                self.running_mean.copy_(mean)
                self.running_variance.copy_(variance)
            return batch_norm(x, self.gamma, self.beta, self.epsilon)
        x_hat = (x - by_channel(self.running_mean, x)) / by_channel((self.running_variance + self.epsilon).sqrt(), x)
        return by_channel(self.gamma, x) * x_hat + by_channel(self.beta, x)

# %% wrong="BatchNorm" really="data takes gamma and beta out of the diary, so descent never moves them"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x: Tensor) -> Tensor:
        gamma, beta = self.gamma.data, self.beta.data
        if self.training:
            if x[:, 0].numel() == 1:
                raise ValueError("a channel has a single value")
            with torch.no_grad():
                self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
            return batch_norm(x, gamma, beta, self.epsilon)
        x_hat = (x - by_channel(self.running_mean, x)) / by_channel((self.running_variance + self.epsilon).sqrt(), x)
        return by_channel(gamma, x) * x_hat + by_channel(beta, x)

# %% right="BatchNorm" style="one formula for both lives, the statistics chosen first"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x: Tensor) -> Tensor:
        if self.training:
            if x.numel() <= x.shape[1]:
                raise ValueError("batch norm needs more than one value a channel in training")
            mean, variance = channel_statistics(x)
            with torch.no_grad():
                new = running_update(self.running_mean, self.running_variance, x, momentum=self.momentum)
                for buffer, value in zip((self.running_mean, self.running_variance), new):
                    buffer.copy_(value)
        else:
            mean, variance = self.running_mean, self.running_variance
        mean, variance, gamma, beta = (by_channel(part, x) for part in (mean, variance, self.gamma, self.beta))
        return gamma * (x - mean) / torch.sqrt(variance + self.epsilon) + beta

# %% right="BatchNorm" style="torch's functional batch norm does it all, the ValueError included"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.batch_norm(x, self.running_mean, self.running_variance, self.gamma, self.beta,
                                        training=self.training, momentum=self.momentum, eps=self.epsilon)

# %% right="BatchNorm" style="channels at the end, helper methods, statistics of its own, averages from the detached batch"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def remember(self, rows):
        rows = rows.detach()
        self.running_mean = self.running_mean + self.momentum * (rows.mean(dim=0) - self.running_mean)
        self.running_variance = self.running_variance + self.momentum * (rows.var(dim=0) - self.running_variance)

    def forward(self, x: Tensor) -> Tensor:
        last = x.movedim(1, -1)
        rows = last.flatten(0, -2)
        if not self.training:
            scale = self.gamma / (self.running_variance + self.epsilon) ** 0.5
            return ((last - self.running_mean) * scale + self.beta).movedim(-1, 1)
        if len(rows) == 1:
            raise ValueError("a single value has no spread")
        self.remember(rows)
        away = last - rows.mean(dim=0)
        root = (rows.var(dim=0, correction=0) + self.epsilon).sqrt()
        return (self.gamma * (away / root) + self.beta).movedim(-1, 1)

# %% wrong="fold_into_conv" really="a tensor of several numbers has no truth value, so bias or zeros stops with an error for more than one channel"
@exercise
def fold_into_conv(weight: Tensor, bias: Tensor | None, mean: Tensor, variance: Tensor, gamma: Tensor, beta: Tensor, epsilon: float = 1e-5) -> tuple[Tensor, Tensor]:
    bias = bias or torch.zeros_like(mean)
    s = gamma / (variance + epsilon).sqrt()
    return weight * s[:, None, None, None], s * (bias - mean) + beta

# %% wrong="fold_into_conv" really="the stretch is laid along the input channels, axis 1 of the weights"
@exercise
def fold_into_conv(weight: Tensor, bias: Tensor | None, mean: Tensor, variance: Tensor, gamma: Tensor, beta: Tensor, epsilon: float = 1e-5) -> tuple[Tensor, Tensor]:
    s = gamma / torch.sqrt(variance + epsilon)
    if bias is None:
        bias = torch.zeros_like(mean)
    return by_channel(s, weight) * weight, s * (bias - mean) + beta

# %% wrong="fold_into_conv" really="without a bias the new one is beta alone, the mean that is taken away is forgotten"
@exercise
def fold_into_conv(weight: Tensor, bias: Tensor | None, mean: Tensor, variance: Tensor, gamma: Tensor, beta: Tensor, epsilon: float = 1e-5) -> tuple[Tensor, Tensor]:
    s = gamma / torch.sqrt(variance + epsilon)
    new_weight = s.view(-1, 1, 1, 1) * weight
    if bias is None:
        return new_weight, beta.clone()
    return new_weight, s * (bias - mean) + beta

# %% wrong="fold_into_conv" really="the convolution's bias is not stretched"
@exercise
def fold_into_conv(weight: Tensor, bias: Tensor | None, mean: Tensor, variance: Tensor, gamma: Tensor, beta: Tensor, epsilon: float = 1e-5) -> tuple[Tensor, Tensor]:
    bias = 0 if bias is None else bias
    s = gamma / torch.sqrt(variance + epsilon)
    return s.view(-1, 1, 1, 1) * weight, bias + beta - s * mean

# %% wrong="fold_into_conv" really="the convolution's own weights are multiplied in place"
@exercise
def fold_into_conv(weight: Tensor, bias: Tensor | None, mean: Tensor, variance: Tensor, gamma: Tensor, beta: Tensor, epsilon: float = 1e-5) -> tuple[Tensor, Tensor]:
    if bias is None:
        bias = torch.zeros_like(mean)
    s = gamma / torch.sqrt(variance + epsilon)
    with torch.no_grad():
        weight *= s[:, None, None, None]
    return weight, s * (bias - mean) + beta

# %% wrong="fold_into_conv" really="divides by the variance and not by its root"
@exercise
def fold_into_conv(weight: Tensor, bias: Tensor | None, mean: Tensor, variance: Tensor, gamma: Tensor, beta: Tensor, epsilon: float = 1e-5) -> tuple[Tensor, Tensor]:
    if bias is None:
        bias = torch.zeros_like(mean)
    s = gamma / (variance + epsilon)
    return s[:, None, None, None] * weight, s * (bias - mean) + beta

# %% right="fold_into_conv" style="einsum"
@exercise
def fold_into_conv(weight: Tensor, bias: Tensor | None, mean: Tensor, variance: Tensor, gamma: Tensor, beta: Tensor, epsilon: float = 1e-5) -> tuple[Tensor, Tensor]:
    s = gamma * (variance + epsilon).rsqrt()
    shift = -mean if bias is None else bias - mean
    return torch.einsum("o,oihw->oihw", s, weight), torch.addcmul(beta, s, shift)

# %% right="fold_into_conv" style="a diagonal matrix times each filter laid out as a row"
@exercise
def fold_into_conv(weight: Tensor, bias: Tensor | None, mean: Tensor, variance: Tensor, gamma: Tensor, beta: Tensor, epsilon: float = 1e-5) -> tuple[Tensor, Tensor]:
    stretch = torch.diag(gamma / (variance + epsilon) ** 0.5)
    filters = stretch @ weight.flatten(1)
    old_bias = torch.zeros_like(beta) if bias is None else bias
    return filters.view_as(weight), stretch @ (old_bias - mean) + beta

# %% right="fold_into_conv" style="one output channel at a time"
@exercise
def fold_into_conv(weight: Tensor, bias: Tensor | None, mean: Tensor, variance: Tensor, gamma: Tensor, beta: Tensor, epsilon: float = 1e-5) -> tuple[Tensor, Tensor]:
    kernels, shifts = [], []
    for channel in range(len(weight)):
        s = gamma[channel] / torch.sqrt(variance[channel] + epsilon)
        start = 0.0 if bias is None else bias[channel]
        kernels.append(s * weight[channel])
        shifts.append(s * (start - mean[channel]) + beta[channel])
    return torch.stack(kernels), torch.stack(shifts)
