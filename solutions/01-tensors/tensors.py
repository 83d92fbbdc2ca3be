# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   course:
#     title: A block of numbers
#     rows: [A1, A2, A4, A5, A9]
#     minutes: 100
#     builds_on: []
# ---

# %% [markdown]
r"""
# A block of numbers

**What does a machine see when it looks at a picture?** Run the two cells below and look.

To run a cell, click into it and press Shift and Enter together. The first one fetches the tools, the second draws.
"""

# %% setup=true
import torch
from course import data, plots
from course.check import answer, begin, check, checks, exercise, hints
from torch import Tensor, tensor

begin("01-tensors")

# %%
photo = data.photograph()
top, left = 92, 224

figure, axes = plots.figure(columns=3, width=8.8, height=2.6, width_ratios=[1.5, 1, 1])
plots.image(axes[0], photo, "a photograph")
axes[0].add_patch(plots.Rectangle((left - 12, top - 12), 30, 30, fill=False, edgecolor="white", linewidth=2))
plots.image(axes[1], photo[top:top + 6, left:left + 6], "six by six of its pixels")
plots.block(axes[2], photo[top:top + 6, left:left + 6, 0], "how red each is")
plots.show(figure, "pixels")

# %% [markdown]
r"""
*Photograph: "Summer Palace" by danielbuechele, CC BY 2.0, as it comes with scikit-learn.*

It sees no roof. It sees 819,840 whole numbers between 0 and 255 in a block: 427 high, 640 wide, 3 deep. Everything in this course
arrives like that. A table, a sentence, a film, what a network has learned: blocks of numbers, and arithmetic on them.

**By the end you can**

- say the rank and the shape of any block, and guess the shape of a result before you run it;
- cut, turn and rescale a block without writing a loop, and know when that copies numbers and when it does not;
- compare everything with everything in one expression, and say how much faster that is than a loop, because you measured it;
- choose how many digits a number gets, and know what you pay for too few.

**Time:** about 100 minutes: 50 for the six exercises, 10 for the quiz, the rest to read and play. **Builds on:** nothing but Python. The
algebra you have forgotten may stay forgotten.

## How a lesson works
An **exercise** is a function with a description and no inside. You write the inside, run the cell, and run the **check** below it.
The check calls your function and tells you what came back and what should have. If your mistake is one that many people make,
it says so by name. Under a failed check wait three hints, folded up; the third nearly gives the game away.

Until you attempt an exercise, the notebook quietly goes on with the course's own version of it. So nothing is ever blocked: read to the end
first and solve later, if you like. When you hand in, the same checks are run again on numbers drawn for that occasion, so an
answer made to fit the example will fit only the example.

Every answer keeps to a few things, and the checks look. It leaves what it is given as it was. What it gives back has the type that the description
names, holds the kind of number that came in (its dtype, says section 2) unless another is named, and lies where that lay (section 8 says where tensors live).
It keeps nothing from one call to the next. And where it says that *gradients flow through*, it computes in torch from end to end, without `.item()`,
`.tolist()` or NumPy on the way: from lesson 03 on, you will train through such functions.

Everything between exercises is yours to play with. An **experiment** wants you to change the cell below it, most often where a comment
says `change me`. You cannot break anything that running the notebook from the top does not mend.
"""

# %% [markdown]
r"""
## 1. A number, a row, a sheet, a stack
Numbers, all of one kind, laid out along one axis, or two, or nine: that is a **[tensor](../glossary.md#tensor)**, and there is no more to it.
(In physics the word means something stricter.)

The number of axes is the **[rank](../glossary.md#rank)**. Rank 0 is a lone number, a **[scalar](../glossary.md#scalar)**: today's
temperature. Rank 1 is a row, a **[vector](../glossary.md#vector)**: a week of temperatures. Rank 2 is a sheet, a
**[matrix](../glossary.md#matrix)**: three days in each of four cities. Rank 3 is a stack of sheets, one each for morning, noon and night,
say. From there on people ran out of special names.
"""

# %% rows="A1"
today = tensor(21)
week = tensor([21, 19, 18, 22, 25, 24, 20])
cities = tensor([[21, 19, 18], [30, 31, 29], [12, 14, 9], [16, 16, 17]])
morning_noon_night = torch.stack([cities - 6, cities, cities - 3])

figure, axes = plots.figure(columns=4, width=9.4, height=2.3, width_ratios=[1, 5, 2.4, 3])
for ax, block in zip(axes, [today, week, cities, morning_noon_night]):
    plots.block(ax, block, f"rank {block.ndim}")
plots.show(figure, "ranks")

# %% [markdown]
r"""
The **[shape](../glossary.md#shape)** says how long each **[axis](../glossary.md#axis)** is, the outermost first. Read it aloud with
units and it explains itself: `(427, 640, 3)` is 427 rows of 640 pixels of 3 colours.

A film is a row of pictures, so it has rank 4. Here is a very short one: a window that glides over the photograph.
"""

# %% rows="A1"
film = torch.stack([photo[60:260, start:start + 200] for start in (0, 120, 240, 360)])

for name, block in {"today": today, "week": week, "cities": cities, "photo": photo, "film": film}.items():
    print(f"{name:8} rank {block.ndim}   shape {str(tuple(block.shape)):20} {block.numel():>9,} numbers")

figure, axes = plots.figure(columns=4, width=7.6, height=2.2)
for number, frame in enumerate(film):
    plots.image(axes[number], frame, f"film[{number}]")
plots.show(figure, "film")

# %% [markdown]
r"""
**Experiment.** Guess, then run: what are the shapes of `film[0]`, `film[0, 0]`, `film[0, 0, 0]`? Each index you give uses up one axis,
from the left. How many do you need to get down to a scalar?
"""

# %%
film[0].shape  # change me

# %% [markdown]
r"""
**Exercise 1 (7 minutes, easy): rank and shape by hand.** A tensor tells you its rank and shape when asked. A list of lists of lists does
not. Find out for it: open one bracket after another until you hold something that is not a list.

Write it without torch, which would only do it for you.
"""

# %% exercise="rank_and_shape" minutes=7
@exercise
def rank_and_shape(block):
    """How many axes a nested list has, and how long each is.

    block: a number, or a list of equally shaped blocks. Returns (rank, shape): a whole number and a tuple or list of whole numbers,
    the outermost axis first. An empty list is an axis of length 0, and nothing is inside it.

    7 -> (0, ()),   [[1, 2, 3], [4, 5, 6]] -> (2, (2, 3)),   [[], []] -> (2, (2, 0))
    """
    ### BEGIN SOLUTION
    shape = []
    while isinstance(block, list):
        shape.append(len(block))
        block = block[0] if block else None
    return len(shape), tuple(shape)
    ### END SOLUTION

# %% check="rank_and_shape" points=9
hints("How many brackets open before the first number?",
      "Keep a list of lengths. While the thing in your hand is a list, write down its length and take its first element into your hand.",
      "while isinstance(block, list): shape.append(len(block)); block = block[0]; and the rank is len(shape)")
check(rank_and_shape, [[1, 2, 3], [4, 5, 6]]).gives((2, (2, 3)))
check(rank_and_shape, 7).gives((0, ()), hint="a plain number has no length and no first element; look whether it is a list before you ask")
check(rank_and_shape, [[[0.5, 1.5]]]).gives((3, (1, 1, 2)), hint="there are numbers that are not whole; ask whether you hold a list")
check(rank_and_shape).agrees(where=lambda call: "[]" not in str(call.block))
check(rank_and_shape, 7).is_written_without("torch", "tensor", "Tensor", "numpy", "np", because="torch would only do it for you")

# %% check="rank_and_shape" aspect="empty" points=4
check(rank_and_shape, [[], []]).gives((2, (2, 0)), hint="an empty list has no first element to take; its length, 0, is the last you write down")
check(rank_and_shape).agrees(where=lambda call: "[]" in str(call.block))
check(rank_and_shape).keeps_the_contract()

# %% [markdown]
r"""
## 2. A calculator with many hands
Forget machines that see, for a moment. A tensor library is first of all a calculator whose keys work on whole blocks: write `block * 1.8 + 32`
and every number in it is turned to Fahrenheit. Nobody writes the loop, and nobody waits for it.

The opposite kind of key takes many numbers and gives back fewer: a **[reduction](../glossary.md#reduction)**, such as sum, mean or
maximum. You name the axis that is to *disappear*. Of `(4, 3)`, four cities by three days, `mean(dim=0)` leaves three numbers, one a
day, and `mean(dim=1)` leaves four, one a city. (Torch says `dim` for axis, counts from 0, and calls the last one -1 as well.) With
`keepdim=True` the axis stays where it was, with length 1: `mean(dim=1, keepdim=True)` is `(4, 1)`.
"""

# %% rows="A2"
print("first city in Fahrenheit", (cities * 1.8 + 32)[0])
print("warmest of all          ", cities.max())
print("mean of each day        ", cities.float().mean(dim=0))
print("mean of each city       ", cities.float().mean(dim=1))

figure, axes = plots.figure(columns=3, width=7, height=2.6)
plots.block(axes[0], cities, "cities (4, 3)")
plots.block(axes[1], cities.float().mean(dim=0), "mean(dim=0)\n(3,)", digits=1)
plots.block(axes[2], cities.float().mean(dim=1)[:, None], "mean(dim=1)\n(4,)", digits=1)
plots.show(figure, "means")

# %% [markdown]
r"""
Why the `.float()`? Because a tensor holds numbers of one kind only, its **[dtype](../glossary.md#dtype)**, and these are whole ones,
of which a mean is seldom one. Each number in the photograph is a `uint8`: a whole number in one byte, from 0 to 255. And 256? There is no
256. The counter goes round, like a car's after the last mile it can show.

**Experiment.** Brighten the photograph by `amount`. What happens to the sky at 20? At 100?
"""

# %%
amount = 100  # change me

wrapped = photo + amount                                         # still uint8: 250 + 100 is 94
careful = (photo.float() + amount).clamp(0, 255).to(torch.uint8)  # more room first, then cut off, then back

figure, axes = plots.figure(columns=2, width=6.8, height=2.7)
plots.image(axes[0], wrapped[::2, ::2], f"{photo.dtype} + {amount}")  # every second pixel will do for a small picture
plots.image(axes[1], careful[::2, ::2], f"float, + {amount}, clamp, back")
plots.show(figure, "brightened")

# %% [markdown]
r"""
## 3. One long row, and many ways to walk along it
Computer memory has no sheets and no stacks. It is one long row of places. A tensor is that row and a rule for walking along
it: the **[stride](../glossary.md#stride)** of an axis is how many places to move on when its index goes up by one.

Change the rule and you have another tensor over the *same* numbers, a **[view](../glossary.md#view)**. Nothing was copied, so it costs
next to nothing; and whoever writes into the one writes into the other. Here are two views of one block: `block.T`, its *transpose*, has
rows for columns and columns for rows, and `block[1:, ::2]` is a cut.
"""

# %%
block = torch.arange(12).reshape(3, 4)
views = {"block": block, "block.T": block.T, "block[1:, ::2]": block[1:, ::2]}

figure, axes = plots.figure(columns=3, width=8, height=2.8, width_ratios=[4, 3, 3])
for ax, (name, view) in zip(axes, views.items()):
    plots.block(ax, view, f"{name}\nstride {view.stride()}")
    print(f"{name:15} shape {tuple(view.shape)}   stride {view.stride()}   begins at place {view.storage_offset()} of the same row:",
          view.untyped_storage().data_ptr() == block.untyped_storage().data_ptr())
plots.show(figure, "strides")

# %% [markdown]
r"""
Square brackets cut views out of a block. One entry for each axis: a number picks one place and drops the axis; `start:stop` keeps
the part from `start` up to *but without* `stop`; a bare `:` keeps all, `::2` every second; `...` stands for as many `:` as are needed.
The last axis of the photograph is its **[channels](../glossary.md#channel)**, red, green and blue, so `photo[..., 0]` is all of the red.

Each of these is a view. The exception is a list or a tensor between the brackets: `photo[[5, 0, 9]]` picks rows in an order that no
stride can describe, so it has to copy them.
"""

# %%
figure, axes = plots.figure(columns=4, width=8.4, height=1.75)
plots.image(axes[0], photo[..., 0], "photo[..., 0]")
plots.image(axes[1], photo[..., 2], "photo[..., 2]")
plots.image(axes[2], photo[50:300, 150:520], "[50:300, 150:520]")
plots.image(axes[3], photo[::16, ::16], "[::16, ::16]")
plots.show(figure, "slices")

# %% [markdown]
r"""
Two commands look like twins here, and one of them ruins pictures. `permute` moves *axes*: it changes the rule for walking, and `permute(2, 0, 1)` names
the old axes in their new order, the last one first. `reshape` keeps the
walk and only breaks the lines elsewhere. (It gives a view where one rule of strides can describe the new walk, and makes a copy where none can: the last
lines below show one of each. `view` does the same and stops with an error where it would have to copy.) Both turn `(427, 640, 3)` into `(3, 427, 640)`, and
no shape check will ever tell you which you have.

**Experiment.** Look at `moved[2]` and `broken[2]` in place of the first ones. Then at what is printed: only `strip` was written into, and
yet `photo_copy` has changed. Does it still, if `strip` is cut with `photo_copy[list(range(100, 140))]`?
"""

# %%
moved = photo.permute(2, 0, 1)
broken = photo.reshape(3, 427, 640)

photo_copy = photo.clone()
strip = photo_copy[100:140]
strip[0] = 0
print("row 100 of photo_copy now sums to", photo_copy[100].sum().item())
for name, flat in (("block.reshape(12)", block.reshape(12)), ("block.T.reshape(12)", block.T.reshape(12))):
    print(f"{name:20} {'a view' if flat.data_ptr() == block.data_ptr() else 'a copy'}: {flat.tolist()}")

figure, axes = plots.figure(columns=2, width=6.8, height=2.7)
plots.image(axes[0], moved[0, ::2, ::2], "permute(2, 0, 1)[0]")
plots.image(axes[1], broken[0, :, ::2], "reshape(3, 427, 640)[0]")
plots.show(figure, "permuted")

# %% [markdown]
r"""
**Exercise 2 (8 minutes, easy): a crop, channels first.** Networks in torch want an image as `(channels, height, width)`; cameras and files give
`(height, width, channels)`. Cut a rectangle out of an image and hand it over in the order that torch wants.
"""

# %% exercise="crop" minutes=8
@exercise
def crop(image: Tensor, top: int, left: int, height: int, width: int) -> Tensor:
    """Cut a rectangle out of an image and put its channels first.

    image: (rows, columns, channels), any dtype. top, left: the row and the column of the rectangle's first pixel.
    Returns (channels, height, width), of the same dtype.

    A (427, 640, 3) photograph, top=0, left=10, height=2, width=5: returns (3, 2, 5), rows 0 and 1, columns 10 to 14.
    """
    ### BEGIN SOLUTION
    return image[top:top + height, left:left + width].permute(2, 0, 1)
    ### END SOLUTION

# %% check="crop" points=10
hints("Two things to do, and each of them is one pair of brackets: cut first, then move the axes.",
      "A slice wants where it ends, not how long it is. To move axes and keep every pixel in its place there is `permute`.",
      "image[top:top + height, ...].permute(2, 0, 1): the columns are yours")
image = torch.arange(40).reshape(4, 5, 2)  # the pixel in row r and column c is (10 r + 2 c, 10 r + 2 c + 1)
check(crop, image, 1, 2, 2, 3).gives(tensor([[[14, 16, 18], [24, 26, 28]], [[15, 17, 19], [25, 27, 29]]]))
check(crop).agrees(where=lambda call: call.image.shape[2] in (2, 3))

# %% check="crop" aspect="any-image" points=5
check(crop, torch.arange(6.).reshape(2, 3, 1), 0, 1, 2, 2).gives(
    tensor([[[1., 2.], [4., 5.]]]), hint="this image has one channel, and its numbers are floats")
check(crop).agrees(where=lambda call: call.image.shape[2] not in (2, 3))
check(crop).keeps_the_contract()

# %%
figure, axes = plots.figure(columns=2, width=6.8, height=2.7)
plots.image(axes[0], crop(photo, 60, 180, 120, 180), "crop(photo, 60, 180, 120, 180)")
plots.image(axes[1], crop(photo, 200, 40, 120, 180), "crop(photo, 200, 40, 120, 180)")
plots.show(figure, "crops")

# %% [markdown]
r"""
## 4. Stretch to fit
What is a table minus a row? Strictly, nonsense: `(4, 3)` and `(3,)` are different shapes. In practice everybody knows what is meant: take
the row from *each* row of the table. Tensors know it too, and call it **[broadcasting](../glossary.md#broadcasting)**.

The rule: write the two shapes under each other, **aligned at the right**. Where the lengths agree, fine. Where one is 1 or missing, it is
repeated to fit. Anything else is an error. Nothing is copied on the way: the stride of a repeated axis is 0, so the walk stands still.

**Play.** Type two shapes, and see which number meets which. Make them fail: what does it say?

*The same in words:* a column of 4 and a row of 3 meet in a table of 4 by 3, where row *i*, column *j* pairs number *i* of the column with
number *j* of the row. The column's last axis has length 1 and the row's first is missing, so each was repeated along the axis that it lacks.
"""

# %% explorer=true
from course.explorers.tensors import broadcast_explorer

broadcast_explorer(first="4, 1", second="3")

# %% [markdown]
r"""
**Experiment.** Which of these fail? Guess before you run: `(5, 3)` with `(5,)`; with `(5, 1)`; with `(1, 3)`; with `(2, 5, 3)`. Then add
shapes of your own.
"""

# %%
def meet(first, second):
    """The shape that two shapes make together, or the word 'error'."""
    try:
        return tuple(torch.broadcast_shapes(first, second))
    except RuntimeError:
        return "error"

for shape in [(3,), (5,), (5, 1), (1, 3), (2, 5, 3)]:  # change me
    print(f"(5, 3) with {str(shape):10} ->", meet((5, 3), shape))

# %% [markdown]
r"""
Broadcasting meets reductions all day long, for the oldest chore in the trade: columns in different units. Is 0.1 a lot? As metres
of rope, no; as the share of salt in a soup, yes. To **[standardise](../glossary.md#standardise)** a column, subtract its mean and divide by
its **[standard deviation](../glossary.md#standard-deviation)**, the square root of the mean of the squared differences from that mean. Then 0 is usual, 1 is a
typical step away from it, and 3 is remarkable, whatever the unit was.

The first half of it, drawn: five days, three columns, three units.
"""

# %%
weather = tensor([[21., 1013., 0.], [19., 1008., 2.], [18., 996., 11.], [22., 1015., 0.], [25., 1020., 0.]])
means = weather.mean(dim=0)
centred = weather - means  # (5, 3) - (3,): the row of means is taken from every row

figure, axes = plots.figure(columns=3, width=9, height=2.9)
plots.block(axes[0], weather, "degrees, hectopascals,\nmillimetres of rain")
plots.block(axes[1], means, "their means", digits=1)
plots.block(axes[2], centred, "what is left", digits=1)
plots.show(figure, "centred")

# %% [markdown]
r"""
**Exercise 3 (10 minutes, medium): standardise the columns of a table.** Two conventions, so that we mean the same thing: divide by *n* in the standard
deviation (torch's `std` divides by *n* - 1 unless you pass `correction=0`); and where a column never changes, there is nothing to divide by, so let it be
zeros. (Rounding may leave a column of 0.1 a deviation of a billionth in place of 0. The checks do not ask about that; the course's own version compares with
the first row, which cannot be fooled.)
"""

# %% exercise="standardise" minutes=10
@exercise
def standardise(table: Tensor) -> Tensor:
    """Give every column mean 0 and standard deviation 1.

    table: (n, columns), float, one thing a row, one measurement a column, in that column's unit. Returns (n, columns), of
    the same dtype, without units. Gradients flow through.
    The standard deviation divides by n. A column whose values are all equal becomes zeros.

    [[1, 10], [3, 30]] -> [[-1, -1], [1, 1]]: the means are 2 and 20, the standard deviations 1 and 10.
    """
    ### BEGIN SOLUTION
    centred = table - table.mean(dim=0)
    constant = (table == table[0]).all(dim=0)
    return centred / table.std(dim=0, correction=0).masked_fill(constant, 1)
    ### END SOLUTION

# %% check="standardise" points=12
hints("The axis that you name is the one that disappears. Which should disappear, if one mean for each column is to remain?",
      "A table (n, columns) minus its column means (columns,) broadcasts by itself; so does the division. For the columns that never change, look at what you "
      "divide by.",
      "spread = table.std(dim=0, correction=0); where the spread is 0, put a 1 in its place; then (table - its mean) / spread")
check(standardise, tensor([[0., 60.], [0., 10.], [0., 10.], [0., 10.], [5., 10.]])).gives(  # means 1 and 20, deviations 2 and 20
    tensor([[-0.5, 2.], [-0.5, -0.5], [-0.5, -0.5], [-0.5, -0.5], [2., -0.5]]), tolerance=1e-4)
check(standardise).agrees(where=lambda call: call.table.std(dim=0, correction=0).min() > 0)

# %% check="standardise" aspect="constant" points=5
check(standardise, tensor([[5., 1.], [5., 3.]])).gives(tensor([[0., -1.], [0., 1.]]), tolerance=1e-4)
check(standardise).agrees(where=lambda call: call.table.std(dim=0, correction=0).min() == 0)
check(standardise).keeps_the_contract()

# %%
figure, axes = plots.figure(columns=2, width=6.4, height=2.9)
plots.block(axes[0], weather, "as measured")
plots.block(axes[1], standardise(weather), "standardised", digits=1)
plots.show(figure, "standardised")

# %% [markdown]
r"""
Now the third day stands out at a glance: low pressure, and a lot of rain.

**Experiment.** Give the temperatures in Fahrenheit: put `weather[:, 0] = weather[:, 0] * 1.8 + 32` at the top of the cell above. What changes on the right?

## 5. Everything against everything
How alike are two things? Give each a row of numbers and measure how far apart the rows are: the **[distance](../glossary.md#distance)** of school
geometry, the square root of the summed squared differences, however many coordinates there are. From (0, 0) to (3, 4) it is 5, for 9 and 16 make 25. Which
pixel resembles which paint, which patient which other patient, which sentence which question: a good part of machine learning is a table of distances.

A set of *n* things against *m* others make *n* times *m* pairs, and two loops one inside the other. Or none. Give the first set an axis of length 1 for the
second set to stretch into, and the other way round, and broadcasting pairs them all: `(n, 1, d)` with `(1, m, d)` is `(n, m, d)`. An index of `None` makes such
an axis.
"""

# %%
towns = tensor([0., 2., 7.])      # kilometre stones along a road
stations = tensor([1., 6.])
gaps = (towns[:, None] - stations[None, :]).abs()

figure, axes = plots.figure(columns=3, width=6.8, height=2.7)
plots.block(axes[0], towns[:, None], "towns[:, None]\n(3, 1)")
plots.block(axes[1], stations[None, :], "stations[None, :]\n(1, 2)")
plots.block(axes[2], gaps, "distance of each\nto each (3, 2)")
plots.show(figure, "towns")

# %% [markdown]
r"""
**Experiment.** Where `gaps` is computed, take away one `None` and run; then the other instead. One of the two is not needed. Which, and by which half of
the rule?

**Exercise 4 (12 minutes, medium): pairwise distances without a loop.** The same in *d* coordinates: subtract, square, sum, take the root, for all pairs at
once.

(There is a second way, for whoever knows the identity $|a-b|^2 = |a|^2 + |b|^2 - 2\,a \cdot b$, where $|a|^2$ sums the squares of a point's coordinates, and
$a \cdot b$ the products of two points'. But rounding can leave its right-hand side a hair below zero, and such a number has no root: torch answers `nan`, *not
a number*.)
"""

# %% exercise="pairwise_distances" minutes=12
@exercise
def pairwise_distances(first: Tensor, second: Tensor) -> Tensor:
    """The straight-line distance from each point of one set to each point of another.

    first: (n, d), second: (m, d), float, one point a row, d coordinates each. Returns (n, m), of the same dtype. Gradients flow through.
    No `for`, no `while`, and no function that makes the whole table for you, such as `torch.cdist`.

    [[0, 0], [3, 4]] and [[0, 0], [3, 0], [0, 8]] -> [[0, 3, 8], [5, 4, 5]]
    """
    ### BEGIN SOLUTION
    return (first[:, None, :] - second[None, :, :]).square().sum(dim=-1).sqrt()
    ### END SOLUTION

# %% check="pairwise_distances" points=11
hints("What shape has the table of all differences, before anything is summed?",
      "first[:, None, :] is (n, 1, d) and second[None, :, :] is (1, m, d). Their difference has three axes; one of them has to be summed away.",
      "Square the differences, sum over the last axis, take the root: in that order.")
check(pairwise_distances, tensor([[0., 0.], [3., 4.]]), tensor([[0., 0.], [3., 0.], [0., 8.]])).gives(
    tensor([[0., 3., 8.], [5., 4., 5.]]), tolerance=1e-4)
check(pairwise_distances, tensor([[0., 0., 0.]]), tensor([[2., 3., 6.]])).gives(tensor([[7.]]), tolerance=1e-4, hint="three coordinates: 4 + 9 + 36")
check(pairwise_distances).agrees(where=lambda call: not torch.equal(call.first, call.second))

# %% check="pairwise_distances" aspect="by-itself" points=7
check(pairwise_distances, tensor([[1., 1., 1.], [3., 4., 7.]]), tensor([[1., 1., 1.], [3., 4., 7.]])).gives(
    tensor([[0., 7.], [7., 0.]]), tolerance=1e-3, hint="these points are compared with themselves")
check(pairwise_distances).agrees(where=lambda call: torch.equal(call.first, call.second))
check(pairwise_distances).is_written_without(
    "for", "while", "map", "vmap", "cdist", "pdist", "pairwise_distance", "PairwiseDistance", "distance_matrix", "euclidean_distances",
    because="one expression that pairs everything with everything is the point; a loop or a ready-made table is not")
check(pairwise_distances).keeps_the_contract()

# %% [markdown]
r"""
A table of distances is already a machine that learns, and no network at all. To read a handwritten digit, look up the most similar digit whose answer
you know and say the same: the **[nearest neighbour](../glossary.md#nearest-neighbour)**. Evelyn Fix and Joseph Hodges
described it in 1951, in a report for the United States Air Force. It needs no training, and the next cell measures how far it gets.

Keep that in mind when somebody says 'AI' and means 'network'. Decision trees, forests of them, boosting, logistic regression: you need not know what these are
yet, only that all of them live on the same blocks of numbers. Lesson 10 sets trees against a network, on a table, with the trees as the ones to beat.
"""

# %% rows="A2"
images, labels = data.digits()
rows_of_ink = images.reshape(len(images), -1)                # (1797, 64): every image as one row
known, asked = slice(0, 1000), slice(1000, 1300)

distances = pairwise_distances(rows_of_ink[asked], rows_of_ink[known])
guesses = labels[known][distances.argmin(dim=1)]
right = (guesses == labels[asked]).float().mean().item()
print(f"{right:.0%} of 300 digits read rightly by looking up the nearest of 1,000")

figure, axes = plots.figure(columns=6, rows=2, width=7.6, height=3)
for column in range(6):
    nearest = distances[column].argmin()
    plots.image(axes[0, column], images[asked][column], "asked" if column == 0 else "")
    plots.image(axes[1, column], images[known][nearest], f"nearest: {labels[known][nearest]}")
plots.show(figure, "digits")

# %% [markdown]
r"""
## 6. A switch for every answer
Label 3 is not three times label 1. Digits, weekdays, breeds of dog: their numbers are names, and arithmetic on names is nonsense (what is
twice a poodle?). So a class becomes a row of switches, all off but one. That is **[one-hot](../glossary.md#one-hot)**.

The **[matrix product](../glossary.md#matrix-product)** `a @ b` lets every row of `a` meet every column of `b`: multiply number by number, sum, and put the sum
where that row and that column cross. A row and a column can meet only if they are equally long, which is the rule of shapes: `(n, k) @ (k, m)` gives `(n, m)`.
The two inner lengths must be the same, and they
disappear, for that is the axis that is summed; swap the blocks, and the product is another one, if there is one at all. Work out the four numbers on paper,
then run it.
"""

# %%
a, b = tensor([[1., 2., 0.], [0., 3., 1.]]), tensor([[4., 1.], [5., 0.], [6., 2.]])
print(f"{tuple(a.shape)} @ {tuple(b.shape)} gives {tuple((a @ b).shape)}, and b @ a would give {tuple((b @ a).shape)}")
for row in range(2):
    for column in range(2):
        products = " + ".join(f"{p:g} * {q:g}" for p, q in zip(a[row].tolist(), b[:, column].tolist()))
        print(f"row {row} meets column {column}: {products} = {(a @ b)[row, column]:g}")

# %% [markdown]
r"""
With switches a matrix product works as a *look-up*: a one-hot row times a table picks out one row of the table. To see it, paint the photograph
with six colours. Every pixel gets the number of the nearest one; the switches pick the paint.
"""

# %%
small = photo[::2, ::2].float()
palette = tensor([[244., 247., 255.], [165., 190., 220.], [205., 130., 80.], [115., 42., 36.], [92., 96., 50.], [28., 24., 20.]])
labels_of_pixels = pairwise_distances(small.reshape(-1, 3), palette).argmin(dim=1)

switches = torch.nn.functional.one_hot(labels_of_pixels, 6).float()   # torch's own; yours comes next
painted = (switches @ palette).reshape(small.shape)                   # (n, 6) times (6, 3): a colour for each pixel
print("switches of the first three pixels:\n", switches[:3])

figure, axes = plots.figure(columns=2, width=6, height=3, width_ratios=[1, 5])
plots.image(axes[0], palette[:, None, :].to(torch.uint8), "palette")
plots.image(axes[1], painted.to(torch.uint8), "the photograph in six colours")
plots.show(figure, "paints")

# %% [markdown]
r"""
**Experiment.** Change a colour in the palette: red, green and blue, 0 to 255. Then use two paints, or ten. What else do you have to change?

**Exercise 5 (6 minutes, easy): one-hot.** There is a way by counting (`torch.zeros`, then put ones in) and a way by asking: which of the numbers 0, 1, 2, ...
equals my label? The second is broadcasting again.
"""

# %% exercise="one_hot" minutes=6
@exercise
def one_hot(labels: Tensor, classes: int) -> Tensor:
    """A row of switches for each label: 1 where the column's number is the label, 0 elsewhere.

    labels: (n,), int64, whole numbers from 0 to classes - 1. Returns (n, classes), float32. A class that no label names has a column all the same.

    labels [2, 0] and 4 classes -> [[0, 0, 1, 0], [1, 0, 0, 0]]
    """
    ### BEGIN SOLUTION
    return (labels[:, None] == torch.arange(classes, device=labels.device)).float()
    ### END SOLUTION

# %% check="one_hot" points=13
hints("The result has a row for each label. Which one column of that row is switched on?",
      "`torch.arange(classes)` numbers the columns. Compare it with the labels, which need an axis of length 1 to stretch into.",
      "(labels[:, None] == torch.arange(classes)), and then from True and False to float32")
check(one_hot, tensor([2, 0]), 4).gives(tensor([[0., 0., 1., 0.], [1., 0., 0., 0.]]))
check(one_hot).agrees()
check(one_hot).keeps_the_contract()

# %% [markdown]
r"""
## 7. Give every axis a letter
By now there are a lot of axes about, and `dim=-1` says little about what is being summed. **[Einsum](../glossary.md#einsum)** (short for Einstein's
summation; in 1916 he began to leave out the sign for a sum) lets you *name* them. Give each axis a letter and write down the letters that should remain:

- the same letter in two blocks: they walk along that axis together, and multiply what they meet,
- a letter that is missing on the right: sum along it.

That is the whole language. Below, six familiar things are spelt in it: a transpose, a sum, the sum of the products of two rows, two matrix products, and
broadcasting.
"""

# %%
a, b = torch.arange(6.).reshape(2, 3), torch.arange(12.).reshape(3, 4)
v = tensor([1., 10., 100.])

for spelling, blocks, the_usual_way in [
    ("ij->ji", (a,), a.T), ("ij->j", (a,), a.sum(dim=0)), ("j,j->", (v, v), (v * v).sum()),
    ("ij,j->i", (a, v), a @ v), ("ij,jk->ik", (a, b), a @ b), ("j,i->ji", (v, v[:2]), v[:, None] * v[None, :2]),
]:
    came = torch.einsum(spelling, *blocks)
    print(f"{spelling:10} shape {str(tuple(came.shape)):7} the same as the usual way: {torch.equal(came, the_usual_way)}")

# %% [markdown]
r"""
A picture of it. To make a grey photograph, weigh red, green and blue by how bright they look to us (green counts twice as much as red, and blue less than half
as much; these three weights are those of television, ITU-R BT.601) and sum the channels away. The letter `c` is in both blocks and not on the right: gone.

**Experiment.** Weights that see only blue. Weights that subtract: `[1., -1., 0.]` shows where red beats green.
"""

# %%
weights = tensor([0.299, 0.587, 0.114])  # change me
grey = torch.einsum("hwc,c->hw", photo.float() / 255, weights)

figure, axes = plots.figure(columns=2, width=6.8, height=2.7)
plots.image(axes[0], photo[::2, ::2], "hwc")
plots.image(axes[1], grey[::2, ::2], '"hwc,c->hw"')
plots.show(figure, "grey")

# %% [markdown]
r"""
**Exercise 6 (7 minutes, medium): an einsum.** Mix channels: every *new* channel of a pixel is a weighted sum of its *old* ones, with a row of weights for
each new one. Do it for a whole **[batch](../glossary.md#batch)**, that is, several images stacked along a first axis, as networks like them.
Spell it with `torch.einsum`, or find another way; it is the letters that should help you.
"""

# %% exercise="recolour" minutes=7
@exercise
def recolour(images: Tensor, matrix: Tensor) -> Tensor:
    """Mix the channels of every pixel of every image.

    images: (n, height, width, c), float. matrix: (d, c), a row of weights for each of the d new channels.
    Returns (n, height, width, d), of the same dtype: new channel number d is the sum over c of matrix[d, c] times old channel number c.
    Gradients flow through.

    A single pixel [1, 2] and the matrix [[1, 10], [100, 1000]] -> the pixel [21, 2100]
    """
    ### BEGIN SOLUTION
    return torch.einsum("nhwc,dc->nhwd", images, matrix)
    ### END SOLUTION

# %% check="recolour" points=14
hints("Write the letters of both blocks next to the shapes in the description. Which letter is in both?",
      "What remains is n, h, w and the new channels' letter. The old channels' letter is left out on the right, and so it is summed.",
      'torch.einsum("nhwc,dc->...", images, matrix): four letters to the right of the arrow')
check(recolour, tensor([[[[1., 2.]]]]), tensor([[1., 10.], [100., 1000.]])).gives(tensor([[[[21., 2100.]]]]))
check(recolour, tensor([[[[3.], [4.]]], [[[5.], [6.]]]]), tensor([[10.], [1.]])).gives(
    tensor([[[[30., 3.], [40., 4.]]], [[[50., 5.], [60., 6.]]]]),
    hint="these are two images, one pixel high and two wide, and their one channel becomes two")
check(recolour).agrees()
check(recolour).keeps_the_contract()

# %%
recipes = {
    "as it was": torch.eye(3),
    "old and brown": tensor([[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]]),
    "red for blue": torch.eye(3).flip(0),
    "grey": weights.expand(3, 3),
}
batch = film[1:2, ::2, ::2].float() / 255
figure, axes = plots.figure(columns=4, width=7.6, height=2.3)
for ax, (name, recipe) in zip(axes, recipes.items()):
    plots.image(ax, recolour(batch, recipe)[0], name)
plots.show(figure, "recoloured")

# %% [markdown]
r"""
## 8. Fast, or exact
You were promised a measurement. Here are two, on one table of distances: how long a loop takes, and how far off the distances are when their numbers have fewer
digits.
"""

# %% headline=true rows="A4"
import time


def distances_by_loops(first, second):
    return [[sum((a - b) ** 2 for a, b in zip(one, other)) ** 0.5 for other in second] for one in first]

def fastest(function, *arguments, times):
    """Seconds of the quickest of several runs; the slower ones were disturbed by something else."""
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        function(*arguments)
        seconds.append(time.perf_counter() - start)
    return min(seconds)

points = torch.randn(300, 16, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
lists = points.tolist()
by_loops = fastest(distances_by_loops, lists, lists, times=2)
at_once = fastest(pairwise_distances, points.float(), points.float(), times=10)
print(f"90,000 distances: loops {1000 * by_loops:.0f} ms, one expression {1000 * at_once:.1f} ms, {by_loops / at_once:.0f} times as fast\n")

exact, apart = pairwise_distances(points, points), ~torch.eye(300, dtype=torch.bool)
for dtype in (torch.float32, torch.float16, torch.bfloat16):
    came = pairwise_distances(points.to(dtype), points.to(dtype)).double()
    error = ((came - exact).abs() / exact)[apart].max().item()
    print(f"{str(dtype):15} {torch.finfo(dtype).bits} bits a number, largest error against float64: {error:.0e} of the distance")

# %% [markdown]
r"""
The loop asks an interpreter, for each single subtraction, what kind of thing it has in its hand. The expression asks once for the whole block, and compiled
code does the rest. (If you wrote your distances with the identity, your errors are larger than they need be. The experiment below shows why.)

Arithmetic comes in sizes. A **[float](../glossary.md#float)** keeps a sign, an exponent (how big) and a fraction (which digits). `float64` has 64 bits
for that and keeps nearly sixteen decimal digits, `float32` 32 and keeps seven, and then there are two ways to spend 16. `float16` saves on the exponent: three
good digits, and nothing above 65,504. `bfloat16` saves on the fraction: the range of `float32`, and barely more than two digits.
"""

# %%
print(f"{'':15} {'bits':>4} {'largest':>9} {'step after 1':>13} {'100000':>9} {'256 + 1':>9}")
for dtype in (torch.float64, torch.float32, torch.float16, torch.bfloat16):
    info = torch.finfo(dtype)
    large, more = tensor(100_000., dtype=dtype).item(), (tensor(256., dtype=dtype) + 1).item()
    print(f"{str(dtype):15} {info.bits:>4} {info.max:>9.0e} {info.eps:>13.1e} {large:>9.0f} {more:>9.0f}")

x = torch.linspace(1, 1.016, 800, dtype=torch.float64)
figure, axes = plots.figure()
plots.curves(axes, {str(dtype).removeprefix("torch."): x.to(dtype).double() for dtype in (torch.float64, torch.float16, torch.bfloat16)}, x,
             names=("a number", "what is kept of it"))
plots.show(figure, "dtypes")

# %% [markdown]
r"""
**Experiment.** The identity of exercise 4, $|a|^2 + |b|^2 - 2\,a \cdot b$, needs less memory, because the block of all differences is never made. It also
subtracts two large numbers to get a small one, and there the digits go. Move all the points `away` from the origin, by the same amount: not one distance
changes. Watch what is computed.
"""

# %%
away = 1000.  # change me

def distances_by_identity(first, second):
    squares = first.square().sum(dim=1)[:, None] + second.square().sum(dim=1) - 2 * first @ second.T
    return squares.clamp(min=0).sqrt()

near = torch.randn(200, 3, generator=torch.Generator().manual_seed(2)).double()
moved_away = (near + away).float()
true = pairwise_distances(moved_away.double(), moved_away.double())
different = true > 0
for name, function in {"differences": pairwise_distances, "the identity": distances_by_identity}.items():
    error = ((function(moved_away, moved_away).double() - true).abs() / true)[different]
    print(f"{name:13} median error below {10 ** error.median().log10().ceil().item():.0e} of the distance")

# %% [markdown]
r"""
So why would anybody want bad numbers? Because they are small, and what is small fits in more often.

A **[CPU](../glossary.md#cpu)** is a handful of clever cores that do one thing after another, each well. A **[GPU](../glossary.md#gpu)** is thousands of simple
ones that all do the same thing at the same moment to different numbers; the pictures of games needed that before networks did. A **[TPU](../glossary.md#tpu)**
goes one step further: little but a grid of multipliers, cruder still, for matrix products alone. From left to right you give up precision and flexibility, and
get *parallel* arithmetic for it.

| on one chip (NVIDIA A100, 2020, at its peak, from its data sheet) | operations a second |
|---|---|
| float64 | 9.7 million million |
| float32 | 19.5 million million |
| float16 or bfloat16, matrix products | 312 million million |
| 8-bit whole numbers, matrix products | 624 million million |

Google's first TPU went straight to the last line: 65,536 multipliers of 8 bits on one chip, and on Google's own workload 15 to 30 times the speed of the CPU
and the GPU of its day (Jouppi and others, 2017). Networks mind surprisingly little, which is a thing to
measure: lesson 14 does.

The place where a tensor lives is its **[device](../glossary.md#device)**, and `block.to("cuda")` moves it to a GPU if you have one. Blocks have to be big to
be worth the trip. Every call costs a toll, however few the numbers (on a GPU a higher one), and only a large block spreads it thin. (The axes of this figure
are *logarithmic*: each mark stands for ten times the one before.)
"""

# %% rows="A4" tags=["nbval-ignore-output"]
device = "cuda" if torch.cuda.is_available() else "cpu"

def double_it(block):
    block * 2
    if device == "cuda":
        torch.cuda.synchronize()  # a GPU answers before it has finished; wait, or you time the answer

sizes = [10 ** power for power in range(7)]
nanoseconds = [1e9 * fastest(double_it, torch.ones(size, device=device), times=30) / size for size in sizes]

figure, axes = plots.figure()
plots.curves(axes, {"time": tensor(nanoseconds)}, sizes, names=("numbers in the block", "nanoseconds a number"), log=True)
axes.set_xscale("log")
plots.show(figure, "timing")
print(f"on {device}: {nanoseconds[0] / nanoseconds[-1]:,.0f} times cheaper, number by number, in a block of a million")

# %% [markdown] rows="A5"
r"""
The same arithmetic also runs in a web page, where it is slower: there is a language in between that was made for buttons, and a sandbox that keeps pages
away from
your machine. *Native* code is compiled for the very machine it runs on. Against it, nine networks in the browsers of fifty computers took on average 16.9 times
as long on the CPU and 4.9 times as long on the GPU (Wang and others, 2024). That is for using a network that has been trained. For training, Paige Bailey of
Google's TensorFlow team put a large one at ten to fifteen times the wait, and found the wait for a small one reasonable (in the podcast JS Party).

There are good reasons to pay that price. Nothing is installed. The camera is at hand. And the picture it takes never has to leave the page. Lesson 09 does
just that.
"""

# %% rows="A5" tags=["nbval-ignore-output"]
seconds = at_once * 1000
print("a thousand such tables of distances:")
for where, factor in {"native, measured above": 1, "in a browser on a CPU, if that average held here": 16.9, "Python loops, measured above": by_loops / at_once}.items():
    print(f"{where:50} {seconds * factor:8.1f} seconds")

# %% [markdown]
r"""
## 9. One word, two meanings
A word that means two things makes trouble for whoever reads, person or program (lesson 17 opens with headlines that do so), and our own field makes such words
daily. A "three-dimensional vector" has one dimension, an axis with three places. A matrix of numbers has rank 2, and the *rank of
that matrix*, a mathematician will tell you, is 1. Both are right. Run it:
"""

# %% rows="A9"
v = tensor([1., 2., 3.])
m = torch.outer(v, v)
print("a three-dimensional vector: v.dim() =", v.dim(), "and len(v) =", len(v))
print("a matrix of rank 2:         m.ndim =", m.ndim, "and torch.linalg.matrix_rank(m) =", torch.linalg.matrix_rank(m).item())

# %% [markdown]
r"""
So this course defines each term once, where it first turns up, and keeps to it. The linked words lead to the [glossary](../glossary.md), and so does every
lesson's list of terms. When a sentence here makes no sense, suspect a word before you suspect yourself.

**Experiment.** Ask somebody what *kernel* means: a miller, an operating-systems programmer, a statistician, and (from lesson 05 on) yourself.

## Quiz (10 minutes)
Five questions, one letter each. Run the next cell and click, or write the letters between the quotes below it. Who learns alone is told at once whether they
are right, and why not; in a class it may be told when you hand in.
"""

# %% quiz="reading" points=10
[
    {"ask": "Two seconds of colour film, 25 frames a second, each 90 pixels high and 160 wide. Its shape and its rank?",
     "choices": {"a": "(2, 25, 90, 160), rank 4", "b": "(50, 90, 160, 3), rank 4", "c": "(50, 160, 90), rank 3", "d": "(90, 160, 3), rank 50"},
     "right": "b",
     "because": {"a": "that has two axes for time and none for colour; two seconds of 25 frames are one row of 50",
                 "c": "height comes before width, as rows come before columns, and the three channels need an axis too",
                 "d": "that is one frame; fifty of them make an axis of length 50, and the rank counts axes, not frames"}},
    {"ask": "scores has shape (30, 5): pupils by tasks. Which line gives every pupil's distance from the pupil's own mean?",
     "choices": {"a": "scores - scores.mean(dim=1)", "b": "scores - scores.mean(dim=0)", "c": "scores - scores.mean(dim=1, keepdim=True)"},
     "right": "c",
     "because": {"a": "the right axis disappears, but (30,) aligns at the right with the 5 tasks, and 30 does not fit 5",
                 "b": "this runs, which makes it dangerous: the pupils' axis disappears, so what is left is a mean for each task"}},
    {"ask": "row = photo[0], and then row[:] = 0. What has become of photo?",
     "choices": {"a": "its first row is black", "b": "nothing: row is a copy", "c": "nothing: `=` only renames row"},
     "right": "a",
     "because": {"b": "a slice is a view: it walks along the same row of memory, and nothing was copied",
                 "c": "`row = 0` would only rename; `row[:] = 0` writes into what row looks at"}},
    {"ask": "You have 16 bits a number, and one loss is 100,000. In which dtype does it become infinite?",
     "choices": {"a": "bfloat16", "b": "float16", "c": "neither: floats have no largest number"},
     "right": "b",
     "because": {"a": "bfloat16 has the exponent, and so the range, of float32; what it lacks is digits",
                 "c": "every float has a largest number; the table above has a column of them"}},
    {"ask": "Why does a GPU compute a large table of distances faster than a CPU?",
     "choices": {"a": "each of its cores is quicker than a CPU's", "b": "it carries more digits", "c": "thousands of simple cores do the same thing at once to "
                                                                                                       "different numbers"},
     "right": "c",
     "because": {"a": "one by one they are slower and simpler; there are just so many of them",
                 "b": "it is rather the reverse: it gets its speed with fewer digits"}},
]

# %% [markdown]
r"""
## What to remember
1. A tensor holds numbers of one dtype in a block; its rank counts the axes, its shape says how long they are, the outermost first.
2. Memory is one long row. Slices, transposes and permutes are views of it and cost nothing; `reshape` is not a way to move axes.
3. Broadcasting aligns shapes at the right and stretches the ones. A reduction makes the axis that you name disappear.
4. One expression over a whole block beats a loop of single steps many times over, because the toll is paid once; by how much, you have measured.
5. Fewer bits buy more parallel arithmetic: our distances were off by a few parts in ten million in `float32`, a thousandth in `float16` (which ends at 65,504),
   nearly a hundredth in `bfloat16`.

## Terms
[tensor](../glossary.md#tensor), [rank](../glossary.md#rank), [scalar](../glossary.md#scalar), [vector](../glossary.md#vector), [matrix](../glossary.md#matrix),
[shape](../glossary.md#shape), [axis](../glossary.md#axis), [reduction](../glossary.md#reduction), [dtype](../glossary.md#dtype),
[stride](../glossary.md#stride), [view](../glossary.md#view), [channel](../glossary.md#channel), [broadcasting](../glossary.md#broadcasting),
[standardise](../glossary.md#standardise), [standard deviation](../glossary.md#standard-deviation), [distance](../glossary.md#distance), [nearest
neighbour](../glossary.md#nearest-neighbour), [one-hot](../glossary.md#one-hot), [matrix product](../glossary.md#matrix-product),
[einsum](../glossary.md#einsum), [batch](../glossary.md#batch), [float](../glossary.md#float), [CPU](../glossary.md#cpu), [GPU](../glossary.md#gpu),
[TPU](../glossary.md#tpu), [device](../glossary.md#device)

## Where to read on
- Charles R. Harris and others, [*Array programming with NumPy*](https://arxiv.org/abs/2006.10256), Nature 585, 2020. Strides, views and broadcasting in six
  pages.
- Edward Yang, [*PyTorch internals*](https://blog.ezyang.com/2019/05/pytorch-internals/), blog.ezyang.com, 2019. Strides and views, drawn by somebody who builds
  them.
- David Goldberg, [*What Every Computer Scientist Should Know About Floating-Point Arithmetic*](https://doi.org/10.1145/103162.103163), ACM Computing Surveys
  23, 1991. Where the digits go.
- Norman P. Jouppi and others, [*In-Datacenter Performance Analysis of a Tensor Processing Unit*](https://arxiv.org/abs/1704.04760), International Symposium on
  Computer Architecture, 2017. Why to build a chip for one operation.
- Qipeng Wang and others, [*Anatomizing Deep Learning Inference in Web Browsers*](https://arxiv.org/abs/2402.05981), arXiv 2402.05981, 2024. What the browser
  costs, and why.

Next: lesson 02 throws paint at a wall and draws a line through it.
"""

# %% folded=true tags=["nbval-ignore-output"]
from course.desk.ending import ending

ending("One expression measured 90,000 distances in a fraction of the time that the loops took, and gave the same numbers.")
