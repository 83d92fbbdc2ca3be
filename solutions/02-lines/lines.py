# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   course:
#     title: A line through a splatter of paint
#     rows: [B1, B2]
#     minutes: 85
#     builds_on: [01-tensors]
# ---

# %% [markdown]
r"""
# A line through a splatter of paint

**Somebody has flung paint at a wall, and you are to describe the mess with two numbers. Which two?**

The answer will be a line, and a line through a stain is about the least useful thing you can own. It is here because two numbers can be drawn on
a map, and on that map you can watch what every later lesson does with thousands of numbers: guess, find out how wrong the guess is, guess better.
"""

# %% setup=true
import torch
from course import data, plots
from course.check import answer, begin, check, checks, exercise, hints
from torch import Tensor, tensor

begin("02-lines")

# %% [markdown]
r"""
On the left is the wall, with five lines guessed one after another. On the right is the land those lines live in: every
place on it is a line, and its height says how badly that line fits. The five dots on the right are the five lines on the left, joined in the order of the
guesses. By the fifth, somebody had got the hang of it.

The code looks ahead: it borrows from the course what you will have written yourself by the end.
"""

# %% folded=true
from course import lines as ahead

x, y = data.paint_splatter()  # 200 drops: metres along the wall, metres above the floor
WALL = ("metres along the wall", "metres above the floor")
LAND = ("slope, m per m", "intercept, m", "loss, m²")
near_slopes, near_intercepts = torch.linspace(-1.1, 2.5, 101), torch.linspace(-1.2, 2.4, 101)
guesses = tensor([[-1.0, 2.2], [-0.7, 1.0], [0.2, 1.9], [0.9, 1.2], [0.7, 0.6]])

figure, (wall, land) = plots.figure(columns=2, width=10.5, height=4.6, width_ratios=[1, 1.25])
plots.line_through(wall, x, y, names=WALL)
ends = tensor([0.0, 2.0])
for number, (slope, intercept) in enumerate(guesses, start=1):
    wall.plot(ends, slope * ends + intercept, color=plots.COLOURS["vermillion"], linestyle="-", linewidth=1.6)
    wall.text(2.03, slope * 2 + intercept, str(number), va="center")
wall.set_title("A wall, and five guesses")
land.remove()
land = figure.add_subplot(1, 2, 2, projection="3d")
near_losses = ahead.loss_landscape(x, y, near_slopes, near_intercepts)
plots.landscape_3d(land, near_slopes, near_intercepts, near_losses, path=guesses, names=LAND)
land.set(xticks=[-1, 0, 1, 2], yticks=[-1, 0, 1, 2], title="The same five, in the landscape of loss")
plots.show(figure, "wall")

# %% [markdown]
r"""
**By the end you can**

- say what a model, its parameters and its loss are, and write all three in torch;
- compute the loss of forty thousand lines in one call, and read the landscape that comes out;
- find the best line of all in two ways, by guessing and by algebra, and say what each of them costs.

**Time:** about 85 minutes: 50 for the six exercises, 10 for the quiz, the rest to read and play. **Builds on:** lesson 01, *A block of numbers* (broadcasting
above all, and reductions).
"""

# %% [markdown]
r"""
## 1. A snake and a squiggle

Before the paint, a snake. You would like to keep it, and you have room for three numbers.

So you make a **[model](../glossary.md#model)**: a formula that stands in for the animal, has its rough shape, and leaves out the rest. Ours is a squiggle, a
wave, as a shaking pen draws it when somebody pulls the paper away. Three numbers decide which squiggle it is: how high the wave is, how many waves there are,
and where it starts. Numbers in a model that you may choose are its **[parameters](../glossary.md#parameter)**. The squiggle will never be
the snake. The question is which parameters bring it closest.

There are two ways to go about it.

- **Throw dice.** Choose all three at random, over and over, and keep the best squiggle that turns up.
- **Improve.** Choose once at random. Then nudge the three numbers a little. Better than before? Keep the nudge. If not, forget it. Again.

Both are allowed to look at 200 squiggles.
"""

# %% rows="B1"
TRIES, SEED = 200, 4  # change me

t = torch.linspace(0, 1, 160)  # from the tail to the head
snake = (0.5 + 0.4 * t) * torch.sin(2 * torch.pi * (1.6 * t + 0.1))
lowest, highest = tensor([0.1, 0.5, 0.0]), tensor([1.5, 3.0, 1.0])  # height, waves, start


def squiggle(parameters):
    height, waves, start = parameters
    return height * torch.sin(2 * torch.pi * (waves * t + start))


def distance(parameters):  # how far the squiggle is from the snake, on average along its body
    return (squiggle(parameters) - snake).abs().mean().item()


def dice(tries, generator):
    tried = lowest + (highest - lowest) * torch.rand(tries, 3, generator=generator)
    return tried, min(tried, key=distance)


def improve(tries, generator):
    kept = [lowest + (highest - lowest) * torch.rand(3, generator=generator)]
    for _ in range(tries - 1):
        nudged = kept[-1] + 0.05 * (highest - lowest) * torch.randn(3, generator=generator)
        if distance(nudged) < distance(kept[-1]):
            kept.append(nudged)
    return kept, kept[-1]


def draw_snake(panel):  # a disc at each place, thin at the tail and thick at the neck
    girth = 16 * (t / 0.25).clamp(0.15, 1) + 6 * torch.exp(-((t - 0.98) / 0.02) ** 2)
    panel.scatter(t, snake, s=girth ** 2, color=plots.COLOURS["green"], linewidth=0, zorder=2)
    panel.plot(t[-3:-2], snake[-3:-2] + 0.04, "o", color="white", markeredgecolor="black", markersize=6, zorder=3)
    for fork in (-0.35, -0.22):
        panel.plot([1.0, 1.035, 1.06], [snake[-1], snake[-1] - 0.2, snake[-1] + fork], color=plots.COLOURS["vermillion"], linestyle="-",
                   linewidth=1.5, zorder=1.5)


figure, axes = plots.figure(columns=2, width=10.5, height=3.8, sharey=True)
for panel, (way, title) in zip(axes, [(dice, "Dice, and the best of them"), (improve, "One squiggle, improved")]):
    tried, best = way(TRIES, torch.Generator().manual_seed(SEED))
    for parameters in tried[:60]:
        panel.plot(t, squiggle(parameters), color=plots.FAINT, linestyle="-", linewidth=0.7, zorder=1)
    draw_snake(panel)
    panel.plot(t, squiggle(best), color=plots.COLOURS["vermillion"], linestyle="--", zorder=4)
    panel.set(title=f"{title}: {distance(best):.2f} away", xlabel="from tail to head (snake lengths)", ylim=(-1.6, 1.6))
axes[0].set_ylabel("up and down (snake lengths)")
plots.show(figure, "snake")

# %% [markdown]
r"""
One race is an anecdote. Here are twenty, each from a **[seed](../glossary.md#seed)** of its own: a number that fixes how the dice will fall, so that a run can
be repeated.
"""

# %%
races = [(distance(dice(TRIES, torch.Generator().manual_seed(seed))[1]),
          distance(improve(TRIES, torch.Generator().manual_seed(seed))[1])) for seed in range(20)]
by_dice, by_improving = tensor(races).unbind(dim=1)
print(f"typical distance after {TRIES} tries:  dice {by_dice.median():.2f}   improving {by_improving.median():.2f}")
print(f"improving wins {(by_improving < by_dice).sum()} of {len(races)} races")

# %% [markdown]
r"""
Improving is the better way, and not always: now and then it starts with the wrong number of waves, and every small nudge makes matters
worse. It sits in a hollow and takes it for the valley. That will matter in lesson 04.

**Experiment.** Set `SEED` to 0 to see it stuck. Then set `TRIES` to 20, and to 2000, and run both cells again. Who gains more from patience?

Two things were missing. Dice have no memory, so try 199 is no cleverer than try 1. And nudging has no sense of direction: it finds out
by trial whether a step was a good one. To do better you need a number that says *how wrong*, and a map of that number. For three
parameters the map would need four dimensions. So: two parameters, a line, and the paint.
"""

# %% [markdown]
r"""
## 2. Two numbers make a line

Put a ruler along the floor and another up the wall, and each drop of paint becomes two numbers: `x`, metres along the wall, and `y`, metres
above the floor. A line says, for each `x`, a height. It has two parameters:

- the **[slope](../glossary.md#slope)**: how many metres it climbs for every metre along the wall;
- the **[intercept](../glossary.md#intercept)**: how high it stands at `x = 0`, where you started measuring.

At school it was `y = mx + b`. Here, with the names written out: start at the intercept, and climb `slope` metres for each of `x` metres.

$$\text{prediction} = \text{slope} \cdot x + \text{intercept}$$

What a model says for an `x` is its **[prediction](../glossary.md#prediction)**. What was there is the **[target](../glossary.md#target)**.
"""

# %% rows="B2"
figure, axes = plots.figure(columns=3, sharey=True)
for panel, (slope, intercept) in zip(axes, [(0.0, 1.3), (1.2, 0.6), (0.7, 0.6)]):
    plots.line_through(panel, x, y, slope, intercept, names=WALL)
    panel.set_title(f"slope {slope}, intercept {intercept}")
    panel.label_outer()
plots.show(figure, "three-lines")

# %% [markdown]
r"""
**Exercise 1 (4 minutes, easy): the line.** Write it. `x` may hold any number of places along the wall, and broadcasting does the rest: a
number times a tensor is a tensor.
"""

# %% exercise="predict" minutes=4
@exercise
def predict(x: Tensor, slope: Tensor | float, intercept: Tensor | float) -> Tensor:
    """The line's height over each place. x: (n,), metres. slope: metres up per metre along; intercept: metres. Both one number.

    Returns (n,), metres, in x's dtype, e.g. x = [0, 1, 4] with slope 3 and intercept 2 -> [2, 5, 14]. Gradients flow through.
    """
    ### BEGIN SOLUTION
    return slope * x + intercept
    ### END SOLUTION

# %% check="predict" points=9
hints("Walk along the wall with a finger. How high is the line where you start, and how much higher a metre on?",
      "The slope belongs to x: multiply those two. The intercept is added once, whatever x is.",
      "return slope * ... + ..., with x in the first gap and the intercept in the second.")
check(predict, tensor([0., 1., 4.]), 3.0, 2.0).gives(tensor([2., 5., 14.]))
check(predict, tensor([2.]), -1.5, 3.0).gives(tensor([0.]), hint="a negative slope runs downhill")
check(predict).agrees()
check(predict).keeps_the_contract()

# %% [markdown]
r"""
**Experiment.** Two numbers, one line. Change them and run the cell until the line lies in the paint. Then notice how you knew: you looked at the gaps.
"""

# %%
slope, intercept = 0.2, 0.5  # change me

figure, axes = plots.figure()
plots.line_through(axes, x, y, slope, intercept, names=WALL)
plots.show(figure, "your-line", slope=slope, intercept=intercept)
print(f"one metre along the wall, the line is {predict(tensor([1.0]), slope, intercept).item():.2f} m above the floor")

# %% [markdown]
r"""
## 3. What is left over

The gap between a drop and the line has a name and a direction. The **[residual](../glossary.md#residual)** is what is left over when the
prediction is taken away from the target:

$$\text{residual} = \text{target} - \text{prediction}$$

Above the line it is positive: the line should have said more. Below, it is negative. It is measured straight up or down, not across to
the nearest point of the line, because the question was 'how high *here*?'. The sticks in the picture are residuals.
"""

# %%
few = slice(0, 25)
figure, axes = plots.figure()
plots.line_through(axes, x[few], y[few], 0.2, 0.9, residuals=True, names=WALL)
plots.show(figure, "sticks")

# %% [markdown]
r"""
**Exercise 2 (3 minutes, easy): residuals.** One residual for each drop. The sign matters, so mind which way round you subtract.
"""

# %% exercise="residuals" minutes=3
@exercise
def residuals(prediction: Tensor, target: Tensor) -> Tensor:
    """What is left over: target minus prediction. prediction, target: (n,), metres.

    Returns (n,), metres, positive where the drop is above the line: predicted [2, 5], target [3, 4] -> [1, -1]. Gradients flow through.
    """
    ### BEGIN SOLUTION
    return target - prediction
    ### END SOLUTION

# %% check="residuals" points=9
hints("Take one drop that is a metre above the line. Its residual should be +1. Which of the two is larger there?",
      "Tensors of the same shape subtract element by element: no loop and no reduction.",
      "return target - ..., and nothing after it.")
check(residuals, tensor([2., 5., 14.]), tensor([3., 5., 10.])).gives(tensor([1., 0., -4.]))
check(residuals).agrees()
check(residuals).keeps_the_contract()

# %% [markdown]
r"""
Two hundred residuals are two hundred opinions. We want one. Their average, then? Watch what the average thinks of a line that climbs the wrong way:
"""

# %%
middle_x, middle_y = x.mean(), y.mean()
for slope in (0.7, 0.0, -3.0):  # with the intercept below, a line of any slope goes through the middle of the drops
    left_over = residuals(predict(x, slope, middle_y - slope * middle_x), y)
    print(f"slope {slope:4.1f}:  mean residual {left_over.mean():z.2f} m,   largest {left_over.abs().max():.2f} m")

# %% [markdown]
r"""
A line that misses by metres, and an average of zero: too high on one side pays for too low on the other. *Any* line through the middle of the
drops gets away with it. A score must not let errors cancel.

**Experiment.** In the cell above, shift the three lines up by a metre: `middle_y - slope * middle_x + 1`. What does the mean residual say now, and why is it
the same for all three?
"""

# %% [markdown]
r"""
## 4. One number for how wrong

Square the residuals first. A square cannot be negative, so nothing cancels. Then take the mean, so that 200 drops and 20 drops
can be compared. That is the **[mean squared error](../glossary.md#mean-squared-error)**:

$$\text{mse} = \frac{1}{n} \sum_{i=1}^{n} (\text{target}_i - \text{prediction}_i)^2$$

(The large sign is a Greek S, for *sum*: let $i$ run through the drops, from number 1 to number $n$, and add up what stands behind it.)

Any number that says how wrong a model is, less being better, is called a **[loss](../glossary.md#loss)**. This one is the most common loss
where the thing to predict is a quantity. In the picture it is an area: draw a square on each stick, and take the average square.
"""

# %% rows="B2" folded=true
from matplotlib.patches import Rectangle

figure, axes = plots.figure(columns=2, width=10, height=4.6, sharex=True, sharey=True)
for panel, (slope, intercept) in zip(axes, [(-0.1, 1.2), (0.7, 0.6)]):
    some = slice(0, 14)
    plots.line_through(panel, x[some], y[some], slope, intercept, residuals=True, names=WALL)
    left_over = residuals(predict(x[some], slope, intercept), y[some])
    for across, top, stick in zip(x[some], y[some], left_over):
        corner = (across.item() - max(stick.item(), 0), (top - stick.clamp(min=0)).item())
        panel.add_patch(Rectangle(corner, abs(stick).item(), abs(stick).item(), color=plots.COLOURS["orange"], alpha=0.25, linewidth=0))
    panel.set(aspect="equal", title=f"average square: {left_over.square().mean():.3f} m²")
    panel.label_outer()
plots.show(figure, "squares")

# %% [markdown]
r"""
**Exercise 3 (6 minutes, easy): mean squared error.** Residuals, squares, mean, in that order. The result is a scalar: a tensor without axes.
"""

# %% exercise="mse" minutes=6 uses="residuals"
@exercise
def mse(prediction: Tensor, target: Tensor) -> Tensor:
    """Mean squared error. prediction, target: (n,), metres, n >= 1.

    Returns a scalar tensor of their dtype, in square metres: predicted [1, 2, 3, 5], target [1, 4, 3, 1] -> (0 + 4 + 0 + 16) / 4 = 5.
    Gradients flow through: later lessons train with it.
    """
    ### BEGIN SOLUTION
    return (residuals(prediction, target) ** 2).mean()
    ### END SOLUTION

# %% check="mse" points=9
hints("Read the name backwards: error, squared, mean. That is the order of the work.",
      "`** 2` squares every element; `.mean()` turns many numbers into one. Only one of the two orders is right.",
      "return (residuals(prediction, target) ** 2).____()")
check(mse, tensor([1., 2., 3., 5.]), tensor([1., 4., 3., 1.])).gives(5.0)
check(mse).agrees(where=lambda call: len(call.target) > 1)

# %% check="mse" aspect="scalar" points=5
check(mse, tensor([3.]), tensor([1.])).gives(tensor(4.), hint="one row has a mean as well")
check(mse, tensor([1., 5.]), tensor([1., 5.])).gives(0.0, hint="a line through every drop has no loss at all")
check(mse).agrees(where=lambda call: len(call.target) == 1)
check(mse).keeps_the_contract()

# %% [markdown]
r"""
Squares have a temper. A drop twice as far away counts four times as much. So a single splash on the ceiling, far from everything else,
can outweigh two hundred polite drops. Such a row is an **[outlier](../glossary.md#outlier)**, and nobody has told the loss that it is an accident.

**Experiment.** One drop of the 200 is moved up to `height` metres, while the line stays where it is. How high, before that one drop makes up half of the loss?
"""

# %%
height = 3.0  # change me

moved = y.clone()
moved[0] = height
before, after = mse(predict(x, 0.7, 0.6), y), mse(predict(x, 0.7, 0.6), moved)
share = residuals(predict(x, 0.7, 0.6), moved)[0] ** 2 / len(x) / after
print(f"loss before {before:.4f} m²,  after {after:.4f} m²;  one drop of {len(x)} makes up {100 * share:.0f} % of it")
print(f"as a length, to tell people: {100 * before.sqrt():.0f} cm before")

# %% [markdown]
r"""
## 5. Guess, and keep the best

Now every line has a number, so guesses can be compared. **[Random search](../glossary.md#random-search)** is the snake's first way: draw a line at
random, compute its loss, keep it if it is the best so far. It needs no idea of what the loss looks like. It works for anything that can be
scored, and that is why people still use it where nothing better is known.

The dice are thrown outside the search. `random_lines` draws slopes between -2 and 3 and intercepts between -1 and 3 metres; the search gets
the drawn lines as a tensor, one `(slope, intercept)` a row. So the search itself has no luck in it: the same lines in, the same answer out.
"""

# %%
from course.lines import random_lines  # low + (high - low) * torch.rand(count, 2, generator=...)

low, high = tensor([-2.0, -1.0]), tensor([3.0, 3.0])  # (slope, intercept)
candidates = random_lines(300, low, high, torch.Generator().manual_seed(4))  # change me
print("the first three of", tuple(candidates.shape))
for slope, intercept in candidates[:3]:
    print(f"  slope {slope:5.2f}, intercept {intercept:5.2f}: loss {mse(predict(x, slope, intercept), y):6.3f} m²")

# %% [markdown]
r"""
**Exercise 4 (12 minutes, medium): random search.** Try the candidates from first to last. Give back two things: the best line, and the *history*, which
holds after each try the least loss seen so far. The history never rises. Where two lines are equally good, the one that came first stays.
"""

# %% exercise="random_search" minutes=12 uses="predict, residuals, mse"
@exercise
def random_search(x: Tensor, y: Tensor, candidates: Tensor) -> tuple[Tensor, Tensor]:
    """Try each candidate in turn and keep the best. x, y: (n,), metres; candidates: (tries, 2), a (slope, intercept) a row,
    and at least one. Returns the best row of candidates, (2,), and the least loss so far after each try, (tries,), square metres, both
    in the dtype that came: losses of 8, 2, 4 in this order -> (candidates[1], [8, 2, 2]). A loss may be of any size.
    """
    ### BEGIN SOLUTION
    best, least, history = candidates[0], None, []
    for line in candidates:
        loss = mse(predict(x, line[0], line[1]), y)
        if least is None or loss < least:
            best, least = line, loss
        history.append(least)
    return best, torch.stack(history)
    ### END SOLUTION

# %% check="random_search" points=12
hints("Three things have to be carried from try to try: the best line, its loss, and the list of what was least when.",
      "For each row: loss = mse(predict(...), y). Smaller than the least so far? Then line and loss both move. "
      "Either way, the least so far goes onto the list.",
      "if loss < least: best, least = line, loss, then history.append(least); at the end return best, torch.stack(history). "
      "Begin with the first line or with float('inf').")
check(random_search, tensor([0., 2.]), tensor([1., 5.]), tensor([[0., 1.], [1., 3.], [3., 3.], [2., 3.]])).gives(
    (tensor([1., 3.]), tensor([8., 2., 2., 2.])))
check(random_search).agrees(where=lambda call: len(call.candidates) > 1 and call.y.max() < 100 and (call.x % 1).any())

# %% check="random_search" aspect="edges" points=6
check(random_search, tensor([0., 2.]), tensor([1., 5.]), tensor([[2., 0.]])).gives(
    (tensor([2., 0.]), tensor([1.])), hint="a single try is the best of all tries")
check(random_search, tensor([0., 2.]), tensor([1., 5.]), tensor([[0., 1.], [1., 3.], [3., 1.]])).gives(
    (tensor([1., 3.]), tensor([8., 2., 2.])), hint="the last two lines are equally good: the first of them stays")
check(random_search).agrees(where=lambda call: len(call.candidates) == 1 or not (call.x % 1).any())  # in whole numbers losses are often equal
check(random_search).agrees(where=lambda call: call.y.max() > 100)                                    # a loss may be of any size
check(random_search).keeps_the_contract()

# %% [markdown]
r"""
Run it, and look at the staircase. Where it falls, the search got lucky. The treads are tries that bought nothing, and they get longer (both axes are
logarithmic: equal widths mean ten times as many tries): the better the line in your hand, the fewer lines are better still.
"""

# %%
guess, history = random_search(x, y, candidates)

figure, (wall, stairs) = plots.figure(columns=2)
plots.line_through(wall, x, y, *guess, names=WALL)
wall.set_title(f"the best of {len(candidates)}")
stairs.step(range(1, len(history) + 1), history, where="post", color=plots.COLOURS["blue"], linestyle="-")
stairs.set(xscale="log", yscale="log", xlabel="lines tried", ylabel="least loss so far, m²", title="mostly flat")
stairs.set_xticks([1, 10, 100], ["1", "10", "100"])
stairs.set_yticks([0.02, 0.05, 0.1, 0.2, 0.5], ["0.02", "0.05", "0.1", "0.2", "0.5"])
stairs.minorticks_off()
plots.show(figure, "best-guess")
kept = 1 + int((history[1:] < history[:-1]).sum())
print(f"{kept} of {len(history)} tries were worth keeping;  slope {guess[0]:.2f}, intercept {guess[1]:.2f}, loss {history[-1]:.4f} m²")

# %% [markdown]
r"""
**Experiment.** Change the seed from 4 to something else in the cell that draws the candidates, and run from there. Then draw 3,000 lines. Ten times the work:
how much better is the line?

It gets worse with more parameters. Say that each parameter has to land in the right tenth of its range. With two parameters one guess in 100 does. With three,
one in 1,000. With sixteen, which is a tiny network, one in 10,000,000,000,000,000. Networks are not trained by throwing dice.
"""

# %% [markdown]
r"""
## 6. Every line at once

A line is two numbers. Two numbers are a place on a map. So *every line is a place*, and its loss is how high the ground is there. That is
the **[landscape of loss](../glossary.md#landscape-of-loss)**: slope to the east, intercept to the north, loss upwards.

To draw it you need the loss at every crossing of a grid, and lesson 01 has the means: give each thing an axis of its own and let broadcasting
fill the block. Rows are intercepts, columns are slopes, and the drops lie along a third axis, which the mean then folds away:

| | shape | |
|---|---|---|
| intercepts | `(rows, 1, 1)` | one a row |
| slopes | `(1, columns, 1)` | one a column |
| x | `(n,)` | the drops, along the last axis |
| all the predictions | `(rows, columns, n)` | what broadcasting makes of the three |
| the landscape | `(rows, columns)` | the mean over the last axis |
"""

# %%
columns, rows = tensor([0.0, 1.0, 2.0]), tensor([1.0, 3.0])  # three slopes, two intercepts
block = columns[None, :, None] + rows[:, None, None]
print("slopes", tuple(columns[None, :, None].shape), "and intercepts", tuple(rows[:, None, None].shape), "make", tuple(block.shape))
print("with 200 drops on the last axis:", tuple((block + x).shape))

# %% [markdown]
r"""
**Exercise 5 (12 minutes, hard): the landscape.** The whole of it in one call, without a Python loop or a comprehension.
"""

# %% exercise="loss_landscape" minutes=12 uses="predict, residuals, mse"
@exercise
def loss_landscape(x: Tensor, y: Tensor, slopes: Tensor, intercepts: Tensor) -> Tensor:
    """The mean squared error of every line on a grid. x, y: (n,), metres; slopes: (columns,); intercepts: (rows,), metres.

    Returns (rows, columns), of x's dtype, square metres: row i, column j is the loss of the line with intercepts[i] and slopes[j].
    Gradients flow through.
    For the two drops (0, 1) and (2, 5), slopes [0, 1, 2] and intercepts [1, 3] -> [[8, 2, 0], [4, 2, 4]].
    """
    ### BEGIN SOLUTION
    heights = slopes[None, :, None] * x + intercepts[:, None, None]
    return ((y - heights) ** 2).mean(dim=-1)
    ### END SOLUTION

# %% check="loss_landscape" points=13
hints("Which axis is which? Write the three shapes of the table on paper before any code.",
      "slopes[None, :, None] * x has shape (1, columns, n). Add intercepts[:, None, None] and it has (rows, columns, n).",
      "((y - heights) ** 2).mean(dim=...), with the axis along which the drops lie.")
check(loss_landscape, tensor([0., 2.]), tensor([1., 5.]), tensor([0., 1., 2.]), tensor([1., 3.])).gives(tensor([[8., 2., 0.], [4., 2., 4.]]))
check(loss_landscape).agrees(where=lambda call: min(len(call.slopes), len(call.intercepts)) > 1)

# %% check="loss_landscape" aspect="batched" points=7
check(loss_landscape, tensor([0., 2.]), tensor([1., 5.]), tensor([2.]), tensor([1.])).gives(
    tensor([[0.]]), hint="a grid of one line still has a row and a column")
check(loss_landscape).agrees(where=lambda call: min(len(call.slopes), len(call.intercepts)) == 1)
check(loss_landscape).is_written_without("for", "while", "map", "vectorize", because="one call for the whole map is the point: broadcasting walks "
                                         "over lines and drops in compiled code, and a Python loop pays its price at each line")
check(loss_landscape).keeps_the_contract()

# %% [markdown]
r"""
Here it is: 40,401 lines, computed in one call. First the middle of it, as land, then all of it as a walker's map. Thin lines
join places of equal loss, and the white path is what random search kept, from guess to better guess.
"""

# %% rows="B1 B2"
slopes, intercepts = torch.linspace(-2, 3, 201), torch.linspace(-1, 3, 201)
losses = loss_landscape(x, y, slopes, intercepts)
improved = torch.cat([tensor([True]), history[1:] < history[:-1]])

near_losses = loss_landscape(x, y, near_slopes, near_intercepts)

figure, land = plots.figure(width=8.5, height=6.2, subplot_kw={"projection": "3d"})
plots.landscape_3d(land, near_slopes, near_intercepts, near_losses, path=candidates[improved], names=LAND)
land.set(xticks=[-1, 0, 1, 2], yticks=[-1, 0, 1, 2])
plots.show(figure, "valley")

figure, map_ = plots.figure(width=8.0, height=5.2)
plots.landscape(map_, slopes, intercepts, losses, paths=candidates[improved], names=LAND[:2], bar=LAND[2])
plots.show(figure, "valley-map")
row, column = divmod(int(losses.argmin()), len(slopes))
print(f"lowest crossing of {losses.numel():,}: slope {slopes[column]:.3f}, intercept {intercepts[row]:.2f}, loss {losses.min():.4f} m²")

# %% [markdown]
r"""
Three things to see.

- **One bottom.** The land is a bowl, **[convex](../glossary.md#convex)** as the field says. For a line and the mean squared error it always is: cut it
  along any direction and you get a parabola, the curve of a square. Networks are
  not so kind, and lesson 04 shows what theirs look like.
- **A valley, and it slants.** Make the line steeper and it rises everywhere to the right of 0. Lower its intercept and most of that is paid back. So a
  steeper line with a lower intercept costs little: along the valley the two parameters trade with each other, across it they do not.
- **Paths jump.** Random search lands anywhere. It knows nothing of downhill. Lesson 03 does.

**Experiment.** Replace `x` by `x - x.mean()` in both calls above, so that the wall is measured from the middle of the drops. What happens to the slant, and
why? (The white path stays where it was. It belongs to the old `x`.)

Was one call worth it? Measured, on this machine:
"""

# %% tags=["nbval-ignore-output"]
from time import perf_counter


def seconds(work, repeats=3):
    """The fastest of a few runs: the others were disturbed by something."""
    times = []
    for _ in range(repeats):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return min(times)


some_slopes, some_intercepts = slopes[::5], intercepts[::5]
one_call = seconds(lambda: loss_landscape(x, y, some_slopes, some_intercepts), repeats=10)
one_by_one = seconds(lambda: [[mse(predict(x, slope, intercept), y) for slope in some_slopes] for intercept in some_intercepts])
print(f"{len(some_slopes) * len(some_intercepts):,} lines: {1000 * one_call:.1f} ms in one call, {1000 * one_by_one:.0f} ms one by one, "
      f"{one_by_one / one_call:.0f} times as long")

# %% [markdown]
r"""
**Play.** Drag either end of the line and watch its point move over the land; or drag the point and see which line it is. Try to walk along the
bottom of the valley without climbing its sides: you are trading slope against intercept. (*Copy state* gives a text, `state='...'`: write it into the cell's
brackets, and the explorer opens as you left it. *Reset* brings back the beginning. All explorers have both.)

*The same in words:* a flat line at the drops' mean height stands on the side of the valley, and its sticks are long at both ends. Tilt it into the drops and
the sticks shrink, while the point slides down to the bottom. Lift it from there, or lower it, and the point climbs again.
"""

# %% explorer=true
from course.explorers.lines import line_explorer

line_explorer(x, y, names=(*WALL, *LAND))

# %% [markdown]
r"""
## 7. Straight to the bottom

On a bowl you need not search, for where it is level there is no lower place anywhere. The bottom is where the ground is level, and for a line 'level' can
be written down.

Stand on some line. Two moves are possible, and at the bottom neither must pay.

- **Lift the line.** If the mean residual is +10 cm, the drops lie 10 cm above the line on average, and lifting it by that much lowers the loss. Only when
  the *residuals sum to zero* is
  there nothing to gain.
- **Tilt the line.** If residuals are positive where `x` is large, turn the right end up. A tilt lifts the line twice as far at
  `x = 2` as at `x = 1`, so a drop has its say in proportion to its `x`: only when *residuals times x sum to zero* is there nothing to gain.

Two conditions, two unknown numbers: that can be solved on paper. Take three drops, $(0, 2)$, $(1, 1)$ and $(2, 6)$, slope $m$ and intercept $b$. Their
residuals are $2 - b$, $1 - m - b$ and $6 - 2m - b$.

- Their sum is to be zero: $9 - 3m - 3b = 0$.
- Each times its own $x$, which is 0, 1 and 2: $0 + (1 - m - b) + 2\,(6 - 2m - b) = 13 - 5m - 3b$ is to be zero too.

Subtract the first equation from the second: $4 - 2m = 0$, so $m = 2$. Put that into the first: $3 - 3b = 0$, so $b = 1$. Below, a flat line that meets only
the first condition, and the one just found.
"""

# %%
three_x, three_y = tensor([0., 1., 2.]), tensor([2., 1., 6.])
for slope, intercept in ((0.0, 3.0), (2.0, 1.0)):
    left_over = residuals(predict(three_x, slope, intercept), three_y)
    print(f"slope {slope:g}, intercept {intercept:g}: residuals {left_over.tolist()}, sum {left_over.sum():g}, "
          f"sum times x {(left_over * three_x).sum():g}, mean squared error {left_over.square().mean():.2f}")

# %% [markdown]
r"""
For 200 drops the two equations look the same, with longer sums in them, and matrices write all the sums at once. Put `x` in one column, a column of ones
beside it, and call the block `inputs`, of shape `(n, 2)`. Lay it on its side, so that the columns become
rows: that is `inputs.T`, written with a small T above in formulas. Both conditions are then one line, since a matrix product is exactly such sums of products,
of `x` times the residuals in the first row and of one times the residuals in the second:

$$\text{inputs}^\top\, \text{residuals} = 0$$

Here are the two sums for the line that random search found. They are not zero, so that line is not the best:
"""

# %%
inputs = torch.stack([x, torch.ones_like(x)], dim=1)
tilt, lift = inputs.T @ residuals(predict(x, *guess), y)
print(f"inputs {tuple(inputs.shape)};  residuals times x sum to {tilt:.1f} m²,  residuals sum to {lift:.1f} m")

# %% [markdown]
r"""
The residuals are `y - inputs @ line`, where `line` is slope and intercept in one vector: a row `[x, 1]` times `[slope, intercept]` is the prediction,
and that is what the ones are for. Put this in, and it reads

$$\text{inputs}^\top\,(y - \text{inputs}\;\text{line}) = 0$$

Multiply the bracket out, and bring each half to a side of its own. That is the **[normal equation](../glossary.md#normal-equation)**:

$$(\text{inputs}^\top \text{inputs})\;\text{line} = \text{inputs}^\top y$$

On the left a block of 2 x 2 known numbers times two unknown ones, on the right two known numbers: two equations. `torch.linalg.solve(block, right)` does
what you
did above by subtracting. The line that comes out has the least mean squared error of all lines there are, and is called
the **[least squares](../glossary.md#least-squares)** line. Legendre published the method in 1805; Gauss answered in 1809 that he had been using it since
1795. Stigler (below) weighs who was right. Gauss gave a reason for squares, too: if errors follow the bell curve that now bears his name, this line is the one
that makes the drops most probable. Statisticians call the whole business *linear regression*.

**Exercise 6 (12 minutes, hard): least squares.** The best line by the normal equation. No search and no loop.
"""

# %% exercise="least_squares" minutes=12
@exercise
def least_squares(x: Tensor, y: Tensor) -> Tensor:
    """The line with the least mean squared error. x, y: (n,), metres, with at least two different x.

    Returns (2,), in the dtype that came: slope, then intercept, e.g. the drops (0, 2), (1, 1), (2, 6) -> [2, 1].
    """
    ### BEGIN SOLUTION
    inputs = torch.stack([x, torch.ones_like(x)], dim=1)
    return torch.linalg.solve(inputs.T @ inputs, inputs.T @ y)
    ### END SOLUTION

# %% check="least_squares" points=13
hints("Build `inputs` first and print its shape. It should be (n, 2): one column for what the slope multiplies, one for what the intercept does.",
      "inputs = torch.stack([x, torch.ones_like(x)], dim=1). The block on the left is inputs.T @ inputs, of shape (2, 2).",
      "return torch.linalg.solve(inputs.T @ inputs, ____), with the right-hand side of the normal equation in the gap.")
check(least_squares, tensor([0., 1., 2.]), tensor([2., 1., 6.])).gives(tensor([2., 1.]), tolerance=1e-4)
check(least_squares).agrees(where=lambda call: len(call.x) > 2)

# %% check="least_squares" aspect="bottom" points=7
check(least_squares, tensor([0., 2.]), tensor([1., 5.])).gives(
    tensor([2., 1.]), tolerance=1e-4, hint="two drops: the line goes through both")
check(least_squares, tensor([0., 1., 2., 3.]), tensor([1., 0., 4., 3.])).satisfies(
    "the residuals sum to zero", lambda line, x, y: abs((y - line[0] * x - line[1]).sum()) < 1e-3, hint="lifting the line must not pay")
check(least_squares, tensor([0., 1., 2., 3.]), tensor([1., 0., 4., 3.])).satisfies(
    "residuals times x sum to zero", lambda line, x, y: abs((x * (y - line[0] * x - line[1])).sum()) < 1e-3, hint="tilting the line must not pay")
check(least_squares).agrees(where=lambda call: len(call.x) == 2)
check(least_squares).keeps_the_contract()

# %%
best = least_squares(x, y)
tilt, lift = inputs.T @ residuals(predict(x, *best), y)
print(f"slope {best[0]:.3f}, intercept {best[1]:.3f}, loss {mse(predict(x, *best), y):.4f} m²;  "
      f"the two sums: {abs(tilt):.2f} and {abs(lift):.2f}")

figure, (wall, map_) = plots.figure(columns=2, width=10.5, height=4.4)
plots.line_through(wall, x, y, *best, residuals=True, names=WALL)
wall.set_title("The best line there is")
close_slopes, close_intercepts = best[0] + torch.linspace(-0.3, 0.3, 81), best[1] + torch.linspace(-0.3, 0.3, 81)
plots.landscape(map_, close_slopes, close_intercepts, loss_landscape(x, y, close_slopes, close_intercepts), paths=guess[None], minimum=best,
                names=LAND[:2], bar=LAND[2])
map_.set_title("Star: algebra. Dot: dice")
plots.show(figure, "least-squares")

# %% [markdown]
r"""
The paint was made with slope 0.7 and intercept 0.6. The best line does not quite say so. It is the best line *for these 200 drops*, and 200 drops are a
sample: by chance they landed a little higher at the left, and lower at the right, than the recipe says. What that means for drops you have not seen is a
question for lesson 04.

'Linear' is about the parameters, not about the picture. Put a third column, $x^2$, into `inputs`, and the same equation finds the best parabola:
"""

# %%
three_columns = torch.stack([x ** 2, x, torch.ones_like(x)], dim=1).double()
bend, climb, lift = torch.linalg.solve(three_columns.T @ three_columns, three_columns.T @ y.double())
gain = 1 - mse(three_columns @ torch.stack([bend, climb, lift]), y.double()) / mse(predict(x.double(), *best.double()), y.double())
print(f"best parabola: {bend:.3f} x² + {climb:.3f} x + {lift:.3f}, {100 * gain:.2f} % less loss than the best line")

# %% [markdown]
r"""
Less loss, by a little, though the recipe holds no $x^2$: one more parameter fits a little more of the chance. Lesson 04 has a name for that.

**Experiment.** Let some of the drops go astray and land anywhere on the wall: `outliers` is their share. How few does it take to tilt the line visibly?
"""

# %%
outliers = 0.1  # change me

splashed = data.paint_splatter(outliers=outliers)
tilted = least_squares(*splashed)
figure, axes = plots.figure()
plots.line_through(axes, *splashed, *tilted, names=WALL)
axes.plot(ends, predict(ends, *best), color=plots.INK, linestyle=":")
plots.show(figure, "strays", outliers=outliers)
print(f"slope {tilted[0]:.2f} and intercept {tilted[1]:.2f}, where clean paint gave {best[0]:.2f} and {best[1]:.2f}")

# %% [markdown]
r"""
**Experiment.** Algebra is exact, and a computer is not. Suppose `x` were measured from a town `kilometres` away rather than from the end of the wall. The slope
should not care. Does it?

<details><summary>What one sees, once you have tried</summary>

Yours may: in float32 the squares of numbers like 10,000 use up all the digits. `x - x.mean()` before the algebra is the cure,
and the course's own `least_squares` takes it.

</details>
"""

# %% tags=["nbval-ignore-output"]
kilometres = 10  # change me

far = least_squares(x + 1000 * kilometres, y)
exact = least_squares(x.double() + 1000 * kilometres, y.double())
print(f"slope here {best[0]:.3f},  from {kilometres} km away {far[0]:.3f} in float32 and {exact[0]:.3f} in float64")

# %% [markdown]
r"""
## 8. The race

Dice against algebra, after the same number of loss evaluations. First the rules, because a race is only as fair as its counting.

- **One evaluation** is the loss of one line on all n drops. For each drop that is a multiplication, an addition, a subtraction, a square and one more addition
  for the mean: 5n operations.
- **Random search** pays one evaluation a try. Drawing the lines is free.
- **Least squares** evaluates no loss at all, but it does look at the drops. It needs the sums of x, x², y and xy: two multiplications and four additions a
  drop, 6n operations, and
  then a handful that do not depend on n. We charge it two evaluations for that, rounded up, and a third to find out its own loss. **Three in all.**

One random search is luck, so 25 of them run, and after each number of tries we look at the middle one. The score is a line's loss, divided by the least that
any line can have: 1 is as good as it gets.
"""

# %% headline=true
charged = 3  # loss evaluations that least squares is charged
least = mse(predict(x, *least_squares(x, y)), y)
searches = torch.stack([random_search(x, y, random_lines(1000, low, high, torch.Generator().manual_seed(seed)))[1] for seed in range(25)])
times = searches / least  # how many times the least loss
typical = times.median(dim=0).values

figure, axes = plots.figure(width=7.5, height=4.2)
tries = range(1, 1001)
axes.fill_between(tries, times.quantile(0.1, dim=0), times.quantile(0.9, dim=0), color=plots.COLOURS["sky"], alpha=0.35, linewidth=0,
                  label="8 of 10 searches")
axes.plot(tries, typical, color=plots.COLOURS["blue"], linestyle="-", label="random search, the middle one of 25")
axes.plot([charged, 1000], [1, 1], color=plots.COLOURS["vermillion"], linestyle="--", marker="*", markersize=15, markevery=[0], label="least squares")
axes.set(xscale="log", yscale="log", xlabel="loss evaluations", ylabel="times the least loss")
axes.set_xticks([1, 3, 10, 30, 100, 300, 1000], ["1", "3", "10", "30", "100", "300", "1000"])
axes.set_yticks([1, 2, 5, 10, 20, 50, 100, 200], ["1", "2", "5", "10", "20", "50", "100", "200"])
axes.minorticks_off()
axes.legend()
plots.show(figure, "tries")

print(f"least loss {least:.4f} m²: the drops lie {100 * least.sqrt():.0f} cm from the best line, in the root of the mean square")
for count in (charged, 30, 300, 1000):
    print(f"after {count:4d} evaluations:  random search {typical[count - 1]:5.2f} times the least loss,  least squares 1.00")
within = int((times[:, -1] < 1.01).sum())
print(f"within 1 % of the least after 1000 evaluations: {within} of 25 random searches")

# %% [markdown]
r"""
Algebra wins at once. It also has a weak spot: it needs a model for which somebody has solved 'level ground' with a pencil. For lines there is
such a formula. For a network with a million parameters there is none, and dice are hopeless, as section 5 counted. What is left is the snake's second way,
improving step by step, with one idea added: *feel which way is down before you step.* The landscape is smooth, so that can be done. It is lesson 03.
"""

# %% [markdown]
r"""
## Quiz (10 minutes)

Five questions, one letter each. Run the next cell and click, or write the letters between the quotes below it. Who learns alone is told at once whether they
are right, and why not; in a class it may be told when you hand in.
"""

# %% quiz="reading" points=10
[
    {"ask": "A drop's residual is -0.3 m. Where is the drop?",
     "choices": {"a": "30 cm above the line", "b": "30 cm below the line", "c": "30 cm to the left of the line", "d": "On a line that runs downhill"},
     "right": "b",
     "because": {"a": "That would be prediction minus target. Target minus prediction is negative: the drop hangs below the line.",
                 "c": "A residual is measured straight up and down; the question put to the line was how high it is at this x.",
                 "d": "The sign belongs to this one drop, not to the slope: uphill lines have negative residuals too."}},
    {"ask": "The residuals of a line sum to exactly zero. What do you know?",
     "choices": {"a": "It is the least squares line", "b": "It passes through every drop", "c": "It passes through the middle of the drops, and no more than "
                                                                                                "that"},
     "right": "c",
     "because": {"a": "Tempting, since the best line has it too. But any line through the middle of the drops has it, even one that climbs the wrong way; "
                      "residuals times x must sum to zero as well.",
                 "b": "Then each residual would be zero by itself. A sum can be zero because errors cancel."}},
    {"ask": "What is one place on the landscape of loss?",
     "choices": {"a": "A drop of paint", "b": "A line", "c": "A residual", "d": "A step of the search"},
     "right": "b",
     "because": {"a": "Drops live on the wall. The land's two directions are slope and intercept, so a place is one pair of these.",
                 "c": "All n residuals of one line together make the height of one place.",
                 "d": "A search visits places. They are there whether anybody looks or not."}},
    {"ask": "A drop's residual grows from 1 to 10 cm while everything else stays. How much does this drop add to the mean squared error now?",
     "choices": {"a": "9 times as much as before", "b": "10 times as much as before", "c": "100 times as much as before"},
     "right": "c",
     "because": {"a": "9 cm is by how much the residual grew. The loss sees squares.",
                 "b": "That would be so for the mean absolute error. Squares go from 1 to 100."}},
    {"ask": "For two parameters, one random guess in 100 lands within your tolerance. For ten parameters with the same tolerance each?",
     "choices": {"a": "One in 500: five times as many parameters", "b": "One in 10,000,000,000", "c": "One in 100: the tolerance is the same"},
     "right": "b",
     "because": {"a": "The chances multiply, they do not add: one in ten for every parameter.",
                 "c": "Each further parameter has to be right at the same time, and each of them is with a chance of one in ten."}},
]

# %% [markdown]
r"""
## What to remember

1. A model is a formula that stands in for something, and its parameters are the numbers in it that you may choose. A line has two.
2. The loss says in one number how wrong the model is. Square before you average, or errors cancel; but squares let a single outlier shout.
3. Every choice of parameters is a place in the landscape of loss. For a line and squared errors it is a bowl with one bottom.
4. Random search asks for nothing but a loss, learns nothing from a bad guess, and drowns as parameters are added.
5. On level ground the residuals sum to zero, and so do residuals times x. For a line that can be solved at once: it is the normal equation.

## Terms

[model](../glossary.md#model), [parameter](../glossary.md#parameter), [seed](../glossary.md#seed), [slope](../glossary.md#slope),
[intercept](../glossary.md#intercept), [prediction](../glossary.md#prediction), [target](../glossary.md#target), [residual](../glossary.md#residual), [mean
squared error](../glossary.md#mean-squared-error), [loss](../glossary.md#loss), [outlier](../glossary.md#outlier), [random
search](../glossary.md#random-search), [landscape of loss](../glossary.md#landscape-of-loss), [convex](../glossary.md#convex), [normal
equation](../glossary.md#normal-equation), [least squares](../glossary.md#least-squares)

## Where to read on

- Ashi Krishnan, [*Deep Learning in JS*](https://www.youtube.com/watch?v=SV-cgdobtTA), JSConf EU, 2018. The talk in which a snake became a squiggle, and a
  splatter of paint a line.
- Adrien-Marie Legendre, *Nouvelles méthodes pour la détermination des orbites des comètes*, Paris, 1805. Its
  appendix is where least squares first appeared in print.
- Stephen M. Stigler, [*Gauss and the Invention of Least Squares*](https://doi.org/10.1214/aos/1176345451), The Annals of Statistics, 1981. Who was first, and
  how anybody could tell.
- Francis J. Anscombe, [*Graphs in Statistical Analysis*](https://doi.org/10.1080/00031305.1973.10478966), The American Statistician, 1973. Four data sets with
  one and the same best line, and why you look before you fit.
- James Bergstra and Yoshua Bengio, [*Random Search for Hyper-Parameter Optimization*](https://jmlr.org/papers/v13/bergstra12a.html), Journal of Machine
  Learning Research 13, 2012. Where dice are still a good tool.

Next: lesson 03 lands in this landscape, in fog, and walks down.
"""

# %% folded=true tags=["nbval-ignore-output"]
from course.desk.ending import ending

ending("Algebra found the line that no other line beats, for the price of three guesses. No throw of the dice got there.")
