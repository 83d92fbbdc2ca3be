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

Set a photocopier to 80 % and copy a page. Copy the copy, and so on, twenty times. What comes out is about one hundredth of the size of the page: a speck. Set
it to 125 %, and after twenty copies you need a wall. Only at 100 % does anything sensible arrive, and 99.9 % will do, and 97 % will not do for long.

A layer of a network is such a copier. It multiplies by its weights, and the next layer takes what comes. Nobody set it to 100 %, and if somebody did, the first
step of training moved the knob. This lesson is about a layer that looks at each copy and brings it back to size. It is a few lines long, went into most image
networks in the years after 2015, and was explained wrongly for some of them.
"""

# %% setup=true
import torch
from course import data, plots
from course.check import answer, begin, check, checks, exercise, hints
from course.training import accuracy, train
from torch import Tensor, nn, tensor

begin("07-batchnorm")

device = "cuda" if torch.cuda.is_available() else "cpu"
images, labels = (part.to(device) for part in data.digits())     # 1,797 handwritten digits, (n, 1, 8, 8), ink from 0 to 1
for_training, held_out = data.stratified_split(labels, test=400)


# %% [markdown]
r"""
Here are twenty dense layers with ReLU (lesson 04), fresh from the drawing of their weights, and 256 digits on their way through. The weights are drawn with the
spread that keeps the copier at 100 % (Kaiming He and others, 2015), and then all multiplied by one number: 0.8, 1 or 1.25. The picture shows how large the
numbers, the *activations*, are after each layer.
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
plots.show(figure, "layers")

# %% [markdown] rows="E2"
r"""
On the left a factor of 1.25, which nobody would notice in one layer, has become a factor of 87. On the right the same twenty layers with the same weights, and
the three lines are one.

**By the end you can**

- take the mean and the variance of each channel of a batch, and say which numbers go into them;
- write batch norm forwards, and backwards by hand, and say what its two knobs per channel are for;
- keep running averages, and say what momentum means for them and what it does not;
- find a forgotten `eval()`, and say what small batches do;
- fold a trained batch norm into the convolution before it, so that it costs nothing;
- say what batch norm is known to do, and which famous explanation of it did not survive its test.

**Time:** about 120 minutes: 64 for the seven exercises, 10 for the quiz, the rest to read and play. **Builds on:** lesson 03, *Down the landscape of loss*
(gradients, the chain rule, learning rates that diverge), lesson 04 (networks, training), lesson 05 (convolutions and channels), and lesson 06 (training and
eval mode).

## 1. A mean and a spread for each channel
To bring a copy back to size you have to measure it. Two numbers will do. The **mean** says where the middle is. The **[variance](../glossary.md#variance)**
says how far the values lie from it: take each value's distance from the mean, square it, take the mean of the squares. Its root is the **[standard
deviation](../glossary.md#standard-deviation)**, which is the typical distance, in the values' own unit.

Which values go in together? In a table, those of one *column*: ages with ages, incomes with incomes, all rows of the batch. An image inside a network is
$n \times \text{channels} \times \text{height} \times \text{width}$, and a channel is what one filter sees: here an edge, there a blob. So values of
one *channel* belong together: those of all images in the batch, and of all places, for the filter is the same everywhere.
"""

# %% folded=true
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
plots.show(figure, "channels")

# %% [markdown]
r"""
The marked cells give one mean and one variance. The other channels have theirs.

**Exercise 1 (7 minutes, easy): the statistics of a channel.** Return the mean and the variance of each channel, for tables and for images. In both, channels
are axis 1, so every axis *but* that one is averaged away: `x.mean(dim=[0, 2, 3])` takes the mean over three axes at once. Divide by the number of values, not
by one less; section 5 comes back to that.
"""

# %% exercise="channel_statistics" minutes=7
@exercise
def channel_statistics(x: Tensor) -> tuple[Tensor, Tensor]:
    """The mean and the variance of each channel, over all rows and all places.

    x: (n, channels) or (n, channels, height, width). Returns mean and variance, each (channels,), of x's dtype and on its device; a
    gradient flows through both. The variance is the mean of the squared distances from the mean,
    e.g. [[0., 10.], [4., 10.]] -> mean [2., 10.], variance [4., 0.].
    """
    ### BEGIN SOLUTION
    over = [0] if x.ndim == 2 else [0, 2, 3]
    return x.mean(dim=over), x.var(dim=over, correction=0)
    ### END SOLUTION


# %% check="channel_statistics" points=5
hints("How many channels are there? As many means, and as many variances.",
      "Average over every axis but axis 1: [0] for a table, [0, 2, 3] for images. Tensors have .mean(dim=...) and .var(dim=..., correction=0).",
      "over = [0] if x.ndim == 2 else [0, 2, 3]; return x.mean(dim=over), x.var(dim=over, correction=0).")
check(channel_statistics, tensor([[0., 10.], [0., 10.], [4., 10.], [4., 30.]])).gives((tensor([2., 15.]), tensor([4., 75.])))
check(channel_statistics).agrees(where=lambda call: call.x.ndim == 2 and call.x.max() < 1000)

# %% check="channel_statistics" aspect="places" points=5
# Four axes now: two images of two channels, each one place high and two wide. Then large values that lie close together.
check(channel_statistics, tensor([[[[0., 2.]], [[10., 10.]]], [[[4., 6.]], [[10., 30.]]]])).gives((tensor([3., 15.]), tensor([5., 75.])))
check(channel_statistics, tensor([[10001.], [10003.]])).gives((tensor([10002.]), tensor([1.])))
check(channel_statistics).agrees(where=lambda call: call.x.ndim == 4 or call.x.max() > 1000)
check(channel_statistics).keeps_the_contract()

# %% [markdown] rows="E2"
r"""
## 2. Take the scale out, and hand it back
Now the layer. Take each channel's mean away and divide by its standard deviation. Whatever came, what leaves has mean 0 and variance 1: this
is **normalising**, the standardising of lesson 01, done inside the network and for each batch anew. Not "between 0 and 1", as one sometimes reads: about a
third of the values of a bell curve lie beyond 1 on one side or the other.

Then hand the scale back, under new management: multiply by a number $\gamma$ (gamma) and add a number $\beta$ (beta), one of each for every channel, both
learned.

$$\hat x = \frac{x - \text{mean}}{\sqrt{\text{variance} + \epsilon}} \qquad\qquad y = \gamma\, \hat x + \beta$$

The $\epsilon$ (epsilon), 0.00001 as a rule, sits under the root, so that a channel that is the same everywhere is divided by something small and not by zero.
All this together is **[batch normalisation](../glossary.md#batch-normalisation)**, batch norm for short (Sergey Ioffe and Christian Szegedy, 2015).

To take the scale out and put a scale back in looks like packing a suitcase in order to unpack it. But the scale that was taken out was an accident of all the
weights below. The one that is put in is *one number, which a gradient can reach*. Here is a case to see it.

**Film ratings.** Somebody's network gives numbers about 0, most between -1 and 1. The ratings that it should predict lie about 3, most of them between 1 and 5.
What has to change? The middle: one number, the last layer's bias. The spread: *every* weight of the last layer, each multiplied by the same 2 or so; no single
number does it. Descent nudges each of those weights for its own reasons, and the way to "all of you, times two" is long. With $\gamma$ and $\beta$ it is two
numbers.
"""

# %%
seats = torch.Generator().manual_seed(5)
features = torch.randn(400, 64, generator=seats) * torch.logspace(-1, 1, 64)        # 64 facts about each film, of very different sizes
weights = torch.randn(64, generator=seats) / features.norm(dim=0) * 1.2             # a last layer that somebody drew
raw = features @ weights
middle, spread = 3.0, 1.0                                                           # change me: what an audience gives
wanted = middle + spread * (raw - raw.mean()) / raw.std()                           # the same opinion, in stars
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
plots.show(figure, "ratings")

# %% [markdown]
r"""
**Experiment.** Ask a harsh audience: `middle` 2, `spread` a half. Which `gamma` and `beta` bring the error down again?

To write the layer you need means of shape `(channels,)` to meet images of shape `(n, channels, height, width)`. Broadcasting (lesson 01) lines axes up from the
right, so a bare `x - mean` would meet the *width*. The helper below puts the channels where they belong. It is yours to use.
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

    x: (n, channels) or (n, channels, height, width), to be left as it was, with two values a channel or more. gamma, beta: (channels,).
    epsilon is added to the variance, under the root. Returns the shape and dtype of x; a gradient flows through, by way of the mean and
    the variance too. E.g. x [[1.], [3.]], gamma [10.], beta [2.], epsilon 0. -> [[-8.], [12.]].
    """
    ### BEGIN SOLUTION
    mean, variance = channel_statistics(x)
    normalised = (x - by_channel(mean, x)) / torch.sqrt(by_channel(variance, x) + epsilon)
    return by_channel(gamma, x) * normalised + by_channel(beta, x)
    ### END SOLUTION


# %% check="batch_norm" points=8
hints("Three things happen to each value: something is taken away, it is divided by something, and then gamma and beta have their say.",
      "Take away the channel's mean, divide by the root of (its variance plus epsilon), multiply by gamma, add beta. by_channel puts each of the four into "
      "shape.",
      "mean, variance = channel_statistics(x); normalised = (x - by_channel(mean, x)) / torch.sqrt(by_channel(variance, x) + epsilon); return "
      "by_channel(gamma, x) * normalised + by_channel(beta, x).")
check(batch_norm, tensor([[1., 3.], [3., 9.], [5., 13.], [7., 15.]]), tensor([3., 10.]), tensor([1., 2.]), 4.0).gives(
    tensor([[-2., -12.], [0., 0.], [2., 8.], [4., 12.]]))
check(batch_norm).agrees(where=lambda call: call.x.ndim == 2)

# %% check="batch_norm" aspect="images" points=6
check(batch_norm, tensor([[[[1., 3.]], [[3., 9.]]], [[[5., 7.]], [[13., 15.]]]]), tensor([3., 10.]), tensor([1., 2.]), 4.0).gives(
    tensor([[[[-2., 0.]], [[-12., 0.]]], [[[2., 4.]], [[8., 12.]]]]))
check(batch_norm).agrees(where=lambda call: call.x.ndim == 4)
check(batch_norm).keeps_the_contract()      # what stands before a batch norm learns through it

# %% [markdown]
r"""
Two things follow at once, and both will matter. The cell below makes every weight of a convolution ten times as large, and gives it a bias of 7. Watch what
leaves the batch norm after it.
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
Nothing happens. A bias moves the mean of a channel, and the mean is taken out, so **a convolution before a batch norm needs no bias**: people write
`bias=False` and let $\beta$ do its work. And the *size* of the weights does not matter, only their direction. If a step of descent that is far too long doubles
all weights of a layer, the layer after it never hears of it. There is more: the gradient by weights that are ten times as large is ten times *smaller*. (To
move the output as far, you now need a nudge ten times as long.) So weights that have been blown up by a wild step are moved gently from then on. The learning
rate is tamed by the very explosion that it caused.
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
Torch can differentiate what you wrote. But batch norm is the first thing in this course in which the rows of a batch *talk to each other*: nudge one value, and
the mean moves under all the others. It is worth seeing how that comes out by hand, and it comes out prettily.

The easy half first. Somewhere behind our layer stands a loss, and its gradient by each value that we gave, `gradient`, comes back to us. It has the shape of
$y$. Turn $\beta$ of a channel up by a hair: every value of that channel rises by a hair, and the loss feels all of them at once. So the gradient by $\beta$ is
the *sum* of `gradient` over the channel. Turn $\gamma$ up by a hair: each value moves by its own $\hat x$, and the gradient by $\gamma$ is the sum of
`gradient` times $\hat x$. Sums, not means: it is the loss that may have taken a mean, and then `gradient` has it in it already.

**Exercise 3 (8 minutes, medium): the gradients of gamma and beta.** For tables only: `(n, channels)`. No autograd.
"""

# %% exercise="parameter_gradients" minutes=8 uses="channel_statistics"
@exercise
def parameter_gradients(gradient: Tensor, x: Tensor, epsilon: float = 1e-5) -> tuple[Tensor, Tensor]:
    """The gradients of the loss by gamma and by beta, by hand.

    gradient: (n, channels), of the loss by what batch_norm gave. x: (n, channels), what came in. Both are left as they were, and their
    dtype is that of the result. Returns by gamma and by beta, each (channels,), e.g. gradient [[1.], [4.]], x [[1.], [3.]], epsilon 0. -> ([3.], [5.]).
    """
    ### BEGIN SOLUTION
    mean, variance = channel_statistics(x)
    normalised = (x - mean) / torch.sqrt(variance + epsilon)
    return (gradient * normalised).sum(dim=0), gradient.sum(dim=0)
    ### END SOLUTION


# %% check="parameter_gradients" points=10
hints("What does each value of a channel do when beta goes up by a hair? And when gamma does?",
      "By beta: the sum of the gradient over the rows. By gamma: the sum of gradient times normalised, and the normalised x is the one from exercise 2, "
      "without gamma and beta.",
      "normalised = (x - mean) / torch.sqrt(variance + epsilon); return (gradient * normalised).sum(dim=0), gradient.sum(dim=0).")
check(parameter_gradients).is_written_without("backward", "grad", because="no autograd here: two sums do it")
check(parameter_gradients, tensor([[1., 0.], [0., 5.], [0., 0.], [3., 0.]]), tensor([[1., 3.], [3., 9.], [5., 13.], [7., 15.]]), 4.0).gives(
    (tensor([2., -1.]), tensor([4., 5.])))
check(parameter_gradients).agrees()
check(parameter_gradients).keeps_the_contract()

# %% [markdown] rows="E2"
r"""
## 4. Backwards: through the mean and the spread
Now the gradient by $x$. Three roads lead from one value of $x$ to the loss: the direct one, one through the mean, and one through the variance. One can walk
along all three with the chain rule and add up. But there is a shortcut, by asking what batch norm does *not* feel.

1. **Move a whole channel.** Add a hair to every value of it. The mean rises by a hair and is taken out, and nothing leaves. So the gradient by $x$ must be such
   that a common push does nothing: its sum over the channel is zero. Take out its mean.
2. **Stretch a whole channel.** Move every value away from the mean, in proportion to its $\hat x$. The standard deviation grows by the same share and is
   divided out, and (but for $\epsilon$) nothing leaves. So a push along $\hat x$ must do nothing either. Take out the part of the gradient that
   lies along $\hat x$: that is $\hat x$ times the mean of `gradient` times $\hat x$.
3. **What is left** goes the direct road: a hair of $x$ is $1 / \sqrt{\text{variance} + \epsilon}$ hairs of $\hat x$, and $\gamma$ times that of $y$.

$$\text{gradient by } x = \frac{\gamma}{\sqrt{\text{variance} + \epsilon}}\,\Big(g - \operatorname{mean}(g) - \hat x \cdot \operatorname{mean}(g\,\hat x)\Big)$$

with $g$ for `gradient` and the means over the channel. (With the $\epsilon$ a stretch is felt, though hardly; the formula is exact all the same.) Here is a
channel of eight values, before and after the two parts are taken out.
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
plots.show(figure, "tilts")

# %% [markdown]
r"""
Lesson 02 would say: the dashed line is the least-squares line through the dots, and what batch norm lets through are the *residuals*.

**Exercise 4 (12 minutes, hard): the gradient by x.** For tables only, no autograd. Four lines will do.
"""

# %% exercise="input_gradient" minutes=12 uses="channel_statistics"
@exercise
def input_gradient(gradient: Tensor, x: Tensor, gamma: Tensor, epsilon: float = 1e-5) -> Tensor:
    """The gradient of the loss by what came into batch_norm, by hand.

    gradient: (n, channels), of the loss by what batch_norm gave. x: (n, channels), what came in. gamma: (channels,). All are left as they
    were, and their dtype is that of the result. Returns (n, channels), e.g. gradient [[0.], [3.], [0.]], x [[1.], [2.], [3.]], gamma [1.], epsilon 1/3 -> [[-1.], [2.], [-1.]].
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
      "The first is the mean of gradient over the rows. The second is normalised times the mean, over the rows, of gradient * normalised. What is left is "
      "multiplied by gamma over the root.",
      "left = gradient - gradient.mean(dim=0) - normalised * (gradient * normalised).mean(dim=0); return gamma / root * left, with root = torch.sqrt(variance "
      "+ epsilon).")
check(input_gradient).is_written_without("backward", "grad", "vjp", "native_batch_norm_backward", because="no autograd here: take out the two parts by hand")
check(input_gradient, tensor([[1., 0.], [0., 5.], [0., 0.], [3., 0.]]), tensor([[1., 3.], [3., 9.], [5., 13.], [7., 15.]]), tensor([3., 10.]), 4.0).gives(
    tensor([[0.5, -3.2], [-0.833333, 7.4], [-1.166667, -2.2], [1.5, -2.]]))
check(input_gradient).agrees()
check(input_gradient).keeps_the_contract()

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
Training deals out batches. Then the network is sold, and somebody shows it *one* picture. What is its mean over the batch? And should it matter which other
pictures happen to be asked about at the same time?

So while it trains, the layer also keeps a memory of the statistics that it has seen, a **[running average](../glossary.md#running-average)**, and when training
is over it uses that. After each batch the memory moves a little towards what the batch had:

$$\text{running} \leftarrow (1 - \text{momentum}) \cdot \text{running} + \text{momentum} \cdot \text{batch}$$

Three traps are laid here.

- **The name.** In lesson 03 momentum was the share of the velocity that is *kept*. In torch's batch norm it is the share of the *new*: 0.1 moves a tenth of the
  way. TensorFlow's layer means the other one, and its 0.99 would be torch's 0.01. Neither has to do with the momentum of descent.
- **The variance.** A few values drawn from many lie closer to *their own* mean than to that of the many, so a variance that divides by the count comes out too
  small on average, by $(n - 1)/n$. To normalise the batch nobody minds. But what is kept should speak for all the data, so torch keeps the
  variance that divides by the count less one: multiply yours by $n / (n - 1)$, where $n$ counts the values of a channel, places and all.
- **The use.** One sometimes reads that batch norm normalises by the running average *instead of* by the batch. In training it does not: there it is always the
  batch's own mean and variance, and the memory is only written.
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
plots.show(figure, "running-means")

# %% [markdown]
r"""
**Experiment.** A memory that starts at 0 and moves a tenth of the way each time is $1 - 0.9^{60}$ of the way after sixty batches. How many batches does
momentum 0.02 need to be as far? Make `batches` longer and see.

**Exercise 5 (8 minutes, medium): the running averages.** One update of both. Mind which variance is kept.
"""

# %% exercise="running_update" minutes=8 uses="channel_statistics"
@exercise
def running_update(running_mean: Tensor, running_variance: Tensor, x: Tensor, momentum: float = 0.1) -> tuple[Tensor, Tensor]:
    """The running averages after one more batch.

    running_mean, running_variance: (channels,), to be left as they were. x: (n, channels) or (n, channels, height, width), with two
    values a channel or more. momentum: the share of the new batch. Returns the new averages, (channels,) each, in their dtype. The variance that is kept divides by the
    count of a channel's values less one, e.g. [0.], [1.], x [[1.], [3.]], momentum 0.5 -> ([1.], [1.5]), as 0.5 * 1 + 0.5 * 2 is 1.5.
    """
    ### BEGIN SOLUTION
    mean, variance = channel_statistics(x)
    count = x.numel() / x.shape[1]
    unbiased = variance * count / (count - 1)
    return (1 - momentum) * running_mean + momentum * mean, (1 - momentum) * running_variance + momentum * unbiased
    ### END SOLUTION


# %% check="running_update" points=7
hints("Two lines of the same form, one for the mean and one for the variance. The second has one thing more.",
      "The variance that is kept is yours times count / (count - 1), where count is how many values a channel has: x.numel() / x.shape[1].",
      "unbiased = variance * count / (count - 1); return (1 - momentum) * running_mean + momentum * mean, (1 - momentum) * running_variance + momentum * "
      "unbiased.")
check(running_update, tensor([2., 6.]), tensor([1., 4.]), tensor([[1., 3.], [3., 9.], [5., 13.], [7., 15.]]), 0.2).gives((tensor([2.4, 6.8]), tensor([2.133333, 8.8])))
check(running_update).agrees(where=lambda call: call.x.ndim == 2)

# %% check="running_update" aspect="images" points=5
# Two images of two channels, each one place high and two wide: four values a channel.
check(running_update, tensor([2., 6.]), tensor([1., 4.]), tensor([[[[1., 3.]], [[3., 9.]]], [[[5., 7.]], [[13., 15.]]]]), 0.2).gives((tensor([2.4, 6.8]), tensor([2.133333, 8.8])))
check(running_update).agrees(where=lambda call: call.x.ndim == 4)
check(running_update).keeps_the_contract()

# %% [markdown] rows="E2"
r"""
## 6. The layer, and its two lives
Put together, it is a layer with two lives. In **training** it normalises by the batch, and writes its memory. In **[evaluation
mode](../glossary.md#evaluation-mode)**, *eval mode* for short (lesson 06), it normalises by its memory, and writes nothing. `model.train()` and `model.eval()`
switch every layer of a model from one life to the other, by setting `self.training` to True or False.

Gamma and beta are *parameters*: descent moves them. The two averages are *buffers*: they are saved with the model and travel with it to a GPU, but no gradient
ever reaches them. That is what `register_buffer` says, and why they are updated under `torch.no_grad()`: otherwise each average would drag along the diary
(lesson 03) of every batch it has seen.

**Exercise 6 (13 minutes, medium): the layer.** `__init__` is given. Write `forward`, with your `batch_norm` and `running_update`. In eval mode the formula is
that of section 2 with the running averages in the place of the batch's. One corner: in training, a channel that has a *single* value in the whole batch has no
spread, and it would come out as beta whatever it was. Refuse it with a ValueError.
"""

# %% setup=true
def with_a_diary(layer: nn.Module, inputs: tuple[Tensor]) -> tuple[Tensor]:
    """For the checks: what comes into a layer, as it comes out of another one, with the diary of its making; what it was is kept."""
    layer.came = inputs[0].clone()
    return (inputs[0].clone().requires_grad_(True) * 1.0,)


def what_it_leaves(layer: nn.Module, inputs: tuple[Tensor], output: Tensor) -> dict[str, bool]:
    """For the checks: whether x is after the call what it was before, and whether the running averages drag a diary along."""
    return {"x is as it was": torch.equal(inputs[0], layer.came), "the averages have a diary": layer.running_mean.requires_grad or layer.running_variance.requires_grad}


def what_comes_back(layer: nn.Module, inputs: tuple[Tensor], output: Tensor) -> dict[str, Tensor]:
    """For the checks: the gradient of the sum of the cubes of what left the layer, by x, by gamma and by beta; zeros where none arrives."""
    asked = {"by x": inputs[0], "by gamma": layer.gamma, "by beta": layer.beta}
    found = torch.autograd.grad((output ** 3).sum(), list(asked.values()), allow_unused=True) if output.requires_grad else [None] * 3
    return {name: torch.zeros_like(part) if slope is None else slope for (name, part), slope in zip(asked.items(), found)}


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
        In eval mode: normalised by the running averages, which stay as they are. Then gamma and beta, in both; and in both a gradient
        flows to x, gamma and beta.
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


# %% check="BatchNorm" points=5
hints("Two lives, one question: self.training.",
      "In training: update the running averages under torch.no_grad(), and return batch_norm(x, self.gamma, self.beta, self.epsilon). In eval mode: the "
      "formula of section 2, with the running averages.",
      "with torch.no_grad(): self.running_mean, self.running_variance = running_update(self.running_mean, self.running_variance, x, self.momentum); in eval "
      "mode "
      "by_channel(self.gamma, x) * (x - by_channel(self.running_mean, x)) / torch.sqrt(by_channel(self.running_variance, x) + self.epsilon) + "
      "by_channel(self.beta, x).")
trained = {"gamma": tensor([3., 10.]), "beta": tensor([1., 2.]), "running_mean": tensor([2., 5.]), "running_variance": tensor([32., 96.])}
table = tensor([[1., 3.], [3., 9.], [5., 13.], [7., 15.]])
check(BatchNorm, 2, 4.0, 0.25).after("load_state_dict", trained).then("forward", table).gives(tensor([[-2., -12.], [0., 0.], [2., 8.], [4., 12.]]))
check(BatchNorm).agrees(about="training")

# %% check="BatchNorm" aspect="memory" points=4
table = tensor([[1., 3.], [3., 9.], [5., 13.], [7., 15.]])
check(BatchNorm, 2).doing(("forward", table), "running_mean", ("forward", table), "running_mean").gives(
    [tensor([[-1.341639, -1.527524], [-0.447213, -0.218218], [0.447213, 0.654653], [1.341639, 1.091089]]), tensor([0.4, 1.]),
     tensor([[-1.341639, -1.527524], [-0.447213, -0.218218], [0.447213, 0.654653], [1.341639, 1.091089]]), tensor([0.76, 1.9])])
check(BatchNorm).agrees(about="memory")     # after each of two batches; x comes out of another layer, with its diary

# %% check="BatchNorm" aspect="eval" points=5
trained = {"gamma": tensor([3., 10.]), "beta": tensor([1., 2.]), "running_mean": tensor([2., 5.]), "running_variance": tensor([32., 96.])}
table = tensor([[1., 3.], [3., 9.], [5., 13.], [7., 15.]])
check(BatchNorm, 2, 4.0, 0.25).after("load_state_dict", trained).after("eval").then("forward", table).gives(
    tensor([[0.5, 0.], [1.5, 6.], [2.5, 10.], [3.5, 12.]]))
check(BatchNorm).agrees(about="eval")       # a single row is nothing special there

# %% check="BatchNorm" aspect="gradient" points=3
check(BatchNorm).agrees(about="gradient")   # x comes out of another layer, and what goes back to it, to gamma and to beta is looked at

# %% check="BatchNorm" aspect="images" points=3
trained = {"gamma": tensor([3., 10.]), "beta": tensor([1., 2.]), "running_mean": tensor([2., 5.]), "running_variance": tensor([32., 96.])}
check(BatchNorm, 2, 4.0).after("load_state_dict", trained).after("eval").then("forward", tensor([[[[1., 3.]], [[3., 9.]]], [[[5., 7.]], [[13., 15.]]]])).gives(
    tensor([[[[0.5, 1.5]], [[0., 6.]]], [[[2.5, 3.5]], [[10., 12.]]]]))
check(BatchNorm, 3).then("forward", tensor([[1., 2., 3.]])).raises(ValueError, when="a table of one row comes in training, so that no channel has a spread")
check(BatchNorm, 3).then("forward", torch.ones(1, 3, 1, 1)).raises(ValueError, when="a single image of one place comes in training")
check(BatchNorm).agrees(about="images")
check(BatchNorm).keeps_the_contract()

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
Below, a network of six convolutions with your layer between them learns to read digits. Then it sits the same exam, 400 digits that it has never seen, in four
ways. Only the mode differs, and who sits at the same table.
"""

# %% tags=["nbval-ignore-output"]
from course.batchnorm import deep_network  # 3 x 3 convolution, batch norm if asked for, ReLU, again and again

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
plots.show(figure, "modes")

# %% [markdown]
r"""
Forgetting `eval()` among a hundred mixed companions costs next to nothing, which is why it can go unnoticed for months. Then somebody asks about one picture,
or four, and the network turns stupid. The last bar is the worst company: forty sevens. What they have in *common* is just what makes them sevens, and the mean
takes it out.

`accuracy`, which came with lesson 04, asks for eval mode by itself. Your own loop will not.

**Small batches** have the same trouble in training. The mean of $n$ values trembles by about $1/\sqrt n$ standard deviations, so with two or four images the
layer divides by an accident. The trembling is not all bad: it is noise, a little like dropout's, and keeps the network from leaning on any one value (Ioffe and
Szegedy already noticed that batch norm needs less dropout). But with a few images a batch one rather uses a relative that does not look at the batch at
all: **[group norm](../glossary.md#group-norm)** (Yuxin Wu and Kaiming He, 2018) takes the statistics of a few channels within each image.

| norm | one mean and one variance for each | statistics over | needs running averages |
|---|---|---|---|
| batch norm (2015) | channel | batch, height, width | yes |
| **[layer norm](../glossary.md#layer-norm)** (2016) | row, image, or token of a text | all channels (of an image height and width as well) | no |
| **[RMS norm](../glossary.md#rms-norm)** (2019) | as layer norm, but a size only, and no mean | as layer norm | no |
| instance norm (2016) | image and channel | height, width | no |
| group norm (2018) | image and group of channels | channels of the group, height, width | no |

Nor do all norms look at what passes through. **[Weight norm](../glossary.md#weight-norm)** (Tim Salimans and Diederik Kingma, 2016) splits each filter $w$ into
a direction and a length, $w = g \cdot v / \lVert v \rVert$, and lets descent move $g$ and $v$. That also makes the scale *one number*, $g$, and the gradient by
$v$ also shrinks as $v$ grows. But nothing measures the numbers between the layers, so nothing sets them right: it keeps the knob and leaves out the
thermometer.

**What texts are read with.** A text comes as *tokens*, words or pieces of words, each a row of numbers: (texts, tokens, channels). Texts differ in length, and
the next token must not depend on which other texts are in the batch. So layer norm (Jimmy Lei Ba, Jamie Ryan Kiros and Geoffrey Hinton, 2016) takes one mean
and one variance *for each token*, over its channels, the last axis. RMS norm (Biao Zhang and Rico Sennrich, 2019) leaves the mean alone and divides by the root
mean square, which is less work and mostly serves as well; many large language models of today use it. Both fit in a line.
"""

# %%
tokens = torch.randn(2, 5, 8, generator=torch.Generator().manual_seed(12)) * 3 + 1               # 2 texts, 5 tokens, 8 channels


def layer_norm(x: Tensor, epsilon: float = 1e-5) -> Tensor:
    return (x - x.mean(dim=-1, keepdim=True)) / torch.sqrt(x.var(dim=-1, keepdim=True, correction=0) + epsilon)


def rms_norm(x: Tensor, epsilon: float = 1e-5) -> Tensor:
    return x / torch.sqrt(x.square().mean(dim=-1, keepdim=True) + epsilon)


for name, ours, theirs in (("layer norm", layer_norm(tokens), nn.LayerNorm(8)(tokens)), ("RMS norm", rms_norm(tokens), nn.RMSNorm(8, eps=1e-5)(tokens))):
    print(f"{name:10s} by hand and by torch, never further apart than 0.00001: {bool((ours - theirs).abs().max() < 1e-5)}")
print("a token by itself comes out as it does in company:", bool((layer_norm(tokens[1, 3]) - layer_norm(tokens)[1, 3]).abs().max() < 1e-6))

# %% [markdown]
r"""
**Before or after?** In deep networks a block adds what it finds to what came in, $x + f(x)$: a skip connection (lesson 04). Where does the norm go? *After* the
sum, $\text{norm}(x + f(x))$, as the first transformer had it: **[post-norm](../glossary.md#post-norm)**. Or *before* the block,
$x + f(\text{norm}(x))$: **[pre-norm](../glossary.md#pre-norm)**, which leaves a straight road from the first layer to the last. Here are 24 blocks in both
ways, with Adam at a bold rate: at once, and with a **warm-up**, a rate that climbs from small to bold and cools again (`schedule=True`).
"""

# %% tags=["nbval-ignore-output"]
from course.batchnorm import Blocks  # x = x + block(norm(x)), or x = norm(x + block(x)), 24 times; a block is two dense layers

for before in (False, True):
    for warm_up in (False, True):
        torch.manual_seed(0)
        network = Blocks(before).to(device)
        train(network, images[for_training], labels[for_training], epochs=3, learning_rate=1e-2, schedule=warm_up, generator=torch.Generator().manual_seed(0))
        print(f"{'pre-norm' if before else 'post-norm':9s} {'with warm-up' if warm_up else 'at once':12s}  "
              f"{accuracy(network, images[held_out], labels[held_out]):4.0%} of new digits right")

# %% [markdown]
r"""
Post-norm, sent off at once, learns next to nothing: it guesses, or nearly, in each of five seeds. A warm-up saves it. Pre-norm hardly cares. Ruibin Xiong and
others (2020) showed why: with post-norm the gradients near the output are large at the start, and a long first step ruins what comes after. That is why most
large models of today put the norm first.

**Across machines.** Large networks train on many GPUs, each with its piece of the batch. Left alone, each batch norm sees its own piece: of 64 images on eight
GPUs eight, with the trouble of small batches. The cure needs three numbers a channel from each: count, sum, and sum of squares. Added up over all machines they
give the mean and the variance of the whole batch. That is *SyncBatchNorm*, and it costs a message between all machines in every layer. Layer norm needs none,
which is one more reason why large models prefer it.
"""

# %%
whole = torch.randn(64, 4, 6, 6, generator=torch.Generator().manual_seed(13), dtype=torch.float64) + 2
pieces = whole.chunk(8)
messages = torch.stack([torch.stack([torch.full((4,), piece.numel() / 4, dtype=torch.float64), piece.sum(dim=(0, 2, 3)), piece.square().sum(dim=(0, 2, 3))]) for piece in pieces])
count, total, squares = messages.sum(dim=0)
mean, variance = channel_statistics(whole)
print("means of the pieces and of the whole, at most 0.01 apart:", bool((torch.stack([channel_statistics(piece)[0] for piece in pieces]) - mean).abs().max() < 0.01))
print("from the messages added up, at most 0.00001 apart:       ", bool((total / count - mean).abs().max() < 1e-5 and (squares / count - (total / count) ** 2 - variance).abs().max() < 1e-5))

# %% [markdown]
r"""
**Play.** Eight layers in your browser, digits passing through, and a histogram of what leaves each layer. Turn up the weights; switch batch norm on; then give
gamma and beta a turn.

*The same in words:* without batch norm, weights a little too small make the histograms narrower from layer to layer until they are needles at zero, and weights
a little too large make them wider until they leave the picture. With batch norm every layer has the same width, which gamma sets, about a middle, which beta
sets, and the slider of the weights does nothing at all.
"""

# %% explorer=true
from course.explorers.batchnorm import batchnorm_explorer

batchnorm_explorer(images[:128])

# %% [markdown] rows="E2"
r"""
## 8. Fold it away
In eval mode the layer takes away a fixed number, divides by a fixed number, multiplies and adds fixed numbers. A convolution before it multiplies and adds too.
Two such steps in a row are one step, and school would say: multiply out the brackets. With $w$ and $b$ for the convolution's weights and bias,

$$\gamma\,\frac{(w * x + b) - \text{mean}}{\sqrt{\text{variance} + \epsilon}} + \beta \;=\; \underbrace{s\,w}_{\text{new weights}} * x \;+\; \underbrace{s\,(b -
\text{mean}) + \beta}_{\text{new bias}} \qquad\text{with}\qquad s = \frac{\gamma}{\sqrt{\text{variance} + \epsilon}}$$

So a network that is finished can drop its batch norms and give the same answers with less work. On phones, and wherever a network only predicts, this is done
as a matter of course.

**Exercise 7 (8 minutes, medium): folding.** The stretch $s$ is one number for each *output* channel, and those are axis 0 of the weights. Most convolutions
before a batch norm have no bias: then `bias` is None and counts as zero.
"""

# %% exercise="fold_into_conv" minutes=8
@exercise
def fold_into_conv(weight: Tensor, bias: Tensor | None, mean: Tensor, variance: Tensor, gamma: Tensor, beta: Tensor, epsilon: float = 1e-5) -> tuple[Tensor, Tensor]:
    """The weights and the bias of one convolution that does what a convolution and the batch norm after it do in eval mode.

    weight: (out_channels, in_channels, height, width). bias: (out_channels,), or None, which counts as zero. mean, variance: the running
    averages, gamma, beta: the layer's own, (out_channels,) each. All are left as they were. Returns the new weight, in the shape of weight,
    and the new bias, (out_channels,), in their dtype, e.g. weight [[[[5.]]]], bias [4.], mean [1.], variance [4.], gamma [6.], beta [7.], epsilon 0. -> [[[[15.]]]], [16.].
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
      "stretch = gamma / torch.sqrt(variance + epsilon); return weight * stretch.view(-1, 1, 1, 1), (bias - mean) * stretch + beta, with bias 0 where it is "
      "None.")
check(fold_into_conv, tensor([[[[1.]], [[2.]]], [[[3.]], [[4.]]]]), tensor([1., 2.]), tensor([4., 10.]), tensor([5., 21.]), tensor([6., 15.]), tensor([0.5, -1.]),
      4.0).gives((tensor([[[[2.]], [[4.]]], [[[9.]], [[12.]]]]), tensor([-5.5, -25.])))
check(fold_into_conv).agrees(where=lambda call: call.bias is not None)

# %% check="fold_into_conv" aspect="biasless" points=4
check(fold_into_conv, tensor([[[[1.]], [[2.]]], [[[3.]], [[4.]]]]), None, tensor([4., 10.]), tensor([5., 21.]), tensor([6., 15.]), tensor([0.5, -1.]),
      4.0).gives((tensor([[[[2.]], [[4.]]], [[[9.]], [[12.]]]]), tensor([-7.5, -31.])))
check(fold_into_conv).agrees(bias=None)
check(fold_into_conv).keeps_the_contract()

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
*Why* does it work? Ioffe and Szegedy had a story, and it is in the title of their paper: "reducing internal covariate shift". Each layer learns from what the
layer below sends; but the layer below is learning too, so what it sends keeps shifting, and the layer above chases a moving target. **[Internal covariate
shift](../glossary.md#internal-covariate-shift)** is the name of that. Batch norm pins mean and variance down, so the target stands still. It is a good story:
short, plausible, and told in thousands of lectures.

In 2018 Shibani Santurkar, Dimitris Tsipras, Andrew Ilyas and Aleksander Mądry put it to a test. If batch norm helps *because* it holds the numbers still, then
shake them. After every batch norm they added noise, drawn anew for each step, with a mean and a spread of its own, so that each layer's input jumped about
worse than in a network without any batch norm. By the story, such a network should train as badly as one without. It trained almost as well as with.

The next cell is that test, small. `JoltedBatchNorm` is your layer with a shake: in every training batch each channel is multiplied by a random number
between 0.75 and 1.25, and shifted by one between -0.5 and 0.5. We also measure how unsteady the input of the fifth layer is: how far the mean of a channel
moves from one batch to the next, compared with the spread of its values.
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
plots.show(figure, "head-start")

# %% [markdown] rows="E2"
r"""
The shaken network has the most unsteady inputs of the three, and learns far better than the steady one without batch norm. So steadiness cannot be what does
it. (The noise costs something; with less of it there would be less to see.)

What is it then? The same four looked at the landscape. Stand anywhere on the way down, and look along the gradient: how does the loss change with the length of
a step? Do the same here. From a few places along each training run, the loss of the batch after one step of this or that length, compared with the loss before.
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
plots.show(figure, "smooth")

# %% [markdown]
r"""
Below the dotted line a step helps, above it the step has made things worse. Without batch norm the curves go their own ways: at one place the ground rises
almost at once, at another a step ten times as long changes hardly anything, and even the best step, at a typical place, takes about a tenth of the loss away.
No one rate is right for long. With batch norm the curves run side by side: one length serves nearly all places, and at a typical place the best step takes a
third of the loss away or more. A gradient keeps its promise for longer, and for about as long wherever you stand. In the paper's words the landscape
is **[smoother](../glossary.md#smooth-landscape)**: the loss changes less abruptly, and so does its gradient. They also proved bounds for it, for simple cases.

Is that the last word? Not quite. Sections 2 and 1 had two facts that point the same way: weights that grow too large are moved more gently, and signals neither
die nor explode on their way. Others have shown that much of the gain can be had without any batch norm, from a careful enough start (Hongyi Zhang, Yann Dauphin
and Tengyu Ma, 2019). What is safe to say is what you can measure: *higher rates work, and more of them do*. That is the next section. The moral is an old one:
that a method works does not make its explanation true.

## 10. How much room does it give?
The tedious part of training is finding a learning rate that works (lesson 03). So the fairest question to ask of batch norm is how *wide* the range of rates is
that do. Six convolutions, the small digits, plain descent in batches of 64. A rate **works** if within 200 steps the network reads at least 95 % of 400
held-out digits rightly; we look every 20 steps. We try rates that double each time. The width of the range is the highest that works over the lowest. Both
networks begin with the same weights, of He's spread.
"""

# %% headline=true
from course.bars import Bar
from course.batchnorm import steps_to, width_of

rates = [2.0 ** power for power in range(-6, 3)]
training, exam = (images[for_training], labels[for_training]), (images[held_out], labels[held_out])
found = {"without": {}, "batch norm": {}}
for rate in Bar(rates, name="learning rates"):
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
plots.show(figure, "steps-to-read")
for name, width in widths.items():
    print(f"{name:10s}  the highest rate that works is {width:3.0f} times the lowest")
print(f"the range is at least three times as wide with batch norm: {widths['batch norm'] >= 3 * widths['without']}")

# %% [markdown]
r"""
What this shows, and what it does not. The two networks reach their best rates at different places, and batch norm's best is faster too. But steps are not
seconds: on small images like these a step with batch norm takes about twice as long, since the layer goes through all the numbers several times. A shallow
network, with two convolutions in place of six, hardly needs it. And with Adam, which finds its own stride (lesson 03), the difference is smaller.

Is it only the start? We also ran the network without batch norm after setting every layer's size right by hand, once, before the first step. In each of five
seeds its range stayed at least three times narrower than with batch norm. The start is a part of it. The rest is that batch norm sets the sizes right again
after *every* step.

**Experiment.** Copy the cell and set the depth to 2, or to 10.

## 11. A column in metres, a column in millions
One more use, and it needs no depth. A table of houses: area in square metres, distance to the station in metres, income of the district in thousands a year.
Lesson 03 had a valley that was long and narrow because $x$ was not centred. A table with columns of such different sizes makes the narrowest valley you have
seen: the rate that is safe for one column moves the others not at all.

Lesson 01's cure was to standardise the columns first. That works, but you must keep the means and deviations of the *training* rows somewhere, and remember to
use them on every new row. A batch norm as the *first* layer does both: it is a standardising whose numbers are saved inside the model. People who train
networks on tables put one on the continuous columns as a matter of course.
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
    print(f"{name:21s} learning rate {rate:g}: "
          f"{f'{explained:.0%} of the variance of prices explained' if explained > 0.01 else 'no better than always saying the mean price'}")

# %% [markdown]
r"""
**Experiment.** Find the highest rate at which the columns as they come do not diverge. How many epochs would they need? (Lesson 10 comes back to tables,
with dates and shops in them.)

## Quiz (10 minutes)
Four questions, one letter each. Run the next cell and click, or write the letters between the quotes below it. Who learns alone is told at once whether they
are right, and why not; in a class it may be told when you hand in.
"""

# %% quiz="reading" points=8
[
    {"ask": "A batch of 32 images with 16 channels, each 10 places high and 10 wide, goes into a batch norm. How many means does it take, and over how many "
            "values each?",
     "choices": {"a": "32 means over 1,600 values", "b": "16 means over 3,200 values", "c": "1,600 means over 32 values"},
     "right": "b",
     "because": {"a": "that would be one mean for each image, which is layer norm; batch norm has one for each channel",
                 "c": "that would be one mean for each place of each channel; places belong in, since the filter is the same everywhere"}},
    {"ask": "A colleague's network scores 97 % on her screen. In the web app, where people send one photograph at a time, it guesses wildly, without an error. "
            "Which is the likeliest?",
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
    {"ask": "A convolution with a bias is followed by a batch norm. In training, you set all its biases from 0 to 5. What changes in what leaves the batch "
            "norm?",
     "choices": {"a": "everything rises by 5", "b": "nothing: the mean rises by 5 too and is taken away", "c": "everything rises by 5 times gamma"},
     "right": "b",
     "because": {"a": "the mean of each channel rises by 5 as well, and it is taken away before anything else happens",
                 "c": "gamma multiplies what is normalised, and there the 5 is gone already"}},
]

# %% [markdown]
r"""
## What to remember
1. Scale multiplies through layers like a photocopier's: a factor near 1, many times over, is far from 1. Batch norm measures each channel, over the batch and
   all places, and sets it right.
2. Normalise, then gamma and beta: the spread of a channel is one number that a gradient can reach. The size of the weights before it no longer matters, and
   their bias is useless.
3. Two lives: in training the batch's own statistics, in eval mode running averages. Torch's momentum is the share of the new, and the variance that is kept
   divides by the count less one.
4. Backwards, what moves a whole channel and what stretches it are taken out of the gradient. Forwards, once trained, the layer folds into the convolution
   before it.
5. It makes many more learning rates work, and the landscape smoother. It does not work by keeping the layers' inputs still: that was tested.

## Terms
[variance](../glossary.md#variance), [standard deviation](../glossary.md#standard-deviation), [batch normalisation](../glossary.md#batch-normalisation),
[running average](../glossary.md#running-average), [evaluation mode](../glossary.md#evaluation-mode), [group norm](../glossary.md#group-norm), [weight
norm](../glossary.md#weight-norm), [internal covariate shift](../glossary.md#internal-covariate-shift), [smooth landscape](../glossary.md#smooth-landscape),
[layer norm](../glossary.md#layer-norm), [RMS norm](../glossary.md#rms-norm), [pre-norm](../glossary.md#pre-norm), [post-norm](../glossary.md#post-norm)

## Where to read on
- Sergey Ioffe and Christian Szegedy, [*Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate
  Shift*](https://arxiv.org/abs/1502.03167), International Conference on Machine Learning, 2015. You have written its algorithms 1 and 2.
- Shibani Santurkar, Dimitris Tsipras, Andrew Ilyas and Aleksander Mądry, [*How Does Batch Normalization Help Optimization?*](https://arxiv.org/abs/1805.11604),
  Advances in Neural Information Processing Systems, 2018. The test of section 9, in full.
- Tim Salimans and Diederik Kingma, [*Weight Normalization: A Simple Reparameterization to Accelerate Training of Deep Neural
  Networks*](https://arxiv.org/abs/1602.07868), Advances in Neural Information Processing Systems, 2016.
- Jimmy Lei Ba, Jamie Ryan Kiros and Geoffrey Hinton, [*Layer Normalization*](https://arxiv.org/abs/1607.06450), arXiv, 2016. The one that reads texts.
- Biao Zhang and Rico Sennrich, [*Root Mean Square Layer Normalization*](https://arxiv.org/abs/1910.07467), Advances in Neural Information Processing Systems,
  2019; Ruibin Xiong and others, [*On Layer Normalization in the Transformer Architecture*](https://arxiv.org/abs/2002.04745), International Conference on
  Machine Learning, 2020.
- Yuxin Wu and Kaiming He, [*Group Normalization*](https://arxiv.org/abs/1803.08494), European Conference on Computer Vision, 2018. For small batches.
- Kaiming He, Xiangyu Zhang, Shaoqing Ren and Jian Sun, [*Delving Deep into Rectifiers*](https://arxiv.org/abs/1502.01852), International Conference on Computer
  Vision, 2015. Where the spread of the first weights comes from.
- Hongyi Zhang, Yann Dauphin and Tengyu Ma, [*Fixup Initialization: Residual Learning Without Normalization*](https://arxiv.org/abs/1901.09321), International
  Conference on Learning Representations, 2019. Doing without.

Next: lesson 08 shows the same dog in many pictures.
"""

# %% folded=true tags=["nbval-ignore-output"]
from course.desk.ending import ending

ending("Your layer gives what torch's gives, and with it higher learning rates work, and more of them do.")
