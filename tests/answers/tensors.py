# Right and wrong answers to the exercises of lesson 01: what learners write, and the name that the checks give to each mistake.

# %% right="rank_and_shape" style="by recursion"
@exercise
def rank_and_shape(block):
    if not isinstance(block, list):
        return 0, ()
    if len(block) == 0:
        return 1, (0,)
    rank, shape = rank_and_shape(block[0])
    return rank + 1, (len(block),) + shape

# %% right="rank_and_shape" style="try, and see when it has no length"
@exercise
def rank_and_shape(block):
    lengths, rank = [], 0
    while True:
        try:
            lengths.append(len(block))
        except TypeError:
            break
        rank += 1
        if not block:
            break
        block = block[0]
    return rank, tuple(lengths)

# %% right="rank_and_shape" style="a list for the shape"
@exercise
def rank_and_shape(block):
    shape = []
    while type(block) == list:
        shape += [len(block)]
        if block == []:
            break
        block = block[0]
    return [len(shape), shape]

# %% wrong="rank_and_shape" named="you counted numbers"
@exercise
def rank_and_shape(block):
    shape, numbers = [], 1
    while isinstance(block, list):
        shape.append(len(block))
        numbers *= len(block)
        block = block[0] if block else None
    return numbers, tuple(shape)

# %% wrong="rank_and_shape" named="the shape is back to front"
@exercise
def rank_and_shape(block):
    shape = ()
    while isinstance(block, list):
        shape = (len(block),) + shape
        block = block[0] if block else None
    return len(shape), shape

# %% wrong="rank_and_shape" named="one bracket early"
@exercise
def rank_and_shape(block):
    shape = []
    while isinstance(block, list) and block and isinstance(block[0], list):
        shape.append(len(block))
        block = block[0]
    return len(shape), tuple(shape)

# %% wrong="rank_and_shape" named="wrong order"
@exercise
def rank_and_shape(block):
    shape = []
    while isinstance(block, list):
        shape.append(len(block))
        block = block[0] if block else None
    return tuple(shape), len(shape)

# %% wrong="rank_and_shape" named="the rank is one too high"
@exercise
def rank_and_shape(block):
    shape, rank = [], 1
    while isinstance(block, list):
        shape.append(len(block))
        rank += 1
        block = block[0] if block else None
    return rank, tuple(shape)

# %% wrong="rank_and_shape" named="a plain number has no length"
@exercise
def rank_and_shape(block):
    shape = [len(block)]
    while isinstance(block[0], list):
        block = block[0]
        shape.append(len(block))
    return len(shape), tuple(shape)

# %% wrong="rank_and_shape" named="an empty list has no first element"
@exercise
def rank_and_shape(block):
    shape = []
    while isinstance(block, list):
        shape.append(len(block))
        block = block[0]
    return len(shape), tuple(shape)

# %% wrong="rank_and_shape" named="a shelf with nothing on it"
@exercise
def rank_and_shape(block):
    shape = []
    while isinstance(block, list) and block:
        shape.append(len(block))
        block = block[0]
    return len(shape), tuple(shape)

# %% wrong="rank_and_shape" named="is there a `return`"
@exercise
def rank_and_shape(block):
    shape = []
    while isinstance(block, list):
        shape.append(len(block))
        block = block[0] if block else None
    print(len(shape), tuple(shape))

# %% right="rank_and_shape" style="one try round it all"
@exercise
def rank_and_shape(block):
    shape = []
    try:
        while True:
            shape.append(len(block))
            block = block[0]
    except (TypeError, IndexError):
        return len(shape), tuple(shape)

# %% wrong="rank_and_shape" named="torch would only do it for you"
@exercise
def rank_and_shape(block):
    t = torch.asarray(block)
    return t.ndim, tuple(t.shape)

# %% wrong="rank_and_shape" named="that is the shape alone"
@exercise
def rank_and_shape(block):
    shape = []
    while isinstance(block, list):
        shape.append(len(block))
        block = block[0] if block else 0
    return tuple(shape)

# %% wrong="rank_and_shape" named="wrote into its argument"
@exercise
def rank_and_shape(block):
    shape = []
    while isinstance(block, list):
        shape.append(len(block))
        block = block.pop(0) if block else 0
    return len(shape), tuple(shape)

# %% wrong="rank_and_shape" named="you counted everything on each level"
@exercise
def rank_and_shape(block):
    shape = []
    level = [block]
    while level and isinstance(level[0], list):
        level = [x for y in level for x in y]
        shape.append(len(level))
    return len(shape), tuple(shape)

# %% wrong="rank_and_shape" named="(0,) is one axis with nothing on it"
@exercise
def rank_and_shape(block):
    if not isinstance(block, list):
        return 0, (0,)
    shape = []
    while isinstance(block, list):
        shape.append(len(block))
        block = block[0] if block else 0
    return len(shape), tuple(shape)

# %% wrong="rank_and_shape" named="a lone number already counts as 0"
@exercise
def rank_and_shape(block):
    if not isinstance(block, list):
        return 1, ()
    shape = []
    while isinstance(block, list):
        shape.append(len(block))
        block = block[0] if block else 0
    return len(shape), tuple(shape)

# %% wrong="rank_and_shape" named="there are numbers that are not whole"
@exercise
def rank_and_shape(block):
    shape = []
    while not isinstance(block, int):
        shape.append(len(block))
        if not block: break
        block = block[0]
    return len(shape), tuple(shape)

# %% right="crop" style="movedim, and the cut in two steps"
@exercise
def crop(image, top, left, height, width):
    rows = image[top:top + height]
    window = rows[:, left:left + width]
    return torch.movedim(window, 2, 0)

# %% right="crop" style="channels first, then narrow, then a copy"
@exercise
def crop(image, top, left, height, width):
    return image.permute(2, 0, 1).narrow(1, top, height).narrow(2, left, width).contiguous()

# %% right="crop" style="one channel after the other"
@exercise
def crop(image, top, left, height, width):
    return torch.stack([image[top:top + height, left:left + width, channel] for channel in range(image.shape[2])])

# %% wrong="crop" named="you reshaped"
@exercise
def crop(image, top, left, height, width):
    return image[top:top + height, left:left + width].reshape(image.shape[2], height, width)

# %% wrong="crop" named="the channels are still last"
@exercise
def crop(image, top, left, height, width):
    return image[top:top + height, left:left + width]

# %% wrong="crop" named="exchanged after the cut"
@exercise
def crop(image, top, left, height, width):
    return image[top:top + height, left:left + width].permute(2, 1, 0)

# %% wrong="crop" named="rows go with height"
@exercise
def crop(image, top, left, height, width):
    return image[top:top + width, left:left + height].permute(2, 0, 1)

# %% wrong="crop" named="it has to end at top + height"
@exercise
def crop(image, top, left, height, width):
    return image[top:height, left:width].permute(2, 0, 1)

# %% wrong="crop" named="top and left are exchanged"
@exercise
def crop(image, top, left, height, width):
    return image[left:left + height, top:top + width].permute(2, 0, 1)

# %% wrong="crop" named="a slice stops before its end"
@exercise
def crop(image, top, left, height, width):
    return image[top:top + height + 1, left:left + width + 1].permute(2, 0, 1)

# %% wrong="crop" named="you count on three channels"
@exercise
def crop(image, top, left, height, width):
    window = image[top:top + height, left:left + width]
    return torch.stack([window[:, :, 0], window[:, :, 1], window[:, :, 2]] if window.shape[2] != 2 else [window[:, :, 0], window[:, :, 1]])

# %% right="crop" style="rows and columns by number"
@exercise
def crop(image, top, left, height, width):
    rows = torch.arange(top, top + height)[:, None]
    columns = torch.arange(left, left + width)
    return image[rows, columns].permute(2, 0, 1)

# %% wrong="crop" named="you told `permute` where each axis goes"
@exercise
def crop(image, top, left, height, width):
    return image[top:top + height, left:left + width].permute(1, 2, 0)

# %% wrong="crop" named="you cut the columns first"
@exercise
def crop(image, top, left, height, width):
    return image[left:left + width, top:top + height].permute(2, 0, 1)

# %% wrong="crop" named="as if the channels came first already"
@exercise
def crop(image, top, left, height, width):
    return image[:, top:top + height, left:left + width]

# %% wrong="crop" named="you moved the axes and then cut the first two"
@exercise
def crop(image, top, left, height, width):
    return image.permute(2, 0, 1)[top:top + height, left:left + width]

# %% wrong="crop" named="the values are right, the dtype is not"
@exercise
def crop(image, top, left, height, width):
    out = torch.zeros(image.shape[2], height, width)
    out[:] = image[top:top + height, left:left + width].permute(2, 0, 1)
    return out

# %% wrong="crop" named="sits in the image's corner"
@exercise
def crop(image, top, left, height, width):
    return image[:height, :width].permute(2, 0, 1)

# %% wrong="crop" named="both slices go into one pair of brackets"
@exercise
def crop(image, top, left, height, width):
    return image[top:top + height][left:left + width].permute(2, 0, 1)

# %% right="standardise" style="by hand, with a safe divisor"
@exercise
def standardise(table):
    n = table.shape[0]
    centred = table - table.sum(0) / n
    spread = ((centred ** 2).sum(0) / n).sqrt()
    return centred / torch.where(spread == 0, torch.ones_like(spread), spread)

# %% right="standardise" style="a hair added to the deviation"
@exercise
def standardise(table):
    return (table - table.mean(0, keepdim=True)) / (table.std(0, unbiased=False, keepdim=True) + 1e-8)

# %% right="standardise" style="column by column"
@exercise
def standardise(table):
    columns = []
    for column in table.T:
        deviation = column.std(correction=0)
        columns.append((column - column.mean()) / deviation if deviation > 0 else torch.zeros_like(column))
    return torch.stack(columns, dim=1)

# %% wrong="standardise" named="one mean and one deviation for the whole table"
@exercise
def standardise(table):
    return (table - table.mean()) / table.std(correction=0)

# %% wrong="standardise" named="you standardised rows"
@exercise
def standardise(table):
    return (table - table.mean(dim=1, keepdim=True)) / table.std(dim=1, correction=0, keepdim=True)

# %% wrong="standardise" named="you divided by the variance"
@exercise
def standardise(table):
    return (table - table.mean(dim=0)) / table.var(dim=0, correction=0)

# %% wrong="standardise" named="divides by n - 1"
@exercise
def standardise(table):
    spread = table.std(dim=0)
    return (table - table.mean(dim=0)) / torch.where(spread == 0, 1, spread)

# %% wrong="standardise" named="the spread is still there"
@exercise
def standardise(table):
    return table - table.mean(dim=0)

# %% wrong="standardise" named="the mean comes off first"
@exercise
def standardise(table):
    return table / table.std(dim=0, correction=0)

# %% wrong="standardise" named="squeezed every column into 0 to 1"
@exercise
def standardise(table):
    low, high = table.min(dim=0).values, table.max(dim=0).values
    return (table - low) / (high - low)

# %% wrong="standardise" named="0 / 0 is NaN"
@exercise
def standardise(table):
    return (table - table.mean(dim=0)) / table.std(dim=0, correction=0)

# %% wrong="standardise" named="wrote into its argument"
@exercise
def standardise(table):
    table -= table.mean(dim=0)
    spread = table.std(dim=0, correction=0)
    return table / torch.where(spread == 0, 1, spread)

# %% right="standardise" style="NaN put right afterwards"
@exercise
def standardise(table):
    return torch.nan_to_num((table - table.mean(0)) / table.std(0, correction=0), nan=0.0)

# %% wrong="standardise" named="the sizes do not fit"
@exercise
def standardise(table):
    sd = table.std(1, correction=0)
    sd[sd == 0] = 1
    return (table - table.mean(1)) / sd

# %% wrong="standardise" named="only the mean was divided"
@exercise
def standardise(table):
    v = table.std(0, correction=0)
    v[v == 0] = 1
    return table - table.mean(0) / v

# %% wrong="standardise" named="that is the mean distance from the mean"
@exercise
def standardise(table):
    d = table - table.mean(0)
    s = d.abs().mean(0)
    s[s == 0] = 1
    return d / s

# %% wrong="standardise" named="under the root you summed the squares"
@exercise
def standardise(table):
    d = table - table.mean(0)
    s = (d ** 2).sum(0).sqrt()
    s[s == 0] = 1
    return d / s

# %% wrong="standardise" named="yours stayed as it was"
@exercise
def standardise(table):
    s = table.std(0, correction=0)
    z = table.clone()
    k = s != 0
    z[:, k] = (table[:, k] - table[:, k].mean(0)) / s[k]
    return z

# %% wrong="standardise" named="zeros of the whole table"
@exercise
def standardise(table):
    s = table.std(0, correction=0)
    if (s == 0).any():
        return torch.zeros_like(table)
    return (table - table.mean(0)) / s

# %% wrong="standardise" named="an `if` was asked about a whole row"
@exercise
def standardise(table):
    s = table.std(0, correction=0)
    if s == 0:
        return torch.zeros_like(table)
    return (table - table.mean(0)) / s

# %% wrong="standardise" named="the deviation is the whole table's"
@exercise
def standardise(table):
    return (table - table.mean(0)) / table.std(correction=0)

# %% wrong="standardise" named="the values are right, the dtype is not"
@exercise
def standardise(table):
    table = table.float()
    s = table.std(0, correction=0)
    s[s == 0] = 1
    return (table - table.mean(0)) / s

# %% wrong="standardise" named="subtract it before you square"
@exercise
def standardise(table):
    s = (table ** 2).mean(0).sqrt()
    s[s == 0] = 1
    return (table - table.mean(0)) / s

# %% right="pairwise_distances" style="the identity, clamped"
@exercise
def pairwise_distances(first, second):
    squares = (first ** 2).sum(1, keepdim=True) + (second ** 2).sum(1) - 2 * first @ second.T
    return squares.clamp(min=0).sqrt()

# %% right="pairwise_distances" style="unsqueeze and a norm"
@exercise
def pairwise_distances(first, second):
    return torch.linalg.vector_norm(first.unsqueeze(1) - second.unsqueeze(0), dim=2)

# %% right="pairwise_distances" style="einsum on the differences"
@exercise
def pairwise_distances(first, second):
    gaps = first[:, None] - second
    return torch.einsum("nmd,nmd->nm", gaps, gaps) ** 0.5

# %% wrong="pairwise_distances" named="the root is missing"
@exercise
def pairwise_distances(first, second):
    return ((first[:, None] - second) ** 2).sum(-1)

# %% wrong="pairwise_distances" named="as a taxi drives"
@exercise
def pairwise_distances(first, second):
    return ((first[:, None] - second) ** 2).sqrt().sum(-1)

# %% wrong="pairwise_distances" named="you took the largest difference"
@exercise
def pairwise_distances(first, second):
    return (first[:, None] - second).abs().max(dim=-1).values

# %% wrong="pairwise_distances" named="you took the mean over the coordinates"
@exercise
def pairwise_distances(first, second):
    return ((first[:, None] - second) ** 2).mean(-1).sqrt()

# %% wrong="pairwise_distances" named="the other way round"
@exercise
def pairwise_distances(first, second):
    return ((second[:, None] - first) ** 2).sum(-1).sqrt()

# %% wrong="pairwise_distances" named="you summed over the points of `second`"
@exercise
def pairwise_distances(first, second):
    return ((first[:, None] - second) ** 2).sum(1).sqrt()

# %% wrong="pairwise_distances" named="(n, d) and (m, d) need a new axis each"
@exercise
def pairwise_distances(first, second):
    return ((first - second) ** 2).sum(-1).sqrt()

# %% wrong="pairwise_distances" named="a hair below nought"
@exercise
def pairwise_distances(first, second):
    squares = (first ** 2).sum(1, keepdim=True) + (second ** 2).sum(1) - 2 * first @ second.T
    return squares.sqrt()

# %% right="pairwise_distances" style="both sets expanded to the size of the table"
@exercise
def pairwise_distances(first, second):
    n, m = len(first), len(second)
    a = first.reshape(n, 1, -1).expand(n, m, first.shape[1])
    b = second.reshape(1, m, -1).expand(n, m, first.shape[1])
    return torch.sqrt(torch.sum(torch.pow(a - b, 2), axis=2))

# %% right="pairwise_distances" style="every pair written out in rows"
@exercise
def pairwise_distances(first, second):
    """One distance for each pair, while nothing loops."""
    a = first.repeat_interleave(len(second), dim=0)  # for each of first
    b = second.repeat(len(first), 1)
    return (a - b).square().sum(-1).sqrt().reshape(len(first), len(second))

# %% wrong="pairwise_distances" named="you summed over the points of `first`"
@exercise
def pairwise_distances(first, second):
    return (first[:, None] - second).square().sum(0).sqrt()

# %% wrong="pairwise_distances" named="you summed before you squared"
@exercise
def pairwise_distances(first, second):
    return (first[:, None] - second).sum(-1).square().sqrt()

# %% wrong="pairwise_distances" named="some below nought, and no distance is"
@exercise
def pairwise_distances(first, second):
    return (first[:, None] - second).sum(-1)

# %% wrong="pairwise_distances" named="a single number for all the pairs"
@exercise
def pairwise_distances(first, second):
    return (first[:, None] - second).square().sum().sqrt()

# %% wrong="pairwise_distances" named="the coordinates are still there"
@exercise
def pairwise_distances(first, second):
    return (first[:, None] - second).square().sqrt()

# %% wrong="pairwise_distances" named="takes the product off twice"
@exercise
def pairwise_distances(first, second):
    return ((first ** 2).sum(1, keepdim=True) + (second ** 2).sum(1) - first @ second.T).clamp(min=0).sqrt()

# %% wrong="pairwise_distances" named="a ready-made table is not"
@exercise
def pairwise_distances(first, second):
    return torch.cdist(first, second)

# %% wrong="pairwise_distances" named="a loop or a ready-made table is not"
@exercise
def pairwise_distances(first, second):
    return torch.stack([(a - second).square().sum(-1).sqrt() for a in first])

# %% wrong="pairwise_distances" named="the values are right, the dtype is not"
@exercise
def pairwise_distances(first, second):
    return (first[:, None].float() - second.float()).square().sum(-1).sqrt()

# %% wrong="pairwise_distances" named="you count on two coordinates"
@exercise
def pairwise_distances(first, second):
    x = first[:, 0, None] - second[:, 0]
    y = first[:, 1, None] - second[:, 1]
    return (x ** 2 + y ** 2) ** 0.5

# %% right="one_hot" style="zeros, and a one in each row"
@exercise
def one_hot(labels, classes):
    switches = torch.zeros(len(labels), classes)
    switches[torch.arange(len(labels)), labels] = 1
    return switches

# %% right="one_hot" style="rows of the identity matrix"
@exercise
def one_hot(labels, classes):
    return torch.eye(classes)[labels]

# %% right="one_hot" style="torch's own, in float32"
@exercise
def one_hot(labels, classes):
    return torch.nn.functional.one_hot(labels, classes).to(torch.float32)

# %% right="one_hot" style="scatter"
@exercise
def one_hot(labels, classes):
    return torch.zeros(labels.shape[0], classes).scatter(1, labels.unsqueeze(1), 1.0)

# %% wrong="one_hot" named="every row has the switches of all labels"
@exercise
def one_hot(labels, classes):
    switches = torch.zeros(len(labels), classes)
    switches[:, labels] = 1
    return switches

# %% wrong="one_hot" named="you count labels from 1"
@exercise
def one_hot(labels, classes):
    switches = torch.zeros(len(labels), classes)
    for row, label in enumerate(labels.tolist()):
        switches[row, label - 1] = 1
    return switches

# %% wrong="one_hot" named="fewer columns than classes"
@exercise
def one_hot(labels, classes):
    return (labels[:, None] == torch.arange(labels.max() + 1)).float()

# %% wrong="one_hot" named="a row for each class came"
@exercise
def one_hot(labels, classes):
    return (torch.arange(classes)[:, None] == labels).float()

# %% wrong="one_hot" named="you wrote the label where a 1 belongs"
@exercise
def one_hot(labels, classes):
    switches = torch.zeros(len(labels), classes)
    for row in range(len(labels)):
        switches[row, labels[row]] = labels[row].float()
    return switches

# %% wrong="one_hot" named="you exchanged on and off"
@exercise
def one_hot(labels, classes):
    return (labels[:, None] != torch.arange(classes)).float()

# %% wrong="one_hot" really="int64 came"
@exercise
def one_hot(labels, classes):
    return torch.nn.functional.one_hot(labels, classes)

# %% wrong="one_hot" really="a comparison gives True and False"
@exercise
def one_hot(labels, classes):
    return labels[:, None] == torch.arange(classes)

# %% right="one_hot" style="where, and columns by reshape"
@exercise
def one_hot(labels, classes):
    return torch.where(labels.reshape(-1, 1) == torch.arange(classes).reshape(1, -1), 1., 0.)

# %% wrong="one_hot" named="you used a label as the number of a row"
@exercise
def one_hot(labels, classes):
    out = torch.zeros(len(labels), classes)
    out[labels] = 1
    return out

# %% wrong="one_hot" named="your columns are numbered from 1"
@exercise
def one_hot(labels, classes):
    return (labels[:, None] == torch.arange(1, classes + 1)).float()

# %% wrong="one_hot" named="meet number by number"
@exercise
def one_hot(labels, classes):
    return (labels == torch.arange(classes)).float()

# %% wrong="one_hot" named="that is one row with how many labels of each class there are"
@exercise
def one_hot(labels, classes):
    return torch.eye(classes)[labels].sum(0)

# %% wrong="one_hot" named="a column too many"
@exercise
def one_hot(labels, classes):
    return (labels[:, None] == torch.arange(classes + 1)).float()

# %% right="recolour" style="a matrix product"
@exercise
def recolour(images, matrix):
    return images @ matrix.T

# %% right="recolour" style="multiply, then sum"
@exercise
def recolour(images, matrix):
    return (images[..., None, :] * matrix).sum(dim=-1)

# %% right="recolour" style="einsum with an ellipsis"
@exercise
def recolour(images, matrix):
    return torch.einsum("...c,dc->...d", images, matrix)

# %% right="recolour" style="one new channel after the other"
@exercise
def recolour(images, matrix):
    return torch.stack([torch.einsum("nhwc,c->nhw", images, row) for row in matrix], dim=3)

# %% wrong="recolour" named="rows and columns of `matrix` are exchanged"
@exercise
def recolour(images, matrix):
    return torch.einsum("nhwc,cd->nhwd", images, matrix)

# %% wrong="recolour" named="you multiplied and did not sum"
@exercise
def recolour(images, matrix):
    return torch.einsum("nhwc,dc->nhwdc", images, matrix)

# %% wrong="recolour" named="you summed the new channels away as well"
@exercise
def recolour(images, matrix):
    return torch.einsum("nhwc,dc->nhw", images, matrix)

# %% wrong="recolour" named="you kept the old channels and summed the new ones"
@exercise
def recolour(images, matrix):
    return torch.einsum("nhwc,dc->nhwc", images, matrix)

# %% wrong="recolour" named="the new channels came out in front"
@exercise
def recolour(images, matrix):
    return torch.einsum("nhwc,dc->ndhw", images, matrix)

# %% wrong="recolour" named="you summed over the images too"
@exercise
def recolour(images, matrix):
    return torch.einsum("nhwc,dc->hwd", images, matrix)

# %% right="recolour" style="tensordot"
@exercise
def recolour(images, matrix):
    return torch.tensordot(images, matrix, dims=([3], [1]))

# %% wrong="recolour" named="the very first axis"
@exercise
def recolour(images, matrix):
    return torch.einsum("nhwc,dc->dnhw", images, matrix)

# %% wrong="recolour" named=""
@exercise
def recolour(images, matrix):
    return torch.einsum("hwc,dc->hwd", images, matrix)

# %% wrong="recolour" named="height and width have changed places"
@exercise
def recolour(images, matrix):
    return torch.einsum("nhwc,dc->nwhd", images, matrix)

# %% wrong="recolour" named="`*` only multiplies"
@exercise
def recolour(images, matrix):
    return images * matrix

# %% wrong="recolour" named="a mean over the old channels"
@exercise
def recolour(images, matrix):
    return torch.einsum("nhwc,dc->nhwd", images, matrix) / images.shape[-1]

# %% wrong="recolour" named="only the first image came back"
@exercise
def recolour(images, matrix):
    return torch.einsum("hwc,dc->hwd", images[0], matrix)[None]

# %% wrong="recolour" named="you count on three channels"
@exercise
def recolour(images, matrix):
    r, g, b = images[..., 0], images[..., 1], images[..., 2]
    return torch.stack([row[0] * r + row[1] * g + row[2] * b for row in matrix], dim=-1)

# %% wrong="recolour" named="you made room for as many channels"
@exercise
def recolour(images, matrix):
    out = torch.zeros_like(images)
    for d in range(matrix.shape[0]):
        out[..., d] = (images * matrix[d]).sum(-1)
    return out

# %% wrong="recolour" named="the values are right, the dtype is not"
@exercise
def recolour(images, matrix):
    out = torch.zeros(*images.shape[:-1], len(matrix))
    for d in range(matrix.shape[0]):
        out[..., d] = (images * matrix[d]).sum(-1)
    return out

# %% right="reading" style="the key"
reading = {1: "b", 2: "c", 3: "a", 4: "b", 5: "c"}

# %% right="reading" style="in capitals, with blanks"
reading = {1: "B", 2: " c", 3: "A ", 4: "B", 5: "c"}

# %% wrong="reading" named="two axes for time"
reading = {1: "a", 2: "c", 3: "a", 4: "b", 5: "c"}

# %% wrong="reading" named="this runs, which makes it dangerous"
reading = {1: "b", 2: "b", 3: "a", 4: "b", 5: "c"}

# %% wrong="reading" named="a slice is a view"
reading = {1: "b", 2: "c", 3: "b", 4: "b", 5: "c"}

# %% wrong="reading" named="what it lacks is digits"
reading = {1: "b", 2: "c", 3: "a", 4: "a", 5: "c"}

# %% wrong="reading" named="with fewer digits"
reading = {1: "b", 2: "c", 3: "a", 4: "b", 5: "b"}
