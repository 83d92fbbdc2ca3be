# Answers of imagined learners for lesson 01-tensors, thought up blind.

# %% wrong="rank_and_shape" really="an empty list has no first element, so it stops with an IndexError on [] and [[], []]"
@exercise
def rank_and_shape(block):
    shape = []
    while isinstance(block, list):
        shape.append(len(block))
        block = block[0]
    return len(shape), tuple(shape)

# %% wrong="rank_and_shape" really="the lengths are collected from the inside out, so the shape comes innermost axis first"
@exercise
def rank_and_shape(block):
    if not isinstance(block, list):
        return 0, ()
    if len(block) == 0:
        return 1, (0,)
    rank, shape = rank_and_shape(block[0])
    return rank + 1, shape + (len(block),)

# %% right="rank_and_shape" style="the shape is a list, which the docstring lets one give"
@exercise
def rank_and_shape(block):
    shape = []
    while isinstance(block, list):
        shape.append(len(block))
        if not block:
            break
        block = block[0]
    return len(shape), shape

# %% wrong="rank_and_shape" really="an empty list ends the walk before its own axis of length 0 is counted"
@exercise
def rank_and_shape(block):
    rank = 0
    shape = ()
    while isinstance(block, list) and block:
        rank += 1
        shape += (len(block),)
        block = block[0]
    return rank, shape

# %% wrong="rank_and_shape" really="the deeper lengths count all the elements of a level together, (2, 6) in place of (2, 3)"
@exercise
def rank_and_shape(block):
    if not isinstance(block, list):
        return 0, ()
    shape = [len(block)]
    level = block
    while level and isinstance(level[0], list):
        level = [item for part in level for item in part]
        shape.append(len(level))
    return len(shape), tuple(shape)

# %% wrong="rank_and_shape" really="only an int counts as a number, a float such as 2.5 stops with a TypeError"
@exercise
def rank_and_shape(block):
    if type(block) == int:
        return (0, ())
    if block == []:
        return (1, (0,))
    rank, shape = rank_and_shape(block[0])
    return (rank + 1, (len(block), *shape))

# %% right="rank_and_shape" style="recursion in a lambda over a helper that gives the shape only"
_lengths = lambda block: (() if not isinstance(block, list) else (len(block),) + (_lengths(block[0]) if block else ()))

@exercise
def rank_and_shape(block):
    lengths = _lengths(block)
    return (len(lengths), lengths)

# %% right="rank_and_shape" style="a loop that asks forgiveness in place of permission"
@exercise
def rank_and_shape(block):
    shape = []
    try:
        while True:
            shape.append(len(block))
            block = block[0]
    except (TypeError, IndexError):
        pass
    return len(shape), tuple(shape)

# %% right="rank_and_shape" style="a generator that walks down"
def walk_down(block):
    while isinstance(block, list):
        yield len(block)
        block = block[0] if len(block) > 0 else None

@exercise
def rank_and_shape(block):
    shape = tuple(walk_down(block))
    rank = sum(1 for _ in shape)
    return rank, shape

# %% wrong="crop" really="reshape breaks the lines elsewhere and does not move the channel axis"
@exercise
def crop(image: Tensor, top: int, left: int, height: int, width: int) -> Tensor:
    part = image[top:top + height, left:left + width]
    return part.reshape(-1, height, width)

# %% wrong="crop" really="height and width are taken for the place where the cut ends, right only with top and left 0"
@exercise
def crop(image: Tensor, top: int, left: int, height: int, width: int) -> Tensor:
    return image[top:height, left:width].permute(2, 0, 1)

# %% wrong="crop" really="rows and columns are exchanged as well: the result is (channels, width, height)"
@exercise
def crop(image: Tensor, top: int, left: int, height: int, width: int) -> Tensor:
    patch = image[top:top + height, left:left + width, :]
    return patch.transpose(0, 2)

# %% wrong="crop" really="exactly three channels are assumed, a grey image fails and a fourth channel is lost"
@exercise
def crop(image: Tensor, top: int, left: int, height: int, width: int) -> Tensor:
    rows = slice(top, top + height)
    columns = slice(left, left + width)
    red, green, blue = image[rows, columns, 0], image[rows, columns, 1], image[rows, columns, 2]
    return torch.stack([red, green, blue])

# %% wrong="crop" really="the dtype becomes float32 whatever came in, and the values are divided by 255"
@exercise
def crop(image: Tensor, top: int, left: int, height: int, width: int) -> Tensor:
    return image[top:top + height, left:left + width].permute(2, 0, 1).float() / 255

# %% wrong="crop" really="after the permute the slices cut channels and rows in place of rows and columns"
@exercise
def crop(image: Tensor, top: int, left: int, height: int, width: int) -> Tensor:
    image = image.permute(2, 0, 1)
    return image[top:top + height, left:left + width]

# %% right="crop" style="narrow twice, then movedim"
@exercise
def crop(image: Tensor, top: int, left: int, height: int, width: int) -> Tensor:
    return image.narrow(0, top, height).narrow(1, left, width).movedim(-1, 0)

# %% right="crop" style="a stack of the unbound channels"
@exercise
def crop(image: Tensor, top: int, left: int, height: int, width: int) -> Tensor:
    channels = [channel[top:top + height, left:left + width] for channel in image.unbind(dim=2)]
    return torch.stack(channels, dim=0)

# %% right="crop" style="lists of row and column numbers as indices, two transposes"
@exercise
def crop(image: Tensor, top: int, left: int, height: int, width: int) -> Tensor:
    rows = list(range(top, top + height))
    columns = list(range(left, left + width))
    return image[rows][:, columns].transpose(1, 2).transpose(0, 1)

# %% wrong="standardise" really="a small number is added to the standard deviation, so columns with a small spread do not get standard deviation 1"
@exercise
def standardise(table: Tensor) -> Tensor:
    mean = table.mean(dim=0)
    std = table.std(dim=0, correction=0)
    return (table - mean) / (std + 1e-5)

# %% wrong="standardise" really="a constant column is divided by zero and becomes nan"
@exercise
def standardise(table: Tensor) -> Tensor:
    centred = table - table.mean(dim=0)
    return centred / centred.square().mean(dim=0).sqrt()

# %% wrong="standardise" really="a constant column whose mean is rounded (say of 0.1) has a tiny standard deviation that is not 0, and becomes ones in place of zeros"
@exercise
def standardise(table: Tensor) -> Tensor:
    centred = table - table.mean(dim=0)
    std = centred.square().mean(dim=0).sqrt()
    std[std == 0] = 1
    return centred / std

# %% wrong="standardise" really="no brackets: only the mean is divided by the standard deviation"
@exercise
def standardise(table: Tensor) -> Tensor:
    std = table.std(dim=0, correction=0)
    safe = torch.where(table.amax(dim=0) == table.amin(dim=0), torch.ones_like(std), std)
    result = table - table.mean(dim=0) / safe
    result[:, table.amax(dim=0) == table.amin(dim=0)] = 0
    return result

# %% wrong="standardise" really="float64 tables come back as float32"
@exercise
def standardise(table: Tensor) -> Tensor:
    table = table.float()
    constant = (table == table[0]).all(dim=0)
    centred = table - table.mean(dim=0, keepdim=True)
    std = table.std(dim=0, keepdim=True, correction=0).masked_fill(constant, 1.0)
    return (centred / std).masked_fill(constant, 0.0)

# %% wrong="standardise" really="the mean is that of the whole table and not of each column"
@exercise
def standardise(table: Tensor) -> Tensor:
    spread = table.std(dim=0, correction=0)
    spread[table.max(dim=0).values == table.min(dim=0).values] = float("inf")
    return (table - table.mean()) / spread

# %% right="standardise" style="equal columns found by comparing with the first row, torch.where"
@exercise
def standardise(table: Tensor) -> Tensor:
    same = (table == table[:1]).all(dim=0)
    variance, mean = torch.var_mean(table, dim=0, correction=0)
    spread = torch.where(same, torch.ones_like(variance), variance).sqrt()
    return torch.where(same, torch.zeros_like(table), (table - mean) / spread)

# %% right="standardise" style="column by column in a loop, stacked"
@exercise
def standardise(table: Tensor) -> Tensor:
    columns = []
    for column in table.T:
        if column.max() == column.min():
            columns.append(torch.zeros_like(column))
            continue
        away = column - column.mean()
        columns.append(away / (away @ away / len(away)).sqrt())
    return torch.stack(columns, dim=1)

# %% right="standardise" style="an infinite divisor for constant columns, masked before the root"
@exercise
def standardise(table: Tensor) -> Tensor:
    n = table.shape[0]
    offset = table - table.sum(dim=0) / n
    squares = torch.einsum("nc,nc->c", offset, offset) / n
    varies = table.amax(dim=0) > table.amin(dim=0)
    squares = squares.masked_fill(~varies, float("inf"))
    return offset * squares.rsqrt()

# %% wrong="pairwise_distances" really="by the identity without a clamp, rounding below zero gives nan for equal points"
@exercise
def pairwise_distances(first: Tensor, second: Tensor) -> Tensor:
    a = (first ** 2).sum(dim=1, keepdim=True)
    b = (second ** 2).sum(dim=1)
    return torch.sqrt(a + b - 2 * first @ second.T)

# %% wrong="pairwise_distances" really="the mean of the squared differences is taken in place of their sum"
@exercise
def pairwise_distances(first: Tensor, second: Tensor) -> Tensor:
    difference = first[:, None, :] - second[None, :, :]
    return (difference ** 2).mean(dim=-1).sqrt()

# %% wrong="pairwise_distances" really="the absolute differences are summed, which is the way along city blocks and not the straight line"
@exercise
def pairwise_distances(first: Tensor, second: Tensor) -> Tensor:
    return (first[:, None] - second[None, :]).square().sqrt().sum(dim=2)

# %% wrong="pairwise_distances" really="the table is the wrong way round, (m, n) in place of (n, m)"
@exercise
def pairwise_distances(first: Tensor, second: Tensor) -> Tensor:
    gaps = second.unsqueeze(1) - first.unsqueeze(0)
    return gaps.pow(2).sum(-1).sqrt()

# %% wrong="pairwise_distances" really="a small number under the root makes the distance of a point from itself 0.001 in place of 0"
@exercise
def pairwise_distances(first: Tensor, second: Tensor) -> Tensor:
    gaps = first[:, None] - second[None]
    return (gaps.square().sum(dim=-1) + 1e-6).sqrt()

# %% wrong="pairwise_distances" really="squeeze drops an axis when one of the sets has a single point"
@exercise
def pairwise_distances(first: Tensor, second: Tensor) -> Tensor:
    gaps = first[:, None, :] - second[None, :, :]
    return gaps.pow(2).sum(dim=2, keepdim=True).sqrt().squeeze()

# %% right="pairwise_distances" style="the norm of the differences"
@exercise
def pairwise_distances(first: Tensor, second: Tensor) -> Tensor:
    return torch.linalg.vector_norm(first.unsqueeze(1) - second, dim=2)

# %% right="pairwise_distances" style="every pair written out as two long tables"
@exercise
def pairwise_distances(first: Tensor, second: Tensor) -> Tensor:
    n, m = len(first), len(second)
    a = first.repeat_interleave(m, dim=0)
    b = second.repeat(n, 1)
    return ((a - b) ** 2).sum(dim=1).sqrt().view(n, m)

# %% right="pairwise_distances" style="coordinates first, einsum sums the squares"
@exercise
def pairwise_distances(first: Tensor, second: Tensor) -> Tensor:
    gaps = first.T[:, :, None] - second.T[:, None, :]
    return torch.einsum("dnm,dnm->nm", gaps, gaps) ** 0.5

# %% wrong="one_hot" really="the comparison is left as true and false, it is not float32"
@exercise
def one_hot(labels: Tensor, classes: int) -> Tensor:
    return labels[:, None] == torch.arange(classes, device=labels.device)

# %% wrong="one_hot" really="the number of classes is guessed from the largest label and the argument is ignored"
@exercise
def one_hot(labels: Tensor, classes: int) -> Tensor:
    return torch.nn.functional.one_hot(labels).float()

# %% wrong="one_hot" really="all the labels' columns are switched on in every row"
@exercise
def one_hot(labels: Tensor, classes: int) -> Tensor:
    switches = torch.zeros(len(labels), classes)
    switches[:, labels] = 1
    return switches

# %% wrong="one_hot" really="the label itself is put in place of a 1"
@exercise
def one_hot(labels: Tensor, classes: int) -> Tensor:
    result = torch.zeros(labels.shape[0], classes)
    result.scatter_(1, labels[:, None], labels[:, None].float())
    return result

# %% wrong="one_hot" really="numpy's eye brings float64"
import numpy as np

@exercise
def one_hot(labels: Tensor, classes: int) -> Tensor:
    return torch.from_numpy(np.eye(classes))[labels]

# %% wrong="one_hot" really="row and column are exchanged: fails or lands in the wrong places unless labels and positions happen to fit"
@exercise
def one_hot(labels: Tensor, classes: int) -> Tensor:
    n = len(labels)
    result = torch.zeros(n, classes)
    result[labels, torch.arange(n)] = 1.0
    return result

# %% right="one_hot" style="rows of the identity matrix"
@exercise
def one_hot(labels: Tensor, classes: int) -> Tensor:
    return torch.eye(classes, dtype=torch.float32, device=labels.device).index_select(0, labels)

# %% right="one_hot" style="torch's own with the number of classes, turned into float32"
@exercise
def one_hot(labels: Tensor, classes: int) -> Tensor:
    return torch.nn.functional.one_hot(labels, num_classes=classes).to(torch.float32)

# %% right="one_hot" style="nested lists"
@exercise
def one_hot(labels: Tensor, classes: int) -> Tensor:
    rows = [[1.0 if column == label else 0.0 for column in range(classes)] for label in labels.tolist()]
    return torch.tensor(rows, dtype=torch.float32, device=labels.device).reshape(len(labels), classes)

# %% wrong="recolour" really="the matrix is not turned: new channel d takes column d of the matrix, and only square matrices work at all"
@exercise
def recolour(images: Tensor, matrix: Tensor) -> Tensor:
    return images @ matrix

# %% wrong="recolour" really="the matrix is reshaped in place of transposed, so the weights land in the wrong places"
@exercise
def recolour(images: Tensor, matrix: Tensor) -> Tensor:
    d, c = matrix.shape
    return torch.einsum("nhwc,cd->nhwd", images, matrix.reshape(c, d))

# %% wrong="recolour" really="the result is cut off at 0 and 1, which nobody asked for"
@exercise
def recolour(images: Tensor, matrix: Tensor) -> Tensor:
    return torch.einsum("nhwc,dc->nhwd", images, matrix).clamp(0, 1)

# %% wrong="recolour" really="exactly three old channels are assumed"
@exercise
def recolour(images: Tensor, matrix: Tensor) -> Tensor:
    red, green, blue = images[..., 0], images[..., 1], images[..., 2]
    return torch.stack([row[0] * red + row[1] * green + row[2] * blue for row in matrix], dim=-1)

# %% wrong="recolour" really="each new channel overwrites an old one, so later channels are mixed from channels that are already new, and d must not exceed c"
@exercise
def recolour(images: Tensor, matrix: Tensor) -> Tensor:
    result = images.clone()
    for d in range(matrix.shape[0]):
        result[..., d] = (result * matrix[d]).sum(dim=-1)
    return result

# %% wrong="recolour" really="the new channels stand first, (n, d, height, width), and not last"
@exercise
def recolour(images: Tensor, matrix: Tensor) -> Tensor:
    return torch.einsum("nhwc,dc->ndhw", images, matrix)

# %% right="recolour" style="a linear layer without bias"
@exercise
def recolour(images: Tensor, matrix: Tensor) -> Tensor:
    return torch.nn.functional.linear(images, matrix)

# %% right="recolour" style="one new channel at a time, stacked"
@exercise
def recolour(images: Tensor, matrix: Tensor) -> Tensor:
    return torch.stack([(images * weights_of_one).sum(dim=-1) for weights_of_one in matrix], dim=-1)

# %% right="recolour" style="all pixels as one long table, matrix product, back into shape"
@exercise
def recolour(images: Tensor, matrix: Tensor) -> Tensor:
    n, height, width, c = images.shape
    pixels = images.reshape(n * height * width, c)
    mixed = (matrix @ pixels.T).T
    return mixed.reshape(n, height, width, matrix.shape[0])
