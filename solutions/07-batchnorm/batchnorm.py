# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   course:
#     title: The scale of things
#     rows: [E2]
#     minutes: 120
#     builds_on: [03-descent, 04-networks, 05-convolutions, 06-dropout]
# ---

# %% [markdown] rows="E2"
r"""
# The scale of things

**Why should a network care how large the numbers between its layers are?**

Set a photocopier to 80 % and copy a page. Copy the copy, and so on, twenty times. What comes out is about one hundredth of the size of the page: a speck. Set it to 125 %, and after twenty
copies you need a wall. Only at 100 % does anything sensible arrive, and 99.9 % will do, and 97 % will not do for long.

A layer of a network is such a copier. It multiplies by its weights, and the next layer takes what comes. Nobody set it to 100 %, and if somebody did, the first step of training moved the knob.
This lesson is about a layer that looks at each copy and brings it back to size. It is a few lines long, went into most image networks in the years after 2015, and was explained wrongly for some of them.
"""

# %% setup=true
import torch
from torch import Tensor, nn, tensor

from course import data, plots
from course.check import answer, begin, check, checks, exercise, hints
from course.training import accuracy, train

begin("07-batchnorm")

device = "cuda" if torch.cuda.is_available() else "cpu"
images, labels = (part.to(device) for part in data.digits())     # 1,797 handwritten digits, (n, 1, 8, 8), ink from 0 to 1
for_training, held_out = data.stratified_split(labels, test=400)


# %% [markdown]
r"""
Here are twenty dense layers with ReLU (lesson 04), fresh from the drawing of their weights, and 256 digits on their way through. The weights are drawn with the spread that keeps
the copier at 100 % (Kaiming He and others, 2015), and then all multiplied by one number: 0.8, 1 or 1.25. The picture shows how large the numbers are after each layer.
"""

# %%
def sizes_by_layer(factor: float, normalise: bool, depth: int = 20) -> list[float]:
    """The root mean square of what leaves each ReLU, with all weights multiplied by factor."""
    drawing, found = torch.Generator().manual_seed(1), []
    numbers = images[:256].flatten(1) / images[:256].square().mean().sqrt()
    for _ in range(depth):
        weights = factor * (2 / 64) ** 0.5 * torch.randn(64, 64, generator=drawing)
        numbers = numbers @ weights.to(device)
        if normalise:
            numbers = nn.functional.batch_norm(numbers, None, None, training=True)
        numbers = numbers.relu()
        found.append(float(numbers.square().mean().sqrt()))
    return found


figure, (left, right) = plots.figure(columns=2, sharey=True)
for axes, normalise, title in ((left, False, "Twenty layers as they come"), (right, True, "The same, with batch norm")):
    plots.curves(axes, {f"weights times {factor:g}": sizes_by_layer(factor, normalise) for factor in (0.8, 1.0, 1.25)}, x=range(1, 21), names=("layer", "size of the numbers"), log=True)
    axes.set(title=title, xticks=[1, 5, 10, 15, 20])
right.set_ylabel("")
plots.show(figure, alt="Two panels, the size of the numbers after each of twenty layers, on a logarithmic axis. Left, without batch norm: the three lines part from the first layer on. "
           "With weights times 0.8 the numbers shrink to about a hundredth, with weights times 1.25 they grow many times over, and with weights as drawn they stay about where they were. Right, with batch norm: the three lines lie on each other and are flat.")

# %% [markdown] rows="E2"
r"""
On the left a factor of 1.25, which nobody would notice in one layer, has become a factor of 87. On the right the same twenty layers with the same weights, and the three lines are one.

**By the end you can**

- take the mean and the variance of each channel of a batch, and say which numbers go into them;
- write batch norm forwards, and backwards by hand, and say what its two knobs per channel are for;
- keep running averages, and say what momentum means for them and what it does not;
- find a forgotten `eval()`, and say what small batches do;
- fold a trained batch norm into the convolution before it, so that it costs nothing;
- say what batch norm is known to do, and which famous explanation of it did not survive its test.

**Time:** about 120 minutes: 64 for the seven exercises, 10 for the quiz, the rest to read and play. **Builds on:** lesson 03, *Down the landscape of loss* (gradients, the chain rule, learning rates that diverge),
lesson 04 (networks, training), lesson 05 (convolutions and channels), and lesson 06 (training and eval mode).

## 1. A mean and a spread for each channel
To bring a copy back to size you have to measure it. Two numbers will do. The **mean** says where the middle is. The **[variance](../glossary.md#variance)** says how far the values lie from it: take
each value's distance from the mean, square it, take the mean of the squares. Its root is the **[standard deviation](../glossary.md#standard-deviation)**, which is the typical distance, in the values' own unit.

Which values go in together? In a table, those of one *column*: ages with ages, incomes with incomes, all rows of the batch. An image inside a network is $n \times \text{channels} \times \text{height} \times \text{width}$, and a
channel is what one filter sees: here an edge, there a blob. So values of one *channel* belong together: those of all images in the batch, and of all places, for the filter is the same everywhere.
"""

# %%
from matplotlib.patches import Rectangle

figure, panels = plots.figure(columns=2, height=3.6, width_ratios=[1, 1.9])
for row in range(6):
    for column in range(3):
        panels[0].add_patch(Rectangle((column, 5 - row), 1, 1, facecolor=plots.COLOURS["orange" if column == 1 else "sky"], alpha=0.95 if column == 1 else 0.3, edgecolor="white", linewidth=1.5,
                                      hatch="//" if column == 1 else None))
panels[0].text(1.5, 6.25, "one column", ha="center")
panels[0].set(xlim=(-1.0, 3.4), ylim=(-0.9, 6.9), title="A table, (n, channels)")
panels[0].text(-0.25, 3, "6 rows", rotation=90, va="center", ha="right")
for picture in range(4):
    for channel in range(3):
        for place in range(9):
            chosen = channel == 1
            panels[1].add_patch(Rectangle((picture * 3.6 + place % 3, (2 - channel) * 3.5 + place // 3), 1, 1, facecolor=plots.COLOURS["orange" if chosen else "sky"], alpha=0.95 if chosen else 0.3,
                                          edgecolor="white", linewidth=1.2, hatch="//" if chosen else None))
    panels[1].text(picture * 3.6 + 1.5, 10.4, f"image {picture}", ha="center")
for channel in range(3):
    panels[1].text(-0.35, (2 - channel) * 3.5 + 1.5, f"channel {channel}", ha="right", va="center")
panels[1].set(xlim=(-4.6, 14), ylim=(-0.4, 11.4), title="Images, (n, channels, height, width)")
for axes in panels:
    axes.set(aspect="equal")
    axes.set_axis_off()
plots.show(figure, alt="Left, a table of six rows and three columns, in which the middle column is marked from top to bottom. Right, four images of three channels each, every channel a square of nine "
           "places; channel 1 is marked in all four images, all nine places of each, and the other channels are not.")

# %% [markdown]
r"""
The marked cells give one mean and one variance. The other channels have theirs.

**Exercise 1 (7 minutes, easy): the statistics of a channel.** Return the mean and the variance of each channel, for tables and for images. In both, channels are axis 1, so every axis *but* that one is
averaged away: `x.mean(dim=[0, 2, 3])` takes the mean over three axes at once. Divide by the number of values, not by one less; section 5 comes back to that.
"""

# %% exercise="channel_statistics" minutes=7
@exercise
def channel_statistics(x: Tensor) -> tuple[Tensor, Tensor]:
    """The mean and the variance of each channel, over all rows and all places.

    x: (n, channels) or (n, channels, height, width). Returns mean and variance, each (channels,); the variance is the mean
    of the squared distances from the mean, e.g. [[0., 10.], [4., 10.]] -> mean [2., 10.], variance [4., 0.].
    """
    ### BEGIN SOLUTION
    over = [0] if x.ndim == 2 else [0, 2, 3]
    return x.mean(dim=over), x.var(dim=over, correction=0)
    ### END SOLUTION


# %% check="channel_statistics" points=4
hints("How many channels are there? As many means, and as many variances.",
      "Average over every axis but axis 1: [0] for a table, [0, 2, 3] for images. Tensors have .mean(dim=...) and .var(dim=..., correction=0).",
      "over = [0] if x.ndim == 2 else [0, 2, 3]; return x.mean(dim=over), x.var(dim=over, correction=0).")
check(channel_statistics, tensor([[0., 10.], [0., 10.], [4., 10.], [4., 30.]])).gives((tensor([2., 15.]), tensor([4., 75.])), mistakes={
    "you took the statistics of each row: a channel is a column, axis 1, so it is axis 0 that is averaged away": (tensor([5., 5., 7., 17.]), tensor([25., 25., 9., 169.])),
    "your variance divides by one less than the count, as `.var()` does unless you say `correction=0`": (tensor([2., 15.]), tensor([16 / 3, 100.])),
    "you gave the standard deviation: the variance is its square": (tensor([2., 15.]), tensor([2., 8.660254])),
    "you gave the standard deviation, and it divides by one less than the count: the variance is wanted": (tensor([2., 15.]), tensor([2.309401, 10.])),
    "you put all channels together: each has a mean and a variance of its own": (tensor(8.5), tensor(81.75)),
    "the two have changed places: mean first (`torch.var_mean` gives them the other way round)": (tensor([4., 75.]), tensor([2., 15.])),
    "you summed the squared distances: the variance is their mean": (tensor([2., 15.]), tensor([16., 300.])),
    "you averaged the squares of the values: take the mean away before you square": (tensor([2., 15.]), tensor([8., 300.])),
    "you averaged the distances without squaring them": (tensor([2., 15.]), tensor([2., 7.5])),
    "you averaged the distances as they are, and those above the mean cancel those below: square them first": (tensor([2., 15.]), tensor([0., 0.])),
    "you kept the axis that was averaged away: one number a channel is wanted, without `keepdim`": (tensor([[2., 15.]]), tensor([[4., 75.]])),
    "you stacked the two into one tensor: give them back side by side, with a comma between": tensor([[2., 15.], [4., 75.]]),
    "you gave the means only: the variances are wanted too": tensor([2., 15.]),
    "you summed: a mean is the sum divided by how many there are": (tensor([8., 60.]), tensor([4., 75.])),
    "a bare `reshape(channels, -1)` keeps the order of the rows and mixes the channels: bring them to the front first, with `x.transpose(0, 1)`": (tensor([5., 12.]), tensor([25., 114.])),
    "your code asked for an axis or a place that is not there: a table has no axes 2 and 3, and x.ndim says how many there are": IndexError})
### BEGIN HIDDEN TESTS
def by_column(x, correction=0):
    return x.mean(dim=0), x.var(dim=0, correction=correction)


check(channel_statistics, 3 * torch.randn(int(torch.randint(6, 12, ())), 4) + torch.rand(4) * 9 + 1).gives(by_column, mistakes={
    "you took the statistics of each row: a channel is a column, axis 1, so it is axis 0 that is averaged away": lambda x: by_column(x.T),
    "your variance divides by one less than the count, as `.var()` does unless you say `correction=0`": lambda x: by_column(x, 1),
    "you gave the standard deviation: the variance is its square": lambda x: (x.mean(dim=0), x.std(dim=0, correction=0)),
    "you gave the standard deviation, and it divides by one less than the count: the variance is wanted": lambda x: (x.mean(dim=0), x.std(dim=0)),
    "you put all channels together: each has a mean and a variance of its own": lambda x: (x.mean(), x.var(correction=0)),
    "the two have changed places: mean first (`torch.var_mean` gives them the other way round)": lambda x: by_column(x)[::-1],
    "you summed the squared distances: the variance is their mean": lambda x: (x.mean(dim=0), len(x) * x.var(dim=0, correction=0)),
    "you averaged the squares of the values: take the mean away before you square": lambda x: (x.mean(dim=0), x.square().mean(dim=0)),
    "you averaged the distances without squaring them": lambda x: (x.mean(dim=0), (x - x.mean(dim=0)).abs().mean(dim=0)),
    "you averaged the distances as they are, and those above the mean cancel those below: square them first": lambda x: (x.mean(dim=0), torch.zeros(4)),
    "you kept the axis that was averaged away: one number a channel is wanted, without `keepdim`": lambda x: tuple(part.unsqueeze(0) for part in by_column(x)),
    "you stacked the two into one tensor: give them back side by side, with a comma between": lambda x: torch.stack(by_column(x)),
    "you gave the means only: the variances are wanted too": lambda x: x.mean(dim=0),
    "you summed: a mean is the sum divided by how many there are": lambda x: (x.sum(dim=0), x.var(dim=0, correction=0)),
    "a bare `reshape(channels, -1)` keeps the order of the rows and mixes the channels: bring them to the front first, with `x.transpose(0, 1)`": lambda x: by_column(x.reshape(4, -1).T),
    "your code asked for an axis or a place that is not there: a table has no axes 2 and 3, and x.ndim says how many there are": IndexError})
check(channel_statistics, torch.randn(5, 3)).leaves_its_arguments_alone()
### END HIDDEN TESTS

# %% check="channel_statistics" aspect="places" points=5
check(channel_statistics, tensor([[[[0., 2.]], [[10., 10.]]], [[[4., 6.]], [[10., 30.]]]])).gives((tensor([3., 15.]), tensor([5., 75.])), mistakes={
    "you averaged over the batch only: the places of an image, axes 2 and 3, belong in too": (tensor([[[2., 4.]], [[10., 20.]]]), tensor([[[4., 4.]], [[0., 100.]]])),
    "you averaged over the places only: the images of the batch, axis 0, belong in too": (tensor([[1., 10.], [5., 20.]]), tensor([[1., 0.], [1., 100.]])),
    "you averaged the variances of the single images: that misses how far the images lie apart, so take all the distances from the one mean": (tensor([3., 15.]), tensor([1., 50.])),
    "you kept the last axis, where channels are axis 1; a bare `reshape(-1, channels)` takes the last axis for them, too": (tensor([6., 12.]), tensor([18., 116.])),
    "you kept the images apart and put the channels together, where it is the other way round; a bare `reshape(channels, -1)` does so, too": (tensor([5.5, 12.5]), tensor([20.75, 106.75])),
    "you averaged the places away first, and the variance of such averages misses how far the places lie apart": (tensor([3., 15.]), tensor([4., 25.])),
    "you divided the squares by the number of images: a channel has a value for each place of each image": (tensor([3., 15.]), tensor([10., 150.])),
    "your means met the width of the image, for broadcasting begins at the right: `keepdim=True` keeps them on axis 1": (tensor([3., 15.]), tensor([65., 87.])),
    "your variance divides by one less than the count, as `.var()` does unless you say `correction=0`": (tensor([3., 15.]), tensor([20 / 3, 100.])),
    "you kept the axes that were averaged away: one number a channel is wanted, without `keepdim`": (tensor([3., 15.]).view(1, 2, 1, 1), tensor([5., 75.]).view(1, 2, 1, 1))},
    hint="four axes now: two images of two channels, each one place high and two wide; if the check above fails too, begin there")
check(channel_statistics, tensor([[10001.], [10003.]])).gives((tensor([10002.]), tensor([1.])), mistakes={
    "the mean of the squares less the square of the mean is right on paper, but here both are about a hundred million and float32 keeps seven digits (lesson 01): "
    "take the mean away first, then square": (tensor([10002.]), tensor([0.])),
    "your variance divides by one less than the count, as `.var()` does unless you say `correction=0`": (tensor([10002.]), tensor([2.]))},
    hint="large values that lie close together; if a check above fails too, begin there")
### BEGIN HIDDEN TESTS
def by_channels(x, over=(0, 2, 3), keepdim=False, correction=0):
    return x.mean(dim=over, keepdim=keepdim), x.var(dim=over, keepdim=keepdim, correction=correction)


check(channel_statistics, torch.randn(3, 5, 4, 2) + torch.rand(1, 5, 1, 1) * 4 + torch.rand(3, 1, 1, 1)).gives(by_channels, mistakes={
    "you averaged over the batch only: the places of an image, axes 2 and 3, belong in too": lambda x: by_channels(x, 0),
    "you averaged over the places only: the images of the batch, axis 0, belong in too": lambda x: by_channels(x, (2, 3)),
    "you averaged the variances of the single images: that misses how far the images lie apart, so take all the distances from the one mean":
        lambda x: (by_channels(x)[0], by_channels(x, (2, 3))[1].mean(dim=0)),
    "you kept the last axis, where channels are axis 1; a bare `reshape(-1, channels)` takes the last axis for them, too": lambda x: by_channels(x, (0, 1, 2)),
    "you kept the images apart and put the channels together, where it is the other way round; a bare `reshape(channels, -1)` does so, too": lambda x: by_channels(x, (1, 2, 3)),
    "you averaged the places away first, and the variance of such averages misses how far the places lie apart": lambda x: by_channels(x.mean(dim=(2, 3)), 0),
    "you divided the squares by the number of images: a channel has a value for each place of each image": lambda x: (by_channels(x)[0], by_channels(x)[1] * x[0, 0].numel()),
    "your means met the width of the image, for broadcasting begins at the right: `keepdim=True` keeps them on axis 1":
        lambda x: (by_channels(x)[0], (x - by_channels(x)[0]).square().mean(dim=(0, 2, 3))),
    "your variance divides by one less than the count, as `.var()` does unless you say `correction=0`": lambda x: by_channels(x, correction=1),
    "you kept the axes that were averaged away: one number a channel is wanted, without `keepdim`": lambda x: by_channels(x, keepdim=True)})
check(channel_statistics, 10_000 + torch.randn(40, 3)).gives(lambda x: tuple(part.float() for part in (x.double().mean(dim=0), x.double().var(dim=0, correction=0))), tolerance=1e-3, mistakes={
    "the mean of the squares less the square of the mean is right on paper, but here both are about a hundred million and float32 keeps seven digits (lesson 01): "
    "take the mean away first, then square": lambda x: (x.mean(dim=0), x.square().mean(dim=0) - x.mean(dim=0).square())},
    hint="large values that lie close together: take the mean away before you square, since float32 keeps seven digits")
check(channel_statistics, torch.randn(4, 2, 3, 3, dtype=torch.float64)).gives(by_channels, same_dtype=False, hint="values in float64 this time")
### END HIDDEN TESTS

# %% [markdown] rows="E2"
r"""
## 2. Take the scale out, and hand it back
Now the layer. Take each channel's mean away and divide by its standard deviation. Whatever came, what leaves has mean 0 and variance 1: this is **normalising**, the standardising of lesson 01, done
inside the network and for each batch anew. Not "between 0 and 1", as one sometimes reads: about a third of the values of a bell curve lie beyond 1 on one side or the other.

Then hand the scale back, under new management: multiply by a number $\gamma$ (gamma) and add a number $\beta$ (beta), one of each for every channel, both learned.

$$\hat x = \frac{x - \text{mean}}{\sqrt{\text{variance} + \epsilon}} \qquad\qquad y = \gamma\, \hat x + \beta$$

The $\epsilon$ (epsilon), 0.00001 as a rule, sits under the root, so that a channel that is the same everywhere is divided by something small and not by zero. All this together is
**[batch normalisation](../glossary.md#batch-normalisation)**, batch norm for short (Sergey Ioffe and Christian Szegedy, 2015).

To take the scale out and put a scale back in looks like packing a suitcase in order to unpack it. But the scale that was taken out was an accident of all the weights below. The one that is put in
is *one number, which a gradient can reach*. Here is a case to see it.

**Film ratings.** Somebody's network gives numbers about 0, most between -1 and 1. The ratings that it should predict lie about 3, most of them between 1 and 5. What has to change? The middle: one number, the last
layer's bias. The spread: *every* weight of the last layer, each multiplied by the same 2 or so; no single number does it. Descent nudges each of those weights for its own reasons, and the way to
"all of you, times two" is long. With $\gamma$ and $\beta$ it is two numbers.
"""

# %%
seats = torch.Generator().manual_seed(5)
features = torch.randn(400, 64, generator=seats) * torch.logspace(-1, 1, 64)        # 64 facts about each film, of very different sizes
weights = torch.randn(64, generator=seats) / features.norm(dim=0) * 1.2             # a last layer that somebody drew
raw = features @ weights
wanted = 3 + (raw - raw.mean()) / raw.std()                                         # what people gave: the same opinion, in stars
normalised = (raw - raw.mean()) / raw.std(correction=0)
print(f"the network says  {raw.mean():5.2f} give or take {raw.std():.2f}, off by {(raw - wanted).square().mean().sqrt():.2f} stars")

gamma, beta = 1.00, 3.0                                                             # change me
rated = gamma * normalised + beta
print(f"two numbers later {rated.mean():5.2f} give or take {rated.std():.2f}, off by {(rated - wanted).square().mean().sqrt():.2f} stars")

figure, axes = plots.figure(width=7, height=3.2)
for values, name, style in ((raw, "as the network has it", {"color": plots.COLOURS["blue"]}), (rated, "gamma and beta", {"color": plots.COLOURS["vermillion"], "hatch": "//"})):
    axes.hist(values, bins=torch.linspace(-2, 7, 73), alpha=0.55, label=name, **style)
axes.set(xlabel="predicted rating, stars", ylabel="films", xticks=range(-2, 8), xlim=(-2, 7))
axes.legend(loc="upper right")
plots.show(figure, alt="Two histograms of predicted ratings. One, as the network has it, is a narrow heap about 0. The other, after gamma and beta, is a wide heap about the middle that beta sets.")

# %% [markdown]
r"""
**Experiment.** Ask a harsh audience: middle 2, spread a half. Which numbers do you type?

To write the layer you need means of shape `(channels,)` to meet images of shape `(n, channels, height, width)`. Broadcasting (lesson 01) lines axes up from the right, so a bare `x - mean` would meet the *width*. The
helper below puts the channels where they belong. It is yours to use.
"""

# %% setup=true
def by_channel(values: Tensor, x: Tensor) -> Tensor:
    """One value a channel, shaped so that it broadcasts over x: (channels,) becomes (1, channels) for a table, (1, channels, 1, 1) for images."""
    return values.view(1, -1, *[1] * (x.ndim - 2))


# %% [markdown]
r"""
**Exercise 2 (8 minutes, easy): batch norm.** Two lines: normalise, then scale and shift. Your `channel_statistics` gives the means and variances.
"""

# %% exercise="batch_norm" minutes=8 uses="channel_statistics"
@exercise
def batch_norm(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: float = 1e-5) -> Tensor:
    """Each channel brought to mean 0 and variance 1 over the batch, then multiplied by its gamma and moved by its beta.

    x: (n, channels) or (n, channels, height, width), to be left as it was. gamma, beta: (channels,). epsilon is added to the
    variance, under the root. Returns the shape of x, e.g. x [[1.], [3.]], gamma [10.], beta [2.], epsilon 0. -> [[-8.], [12.]].
    """
    ### BEGIN SOLUTION
    mean, variance = channel_statistics(x)
    normalised = (x - by_channel(mean, x)) / torch.sqrt(by_channel(variance, x) + epsilon)
    return by_channel(gamma, x) * normalised + by_channel(beta, x)
    ### END SOLUTION


# %% check="batch_norm" points=8
hints("Three things happen to each value: something is taken away, it is divided by something, and then gamma and beta have their say.",
      "Take away the channel's mean, divide by the root of (its variance plus epsilon), multiply by gamma, add beta. by_channel puts each of the four into shape.",
      "mean, variance = channel_statistics(x); normalised = (x - by_channel(mean, x)) / torch.sqrt(by_channel(variance, x) + epsilon); return by_channel(gamma, x) * normalised + by_channel(beta, x).")
check(batch_norm, tensor([[1., 3.], [3., 9.], [5., 13.], [7., 15.]]), tensor([3., 10.]), tensor([1., 2.]), 4.0).gives(tensor([[-2., -12.], [0., 0.], [2., 8.], [4., 12.]]), mistakes={
    "gamma and beta came before the normalising, which took them out again: first normalise, then scale and shift": tensor([[-1.285714, -1.526073], [-0.428571, -0.21801], [0.428571, 0.654031], [1.285714, 1.090052]]),
    "the epsilon that came is not in it: it is added to the variance before the root": tensor([[-3.024922, -13.275252], [-0.341641, -0.182179], [2.341641, 8.546536], [5.024922, 12.910894]]),
    "epsilon is outside the root: add it to the variance, then take the root": tensor([[-0.443217, -6.156059], [0.518928, 0.834849], [1.481072, 5.495454], [2.443217, 7.825757]]),
    "the root is missing: divide by the standard deviation, not by the variance": tensor([[0., -0.8], [0.666667, 1.6], [1.333333, 3.2], [2., 4.]]),
    "your variance divides by one less than the count: batch norm normalises by the one that divides by the count": tensor([[-1.755676, -10.374369], [0.081441, 0.232233], [1.918559, 7.303301], [3.755676, 10.838835]]),
    "you normalised and stopped: gamma and beta are still to come": tensor([[-1., -1.4], [-0.333333, -0.2], [0.333333, 0.6], [1., 1.]]),
    "gamma is missing: multiply what is normalised by it": tensor([[0., 0.6], [0.666667, 1.8], [1.333333, 2.6], [2., 3.]]),
    "beta is missing: add it at the end": tensor([[-3., -14.], [-1., -2.], [1., 6.], [3., 10.]]),
    "gamma and beta have changed places: gamma multiplies, beta is added": tensor([[2., 7.2], [2.666667, 9.6], [3.333333, 11.2], [4., 12.]]),
    "beta is inside the brackets and was multiplied by gamma: multiply first, then add": tensor([[0., 6.], [2., 18.], [4., 26.], [6., 30.]]),
    "you multiplied by the standard deviation: divide by it": tensor([[-26., -348.], [-8., -48.], [10., 152.], [28., 252.]]),
    "you took the value from the mean; it is the mean that is taken from the value": tensor([[4., 16.], [2., 4.], [0., -4.], [-2., -8.]]),
    "you took the mean away and did not divide": tensor([[-8., -68.], [-2., -8.], [4., 32.], [10., 52.]]),
    "you divided and did not take the mean away": tensor([[2., 8.], [4., 20.], [6., 28.], [8., 32.]]),
    "brackets are missing: `x - mean / root` divides only the mean": tensor([[0., 12.], [6., 72.], [12., 112.], [18., 132.]]),
    "you put all channels together: each has a mean and a variance of its own": tensor([[-2.53009, -5.844646], [-1.353394, 5.922323], [-0.176697, 13.766968], [1., 17.689291]]),
    "beta was taken away: it is added": tensor([[-4., -16.], [-2., -4.], [0., 4.], [2., 8.]]),
    "you divided by gamma: what is normalised is multiplied by it": tensor([[0.666667, 1.86], [0.888889, 1.98], [1.111111, 2.06], [1.333333, 2.1]]),
    "epsilon was added after the division, and multiplied by gamma: it is added to the variance, before the root": tensor([[8.975078, 26.724749], [11.65836, 39.817822], [14.34164, 48.546535], [17.024921, 52.910892]]),
    "you shaped the channels for images whatever came, and a table has two axes: by_channel does it for both": tensor([[[[-2., 0.], [0., 6.], [2., 10.], [4., 12.]], [[-16., -12.], [-12., 0.], [-8., 8.], [-4., 12.]]]]),
    "epsilon was added after the division: it is added to the variance, before the root": tensor([[0.975078, -9.275252], [3.658359, 3.817821], [6.341641, 12.546537], [9.024922, 16.910895]]),
    "you brought each channel between its least and its greatest value: here it is the mean that goes to 0 and the standard deviation to 1": tensor([[1., 2.], [2., 7.], [3., 10.333333], [4., 12.]]),
    "you normalised each row: a channel is a column, so the statistics go over the rows": tensor([[-0.341641, 6.472136], [-1.496151, 10.320503], [-1.683281, 10.944272], [-1.683281, 10.944272]])})
### BEGIN HIDDEN TESTS
def normed(x, gamma, beta, epsilon, correction=0, over=(0,)):
    mean, variance = x.mean(dim=over, keepdim=True), x.var(dim=over, keepdim=True, correction=correction)
    return gamma * (x - mean) / (variance + epsilon).sqrt() + beta


def parts(x, epsilon):
    return x - x.mean(dim=0), (x.var(dim=0, correction=0) + epsilon).sqrt()


rows = int(torch.randint(5, 9, ()))
check(batch_norm, 2 * torch.randn(rows, 4) + torch.rand(4) + 2, torch.rand(4) + 1.5, torch.rand(4) + 3, 0.5).gives(normed, mistakes={
    "gamma and beta came before the normalising, which took them out again: first normalise, then scale and shift":
        lambda x, gamma, beta, epsilon: normed(gamma * x + beta, 1, 0, epsilon),
    "the epsilon that came is not in it: it is added to the variance before the root": lambda x, gamma, beta, _: normed(x, gamma, beta, 0),
    "epsilon is outside the root: add it to the variance, then take the root": lambda x, gamma, beta, epsilon: gamma * parts(x, 0)[0] / (parts(x, 0)[1] + epsilon) + beta,
    "the root is missing: divide by the standard deviation, not by the variance": lambda x, gamma, beta, epsilon: gamma * parts(x, epsilon)[0] / parts(x, epsilon)[1] ** 2 + beta,
    "your variance divides by one less than the count: batch norm normalises by the one that divides by the count": lambda *given: normed(*given, correction=1),
    "you normalised and stopped: gamma and beta are still to come": lambda x, gamma, beta, epsilon: normed(x, 1, 0, epsilon),
    "gamma is missing: multiply what is normalised by it": lambda x, gamma, beta, epsilon: normed(x, 1, beta, epsilon),
    "beta is missing: add it at the end": lambda x, gamma, beta, epsilon: normed(x, gamma, 0, epsilon),
    "gamma and beta have changed places: gamma multiplies, beta is added": lambda x, gamma, beta, epsilon: normed(x, beta, gamma, epsilon),
    "beta is inside the brackets and was multiplied by gamma: multiply first, then add": lambda x, gamma, beta, epsilon: normed(x, gamma, gamma * beta, epsilon),
    "you multiplied by the standard deviation: divide by it": lambda x, gamma, beta, epsilon: gamma * parts(x, epsilon)[0] * parts(x, epsilon)[1] + beta,
    "you took the value from the mean; it is the mean that is taken from the value": lambda x, gamma, beta, epsilon: normed(x, -gamma, beta, epsilon),
    "you took the mean away and did not divide": lambda x, gamma, beta, epsilon: gamma * parts(x, epsilon)[0] + beta,
    "you divided and did not take the mean away": lambda x, gamma, beta, epsilon: gamma * x / parts(x, epsilon)[1] + beta,
    "brackets are missing: `x - mean / root` divides only the mean": lambda x, gamma, beta, epsilon: gamma * (x - x.mean(dim=0) / parts(x, epsilon)[1]) + beta,
    "you put all channels together: each has a mean and a variance of its own": lambda *given: normed(*given, over=(0, 1)),
    "beta was taken away: it is added": lambda x, gamma, beta, epsilon: normed(x, gamma, -beta, epsilon),
    "you divided by gamma: what is normalised is multiplied by it": lambda x, gamma, beta, epsilon: normed(x, 1 / gamma, beta, epsilon),
    "epsilon was added after the division: it is added to the variance, before the root": lambda x, gamma, beta, epsilon: normed(x, gamma, beta + epsilon, 0),
    "epsilon was added after the division, and multiplied by gamma: it is added to the variance, before the root": lambda x, gamma, beta, epsilon: normed(x, gamma, beta + gamma * epsilon, 0),
    "you shaped the channels for images whatever came, and a table has two axes: by_channel does it for both": lambda x, gamma, beta, epsilon: (
        (gamma / parts(x, epsilon)[1]).view(1, 4, 1, 1) * (x - x.mean(dim=0).view(1, 4, 1, 1)) + beta.view(1, 4, 1, 1)),
    "you brought each channel between its least and its greatest value: here it is the mean that goes to 0 and the standard deviation to 1":
        lambda x, gamma, beta, epsilon: gamma * (x - x.amin(dim=0)) / (x.amax(dim=0) - x.amin(dim=0)) + beta,
    "you normalised each row: a channel is a column, so the statistics go over the rows": lambda *given: normed(*given, over=(1,))})
check(batch_norm, torch.randn(6, 3), torch.ones(3), torch.zeros(3)).gives(lambda x, gamma, beta: normed(x, gamma, beta, 1e-5), hint="epsilon is 0.00001 when nobody says otherwise")
check(batch_norm, torch.randn(6, 3), torch.rand(3), torch.rand(3)).leaves_its_arguments_alone()
### END HIDDEN TESTS

# %% check="batch_norm" aspect="images" points=6
check(batch_norm, tensor([[[[1., 3.]], [[3., 9.]]], [[[5., 7.]], [[13., 15.]]]]), tensor([3., 10.]), tensor([1., 2.]), 4.0).gives(
    tensor([[[[-2., 0.]], [[-12., 0.]]], [[[2., 4.]], [[8., 12.]]]]), mistakes={
    "mean and variance, gamma and beta all met the width of the image: by_channel puts them on axis 1": tensor([[[[-2., -12.]], [[0., 0.]]], [[[2., -4.]], [[10., 12.]]]]),
    "gamma and beta met the width of the image: by_channel puts them on axis 1": tensor([[[[-2., -1.333333]], [[-3.2, 0.]]], [[[2., 12.]], [[2.8, 12.]]]]),
    "mean and variance met the width of the image: by_channel puts them on axis 1": tensor([[[[-2., -3.2]], [[-1.333333, 0.]]], [[[2., -0.8]], [[32., 12.]]]]),
    "each place was normalised by itself: the places of an image belong into the statistics": tensor([[[[-1.12132, -1.12132]], [[-7.284767, -6.320503]]], [[[3.12132, 3.12132]], [[11.284767, 10.320503]]]]),
    "each image was normalised by itself: the whole batch belongs into the statistics of a channel": tensor([[[[-0.341641, 2.341641]], [[-6.320503, 10.320503]]], [[[-0.341641, 2.341641]], [[-2.472136, 6.472136]]]]),
    "each image was normalised over all its channels together: that is layer norm; here it is channel by channel, over the batch":
        tensor([[[[-1.496151, 0.16795]], [[-0.773501, 15.867505]]], [[[-2.273268, -0.963961]], [[8.546536, 12.910894]]]])},
    hint="four axes now: two images of two channels, each one place high and two wide; if the check above fails too, begin there")
### BEGIN HIDDEN TESTS
def normed(x, gamma, beta, epsilon, over=(0, 2, 3), stretch_along=1, measure_along=1):
    shape = [1, -1, 1, 1] if stretch_along == 1 else [-1]
    mean, variance = x.mean(dim=over, keepdim=True), x.var(dim=over, keepdim=True, correction=0)
    if measure_along == 3:
        mean, variance = mean.flatten(), variance.flatten()
    return gamma.view(shape) * (x - mean) / (variance + epsilon).sqrt() + beta.view(shape)


check(batch_norm, torch.randn(3, 4, 2, 4) * (torch.rand(4, 1, 1) + 0.5) + 3 * torch.rand(4, 1, 1), torch.rand(4) + 1.5, torch.rand(4) + 3, 0.5).gives(normed, mistakes={
    "mean and variance, gamma and beta all met the width of the image: by_channel puts them on axis 1": lambda *given: normed(*given, stretch_along=3, measure_along=3),
    "gamma and beta met the width of the image: by_channel puts them on axis 1": lambda *given: normed(*given, stretch_along=3),
    "mean and variance met the width of the image: by_channel puts them on axis 1": lambda *given: normed(*given, measure_along=3),
    "each place was normalised by itself: the places of an image belong into the statistics": lambda *given: normed(*given, over=(0,)),
    "each image was normalised by itself: the whole batch belongs into the statistics of a channel": lambda *given: normed(*given, over=(2, 3)),
    "each image was normalised over all its channels together: that is layer norm; here it is channel by channel, over the batch": lambda *given: normed(*given, over=(1, 2, 3))})
check(batch_norm, torch.randn(3, 2, 5, 4), torch.rand(2), torch.rand(2)).leaves_its_arguments_alone()
### END HIDDEN TESTS

# %% [markdown]
r"""
Two things follow at once, and both will matter. The cell below makes every weight of a convolution ten times as large, and gives it a bias of 7. Watch what leaves the batch norm after it.
"""

# %%
gamma, beta = torch.ones(4), torch.zeros(4)
kernel = torch.randn(4, 1, 3, 3, generator=torch.Generator().manual_seed(2))
convolve = nn.functional.conv2d
few = images[:64].cpu()
before = batch_norm(convolve(few, kernel), gamma, beta)
print("ten times the weights, and a bias of 7: moved by more than 0.001 somewhere:",
      bool((batch_norm(convolve(few, 10 * kernel, bias=torch.full((4,), 7.0)), gamma, beta) - before).abs().max() > 0.001))

# %% [markdown]
r"""
Nothing happens. A bias moves the mean of a channel, and the mean is taken out, so **a convolution before a batch norm needs no bias**: people write `bias=False` and let $\beta$ do its work. And the *size* of the weights does not
matter, only their direction. If a step of descent that is far too long doubles all weights of a layer, the layer after it never hears of it. There is more: the gradient by weights that are ten times as large is ten times
*smaller*. (To move the output as far, you now need a nudge ten times as long.) So weights that have been blown up by a wild step are moved gently from then on. The learning rate is tamed by the very explosion that it caused.
"""

# %%
target = torch.randn(64, 4, 6, 6, generator=torch.Generator().manual_seed(3))
for factor in (1, 10, 100):
    scaled = (factor * kernel).requires_grad_(True)
    loss = (batch_norm(convolve(few, scaled), gamma, beta) - target).square().mean()
    loss.backward()
    if factor == 1:
        first = scaled.grad.norm()
    print(f"weights times {factor:3d}: loss {loss:.3f}, gradient by the weights divided by {first / scaled.grad.norm():4.0f}")

# %% [markdown] rows="E2"
r"""
## 3. Backwards: gamma and beta
Torch can differentiate what you wrote. But batch norm is the first thing in this course in which the rows of a batch *talk to each other*: nudge one value, and the mean moves under all the others. It is worth seeing how that comes
out by hand, and it comes out prettily.

The easy half first. Somewhere behind our layer stands a loss, and its gradient by each value that we gave, `gradient`, comes back to us. It has the shape of $y$. Turn $\beta$ of a channel up by a hair: every value of
that channel rises by a hair, and the loss feels all of them at once. So the gradient by $\beta$ is the *sum* of `gradient` over the channel. Turn $\gamma$ up by a hair: each value moves by its own $\hat x$, and the gradient by $\gamma$ is the sum of `gradient` times
$\hat x$. Sums, not means: it is the loss that may have taken a mean, and then `gradient` has it in it already.

**Exercise 3 (8 minutes, medium): the gradients of gamma and beta.** For tables only: `(n, channels)`. No autograd.
"""

# %% exercise="parameter_gradients" minutes=8 uses="channel_statistics"
@exercise
def parameter_gradients(gradient: Tensor, x: Tensor, epsilon: float = 1e-5) -> tuple[Tensor, Tensor]:
    """The gradients of the loss by gamma and by beta, by hand.

    gradient: (n, channels), of the loss by what batch_norm gave. x: (n, channels), what came in.
    Returns by gamma and by beta, each (channels,), e.g. gradient [[1.], [4.]], x [[1.], [3.]], epsilon 0. -> ([3.], [5.]).
    """
    ### BEGIN SOLUTION
    mean, variance = channel_statistics(x)
    normalised = (x - mean) / torch.sqrt(variance + epsilon)
    return (gradient * normalised).sum(dim=0), gradient.sum(dim=0)
    ### END SOLUTION


# %% check="parameter_gradients" points=9
hints("What does each value of a channel do when beta goes up by a hair? And when gamma does?",
      "By beta: the sum of the gradient over the rows. By gamma: the sum of gradient times normalised, and the normalised x is the one from exercise 2, without gamma and beta.",
      "normalised = (x - mean) / torch.sqrt(variance + epsilon); return (gradient * normalised).sum(dim=0), gradient.sum(dim=0).")
check(parameter_gradients, tensor([[1., 0.], [0., 5.], [0., 0.], [3., 0.]]), tensor([[1., 3.], [3., 9.], [5., 13.], [7., 15.]]), 4.0).gives((tensor([2., -1.]), tensor([4., 5.])), mistakes={
    "you took means over the rows: one hair of gamma moves every row, so the parts add up": (tensor([0.5, -0.25]), tensor([1., 1.25])),
    "the mean is in the second only: both are sums": (tensor([2., -1.]), tensor([1., 1.25])),
    "the mean is in the first only: both are sums": (tensor([0.5, -0.25]), tensor([4., 5.])),
    "gamma multiplies the normalised x, and you took x as it came": (tensor([22., 45.]), tensor([4., 5.])),
    "you took the mean away and did not divide by the standard deviation: gamma multiplies the normalised x": (tensor([6., -5.]), tensor([4., 5.])),
    "the epsilon that came is not in it: it is added to the variance before the root": (tensor([2.683282, -1.091089]), tensor([4., 5.])),
    "epsilon is outside the root: add it to the variance, then take the root": (tensor([0.962145, -0.582576]), tensor([4., 5.])),
    "the root is missing: normalising divides by the standard deviation": (tensor([0.666667, -0.2]), tensor([4., 5.])),
    "your variance divides by one less than the count: batch norm normalises by the one that divides by the count": (tensor([1.837117, -0.883883]), tensor([4., 5.])),
    "the gradient is not in the first: that is how gamma moves the output, and the gradient says what the loss makes of it": (tensor([0., 0.]), tensor([4., 5.])),
    "you summed first and multiplied afterwards: multiply value by value, then sum": (tensor([0., 0.]), tensor([20., 25.])),
    "the gradient is not in the second: that is how beta moves the output, and the gradient says what the loss makes of it": (tensor([2., -1.]), tensor([4., 4.])),
    "the two have changed places: by gamma first, then by beta": (tensor([4., 5.]), tensor([2., -1.])),
    "you summed each row: one gamma and one beta a channel, so the sum goes over the rows": (tensor([-1., -1., 0., 3.]), tensor([1., 5., 0., 3.])),
    "you summed over everything: each channel has a gamma and a beta of its own": (tensor(1.), tensor(9.)),
    "`@` joins each channel with each other one: multiply value by value with `*`, then sum": (tensor([[2., 1.6], [-1.666667, -1.]]), tensor([4., 5.])),
    "you divided x by the root without taking its mean away: the normalised x has mean 0": (tensor([7.333333, 9.]), tensor([4., 5.])),
    "the sums are missing: every row feels the same gamma and the same beta": (tensor([[-1., 0.], [0., -1.], [0., 0.], [3., 0.]]), tensor([[1., 0.], [0., 5.], [0., 0.], [3., 0.]])),
    "you gave one of the two gradients only: by gamma, by beta, with a comma between": tensor([2., -1.]),
    "you stacked the two into one tensor: give them back side by side, with a comma between": tensor([[2., -1.], [4., 5.]])})
### BEGIN HIDDEN TESTS
def by_hand(gradient, x, epsilon, correction=0, outside=0.0):
    root = (x.var(dim=0, correction=correction) + epsilon).sqrt() + outside
    return (gradient * (x - x.mean(dim=0)) / root).sum(dim=0), gradient.sum(dim=0)


def centred(gradient, x):
    return (gradient * (x - x.mean(dim=0))).sum(dim=0)


def normalised(x, epsilon):
    return (x - x.mean(dim=0)) / (x.var(dim=0, correction=0) + epsilon).sqrt()


rows = int(torch.randint(5, 9, ()))
check(parameter_gradients, torch.randn(rows, 4) + 1, 2 * torch.randn(rows, 4) + 2, 0.5).gives(by_hand, mistakes={
    "you took means over the rows: one hair of gamma moves every row, so the parts add up": lambda *given: tuple(part / rows for part in by_hand(*given)),
    "the mean is in the second only: both are sums": lambda *given: (by_hand(*given)[0], by_hand(*given)[1] / rows),
    "the mean is in the first only: both are sums": lambda *given: (by_hand(*given)[0] / rows, by_hand(*given)[1]),
    "gamma multiplies the normalised x, and you took x as it came": lambda gradient, x, _: ((gradient * x).sum(dim=0), gradient.sum(dim=0)),
    "you took the mean away and did not divide by the standard deviation: gamma multiplies the normalised x": lambda gradient, x, _: (centred(gradient, x), gradient.sum(dim=0)),
    "the epsilon that came is not in it: it is added to the variance before the root": lambda gradient, x, _: by_hand(gradient, x, 0),
    "epsilon is outside the root: add it to the variance, then take the root": lambda gradient, x, epsilon: by_hand(gradient, x, 0, outside=epsilon),
    "the root is missing: normalising divides by the standard deviation": lambda gradient, x, epsilon: (centred(gradient, x) / (x.var(dim=0, correction=0) + epsilon), gradient.sum(dim=0)),
    "your variance divides by one less than the count: batch norm normalises by the one that divides by the count": lambda *given: by_hand(*given, correction=1),
    "the gradient is not in the first: that is how gamma moves the output, and the gradient says what the loss makes of it":
        lambda gradient, x, epsilon: (torch.zeros(4), gradient.sum(dim=0)),
    "you summed first and multiplied afterwards: multiply value by value, then sum": lambda gradient, x, epsilon: (torch.zeros(4), gradient.sum(dim=0) * rows),
    "the gradient is not in the second: that is how beta moves the output, and the gradient says what the loss makes of it":
        lambda *given: (by_hand(*given)[0], torch.full((4,), float(rows))),
    "the two have changed places: by gamma first, then by beta": lambda *given: by_hand(*given)[::-1],
    "you summed each row: one gamma and one beta a channel, so the sum goes over the rows":
        lambda gradient, x, epsilon: ((gradient * normalised(x, epsilon)).sum(dim=1), gradient.sum(dim=1)),
    "you summed over everything: each channel has a gamma and a beta of its own": lambda *given: tuple(part.sum() for part in by_hand(*given)),
    "`@` joins each channel with each other one: multiply value by value with `*`, then sum": lambda gradient, x, epsilon: (gradient.T @ normalised(x, epsilon), gradient.sum(dim=0)),
    "you divided x by the root without taking its mean away: the normalised x has mean 0":
        lambda gradient, x, epsilon: ((gradient * x).sum(dim=0) / (x.var(dim=0, correction=0) + epsilon).sqrt(), gradient.sum(dim=0)),
    "the sums are missing: every row feels the same gamma and the same beta": lambda gradient, x, epsilon: (gradient * normalised(x, epsilon), gradient),
    "you gave one of the two gradients only: by gamma, by beta, with a comma between": lambda *given: by_hand(*given)[0],
    "you stacked the two into one tensor: give them back side by side, with a comma between": lambda *given: torch.stack(by_hand(*given))})
check(parameter_gradients, torch.randn(6, 3), torch.randn(6, 3)).gives(lambda gradient, x: by_hand(gradient, x, 1e-5), tolerance=1e-4, hint="epsilon is 0.00001 when nobody says otherwise")
check(parameter_gradients, torch.randn(6, 3), torch.randn(6, 3)).leaves_its_arguments_alone()
check(parameter_gradients).is_written_without("backward", "grad", because="no autograd here: two sums do it")
### END HIDDEN TESTS

# %% [markdown] rows="E2"
r"""
## 4. Backwards: through the mean and the spread
Now the gradient by $x$. Three roads lead from one value of $x$ to the loss: the direct one, one through the mean, and one through the variance. One can walk along all three with the chain rule and add up. But there is a shortcut, by asking
what batch norm does *not* feel.

1. **Move a whole channel.** Add a hair to every value of it. The mean rises by a hair and is taken out, and nothing leaves. So the gradient by $x$ must be such that a common push does nothing: its sum over the channel is zero. Take out its mean.
2. **Stretch a whole channel.** Move every value away from the mean, in proportion to its $\hat x$. The standard deviation grows by the same share and is divided out, and (but for $\epsilon$) nothing leaves. So a push along $\hat x$ must do nothing either. Take out the part of the gradient that
   lies along $\hat x$: that is $\hat x$ times the mean of `gradient` times $\hat x$.
3. **What is left** goes the direct road: a hair of $x$ is $1 / \sqrt{\text{variance} + \epsilon}$ hairs of $\hat x$, and $\gamma$ times that of $y$.

$$\text{gradient by } x = \frac{\gamma}{\sqrt{\text{variance} + \epsilon}}\,\Big(g - \operatorname{mean}(g) - \hat x \cdot \operatorname{mean}(g\,\hat x)\Big)$$

with $g$ for `gradient` and the means over the channel. (With the $\epsilon$ a stretch is felt, though hardly; the formula is exact all the same.) Here is a channel of eight values, before and after the two parts are taken out.
"""

# %%
push = torch.Generator().manual_seed(11)
x_hat = torch.randn(8, generator=push)
x_hat = ((x_hat - x_hat.mean()) / x_hat.std(correction=0)).sort().values
g = 0.8 + 0.7 * x_hat + 0.5 * torch.randn(8, generator=push)
steps = (("what comes back", g), ("less its mean", g - g.mean()), ("less its part along the normalised x", g - g.mean() - x_hat * (g * x_hat).mean()))
figure, panels = plots.figure(columns=3, sharey=True, height=3.4)
for axes, (name, part) in zip(panels, steps):
    axes.axhline(0, color=plots.COLOURS["black"], linewidth=0.8, linestyle="-")
    axes.vlines(x_hat, 0, part, color=plots.COLOURS["orange"], linewidth=2.4)
    axes.plot(x_hat, part, marker="o", linestyle="none", color=plots.COLOURS["blue"], markersize=7)
    tilt = (part * x_hat).mean()
    axes.plot([-2, 2], [part.mean() - 2 * tilt, part.mean() + 2 * tilt], color=plots.COLOURS["vermillion"], linestyle="--")
    axes.set(xlabel="normalised x", title=name, xlim=(-2.2, 2.2))
panels[0].set_ylabel("gradient")
panels[2].set_title("less its tilt")
plots.show(figure, alt="Three panels with eight dots each, the gradient against the normalised value, and a dashed line of best fit. Left, what comes back: the line lies above zero and rises. "
           "Middle, less its mean: the line goes through zero and rises. Right, less its tilt: the line is flat at zero, and what is left scatters about it.")

# %% [markdown]
r"""
Lesson 02 would say: the dashed line is the least-squares line through the dots, and what batch norm lets through are the *residuals*.

**Exercise 4 (12 minutes, hard): the gradient by x.** For tables only, no autograd. Four lines will do.
"""

# %% exercise="input_gradient" minutes=12 uses="channel_statistics"
@exercise
def input_gradient(gradient: Tensor, x: Tensor, gamma: Tensor, epsilon: float = 1e-5) -> Tensor:
    """The gradient of the loss by what came into batch_norm, by hand.

    gradient: (n, channels), of the loss by what batch_norm gave. x: (n, channels), what came in. gamma: (channels,).
    Returns (n, channels), e.g. gradient [[0.], [3.], [0.]], x [[1.], [2.], [3.]], gamma [1.], epsilon 1/3 -> [[-1.], [2.], [-1.]].
    """
    ### BEGIN SOLUTION
    mean, variance = channel_statistics(x)
    root = torch.sqrt(variance + epsilon)
    normalised = (x - mean) / root
    left = gradient - gradient.mean(dim=0) - normalised * (gradient * normalised).mean(dim=0)
    return gamma / root * left
    ### END SOLUTION


# %% check="input_gradient" points=13
hints("Two parts are taken out of the gradient: what moves the whole channel, and what stretches it.",
      "The first is the mean of gradient over the rows. The second is normalised times the mean, over the rows, of gradient * normalised. What is left is multiplied by gamma over the root.",
      "left = gradient - gradient.mean(dim=0) - normalised * (gradient * normalised).mean(dim=0); return gamma / root * left, with root = torch.sqrt(variance + epsilon).")
check(input_gradient, tensor([[1., 0.], [0., 5.], [0., 0.], [3., 0.]]), tensor([[1., 3.], [3., 9.], [5., 13.], [7., 15.]]), tensor([3., 10.]), 4.0).gives(
    tensor([[0.5, -3.2], [-0.833333, 7.4], [-1.166667, -2.2], [1.5, -2.]]), mistakes={
    "only the direct road is there, as if mean and variance were fixed numbers: take out the two parts that batch norm does not feel": tensor([[1., 0.], [0., 10.], [0., 0.], [3., 0.]]),
    "the mean of the gradient is still in it: to move a whole channel changes nothing": tensor([[1.5, -0.7], [0.166667, 9.9], [-0.166667, 0.3], [2.5, 0.5]]),
    "the part along the normalised x is still in it: to stretch a whole channel changes nothing": tensor([[0., -2.5], [-1., 7.5], [-1., -2.5], [2., -2.5]]),
    "you took out sums where means are wanted": tensor([[-1., -12.8], [-3.333333, -0.4], [-4.666667, -8.8], [-3., -8.]]),
    "gamma is missing": tensor([[0.166667, -0.32], [-0.277778, 0.74], [-0.388889, -0.22], [0.5, -0.2]]),
    "the division by the root is missing: a hair of x is 1 / root hairs of the normalised x": tensor([[1.5, -16.], [-2.5, 37.], [-3.5, -11.], [4.5, -10.]]),
    "you multiplied by the root: divide by it": tensor([[4.5, -80.], [-7.5, 185.], [-10.5, -55.], [13.5, -50.]]),
    "you divided by the variance: divide by its root": tensor([[0.166667, -0.64], [-0.277778, 1.48], [-0.388889, -0.44], [0.5, -0.4]]),
    "the epsilon that came is not in it: it is added to the variance before the root": tensor([[1.207477, -3.636965], [-0.939149, 8.053279], [-1.744133, -2.338049], [1.475805, -2.078266]]),
    "epsilon is outside the root: add it to the variance, then take the root": tensor([[0.055667, -1.594845], [-0.462517, 4.349545], [-0.499628, -1.397122], [0.906477, -1.357578]]),
    "your means divide by one less than the count": tensor([[0.333333, -4.266667], [-1.111111, 6.533333], [-1.555556, -2.933333], [1., -2.666667]]),
    "your variance divides by one less than the count: batch norm normalises by the one that divides by the count": tensor([[0.387517, -2.693082], [-0.789386, 6.560073], [-1.047731, -2.002549], [1.4496, -1.864442]]),
    "you divided x by the root without taking its mean away: the normalised x has mean 0": tensor([[-0.611111, -5.2], [-2.833333, -0.6], [-4.055556, -14.2], [-2.277778, -16.]]),
    "you used x less its mean where the normalised x is wanted: divide it by the root": tensor([[4.5, -20.], [0.5, 5.], [-2.5, 5.], [-2.5, 10.]]),
    "the second part is not multiplied by the normalised x": tensor([[-0.5, -2.], [-1.5, 8.], [-1.5, -2.], [1.5, -2.]]),
    "the second part is multiplied by x less its mean, and not by the normalised x": tensor([[1.5, -6.], [-0.5, 7.], [-1.5, -1.], [0.5, 0.]]),
    "you added the two parts: they are taken out": tensor([[1.5, 3.2], [0.833333, 12.6], [1.166667, 2.2], [4.5, 2.]]),
    "you added the second part: both are taken out": tensor([[-0.5, -1.8], [-1.166667, 7.6], [-0.833333, -2.8], [2.5, -3.]]),
    "gamma over the root multiplies the first part only: brackets round what is left": tensor([[0.5, -2.85], [-0.833333, 7.45], [-1.166667, -2.35], [1.5, -2.25]]),
    "gamma over the root multiplies the gradient only: brackets round what is left, so that it multiplies all three": tensor([[0.5, -1.6], [-0.833333, 8.7], [-1.166667, -1.1], [1.5, -1.]]),
    "the first part is a sum where a mean is wanted": tensor([[-2.5, -10.7], [-3.833333, -0.1], [-4.166667, -9.7], [-1.5, -9.5]]),
    "the second part has a sum where a mean is wanted": tensor([[2., -5.3], [-0.333333, 7.1], [-1.666667, -1.3], [0., -0.5]]),
    "the mean in the second part is missing": tensor([[-1., -2.5], [-1., 7.1], [-1., -2.5], [-1., -2.5]]),
    "the second part is multiplied by x as it came, and not by the normalised x": tensor([[-0.5, -1.], [-2.5, 12.], [-3.5, 4.], [-1.5, 5.]]),
    "you took x as it came, both times: the normalised x is wanted": tensor([[-5.5, -70.], [-17.5, -195.], [-28.5, -295.], [-36.5, -340.]]),
    "gamma over the root is missing: the direct road": tensor([[0.5, -1.6], [-0.833333, 3.7], [-1.166667, -1.1], [1.5, -1.]]),
    "the normalised x went into the mean: it multiplies what the mean gives": tensor([[-1., -2.6], [-2., 7.4], [-2., -2.6], [1., -2.6]]),
    "gamma is in the normalised x already: the x of the two parts comes before gamma and beta": tensor([[4.5, -72.5], [0.5, -2.5], [-2.5, 27.5], [-2.5, 47.5]]),
    "you took out the mean of x: it is the mean of the gradient": tensor([[-2.5, -20.7], [-3.833333, -10.1], [-4.166667, -19.7], [-1.5, -19.5]]),
    "the root is over gamma: gamma over the root": tensor([[0.5, -0.8], [-0.833333, 1.85], [-1.166667, -0.55], [1.5, -0.5]]),
    "your means go along each row: a channel is a column, so they go over the rows": tensor([[0., -2.4], [-2.666667, 4.8], [0., 0.], [0., -6.]]),
    "your means go over everything: each channel has its own": tensor([[0., -1.9], [-1.083333, 7.8], [-1.166667, -2.4], [1.75, -2.5]])})
check(input_gradient).is_written_without("backward", "grad", "vjp", "native_batch_norm_backward", because="no autograd here: take out the two parts by hand")
### BEGIN HIDDEN TESTS
def by_hand(gradient, x, gamma, epsilon, moved=1.0, stretched=1.0, over=(0,), power=1, factor=None, correction=0, outside=0.0, centre=True, along=None):
    root = (x.var(dim=0, correction=correction) + epsilon).sqrt() + outside
    normalised = (x - x.mean(dim=0) * centre) / root
    along = normalised if along is None else along(x, root)
    left = gradient - moved * gradient.mean(dim=over, keepdim=True) - stretched * along * (gradient * normalised).mean(dim=over, keepdim=True)
    return (gamma if factor is None else factor) / root ** power * left


def with_autograd(gradient, x, gamma, epsilon):
    x = x.clone().requires_grad_(True)
    normalised = (x - x.mean(dim=0)) / (x.var(dim=0, correction=0) + epsilon).sqrt()
    return torch.autograd.grad(gamma * normalised, x, gradient)[0]


def with_another(which, gradient, x, gamma, epsilon):
    root = (x.var(dim=0, correction=0) + epsilon).sqrt()
    another = which(x, x - x.mean(dim=0), root, gamma)
    return gamma / root * (gradient - gradient.mean(dim=0) - another * (gradient * another).mean(dim=0))


rows = int(torch.randint(5, 9, ()))
check(input_gradient, torch.randn(rows, 4) + 1, 2 * torch.randn(rows, 4) + 2, torch.rand(4) + 1.5, 0.5).gives(with_autograd, mistakes={
    "only the direct road is there, as if mean and variance were fixed numbers: take out the two parts that batch norm does not feel": lambda *given: by_hand(*given, moved=0, stretched=0),
    "the mean of the gradient is still in it: to move a whole channel changes nothing": lambda *given: by_hand(*given, moved=0),
    "the part along the normalised x is still in it: to stretch a whole channel changes nothing": lambda *given: by_hand(*given, stretched=0),
    "you took out sums where means are wanted": lambda *given: by_hand(*given, moved=rows, stretched=rows),
    "gamma is missing": lambda *given: by_hand(*given, factor=1),
    "the division by the root is missing: a hair of x is 1 / root hairs of the normalised x": lambda *given: by_hand(*given, power=0),
    "you multiplied by the root: divide by it": lambda *given: by_hand(*given, power=-1),
    "you divided by the variance: divide by its root": lambda *given: by_hand(*given, power=2),
    "the epsilon that came is not in it: it is added to the variance before the root": lambda gradient, x, gamma, _: by_hand(gradient, x, gamma, 0),
    "epsilon is outside the root: add it to the variance, then take the root": lambda gradient, x, gamma, epsilon: by_hand(gradient, x, gamma, 0, outside=epsilon),
    "your means divide by one less than the count": lambda *given: by_hand(*given, moved=rows / (rows - 1), stretched=rows / (rows - 1)),
    "your variance divides by one less than the count: batch norm normalises by the one that divides by the count": lambda *given: by_hand(*given, correction=1),
    "you divided x by the root without taking its mean away: the normalised x has mean 0": lambda *given: by_hand(*given, centre=False),
    "you used x less its mean where the normalised x is wanted: divide it by the root": lambda *given: with_another(lambda x, away, root, gamma: away, *given),
    "you took x as it came, both times: the normalised x is wanted": lambda *given: with_another(lambda x, away, root, gamma: x, *given),
    "gamma is in the normalised x already: the x of the two parts comes before gamma and beta": lambda *given: with_another(lambda x, away, root, gamma: gamma * away / root, *given),
    "gamma over the root is missing: the direct road": lambda *given: by_hand(*given, factor=1, power=0),
    "the normalised x went into the mean: it multiplies what the mean gives": lambda gradient, x, gamma, epsilon: by_hand(gradient, x, gamma, epsilon, stretched=0)
        - gamma / (x.var(dim=0, correction=0) + epsilon) ** 1.5 * (gradient * (x - x.mean(dim=0)).square()).mean(dim=0),
    "you took out the mean of x: it is the mean of the gradient": lambda gradient, x, gamma, epsilon: by_hand(gradient, x, gamma, epsilon, moved=0)
        - gamma / (x.var(dim=0, correction=0) + epsilon).sqrt() * x.mean(dim=0),
    "the second part is not multiplied by the normalised x": lambda *given: by_hand(*given, along=lambda x, root: 1),
    "the second part is multiplied by x less its mean, and not by the normalised x": lambda *given: by_hand(*given, along=lambda x, root: x - x.mean(dim=0)),
    "you added the two parts: they are taken out": lambda *given: by_hand(*given, moved=-1, stretched=-1),
    "you added the second part: both are taken out": lambda *given: by_hand(*given, stretched=-1),
    "gamma over the root multiplies the first part only: brackets round what is left":
        lambda gradient, x, gamma, epsilon: by_hand(gradient, x, gamma, epsilon, stretched=0) - (by_hand(gradient, x, 1, epsilon, moved=0, stretched=0, power=0)
                                                                                           - by_hand(gradient, x, 1, epsilon, moved=0, power=0)),
    "gamma over the root multiplies the gradient only: brackets round what is left, so that it multiplies all three":
        lambda gradient, x, gamma, epsilon: by_hand(gradient, x, gamma, epsilon, moved=0, stretched=0) - gradient + by_hand(gradient, x, 1, epsilon, power=0),
    "the first part is a sum where a mean is wanted": lambda *given: by_hand(*given, moved=rows),
    "the second part has a sum where a mean is wanted": lambda *given: by_hand(*given, stretched=rows),
    "the mean in the second part is missing": lambda gradient, x, gamma, epsilon: by_hand(gradient, x, gamma, epsilon, stretched=0) - gamma / (x.var(dim=0, correction=0) + epsilon).sqrt()
        * gradient * by_hand(x, x, 1, epsilon, moved=1, stretched=0) ** 2,
    "the second part is multiplied by x as it came, and not by the normalised x": lambda *given: by_hand(*given, along=lambda x, root: x),
    "the root is over gamma: gamma over the root": lambda gradient, x, gamma, epsilon: by_hand(gradient, x, gamma, epsilon, power=-1, factor=1 / gamma),
    "your means go along each row: a channel is a column, so they go over the rows": lambda *given: by_hand(*given, over=(1,)),
    "your means go over everything: each channel has its own": lambda *given: by_hand(*given, over=(0, 1))})
check(input_gradient, torch.randn(6, 3), torch.randn(6, 3), torch.rand(3) + 1).gives(lambda *given: with_autograd(*given, 1e-5), tolerance=1e-4, hint="epsilon is 0.00001 when nobody says otherwise")
check(input_gradient, torch.randn(6, 3), torch.randn(6, 3), torch.rand(3)).leaves_its_arguments_alone()
### END HIDDEN TESTS

# %% [markdown]
r"""
Does autograd, which walks all three roads, come to the same? For images the means go over places too; nothing else changes.
"""

# %%
table = torch.randn(32, 5, generator=torch.Generator().manual_seed(4), requires_grad=True)
gamma, beta = torch.rand(5) + 0.5, torch.zeros(5)
coming_back = torch.randn(32, 5, generator=torch.Generator().manual_seed(6))
by_autograd = torch.autograd.grad(batch_norm(table, gamma, beta), table, coming_back)[0]
on_paper = input_gradient(coming_back, table.detach(), gamma)
print("by hand and by autograd, never further apart than 0.00001:", bool((on_paper - by_autograd).abs().max() < 1e-5))
print("what is left of a common push in each channel, at most 0.00001:", bool(on_paper.sum(dim=0).abs().max() < 1e-5))

# %% [markdown] rows="E2"
r"""
## 5. What to do with a single image
Training deals out batches. Then the network is sold, and somebody shows it *one* picture. What is its mean over the batch? And should it matter which other pictures happen to be asked about at the same time?

So while it trains, the layer also keeps a memory of the statistics that it has seen, a **[running average](../glossary.md#running-average)**, and when training is over it uses that. After each batch the memory moves a little towards what the batch had:

$$\text{running} \leftarrow (1 - \text{momentum}) \cdot \text{running} + \text{momentum} \cdot \text{batch}$$

Three traps are laid here.

- **The name.** In lesson 03 momentum was the share of the velocity that is *kept*. In torch's batch norm it is the share of the *new*: 0.1 moves a tenth of the way. TensorFlow's layer means the other one, and its 0.99 would be torch's 0.01. Neither has to do with the momentum of descent.
- **The variance.** A few values drawn from many lie closer to *their own* mean than to that of the many, so a variance that divides by the count comes out too small on average, by $(n - 1)/n$. To normalise the batch nobody minds. But what is kept should speak for all the data, so torch keeps the
  variance that divides by the count less one: multiply yours by $n / (n - 1)$, where $n$ counts the values of a channel, places and all.
- **The use.** One sometimes reads that batch norm normalises by the running average *instead of* by the batch. In training it does not: there it is always the batch's own mean and variance, and the memory is only written.
"""

# %%
drawing = torch.Generator().manual_seed(8)
batches = [3 + 2 * torch.randn(16, 1, generator=drawing) for _ in range(60)]           # a channel with mean 3 and variance 4
figure, axes = plots.figure(width=8)
axes.plot(range(1, 61), [batch.mean() for batch in batches], linestyle="none", marker=".", markersize=7, color=plots.COLOURS["sky"], label="mean of each batch")
for momentum in (0.02, 0.1, 0.5):
    memory, course_of_it = 0.0, []
    for batch in batches:
        memory = (1 - momentum) * memory + momentum * float(batch.mean())
        course_of_it.append(memory)
    axes.plot(range(1, 61), course_of_it, label=f"running, momentum {momentum}")
axes.axhline(3, color=plots.COLOURS["black"], linewidth=1, linestyle=":")
axes.set(xlabel="batch", ylabel="mean of the channel", title="A memory of means")
axes.legend(loc="lower right", ncols=2)
plots.show(figure, alt="Dots for the means of sixty batches scatter about 3. Three lines begin near 0 and rise to the dots: with momentum 0.5 at once, and then it trembles with them; with 0.1 within some "
           "thirty batches, and then steadily; with 0.02 slowly, and it has not arrived after sixty.")

# %% [markdown]
r"""
**Experiment.** A memory that starts at 0 and moves a tenth of the way each time is $1 - 0.9^{60}$ of the way after sixty batches. How many batches does momentum 0.02 need to be as far? Make `batches` longer and see.

**Exercise 5 (8 minutes, medium): the running averages.** One update of both. Mind which variance is kept.
"""

# %% exercise="running_update" minutes=8 uses="channel_statistics"
@exercise
def running_update(running_mean: Tensor, running_variance: Tensor, x: Tensor, momentum: float = 0.1) -> tuple[Tensor, Tensor]:
    """The running averages after one more batch.

    running_mean, running_variance: (channels,), to be left as they were. x: (n, channels) or (n, channels, height, width).
    momentum: the share of the new batch. Returns the new averages, (channels,) each. The variance that is kept divides by the
    count of a channel's values less one, e.g. [0.], [1.], x [[1.], [3.]], momentum 0.5 -> ([1.], [1.5]), as 0.5 * 1 + 0.5 * 2 is 1.5.
    """
    ### BEGIN SOLUTION
    mean, variance = channel_statistics(x)
    count = x.numel() / x.shape[1]
    unbiased = variance * count / (count - 1)
    return (1 - momentum) * running_mean + momentum * mean, (1 - momentum) * running_variance + momentum * unbiased
    ### END SOLUTION


# %% check="running_update" points=6
hints("Two lines of the same form, one for the mean and one for the variance. The second has one thing more.",
      "The variance that is kept is yours times count / (count - 1), where count is how many values a channel has: x.numel() / x.shape[1].",
      "unbiased = variance * count / (count - 1); return (1 - momentum) * running_mean + momentum * mean, (1 - momentum) * running_variance + momentum * unbiased.")
check(running_update, tensor([2., 6.]), tensor([1., 4.]), tensor([[1., 3.], [3., 9.], [5., 13.], [7., 15.]]), 0.2).gives((tensor([2.4, 6.8]), tensor([2.133333, 8.8])), mistakes={
    "you kept the variance that divides by the count: the one that is kept divides by the count less one": (tensor([2.4, 6.8]), tensor([1.8, 7.4])),
    "momentum is the wrong way round: here it is the share of the new batch, and the rest is kept": (tensor([3.6, 9.2]), tensor([5.533333, 23.2])),
    "momentum is the wrong way round, and the variance divides by the count: momentum is the share of the new, and the variance that is kept divides by the count less one": (tensor([3.6, 9.2]), tensor([4.2, 17.6])),
    "the old average was kept whole: multiply it by 1 - momentum": (tensor([2.8, 8.]), tensor([2.333333, 9.6])),
    "the batch joined whole: multiply it by momentum": (tensor([5.6, 14.8]), tensor([7.466667, 31.2])),
    "momentum kept a share of the old, as in lesson 03, and the batch joined whole": (tensor([4.4, 11.2]), tensor([6.866667, 28.8])),
    "you took the plain mean of old and new: momentum says how much of the new": (tensor([3., 8.]), tensor([3.833333, 16.])),
    "you kept the standard deviation: it is the variance that is averaged": (tensor([2.4, 6.8]), tensor([1.316398, 4.258301])),
    "you moved by 0.1: that is only what `momentum` is when nobody says otherwise": (tensor([2.2, 6.4]), tensor([1.566667, 6.4])),
    "you kept the batch's statistics and forgot the old ones": (tensor([4., 10.]), tensor([6.666667, 28.])),
    "you took the distances from the running mean: the variance of the batch is about the batch's own mean": (tensor([2.4, 6.8]), tensor([3.2, 13.066667])),
    "the old variance was kept whole, and the old mean was not: multiply both by 1 - momentum": (tensor([2.4, 6.8]), tensor([2.333333, 9.6])),
    "you took mean and variance of all channels together: each has its own": (tensor([3., 6.2]), tensor([5.828571, 8.228571])),
    "the batch's part was taken away: it is added": (tensor([0.8, 2.8]), tensor([-0.533333, -2.4])),
    "the correction is upside down: count / (count - 1) makes the variance larger": (tensor([2.4, 6.8]), tensor([1.55, 6.35])),
    "you corrected the old average too: only the batch's variance is multiplied by count / (count - 1)": (tensor([2.4, 6.8]), tensor([2.4, 9.866667])),
    "the two have changed places: mean first, then variance": (tensor([2.133333, 8.8]), tensor([2.4, 6.8])),
    "your count is all numbers of the batch: those of one channel count, x.numel() / x.shape[1]": (tensor([2.4, 6.8]), tensor([1.942857, 8.])),
    "your count is the number of channels: it is the values of one channel that count": (tensor([2.4, 6.8]), tensor([2.8, 11.6])),
    "the mean was multiplied by count / (count - 1) too: only the variance is": (tensor([2.666667, 7.466667]), tensor([2.133333, 8.8])),
    "you corrected twice: `.var()` divides by the count less one already": (tensor([2.4, 6.8]), tensor([2.577778, 10.666667])),
    "your variance was divided by the count less one once more: it is a mean already, so multiply by count / (count - 1)": (tensor([2.4, 6.8]), tensor([1.133333, 4.6])),
    "brackets are missing: `1 - momentum * old` takes from 1 only what (1 - momentum) was to multiply": (tensor([1.4, 1.8]), tensor([2.133333, 5.8])),
    "momentum is the wrong way round for the variance only": (tensor([2.4, 6.8]), tensor([5.533333, 23.2])),
    "the mean is as it was: both move": (tensor([2., 6.]), tensor([2.133333, 8.8])),
    "you gave one of the two only: mean and variance, with a comma between": tensor([2.4, 6.8]),
    "you stacked the two into one tensor: give them back side by side, with a comma between": tensor([[2.4, 6.8], [2.133333, 8.8]])})
### BEGIN HIDDEN TESTS
def updated(mean, variance, x, momentum, keep=None, gain=None, correction=1):
    keep, gain = 1 - momentum if keep is None else keep, momentum if gain is None else gain
    return keep * mean + gain * x.mean(dim=0), keep * variance + gain * x.var(dim=0, correction=correction)


def other_variance(mean, variance, x, momentum, times):
    return updated(mean, variance, x, momentum)[0], (1 - momentum) * variance + momentum * times * x.var(dim=0)


rows = int(torch.randint(4, 8, ()))
check(running_update, torch.randn(3) + 4, torch.rand(3) + 9, 2 * torch.randn(rows, 3) + 1, 0.2 + 0.2 * float(torch.rand(()))).gives(updated, mistakes={
    "you kept the variance that divides by the count: the one that is kept divides by the count less one": lambda *given: updated(*given, correction=0),
    "momentum is the wrong way round: here it is the share of the new batch, and the rest is kept": lambda *given: updated(*given, keep=given[3], gain=1 - given[3]),
    "momentum is the wrong way round, and the variance divides by the count: momentum is the share of the new, and the variance that is kept divides by the count less one":
        lambda *given: updated(*given, keep=given[3], gain=1 - given[3], correction=0),
    "the old average was kept whole: multiply it by 1 - momentum": lambda *given: updated(*given, keep=1),
    "the batch joined whole: multiply it by momentum": lambda *given: updated(*given, gain=1),
    "momentum kept a share of the old, as in lesson 03, and the batch joined whole": lambda *given: updated(*given, keep=given[3], gain=1),
    "you took the plain mean of old and new: momentum says how much of the new": lambda *given: updated(*given, keep=0.5, gain=0.5),
    "you kept the standard deviation: it is the variance that is averaged": lambda mean, variance, x, momentum: (updated(mean, variance, x, momentum)[0],
                                                                                                         (1 - momentum) * variance + momentum * x.std(dim=0)),
    "you moved by 0.1: that is only what `momentum` is when nobody says otherwise": lambda mean, variance, x, _: updated(mean, variance, x, 0.1),
    "you kept the batch's statistics and forgot the old ones": lambda *given: updated(*given, keep=0, gain=1),
    "you took the distances from the running mean: the variance of the batch is about the batch's own mean":
        lambda mean, variance, x, momentum: (updated(mean, variance, x, momentum)[0], (1 - momentum) * variance + momentum * (x - mean).square().sum(dim=0) / (len(x) - 1)),
    "the old variance was kept whole, and the old mean was not: multiply both by 1 - momentum": lambda *given: (updated(*given)[0], updated(*given, keep=1)[1]),
    "you took mean and variance of all channels together: each has its own":
        lambda mean, variance, x, momentum: ((1 - momentum) * mean + momentum * x.mean(), (1 - momentum) * variance + momentum * x.var()),
    "the batch's part was taken away: it is added": lambda *given: updated(*given, gain=-given[3]),
    "the correction is upside down: count / (count - 1) makes the variance larger":
        lambda mean, variance, x, momentum: (updated(mean, variance, x, momentum)[0], (1 - momentum) * variance + momentum * x.var(dim=0, correction=0) * (len(x) - 1) / len(x)),
    "you corrected the old average too: only the batch's variance is multiplied by count / (count - 1)":
        lambda *given: (updated(*given)[0], updated(*given, correction=0)[1] * rows / (rows - 1)),
    "your count is the number of channels: it is the values of one channel that count": lambda *given: other_variance(*given, (rows - 1) / rows * 3 / 2),
    "the mean was multiplied by count / (count - 1) too: only the variance is": lambda mean, variance, x, momentum: (
        (1 - momentum) * mean + momentum * x.sum(dim=0) / (rows - 1), updated(mean, variance, x, momentum)[1]),
    "you corrected twice: `.var()` divides by the count less one already": lambda *given: other_variance(*given, rows / (rows - 1)),
    "your variance was divided by the count less one once more: it is a mean already, so multiply by count / (count - 1)": lambda *given: other_variance(*given, 1 / rows),
    "brackets are missing: `1 - momentum * old` takes from 1 only what (1 - momentum) was to multiply":
        lambda *given: tuple(part + 1 for part in updated(*given, keep=-given[3])),
    "momentum is the wrong way round for the variance only": lambda *given: (updated(*given)[0], updated(*given, keep=given[3], gain=1 - given[3])[1]),
    "the mean is as it was: both move": lambda *given: (given[0], updated(*given)[1]),
    "the two have changed places: mean first, then variance": lambda *given: updated(*given)[::-1],
    "you gave one of the two only: mean and variance, with a comma between": lambda *given: updated(*given)[0],
    "you stacked the two into one tensor: give them back side by side, with a comma between": lambda *given: torch.stack(updated(*given))})
check(running_update, torch.randn(3), torch.rand(3), torch.randn(5, 3)).gives(lambda mean, variance, x: updated(mean, variance, x, 0.1), hint="momentum is 0.1 when nobody says otherwise")
### END HIDDEN TESTS

# %% check="running_update" aspect="images" points=5
check(running_update, tensor([2., 6.]), tensor([1., 4.]), tensor([[[[1., 3.]], [[3., 9.]]], [[[5., 7.]], [[13., 15.]]]]), 0.2).gives((tensor([2.4, 6.8]), tensor([2.133333, 8.8])), mistakes={
    "you kept the variance that divides by the count: the one that is kept divides by the count less one": (tensor([2.4, 6.8]), tensor([1.8, 7.4])),
    "your count is the number of images (or of channels): a channel has a value for each place of each image": (tensor([2.4, 6.8]), tensor([2.8, 11.6])),
    "your count is all numbers of the batch: those of one channel count, x.numel() / x.shape[1]": (tensor([2.4, 6.8]), tensor([1.942857, 8.]))},
    hint="two images of two channels, each one place high and two wide: four values a channel; if the check above fails too, begin there")
check(running_update, tensor([2., 6.]), tensor([1., 4.]), tensor([[1., 3.], [5., 7.]]), 0.25).leaves_its_arguments_alone()
### BEGIN HIDDEN TESTS
def updated(mean, variance, x, momentum, count=None):
    values = x.movedim(1, 0).flatten(1)
    count = values.shape[1] if count is None else count(x)
    kept = values.var(dim=1, correction=0) * count / (count - 1)
    return (1 - momentum) * mean + momentum * values.mean(dim=1), (1 - momentum) * variance + momentum * kept


check(running_update, torch.randn(3), torch.rand(3), 3 * torch.randn(2, 3, 2, 3), 0.2 + 0.2 * float(torch.rand(()))).gives(updated, mistakes={
    "you kept the variance that divides by the count: the one that is kept divides by the count less one": lambda *given: updated(*given, count=lambda x: 1e12),
    "your count is the number of images (or of channels): a channel has a value for each place of each image": lambda *given: updated(*given, count=len),
    "your count is all numbers of the batch: those of one channel count, x.numel() / x.shape[1]": lambda *given: updated(*given, count=lambda x: x.numel())})
check(running_update, torch.randn(3), torch.rand(3), torch.randn(5, 3), 0.3).leaves_its_arguments_alone()
### END HIDDEN TESTS

# %% [markdown] rows="E2"
r"""
## 6. The layer, and its two lives
Put together, it is a layer with two lives. In **training** it normalises by the batch, and writes its memory. In **[eval mode](../glossary.md#evaluation-mode)** (lesson 06) it normalises by its memory, and writes nothing. `model.train()` and `model.eval()` switch every layer of a
model from one life to the other, by setting `self.training` to True or False.

Gamma and beta are *parameters*: descent moves them. The two averages are *buffers*: they are saved with the model and travel with it to a GPU, but no gradient ever reaches them. That is what `register_buffer` says, and why they are updated under
`torch.no_grad()`: otherwise each average would drag along the diary (lesson 03) of every batch it has seen.

**Exercise 6 (13 minutes, medium): the layer.** `__init__` is given. Write `forward`, with your `batch_norm` and `running_update`. In eval mode the formula is that of section 2 with the running averages in the place of the batch's. One corner: in training, a channel that has a
*single* value in the whole batch has no spread, and it would come out as beta whatever it was. Refuse it with a ValueError.
"""

# %% setup=true
def with_a_diary(layer: nn.Module, inputs: tuple[Tensor]) -> tuple[Tensor]:
    """For the checks: what comes into a layer, as it comes out of another one, with the diary of its making."""
    return (inputs[0].clone().requires_grad_(True) * 1.0,)


def what_comes_back(layer: nn.Module, inputs: tuple[Tensor], output: Tensor) -> Tensor:
    """For the checks: the gradient of the sum of the cubes of what left the layer, by what came in; zeros where none arrives."""
    found = torch.autograd.grad((output ** 3).sum(), inputs[0], allow_unused=True)[0] if output.requires_grad else None
    return torch.zeros_like(output) if found is None else found


def what_the_knobs_feel(layer: nn.Module, inputs: tuple[Tensor], output: Tensor) -> Tensor:
    """For the checks: the gradient of the sum of the cubes of what left the layer, by gamma and by beta, (2, channels); zeros where none arrives."""
    knobs = [layer.gamma, layer.beta]
    found = torch.autograd.grad((output ** 3).sum(), knobs, allow_unused=True) if output.requires_grad else [None, None]
    return torch.stack([torch.zeros_like(knob) if part is None else part for knob, part in zip(knobs, found)])


def what_became_of_x(layer: nn.Module, inputs: tuple[Tensor], output: Tensor) -> Tensor:
    """For the checks: what came into a layer, as it is after the call."""
    return inputs[0]


# %% exercise="BatchNorm" minutes=13 uses="batch_norm running_update"
@exercise(given=["__init__"])
class BatchNorm(nn.Module):
    """Batch norm as a layer, for tables (n, channels) and images (n, channels, height, width)."""

    def __init__(self, channels: int, epsilon: float = 1e-5, momentum: float = 0.1):
        """channels: how many. epsilon: added to the variance. momentum: the share of a new batch in the running averages."""
        super().__init__()
        self.epsilon, self.momentum = epsilon, momentum
        self.gamma, self.beta = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_variance", torch.ones(channels))

    def forward(self, x: Tensor) -> Tensor:
        """x: (n, channels) or (n, channels, height, width), to be left as it was. Returns the shape of x.

        In training: normalised by the batch, and self.running_mean and self.running_variance are updated with it, without a gradient.
        In eval mode: normalised by the running averages, which stay as they are. Then gamma and beta, in both.
        Raises ValueError in training when a channel has a single value: a table of one row, or one image of one place.
        """
        ### BEGIN SOLUTION
        if not self.training:
            stretch = self.gamma / torch.sqrt(self.running_variance + self.epsilon)
            return (x - by_channel(self.running_mean, x)) * by_channel(stretch, x) + by_channel(self.beta, x)
        if x.numel() == x.shape[1]:
            raise ValueError(f"x has shape {tuple(x.shape)}, one value a channel; to train, a variance needs two or more")
        with torch.no_grad():
            self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum)
        return batch_norm(x, self.gamma, self.beta, self.epsilon)
        ### END SOLUTION


# %% check="BatchNorm" points=4
hints("Two lives, one question: self.training.",
      "In training: update the running averages under torch.no_grad(), and return batch_norm(x, self.gamma, self.beta, self.epsilon). In eval mode: the formula of section 2, with the running averages.",
      "with torch.no_grad(): self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum); in eval mode "
      "by_channel(self.gamma, x) * (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(self.running_variance, x) + self.epsilon) + by_channel(self.beta, x).")
trained = {"gamma": tensor([3., 10.]), "beta": tensor([1., 2.]), "running_mean": tensor([2., 5.]), "running_variance": tensor([32., 96.])}
table = tensor([[1., 3.], [3., 9.], [5., 13.], [7., 15.]])
check(BatchNorm, 2, 4.0, 0.25).after("load_state_dict", trained).then("forward", table).gives(tensor([[-2., -12.], [0., 0.], [2., 8.], [4., 12.]]), mistakes={
    "in training you normalised by the running averages: there it is the batch's own mean and variance": tensor([[0.5, 0.], [1.5, 6.], [2.5, 10.], [3.5, 12.]]),
    "in training you normalised by the running averages, updated first: there it is the batch's own mean and variance": tensor([[0.173813, -1.567338], [1.275396, 5.018517], [2.376978, 9.409088], [3.47856, 11.604373]]),
    "epsilon is not the layer's own: hand self.epsilon on": tensor([[-3.024922, -13.275252], [-0.341641, -0.182179], [2.341641, 8.546536], [5.024922, 12.910894]]),
    "gamma and beta are not in it: hand self.gamma and self.beta on": tensor([[-1., -1.4], [-0.333333, -0.2], [0.333333, 0.6], [1., 1.]]),
    "gamma and beta have changed places: gamma multiplies, beta is added": tensor([[2., 7.2], [2.666667, 9.6], [3.333333, 11.2], [4., 12.]]),
    "you normalised by the variance that divides by the count less one: that one is only for the memory": tensor([[-1.755676, -10.374369], [0.081441, 0.232233], [1.918559, 7.303301], [3.755676, 10.838835]]),
    "momentum stands where epsilon belongs": tensor([[-2.927922, -13.185132], [-0.309307, -0.169305], [2.309307, 8.507914], [4.927922, 12.846523]])},
    hint="a layer of two channels in training, given these parameters and averages")
### BEGIN HIDDEN TESTS
def in_training(state, x):
    def given_back(channels, epsilon, momentum):
        return state["gamma"] * (x - x.mean(dim=0)) / (x.var(dim=0, correction=0) + epsilon).sqrt() + state["beta"]
    return given_back


def by_memory(state, x):
    def given_back(channels, epsilon, momentum):
        return state["gamma"] * (x - state["running_mean"]) / (state["running_variance"] + epsilon).sqrt() + state["beta"]
    return given_back


def moved_on(state, x, share):
    return {**state, "running_mean": (1 - share) * state["running_mean"] + share * x.mean(dim=0), "running_variance": (1 - share) * state["running_variance"] + share * x.var(dim=0)}


state = {"gamma": torch.rand(3) + 1.5, "beta": torch.rand(3) + 3, "running_mean": torch.randn(3) + 2, "running_variance": torch.rand(3) + 5}
batch = 2 * torch.randn(6, 3) - 1
check(BatchNorm, 3, 0.5, 0.25).after("load_state_dict", state).then("forward", batch).gives(in_training(state, batch), mistakes={
    "in training you normalised by the running averages: there it is the batch's own mean and variance": by_memory(state, batch),
    "in training you normalised by the running averages, updated first: there it is the batch's own mean and variance": by_memory(moved_on(state, batch, 0.25), batch),
    "epsilon is not the layer's own: hand self.epsilon on": lambda *_: in_training(state, batch)(3, 1e-5, 0.25),
    "gamma and beta are not in it: hand self.gamma and self.beta on": in_training({"gamma": 1, "beta": 0}, batch),
    "gamma and beta have changed places: gamma multiplies, beta is added": in_training({"gamma": state["beta"], "beta": state["gamma"]}, batch),
    "you normalised by the variance that divides by the count less one: that one is only for the memory":
        lambda *_: state["gamma"] * (batch - batch.mean(dim=0)) / (batch.var(dim=0) + 0.5).sqrt() + state["beta"],
    "momentum stands where epsilon belongs": lambda *_: in_training(state, batch)(3, 0.25, 0.25)})
### END HIDDEN TESTS

# %% check="BatchNorm" aspect="memory" points=4
trained = {"gamma": tensor([3., 10.]), "beta": tensor([1., 2.]), "running_mean": tensor([2., 6.]), "running_variance": tensor([1., 4.])}
table = tensor([[1., 3.], [3., 9.], [5., 13.], [7., 15.]])
check(BatchNorm, 2, 4.0, 0.25).after("load_state_dict", trained).after("forward", table).attribute("running_mean").gives(tensor([2.5, 7.]), mistakes={
    "the running averages are as they were: put what running_update gives back into self.running_mean and self.running_variance": tensor([2., 6.]),
    "momentum is not the layer's own: hand self.momentum on": tensor([2.2, 6.4]),
    "the averages moved twice in one call": tensor([2.875, 7.75]),
    "the memory was at its start again, zeros and ones: it has to survive from call to call": tensor([1., 2.5]),
    "the two averages have changed places": tensor([2.416667, 10.]),
    "the averages are those of what leaves the layer: it is the x that came whose statistics are kept": tensor([1.75, 5.]),
    "the averages are the last batch's own, and what was there before is forgotten: running_update moves them only a share of the way": tensor([4., 10.])})
check(BatchNorm, 2, 4.0, 0.25).after("load_state_dict", trained).after("forward", table).attribute("running_variance").gives(tensor([2.416667, 10.]), mistakes={
    "the running variance is as it was: put what running_update gives back into self.running_variance": tensor([1., 4.]),
    "you kept the variance that divides by the count: the one that is kept divides by the count less one": tensor([2., 8.25])})
check(BatchNorm, 2).after("forward", table).after("forward", table).attribute("running_mean").gives(tensor([0.76, 1.9]), mistakes={
    "the memory was at its start again, zeros and ones: it has to survive from call to call": tensor([0.4, 1.])},
    hint="two batches in a row; if a check above fails too, begin there")
check(BatchNorm, 2).after("register_forward_pre_hook", with_a_diary).after("__call__", table).attribute("running_mean").attribute("requires_grad").gives(False, mistakes={
    "the running averages drag the diary of their batch along, and of every batch before it: update them under `torch.no_grad()`": True},
    hint="this time x comes out of another layer, with its diary; if a check above fails too, begin there")
### BEGIN HIDDEN TESTS
def moved_on(state, x, share, correction=1):
    return {"running_mean": (1 - share) * state["running_mean"] + share * x.mean(dim=0),
            "running_variance": (1 - share) * state["running_variance"] + share * x.var(dim=0, correction=correction)}


state = {"gamma": torch.rand(3) + 1.5, "beta": torch.rand(3) + 3, "running_mean": torch.randn(3) + 4, "running_variance": torch.rand(3) + 9}
batch, more = 2 * torch.randn(6, 3) - 3, torch.randn(5, 3)
given = check(BatchNorm, 3, 0.5, 0.25).after("load_state_dict", state).after("forward", batch)
given.attribute("running_mean").gives(lambda *_: moved_on(state, batch, 0.25)["running_mean"], mistakes={
    "the running averages are as they were: put what running_update gives back into self.running_mean and self.running_variance": lambda *_: state["running_mean"],
    "momentum is not the layer's own: hand self.momentum on": lambda *_: moved_on(state, batch, 0.1)["running_mean"],
    "the averages moved twice in one call": lambda *_: moved_on(moved_on(state, batch, 0.25), batch, 0.25)["running_mean"],
    "the memory was at its start again, zeros and ones: it has to survive from call to call": lambda *_: 0.25 * batch.mean(dim=0),
    "the two averages have changed places": lambda *_: moved_on(state, batch, 0.25)["running_variance"],
    "the averages are those of what leaves the layer: it is the x that came whose statistics are kept": lambda *_: 0.75 * state["running_mean"] + 0.25 * state["beta"],
    "the averages are the last batch's own, and what was there before is forgotten: running_update moves them only a share of the way": lambda *_: batch.mean(dim=0)})
given.attribute("running_variance").gives(lambda *_: moved_on(state, batch, 0.25)["running_variance"], mistakes={
    "the running variance is as it was: put what running_update gives back into self.running_variance": lambda *_: state["running_variance"],
    "you kept the variance that divides by the count: the one that is kept divides by the count less one": lambda *_: moved_on(state, batch, 0.25, 0)["running_variance"]})
given.after("forward", more).attribute("running_mean").gives(lambda *_: moved_on(moved_on(state, batch, 0.25), more, 0.25)["running_mean"], mistakes={
    "the second batch did not find what the first had left: the averages have to survive from call to call": lambda *_: moved_on(state, more, 0.25)["running_mean"]})
given.after("register_forward_pre_hook", with_a_diary).after("__call__", more).attribute("running_variance").attribute("requires_grad").gives(False, mistakes={
    "the running averages drag the diary of their batch along, and of every batch before it: update them under `torch.no_grad()`": True})
### END HIDDEN TESTS

# %% check="BatchNorm" aspect="eval" points=5
trained = {"gamma": tensor([3., 10.]), "beta": tensor([1., 2.]), "running_mean": tensor([2., 5.]), "running_variance": tensor([32., 96.])}
table = tensor([[1., 3.], [3., 9.], [5., 13.], [7., 15.]])
evaluated = check(BatchNorm, 2, 4.0, 0.25).after("load_state_dict", trained).after("eval")
evaluated.then("forward", table).gives(tensor([[0.5, 0.], [1.5, 6.], [2.5, 10.], [3.5, 12.]]), mistakes={
    "in eval mode you normalised by the batch: there it is the running averages": tensor([[-2., -12.], [0., 0.], [2., 8.], [4., 12.]]),
    "the layer updated its averages in eval mode, and then used them: there they stay as they are": tensor([[0.173813, -1.567338], [1.275396, 5.018517], [2.376978, 9.409088], [3.47856, 11.604373]]),
    "in eval mode epsilon is missing, or not the layer's own": tensor([[0.46967, -0.041241], [1.53033, 6.082483], [2.59099, 10.164966], [3.65165, 12.206207]]),
    "in eval mode epsilon is outside the root: add it to the variance, then take the root": tensor([[0.68934, 0.55051], [1.31066, 4.898979], [1.931981, 7.797959], [2.553301, 9.247449]]),
    "in eval mode the root is missing: divide by the root of the running variance plus epsilon": tensor([[0.916667, 1.8], [1.083333, 2.4], [1.25, 2.8], [1.416667, 3.]]),
    "in eval mode gamma and beta are missing: they belong to both lives": tensor([[-0.166667, -0.2], [0.166667, 0.4], [0.5, 0.8], [0.833333, 1.]]),
    "in eval mode gamma and beta have changed places": tensor([[2.833333, 9.6], [3.166667, 10.8], [3.5, 11.6], [3.833333, 12.]]),
    "you took the running mean and the batch's variance: in eval mode both come from memory": tensor([[0., -2.], [2., 10.], [4., 18.], [6., 22.]]),
    "in eval mode x went through as it came: it is normalised there too, by the running averages": tensor([[1., 3.], [3., 9.], [5., 13.], [7., 15.]])})
evaluated.after("forward", table).attribute("running_mean").gives(tensor([2., 5.]), mistakes={
    "the averages were updated in eval mode: there they stay as they are": tensor([2.5, 6.25])})
evaluated.after("forward", table).attribute("running_variance").gives(tensor([32., 96.]), mistakes={
    "the averages were updated in eval mode: there they stay as they are": tensor([25.666667, 79.])})
evaluated.then("forward", tensor([[4., 10.]])).gives(tensor([[2., 7.]]), mistakes={
    "a single row was refused in eval mode: only in training does it want for a spread": ValueError}, hint="in eval mode a single row is nothing special; if a check above fails too, begin there")
evaluated.after("register_forward_hook", what_became_of_x).then("__call__", table).satisfies("the x that came is after the call what it was before", lambda x, *_: bool((x == table).all()), mistakes={
    "an in-place change: `+=`, `-=`, `x[...] = ` and methods that end in `_` write into the tensor that came in": lambda x, *_: x.shape == table.shape})
### BEGIN HIDDEN TESTS
def by_memory(state, x, root=True, outside=False, own_variance=False):
    def given_back(channels, epsilon, momentum):
        variance = x.var(dim=0, correction=0) if own_variance else state["running_variance"]
        below = variance.sqrt() + epsilon if outside else (variance + epsilon) ** (0.5 if root else 1.0)
        return state["gamma"] * (x - state["running_mean"]) / below + state["beta"]
    return given_back


def moved_on(state, x, share):
    return {**state, "running_mean": (1 - share) * state["running_mean"] + share * x.mean(dim=0), "running_variance": (1 - share) * state["running_variance"] + share * x.var(dim=0)}


state = {"gamma": torch.rand(3) + 1.5, "beta": torch.rand(3) + 3, "running_mean": torch.randn(3) + 2, "running_variance": torch.rand(3) + 9}
batch = 2 * torch.randn(6, 3) - 1
evaluated = check(BatchNorm, 3, 0.5, 0.25).after("load_state_dict", state).after("eval")
evaluated.then("forward", batch).gives(by_memory(state, batch), mistakes={
    "in eval mode you normalised by the batch: there it is the running averages":
        lambda *_: state["gamma"] * (batch - batch.mean(dim=0)) / (batch.var(dim=0, correction=0) + 0.5).sqrt() + state["beta"],
    "the layer updated its averages in eval mode, and then used them: there they stay as they are": by_memory(moved_on(state, batch, 0.25), batch),
    "in eval mode epsilon is missing, or not the layer's own": lambda *_: by_memory(state, batch)(3, 0.0, 0.25),
    "in eval mode epsilon is outside the root: add it to the variance, then take the root": by_memory(state, batch, outside=True),
    "in eval mode the root is missing: divide by the root of the running variance plus epsilon": by_memory(state, batch, root=False),
    "in eval mode gamma and beta are missing: they belong to both lives": by_memory({**state, "gamma": 1, "beta": 0}, batch),
    "in eval mode gamma and beta have changed places": by_memory({**state, "gamma": state["beta"], "beta": state["gamma"]}, batch),
    "you took the running mean and the batch's variance: in eval mode both come from memory": by_memory(state, batch, own_variance=True),
    "in eval mode x went through as it came: it is normalised there too, by the running averages": lambda *_: batch})
evaluated.after("forward", batch).attribute("running_mean").gives(lambda *_: state["running_mean"], mistakes={
    "the averages were updated in eval mode: there they stay as they are": lambda *_: moved_on(state, batch, 0.25)["running_mean"]})
evaluated.after("forward", batch).attribute("running_variance").gives(lambda *_: state["running_variance"], mistakes={
    "the averages were updated in eval mode: there they stay as they are": lambda *_: moved_on(state, batch, 0.25)["running_variance"]})
evaluated.then("forward", batch[:1]).gives(by_memory(state, batch[:1]), mistakes={
    "a single row was refused in eval mode: only in training does it want for a spread": ValueError}, hint="in eval mode a single row is nothing special")
evaluated.after("register_forward_hook", what_became_of_x).then("__call__", batch).satisfies("the x that came is after the call what it was before", lambda x, *_: bool((x == batch).all()), mistakes={
    "an in-place change: `+=`, `-=`, `x[...] = ` and methods that end in `_` write into the tensor that came in": lambda x, *_: x.shape == batch.shape})
evaluated.after("train").then("forward", batch).gives(
    lambda *_: state["gamma"] * (batch - batch.mean(dim=0)) / (batch.var(dim=0, correction=0) + 0.5).sqrt() + state["beta"], hint="back in training, the batch's own statistics are used again")
### END HIDDEN TESTS

# %% check="BatchNorm" aspect="gradient" points=3
check(BatchNorm, 2, 4.0).after("register_forward_pre_hook", with_a_diary).after("register_forward_hook", what_comes_back).then(
    "__call__", tensor([[1., 3.], [3., 9.], [5., 13.], [7., 15.]])).gives(tensor([[0.444444, 0.34944], [-0.444444, -0.52608], [-0.444444, -0.14976], [0.444444, 0.3264]]), mistakes={
    "no gradient comes back to x, so nothing before the layer would ever learn: keep `torch.no_grad()` and `.detach()` to the running averages": torch.zeros(4, 2),
    "mean and variance are cut out of the diary: only the running averages belong under `torch.no_grad()`; the batch's own are part of the network (section 4)": tensor([[1., 1.176], [0.111111, 0.024], [0.111111, 0.216], [1., 0.6]])},
    hint="here x comes out of another layer, and the gradient that goes back to it is looked at; if a check above fails too, begin there")
check(BatchNorm, 2, 4.0).after("register_forward_hook", what_the_knobs_feel).then("__call__", tensor([[1., 3.], [3., 9.], [5., 13.], [7., 15.]])).gives(
    tensor([[0., -4.608], [6.666667, 10.08]]), mistakes={
    "no gradient reaches gamma and beta, so they would never learn: hand on self.gamma and self.beta themselves, without `.data` or `.detach()`": torch.zeros(2, 2)},
    hint="the gradients of gamma and of beta are looked at; if a check above fails too, begin there")
### BEGIN HIDDEN TESTS
batch = 2 * torch.randn(6, 3) + 1


def by_hand(channels, epsilon, through=True):
    root = (batch.var(dim=0, correction=0) + epsilon).sqrt()
    normalised = (batch - batch.mean(dim=0)) / root
    gradient = 3 * normalised ** 2
    return (gradient - through * (gradient.mean(dim=0) + normalised * (gradient * normalised).mean(dim=0))) / root


check(BatchNorm, 3, 0.5).after("register_forward_pre_hook", with_a_diary).after("register_forward_hook", what_comes_back).then("__call__", batch).gives(by_hand, tolerance=1e-4, mistakes={
    "no gradient comes back to x, so nothing before the layer would ever learn: keep `torch.no_grad()` and `.detach()` to the running averages": lambda *_: torch.zeros(6, 3),
    "mean and variance are cut out of the diary: only the running averages belong under `torch.no_grad()`; the batch's own are part of the network (section 4)": lambda *given: by_hand(*given, through=False)})
normalised = (batch - batch.mean(dim=0)) / (batch.var(dim=0, correction=0) + 0.5).sqrt()
check(BatchNorm, 3, 0.5).after("register_forward_hook", what_the_knobs_feel).then("__call__", batch).gives(torch.stack([3 * (normalised ** 3).sum(dim=0), 3 * (normalised ** 2).sum(dim=0)]), tolerance=1e-4, mistakes={
    "no gradient reaches gamma and beta, so they would never learn: hand on self.gamma and self.beta themselves, without `.data` or `.detach()`": torch.zeros(2, 3)})
### END HIDDEN TESTS

# %% check="BatchNorm" aspect="images" points=3
check(BatchNorm, 2, 4.0).after("load_state_dict", {"gamma": tensor([3., 10.]), "beta": tensor([1., 2.]), "running_mean": tensor([2., 5.]), "running_variance": tensor([32., 96.])}).after("eval").then(
    "forward", tensor([[[[1., 3.]], [[3., 9.]]], [[[5., 7.]], [[13., 15.]]]])).gives(tensor([[[[0.5, 1.5]], [[0., 6.]]], [[[2.5, 3.5]], [[10., 12.]]]]), mistakes={
        "in eval mode the running averages met the width of the image: by_channel puts them on axis 1": tensor([[[[0.5, 0.]], [[1.5, 6.]]], [[[2.5, 4.]], [[6.5, 12.]]]])},
    hint="images in eval mode; if a check above fails too, begin there")
check(BatchNorm, 3).then("forward", tensor([[1., 2., 3.]])).raises(ValueError, when="a table of one row comes in training, so that no channel has a spread")
check(BatchNorm, 3).then("forward", torch.ones(1, 3, 1, 1)).raises(ValueError, when="a single image of one place comes in training")
check(BatchNorm, 2, 1.0).then("forward", tensor([[[[1., 3.]], [[3., 9.]]]])).gives(tensor([[[[-0.707107, 0.707107]], [[-0.948683, 0.948683]]]]), mistakes={
    "a single image with more than one place was refused: it has a spread": ValueError}, hint="one image of two places a channel is enough; if a check above fails too, begin there")
### BEGIN HIDDEN TESTS
def by_memory(x, epsilon, as_it_is=False):
    def given_back(*_):
        gamma, beta, mean, variance = (part if as_it_is else part.view(1, -1, 1, 1) for part in state.values())
        return gamma * (x - mean) / (variance + epsilon).sqrt() + beta
    return given_back


state = {"gamma": torch.rand(4) + 1.5, "beta": torch.rand(4) + 3, "running_mean": torch.randn(4) + 2, "running_variance": torch.rand(4) + 5}
pictures = torch.randn(2, 4, 3, 4)
check(BatchNorm, 4, 0.5).after("load_state_dict", state).after("eval").then("forward", pictures).gives(by_memory(pictures, 0.5), mistakes={
    "in eval mode the running averages met the width of the image: by_channel puts them on axis 1": by_memory(pictures, 0.5, as_it_is=True)})
check(BatchNorm, 5).then("forward", torch.randn(1, 5)).raises(ValueError, when="a table of one row comes in training")
check(BatchNorm, 5).then("forward", torch.randn(1, 5, 1, 1)).raises(ValueError, when="a single image of one place comes in training")
check(BatchNorm, 4, 0.5).then("forward", pictures[:1]).gives(
    lambda *_: (pictures[:1] - pictures[:1].mean(dim=(2, 3), keepdim=True)) / (pictures[:1].var(dim=(2, 3), keepdim=True, correction=0) + 0.5).sqrt(), mistakes={
        "a single image with more than one place was refused: it has a spread": ValueError})
### END HIDDEN TESTS

# %% [markdown]
r"""
Time for the oracle: your layer beside `nn.BatchNorm2d`, for ten batches of digits' channels, in both lives.
"""

# %%
mine, theirs = BatchNorm(8), nn.BatchNorm2d(8)
with torch.no_grad():
    for ours, others in ((mine.gamma, theirs.weight), (mine.beta, theirs.bias)):
        ours.copy_(torch.rand(8, generator=torch.Generator().manual_seed(7)))
        others.copy_(ours)
    farthest = {"in training": 0.0, "in eval mode": 0.0}
    drawing = torch.Generator().manual_seed(9)
    for _ in range(10):
        batch = 3 * torch.randn(32, 8, 6, 6, generator=drawing) + 5
        farthest["in training"] = max(farthest["in training"], float((mine(batch) - theirs(batch)).abs().max()))
    mine.eval(), theirs.eval()
    farthest["in eval mode"] = float((mine(batch) - theirs(batch)).abs().max())
for life, distance in farthest.items():
    print(f"beside nn.BatchNorm2d {life}: never further apart than 0.00001: {distance < 1e-5}")

# %% [markdown] rows="E2"
r"""
## 7. The forgotten eval, and the company one keeps
Below, a network of six convolutions with your layer between them learns to read digits. Then it sits the same exam, 400 digits that it has never seen, in four ways. Only the mode differs, and who sits at the same table.
"""

# %% tags=["nbval-ignore-output"]
from course.batchnorm import deep_network        # 3 x 3 convolution, batch norm if asked for, ReLU, again and again

torch.manual_seed(0)
reader = deep_network(6, layer=BatchNorm, generator=torch.Generator().manual_seed(0)).to(device)
history = train(reader, images[for_training], labels[for_training], epochs=6, learning_rate=0.1, optimiser=torch.optim.SGD, generator=torch.Generator().manual_seed(0))

by_class = held_out[labels[held_out].argsort(stable=True)]
exams = {"in eval mode": (held_out, 400), "training mode, 100 at a time": (held_out, 100), "training mode, 4 at a time": (held_out, 4), "training mode, 40 alike at a time": (by_class, 40)}
scores = {}
for name, (rows, size) in exams.items():
    memory = {key: value.clone() for key, value in reader.state_dict().items()}
    reader.train("training" in name)
    with torch.no_grad():
        right = sum(int((reader(images[some]).argmax(dim=1) == labels[some]).sum()) for some in rows.split(size))
    scores[name] = right / len(rows)
    reader.load_state_dict(memory)          # in training mode the exam itself has moved the averages: put them back

figure, axes = plots.figure(width=8, height=3)
bars = axes.barh(list(scores), [100 * score for score in scores.values()], color=[plots.COLOURS["blue"]] + 3 * [plots.COLOURS["orange"]], height=0.6)
axes.bar_label(bars, fmt="%.0f %%", padding=4)
axes.set(xlabel="digits read rightly, %", xlim=(0, 110), title="The same network, the same digits")
axes.invert_yaxis()
plots.show(figure, alt="Four bars, the share of the same 400 digits that the same network reads rightly: most in eval mode, about as many in training mode with 100 at a time, clearly fewer with 4 at a time, and fewest with "
           "40 digits of one kind at a time.")

# %% [markdown]
r"""
Forgetting `eval()` among a hundred mixed companions costs next to nothing, which is why it can go unnoticed for months. Then somebody asks about one picture, or four, and the network turns stupid. The last bar is the worst company: forty sevens. What they have in *common* is
just what makes them sevens, and the mean takes it out.

`accuracy`, which came with lesson 04, asks for eval mode by itself. Your own loop will not.

**Small batches** have the same trouble in training. The mean of $n$ values trembles by about $1/\sqrt n$ standard deviations, so with two or four images the layer divides by an accident. The trembling is not all bad: it is noise, a little like dropout's, and keeps the network from leaning on any one value (Ioffe and Szegedy
already noticed that batch norm needs less dropout). But with a few images a batch one rather uses a relative that does not look at the batch at all: **[group norm](../glossary.md#group-norm)** (Yuxin Wu and Kaiming He, 2018) takes the statistics of a few channels within each image.

| norm | one mean and one variance for each | statistics over | needs running averages |
|---|---|---|---|
| batch norm (2015) | channel | batch, height, width | yes |
| layer norm (2016) | row or image | all channels, height, width | no |
| instance norm (2016) | image and channel | height, width | no |
| group norm (2018) | image and group of channels | channels of the group, height, width | no |

Texts, whose rows have different lengths, are read with layer norm (Jimmy Lei Ba, Jamie Ryan Kiros and Geoffrey Hinton, 2016). And **[weight norm](../glossary.md#weight-norm)** (Tim Salimans and Diederik Kingma, 2016) does not look at what passes through at all. It splits each filter $w$ into a direction and a length,
$w = g \cdot v / \lVert v \rVert$, and lets descent move $g$ and $v$. That also makes the scale *one number*, $g$, and the gradient by $v$ also shrinks as $v$ grows. But nothing measures the numbers between the layers, so nothing sets them right: it keeps the knob and leaves out the thermometer.

**Play.** Eight layers in your browser, digits passing through, and a histogram of what leaves each layer. Turn up the weights; switch batch norm on; then give gamma and beta a turn.

*The same in words:* without batch norm, weights a little too small make the histograms narrower from layer to layer until they are needles at zero, and weights a little too large make them wider until they leave the picture. With batch norm every layer has the same width, which gamma sets, about a middle, which beta sets, and
the slider of the weights does nothing at all.
"""

# %% explorer=true
from course.explorers.batchnorm import batchnorm_explorer

batchnorm_explorer(images[:128])

# %% [markdown] rows="E2"
r"""
## 8. Fold it away
In eval mode the layer takes away a fixed number, divides by a fixed number, multiplies and adds fixed numbers. A convolution before it multiplies and adds too. Two such steps in a row are one step, and school would say: multiply out the brackets. With $w$ and $b$ for the convolution's weights and bias,

$$\gamma\,\frac{(w * x + b) - \text{mean}}{\sqrt{\text{variance} + \epsilon}} + \beta \;=\; \underbrace{s\,w}_{\text{new weights}} * x \;+\; \underbrace{s\,(b - \text{mean}) + \beta}_{\text{new bias}} \qquad\text{with}\qquad s = \frac{\gamma}{\sqrt{\text{variance} + \epsilon}}$$

So a network that is finished can drop its batch norms and give the same answers with less work. On phones, and wherever a network only predicts, this is done as a matter of course.

**Exercise 7 (8 minutes, medium): folding.** The stretch $s$ is one number for each *output* channel, and those are axis 0 of the weights. Most convolutions before a batch norm have no bias: then `bias` is None and counts as zero.
"""

# %% exercise="fold_into_conv" minutes=8
@exercise
def fold_into_conv(weight: Tensor, bias: Tensor | None, mean: Tensor, variance: Tensor, gamma: Tensor, beta: Tensor, epsilon: float = 1e-5) -> tuple[Tensor, Tensor]:
    """The weights and the bias of one convolution that does what a convolution and the batch norm after it do in eval mode.

    weight: (out_channels, in_channels, height, width). bias: (out_channels,), or None, which counts as zero. mean, variance: the running
    averages, gamma, beta: the layer's own, (out_channels,) each. Returns the new weight, in the shape of weight, and the new
    bias, (out_channels,), e.g. weight [[[[5.]]]], bias [4.], mean [1.], variance [4.], gamma [6.], beta [7.], epsilon 0. -> [[[[15.]]]], [16.].
    """
    ### BEGIN SOLUTION
    stretch = gamma / torch.sqrt(variance + epsilon)
    if bias is None:
        bias = torch.zeros_like(mean)
    return weight * stretch.view(-1, 1, 1, 1), (bias - mean) * stretch + beta
    ### END SOLUTION


# %% check="fold_into_conv" points=9
hints("Begin with the stretch, one number for each output channel: gamma over the root.",
      "The new weight is the old one times the stretch, along axis 0. The new bias is (bias - mean) times the stretch, plus beta.",
      "stretch = gamma / torch.sqrt(variance + epsilon); return weight * stretch.view(-1, 1, 1, 1), (bias - mean) * stretch + beta, with bias 0 where it is None.")
check(fold_into_conv, tensor([[[[1.]], [[2.]]], [[[3.]], [[4.]]]]), tensor([1., 2.]), tensor([4., 10.]), tensor([5., 21.]), tensor([6., 15.]), tensor([0.5, -1.]), 4.0).gives(
    (tensor([[[[2.]], [[4.]]], [[[9.]], [[12.]]]]), tensor([-5.5, -25.])), mistakes={
    "the stretch met the input channels: output channels are axis 0 of the weights, so `stretch.view(-1, 1, 1, 1)`": (tensor([[[[2.]], [[6.]]], [[[6.]], [[12.]]]]), tensor([-5.5, -25.])),
    "the epsilon that came is not in it: it is added to the variance before the root": (tensor([[[[2.683282]], [[5.366563]]], [[[9.819805]], [[13.093073]]]]), tensor([-7.549845, -27.186147])),
    "epsilon is outside the root: add it to the variance, then take the root": (tensor([[[[0.962145]], [[1.924289]]], [[[5.243181]], [[6.990909]]]]), tensor([-2.386434, -14.981817])),
    "the root is missing: the stretch divides by the standard deviation": (tensor([[[[0.666667]], [[1.333333]]], [[[1.8]], [[2.4]]]]), tensor([-1.5, -5.8])),
    "gamma is missing: the stretch is gamma over the root": (tensor([[[[0.333333]], [[0.666667]]], [[[0.6]], [[0.8]]]]), tensor([-0.5, -2.6])),
    "the convolution's own bias was not stretched: batch norm comes after it": (tensor([[[[2.]], [[4.]]], [[[9.]], [[12.]]]]), tensor([-6.5, -29.])),
    "the convolution's own bias is lost": (tensor([[[[2.]], [[4.]]], [[[9.]], [[12.]]]]), tensor([-7.5, -31.])),
    "the mean is lost: batch norm takes it away before it stretches": (tensor([[[[2.]], [[4.]]], [[[9.]], [[12.]]]]), tensor([2.5, 5.])),
    "the mean was added: batch norm takes it away": (tensor([[[[2.]], [[4.]]], [[[9.]], [[12.]]]]), tensor([10.5, 35.])),
    "the mean was not stretched: it is taken away before the stretch": (tensor([[[[2.]], [[4.]]], [[[9.]], [[12.]]]]), tensor([-1.5, -5.])),
    "beta is lost: it is added at the end": (tensor([[[[2.]], [[4.]]], [[[9.]], [[12.]]]]), tensor([-6., -24.])),
    "beta was stretched: it is added at the end, after the stretch": (tensor([[[[2.]], [[4.]]], [[[9.]], [[12.]]]]), tensor([-5., -27.])),
    "beta was taken away: it is added": (tensor([[[[2.]], [[4.]]], [[[9.]], [[12.]]]]), tensor([-6.5, -23.])),
    "the bias is as it was: batch norm moves it too": (tensor([[[[2.]], [[4.]]], [[[9.]], [[12.]]]]), tensor([1., 2.])),
    "the weights are as they were: they are stretched too": (tensor([[[[1.]], [[2.]]], [[[3.]], [[4.]]]]), tensor([-5.5, -25.])),
    "gamma and beta have changed places: gamma stretches, beta is added": (tensor([[[[0.166667]], [[0.333333]]], [[[-0.6]], [[-0.8]]]]), tensor([5.5, 16.6])),
    "mean and variance have changed places": (tensor([[[[2.12132]], [[4.242641]]], [[[12.026756]], [[16.035675]]]]), tensor([-7.985281, -77.169449])),
    "the stretch met the width of the filters: output channels are axis 0 of the weights, so `stretch.view(-1, 1, 1, 1)`": (tensor([[[[2., 3.]], [[4., 6.]]], [[[6., 9.]], [[8., 12.]]]]), tensor([-5.5, -25.])),
    "you multiplied by the root: the stretch is gamma over the root": (tensor([[[[18.]], [[36.]]], [[[225.]], [[300.]]]]), tensor([-53.5, -601.])),
    "you divided by the stretch: weights and bias are multiplied by it": (tensor([[[[0.5]], [[1.]]], [[[1.]], [[1.333333]]]]), tensor([-1., -3.666667])),
    "you took the bias from the mean: it is the mean that is taken from the bias": (tensor([[[[2.]], [[4.]]], [[[9.]], [[12.]]]]), tensor([6.5, 23.])),
    "you added the two biases, and left out the mean and the stretch": (tensor([[[[2.]], [[4.]]], [[[9.]], [[12.]]]]), tensor([1.5, 1.])),
    "beta was added to the weights: it belongs to the bias alone": (tensor([[[[2.5]], [[4.5]]], [[[8.]], [[11.]]]]), tensor([-5.5, -25.])),
    "the stretch met the height of the filters: output channels are axis 0 of the weights, so `stretch.view(-1, 1, 1, 1)`": (tensor([[[[2.], [3.]], [[4.], [6.]]], [[[6.], [9.]], [[8.], [12.]]]]), tensor([-5.5, -25.])),
    "the root is not in it at all: the stretch is gamma over the root": (tensor([[[[6.]], [[12.]]], [[[45.]], [[60.]]]]), tensor([-17.5, -121.])),
    "the two have changed places: weight first, then bias": (tensor([-5.5, -25.]), tensor([[[[2.]], [[4.]]], [[[9.]], [[12.]]]])),
    "you gave the weights only: the new bias is wanted too": tensor([[[[2.]], [[4.]]], [[[9.]], [[12.]]]])})
### BEGIN HIDDEN TESTS
def folded(weight, bias, mean, variance, gamma, beta, epsilon, root=True, outside=0.0, axis=0):
    stretch = gamma / ((variance + epsilon) ** (0.5 if root else 1.0) + outside)
    return weight * stretch.view(*[-1 if place == axis else 1 for place in range(4)]), (bias - mean) * stretch + beta


def other_bias(wrong):
    def given_back(weight, bias, mean, variance, gamma, beta, epsilon):
        return folded(weight, bias, mean, variance, gamma, beta, epsilon)[0], wrong(gamma / (variance + epsilon).sqrt(), bias, mean, beta)
    return given_back


four = [torch.rand(4) + 1, torch.rand(4) + 3, torch.rand(4) + 5, torch.rand(4) + 7, torch.randn(4) + 10]
check(fold_into_conv, torch.randn(4, 4, 3, 4), *four, 0.5).gives(folded, tolerance=1e-4, mistakes={
    "the stretch met the input channels: output channels are axis 0 of the weights, so `stretch.view(-1, 1, 1, 1)`": lambda *given: folded(*given, axis=1),
    "the epsilon that came is not in it: it is added to the variance before the root": lambda *given: folded(*given[:-1], 0.0),
    "epsilon is outside the root: add it to the variance, then take the root": lambda *given: folded(*given[:-1], 0.0, outside=given[-1]),
    "the root is missing: the stretch divides by the standard deviation": lambda *given: folded(*given, root=False),
    "gamma is missing: the stretch is gamma over the root": lambda *given: folded(*given[:4], torch.ones(4), *given[5:]),
    "the convolution's own bias was not stretched: batch norm comes after it": other_bias(lambda stretch, bias, mean, beta: bias - mean * stretch + beta),
    "the convolution's own bias is lost": other_bias(lambda stretch, bias, mean, beta: beta - mean * stretch),
    "the mean is lost: batch norm takes it away before it stretches": other_bias(lambda stretch, bias, mean, beta: bias * stretch + beta),
    "the mean was added: batch norm takes it away": other_bias(lambda stretch, bias, mean, beta: (bias + mean) * stretch + beta),
    "the mean was not stretched: it is taken away before the stretch": other_bias(lambda stretch, bias, mean, beta: bias * stretch - mean + beta),
    "beta is lost: it is added at the end": other_bias(lambda stretch, bias, mean, beta: (bias - mean) * stretch),
    "beta was stretched: it is added at the end, after the stretch": other_bias(lambda stretch, bias, mean, beta: (bias - mean + beta) * stretch),
    "beta was taken away: it is added": other_bias(lambda stretch, bias, mean, beta: (bias - mean) * stretch - beta),
    "the bias is as it was: batch norm moves it too": other_bias(lambda stretch, bias, mean, beta: bias),
    "the weights are as they were: they are stretched too": lambda weight, *others: (weight, folded(weight, *others)[1]),
    "gamma and beta have changed places: gamma stretches, beta is added": lambda weight, bias, mean, variance, gamma, beta, epsilon: folded(weight, bias, mean, variance, beta, gamma, epsilon),
    "mean and variance have changed places": lambda weight, bias, mean, variance, *others: folded(weight, bias, variance, mean, *others),
    "the stretch met the width of the filters: output channels are axis 0 of the weights, so `stretch.view(-1, 1, 1, 1)`": lambda *given: folded(*given, axis=3),
    "you multiplied by the root: the stretch is gamma over the root": lambda weight, bias, mean, variance, gamma, beta, epsilon: folded(weight, bias, mean, variance, gamma * (variance + epsilon), beta, epsilon),
    "you divided by the stretch: weights and bias are multiplied by it":
        lambda weight, bias, mean, variance, gamma, beta, epsilon: folded(weight, bias, mean, variance, (variance + epsilon) / gamma, beta, epsilon),
    "you took the bias from the mean: it is the mean that is taken from the bias": other_bias(lambda stretch, bias, mean, beta: (mean - bias) * stretch + beta),
    "you added the two biases, and left out the mean and the stretch": other_bias(lambda stretch, bias, mean, beta: bias + beta),
    "beta was added to the weights: it belongs to the bias alone": lambda *given: (folded(*given)[0] + given[5].view(-1, 1, 1, 1), folded(*given)[1]),
    "the stretch met the height of the filters: output channels are axis 0 of the weights, so `stretch.view(-1, 1, 1, 1)`": lambda *given: folded(*given, axis=2),
    "the root is not in it at all: the stretch is gamma over the root": lambda weight, bias, mean, variance, gamma, beta, epsilon: folded(weight, bias, mean, torch.ones(4), gamma, beta, 0.0),
    "the two have changed places: weight first, then bias": lambda *given: folded(*given)[::-1],
    "you gave the weights only: the new bias is wanted too": lambda *given: folded(*given)[0]})
### END HIDDEN TESTS

# %% check="fold_into_conv" aspect="biasless" points=4
check(fold_into_conv, tensor([[[[1.]], [[2.]]], [[[3.]], [[4.]]]]), None, tensor([4., 10.]), tensor([5., 21.]), tensor([6., 15.]), tensor([0.5, -1.]), 4.0).gives(
    (tensor([[[[2.]], [[4.]]], [[[9.]], [[12.]]]]), tensor([-7.5, -31.])), mistakes={
        "no bias came, and you calculated with None: it counts as zero": TypeError,
        "no bias came, and none went out: the folded convolution needs one, for the mean and beta": (tensor([[[[2.]], [[4.]]], [[[9.]], [[12.]]]]), None),
        "no bias came, and zeros went out: the folded convolution needs one, for the mean and beta": (tensor([[[[2.]], [[4.]]], [[[9.]], [[12.]]]]), torch.zeros(2)),
        "no bias came, and the mean was lost with it: zero less the mean, times the stretch, plus beta": (tensor([[[[2.]], [[4.]]], [[[9.]], [[12.]]]]), tensor([0.5, -1.])),
        "no bias came, and the mean was not stretched: zero less the mean, times the stretch, plus beta": (tensor([[[[2.]], [[4.]]], [[[9.]], [[12.]]]]), tensor([-3.5, -11.]))},
    hint="a convolution without a bias; if the check above fails too, begin there")
check(fold_into_conv, tensor([[[[1.]], [[2.]]], [[[3.]], [[4.]]]]), tensor([1., 2.]), tensor([4., 10.]), tensor([5., 21.]), tensor([6., 15.]), tensor([0.5, -1.]), 4.0).leaves_its_arguments_alone()
### BEGIN HIDDEN TESTS
def without(weight, bias, mean, variance, gamma, beta, epsilon=1e-5):
    stretch = gamma / (variance + epsilon).sqrt()
    return weight * stretch.view(-1, 1, 1, 1), beta - mean * stretch


check(fold_into_conv, torch.randn(3, 5, 2, 2), None, torch.randn(3), torch.rand(3) + 1, torch.randn(3), torch.randn(3), 0.5).gives(without, mistakes={
    "no bias came, and you calculated with None: it counts as zero": TypeError,
    "no bias came, and none went out: the folded convolution needs one, for the mean and beta": lambda *given: (without(*given)[0], None),
    "no bias came, and zeros went out: the folded convolution needs one, for the mean and beta": lambda *given: (without(*given)[0], torch.zeros(3)),
    "no bias came, and the mean was lost with it: zero less the mean, times the stretch, plus beta": lambda *given: (without(*given)[0], given[5]),
    "no bias came, and the mean was not stretched: zero less the mean, times the stretch, plus beta": lambda *given: (without(*given)[0], given[5] - given[2])})
check(fold_into_conv, torch.randn(3, 5, 2, 2), None, torch.randn(3), torch.rand(3) / 100, torch.randn(3), torch.randn(3)).gives(without, tolerance=1e-4, hint="epsilon is 0.00001 when nobody says otherwise")
check(fold_into_conv, torch.randn(3, 5, 2, 2), torch.randn(3), torch.randn(3), torch.rand(3) + 1, torch.randn(3), torch.randn(3), 0.5).leaves_its_arguments_alone()
### END HIDDEN TESTS

# %% [markdown]
r"""
Fold the whole reader of section 7: each convolution takes in the batch norm behind it, and the batch norm is gone.
"""

# %%
reader.eval()
parts, folded = list(reader), []
for place, part in enumerate(parts):
    if isinstance(part, nn.Conv2d):
        norm = parts[place + 1]
        joined = nn.Conv2d(part.in_channels, part.out_channels, 3, part.stride, padding=1).to(device)
        with torch.no_grad():
            new_weight, new_bias = fold_into_conv(part.weight, part.bias, norm.running_mean, norm.running_variance, norm.gamma, norm.beta, norm.epsilon)
            joined.weight.copy_(new_weight), joined.bias.copy_(new_bias)
        folded.append(joined)
    elif not isinstance(part, BatchNorm):
        folded.append(part)
folded = nn.Sequential(*folded).eval()
with torch.no_grad():
    apart = (folded(images[held_out]) - reader(images[held_out])).abs().max()
print(f"layers before {len(parts)}, after {len(folded)}; answers never further apart than 0.001: {bool(apart < 1e-3)}")

# %% [markdown] rows="E2"
r"""
## 9. The story that did not hold
*Why* does it work? Ioffe and Szegedy had a story, and it is in the title of their paper: "reducing internal covariate shift". Each layer learns from what the layer below sends; but the layer below is learning too, so what it sends keeps shifting, and the layer above chases a moving target.
**[Internal covariate shift](../glossary.md#internal-covariate-shift)** is the name of that. Batch norm pins mean and variance down, so the target stands still. It is a good story: short, plausible, and told in thousands of lectures.

In 2018 Shibani Santurkar, Dimitris Tsipras, Andrew Ilyas and Aleksander Mądry put it to a test. If batch norm helps *because* it holds the numbers still, then shake them. After every batch norm they added noise, drawn anew for each step, with a mean and a spread of its own, so that each layer's input jumped
about worse than in a network without any batch norm. By the story, such a network should train as badly as one without. It trained almost as well as with.

The next cell is that test, small. `JoltedBatchNorm` is your layer with a shake: in every training batch each channel is multiplied by a random number between 0.75 and 1.25, and shifted by one between -0.5 and 0.5. We also measure how unsteady the input of the fifth layer is: how far the mean of a channel moves from one batch to the next, compared with
the spread of its values.
"""

# %% tags=["nbval-ignore-output"]
from course.batchnorm import JoltedBatchNorm

kinds = {"without": None, "batch norm": BatchNorm, "batch norm, shaken": JoltedBatchNorm}
right, unsteady = {}, {}
for name, layer in kinds.items():
    torch.manual_seed(0)
    network, means = deep_network(6, layer=layer, generator=torch.Generator().manual_seed(0)).to(device), []
    fifth = [part for part in network if isinstance(part, nn.Conv2d)][4]
    fifth.register_forward_pre_hook(lambda part, inputs: means.append((inputs[0].mean(dim=(0, 2, 3)) / inputs[0].std()).detach()) if part.training else None)
    history = train(network, images[for_training], labels[for_training], epochs=5, learning_rate=0.125, optimiser=torch.optim.SGD,
                    validation=(images[held_out], labels[held_out]), generator=torch.Generator().manual_seed(0))
    right[name], unsteady[name] = history.validation_accuracy, float(torch.stack(means).diff(dim=0).abs().mean())

figure, (left, beside) = plots.figure(columns=2, width_ratios=[1.35, 1])
plots.curves(left, {name: 100 * tensor(shares) for name, shares in right.items()}, x=range(1, 6), names=("epoch", "held-out digits read rightly, %"))
left.set(title="How well it learns", xticks=range(1, 6))
beside.barh(list(unsteady), list(unsteady.values()), color=[plots.COLOURS[colour] for colour in ("blue", "vermillion", "green")], height=0.6)
beside.set(xlabel="move of a channel's mean,\nstandard deviations", title="How unsteady it is")
beside.invert_yaxis()
plots.show(figure, alt="Left, the share of held-out digits that are read rightly after each of five epochs: the plain network begins lowest and stays behind; with batch norm it begins highest; with batch norm and shaking it lies "
           "close below that. Right, how unsteady the input of the fifth layer is: by far the most in the shaken network, more than in the one without batch norm.")

# %% [markdown] rows="E2"
r"""
The shaken network has the most unsteady inputs of the three, and learns far better than the steady one without batch norm. So steadiness cannot be what does it. (The noise costs something; with less of it there would be less to see.)

What is it then? The same four looked at the landscape. Stand anywhere on the way down, and look along the gradient: how does the loss change with the length of a step? Do the same here. From a few places along each training run, the loss of the batch after one step of this or that length, compared with the loss before.
"""

# %%
def along_the_gradient(network: nn.Module, rows: Tensor, lengths: list[float]) -> list[float]:
    """The loss of one batch after a single step of each length, as a multiple of the loss before. Leaves the network as it was."""
    kept = {key: value.clone() for key, value in network.state_dict().items()}
    parameters = list(network.parameters())
    loss = nn.functional.cross_entropy(network(images[rows]), labels[rows])
    slopes = torch.autograd.grad(loss, parameters)
    found = []
    with torch.no_grad():
        for length in lengths:
            for parameter, name in zip(parameters, dict(network.named_parameters())):
                parameter.copy_(kept[name])
            for parameter, slope in zip(parameters, slopes):
                parameter -= length * slope
            found.append(float(nn.functional.cross_entropy(network(images[rows]), labels[rows]) / loss))
    network.load_state_dict(kept)
    return found


lengths = torch.logspace(-2, 0.3, 16).tolist()
figure, panels = plots.figure(columns=2, sharey=True)
for axes, (name, layer) in zip(panels, (("Without", None), ("With batch norm", BatchNorm))):
    network = deep_network(6, layer=layer, generator=torch.Generator().manual_seed(0)).to(device)
    deck, looks = torch.Generator().manual_seed(1), []

    def look(state):
        if state.step % 5 == 0 and state.step <= 60:
            looks.append(along_the_gradient(network, for_training[torch.randperm(len(for_training), generator=deck)[:64]], lengths))

    train(network, images[for_training], labels[for_training], epochs=3, learning_rate=0.0625, optimiser=torch.optim.SGD, after_batch=look, generator=torch.Generator().manual_seed(0))
    axes.plot(lengths, tensor(looks).clamp(max=1e3).nan_to_num(1e3).T, color=plots.COLOURS["sky"], linestyle="-", linewidth=1)
    axes.plot(lengths, tensor(looks).median(dim=0).values, color=plots.COLOURS["vermillion"], linestyle="--", label="the median")
    axes.axhline(1, color=plots.COLOURS["black"], linewidth=1, linestyle=":")
    axes.set(xscale="log", yscale="log", xlabel="length of the step (learning rate)", title=name, ylim=(0.2, 30), yticks=[0.3, 1, 3, 10, 30], yticklabels=["0.3", "1", "3", "10", "30"])
    axes.minorticks_off()
panels[0].set_ylabel("loss after the step, times that before")
panels[0].legend(loc="upper left")
plots.show(figure, alt="Two panels of twelve curves each: the loss after one step along the gradient, as a multiple of the loss before, against the length of the step, both axes logarithmic, with a dotted line at 1. Without batch norm the curves differ much from one "
           "another: most dip little below 1 and turn up at quite different lengths. With batch norm they lie close together, and all dip well below 1 before they turn up.")

# %% [markdown]
r"""
Below the dotted line a step helps, above it the step has made things worse. Without batch norm the curves go their own ways: at one place the ground rises almost at once, at another a step ten times as long changes hardly anything, and even the best step, at a typical place, takes about a tenth of the loss away. No one rate is right
for long. With batch norm the curves run side by side: one length serves nearly all places, and at a typical place the best step takes a third of the loss away or more. A gradient keeps its promise for longer, and for about as long wherever you stand. In the paper's words the landscape is **[smoother](../glossary.md#smooth-landscape)**: the loss changes less abruptly, and so
does its gradient. They also proved bounds for it, for simple cases.

Is that the last word? Not quite. Sections 2 and 1 had two facts that point the same way: weights that grow too large are moved more gently, and signals neither die nor explode on their way. Others have shown that much of the gain can be had without any batch norm, from a careful enough start (Hongyi Zhang, Yann Dauphin and Tengyu Ma, 2019). What is safe to say is what
you can measure: *higher rates work, and more of them do*. That is the next section. The moral is an old one: that a method works does not make its explanation true.

## 10. How much room does it give?
The tedious part of training is finding a learning rate that works (lesson 03). So the fairest question to ask of batch norm is how *wide* the range of rates is that do. Six convolutions, the small digits, plain descent in batches of 64. A rate **works** if within 200 steps the network reads at least 95 % of 400 held-out digits rightly; we look every 20 steps.
We try rates that double each time. The width of the range is the highest that works over the lowest. Both networks begin with the same weights, of He's spread.
"""

# %% headline=true
from tqdm import tqdm

from course.batchnorm import steps_to, width_of

rates = [2.0 ** power for power in range(-6, 3)]
training, exam = (images[for_training], labels[for_training]), (images[held_out], labels[held_out])
found = {"without": {}, "batch norm": {}}
for rate in tqdm(rates, desc="learning rates"):
    for name, layer in (("without", None), ("batch norm", BatchNorm)):
        network = deep_network(6, layer=layer, generator=torch.Generator().manual_seed(1)).to(device)
        found[name][rate] = steps_to(0.95, network, rate, training, exam, generator=torch.Generator().manual_seed(1))
widths = {name: width_of(rate for rate, steps in tries.items() if steps) for name, tries in found.items()}

figure, axes = plots.figure(width=8, height=3.6)
for (name, tries), colour, marker, style in zip(found.items(), ("blue", "vermillion"), ("o", "s"), ("-", "--")):
    works = {rate: steps for rate, steps in tries.items() if steps}
    axes.plot(list(works), list(works.values()), marker=marker, markersize=8, color=plots.COLOURS[colour], linestyle=style, label=name)
    failed = [rate for rate, steps in tries.items() if not steps]
    axes.plot(failed, [222 + 14 * (name == "without")] * len(failed), marker="x", markersize=8, markeredgewidth=2, color=plots.COLOURS[colour], linestyle="none")
axes.axhspan(212, 246, color="#eef0f3", zorder=0)
axes.text(rates[0] * 0.62, 229, "never", va="center", ha="right")
axes.set(xscale="log", xlabel="learning rate", ylabel="steps to 95 %", ylim=(0, 248), yticks=[0, 50, 100, 150, 200], xticks=rates, xticklabels=[f"1/{round(1 / rate)}" if rate < 1 else f"{rate:g}" for rate in rates],
         title="Which rates work")
axes.minorticks_off()
axes.legend(loc="lower left")
plots.show(figure, alt="Steps needed to read 95 % of held-out digits rightly, against the learning rate, which doubles from mark to mark. Without batch norm few rates arrive, and late; with batch norm more rates arrive, most of them sooner. "
           "Crosses in a grey band at the top mark rates that never arrive.")
for name, width in widths.items():
    print(f"{name:10s}  the highest rate that works is {width:3.0f} times the lowest")
print(f"the range is at least three times as wide with batch norm: {widths['batch norm'] >= 3 * widths['without']}")

# %% [markdown]
r"""
What this shows, and what it does not. The two networks reach their best rates at different places, and batch norm's best is faster too. But steps are not seconds: on small images like these a step with batch norm takes about twice as long, since the layer goes through all the numbers several times. A shallow network, with two convolutions in place of six, hardly needs it.
And with Adam, which finds its own stride (lesson 03), the difference is smaller.

Is it only the start? We also ran the network without batch norm after setting every layer's size right by hand, once, before the first step. In each of five seeds its range stayed at least three times narrower than with batch norm. The start is a part of it. The rest is that batch norm sets the sizes right again after *every* step.

**Experiment.** Copy the cell and set the depth to 2, or to 10.

## 11. A column in metres, a column in millions
One more use, and it needs no depth. A table of houses: area in square metres, distance to the station in metres, income of the district in thousands a year. Lesson 03 had a valley that was long and narrow because $x$ was not centred. A table with columns of such different sizes makes the narrowest valley you have seen: the rate that is safe for one column moves the others not at all.

Lesson 01's cure was to standardise the columns first. That works, but you must keep the means and deviations of the *training* rows somewhere, and remember to use them on every new row. A batch norm as the *first* layer does both: it is a standardising whose numbers are saved inside the model. People who train networks on tables put one on the continuous columns as a matter of course.
"""

# %%
town = torch.Generator().manual_seed(2)
houses = torch.rand(1000, 3, generator=town) * tensor([120., 5000., 60.]) + tensor([40., 100., 20.])             # m², m, thousands a year
price = 3.0 * houses[:, 0] - 0.04 * houses[:, 1] + 4.0 * houses[:, 2] + 20 * torch.randn(1000, generator=town)   # thousands
price = (price - price.mean()) / price.std()
for name, rate, first in (("columns as they come", 1e-7, []), ("batch norm first", 0.1, [BatchNorm(3)])):        # change me
    torch.manual_seed(0)
    model = nn.Sequential(*first, nn.Linear(3, 1), nn.Flatten(0))
    history = train(model, houses, price, epochs=10, batch_size=50, learning_rate=rate, optimiser=torch.optim.SGD, loss=nn.functional.mse_loss, generator=torch.Generator().manual_seed(0))
    model.eval()
    with torch.no_grad():
        explained = 1 - float((model(houses) - price).square().mean())
    print(f"{name:21s} learning rate {rate:g}: {f'{explained:.0%} of the variance of prices explained' if explained > 0.01 else 'no better than always saying the mean price'}")

# %% [markdown]
r"""
**Experiment.** Find the highest rate at which the columns as they come do not diverge. How many epochs would they need? (Lesson 10 is planned to come back to tables, with dates and shops in them.)

## Quiz (10 minutes)
Four questions, one letter each, between the quotes. Whether you are right is told when you hand in.
"""

# %% quiz="reading" points=12
[
    {"ask": "A batch of 32 images with 16 channels, each 10 places high and 10 wide, goes into a batch norm. How many means does it take, and over how many values each?",
     "choices": {"a": "32 means over 1,600 values", "b": "16 means over 3,200 values", "c": "1,600 means over 32 values"},
     "right": "b",
     "because": {"a": "that would be one mean for each image, which is layer norm; batch norm has one for each channel",
                 "c": "that would be one mean for each place of each channel; places belong in, since the filter is the same everywhere"}},
    {"ask": "A colleague's network scores 97 % on her screen. In the web app, where people send one photograph at a time, it guesses wildly, without an error. Which is the likeliest?",
     "choices": {"a": "the app forgot `eval()`, so that each photograph is normalised by itself", "b": "gamma and beta were not trained for long enough",
                 "c": "batch norm cannot be used for single photographs"},
     "right": "a",
     "because": {"b": "then it would not score 97 % on her screen, with the same gamma and beta",
                 "c": "in eval mode it can: the running averages stand in for the batch"}},
    {"ask": "Which of these has batch norm been *shown* to do?",
     "choices": {"a": "bring all values between 0 and 1", "b": "train well because it keeps the distribution of each layer's input still",
                 "c": "make higher learning rates work"},
     "right": "c",
     "because": {"a": "mean 0 and variance 1 is not between 0 and 1: about half of the values are negative",
                 "b": "that was the story; with the inputs shaken at random it trains nearly as well (Santurkar and others, 2018)"}},
    {"ask": "A convolution with a bias is followed by a batch norm. In training, you set all its biases from 0 to 5. What changes in what leaves the batch norm?",
     "choices": {"a": "everything rises by 5", "b": "nothing: the mean rises by 5 too and is taken away", "c": "everything rises by 5 times gamma"},
     "right": "b",
     "because": {"a": "the mean of each channel rises by 5 as well, and it is taken away before anything else happens",
                 "c": "gamma multiplies what is normalised, and there the 5 is gone already"}},
]

# %% [markdown]
r"""
## What to remember
1. Scale multiplies through layers like a photocopier's: a factor near 1, many times over, is far from 1. Batch norm measures each channel, over the batch and all places, and sets it right.
2. Normalise, then gamma and beta: the spread of a channel is one number that a gradient can reach. The size of the weights before it no longer matters, and their bias is useless.
3. Two lives: in training the batch's own statistics, in eval mode running averages. Torch's momentum is the share of the new, and the variance that is kept divides by the count less one.
4. Backwards, what moves a whole channel and what stretches it are taken out of the gradient. Forwards, once trained, the layer folds into the convolution before it.
5. It makes many more learning rates work, and the landscape smoother. It does not work by keeping the layers' inputs still: that was tested.

## Terms
[variance](../glossary.md#variance), [standard deviation](../glossary.md#standard-deviation), [batch normalisation](../glossary.md#batch-normalisation), [running average](../glossary.md#running-average),
[evaluation mode](../glossary.md#evaluation-mode), [group norm](../glossary.md#group-norm), [weight norm](../glossary.md#weight-norm), [internal covariate shift](../glossary.md#internal-covariate-shift),
[smooth landscape](../glossary.md#smooth-landscape)

## Where to read on
- Sergey Ioffe and Christian Szegedy, *Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift*, International Conference on Machine Learning, 2015. You have written its algorithms 1 and 2.
- Shibani Santurkar, Dimitris Tsipras, Andrew Ilyas and Aleksander Mądry, *How Does Batch Normalization Help Optimization?*, Advances in Neural Information Processing Systems, 2018. The test of section 9, in full.
- Tim Salimans and Diederik Kingma, *Weight Normalization: A Simple Reparameterization to Accelerate Training of Deep Neural Networks*, Advances in Neural Information Processing Systems, 2016.
- Jimmy Lei Ba, Jamie Ryan Kiros and Geoffrey Hinton, *Layer Normalization*, arXiv, 2016. The one that reads texts.
- Yuxin Wu and Kaiming He, *Group Normalization*, European Conference on Computer Vision, 2018. For small batches.
- Kaiming He, Xiangyu Zhang, Shaoqing Ren and Jian Sun, *Delving Deep into Rectifiers*, International Conference on Computer Vision, 2015. Where the spread of the first weights comes from.
- Hongyi Zhang, Yann Dauphin and Tengyu Ma, *Fixup Initialization: Residual Learning Without Normalization*, International Conference on Learning Representations, 2019. Doing without.

Next: lesson 08 shows the same dog in many pictures.
"""
