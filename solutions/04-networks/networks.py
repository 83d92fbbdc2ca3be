# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   course:
#     title: A pile of very simple choices
#     rows: [A3, A6, A7, A8, B4, B5, B6, B7, G1, K2]
#     minutes: 150
#     builds_on: [01-tensors, 02-lines, 03-descent]
# ---

# %% [markdown]
r"""
# A pile of very simple choices

**How do you get from a straight line to anything at all?**

A line has two parameters and can do one thing: be straight. Most of what we would like a machine to know is not. Whether a drop of paint belongs to the blob in
the middle or to the ring around it; whether a scribble is a 4 or a 9: no straight line can tell.

So we give the line a choice. One `if`, the simplest there is. Then we take many such lines, each with its `if`, and pile them up. That is a neural network.
"""

# %% setup=true
from collections.abc import Callable

import torch
from course import data, plots
from course.check import answer, begin, check, checks, exercise, hints
from course.descent import mini_batches
from torch import Tensor, nn, tensor

begin("04-networks")

# %% [markdown]
r"""
Below are a blob of blue paint and, around it, a ring of orange. Three networks were trained to tell the paints apart. Each dashed line belongs to one neuron:
it is where that neuron's choice turns over.
"""

# %%
from course.explorers.networks import draw_sides
from course.networks import MLP, two_paints
from course.training import accuracy as share_right
from course.training import train

points, paints = two_paints(160, generator=torch.Generator().manual_seed(0))    # where each drop is, in metres, and its paint: 0 orange, 1 blue


def separated(neurons: int, seeds: int) -> nn.Module:
    """A network with one layer of so many neurons, trained from several starts; the best of them."""
    networks = [MLP([2, neurons, 2], generator=torch.Generator().manual_seed(seed)) for seed in range(seeds)]
    for network in networks:
        train(network, points, paints, epochs=200, batch_size=160, learning_rate=0.08, progress=False)
    return max(networks, key=lambda network: share_right(network, points, paints))


figure, panels = plots.figure(columns=3, height=4.1, sharey=True)
for axes, neurons in zip(panels, (1, 3, 16)):
    network = separated(neurons, seeds=1 if neurons == 16 else 5)
    draw_sides(axes, network, points, paints)
    axes.set_title(f"{neurons} neuron{'s' if neurons > 1 else ''}")
    print(f"{neurons:2d} neuron{'s' * (neurons > 1):1s}: all drops on the right side:", share_right(network, points, paints) == 1)
panels[0].set_ylabel("height, m")
plots.show(figure, "sides")

# %% [markdown]
r"""
One neuron draws one line. Three lines make a triangle, and a triangle can hold a blob. Sixteen make the triangle rounder. Nobody told them where to put the
lines: they walked down a landscape, as in lesson 03.

**By the end you can**

- write a neuron, a layer and a network, and read a network as nested `if`s;
- say why layers without a choice in between are wasted, and what the universal approximation theorem promises and what it does not;
- write softmax and cross-entropy so that large scores do no harm, and say what cross-entropy measures;
- write the training loop, and train a network that reads handwritten digits in ten lines;
- tell learning from memorising, with rows kept apart for it;
- start a deep network so that its signals and gradients neither vanish nor explode, and say what a skip connection changes;
- draw the landscape of a network with thousands of parameters, and say what was lost in the drawing.

**Time:** about 150 minutes: 70 for the eight exercises, 10 for the quiz, the rest to read and play. It parts well in two: sections 1 to 6, then 7
to 15. **Builds on:** lesson 01 (shapes, matrix product), lesson 02 (loss) and lesson 03 (gradients, mini-batches, descent).

## 1. A sum and a choice
A **[neuron](../glossary.md#neuron)** takes some numbers in. It multiplies each by a **[weight](../glossary.md#weight)**, adds the products up, and adds one
more number, its **[bias](../glossary.md#bias)**. So far it is the line of lesson 02 with more inputs than one. Then it makes its choice: a simple rule turns
the sum into what the neuron gives out.

The first such neurons, on paper, gave out 1 or 0 and nothing between (Warren McCulloch and Walter Pitts, 1943), and so did the first that learned from
examples, Frank Rosenblatt's perceptron of 1958. But a hard step is hopeless to descend on: nearly everywhere a small nudge of a weight changes nothing at all,
so the gradient is zero and points nowhere. The cure is to round the step off. For that we need three things from school.

**$e$** is a number, about 2.718. Money at 100 % a year doubles if the interest is added once; added monthly, 1 becomes 2.613, daily 2.715, and at every moment
$e$. The power $e^x$ is above zero for every $x$, $e^0$ is 1, and one more in $x$ makes it $e$ times as large. The **[logarithm](../glossary.md#logarithm)** is
the way back: $\log y$ is the $x$ for which $e^x = y$. So $\log 1 = 0$, the logarithm of a number below 1 is negative, and products become sums:
$\log(ab) = \log a + \log b$. (In code and in this course `log` is this one, the natural logarithm.) **[Odds](../glossary.md#odds)** are a probability told as a
ratio, what is for it over what is against it. A probability of 3/4 is odds of 3/4 to 1/4, or 3 to 1; backwards, odds of $o$ are a probability of $o / (1 + o)$.
"""

# %%
print("    x      e^x   its logarithm   as odds         probability")
for x in (-4., -2., -1., 0., 1., 2., 4.):
    power = tensor(x).exp()
    print(f"{x:5.0f} {power:8.3f} {power.log():12.0f}      {power:6.3f} to 1 {power / (1 + power):14.3f}")

# %% [markdown]
r"""
The last column is what we were looking for: $x$ may be any number, and what comes out lies between 0 and 1. It is the **[sigmoid](../glossary.md#sigmoid)**,
named after the Greek letter for S. It makes a probability of the logarithm of the odds; divide above and below by $e^x$, and it reads

$$\text{sigmoid}(x) = \frac{1}{1 + e^{-x}}$$

Pierre-François Verhulst found it in the 1830s when he asked how a population grows that cannot grow for ever. Far to the left it is nearly 0, far to the right
nearly 1, and in between it rises smoothly. The choice, whichever curve makes it, is called the neuron's **[activation
function](../glossary.md#activation-function)**.
"""

# %%
places = torch.linspace(-6, 6, 241)
figure, (left, right) = plots.figure(columns=2)
left.plot(places, (places > 0).float(), linestyle=":", color=plots.COLOURS["black"], label="a hard step")
for weight, style in ((0.7, "-."), (1, "-"), (4, "--")):
    left.plot(places, 1 / (1 + (-weight * places).exp()), linestyle=style, label=f"weight {weight:g}")
for bias, style in ((-3, "-."), (0, "-"), (3, "--")):
    right.plot(places, 1 / (1 + (-(places + bias)).exp()), linestyle=style, label=f"bias {bias:g}")
left.set(title="The weight: how sudden", xlabel="input", ylabel="output of the neuron")
right.set(title="The bias: where", xlabel="input")
left.legend()
right.legend()
plots.show(figure, "squashed")

# %% [markdown]
r"""
**Exercise 1 (5 minutes, easy): the sigmoid.** Write it with torch's exponential. It must work for tensors of any shape, and for numbers far from zero.
"""

# %% exercise="sigmoid" minutes=5
@exercise
def sigmoid(x: Tensor) -> Tensor:
    """A soft step from 0 to 1. Gradients flow through.

    x: any shape. Returns the same shape and dtype: 1 / (1 + e to the power of minus x), e.g. [0.] -> [0.5].
    """
    ### BEGIN SOLUTION
    return 1 / (1 + torch.exp(-x))
    ### END SOLUTION


# %% check="sigmoid" points=5
hints("The formula is one division. Mind what stands under the line.",
      "torch.exp takes e to the power of every number of a tensor. Under the line is 1 plus that, of minus x.",
      "return 1 / (1 + torch.exp(-x))")
odds = tensor([1., 3., 1 / 9])           # odds of 1, 3 and one ninth to 1 are chances of 1/2, 3/4 and 1/10
check(sigmoid, odds.log()).gives(tensor([0.5, 0.75, 0.1]))
check(sigmoid).agrees(where=lambda call: call.x.abs().max() < 80)

# %% check="sigmoid" aspect="far" points=3
check(sigmoid, tensor([-200., 0., 200.])).gives(tensor([0., 0.5, 1.]))
check(sigmoid).agrees(where=lambda call: call.x.abs().max() >= 80)
check(sigmoid).keeps_the_contract()
check(sigmoid).is_written_without("sigmoid", "sigmoid_", "expit", "Sigmoid",
                                  because="torch has one, and this exercise is about writing it")

# %% [markdown] rows="B4"
r"""
## 2. The simplest choice of all
For decades soft steps were what one used. Then a far simpler choice turned out to train better in deep networks: let a number pass if it is above zero, and
otherwise say nothing. It is called **[ReLU](../glossary.md#relu)**, rectified linear unit. Kunihiko Fukushima had used it in 1969; Vinod Nair and Geoffrey
Hinton (2010) and Xavier Glorot, Antoine Bordes and Yoshua Bengio (2011) showed what it is good for. It fits in half a line of any programming language.

Why is it better? Look at the steepness, below. A sigmoid is never steeper than one quarter, and flat at both ends. The chain rule of lesson 03 multiplies the
steepness of every layer into the gradient: ten layers of at best one quarter leave a millionth, unless large weights make up for it (section 13 measures it). A
ReLU that is awake passes the gradient on undiminished. One that is asleep for a row passes nothing of that row; for most rows other neurons of the layer are
awake, and one that sleeps for every row, a *dead* one, learns no more.
"""

# %%
figure, (left, right) = plots.figure(columns=2)
plots.curves(left, {"sigmoid": torch.sigmoid(places), "ReLU": places.clamp(min=0)}, x=places, names=("input", "output"))
plots.curves(right, {"sigmoid": torch.sigmoid(places) * (1 - torch.sigmoid(places)), "ReLU": (places > 0).float()}, x=places, names=("input", "steepness"))
left.set(ylim=(-0.2, 4), title="Two choices")
right.set(ylim=(-0.05, 1.1), title="and how steep they are")
plots.show(figure, "steepness")

# %% [markdown]
r"""
**Exercise 2 (5 minutes, easy): ReLU.** For tensors of any shape, without changing the one that comes in. Gradients have to flow through it, so stay with
torch's own operations.
"""

# %% exercise="relu" minutes=5
@exercise
def relu(x: Tensor) -> Tensor:
    """The number itself where it is above zero, zero elsewhere. Gradients flow through.

    x: any shape, to be left as it was. Returns the same shape and dtype, e.g. [-2., 3.] -> [0., 3.].
    """
    ### BEGIN SOLUTION
    return torch.where(x > 0, x, torch.zeros_like(x))
    ### END SOLUTION


# %% check="relu" points=5
hints("Compare with zero, number by number.",
      "torch.where(condition, a, b) takes from a where the condition holds and from b elsewhere. `x.clamp` is another way.",
      "return x.clamp(min=0)")
check(relu, tensor([-2., 0., 0.5, 3.])).gives(tensor([0., 0., 0.5, 3.]))
check(relu).agrees()

# %% check="relu" aspect="flow" points=2
check(relu).keeps_the_contract()
check(relu, tensor([-2., 0.5, 3.])).gradient().gives(tensor([0., 1., 1.]))     # 1 where the number passed, 0 elsewhere
check(relu).is_written_without("relu", "relu_", "ReLU", because="torch has one, and this exercise is about writing it")

# %% [markdown] rows="B4"
r"""
## 3. Spaghetti code that nobody wrote
ReLU is an `if`. A neuron whose input comes from other neurons is then an `if` inside the `if`s of those others. Within each branch everything that was chosen
before is settled, so what is left is a straight line in the input, and the next condition asks whether *that* line is above zero.

So any ReLU network can be written out as plain nested `if`s, with numbers in the conditions that no human typed. Here is a small one, with two neurons, then
one, then a final sum, turned into Python by a program:
"""

# %%
def as_ifs(layers: list, lines: list, settled: tuple = (), depth: int = 1) -> str:
    """A network of one input as the text of nested ifs. layers: (weights, biases) each. lines: what comes in, each (slope, intercept) over x."""
    weights, biases = layers[0]
    if len(settled) == len(biases):                                   # this layer has chosen: on to the next
        return as_ifs(layers[1:], list(settled), (), depth)
    row, pad = weights[len(settled)], "    " * depth
    slope = sum(weight * line[0] for weight, line in zip(row, lines))
    intercept = sum(weight * line[1] for weight, line in zip(row, lines)) + biases[len(settled)]
    formula = f"{slope:g} * x + {intercept:g}".replace("+ -", "- ")
    if len(layers) == 1:
        return f"{pad}return {formula}"
    awake, asleep = (as_ifs(layers, lines, (*settled, line), depth + 1) for line in ((slope, intercept), (0, 0)))
    return f"{pad}if {formula} > 0:\n{awake}\n{pad}else:\n{asleep}"


layers = [([[1], [-2]], [-1, 3]), ([[2, -1]], [1]), ([[3]], [-2])]    # two neurons, one neuron, the final sum
text = "def network(x):\n" + as_ifs(layers, [(1, 0)])
print(text)

# %% [markdown]
r"""
Is it really the same thing? We run both.
"""

# %%
spaghetti = {}
exec(text, spaghetti)
inputs = torch.linspace(-3, 3, 601)
values = inputs[:, None]
for number, (weights, biases) in enumerate(layers, start=1):
    values = values @ tensor(weights).float().T + tensor(biases).float()
    values = relu(values) if number < len(layers) else values
by_ifs = tensor([spaghetti["network"](x) for x in inputs.tolist()])
print("the ifs and the network agree at 601 places:", torch.allclose(values[:, 0], by_ifs, atol=1e-4))
print("branches in the text:", text.count("return"))

# %% [markdown] rows="B4"
r"""
A ReLU network with fifty million parameters is a very large heap of `if`s with fifty million constants in it. Nobody typed them: descent found them.

Now count. Four neurons, each connected to each of four more: sixteen connections, so sixteen weights. Eight `if`s, nested, make $2^8 = 256$ branches. On two
inputs, each branch that can be reached is a piece of the plane over which the network's output is a flat, tilted sheet. The next cell colours them.

**Experiment.** Change the seed. Then give each layer 8 neurons. How much do the branches grow, and how much the pieces?
"""

# %%
neurons, seed = 4, 3                        # change me

network = MLP([2, neurons, neurons, 1], generator=torch.Generator().manual_seed(seed))
for layer in network.layers[:-1]:
    nn.init.normal_(layer.bias, std=0.7, generator=torch.Generator().manual_seed(seed))
across = torch.linspace(-3, 3, 401)
plane = torch.stack(torch.meshgrid(across, across, indexing="xy"), dim=-1).reshape(-1, 2)
with torch.no_grad():
    first = relu(network.layers[0](plane))
    awake = torch.cat([first > 0, network.layers[1](first) > 0], dim=1)
branches, which = awake.unique(dim=0, return_inverse=True)
shuffled = torch.randperm(len(branches), generator=torch.Generator().manual_seed(1))

figure, (left, right) = plots.figure(columns=2, width=9.6, height=4.2)
columns = [[(layer, (neurons - 1) / 2 - row if wide > 1 else 0) for row in range(wide)] for layer, wide in enumerate((neurons, neurons))]
strength = network.layers[1].weight.detach()
for end, target in enumerate(columns[1]):
    for begin_at, source in enumerate(columns[0]):
        weight = float(strength[end, begin_at])
        left.plot(*zip(source, target), color=plots.COLOURS["blue" if weight > 0 else "vermillion"], linestyle="-" if weight > 0 else "--", linewidth=0.6 + 2.5 * abs(weight), zorder=1)
for column in columns:
    left.scatter(*zip(*column), s=520, color="white", edgecolor=plots.INK, linewidth=1.6, zorder=2)
left.set(xlim=(-0.2, 1.2), title=f"{neurons} and {neurons} neurons, {strength.numel()} weights")
left.set_axis_off()
right.imshow(shuffled[which].view(401, 401), extent=(-3, 3, -3, 3), origin="lower", cmap="cividis", interpolation="nearest")
for turned in awake.T:                      # where each of the ifs turns over
    right.contour(across, across, turned.view(401, 401).float(), levels=[0.5], colors="white", linewidths=1.2)
right.set(xlabel="first input", ylabel="second input", title="A colour for each branch that is taken")
plots.show(figure, "by-hand")
print(f"{2 ** (2 * neurons)} branches; pieces in this square: between {len(branches) // 10 * 10} and {len(branches) // 10 * 10 + 9}")

# %% [markdown]
r"""
The lines of the first layer run straight across. Those of the second bend wherever they cross a line of the first, since there the formula in the condition
changes. Most branches are never taken: their conditions contradict each other.

## 4. A layer is a matrix product
Neurons that share their inputs stand side by side in a **[layer](../glossary.md#layer)**. Where every neuron sees every input, it is a **[dense
layer](../glossary.md#dense-layer)**. Write each neuron's weights as a row of a matrix, and all weighted sums for a whole batch are one matrix product, with the
biases added by broadcasting (lesson 01). Layers one after the other, with choices in between, are a **[neural network](../glossary.md#neural-network)**.

A convention to remember: torch keeps a *row for each neuron*, shape (neurons, inputs). A batch has a row for each example, shape (n, inputs). To let rows meet
rows, one of the two has to be turned: what is wanted has shape (n, neurons).

**Exercise 3 (8 minutes, medium): a dense layer.** All examples, all neurons, no loop. The activation is not part of it.
"""

# %% exercise="dense" minutes=8
@exercise
def dense(inputs: Tensor, weights: Tensor, biases: Tensor) -> Tensor:
    """The weighted sums of a layer, biases added, no activation. Gradients flow through.

    inputs: (n, inputs), a row for each example. weights: (neurons, inputs), a row for each neuron. biases: (neurons,).
    Returns (n, neurons), of the dtype that came in, e.g. inputs [[1., 2.]], weights [[10., 1.], [0., 1.], [1., 0.]], biases [0., 0., 5.] -> [[12., 2., 6.]].
    """
    ### BEGIN SOLUTION
    return inputs @ weights.T + biases
    ### END SOLUTION


# %% check="dense" points=9
hints("Say the shapes aloud: (n, inputs) and (neurons, inputs) shall become (n, neurons).",
      "In `a @ b` the columns of a meet the rows of b, so turn the weights: `weights.T` has shape (inputs, neurons).",
      "return inputs @ weights.T + biases")
check(dense, tensor([[1., 2.], [3., 5.]]), tensor([[1., -1.], [2., 0.]]), tensor([10., -20.])).gives(
    tensor([[9., -18.], [8., -14.]]))
check(dense).agrees(where=lambda call: len(call.inputs) > 1)

# %% check="dense" aspect="shapes" points=4
check(dense, tensor([[1., 2.]]), tensor([[10., 1.], [0., 1.], [1., 0.]]), tensor([0., 0., 5.])).gives(
    tensor([[12., 2., 6.]]))
check(dense).agrees(where=lambda call: len(call.inputs) == 1)
check(dense).keeps_the_contract()
check(dense).is_written_without(
    "for", "while", "linear", "Linear",
    because="one matrix product computes every sum of the layer; torch has a function for the whole, "
            "and this exercise is about writing it")

# %% [markdown]
r"""
Now pile them up, and leave the choices out. Before you run the next cell: how many layers does a pile of three have, as far as anybody outside can tell?
"""

# %%
generator = torch.Generator().manual_seed(0)
stack = [(torch.randn(8, 2, generator=generator), torch.randn(8, generator=generator)), (torch.randn(8, 8, generator=generator), torch.randn(8, generator=generator)),
         (torch.randn(1, 8, generator=generator), torch.randn(1, generator=generator))]
one_weights, one_bias = torch.eye(2), torch.zeros(2)
for weights, biases in stack:                            # multiply the three layers into one, once and for all
    one_weights, one_bias = weights @ one_weights, weights @ one_bias + biases
piled, with_choices = points, points
for weights, biases in stack:
    piled, with_choices = dense(piled, weights, biases), dense(relu(with_choices), weights, biases)
one_layer = dense(points, one_weights, one_bias)
print("three layers without choices are the same as one layer:", torch.allclose(piled, one_layer, atol=1e-3))
print("three layers with choices are the same as one layer:   ", torch.allclose(with_choices, one_layer, atol=1e-3))

# %% [markdown]
r"""
One. Sums of sums are sums, so without the choices the pile can do no more than a line. Marvin Minsky and Seymour Papert proved in 1969, at book length, what a
single layer of Rosenblatt's neurons cannot tell apart. With layers in between it can be told apart, and in 1986 David Rumelhart, Geoffrey Hinton and Ronald
Williams made it widely known how such layers learn: the chain rule, backwards, as in lesson 03.

## 5. Play
A **[decision boundary](../glossary.md#decision-boundary)** is where a network changes its mind. Below, one is trained while you watch. On the left is the
network: each small picture is what one neuron answers at every place of the wall, and a line is as thick as its weight. **Play.** Begin with the ring and one
neuron, and add neurons until the blob is enclosed. Then take the choice away (`none`) and give it sixteen: what happens? The spiral: how few neurons will do?
Last, turn the noise up, take sixteen neurons in two layers, and let it run: which of the two losses turns?

*The same in words:* one neuron draws a straight boundary, and so do sixteen without a choice. Three ReLU neurons can close a triangle around the blob, though
not from every start; four mostly do. Sigmoids draw the same shapes with rounder corners. The spiral takes more of them than the ring. With much noise a large
network goes on lowering the loss on the drops it learns from, while the loss on the others turns and climbs: it learns the noise by heart, and lesson 06 is
about that.
"""

# %% explorer=true
from course.explorers.networks import network_explorer

network_explorer(neurons=4)

# %% [markdown] rows="B5"
r"""
## 6. Any curve you like
How much can such a pile do? Take a curve, mark a few dots on it and join them with straight lines: that is something like the curve. We now build exactly that
out of ReLUs, without any training.

A ReLU that wakes up at a place $k$, $\text{relu}(x - k)$, is flat before $k$ and rises after it. It is a *hinge*: add it with a weight, and the sum bends at
$k$ and nowhere else, by exactly that weight. So begin with the height of the first dot, and put one hinge at each dot but the last. The first hinge sets the
first slope. Each further one *changes* the slope from what it was to what it has to be.
"""

# %%
knots, heights = tensor([0., 1., 3., 4.]), tensor([1., 3., 2., 2.5])
across = torch.linspace(-0.5, 4.2, 200)
bends = {0.: 2., 1.: -2.5, 3.: 1.}
figure, (left, right) = plots.figure(columns=2, sharex=True)
total = torch.full_like(across, 1.)
for (place, weight), style in zip(bends.items(), ("-", "--", "-.")):
    hinge = weight * (across - place).clamp(min=0)
    total = total + hinge
    left.plot(across, hinge, linestyle=style, label=f"{weight:g} · relu(x - {place:g})".replace("-", "−"))
right.plot(across, total, color=plots.COLOURS["vermillion"], linestyle="-", label="1 + the three hinges")
right.scatter(knots, heights, s=60, color=plots.COLOURS["blue"], zorder=3, label="the dots")
left.set(xlabel="x", ylabel="height", title="Three hinges", ylim=(-8.5, 8.5))
right.set(xlabel="x", title="and their sum")
left.legend()
right.legend()
plots.show(figure, "hinges")

# %% [markdown]
r"""
The slopes between the dots are 2, then -1/2, then 1/2. So the weights are 2, then -5/2 (from 2 down to -1/2), then 1.

**Exercise 4 (10 minutes, medium): hinges.** Return the weights. The dots need not be evenly spaced.
"""

# %% exercise="hinges" minutes=10
@exercise
def hinges(knots: Tensor, heights: Tensor) -> Tensor:
    """The weights of ReLU hinges whose sum, starting from heights[0], runs straight from dot to dot.

    knots: (k,), where the dots are, rising, k >= 2. heights: (k,), how high they are.
    Returns (k - 1,), of the dtype that came in: the weight of the hinge at each knot but the last, e.g. knots [0., 2.] and heights [1., 5.] -> [2.].
    """
    ### BEGIN SOLUTION
    slopes = heights.diff() / knots.diff()
    return torch.cat([slopes[:1], slopes.diff()])
    ### END SOLUTION


# %% check="hinges" points=9
hints("First the slope of each piece, from dot to dot. Then think about what a hinge has to do to it.",
      "A slope is the rise over the run: differences of heights over differences of knots. The first weight is the first slope, every other one is a slope "
      "minus the slope before it.",
      "slopes = heights.diff() / knots.diff(); torch.cat([slopes[:1], slopes.diff()])")
check(hinges, tensor([0., 1., 3., 4.]), tensor([1., 3., 2., 2.5])).gives(tensor([2., -2.5, 1.]))
check(hinges).agrees(where=lambda call: len(call.knots) > 2)

# %% check="hinges" aspect="two" points=3
check(hinges, tensor([1., 3.]), tensor([4., 0.])).gives(tensor([-2.]))
check(hinges).agrees(where=lambda call: len(call.knots) == 2)
check(hinges).keeps_the_contract()

# %% [markdown]
r"""
Now any curve, with your own parts: one dense layer that makes the hinges, your ReLU, one dense layer that adds them up. That is a neural network with one
hidden layer, whose weights nobody had to learn.

**Experiment.** Draw another curve. Put the knots where it bends most, instead of evenly. And look beyond the last knot: what does the network do there?
"""

# %%
def curve(x: Tensor) -> Tensor:                                   # change me
    return x.sin() + 0.3 * (3 * x).cos()


def built(knots: Tensor, x: Tensor) -> Tensor:
    """The network of hinges through the curve's dots at the knots, at places x: (n,). Returns (n,)."""
    hidden = relu(dense(x[:, None], torch.ones(len(knots) - 1, 1), -knots[:-1]))
    return dense(hidden, hinges(knots, curve(knots))[None, :], curve(knots[:1]))[:, 0]


inside, wider = torch.linspace(0, 6, 1201), torch.linspace(-1, 8, 901)
figure, (left, right) = plots.figure(columns=2)
left.plot(wider, curve(wider), color=plots.COLOURS["sky"], linewidth=5, linestyle="-", label="the curve")
left.plot(wider, built(torch.linspace(0, 6, 11), wider), color=plots.COLOURS["vermillion"], linestyle="-", label="10 neurons")
left.axvspan(0, 6, color="#f3f3f0", zorder=0)
left.set(xlabel="x", ylabel="height", title="Ten hinges", ylim=(-2.2, 2.2))
left.legend()
counts = [5, 10, 20, 40, 80, 160]
errors = [float((built(torch.linspace(0, 6, count + 1), inside) - curve(inside)).abs().max()) for count in counts]
right.loglog(counts, errors, marker="o")
right.set(xlabel="neurons", ylabel="largest error", title="Twice the neurons", xticks=counts, xticklabels=counts)
right.minorticks_off()
right.grid(axis="y")
plots.show(figure, "wave")
print("from 40 neurons to 80 the largest error falls to about a quarter:", 0.2 < errors[4] / errors[3] < 0.3)

# %% [markdown] rows="B5"
r"""
Twice the neurons leave about a quarter of the error, since a straight piece half as long strays a quarter as far from a smooth curve. So however little error
you want, there is a number of neurons that will do.

You have just seen the simplest case of a theorem. **[Universal approximation](../glossary.md#universal-approximation)**: one hidden layer with enough neurons
comes as close as you like to any continuous function on a bounded stretch. George Cybenko proved it for sigmoids in 1989; Kurt Hornik, Maxwell Stinchcombe and
Halbert White in the same year for any that climbs from one level to another; Moshe Leshno and colleagues in 1993 for every activation that is not a polynomial,
ReLU included.

It is often quoted for more than it says. It does not say how many neurons: with many inputs the number can be enormous. It does not say that descent finds the
weights. And it says nothing about places outside the stretch, where a ReLU network, as your picture shows, runs on in straight lines.

## 7. Scores into probabilities
So far a network gave out a number. Predicting a quantity is **[regression](../glossary.md#regression)**: how high, how much, how warm. Predicting one of
several classes is **[classification](../glossary.md#classification)**: which digit is this? Classes have no order and no distances (a 4 is not halfway between
a 3 and a 5), so the last layer has one neuron *for each class*, and each gives a score, called a **[logit](../glossary.md#logit)**. Any number will do.

To compare scores we turn them into shares that are positive and sum to 1: the network's **probabilities** of the classes. Raise $e$ to each score, and divide
by the sum:

$$\text{share of class } i = \frac{e^{z_i}}{e^{z_1} + e^{z_2} + \dots}$$

This is **[softmax](../glossary.md#softmax)** (John Bridle's name, 1990, for what Ludwig Boltzmann wrote down about gases in 1868). Only differences count: add
5 to every score, and the shares stay as they are, since above and below the line everything is multiplied by the same number. A score of 100 is nothing
special, and $e^{100}$ is more than a float32 can hold. So first subtract the row's largest score, from all of the row. Then the largest power is $e^0 = 1$, and
nothing can overflow.
"""

# %%
for scores in (tensor([2., 1., 0.]), tensor([7., 6., 5.]), tensor([4., 2., 0.]), tensor([100., 99., 98.])):
    powers = scores.exp()
    print(f"scores {[f'{score:g}' for score in scores.tolist()]!s:22} powers {[f'{power:.3g}' for power in powers.tolist()]!s:34} shares "
          f"{[f'{share:.2f}' for share in (powers / powers.sum()).tolist()]}")

# %% [markdown]
r"""
**Exercise 5 (8 minutes, medium): softmax.** For a batch: each row is shared out by itself. And no score may be too large for it.
"""

# %% exercise="softmax" minutes=8
@exercise
def softmax(logits: Tensor) -> Tensor:
    """Scores into shares, row by row, whatever their size. Gradients flow through.

    logits: (n, classes). Returns (n, classes), of the same dtype: above zero, each row sums to 1,
    e.g. [[0., 0.]] -> [[0.5, 0.5]].
    """
    ### BEGIN SOLUTION
    powers = torch.exp(logits - logits.max(dim=1, keepdim=True).values)
    return powers / powers.sum(dim=1, keepdim=True)
    ### END SOLUTION


# %% check="softmax" points=9
hints("Three steps: subtract something from each row, take powers of e, divide each row by its sum.",
      "Both the largest and the sum are taken along the classes, dim=1, and `keepdim=True` keeps them as a column that broadcasts against the rows.",
      "powers = (logits - logits.amax(dim=1, keepdim=True)).exp(); return powers / powers.sum(dim=1, keepdim=True)")
powers = tensor([[1., 3., 4.], [2., 2., 6.]])                    # e to the logits below, so that you can check by hand
check(softmax, powers.log()).gives(tensor([[0.125, 0.375, 0.5], [0.2, 0.2, 0.6]]))
check(softmax).agrees(where=lambda call: call.logits.abs().max() < 80)

# %% check="softmax" aspect="large" points=4
check(softmax, tensor([[1000., 1000. - tensor(3.).log()], [0., 0.], [1000., 0.]])).gives(
    tensor([[0.75, 0.25], [0.5, 0.5], [1., 0.]]), tolerance=1e-4)
check(softmax).agrees(where=lambda call: call.logits.abs().max() > 80)
check(softmax).keeps_the_contract()
check(softmax).is_written_without("softmax", "log_softmax", "Softmax",
                                  because="torch has one, and this exercise is about writing it")

# %% [markdown] rows="B7"
r"""
## 8. How surprised are you?
Four networks were asked about a scribble that *is* a 4. How bad is each answer?
"""

# %% folded=true
names, classes = ("sure and right", "leaning right", "leaning wrong", "sure and wrong"), ("4", "9", "7")
answers = tensor([[0.97, 0.02, 0.01], [0.55, 0.40, 0.05], [0.40, 0.55, 0.05], [0.02, 0.97, 0.01]])
figure, panels = plots.figure(columns=4, width=10.5, height=3.1, sharey=True)
for axes, name, shares in zip(panels, names, answers):
    axes.bar(classes, shares, color=[plots.COLOURS["blue"], *[plots.FAINT] * 2], edgecolor=plots.INK, linewidth=0.8, hatch=["//", "", ""])
    axes.set(title=name, xlabel="class", ylim=(0, 1.15))
    axes.text(0, shares[0] + 0.03, f"{shares[0]:.2f}", ha="center")
panels[0].set_ylabel("probability")
plots.show(figure, "beliefs")

# %% [markdown] rows="B7"
r"""
Counting right and wrong, the middle two could not be further apart, and the last two are the same. Nor can one descend on such a count: nudge a weight, and
nearly always the count does not move. What we want is a number that notices *how much* probability the network gave to what turned out to be true.

Take the share that was given to the right class, and ask how surprising the truth was: minus the logarithm of the share. A share of 1 is no surprise, 0. A half
is a coin that came up heads, 0.69. One fiftieth is 3.9, and zero would be an infinite surprise. This is Claude Shannon's measure of information (1948), in
units called nats because the logarithm is the natural one. The mean over all examples is the **[cross-entropy](../glossary.md#cross-entropy)**, the loss of
nearly every classifier there is.
"""

# %%
for name, shares in zip(names, answers):
    print(f"{name:15s}  share of the right class {shares[0]:.2f}   surprise {-shares[0].log():.2f}")
shares = torch.linspace(0.002, 1, 400)
figure, axes = plots.figure(width=6, height=3.6)
axes.plot(shares, -shares.log())
axes.scatter(answers[:, 0], -answers[:, 0].log(), s=60, color=plots.COLOURS["vermillion"], zorder=3)
for name, shares in zip(names, answers):
    right = shares[0] > 0.9
    axes.annotate(name, (float(shares[0]), float(-shares[0].log())), (4 if right else 6, 10 if right else 8), textcoords="offset points", ha="right" if right else "left",
                  rotation=0 if right or shares[0] < 0.1 else 30)
axes.set(xlabel="share given to the right class", ylabel="surprise, nats", title="What a wrong belief costs")
plots.show(figure, "surprise")

# %% [markdown] rows="B7"
r"""
The two that lean are close together, as they should be. The one that is sure and wrong pays dearly, and the steep slope there is a strong push to change.

One more trap. To compute a share first and its logarithm afterwards goes wrong where the share is so small that the computer calls it zero: the logarithm of
zero is minus infinity. Go straight from the scores instead. For a row of scores $z$ whose right class is $t$,

$$\text{surprise} = \log\left(e^{z_1} + e^{z_2} + \dots\right) - z_t$$

which is the same thing with the division done by the logarithm. The first part is called **[log-sum-exp](../glossary.md#log-sum-exp)**, and again the largest
score $m$ is taken out before anything can overflow: $m + \log\left(e^{z_1 - m} + e^{z_2 - m} + \dots\right)$.

**Exercise 6 (12 minutes, hard): cross-entropy.** From scores, not from probabilities. `logits[torch.arange(n), targets]` picks from each row the score of its
right class. A network will be trained on it, so stay with torch's own operations: gradients have to flow through.
"""

# %% exercise="cross_entropy" minutes=12
@exercise
def cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """The mean surprise at the right classes, in nats, computed from the scores whatever their size.

    logits: (n, classes), scores. targets: (n,), int64, the right class of each row, 0 to classes - 1.
    Returns a scalar tensor of the scores' dtype, e.g. logits [[0., 0.]] and targets [1] -> 0.6931, the logarithm of 2.
    Gradients flow through. Written without torch's own cross_entropy, nll_loss, log_softmax and logsumexp.
    """
    ### BEGIN SOLUTION
    highest = logits.max(dim=1).values
    log_of_sum = highest + (logits - highest[:, None]).exp().sum(dim=1).log()
    return (log_of_sum - logits[torch.arange(len(logits)), targets]).mean()
    ### END SOLUTION


# %% check="cross_entropy" points=10
hints("For each row: the logarithm of the summed powers, minus the score of the right class. Then the mean over the rows.",
      "m = logits.amax(dim=1, keepdim=True) comes out before the powers and goes back in after the logarithm. logits[torch.arange(n), targets] are the right "
      "scores.",
      "m = logits.amax(dim=1); lse = m + (logits - m[:, None]).exp().sum(dim=1).log(); return (lse - logits[torch.arange(len(logits)), targets]).mean()")
raised = tensor([[1., 3., 4.], [2., 2., 6.]])               # the shares of the right classes, 2 and 0, are 4/8 and 2/10
check(cross_entropy, raised.log(), tensor([2, 0])).gives(1.151293)
check(cross_entropy).agrees(where=lambda call: call.logits.abs().max() < 80)

# %% check="cross_entropy" aspect="large" points=5
check(cross_entropy, tensor([[1000., 0.], [0., 1000.], [0., 0.]]), tensor([1, 1, 0])).gives(
    333.5644, tolerance=1e-4)                                         # (1000 + 0 + log 2) / 3
check(cross_entropy).agrees(where=lambda call: call.logits.abs().max() > 80)
check(cross_entropy).keeps_the_contract()
check(cross_entropy).is_written_without("cross_entropy", "log_softmax", "logsumexp", "nll_loss", "CrossEntropyLoss",
                                        because="torch has it, and this exercise is about writing it")

# %% [markdown] rows="A8"
r"""
## 9. Right or wrong
Descent needs a loss with slopes. People want a number that they can picture: the share of rows for which the class with the highest score is the right one,
the **[accuracy](../glossary.md#accuracy)**.

The rows that one reports it on must not be those that the network learned from. So part of the rows, the **[test set](../glossary.md#test-set)**, is locked
away before training, and what is left is the **[training set](../glossary.md#training-set)**. Whoever tries many settings and keeps the one that is best on the
test set has trained on it in a small way; for such choices a third part is kept, the **[validation set](../glossary.md#validation-set)**.

**Exercise 7 (5 minutes, easy): accuracy.** No softmax is needed: the largest share belongs to the largest score.
"""

# %% exercise="accuracy" minutes=5
@exercise
def accuracy(logits: Tensor, targets: Tensor) -> Tensor:
    """The share of rows whose highest score is that of the right class, in [0, 1].

    logits: (n, classes), scores. targets: (n,), int64, the right class of each row.
    Returns a scalar of float32, a tensor or a plain number, e.g. logits [[0., 1.], [3., 2.]] and targets [1, 1] -> 0.5.
    """
    ### BEGIN SOLUTION
    return (logits.argmax(dim=1) == targets).float().mean()
    ### END SOLUTION


# %% check="accuracy" points=7
hints("Which class does each row's highest score belong to? Then compare.",
      "logits.argmax(dim=1) gives the class of each row. A comparison gives True and False; `.float()` makes ones and zeros of them, whose mean is a share.",
      "return (logits.argmax(dim=1) == targets).float().mean()")
table = tensor([[3., 0., 5., 1., 2.], [4., 6., 3., 5., 2.], [5., 1., 0., 4., 3.],     # highest: 2, 1, 0,
                [1., 4., 2., 3., 5.], [5., 2., 0., 3., 1.]])                          # and 4, 0
check(accuracy, table, tensor([2, 1, 0, 1, 2])).gives(0.6)
check(accuracy).agrees()
check(accuracy).keeps_the_contract()

# %% [markdown] rows="A8"
r"""
How much does choosing flatter? Here are forty "networks" that do nothing but guess. The best of them is chosen on 100 validation rows, and then asked about
10,000 new ones.
"""

# %%
dice = torch.Generator().manual_seed(0)
truth, new_truth = torch.randint(10, (100,), generator=dice), torch.randint(10, (10_000,), generator=dice)
found_right = (torch.randint(10, (40, 100), generator=dice) == truth).float().mean(dim=1)            # (40,), a guesser each
print(f"mean of the forty {found_right.mean():.0%}   the best of the forty, on the rows that chose it {found_right.max():.0%}   "
      f"the same guesser on new rows {(torch.randint(10, (10_000,), generator=dice) == new_truth).float().mean():.0%}")

# %% [markdown]
r"""
## 10. The loop
Nearly every training run is these five steps in this order, once for each mini-batch:

1. let the network answer, and compute the **loss**;
2. **clear** the gradients of last time (lesson 03: new ones are *added* to the old);
3. read the diary **backward**: every parameter gets its gradient;
4. **step**: every parameter minus learning rate times its gradient, under `torch.no_grad()`, since the step is not part of the diary;
5. **write down** the loss, so that somebody can look at the curve.

In torch a network is an object, an `nn.Module`. Called with a batch it answers with logits. `parameters()` hands out its tensors, `zero_grad()` clears their
gradients. The checks below use two small ones:
"""

# %% setup=true
def small_net() -> nn.Module:
    """Two inputs, five ReLU neurons, scores for three classes: fresh at each call, and the same each time."""
    net = nn.Sequential(nn.Linear(2, 5), nn.ReLU(), nn.Linear(5, 3))
    generator = torch.Generator().manual_seed(4)
    for parameter in net.parameters():
        nn.init.uniform_(parameter, -0.8, 0.8, generator=generator)
    return net


def two_scores() -> nn.Module:
    """One input and scores for two classes, all weights zero at the start, so that you can follow it by hand."""
    net = nn.Linear(1, 2)
    for parameter in net.parameters():
        nn.init.zeros_(parameter)
    return net


# %% [markdown]
r"""
**Exercise 8 (15 minutes, hard): the training loop.** Write it, with `mini_batches` of lesson 03 dealing out the rows and your own `cross_entropy`. The step is
plain descent: go through `model.parameters()` and write into each, `parameter -= ...`, so that the network itself changes. A name bound anew,
`parameter = ...`, changes nothing in it.
"""

# %% exercise="fit" minutes=15 uses="cross_entropy"
@exercise
def fit(make_model: Callable[[], nn.Module], inputs: Tensor, targets: Tensor, epochs: int, batch_size: int, learning_rate: float) -> tuple[nn.Module, list[float]]:
    """Train a fresh network by plain descent on the cross-entropy.

    make_model: called once, without arguments, it gives the network: from inputs (n, features) to logits (n, classes).
    inputs: (n, features). targets: (n,), int64. The batches, and their order, are those of mini_batches(inputs, targets, batch_size, epochs).
    Returns (model, losses): the trained network, and the loss of each batch as a plain number (no tensor), measured before its step.
    """
    ### BEGIN SOLUTION
    model, losses = make_model(), []
    for x_batch, y_batch in mini_batches(inputs, targets, batch_size, epochs):
        loss = cross_entropy(model(x_batch), y_batch)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return model, losses
    ### END SOLUTION


# %% check="fit" points=3 uses="cross_entropy"
hints("Make the network once, before the loop. Then the five steps, for each batch that mini_batches deals.",
      "loss = cross_entropy(model(x_batch), y_batch); model.zero_grad(); loss.backward(); then the step under torch.no_grad(); then losses.append(loss.item()).",
      "with torch.no_grad(): for parameter in model.parameters(): parameter -= learning_rate * parameter.grad")
check(fit).agrees(only=("form",))

# %% check="fit" aspect="losses" points=7 uses="cross_entropy"
check(fit, two_scores, tensor([[1.], [-1.]]), tensor([1, 0]), 3, 2, 4.0).then("__getitem__", 1).gives(
    [0.693147, 0.01815, 0.015737], tolerance=1e-4)
check(fit).agrees(only=("losses",))

# %% check="fit" aspect="network" points=5 uses="cross_entropy"
drops, paint = tensor([[1.], [-1.]]), tensor([1, 0])
check(fit, two_scores, drops, paint, 1, 2, 4.0).then("__getitem__", 0).then("state_dict").gives(
    {"weight": tensor([[-2.], [2.]]), "bias": tensor([0., 0.])}, tolerance=1e-4)    # one step: one falls by 2, one rises
check(fit).agrees(only=("network",))
check(fit).keeps_the_contract()

# %% [markdown]
r"""
Here is your loop at work on the two paints of the beginning, with eight neurons and your `relu` between the layers.

**Experiment.** Try a learning rate of 0.02, then of 20. Try one neuron.
"""

# %%
neurons, learning_rate = 8, 0.5                      # change me


def paint_net() -> nn.Module:
    return MLP([2, neurons, 2], activation=relu, generator=torch.Generator().manual_seed(1))


paint_model, losses = fit(paint_net, points, paints, epochs=60, batch_size=16, learning_rate=learning_rate)
figure, (left, right) = plots.figure(columns=2, width_ratios=[1.3, 1])
plots.curves(left, {"loss": losses}, names=("step (mini-batches)", "cross-entropy, nats"))
left.set_title("Sixty epochs by hand")
draw_sides(right, paint_model, points, paints)
right.set(title="What was learned", ylabel="height, m")
plots.show(figure, "paints-map")
print("all drops on the right side:", bool(accuracy(paint_model(points), paints) == 1))

# %% [markdown] rows="A7"
r"""
## 11. Hello, digits
The first network in a new framework reads the handwritten digits of MNIST, as the first program in a new language prints 'hello, world': 28 by 28 grey pixels
in, one of ten classes out. The task has a real past. In 1989 Yann LeCun and colleagues at Bell Labs trained a network on postcodes from envelopes of the US
mail, and by 1998 its descendants were reading several million cheques a day (both in *Where to read on*). What was a product is now ten lines.

They use the course's `train`. It is your loop with four comforts: an optimiser of your choice (Adam unless you say otherwise), data that are moved to where the
model is, a learning rate that climbs and then falls (`schedule=True`, section 13), and curves that are drawn while it runs. Read it: `course/training.py` is
short. The layers are torch's own: `nn.Flatten` lays the pixels in a row, `nn.Linear` is your `dense`, `nn.ReLU` is your `relu`. Many versions of this program
have one more line, a layer called dropout; that is lesson 06. In other frameworks the loss goes by 'sparse categorical cross-entropy', which is yours, and the
last two lines are called `fit` and `evaluate`.
"""

# %% headline=true rows="A7"
from course.training import LiveCurves

device = "cuda" if torch.cuda.is_available() else "cpu"

images, labels = data.mnist_5k()                                   # 1: five thousand digits of MNIST
learn, test = data.stratified_split(labels, test=1000)             # 2: a thousand are locked away
torch.manual_seed(0)                                               # 3: the same start for everybody
digit_net = nn.Sequential(                                         # 4: the network
    nn.Flatten(), nn.Linear(784, 512),                             # 5
    nn.ReLU(), nn.Linear(512, 10)).to(device)                      # 6
history = train(digit_net, images[learn], labels[learn],           # 7: learn
                epochs=10, batch_size=32, learning_rate=3e-3,      # 8
                schedule=True, curves=LiveCurves(), progress=False)  # 9
right = share_right(digit_net, images[test], labels[test])         # 10: the exam
print(f"MNIST-5k in ten lines: {100 * right:.1f} % of 1,000 digits never seen, after {history.seconds:.1f} s of training ({device})")

# %% [markdown]
r"""
Nineteen out of twenty, from pixels that the network sees as a row of 784 numbers without any notion of what is next to what. Shuffle the pixels of all images
in the same way, and it would learn just as well. Lesson 05 changes that.

Below are the worst surprises of the exam; then a 4 is turned into a 9, a little at a time, and we ask for its probabilities.
"""

# %% rows="B7" tags=["nbval-ignore-output"]
digit_net.eval()
with torch.no_grad():
    scores = digit_net(images[test].to(device)).cpu()
surprise = -torch.log_softmax(scores, dim=1)[torch.arange(len(test)), labels[test]]
figure, panels = plots.figure(columns=6, width=10.5, height=2.4)
for axes, row in zip(panels, surprise.argsort(descending=True)[:6]):
    plots.image(axes, 1 - images[test][row, 0], f"a {labels[test][row]}, read as {scores[row].argmax()}")
plots.show(figure, "misread")

four, nine = (images[test][(labels[test] == digit) & (surprise < 0.01)][0, 0] for digit in (4, 9))
blend = torch.linspace(0, 1, 41)
mixed = four + blend[:, None, None] * (nine - four)
with torch.no_grad():
    believed = softmax(digit_net(mixed.to(device))).cpu()
figure, (left, right) = plots.figure(columns=2, width_ratios=[1.1, 1.6], width=10)
plots.image(left, 1 - torch.cat([four, mixed[20], nine], dim=1))
left.set_title("a 4, half and half, a 9")
for digit, style in ((4, "-"), (9, "--")):
    right.plot(100 * blend, believed[:, digit], linestyle=style, label=f"share of {digit}")
others = 1 - believed[:, 4] - believed[:, 9]
right.plot(100 * blend, others, linestyle=":", color=plots.COLOURS["black"], label="all others together")
right.set(xlabel="how much of the 9 is in the picture, %", ylabel="probability")
right.legend()
plots.show(figure, "mixture")

# %% [markdown] rows="A8"
r"""
## 12. The pupil who memorises
Some pupils know each definition word for word and are lost as soon as a question is put another way. The next cell takes 300 of the small digits of lesson 01
and *shuffles the labels*: what is called a 7 may be any digit. There is nothing to understand. Can it be learned?
"""

# %%
small_images, small_labels = data.digits()
study, exam = data.stratified_split(small_labels, test=797)
study = study[:300]
noise = torch.Generator().manual_seed(0)
nonsense = torch.randint(10, (300,), generator=noise)

for name, lesson_labels in (("the true labels", small_labels[study]), ("labels drawn by lot", nonsense)):
    pupil = MLP([64, 256, 10], generator=torch.Generator().manual_seed(0))
    train(pupil, small_images[study], lesson_labels, epochs=120, batch_size=30, learning_rate=2e-3, generator=torch.Generator().manual_seed(0), progress=False)
    knows, understands = share_right(pupil, small_images[study], lesson_labels), share_right(pupil, small_images[exam], small_labels[exam])
    print(f"{name:20s} recites more than 98 % of its 300 rows: {knows > 0.98}   gets more than 90 % of the exam: {understands > 0.9}, more than 20 %: "
          f"{understands > 0.2}")

# %% [markdown] rows="A8"
r"""
The same network, the same 300 images, and perfect recitation both times. One of the two understood something. Nothing in the training loss tells you which:
only rows it has never seen do. (Chiyuan Zhang and colleagues did this in 2017 with a million images: that a network generalises cannot be explained by a lack
of room to memorise, since this one has the room.)

Reciting what happens to be in the training rows, their accidents included, at the cost of rows never seen is **[overfitting](../glossary.md#overfitting)**.
Here it is in slow motion, with four labels in ten drawn at random:
"""

# %%
muddled = small_labels[study].clone()
muddled[:120] = torch.randint(10, (120,), generator=noise)
pupil = MLP([64, 256, 10], generator=torch.Generator().manual_seed(1))
history = train(pupil, small_images[study], muddled, epochs=100, batch_size=30, validation=(small_images[exam], small_labels[exam]),
                generator=torch.Generator().manual_seed(1), progress=False)
figure, axes = plots.figure(width=7)
plots.curves(axes, {"its own rows, as they are labelled": history.train_accuracy, "the exam": history.validation_accuracy}, x=range(1, 101), names=("epoch", "share right"))
best = max(range(100), key=lambda epoch: history.validation_accuracy[epoch])
axes.axvline(best + 1, color=plots.COLOURS["black"], linestyle=":", linewidth=1.4)
axes.set(ylim=(0, 1.02), title="First it understands, then it memorises")
plots.show(figure, "memory")
print("the exam goes best before epoch 50:", best + 1 < 50, "  and ends at least 5 points lower:", history.validation_accuracy[best] - history.validation_accuracy[-1] > 0.05)

# %% [markdown] rows="A8"
r"""
What most rows have in common is learned first, for it pays on many rows at once. Then come the accidents, one row at a time, and each is learned by bending the
boundary around it. A cheap remedy is to stop at the dotted line, but that is a decision made with those rows: they have become a validation set, and are no
longer an exam. Lesson 06 does that properly; more remedies fill lessons 07 and 08.

## 13. How deep may the pile be?
Every weight has to start somewhere. Not all at zero: neurons that start alike stay alike. So weights are drawn at random, and their size decides whether a deep
network learns at all.

A neuron adds up $n$ products. With weights drawn around zero, the mean square of its sum is $n$ times the mean square of the weights times that of the inputs.
If each layer is to hand on numbers of the size that it got, the weights' mean square has to be $1/n$. Xavier Glorot and Yoshua Bengio (2010) thought of the
gradients as well, which go the other way, and took $2/(n_\text{in} + n_\text{out})$, **[Xavier initialisation](../glossary.md#xavier-initialisation)**. A ReLU
makes half of the sums zero, and with them half of the mean square is gone, so Kaiming He and colleagues (2015) doubled it: $2/n_\text{in}$, **[He
initialisation](../glossary.md#he-initialisation)**. Here are twenty layers of 100 neurons before any training, and what passes through them: numbers forwards,
gradients backwards.
"""

# %% rows="B6"
def pass_through(net: MLP, rows: Tensor, kinds: Tensor) -> tuple[list[float], list[float]]:
    """The root mean square of what each hidden layer hands on, and the length of the gradient of each hidden layer's weights."""
    x, signals = rows, []
    for layer in net.layers[:-1]:
        out = net.activation(layer(x))
        x = x + out if net.skips else out
        signals.append(x.square().mean().sqrt().item())
    nn.functional.cross_entropy(net.layers[-1](x), kinds).backward()
    return signals, [layer.weight.grad.norm().item() for layer in net.layers[:-1]]


def deep_net(activation: Callable, start: str, skips: bool, sizes: list[int]) -> MLP:
    drawn = torch.Generator().manual_seed(0)
    net = MLP(sizes, activation, skips, generator=drawn)                                         # begins as He and colleagues do
    for layer in net.layers if start == "Xavier" else ():
        nn.init.xavier_normal_(layer.weight, generator=drawn)
    return net


kinds_of_net = {"sigmoid, Xavier": (torch.sigmoid, "Xavier", False), "ReLU, Xavier": (torch.relu, "Xavier", False),
                "ReLU, He": (torch.relu, "He", False), "ReLU, He, skips": (torch.relu, "He", True)}
dice = torch.Generator().manual_seed(0)
rows, kinds = torch.randn(400, 100, generator=dice), torch.randint(10, (400,), generator=dice)
figure, (left, right) = plots.figure(columns=2)
for name, style in zip(kinds_of_net, ("-", "--", "-.", ":")):
    signals, gradients = pass_through(deep_net(*kinds_of_net[name], [100] * 21 + [10]), rows, kinds)
    left.semilogy(range(1, 21), signals, linestyle=style, label=name)
    right.semilogy(range(1, 21), gradients, linestyle=style, label=name)
    print(f"{name:16s} signal after layer 20 over that after layer 1: {signals[-1] / signals[0]:.0e}   gradient of layer 1 over that of layer 20: "
          f"{gradients[0] / gradients[-1]:.0e}")
left.set(xlabel="layer", ylabel="root mean square", title="Forwards: the signal", xticks=(1, 5, 10, 15, 20))
right.set(xlabel="layer", ylabel="length of the gradient", title="Backwards: the gradient", xticks=(1, 5, 10, 15, 20))
right.legend()
plots.show(figure, "depth")

# %% [markdown] rows="B6"
r"""
The sigmoid's gradient shrinks at every layer on its way back, as section 2 feared: a **[vanishing gradient](../glossary.md#vanishing-gradient)** (Sepp
Hochreiter, in his thesis of 1991), a trillionth at the first layer. With ReLU and Xavier the signal dies away. With He's start both arrive. Much larger weights
would make both grow without bound: the gradient *explodes*.

Still, each of twenty layers has to rebuild whatever later ones need. A **[skip connection](../glossary.md#skip-connection)** adds a layer's input to its
output, so that what came in can pass by, and a layer only has to learn what to *change* (Kaiming He and colleagues, 2016). Such a layer is called **residual**;
transformers (lesson 17) are built of them. The last line of the next cell has **[GELU](../glossary.md#gelu)** (Dan Hendrycks and Kevin Gimpel, 2016), a ReLU
with its corner rounded, which BERT and GPT use: $x$ times the probability that a standard normal draw is below $x$.
"""

# %% rows="B6" tags=["nbval-ignore-output"]
learn_small, exam_small = data.stratified_split(small_labels, test=300)
print("twenty layers, eight epochs:")
for name, kind in {**kinds_of_net, "GELU, He, skips": (nn.functional.gelu, "He", True)}.items():
    deep = deep_net(*kind, [64] + [32] * 20 + [10])
    train(deep, small_images[learn_small], small_labels[learn_small], epochs=8, learning_rate=2e-3, generator=torch.Generator().manual_seed(0), progress=False)
    print(f"{name:16s} {share_right(deep, small_images[exam_small], small_labels[exam_small]):4.0%} of the exam")

# %% [markdown] rows="B7"
r"""
With sigmoids the pile is right as often as a guess. With skips it reads most digits.

Two more parts of most recipes today concern the optimiser. **AdamW** is Adam that also pulls the weights a little towards zero in each step; lesson 06 builds
it. And the learning rate follows a [schedule](../glossary.md#learning-rate-schedule): a climb, the **[warm-up](../glossary.md#warm-up)** (Priya Goyal and
colleagues, 2017), since the first gradients, from random weights, are a poor guide; then a fall along half a cosine (Ilya Loshchilov and Frank Hutter, 2017),
since small steps let the weights settle. Here is AdamW at 0.03, a high rate for it, constant and with the schedule:
"""

# %% rows="B7" tags=["nbval-ignore-output"]
rate = 0.03                                                       # change me: 0.003

figure, (left, right) = plots.figure(columns=2)
for name, schedule, style in (("constant", False, "--"), ("warm-up and cosine", True, "-")):
    net, rates = MLP([64, 128, 128, 10], generator=torch.Generator().manual_seed(1)), []

    def noting_rates(parameters, lr: float) -> torch.optim.Optimizer:
        optimiser = torch.optim.AdamW(parameters, lr=lr)
        optimiser.register_step_pre_hook(lambda walker, *_: rates.append(walker.param_groups[0]["lr"]))
        return optimiser

    history = train(net, small_images[learn_small], small_labels[learn_small], epochs=15, learning_rate=rate, optimiser=noting_rates, schedule=schedule,
                    generator=torch.Generator().manual_seed(1), progress=False)
    left.plot(rates, linestyle=style, label=name)
    right.semilogy(tensor(history.losses).unfold(0, 24, 1).mean(dim=1), linestyle=style)
    print(f"{name:19s} loss of the last epoch {sum(history.losses[-24:]) / 24:.4f}   exam "
          f"{share_right(net, small_images[exam_small], small_labels[exam_small]):.1%}")
left.set(xlabel="step (mini-batches)", ylabel="learning rate", title="The rate")
right.set(xlabel="step (mini-batches)", ylabel="loss, mean of an epoch", title="The loss")
left.legend()
plots.show(figure, "pace")

# %% [markdown] rows="B6"
r"""
At a tenth of that rate both are right equally often: the schedule lets one take large steps without paying for them at the end.

## 14. The landscape of a network
A line has two parameters, and we could draw its landscape. The network of section 11 has 407,050. What can be drawn is a slice. Stand where the network is,
choose two directions at random in the space of all parameters, and measure the loss on a grid of steps along both. There is a catch. Take a ReLU network, make
all weights and biases of one layer ten times as large and the weights of the next ten times as small: it answers exactly as before, but a step of length 1 is
now a tenth as much to the one and ten times as much to the other. Any picture could be made to look flat or steep. The remedy of Hao Li and colleagues (2018)
is to give each neuron's part of the direction the same length as the neuron's own weights: **[filter normalisation](../glossary.md#filter-normalisation)**. A
step of 1 then means: as far as the weights are large.

Here it is for a small network on the small digits, 25 by 25 networks, each with all its parameters moved. Computing them one after the other wastes time in
Python, and `torch.func` can compute many networks in one batch, as if they were rows. Is it faster?
"""

# %% headline=true
import time

from course.networks import filter_normalised, landscape


def seconds(task: Callable, tries: int = 2) -> float:
    """The least of some tries, in seconds: warming up, and whatever else a computer does, can only add to it."""
    def once() -> float:
        begun = time.perf_counter()
        task()
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        return time.perf_counter() - begun
    return min(once() for _ in range(tries))


steps = torch.linspace(-1, 1, 25)
for neurons, rows in ((16, 64), (64, 1437)):
    net = MLP([64, neurons, neurons, 10], generator=torch.Generator().manual_seed(0)).to(device)
    two = [filter_normalised(net, torch.Generator().manual_seed(seed)) for seed in (1, 2)]
    some = small_images[:rows].to(device), small_labels[:rows].to(device)
    looped, batched, chosen = (seconds(lambda: landscape(net, *some, *two, steps, batched=way)) for way in (False, True, None))
    print(f"25 x 25 networks, {neurons} wide, {rows:4d} rows: one by one {looped:.2f} s, batched {batched:.2f} s, ratio {looped / batched:.1f}; as the course "
          f"chooses {chosen:.2f} s")

# %% [markdown]
r"""
On a CPU batching wins clearly where networks are small and rows few: there Python's overhead for each tiny operation costs more than the arithmetic. Where a
single network keeps the processor busy there is nothing to gain; a hundred of them at once no longer fit into its cache, and batching loses. A GPU has
thousands of cores to fill: there batching pays throughout. So `landscape` chooses by the device and by rows times parameters.

Now the picture for which the method was invented. We train two networks, each twenty layers deep and 16 wide, on the same digits. The second has skips. Nothing
else differs, except that those weights start smaller, since sums grow. Heights are losses; each mark is a hundred times the one below, or nothing would be seen
of the right one.
"""

# %% rows="B6" tags=["nbval-ignore-output"]
places = torch.linspace(-1, 1, 41)
lands, trained = {}, {}
for name, skips in (("without skips", False), ("with skips", True)):
    deep = MLP([64, *[16] * 20, 10], skips=skips, generator=torch.Generator().manual_seed(1)).to(device)
    train(deep, small_images[learn_small], small_labels[learn_small], epochs=20, learning_rate=2e-3, schedule=True, generator=torch.Generator().manual_seed(1), progress=False)
    around = [filter_normalised(deep, torch.Generator().manual_seed(seed)) for seed in (10, 11)]
    lands[name] = landscape(deep, small_images[learn_small][:200].to(device), small_labels[learn_small][:200].to(device), *around, places).cpu()
    trained[name] = share_right(deep, small_images[exam_small], small_labels[exam_small])

figure, panels = plots.figure(columns=2, width=10.5, height=5, subplot_kw={"projection": "3d"})
for axes, (name, land) in zip(panels, lands.items()):
    smooth = nn.functional.interpolate(land.clamp(max=1e5).log10()[None, None], (90, 90), mode="bilinear", align_corners=True)[0, 0]   # for the eye only
    finer = torch.linspace(-1, 1, 90)
    plots.landscape_3d(axes, finer, finer, smooth, turn=-52, tilt=34, names=("one direction", "another", ""), heights=(-1, 5))
    axes.set(xticks=[-1, 0, 1], yticks=[-1, 0, 1], zticks=[0, 2, 4], zticklabels=["1", "100", "10,000"])
    axes.tick_params("z", pad=7)
    axes.set_title(name, y=0.93)
plots.show(figure, "skips")

# %% rows="B6" tags=["nbval-ignore-output"]
def share_bent_over(land: Tensor) -> float:
    """The share of places where the land is curved like a hilltop along at least one of the two axes. land: (k, k)."""
    along, across = land[1:-1, 2:] - 2 * land[1:-1, 1:-1] + land[1:-1, :-2], land[2:, 1:-1] - 2 * land[1:-1, 1:-1] + land[:-2, 1:-1]
    return float(((along < 0) | (across < 0)).float().mean())


for name, land in lands.items():
    print(f"{name:14s} highest loss {land.max():10,.0f}   bent like a hilltop at {share_bent_over(land):4.0%} of the places   {trained[name]:.0%} of the exam")

# %% [markdown] rows="B6"
r"""
The same digits, the same depth, the same number of parameters. Without skips: folds, walls, side valleys, and a network that learned less. With them: one bowl.
The famous picture of this, by Hao Li and colleagues, is of networks with 56 convolutional layers.

What was lost in the drawing? It is two directions out of thousands, at one scale, in one place; a saddle can look like a bowl if the slice misses the way down.
Such pictures compare two networks drawn by the same rule. They prove nothing about either.

## 15. Tools round the loop
Round every framework a family of tools has grown. TensorFlow, which Google opened in 2015, brought a large one:

| for | round TensorFlow | round PyTorch |
|---|---|---|
| layers and loops in few lines | Keras (since version 3 on torch and JAX too) | nn.Module, Lightning |
| looking into a run | TensorBoard | TensorBoard too |
| on phones and small devices | TensorFlow Lite, now LiteRT | ExecuTorch |
| in a browser | TensorFlow.js | ONNX Runtime Web |
| faster arithmetic | XLA; its relative JAX | torch.compile |
| from data to service | TensorFlow Extended | general servers, by way of ONNX or torch.export; TorchServe is no longer maintained |

The one to know first is **TensorBoard**: a page with curves, weights and pictures of a run, drawn while it runs. Torch can write the files it reads, and
`after_batch` of `train`, which is called after each mini-batch, is the place to do it.
"""

# %% rows="A3 K2" tags=["nbval-ignore-output"]
import tempfile

try:
    from torch.utils.tensorboard import SummaryWriter
except ImportError:
    print("TensorBoard is not installed here. To see this run in it: `pip install tensorboard` in a terminal, then run this cell again.")
else:
    folder = tempfile.mkdtemp(prefix="landscape-of-loss-")
    torch.manual_seed(0)
    watched = MLP([64, 64, 10])
    with SummaryWriter(folder) as writer:
        def look_inside(state) -> None:
            """After each batch: the loss; every twenty-fifth, how large the first layer's weights are, as a histogram."""
            writer.add_scalar("loss", float(state.loss), state.step)
            if state.step % 25 == 0:
                writer.add_histogram("weights of the first layer", state.model.layers[0].weight.detach(), state.step)

        train(watched, small_images[learn_small], small_labels[learn_small], epochs=10, after_batch=look_inside, progress=False)
        writer.add_images("digits", small_images[:16], 0)
        writer.add_graph(watched, small_images[:1])
    get_ipython().run_line_magic("load_ext", "tensorboard")
    get_ipython().run_line_magic("tensorboard", f"--logdir {folder}")

# %% [markdown] rows="A6"
r"""
When the kernel stops, the network is gone, unless you save it. A model that others can use is a package: the weights, the code or a description that says what
to do with them, and what had to be done to the inputs (pixels from 0 to 1, white on black!). Torch saves the weights by name. Load them with
`weights_only=True`: what came from a stranger is then read as numbers and never run as code. For other programs than Python one exports the whole computation,
to the ONNX format for example; lesson 09 does that and runs a network in a browser.
"""

# %% rows="A6"
import io

package = io.BytesIO()                                    # a file would do: torch.save(..., "digits.pt")
torch.save(digit_net.state_dict(), package)
package.seek(0)
again = nn.Sequential(nn.Flatten(), nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 10)).to(device)
again.load_state_dict(torch.load(package, weights_only=True))
sample = images[test][:100].to(device)
print({name: tuple(value.shape) for name, value in again.state_dict().items()})
print(f"{len(package.getvalue()) / 2 ** 20:.1f} MiB; the same answers as before:", torch.equal(again(sample), digit_net(sample)))

# %% [markdown] rows="G1"
r"""
One last thing about cross-entropy. Let the classes be letters, and the input what has been written so far: a network that is seldom surprised by the next
letter can write, by drawing letters according to its own shares. Let them be notes, and it plays; strokes of a pen, and it draws. Andrej Karpathy's letters
(2015), David Ha and Douglas Eck's sketches (2017) and the Music Transformer of Cheng-Zhi Anna Huang and colleagues (2018) are this loop with larger networks.

## Quiz (10 minutes)
Five questions, one letter each. Run the next cell and click, or write the letters between the quotes below it. Who learns alone is told at once whether they
are right, and why not; in a class it may be told when you hand in.
"""

# %% quiz="reading" points=10
[
    {"ask": "Somebody piles up ten dense layers without any activation function between them. What can the pile do that a single dense layer cannot?",
     "choices": {"a": "approximate any curve", "b": "nothing: sums of sums are sums", "c": "tell the blob from the ring"},
     "right": "b",
     "because": {"a": "that takes a choice, such as ReLU, after a layer of sums", "c": "its boundary is still one straight line"}},
    {"ask": "A network gives shares 0.7, 0.2 and 0.1 to three classes. The third is right. How large is the cross-entropy?",
     "choices": {"a": "0.1", "b": "about 0.36, minus the logarithm of 0.7", "c": "about 2.3, minus the logarithm of 0.1"},
     "right": "c",
     "because": {"a": "that is the share itself; surprise is minus its logarithm", "b": "that would be the surprise if the first class were right: the loss "
                                                                                        "looks at what is true, not at what is believed most"}},
    {"ask": "What does the universal approximation theorem say about ReLU networks with one hidden layer?",
     "choices": {"a": "with enough neurons there are weights that come as close as you like, on a bounded stretch", "b": "descent finds weights that come as "
                                                                                                                         "close as you like",
                 "c": "they come as close as you like everywhere, also far outside the training data"},
     "right": "a",
     "because": {"b": "it says that such weights exist; finding them is another matter", "c": "outside the stretch a ReLU network runs on in straight lines"}},
    {"ask": "Your loss starts well and then jumps about more and more wildly, at any learning rate. Which line of the loop is probably missing?",
     "choices": {"a": "model.zero_grad()", "b": "losses.append(loss.item())", "c": "torch.manual_seed(0)"},
     "right": "a",
     "because": {"b": "writing the loss down changes nothing about the walk", "c": "the seed decides where the walk starts, not how it goes on"}},
    {"ask": "A network is right on 100 % of its training rows and on 61 % of the test rows. A colleague tries forty settings and keeps the one with the best "
            "test accuracy, 70 %. What is the 70 % worth?",
     "choices": {"a": "it is the accuracy to expect on new rows", "b": "it is too hopeful: the test rows took part in the choice", "c": "nothing can be said, "
                                                                                                                                        "since the training "
                                                                                                                                        "accuracy is missing"},
     "right": "b",
     "because": {"a": "the best of forty is partly the luckiest of forty on just those rows; that is what a validation set is for", "c": "training accuracy "
                                                                                                                                         "says nothing "
                                                                                                                                         "about new rows"}},
]

# %% [markdown]
r"""
## What to remember
1. A neuron is a weighted sum and a simple choice. A network is layers of them, and without the choices it is a single layer.
2. A ReLU network is a heap of nested `if`s with straight lines inside. One hidden layer can follow any curve on a bounded stretch, and outside it runs straight
   on.
3. Softmax makes shares of scores, cross-entropy is the mean surprise at the truth. Compute it from scores, with the largest taken out first.
4. Loss, clear, backward, step, write down: that is every training loop. Report accuracy on rows that were never used for training or for choosing: a network
   can recite nonsense perfectly.
5. A deep network needs a start that keeps signals and gradients at their size, and skips. A picture of its landscape is a slice along two directions out of
   thousands.

## Terms
[neuron](../glossary.md#neuron), [weight](../glossary.md#weight), [bias](../glossary.md#bias), [activation function](../glossary.md#activation-function),
[logarithm](../glossary.md#logarithm), [odds](../glossary.md#odds), [sigmoid](../glossary.md#sigmoid), [ReLU](../glossary.md#relu),
[layer](../glossary.md#layer), [dense layer](../glossary.md#dense-layer), [neural network](../glossary.md#neural-network), [decision
boundary](../glossary.md#decision-boundary), [universal approximation](../glossary.md#universal-approximation), [regression](../glossary.md#regression),
[classification](../glossary.md#classification), [logit](../glossary.md#logit), [softmax](../glossary.md#softmax),
[cross-entropy](../glossary.md#cross-entropy), [log-sum-exp](../glossary.md#log-sum-exp), [accuracy](../glossary.md#accuracy), [training
set](../glossary.md#training-set), [validation set](../glossary.md#validation-set), [test set](../glossary.md#test-set),
[overfitting](../glossary.md#overfitting), [Xavier initialisation](../glossary.md#xavier-initialisation), [He initialisation](../glossary.md#he-initialisation),
[vanishing gradient](../glossary.md#vanishing-gradient), [skip connection](../glossary.md#skip-connection), [GELU](../glossary.md#gelu),
[warm-up](../glossary.md#warm-up), [filter normalisation](../glossary.md#filter-normalisation)

## Where to read on
- Frank Rosenblatt, [*The Perceptron: A Probabilistic Model for Information Storage and Organization in the Brain*](https://doi.org/10.1037/h0042519),
  Psychological Review 65, 1958. The first neuron that learned.
- Kunihiko Fukushima, [*Visual Feature Extraction by a Multilayered Network of Analog Threshold Elements*](https://doi.org/10.1109/TSSC.1969.300225), IEEE
  Transactions on Systems Science and Cybernetics 5, 1969; Xavier Glorot, Antoine Bordes and Yoshua Bengio, [*Deep Sparse Rectifier Neural
  Networks*](https://proceedings.mlr.press/v15/glorot11a.html), AISTATS 2011. The simplest choice, twice.
- David Rumelhart, Geoffrey Hinton and Ronald Williams, [*Learning Representations by Back-propagating Errors*](https://doi.org/10.1038/323533a0), Nature
  323, 1986. Four pages.
- George Cybenko, [*Approximation by Superpositions of a Sigmoidal Function*](https://doi.org/10.1007/BF02551274), Mathematics of Control, Signals and Systems
  2, 1989. The theorem.
- Yann LeCun and others, [*Backpropagation Applied to Handwritten Zip Code Recognition*](https://doi.org/10.1162/neco.1989.1.4.541), Neural Computation 1, 1989;
  [*Gradient-Based Learning Applied to Document Recognition*](https://doi.org/10.1109/5.726791), Proceedings of the IEEE 86, 1998. Postcodes, then cheques.
- Xavier Glorot and Yoshua Bengio, [*Understanding the Difficulty of Training Deep Feedforward Neural
  Networks*](https://proceedings.mlr.press/v9/glorot10a.html), AISTATS 2010; Kaiming He and others, [*Delving Deep into
  Rectifiers*](https://arxiv.org/abs/1502.01852), ICCV 2015. How to start.
- Dan Hendrycks and Kevin Gimpel, [*Gaussian Error Linear Units*](https://arxiv.org/abs/1606.08415), arXiv 1606.08415, 2016. The rounded ReLU.
- Priya Goyal and others, [*Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour*](https://arxiv.org/abs/1706.02677), arXiv 1706.02677, 2017; Ilya
  Loshchilov and Frank Hutter, [*SGDR: Stochastic Gradient Descent with Warm Restarts*](https://arxiv.org/abs/1608.03983), ICLR 2017. Warm-up and cosine.
- Chiyuan Zhang, Samy Bengio, Moritz Hardt, Benjamin Recht and Oriol Vinyals, [*Understanding Deep Learning Requires Rethinking
  Generalization*](https://arxiv.org/abs/1611.03530), ICLR 2017. The labels drawn by lot.
- Kaiming He, Xiangyu Zhang, Shaoqing Ren and Jian Sun, [*Deep Residual Learning for Image Recognition*](https://arxiv.org/abs/1512.03385), CVPR 2016. Skips.
- Hao Li, Zheng Xu, Gavin Taylor, Christoph Studer and Tom Goldstein, [*Visualizing the Loss Landscape of Neural Nets*](https://arxiv.org/abs/1712.09913),
  NeurIPS 2018. The pictures.
- Ashi Krishnan, [*Deep Learning in JS*](https://www.youtube.com/watch?v=SV-cgdobtTA), JSConf EU, 2018. Where the pile of `if`s is told on a stage.

Next: lesson 05 lets a network look at what lies next to what.
"""

# %% folded=true tags=["nbval-ignore-output"]
from course.desk.ending import ending

ending("A network that you wrote learned to read digits in ten lines, and most of those that it had never seen it reads correctly.")
