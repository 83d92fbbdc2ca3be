# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   course:
#     title: The same dog, many pictures
#     rows: [A8, E4]
#     minutes: 115
#     builds_on: [05-convolutions, 07-batchnorm]
# ---

# %% [markdown] rows="E4"
r"""
# The same dog, many pictures

**How do you get a hundred photographs of a dog out of one?**

A network that has seen one dog has learned one dog: this dog, on this lawn, looking to the left, in the middle of the afternoon. You would not be puzzled by
the same animal two steps further on, with its head tilted, at dusk. You know that it is still the dog. The network does not, until somebody tells it. More
photographs would, and photographs cost: somebody has to take each and write *dog* under it.

So we cheat. We take the picture that we have, and before each look at it turn it a little, move it, tilt it, dim the light. The label under it stays. This is
**[data augmentation](../glossary.md#data-augmentation)**, and among the cures for overfitting it is the one that adds something to the data and takes nothing
from the network.
"""

# %% setup=true
from collections.abc import Sequence

import torch
from course import data, plots
from course.check import answer, begin, check, checks, exercise, hints
from torch import Tensor, tensor

begin("08-augmentation")

# %% [markdown]
r"""
First the dog. This course has no kennel, so here is one made of eighteen ellipses. You may repaint it.
"""

# %%
FUR, EARS, CREAM, BLACK, RED, WHITE = (.70, .45, .22), (.45, .27, .13), (.95, .87, .72), (.08, .07, .07), (.82, .16, .13), (1., 1., 1.)    # change me
ELLIPSES = [   # the middle (right, down), half the width, half the height, degrees, colour; the picture reaches from -1 to 1
    (.72, .12, .06, .26, 35, FUR), (.16, .33, .50, .26, -3, FUR), (.13, .45, .36, .13, -3, CREAM),                               # tail, body, belly
    (-.20, .64, .08, .23, 4, FUR), (-.01, .66, .08, .23, -3, EARS), (.38, .64, .09, .24, 5, EARS), (.56, .64, .09, .24, -4, FUR),    # legs
    (-.18, .84, .11, .05, 0, CREAM), (.58, .84, .11, .05, 0, CREAM), (-.26, .15, .17, .23, 25, FUR), (-.25, .15, .18, .06, -28, RED),  # paws, neck, collar
    (-.39, -.17, .28, .25, 0, FUR), (-.58, -.07, .19, .13, 12, CREAM), (-.75, -.12, .06, .048, 0, BLACK),                        # head, snout, nose
    (-.44, -.25, .048, .056, 0, BLACK), (-.453, -.268, .016, .016, 0, WHITE), (-.20, -.15, .10, .23, -20, EARS), (-.58, .03, .06, .10, 8, RED)]


def draw_dog(size: int = 96) -> Tensor:
    """The dog on its lawn: (3, size, size), from 0 to 1."""
    fine = (torch.arange(3 * size) + 0.5) * 2 / (3 * size) - 1       # three times as fine, averaged at the end
    down, right = torch.meshgrid(fine, fine, indexing="ij")
    stripes, light = torch.sin(40 * right + 9 * down), (down + 1) / 2
    sky = torch.stack([0.55 + 0.25 * light, 0.75 + 0.12 * light, 0.93 + 0 * light])
    grass = torch.stack([0.36 - 0.1 * down + 0.03 * stripes, 0.62 - 0.12 * down + 0.05 * stripes, 0.25 + 0 * down])
    picture = torch.where(down > 0.50 + 0.04 * torch.sin(5 * right), grass, sky)
    for x, y, width, height, degrees, colour in ELLIPSES:
        angle = torch.deg2rad(tensor(float(degrees)))
        along = ((right - x) * angle.cos() + (down - y) * angle.sin()) / width
        across = ((down - y) * angle.cos() - (right - x) * angle.sin()) / height
        shaded = (tensor(colour).view(3, 1, 1) * (1.01 - 0.11 * across)).clamp(0, 1)
        picture = torch.where(along ** 2 + across ** 2 < 1, shaded, picture)
    return torch.nn.functional.avg_pool2d(picture, 3)


dog = draw_dog()
height, width = dog.shape[1:]

# %%
from course.augmentation import Augment  # the course's own; you will have written its parts by the end

shaken = Augment(flip=0.5, degrees=20, zoom=0.25, shear=0.15, pixels=8, tilt=0.25, brightness=0.8, contrast=0.5,
                 generator=torch.Generator().manual_seed(8))
pictures = torch.cat([dog.unsqueeze(0), shaken(dog.expand(11, 3, height, width))])
figure, panels = plots.figure(columns=6, rows=2, width=10.5, height=4.2)
for number, (axes, picture) in enumerate(zip(panels.flat, pictures)):
    plots.image(axes, picture, "the photograph" if number == 0 else "")
plots.show(figure, "dogs")

# %% [markdown] rows="A8"
r"""
Eleven new dogs, no new photograph, and *dog* is right under each. None of them was ever stored either: the network gets them fresh, eleven others in the next
round.

Why that helps is an old story from school. There was the pupil who learned the exercises by heart, numbers and all, had every one of last year's right, and
failed the exam: the exam asked about the same thing in other numbers. That is [overfitting](../glossary.md#overfitting), and it is measured as an exam is, on a
[test set](../glossary.md#test-set) that nobody has seen. A pupil whose exercises come with other numbers each evening *cannot* learn them by heart. What is
left to learn is what they have in common.

**By the end you can**

- write a turn, a shift or a tilt as a matrix, and make one matrix of many;
- say for each pixel of a new picture where it comes from, and read there, between the pixels and beyond the edge;
- change the light without burning out the sky;
- treat a whole batch at once, each picture by its own lot, and measure what that does to a test set;
- tell when a transformation breaks the label, in pictures and elsewhere.

**Time:** about 115 minutes: 64 for the seven exercises, 10 for the quiz, the rest to read and play. **Builds on:** lesson 05, *Crops through a filter* (images
as batches, strided convolutions), lesson 07, *The scale of things* (batch normalisation, in one line), and through them lesson 04 (training, test sets,
sigmoid).

## 1. Moving a point
A picture is a table of pixels, and each pixel has a place. We count from the centre of the upper left pixel: $x$ pixels to the right, $y$ pixels down. Take any
place and compute another one from it, with six numbers:

$$\text{new } x = a\,x + b\,y + c \qquad\qquad \text{new } y = d\,x + e\,y + f$$

Do that to every pixel at once, and the picture moves. Which way depends on the six numbers, and they can do more than it seems: move, stretch, lean, turn and
mirror. Straight lines stay straight and parallel ones parallel, and a movement that keeps those promises is called an **[affine
transformation](../glossary.md#affine-transformation)**. A dog stays a dog.

Six loose numbers are a nuisance. Write them as a matrix, and write a place as $(x, y, 1)$:

$$\begin{bmatrix} a & b & c \\ d & e & f \\ 0 & 0 & 1 \end{bmatrix} \begin{bmatrix} x \\ y \\ 1 \end{bmatrix} = \begin{bmatrix} a\,x + b\,y + c \\ d\,x + e\,y +
f \\ 1 \end{bmatrix}$$

Each row of the matrix is multiplied with the place, entry by entry, and added up: the matrix product of lesson 01. The extra 1 is a passenger. It is there so
that $c$ and $f$ have something to be multiplied with, and a shift becomes a product like everything else. Places with such a passenger are in **[homogeneous
coordinates](../glossary.md#homogeneous-coordinates)** (August Ferdinand Möbius, 1827). In section 3 the passenger takes the wheel.
"""

# %% setup=true
def shift(right: float, down: float) -> Tensor:
    """Moves every place by so many pixels. Returns (3, 3)."""
    return tensor([[1, 0, float(right)], [0, 1, float(down)], [0, 0, 1]])


def stretch(across: float, down: float) -> Tensor:
    """Multiplies x by one number and y by another; -1 mirrors. Returns (3, 3)."""
    return tensor([[float(across), 0, 0], [0, float(down), 0], [0, 0, 1]])


def lean(amount: float) -> Tensor:
    """Moves every row sideways, the further down the more. Returns (3, 3)."""
    return tensor([[1, float(amount), 0], [0, 1, 0], [0, 0, 1]])


# %%
from course.augmentation import warp  # moves a picture by a matrix; sections 3 to 5 take it apart

moves = {"shift(20, 8)": shift(20, 8), "stretch(.6, 1)": stretch(0.6, 1), "lean(.3)": lean(0.3), "stretch(-1, 1)": stretch(-1, 1),
         "a turn by 20°": tensor([[0.940, -0.342, 0], [0.342, 0.940, 0], [0, 0, 1]])}
figure, panels = plots.figure(columns=5, width=10.5, height=2.5)
for axes, (name, moved) in zip(panels, moves.items()):
    plots.image(axes, warp(dog.unsqueeze(0), moved, padding="zeros")[0], name)
plots.show(figure, "moves")

# %% [markdown]
r"""
The fourth panel is empty, and for a good reason. `stretch(-1, 1)` sends $x = 50$ to $x = -50$. The dog is mirrored all right, but it is now standing to the
left of the picture. The turn has the same trouble: everything turns about the place (0, 0), and that is the upper left *corner*.

Where do the numbers of the turn come from? Look at where it sends two places. The place one pixel to the right of the corner walks along a circle of radius
one; after a turn by an angle $\alpha$ it stands $\cos\alpha$ to the right and $\sin\alpha$ down. That is what cosine and sine *are*. The place one pixel down
has walked just as far, and stands $-\sin\alpha$ to the right and $\cos\alpha$ down. Those two places, written as columns, are the matrix: any place $(x, y)$ is
$x$ steps of the one kind and $y$ of the other, a turn bends no grid, and so it goes to $x$ times the first column plus $y$ times the second. That is what the
matrix product says, row by row.
"""

# %% folded=true
angle = torch.deg2rad(tensor(35.0))
circle = torch.linspace(0, 2 * torch.pi, 100)
figure, axes = plots.figure(width=5.6, height=4.6)
axes.plot(circle.cos(), circle.sin(), color=plots.FAINT, linestyle=":", linewidth=1.5)
for (x, y), (to_x, to_y), colour, style, text in (
        ((1, 0), (angle.cos(), angle.sin()), "blue", "-", "(cos α, sin α)"), ((0, 1), (-angle.sin(), angle.cos()), "vermillion", "--", "(−sin α, cos α)")):
    axes.annotate("", (x, y), (0, 0), arrowprops={"arrowstyle": "->", "color": plots.FAINT, "linewidth": 2.5})
    axes.annotate("", (to_x, to_y), (0, 0), arrowprops={"arrowstyle": "->", "color": plots.COLOURS[colour], "linewidth": 2.5, "linestyle": style})
    axes.text(to_x + (0.06 if colour == "blue" else -0.05), to_y + 0.12, text, color=plots.COLOURS[colour], ha="left" if colour == "blue" else "right")
axes.text(1.05, -0.04, "(1, 0)")
axes.text(0.05, 1.13, "(0, 1)")
axes.set(xlim=(-1.6, 1.85), ylim=(1.3, -1.2), aspect="equal", xlabel="x, pixels to the right", ylabel="y, pixels down", title="A turn by α, here 35°")
plots.show(figure, "circle")

# %% [markdown]
r"""
$$\text{turn} = \begin{bmatrix} \cos\alpha & -\sin\alpha & 0 \\ \sin\alpha & \cos\alpha & 0 \\ 0 & 0 & 1 \end{bmatrix}$$

In a school book $y$ counts upwards and this matrix turns against the clock. Screens count their rows downwards, so on a screen the very same matrix turns with
it. Nobody planned that.

To turn about another place, the *centre*, take three steps. Carry the centre to (0, 0) with a shift. Turn. Carry it back with the opposite shift. The product
of the three is written with the first step on the *right*, `back @ turn @ away`, because the matrix that stands next to the place gets hold of it first.

**Exercise 1 (8 minutes, easy): a turn about a centre.** Return the matrix. `shift` is yours to use (it is defined above), and `torch.deg2rad` makes of degrees
what `torch.cos` and `torch.sin` want: radians, of which a whole turn has $2\pi$.
"""

# %% exercise="rotation" minutes=8
@exercise
def rotation(degrees: float, centre: tuple[float, float]) -> Tensor:
    """The matrix that turns every place about a centre, clockwise on the screen for positive degrees.

    degrees: a number, whole or not. centre: (x, y) in pixels. Returns (3, 3) in float32, as `shift` does, for places (x, y, 1) written as columns,
    e.g. 90 degrees about (2., 1.) -> [[0., -1., 3.], [1., 0., -1.], [0., 0., 1.]]: the place (3, 1), right of the centre, goes to (2, 2), below it.
    """
    ### BEGIN SOLUTION
    angle = torch.deg2rad(tensor(float(degrees)))
    turn = torch.eye(3)
    turn[0, 0], turn[0, 1] = angle.cos(), -angle.sin()
    turn[1, 0], turn[1, 1] = angle.sin(), angle.cos()
    x, y = centre
    return shift(x, y) @ turn @ shift(-x, -y)
    ### END SOLUTION


# %% check="rotation" points=8
hints("Three matrices: carry the centre to (0, 0), turn, carry it back.",
      "shift(-x, -y) carries the centre (x, y) to (0, 0), shift(x, y) carries it back. Multiply them with @, the first step on the right.",
      "shift(x, y) @ tensor([[c, -s, 0], [s, c, 0], [0, 0, 1]]) @ shift(-x, -y), with c and s the cosine and the sine of torch.deg2rad(tensor(degrees)).")
check(rotation, 90., (2., 1.)).gives(tensor([[0., -1., 3.], [1., 0., -1.], [0., 0., 1.]]))
check(rotation).agrees(where=lambda call: call.degrees != 0 and call.centre != (0, 0))

# %% check="rotation" aspect="corner" points=4
check(rotation, 30., (0., 0.)).gives(tensor([[0.866025, -0.5, 0.], [0.5, 0.866025, 0.], [0., 0., 1.]]))
check(rotation).agrees(where=lambda call: call.degrees == 0 or call.centre == (0, 0))     # about the corner, or by nothing
check(rotation).keeps_the_contract()

# %% [markdown]
r"""
**Experiment.** Hang the dog up by its nose. Then by the tail.
"""

# %%
places = {"the middle": (47.5, 47.5), "its nose": (11.5, 41.7), "its tail": (89.0, 43.0)}     # change me
figure, panels = plots.figure(columns=3, width=8.4, height=3.0)
for axes, (name, place) in zip(panels, places.items()):
    plots.image(axes, warp(dog.unsqueeze(0), rotation(25, place), padding="zeros")[0], f"about {name}")
    axes.plot(*place, marker="+", markersize=16, markeredgewidth=3, color=plots.COLOURS["yellow"])
plots.show(figure, "about-places")

# %% [markdown]
r"""
## 2. Many matrices are one
A place comes in, the first matrix moves it, the second moves what comes out of the first, and so on. You may also multiply the matrices with each
other *first*, and move the place once. The result is the same, for that is how the matrix product is made. A matrix has nine numbers and the dog has 27,648. So
it pays to settle everything among the nine, and to touch the dog last.

One thing must be right: the order. Put on your socks, then your shoes. Or the other way round, and see.
"""

# %%
turn, wide = rotation(30, (47.5, 47.5)), shift(47.5, 47.5) @ stretch(1.4, 0.6) @ shift(-47.5, -47.5)
figure, panels = plots.figure(columns=3, width=8.4, height=3.0)
for axes, name, moved in zip(panels, ("as drawn", "flattened, then turned", "turned, then flattened"), (torch.eye(3), turn @ wide, wide @ turn)):
    plots.image(axes, warp(dog.unsqueeze(0), moved, padding="zeros")[0], name)
plots.show(figure, "order")

# %% [markdown]
r"""
The long low dog walks uphill; the other one is out of true, for what had been turned was then flattened along a slant. Same two matrices.

**Exercise 2 (6 minutes, easy): one of many.** A list of matrices comes in, in the order in which they are to be done. Return the one matrix that does it all.
The list may have any length, one at least.
"""

# %% exercise="compose" minutes=6
@exercise
def compose(matrices: Sequence[Tensor]) -> Tensor:
    """One matrix that does what all of them do, the first in the list first.

    matrices: a list of one or more, each (3, 3) in float32, to be left as they are. Returns (3, 3) in float32,
    e.g. [shift(1, 0), stretch(2, 2)] -> [[2., 0., 2.], [0., 2., 0.], [0., 0., 1.]]: first one to the right, then everything times two.
    """
    ### BEGIN SOLUTION
    done = torch.eye(3)
    for step in matrices:
        done = step @ done
    return done
    ### END SOLUTION


# %% check="compose" points=8
hints("Begin with a matrix that does nothing, and let one step after another join.",
      "Each new step goes to the left of what is there already: step @ done.",
      "done = torch.eye(3); for step in matrices: done = step @ done; return done.")
check(compose, [shift(1, 0), stretch(2, 2), tensor([[0., -1., 0.], [1., 0., 0.], [0., 0., 1.]])]).gives(tensor([[0., -2., 0.], [2., 0., 2.], [0., 0., 1.]]))
check(compose).agrees(where=lambda call: len(call.matrices) > 1)

# %% check="compose" aspect="one" points=3
check(compose, [tensor([[2., 1., 3.], [0., 1., 4.], [0.5, 0., 1.]])]).gives(tensor([[2., 1., 3.], [0., 1., 4.], [0.5, 0., 1.]]))
check(compose).agrees(where=lambda call: len(call.matrices) == 1)
check(compose).keeps_the_contract()

# %%
middle = (47.5, 47.5)
steps = [shift(-47.5, -47.5), stretch(-1, 1), stretch(1.2, 1.2), lean(0.2), shift(47.5, 47.5), rotation(-15, middle), shift(4, -6)]
moved = compose(steps)
print("seven matrices as one:")
for row in moved:
    print("   ", "  ".join(f"{value:8.3f}" for value in row))
nose = tensor([11.5, 41.5, 1.0])
print("the nose goes from (11.5, 41.5) to", tuple(round(float(value), 1) for value in (moved @ nose)[:2]))

# %% [markdown] rows="E4"
r"""
## 3. Ask where it came from
A matrix sends places somewhere. So take every pixel of the dog, see where it goes, and paint it there?
"""

# %%
grow = compose([shift(-47.5, -47.5), stretch(1.5, 1.5), shift(47.5, 47.5), rotation(20, middle)])
down, right = torch.meshgrid(torch.arange(96), torch.arange(96), indexing="ij")
starts = torch.stack([right, down, torch.ones_like(right)]).flatten(1).float()     # every pixel's place: (3, 9216)
ends = (grow @ starts)[:2].round().long()                                          # and where it goes
painted = torch.zeros_like(dog)
inside = ((ends >= 0) & (ends < 96)).all(dim=0)
painted[:, ends[1, inside], ends[0, inside]] = dog.flatten(1)[:, inside]

figure, panels = plots.figure(columns=2, width=8.4, height=4.1)
plots.image(panels[0], painted, "every old pixel sent off")
plots.image(panels[1], warp(dog.unsqueeze(0), grow, padding="zeros")[0], "every new pixel asked")
plots.show(figure, "holes")

# %% [markdown]
r"""
The dog has the mange. Its pixels were sent apart, and between the places where they landed are places where none did. Shrink the picture and you get the
opposite, several pixels fighting for one place.

Turn the question round. Go through the pixels of the *new* picture and ask each: **where in the old one did you come from?** Every pixel has exactly one
answer, so there are no holes and no fights. The matrix that answers is the **[inverse](../glossary.md#inverse-matrix)**, the one that undoes what the matrix
does: `torch.linalg.inv`. This asking backwards, *inverse mapping*, is how practically all software warps pictures.

And now the passenger. So far the last row was 0 0 1, and the third number of a place stayed 1. Put something else there, say

$$\begin{bmatrix} 1 & 0 & 0 \\ 0 & 1 & 0 \\ 0.01 & 0 & 1 \end{bmatrix} \begin{bmatrix} x \\ y \\ 1 \end{bmatrix} = \begin{bmatrix} x \\ y \\ 0.01\,x + 1
\end{bmatrix}$$

and the third number grows towards the right. By agreement it is *divided out*: the place meant is $x / (0.01\,x + 1)$ to the right and $y / (0.01\,x + 1)$
down. What lies further right is divided by more, becomes smaller, moves closer together. That is what distance does. One row of numbers, and the picture stands
at an angle, as a poster does that you walk past. Such a matrix is a **[homography](../glossary.md#homography)**, or perspective warp. For flat things, a page,
a road sign, it is exactly what another camera would have seen. For a dog, who is not flat, it is a plausible lie.
"""

# %%
def tilt(right: float, down: float) -> Tensor:
    """A perspective warp about the middle: the right and the lower edge are moved away from whoever looks, or, where negative, closer."""
    return compose([shift(-47.5, -47.5), tensor([[1., 0., 0.], [0., 1., 0.], [right / 47.5, down / 47.5, 1.]]), shift(47.5, 47.5)])


poster = dog.clone()
poster[:, ::12] = poster[:, :, ::12] = 1.0
figure, panels = plots.figure(columns=4, width=10.5, height=3.2)
for axes, (across, along) in zip(panels, ((0, 0), (0.3, 0), (0, -0.3), (0.25, 0.25))):
    plots.image(axes, warp(poster.unsqueeze(0), tilt(across, along), padding="zeros")[0], f"tilt({across}, {along})")
plots.show(figure, "grid")

# %% [markdown]
r"""
**Exercise 3 (12 minutes, medium): where from?** For each pixel of a new picture of so many rows and columns, return the place in the old picture that it shows.
The matrix says where places *go*, so it is its inverse that you need. Divide by the third number, always: where it is 1, that costs nothing. The answer is as
large as the picture, with two numbers a pixel: `answer[row, column]` is `[x, y]`.
"""

# %% exercise="where_from" minutes=12
@exercise
def where_from(matrix: Tensor, height: int, width: int) -> Tensor:
    """For each pixel of the new picture, the place in the old one that it shows.

    matrix: (3, 3), where the places of the old picture go; the third number of what comes out is divided out.
    height, width: rows and columns of the new picture; its pixels are at x = 0, 1, ..., width - 1 and y = 0, 1, ..., height - 1.
    Returns (height, width, 2) in float32, as the matrix is, x then y in pixels of the old picture, e.g. shift(1, 0), 1, 3 -> [[[-1., 0.], [0., 0.], [1., 0.]]].
    """
    ### BEGIN SOLUTION
    y, x = torch.meshgrid(torch.arange(height).float(), torch.arange(width).float(), indexing="ij")
    places = torch.stack([x, y, torch.ones_like(x)], dim=-1)
    old = places @ torch.linalg.inv(matrix).T
    return old[..., :2] / old[..., 2:]
    ### END SOLUTION


# %% check="where_from" points=9
hints("First a table of the new pixels' places, (x, y, 1) each. Then move all of them with one matrix product.",
      "torch.meshgrid(torch.arange(height).float(), torch.arange(width).float(), indexing='ij') gives y, then x. With places along the last axis, the product "
      "is places @ inverse.T.",
      "old = torch.stack([x, y, torch.ones_like(x)], dim=-1) @ torch.linalg.inv(matrix).T; return old[..., :2] / old[..., 2:].")
check(where_from, tensor([[2., 0., 1.], [0., 1., 0.], [0., 0., 1.]]), 2, 3).gives(
    tensor([[[-0.5, 0.], [0., 0.], [0.5, 0.]], [[-0.5, 1.], [0., 1.], [0.5, 1.]]]))
check(where_from).agrees(where=lambda call: call.matrix[2].tolist() == [0, 0, 1])

# %% check="where_from" aspect="perspective" points=6
# The inverse of this matrix is [[1, 0, 0], [0, 1, 0], [1, 0, 2]]: x, y, x + 2.
check(where_from, tensor([[1., 0., 0.], [0., 1., 0.], [-0.5, 0., 0.5]]), 2, 2).gives(tensor([[[0., 0.], [1 / 3, 0.]], [[0., 0.5], [1 / 3, 1 / 3]]]))
check(where_from).agrees(where=lambda call: call.matrix[2].tolist() != [0, 0, 1])
check(where_from).keeps_the_contract()

# %% [markdown]
r"""
## 4. Between the pixels
*Where did you come from?* we asked, and a pixel answers: from (3.25, 7.5). There is no pixel at (3.25, 7.5). There are four around it, at 3 and 4 to the right,
7 and 8 down.

You could take the nearest. It is quick, and it makes stairs of every slanted line. Better to let all four have a say, and the near ones more. Along the upper
two, a quarter of the way from the left one to the right one, take three quarters of the left and one quarter of the right. The same along the lower two. Then,
half-way down between those two results, half of each. Mixing along one axis and then along the other is **[bilinear
interpolation](../glossary.md#bilinear-interpolation)**. The four weights add up to one, so no place is ever brighter than the pixels around it.
"""

# %% folded=true
figure, axes = plots.figure(width=6.2, height=3.9)
for x, y, value in ((3, 7, 0.1), (4, 7, 0.9), (3, 8, 0.6), (4, 8, 0.3)):
    axes.scatter(x, y, s=1500, c=[[value] * 3], edgecolor=plots.INK, linewidth=1, marker="s")
    axes.text(x + (0.16 if x == 4 else -0.16), y, f"{value:g}", ha="left" if x == 4 else "right", va="center")
for y, value in ((7, 0.3), (8, 0.525)):
    axes.plot([3, 4], [y, y], color=plots.FAINT, linestyle="-", zorder=0)
    axes.plot(3.25, y, marker="o", markersize=11, color=plots.COLOURS["blue"])
    axes.text(3.30, y + 0.10, f"{value:g}", color=plots.COLOURS["blue"])
axes.plot([3.25, 3.25], [7, 8], color=plots.COLOURS["blue"], linestyle="--", linewidth=1.2, zorder=0)
axes.plot(3.25, 7.5, marker="*", markersize=20, color=plots.COLOURS["vermillion"])
axes.text(3.31, 7.53, "0.4125", color=plots.COLOURS["vermillion"], fontsize=14)
axes.set(xlim=(2.6, 4.4), ylim=(8.25, 6.75), xlabel="x, pixels to the right", ylabel="y, pixels down", xticks=[3, 4], yticks=[7, 8])
plots.show(figure, "four-pixels")

# %% [markdown]
r"""
**Exercise 4 (10 minutes, medium): read between the pixels.** All places are inside the picture here; what is outside has to wait for section 5. Two traps. A
place is (x, y), but a tensor is asked for row, then column: `image[y, x]`. And a place exactly on the last column has no right-hand neighbour, so let it be its
own: its weight is zero anyway.
"""

# %% exercise="bilinear" minutes=10
@exercise
def bilinear(image: Tensor, places: Tensor) -> Tensor:
    """What a picture shows between its pixels: the four around a place, mixed by how near they are.

    image: (height, width). places: (..., 2), x then y in pixels, from 0 to width - 1 and from 0 to height - 1. Both are left as they were.
    Returns (...), one value a place, in the image's dtype and on its device; a gradient flows to image and places, e.g. the image [[0., 1.], [4., 8.]] at [0.25, 0.5] -> 2.625.
    """
    ### BEGIN SOLUTION
    x, y = places[..., 0], places[..., 1]
    left, top = x.floor().long(), y.floor().long()
    right = (left + 1).clamp(max=image.shape[1] - 1)
    bottom = (top + 1).clamp(max=image.shape[0] - 1)
    across, down = x - left, y - top
    above = (1 - across) * image[top, left] + across * image[top, right]
    below = (1 - across) * image[bottom, left] + across * image[bottom, right]
    return (1 - down) * above + down * below
    ### END SOLUTION


# %% check="bilinear" points=9
hints("Which four pixels are around a place, and how far is it on the way from the left two to the right two?",
      "left = x.floor(), right = left + 1, and x - left is the share of the right one. Mix the upper two, mix the lower two, mix the results.",
      "above = (1 - across) * image[top, left] + across * image[top, right]; below likewise with bottom; (1 - down) * above + down * below.")
check(bilinear, tensor([[0., 1., 2.], [4., 8., 6.], [3., 5., 7.]]), tensor([[0.25, 0.75], [1.5, 0.25]])).gives(tensor([3.8125, 2.875]))
check(bilinear).agrees(where=lambda call: bool((call.places < tensor(call.image.shape[::-1]) - 1).all()))

# %% check="bilinear" aspect="edge" points=4
check(bilinear, tensor([[0., 1., 2.], [4., 8., 6.]]), tensor([[[2., 1.], [1.5, 0.]], [[0., 1.], [1., 0.5]]])).gives(tensor([[6., 1.5], [4., 4.5]]))
check(bilinear).agrees(where=lambda call: bool((call.places == tensor(call.image.shape[::-1]) - 1).any()))
check(bilinear).keeps_the_contract()
check(bilinear).is_written_without("grid_sample", "interpolate", "resize", because="that would be the answer from the shop: write the mixing yourself")

# %% [markdown] rows="E4"
r"""
Now the price. A mixture of four pixels is softer than each of them. Do it once and you will hardly notice. Turn a picture by 30 degrees, turn *the result* by
30 degrees, and so on, twelve times, until it has come full circle: mathematically nothing has happened at all. Or multiply the twelve matrices first, and read
the picture once.
"""

# %%
from course.augmentation import sharpness

tower = data.photograph()[60:380, 165:485].permute(2, 0, 1).float().unsqueeze(0) / 255
tower = torch.nn.functional.avg_pool2d(tower, 2)                      # (1, 3, 160, 160)
twelfth = rotation(30, (79.5, 79.5))
again = tower
for _ in range(12):
    again = warp(again, twelfth)
once = warp(tower, compose([twelfth] * 12))

figure, panels = plots.figure(columns=3, width=10.5, height=4.1)
for axes, name, shown in zip(panels, ("the photograph", "turned, read twelve times", "turned, read once"), (tower, again, once)):
    plots.image(axes, shown[0, :, 45:115, 45:115], name)
plots.show(figure, "twelve-turns")
for name, shown in (("read twelve times", again), ("read once", once)):
    print(f"{name:18s}: {sharpness(shown[..., 45:115, 45:115]) / sharpness(tower[..., 45:115, 45:115]):4.0%} of the sharpness kept")

# %% [markdown]
r"""
(Photograph: *china.jpg* by danielbuechele, CC BY 2.0. Sharpness is measured as the typical step from one pixel to the next.)

So that is the rule of this lesson: **compose first, sample once.** Libraries that were written as a box of separate tools, one function to rotate, one to zoom,
one to shear, break it every time two tools are used in a row. The fastai library, by Jeremy Howard and others, was built round it in 2018: as many
transformations as you like, one interpolation.

## 5. Beyond the edge
Turn a picture and its corners leave the frame. Other corners come in, and there is nothing there to show. *Where did you come from?* From three pixels left of
the photograph. What then? Something has to be made up, and making it up is called [padding](../glossary.md#padding) (lesson 05 did it with zeros). Three ways
are common:

- **zeros**: black;
- **border**: the last pixel goes on for ever;
- **[reflection](../glossary.md#reflection-padding)**: as if mirrors stood along the edges.
"""

# %%
away = compose([shift(-47.5, -47.5), stretch(0.55, 0.55), shift(47.5, 47.5), rotation(-25, middle)])
figure, panels = plots.figure(columns=3, width=9.6, height=3.8)
for axes, padding in zip(panels, ("zeros", "border", "reflection")):
    plots.image(axes, warp(dog.unsqueeze(0), away, padding=padding)[0], padding)
plots.show(figure, "padding")

# %% [markdown]
r"""
Black is honest, and for digits on a black page it is also right. In photographs it plants hard edges that no camera ever saw, and a network is good at noticing
hard edges. Reflection gives sky where there was sky and lawn where there was lawn, at the price of an occasional second tail. In fastai it is the default for
photographs.

The mirrors can be computed. Think of one axis, pixels 0 to 3. Left of the picture stands a mirror at 0: place -1 shows pixel 1, place -2 shows pixel 2. On the
right one stands at 3: place 4 shows 2, place 5 shows 1. And in two mirrors that face each other there is no end to it: place 6 shows 0, and place 7 shows 1
again. The pattern goes to and fro, and repeats every $2 \times 3 = 6$ pixels.
"""

# %%
from course.augmentation import reflect as folded

along = torch.linspace(-7, 10, 341)
figure, axes = plots.figure(width=7.4, height=3.2)
axes.axvspan(0, 3, color=plots.COLOURS["sky"], alpha=0.25)
axes.plot(along, folded(along, 4), label="reflection")
axes.plot(along, along.clamp(0, 3), label="border")
axes.set(xlabel="place asked for, pixels", ylabel="place shown, pixels", xticks=range(-6, 11, 3), yticks=range(4), title="Four pixels between two mirrors")
axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
plots.show(figure, "reflection")

# %% [markdown]
r"""
**Exercise 5 (8 minutes, medium): mirrors.** Fold places back into the picture. The remainder of a division does the repeating: `places % 6`, or
`places.remainder(6)`, is between 0 and 6 also for places below zero (6 for the four pixels above; how much for `size`?). What is left is one zig and one zag.
One corner: a picture of a single pixel shows that one everywhere.
"""

# %% exercise="reflect" minutes=8
@exercise
def reflect(places: Tensor, size: int) -> Tensor:
    """Fold places outside a picture back into it, as if mirrors stood on its first and its last pixel.

    places: (...), in pixels along one axis, any number, to be left as they are. size: pixels along that axis, 1 or more.
    Returns (...), from 0 to size - 1, in the dtype and on the device of the places; a gradient flows through, e.g. [-1., 0., 2.5, 3.5, 5.] with 4 pixels -> [1., 0., 2.5, 2.5, 1.].
    """
    ### BEGIN SOLUTION
    last = size - 1
    if last == 0:
        return torch.zeros_like(places)
    within = places % (2 * last)
    return torch.where(within > last, 2 * last - within, within)
    ### END SOLUTION


# %% check="reflect" points=8
hints("The pattern repeats. How long is it, there and back? Begin with the remainder of a division by that.",
      "It repeats every 2 * (size - 1) pixels. The remainder runs from 0 to there; its first half is a place already, its second half runs back.",
      "within = places % (2 * (size - 1)); then torch.where(within > size - 1, 2 * (size - 1) - within, within).")
check(reflect, tensor([-1., 0., 2.5, 3.5, 5., -4.]), 4).gives(tensor([1., 0., 2.5, 2.5, 1., 2.]))
check(reflect).agrees(where=lambda call: call.size > 1 and bool((call.places.abs() < 2 * call.size - 1).all()))

# %% check="reflect" aspect="far" points=4
check(reflect, tensor([[11., -8.], [100.25, -7.5]]), 4).gives(tensor([[1., 2.], [1.75, 1.5]]))
check(reflect, tensor([-3., 0., 2.5]), 1).gives(tensor([0., 0., 0.]))      # of a single pixel every place shows that one
check(reflect).agrees(where=lambda call: call.size == 1 or bool((call.places.abs() >= 2 * call.size - 1).any()))
check(reflect).keeps_the_contract()

# %% [markdown]
r"""
Three exercises make a warp. Here they are in one function, beside what torch has for it: `torch.nn.functional.grid_sample`, which does the reading and the
padding in compiled code for a whole batch, on a GPU too. (It wants its places between -1 and 1, whatever the size of the picture; `course/augmentation.py`
shows how to get there by one more matrix.)
"""

# %%
def my_warp(image: Tensor, matrix: Tensor) -> Tensor:
    """image: (channels, height, width), moved by a matrix, with reflection."""
    places = where_from(matrix, *image.shape[1:])
    inside = torch.stack([reflect(places[..., 0], image.shape[2]), reflect(places[..., 1], image.shape[1])], dim=-1)
    return torch.stack([bilinear(channel, inside) for channel in image])


mine, theirs = my_warp(dog, away), warp(dog.unsqueeze(0), away)[0]
print("yours and torch's never differ by more than 0.001:", bool((mine - theirs).abs().max() < 0.001))

# %% [markdown] rows="E4"
r"""
## 6. Change the light
The other half of the family leaves every pixel where it is and changes what it says. Brighter: add something to each. More contrast: move each away from the
middle grey, by a factor. Both are one line, and both run into a wall, for a pixel lives between 0 (black) and 1 (white). Add 0.4 to a bright sky and it stands
at 1.3, which the screen shows as 1. All of it. The clouds are gone, burnt out, and no later step brings them back.

There is a cure, and you know it from lesson 04. The sigmoid squeezes all numbers into the space between 0 and 1. So go the other way first: stretch the space
from 0 to 1 out over all numbers, change what you like out there, where there are no walls, and squeeze back. The function that stretches is the **[logit
function](../glossary.md#logit-function)**, and what it gives are [logits](../glossary.md#logit), as in lesson 04:

$$\text{logit}(v) = \log \frac{v}{1 - v} \qquad\qquad \text{sigmoid}(\text{logit}(v)) = v$$

Middle grey, 0.5, goes to 0. The closer to white, the further up, without end; the closer to black, the further down. Out there a step is **brightness** and a
factor is **contrast**:

$$\text{new } v = \text{sigmoid}(\text{contrast} \cdot \text{logit}(v) + \text{brightness})$$

Black and white themselves sit at minus and plus infinity, so they stay what they are, and what was lighter before is lighter afterwards. Nothing burns out.
"""

# %%
light = torch.linspace(0.001, 0.999, 200)
figure, (left, middle_panel, right_panel) = plots.figure(columns=3, width=10.5, height=3.4, width_ratios=[1.3, 1, 1])
left.plot(light, (light + 0.4).clamp(0, 1), label="pixels + 0.4")
left.plot(light, torch.sigmoid(torch.logit(light) + 2), label="logits + 2")
left.plot(light, torch.sigmoid(2 * torch.logit(light)), label="logits × 2")
left.set(xlabel="value before", ylabel="value after", title="Light, three ways")
left.legend(loc="lower right")
plots.image(middle_panel, (dog + 0.4).clamp(0, 1), "pixels + 0.4")
plots.image(right_panel, torch.sigmoid(torch.logit(dog) + 2), "logits + 2")
plots.show(figure, "light")

# %% [markdown]
r"""
**Exercise 6 (8 minutes, medium): relight.** A batch, each picture with a brightness and a contrast of its own. `torch.logit` and `torch.sigmoid` do the
stretching and squeezing. What wants care is the shape: one number a *picture*, (n,), has to meet a block (n, channels, height, width), and broadcasting matches
axes from the *right* (lesson 01). Left to itself it would hand the numbers out along the width.
"""

# %% exercise="relight" minutes=8
@exercise
def relight(images: Tensor, brightness: Tensor, contrast: Tensor) -> Tensor:
    """Brightness and contrast in logit space: first the factor, then the step.

    images: (n, channels, height, width), in [0, 1], to be left as they are. brightness: (n,), added to the logits of each picture, 0 for none.
    contrast: (n,), above 0, multiplies them, 1 for none. Returns (n, channels, height, width), in [0, 1], in the dtype and on the device
    of the images; a gradient flows through,
    e.g. a pixel of 0.5 with brightness log 4 -> 0.8, whatever the contrast.
    """
    ### BEGIN SOLUTION
    brightness, contrast = brightness.view(-1, 1, 1, 1), contrast.view(-1, 1, 1, 1)
    return torch.sigmoid(contrast * torch.logit(images) + brightness)
    ### END SOLUTION


# %% check="relight" points=8
hints("To the logits, change them, and back. Which shape lets (n,) meet (n, channels, height, width)?",
      "torch.sigmoid(contrast * torch.logit(images) + brightness), where brightness and contrast have the shape (n, 1, 1, 1).",
      "brightness.view(-1, 1, 1, 1) makes (n, 1, 1, 1) of (n,), and contrast likewise.")
check(relight, tensor([[[[0.5, 0.75]]], [[[0.5, 0.75]]]]), tensor([4., 0.5]).log(), tensor([2., 0.5])).gives(
    tensor([[[[0.8, 0.972973]]], [[[1 / 3, 0.464102]]]]))
check(relight).agrees(where=lambda call: call.images.min() > 0)

# %% check="relight" aspect="shapes" points=4
# Of a black, a grey and a white pixel the first stays 0, and the last stays 1.
check(relight, tensor([0., 0.5, 1.]).view(1, 1, 1, 3), tensor([1.]), tensor([1.])).gives(tensor([0., 0.731059, 1.]).view(1, 1, 1, 3))
check(relight, torch.full((2, 1, 2, 3), 0.5), tensor([4., 0.25]).log(), tensor([2., 3.])).gives(tensor([0.8, 0.2]).view(2, 1, 1, 1).expand(2, 1, 2, 3))
check(relight).agrees(where=lambda call: call.images.min() == 0 or call.images.shape[-1] != len(call.images))
check(relight).keeps_the_contract()

# %% [markdown]
r"""
**Play.** Everything so far, under your fingers: turn, zoom, lean, shift, tilt, light, and the three kinds of padding. On the left all of it is one matrix,
which stands beside it with its parts named, and the picture is read once. On the right the same steps are done one after another, each reading what the last
one left. Turn a lot, lean a lot, and look at the eye of the dog.

*The same in words:* the two pictures show the same dog in the same place. The more steps are in use, the softer the right one becomes, while the left one loses
sharpness once and no more. And near the edges the right one forgets: what left the frame after one step and would have come back with the next is gone, and a
reflection stands in for it. Dogs with two tails come from there.
"""

# %% explorer=true
from course.explorers.augmentation import augmentation_explorer

augmentation_explorer(dog)

# %% [markdown] rows="E4"
r"""
## 7. A whole batch, each its own
In training a batch of 64 dogs comes by every few milliseconds. If all 64 are turned by the same 7 degrees, the network sees a lawn that tips from batch to
batch. Each picture has to draw its own lot: its own angle, its own shift. And some should be left as they are: with chance $p$ a picture is changed, else it
passes. One draw *a picture*, then, not one a batch. The two are easily confused, and nothing crashes when they are.

A draw from `torch.rand` lies between 0 and 1, evenly spread. To turn by anything from -10 to 10 degrees, spread it out: $2 \cdot \text{draw} - 1$ lies
between -1 and 1, and times 10 it is an angle. Left and right are equally likely.

**Exercise 7 (12 minutes, hard): matrices by lot.** A table of draws comes in, one row a picture (so that your answer can be checked). Column 0 decides: the
picture is changed where the draw is *below* $p$. Columns 1, 2, 3 say how far to turn, how far to the right and how far down. Turn about the centre first, then
shift. A picture that is left alone gets the matrix that does nothing. Use `rotation`, `shift` and `compose`; a loop over the pictures is fine.
"""

# %% exercise="random_matrices" minutes=12 uses="rotation, compose"
@exercise
def random_matrices(draws: Tensor, p: float, degrees: float, pixels: float, centre: tuple[float, float]) -> Tensor:
    """For each picture of a batch, with chance p, a random turn about the centre and then a random shift.

    draws: (n, 4), each evenly spread over [0, 1): whether, how far to turn, how far right, how far down. A picture is changed where the first is below p.
    degrees, pixels: the most, to either side: a draw of 0 is minus the most, 0.5 nothing, and one near 1 plus the most.
    Returns (n, 3, 3) in float32, as the draws are, e.g. draws [[0.9, 0.75, 0.75, 0.25], [0.2, 0.5, 0.75, 0.25]], p 0.5, 20 degrees, 4 pixels -> the identity, and shift(2, -2).
    """
    ### BEGIN SOLUTION
    matrices = []
    for whether, turn, right, down in draws.tolist():
        if whether < p:
            matrices.append(compose([rotation((2 * turn - 1) * degrees, centre), shift((2 * right - 1) * pixels, (2 * down - 1) * pixels)]))
        else:
            matrices.append(torch.eye(3))
    return torch.stack(matrices)
    ### END SOLUTION


# %% check="random_matrices" points=10
hints("One picture at a time: is it changed? If so, by which angle and which shift?",
      "An angle is (2 * draw - 1) * degrees, a shift (2 * draw - 1) * pixels. Compose the rotation and the shift; otherwise take torch.eye(3). Stack them all.",
      "for whether, turn, right, down in draws.tolist(): compose([rotation((2 * turn - 1) * degrees, centre), shift(...)]) if whether < p else torch.eye(3); "
      "torch.stack at the end.")
check(random_matrices, tensor([[0.7, 0.25, 0.5, 0.75], [0.2, 0.75, 0.875, 0.]]), 0.5, 180., 2., (1., 1.)).gives(
    tensor([[[1., 0., 0.], [0., 1., 0.], [0., 0., 1.]], [[0., -1., 3.5], [1., 0., -2.], [0., 0., 1.]]]))
check(random_matrices).agrees(where=lambda call: 0 < call.p < 1)

# %% check="random_matrices" aspect="chance" points=5
check(random_matrices, tensor([[0., 0.75, 0.5, 0.5], [0.99, 0.75, 0.5, 0.5]]), 1., 180., 2., (0., 0.)).gives(
    tensor([[0., -1., 0.], [1., 0., 0.], [0., 0., 1.]]).expand(2, 3, 3))
check(random_matrices, tensor([[0., 0.75, 0.5, 0.5], [0.6, 0.75, 0.5, 0.5]]), 0., 180., 2., (0., 0.)).gives(torch.eye(3).expand(2, 3, 3))
check(random_matrices).agrees(where=lambda call: call.p in (0, 1))
check(random_matrices).keeps_the_contract()

# %% [markdown]
r"""
The course's `Augment`, which drew the first picture of this lesson, is that exercise with more columns: flip, zoom, lean, turn, shift, tilt and light, each
with its own lot, and still one matrix a picture and one reading. What does the one reading buy, in a batch of real photographs? The next cell cuts sixty
squares out of one, draws six movements for each, and does them in both ways.
"""

# %%
crops = data.photograph()[:384].permute(2, 0, 1).float() / 255
crops = crops.unfold(1, 64, 64).unfold(2, 64, 64).permute(1, 2, 0, 3, 4).reshape(60, 3, 64, 64)
six = Augment(flip=0.5, degrees=15, zoom=0.2, shear=0.2, pixels=4, tilt=0.2, generator=torch.Generator().manual_seed(1))
lots, flips = six.draw(60)


def alone(*names: str) -> Tensor:
    """The matrices (60, 3, 3) of some of the six movements, the others left out; of the flip where nothing is named."""
    settings = {name: value if name in names else torch.zeros(60) for name, value in lots.items()}
    return six.matrices(settings, torch.ones(60) if names else flips, 64, 64)


movements = [alone(), alone("zoom"), alone("shear"), alone("degrees"), alone("across", "down"), alone("tilt_x", "tilt_y")]
in_one_pass, in_six = warp(crops, six.matrices(lots, flips, 64, 64)), crops
for movement in movements:
    in_six = warp(in_six, movement)

figure, panels = plots.figure(columns=4, rows=3, width=8.2, height=6.4)
for row, number in zip(panels, (24, 33, 46)):
    for axes, shown in zip(row, (crops, in_one_pass, in_six)):
        plots.image(axes, shown[number])
    plots.image(row[3], (in_one_pass - in_six)[number].abs().mean(dim=0) * 4)
for axes, name in zip(panels[0], ("as it was", "read once", "read six times", "difference, × 4")):
    axes.set_title(name)
plots.show(figure, "one-pass")

inner = (..., slice(16, 48), slice(16, 48))        # away from the edges, where mirrors make edges of their own
for name, shown in (("read once", in_one_pass), ("read six times", in_six)):
    print(f"{name:15s}: {sharpness(shown[inner]) / sharpness(crops[inner]):4.0%} of the sharpness kept")

# %% tags=["nbval-ignore-output"]
import time


def seconds(task, repeats: int = 15) -> float:
    """The quickest of some runs of a task."""
    taken = []
    for _ in range(repeats):
        begun = time.perf_counter()
        task()
        taken.append(time.perf_counter() - begun)
    return min(taken)


def one_after_another() -> Tensor:
    moved = crops
    for movement in movements:
        moved = warp(moved, movement)
    return moved


slow, quick = seconds(one_after_another), seconds(lambda: warp(crops, compose(movements)))
print(f"read once: {60 / quick:,.0f} images a second; read six times: {60 / slow:,.0f}; at least three times as fast: {slow > 3 * quick}")

# %% [markdown]
r"""
Less than half of the blur, at a fraction of the price. (The one reading's pace includes multiplying the six matrices: nine numbers a picture are nothing beside
twelve thousand.)

## 8. Does it help?
Pretty pictures prove nothing; a test set does. We take a small network of the parts that lessons 05 and 07 made, strided convolutions and batch normalisation,
and to make it hard, *five hundred* handwritten digits to learn from, fifty of each, in place of sixty thousand. The exam is 1,000 others. Once as they are,
once with a turn of up to 12 degrees, a zoom, a lean and a shift of up to two pixels, drawn afresh for each batch. Everything else is the same: the first
weights, the order of the digits, the number of steps.
"""

# %%
digits, labels = data.mnist_5k()
train_rows, test_rows = data.stratified_split(labels, test=1000, seed=0)
few = train_rows[data.stratified_split(labels[train_rows], test=500, seed=0)[1]]     # fifty of each digit
shake = Augment(degrees=12, zoom=0.12, shear=0.15, pixels=2, padding="zeros", generator=torch.Generator().manual_seed(0))    # change me

figure, panels = plots.figure(columns=10, rows=3, width=10.5, height=3.4)
for row, shown in zip(panels, (digits[few[:10]], shake(digits[few[:10]]), shake(digits[few[:10]]))):
    for axes, digit in zip(row, shown):
        plots.image(axes, digit)
plots.show(figure, "moved-digits")

# %% headline=true tags=["nbval-ignore-output"]
from course.training import accuracy, train
from torch import nn

device = "cuda" if torch.cuda.is_available() else "cpu"


def small_network(width: int = 16) -> nn.Module:
    """Four convolutions, the first and the third with stride 2, each normalised; the mean over all places; one linear layer."""
    layers, before = [], 1
    for after, stride in ((width, 2), (width, 1), (2 * width, 2), (2 * width, 1)):
        layers += [nn.Conv2d(before, after, 3, stride, padding=1), nn.BatchNorm2d(after), nn.ReLU()]
        before = after
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(before, 10))


def taught(transform=None, seed: int = 0) -> nn.Module:
    """A network that has seen five hundred digits thirty times each, through the transform where there is one."""
    torch.manual_seed(seed)
    network = small_network().to(device)
    train(network, digits[few], labels[few], epochs=30, learning_rate=1e-2, schedule=True, transform=transform,
          generator=torch.Generator().manual_seed(seed), progress=False)
    return network


plain, shaken_up = taught(), taught(shake)
wrong = {}
for name, network in (("as they are", plain), ("augmented", shaken_up)):
    learned = accuracy(network, digits[few], labels[few])
    wrong[name] = round(1000 * (1 - accuracy(network, digits[test_rows], labels[test_rows])))
    print(f"{name:12s}: {learned:6.1%} right of the 500 it learned from, {wrong[name]:3d} wrong of the 1,000 it has never seen")
print(f"at least a quarter fewer errors: {wrong['augmented'] <= 0.75 * wrong['as they are']}")

# %% [markdown]
r"""
One run is an anecdote, so `python -m benchmarks.claims` repeats it. On these five hundred digits, three seeds pooled, augmentation makes at least a quarter
fewer errors. With all 4,000 training digits, three seeds pooled, it is at least a quarter fewer again. Look at the first column, too: the pupil who was given
the exercises as they are has practically every one of them right. That was no sign of having understood.

How much there is to gain depends on what the network knows already. That of lesson 05 has max pooling, which forgives a pixel to the left or right by
construction; it makes fewer errors to begin with, and augmentation takes a smaller share of them away.

**Experiment.** The line that makes `shake` is yours. Let it turn by up to 90 degrees, or shift by eight pixels, and run both cells again: from where on does it
hurt?

Which digits did it save?
"""

# %% tags=["nbval-ignore-output"]
with torch.no_grad():
    plain.eval(), shaken_up.eval()
    says = [network(digits[test_rows].to(device)).argmax(dim=1).cpu() for network in (plain, shaken_up)]
truth = labels[test_rows]
saved = ((says[0] != truth) & (says[1] == truth)).nonzero().flatten()[:10]
figure, panels = plots.figure(columns=10, width=10.5, height=1.6)
for axes in panels:
    axes.set_axis_off()
for axes, row in zip(panels, saved):
    plots.image(axes, digits[test_rows[row]], f"{int(says[0][row])}, no: {int(says[1][row])}")
plots.show(figure, "saved-digits")

# %% [markdown] rows="A8"
r"""
## 9. When the label breaks
All of this stands on one sentence: *the label under it stays.* Is that so? A dog turned by 180 degrees is a dog in trouble, but a dog. A six turned by 180
degrees is a nine. What does our network make of upside-down sixes, and what becomes of it when we train it with any turn at all?
"""

# %% tags=["nbval-ignore-output"]
upside_down = warp(digits[test_rows], rotation(180, (13.5, 13.5)), padding="zeros")
with torch.no_grad():
    reads = shaken_up(upside_down.to(device)).argmax(dim=1).cpu()
for digit in (6, 9):
    answers = reads[truth == digit]
    print(f"the {len(answers)} upside-down {digit}s are read as {15 - digit}: {(answers == 15 - digit).float().mean():.0%}")


def mixed_up(network: nn.Module) -> int:
    """How many sixes of the test set are read as nines, and nines as sixes."""
    network.eval()
    with torch.no_grad():
        said = network(digits[test_rows].to(device)).argmax(dim=1).cpu()
    return int(((truth == 6) & (said == 9) | (truth == 9) & (said == 6)).sum())


dizzy = taught(Augment(degrees=180, zoom=0.12, shear=0.15, pixels=2, padding="zeros", generator=torch.Generator().manual_seed(0)))
print(f"sixes and nines taken for each other, of 200: {mixed_up(shaken_up)} with turns up to 12°, {mixed_up(dizzy)} with any turn")

# %% [markdown]
r"""
The network is not to blame for reading an upside-down six as a nine. We would too. But trained on all turns it is told again and again that this thing is a
six, and the same thing a nine, and on the test set, where every digit stands upright, it now confuses them. The transformation destroyed what told the two
apart.

So before every transformation ask: **would I write the same label under it?** The answer depends on what the label is about.

| picture and label | mirrored left and right | turned by 180° |
|---|---|---|
| *dog* | stays | stays, if dogs may lie on their backs in your photographs |
| a handwritten 6 | is no longer a digit | is a 9 |
| road sign *keep left* | is *keep right* | is nonsense |
| X-ray, *heart on the left* | is a rare condition | is wrong |
| satellite picture, *forest* | stays | stays: up there nothing is up |

Lesson 04 told two kinds of task apart. In [classification](../glossary.md#classification) the label is one of a few names, and the question is whether the name
survives. In [regression](../glossary.md#regression) the label is a number, and then it can happen that the label must not stay but *move along*. Suppose the
label of our dog is where its nose is. Shift the picture five pixels and leave the label: you have taught the network to miss by five pixels. The cure is at
hand. The matrix that moved the picture says where each place goes, the nose too.
"""

# %%
nose = tensor([11.5, 41.7, 1.0])
moving = Augment(flip=0.5, degrees=20, zoom=0.2, shear=0.15, pixels=6, tilt=0.2, generator=torch.Generator().manual_seed(4))
by_lot = moving.matrices(*moving.draw(6), height, width)
noses = by_lot @ nose                                              # the same matrices, on the label
noses = noses[:, :2] / noses[:, 2:]
figure, panels = plots.figure(columns=6, width=10.5, height=2.1)
for axes, picture, (x, y) in zip(panels, warp(dog.expand(6, 3, height, width), by_lot), noses):
    plots.image(axes, picture)
    axes.plot(11.5, 41.7, marker="x", markersize=11, markeredgewidth=2.5, color=plots.COLOURS["black"])
    axes.plot(x, y, marker="o", markersize=15, markerfacecolor="none", markeredgewidth=3, color=plots.COLOURS["yellow"])
    axes.set(xlim=(-0.5, 95.5), ylim=(95.5, -0.5))
plots.show(figure, "noses")

# %% [markdown]
r"""
**Labels that mix.** A label may also go *in part*. **[Mixup](../glossary.md#mixup)** (Hongyi Zhang and others, 2018) lays another picture over each,
translucent, with a share $s$ drawn by lot (evenly here, from a beta distribution in the paper), and the label is $1 - s$ dog and $s$ tower: the loss is the two
cross-entropies, mixed likewise. **[CutMix](../glossary.md#cutmix)** (Sangdoo Yun and others, 2019) pastes a rectangle of the other picture in, and $s$ is its
area. **[Random erasing](../glossary.md#random-erasing)** (Zhun Zhong and others, 2017) blots a rectangle out and leaves the label. On photographs all three are
common. On our five hundred digits?
"""

# %% tags=["nbval-ignore-output"]
from course.augmentation import Mix

both = torch.stack([dog, torch.nn.functional.interpolate(tower[..., 32:128, 32:128], size=(96, 96))[0]])
mixers = {way: Mix(way, torch.Generator().manual_seed(10)) for way in ("mixup", "cutmix", "erase")}
figure, panels = plots.figure(columns=3, width=8.4, height=3.0)
for axes, (way, mixer) in zip(panels, mixers.items()):
    mixed = mixer(both)[0]
    plots.image(axes, mixed, f"{way}: {100 * (1 - mixer.share):.0f} % dog")
plots.show(figure, "mixed")

wrong_now = {"as they are": wrong["as they are"], "moved": wrong["augmented"]}
for way, mixer in mixers.items():
    torch.manual_seed(0)
    network = small_network().to(device)
    train(network, digits[few], labels[few], epochs=30, learning_rate=1e-2, schedule=True, transform=mixer, loss=mixer.loss,
          generator=torch.Generator().manual_seed(0), progress=False)
    wrong_now[way] = round(1000 * (1 - accuracy(network, digits[test_rows], labels[test_rows])))
print("wrong of 1,000:", ", ".join(f"{name} {count}" for name, count in wrong_now.items()))

# %% [markdown]
r"""
Over three seeds, mixup and CutMix make about as many errors as nothing at all, and erasing makes far more: a digit has few strokes, and an 8 with one blotted
out *is* a 3. What helps on a million photographs need not help on five hundred digits; ask the question above, and measure.

And who chooses the transformations? People long searched for the best recipe with a second network. *RandAugment* (Ekin Cubuk and others, 2019) draws $N$ of
some fourteen, all of one strength $M$, and leaves two numbers to tune. *TrivialAugment* (Samuel Müller and Frank Hutter, 2021) draws one, of a strength drawn
too, for each picture, and leaves none. In practice you will not write them: `torchvision.transforms.v2`, *Albumentations* and *Kornia* have them all.

**No label at all.** If a turned 4 is the same 4, that is a lesson in itself, and no one needs to say *4*. Look at each of 256 digits twice, differently shaken.
Let a network turn every view into 32 numbers, and ask: which of the 256 second views belongs to this first one? That is a classification with 256 classes, its
labels are free, and the logits say how alike two views are: the product of their numbers, entry by entry and added up, both scaled to length 1, and divided by
a *temperature* that makes the choice sharp. This is **[contrastive learning](../glossary.md#contrastive-learning)**: *SimCLR* (Ting Chen and others, 2020) did
it with photographs, and *CLIP* (Alec Radford and others, 2021) with a picture and its caption for the two views. Then take ten labelled digits of each kind,
and read every test digit as its nearest neighbour among those hundred.
"""

# %% tags=["nbval-ignore-output"]
from course.augmentation import contrastive_loss
from course.bars import Bar

torch.manual_seed(0)
body = nn.Sequential(nn.Conv2d(1, 16, 3, 2, 1), nn.BatchNorm2d(16), nn.ReLU(), nn.Conv2d(16, 32, 3, 2, 1), nn.BatchNorm2d(32), nn.ReLU(), nn.Flatten(), nn.Linear(32 * 49, 64)).to(device)
head = nn.Sequential(nn.ReLU(), nn.Linear(64, 32)).to(device)
hundred = few[torch.cat([(labels[few] == digit).nonzero().flatten()[:10] for digit in range(10)])]


def read_by_neighbours(described: Tensor) -> float:
    """The share of the test digits whose nearest neighbour among the hundred is of their kind."""
    nearest = torch.cdist(described[test_rows], described[hundred]).argmin(dim=1)
    return float((labels[hundred][nearest] == truth).float().mean())


def described() -> Tensor:
    """All digits as the body sees them, scaled to length 1: (5000, 64)."""
    body.eval()
    with torch.no_grad():
        return nn.functional.normalize(body(digits.to(device)).cpu(), dim=1)


print(f"nearest by the pixels                   {read_by_neighbours(digits.flatten(1)):.0%} right")
print(f"nearest by an untrained network         {read_by_neighbours(described()):.0%}")
walker = torch.optim.Adam([*body.parameters(), *head.parameters()], lr=3e-3)
lots = torch.Generator().manual_seed(0)
body.train()
for _ in Bar(range(120), name="pairs"):
    views = digits[train_rows[torch.randint(len(train_rows), (256,), generator=lots)]].to(device)
    loss = contrastive_loss(head(body(shake(views))), head(body(shake(views))))
    walker.zero_grad()
    loss.backward()
    walker.step()
print(f"nearest by one that learned from pairs  {read_by_neighbours(described()):.0%}")

# %% [markdown]
r"""
It never saw a label, and what it learned to ignore is what `shake` does. That choice is all the knowledge it was given.

One more question of the same kind: which pictures? **Only those you train on.** The test set stands for the world, and the world is not to be shaken to please
you. (Some shake each test picture several times as well and take the mean of the answers. That is allowed: the label stays what it is, and every picture still
counts once.)

## 10. Not only pictures
What does it mean to turn a sentence by seven degrees? Nobody knows. Pictures are lucky: we know by heart what leaves a dog a dog, and can write it in nine
numbers. In every other kind of data somebody has to find out what leaves the label alone.

**Text.** Replace words by synonyms, or translate into French and back, which gives the same thing in other words (Sennrich, Haddow and Birch, 2016, for
translation itself). Or throw words away (Wei and Zou, 2019). Carefully:
"""

# %%
words = ["the", "film", "was", "not", "good"]
print(f"{'bad':5s} the film was not good")
for place in range(len(words)):
    print(f"{'bad ?':5s} {' '.join(words[:place] + words[place + 1:])}")

# %% [markdown]
r"""
Three of the five still say it, in broken English. One breaks off before it has said anything. And one says the opposite, and its label still says *bad*.

**Sound.** A little faster, a little noise from the street, a few frequencies struck out (Park and others, 2019): the words stay. Raise the pitch, and *who is
speaking* may not.

**Tables.** Here it gets delicate. It is tempting to add a little noise to every column: a customer of 41 is much like one of 42. But a row is no picture. Let
us do it to the splatter of paint, whose slope we know from lesson 02: twenty copies of every drop, each moved a little along the wall, its height left alone.
"""

# %%
from course.lines import least_squares

x, y = data.paint_splatter()
nearby = 0.3                                                       # metres; change me
noise = nearby * torch.randn(20, len(x), generator=torch.Generator().manual_seed(0))
slope, _ = least_squares(x, y)
slope_of_copies, _ = least_squares((x + noise).flatten(), y.expand(20, -1).flatten())
foretold = slope * x.var() / (x.var() + nearby ** 2)
print(f"slope of the 200 drops               {slope:.2f}")
print(f"slope of 4,000 copies, moved a bit   {slope_of_copies:.2f}")
print(f"slope that theory foretells          {foretold:.2f}")

# %% [markdown]
r"""
The line has become flatter, and not by bad luck. By moving a drop and leaving its height, we claimed that drops nearby are as high as this one: that height
does not depend on place. The more we moved them, the more of the slope we took away. Christopher Bishop showed in 1995 that noise on the inputs is weight decay
in disguise (lesson 06). That can be a good thing. It is not free data.

What people do in tables is more cautious: make new rows *between* two rows of the same rare class (SMOTE; Chawla and others, 2002), or mix two rows, and their
labels in the same proportion (mixup again).

It is an old trade. Larry Yaeger and his colleagues shook the handwriting that taught Apple's Newton to read, in 1996. LeNet-5 (LeCun and others, 1998) went
from 0.95 % of errors on MNIST to 0.8 % by distorted digits. And AlexNet, which brought the whole field to networks in 2012, saw crops and mirror images of each
photograph (Krizhevsky, Sutskever and Hinton): without them, its authors wrote, they would have had to take a much smaller network.

## Quiz (10 minutes)
Five questions, one letter each. Run the next cell and click, or write the letters between the quotes below it. Who learns alone is told at once whether they
are right, and why not; in a class it may be told when you hand in.
"""

# %% quiz="moving" points=10
[
    {"ask": "`turn` and `move` are matrices, for places written as columns. The picture is to be turned first and moved then. Which product does that?",
     "choices": {"a": "turn @ move", "b": "move @ turn", "c": "turn * move"},
     "right": "b",
     "because": {"a": "the matrix on the right stands next to the place and acts first, so this one moves first",
                 "c": "`*` multiplies entry by entry; one movement after another is the matrix product"}},
    {"ask": "Why does a warp go through the pixels of the new picture and ask where they come from, in place of sending the old ones off?",
     "choices": {"a": "because the inverse matrix has smaller numbers", "b": "because a GPU cannot write to places between pixels",
                 "c": "because every new pixel then gets exactly one answer, so there are no holes"},
     "right": "c",
     "because": {"a": "the inverse of a matrix that shrinks has larger ones; size has no part in it",
                 "b": "sending off would leave holes wherever a picture grows, on any machine, even if every landing place were rounded to a pixel"}},
    {"ask": "Your tools are a box of functions, each of which takes a picture and gives one back. You rotate, zoom and shear every picture, in this order. "
            "What is lost against one composed matrix?",
     "choices": {"a": "time, and sharpness: it is read between the pixels three times", "b": "time only: the three together do the same to the picture",
                 "c": "nothing, if the three angles are small"},
     "right": "a",
     "because": {"b": "each reading mixes four pixels, and what was mixed once is mixed again",
                 "c": "small angles land between the pixels as large ones do"}},
    {"ask": "A network is to tell b from d in handwriting. Which augmentation breaks the labels?",
     "choices": {"a": "a shift by two pixels", "b": "mirroring left and right", "c": "a little less contrast"},
     "right": "b",
     "because": {"a": "a b two pixels further on is still a b", "c": "a paler b is still a b"}},
    {"ask": "Where does augmentation belong?",
     "choices": {"a": "on the training pictures, drawn afresh each time they come by", "b": "on training and test pictures alike, so that both are treated "
                                                                                            "fairly",
                 "c": "on the training pictures, drawn once and stored, so that every epoch sees the same"},
     "right": "a",
     "because": {"b": "the test set stands for the world as it is; shake it, and you measure how well you do in a shaken world",
                 "c": "a fixed set of shaken pictures can be learned by heart too; it is the fresh lot each time that prevents it"}},
]

# %% [markdown]
r"""
## What to remember
1. Augmentation shows the same thing in ever new ways, in training only, so that nothing can be learned by heart. It is worth data that you do not have.
2. A movement is a 3 x 3 matrix on places (x, y, 1); about a centre it is *there, turn, back*; many movements are one product, the first on the right; a last
   row other than 0 0 1 is perspective, and the third number is divided out.
3. Ask every new pixel where it came from (the inverse), read there between four pixels, and make up what lies beyond the edge. Compose first, sample once: each
   reading costs sharpness and time.
4. Change light in logit space, where nothing burns out. Each picture draws its own lot.
5. Would you write the same label under it? A six turned over is a nine, a nose moves along, and in texts and tables ask twice.

## Terms
[data augmentation](../glossary.md#data-augmentation), [affine transformation](../glossary.md#affine-transformation), [homogeneous
coordinates](../glossary.md#homogeneous-coordinates), [inverse matrix](../glossary.md#inverse-matrix), [homography](../glossary.md#homography), [bilinear
interpolation](../glossary.md#bilinear-interpolation), [reflection padding](../glossary.md#reflection-padding), [logit function](../glossary.md#logit-function),
[mixup](../glossary.md#mixup), [CutMix](../glossary.md#cutmix), [random erasing](../glossary.md#random-erasing), [contrastive
learning](../glossary.md#contrastive-learning)

## Where to read on
- August Ferdinand Möbius, *Der barycentrische Calcul*, Leipzig 1827. Where places got their passenger.
- Christopher Bishop, [*Training with Noise is Equivalent to Tikhonov Regularization*](https://doi.org/10.1162/neco.1995.7.1.108), Neural Computation 7, 1995.
  Why the jittered line grew flat.
- Larry Yaeger, Richard Lyon and Brandyn Webb, [*Effective Training of a Neural Network Character Classifier for Word
  Recognition*](https://proceedings.neurips.cc/paper/1996/hash/81e5f81db77c596492e6f1a5a792ed53-Abstract.html), Advances in Neural Information Processing
  Systems 9, 1996. Stroke warping, for the Newton.
- Yann LeCun, Léon Bottou, Yoshua Bengio and Patrick Haffner, [*Gradient-Based Learning Applied to Document Recognition*](https://doi.org/10.1109/5.726791),
  Proceedings of the IEEE 86, 1998. LeNet-5, with and without distorted digits.
- Patrice Simard, David Steinkraus and John Platt, [*Best Practices for Convolutional Neural Networks Applied to Visual Document
  Analysis*](https://doi.org/10.1109/ICDAR.2003.1227801), International Conference on Document Analysis and Recognition, 2003. The first advice in it: get more
  data, by distorting what you have.
- Nitesh Chawla, Kevin Bowyer, Lawrence Hall and Philip Kegelmeyer, [*SMOTE: Synthetic Minority Over-sampling Technique*](https://arxiv.org/abs/1106.1813),
  Journal of Artificial Intelligence Research 16, 2002.
- Alex Krizhevsky, Ilya Sutskever and Geoffrey Hinton, [*ImageNet Classification with Deep Convolutional Neural
  Networks*](https://proceedings.neurips.cc/paper/2012/hash/c399862d3b9d6b76c8436e924a68c45b-Abstract.html), Advances in Neural Information Processing Systems
  25, 2012. Section 4.1.
- Rico Sennrich, Barry Haddow and Alexandra Birch, [*Improving Neural Machine Translation Models with Monolingual Data*](https://arxiv.org/abs/1511.06709),
  Association for Computational Linguistics, 2016. There and back again.
- Hongyi Zhang, Moustapha Cissé, Yann Dauphin and David Lopez-Paz, [*mixup: Beyond Empirical Risk Minimization*](https://arxiv.org/abs/1710.09412),
  International Conference on Learning Representations, 2018.
- Sangdoo Yun and others, [*CutMix*](https://arxiv.org/abs/1905.04899), International Conference on Computer Vision, 2019; Ekin Cubuk and others,
  [*RandAugment*](https://arxiv.org/abs/1909.13719), 2019; Samuel Müller and Frank Hutter, [*TrivialAugment*](https://arxiv.org/abs/2103.10158), International
  Conference on Computer Vision, 2021.
- Ting Chen, Simon Kornblith, Mohammad Norouzi and Geoffrey Hinton, [*A Simple Framework for Contrastive Learning of Visual
  Representations*](https://arxiv.org/abs/2002.05709), International Conference on Machine Learning, 2020.
- Daniel Park and others, [*SpecAugment: A Simple Data Augmentation Method for Automatic Speech Recognition*](https://arxiv.org/abs/1904.08779),
  Interspeech 2019.
- Jason Wei and Kai Zou, [*EDA: Easy Data Augmentation Techniques for Boosting Performance on Text Classification Tasks*](https://arxiv.org/abs/1901.11196),
  Empirical Methods in Natural Language Processing, 2019.
- Connor Shorten and Taghi Khoshgoftaar, [*A survey on Image Data Augmentation for Deep Learning*](https://doi.org/10.1186/s40537-019-0197-0), Journal of Big
  Data 6, 2019.

Next: lesson 09 takes a network that has learned one thing and makes it learn another from a handful of pictures, and augmentation turns out to be what helps
when the player gets nervous.
"""

# %% folded=true tags=["nbval-ignore-output"]
from course.desk.ending import ending

ending("Shown each digit a little turned, moved and stretched, the same network made at least a quarter fewer errors.")
