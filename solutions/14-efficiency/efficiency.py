# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   course:
#     title: Does size matter?
#     rows: [A5, C7, I1, I2, I3, I4, I5, I6]
#     minutes: 125
#     builds_on: [04-networks, 05-convolutions, 07-batchnorm, 09-transfer]
# ---

# %% [markdown] rows="I4"
r"""
# Does size matter?

**How much of a network can one throw away before anybody notices?**

Below are three networks that name photographs. The area of each square is the size of its file. Shown a photograph and allowed five guesses, each of the
three is wrong on 19.7 % of ImageNet's validation pictures, as SqueezeNet's authors measured all three.
"""

# %% setup=true
import copy
import math
from collections.abc import Sequence

import torch
from course import data, plots
from course.check import answer, begin, check, checks, exercise, hints
from torch import Tensor, nn, tensor

begin("14-efficiency")

# %% folded=true
files = {"AlexNet, 2012: 240 MB": (240, "sky"), "SqueezeNet, 2016: 4.8 MB": (4.8, "vermillion"), "the same, compressed: 0.66 MB": (0.66, "blue")}
figure, axes = plots.figure(width=8.4, height=3.7)
left = 0.0
for name, (megabytes, colour) in files.items():
    axes.bar(left, math.sqrt(megabytes), width=math.sqrt(megabytes), align="edge", color=plots.COLOURS[colour])
    axes.text(left, math.sqrt(megabytes) + 0.4, name if megabytes > 100 else name.replace(": ", ":\n"), fontsize=11)
    left += math.sqrt(megabytes) + 7
axes.set(xlim=(0, 40), ylim=(0, 18), aspect="equal")
axes.set_axis_off()
plots.show(figure, "three-squares")

# %% [markdown]
r"""
Forrest Iandola and colleagues made the second in 2016, and then the third out of it, 363 times smaller than AlexNet (0.47 MB with six bits a weight). It
does not follow that the numbers in a network are waste. It follows that *how many numbers* and *how good* are two questions. This lesson takes a network
that you train yourself, throws away what it can, writes the rest into a file, reads it back, and counts: bytes, operations, seconds, and digits read
wrongly.

**By the end you can**

- say what a training run costs, in days, money and energy, before it is begun;
- count a network's weights, operations and bytes, and say which of them is which;
- make a network smaller by fewer different numbers, fewer numbers, coarser numbers, thin matrices, or a small network with a teacher;
- tell a formula for bytes from a file, and operations from seconds;
- say where a network should run, and whether it has to be as good as it is.

**Time:** about 125 minutes: 60 for the six exercises, 10 for the quiz, the rest to read and play. **Builds on:** lesson 04, *A pile of very simple
choices* (weights, cross-entropy), lesson 05, *Crops through a filter*, lesson 07, *The scale of things* (folding), and lesson 09, *Standing on what was
learned*, whose network is weighed here.

## 1. What it costs to learn
"""

# %% [markdown] rows="I1"
r"""
Three training runs that were talked about before 2020, and one that costs less than a coffee. The first and the last are entries of a public contest,
*DAWNBench*, which named machine, hours and price.

| what | machine, hours or days | cost | how sure |
|---|---|---|---|
| names ImageNet's photographs, 93 % right in five guesses, 2018 | 2.96 hours | 72 dollars (25 is a spot price) | read in the contest's table |
| BERT, which fills gaps in texts, 2018 | 4 days on TPUs | about 6,900 dollars | reported by others than its authors; not checked |
| AlphaGo Zero, which plays Go, 2017 | 40 days | about 35 million dollars | Dan Huang's estimate (2018) of what repeating it would cost |
| names CIFAR-10's small photographs, 94 % right, 2018 | 6.7 minutes | 0.26 dollars | read in the contest's table |

Between the last row and the third lies a factor of a hundred million. The price
of a run is not a property of 'deep learning'; it is one of the choices.

It can be worked out beforehand, for networks of dense layers that read texts. There a weight is used once for each word, or piece of a word (*token*),
that the network reads: a multiplication and an addition, which makes two **[floating-point operations](../glossary.md#flop)**, FLOPs for short. (In this
lesson a multiplication and an addition always count two. Some papers count them as one, 'multiply-adds', and their figures are half as large.) On the way
back, lesson 04, the derivative is needed with respect to what came in and with respect to the weight, two operations each: four more. So six operations a
weight and token, a rule of Jared Kaplan and colleagues (2020), who count the weights without the embeddings and leave out the products inside attention:

$$\text{operations} = 6 \cdot \text{weights} \cdot \text{tokens}$$

A device has a best speed, on its data sheet, and reaches a share of it. Divide, and you have seconds. All devices together have to do the work, and each
is paid for, and draws power, as long as it lasts.

**Exercise 1 (8 minutes, easy): the bill.** Days, money and kilowatt-hours. A kilowatt-hour is a thousand watts for an hour.
"""

# %% exercise="training_cost" minutes=8
@exercise
def training_cost(
    parameters: float, tokens: float, devices: int, speed: float, used: float, watts: float, price: float
) -> tuple[float, float, float]:
    """What it costs to train a network at six operations a weight and token.

    parameters: how many weights. tokens: how many tokens the network reads in training. devices: how many work side by side, 1 or more.
    speed: operations a second that one device can do at best. used: the share of it that is reached, above 0, at most 1.
    watts: what one device draws. price: of one hour of one device. Plain numbers, all of them.
    Returns (days, money, kilowatt-hours), of all devices together, e.g. 1e9, 2e10, 10, 1e14, .5, 400, 2 -> (2.7778, 1333.33, 266.67).
    """
    ### BEGIN SOLUTION
    seconds = 6 * parameters * tokens / (devices * speed * used)
    hours = seconds / 3600
    return hours / 24, hours * devices * price, hours * devices * watts / 1000
    ### END SOLUTION


# %% check="training_cost" points=10
hints("First the operations. How many a second do all devices do together, at the speed that they really reach? Then you have seconds.",
      "seconds = 6 * parameters * tokens / (devices * speed * used). Days are seconds / 86,400. Each device is paid for by the hour, and there are `devices`.",
      "hours = seconds / 3600; then hours / 24, hours * devices * price, hours * devices * watts / 1000.")
check(training_cost, 1e9, 2e10, 10, 1e14, 0.5, 400, 2).gives((2.777777777777778, 1333.3333333333333, 266.6666666666667))
check(training_cost, 1e9, 2e10, 20, 1e14, 0.5, 400, 2).gives((1.388888888888889, 1333.3333333333333, 266.6666666666667))   # twice as many, half as long
check(training_cost).agrees()
check(training_cost).keeps_the_contract()

# %% [markdown] rows="I3"
r"""
**Experiment.** A network of 175 billion weights that reads 300 billion tokens, as GPT-3 of 2020 is reported to be and to have done. Devices, share, watts
and price are *our assumptions*: change them, and see which of the three numbers do not care how many devices there are.
"""

# %%
devices = 1000        # change me
days, money, energy = training_cost(175e9, 300e9, devices, speed=312e12, used=0.4, watts=400, price=2.0)
print(f"{devices} devices: {days:.0f} days, ${money / 1e6:.1f} million, {energy / 1e6:.2f} million kilowatt-hours")
print(f"one device: {days * devices / 365:.0f} years")

# %% [markdown] rows="I2 I3"
r"""
More devices make it faster. By this formula they make it neither cheaper nor greener, and that is with `used` held fixed. In fact devices wait for each
other, the share that is reached falls, and the run becomes *dearer*. Nor is everything in the bill: cooling, the rest of the machine, runs that failed and
the search for settings are not. And kilowatt-hours are not emissions: those depend on where the current comes from (Emma Strubell and colleagues, 2019).

Networks have grown as if this were no matter. In 2018 BERT-large had some 340 million weights. In 2019 the course that this one grew out of named
the largest when it was written: 8.3 billion, of NVIDIA, 24 times BERT-large. GPT-3, a year later, 175 billion, reported. **Why** they grow is section 9.

And here is the good news, which was good in 2019 and still is:

- You hardly ever pay for training from scratch. Lesson 09 stood on a network that somebody else had paid for.
- Your data are smaller than the web, and so is your bill: the digits of this lesson take seconds.
- Machines get faster for the same money, and many can be hired for an hour.
- It can be trained in one place and run in another. **Running** it is what happens a million times, and for that it can be made small.

The rest of the lesson is about the last line.

## 2. Count before you throw
"""

# %% [markdown] rows="I6"
r"""
A network has three sizes, and they are not the same. **Bytes** are what has to be stored, sent and loaded: four for each weight in float32. **Operations**
are what has to be computed. **Seconds** are what one waits, and depend on the machine as well.

Take a convolution, lesson 05. A kernel has `side` x `side` weights for each channel that it looks at, and there is one kernel for each channel that comes
out. Each weight is used once at each place. So its operations are its weights times the places, times two. A layer at the front of a network has few
weights and many places, one at the end many weights and few places.

In 2017 Andrew Howard and colleagues built a network for phones, *MobileNet*, out of an idea of Laurent Sifre's (2014): let each kernel look at **one**
channel only, and mix the channels afterwards by kernels of 1 x 1. The first half is a **[depthwise
convolution](../glossary.md#depthwise-convolution)**. In torch it is a convolution with as many `groups` as channels. With g groups the channels that come
in are cut into g heaps of neighbours, and those that go out as well; a kernel looks at its own heap only, channels / g of them.

**Exercise 2 (8 minutes, easy): weights and operations.** For one picture. The size of the maps that come out is given, so stride and padding are no
matter; there is no bias.
"""

# %% exercise="convolution_cost" minutes=8
@exercise
def convolution_cost(channels_in: int, channels_out: int, side: int, rows: int, columns: int, groups: int = 1) -> tuple[int, int]:
    """Weights and operations of a convolution without bias, for one picture. A multiplication and an addition count two.

    channels_in, channels_out: maps that come in and go out. side: of the square kernel, in pixels. rows, columns: of the maps that go out.
    groups: divides both numbers of channels; a kernel looks at channels_in / groups channels.
    Returns two ints, weights and operations, e.g. 3, 16, 3, 10, 8 -> (432, 69120), and 16, 16, 3, 10, 8, groups=16 -> (144, 23040).
    """
    ### BEGIN SOLUTION
    weights = channels_out * (channels_in // groups) * side * side
    return weights, 2 * weights * rows * columns
    ### END SOLUTION


# %% check="convolution_cost" points=8
hints("How many weights has one kernel? How many kernels are there? At how many places is each weight used?",
      "A kernel has side * side * (channels_in // groups) weights, there are channels_out kernels, and each weight is used at rows * columns places.",
      "weights = channels_out * (channels_in // groups) * side * side; operations = 2 * weights * rows * columns.")
check(convolution_cost, 3, 16, 3, 10, 8).gives((432, 69120))
check(convolution_cost).agrees(groups=1)
check(convolution_cost).keeps_the_contract()

# %% check="convolution_cost" aspect="groups" points=6
check(convolution_cost, 16, 16, 3, 10, 8, groups=16).gives((144, 23040))       # each kernel looks at one channel
check(convolution_cost).agrees(where=lambda call: call.groups > 1)

# %% [markdown]
r"""
Now for a real one. EfficientNet-Lite0, the network of lesson 09, is made of such halves. Your function goes over all of its layers; torch has a counter of
its own, which watches what is really called.
"""

# %%
from course.efficiency import layer_costs
from course.pretrained import best, efficientnet_lite0, prepared
from torch.utils.flop_counter import FlopCounterMode

network = efficientnet_lite0()
photographs = torch.stack([prepared(photo) for photo in data.pictures().values()])
costs = layer_costs(network, photographs[:1], convolution_cost)
weights, operations = (sum(part) for part in zip(*costs.values()))
with FlopCounterMode(display=False) as counter, torch.no_grad():
    network(photographs[:1])
print(f"{weights / 1e6:.2f} million weights in {len(costs)} layers, {operations / 1e6:.0f} million operations a picture")
print("as many as torch counts:", operations == counter.get_total_flops())


def without_groups(channels_in: int, channels_out: int, side: int, rows: int, columns: int, groups: int = 1) -> tuple[int, int]:
    """The cost if every kernel looked at all channels."""
    return convolution_cost(channels_in, channels_out, side, rows, columns)


undivided = layer_costs(network, photographs[:1], without_groups)
print(f"the same without groups: {sum(w for w, _ in undivided.values()) / 1e6:.0f} million weights, "
      f"{sum(o for _, o in undivided.values()) / 1e9:.0f} thousand million operations")

# %% [markdown] rows="I4 I6"
r"""
Without groups the same shape would have some 35 times the weights, more than VGG-19 in the table below, and more than thirty times the operations. That is
what a small architecture is. What does it cost? Howard and colleagues trained their network both ways, and report a seventh of the weights for about one
point of accuracy.

Here is the table that this lesson's course of 2019 had, with the one network in it that we can weigh. Sizes and errors of the first three were checked in
the papers; the rest of that table is as reported. Error: the right name is not among five guesses, on ImageNet.

| network | file, MB | error, % | |
|---|---|---|---|
| AlexNet | 240 | 19.7 | checked |
| SqueezeNet | 4.8 | 19.7 | checked |
| SqueezeNet, compressed | 0.66 | 19.7 | checked |
| Inception v3 | 84 | 5.6 | reported |
| ResNet-50 | 102 | 7.8 | reported |
| ResNet-200 | 519 | 4.8 | reported |
| VGG-19 | 574 | 7.5 | reported |
| EfficientNet-Lite0 | measured in the next cell | | reported with its weights: 75.1 % right at the *first* guess |

Read it twice. Larger networks of one family do better: 519 MB against 102. And size alone says little: 574 MB do worse than 84. We cannot measure the
error of the last row: that takes ImageNet. Its bytes we can, by writing the file:
"""

# %% tags=["nbval-ignore-output"]
from course.efficiency import pack, seconds, unpack

numbers = sum(value.numel() for value in network.state_dict().values())
print(f"EfficientNet-Lite0: {4 * numbers / 1e6:.1f} MB as float32, four bytes a number; squeezed by zlib {len(pack(network.state_dict())) / 1e6:.1f} MB")
with torch.no_grad():
    whole = seconds(lambda: network(photographs[:1]))
    full, single, mixing = (nn.Conv2d(112, 112, 3, padding=1), nn.Conv2d(112, 112, 3, padding=1, groups=112), nn.Conv2d(112, 112, 1))
    maps = torch.randn(8, 112, 28, 28)
    slow, fast = seconds(lambda: full(maps)), seconds(lambda: mixing(single(maps)))
fewer = convolution_cost(112, 112, 3, 28, 28)[1] / (convolution_cost(112, 112, 3, 28, 28, 112)[1] + convolution_cost(112, 112, 1, 28, 28)[1])
print(f"a picture takes {1000 * whole:.0f} ms: {operations / whole / 1e9:.0f} thousand million operations a second")
print(f"one layer by halves: {fewer:.1f} times fewer operations, {slow / fast:.1f} times less time")

# %% [markdown]
r"""
Two things to take along. zlib, the squeezing that is in every zip file, gets next to nothing out of trained weights: their digits look like noise to it.
And **operations are not seconds**. The layer by halves does about eight times fewer operations and is faster by another, smaller factor. One reason is
that small sums leave a processor waiting for numbers that come from memory; another, that their kernel is less well written for.

The file, by the way, is this course's own, and plain: `pack` writes names and shapes, then the numbers, then lets zlib give frequent bytes short codes
(*Huffman coding*). A tensor with few different values is written as a table of them and one byte a place; one that is mostly 0, as the table, and for each
other place how far it lies behind the one before. `unpack` gives every number back. When this lesson compares bytes, it means the lengths of two such
files, **not** a formula.

## 3. Sixteen numbers are enough
Here is the network that we make smaller: two convolutions, two linear layers, 106,122 numbers, digits of lesson 04. It is trained in two parts, four
passes and eight more, for a reason that comes in section 4. (Base and pruned network each see the digits *twelve times*. A base that was trained for
less than its small copy would be no base.)
"""

# %%
from course.efficiency import digit_reader, share_weights, weights_of
from course.training import accuracy, train

images, labels = data.mnist_5k()
learn, test = data.stratified_split(labels)


def passes(model: nn.Module, epochs: int, seed: int) -> None:
    """Some more passes over 4,000 digits."""
    train(model, images[learn], labels[learn], epochs=epochs, learning_rate=3e-3, schedule=True, generator=torch.Generator().manual_seed(seed), name="reading")


def right(model: nn.Module) -> float:
    """The share of the 1,000 test digits that is read rightly."""
    return accuracy(model, images[test], labels[test])


torch.manual_seed(0)
half_way = digit_reader()
passes(half_way, 4, seed=0)
base = copy.deepcopy(half_way)
passes(base, 8, seed=1)
base_bytes = len(pack(base.state_dict()))
print(f"its file has about {base_bytes / 1000:.0f} kB; it reads at least 96 % rightly: {right(base) >= 0.96}")

# %% [markdown]
r"""
Its largest layer has 100,352 weights. As a crowd they look like this:
"""

# %% tags=["nbval-ignore-output"]
crowd = base[5].weight.detach().flatten()
figure, axes = plots.figure(width=7.6, height=3.2)
axes.hist(crowd.numpy(), bins=120, color=plots.COLOURS["sky"])
axes.set(xlabel="weight", ylabel="how many")
plots.show(figure, "crowd-of-weights")

# %% [markdown]
r"""
A hundred thousand different numbers, most of them close to each other. Would they notice if they had to *share*? Take sixteen numbers, the
**[codebook](../glossary.md#codebook)**, and let each weight be the one that is nearest. What is to be stored is then sixteen floats, and for each weight
the number of its entry, 0 to 15: four bits for 32. Song Han, Huizi Mao and William Dally did this in 2016.

Which sixteen? Begin with an even spacing from the smallest weight to the largest. Then say again and again: each weight belongs to its nearest entry, and
each entry moves to the mean of the weights that belong to it. That is **[k-means](../glossary.md#k-means)**, on a line. Entries gather where the crowd is.

**Exercise 3 (12 minutes, medium): a codebook.** Each step: who belongs to whom, then move. An entry to which nobody belongs stays where it is. After the
last step say once more who belongs to whom.
"""

# %% exercise="codebook" minutes=12
@exercise
def codebook(values: Tensor, centres: Tensor, steps: int) -> tuple[Tensor, Tensor]:
    """k-means on a line: centres move to the means of the values that are nearest to them.

    values: (n,). centres: (k,), where they begin, in any order, of the same dtype. steps: how often they move, 0 or more. Leaves both tensors as they were.
    In a step every value belongs to its nearest centre, and each centre moves to the mean of its values; one without values stays where it is.
    Returns the centres after the last step, (k,), and for each value the number of the centre that is nearest then, (n,), int64,
    of two as near either, e.g. [0, 1, 2, 9], [0, 3], 1 -> [.5, 5.5], [0, 0, 0, 1].
    """
    ### BEGIN SOLUTION
    centres = centres.clone()
    for _ in range(steps):
        nearest = (values[:, None] - centres).abs().argmin(dim=1)
        for number in range(len(centres)):
            if (nearest == number).any():
                centres[number] = values[nearest == number].mean()
    return centres, (values[:, None] - centres).abs().argmin(dim=1)
    ### END SOLUTION


# %% check="codebook" points=12
hints("How far is each value from each centre? That is a table of n rows and k columns; lesson 01 made one without a loop.",
      "(values[:, None] - centres).abs().argmin(dim=1) says for each value which centre is nearest. Then each centre becomes values[nearest == number].mean(), "
      "if anybody belongs to it.",
      "for each step: nearest = (values[:, None] - centres).abs().argmin(dim=1); for number in range(len(centres)): if (nearest == number).any(): "
      "centres[number] = values[nearest == number].mean(). Begin with centres = centres.clone(), and end with the centres and nearest once more.")
check(codebook, tensor([0.0, 1.0, 2.0, 9.0]), tensor([0.0, 3.0]), 1).gives((tensor([0.5, 5.5]), tensor([0, 0, 0, 1])))   # the 2 has changed sides
check(codebook, tensor([0.0, 1.0, 2.0, 9.0]), tensor([0.0, 3.0]), 0).gives((tensor([0.0, 3.0]), tensor([0, 0, 1, 1])))   # nobody has moved yet
check(codebook).agrees()
check(codebook).keeps_the_contract()

# %% check="codebook" aspect="alone" points=6
check(codebook, tensor([0.0, 1.0]), tensor([0.0, 1.0, 9.0]), 3).gives((tensor([0.0, 1.0, 9.0]), tensor([0, 1])))         # nobody belongs to the 9
check(codebook).agrees(where=lambda call: call.steps > 1)

# %% [markdown]
r"""
**Experiment.** Your codebook for every layer, a book each; biases are left as they are. From five bits down to one: a file is written, and the network
read back from it is asked. How far down would you go?
"""

# %% tags=["nbval-ignore-output"]
def file_of(model: nn.Module) -> bytes:
    """The network as a file."""
    return pack(model.state_dict())


def from_file(packed: bytes) -> nn.Module:
    """The network that a file holds."""
    found = digit_reader()
    found.load_state_dict(unpack(packed))
    return found


print(f"as it is: {base_bytes:7,} bytes, {right(base):.1%}")
for bits in (5, 4, 3, 2, 1):     # change me
    file = file_of(share_weights(base, bits, codebook))
    print(f"{bits} bits: {len(file):8,} bytes, {base_bytes / len(file):4.1f} times smaller, {right(from_file(file)):.1%}")

# %% [markdown]
r"""
Sixteen different numbers a layer do as well as a hundred thousand, or cost a few digits in a thousand; no training was needed. At one bit it breaks. The
formula says 32 / 4 = 8 times smaller. The file is over nine times smaller: it has the book, the biases and names besides, but entries that many
weights use have short codes in it. Han and colleagues used Huffman coding for just that. It is the file that counts.

## 4. Nine weights in ten
Sharing makes each weight cheap. The other way is to have fewer of them. The crowd above is thickest around 0, and a weight close to 0 changes little. Set
it to exactly 0, and leave it out of the file: **[pruning](../glossary.md#pruning)**. It is older than deep learning: Yann LeCun, John Denker and Sara
Solla called theirs *Optimal Brain Damage* in 1990, and chose by curvature. Choosing by size alone is cruder, and hard to beat.

**Exercise 4 (10 minutes, medium): who goes.** One border for all layers together: a layer with small weights then loses more of them than one with large
ones. Return masks, True for who stays.
"""

# %% exercise="magnitude_masks" minutes=10
@exercise
def magnitude_masks(tensors: Sequence[Tensor], share: float) -> list[Tensor]:
    """Which weights stay when the smallest, signs aside, are pruned, over all tensors together.

    tensors: one or more, of any shapes. share: of all their weights together that goes, 0 to 1; what it comes to is rounded down.
    Of weights of equal size at the border (zeros, say) any may go, as long as the number of those that go is right.
    Returns a list of masks, torch.bool, each of its tensor's shape: True stays, e.g. [[1, -4], [[3, 2]]], .5 -> [[False, True], [[True, False]]].
    """
    ### BEGIN SOLUTION
    sizes = torch.cat([tensor.abs().flatten() for tensor in tensors])
    stays = torch.ones_like(sizes, dtype=torch.bool)
    stays[sizes.argsort()[: int(share * len(sizes))]] = False
    parts = stays.split([tensor.numel() for tensor in tensors])
    return [part.view(tensor.shape) for part, tensor in zip(parts, tensors)]
    ### END SOLUTION


# %% check="magnitude_masks" points=10
hints("Line all weights up by size, of all tensors together. How many go, and where is the border?",
      "torch.cat puts the flattened sizes into one row; argsort says who is smallest; int(share * how many) of them go. "
      "Then cut the row into the shapes again.",
      "stays = torch.ones_like(sizes, dtype=torch.bool); stays[sizes.argsort()[: int(share * len(sizes))]] = False; then "
      "stays.split([tensor.numel() for tensor in tensors]), "
      "each part with .view(tensor.shape).")
check(magnitude_masks, [tensor([1.0, -4.0]), tensor([[3.0, 2.0]])], 0.5).gives([tensor([False, True]), tensor([[True, False]])])
check(magnitude_masks, [tensor([1.0, -4.0]), tensor([[3.0, 2.0]])], 0.0).gives([tensor([True, True]), tensor([[True, True]])])   # nobody goes
check(magnitude_masks).agrees()
check(magnitude_masks).keeps_the_contract()

# %% check="magnitude_masks" aspect="all-or-none" points=6
check(magnitude_masks, [tensor([1.0, -4.0, 3.0])], 1.0).gives([tensor([False, False, False])])
check(magnitude_masks, [tensor([0.0, 2.0, -2.0, 2.0])], 0.5).satisfies("two of the four stay", lambda masks, *_: int(sum(m.sum() for m in masks)) == 2)
check(magnitude_masks).agrees(where=lambda call: len(call.tensors) > 1)      # one border for all of them

# %% [markdown]
r"""
**Experiment.** Prune the trained network at one stroke, and do nothing else. Where does it break? Then comes the same share, pruned *while it trains on*:
from the network of four passes, half of the share at once and the rest bit by bit, so that the weights that stay can take over. The batches, their order
and the rate are those of the base's last eight passes.
"""

# %% tags=["nbval-ignore-output"]
from course.efficiency import apply_masks, pruned_training


def what_stays(model: nn.Module) -> str:
    """The share of the weights that are not 0, layer by layer."""
    return ", ".join(f"{float((weight != 0).float().mean()):.0%}" for weight in weights_of(model))


for share in (0.5, 0.7, 0.85, 0.9, 0.95):      # change me
    struck = copy.deepcopy(base)
    apply_masks(struck, magnitude_masks(weights_of(struck), share))
    print(f"{share:.0%} pruned at one stroke: {right(struck):.1%} right; of the layers stay {what_stays(struck)}")

pruned = copy.deepcopy(half_way)
pruned_training(pruned, images[learn], labels[learn], share=0.85, epochs=8, generator=torch.Generator().manual_seed(1), masks_of=magnitude_masks)
print(f"85% pruned while training: {right(pruned):.1%} right; of the layers stay {what_stays(pruned)}")
torch.manual_seed(0)
untrained = digit_reader()
apply_masks(untrained, magnitude_masks(weights_of(untrained), 0.85))
print(f"85% of a network that has learned nothing: of the layers stay {what_stays(untrained)}")

# %% folded=true tags=["nbval-ignore-output"]
figure, panels = plots.figure(2, width=10.2, height=3.0)
for axes, (name, model) in zip(panels, {"base": base, "pruned while training": pruned}.items()):
    axes.imshow(model[5].weight.detach().abs()[:, :160].numpy(), cmap="cividis", vmin=0, vmax=0.12, aspect="auto")
    axes.set(title=name, xlabel="what comes in (160 of 1,568)", ylabel="neuron")
plots.show(figure, "pruned-matrix")

# %% [markdown]
r"""
At one stroke up to 70 % of the weights can go and little is lost. At 85 % it is some points, on other splits of the digits less; at 95 % it breaks. Pruned
in training, 85 % can go. Look at what stays: the first layers keep half of their weights and more, and the large one loses nearly nine in ten. Who told
the border to do that? Mostly the first draw, as the last line shows: torch draws the weights of a layer with few inputs larger, and one border for all
layers therefore takes most from the large layer, in a network that has learned nothing already. (A border for each layer is the alternative.)

Now both together: what stays shares fifteen numbers a layer, and 0 is the sixteenth. This is the result of the lesson.
"""

# %% headline=true
small_file = file_of(share_weights(pruned, 4, codebook))
small = from_file(small_file)
survivors = sum(int((weight != 0).sum()) for weight in weights_of(pruned))
print("at least 25 times smaller than the base, one file against the other:", base_bytes / len(small_file) >= 25)
print("read back from the file it reads within 1 point of the base, trained as long:", right(small) >= right(base) - 0.01)

# %% tags=["nbval-ignore-output"]
print(f"base: {base_bytes:,} bytes, {right(base):.1%} right")
print(f"small: {len(small_file):,} bytes, {base_bytes / len(small_file):.1f} times smaller, {right(small):.1%} right")
biases = sum(parameter.numel() for parameter in base.parameters() if parameter.ndim == 1)
formula = (9 * survivors + 32 * biases) / 8
print(f"the formula: {survivors:,} survivors at 9 bits, biases at 32: {formula:,.0f} bytes")
print(f"the file, with all that is in it: {8 * len(small_file) / survivors:.1f} bits a survivor")
with torch.no_grad():
    apart = (base(images[test]).argmax(dim=1) != small(images[test]).argmax(dim=1)).float().mean()
print(f"base and small read {apart:.1%} of the test digits differently")

# %% [markdown]
r"""
One network and a thousand digits do not show that nothing was lost: one digit is a tenth of a point. So `make claims` measures it over three seeds and
splits of the digits; the table stands in `benchmarks/README.md`. There, too, the file is at least 25 times smaller, and of the 3,000 test digits together
the small network reads as many as the base, to within ten, which is no more than chance moves. (That 85 % and four bits will do was found out by looking
at test digits; a fair number for a network that is to be used would need digits that nobody has looked at.) They are not the *same* digits, as the last
line printed shows: what is lost on some is won on others. Who loses is a question of its own. Sara Hooker and colleagues (2019) found that pruned networks
keep their accuracy on average and give up the rare and odd pictures first; lesson 16 knows what that means when the pictures are of people.

*Nine bits a survivor* is a usual formula: four bits for the number, and about five to say *where* it is. Our file has the places in it, too, or it could
not be read back. It needs fewer bits, since small steps from one survivor to the next are the frequent ones and get short codes. Papers that leave the
places out are not lying, they are counting something else: ask.

**Why does it work?** A network with many spare weights seems to be easier to *train* than a small one, and not to need them afterwards. Jonathan Frankle
and Michael Carbin put it as the **[lottery ticket](../glossary.md#lottery-ticket)** hypothesis (2019): a large network holds, from the first draw of its
weights, a small one that could have been trained alone to the same accuracy. Large networks draw more tickets. For larger networks it was found to hold
only from weights some way *into* training, which is why ours begins with four passes (Frankle and others, 2020); and where whole channels are pruned,
Zhuang Liu and colleagues (2019) found the small network just as good from a new draw.

**Is it faster?** Zeros are multiplied like any other numbers, unless somebody skips them. The next cell measures the large layer on 256 digits in three
ways: as it is; with 85 % zeros that torch is told about (a *sparse* matrix); and with whole neurons taken out, so that it is a smaller dense matrix. The
second is **[unstructured](../glossary.md#structured-pruning)**, the third structured pruning.
"""

# %% tags=["nbval-ignore-output"]
seen = torch.rand(256, 1568)
dense, holes = base[5].weight.detach(), pruned[5].weight.detach()
strong = dense.norm(dim=1).topk(16).indices                       # the quarter of the neurons with the largest weights
with torch.no_grad():
    times = {"as it is": seconds(lambda: seen @ dense.T, 20), "the same with zeros in it": seconds(lambda: seen @ holes.T, 20)}
    import warnings
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")                           # torch says that its sparse matrices may still change
        sparse = holes.to_sparse_csr()
    times["a sparse matrix"] = seconds(lambda: sparse @ seen.T, 20)
    times["a quarter of the neurons"] = seconds(lambda: seen @ dense[strong].T, 20)
for name, took in times.items():
    print(f"{name:28} {1e6 * took:6.0f} microseconds, {times['as it is'] / took:.1f} times as fast")
fewer = copy.deepcopy(base)
loses = torch.tensor([neuron not in strong for neuron in range(64)])
fewer[5].weight.data[loses], fewer[5].bias.data[loses] = 0, 0
print(f"with a quarter of its neurons, and not trained on, the base reads {right(fewer):.1%}")

# %% [markdown]
r"""
Zeros alone gain nothing: **unstructured pruning saves bytes, not seconds**, on a machine like this. As a sparse matrix it is a small gain or a loss:
skipping costs more than multiplying when the places have to be looked up. Taking out three neurons of four makes the layer two to four times as fast. (The
layer behind it, which is not timed, loses three quarters of its inputs as well.) It pays in accuracy, as the last line shows, and would have to be trained
on. So whoever wants seconds takes out whole rows, kernels or heads; whoever wants bytes takes single weights. (Some graphics cards skip zeros where at
least two in every four are zero, a pattern between the two.)

## 5. Eight bits
Eight of a float32's 32 bits are there so that it can be 1e-30 as well as 1e30, and the other 24 for its sign and seven digits. A layer's weights need
neither. Choose a lowest and a highest value, lay 256 marks
evenly from one to the other, and store for each weight the number of its mark: **[quantisation](../glossary.md#quantisation)**. A codebook again, but one
that needs no book: two numbers say where all marks are. And whole numbers can be *multiplied* as they are, in hardware that is smaller, faster and takes
less energy: the products are added up in 32 bits, and scaled once at the end. That is what codebooks cannot do.

One thing must be exact: 0. Padding is 0, a ReLU makes 0, pruned weights are 0. So the marks are shifted until one of them *is* 0. Its number is the
**[zero point](../glossary.md#zero-point)**, z, and the distance of two marks the **scale**, s:

$$s = \frac{\text{high} - \text{low}}{2^{\text{bits}} - 1}, \qquad z = \operatorname{round}\left(\frac{-\text{low}}{s}\right), \qquad
\text{code} = \operatorname{round}\left(\frac{x}{s}\right) + z, \qquad x \approx s\,(\text{code} - z)$$

The shift moves all marks by up to half a step, so low and high are no longer met exactly. What lies beyond the first or the last mark gets that one.
Benoit Jacob and colleagues, 2018, is where this form comes from. (Weights are often laid out the same on both sides of 0, with the zero point in the
middle: another one adds terms to every product.)

**Exercise 5 (12 minutes, medium): scale and zero point.**
"""

# %% exercise="quantise" minutes=12
@exercise
def quantise(values: Tensor, low: float, high: float, bits: int = 8) -> tuple[Tensor, float, int]:
    """Values as whole numbers from 0 to 2 ** bits - 1, a step of (high - low) / (2 ** bits - 1) apart, with 0 exactly on one of them.

    values: any shape, floats, to be left as they were. low, high: the range, low <= 0 <= high and low < high. bits: 1 to 8.
    The zero point is -low / step, rounded. Values get the nearest of the codes that there are, in the middle between two of them either.
    Returns the codes, torch.uint8, of the values' shape; the scale, a float, in the values' units; the zero point, an int,
    e.g. [-1, 0, .7, 9], -1, 2, bits=2 -> [0, 1, 2, 3], 1.0, 1.
    """
    ### BEGIN SOLUTION
    most = 2**bits - 1
    scale = (high - low) / most
    zero = round(-low / scale)
    codes = (values / scale).round() + zero
    return codes.clamp(0, most).to(torch.uint8), scale, zero
    ### END SOLUTION


# %% check="quantise" points=12
hints("With 2 bits there are four codes and three steps between them. How wide is a step if they reach from low to high? Which code does 0 get?",
      "scale = (high - low) / (2**bits - 1), zero = round(-low / scale), and a value's code is round(value / scale) + zero, kept between 0 and 2**bits - 1.",
      "((values / scale).round() + zero).clamp(0, 2**bits - 1).to(torch.uint8), scale, zero.")
check(quantise, tensor([-1.0, 0.0, 0.7, 9.0]), -1.0, 2.0, bits=2).gives((tensor([0, 1, 2, 3], dtype=torch.uint8), 1.0, 1))
check(quantise, tensor([[0.0, 0.5]]), 0.0, 1.0).gives((tensor([[0, 127]], dtype=torch.uint8), 1 / 255, 0), tolerance=1e-2)       # .5: 127 or 128
check(quantise).agrees(bits=8)
check(quantise).keeps_the_contract()

# %% check="quantise" aspect="bits" points=6
check(quantise).agrees(where=lambda call: call.bits < 8)

# %% [markdown]
r"""
Where does the range come from? For weights they are there: take the smallest and the largest. Of the whole tensor (**per tensor**), or of each kernel for
itself (**per channel**)? The next cell tries both on EfficientNet-Lite0, whose batch normalisation was folded into the convolutions first, as lesson 07
did and as one does before putting a network on a phone. It shows how sure the network still is of what it said of the five photographs.
"""

# %% tags=["nbval-ignore-output"]
from course.efficiency import in_codes, rounded, without_norms

ready = without_norms(network)
with torch.no_grad():
    before = network(photographs).softmax(dim=1)
said = before.argmax(dim=1, keepdim=True)


def in_whole_numbers(bits: int, by_channel: bool, of: nn.Module = ready) -> nn.Module:
    """The folded network, or another one, with rounded weights."""
    made = copy.deepcopy(of)
    for layer in made.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            layer.weight.data = rounded(layer.weight.data, bits, by_channel, quantise)
    return made


def still_says(model: nn.Module, name: str) -> float:
    """Prints how sure a network is of what the first one said; returns how many of the five answers are the same."""
    with torch.no_grad():
        now = model(photographs).softmax(dim=1)
    same = int((now.argmax(dim=1, keepdim=True) == said).sum())
    print(f"{name:24}", "  ".join(f"{value:5.1%}" for value in now.gather(1, said)[:, 0].tolist()), f"  the same answer: {same} of 5")
    return same


still_says(network, "as it came")
same = {}
stored = {}
for bits in (8, 6):
    for by_channel in (False, True):
        same[bits, by_channel] = still_says(in_whole_numbers(bits, by_channel), f"{bits} bits per {'channel' if by_channel else 'tensor'}")
        stored[bits, by_channel] = len(pack(in_codes(ready, bits, by_channel, quantise)))
unfolded = still_says(in_whole_numbers(8, False, network), "8 per tensor, unfolded")

# %%
print("eight bits per channel keep all five answers:", same[8, True] == 5, "- per tensor they do not:", same[8, False] < 5)
print("per tensor, before folding, more of them are kept:", unfolded > same[8, False])
sizes = {"in float32": len(pack(ready.state_dict())), "eight bits per tensor": stored[8, False], "eight per channel": stored[8, True],
         "six per channel": stored[6, True]}
print("its file:", ", ".join(f"{name} {size / 1e6:.1f} MB" for name, size in sizes.items()))

# %% folded=true tags=["nbval-ignore-output"]
figure, panels = plots.figure(2, width=10.4, height=3.3)
widths = sorted(float(kernel.abs().max()) for kernel in ready.body[1].layers[0][0].weight)
panels[0].bar(range(1, len(widths) + 1), widths, color=plots.COLOURS["sky"])
panels[0].set(title="weights of the first depthwise layer", xlabel="kernel, by size", ylabel="largest weight")
with torch.no_grad():
    after_block = [ready.body[:9](photo[None])[0] for photo in photographs]
for number, (picture, maps) in enumerate(zip(data.pictures(), after_block)):
    ends = [float(maps.min()), float(maps.max())]
    panels[1].plot(ends, [number, number], linewidth=5, linestyle="-", color=plots.COLOURS["vermillion"], solid_capstyle="butt")
panels[1].set(title="activations after the eighth block", xlabel="from the smallest to the largest", yticks=range(5), yticklabels=[*data.pictures()])
plots.show(figure, "ranges")

# %% [markdown]
r"""
On the left is why. In that layer a few kernels are many times larger than the others, and one scale for all has marks too far apart for the small ones:
they become 0 or nothing but noise. (Four kernels have no bar: they are 0 from the start.) A scale and a zero point for each kernel cost eight bytes a
kernel and mend it, and the file is still nearly four times smaller than in float32. It is folding that made the kernels so unequal: without it one scale a
tensor does less harm at eight bits, as the last line shows.

On the right is what makes **activations**, what goes from layer to layer, another matter. Weights are known when the scale is chosen. Activations depend
on a picture that has not come yet: here the ranges of five pictures are much alike, and nobody promises it of the sixth. The range has to be guessed from
some pictures beforehand, which is called **[calibration](../glossary.md#calibration-of-ranges)**; too narrow, and what is strong is cut off, too wide, and
all is coarse. And a scale for each channel is no way out, for a layer adds all of its channels up: with one scale the sum can be done in whole numbers,
with many it cannot. In large text networks a few channels are some twenty times stronger than the others, the same ones at most words, as is reported; Tim
Dettmers and colleagues (2022) kept those in 16 bits and the others in 8.

The next cell calibrates on the cat, and then looks at all five, with weights of eight bits per channel. Of the activations only what leaves the
sixteen blocks is rounded, to eight bits and to fewer.
"""

# %% tags=["nbval-ignore-output"]
from course.efficiency import dequantise
from course.pretrained import Block


def with_rounded_activations(bits: int, calibrate_on: Tensor) -> nn.Module:
    """Weights of eight bits, and what leaves each block in so many, with ranges that were seen on some photographs."""
    made, ranges = in_whole_numbers(8, True), {}
    blocks = [module for module in made.modules() if isinstance(module, Block)]

    def look(block: nn.Module, came: tuple, went: Tensor) -> None:
        ranges[block] = min(float(went.min()), 0.0), max(float(went.max()), 0.0)

    def round_it(block: nn.Module, came: tuple, went: Tensor) -> Tensor:
        return dequantise(*quantise(went, *ranges[block], bits))

    hooks = [block.register_forward_hook(look) for block in blocks]
    with torch.no_grad():
        made(calibrate_on)
    for block, hook in zip(blocks, hooks):
        hook.remove()
        block.register_forward_hook(round_it)
    return made


for bits in (8, 6, 4):
    still_says(with_rounded_activations(bits, photographs[:1]), f"activations of {bits} bits")

# %% [markdown]
r"""
Here the activations are the *easier* part: what leaves a block stands six bits, calibrated on a single photograph, where six bits for the weights had cost
two answers of five. This network was made for that. Inside its blocks ReLU6 lets no activation grow beyond 6, and what is rounded here is only what leaves
a block. 'Harder' does not mean that they always cost more. It means that nobody can promise what has not come yet, and that a network without such a lid
may surprise. Five photographs are no test set, either: before relying on eight bits, measure. What is lost can be trained back by rounding in each forward
pass while training goes on (*quantisation-aware training*, in Jacob's paper). Large text networks are often run with weights of four bits (Elias Frantar
and colleagues, *GPTQ*, 2023).

**Play.** A small digit reader, and two knobs: how many weights are pruned, how many bits each of the others has. Find the smallest network that reads at
most ten digits fewer than the whole one. Then let it be *trained on* while it is pruned, and look for it again.
"""

# %% explorer=true
from course.explorers.efficiency import efficiency_explorer

efficiency_explorer()

# %% [markdown]
r"""
*The same in words:* each mark is a network that you have made, further right the better it reads, further down the smaller it is. Sizes there are by a
formula, places of the survivors included. The pictures show what eight neurons look for: one colour where ink speaks for them, the other where it speaks
against. At one stroke half of the weights can go; from about 70 % on accuracy falls, and at 90 % the network reads fewer
than half of the digits. Trained on meanwhile, 80 % can go at the price of some ten digits in 500. Four bits do as well as 32; at two a few digits are
lost, at one bit it breaks. And this network, sixteen times smaller than the lesson's from the start, has less to spare: what can
be thrown away depends on how much too much there was.

## 6. A small pupil with a large teacher
"""

# %% [markdown] rows="I5"
r"""
The last way is to train a small network in the first place, and let the large one help. Suppose a digit is a 7 that might be a 1. The label says: 7. The
large network says: 7, 90 %, 1, 9 %, and certainly no 8. There is more to be learned from that. **[Distillation](../glossary.md#distillation)**, Geoffrey
Hinton, Oriol Vinyals and Jeff Dean, 2015, trains the pupil on the teacher's probabilities, softened first: divide the logits by a
**[temperature](../glossary.md#temperature)** T before the softmax, and small probabilities come out larger, so that they are heard. How far apart two sets
of probabilities are is told by the **[Kullback-Leibler divergence](../glossary.md#kullback-leibler-divergence)**: the mean, weighed by the teacher's
probabilities p, of how much their logarithms differ from the pupil's q. It is 0 where they agree. (From the cross-entropy with the teacher's probabilities
it differs by a number that the pupil cannot change.)

$$\text{loss} = (1 - \text{share})\cdot\text{cross-entropy}(\text{labels}) +
\text{share}\cdot T^2\cdot\frac1n\sum_{\text{rows}}\sum_{\text{classes}} p\,(\log p - \log q)$$

Both p - q and the slope of the logits / T are smaller by about T, so the gradients shrink by about $T^2$; the factor makes up for it.

**Exercise 6 (10 minutes, medium): learning from two.** Logits come in, of pupil and teacher; p and q are softmaxes of logits / T. Work with `log_softmax`,
which stays finite where a probability becomes 0.
"""

# %% exercise="distillation_loss" minutes=10
@exercise
def distillation_loss(student: Tensor, teacher: Tensor, labels: Tensor, temperature: float = 4.0, share: float = 0.9) -> Tensor:
    """What a pupil pays that learns from labels and from a teacher.

    student, teacher: logits, (n, classes). labels: (n,), int64. temperature: both logits are divided by it for the teacher's part, above 0.
    share: of the loss that is the teacher's part, 0 to 1; the rest is the mean cross-entropy of the labels, at temperature 1.
    The teacher's part: temperature ** 2 times the mean over rows of sum p (log p - log q), p the teacher's probabilities and q the student's.
    Returns a scalar, also where a probability of the teacher's is 0 in float32. Gradients of both parts reach the student; whether one reaches
    the teacher is no matter. E.g. [[0, 0]], [[0, ln 3]], [0], 1, 1 -> .1308, and with temperature 2 and share .5 -> .4193.
    """
    ### BEGIN SOLUTION
    wanted = (teacher.detach() / temperature).log_softmax(dim=1)
    given = (student / temperature).log_softmax(dim=1)
    apart = (wanted.exp() * (wanted - given)).sum(dim=1).mean()
    return (1 - share) * nn.functional.cross_entropy(student, labels) + share * temperature**2 * apart
    ### END SOLUTION


# %% check="distillation_loss" points=14
hints("Two parts. The labels' is plain cross-entropy. For the teacher's, you need the logarithms of both softened probabilities.",
      "wanted = (teacher / temperature).log_softmax(dim=1), given likewise. The divergence of a row is (wanted.exp() * (wanted - given)).sum(). "
      "Take the mean of the rows.",
      "(1 - share) * nn.functional.cross_entropy(student, labels) + share * temperature**2 * (wanted.exp() * (wanted - given)).sum(dim=1).mean().")
check(distillation_loss, tensor([[0.0, 0.0]]), tensor([[0.0, 1.0986123]]), tensor([0]), 1.0, 1.0).gives(0.1308121)
check(distillation_loss, tensor([[0.0, 0.0]]), tensor([[0.0, 1.0986123]]), tensor([0]), 1.0, 0.0).gives(0.6931472)      # the labels alone
check(distillation_loss, tensor([[0.0, 0.0]]), tensor([[0.0, 1.0986123]]), tensor([0]), 2.0, 0.5).gives(0.4193, tolerance=1e-4)
check(distillation_loss, tensor([[0.0, 0.0]]), tensor([[0.0, 1.0986123]]), tensor([0]), 1.0, 1.0).gradient().gives(tensor([[0.25, -0.25]]), tolerance=1e-3)
check(distillation_loss).agrees()
check(distillation_loss).keeps_the_contract()

# %% [markdown]
r"""
**Experiment.** A pupil with 4 and 8 kernels and one linear layer, 4,330 numbers, in three cases. First it has all 4,000 digits with their labels, and the
base of section 3 as its teacher. Then it has only 200 of them, and a teacher that has learned from 2,000. Then it has none, but the *other* 2,000 digits,
which that teacher has never seen: it asks the teacher. There, and in the first case, it tries the teacher's best guess as a label, too. Each pupil takes
about 380 steps. Guess before you run it: where does the teacher help?
"""

# %% tags=["nbval-ignore-output"]
from course.efficiency import taught


def pupil() -> nn.Module:
    """4,330 numbers."""
    torch.manual_seed(7)
    return nn.Sequential(nn.Conv2d(1, 4, 5, stride=2, padding=2), nn.ReLU(), nn.Conv2d(4, 8, 3, stride=2, padding=1), nn.ReLU(),
                         nn.Flatten(), nn.Linear(392, 10))


shuffled = learn[torch.randperm(len(learn), generator=torch.Generator().manual_seed(0))]
few, seen_by_teacher, others = shuffled[:200], shuffled[:2000], shuffled[2000:]
torch.manual_seed(1)
teacher = digit_reader()
train(teacher, images[seen_by_teacher], labels[seen_by_teacher], epochs=12, learning_rate=3e-3, schedule=True,
      generator=torch.Generator().manual_seed(2), name="the teacher")
print(f"the second teacher reads {right(teacher):.1%}")
with torch.no_grad():
    by_base, by_teacher = base(images), teacher(images)
read = {}
for case, rows, told, answers, share, epochs in (
        ("4,000 digits: labels alone", learn, labels, by_base, 0.0, 6),
        ("4,000 digits: and the teacher", learn, labels, by_base, 0.9, 6),
        ("4,000 digits: the teacher's best guess alone", learn, by_base.argmax(dim=1), by_base, 0.0, 6),
        ("200 digits: labels alone", few, labels, by_teacher, 0.0, 95),
        ("200 digits: and the teacher", few, labels, by_teacher, 0.9, 95),
        ("2,000 others, no labels: the teacher alone", others, labels, by_teacher, 1.0, 12),
        ("2,000 others, no labels: its best guess alone", others, by_teacher.argmax(dim=1), by_teacher, 0.0, 12)):
    learner = pupil()
    taught(learner, images[rows], told[rows], answers[rows], epochs, torch.Generator().manual_seed(0), distillation_loss, share)
    read[case] = right(learner)
    print(f"{case:46}{read[case]:.1%}")

# %%
gain = read["4,000 digits: and the teacher"] - read["4,000 digits: labels alone"]
print("where every digit has its label, the teacher does not help, and costs at most 4 points:", -0.04 <= gain <= 0.005)
print("with 200 digits it adds more than 1 point:", read["200 digits: and the teacher"] - read["200 digits: labels alone"] > 0.01)
print("with 2,000 others and no label at all, more than 4 points over 200 labels:",
      read["2,000 others, no labels: the teacher alone"] - read["200 digits: labels alone"] > 0.04)
print("its best guess alone does about as well:",
      abs(read["2,000 others, no labels: its best guess alone"] - read["2,000 others, no labels: the teacher alone"]) < 0.02)

# %% [markdown] rows="I5"
r"""
Where there are enough labels, the teacher does not help here; in so few passes it made the pupil a point or two *worse*. Clean digits have little in them
that a label does not say. Where there are few, the same 200 digits are worth more with the teacher's answers on them: it knows more, it has seen 2,000.
And 2,000 digits without labels are worth more still. There is nothing deep in that: the teacher **labels** what has no labels, and its best guess alone
does about as well as all of its probabilities. Nor is it made from nothing. With a teacher that has itself learned from the 200 digits only, a pupil on
all digits comes about as far as with the 200 labels alone, a point more on the mean of three seeds (`make claims` measures that, too). So look twice when
a paper says 'distilled': ask what the pupil would have reached without, and what the teacher was told.

The best-known pupil is *DistilBERT* (Victor Sanh and colleagues, 2019): 40 % fewer weights than BERT, 60 % faster, and 97 % of its score on a set of
language tasks, 77.0 against 79.5. (The first announcement said half the weights and 95 %; that is what one still reads in places.) Many small chat models
are trained on answers or probabilities of larger ones.

## 7. Thin matrices
A matrix of 64 by 1,568 may hold less than it seems to: if its rows are nearly mixtures of sixteen patterns, it is nearly the product of a 64 by 16 and a
16 by 1,568 matrix, with 26,112 numbers for 100,352. Of all pairs of a given **[rank](../glossary.md#low-rank)** the one whose product differs least from
the matrix, by the sum of the squares, is found without training, by the *singular value decomposition* (Carl Eckart and Gale Young, 1936). Whether the
*digits* are still read is another question.
"""

# %% tags=["nbval-ignore-output"]
from course.efficiency import low_rank

for rank in (32, 16, 8, 4, 2):        # change me
    thin = copy.deepcopy(base)
    thin[5] = low_rank(base[5], rank)
    print(f"rank {rank:2}: {sum(p.numel() for p in thin[5].parameters()):7,} numbers for 100,416, {right(thin):.1%} right")

# %% [markdown]
r"""
Without a pass of training, ranks down to 16 hardly cost anything here, a quarter of the layer's numbers; at 8 it breaks, and would have to be trained on.
Thin matrices are dense: they save operations as well as bytes. Their most common use is another one. To fine-tune a network of billions of
weights, leave all of them as they are, and train for some matrices a thin pair whose product is **added**: *LoRA*, Edward Hu and colleagues, 2022. It
trains less than a hundredth of the weights, and what has been learned is a small file that one can send, swap and take off again.

## 8. Where it should run
"""

# %% [markdown] rows="A5 C7"
r"""
A network that is small can run where the data are. On the site the explorer of section 5 runs in your **browser**: weights that came along with the page,
a loop in JavaScript, and no server that sees what you do; on lesson 05's page no server sees the digit that you draw. What does that cost against a
program that is made for the machine? For small networks hardly anything that one notices: on lesson 05's page the reading of a digit takes some
milliseconds. For large ones it is dear. Plain JavaScript uses one core, and does not by itself use the instructions that compute on many numbers at once,
nor a graphics card (*WebAssembly*, machine code for browsers, and *WebGPU*, the way to the card, are there for that); the weights travel at each first
visit; and a browser tab gets a part of the memory. The next cell takes one small convolution, of EfficientNet's kind, by torch, and by a plain loop in
Python. That is slower than JavaScript by far, for Python reads its program step by step. The same loop in JavaScript took, on the machines where this
course is tested, some tens of times torch's time: a test looks after it.
"""

# %% tags=["nbval-ignore-output"]
place = torch.rand(16, 14, 14)
kernels = torch.rand(16, 16, 1, 1)
with torch.no_grad():
    native = seconds(lambda: nn.functional.conv2d(place[None], kernels), 20)
rows, table = place.flatten(1).tolist(), kernels.flatten(1).tolist()
plain = seconds(lambda: [[sum(w * row[at] for w, row in zip(kernel, rows)) for at in range(196)] for kernel in table], 3)
print(f"{convolution_cost(16, 16, 1, 14, 14)[1]:,} operations: {1e6 * native:.0f} microseconds by torch, {plain / native:.0f} times as long in Python")

# %% [markdown] rows="C7"
r"""
So: on the device or in a data centre? Computing has gone with the tides. In the sixties one machine stood in the middle and terminals around it; then came
the PC, with everything on the desk; then the web and the cloud, in the middle again; then phones with chips for neural networks, at the edge. Each tide
left the other's strengths standing:

| | on the device | in the centre |
|---|---|---|
| the data | can stay where they are; an app may still send them | travel, and have to be protected on the way and there |
| without a network connection | works | does not |
| answer | at once; slower on a hot or busy phone | after the journey |
| size of the network | what fits; this lesson | what can be paid |
| a better version | has to be sent to everybody | is there at once |
| who pays for electricity | whoever holds it | whoever runs it |

A voice that opens a door, a picture of a rash, a keyboard that guesses the next word: here the first row may decide, and a network 25 times smaller
fits where the large one did not. How to *train* on data that stay at home is in lesson 15.

## 9. Do you need the last nine?
Why, then, do networks grow? Because it works, and predictably so. Kaplan and colleagues (2020) plotted the loss of text networks against weights, data and
computing, over many powers of ten, and found straight lines on logarithmic axes: **[scaling laws](../glossary.md#scaling-law)**. Each doubling takes the
same *share* off what can still be lost; twice the weights, for instance, some 5 % of it. Jordan Hoffmann and colleagues (2022) looked again and found that
the networks of the time were too large for what they had read: for a given amount of computing, weights and tokens should grow together, at about twenty
tokens a weight. A network of 70 billion weights that had read more than four times as much beat one of 280 billion. **Smaller, and trained longer**, was
the lesson; and whoever has many users pays for running again and again, for training once.

The same law is a warning. The same share for each doubling means that each further step costs twice the last. It was found for the loss of text networks,
and a loss is no accuracy; but if errors fall along such a line as well, then from 90 % to 99 % may be worth it, and from 99.9 % to 99.99 % may cost more
than all before. So ask first what a mistake costs, who notices it, and what happens then (lesson 16). A filter for holiday pictures needs no four nines. A
brake does, and will not get them from a network alone. On our digits, pruning and sharing together moved the accuracy by half a point at most, and made
the file 25 times smaller.
"""

# %% [markdown]
r"""
## Quiz (10 minutes)
Five questions, one letter each. Run the next cell and click, or write the letters between the quotes below it. Who learns alone is told at once whether
they are right, and why not; in a class it may be told when you hand in.
"""

# %% quiz="reading" points=10
[
    {"ask": "A training run is done on 2,000 devices in place of 1,000, and each reaches the same speed. What becomes of days, money, energy?",
     "choices": {"a": "half the days, half the money, half the energy", "b": "half the days, the same money, the same energy",
                 "c": "half the days, twice the money, twice the energy"},
     "right": "b",
     "because": {"a": "each device works half as long, and there are twice as many: the device-hours are the same",
                 "c": "there are twice as many devices, but each is paid for half as long"}},
    {"ask": "Nine in ten weights of a layer are set to 0, wherever the smallest are. What becomes of the time it takes on an ordinary processor?",
     "choices": {"a": "a tenth", "b": "about half", "c": "about the same: zeros are multiplied, too"},
     "right": "c",
     "because": {"a": "only if the zeros were skipped at no cost, and looking up where they are not has its cost",
                 "b": "no step of the multiplication was left out"}},
    {"ask": "Weights of one layer differ in size from kernel to kernel, by a factor of a hundred. How do you quantise them?",
     "choices": {"a": "with one scale per kernel", "b": "with one scale per tensor, of the largest weight", "c": "not at all: eight bits cannot do it"},
     "right": "a",
     "because": {"b": "then the small kernels get one or two of the 256 marks",
                 "c": "each kernel for itself needs no more than eight bits"}},
    {"ask": "A paper compares a base trained for 10 passes with its pruned copy, which was trained for 10 more, and finds the copy better. What does it show?",
     "choices": {"a": "pruning improves networks", "b": "that pruning removes overfitting", "c": "nothing about pruning: the copy was trained twice as long"},
     "right": "c",
     "because": {"a": "the ten more passes alone may have done it: compare with a base that had them as well",
                 "b": "it may, but a base with as many passes is missing"}},
    {"ask": "'Our network takes 4 bits a weight and is pruned to a tenth: 80 times smaller.' What do you ask?",
     "choices": {"a": "how long is the file that it can be read back from?", "b": "nothing: 32 / 4 times 10 is 80", "c": "how many operations does it save?"},
     "right": "a",
     "because": {"b": "it has to be stored where the survivors are, and that takes about as many bits again",
                 "c": "a fair question, but another one: the claim is about bytes"}},
]

# %% [markdown]
r"""
## What to remember
1. Six operations a weight and token, over the speed that is reached: that is the bill, before it is run up. More devices make it shorter, not smaller.
2. Bytes, operations and seconds are three sizes. Write the file, count the operations, take the time: none of them follows from the others.
3. Sharing sixteen numbers a layer and pruning while training on together take 96 % of the bytes; eight bits is the other way to make a weight cheap.
4. Scales per channel for weights; for activations, ranges that were seen beforehand. Single zeros save bytes, whole rows save seconds.
5. Compare with a base that was trained as long, and ask what a pupil reaches without its teacher. Then ask whether the last nine is worth its price.

## Terms
[FLOP](../glossary.md#flop), [codebook](../glossary.md#codebook), [k-means](../glossary.md#k-means), [pruning](../glossary.md#pruning), [lottery
ticket](../glossary.md#lottery-ticket), [structured pruning](../glossary.md#structured-pruning), [quantisation](../glossary.md#quantisation), [zero
point](../glossary.md#zero-point), [calibration of ranges](../glossary.md#calibration-of-ranges), [distillation](../glossary.md#distillation),
[temperature](../glossary.md#temperature), [Kullback-Leibler divergence](../glossary.md#kullback-leibler-divergence), [low rank](../glossary.md#low-rank),
[scaling law](../glossary.md#scaling-law)

## Where to read on
- Song Han, Huizi Mao and William Dally, [*Deep Compression*](https://arxiv.org/abs/1510.00149), International Conference on Learning Representations,
  2016. Pruning, sharing and coding, in this order.
- Forrest Iandola and others, [*SqueezeNet*](https://arxiv.org/abs/1602.07360), 2016. The three squares.
- Yann LeCun, John Denker and Sara Solla, [*Optimal Brain
  Damage*](https://proceedings.neurips.cc/paper/1989/hash/6c9882bbac1c7093bd25041881277658-Abstract.html), Neural Information Processing Systems, 1990.
- Sara Hooker and others, [*What Do Compressed Deep Neural Networks Forget?*](https://arxiv.org/abs/1911.05248), 2019.
- Jonathan Frankle and Michael Carbin, [*The Lottery Ticket Hypothesis*](https://arxiv.org/abs/1803.03635), International Conference on Learning
  Representations, 2019; Jonathan Frankle and others, [*Linear Mode Connectivity and the Lottery Ticket Hypothesis*](https://arxiv.org/abs/1912.05671),
  International Conference on Machine Learning, 2020; Zhuang Liu and others, [*Rethinking the Value of Network Pruning*](https://arxiv.org/abs/1810.05270),
  International Conference on Learning Representations, 2019.
- Michael Zhu and Suyog Gupta, [*To Prune, or Not to Prune*](https://arxiv.org/abs/1710.01878), 2017. Bit by bit, while training.
- Andrew Howard and others, [*MobileNets*](https://arxiv.org/abs/1704.04861), 2017; Mingxing Tan and Quoc Le,
  [*EfficientNet*](https://arxiv.org/abs/1905.11946), International Conference on Machine Learning, 2019.
- Benoit Jacob and others, [*Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
  Inference*](https://arxiv.org/abs/1712.05877), Computer Vision and Pattern Recognition, 2018; Tim Dettmers and others,
  [*LLM.int8()*](https://arxiv.org/abs/2208.07339), Neural Information Processing Systems, 2022; Elias Frantar and others,
  [*GPTQ*](https://arxiv.org/abs/2210.17323), International Conference on Learning Representations, 2023.
- Geoffrey Hinton, Oriol Vinyals and Jeff Dean, [*Distilling the Knowledge in a Neural Network*](https://arxiv.org/abs/1503.02531), 2015; Victor Sanh and
  others, [*DistilBERT*](https://arxiv.org/abs/1910.01108), 2019.
- Edward Hu and others, [*LoRA*](https://arxiv.org/abs/2106.09685), International Conference on Learning Representations, 2022.
- Jared Kaplan and others, [*Scaling Laws for Neural Language Models*](https://arxiv.org/abs/2001.08361), 2020; Jordan Hoffmann and others, [*Training
  Compute-Optimal Large Language Models*](https://arxiv.org/abs/2203.15556), Neural Information Processing Systems, 2022.
- Emma Strubell, Ananya Ganesh and Andrew McCallum, [*Energy and Policy Considerations for Deep Learning in NLP*](https://arxiv.org/abs/1906.02243),
  Association for Computational Linguistics, 2019.
- Cody Coleman and others, [*DAWNBench*](https://dawn.cs.stanford.edu/benchmark/), Neural Information Processing Systems workshop on systems for machine
  learning, 2017. The contest of the first table.

Next: lesson 15 asks what a network remembers of the people it has learned from.
"""

# %% folded=true tags=["nbval-ignore-output"]
from course.desk.ending import ending

ending("You wrote a digit reader into a file over 25 times smaller, and read back it does as well as the whole one that was trained as long.")
