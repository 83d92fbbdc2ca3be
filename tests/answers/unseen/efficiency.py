# Answers of learners for lesson 14-efficiency, thought up blind.

# %% wrong="training_cost" really="two operations a weight and token, the way forward only, and not six"
@exercise
def training_cost(
    parameters: float, tokens: float, devices: int, speed: float, used: float, watts: float, price: float
) -> tuple[float, float, float]:
    hours = 2 * parameters * tokens / (devices * speed * used) / 3600
    return hours / 24, hours * devices * price, hours * devices * watts / 1000

# %% wrong="training_cost" really="money and energy are of one device only, devices was divided out and never came back"
@exercise
def training_cost(
    parameters: float, tokens: float, devices: int, speed: float, used: float, watts: float, price: float
) -> tuple[float, float, float]:
    seconds = 6 * parameters * tokens / (devices * speed * used)
    hours = seconds / 3600
    return hours / 24, hours * price, hours * watts / 1000

# %% wrong="training_cost" really="days of one device: the time is not shared by the devices; money and energy are right"
@exercise
def training_cost(
    parameters: float, tokens: float, devices: int, speed: float, used: float, watts: float, price: float
) -> tuple[float, float, float]:
    device_hours = 6 * parameters * tokens / (speed * used) / 3600
    return device_hours / 24, device_hours * price, device_hours * watts / 1000

# %% wrong="training_cost" really="energy in watt-hours, not divided by a thousand"
@exercise
def training_cost(
    parameters: float, tokens: float, devices: int, speed: float, used: float, watts: float, price: float
) -> tuple[float, float, float]:
    work = 6 * parameters * tokens
    hours = work / (devices * speed * used * 3600)
    return hours / 24, hours * devices * price, hours * devices * watts

# %% wrong="training_cost" really="energy counts only the share of the watts that is used"
@exercise
def training_cost(
    parameters: float, tokens: float, devices: int, speed: float, used: float, watts: float, price: float
) -> tuple[float, float, float]:
    hours = 6 * parameters * tokens / (devices * speed * used) / 3600
    return hours / 24, hours * devices * price, hours * devices * watts * used / 1000

# %% wrong="training_cost" really="used is multiplied in where it should divide: a device that reaches half takes half the time"
@exercise
def training_cost(
    parameters: float, tokens: float, devices: int, speed: float, used: float, watts: float, price: float
) -> tuple[float, float, float]:
    seconds = 6 * parameters * tokens / (devices * speed) * used
    hours = seconds / 3600
    return hours / 24, hours * devices * price, hours * devices * watts / 1000

# %% wrong="training_cost" really="the share used is left out, the best speed is taken"
@exercise
def training_cost(
    parameters: float, tokens: float, devices: int, speed: float, used: float, watts: float, price: float
) -> tuple[float, float, float]:
    seconds = 6 * parameters * tokens / (devices * speed)
    hours = seconds / 3600
    return hours / 24, hours * devices * price, hours * devices * watts / 1000

# %% wrong="training_cost" really="the price is per hour, here it is paid per day"
@exercise
def training_cost(
    parameters: float, tokens: float, devices: int, speed: float, used: float, watts: float, price: float
) -> tuple[float, float, float]:
    days = 6 * parameters * tokens / (devices * speed * used) / 86400
    money = days * devices * price
    energy = days * 24 * devices * watts / 1000
    return days, money, energy

# %% wrong="training_cost" really="money and energy are exchanged in what is returned"
@exercise
def training_cost(
    parameters: float, tokens: float, devices: int, speed: float, used: float, watts: float, price: float
) -> tuple[float, float, float]:
    hours = 6 * parameters * tokens / (devices * speed * used) / 3600
    money = hours * devices * price
    kilowatt_hours = hours * devices * watts / 1000
    return hours / 24, kilowatt_hours, money

# %% wrong="training_cost" really="every number is rounded to two places"
@exercise
def training_cost(
    parameters: float, tokens: float, devices: int, speed: float, used: float, watts: float, price: float
) -> tuple[float, float, float]:
    hours = 6 * parameters * tokens / (devices * speed * used) / 3600
    return round(hours / 24, 2), round(hours * devices * price, 2), round(hours * devices * watts / 1000, 2)

# %% wrong="training_cost" really="each begun hour is paid in full: the hours are rounded up"
@exercise
def training_cost(
    parameters: float, tokens: float, devices: int, speed: float, used: float, watts: float, price: float
) -> tuple[float, float, float]:
    hours = 6 * parameters * tokens / (devices * speed * used) / 3600
    return hours / 24, math.ceil(hours) * devices * price, hours * devices * watts / 1000

# %% wrong="training_cost" really="energy in megajoules-like units: seconds times watts over a thousand, kilojoules and not kilowatt-hours"
@exercise
def training_cost(
    parameters: float, tokens: float, devices: int, speed: float, used: float, watts: float, price: float
) -> tuple[float, float, float]:
    seconds = 6 * parameters * tokens / (devices * speed * used)
    return seconds / 86400, seconds / 3600 * devices * price, seconds * devices * watts / 1000

# %% right="training_cost" style="device-hours first, then shared"
@exercise
def training_cost(
    parameters: float, tokens: float, devices: int, speed: float, used: float, watts: float, price: float
) -> tuple[float, float, float]:
    device_hours = 6 * parameters * tokens / (speed * used) / 3600
    return device_hours / devices / 24, device_hours * price, device_hours * watts / 1000

# %% right="training_cost" style="many small steps with names"
@exercise
def training_cost(
    parameters: float, tokens: float, devices: int, speed: float, used: float, watts: float, price: float
) -> tuple[float, float, float]:
    forward = 2 * parameters * tokens
    backward = 2 * forward
    operations = forward + backward
    together = devices * (speed * used)
    seconds = operations / together
    minutes = seconds / 60
    hours = minutes / 60
    days = hours / 24
    money = devices * hours * price
    kilowatts = devices * watts / 1000
    return days, money, kilowatts * hours

# %% right="training_cost" style="a list turned into a tuple, days first"
@exercise
def training_cost(
    parameters: float, tokens: float, devices: int, speed: float, used: float, watts: float, price: float
) -> tuple[float, float, float]:
    days = 6.0 * (parameters / speed) * (tokens / used) / devices / (24 * 60 * 60)
    return tuple([days, days * 24 * devices * price, days * 24 * devices * watts * 1e-3])

# %% right="training_cost" style="in tensors of float64, floats at the end"
@exercise
def training_cost(
    parameters: float, tokens: float, devices: int, speed: float, used: float, watts: float, price: float
) -> tuple[float, float, float]:
    work = tensor([6.0, parameters, tokens], dtype=torch.float64).prod()
    pace = tensor([devices, speed, used], dtype=torch.float64).prod()
    hours = work / pace / 3600
    per_hour = tensor([1 / 24, devices * price, devices * watts / 1000], dtype=torch.float64)
    a, b, c = (hours * per_hour).tolist()
    return a, b, c

# %% right="training_cost" style="numpy floats"
import numpy as np

@exercise
def training_cost(
    parameters: float, tokens: float, devices: int, speed: float, used: float, watts: float, price: float
) -> tuple[float, float, float]:
    hours = np.divide(np.prod([6.0, parameters, tokens]), np.prod([devices, speed, used])) / 3600
    return float(hours / 24), float(hours * devices * price), float(hours * devices * watts / 1000)

# %% wrong="convolution_cost" really="groups is ignored: every kernel looks at all channels"
@exercise
def convolution_cost(channels_in: int, channels_out: int, side: int, rows: int, columns: int, groups: int = 1) -> tuple[int, int]:
    weights = channels_in * channels_out * side ** 2
    return weights, 2 * weights * rows * columns

# %% wrong="convolution_cost" really="both numbers of channels are divided by groups: one group only is counted"
@exercise
def convolution_cost(channels_in: int, channels_out: int, side: int, rows: int, columns: int, groups: int = 1) -> tuple[int, int]:
    weights = (channels_in // groups) * (channels_out // groups) * side * side
    return weights, 2 * weights * rows * columns

# %% wrong="convolution_cost" really="a multiplication with its addition is counted once and not twice"
@exercise
def convolution_cost(channels_in: int, channels_out: int, side: int, rows: int, columns: int, groups: int = 1) -> tuple[int, int]:
    weights = channels_out * channels_in // groups * side * side
    return weights, weights * rows * columns

# %% wrong="convolution_cost" really="true division: the two numbers are floats where whole numbers are wanted"
@exercise
def convolution_cost(channels_in: int, channels_out: int, side: int, rows: int, columns: int, groups: int = 1) -> tuple[int, int]:
    weights = channels_in / groups * channels_out * side * side
    return weights, 2 * weights * rows * columns

# %% wrong="convolution_cost" really="side is taken once and not squared"
@exercise
def convolution_cost(channels_in: int, channels_out: int, side: int, rows: int, columns: int, groups: int = 1) -> tuple[int, int]:
    weights = channels_out * (channels_in // groups) * side
    return weights, 2 * weights * rows * columns

# %% wrong="convolution_cost" really="a bias for each kernel is counted among the weights, and there is none"
@exercise
def convolution_cost(channels_in: int, channels_out: int, side: int, rows: int, columns: int, groups: int = 1) -> tuple[int, int]:
    weights = channels_out * ((channels_in // groups) * side * side + 1)
    operations = 2 * rows * columns * channels_out * (channels_in // groups) * side * side
    return weights, operations

# %% wrong="convolution_cost" really="one addition less than multiplications at each place: the count is 2 k - 1 and not 2 k"
@exercise
def convolution_cost(channels_in: int, channels_out: int, side: int, rows: int, columns: int, groups: int = 1) -> tuple[int, int]:
    kernel = (channels_in // groups) * side * side
    return channels_out * kernel, channels_out * rows * columns * (2 * kernel - 1)

# %% wrong="convolution_cost" really="places where the kernel fits without padding: rows and columns are taken for what comes in"
@exercise
def convolution_cost(channels_in: int, channels_out: int, side: int, rows: int, columns: int, groups: int = 1) -> tuple[int, int]:
    weights = channels_out * (channels_in // groups) * side * side
    return weights, 2 * weights * (rows - side + 1) * (columns - side + 1)

# %% wrong="convolution_cost" really="the maps are taken for square: rows squared, columns is never looked at"
@exercise
def convolution_cost(channels_in: int, channels_out: int, side: int, rows: int, columns: int, groups: int = 1) -> tuple[int, int]:
    weights = channels_out * (channels_in // groups) * side * side
    return weights, 2 * weights * rows ** 2

# %% wrong="convolution_cost" really="groups is applied to the weights, and the operations are those without groups"
@exercise
def convolution_cost(channels_in: int, channels_out: int, side: int, rows: int, columns: int, groups: int = 1) -> tuple[int, int]:
    weights = channels_out * channels_in * side * side
    operations = 2 * weights * rows * columns
    return weights // groups, operations

# %% wrong="convolution_cost" really="groups is multiplied in: each group is thought to have all the kernels"
@exercise
def convolution_cost(channels_in: int, channels_out: int, side: int, rows: int, columns: int, groups: int = 1) -> tuple[int, int]:
    weights = groups * channels_out * channels_in * side * side
    return weights, 2 * weights * rows * columns

# %% right="convolution_cost" style="ask torch: the layer's own weights"
@exercise
def convolution_cost(channels_in: int, channels_out: int, side: int, rows: int, columns: int, groups: int = 1) -> tuple[int, int]:
    layer = nn.Conv2d(channels_in, channels_out, side, groups=groups, bias=False)
    n = layer.weight.numel()
    return n, n * 2 * rows * columns

# %% right="convolution_cost" style="a loop over the groups"
@exercise
def convolution_cost(channels_in: int, channels_out: int, side: int, rows: int, columns: int, groups: int = 1) -> tuple[int, int]:
    weights = 0
    for _ in range(groups):
        weights += (channels_in // groups) * (channels_out // groups) * side ** 2
    operations = 0
    for _ in range(rows):
        operations += weights * columns * 2
    return weights, operations

# %% right="convolution_cost" style="math.prod"
@exercise
def convolution_cost(channels_in: int, channels_out: int, side: int, rows: int, columns: int, groups: int = 1) -> tuple[int, int]:
    w = math.prod((channels_in, channels_out, side, side)) // groups
    return w, math.prod((2, w, rows, columns))

# %% right="convolution_cost" style="divmod, and multiplications plus additions"
@exercise
def convolution_cost(channels_in: int, channels_out: int, side: int, rows: int, columns: int, groups: int = 1) -> tuple[int, int]:
    seen, _ = divmod(channels_in, groups)
    weights = seen * channels_out * pow(side, 2)
    multiplications = weights * rows * columns
    additions = multiplications
    return weights, multiplications + additions

# %% right="convolution_cost" style="true division, and int at the end"
@exercise
def convolution_cost(channels_in: int, channels_out: int, side: int, rows: int, columns: int, groups: int = 1) -> tuple[int, int]:
    weights = int(channels_in / groups) * channels_out * side * side
    return int(weights), int(2 * weights * rows * columns)

# %% wrong="codebook" really="who belongs to whom is not said again after the last step, it is that of the last step"
@exercise
def codebook(values: Tensor, centres: Tensor, steps: int) -> tuple[Tensor, Tensor]:
    centres = centres.clone()
    nearest = (values[:, None] - centres).abs().argmin(dim=1)
    for _ in range(steps):
        nearest = (values[:, None] - centres).abs().argmin(dim=1)
        for k in range(len(centres)):
            if (nearest == k).any():
                centres[k] = values[nearest == k].mean()
    return centres, nearest

# %% wrong="codebook" really="an entry without values becomes nan, the mean of nothing"
@exercise
def codebook(values: Tensor, centres: Tensor, steps: int) -> tuple[Tensor, Tensor]:
    for _ in range(steps):
        nearest = (values[:, None] - centres).abs().argmin(dim=1)
        centres = torch.stack([values[nearest == k].mean() for k in range(len(centres))])
    return centres, (values[:, None] - centres).abs().argmin(dim=1)

# %% wrong="codebook" really="an entry without values moves to 0: the sum 0 is divided by at least 1"
@exercise
def codebook(values: Tensor, centres: Tensor, steps: int) -> tuple[Tensor, Tensor]:
    centres = centres.clone()
    for _ in range(steps):
        nearest = (values[:, None] - centres).abs().argmin(dim=1)
        belongs = nn.functional.one_hot(nearest, len(centres)).to(values.dtype)
        centres = (values @ belongs) / belongs.sum(dim=0).clamp(min=1)
    return centres, (values[:, None] - centres).abs().argmin(dim=1)

# %% wrong="codebook" really="the centres that were given are overwritten: no clone"
@exercise
def codebook(values: Tensor, centres: Tensor, steps: int) -> tuple[Tensor, Tensor]:
    for _ in range(steps):
        nearest = (values[:, None] - centres).abs().argmin(dim=1)
        for number in range(len(centres)):
            if (nearest == number).any():
                centres[number] = values[nearest == number].mean()
    return centres, (values[:, None] - centres).abs().argmin(dim=1)

# %% wrong="codebook" really="nearest by the signed difference: without abs every value goes to the largest centre"
@exercise
def codebook(values: Tensor, centres: Tensor, steps: int) -> tuple[Tensor, Tensor]:
    centres = centres.clone()
    for _ in range(steps):
        nearest = (values[:, None] - centres).argmin(dim=1)
        for number in range(len(centres)):
            if (nearest == number).any():
                centres[number] = values[nearest == number].mean()
    return centres, (values[:, None] - centres).argmin(dim=1)

# %% wrong="codebook" really="who belongs to whom is asked anew after each single centre has moved, within a step"
@exercise
def codebook(values: Tensor, centres: Tensor, steps: int) -> tuple[Tensor, Tensor]:
    centres = centres.clone()
    for _ in range(steps):
        for number in range(len(centres)):
            nearest = (values[:, None] - centres).abs().argmin(dim=1)
            if (nearest == number).any():
                centres[number] = values[nearest == number].mean()
    return centres, (values[:, None] - centres).abs().argmin(dim=1)

# %% wrong="codebook" really="one step only, whatever steps says: return stands in the loop's place"
@exercise
def codebook(values: Tensor, centres: Tensor, steps: int) -> tuple[Tensor, Tensor]:
    centres = centres.clone()
    if steps > 0:
        nearest = (values[:, None] - centres).abs().argmin(dim=1)
        for number in range(len(centres)):
            if (nearest == number).any():
                centres[number] = values[nearest == number].mean()
    return centres, (values[:, None] - centres).abs().argmin(dim=1)

# %% wrong="codebook" really="the loop over centres ends one too early: the last centre never moves"
@exercise
def codebook(values: Tensor, centres: Tensor, steps: int) -> tuple[Tensor, Tensor]:
    centres = centres.clone()
    for _ in range(steps):
        nearest = (values[:, None] - centres).abs().argmin(dim=1)
        for number in range(int(nearest.max())):
            if (nearest == number).any():
                centres[number] = values[nearest == number].mean()
    return centres, (values[:, None] - centres).abs().argmin(dim=1)

# %% wrong="codebook" really="borders by searchsorted, which takes the centres to be in order; unsorted ones go wrong"
@exercise
def codebook(values: Tensor, centres: Tensor, steps: int) -> tuple[Tensor, Tensor]:
    centres = centres.clone()
    for _ in range(steps):
        nearest = torch.searchsorted((centres[1:] + centres[:-1]) / 2, values)
        for number in range(len(centres)):
            if (nearest == number).any():
                centres[number] = values[nearest == number].mean()
    return centres, torch.searchsorted((centres[1:] + centres[:-1]) / 2, values)

# %% wrong="codebook" really="the centres are sorted first, so the numbers are not those of the centres given"
@exercise
def codebook(values: Tensor, centres: Tensor, steps: int) -> tuple[Tensor, Tensor]:
    centres = centres.sort().values
    for _ in range(steps):
        nearest = (values[:, None] - centres).abs().argmin(dim=1)
        for number in range(len(centres)):
            if (nearest == number).any():
                centres[number] = values[nearest == number].mean()
    return centres, (values[:, None] - centres).abs().argmin(dim=1)

# %% wrong="codebook" really="median and not mean"
@exercise
def codebook(values: Tensor, centres: Tensor, steps: int) -> tuple[Tensor, Tensor]:
    centres = centres.clone()
    for _ in range(steps):
        nearest = (values[:, None] - centres).abs().argmin(dim=1)
        for number in range(len(centres)):
            if (nearest == number).any():
                centres[number] = values[nearest == number].median()
    return centres, (values[:, None] - centres).abs().argmin(dim=1)

# %% wrong="codebook" really="the shared values are returned, and not the numbers of the centres"
@exercise
def codebook(values: Tensor, centres: Tensor, steps: int) -> tuple[Tensor, Tensor]:
    centres = centres.clone()
    for _ in range(steps):
        nearest = (values[:, None] - centres).abs().argmin(dim=1)
        for number in range(len(centres)):
            if (nearest == number).any():
                centres[number] = values[nearest == number].mean()
    return centres, centres[(values[:, None] - centres).abs().argmin(dim=1)]

# %% wrong="codebook" really="built from Python floats: float64 centres come back as float32"
@exercise
def codebook(values: Tensor, centres: Tensor, steps: int) -> tuple[Tensor, Tensor]:
    mids = centres.tolist()
    numbers = values.tolist()
    def who():
        return [min(range(len(mids)), key=lambda k: abs(v - mids[k])) for v in numbers]
    for _ in range(steps):
        near = who()
        for k in range(len(mids)):
            mine = [v for v, w in zip(numbers, near) if w == k]
            if mine:
                mids[k] = sum(mine) / len(mine)
    return tensor(mids), tensor(who())

# %% wrong="codebook" really="the numbers are int32 and not int64"
@exercise
def codebook(values: Tensor, centres: Tensor, steps: int) -> tuple[Tensor, Tensor]:
    centres = centres.clone()
    for _ in range(steps):
        nearest = (values[:, None] - centres).abs().argmin(dim=1)
        for number in range(len(centres)):
            if (nearest == number).any():
                centres[number] = values[nearest == number].mean()
    return centres, (values[:, None] - centres).abs().argmin(dim=1).int()

# %% right="codebook" style="squared distances, torch.where for the lonely ones"
@exercise
def codebook(values: Tensor, centres: Tensor, steps: int) -> tuple[Tensor, Tensor]:
    who = lambda c: ((values.unsqueeze(1) - c.unsqueeze(0)) ** 2).argmin(1)
    for _ in range(steps):
        onehot = nn.functional.one_hot(who(centres), len(centres)).to(values)
        counts = onehot.sum(0)
        centres = torch.where(counts > 0, values @ onehot / counts.clamp(min=1), centres)
    return centres.clone(), who(centres)

# %% right="codebook" style="bincount with weights"
@exercise
def codebook(values: Tensor, centres: Tensor, steps: int) -> tuple[Tensor, Tensor]:
    k = centres.numel()
    book = centres.clone()
    for _ in range(steps):
        nearest = torch.cdist(values[:, None], book[:, None], p=1).argmin(dim=1)
        counts = torch.bincount(nearest, minlength=k)
        sums = torch.bincount(nearest, weights=values, minlength=k).to(book.dtype)
        used = counts > 0
        book[used] = sums[used] / counts[used]
    return book, torch.cdist(values[:, None], book[:, None], p=1).argmin(dim=1)

# %% right="codebook" style="a while loop that stops when nothing moves any more"
@exercise
def codebook(values: Tensor, centres: Tensor, steps: int) -> tuple[Tensor, Tensor]:
    c = centres.clone()
    labels = torch.argmin(torch.abs(values.reshape(-1, 1) - c.reshape(1, -1)), dim=1)
    done = 0
    while done < steps:
        new = c.clone()
        for label in labels.unique():
            new[label] = values[labels == label].mean()
        if torch.equal(new, c):
            break
        c = new
        labels = torch.argmin(torch.abs(values.reshape(-1, 1) - c.reshape(1, -1)), dim=1)
        done += 1
    return c, labels

# %% right="codebook" style="Python lists, and the dtype kept"
@exercise
def codebook(values: Tensor, centres: Tensor, steps: int) -> tuple[Tensor, Tensor]:
    mids = centres.clone()
    for step in range(steps + 1):
        near = []
        for v in values:
            best = 0
            for k in range(len(mids)):
                if (v - mids[k]).abs() < (v - mids[best]).abs():
                    best = k
            near.append(best)
        near = tensor(near, dtype=torch.int64)
        if step == steps:
            return mids, near
        moved = mids.clone()
        for k in range(len(mids)):
            mine = values[near == k]
            if mine.numel():
                moved[k] = mine.sum() / len(mine)
        mids = moved

# %% right="codebook" style="index_reduce, mean"
@exercise
def codebook(values: Tensor, centres: Tensor, steps: int) -> tuple[Tensor, Tensor]:
    centres = centres.clone()
    for _ in range(steps):
        nearest = (centres - values.view(-1, 1)).abs().min(dim=1).indices
        centres = centres.index_reduce(0, nearest, values, "mean", include_self=False)
    return centres, (centres - values.view(-1, 1)).abs().min(dim=1).indices

# %% right="codebook" style="table with centres as rows"
@exercise
def codebook(values: Tensor, centres: Tensor, steps: int) -> tuple[Tensor, Tensor]:
    table = (centres[:, None] - values[None, :]).abs()
    if steps == 0:
        return centres.clone(), table.argmin(dim=0)
    nearest = table.argmin(dim=0)
    moved = torch.stack([values[nearest == k].mean() if int((nearest == k).sum()) else centres[k] for k in range(len(centres))])
    return codebook(values, moved, steps - 1)

# %% right="codebook" style="of two equally near centres the last"
@exercise
def codebook(values: Tensor, centres: Tensor, steps: int) -> tuple[Tensor, Tensor]:
    def who(c):
        return len(c) - 1 - (values[:, None] - c.flip(0)).abs().argmin(dim=1)
    c = centres.clone()
    for _ in range(steps):
        near = who(c)
        for k in near.unique():
            c[k] = values[near == k].mean()
    return c, who(c)

# %% wrong="magnitude_masks" really="a border for each tensor: the share is taken of each for itself"
@exercise
def magnitude_masks(tensors: Sequence[Tensor], share: float) -> list[Tensor]:
    masks = []
    for t in tensors:
        stays = torch.ones(t.numel(), dtype=torch.bool)
        stays[t.abs().flatten().argsort()[: int(share * t.numel())]] = False
        masks.append(stays.view(t.shape))
    return masks

# %% wrong="magnitude_masks" really="signs are not set aside: the most negative go first"
@exercise
def magnitude_masks(tensors: Sequence[Tensor], share: float) -> list[Tensor]:
    row = torch.cat([t.flatten() for t in tensors])
    stays = torch.ones(len(row), dtype=torch.bool)
    stays[row.argsort()[: int(share * len(row))]] = False
    return [part.view(t.shape) for part, t in zip(stays.split([t.numel() for t in tensors]), tensors)]

# %% wrong="magnitude_masks" really="what stays if larger than a border: of equal ones at the border all go, and the number is wrong; share 0 stops"
@exercise
def magnitude_masks(tensors: Sequence[Tensor], share: float) -> list[Tensor]:
    row = torch.cat([t.flatten() for t in tensors]).abs()
    border = row.kthvalue(int(share * len(row))).values
    return [t.abs() > border for t in tensors]

# %% wrong="magnitude_masks" really="border from sorted sizes, with > : ties at the border all go; 0 and 1 are handled"
@exercise
def magnitude_masks(tensors: Sequence[Tensor], share: float) -> list[Tensor]:
    row = torch.cat([t.flatten().abs() for t in tensors]).sort().values
    goes = int(share * len(row))
    border = row[goes - 1] if goes > 0 else -1.0
    return [t.abs() > border for t in tensors]

# %% wrong="magnitude_masks" really="torch.quantile interpolates: the number that goes is not the share rounded down"
@exercise
def magnitude_masks(tensors: Sequence[Tensor], share: float) -> list[Tensor]:
    row = torch.cat([t.flatten().abs() for t in tensors])
    border = torch.quantile(row, share)
    return [t.abs() >= border for t in tensors]

# %% wrong="magnitude_masks" really="rounded to the nearest and not down"
@exercise
def magnitude_masks(tensors: Sequence[Tensor], share: float) -> list[Tensor]:
    sizes = torch.cat([t.abs().flatten() for t in tensors])
    stays = torch.ones_like(sizes, dtype=torch.bool)
    stays[sizes.argsort()[: round(share * len(sizes))]] = False
    return [part.view(t.shape) for part, t in zip(stays.split([t.numel() for t in tensors]), tensors)]

# %% wrong="magnitude_masks" really="who stays is rounded down, so who goes is rounded up"
@exercise
def magnitude_masks(tensors: Sequence[Tensor], share: float) -> list[Tensor]:
    sizes = torch.cat([t.abs().flatten() for t in tensors])
    stays = torch.zeros_like(sizes, dtype=torch.bool)
    stays[sizes.topk(int((1 - share) * len(sizes))).indices] = True
    return [part.view(t.shape) for part, t in zip(stays.split([t.numel() for t in tensors]), tensors)]

# %% wrong="magnitude_masks" really="inverted: True is who goes"
@exercise
def magnitude_masks(tensors: Sequence[Tensor], share: float) -> list[Tensor]:
    sizes = torch.cat([t.abs().flatten() for t in tensors])
    goes = torch.zeros(len(sizes), dtype=torch.bool)
    goes[sizes.argsort()[: int(share * len(sizes))]] = True
    return [part.view(t.shape) for part, t in zip(goes.split([t.numel() for t in tensors]), tensors)]

# %% wrong="magnitude_masks" really="the largest go: sorted downwards"
@exercise
def magnitude_masks(tensors: Sequence[Tensor], share: float) -> list[Tensor]:
    sizes = torch.cat([t.abs().flatten() for t in tensors])
    stays = torch.ones(len(sizes), dtype=torch.bool)
    stays[sizes.argsort(descending=True)[: int(share * len(sizes))]] = False
    return [part.view(t.shape) for part, t in zip(stays.split([t.numel() for t in tensors]), tensors)]

# %% wrong="magnitude_masks" really="masks of 0.0 and 1.0, not torch.bool"
@exercise
def magnitude_masks(tensors: Sequence[Tensor], share: float) -> list[Tensor]:
    sizes = torch.cat([t.abs().flatten() for t in tensors])
    stays = torch.ones(len(sizes))
    stays[sizes.argsort()[: int(share * len(sizes))]] = 0.0
    return [part.view(t.shape) for part, t in zip(stays.split([t.numel() for t in tensors]), tensors)]

# %% wrong="magnitude_masks" really="[-goes:] with goes counted from the end: with nobody to go or all to go the slice is the wrong one"
@exercise
def magnitude_masks(tensors: Sequence[Tensor], share: float) -> list[Tensor]:
    sizes = torch.cat([t.abs().flatten() for t in tensors])
    goes = int(share * len(sizes))
    stays = torch.ones(len(sizes), dtype=torch.bool)
    stays[sizes.argsort(descending=True)[-goes:]] = False
    return [part.view(t.shape) for part, t in zip(stays.split([t.numel() for t in tensors]), tensors)]

# %% wrong="magnitude_masks" really="the masks are flat, not of their tensors' shapes"
@exercise
def magnitude_masks(tensors: Sequence[Tensor], share: float) -> list[Tensor]:
    sizes = torch.cat([t.abs().flatten() for t in tensors])
    stays = torch.ones(len(sizes), dtype=torch.bool)
    stays[sizes.argsort()[: int(share * len(sizes))]] = False
    return list(stays.split([t.numel() for t in tensors]))

# %% wrong="magnitude_masks" really="ranks mistaken: argsort once is taken for each weight's rank"
@exercise
def magnitude_masks(tensors: Sequence[Tensor], share: float) -> list[Tensor]:
    sizes = torch.cat([t.abs().flatten() for t in tensors])
    rank = sizes.argsort()
    stays = rank >= int(share * len(sizes))
    return [part.view(t.shape) for part, t in zip(stays.split([t.numel() for t in tensors]), tensors)]

# %% right="magnitude_masks" style="argsort twice: real ranks"
@exercise
def magnitude_masks(tensors: Sequence[Tensor], share: float) -> list[Tensor]:
    sizes = torch.cat([t.detach().abs().reshape(-1) for t in tensors])
    rank = sizes.argsort().argsort()
    stays = rank >= math.floor(share * sizes.numel())
    masks, start = [], 0
    for t in tensors:
        masks.append(stays[start : start + t.numel()].reshape(t.shape))
        start += t.numel()
    return masks

# %% right="magnitude_masks" style="topk of the smallest"
@exercise
def magnitude_masks(tensors: Sequence[Tensor], share: float) -> list[Tensor]:
    sizes = torch.cat([t.flatten() for t in tensors]) ** 2
    goes = sizes.abs().topk(int(share * len(sizes)), largest=False).indices
    stays = torch.full((len(sizes),), True)
    stays[goes] = False
    return [m.reshape(t.shape) for m, t in zip(torch.split(stays, [t.numel() for t in tensors]), tensors)]

# %% right="magnitude_masks" style="Python's sorted over places"
@exercise
def magnitude_masks(tensors: Sequence[Tensor], share: float) -> list[Tensor]:
    places = [(abs(value), number, at) for number, t in enumerate(tensors) for at, value in enumerate(t.flatten().tolist())]
    masks = [torch.ones(t.numel(), dtype=torch.bool) for t in tensors]
    for _, number, at in sorted(places)[: int(len(places) * share)]:
        masks[number][at] = False
    return [mask.view(t.size()) for mask, t in zip(masks, tensors)]

# %% right="magnitude_masks" style="the last of equals go: a stable descending sort"
@exercise
def magnitude_masks(tensors: Sequence[Tensor], share: float) -> list[Tensor]:
    sizes = torch.cat([t.abs().ravel() for t in tensors])
    order = torch.sort(sizes, descending=True, stable=True).indices
    keep = len(sizes) - int(share * len(sizes))
    stays = torch.zeros(len(sizes), dtype=torch.bool)
    stays[order[:keep]] = True
    result = []
    for t in tensors:
        mine, stays = stays[: t.numel()], stays[t.numel() :]
        result.append(mine.reshape(t.shape).clone())
    return result

# %% right="magnitude_masks" style="numpy"
import numpy as np

@exercise
def magnitude_masks(tensors: Sequence[Tensor], share: float) -> list[Tensor]:
    row = np.concatenate([t.detach().numpy().ravel() for t in tensors])
    goes = int(np.floor(share * row.size))
    stays = np.ones(row.size, dtype=bool)
    stays[np.argsort(np.abs(row), kind="stable")[:goes]] = False
    cuts = np.cumsum([t.numel() for t in tensors])[:-1]
    return [torch.from_numpy(part.copy()).reshape(t.shape) for part, t in zip(np.split(stays, cuts), tensors)]

# %% right="magnitude_masks" style="a border, and the equals at it counted"
@exercise
def magnitude_masks(tensors: Sequence[Tensor], share: float) -> list[Tensor]:
    sizes = torch.cat([t.abs().flatten() for t in tensors])
    goes = int(share * len(sizes))
    if goes == 0:
        return [torch.ones(t.shape, dtype=torch.bool) for t in tensors]
    border = sizes.kthvalue(goes).values
    stays = sizes > border
    equal = (sizes == border).nonzero().flatten()
    spare = goes - int((sizes < border).sum())
    stays[equal[spare:]] = True
    return [part.view(t.shape) for part, t in zip(stays.split([t.numel() for t in tensors]), tensors)]

# %% wrong="magnitude_masks" really="who stays is at least as large as the first that stays: of equal ones at the border too many stay"
@exercise
def magnitude_masks(tensors: Sequence[Tensor], share: float) -> list[Tensor]:
    row = torch.cat([t.flatten().abs() for t in tensors]).sort().values
    goes = int(share * len(row))
    if goes == len(row):
        return [torch.zeros_like(t, dtype=torch.bool) for t in tensors]
    return [t.abs() >= row[goes] for t in tensors]

# %% right="magnitude_masks" style="the third hint, its 'stays = all True' written by ones(len)"
@exercise
def magnitude_masks(tensors: Sequence[Tensor], share: float) -> list[Tensor]:
    sizes = torch.cat([t.flatten().abs() for t in tensors])
    stays = torch.ones(len(sizes), dtype=torch.bool)
    stays[sizes.argsort()[: int(share * len(sizes))]] = False
    return [part.view(t.shape) for part, t in zip(stays.split([t.numel() for t in tensors]), tensors)]

# %% wrong="quantise" really="2 ** bits steps and not 2 ** bits - 1: the scale is too small, high is cut off"
@exercise
def quantise(values: Tensor, low: float, high: float, bits: int = 8) -> tuple[Tensor, float, int]:
    scale = (high - low) / 2 ** bits
    zero = round(-low / scale)
    return ((values / scale).round() + zero).clamp(0, 2 ** bits - 1).to(torch.uint8), scale, zero

# %% wrong="quantise" really="cut off and not rounded: to(uint8) rounds down"
@exercise
def quantise(values: Tensor, low: float, high: float, bits: int = 8) -> tuple[Tensor, float, int]:
    scale = (high - low) / (2 ** bits - 1)
    zero = round(-low / scale)
    return (values / scale + zero).clamp(0, 2 ** bits - 1).to(torch.uint8), scale, zero

# %% wrong="quantise" really="no clamp: values outside of the range wrap around in uint8"
@exercise
def quantise(values: Tensor, low: float, high: float, bits: int = 8) -> tuple[Tensor, float, int]:
    scale = (high - low) / (2 ** bits - 1)
    zero = round(-low / scale)
    return ((values / scale).round() + zero).to(torch.uint8), scale, zero

# %% wrong="quantise" really="clamped after it became uint8, when it has wrapped already"
@exercise
def quantise(values: Tensor, low: float, high: float, bits: int = 8) -> tuple[Tensor, float, int]:
    scale = (high - low) / (2 ** bits - 1)
    zero = round(-low / scale)
    return ((values / scale).round() + zero).to(torch.uint8).clamp(0, 2 ** bits - 1), scale, zero

# %% wrong="quantise" really="measured from low and then rounded: codes near the middle differ by one, 0 is not exact"
@exercise
def quantise(values: Tensor, low: float, high: float, bits: int = 8) -> tuple[Tensor, float, int]:
    steps = 2 ** bits - 1
    scale = (high - low) / steps
    codes = ((values.clamp(low, high) - low) / scale).round()
    return codes.to(torch.uint8), scale, round(-low / scale)

# %% wrong="quantise" really="clamped to 255 whatever bits says"
@exercise
def quantise(values: Tensor, low: float, high: float, bits: int = 8) -> tuple[Tensor, float, int]:
    scale = (high - low) / (2 ** bits - 1)
    zero = round(-low / scale)
    return ((values / scale).round() + zero).clamp(0, 255).to(torch.uint8), scale, zero

# %% wrong="quantise" really="255 steps whatever bits says"
@exercise
def quantise(values: Tensor, low: float, high: float, bits: int = 8) -> tuple[Tensor, float, int]:
    scale = (high - low) / 255
    zero = round(-low / scale)
    return ((values / scale).round() + zero).clamp(0, 255).to(torch.uint8), scale, zero

# %% wrong="quantise" really="the zero point has the wrong sign: round(low / scale) is added"
@exercise
def quantise(values: Tensor, low: float, high: float, bits: int = 8) -> tuple[Tensor, float, int]:
    scale = (high - low) / (2 ** bits - 1)
    zero = round(low / scale)
    return ((values / scale).round() + zero).clamp(0, 2 ** bits - 1).to(torch.uint8), scale, zero

# %% wrong="quantise" really="the values are clipped to low and high in place: they are not left as they were"
@exercise
def quantise(values: Tensor, low: float, high: float, bits: int = 8) -> tuple[Tensor, float, int]:
    scale = (high - low) / (2 ** bits - 1)
    zero = round(-low / scale)
    codes = values.clamp_(low, high).div(scale).round() + zero
    return codes.clamp(0, 2 ** bits - 1).to(torch.uint8), scale, zero

# %% wrong="quantise" really="the range is taken from the values, low and high are not looked at"
@exercise
def quantise(values: Tensor, low: float, high: float, bits: int = 8) -> tuple[Tensor, float, int]:
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
    scale = (high - low) / (2 ** bits - 1)
    zero = round(-low / scale)
    return ((values / scale).round() + zero).clamp(0, 2 ** bits - 1).to(torch.uint8), scale, zero

# %% wrong="quantise" really="the zero point is cut off, int(), and not rounded"
@exercise
def quantise(values: Tensor, low: float, high: float, bits: int = 8) -> tuple[Tensor, float, int]:
    scale = (high - low) / (2 ** bits - 1)
    zero = int(-low / scale)
    return ((values / scale).round() + zero).clamp(0, 2 ** bits - 1).to(torch.uint8), scale, zero

# %% wrong="quantise" really="the codes stay floats, not uint8"
@exercise
def quantise(values: Tensor, low: float, high: float, bits: int = 8) -> tuple[Tensor, float, int]:
    scale = (high - low) / (2 ** bits - 1)
    zero = round(-low / scale)
    return ((values / scale).round() + zero).clamp(0, 2 ** bits - 1), scale, zero

# %% wrong="quantise" really="the scale is turned over: marks per unit and not units per mark"
@exercise
def quantise(values: Tensor, low: float, high: float, bits: int = 8) -> tuple[Tensor, float, int]:
    scale = (2 ** bits - 1) / (high - low)
    zero = round(-low * scale)
    return ((values * scale).round() + zero).clamp(0, 2 ** bits - 1).to(torch.uint8), scale, zero

# %% wrong="quantise" really="the zero point is not rounded: a float, so 0 lies on no mark exactly"
@exercise
def quantise(values: Tensor, low: float, high: float, bits: int = 8) -> tuple[Tensor, float, int]:
    scale = (high - low) / (2 ** bits - 1)
    zero = -low / scale
    return (values / scale + zero).round().clamp(0, 2 ** bits - 1).to(torch.uint8), scale, zero

# %% wrong="quantise" really="a code in the clipped range is off: values are clamped to low and high only, and the code may leave 0 to 2 ** bits - 1 and wrap"
@exercise
def quantise(values: Tensor, low: float, high: float, bits: int = 8) -> tuple[Tensor, float, int]:
    scale = (high - low) / (2 ** bits - 1)
    zero = round(-low / scale)
    return ((values.clamp(low, high) / scale).round() + zero).to(torch.uint8), scale, zero

# %% right="quantise" style="rounding by floor(x + 0.5)"
@exercise
def quantise(values: Tensor, low: float, high: float, bits: int = 8) -> tuple[Tensor, float, int]:
    top = (1 << bits) - 1
    scale = (high - low) / top
    zero = round(-low / scale)
    codes = torch.floor(values / scale + 0.5) + zero
    return torch.clamp(codes, min=0, max=top).to(torch.uint8), scale, zero

# %% right="quantise" style="the zero point is added before rounding"
@exercise
def quantise(values: Tensor, low: float, high: float, bits: int = 8) -> tuple[Tensor, float, int]:
    n = 2 ** bits - 1
    s = (high - low) / n
    z = int(round(-low / s))
    return (values / s + z).round().clamp(0, n).type(torch.uint8), float(s), z

# %% right="quantise" style="the nearest of all marks, by a table"
@exercise
def quantise(values: Tensor, low: float, high: float, bits: int = 8) -> tuple[Tensor, float, int]:
    count = 2 ** bits
    scale = (high - low) / (count - 1)
    zero = round(-low / scale)
    marks = (torch.arange(count, dtype=torch.float64) - zero) * scale
    codes = (values.double()[..., None] - marks).abs().argmin(dim=-1)
    return codes.to(torch.uint8), scale, zero

# %% right="quantise" style="one value after the other"
@exercise
def quantise(values: Tensor, low: float, high: float, bits: int = 8) -> tuple[Tensor, float, int]:
    last = 2 ** bits - 1
    scale = (high - low) / last
    zero = round(-low / scale)
    codes = torch.empty(values.numel(), dtype=torch.uint8)
    for i, value in enumerate(values.flatten().tolist()):
        codes[i] = max(0, min(last, round(value / scale) + zero))
    return codes.reshape(values.shape), scale, zero

# %% right="quantise" style="multiply by marks per unit"
@exercise
def quantise(values: Tensor, low: float, high: float, bits: int = 8) -> tuple[Tensor, float, int]:
    per_unit = (2 ** bits - 1) / (high - low)
    zero = round(-low * per_unit)
    codes = torch.round(values * per_unit).add(zero).clamp(0, 2 ** bits - 1)
    return codes.byte(), 1 / per_unit, zero

# %% right="quantise" style="torch.quantize_per_tensor"
@exercise
def quantise(values: Tensor, low: float, high: float, bits: int = 8) -> tuple[Tensor, float, int]:
    scale = (high - low) / (2 ** bits - 1)
    zero = round(-low / scale)
    codes = torch.quantize_per_tensor(values.float(), scale, zero, torch.quint8).int_repr()
    return codes.clamp(max=2 ** bits - 1), scale, zero

# %% right="quantise" style="numpy"
import numpy as np

@exercise
def quantise(values: Tensor, low: float, high: float, bits: int = 8) -> tuple[Tensor, float, int]:
    scale = (high - low) / (2 ** bits - 1)
    zero = int(np.rint(-low / scale))
    codes = np.clip(np.rint(values.detach().numpy() / scale) + zero, 0, 2 ** bits - 1)
    return torch.as_tensor(codes).to(torch.uint8), scale, zero

# %% right="quantise" style="the scale as a difference of two quotients"
@exercise
def quantise(values: Tensor, low: float, high: float, bits: int = 8) -> tuple[Tensor, float, int]:
    n = 2 ** bits - 1
    scale = high / n - low / n
    zero = round(-low / scale)
    return ((values / scale).round() + zero).clamp(0, n).to(torch.uint8), scale, zero

# %% wrong="distillation_loss" really="the factor temperature ** 2 is missing"
@exercise
def distillation_loss(student: Tensor, teacher: Tensor, labels: Tensor, temperature: float = 4.0, share: float = 0.9) -> Tensor:
    p = (teacher / temperature).log_softmax(dim=1)
    q = (student / temperature).log_softmax(dim=1)
    soft = (p.exp() * (p - q)).sum(dim=1).mean()
    return (1 - share) * nn.functional.cross_entropy(student, labels) + share * soft

# %% wrong="distillation_loss" really="the factor is temperature and not its square"
@exercise
def distillation_loss(student: Tensor, teacher: Tensor, labels: Tensor, temperature: float = 4.0, share: float = 0.9) -> Tensor:
    p = (teacher / temperature).log_softmax(dim=1)
    q = (student / temperature).log_softmax(dim=1)
    soft = temperature * (p.exp() * (p - q)).sum(dim=1).mean()
    return (1 - share) * nn.functional.cross_entropy(student, labels) + share * soft

# %% wrong="distillation_loss" really="kl_div's 'mean' divides by the classes, too; 'batchmean' is wanted"
@exercise
def distillation_loss(student: Tensor, teacher: Tensor, labels: Tensor, temperature: float = 4.0, share: float = 0.9) -> Tensor:
    soft = nn.functional.kl_div(
        (student / temperature).log_softmax(dim=1), (teacher / temperature).softmax(dim=1), reduction="mean"
    )
    return (1 - share) * nn.functional.cross_entropy(student, labels) + share * temperature ** 2 * soft

# %% wrong="distillation_loss" really="the divergence is the wrong way round: q (log q - log p)"
@exercise
def distillation_loss(student: Tensor, teacher: Tensor, labels: Tensor, temperature: float = 4.0, share: float = 0.9) -> Tensor:
    p = (teacher / temperature).log_softmax(dim=1)
    q = (student / temperature).log_softmax(dim=1)
    soft = (q.exp() * (q - p)).sum(dim=1).mean()
    return (1 - share) * nn.functional.cross_entropy(student, labels) + share * temperature ** 2 * soft

# %% wrong="distillation_loss" really="the two shares are exchanged: share is given to the labels"
@exercise
def distillation_loss(student: Tensor, teacher: Tensor, labels: Tensor, temperature: float = 4.0, share: float = 0.9) -> Tensor:
    p = (teacher / temperature).log_softmax(dim=1)
    q = (student / temperature).log_softmax(dim=1)
    soft = temperature ** 2 * (p.exp() * (p - q)).sum(dim=1).mean()
    return share * nn.functional.cross_entropy(student, labels) + (1 - share) * soft

# %% wrong="distillation_loss" really="the labels' part is softened, too: student / temperature goes into the cross-entropy"
@exercise
def distillation_loss(student: Tensor, teacher: Tensor, labels: Tensor, temperature: float = 4.0, share: float = 0.9) -> Tensor:
    student, teacher = student / temperature, teacher / temperature
    p, q = teacher.log_softmax(dim=1), student.log_softmax(dim=1)
    soft = temperature ** 2 * (p.exp() * (p - q)).sum(dim=1).mean()
    return (1 - share) * nn.functional.cross_entropy(student, labels) + share * soft

# %% wrong="distillation_loss" really="softmax and then log: nan where a probability is 0"
@exercise
def distillation_loss(student: Tensor, teacher: Tensor, labels: Tensor, temperature: float = 4.0, share: float = 0.9) -> Tensor:
    p = (teacher / temperature).softmax(dim=1)
    q = (student / temperature).softmax(dim=1)
    soft = (p * (p.log() - q.log())).sum(dim=1).mean()
    return (1 - share) * nn.functional.cross_entropy(student, labels) + share * temperature ** 2 * soft

# %% wrong="distillation_loss" really="soft cross-entropy: p log p is left out, so it is not 0 where they agree"
@exercise
def distillation_loss(student: Tensor, teacher: Tensor, labels: Tensor, temperature: float = 4.0, share: float = 0.9) -> Tensor:
    p = (teacher / temperature).softmax(dim=1)
    q = (student / temperature).log_softmax(dim=1)
    soft = -(p * q).sum(dim=1).mean()
    return (1 - share) * nn.functional.cross_entropy(student, labels) + share * temperature ** 2 * soft

# %% wrong="distillation_loss" really="the softmax goes over the rows and not over the classes (dim=0)"
@exercise
def distillation_loss(student: Tensor, teacher: Tensor, labels: Tensor, temperature: float = 4.0, share: float = 0.9) -> Tensor:
    p = (teacher / temperature).log_softmax(dim=0)
    q = (student / temperature).log_softmax(dim=0)
    soft = (p.exp() * (p - q)).sum(dim=1).mean()
    return (1 - share) * nn.functional.cross_entropy(student, labels) + share * temperature ** 2 * soft

# %% wrong="distillation_loss" really="summed over the rows, not the mean of them"
@exercise
def distillation_loss(student: Tensor, teacher: Tensor, labels: Tensor, temperature: float = 4.0, share: float = 0.9) -> Tensor:
    p = (teacher / temperature).log_softmax(dim=1)
    q = (student / temperature).log_softmax(dim=1)
    soft = (p.exp() * (p - q)).sum()
    return (1 - share) * nn.functional.cross_entropy(student, labels) + share * temperature ** 2 * soft

# %% wrong="distillation_loss" really="the teacher's part is computed under no_grad: its gradient never reaches the student, only that of the labels does"
@exercise
def distillation_loss(student: Tensor, teacher: Tensor, labels: Tensor, temperature: float = 4.0, share: float = 0.9) -> Tensor:
    with torch.no_grad():
        p = (teacher / temperature).log_softmax(dim=1)
        q = (student / temperature).log_softmax(dim=1)
        soft = temperature ** 2 * (p.exp() * (p - q)).sum(dim=1).mean()
    return (1 - share) * nn.functional.cross_entropy(student, labels) + share * soft

# %% wrong="distillation_loss" really="only the student is softened, the teacher's logits are left at temperature 1"
@exercise
def distillation_loss(student: Tensor, teacher: Tensor, labels: Tensor, temperature: float = 4.0, share: float = 0.9) -> Tensor:
    p = teacher.log_softmax(dim=1)
    q = (student / temperature).log_softmax(dim=1)
    soft = temperature ** 2 * (p.exp() * (p - q)).sum(dim=1).mean()
    return (1 - share) * nn.functional.cross_entropy(student, labels) + share * soft

# %% wrong="distillation_loss" really="nothing is softened: the temperature is only in the factor"
@exercise
def distillation_loss(student: Tensor, teacher: Tensor, labels: Tensor, temperature: float = 4.0, share: float = 0.9) -> Tensor:
    p = teacher.log_softmax(dim=1)
    q = student.log_softmax(dim=1)
    soft = (p.exp() * (p - q)).sum(dim=1).mean()
    return (1 - share) * nn.functional.cross_entropy(student, labels) + share * temperature ** 2 * soft

# %% wrong="distillation_loss" really="the labels' part is not weighed by 1 - share, it is added whole"
@exercise
def distillation_loss(student: Tensor, teacher: Tensor, labels: Tensor, temperature: float = 4.0, share: float = 0.9) -> Tensor:
    p = (teacher / temperature).log_softmax(dim=1)
    q = (student / temperature).log_softmax(dim=1)
    soft = (p.exp() * (p - q)).sum(dim=1).mean()
    return nn.functional.cross_entropy(student, labels) + share * temperature ** 2 * soft

# %% wrong="distillation_loss" really="a small number in the logarithm against 0 bends the result where probabilities are tiny"
@exercise
def distillation_loss(student: Tensor, teacher: Tensor, labels: Tensor, temperature: float = 4.0, share: float = 0.9) -> Tensor:
    p = (teacher / temperature).softmax(dim=1)
    q = (student / temperature).softmax(dim=1)
    soft = (p * ((p + 1e-8).log() - (q + 1e-8).log())).sum(dim=1).mean()
    return (1 - share) * nn.functional.cross_entropy(student, labels) + share * temperature ** 2 * soft

# %% wrong="distillation_loss" really="the cross-entropy is taken of student.data: no gradient of the labels' part reaches the student"
@exercise
def distillation_loss(student: Tensor, teacher: Tensor, labels: Tensor, temperature: float = 4.0, share: float = 0.9) -> Tensor:
    p = (teacher / temperature).log_softmax(dim=1)
    q = (student / temperature).log_softmax(dim=1)
    soft = temperature ** 2 * (p.exp() * (p - q)).sum(dim=1).mean()
    return (1 - share) * nn.functional.cross_entropy(student.data, labels) + share * soft

# %% right="distillation_loss" style="kl_div, batchmean, log_target"
@exercise
def distillation_loss(student: Tensor, teacher: Tensor, labels: Tensor, temperature: float = 4.0, share: float = 0.9) -> Tensor:
    F = nn.functional
    soft = F.kl_div(
        F.log_softmax(student / temperature, dim=1),
        F.log_softmax(teacher / temperature, dim=1),
        reduction="batchmean",
        log_target=True,
    )
    return F.cross_entropy(student, labels) * (1 - share) + soft * temperature ** 2 * share

# %% right="distillation_loss" style="kl_div with probabilities"
@exercise
def distillation_loss(student: Tensor, teacher: Tensor, labels: Tensor, temperature: float = 4.0, share: float = 0.9) -> Tensor:
    hard = nn.CrossEntropyLoss()(student, labels)
    soft = nn.KLDivLoss(reduction="batchmean")((student / temperature).log_softmax(1), (teacher / temperature).softmax(1).detach())
    return hard + share * (temperature ** 2 * soft - hard)

# %% right="distillation_loss" style="torch.distributions"
from torch.distributions import Categorical, kl_divergence

@exercise
def distillation_loss(student: Tensor, teacher: Tensor, labels: Tensor, temperature: float = 4.0, share: float = 0.9) -> Tensor:
    soft = kl_divergence(Categorical(logits=teacher / temperature), Categorical(logits=student / temperature)).mean()
    hard = -Categorical(logits=student).log_prob(labels).mean()
    return (1 - share) * hard + share * temperature * temperature * soft

# %% right="distillation_loss" style="loops over rows"
@exercise
def distillation_loss(student: Tensor, teacher: Tensor, labels: Tensor, temperature: float = 4.0, share: float = 0.9) -> Tensor:
    n = len(labels)
    total = student.new_zeros(())
    for row in range(n):
        log_p = torch.log_softmax(teacher[row] / temperature, dim=0)
        log_q = torch.log_softmax(student[row] / temperature, dim=0)
        total = total + share * temperature ** 2 * torch.dot(log_p.exp(), log_p - log_q)
        total = total - (1 - share) * torch.log_softmax(student[row], dim=0)[labels[row]]
    return total / n

# %% right="distillation_loss" style="einsum, logsumexp by hand"
@exercise
def distillation_loss(student: Tensor, teacher: Tensor, labels: Tensor, temperature: float = 4.0, share: float = 0.9) -> Tensor:
    def logs(logits):
        return logits - logits.logsumexp(dim=1, keepdim=True)
    a, b = logs(teacher / temperature), logs(student / temperature)
    soft = torch.einsum("nc,nc->", a.exp(), a - b) / len(student)
    hard = -logs(student).gather(1, labels[:, None]).mean()
    return share * temperature ** 2 * soft + (1 - share) * hard

# %% right="distillation_loss" style="cross-entropy with soft targets, less the teacher's entropy"
@exercise
def distillation_loss(student: Tensor, teacher: Tensor, labels: Tensor, temperature: float = 4.0, share: float = 0.9) -> Tensor:
    target = torch.softmax(teacher / temperature, dim=-1)
    crossed = nn.functional.cross_entropy(student / temperature, target)
    entropy = -torch.xlogy(target, target).sum(dim=-1).mean()
    teacher_part = (crossed - entropy) * temperature ** 2
    label_part = nn.functional.nll_loss(torch.log_softmax(student, dim=-1), labels)
    return torch.lerp(label_part, teacher_part, share)
