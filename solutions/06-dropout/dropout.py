# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   course:
#     title: Throw some of it away
#     rows: [E1, E3]
#     minutes: 110
#     builds_on: [03-descent, 04-networks]
# ---

# %% [markdown]
r"""
# Throw some of it away

**How do you stop a pupil from learning the answers by heart?**

A teacher photocopies a thousand practice questions and, by accident, an answer key in which every fifth answer is a misprint. A month later one pupil hands in
the whole practice sheet without a single deviation from the key. Full marks, then? Look at the misprints: that pupil has them all. Nobody who understood the
questions would have written those. The misprints are the proof that nothing was understood, only remembered.

We are going to do this to a neural network. The questions are handwritten digits, the answers are their labels, and we misprint two hundred of them on purpose.
"""

# %% setup=true
from collections.abc import Callable

import torch
from course import data, plots
from course.check import answer, begin, check, checks, exercise, hints
from course.descent import Adam
from torch import Generator, Tensor, nn, tensor

begin("06-dropout")


# %%
from course.dropout import digit_net, misprint

device = "cuda" if torch.cuda.is_available() else "cpu"
images, labels = data.mnist_5k()                                  # 5,000 digits of 28 x 28 pixels, 500 of each
others, exam = data.stratified_split(labels, test=1000, seed=0)
lottery = torch.Generator().manual_seed(0)
practice = others[torch.randperm(len(others), generator=lottery)[:1000]]      # few enough to learn by heart

x, exam_x, exam_y = images[practice], images[exam], labels[exam]
y, misprinted = misprint(labels[practice], share=0.2, generator=lottery)
print(f"{len(x)} practice questions, {int(misprinted.sum())} of them with a misprinted answer; {len(exam_x)} exam questions, all answers right")

figure, panels = plots.figure(columns=10, rows=2, width=9.6, height=2.7)
for axes, question, printed, wrong in zip(panels.flatten(), x, y, misprinted):
    plots.image(axes, question[0])
    axes.set_title(f"{printed} \u2715" if wrong else f"{printed}", loc="center", fontsize=15, pad=4, color=plots.COLOURS["vermillion"] if wrong else plots.INK,
                   fontweight="bold" if wrong else "normal")
plots.show(figure, "misprints")

# %% [markdown]
r"""
**By the end you can**

- measure how much of its success a network owes to memory;
- write dropout, say why what is kept is scaled up, and say of which layers the average stays what it was, and prove it;
- write it as a layer that knows training from evaluation, and find the `eval()` that somebody forgot;
- say what `p` means, in a library and in the paper;
- tell weight decay from an L2 penalty, and write the optimiser in which they differ;
- stop early with a validation set, and say what label smoothing, stochastic depth and the largest models' recipes are.

**Time:** about 110 minutes: 62 for the six exercises, 10 for the quiz, the rest to read and play. **Builds on:** lesson 03, *Down the landscape of loss*
(gradient descent, Adam), and lesson 04, *A pile of very simple choices* (layers of ReLUs, accuracy, the training loop).

## 1. Full marks, by heart
Here is a network with two hidden layers of 256 ReLUs, 269,000 weights for a thousand questions. It goes through the key forty times. We keep three books: how
well it does on the practice questions (judged by the printed key), how well on the exam, and what share of the *misprints* it recites. Guess the three numbers
before you run the cell.
"""

# %% tags=["nbval-ignore-output"]
from course.training import accuracy, train


def study(model: nn.Module, x: Tensor, y: Tensor, misprinted: Tensor, seed: int = 0, epochs: int = 40, **options) -> dict:
    """Train on the key and keep the three books, in percent, one entry an epoch."""
    books = {"practice": [], "exam": [], "misprints recited": []}
    batches = -(-len(x) // 64)

    def note(state):
        if state.step % batches == 0:
            for book, (questions, answers) in zip(books.values(), ((x, y), (exam_x, exam_y), (x[misprinted], y[misprinted]))):
                book.append(100 * accuracy(state.model, questions, answers))

    train(model, x, y, epochs=epochs, batch_size=64, after_batch=note, generator=torch.Generator().manual_seed(seed), **options)
    return books


torch.manual_seed(0)
plain = digit_net().to(device)
plain_books = study(plain, x, y, misprinted)
for name, book in plain_books.items():
    print(f"{name:18s} {book[-1]:5.1f} %")

# %%
def draw_books(axes, books: dict, title: str) -> None:
    """The three books of one run: percent against epochs."""
    plots.curves(axes, books, x=range(1, len(books["exam"]) + 1), names=("times through the key (epochs)", "percent"))
    axes.set(title=title, ylim=(0, 104))


figure, axes = plots.figure(width=7)
draw_books(axes, plain_books, "A pupil with an excellent memory")
plots.show(figure, "memory-of-a-pupil")
print("it recites more than nine misprints in ten:          ", plain_books["misprints recited"][-1] > 90)
print("the exam is at least 15 points below the practice:   ", plain_books["practice"][-1] - plain_books["exam"][-1] > 15)

# %% [markdown] rows="E1"
r"""
Look at the left end first. In the first few epochs the network learns what a 3 looks like: the exam goes up, and hardly a misprint is believed. What all the 3s
have in common is the quickest way to bring the loss down. Then that is used up. What remains of the loss is the misprints, and the only way to bring *that*
down is to remember them one by one. The network has room for it, so it does, and while it bends itself round each misprint the exam gets worse.

This is **[overfitting](../glossary.md#overfitting)**, which lesson 04 met in passing, and here you see it happen. The distance between practice and exam is
called the **[generalisation gap](../glossary.md#generalisation-gap)**. Everything that is done to training in order to narrow it goes by the name
of **[regularisation](../glossary.md#regularisation)**. (That such networks can memorise a whole key of *random* labels was shown by Chiyuan Zhang and
colleagues in 2017; it means that a lack of room cannot be the reason why they generalise. That they learn what is common first, and the exceptions later, was
shown by Devansh Arpit and colleagues in the same year.)

You could stop at the best epoch, with questions set aside to find it (section 10). You could get more questions. Or you could make memorising difficult.

## 2. The bank tellers
Geoffrey Hinton has reported how the idea came to him. At his bank the tellers kept being moved about, and nobody could tell him why. He supposed that it makes
fraud harder: to rob the bank from inside, several employees must work together over time, and a conspiracy does not survive if half its members are at another
branch today. (He told it in a question-and-answer session on Reddit in 2014; the paper, by Nitish Srivastava, Hinton and three colleagues in the same year,
argues with conspiracies too: ten of five people are likelier to succeed than a single one of fifty.)

A memorised misprint is such a conspiracy: a handful of units that happen to fire together on one smudged 7, and among themselves agree to call it
a 2. **[Dropout](../glossary.md#dropout)** breaks it up. For each batch, and for each question in it, send home a random half of the units. Whoever is left has
to do the work with whoever else is left, and an arrangement among particular colleagues is worth little.
"""

# %% folded=true
from course.explorers.dropout import thinned

figure, panels = plots.figure(columns=3, width=9.6, height=2.9)
for axes, title, masks in zip(panels, ("The whole net", "One question later", "And another"),
                              ([[1] * 6, [1] * 6], [[1, 0, 0, 1, 1, 0], [0, 1, 1, 0, 1, 0]], [[0, 1, 0, 1, 0, 1], [1, 1, 0, 0, 0, 1]])):
    thinned(axes, masks, title=title)
plots.show(figure, "thinned")

# %% [markdown]
r"""
In code, sending home is a multiplication. A **[mask](../glossary.md#mask)** is a tensor of ones and zeros, one for each number that leaves the layer: one to
keep it, zero to drop it. Each entry is the flip of a (possibly unfair) coin, all of them independent; a coin that says only 0 or 1 is called
a **[Bernoulli](../glossary.md#bernoulli)** draw. We write $p$ for the probability that a number is *dropped*.

With half of the units at home the next layer receives half as much as it is used to on average. Drop a quarter, and it receives three quarters. So
what is kept is scaled up: it is divided by $1 - p$, the share that is kept on average.

$$\text{out} = \frac{\text{mask} \times x}{1 - p}$$
"""

# %%
activations = tensor([[3., 6., 9., 12.], [6., 3., 12., 9.]])
keep = tensor([[1., 0., 1., 1.], [1., 1., 0., 1.]])
figure, panels = plots.figure(columns=3, width=9.6, height=2.3)
for axes, block, title in zip(panels, (activations, keep, activations * keep / (1 - 0.25)), ("What a layer says", "times the mask", "divided by 1 \u2212 0.25")):
    plots.block(axes, block, title)
plots.show(figure, "masked")

# %% [markdown]
r"""
**Exercise 1 (5 minutes, easy): the mask.** The mask comes with the call, so there is no chance in it yet: throw away where the mask says 0, scale up what
stays.
"""

# %% exercise="masked" minutes=5
@exercise
def masked(x: Tensor, mask: Tensor, p: float) -> Tensor:
    """Drop what the mask drops, and scale up what is kept.

    x: any shape, to be left as it was. mask: 1 (or True) to keep and 0 (or False) to drop, in x's shape or in one that stretches to it.
    p: the share that is dropped on average, in [0, 1). Returns a tensor like x, in its dtype, and gradients flow through it to x,
    e.g. x [3., 6.], mask [1., 0.], p 0.25 -> [4., 0.].
    """
    ### BEGIN SOLUTION
    return x * (mask / (1 - p))
    ### END SOLUTION


# %% check="masked" points=9
hints("A product drops, a division scales up.", "What is kept is divided by the share that is kept on average, 1 - p, whatever this one mask happened to keep.",
      "x * mask / (1 - p), with the brackets.")
check(masked, tensor([3., 6., 9., 12.]), tensor([1., 0., 0., 1.]), 0.25).gives(tensor([4., 0., 0., 16.]))
check(masked).agrees(where=lambda call: call.mask.shape == call.x.shape and call.mask.dtype == call.x.dtype)

# %% check="masked" aspect="shapes" points=4
check(masked, tensor([[3., 6.], [9., 12.], [6., 3.]]), tensor([True, False]), 0.25).gives(tensor([[4., 0.], [12., 0.], [8., 0.]]))
check(masked).agrees(where=lambda call: call.mask.shape != call.x.shape or call.mask.dtype != call.x.dtype)
check(masked).keeps_the_contract()

# %% [markdown]
r"""
## 3. Every ticket of the lottery
"On average the next layer receives what it is used to." Is that true? One could drop ten thousand times and look at the mean. But with few units there is
something better. Three units have $2 \times 2 \times 2 = 8$ masks, and we can go through *all* of them, each with its own probability. No lottery: we hold
every ticket.

A mask that keeps 2 of 3 units has the probability $(1-p)\cdot(1-p)\cdot p$: a factor $1 - p$ for each unit that stays, a factor $p$ for each that goes.
Multiply what comes out by that probability, add up over all masks, and you have the **[expected value](../glossary.md#expected-value)**: what the average of
ever more draws would come to.
"""

# %%
import itertools

p, three = 0.25, tensor([1., 2., 4.])
print("mask       probability   sum of what is kept and scaled")
for choice in itertools.product((0., 1.), repeat=3):
    kept = int(sum(choice))
    print(choice, f"{(1 - p) ** kept * p ** (3 - kept):10.4f}   {(three * tensor(choice) / (1 - p)).sum():18.3f}")

# %% [markdown]
r"""
**Exercise 2 (12 minutes, medium): every ticket.** Go through all masks of a small input, ask the layer what it makes of each masked and scaled input, and add
up with the right weights. `itertools.product((0., 1.), repeat=n)` gives all masks of n units, as tuples. Use your `masked`. The layers to try it on: a sum,
which is all that the average needs to be kept for, and a neuron with a ReLU, for which you should predict what happens.
"""

# %% setup=true
import itertools


def total(x: Tensor) -> Tensor:
    """A layer without a bend: the sum of what comes in. x: (n,). Returns a scalar."""
    return x.sum()


def neuron(x: Tensor) -> Tensor:
    """One neuron with a ReLU: 1 more than the first input, less the others, and never below 0. x: (n,). Returns a scalar."""
    return (1 + x[0] - x[1:].sum()).relu()


def both(x: Tensor) -> Tensor:
    """Two outputs: total and neuron. x: (n,). Returns (2,)."""
    return torch.stack([total(x), neuron(x)])


# %% exercise="average_over_masks" minutes=12 uses="masked"
@exercise
def average_over_masks(layer: Callable[[Tensor], Tensor], x: Tensor, p: float) -> Tensor:
    """What a layer gives on average when its input is dropped out: exactly, over all 2^n masks.

    layer: a function from (n,) to a tensor, of one number or several. x: (n,), float32, left as it was. p: the share dropped, in [0, 1).
    Returns what layer returns, averaged, and gradients flow through it to x: each mask counts with its probability, a factor 1 - p for each unit that it keeps and p for each that it drops,
    e.g. total, [1., 2.] and p 0.5 -> (0 + 2 + 4 + 6) / 4 = 3.
    """
    ### BEGIN SOLUTION
    average = 0.0
    for choice in itertools.product((0.0, 1.0), repeat=len(x)):
        kept = int(sum(choice))
        chance = (1 - p) ** kept * p ** (len(x) - kept)
        average = average + chance * layer(masked(x, tensor(choice), p))
    return average
    ### END SOLUTION


# %% check="average_over_masks" points=12 uses="masked"
hints("A loop over the masks, and one number that grows: the average so far.",
      "For each mask: its probability, times what the layer makes of the masked input. The probabilities of all masks add up to 1, so nothing is divided at "
      "the end.",
      "kept = int(sum(choice)); average = average + (1 - p) ** kept * p ** (len(x) - kept) * layer(masked(x, tensor(choice), p)).")
check(average_over_masks, total, tensor([1., 2., 4.]), 0.4).gives(tensor(7.))       # as the sum itself: nothing bends here
check(average_over_masks, neuron, tensor([2., 3.]), 0.25).gives(tensor(0.75))      # and here the neuron alone would say 0
check(average_over_masks).agrees(where=lambda call: call.layer != "both" and call.p > 0)

# %% check="average_over_masks" aspect="edges" points=4 uses="masked"
check(average_over_masks).agrees(p=0.0)                                             # only one mask has a probability then
check(average_over_masks).agrees(layer="both")                                      # a layer that gives two numbers
check(average_over_masks).keeps_the_contract()

# %%
print("p      a sum, dropped out   left alone   |   a neuron with a bend, dropped out   left alone")
for p in (0.1, 0.25, 0.5, 0.8):
    some = tensor([2., 3.])
    print(f"{p:4.2f}   {average_over_masks(total, some, p):18.4f}   {total(some):10.4f}   |   {average_over_masks(neuron, some, p):33.4f}   "
          f"{neuron(some):10.4f}")

# %% [markdown] rows="E1"
r"""
For everything that is *linear* in what is dropped the average is kept to the last digit, whatever $p$, and the proof is a line. With $m = 1$ for a unit that
stays, which has the probability $1 - p$, and $m = 0$ else:

$$\text{average of } \sum_i w_i \frac{m_i x_i}{1 - p} \;=\; \sum_i w_i \frac{(1 - p) \cdot x_i + p \cdot 0}{1 - p} \;=\; \sum_i w_i x_i$$

A sum of squares is not linear (2 and 3 give 13, and with $p = 0.5$ on average 26), and behind a bend the average is not kept either: the neuron says 0 when it
is left alone, and dropped out it says more, because now and then the inputs that held it down are at home. So dropout keeps the average of what a layer *hands
on*, and what later layers make of it is only roughly kept. In practice roughly is enough; you will measure it in section 6.

### What p means
Here the paper and the libraries differ, and that has cost many people time.

| | in the paper of 2014 | in torch, Keras and this course |
|---|---|---|
| $p$ is the share that is | **kept** | **dropped** |
| usual for hidden units | 0.5 | 0.5 |
| usual for inputs | 0.8 | 0.2 |
| in training | drop | drop, and divide what is kept by the share kept |
| in evaluation | multiply the weights by the share kept | do nothing |

The usual 0.5 hides the difference, and whoever copies an 0.8 from the paper into a library throws away four fifths of the inputs. The other two lines are a
matter of bookkeeping. The paper leaves training alone and shrinks the weights for the exam; the libraries scale up in training, so that on the exam there is
nothing to do, or to forget. That is **[inverted dropout](../glossary.md#inverted-dropout)**, and the paper mentions it as the other way to the same end.

**Experiment.** Set `paper_p` to 0.8 and put it into the wrong place, for once on purpose: `library_p = paper_p`. How much of the input is left?
"""

# %%
paper_p = 0.8                      # change me: the share that the paper keeps
library_p = 1 - paper_p            # change me: the share that a library drops

pixels = torch.ones(100_000)
lottery = torch.Generator().manual_seed(0)
paper_trains = pixels * torch.bernoulli(torch.full_like(pixels, paper_p), generator=lottery)
library_trains = nn.functional.dropout(pixels, library_p)
print("            share that is kept      mean in training      mean in evaluation")
print(f"paper       {(paper_trains > 0).float().mean():18.1f}    {paper_trains.mean():18.1f}    {(pixels * paper_p).mean():20.1f}")
print(f"library     {(library_trains > 0).float().mean():18.1f}    {library_trains.mean():18.1f}    {pixels.mean():20.1f}")

# %% [markdown]
r"""
## 4. Flip the coins
Now chance comes in. The mask is drawn anew in every call: a separate coin for each number, so that each question of a batch has units of its own sent home. And
only in training. On the exam everybody is at work.

`torch.rand(x.shape)` gives numbers between 0 and 1, of which a share $p$ is below $p$; `torch.bernoulli` and the method `bernoulli_` flip coins directly. All
of them take `generator=...`, a source of chance that begins at a known place, so that a run can be repeated; `None` means torch's own.

**Exercise 3 (12 minutes, medium): dropout.** Use your `masked`.
"""

# %% exercise="dropout" minutes=12 uses="masked"
@exercise
def dropout(x: Tensor, p: float = 0.5, training: bool = True, generator: Generator | None = None) -> Tensor:
    """Drop each number of x with probability p, and scale up the others; in evaluation leave x as it is.

    x: any shape, floating point, to be left as it was. p: the share dropped. training: False in evaluation. generator: hand it on to what draws the mask.
    Returns a tensor like x, in its dtype, e.g. ones and p 0.5 -> a random half zeros, the others 2. Gradients flow through what is kept.
    Raises ValueError when p is outside [0, 1): dividing by a share of 0 that is kept makes no sense.
    """
    ### BEGIN SOLUTION
    if not 0 <= p < 1:
        raise ValueError(f"p is {p}; it is the share that is dropped, in [0, 1)")
    if not training:
        return x
    mask = torch.empty_like(x).bernoulli_(1 - p, generator=generator)
    return masked(x, mask, p)
    ### END SOLUTION


# %% check="dropout" points=9 uses="masked"
hints("Three cases: a p that makes no sense, evaluation, training. Only the last needs a mask.",
      "A number is kept where a draw between 0 and 1 is at least p. One draw for each number of x.",
      "mask = torch.rand(x.shape, generator=generator) >= p; return masked(x, mask, p).")
# Of thousands of coins more is known than of one: the share that is dropped, what is kept over x, whether another call has another mask.
check(dropout).agrees(where=lambda call: call.training and 0 < call.p < 1 and call.generator is None)

# %% check="dropout" aspect="evaluation" points=5 uses="masked"
check(dropout, tensor([1., 2., 3., 4.]), 0.25, False).gives(tensor([1., 2., 3., 4.]))
check(dropout, tensor([1., 2., 3., 4.]), 0.0).gives(tensor([1., 2., 3., 4.]))
check(dropout).agrees(where=lambda call: 0 <= call.p < 1 and not call.training)
check(dropout).agrees(p=0.0)

# %% check="dropout" aspect="careful" points=6 uses="masked"
check(dropout).keeps_the_contract()
check(dropout).agrees(where=lambda call: not 0 <= call.p < 1)                        # a ValueError, in evaluation too
check(dropout).agrees(where=lambda call: call.training and 0 < call.p < 1 and call.generator is not None)    # and the gradient, 1 / (1 - p) times

# %% [markdown]
r"""
What does a pupil see who is taught like this? The next cell drops pixels.

**Experiment.** How much can go before *you* no longer read the digit? Then think of a network that has to say what it is from any such half, and of how useful
it is to remember single pixels.
"""

# %%
shares = (0.0, 0.2, 0.5, 0.8, 0.9)                                  # change me
lottery = torch.Generator().manual_seed(4)
figure, panels = plots.figure(columns=len(shares), rows=2, width=9.6, height=4.1)
for row, question in zip(panels, images[practice[:2]]):
    for axes, p in zip(row, shares):
        plots.image(axes, dropout(question[0], p, generator=lottery) * (1 - p), high=1.0)
        axes.set_title(f"p = {p:g}", loc="center")
plots.show(figure, "dropped-pixels")

# %% [markdown] rows="E1"
r"""
## 5. A layer with a switch
In a network, dropout stands between other layers, and somebody has to tell it whether this is practice or exam. Torch's answer is a switch on every module:
`model.train()` sets `training = True` in the model and in all modules inside it, `model.eval()` sets it to `False`. **[Training mode and evaluation
mode](../glossary.md#evaluation-mode)** are nothing more than this flag. A layer that behaves differently in the two has to look at it.

**Exercise 4 (8 minutes, easy): the layer.** A module that keeps `p` and a generator, and calls your `dropout` with the switch in the right position. In
`__init__`, `super().__init__()` comes first: it sets up the switch.
"""

# %% exercise="Dropout" minutes=8 uses="dropout"
@exercise
class Dropout(nn.Module):
    """Dropout as a layer: it drops in training mode and lets everything through in evaluation mode."""

    def __init__(self, p: float = 0.5, generator: Generator | None = None):
        """Keeps p, the share dropped, as self.p, and the generator as self.generator. Raises ValueError when p is outside [0, 1)."""
        ### BEGIN SOLUTION
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError(f"p is {p}; it is the share that is dropped, in [0, 1)")
        self.p, self.generator = p, generator
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        """x: any shape. Returns the same shape and dtype, e.g. Dropout(0.5) in evaluation mode: [1., 2.] -> [1., 2.]."""
        ### BEGIN SOLUTION
        return dropout(x, self.p, self.training, self.generator)
        ### END SOLUTION


# %% check="Dropout" points=8 uses="dropout"
hints("The module has the switch already: after `super().__init__()` it is called self.training.",
      "forward is one line: your dropout, with self.p, self.training and self.generator.",
      "return dropout(x, self.p, self.training, self.generator).")
# Two layers are told the same: forward three times, evaluation mode, forward, training mode, forward.
check(Dropout).agrees(generator=None)

# %% check="Dropout" aspect="module" points=5 uses="dropout"
check(Dropout, 0.25).attribute("p").gives(0.25)
check(Dropout, 0.25).then("state_dict").gives({})                                    # nothing in this layer is learned
check(Dropout).agrees(where=lambda call: not 0 <= call.p < 1)                        # said at once, it is easier to find than in the middle of a training run
check(Dropout).agrees(where=lambda call: 0 <= call.p < 1 and call.generator is not None)
check(Dropout).keeps_the_contract()

# %% [markdown]
r"""
**Play.** A small net with your layer behind both of its hidden layers. Make passes one at a time and watch who is at home and what the net says. Then a hundred
at once: where does the mean settle, and where does evaluation mode lie? Try a $p$ of 0.1 and one of 0.9.

*The same in words:* each pass crosses out another random set of hidden units, and the answers scatter; the larger $p$, the wider. Their mean settles near what
the net says in evaluation mode, where every unit is at work. Not exactly there, because of the bends in the ReLUs (section 3), and the further off, the larger
$p$.
"""

# %% explorer=true
from course.explorers.dropout import dropout_explorer

dropout_explorer()

# %% [markdown] rows="E1"
r"""
## 6. Again, with some of it thrown away
Now the pupil of section 1 once more: the same key, the same misprints, the same weights at the start, as many epochs. One thing is new: your layer, after the
inputs (a fifth dropped) and after both hidden layers (a half).

And what is the layer worth beside torch's own? For that the coins have to fall alike. Torch does not hand out its mask, but there is a way to get at it: seed
torch, and send *ones* through its dropout. What is not zero is the mask. Seed it the same way again and send the real numbers through: the same coins fall, and
now you can give that mask to your own function and compare bit by bit.
"""

# %% headline=true tags=["nbval-ignore-output"]
numbers = torch.randn(200, 300, generator=torch.Generator().manual_seed(1))
torch.manual_seed(2)
torchs_mask = nn.functional.dropout(torch.ones_like(numbers), 0.5) > 0
torch.manual_seed(2)
theirs = nn.functional.dropout(numbers, 0.5)
same_bits = torch.equal(masked(numbers, torchs_mask, 0.5), theirs)

torch.manual_seed(0)
dropped = digit_net(p=0.5, p_input=0.2, layer=Dropout).to(device)       # your layer
dropped_books = study(dropped, x, y, misprinted)

gaps = [books["practice"][-1] - books["exam"][-1] for books in (plain_books, dropped_books)]
print(f"with torch's mask, your numbers and torch's are the same in every bit: {same_bits}")
print("                          without dropout    with dropout")
for name in plain_books:
    print(f"{name:18s}        {plain_books[name][-1]:13.1f} %   {dropped_books[name][-1]:11.1f} %")
print(f"gap, practice less exam   {gaps[0]:8.1f} points   {gaps[1]:6.1f} points")

# %%
figure, panels = plots.figure(columns=2, sharey=True)
draw_books(panels[0], plain_books, "Everybody at work")
draw_books(panels[1], dropped_books, "Half of them sent home")
panels[1].get_legend().remove()
plots.show(figure, "at-work")
print("the gap has narrowed by more than five points:       ", gaps[1] < gaps[0] - 5)
print("the exam went up by more than three points:          ", dropped_books["exam"][-1] > plain_books["exam"][-1] + 3)
print("fewer misprints are recited:                         ", dropped_books["misprints recited"][-1] < plain_books["misprints recited"][-1])

# %% [markdown]
r"""
Over five seeds, each with other questions, other misprints and other weights, dropout narrows the gap every time, from about 23 points to about 8 on average,
and lifts the exam by 8 or 9.

Half is a kind number: to divide by it is exact. In the headline's cell set the first three shares to 0.3 and the answer depends on how you wrote the product.
Torch scales the *mask* and then multiplies; `x * mask / (1 - p)` multiplies first, and a rounding in the last digit falls the other way here and there.
"""

# %% [markdown]
r"""
On an honest key, without a misprint, there is less to forget: over five seeds the gap goes from about 10 points to about 9, and not for every seed. It takes
longer, too: with half of the units away, each pass teaches less, and the practice curve is still climbing when the other has long been at the top.

**Experiment.** Change the shares in the last lines of the headline's cell, to `p=0.9` and to `p=0.1`. Who suffers from which?

<details><summary>What one sees, once you have tried</summary>

With `p=0.9` so few are left that practice suffers, and the exam with it. With `p=0.1` the misprints are back.

</details>

### Fifty pupils in one
Each mask makes another, thinner net, and all of them share their weights. A net with $n$ hidden units trains $2^n$ of them at once, a little each. In
evaluation mode the whole net stands in for their average. Is it a good stand-in? Here are fifty of the thin nets on the exam, alone, all together, and beside
evaluation mode.
"""

# %%
def vote(model: nn.Module, questions: Tensor, passes: int) -> tuple[Tensor, Tensor]:
    """Probabilities from so many passes in training mode: (passes, n, 10), and whether the model was handed back as it was."""
    was = model.training
    model.train()
    with torch.no_grad():
        probabilities = torch.stack([model(questions).softmax(dim=1) for _ in range(passes)])
    return probabilities.cpu(), model.train(was).training == was


torch.manual_seed(3)
opinions, _ = vote(dropped, exam_x.to(device), passes=50)
alone = 100 * (opinions.argmax(dim=2) == exam_y).float().mean(dim=1)
together = 100 * (opinions.mean(dim=0).argmax(dim=1) == exam_y).float().mean()
in_evaluation = 100 * accuracy(dropped, exam_x, exam_y)
print("even the best of fifty thin nets does worse than the fifty together: ", bool(alone.max() < together))
print("evaluation mode is within two points of the fifty together:          ", bool((together - in_evaluation).abs() < 2))

figure, axes = plots.figure(width=7, height=2.6)
axes.scatter(alone, torch.linspace(-1, 1, 50)[torch.randperm(50, generator=torch.Generator().manual_seed(0))], s=36, color=plots.COLOURS["sky"], edgecolor=plots.COLOURS["blue"], label="a thin net alone")
axes.axvline(together, color=plots.COLOURS["blue"], linestyle="-", label="the fifty together")
axes.axvline(in_evaluation, color=plots.COLOURS["vermillion"], linestyle="--", label="evaluation mode")
axes.set(xlabel="exam, percent right", yticks=[], ylim=(-1.4, 1.4), title="Fifty thin nets and what they make of the exam")
axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
plots.show(figure, "votes")

# %% [markdown]
r"""
That is the other way to understand dropout: a large committee for the price of one, in which no member can rely on a particular other. And where the fifty
disagree about a picture, the net is telling you that it does not know; Yarin Gal and Zoubin Ghahramani made a method of that in 2016.

## 7. The forgotten eval
Here are two scripts, as they are found in the wild. Both are meant to train for a few rounds and to tell after each how the exam goes. They run, they raise no
error, and both are wrong. Read them before you run the cell. What does each do in the *second* round?
"""

# %% tags=["nbval-ignore-output"]
def script_one(build, practise, train, test, rounds):
    model, accuracies = build(), []
    for _ in range(rounds):
        practise(model, *train)
        guesses = model(test[0]).argmax(dim=1)
        accuracies.append((guesses == test[1]).float().mean().item())
    return accuracies


def script_two(build, practise, train, test, rounds):
    model, accuracies = build(), []
    for _ in range(rounds):
        practise(model, *train)
        model.eval()
        guesses = model(test[0]).argmax(dim=1)
        accuracies.append((guesses == test[1]).float().mean().item())
    return accuracies


def once_through(model: nn.Module, inputs: Tensor, labels: Tensor) -> None:
    """One epoch of plain descent, twenty rows at a time. It says nothing about the model's mode."""
    for rows in torch.randperm(len(inputs)).split(20):
        model.zero_grad()
        nn.functional.cross_entropy(model(inputs[rows]), labels[rows]).backward()
        with torch.no_grad():
            for weights in model.parameters():
                weights -= 0.1 * weights.grad


def net_with_dropout() -> nn.Sequential:
    """A small net for digits, in training mode as every new module is."""
    return digit_net(p=0.5, p_input=0.2, width=64, layer=Dropout)


for script in (script_one, script_two):
    torch.manual_seed(0)
    print(script.__name__, " ".join(f"{100 * right:3.0f} %" for right in script(net_with_dropout, once_through, (x, labels[practice]), (exam_x, exam_y), rounds=5)))

# %% [markdown]
r"""
The first measures with half of the units at home: every number is too low, and if it is asked twice it gives two answers. The second is worse, because its
numbers look fine. It calls `eval()` in the first round, and nobody ever calls `train()` again: from the second round on there is no dropout at all, and the net
is back to learning by heart. Nothing on the screen says so.

Two things that are often taken for one another: `model.eval()` turns the switch, and `torch.no_grad()` stops autograd's diary. Neither does the other's work;
for an exam you want both.

**Exercise 5 (10 minutes, medium): mend it.** Write the script as it should be: practise in training mode, measure in evaluation mode, in *every* round.
`practise` is given and does not touch the switch.

The checks bring a make-believe model whose learning can be counted on the fingers. It learns two rows in a round of practice in training mode and only one in a
round in evaluation mode. And in training mode it bungles one row of whatever it is asked.
"""

# %% setup=true
class CountingModel(nn.Module):
    """For the checks: it gets right as many rows as it has learned, 2 for practice in training mode and 1 in evaluation mode, less 1 while in training mode.

    A row is (its class, 0 or 1; whether it is a practice row, 0 or 1; its number, from 0). Scores are (n, 2).
    """

    def __init__(self):
        super().__init__()
        self.learned = 0
        self.weights = nn.Parameter(torch.zeros(1))    # for whoever asks a model on which device it is
        self.inside = nn.Identity()    # the switch is looked up here: model.eval() reaches all modules inside

    def forward(self, rows: Tensor) -> Tensor:
        if bool(rows[0, 1]):
            self.learned += 2 if self.inside.training else 1
        right = rows[:, 2] < self.learned - int(self.inside.training)
        says = torch.where(right, rows[:, 0], 1 - rows[:, 0]).long()
        return torch.eye(2)[says]


def one_look(model: nn.Module, inputs: Tensor, labels: Tensor) -> None:
    """For the checks: a round of practice is one look at all rows, and one way backward. Exam rows are learned by heart, five at a time."""
    model(inputs)
    model.weights.sum().backward()    # as in any practice: nothing is learned where autograd is switched off
    model.learned += 0 if bool(inputs[0, 1]) else 5


def counted(count: int, practice: bool) -> tuple[Tensor, Tensor]:
    """For the checks: rows for a CountingModel, and their classes."""
    classes = torch.arange(count) % 2
    return torch.stack([classes.float(), torch.full((count,), float(practice)), torch.arange(count).float()], dim=1), classes


# %% exercise="train_and_measure" minutes=10
@exercise
def train_and_measure(build: Callable[[], nn.Module], practise: Callable[[nn.Module, Tensor, Tensor], None], train: tuple[Tensor, Tensor],
                      test: tuple[Tensor, Tensor], rounds: int) -> list[float]:
    """Practise in training mode, measure in evaluation mode, round after round.

    build(): makes a new model, once, in training mode. practise(model, inputs, labels): one round of practice. train, test: pairs (inputs (n, ...), labels (n,)).
    Returns the accuracy on test after each round, a list of rounds numbers in [0, 1], e.g. [0.2, 0.4, 0.6] for a CountingModel, ten rows and three rounds.
    """
    ### BEGIN SOLUTION
    model, accuracies = build(), []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        with torch.no_grad():
            guesses = model(test[0]).argmax(dim=1)
        accuracies.append((guesses == test[1]).float().mean().item())
    return accuracies
    ### END SOLUTION


# %% check="train_and_measure" points=12
hints("In each round the switch has to be turned twice.", "Training mode before the practice, evaluation mode before the exam, both inside the loop.",
      "model.train(); practise(model, *train); model.eval(); then measure, and round again.")
check(train_and_measure, CountingModel, one_look, counted(10, True), counted(10, False), 3).gives([0.2, 0.4, 0.6])
check(train_and_measure).agrees()
check(train_and_measure).keeps_the_contract()

# %% tags=["nbval-ignore-output"]
torch.manual_seed(0)
print("mended    ", " ".join(f"{100 * right:3.0f} %" for right in train_and_measure(net_with_dropout, once_through, (x, labels[practice]), (exam_x, exam_y), rounds=5)))

torch.manual_seed(0)
suspect = net_with_dropout()
answers_in_training = [suspect(exam_x[:5]).argmax(dim=1).tolist() for _ in range(5)]
suspect.eval()
answers_in_evaluation = [suspect(exam_x[:5]).argmax(dim=1).tolist() for _ in range(5)]
print("asked five times, the answers differ: in training mode", len(set(map(str, answers_in_training))) > 1, "and in evaluation mode", len(set(map(str, answers_in_evaluation))) > 1)

# %% [markdown] rows="E3"
r"""
The mended script may well be behind the second after five rounds: it learned with half of its units at home, and that takes longer. What it gains by that you
saw in section 6.

The last line is a test worth keeping: *ask twice.* A model in evaluation mode that gives two answers to one question has a coin in it that somebody forgot.

## 8. Keep the weights small
There is an older way to make memorising difficult: make it expensive. To bend itself round a single misprint a net needs large weights somewhere. So tax them.
In each step every weight loses a small share of itself,

$$\text{weights} \leftarrow \text{weights} \times (1 - \text{learning rate} \times \text{decay})$$

and only those survive that the gradient pushes up again and again, because many questions need them. That is **[weight decay](../glossary.md#weight-decay)**
(Stephen Hanson and Lorien Pratt, 1988).

The second way to say "small weights, please" is to write it into the loss: add half of `decay` times the sum of all squared weights. This is the **[L2
penalty](../glossary.md#l2-penalty)**. From lesson 03 you know what a square of side $w$ gains when it grows by a hair: two strips, $2w$. Half of that, times
`decay`, joins the gradient:

$$\text{gradient} \leftarrow \text{gradient} + \text{decay} \times \text{weights}$$

For plain gradient descent the two are the same thing. Put the second into the step of descent and take it apart:

$$w - \text{rate} \times (g + \text{decay} \times w) \;=\; w \times (1 - \text{rate} \times \text{decay}) - \text{rate} \times g$$

So for years nobody told them apart, and libraries offered the one under the other's name. Inside Adam they are not the same. Adam *divides* each gradient by
its usual size. What was added to the gradient is divided as well: a weight with large gradients has its decay divided by a large number and hardly feels the
tax; a weight with hardly any gradient has nothing but the tax in its gradient, Adam scales that up to a full step of the learning rate, and the weight goes to
zero as fast as Adam can move it. Ilya Loshchilov and Frank Hutter pointed this out in 2017, and proposed to take the decay out of Adam's sight: the gradient
stays plain, and the weights shrink by themselves. This is called *decoupled* weight decay, and the optimiser **[AdamW](../glossary.md#adamw)**.

Below, three weights that nobody needs: the gradients that come to them are pure noise, large for one, small for the next, none for the last. All begin at 1.
Which should decay? All alike, one would think.
"""

# %%
from course.dropout import AdamW as decoupled
from course.dropout import l2_gradient

noise = torch.randn(400, 3, generator=torch.Generator().manual_seed(0)) * tensor([10., 0.1, 0.])
decay, rate = 0.5, 0.01                                                  # change me
coupled, apart = Adam(torch.ones(3), rate), decoupled(torch.ones(3), rate, decay)
paths = {"L2 penalty inside Adam": [], "AdamW": []}
for gradient in noise:
    paths["L2 penalty inside Adam"].append(coupled.step(l2_gradient(gradient, coupled.parameters, decay)))
    paths["AdamW"].append(apart.step(gradient))

figure, panels = plots.figure(columns=2, sharey=True)
for axes, (name, path) in zip(panels, paths.items()):
    plots.curves(axes, dict(zip(("gradients of size 10", "gradients of size 0.1", "no gradient"), torch.stack(path).T)), names=("step", "weight"))
    axes.axhline(0, color=plots.FAINT, linewidth=1, linestyle="-")
    axes.set_title(name)
panels[1].get_legend().remove()
plots.show(figure, "decays")

# %% [markdown] rows="E3"
r"""
**Experiment.** Set `decay` to 5, ten times as much. On the right everything comes down faster. On the left the curve without gradient does not change at all.
Why?

**Exercise 6 (15 minutes, medium): AdamW.** Write its `step`. Adam is given: it is that of lesson 03, it keeps the weights in `self.adam.parameters`, and
`self.adam.step(gradient)` moves them and returns them. Two lines: first the weights shrink, out of Adam's sight, then Adam takes its step with the plain
gradient.
"""

# %% exercise="AdamW" minutes=15
@exercise(given=["__init__"])
class AdamW:
    """Adam beside decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2, with the decay times the learning rate, as torch has it)."""

    def __init__(self, weights: Tensor, learning_rate: float = 1e-3, decay: float = 1e-2):
        """weights: (p,), where to start, left as they were. decay: the share of the weights that is lost for each unit of learning rate."""
        self.adam = Adam(weights, learning_rate)      # of lesson 03; it holds the weights, in self.adam.parameters
        self.learning_rate, self.decay = learning_rate, decay

    def step(self, gradient: Tensor) -> Tensor:
        """Shrink the weights, then let Adam move them. gradient: (p,), that of the plain loss. Returns the new weights, (p,), in their dtype.

        The very first step, e.g. AdamW(tensor([2., -4.]), 0.1, 0.5).step(tensor([3., 0.])) -> [2. * 0.95 - 0.1, -4. * 0.95] = [1.8, -3.8].
        """
        ### BEGIN SOLUTION
        self.adam.parameters = self.adam.parameters * (1 - self.learning_rate * self.decay)
        return self.adam.step(gradient)
        ### END SOLUTION


# %% check="AdamW" points=11
hints("The weights are in self.adam.parameters, and may be replaced there.", "Shrink by the factor 1 - learning rate * decay; the gradient that Adam gets "
                                                                             "stays as it came.",
      "self.adam.parameters = self.adam.parameters * (1 - self.learning_rate * self.decay); return self.adam.step(gradient).")
check(AdamW, tensor([2., -4.]), 0.1, 0.5).then("step", tensor([3., 0.])).gives(tensor([1.8, -3.8]))
check(AdamW, tensor([2., -4.]), 0.1, 0.5).after("step", tensor([3., 0.])).attribute("adam").attribute("parameters").gives(tensor([1.8, -3.8]))
check(AdamW).agrees(where=lambda call: len(call.doing) == 1)

# %% check="AdamW" aspect="torch" points=5
check(AdamW, tensor([2., -4.]), 0.1, 0.5).doing(("step", tensor([3., 0.])), ("step", tensor([1., 2.])), ("step", tensor([-2., 1.]))).gives(
    [tensor([1.8, -3.8]), tensor([1.622894, -3.684414]), tensor([1.519026, -3.580217])])    # these numbers torch.optim.AdamW gives as well
check(AdamW).agrees(where=lambda call: len(call.doing) != 1)
check(AdamW).keeps_the_contract()

# %% [markdown] rows="E3"
r"""
Torch has both, and their names are traps: `torch.optim.Adam(..., weight_decay=0.01)` is the L2 penalty inside Adam, `torch.optim.AdamW(..., weight_decay=0.01)`
is decoupled. The number means something different in each, so a good value for one is no good value for the other. (In the paper's algorithm 2 the decay is not
multiplied by the learning rate, only by the schedule that both share; torch multiplies, and so do you.) Your class should agree with torch's.
"""

# %%
start = torch.randn(6, generator=torch.Generator().manual_seed(2))
mine, theirs = AdamW(start, 0.05, 0.3), start.clone().requires_grad_(True)
torchs = torch.optim.AdamW([theirs], lr=0.05, weight_decay=0.3)
farthest = 0.0
for gradient in torch.randn(100, 6, generator=torch.Generator().manual_seed(3)):
    theirs.grad = gradient.clone()
    torchs.step()
    farthest = max(farthest, float((mine.step(gradient) - theirs.detach()).abs().max()))
print("a hundred steps beside torch.optim.AdamW, never further apart than 0.00001:", farthest < 1e-5)

# %% [markdown]
r"""
The same key a third time: no unit is dropped, and the weights decay.

**Experiment.** The `decay` below is large, because it is multiplied by a learning rate of 0.001. Try 0.01, torch's own default, and 30.
"""

# %% tags=["nbval-ignore-output"]
from functools import partial

decay = 5.0                                                      # change me

torch.manual_seed(0)
taxed = digit_net().to(device)
taxed_books = study(taxed, x, y, misprinted, optimiser=partial(torch.optim.AdamW, weight_decay=decay))
print("                     plain   dropout   weight decay")
for name in plain_books:
    print(f"{name:18s} {plain_books[name][-1]:6.1f} %  {dropped_books[name][-1]:6.1f} %  {taxed_books[name][-1]:10.1f} %")

# %% [markdown] rows="E3"
r"""
### Which one, and when?
Nobody has a theory that tells. What there is, is measurement. This is our pupil over five seeds, each with other questions, misprints and weights, forty
epochs:

| | practice (with misprints), % | exam, % | misprints recited, % |
|---|---|---|---|
| nothing | 100 | 76 | 99 |
| AdamW, decay 5 | 86 | 82 | 38 |
| dropout, 0.2 of the inputs and 0.5 of the hidden units | 93 | 85 | 65 |
| both | 78 | 85 | 10 |
| nothing, but twice as many questions, in as many steps | 97 | 80 | 85 |

Read the practice column with care. Whoever understands everything and recites nothing gets 80 of this key, for a fifth of it is wrong. By that measure "both"
is close to the ideal, and 100 means that every misprint was recited.

This is one small net on one small task: take the habit of measuring from it, not the numbers. Beyond it, some advice from practice:

- More data, if it can be had. It is the only regulariser that brings knowledge along. (Ours brought two hundred more misprints along as well. Lesson 08
  stretches the data that one has.)
- Begin without any. If the practice result is poor, the net is too small or trained too briefly, and regularisation would make it worse. Only a gap is a reason
  to regularise.
- A little decoupled weight decay hardly ever hurts, and is on by default in many recipes.
- Dropout pays where a dense layer is large and the questions are few: the head of a network, tables, embeddings. It wants a larger net and more epochs.
  Convolutions share their weights and need less of it.
- Try both, alone and together, on questions that are neither practice nor exam.

## 9. Dropping whole words
A last variety. Words, weekdays or shops go into a network through a table with a row of numbers for each, learned like weights; such a row is called
an *embedding*. Ordinary dropout would strike out single numbers here and there, and from those left one can still tell which word it was. **[Embedding
dropout](../glossary.md#embedding-dropout)** strikes out *rows* of the table, before anything is looked up: in this batch that word is missing wherever it
occurs, and the sentence has to be understood without it. (Yarin Gal and Zoubin Ghahramani, 2016. Some libraries use the name for ordinary dropout on the
numbers that were looked up, so look before you copy a `p`.)
"""

# %%
from course.dropout import embedding_dropout

days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
table = torch.rand(7, 8, generator=torch.Generator().manual_seed(0)) + 0.5
week = tensor([5, 0, 1, 5, 6, 2, 5, 0])                                  # what is looked up, in this order
lottery = torch.Generator().manual_seed(36)                              # change me
looked_up = {"Looked up": table[week], "Dropout, p = 0.3": dropout(table[week], 0.3, generator=lottery),
             "Embedding dropout, p = 0.3": embedding_dropout(table, 0.3, generator=lottery)[week]}

figure, panels = plots.figure(columns=3, width=9.6, height=3.2)
for axes, (name, vectors) in zip(panels, looked_up.items()):
    axes.imshow(vectors, cmap="cividis", vmin=0, vmax=2.2, aspect="auto")
    axes.set(yticks=range(8), yticklabels=[days[day] for day in week], xticks=[], xlabel="the 8 numbers of a day")
    axes.set_title(name, fontsize=12)
plots.show(figure, "embeddings")

# %% [markdown] rows="E1"
r"""
## 10. Three more, and what the largest models do
**[Early stopping](../glossary.md#early-stopping)** is the oldest. Set some questions aside, a validation set: they are not learned from, and unlike the exam
they may be used to choose. Measure on them after each epoch, keep a copy of the weights whenever they are better than ever, and stop when nothing better has
come for some epochs (the *patience*). Lutz Prechelt (1998) compared fourteen rules for when. Here a fifth of the practice sheet is set aside, misprints
included, and the run goes on to the end, to see what stopping is worth.
"""

# %% tags=["nbval-ignore-output"]
import copy

sheet, aside = slice(0, 800), slice(800, 1000)
book, kept = {"set aside": [], "exam": []}, None


def keep_the_best(state) -> None:
    """After each epoch: both accuracies, and a copy of the weights where those set aside go better than ever."""
    global kept
    if state.step % 13 == 0:                                        # 800 questions are 13 batches
        if (now := accuracy(state.model, x[aside], y[aside])) > max(book["set aside"], default=0):
            kept = copy.deepcopy(state.model.state_dict())
        book["set aside"].append(now)
        book["exam"].append(accuracy(state.model, exam_x, exam_y))


torch.manual_seed(0)
stopped = digit_net().to(device)
train(stopped, x[sheet], y[sheet], epochs=40, batch_size=64, after_batch=keep_the_best, generator=torch.Generator().manual_seed(0), progress=False)
stopped.load_state_dict(kept)
best = book["set aside"].index(max(book["set aside"])) + 1
print(f"exam after epoch 40: {book['exam'][-1]:.1%}   with the weights of epoch {best}: {accuracy(stopped, exam_x, exam_y):.1%}")

figure, axes = plots.figure(width=7)
plots.curves(axes, {name: [100 * value for value in values] for name, values in book.items()}, x=range(1, 41), names=("times through the key (epochs)", "percent"))
axes.axvline(best, color=plots.COLOURS["black"], linestyle=":", linewidth=1.4)
axes.set(title="Stop where the dotted line is", ylim=(40, 100))
plots.show(figure, "stopping")

# %% [markdown] rows="E1"
r"""
Over five seeds the exam is about 7 points better at the stop than at the end of the same run. (Those set aside are judged by the misprinted key, so their curve
lies lower; its peak is in much the same place.)

**[Label smoothing](../glossary.md#label-smoothing)** (lesson 05) asks for less than certainty. Half of the target shared out among the ten classes is a lot:
"""

# %% tags=["nbval-ignore-output"]
torch.manual_seed(0)
softened = digit_net().to(device)
soft_books = study(softened, x, y, misprinted, loss=partial(nn.functional.cross_entropy, label_smoothing=0.5))
print("                   plain  smoothed")
for name in plain_books:
    print(f"{name:18s} {plain_books[name][-1]:5.1f} %  {soft_books[name][-1]:5.1f} %")

# %% [markdown] rows="E1"
r"""
The misprints are recited as before, since each is still the class with the largest target; over five seeds the exam gains 2 or 3 points on average.

**[Stochastic depth](../glossary.md#stochastic-depth)** drops whole layers, where a skip leads past them (lesson 04): $x + \text{mask} \cdot f(x) / (1 - p)$,
one coin for each row of the batch, and a $p$ that grows with depth. Gao Huang and colleagues (2016) lowered the error of a residual network of 110 layers on
small photographs from 6.4 to 5.2 % and saved time in training. Your `dropout` is all it takes:
"""

# %%
class Block(nn.Module):
    """A residual block of dense layers whose branch is dropped, for each row by itself."""

    def __init__(self, width: int, p: float):
        super().__init__()
        self.branch, self.p = nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, width)), p

    def forward(self, x: Tensor) -> Tensor:
        coin = dropout(torch.ones(len(x), 1), self.p, self.training)
        return x + coin * self.branch(x)


shares = torch.linspace(0.04, 0.5, 12).tolist()                     # shallow layers are nearly always there
deep = nn.Sequential(*[Block(16, p) for p in shares])
torch.manual_seed(0)
coins = torch.cat([dropout(torch.ones(1000, 1), p) > 0 for p in shares], dim=1)
for row in coins[:4]:
    print(" ".join("layer" if there else "  -  " for there in row))
print(f"twelve blocks, of which a row passes {coins.float().sum(dim=1).mean():.1f} on average in training, and all in evaluation mode;",
      "asked twice there:", torch.equal(deep.eval()(torch.ones(2, 16)), deep(torch.ones(2, 16))))

# %% [markdown] rows="E1"
r"""
**The largest models** see most of their text once, or a few times, so there is less to gain by making memorising difficult. PaLM (Aakanksha Chowdhery and
colleagues, 2022) was trained without dropout, and with a share of 0.1 when it was later tuned on little data. The recipe of LLaMA (Hugo Touvron and
colleagues, 2023) is AdamW with a decay of 0.1, gradients clipped to a length of 1, warm-up and a cosine. Up to about four passes over the same text do hardly
any harm, more do (Niklas Muennighoff and colleagues, 2023), and what is repeated often is recited there too (lesson 15). Networks for pictures, which see each
picture hundreds of times, take augmentation (lesson 08), stochastic depth, label smoothing and AdamW together: so does ConvNeXt (Zhuang Liu and
colleagues, 2022).
"""

# %% [markdown]
r"""
## Quiz (10 minutes)
Five questions, one letter each. Run the next cell and click, or write the letters between the quotes below it. Who learns alone is told at once whether they
are right, and why not; in a class it may be told when you hand in.
"""

# %% quiz="reading" points=10
[
    {"ask": "A layer `nn.Dropout(0.2)` is in training mode, and an activation of 4 happens to be kept. What comes out for it?",
     "choices": {"a": "4", "b": "5", "c": "20"},
     "right": "b",
     "because": {"a": "what is kept is scaled up, so that the average stays what it was",
                 "c": "4 / 0.2 divides by the share dropped; what is kept is divided by the share kept, 0.8"}},
    {"ask": "A paper of 2014 says: 'we used dropout on the inputs with p = 0.8'. What do you write in torch?",
     "choices": {"a": "nn.Dropout(0.8)", "b": "nn.Dropout(0.2), and multiply the weights by 0.8 for the exam", "c": "nn.Dropout(0.2), and nothing else"},
     "right": "c",
     "because": {"a": "that throws four fifths of the inputs away: the paper's p is the share kept",
                 "b": "torch has scaled up in training already; shrinking the weights too would do it twice"}},
    {"ask": "You ask a trained model the same exam three times, with no training in between: 91.2, 90.4, 91.0 %. What is the likeliest reason?",
     "choices": {"a": "somebody forgot `model.eval()`", "b": "somebody forgot `torch.no_grad()`", "c": "the model is overfitting"},
     "right": "a",
     "because": {"b": "no_grad stops the recording for gradients; it changes no number that comes out",
                 "c": "an overfitted model gives bad answers to new questions, but always the same ones"}},
    {"ask": "Practice 62 %, exam 61 %, with dropout 0.5 everywhere and a decay that people on the net recommend. What next?",
     "choices": {"a": "more dropout: the exam result is poor", "b": "less of both, or a larger net: there is no gap to narrow", "c": "stop earlier"},
     "right": "b",
     "because": {"a": "there is hardly a gap; more dropout would make the practice result worse, and the exam's with it",
                 "c": "stopping early helps against memorising, and nothing was memorised here"}},
    {"ask": "Two weights have the same size. One gets large gradients all the time, the other next to none. Which of them does an L2 penalty inside Adam "
            "shrink faster?",
     "choices": {"a": "both alike", "b": "the one with large gradients", "c": "the one with next to no gradients"},
     "right": "c",
     "because": {"a": "that is what decoupled decay does; inside Adam the penalty is divided by the usual size of the gradient",
                 "b": "its penalty is divided by a large number: Adam divides each gradient by its usual size"}},
]

# %% [markdown]
r"""
## What to remember
1. A network with room for it learns what is common first, and then the exceptions, misprints included, by heart. The gap between practice and exam tells.
2. Dropout: in training each number is dropped with probability p, and the others are divided by 1 - p, so that the average of what is handed on stays. In
   evaluation nothing happens.
3. In libraries p is the share dropped, in the paper of 2014 the share kept.
4. `model.train()` before every practice, `model.eval()` before every exam. Ask twice: two answers mean a forgotten switch.
5. Weight decay shrinks weights, an L2 penalty adds to the gradient. For plain descent they are one; inside Adam they are not, and AdamW is the one that decays.

## Terms
[generalisation gap](../glossary.md#generalisation-gap), [regularisation](../glossary.md#regularisation), [dropout](../glossary.md#dropout),
[mask](../glossary.md#mask), [Bernoulli](../glossary.md#bernoulli), [expected value](../glossary.md#expected-value), [inverted
dropout](../glossary.md#inverted-dropout), [evaluation mode](../glossary.md#evaluation-mode), [weight decay](../glossary.md#weight-decay), [L2
penalty](../glossary.md#l2-penalty), [AdamW](../glossary.md#adamw), [embedding dropout](../glossary.md#embedding-dropout), [early
stopping](../glossary.md#early-stopping), [label smoothing](../glossary.md#label-smoothing), [stochastic depth](../glossary.md#stochastic-depth)

## Where to read on
- Nitish Srivastava, Geoffrey Hinton, Alex Krizhevsky, Ilya Sutskever and Ruslan Salakhutdinov, [*Dropout: A Simple Way to Prevent Neural Networks from
  Overfitting*](https://jmlr.org/papers/v15/srivastava14a.html), Journal of Machine Learning Research 15, 2014. Readable from end to end; mind its p.
- Chiyuan Zhang, Samy Bengio, Moritz Hardt, Benjamin Recht and Oriol Vinyals, [*Understanding Deep Learning Requires Rethinking
  Generalization*](https://arxiv.org/abs/1611.03530), International Conference on Learning Representations, 2017. Networks that learn random labels by heart.
- Devansh Arpit and colleagues, [*A Closer Look at Memorization in Deep Networks*](https://arxiv.org/abs/1706.05394), International Conference on Machine
  Learning, 2017. First what is common, then the exceptions.
- Stephen Hanson and Lorien Pratt, [*Comparing Biases for Minimal Network Construction with
  Back-Propagation*](https://proceedings.neurips.cc/paper/1988/hash/1c9ac0159c94d8d0cbedc973445af2da-Abstract.html), Advances in Neural Information Processing
  Systems 1, 1988. Weight decay before it had its fame.
- Ilya Loshchilov and Frank Hutter, [*Decoupled Weight Decay Regularization*](https://arxiv.org/abs/1711.05101), International Conference on Learning
  Representations, 2019. You have written its algorithm 2, with the decay times the learning rate as torch has it.
- Lutz Prechelt, [*Automatic Early Stopping Using Cross Validation*](https://doi.org/10.1016/S0893-6080%2898%2900010-0), Neural Networks 11, 1998. The fourteen
  rules.
- Gao Huang, Yu Sun, Zhuang Liu, Daniel Sedra and Kilian Weinberger, [*Deep Networks with Stochastic Depth*](https://arxiv.org/abs/1603.09382), European
  Conference on Computer Vision, 2016.
- Aakanksha Chowdhery and others, [*PaLM*](https://arxiv.org/abs/2204.02311), arXiv 2204.02311, 2022; Hugo Touvron and others,
  [*LLaMA*](https://arxiv.org/abs/2302.13971), arXiv 2302.13971, 2023; Niklas Muennighoff and others, [*Scaling Data-Constrained Language
  Models*](https://arxiv.org/abs/2305.16264), arXiv 2305.16264, 2023; Zhuang Liu and others, [*A ConvNet for the 2020s*](https://arxiv.org/abs/2201.03545),
  arXiv 2201.03545, 2022. Recipes of today.
- Yarin Gal and Zoubin Ghahramani, [*Dropout as a Bayesian Approximation*](https://arxiv.org/abs/1506.02142), International Conference on Machine Learning,
  2016, on what disagreement means; and [*A Theoretically Grounded Application of Dropout in Recurrent Neural Networks*](https://arxiv.org/abs/1512.05287),
  Advances in Neural Information Processing Systems 29, 2016, on whole words.

Next: lesson 07 looks at the numbers between the layers, and at what happens when somebody keeps their scale in order.
"""

# %% folded=true tags=["nbval-ignore-output"]
from course.desk.ending import ending

ending("With the same mask your layer gives what torch's gives, to the last bit, and with it the gap between practice and exam became narrower.")
