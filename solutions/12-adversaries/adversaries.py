# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   course:
#     title: The same picture, another answer
#     rows: [H1, H2, H3]
#     minutes: 110
#     builds_on: [03-descent, 04-networks, 05-convolutions, 08-augmentation]
# ---

# %% [markdown] rows="H1"
r"""
# The same picture, another answer

**How far must a picture change before a network changes its mind?**

Below is a cat. A network that was trained on 1.28 million photographs looks at it three times. First as the camera saw it. Then after every pixel was moved
by at most .007, where black is 0 and white is 1: less than two of the 255 steps that a screen has. Then after every pixel was moved by exactly as much, up
or down by the toss of a coin. What it says, and how sure it is, stands above each of the three; between them is the change itself, enlarged.
"""

# %% setup=true
from collections.abc import Callable, Sequence

import torch
from course import data, plots
from course.check import answer, begin, check, checks, exercise, hints
from torch import Tensor, nn, tensor

begin("12-adversaries")

# %% folded=true tags=["nbval-ignore-output"]
from course.adversaries import pgd as attack_of_the_course
from course.adversaries import random_signs
from course.pretrained import best, class_names, efficientnet_lite0, squared, standardised

network = efficientnet_lite0()


def see(pictures: Tensor) -> Tensor:
    """What the network says of pictures, (n, 3, 224, 224) in [0, 1]: logits, (n, 1000)."""
    return network(standardised(pictures))


cat = squared(data.pictures()["cat"])[None]
GIBBON = tensor([class_names().index("gibbon")])
moved_cat = attack_of_the_course(see, cat, GIBBON, 0.007, 0.00175, 20, towards=True)
noisy_cat = random_signs(cat, 0.007, torch.Generator().manual_seed(0))

figure, panels = plots.figure(4, width=12.4, height=4.5)
shown = {"as it came": cat, "moved by at most .007": moved_cat, "the change, 70 times as large": 0.5 + 70 * (moved_cat - cat), "coins, by .007": noisy_cat}
for axes, (name, picture) in zip(panels, shown.items()):
    says = "" if "change" in name else "\n{}, {:.0%}".format(*best(see(picture)[0], 1)[0])
    plots.image(axes, picture[0], name + says)
plots.show(figure, "cat")

# %% [markdown] rows="H1"
r"""
The network is surer of a gibbon than it ever was of a cat. The coins, which changed as much, changed nothing to speak of.

In 2014 Christian Szegedy and colleagues described such pictures; Battista Biggio and colleagues had fooled simpler machines in the same way a year before.
They are called **[adversarial examples](../glossary.md#adversarial-example)**. The best known is of 2015: Ian Goodfellow, Jonathon Shlens and Christian
Szegedy showed a panda, of which a network was 57.7 % sure. With one of 255 steps added or taken away at each pixel (.007 on that network's scale, about .004
on ours) it was 99.3 % sure of a gibbon. You will often hear that this was *random noise*. It was not, and the difference is the whole of this lesson. (You
will also hear that a gibbon is a monkey. It is an ape.)

**By the end you can**

- write the attack, in one step and in many, and say where a picture is to end up;
- tell an attack from noise, and say why the one works and the other does not;
- make a sticker that works on pictures it has never seen;
- measure what a network still reads under attack, and train one that reads more;
- see through a defence that hides instead of defending;
- say who would attack what, and by which means, before you worry about pixels.

**Time:** about 110 minutes: 45 for the five exercises, 10 for the quiz, the rest to read and play. **Builds on:** lesson 03, *Down the landscape of loss*
(the gradient), lesson 04, *A pile of very simple choices* (logits, cross-entropy), lesson 05, *Crops through a filter*, and lesson 08, *The same dog, many
pictures*.

A word on doing this at all. Everything here has been public for years, the networks are your own, and nobody is harmed by a cat. Who builds a system must be
able to attack it; who attacks somebody else's without being asked is in another line of work.

## 1. Uphill in the picture
Lesson 03 walked down a landscape of loss. The pictures stood still, the weights moved, and the gradient said for each *weight* which way is down. Nothing in
that is special about weights. Hold the network still, and ask for each **pixel**: if it became a hair brighter, would the loss grow or fall? That is the
**[input gradient](../glossary.md#input-gradient)**. Autograd gives it as readily as the other one:
"""

# %% setup=true
def input_gradient(model: Callable[[Tensor], Tensor], images: Tensor, labels: Tensor) -> Tensor:
    """How the cross-entropy of each picture changes with each of its own pixels.

    model: from images to logits, (n, classes). images: (n, channels, height, width). labels: (n,), int64. Returns the shape of images.
    """
    pixels = images.detach().requires_grad_(True)
    loss = nn.functional.cross_entropy(model(pixels), labels, reduction="sum")    # a sum, so that no picture's slope depends on how many others there are
    return torch.autograd.grad(loss, pixels)[0]


# %% [markdown]
r"""
For trying things out, photographs are slow. So here are the digits of lesson 04, and a small network that has learned to read them.
"""

# %%
from course.adversaries import digit_network
from course.training import accuracy, train

digits, digit_labels = data.mnist_5k()
learn, test = data.stratified_split(digit_labels)


def taught(seed: int) -> nn.Module:
    """A small network that has read 4,000 digits ten times."""
    torch.manual_seed(seed)
    reader = digit_network()
    train(reader, digits[learn], digit_labels[learn], epochs=10, learning_rate=3e-3, schedule=True, progress=False,
          generator=torch.Generator().manual_seed(seed))
    return reader.eval()


reader = taught(seed=0)
images, labels = digits[test[:500]], digit_labels[test[:500]]    # half of the test digits, so that attacks take less time
print(f"it reads at least 94 of 100 test digits: {accuracy(reader, images, labels) >= 0.94}")

# %% folded=true tags=["nbval-ignore-output"]
figure, panels = plots.figure(6, width=11, height=2.2)
for place, digit in enumerate((3, 4, 8)):
    row = int((labels == digit).nonzero()[0])
    slope = input_gradient(reader, images[row:row + 1], labels[row:row + 1])[0]
    plots.image(panels[2 * place], images[row], f"a {digit}")
    plots.image(panels[2 * place + 1], slope, "its gradient", low=-float(slope.abs().max()), high=float(slope.abs().max()))
plots.show(figure, "gradients")

# %% [markdown]
r"""
Where the gradient is bright, more ink makes the network doubt; where it is dark, less ink does; grey pixels hardly matter. Some of it makes sense, strokes
that would turn the digit into another one. Much of it looks like nothing.

Now suppose somebody may change each pixel, but none by more than $\varepsilon$ (epsilon). Which change raises the loss most? If the loss were a plane, each
pixel would add its slope times its change. So each should go **as far as it may**, up where its slope is positive and down where it is negative. Two pixels,
slopes 2 and -.1, epsilon .1: the first up gains .2, the second down gains .01. It is little, but it is gained. How steep the slope is plays no part. Only
its **sign** does (sign is a number, too: 1 for a positive slope, -1 for a negative one, 0 for none):

$$\text{moved} = \text{picture} + \varepsilon\cdot\operatorname{sign}(\text{input gradient})$$

That is the **[fast gradient sign method](../glossary.md#fast-gradient-sign-method)**, FGSM, of 2015. It costs one look forward and one back. What comes out
must still be a picture: no pixel is blacker than black.

Papers write this limit as $\ell_\infty$ ('L-infinity', the largest change of any pixel), with an epsilon such as 8/255; others limit the length of the whole
change, $\ell_2$, or how many pixels change, $\ell_0$.

The checks try your function on three networks so small that you can follow them: `slopes` has a score for two classes, `blind` is like it but does not
look at one of the pixels, and `bends` curves.
"""

# %% setup=true
class Toy(nn.Module):
    """A network with fixed numbers for pictures of six pixels. It computes in the dtype and on the device of the pictures that come."""

    def __init__(self, name: str, *layers: Tensor) -> None:
        super().__init__()
        self.__name__ = name
        self.layers = nn.ParameterList([nn.Parameter(layer) for layer in layers])

    def forward(self, images: Tensor) -> Tensor:
        """images: (n, 1, 2, 3). Returns logits, (n, classes)."""
        seen = images.flatten(1)
        for number, layer in enumerate(self.layers):
            seen = (seen.tanh() if number else seen) @ layer.to(seen).T
        return seen


def patternless(rows: int, columns: int) -> Tensor:
    """Numbers between -1 and 1 without a pattern, the same for everybody: the sines of the squares."""
    return (torch.arange(1, rows * columns + 1, dtype=torch.float64) ** 2).sin().view(rows, columns)


# class 0 always scores 0; the first pixel of each pair speaks for class 1 and the second against it
slopes = Toy("slopes", tensor([[0.0] * 6, [1.0, -1.0, 0.5, -0.5, 0.25, -0.25]], dtype=torch.float64))
blind = Toy("blind", tensor([[0.0] * 6, [1.0, 0.0, 0.5, -0.5, 0.25, -0.25]], dtype=torch.float64))     # like slopes, and it does not look at the second pixel
bends = Toy("bends", 3 * patternless(4, 6), 2 * patternless(3, 4))       # three classes
six = tensor([[[[0.5, 0.5, 0.5], [0.0, 0.5, 1.0]]]])                     # a picture of six pixels

# %% [markdown]
r"""
**Exercise 1 (8 minutes, easy): one step.** Write FGSM. The loss is the cross-entropy of the labels that come in. `input_gradient` is there for you to use;
you may also ask autograd yourself.
"""

# %% exercise="fgsm" minutes=8
@exercise
def fgsm(model: Callable[[Tensor], Tensor], images: Tensor, labels: Tensor, epsilon: float) -> Tensor:
    """Each pixel moved by epsilon, the way that makes the cross-entropy of its picture's label grow, and then cut off at 0 and 1.

    model: from images to logits, (n, classes). images: (n, channels, height, width), floats in [0, 1], to be left as they were. labels: (n,), int64.
    epsilon: how far a pixel goes, 0 or more. A pixel without a slope stays where it is.
    Returns new images of the same shape and dtype, e.g. slopes, [[[[.5, .5, .5], [0, .5, 1]]]], [1], .25 -> [[[[.25, .75, .25], [.25, .25, 1]]]].
    """
    ### BEGIN SOLUTION
    return (images + epsilon * input_gradient(model, images, labels).sign()).clamp(0, 1)
    ### END SOLUTION


# %% check="fgsm" points=12
hints("Which way is up, for each pixel? You need its slope, and of that only one thing.",
      "input_gradient(model, images, labels) has the slopes, .sign() makes them -1, 0 or 1. Then epsilon of that is added to the picture.",
      "(images + epsilon * input_gradient(model, images, labels).sign()).clamp(0, 1).")
check(fgsm, slopes, six, tensor([1]), 0.25).gives(tensor([[[[0.25, 0.75, 0.25], [0.25, 0.25, 1.0]]]]))    # away from class 1: less of what speaks for it
check(fgsm, slopes, six, tensor([0]), 0.25).gives(tensor([[[[0.75, 0.25, 0.75], [0.0, 0.75, 0.75]]]]))    # below, the 0 is cut off, and the 1 comes down
check(fgsm, blind, six, tensor([1]), 0.25).gives(tensor([[[[0.25, 0.5, 0.25], [0.25, 0.25, 1.0]]]]))     # a pixel without a slope stays
check(fgsm).agrees(model="slopes")
check(fgsm).agrees(model="blind")
check(fgsm).keeps_the_contract()

# %% check="fgsm" aspect="bends" points=6
check(fgsm).agrees(model="bends")              # here each picture has slopes of its own, and three classes

# %% [markdown]
r"""
Is that more than noise? The same 500 digits, the same epsilon: once by coins, once by your function. On digits we allow .1; it can be seen there, as a
greyish haze, and nobody would read another digit.

**Experiment.** Change `epsilon`. At which value do the coins begin to do harm?
"""

# %% tags=["nbval-ignore-output"]
epsilon = 0.1                                  # change me

by_coins = random_signs(images, epsilon, torch.Generator().manual_seed(0))
by_slopes = fgsm(reader, images, labels, epsilon)
for name, pictures in {"as they came": images, "coins": by_coins, "FGSM": by_slopes}.items():
    print(f"{name:14s}{accuracy(reader, pictures, labels):6.0%} read correctly")

figure, panels = plots.figure(columns=6, rows=2, width=10.6, height=4.7)
for column, row in enumerate(range(6)):
    for axes, pictures, name in zip(panels[:, column], (by_coins, by_slopes), ("coins", "FGSM")):
        plots.image(axes, pictures[row], f"{name}: {int(reader(pictures[row:row + 1]).argmax())}")
plots.show(figure, "haze")

# %% [markdown] rows="H1"
r"""
Why is the one so much worse than the other? No pixel went further. Count votes. Each pixel pulls the loss a tiny bit, up or down. With coins, pulls up and
pulls down nearly cancel. With signs, *every* pixel pulls the same way. A thousand people who push a car at random do not move it; a thousand who push
together do. And a photograph has 150,528 pixels, counting each colour: the more there are, the less each has to do. That was the explanation of the paper of
2015: networks are fooled not because they are so crooked, but because they are nearly **straight**, and pictures are so large. It is not the whole of it:
section 2 shows where the landscape bends, and section 6 has another reason.

The next cell works it out for the cat: how far up the two ways would lead by the same step, if the loss were a plane.
"""

# %%
slope = input_gradient(see, cat, see(cat).argmax(dim=1)).double()
together = float((slope * slope.sign()).sum())
at_random = [float((slope * (random_signs(0.5 + 0 * cat, 0.5, torch.Generator().manual_seed(seed)) * 2 - 1)).sum()) for seed in range(50)]
typical = tensor(at_random).square().mean().sqrt()
print(f"pixels: {cat.numel():,}")
print(f"all together would lead more than a hundred times as far up as coins typically would: {bool(together / typical > 100)}")

# %% [markdown]
r"""
More than a hundred times as far, as the slope at the cat promises.

**Play.** A digit, a network that reads it, and a budget for change. Turn epsilon up. Which digit falls first, and which last? Let the attack take more steps.
Then switch to the *hardened* network, which a later section explains, and find what it takes to fool that one.
"""

# %% explorer=true
from course.explorers.adversaries import attack_explorer

attack_explorer()

# %% [markdown]
r"""
*The same in words:* epsilon is the most that a pixel may change. On the left is the digit as it came, beside it the same digit attacked, and with random
noise of the same size; then both changes, enlarged so that a pixel which went all of epsilon is black or white. The bars are what the network believes of
each of the three, and the digit that it is stands in brackets. The ordinary network gives in at an epsilon at which random noise does nothing, and sooner
with twenty steps than with one. The hardened one takes about twice as much. At .3 it falls as well, for it was trained at .1,
though you would still read every digit.

## 2. Small steps
FGSM takes the slope where the picture is, and trusts it all the way. It can also go *towards* a label: subtract instead of add. One such step towards the
gibbon:
"""

# %% tags=["nbval-ignore-output"]
one_step = (cat - 0.007 * input_gradient(see, cat, GIBBON).sign()).clamp(0, 1)
print("as it came:    ", ", ".join(f"{name} {sure:.0%}" for name, sure in best(see(cat)[0])))
print("after one step:", ", ".join(f"{name} {sure:.0%}" for name, sure in best(see(one_step)[0])))

# %% [markdown]
r"""
Less sure of a cat, and no gibbon. The landscape bends, and after a short way its slope is another one. Lesson 03 knew what to do about that: **take small
steps, and look again after each**. Only one thing is new. Many small steps may lead further away than epsilon, and then the picture has to be brought back:
to the nearest picture that is allowed. That is called **[projection](../glossary.md#projection)**. For a limit on each pixel it is done pixel by pixel: what
has gone too far is set to the edge of what is allowed, what has not is left alone.

**Exercise 2 (5 minutes, easy): back within the limits.** Two limits: epsilon around the original, and black and white.
"""

# %% exercise="project" minutes=5
@exercise
def project(images: Tensor, originals: Tensor, epsilon: float) -> Tensor:
    """The nearest pictures that are allowed: each pixel within epsilon of the original's, and in [0, 1].

    images: (n, channels, height, width), floats, anything. originals: the same shape, in [0, 1]. Both are left as they were. epsilon: 0 or more.
    Returns new images of the same shape and dtype, e.g. [[[[.2, .5, 1.5]]]], [[[[.5, .5, .875]]]], .25 -> [[[[.25, .5, 1]]]].
    """
    ### BEGIN SOLUTION
    return (originals + (images - originals).clamp(-epsilon, epsilon)).clamp(0, 1)
    ### END SOLUTION


# %% check="project" points=12
hints("What is it that may be no larger than epsilon: the pixel, or something about it?",
      "The difference from the original is clamped to [-epsilon, epsilon] and added to the original again. Then the pixel is clamped to [0, 1].",
      "(originals + (images - originals).clamp(-epsilon, epsilon)).clamp(0, 1).")
check(project, tensor([[[[0.2, 0.5, 1.5]]]]), tensor([[[[0.5, 0.5, 0.875]]]]), 0.25).gives(tensor([[[[0.25, 0.5, 1.0]]]]))
check(project, tensor([[[[-0.5, 0.75]]]]), tensor([[[[0.125, 0.5]]]]), 0.5).gives(tensor([[[[0.0, 0.75]]]]))   # black is nearer than epsilon
check(project).agrees()
check(project).keeps_the_contract()

# %% [markdown]
r"""
Now the walk: a step along the signs, back within the limits, and again. This is **[projected gradient descent](../glossary.md#projected-gradient-descent)**,
PGD. (Descent, although it climbs: turn the loss upside down.) Alexey Kurakin, Ian Goodfellow and Samy Bengio walked like this in 2016; Aleksander Madry and
colleagues began at random places within the limits, several times, and made it the measure of the field (2018).

A walk, too, can go *towards* a place. Take the class that you want the network to say, and make the loss of **that** label small. Such an attack is called
**[targeted](../glossary.md#targeted-attack)**.

**Exercise 3 (12 minutes, medium): many steps.** Use your `project`. Each slope is taken where the last step ended, and each projection is around the pictures
that came in. With `towards=True` the labels are where to go, with `towards=False` what to get away from.
"""

# %% exercise="pgd" minutes=12 uses="project"
@exercise
def pgd(model: Callable[[Tensor], Tensor], images: Tensor, labels: Tensor, epsilon: float, step: float, steps: int, towards: bool = False) -> Tensor:
    """Many steps along the signs of the input gradient, each followed by a projection.

    model: from images to logits, (n, classes). images: (n, channels, height, width), floats in [0, 1], to be left as they were. labels: (n,), int64.
    epsilon: the furthest that a pixel may be from where it was. step: how far it goes in one step. steps: how many, 0 or more.
    towards: False to make the cross-entropy of the labels grow, True to make it fall. The walk begins at the images themselves.
    Returns new images of the same shape and dtype, e.g. slopes, [[[[.5, .5, .5], [0, .5, 1]]]], [1], .25, .1, 2 -> [[[[.3, .7, .3], [.2, .3, 1]]]].
    """
    ### BEGIN SOLUTION
    size = -step if towards else step
    moved = images.clone()
    for _ in range(steps):
        moved = project(moved + size * input_gradient(model, moved, labels).sign(), images, epsilon)
    return moved
    ### END SOLUTION


# %% check="pgd" points=14 uses="project"
hints("A loop of your step from exercise 1 with `project` in it. Which two pictures do you need at every step: where you are, and ...?",
      "Keep `images` as they came and walk with a copy, `moved = images.clone()`. In the loop: the gradient at `moved`, a step of `step` along its sign, then "
      "project(..., images, epsilon). With `towards` the step is subtracted.",
      "moved = images.clone(); size = -step if towards else step; then, steps times: "
      "moved = project(moved + size * input_gradient(model, moved, labels).sign(), images, epsilon).")
check(pgd, slopes, six, tensor([1]), 0.25, 0.1, 2).gives(tensor([[[[0.3, 0.7, 0.3], [0.2, 0.3, 1.0]]]]))
check(pgd, slopes, six, tensor([1]), 0.25, 0.1, 5).gives(tensor([[[[0.25, 0.75, 0.25], [0.25, 0.25, 1.0]]]]))   # five steps would go too far
check(pgd, blind, six, tensor([1]), 0.25, 0.1, 2).gives(tensor([[[[0.3, 0.5, 0.3], [0.2, 0.3, 1.0]]]]))     # a pixel without a slope stays
check(pgd).agrees(towards=False)
check(pgd).keeps_the_contract()

# %% check="pgd" aspect="towards" points=8 uses="project"
check(pgd, slopes, six, tensor([1]), 0.25, 0.1, 2, towards=True).gives(tensor([[[[0.7, 0.3, 0.7], [0.0, 0.7, 0.8]]]]))
check(pgd).agrees(towards=True)

# %% [markdown] rows="H1"
r"""
Your function, and the cat of the beginning. Twenty steps of a quarter of epsilon.

**Experiment.** Ask for something else than a gibbon: `"toaster"`, `"pizza"`, `"volcano"`. `class_names()` has all thousand.
"""

# %% tags=["nbval-ignore-output"]
wanted = "gibbon"                              # change me

goal = tensor([class_names().index(wanted)])
fooled = pgd(see, cat, goal, epsilon=0.007, step=0.00175, steps=20, towards=True)
says, sure = best(see(fooled)[0], 1)[0]
cat_falls = says == wanted and sure > 0.99
print(f"the network says {says} and is {sure:.1%} sure; the pixel that changed most changed by {float((fooled - cat).abs().max()):.4f}")
print("by coins:", ", ".join(f"{name} {share:.0%}" for name, share in best(see(random_signs(cat, 0.007, torch.Generator().manual_seed(1)))[0])))

# %% [markdown]
r"""
It has nothing to do with cats. Twenty steps of its own lead each of the course's five photographs, an espresso and an astronaut among them, to a gibbon of
which the network is more than 99 % sure. And a picture that was rounded to 255 steps, as most files are, fools it as well.

Against 500 digits, all three at the same epsilon:
"""

# %% tags=["nbval-ignore-output"]
by_walk = pgd(reader, images, labels, epsilon=0.1, step=0.02, steps=10)
left = {"coins": random_signs(images, 0.1, torch.Generator().manual_seed(0)), "FGSM": fgsm(reader, images, labels, 0.1), "PGD": by_walk}
left = {name: accuracy(reader, pictures, labels) for name, pictures in left.items()}
print(", ".join(f"{name} leaves {share:.0%}" for name, share in left.items()))

# %% [markdown]
r"""
## 3. Sure, and elsewhere too
Two more things to know about these pictures. First: how *sure* is the network, when it is wrong? One might hope that it hesitates, and that hesitation could
be used as an alarm. Second: do they fool only the network that they were made for? The next cell asks a second network, which began from other random
weights and has never been looked into (and has the same layers and saw the same digits, which makes it easier; Szegedy and colleagues found transfer between
different layers and different pictures as well). It gets what was made for the first one.
"""

# %% tags=["nbval-ignore-output"]
other = taught(seed=1)
harder = pgd(reader, images, labels, epsilon=0.15, step=0.03, steps=10)
belief = reader(harder).softmax(dim=1)
is_wrong = belief.argmax(dim=1) != labels
is_sure = belief[is_wrong].amax(dim=1) > 0.9
print(f"at epsilon .15 the network misreads {is_wrong.float().mean():.0%} of the digits; it is more than 90 % sure in {is_sure.float().mean():.0%} of those")
for_the_second = {"as they came": images, "with coins": random_signs(images, 0.15, torch.Generator().manual_seed(0)), "made to fool the first": harder}
print("the second network reads " + ", ".join(f"{accuracy(other, pictures, labels):.0%} {name}" for name, pictures in for_the_second.items()))

# %% [markdown]
r"""
Fooled by a wide margin, a network is mostly sure; near the edge, at epsilon .05, it often hesitates. An attacker goes on walking until it is sure. So nobody
can rely on hesitation as an alarm.

And what fools one network often fools another. That is called **[transfer](../glossary.md#transfer-of-attacks)**, and it removes the last comfort: an
attacker need not have your weights. Nicolas Papernot and colleagues did it in 2017 to services on the web whose inside they never saw. They asked them
questions, trained a network of their own on the answers, attacked that one, and sent in the result. Keeping the weights secret is not a defence. It makes an
attack dearer. Who has the weights attacks a *white box*, who may only ask a *black box*. One can also do without a network of one's own, and ask very often.

## 4. A sticker
So far somebody had to change the picture itself, inside the computer. Who can do that can mostly change the answer, too, and need not bother with gibbons.
The worry is about another kind of attack: one on the **thing** that is photographed. Nobody turns every pixel of a street by .007. But one can put up a
sticker.

For a sticker, epsilon is gone: inside its square everything is allowed, outside it nothing. And it should work on pictures that do not exist yet. So the
gradient is taken by the *sticker*, on another handful of pictures at each step. Tom Brown and colleagues did so in 2017 and made a round one beside which
networks mostly called a banana, for one, a toaster.

First we have to stick it on. Here is the only trap: gradients must find their way back from the pictures to the sticker. Writing into a slice of a clone
keeps them; `.data`, `.detach()` and NumPy cut them off.

**Exercise 4 (10 minutes, medium): stick.** Each picture gets the same sticker, at a place of its own.
"""

# %% exercise="stick" minutes=10
@exercise
def stick(images: Tensor, patch: Tensor, tops: Tensor, lefts: Tensor) -> Tensor:
    """The same sticker on every picture; what lies under it is gone, and everything else stays.

    images: (n, channels, height, width), floats, to be left as they were. patch: (channels, high, wide). tops, lefts: (n,), int64, the row and the column
    of the sticker's upper left corner in each picture; it always lies inside.
    Returns new images of the same shape and dtype; gradients flow to images and patch.
    E.g. [[[[1, 2, 3], [4, 5, 6]]]], [[[0, 9]]], [1], [1] -> [[[[1, 2, 3], [4, 0, 9]]]].
    """
    ### BEGIN SOLUTION
    stuck = images.clone()
    high, wide = patch.shape[1:]
    for place, (top, left) in enumerate(zip(tops.tolist(), lefts.tolist())):
        stuck[place, :, top:top + high, left:left + wide] = patch
    return stuck
    ### END SOLUTION


# %% check="stick" points=13
hints("Begin with a copy of the pictures, for those that came in are not yours. Then one picture after the other.",
      "stuck = images.clone(). For picture i the window is stuck[i, :, top:top + high, left:left + wide], with high and wide from the patch's shape.",
      "for i in range(len(images)): stuck[i, :, tops[i]:tops[i] + high, lefts[i]:lefts[i] + wide] = patch.")
one, two = tensor([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]]), torch.zeros(2, 1, 2, 2)
check(stick, one, tensor([[[0.0, 9.0]]]), tensor([1]), tensor([1])).gives(tensor([[[[1.0, 2.0, 3.0], [4.0, 0.0, 9.0]]]]))
check(stick, two, tensor([[[7.0]]]), tensor([0, 1]), tensor([1, 0])).gives(tensor([[[[0.0, 7.0], [0.0, 0.0]]], [[[0.0, 0.0], [7.0, 0.0]]]]))
check(stick).agrees()

# %% check="stick" aspect="gradients" points=5
check(stick).keeps_the_contract()
feels = check(stick, torch.ones(2, 1, 2, 2), tensor([[[7.0]]]), tensor([0, 1]), tensor([1, 0])).gradient(1)
feels.gives(tensor([[[2.0]]]))                 # it is on two pictures, and feels both

# %% [markdown]
r"""
Now a sticker for digits: eight by eight pixels in the lower left, a twelfth of the picture, that is to make any digit a 3. It is trained on the training
digits, and tried on test digits that it has not met. Beside it, for fairness, a sticker of the same size whose pixels are black or white by the toss of a
coin.

**Experiment.** Make it smaller: 3 by 3, in the corner at `(25, 25)`, where none of these digits has ink. Train it for the one place and try it at another.

<details><summary>What one sees, once you have tried</summary>

So small, and so far from all ink, it does nothing: hardly a digit is read as a 3. A sticker needs room, and a place to which the network listens.

</details>
"""

# %% tags=["nbval-ignore-output"]
side, place, three = 8, (18, 2), 3             # change me
tried_at = place                               # change me: where it is tried

chance = torch.Generator().manual_seed(0)
patch = torch.full((1, side, side), 0.5)
for _ in range(80):
    rows = learn[torch.randint(len(learn), (64,), generator=chance)]
    patch.requires_grad_(True)
    stuck = stick(digits[rows], patch, torch.full_like(rows, place[0]), torch.full_like(rows, place[1]))
    loss = nn.functional.cross_entropy(reader(stuck), torch.full_like(rows, three))
    patch = (patch.detach() - 0.05 * torch.autograd.grad(loss, patch)[0].sign()).clamp(0, 1)

victims, truth = images[labels != three], labels[labels != three]
tops, lefts = (torch.full_like(truth, corner) for corner in tried_at)
scribble = torch.randint(0, 2, patch.shape, generator=chance).float()
for name, square in {"the sticker": patch, "a random one": scribble}.items():
    said = reader(stick(victims, square, tops, lefts)).argmax(dim=1)
    print(f"{name}: {(said == three).float().mean():.0%} of the other digits are read as a 3, {(said == truth).float().mean():.0%} correctly")

figure, panels = plots.figure(7, width=11.4, height=2.1)
for axes, row in zip(panels, range(7)):
    one = stick(victims[row:row + 1], patch, tops[:1], lefts[:1])
    plots.image(axes, one[0], f"read as {int(reader(one).argmax())}")
plots.show(figure, "sticker")

# %% [markdown] rows="H2"
r"""
Visible to everybody, and yet nobody would call it an attack: a smudge, a bit of graffiti. That was the idea of those who took it outdoors.

- **The turtle.** Anish Athalye, Logan Engstrom, Andrew Ilyas and Kevin Kwok printed a turtle in colour, in three dimensions, whose shell was computed so that
  it should work from all sides (2018). From most of them a network said *rifle*. They took the mean of the gradient over many turns, distances and lights, as
  you took it over many digits.
- **The stop sign.** Kevin Eykholt and colleagues put black and white stickers on a stop sign, and from a moving car a network of theirs, shown the sign cut
  out of the frame, read a speed limit of 45 in 84.8 % of the frames (2018). Jiajun Lu and colleagues had answered before the paper was in print: such signs
  did not fool two standard detectors, which have to *find* the sign first (2017). The first team went on, and showed signs that one detector overlooked in
  most of the frames (2018). Who reads only one of the three papers knows the wrong thing.
- **Make-up and glasses.** Adam Harvey painted faces in 2010 so that the face detectors of the time saw none. Mahmood Sharif and colleagues printed frames for
  glasses with which a system of theirs took one person for another (2016).
- **Satellite pictures.** It has been asked what would follow if somebody hid a missile site from a satellite in this way, or made one up. Andrew Du
  and colleagues tried it with parked cars: patterns laid on or beside them made a detector for aerial pictures miss them (2022).

None of these is noise, either. Harvey found his by hand; the others were computed with a gradient.

## 5. Nobody attacks
Now take the attacker away. Turn a picture by some degrees: no gradient, no computer, a hand that was not steady. Logan Engstrom and colleagues found in 2019
that turning and shifting alone fools networks surprisingly often, and networks that are hardened against small changes of pixels, too. Here is the network of
the photographs, and the digit reader.
"""

# %% tags=["nbval-ignore-output"]
from course.augmentation import rotation, warp

photographs = {name: squared(photo)[None] for name, photo in data.pictures().items() if name in ("cat", "espresso", "camera")}
for degrees in (0, 45, 90):
    answers = [best(see(warp(photo, rotation(float(degrees), (111.5, 111.5))))[0], 1)[0] for photo in photographs.values()]
    print(f"turned by {degrees:2d} degrees:  " + ", ".join(f"{name} is read as {says}, {sure:.0%}" for name, (says, sure) in zip(photographs, answers)))

turned = {degrees: accuracy(reader, warp(images, rotation(float(degrees), (13.5, 13.5)), "zeros"), labels) for degrees in (0, 15, 30, 45)}
print("digits, turned by " + ", ".join(f"{degrees} degrees: {share:.0%}" for degrees, share in turned.items()))

# %% [markdown] rows="H3"
r"""
And one need not even turn anything. Dan Hendrycks and colleagues collected photographs of ordinary things, as they come, which networks get wrong and people
do not. They call them **[natural adversarial examples](../glossary.md#natural-adversarial-example)**, and a network that is right in most pictures of its
own test set was right in about 2 % of these (2021). They had chosen them for that, with one network; the point is that others fail on them, too. (Networks
that learned from hundreds of millions of captioned pictures have since read most of them; Alec Radford and colleagues, 2021. Pixels attack those as before.)
Nobody drew the pixels. The world is large, and a test set is a small corner of it.

Keep the two apart. *Worst case*: somebody looks for the picture that fails, with a gradient or by patience. *Unusual case*: nobody looks, and it comes along.
Lesson 08 is some help with the second. It is hardly any with the first.

## 6. What is left
How good is a network under attack? One number is not enough: it depends on what the attacker may do. So draw a curve, the share that is still read correctly
against epsilon: **[robust accuracy](../glossary.md#robust-accuracy)**.

One thing is easily got wrong. An attack may fail at a large epsilon on a picture on which it succeeded at a small one: it stepped too far. But who may change
a pixel by .2 may also change it by .1. A picture that fell is **down for good**, and the curve can only fall.

**Exercise 5 (10 minutes, medium): the curve.** The attack is a function; it gets the model, the pictures, their labels and an epsilon.
"""

# %% setup=true
def waves(model: Callable[[Tensor], Tensor], images: Tensor, labels: Tensor, epsilon: float) -> Tensor:
    """An attack that tries something else at every epsilon and for every label."""
    shape = images.shape[1:]
    pixels = torch.arange(1, shape.numel() + 1).to(images).view(shape)
    return (images + epsilon * (40 * epsilon * pixels * (labels.to(images).view(-1, 1, 1, 1) + 1)).sin()).clamp(0, 1)


def stripes(model: Callable[[Tensor], Tensor], images: Tensor, labels: Tensor, epsilon: float) -> Tensor:
    """An attack that goes by the label: every second pixel up and the others down, and the other way round for label 0."""
    shape = images.shape[1:]
    pattern = (torch.arange(shape.numel()) % 2 * 2 - 1).to(images).view(shape)
    way = torch.where(labels == 0, -1, 1).to(images).view(-1, 1, 1, 1)
    return (images + epsilon * way * pattern).clamp(0, 1)


# %% exercise="robust_accuracy" minutes=10
@exercise
def robust_accuracy(model: Callable[[Tensor], Tensor], attack: Callable[[Callable, Tensor, Tensor, float], Tensor], images: Tensor, labels: Tensor,
                    epsilons: Sequence[float]) -> Tensor:
    """The share of pictures that the model reads correctly under attack at an epsilon, and did at every earlier epsilon of the list.

    model: from images to logits, (n, classes). attack: attack(model, images, labels, epsilon) gives attacked images; it is told the right labels.
    images: (n, channels, height, width), to be left as they were. labels: (n,), int64. epsilons: k numbers, from small to large; 0 need not be among them.
    Returns (k,), shares of all n pictures, in [0, 1]. E.g. of four pictures three stand at .1; at .2 one of those falls, and the fourth would stand: [.75, .5].
    """
    ### BEGIN SOLUTION
    stands = torch.ones_like(labels, dtype=torch.bool)
    shares = []
    for epsilon in epsilons:
        stands = stands & (model(attack(model, images, labels, epsilon)).argmax(dim=1) == labels)
        shares.append(stands.float().mean())
    return torch.stack(shares)
    ### END SOLUTION


# %% check="robust_accuracy" points=14
hints("Keep a list of True and False, one for each picture: does it still stand?",
      "Begin with all True. At each epsilon attack the pictures as they came in, see which are read correctly, and combine that with what stood "
      "before, by `&`. The share is the mean.",
      "stands = stands & (model(attack(model, images, labels, epsilon)).argmax(dim=1) == labels); shares.append(stands.float().mean()); "
      "at the end torch.stack(shares).")
pair = torch.cat([six, tensor([[[[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]]])])
check(robust_accuracy, slopes, stripes, pair, tensor([1, 1]), [0.0, 0.25, 0.75]).gives(tensor([1.0, 0.5, 0.0]), same_dtype=False)    # one falls, then the other
check(robust_accuracy, slopes, stripes, pair, tensor([0, 1]), [0.25]).gives(tensor([0.5]), same_dtype=False)   # misread from the start counts as misread
check(robust_accuracy).agrees(where=lambda call: len(call.epsilons) == 1)
check(robust_accuracy).keeps_the_contract()

# %% check="robust_accuracy" aspect="stays" points=6
check(robust_accuracy).agrees(where=lambda call: len(call.epsilons) > 1)

# %% [markdown]
r"""
**Training against it.** Lesson 08 had a rule: show the network in training what it will meet. If it will meet attacks, attack it in training. At every
batch: move the pictures uphill as the network stands *now*, three steps of PGD, from a random place within epsilon, and learn from those. This is
**[adversarial training](../glossary.md#adversarial-training)**: inside, the attack makes the loss as large as it can, and outside, training makes that as
small as it can. It costs three looks forward and back for the attack and one for the learning, so four times as much for each epoch. Here are six epochs of
it.
"""

# %% tags=["nbval-ignore-output"]
import time

from course.adversaries import adversarial_training

torch.manual_seed(0)
hardened, began = digit_network(), time.perf_counter()
adversarial_training(hardened, digits[learn], digit_labels[learn], epsilon=0.1, epochs=6, generator=torch.Generator().manual_seed(0))
hardened.eval()
print(f"{time.perf_counter() - began:.0f} seconds")

# %% tags=["nbval-ignore-output"]
def walk(model: Callable[[Tensor], Tensor], images: Tensor, labels: Tensor, epsilon: float) -> Tensor:
    """Your PGD, ten steps."""
    return pgd(model, images, labels, epsilon, epsilon / 5, 10)


def coins(model: Callable[[Tensor], Tensor], images: Tensor, labels: Tensor, epsilon: float) -> Tensor:
    """No attack at all: random signs."""
    return random_signs(images, epsilon, torch.Generator().manual_seed(0))


epsilons = [0.0, 0.05, 0.1, 0.15, 0.2, 0.25]
few, few_labels = images[:200], labels[:200]
figure, axes = plots.figure(width=7.6, height=4.2)
styles = {"coins": (coins, "s", ":"), "FGSM": (fgsm, "^", "--"), "PGD": (walk, "o", "-")}
for kind, (model, colour) in {"ordinary": (reader, "vermillion"), "hardened": (hardened, "blue")}.items():
    for name, (attack, marker, line) in styles.items():
        curve = robust_accuracy(model, attack, few, few_labels, epsilons)
        axes.plot(epsilons, 100 * curve, marker=marker, linestyle=line, color=plots.COLOURS[colour], label=f"{kind}, {name}")
axes.set(xlabel="epsilon, the most that a pixel may change", ylabel="still read correctly, %", ylim=(0, 102), title="200 test digits under attack")
axes.legend(fontsize=9)
plots.show(figure, "curves")

# %% headline=true
left_hardened = accuracy(hardened, pgd(hardened, images, labels, epsilon=0.1, step=0.02, steps=10), labels)
print(f"the cat, each pixel within .007, is read as {wanted} by a network that is over 99 % sure:", cat_falls)
print("digits at epsilon .1: random noise leaves at least 94 %:", left["coins"] >= 0.94)
print("                      FGSM leaves less than 65 %:", left["FGSM"] < 0.65)
print("                      PGD leaves less than 40 %:", left["PGD"] < 0.40)
print("trained against it, PGD leaves at least 85 %:", left_hardened >= 0.85)

# %% [markdown]
r"""
Over three splits of the digits, each with a thousand to test on: random noise leaves at least 94 % on average, FGSM leaves less than 65 %, PGD leaves less
than 40 %, and trained against it, PGD leaves at least 85 %.

Goodfellow and colleagues trained like this with single steps, and networks learned to fool the single step; with many steps, as Madry and colleagues did it
in 2018, it is the one defence *without a proof* that has held. Look at its limits, too.

- It was trained at .1 and holds there. Further out it falls: the curve bends down, and nothing was promised.
- It helps against what it was trained on, changes of every pixel by no more than epsilon. It says nothing about stickers. The first sticker was not made for
  the hardened network. Its own leaves it about a third of the digits: see for yourself below, and about rotation.
- It has a price in computing, four times here, with three steps; Madry and colleagues took 40 on digits and 7 on small colour photographs. Often it has one
  in accuracy on pictures that nobody attacks. On these digits you will not see the second. On photographs it is considerable, and Dimitris Tsipras and
  colleagues argue that it cannot always be avoided (2019): what is useful on average and what is safe in the worst case need not be the same features.

That last thought has a sunny side. What the ordinary network used was not nonsense. Andrew Ilyas and colleagues trained on pictures of which *only* the
invisible part told the label, and the network read honest test pictures (2019): there is real information in what no eye sees. The network was never asked to
look as we do.
"""

# %% tags=["nbval-ignore-output"]
from course.adversaries import sticker

for degrees in (0, 30):
    pictures = warp(images, rotation(float(degrees), (13.5, 13.5)), "zeros")
    print(f"turned by {degrees:2d} degrees: ordinary {accuracy(reader, pictures, labels):.0%}, hardened {accuracy(hardened, pictures, labels):.0%}")
tops, lefts = (torch.full_like(labels, corner) for corner in place)
marked = stick(images, patch, tops, lefts)
own = sticker(hardened, digits[learn], three, side, place, generator=torch.Generator().manual_seed(0))
print(f"with the sticker, made for the ordinary one: ordinary {accuracy(reader, marked, labels):.0%}, hardened {accuracy(hardened, marked, labels):.0%}")
print(f"with one that is made for the hardened one:  hardened {accuracy(hardened, stick(images, own, tops, lefts), labels):.0%}")

# %% [markdown]
r"""
## 7. A defence that hides
Somebody offers you this. It is the ordinary network, with one line added, and it needs no training at all.
"""

# %% tags=["nbval-ignore-output"]
class Proud(nn.Module):
    """A network whose logits are ten thousand times as large."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, images: Tensor) -> Tensor:
        return 10_000 * self.model(images)


proud = Proud(reader)
limit = 0.1                                    # change me
print(f"as they came     {accuracy(proud, images, labels):.0%}")
for name, attack in {"coins": coins, "FGSM": fgsm, "PGD": walk}.items():
    print(f"{name:5s} at {limit:<8}{accuracy(proud, attack(proud, images, labels, limit), labels):.0%}")

# %% [markdown]
r"""
Better than training against attacks, and free! Before you buy: what has changed? Not one answer, for the largest of ten numbers stays the largest when all
are multiplied by the same positive number. **Question:** why does the attack fail, then? And how would you attack it all the same?

<details><summary>When you have an idea</summary>

Multiplied by ten thousand, the right class of nearly every picture that is read correctly has a probability of 1, to the last digit that float32 can hold.
There the loss is exactly 0, and so is its gradient. The sign of 0 is 0: the attack stands on a plain and does not know where to go. The hill is still there.
Nobody has moved it; somebody has switched off the light. So use somebody else's light: attack the network *without* the line, or any other one, and send the
result in.

</details>
"""

# %% tags=["nbval-ignore-output"]
borrowed = by_walk                                                      # made for the network without the line
stranger = pgd(other, images, labels, 0.1, 0.02, 10)                    # made for a network of other weights
slope = input_gradient(proud, images, labels).flatten(1)
print(f"pictures without any slope:              {(slope == 0).all(dim=1).float().mean():.0%}")
print(f"attacked by way of the network inside:   {accuracy(proud, borrowed, labels):.0%} are read correctly")
print(f"attacked by way of another network:      {accuracy(proud, stranger, labels):.0%}")

# %% [markdown]
r"""
It defends nothing. It is called a **[hidden gradient](../glossary.md#obfuscated-gradient)**, in the literature *obfuscated gradient* or *gradient masking*,
and it is not a joke. A defence of 2016, *defensive distillation*, worked by making the network very sure; Nicholas Carlini and David Wagner undid it a year
later. And in 2018 Anish Athalye, Nicholas Carlini and David Wagner took up the nine defences that one large conference had just accepted and that had not
been proved. Seven of the nine rested on hidden gradients: steps that cannot be differentiated, randomness, or networks so deep that the gradient drowns.
They broke six of those entirely and one in part. Two years on Florian Tramèr and colleagues did it again, with thirteen.

What the paper of 2018 left is better than a defence: a list of signs that somebody hides.

1. One step does more harm than many. (Many steps can do what one can.)
2. A borrowed attack, from another network, does more harm than one of its own.
3. With an unlimited epsilon the attack does not reach 100 %. (With an unlimited epsilon I can show you another picture.)
4. A larger epsilon does no more harm.
5. Trying at random finds pictures that the gradient did not.

The defence above shows all but the first: put .3 and 1 into its cell, and look at PGD and at the coins. And the moral: **a defence is attacked by somebody
who knows it.** Accuracy under an attack that was made for something else says nothing.

What is known, then, in 2026? Adversarial training holds as far as it goes; *AutoAttack*, four attacks without a knob to turn, and the *RobustBench* list
measure who goes further (Francesco Croce and Matthias Hein, 2020; with others, 2021). There are defences with a *proof*: ask the network about many noisy
copies and take the vote. As long as the change of the whole picture is small enough (square the changes of all pixels, add them up, take the root: the
*radius* limits that, and not each pixel by itself), nobody can change the vote, except with a chance as small as one likes, such as one in a thousand
(**[randomised smoothing](../glossary.md#randomised-smoothing)**; Jeremy Cohen, Elan Rosenfeld and Zico Kolter, 2019). The radius is small.
Nobody has a network that reads photographs as well as a person in the worst case.

Nor is it about pictures only. In 2023 Andy Zou and colleagues let gradients propose which *words* to exchange, tried them, and found strings of gibberish
which, put behind a question, made chatbots of that year answer what they were trained to refuse. They were found on open models, and worked on some closed
ones: transfer again.

## 8. Who would do that?
Back to the stop sign. Somebody wants cars to run over a crossing. Will they compute a sticker, for a network that they do not have, in light that they do
not know? Justin Gilmer and colleagues asked this in 2018, and their answer is worth more than another defence: **they will take the sign away**. Or put a
bag over it. A branch, snow and a lorry do it without being asked. A car that cannot bear a missing sign is not safe, whatever its network does about pixels;
and one that can (by its map, by the other cars, by driving slowly) can bear a sticker that hides the sign, too. (A sticker that makes a sign *say* something
false is a case of its own: there the map has to contradict.) A stop sign is not attacked by pixels.

So before any defence, write down four things. Together they are called a **[threat model](../glossary.md#threat-model)**. All attacks here come after
training. Who can slip pictures into the training set (*poisoning*) is another case of the same table.

| | the cat | a stop sign | a filter for forbidden pictures |
|---|---|---|---|
| who, and what do they gain? | you; a lesson | a vandal; nothing that a spray can would not give | somebody who sells them; money, every day |
| what may they change? | every pixel, a little | the sign, visibly; not the camera | everything, as long as people still want the picture |
| what do they know, how often may they try? | the weights; without end | little; once, outdoors | they see what passes; thousands of times |
| what does it cost if they succeed? | nothing | perhaps a life, and there are other safeguards | what the filter was for |

Small epsilons are the right model for hardly any of this. They are the right *test*: a network that cannot stand even the least change of all is nothing to
build on by itself. For the filter, on the right, attacks are a daily affair, of the crude kind: mirrored, framed, tinted, and tried until it passes. There
epsilon is not the question at all. It is how often one may try, and who looks at what is borderline. Lesson 16 is about that: watch, fail gracefully, limit
the worst case, and do not rely on the model alone.
"""

# %% [markdown]
r"""
## Quiz (10 minutes)
Five questions, one letter each. Run the next cell and click, or write the letters between the quotes below it. Who learns alone is told at once whether they
are right, and why not; in a class it may be told when you hand in.
"""

# %% quiz="fooling" points=10
[
    {"ask": "The panda became a gibbon. What had been added to it?",
     "choices": {"a": "random noise, which confuses networks", "b": "a faint picture of a gibbon",
                 "c": "at each pixel the same small amount, with the sign of the gradient of the loss"},
     "right": "c",
     "because": {"a": "noise of that size does nothing to speak of: its pulls cancel each other out",
                 "b": "look at the change: no gibbon is to be seen in it"}},
    {"ask": "Why does FGSM take the sign of the gradient, and not the gradient?",
     "choices": {"a": "because each pixel may go equally far, and going all the way is best for each", "b": "because the sign is faster to compute",
                 "c": "because gradients by pixels are too inexact to be trusted"},
     "right": "a",
     "because": {"b": "the gradient has to be computed first; the sign is one operation more",
                 "c": "they are as exact as those by weights, with which networks are trained"}},
    {"ask": "After each step PGD projects. Around what?",
     "choices": {"a": "around the picture of the step before", "b": "around the picture that came in", "c": "around grey"},
     "right": "b",
     "because": {"a": "then every step would be allowed, and after many of them the picture could be anywhere",
                 "c": "the limit is on how far the picture changed, not on how bright it is"}},
    {"ask": "Somebody's defence leaves 90 % against PGD at every epsilon, even at epsilon 1. What do you make of it?",
     "choices": {"a": "the best defence so far", "b": "it was trained with a large epsilon",
                 "c": "the attack has failed to find what must be there: the gradient is probably hidden"},
     "right": "c",
     "because": {"a": "at epsilon 1 every picture may become any other: no network can read what is no longer there",
                 "b": "no training helps where the attacker may hand in another picture"}},
    {"ask": "You keep your network's weights secret. Does that protect it?",
     "choices": {"a": "yes: without weights there is no gradient", "b": "not much: pictures that fool a similar network often fool yours, too",
                 "c": "yes, if it is large enough"},
     "right": "b",
     "because": {"a": "there is one of another network, trained on your network's answers; attacks transfer",
                 "c": "size has saved none: the one with the cat has more than two hundred times as many weights as your digit reader, "
                      "and far larger ones fall, too"}},
]

# %% [markdown]
r"""
## What to remember
1. The gradient by the pixels says how to change a picture so that a network errs. Each pixel does little; together, all one way, they do everything. Random
   noise of the same size does not.
2. One step of signs is FGSM. Small steps, each brought back within the limits around the original, are PGD; towards a class of your choice, if you like.
3. A fooled network is often sure, and another network is often fooled along with it. Neither doubt nor secrecy is a defence.
4. Training on attacked pictures holds for the attacks that it was trained on. What seems to hold for free mostly hides its gradient: a defence counts when
   somebody who knows it has tried to break it.
5. Ask who would do what, with which means, and what follows. A stop sign is not attacked by pixels, and a photograph from an odd angle fools a network
   without any attacker.

## Terms
[adversarial example](../glossary.md#adversarial-example), [input gradient](../glossary.md#input-gradient), [fast gradient sign
method](../glossary.md#fast-gradient-sign-method), [projection](../glossary.md#projection), [projected gradient
descent](../glossary.md#projected-gradient-descent), [targeted attack](../glossary.md#targeted-attack), [transfer of
attacks](../glossary.md#transfer-of-attacks), [natural adversarial example](../glossary.md#natural-adversarial-example), [robust
accuracy](../glossary.md#robust-accuracy), [adversarial training](../glossary.md#adversarial-training), [obfuscated
gradient](../glossary.md#obfuscated-gradient), [randomised smoothing](../glossary.md#randomised-smoothing), [threat model](../glossary.md#threat-model)

## Where to read on
- Battista Biggio and others, *Evasion Attacks against Machine Learning at Test Time*, European Conference on Machine Learning, 2013.
- Christian Szegedy and others, *Intriguing Properties of Neural Networks*, International Conference on Learning Representations, 2014. Where it began for
  deep networks.
- Ian Goodfellow, Jonathon Shlens and Christian Szegedy, *Explaining and Harnessing Adversarial Examples*, International Conference on Learning
  Representations, 2015. The panda, figure 1, and why.
- Alexey Kurakin, Ian Goodfellow and Samy Bengio, *Adversarial Examples in the Physical World*, 2016. Many steps.
- Aleksander Madry and others, *Towards Deep Learning Models Resistant to Adversarial Attacks*, International Conference on Learning Representations, 2018.
  PGD, and training against it.
- Anish Athalye, Nicholas Carlini and David Wagner, *Obfuscated Gradients Give a False Sense of Security*, International Conference on Machine Learning, 2018;
  Florian Tramèr and others, *On Adaptive Attacks to Adversarial Example Defenses*, Neural Information Processing Systems, 2020. Read these before you invent
  a defence.
- Nicholas Carlini and David Wagner, *Towards Evaluating the Robustness of Neural Networks*, IEEE Symposium on Security and Privacy, 2017. The end of Nicolas
  Papernot and others, *Distillation as a Defense to Adversarial Perturbations*, at the same place a year before.
- Nicolas Papernot and others, *Practical Black-Box Attacks against Machine Learning*, Asia Conference on Computer and Communications Security, 2017.
- Tom Brown and others, *Adversarial Patch*, 2017. The toaster.
- Anish Athalye, Logan Engstrom, Andrew Ilyas and Kevin Kwok, *Synthesizing Robust Adversarial Examples*, International Conference on Machine Learning, 2018.
  The turtle.
- Kevin Eykholt and others, *Robust Physical-World Attacks on Deep Learning Visual Classification*, Computer Vision and Pattern Recognition, 2018, and
  *Physical Adversarial Examples for Object Detectors*, USENIX Workshop on Offensive Technologies, 2018; between them Jiajun Lu and others, *Standard
  Detectors aren't (Currently) Fooled by Physical Adversarial Stop Signs*, 2017.
- Adam Harvey, *CV Dazzle*, New York University, 2010; Mahmood Sharif and others, *Accessorize to a Crime*, Computer and Communications Security, 2016; Andrew
  Du and others, *Physical Adversarial Attacks on an Aerial Imagery Object Detector*, Winter Conference on Applications of Computer Vision, 2022.
- Logan Engstrom and others, *Exploring the Landscape of Spatial Robustness*, International Conference on Machine Learning, 2019; Dan Hendrycks and others,
  *Natural Adversarial Examples*, Computer Vision and Pattern Recognition, 2021; Alec Radford and others, *Learning Transferable Visual Models From Natural
  Language Supervision*, International Conference on Machine Learning, 2021.
- Dimitris Tsipras and others, *Robustness May Be at Odds with Accuracy*, International Conference on Learning Representations, 2019; Andrew Ilyas and others,
  *Adversarial Examples Are Not Bugs, They Are Features*, Neural Information Processing Systems, 2019.
- Jeremy Cohen, Elan Rosenfeld and Zico Kolter, *Certified Adversarial Robustness via Randomized Smoothing*, International Conference on Machine Learning,
  2019.
- Francesco Croce and Matthias Hein, *Reliable Evaluation of Adversarial Robustness with an Ensemble of Diverse Parameter-Free Attacks*, International
  Conference on Machine Learning, 2020; Francesco Croce and others, *RobustBench*, Neural Information Processing Systems, Datasets and Benchmarks, 2021.
- Justin Gilmer and others, *Motivating the Rules of the Game for Adversarial Example Research*, 2018. Who would do that?
- Andy Zou and others, *Universal and Transferable Adversarial Attacks on Aligned Language Models*, 2023.
- In practice: *Foolbox* (Jonas Rauber and others, 2020), with which this lesson's functions are compared in the course's tests.

Next: lesson 13 asks a network for its reasons, and finds one that had read the watermark and not the picture.
"""

# %% folded=true tags=["nbval-ignore-output"]
from course.desk.ending import ending

ending("A cat within .007 of itself was a gibbon, to a network that was over 99 % sure; training against such attacks more than doubled what was still read.")
