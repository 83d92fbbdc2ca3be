# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   course:
#     title: Standing on what was learned
#     rows: [A6, C1, C2, C3, C4, C5, C6, C7]
#     minutes: 115
#     builds_on: [04-networks, 05-convolutions, 06-dropout, 07-batchnorm, 08-augmentation]
# ---

# %% [markdown] rows="C1"
r"""
# Standing on what was learned

**What does a network that knows cats and coffee know about you, waving your arms?**

In June 2018, on a stage in Berlin, Ashi Krishnan played Pac-Man with a toy elephant. She held it up to her webcam, a few times for each direction, and a
network in the browser learned from those few pictures what *up*, *right*, *down* and *left* look like. Then she played. It worked, until the game made her
nervous, and the elephant was no longer held as it had been in training. She was eaten.

A network from nothing mostly needs thousands of pictures, or somebody who tells it how they may vary. Hers needed a handful and was told nothing, because it
did not begin at nothing: somebody else had trained it on a million photographs, of other things. In this lesson you do the same, and you also mend what went
wrong on that stage. First, let us ask such a network what it sees.
"""

# %% setup=true
from collections.abc import Callable, Sequence

import torch
from course import data, plots
from course.check import answer, begin, check, checks, exercise, hints
from torch import Tensor, nn, tensor
from torch.nn import functional as F

begin("09-transfer")

# %% tags=["nbval-ignore-output"]
from course.pretrained import best, efficientnet_lite0, prepared, squared

lite = efficientnet_lite0()      # 4.7 million weights, trained by somebody else
figure, panels = plots.figure(columns=5, width=10.5, height=2.9)
for axes, (name, photo) in zip(panels, data.pictures().items()):
    with torch.no_grad():
        (first, sure), *_ = best(lite(prepared(photo).unsqueeze(0))[0])
    plots.image(axes, squared(photo), f"{first}\n{100 * sure:.0f} %")
plots.show(figure, "named-photographs")

# %% [markdown] rows="A6"
r"""
Above each photograph stands the first of 1,000 names that the network would give it, and how sure it is. There is no *astronaut* among the thousand, so
something else has to do. Nobody here trained it. It is *EfficientNet-Lite0*, by a team at Google, trained on the 1.28 million photographs of ImageNet, and
its weights came with the course as a package, the way a library does. What comes in such a package ought to say where it comes from; ours is described in
`datasets/efficientnet-lite0/DATASHEET.md`, with what is known of its photographs and its licence, and what is not.

A network that somebody else trained is called **[pretrained](../glossary.md#pretrained-network)**. Taking one for a task it was never trained on is
**[transfer learning](../glossary.md#transfer-learning)**.

**By the end you can**

- cut a pretrained network before its last layer, and use what is left to describe any picture in 1,280 numbers;
- train a new last layer on five pictures a class, and hold it against nearest neighbours;
- measure what happens when pictures are no longer like those in training, and mend it;
- train the old layers slowly and the new one fast;
- say where transfer loses, and what has to stand beside a model that you hand on.

**Time:** about 115 minutes: 56 for the six exercises, 10 for the quiz, the rest to read and play. **Builds on:** lesson 04, *A pile of very simple choices*
(softmax, cross-entropy, training), lesson 05, *Crops through a filter* (feature maps), lesson 06, *Throw some of it away* (dropout), lesson 07, *The scale of
things* (batch normalisation), and lesson 08, *The same dog, many pictures* (moved pictures).

## 1. Four poses
Here is our player, made of a few strokes, so that everybody has the same one: both arms up, to the right, down, or to the left. No two are alike, for place,
size and arms are drawn by lot. What does the network say of them?
"""

# %% tags=["nbval-ignore-output"]
from course.transfer import POSES, as_photographs, poses

labels = torch.arange(4).repeat(5)                 # five of each pose to learn from
test_labels = torch.arange(4).repeat(20)           # and twenty of each for the test
lots = torch.Generator().manual_seed(0)            # change me
known, test = poses(labels, lots), poses(test_labels, lots)

with torch.no_grad():
    said = [best(lite(as_photographs(pose.unsqueeze(0)))[0], 1)[0] for pose in known[:4]]
figure, panels = plots.figure(columns=4, width=8.4, height=2.7)
for axes, pose, wanted, (name, sure) in zip(panels, known, POSES, said):
    plots.image(axes, pose, f"{wanted}\n{name}: {100 * sure:.0f} %")
plots.show(figure, "poses")

# %% [markdown] rows="C1"
r"""
Nonsense, and it could not be otherwise: *arms to the left* is not among its thousand names, and it must choose one. But to choose among a thousand names it
has to see a great deal first: edges, corners, round things, limbs, what is beside what. The names come out of the **last** layer alone. Everything before it
turns a picture into 1,280 numbers, its **[features](../glossary.md#features)**, and those may serve for other names as well.

## 2. Cut
So we cut the last layer off and keep the rest, which is often called the **[backbone](../glossary.md#backbone)**. A network of layers in a row can be cut as
a list is: `net[:-1]`. Three things have to be right when it is asked.

- **Evaluation mode.** Dropout must not drop, and batch normalisation must use what it learned in training, not the statistics of your five pictures (lessons
  06 and 07). `net.eval()` does both.
- **No gradients.** We do not train the backbone now. It is *frozen*, and within `torch.no_grad()` torch keeps no diary of the computation. For large pictures
  the diary is what fills the memory.
- **In batches.** A thousand photographs at once do not fit into a telephone. `images.split(32)` deals them out, 32 at a time.

The features of a picture never change as long as the backbone is frozen. So they are computed *once*, and all that follows works on a small table.

**Exercise 1 (8 minutes, easy): extract.** `make_net()` gives you a network of layers in a row. Return what its last layer would be given, for all the
pictures.
"""

# %% setup=true
class Telephone(nn.Module):
    """Passes on what it gets, four pictures at a time; it has no memory for more, and none for a diary of gradients."""

    def forward(self, images: Tensor) -> Tensor:
        if len(images) > 4 or torch.is_grad_enabled():
            raise MemoryError("a telephone: four pictures at a time, within torch.no_grad()")
        return images


def small_net() -> nn.Sequential:
    """Two filters with batch normalisation, the mean of each map, dropout, and a last layer for three classes: fresh at each call, and the same each time."""
    generator = torch.Generator().manual_seed(9)
    net = nn.Sequential(nn.Conv2d(1, 2, 2), nn.BatchNorm2d(2), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.5), nn.Linear(2, 3))
    for part in (*net.parameters(), net[1].running_mean):
        nn.init.uniform_(part, -0.2, 0.8, generator=generator)
    return net


def telephone_net() -> nn.Sequential:
    """The same, on a telephone."""
    return nn.Sequential(Telephone(), *small_net())


def doubles() -> nn.Sequential:
    """Two pixels in, twice their sum, and a last layer of twos, so that you can follow it by hand."""
    net = nn.Sequential(nn.Flatten(), nn.Linear(2, 1, bias=False), nn.Linear(1, 3, bias=False))
    for part in net.parameters():
        nn.init.constant_(part, 2.0)
    return net


# %% exercise="extract" minutes=8
@exercise
def extract(make_net: Callable[[], nn.Sequential], images: Tensor, batch_size: int) -> Tensor:
    """What the last layer of a network is given, for each picture.

    make_net: called without arguments, it gives the network, a nn.Sequential in training mode. Its last layer is not wanted.
    images: (n, channels, height, width), n >= 1, to be left as they are. No more than batch_size of them go through the network at a time.
    Returns (n, features), in evaluation mode and without gradients, the pictures in the order in which they came,
    e.g. make_net=doubles and one picture [[[[3., 1.]]]] -> [[8.]]: 2 * 3 + 2 * 1, before the last layer.
    """
    ### BEGIN SOLUTION
    body = make_net()[:-1].eval()
    with torch.no_grad():
        return torch.cat([body(batch) for batch in images.split(batch_size)])
    ### END SOLUTION


# %% check="extract" points=8
hints("Cut the network, then put what is left into evaluation mode.",
      "body = make_net()[:-1].eval() is the backbone. Collect body(batch) for each batch in a list, and join the list with torch.cat.",
      "with torch.no_grad(): return torch.cat([body(batch) for batch in images.split(batch_size)]).")
check(extract, doubles, tensor([[[[3., 1.]]], [[[0., 2.]]], [[[1., 0.]]]]), 2).gives(tensor([[8.], [4.], [2.]]))
check(extract).agrees(where=lambda call: len(call.images) <= 4)
check(extract).keeps_the_contract()

# %% check="extract" aspect="batches" points=6
check(extract, telephone_net, torch.zeros(5, 1, 3, 3), 4).satisfies("all five pictures come back, two features each", lambda came, *given: came.shape == (5, 2))
check(extract).agrees(where=lambda call: len(call.images) > 4)

# %% [markdown]
r"""
Now the real one: twenty poses, and eighty for the test, each as 1,280 numbers. Features differ in size, so each is standardised with the mean and deviation
that it has *on the pictures one trains on*, for what a test picture would add to them nobody knows in advance. It is also divided by the root of 1,280, so
that a picture's features together are about as long as one number, and a learning rate like 2 suits any number of features.
"""

# %%
from course.transfer import Scale, layers_of


def features_of(pictures: Tensor, side: int = 96) -> Tensor:
    """What the pretrained network makes of sketches (n, 1, height, width): (n, 1280)."""
    return extract(lambda: layers_of(lite), as_photographs(pictures, side), 32)


known_features, test_features = features_of(known), features_of(test)
scale = Scale(known_features)
print("features of", len(known), "pictures:", tuple(known_features.shape))

# %% [markdown] rows="C1 C2"
r"""
## 3. A new head
What was cut off was dropout and a linear layer, which gives 1,000 scores; a softmax makes probabilities of them. We need four. Such a new last part is called
a **[head](../glossary.md#head)**. Its 4 × 1,280 weights begin at zero and walk downhill on the cross-entropy, as in lesson 04, with all pictures in every
step, for there are only twenty.

The slope of the cross-entropy is the simplest formula of this course. For each picture and class it is *what was said, less what is right*: the softmax of
the scores, minus 1 at the right class. For the weight of a class and a feature it is multiplied with that feature; for the bias of a class it is taken as it
is; both are averaged over the pictures. You may also leave it to `backward`.

**Exercise 2 (12 minutes, medium): train a head.** Scores are `features @ weight.T + bias`. Take the steps, and return weight and bias.
"""

# %% exercise="train_head" minutes=12
@exercise
def train_head(features: Tensor, labels: Tensor, classes: int, steps: int, rate: float) -> tuple[Tensor, Tensor]:
    """A linear layer for features, begun at zeros, trained by plain descent on the mean cross-entropy of all rows.

    features: (n, k), n >= 1, float, to be left as they are. labels: (n,), int64, from 0 to classes - 1. steps: 0 or more. rate: the learning rate.
    Returns (weight, bias), of the shapes (classes, k) and (classes,), in the dtype and on the device of the features, after so many steps,
    e.g. features [[1.]], labels [0], 2 classes, 1 step, rate 2. -> weight [[1.], [-1.]] and bias [1., -1.].
    """
    ### BEGIN SOLUTION
    weight, bias = features.new_zeros(classes, features.shape[1]), features.new_zeros(classes)
    wanted = F.one_hot(labels, classes).to(features)
    for _ in range(steps):
        slope = ((features @ weight.T + bias).softmax(dim=1) - wanted) / len(features)
        weight, bias = weight - rate * slope.T @ features, bias - rate * slope.sum(dim=0)
    return weight, bias
    ### END SOLUTION


# %% check="train_head" points=9
hints("Zeros to begin with. In each step: the scores, their softmax, less 1 at the right class, and that is the slope by the scores.",
      "slope = ((features @ weight.T + bias).softmax(dim=1) - F.one_hot(labels, classes)) / len(features), of shape (n, classes).",
      "weight = weight - rate * slope.T @ features and bias = bias - rate * slope.sum(dim=0), in a loop over the steps.")
check(train_head, tensor([[1.]]), tensor([0]), 2, 1, 2.0).gives((tensor([[1.], [-1.]]), tensor([1., -1.])))
check(train_head, tensor([[1., 0.], [0., 2.]]), tensor([0, 1]), 2, 1, 1.0).gives((tensor([[0.25, -0.5], [-0.25, 0.5]]), tensor([0., 0.])))
check(train_head).agrees(where=lambda call: call.steps <= 1)

# %% check="train_head" aspect="steps" points=10
check(train_head, tensor([[1.]]), tensor([0]), 2, 2, 2.0).gives((tensor([[1.035972], [-1.035972]]), tensor([1.035972, -1.035972])))
check(train_head).agrees(where=lambda call: call.steps > 1)
check(train_head).keeps_the_contract()

# %%
def head_on(features: Tensor, wanted: Tensor, classes: int = 4) -> Callable[[Tensor], Tensor]:
    """A head trained on features: a function from features (n, 1280) to scores (n, classes)."""
    own = Scale(features)
    weight, bias = train_head(own(features), wanted, classes, steps=200, rate=2.0)      # change me
    return lambda others: own(others) @ weight.T + bias


def share_right(scores: Tensor, wanted: Tensor) -> float:
    return float((scores.argmax(dim=1) == wanted).float().mean())


head = head_on(known_features, labels)
right = share_right(head(test_features), test_labels)
print("at least four of five poses are right:", right >= 0.8, "| guessing would be right one time in four")

# %% [markdown] rows="C1 C2 C4"
r"""
From twenty sketches, and by a network that has seen photographs. (Measured with two other draws of players, too: at least four of five poses are right.)
That took no more than a breath, most of it to look at the pictures.

Krishnan's head had one more layer, 100 neurons with ReLU, before the four scores. And the page showed how the training stood, for `fit`, which is what
TensorFlow.js calls its training, called a function of hers after every batch: a **[callback](../glossary.md#callback)**. Our `train` has one, too.
"""

# %% tags=["nbval-ignore-output"]
from course.training import accuracy, train

losses = []                                          # the callback below writes into it, one number a batch
torch.manual_seed(0)
hers = nn.Sequential(nn.Linear(1280, 100), nn.ReLU(), nn.Linear(100, 4))
train(hers, scale(known_features), labels, epochs=30, batch_size=5, learning_rate=3e-3, generator=torch.Generator().manual_seed(0), progress=False,
      after_batch=lambda state: losses.append(float(state.loss)))
figure, axes = plots.figure(width=6.4, height=3.0)
plots.curves(axes, {"loss": losses}, names=("step (mini-batches of five)", "cross-entropy, nats"))
plots.show(figure, "callback")
print(f"a hundred neurons and four: {accuracy(hers, scale(test_features), test_labels):.0%} right; one layer: {right:.0%}")

# %% [markdown] rows="C2"
r"""
With five pictures a class, one layer does as well as two.

*Five to ten examples a class* is what Paige Bailey, who worked on TensorFlow at Google, told the hosts of the podcast *JS Party*, when one of them asked
whether a ready-made model could be changed a little: a network that knows dogs, and five to ten pictures of a Chihuahua, five to ten of a Dachshund. Take
fewer and see.

**Experiment.** Train on one, two, three examples a pose.
"""

# %% tags=["nbval-ignore-output"]
figure, axes = plots.figure(width=6.4, height=3.2)
counts = [1, 2, 3, 4, 5]                             # change me
shares = [100 * share_right(head_on(known_features[: 4 * count], labels[: 4 * count])(test_features), test_labels) for count in counts]
axes.plot(counts, shares, marker="o")
axes.axhline(25, color=plots.FAINT, linestyle=":")
axes.set(xlabel="examples of each pose", ylabel="test poses read rightly, %", ylim=(0, 100), xticks=counts)
plots.show(figure, "examples")

# %% [markdown] rows="C4"
r"""
## 4. No training at all
There is an older way. Keep the features of the known pictures, and when a new one comes, look for the $k$ that lie nearest to it. What are they? If two of
three hold their arms up, then *up*, with a share of two thirds. That is **[k nearest neighbours](../glossary.md#k-nearest-neighbours)**. (Evelyn Fix and
Joseph Hodges, 1951. Thomas Cover and Peter Hart proved in 1967 that with endlessly many examples the nearest one errs at most twice as often as the best
possible rule.) Nothing is trained, a new class costs one picture, and a class can be taken out again. The price is paid when one asks: each question is
compared with every known picture.

TensorFlow's collection of ready-made models for the browser had in 2018 a part for just this: nearest neighbours, to be put on top of a pretrained network.
Beside it stood networks that find the joints of a body (*PoseNet*; it has successors), name objects, or understand a few spoken words.

**Exercise 3 (10 minutes, medium): the nearest.** Distance is the straight one: the root of the sum of squared differences. `torch.cdist(a, b)` has all of
them, and `topk(k, largest=False)` finds the smallest.
"""

# %% exercise="nearest" minutes=10
@exercise
def nearest(features: Tensor, known: Tensor, labels: Tensor, classes: int, k: int) -> Tensor:
    """For each row of features the share of every class among its k nearest rows of known, by straight distance.

    features: (n, d). known: (m, d), m >= k. labels: (m,), int64: the class of each known row, from 0 to classes - 1. All are left as they were.
    No two distances are equal. Returns (n, classes), each row sums to 1, in the dtype and on the device of the features,
    e.g. features [[0.]], known [[1.], [-2.], [4.]], labels [0, 1, 1], 3 classes, k = 2 -> [[0.5, 0.5, 0.]].
    """
    ### BEGIN SOLUTION
    found = torch.cdist(features, known).topk(k, dim=1, largest=False).indices
    return F.one_hot(labels[found], classes).to(features).mean(dim=1)
    ### END SOLUTION


# %% check="nearest" points=8
hints("All distances first, then the places of the k smallest in each row, then what those are.",
      "found = torch.cdist(features, known).topk(k, largest=False).indices has shape (n, k), and labels[found] are their classes.",
      "F.one_hot(labels[found], classes) has shape (n, k, classes); its mean over the k, in the dtype of the features, is the answer.")
check(nearest, tensor([[0.]]), tensor([[1.], [-2.], [4.]]), tensor([0, 1, 1]), 3, 2).gives(tensor([[0.5, 0.5, 0.]]))
check(nearest).agrees(where=lambda call: call.k > 1)

# %% check="nearest" aspect="one" points=6
check(nearest, tensor([[0., 3.], [5., 4.]]), tensor([[4., 4.], [0., 1.]]), tensor([2, 0]), 3, 1).gives(tensor([[1., 0., 0.], [0., 0., 1.]]))
check(nearest).agrees(where=lambda call: call.k == 1)
check(nearest).keeps_the_contract()

# %% tags=["nbval-ignore-output"]
for k in (1, 3, 5):                                  # change me
    shares = nearest(scale(test_features), scale(known_features), labels, 4, k)
    print(f"the nearest {k}: {share_right(shares, test_labels):.0%} right")
print(f"the head: {share_right(head(test_features), test_labels):.0%} right")

# %% [markdown]
r"""
Here the head is ahead, or they are close: it may weigh the 1,280 features, and a distance counts each the same.

## 5. Play
Now walk through a maze with your arms. Draw a pose on the field, as large as it is, or let the page draw one for you, and let it go. The network that looks
at it is one that *you* know: it read digits in lesson 05. It is cut before its last layer, so what looks at your arms has only ever seen numerals. Its new
head learns on this page, in your browser, from the examples whose number you set. Nothing that you draw, and no picture of your camera, leaves the page.

**Play.** Find your way to the flag. Then turn the nerves up and try again. Then let it learn from shaken examples. A step is taken only when the network is
sure enough. Teach it poses of your own: draw one, and say what it is to mean. Who cannot draw walks by the arrow keys, and sees what the network says of the
pose for that way. A camera is only asked for if you press its button.

*The same in words:* on calm poses the head is mostly right and mostly sure. With nerves the same pose is turned and out of place, the sureness sinks, and
wrong steps come with it. After learning from shaken copies it is right more often on nervous poses, and on calm ones as often as before.
"""

# %% explorer=true
from course.explorers.transfer import maze_explorer

maze_explorer()

# %% [markdown] rows="C1"
r"""
## 6. When the player gets nervous
The network has not changed. The pictures have: they come from somewhere else than those it learned from. That is **[distribution
shift](../glossary.md#distribution-shift)**, and it is a common way in which a model that was good in the laboratory fails outside. Where the pictures change
and their right names do not, one says *covariate shift*. It makes no noise when it happens. The way to know is to measure: shake the test pictures a little,
then more, and look.
"""

# %%
from course.transfer import Nerves

figure, panels = plots.figure(columns=6, rows=2, width=9.6, height=3.4)
for row, amount in zip(panels, (0.0, 1.0)):
    for axes, pose in zip(row, Nerves(torch.Generator().manual_seed(3))(test[:6], amount)):
        plots.image(axes, pose)
    row[0].set_title("calm" if amount == 0 else "nervous")
plots.show(figure, "nerves")

# %% [markdown]
r"""
**Exercise 4 (8 minutes, easy): under shift.** `shake(images, amount)` gives the pictures shaken by an amount. Return the share read rightly for each amount,
always beginning with the pictures as they came: who shakes what is shaken already measures something else.
"""

# %% setup=true
def brighter(images: Tensor, amount: float) -> Tensor:
    """Every pixel brighter by the amount: what a lamp does. Stands in for nerves where you want to follow by hand."""
    return images + amount


def slid(images: Tensor, amount: float) -> Tensor:
    """Every pixel times one more than the amount, then the columns turned round."""
    return (images * (1 + amount)).flip(-1)


def is_bright(images: Tensor) -> Tensor:
    """Scores for dark and bright, (n, 2): bright wins where the mean pixel is above one."""
    mean = images.flatten(1).mean(dim=1)
    return torch.stack([torch.ones_like(mean), mean], dim=1)


def by_corner(images: Tensor) -> Tensor:
    """Scores for three classes, (n, 3), from the first and the last pixel."""
    first, last = images[:, 0, 0, 0], images[:, 0, -1, -1]
    return torch.stack([first + 0.03, last * 0.7, 0.51 - first * last], dim=1)


# %% exercise="under_shift" minutes=8
@exercise
def under_shift(classify: Callable[[Tensor], Tensor], images: Tensor, labels: Tensor, shake: Callable[[Tensor, float], Tensor],
                amounts: Sequence[float]) -> list[float]:
    """The share of pictures read rightly, for each amount by which they are shaken.

    classify: from images (n, channels, height, width) to scores (n, classes); the highest says what it reads. labels: (n,), int64: what is right.
    shake: shake(images, amount) gives the pictures shaken by an amount, as a new tensor. amounts: a list, which may be empty.
    Returns a list of numbers, one an amount, in [0, 1]. images and labels are left as they were,
    e.g. is_bright, pictures [[[[0.5]]]] and [[[[2.]]]], labels [0, 1], brighter, [0., 1.] -> [1.0, 0.5]: one brighter, the dark one passes for a bright one.
    """
    ### BEGIN SOLUTION
    shares = []
    for amount in amounts:
        right = classify(shake(images, amount)).argmax(dim=1) == labels
        shares.append(right.double().mean().item())
    return shares
    ### END SOLUTION


# %% check="under_shift" points=8
hints("One amount at a time: shake, classify, compare with the labels, take the mean.",
      "right = classify(shake(images, amount)).argmax(dim=1) == labels is True or False for each picture.",
      "right.double().mean().item() is a plain number; collect one for each amount in a list.")
check(under_shift, is_bright, tensor([[[[0.5]]], [[[2.]]]]), tensor([0, 1]), brighter, [0.0, 1.0]).gives([1.0, 0.5])
check(under_shift).agrees(where=lambda call: len(call.amounts) <= 1)
check(under_shift).keeps_the_contract()

# %% check="under_shift" aspect="amounts" points=5
check(under_shift, is_bright, tensor([[[[0.5]]], [[[2.]]]]), tensor([0, 0]), brighter, [0.25, 0.3, 1.0]).gives([0.5, 0.5, 0.0])
check(under_shift).agrees(where=lambda call: len(call.amounts) > 1)

# %%
amounts = [0.0, 0.5, 1.0]                            # change me
calm = under_shift(lambda images: head(features_of(images)), test, test_labels, Nerves(torch.Generator().manual_seed(1)), amounts)
print("fully nervous, at least 10 points fewer are right:", float(calm[0] - calm[-1]) >= 0.1)

# %% [markdown]
r"""
And how sure was it? Ask for the probabilities, not only for the winner. A game that knows how sure it is can stand still when it is not; a car can slow down.
"""

# %% tags=["nbval-ignore-output"]
for amount in amounts:
    sure, says = head(features_of(Nerves(torch.Generator().manual_seed(1))(test, amount))).softmax(dim=1).max(dim=1)
    right = says == test_labels
    print(f"nerves {amount:.1f}: {right.float().mean():4.0%} right, {sure.mean():.0%} sure on the whole; where it is wrong, {sure[~right].mean():.0%} sure")

# %% [markdown] rows="C1"
r"""
With each of three draws of players, fully nervous, at least 10 points fewer are right. Its sureness sinks too, but less than its share of right answers: calm,
it was right about as often as it was sure; nervous, it is surer than it is right, by 9 to 27 points with three draws. Where it is wrong it is still about
70 % sure, calm or nervous. A probability is only worth what it was measured on.

## 7. Mend it
The cure is that of lesson 08, and it is cheap here. We know what nerves do. So shake the *training* pictures, a few times each, leave the labels, and learn
from all of them. The backbone looks at each copy once; the head is trained again.

**Exercise 5 (6 minutes, easy): with copies.** The pictures as they are come first, then a shaken copy of all of them, then the next. `shake` draws afresh at
each call. The labels have to stay with their pictures.
"""

# %% setup=true
def flickers(images: Tensor, amount: float) -> Tensor:
    """Every pixel brighter by a part of the amount that is drawn afresh at each call, and is the same for all pictures of that call."""
    return images + amount * torch.rand(1)


# %% exercise="with_copies" minutes=6
@exercise
def with_copies(images: Tensor, labels: Tensor, shake: Callable[[Tensor, float], Tensor], amount: float, copies: int) -> tuple[Tensor, Tensor]:
    """The pictures as they are, and after them so many shaken copies of all of them; the labels go along.

    images: (n, channels, height, width). labels: (n,), int64. Both are left as they were. shake: shake(images, amount), called once a copy, always with
    the pictures as they came. copies: 0 or more.
    Returns (pictures, labels), of n * (1 + copies) each: first the n as they are, then the n of the first copy, and so on,
    e.g. the pictures [[[[0.]]]] and [[[[1.]]]], labels [3, 5], brighter, 0.5, 1 copy -> pictures 0, 1, 0.5, 1.5 and labels [3, 5, 3, 5].
    """
    ### BEGIN SOLUTION
    everything = [images]
    for _ in range(copies):
        everything.append(shake(images, amount))
    return torch.cat(everything), labels.repeat(1 + copies)
    ### END SOLUTION


# %% check="with_copies" points=6
hints("A list that begins with the pictures themselves, and gets one shaken copy after another.",
      "torch.cat joins the list along the first axis. The labels come in the same order, again and again: what repeats a whole row of labels?",
      "torch.cat([images, *(shake(images, amount) for _ in range(copies))]), labels.repeat(1 + copies).")
check(with_copies, tensor([[[[0.]]], [[[1.]]]]), tensor([3, 5]), brighter, 0.5, 1).gives(
    (tensor([[[[0.]]], [[[1.]]], [[[0.5]]], [[[1.5]]]]), tensor([3, 5, 3, 5])))
check(with_copies).agrees(where=lambda call: call.copies <= 1)
check(with_copies).keeps_the_contract()

# %% check="with_copies" aspect="many" points=4
check(with_copies, tensor([[[[0.]]], [[[1.]]]]), tensor([1, 0]), brighter, 2.0, 2).gives(
    (tensor([[[[0.]]], [[[1.]]], [[[2.]]], [[[3.]]], [[[2.]]], [[[3.]]]]), tensor([1, 0, 1, 0, 1, 0])))
check(with_copies, torch.zeros(2, 1, 1, 1), tensor([1, 0]), flickers, 2.0, 2).satisfies(
    "shake is called once a copy, with all pictures: within a copy both are brighter by the same, and the second copy by another part than the first",
    lambda came, *given: len(by := came[0].flatten().tolist()) == 6 and by[2] == by[3] != by[4] == by[5])
check(with_copies).agrees(where=lambda call: call.copies > 1)

# %%
more, more_labels = with_copies(known, labels, Nerves(torch.Generator().manual_seed(2)), 1.0, 5)
more_features = features_of(more)
steady = head_on(more_features, more_labels)
mended = under_shift(lambda images: steady(features_of(images)), test, test_labels, Nerves(torch.Generator().manual_seed(1)), amounts)
print("fully nervous, at least 5 points more are right than before:", float(mended[-1] - calm[-1]) >= 0.05)

figure, axes = plots.figure(width=6.4, height=3.4)
for name, shares, marker in (("learned from calm poses", calm, "o"), ("from shaken copies, too", mended, "s")):
    axes.plot(amounts, [100 * float(share) for share in shares], marker=marker, label=name)
axes.set(xlabel="nerves, from none to full", ylabel="test poses read rightly, %", ylim=(0, 103))
axes.legend(loc="lower left")
plots.show(figure, "mended-poses")

# %% [markdown] rows="C6"
r"""
With the same three draws, fully nervous, at least 5 points more are right than before. But one could only shake because one knew *how* players get nervous.
What nobody thought of stays unmended. In 2016 Sharada Mohanty, David Hughes and Marcel Salathé trained pretrained networks on 54,306 photographs of leaves,
38 kinds of crop and disease, each leaf picked and laid on a plain sheet. On held-out pictures of the same kind they were right 99.35 % of the time. On a
hundred and some pictures from the web it was just above 31 %. The answer was to photograph cassava in Tanzanian fields and to learn from that (Amanda
Ramcharan and others, 2017). Their network, too, stood on one trained on ImageNet, and what grew out of it runs on a telephone, in fields where there is no
connection. It was not the end of the matter. When they tried a later network in an app in the field in 2019, its score fell by a third once more. (The
score, F1, takes into account both what is missed and what is named wrongly.)

## 8. Does it pay?
An honest comparison gives the other side its best chance. Ten handwritten digits, turned by up to 30 degrees and moved about on a larger sheet, five of each
to learn from, twenty of each for the test. On one side the pretrained network with a new head. On the other, networks that begin at nothing: a dense one, a
small convolutional one, and that one with augmentation and with patience. The learning rate of all three climbs and then cools.
"""

# %%
from course.augmentation import Augment

digits, digit_labels = data.mnist_5k()
chance = torch.Generator().manual_seed(0)
rows = torch.stack([(digit_labels == digit).nonzero().flatten()[torch.randperm(500, generator=chance)[:40]] for digit in range(10)])
five, others = rows[:, :5].flatten(), rows[:, 20:].flatten()      # to learn from, and for the test
away = Augment(degrees=30, pixels=16, padding="zeros", generator=chance)
sheet = away(F.pad(digits[five], [18] * 4))
exam = away(F.pad(digits[others], [18] * 4))
figure, panels = plots.figure(columns=10, width=10.5, height=1.4)
for axes, picture in zip(panels, sheet[::5]):
    plots.image(axes, picture)
plots.show(figure, "moved-sheets")
sheet_features, exam_features = features_of(sheet, 128), features_of(exam, 128)

# %% headline=true tags=["nbval-ignore-output"]
def small_cnn(width: int = 16) -> nn.Module:
    """The network of lesson 08: four convolutions, each normalised, the mean over all places, one linear layer."""
    layers, before = [], 1
    for after, stride in ((width, 2), (width, 1), (2 * width, 2), (2 * width, 1)):
        layers += [nn.Conv2d(before, after, 3, stride, padding=1), nn.BatchNorm2d(after), nn.ReLU()]
        before = after
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(before, 10))


def dense(pixels: int) -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.Linear(pixels, 100), nn.ReLU(), nn.Linear(100, 10))


def from_nothing(network: nn.Module, pictures: Tensor, wanted: Tensor, epochs: int, transform=None) -> nn.Module:
    """The network trained on these pictures alone, so many times through them."""
    train(network, pictures, wanted, epochs=epochs, batch_size=25, learning_rate=1e-2, schedule=True, transform=transform,
          generator=torch.Generator().manual_seed(0), progress=False)
    return network


torch.manual_seed(0)
shake = Augment(degrees=15, pixels=8, zoom=0.1, padding="zeros", generator=torch.Generator().manual_seed(0))
scratch = {"dense, from nothing": from_nothing(dense(64 * 64), sheet, digit_labels[five], 100),
           "convolutions, from nothing": from_nothing(small_cnn(), sheet, digit_labels[five], 100),
           "augmented, with patience": from_nothing(small_cnn(), sheet, digit_labels[five], 200, shake)}
reached = {name: accuracy(network, exam, digit_labels[others]) for name, network in scratch.items()}
sheet_head = head_on(sheet_features, digit_labels[five], 10)
reached["pretrained, a new head"] = share_right(sheet_head(exam_features), digit_labels[others])
for name, share in reached.items():
    print(f"{name:27s} {share:4.0%} right")
dense_share, plain_share, patient_share, head_share = reached.values()
print("from the sheets as they are, the head is at least 20 points ahead of the best from nothing:", head_share - max(dense_share, plain_share) >= 0.2)
print("augmented and patient, the network from nothing is at least 10 points ahead of the head:", patient_share - head_share >= 0.1)

# %% [markdown]
r"""
Guessing is right one time in ten. From the fifty sheets as they are, with each of three seeds the head was at least 20 points ahead of the best from nothing,
since a digit may be anywhere and at any angle, and the pretrained network has seen a million things in all places.

But one may *know* that digits turn and move. Told so by augmentation, and trained with patience, two hundred times through, the small network was with each of
three seeds at least 10 points ahead of the head. Shaken copies do not bring the head level. The four poses are no different: a small network from nothing,
shown moved copies two hundred times, reads more of them than our head. So what was borrowed stands in for what nobody told the network, and it costs a breath.
It is a good beginning. It is no proof that a network of your own would do worse, and a hasty comparison would have said it was: after forty times through at
a steady rate, that same network was right less than half as often as the head.

## 9. Where it loses
Now the digits as they are, upright and in the middle, 28 by 28, and twenty of each. Forty times through them are enough.
"""

# %% tags=["nbval-ignore-output"]
twenty = rows[:, :20].flatten()
plain_head = head_on(features_of(digits[twenty]), digit_labels[twenty], 10)
transferred = share_right(plain_head(features_of(digits[others])), digit_labels[others])
torch.manual_seed(0)
own = {"dense": from_nothing(dense(28 * 28), digits[twenty], digit_labels[twenty], 40),
       "convolutions, augmented": from_nothing(small_cnn(), digits[twenty], digit_labels[twenty], 40,
                                               Augment(degrees=12, zoom=0.12, pixels=2, padding="zeros", generator=torch.Generator().manual_seed(0)))}
print(f"pretrained, a new head                 {transferred:.0%} right")
for name, network in own.items():
    print(f"{name}, from nothing".ljust(39) + f"{accuracy(network, digits[others], digit_labels[others]):.0%}")

# %% [markdown]
r"""
The small network from nothing, with augmentation, is ahead of the large one, here and on the mean of three seeds. Upright digits are an easy task with its
own regularity, and what photographs of dogs have taught does not help with it as much as two hundred digits do. So there is a question to ask first: **how
like is my task to the old one, and how much of my own data do I have?** The less data and the more alike, the more transfer pays. Jason Yosinski and others
measured it in 2014: the first layers of a network serve nearly any task, the last ones their own. And Kaiming He, Ross Girshick and Piotr Dollár showed in
2019 that for finding objects, with enough pictures and patience, a network from nothing gets as far as a pretrained one. It takes longer.

## 10. Two rates
A frozen backbone cannot learn that strokes matter and fur does not. So thaw it: let the gradient flow on into the old layers as well, which is called
**[fine-tuning](../glossary.md#fine-tuning)**. There is a danger. At the first step a head of zeros lets no gradient through. From the second on, what reaches
the old layers comes through a head that has hardly learned, and if they follow it in large steps they lose what took days to learn. Hence **two learning
rates**: slow for the old layers, fast for the new. Jeremy Howard and Sebastian Ruder made that a rule in 2018, with a rate for each layer, the nearer to the
input the slower. (Theirs was a network that had read Wikipedia. With a hundred labelled texts it was as good as one from nothing with ten to twenty times as
many; where it could also read tens of thousands of such texts without labels, with fifty to a hundred times as many.) The usual order is: first the head
alone, then thaw. (Howard and Ruder thaw one layer after another.)

**Exercise 6 (12 minutes, hard): one step at two rates.** A network in its smallest form: `relu(inputs @ body.T) @ head.T`. Take the slopes of the mean
cross-entropy by body and by head, then move both. Both slopes belong to the weights *before* the step. `torch.autograd.grad(loss, (body, head))` gives them,
of tensors that ask for gradients.
"""

# %% exercise="two_rates" minutes=12
@exercise
def two_rates(body: Tensor, head: Tensor, inputs: Tensor, labels: Tensor, slow: float, fast: float) -> tuple[Tensor, Tensor]:
    """One step of fine-tuning: the body moves at the slow rate, the head at the fast one.

    The network is relu(inputs @ body.T) @ head.T, the loss the mean cross-entropy. body: (hidden, k). head: (classes, hidden). inputs: (n, k).
    labels: (n,), int64. All are left as they were. Returns (body, head) after the step, in their dtype; both slopes are taken before it,
    e.g. body [[1.]], head [[0.], [0.]], inputs [[2.]], labels [0], slow 0.5, fast 1. -> [[1.]] and [[1.], [-1.]]: with a head of zeros the body has no slope.
    """
    ### BEGIN SOLUTION
    body, head = (weights.detach().clone().requires_grad_(True) for weights in (body, head))
    loss = F.cross_entropy(torch.relu(inputs @ body.T) @ head.T, labels)
    of_body, of_head = torch.autograd.grad(loss, (body, head))
    return body.detach() - slow * of_body, head.detach() - fast * of_head
    ### END SOLUTION


# %% check="two_rates" points=10
hints("Copies of both that ask for gradients, the loss of the network, two slopes, two steps.",
      "body.detach().clone().requires_grad_(True) is a copy that asks; F.cross_entropy(torch.relu(inputs @ body.T) @ head.T, labels) is the loss.",
      "of_body, of_head = torch.autograd.grad(loss, (body, head)); return body.detach() - slow * of_body, head.detach() - fast * of_head.")
check(two_rates, tensor([[1.]]), tensor([[0.], [0.]]), tensor([[2.]]), tensor([0]), 0.5, 1.0).gives((tensor([[1.]]), tensor([[1.], [-1.]])))
check(two_rates).agrees(where=lambda call: len(call.inputs) == 1)

# %% check="two_rates" aspect="rows" points=10
check(two_rates, tensor([[1.], [-1.]]), tensor([[2., 0.], [2., 1.]]), tensor([[1.], [-3.]]), tensor([0, 1]), 1.0, 0.0).gives(
    (tensor([[1.], [-1.071138]]), tensor([[2., 0.], [2., 1.]])))
check(two_rates).agrees(where=lambda call: len(call.inputs) > 1)
check(two_rates).keeps_the_contract()

# %% [markdown]
r"""
In torch an optimiser takes groups of weights, each with its rate. The next cell thaws the last convolution of EfficientNet-Lite0, which widens 320 maps to
1,280, with its normalisation, and leaves everything below frozen: what comes out of there is computed once. Batch normalisation keeps the statistics of its
first training: fifty digits are too few for new ones.
"""

# %% tags=["nbval-ignore-output"]
import copy

with torch.no_grad():
    maps, exam_maps = (torch.cat([lite.body[:-1](as_photographs(part, 128)) for part in pictures.split(32)]) for pictures in (sheet, exam))


def fine_tuned(slow: float, fast: float = 3e-3, steps: int = 40) -> float:
    """The share of the exam that is right after the last convolution and a head of zeros have learned at two rates."""
    top = nn.Sequential(copy.deepcopy(lite.body[-1]), nn.AdaptiveAvgPool2d(1), nn.Flatten()).eval().requires_grad_(slow > 0)
    new = nn.Linear(1280, 10)
    nn.init.zeros_(new.weight), nn.init.zeros_(new.bias)
    walker = torch.optim.Adam([{"params": top.parameters(), "lr": slow}, {"params": new.parameters(), "lr": fast}])
    for _ in range(steps):
        walker.zero_grad()
        F.cross_entropy(new(top(maps)), digit_labels[five]).backward()
        walker.step()
    with torch.no_grad():
        return share_right(new(top(exam_maps)), digit_labels[others])


for slow in (0.0, 1e-4, 3e-3, 0.1):                  # change me
    print(f"the last convolution at a rate of {slow:g}, the head at 0.003: {fine_tuned(slow):.0%} right")

# %% [markdown] rows="A6 C7"
r"""
Here a slow body gains next to nothing over a frozen one, on the mean of three seeds: fifty pictures have not much to tell it. At the head's own rate little is
lost here; at one thirty times as high the old layer has forgotten what it knew. Fine-tuning can also make a network worse on shifted pictures, those of
section 6, than a head alone would be (Ananya Kumar and others, 2022).

## 11. Hand it on
What has been learned here is a head: four rows of 1,280 weights and four biases, and the mean and deviation of each feature. The backbone everybody has
already. So what you save, send or publish is small. A head is a model like any other, and a model is a package: weights, how to prepare a picture, what the
classes are called. The root of 1,280, by which `Scale` divides, goes into the weights: then who has the file needs nothing that this lesson kept to itself.
"""

# %%
import io

own_scale = Scale(more_features)                     # the head that was mended
weight, bias = train_head(own_scale(more_features), more_labels, 4, 200, 2.0)
box = io.BytesIO()
torch.save({"weight": weight / 1280 ** 0.5, "bias": bias, "mean": own_scale.mean, "deviation": own_scale.deviation, "side": 96,
            "backbone": "EfficientNet-Lite0", "classes": ",".join(POSES)}, box)
back = torch.load(io.BytesIO(box.getvalue()), weights_only=True)      # reads tensors, numbers and text, and is made to run nothing
print(f"the head in a file: {len(box.getvalue()) / 1000:.0f} kB; the backbone: {4 * sum(part.numel() for part in lite.parameters()) / 1e6:.0f} MB")
scores = (test_features - back["mean"]) / back["deviation"] @ back["weight"].T + back["bias"]
same = torch.allclose(scores, steady(test_features), atol=1e-3)
print("read again, mean, deviation, weight and bias give the scores of the head:", same, "| classes:", back["classes"])

# %% [markdown] rows="C3 C5 C7"
r"""
Such a file can be read by torch. Files of the *safetensors* kind hold tensors and nothing that could run; most models are handed on so today. To go where there
is no torch, a network is written down as a graph of operations, in a format that many programs run: **[ONNX](../glossary.md#onnx)**, the Open Neural Network
Exchange. `torch.onnx.export(net, (example,), "net.onnx", dynamo=False)` writes one, and a small program, the runtime, runs it, in a telephone or a browser.
This course's tests do that with EfficientNet-Lite0 and hold the runtime's answers to torch's.

Where a model runs is a choice about people. In the maze above everything was computed on your page, so no picture had to leave it. Krishnan said so towards
the end of her talk: work first was done on mainframes, then on desks, then in the cloud, as tides come and go; if the model comes to the data, the data can
stay with the person.

What else has been built in this way?

- **One voice.** Suz Hinton wanted live captions for the stream in which she programs. She took a speech model for American English and trained a layer on top
  with recordings of her own and their subtitles. She told it in the episode of *JS Party* that was quoted above.
- **Music.** In the same hour Paige Bailey spoke of Tero Parviainen's drum machines in the browser: you play a melody, and a pretrained network answers with a
  beat.
- **A mail's tone, a basket's neighbours.** The first is Howard and Ruder's recipe with other texts; for the second no network is needed at all: people who
  bought what you bought are your nearest neighbours. Lesson 10 goes further there.

## 12. What has to stand beside it
Whoever stands on a network stands on everything that is in it. ImageNet's photographs were collected from the web, and the people in them were not asked
(lesson 16). A flaw in a backbone is inherited by all that is built on it. So a model that is handed on is handed on with a **model card** (Margaret Mitchell
and others, 2019): one page that says what it is. For our head it would read like this.

| | |
|---|---|
| **What it is** | a linear layer on the 1,280 features of EfficientNet-Lite0 (Apache 2.0), for four poses |
| **Trained on** | twenty sketches drawn by a program, and five shaken copies of each; no photograph, no person |
| **Meant for** | a game |
| **Not meant for** | people in front of a camera, whom it has never seen; anything that matters to anybody |
| **Measured** | poses from the same program, calm and nervous: the curve in section 7. Nothing else has been measured |
| **Never tried on** | turned further than 40 degrees; drawn dark on white |
| **Cannot** | say *none of these*: a fifth pose gets the name of one of the four |
| **Inherited** | whatever EfficientNet-Lite0 has from ImageNet, which the makers of this head did not check |

## Quiz (10 minutes)
Five questions, one letter each. Run the next cell and click, or write the letters between the quotes below it. Who learns alone is told at once whether they
are right, and why not; in a class it may be told when you hand in.
"""

# %% quiz="standing" points=10
[
    {"ask": "Why can the features of all training pictures be computed once, before the head is trained?",
     "choices": {"a": "because the backbone is frozen, so a picture's features do not change", "b": "because the head has fewer weights than the backbone",
                 "c": "because features are standardised"},
     "right": "a",
     "because": {"b": "that makes the head quick to train; if the backbone learned too, features would change with every step",
                 "c": "standardising is one more step after; it would not help if the backbone changed"}},
    {"ask": "The backbone has batch normalisation, and somebody forgot `eval()`. What happens?",
     "choices": {"a": "nothing, since no gradient is taken", "b": "an error is raised",
                 "c": "each picture's features depend on the other pictures in its batch"},
     "right": "c",
     "because": {"a": "in training mode it standardises with the batch's own statistics, gradients or not",
                 "b": "it runs without a word, and that is the trouble"}},
    {"ask": "A classifier of leaves is 99 % right on held-out photographs from the laboratory and 31 % in the field. What is the first thing to do?",
     "choices": {"a": "train it longer on the laboratory's photographs", "b": "get photographs from the field: to measure on, and to learn from",
                 "c": "use only answers of which it is sure"},
     "right": "b",
     "because": {"a": "it has learned those; the field's are other pictures", "c": "under shift a network can be sure and wrong, as you measured"}},
    {"ask": "When is transfer from photographs most likely to lose against a small network from nothing?",
     "choices": {"a": "with five photographs a class of birds", "b": "with many pictures of a simple kind that is unlike photographs",
                 "c": "when the pretrained network is large"},
     "right": "b",
     "because": {"a": "little data and like the old task: that is where transfer wins", "c": "size alone decides neither way"}},
    {"ask": "In fine-tuning, why does the old part get the lower rate?",
     "choices": {"a": "because it has more weights", "b": "because its gradients are always larger",
                 "c": "because it knows something that a few large steps, led by an untrained head, would overwrite"},
     "right": "c",
     "because": {"a": "the number of weights is no reason; what they hold is", "b": "with a head of zeros its gradients are even zero at first"}},
]

# %% [markdown]
r"""
## What to remember
1. A pretrained network without its last layer turns pictures into features. Frozen, in evaluation mode, without gradients, once.
2. A head on those features learns from five to ten examples a class; nearest neighbours need no training at all.
3. A model is good for pictures like those it learned from. Shake the test set and measure; mend with copies shaken in the way that will come.
4. Transfer pays where data is scarce, the tasks are alike, and nobody can say how pictures vary. On digits a small network of your own that is augmented and
   has time is better. Compare before you believe, and give the other side its best chance.
5. Fine-tune with two rates, the old part slowly. What you hand on needs a page that says what it was never tried on.

## Terms
[pretrained network](../glossary.md#pretrained-network), [transfer learning](../glossary.md#transfer-learning), [features](../glossary.md#features),
[backbone](../glossary.md#backbone), [head](../glossary.md#head), [callback](../glossary.md#callback), [k nearest
neighbours](../glossary.md#k-nearest-neighbours), [distribution shift](../glossary.md#distribution-shift), [fine-tuning](../glossary.md#fine-tuning),
[ONNX](../glossary.md#onnx)

## Where to read on
- Ashi Krishnan, *Deep Learning in JS*, JSConf EU, 2018. The elephant, and how it is done.
- Suz Hinton, Nick Nisi and Paige Bailey, the episode of *JS Party* on machine learning and TensorFlow.js, Changelog. Five to ten pictures of a Chihuahua.
- Evelyn Fix and Joseph Hodges, *Discriminatory Analysis: Nonparametric Discrimination, Consistency Properties*, USAF School of Aviation Medicine, 1951.
- Thomas Cover and Peter Hart, *Nearest Neighbor Pattern Classification*, IEEE Transactions on Information Theory 13, 1967.
- Jason Yosinski, Jeff Clune, Yoshua Bengio and Hod Lipson, *How transferable are features in deep neural networks?*, Advances in Neural Information
  Processing Systems 27, 2014.
- Sharada Mohanty, David Hughes and Marcel Salathé, *Using Deep Learning for Image-Based Plant Disease Detection*, Frontiers in Plant Science 7, 2016.
- Amanda Ramcharan and others, *Deep Learning for Image-Based Cassava Disease Detection*, Frontiers in Plant Science 8, 2017.
- Amanda Ramcharan and others, *A Mobile-Based Deep Learning Model for Cassava Disease Diagnosis*, Frontiers in Plant Science 10, 2019.
- Jeremy Howard and Sebastian Ruder, *Universal Language Model Fine-tuning for Text Classification*, Association for Computational Linguistics, 2018.
- Kaiming He, Ross Girshick and Piotr Dollár, *Rethinking ImageNet Pre-training*, International Conference on Computer Vision, 2019.
- Mingxing Tan and Quoc Le, *EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks*, International Conference on Machine Learning, 2019.
- Margaret Mitchell and others, *Model Cards for Model Reporting*, Conference on Fairness, Accountability, and Transparency, 2019.
- Ananya Kumar and others, *Fine-Tuning can Distort Pretrained Features and Underperform Out-of-Distribution*, International Conference on Learning
  Representations, 2022.

Next: lesson 10 leaves pictures for tables: shops, dates, and what a network learns about a Tuesday.
"""

# %% folded=true tags=["nbval-ignore-output"]
from course.desk.ending import ending

ending("From five examples a class a head on borrowed features was 20 points ahead of networks from nothing, until one was told how pictures move.")
