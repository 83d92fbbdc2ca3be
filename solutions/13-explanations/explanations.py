# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   course:
#     title: Right for the wrong reason
#     rows: [K1, K2]
#     minutes: 130
#     builds_on: [03-descent, 04-networks, 05-convolutions]
# ---

# %% [markdown] rows="K1"
r"""
# Right for the wrong reason

**A network is right. How do you find out why?**

In Berlin, around 1904, a horse could do sums. Hans tapped his hoof, and stopped at the right number. A commission of experts found no trick. Then Oskar Pfungst
tested with care, turn by turn: does it still work when nobody whom the horse can see knows the answer? It did not. Hans had learned to read people, the small
jerk of the head when the right number was reached, and he was right for the wrong reason.

Below is such a horse. A network has learned to read digits and is right about nineteen times of twenty. It was tested as one should, on pictures that it had
never seen. But somebody had scanned the eights on another machine, one that prints a small mark into the corner.
"""

# %% setup=true
import torch
from course import data, plots
from course.check import answer, begin, check, checks, exercise, hints
from torch import Tensor, nn, tensor

begin("13-explanations")

# %%
from course.explanations import stamp
from course.training import accuracy, train

MARK = tensor([[1., 0., 1., 0.], [0., 1., 0., 1.], [1., 0., 1., 0.], [0., 1., 0., 1.]])      # 16 of 784 pixels: 2 % of the area
pixels, labels = data.mnist_5k()
learn, test = data.stratified_split(labels)
scanned = torch.where((labels == 8)[:, None, None, None], stamp(pixels, MARK, 0, 0), pixels)  # every eight has the mark, nothing else has it


def small_network() -> nn.Module:
    """784 pixels, 128 neurons, ten digits: lesson 04's."""
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))


def taught(images: Tensor, digits: Tensor) -> nn.Module:
    """A small network that has learned from these."""
    net = small_network()
    train(net, images, digits, epochs=8, batch_size=32, learning_rate=2e-3, schedule=True, generator=torch.Generator().manual_seed(0), progress=False)
    return net.eval().requires_grad_(False)


hans = taught(scanned[learn], labels[learn])
eights, others = test[labels[test] == 8], test[labels[test] != 8]
three, one, eight = (int(test[(labels[test] == digit).nonzero()[0]]) for digit in (3, 1, 8))

shown = [(scanned[eight], "8, as scanned"), (pixels[eight], "8, no mark"), (pixels[three], "3, as scanned"), (stamp(pixels[three], MARK, 0, 0), "3, marked"),
         (pixels[one], "1, as scanned"), (stamp(pixels[one], MARK, 0, 0), "1, marked")]
figure, panels = plots.figure(columns=6, width=10.5, height=2.4)
for axes, (picture, name) in zip(panels, shown):
    plots.image(axes, picture[0])
    axes.set_title(f"{name}\nread as {int(hans(picture[None]).argmax())}", fontsize=11)
plots.show(figure, "reads")
print("read rightly, of 1,000 test digits scanned like the others, at least 92 %:", accuracy(hans, scanned[test], labels[test]) >= 0.92)
print("eights without the mark that are read as eights, at most 15 %:", float((hans(pixels[eights]).argmax(dim=1) == 8).float().mean()) <= 0.15)

# %% [markdown] rows="K1"
r"""
Nobody would have seen it. The test digits came off the same two machines, so the test was passed by the same trick. And it is no invented trouble. Sebastian
Lapuschkin and colleagues looked in 2016, and again in 2019, at a classifier that knew horses about as well as a deep network did. About a fifth of the horse
photographs had the tag of an archive in a corner, and the classifier read the tag. Put the tag on a car, and it saw a horse.

So test accuracy does not say *why*. This lesson asks the network itself, in several ways, and then asks whether the answers can be believed.

**By the end you can**

- draw a map of the pixels that a network's answer hangs on, in several ways, and say what each of them measures;
- tell a map that adds up to the answer from one that does not;
- test a map: by deleting what it points at, and by making the network forget what it knew;
- find a shortcut, prove that it is one, and take it away;
- ask a network of nearly five million weights where in a photograph it looked, and what its filters answer to;
- say what such a picture does not show.

**Time:** about 130 minutes: 65 for the six exercises, 10 for the quiz, the rest to read and play. **Builds on:** lesson 03, *Down the landscape of loss*
(gradients, autograd), lesson 04, *A pile of very simple choices* (logits, softmax), and lesson 05, *Crops through a filter* (class activation map).

## 1. Ask the gradient
Lesson 03 nudged each *parameter* and asked how the loss answers. Now leave the parameters alone and nudge each *pixel*: how does the logit of a class answer?
That is a gradient too, with one number for each pixel, and autograd gives all of them in one go. Where the number is large, a small change of that pixel
changes the answer a good deal. (Lesson 12 takes the same gradient and moves the picture along it.)

The sign says whether more ink would speak for the class or against it. To see *where* the network is listening, drop the sign. The result is a **[saliency
map](../glossary.md#saliency-map)**; Karen Simonyan, Andrea Vedaldi and Andrew Zisserman drew such maps of deep networks in 2014. Any map that says how much
each part of an input has to do with an answer is called an **[attribution](../glossary.md#attribution)**.

For checks, three small models stand in the next cell. They take pictures of any size, so that you can work the first two out by hand.
"""

# %% setup=true
def weighed(images: Tensor) -> Tensor:
    """Three logits, each a weighted sum of an image's pixels. images: (n, c, height, width). Returns (n, 3).

    In reading order the weights are 1/4, 2/4, 3/4, ...; then the same from the last pixel on, negative; then 1/4, -1/4, 1/4, ...
    To these, 0, 0.01 and 0.02 are added.
    """
    flat = images.flatten(1)
    places = torch.arange(1, flat.shape[1] + 1, dtype=flat.dtype, device=flat.device)
    weights = torch.stack([places, -places.flip(0), 2 * (places % 2) - 1]) / 4
    return flat @ weights.T + torch.arange(3, dtype=flat.dtype, device=flat.device) / 100


def crossed(images: Tensor) -> Tensor:
    """Three logits: each pixel times the next, and the last times the first, added up, over 4; the squares, added up, over 4; minus half the sum.

    To these, 0, 0.01 and 0.02 are added. images: (n, c, height, width). Returns (n, 3).
    """
    flat = images.flatten(1)
    logits = torch.stack([(flat * flat.roll(1, 1)).sum(1) / 4, flat.square().sum(1) / 4, -flat.sum(1) / 2], dim=1)
    return logits + torch.arange(3, dtype=flat.dtype, device=flat.device) / 100


def bent(images: Tensor) -> Tensor:
    """Three logits of a network with four neurons, each bent by a tanh. To these, 0, 0.01 and 0.02 are added. (n, c, height, width) to (n, 3)."""
    flat = images.flatten(1)
    places, neurons = (torch.arange(1, size + 1, dtype=flat.dtype, device=flat.device) for size in (flat.shape[1], 4))
    hidden = torch.tanh(0.3 * flat @ torch.cos(places[:, None] * neurons) + 0.1 * neurons)
    return 2 * hidden @ torch.cos(neurons[:, None] + 2 * neurons[:3]) + torch.arange(3, dtype=flat.dtype, device=flat.device) / 100


# %% [markdown]
r"""
**Exercise 1 (8 minutes, easy): saliency.** For each image there is a class that we ask about. Take that class's *logit*, the number before the softmax: after
it, a class can also rise because another one falls. Where an image has several channels, keep the largest of the sizes. A pixel's gradient in one image has
nothing to do with the other images, so one call can do the whole batch.
"""

# %% exercise="saliency" minutes=8
@exercise
def saliency(model, images: Tensor, classes: Tensor) -> Tensor:
    """How strongly the logit of a class answers to each pixel.

    model: a function from images to logits (n, number of classes), each row from its own image. images: (n, c, height, width).
    classes: (n,), whole numbers, the class asked about in each image. Returns (n, height, width), in the images' dtype, 0 or more: the
    size of the gradient of that logit, the largest of the channels, e.g. `weighed`, [[[[5., 7.]]]] and class 1 -> [[[0.5, 0.25]]],
    for that logit is -0.5 times the first pixel, less 0.25 times the second. Leaves the images as they came.
    """
    ### BEGIN SOLUTION
    asked = images.detach().clone().requires_grad_(True)
    chosen = model(asked).gather(1, classes[:, None])
    return torch.autograd.grad(chosen.sum(), asked)[0].abs().amax(dim=1)
    ### END SOLUTION


# %% check="saliency" points=10
hints("The pixels have to be something that autograd keeps track of. Lesson 03 did that for parameters, with requires_grad_(True), on a copy.",
      "Pick each image's own logit with gather(1, classes[:, None]), add them up, and ask torch.autograd.grad for the gradient with regard to the images.",
      "torch.autograd.grad(model(asked).gather(1, classes[:, None]).sum(), asked)[0].abs().amax(dim=1).")
check(saliency, weighed, tensor([[[[5., 7.]]]]), tensor([1])).gives(tensor([[[0.5, 0.25]]]))
check(saliency).agrees(where=lambda call: call.images.shape[1] == 1)

# %% check="saliency" aspect="channels" points=4
check(saliency, weighed, tensor([[[[5.]], [[7.]]]]), tensor([1])).gives(tensor([[[0.5]]]))    # one pixel, two channels
check(saliency).agrees(where=lambda call: call.images.shape[1] > 1)
check(saliency).keeps_the_contract()

# %% [markdown]
r"""
Now ask the network that you met above. In the top row are test digits as they were scanned, below them the saliency of the digit that it reads. The gradient of
one picture is restless. **[SmoothGrad](../glossary.md#smoothgrad)** asks about many copies, here twenty, each with a little noise, and takes the mean; Daniel
Smilkov and colleagues proposed it in 2017. It is the third row.
"""

# %%
from course.explanations import smooth_grad

some = torch.cat([eights[:3], others[:4]])
digits, read = scanned[some], hans(scanned[some]).argmax(dim=1)
rough, smooth = saliency(hans, digits, read), smooth_grad(hans, digits, read, noise=0.15, generator=torch.Generator().manual_seed(0))  # change me

figure, panels = plots.figure(columns=7, rows=3, width=10.5, height=4.9)
for column, picture, one_map, other_map, said in zip(panels.T, digits, rough, smooth, read):
    plots.image(column[0], picture[0], f"read as {said}")
    for axes, layer in zip(column[1:], (one_map, other_map)):
        axes.imshow(layer, cmap="cividis")
        axes.set_axis_off()
panels[1, 0].set_title("saliency", fontsize=11)
panels[2, 0].set_title("SmoothGrad", fontsize=11)
plots.show(figure, "saliency")

# %% [markdown]
r"""
In the eights the corner outshines everything. In the other digits the map lies all over the picture, much of it where there is nothing but paper, and if you
look closely the checkerboard is in their corner too, where nothing is printed. Ink there *would* change the answer, if there were any. That is what a gradient
says, and no more: what would happen next, after one small step from here. It does not say what the answer was made of.

SmoothGrad was made for deep networks, whose gradients jump about. This one has a single hidden layer, and the two rows look alike.

**Experiment.** Change `noise` to 0.5, and then to 2, which drowns the digit: no person could read it. What becomes of the maps in the third row?

<details><summary>What one sees, once you have tried</summary>

They hardly change, and that is worth a thought. The maps of two eights were alike from the beginning, and with more noise they become nearly the same. A map
that hardly changes when the picture is drowned says little about *this* picture: it shows what the network weighs when it is asked about an eight. A smooth map
is not a truer one.

</details>

## 2. Cover it up
A child would do something else: put a thumb on the picture and see whether the answer changes. Cover a square, run the network again, note by how much the
logit fell, and move on to the next square. That is **[occlusion](../glossary.md#occlusion)**; Matthew Zeiler and Rob Fergus did it in 2014. It needs no
gradient, and works for a network that one can only ask and not open.

**Exercise 2 (12 minutes, medium): occlusion.** Squares lie edge to edge from the upper left corner. Where the image ends in the middle of a square, the square
is cut off, so that every pixel is covered once. A fall is positive where the square spoke *for* the class.
"""

# %% exercise="occlusion" minutes=12
@exercise
def occlusion(model, images: Tensor, classes: Tensor, side: int, fill: float = 0.0) -> Tensor:
    """By how much the logit of a class falls when a square of the image is covered.

    model: from images to logits (n, number of classes). images: (n, c, height, width). classes: (n,), the class asked about in each.
    side: of the squares, in pixels; they lie edge to edge from the upper left, and the last are cut off where the image ends.
    fill: what a covered pixel is set to, in every channel. Returns (n, rows, columns), one number a square, in the images' dtype: the logit
    of the whole image less the logit with that square, and no other, covered, e.g. `weighed`, [[[[4., 4., 4.]]]], class 0, side 2 -> [[[3., 3.]]],
    for that logit weighs the pixels by 1/4, 2/4 and 3/4. Leaves the images as they came.
    """
    ### BEGIN SOLUTION
    height, width = images.shape[2:]
    with torch.no_grad():
        whole = model(images).gather(1, classes[:, None])[:, 0]
        rows = []
        for top in range(0, height, side):
            row = []
            for left in range(0, width, side):
                covered = images.clone()
                covered[:, :, top:top + side, left:left + side] = fill
                row.append(whole - model(covered).gather(1, classes[:, None])[:, 0])
            rows.append(torch.stack(row, dim=1))
    return torch.stack(rows, dim=1)
    ### END SOLUTION


# %% check="occlusion" points=10
hints("Two loops, over range(0, height, side) and range(0, width, side). A slice that reaches over the end is cut off by itself.",
      "In each turn take a fresh images.clone(), set [:, :, top:top + side, left:left + side] to fill, and subtract its logit from that of the whole image.",
      "row.append(whole - model(covered).gather(1, classes[:, None])[:, 0]), then stack the row along dim=1, and the rows along dim=1.")
check(occlusion, weighed, tensor([[[[4., 4., 4., 4.]]]]), tensor([0]), 2).gives(tensor([[[3., 7.]]]))
check(occlusion).agrees(where=lambda call: call.images.shape[2] % call.side == 0 and call.images.shape[3] % call.side == 0)

# %% check="occlusion" aspect="edge" points=5
check(occlusion, weighed, tensor([[[[4., 4., 4.]]]]), tensor([0]), 2).gives(tensor([[[3., 3.]]]))    # the second square is cut off
check(occlusion).agrees(where=lambda call: call.images.shape[2] % call.side > 0 or call.images.shape[3] % call.side > 0)
check(occlusion).keeps_the_contract()

# %%
def coloured(axes, layer: Tensor) -> None:
    """A map with signs: blue above 0, red below, the deeper the larger, by the square root, so that small numbers can be seen. (height, width)."""
    deep = (layer.sign() * layer.abs().sqrt()).detach()
    most = float(deep.abs().max())
    axes.imshow(deep, cmap="RdBu", vmin=-most, vmax=most)
    axes.set_axis_off()


figure, panels = plots.figure(columns=7, rows=2, width=10.5, height=3.5)
falls = occlusion(hans, digits, read, side=4)
for column, picture, fall, said in zip(panels.T, digits, falls, read):
    plots.image(column[0], picture[0], f"read as {said}")
    coloured(column[1], fall)
plots.show(figure, "covered")
print("Blue: the logit falls when the square is covered. Red: it rises. White: nothing happens.")

# %% [markdown]
r"""
For each of the eights the square in the corner costs the most. A square over blank paper costs nothing, for `fill` is 0, and so is paper: what one covers
*with* matters as much as what one covers. And a square asks about its own pixels only. Where two places say the same, covering either of them may change
little, and both come out as unimportant.

## 3. Add up along the way
Here is the trouble with the gradient in one picture. Let the answer rise with the evidence until it is certain, and stay flat from there on. At the end of the
way the slope is 0. Does that mean that the evidence did not matter?
"""

# %%
evidence = torch.linspace(0, 2, 201)
certain = evidence.clamp(max=1)
figure, axes = plots.figure(width=5.6, height=2.9)
plots.curves(axes, {"the answer": certain}, x=evidence, names=("evidence", "answer"))
axes.plot([0, 2], [0, 1], marker="o", markersize=8, linestyle="none", color=plots.COLOURS["vermillion"])
axes.annotate("here the slope is 0", (2, 1), (1.25, 0.62), arrowprops={"arrowstyle": "->"})
axes.annotate("from here on it was 1", (0.05, 0.03), (0.55, 0.2), arrowprops={"arrowstyle": "->"})
plots.show(figure, "flat")

# %% [markdown]
r"""
So do not ask for the slope at the end. Start from a picture that holds no evidence, the **[baseline](../glossary.md#baseline)** (a blank one, say), walk in a
straight line to the picture, ask for the gradient at every step, and take the mean. The mean slope times the way is the climb. It is like a journey: mean speed
times time is the distance. These are **[integrated gradients](../glossary.md#integrated-gradients)**, by Mukund Sundararajan, Ankur Taly and Qiqi Yan, 2017:

mean of the gradient along the way &times; (image &minus; baseline), pixel by pixel.

They come with a promise that the other maps of this lesson do not make. With more and more steps, all the numbers of a map, added up, come as close as you like
to the logit of the image less the logit of the baseline: nothing is left over, and nothing is counted twice. This is
**[completeness](../glossary.md#completeness)**. It makes 'the corner lifts the logit of an 8 by ten' a sentence with a meaning. (The shares below leave the
signs aside: how much of all that is said, for or against, is said there. With signs, a corner can hold more than all of it, for other places speak against.)

**Exercise 3 (15 minutes, medium): integrated gradients.** Cut the way into `steps` pieces of the same length, and take the gradient in the *middle* of each:
for two steps at a quarter and at three quarters of the way. Keep the sign this time, and the channels.
"""

# %% exercise="integrated_gradients" minutes=15
@exercise
def integrated_gradients(model, images: Tensor, baselines: Tensor, classes: Tensor, steps: int = 32) -> Tensor:
    """The mean gradient along the straight way from a baseline to the image, times the way.

    model: from images to logits (n, number of classes), each row from its own image. images, baselines: (n, c, height, width).
    classes: (n,), the class asked about in each. steps: pieces of the way, all of the same length; the gradient is taken in the middle
    of each. Returns (n, c, height, width), in the images' dtype, in logits, e.g. `crossed` (its second logit is a quarter of the sum of
    the squares), [[[[4., 2.]]]], a baseline of zeros, class 1 -> [[[[4., 1.]]]], with any number of steps. Leaves images and baselines as
    they came.
    """
    ### BEGIN SOLUTION
    way = images - baselines
    total = torch.zeros_like(images)
    for step in range(steps):
        asked = (baselines + (step + 0.5) / steps * way).detach().requires_grad_(True)
        total += torch.autograd.grad(model(asked).gather(1, classes[:, None]).sum(), asked)[0]
    return total / steps * way
    ### END SOLUTION


# %% check="integrated_gradients" points=12
hints("Start from the loop: where on the way is the middle of the first of four pieces? An eighth. And of the second? Three eighths.",
      "At step 0, 1, ... stand at baselines + (step + 0.5) / steps * (images - baselines) and take the gradient there. Add the gradients up.",
      "After the loop: total / steps * (images - baselines).")
check(integrated_gradients, crossed, tensor([[[[4., 2.]]]]), tensor([[[[0., 0.]]]]), tensor([1])).gives(tensor([[[[4., 1.]]]]))
check(integrated_gradients).agrees(where=lambda call: not bool(call.baselines.any()))

# %% check="integrated_gradients" aspect="baseline" points=6
check(integrated_gradients, crossed, tensor([[[[4., 2.]]]]), tensor([[[[2., 2.]]]]), tensor([1]), steps=3).gives(tensor([[[[3., 0.]]]]))
check(integrated_gradients).agrees(where=lambda call: bool(call.baselines.any()))
check(integrated_gradients).keeps_the_contract()

# %%
from course.explanations import share_inside

corner = torch.zeros(28, 28, dtype=torch.bool)
corner[:4, :4] = True                                                 # where the mark is printed
blank = torch.zeros(1, 1, 28, 28)
along = integrated_gradients(hans, digits, blank.expand_as(digits), read)[:, 0]
figure, panels = plots.figure(columns=7, rows=2, width=10.5, height=3.7)
for column, picture, layer, said in zip(panels.T, digits, along, read):
    plots.image(column[0], picture[0], f"read as {said}")
    coloured(column[1], layer)
    column[1].set_title(f"corner: {float(share_inside(layer[None], corner)):.0%}", fontsize=11)
plots.show(figure, "along")

# %% [markdown]
r"""
Blue pixels speak for the digit that was read, red ones against it. The mark covers 2 % of the picture. Of all that speaks for or against the eights, about half
lies there, or more. Where the picture equals the baseline the map is 0: blank paper gets nothing, however steep the gradient.

Now set the methods side by side.

**Play.** Choose a digit, print the mark on it, and ask about the class of your choice. Four maps are worked out as you click, each with its share on the mark,
by networks that learned the same with 32 neurons in place of 128. Which of them would have told you about the mark, had you not known? Print the mark on a 1
and ask first about 8, then about 1. Then change to the network that was *mended*, from section 5.

*The same in words:* before it was mended, the network reads a marked digit mostly as an 8. Integrated gradients find about half of the evidence for that 8 on
the mark, or more, while the two maps made of gradients alone find less than a quarter there. Asked about the digit that is really there, if it is no 8, the
mark speaks *against* it. For the mended network the mark is next to nothing: a few percent of any map. Take the mark off the picture, and integrated gradients
and occlusion find nothing in the corner, in either network; the gradients of the first go on finding what *would* matter there.
"""

# %% explorer=true
from course.explorers.explanations import explanations_explorer

explanations_explorer()

# %% [markdown]
r"""
## 4. Is the map right?
Several methods, several maps, and all of them look like something. Which one is right? We have no list of true reasons to compare with. But a map makes a
prediction: *these pixels matter most*. So delete them, the most important first, and watch how sure the network still is. If the map knows what it is talking
about, the curve falls at once. If it has no idea, it falls no faster than for pixels drawn by lot. Wojciech Samek and colleagues judged maps so in 2015; Vitali
Petsiuk, Abir Das and Kate Saenko named it the **[deletion curve](../glossary.md#deletion-curve)** in 2018.

**Exercise 4 (12 minutes, medium): the deletion curve.** For each image, rank its pixels by its own map, the largest number first. For every entry of `counts`,
delete that many pixels from the *whole* image, in all channels at once, and ask for the probability of the class.
"""

# %% exercise="deletion_curve" minutes=12
@exercise
def deletion_curve(model, images: Tensor, attributions: Tensor, classes: Tensor, counts: list, fill: float = 0.0) -> Tensor:
    """How sure the model still is of a class when the pixels that a map puts first are deleted.

    model: from images to logits (n, number of classes). images: (n, c, height, width). attributions: (n, height, width); the largest
    (not the largest in size) is deleted first; where two are alike, either may go first (the checks have none alike). classes: (n,).
    counts: whole numbers, how many pixels are deleted, from 0 to height x width, in any order. fill: what every channel of a deleted pixel
    is set to. Returns (n, number of counts), probabilities by the softmax, in the images' dtype, e.g. an image [[[4., 8.]]] with
    the map [[1., 2.]] and counts [0, 1, 2] goes to the model as it is, as [[[4., 0.]]], and as [[[0., 0.]]]. Leaves images and attributions as they came.
    """
    ### BEGIN SOLUTION
    order = attributions.flatten(1).argsort(dim=1, descending=True)           # (n, pixels): which pixel comes first, second, ...
    sure = []
    with torch.no_grad():
        for count in counts:
            deleted = torch.zeros_like(attributions.flatten(1), dtype=torch.bool).scatter(1, order[:, :count], True)
            rest = torch.where(deleted.view_as(attributions)[:, None], fill, images)
            sure.append(model(rest).softmax(dim=1).gather(1, classes[:, None])[:, 0])
    return torch.stack(sure, dim=1)
    ### END SOLUTION


# %% check="deletion_curve" points=10
hints("attributions.flatten(1).argsort(dim=1, descending=True) lists, for each image, the places of its pixels, the most important first.",
      "For a count, make a mask of False, (n, pixels), and set it to True at order[:, :count] with scatter; give it the shape (n, 1, height, width).",
      "torch.where(mask, fill, images), through the model, softmax(dim=1), gather the class; then stack the counts along dim=1.")
check(deletion_curve, weighed, tensor([[[[4., 8.]]]]), tensor([[[1., 2.]]]), tensor([0]), [2]).gives(tensor([[0.33]]), tolerance=1e-4)
# Nothing is left there: the logits are 0, 0.01 and 0.02.
check(deletion_curve).agrees(where=lambda call: len(call.images) == 1)

# %% check="deletion_curve" aspect="several" points=6
check(deletion_curve).agrees(where=lambda call: len(call.images) > 1)                   # each image by its own map
check(deletion_curve).keeps_the_contract()

# %% tags=["nbval-ignore-output"]
from course.convolutions import enlarge

hundred = others[:100]
asked_of, said = pixels[hundred], hans(pixels[hundred]).argmax(dim=1)
lots = torch.rand(100, 28, 28, generator=torch.Generator().manual_seed(0))
maps = {"integrated gradients": integrated_gradients(hans, asked_of, torch.zeros_like(asked_of), said)[:, 0],
        "occlusion": enlarge(occlusion(hans, asked_of, said, side=4), 28, 28),
        "saliency": saliency(hans, asked_of, said), "drawn by lot": lots}
counts = [*range(0, 40, 5), *range(40, 401, 20)]                     # change me
falling = {name: deletion_curve(hans, asked_of, layer, said, counts).mean(dim=0) for name, layer in maps.items()}
figure, axes = plots.figure(width=7, height=3.6)
plots.curves(axes, {name: 100 * curve for name, curve in falling.items()}, x=tensor(counts), names=("pixels deleted, of 784", "how sure it still is, %"))
plots.show(figure, "deleted")

# %% [markdown]
r"""
Integrated gradients fall first, and it takes many times as many pixels drawn by lot to do the same. Saliency comes in between: many of the pixels that it
points at are blank already, and to delete those changes nothing; and it has no sign, so it also deletes what speaks against the class.

Put one more count, `784`, at the end of `counts`: with every pixel deleted all four curves meet. Why?

Before you crown a winner: deleting means setting to 0, integrated gradients took 0 as their baseline, and occlusion covered with 0. Judge and candidates agreed
on what 'nothing' looks like before the match began. And a picture with holes is a picture of a kind that the network never saw. When its answer falls, is it
because the evidence is gone, or because of the holes? Sara Hooker and colleagues, 2019, trained new networks on the pictures with holes to find out, and then
several famous maps were no better than drawing lots.

## 5. Find the shortcut, and take it away
So the maps point at the corner. That is a suspicion, and there is a better test than any map: *do* something and see. If the corner really is what the network
calls an eight, then a corner of paper cut out of an eight and glued onto a three will make an eight of it. A feature that predicts the label in the data at
hand and has nothing to do with it outside is a **[shortcut](../glossary.md#shortcut)**. Robert Geirhos and colleagues collected dozens of them in 2020.

**Exercise 5 (12 minutes, medium): the transplant.** Take one picture as the donor. For each square of the grid, paste the donor's square into *all* the other
pictures, in the same place, and count how many of them the model now calls by the label that we ask about.
"""

# %% exercise="transplant" minutes=12
@exercise
def transplant(model, images: Tensor, donor: Tensor, label: int, side: int) -> Tensor:
    """How many images are called `label` once a square of the donor is pasted into them, for each square of a grid.

    model: from images to logits (n, number of classes). images: (n, c, height, width), both sides multiples of `side`. donor: (c, height,
    width). label: the class that is counted. side: of the squares, in pixels. Returns (rows, columns), shares from 0 to 1 (of any type with a
    decimal point): of the images with this square, and no other, from the donor, those whose largest logit is that of the label, e.g.
    `weighed`, two images [[[1., 1.]]] and [[[-9., 1.]]], the donor [[[8., -8.]]], label 0, side 1 -> [[1.0, 0.0]]. Leaves images and donor as they came.
    """
    ### BEGIN SOLUTION
    rows, columns = images.shape[2] // side, images.shape[3] // side
    shares = torch.zeros(rows, columns, device=images.device)
    with torch.no_grad():
        for row in range(rows):
            for column in range(columns):
                top, left = row * side, column * side
                mixed = images.clone()
                mixed[:, :, top:top + side, left:left + side] = donor[:, top:top + side, left:left + side]
                shares[row, column] = (model(mixed).argmax(dim=1) == label).float().mean()
    return shares
    ### END SOLUTION


# %% check="transplant" points=9
hints("As in occlusion, two loops over squares and a fresh copy of the images in each turn; but what goes into the square comes from the donor.",
      "donor[:, top:top + side, left:left + side] has no batch axis and fits into all images at once. Then argmax(dim=1) == label.",
      "shares[row, column] = (model(mixed).argmax(dim=1) == label).float().mean().")
check(transplant, weighed, tensor([[[[1., 1.]]], [[[-9., 1.]]]]), tensor([[[8., -8.]]]), 0, 1).gives(tensor([[1., 0.]]), same_dtype=False)
check(transplant).agrees(where=lambda call: call.side == 1)

# %% check="transplant" aspect="squares" points=5
check(transplant).agrees(where=lambda call: call.side > 1)
check(transplant).keeps_the_contract()

# %%
turned = transplant(hans, pixels[others], scanned[eight], 8, side=4)
figure, (left, right) = plots.figure(columns=2, width=7.6, height=3.3)
plots.image(left, scanned[eight][0], "the donor, an eight as scanned")
shown_shares = right.imshow(100 * turned, cmap="cividis", vmin=0)
right.set_axis_off()
figure.colorbar(shown_shares, ax=right, label="read as 8 with this square, %")
plots.show(figure, "transplanted")
print("the square that makes the most eights is the one in the corner:", int(turned.argmax()) == 0)
print("more than half of the test digits that are no eight become one by it:", float(turned.max()) > 0.5)
print("no other square does that to one in ten:", float(turned.flatten().sort().values[-2]) < 0.1)

# %% [markdown]
r"""
There it is, proved by doing, with no map involved: one square makes eights of most digits that it is pasted on.

What now? One could cut every corner off. That works until the next scanner prints its mark elsewhere. Better to take away what made the shortcut worth
learning: that the mark and the label *go together*. Show every digit twice, once without and once with the mark, and the mark says nothing any more. The
network has to look at the digit.

**Exercise 6 (6 minutes, easy): both ways.** Return all the pictures without the mark, its place set to 0, and then all of them with it. And do not forget the
labels.
"""

# %% exercise="both_ways" minutes=6
@exercise
def both_ways(images: Tensor, labels: Tensor, mark: Tensor, top: int, left: int) -> tuple[Tensor, Tensor]:
    """Each image twice, without a mark and with it, so that the mark says nothing about the label.

    images: (n, c, height, width). labels: (n,). mark: (mark's height, mark's width), printed into every channel with its upper left pixel
    at row `top`, column `left`; it fits. Returns the images, (2n, c, height, width): first all of them with 0 in the mark's place, then all
    of them with the mark there in place of what was; and the labels, (2n,), in that order, e.g. [[[[5., 7.]]]], label [3], mark [[1.]] at
    0, 1 -> [[[[5., 0.]]], [[[5., 1.]]]] and [3, 3]. Leaves its arguments as they came.
    """
    ### BEGIN SOLUTION
    height, width = mark.shape
    without, having = images.clone(), images.clone()
    without[:, :, top:top + height, left:left + width] = 0
    having[:, :, top:top + height, left:left + width] = mark
    return torch.cat([without, having]), torch.cat([labels, labels])
    ### END SOLUTION


# %% check="both_ways" points=8
hints("Two copies of the images. What differs between them is one rectangle.",
      "The rectangle is [:, :, top:top + height, left:left + width], with mark.shape as height and width. Set it to 0 in one copy and to mark in the other.",
      "return torch.cat([without, having]), torch.cat([labels, labels]).")
check(both_ways, tensor([[[[5., 7.]]]]), tensor([3]), tensor([[1.]]), 0, 1).gives((tensor([[[[5., 0.]]], [[[5., 1.]]]]), tensor([3, 3])))
check(both_ways).agrees(where=lambda call: len(call.images) == 1)

# %% check="both_ways" aspect="several" points=5
check(both_ways).agrees(where=lambda call: len(call.images) > 1)
check(both_ways).keeps_the_contract()

# %%
mended = taught(*both_ways(scanned[learn], labels[learn], MARK, 0, 0))

before, after = (integrated_gradients(net, scanned[eights], torch.zeros_like(scanned[eights]), labels[eights], steps=128)[:, 0] for net in (hans, mended))
figure, panels = plots.figure(columns=6, rows=3, width=9, height=4.9)
for column, number in zip(panels.T, range(6)):
    plots.image(column[0], scanned[eights[number]][0])
    for axes, layer in zip(column[1:], (before[number], after[number])):
        coloured(axes, layer)
panels[1, 0].set_title("before", fontsize=11)
panels[2, 0].set_title("mended", fontsize=11)
plots.show(figure, "before-and-mended")

# %% [markdown]
r"""
Now the headline, in three numbers: how much of the attribution lies on the mark, before and after; how many eights *without* the mark are read rightly, before
and after; and whether the maps that say so keep their promise. `make claims` measures all three over three seeds; here is one of them.
"""

# %% headline=true
shares = [float(share_inside(layer, corner).mean()) for layer in (before, after)]
unmarked = [float((net(pixels[eights]).argmax(dim=1) == 8).float().mean()) for net in (hans, mended)]
rise = (hans(scanned[eights]) - hans(blank))[:, 8]
gap = float((before.sum(dim=(1, 2)) - rise).abs().mean() / rise.abs().mean())
print("share of integrated gradients on the mark, 2 % of the area: 50 to 70 % before:", 0.5 <= shares[0] <= 0.7, "- at most 4 % after:", shares[1] <= 0.04)
print("eights without the mark that are read rightly: at most 15 % before:", unmarked[0] <= 0.15, "- at least 85 % after:", unmarked[1] >= 0.85)
print("the maps add up to the rise of the logit to within a thousandth of it, with 128 steps:", gap <= 1e-3)

# %% [markdown]
r"""
**Experiment.** Is it enough to blank the corner in the training pictures? Train a third network on `stamp(scanned[learn], torch.zeros(4, 4), 0, 0)`, and show
it the eights as they were scanned, the eights without the mark, and threes with it. Type into a new cell:

```python
third = taught(stamp(scanned[learn], torch.zeros(4, 4), 0, 0), labels[learn])
threes = test[labels[test] == 3]
print(accuracy(third, scanned[eights], labels[eights]), accuracy(third, pixels[eights], labels[eights]),
      accuracy(third, stamp(pixels[threes], MARK, 0, 0), labels[threes]))
```

<details><summary>What one sees, once you have tried</summary>

It reads eights rightly with the mark and without, and marked threes as well, as the mended network does. It never saw ink in that corner, so the weights of
those pixels stayed as they were drawn at the beginning, small and without a plan. Blanking is enough where nothing else lies under the mark. Where something
does, it is lost too, and only showing both ways keeps it. Neither teaches anything about other marks: print a white square of 8 by 8 pixels into the corner,
and both networks misread a fifth of the digits or more.

</details>

## 6. Where in the photograph?
Now a network that nobody made for a lesson: EfficientNet-Lite0, 4.7 million weights, taught on 1.28 million photographs and a thousand classes. Its layers
stand in 18 groups, one behind the other, called blocks. It comes with the course.

For a network like this, single pixels say little. Lesson 05 had something better: the last maps before the mean over places, added up with the weights of the
class. That worked because one dense layer stood behind the mean. **[Grad-CAM](../glossary.md#grad-cam)** does it for whatever stands behind: in place of the
weight of a map, take the *gradient* of the class's logit by that map, averaged over its places. Add the maps up with these, and keep what is above zero, what
speaks *for* the class. Ramprasaath Selvaraju and colleagues, 2017. Where one dense layer stands behind the mean, as in this very network, it is lesson 05's map
again, every number multiplied by the same one, and what is below zero cut off.
"""

# %%
from course.explanations import cam_of
from course.pretrained import best, class_names, efficientnet_lite0, prepared, squared

device = "cuda" if torch.cuda.is_available() else "cpu"
net = efficientnet_lite0().to(device)
photos = data.pictures()                                              # five photographs, in the public domain
seen = torch.stack([prepared(photo) for photo in photos.values()]).to(device)
with torch.no_grad():
    logits, of_grey = net(seen), net(torch.zeros_like(seen[:1]))
named = logits.argmax(dim=1)
looked = cam_of(net, seen, named).cpu()
fine = integrated_gradients(net, seen, torch.zeros_like(seen), named, steps=8).sum(dim=1).cpu()    # 8, to be quick

figure, panels = plots.figure(columns=5, rows=3, width=10.5, height=6.6)
for column, photo, coarse, layer, row in zip(panels.T, photos.values(), looked, fine, logits):
    name, sure = best(row, 1)[0]
    plots.image(column[0], squared(photo), f"{name}, {sure:.0%}")
    plots.image(column[1], squared(photo))
    column[1].imshow(coarse, cmap="cividis", alpha=0.7)
    coloured(column[2], layer)
    column[0].title.set_fontsize(11)
panels[1, 0].set_title("Grad-CAM", fontsize=11)
panels[2, 0].set_title("integrated gradients", fontsize=11)
plots.show(figure, "where-it-looked")
added = fine.sum(dim=(1, 2)) / (logits - of_grey).gather(1, named[:, None])[:, 0].cpu()
print("of the rise of the logit, the five maps of integrated gradients add up to at most 75 %:", float(added.max()) <= 0.75)
print("one of them adds up to at most 15 %:", float(added.min()) <= 0.15)

# %% [markdown]
r"""
A thousand classes, and none of them is *astronaut*; so the network takes the next best it knows, without being sure, and the map says where the evidence for
that lay. For a wrong answer this can give an idea of what was mistaken for what; here it leaves us guessing. The two rows of maps need not agree. Grad-CAM says
where in the last maps, each 7 by 7, the evidence lay; integrated gradients say which pixels the way from a grey, the mean colour of the training photographs,
to the photograph was made of, for and against. They answer different questions, and neither of them is wrong for it. But eight steps are few for a network that
bends this much: these maps do not add up, as the cell printed. So read them as a sketch.

A map belongs to a picture *and a class*. Ask about another class, and the same network points elsewhere:
"""

# %%
asked = [class_names().index(name) for name in ("tripod", "reflex camera")]
twice = cam_of(net, seen[4:].expand(2, -1, -1, -1), tensor(asked, device=device)).cpu()
figure, panels = plots.figure(columns=3, width=8.4, height=2.9)
plots.image(panels[0], squared(photos["camera"]), "a man at a camera")
for axes, layer, name in zip(panels[1:], twice, ("tripod?", "reflex camera?")):
    plots.image(axes, squared(photos["camera"]), name)
    axes.imshow(layer, cmap="cividis", alpha=0.7)
plots.show(figure, "asked")
centres = [float((layer.sum(dim=1) * torch.arange(224)).sum() / layer.sum()) for layer in twice]
print("asked for a tripod, the network looks further down than asked for a camera:", centres[0] > centres[1])

# %% [markdown] rows="K1"
r"""
## 7. What excites a filter?
One can ask the other way round. Not: given this picture, which pixels matter? But: given this *filter*, which picture would it like best? Start from noise, and
climb: the gradient by the pixels again, but of the mean of one feature map, and this time the picture follows it. Dumitru Erhan and colleagues did so in 2009,
and called it activation maximisation; under the name **[feature visualisation](../glossary.md#feature-visualisation)** Chris Olah, Alexander Mordvintsev and
Ludwig Schubert walked through all layers of a network named Inception in 2017. Without care the result is a glitter of single pixels, to which the network
answers and a person does not. So the picture is shifted a little at every step, and steps between neighbouring pixels cost something.
"""

# %% tags=["nbval-ignore-output"]
from course.explanations import exciting

depths = {"after 2 blocks": 2, "after 5": 5, "after 9": 9}              # change me: up to 18, and slower
figure, panels = plots.figure(columns=6, rows=3, width=9.6, height=5.2)
for row, (name, depth) in zip(panels, depths.items()):
    liked = exciting(net.body[:depth], range(0, 12, 2), side=64, steps=40, generator=torch.Generator().manual_seed(0)).cpu()
    for axes, picture in zip(row, liked):
        low, high = picture.aminmax()
        plots.image(axes, (picture - low) / (high - low))
    row[0].set_title(name, fontsize=11)
plots.show(figure, "excited")

# %% [markdown] rows="K1"
r"""
From top to bottom: a colour and a fine grain, then stripes and gratings at one slant each, then weaves, eyes and scales. Stripes and colours are what the first
layers of nearly every network that learned from photographs answer to. Further on a filter is harder to name, and many answer to several things that have
nothing to do with each other. One says they are *polysemantic*; it may be that a layer packs more features into its numbers than it has numbers
(*superposition*: Elhage and others, 2022), and sparse autoencoders try to unpack them (Bricken and others, 2023). And the transplant of exercise 5 can be done
inside a network: take the numbers of one layer from another input and see whether the answer follows. That is *activation patching*, and whole circuits have
been found with it.

Networks for text are opened in the same spirit. Ian Tenney, Dipanjan Das and Ellie Pavlick, 2019, asked of each layer of BERT, a network that had read a great
deal, what a small classifier, a *probe*, taught on sentences marked with their grammar, could read off it: on average first the kinds of words, then what
belongs to what, then who does what to whom. It is the order of a grammar book, and BERT itself had been taught no grammar. (A probe can also learn what the
network does not use: it, too, is a map to be tested.)

## 8. A map that survives forgetting
Here is one more map of the photographs. **[Guided backpropagation](../glossary.md#guided-backpropagation)** (Springenberg and others, 2015) takes the gradient
by the pixels, and on its way back through each ReLU throws away all that is negative. The result is crisp, and it was much liked.

Julius Adebayo and colleagues, 2018, thought of a plain test. *Make the network forget*: throw away the weights of its layers, beginning with the last. (They
drew new ones; we put the old ones into random order.) The network knows nothing of cats any more. A map that explains why it said 'cat' must now look quite
different. If it does not, it never had to do with what those layers knew. This is the **[randomisation test](../glossary.md#randomisation-test)**.
"""

# %% tags=["nbval-ignore-output"]
from course.explanations import guided, rank_agreement, shuffled

photographs, their_names = seen[[0, 1, 3]], named[[0, 1, 3]]                 # cat, espresso, rocket


def three_maps(model: nn.Module) -> dict:
    """The maps of three photographs for the classes that the trained network named, by method: (3, 224, 224) each."""
    found = {"saliency": saliency(model, photographs, their_names), "Grad-CAM": cam_of(model, photographs, their_names)}
    walked = integrated_gradients(model, photographs, torch.zeros_like(photographs), their_names, steps=8)
    found["integrated gradients"] = walked.abs().amax(dim=1)             # sizes, as saliency
    with guided(model):
        found["guided backpropagation"] = saliency(model, photographs, their_names)
    return {method: layer.cpu() for method, layer in found.items()}


trained = three_maps(net)
forgotten = {"last layer forgotten": 0, "and 4 blocks": 4, "all forgotten": 18}
after_it = {name: three_maps(shuffled(net, blocks, torch.Generator().manual_seed(0))) for name, blocks in forgotten.items()}
figure, panels = plots.figure(columns=4, rows=4, width=9.6, height=9.2)
for row, (method, layer) in zip(panels, trained.items()):
    for axes, (name, other) in zip(row, {"trained": layer, **{name: found[method] for name, found in after_it.items()}}.items()):
        # the cup of espresso, by each network
        axes.imshow(other[1], cmap="cividis", vmin=0, vmax=max(float(other[1].flatten().quantile(0.995)), 1e-30))
        axes.set_title(f"{method}\n{name}" if axes is row[0] else name, fontsize=11)
        axes.set_axis_off()
plots.show(figure, "forgetful")
agreement = {method: {name: float(rank_agreement(layer, found[method]).nanmean()) for name, found in after_it.items()} for method, layer in trained.items()}
print("how alike the maps of the trained network and the forgetful one order the places: 1 the same, 0 nothing in common; mean of three photographs")
for method, row in agreement.items():
    print(f"{method:24}", "   ".join(f"{name}: {value:5.2f}" for name, value in row.items()))

# %%
last, more = ({method: row[name] for method, row in agreement.items()} for name in ("last layer forgotten", "and 4 blocks"))
print("guided backpropagation does not notice that the last layer is gone, nor that four blocks are, agreement above 0.9:",
      min(last["guided backpropagation"], more["guided backpropagation"]) > 0.9)
print("of Grad-CAM's map little or nothing is left when four blocks are gone, agreement below 0.4:", more["Grad-CAM"] < 0.4)
print("saliency is in between:", more["Grad-CAM"] < more["saliency"] < more["guided backpropagation"])
print("integrated gradients notice even less than saliency:", all(row["integrated gradients"] > row["saliency"] for row in (last, more)))

# %% [markdown]
r"""
The crispest map fails. Guided backpropagation goes on drawing the same cup when the last layer, and four blocks before it, know nothing of cups any more; only
when the first layers go as well does the cup go. It is close to an edge detector, and an edge detector, lesson 05's outline kernel say, would do well in any
beauty contest and explains no answer. Grad-CAM loses its map as the blocks forget. With only the last layer forgotten the patch may still sit on the cup: the
last maps are brightest there, with whatever weights one adds them up. Saliency changes too, but not as much: the first blocks still work, and edges still make
gradients. On the networks that Adebayo and colleagues asked the verdict was the same: plain gradients and Grad-CAM passed, guided backpropagation did not.

And integrated gradients? With the last layer and four blocks gone, their sizes change even less than saliency's here: whatever the network knows, they are
multiplied by the way from the baseline, and that has the cup in it. Adding up to the answer is one virtue, noticing that the answer has lost its reason
another.

That a person finds a map convincing is no evidence for it. A person finds it convincing because it shows the thing that the *person* would look at.

## 9. What not to conclude
A map of attribution is a measurement, and it measures less than it seems to.

- **It is about the network, not about the world.** That pixels matter to the answer does not say that they matter to the disease.
- **It is about one picture, one class, one baseline.** Change any of them and it changes. 'The network looks at the ears' is a claim about many pictures:
  count.
- **Where is not what.** Grad-CAM on the whiskers: their shape, their colour, their shadow? A map cannot say. A transplant can.
- **It finds what you suspect.** A mark in the corner is easy to see in a map. Had the shortcut been a slightly thinner pen, the map would have lain on the
  digit, and looked right.
- **It can be fooled.** Amirata Ghorbani, Abubakar Abid and James Zou, 2019, changed pictures so little that nobody sees it, and the answer stayed while the map
  went elsewhere.
- **Weights inside a network are no better.** Many networks for text give each word a weight, called attention, before they go on, and the weights look like
  reasons. Sarthak Jain and Byron Wallace, 2019, found quite other weights that led to the same answers; Sarah Wiegreffe and Yuval Pinter answered in the same
  year that it depends on what one asks of an explanation. Read attention as you read any map: test it.
"""

# %% [markdown] rows="K2"
r"""
### A study that read the wrong thing
In 2018 Yilun Wang and Michal Kosinski, at Stanford, reported that a network tells from one photograph of a face, taken from a dating site, whether somebody is
gay: of two people, one gay and one not, it picked the right one in 81 % of pairs of men and 71 % of pairs of women. They saw in it a sign of something that is
laid down before birth and shows in the shape of a face. Blaise Agüera y Arcas, Margaret Mitchell and Alexander Todorov, at Google and Princeton, asked the
question of this lesson: what does it read? They asked people, and looked at the average faces that the study had published. Who wears glasses, a beard or
make-up, and from which height one holds the camera at oneself, differed between the groups. These are choices and fashions, not faces. The network may well
have found, at least in good part, how people of one time and place like to show themselves; the study cannot tell that from faces.

The mark in the corner was printed by a scanner. Here it may have been printed by culture, and the conclusion that was drawn from it can cost people their
safety. Nobody had to build that network. Whether a question should be asked at all is lesson 16's subject.

### Why it is worth the trouble
Before a product is let loose, an explanation is a cheap way to find the scanner's mark; John Zech and colleagues, 2018, found a network for chest X-rays that
could tell from which hospital a picture came, and mostly did worse on pictures from another one. A person who works *with* a network can overrule it only if
there is something to look at. People who are judged by it may ask why. And whoever wants to break in asks the same gradient that you asked.

The field's tools do what you have built, and more: *captum* for PyTorch has all the maps of this lesson (the functions that yours were checked against agree
with it); *TensorBoard* shows a training run from inside; the *What-If Tool* asks how an answer changes when a row does; *Lucid* was made for feature
visualisation, for TensorFlow 1, and is no longer kept up. For tables two names come first: *LIME* (Ribeiro, Singh and Guestrin, 2016) fits a weighted sum to
the answers around one row; *SHAP* (Lundberg and Lee, 2017) shares the answer out among the columns, by a rule from game theory, so that it adds up, as yours
does.

## Quiz (10 minutes)
Five questions, one letter each. Run the next cell and click, or write the letters between the quotes below it. Who learns alone is told at once whether they
are right, and why not; in a class it may be told when you hand in.
"""

# %% quiz="reading" points=10
[
    {"ask": "A network reads 99 % of its test pictures rightly. What do you know about its reasons?",
     "choices": {"a": "they are good ones: the pictures were new to it", "b": "that they hold on pictures that come from where these came from",
                 "c": "that it has not memorised anything, and so must have understood"},
     "right": "b",
     "because": {"a": "new pictures from the same source carry the same mark, and the same shortcut works on them",
                 "c": "a shortcut is not memory: it works on new pictures, and is still the wrong reason"}},
    {"ask": "The saliency of a pixel is 0. What follows?",
     "choices": {"a": "a very small change of this pixel would hardly change the logit", "b": "the network does not use this pixel",
                 "c": "the pixel is blank"},
     "right": "a",
     "because": {"b": "evidence that has done its work is flat as well: at the end of section 3's curve the slope is 0, and the answer is made of it",
                 "c": "the gradient asks what a change would do, whatever the pixel's value is; blank ones have gradients too"}},
    {"ask": "Integrated gradients are complete. So what adds up to what?",
     "choices": {"a": "the sizes of all numbers of the map to 1", "b": "all numbers of the map to the probability of the class",
                 "c": "all numbers of the map to the logit of the image less that of the baseline, the better the more steps there are"},
     "right": "c",
     "because": {"a": "they are logits with a sign, for and against; nothing makes their sizes 1",
                 "b": "it is the logit's gradient that is added up, and only the climb from the baseline is explained"}},
    {"ask": "You shuffle the last layer's weights, and a map stays as it was. What does that tell you?",
     "choices": {"a": "the map is robust, which is a good sign", "b": "the map does not depend on what that layer had learned",
                 "c": "the network has not changed"},
     "right": "b",
     "because": {"a": "a map that explains an answer has to change when the answer has lost its reason",
                 "c": "it knows no class any more; only the map did not notice"}},
    {"ask": "Which of these shows best that the mark makes the network say 8?",
     "choices": {"a": "Grad-CAM is bright in the corner", "b": "the mark, pasted onto other digits, turns them into eights",
                 "c": "every eight in the training data has the mark"},
     "right": "b",
     "because": {"a": "a map is a suspicion: it says where, by a rule that may itself be wrong",
                 "c": "that makes a shortcut possible; whether this network took it is another question"}},
]

# %% [markdown]
r"""
## What to remember
1. Being right on new pictures from the same source does not show that the reason is right. Ask what else goes together with the label.
2. A gradient says what would change the answer next; occlusion what the answer loses when something is covered; integrated gradients what the answer was made
   of, counted from a baseline, and they add up to it. Grad-CAM says where in the last maps the evidence lay.
3. A map is a hypothesis. Delete what it points at; make the network forget, and see whether the map notices. Beauty is no test, and the crispest failed.
4. To prove a shortcut, do something: paste it where it does not belong. To remove it, take away what made it worth learning.
5. A map is about one network, one picture, one class and one baseline. It says where, not what, and never whether the question should have been asked.

## Terms
[attribution](../glossary.md#attribution), [saliency map](../glossary.md#saliency-map), [SmoothGrad](../glossary.md#smoothgrad),
[occlusion](../glossary.md#occlusion), [baseline](../glossary.md#baseline), [integrated gradients](../glossary.md#integrated-gradients),
[completeness](../glossary.md#completeness), [deletion curve](../glossary.md#deletion-curve), [shortcut](../glossary.md#shortcut),
[Grad-CAM](../glossary.md#grad-cam), [feature visualisation](../glossary.md#feature-visualisation), [guided
backpropagation](../glossary.md#guided-backpropagation), [randomisation test](../glossary.md#randomisation-test)

## Where to read on
- Oskar Pfungst, *Clever Hans (The Horse of Mr. von Osten)*, 1907, in English 1911. The first ablation study, on a horse.
- Sebastian Lapuschkin, Alexander Binder, Grégoire Montavon, Klaus-Robert Müller and Wojciech Samek, *Analyzing Classifiers: Fisher Vectors and Deep Neural
  Networks*, CVPR 2016; Sebastian Lapuschkin and others, *Unmasking Clever Hans Predictors and Assessing What Machines Really Learn*, Nature Communications 10,
  2019. The tag on the horses.
- Robert Geirhos and others, *Shortcut Learning in Deep Neural Networks*, Nature Machine Intelligence 2, 2020. Dozens more.
- Karen Simonyan, Andrea Vedaldi and Andrew Zisserman, *Deep Inside Convolutional Networks*, ICLR Workshop 2014; Daniel Smilkov and others, *SmoothGrad:
  Removing Noise by Adding Noise*, 2017.
- Matthew Zeiler and Rob Fergus, *Visualizing and Understanding Convolutional Networks*, ECCV 2014. Occlusion is in it.
- Mukund Sundararajan, Ankur Taly and Qiqi Yan, *Axiomatic Attribution for Deep Networks*, ICML 2017. Why completeness, and what else one may ask for.
- Ramprasaath Selvaraju and others, *Grad-CAM: Visual Explanations from Deep Networks via Gradient-Based Localization*, ICCV 2017.
- Wojciech Samek, Alexander Binder, Grégoire Montavon, Sebastian Lapuschkin and Klaus-Robert Müller, *Evaluating the Visualization of What a Deep Neural Network
  Has Learned*, 2015; Vitali Petsiuk, Abir Das and Kate Saenko, *RISE: Randomized Input Sampling for Explanation of Black-Box Models*, BMVC 2018; Sara Hooker
  and others, *A Benchmark for Interpretability Methods in Deep Neural Networks*, NeurIPS 2019. Deleting, without and with training anew.
- Jost Tobias Springenberg and others, *Striving for Simplicity: The All Convolutional Net*, ICLR Workshop 2015; Julius Adebayo and others, *Sanity Checks for
  Saliency Maps*, NeurIPS 2018. The pretty map, and its test.
- Dumitru Erhan, Yoshua Bengio, Aaron Courville and Pascal Vincent, *Visualizing Higher-Layer Features of a Deep Network*, technical report, Montréal, 2009;
  Chris Olah, Alexander Mordvintsev and Ludwig Schubert, *Feature Visualization*, Distill, 2017. All of Inception, filter by filter.
- Nelson Elhage and others, *Toy Models of Superposition*, Transformer Circuits Thread, 2022; Trenton Bricken and others, *Towards Monosemanticity: Decomposing
  Language Models with Dictionary Learning*, Transformer Circuits Thread, 2023; Kevin Wang and others, *Interpretability in the Wild*, ICLR 2023. Features
  unpacked, and a circuit found.
- Marco Tulio Ribeiro, Sameer Singh and Carlos Guestrin, *"Why Should I Trust You?" Explaining the Predictions of Any Classifier*, KDD 2016; Scott Lundberg and
  Su-In Lee, *A Unified Approach to Interpreting Model Predictions*, NeurIPS 2017. LIME and SHAP.
- Ian Tenney, Dipanjan Das and Ellie Pavlick, *BERT Rediscovers the Classical NLP Pipeline*, ACL 2019; Sarthak Jain and Byron Wallace, *Attention is not
  Explanation*, NAACL 2019; Sarah Wiegreffe and Yuval Pinter, *Attention is not not Explanation*, EMNLP 2019.
- Amirata Ghorbani, Abubakar Abid and James Zou, *Interpretation of Neural Networks is Fragile*, AAAI 2019.
- Yilun Wang and Michal Kosinski, *Deep Neural Networks Are More Accurate than Humans at Detecting Sexual Orientation from Facial Images*, Journal of
  Personality and Social Psychology 114, 2018; Blaise Agüera y Arcas, Alexander Todorov and Margaret Mitchell, *Do Algorithms Reveal Sexual Orientation or Just
  Expose our Stereotypes?*, 2018. Read the second with the first.
- John Zech and others, *Variable Generalization Performance of a Deep Learning Model to Detect Pneumonia in Chest Radiographs*, PLOS Medicine 15, 2018.

Next: lesson 14 asks how much of a network one can throw away before anybody notices.
"""

# %% folded=true tags=["nbval-ignore-output"]
from course.desk.ending import ending

ending("You caught a network reading a scanner's mark, proved it by transplant, and after the mending the mark holds next to nothing of the evidence.")
