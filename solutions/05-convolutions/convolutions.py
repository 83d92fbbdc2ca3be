# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   course:
#     title: Crops through a filter
#     rows: [F1, F2, F3]
#     minutes: 120
#     builds_on: [01-tensors, 04-networks]
# ---

# %% [markdown] rows="F1 F2"
r"""
# Crops through a filter

**How can a network know a thing again when it turns up somewhere else?**

The networks of lesson 04 gave each pixel a weight of its own. Show such a network a seven on the left and a seven on the right, and it has met two things that
share hardly a pixel. It has to learn the seven again for every place where a seven may stand.

Below, two networks have learned from the same digits, all of them in the middle of the picture. One has a weight for each pixel; the other is made
of *filters*. Then test digits are moved to the right.
"""

# %% setup=true
import torch
from course import data, plots
from course.check import answer, begin, check, checks, exercise, hints
from torch import Tensor, tensor

begin("05-convolutions")

photo = data.photograph()[:426].float() / 255                           # (426, 640, 3); by danielbuechele, CC BY 2.0
grey = photo.reshape(213, 2, 320, 2, 3).mean(dim=(1, 3, 4))             # (213, 320): four pixels into one, three colours into one

# %% tags=["nbval-ignore-output"]
from course.convolutions import SmallCNN
from course.training import accuracy, train
from torch import nn

device = "cuda" if torch.cuda.is_available() else "cpu"
pixels, labels = data.mnist_5k()
learn, test = data.stratified_split(labels)
images = (pixels - pixels[learn].mean()) / pixels[learn].std()
torch.manual_seed(0)
dense = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10)).to(device)
train(dense, images[learn], labels[learn], epochs=8, learning_rate=2e-3, schedule=True, generator=torch.Generator().manual_seed(0), progress=False)
filters = SmallCNN(widths=(8, 16, 32)).to(device)
train(filters, images[learn], labels[learn], epochs=3, batch_size=32, learning_rate=5e-3, schedule=True, generator=torch.Generator().manual_seed(0), name="a network of filters")

one_of_each = [int((labels[test] == kind).nonzero()[0]) for kind in range(2, 8)]
figure, panels = plots.figure(columns=6, rows=3, width=9.6, height=6)
for row, shift in zip(panels, (0, 2, 4)):
    moved = torch.roll(images[test], shift, dims=3)
    says = [net(moved[one_of_each].to(device)).argmax(dim=1).tolist() for net in (dense, filters)]
    for axes, digit, one, other in zip(row, one_of_each, *says):
        plots.image(axes, torch.roll(pixels[test][digit, 0], shift, dims=1))
        axes.set_title(f"dense {one}\nfilters {other}", fontsize=11, color=plots.INK if one == other == labels[test][digit] else plots.COLOURS["vermillion"])
    print(f"moved by {shift} pixels, of 1,000 test digits read correctly: dense {accuracy(dense, moved, labels[test]):.0%}, filters "
          f"{accuracy(filters, moved, labels[test]):.0%}")
plots.show(figure, "moved")

# %% [markdown] rows="F1"
r"""
A filter is an old thing, and every picture editor has some in a menu: blur, sharpen, find edges. Each takes a small crop of the picture, adds up a weighted
sum, writes down one number, and moves on to the next crop, with the *same* weights. This lesson builds that out of loops, makes it fast, and then lets the
network choose its own filters. At the end we ask it where it looked.

**By the end you can**

- walk a kernel over an image, and say how large the result will be before you do;
- find edges with eighteen numbers and Pythagoras;
- write the convolution that networks use, with channels, batches, stride and padding, equal to torch's;
- pool, count a layer's parameters in your head, and tell 1 x 1, dilated, depthwise and transposed convolutions apart;
- train a network of filters, look at what it learned, and draw a map of where it looked.

**Time:** about 120 minutes: 70 for the six exercises, 10 for the quiz, the rest to read and play. **Builds on:** lesson 01, *A block of numbers* (crops,
channels, views), and lesson 04, *A pile of very simple choices* (dense layers, ReLU, cross-entropy, training).

## 1. Nine numbers
Take a crop of 3 by 3 pixels. Take nine numbers, also 3 by 3: the **[kernel](../glossary.md#kernel)**. Multiply each pixel by the number that lies on top of it,
add up the nine products, and write the sum down. That is all. Here it is once, somewhere in the middle of the tower.
"""

# %%
from course.convolutions import KERNELS  # the course's own; yours comes in section 4
from course.convolutions import conv2d as filtered_by

top, left = 88, 73
crop, kernel = grey[top:top + 3, left:left + 3], KERNELS["outline"]
figure, panels = plots.figure(columns=3, width=9, height=3)
for axes, numbers, title in zip(panels, (crop, kernel, crop * kernel), ("a crop", "the kernel", "their products")):
    plots.block(axes, numbers, title)
plots.show(figure, "outline")
print("Photograph: danielbuechele, CC BY 2.0")
print(f"The nine products add up to {(crop * kernel).sum():.2f}.")

# %% [markdown] rows="F1"
r"""
Now move the crop one pixel to the right, keep the kernel, and do it again. At the end of the row go back and start one row lower. The sums, each written down
where its crop was, are a new picture. A kernel that is walked over a picture like this is a **[filter](../glossary.md#filter)**, and the walk is called
a **[convolution](../glossary.md#convolution)**.

Strictly it is a **[cross-correlation](../glossary.md#cross-correlation)**: for a convolution mathematicians turn the kernel upside down and left to right
before they multiply. Deep learning does not, since a network can learn its kernel either way up, and kept the name.

What a filter does can be read off its nine numbers:
"""

# %%
figure, panels = plots.figure(columns=4, rows=2, width=10.5, height=4.2)
for axes, (name, kernel) in zip(panels.flat, KERNELS.items()):
    low = -1 if abs(kernel.sum()) < 1e-6 else 0
    plots.image(axes, filtered_by(grey[None, None], kernel[None, None])[0, 0], name, low=low, high=1)
plots.show(figure, "eight-kernels")
for name in ("blur", "sharpen", "brighter to the right"):
    print(f"{name}:", *(" ".join(f"{number:5.2f}" for number in row) for row in KERNELS[name]), sep="\n")

# %% [markdown]
r"""
Two rules of thumb. Add up the nine numbers. If they make 1, an even patch of sky keeps its brightness. If they make 0, an even patch becomes 0 and
only *changes* are left. (In the pictures 0 is then drawn as middle grey, so that negative numbers can be seen as well.) And: positive numbers all round
average, which blurs; a positive and a negative side compare, which finds edges.

**Play.** Edit the nine numbers. Click into the photograph, or move the orange frame with the arrow keys: below it stand the nine pixels that it reads, the nine
products and their sum. Make a kernel that moves the whole picture by one pixel. Make one that turns it into its negative: why does it come out black? Make one
that answers only to edges that run from corner to corner.

*The same in words:* a single 1 in the middle changes nothing, and a single 1 elsewhere moves the picture the other way. A single &minus;1 makes every
brightness negative, and less than black cannot be shown. Positive numbers on one side of a diagonal and negative ones on the other, the diagonal itself 0, find
edges along that diagonal.
"""

# %% explorer=true
from course.explorers.convolutions import kernel_explorer

kernel_explorer(data.photograph(), "outline", credit="Photograph: danielbuechele, CC BY 2.0")

# %% [markdown] rows="F1"
r"""
## 2. The border, and how far to step
Look closely at the filtered pictures: they are smaller than the photograph. A kernel of 3 cannot be centred on the first pixel, since it would hang over the
edge. In a row of 7 pixels it finds room at 5 places. After ten such filters, ten pixels are gone on every side.

Where that hurts, one lays a frame of zeros around the picture first. This is **[padding](../glossary.md#padding)**; one pixel all round lets a kernel of 3 keep
the size. And where one does not need every place, one takes larger steps. The length of the step is the **stride**, a word that lesson 01 had for steps in
memory; with a stride of 2 the result is half as large.
"""

# %% folded=true
figure, panels = plots.figure(columns=3, width=10.5, height=2.3)
for axes, (stride, padding) in zip(panels, ((1, 0), (1, 1), (2, 1))):
    row = torch.nn.functional.pad(torch.ones(7), (padding, padding))
    axes.bar(range(len(row)), torch.ones(len(row)), width=0.94, color=[plots.COLOURS["sky"] if pixel else "#e7eaee" for pixel in row],
             edgecolor=["#7b828d" if pixel == 0 else "white" for pixel in row])
    starts = range(0, len(row) - 2, stride)
    for place, start in enumerate(starts):
        height = -0.35 - 0.42 * place
        axes.plot([start - 0.42, start + 2.42], [height, height], color=plots.COLOURS["vermillion"], linestyle="-", linewidth=3)
        axes.text(start + 1, height + 0.07, str(place + 1), ha="center", va="bottom", fontsize=9)
    axes.set(xlim=(-0.7, 8.7), ylim=(-3.35, 1.1), title=f"stride {stride}, padding {padding}: {len(starts)} places")
    axes.set_axis_off()
plots.show(figure, "places")

# %% [markdown]
r"""
**Exercise 1 (5 minutes, easy): how large?** Say how many places there are along one side, for any sizes. Think of the *last* place where the kernel fits, and
count the steps to it. The first place is no step and counts too. A last step for which there is no room is not taken.
"""

# %% exercise="output_size" minutes=5
@exercise
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    """How many places a kernel stops at along one side of an image.

    size, kernel: pixels. stride: pixels from place to place. padding: zeros added at EITHER end, in pixels.
    Returns a whole number, e.g. size 7, kernel 3, stride 2, padding 1 -> 4.
    Raises ValueError where the kernel is longer than the padded side.
    """
    ### BEGIN SOLUTION
    room = size + 2 * padding - kernel
    if room < 0:
        raise ValueError(f"a kernel of {kernel} does not fit into {size} pixels with {padding} added at either end")
    return room // stride + 1
    ### END SOLUTION


# %% check="output_size" points=7
hints("How far can the kernel's left end travel before its right end leaves the padded side?",
      "It can travel size + 2 * padding - kernel pixels. Count the whole strides in that, and add the place it started from.",
      "(size + 2 * padding - kernel) // stride + 1.")
check(output_size, 23, 11, 3, 5).gives(8)
check(output_size, 10, 3, 4).gives(2)             # a last step for which there is no room is not taken
check(output_size).agrees(where=lambda call: call.kernel <= call.size)

# %% check="output_size" aspect="room" points=3
check(output_size, 3, 5).raises(ValueError, when="the kernel is longer than the side")
check(output_size, 3, 5, 1, 1).gives(1)           # padding makes room for it
check(output_size).agrees(where=lambda call: call.kernel >= call.size)
check(output_size).keeps_the_contract()

# %% [markdown] rows="F1"
r"""
**Exercise 2 (15 minutes, medium): the walk.** Now the whole thing, by loops, and without a ready-made convolution. One grey image, one kernel of any height and
width. At each place cut out the crop (lesson 01 called it that as well), multiply, add up. Place `(row, column)` of the result looks at the crop whose upper
left pixel is at `(row * stride, column * stride)` of the padded image. `torch.nn.functional.pad(image, (1, 1, 2, 2))` adds one column left and right, and two
rows above and below.
"""

# %% exercise="convolve" minutes=15 uses="output_size"
@exercise
def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    """One kernel walked over a grey image, place by place.

    image: (height, width). kernel: (kh, kw), of the same dtype, not turned round. stride: pixels from place to place,
    down as well as across. padding: zeros added on all four sides, in pixels. Returns (rows, columns), in that dtype,
    e.g. image [[1., 2., 3.], [4., 5., 6.]] and kernel [[1., 0.], [0., 1.]] -> [[6., 8.]].
    """
    ### BEGIN SOLUTION
    kh, kw = kernel.shape
    rows, columns = output_size(image.shape[0], kh, stride, padding), output_size(image.shape[1], kw, stride, padding)
    padded = torch.nn.functional.pad(image, (padding, padding, padding, padding))
    result = torch.zeros(rows, columns, dtype=image.dtype)
    for row in range(rows):
        for column in range(columns):
            crop = padded[row * stride:row * stride + kh, column * stride:column * stride + kw]
            result[row, column] = (crop * kernel).sum()
    return result
    ### END SOLUTION


# %% check="convolve" points=9 uses="output_size"
hints("Two loops, one over the places down and one over the places across. How many there are is your output_size.",
      "Inside: crop = image[row:row + kh, column:column + kw], times the kernel, number by number, then .sum().",
      "result[row, column] = (image[row:row + kh, column:column + kw] * kernel).sum().")
check(convolve, tensor([[2., 1., 0., 1.], [0., 1., 3., 2.], [2., 0., 1., 4.]]), tensor([[1., 0.], [3., -1.]])).gives(
    tensor([[1., 1., 7.], [6., 0., 2.]]))
check(convolve).agrees(stride=1, padding=0)

# %% check="convolve" aspect="stride" points=5 uses="output_size"
check(convolve, tensor([[1., 0., 2., 1.], [2., 1., 0., 1.], [0., 3., 1., 2.], [1., 1., 0., 2.]]), tensor([[1., 2.], [0., -1.]]), 2).gives(
    tensor([[0., 3.], [5., 3.]]))
check(convolve).agrees(where=lambda call: call.stride > 1)

# %% check="convolve" aspect="padding" points=5 uses="output_size"
check(convolve, tensor([[2., 1.], [0., 3.]]), tensor([[1., 0.], [2., 1.]]), 1, 1).gives(tensor([[2., 5., 2.], [0., 5., 7.], [0., 0., 3.]]))
check(convolve).agrees(where=lambda call: call.padding > 0)
check(convolve).keeps_the_contract()
check(convolve).is_written_without("conv2d", "conv1d", "conv3d", "convolution", "Conv2d", "filtered_by", "convolve2d", "correlate", "correlate2d",
                                   because="this exercise is about writing the walk; ready-made ones come later")

# %% [markdown]
r"""
Your walk, over the top of the tower, and a stopwatch, because loops in Python are slow.

**Experiment.** Change `name` to another of the menu, and then the stride to 3. Which of the two costs time, and which saves it?
"""

# %% tags=["nbval-ignore-output"]
import time

name, stride = "sharpen", 1                               # change me: "emboss", 3
corner = grey[20:110, 40:150]
begun = time.perf_counter()
walked_by_hand = convolve(corner, KERNELS[name], stride)
by_loops = time.perf_counter() - begun
print(f"{walked_by_hand.numel():,} places took {1000 * by_loops:.0f} ms")
figure, panels = plots.figure(columns=2, width=8, height=3.4)
plots.image(panels[0], corner, "before")
plots.image(panels[1], walked_by_hand, f"your walk: {name}", low=0 if KERNELS[name].sum() > 0.5 else -1, high=1)
plots.show(figure, "own-loops")

# %% [markdown] rows="F1"
r"""
## 3. Edges
An edge is a place where brightness changes. So subtract: the pixel on the right minus the pixel on the left. Where the two are alike, nothing is left.
Photographs are grainy, so it helps to average a little along the edge while comparing across it: 1, 2, 1. Put the two together and you have the kernel that
Irwin Sobel and Gary Feldman showed at Stanford in 1968. It is among ours twice, once for either direction: "brighter to the right" and "brighter downwards".

Each of the two sees half of the matter. On a vertical edge only the first answers, on a horizontal one only the second, on a slanted one both do a little. How
strong is the edge, whichever way it runs? If brightness rises by 3 for each step to the right and by 4 for each step down, the steepest way up rises by 5.
Pythagoras: square both, add, take the root.

(Cats do it too. In 1959 David Hubel and Torsten Wiesel found cells at the back of a cat's brain that answer to an edge at one particular slant, in one small
part of what the cat sees, and to nothing else.)
"""

# %%
figure, panels = plots.figure(columns=3, width=10.5, height=2.7)
across, down = (filtered_by(grey[None, None], KERNELS[name][None, None])[0, 0] for name in ("brighter to the right", "brighter downwards"))
for axes, picture, title, low in zip(panels, (across, down, (across ** 2 + down ** 2).sqrt()), ("brighter to the right", "brighter downwards", "both: edge strength"), (-1.5, -1.5, 0)):
    plots.image(axes, picture, title, low=low, high=1.5)
plots.show(figure, "edges")

# %% [markdown]
r"""
**Exercise 3 (10 minutes, easy): edge strength.** Use your `convolve` with the two Sobel kernels, and Pythagoras at every place. No padding: a frame of zeros
around a picture is itself an edge. The kernels are

$$\begin{pmatrix}-1&0&1\\-2&0&2\\-1&0&1\end{pmatrix} \qquad \begin{pmatrix}-1&-2&-1\\0&0&0\\1&2&1\end{pmatrix}$$

and nothing is divided afterwards. Is the second one new, or do you have it already, if you exchange rows and columns?
"""

# %% exercise="edge_strength" minutes=10 uses="convolve"
@exercise
def edge_strength(image: Tensor) -> Tensor:
    """How steeply brightness changes at each place, whatever the direction, by the two Sobel kernels.

    image: (height, width). Returns (height - 2, width - 2), 0 or more, e.g. brightness that rises by 3 a pixel to the right and by
    4 a pixel downwards -> 40 everywhere: the first kernel gives 8 times 3, the second 8 times 4.
    """
    ### BEGIN SOLUTION
    to_the_right = tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]])
    across, down = convolve(image, to_the_right), convolve(image, to_the_right.T)
    return (across ** 2 + down ** 2).sqrt()
    ### END SOLUTION


# %% check="edge_strength" points=7 uses="convolve"
hints("Two convolutions of the same image, then one number out of two, at every place.",
      "The second kernel is the first with rows and columns exchanged: kernel.T.",
      "(convolve(image, kernel) ** 2 + convolve(image, kernel.T) ** 2).sqrt().")
check(edge_strength, tensor([[5., 0., 1., 2.], [3., 0., 2., 1.], [4., 3., 2., 5.]])).gives(tensor([[10., 10.]]))
check(edge_strength).agrees()

# %% check="edge_strength" aspect="turned" points=4 uses="convolve"
falls_to_the_right = torch.arange(5.).flip(0).expand(4, 5)
check(edge_strength, falls_to_the_right).gives(torch.full((2, 3), 8.))      # as steep as brightness that rises
check(edge_strength).keeps_the_contract()

# %% [markdown] rows="F2"
r"""
## 4. Colour, many kernels, a batch
A network needs three things more.

**Colour.** A colour image has three [channels](../glossary.md#channel), red, green and blue. So the crop is a block of 3 by 3 by 3, and the kernel is one as
well: 27 numbers. The 27 products are added up to *one* number. Three channels go in and one map comes out.

**Many kernels.** One kernel sees one kind of thing. So use 16 of them on the same image: 16 maps come out, and they are the channels of the next layer's image.
Stacked, the kernels are a block of rank 4: (16, 3, 3, 3), and the first axis says *which kernel*.

**A batch.** Many images at once, as always: (n, 3, height, width) goes in, (n, 16, rows, columns) comes out. Each of these maps is often called a **[feature
map](../glossary.md#feature-map)**.
"""

# %%
kernel = torch.stack([KERNELS["outline"], KERNELS["outline"], KERNELS["blur"] * -9])
sixteen = torch.stack([kernel] * 16)                            # the same one 16 times; a network would have 16 different ones
pictures = photo.permute(2, 0, 1)[None]                         # (1, 3, 426, 640): a batch of one, channels first
maps = filtered_by(pictures, sixteen, stride=2, padding=1)
print("images ", tuple(pictures.shape), "\nkernels", tuple(sixteen.shape), "\nmaps   ", tuple(maps.shape))
print("numbers in the kernels:", sixteen.numel(), "= 16 x 3 x 3 x 3")

# %% [markdown]
r"""
Now for speed. Look at the loop again: each place does the same thing to another crop. Lay every crop out as a *column* of numbers, side by side, and lay each
kernel out as a *row*. Then row times column, for every kernel and every place at once, is one matrix product, the thing that computers do fastest of all.
"""

# %%
tiny = torch.arange(1., 13.).reshape(3, 4)
laid_out = tiny.unfold(0, 2, 1).unfold(1, 2, 1).permute(2, 3, 0, 1).reshape(4, 6)
figure, panels = plots.figure(columns=3, width=10.5, height=2.9, width_ratios=[4, 4, 6])
for axes, numbers, title in zip(panels, (tiny, tensor([[1., 0., 3., -1.]]), laid_out), ("an image", "a 2 x 2 kernel, as a row", "its six crops, as columns")):
    plots.block(axes, numbers, title)
plots.show(figure, "laid-out")
print("row times columns:", (tensor([[1., 0., 3., -1.]]) @ laid_out).tolist()[0])
print("the walk         :", filtered_by(tiny[None, None], tensor([[1., 0.], [3., -1.]])[None, None]).flatten().tolist())

# %% [markdown]
r"""
The method `unfold` gives the crops without copying a pixel, a view with strides of its own (lesson 01): `images.unfold(2, kh, stride)` cuts axis 2 into windows
of length `kh` and puts what is inside a window on a new *last* axis. Done once for the height (axis 2) and once for the width (axis 3), images of shape (n, c,
height, width) become (n, c, rows, columns, kh, kw): for each place, its crop.

**Exercise 4 (20 minutes, hard): the convolution of networks.** No loop, and torch's own convolution stays in the drawer. The order of axes is where it goes
wrong: before `reshape` melts axes together, those to be melted must stand side by side, and in the order in which the kernels have theirs. Then
`kernels.reshape(k, -1) @ columns` works for the whole batch. (`torch.einsum`, from lesson 01, is another way to do the last step.)
"""

# %% exercise="conv2d" minutes=20 uses="output_size"
@exercise
def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    """Many kernels walked over a batch of images with channels, without a loop.

    images: (n, c, height, width). kernels: (k, c, kh, kw), not turned round. bias: (k,), one number for each kernel, added to all of its
    map, or None. stride, padding: as in convolve, the same down and across. Returns (n, k, rows, columns).
    E.g. images of shape (8, 3, 32, 32), kernels (16, 3, 3, 3), stride 2 and padding 1 -> (8, 16, 16, 16).
    """
    ### BEGIN SOLUTION
    n, c, height, width = images.shape
    k, _, kh, kw = kernels.shape
    rows, columns = output_size(height, kh, stride, padding), output_size(width, kw, stride, padding)
    padded = torch.nn.functional.pad(images, (padding, padding, padding, padding))
    crops = padded.unfold(2, kh, stride).unfold(3, kw, stride)                       # (n, c, rows, columns, kh, kw)
    laid_out = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, rows * columns)
    maps = (kernels.reshape(k, -1) @ laid_out).reshape(n, k, rows, columns)
    return maps if bias is None else maps + bias[:, None, None]
    ### END SOLUTION


# %% check="conv2d" points=9 uses="output_size"
hints("Begin without stride, padding and bias. Print the shape after every step.",
      "crops = images.unfold(2, kh, 1).unfold(3, kw, 1) has the axes n, c, rows, columns, kh, kw. Bring c, kh, kw side by side with permute, melt them with "
      "reshape, and melt rows and columns too.",
      "columns = crops.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, -1); (kernels.reshape(k, -1) @ columns).reshape(n, k, rows, -1).")
check(conv2d, tensor([[[[1., 2., 0.], [0., 1., 3.]], [[2., 0., 1.], [1., 1., 0.]]]]),
      tensor([[[[1., 0.], [2., -1.]], [[0., 1.], [1., 3.]]], [[[0., 2.], [1., 1.]], [[-1., 0.], [2., 1.]]]])).gives(
    tensor([[[[4., 3.]], [[6., 6.]]]]))
check(conv2d).agrees(bias=None, stride=1, padding=0)

# %% check="conv2d" aspect="bias" points=4 uses="output_size"
check(conv2d).agrees(where=lambda call: call.bias is not None and call.stride == 1 and call.padding == 0)

# %% check="conv2d" aspect="stride" points=5 uses="output_size"
check(conv2d, torch.arange(1., 17.).reshape(1, 1, 4, 4), tensor([[[[1., 0.], [0., 2.]]]]), None, 2, 1).gives(
    tensor([[[[2., 6., 0.], [18., 28., 8.], [0., 14., 16.]]]]))
check(conv2d).agrees(where=lambda call: call.stride > 1 or call.padding > 0)

# %% check="conv2d" aspect="matrix" points=4 uses="output_size"
check(conv2d).is_written_without("for", "while", "conv2d", "conv1d", "conv3d", "convolution", "Conv2d", "convolve", because="no loop and no ready-made "
                                 "convolution here: lay the crops out with `unfold`, and let one matrix product do the rest")
check(conv2d).keeps_the_contract()                # networks learn their kernels: a gradient has to come through

# %% [markdown]
r"""
Is it worth it? The top of the tower once more, this time with 16 kernels at once, against your loops with one.
"""

# %% tags=["nbval-ignore-output"]
sixteen = torch.stack([KERNELS[name]] * 16)[:, None]
conv2d(corner[None, None], sixteen, stride=stride)        # the first call of anything takes longer
begun = time.perf_counter()
at_once = conv2d(corner[None, None], sixteen, stride=stride)
by_matrix = time.perf_counter() - begun
print(f"one kernel by loops {1000 * by_loops:.0f} ms, sixteen by one matrix product {1000 * by_matrix:.1f} ms: for each kernel "
      f"{16 * by_loops / by_matrix:,.0f} times as fast")
theirs = torch.nn.functional.conv2d(corner[None, None], sixteen, stride=stride)
print("equal to torch's own to 1e-5:", torch.allclose(at_once, theirs, atol=1e-5), "and to your loops:", torch.allclose(at_once[0, 0], walked_by_hand, atol=1e-5))

# %% [markdown] rows="F2"
r"""
For sixteen kernels on this photograph your one matrix product needs less than four times as long as torch's own convolution.

**Counting parameters.** A layer of convolutions has (kernels) times (channels in) times (kernel height) times (kernel width) weights, and one bias for each
kernel. The size of the image is not in it! A dense layer has a weight for each pixel *and* each neuron. Put the two side by side, for a colour image of 32 by
32:
"""

# %%
from course.convolutions import count_parameters

for name, layer in {"dense, 16 neurons": nn.Linear(3 * 32 * 32, 16), "16 kernels of 3 x 3": nn.Conv2d(3, 16, 3),
                    "dense, 16 numbers for each pixel": nn.Linear(3 * 32 * 32, 16 * 32 * 32, device="meta")}.items():
    print(f"{name:33s} {count_parameters(layer):12,} parameters")

# %% [markdown]
r"""
448 is 16 times 27, and 16 biases. The last line is what a dense layer would need to give as many numbers as the 16 maps hold. That every place is treated alike
is knowledge about pictures, built in; and with fewer parameters there is less room to learn by heart.

**Relatives.** Four variants are in nearly every network of today:

- A **[1 x 1 convolution](../glossary.md#1-x-1-convolution)** is a dense layer over the channels, the same at every place: it mixes channels and sees no
  neighbours. (Min Lin, Qiang Chen and Shuicheng Yan, 2013.)
- A **[dilated convolution](../glossary.md#dilated-convolution)** leaves gaps between the pixels that its kernel reads, and so sees further with as many
  weights. (Fisher Yu and Vladlen Koltun, 2016.)
- A **[depthwise convolution](../glossary.md#depthwise-convolution)** has one flat kernel for each channel and adds nothing up across channels. A 1 x 1 after it
  does that; together they are *depthwise separable*. (François Chollet, 2017; Andrew Howard and colleagues' MobileNets, 2017.)
- A **[transposed convolution](../glossary.md#transposed-convolution)** makes maps larger: each number is multiplied with a whole kernel, and the products are
  laid down side by side, a stride apart, added up where they overlap. It uses the kernel's matrix transposed, and undoes nothing, though some call it
  deconvolution. (Jonathan Long, Evan Shelhamer and Trevor Darrell, 2015, to label every pixel; networks that draw, in lesson 11, use it as well.)

Before you run the cell: which of them is cheapest, and by how much?
"""

# %%
relatives = {                                                       # the layer, and how wide a stretch of the input one output sees
    "3 x 3": (nn.Conv2d(32, 64, 3, padding=1, bias=False), 3),
    "3 x 3, stride 2": (nn.Conv2d(32, 64, 3, stride=2, padding=1, bias=False), 3),
    "1 x 1": (nn.Conv2d(32, 64, 1, bias=False), 1),
    "3 x 3, dilation 2": (nn.Conv2d(32, 64, 3, padding=2, dilation=2, bias=False), 5),
    "depthwise 3 x 3": (nn.Conv2d(32, 32, 3, padding=1, groups=32, bias=False), 3),
    "depthwise 3 x 3, then 1 x 1": (nn.Sequential(nn.Conv2d(32, 32, 3, padding=1, groups=32, bias=False), nn.Conv2d(32, 64, 1, bias=False)), 3),
    "transposed 2 x 2, stride 2": (nn.ConvTranspose2d(32, 64, 2, stride=2, bias=False), 1)}
print("32 channels of 28 x 28 go in      weights   multiplications   sees   comes out")
for name, (layer, sees) in relatives.items():
    out = layer(torch.zeros(1, 32, 28, 28))
    stops = min(out[0, 0].numel(), 28 * 28)                         # a transposed kernel stops at each place of its input, any other at each of its output
    print(f"{name:31s} {count_parameters(layer):9,} {stops * count_parameters(layer):17,} {sees:6d}   {tuple(out.shape[1:])}")

# %% [markdown]
r"""
The separable pair takes the ordinary layer's place with an eighth of its weights and multiplications. (It is seldom eight times as fast: memory is read as
often.)

## 5. Pooling
Whether there is a roof in the picture does not depend on the exact pixel. So, now and then, a network throws places away on
purpose. **[Pooling](../glossary.md#pooling)** cuts each map into windows, 2 by 2 as a rule, and keeps one number of each: the greatest (*max* pooling: is it
anywhere in here?) or the mean (*average* pooling: how much of it is in here?). There is nothing to learn in it, and each channel is pooled by itself.

**Exercise 5 (10 minutes, medium): pooling.** Both kinds. The windows lie side by side unless a stride says otherwise, and a window that would hang over the
edge is left out.
"""

# %% exercise="pool" minutes=10
@exercise
def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    """One number for each window of size x size: the greatest, or the mean.

    images: (n, c, height, width). stride: pixels from window to window; None means `size`, so that windows lie side by side.
    kind: "max" or "average". Returns (n, c, rows, columns); pixels at the right and lower edge that fill no window are left out.
    E.g. a batch of shape (2, 3, 5, 8) and size 2 -> (2, 3, 2, 4). Raises ValueError for another kind.
    """
    ### BEGIN SOLUTION
    if kind not in ("max", "average"):
        raise ValueError(f'kind is {kind!r}; wanted "max" or "average"')
    stride = stride or size
    crops = images.unfold(2, size, stride).unfold(3, size, stride)
    return crops.amax(dim=(-2, -1)) if kind == "max" else crops.mean(dim=(-2, -1))
    ### END SOLUTION


# %% check="pool" points=8
hints("unfold again: for each window, its pixels on two new last axes.",
      "crops = images.unfold(2, size, stride).unfold(3, size, stride) is (n, c, rows, columns, size, size). One number is wanted for the last two axes.",
      "crops.amax(dim=(-2, -1)) for the greatest, crops.mean(dim=(-2, -1)) for the mean.")
check(pool, tensor([[[[1., 4., 2., 0.], [3., 8., 5., 1.]], [[7., 0., 1., 2.], [2., 3., 6., 9.]]]]), 2).gives(tensor([[[[8., 5.]], [[7., 9.]]]]))
check(pool).agrees(kind="max", stride=None)

# %% check="pool" aspect="average" points=4
check(pool, tensor([[[[1., 4., 2., 0.], [3., 8., 5., 1.]]]]), 2, None, "average").gives(tensor([[[[4., 2.]]]]))
check(pool, torch.zeros(1, 1, 2, 2), 2, None, "median").raises(ValueError, when="kind is neither max nor average")
check(pool).agrees(where=lambda call: call.kind != "max")

# %% check="pool" aspect="stride" points=3
check(pool, tensor([[[[1., 4., 2., 0., 6.], [3., 8., 5., 1., 2.], [0., 1., 9., 7., 3.]]]]), 2, 1).gives(tensor([[[[8., 8., 5., 6.], [8., 9., 9., 7.]]]]))
check(pool).agrees(where=lambda call: call.stride is not None)
check(pool).keeps_the_contract()

# %% [markdown]
r"""
**Experiment.** The edges of the tower, pooled. Change `kind` to `"average"`, and look at what becomes of thin lines. Which of the two would you rather have if
the question is *whether* there is an edge?
"""

# %%
kind = "max"                                              # change me: "average"
edges = filtered_by(grey[None, None], torch.stack([KERNELS["brighter to the right"], KERNELS["brighter downwards"]])[:, None]).norm(dim=1, keepdim=True)
figure, panels = plots.figure(columns=3, width=10.5, height=2.7)
for axes, size in zip(panels, (1, 4, 12)):
    plots.image(axes, pool(edges, size, kind=kind)[0, 0], f"windows of {size} x {size}" if size > 1 else "edges", high=1.5 if size == 1 else 3)
plots.show(figure, "pooled")

# %% [markdown] rows="F2"
r"""
Two words for what you now have. A convolution is **[equivariant](../glossary.md#equivariance)** to shifts: move the picture, and the map moves with it and does
not change otherwise (the border apart). The maximum or the mean over *all* places is **[invariant](../glossary.md#invariance)**: move the picture, and it
stays. Windows with a stride are between the two. Measured on a digit with an empty border:
"""

# %%
digit, outline = pixels[test][:1], KERNELS["outline"][None, None]
maps = [filtered_by(torch.roll(digit, step, dims=3), outline, padding=1) for step in range(3)]       # moved by 0, 1 and 2 pixels
halves = [pool(one, 2) for one in maps]


def moved_by(step: int, one: Tensor, other: Tensor) -> bool:
    return torch.allclose(torch.roll(one, step, dims=3), other, atol=1e-5)


print("the digit moved by 1: its map moved by 1, otherwise the same:  ", moved_by(1, maps[0], maps[1]))
print("the digit moved by 2: the pooled map moved by 1:               ", moved_by(1, halves[0], halves[2]))
print("the digit moved by 1: the pooled map as it was, or moved by 1: ", moved_by(0, halves[0], halves[1]) or moved_by(1, halves[0], halves[1]))
print("the maximum over all places stays, however it is moved:        ", all(bool(one.max().isclose(maps[0].max())) for one in maps))

# %% [markdown] rows="F2"
r"""
Moved by one pixel, other pixels share a window. So a network with strides is only roughly invariant, and a small shift can change its answer. (Richard Zhang,
2019, blurs before each stride, and it happens less.)

## 6. A network of filters
Kernels need not come from a menu. They are numbers, the result depends on them smoothly, so there is a gradient, and descent will find kernels that serve the
task. Convolution, ReLU, convolution, ReLU, pool, and the same again on the smaller maps: this is a **[convolutional
network](../glossary.md#convolutional-network)**, CNN for short. Kunihiko Fukushima built the arrangement in 1980 and trained it by a rule of his own, without
gradients. In 1989 Yann LeCun and colleagues at Bell Labs trained one by gradient descent, to read the zip codes on American letters.

What comes out at the end is 64 small maps. How do they become ten classes? Take the mean of each map over all its places, which is average pooling with one
window as large as the map, and put one dense layer on the 64 means. (Min Lin, Qiang Chen and Shuicheng Yan, 2013.) A network for the 37 breeds of cats and dogs
that Omkar Parkhi and colleagues photographed in Oxford in 2012 does the same on a larger scale: 512 maps, 512 means, and a matrix that makes 37 logits of them.
"""

# %%
torch.manual_seed(0)
cnn = SmallCNN()
size = torch.zeros(1, 1, 28, 28)
for layer in cnn.features:
    size = layer(size)
    print(f"{str(layer).split('(')[0]:10s} {str(tuple(size.shape[1:])):14s} {count_parameters(layer):7,} parameters")
print(f"mean over places, then a dense layer  {count_parameters(cnn.head):,} parameters\nall in all {count_parameters(cnn):,}")

# %% [markdown]
r"""
The hello world again: 4,000 handwritten digits to learn from and 1,000 to be tested on, 28 by 28. Two small things help. The brightness was evened out at the
very beginning, as lesson 01 did it for columns: less the mean, divided by the spread, both measured on the digits to learn from. And the loss does not urge the
network to be quite sure: **[label smoothing](../glossary.md#label-smoothing)** asks for nine tenths of certainty, and leaves a tenth to be shared out among all
classes. (Christian Szegedy and colleagues, 2016.) Training takes a quarter of a minute on two idle cores.
"""

# %% tags=["nbval-ignore-output"]
from functools import partial

cnn = cnn.to(device, memory_format=torch.channels_last)      # the same numbers, in an order in memory that a CPU convolves a third faster
history = train(cnn, images[learn], labels[learn], epochs=9, batch_size=32, learning_rate=3e-3, schedule=True, generator=torch.Generator().manual_seed(0),
                loss=partial(nn.functional.cross_entropy, label_smoothing=0.1))
print(f"{accuracy(cnn, images[test], labels[test]):.1%} of the test digits are read correctly")

# %% [markdown]
r"""
Pooling windows lie where they lie, and a digit that falls awkwardly between them may be misread. So ask five times: about the digit as it is, and about crops
that begin one pixel higher, lower, further left and further right. Add up the five answers. Alex Krizhevsky, Ilya Sutskever and Geoffrey Hinton asked about ten
crops of every photograph in 2012, in the network that made the field famous. The result depends less on the luck of the seed, and over five seeds at least 98.4
% of the test digits are read correctly. A single run lies a few digits to either side of its mean, so this one is held to 98 %.
"""

# %%
def five_looks(model: nn.Module, images: Tensor) -> Tensor:
    """Logits added up over each image and its four neighbours, moved by one pixel. images: (n, 1, height, width). Returns (n, classes)."""
    moved = [images] + [torch.roll(images, step, dims=axis) for axis in (2, 3) for step in (-1, 1)]    # digits have an empty border, so nothing comes round
    return sum(model(one) for one in moved)


with torch.no_grad():
    read = five_looks(cnn, images[test].to(device)).argmax(dim=1).cpu()
digits_right = float((read == labels[test]).float().mean())
print("this run reads at least 98 % of the 1,000 test digits correctly:", digits_right >= 0.98)

# %% [markdown]
r"""
**What did it learn?** Here are the 16 kernels of the first layer, each 3 by 3, and below them what some of the layers make of a seven. Nobody drew these
kernels. Compare them with the menu of section 1: which of them have a light side and a dark side?
"""

# %%
kernels = cnn.features[0].weight.detach().cpu()[:, 0]
seven = images[test][labels[test] == 7][:1]
figure, panels = plots.figure(columns=8, rows=2, width=9, height=2.5)
for axes, one in zip(panels.flat, kernels):
    plots.image(axes, one, low=-float(one.abs().max()), high=float(one.abs().max()))
plots.show(figure, "kernels")

maps = seven.to(device)
figure, panels = plots.figure(columns=7, rows=3, width=10, height=4.7)
with torch.no_grad():
    for row, layers in zip(panels, (cnn.features[:4], cnn.features[4:9], cnn.features[9:])):
        maps = layers(maps)
        busiest = maps[0].amax(dim=(1, 2)).argsort(descending=True)[:6]
        row[0].set_axis_off()
        for axes, one in zip(row[1:], maps[0, busiest].cpu()):
            plots.image(axes, one, high=float(one.max()))
        row[1].set_title(f"{maps.shape[1]} maps of {maps.shape[2]} x {maps.shape[3]}, six shown", fontsize=11)
plots.image(panels[0, 0], pixels[test][labels[test] == 7][0])
panels[0, 0].set_title("goes in", fontsize=11)
plots.show(figure, "seven")

# %% [markdown]
r"""
From row to row the maps get smaller and there are more of them: less about *where*, more about *what*. A place in the last row has seen a good part of the
digit. How much it can see is called its **[receptive field](../glossary.md#receptive-field)**: after one 3 by 3 layer it is 3 pixels wide, after two it is 5,
and each pooling doubles how fast it grows from there.

Now the opening once more, with this larger network. Move every test digit a few pixels to the right, which no training digit was, and ask again.

**Experiment.** Before you run it: which curve falls, and how fast? Then change `across` to move the digits down instead.

<details><summary>What one sees, once you have tried</summary>

Four pixels away the convolutional network still reads at least three times as many digits as the dense one.

</details>
"""

# %% tags=["nbval-ignore-output"]
across = True                                             # change me: False moves them down

shifts = range(5)
moved = [torch.roll(images[test], shift, dims=3 if across else 2) for shift in shifts]
figure, axes = plots.figure(width=6.6)
plots.curves(axes, {"convolutional": [100 * accuracy(cnn, one, labels[test]) for one in moved],
                    "dense": [100 * accuracy(dense, one, labels[test]) for one in moved]}, names=("digits moved by, pixels", "read correctly, %"))
axes.set(xticks=shifts, ylim=(0, 102), title="The same digits, somewhere else")
plots.show(figure, "shifted")

# %% [markdown] rows="F3"
r"""
## 7. Where did it look?
The network takes the mean over places, and with that it throws away where things were. But the maps before that mean are still there. Suppose there are 512 of
them, each 11 by 11. They are a block of 512 times 11 times 11, and a mean can be taken along either side of it:

- over the 11 x 11 *places*: 512 numbers, one for each channel. They say *what* is in the picture. This is what the classifier reads.
- over the 512 *channels*: 11 x 11 numbers, one for each place. They say *where* something is. Laid over the picture as a layer of colour, it is
  a **[heatmap](../glossary.md#heatmap)**.

To test a heatmap one has to know where the thing is. So here are pictures for which we do know: fields of crops from a small plane, each with rows, bushes, a
cart track, and mostly one figure that somebody has pressed into the corn at night. A recipe in `datasets/scenes` makes them. The network is told the name of
the figure and *never* its place.
"""

# %%
from course.data import FIGURES, scenes

fields, figures, places = scenes(2000)
new_fields, new_figures, new_places = scenes(500, seed=1)


def evened_out(images: Tensor) -> Tensor:
    """Each picture less its own mean colour, times 10, so that ripe and green fields look alike. (n, 3, height, width)."""
    return 10 * (images - images.mean(dim=(2, 3), keepdim=True))


figure, panels = plots.figure(columns=7, rows=2, width=10.5, height=3.5)
for axes, field, kind in zip(panels.flat, new_fields, new_figures):
    plots.image(axes, field, FIGURES[kind])
plots.show(figure, "fields")

# %% [markdown]
r"""
A smaller network will do: two stages instead of three.
"""

# %% tags=["nbval-ignore-output"]
widths = (12, 24)                                         # change me, after section 7: (8, 16, 32)
torch.manual_seed(0)
scout = SmallCNN(channels=3, classes=len(FIGURES), widths=widths).to(device, memory_format=torch.channels_last)
history = train(scout, evened_out(fields), figures, epochs=6, batch_size=32, learning_rate=5e-3, schedule=True, generator=torch.Generator().manual_seed(0))
print(f"named rightly: {accuracy(scout, evened_out(new_fields), new_figures):.0%} of 500 new fields; a guess would be right in 20 %")

# %% [markdown] rows="F3"
r"""
The plain heatmap treats all channels alike. But the dense layer does not: for "ring" it gives each channel a weight of its own, large where the channel speaks
for a ring and negative where it speaks against. So, in place of the plain mean, add the channels up with *these* weights. The map shows the evidence for one
class, place by place. It is called the **[class activation map](../glossary.md#class-activation-map)**, CAM; Bolei Zhou and colleagues described it in 2016.

And the logit *is* the mean of this map, plus the bias. Taking the mean first and the weights then, or the other way round, makes no difference to a sum.

**Exercise 6 (10 minutes, medium): the class activation map.** For each image of the batch there is a class that we ask about. Pick that class's row of weights,
and add the channels up, each times its weight. Keep every place.
"""

# %% exercise="class_activation_map" minutes=10
@exercise
def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    """Where the evidence for a class lies: the channels added up, each times its weight for that class.

    features: (n, c, height, width), the maps whose means the dense layer reads. weights: (number of classes, c), that layer's.
    classes: (n,), whole numbers, the class asked about in each image. Returns (n, height, width),
    e.g. one image of two channels [[1., 0.]] and [[0., 5.]], weights [[2., 3.]] and class 0 -> [[2., 15.]].
    """
    ### BEGIN SOLUTION
    chosen = weights[classes]                                       # (n, c)
    return (features * chosen[:, :, None, None]).sum(dim=1)
    ### END SOLUTION


# %% check="class_activation_map" points=9
hints("weights[classes] picks a row of weights for each image: (n, c). What has to happen to its shape before it meets (n, c, height, width)?",
      "Give it two axes more, weights[classes][:, :, None, None], multiply, and add up over the channels, which are axis 1.",
      "(features * weights[classes][:, :, None, None]).sum(dim=1).")
check(class_activation_map, tensor([[[[1., 0.], [2., 1.]], [[0., 3.], [1., 0.]]], [[[2., 1.], [0., 1.]], [[1., 1.], [0., 4.]]]]),
      tensor([[1., 2.], [3., -1.], [0., 1.]]), tensor([1, 0])).gives(tensor([[[3., -3.], [5., 3.]], [[4., 3.], [0., 9.]]]))
check(class_activation_map).agrees(where=lambda call: len(call.features) < 3)

# %% check="class_activation_map" aspect="batch" points=4
check(class_activation_map).agrees(where=lambda call: len(call.features) > 2)
check(class_activation_map).keeps_the_contract()

# %%
from course.convolutions import enlarge, peaks

with torch.no_grad():
    features = scout.features(evened_out(new_fields).to(device))
    logits = scout(evened_out(new_fields).to(device))
    named = logits.argmax(dim=1)
    maps = class_activation_map(features, scout.head.weight, named)
    chosen = logits.gather(1, named[:, None])[:, 0]
    print("mean of the map + bias = logit:", torch.allclose(maps.mean(dim=(1, 2)) + scout.head.bias[named], chosen, atol=1e-3))
large, heat = enlarge(maps, 40, 40).cpu(), enlarge(features.mean(dim=1), 40, 40).cpu()

shown = (new_figures > 0).nonzero().flatten()[:7]
figure, panels = plots.figure(columns=7, rows=3, width=10.5, height=5)
for column, number in zip(panels.T, shown):
    plots.image(column[0], new_fields[number], f"{FIGURES[new_figures[number]]}")
    for axes, layer in zip(column[1:], (heat, large)):
        plots.image(axes, new_fields[number])
        axes.imshow(layer[number], cmap="cividis", alpha=0.75)
    row, place = peaks(large[number:number + 1])[0]
    column[2].plot(place, row, marker="x", color="white", markersize=9, markeredgewidth=3)
    column[2].plot(place, row, marker="x", color=plots.COLOURS["vermillion"], markersize=8, markeredgewidth=1.6)
panels[1, 0].set_title("mean of all channels", fontsize=11)
panels[2, 0].set_title("class activation map", fontsize=11)
plots.show(figure, "attention")

# %% [markdown]
r"""
So the headline has two halves, each measured over five seeds by `make claims` and shown here by one run. The digits you know. For the fields, count how often
the peak of the class activation map lies in the circle around the figure, over all new fields that have one: over five seeds the peak lies on the figure in at
least 95 % of them, and a single run, again, is held to a little less. A dart thrown blindly would hit in one field of seven or so: that is how large the
circles are.
"""

# %% headline=true
from course.scenes import found

has_figure = new_figures > 0
on_the_figure = found(peaks(large), new_places)[has_figure].float().mean()
blind = (torch.pi * new_places[has_figure][:, 2] ** 2 / 40 ** 2).mean()
print("digits: this run reads at least 98 % of 1,000 test digits correctly (98.4 % is what five runs reach on average):", digits_right >= 0.98)
print("fields: in this run the map's peak lies on the figure in at least 90 % of the fields that have one (95 % is what five runs reach on average):", bool(on_the_figure >= 0.9))
print("        a blind dart would hit in 10 to 20 %:", bool(0.1 < blind < 0.2))

# %% [markdown]
r"""
**Experiment.** Go back to the cell that trains the scout, change `widths` to `(8, 16, 32)`, and run from there: a third stage. Does it name more figures
rightly? Does its map still fall onto them? Draw the maps and look for the reason.

<details><summary>What one sees, once you have tried</summary>

With a third stage it names more figures rightly: it sees more of each. And yet its map falls off the figure more often, by how much depends on the seed, and
mostly for triangles. With a receptive field of 32 pixels, a place *beside* the triangle sees the whole of it, and some channel has learned to speak up from
there.

</details>

The map says from which places the evidence was *collected*. It does not say which pixels it came from. Lesson 13 returns to this, with sharper tools and more
suspicion.

## Quiz (10 minutes)
Five questions, one letter each. Run the next cell and click, or write the letters between the quotes below it. Who learns alone is told at once whether they
are right, and why not; in a class it may be told when you hand in.
"""

# %% quiz="reading" points=10
[
    {"ask": "A layer has 32 kernels of 3 x 3 and gets 16 channels in. How many parameters has it, biases included?",
     "choices": {"a": "320", "b": "4,640", "c": "it depends on the size of the image"},
     "right": "b",
     "because": {"a": "each kernel is a block of 16 x 3 x 3 numbers, not of 3 x 3: it looks at all channels at once",
                 "c": "the same kernels are used at every place, so a larger image needs no more of them"}},
    {"ask": "The nine numbers of a kernel add up to 0. What does it make of an even patch of sky?",
     "choices": {"a": "nothing at all: 0", "b": "the same sky, a little sharper", "c": "a blurred sky"},
     "right": "a",
     "because": {"b": "to keep the sky as bright as it is the numbers would have to add up to 1, as those of sharpen do",
                 "c": "a blur takes a mean, and the numbers of a mean add up to 1"}},
    {"ask": "An image of 32 x 32 goes through a kernel of 5, stride 2, padding 2. How large is the map?",
     "choices": {"a": "15 x 15", "b": "16 x 16", "c": "17 x 17"},
     "right": "b",
     "because": {"a": "there are 15 whole steps, and the place where the kernel starts counts too",
                 "c": "32 + 4 - 5 is 31, which holds 15 whole strides of 2 and a half that is not taken"}},
    {"ask": "The last layer has 512 maps of 11 x 11. You want to see where something was found, whatever it is. What do you do?",
     "choices": {"a": "the mean over the 11 x 11 places", "b": "the mean over the 512 channels", "c": "the largest of all the numbers"},
     "right": "b",
     "because": {"a": "that leaves 512 numbers, one for each channel: what there is, and no longer where",
                 "c": "one number is no map"}},
    {"ask": "You draw a digit three pixels further to the right. Leave the map's border aside: what does the rest of the first layer's map do?",
     "choices": {"a": "it stays as it was", "b": "it changes in ways that cannot be foretold", "c": "it moves by three pixels and is otherwise the same"},
     "right": "c",
     "because": {"a": "the maps keep the place; it is pooling, and the mean at the end, that make the answer forget it",
                 "b": "the same kernel meets the same pixels, three places further on"}},
]

# %% [markdown]
r"""
## What to remember
1. A convolution lays a small kernel on a crop, multiplies, adds up, writes one number, and moves on with the same kernel. Kernels that add up to 1 keep
   brightness, kernels that add up to 0 show changes.
2. Places along a side: (size + 2 padding - kernel) // stride + 1. Parameters: kernels times channels in times kernel area, plus a bias each; the image's size
   is not in it.
3. A kernel covers all channels and makes one map; as many kernels, as many maps. Crops laid out as columns turn all of it into one matrix product.
4. A convolution is equivariant to shifts, the mean or maximum over all places invariant. Pooling forgets places on purpose: stage by stage, less where, more
   what.
5. The mean over places says what, the mean over channels says where. Weighted for one class it is the class activation map, whose mean is the logit; it shows
   where evidence was collected, and no more than that.

## Terms
[kernel](../glossary.md#kernel), [filter](../glossary.md#filter), [convolution](../glossary.md#convolution),
[cross-correlation](../glossary.md#cross-correlation), [padding](../glossary.md#padding), [feature map](../glossary.md#feature-map), [1 x 1
convolution](../glossary.md#1-x-1-convolution), [dilated convolution](../glossary.md#dilated-convolution), [depthwise
convolution](../glossary.md#depthwise-convolution), [transposed convolution](../glossary.md#transposed-convolution), [pooling](../glossary.md#pooling),
[equivariance](../glossary.md#equivariance), [invariance](../glossary.md#invariance), [convolutional network](../glossary.md#convolutional-network), [label
smoothing](../glossary.md#label-smoothing), [receptive field](../glossary.md#receptive-field), [heatmap](../glossary.md#heatmap), [class activation
map](../glossary.md#class-activation-map)

## Where to read on
- David Hubel and Torsten Wiesel, [*Receptive Fields of Single Neurones in the Cat's Striate Cortex*](https://doi.org/10.1113/jphysiol.1959.sp006308), Journal
  of Physiology 148, 1959. Edges, found in a cat.
- Kunihiko Fukushima, [*Neocognitron*](https://doi.org/10.1007/BF00344251), Biological Cybernetics 36, 1980. The arrangement, before anybody trained it by
  gradients.
- Yann LeCun and others, [*Backpropagation Applied to Handwritten Zip Code Recognition*](https://doi.org/10.1162/neco.1989.1.4.541), Neural Computation 1, 1989.
  The first of its kind to be put to work.
- Kumar Chellapilla, Sidd Puri and Patrice Simard, [*High Performance Convolutional Neural Networks for Document
  Processing*](https://inria.hal.science/inria-00112631), International Workshop on Frontiers in Handwriting Recognition, 2006. Crops as columns.
- Min Lin, Qiang Chen and Shuicheng Yan, [*Network in Network*](https://arxiv.org/abs/1312.4400), International Conference on Learning Representations, 2014.
  The mean over places.
- Matthew Zeiler and Rob Fergus, [*Visualizing and Understanding Convolutional Networks*](https://arxiv.org/abs/1311.2901), European Conference on Computer
  Vision, 2014. What the filters of a large network answer to.
- Christian Szegedy, Vincent Vanhoucke, Sergey Ioffe, Jonathon Shlens and Zbigniew Wojna, [*Rethinking the Inception Architecture for Computer
  Vision*](https://arxiv.org/abs/1512.00567), Conference on Computer Vision and Pattern Recognition, 2016. Label smoothing is its section 7.
- Fisher Yu and Vladlen Koltun, [*Multi-Scale Context Aggregation by Dilated Convolutions*](https://arxiv.org/abs/1511.07122), ICLR 2016; François Chollet,
  [*Xception: Deep Learning with Depthwise Separable Convolutions*](https://arxiv.org/abs/1610.02357), CVPR 2017; Andrew Howard and others,
  [*MobileNets*](https://arxiv.org/abs/1704.04861), arXiv 1704.04861, 2017; Jonathan Long, Evan Shelhamer and Trevor Darrell, [*Fully Convolutional Networks for
  Semantic Segmentation*](https://arxiv.org/abs/1411.4038), CVPR 2015. The relatives.
- Richard Zhang, [*Making Convolutional Networks Shift-Invariant Again*](https://arxiv.org/abs/1904.11486), ICML 2019. What strides cost.
- Bolei Zhou, Aditya Khosla, Agata Lapedriza, Aude Oliva and Antonio Torralba, [*Learning Deep Features for Discriminative
  Localization*](https://arxiv.org/abs/1512.04150), Conference on Computer Vision and Pattern Recognition, 2016. The class activation map.
- Victor Powell, [*Image Kernels Explained Visually*](https://setosa.io/ev/image-kernels/), setosa.io, 2015. Another explorer, with a face in it.

Next: lesson 06 takes a network that knows its training rows by heart, and throws some of it away.
"""

# %% folded=true tags=["nbval-ignore-output"]
from course.desk.ending import ending

ending("Your filters read about 98 of 100 digits, and the network's own map points at the figure it was asked about.")
