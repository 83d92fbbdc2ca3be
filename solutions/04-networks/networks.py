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

A line has two parameters and can do one thing: be straight. Most of what we would like a machine to know is not. Whether a drop of paint belongs to the blob in the middle or to the
ring around it; whether a scribble is a 4 or a 9: no line has an opinion on that.

So we give the line a choice. One `if`, the simplest there is. Then we take many such lines, each with its `if`, and pile them up. That is a neural network. There is no further ingredient.
"""

# %% setup=true
from collections.abc import Callable

import torch
from torch import Tensor, nn, tensor

from course import data, plots
from course.check import answer, begin, check, checks, exercise, hints
from course.descent import mini_batches

begin("04-networks")

# %% [markdown]
r"""
Below is somebody's bad day: a blob of blue paint, and around it a ring of orange. Three networks were asked to tell the paints apart. Each dashed line belongs to one neuron: it is where this neuron changes its mind.
"""

# %%
from course.explorers.networks import draw_sides
from course.networks import MLP, two_paints
from course.training import accuracy as share_right, train

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
plots.show(figure, alt="Three maps of the same dots: blue circles in the middle, orange squares in a ring around them. With one neuron a straight line "
           "cuts through the picture, and many dots are on the wrong side. With three neurons the blue side is a closed shape with three corners around the blob. With sixteen it is rounder. Dashed lines mark where single neurons change their mind.")

# %% [markdown]
r"""
One neuron draws one line. Three lines make a triangle, and a triangle can hold a blob. Sixteen make the triangle rounder. Nobody told them where to put the lines: they walked down a landscape, as in lesson 03.

**By the end you can**

- write a neuron, a layer and a network, and read a network as nested `if`s;
- say why layers without a choice in between are wasted, and what the universal approximation theorem promises and what it does not;
- write softmax and cross-entropy so that large scores do no harm, and say what cross-entropy measures;
- write the training loop, and train a network that reads handwritten digits in ten lines;
- tell learning from memorising, with rows kept apart for it;
- draw the landscape of a network with thousands of parameters, and say what was lost in the drawing.

**Time:** about 150 minutes: 70 for the eight exercises, 10 for the quiz, the rest to read and play. It parts well in two: sections 1 to 6, then 7 to 14. **Builds on:** lesson 01 (shapes, matrix product), lesson 02
(loss) and lesson 03 (gradients, mini-batches, descent).

## 1. A sum and a choice
A **[neuron](../glossary.md#neuron)** takes some numbers in. It multiplies each by a **[weight](../glossary.md#weight)**, adds the products up, and adds one more number, its **[bias](../glossary.md#bias)**. So far it is
the line of lesson 02 with more inputs than one. Then it makes its choice: from the sum it decides how loudly to speak.

The first such neurons, on paper, spoke at full voice or not at all (Warren McCulloch and Walter Pitts, 1943), and so did the first that learned from examples, Frank Rosenblatt's perceptron of 1958. But a hard step is hopeless to descend on: nearly everywhere a
small nudge of a weight changes nothing at all, so the gradient is zero and points nowhere. The cure is to round the step off. A curve that does this is the **[sigmoid](../glossary.md#sigmoid)**, named after the Greek letter for S:

$$\text{sigmoid}(x) = \frac{1}{1 + e^{-x}}$$

Pierre-François Verhulst found it in the 1830s when he asked how a population grows that cannot grow for ever. Far to the left it is silent, far to the right it shouts, and in between it makes up its mind. The choice, whichever curve makes it, is called the neuron's
**[activation function](../glossary.md#activation-function)**.
"""

# %%
places = torch.linspace(-6, 6, 241)
figure, (left, right) = plots.figure(columns=2)
left.plot(places, (places > 0).float(), linestyle=":", color=plots.COLOURS["black"], label="a hard step")
for weight, style in ((0.7, "-."), (1, "-"), (4, "--")):
    left.plot(places, 1 / (1 + (-weight * places).exp()), linestyle=style, label=f"weight {weight:g}")
for bias, style in ((-3, "-."), (0, "-"), (3, "--")):
    right.plot(places, 1 / (1 + (-(places + bias)).exp()), linestyle=style, label=f"bias {bias:g}")
left.set(title="The weight: how sudden", xlabel="input", ylabel="how loudly the neuron speaks")
right.set(title="The bias: where", xlabel="input")
left.legend()
right.legend()
plots.show(figure, alt="Two charts of S-shaped curves that rise from 0 to 1. Left, the larger the weight the steeper the S, up to nearly a hard step. Right, the bias moves the S to the left or right without changing its shape.")

# %% [markdown]
r"""
A way to remember what comes out: if $x$ is the logarithm of the odds, the sigmoid of $x$ is the chance. Odds of 3 to 1 are a chance of three quarters, even odds are a half.

**Exercise 1 (5 minutes, easy): the sigmoid.** Write it with torch's exponential. It must work for tensors of any shape, and for numbers far from zero.
"""

# %% exercise="sigmoid" minutes=5
@exercise
def sigmoid(x: Tensor) -> Tensor:
    """A soft step from 0 to 1. x: any shape. Returns the same shape and dtype: 1 / (1 + e to the power of minus x), e.g. [0.] -> [0.5]."""
    ### BEGIN SOLUTION
    return 1 / (1 + torch.exp(-x))
    ### END SOLUTION


# %% check="sigmoid" points=5
hints("The formula is one division. Mind what stands under the line.",
      "torch.exp takes e to the power of every number of a tensor. Under the line is 1 plus that, of minus x.",
      "return 1 / (1 + torch.exp(-x))")
odds = tensor([1., 3., 1 / 9])           # odds of 1, 3 and one ninth to 1 are chances of 1/2, 3/4 and 1/10
check(sigmoid, odds.log()).gives(tensor([0.5, 0.75, 0.1]), mistakes={
    "the minus in the exponent is missing: the S falls where it should rise": tensor([0.5, 0.25, 0.9]),
    "brackets are missing: `1 / 1 + exp(-x)` divides first, and adds afterwards": tensor([2., 4 / 3, 10.]),
    "that is what stands under the line only: 1 is divided by it": tensor([1., 1 / 3, 9.]),
    "under the line stands 1 plus the exponential, not 1 minus it": tensor([torch.inf, 1.5, -0.125]),
    "brackets are missing, and the minus in the exponent too": tensor([2., 4., 10 / 9]),
    "brackets are missing: `exp(x) / 1 + exp(x)` divides first, and adds afterwards": tensor([2., 6., 2 / 9]),
    "you took the absolute value: to the left of zero the S is below a half": tensor([0.5, 0.75, 0.9]),
    "that S is twice as steep: `tanh(x / 2)` would fit, `tanh(x)` does not": tensor([0.5, 0.9, 0.012195]),
    "you added the numbers up first: each number goes through the S by itself": tensor(0.25),
    "that is e to the power of x, the odds: the sigmoid never leaves the stretch from 0 to 1": tensor([1., 3., 1 / 9]),
    "that is tanh, the S from -1 to 1: the sigmoid goes from 0 to 1": tensor([0., 0.8, -0.975610]),
    "that S goes from -1 to 1: `2 * sigmoid - 1` is not wanted here": tensor([0., 0.5, -0.8]),
    "that is the hard step that we are rounding off": tensor([0., 1., 0.]),
    "that is ReLU, the next section's choice": tensor([0., 1.098612, 0.]),
    "you shared 1 out among the numbers; the sigmoid looks at each number by itself": tensor([0.243243, 0.729730, 0.027027]),
    "you summed over the tensor: each number goes through the S by itself": tensor(0.088235),
    "you took powers of 2: the base is e, `torch.exp`": tensor([0.5, 0.681679, 0.179020]),
    "you took powers of 10: the base is e, `torch.exp`": tensor([0.5, 0.926194, 0.006310]),
    "that is the steepness of the sigmoid, not the sigmoid": tensor([0.25, 0.1875, 0.09]),
    "`//` throws the fraction away: divide with `/`": tensor([0., 0., 0.]),
    "2.718 is e to three places only: `torch.exp` knows the rest": tensor([0.5, 0.749979, 0.100021]),
    "`math.exp` and `float` want a single number, and a tensor of any shape may come: `torch.exp` takes the whole tensor": ValueError,
    "a function of plain Python wants a single number: `torch.exp` takes the whole tensor": RuntimeError})
### BEGIN HIDDEN TESTS
check(sigmoid, 2 * torch.randn(3, 4) + 0.1).gives(torch.sigmoid, mistakes={
    "`//` throws the fraction away: divide with `/`": lambda x: torch.zeros_like(x),
    "2.718 is e to three places only: `torch.exp` knows the rest": lambda x: 1 / (1 + 2.718 ** -x),
    "that is ReLU, the next section's choice": lambda x: x.clamp(min=0),
    "that S goes from -1 to 1: `2 * sigmoid - 1` is not wanted here": lambda x: 2 * torch.sigmoid(x) - 1,
    "that is the steepness of the sigmoid, not the sigmoid": lambda x: torch.sigmoid(x) * (1 - torch.sigmoid(x)),
    "you summed over the tensor: each number goes through the S by itself": lambda x: 1 / (1 + torch.exp(-x).sum()),
    "you took powers of 10: the base is e, `torch.exp`": lambda x: 1 / (1 + 10 ** -x),
    "a function of plain Python wants a single number: `torch.exp` takes the whole tensor": RuntimeError,
    "the minus in the exponent is missing: the S falls where it should rise": lambda x: torch.sigmoid(-x),
    "brackets are missing: `1 / 1 + exp(-x)` divides first, and adds afterwards": lambda x: 1 + torch.exp(-x),
    "that is what stands under the line only: 1 is divided by it": lambda x: torch.exp(-x),
    "under the line stands 1 plus the exponential, not 1 minus it": lambda x: 1 / (1 - torch.exp(-x)),
    "brackets are missing, and the minus in the exponent too": lambda x: 1 + torch.exp(x),
    "brackets are missing: `exp(x) / 1 + exp(x)` divides first, and adds afterwards": lambda x: 2 * torch.exp(x),
    "you took the absolute value: to the left of zero the S is below a half": lambda x: torch.sigmoid(x.abs()),
    "that S is twice as steep: `tanh(x / 2)` would fit, `tanh(x)` does not": lambda x: torch.sigmoid(2 * x),
    "you added the numbers up first: each number goes through the S by itself": lambda x: torch.sigmoid(x.sum()),
    "that is e to the power of x, the odds: the sigmoid never leaves the stretch from 0 to 1": lambda x: torch.exp(x),
    "that is tanh, the S from -1 to 1: the sigmoid goes from 0 to 1": torch.tanh,
    "that is the hard step that we are rounding off": lambda x: (x > 0).float(),
    "you shared 1 out among the numbers; the sigmoid looks at each number by itself": lambda x: torch.softmax(x, dim=-1),
    "you took powers of 2: the base is e, `torch.exp`": lambda x: 1 / (1 + 2 ** -x),
    "`math.exp` and `float` want a single number, and a tensor of any shape may come: `torch.exp` takes the whole tensor": ValueError})
check(sigmoid, torch.randn(5)).leaves_its_arguments_alone()
### END HIDDEN TESTS

# %% check="sigmoid" aspect="far" points=3
check(sigmoid, tensor([-200., 0., 200.])).gives(tensor([0., 0.5, 1.]), mistakes={
    "exp(200) is more than a float32 can hold, and infinity divided by infinity is no number: let the exponential stand under the line only": tensor([0., 0.5, torch.nan]),
    "you wrote zeros over what overflowed, and far to the right the S is 1: take the exponential of minus x, and nothing overflows": tensor([0., 0.5, 0.]),
    "exp(200) is more than a float32 can hold: take the exponential of minus x": tensor([0., 0.5, torch.inf])},
    hint="numbers far from zero; if the check above fails too, begin there")
check(sigmoid, tensor([0.], dtype=torch.float64)).gives(tensor([0.5], dtype=torch.float64), mistakes={
    "the numbers are right, and x was float64: leave out `.float()`, and make new tensors with `dtype=x.dtype`": tensor([0.5])})
check(sigmoid).is_written_without("sigmoid", "sigmoid_", "expit", "Sigmoid", because="torch has one, and this exercise is about writing it")
### BEGIN HIDDEN TESTS
check(sigmoid, 150 + 100 * torch.rand(4)).gives(lambda x: torch.ones_like(x), mistakes={
    "you wrote zeros over what overflowed, and far to the right the S is 1: take the exponential of minus x, and nothing overflows": lambda x: torch.zeros_like(x),
    "exp(200) is more than a float32 can hold: take the exponential of minus x": lambda x: torch.full_like(x, torch.inf),
    "exp(200) is more than a float32 can hold, and infinity divided by infinity is no number: let the exponential stand under the line only":
        lambda x: torch.full_like(x, torch.nan)})
check(sigmoid, torch.randn(4, dtype=torch.float64)).gives(torch.sigmoid, mistakes={
    "the numbers are right, and x was float64: leave out `.float()`, and make new tensors with `dtype=x.dtype`": lambda x: torch.sigmoid(x).float()})
### END HIDDEN TESTS

# %% [markdown] rows="B4"
r"""
## 2. The simplest choice of all
For decades soft steps were what one used. Then a far simpler choice turned out to train better in deep networks: let a number pass if it is above zero, and otherwise say nothing. It is called
**[ReLU](../glossary.md#relu)**, rectified linear unit. Kunihiko Fukushima had used it in 1969; Vinod Nair and Geoffrey Hinton (2010) and Xavier Glorot, Antoine Bordes and Yoshua Bengio (2011) showed what it is good for. It fits in half a line of any programming language.

Why is it better? Look at the steepness, below. A sigmoid is never steeper than one quarter, and flat at both ends. The chain rule of lesson 03 multiplies the steepness of every layer into the gradient: ten layers of at best one quarter leave a
millionth. A ReLU that is awake passes the gradient on undiminished. One that is asleep passes nothing, but then somebody else is awake.
"""

# %%
figure, (left, right) = plots.figure(columns=2)
plots.curves(left, {"sigmoid": torch.sigmoid(places), "ReLU": places.clamp(min=0)}, x=places, names=("input", "output"))
plots.curves(right, {"sigmoid": torch.sigmoid(places) * (1 - torch.sigmoid(places)), "ReLU": (places > 0).float()}, x=places, names=("input", "steepness"))
left.set(ylim=(-0.2, 4), title="Two choices")
right.set(ylim=(-0.05, 1.1), title="and how steep they are")
plots.show(figure, alt="Left, the sigmoid, an S from 0 to 1, and ReLU, which is zero up to 0 and then climbs as a straight line. Right, their steepness: the sigmoid's is a low hump with its top at one quarter, ReLU's is 0 to the left of zero and 1 to the right.")

# %% [markdown]
r"""
**Exercise 2 (5 minutes, easy): ReLU.** For tensors of any shape, without changing the one that comes in. Gradients have to flow through it, so stay with torch's own operations.
"""

# %% exercise="relu" minutes=5
@exercise
def relu(x: Tensor) -> Tensor:
    """The number itself where it is above zero, zero elsewhere. x: any shape, to be left as it was. Returns the same shape, e.g. [-2., 3.] -> [0., 3.]."""
    ### BEGIN SOLUTION
    return torch.where(x > 0, x, torch.zeros_like(x))
    ### END SOLUTION


# %% check="relu" points=5
hints("Compare with zero, number by number.",
      "torch.where(condition, a, b) takes from a where the condition holds and from b elsewhere. `x.clamp` is another way.",
      "return x.clamp(min=0)")
check(relu, tensor([-2., 0., 0.5, 3.])).gives(tensor([0., 0., 0.5, 3.]), mistakes={
    "that is the absolute value: numbers below zero become zero, not positive": tensor([2., 0., 0.5, 3.]),
    "you kept the numbers below zero: ReLU keeps those above": tensor([-2., 0., 0., 0.]),
    "you turned the sign round: `relu(-x)` is awake where ReLU sleeps": tensor([2., 0., 0., 0.]),
    "that is the hard step: above zero the number itself comes out, not 1": tensor([0., 0., 1., 1.]),
    "you cut off at 1 as well: ReLU has no ceiling": tensor([0., 0., 0.5, 1.]),
    "nothing has changed: numbers below zero become zero": tensor([-2., 0., 0.5, 3.]),
    "you dropped the numbers below zero: they become zero and stay in their places": tensor([0.5, 3.]),
    "you took the largest number of the whole tensor: compare each number with zero": tensor(3.),
    "a little of what is below zero leaks through; that is another choice, called leaky ReLU": tensor([-0.02, 0., 0.5, 3.]),
    "that is a comparison, True or False: the number itself is wanted where it holds": tensor([False, False, True, True]),
    "those are 0 and 1 as whole numbers: above zero the number itself comes out": tensor([0, 0, 1, 1]),
    "`torch.max(x, 0)` looks for the largest along axis 0: `torch.clamp(x, min=0)` compares each number with zero": (tensor(3.), tensor(3)),
    "`if`, `max` and `min` of plain Python want one True or False, and a tensor has many; zeros of one fixed shape fit only that shape. Use torch.where, clamp or torch.zeros_like": RuntimeError,
    "`float` wants a single number, and a tensor of any shape may come: torch.where and clamp take the whole tensor": ValueError,
    "torch.maximum wants two tensors, `torch.zeros_like(x)` for the second; and plain `max` in a loop meets whole rows where x has more axes than one. `x.clamp(min=0)` takes any shape": TypeError})
### BEGIN HIDDEN TESTS
check(relu, 2 * torch.randn(4, 5)).gives(lambda x: x.clamp(min=0), mistakes={
    "`torch.max(x, 0)` looks for the largest along axis 0: `torch.clamp(x, min=0)` compares each number with zero": lambda x: tuple(torch.max(x, 0)),
    "that is a comparison, True or False: the number itself is wanted where it holds": lambda x: x > 0,
    "those are 0 and 1 as whole numbers: above zero the number itself comes out": lambda x: (x > 0).long(),
    "`float` wants a single number, and a tensor of any shape may come: torch.where and clamp take the whole tensor": ValueError,
    "torch.maximum wants two tensors, `torch.zeros_like(x)` for the second; and plain `max` in a loop meets whole rows where x has more axes than one. `x.clamp(min=0)` takes any shape": TypeError,
    "you cut off at 1 as well: ReLU has no ceiling": lambda x: x.clamp(0, 1),
    "you took the largest number of the whole tensor: compare each number with zero": lambda x: x.max(),
    "that is the absolute value: numbers below zero become zero, not positive": lambda x: x.abs(),
    "you kept the numbers below zero: ReLU keeps those above": lambda x: x.clamp(max=0),
    "you turned the sign round: `relu(-x)` is awake where ReLU sleeps": lambda x: (-x).clamp(min=0),
    "that is the hard step: above zero the number itself comes out, not 1": lambda x: (x > 0).float(),
    "nothing has changed: numbers below zero become zero": lambda x: x,
    "you dropped the numbers below zero: they become zero and stay in their places": lambda x: x[x > 0],
    "a little of what is below zero leaks through; that is another choice, called leaky ReLU": lambda x: torch.where(x > 0, x, 0.01 * x),
    "`if`, `max` and `min` of plain Python want one True or False, and a tensor has many; zeros of one fixed shape fit only that shape. Use torch.where, clamp or torch.zeros_like": RuntimeError})
### END HIDDEN TESTS

# %% check="relu" aspect="flow" points=2
check(relu, tensor([-2., 0.5, 3.])).leaves_its_arguments_alone()
check(relu, tensor([-2., 0.5, 3.])).gradient().gives(tensor([0., 1., 1.]), mistakes={
    "no gradient comes through: you made a fresh tensor of plain numbers, and autograd's diary ends there": RuntimeError,
    "you counted: a comparison has no steepness, so no gradient comes through": tensor([0., 0., 0.])},
    hint="the gradient is 1 where the number passed and 0 where it did not; if the check above fails too, begin there")
check(relu).is_written_without("relu", "relu_", "ReLU", because="torch has one, and this exercise is about writing it")
### BEGIN HIDDEN TESTS
check(relu, torch.randn(8)).leaves_its_arguments_alone()
check(relu, torch.randn(2, 5)).gradient().gives(lambda x: (x > 0).float(), mistakes={
    "you counted: a comparison has no steepness, so no gradient comes through": lambda x: torch.zeros_like(x),
    "no gradient comes through: you made a fresh tensor of plain numbers, and autograd's diary ends there": RuntimeError})
### END HIDDEN TESTS

# %% [markdown] rows="B4"
r"""
## 3. Spaghetti code that nobody wrote
ReLU is an `if`. A neuron whose input comes from other neurons is then an `if` inside the `if`s of those others. Within each branch everything that was chosen before is settled, so what is left is a straight line in the input, and the next condition asks whether *that* line is above zero.

So any ReLU network can be written out as plain nested `if`s, with numbers in the conditions that no human typed. Here is a small one, with two neurons, then one, then a final sum, turned into Python by a program:
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
Is it really the same thing? We run both. And we ask which branches are ever taken: a condition deep inside may have been decided already by those around it.
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
So when somebody announces a network with fifty million parameters, think of a very large heap of `if`s with fifty million constants in it. The impressive part is that nobody had to type them: descent found them.

Now count. Four neurons, each connected to each of four more: sixteen connections, so sixteen weights. Eight `if`s, nested, make $2^8 = 256$ branches. On two inputs, each branch that can be reached is a piece of the plane
over which the network's output is a flat, tilted sheet. The next cell colours them.

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
plots.show(figure, alt="Left, two columns of circles, each circle of the first joined to each of the second: blue solid lines for positive weights, dashed red ones for negative, thicker for larger. "
           "Right, a square cut by straight lines, some of them bent where they cross others, into flat pieces of different colours, far fewer than there are branches.")
print(f"{2 ** (2 * neurons)} branches; pieces in this square: between {len(branches) // 10 * 10} and {len(branches) // 10 * 10 + 9}")

# %% [markdown]
r"""
The lines of the first layer run straight across. Those of the second bend wherever they cross a line of the first, since there the formula in the condition changes. Most branches are never taken: their conditions contradict each other.

## 4. A layer is a matrix product
Neurons that share their inputs stand side by side in a **[layer](../glossary.md#layer)**. If every neuron sees every input, it is a **[dense layer](../glossary.md#dense-layer)**. Write each neuron's weights as a row of a matrix, and all weighted sums for a whole
batch are one matrix product, with the biases added by broadcasting (lesson 01). Layers one after the other, with choices in between, are a **[neural network](../glossary.md#neural-network)**.

A matter of convention that trips everybody once: torch keeps a *row for each neuron*, shape (neurons, inputs). A batch has a row for each example, shape (n, inputs). To let rows meet rows, one of the two has to be turned: what is wanted has shape (n, neurons).

**Exercise 3 (8 minutes, medium): a dense layer.** All examples, all neurons, no loop. The activation is not part of it.
"""

# %% exercise="dense" minutes=8
@exercise
def dense(inputs: Tensor, weights: Tensor, biases: Tensor) -> Tensor:
    """The weighted sums of a layer, biases added, no activation.

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
check(dense, tensor([[1., 2.], [3., 5.]]), tensor([[1., -1.], [2., 0.]]), tensor([10., -20.])).gives(tensor([[9., -18.], [8., -14.]]), mistakes={
    "the weights are not turned: their rows are neurons, and `@` wants a column for each": tensor([[15., -21.], [23., -23.]]),
    "the biases are missing": tensor([[-1., 2.], [-2., 6.]]),
    "the weights are not turned and the biases are missing": tensor([[5., -1.], [13., -3.]]),
    "the biases are added, not subtracted": tensor([[-11., 22.], [-12., 26.]]),
    "`*` multiplies place by place: a weighted sum is a matrix product, `@`": tensor([[11., -22.], [16., -20.]]),
    "each bias went to an example: it belongs to a neuron, that is, to a column": tensor([[9., 12.], [-22., -14.]]),
    "rows and columns are exchanged: examples are rows, neurons are columns": tensor([[9., 8.], [-18., -14.]]),
    "rows and columns are exchanged, and so each bias went to an example: `inputs @ weights.T`, in this order": tensor([[9., -22.], [12., -14.]]),
    "the product is the wrong way round: `inputs @ weights.T`, in this order": tensor([[8., -23.], [12., -16.]]),
    "you turned the inputs as well: turn the weights only": tensor([[8., -18.], [7., -16.]]),
    "a choice came in, ReLU: this layer only adds up": tensor([[9., 0.], [8., 0.]]),
    "a choice came in before the biases: this layer only adds up": tensor([[10., -18.], [10., -14.]]),
    "a choice came in, a sigmoid: this layer only adds up": tensor([[9., -18.], [8., -14.]]).sigmoid(),
    "every neuron got the first bias: each has its own": tensor([[9., 12.], [8., 16.]]),
    "you added each neuron's results up over everything: one number for each example and neuron is wanted": tensor(-15.),
    "you added the neurons up: one number for each example and neuron is wanted": tensor([-9., -6.]),
    "that is the mean of the products: a weighted sum is not divided": tensor([[9.5, -19.], [9., -17.]]),
    "the biases are multiplied: they are added": tensor([[-10., -40.], [-20., -120.]]),
    "the biases went into the inputs: add them to the sums": tensor([[29., 22.], [28., 26.]]),
    "the product is the wrong way round, with the weights turned: `inputs @ weights.T`, in this order": tensor([[17., -8.], [9., -22.]]),
    "each example met only one of the neurons: every example meets every neuron": tensor([9., -14.]),
    "only the first example came back: every example is a row of the result": tensor([9., -18.]),
    "the shapes do not fit, or a function for other shapes was used: a matrix product is `@`": RuntimeError})
### BEGIN HIDDEN TESTS
side = int(torch.randint(3, 6, ()))
check(dense, torch.randn(side, side), torch.randn(side, side), torch.randn(side)).gives(torch.nn.functional.linear, mistakes={
    "you added each neuron's results up over everything: one number for each example and neuron is wanted": lambda x, w, b: (x @ w.T + b).sum(),
    "you added the neurons up: one number for each example and neuron is wanted": lambda x, w, b: (x @ w.T + b).sum(1),
    "a choice came in before the biases: this layer only adds up": lambda x, w, b: (x @ w.T).relu() + b,
    "the biases are multiplied: they are added": lambda x, w, b: (x @ w.T) * b,
    "the biases went into the inputs: add them to the sums": lambda x, w, b: (x + b) @ w.T,
    "the product is the wrong way round, with the weights turned: `inputs @ weights.T`, in this order": lambda x, w, b: w.T @ x + b,
    "each example met only one of the neurons: every example meets every neuron": lambda x, w, b: (x * w).sum(1) + b,
    "only the first example came back: every example is a row of the result": lambda x, w, b: x[0] @ w.T + b,
    "the shapes do not fit, or a function for other shapes was used: a matrix product is `@`": RuntimeError,
    "the weights are not turned: their rows are neurons, and `@` wants a column for each": lambda x, w, b: x @ w + b,
    "the biases are missing": lambda x, w, b: x @ w.T,
    "the weights are not turned and the biases are missing": lambda x, w, b: x @ w,
    "the biases are added, not subtracted": lambda x, w, b: x @ w.T - b,
    "`*` multiplies place by place: a weighted sum is a matrix product, `@`": lambda x, w, b: x * w + b,
    "each bias went to an example: it belongs to a neuron, that is, to a column": lambda x, w, b: x @ w.T + b[:, None],
    "rows and columns are exchanged: examples are rows, neurons are columns": lambda x, w, b: (x @ w.T + b).T,
    "rows and columns are exchanged, and so each bias went to an example: `inputs @ weights.T`, in this order": lambda x, w, b: w @ x.T + b,
    "the product is the wrong way round: `inputs @ weights.T`, in this order": lambda x, w, b: w @ x + b,
    "you turned the inputs as well: turn the weights only": lambda x, w, b: x.T @ w.T + b,
    "a choice came in, ReLU: this layer only adds up": lambda x, w, b: (x @ w.T + b).relu(),
    "a choice came in, a sigmoid: this layer only adds up": lambda x, w, b: (x @ w.T + b).sigmoid(),
    "every neuron got the first bias: each has its own": lambda x, w, b: x @ w.T + b[0],
    "that is the mean of the products: a weighted sum is not divided": lambda x, w, b: x @ w.T / len(b) + b})
### END HIDDEN TESTS

# %% check="dense" aspect="shapes" points=4
check(dense, tensor([[1., 2.]]), tensor([[10., 1.], [0., 1.], [1., 0.]]), tensor([0., 0., 5.])).gives(tensor([[12., 2., 6.]]), mistakes={
    "the shapes do not fit: (n, inputs) meets (neurons, inputs), so the weights have to be turned": RuntimeError,
    "the batch of one lost its axis: one example still is a row, (1, neurons)": tensor([12., 2., 6.]),
    "rows and columns are exchanged: examples are rows, neurons are columns": tensor([[12.], [2.], [6.]])},
    hint="one example, three neurons; if the check above fails too, begin there")
check(dense, tensor([[3.]], dtype=torch.float64), tensor([[2.]], dtype=torch.float64), tensor([1.], dtype=torch.float64)).gives(tensor([[7.]], dtype=torch.float64), mistakes={
    "the numbers are right, and everything that came in was float64: leave out `.float()`, and make new tensors with `dtype=inputs.dtype`": tensor([[7.]]),
    "torch multiplies only what is of one dtype, and everything that came in is float64: leave out `.float()`, and make new tensors with `dtype=inputs.dtype`": RuntimeError})
check(dense).is_written_without("for", "while", "linear", "Linear", because="one matrix product computes every sum of the layer; torch has a function for the whole, and this exercise is about writing it")
### BEGIN HIDDEN TESTS
few, broad, many = (int(torch.randint(low, high, ())) for low, high in ((2, 4), (4, 6), (6, 9)))
check(dense, torch.randn(few, broad), torch.randn(many, broad), torch.randn(many)).gives(torch.nn.functional.linear, mistakes={
    "the batch of one lost its axis: one example still is a row, (1, neurons)": lambda x, w, b: (x @ w.T + b)[0],
    "the shapes do not fit: (n, inputs) meets (neurons, inputs), so the weights have to be turned": RuntimeError,
    "rows and columns are exchanged: examples are few, neurons are columns": lambda x, w, b: (x @ w.T + b).T})
check(dense, torch.randn(3, 2), torch.randn(4, 2), torch.randn(4)).leaves_its_arguments_alone()
check(dense, torch.randn(3, 2).double(), torch.randn(4, 2).double(), torch.randn(4).double()).gives(torch.nn.functional.linear, mistakes={
    "the numbers are right, and everything that came in was float64: leave out `.float()`, and make new tensors with `dtype=inputs.dtype`": lambda x, w, b: (x @ w.T + b).float(),
    "torch multiplies only what is of one dtype, and everything that came in is float64: leave out `.float()`, and make new tensors with `dtype=inputs.dtype`": RuntimeError})
### END HIDDEN TESTS

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
One. Sums of sums are sums. All those weights, and the pile can do no more than a line: the choices are what makes it worth piling. Marvin Minsky and Seymour Papert proved in 1969, at book length, what a single layer of Rosenblatt's neurons cannot tell apart. With layers in between it can be
told apart, and in 1986 David Rumelhart, Geoffrey Hinton and Ronald Williams made it widely known how such layers learn: the chain rule, backwards, as in lesson 03.

## 5. Play
A **[decision boundary](../glossary.md#decision-boundary)** is where a network changes its mind. Below, one is trained while you watch. On the left is the network: each small picture is what one neuron answers at every place of the wall, and a line is as thick as its weight.
**Play.** Begin with the ring and one neuron, and add neurons until the blob is enclosed. Then take the choice away (`none`) and give it sixteen: what happens? The spiral: how few neurons will do? Last, turn the noise up, take sixteen neurons in two layers, and let it run: which of the two losses turns?

*The same in words:* one neuron draws a straight boundary, and so do sixteen without a choice. Three ReLU neurons can close a triangle around the blob, though not from every start; four mostly do. Sigmoids draw the same shapes with rounder corners. The spiral takes more of them than the ring. With much noise a large network goes on lowering
the loss on the drops it learns from, while the loss on the others turns and climbs: it learns the noise by heart, and lesson 06 is about that.
"""

# %% explorer=true
from course.explorers.networks import network_explorer

network_explorer(neurons=4)

# %% [markdown] rows="B5"
r"""
## 6. Any curve you like
How much can such a pile do? Here is a hand-made answer. Take a curve and mark a few dots on it. Join the dots with straight lines, and you have something like the curve. We now build exactly that out of ReLUs, without any training.

A ReLU that wakes up at a place $k$, $\text{relu}(x - k)$, is flat before $k$ and rises after it. It is a *hinge*: add it with a weight, and the sum bends at $k$ and nowhere else, by exactly that weight. So begin with the height of the first dot, and put one hinge at each dot but the last. The first hinge sets the
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
plots.show(figure, alt="Left, three hinges: each is zero up to its place, then one rises steeply, one falls more steeply still, one rises gently. Right, their sum plus 1 is a line that runs straight from dot to dot through all four dots.")

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
      "A slope is the rise over the run: differences of heights over differences of knots. The first weight is the first slope, every other one is a slope minus the slope before it.",
      "slopes = heights.diff() / knots.diff(); torch.cat([slopes[:1], slopes.diff()])")
check(hinges, tensor([0., 1., 3., 4.]), tensor([1., 3., 2., 2.5])).gives(tensor([2., -2.5, 1.]), mistakes={
    "those are the slopes: after the first, a hinge has to add what the slope *changes* by": tensor([2., -0.5, 0.5]),
    "those are the rises from dot to dot: divide each by its run, then take the changes": tensor([2., -1., 0.5]),
    "you took the changes of the rises: divide each rise by its run first": tensor([2., -3., 1.5]),
    "the first hinge is missing: before it the line is flat, so its weight is the whole first slope": tensor([-2.5, 1.]),
    "there is a hinge too many: nothing has to bend at the last dot": tensor([2., -2.5, 1., -0.5]),
    "there is a hinge too many, of weight 0: one for each knot but the last": tensor([2., -2.5, 1., 0.]),
    "the starting height is not a hinge: weights only": tensor([1., 2., -2.5, 1.]),
    "the changes are the wrong way round: the new slope minus the old one": tensor([2., 2.5, -1.]),
    "you added the slopes up: a hinge adds what the slope changes by": tensor([2., 1.5, 2.]),
    "you divided by the mean distance: the dots are not evenly spaced, so each rise has its own run": tensor([1.5, -2.25, 1.125]),
    "run over rise: a slope is the rise divided by the run": tensor([0.5, -2.5, 4.]),
    "you divided the changes of the rises by the runs: divide the rises first, then take the changes": tensor([2., -1.5, 1.5]),
    "every slope is taken from the first dot: from dot to dot is wanted": tensor([2., -5 / 3, 1 / 24]),
    "your first slope is taken from zero height: the sum starts at heights[0]": tensor([3., -3.5, 1.]),
    "you subtracted the weight before, not the slope before": tensor([2., -2.5, 3.]),
    "every slope is compared with the first one: compare it with the one before it": tensor([2., -2.5, -1.5]),
    "the first weight is not zero: before the first hinge the line is flat, and after it has the first slope": tensor([0., -2.5, 1.]),
    "you multiplied rise and run: a slope is the rise divided by the run": tensor([2., -4., 2.5]),
    "the first slope was compared with the last: index -1 is the last one. The first weight is the first slope itself": tensor([1.5, -2.5, 1.]),
    "you divided the changes of slope once more: a hinge adds all of the change": tensor([2., -1.25, 1.]),
    "the first weight is the first slope, not the first height: the height is where the sum starts": tensor([1., -2.5, 1.]),
    "you took the absolute value: where the curve bends down, the weight is negative": tensor([2., 2.5, 1.]),
    "your loop runs past the end: k dots have only k - 1 pieces between them": IndexError,
    "a slope is the rise over the run from dot to dot, not a height over a place": tensor([3., -7 / 3, -1 / 24]),
    "the shapes do not fit: the differences of k numbers are k - 1, and what `torch.cat` joins has an axis, as `slopes[:1]` has": RuntimeError})
### BEGIN HIDDEN TESTS
from course.networks import hinges as bends_of


def bends_from(slopes):
    return torch.cat([slopes[:1], slopes.diff()])


def weights_in_place(knots, heights):
    weights = heights.diff() / knots.diff()
    for place in range(1, len(weights)):
        weights[place] -= weights[place - 1].clone()
    return weights


spaced = torch.rand(6).add(0.3).cumsum(0)
check(hinges, spaced, 3 * torch.randn(6)).gives(bends_of, tolerance=1e-4, mistakes={
    "every slope is taken from the first dot: from dot to dot is wanted":
        lambda k, h: bends_from((h[1:] - h[0]) / (k[1:] - k[0])),
    "the shapes do not fit: the differences of k numbers are k - 1, and what `torch.cat` joins has an axis, as `slopes[:1]` has": RuntimeError,
    "you divided the changes of the rises by the runs: divide the rises first, then take the changes":
        lambda k, h: torch.cat([h.diff()[:1], h.diff().diff()]) / k.diff(),
    "your first slope is taken from zero height: the sum starts at heights[0]":
        lambda k, h: bends_from(torch.cat([h[1:2] / k.diff()[:1], (h.diff() / k.diff())[1:]])),
    "those are the slopes: after the first, a hinge has to add what the slope *changes* by": lambda k, h: h.diff() / k.diff(),
    "those are the rises from dot to dot: divide each by its run, then take the changes": lambda k, h: h.diff(),
    "you took the changes of the rises: divide each rise by its run first": lambda k, h: torch.cat([h.diff()[:1], h.diff().diff()]),
    "the first hinge is missing: before it the line is flat, so its weight is the whole first slope": lambda k, h: bends_of(k, h)[1:],
    "there is a hinge too many: nothing has to bend at the last dot": lambda k, h: torch.cat([bends_of(k, h), -(h.diff() / k.diff())[-1:]]),
    "there is a hinge too many, of weight 0: one for each knot but the last": lambda k, h: torch.cat([bends_of(k, h), torch.zeros(1)]),
    "the starting height is not a hinge: weights only": lambda k, h: torch.cat([h[:1], bends_of(k, h)]),
    "the changes are the wrong way round: the new slope minus the old one": lambda k, h: torch.cat([bends_of(k, h)[:1], -bends_of(k, h)[1:]]),
    "you added the slopes up: a hinge adds what the slope changes by": lambda k, h: (h.diff() / k.diff()).cumsum(0),
    "you subtracted the weight before, not the slope before": weights_in_place,
    "the first slope was compared with the last: index -1 is the last one. The first weight is the first slope itself": lambda k, h: (h.diff() / k.diff()) - (h.diff() / k.diff()).roll(1),
    "you divided the changes of slope once more: a hinge adds all of the change": lambda k, h: torch.cat([bends_of(k, h)[:1], bends_of(k, h)[1:] / k.diff()[1:]]),
    "the first weight is the first slope, not the first height: the height is where the sum starts": lambda k, h: torch.cat([h[:1], bends_of(k, h)[1:]]),
    "you took the absolute value: where the curve bends down, the weight is negative": lambda k, h: bends_of(k, h).abs(),
    "your loop runs past the end: k dots have only k - 1 pieces between them": IndexError,
    "every slope is compared with the first one: compare it with the one before it":
        lambda k, h: torch.cat([bends_of(k, h)[:1], (h.diff() / k.diff())[1:] - (h.diff() / k.diff())[0]]),
    "the first weight is not zero: before the first hinge the line is flat, and after it has the first slope":
        lambda k, h: torch.cat([torch.zeros(1), bends_of(k, h)[1:]]),
    "you multiplied rise and run: a slope is the rise divided by the run": lambda k, h: bends_from(h.diff() * k.diff()),
    "a slope is the rise over the run from dot to dot, not a height over a place": lambda k, h: bends_from(h[1:] / k[1:]),
    "you divided by the mean distance: the dots are not evenly spaced, so each rise has its own run":
        lambda k, h: torch.cat([h.diff()[:1], h.diff().diff()]) / k.diff().mean(),
    "run over rise: a slope is the rise divided by the run": lambda k, h: bends_of(h, k)})
### END HIDDEN TESTS

# %% check="hinges" aspect="two" points=3
check(hinges, tensor([1., 3.]), tensor([4., 0.])).gives(tensor([-2.]), mistakes={
    "a slope without its axis: even a single weight is a tensor of shape (1,)": tensor(-2.)},
    hint="two dots, one straight piece, one hinge; if the check above fails too, begin there")
check(hinges, tensor([0., 2.], dtype=torch.float64), tensor([1., 5.], dtype=torch.float64)).gives(tensor([2.], dtype=torch.float64), mistakes={
    "the numbers are right, and knots and heights were float64: leave out `.float()`, and make new tensors with `dtype=heights.dtype`": tensor([2.])})
check(hinges, tensor([0., 1., 3.]), tensor([1., 3., 2.])).leaves_its_arguments_alone()
### BEGIN HIDDEN TESTS
from course.networks import hinges as bends_of

check(hinges, torch.rand(2).add(0.2).cumsum(0), torch.randn(2)).gives(bends_of, tolerance=1e-4, mistakes={
    "a slope without its axis: even a single weight is a tensor of shape (1,)": lambda k, h: bends_of(k, h)[0]})
check(hinges, torch.rand(4).add(0.3).cumsum(0).double(), torch.randn(4).double()).gives(bends_of, mistakes={
    "the numbers are right, and knots and heights were float64: leave out `.float()`, and make new tensors with `dtype=heights.dtype`": lambda k, h: bends_of(k, h).float()})
check(hinges, torch.rand(5).add(0.2).cumsum(0), torch.randn(5)).leaves_its_arguments_alone()
### END HIDDEN TESTS

# %% [markdown]
r"""
So any curve, and now with your own parts: one dense layer that makes the hinges, your ReLU, one dense layer that adds them up. That is a neural network with one hidden layer, whose weights nobody had to learn.

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
plots.show(figure, alt="Left, a wavy curve and a chain of straight pieces that follows it closely over the shaded stretch from 0 to 6, and beyond it runs straight on while the curve goes its own way. Right, the largest error against the number of neurons, both on "
           "logarithmic axes: a line that falls steadily.")
print("from 40 neurons to 80 the largest error falls to about a quarter:", 0.2 < errors[4] / errors[3] < 0.3)

# %% [markdown] rows="B5"
r"""
Twice the neurons leave about a quarter of the error, since a straight piece half as long strays a quarter as far from a smooth curve. So however little error you want, there is a number of neurons that will do.

You have just proved a theorem, or its simplest case. **[Universal approximation](../glossary.md#universal-approximation)**: one hidden layer with enough neurons comes as close as you like to any continuous function on a bounded stretch. George Cybenko proved it
for sigmoids in 1989; Kurt Hornik, Maxwell Stinchcombe and Halbert White in the same year for any that climbs from one level to another; Moshe Leshno and colleagues in 1993 for every activation that is not a polynomial, ReLU included.

It is often quoted for more than it says. It does not say how many neurons: with many inputs the number can be beyond all bounds. It does not say that descent finds the weights. And it says nothing at all about places outside the stretch, as your picture shows: outside, a ReLU network runs on in
straight lines for ever, and is wrong with confidence.

## 7. Shares of belief
So far a network gave out a number. Predicting a quantity is **[regression](../glossary.md#regression)**: how high, how much, how warm. Predicting one of several classes is **[classification](../glossary.md#classification)**: which digit is this? Classes have no order and no distances (a 4 is not
halfway between a 3 and a 5), so the last layer has one neuron *for each class*, and each gives a score, called a **[logit](../glossary.md#logit)**. Any number will do.

To compare scores we turn them into shares that are positive and sum to 1. Raise $e$ to each score, and divide by the sum:

$$\text{share of class } i = \frac{e^{z_i}}{e^{z_1} + e^{z_2} + \dots}$$

This is **[softmax](../glossary.md#softmax)** (John Bridle's name, 1990, for what Ludwig Boltzmann wrote down about gases in 1868). Only differences count: add 5 to every score, and the shares stay as they are, since above and below the line everything is multiplied by the same number. That is not only pretty. It saves us.
A score of 100 is nothing special, and $e^{100}$ is more than a float32 can hold. So first subtract the row's largest score, from all of the row. Then the largest power is $e^0 = 1$, and nothing can overflow.
"""

# %%
for scores in (tensor([2., 1., 0.]), tensor([7., 6., 5.]), tensor([4., 2., 0.]), tensor([100., 99., 98.])):
    powers = scores.exp()
    print(f"scores {[f'{score:g}' for score in scores.tolist()]!s:22} powers {[f'{power:.3g}' for power in powers.tolist()]!s:34} shares {[f'{share:.2f}' for share in (powers / powers.sum()).tolist()]}")

# %% [markdown]
r"""
**Exercise 5 (8 minutes, medium): softmax.** For a batch: each row is shared out by itself. And no score may be too large for it.
"""

# %% exercise="softmax" minutes=8
@exercise
def softmax(logits: Tensor) -> Tensor:
    """Scores into shares, row by row, whatever their size. logits: (n, classes). Returns (n, classes), of the same dtype: above zero, each row sums to 1, e.g. [[0., 0.]] -> [[0.5, 0.5]]."""
    ### BEGIN SOLUTION
    powers = torch.exp(logits - logits.max(dim=1, keepdim=True).values)
    return powers / powers.sum(dim=1, keepdim=True)
    ### END SOLUTION


# %% check="softmax" points=9
hints("Three steps: subtract something from each row, take powers of e, divide each row by its sum.",
      "Both the largest and the sum are taken along the classes, dim=1, and `keepdim=True` keeps them as a column that broadcasts against the rows.",
      "powers = (logits - logits.amax(dim=1, keepdim=True)).exp(); return powers / powers.sum(dim=1, keepdim=True)")
powers = tensor([[1., 3., 4.], [2., 2., 6.]])                         # e to the logits below, so that you can check by hand
check(softmax, powers.log()).gives(tensor([[0.125, 0.375, 0.5], [0.2, 0.2, 0.6]]), mistakes={
    "you summed down the columns: each row is an example of its own, dim=1": tensor([[1 / 3, 0.6, 0.4], [2 / 3, 0.4, 0.6]]),
    "you summed over the whole batch: each row is shared out by itself": powers / 18,
    "each row's largest was taken out, and then you summed over the whole batch: each row is shared out by itself": tensor([[0.25, 0.75, 1.], [1 / 3, 1 / 3, 1.]]) / (11 / 3),
    "your `return` stands inside a loop, so only the first row came back": tensor([0.125, 0.375, 0.5]),
    "you did not divide: the shares of a row sum to 1": powers,
    "you subtracted the largest, but did not divide: the shares of a row sum to 1": tensor([[0.25, 0.75, 1.], [1 / 3, 1 / 3, 1.]]),
    "you divided the scores themselves by their sum: take powers of e first": tensor([[0., 0.442114, 0.557886], [0.218104, 0.218104, 0.563791]]),
    "those are the logarithms of the shares": tensor([[0.125, 0.375, 0.5], [0.2, 0.2, 0.6]]).log(),
    "that is the sigmoid of each score by itself: the shares of a row have to sum to 1": tensor([[0.5, 0.75, 0.8], [2 / 3, 2 / 3, 6 / 7]]),
    "you took powers of 2: the base is e, `torch.exp`": tensor([[0.173745, 0.372073, 0.454181], [0.241459, 0.241459, 0.517082]]),
    "that is the hard choice, everything for the largest: softmax leaves a share to the others": tensor([[0., 0., 1.], [0., 0., 1.]]),
    "the smallest score got the largest share: the exponent is the score, not minus the score": tensor([[0.631579, 0.210526, 0.157895], [0.428571, 0.428571, 0.142857]]),
    "you divided by the mean: divide by the sum": tensor([[0.375, 1.125, 1.5], [0.6, 0.6, 1.8]]),
    "you divided the scores by the largest: subtract it": tensor([[0.168715, 0.372670, 0.458615], [0.259995, 0.259995, 0.480011]]),
    "you subtracted the largest of each column: each row is an example of its own, dim=1": tensor([[3 / 13, 6 / 13, 4 / 13], [0.375, 0.25, 0.375]]),
    "you divided the lowered scores by their sum: take powers of e in between": tensor([[0.828145, 0.171855, 0.], [0.5, 0.5, 0.]]),
    "you took softmax twice": tensor([[0.267450, 0.343413, 0.389137], [0.286383, 0.286383, 0.427234]]),
    "you subtracted the largest above the line, but not below it: both want the same powers": tensor([[0.03125, 0.09375, 0.125], [1 / 30, 1 / 30, 0.1]]),
    "you subtracted the largest below the line, but not above it: both want the same powers": tensor([[0.5, 1.5, 2.], [1.2, 1.2, 3.6]]),
    "the sums lost their axis and do not fit the rows: `keepdim=True` keeps them as a column": RuntimeError,
    "`.max(dim=1)` gives two things, the largest values and where they are: take `.values`": TypeError})
check(softmax, tensor([[1., 3.], [4., 1.]]).log()).gives(tensor([[0.25, 0.75], [0.8, 0.2]]), mistakes={
    "the sums lost their axis, so row 1 was divided by row 2's sum as well: `keepdim=True` keeps them as a column": tensor([[0.25, 0.6], [1., 0.2]])},
    hint="as many rows as classes; if the check above fails too, begin there")
### BEGIN HIDDEN TESTS
check(softmax, 2 * torch.randn(4, 5)).gives(lambda z: torch.softmax(z, dim=1), mistakes={
    "`.max(dim=1)` gives two things, the largest values and where they are: take `.values`": TypeError,
    "you divided by the mean: divide by the sum": lambda z: z.exp() / z.exp().mean(1, True),
    "you divided the scores by the largest: subtract it": lambda z: torch.softmax(z / z.amax(1, True), dim=1),
    "you subtracted the largest above the line, but not below it: both want the same powers": lambda z: (z - z.amax(1, True)).exp() / z.exp().sum(1, True),
    "you subtracted the largest below the line, but not above it: both want the same powers": lambda z: z.exp() / (z - z.amax(1, True)).exp().sum(1, True),
    "you summed down the columns: each row is an example of its own, dim=1": lambda z: torch.softmax(z, dim=0),
    "you summed over the whole batch: each row is shared out by itself": lambda z: z.exp() / z.exp().sum(),
    "each row's largest was taken out, and then you summed over the whole batch: each row is shared out by itself": lambda z: (z - z.amax(1, True)).exp() / (z - z.amax(1, True)).exp().sum(),
    "your `return` stands inside a loop, so only the first row came back": lambda z: torch.softmax(z[0], dim=0),
    "you did not divide: the shares of a row sum to 1": lambda z: z.exp(),
    "you subtracted the largest, but did not divide: the shares of a row sum to 1": lambda z: (z - z.amax(1, True)).exp(),
    "you divided the scores themselves by their sum: take powers of e first": lambda z: z / z.sum(1, True),
    "those are the logarithms of the shares": lambda z: torch.log_softmax(z, dim=1),
    "that is the sigmoid of each score by itself: the shares of a row have to sum to 1": torch.sigmoid,
    "you took powers of 2: the base is e, `torch.exp`": lambda z: torch.softmax(z * 0.6931471805599453, dim=1),
    "that is the hard choice, everything for the largest: softmax leaves a share to the others": lambda z: (z == z.amax(1, True)).float(),
    "the smallest score got the largest share: the exponent is the score, not minus the score": lambda z: torch.softmax(-z, dim=1),
    "you subtracted the largest of each column: each row is an example of its own, dim=1": lambda z: torch.softmax(z - z.amax(0), dim=1),
    "you divided the lowered scores by their sum: take powers of e in between": lambda z: (z - z.amax(1, True)) / (z - z.amax(1, True)).sum(1, True),
    "you took softmax twice": lambda z: torch.softmax(torch.softmax(z, dim=1), dim=1),
    "the sums lost their axis and do not fit the rows: `keepdim=True` keeps them as a column": RuntimeError})
check(softmax, torch.randn(4, 4)).gives(lambda z: torch.softmax(z, dim=1), mistakes={
    "the sums lost their axis, so row 1 was divided by row 2's sum as well: `keepdim=True` keeps them as a column": lambda z: z.exp() / z.exp().sum(1)})
### END HIDDEN TESTS

# %% check="softmax" aspect="large" points=4
check(softmax, tensor([[1000., 1000. - tensor(3.).log()], [0., 0.], [1000., 0.]])).gives(tensor([[0.75, 0.25], [0.5, 0.5], [1., 0.]]), tolerance=1e-4, mistakes={
    "e to the 1000 is infinity for a computer, and infinity by infinity is no number: subtract each row's largest score first":
        tensor([[torch.nan, torch.nan], [0.5, 0.5], [torch.nan, 0.]]),
    "you subtracted the largest of the whole batch: then a row of smaller scores has nothing left, 0 by 0. Each row has its own largest":
        tensor([[0.75, 0.25], [torch.nan, torch.nan], [1., 0.]]),
    "you subtracted the row's mean, or its smallest score: what stands far above that still overflows. Subtract the largest":
        tensor([[0.75, 0.25], [0.5, 0.5], [torch.nan, 0.]]),
    "you cut large scores off: then what differs beyond the cut becomes equal. Subtract the row's largest instead": tensor([[0.5, 0.5], [0.5, 0.5], [1., 0.]]),
    "you wrote zeros over what overflowed: subtract each row's largest score first, and nothing overflows": tensor([[0., 0.], [0.5, 0.5], [0., 0.]])},
    hint="scores of a thousand; if the check above fails too, begin there")
check(softmax, tensor([[0., 0.]], dtype=torch.float64)).gives(tensor([[0.5, 0.5]], dtype=torch.float64), mistakes={
    "the numbers are right, and the scores were float64: leave out `.float()`, and make new tensors with `dtype=logits.dtype`": tensor([[0.5, 0.5]])})
check(softmax, tensor([[1., 2.], [3., 4.]])).leaves_its_arguments_alone()
check(softmax).is_written_without("softmax", "log_softmax", "Softmax", because="torch has one, and this exercise is about writing it")
### BEGIN HIDDEN TESTS
huge = torch.randn(3, 4) + tensor([[700.], [0.], [-900.]])
check(softmax, torch.cat([huge, 1000 * torch.eye(4)[:1]])).gives(lambda z: torch.softmax(z, dim=1), tolerance=1e-4, mistakes={
    "you subtracted the row's mean, or its smallest score: what stands far above that still overflows. Subtract the largest":
        lambda z: (z - z.mean(1, True)).exp() / (z - z.mean(1, True)).exp().sum(1, True),
    "you cut large scores off: then what differs beyond the cut becomes equal. Subtract the row's largest instead":
        lambda z: torch.softmax(z.clamp(-80, 80), dim=1),
    "you wrote zeros over what overflowed: subtract each row's largest score first, and nothing overflows":
        lambda z: (z.exp() / z.exp().sum(1, True)).nan_to_num(0.0),
    "e to the 1000 is infinity for a computer, and infinity by infinity is no number: subtract each row's largest score first": lambda z: z.exp() / z.exp().sum(1, True),
    "you subtracted the largest of the whole batch: then a row of smaller scores has nothing left, 0 by 0. Each row has its own largest":
        lambda z: (z - z.max()).exp() / (z - z.max()).exp().sum(1, True)})
check(softmax, torch.randn(3, 4).double()).gives(lambda z: torch.softmax(z, dim=1), mistakes={
    "the numbers are right, and the scores were float64: leave out `.float()`, and make new tensors with `dtype=logits.dtype`": lambda z: torch.softmax(z, dim=1).float()})
check(softmax, torch.randn(3, 4)).leaves_its_arguments_alone()
### END HIDDEN TESTS

# %% [markdown] rows="B7"
r"""
## 8. How surprised are you?
Here is a scribble, and it *is* a 4. Its writer did not close the top, or nearly did. Four networks were asked. How bad is each answer?
"""

# %%
names, classes = ("sure and right", "leaning right", "leaning wrong", "sure and wrong"), ("4", "9", "7")
answers = tensor([[0.97, 0.02, 0.01], [0.55, 0.40, 0.05], [0.40, 0.55, 0.05], [0.02, 0.97, 0.01]])
figure, panels = plots.figure(columns=4, width=10.5, height=3.1, sharey=True)
for axes, name, shares in zip(panels, names, answers):
    axes.bar(classes, shares, color=[plots.COLOURS["blue"], *[plots.FAINT] * 2], edgecolor=plots.INK, linewidth=0.8, hatch=["//", "", ""])
    axes.set(title=name, xlabel="class", ylim=(0, 1.15))
    axes.text(0, shares[0] + 0.03, f"{shares[0]:.2f}", ha="center")
panels[0].set_ylabel("share of belief")
plots.show(figure, alt="Four bar charts of shares for the classes 4, 9 and 7; the 4, which is right, is hatched. Its bar is nearly 1 in the first chart, just above the 9 in the second, just below the 9 in the third, and nearly nothing in the fourth.")

# %% [markdown] rows="B7"
r"""
Counting right and wrong, the middle two could not be further apart, and the last two are the same. That is a poor way to learn: nudge a weight, and nearly always the count does not move. What we want is a number that notices
*how much* the network believed in what turned out to be true.

Take the share that was given to the right class, and ask how surprising the truth was: minus the logarithm of the share. A share of 1 is no surprise, 0. A half is a coin that came up heads, 0.69. One fiftieth is 3.9, and zero would be a surprise without end. This is Claude Shannon's measure of information (1948),
in units called nats because the logarithm is the natural one. The mean over all examples is the **[cross-entropy](../glossary.md#cross-entropy)**, the loss of nearly every classifier there is.
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
plots.show(figure, alt="Surprise against the share given to the right class: zero at a share of 1, rising slowly to about 1 at a share of 0.4, and climbing steeply towards the left edge. The two leaning networks lie close together; the one that is sure and wrong lies far above all others.")

# %% [markdown] rows="B7"
r"""
The two that lean are close together, as they should be. Whoever is sure and wrong pays dearly, and the steep slope there is a strong push to change.

One more trap. To compute a share first and its logarithm afterwards goes wrong where the share is so small that the computer calls it zero: the logarithm of zero is minus infinity, and its gradient is no number at all. Go straight from the scores instead. For a row of scores $z$ whose right class is $t$,

$$\text{surprise} = \log\left(e^{z_1} + e^{z_2} + \dots\right) - z_t$$

which is the same thing with the division done by the logarithm. The first part is called **[log-sum-exp](../glossary.md#log-sum-exp)**, and again the largest score $m$ is taken out before anything can overflow: $m + \log\left(e^{z_1 - m} + e^{z_2 - m} + \dots\right)$.

**Exercise 6 (12 minutes, hard): cross-entropy.** From scores, not from shares. `logits[torch.arange(n), targets]` picks from each row the score of its right class. A network will be trained on it, so stay with torch's own operations: gradients have to flow through.
"""

# %% exercise="cross_entropy" minutes=12
@exercise
def cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """The mean surprise at the right classes, in nats, computed from the scores whatever their size.

    logits: (n, classes), scores. targets: (n,), int64, the right class of each row, 0 to classes - 1.
    Returns a scalar tensor of the scores' dtype, e.g. logits [[0., 0.]] and targets [1] -> 0.6931, the logarithm of 2.
    """
    ### BEGIN SOLUTION
    highest = logits.max(dim=1).values
    log_of_sum = highest + (logits - highest[:, None]).exp().sum(dim=1).log()
    return (log_of_sum - logits[torch.arange(len(logits)), targets]).mean()
    ### END SOLUTION


# %% check="cross_entropy" points=10
hints("For each row: the logarithm of the summed powers, minus the score of the right class. Then the mean over the rows.",
      "m = logits.amax(dim=1, keepdim=True) comes out before the powers and goes back in after the logarithm. logits[torch.arange(n), targets] are the right scores.",
      "m = logits.amax(dim=1); lse = m + (logits - m[:, None]).exp().sum(dim=1).log(); return (lse - logits[torch.arange(len(logits)), targets]).mean()")
raised = tensor([[1., 3., 4.], [2., 2., 6.]])                # the shares of the right classes, 2 and 0, are 4/8 and 2/10
check(cross_entropy, raised.log(), tensor([2, 0])).gives(1.151293, mistakes={
    "you summed over the rows: the loss is a mean": 2.302585,
    "the minus is missing: the logarithm of a share is negative, and surprise is not": -1.151293,
    "those are the surprises, one a row: their mean is wanted": tensor([0.693147, 1.609438]),
    "you divided by the number of classes: by the number of rows": 0.767528,
    "only the last row was counted: the loop has to add the surprises up, `total += ...`": 0.804719,
    "that is the mean share of the right classes: surprise is minus its logarithm": 0.35,
    "that is minus the mean share: the logarithm is missing": -0.35,
    "you took the mean of the shares and then the logarithm: the logarithm belongs to each row": 1.049822,
    "that is the surprise at what the network believes most: look up the right class, `targets`": 0.601986,
    "you took the mean over all classes as well: only the right class of each row counts, so divide by the number of rows": 0.383764,
    "you added up the surprise at every class: only the right one counts": 3.741560,
    "that is the mean surprise at every class: only the right one counts": 1.247187,
    "`logits[:, targets]` picks every target from every row: `logits[torch.arange(n), targets]` picks one from each": 1.223213,
    "you took the logarithm to base 2: nats come from `torch.log`": 1.660964,
    "you took the logarithm to base 10: nats come from `torch.log`": 0.5,
    "the indices are the wrong way round: rows first, `torch.arange(n)`, then their classes, `targets`": IndexError,
    "you left out the logarithm of the summed powers": 2.382634,
    "you counted how the wrong classes did, too: only the share of the right class counts": 2.022764,
    "softmax was taken twice, or what came in was taken for shares: what comes in are scores": 1.097124,
    "that is minus the mean score of the right class: the log-sum-exp is missing": -1.039721,
    "that is the log-sum-exp only: the score of the right class is taken away from it": 2.191013,
    "you added the score of the right class: it is subtracted": 3.230734,
    "you took the largest out and did not put it back after the logarithm": -0.437734,
    "you summed the powers down the columns: each row is an example of its own, dim=1": 0.660878,
    "you summed the powers of the whole batch: each row has its own sum": 1.850651,
    "that is one minus the share: surprise is minus the logarithm of the share": 0.65,
    "that is the mean squared error between shares and one-hot targets": 0.241042,
    "that is the entropy of the shares: it does not look at the targets": 0.962293,
    "your `return` stands inside a loop, so only the first row was counted": 0.693147})
### BEGIN HIDDEN TESTS
from torch.nn import functional

height = int(torch.randint(4, 7, ()))
guesses, truths = 2 * torch.randn(height, 3), torch.cat([torch.randperm(3), torch.randint(3, (height - 3,))])


def shares_of_right(logits, targets):
    return torch.softmax(logits, dim=1)[torch.arange(len(logits)), targets]


check(cross_entropy, guesses, truths).gives(functional.cross_entropy, mistakes={
    "that is the entropy of the shares: it does not look at the targets": lambda z, t: -(z.softmax(1) * z.log_softmax(1)).sum(1).mean(),
    "that is the mean squared error between shares and one-hot targets": lambda z, t: (z.softmax(1) - functional.one_hot(t, 3)).square().mean(),
    "you added the score of the right class: it is subtracted": lambda z, t: z.logsumexp(1).mean() + z[torch.arange(len(z)), t].mean(),
    "the indices are the wrong way round: rows first, `torch.arange(n)`, then their classes, `targets`": IndexError,
    "you left out the logarithm of the summed powers":
        lambda z, t: (z.amax(1) + (z - z.amax(1, True)).exp().sum(1) - z[torch.arange(len(z)), t]).mean(),
    "you counted how the wrong classes did, too: only the share of the right class counts":
        lambda z, t: functional.binary_cross_entropy(z.softmax(1), functional.one_hot(t, 3).float(), reduction="sum") / len(z),
    "you took the logarithm to base 10: nats come from `torch.log`": lambda z, t: functional.cross_entropy(z, t) / 2.302585092994046,
    "your `return` stands inside a loop, so only the first row was counted": lambda z, t: functional.cross_entropy(z[:1], t[:1]),
    "you summed over the rows: the loss is a mean": lambda z, t: functional.cross_entropy(z, t, reduction="sum"),
    "you divided by the number of classes: by the number of rows": lambda z, t: functional.cross_entropy(z, t, reduction="sum") / 3,
    "only the last row was counted: the loop has to add the surprises up, `total += ...`": lambda z, t: functional.cross_entropy(z[-1:], t[-1:]) / len(z),
    "the minus is missing: the logarithm of a share is negative, and surprise is not": lambda z, t: -functional.cross_entropy(z, t),
    "those are the surprises, one a row: their mean is wanted": lambda z, t: functional.cross_entropy(z, t, reduction="none"),
    "that is the mean share of the right classes: surprise is minus its logarithm": lambda z, t: shares_of_right(z, t).mean(),
    "that is minus the mean share: the logarithm is missing": lambda z, t: -shares_of_right(z, t).mean(),
    "you took the mean of the shares and then the logarithm: the logarithm belongs to each row": lambda z, t: -shares_of_right(z, t).mean().log(),
    "that is the surprise at what the network believes most: look up the right class, `targets`": lambda z, t: functional.cross_entropy(z, z.argmax(1)),
    "you took the mean over all classes as well: only the right class of each row counts, so divide by the number of rows": lambda z, t: functional.cross_entropy(z, t) / 3,
    "you added up the surprise at every class: only the right one counts": lambda z, t: -z.log_softmax(1).sum(1).mean(),
    "that is the mean surprise at every class: only the right one counts": lambda z, t: -z.log_softmax(1).mean(),
    "`logits[:, targets]` picks every target from every row: `logits[torch.arange(n), targets]` picks one from each": lambda z, t: -z.log_softmax(1)[:, t].mean(),
    "you took the logarithm to base 2: nats come from `torch.log`": lambda z, t: functional.cross_entropy(z, t) / 0.6931471805599453,
    "softmax was taken twice, or what came in was taken for shares: what comes in are scores": lambda z, t: functional.cross_entropy(z.softmax(1), t),
    "that is minus the mean score of the right class: the log-sum-exp is missing": lambda z, t: -z[torch.arange(len(z)), t].mean(),
    "that is the log-sum-exp only: the score of the right class is taken away from it": lambda z, t: z.logsumexp(1).mean(),
    "you took the largest out and did not put it back after the logarithm": lambda z, t: functional.cross_entropy(z, t) - z.amax(1).mean(),
    "you summed the powers down the columns: each row is an example of its own, dim=1": lambda z, t: functional.nll_loss(z.log_softmax(0), t),
    "you summed the powers of the whole batch: each row has its own sum": lambda z, t: z.logsumexp((0, 1)) - z[torch.arange(len(z)), t].mean(),
    "that is one minus the share: surprise is minus the logarithm of the share": lambda z, t: 1 - shares_of_right(z, t).mean()})
check(cross_entropy, torch.randn(4, 3), tensor([0, 2, 1, 1])).leaves_its_arguments_alone()
### END HIDDEN TESTS

# %% check="cross_entropy" aspect="large" points=5
check(cross_entropy, tensor([[1000., 0.], [0., 1000.], [0., 0.]]), tensor([1, 1, 0])).satisfies(
    "the right class of the first row is a thousand behind, a surprise of 1000; the second row's is none, the third row's is log 2; the mean is 333.56",
    lambda loss, *_: abs(loss - 333.5644) < 0.01, mistakes={
        "infinity came: a share of zero went into a logarithm, or e to the 1000 was too much. Take each row's largest out first, and go from the scores to the surprise without making shares":
            lambda loss, *_: loss == torch.inf or loss != loss,
        "the largest of the whole batch came out: then a row of smaller scores is left with the logarithm of zero. Each row has its own largest": lambda loss, *_: loss == -torch.inf,
        "you added a little something to the share, or cut it off, so that its logarithm survives; then it no longer knows how wrong a score is. Go straight from the scores":
            lambda loss, *_: 0.5 < loss < 60,
        "you wrote something over the infinity, and then it no longer knows how wrong a score is. Go straight from the scores": lambda loss, *_: loss > 1e30 or abs(loss - 0.231) < 0.01,
        "the mean over the rows is missing: you summed": lambda loss, *_: abs(loss - 1000.69) < 0.01},
    hint="scores of a thousand; if the check above fails too, begin there")
check(cross_entropy, tensor([[0., 0.]]), tensor([1])).gradient().gives(tensor([[0.5, -0.5]]), mistakes={
    "no gradient comes through: `.item()`, `.tolist()`, `.detach()`, NumPy or a fresh tensor end autograd's diary, and nothing could be trained on this": RuntimeError})
check(cross_entropy, tensor([[0., 0.]], dtype=torch.float64), tensor([1])).gives(tensor(0.6931471805599453, dtype=torch.float64), mistakes={
    "the numbers are right, and the scores were float64: leave out `.float()`, and make new tensors with `dtype=logits.dtype`": tensor(0.693147)})
check(cross_entropy).is_written_without("cross_entropy", "log_softmax", "logsumexp", "nll_loss", "CrossEntropyLoss", because="torch has it, and this exercise is about writing it")
### BEGIN HIDDEN TESTS
from torch.nn import functional

far = torch.cat([300 * torch.randn(5, 3) + 900 * torch.eye(3)[[0, 1, 2, 0, 1]], torch.full((1, 3), -2000.0)])
check(cross_entropy, far, tensor([1, 2, 0, 1, 2, 0])).satisfies(
    "the surprise grows with the distance between scores", lambda loss, z, t: abs(loss - functional.cross_entropy(z, t)) < 0.01, mistakes={
        "infinity came: a share of zero went into a logarithm, or e to the 1000 was too much. Take each row's largest out first, and go from the scores to the surprise without making shares":
            lambda loss, *_: loss == torch.inf or loss != loss,
        "the largest of the whole batch came out: then a row of smaller scores is left with the logarithm of zero. Each row has its own largest": lambda loss, *_: loss == -torch.inf,
        "you added a little something to the share, or cut it off, so that its logarithm survives; then it no longer knows how wrong a score is. Go straight from the scores":
            lambda loss, *_: 0.1 < loss < 110,
        "you wrote something over the infinity, and then it no longer knows how wrong a score is. Go straight from the scores": lambda loss, *_: loss > 1e30 or -0.01 < loss < 0.25,
        "the mean over the rows is missing: you summed": lambda loss, z, t: abs(loss - 6 * functional.cross_entropy(z, t)) < 0.05})
check(cross_entropy, torch.randn(5, 3).double(), tensor([1, 2, 0, 1, 2])).gives(functional.cross_entropy, mistakes={
    "the numbers are right, and the scores were float64: leave out `.float()`, and make new tensors with `dtype=logits.dtype`": lambda z, t: functional.cross_entropy(z, t).float()})
check(cross_entropy, torch.randn(4, 3), tensor([0, 2, 1, 1])).gradient().gives(lambda z, t: (z.softmax(1) - functional.one_hot(t, 3)) / 4, mistakes={
    "no gradient comes through: `.item()`, `.tolist()`, `.detach()`, NumPy or a fresh tensor end autograd's diary, and nothing could be trained on this": RuntimeError})
### END HIDDEN TESTS

# %% [markdown] rows="A8"
r"""
## 9. Right or wrong
For descent one wants a loss with slopes. For people one wants a number they can picture: the share of rows for which the class with the highest score is the right one, the **[accuracy](../glossary.md#accuracy)**. One descends on the first and reports the second.

The rows that one reports it on must not be those that the network learned from. Who hands the questions out before the exam examines nothing. So part of the rows, the **[test set](../glossary.md#test-set)**, is locked away before training, and what is left is the **[training set](../glossary.md#training-set)**.
Whoever tries many settings and keeps the one that is best on the test set has used it as an answer sheet; for such choices a third part is kept, the **[validation set](../glossary.md#validation-set)**.

**Exercise 7 (5 minutes, easy): accuracy.** No softmax is needed: the largest share belongs to the largest score.
"""

# %% exercise="accuracy" minutes=5
@exercise
def accuracy(logits: Tensor, targets: Tensor) -> Tensor:
    """The share of rows whose highest score is that of the right class, in [0, 1].

    logits: (n, classes), scores. targets: (n,), int64, the right class of each row.
    Returns a scalar tensor of float32, e.g. logits [[0., 1.], [3., 2.]] and targets [1, 1] -> 0.5.
    """
    ### BEGIN SOLUTION
    return (logits.argmax(dim=1) == targets).float().mean()
    ### END SOLUTION


# %% check="accuracy" points=7
hints("Which class does each row's highest score belong to? Then compare.",
      "logits.argmax(dim=1) gives the class of each row. A comparison gives True and False; `.float()` makes ones and zeros of them, whose mean is a share.",
      "return (logits.argmax(dim=1) == targets).float().mean()")
table = tensor([[3., 0., 5., 1., 2.], [4., 6., 3., 5., 2.], [5., 1., 0., 4., 3.], [1., 4., 2., 3., 5.], [5., 2., 0., 3., 1.]])   # highest: 2, 1, 0, 4, 0
check(accuracy, table, tensor([2, 1, 0, 1, 2])).gives(0.6, mistakes={
    "you counted: divide by the number of rows": 3,
    "you counted: divide by the number of rows, or take the mean": tensor(3.),
    "that is the share of wrong answers": 0.4,
    "that is in per cent: a share is between 0 and 1": 60.0,
    "you looked for the highest score of each column: each row is an example, dim=1": 0.8,
    "you took the lowest score: the highest is the answer": 0.2,
    "nothing was counted: compare the targets with where the highest score of each row stands, `argmax(dim=1)`, where classes count from 0; divide with `/`, not `//`; and in a loop, set the count to zero before it": 0.0,
    "you asked whether all rows are right: the share of them is wanted": False,
    "your `return` stands inside a loop, so only the first row was counted": 1.0,
    "you divided by the number of all scores: by the number of rows": 0.12,
    "those are the single verdicts: their mean is wanted": tensor([True, True, True, False, False]),
    "those are the single verdicts, as numbers: their mean is wanted": tensor([1., 1., 1., 0., 0.]),
    "those are the classes that the network believes: compare them with the targets": tensor([2, 1, 0, 4, 0]),
    "every row's answer was compared with every row's target: a column against a row broadcasts to a table": 0.24,
    "`.max(dim=1)` gives two things, the highest scores and where they stand: take `.indices`, or `argmax`": AttributeError,
    "True and False have no mean: `.float()` makes numbers of them": RuntimeError})
check(accuracy, tensor([[-3., -2.9, -3.], [0.2, 0.1, 0.]]), tensor([1, 0])).gives(1.0, mistakes={
    "the right class has the highest score in every row, though less than half of the shares, and in some all scores are below zero: compare scores with each other only": 0.0,
    "you divided by the number of classes: by the number of rows": 2 / 3,
    "a score need not be above zero to be the highest of its row: compare scores with each other only": 0.5}, hint="two rows, both right; if the check above fails too, begin there")
### BEGIN HIDDEN TESTS
believed = torch.cat([torch.randperm(5), torch.randint(5, (18,))])            # 23 rows, of which 14 to 17 will be right
certain = int(torch.randint(14, 18, ()))
marks = torch.rand(23, 5) + 2 * torch.eye(5)[believed]
truth = torch.where(torch.arange(23) < certain, believed, (believed + 1) % 5)
check(accuracy, marks, truth).gives(lambda z, t: (z.argmax(dim=1) == t).float().mean(), mistakes={
    "every row's answer was compared with every row's target: a column against a row broadcasts to a table":
        lambda z, t: (z.argmax(dim=1, keepdim=True) == t).float().mean(),
    "`.max(dim=1)` gives two things, the highest scores and where they stand: take `.indices`, or `argmax`": AttributeError,
    "True and False have no mean: `.float()` makes numbers of them": RuntimeError,
    "nothing was counted: compare the targets with where the highest score of each row stands, `argmax(dim=1)`, where classes count from 0; divide with `/`, not `//`; and in a loop, set the count to zero before it": 0.0,
    "those are the classes that the network believes: compare them with the targets": lambda z, t: z.argmax(dim=1),
    "those are the single verdicts, as numbers: their mean is wanted": lambda z, t: (z.argmax(dim=1) == t).float(),
    "you asked whether all rows are right: the share of them is wanted": False,
    "your `return` stands inside a loop, so only the first row was counted": lambda z, t: (z[0].argmax() == t[0]).float(),
    "you divided by the number of all scores: by the number of rows": lambda z, t: (z.argmax(dim=1) == t).float().sum() / z.numel(),
    "you took the lowest score: the highest is the answer": lambda z, t: (z.argmin(dim=1) == t).float().mean(),
    "you counted: divide by the number of rows": lambda z, t: int((z.argmax(dim=1) == t).sum()),
    "you counted: divide by the number of rows, or take the mean": lambda z, t: (z.argmax(dim=1) == t).float().sum(),
    "that is the share of wrong answers": lambda z, t: (z.argmax(dim=1) != t).float().mean(),
    "that is in per cent: a share is between 0 and 1": lambda z, t: 100 * (z.argmax(dim=1) == t).float().mean(),
    "you divided by the number of classes: by the number of rows": lambda z, t: (z.argmax(dim=1) == t).float().sum() / 5,
    "those are the single verdicts: their mean is wanted": lambda z, t: z.argmax(dim=1) == t})
highest = torch.randint(4, (5,))
check(accuracy, 0.3 * torch.rand(5, 4) + 0.5 * torch.eye(4)[highest] - 5 * (torch.arange(5) < 2).float()[:, None], highest).gives(1.0, mistakes={
    "the right class has the highest score in every row, though less than half of the shares, and in some all scores are below zero: compare scores with each other only": 0.0,
    "a score need not be above zero to be the highest of its row: compare scores with each other only": 0.6})
square, classes_of = torch.rand(4, 4) + 2 * torch.eye(4)[torch.randint(4, (4,))], torch.randint(4, (4,))
check(accuracy, square, classes_of).gives(lambda z, t: (z.argmax(dim=1) == t).float().mean(), mistakes={
    "you looked for the highest score of each column: each row is an example, dim=1": lambda z, t: (z.argmax(dim=0) == t).float().mean()})
check(accuracy, torch.randn(4, 3), tensor([0, 1, 2, 0])).leaves_its_arguments_alone()
### END HIDDEN TESTS

# %% [markdown]
r"""
## 10. The loop
All parts lie on the table. Nearly every training run in the world is these five steps in this order, once for each mini-batch:

1. let the network answer, and compute the **loss**;
2. **clear** the gradients of last time (lesson 03: new ones are *added* to the old);
3. read the diary **backward**: every parameter gets its gradient;
4. **step**: every parameter minus learning rate times its gradient, under `torch.no_grad()`, since the step is not part of the diary;
5. **write down** the loss, so that somebody can look at the curve.

In torch a network is an object, an `nn.Module`. Called with a batch it answers with logits. `parameters()` hands out its tensors, `zero_grad()` clears their gradients. The checks below use two small ones:
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
**Exercise 8 (15 minutes, hard): the training loop.** Write it, with `mini_batches` of lesson 03 dealing out the rows and your own `cross_entropy`. The step is plain descent: go through `model.parameters()` and write into each, `parameter -= ...`, so that the network itself changes. A name bound anew, `parameter = ...`, changes nothing in it.
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
check(fit, two_scores, tensor([[1.], [-1.]]), tensor([1, 0]), 3, 2, 4.0).satisfies(
    "two things come back: the network, and a list with a loss for each batch, here three",
    lambda result, *_: isinstance(result, tuple | list) and len(result) == 2 and isinstance(result[1], list) and len(result[1]) == 3
    and all(isinstance(loss, float) for loss in result[1]) and not isinstance(result[0], Tensor | list | float | dict), mistakes={
        "the two have changed places: the network first, then the losses": lambda result, *_: isinstance(result, tuple) and isinstance(result[0], list),
        "you gave back the losses only: the network is wanted too, before them": lambda result, *_: isinstance(result, list) and isinstance(result[0], float | Tensor),
        "you gave back the network only: the losses are wanted too, after it": lambda result, *_: not isinstance(result, tuple | list | float | Tensor | None),
        "the losses came as a tensor: a list of plain numbers is wanted": lambda result, *_: isinstance(result, tuple) and isinstance(result[1], Tensor) and result[1].ndim == 1,
        "your losses are tensors, each with its diary: `loss.item()` makes the plain number that is wanted": lambda result, *_: isinstance(result, tuple) and isinstance(result[1], list) and any(isinstance(loss, Tensor) for loss in result[1]),
        "you gave back the weights, `state_dict()`: the network itself is wanted": lambda result, *_: isinstance(result, tuple) and isinstance(result[0], dict),
        "you gave back a single loss: a list with one for each batch is wanted": lambda result, *_: isinstance(result, tuple) and isinstance(result[1], float | Tensor),
        "your list is too short, one loss for each batch of every epoch is wanted: was `epochs` handed to mini_batches, and does the `return` stand outside the loop?": lambda result, *_: isinstance(result, tuple) and len(result[1]) < 3,
        "your list is too long: mini_batches goes through all epochs by itself, no loop over the epochs goes round it": lambda result, *_: isinstance(result, tuple) and len(result[1]) > 3,
        "the step is part of the diary: put it under `with torch.no_grad():`": RuntimeError,
        "there is no gradient to step by (`loss.backward()` comes after the clearing and before the step), or brackets are missing: `make_model()`, `model.parameters()`": TypeError,
        "cross_entropy takes the scores first, (n, classes) as the network gives them, then the targets": IndexError,
        "a gradient is missing: `loss.backward()` comes after the clearing and before the step, and `.item()` only when you write the loss down": AttributeError})
### BEGIN HIDDEN TESTS
check(fit, small_net, torch.randn(11, 2), torch.randint(3, (11,)), 2, 4, 0.1).satisfies(
    "two things come back: the network, and a list with a loss for each batch",
    lambda result, *_: isinstance(result, tuple | list) and len(result) == 2 and isinstance(result[1], list) and len(result[1]) == 6
    and all(isinstance(loss, float) for loss in result[1]) and not isinstance(result[0], dict), mistakes={
        "the two have changed places: the network first, then the losses": lambda result, *_: isinstance(result, tuple) and isinstance(result[0], list),
        "you gave back the losses only: the network is wanted too, before them": lambda result, *_: isinstance(result, list) and isinstance(result[0], float | Tensor),
        "you gave back the network only: the losses are wanted too, after it": lambda result, *_: not isinstance(result, tuple | list | float | Tensor | None),
        "the losses came as a tensor: a list of plain numbers is wanted": lambda result, *_: isinstance(result, tuple) and isinstance(result[1], Tensor) and result[1].ndim == 1,
        "your losses are tensors, each with its diary: `loss.item()` makes the plain number that is wanted": lambda result, *_: isinstance(result, tuple) and isinstance(result[1], list) and any(isinstance(loss, Tensor) for loss in result[1]),
        "you gave back the weights, `state_dict()`: the network itself is wanted": lambda result, *_: isinstance(result, tuple) and isinstance(result[0], dict),
        "you gave back a single loss: a list with one for each batch is wanted": lambda result, *_: isinstance(result, tuple) and isinstance(result[1], float | Tensor),
        "your list is too short, one loss for each batch of every epoch is wanted: was `epochs` handed to mini_batches, and does the `return` stand outside the loop?": lambda result, *_: len(result[1]) < 6,
        "your list is too long: mini_batches goes through all epochs by itself, no loop over the epochs goes round it": lambda result, *_: len(result[1]) > 6,
        "cross_entropy takes the scores first, (n, classes) as the network gives them, then the targets": IndexError,
        "a gradient is missing: `loss.backward()` comes after the clearing and before the step, and `.item()` only when you write the loss down": AttributeError,
        "the step is part of the diary: put it under `with torch.no_grad():`": RuntimeError,
        "there is no gradient to step by (`loss.backward()` comes after the clearing and before the step), or brackets are missing: `make_model()`, `model.parameters()`": TypeError})
### END HIDDEN TESTS

# %% check="fit" aspect="losses" points=7 uses="cross_entropy"
check(fit, two_scores, tensor([[1.], [-1.]]), tensor([1, 0]), 3, 2, 4.0).then("__getitem__", 1).gives([0.693147, 0.01815, 0.015737], tolerance=1e-4, mistakes={
    "the gradients pile up from step to step: clear them before each `backward()`": [0.693147, 0.01815, 0.00029],
    "you walked uphill: subtract": [0.693147, 4.01815, 11.856116],
    "nothing is learned: `parameter = parameter - ...` leaves the network's own tensor as it was (write into it with `-=`), or a fresh network is made for every batch (make it once, before the loop), or the step is not made of `parameter.grad`": [0.693147, 0.693147, 0.693147],
    "you stepped by the gradient and forgot the learning rate": [0.693147, 0.313262, 0.194609],
    "you divided the step by the batch size: the loss is a mean already": [0.693147, 0.126928, 0.080668],
    "you multiplied the step by the batch size: the loss is a mean, and so is its gradient": [0.693147, 0.000335, 0.000334],
    "you stepped by a learning rate of your own: use the one that came in": [0.693147, 0.644397, 0.600391],
    "you measured the loss after the step: write down the one that the gradient was taken of": [0.01815, 0.015737, 0.013902],
    "softmax was taken before the cross-entropy, which takes scores and does that itself": [0.693147, 0.383166, 0.354944],
    "that is Adam: plain descent is wanted here": [0.693147, 0.000335, 0.00000155],
    "that is descent with momentum: plain descent is wanted here": [0.693147, 0.01815, 0.000433],
    "that is the sum over the batch: the loss is a mean": [1.386294, 0.000671, 0.000667],
    "the losses pile up: each is to be that of its own batch": [0.693147, 0.711297, 0.727034]},
    hint="those are the losses; if the check above fails too, begin there")
### BEGIN HIDDEN TESTS
from course import networks

drops, colours = torch.randn(11, 2), torch.randint(3, (11,))


def run(make_model, inputs, targets, epochs, batch_size, rate, clear=True, order=None, sign=-1.0, softmax=False, moves=lambda parameter: True, late=False, summed=False, optimiser=None):
    model, losses = make_model(), []
    optimiser = optimiser and optimiser(model.parameters())
    for x, y in order or mini_batches(inputs, targets, batch_size, epochs):
        scores = model(x)
        loss = nn.functional.cross_entropy(scores.softmax(1) if softmax else scores, y, reduction="sum" if summed else "mean")
        if clear:
            model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in filter(moves, () if optimiser else model.parameters()):
                parameter += sign * rate * parameter.grad
        if optimiser:
            optimiser.step()
        losses.append((nn.functional.cross_entropy(model(x), y) if late else loss).item())
    return losses


check(fit, small_net, drops, colours, 3, 4, 0.7).then("__getitem__", 1).gives(lambda *given: networks.fit(*given)[1], tolerance=1e-4, mistakes={
    "you divided the step by the batch size: the loss is a mean already": lambda make, x, y, epochs, size, rate: run(make, x, y, epochs, size, rate / size),
    "you multiplied the step by the batch size: the loss is a mean, and so is its gradient": lambda make, x, y, epochs, size, rate: run(make, x, y, epochs, size, rate * size),
    "the rows were dealt in another order: call `mini_batches(inputs, targets, batch_size, epochs)` once":
        lambda *given: run(*given, order=[batch for epoch in range(3) for batch in mini_batches(given[1], given[2], 4, 1, epoch)]),
    "that is Adam: plain descent is wanted here": lambda *given: run(*given, optimiser=lambda weights: torch.optim.Adam(weights, given[-1])),
    "that is descent with momentum: plain descent is wanted here": lambda *given: run(*given, optimiser=lambda weights: torch.optim.SGD(weights, given[-1], 0.9)),
    "you stepped by a learning rate of your own: use the one that came in": lambda make, x, y, epochs, size, rate: run(make, x, y, epochs, size, 0.1),
    "you measured the loss after the step: write down the one that the gradient was taken of": lambda *given: run(*given, late=True),
    "that is the sum over the batch: the loss is a mean": lambda *given: run(*given, summed=True),
    "the losses pile up: each is to be that of its own batch": lambda *given: tensor(networks.fit(*given)[1]).cumsum(0).tolist(),
    "the gradients pile up from step to step: clear them before each `backward()`": lambda *given: run(*given, clear=False),
    "you walked uphill: subtract": lambda *given: run(*given, sign=1.0),
    "nothing is learned: `parameter = parameter - ...` leaves the network's own tensor as it was (write into it with `-=`), or a fresh network is made for every batch (make it once, before the loop), or the step is not made of `parameter.grad`":
        lambda *given: run(*given, moves=lambda parameter: False),
    "only some of the parameters learn: step through all of `model.parameters()`, biases too": lambda *given: run(*given, moves=lambda parameter: parameter.ndim > 1),
    "only the last of the parameters learn: step through all of `model.parameters()`": lambda *given: run(*given, moves=lambda parameter: len(parameter) == 3),
    "the rows come in the order of the file: mini_batches shuffles them anew each epoch": lambda *given: run(*given, order=3 * list(zip(given[1].split(4), given[2].split(4)))),
    "you stepped by the gradient and forgot the learning rate": lambda make, x, y, epochs, size, rate: run(make, x, y, epochs, size, 1.0),
    "softmax was taken before the cross-entropy, which takes scores and does that itself": lambda *given: run(*given, softmax=True),
    "each step saw all rows: a batch at a time, as mini_batches deals them": lambda make, x, y, epochs, size, rate: run(make, x, y, epochs, len(x), rate),
    "the network answered for all rows each time: `model(x_batch)`, with the rows that mini_batches deals": lambda *given: run(*given, order=9 * [(given[1], given[2])]),
    "you went through the rows once: `epochs` times": lambda make, x, y, epochs, size, rate: run(make, x, y, 1, size, rate),
    "every epoch dealt the same order: give `epochs` to mini_batches, which shuffles anew each time":
        lambda *given: run(*given, order=3 * list(mini_batches(given[1], given[2], 4)))})
### END HIDDEN TESTS

# %% check="fit" aspect="network" points=5 uses="cross_entropy"
check(fit, two_scores, tensor([[1.], [-1.]]), tensor([1, 0]), 1, 2, 4.0).then("__getitem__", 0).then("state_dict").gives(
    {"weight": tensor([[-2.], [2.]]), "bias": tensor([0., 0.])}, tolerance=1e-4, mistakes={
        "the network that you give back has learned nothing: write into its own parameters, and give back that very network": {"weight": tensor([[0.], [0.]]), "bias": tensor([0., 0.])},
        "it walked uphill: subtract": {"weight": tensor([[2.], [-2.]]), "bias": tensor([0., 0.])},
        "you stepped by the gradient and forgot the learning rate": {"weight": tensor([[-0.5], [0.5]]), "bias": tensor([0., 0.])}},
    hint="one step: the first weight falls by 2 and the second rises by 2; if a check above fails too, begin there")
check(fit, two_scores, tensor([[1.], [-1.]]), tensor([1, 0]), 1, 2, 4.0).leaves_its_arguments_alone()
### BEGIN HIDDEN TESTS
from course import networks

check(fit, small_net, torch.randn(9, 2), torch.randint(3, (9,)), 2, 4, 0.5).then("__getitem__", 0).then("state_dict").gives(
    lambda *given: networks.fit(*given)[0].state_dict(), tolerance=1e-4, mistakes={
        "the network that you give back has learned nothing: write into its own parameters, and give back that very network":
            lambda make, *_: make().state_dict(),
        "it walked uphill: subtract": lambda make, x, y, epochs, size, rate: networks.fit(make, x, y, epochs, size, -rate)[0].state_dict(),
        "you stepped by the gradient and forgot the learning rate": lambda make, x, y, epochs, size, rate: networks.fit(make, x, y, epochs, size, 1.0)[0].state_dict()})
### END HIDDEN TESTS

# %% [markdown]
r"""
Here is your loop at work on the two paints of the beginning, with eight neurons, your `relu` between the layers, and nothing in it that you have not built.

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
plots.show(figure, alt="Left, the loss of each mini-batch against the step: it trembles and falls. Right, the map of the two paints with the learned boundary.")
print("all drops on the right side:", bool(accuracy(paint_model(points), paints) == 1))

# %% [markdown] rows="A7"
r"""
## 11. Hello, digits
The first program in a new language prints 'hello, world'. The first network in a new framework reads the handwritten digits of MNIST: 28 by 28 grey pixels in, one of ten classes out. The task has a real past. In 1989 Yann LeCun and colleagues at Bell Labs trained
a network on postcodes from envelopes of the US mail, and by 1998 its descendants were reading several million cheques a day (both in *Where to read on*). What was a product is now ten lines.

They use the course's `train`. It is your loop with four comforts: an optimiser of your choice (Adam unless you say otherwise), data that are moved to where the model is, a learning rate that climbs and cools down (`schedule=True`), and curves that are drawn while it runs. Read it: `course/training.py` is short.
The layers are torch's own: `nn.Flatten` lays the pixels in a row, `nn.Linear` is your `dense`, `nn.ReLU` is your `relu`. Many versions of this program have one more line, a layer called dropout; that is lesson 06. In other frameworks the loss goes by 'sparse categorical cross-entropy', which is yours, and the last two lines are called `fit` and `evaluate`.
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
Nineteen out of twenty, from pixels that the network sees as a row of 784 numbers without any notion of what is next to what. Shuffle the pixels of all images in the same way, and it would learn just as well. Lesson 05 gives it eyes.

Which ones does it get wrong? And what does it say when it cannot know? Below are the worst surprises of the exam; then a 4 is turned into a 9, a little at a time, and we ask what it believes.
"""

# %% rows="B7" tags=["nbval-ignore-output"]
digit_net.eval()
with torch.no_grad():
    scores = digit_net(images[test].to(device)).cpu()
surprise = -torch.log_softmax(scores, dim=1)[torch.arange(len(test)), labels[test]]
figure, panels = plots.figure(columns=6, width=10.5, height=2.4)
for axes, row in zip(panels, surprise.argsort(descending=True)[:6]):
    plots.image(axes, 1 - images[test][row, 0], f"a {labels[test][row]}, read as {scores[row].argmax()}")
plots.show(figure, alt="Six handwritten digits on which the network was most wrong, each with what it is and what it was read as. Several would give a person pause too.")

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
right.set(xlabel="how much of the 9 is in the picture, %", ylabel="share of belief")
right.legend()
plots.show(figure, alt="Left, a handwritten 4, a 9, and between them their half and half mixture. Right, the shares of belief as the 4 turns into the 9: the curve for 4 starts near 1 and the curve for 9 ends near 1; somewhere in between belief goes over from the one to the other. A third curve is what all other digits get on the way.")

# %% [markdown] rows="A8"
r"""
## 12. The pupil who memorises
Every school has a pupil who knows each definition word for word and is lost as soon as a question is put another way. Networks can be like that. The next cell takes 300 of the small digits of lesson 01 and *shuffles the labels*: what is called a 7 may be any
digit. There is nothing to understand. Can it be learned?
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
    print(f"{name:20s} recites more than 98 % of its 300 rows: {knows > 0.98}   gets more than 90 % of the exam: {understands > 0.9}, more than 20 %: {understands > 0.2}")

# %% [markdown] rows="A8"
r"""
The same network, the same 300 images, and perfect recitation both times. One of the two understood something. Nothing in the training loss tells you which: only rows it has never seen do. (Chiyuan Zhang and colleagues did this in 2017 with a million images and shook the field, since theory had thought networks too limited to memorise that much.)

Reciting what happens to be in the training rows, their accidents included, at the cost of rows never seen is **[overfitting](../glossary.md#overfitting)**. Here it is in slow motion. Four labels in ten have been filled in by a tired assistant, at random:
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
plots.show(figure, alt="Share of right answers against the epoch. The exam's curve rises fast, reaches its highest point, marked by a dotted line, in the first half, and then sinks. The curve of the training rows keeps rising all the way.")
print("the exam goes best before epoch 50:", best + 1 < 50, "  and ends at least 5 points lower:", history.validation_accuracy[best] - history.validation_accuracy[-1] > 0.05)

# %% [markdown] rows="A8"
r"""
What most rows have in common is learned first, for it pays on many rows at once. Then come the accidents, one row at a time, and each is learned by bending the boundary around it. A cheap remedy is to stop at the dotted line, and it shows why a validation set is needed: a decision was just made with those rows, so they are no longer an exam.
Better remedies fill lessons 06, 07 and 08.

## 13. The landscape of a network
A line has two parameters, and we could draw its landscape. Four and four neurons have sixteen weights between them: a landscape over sixteen directions, with the height as the seventeenth. Nobody has ever seen one. The network of section 11 has 407,050 parameters.

What can be drawn is a slice. Stand where the network is, choose two directions at random in the space of all parameters, and measure the loss on a grid of steps along both. There is a catch. Take a ReLU network, make all weights and biases of one layer ten times as large and the weights of the next ten times as small: it
answers exactly as before, but a step of length 1 is now a tenth as much to the one and ten times as much to the other. Any picture could be made to look flat or steep. The cure of Hao Li and colleagues (2018) is to give each neuron's part of the direction the same length as the neuron's own weights: **[filter normalisation](../glossary.md#filter-normalisation)**. A step of 1 then means: as far as the weights are large.

Here it is for a small network on the small digits, 25 by 25 networks, each with all its parameters moved. Computing them one after the other wastes time in Python, and `torch.func` can compute many networks in one batch, as if they were rows. Does that pay?
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
    print(f"25 x 25 networks, {neurons} wide, {rows:4d} rows: one by one {looped:.2f} s, batched {batched:.2f} s, ratio {looped / batched:.1f}; as the course chooses {chosen:.2f} s")

# %% [markdown]
r"""
On a CPU batching wins clearly where networks are small and rows few: there each network is a handful of tiny operations, and Python's overhead for each of them costs more than the arithmetic. Where a single network keeps the processor busy there is nothing to gain; a hundred of them at once no longer fit into its cache, and batching loses.
A GPU has thousands of cores to fill, and small operations one by one leave most of them idle: there batching pays throughout. So `landscape` chooses by the device and by rows times parameters, and says why in its docstring.

Now the picture for which the method was invented. We train two networks, each twenty layers deep and 16 wide, on the same digits. The second has **[skip connections](../glossary.md#skip-connection)**: each layer's input is added to its output, so that what came in can pass by (Kaiming He and colleagues, 2016). Nothing else differs, except that those weights start smaller, since sums grow. Heights are losses; each mark is a hundred times the one below, or nothing would be seen of the right one.
"""

# %% rows="B6" tags=["nbval-ignore-output"]
learn_small, exam_small = data.stratified_split(small_labels, test=300)
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
plots.show(figure, alt="Two landscapes side by side, heights as powers of ten. Without skips: steep, folded walls, ridges and several hollows, reaching a hundred thousand and more. With skips: a single smooth bowl whose rim is hundreds of times lower.")

# %% rows="B6" tags=["nbval-ignore-output"]
def share_bent_over(land: Tensor) -> float:
    """The share of places where the land is curved like a hilltop along at least one of the two axes. land: (k, k)."""
    along, across = land[1:-1, 2:] - 2 * land[1:-1, 1:-1] + land[1:-1, :-2], land[2:, 1:-1] - 2 * land[1:-1, 1:-1] + land[:-2, 1:-1]
    return float(((along < 0) | (across < 0)).float().mean())


for name, land in lands.items():
    print(f"{name:14s} highest loss {land.max():10,.0f}   bent like a hilltop at {share_bent_over(land):4.0%} of the places   {trained[name]:.0%} of the exam")

# %% [markdown] rows="B6"
r"""
The same digits, the same depth, the same number of parameters. Without skips: folds, walls, side valleys, and a network that learned less. With them: one bowl. The famous picture of this is of networks with 56 convolutional layers on small photographs, with and without skips; you have made its little brother in seconds.

What was lost in the drawing? Nearly everything. It is two directions out of thousands, at one scale, in one place; a saddle can look like a bowl if the slice misses the way down. Such pictures are good for comparing two networks drawn by the same rule. They are no proof about either.

## 14. Tools round the loop
A loop like yours is a small part of what one works with. Round every framework there has grown a family of tools. TensorFlow, which Google opened in 2015, brought a large one:

| for | round TensorFlow | round PyTorch |
|---|---|---|
| layers and loops in few lines | Keras | nn.Module, Lightning |
| looking into a run | TensorBoard | TensorBoard too |
| on phones and small devices | TensorFlow Lite, now LiteRT | ExecuTorch |
| in a browser | TensorFlow.js | ONNX Runtime Web |
| faster arithmetic | XLA; its relative JAX | torch.compile |
| from data to service | TensorFlow Extended | TorchServe and others |

The one to know first is **TensorBoard**: a page with curves, weights and pictures of a run, drawn while it runs. Torch can write the files it reads, and `after_batch` of `train`, which is called after each mini-batch, is the place to do it. TensorBoard is a package of its own; where it is not installed, the cell says so and goes on.
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
And when the kernel stops, the network is gone, unless you save it. A model that others can use is a package: the weights, the code or a description that says what to do with them, and what had to be done to the inputs (pixels from 0 to 1, white on black!). Torch saves the weights by name. Load them with `weights_only=True`: what came from
a stranger is then read as numbers and never run as code. For other programs than Python one exports the whole computation, to the ONNX format for example; lesson 09 does that and runs a network in a browser.
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
One last thing about cross-entropy. Let the classes be letters, and the input what has been written so far: a network that is seldom surprised by the next letter can write, by drawing letters according to its own shares. Let them be notes, and it plays; strokes of a pen, and it draws. Andrej Karpathy's letters (2015), David Ha and Douglas Eck's
sketches (2017) and the Music Transformer of Cheng-Zhi Anna Huang and colleagues (2018) are this loop with larger networks. What they make is guessed from shares, one small choice after another.

## Quiz (10 minutes)
Five questions, one letter each, between the quotes. Whether you are right is told when you hand in.
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
     "because": {"a": "that is the share itself; surprise is minus its logarithm", "b": "that would be the surprise if the first class were right: the loss looks at what is true, not at what is believed most"}},
    {"ask": "What does the universal approximation theorem say about ReLU networks with one hidden layer?",
     "choices": {"a": "with enough neurons there are weights that come as close as you like, on a bounded stretch", "b": "descent finds weights that come as close as you like",
                 "c": "they come as close as you like everywhere, also far outside the training data"},
     "right": "a",
     "because": {"b": "it says that such weights exist; finding them is another matter", "c": "outside the stretch a ReLU network runs on in straight lines"}},
    {"ask": "Your loss starts well and then jumps about more and more wildly, at any learning rate. Which line of the loop is probably missing?",
     "choices": {"a": "model.zero_grad()", "b": "losses.append(loss.item())", "c": "torch.manual_seed(0)"},
     "right": "a",
     "because": {"b": "writing the loss down changes nothing about the walk", "c": "the seed decides where the walk starts, not how it goes on"}},
    {"ask": "A network is right on 100 % of its training rows and on 61 % of the test rows. A colleague tries forty settings and keeps the one with the best test accuracy, 70 %. What is the 70 % worth?",
     "choices": {"a": "it is the accuracy to expect on new rows", "b": "it is too hopeful: the test rows took part in the choice", "c": "nothing can be said, since the training accuracy is missing"},
     "right": "b",
     "because": {"a": "the best of forty is partly the luckiest of forty on just those rows; that is what a validation set is for", "c": "training accuracy says nothing about new rows"}},
]

# %% [markdown]
r"""
## What to remember
1. A neuron is a weighted sum and a simple choice. A network is layers of them, and without the choices it is a single layer.
2. A ReLU network is a heap of nested `if`s with straight lines inside. One hidden layer can follow any curve on a bounded stretch, and outside it runs straight on.
3. Softmax makes shares of scores, cross-entropy is the mean surprise at the truth. Compute it from scores, with the largest taken out first.
4. Loss, clear, backward, step, write down: that is every training loop. Report accuracy on rows that were never used for training or for choosing.
5. A network can recite nonsense perfectly. And a picture of its landscape is a slice along two directions out of thousands.

## Terms
[neuron](../glossary.md#neuron), [weight](../glossary.md#weight), [bias](../glossary.md#bias), [activation function](../glossary.md#activation-function), [sigmoid](../glossary.md#sigmoid), [ReLU](../glossary.md#relu),
[layer](../glossary.md#layer), [dense layer](../glossary.md#dense-layer), [neural network](../glossary.md#neural-network), [decision boundary](../glossary.md#decision-boundary), [universal approximation](../glossary.md#universal-approximation),
[regression](../glossary.md#regression), [classification](../glossary.md#classification), [logit](../glossary.md#logit), [softmax](../glossary.md#softmax), [cross-entropy](../glossary.md#cross-entropy), [log-sum-exp](../glossary.md#log-sum-exp),
[accuracy](../glossary.md#accuracy), [training set](../glossary.md#training-set), [validation set](../glossary.md#validation-set), [test set](../glossary.md#test-set), [overfitting](../glossary.md#overfitting),
[filter normalisation](../glossary.md#filter-normalisation), [skip connection](../glossary.md#skip-connection)

## Where to read on
- Frank Rosenblatt, *The Perceptron: A Probabilistic Model for Information Storage and Organization in the Brain*, Psychological Review 65, 1958. The first neuron that learned.
- Kunihiko Fukushima, *Visual Feature Extraction by a Multilayered Network of Analog Threshold Elements*, IEEE Transactions on Systems Science and Cybernetics 5, 1969; Xavier Glorot, Antoine Bordes and Yoshua Bengio, *Deep Sparse Rectifier Neural Networks*, AISTATS 2011. The simplest choice, twice.
- David Rumelhart, Geoffrey Hinton and Ronald Williams, *Learning Representations by Back-propagating Errors*, Nature 323, 1986. Four pages.
- George Cybenko, *Approximation by Superpositions of a Sigmoidal Function*, Mathematics of Control, Signals and Systems 2, 1989. The theorem.
- Yann LeCun and others, *Backpropagation Applied to Handwritten Zip Code Recognition*, Neural Computation 1, 1989; *Gradient-Based Learning Applied to Document Recognition*, Proceedings of the IEEE 86, 1998. Postcodes, then cheques.
- Chiyuan Zhang, Samy Bengio, Moritz Hardt, Benjamin Recht and Oriol Vinyals, *Understanding Deep Learning Requires Rethinking Generalization*, ICLR 2017. The labels drawn by lot.
- Kaiming He, Xiangyu Zhang, Shaoqing Ren and Jian Sun, *Deep Residual Learning for Image Recognition*, CVPR 2016. Skips.
- Hao Li, Zheng Xu, Gavin Taylor, Christoph Studer and Tom Goldstein, *Visualizing the Loss Landscape of Neural Nets*, NeurIPS 2018. The pictures.
- Ashi Krishnan, *Deep Learning in JS*, JSConf EU, 2018. Where the pile of `if`s is told on a stage.

Next: lesson 05 lets a network look at what lies next to what.
"""
