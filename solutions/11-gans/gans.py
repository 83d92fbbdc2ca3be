# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   course:
#     title: Two networks that improve each other
#     rows: [G1, G2, G3, G4, G5, G6]
#     minutes: 130
#     builds_on: [03-descent, 05-convolutions, 07-batchnorm, 08-augmentation]
# ---

# %% [markdown] rows="G6"
r"""
# Two networks that improve each other

**How do you teach a machine to make something, when nobody can say what is wrong with what it makes?**

Every lesson so far had a loss that one could write down. How far is the line from the dots? How sure was the network of the wrong digit? Now let a
network *draw* a digit. No single picture is the right one, so there is nothing to take the distance to. "It should look handwritten" is a fine instruction to a
person and no formula at all.

The way out: train a second network to tell real digits from drawn ones. Its opinion is a number, it has a gradient, and so it can serve as a loss. The first
network, the **[generator](../glossary.md#generator)**, learns to please it. The second, the **[discriminator](../glossary.md#discriminator)**, learns not to be
pleased. A forger and an expert, locked in one room, each the other's teacher. The pair is called a **[generative adversarial
network](../glossary.md#generative-adversarial-network)**, GAN for short.
"""

# %% setup=true
import math
from collections.abc import Callable, Iterable

import torch
from course import data, plots
from course.check import answer, begin, check, checks, exercise, hints
from torch import Tensor, nn, tensor

begin("11-gans")

# %% [markdown]
r"""
Here is the whole thing in miniature. The real things are dots on a plane, in eight piles round a ring. The generator gets random numbers and turns each handful
into a dot. It is never shown a real dot. All it ever hears is how its own dots were judged. Watch it over 1,500 steps (some seconds).
"""

# %%
from course import gans as course_version  # the course's own functions; yours come in the next sections
from course.bars import Bar

device = "cuda" if torch.cuda.is_available() else "cpu"


def layers(inputs: int, outputs: int, width: int = 64) -> nn.Module:
    """Two hidden layers of ReLUs."""
    return nn.Sequential(nn.Linear(inputs, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, outputs))


def ring_generator() -> nn.Module:
    """From 8 random numbers to a dot on the plane."""
    return layers(8, 2).to(device)


def ring_discriminator() -> nn.Module:
    """From a dot to a logit: above 0 means 'real'."""
    return nn.Sequential(layers(2, 1), nn.Flatten(0)).to(device)


def adam(parameters: Iterable) -> torch.optim.Optimizer:
    return torch.optim.Adam(parameters, lr=1e-3, betas=(0.5, 0.99))


def play_on_the_ring(kind: Callable, r1: float, steps: int = 1500, seed: int = 0, look_at: tuple[int, ...] = ()) -> tuple[Tensor, dict]:
    """2,000 dots of the generator after so many steps, and at the steps to look at; on the CPU, (2000, 2) each."""
    torch.manual_seed(seed)
    chance = torch.Generator().manual_seed(seed)
    game, seen = kind(ring_generator, ring_discriminator, adam, r1), {}
    watched = torch.randn(2000, 8, generator=chance).to(device)
    for step in Bar(range(1, steps + 1), name=f"game on the ring, {steps} steps"):
        real = course_version.ring(128, chance).to(device)
        game.step(real, torch.randn(128, 8, generator=chance).to(device))
        if step in look_at or step == steps:
            with torch.no_grad():
                seen[step] = game.generator(watched).cpu()
    return seen[steps], seen


centres = course_version.ring_centres()
moments = (1, 100, 300, 600, 1500)
_, film = play_on_the_ring(course_version.Game, r1=1.0, look_at=moments)

figure, panels = plots.figure(columns=5, width=11, height=3.2, sharey=True)
for axes, step in zip(panels, moments):
    axes.scatter(*film[step].T, s=4, color=plots.COLOURS["vermillion"], linewidth=0, alpha=0.4)
    axes.scatter(*centres.T, s=60, marker="+", color=plots.COLOURS["blue"], linewidth=1.6)
    axes.set(title=f"step {step}", xlim=(-3.2, 3.2), ylim=(-3.2, 3.2), aspect="equal", xlabel="x")
panels[0].set_ylabel("y")
plots.show(figure, "film-of-the-ring")

# %% [markdown] rows="G6"
r"""
Nobody told it that there are eight piles, or where. It found out by being caught.

**By the end you can**

- write both losses of the game, and say why the generator's is turned round;
- write one step of the game with each gradient going where it should and nowhere else;
- see that a generator has forgotten half of the world, and count it;
- make digits to order, walk from one to another without leaving the road, and breed them;
- say what a detector of fakes learns, and why it fails on the next forger.

**Time:** about 130 minutes: 70 for the seven exercises, 10 for the quiz, the rest to read and play. **Builds on:** lesson 03, *Down the landscape of loss*
(descent), lesson 05, *Crops through a filter* (convolutions, the small network that reads digits), lesson 07, *The scale of things* (batch norm), and lesson
08, *The same dog, many pictures* (augmentation).

## 1. A loss that is a network
The discriminator is a classifier with two classes, as in lesson 04. It gives each thing one [logit](../glossary.md#logit): above 0 for *real*, below 0
for *fake*. The [sigmoid](../glossary.md#sigmoid) of it is the chance it gives to *real*, and its loss is plain [cross-entropy](../glossary.md#cross-entropy):
minus the logarithm of the chance that it gave to the truth. For a real thing with logit $r$ and a fake with logit $f$:

$$-\log \sigma(r) \qquad\text{and}\qquad -\log\bigl(1 - \sigma(f)\bigr)$$

Typed in as it stands this breaks: at a logit of -200 the sigmoid is 0 to the last digit, and its logarithm minus infinity. One safe function writes both,
the **[softplus](../glossary.md#softplus)**, $\log(1 + e^x)$, a ReLU with its corner rounded off. torch has it as `torch.nn.functional.softplus`, and it does
not overflow. Since $\sigma(r) = 1 / (1 + e^{-r})$, and minus the logarithm of one over something is its logarithm,

$$-\log \sigma(r) = \log(1 + e^{-r}) = \text{softplus}(-r)$$

The other one you will find: $1 - \sigma(f)$ is $\sigma(-f)$.
"""

# %%
logits = torch.linspace(-6, 6, 121)
figure, axes = plots.figure()
plots.curves(axes, {"a real thing": torch.nn.functional.softplus(-logits), "a fake": torch.nn.functional.softplus(logits)}, x=logits,
             names=("logit: fake on the left, real on the right", "what the discriminator pays"))
plots.show(figure, "prices")

# %% [markdown]
r"""
**Exercise 1 (6 minutes, easy): the discriminator's loss.** Average over the real things, average over the fakes, add the two averages. There may be more of one
than of the other; each side still counts the same.
"""

# %% exercise="discriminator_loss" minutes=6
@exercise
def discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    """What the discriminator pays for calling real things fake, and fakes real.

    real: (n,), its logits for real things. fake: (m,), its logits for fakes. Above 0 means 'real'.
    Returns a scalar: the mean price of the real ones plus that of the fakes. Two shrugs, [0.] and [0.], -> 2 * log 2 = 1.386.
    """
    ### BEGIN SOLUTION
    return torch.nn.functional.softplus(-real).mean() + torch.nn.functional.softplus(fake).mean()
    ### END SOLUTION


# %% check="discriminator_loss" points=7
hints("A real thing is cheap where its logit is high. A fake is cheap where it is low.",
      "The price of a real thing is softplus(-logit). Turn the sign round for a fake.",
      "softplus = torch.nn.functional.softplus; then softplus(-real).mean() + softplus(fake).mean().")
check(discriminator_loss, tensor([2., 0.]), tensor([-1., 1., 0.5])).gives(tensor(1.2769), tolerance=2e-4)
check(discriminator_loss).agrees(where=lambda call: call.real.abs().max() < 10)

# %% check="discriminator_loss" aspect="sure" points=5
check(discriminator_loss, tensor([-300.]), tensor([400.])).gives(tensor(700.), tolerance=1e-3)     # very sure, and very wrong
check(discriminator_loss).agrees(where=lambda call: call.real.abs().max() >= 10)
check(discriminator_loss).keeps_the_contract()                 # a plain number could not be walked down
check(discriminator_loss, tensor([0.]), tensor([0.])).gradient().gives(tensor([-0.5]), tolerance=1e-3)
check(discriminator_loss, tensor([0.]), tensor([0.])).gradient(1).gives(tensor([0.5]), tolerance=1e-3)

# %% [markdown] rows="G6"
r"""
## 2. The other side of the table
The generator wants the opposite. The obvious loss is the discriminator's price for fakes with the sign turned: what one pays, the other wins. On paper that is
the game, and it is what the paper of 2014 (Goodfellow and others) proves its theorem about. In practice it fails, and the same paper says so and says what to
do.

Think of the first hundred steps. The generator makes blots, the discriminator sees through every one and gives logits like -6. Now look at the two curves: how
much does the loss *change* when a logit rises a little? That slope is all that the generator will ever hear.
"""

# %%
soft = torch.nn.functional.softplus
figure, (left, right) = plots.figure(2)
plots.curves(left, {"what one wins the other loses": -soft(logits), "turned round: -log of the chance of 'real'": soft(-logits)}, x=logits, names=("logit of a fake", "the generator's loss"))
plots.curves(right, {"what one wins the other loses": -torch.sigmoid(logits), "turned round": torch.sigmoid(logits) - 1}, x=logits, names=("logit of a fake", "slope of the loss"))
left.legend(loc="lower left", fontsize=9)
right.get_legend().remove()
right.annotate("caught,\nand told nothing", (-5.6, -0.02), (-5.8, -0.36), fontsize=10, arrowprops={"arrowstyle": "-", "color": plots.INK})
plots.show(figure, "slopes")

# %% [markdown]
r"""
With the obvious loss a fake that is seen through has no slope under it: the worse the forger, the less it learns. That loss is called **saturating**. So turn
the question round. Let the generator not minimise the chance of being caught but *maximise the chance of passing*: its loss is $-\log\sigma(f)$. Both want the
same thing, but now the worst fakes get the strongest push. This is the **[non-saturating loss](../glossary.md#non-saturating-loss)**, and nearly every GAN
since has used it or something with the same virtue.

**Exercise 2 (5 minutes, easy): the generator's loss.** Non-saturating, averaged, and safe for large logits.
"""

# %% exercise="generator_loss" minutes=5
@exercise
def generator_loss(fake: Tensor) -> Tensor:
    """What the generator pays for fakes that are seen through: -log of the chance of 'real' that each was given, averaged.

    fake: (n,), the discriminator's logits for fakes. Returns a scalar, e.g. a shrug [0.] -> log 2 = 0.693.
    """
    ### BEGIN SOLUTION
    return torch.nn.functional.softplus(-fake).mean()
    ### END SOLUTION


# %% check="generator_loss" points=6
hints("To the generator, a fake should be treated as the discriminator treats a real thing.",
      "-log(sigmoid(x)) is the softplus of -x.",
      "torch.nn.functional.softplus(-fake).mean()")
check(generator_loss, tensor([0., 2., -1.])).gives(tensor(0.7111), tolerance=2e-4)
check(generator_loss).agrees(where=lambda call: call.fake.abs().max() < 10)

# %% check="generator_loss" aspect="slope" points=4
check(generator_loss, tensor([-200.])).gradient().gives(tensor([-1.]), tolerance=1e-3)     # surely caught: a little more logit, as much less loss
check(generator_loss, tensor([0., 0.])).gradient().gives(tensor([-0.25, -0.25]), tolerance=1e-3)     # a shrug: half a slope each, averaged
check(generator_loss).agrees(where=lambda call: call.fake.abs().max() >= 10)
check(generator_loss).keeps_the_contract()

# %% [markdown] rows="G6"
r"""
**The game as one formula.** With $D = \sigma(\text{logit})$, real things $x$ and latents $z$, the paper writes

$$\min_G \max_D \; \mathbb{E}_x \log D(x) + \mathbb{E}_z \log\bigl(1 - D(G(z))\bigr)$$

where $\mathbb{E}$ is the average. Let $p$ be how dense the real things are at a place, and $q$ the fakes. There $D$ wants $p \log D + q \log (1 - D)$ as large
as can be; the derivative $p / D - q / (1 - D)$ is 0 at $D = p / (p + q)$. Put that in, and the generator is left with $-2 \log 2$ plus twice
the **[Jensen-Shannon divergence](../glossary.md#jensen-shannon-divergence)** of the two densities: 0 where they agree, $\log 2$ where they nowhere overlap. So
against a perfect discriminator the game has one best end, $q = p$. (With the loss of exercise 2 it is no longer one formula for both; the best end is the
same.) Two bells on a line, moved apart:
"""

# %%
def bell(x: Tensor, middle: float) -> Tensor:
    """The density of the normal distribution with standard deviation 1."""
    return torch.exp(-(x - middle) ** 2 / 2) / math.sqrt(2 * math.pi)


line = torch.arange(-10, 20, 0.01, dtype=torch.float64)
print("fakes moved by   best discriminator pays   Jensen-Shannon divergence   Wasserstein distance")
for moved in (0, 1, 2, 4, 8):
    p, q = bell(line, 0), bell(line, moved)
    pays = 0.01 * float((p * soft(-(p / q).log()) + q * soft((p / q).log())).sum())
    wasserstein = 0.01 * float(((p - q).cumsum(0) * 0.01).abs().sum())
    print(f"{moved:14d}{pays:26.3f}{math.log(2) - pays / 2:28.3f}{wasserstein:23.3f}")

# %% [markdown] rows="G6"
r"""
From 4 to 8 the divergence hardly moves: who is far off is not told where to go. The last column does tell. The **[Wasserstein
distance](../glossary.md#wasserstein-distance)** is the least work of shovelling the one heap into the other, amount times way. Martin Arjovsky, Soumith
Chintala and Léon Bottou (2017) made a GAN of it, *WGAN*: its discriminator, called *critic*, raises the mean score of real things less that of fakes, without a
sigmoid, and may nowhere be steeper than 1; a penalty on the slope sees to that (Ishaan Gulrajani and others, 2017).

## 3. A landscape that moves while you walk on it
In lesson 03 the landscape stood still. Here each player's landscape is made by the other player, who is walking too. The smallest game that shows what this
does has two numbers. All real things are at 0. The generator makes one thing, at $b$. The discriminator is a line, $D(x) = w\,x$. There is one point where both
could rest, $b = 0$ and $w = 0$: the fake is where the real things are, and the line is flat because nothing is left to tell apart. Start at $b = 1$ and walk,
in turns (the example is Mescheder, Geiger and Nowozin's, 2018, who call it the Dirac-GAN).
"""

# %%
def chance_of_real(logit: float) -> float:
    """The sigmoid; the exponential of more than 700 has no place in a float."""
    return 1 / (1 + math.exp(min(-logit, 700.0)))


def two_numbers(r1: float, rate: float = 0.1, steps: int = 400) -> Tensor:
    """The walk of b and w, (steps + 1, 2). r1: what the discriminator pays for being steep."""
    b, w, walk = 1.0, 0.0, [(1.0, 0.0)]
    for _ in range(steps):
        w = w - rate * (chance_of_real(w * b) * b + r1 * w)    # the discriminator, down its own loss
        b = b + rate * (1 - chance_of_real(w * b)) * w         # the generator, down its own, where the other now stands
        walk.append((b, w))
    return tensor(walk)


figure, panels = plots.figure(columns=2, sharey=True)
for axes, r1 in zip(panels, (0.0, 0.5)):                       # change me
    walk = two_numbers(r1)
    axes.plot(*walk.T, linewidth=1.4, linestyle="-")
    axes.plot(*walk[0], marker="s", markersize=9, color=plots.COLOURS["black"], linestyle="none", label="start")
    axes.plot(*walk[-1], marker="o", markersize=10, color=plots.COLOURS["vermillion"], linestyle="none", label="after 400 steps")
    axes.plot(0, 0, marker="*", markersize=15, color=plots.COLOURS["yellow"], markeredgecolor=plots.INK, linestyle="none", label="where both could rest")
    axes.set(xlabel="b, where the fake is", title=f"r1 = {r1:g}", aspect="equal")
panels[0].set_ylabel("w, slope of the discriminator")
panels[1].legend(loc="lower right", fontsize=9)
plots.show(figure, "penalty")

# %% [markdown]
r"""
On the left they chase each other in circles. The fake runs to where the line points, overshoots, the line tips over, and so on; after 400 steps they are still
more than 0.3 from rest. A loss that falls is no sign of progress here, and one that rises no sign of failure. That is the first thing to unlearn: **do not read
a GAN by its losses.**

On the right the discriminator pays for being steep *at the real things*: half of `r1` times its squared slope there. Once fakes and real things agree, a steep
opinion has nothing to stand on, and this makes it lie down. It is the **[R1 penalty](../glossary.md#r1-penalty)**, of the same paper. After 400 steps the two
are within a hundredth of rest.

**Experiment.** Try `r1` at 0.1, at 2 and at 25. Too little circles, and much too much is a new trouble: why does nothing move any more, or everything explode?
(Think of lesson 03: how curved is the penalty's bowl, and what is the highest rate that it stands?)

## 4. One step of the game
Now with networks. A step has two halves.

1. **The discriminator's half.** Make fakes. Take its loss on real things and fakes, clear its old gradients, walk back, step. The fakes are *exhibits* here: no
   gradient should run through them into the generator. `fake.detach()` hands over the numbers
and cuts the thread.
2. **The generator's half.** Ask the discriminator, *as it now is*, about the fakes once more, and this time do not cut. The gradient runs through the
   discriminator into the fakes and on into the generator. Step the generator, and only it.

The trap is in the second half. On its way to the generator the gradient is also left lying in every weight of the discriminator, as if it should step towards
being fooled. So it must be cleared *before the next time* the discriminator walks.
"""

# %% setup=true
class Shift(nn.Module):
    """The smallest generator: it adds one number to its latents. It counts how often a gradient has come back to it, in `asked`."""

    def __init__(self) -> None:
        super().__init__()
        self.by = nn.Parameter(torch.zeros(1))
        self.asked = nn.Parameter(torch.zeros(1), requires_grad=False)   # no gradient of its own; listed with the weights

    def forward(self, latents: Tensor) -> Tensor:
        made = latents + self.by
        if made.requires_grad:
            made.register_hook(self.count)
        return made

    def count(self, gradient: Tensor) -> None:
        self.asked.data += 1


class Slope(nn.Module):
    """The smallest discriminator: the logit of x is w times x, and w begins at 0.5."""

    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.full((1,), 0.5))

    def forward(self, things: Tensor) -> Tensor:
        return things[:, 0] * self.w


class Bow(Slope):
    """One that is steeper the farther from 0: the logit of x is w times x squared."""

    def forward(self, things: Tensor) -> Tensor:
        return things[:, 0] ** 2 * self.w


class Descent:
    """Gradient descent as in lesson 03, at rate 1, with torch's names: zero_grad and step."""

    def __init__(self, parameters: Iterable) -> None:
        self.parameters = list(parameters)

    def zero_grad(self) -> None:
        for parameter in self.parameters:
            parameter.grad = None

    def step(self) -> None:
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.data -= parameter.grad


def shift() -> nn.Module:
    """A generator with one number."""
    return Shift()


def slope() -> nn.Module:
    """A discriminator with one number."""
    return Slope()


def bow() -> nn.Module:
    """A discriminator with one number that is not equally steep everywhere."""
    return Bow()


def descent(parameters: Iterable) -> Descent:
    """Something that steps."""
    return Descent(parameters)


def r1_penalty(discriminator: Callable[[Tensor], Tensor], real: Tensor) -> Tensor:
    """How steep a discriminator is at real things: the squared length of its gradient there, averaged. Returns a scalar."""
    real = real.detach().requires_grad_(True)
    steepness, = torch.autograd.grad(discriminator(real).sum(), real, create_graph=True)   # a gradient that can itself be walked down
    return steepness.flatten(1).square().sum(dim=1).mean()

# %% [markdown]
r"""
**Exercise 3 (20 minutes, hard): a step.** `__init__`, `penalty` and `weights` are given; write `step`. It uses your two losses. `self.generator_optimiser` and
`self.discriminator_optimiser` have `zero_grad()` and `step()`, like torch's. The checks play with the smallest networks there are, from the cell above: a
generator that adds one number, a discriminator that multiplies by one (or squares first). Returned are the two losses that were walked down.
"""

# %% exercise="Game" minutes=20 uses="discriminator_loss, generator_loss"
@exercise(given=["__init__", "penalty", "weights"])
class Game:
    """Generator and discriminator, and one step of the game between them."""

    def __init__(self, generator: Callable[[], nn.Module], discriminator: Callable[[], nn.Module], optimiser: Callable, r1: float = 0.0):
        """generator, discriminator: make the networks. optimiser: makes one from parameters. r1: the weight of the penalty."""
        self.generator, self.discriminator, self.r1 = generator(), discriminator(), r1
        self.generator_optimiser = optimiser(self.generator.parameters())
        self.discriminator_optimiser = optimiser(self.discriminator.parameters())

    def penalty(self, real: Tensor) -> Tensor | float:
        """What the discriminator pays for being steep at real things, to be added to its loss; 0 where r1 is 0."""
        return self.r1 / 2 * r1_penalty(self.discriminator, real) if self.r1 else 0.0

    def weights(self) -> list[Tensor]:
        """All parameters as they are now: the generator's in one row, then the discriminator's."""
        return [nn.utils.parameters_to_vector(network.parameters()).detach().clone() for network in (self.generator, self.discriminator)]

    def step(self, real: Tensor, latents: Tensor) -> tuple[Tensor, Tensor]:
        """First the discriminator learns from real things and fakes, then the generator from what the discriminator says now.

        real: (n, ...), real things. latents: (n, k), what the fakes are made of, the same fakes for both halves.
        Returns the discriminator's loss, penalty included, and the generator's, two scalars.
        """
        ### BEGIN SOLUTION
        fake = self.generator(latents)
        judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real)
        self.discriminator_optimiser.zero_grad()
        judged.backward()
        self.discriminator_optimiser.step()

        fooled = generator_loss(self.discriminator(fake))
        self.generator_optimiser.zero_grad()
        fooled.backward()
        self.generator_optimiser.step()
        return judged.detach(), fooled.detach()
        ### END SOLUTION


# %% check="Game" points=9 uses="discriminator_loss, generator_loss"
hints("Two halves, each: a loss, zero_grad, backward, step. The first for the discriminator, the second for the generator.",
      "In the first half the discriminator sees fake.detach(). In the second it sees fake itself, and only the generator's optimiser steps.",
      "fake = self.generator(latents); judged = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach())) + self.penalty(real); "
      "zero_grad, "
      "backward, step; fooled = generator_loss(self.discriminator(fake)); the same with the other optimiser; return judged.detach(), fooled.detach().")
# The fakes are 1 and 0. After one step the generator adds 0.2898, one gradient has come back to it, and w is 0.6961.
check(Game, shift, slope, descent).after("step", tensor([[2.], [4.]]), tensor([[1.], [0.]])).then("weights").gives(
    [tensor([0.2898, 1.]), tensor([0.6961])], tolerance=5e-4)
check(Game).agrees(where=lambda call: call.steps == 1 and call.r1 == 0)

# %% check="Game" aspect="again" points=6 uses="discriminator_loss, generator_loss"
check(Game).agrees(where=lambda call: call.steps > 1 and call.r1 == 0)      # nothing may be left over from the step before

# %% check="Game" aspect="losses" points=5 uses="discriminator_loss, generator_loss"
check(Game, shift, slope, descent, 2.0).then("step", tensor([[2.], [4.]]), tensor([[1.], [0.]])).gives((tensor(1.3037), tensor(0.7749)), tolerance=5e-4)
check(Game).agrees(where=lambda call: call.r1 > 0)             # with r1 = 2, the loss above includes the penalty, which is 0.25
check(Game).keeps_the_contract()

# %% [markdown] rows="G6"
r"""
## 5. Half of the world, forgotten
Your step, then, on the ring. Four games: two without a penalty and two with it, each pair from the same two seeds. A generator that makes one pile and nothing
else has the best-known illness of GANs, **[mode collapse](../glossary.md#mode-collapse)**: it has found one thing that passes, and makes only that. When the
discriminator catches on, it moves, in one piece, to the next pile, and so round and round. A *mode* is a pile: a place where the real things are dense.
"""

# %%
games = {}
for seed in (0, 2):                                            # change me
    for r1 in (0.0, 1.0):
        games[seed, r1], _ = play_on_the_ring(Game, r1, seed=seed)

figure, panels = plots.figure(columns=4, width=11, height=3.7, sharey=True)
for axes, ((seed, r1), dots) in zip(panels, games.items()):
    axes.scatter(*dots.T, s=4, color=plots.COLOURS["vermillion"], linewidth=0, alpha=0.4)
    axes.scatter(*centres.T, s=60, marker="+", color=plots.COLOURS["blue"], linewidth=1.6)
    axes.set(title=f"seed {seed}, r1 = {r1:g}", xlim=(-3.2, 3.2), ylim=(-3.2, 3.2), aspect="equal", xlabel="x")
panels[0].set_ylabel("y")
plots.show(figure, "ring-games")

# %% [markdown]
r"""
Over five seeds, without the penalty at least one game collapses onto a single pile or none; with it all five serve all eight. A collapse is easy to see on a
plane. In 196 dimensions you cannot look, so count.

**Exercise 4 (10 minutes, medium): count the modes.** Give each dot to the centre that is nearest, if it lies within `radius` of it. A pile counts as served
when it has at least `least` dots.
"""

# %% exercise="modes_covered" minutes=10
@exercise
def modes_covered(points: Tensor, centres: Tensor, radius: float, least: int) -> int:
    """How many piles a generator serves.

    points: (n, d), what it made. centres: (m, d), the piles' middles. radius: how near a point must be, that far included, in the unit of both.
    least: how many points make a pile served. Returns a whole number, 0 to m, e.g. points at 0., 0.1 and 7., centres 0. and 7., radius 1, least 2 -> 1.
    """
    ### BEGIN SOLUTION
    distances = torch.cdist(points, centres)
    nearest = distances.argmin(dim=1)
    close = distances.min(dim=1).values <= radius
    counts = torch.bincount(nearest[close], minlength=len(centres))
    return int((counts >= least).sum())
    ### END SOLUTION


# %% check="modes_covered" points=8
hints("Every point has one nearest centre. Some points are too far from it to count.",
      "torch.cdist(points, centres) has a row for each point: argmin over dim=1 says which centre, min says how far.",
      "close = distance <= radius; counts = torch.bincount(nearest[close], minlength=len(centres)); int((counts >= least).sum()).")
# Six centres on a line. Within 1.5 of them lie one point, three, two, none, two and one; three more lie about 13.8, too far from 12.
line = tensor([[0.], [.5], [-1.], [4.], [5.25], [8.], [13.75], [13.8], [13.85], [16.], [16.5], [20.]])
check(modes_covered, line, tensor([[8.], [0.], [4.], [12.], [16.], [20.]]), 1.5, 2).gives(3)
check(modes_covered).agrees(where=lambda call: len(call.centres) != 2)

# %% check="modes_covered" aspect="once" points=5
check(modes_covered, tensor([[0.9], [0.9], [0.2], [0.3]]), tensor([[0.], [1.]]), 1.0, 3).gives(0)     # each point belongs to one centre
check(modes_covered).agrees(where=lambda call: len(call.centres) == 2)
check(modes_covered).keeps_the_contract()

# %% tags=["nbval-ignore-output"]
for (seed, r1), dots in games.items():
    near = torch.cdist(dots, centres).min(dim=1).values <= 0.4    # four standard deviations of a pile
    print(f"seed {seed}, r1 = {r1:g}: {modes_covered(dots, centres, 0.4, 50)} of 8 piles served, {10 * round(10 * float(near.float().mean()))} % of the dots "
          f"near one")

# %% [markdown] rows="G6"
r"""
Two numbers, because one is not enough. A generator that makes one perfect pile has all its dots near a pile and serves one. A generator that throws dots
everywhere serves all eight and misses most of the time. *Are they any good?* and *is everything there?* are two questions, and every honest report on a
generator answers both: **[fidelity](../glossary.md#fidelity)** and **[coverage](../glossary.md#coverage)**.

**Play.** The game on the ring in your browser, both networks learning while you watch. Blue is where the discriminator takes things for real, orange where for
fake, and the arrows say which way that pulls the generator's dots. Play slowly first. Then take piles away; take the penalty away; raise the learning rate
until it breaks. Which of it could you have told from the losses?

*The same in words:* the discriminator colours the places of the real piles blue, and the heap of fakes is pulled there along the arrows; it becomes a ring and
then tears into piles. Both losses soon lie near those of guessing, 1.39 and 0.69, and they lie there while piles are still missing as well as when all are
served.
"""

# %% explorer=true tags=["nbval-ignore-output"]
from course.explorers.gans import ring_explorer

ring_explorer()

# %% [markdown]
r"""
## 6. Digits to order
Now pictures: MNIST's digits, at half the side, 14 x 14, each pixel the mean of four. One can read them as well as before (a network gets about 98 % right), and
they cost a quarter, which is what makes all of this fit into half a minute on two processor cores.

And we want to *order*: "a 7, please". Such a GAN is **[conditional](../glossary.md#conditional-gan)** (Mehdi Mirza and Simon Osindero, 2014). The generator
gets the label as ten more inputs, a [one-hot](../glossary.md#one-hot) row beside its random numbers. The discriminator has to be told too, or a perfect 3 would
pass for a 7. It looks at a picture and finds features, (say) 128 numbers. From them one layer takes a score, *real or not*, whatever it shows. And for each
class it learns 128 numbers of its own, *what I want to see in a 7*. Multiply those with the features, add up, and you have how well the picture fits the order:
a scalar product. Score plus fit is the logit (Takeru Miyato and Masanori Koyama, 2018, who call it projection).

**Exercise 5 (8 minutes, medium): real, and as ordered.** Look up each picture's row of `embeddings`, and add its product with the features to the score.
"""

# %% exercise="conditional_logits" minutes=8
@exercise
def conditional_logits(scores: Tensor, features: Tensor, embeddings: Tensor, labels: Tensor) -> Tensor:
    """How real each picture looks, plus how well it fits what was ordered.

    scores: (n,), real or not. features: (n, k), what was seen in each picture. embeddings: (classes, k), what each class wants to see.
    labels: (n,), the class ordered for each picture, whole numbers. Returns (n,): score 1., features [1., 2.], ordered class [10., 0.] -> 1 + 10 = 11.
    """
    ### BEGIN SOLUTION
    return scores + (features * embeddings[labels]).sum(dim=1)
    ### END SOLUTION


# %% check="conditional_logits" points=9
hints("Each picture needs the row of embeddings that belongs to its label.",
      "embeddings[labels] has a row for each picture. A scalar product is: multiply number by number, add up along the row.",
      "scores + (features * embeddings[labels]).sum(dim=1)")
check(conditional_logits, tensor([1., 2.]), tensor([[1., 2.], [3., 4.]]), tensor([[10., 0.], [0., 10.], [1., 1.]]), tensor([2, 0])).gives(tensor([4., 32.]))
check(conditional_logits).agrees()
check(conditional_logits).keeps_the_contract()

# %% [markdown] rows="G6"
r"""
First we need somebody to judge the results who is not in the game: lesson 05's small network, trained for four rounds on the real digits (some seconds). The
discriminator cannot be the judge. It is a party.
"""

# %%
from course.convolutions import SmallCNN
from course.training import accuracy, train

images, labels = data.mnist_5k()
images = course_version.small_digits(images)
for_training, for_testing = data.stratified_split(labels)
torch.manual_seed(0)
reader = SmallCNN(normalise=nn.BatchNorm2d).to(device)
train(reader, images[for_training], labels[for_training], epochs=4, learning_rate=1e-2, schedule=True, generator=torch.Generator().manual_seed(0))
reader.eval()
print("it reads at least 97 % of real digits that it has not seen:", accuracy(reader, images[for_testing], labels[for_testing]) >= 0.97)

# %% [markdown]
r"""
The pair is in `course/gans.py`, some forty lines: a generator with two dense layers, a convolution at 7 x 7 and one step up to 14 x 14; a discriminator with
two convolutions and your projection. Its step is your step. One thing is new, and it is the cheapest trick in the trade. The generator never comes to rest, it
circles. So keep, beside it, the **running average of its weights** over the last hundred steps or so, and when you want pictures, ask the average. The circling
averages out. Nothing in the training changes.

The first half of the training, and then a look.
"""

# %% tags=["nbval-ignore-output"]
duel = course_version.Duel(images[for_training], labels[for_training], seed=0, device=device)


def show_made(generator: nn.Module, title: str, rows: int = 5) -> None:
    """Real digits above, made ones below, as one picture."""
    made, _ = course_version.made_to_order(generator, per_digit=rows)
    genuine = torch.cat([images[for_testing][labels[for_testing] == digit][:2] for digit in range(10)]).view(10, 2, 14, 14).transpose(0, 1)
    sheet = torch.cat([genuine, torch.ones(1, 10, 14, 14), made.cpu().view(rows, 10, 14, 14)]).permute(0, 2, 1, 3).reshape(-1, 140)
    sheet = torch.cat([sheet[:28], sheet[28:30], sheet[42:]])      # a thin white line between the two
    figure, axes = plots.figure(width=8, height=0.8 + 0.57 * (rows + 2))
    plots.image(axes, sheet, title)
    plots.show(figure, "digit-sheet", rows=rows)


for game in (1, 2):
    losses = duel.play(200, name=f"game {game} of 3")
    print(f"after {duel.steps} steps: the discriminator pays {sum(one for one, _ in losses[-50:]) / 50:.1f}, the generator "
          f"{sum(two for _, two in losses[-50:]) / 50:.1f}")
show_made(duel.average, "Above the line: real. Below: ordered")

# %% [markdown]
r"""
Look at the two losses. They hardly move, and the pictures get better all the time. A discriminator that shrugs at everything pays $2 \log 2$, about 1.4, and
the generator then pays 0.7: the two are in balance, and stay there, while both climb. The rest of the training goes on where this stopped.
"""

# %% tags=["nbval-ignore-output"]
duel.play(400, name="game 3 of 3")
show_made(duel.average, "Above the line: real. Below: ordered, after 800 steps")

# %% [markdown]
r"""
Fidelity: of 1,000 digits made to order, how many does the reader read as ordered? Coverage: describe each picture by the reader's 64 features, in which alike
digits lie close together. Around each *real* test digit draw the circle that reaches its fifth nearest real neighbour. It is covered when a made digit lies
within (Naeem and others, 2020). All the real digits that no fake comes near are a part of the world that the generator has not got.
"""

# %% headline=true tags=["nbval-ignore-output"]
def seen_in(pictures: Tensor) -> Tensor:
    """The reader's features of pictures (n, 1, 14, 14): (n, 64)."""
    with torch.no_grad():
        return reader.features(pictures.to(device)).mean(dim=(2, 3)).cpu()


def scores_of(generator: nn.Module) -> tuple[float, float]:
    """Read as ordered, and real digits covered: two shares."""
    made, ordered = course_version.made_to_order(generator)
    return accuracy(reader, made, ordered), course_version.coverage(seen_in(images[for_testing]), seen_in(made))


served = modes_covered(games[0, 1.0], centres, 0.4, 50)
read, covered_share = scores_of(duel.average)
read_raw, covered_raw = scores_of(duel.generator)
print(f"the ring: {served} of 8 piles served")
print(f"digits read as ordered: {100 * read:.0f} % (wanted: 90 % or more), and {100 * read_raw:.0f} % without the average")
print(f"real digits covered:    {100 * covered_share:.0f} %, and {100 * covered_raw:.0f} % without the average")

# %% [markdown] rows="G6"
r"""
### One number for both
Papers quote the **[Fréchet inception distance](../glossary.md#frechet-inception-distance)**, FID (Martin Heusel and others, 2017). Describe real and made
pictures by a network's features, and take each cloud of features for a bell, with means $\mu$ and covariances $\Sigma$ (a table of how each two features vary
together). Two bells have a distance:

$$\lVert \mu_1 - \mu_2 \rVert^2 + \text{trace}\bigl(\Sigma_1 + \Sigma_2 - 2\,(\Sigma_1 \Sigma_2)^{1/2}\bigr)$$

(The trace is the sum of the diagonal; the root is a matrix that, times itself, gives the product.) The network is Inception, trained on photographs; for digits
we take our reader. *Lower is better*: want of fidelity and want of coverage both raise it.
"""

# %% tags=["nbval-ignore-output"]
to_compare = seen_in(images[for_testing])
many, ordered = course_version.made_to_order(duel.average, per_digit=500)
for name, pictures in {"other real digits": images[for_training][:1000], "made, averaged generator": course_version.made_to_order(duel.average)[0],
                       "made, without the average": course_version.made_to_order(duel.generator)[0], "made, ones and sevens only": many[(ordered == 1) | (ordered == 7)]}.items():
    print(f"{name:28s} FID {course_version.frechet_distance(to_compare, seen_in(pictures)):6.2f}")

# %% [markdown] rows="G6"
r"""
Real digits are the floor, and not at 0: a sample differs from another, the more so the fewer there are. So compare an FID with others of the same features and
as many pictures only; and it does not say *which* of the two is lacking.

### What each trick buys
Three medicines for sick GANs are everywhere, and this lesson began with all three switched on: the averaged generator, **[spectral
norm](../glossary.md#spectral-norm)** (divide each layer's weights by the most that it can stretch anything, so that the discriminator cannot get steep; Miyato
and others, 2018), and augmentation of everything that the discriminator sees, real and fake alike, so that it cannot learn the real pictures by heart (Zhao and
others and Karras and others, both 2020). Then we measured: 800 steps, the mean over seeds, and `make claims LESSONS=11` does it again for you.

| training pictures | with | read as ordered, % | real digits covered, % |
|---|---|---|---|
| 4,000 | nothing, and no average | 96 | 83 |
| 4,000 | the average | 99 | 92 |
| 4,000 | the average and augmentation | 99 | 84 |
| 4,000 | all three | 97 | 77 |
| 200 | the average | 99 | 75 |
| 200 | the average and augmentation | 98 | 83 |

The average is nearly free and buys most. Of five seeds none reads below 97 % with it. Spectral norm and augmentation *cost* here: they cure illnesses that this
patient does not have, and make it slower to learn. Give it only 200 pictures, and it does have one. Its discriminator learns them by heart in a few hundred
steps; everything else is a fake then, the generator retreats towards those 200, and coverage falls while the pictures look better than ever. There augmentation
buys back what the average cannot. So measure on your own patient.

**Experiment.** `course_version.Duel(images[for_training][:200], labels[for_training][:200])` is the small patient. Play 400 steps, look at the coverage, play
400 more, and look again.

## 7. From here to there
Between two digits lies a road. Take the 32 random numbers behind one picture and those behind another, and walk. The numbers behind a picture are
its **[latent](../glossary.md#latent)**, its place on a map that nobody drew.

The tempting way is the straight line; halfway is the mean. But latents are drawn from the normal distribution, and with 32 numbers that has an odd
consequence: *nearly all of them lie at nearly the same distance from 0*, about $\sqrt{32}$, 5.7. They fill a shell, like an orange of peel only. The mean of
two lies deep inside, where the generator has never been.
"""

# %%
chance = torch.Generator().manual_seed(1)
one, other = torch.randn(2, 4000, 32, generator=chance)
figure, axes = plots.figure()
bins = torch.linspace(0, 9, 91).tolist()
axes.hist(one.norm(dim=1).tolist(), bins=bins, color=plots.COLOURS["blue"], alpha=0.6, label="latents")
axes.hist(((one + other) / 2).norm(dim=1).tolist(), bins=bins, color=plots.COLOURS["orange"], alpha=0.6, hatch="//", label="halfway between two, straight")
axes.set(xlabel="distance from 0", ylabel="how many of 4,000", ylim=(0, 440))
axes.legend(loc="upper left")
plots.show(figure, "distances")

# %% [markdown]
r"""
So stay on the shell and walk along the arc. That is **[spherical interpolation](../glossary.md#spherical-interpolation)**, *slerp* for short, which Ken
Shoemake worked out in 1985 for cameras that turn smoothly between two views. With $\omega$ the angle between $a$ and $b$, a share $t$ of the way along is

$$\frac{\sin\bigl((1 - t)\,\omega\bigr)}{\sin \omega}\,a + \frac{\sin(t\,\omega)}{\sin \omega}\,b, \qquad \cos \omega = \frac{a \cdot b}{\lVert a \rVert\,\lVert
b \rVert}$$

Here $a \cdot b$ is the scalar product and $\lVert a \rVert$ the length, the root of the sum of squares (`norm`). The angle comes from the *directions*, which
is why the lengths are divided out in its cosine. Where $a$ and $b$ point the same way, $\sin\omega$ is 0 and the arc is a straight line: then take that. (Where
they point in exactly opposite directions there are many arcs, as from pole to pole, and none is *the* one; the straight line through the middle will do, and
two random directions never do so.)

**Exercise 6 (10 minutes, medium): along the arc.** Rounding may make a cosine of 1.0000001, whose angle is no number: clamp it.
"""

# %% exercise="slerp" minutes=10
@exercise
def slerp(start: Tensor, end: Tensor, share: float) -> Tensor:
    """A share of the way from start to end, along the arc.

    start, end: (k,), not zero. share: from 0, at the start, to 1, at the end. Returns (k,); where the two point the same way, the straight line.
    e.g. from [1., 0.] to [0., 1.], half the way -> [0.707, 0.707].
    """
    ### BEGIN SOLUTION
    cosine = ((start @ end) / (start.norm() * end.norm())).clamp(-1, 1)
    angle = torch.arccos(cosine)
    if angle.sin().abs() < 1e-3:
        return (1 - share) * start + share * end
    return (torch.sin((1 - share) * angle) * start + torch.sin(share * angle) * end) / angle.sin()
    ### END SOLUTION


# %% check="slerp" points=9
hints("Find the angle between the two directions first; everything else is in the formula.",
      "cosine = start @ end / (start.norm() * end.norm()), clamped to [-1, 1]; the angle is its torch.arccos.",
      "(torch.sin((1 - share) * angle) * start + torch.sin(share * angle) * end) / torch.sin(angle), and a straight line where torch.sin(angle) is nearly 0.")
# Both have length 0.5, the angle between them is 60 degrees, and a quarter of the way is at 15 degrees.
check(slerp, tensor([0.5, 0.]), tensor([0.25, 0.25 * 3 ** 0.5]), 0.25).gives(tensor([0.48296, 0.12941]), tolerance=3e-4)
check(slerp).agrees(where=lambda call: torch.cosine_similarity(call.start, call.end, dim=0) < 0.9999)

# %% check="slerp" aspect="same" points=5
check(slerp, tensor([1., 2.]), tensor([2., 4.]), 0.5).gives(tensor([1.5, 3.]), tolerance=1e-3)     # the same way, one twice as long
check(slerp).agrees(where=lambda call: torch.cosine_similarity(call.start, call.end, dim=0) >= 0.9999)
check(slerp).keeps_the_contract()

# %%
def draw_latents(latents: Tensor, digits: Tensor) -> Tensor:
    """Pictures of the averaged generator in eval mode, side by side: (14, 14 n)."""
    duel.average.eval()
    with torch.no_grad():
        return duel.average(latents.to(device), digits.to(device)).cpu()[:, 0].permute(1, 0, 2).reshape(14, -1)


chance = torch.Generator().manual_seed(4)
here, there = torch.randn(2, 32, generator=chance)
shares = torch.linspace(0, 1, 11)
along_the_arc = torch.stack([slerp(here, there, float(share)) for share in shares])
same_digit = draw_latents(along_the_arc, torch.full((11,), 2))
three, eight = torch.eye(10)[3], torch.eye(10)[8]
other_digit = draw_latents(here.expand(11, 32), (1 - shares)[:, None] * three + shares[:, None] * eight)

figure, panels = plots.figure(rows=2, width=9.5, height=3.1)
plots.image(panels[0], same_digit, "Ordered: a 2. From one latent to another")
plots.image(panels[1], other_digit, "One latent. Ordered: from a 3 to an 8, by tenths")
plots.show(figure, "latent-walk")

# %% [markdown] rows="G5"
r"""
The upper strip keeps the order and changes the latent: hand, slant, pressure. The lower one keeps the latent and changes the order, in tenths, which nobody
trained it for: no pupil ever wrote three tenths of an 8. What passes between is the same hand.

## 8. Breed
In November 2018 the artist Joel Simon put a large generator behind a website on which people picked two pictures and got children. It was called *Ganbreeder*,
then *Artbreeder*, and in it strangers bred pictures from pictures that strangers had bred. It is an old trade: choose parents, look at the litter, keep the
best. (Runway, of the same years, put such models behind buttons.)

A child takes each of its 32 numbers from one parent, by lot: its **genes**. Then some chance, or the family soon looks alike. Mix in noise with a weight of
$m$, the **[mutation](../glossary.md#mutation)**, and give the inherited part $\sqrt{1 - m^2}$. Why the root? Spreads add by their squares:
$(1 - m^2) + m^2 = 1$, and the child lies on the shell, where its parents do.

**Exercise 7 (8 minutes, easy): breed.**
"""

# %% exercise="breed" minutes=8
@exercise
def breed(mother: Tensor, father: Tensor, genes: Tensor, mutation: float, noise: Tensor) -> Tensor:
    """A child's latent.

    mother, father: (k,), the parents'. genes: (k,), True where the child has the mother's number, False where the father's.
    mutation: the weight of chance, from 0 to 1. noise: (k,), normal random numbers. Returns (k,): sqrt(1 - mutation²) of what is inherited, plus mutation of the noise.
    """
    ### BEGIN SOLUTION
    inherited = torch.where(genes, mother, father)
    return math.sqrt(1 - mutation ** 2) * inherited + mutation * noise
    ### END SOLUTION


# %% check="breed" points=7
hints("First inherit, then mutate.", "torch.where(genes, mother, father) takes from the one where genes is True and else from the other.",
      "math.sqrt(1 - mutation ** 2) * torch.where(genes, mother, father) + mutation * noise")
check(breed, tensor([1., 2., 3.]), tensor([-1., -2., -4.]), tensor([True, False, True]), 0.6, tensor([10., 0., -10.])).gives(tensor([6.8, -1.6, -3.6]))
check(breed).agrees(where=lambda call: call.mutation < 1)

# %% check="breed" aspect="alone" points=5
check(breed, tensor([1., 2., 3.]), tensor([-1., -2., -4.]), tensor([False, False, True]), 1.0, tensor([7., 6., 5.])).gives(tensor([7., 6., 5.]))     # a stranger
check(breed).agrees(mutation=1.0)
check(breed).keeps_the_contract()

# %% [markdown]
r"""
**Play.** A generator in your browser: a small one that was trained on the same digits for longer, and comes with the course. (Write
`breeding_explorer(duel.average)`, and it is the one that you trained.) Choose a mother and a father in the family on the right (a click, or *m* and *f* on the
keyboard), slide the child between them, mutate, and keep what you like: it joins the family and can be a parent. Breed something that is neither a 3 nor an 8,
or a 4 that you would sign.

*The same in words:* the child changes smoothly from the mother's shape to the father's, and where the two were ordered as different digits, through shapes that
are neither. A little mutation changes the handwriting; a mutation of 1 is a stranger who only shares the order. After some generations of choosing, a family
has a look that no founder had, and you have written nothing but *yes* and *no*.
"""

# %% explorer=true tags=["nbval-ignore-output"]
from course.explorers.gans import breeding_explorer

breeding_explorer()

# %% [markdown] rows="G4"
r"""
## 9. From edges to shapes
Order by a label, and you get a digit. Order by a *picture*, and you get a translator: outlines in, photographs out, day in, night out, a map in, an aerial
photograph out. That is **[paired translation](../glossary.md#paired-translation)**, shown by Phillip Isola, Jun-Yan Zhu, Tinghui Zhou and Alexei Efros in 2017
as *pix2pix*. Christopher Hesse put it on a web page that year where everybody could draw an outline and have it filled in as a cat, *edges2cats*. Taesung Park
and others' *GauGAN* (2019) turned blots marked *sky*, *rock*, *water* into landscapes.

Why does it need a GAN at all? There are pairs: an outline, and the picture that belongs to it. So there is a right answer, and mean absolute error would do.
Try it where one outline has *two* right answers. The shapes below are filled with orange or blue, by lot, and the outline does not say which.
"""

# %% tags=["nbval-ignore-output"]
BLUE, ORANGE = tensor([0.0, 0.447, 0.698]), tensor([0.902, 0.624, 0.0])
INKS, SIZE = torch.stack([BLUE, ORANGE]), 16


def filled_shapes(n: int, chance: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Discs, squares and triangles: outlines (n, 1, 16, 16), filled (n, 3, 16, 16), and where they are wholly filled (n, 1, 16, 16)."""
    down, right = torch.meshgrid(torch.arange(SIZE) + 0.5, torch.arange(SIZE) + 0.5, indexing="ij")
    draws = torch.rand(n, 5, generator=chance)
    size = 3.2 + 2.8 * draws[:, 0]
    y, x = (axis - (size + 1 + (SIZE - 2 * size - 2) * draws[:, place])[:, None, None] for place, axis in ((1, down), (2, right)))
    size = size[:, None, None]
    within = torch.stack([size - (x * x + y * y).sqrt(), 0.85 * size - torch.maximum(x.abs(), y.abs()),
                          0.5 * size - torch.maximum(y, torch.maximum((3 ** 0.5 * x - y) / 2, (-3 ** 0.5 * x - y) / 2))], dim=1)
    within = within[torch.arange(n), (3 * draws[:, 3]).long()][:, None]
    ink = INKS[(2 * draws[:, 4]).long()][:, :, None, None]
    covered = (within + 0.5).clamp(0, 1)
    return (1 - within.abs()).clamp(0, 1), 1 - covered * (1 - ink), covered > 0.99


class Translator(nn.Module):
    """An outline and one random number to a filled picture: down to 4 x 4 and up again, with what was seen on the way down handed across."""

    def __init__(self, width: int = 16):
        super().__init__()
        def level(layer, channels):
            return nn.Sequential(layer, nn.BatchNorm2d(channels), nn.ReLU())
        self.first = nn.Sequential(nn.Conv2d(2, width, 3, padding=1), nn.ReLU())
        self.down = level(nn.Conv2d(width, 2 * width, 4, 2, 1), 2 * width)
        self.bottom = level(nn.Conv2d(2 * width, 2 * width, 4, 2, 1), 2 * width)
        self.up = level(nn.ConvTranspose2d(2 * width, 2 * width, 4, 2, 1), 2 * width)
        self.higher = level(nn.ConvTranspose2d(4 * width, width, 4, 2, 1), width)
        self.last = nn.Conv2d(2 * width, 3, 3, padding=1)

    def forward(self, outlines: Tensor, whim: Tensor) -> Tensor:
        first = self.first(torch.cat([outlines, whim.view(-1, 1, 1, 1).expand_as(outlines)], dim=1))
        down = self.down(first)
        higher = self.higher(torch.cat([self.up(self.bottom(down)), down], dim=1))
        return torch.sigmoid(self.last(torch.cat([higher, first], dim=1)))


def learn_to_fill(adversarial: bool, steps: int = 300, seed: int = 0) -> nn.Module:
    """A trained translator: by mean absolute error alone, or by that and a discriminator of pairs, outline and picture."""
    torch.manual_seed(seed)
    chance, held = torch.Generator().manual_seed(seed), torch.nn.utils.parametrizations.spectral_norm
    translator = Translator().to(device)
    expert = nn.Sequential(held(nn.Conv2d(4, 32, 4, 2, 1)), nn.LeakyReLU(0.2), held(nn.Conv2d(32, 64, 4, 2, 1)), nn.LeakyReLU(0.2), held(nn.Conv2d(64, 1, 3, padding=1))).to(device)
    for_translator, for_expert = (torch.optim.Adam(network.parameters(), lr=2e-3, betas=(0.0, 0.99)) for network in (translator, expert))
    for _ in Bar(range(steps), name="with a discriminator" if adversarial else "by the error alone"):
        outlines, pictures, _ = (part.to(device) for part in filled_shapes(32, chance))
        made = translator(outlines, torch.randn(32, generator=chance).to(device))
        loss = 3 * (made - pictures).abs().mean()
        if adversarial:
            judged = discriminator_loss(expert(torch.cat([outlines, pictures], dim=1)), expert(torch.cat([outlines, made.detach()], dim=1)))
            for_expert.zero_grad()
            judged.backward()
            for_expert.step()
            loss = loss + generator_loss(expert(torch.cat([outlines, made], dim=1)))
        for_translator.zero_grad()
        loss.backward()
        for_translator.step()
    return translator.eval()


chance = torch.Generator().manual_seed(5)
outlines, pictures, inside = filled_shapes(300, chance)
whim = torch.randn(300, generator=chance)
filled = {}
for name, adversarial in (("error alone", False), ("with a discriminator", True)):
    translator = learn_to_fill(adversarial)
    with torch.no_grad():
        filled[name] = translator(outlines.to(device), whim.to(device)).cpu()

figure, panels = plots.figure(rows=4, width=9, height=4.6)
for axes, (name, sheet) in zip(panels, {"outlines": 1 - outlines.expand(-1, 3, -1, -1), "one right answer of two": pictures, **filled}.items()):
    plots.image(axes, sheet[:12].permute(1, 2, 0, 3).reshape(3, SIZE, -1), name)
plots.show(figure, "shapes")


def committed(made: Tensor, inside: Tensor) -> float:
    """The share of shapes whose mean colour is nearer than 0.25 to one of the two inks (they are 1.15 apart)."""
    colour = (made * inside).sum(dim=(2, 3)) / inside.sum(dim=(2, 3))
    return float((torch.cdist(colour, INKS).min(dim=1).values < 0.25).float().mean())


for name, made in filled.items():
    print(f"{name:22s} {10 * round(10 * committed(made, inside))} % of the shapes are orange or blue, to the eye")

# %% [markdown] rows="G4"
r"""
With two right answers, error alone bids in between and offers a mud that is never right. It has no reason not to: orange, blue and every mud between them have
the same mean absolute error, and by the squared error the very middle would be best. A discriminator has never seen mud, so mud is caught, and the network has
to *commit*. Which ink it takes hangs on the random number that comes with the outline. Many a blurry picture of the 2010s is blurry for this reason, and it is
a good argument for a loss that is a network: it punishes not being wrong, but being *implausible*.

And without pairs, a heap of horses here and one of zebras there? Then two translators go round, each with a discriminator of its own: horse to zebra *and back*
must give the horse that one began with. This **[cycle consistency](../glossary.md#cycle-consistency)** is *CycleGAN* (Jun-Yan Zhu, Taesung Park, Phillip Isola
and Alexei Efros, 2017).

## 10. What a detector learns
If a discriminator can tell real from fake, why not catch all fakes with one? Let us try: a fresh network, lesson 05's with two classes, the 4,000 real digits
and 4,000 of our generator's. Then three tests. New fakes from the same generator. Fakes from *another generator*: the small patient of section 6, same
architecture, half the steps, with 200 of the same pictures to go by. And real digits, new ones, that somebody has moved by up to half a pixel and turned by up
to 3 degrees, as every scanner does.

The other forger first (some ten seconds).
"""

# %%
stranger = course_version.Duel(images[for_training][:200], labels[for_training][:200], seed=1, device=device)
stranger.play(400)
print(f"a second generator, after {stranger.steps} steps on {len(stranger.labels)} pictures")

# %% tags=["nbval-ignore-output"]
from course.augmentation import Augment

fakes, _ = course_version.made_to_order(duel.average, per_digit=400, seed=5)
torch.manual_seed(0)
detector = SmallCNN(classes=2, normalise=nn.BatchNorm2d).to(device)
train(detector, torch.cat([images[for_training], fakes.cpu()]), torch.arange(2).repeat_interleave(4000), epochs=4, learning_rate=1e-2, schedule=True,
      generator=torch.Generator().manual_seed(0))
detector.eval()


def called_fake(pictures: Tensor) -> float:
    """The share of the pictures that the detector calls fake."""
    with torch.no_grad():
        return float((detector(pictures.to(device)).argmax(dim=1) == 1).float().mean())


rescanned = Augment(degrees=3, pixels=0.5, padding="zeros", generator=torch.Generator().manual_seed(1))(images[for_testing])
for name, pictures in {"fakes of the same generator": course_version.made_to_order(duel.average, seed=77)[0],
                       "fakes of another generator": course_version.made_to_order(stranger.average, seed=77)[0],
                       "real digits": images[for_testing], "real digits, scanned again": rescanned}.items():
    print(f"{name:28s} {100 * called_fake(pictures):3.0f} % called fake")

# %% [markdown] rows="G6"
r"""
On the forger it was trained on, the detector is good: it catches 96 % on average over three seeds, and accuses few honest digits. The next forger gets through
several times as often. And of the honest digits that went through a scanner it accuses many times more than before, on some seeds nearly all. It has not
learned what makes a digit real, for nothing asked it to. It has learned the fingerprints of one generator: a pattern in the pixels, which a re-scan smudges on
the real ones as well.

Full-sized detectors have the same weakness. Sheng-Yu Wang and others showed in 2020 that a detector trained on one generator's pictures can catch those of ten
others, given enough augmentation, and called the paper *CNN-generated images are surprisingly easy to spot... for now*. The generators to come were of another
kind. And whoever owns a detector can train a generator against it: the detector is the player who stands still. So nobody should be convicted on a detector's
word alone. What helps in the long run are cameras and programs that sign what they make (*provenance*), and asking who published a picture first, and where.

## 11. From blots to nobody's face
Machines made things before, most of them in sequence. A network learns which letter follows, and writes; which stroke of the pen, and draws (David Ha and
Douglas Eck's *sketch-rnn*, 2017); which of 16,000 samples a second, and makes music or speech (*WaveNet*, Aäron van den Oord and others, 2016). Each step is a
choice among few, so cross-entropy can grade it. That never worked as well for pictures, whose pixels come all at once. Then came the discriminator.
"""

# %% [markdown] rows="G1 G2 G3"
r"""
| when | who | what |
|---|---|---|
| June 2014 | Ian Goodfellow and seven others, Montreal | the game, with dense layers: digits, and grey faces of 48 x 48. The idea came up in a pub one evening and worked that night (*MIT Technology Review*, 21 February 2018) |
| November 2015 | Alec Radford, Luke Metz, Soumith Chintala | *DCGAN*: convolutions and batch norm; arithmetic with latents, a smile taken from one face and added to another |
| June 2016 | Ming-Yu Liu, Oncel Tuzel | *CoGAN*: two generators that share layers; faces with and without glasses |
| October 2017 | Tero Karras and others | *progressive growing*: faces of 1024 x 1024, trained from coarse to fine |
| September 2018 | Andrew Brock, Jeff Donahue, Karen Simonyan | *BigGAN*: a thousand classes up to 512 x 512; an averaged generator and spectral norm are among its parts |
| December 2018 | Tero Karras, Samuli Laine, Timo Aila | *StyleGAN*: the latent sets the style of each layer. In February 2019 Phillip Wang put it behind *thispersondoesnotexist.com*: reload, and a new nobody looks at you |
| 2021 | Prafulla Dhariwal, Alex Nichol | *Diffusion Models Beat GANs on Image Synthesis*: pictures by taking away noise in many small steps; the network learns by a squared error on the noise (and a term for its variance), and a classifier steers it |
| 2024 | Yiwen Huang and others | *The GAN is dead; long live the GAN!*: a GAN of modern layers whose loss compares real and fake in pairs, with section 3's penalty on real things *and* on fakes, keeps up with diffusion on several sets of pictures |

In January 2019 Goodfellow showed five faces in a row, one from each of five of these papers, as *4.5 years of GAN progress*: from a grey smudge to a person
whom you would greet in the street. Today most pictures come from diffusion models, and the discriminator has gone to work elsewhere: it sharpens the sound of
speech and the decoders inside other models, and teaches slow generators to be quick.

### Without an opponent
Two other ways need no second player. The **[variational autoencoder](../glossary.md#variational-autoencoder)**, VAE (Diederik Kingma and Max Welling, 2013),
squeezes each thing into a small cloud of latents and unfolds it again. Its loss is the squared error of what comes back, plus a charge for every cloud that is
not the standard bell; later one draws latents from that bell and unfolds them. Its pictures are smooth and somewhat blurred: squared error bids in between, as
the mud did.

A **[diffusion model](../glossary.md#diffusion-model)** (Jascha Sohl-Dickstein and others, 2015; Jonathan Ho, Ajay Jain and Pieter Abbeel, 2020) learns to take
noise away. Spoil a real thing with noise, a little or nearly wholly: $x_t = a_t\,x + \sqrt{1 - a_t^2}\,\varepsilon$, with $a_t$ falling from 1 to nearly 0. Ask
a network, which sees $x_t$ and the time $t$, for the noise $\varepsilon$; the loss is the squared error, as in lesson 02. Then begin with pure noise, and fifty
times take away some of the noise that it sees and put a little fresh noise back. On the ring (some ten seconds):
"""

# %% tags=["nbval-ignore-output"]
def denoise_a_ring(steps: int = 2000, times: int = 50, look_at: tuple[int, ...] = ()) -> dict[int, Tensor]:
    """2,000 dots on their way from noise to the ring, at the times to look at, 0 being the end."""
    chance = torch.Generator().manual_seed(0)
    torch.manual_seed(0)
    kept = torch.cos(torch.arange(times + 1) / times * math.pi / 2).clamp(min=0.01)         # a: how much of the thing is left at each time
    noisy = (1 - kept ** 2).sqrt()
    network = nn.Sequential(nn.Linear(4, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 2))

    def noise_seen(things: Tensor, time: Tensor) -> Tensor:
        return network(torch.cat([things, kept[time][:, None], noisy[time][:, None]], dim=1))

    walker = torch.optim.Adam(network.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(walker, 6e-3, total_steps=steps)
    for _ in Bar(range(steps), name="denoiser"):
        real, noise = course_version.ring(512, chance) / math.sqrt(2), torch.randn(512, 2, generator=chance)     # spread 1, like the noise
        time = torch.randint(1, times + 1, (512,), generator=chance)
        loss = (noise_seen(kept[time][:, None] * real + noisy[time][:, None] * noise, time) - noise).square().mean()
        walker.zero_grad()
        loss.backward()
        walker.step()
        schedule.step()
    things, seen = torch.randn(2000, 2, generator=chance), {}
    for time in range(times, 0, -1):
        if time in look_at:
            seen[time] = things * math.sqrt(2)
        fades = kept[time] / kept[time - 1]
        with torch.no_grad():
            things = (things - (1 - fades ** 2) / noisy[time] * noise_seen(things, torch.full((2000,), time))) / fades
        things = things + (1 - fades ** 2).sqrt() * noisy[time - 1] / noisy[time] * torch.randn(2000, 2, generator=chance)
    return {**seen, 0: things * math.sqrt(2)}


walk = denoise_a_ring(look_at=(50, 20, 8))
compared = {"section 5's GAN": games[0, 1.0], **{f"{time} to go": dots for time, dots in walk.items()}}
figure, panels = plots.figure(columns=5, width=11, height=3.2, sharey=True)
for axes, (name, dots) in zip(panels, compared.items()):
    axes.scatter(*dots.T, s=4, color=plots.COLOURS["vermillion"], linewidth=0, alpha=0.4)
    axes.set(title=name, xlim=(-3.2, 3.2), ylim=(-3.2, 3.2), aspect="equal", xlabel="x")
panels[0].set_ylabel("y")
plots.show(figure, "without-an-opponent")
for name in ("section 5's GAN", "0 to go"):
    near = torch.cdist(compared[name], centres).min(dim=1).values <= 0.4
    print(f"{name:16s} {modes_covered(compared[name], centres, 0.4, 50)} of 8 piles served, {10 * round(10 * float(near.float().mean()))} % of the dots near "
          f"one")

# %% [markdown] rows="G6"
r"""
The GAN leaves dots on the roads between the piles: one pass of one smooth network cannot tear its latents apart. The denoiser tears the cloud bit by bit,
misses no pile, and its loss, unlike a game's, falls when it gets better. It pays at the end: fifty passes of the network for a batch of dots, where the GAN
needs one.

The same tools make a known person say what was never said. Supasorn Suwajanakorn, Steven Seitz and Ira Kemelmacher-Shlizerman synced a president's mouth to
other recordings of his own voice in 2017, as research. The word **[deepfake](../glossary.md#deepfake)** comes from a forum, Reddit, of the same year, where
faces of women were put into pornography. A survey two years later counted 96 % of the 14,678 deepfakes it found as pornography made without consent (Henry
Ajder and others, *The State of Deepfakes*, Deeptrace, September 2019). A voice can be cloned from seconds of speech (Ye Jia and others, 2018), and in 2019 a
firm paid 220,000 euros to a caller who sounded like its director (*Wall Street Journal*, August 2019). The women in those films and the person who picked up
that telephone were harmed without a flaw in anybody's mathematics. Before you train a generator of faces or voices, ask whose they are, and who was asked.

## Quiz (10 minutes)
Five questions, one letter each. Run the next cell and click, or write the letters between the quotes below it. Who learns alone is told at once whether they
are right, and why not; in a class it may be told when you hand in.
"""

# %% quiz="reading" points=10
[
    {"ask": "For 500 steps the discriminator's loss has stood near 1.4 and the generator's near 0.7. What do you know?",
     "choices": {"a": "training has stopped working", "b": "the two are about balanced; whether the pictures improve has to be looked at or measured", "c": "the pictures are perfect"},
     "right": "b",
     "because": {"a": "in the lesson the pictures improved all the time at just these losses", "c": "a discriminator that has learned nothing shrugs at "
                                                                                                    "anything, also at blots"}},
    {"ask": "Why does the generator not simply take the discriminator's price for fakes with the sign turned?",
     "choices": {"a": "its slope is nearly zero for fakes that are surely caught", "b": "it wants something else", "c": "softplus cannot be negative"},
     "right": "a",
     "because": {"b": "both losses fall when a fake's logit rises; what differs is how steeply", "c": "a loss may be negative; descent asks for its slope only"}},
    {"ask": "What goes wrong without `detach()` in the discriminator's half?",
     "choices": {"a": "nothing is computed", "b": "the discriminator sees other fakes", "c": "its gradient also runs back into the generator, which must not "
                                                                                             "be moved by it"},
     "right": "c",
     "because": {"a": "it runs, which is what makes it hard to see", "b": "detach changes no number; it cuts the way back"}},
    {"ask": "A generator makes one flawless 1 after another, whatever the latent. Which number shows it?",
     "choices": {"a": "fidelity: the share that a classifier reads as a digit", "b": "coverage of the real digits", "c": "the discriminator's loss"},
     "right": "b",
     "because": {"a": "every one of them is a fine digit, so fidelity is high", "c": "it rises and falls with who is ahead, and says nothing of what is missing"}},
    {"ask": "A detector catches 97 % of one generator's fakes, all of them new to it. What may you expect of it on pictures in the news?",
     "choices": {"a": "97 %", "b": "a little less, as on every test set", "c": "nothing certain: other generators leave other fingerprints, and re-scanned "
                                                                               "real pictures are accused"},
     "right": "c",
     "because": {"a": "that holds for the generator it was trained on", "b": "a test set comes from the same source as the training set; the news does not"}},
]

# %% [markdown]
r"""
## What to remember
1. Where no formula says what is wrong with a picture, a network can: a discriminator's opinion has a gradient, and the generator walks down it.
2. Both landscapes move. Losses of a GAN do not tell how good it is; count fidelity *and* coverage.
3. One step has two halves: detach the fakes in the first, judge them anew in the second, and clear what each half leaves behind.
4. A generator that never rests is averaged. Other medicines help where the illness is: R1 against circling, augmentation against learning by heart.
5. Latents lie on a shell: walk along the arc. And a detector learns one forger's fingerprints, not what is true.

## Terms
[generative adversarial network](../glossary.md#generative-adversarial-network), [generator](../glossary.md#generator),
[discriminator](../glossary.md#discriminator), [softplus](../glossary.md#softplus), [non-saturating loss](../glossary.md#non-saturating-loss), [R1
penalty](../glossary.md#r1-penalty), [mode collapse](../glossary.md#mode-collapse), [fidelity](../glossary.md#fidelity), [coverage](../glossary.md#coverage),
[conditional GAN](../glossary.md#conditional-gan), [spectral norm](../glossary.md#spectral-norm), [latent](../glossary.md#latent), [spherical
interpolation](../glossary.md#spherical-interpolation), [mutation](../glossary.md#mutation), [paired translation](../glossary.md#paired-translation),
[Jensen-Shannon divergence](../glossary.md#jensen-shannon-divergence), [Wasserstein distance](../glossary.md#wasserstein-distance), [Fréchet inception
distance](../glossary.md#frechet-inception-distance), [cycle consistency](../glossary.md#cycle-consistency), [variational
autoencoder](../glossary.md#variational-autoencoder), [diffusion model](../glossary.md#diffusion-model), [deepfake](../glossary.md#deepfake)

## Where to read on
- Ian Goodfellow, Jean Pouget-Abadie, Mehdi Mirza, Bing Xu, David Warde-Farley, Sherjil Ozair, Aaron Courville and Yoshua Bengio, *Generative Adversarial Nets*,
  Advances in Neural Information Processing Systems, 2014. Nine pages; your two losses are in section 3.
- Lars Mescheder, Andreas Geiger and Sebastian Nowozin, *Which Training Methods for GANs do actually Converge?*, International Conference on Machine
  Learning, 2018. The game of two numbers, and R1.
- Takeru Miyato and Masanori Koyama, *cGANs with Projection Discriminator*, International Conference on Learning Representations, 2018. Your exercise 5.
- Phillip Isola, Jun-Yan Zhu, Tinghui Zhou and Alexei Efros, *Image-to-Image Translation with Conditional Adversarial Networks*, Computer Vision and Pattern
  Recognition, 2017.
- Tero Karras, Miika Aittala, Janne Hellsten, Samuli Laine, Jaakko Lehtinen and Timo Aila, *Training Generative Adversarial Networks with Limited Data*,
  Advances in Neural Information Processing Systems, 2020. The small patient, at full size.
- Muhammad Ferjad Naeem, Seong Joon Oh, Youngjung Uh, Yunjey Choi and Jaejun Yoo, *Reliable Fidelity and Diversity Metrics for Generative Models*, International
  Conference on Machine Learning, 2020. Coverage.
- Martin Heusel and others, *GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium*, Advances in Neural Information Processing
  Systems, 2017. FID. Jonathan Ho, Ajay Jain and Pieter Abbeel, *Denoising Diffusion Probabilistic Models*, the same, 2020: your denoiser.
- Sheng-Yu Wang, Oliver Wang, Richard Zhang, Andrew Owens and Alexei Efros, *CNN-generated images are surprisingly easy to spot... for now*, Computer Vision and
  Pattern Recognition, 2020.

Next: lesson 12 takes a picture that a network reads correctly, changes what no eye can see, and gets another answer.
"""

# %% folded=true tags=["nbval-ignore-output"]
from course.desk.ending import ending

ending("Your generator serves all eight piles of the ring, and makes digits to order that another network reads as what was ordered.")
