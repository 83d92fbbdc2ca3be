"""Right and wrong answers to lesson 09 (Standing on what was learned), as learners give them.
Each cell is an answer to one exercise; a wrong one is named by a part of what the checks must say about it.
Read first: solutions/09-transfer/transfer.py, for what is asked."""

# %% right="extract" style="the last layer replaced by one that does nothing, a loop over starts"
@exercise
def extract(make_net, images, batch_size):
    net = make_net()
    net[-1] = nn.Identity()
    net.eval()
    out = []
    with torch.no_grad():
        for start in range(0, len(images), batch_size):
            out.append(net(images[start:start + batch_size]))
    return torch.cat(out)

# %% right="extract" style="layer by layer, inference mode"
@exercise
def extract(make_net, images, batch_size):
    layers = list(make_net().eval().children())[:-1]
    rows = []
    with torch.inference_mode():
        for batch in torch.split(images, batch_size):
            for layer in layers:
                batch = layer(batch)
            rows.extend(batch)
    return torch.stack(rows)

# %% right="extract" style="a decorator, one picture at a time"
@exercise
@torch.no_grad()
def extract(make_net, images, batch_size):
    body = nn.Sequential(*list(make_net())[:-1])
    body.train(False)
    return torch.cat([body(image[None]) for image in images])

# %% wrong="extract" named="you let the last layer speak"
@exercise
def extract(make_net, images, batch_size):
    net = make_net().eval()
    with torch.no_grad():
        return torch.cat([net(batch) for batch in images.split(batch_size)])

# %% wrong="extract" named="training mode"
@exercise
def extract(make_net, images, batch_size):
    net = make_net()[:-1]
    with torch.no_grad():
        return torch.cat([net(batch) for batch in images.split(batch_size)])

# %% wrong="extract" named="keeps a diary of gradients"
@exercise
def extract(make_net, images, batch_size):
    net = make_net()[:-1].eval()
    return torch.cat([net(batch) for batch in images.split(batch_size)])

# %% wrong="extract" named="all pictures went through at once"
@exercise
def extract(make_net, images, batch_size):
    net = make_net()[:-1].eval()
    with torch.no_grad():
        return net(images)

# %% wrong="extract" named="the last batch came back alone"
@exercise
def extract(make_net, images, batch_size):
    net = make_net()[:-1].eval()
    with torch.no_grad():
        for batch in images.split(batch_size):
            out = net(batch)
    return out

# %% right="train_head" style="autograd, by hand"
@exercise
def train_head(features, labels, classes, steps, rate):
    weight = torch.zeros(classes, features.shape[1], dtype=features.dtype, device=features.device, requires_grad=True)
    bias = torch.zeros(classes, dtype=features.dtype, device=features.device, requires_grad=True)
    for _ in range(steps):
        loss = F.cross_entropy(features.detach() @ weight.T + bias, labels)
        dw, db = torch.autograd.grad(loss, (weight, bias))
        with torch.no_grad():
            weight -= rate * dw
            bias -= rate * db
    return weight.detach(), bias.detach()

# %% right="train_head" style="nn.Linear and SGD"
@exercise
def train_head(features, labels, classes, steps, rate):
    head = nn.Linear(features.shape[1], classes).to(features)
    nn.init.zeros_(head.weight)
    nn.init.zeros_(head.bias)
    walker = torch.optim.SGD(head.parameters(), lr=rate)
    for _ in range(steps):
        walker.zero_grad()
        F.cross_entropy(head(features), labels).backward()
        walker.step()
    return head.weight.detach(), head.bias.detach()

# %% right="train_head" style="an index in place of one_hot, einsum"
@exercise
def train_head(features, labels, classes, steps, rate):
    n, k = features.shape
    w = torch.zeros((classes, k), dtype=features.dtype, device=features.device)
    b = torch.zeros((classes,), dtype=features.dtype, device=features.device)
    for _ in range(steps):
        p = torch.softmax(torch.einsum("nk,ck->nc", features, w) + b, dim=-1)
        p[torch.arange(n), labels] -= 1
        w = w - rate * torch.einsum("nc,nk->ck", p, features) / n
        b = b - rate * p.mean(dim=0)
    return w, b

# %% wrong="train_head" named="that is the sum over the rows"
@exercise
def train_head(features, labels, classes, steps, rate):
    weight, bias = features.new_zeros(classes, features.shape[1]), features.new_zeros(classes)
    for _ in range(steps):
        slope = (features @ weight.T + bias).softmax(dim=1) - F.one_hot(labels, classes)
        weight, bias = weight - rate * slope.T @ features, bias - rate * slope.sum(dim=0)
    return weight, bias

# %% wrong="train_head" named="uphill"
@exercise
def train_head(features, labels, classes, steps, rate):
    weight, bias = features.new_zeros(classes, features.shape[1]), features.new_zeros(classes)
    for _ in range(steps):
        slope = ((features @ weight.T + bias).softmax(dim=1) - F.one_hot(labels, classes)) / len(features)
        weight, bias = weight + rate * slope.T @ features, bias + rate * slope.sum(dim=0)
    return weight, bias

# %% wrong="train_head" named="the bias never learns"
@exercise
def train_head(features, labels, classes, steps, rate):
    weight, bias = features.new_zeros(classes, features.shape[1]), features.new_zeros(classes)
    for _ in range(steps):
        slope = ((features @ weight.T + bias).softmax(dim=1) - F.one_hot(labels, classes)) / len(features)
        weight = weight - rate * slope.T @ features
    return weight, bias

# %% wrong="train_head" named="softmax over the rows"
@exercise
def train_head(features, labels, classes, steps, rate):
    weight, bias = features.new_zeros(classes, features.shape[1]), features.new_zeros(classes)
    for _ in range(steps):
        slope = ((features @ weight.T + bias).softmax(dim=0) - F.one_hot(labels, classes)) / len(features)
        weight, bias = weight - rate * slope.T @ features, bias - rate * slope.sum(dim=0)
    return weight, bias

# %% wrong="train_head" named="pile up"
@exercise
def train_head(features, labels, classes, steps, rate):
    weight = features.new_zeros(classes, features.shape[1]).requires_grad_()
    bias = features.new_zeros(classes).requires_grad_()
    for _ in range(steps):
        F.cross_entropy(features @ weight.T + bias, labels).backward()
        with torch.no_grad():
            weight -= rate * weight.grad
            bias -= rate * bias.grad
    return weight.detach(), bias.detach()

# %% right="nearest" style="a loop and a count"
@exercise
def nearest(features, known, labels, classes, k):
    rows = []
    for row in features:
        far = ((known - row) ** 2).sum(dim=1)
        found = labels[far.argsort()[:k]]
        rows.append(torch.bincount(found, minlength=classes).to(features.dtype) / k)
    return torch.stack(rows)

# %% right="nearest" style="broadcasting, and added up by place"
@exercise
def nearest(features, known, labels, classes, k):
    far = (features[:, None] - known[None]).pow(2).sum(-1).sqrt()
    found = far.sort(dim=1).indices[:, :k]
    out = torch.zeros(len(features), classes, dtype=features.dtype, device=features.device)
    return out.scatter_add(1, labels[found], torch.full(found.shape, 1 / k, dtype=features.dtype, device=features.device))

# %% right="nearest" style="a comparison with every class"
@exercise
def nearest(features, known, labels, classes, k):
    places = torch.topk(-torch.cdist(features, known), k).indices
    return (labels[places].unsqueeze(-1) == torch.arange(classes, device=labels.device)).to(features.dtype).mean(dim=1)

# %% wrong="nearest" named="the farthest"
@exercise
def nearest(features, known, labels, classes, k):
    found = torch.cdist(features, known).topk(k, dim=1).indices
    return F.one_hot(labels[found], classes).to(features).mean(dim=1)

# %% wrong="nearest" named="the share is wanted"
@exercise
def nearest(features, known, labels, classes, k):
    found = torch.cdist(features, known).topk(k, dim=1, largest=False).indices
    return F.one_hot(labels[found], classes).to(features).sum(dim=1)

# %% wrong="nearest" named="without their sizes being squared"
@exercise
def nearest(features, known, labels, classes, k):
    found = (features[:, None] - known).abs().sum(-1).topk(k, dim=1, largest=False).indices
    return F.one_hot(labels[found], classes).to(features).mean(dim=1)

# %% wrong="nearest" named="your classes end at the largest that occurs"
@exercise
def nearest(features, known, labels, classes, k):
    found = torch.cdist(features, known).topk(k, dim=1, largest=False).indices
    return F.one_hot(labels[found], int(labels.max()) + 1).to(features).mean(dim=1)

# %% wrong="nearest" named="the class that wins"
@exercise
def nearest(features, known, labels, classes, k):
    found = torch.cdist(features, known).topk(k, dim=1, largest=False).indices
    return F.one_hot(labels[found], classes).sum(dim=1).argmax(dim=1)

# %% right="under_shift" style="in one line"
@exercise
def under_shift(classify, images, labels, shake, amounts):
    return [(classify(shake(images, a)).argmax(1) == labels).double().mean().item() for a in amounts]

# %% right="under_shift" style="counted by hand"
@exercise
def under_shift(classify, images, labels, shake, amounts):
    shares = []
    for amount in amounts:
        scores = classify(shake(images.clone(), amount))
        hits = sum(int(row.argmax()) == int(label) for row, label in zip(scores, labels))
        shares.append(hits / len(labels))
    return shares

# %% right="under_shift" style="numpy"
@exercise
def under_shift(classify, images, labels, shake, amounts):
    import numpy as np
    truth = labels.numpy()
    return [float(np.mean(classify(shake(images, amount)).numpy().argmax(axis=1) == truth)) for amount in amounts]

# %% wrong="under_shift" named="shaken already"
@exercise
def under_shift(classify, images, labels, shake, amounts):
    shares = []
    for amount in amounts:
        images = shake(images, amount)
        shares.append((classify(images).argmax(dim=1) == labels).double().mean().item())
    return shares

# %% wrong="under_shift" named="you shook nothing"
@exercise
def under_shift(classify, images, labels, shake, amounts):
    return [(classify(images).argmax(dim=1) == labels).double().mean().item() for amount in amounts]

# %% wrong="under_shift" named="the share of errors"
@exercise
def under_shift(classify, images, labels, shake, amounts):
    return [(classify(shake(images, amount)).argmax(dim=1) != labels).double().mean().item() for amount in amounts]

# %% wrong="under_shift" named="those are counts"
@exercise
def under_shift(classify, images, labels, shake, amounts):
    return [float((classify(shake(images, amount)).argmax(dim=1) == labels).sum()) for amount in amounts]

# %% right="with_copies" style="tile"
@exercise
def with_copies(images, labels, shake, amount, copies):
    pictures = images
    for _ in range(copies):
        pictures = torch.cat([pictures, shake(images, amount)], dim=0)
    return pictures, torch.tile(labels, (copies + 1,))

# %% right="with_copies" style="two lists"
@exercise
def with_copies(images, labels, shake, amount, copies):
    all_images, all_labels = [images], [labels]
    for _ in range(copies):
        all_images.append(shake(images, amount))
        all_labels.append(labels)
    return torch.cat(all_images), torch.cat(all_labels)

# %% right="with_copies" style="an empty block that is filled"
@exercise
def with_copies(images, labels, shake, amount, copies):
    n = len(images)
    block = torch.empty((n * (copies + 1), *images.shape[1:]), dtype=images.dtype)
    block[:n] = images
    for number in range(1, copies + 1):
        block[n * number:n * (number + 1)] = shake(images, amount)
    return block, labels.expand(copies + 1, n).reshape(-1).clone()

# %% wrong="with_copies" named="each label stands several times in a row"
@exercise
def with_copies(images, labels, shake, amount, copies):
    return torch.cat([images, *(shake(images, amount) for _ in range(copies))]), labels.repeat_interleave(1 + copies)

# %% wrong="with_copies" named="made of the one before"
@exercise
def with_copies(images, labels, shake, amount, copies):
    everything = [images]
    for _ in range(copies):
        everything.append(shake(everything[-1], amount))
    return torch.cat(everything), labels.repeat(1 + copies)

# %% wrong="with_copies" named="the pictures as they are are missing"
@exercise
def with_copies(images, labels, shake, amount, copies):
    everything = []
    for _ in range(copies):
        everything.append(shake(images, amount))
    return torch.cat(everything), labels.repeat(copies)

# %% wrong="with_copies" named="the labels were not repeated"
@exercise
def with_copies(images, labels, shake, amount, copies):
    return torch.cat([images, *(shake(images, amount) for _ in range(copies))]), labels

# %% wrong="with_copies" named="shake is called once a copy"
@exercise
def with_copies(images, labels, shake, amount, copies):
    shaken = shake(images, amount)
    return torch.cat([images] + [shaken] * copies), labels.repeat(1 + copies)

# %% wrong="with_copies" named="shake is called once a copy"
@exercise
def with_copies(images, labels, shake, amount, copies):
    if copies == 0:
        return images, labels
    return torch.cat([images, shake(images.repeat(copies, 1, 1, 1), amount)]), labels.repeat(1 + copies)

# %% right="two_rates" style="the slopes by hand"
@exercise
def two_rates(body, head, inputs, labels, slow, fast):
    hidden = (inputs @ body.T).clamp(min=0)
    slope = (hidden @ head.T).softmax(dim=1)
    slope[torch.arange(len(labels)), labels] -= 1
    slope = slope / len(labels)
    back = (slope @ head) * (hidden > 0)
    return body - slow * back.T @ inputs, head - fast * slope.T @ hidden

# %% right="two_rates" style="an optimiser with two groups"
@exercise
def two_rates(body, head, inputs, labels, slow, fast):
    b, h = nn.Parameter(body.detach().clone()), nn.Parameter(head.detach().clone())
    walker = torch.optim.SGD([{"params": [b], "lr": slow}, {"params": [h], "lr": fast}], lr=1.0)
    F.cross_entropy(F.relu(inputs @ b.T) @ h.T, labels).backward()
    walker.step()
    return b.detach(), h.detach()

# %% right="two_rates" style="torch.func"
@exercise
def two_rates(body, head, inputs, labels, slow, fast):
    def loss(body, head):
        return F.cross_entropy(F.linear(F.linear(inputs, body).relu(), head), labels)
    of_body, of_head = torch.func.grad(loss, argnums=(0, 1))(body, head)
    return body - slow * of_body, head - fast * of_head

# %% wrong="two_rates" named="the rates have changed places"
@exercise
def two_rates(body, head, inputs, labels, slow, fast):
    body, head = (weights.detach().clone().requires_grad_(True) for weights in (body, head))
    of_body, of_head = torch.autograd.grad(F.cross_entropy(torch.relu(inputs @ body.T) @ head.T, labels), (body, head))
    return body.detach() - fast * of_body, head.detach() - slow * of_head

# %% wrong="two_rates" named="the body stays where it was"
@exercise
def two_rates(body, head, inputs, labels, slow, fast):
    head = head.detach().clone().requires_grad_(True)
    (of_head,) = torch.autograd.grad(F.cross_entropy(torch.relu(inputs @ body.T) @ head.T, labels), (head,))
    return body, head.detach() - fast * of_head

# %% wrong="two_rates" named="the relu is missing"
@exercise
def two_rates(body, head, inputs, labels, slow, fast):
    body, head = (weights.detach().clone().requires_grad_(True) for weights in (body, head))
    of_body, of_head = torch.autograd.grad(F.cross_entropy(inputs @ body.T @ head.T, labels), (body, head))
    return body.detach() - slow * of_body, head.detach() - fast * of_head

# %% wrong="two_rates" named="after the head had moved"
@exercise
def two_rates(body, head, inputs, labels, slow, fast):
    body, head = (weights.detach().clone().requires_grad_(True) for weights in (body, head))
    loss = lambda: F.cross_entropy(torch.relu(inputs @ body.T) @ head.T, labels)
    (of_head,) = torch.autograd.grad(loss(), (head,))
    head = (head.detach() - fast * of_head).requires_grad_(True)
    (of_body,) = torch.autograd.grad(loss(), (body,))
    return body.detach() - slow * of_body, head.detach()

# %% wrong="two_rates" named="you gave back the slopes"
@exercise
def two_rates(body, head, inputs, labels, slow, fast):
    body, head = (weights.detach().clone().requires_grad_(True) for weights in (body, head))
    of_body, of_head = torch.autograd.grad(F.cross_entropy(torch.relu(inputs @ body.T) @ head.T, labels), (body, head))
    return slow * of_body, fast * of_head
