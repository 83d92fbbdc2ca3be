"""Right and wrong answers to lesson 14 (Does size matter?), as learners give them.
Each cell is an answer to one exercise; a wrong one is named by a part of what the checks must say about it.
Read first: solutions/14-efficiency/efficiency.py, for what is asked."""

# %% right="training_cost" style="device-hours first"
@exercise
def training_cost(parameters, tokens, devices, speed, used, watts, price):
    operations = 2 * parameters * tokens + 4 * parameters * tokens
    device_hours = operations / (speed * used) / 60 / 60
    return device_hours / devices / 24, device_hours * price, device_hours * watts * 1e-3


# %% right="training_cost" style="a list, and joules on the way"
@exercise
def training_cost(parameters, tokens, devices, speed, used, watts, price):
    seconds = 6 * parameters * tokens / devices / (speed * used)
    joules = watts * devices * seconds
    return [seconds / 86400, devices * price * seconds / 3600, joules / 3.6e6]


# %% right="training_cost" style="a tensor on the way"
@exercise
def training_cost(parameters, tokens, devices, speed, used, watts, price):
    hours = (6 * tensor(parameters, dtype=torch.float64) * tokens / (devices * speed * used) / 3600).item()
    days, paid, drawn = hours / 24, 0.0, 0.0
    for _ in range(devices):
        paid += hours * price
        drawn += hours * watts / 1000
    return days, paid, drawn


# %% wrong="training_cost" named="two operations a weight and token"
@exercise
def training_cost(parameters, tokens, devices, speed, used, watts, price):
    hours = 2 * parameters * tokens / (devices * speed * used) / 3600
    return hours / 24, hours * devices * price, hours * devices * watts / 1000


# %% wrong="training_cost" named="money and energy are those of one device"
@exercise
def training_cost(parameters, tokens, devices, speed, used, watts, price):
    hours = 6 * parameters * tokens / (devices * speed * used) / 3600
    return hours / 24, hours * price, hours * watts / 1000


# %% wrong="training_cost" named="the energy is in watt-hours"
@exercise
def training_cost(parameters, tokens, devices, speed, used, watts, price):
    hours = 6 * parameters * tokens / (devices * speed * used) / 3600
    return hours / 24, hours * devices * price, hours * devices * watts


# %% wrong="training_cost" named="they reach a share of it"
@exercise
def training_cost(parameters, tokens, devices, speed, used, watts, price):
    hours = 6 * parameters * tokens / (devices * speed) / 3600
    return hours / 24, hours * devices * price, hours * devices * watts / 1000


# %% wrong="training_cost" named="the first number is in hours"
@exercise
def training_cost(parameters, tokens, devices, speed, used, watts, price):
    hours = 6 * parameters * tokens / (devices * speed * used) / 3600
    return hours, hours * devices * price, hours * devices * watts / 1000


# %% right="convolution_cost" style="a layer made and asked"
@exercise
def convolution_cost(channels_in, channels_out, side, rows, columns, groups=1):
    layer = nn.Conv2d(channels_in, channels_out, side, groups=groups, bias=False)
    weights = layer.weight.numel()
    return weights, weights * rows * columns * 2


# %% right="convolution_cost" style="group by group"
@exercise
def convolution_cost(channels_in, channels_out, side, rows, columns, groups=1):
    weights = 0
    for _ in range(groups):
        weights += (channels_in // groups) * (channels_out // groups) * side ** 2
    multiplications = weights * rows * columns
    return weights, multiplications + multiplications


# %% right="convolution_cost" style="torch's own counter"
@exercise
def convolution_cost(channels_in, channels_out, side, rows, columns, groups=1):
    from torch.utils.flop_counter import FlopCounterMode
    layer = nn.Conv2d(channels_in, channels_out, side, groups=groups, bias=False)
    with FlopCounterMode(display=False) as seen, torch.no_grad():
        layer(torch.zeros(1, channels_in, rows + side - 1, columns + side - 1))
    return layer.weight.numel(), seen.get_total_flops()


# %% wrong="convolution_cost" named="groups are not looked at"
@exercise
def convolution_cost(channels_in, channels_out, side, rows, columns, groups=1):
    weights = channels_in * channels_out * side * side
    return weights, 2 * weights * rows * columns


# %% wrong="convolution_cost" named="count two here, and you counted one"
@exercise
def convolution_cost(channels_in, channels_out, side, rows, columns, groups=1):
    weights = channels_in * channels_out * side * side // groups
    return weights, weights * rows * columns


# %% wrong="convolution_cost" named="you divided both numbers of channels by the groups"
@exercise
def convolution_cost(channels_in, channels_out, side, rows, columns, groups=1):
    weights = (channels_in // groups) * (channels_out // groups) * side * side
    return weights, 2 * weights * rows * columns


# %% wrong="convolution_cost" named="a bias is counted"
@exercise
def convolution_cost(channels_in, channels_out, side, rows, columns, groups=1):
    weights = channels_out * (channels_in // groups * side * side + 1)
    return weights, 2 * weights * rows * columns


# %% wrong="convolution_cost" named="weights and operations have changed places"
@exercise
def convolution_cost(channels_in, channels_out, side, rows, columns, groups=1):
    weights = channels_out * (channels_in // groups) * side * side
    return 2 * weights * rows * columns, weights


# %% right="codebook" style="one-hot and a matrix product"
@exercise
def codebook(values, centres, steps):
    book = centres
    for _ in range(steps):
        belongs = nn.functional.one_hot((values[:, None] - book[None]).square().argmin(1), len(book)).to(values)
        count = belongs.sum(0)
        book = torch.where(count > 0, belongs.T @ values / count.clamp(min=1), book)
    return book + 0, (values[:, None] - book[None]).square().argmin(1)


# %% right="codebook" style="value by value"
@exercise
def codebook(values, centres, steps):
    def nearest(book):
        return [min(range(len(book)), key=lambda number: abs(float(value) - float(book[number]))) for value in values]

    book = [centre for centre in centres]
    for _ in range(steps):
        codes, moved = nearest(book), []
        for number, centre in enumerate(book):
            own = [value for value, code in zip(values, codes) if code == number]
            moved.append(torch.stack(own).mean() if own else centre)
        book = moved
    return torch.stack(book), torch.tensor(nearest(book))


# %% right="codebook" style="cdist and bincount"
@exercise
def codebook(values, centres, steps):
    book = centres.clone()
    for step in range(steps + 1):
        codes = torch.cdist(values[:, None], book[:, None]).argmin(dim=1)
        if step == steps:
            return book, codes
        sums, counts = torch.zeros_like(book), torch.zeros_like(book)
        sums.scatter_add_(0, codes, values)
        counts.scatter_add_(0, codes, torch.ones_like(values))
        book[counts > 0] = (sums / counts)[counts > 0]


# %% wrong="codebook" named="those of before the last move"
@exercise
def codebook(values, centres, steps):
    centres = centres.clone()
    codes = (values[:, None] - centres).abs().argmin(dim=1)
    for _ in range(steps):
        codes = (values[:, None] - centres).abs().argmin(dim=1)
        for number in range(len(centres)):
            if (codes == number).any():
                centres[number] = values[codes == number].mean()
    return centres, codes


# %% wrong="codebook" named="became NaN"
@exercise
def codebook(values, centres, steps):
    centres = centres.clone()
    for _ in range(steps):
        codes = (values[:, None] - centres).abs().argmin(dim=1)
        for number in range(len(centres)):
            centres[number] = values[codes == number].mean()
    return centres, (values[:, None] - centres).abs().argmin(dim=1)


# %% wrong="codebook" named="asked anew who belongs to whom"
@exercise
def codebook(values, centres, steps):
    centres = centres.clone()
    for _ in range(steps):
        for number in range(len(centres)):
            codes = (values[:, None] - centres).abs().argmin(dim=1)
            if (codes == number).any():
                centres[number] = values[codes == number].mean()
    return centres, (values[:, None] - centres).abs().argmin(dim=1)


# %% wrong="codebook" named="one step was made"
@exercise
def codebook(values, centres, steps):
    codes = (values[:, None] - centres).abs().argmin(dim=1)
    moved = centres.clone()
    for number in range(len(centres)):
        if (codes == number).any():
            moved[number] = values[codes == number].mean()
    return moved, (values[:, None] - moved).abs().argmin(dim=1)


# %% wrong="codebook" named=""
@exercise
def codebook(values, centres, steps):
    for _ in range(steps):
        codes = (values[:, None] - centres).abs().argmin(dim=1)
        for number in range(len(centres)):
            if (codes == number).any():
                centres[number] = values[codes == number].mean()   # the caller's own tensor
    return centres, (values[:, None] - centres).abs().argmin(dim=1)


# %% right="magnitude_masks" style="topk of those that stay"
@exercise
def magnitude_masks(tensors, share):
    sizes = torch.cat([one.reshape(-1).abs() for one in tensors])
    keep = len(sizes) - int(share * len(sizes))
    row = torch.zeros(len(sizes), dtype=torch.bool, device=sizes.device)
    row[sizes.topk(keep).indices] = True
    masks, at = [], 0
    for one in tensors:
        masks.append(row[at:at + one.numel()].reshape(one.shape))
        at += one.numel()
    return masks


# %% right="magnitude_masks" style="a border, and as many of the equals as are missing"
@exercise
def magnitude_masks(tensors, share):
    row = torch.cat([one.abs().flatten() for one in tensors])
    goes = int(share * len(row))
    if goes == 0:
        return [torch.ones(one.shape, dtype=torch.bool) for one in tensors]
    border = row.sort().values[goes - 1]
    stays = row > border
    equal = (row == border).nonzero().flatten()
    stays[equal[: int((row <= border).sum()) - goes]] = True
    return [part.view(one.shape) for one, part in zip(tensors, stays.split([one.numel() for one in tensors]))]


# %% right="magnitude_masks" style="all stay, and then the smallest go"
@exercise
def magnitude_masks(tensors, share):
    row = torch.cat([one.abs().flatten() for one in tensors])
    stays = torch.ones(len(row), dtype=torch.bool)
    stays[row.topk(int(share * len(row)), largest=False).indices] = False
    return [part.view(one.shape) for one, part in zip(tensors, stays.split([one.numel() for one in tensors]))]


# %% wrong="magnitude_masks" named="of weights of equal size at the border all go"
@exercise
def magnitude_masks(tensors, share):
    ordered = torch.cat([one.abs().flatten() for one in tensors]).sort().values
    goes = math.floor(share * len(ordered))
    if goes == 0:
        return [torch.ones_like(one, dtype=torch.bool) for one in tensors]
    return [one.abs() > ordered[goes - 1] for one in tensors]


# %% wrong="magnitude_masks" named="of weights of equal size at the border all stay"
@exercise
def magnitude_masks(tensors, share):
    ordered = torch.cat([one.abs().flatten() for one in tensors]).sort().values
    goes = int(share * len(ordered))
    if goes == len(ordered):
        return [torch.zeros_like(one, dtype=torch.bool) for one in tensors]
    return [one.abs() >= ordered[goes] for one in tensors]


# %% right="magnitude_masks" style="ranks"
@exercise
def magnitude_masks(tensors, share):
    row = torch.cat([one.flatten() for one in tensors]) ** 2
    rank = row.argsort().argsort()
    stays = rank >= int(len(row) * share)
    return [part.reshape(one.shape) for one, part in zip(tensors, torch.split(stays, [one.numel() for one in tensors]))]


# %% wrong="magnitude_masks" named="True is who goes"
@exercise
def magnitude_masks(tensors, share):
    row = torch.cat([one.abs().flatten() for one in tensors])
    goes = torch.zeros(len(row), dtype=torch.bool)
    goes[row.argsort()[:int(share * len(row))]] = True
    return [part.view(one.shape) for one, part in zip(tensors, goes.split([one.numel() for one in tensors]))]


# %% wrong="magnitude_masks" named="each tensor has a border of its own"
@exercise
def magnitude_masks(tensors, share):
    masks = []
    for one in tensors:
        mask = torch.ones(one.numel(), dtype=torch.bool)
        mask[one.abs().flatten().argsort()[:int(share * one.numel())]] = False
        masks.append(mask.view(one.shape))
    return masks


# %% wrong="magnitude_masks" named="signs count"
@exercise
def magnitude_masks(tensors, share):
    row = torch.cat([one.flatten() for one in tensors])
    stays = torch.ones_like(row, dtype=torch.bool)
    stays[row.argsort()[:int(share * len(row))]] = False
    return [part.view(one.shape) for one, part in zip(tensors, stays.split([one.numel() for one in tensors]))]


# %% wrong="magnitude_masks" named="a bool tensor"
@exercise
def magnitude_masks(tensors, share):
    row = torch.cat([one.abs().flatten() for one in tensors])
    stays = torch.ones_like(row)
    stays[row.argsort()[:int(share * len(row))]] = 0
    return [part.view(one.shape) for one, part in zip(tensors, stays.split([one.numel() for one in tensors]))]


# %% wrong="magnitude_masks" named="those are the pruned weights"
@exercise
def magnitude_masks(tensors, share):
    row = torch.cat([one.abs().flatten() for one in tensors])
    stays = torch.ones_like(row)
    stays[row.argsort()[:int(share * len(row))]] = 0
    return [one * part.view(one.shape) for one, part in zip(tensors, stays.split([one.numel() for one in tensors]))]


# %% right="quantise" style="clamped first"
@exercise
def quantise(values, low, high, bits=8):
    scale = (high - low) / (2 ** bits - 1)
    zero = int(round(-low / scale))
    codes = torch.round(values.clamp(low, high) / scale) + zero
    return torch.clamp(codes, 0, 2 ** bits - 1).to(torch.uint8), scale, zero


# %% right="quantise" style="marks in a table"
@exercise
def quantise(values, low, high, bits=8):
    steps = (1 << bits) - 1
    scale = (high - low) / steps
    zero = math.floor(-low / scale + 0.5)
    marks = scale * (torch.arange(steps + 1, device=values.device).to(values.dtype) - zero)
    return (values[..., None] - marks).abs().argmin(dim=-1).to(torch.uint8), scale, zero


# %% right="quantise" style="whole numbers, then a byte"
@exercise
def quantise(values, low, high, bits=8):
    most = 2**bits - 1
    scale = (high - low) / most
    zero = round(most * -low / (high - low))
    whole = (values * (1 / scale)).round().long() + zero
    return whole.clamp(min=0, max=most).byte(), scale, zero


# %% wrong="quantise" named="one step fewer between them"
@exercise
def quantise(values, low, high, bits=8):
    scale = (high - low) / 2 ** bits
    zero = round(-low / scale)
    return ((values / scale).round() + zero).clamp(0, 2 ** bits - 1).to(torch.uint8), scale, zero


# %% wrong="quantise" named="0 falls between two of them"
@exercise
def quantise(values, low, high, bits=8):
    scale = (high - low) / (2 ** bits - 1)
    return ((values - low) / scale).round().clamp(0, 2 ** bits - 1).to(torch.uint8), scale, round(-low / scale)


# %% wrong="quantise" named="`bits` changes nothing"
@exercise
def quantise(values, low, high, bits=8):
    scale = (high - low) / 255
    zero = round(-low / scale)
    return ((values / scale).round() + zero).clamp(0, 255).to(torch.uint8), scale, zero


# %% wrong="quantise" named="an uint8 tensor"
@exercise
def quantise(values, low, high, bits=8):
    scale = (high - low) / (2 ** bits - 1)
    zero = round(-low / scale)
    return ((values / scale).round() + zero).clamp(0, 2 ** bits - 1), scale, zero


# %% wrong="quantise" named="the zero point is rounded down"
@exercise
def quantise(values, low, high, bits=8):
    scale = (high - low) / (2 ** bits - 1)
    zero = int(-low / scale)
    return ((values / scale).round() + zero).clamp(0, 2 ** bits - 1).to(torch.uint8), scale, zero


# %% right="quantise" style="marks a unit"
@exercise
def quantise(values, low, high, bits=8):
    each = (2 ** bits - 1) / (high - low)
    zero = round(-low * each)
    return (torch.round(values * each) + zero).clamp(0, 2 ** bits - 1).byte(), 1 / each, zero


# %% right="quantise" style="the scale from a tensor of float32"
@exercise
def quantise(values, low, high, bits=8):
    scale = (tensor(high - low) / (2 ** bits - 1)).item()
    zero = round(-low / scale)
    return ((values / scale).round() + zero).clamp(0, 2 ** bits - 1).to(torch.uint8), scale, zero


# %% wrong="quantise" named="the values are kept between low and high, and the codes are not"
@exercise
def quantise(values, low, high, bits=8):
    scale = (high - low) / (2 ** bits - 1)
    zero = round(-low / scale)
    return (values.clamp(low, high) / scale).round().add(zero).to(torch.int64).to(torch.uint8), scale, zero


# %% right="distillation_loss" style="kl_div"
@exercise
def distillation_loss(student, teacher, labels, temperature=4.0, share=0.9):
    soft = nn.functional.kl_div(nn.functional.log_softmax(student / temperature, dim=1),
                                nn.functional.softmax(teacher / temperature, dim=1), reduction="batchmean")
    return share * temperature ** 2 * soft + (1 - share) * nn.functional.cross_entropy(student, labels)


# %% right="distillation_loss" style="cross-entropy less the teacher's own"
@exercise
def distillation_loss(student, teacher, labels, temperature=4.0, share=0.9):
    p = (teacher / temperature).softmax(dim=1)
    apart = nn.functional.cross_entropy(student / temperature, p) + (p * (teacher / temperature).log_softmax(dim=1)).sum() / len(student)
    return (1 - share) * nn.CrossEntropyLoss()(student, labels) + share * temperature * temperature * apart


# %% right="distillation_loss" style="torch.distributions"
@exercise
def distillation_loss(student, teacher, labels, temperature=4.0, share=0.9):
    from torch.distributions import Categorical, kl_divergence
    far = kl_divergence(Categorical(logits=teacher / temperature), Categorical(logits=student / temperature)).mean()
    near = -student.log_softmax(dim=1)[torch.arange(len(labels), device=labels.device), labels].mean()
    return near - share * near + share * temperature**2 * far


# %% wrong="distillation_loss" named="the temperature squared is missing"
@exercise
def distillation_loss(student, teacher, labels, temperature=4.0, share=0.9):
    soft = nn.functional.kl_div((student / temperature).log_softmax(1), (teacher / temperature).softmax(1), reduction="batchmean")
    return share * soft + (1 - share) * nn.functional.cross_entropy(student, labels)


# %% wrong="distillation_loss" named="divides by rows times classes"
@exercise
def distillation_loss(student, teacher, labels, temperature=4.0, share=0.9):
    soft = nn.functional.kl_div((student / temperature).log_softmax(1), (teacher / temperature).softmax(1))
    return share * temperature**2 * soft + (1 - share) * nn.functional.cross_entropy(student, labels)


# %% wrong="distillation_loss" named="the wrong way round"
@exercise
def distillation_loss(student, teacher, labels, temperature=4.0, share=0.9):
    soft = nn.functional.kl_div((teacher / temperature).log_softmax(1), (student / temperature).softmax(1), reduction="batchmean")
    return share * temperature**2 * soft + (1 - share) * nn.functional.cross_entropy(student, labels)


# %% wrong="distillation_loss" named="the two shares have changed places"
@exercise
def distillation_loss(student, teacher, labels, temperature=4.0, share=0.9):
    soft = nn.functional.kl_div((student / temperature).log_softmax(1), (teacher / temperature).softmax(1), reduction="batchmean")
    return (1 - share) * temperature**2 * soft + share * nn.functional.cross_entropy(student, labels)


# %% wrong="distillation_loss" named="cross-entropy with the teacher's probabilities"
@exercise
def distillation_loss(student, teacher, labels, temperature=4.0, share=0.9):
    soft = nn.functional.cross_entropy(student / temperature, (teacher / temperature).softmax(1))
    return share * temperature**2 * soft + (1 - share) * nn.functional.cross_entropy(student, labels)


# %% wrong="magnitude_masks" named=""
@exercise
def magnitude_masks(tensors, share):
    for one in tensors:
        one.abs_()   # the caller's own weights
    row = torch.cat([one.flatten() for one in tensors])
    stays = torch.ones_like(row, dtype=torch.bool)
    stays[row.argsort()[:int(share * len(row))]] = False
    return [part.view(one.shape) for one, part in zip(tensors, stays.split([one.numel() for one in tensors]))]


# %% wrong="magnitude_masks" named=""
KNOWN = {}


@exercise
def magnitude_masks(tensors, share):
    key = tuple(one.shape for one in tensors), share
    if key not in KNOWN:
        row = torch.cat([one.abs().flatten() for one in tensors])
        stays = torch.ones_like(row, dtype=torch.bool)
        stays[row.argsort()[:int(share * len(row))]] = False
        KNOWN[key] = [part.view(one.shape) for one, part in zip(tensors, stays.split([one.numel() for one in tensors]))]
    return KNOWN[key]


# %% wrong="distillation_loss" named="no gradient of the teacher's part reaches the student"
@exercise
def distillation_loss(student, teacher, labels, temperature=4.0, share=0.9):
    with torch.no_grad():
        soft = nn.functional.kl_div((student / temperature).log_softmax(1), (teacher / temperature).softmax(1), reduction="batchmean")
    return share * temperature**2 * soft + (1 - share) * nn.functional.cross_entropy(student, labels)


# %% wrong="distillation_loss" named="no gradient of the labels' part reaches the student"
@exercise
def distillation_loss(student, teacher, labels, temperature=4.0, share=0.9):
    soft = nn.functional.kl_div((student / temperature).log_softmax(1), (teacher / temperature).softmax(1), reduction="batchmean")
    return share * temperature**2 * soft + (1 - share) * nn.functional.cross_entropy(student.data, labels)


# %% wrong="distillation_loss" named="`log_softmax` does both at once"
@exercise
def distillation_loss(student, teacher, labels, temperature=4.0, share=0.9):
    p, q = (teacher / temperature).softmax(1), (student / temperature).softmax(1)
    soft = (p * (p.log() - q.log())).sum(1).mean()
    return share * temperature**2 * soft + (1 - share) * nn.functional.cross_entropy(student, labels)


# %% wrong="convolution_cost" named="divide with `//`"
@exercise
def convolution_cost(channels_in, channels_out, side, rows, columns, groups=1):
    weights = channels_in / groups * channels_out * side * side
    return weights, 2 * weights * rows * columns
