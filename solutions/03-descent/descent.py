# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   course:
#     title: Down the landscape of loss
#     rows: [B3]
#     minutes: 130
#     builds_on: [02-lines]
# ---

# %% [markdown] rows="B3"
r"""
# Down the landscape of loss

**How do you find the bottom of a landscape that you cannot see?**

In lesson 02 you flew over the landscape of loss and took photographs: the loss of every line on a grid, then the lowest
square. That works for a line, whose two parameters are two knobs to turn. Give each knob a hundred positions and two knobs make 10,000 lines.
Ten knobs make a hundred billion billion. Networks have thousands of knobs and more, and nobody flies over that.

So we land. We stand on a hillside, in fog, and can feel only the ground under our feet. Feel which way it falls, take a step, and
feel again. Nearly everything that is called learning in deep learning is this one habit, repeated.
"""

# %% setup=true
from collections.abc import Callable, Iterator

import torch
from course import data, plots
from course.check import answer, begin, check, checks, exercise, hints
from course.lines import least_squares, loss_landscape, mse, predict, residuals
from course.values import Value
from torch import Tensor, tensor

begin("03-descent")

x, y = data.paint_splatter()      # the splatter of lesson 02: 200 drops, in metres
start = tensor([-1.0, 1.0])       # where every walk begins: slope, intercept


# %% [markdown]
r"""
The splatter of paint is the one from lesson 02. We start with a line that nobody would draw: it begins one metre up the wall
and runs down through the floor. Watch what happens to it. Each dot is a line, and the height of its dot is its loss.
"""

# %%
from course.descent import descend as walk_down  # the course's own; yours comes in section 4

best = least_squares(x, y)                        # lesson 02: the lowest point, by algebra
least = mse(predict(x, *best), y)
LAND = ("slope, m per m", "intercept, m", "loss, m²")
slopes, intercepts = torch.linspace(-1.4, 2.0, 81), torch.linspace(-0.4, 1.9, 81)
land = loss_landscape(x, y, slopes, intercepts)

figure, axes = plots.figure(width=9, height=6, subplot_kw={"projection": "3d"})
plots.landscape_3d(axes, slopes, intercepts, land, path=walk_down(start, x, y, 0.1, 120), turn=-35, tilt=40, names=LAND)
plots.show(figure, "walk")

# %% [markdown] rows="B3"
r"""
Two things are worth noticing before we build it. The path first falls down the steep wall and only then turns to follow the
valley. And the steps shrink by themselves: nobody told the walker to slow down. Sections 4 and 5 explain both.

**By the end you can**

- measure a gradient by nudging, work it out on paper, have torch work it out, and build what torch does inside;
- write gradient descent, and say why a rate that is too high throws you out of the valley;
- feed a model in mini-batches without losing a row, and say why that is called stochastic;
- write momentum and Adam, two of the walkers that come with torch;
- tell a parameter from a hyperparameter.

**Time:** about 130 minutes: 77 for the seven exercises, 10 for the quiz, 10 for a short essay, the rest to read and play. **Builds on:** lesson 02, *A line
through a splatter
of paint* (residuals, mean squared error, the landscape).

## 1. Poke every knob
A line has two knobs, slope and intercept. Turn one of them up by a hair and look at the loss. Did it rise or fall, and by how much?
Divide the change in loss by the change that made it, and you have the steepness of the *landscape* in that direction: how much the loss changes for
each unit that you turn this knob. School called that a **[derivative](../glossary.md#derivative)**. It is no more than that.

Do it for each knob in turn and write the answers in a list. That list is the **[gradient](../glossary.md#gradient)**:
one number a knob, pointing the way uphill.
"""

# %%
def splatter_loss(parameters: Tensor) -> Tensor:
    """The loss of one line over the whole splatter. parameters: (2,), slope then intercept."""
    return mse(predict(x, *parameters), y)


nudge = 0.01
here = splatter_loss(start)
print(f"loss where we stand             {here:.4f}")
print(f"slope a nudge up                {splatter_loss(start + tensor([nudge, 0.])):.4f}")
print(f"slope a nudge down              {splatter_loss(start - tensor([nudge, 0.])):.4f}")
print(f"intercept a nudge up            {splatter_loss(start + tensor([0., nudge])):.4f}")
print(f"intercept a nudge down          {splatter_loss(start - tensor([0., nudge])):.4f}")

# %% [markdown]
r"""
More slope is better here, less is worse, and a little more intercept helps too. To see what pokes measure, cut the
landscape open along one knob and make the nudge large. Poke *up only*, and the straight line from where you stand to where you poked cuts
across the bend: it is not as steep as the ground under your feet. Poke *up and down* and take the steepness between those two, and the errors on the two sides
cancel.
"""

# %% folded=true
figure, panels = plots.figure(columns=2, sharey=True)
reach, poke = torch.linspace(-1.1, 1.1, 61), 0.9
for axes, knob, name in zip(panels, (0, 1), ("slope", "intercept")):
    one = torch.eye(2)[knob]
    down, here, up = (splatter_loss(start + step * one) for step in (-poke, 0, poke))
    axes.plot(start[knob] + reach, [splatter_loss(start + step * one) for step in reach], label="the loss")
    axes.plot(start[knob] + reach, here + reach * (up - here) / poke, linestyle="--", color=plots.COLOURS["orange"], label="poked up only")
    axes.plot(start[knob] + reach, here + reach * (up - down) / (2 * poke), linestyle="-.", color=plots.COLOURS["vermillion"], label="poked up and down")
    axes.plot(start[knob] + tensor([-poke, poke]), [down, up], marker="o", markersize=7, linestyle="none", color=plots.COLOURS["blue"])
    axes.plot(start[knob], here, marker="s", markersize=9, linestyle="none", color=plots.COLOURS["black"])
    axes.set(xlabel=LAND[knob], title=f"Cut along the {name}", ylim=(-2.5, 8))
panels[0].set_ylabel(LAND[2])
panels[0].legend()
plots.show(figure, "cuts")

# %% [markdown]
r"""
**Exercise 1 (10 minutes, easy): finite differences.** Poke every knob, up and down, and return the gradient. The loss is handed to you as a function, so your
code will work for any landscape, with any number of knobs. This is a **[finite difference](../glossary.md#finite-difference)**; with a
poke on either side it is a *central* one. The cell below has four small landscapes to try it on.
"""

# %% setup=true
def bowl(parameters: Tensor) -> Tensor:
    """A round valley with its lowest point at zero. parameters: (p,). Returns a scalar."""
    return (parameters ** 2).sum()


def ripples(parameters: Tensor) -> Tensor:
    """Waves along every knob. parameters: (p,). Returns a scalar."""
    return parameters.sin().sum()


def saddle(parameters: Tensor) -> Tensor:
    """What one knob does depends on where the others stand. parameters: (p,). Returns a scalar."""
    return parameters.prod()


def trough(parameters: Tensor) -> Tensor:
    """Float32 data of its own are in it, as in the loss of a model. parameters: (p,), float32. Returns a scalar."""
    return (torch.ones(len(parameters)) @ parameters - 1) ** 2


# %% exercise="finite_difference" minutes=10
@exercise
def finite_difference(loss: Callable[[Tensor], Tensor], parameters: Tensor, nudge: float = 1e-2) -> Tensor:
    """The gradient of a loss, by poking one parameter at a time, once up and once down.

    loss: a function from parameters (p,) to a scalar. parameters: (p,), to be left as they were.
    nudge: how far to poke to either side, in the parameter's own units.
    Returns (p,), in the dtype that came in: loss per unit of each parameter, e.g. bowl at [1., 2.] -> [2., 4.].
    """
    ### BEGIN SOLUTION
    slopes = torch.zeros_like(parameters)
    for index in range(len(parameters)):
        up, down = parameters.clone(), parameters.clone()
        up[index] += nudge
        down[index] -= nudge
        slopes[index] = (loss(up) - loss(down)) / (2 * nudge)
    return slopes
    ### END SOLUTION


# %% check="finite_difference" points=7
hints("Turn one knob, leave the others, and ask the loss again.",
      "For each parameter make two copies, one poked up and one poked down. The slope is the rise between the two over the distance between them.",
      "up = parameters.clone(); up[i] += nudge; the same for down; then (loss(up) - loss(down)) / (2 * nudge).")
check(finite_difference, bowl, tensor([1., 2.]), 0.25).gives(tensor([2., 4.]))
check(finite_difference, ripples, tensor([0.]), torch.pi / 2).gives(tensor([2 / torch.pi]))   # half a wave
check(finite_difference).agrees(where=lambda call: call.loss != "saddle")

# %% check="finite_difference" aspect="alone" points=5
check(finite_difference, saddle, tensor([1., 2.]), 0.25).gives(tensor([2., 1.]))
check(finite_difference).agrees(loss="saddle")
check(finite_difference).keeps_the_contract()

# %% [markdown]
r"""
**Experiment.** How small should a nudge be? Smaller sounds better: less of the bend in the road gets into the answer. Guess what happens
on the far left of the picture, then run the cell. Then change `landscape` to `bowl`: why does one of the curves no longer rise on the right?
"""

# %%
landscape = ripples                     # change me: bowl, saddle
place = tensor([0.3, 1.1, 2.0])

precise = place.double().requires_grad_(True)
exact = torch.autograd.grad(landscape(precise), precise)[0]      # section 3 explains this line
nudges = torch.logspace(-7, 0, 29)
two_sided = [(finite_difference(landscape, place, float(size)).double() - exact).abs().max() for size in nudges]
one_sided = [max(abs((landscape(place + size * one) - landscape(place)).double() / size - true) for one, true in zip(torch.eye(3), exact))
             for size in nudges]
figure, axes = plots.figure()
axes.loglog(nudges, one_sided, linestyle="--", color=plots.COLOURS["orange"], label="poked up only")
axes.loglog(nudges, [max(error, tensor(1e-9)) for error in two_sided], color=plots.COLOURS["vermillion"], label="poked up and down")
axes.set(xlabel="size of the nudge", ylabel="largest error of the gradient", title="Too large bends, too small drowns")
axes.legend()
plots.show(figure, "nudges")

# %% [markdown]
r"""
On the right the nudge is so long that the ground bends under it. On the left it is so short that the two losses differ only in
their last digits, and float32 has seven of those (lesson 01); dividing what is left by a tiny number makes the rounding error as large as the gradient.
Somewhere between lies a good nudge, and where it lies depends on the landscape. That is one reason to look for another way. Here is a stronger
one: two evaluations of the loss *for every knob* is no price for a line, and a ruinous one for ten million knobs.

## 2. Work it out once, on paper
What does a nudge of the slope do to the loss? Follow it through, one link at a time.

1. Turn the slope up by a hair. The line over drop $i$ rises by $x_i$ hairs: nothing at the wall's left edge, where $x$ is 0, and most at the right.
2. So that drop's residual, target minus prediction, *shrinks* by $x_i$ hairs.
3. And its square? Look at the picture. A square of side $r$ that grows by a hair gains two strips, each $r$ long and a hair wide.
   The little corner is a hair times a hair, and nobody misses it. So the square changes by $2r$ for each hair.
"""

# %% folded=true
from matplotlib.patches import Rectangle

figure, axes = plots.figure(width=5.2, height=4.2)
for corner, width, height, colour, words in (((0, 0), 3, 3, "sky", "r²"), ((3, 0), 0.45, 3, "orange", ""), ((0, 3), 3, 0.45, "orange", ""),
                                             ((3, 3), 0.45, 0.45, "black", "")):
    axes.add_patch(Rectangle(corner, width, height, facecolor=plots.COLOURS[colour], alpha=0.75, edgecolor="white", linewidth=2))
    axes.text(corner[0] + width / 2, corner[1] + height / 2, words, ha="center", va="center", fontsize=26)
axes.annotate("a strip: r times a hair", (3.25, 1.5), (3.85, 1.5), va="center", arrowprops={"arrowstyle": "->"})
axes.annotate("and another", (1.5, 3.25), (1.1, 3.95), arrowprops={"arrowstyle": "->"})
axes.annotate("a hair times a hair:\nnobody misses it", (3.25, 3.25), (3.85, 3.15), va="center", arrowprops={"arrowstyle": "->"})
axes.set(xlim=(-0.1, 6.6), ylim=(-0.1, 4.3), aspect="equal")
axes.set_axis_off()
plots.show(figure, "strip")

# %% [markdown]
r"""
Put the links together, and write $r_i$ for drop $i$'s residual. Its square changes by $2 r_i$ (the square) times $-x_i$ (what the slope does to the residual).
The loss is the mean over all drops, so its change is the mean of those changes. For the intercept, step 1 is simpler still:
every drop's prediction rises by one hair, its residual shrinks by one, and $-1$ stands in the place of $-x_i$.

$$\text{gradient by the slope} = \frac{1}{n}\sum_i -2\, r_i\, x_i \qquad\qquad \text{gradient by the intercept} = \frac{1}{n}\sum_i -2\, r_i$$

Linking changes like this, each multiplied by the next, is the **[chain rule](../glossary.md#chain-rule)**. If you remember one piece of mathematics
from this course, let it be this one: a network of a hundred layers is trained with the same rule and a longer chain.

**Exercise 2 (10 minutes, medium): the gradient on paper.** Write it down. No nudges, no loop.
"""

# %% exercise="line_gradient" minutes=10
@exercise
def line_gradient(parameters: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """The gradient of a line's mean squared error, worked out on paper: no nudges, no loop over the rows.

    parameters: (2,), slope then intercept. x, y: (n,), in metres. Returns (2,), in the dtype that came in: loss per unit of
    slope, loss per unit of intercept, e.g. slope 1, intercept 0 and the single row x = 2, y = 5 -> [-12., -6.].
    """
    ### BEGIN SOLUTION
    slope, intercept = parameters
    left_over = residuals(predict(x, slope, intercept), y)
    return torch.stack([(-2 * left_over * x).mean(), (-2 * left_over).mean()])
    ### END SOLUTION


# %% check="line_gradient" points=8
hints("Compute the residuals first. Everything else is a mean of something with residuals in it.",
      "By the slope: the mean of -2 * residual * x. By the intercept: the mean of -2 * residual.",
      "r = y - (slope * x + intercept); torch.stack([(-2 * r * x).mean(), (-2 * r).mean()]).")
check(line_gradient, tensor([2., 1.]), tensor([0., 1., 2., 3.]), tensor([3., 2., 1., 0.])).gives(tensor([15., 5.]))
check(line_gradient).agrees(where=lambda call: len(call.x) > 1)

# %% check="line_gradient" aspect="rows" points=4
check(line_gradient, tensor([1., 0.]), tensor([2.]), tensor([5.])).gives(tensor([-12., -6.]))
check(line_gradient).agrees(where=lambda call: len(call.x) == 1)                  # a batch of one row is still a batch
check(line_gradient).is_written_without("for", "while", "finite_difference", because="no nudges and no loop here: "
                                        "write down the formula, and `.mean()` goes over all rows at once")
check(line_gradient).keeps_the_contract()

# %% [markdown]
r"""
Does the paper agree with the nudges? That is what nudges are best for: not to train with, but to catch a wrong formula. People who write
gradients by hand check them like this.
"""

# %%
on_paper, by_nudging = line_gradient(start, x, y), finite_difference(splatter_loss, start)
print("on paper    ", " ".join(f"{value:8.3f}" for value in on_paper))
print("by nudging  ", " ".join(f"{value:8.3f}" for value in by_nudging))
print("they agree to within 0.1 %:", bool(((on_paper - by_nudging).abs() < 0.001 * on_paper.abs().max()).all()))

# %% [markdown]
r"""
## 3. Let torch work it out
Nobody derives gradients by hand for a network. While torch computes a loss it can keep a diary of every operation, and afterwards read the
diary backwards, applying the chain rule line by line. This is **[autograd](../glossary.md#autograd)**. You ask for it with `requires_grad` and collect with
`backward()`. The answer appears beside the parameters, in `.grad`.
"""

# %%
parameters = start.clone().requires_grad_(True)
loss = mse(predict(x, *parameters), y)       # the diary is written here
loss.backward()                              # and read backwards here
print("by autograd ", " ".join(f"{value:8.3f}" for value in parameters.grad))
print("on paper    ", " ".join(f"{value:8.3f}" for value in line_gradient(start, x, y)))

# %% [markdown]
r"""
One habit of `.grad` surprises nearly everybody. What will the next cell print? Decide, then run it.
"""

# %%
mse(predict(x, *parameters), y).backward()   # the same loss, a second time
print("after a second backward:", " ".join(f"{value:8.3f}" for value in parameters.grad))
parameters.grad = None                       # the cure, before every step
mse(predict(x, *parameters), y).backward()
print("after clearing it first:", " ".join(f"{value:8.3f}" for value in parameters.grad))

# %% [markdown]
r"""
New gradients are *added* to what is already there. If a training run behaves as if its steps grew longer and longer, look for a forgotten clearing.

**What stands in the diary.** Here are two machines in a row, each with knobs of its own: a line, whose output is cut off below zero, and a second line that
takes what is left. (Lesson 04 calls them
layers.) At the cut the curve has a kink: above zero the output follows its input one to one, slope 1; below it nothing gets through, slope 0. (Torch calls
the cut `relu`.)

Forwards, from the inputs to the loss, keep what every step computed. Then backwards: begin with 1, since the loss changes by 1 for each unit of the loss,
and at every step multiply by that step's own
**[local derivative](../glossary.md#local-derivative)**, which depends on nothing but the numbers at this step. Take paper and do the lower half yourself
before you run it.
"""

# %%
x1, target = 2.0, 5.0                                # one row
w, b, v, c = 1.5, -1.0, 0.5, 1.0                     # the knobs of the first line, and of the second

before_cut = w * x1 + b                              # forwards
kept = max(0.0, before_cut)
prediction = v * kept + c
residual = target - prediction
print(f"forwards:  line {before_cut}, after the cut {kept}, second line {prediction}, residual {residual}, loss {residual ** 2}")

by_prediction = 1 * 2 * residual * -1                # backwards: the square's 2 r, and the residual falls as the prediction rises
by_v, by_c = by_prediction * kept, by_prediction * 1
by_kept = by_prediction * v                          # on through the second line
by_before_cut = by_kept * (1 if before_cut > 0 else 0)
by_w, by_b = by_before_cut * x1, by_before_cut * 1
print(f"backwards: by w {by_w}, by b {by_b}, by v {by_v}, by c {by_c}")

knobs_of_both = tensor([w, b, v, c], requires_grad=True)
first, shift, second, lift = knobs_of_both
((target - (second * (first * x1 + shift).relu() + lift)) ** 2).backward()
print("torch:     by w {}, by b {}, by v {}, by c {}".format(*knobs_of_both.grad.tolist()))

# %% [markdown]
r"""
That is **[backpropagation](../glossary.md#backpropagation)**: `by_prediction` was worked out once, and all four knobs use it, which is why one walk serves
millions of knobs. The general name is *reverse-mode automatic differentiation*. Seppo Linnainmaa published the method for any computation in 1970, in his
master's thesis; David Rumelhart, Geoffrey Hinton and Ronald Williams showed in 1986 what networks learn by it.

Now let a machine do it. A `Value` (`course/values.py`, some eighty lines) is a number that remembers its *parents*, the values it was computed from, and
its local derivative by each.
All values and their parents together are the **[computational graph](../glossary.md#computational-graph)**: the diary.
"""

# %%
a, b = Value(3.0), Value(4.0)
product = a * b
total = product + a                          # a is used twice
for name, value in (("a * b", product), ("a * b + a", total)):
    print(f"{name:10s} is {value.number:4g}, computed from {[parent.number for parent in value.parents]}, local derivatives {list(value.derivatives)}")

# %% folded=true
figure, axes = plots.figure(width=6.4, height=3)
plots.graph(axes, {"a = 3": (0, 1.6), "b = 4": (0, 0), "a * b = 12": (2.4, 0.5), "a * b + a = 15": (5, 1.3)},
            [("a = 3", "a * b = 12", "4"), ("b = 4", "a * b = 12", "3"), ("a * b = 12", "a * b + a = 15", "1"), ("a = 3", "a * b + a = 15", "1", 0.25)])
plots.show(figure, "graph")

# %% [markdown]
r"""
Turn `a` up by a hair: the product gains 4 hairs, and the second `a` one more, 5 in all. Where a value is used twice, *two* shares of the change come back
to it, and they **add up**. (So does `.grad`.) Hence the order
matters too: a value may hand on to its parents only when everybody who used it has handed back to it.

**Exercise 3 (12 minutes, hard): backward.** The heart of an autograd engine. Make a `Value` of every number (`numbers.tolist()` has them as plain ones) and
give the list to the formula. Line up the values behind the output, each once and *after* its parents, in what is called *topological order* (a function
that
calls itself for every parent, and only then writes the value down, does that). Every `gradient` begins at 0. Set the output's `gradient` to 1. Then walk
the line from its end: each value adds, to the `gradient` of each parent, the local derivative times its own `gradient`.
"""

# %% setup=true
def chain(values: list[Value]) -> Value:
    """Every link is used twice, by the next product and by the next sum."""
    result = values[0]
    for value in values[1:]:
        result = result * value + result
    return result


def crossing(values: list[Value]) -> Value:
    """A value made early is used again at the very end."""
    early = values[0] * values[0]
    late = early * values[-1] + 2
    return early * late + values[0]


def kinks(values: list[Value]) -> Value:
    """Squares of what is left of each value above 1; nothing of a value below."""
    return sum((value - 1).relu() ** 2 * 3 for value in values)


def alone(values: list[Value]) -> Value:
    """The first value as it is; the others have no part in it."""
    return values[0]


# %% exercise="backward" minutes=12
@exercise
def backward(formula: Callable[[list[Value]], Value], numbers: Tensor) -> Tensor:
    """The gradient of a formula, by reading its computation backwards: no nudges, and no torch.

    formula: a function from a list of p values to one value. numbers: (p,), where to measure, to be left as they were.
    Returns (p,), in the dtype that came in: the derivative of the output by each number, 0 for one that has no part in it,
    e.g. the formula values[0] * values[1] + values[0] at [3., 4.] -> [5., 3.].
    """
    ### BEGIN SOLUTION
    values = [Value(number) for number in numbers.tolist()]
    output = formula(values)
    order, seen = [], set()

    def line_up(value):
        if value not in seen:
            seen.add(value)
            for parent in value.parents:
                line_up(parent)
            order.append(value)

    line_up(output)
    output.gradient = 1.0
    for value in reversed(order):
        for parent, derivative in zip(value.parents, value.derivatives):
            parent.gradient += derivative * value.gradient
    return tensor([value.gradient for value in values], dtype=numbers.dtype)
    ### END SOLUTION


# %% check="backward" points=5
hints("Two parts: first put all values behind the output into a list, parents before children; then go through the list from its end.",
      "line_up(value): if it was seen, return; else remember it, line up each of its parents, and append it to the list last.",
      "for value in reversed(order): for parent, derivative in zip(value.parents, value.derivatives): parent.gradient += derivative * value.gradient.")
check(backward, chain, tensor([3., 4.])).gives(tensor([5., 3.]))
check(backward, kinks, tensor([2., 0., 3.])).gives(tensor([6., 0., 12.]))
check(backward).agrees(where=lambda call: call.formula != "crossing")

# %% check="backward" aspect="order" points=3
check(backward, crossing, tensor([2., 1.])).gives(tensor([41., 16.]))
check(backward).agrees(formula="crossing")
check(backward).keeps_the_contract()

# %% [markdown]
r"""
Does it agree with torch? The same formula runs on values and on tensors, so ask both: the loss of two layers over twenty drops, with three kinks in the
first. Ten knobs, one walk backwards.
"""

# %%
def two_layers(knobs):
    loss = 0
    for place, height in zip(x[:20].tolist(), y[:20].tolist()):
        cut = [(knobs[i] * place + knobs[i + 3]).relu() for i in range(3)]
        loss = loss + (height - sum(knobs[i + 6] * cut[i] for i in range(3)) - knobs[9]) ** 2 / 20
    return loss


settings = tensor([1.0, -0.5, 0.8, 0.1, 0.9, -0.6, 0.5, -1.2, 0.7, 0.3], dtype=torch.float64)
on_torch = settings.clone().requires_grad_(True)
two_layers(on_torch).backward()
engine = backward(two_layers, settings)
print("yours ", " ".join(f"{value:7.3f}" for value in engine))
print("torch ", " ".join(f"{value:7.3f}" for value in on_torch.grad))
print("equal to torch's to nine digits after the point:", torch.allclose(engine, on_torch.grad, rtol=0, atol=1e-9))

# %% [markdown]
r"""
Torch's engine is this one, with tensors in the place of numbers and hundreds of operations in the place of seven.

What does autograd cost? A nudge asks for two evaluations of the loss a knob. Reading a diary backwards costs a few times as much as writing it, however many
knobs there are.

**Experiment.** Turn `knobs` up to 2,000. Which of the two times grows?
"""

# %% tags=["nbval-ignore-output"]
import time

knobs = 200                                             # change me
inputs, wanted = torch.randn(100, knobs), torch.randn(100)


def many_knobs(parameters: Tensor) -> Tensor:
    return mse(inputs @ parameters, wanted)


begun = time.perf_counter()
poked = finite_difference(many_knobs, torch.zeros(knobs))
poking = time.perf_counter() - begun
begun = time.perf_counter()
many = torch.zeros(knobs, requires_grad=True)
many_knobs(many).backward()
reading = time.perf_counter() - begun
print(f"{knobs} knobs: {2 * knobs} evaluations by poking took {1000 * poking:.0f} ms, autograd took {1000 * reading:.1f} ms")

# %% [markdown] rows="B3"
r"""
## 4. Walk
You know which way is up. Take a step the other way:

$$\text{parameters} \leftarrow \text{parameters} - \text{learning rate} \times \text{gradient}$$

and again, and again. That is **[gradient descent](../glossary.md#gradient-descent)**; Augustin-Louis Cauchy proposed it in 1847, with the orbits of planets in
mind. The **[learning rate](../glossary.md#learning-rate)** says how long a step is for a given steepness. Because the step is the
gradient *times* the rate, steps get shorter by themselves where the ground gets flatter: this is the slowing down you saw in the first picture.

**Exercise 4 (10 minutes, medium): the walk.** Write it, and keep the whole path, so that we can draw it. Use your `line_gradient`.
Each step starts where the last one ended, and the gradient is measured afresh there. Mind the operator `-=`, for `line -= something` does not
make a new line: it overwrites the old one, and every entry of your path that was the same tensor changes with it.
"""

# %% exercise="descend" minutes=10 uses="line_gradient"
@exercise
def descend(start: Tensor, x: Tensor, y: Tensor, learning_rate: float, steps: int) -> Tensor:
    """Gradient descent on a line's mean squared error, with all rows in every step.

    start: (2,), slope then intercept, to be left as it was. x, y: (n,), in metres. Returns the path, (steps + 1, 2),
    in the dtype that came in: the start, then where each step ended, whether the loss fell or rose,
    e.g. start [0., 0.], the rows x = [-1., 1.], y = [-1., 5.], rate 0.25 and 1 step -> [[0., 0.], [1.5, 1.]].
    """
    ### BEGIN SOLUTION
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * line_gradient(path[-1], x, y))
    return torch.stack(path)
    ### END SOLUTION


# %% check="descend" points=8
hints("Start a list with the start in it. Each step adds one point to the list.",
      "The next point is the last point minus the learning rate times the gradient at the last point.",
      "path.append(path[-1] - learning_rate * line_gradient(path[-1], x, y)) in a loop, and torch.stack(path) at the end.")
check(descend, tensor([0., 0.]), tensor([-1., 1.]), tensor([-1., 5.]), 0.25, 2).gives(
    tensor([[0., 0.], [1.5, 1.], [2.25, 1.5]]))
check(descend).agrees(where=lambda call: call.steps > 0)

# %% check="descend" aspect="path" points=5
check(descend, tensor([3., 4.]), tensor([0., 1.]), tensor([1., 1.]), 0.1, 0).gives(tensor([[3., 4.]]))
check(descend).agrees(where=lambda call: call.steps != 1)
check(descend).keeps_the_contract()

# %%
path = descend(start, x, y, learning_rate=0.1, steps=120)
figure, (above, beside) = plots.figure(columns=2, width_ratios=[1.25, 1])
plots.landscape(above, slopes, intercepts, land, paths=path, minimum=best, names=LAND[:2], bar=None)
above.set_title("A hundred and twenty steps from above")
plots.curves(beside, {"descent": [splatter_loss(line) for line in path], "least squares": [least] * len(path)}, names=("step", LAND[2]), log=True)
beside.set_title("and what they are worth")
plots.show(figure, "path")

# %% [markdown] rows="B3"
r"""
## 5. How long a step?
If the rate is too small, the walk takes very many steps. If it is too large, you step across the valley and land on the far wall. Land *higher*
than you set out, and the next step, from steeper ground, is longer still. Such a walk **[diverges](../glossary.md#divergence)**: each step multiplies the
error.

There is no mystery about the border. Across a valley that is a perfect bowl, one step multiplies your distance from the bottom by

$$1 - \text{learning rate} \times \text{curvature}$$

where the **[curvature](../glossary.md#curvature)** says how fast the steepness grows as you walk up the wall. While this number lies between -1 and 1, you get
closer. A rate of 2 divided by the curvature makes it $1 - 2 = -1$, as far from the bottom as before and on the other side. That is the border, exactly so for a
bowl like this one, whose curvature is the same everywhere, and it is the direction with the *sharpest* curvature, straight across the valley, that decides. For
our splatter the next cell computes it, and walks on either side of it.
"""

# %%
from course.descent import sharpest_curvature

border = 2 / sharpest_curvature(x)
print(f"curvature across the valley {sharpest_curvature(x):.3f}, so rates diverge from {border:.3f} on")
figure, axes = plots.figure(width=7)
walks = {f"{share:g} of the border": descend(start, x, y, share * border, 40) for share in (0.05, 0.5, 0.97, 1.05)}
plots.curves(axes, {name: [splatter_loss(line) for line in walk] for name, walk in walks.items()}, names=("step", LAND[2]), log=True)
axes.set_title("Forty steps at four learning rates")
plots.show(figure, "rates")

# %% [markdown]
r"""
On this axis each mark is ten times the one below, so a straight line means: multiplied by the same number every step (downwards this is called *linear*
convergence). And notice that the
fastest walker is not the boldest: just below the border most of each step is spent on crossing the valley and coming back.

**Play.** A ball on the landscape. Leave momentum at 0 and let every step see all rows, and find the border with the rate alone. The other sliders belong to the
next sections: come back to them. Write down a rate that still arrives and one that does not. You will need your numbers for the essay at the end.

*The same in words:* at a low rate the ball rolls down the wall and creeps along the valley; at a higher one it zigzags across the valley floor, and closes in;
above the border every zigzag is wider than the one before, until the ball has left the picture.
"""

# %% explorer=true
from course.explorers.descent import descent_explorer

descent_explorer(x, y, names=("metres along the wall", "metres above the floor", *LAND))

# %% [markdown] rows="B3"
r"""
## 6. A handful of rows
Every step so far looked at all 200 drops. With a million photographs, a single step would read them all, only to move a little and read them all again.

But a gradient is a *mean*, and a mean can be estimated from a sample. A pollster does not ring up the whole country: a thousand people, drawn by lot, will do.
Draw a few rows by lot, a **[mini-batch](../glossary.md#mini-batch)**, let them speak for all, and take a step. The estimate is off, but it is right *on
average*, and it is cheap. Mathematicians call what involves chance *stochastic*, from the Greek for taking aim and guessing, so this is **[stochastic gradient
descent](../glossary.md#stochastic-gradient-descent)**, SGD for short. (Herbert Robbins and Sutton Monro, 1951.)

How far off is the estimate? Here are the gradients of 200 mini-batches each, with the true one as a star.
"""

# %%
lottery = torch.Generator().manual_seed(1)
true = line_gradient(start, x, y)
figure, panels = plots.figure(columns=3, sharex=True, sharey=True)
for axes, size in zip(panels, (1, 10, 100)):
    handfuls = [torch.randperm(len(x), generator=lottery)[:size] for _ in range(200)]
    guesses = torch.stack([line_gradient(start, x[rows], y[rows]) for rows in handfuls])
    axes.scatter(*guesses.T, s=22, color=plots.COLOURS["sky"], edgecolor=plots.COLOURS["blue"], linewidth=0.4)
    axes.plot(*true, marker="*", markersize=17, color=plots.COLOURS["vermillion"], markeredgecolor="white")
    axes.set(title=f"{size} row{'s' if size > 1 else ''}", xlabel="gradient by slope")
    spread = (guesses - true).square().sum(dim=1).mean().sqrt()
    print(f"{size:3d} rows a batch: an estimate is typically {spread / true.norm():4.0%} off")
panels[0].set_ylabel("gradient by intercept")
plots.show(figure, "mini-batches")

# %% [markdown]
r"""
Ten times the rows do not make the estimate ten times better: the error shrinks only with the square root of their number, while the price grows with the
number. That is the whole case for small batches. (At 100 of 200 rows it is better still: nothing is drawn twice.)

In practice one does not draw afresh each time. One shuffles the rows like a pack of cards and deals them out, a hand at a time, until the pack is gone. Once
through the pack is an **[epoch](../glossary.md#epoch)**. Then shuffle again. So every row has its turn exactly once an epoch, and no two epochs are alike. If
the rows are not shuffled, and the file happens to be sorted, say all cats before all dogs, the walker spends the morning learning that everything is a cat.

**Exercise 5 (12 minutes, medium): mini-batches.** Deal the rows. Two things to take care of: the pairs, since drop 7's height must stay with drop 7's
place; and the last hand,
which may be short, since 200 rows do not divide into batches of 32. A function with `yield` in it hands out one batch at a time.
For the shuffling make one generator from the seed, `torch.Generator().manual_seed(seed)`, and give it to `torch.randperm`.
"""

# %% exercise="mini_batches" minutes=12
@exercise
def mini_batches(x: Tensor, y: Tensor, batch_size: int, epochs: int = 1, seed: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    """Deal out all rows in batches, shuffled anew each epoch.

    x, y: (n, ...), row i of x belongs to row i of y; both to be left as they were, and dealt in the dtype that came.
    batch_size: rows in a batch; the last one of an epoch has what is left, and no batch is empty.
    epochs: how often to go through all rows. seed: the same seed gives the same order,
    whoever else draws random numbers meanwhile.
    Yields pairs (x_batch, y_batch), e.g. 7 rows, batch_size 3 -> three pairs an epoch, of 3, 3 and 1 rows.
    """
    ### BEGIN SOLUTION
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(x), generator=generator)
        for rows in order.split(batch_size):
            yield x[rows], y[rows]
    ### END SOLUTION


# %% check="mini_batches" points=5
hints("Shuffle row numbers, not rows. The same numbers then pick from x and from y.",
      "order = torch.randperm(len(x), generator=...) once an epoch; then walk along order in strides of batch_size.",
      "for rows in order.split(batch_size): yield x[rows], y[rows].")
check(mini_batches, torch.arange(7.), torch.arange(7.), 3).take(100).satisfies(
    "7 rows make batches of 3, 3 and 1", lambda batches, *_: [len(x_batch) for x_batch, _ in batches] == [3, 3, 1])
check(mini_batches).agrees(only=("pairs of tensors", "rows in each batch", "every row once an epoch"), epochs=1)

# %% check="mini_batches" aspect="pairs" points=4
check(mini_batches).agrees(only=("pairs of tensors", "x and y belong together"))

# %% check="mini_batches" aspect="order" points=5
check(mini_batches).agrees(where=lambda call: call.epochs > 1,
                           only=("pairs of tensors", "rows in each batch", "every row once an epoch"))
check(mini_batches).agrees(only=("pairs of tensors", "the same seed, the same order", "another seed, another order",
                                 "another order each epoch", "other rows meet each epoch", "each place gets many rows",
                                 "shuffled", "rows from all over the file meet",
                                 "the first rows of the file come late too"))
check(mini_batches).keeps_the_contract()

# %% [markdown] rows="B3"
r"""
Now the walk, with a batch in the place of the whole splatter. It is the same line of code. Below, both walkers have read the same number of rows: 4,000.

**Experiment.** Try batches of 1 and of 200, and halve the learning rate.
"""

# %%
batch_size, learning_rate = 10, 0.1                              # change me

sgd_path = [start]
for x_batch, y_batch in mini_batches(x, y, batch_size, epochs=20):
    sgd_path.append(sgd_path[-1] - learning_rate * line_gradient(sgd_path[-1], x_batch, y_batch))
sgd_path = torch.stack(sgd_path)
full_path = descend(start, x, y, learning_rate, steps=20)

figure, (above, beside) = plots.figure(columns=2, width_ratios=[1.25, 1])
plots.landscape(above, slopes, intercepts, land, paths={"all rows": full_path, f"{batch_size} rows": sgd_path}, minimum=best, names=LAND[:2], bar=None)
beside.plot(200 * torch.arange(len(full_path)), [splatter_loss(line) for line in full_path], marker="o", label="all rows")
beside.plot(batch_size * torch.arange(len(sgd_path)), [splatter_loss(line) for line in sgd_path], label=f"{batch_size} rows", linewidth=1.3)
beside.set(xlabel="rows read", ylabel="loss on all rows, m²", yscale="log", title="The same number of rows")
beside.legend()
plots.show(figure, "two-paths")

# %% [markdown]
r"""
The trembling walker wins by far, and then cannot stand still. At the bottom the true gradient is zero, but the gradient of a handful hardly ever is, so every
batch pushes the line towards its own favourite. The cure is to shorten the steps towards the end, so that the pushes average out: a **[learning rate
schedule](../glossary.md#learning-rate-schedule)**.

## 7. A bucket of paint
How much is a handful worth? Let us count the rows that each walker has to read. In place of a brushful of paint we take a bucket: 10,000 drops. The full-batch
walker may try seven learning rates, and only its best walk counts. It has arrived when its loss comes within 1 % of the least that any line can have, and stays
there. The stochastic walker gets a single pass: every drop is read once, 32 at a time, with a rate that shrinks to zero. Then it has to stop, whether it has
arrived or not.
"""

# %% headline=true
from course.descent import losses_along, steps_until

bucket_x, bucket_y = data.paint_splatter(n=10_000, seed=3)
lowest = mse(predict(bucket_x, *least_squares(bucket_x, bucket_y)), bucket_y)

rows_full = 10 ** 9
for learning_rate in (0.1, 0.2, 0.3, 0.35, 0.4, 0.425, 0.44):
    losses = losses_along(descend(start, bucket_x, bucket_y, learning_rate, steps=130), bucket_x, bucket_y)
    steps = steps_until(losses, 1.01 * lowest)
    if steps is not None and steps * len(bucket_x) < rows_full:
        rows_full, best_rate = steps * len(bucket_x), learning_rate

line, rows_read = start, 0
for x_batch, y_batch in mini_batches(bucket_x, bucket_y, 32):
    rate = 0.2 * (1 - rows_read / len(bucket_x))
    line = line - rate * line_gradient(line, x_batch, y_batch)
    rows_read += len(x_batch)
excess = mse(predict(bucket_x, *line), bucket_y) / lowest - 1

print(f"all rows, at the best of seven rates ({best_rate}):  {rows_full:7,d} rows read to come within 1 % of the least loss")
print(f"32 rows at a time, a single pass:         {rows_read:7,d} rows read to come within {100 * excess:.2f} %")
print(f"                                          {rows_full / rows_read:.0f} times fewer rows")

# %% [markdown]
r"""
What this shows, and what it does not. It counts rows, not seconds: 313 small steps carry more overhead than 28 large ones, and a GPU likes its rows in bulk.
The bucket is *large*, and that is where the gain comes from: if 10,000 drops tell the same story as 1,000, reading all of them before the first step is a
waste. And some starts are lucky.

**Experiment.** In the cell above, let both walks begin at `tensor([0., 0.])` in place of `start`. Who needs fewer steps now? Then pour 500 drops in place of
10,000.

<details><summary>What one sees, once you have tried</summary>

From (0, 0) the way down happens to lie straight across the valley, and the full-batch walker needs only a few steps. With 500 drops
the single pass is over before the walker has arrived.

</details>

## 8. Give it weight
A walker who forgets everything after each step zigzags. A heavy ball does not: pushes to the left and to the right cancel out in its movement, and pushes that
agree add up. Keep a **velocity**, let a share of it survive each step, add the new gradient, and move by the velocity instead of the gradient. That
is **[momentum](../glossary.md#momentum)** (Boris Polyak, 1964):

$$\text{velocity} \leftarrow \text{momentum} \times \text{velocity} + \text{gradient} \qquad\qquad \text{parameters} \leftarrow \text{parameters} -
\text{learning rate} \times \text{velocity}$$

With momentum 0.9, a steady push ends up ten times as strong as a single one ($1 + 0.9 + 0.9^2 + \dots = 10$), while a push that changes sides each step ends up
about half as strong.

**Exercise 6 (8 minutes, easy): momentum.** One step. The velocity has to survive from one step to the next, so the function takes the old one and gives
back the new one beside the parameters.
The new gradient joins the velocity *before* the move.
"""

# %% exercise="momentum_step" minutes=8
@exercise
def momentum_step(parameters: Tensor, velocity: Tensor, gradient: Tensor, learning_rate: float, momentum: float = 0.9) -> tuple[Tensor, Tensor]:
    """One step of gradient descent with momentum.

    parameters, velocity, gradient: (p,), all to be left as they were. momentum: the share of the velocity that is kept, in [0, 1).
    Returns (new parameters, new velocity), each (p,), in the dtype that came in, e.g. parameters [1.], velocity [2.],
    gradient [3.], rate 0.1 and momentum 0.5 -> velocity [0.5 * 2. + 3.] = [4.] and parameters [1. - 0.1 * 4.] = [0.6].
    """
    ### BEGIN SOLUTION
    new_velocity = momentum * velocity + gradient
    return parameters - learning_rate * new_velocity, new_velocity
    ### END SOLUTION


# %% check="momentum_step" points=5
hints("Two lines: first the new velocity, then the new parameters.",
      "The velocity keeps a share of itself and gains the gradient. The learning rate comes in only when you move.",
      "new_velocity = momentum * velocity + gradient; return parameters - learning_rate * new_velocity, new_velocity.")
check(momentum_step, tensor([1., 2.]), tensor([1., -2.]), tensor([2., 4.]), 0.1, 0.25).gives(
    (tensor([0.775, 1.65]), tensor([2.25, 3.5])))
check(momentum_step).agrees(where=lambda call: bool(call.velocity.any()))

# %% check="momentum_step" aspect="standing" points=5
check(momentum_step, tensor([1., 2.]), tensor([0., 0.]), tensor([2., 4.]), 0.1).gives(
    (tensor([0.8, 1.6]), tensor([2., 4.])))     # from a standstill, a step with momentum is a plain step
check(momentum_step).agrees(where=lambda call: not call.velocity.any())
check(momentum_step).keeps_the_contract()

# %% [markdown]
r"""
A valley to race in: measure the wall from a lamp post two metres further left, so that every $x$ is larger by 2. The drops have not moved, but the valley has
become long and narrow: along its floor it curves some three hundred times less than across. Plain descent may only take steps that are safe for the walls, and
with those it hardly moves along the floor.
"""

# %%
far_x = x + 2
far_start = tensor([-0.4, 2.0])
far_loss = mse(predict(far_x, *least_squares(far_x, y)), y)
rate, momentum, steps = 1.2 / sharpest_curvature(far_x), 0.9, 120      # change me

heavy_path, velocity = [far_start], torch.zeros(2)
for _ in range(steps):
    line, velocity = momentum_step(heavy_path[-1], velocity, line_gradient(heavy_path[-1], far_x, y), rate, momentum)
    heavy_path.append(line)
paths = {"plain": descend(far_start, far_x, y, rate, steps), "momentum": torch.stack(heavy_path)}

figure, (above, beside) = plots.figure(columns=2, width_ratios=[1.25, 1])
far_slopes, far_intercepts = torch.linspace(-0.8, 1.6, 81), torch.linspace(-2.4, 3.0, 81)
plots.landscape(above, far_slopes, far_intercepts, loss_landscape(far_x, y, far_slopes, far_intercepts), paths=paths,
                minimum=least_squares(far_x, y), names=LAND[:2], bar=None)
plots.curves(beside, {name: losses_along(walk, far_x, y) for name, walk in paths.items()}, names=("step", LAND[2]), log=True)
beside.axhline(far_loss, color=plots.COLOURS["black"], linewidth=1, linestyle=":")
beside.set_yticks([0.02, 0.05, 0.1, 0.2, 0.5], ["0.02", "0.05", "0.1", "0.2", "0.5"])
beside.minorticks_off()
plots.show(figure, "momentum")
for name, walk in paths.items():
    print(f"{name:8s} after {steps} steps: {losses_along(walk[-1:], far_x, y)[0] / far_loss:.2f} times the least loss")

# %% [markdown]
r"""
**Experiment.** Set `momentum = 0.99`. Then take another cure, one line: `far_x = far_x - far_x.mean()`. What has become of the valley? (The explorer above has
a slider for momentum: now is the time.)

<details><summary>What one sees, once you have tried</summary>

Too heavy a ball overshoots and sways for a long time. With the lamp post in the middle of the drops the valley is nearly round, and plain
descent needs no help. A good part of the craft is to make valleys round *before* walking; lesson 07 does it inside a network.

</details>

## 9. A stride for each knob
Momentum helps where the valley is long. It does not help to choose the rate: report the loss in square decimetres instead of square metres, which multiplies it
by 100, and every step is 100 times too long.

**[Adam](../glossary.md#adam)** (Diederik Kingma and Jimmy Ba, 2015) gives each knob a stride of its own. It keeps two running averages a knob: of the gradient
(*mean*, which is momentum), and of the *squared* gradient (*square*, which says how large gradients usually are for this knob). Then it divides the one by the
root of the other. What is left has no unit: it is about 1 while the gradients agree, and about 0 while they contradict each other. So the learning rate becomes
the length of a stride, nearly whatever the landscape:

1. count the step: $t \leftarrow t + 1$
2. $\text{mean} \leftarrow \beta_1\,\text{mean} + (1 - \beta_1)\,\text{gradient}$
3. $\text{square} \leftarrow \beta_2\,\text{square} + (1 - \beta_2)\,\text{gradient}^2$
4. both averages began at zero, so at first they are too small; mend that (the paper calls it *bias correction*): $\hat m = \text{mean} / (1 - \beta_1^{\,t})$
   and $\hat s = \text{square} / (1 - \beta_2^{\,t})$
5. $\text{parameters} \leftarrow \text{parameters} - \text{learning rate} \cdot \hat m \,/\, (\sqrt{\hat s} + \epsilon)$

Here $\beta_1$, $\beta_2$ (beta) are the shares that the two averages keep, $t$ counts the steps ($\beta_1^{\,t}$ is `beta1 ** t`), and $\epsilon$ (epsilon) is
a tiny number that keeps us from dividing by zero. Step 4 is easily forgotten. Where a gradient is always 1, both averages should say 1; after the first step
they say 0.1 and 0.001, and mended they do say 1.

With momentum you had to carry the velocity from call to call by hand. Two averages and a counter are too much for that, so Adam is a class: an object that
remembers.
What turns gradients into steps is called an **[optimiser](../glossary.md#optimiser)**, and torch's are classes with a method `step` too.

**Exercise 7 (15 minutes, hard): Adam.** `__init__` is given. Write `step`: the five lines above, in that order. Put the averages back into `self`, but keep
the mended ones (step 4) out of it:
they are for this step only. The new parameters go into `self.parameters` and are returned too.
"""

# %% exercise="Adam" minutes=15
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
        """One step. gradient: (p,), to be left as it was. Keeps the new parameters in self.parameters and returns them,
        (p,), in the dtype that came in.

        The very first step moves every parameter by the learning rate, e.g. Adam(tensor([1., 2.]), 0.1).step(tensor([4., -0.5])) -> [0.9, 2.1].
        """
        ### BEGIN SOLUTION
        self.steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient ** 2
        mean = self.mean / (1 - self.beta1 ** self.steps)
        square = self.square / (1 - self.beta2 ** self.steps)
        self.parameters = self.parameters - self.learning_rate * mean / (square.sqrt() + self.epsilon)
        return self.parameters
        ### END SOLUTION


# %% check="Adam" points=5
hints("Count the step first: the mending divides by zero at step 0.",
      "Keep the two averages in self.mean and self.square, mend copies of them, and divide the mended mean by the root of the mended square.",
      "mean = self.mean / (1 - self.beta1 ** self.steps); square likewise with beta2; then self.parameters - self.learning_rate * mean / (square.sqrt() + "
      "self.epsilon).")
check(Adam, tensor([1., 2.]), 0.1, 0.5, 0.9).then("step", tensor([4., -0.5])).gives(tensor([0.9, 2.1]))
check(Adam).agrees(where=lambda call: len(call.doing) == 2, epsilon=1e-8)       # a step, and what is in parameters then

# %% check="Adam" aspect="memory" points=5
check(Adam, tensor([1.]), 0.5, 0.5, 0.75, 0.0).doing(("step", tensor([2.])), ("step", tensor([-5.]))).gives(
    [tensor([0.5]), tensor([5 / 6])])
check(Adam).agrees(where=lambda call: len(call.doing) > 2, epsilon=1e-8)

# %% check="Adam" aspect="epsilon" points=2
check(Adam, tensor([1.]), 0.5, 0.9, 0.999, 1.0).then("step", tensor([4.])).gives(tensor([0.6]))
check(Adam).agrees(where=lambda call: call.epsilon > 1e-8)

# %% check="Adam" aspect="torch" points=3
check(Adam, tensor([0., 0.]), 0.1).doing(("step", tensor([1., -3.])), ("step", tensor([2., 0.])),
                                         ("step", tensor([-1., 1.]))).gives(
    [tensor([-0.1, 0.1]), tensor([-0.196518, 0.167006]), tensor([-0.238527, 0.195919])])    # as torch.optim.Adam has it
check(Adam).agrees(beta1=0.9, beta2=0.999, epsilon=1e-8)
check(Adam).keeps_the_contract()

# %% [markdown]
r"""
Does yours agree with torch's? And does it, as promised, not care about the scale of the loss? Two claims, two measurements.
"""

# %%
mine, theirs = Adam(start, 0.05), start.clone().requires_grad_(True)
torchs = torch.optim.Adam([theirs], lr=0.05)
farthest = tensor(0.0)
for _ in range(100):
    torchs.zero_grad()
    mse(predict(x, *theirs), y).backward()
    torchs.step()
    mine.step(line_gradient(mine.parameters, x, y))
    farthest = torch.maximum(farthest, (mine.parameters - theirs).detach().abs().max())
print("a hundred steps beside torch.optim.Adam, never further apart than 0.0001:", bool(farthest < 1e-4))

figure, axes = plots.figure(width=7)
for scale, style in ((1, "-"), (100, ":")):
    plain, optimiser, plain_losses, adam_losses = start, Adam(start, 0.05), [], []
    for _ in range(100):
        plain_losses.append(splatter_loss(plain).clamp(max=1e4))
        adam_losses.append(splatter_loss(optimiser.parameters))
        plain = plain - 0.05 * scale * line_gradient(plain, x, y)
        optimiser.step(scale * line_gradient(optimiser.parameters, x, y))
    axes.plot(plain_losses, color=plots.COLOURS["vermillion"], linestyle=style, label=f"plain, loss times {scale}")
    axes.plot(adam_losses, color=plots.COLOURS["blue"], linestyle=style, linewidth=2 if scale == 1 else 5, label=f"Adam, loss times {scale}")
axes.set(yscale="log", ylim=(0.01, 1e3), xlabel="step", ylabel="loss", title="The same loss, and a hundred times the loss")
axes.legend(loc="upper right")
plots.show(figure, "adam")

# %% [markdown]
r"""
Plain descent diverges, and Adam's two curves lie on top of each other. That is the case for Adam: not that it is the fastest on every landscape (in the
picture plain descent at a good rate is ahead
of it most of the way), but that its rate need not be found anew whenever the scale of the loss changes. Torch begins with 0.001 unless it is told otherwise.

## 10. What is learned, and what is chosen
Slope and intercept were found by walking. They are **parameters**: the data decide. The learning rate, the batch size, the momentum, the number of epochs:
nobody found those by walking. You chose them. They are **[hyperparameters](../glossary.md#hyperparameter)**, the knobs on the training rather than on the
model. To nudge one of them means to train all over again, so as a rule
no gradient is followed here: people try many settings and look at many curves.

| | parameters | hyperparameters |
|---|---|---|
| for our line | slope, intercept | learning rate, batch size, momentum, epochs, the betas, the seed |
| set by | descent, from the data | you, before the run |
| how many | 2 here, billions elsewhere | a handful |
| a bad one shows as | a line beside the paint | a run that crawls, trembles or explodes |

Here is the tedious part of the profession in one picture: seventy-two training runs, one a square.
"""

# %%
rates, momenta = torch.logspace(-2, 0.2, 9), tensor([0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98])
results = torch.empty(len(momenta), len(rates))
for row, momentum in enumerate(momenta.tolist()):
    for column, rate in enumerate(rates.tolist()):
        line, velocity = start, torch.zeros(2)
        for _ in range(40):
            line, velocity = momentum_step(line, velocity, line_gradient(line, x, y), rate, momentum)
        results[row, column] = (splatter_loss(line) / least).clamp(max=1e3).nan_to_num(1e3)

figure, axes = plots.figure(width=7.6, height=4.6)
picture = axes.imshow(results.log10(), cmap="cividis", origin="lower", aspect="auto", vmin=0, vmax=3)
axes.set(xticks=range(9), xticklabels=[f"{rate:.2g}" for rate in rates], yticks=range(8), yticklabels=[f"{momentum:g}" for momentum in momenta],
         xlabel="learning rate", ylabel="momentum", title="Loss after 40 steps, as a multiple of the least")
for row in range(8):
    for column in range(9):
        value = results[row, column]
        axes.text(column, row, "lost" if value >= 1e3 else f"{value:.1f}" if value < 10 else f"{value:.0f}", ha="center", va="center", fontsize=10,
                  color="white" if value < 30 else "black")
figure.colorbar(picture, ax=axes, ticks=[0, 1, 2, 3], label="times the least loss").ax.set_yticklabels(["1", "10", "100", "1000+"])
plots.show(figure, "settings")

# %% [markdown]
r"""
Read it row by row. With more momentum smaller rates become good, up to 0.8 or so; above that the ball is still swaying when the forty steps are over. So the
best rate depends on the momentum, and on the number of steps: hyperparameters do not come one at a time, which is what makes the search tedious. Nor is there a
best square to memorise. Another splatter has another picture.

## Quiz (10 minutes)
Five questions, one letter each. Run the next cell and click, or write the letters between the quotes below it. Who learns alone is told at once whether they
are right, and why not; in a class it may be told when you hand in.
"""

# %% quiz="reading" points=10
[
    {"ask": "At some line the gradient of the loss is [3., -1.]: 3 by the slope, -1 by the intercept. What does one small step of gradient descent do?",
     "choices": {"a": "slope up, intercept down", "b": "slope down, intercept up", "c": "slope down, intercept down"},
     "right": "b",
     "because": {"a": "that is the gradient's own direction, and the gradient points uphill",
                 "c": "each knob goes against its own number; the intercept's is negative, so it goes up"}},
    {"ask": "You double the learning rate, and now the losses of the first steps are 5, 40, 320, 2560. What happened?",
     "choices": {"a": "the rate is above the border: each step lands higher on the other side of the valley",
                 "b": "the walk found another valley, with a higher floor", "c": "the run is too short: after more steps the loss will come down"},
     "right": "a",
     "because": {"b": "mean squared error of a line has a single valley, and a floor would not keep multiplying by 8",
                 "c": "a loss that is multiplied by the same number every step grows like compound interest; waiting makes it worse"}},
    {"ask": "What is stochastic about stochastic gradient descent?",
     "choices": {"a": "the start is drawn at random", "b": "the learning rate changes at random",
                 "c": "the rows that each step looks at are drawn at random, so its gradient is an estimate"},
     "right": "c",
     "because": {"a": "the start may be random in any kind of descent; it is not what the word is about",
                 "b": "the rate is chosen by you or by a schedule, and chance has no part in it"}},
    {"ask": "1,000 rows, batches of 32, one epoch, and no row may be lost. How many steps is that?",
     "choices": {"a": "31", "b": "32", "c": "1,000"},
     "right": "b",
     "because": {"a": "31 batches of 32 hold 992 rows: the last eight would never be seen", "c": "one step a batch, not one a row"}},
    {"ask": "Which of these is a parameter, and not a hyperparameter?",
     "choices": {"a": "the intercept", "b": "the batch size", "c": "Adam's beta1"},
     "right": "a",
     "because": {"b": "you chose the batch size before the run; no step of descent changes it",
                 "c": "beta1 belongs to the walker, not to the model: no gradient by it is taken, and no step changes it"}},
]

# %% [markdown] essay="reflection" points=6
r"""
## In your own words (10 minutes)
**Explain it to a friend** who has never programmed, in about 200 words. Why does a learning rate that is too high make things *worse and worse*, rather than
merely less good? And what do mini-batches buy, and what do they cost? Use numbers from your own runs of the explorer: it has shown you which rates arrive,
which do not, and how batches change the walk.

| points | for |
|---|---|
| 2 | why a rate that is too high diverges: the step lands on the far wall, higher than it set out, and the next step is longer; not only 'it is too big' |
| 1 | two rates from your own runs, one that arrives and one that does not, with what the loss did |
| 2 | what mini-batches buy (many cheap steps for the price of one) and what they cost (an estimate, trembling at the bottom), with a number of your own |
| 1 | your friend could retell it: a picture or a comparison that carries the idea, and no term without its meaning |
"""

# %% [markdown]
r"""
## What to remember
1. A gradient says, for each knob, how much the loss changes for each unit that you turn it. Nudging measures it, paper derives it, autograd computes it by
one walk backwards, multiplying along each path and adding where paths meet.
2. Descent is one line: parameters minus learning rate times gradient, again and again. Steps shrink by themselves where the ground gets flat.
3. In a bowl a rate above 2 divided by the sharpest curvature diverges, and just below it is not the fastest either.
4. Mini-batches give cheap estimates of the gradient: shuffle, deal every row once an epoch, keep the pairs together, and cool the rate down at the end.
5. Momentum keeps a share of the speed, Adam gives each knob its own stride. The data choose the parameters; you choose the hyperparameters.

## Terms
[derivative](../glossary.md#derivative), [gradient](../glossary.md#gradient), [finite difference](../glossary.md#finite-difference), [chain
rule](../glossary.md#chain-rule), [autograd](../glossary.md#autograd), [local derivative](../glossary.md#local-derivative),
[backpropagation](../glossary.md#backpropagation), [computational graph](../glossary.md#computational-graph),
[gradient descent](../glossary.md#gradient-descent), [learning rate](../glossary.md#learning-rate), [divergence](../glossary.md#divergence),
[curvature](../glossary.md#curvature), [mini-batch](../glossary.md#mini-batch), [stochastic gradient descent](../glossary.md#stochastic-gradient-descent),
[epoch](../glossary.md#epoch), [learning rate schedule](../glossary.md#learning-rate-schedule), [momentum](../glossary.md#momentum),
[optimiser](../glossary.md#optimiser), [Adam](../glossary.md#adam), [hyperparameter](../glossary.md#hyperparameter)

## Where to read on
- Augustin-Louis Cauchy, [*Méthode générale pour la résolution des systèmes d'équations simultanées*](https://gallica.bnf.fr/ark:/12148/bpt6k2982c/f540.item),
  Comptes Rendus de l'Académie des Sciences 25, 1847. Three pages, and the idea is all there.
- Herbert Robbins and Sutton Monro, [*A Stochastic Approximation Method*](https://doi.org/10.1214/aoms/1177729586), Annals of Mathematical Statistics 22, 1951.
  Why noisy steps arrive all the same, if they shrink.
- Boris Polyak, [*Some Methods of Speeding up the Convergence of Iteration Methods*](https://doi.org/10.1016/0041-5553%2864%2990137-5), USSR Computational
  Mathematics and Mathematical Physics 4, 1964. The heavy ball.
- David Rumelhart, Geoffrey Hinton and Ronald Williams, [*Learning representations by back-propagating errors*](https://doi.org/10.1038/323533a0), Nature
  323, 1986. Four pages.
- Andrej Karpathy, [*micrograd*](https://github.com/karpathy/micrograd), 2020. An engine like yours in a hundred lines; a video of 2022 builds it from nothing.
- Gabriel Goh, [*Why Momentum Really Works*](https://distill.pub/2017/momentum/), Distill, 2017. With pictures that move under your hand.
- Diederik Kingma and Jimmy Ba, [*Adam: A Method for Stochastic Optimization*](https://arxiv.org/abs/1412.6980), International Conference on Learning
  Representations, 2015. You have written its algorithm 1.
- Léon Bottou, Frank Curtis and Jorge Nocedal, [*Optimization Methods for Large-Scale Machine Learning*](https://arxiv.org/abs/1606.04838), SIAM Review
  60, 2018. When to read all rows and when a handful.
- Ashi Krishnan, [*Deep Learning in JS*](https://www.youtube.com/watch?v=SV-cgdobtTA), JSConf EU, 2018. The talk that pokes a line's two parameters and rolls
  down the landscape.

Next: lesson 04 walks down the same way, with a network in the place of the line.
"""

# %% folded=true tags=["nbval-ignore-output"]
from course.desk.ending import ending

ending("One pass over the rows, 32 at a time, came as near to the bottom as many passes over all rows at once.")
