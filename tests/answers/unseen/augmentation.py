# Answers of learners for lesson 08-augmentation, thought up blind.

# %% wrong="rotation" really="turns against the clock on the screen: the minus sign stands at the wrong sine"
@exercise
def rotation(degrees: float, centre: tuple[float, float]) -> Tensor:
    angle = torch.deg2rad(tensor(float(degrees)))
    cos, sin = torch.cos(angle), torch.sin(angle)
    turn = tensor([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1]])
    x, y = centre
    return shift(x, y) @ turn @ shift(-x, -y)

# %% wrong="rotation" really="the two shifts are in the wrong order, so it turns about minus the centre"
@exercise
def rotation(degrees: float, centre: tuple[float, float]) -> Tensor:
    angle = torch.deg2rad(tensor(float(degrees)))
    away = shift(-centre[0], -centre[1])
    back = shift(centre[0], centre[1])
    turn = torch.eye(3)
    turn[0, 0] = turn[1, 1] = torch.cos(angle)
    turn[0, 1] = -torch.sin(angle)
    turn[1, 0] = torch.sin(angle)
    return away @ turn @ back

# %% wrong="rotation" really="x and y of the centre are swapped, which shows only where they differ"
@exercise
def rotation(degrees: float, centre: tuple[float, float]) -> Tensor:
    row, column = centre
    a = torch.deg2rad(tensor(float(degrees)))
    turn = torch.stack([torch.stack([a.cos(), -a.sin(), a * 0]), torch.stack([a.sin(), a.cos(), a * 0]), tensor([0., 0., 1.])])
    return shift(column, row) @ turn @ shift(-column, -row)

# %% wrong="rotation" really="rounds cosine and sine to whole numbers to tidy up the 90 degrees of the example"
@exercise
def rotation(degrees: float, centre: tuple[float, float]) -> Tensor:
    angle = torch.deg2rad(tensor(float(degrees)))
    cos = float(angle.cos().round())
    sin = float(angle.sin().round())
    turn = tensor([[cos, -sin, 0.], [sin, cos, 0.], [0., 0., 1.]])
    return shift(*centre) @ turn @ shift(-centre[0], -centre[1])

# %% wrong="rotation" really="stops with an error: deg2rad wants a tensor and gets a plain number"
@exercise
def rotation(degrees: float, centre: tuple[float, float]) -> Tensor:
    alpha = torch.deg2rad(degrees)
    turn = tensor([[torch.cos(alpha), -torch.sin(alpha), 0], [torch.sin(alpha), torch.cos(alpha), 0], [0, 0, 1]])
    return shift(centre[0], centre[1]) @ turn @ shift(-centre[0], -centre[1])

# %% wrong="rotation" really="the shift back is missing, the centre is left at the corner"
@exercise
def rotation(degrees: float, centre: tuple[float, float]) -> Tensor:
    x, y = centre
    angle = torch.deg2rad(tensor(float(degrees)))
    c, s = float(torch.cos(angle)), float(torch.sin(angle))
    return tensor([[c, -s, 0], [s, c, 0], [0, 0, 1]]) @ shift(-x, -y)

# %% right="rotation" style="closed form with the math module"
import math

@exercise
def rotation(degrees: float, centre: tuple[float, float]) -> Tensor:
    x, y = centre
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return tensor([[c, -s, x - c * x + s * y], [s, c, y - s * x - c * y], [0.0, 0.0, 1.0]])

# %% right="rotation" style="complex numbers: three places are turned, the columns are read off"
import cmath, math

@exercise
def rotation(degrees: float, centre: tuple[float, float]) -> Tensor:
    spin = cmath.exp(1j * math.radians(degrees))
    middle = complex(*centre)

    def goes_to(place):
        return spin * (place - middle) + middle

    origin = goes_to(0)
    right, down = goes_to(1) - origin, goes_to(1j) - origin
    return torch.tensor([[right.real, down.real, origin.real], [right.imag, down.imag, origin.imag], [0, 0, 1]], dtype=torch.float32)

# %% right="rotation" style="matrix exponential in double precision between two shifts"
@exercise
def rotation(degrees: float, centre: tuple[float, float]) -> Tensor:
    quarter = torch.tensor([[0., -1., 0.], [1., 0., 0.], [0., 0., 0.]], dtype=torch.float64)
    turn = torch.linalg.matrix_exp(float(degrees) * torch.pi / 180 * quarter)
    there, back = shift(-centre[0], -centre[1]).double(), shift(*centre).double()
    return (back @ turn @ there).float()

# %% wrong="compose" really="the product is in the wrong order, the last in the list is done first"
@exercise
def compose(matrices: Sequence[Tensor]) -> Tensor:
    result = torch.eye(3)
    for matrix in matrices:
        result = result @ matrix
    return result

# %% wrong="compose" really="off by one: the last matrix of the list is forgotten"
@exercise
def compose(matrices: Sequence[Tensor]) -> Tensor:
    total = torch.eye(3)
    for i in range(len(matrices) - 1):
        total = matrices[i] @ total
    return total

# %% wrong="compose" really="the caller's list is turned round in place"
@exercise
def compose(matrices: Sequence[Tensor]) -> Tensor:
    matrices.reverse()
    product = matrices[0]
    for matrix in matrices[1:]:
        product = product @ matrix
    return product

# %% wrong="compose" really="the running product is written into the first matrix of the caller"
@exercise
def compose(matrices: Sequence[Tensor]) -> Tensor:
    total = matrices[0]
    for matrix in matrices[1:]:
        total[:] = matrix @ total
    return total

# %% wrong="compose" really="multi_dot wants two matrices or more, a list of one stops with an error"
@exercise
def compose(matrices: Sequence[Tensor]) -> Tensor:
    return torch.linalg.multi_dot(list(matrices)[::-1])

# %% wrong="compose" really="only the first two matrices are multiplied, the rest of a longer list is ignored"
@exercise
def compose(matrices: Sequence[Tensor]) -> Tensor:
    if len(matrices) == 1:
        return matrices[0]
    first, second = matrices[0], matrices[1]
    return second @ first

# %% right="compose" style="functools.reduce"
from functools import reduce

@exercise
def compose(matrices: Sequence[Tensor]) -> Tensor:
    return reduce(lambda done, following: following @ done, matrices)

# %% right="compose" style="recursion over halves in a helper"
def product_of(items):
    if len(items) == 1:
        return items[0].clone()
    half = len(items) // 2
    return product_of(items[half:]) @ product_of(items[:half])

@exercise
def compose(matrices: Sequence[Tensor]) -> Tensor:
    return product_of(list(matrices))

# %% right="compose" style="einsum over the reversed list, backwards"
@exercise
def compose(matrices: Sequence[Tensor]) -> Tensor:
    backwards = list(reversed(matrices))
    answer = backwards[0]
    for matrix in backwards[1:]:
        answer = torch.einsum("...ij,...jk->...ik", answer, matrix)
    return answer

# %% wrong="where_from" really="uses the matrix where its inverse is needed: says where pixels go, not where from"
@exercise
def where_from(matrix: Tensor, height: int, width: int) -> Tensor:
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    places = torch.stack([x, y, torch.ones_like(x)], dim=-1).to(matrix.dtype)
    old = places @ matrix.T
    return old[..., :2] / old[..., 2:]

# %% wrong="where_from" really="the third number is thrown away and not divided out, right for affine matrices only"
@exercise
def where_from(matrix: Tensor, height: int, width: int) -> Tensor:
    inverse = torch.linalg.inv(matrix)
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    places = torch.stack([x, y, torch.ones_like(x)], dim=-1).to(matrix.dtype)
    return (places @ inverse.T)[..., :2]

# %% wrong="where_from" really="the (2, pixels) result is reshaped without being transposed, so x and y get scrambled over the picture"
@exercise
def where_from(matrix: Tensor, height: int, width: int) -> Tensor:
    down, right = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    starts = torch.stack([right, down, torch.ones_like(right)]).flatten(1).to(matrix.dtype)
    came = torch.linalg.inv(matrix) @ starts
    came = came[:2] / came[2]
    return came.reshape(height, width, 2)

# %% wrong="where_from" really="the third number is clamped to be positive before dividing, which nobody asked for: negative ones give nonsense"
@exercise
def where_from(matrix: Tensor, height: int, width: int) -> Tensor:
    inverse = torch.linalg.inv(matrix)
    ys = torch.arange(height, dtype=matrix.dtype).view(height, 1).expand(height, width)
    xs = torch.arange(width, dtype=matrix.dtype).view(1, width).expand(height, width)
    homogeneous = torch.stack([xs, ys, torch.ones_like(xs)], dim=-1)
    old = torch.einsum("ij,hwj->hwi", inverse, homogeneous)
    return old[..., :2] / old[..., 2:].clamp(min=1e-6)

# %% wrong="where_from" really="linspace to width and height in place of width - 1 and height - 1, pixels are not at whole places"
@exercise
def where_from(matrix: Tensor, height: int, width: int) -> Tensor:
    down, right = torch.meshgrid(torch.linspace(0, height, height), torch.linspace(0, width, width), indexing="ij")
    grid = torch.stack([right, down, torch.ones(height, width)], dim=-1)
    old = grid @ torch.linalg.inv(matrix).T
    return old[..., :2] / old[..., 2:3]

# %% wrong="where_from" really="stops with an error: whole-number places are multiplied with a float matrix"
@exercise
def where_from(matrix: Tensor, height: int, width: int) -> Tensor:
    down, right = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    starts = torch.stack([right, down, torch.ones_like(right)]).flatten(1)
    ends = torch.linalg.inv(matrix) @ starts
    ends = ends[:2] / ends[2:]
    return ends.T.reshape(height, width, 2)

# %% right="where_from" style="linalg.solve for all pixels at once"
@exercise
def where_from(matrix: Tensor, height: int, width: int) -> Tensor:
    pixels = torch.cartesian_prod(torch.arange(height), torch.arange(width)).flip(1).to(matrix)
    columns = torch.cat([pixels, torch.ones_like(pixels[:, :1])], dim=1).T
    x, y, third = torch.linalg.solve(matrix, columns)
    return torch.stack([x / third, y / third], dim=1).view(height, width, 2)

# %% right="where_from" style="the six terms written out, with broadcasting of a row against a column"
@exercise
def where_from(matrix: Tensor, height: int, width: int) -> Tensor:
    (a, b, c), (d, e, f), (g, h, i) = torch.linalg.inv(matrix)
    x = torch.arange(width, dtype=matrix.dtype, device=matrix.device)[None, :]
    y = torch.arange(height, dtype=matrix.dtype, device=matrix.device)[:, None]
    depth = g * x + h * y + i
    return torch.stack(((a * x + b * y + c) / depth, (d * x + e * y + f) / depth), dim=2)

# %% right="where_from" style="loop over pixels"
@exercise
def where_from(matrix: Tensor, height: int, width: int) -> Tensor:
    undo = matrix.inverse()
    rows = []
    for y in range(height):
        row = []
        for x in range(width):
            place = undo @ undo.new_tensor([x, y, 1])
            row.append(place[:2] / place[2])
        rows.append(torch.stack(row))
    return torch.stack(rows)

# %% wrong="bilinear" really="height and width are swapped in the clamps, right only for square pictures"
@exercise
def bilinear(image: Tensor, places: Tensor) -> Tensor:
    width, height = image.shape
    x, y = places[..., 0], places[..., 1]
    left, top = x.floor().long(), y.floor().long()
    right, bottom = (left + 1).clamp(max=width - 1), (top + 1).clamp(max=height - 1)
    fx, fy = x - left, y - top
    upper = (1 - fx) * image[top, left] + fx * image[top, right]
    lower = (1 - fx) * image[bottom, left] + fx * image[bottom, right]
    return (1 - fy) * upper + fy * lower

# %% wrong="bilinear" really="the fourth pixel, diagonally across, has no say: right on slanted planes only"
@exercise
def bilinear(image: Tensor, places: Tensor) -> Tensor:
    height, width = image.shape
    x, y = places[..., 0], places[..., 1]
    x0, y0 = x.long(), y.long()
    x1, y1 = (x0 + 1).clamp(max=width - 1), (y0 + 1).clamp(max=height - 1)
    here = image[y0, x0]
    return here + (x - x0) * (image[y0, x1] - here) + (y - y0) * (image[y1, x0] - here)

# %% wrong="bilinear" really="on the last row or column it answers with the last but one: the corner is moved back, the weight is not"
@exercise
def bilinear(image: Tensor, places: Tensor) -> Tensor:
    height, width = image.shape
    x, y = places[..., 0], places[..., 1]
    fx, fy = x - x.floor(), y - y.floor()
    x0 = x.floor().long().clamp(max=max(width - 2, 0))
    y0 = y.floor().long().clamp(max=max(height - 2, 0))
    x1 = (x0 + 1).clamp(max=width - 1)
    y1 = (y0 + 1).clamp(max=height - 1)
    return (image[y0, x0] * (1 - fx) * (1 - fy) + image[y0, x1] * fx * (1 - fy)
            + image[y1, x0] * (1 - fx) * fy + image[y1, x1] * fx * fy)

# %% wrong="bilinear" really="works for a plain list of places (n, 2) only, not for a single place or for a whole picture of places"
@exercise
def bilinear(image: Tensor, places: Tensor) -> Tensor:
    height, width = image.shape
    values = []
    for x, y in places:
        left, top = int(x), int(y)
        right, bottom = min(left + 1, width - 1), min(top + 1, height - 1)
        fx, fy = x - left, y - top
        upper = image[top, left] * (1 - fx) + image[top, right] * fx
        lower = image[bottom, left] * (1 - fx) + image[bottom, right] * fx
        values.append(upper * (1 - fy) + lower * fy)
    return torch.stack(values)

# %% wrong="bilinear" really="stops with an index error for places exactly on the last row or column"
@exercise
def bilinear(image: Tensor, places: Tensor) -> Tensor:
    x, y = places.unbind(dim=-1)
    x0, y0 = x.floor().long(), y.floor().long()
    fx, fy = x - x0, y - y0
    upper = image[y0, x0] * (1 - fx) + image[y0, x0 + 1] * fx
    lower = image[y0 + 1, x0] * (1 - fx) + image[y0 + 1, x0 + 1] * fx
    return upper * (1 - fy) + lower * fy

# %% wrong="bilinear" really="takes x as the row and y as the column"
@exercise
def bilinear(image: Tensor, places: Tensor) -> Tensor:
    x, y = places[..., 0], places[..., 1]
    x0, y0 = x.floor().long(), y.floor().long()
    x1 = torch.minimum(x0 + 1, tensor(image.shape[0] - 1))
    y1 = torch.minimum(y0 + 1, tensor(image.shape[1] - 1))
    wx, wy = x - x0, y - y0
    return ((1 - wx) * (1 - wy) * image[x0, y0] + wx * (1 - wy) * image[x1, y0]
            + (1 - wx) * wy * image[x0, y1] + wx * wy * image[x1, y1])

# %% right="bilinear" style="tent weights of every row and column, einsum"
@exercise
def bilinear(image: Tensor, places: Tensor) -> Tensor:
    def tents(along, size):
        pixels = torch.arange(size, device=image.device)
        return (1 - (along.unsqueeze(-1) - pixels).abs()).clamp(min=0).to(image.dtype)

    height, width = image.shape
    return torch.einsum("...h,hw,...w->...", tents(places[..., 1], height), image, tents(places[..., 0], width))

# %% right="bilinear" style="flat index with take, the neighbour wraps round where its weight is zero, lerp"
@exercise
def bilinear(image: Tensor, places: Tensor) -> Tensor:
    height, width = image.shape
    corner = places.floor()
    fx, fy = (places - corner).unbind(-1)
    left, top = corner.long().unbind(-1)
    right, bottom = (left + 1) % width, (top + 1) % height

    def pixel(row, column):
        return torch.take(image, row * width + column)

    return torch.lerp(torch.lerp(pixel(top, left), pixel(top, right), fx), torch.lerp(pixel(bottom, left), pixel(bottom, right), fx), fy)

# %% right="bilinear" style="flatten, a loop over the four corners with min in plain tensors, reshape"
@exercise
def bilinear(image: Tensor, places: Tensor) -> Tensor:
    rows, columns = image.shape
    flat = places.reshape(-1, 2)
    total = 0
    for to_right in (0, 1):
        for to_bottom in (0, 1):
            x0, y0 = torch.floor(flat[:, 0]), torch.floor(flat[:, 1])
            part_x, part_y = flat[:, 0] - x0, flat[:, 1] - y0
            weight = (part_x if to_right else 1 - part_x) * (part_y if to_bottom else 1 - part_y)
            column = (x0 + to_right).clamp(0, columns - 1).long()
            row = (y0 + to_bottom).clamp(0, rows - 1).long()
            total = total + weight * image[row, column]
    return total.reshape(places.shape[:-1])

# %% wrong="reflect" really="repeats every 2 * size pixels, as if the last pixel were shown twice"
@exercise
def reflect(places: Tensor, size: int) -> Tensor:
    period = 2 * size
    r = places % period
    return torch.where(r > size - 1, period - 1 - r, r).clamp(0, size - 1)

# %% wrong="reflect" really="folds once at either end only, far places stay outside"
@exercise
def reflect(places: Tensor, size: int) -> Tensor:
    last = size - 1
    folded = places.abs()
    return torch.where(folded > last, 2 * last - folded, folded)

# %% wrong="reflect" really="a picture of one pixel gives NaN, the remainder is taken by zero"
@exercise
def reflect(places: Tensor, size: int) -> Tensor:
    period = 2 * (size - 1)
    rest = places.remainder(period)
    return (size - 1) - (rest - (size - 1)).abs()

# %% wrong="reflect" really="changes the tensor that was passed in"
@exercise
def reflect(places: Tensor, size: int) -> Tensor:
    if size == 1:
        return torch.zeros_like(places)
    period = 2 * (size - 1)
    places %= period
    too_far = places > size - 1
    places[too_far] = period - places[too_far]
    return places

# %% wrong="reflect" really="fmod keeps the sign, so places left of the first mirror come out negative"
@exercise
def reflect(places: Tensor, size: int) -> Tensor:
    if size == 1:
        return torch.zeros_like(places)
    last = size - 1
    zigzag = torch.fmod(places, 2 * last)
    return last - (zigzag - last).abs()

# %% wrong="reflect" really="fractions are lost: places are turned into whole numbers first"
@exercise
def reflect(places: Tensor, size: int) -> Tensor:
    if size == 1:
        return torch.zeros_like(places)
    period = 2 * (size - 1)
    whole = places.floor().long() % period
    return torch.minimum(whole, period - whole).to(places.dtype)

# %% right="reflect" style="remainder and where"
@exercise
def reflect(places: Tensor, size: int) -> Tensor:
    if size == 1:
        return torch.zeros_like(places)
    period = 2 * size - 2
    rest = places % period
    return torch.where(rest < size, torch.where(rest > size - 1, period - rest, rest), period - rest)

# %% right="reflect" style="the nearer of the two ends of the period, a lambda named afterwards"
fold = lambda places, size: torch.minimum(places.remainder(2 * (size - 1)), 2 * (size - 1) - places.remainder(2 * (size - 1)))

@exercise
def reflect(places: Tensor, size: int) -> Tensor:
    return fold(places, size) if size > 1 else places - places

# %% right="reflect" style="which of the mirror rooms: odd rooms are the other way round"
@exercise
def reflect(places: Tensor, size: int) -> Tensor:
    last = size - 1
    if last == 0:
        return torch.zeros_like(places)
    within = torch.remainder(places, last)
    room = ((places - within) / last).round()
    mirrored = room % 2 == 1
    return mirrored * (last - within) + ~mirrored * within

# %% wrong="relight" really="one number a picture is handed out along the width by broadcasting, or stops with an error"
@exercise
def relight(images: Tensor, brightness: Tensor, contrast: Tensor) -> Tensor:
    return torch.sigmoid(contrast * torch.logit(images) + brightness)

# %% wrong="relight" really="adds the brightness first and multiplies it with the contrast, the wrong order"
@exercise
def relight(images: Tensor, brightness: Tensor, contrast: Tensor) -> Tensor:
    b = brightness.view(-1, 1, 1, 1)
    c = contrast.view(-1, 1, 1, 1)
    return torch.sigmoid(c * (torch.logit(images) + b))

# %% wrong="relight" really="the eps of logit pulls black and white off the ends, so a strong brightness turns black to grey"
@exercise
def relight(images: Tensor, brightness: Tensor, contrast: Tensor) -> Tensor:
    stretched = torch.logit(images, eps=1e-3)
    changed = contrast[:, None, None, None] * stretched + brightness[:, None, None, None]
    return torch.sigmoid(changed)

# %% wrong="relight" really="logit_ overwrites the pictures that were passed in"
@exercise
def relight(images: Tensor, brightness: Tensor, contrast: Tensor) -> Tensor:
    n = images.shape[0]
    logits = images.logit_()
    return torch.sigmoid(logits * contrast.reshape(n, 1, 1, 1) + brightness.reshape(n, 1, 1, 1))

# %% wrong="relight" really="every picture of the batch gets the light of the first one"
@exercise
def relight(images: Tensor, brightness: Tensor, contrast: Tensor) -> Tensor:
    return torch.sigmoid(torch.logit(images) * contrast[0] + brightness[0])

# %% wrong="relight" really="two axes too few are added, the numbers meet the channels and not the pictures"
@exercise
def relight(images: Tensor, brightness: Tensor, contrast: Tensor) -> Tensor:
    contrast = contrast.unsqueeze(-1).unsqueeze(-1)
    brightness = brightness.unsqueeze(-1).unsqueeze(-1)
    return (images.logit() * contrast + brightness).sigmoid()

# %% right="relight" style="loop over the pictures and stack"
@exercise
def relight(images: Tensor, brightness: Tensor, contrast: Tensor) -> Tensor:
    changed = []
    for image, step, factor in zip(images, brightness, contrast):
        changed.append(torch.sigmoid(factor * torch.logit(image) + step))
    return torch.stack(changed)

# %% right="relight" style="batch axis moved to the right end, where broadcasting finds it; logarithms by hand"
@exercise
def relight(images: Tensor, brightness: Tensor, contrast: Tensor) -> Tensor:
    pixels = images.movedim(0, -1)
    logits = pixels.log() - torch.log1p(-pixels)
    return torch.sigmoid(logits * contrast + brightness).movedim(-1, 0)

# %% right="relight" style="addcmul with reshaped factors"
@exercise
def relight(images: Tensor, brightness: Tensor, contrast: Tensor) -> Tensor:
    one_each = (len(images),) + (1,) * (images.dim() - 1)
    return torch.addcmul(brightness.reshape(one_each), contrast.reshape(one_each), torch.special.logit(images)).sigmoid()

# %% wrong="random_matrices" really="a draw equal to p counts as below it, so with p 0 a draw of 0 changes a picture"
@exercise
def random_matrices(draws: Tensor, p: float, degrees: float, pixels: float, centre: tuple[float, float]) -> Tensor:
    matrices = []
    for whether, turn, right, down in draws.tolist():
        if whether <= p:
            matrices.append(compose([rotation((2 * turn - 1) * degrees, centre), shift((2 * right - 1) * pixels, (2 * down - 1) * pixels)]))
        else:
            matrices.append(torch.eye(3))
    return torch.stack(matrices)

# %% wrong="random_matrices" really="shifts first and then turns, so the shift is turned as well"
@exercise
def random_matrices(draws: Tensor, p: float, degrees: float, pixels: float, centre: tuple[float, float]) -> Tensor:
    result = torch.eye(3).repeat(len(draws), 1, 1)
    for i, draw in enumerate(draws):
        if draw[0] < p:
            angle, right, down = [float(2 * value - 1) for value in draw[1:]]
            result[i] = rotation(angle * degrees, centre) @ shift(right * pixels, down * pixels)
    return result

# %% wrong="random_matrices" really="the angle reaches only half of degrees to either side"
@exercise
def random_matrices(draws: Tensor, p: float, degrees: float, pixels: float, centre: tuple[float, float]) -> Tensor:
    out = []
    for row in draws:
        if row[0] < p:
            turn = rotation(float((row[1] - 0.5) * degrees), centre)
            move = shift(float((2 * row[2] - 1) * pixels), float((2 * row[3] - 1) * pixels))
            out.append(compose([turn, move]))
        else:
            out.append(torch.eye(3))
    return torch.stack(out)

# %% wrong="random_matrices" really="one draw decides for the whole batch whether it is changed"
@exercise
def random_matrices(draws: Tensor, p: float, degrees: float, pixels: float, centre: tuple[float, float]) -> Tensor:
    if draws[0, 0] >= p:
        return torch.eye(3).expand(len(draws), 3, 3).clone()
    spread = 2 * draws[:, 1:] - 1
    return torch.stack([compose([rotation(float(a) * degrees, centre), shift(float(r) * pixels, float(d) * pixels)]) for a, r, d in spread])

# %% wrong="random_matrices" really="pictures left alone are left out, the answer has too few matrices"
@exercise
def random_matrices(draws: Tensor, p: float, degrees: float, pixels: float, centre: tuple[float, float]) -> Tensor:
    matrices = []
    for draw in draws:
        if draw[0] < p:
            a, r, d = (2 * draw[1:] - 1).tolist()
            matrices.append(compose([rotation(a * degrees, centre), shift(r * pixels, d * pixels)]))
    return torch.stack(matrices) if matrices else torch.eye(3).unsqueeze(0)

# %% wrong="random_matrices" really="columns 2 and 3 are swapped: down for right and right for down"
@exercise
def random_matrices(draws: Tensor, p: float, degrees: float, pixels: float, centre: tuple[float, float]) -> Tensor:
    def lot(value, most):
        return float(2 * value - 1) * most

    return torch.stack([
        shift(lot(row[3], pixels), lot(row[2], pixels)) @ rotation(lot(row[1], degrees), centre) if row[0] < p else torch.eye(3)
        for row in draws])

# %% right="random_matrices" style="no loop: cosines and sines of the whole column, filled into a block, where"
@exercise
def random_matrices(draws: Tensor, p: float, degrees: float, pixels: float, centre: tuple[float, float]) -> Tensor:
    whether, turn, right, down = draws.T
    angle = torch.deg2rad((2 * turn - 1) * degrees)
    c, s = angle.cos(), angle.sin()
    x, y = centre
    zero, one = torch.zeros_like(c), torch.ones_like(c)
    block = torch.stack([c, -s, x - c * x + s * y + (2 * right - 1) * pixels,
                         s, c, y - s * x - c * y + (2 * down - 1) * pixels,
                         zero, zero, one], dim=1).view(-1, 3, 3)
    return torch.where((whether < p)[:, None, None], block, torch.eye(3, dtype=draws.dtype, device=draws.device))

# %% right="random_matrices" style="the size of every lot is zero for a picture left alone; one formula for all"
@exercise
def random_matrices(draws: Tensor, p: float, degrees: float, pixels: float, centre: tuple[float, float]) -> Tensor:
    matrices = []
    for row in draws:
        changed = 1 if row[0] < p else 0
        angle, right, down = (changed * (2 * float(draw) - 1) for draw in row[1:])
        matrices.append(shift(pixels * right, pixels * down) @ rotation(degrees * angle, centre))
    return torch.stack(matrices)

# %% right="random_matrices" style="starts from identities and fills the changed rows, compose"
@exercise
def random_matrices(draws: Tensor, p: float, degrees: float, pixels: float, centre: tuple[float, float]) -> Tensor:
    answer = torch.eye(3).repeat(draws.shape[0], 1, 1)
    for i in (draws[:, 0] < p).nonzero().flatten().tolist():
        steps = [rotation(float(-degrees + 2 * degrees * draws[i, 1]), centre)]
        steps.append(shift(float(-pixels + 2 * pixels * draws[i, 2]), float(-pixels + 2 * pixels * draws[i, 3])))
        answer[i] = compose(steps)
    return answer
