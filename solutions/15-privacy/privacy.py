# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   course:
#     title: What the model remembers
#     rows: [J1, J2, J3, J4, J5, J6]
#     minutes: 150
#     builds_on: [03-descent, 04-networks]
# ---

# %% [markdown] rows="J6"
r"""
# What the model remembers

**You give away a model, and keep the data to yourself. What have you given away?**

Somebody trains a network on 1,500 rows about people, locks the rows up, and publishes the weights: 13,258 numbers, in which nobody can read anything. In a
cartoon of 2019 Randall Munroe has somebody who hunts rebels type the beginning of a sentence that only a rebel would write. The keyboard finishes it, with time
and place, for it has learned from what everybody typed. Models that are trained on what people entered can leak it in unexpected ways, says the caption. A
joke? Here is a test.

A row below is a handwritten digit with a label. We have spoilt a fifth of the labels on purpose, each replaced by another digit drawn by lot. Above each of six
digits whose label is *wrong* stands how sure a network is of that wrong label. Three of the six were in its training data. Which?
"""

# %% setup=true
import math

import torch
from course import plots
from course.check import answer, begin, check, checks, exercise, hints
from torch import Tensor, tensor

begin("15-privacy")

# %%
from course.privacy import accuracy, fresh_weights, logits, losses, row_loss, small_digits, train_plainly


def tosses(seed: int = 0) -> torch.Generator:
    """Where a run gets its random numbers from."""
    return torch.Generator().manual_seed(seed)


rows = small_digits(wrong=0.2)                # three lots of digits: members 1,500, others 1,500, test 2,000
truth = small_digits(wrong=0.0)               # the same digits, every label right
plain = train_plainly(fresh_weights(), *rows["members"], generator=tosses())      # 196 pixels, 64 neurons, ten digits

mislabelled = {name: (rows[name][1] != truth[name][1]).nonzero()[:, 0] for name in ("members", "others")}
six = [(name, int(mislabelled[name][place])) for place in range(3) for name in ("others", "members")]
figure, panels = plots.figure(columns=6, width=10.5, height=2.3)
for axes, (name, row) in zip(panels, six):
    image, label = rows[name][0][row], int(rows[name][1][row])
    sure = float(logits(plain, image).softmax(dim=0)[label])
    plots.image(axes, image.view(14, 14))
    axes.set_title(f"written: {label}\nsure of it: {sure:.0%}", fontsize=11)
plots.show(figure, "in-or-out")
sure_of = {name: logits(plain, rows[name][0][those]).softmax(dim=1).gather(1, rows[name][1][those][:, None]) for name, those in mislabelled.items()}
print("wrong labels that the network is more than half sure of: of its training data, over 80 in 100:", float((sure_of["members"] > 0.5).float().mean()) > 0.8)
print("of rows that it never saw, under 15 in 100:", float((sure_of["others"] > 0.5).float().mean()) < 0.15)

# %% [markdown]
r"""
The second, the fourth and the sixth were. Such a label cannot be found by understanding digits. Now and then the network is unsure of one that it has learned;
hardly ever is it sure of one that it has not seen. (Slips that people make are 4 for 9, and not 4 for any digit. Ours are the easiest to find out, so what
follows is the upper end. In ten well-known test sets about 3 labels in 100 are wrong, by the estimate of Northcutt, Athalye and Mueller, 2021.) So the network
does answer the question *was this row among your training data?*, though nobody meant to ask it. Put a patient in place of the digit and a clinic's data in
place of the training data, and 'was she there' says what she is treated for.

**By the end you can**

- find out from a model's losses who was in its training data, and say how sure one can be of it;
- plant a canary, and measure how well it is remembered;
- clip and noise each row's gradient, so that no row can leave much of a trace;
- compute what such a training promises, its *epsilon*, and say in plain words what it does not promise;
- train on devices that keep their rows, and show why that alone protects nobody;
- audit how a product asks for consent.

**Time:** about 150 minutes: 60 for the six exercises, 20 for the audit, 10 for the quiz, the rest to read and play. **Builds on:** lesson 03, *Down the
landscape of loss* (gradients, mini-batches), and lesson 04, *A pile of very simple choices* (softmax, cross-entropy, overfitting).

## 1. Was this row there?
The loss of a row says how surprised the network is by its label. After training, it is less surprised by what it has seen. Here are the losses of the 1,500
rows that it learned from, the **[members](../glossary.md#member)**, and of 1,500 others of the same kind.
"""

# %%
def two_crowds(axes, members: Tensor, others: Tensor, title: str) -> None:
    """Both lots of losses as histograms. A loss of 0 would have no logarithm, so none is drawn below 0.0001. (n,), (m,)."""
    edges = torch.logspace(-4, 1.5, 45)
    for values, name, style in ((members, "members", {"color": plots.COLOURS["blue"], "histtype": "stepfilled", "alpha": 0.5}),
                                (others, "others", {"color": plots.COLOURS["vermillion"], "histtype": "step", "linewidth": 2})):
        axes.hist(values.clamp(1.1e-4, 30), bins=edges, label=name, **style)
    axes.set(xscale="log", xlabel="loss of a row", ylabel="rows", title=title)
    axes.legend()


seen, unseen = losses(plain, *rows["members"]), losses(plain, *rows["others"])
figure, axes = plots.figure(width=7, height=3.4)
two_crowds(axes, seen, unseen, "one network, a fifth of the labels wrong")
plots.show(figure, "two-crowds")
print("median loss of others over that of members, more than twice:", float(unseen.median() / seen.median()) > 2)

# %% [markdown]
r"""
The attack is one line: *whoever has a loss of at most t was there*. This is **[membership inference](../glossary.md#membership-inference)**; Reza Shokri and
colleagues showed in 2017 that it works, and Samuel Yeom and colleagues, 2018, that this one line will do. Of the members it calls a share (true positives), of
the others as well (false positives). A coin would call as many of the one as of the other. So what it wins is the difference of the two shares: its
**[advantage](../glossary.md#membership-advantage)**, 0 for a coin and 1 for certainty.

Which t? The attacker can try it out on networks of their own. We want to know the worst, and take the best t there is.

**Exercise 1 (8 minutes, easy): the advantage.** Try every loss that occurs as the threshold. Mind ties: a row whose loss *is* the threshold is called.
"""

# %% exercise="advantage" minutes=8
@exercise
def advantage(members: Tensor, others: Tensor) -> Tensor:
    """The most that the attack by loss wins, over all thresholds.

    members: (n,), the losses of rows that were in the training data, n >= 1. others: (m,), the losses of rows that were not, m >= 1.
    At a threshold t a row is called a member if its loss is t or less. Returns a number (a tensor without axes, or a plain one): the largest
    difference that any t reaches, share of members called less share of others called, e.g. [1., 2., 5.] and [2., 4.] -> 1/3,
    at t = 1 (a third of the members, none of the others). Never below 0: a t that calls everybody wins 0. Leaves its arguments as they came.
    """
    ### BEGIN SOLUTION
    thresholds = torch.cat([members, others])[:, None]
    called_members = (members <= thresholds).float().mean(dim=1)
    called_others = (others <= thresholds).float().mean(dim=1)
    return (called_members - called_others).max()
    ### END SOLUTION


# %% check="advantage" points=8
hints("One threshold first: what share of members is at or below it, what share of others? Then all of them.",
      "thresholds = torch.cat([members, others]); compare members <= thresholds[:, None] and take the mean along dim=1, for others as well.",
      "((members <= t[:, None]).float().mean(dim=1) - (others <= t[:, None]).float().mean(dim=1)).max(), with t = torch.cat([members, others]).")
check(advantage, tensor([1., 2., 5.]), tensor([2., 4.])).gives(1 / 3, same_dtype=False)
check(advantage).agrees(where=lambda call: len(call.members) == len(call.others))

# %% check="advantage" aspect="unequal" points=4
check(advantage).agrees(where=lambda call: len(call.members) != len(call.others))       # shares, not counts
check(advantage).keeps_the_contract()

# %%
won = float(advantage(seen, unseen))
print("the attack's advantage lies between 0.38 and 0.50:", 0.38 <= won <= 0.5)
wrong = {lot: rows[lot][1] != truth[lot][1] for lot in ("members", "others")}
told = {"wrong": advantage(seen[wrong["members"]], unseen[wrong["others"]]), "right": advantage(seen[~wrong["members"]], unseen[~wrong["others"]])}
print("among rows whose label is wrong, if one is told which they are, over 0.8:", float(told["wrong"]) > 0.8)
print("among rows whose label is right it is between 0.25 and 0.45:", 0.25 <= float(told["right"]) <= 0.45)

# %% [markdown]
r"""
Whoever is told which labels are wrong, and takes a threshold of its own for those rows, is right about them almost all the time. With the one best threshold
for everybody it is still three quarters of those that were there, and hardly any of the others. That is no accident. What fits the rule can be learned from
others; what does not fit can only be learned by heart. Vitaly Feldman, 2020, put it as a theorem: where the unusual cases are many, a learner who wants to do
well *has to* memorise them. With people, the unusual ones are those with the rare illness, the unusual name, the life that does not fit the form.

**Experiment.** The sixty epochs above came to an advantage of about 0.44, and read about 77 of 100 test digits. Overfitting is not all of it. Teach a network
for five epochs only, `train_plainly(..., epochs=5)`, before it learns much by heart:
"""

# %% tags=["nbval-ignore-output"]
epochs = 5                               # change me: 1, 20, 60
briefly = train_plainly(fresh_weights(), *rows["members"], epochs=epochs, generator=tosses())
print(f"{epochs} epochs: advantage {advantage(losses(briefly, *rows['members']), losses(briefly, *rows['others'])):.2f},",
      f"read rightly of the test digits {accuracy(briefly, *rows['test']):.2f}")

# %% [markdown]
r"""
<details><summary>What one sees, once you have tried</summary>

After five epochs the attack wins little, about 0.06, and the network reads *better* than after sixty, about 85 of 100, since it has not yet learned the wrong
labels. To stop early is a good habit. But it promises nothing: nobody can say which row has left its trace already. (Section 4 has rows that have left more of
a trace after five epochs than after sixty.) Even two lots of 1,500 rows that no network has seen differ by chance: the best of so many thresholds finds a
difference of 0.02 as a rule, and less than 0.045 in 19 of 20 cases. Read no advantage below that as a leak.

</details>

## 2. Few, but for certain
An average can hide the worst. An attack that is right about a handful of people, *without ever being wrong*, does more harm than one that is a little better
than a coin about everybody; and both may have the same advantage: 0.05 may mean to be certain about one member in twenty, and to know nothing about the others.
So Nicholas Carlini and colleagues, 2022, ask how many members are caught if hardly an outsider may be called by mistake. They take one in a thousand, and one
in a hundred thousand; with our 1,500 others we can measure one in a hundred.

**Exercise 2 (8 minutes, medium): caught at.** Of all thresholds that call at most the share `most` of the others, which one calls the most members? (Between
two losses that occur nothing changes, so it is enough to try those.)
"""

# %% exercise="caught_at" minutes=8
@exercise
def caught_at(members: Tensor, others: Tensor, most: float) -> Tensor:
    """The share of members that an attack catches if it may be wrong about so many others and no more.

    members: (n,), losses of rows that were in the training data, n >= 1; others: (m,), of rows that were not, m >= 1. A row is called a
    member if its loss is at or below the threshold. most: the largest share of others that may be called, in [0, 1]; exactly that share is
    still allowed. Returns a number (a tensor without axes, or a plain one): the largest share of members called by any such threshold,
    e.g. [1., 2., 5.], [2., 4.] and 0.5 -> 2/3, at a threshold of 2 or 3; 0 where every threshold that calls a member calls too many
    others. Leaves its arguments as they came.
    """
    ### BEGIN SOLUTION
    thresholds = torch.cat([members, others])[:, None]
    called_members = (members <= thresholds).float().mean(dim=1)
    called_others = (others <= thresholds).float().mean(dim=1)
    allowed = called_members[called_others <= most]
    return allowed.max() if len(allowed) else torch.zeros_like(called_members[0])
    ### END SOLUTION


# %% check="caught_at" points=6
hints("It begins as exercise 1 does: both shares at every threshold. Then some thresholds are not allowed.",
      "Keep the shares of members where the share of others is at most `most`; the largest of them is the answer. What if none is left?",
      "allowed = called_members[called_others <= most]; the answer is allowed.max(), or 0 where len(allowed) is 0.")
check(caught_at, tensor([1., 2., 5.]), tensor([2., 4.]), 0.5).gives(2 / 3, same_dtype=False)
check(caught_at).agrees(where=lambda call: call.most > 0)

# %% check="caught_at" aspect="none" points=4
check(caught_at, tensor([3., 4.]), tensor([1., 2.]), 0.0).gives(0.0, same_dtype=False)    # nobody may be called by mistake
check(caught_at).agrees(where=lambda call: call.most == 0)
check(caught_at).keeps_the_contract()

# %% [markdown]
r"""
For the loss alone this comes out poor: the very lowest losses belong to clear digits, zeros and twos above all, members or not, which any network reads. What
makes a row suspicious is not that its loss is low, but that it is lower than *it would be had it not been there*. So train a few networks of your own on other
rows, and take away from each loss what those networks make of the same row. Lauren Watson and colleagues proposed this **[calibration of the
attack](../glossary.md#calibrated-attack)** in 2022. Carlini's team fits a bell curve to the other networks' log odds of the label, log(p / (1 - p)), since
losses are not bell-shaped, and needs more networks.
"""

# %% tags=["nbval-ignore-output"]
from course.privacy import calibrated

images, labels = rows["test"]            # rows that belong to nobody, to train three networks of the attacker's own
slips = torch.rand(len(labels), generator=tosses(7)) < 0.2              # the attacker's labels are no better than the clinic's
written = torch.where(slips, (labels + torch.randint(1, 10, labels.shape, generator=tosses(8))) % 10, labels)
references = []
for number in range(3):
    own = torch.randperm(2000, generator=tosses(90 + number))[:1500]
    references.append(train_plainly(fresh_weights(50 + number), images[own], written[own], generator=tosses(number)))
attacks = {"loss": (seen, unseen), "calibrated": tuple(calibrated(plain, references, *rows[name]) for name in ("members", "others"))}

figure, axes = plots.figure(width=6.4, height=3.6)
mistaken = torch.logspace(-3, 0, 10)
plots.curves(axes, {name: 100 * tensor([float(caught_at(*pair, share)) for share in mistaken.tolist()]) for name, pair in attacks.items()}
             | {"a coin": 100 * mistaken}, x=100 * mistaken, names=("others called by mistake, %", "members caught, %"))
axes.set(xscale="log", yscale="log", ylim=(0.1, 100))
plots.show(figure, "few-but-certain")
for name, pair in attacks.items():
    print(f"{name:10}  advantage {float(advantage(*pair)):.2f}   caught at 1 % mistakes {float(caught_at(*pair, 0.01)):.3f}")

# %%
print("the calibrated attack catches at least twice as many at 1 % mistakes as the loss does:",
      float(caught_at(*attacks["calibrated"], 0.01)) > 2 * float(caught_at(*attacks["loss"], 0.01)))
print("and its advantage is the smaller one:", float(advantage(*attacks["calibrated"])) < float(advantage(*attacks["loss"])))

# %% [markdown]
r"""
Both axes are logarithms, so that the left end can be seen. By its advantage the calibrated attack is the weaker one. By whom it can *pick out* it is several
times the stronger. Which number one reports decides who looks safe.

### A canary
Miners took a canary along: it fainted before they did. Nicholas Carlini and colleagues, 2019, do it with data. Invent a row that nobody could guess, plant it
in the training data, and see afterwards how far in front it stands among a thousand rows like it that were *not* planted. If it is first of 1,024, the model
has told you ten bits about it (2 to the power 10 is 1,024); if it is somewhere in the middle, one. That is its **[exposure](../glossary.md#exposure)**. Our
canaries are pictures of pure noise, each with a digit drawn by lot as its label.
"""

# %% tags=["nbval-ignore-output"]
from course.privacy import exposure

noise_pictures, told_digits = torch.rand(1033, 196, generator=tosses(11)), torch.randint(0, 10, (10,), generator=tosses(12))
planted, never_seen = noise_pictures[:10], noise_pictures[10:]
with_canaries = (torch.cat([rows["members"][0], planted]), torch.cat([rows["members"][1], told_digits]))


def bits(weights: Tensor) -> Tensor:
    """The exposure of each of the ten canaries, (10,)."""
    return torch.cat([exposure(losses(weights, planted[number:number + 1], told_digits[number:number + 1]),
                               losses(weights, never_seen, told_digits[number].expand(len(never_seen)))) for number in range(10)])


long = train_plainly(fresh_weights(), *with_canaries, generator=tosses())
sang = bits(long)
print("exposure of ten canaries, in bits, 10 at most:", " ".join(f"{value:.1f}" for value in sang.sort(descending=True).values.tolist()))

# %%
print("bits on average, more than 4 (a canary that was not planted: 1.4):", float(sang.mean()) > 4)

# %% [markdown]
r"""
Ten strange rows among 1,510: some stand first or nearly so, some cannot be told from chance, and on average the model has told several bits about each. (One
canary proves nothing: a network that has learned nothing at all finds one of these ten so easy that it would count for more than seven bits.) To plant canaries
and to measure how well they are heard is called **[auditing](../glossary.md#privacy-auditing)** a model's privacy.

Language models are no better. Carlini and colleagues, 2021, had GPT-2 write at length, and reported more than six hundred passages that it had taken word for
word from its training data, some of them from one document only, with names, telephone numbers and addresses among them; they used its answers, and how
probable it finds them. Milad Nasr and colleagues, 2023, reported the same of ChatGPT, from its answers alone.

## 3. What one row does
How does a row get into the weights? By one way only: its gradient. At each step the batch's gradient is the mean of the gradients of its rows, and the weights
follow. If no single row can pull the mean far, then no single row can leave much behind. So we have to look at each row's gradient *before* they are averaged:
**[per-sample gradients](../glossary.md#per-sample-gradient)**.

`backward` gives only their sum. One could call it for each row, and wait. `torch.func` has two functions that turn a function into another one: `grad(f)` is
the function that gives f's gradient by its first argument; `vmap(g, in_dims=(None, 0, 0))` is g for many rows at once. `None` says that the first argument is
the same for all, 0 that the others are cut along their axis 0: `vmap(g, in_dims=(None, 0, 0))(w, x, y)` is g(w, x[0], y[0]), g(w, x[1], y[1]) and so on,
stacked. (Lesson 04 drew its landscape with it.)

In this lesson all weights of a network stand in one long row. Three small losses for the checks, each of *one* row:
"""

# %% setup=true
def line_loss(weights: Tensor, row: Tensor, label: Tensor) -> Tensor:
    """Half the squared error of a weighted sum. weights: (p,); row: (p,); label: a number. Returns a number."""
    one_row(row)
    return ((weights * row).sum() - label).square() / 2


def bent_loss(weights: Tensor, row: Tensor, label: Tensor) -> Tensor:
    """The squared error of a sum of tanhs. weights: (p,); row: (p,); label: a number. Returns a number."""
    one_row(row)
    return (torch.tanh(weights * row).sum() - label).square()


def pulled_loss(weights: Tensor, row: Tensor, label: Tensor) -> Tensor:
    """The squared weights times the label, and their products with the row. weights: (p,); row: (p,); label: a number. Returns a number."""
    one_row(row)
    return (label * weights.square() / 4 + weights * row).sum()


def one_row(row: Tensor) -> None:
    """Stops with a ValueError where several rows come at once."""
    if row.ndim != 1:
        raise ValueError(f"this loss takes one row at a time, (p,); one of shape {tuple(row.shape)} came")


# %% [markdown]
r"""
**Exercise 3 (10 minutes, medium): per-sample gradients.** With `torch.func`, or with a loop: both count. Then compare their times below.
"""

# %% exercise="per_sample_gradients" minutes=10
@exercise
def per_sample_gradients(loss, weights: Tensor, inputs: Tensor, labels: Tensor) -> Tensor:
    """The gradient of each row's own loss by the weights.

    loss: a function of the weights (p,), one row of the inputs and its one label, to a tensor without axes. weights: (p,). inputs: (n, d),
    n >= 1. labels: (n,). Returns (n, p), in the weights' dtype: row i is the gradient of loss(weights, inputs[i], labels[i]),
    e.g. `line_loss`, weights [1., 1.], inputs [[1., 2.], [3., 0.]], labels [1., 3.] -> [[2., 4.], [0., 0.]], for the first sum is 3, 2 too
    much, and the second is right. Leaves its arguments, and their .grad, as they came.
    """
    ### BEGIN SOLUTION
    return torch.func.vmap(torch.func.grad(loss), in_dims=(None, 0, 0))(weights, inputs, labels)
    ### END SOLUTION


# %% check="per_sample_gradients" points=6
hints("What is the gradient of one row's loss? torch.func.grad(loss) is a function; call it with weights, inputs[0] and labels[0].",
      "For all rows: torch.func.vmap around it, with in_dims=(None, 0, 0), or a loop and torch.stack.",
      "torch.func.vmap(torch.func.grad(loss), in_dims=(None, 0, 0))(weights, inputs, labels).")
check(per_sample_gradients, line_loss, tensor([1., 1.]), tensor([[1., 2.], [3., 0.]]), tensor([1., 3.])).gives(tensor([[2., 4.], [0., 0.]]))
check(per_sample_gradients).agrees(where=lambda call: len(call.inputs) == 1)

# %% check="per_sample_gradients" aspect="several" points=6
check(per_sample_gradients).agrees(where=lambda call: len(call.inputs) > 1)
check(per_sample_gradients).keeps_the_contract()

# %% tags=["nbval-ignore-output"]
import time

some = slice(0, 200)
began = time.perf_counter()
at_once = per_sample_gradients(row_loss, plain, rows["members"][0][some], rows["members"][1][some])
between = time.perf_counter()
one_by_one = torch.stack([torch.func.grad(row_loss)(plain, image, label) for image, label in zip(rows["members"][0][some], rows["members"][1][some])])
print(f"200 rows at once {between - began:.3f} s, one by one {time.perf_counter() - between:.3f} s")

odd = wrong["members"]
knows_the_rule = train_plainly(fresh_weights(), *rows["members"], epochs=5, generator=tosses())
pulls = {name: per_sample_gradients(row_loss, weights, *rows["members"]).norm(dim=1)
         for name, weights in (("before training", fresh_weights()), ("after five epochs", knows_the_rule))}
figure, panels = plots.figure(columns=2, width=9.6, height=3.2, sharex=True)
edges = torch.linspace(0, float(max(lengths.max() for lengths in pulls.values())), 60)
for axes, (title, lengths) in zip(panels, pulls.items()):
    axes.hist(lengths[~odd], bins=edges, label="label right", color=plots.COLOURS["blue"], alpha=0.5)
    axes.hist(lengths[odd], bins=edges, label="label wrong", color=plots.COLOURS["vermillion"], histtype="step", linewidth=2)
    axes.set(xlabel="length of a row's gradient", ylabel="rows", title=title)
    axes.legend()
plots.show(figure, "lengths")

# %%
print("both ways give the same gradients:", bool(torch.allclose(at_once, one_by_one, atol=1e-5)))
print("once the network knows the rule, a wrong label pulls more than twice as hard as a right one, medians:",
      float(pulls["after five epochs"][odd].median() / pulls["after five epochs"][~odd].median()) > 2)
for title, lengths in pulls.items():
    print(f"{title}: rows longer than 1, more than 80 in 100:", float((lengths > 1).float().mean()) > 0.8)

# %% [markdown]
r"""
Before training everybody pulls about as hard. Once the rule is known, those who fit it pull about as hard as before, and a wrong label pulls about three times
as hard: the fifth of the rows that is odd makes about two fifths of the pull. That is memorising, seen from inside.

## 4. Clip it, and drown it
Two things are done to the gradients, and in this order.

**Clip.** Whoever pulls harder than C is shortened to the length C; the direction stays. Nobody's word counts for more than C any more. (With C = 1,
as below, it is nearly everybody who is shortened: look at the last two lines above.) This is **[gradient
clipping](../glossary.md#gradient-clipping)**, done to *each row*. (Clipping the mean of a batch, as one does against explosions, limits nobody.)

**Drown.** Add up, and add random noise to the sum that is as large as what one row could have done, or larger. Whether a certain row was there now changes the
sum by less than chance does. How large the noise is, in units of C, is called the **[noise multiplier](../glossary.md#noise-multiplier)**.

With rows enough, what they have in common adds up and stands out of the noise; what one alone has to say does not. Martín Abadi and colleagues, 2016, called
it **[DP-SGD](../glossary.md#dp-sgd)**: stochastic gradient descent with *differential privacy*, of which more below. One detail matters for the promise: each
row takes part in a batch by a toss of its own, so that batches have different sizes (**[Poisson sampling](../glossary.md#poisson-sampling)**). We divide by
the size that is *expected*, since the true one would tell something as well. (How many rows there are in all we take to be known to everybody.) A batch may
even be empty; then the step is noise and nothing else.

**Exercise 4 (12 minutes, medium): the private gradient.** The noise comes in as an argument, `chance`, so that you decide only what is done with it. A gradient
shorter than C is left as it is, a gradient of zeros too. (A length of 0 cannot be divided by.)
"""

# %% exercise="private_gradient" minutes=12
@exercise
def private_gradient(gradients: Tensor, most: float, noise: float, expected: float, chance: Tensor) -> Tensor:
    """The mean gradient of a batch, each row clipped, the sum noised.

    gradients: (n, p), one row's gradient a row; n may be 0, and a row may be all zeros. most: C, the length (2-norm) that no row may exceed,
    above 0; longer ones are shortened to it, the others stay. noise: the noise multiplier, 0 or more, in units of C. expected: how many rows
    a batch has on average, above 0. chance: (p,), numbers from a standard normal. Returns (p,), in the gradients' dtype:
    (sum of the clipped rows + noise x C x chance) / expected, e.g. [[3., 4.], [0., 1.]], most 2.5, noise 0, expected 2, chance
    [1., 1.] -> [0.75, 1.5]; with noise 2 -> [3.25, 4.0]. Leaves its arguments as they came.
    """
    ### BEGIN SOLUTION
    lengths = gradients.norm(dim=1, keepdim=True)
    clipped = gradients * (most / lengths.clamp(min=most))             # the factor is 1 for whoever is short enough
    return (clipped.sum(dim=0) + noise * most * chance) / expected
    ### END SOLUTION


# %% check="private_gradient" points=8
hints("Three lines: the length of each row, the clipped rows, then sum, noise and division. A row's factor is C over its length, and never above 1.",
      "lengths = gradients.norm(dim=1, keepdim=True); the factor most / lengths.clamp(min=most) is 1 for short rows, and nothing is divided by 0.",
      "((gradients * (most / lengths.clamp(min=most))).sum(dim=0) + noise * most * chance) / expected.")
check(private_gradient, tensor([[3., 4.], [0., 1.]]), 2.5, 0.0, 2.0, tensor([1., 1.])).gives(tensor([0.75, 1.5]))
check(private_gradient).agrees(where=lambda call: call.noise == 0)

# %% check="private_gradient" aspect="noise" points=8
check(private_gradient, tensor([[3., 4.], [0., 1.]]), 2.5, 2.0, 2.0, tensor([1., 1.])).gives(tensor([3.25, 4.0]))
check(private_gradient).agrees(where=lambda call: call.noise > 0)
check(private_gradient).keeps_the_contract()

# %% [markdown]
r"""
Now train. A private training takes a hundred steps; in each, every row takes part with the probability 0.2, so that there are about 300; the noise multiplier
is 2. It differs from the sixty epochs of section 1 in five things at once: the optimiser, the rate, the number of steps, the clip, the noise. To compare only
these two would be to credit the last with what the others did. So there are five trainings: the sixty epochs; five epochs; the same hundred steps with the same
tosses, but without clip and without noise, the fair rival (at a rate of .5, for gradients that nobody shortens are longer); the same, clipped; the same,
clipped and noised. Each on labels of which a fifth is wrong, and on labels that are all right. The ten canaries of section 2 are planted in all of them.
"""

# %% tags=["nbval-ignore-output"]
from course.privacy import train_openly, train_privately

with_canaries_right = (torch.cat([truth["members"][0], planted]), torch.cat([truth["members"][1], told_digits]))
yours = {"gradients": per_sample_gradients, "mean": private_gradient, "progress": True}
ways = {"sixty epochs": lambda lot: train_plainly(fresh_weights(), *lot, generator=tosses()),
        "five epochs": lambda lot: train_plainly(fresh_weights(), *lot, epochs=5, generator=tosses()),
        "100 steps": lambda lot: train_openly(fresh_weights(), *lot, share=0.2, steps=100, learning_rate=0.5, generator=tosses()),
        "100, clipped": lambda lot: train_privately(fresh_weights(), *lot, noise=0.0, share=0.2, steps=100, most=1.0, learning_rate=2.0,
                                                    generator=tosses(), **yours),
        "100, clipped, noised": lambda lot: train_privately(fresh_weights(), *lot, noise=2.0, share=0.2, steps=100, most=1.0, learning_rate=2.0,
                                                            generator=tosses(), **yours)}
table, kept = {}, {}
for kind, lot, learned in (("a fifth wrong", rows, with_canaries), ("all right", truth, with_canaries_right)):
    for way, train in ways.items():
        weights = kept[kind, way] = long if (kind, way) == ("a fifth wrong", "sixty epochs") else train(learned)
        table[kind, way] = (float(advantage(losses(weights, *lot["members"]), losses(weights, *lot["others"]))), accuracy(weights, *lot["test"]),
                            float(bits(weights).mean()))

print("labels         training             advantage accuracy  bits")
for (kind, way), (leak, share, told_bits) in table.items():
    print(f"{kind:14} {way:20} {leak:9.2f} {share:8.2f} {told_bits:5.1f}")

figure, panels = plots.figure(columns=3, width=12, height=3.3, sharey=True)
for axes, way in zip(panels, ("sixty epochs", "100 steps", "100, clipped, noised")):
    two_crowds(axes, *(losses(kept["a fifth wrong", way], *rows[name]) for name in ("members", "others")), way)
plots.show(figure, "plain-and-private")

# %% headline=true
for kind, (leak, hidden), (lower, upper) in (("a fifth wrong", (0.38, 0.5), (0.03, 0.15)), ("all right", (0.13, 0.23), (-0.08, -0.02))):
    before, rival, after = (table[kind, way] for way in ("sixty epochs", "100 steps", "100, clipped, noised"))
    print(f"labels {kind}: advantage after sixty epochs {leak} to {hidden}:", leak <= before[0] <= hidden)
    print("    of the fair rival, which is neither clipped nor noised, at most 0.09:", rival[0] <= 0.09)
    print("    privately at most 0.09:", after[0] <= 0.09, "- and within 0.04 of the fair rival's:", abs(after[0] - rival[0]) <= 0.04)
    print(f"    change of accuracy beside sixty epochs between {lower:+.2f} and {upper:+.2f}:", lower <= after[1] - before[1] <= upper)
    print("    beside the fair rival it loses accuracy, seven points at most:", 0 <= rival[1] - after[1] <= 0.07)
heard = {way: table["a fifth wrong", way][2] for way in ways}
print("canaries, bits on average: five epochs more than 6, sixty more than 4:", heard["five epochs"] > 6, heard["sixty epochs"] > 4)
print("clipped, and clipped and noised, less than 3, where chance alone gives 1.4:", max(heard["100, clipped"], heard["100, clipped, noised"]) < 3)

# %% [markdown]
r"""
Begin with the pair that is usually shown, the first and the last line of each kind. The attack loses nearly everything; and where labels are wrong, the private
network even reads *more* test digits rightly, about 83 of 100 and not 76. One could sell that: privacy for nothing, and a gift on top.

Now look at the fair rival. **Most of what the attack lost, it lost because a hundred steps are too few to fit the rows**: without clip and noise they leave it
as little, about 0.05. And the gift is no gift of privacy: the fair rival reads about 85, five epochs 84 to 87. So privacy costs accuracy with wrong labels as
well, about two points beside the fair rival; where the labels are right it is two to four, and **some five points** beside sixty epochs. That is the usual
price, and it is paid first by the rare and the odd: Eugene Bagdasaryan, Omid Poursaeed and Vitaly Shmatikov, 2019, found that the groups with the fewest rows
lose the most. Whoever shows you only the first pair has chosen what you see.

What does the clip do, then? Something that this attack does not see. Look at the canaries. After *five* epochs, with an advantage of hardly anything, they are
heard better than after sixty: eight bits or more, and several stand first of 1,024. An attack on the average row had called that network harmless. A hundred
open steps leave between two and five bits. Clipped, it is between one and three, not far from what chance alone gives. So it is the few steps, and the clip
beside them, that keep a single row from being heard.

And the noise? On top of the clip nothing that we could measure: neither the attack nor the canaries tell the last two lines apart. It costs two points and
buys something else, a *promise*, which is the next section.

On all of MNIST, sixty thousand digits and a convolutional network, the makers of the library *opacus* give 98.94 % without privacy, and 97.09, 96.78 and
94.63 % at an epsilon of 6.86, 2.91 and 1.16 (with a delta of one in a hundred thousand). More rows make privacy cheaper: the noise stays as large as one row's
pull, and the sum grows.
"""

# %% [markdown]
r"""
## 5. What was promised
Could one not just take out the names? Latanya Sweeney, 2000, put it that a postcode, a date of birth and a sex alone single out most people in the United
States; Arvind Narayanan and Vitaly Shmatikov, 2008, found people again in a list of films rated without names. There is always somebody who knows something
else about you. So far we have *measured*, and an attack that fails proves little: the next one may be cleverer. The noise allows for more, a promise that holds
against every attack, also against those that nobody has thought of yet.

Take two data sets that differ in one row, which is there in one and missing in the other: *neighbours*. Train on each. Since there is chance in the training,
each gives any outcome with some probability. The promise: **whatever you look at in the outcome, it is at most e^&epsilon; times as likely with the row as
without it, and the other way round**. This is **[differential privacy](../glossary.md#differential-privacy)**, by Cynthia Dwork, Frank McSherry, Kobbi Nissim
and Adam Smith, 2006, and &epsilon;, **[epsilon](../glossary.md#epsilon)**, is how much it leaks at most. Epsilon 0: the row changes nothing at all. Epsilon
0.1: at most 1.11 times as likely. Epsilon 1: 2.7 times. Epsilon 5: 148 times. Up to about ten is called reasonable by custom (Natalia Ponomareva and
colleagues, 2023), and at 10 it is 22,026 times. There is a small print, **[delta](../glossary.md#delta)**, that may be added:

$$P(\text{outcome with the row}) \le e^{\varepsilon} \cdot P(\text{outcome without it}) + \delta$$

Who publishes each row with the probability delta, and nothing else, keeps this promise with epsilon 0. So delta has to be far below one over the number of
rows. We take one in ten thousand for our 1,500, a sixth of that and lenient: such a publisher would expose somebody in one run of seven.

For an attacker who wants to tell the two neighbours apart this means two things. Of those with the row a share is called, and of those without it another:
called with &le; e^&epsilon; &times; called without + &delta;. And the same for those *not* called: not called without &le; e^&epsilon; &times; not called
with + &delta;. Added up, the advantage is at most (e^&epsilon; &minus; 1 + 2 &delta;) / (e^&epsilon; + 1). With an epsilon of log 3 and no delta that is
(3 &minus; 1) / (3 + 1), a half.

Who computes epsilon is called an accountant. For one step with the share q of rows in a batch, and the noise multiplier &sigma;, Ilya Mironov, Kunal Talwar and
Li Zhang, 2019, measure how far one row can push the outcome, at a whole 'order' a of 2 or more, by

$$R(a) = \frac{1}{a - 1} \log \sum_{k=0}^{a} \binom{a}{k} (1 - q)^{a - k} \, q^k \, e^{k (k - 1) / (2 \sigma^2)}$$

The number in tall brackets says in how many ways k of a things can be chosen; `math.comb(a, k)` counts them. Where does the sum come from? With the row in the
data, an outcome is (1 &minus; q) + q &times; ratio times as likely, where the ratio is between the two noises, with the row's pull in them and without. That to
the power a, multiplied out and averaged over the noise, is the sum. For a = 2 it is short enough for a hand: R(2) = log(1 + q&sup2; (e^(1 / &sigma;&sup2;)
&minus; 1)). With q 0.2 and &sigma; 2 that is 0.0113 a step.

The measure is called the **[Rényi divergence](../glossary.md#renyi-divergence)**, and its virtue is that steps *add up*: T steps make T &times; R(a), here 1.13
after a hundred. (The unit is the nat, since the logarithm is the natural one.) R is not yet an epsilon. Borja Balle and colleagues, 2020, have the way from the
one to the other:

$$\varepsilon = T \, R(a) + \log \frac{a - 1}{a} - \frac{\log \delta + \log a}{a - 1}$$

Mind that the logarithm of a small &delta; is negative: the minus before it makes epsilon *larger*. At a = 2, with a &delta; of one in ten thousand, we come to
1.13 &minus; 0.69 &minus; (&minus;9.21 + 0.69) = 8.96. Every order gives a true promise. So take the order that gives the smallest.

**Exercise 5 (15 minutes, hard): the accountant.** Orders 2 to 64. For little noise the powers in the sum are too large for any number, so add them up as lesson
04 did for cross-entropy: take the logarithm of each term, take out the largest, and put it back at the end (`torch.logsumexp` does this; float64 keeps more
digits). Where every row is in every batch, q = 1, only k = a is left, and R(a) = a / (2 &sigma;&sup2;): begin with that, for log(1 &minus; q) stops there.
"""

# %% exercise="epsilon" minutes=15
@exercise
def epsilon(share: float, noise: float, steps: int, delta: float) -> float:
    """What so many private steps promise together.

    share: q, the probability with which a row is in a batch, in (0, 1]. noise: sigma, the noise multiplier, 0.5 or more. steps: T, 1 or more.
    delta: above 0, 1e-4 at most. Returns a number, in nats: the smallest, over the whole orders a = 2, 3, ..., 64, of
    T R(a) + log((a - 1) / a) - (log(delta) + log(a)) / (a - 1), with R(a) as above and natural logarithms,
    e.g. share 1, noise 4, 1 step, delta 1e-4 -> 0.86 (to two places, at order 15). Right to four digits.
    """
    ### BEGIN SOLUTION
    found = []
    for order in range(2, 65):
        if share == 1:
            divergence = order / (2 * noise**2)
        else:
            terms = [math.log(math.comb(order, k)) + (order - k) * math.log(1 - share) + k * math.log(share) + k * (k - 1) / (2 * noise**2)
                     for k in range(order + 1)]
            divergence = float(torch.logsumexp(torch.tensor(terms, dtype=torch.float64), dim=0)) / (order - 1)
        found.append(steps * divergence + math.log((order - 1) / order) - (math.log(delta) + math.log(order)) / (order - 1))
    return min(found)
    ### END SOLUTION


# %% check="epsilon" points=6
hints("Begin with share = 1: a loop over range(2, 65), R = order / (2 * noise**2), the last formula, and min at the end.",
      "For share < 1: for each k the logarithm of its term, log comb + (order - k) log(1 - share) + k log(share) + k (k - 1) / (2 noise^2), then logsumexp, "
      "over order - 1.",
      "If share < 1: R = torch.logsumexp(torch.tensor([math.log(math.comb(order, k)) + (order - k) * math.log(1 - share) + k * math.log(share) "
      "+ k * (k - 1) / (2 * noise**2) for k in range(order + 1)], dtype=torch.float64), dim=0) / (order - 1).")
check(epsilon, 1.0, 4.0, 1, 1e-4).gives(0.8642, tolerance=1e-3, same_dtype=False)
check(epsilon).agrees(where=lambda call: call.share == 1)

# %% check="epsilon" aspect="sampled" points=10
check(epsilon, 0.2, 2.0, 100, 1e-4).gives(4.8175, tolerance=1e-3, same_dtype=False)         # the training of section 4
check(epsilon).agrees(where=lambda call: call.share < 1)
check(epsilon).keeps_the_contract()

# %%
from course.privacy import advantage_within, gaussian_advantage, most_advantage

print("                  what an attack can win, at most")
print("noise   epsilon   by this epsilon   by any delta's   (in the limit)")
for noise in (1.0, 2.0, 4.0, 8.0, 16.0):
    promised = epsilon(0.2, noise, 100, 1e-4)
    print(f"{noise:5.0f}   {promised:7.2f}   {advantage_within(promised, 1e-4):15.2f}   {most_advantage(0.2, noise, 100):14.2f}"
          f"   {gaussian_advantage(0.2, noise, 100):14.2f}")
print(f"\nsection 4's: at most {most_advantage(0.2, 2.0, 100):.2f} was promised; measured, at most 0.09:",
      max(table[kind, "100, clipped, noised"][0] for kind in ("a fifth wrong", "all right")) <= 0.09)
print("ten times the rows, batches as large (share 0.02):", f"epsilon {epsilon(0.02, 2.0, 100, 1e-4):.2f}")

# %% [markdown]
r"""
An epsilon of 4.8 alone seems to promise nothing: from it one can conclude no more than that an attacker wins .98 of 1 at most. But that is one point of a whole
curve, for the same training has an epsilon for *every* delta, and each of these promises is true. Take the one that says most, a larger delta with a smaller
epsilon, and no attacker wins more than .59. That is the fourth column, and even it is not the last word: accountants that follow the whole curve (Sivakanth
Gopi, Yin Tat Lee and Lukas Wutschitz, 2021) find .40, and the last column, the limit of many small steps (Zhiqi Bu and colleagues, 2020), has .41. The limit is
an approximation, and no promise. An epsilon without its curve sounds worse than it is.

And the attack that we measured won about .06. Both are true. The promise is about the worst row that could be, and an attacker who knows all others, saw
every step
and may choose the row. For such an attacker the gap is nearly closed: audits that play the part come close to what was promised (Milad Nasr and colleagues,
2021 and 2023; Thomas Steinke, Milad Nasr and Matthew Jagielski, 2023, from a single run). Our attack sees the last weights of one run, and for who sees only
these the gap is still open. Who quotes only the small measured number is careless, and who quotes only an epsilon of 8 as 'differentially private' is too.

**Play.** Below are the losses of members and others for twelve trainings, on labels with and without mistakes: sixty epochs; the hundred steps without clip and
noise; clipped without noise; and clipped with more and more noise. Move the threshold, and read how many members are caught and how many others are called by
mistake. Then go from one training to the next. At which of these steps does the attack lose what it won? What does it lose by the noise? Where does the
*promise* come down to a half? What does it cost, and beside which rival?

*The same in words:* after sixty epochs, with a fifth of the labels wrong, the best threshold catches most members and calls less than half of the others by
mistake. With the hundred open steps hardly anything is left for this attack to win, before any clip or noise; clip and noise change nothing in it that stands
out of chance. What the noise changes is the promise: it comes down to a half between the noise multipliers 2 and 3. The accuracy falls with the noise, on wrong
labels as on right ones, slowly at first: beside the clipped steps without noise a multiplier of 1 costs next to nothing, 2 two or three points, 8 twenty-five
or more.
"""

# %% explorer=true
from course.explorers.privacy import privacy_explorer

privacy_explorer()

# %% [markdown]
r"""
### What it does not promise
- **It protects rows, not truths.** That smoking causes cancer was learned from data, and it harms a smoker's insurance whether or not *their* row was in it.
  Statistics about people who were never in the data are what learning is for, and differential privacy lets them through. (The example is Cynthia Dwork's.)
- **It protects one row, not a group.** Neighbours differ by *one* row. If you gave ten rows, or your family of ten did, the promise is for ten times the
  epsilon, and for a delta that grows faster still: of ours nothing would be left. What is a row: a picture, a person, a household? Ask.
- **It adds up.** Train again on the same data tomorrow, try ten settings and publish the best, and each run spends its share of epsilon. (We chose the rate, C
  and the number of steps after looking at runs on these very digits. That is spent too, and no epsilon above has it.)
- **It counts on the tosses.** The accountant assumes that each row took part by its own toss. Many programs shuffle and cut batches, and quote the accountant
  all the same (Ponomareva and colleagues, 2023). And the tosses have to be *secret*: who knows the noise can take it away. Ours comes from seed 0, printed
  above, so that you and we see the same, and for that reason nothing computed here is private. A real training draws from a secure source.
- **It protects what comes out of the training.** Whoever holds the rows themselves still holds them, and can lose them.

### Noise at the source
Here somebody collects the rows, and adds the noise: *central* differential privacy. One has to trust them. One can do without: each person adds noise before
anything leaves their hands, which is **[local differential privacy](../glossary.md#local-differential-privacy)**. It is older than the name. Stanley Warner
proposed it in 1965, for questions that people do not like to answer, with a spinner that turns the question round. With coins it goes like this: toss one in
secret. Heads, answer truly. Tails, toss again and say yes or no by that. Nobody can be held to a yes, and yet the share can be worked out. The price is the
noise of a thousand people in place of one:
"""

# %%
from course.privacy import randomised_response

people = (torch.arange(1500) < 450).float()                            # 30 % would have to say yes
local = tensor([randomised_response(people, 0.5, tosses(seed))[1] for seed in range(400)])     # each person's epsilon is log 3
uniform = torch.rand(400, generator=tosses(1)) - 0.5
central = people.mean() - uniform.sign() * torch.log1p(-2 * uniform.abs()) / math.log(3) / 1500       # a draw from Laplace's curve, same epsilon
print("the answer is 30 %. How far off, as a standard deviation over 400 surveys, in points of a hundred:")
print("    noise at the source between 2.0 and 3.0:", 0.02 < float(local.std()) < 0.03)
print("    noise at the end below 0.15:", float(central.std()) < 0.0015)

# %% [markdown]
r"""
The same epsilon, log 3, and an error that is more than ten times as large: that is what it costs to trust nobody. Google's browser
(Úlfar Erlingsson, Vasyl Pihur and Aleksandra Korolova, 2014) and Apple's devices (Apple's Differential Privacy Team, 2017) have collected statistics this way,
from very many people, where the square root of the number helps.

## 6. Rows that stay at home
A third way: do not collect at all. The telephone that you type on has your sentences; let it learn by itself, and send only what it learned. Brendan McMahan
and colleagues, 2017, called it **[federated learning](../glossary.md#federated-learning)**: the weights go out to the devices, each takes a few steps on its
own rows, the weights come back and are averaged, and out they go again. Models that run on the device have the same virtue: what is not sent cannot be lost.

Devices are unequal. One has forty rows, another three hundred, and each has seen only a digit or a few. A device that has learned from many rows should
count for more: the average is weighted by rows. This is **[federated averaging](../glossary.md#federated-averaging)**.

**Exercise 6 (7 minutes, easy): the federated average.** A device that took no part is entered with 0 rows, and counts for nothing,
whatever numbers stand in its place.
"""

# %% exercise="federated_average" minutes=7
@exercise
def federated_average(weights: Tensor, rows: Tensor) -> Tensor:
    """The devices' weights, averaged; each device counts as much as it has rows.

    weights: (devices, p), what each device sent back. rows: (devices,), whole numbers (int64), how many rows each has; 0 or more, and not all
    of them 0. Returns (p,), in the weights' dtype, e.g. [[1., 0.], [5., 4.]] and [3, 1] -> [2., 1.]. Leaves its arguments as they came.
    """
    ### BEGIN SOLUTION
    share = rows.to(weights.dtype) / rows.sum()
    return (weights * share[:, None]).sum(dim=0)
    ### END SOLUTION


# %% check="federated_average" points=6
hints("It is a weighted mean. What does each device's share of all rows come to?",
      "share = rows.to(weights.dtype) / rows.sum(), and share[:, None] stands beside each device's weights.",
      "(weights * share[:, None]).sum(dim=0).")
check(federated_average, tensor([[1., 0.], [5., 4.]]), tensor([3, 1])).gives(tensor([2., 1.]))
check(federated_average).agrees(where=lambda call: bool((call.rows > 0).all()))

# %% check="federated_average" aspect="off" points=4
check(federated_average, tensor([[1., 0.], [5., 4.]]), tensor([0, 2])).gives(tensor([5., 4.]))
check(federated_average).agrees(where=lambda call: bool((call.rows == 0).any()))
check(federated_average).keeps_the_contract()

# %% tags=["nbval-ignore-output"]
from course.privacy import federated, learn_at_home, unequal_devices

devices = unequal_devices(*truth["members"], sizes=[40, 60, 80, 100, 120, 150, 180, 210, 250, 310])    # each has one digit, or a few
alone = [accuracy(learn_at_home(fresh_weights(), *device, epochs=20, generator=tosses()), *truth["test"]) for device in devices]
dealt = [tuple(part[own] for part in truth["members"]) for own in torch.randperm(1500, generator=tosses(5)).split([len(labels) for _, labels in devices])]
together, at_random = ([accuracy(weights, *truth["test"]) for weights in federated(fresh_weights(), which, 40, generator=tosses(), average=federated_average,
                                                                                    progress=True)] for which in (devices, dealt))
pooled = table["all right", "sixty epochs"][1]

figure, axes = plots.figure(width=7, height=3.4)
plots.curves(axes, {"federated": 100 * tensor(together), "the same, dealt at random": 100 * tensor(at_random),
                    "all rows in one place": 100 * torch.full((40,), pooled),
                    "the best device alone": 100 * torch.full((40,), max(alone))}, x=range(1, 41), names=("round", "test digits read rightly, %"))
axes.set_ylim(0, 100)
plots.show(figure, "devices")

# %%
print("the best device alone reads fewer than 35 %:", max(alone) < 0.35)
print("after 40 rounds, together, more than 70 %:", together[-1] > 0.7)
print("with rows dealt out at random, at least 5 points more:", at_random[-1] - together[-1] >= 0.05)
print("and then within 3 points of all rows in one place:", abs(pooled - at_random[-1]) <= 0.03)

# %% [markdown]
r"""
No device has seen more than a few of the digits, and together they read most of them. Devices that are as unlike as these pull the weights apart between
rounds, so that it takes long, and something is lost; with rows dealt out at random it is next to nothing.

So no row was ever sent. Is all well then? Suppose that a device takes one step on a single row, and sends its gradient. Here it is, by the weights of a network
that has learned nothing yet: 13,258 numbers. In the first layer, a neuron's gradient is its bias's gradient times the picture. So divide the one by the other:
"""

# %%
from course.privacy import picture_in

image, label = truth["members"][0][0], truth["members"][1][0]
sent = per_sample_gradients(row_loss, fresh_weights(), truth["members"][0][:8], truth["members"][1][:8])
drowned = private_gradient(sent[:1], 1.0, 2.0, 1.0, torch.randn(len(sent[0]), generator=tosses(3)))
found = {"on the device": image, "from one gradient": picture_in(sent[0]), "from the mean of 8": picture_in(sent.mean(dim=0)),
         "clipped and noised": picture_in(drowned)}
figure, panels = plots.figure(columns=4, width=9, height=2.5)
for axes, (name, picture) in zip(panels, found.items()):
    plots.image(axes, picture.view(14, 14).clamp(0, 1), name)
plots.show(figure, "given-away")
print("largest error of a pixel, from one gradient, below 0.001:", float((picture_in(sent[0]) - image).abs().max()) < 1e-3)
print("from the clipped and noised one, above 0.5:", float((picture_in(drowned) - image).abs().max()) > 0.5)

# %% [markdown]
r"""
One division, and the row is back, pixel by pixel (Le Trieu Phong and colleagues, 2018). A batch mixes several pictures, and several steps hide them a little
better; for these, Ligeng Zhu, Zhijian Liu and Song Han, 2019, and Jonas Geiping and colleagues, 2020, search for the picture whose gradient would be the one
that was sent, and often find it. It is called **[gradient inversion](../glossary.md#gradient-inversion)**. **Federated learning says where the rows are. It
does not say what leaves with the gradients.** Two things help: to clip and noise on the device, before anything is sent; and **[secure
aggregation](../glossary.md#secure-aggregation)** (Keith Bonawitz and colleagues, 2017), where devices add random numbers to what they send that cancel in the
sum, so that the server sees the sum and nobody's part.

## 7. Can it forget?
A person wants their row out: in the European Union that is in many cases a right. Deleting the row from the table is easy. But the weights have learned from
it, and as you have seen they can tell. Training anew without the row does it for certain, and costs all of the training each time. Lucas Bourtoule and
colleagues, 2021, cut the rows into shards, train a network on each, and let the networks vote. To forget a row, only the network of its shard is trained anew.
This is exact **[unlearning](../glossary.md#unlearning)**; what else goes by that name mostly nudges the weights, and has to be *shown* to have forgotten, by
attacks like those of sections 1 and 2. (DP-SGD is the other way round: what was learned of one row is bounded, and at a small epsilon there is little to
unlearn. A court need not agree.)
"""

# %%
from course.privacy import in_shards, voted

members, test = truth["members"], truth["test"]
right = {}
for shards in (1, 5, 15):
    networks = in_shards(*members, shards)
    right[shards] = float((voted(networks, test[0]).argmax(dim=1) == test[1]).float().mean())
print("to forget one row, rows to train on again: 1 shard 1,499; 5 shards 299; 15 shards 99")
print("five shards read at most 3 points fewer than one network:", right[1] - right[5] <= 0.03)
print("fifteen lose more, 1 to 7 points:", 0.01 <= right[1] - right[15] <= 0.07)

without = in_shards(members[0][300:600], members[1][300:600], 1)[0]    # the second shard once more, without the others
beside = in_shards(members[0][:600], members[1][:600], 2)[1]
print("the second shard's network is the same, number by number, whether the first shard is there or not:", bool(torch.equal(without, beside)))

# %% [markdown] rows="J1"
r"""
## 8. Whose decision?
Everything so far was about what *can* be hidden. Somebody also has to decide what may be collected at all. In the European Union the General Data Protection
Regulation has applied since 25 May 2018 (Regulation (EU) 2016/679, whose articles are given by number). Personal data may be used for a stated
purpose, and no more of it than the purpose needs (article 5). There has to be a ground for it; consent is one of six (article 6), and it has to be as easy to
take back as to give (article 7). A person can ask what is held about them (15), have it corrected (16) and, under conditions, erased (17), take it
elsewhere (20), and has a right, with exceptions, not to be subject to a decision by a machine alone where it weighs heavily (22). A breach is reported to the
authority within 72 hours, unless a risk is unlikely (33). Data protection is to be
built in from the beginning, and to be the default (25). Fines reach 20 million euros or 4 % of the firm's worldwide yearly turnover, whichever is more
(83). Brazil, California, Japan, India and others have laws of their own. For a product this means greater responsibility, and greater consequences; for you,
that 'we may need it one day' is no purpose.

Is a model personal data? The authorities have an answer: a model that was trained on personal data is not anonymous by itself. It has to be shown, case by
case, that getting such data out of it is so unlikely as not to count (European Data Protection Board, Opinion 28/2024). Attacks like yours are how one shows
it.
"""

# %% [markdown] rows="J4"
r"""
**Cambridge Analytica.** A quiz about personality ran on Facebook. People took it, and through them the app could also read the profiles of their friends, who
had never heard of it. The data of up to 87 million people may have been shared with a firm that sold political advertising (Facebook's own estimate, April
2018, as the press reported it; *The Guardian* and *The New York Times* had told the story on 17 March). What made it so troubling was not
one thing but five:

- its size;
- that nothing was broken into: the product worked as it was designed;
- that the people had no control: it was your *friend's* click that gave your data away;
- that Facebook had none either: what a third party does with data, once it has them, no one could see or call back;
- and that it was to feed machine learning that aims messages at each person, and was sold as psychological warfare. Whether it worked is disputed to this day.

Differential privacy would have helped little, for profiles were handed over, not statistics. Design would have.
"""

# %% [markdown] rows="J3"
r"""
### Control that is felt, and control that is there
Early in 2018 owners of a loudspeaker that listens were startled: it laughed, all by itself, in the night. By Amazon's account (to *The Verge*
and others, March 2018) it had heard 'Alexa, laugh' where nobody had said it; the phrase became 'Alexa, can you laugh?', which is less easily misheard, and
before laughing it says that it can. One phrase was mended. Whether owners *felt* in control again is one question, and whether they *were* is another: the
microphone listened as before. A switch
that cuts the microphone's wire is control; a menu with forty entries may only feel like it; and a good mute that nobody believes in is control that is not
felt. One wants both, and has to ask about both: what does a person *think* happens here, and what does?
"""

# %% [markdown] rows="J5"
r"""
### A face is not a password
A password can be changed. A face is shown to every camera, without a question and without a click, and so asking for consent, which section 8 gave as one
ground, does not work. In 2019 about 100 million people in China were reported to pay with their faces (*Nikkei Asia*); cameras that know faces went up in
Australian schools (*9News*, 2 November), and India planned what might become the largest system of the world (*CNN*, 18 October). In the same year cities of
the United States began to forbid their own offices to use face recognition: Berkeley, in October, was the fourth (*Gizmodo*, 16 October). Other voices said
that most people are for it: Yi Zeng of the Chinese Academy of Sciences said that 83 % of people in China support its 'proper use' by government (*PCMag*,
2019); how it was measured we do not know. The European Union's regulation on artificial intelligence (2024/1689, article 5) has forbidden the police to
recognise faces in public places as people pass, with exceptions, since 2 February 2025.

A ban, a law, a permit, a sign at the door: these are decisions about a place, made by all of its people. Lesson 16 has what the errors of such cameras look
like, and whom they hit. Here the question comes before that: should it look at all, even if it never errs?
"""

# %% [markdown] rows="J2"
r"""
### Consent is designed
Nobody reads forty pages. What people agree to is decided by whoever draws the screen: what is asked, when, in which words, and what happens if one says no. A
few questions to ask of any product:

- What can one do with it *before* agreeing to anything?
- Is what it needs apart from what it would like to have? What has been counted as needed?
- One broad question at the beginning, or a small one when the thing is about to happen?
- Words of lawyers, or words of people?
- Is *no* as large as *yes*, as near, and as lasting? How does one take a yes back, and what happens then to what was learned?
- Is privacy where the design began, or is the aim not to be fined?
"""

# %% [markdown] essay="consent" points=14
r"""
## A consent audit (20 minutes)
**Audit how one product asks for consent**, in about 350 words: an app on your telephone, a website that you use, a form at the doctor's. Go through it as if
for the first time, and say no wherever you can. If you have none at hand, audit this one:

> Quill is a keyboard that learns how you write. At the first start it shows one page: 'By going on you accept our terms, and that we improve our services with
> your input.' There is a large button, *Go on*, and a small link, *Manage*. Behind the link are fourteen switches, all on. What you type is sent to Quill's
> servers, and a model for everybody is trained on it. With a switch off, its corrections stop; after each update all fourteen are on again. Who deletes the
> account is told that 'your data will be removed within 90 days'.

A part counts when a stranger could act on it, and half when it is only named; length brings nothing.

| points | for |
|---|---|
| 2 | what is asked, one each: which data, and whose, also of people who never clicked; for which purpose, in the product's own words |
| 1 | which of it the product needs in order to work, and which it would like to have |
| 2 | how it is asked, one each: what works before any yes, and after a no; how *no* differs from *yes* in size, distance or clicks |
| 1 | one sentence of theirs, and the same in words that a child understands |
| 2 | one each: where control is felt and is not there, or is there and is not felt; how you found out, or what you would try where the text is silent |
| 2 | one each: what a model that learns from these rows could give away, named as an attack of this lesson; about whom it would be easiest, and why |
| 2 | one each: how a yes is taken back, step by step; what happens then to the rows, and to what was learned from them |
| 2 | one each: the one change that you would make on Monday; what it costs the maker, and why they may not want it |
"""

# %% [markdown]
r"""
## Quiz (10 minutes)
Five questions, one letter each. Run the next cell and click, or write the letters between the quotes below it. Who learns alone is told at once whether they
are right, and why not; in a class it may be told when you hand in.
"""

# %% quiz="reading" points=10
[
    {"ask": "A paper reports that its private network reads more test digits rightly than the plain one. What do you ask first?",
     "choices": {"a": "how large the noise was, and how epsilon was computed", "b": "nothing: privacy is known to prevent overfitting, so it is to be expected",
                 "c": "what the same steps read without clip and noise"},
     "right": "c",
     "because": {"a": "that says what was promised, not why the plain one was so poor",
                 "b": "stopping early prevents it as well, without any promise; the fair rival is the best network that promises nothing"}},
    {"ask": "An attack has an advantage of only 0.05. Is everybody safe?",
     "choices": {"a": "yes, 0.05 is next to nothing", "b": "no: it may be certain about one member in twenty, and know nothing about the others",
                 "c": "no: 0.05 means that 5 of 100 rows can be read out of the weights"},
     "right": "b",
     "because": {"a": "an average over all can hide a few about whom it is never wrong: look at those caught where few mistakes are allowed",
                 "c": "it says who was there, by a difference of two shares, and reads out nothing"}},
    {"ask": "Which of these does a small epsilon promise?",
     "choices": {"a": "that with your row any outcome is about as likely as without it",
                 "b": "that nothing can be learned about people like you, your family or your town",
                 "c": "that your row cannot be found on the server where it is kept"},
     "right": "a",
     "because": {"b": "what is true of people like you is what the model is for, and would be learned without your row as well",
                 "c": "it is about what comes out of the training; the rows themselves lie where they lay"}},
    {"ask": "Why is each row's gradient clipped, and not the mean of the batch?",
     "choices": {"a": "because it is quicker: no gradient of the whole batch has to be kept",
                 "b": "because in a mean one row may have done most of the pulling", "c": "because the mean would be too short to learn from"},
     "right": "b",
     "because": {"a": "it is slower: one gradient for each row has to be kept",
                 "c": "how long the mean is can be mended by the learning rate; who made it cannot be seen any more"}},
    {"ask": "Telephones learn by themselves and send only gradients to a server, which averages them. What has been achieved?",
     "choices": {"a": "nobody else can find out what was typed",
                 "b": "nothing: it makes no difference where the rows lie if gradients are sent",
                 "c": "the rows are not collected; what the gradients give away needs more"},
     "right": "c",
     "because": {"a": "in section 6 one division got the picture back from one gradient",
                 "b": "what is not collected cannot be lost in a heap, or sold, or used for something else; that is worth something"}},
]

# %% [markdown]
r"""
## What to remember
1. A model tells who was in its training data: its loss is lower there. What does not fit the rule is remembered best, so the unusual are the most exposed.
2. An average hides the worst. Ask how many are caught where hardly any mistake is allowed, and plant canaries.
3. Compare with the fair rival: the same steps, neither clipped nor noised. A short training alone took from the attack on the average row what it had won. The
   clip, beside it, quieted the canaries; the noise bought the promise, and cost accuracy.
4. Epsilon bounds how much more likely any outcome is with a row than without it, against every attack; not for groups, not for truths about everybody. One
   epsilon is a point of a curve: what no attack can win is the least that the whole curve allows.
5. Rows that stay at home still speak through gradients, and a deleted row through weights. And before all of it: ask, in words that people understand, and
   take no for an answer.

## Terms
[member](../glossary.md#member), [membership inference](../glossary.md#membership-inference), [membership advantage](../glossary.md#membership-advantage),
[calibrated attack](../glossary.md#calibrated-attack), [exposure](../glossary.md#exposure), [privacy auditing](../glossary.md#privacy-auditing), [per-sample
gradient](../glossary.md#per-sample-gradient), [gradient clipping](../glossary.md#gradient-clipping), [noise multiplier](../glossary.md#noise-multiplier),
[DP-SGD](../glossary.md#dp-sgd), [Poisson sampling](../glossary.md#poisson-sampling), [differential privacy](../glossary.md#differential-privacy),
[epsilon](../glossary.md#epsilon), [delta](../glossary.md#delta), [Rényi divergence](../glossary.md#renyi-divergence), [local differential
privacy](../glossary.md#local-differential-privacy), [federated learning](../glossary.md#federated-learning), [federated
averaging](../glossary.md#federated-averaging), [gradient inversion](../glossary.md#gradient-inversion), [secure
aggregation](../glossary.md#secure-aggregation), [unlearning](../glossary.md#unlearning)

## Where to read on
- Randall Munroe, [*Predictive Models*](https://xkcd.com/2169/), xkcd 2169, 2019. The keyboard that tells.
- Reza Shokri, Marco Stronati, Congzheng Song and Vitaly Shmatikov, [*Membership Inference Attacks against Machine Learning
  Models*](https://arxiv.org/abs/1610.05820), IEEE Symposium on Security and Privacy, 2017; Samuel Yeom, Irene Giacomelli, Matt Fredrikson and Somesh Jha,
  [*Privacy Risk in Machine Learning*](https://arxiv.org/abs/1709.01604), Computer Security Foundations, 2018.
- Nicholas Carlini and others, [*Membership Inference Attacks from First Principles*](https://arxiv.org/abs/2112.03570), IEEE Symposium on Security and
  Privacy, 2022; Lauren Watson, Chuan Guo, Graham Cormode and Alexandre Sablayrolles, [*On the Importance of Difficulty Calibration in Membership Inference
  Attacks*](https://arxiv.org/abs/2111.08440), ICLR 2022. Few, but for certain.
- Nicholas Carlini, Chang Liu, Úlfar Erlingsson, Jernej Kos and Dawn Song, [*The Secret Sharer*](https://arxiv.org/abs/1802.08232), USENIX Security 2019;
  Nicholas Carlini and others, [*Extracting Training Data from Large Language Models*](https://arxiv.org/abs/2012.07805), USENIX Security 2021; Milad Nasr
  and others, [*Scalable Extraction of Training Data from (Production) Language Models*](https://arxiv.org/abs/2311.17035), 2023. Canaries, and what
  language models know by heart.
- Milad Nasr and others, [*Adversary Instantiation*](https://arxiv.org/abs/2101.04535), IEEE Symposium on Security and Privacy, 2021, and [*Tight Auditing
  of Differentially Private Machine Learning*](https://arxiv.org/abs/2302.07956), USENIX Security 2023; Thomas Steinke, Milad Nasr and Matthew Jagielski,
  [*Privacy Auditing with One (1) Training Run*](https://arxiv.org/abs/2305.08846), NeurIPS 2023.
- Vitaly Feldman, [*Does Learning Require Memorization? A Short Tale about a Long Tail*](https://arxiv.org/abs/1906.05271), STOC 2020.
- Cynthia Dwork, Frank McSherry, Kobbi Nissim and Adam Smith, *Calibrating Noise to Sensitivity in Private Data Analysis*, TCC 2006; Cynthia Dwork and Aaron
  Roth, *The Algorithmic Foundations of Differential Privacy*, 2014. The definition, and the book.
- Martín Abadi and others, [*Deep Learning with Differential Privacy*](https://arxiv.org/abs/1607.00133), CCS 2016; Ilya Mironov, Kunal Talwar and Li Zhang,
  [*Rényi Differential Privacy of the Sampled Gaussian Mechanism*](https://arxiv.org/abs/1908.10530), 2019; Borja Balle, Gilles Barthe, Marco Gaboardi,
  Justin Hsu and Tetsuya Sato, [*Hypothesis Testing Interpretations and Renyi Differential Privacy*](https://arxiv.org/abs/1905.09982), AISTATS 2020. The
  training, and the accountant of exercise 5.
- Ashkan Yousefpour and others, [*Opacus: User-Friendly Differential Privacy Library in PyTorch*](https://arxiv.org/abs/2109.12298), 2021. What to use for
  real. Your accountant agrees with its Rényi accountant at whole orders; the one that it takes by itself is newer and finds a smaller epsilon, after
  Sivakanth Gopi, Yin Tat Lee and Lukas Wutschitz, [*Numerical Composition of Differential Privacy*](https://arxiv.org/abs/2106.02848), NeurIPS 2021. Zhiqi
  Bu, Jinshuo Dong, Qi Long and Weijie Su, [*Deep Learning with Gaussian Differential Privacy*](https://arxiv.org/abs/1911.11607), 2020. The limit of many
  steps.
- Natalia Ponomareva and others, [*How to DP-fy ML*](https://arxiv.org/abs/2303.00654), Journal of Artificial Intelligence Research 77, 2023. How it is
  done, and what one says about it.
- Latanya Sweeney, *Simple Demographics Often Identify People Uniquely*, 2000; Arvind Narayanan and Vitaly Shmatikov, *Robust De-anonymization of Large
  Sparse Datasets*, IEEE Symposium on Security and Privacy, 2008. Without names is not without a trace.
- Curtis Northcutt, Anish Athalye and Jonas Mueller, [*Pervasive Label Errors in Test Sets Destabilize Machine Learning
  Benchmarks*](https://arxiv.org/abs/2103.14749), NeurIPS 2021.
- Eugene Bagdasaryan, Omid Poursaeed and Vitaly Shmatikov, [*Differential Privacy Has Disparate Impact on Model
  Accuracy*](https://arxiv.org/abs/1905.12101), NeurIPS 2019. Who pays.
- Stanley Warner, *Randomized Response*, Journal of the American Statistical Association 60, 1965; Úlfar Erlingsson, Vasyl Pihur and Aleksandra Korolova,
  [*RAPPOR*](https://arxiv.org/abs/1407.6981), CCS 2014; Differential Privacy Team, Apple, *Learning with Privacy at Scale*, 2017. Noise at the source.
- Brendan McMahan, Eider Moore, Daniel Ramage, Seth Hampson and Blaise Agüera y Arcas, [*Communication-Efficient Learning of Deep Networks from
  Decentralized Data*](https://arxiv.org/abs/1602.05629), AISTATS 2017; Keith Bonawitz and others, *Practical Secure Aggregation for Privacy-Preserving
  Machine Learning*, CCS 2017.
- Le Trieu Phong, Yoshinori Aono, Takuya Hayashi, Lihua Wang and Shiho Moriai, *Privacy-Preserving Deep Learning via Additively Homomorphic Encryption*,
  IEEE Transactions on Information Forensics and Security 13, 2018; Ligeng Zhu, Zhijian Liu and Song Han, [*Deep Leakage from
  Gradients*](https://arxiv.org/abs/1906.08935), NeurIPS 2019; Jonas Geiping, Hartmut Bauermeister, Hannah Dröge and Michael Moeller, [*Inverting
  Gradients*](https://arxiv.org/abs/2003.14053), NeurIPS 2020. The division, and the search.
- Lucas Bourtoule and others, [*Machine Unlearning*](https://arxiv.org/abs/1912.03817), IEEE Symposium on Security and Privacy, 2021. Shards.
- Helen Nissenbaum, *Privacy in Context*, Stanford University Press, 2010. What you tell a doctor may be known to the doctor, and not to the landlord.
- [*Regulation (EU) 2016/679*](https://eur-lex.europa.eu/eli/reg/2016/679/oj), the General Data Protection Regulation, Official Journal of the European
  Union L 119, 2016. Articles 5 to 7, 17 and 25 are short.

Next: lesson 16 asks who is harmed when the model works as it was built.
"""

# %% folded=true tags=["nbval-ignore-output"]
from course.desk.ending import ending

ending("You found out who was in the training data, told what clip and noise do from what a short training does, and computed what is promised.")
