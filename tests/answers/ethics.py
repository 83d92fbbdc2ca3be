"""Right and wrong answers to lesson 16 (Who is harmed?), as learners give them.
Each cell is an answer to one exercise; a wrong one is named by a part of what the checks must say about it.
Read first: solutions/16-ethics/ethics.py, for what is asked."""

# %% right="rates" style="columns by index"
@exercise
def rates(table):
    table = table.float()
    falsely = table[:, 1] / (table[:, 0] + table[:, 1])
    missed = table[:, 2] / (table[:, 2] + table[:, 3])
    precise = table[:, 3] / (table[:, 1] + table[:, 3])
    return torch.stack((falsely, missed, precise), 1)

# %% right="rates" style="a loop over the groups, in float64"
@exercise
def rates(table):
    rows = []
    for a, b, c, d in table.double():
        rows.append(torch.stack([b / (a + b), c / (c + d), d / (b + d)]))
    return torch.stack(rows)

# %% right="rates" style="numerators over denominators"
@exercise
def rates(table):
    top = table[:, [1, 2, 3]]
    return top / (top + table[:, [0, 3, 1]])

# %% right="rates" style="one less the share that is right"
@exercise
def rates(table):
    a, b, c, d = table.double().unbind(1)
    return torch.column_stack([1 - a / (a + b), 1 - d / (c + d), 1 - b / (b + d)])

# %% wrong="rates" named="divided by everybody"
@exercise
def rates(table):
    return table[:, 1:] / table.sum(1, keepdim=True)

# %% wrong="rates" named="your false positive rate divides by those marked high"
@exercise
def rates(table):
    a, b, c, d = table.T
    return torch.stack([b / (b + d), c / (c + d), d / (b + d)], 1)

# %% wrong="rates" named="your false negative rate divides by those marked low"
@exercise
def rates(table):
    a, b, c, d = table.T
    return torch.stack([b / (a + b), c / (a + c), d / (b + d)], 1)

# %% wrong="rates" named="both error rates divide by a mark"
@exercise
def rates(table):
    a, b, c, d = table.T
    return torch.stack([b / (b + d), c / (a + c), d / (b + d)], 1)

# %% wrong="rates" named="your precision divides by those who were arrested again"
@exercise
def rates(table):
    a, b, c, d = table.T
    return torch.stack([b / (a + b), c / (c + d), d / (c + d)], 1)

# %% wrong="rates" named="your precision is of those marked low"
@exercise
def rates(table):
    a, b, c, d = table.T
    return torch.stack([b / (a + b), c / (c + d), a / (a + c)], 1)

# %% wrong="rates" named="rightly left alone"
@exercise
def rates(table):
    a, b, c, d = table.T
    return torch.stack([a / (a + b), c / (c + d), d / (b + d)], 1)

# %% wrong="rates" named="it asks for those who were missed"
@exercise
def rates(table):
    a, b, c, d = table.T
    return torch.stack([b / (a + b), d / (c + d), d / (b + d)], 1)

# %% wrong="rates" named="marked high for nothing; precision"
@exercise
def rates(table):
    a, b, c, d = table.T
    return torch.stack([b / (a + b), c / (c + d), b / (b + d)], 1)

# %% wrong="rates" named="divided wrong by right"
@exercise
def rates(table):
    a, b, c, d = table.T
    return torch.stack([b / a, c / d, d / b], 1)

# %% wrong="rates" named="columns 1 and 2 for each other"
@exercise
def rates(table):
    tn, fn, fp, tp = table.T
    return torch.stack([fp / (fp + tn), fn / (fn + tp), tp / (tp + fp)], 1)

# %% wrong="rates" named="the first two have changed places"
@exercise
def rates(table):
    a, b, c, d = table.T
    return torch.stack([c / (c + d), b / (a + b), d / (b + d)], 1)

# %% wrong="rates" named="you added the groups up first"
@exercise
def rates(table):
    a, b, c, d = table.sum(0)
    return torch.stack([b / (a + b), c / (c + d), d / (b + d)])

# %% wrong="rates" named="groups and rates have changed places"
@exercise
def rates(table):
    a, b, c, d = table.T
    return torch.stack([b / (a + b), c / (c + d), d / (b + d)])

# %% wrong="rates" named="percent"
@exercise
def rates(table):
    a, b, c, d = table.T
    return 100 * torch.stack([b / (a + b), c / (c + d), d / (b + d)], 1)

# %% wrong="rates" named="throws the fraction away"
@exercise
def rates(table):
    a, b, c, d = table.T
    return torch.stack([b // (a + b), c // (c + d), d // (b + d)], 1)

# %% wrong="rates" named="a rate of nobody came out as 0"
@exercise
def rates(table):
    a, b, c, d = table.T
    return torch.stack([b / (a + b), c / (c + d), d / (b + d)], 1).nan_to_num()

# %% wrong="rates" named="a rate of nobody came out as 0"
@exercise
def rates(table):
    a, b, c, d = table.T
    return torch.stack([b / (a + b).clamp(min=1), c / (c + d).clamp(min=1), d / (b + d).clamp(min=1)], 1)

# %% wrong="rates" really="Python's numbers stop"
@exercise
def rates(table):
    return torch.tensor([[b / (a + b), c / (c + d), d / (b + d)] for a, b, c, d in table.tolist()])

# %% wrong="rates" named="nothing was returned"
@exercise
def rates(table):
    a, b, c, d = table.T
    torch.stack([b / (a + b), c / (c + d), d / (b + d)], 1)

# %% right="at_cut" style="a mask of the high scores"
@exercise
def at_cut(counts, cut):
    high = torch.arange(1, counts.shape[1] + 1) >= cut
    return torch.stack([counts[0][~high].sum(), counts[0][high].sum(), counts[1][~high].sum(), counts[1][high].sum()])

# %% right="at_cut" style="a loop and a list"
@exercise
def at_cut(counts, cut):
    result = [0, 0, 0, 0]
    for outcome in range(2):
        for column in range(counts.shape[1]):
            score = column + 1
            result[2 * outcome + (score >= cut)] += int(counts[outcome, column])
    return torch.tensor(result)

# %% right="at_cut" style="what is left of the whole"
@exercise
def at_cut(counts, cut):
    low = counts[:, :cut - 1].sum(1)
    return torch.stack([low, counts.sum(1) - low], 1).flatten()

# %% wrong="at_cut" named="one score too high"
@exercise
def at_cut(counts, cut):
    low, high = counts[:, :cut].sum(1), counts[:, cut:].sum(1)
    return torch.stack([low[0], high[0], low[1], high[1]])

# %% wrong="at_cut" really="one score too low"
@exercise
def at_cut(counts, cut):
    low, high = counts[:, :cut - 2].sum(1), counts[:, cut - 2:].sum(1)
    return torch.stack([low[0], high[0], low[1], high[1]])

# %% wrong="at_cut" named="low and high have changed places"
@exercise
def at_cut(counts, cut):
    low, high = counts[:, :cut - 1].sum(1), counts[:, cut - 1:].sum(1)
    return torch.stack([high[0], low[0], high[1], low[1]])

# %% wrong="at_cut" named="the order is low and high"
@exercise
def at_cut(counts, cut):
    return torch.cat([counts[:, :cut - 1].sum(1), counts[:, cut - 1:].sum(1)])

# %% wrong="at_cut" named="the outcomes have changed places"
@exercise
def at_cut(counts, cut):
    low, high = counts[:, :cut - 1].sum(1), counts[:, cut - 1:].sum(1)
    return torch.stack([low[1], high[1], low[0], high[0]])

# %% wrong="at_cut" named="you called one score high"
@exercise
def at_cut(counts, cut):
    high = counts[:, cut - 1]
    low = counts.sum(1) - high
    return torch.stack([low[0], high[0], low[1], high[1]])

# %% wrong="at_cut" named="two rows of two"
@exercise
def at_cut(counts, cut):
    return torch.stack([counts[:, :cut - 1].sum(1), counts[:, cut - 1:].sum(1)], 1)

# %% wrong="at_cut" named="these are shares"
@exercise
def at_cut(counts, cut):
    counts = counts / counts.sum(1, keepdim=True)
    return torch.stack([counts[:, :cut - 1].sum(1), counts[:, cut - 1:].sum(1)], 1).flatten()

# %% wrong="at_cut" named="the outcomes up as well"
@exercise
def at_cut(counts, cut):
    return torch.stack([counts[:, :cut - 1].sum(), counts[:, cut - 1:].sum()])

# %% wrong="at_cut" named="the scores are still apart"
@exercise
def at_cut(counts, cut):
    return counts[:, :cut - 1]

# %% wrong="at_cut" really="`cumsum` went on"
@exercise
def at_cut(counts, cut):
    low, high = counts.cumsum(1)[:, cut - 2], counts.cumsum(1)[:, -1]
    return torch.stack([low[0], high[0], low[1], high[1]])

# %% right="equal_false_positives" style="a loop that keeps the best"
@exercise
def equal_false_positives(counts, wanted):
    best, price, nearest = None, None, float("inf")
    for cut in range(1, counts.shape[1] + 1):
        falsely, _, precision = rates(at_cut(counts, cut).view(1, 4))[0].tolist()
        if abs(falsely - wanted) < nearest:
            best, price, nearest = cut, precision, abs(falsely - wanted)
    return best, price

# %% right="equal_false_positives" style="min with a key, tensors given back"
@exercise
def equal_false_positives(counts, wanted):
    tables = {cut: rates(at_cut(counts, cut)[None])[0] for cut in range(1, len(counts[0]) + 1)}
    cut = min(tables, key=lambda cut: abs(tables[cut][0] - wanted))
    return cut, tables[cut][2]

# %% wrong="equal_false_positives" named="at or below the rate"
@exercise
def equal_false_positives(counts, wanted):
    for cut in range(1, counts.shape[1] + 1):
        falsely, _, precision = rates(at_cut(counts, cut).view(1, 4))[0].tolist()
        if falsely <= wanted:
            return cut, precision
    return cut, precision

# %% wrong="equal_false_positives" really="last cut that is still above"
@exercise
def equal_false_positives(counts, wanted):
    kept = (1, 0.0)
    for cut in range(1, counts.shape[1] + 1):
        falsely, _, precision = rates(at_cut(counts, cut).view(1, 4))[0].tolist()
        if falsely >= wanted:
            kept = (cut, precision)
    return kept

# %% wrong="equal_false_positives" named="one too small"
@exercise
def equal_false_positives(counts, wanted):
    found = rates(torch.stack([at_cut(counts, cut) for cut in range(1, counts.shape[1] + 1)]))
    best = int((found[:, 0] - wanted).abs().argmin())
    return best, float(found[best, 2])

# %% wrong="equal_false_positives" named="that is the false positive rate at the cut"
@exercise
def equal_false_positives(counts, wanted):
    found = rates(torch.stack([at_cut(counts, cut) for cut in range(1, counts.shape[1] + 1)]))
    best = int((found[:, 0] - wanted).abs().argmin())
    return best + 1, float(found[best, 0])

# %% wrong="equal_false_positives" named="share of those arrested again who are found"
@exercise
def equal_false_positives(counts, wanted):
    found = rates(torch.stack([at_cut(counts, cut) for cut in range(1, counts.shape[1] + 1)]))
    best = int((found[:, 0] - wanted).abs().argmin())
    return best + 1, 1 - float(found[best, 1])

# %% wrong="equal_false_positives" named="share marked high for nothing"
@exercise
def equal_false_positives(counts, wanted):
    found = rates(torch.stack([at_cut(counts, cut) for cut in range(1, counts.shape[1] + 1)]))
    best = int((found[:, 0] - wanted).abs().argmin())
    return best + 1, 1 - float(found[best, 2])

# %% wrong="equal_false_positives" named="you compared false negative rates"
@exercise
def equal_false_positives(counts, wanted):
    found = rates(torch.stack([at_cut(counts, cut) for cut in range(1, counts.shape[1] + 1)]))
    best = int((found[:, 1] - wanted).abs().argmin())
    return best + 1, float(found[best, 2])

# %% wrong="equal_false_positives" named="the cut before"
@exercise
def equal_false_positives(counts, wanted):
    found = rates(torch.stack([at_cut(counts, cut) for cut in range(1, counts.shape[1] + 1)]))
    best = int((found[:, 0] - wanted).abs().argmin())
    return best + 1, float(found[max(best - 1, 0), 2])

# %% wrong="equal_false_positives" named="`argmin`, not `argmax`"
@exercise
def equal_false_positives(counts, wanted):
    found = rates(torch.stack([at_cut(counts, cut) for cut in range(1, counts.shape[1] + 1)]))
    best = int((found[:, 0] - wanted).abs().argmax())
    return best + 1, float(found[best, 2])

# %% wrong="equal_false_positives" named="`abs"
@exercise
def equal_false_positives(counts, wanted):
    found = rates(torch.stack([at_cut(counts, cut) for cut in range(1, counts.shape[1] + 1)]))
    best = int((found[:, 0] - wanted).argmin())
    return best + 1, float(found[best, 2])

# %% wrong="equal_false_positives" named="in this order"
@exercise
def equal_false_positives(counts, wanted):
    found = rates(torch.stack([at_cut(counts, cut) for cut in range(1, counts.shape[1] + 1)]))
    best = int((found[:, 0] - wanted).abs().argmin())
    return float(found[best, 2]), best + 1

# %% wrong="equal_false_positives" named="the precision is missing"
@exercise
def equal_false_positives(counts, wanted):
    found = rates(torch.stack([at_cut(counts, cut) for cut in range(1, counts.shape[1] + 1)]))
    return int((found[:, 0] - wanted).abs().argmin()) + 1

# %% wrong="equal_false_positives" named="belongs to the next cut"
@exercise
def equal_false_positives(counts, wanted):
    found = rates(torch.stack([at_cut(counts, cut) for cut in range(1, counts.shape[1] + 1)]))
    cut = int((found[:, 0] - wanted).abs().argmin()) + 1
    return cut, float(found[min(cut, counts.shape[1] - 1), 2])

# %% wrong="equal_false_positives" named="the last score was never tried"
@exercise
def equal_false_positives(counts, wanted):
    found = rates(torch.stack([at_cut(counts, cut) for cut in range(1, counts.shape[1])]))
    best = int((found[:, 0] - wanted).abs().argmin())
    return best + 1, float(found[best, 2])

# %% right="worst_slice" style="loops over codes and masks"
@exercise
def worst_slice(columns, losses, smallest):
    best, worst = {}, None
    k = columns.shape[1]
    slices = []
    for i in range(k):
        for a in columns[:, i].unique().tolist():
            slices.append(({i: a}, columns[:, i] == a))
            for j in range(i + 1, k):
                for b in columns[:, j].unique().tolist():
                    slices.append(({i: a, j: b}, (columns[:, i] == a) & (columns[:, j] == b)))
    for name, rows in slices:
        if rows.sum() >= max(smallest, 1):
            mean = losses[rows].mean().item()
            if worst is None or mean > worst:
                best, worst = name, mean
    return best, losses.mean().item() if worst is None else worst

# %% right="worst_slice" style="counting rows in a dictionary"
@exercise
def worst_slice(columns, losses, smallest):
    members = {}
    for row, loss in zip(columns.tolist(), losses.tolist()):
        for i, a in enumerate(row):
            members.setdefault(((i, a),), []).append(loss)
            for j, b in list(enumerate(row))[i + 1:]:
                members.setdefault(((i, a), (j, b)), []).append(loss)
    means = {key: sum(found) / len(found) for key, found in members.items() if len(found) >= smallest}
    if not means:
        return {}, float(losses.mean())
    key = max(means, key=means.get)
    return dict(key), means[key]

# %% wrong="worst_slice" really="pairs of columns are missing"
@exercise
def worst_slice(columns, losses, smallest):
    worst, highest = {}, float(losses.mean())
    for i in range(columns.shape[1]):
        for a in columns[:, i].unique().tolist():
            rows = columns[:, i] == a
            if rows.sum() >= smallest and losses[rows].mean() > highest:
                worst, highest = {i: a}, float(losses[rows].mean())
    return worst, highest

# %% wrong="worst_slice" really="that is a sum"
@exercise
def worst_slice(columns, losses, smallest):
    worst, highest = {}, -1.0
    for many in (1, 2):
        for chosen in itertools.combinations(range(columns.shape[1]), many):
            for codes in columns[:, list(chosen)].unique(dim=0):
                rows = (columns[:, list(chosen)] == codes).all(dim=1)
                if rows.sum() >= smallest and losses[rows].sum() > highest:
                    worst, highest = dict(zip(chosen, codes.tolist())), float(losses[rows].sum())
    return worst, highest

# %% wrong="worst_slice" really="share of all losses"
@exercise
def worst_slice(columns, losses, smallest):
    worst, highest = {}, -1.0
    for many in (1, 2):
        for chosen in itertools.combinations(range(columns.shape[1]), many):
            for codes in columns[:, list(chosen)].unique(dim=0):
                rows = (columns[:, list(chosen)] == codes).all(dim=1)
                if rows.sum() >= smallest and losses[rows].sum() / len(losses) > highest:
                    worst, highest = dict(zip(chosen, codes.tolist())), float(losses[rows].sum() / len(losses))
    return worst, highest

# %% wrong="worst_slice" really="you took the lowest mean"
@exercise
def worst_slice(columns, losses, smallest):
    worst, lowest = {}, float("inf")
    for many in (1, 2):
        for chosen in itertools.combinations(range(columns.shape[1]), many):
            for codes in columns[:, list(chosen)].unique(dim=0):
                rows = (columns[:, list(chosen)] == codes).all(dim=1)
                if rows.sum() >= smallest and losses[rows].mean() < lowest:
                    worst, lowest = dict(zip(chosen, codes.tolist())), float(losses[rows].mean())
    return worst, lowest

# %% wrong="worst_slice" named="smallest is not heeded"
@exercise
def worst_slice(columns, losses, smallest):
    worst, highest = {}, -1.0
    for many in (1, 2):
        for chosen in itertools.combinations(range(columns.shape[1]), many):
            for codes in columns[:, list(chosen)].unique(dim=0):
                rows = (columns[:, list(chosen)] == codes).all(dim=1)
                if losses[rows].mean() > highest:
                    worst, highest = dict(zip(chosen, codes.tolist())), float(losses[rows].mean())
    return worst, highest

# %% wrong="worst_slice" really="`>=`, not `>`"
@exercise
def worst_slice(columns, losses, smallest):
    worst, highest = {}, -1.0
    for many in (1, 2):
        for chosen in itertools.combinations(range(columns.shape[1]), many):
            for codes in columns[:, list(chosen)].unique(dim=0):
                rows = (columns[:, list(chosen)] == codes).all(dim=1)
                if rows.sum() > smallest - (smallest == 2) and losses[rows].mean() > highest:
                    worst, highest = dict(zip(chosen, codes.tolist())), float(losses[rows].mean())
    return (worst, highest) if worst else ({}, float(losses.mean()))

# %% wrong="worst_slice" named="you looked at pairs only"
@exercise
def worst_slice(columns, losses, smallest):
    worst, highest = {}, -1.0
    for i, j in itertools.combinations(range(columns.shape[1]), 2):
        for codes in columns[:, [i, j]].unique(dim=0):
            rows = (columns[:, [i, j]] == codes).all(dim=1)
            if rows.sum() >= smallest and losses[rows].mean() > highest:
                worst, highest = {i: int(codes[0]), j: int(codes[1])}, float(losses[rows].mean())
    return (worst, highest) if worst else ({}, float(losses.mean()))

# %% wrong="worst_slice" really="the value that you began with"
@exercise
def worst_slice(columns, losses, smallest):
    worst, highest = {}, -1.0
    for many in (1, 2):
        for chosen in itertools.combinations(range(columns.shape[1]), many):
            for codes in columns[:, list(chosen)].unique(dim=0):
                rows = (columns[:, list(chosen)] == codes).all(dim=1)
                if rows.sum() >= smallest and losses[rows].mean() > highest:
                    worst, highest = dict(zip(chosen, codes.tolist())), float(losses[rows].mean())
    return worst, highest

# %% wrong="worst_slice" named="({}, the mean of all rows)"
@exercise
def worst_slice(columns, losses, smallest):
    worst, highest = {}, 0.0
    for many in (1, 2):
        for chosen in itertools.combinations(range(columns.shape[1]), many):
            for codes in columns[:, list(chosen)].unique(dim=0):
                rows = (columns[:, list(chosen)] == codes).all(dim=1)
                if rows.sum() >= smallest and losses[rows].mean() > highest:
                    worst, highest = dict(zip(chosen, codes.tolist())), float(losses[rows].mean())
    return worst, highest

# %% wrong="worst_slice" really="`&`, not `|`"
@exercise
def worst_slice(columns, losses, smallest):
    best, highest = {}, -1.0
    for i, j in itertools.combinations(range(columns.shape[1]), 2):
        for a in columns[:, i].unique().tolist():
            for b in columns[:, j].unique().tolist():
                both = (columns[:, i] == a) & (columns[:, j] == b)
                rows = (columns[:, i] == a) | (columns[:, j] == b)
                if both.sum() >= smallest and losses[both].mean() > highest:
                    best, highest, told = {i: a, j: b}, losses[both].mean(), float(losses[rows].mean())
    return best, told

# %% wrong="worst_slice" named="the mean loss is missing"
@exercise
def worst_slice(columns, losses, smallest):
    worst, highest = {}, -1.0
    for many in (1, 2):
        for chosen in itertools.combinations(range(columns.shape[1]), many):
            for codes in columns[:, list(chosen)].unique(dim=0):
                rows = (columns[:, list(chosen)] == codes).all(dim=1)
                if rows.sum() >= smallest and losses[rows].mean() > highest:
                    worst, highest = dict(zip(chosen, codes.tolist())), float(losses[rows].mean())
    return worst

# %% right="strongest_proxy" style="a dictionary of counts"
@exercise
def strongest_proxy(columns, group):
    from collections import Counter
    best, best_share = 0, 0.0
    for i in range(columns.shape[1]):
        counts = {}
        for code, g in zip(columns[:, i].tolist(), group.tolist()):
            counts.setdefault(code, Counter())[g] += 1
        share = sum(max(c.values()) for c in counts.values()) / len(group)
        if share > best_share:
            best, best_share = i, share
    return best, best_share

# %% right="strongest_proxy" style="guess row by row, then accuracy"
@exercise
def strongest_proxy(columns, group):
    shares = []
    for column in columns.unbind(1):
        guess = torch.empty_like(group)
        for code in column.unique():
            guess[column == code] = group[column == code].mode().values
        shares.append((guess == group).double().mean())
    shares = torch.stack(shares)
    return int(shares.argmax()), float(shares.max())

# %% wrong="strongest_proxy" named="tells least"
@exercise
def strongest_proxy(columns, group):
    shares = [sum(int(group[c == v].bincount().max()) for v in c.unique()) / len(group) for c in columns.T]
    return shares.index(min(shares)), min(shares)

# %% wrong="strongest_proxy" named="mean over the codes"
@exercise
def strongest_proxy(columns, group):
    shares = []
    for c in columns.T:
        pure = [float(group[c == v].bincount().max()) / int((c == v).sum()) for v in c.unique()]
        shares.append(sum(pure) / len(pure))
    return shares.index(max(shares)), max(shares)

# %% wrong="strongest_proxy" named="compared the codes with the group's numbers"
@exercise
def strongest_proxy(columns, group):
    shares = (columns == group[:, None]).float().mean(0)
    return int(shares.argmax()), float(shares.max())

# %% wrong="strongest_proxy" named="the other way round"
@exercise
def strongest_proxy(columns, group):
    shares = [sum(int(c[group == g].bincount().max()) for g in group.unique()) / len(group) for c in columns.T]
    return shares.index(max(shares)), max(shares)

# %% wrong="strongest_proxy" named="columns count from 0"
@exercise
def strongest_proxy(columns, group):
    shares = [sum(int(group[c == v].bincount().max()) for v in c.unique()) / len(group) for c in columns.T]
    return shares.index(max(shares)) + 1, max(shares)

# %% wrong="strongest_proxy" named="divide by how many there are"
@exercise
def strongest_proxy(columns, group):
    shares = [sum(int(group[c == v].bincount().max()) for v in c.unique()) for c in columns.T]
    return shares.index(max(shares)), max(shares)

# %% wrong="strongest_proxy" named="the share is missing"
@exercise
def strongest_proxy(columns, group):
    shares = [sum(int(group[c == v].bincount().max()) for v in c.unique()) / len(group) for c in columns.T]
    return shares.index(max(shares))

# %% wrong="strongest_proxy" named="how often a guess is wrong"
@exercise
def strongest_proxy(columns, group):
    wrong = [1 - sum(int(group[c == v].bincount().max()) for v in c.unique()) / len(group) for c in columns.T]
    return wrong.index(min(wrong)), min(wrong)

# %% wrong="strongest_proxy" named="the code that gives its group away best"
@exercise
def strongest_proxy(columns, group):
    shares = []
    for c in columns.T:
        shares.append(max(float(group[c == v].bincount().max()) / int((c == v).sum()) for v in c.unique()))
    return shares.index(max(shares)), max(shares)

# %% wrong="strongest_proxy" really="correlation"
@exercise
def strongest_proxy(columns, group):
    found = [abs(float(torch.corrcoef(torch.stack([c.float(), group.float()]))[0, 1])) for c in columns.T]
    return found.index(max(found)), max(found)

# %% wrong="strongest_proxy" named="more than two groups"
@exercise
def strongest_proxy(columns, group):
    shares = []
    for c in columns.T:
        right = 0
        for v in c.unique():
            inside = group[c == v]
            right += max(int((inside == 0).sum()), int((inside == 1).sum()))
        shares.append(right / len(group))
    return shares.index(max(shares)), max(shares)

# %% wrong="strongest_proxy" named="the share of each column"
@exercise
def strongest_proxy(columns, group):
    return [sum(int(group[c == v].bincount().max()) for v in c.unique()) / len(group) for c in columns.T]

# %% right="patrol" style="a table that is filled"
@exercise
def patrol(rates, records, days, visits=100.0, corrected=False):
    k = len(rates)
    books = records.clone()
    out = torch.empty(days + 1, k)
    out[0] = books / books.sum()
    for day in range(days):
        sent = visits * out[day]
        found = sent * rates
        if corrected:
            found = visits / k * rates
        books += found
        out[day + 1] = books / books.sum()
    return out

# %% wrong="patrol" named="needs no division"
@exercise
def patrol(rates, records, days, visits=100.0, corrected=False):
    k = len(rates)
    books = records.clone()
    out = torch.empty(days + 1, k)
    out[0] = books / books.sum()
    for day in range(days):
        sent = visits * out[day]
        found = sent * rates
        if corrected:
            times = sent / (visits / k)
            found = found / times
        books += found
        out[day + 1] = books / books.sum()
    return out

# %% right="patrol" style="the even share is taken at once"
@exercise
def patrol(rates, records, days, visits=100.0, corrected=False):
    rows = []
    for day in range(days + 1):
        share = records / records.sum()
        rows.append(share)
        where = torch.full_like(share, 1 / len(share)) if corrected else share
        records = records + where * visits * rates
    return torch.stack(rows)

# %% wrong="patrol" named="the shares stay as they were"
@exercise
def patrol(rates, records, days, visits=100.0, corrected=False):
    rows = [records / records.sum()]
    for _ in range(days):
        records = records + visits * rows[-1]
        rows.append(records / records.sum())
    return torch.stack(rows)

# %% wrong="patrol" named="the shares stay as they were"
@exercise
def patrol(rates, records, days, visits=100.0, corrected=False):
    rows = [records / records.sum()]
    for _ in range(days):
        found = visits * rows[-1] * rates
        rows.append(records / records.sum())
    return torch.stack(rows)

# %% wrong="patrol" really="old records are forgotten"
@exercise
def patrol(rates, records, days, visits=100.0, corrected=False):
    rows = [records / records.sum()]
    for _ in range(days):
        records = visits * rows[-1] * rates
        rows.append(records / records.sum())
    return torch.stack(rows)

# %% wrong="patrol" named="every district got as many visits"
@exercise
def patrol(rates, records, days, visits=100.0, corrected=False):
    rows = [records / records.sum()]
    for _ in range(days):
        records = records + visits / len(rates) * rates
        rows.append(records / records.sum())
    return torch.stack(rows)

# %% wrong="patrol" really="every district got all the visits"
@exercise
def patrol(rates, records, days, visits=100.0, corrected=False):
    rows = [records / records.sum()]
    for _ in range(days):
        records = records + visits * rates
        rows.append(records / records.sum())
    return torch.stack(rows)

# %% wrong="patrol" really="district with most records"
@exercise
def patrol(rates, records, days, visits=100.0, corrected=False):
    rows = [records / records.sum()]
    for _ in range(days):
        records = records.clone()
        worst = int(records.argmax())
        records[worst] += visits * rates[worst]
        rows.append(records / records.sum())
    return torch.stack(rows)

# %% wrong="patrol" really="first day's shares are missing"
@exercise
def patrol(rates, records, days, visits=100.0, corrected=False):
    rows = []
    for _ in range(days):
        records = records + visits * records / records.sum() * rates
        rows.append(records / records.sum())
    return torch.stack(rows)

# %% wrong="patrol" really="only the last day"
@exercise
def patrol(rates, records, days, visits=100.0, corrected=False):
    for _ in range(days):
        records = records + visits * records / records.sum() * rates
    return records / records.sum()

# %% wrong="patrol" really="these are the records"
@exercise
def patrol(rates, records, days, visits=100.0, corrected=False):
    rows = [records]
    for _ in range(days):
        rows.append(rows[-1] + visits * rows[-1] / rows[-1].sum() * rates)
    return torch.stack(rows)

# %% wrong="patrol" really="one day too many"
@exercise
def patrol(rates, records, days, visits=100.0, corrected=False):
    rows = [records / records.sum()]
    for _ in range(days + 1):
        records = records + visits * rows[-1] * rates
        rows.append(records / records.sum())
    return torch.stack(rows)

# %% wrong="patrol" really="visits is missing"
@exercise
def patrol(rates, records, days, visits=100.0, corrected=False):
    rows = [records / records.sum()]
    for _ in range(days):
        records = records + rows[-1] * rates
        rows.append(records / records.sum())
    return torch.stack(rows)

# %% wrong="patrol" really="multiplied by the records"
@exercise
def patrol(rates, records, days, visits=100.0, corrected=False):
    rows = [records / records.sum()]
    for _ in range(days):
        records = records + visits * records * rates
        rows.append(records / records.sum())
    return torch.stack(rows)

# %% wrong="patrol" named="the call wrote into its argument `records`"
@exercise
def patrol(rates, records, days, visits=100.0, corrected=False):
    rows = [records / records.sum()]
    for _ in range(days):
        found = visits * rows[-1] * rates
        records += found / (rows[-1] * len(rates)) if corrected else found
        rows.append(records / records.sum())
    return torch.stack(rows)

# %% wrong="patrol" named="corrected changes nothing"
@exercise
def patrol(rates, records, days, visits=100.0, corrected=False):
    rows = [records / records.sum()]
    for _ in range(days):
        records = records + visits * rows[-1] * rates
        rows.append(records / records.sum())
    return torch.stack(rows)

# %% wrong="patrol" named="divided by the share alone"
@exercise
def patrol(rates, records, days, visits=100.0, corrected=False):
    rows = [records / records.sum()]
    for _ in range(days):
        found = visits * rows[-1] * rates
        records = records + (found / rows[-1] if corrected else found)
        rows.append(records / records.sum())
    return torch.stack(rows)

# %% wrong="patrol" named="you multiplied"
@exercise
def patrol(rates, records, days, visits=100.0, corrected=False):
    rows = [records / records.sum()]
    for _ in range(days):
        found = visits * rows[-1] * rates
        records = records + (found * rows[-1] * len(rates) if corrected else found)
        rows.append(records / records.sum())
    return torch.stack(rows)

# %% wrong="patrol" named="more than two districts"
@exercise
def patrol(rates, records, days, visits=100.0, corrected=False):
    rows = [records / records.sum()]
    for _ in range(days):
        found = visits * rows[-1] * rates
        records = records + (found / (rows[-1] * 2) if corrected else found)
        rows.append(records / records.sum())
    return torch.stack(rows)

# %% wrong="patrol" named="records of all days"
@exercise
def patrol(rates, records, days, visits=100.0, corrected=False):
    rows = [records / records.sum()]
    for _ in range(days):
        records = records + visits * rows[-1] * rates
        if corrected:
            records = records / (rows[-1] * len(rates))
        rows.append(records / records.sum())
    return torch.stack(rows)

# %% right="drift_alarm" style="a running sum"
@exercise
def drift_alarm(mistakes, expected, window, width=3.0):
    limit = expected + width * (expected * (1 - expected) / window) ** 0.5
    recent = []
    for count, wrong in enumerate(mistakes.tolist(), 1):
        recent.append(wrong)
        if len(recent) > window:
            recent.pop(0)
        if len(recent) == window and sum(recent) / window > limit:
            return count

# %% right="drift_alarm" style="unfold"
@exercise
def drift_alarm(mistakes, expected, window, width=3.0):
    if len(mistakes) < window:
        return None
    shares = mistakes.unfold(0, window, 1).mean(1)
    above = (shares > expected + width * (expected * (1 - expected)) ** 0.5 / window ** 0.5).nonzero().flatten()
    return int(above[0]) + window if len(above) else None

# %% wrong="drift_alarm" named="that is a position"
@exercise
def drift_alarm(mistakes, expected, window, width=3.0):
    limit = expected + width * (expected * (1 - expected) / window) ** 0.5
    for i in range(window - 1, len(mistakes)):
        if mistakes[i - window + 1:i + 1].mean() > limit:
            return i
    return None

# %% wrong="drift_alarm" named="where the window begins"
@exercise
def drift_alarm(mistakes, expected, window, width=3.0):
    limit = expected + width * (expected * (1 - expected) / window) ** 0.5
    for i in range(len(mistakes) - window + 1):
        if mistakes[i:i + window].mean() > limit:
            return i
    return None

# %% wrong="drift_alarm" named="all decisions so far"
@exercise
def drift_alarm(mistakes, expected, window, width=3.0):
    limit = expected + width * (expected * (1 - expected) / window) ** 0.5
    for count in range(window, len(mistakes) + 1):
        if mistakes[:count].mean() > limit:
            return count
    return None

# %% wrong="drift_alarm" named="the limit is too high"
@exercise
def drift_alarm(mistakes, expected, window, width=3.0):
    limit = expected + width * (expected * (1 - expected)) ** 0.5
    for count in range(window, len(mistakes) + 1):
        if mistakes[count - window:count].mean() > limit:
            return count
    return None

# %% wrong="drift_alarm" named="the limit is too low"
@exercise
def drift_alarm(mistakes, expected, window, width=3.0):
    for count in range(window, len(mistakes) + 1):
        if mistakes[count - window:count].mean() > expected:
            return count
    return None

# %% wrong="drift_alarm" named="the root is missing"
@exercise
def drift_alarm(mistakes, expected, window, width=3.0):
    limit = expected + width * expected * (1 - expected) / window
    for count in range(window, len(mistakes) + 1):
        if mistakes[count - window:count].mean() > limit:
            return count
    return None

# %% wrong="drift_alarm" named="a count is compared with a share"
@exercise
def drift_alarm(mistakes, expected, window, width=3.0):
    limit = expected + width * (expected * (1 - expected) / window) ** 0.5
    for count in range(window, len(mistakes) + 1):
        if mistakes[count - window:count].sum() > limit:
            return count
    return None

# %% wrong="drift_alarm" really="it never rang"
@exercise
def drift_alarm(mistakes, expected, window, width=3.0):
    limit = (expected + width * (expected * (1 - expected) / window) ** 0.5) * window
    for count in range(window, len(mistakes) + 1):
        if mistakes[count - window:count].mean() > limit:
            return count
    return None

# %% wrong="drift_alarm" named="not whether"
@exercise
def drift_alarm(mistakes, expected, window, width=3.0):
    limit = expected + width * (expected * (1 - expected) / window) ** 0.5
    for count in range(window, len(mistakes) + 1):
        if mistakes[count - window:count].mean() > limit:
            return True
    return False

# %% wrong="drift_alarm" named="None, not minus one"
@exercise
def drift_alarm(mistakes, expected, window, width=3.0):
    limit = expected + width * (expected * (1 - expected) / window) ** 0.5
    for count in range(window, len(mistakes) + 1):
        if mistakes[count - window:count].mean() > limit:
            return count
    return -1

# %% wrong="drift_alarm" named="not the end"
@exercise
def drift_alarm(mistakes, expected, window, width=3.0):
    limit = expected + width * (expected * (1 - expected) / window) ** 0.5
    for count in range(window, len(mistakes) + 1):
        if mistakes[count - window:count].mean() > limit:
            return count
    return len(mistakes)

# %% wrong="drift_alarm" named="the first time counts"
@exercise
def drift_alarm(mistakes, expected, window, width=3.0):
    limit = expected + width * (expected * (1 - expected) / window) ** 0.5
    rang = None
    for count in range(window, len(mistakes) + 1):
        if mistakes[count - window:count].mean() > limit:
            rang = count
    return rang

# %% wrong="drift_alarm" named="before there were `window` decisions"
@exercise
def drift_alarm(mistakes, expected, window, width=3.0):
    limit = expected + width * (expected * (1 - expected) / window) ** 0.5
    for count in range(1, len(mistakes) + 1):
        if mistakes[max(0, count - window):count].mean() > limit:
            return count
    return None

# %% wrong="rates" named="precision comes last"
@exercise
def rates(table):
    a, b, c, d = table.T
    return torch.stack([d / (b + d), b / (a + b), c / (c + d)], 1)

# %% wrong="rates" named="that is accuracy"
@exercise
def rates(table):
    a, b, c, d = table.T
    return torch.stack([b / (a + b), c / (c + d), (a + d) / table.sum(1)], 1)

# %% wrong="rates" named="only the first group"
@exercise
def rates(table):
    a, b, c, d = table[0]
    return torch.stack([b / (a + b), c / (c + d), d / (b + d)])

# %% wrong="rates" named="precision, is missing"
@exercise
def rates(table):
    a, b, c, d = table.T
    return torch.stack([b / (a + b), c / (c + d)], 1)

# %% wrong="rates" named="each other's people"
@exercise
def rates(table):
    a, b, c, d = table.T
    return torch.stack([b / (c + d), c / (a + b), d / (b + d)], 1)

# %% wrong="rates" named="rows and columns of `table` are exchanged"
@exercise
def rates(table):
    a, b, c, d = table
    return torch.stack([b / (a + b), c / (c + d), d / (b + d)], 1)

# %% wrong="at_cut" named="itself is in neither"
@exercise
def at_cut(counts, cut):
    low, high = counts[:, :cut - 1].sum(1), counts[:, cut:].sum(1)
    return torch.stack([low[0], high[0], low[1], high[1]])

# %% wrong="at_cut" named="first score is in neither"
@exercise
def at_cut(counts, cut):
    low, high = counts[:, 1:cut].sum(1), counts[:, cut:].sum(1)
    return torch.stack([low[0], high[0], low[1], high[1]])

# %% wrong="at_cut" named="you cut at 5"
@exercise
def at_cut(counts, cut):
    low, high = counts[:, :4].sum(1), counts[:, 4:].sum(1)
    return torch.stack([low[0], high[0], low[1], high[1]])

# %% wrong="at_cut" named="how many people there are"
@exercise
def at_cut(counts, cut):
    low, high = (counts < cut).sum(1), (counts >= cut).sum(1)
    return torch.stack([low[0], high[0], low[1], high[1]])

# %% wrong="equal_false_positives" named="that is the false negative rate"
@exercise
def equal_false_positives(counts, wanted):
    found = rates(torch.stack([at_cut(counts, cut) for cut in range(1, counts.shape[1] + 1)]))
    best = int((found[:, 0] - wanted).abs().argmin())
    return best + 1, float(found[best, 1])

# %% wrong="equal_false_positives" named="one too high"
@exercise
def equal_false_positives(counts, wanted):
    found = rates(torch.stack([at_cut(counts, cut) for cut in range(1, counts.shape[1] + 1)]))
    best = int((found[:, 0] - wanted).abs().argmin())
    return best + 2, float(found[best, 2])

# %% wrong="equal_false_positives" really="cuts go from 1"
@exercise
def equal_false_positives(counts, wanted):
    found = rates(torch.stack([at_cut(counts, cut) for cut in range(1, 11)]))
    best = int((found[:, 0] - wanted).abs().argmin())
    return best + 1, float(found[best, 2])

# %% wrong="worst_slice" named="three columns together"
@exercise
def worst_slice(columns, losses, smallest):
    worst, highest = {}, -1.0
    for many in (1, 2, 3):
        for chosen in itertools.combinations(range(columns.shape[1]), many):
            for codes in columns[:, list(chosen)].unique(dim=0):
                rows = (columns[:, list(chosen)] == codes).all(dim=1)
                if rows.sum() >= smallest and losses[rows].mean() > highest:
                    worst, highest = dict(zip(chosen, codes.tolist())), float(losses[rows].mean())
    return (worst, highest) if worst else ({}, float(losses.mean()))

# %% wrong="worst_slice" named="not text"
@exercise
def worst_slice(columns, losses, smallest):
    worst, highest = {}, -1.0
    for many in (1, 2):
        for chosen in itertools.combinations(range(columns.shape[1]), many):
            for codes in columns[:, list(chosen)].unique(dim=0):
                rows = (columns[:, list(chosen)] == codes).all(dim=1)
                if rows.sum() >= smallest and losses[rows].mean() > highest:
                    worst, highest = {str(i): int(c) for i, c in zip(chosen, codes)}, float(losses[rows].mean())
    return (worst, highest) if worst else ({}, float(losses.mean()))

# %% wrong="worst_slice" really="not a list"
@exercise
def worst_slice(columns, losses, smallest):
    worst, highest = {}, -1.0
    for many in (1, 2):
        for chosen in itertools.combinations(range(columns.shape[1]), many):
            for codes in columns[:, list(chosen)].unique(dim=0):
                rows = (columns[:, list(chosen)] == codes).all(dim=1)
                if rows.sum() >= smallest and losses[rows].mean() > highest:
                    worst, highest = list(zip(chosen, codes.tolist())), float(losses[rows].mean())
    return (worst, highest) if worst else ({}, float(losses.mean()))

# %% wrong="strongest_proxy" really="one group only"
@exercise
def strongest_proxy(columns, group):
    shares = [sum(int((group[c == v] == 1).sum()) for v in c.unique()) / len(group) for c in columns.T]
    return shares.index(max(shares)), max(shares)

# %% wrong="strongest_proxy" really="`argmax()` says which"
@exercise
def strongest_proxy(columns, group):
    shares = [sum(int(group[c == v].bincount().argmax()) for v in c.unique()) / len(group) for c in columns.T]
    return shares.index(max(shares)), max(shares)

# %% wrong="strongest_proxy" really="goes row by row"
@exercise
def strongest_proxy(columns, group):
    shares = [sum(int(group[c == v].bincount().max()) for v in c.unique()) / len(group) for c in columns]
    return shares.index(max(shares)), max(shares)

# %% wrong="patrol" named="not 100"
@exercise
def patrol(rates, records, days, visits=100.0, corrected=False):
    rows = [records / records.sum()]
    for _ in range(days):
        found = 100 * rows[-1] * rates
        records = records + (found / (rows[-1] * len(rates)) if corrected else found)
        rows.append(records / records.sum())
    return torch.stack(rows)

# %% wrong="patrol" named="not the first day's"
@exercise
def patrol(rates, records, days, visits=100.0, corrected=False):
    rows = [records / records.sum()]
    for _ in range(days):
        found = visits * rows[0] * rates
        records = records + (found / (rows[0] * len(rates)) if corrected else found)
        rows.append(records / records.sum())
    return torch.stack(rows)

# %% wrong="patrol" named="share over k"
@exercise
def patrol(rates, records, days, visits=100.0, corrected=False):
    rows = [records / records.sum()]
    for _ in range(days):
        found = visits * rows[-1] * rates
        records = records + (found / (rows[-1] / len(rates)) if corrected else found)
        rows.append(records / records.sum())
    return torch.stack(rows)

# %% wrong="drift_alarm" named="never looked at"
@exercise
def drift_alarm(mistakes, expected, window, width=3.0):
    limit = expected + width * (expected * (1 - expected) / window) ** 0.5
    for count in range(window, len(mistakes)):
        if mistakes[count - window:count].mean() > limit:
            return count
    return None

# %% wrong="drift_alarm" named="1 - expected is missing"
@exercise
def drift_alarm(mistakes, expected, window, width=3.0):
    limit = expected + width * (expected / window) ** 0.5
    for count in range(window, len(mistakes) + 1):
        if mistakes[count - window:count].mean() > limit:
            return count
    return None

# %% wrong="drift_alarm" really="the root is of all of it"
@exercise
def drift_alarm(mistakes, expected, window, width=3.0):
    limit = expected + width * (expected * (1 - expected)) / window ** 0.5
    for count in range(window, len(mistakes) + 1):
        if mistakes[count - window:count].mean() > limit:
            return count
    return None

# %% wrong="rates" named="columns 2 and 3 for each other"
@exercise
def rates(table):
    a, b, c, d = table.T
    return torch.stack([b / (a + b), d / (c + d), c / (c + b)], dim=1)

# %% wrong="rates" named="without brackets"
@exercise
def rates(table):
    a, b, c, d = table.T
    return torch.stack([b / a + b, c / c + d, d / b + d], dim=1)

# %% wrong="rates" named="both error rates divide by everybody"
@exercise
def rates(table):
    a, b, c, d = table.T
    return torch.stack([b / (a+b+c+d), c / (a+b+c+d), d / (b + d)], dim=1)

# %% wrong="rates" named="`reshape` and `view`"
@exercise
def rates(table):
    a, b, c, d = table.T
    return torch.stack([b / (a + b), c / (c + d), d / (b + d)]).reshape(-1, 3)

# %% wrong="at_cut" named="is in both"
@exercise
def at_cut(counts, cut):
    low = counts[:, :cut].sum(dim=1)
    high = counts[:, cut - 1:].sum(dim=1)
    return torch.stack([low[0], high[0], low[1], high[1]])

# %% wrong="at_cut" named="left out those above it"
@exercise
def at_cut(counts, cut):
    low = counts[:, :cut - 1].sum(dim=1)
    high = counts[:, cut - 1]
    return torch.stack([low[0], high[0], low[1], high[1]])

# %% wrong="at_cut" named="`sum(dim=0)` adds the outcomes up"
@exercise
def at_cut(counts, cut):
    low = counts[:, :cut - 1].sum(dim=0)
    high = counts[:, cut - 1:].sum(dim=0)
    return torch.stack([low[0], high[0], low[1], high[1]])

# %% wrong="at_cut" really="cuts the two rows"
@exercise
def at_cut(counts, cut):
    low = counts[:cut - 1].sum(dim=1)
    high = counts[cut - 1:].sum(dim=1)
    return torch.stack([low[0], high[0], low[1], high[1]])

# %% wrong="equal_false_positives" named="`abs()` is missing"
@exercise
def equal_false_positives(counts, wanted):
    found = rates(torch.stack([at_cut(counts, cut) for cut in range(1, counts.shape[1] + 1)]))
    i = int((found[:, 0] - wanted).argmin())
    return i + 1, float(found[i, 2])

# %% wrong="equal_false_positives" named="tried two cuts only"
@exercise
def equal_false_positives(counts, wanted):
    found = rates(torch.stack([at_cut(counts, cut) for cut in range(1, len(counts) + 1)]))
    i = int((found[:, 0] - wanted).abs().argmin())
    return i + 1, float(found[i, 2])

# %% wrong="worst_slice" really="one value or the other"
@exercise
def worst_slice(columns, losses, smallest):
    best, highest = {}, -1.0
    n, k = columns.shape
    for i in range(k):
        for a in columns[:, i].unique().tolist():
            rows = columns[:, i] == a
            if rows.sum() >= smallest:
                if float(losses[rows].mean()) > highest:
                    highest = float(losses[rows].mean())
                    best = {i: a}
    for i, j in itertools.combinations(range(k), 2):
        for a in columns[:, i].unique().tolist():
            for b in columns[:, j].unique().tolist():
                rows = (columns[:, i] == a) | (columns[:, j] == b)
                if rows.sum() >= smallest:
                    if float(losses[rows].mean()) > highest:
                        highest = float(losses[rows].mean())
                        best = {i: a, j: b}
    return (best, highest) if best else ({}, float(losses.mean()))

# %% wrong="worst_slice" really="you began with the mean of all rows"
@exercise
def worst_slice(columns, losses, smallest):
    best, highest = {}, float(losses.mean())
    n, k = columns.shape
    for i in range(k):
        for a in columns[:, i].unique().tolist():
            rows = columns[:, i] == a
            if rows.sum() >= smallest:
                if float(losses[rows].mean()) > highest:
                    highest = float(losses[rows].mean())
                    best = {i: a}
    for i, j in itertools.combinations(range(k), 2):
        for a in columns[:, i].unique().tolist():
            for b in columns[:, j].unique().tolist():
                rows = (columns[:, i] == a) & (columns[:, j] == b)
                if rows.sum() >= smallest:
                    if float(losses[rows].mean()) > highest:
                        highest = float(losses[rows].mean())
                        best = {i: a, j: b}
    return best, highest

# %% wrong="worst_slice" named="inside the worst single slice only"
@exercise
def worst_slice(columns, losses, smallest):
    best, highest = {}, -1.0
    k = columns.shape[1]
    for i in range(k):
        for a in columns[:, i].unique().tolist():
            rows = columns[:, i] == a
            if rows.sum() >= smallest and losses[rows].mean() > highest:
                best, highest = {i: a}, float(losses[rows].mean())
    if not best:
        return {}, float(losses.mean())
    (i, a), = best.items()
    for j in range(k):
        if j != i:
            for b in columns[:, j].unique().tolist():
                rows = (columns[:, i] == a) & (columns[:, j] == b)
                if rows.sum() >= smallest and losses[rows].mean() > highest:
                    best, highest = {i: a, j: b}, float(losses[rows].mean())
    return best, highest

# %% wrong="strongest_proxy" really="the last code was left out"
@exercise
def strongest_proxy(columns, group):
    shares = []
    for column in columns.T:
        right = sum([int(group[column == code].bincount().max()) for code in range(int(column.max()))])
        shares.append(right / len(group))
    s = torch.tensor(shares)
    return int(s.argmax()), float(s.max())

# %% wrong="strongest_proxy" really="the mean or the median group"
@exercise
def strongest_proxy(columns, group):
    shares = []
    for column in columns.T:
        right = sum([int((group[column == code] == group[column == code].median()).sum()) for code in column.unique()])
        shares.append(right / len(group))
    s = torch.tensor(shares)
    return int(s.argmax()), float(s.max())

# %% wrong="patrol" named="you divided by the number of visits"
@exercise
def patrol(rates, records, days, visits=100.0, corrected=False):
    k = len(rates)
    shares = [records / records.sum()]
    for _ in range(days):
        found = visits * shares[-1] * rates
        if corrected:
            found = found / (visits * shares[-1])
        records = records + found
        shares.append(records / records.sum())
    return torch.stack(shares)

# %% wrong="patrol" named="you divided by the visits as well"
@exercise
def patrol(rates, records, days, visits=100.0, corrected=False):
    k = len(rates)
    shares = [records / records.sum()]
    for _ in range(days):
        found = visits * shares[-1] * rates
        if corrected:
            found = found / (visits * shares[-1] * k)
        records = records + found
        shares.append(records / records.sum())
    return torch.stack(shares)

# %% wrong="drift_alarm" named="one window after the other"
@exercise
def drift_alarm(mistakes, expected, window, width=3.0):
    limit = expected + width * (expected * (1 - expected) / window) ** 0.5
    for n in range(window, len(mistakes) + 1, window):
        if mistakes[n - window:n].mean() > limit:
            return n
    return None

# %% wrong="drift_alarm" named="`width` changes nothing"
@exercise
def drift_alarm(mistakes, expected, window, width=3.0):
    limit = expected + 3 * (expected * (1 - expected) / window) ** 0.5
    for n in range(window, len(mistakes) + 1):
        if mistakes[n - window:n].mean() > limit:
            return n
    return None

# %% wrong="drift_alarm" named="only the first turn of the loop is made"
@exercise
def drift_alarm(mistakes, expected, window, width=3.0):
    limit = expected + width * (expected * (1 - expected) / window) ** 0.5
    for n in range(window, len(mistakes) + 1):
        if mistakes[n - window:n].mean() > limit:
            return n
        else:
            return None

# %% wrong="drift_alarm" named="one that lies on it"
@exercise
def drift_alarm(mistakes, expected, window, width=3.0):
    limit = expected + width * (expected * (1 - expected) / window) ** 0.5
    for n in range(window, len(mistakes) + 1):
        if mistakes[n - window:n].mean() >= limit:
            return n
    return None

# %% wrong="drift_alarm" really="all was well"
@exercise
def drift_alarm(mistakes, expected, window, width=3.0):
    limit = expected + width * (expected * (1 - expected) / window) ** 0.5
    for n in range(window, len(mistakes) + 1):
        if expected + abs(mistakes[n - window:n].mean() - expected) > limit:
            return n
    return None

# %% wrong="drift_alarm" really="one decision more or fewer"
@exercise
def drift_alarm(mistakes, expected, window, width=3.0):
    limit = expected + width * (expected * (1 - expected) / window) ** 0.5
    for n in range(window, len(mistakes) + 1):
        if mistakes[n - window + 1:n].mean() > limit:
            return n
    return None

# %% wrong="drift_alarm" really="more decisions than there were"
@exercise
def drift_alarm(mistakes, expected, window, width=3.0):
    limit = expected + width * (expected * (1 - expected) / window) ** 0.5
    for i in range(len(mistakes)):
        if mistakes[i:i + window].mean() > limit:
            return i + window
    return None

# %% wrong="drift_alarm" named="not yet full"
@exercise
def drift_alarm(mistakes, expected, window, width=3.0):
    limit = expected + width * (expected * (1 - expected) / window) ** 0.5
    for n in range(1, len(mistakes) + 1):
        if mistakes[max(0, n - window):n].sum() / window > limit:
            return n
    return None

# %% right="worst_slice" style="the last of equal ones, columns in any order"
@exercise
def worst_slice(columns, losses, smallest):
    best, top = {}, -float("inf")
    k = columns.shape[1]
    for i in range(k):
        for j in range(k - 1, -1, -1):
            for a in set(columns[:, i].tolist()):
                for b in set(columns[:, j].tolist()):
                    rows = (columns[:, i] == a) & (columns[:, j] == b)
                    if rows.sum() >= max(smallest, 1):
                        m = float(losses[rows].mean())
                        if m >= top:
                            best, top = ({j: b, i: a} if i != j else {i: a}), m
    return (best, top) if best else ({}, float(losses.mean()))

# %% right="drift_alarm" style="NumPy's convolution"
@exercise
def drift_alarm(mistakes, expected, window, width=3.0):
    import numpy as np
    m = mistakes.double().numpy()
    s = np.convolve(m, np.ones(window), "valid") / window
    h = np.nonzero(s > expected + width * np.sqrt(expected * (1 - expected) / window))[0]
    return None if len(h) == 0 or len(m) < window else h[0] + window
