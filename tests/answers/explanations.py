"""Right and wrong answers to lesson 13 (Right for the wrong reason), as learners give them.
Each cell is an answer to one exercise; a wrong one is named by a part of what the checks must say about it.
Read first: solutions/13-explanations/explanations.py, for what is asked."""

# %% right="saliency" style="backward() on a copy, index by arange"
@exercise
def saliency(model, images, classes):
    x = images.clone().detach()
    x.requires_grad = True
    logits = model(x)
    logits[torch.arange(len(x), device=x.device), classes].sum().backward()
    return x.grad.abs().max(dim=1).values


# %% right="saliency" style="one image at a time"
@exercise
def saliency(model, images, classes):
    maps = []
    for image, kind in zip(images, classes):
        one = image[None].detach().clone().requires_grad_(True)
        logit = model(one)[0, kind]
        grad, = torch.autograd.grad(logit, one)
        maps.append(grad[0].abs().amax(0))
    return torch.stack(maps)


# %% right="saliency" style="torch.func"
@exercise
def saliency(model, images, classes):
    def score(x):
        return (model(x) * nn.functional.one_hot(classes, model(x).shape[1]).to(x)).sum()

    return torch.func.grad(score)(images).abs().amax(1)


# %% wrong="saliency" named="the signs are still there"
@exercise
def saliency(model, images, classes):
    x = images.clone().requires_grad_(True)
    return torch.autograd.grad(model(x).gather(1, classes[:, None]).sum(), x)[0].amax(dim=1)


# %% wrong="saliency" named="after the softmax"
@exercise
def saliency(model, images, classes):
    x = images.clone().requires_grad_(True)
    return torch.autograd.grad(model(x).softmax(1).gather(1, classes[:, None]).sum(), x)[0].abs().amax(dim=1)


# %% wrong="saliency" named="averaged over the channels"
@exercise
def saliency(model, images, classes):
    x = images.clone().requires_grad_(True)
    return torch.autograd.grad(model(x).gather(1, classes[:, None]).sum(), x)[0].abs().mean(dim=1)


# %% wrong="saliency" named="all logits are added up"
@exercise
def saliency(model, images, classes):
    x = images.clone().requires_grad_(True)
    model(x).sum().backward()
    return x.grad.abs().amax(dim=1)


# %% wrong="saliency" named="n times too small"
@exercise
def saliency(model, images, classes):
    x = images.clone().requires_grad_(True)
    model(x).gather(1, classes[:, None]).mean().backward()
    return x.grad.abs().amax(dim=1)


# %% wrong="saliency" named="likes best"
@exercise
def saliency(model, images, classes):
    x = images.clone().requires_grad_(True)
    model(x).max(dim=1).values.sum().backward()
    return x.grad.abs().amax(dim=1)


# %% wrong="saliency" named="the channels are axis 1"
@exercise
def saliency(model, images, classes):
    x = images.detach().clone().requires_grad_()
    g = torch.autograd.grad(model(x).gather(1, classes[:, None]).sum(), x)[0]
    return g.abs().amax(dim=2)


# %% right="occlusion" style="one image, one square at a time"
@exercise
def occlusion(model, images, classes, side, fill=0.0):
    import math
    n, _, h, w = images.shape
    rows, cols = math.ceil(h / side), math.ceil(w / side)
    out = torch.zeros(n, rows, cols, dtype=images.dtype, device=images.device)
    for i in range(n):
        before = model(images[i:i + 1])[0, classes[i]]
        for r in range(rows):
            for c in range(cols):
                copy = images[i:i + 1].clone()
                copy[..., r * side:(r + 1) * side, c * side:(c + 1) * side] = fill
                out[i, r, c] = before - model(copy)[0, classes[i]]
    return out


# %% right="occlusion" style="by a mask and torch.where"
@exercise
def occlusion(model, images, classes, side, fill=0.0):
    h, w = images.shape[-2:]
    down, across = torch.arange(h, device=images.device) // side, torch.arange(w, device=images.device) // side
    pick = torch.arange(len(images), device=images.device)
    whole = model(images)[pick, classes]
    grid = [[whole - model(torch.where((down[:, None] == r) & (across == c), fill, images))[pick, classes] for c in range(-(-w // side))]
            for r in range(-(-h // side))]
    return torch.stack([torch.stack(row, dim=-1) for row in grid], dim=-2)


# %% right="occlusion" style="all squares of all images in one batch"
@exercise
def occlusion(model, images, classes, side, fill=0.0):
    n, c, h, w = images.shape
    tops, lefts = list(range(0, h, side)), list(range(0, w, side))
    batch = images.repeat(len(tops) * len(lefts), 1, 1, 1).clone()
    parts = batch.view(len(tops), len(lefts), n, c, h, w)
    for i, top in enumerate(tops):
        for j, left in enumerate(lefts):
            parts[i, j, :, :, top:top + side, left:left + side] = fill
    logits = model(batch).view(len(tops), len(lefts), n, -1)
    index = classes.view(1, 1, n, 1).expand(len(tops), len(lefts), n, 1)
    before = model(images).gather(1, classes[:, None])[:, 0]
    return (before - logits.gather(3, index)[..., 0]).permute(2, 0, 1)


# %% wrong="occlusion" named="the sign is turned round"
@exercise
def occlusion(model, images, classes, side, fill=0.0):
    h, w = images.shape[2:]
    pick = torch.arange(len(images))
    rows = []
    for top in range(0, h, side):
        row = []
        for left in range(0, w, side):
            x = images.clone()
            x[:, :, top:top + side, left:left + side] = fill
            row.append(model(x)[pick, classes] - model(images)[pick, classes])
        rows.append(torch.stack(row, 1))
    return torch.stack(rows, 1)


# %% wrong="occlusion" named="the squares at the edge are missing"
@exercise
def occlusion(model, images, classes, side, fill=0.0):
    h, w = images.shape[2:]
    pick = torch.arange(len(images))
    out = torch.zeros(len(images), h // side, w // side, dtype=images.dtype)
    for r in range(h // side):
        for c in range(w // side):
            x = images.clone()
            x[:, :, r * side:(r + 1) * side, c * side:(c + 1) * side] = fill
            out[:, r, c] = model(images)[pick, classes] - model(x)[pick, classes]
    return out


# %% wrong="occlusion" named="`fill` changes nothing"
@exercise
def occlusion(model, images, classes, side, fill=0.0):
    h, w = images.shape[2:]
    pick = torch.arange(len(images))
    rows = []
    for top in range(0, h, side):
        row = []
        for left in range(0, w, side):
            x = images.clone()
            x[:, :, top:top + side, left:left + side] = 0
            row.append(model(images)[pick, classes] - model(x)[pick, classes])
        rows.append(torch.stack(row, 1))
    return torch.stack(rows, 1)


# %% wrong="occlusion" named="stays covered"
@exercise
def occlusion(model, images, classes, side, fill=0.0):
    h, w = images.shape[2:]
    pick = torch.arange(len(images))
    x = images.clone()
    rows = []
    for top in range(0, h, side):
        row = []
        for left in range(0, w, side):
            x[:, :, top:top + side, left:left + side] = fill
            row.append(model(images)[pick, classes] - model(x)[pick, classes])
        rows.append(torch.stack(row, 1))
    return torch.stack(rows, 1)


# %% wrong="occlusion" named="take a fresh copy of the images"
@exercise
def occlusion(model, images, classes, side, fill=0.0):
    h, w = images.shape[2:]
    pick = torch.arange(len(images))
    before = model(images)[pick, classes]
    rows = []
    for top in range(0, h, side):
        row = []
        for left in range(0, w, side):
            x = images
            x[:, :, top:top + side, left:left + side] = fill
            row.append(before - model(x)[pick, classes])
        rows.append(torch.stack(row, 1))
    return torch.stack(rows, 1)


# %% wrong="occlusion" named="move by `side`"
@exercise
def occlusion(model, images, classes, side, fill=0.0):
    n, c, h, w = images.shape
    whole = model(images).gather(1, classes[:, None])[:, 0]
    rows = []
    for top in range(h - side + 1):
        row = []
        for left in range(w - side + 1):
            covered = images.clone()
            covered[:, :, top:top + side, left:left + side] = fill
            row.append(whole - model(covered).gather(1, classes[:, None])[:, 0])
        rows.append(torch.stack(row, dim=1))
    return torch.stack(rows, dim=1)


# %% right="integrated_gradients" style="all steps in one batch"
@exercise
def integrated_gradients(model, images, baselines, classes, steps=32):
    shares = (torch.arange(steps, dtype=images.dtype, device=images.device) + 0.5) / steps
    way = images - baselines
    points = (baselines + shares.view(-1, 1, 1, 1, 1) * way).flatten(0, 1).detach().requires_grad_(True)
    logits = model(points).gather(1, classes.repeat(steps)[:, None])
    grads = torch.autograd.grad(logits.sum(), points)[0].view(steps, *images.shape)
    return grads.mean(0) * way


# %% right="integrated_gradients" style="linspace of the middles, one image at a time"
@exercise
def integrated_gradients(model, images, baselines, classes, steps=32):
    out = torch.zeros_like(images)
    for i in range(len(images)):
        for share in torch.linspace(1 / (2 * steps), 1 - 1 / (2 * steps), steps).tolist():
            x = (baselines[i] * (1 - share) + images[i] * share)[None].detach().requires_grad_(True)
            model(x)[0, classes[i]].backward()
            out[i] += x.grad[0] / steps
    return out * (images - baselines)


# %% right="integrated_gradients" style="the middles counted from 1, gradients kept in a list"
@exercise
def integrated_gradients(model, images, baselines, classes, steps=32):
    collected = []
    for k in range(1, steps + 1):
        point = baselines + (2 * k - 1) / (2 * steps) * (images - baselines)
        point = point.clone().detach().requires_grad_()
        score = model(point)[torch.arange(len(images), device=images.device), classes].sum()
        collected.append(torch.autograd.grad(score, point)[0])
    return torch.stack(collected).mean(dim=0).mul(images.sub(baselines))


# %% wrong="integrated_gradients" named="at the end of each piece"
@exercise
def integrated_gradients(model, images, baselines, classes, steps=32):
    total = torch.zeros_like(images)
    for k in range(1, steps + 1):
        x = (baselines + k / steps * (images - baselines)).detach().requires_grad_(True)
        total = total + torch.autograd.grad(model(x).gather(1, classes[:, None]).sum(), x)[0]
    return total / steps * (images - baselines)


# %% wrong="integrated_gradients" named="multiply it by the way"
@exercise
def integrated_gradients(model, images, baselines, classes, steps=32):
    total = torch.zeros_like(images)
    for k in range(steps):
        x = (baselines + (k + 0.5) / steps * (images - baselines)).detach().requires_grad_(True)
        total = total + torch.autograd.grad(model(x).gather(1, classes[:, None]).sum(), x)[0]
    return total / steps


# %% wrong="integrated_gradients" named="you multiplied by the image"
@exercise
def integrated_gradients(model, images, baselines, classes, steps=32):
    total = torch.zeros_like(images)
    for k in range(steps):
        x = (baselines + (k + 0.5) / steps * (images - baselines)).detach().requires_grad_(True)
        total = total + torch.autograd.grad(model(x).gather(1, classes[:, None]).sum(), x)[0]
    return total / steps * images


# %% wrong="integrated_gradients" named="forgot that the way begins at the baseline"
@exercise
def integrated_gradients(model, images, baselines, classes, steps=32):
    total = torch.zeros_like(images)
    for k in range(steps):
        x = ((k + 0.5) / steps * (images - baselines)).detach().requires_grad_(True)
        total = total + torch.autograd.grad(model(x).gather(1, classes[:, None]).sum(), x)[0]
    return total / steps * (images - baselines)


# %% wrong="integrated_gradients" named="did not divide by `steps`"
@exercise
def integrated_gradients(model, images, baselines, classes, steps=32):
    total = torch.zeros_like(images)
    for k in range(steps):
        x = (baselines + (k + 0.5) / steps * (images - baselines)).detach().requires_grad_(True)
        total = total + torch.autograd.grad(model(x).gather(1, classes[:, None]).sum(), x)[0]
    return total * (images - baselines)


# %% wrong="integrated_gradients" named="not baselines less images"
@exercise
def integrated_gradients(model, images, baselines, classes, steps=32):
    way = images - baselines
    total = torch.zeros_like(images)
    for step in range(steps):
        at = (baselines + (step + 0.5) / steps * way).detach().requires_grad_(True)
        total += torch.autograd.grad(model(at).gather(1, classes[:, None]).sum(), at)[0]
    return total / steps * (baselines - images)


# %% wrong="integrated_gradients" named="you walk past the image"
@exercise
def integrated_gradients(model, images, baselines, classes, steps=32):
    way = images - baselines
    total = torch.zeros_like(images)
    for step in range(steps):
        at = (baselines + (step + 0.5) / steps * images).detach().requires_grad_(True)
        total += torch.autograd.grad(model(at).gather(1, classes[:, None]).sum(), at)[0]
    return total / steps * way


# %% wrong="integrated_gradients" named="only the last step's gradient"
@exercise
def integrated_gradients(model, images, baselines, classes, steps=32):
    way = images - baselines
    for step in range(steps):
        at = (baselines + (step + 0.5) / steps * way).detach().requires_grad_(True)
        total = torch.autograd.grad(model(at).gather(1, classes[:, None]).sum(), at)[0]
    return total * way


# %% wrong="integrated_gradients" named="at half weight"
@exercise
def integrated_gradients(model, images, baselines, classes, steps=32):
    way = images - baselines
    total = torch.zeros_like(images)
    for step in range(steps + 1):
        at = (baselines + step / steps * way).detach().requires_grad_(True)
        g = torch.autograd.grad(model(at).gather(1, classes[:, None]).sum(), at)[0]
        total += g / 2 if step in (0, steps) else g
    return total / steps * way


# %% right="deletion_curve" style="one image at a time, topk"
@exercise
def deletion_curve(model, images, attributions, classes, counts, fill=0.0):
    curves = []
    for image, layer, kind in zip(images, attributions, classes):
        points = []
        for count in counts:
            flat = image.clone().flatten(1)
            flat[:, layer.flatten().topk(count).indices] = fill
            points.append(model(flat.view(1, *image.shape)).softmax(dim=1)[0, kind])
        curves.append(torch.stack(points))
    return torch.stack(curves)


# %% right="deletion_curve" style="ranks by sorting twice"
@exercise
def deletion_curve(model, images, attributions, classes, counts, fill=0.0):
    flat = attributions.reshape(len(images), -1)
    rank = (-flat).argsort(1).argsort(1).reshape(attributions.shape).unsqueeze(1)
    pick = torch.arange(len(images), device=images.device)
    return torch.stack([torch.softmax(model(images.masked_fill(rank < count, fill)), dim=-1)[pick, classes] for count in counts], dim=1)


# %% right="deletion_curve" style="how many are greater, pixel by pixel"
@exercise
def deletion_curve(model, images, attributions, classes, counts, fill=0.0):
    flat = attributions.flatten(1)
    rank = (flat[:, None, :] > flat[:, :, None]).sum(dim=2).view_as(attributions)
    out = []
    for count in counts:
        keep = (rank >= count)[:, None]
        logits = model(images * keep + fill * ~keep)
        out.append((logits.gather(1, classes[:, None])[:, 0] - logits.logsumexp(dim=1)).exp())
    return torch.stack(out, 1)


# %% wrong="deletion_curve" named="the smallest numbers of the map first"
@exercise
def deletion_curve(model, images, attributions, classes, counts, fill=0.0):
    rank = attributions.flatten(1).argsort(1).argsort(1).view_as(attributions)
    pick = torch.arange(len(images))
    return torch.stack([model(images.masked_fill((rank < k)[:, None], fill)).softmax(1)[pick, classes] for k in counts], 1)


# %% wrong="deletion_curve" named="compared the places with the count"
@exercise
def deletion_curve(model, images, attributions, classes, counts, fill=0.0):
    order = attributions.flatten(1).argsort(1, descending=True).view_as(attributions)
    pick = torch.arange(len(images))
    return torch.stack([model(images.masked_fill((order < k)[:, None], fill)).softmax(1)[pick, classes] for k in counts], 1)


# %% wrong="deletion_curve" named="these are logits"
@exercise
def deletion_curve(model, images, attributions, classes, counts, fill=0.0):
    rank = attributions.flatten(1).argsort(1, descending=True).argsort(1).view_as(attributions)
    pick = torch.arange(len(images))
    return torch.stack([model(images.masked_fill((rank < k)[:, None], fill))[pick, classes] for k in counts], 1)


# %% wrong="deletion_curve" named="one pixel too many"
@exercise
def deletion_curve(model, images, attributions, classes, counts, fill=0.0):
    rank = attributions.flatten(1).argsort(1, descending=True).argsort(1).view_as(attributions)
    pick = torch.arange(len(images))
    return torch.stack([model(images.masked_fill((rank <= k)[:, None], fill)).softmax(1)[pick, classes] for k in counts], 1)


# %% wrong="deletion_curve" named="largest in size first"
@exercise
def deletion_curve(model, images, attributions, classes, counts, fill=0.0):
    sizes = attributions.abs() + 1e-6 * attributions
    rank = sizes.flatten(1).argsort(1, descending=True).argsort(1).view_as(attributions)
    pick = torch.arange(len(images))
    return torch.stack([model(images.masked_fill((rank < k)[:, None], fill)).softmax(1)[pick, classes] for k in counts], 1)


# %% wrong="deletion_curve" named="the counts are added up"
@exercise
def deletion_curve(model, images, attributions, classes, counts, fill=0.0):
    n, c, h, w = images.shape
    order = attributions.flatten(1).argsort(dim=1, descending=True)
    curve, gone = [], 0
    for count in counts:
        gone += count
        mask = torch.zeros(n, h * w, dtype=torch.bool).scatter(1, order[:, :gone], True).view(n, 1, h, w)
        curve.append(model(torch.where(mask, fill, images)).softmax(dim=1).gather(1, classes[:, None])[:, 0])
    return torch.stack(curve, dim=1)


# %% wrong="deletion_curve" named="the softmax runs over the images"
@exercise
def deletion_curve(model, images, attributions, classes, counts, fill=0.0):
    n, c, h, w = images.shape
    order = attributions.flatten(1).argsort(dim=1, descending=True)
    curve = []
    for count in counts:
        mask = torch.zeros(n, h * w, dtype=torch.bool).scatter(1, order[:, :count], True).view(n, 1, h, w)
        curve.append(model(torch.where(mask, fill, images)).softmax(dim=0).gather(1, classes[:, None])[:, 0])
    return torch.stack(curve, dim=1)


# %% right="transplant" style="plain loops and plain numbers"
@exercise
def transplant(model, images, donor, label, side):
    table = []
    for top in range(0, images.shape[2], side):
        row = []
        for left in range(0, images.shape[3], side):
            turned = 0
            for image in images:
                mixed = image.clone()
                mixed[:, top:top + side, left:left + side] = donor[:, top:top + side, left:left + side]
                if model(mixed[None])[0].argmax() == label:
                    turned += 1
            row.append(turned / len(images))
        table.append(row)
    return tensor(table)


# %% right="transplant" style="by a mask, shares in the images' dtype"
@exercise
def transplant(model, images, donor, label, side):
    h, w = images.shape[-2:]
    row, column = torch.arange(h, device=images.device) // side, torch.arange(w, device=images.device) // side
    out = images.new_zeros(h // side, w // side)
    for r in range(h // side):
        for c in range(w // side):
            here = (row == r)[:, None] & (column == c)[None]
            hits = model(torch.where(here, donor, images)).max(dim=1).indices.eq(label)
            out[r, c] = hits.sum() / len(images)
    return out


# %% right="transplant" style="the squares kept and put back"
@exercise
def transplant(model, images, donor, label, side):
    mixed = images.detach().clone()
    shares = []
    for top in range(0, images.shape[2], side):
        for left in range(0, images.shape[3], side):
            square = mixed[:, :, top:top + side, left:left + side]
            kept = square.clone()
            square[:] = donor[:, top:top + side, left:left + side]
            shares.append((model(mixed).argmax(1) == label).double().mean())
            square[:] = kept
    return torch.stack(shares).view(images.shape[2] // side, -1)


# %% wrong="transplant" named="answer changes"
@exercise
def transplant(model, images, donor, label, side):
    shares = torch.zeros(images.shape[2] // side, images.shape[3] // side)
    before = model(images).argmax(1)
    for r in range(len(shares)):
        for c in range(shares.shape[1]):
            x = images.clone()
            x[:, :, r * side:(r + 1) * side, c * side:(c + 1) * side] = donor[:, r * side:(r + 1) * side, c * side:(c + 1) * side]
            shares[r, c] = (model(x).argmax(1) != before).float().mean()
    return shares


# %% wrong="transplant" named="counts of images"
@exercise
def transplant(model, images, donor, label, side):
    shares = torch.zeros(images.shape[2] // side, images.shape[3] // side)
    for r in range(len(shares)):
        for c in range(shares.shape[1]):
            x = images.clone()
            x[:, :, r * side:(r + 1) * side, c * side:(c + 1) * side] = donor[:, r * side:(r + 1) * side, c * side:(c + 1) * side]
            shares[r, c] = (model(x).argmax(1) == label).sum()
    return shares


# %% wrong="transplant" named="into the donor"
@exercise
def transplant(model, images, donor, label, side):
    shares = torch.zeros(images.shape[2] // side, images.shape[3] // side)
    for r in range(len(shares)):
        for c in range(shares.shape[1]):
            x = donor.repeat(len(images), 1, 1, 1)
            x[:, :, r * side:(r + 1) * side, c * side:(c + 1) * side] = images[:, :, r * side:(r + 1) * side, c * side:(c + 1) * side]
            shares[r, c] = (model(x).argmax(1) == label).float().mean()
    return shares


# %% wrong="transplant" named="a square stays pasted"
@exercise
def transplant(model, images, donor, label, side):
    shares = torch.zeros(images.shape[2] // side, images.shape[3] // side)
    x = images.clone()
    for r in range(len(shares)):
        for c in range(shares.shape[1]):
            x[:, :, r * side:(r + 1) * side, c * side:(c + 1) * side] = donor[:, r * side:(r + 1) * side, c * side:(c + 1) * side]
            shares[r, c] = (model(x).argmax(1) == label).float().mean()
    return shares


# %% wrong="transplant" named="begin at i x side"
@exercise
def transplant(model, images, donor, label, side):
    _, _, h, w = images.shape
    shares = torch.zeros(h // side, w // side)
    for i in range(h // side):
        for j in range(w // side):
            mixed = images.clone()
            mixed[:, :, i:i + side, j:j + side] = donor[:, i:i + side, j:j + side]
            shares[i, j] = (model(mixed).argmax(dim=1) == label).float().mean()
    return shares


# %% wrong="transplant" named="looked for among the images"
@exercise
def transplant(model, images, donor, label, side):
    _, _, h, w = images.shape
    shares = torch.zeros(h // side, w // side)
    for i in range(h // side):
        for j in range(w // side):
            mixed = images.clone()
            ys, xs = slice(i * side, (i + 1) * side), slice(j * side, (j + 1) * side)
            mixed[:, :, ys, xs] = donor[:, ys, xs]
            shares[i, j] = (model(mixed).argmax(dim=0) == label).float().mean()
    return shares


# %% right="both_ways" style="one doubled batch, both halves changed in place"
@exercise
def both_ways(images, labels, mark, top, left):
    twice = images.repeat(2, 1, 1, 1)
    h, w = mark.shape
    n = len(images)
    twice[:n, :, top:top + h, left:left + w] = 0.0
    twice[n:, ..., top:top + h, left:left + w] = mark
    return twice, labels.repeat(2)


# %% right="both_ways" style="the mark padded to the image's size, and a mask"
@exercise
def both_ways(images, labels, mark, top, left):
    height, width = images.shape[-2:]
    around = (left, width - left - mark.shape[1], top, height - top - mark.shape[0])
    full = nn.functional.pad(mark, around)
    here = nn.functional.pad(torch.ones_like(mark), around).bool()
    return torch.cat((images.masked_fill(here, 0), torch.where(here, full, images))), torch.cat((labels, labels))


# %% right="both_ways" style="image by image"
@exercise
def both_ways(images, labels, mark, top, left):
    without, having = [], []
    for image in images:
        a, b = image.clone(), image.clone()
        for channel in range(image.shape[0]):
            for row in range(mark.shape[0]):
                for column in range(mark.shape[1]):
                    a[channel, top + row, left + column] = 0
                    b[channel, top + row, left + column] = mark[row, column]
        without.append(a)
        having.append(b)
    return torch.stack(without + having), labels.tile(2)


# %% wrong="both_ways" named="those with the mark come first"
@exercise
def both_ways(images, labels, mark, top, left):
    a, b = images.clone(), images.clone()
    h, w = mark.shape
    a[:, :, top:top + h, left:left + w] = mark
    b[:, :, top:top + h, left:left + w] = 0
    return torch.cat([a, b]), torch.cat([labels, labels])


# %% wrong="both_ways" named="the labels are there once"
@exercise
def both_ways(images, labels, mark, top, left):
    a, b = images.clone(), images.clone()
    h, w = mark.shape
    a[:, :, top:top + h, left:left + w] = 0
    b[:, :, top:top + h, left:left + w] = mark
    return torch.cat([a, b]), labels


# %% wrong="both_ways" named="the first half is as it came"
@exercise
def both_ways(images, labels, mark, top, left):
    b = images.clone()
    h, w = mark.shape
    b[:, :, top:top + h, left:left + w] = mark
    return torch.cat([images, b]), torch.cat([labels, labels])


# %% wrong="both_ways" named="another order than the images"
@exercise
def both_ways(images, labels, mark, top, left):
    a, b = images.clone(), images.clone()
    h, w = mark.shape
    a[:, :, top:top + h, left:left + w] = 0
    b[:, :, top:top + h, left:left + w] = mark
    return torch.cat([a, b]), labels.repeat_interleave(2)


# %% wrong="both_ways" named="in its place"
@exercise
def both_ways(images, labels, mark, top, left):
    a, b = images.clone(), images.clone()
    h, w = mark.shape
    a[:, :, top:top + h, left:left + w] = 0
    b[:, :, top:top + h, left:left + w] += mark
    return torch.cat([a, b]), torch.cat([labels, labels])


# %% wrong="both_ways" named="printed in the first channel only"
@exercise
def both_ways(images, labels, mark, top, left):
    h, w = mark.shape
    without, having = images.clone(), images.clone()
    without[:, :, top:top + h, left:left + w] = 0
    having[:, 0, top:top + h, left:left + w] = mark
    return torch.cat([without, having]), torch.cat([labels, labels])


# %% wrong="both_ways" named="only where the mark has ink"
@exercise
def both_ways(images, labels, mark, top, left):
    h, w = mark.shape
    without, having = images.clone(), images.clone()
    without[:, :, top:top + h, left:left + w] = 0
    having[:, :, top:top + h, left:left + w] = mark
    without = images.clone()
    place = without[:, :, top:top + h, left:left + w]
    place[:, :, mark > 0] = 0
    return torch.cat([without, having]), torch.cat([labels, labels])
