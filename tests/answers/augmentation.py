"""Right and wrong answers to lesson 08 (The same dog, many pictures), as learners give them.
Each cell is an answer to one exercise; a wrong one is named by a part of what the checks must say about it.
Read first: solutions/08-augmentation/augmentation.py, for what is asked."""

# %% right="rotation" style="the last column worked out on paper"
@exercise
def rotation(degrees, centre):

    a = torch.deg2rad(tensor(degrees))
    c, s = torch.cos(a), torch.sin(a)
    x, y = centre
    return torch.stack([torch.stack([c, -s, x - c * x + s * y]), torch.stack([s, c, y - s * x - c * y]), tensor([0., 0., 1.])])


# %% right="rotation" style="with math, in a list"
@exercise
def rotation(degrees, centre):

    import math
    a = math.radians(degrees)
    turn = tensor([[math.cos(a), -math.sin(a), 0], [math.sin(a), math.cos(a), 0], [0, 0, 1]])
    away, back = shift(-centre[0], -centre[1]), shift(*centre)
    return back @ turn @ away


# %% right="rotation" style="degrees times pi over 180, a clone of the identity filled in"
@exercise
def rotation(degrees, centre):

    angle = tensor(degrees) * torch.pi / 180
    m = torch.eye(3)
    m[:2, :2] = tensor([[torch.cos(angle), -torch.sin(angle)], [torch.sin(angle), torch.cos(angle)]])
    c = tensor([centre[0], centre[1]])
    m[:2, 2] = c - m[:2, :2] @ c
    return m


# %% wrong="rotation" named="about the corner (0, 0)"
@exercise
def rotation(degrees, centre):
    a = torch.deg2rad(tensor(degrees))
    c, s = torch.cos(a), torch.sin(a)
    x, y = centre
    turn = tensor([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    return turn


# %% wrong="rotation" named="against the clock"
@exercise
def rotation(degrees, centre):
    a = torch.deg2rad(tensor(degrees))
    c, s = torch.cos(a), torch.sin(a)
    x, y = centre
    turn = tensor([[c, s, 0], [-s, c, 0], [0, 0, 1]])
    return shift(x, y) @ turn @ shift(-x, -y)


# %% wrong="rotation" named="in the wrong order"
@exercise
def rotation(degrees, centre):
    a = torch.deg2rad(tensor(degrees))
    c, s = torch.cos(a), torch.sin(a)
    x, y = centre
    turn = tensor([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    return shift(-x, -y) @ turn @ shift(x, y)


# %% wrong="rotation" named="never back"
@exercise
def rotation(degrees, centre):
    a = torch.deg2rad(tensor(degrees))
    c, s = torch.cos(a), torch.sin(a)
    x, y = centre
    turn = tensor([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    return turn @ shift(-x, -y)


# %% wrong="rotation" named="never carried to (0, 0) before"
@exercise
def rotation(degrees, centre):
    a = torch.deg2rad(tensor(degrees))
    c, s = torch.cos(a), torch.sin(a)
    x, y = centre
    turn = tensor([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    return shift(x, y) @ turn


# %% wrong="rotation" named="by (x, y): the first has"
@exercise
def rotation(degrees, centre):
    a = torch.deg2rad(tensor(degrees))
    c, s = torch.cos(a), torch.sin(a)
    x, y = centre
    turn = tensor([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    return shift(x, y) @ turn @ shift(x, y)


# %% wrong="rotation" named="by (-x, -y): the last has"
@exercise
def rotation(degrees, centre):
    a = torch.deg2rad(tensor(degrees))
    c, s = torch.cos(a), torch.sin(a)
    x, y = centre
    turn = tensor([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    return shift(-x, -y) @ turn @ shift(-x, -y)


# %% wrong="rotation" named="the centre as (y, x)"
@exercise
def rotation(degrees, centre):
    a = torch.deg2rad(tensor(degrees))
    c, s = torch.cos(a), torch.sin(a)
    y, x = centre
    turn = tensor([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    return shift(x, y) @ turn @ shift(-x, -y)


# %% wrong="rotation" named="they want radians"
@exercise
def rotation(degrees, centre):
    a = tensor(degrees)
    c, s = torch.cos(a), torch.sin(a)
    x, y = centre
    turn = tensor([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    return shift(x, y) @ turn @ shift(-x, -y)


# %% wrong="rotation" named="entry by entry"
@exercise
def rotation(degrees, centre):
    a = torch.deg2rad(tensor(degrees))
    c, s = torch.cos(a), torch.sin(a)
    x, y = centre
    turn = tensor([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    return shift(x, y) * turn * shift(-x, -y)


# %% wrong="rotation" named="sine and cosine have changed places"
@exercise
def rotation(degrees, centre):
    a = torch.deg2rad(tensor(degrees))
    c, s = torch.sin(a), torch.cos(a)
    x, y = centre
    turn = tensor([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    return shift(x, y) @ turn @ shift(-x, -y)


# %% wrong="rotation" named="both sines have a plus"
@exercise
def rotation(degrees, centre):
    a = torch.deg2rad(tensor(degrees))
    c, s = torch.cos(a), torch.sin(a)
    x, y = centre
    turn = tensor([[c, s, 0], [s, c, 0], [0, 0, 1]])
    return shift(x, y) @ turn @ shift(-x, -y)


# %% wrong="rotation" named="both sines have a minus"
@exercise
def rotation(degrees, centre):
    a = torch.deg2rad(tensor(degrees))
    c, s = torch.cos(a), torch.sin(a)
    x, y = centre
    turn = tensor([[c, -s, 0], [-s, c, 0], [0, 0, 1]])
    return shift(x, y) @ turn @ shift(-x, -y)


# %% wrong="rotation" named="the four numbers of the turn alone"
@exercise
def rotation(degrees, centre):
    a = torch.deg2rad(tensor(degrees))
    return tensor([[torch.cos(a), -torch.sin(a)], [torch.sin(a), torch.cos(a)]])


# %% wrong="rotation" named="the last row, 0 0 1"
@exercise
def rotation(degrees, centre):
    a = torch.deg2rad(tensor(degrees))
    c, s = torch.cos(a), torch.sin(a)
    x, y = centre
    turn = tensor([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    return (shift(x, y) @ turn @ shift(-x, -y))[:2]


# %% wrong="rotation" named="for places written as rows"
@exercise
def rotation(degrees, centre):
    a = torch.deg2rad(tensor(degrees))
    c, s = torch.cos(a), torch.sin(a)
    x, y = centre
    turn = tensor([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    return (shift(x, y) @ turn @ shift(-x, -y)).T


# %% wrong="rotation" named="is there a `return`"
@exercise
def rotation(degrees, centre):
    a = torch.deg2rad(tensor(degrees))
    c, s = torch.cos(a), torch.sin(a)
    x, y = centre
    turn = tensor([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    shift(x, y) @ turn @ shift(-x, -y)


# %% wrong="rotation" named="torch.rad2deg goes the other way"
@exercise
def rotation(degrees, centre):
    a = torch.rad2deg(tensor(degrees))
    c, s = torch.cos(a), torch.sin(a)
    x, y = centre
    turn = tensor([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    return shift(x, y) @ turn @ shift(-x, -y)


# %% wrong="rotation" named="you turned by half of it"
@exercise
def rotation(degrees, centre):
    a = tensor(degrees) * torch.pi / 360
    c, s = torch.cos(a), torch.sin(a)
    x, y = centre
    turn = tensor([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    return shift(x, y) @ turn @ shift(-x, -y)


# %% wrong="rotation" named="the last column is not the centre with a minus"
@exercise
def rotation(degrees, centre):
    a = torch.deg2rad(tensor(degrees))
    c, s = torch.cos(a), torch.sin(a)
    x, y = centre
    turn = tensor([[c, -s, -x], [s, c, -y], [0, 0, 1]])
    return turn


# %% wrong="rotation" named="want a tensor"
@exercise
def rotation(degrees, centre):
    a = torch.deg2rad(degrees)
    c, s = torch.cos(a), torch.sin(a)
    x, y = centre
    turn = tensor([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    return shift(x, y) @ turn @ shift(-x, -y)


# %% wrong="rotation" really="want a tensor"
@exercise
def rotation(degrees, centre):
    a = torch.deg2rad(tensor(degrees))
    c, s = torch.cos(a), torch.sin(a)
    x, y = centre
    turn = tensor([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    return shift(centre) @ turn @ shift(-centre)


# %% right="compose" style="functools.reduce"
@exercise
def compose(matrices):
    from functools import reduce
    return reduce(lambda done, step: step @ done, matrices)


# %% right="compose" style="from the last to the first, multiplied on the right"
@exercise
def compose(matrices):
    m = torch.eye(3)
    for step in reversed(matrices):
        m = m @ step
    return m


# %% right="compose" style="multi_dot, with one matrix set apart"
@exercise
def compose(matrices):
    return torch.linalg.multi_dot(list(matrices)[::-1]) if len(matrices) > 1 else matrices[0]


# %% right="compose" style="the first, then the rest"
@exercise
def compose(matrices):
    out = matrices[0].clone()
    for m in matrices[1:]:
        out = torch.matmul(m, out)
    return out


# %% wrong="compose" named="the order is the wrong way round"
@exercise
def compose(matrices):
    out = torch.eye(3)
    for m in matrices:
        out = out @ m
    return out


# %% wrong="compose" named="entry by entry"
@exercise
def compose(matrices):
    out = matrices[0]
    for m in matrices[1:]:
        out = m * out
    return out


# %% wrong="compose" named="you added the matrices up"
@exercise
def compose(matrices):
    return sum(matrices)


# %% wrong="compose" named="only the first two"
@exercise
def compose(matrices):
    return matrices[1] @ matrices[0] if len(matrices) > 1 else matrices[0]


# %% wrong="compose" named="the first of the list is missing"
@exercise
def compose(matrices):
    out = torch.eye(3)
    for m in matrices[1:]:
        out = m @ out
    return out


# %% wrong="compose" named="is your `return` inside the loop"
@exercise
def compose(matrices):
    out = torch.eye(3)
    for m in matrices:
        out = m @ out
        return out


# %% wrong="compose" named="the last matrix alone"
@exercise
def compose(matrices):
    for m in matrices:
        out = m @ torch.eye(3)
    return out


# %% wrong="compose" named="began with zeros"
@exercise
def compose(matrices):
    out = torch.zeros(3, 3)
    for m in matrices:
        out = m @ out
    return out


# %% wrong="compose" named="began with ones"
@exercise
def compose(matrices):
    out = torch.ones(3, 3)
    for m in matrices:
        out = m @ out
    return out


# %% wrong="compose" named="in it twice"
@exercise
def compose(matrices):
    out = matrices[0]
    for m in matrices:
        out = m @ out
    return out


# %% wrong="compose" named="the call wrote into its argument `matrices`"
@exercise
def compose(matrices):
    matrices.reverse()
    out = torch.eye(3)
    for m in matrices:
        out = out @ m
    return out


# %% right="where_from" style="one place after another"
@exercise
def where_from(matrix, height, width):

    back = torch.linalg.inv(matrix)
    out = torch.zeros(height, width, 2)
    for row in range(height):
        for column in range(width):
            x, y, third = back @ tensor([float(column), float(row), 1.0])
            out[row, column] = torch.stack([x / third, y / third])
    return out


# %% right="where_from" style="as columns, (3, height * width), solved in place of inverted"
@exercise
def where_from(matrix, height, width):

    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    points = torch.stack([x, y, torch.ones_like(x)]).reshape(3, -1).to(matrix.dtype)
    old = torch.linalg.solve(matrix, points)
    return (old[:2] / old[2]).T.reshape(height, width, 2)


# %% right="where_from" style="by broadcasting, row by row of the inverse"
@exercise
def where_from(matrix, height, width):

    m = matrix.inverse()
    x, y = torch.arange(width).float(), torch.arange(height).float().unsqueeze(1)
    third = m[2, 0] * x + m[2, 1] * y + m[2, 2]
    return torch.stack([(m[0, 0] * x + m[0, 1] * y + m[0, 2]) / third, (m[1, 0] * x + m[1, 1] * y + m[1, 2]) / third], dim=2)


# %% right="where_from" style="xy indexing and einsum"
@exercise
def where_from(matrix, height, width):

    x, y = torch.meshgrid(torch.arange(width).float(), torch.arange(height).float(), indexing="xy")
    p = torch.stack((x, y, torch.ones(height, width)), -1)
    q = torch.einsum("ij,hwj->hwi", torch.linalg.inv(matrix), p)
    return q[..., :2] / q[..., 2:3]


# %% wrong="where_from" named="its inverse says where it came from"
@exercise
def where_from(matrix, height, width):
    y, x = torch.meshgrid(torch.arange(height).float(), torch.arange(width).float(), indexing="ij")
    places = torch.stack([x, y, torch.ones_like(x)], dim=-1)
    old = places @ matrix.T
    return old[..., :2] / old[..., 2:]


# %% wrong="where_from" named="your places are (y, x)"
@exercise
def where_from(matrix, height, width):
    y, x = torch.meshgrid(torch.arange(height).float(), torch.arange(width).float(), indexing="ij")
    places = torch.stack([x, y, torch.ones_like(x)], dim=-1)
    old = places @ torch.linalg.inv(matrix).T
    return (old[..., :2] / old[..., 2:]).flip(-1)


# %% wrong="where_from" named="you gave the matrix places (y, x)"
@exercise
def where_from(matrix, height, width):
    y, x = torch.meshgrid(torch.arange(height).float(), torch.arange(width).float(), indexing="ij")
    places = torch.stack([y, x, torch.ones_like(x)], dim=-1)
    old = places @ torch.linalg.inv(matrix).T
    return old[..., :2] / old[..., 2:]


# %% wrong="where_from" named="rows and columns have changed places"
@exercise
def where_from(matrix, height, width):
    x, y = torch.meshgrid(torch.arange(width).float(), torch.arange(height).float(), indexing="ij")
    places = torch.stack([x, y, torch.ones_like(x)], dim=-1)
    old = places @ torch.linalg.inv(matrix).T
    return old[..., :2] / old[..., 2:]


# %% wrong="where_from" named="not (2, height, width)"
@exercise
def where_from(matrix, height, width):
    y, x = torch.meshgrid(torch.arange(height).float(), torch.arange(width).float(), indexing="ij")
    places = torch.stack([x, y, torch.ones_like(x)], dim=-1)
    old = places @ torch.linalg.inv(matrix).T
    return (old[..., :2] / old[..., 2:]).permute(2, 0, 1)


# %% wrong="where_from" named="one long row"
@exercise
def where_from(matrix, height, width):
    y, x = torch.meshgrid(torch.arange(height).float(), torch.arange(width).float(), indexing="ij")
    places = torch.stack([x, y, torch.ones_like(x)], dim=-1)
    old = places @ torch.linalg.inv(matrix).T
    return (old[..., :2] / old[..., 2:]).reshape(-1, 2)


# %% wrong="where_from" named="the passenger is still there"
@exercise
def where_from(matrix, height, width):
    y, x = torch.meshgrid(torch.arange(height).float(), torch.arange(width).float(), indexing="ij")
    places = torch.stack([x, y, torch.ones_like(x)], dim=-1)
    old = places @ torch.linalg.inv(matrix).T
    return old


# %% wrong="where_from" named="without the T"
@exercise
def where_from(matrix, height, width):
    y, x = torch.meshgrid(torch.arange(height).float(), torch.arange(width).float(), indexing="ij")
    places = torch.stack([x, y, torch.ones_like(x)], dim=-1)
    old = places @ torch.linalg.inv(matrix)
    return old[..., :2] / old[..., 2:]


# %% wrong="where_from" named="that undoes turns only"
@exercise
def where_from(matrix, height, width):
    y, x = torch.meshgrid(torch.arange(height).float(), torch.arange(width).float(), indexing="ij")
    places = torch.stack([x, y, torch.ones_like(x)], dim=-1)
    old = places @ matrix
    return old[..., :2] / old[..., 2:]


# %% wrong="where_from" named="counted from 1"
@exercise
def where_from(matrix, height, width):
    y, x = torch.meshgrid(torch.arange(1, height + 1).float(), torch.arange(1, width + 1).float(), indexing="ij")
    places = torch.stack([x, y, torch.ones_like(x)], dim=-1)
    old = places @ torch.linalg.inv(matrix).T
    return old[..., :2] / old[..., 2:]


# %% wrong="where_from" named="you added half a pixel"
@exercise
def where_from(matrix, height, width):
    y, x = torch.meshgrid(torch.arange(height) + 0.5, torch.arange(width) + 0.5, indexing="ij")
    places = torch.stack([x, y, torch.ones_like(x)], dim=-1)
    old = places @ torch.linalg.inv(matrix).T
    return old[..., :2] / old[..., 2:]


# %% wrong="where_from" named="left at home"
@exercise
def where_from(matrix, height, width):

    y, x = torch.meshgrid(torch.arange(height).float(), torch.arange(width).float(), indexing="ij")
    return torch.stack([x, y], dim=-1) @ torch.linalg.inv(matrix)[:2, :2].T


# %% wrong="where_from" named="`torch.arange"
@exercise
def where_from(matrix, height, width):
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    places = torch.stack([x, y, torch.ones_like(x)], dim=-1)
    old = places @ torch.linalg.inv(matrix).T
    return old[..., :2] / old[..., 2:]


# %% wrong="where_from" named="was not divided out"
@exercise
def where_from(matrix, height, width):
    y, x = torch.meshgrid(torch.arange(height).float(), torch.arange(width).float(), indexing="ij")
    places = torch.stack([x, y, torch.ones_like(x)], dim=-1)
    old = places @ torch.linalg.inv(matrix).T
    return old[..., :2]


# %% wrong="where_from" named="x by the third number, and not y"
@exercise
def where_from(matrix, height, width):
    y, x = torch.meshgrid(torch.arange(height).float(), torch.arange(width).float(), indexing="ij")
    places = torch.stack([x, y, torch.ones_like(x)], dim=-1)
    old = places @ torch.linalg.inv(matrix).T
    return torch.stack([old[..., 0] / old[..., 2], old[..., 1]], dim=-1)


# %% wrong="where_from" named="y by the third number, and not x"
@exercise
def where_from(matrix, height, width):
    y, x = torch.meshgrid(torch.arange(height).float(), torch.arange(width).float(), indexing="ij")
    places = torch.stack([x, y, torch.ones_like(x)], dim=-1)
    old = places @ torch.linalg.inv(matrix).T
    return torch.stack([old[..., 0], old[..., 1] / old[..., 2]], dim=-1)


# %% wrong="where_from" named="you multiplied by the third number"
@exercise
def where_from(matrix, height, width):
    y, x = torch.meshgrid(torch.arange(height).float(), torch.arange(width).float(), indexing="ij")
    places = torch.stack([x, y, torch.ones_like(x)], dim=-1)
    old = places @ torch.linalg.inv(matrix).T
    return old[..., :2] * old[..., 2:]


# %% wrong="where_from" named="all by one third number"
@exercise
def where_from(matrix, height, width):
    y, x = torch.meshgrid(torch.arange(height).float(), torch.arange(width).float(), indexing="ij")
    places = torch.stack([x, y, torch.ones_like(x)], dim=-1)
    old = places @ torch.linalg.inv(matrix).T
    return old[..., :2] / old[0, 0, 2]


# %% wrong="where_from" named="run from -1 to 1"
@exercise
def where_from(matrix, height, width):
    y, x = torch.meshgrid(torch.linspace(-1, 1, height), torch.linspace(-1, 1, width), indexing="ij")
    places = torch.stack([x, y, torch.ones_like(x)], dim=-1)
    old = places @ torch.linalg.inv(matrix).T
    return old[..., :2] / old[..., 2:]


# %% wrong="where_from" named="has cut the rows up"
@exercise
def where_from(matrix, height, width):
    y, x = torch.meshgrid(torch.arange(height).float(), torch.arange(width).float(), indexing='ij')
    old = torch.linalg.inv(matrix) @ torch.stack([x, y, torch.ones_like(x)]).reshape(3, -1)
    return (old[:2] / old[2]).reshape(height, width, 2)


# %% wrong="where_from" named="mixes the pixels of a row"
@exercise
def where_from(matrix, height, width):
    y, x = torch.meshgrid(torch.arange(height).float(), torch.arange(width).float(), indexing="ij")
    places = torch.stack([x, y, torch.ones_like(x)], dim=-1)
    old = torch.linalg.inv(matrix) @ places
    return old[..., :2] / old[..., 2:]


# %% wrong="where_from" really="if shapes do not fit"
@exercise
def where_from(matrix, height, width):
    y, x = torch.meshgrid(torch.arange(height).float(), torch.arange(width).float(), indexing='ij')
    old = torch.linalg.inv(matrix) @ torch.stack([x, y, torch.ones_like(x)])
    return (old[:2] / old[2]).permute(1, 2, 0)


# %% right="bilinear" style="four weights, summed"
@exercise
def bilinear(image, places):

    height, width = image.shape
    x, y = places.unbind(-1)
    x0, y0 = x.floor(), y.floor()
    total = 0
    for dx in (0, 1):
        for dy in (0, 1):
            weight = (1 - (x - x0 - dx).abs()) * (1 - (y - y0 - dy).abs())
            total = total + weight * image[(y0 + dy).long().clamp(max=height - 1), (x0 + dx).long().clamp(max=width - 1)]
    return total


# %% wrong="bilinear" named="no gradient reaches"
@exercise
def bilinear(image, places):

    out = []
    for x, y in places.reshape(-1, 2).tolist():
        left, top = min(int(x), image.shape[1] - 2), min(int(y), image.shape[0] - 2)
        a, b = x - left, y - top
        out.append((1 - a) * (1 - b) * image[top, left] + a * (1 - b) * image[top, left + 1]
                   + (1 - a) * b * image[top + 1, left] + a * b * image[top + 1, left + 1])
    return torch.stack(out).reshape(places.shape[:-1])


# %% right="bilinear" style="ceil for the far neighbour, lerp for the mixing"
@exercise
def bilinear(image, places):

    x, y = places[..., 0], places[..., 1]
    l, r, t, b = x.floor().long(), x.ceil().long(), y.floor().long(), y.ceil().long()
    across, down = x - x.floor(), y - y.floor()
    return torch.lerp(torch.lerp(image[t, l], image[t, r], across), torch.lerp(image[b, l], image[b, r], across), down)


# %% right="bilinear" style="the picture padded by one row and column, so that there is always a neighbour"
@exercise
def bilinear(image, places):

    padded = torch.cat([image, image[-1:]], dim=0)
    padded = torch.cat([padded, padded[:, -1:]], dim=1)
    x, y = places[..., 0], places[..., 1]
    i, j = y.long(), x.long()
    v, u = y % 1, x % 1
    top = padded[i, j] * (1 - u) + padded[i, j + 1] * u
    bottom = padded[i + 1, j] * (1 - u) + padded[i + 1, j + 1] * u
    return top * (1 - v) + bottom * v


# %% wrong="bilinear" really="x and y are exchanged"
@exercise
def bilinear(image, places):
    x, y = places[..., 0], places[..., 1]
    left, top = x.floor().long(), y.floor().long()
    right = (left + 1).clamp(max=max(image.shape) - 1)
    bottom = (top + 1).clamp(max=max(image.shape) - 1)
    across, down = x - left, y - top
    above = (1 - across) * image[left, top] + across * image[right, top]
    below = (1 - across) * image[left, bottom] + across * image[right, bottom]
    return (1 - down) * above + down * below


# %% wrong="bilinear" named="wrong way round on both axes"
@exercise
def bilinear(image, places):
    x, y = places[..., 0], places[..., 1]
    left, top = x.floor().long(), y.floor().long()
    right = (left + 1).clamp(max=image.shape[1] - 1)
    bottom = (top + 1).clamp(max=image.shape[0] - 1)
    across, down = 1 - (x - left), 1 - (y - top)
    above = (1 - across) * image[top, left] + across * image[top, right]
    below = (1 - across) * image[bottom, left] + across * image[bottom, right]
    return (1 - down) * above + down * below


# %% wrong="bilinear" named="across and down are exchanged"
@exercise
def bilinear(image, places):
    x, y = places[..., 0], places[..., 1]
    left, top = x.floor().long(), y.floor().long()
    right = (left + 1).clamp(max=image.shape[1] - 1)
    bottom = (top + 1).clamp(max=image.shape[0] - 1)
    down, across = x - left, y - top
    above = (1 - across) * image[top, left] + across * image[top, right]
    below = (1 - across) * image[bottom, left] + across * image[bottom, right]
    return (1 - down) * above + down * below


# %% wrong="bilinear" named="from left to right are the wrong way round"
@exercise
def bilinear(image, places):
    x, y = places[..., 0], places[..., 1]
    left, top = x.floor().long(), y.floor().long()
    right = (left + 1).clamp(max=image.shape[1] - 1)
    bottom = (top + 1).clamp(max=image.shape[0] - 1)
    across, down = left + 1 - x, y - top
    above = (1 - across) * image[top, left] + across * image[top, right]
    below = (1 - across) * image[bottom, left] + across * image[bottom, right]
    return (1 - down) * above + down * below


# %% wrong="bilinear" named="from top to bottom are the wrong way round"
@exercise
def bilinear(image, places):
    x, y = places[..., 0], places[..., 1]
    left, top = x.floor().long(), y.floor().long()
    right = (left + 1).clamp(max=image.shape[1] - 1)
    bottom = (top + 1).clamp(max=image.shape[0] - 1)
    across, down = x - left, y - top
    above = (1 - across) * image[top, left] + across * image[top, right]
    below = (1 - across) * image[bottom, left] + across * image[bottom, right]
    return down * above + (1 - down) * below


# %% wrong="bilinear" named="you took the nearest pixel"
@exercise
def bilinear(image, places):
    return image[places[..., 1].round().long(), places[..., 0].round().long()]


# %% wrong="bilinear" named="you took the upper left"
@exercise
def bilinear(image, places):
    return image[places[..., 1].long(), places[..., 0].long()]


# %% wrong="bilinear" named="plain mean of the four"
@exercise
def bilinear(image, places):
    x, y = places[..., 0], places[..., 1]
    left, top = x.floor().long(), y.floor().long()
    right = (left + 1).clamp(max=image.shape[1] - 1)
    bottom = (top + 1).clamp(max=image.shape[0] - 1)
    return (image[top, left] + image[top, right] + image[bottom, left] + image[bottom, right]) / 4


# %% wrong="bilinear" named="only, in the upper row"
@exercise
def bilinear(image, places):
    x, y = places[..., 0], places[..., 1]
    left, top = x.floor().long(), y.floor().long()
    right = (left + 1).clamp(max=image.shape[1] - 1)
    bottom = (top + 1).clamp(max=image.shape[0] - 1)
    across, down = x - left, y - top
    above = (1 - across) * image[top, left] + across * image[top, right]
    below = (1 - across) * image[bottom, left] + across * image[bottom, right]
    return above


# %% wrong="bilinear" named="only, in the left column"
@exercise
def bilinear(image, places):
    x, y = places[..., 0].long(), places[..., 1]
    top = y.long()
    bottom = (top + 1).clamp(max=image.shape[0] - 1)
    return (1 - (y - top)) * image[top, x] + (y - top) * image[bottom, x]


# %% wrong="bilinear" named="without weights"
@exercise
def bilinear(image, places):
    x, y = places[..., 0], places[..., 1]
    left, top = x.floor().long(), y.floor().long()
    right = (left + 1).clamp(max=image.shape[1] - 1)
    bottom = (top + 1).clamp(max=image.shape[0] - 1)
    return image[top, left] + image[top, right] + image[bottom, left] + image[bottom, right]


# %% wrong="bilinear" really="if the index is out of bounds"
@exercise
def bilinear(image, places):
    x, y = places[..., 0], places[..., 1]
    left, top = x.floor().long(), y.floor().long()
    right = left + 1
    bottom = top + 1
    across, down = x - left, y - top
    above = (1 - across) * image[top, left] + across * image[top, right]
    below = (1 - across) * image[bottom, left] + across * image[bottom, right]
    return (1 - down) * above + down * below


# %% wrong="bilinear" named="both neighbours are held inside by the height"
@exercise
def bilinear(image, places):
    x, y = places[..., 0], places[..., 1]
    left, top = x.floor().long(), y.floor().long()
    right = (left + 1).clamp(max=image.shape[0] - 1)
    bottom = (top + 1).clamp(max=image.shape[0] - 1)
    across, down = x - left, y - top
    above = (1 - across) * image[top, left] + across * image[top, right]
    below = (1 - across) * image[bottom, left] + across * image[bottom, right]
    return (1 - down) * above + down * below


# %% wrong="bilinear" named="lost the places' shape"
@exercise
def bilinear(image, places):
    x, y = places.reshape(-1, 2)[:, 0], places.reshape(-1, 2)[:, 1]
    left, top = x.floor().long(), y.floor().long()
    right = (left + 1).clamp(max=image.shape[1] - 1)
    bottom = (top + 1).clamp(max=image.shape[0] - 1)
    across, down = x - left, y - top
    above = (1 - across) * image[top, left] + across * image[top, right]
    below = (1 - across) * image[bottom, left] + across * image[bottom, right]
    return (1 - down) * above + down * below


# %% wrong="bilinear" really="the answer from the shop"
@exercise
def bilinear(image, places):

    scale = tensor([2 / (image.shape[1] - 1), 2 / (image.shape[0] - 1)])
    grid = (places * scale - 1).reshape(1, 1, -1, 2)
    return torch.nn.functional.grid_sample(image[None, None], grid, align_corners=True).reshape(places.shape[:-1])


# %% wrong="bilinear" really="if indices must be long"
@exercise
def bilinear(image, places):
    x, y = places[..., 0], places[..., 1]
    left, top = x.floor(), y.floor()
    right = (left + 1).clamp(max=image.shape[1] - 1)
    bottom = (top + 1).clamp(max=image.shape[0] - 1)
    across, down = x - left, y - top
    above = (1 - across) * image[top, left] + across * image[top, right]
    below = (1 - across) * image[bottom, left] + across * image[bottom, right]
    return (1 - down) * above + down * below


# %% wrong="bilinear" really="if shapes do not fit"
@exercise
def bilinear(image, places):
    x, y = places[..., 0], places[..., 1]
    left, top = x.floor().long(), y.floor().long()
    right = (left + 1).clamp(max=image.shape[1] - 1)
    bottom = (top + 1).clamp(max=image.shape[0] - 1)
    across, down = x - left, y - top
    above = (1 - across) * image[top][left] + across * image[top][right]
    below = (1 - across) * image[bottom][left] + across * image[bottom][right]
    return (1 - down) * above + down * below


# %% right="reflect" style="an absolute value"
@exercise
def reflect(places, size):
    if size == 1:
        return places * 0
    last = size - 1
    return last - (places.remainder(2 * last) - last).abs()


# %% right="reflect" style="folding until all are inside"
@exercise
def reflect(places, size):

    out = places.clone()
    if size == 1:
        return torch.zeros_like(out)
    while ((out < 0) | (out > size - 1)).any():
        out = out.abs()
        out = torch.where(out > size - 1, 2 * (size - 1) - out, out)
    return out


# %% right="reflect" style="the smaller of the way there and the way back"
@exercise
def reflect(places, size):
    period = max(2 * (size - 1), 1)
    there = torch.remainder(places, period) if size > 1 else torch.zeros_like(places)
    return torch.minimum(there, period - there) if size > 1 else there


# %% wrong="reflect" named="the values are right, the dtype is not"
@exercise
def reflect(places, size):
    if size == 1:
        return torch.zeros_like(places)
    return ((size - 1) * torch.acos(torch.cos(places.double() * torch.pi / (size - 1))) / torch.pi).float()


# %% wrong="reflect" named="half a pixel outside"
@exercise
def reflect(places, size):
    if size == 1:
        return places * 0
    p = (places + 0.5) % (2 * size)
    return torch.where(p > size, 2 * size - p, p) - 0.5


# %% wrong="reflect" named="a pixel too far apart"
@exercise
def reflect(places, size):
    p = places % (2 * size)
    return torch.where(p > size, 2 * size - p, p)


# %% wrong="reflect" named="padding by the border"
@exercise
def reflect(places, size):
    return places.clamp(0, size - 1)


# %% wrong="reflect" named="begins again from its other side"
@exercise
def reflect(places, size):
    return places % size


# %% wrong="reflect" named="begins again after size - 1 pixels"
@exercise
def reflect(places, size):
    return places % (size - 1) if size > 1 else places * 0


# %% wrong="reflect" named="only places left of the picture"
@exercise
def reflect(places, size):
    return places.abs()


# %% wrong="reflect" named="only places right of the picture"
@exercise
def reflect(places, size):
    last = size - 1
    if last == 0:
        return places * 0
    return last - (torch.fmod(places, 2 * last) - last).abs()


# %% wrong="reflect" named="you took the remainder and did not fold"
@exercise
def reflect(places, size):
    return places % (2 * (size - 1)) if size > 1 else places * 0


# %% wrong="reflect" named="to and fro are exchanged"
@exercise
def reflect(places, size):
    last = size - 1
    if last == 0:
        return places * 0
    return (places % (2 * last) - last).abs()


# %% wrong="reflect" named="lost their fractions: a place"
@exercise
def reflect(places, size):
    last = size - 1
    if last == 0:
        return places * 0
    return (last - (places.long() % (2 * last) - last).abs()).float()


# %% wrong="reflect" named="rounded to the nearest"
@exercise
def reflect(places, size):
    last = size - 1
    if last == 0:
        return places * 0
    return last - (places.round() % (2 * last) - last).abs()


# %% wrong="reflect" named="one fold on either side is not enough"
@exercise
def reflect(places, size):
    last = size - 1
    out = places.abs()
    return torch.where(out > last, 2 * last - out, out)


# %% wrong="reflect" named="you folded once more and stopped"
@exercise
def reflect(places, size):
    last = size - 1
    out = places.abs()
    return torch.where(out > last, 2 * last - out, out).abs()


# %% wrong="reflect" named="the call wrote into its argument `places`"
@exercise
def reflect(places, size):
    if size == 1:
        return torch.zeros_like(places)
    last = size - 1
    places %= 2 * last
    return torch.where(places > last, 2 * last - places, places)


# %% wrong="reflect" named="of a single pixel every place shows that one"
@exercise
def reflect(places, size):
    last = size - 1
    return last - (places % (2 * last) - last).abs()


# %% wrong="reflect" named="a pixel too far out"
@exercise
def reflect(places, size):
    out = places.abs()
    return torch.where(out > size - 1, 2 * size - out, out)


# %% wrong="reflect" named="the pattern is one pixel too long"
@exercise
def reflect(places, size):
    p = places % (2 * size - 1)
    return torch.where(p > size - 1, 2 * size - 1 - p, p)


# %% wrong="reflect" named="on the left there is a mirror"
@exercise
def reflect(places, size):
    return places.abs() % size


# %% wrong="reflect" really="wants one truth value"
@exercise
def reflect(places, size):
    if places < 0:
        places = -places
    if places > size - 1:
        places = 2 * (size - 1) - places
    return places


# %% right="relight" style="None in the index, logs written out"
@exercise
def relight(images, brightness, contrast):
    b, c = brightness[:, None, None, None], contrast[:, None, None, None]
    odds = torch.log(images) - torch.log(1 - images)
    return 1 / (1 + torch.exp(-(c * odds + b)))


# %% right="relight" style="picture by picture"
@exercise
def relight(images, brightness, contrast):
    out = []
    for image, b, c in zip(images, brightness, contrast):
        out.append(torch.sigmoid(image.logit() * c + b))
    return torch.stack(out)


# %% right="relight" style="by powers, without a logit"
@exercise
def relight(images, brightness, contrast):
    b, c = brightness.reshape(-1, 1, 1, 1), contrast.reshape(-1, 1, 1, 1)
    light, dark = b.exp() * images ** c, (1 - images) ** c
    return light / (light + dark)


# %% wrong="relight" named="black and white have moved"
@exercise
def relight(images, brightness, contrast):
    return torch.sigmoid(torch.einsum('n,nchw->nchw', contrast, torch.logit(images, eps=1e-7)) + brightness.view(-1, 1, 1, 1))


# %% wrong="relight" really="handed out along the width"
@exercise
def relight(images, brightness, contrast):
    n = images.shape[0]
    if n != images.shape[-1]:
        brightness, contrast = brightness.view(-1, 1, 1, 1), contrast.view(-1, 1, 1, 1)
    return torch.sigmoid(contrast * torch.logit(images) + brightness)


# %% wrong="relight" named="handed out along the width"
@exercise
def relight(images, brightness, contrast):
    return torch.sigmoid(contrast * torch.logit(images) + brightness)


# %% wrong="relight" named="the step came before the factor"
@exercise
def relight(images, brightness, contrast):
    b, c = brightness.view(-1, 1, 1, 1), contrast.view(-1, 1, 1, 1)
    return torch.sigmoid(c * (torch.logit(images) + b))


# %% wrong="relight" named="you worked on the pixels themselves"
@exercise
def relight(images, brightness, contrast):
    b, c = brightness.view(-1, 1, 1, 1), contrast.view(-1, 1, 1, 1)
    return c * images + b


# %% wrong="relight" named="cut off what left [0, 1]"
@exercise
def relight(images, brightness, contrast):
    b, c = brightness.view(-1, 1, 1, 1), contrast.view(-1, 1, 1, 1)
    return (c * images + b).clamp(0, 1)


# %% wrong="relight" named="you stayed at the logits"
@exercise
def relight(images, brightness, contrast):
    b, c = brightness.view(-1, 1, 1, 1), contrast.view(-1, 1, 1, 1)
    return c * torch.logit(images) + b


# %% wrong="relight" named="squeezed without having been stretched"
@exercise
def relight(images, brightness, contrast):
    b, c = brightness.view(-1, 1, 1, 1), contrast.view(-1, 1, 1, 1)
    return torch.sigmoid(c * images + b)


# %% wrong="relight" named="the sigmoid where the logit belongs"
@exercise
def relight(images, brightness, contrast):
    b, c = brightness.view(-1, 1, 1, 1), contrast.view(-1, 1, 1, 1)
    return torch.sigmoid(c * torch.sigmoid(images) + b)


# %% wrong="relight" named="brightness and contrast have changed places"
@exercise
def relight(images, brightness, contrast):
    b, c = brightness.view(-1, 1, 1, 1), contrast.view(-1, 1, 1, 1)
    return torch.sigmoid(b * torch.logit(images) + c)


# %% wrong="relight" named="the logarithm alone"
@exercise
def relight(images, brightness, contrast):
    b, c = brightness.view(-1, 1, 1, 1), contrast.view(-1, 1, 1, 1)
    return torch.sigmoid(c * torch.log(images) + b)


# %% wrong="relight" named="the light of the first"
@exercise
def relight(images, brightness, contrast):
    return torch.sigmoid(contrast[0] * torch.logit(images) + brightness[0])


# %% wrong="relight" named="you divided by the contrast"
@exercise
def relight(images, brightness, contrast):
    b, c = brightness.view(-1, 1, 1, 1), contrast.view(-1, 1, 1, 1)
    return torch.sigmoid(torch.logit(images) / c + b)


# %% wrong="relight" named="you subtracted the brightness"
@exercise
def relight(images, brightness, contrast):
    b, c = brightness.view(-1, 1, 1, 1), contrast.view(-1, 1, 1, 1)
    return torch.sigmoid(c * torch.logit(images) - b)


# %% wrong="relight" named="the brightness multiplies too"
@exercise
def relight(images, brightness, contrast):
    b, c = brightness.view(-1, 1, 1, 1), contrast.view(-1, 1, 1, 1)
    return torch.sigmoid(c * torch.logit(images) * b)


# %% wrong="relight" named="black and white have moved"
@exercise
def relight(images, brightness, contrast):
    b, c = brightness.view(-1, 1, 1, 1), contrast.view(-1, 1, 1, 1)
    return torch.sigmoid(c * torch.logit(images.clamp(0.001, 0.999)) + b)


# %% wrong="relight" really="has become NaN"
@exercise
def relight(images, brightness, contrast):
    b, c = brightness.view(-1, 1, 1, 1), contrast.view(-1, 1, 1, 1)
    light = torch.log(images / (1 - images))
    return torch.exp(c * light + b) / (1 + torch.exp(c * light + b))


# %% wrong="relight" really="handed out along the height"
@exercise
def relight(images, brightness, contrast):
    if images.shape[1] == 1 and images.shape[2] == 1:
        b, c = brightness.view(-1, 1, 1, 1), contrast.view(-1, 1, 1, 1)
    else:
        b, c = brightness.view(-1, 1), contrast.view(-1, 1)
    return torch.sigmoid(c * torch.logit(images) + b)


# %% wrong="relight" named="the call wrote into its argument `images`"
@exercise
def relight(images, brightness, contrast):
    b, c = brightness.view(-1, 1, 1, 1), contrast.view(-1, 1, 1, 1)
    return images.logit_().mul_(c).add_(b).sigmoid_()


# %% wrong="relight" named="about the middle grey"
@exercise
def relight(images, brightness, contrast):
    b, c = brightness.view(-1, 1, 1, 1), contrast.view(-1, 1, 1, 1)
    return (images - 0.5) * c + 0.5 + b


# %% wrong="relight" named="along the channels"
@exercise
def relight(images, brightness, contrast):
    return torch.sigmoid(contrast.view(1, -1, 1, 1) * torch.logit(images) + brightness.view(1, -1, 1, 1))


# %% wrong="relight" named="along the height"
@exercise
def relight(images, brightness, contrast):
    return torch.sigmoid(contrast.unsqueeze(1) * torch.logit(images) + brightness.unsqueeze(1))


# %% wrong="relight" named="upside down"
@exercise
def relight(images, brightness, contrast):
    b, c = brightness.view(-1, 1, 1, 1), contrast.view(-1, 1, 1, 1)
    return torch.sigmoid(c * torch.log((1 - images) / images) + b)


# %% wrong="relight" named="the logarithm is missing"
@exercise
def relight(images, brightness, contrast):
    b, c = brightness.view(-1, 1, 1, 1), contrast.view(-1, 1, 1, 1)
    return torch.sigmoid(c * (images / (1 - images)) + b)


# %% wrong="relight" named="the contrast is missing"
@exercise
def relight(images, brightness, contrast):
    b, c = brightness.view(-1, 1, 1, 1), contrast.view(-1, 1, 1, 1)
    return torch.sigmoid(torch.logit(images) + b)


# %% wrong="relight" named="the brightness is missing"
@exercise
def relight(images, brightness, contrast):
    b, c = brightness.view(-1, 1, 1, 1), contrast.view(-1, 1, 1, 1)
    return torch.sigmoid(c * torch.logit(images))


# %% right="random_matrices" style="all at once, without a loop"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):

    changed = (draws[:, 0] < p).float()
    turn, right, down = (2 * draws[:, 1:] - 1).T
    a = torch.deg2rad(changed * turn * degrees)
    c, s, zero, one = a.cos(), a.sin(), torch.zeros(len(draws)), torch.ones(len(draws))
    x, y = centre
    rows = [c, -s, x - c * x + s * y + changed * right * pixels, s, c, y - s * x - c * y + changed * down * pixels, zero, zero, one]
    return torch.stack(rows, dim=1).view(-1, 3, 3)


# %% right="random_matrices" style="nothing is a turn by nothing and a shift by nothing"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):

    out = []
    for row in draws:
        on = float(row[0] < p)
        angle, right, down = (on * (row[1:] * 2 - 1)).tolist()
        out.append(shift(right * pixels, down * pixels) @ rotation(angle * degrees, centre))
    return torch.stack(out)


# %% right="random_matrices" style="identities, some written over"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):

    result = torch.eye(3).repeat(len(draws), 1, 1)
    for i in torch.nonzero(draws[:, 0] < p).flatten().tolist():
        turn = -degrees + 2 * degrees * float(draws[i, 1])
        move = [-pixels + 2 * pixels * float(d) for d in draws[i, 2:]]
        result[i] = compose([rotation(turn, centre), shift(*move)])
    return result


# %% wrong="random_matrices" really="yours changes the others"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):
    out = []
    for whether, turn, right, down in draws.tolist():
        angle, right, down = (2 * turn - 1) * degrees, (2 * right - 1) * pixels, (2 * down - 1) * pixels
        if whether > p:
            out.append(compose([rotation(angle, centre), shift(right, down)]))
        else:
            out.append(torch.eye(3))
    return torch.stack(out)


# %% wrong="random_matrices" named="every picture is changed"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):
    out = []
    for whether, turn, right, down in draws.tolist():
        angle, right, down = (2 * turn - 1) * degrees, (2 * right - 1) * pixels, (2 * down - 1) * pixels
        if True:
            out.append(compose([rotation(angle, centre), shift(right, down)]))
        else:
            out.append(torch.eye(3))
    return torch.stack(out)


# %% wrong="random_matrices" named="one lot decides"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):
    out = []
    for whether, turn, right, down in draws.tolist():
        angle, right, down = (2 * turn - 1) * degrees, (2 * right - 1) * pixels, (2 * down - 1) * pixels
        if draws[0, 0] < p:
            out.append(compose([rotation(angle, centre), shift(right, down)]))
        else:
            out.append(torch.eye(3))
    return torch.stack(out)


# %% wrong="random_matrices" named="the shift of the first"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):
    out = []
    for whether, turn, right, down in draws.tolist():
        turn, right, down = draws[0, 1:].tolist()
        angle, right, down = (2 * turn - 1) * degrees, (2 * right - 1) * pixels, (2 * down - 1) * pixels
        if whether < p:
            out.append(compose([rotation(angle, centre), shift(right, down)]))
        else:
            out.append(torch.eye(3))
    return torch.stack(out)


# %% wrong="random_matrices" named="your draws go one way only"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):
    out = []
    for whether, turn, right, down in draws.tolist():
        angle, right, down = turn * degrees, right * pixels, down * pixels
        if whether < p:
            out.append(compose([rotation(angle, centre), shift(right, down)]))
        else:
            out.append(torch.eye(3))
    return torch.stack(out)


# %% wrong="random_matrices" named="half as far"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):
    out = []
    for whether, turn, right, down in draws.tolist():
        angle, right, down = (turn - 0.5) * degrees, (right - 0.5) * pixels, (down - 0.5) * pixels
        if whether < p:
            out.append(compose([rotation(angle, centre), shift(right, down)]))
        else:
            out.append(torch.eye(3))
    return torch.stack(out)


# %% wrong="random_matrices" named="the shift came before the turn"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):
    out = []
    for whether, turn, right, down in draws.tolist():
        angle, right, down = (2 * turn - 1) * degrees, (2 * right - 1) * pixels, (2 * down - 1) * pixels
        if whether < p:
            out.append(compose([shift(right, down), rotation(angle, centre)]))
        else:
            out.append(torch.eye(3))
    return torch.stack(out)


# %% wrong="random_matrices" named="you turned about the corner"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):
    out = []
    for whether, turn, right, down in draws.tolist():
        angle, right, down = (2 * turn - 1) * degrees, (2 * right - 1) * pixels, (2 * down - 1) * pixels
        if whether < p:
            out.append(compose([rotation(angle, (0., 0.)), shift(right, down)]))
        else:
            out.append(torch.eye(3))
    return torch.stack(out)


# %% wrong="random_matrices" named="a matrix of zeros"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):
    out = []
    for whether, turn, right, down in draws.tolist():
        angle, right, down = (2 * turn - 1) * degrees, (2 * right - 1) * pixels, (2 * down - 1) * pixels
        if whether < p:
            out.append(compose([rotation(angle, centre), shift(right, down)]))
        else:
            out.append(torch.zeros(3, 3))
    return torch.stack(out)


# %% wrong="random_matrices" named="right and down are exchanged"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):
    out = []
    for whether, turn, right, down in draws.tolist():
        angle, right, down = (2 * turn - 1) * degrees, (2 * right - 1) * pixels, (2 * down - 1) * pixels
        if whether < p:
            out.append(compose([rotation(angle, centre), shift(down, right)]))
        else:
            out.append(torch.eye(3))
    return torch.stack(out)


# %% wrong="random_matrices" named="the shift is missing"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):
    out = []
    for whether, turn, right, down in draws.tolist():
        angle, right, down = (2 * turn - 1) * degrees, (2 * right - 1) * pixels, (2 * down - 1) * pixels
        if whether < p:
            out.append(compose([rotation(angle, centre)]))
        else:
            out.append(torch.eye(3))
    return torch.stack(out)


# %% wrong="random_matrices" named="the turn is missing"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):
    out = []
    for whether, turn, right, down in draws.tolist():
        angle, right, down = (2 * turn - 1) * degrees, (2 * right - 1) * pixels, (2 * down - 1) * pixels
        if whether < p:
            out.append(compose([shift(right, down)]))
        else:
            out.append(torch.eye(3))
    return torch.stack(out)


# %% wrong="random_matrices" named="fallen out of the batch"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):
    out = []
    for whether, turn, right, down in draws.tolist():
        angle, right, down = (2 * turn - 1) * degrees, (2 * right - 1) * pixels, (2 * down - 1) * pixels
        if whether < p:
            out.append(compose([rotation(angle, centre), shift(right, down)]))
    return torch.stack(out)


# %% wrong="random_matrices" named="still in a list"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):
    out = []
    for whether, turn, right, down in draws.tolist():
        angle, right, down = (2 * turn - 1) * degrees, (2 * right - 1) * pixels, (2 * down - 1) * pixels
        if whether < p:
            out.append(compose([rotation(angle, centre), shift(right, down)]))
        else:
            out.append(torch.eye(3))
    return out


# %% wrong="random_matrices" named="it is `<`, not `<=`"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):
    out = []
    for whether, turn, right, down in draws.tolist():
        angle, right, down = (2 * turn - 1) * degrees, (2 * right - 1) * pixels, (2 * down - 1) * pixels
        if whether <= p:
            out.append(compose([rotation(angle, centre), shift(right, down)]))
        else:
            out.append(torch.eye(3))
    return torch.stack(out)


# %% wrong="random_matrices" named="a p of your own"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):
    out = []
    for whether, turn, right, down in draws.tolist():
        angle, right, down = (2 * turn - 1) * degrees, (2 * right - 1) * pixels, (2 * down - 1) * pixels
        if whether < 0.5:
            out.append(compose([rotation(angle, centre), shift(right, down)]))
        else:
            out.append(torch.eye(3))
    return torch.stack(out)


# %% wrong="random_matrices" named="shifted all the same"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):
    out = []
    for whether, turn, right, down in draws.tolist():
        angle, right, down = (2 * turn - 1) * degrees, (2 * right - 1) * pixels, (2 * down - 1) * pixels
        if whether < p:
            out.append(compose([rotation(angle, centre), shift(right, down)]))
        else:
            out.append(shift(right, down))
    return torch.stack(out)


# %% wrong="random_matrices" named="run the wrong way"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):
    out = []
    for whether, turn, right, down in draws.tolist():
        angle, right, down = (1 - 2 * turn) * degrees, (1 - 2 * right) * pixels, (1 - 2 * down) * pixels
        if whether < p:
            out.append(compose([rotation(angle, centre), shift(right, down)]))
        else:
            out.append(torch.eye(3))
    return torch.stack(out)


# %% wrong="random_matrices" named="runs from -2 to 0"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):
    out = []
    for whether, turn, right, down in draws.tolist():
        angle, right, down = 2 * (turn - 1) * degrees, 2 * (right - 1) * pixels, 2 * (down - 1) * pixels
        if whether < p:
            out.append(compose([rotation(angle, centre), shift(right, down)]))
        else:
            out.append(torch.eye(3))
    return torch.stack(out)


# %% wrong="random_matrices" named="the turn is right"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):
    out = []
    for whether, turn, right, down in draws.tolist():
        angle, right, down = (2 * turn - 1) * degrees, right * pixels, down * pixels
        if whether < p:
            out.append(compose([rotation(angle, centre), shift(right, down)]))
        else:
            out.append(torch.eye(3))
    return torch.stack(out)


# %% wrong="random_matrices" named="one matrix came for the whole batch"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):
    out = []
    for whether, turn, right, down in draws.tolist():
        angle, right, down = (2 * turn - 1) * degrees, (2 * right - 1) * pixels, (2 * down - 1) * pixels
        if whether < p:
            out.append(compose([rotation(angle, centre), shift(right, down)]))
        else:
            out.append(torch.eye(3))
    return out[0]


# %% wrong="random_matrices" named="stands inside the loop"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):
    out = []
    for whether, turn, right, down in draws.tolist():
        angle, right, down = (2 * turn - 1) * degrees, (2 * right - 1) * pixels, (2 * down - 1) * pixels
        if whether < p:
            out.append(compose([rotation(angle, centre), shift(right, down)]))
        else:
            out.append(torch.eye(3))
        return torch.stack(out)


# %% wrong="random_matrices" named="lays the matrices one below"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):
    out = []
    for whether, turn, right, down in draws.tolist():
        angle, right, down = (2 * turn - 1) * degrees, (2 * right - 1) * pixels, (2 * down - 1) * pixels
        if whether < p:
            out.append(compose([rotation(angle, centre), shift(right, down)]))
        else:
            out.append(torch.eye(3))
    return torch.cat(out)


# %% wrong="rotation" named="the second minus is missing"
@exercise
def rotation(degrees, centre):
    a = torch.deg2rad(tensor(degrees))
    c, s = torch.cos(a), torch.sin(a)
    x, y = centre
    return shift(x, y) @ tensor([[c, -s, 0], [s, c, 0], [0, 0, 1]]) @ shift(-x, y)


# %% wrong="rotation" named="you added the matrices up"
@exercise
def rotation(degrees, centre):
    a = torch.deg2rad(tensor(degrees))
    c, s = torch.cos(a), torch.sin(a)
    x, y = centre
    return shift(x, y) + tensor([[c, -s, 0], [s, c, 0], [0, 0, 1]]) + shift(-x, -y)


# %% wrong="rotation" named="the last row is 0 0 1, also"
@exercise
def rotation(degrees, centre):
    a = torch.deg2rad(tensor(degrees))
    c, s = torch.cos(a), torch.sin(a)
    x, y = centre
    return shift(x, y) @ tensor([[c, -s, 0], [s, c, 0], [0, 0, 0]]) @ shift(-x, -y)


# %% wrong="rotation" really="if it says that dtypes differ"
@exercise
def rotation(degrees, centre):
    import numpy as np
    a = np.deg2rad(degrees)
    turn = tensor([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
    return shift(*centre) @ turn @ shift(-centre[0], -centre[1])


# %% wrong="compose" named="the matrix that does nothing came back"
@exercise
def compose(matrices):
    done = torch.eye(3)
    for m in matrices:
        m @ done
    return done


# %% wrong="compose" named="you made the last row 0 0 1"
@exercise
def compose(matrices):
    done = torch.eye(3)
    for m in matrices:
        done = m @ done
    done[2] = tensor([0., 0., 1.])
    return done


# %% wrong="compose" really="asks for a second matrix"
@exercise
def compose(matrices):
    return matrices[2] @ matrices[1] @ matrices[0]


# %% wrong="compose" named="torch.linalg.multi_dot wants two"
@exercise
def compose(matrices):
    return torch.linalg.multi_dot(list(matrices)[::-1])


# %% wrong="where_from" named="as many rows as the height"
@exercise
def where_from(matrix, height, width):
    y, x = torch.meshgrid(torch.arange(width).float(), torch.arange(height).float(), indexing='ij')
    p = torch.stack([x, y, torch.ones_like(x)], dim=-1)
    p = p @ torch.linalg.inv(matrix).T
    return p[..., :2] / p[..., 2:]


# %% wrong="where_from" named="one over each entry"
@exercise
def where_from(matrix, height, width):
    y, x = torch.meshgrid(torch.arange(height).float(), torch.arange(width).float(), indexing='ij')
    p = torch.stack([x, y, torch.ones_like(x)], dim=-1)
    p = p @ (1 / matrix).T
    return p[..., :2] / p[..., 2:]


# %% wrong="where_from" really="is a row of pixels"
@exercise
def where_from(matrix, height, width):
    y, x = torch.meshgrid(torch.arange(height).float(), torch.arange(width).float(), indexing='ij')
    p = torch.stack([x, y, torch.ones_like(x)], dim=-1)
    p = p @ torch.linalg.inv(matrix).T
    return p[..., :2] / p[2]


# %% wrong="where_from" really="whose axis is kept"
@exercise
def where_from(matrix, height, width):
    y, x = torch.meshgrid(torch.arange(height).float(), torch.arange(width).float(), indexing='ij')
    p = torch.stack([x, y, torch.ones_like(x)], dim=-1)
    p = p @ torch.linalg.inv(matrix).T
    return p[..., :2] / p[..., 2]


# %% wrong="bilinear" named="is a place; the x of all"
@exercise
def bilinear(image, places):
    x, y = places[0], places[1]
    left, top = x.floor().long(), y.floor().long()
    right, bottom = (left + 1).clamp(max=image.shape[1] - 1), (top + 1).clamp(max=image.shape[0] - 1)
    across, down = x - left, y - top
    above = (1 - across) * image[top, left] + across * image[top, right]
    below = (1 - across) * image[bottom, left] + across * image[bottom, right]
    return (1 - down) * above + down * below


# %% wrong="bilinear" named="plain mean of the upper and the lower"
@exercise
def bilinear(image, places):
    x, y = places[..., 0], places[..., 1]
    left, top = x.floor().long(), y.floor().long()
    right, bottom = (left + 1).clamp(max=image.shape[1] - 1), (top + 1).clamp(max=image.shape[0] - 1)
    across, down = x - left, y - top
    above = (1 - across) * image[top, left] + across * image[top, right]
    below = (1 - across) * image[bottom, left] + across * image[bottom, right]
    return (above + below) / 2


# %% wrong="bilinear" named="the lower right pixel is not in it"
@exercise
def bilinear(image, places):
    x, y = places[..., 0], places[..., 1]
    left, top = x.floor().long(), y.floor().long()
    right, bottom = (left + 1).clamp(max=image.shape[1] - 1), (top + 1).clamp(max=image.shape[0] - 1)
    a, d = x - left, y - top
    return image[top, left] + a * (image[top, right] - image[top, left]) + d * (image[bottom, left] - image[top, left])


# %% wrong="bilinear" named="on the last column or row your weights are all zero"
@exercise
def bilinear(image, places):
    x, y = places[..., 0], places[..., 1]
    left, top = x.floor().long(), y.floor().long()
    right, bottom = (left + 1).clamp(max=image.shape[1] - 1), (top + 1).clamp(max=image.shape[0] - 1)
    wl, wr, wt, wb = right - x, x - left, bottom - y, y - top
    return wt * (wl * image[top, left] + wr * image[top, right]) + wb * (wl * image[bottom, left] + wr * image[bottom, right])


# %% wrong="bilinear" named="on a whole number"
@exercise
def bilinear(image, places):
    x, y = places[..., 0], places[..., 1]
    l, r, t, b = x.floor(), x.ceil(), y.floor(), y.ceil()
    wl, wr, wt, wb = r - x, x - l, b - y, y - t
    l, r, t, b = (i.long() for i in (l, r, t, b))
    return wt * (wl * image[t, l] + wr * image[t, r]) + wb * (wl * image[b, l] + wr * image[b, r])


# %% wrong="reflect" really="pattern of four pixels"
@exercise
def reflect(places, size):
    within = places % 6
    return torch.where(within > 3, 6 - within, within)


# %% wrong="reflect" named="and not beyond size"
@exercise
def reflect(places, size):
    if size == 1:
        return torch.zeros_like(places)
    period = 2 * (size - 1)
    within = places % period
    return torch.where(within > size, period - within, within)


# %% wrong="reflect" named="the two halves have changed places"
@exercise
def reflect(places, size):
    if size == 1:
        return torch.zeros_like(places)
    period = 2 * (size - 1)
    within = places % period
    return torch.where(within > size - 1, within, period - within)


# %% wrong="reflect" named="you took size - 1 less the place"
@exercise
def reflect(places, size):
    if size == 1:
        return torch.zeros_like(places)
    period = 2 * (size - 1)
    within = places % period
    return torch.where(within > size - 1, size - 1 - within, within)


# %% wrong="reflect" really="those between two whole numbers too"
@exercise
def reflect(places, size):
    period = max(2 * (size - 1), 1)
    within = places % period
    return torch.where(within > size - 1, period - within, within)


# %% wrong="reflect" named="every place shows that one: size 1"
@exercise
def reflect(places, size):
    if size == 1:
        return places
    period = 2 * (size - 1)
    within = places % period
    return torch.where(within > size - 1, period - within, within)


# %% wrong="relight" named="the brightness was handed out along the width"
@exercise
def relight(images, brightness, contrast):
    return torch.sigmoid(contrast.view(-1, 1, 1, 1) * torch.logit(images) + brightness)


# %% wrong="relight" named="the contrast was handed out along the width"
@exercise
def relight(images, brightness, contrast):
    return torch.sigmoid(contrast * torch.logit(images) + brightness.view(-1, 1, 1, 1))


# %% wrong="relight" named="stands inside the loop"
@exercise
def relight(images, brightness, contrast):
    for i, b, c in zip(images, brightness, contrast):
        return torch.sigmoid(c * torch.logit(i) + b)


# %% wrong="random_matrices" named="brackets are missing"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):
    out = []
    for whether, turn, right, down in draws.tolist():
        if whether < p:
            out.append(compose([rotation(2 * turn - 1 * degrees, centre), shift(2 * right - 1 * pixels, 2 * down - 1 * pixels)]))
        else:
            out.append(torch.eye(3))
    return torch.stack(out)


# %% wrong="random_matrices" named="both shifts came from one column"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):
    out = []
    for whether, turn, right, down in draws.tolist():
        if whether < p:
            out.append(compose([rotation((2 * turn - 1) * degrees, centre), shift((2 * right - 1) * pixels, (2 * right - 1) * pixels)]))
        else:
            out.append(torch.eye(3))
    return torch.stack(out)


# %% wrong="random_matrices" named="from the column of the turn"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):
    out = []
    for whether, turn, right, down in draws.tolist():
        if whether < p:
            out.append(compose([rotation((2 * turn - 1) * degrees, centre), shift((2 * turn - 1) * pixels, (2 * down - 1) * pixels)]))
        else:
            out.append(torch.eye(3))
    return torch.stack(out)


# %% wrong="random_matrices" named="whether comes first"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):
    out = []
    for turn, right, down, whether in draws.tolist():
        if whether < p:
            out.append(compose([rotation((2 * turn - 1) * degrees, centre), shift((2 * right - 1) * pixels, (2 * down - 1) * pixels)]))
        else:
            out.append(torch.eye(3))
    return torch.stack(out)


# %% wrong="random_matrices" really="with p = 1 every picture is changed"
@exercise
def random_matrices(draws, p, degrees, pixels, centre):
    out = []
    for whether, turn, right, down in draws.tolist():
        if whether < 1 - p:
            out.append(compose([rotation((2 * turn - 1) * degrees, centre), shift((2 * right - 1) * pixels, (2 * down - 1) * pixels)]))
        else:
            out.append(torch.eye(3))
    return torch.stack(out)
