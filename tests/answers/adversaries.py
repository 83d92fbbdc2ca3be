"""Right and wrong answers to lesson 12 (The same picture, another answer), as learners give them.
Each cell is an answer to one exercise; a wrong one is named by a part of what the checks must say about it.
Read first: solutions/12-adversaries/adversaries.py, for what is asked."""

# %% right="fgsm" style="backward, as in PyTorch's tutorial"
@exercise
def fgsm(model, images, labels, epsilon):
    pixels = images.clone().detach()
    pixels.requires_grad = True
    loss = nn.functional.cross_entropy(model(pixels), labels)
    model.zero_grad()
    loss.backward()
    return torch.clamp(pixels.detach() + epsilon * pixels.grad.sign(), 0, 1)

# %% right="fgsm" style="one picture after the other"
@exercise
def fgsm(model, images, labels, epsilon):
    moved = []
    for image, label in zip(images, labels):
        pixels = image[None].clone().requires_grad_(True)
        surprise = -model(pixels).log_softmax(dim=1)[0, label]
        slope, = torch.autograd.grad(surprise, pixels)
        moved.append((image + epsilon * torch.sign(slope[0])).clamp(min=0, max=1))
    return torch.stack(moved)

# %% right="fgsm" style="up where it is positive, down where it is negative"
@exercise
def fgsm(model, images, labels, epsilon):
    slope = input_gradient(model, images, labels)
    moved = torch.where(slope > 0, images + epsilon, torch.where(slope < 0, images - epsilon, images))
    return moved.minimum(torch.ones_like(moved)).maximum(torch.zeros_like(moved))

# %% right="fgsm" style="torch.func"
@exercise
def fgsm(model, images, labels, epsilon):
    slope = torch.func.grad(lambda pixels: nn.functional.cross_entropy(model(pixels), labels, reduction="sum"))(images)
    return (images + epsilon * slope.sign()).clip(0, 1)

# %% wrong="fgsm" named="the sign is missing"
@exercise
def fgsm(model, images, labels, epsilon):
    return (images + epsilon * input_gradient(model, images, labels)).clamp(0, 1)

# %% wrong="fgsm" named="you walked downhill"
@exercise
def fgsm(model, images, labels, epsilon):
    return (images - epsilon * input_gradient(model, images, labels).sign()).clamp(0, 1)

# %% wrong="fgsm" named="black and white are the ends"
@exercise
def fgsm(model, images, labels, epsilon):
    return images + epsilon * input_gradient(model, images, labels).sign()

# %% wrong="fgsm" named="that is the change by itself"
@exercise
def fgsm(model, images, labels, epsilon):
    return epsilon * input_gradient(model, images, labels).sign()

# %% wrong="fgsm" named="the network's own answers"
@exercise
def fgsm(model, images, labels, epsilon):
    return (images + epsilon * input_gradient(model, images, model(images).argmax(1)).sign()).clamp(0, 1)

# %% wrong="fgsm" named="the call wrote into its argument"
@exercise
def fgsm(model, images, labels, epsilon):
    slope = input_gradient(model, images, labels)
    images += epsilon * slope.sign()
    return images.clamp(0, 1)

# %% wrong="fgsm" named="a pixel without a slope was moved"
@exercise
def fgsm(model, images, labels, epsilon):
    up = input_gradient(model, images, labels) > 0
    return torch.where(up, images + epsilon, images - epsilon).clamp(0, 1)

# %% right="project" style="between two pictures"
@exercise
def project(images, originals, epsilon):
    low = (originals - epsilon).clamp(min=0)
    high = (originals + epsilon).clamp(max=1)
    return torch.max(torch.min(images, high), low)

# %% right="project" style="black and white first"
@exercise
def project(images, originals, epsilon):
    seen = images.clamp(0, 1)
    return seen.maximum(originals - epsilon).minimum(originals + epsilon)

# %% right="project" style="where it is too far"
@exercise
def project(images, originals, epsilon):
    change = images - originals
    change = torch.where(change > epsilon, torch.full_like(change, epsilon), change)
    change = torch.where(change < -epsilon, torch.full_like(change, -epsilon), change)
    return torch.clip(originals + change, 0, 1)

# %% right="project" style="numpy"
@exercise
def project(images, originals, epsilon):
    import numpy as np
    came, before = images.detach().numpy(), originals.detach().numpy()
    return torch.from_numpy(np.clip(np.clip(came, before - epsilon, before + epsilon), 0, 1).astype(came.dtype))

# %% right="project" style="pixel by pixel, on a clone that is seen as one row"
@exercise
def project(images, originals, epsilon):
    out = images.clone()
    flat, old = out.view(-1), originals.reshape(-1)
    for i in range(len(flat)):
        p, o = flat[i].item(), old[i].item()
        flat[i] = max(o - epsilon, 0.0, min(o + epsilon, 1.0, p))
    return out

# %% wrong="project" named="that clamp is missing"
@exercise
def project(images, originals, epsilon):
    return originals + (images - originals).clamp(-epsilon, epsilon)

# %% wrong="project" named="no pixel may be further than epsilon"
@exercise
def project(images, originals, epsilon):
    return images.clamp(0, 1)

# %% wrong="project" named="it is the difference from the original"
@exercise
def project(images, originals, epsilon):
    return images.clamp(-epsilon, epsilon).clamp(0, 1)

# %% wrong="project" named="not back to the original"
@exercise
def project(images, originals, epsilon):
    far = (images - originals).abs() > epsilon
    moved = images.clone()
    moved[far] = originals[far]
    return moved.clamp(0, 1)

# %% wrong="project" named="until its length is epsilon"
@exercise
def project(images, originals, epsilon):
    change = images - originals
    length = change.flatten(1).norm(dim=1).clamp(min=1e-9)
    return (originals + change * (epsilon / length).clamp(max=1).view(-1, 1, 1, 1)).clamp(0, 1)

# %% right="pgd" style="backward, in a loop"
@exercise
def pgd(model, images, labels, epsilon, step, steps, towards=False):
    adversarial = images.clone().detach()
    for _ in range(steps):
        adversarial.requires_grad_(True)
        loss = nn.functional.cross_entropy(model(adversarial), labels)
        if towards:
            loss = -loss
        grad = torch.autograd.grad(loss, adversarial)[0]
        adversarial = adversarial.detach() + step * grad.sign()
        adversarial = torch.min(torch.max(adversarial, images - epsilon), images + epsilon)
        adversarial = torch.clamp(adversarial, 0, 1).detach()
    return adversarial

# %% right="pgd" style="the change is what walks"
@exercise
def pgd(model, images, labels, epsilon, step, steps, towards=False):
    change = torch.zeros_like(images)
    for _ in range(steps):
        uphill = input_gradient(model, images + change, labels).sign()
        change = change - step * uphill if towards else change + step * uphill
        change = project(images + change, images, epsilon) - images
    return images + change

# %% right="pgd" style="one step, called again and again"
@exercise
def pgd(model, images, labels, epsilon, step, steps, towards=False):
    if steps == 0:
        return images.clone()
    before = pgd(model, images, labels, epsilon, step, steps - 1, towards)
    return project(before + (1 - 2 * towards) * step * input_gradient(model, before, labels).sign(), images, epsilon)

# %% wrong="pgd" named="take it where the last step ended"
@exercise
def pgd(model, images, labels, epsilon, step, steps, towards=False):
    uphill = input_gradient(model, images, labels).sign()
    moved = images
    for _ in range(steps):
        moved = project(moved + (-step if towards else step) * uphill, images, epsilon)
    return moved

# %% wrong="pgd" named="keep the original"
@exercise
def pgd(model, images, labels, epsilon, step, steps, towards=False):
    moved = images
    for _ in range(steps):
        moved = project(moved + (-step if towards else step) * input_gradient(model, moved, labels).sign(), moved, epsilon)
    return moved

# %% wrong="pgd" named="no step is projected"
@exercise
def pgd(model, images, labels, epsilon, step, steps, towards=False):
    moved = images
    for _ in range(steps):
        moved = (moved + (-step if towards else step) * input_gradient(model, moved, labels).sign()).clamp(0, 1)
    return moved

# %% wrong="pgd" named="`towards` is not looked at"
@exercise
def pgd(model, images, labels, epsilon, step, steps, towards=False):
    moved = images
    for _ in range(steps):
        moved = project(moved + step * input_gradient(model, moved, labels).sign(), images, epsilon)
    return moved

# %% wrong="pgd" named="one step was made"
@exercise
def pgd(model, images, labels, epsilon, step, steps, towards=False):
    moved = images
    for _ in range(steps):
        moved = project(moved + (-step if towards else step) * input_gradient(model, moved, labels).sign(), images, epsilon)
        return moved
    return moved

# %% wrong="pgd" named="in your call of `project` the two pictures have changed places"
@exercise
def pgd(model, images, labels, epsilon, step, steps, towards=False):
    moved = images
    for _ in range(steps):
        moved = project(images, moved + (-step if towards else step) * input_gradient(model, moved, labels).sign(), epsilon)
    return moved

# %% wrong="pgd" named="a pixel without a slope was moved"
@exercise
def pgd(model, images, labels, epsilon, step, steps, towards=False):
    moved = images.clone()
    for _ in range(steps):
        way = torch.where(input_gradient(model, moved, labels) > 0, 1.0, -1.0).to(images.dtype)
        moved = project(moved - step * way if towards else moved + step * way, images, epsilon)
    return moved

# %% wrong="pgd" named="not at a random place near them"
@exercise
def pgd(model, images, labels, epsilon, step, steps, towards=False):
    moved = torch.clamp(images + torch.empty_like(images).uniform_(-epsilon, epsilon), 0, 1)
    for _ in range(steps):
        moved = project(moved + (-step if towards else step) * input_gradient(model, moved, labels).sign(), images, epsilon)
    return moved

# %% right="stick" style="masks and indices"
@exercise
def stick(images, patch, tops, lefts):
    n, channels, height, width = images.shape
    high, wide = patch.shape[1:]
    rows = torch.arange(high)[None, :, None] + tops[:, None, None]
    columns = torch.arange(wide)[None, None, :] + lefts[:, None, None]
    stuck = images.clone()
    which = torch.arange(n)[:, None, None]
    stuck[which, :, rows, columns] = patch.permute(1, 2, 0).expand(n, high, wide, channels)
    return stuck

# %% right="stick" style="padded and blended by a mask"
@exercise
def stick(images, patch, tops, lefts):
    height, width = images.shape[2:]
    high, wide = patch.shape[1:]
    made = []
    for image, top, left in zip(images, tops, lefts):
        border = (int(left), width - wide - int(left), int(top), height - high - int(top))
        under = nn.functional.pad(torch.ones_like(patch), border)
        made.append(torch.where(under > 0, nn.functional.pad(patch, border), image))
    return torch.stack(made)

# %% right="stick" style="cut and put together"
@exercise
def stick(images, patch, tops, lefts):
    high, wide = patch.shape[1:]
    made = []
    for image, top, left in zip(images, tops.tolist(), lefts.tolist()):
        band = image[:, top:top + high]
        band = torch.cat([band[:, :, :left], patch, band[:, :, left + wide:]], dim=2)
        made.append(torch.cat([image[:, :top], band, image[:, top + high:]], dim=1))
    return torch.stack(made)

# %% wrong="stick" named="the call wrote into its argument"
@exercise
def stick(images, patch, tops, lefts):
    high, wide = patch.shape[1:]
    for i in range(len(images)):
        images[i, :, tops[i]:tops[i] + high, lefts[i]:lefts[i] + wide] = patch
    return images

# %% wrong="stick" named="it hides what lies under it"
@exercise
def stick(images, patch, tops, lefts):
    stuck = images.clone()
    high, wide = patch.shape[1:]
    for i in range(len(images)):
        stuck[i, :, tops[i]:tops[i] + high, lefts[i]:lefts[i] + wide] += patch
    return stuck

# %% wrong="stick" named="all stickers are at the place of the first"
@exercise
def stick(images, patch, tops, lefts):
    stuck = images.clone()
    high, wide = patch.shape[1:]
    stuck[:, :, tops[0]:tops[0] + high, lefts[0]:lefts[0] + wide] = patch
    return stuck

# %% wrong="stick" named="only the first channel"
@exercise
def stick(images, patch, tops, lefts):
    stuck = images.clone()
    high, wide = patch.shape[1:]
    for i in range(len(images)):
        stuck[i, 0, tops[i]:tops[i] + high, lefts[i]:lefts[i] + wide] = patch[0]
    return stuck

# %% wrong="stick" named="no gradient reaches"
@exercise
def stick(images, patch, tops, lefts):
    stuck = images.clone()
    high, wide = patch.shape[1:]
    with torch.no_grad():
        for i in range(len(images)):
            stuck[i, :, tops[i]:tops[i] + high, lefts[i]:lefts[i] + wide] = patch
    return stuck

# %% right="robust_accuracy" style="a table, and a running product"
@exercise
def robust_accuracy(model, attack, images, labels, epsilons):
    table = torch.stack([model(attack(model, images, labels, epsilon)).argmax(1).eq(labels) for epsilon in epsilons])
    return table.double().cumprod(dim=0).mean(dim=1)

# %% right="robust_accuracy" style="a set of those that stand"
@exercise
def robust_accuracy(model, attack, images, labels, epsilons):
    standing, shares = set(range(len(images))), []
    for epsilon in epsilons:
        said = model(attack(model, images, labels, epsilon)).argmax(dim=-1)
        standing = {i for i in standing if said[i] == labels[i]}
        shares.append(len(standing) / len(images))
    return torch.tensor(shares)

# %% right="robust_accuracy" style="one picture after the other"
@exercise
def robust_accuracy(model, attack, images, labels, epsilons):
    counts = torch.zeros(len(epsilons))
    for i in range(len(images)):
        for place, epsilon in enumerate(epsilons):
            if model(attack(model, images[i:i + 1], labels[i:i + 1], epsilon)).argmax() != labels[i]:
                break
            counts[place] += 1
    return counts / len(images)

# %% right="robust_accuracy" style="only those that still stand are attacked, until none is left"
@exercise
def robust_accuracy(model, attack, images, labels, epsilons):
    n, shares = len(images), []
    for epsilon in epsilons:
        stands = model(attack(model, images, labels, epsilon)).argmax(dim=1) == labels
        images, labels = images[stands], labels[stands]
        shares.append(len(images) / n)
    return torch.tensor(shares)

# %% right="robust_accuracy" style="the epsilon at which each fell"
@exercise
def robust_accuracy(model, attack, images, labels, epsilons):
    fell = torch.full((len(images),), len(epsilons))
    for k, e in reversed(list(enumerate(epsilons))):
        wrong = model(attack(model, images, labels, e)).argmax(dim=1).ne(labels)
        fell[wrong] = k
    return torch.stack([(fell > k).double().mean() for k in range(len(epsilons))])

# %% wrong="robust_accuracy" named="you divided by the pictures that still stood"
@exercise
def robust_accuracy(model, attack, images, labels, epsilons):
    left, shares = torch.arange(len(images)), []
    for e in epsilons:
        right = model(attack(model, images[left], labels[left], e)).argmax(dim=1) == labels[left]
        shares.append(right.float().mean())
        left = left[right]
    return torch.stack(shares)

# %% wrong="robust_accuracy" named="a picture that fell at a smaller one stays down"
@exercise
def robust_accuracy(model, attack, images, labels, epsilons):
    return torch.stack([(model(attack(model, images, labels, e)).argmax(1) == labels).float().mean() for e in epsilons])

# %% wrong="robust_accuracy" named="the curve was kept from rising"
@exercise
def robust_accuracy(model, attack, images, labels, epsilons):
    shares = [(model(attack(model, images, labels, e)).argmax(1) == labels).float().mean() for e in epsilons]
    return torch.stack(shares).cummin(0).values

# %% wrong="robust_accuracy" named="you counted"
@exercise
def robust_accuracy(model, attack, images, labels, epsilons):
    stands, counts = torch.ones(len(labels), dtype=torch.bool), []
    for e in epsilons:
        stands &= model(attack(model, images, labels, e)).argmax(1) == labels
        counts.append(stands.sum())
    return torch.stack(counts)

# %% wrong="robust_accuracy" named="what the attack before had left"
@exercise
def robust_accuracy(model, attack, images, labels, epsilons):
    stands, shares = torch.ones(len(labels), dtype=torch.bool), []
    for e in epsilons:
        images = attack(model, images, labels, e)
        stands = stands & (model(images).argmax(1) == labels)
        shares.append(stands.float().mean())
    return torch.stack(shares)
