# Answers of learners for lesson 16-ethics, thought up blind.

# %% wrong="rates" really="the false positives are divided by all people and not by those not arrested again"
@exercise
def rates(table: Tensor) -> Tensor:
    low_not, high_not, low_did, high_did = table.unbind(dim=1)
    everybody = table.sum(dim=1)
    return torch.stack([high_not / everybody, low_did / (low_did + high_did), high_did / (high_did + high_not)], dim=1)

# %% wrong="rates" really="stacked along the wrong axis: (3, groups) and not (groups, 3)"
@exercise
def rates(table: Tensor) -> Tensor:
    low_not, high_not, low_did, high_did = table.T
    fpr = high_not / (low_not + high_not)
    fnr = low_did / (low_did + high_did)
    precision = high_did / (high_not + high_did)
    return torch.stack([fpr, fnr, precision])

# %% wrong="rates" really="a rate of nobody comes out as 0 and not as NaN: the denominators are clamped"
@exercise
def rates(table: Tensor) -> Tensor:
    tn, fp, fn, tp = (table[:, i].float() for i in range(4))
    return torch.stack([fp / (fp + tn).clamp(min=1), fn / (fn + tp).clamp(min=1), tp / (tp + fp).clamp(min=1)], dim=-1)

# %% wrong="rates" really="plain Python numbers: a rate of nobody stops with a ZeroDivisionError"
@exercise
def rates(table: Tensor) -> Tensor:
    answer = []
    for tn, fp, fn, tp in table.tolist():
        answer.append([fp / (tn + fp), fn / (fn + tp), tp / (tp + fp)])
    return tensor(answer)

# %% wrong="rates" really="the missed are divided by those marked low and not by those arrested again"
@exercise
def rates(table: Tensor) -> Tensor:
    table = table.float()
    false_positive = table[:, 1] / (table[:, 0] + table[:, 1])
    false_negative = table[:, 2] / (table[:, 0] + table[:, 2])
    precision = table[:, 3] / (table[:, 1] + table[:, 3])
    return torch.stack([false_positive, false_negative, precision], dim=1)

# %% wrong="rates" really="gives the share that was found where the share that was missed is wanted"
@exercise
def rates(table: Tensor) -> Tensor:
    tn, fp, fn, tp = table.unbind(1)
    return torch.stack([fp / (fp + tn), tp / (tp + fn), tp / (tp + fp)], 1)

# %% right="rates" style="indexing columns: numerators, and their partners in the denominators"
@exercise
def rates(table: Tensor) -> Tensor:
    above = table[:, [1, 2, 3]]
    partner = table[:, [0, 3, 1]]
    return above / (above + partner)

# %% right="rates" style="row by row with tensors of one number"
@exercise
def rates(table: Tensor) -> Tensor:
    rows = []
    for row in table:
        rate = lambda part, rest: row[part] / (row[part] + row[rest])
        rows.append(torch.stack([rate(1, 0), rate(2, 3), rate(3, 1)]))
    return torch.stack(rows)

# %% right="rates" style="view as two by two, sums along rows and columns"
@exercise
def rates(table: Tensor) -> Tensor:
    boxes = table.reshape(-1, 2, 2)                    # group, arrested again, marked high
    by_outcome = boxes / boxes.sum(dim=2, keepdim=True)
    by_mark = boxes / boxes.sum(dim=1, keepdim=True)
    return torch.stack([by_outcome[:, 0, 1], by_outcome[:, 1, 0], by_mark[:, 1, 1]], dim=1)

# %% wrong="at_cut" really="off by one: the score cut itself is called low"
@exercise
def at_cut(counts: Tensor, cut: int) -> Tensor:
    low = counts[:, :cut].sum(dim=1)
    high = counts[:, cut:].sum(dim=1)
    return torch.stack([low[0], high[0], low[1], high[1]])

# %% wrong="at_cut" really="the four counts are in the wrong order: both low ones first"
@exercise
def at_cut(counts: Tensor, cut: int) -> Tensor:
    low = counts[:, :cut - 1].sum(dim=1)
    high = counts[:, cut - 1:].sum(dim=1)
    return torch.cat([low, high])

# %% wrong="at_cut" really="counted from the end: at scores + 1 the slice -0: takes everybody for high"
@exercise
def at_cut(counts: Tensor, cut: int) -> Tensor:
    how_many = counts.shape[1] - cut + 1
    high = counts[:, -how_many:].sum(dim=1)
    low = counts.sum(dim=1) - high
    return torch.stack([low, high], dim=1).flatten()

# %% wrong="at_cut" really="returns a list of numbers and not a tensor"
@exercise
def at_cut(counts: Tensor, cut: int) -> Tensor:
    answer = []
    for row in counts:
        answer.append(int(row[:cut - 1].sum()))
        answer.append(int(row[cut - 1:].sum()))
    return answer

# %% wrong="at_cut" really="made for ten scores: those above 10 are forgotten"
@exercise
def at_cut(counts: Tensor, cut: int) -> Tensor:
    first = cut - 1
    return torch.stack([counts[0, 0:first].sum(), counts[0, first:10].sum(), counts[1, 0:first].sum(), counts[1, first:10].sum()])

# %% wrong="at_cut" really="split cuts into pieces of equal size, which stops with an error at most cuts"
@exercise
def at_cut(counts: Tensor, cut: int) -> Tensor:
    low, high = counts.split(cut - 1, dim=1)
    return torch.stack([low.sum(dim=1), high.sum(dim=1)], dim=1).view(4)

# %% right="at_cut" style="a mask over the scores"
@exercise
def at_cut(counts: Tensor, cut: int) -> Tensor:
    scores = torch.arange(1, counts.shape[1] + 1, device=counts.device)
    high = scores >= cut
    return torch.stack([counts[0, ~high].sum(), counts[0, high].sum(), counts[1, ~high].sum(), counts[1, high].sum()])

# %% right="at_cut" style="running sums with a zero in front"
@exercise
def at_cut(counts: Tensor, cut: int) -> Tensor:
    running = torch.nn.functional.pad(counts.cumsum(dim=1), (1, 0))
    low, everybody = running[:, cut - 1], running[:, -1]
    return torch.stack([low, everybody - low], dim=1).reshape(-1)

# %% right="at_cut" style="tensor_split and comprehension"
@exercise
def at_cut(counts: Tensor, cut: int) -> Tensor:
    parts = counts.tensor_split([cut - 1], dim=1)
    return torch.stack([part[outcome].sum() for outcome in (0, 1) for part in parts])

# %% wrong="equal_false_positives" really="the last cut is never tried"
@exercise
def equal_false_positives(counts: Tensor, wanted: float) -> tuple[int, float]:
    best, answer = float("inf"), None
    for cut in range(1, counts.shape[1]):
        fpr, _, precision = rates(at_cut(counts, cut).view(1, 4))[0].tolist()
        if abs(fpr - wanted) < best:
            best, answer = abs(fpr - wanted), (cut, precision)
    return answer

# %% wrong="equal_false_positives" really="also tries scores + 1, where nobody is high and the precision is NaN"
@exercise
def equal_false_positives(counts: Tensor, wanted: float) -> tuple[int, float]:
    cuts = range(1, counts.shape[1] + 2)
    table = rates(torch.stack([at_cut(counts, cut) for cut in cuts]))
    best = int((table[:, 0] - wanted).abs().argmin())
    return cuts[best], float(table[best, 2])

# %% wrong="equal_false_positives" really="returns the column and not the score, one too small"
@exercise
def equal_false_positives(counts: Tensor, wanted: float) -> tuple[int, float]:
    found = torch.cat([rates(at_cut(counts, cut).unsqueeze(0)) for cut in range(1, counts.shape[1] + 1)])
    best = (found[:, 0] - wanted).abs().argmin().item()
    return best, found[best, 2].item()

# %% wrong="equal_false_positives" really="takes the highest cut whose rate is still at least wanted, not the nearest"
@exercise
def equal_false_positives(counts: Tensor, wanted: float) -> tuple[int, float]:
    cut = 1
    for candidate in range(1, counts.shape[1] + 1):
        if rates(at_cut(counts, candidate).view(1, 4))[0, 0] >= wanted:
            cut = candidate
    return cut, float(rates(at_cut(counts, cut).view(1, 4))[0, 2])

# %% wrong="equal_false_positives" really="the rates are rounded to one decimal before they are compared"
@exercise
def equal_false_positives(counts: Tensor, wanted: float) -> tuple[int, float]:
    def gap(cut):
        return abs(round(float(rates(at_cut(counts, cut).view(1, 4))[0, 0]), 1) - round(wanted, 1))

    cut = min(range(1, counts.shape[1] + 1), key=gap)
    return cut, float(rates(at_cut(counts, cut).view(1, 4))[0, 2])

# %% wrong="equal_false_positives" really="stops with an error: rates wants a table with a row for each group and gets one row without that axis"
@exercise
def equal_false_positives(counts: Tensor, wanted: float) -> tuple[int, float]:
    best_cut, best_gap, best_precision = 1, 1.0, 0.0
    for cut in range(1, counts.shape[1] + 1):
        fpr, fnr, precision = rates(at_cut(counts, cut))
        if abs(fpr - wanted) < best_gap:
            best_cut, best_gap, best_precision = cut, abs(fpr - wanted), precision
    return best_cut, float(best_precision)

# %% right="equal_false_positives" style="min with a key over the cuts"
@exercise
def equal_false_positives(counts: Tensor, wanted: float) -> tuple[int, float]:
    def of(cut):
        return rates(at_cut(counts, cut).view(1, 4))[0]

    nearest = min(range(1, counts.shape[1] + 1), key=lambda cut: abs(float(of(cut)[0]) - wanted))
    return nearest, float(of(nearest)[2])

# %% right="equal_false_positives" style="one table of all cuts, argmin"
@exercise
def equal_false_positives(counts: Tensor, wanted: float) -> tuple[int, float]:
    every = rates(torch.stack([at_cut(counts, 1 + column) for column in range(counts.size(1))]))
    column = torch.argmin(torch.abs(every[:, 0] - wanted)).item()
    return column + 1, every[column, 2].item()

# %% right="equal_false_positives" style="sums from the right, without at_cut and rates"
@exercise
def equal_false_positives(counts: Tensor, wanted: float) -> tuple[int, float]:
    high = counts.flip(1).cumsum(dim=1).flip(1)
    gaps = (high[0] / counts[0].sum() - wanted).abs()
    best = int(gaps.argmin())
    return best + 1, float(high[1, best] / high[:, best].sum())

# %% wrong="worst_slice" really="a slice of exactly smallest rows is left out"
@exercise
def worst_slice(columns: Tensor, losses: Tensor, smallest: int) -> tuple[dict[int, int], float]:
    k = columns.shape[1]
    best, worst = None, {}
    groups = [(c,) for c in range(k)] + list(itertools.combinations(range(k), 2))
    for group in groups:
        for codes in itertools.product(*[columns[:, c].unique().tolist() for c in group]):
            rows = torch.ones(len(columns), dtype=torch.bool)
            for c, code in zip(group, codes):
                rows &= columns[:, c] == code
            if rows.sum() > smallest:
                mean = losses[rows].mean().item()
                if best is None or mean > best:
                    best, worst = mean, dict(zip(group, codes))
    return (worst, best) if worst else ({}, losses.mean().item())

# %% wrong="worst_slice" really="only neighbouring columns are paired, and the first is never paired with the third"
@exercise
def worst_slice(columns: Tensor, losses: Tensor, smallest: int) -> tuple[dict[int, int], float]:
    slices = []
    for c in range(columns.shape[1]):
        for code in columns[:, c].unique().tolist():
            slices.append({c: code})
            if c + 1 < columns.shape[1]:
                for other in columns[:, c + 1].unique().tolist():
                    slices.append({c: code, c + 1: other})
    found = []
    for piece in slices:
        mask = torch.stack([columns[:, c] == code for c, code in piece.items()]).all(dim=0)
        if int(mask.sum()) >= max(smallest, 1):
            found.append((float(losses[mask].mean()), piece))
    if not found:
        return {}, float(losses.mean())
    mean, piece = max(found, key=lambda pair: pair[0])
    return piece, mean

# %% wrong="worst_slice" really="two conditions are joined by or, so pairs are unions and never smaller than one of the two"
@exercise
def worst_slice(columns: Tensor, losses: Tensor, smallest: int) -> tuple[dict[int, int], float]:
    single = [(c, int(code)) for c in range(columns.shape[1]) for code in columns[:, c].unique()]
    worst, highest = {}, -float("inf")
    for one, two in itertools.combinations_with_replacement(single, 2):
        if one[0] == two[0] and one != two:
            continue
        mask = (columns[:, one[0]] == one[1]) | (columns[:, two[0]] == two[1])
        if mask.sum() >= smallest and losses[mask].mean() > highest:
            worst, highest = dict([one, two]), float(losses[mask].mean())
    return (worst, highest) if worst else ({}, float(losses.mean()))

# %% wrong="worst_slice" really="range stops before the highest code of each column, which is never looked at"
@exercise
def worst_slice(columns: Tensor, losses: Tensor, smallest: int) -> tuple[dict[int, int], float]:
    k = columns.shape[1]
    worst, highest = {}, None
    for a in range(k):
        for b in range(a, k):
            for i in range(int(columns[:, a].max())):
                for j in range(int(columns[:, b].max())):
                    if a == b and i != j:
                        continue
                    inside = (columns[:, a] == i) & (columns[:, b] == j)
                    if inside.sum() < max(smallest, 1):
                        continue
                    mean = float(losses[inside].mean())
                    if highest is None or mean > highest:
                        highest, worst = mean, {a: i, b: j}
    if highest is None:
        return {}, float(losses.mean())
    return worst, highest

# %% wrong="worst_slice" really="begins with the mean of all rows: where all slices are equally bad no slice is returned though some are large enough"
@exercise
def worst_slice(columns: Tensor, losses: Tensor, smallest: int) -> tuple[dict[int, int], float]:
    worst, highest = {}, float(losses.mean())
    for size in (1, 2):
        for chosen in itertools.combinations(range(columns.shape[1]), size):
            for codes in columns[:, list(chosen)].unique(dim=0):
                rows = (columns[:, list(chosen)] == codes).all(dim=1)
                mean = float(losses[rows].mean())
                if rows.sum() >= smallest and mean > highest:
                    worst, highest = dict(zip(chosen, codes.tolist())), mean
    return worst, highest

# %% wrong="worst_slice" really="chooses the slice with the highest total loss, which favours the large ones, and not the highest mean"
@exercise
def worst_slice(columns: Tensor, losses: Tensor, smallest: int) -> tuple[dict[int, int], float]:
    best = ({}, float(losses.mean()))
    most = -1.0
    for size in (1, 2):
        for chosen in itertools.combinations(range(columns.shape[1]), size):
            for codes in set(map(tuple, columns[:, list(chosen)].tolist())):
                rows = (columns[:, list(chosen)] == torch.tensor(codes)).all(dim=1)
                if rows.sum() >= smallest and losses[rows].sum() > most:
                    most = losses[rows].sum()
                    best = (dict(zip(chosen, codes)), float(losses[rows].mean()))
    return best

# %% right="worst_slice" style="one walk over the rows, totals and counts in a dictionary"
from collections import defaultdict

@exercise
def worst_slice(columns: Tensor, losses: Tensor, smallest: int) -> tuple[dict[int, int], float]:
    total, count = defaultdict(float), defaultdict(int)
    for row, loss in zip(columns.tolist(), losses.tolist()):
        marks = list(enumerate(row))
        for key in [(mark,) for mark in marks] + list(itertools.combinations(marks, 2)):
            total[key] += loss
            count[key] += 1
    large = [key for key in count if count[key] >= smallest]
    if not large:
        return {}, float(losses.mean())
    worst = max(large, key=lambda key: total[key] / count[key])
    return dict(worst), total[worst] / count[worst]

# %% right="worst_slice" style="unique rows with inverse and bincount, for every choice of one or two columns"
@exercise
def worst_slice(columns: Tensor, losses: Tensor, smallest: int) -> tuple[dict[int, int], float]:
    answer, k = None, columns.shape[1]
    for chosen in [[c] for c in range(k)] + [[a, b] for a in range(k) for b in range(a + 1, k)]:
        codes, which, counts = columns[:, chosen].unique(dim=0, return_inverse=True, return_counts=True)
        means = torch.bincount(which, weights=losses.double(), minlength=len(codes)) / counts
        means[counts < smallest] = -float("inf")
        top = int(means.argmax())
        if means[top] > -float("inf") and (answer is None or float(means[top]) > answer[1]):
            answer = dict(zip(chosen, codes[top].tolist())), float(means[top])
    return answer or ({}, losses.mean().item())

# %% right="worst_slice" style="a generator of masks: each slice, then each slice cut once more by a later column"
def slices_of(columns, first=0, inside=None, depth=2):
    for column in range(first, columns.shape[1]):
        for code in columns[:, column].unique().tolist():
            mask = columns[:, column] == code
            if inside is not None:
                mask = mask & inside
            yield {column: code}, mask
            if depth > 1:
                for more, smaller in slices_of(columns, column + 1, mask, depth - 1):
                    yield {column: code, **more}, smaller

@exercise
def worst_slice(columns: Tensor, losses: Tensor, smallest: int) -> tuple[dict[int, int], float]:
    judged = [(float(losses[mask].mean()), name) for name, mask in slices_of(columns) if mask.any() and int(mask.sum()) >= smallest]
    if not judged:
        return {}, float(losses.mean())
    share, name = max(judged, key=lambda one: one[0])
    return name, share

# %% wrong="strongest_proxy" really="the share is averaged over the codes, each counted the same however few rows have it"
@exercise
def strongest_proxy(columns: Tensor, group: Tensor) -> tuple[int, float]:
    best = (0, -1.0)
    for c in range(columns.shape[1]):
        shares = []
        for code in columns[:, c].unique():
            inside = group[columns[:, c] == code]
            shares.append(float((inside == inside.mode().values).float().mean()))
        share = sum(shares) / len(shares)
        if share > best[1]:
            best = (c, share)
    return best

# %% wrong="strongest_proxy" really="knows only groups 0 and 1, wrong for three"
@exercise
def strongest_proxy(columns: Tensor, group: Tensor) -> tuple[int, float]:
    shares = []
    for column in columns.T:
        right = 0
        for code in column.unique():
            ones = int((group[column == code] == 1).sum())
            people = int((column == code).sum())
            right += max(ones, people - ones)
        shares.append(right / len(group))
    strongest = max(range(len(shares)), key=shares.__getitem__)
    return strongest, shares[strongest]

# %% wrong="strongest_proxy" really="takes the code itself for the guess, as happens to be right in the example"
@exercise
def strongest_proxy(columns: Tensor, group: Tensor) -> tuple[int, float]:
    right = (columns == group.unsqueeze(1)).float().mean(dim=0)
    best = int(right.argmax())
    return best, float(right[best])

# %% wrong="strongest_proxy" really="the number of codes is taken from the first column, higher codes of other columns are never counted"
@exercise
def strongest_proxy(columns: Tensor, group: Tensor) -> tuple[int, float]:
    n, k = columns.shape
    codes = range(int(columns[:, 0].max()) + 1)
    right = [0] * k
    for c in range(k):
        for code in codes:
            inside = group[columns[:, c] == code]
            if len(inside):
                right[c] += int(inside.bincount().max())
    best = right.index(max(right))
    return best, right[best] / n

# %% wrong="strongest_proxy" really="guesses the code from the group, the wrong way round"
@exercise
def strongest_proxy(columns: Tensor, group: Tensor) -> tuple[int, float]:
    shares = torch.zeros(columns.shape[1])
    for c in range(columns.shape[1]):
        for g in group.unique():
            codes = columns[group == g, c]
            shares[c] += codes.bincount().max() / len(group)
    return int(shares.argmax()), float(shares.max())

# %% wrong="strongest_proxy" really="stops with an error: the mean of whole numbers is taken"
@exercise
def strongest_proxy(columns: Tensor, group: Tensor) -> tuple[int, float]:
    best, best_share = 0, 0.0
    for c in range(columns.shape[1]):
        guess = torch.zeros_like(group)
        for code in columns[:, c].unique():
            rows = columns[:, c] == code
            guess[rows] = group[rows].mean().round()
        share = float((guess == group).float().mean())
        if share > best_share:
            best, best_share = c, share
    return best, best_share

# %% right="strongest_proxy" style="mode within each code, the guess written out for every row"
@exercise
def strongest_proxy(columns: Tensor, group: Tensor) -> tuple[int, float]:
    shares = []
    for column in columns.unbind(dim=1):
        guess = torch.empty_like(group)
        for code in column.unique():
            guess[column == code] = group[column == code].mode().values
        shares.append((guess == group).double().mean().item())
    return shares.index(max(shares)), max(shares)

# %% right="strongest_proxy" style="table of codes by groups from one bincount, the highest of each row added up"
@exercise
def strongest_proxy(columns: Tensor, group: Tensor) -> tuple[int, float]:
    groups, codes = int(group.max()) + 1, int(columns.max()) + 1
    right = torch.stack([
        torch.bincount(column * groups + group, minlength=codes * groups).view(codes, groups).max(dim=1).values.sum()
        for column in columns.T])
    best = int(right.argmax())
    return best, int(right[best]) / len(group)

# %% right="strongest_proxy" style="counters in pure Python"
from collections import Counter, defaultdict

@exercise
def strongest_proxy(columns: Tensor, group: Tensor) -> tuple[int, float]:
    labels, best_column, best_right = group.tolist(), 0, -1
    for c in range(columns.shape[1]):
        tally = defaultdict(Counter)
        for code, label in zip(columns[:, c].tolist(), labels):
            tally[code][label] += 1
        right = sum(counter.most_common(1)[0][1] for counter in tally.values())
        if right > best_right:
            best_column, best_right = c, right
    return best_column, best_right / len(labels)

# %% wrong="patrol" really="adds to the records of the caller, who finds them changed"
@exercise
def patrol(rates: Tensor, records: Tensor, days: int, visits: float = 100.0, corrected: bool = False) -> Tensor:
    k = len(rates)
    history = [records / records.sum()]
    for _ in range(days):
        share = history[-1]
        records += visits * rates / k if corrected else visits * share * rates
        history.append(records / records.sum())
    return torch.stack(history)

# %% wrong="patrol" really="corrected divides by the share and not by how many times the even share was sent: k times too much"
@exercise
def patrol(rates: Tensor, records: Tensor, days: int, visits: float = 100.0, corrected: bool = False) -> Tensor:
    shares = [records / records.sum()]
    for day in range(days):
        found = visits * shares[-1] * rates
        if corrected:
            found = found / shares[-1]
        records = records + found
        shares.append(records / records.sum())
    return torch.stack(shares)

# %% wrong="patrol" really="corrected divides nothing by nothing where a district had no visits, NaN everywhere from the first day on"
@exercise
def patrol(rates: Tensor, records: Tensor, days: int, visits: float = 100.0, corrected: bool = False) -> Tensor:
    books = records.clone()
    even = 1 / len(rates)
    rows = [books / books.sum()]
    for _ in range(days):
        share = books / books.sum()
        found = visits * share * rates
        if corrected:
            found = found / (share / even)
        books = books + found
        rows.append(books / books.sum())
    return torch.stack(rows)

# %% wrong="patrol" really="the even share is taken to be a half however many districts there are"
@exercise
def patrol(rates: Tensor, records: Tensor, days: int, visits: float = 100.0, corrected: bool = False) -> Tensor:
    now = records / records.sum()
    rows = [now]
    for _ in range(days):
        sent = torch.full_like(now, 0.5) if corrected else now
        records = records + visits * sent * rates
        now = records / records.sum()
        rows.append(now)
    return torch.stack(rows)

# %% wrong="patrol" really="no room for the shares of the last day: stops with an index error"
@exercise
def patrol(rates: Tensor, records: Tensor, days: int, visits: float = 100.0, corrected: bool = False) -> Tensor:
    books = records.clone()
    shares = torch.zeros(days, len(rates))
    shares[0] = books / books.sum()
    for day in range(days):
        sent = 1 / len(rates) if corrected else shares[day]
        books += visits * sent * rates
        shares[day + 1] = books / books.sum()
    return shares

# %% wrong="patrol" really="100 visits are written into the function, visits is ignored"
@exercise
def patrol(rates: Tensor, records: Tensor, days: int, visits: float = 100.0, corrected: bool = False) -> Tensor:
    books, history = records.clone(), []
    for _ in range(days + 1):
        share = books / books.sum()
        history.append(share)
        if corrected:
            books = books + 100 * rates / len(rates)
        else:
            books = books + 100 * share * rates
    return torch.stack(history)

# %% right="patrol" style="recursion: today's shares, then the rest of the days"
@exercise
def patrol(rates: Tensor, records: Tensor, days: int, visits: float = 100.0, corrected: bool = False) -> Tensor:
    def from_here(books, left):
        share = books / books.sum()
        if left == 0:
            return [share]
        sent = torch.full_like(share, 1 / len(share)) if corrected else share
        return [share] + from_here(books + visits * sent * rates, left - 1)

    rows, books = [], records
    while days > 500:                                  # not too deep
        piece = from_here(books, 0)
        rows += piece
        books = books + visits * (1 / len(books) if corrected else piece[0]) * rates
        days -= 1
    return torch.stack(rows + from_here(books, days))

# %% right="patrol" style="the corrected books in closed form, the others by a loop"
@exercise
def patrol(rates: Tensor, records: Tensor, days: int, visits: float = 100.0, corrected: bool = False) -> Tensor:
    if corrected:
        day = torch.arange(days + 1, device=records.device).unsqueeze(1)
        books = records + day * (visits * rates / len(rates))
    else:
        every = [records]
        for _ in range(days):
            every.append(every[-1] * (1 + visits * rates / every[-1].sum()))
        books = torch.stack(every)
    return books / books.sum(dim=1, keepdim=True)

# %% right="patrol" style="itertools.accumulate over the days"
@exercise
def patrol(rates: Tensor, records: Tensor, days: int, visits: float = 100.0, corrected: bool = False) -> Tensor:
    k = records.numel()

    def next_day(books, _):
        sent = torch.ones_like(books) / k if corrected else books / books.sum()
        return books + sent * visits * rates

    return torch.stack([books / books.sum() for books in itertools.accumulate(range(days), next_day, initial=records)])

# %% wrong="drift_alarm" really="rings already when the share is exactly at the limit"
@exercise
def drift_alarm(mistakes: Tensor, expected: float, window: int, width: float = 3.0) -> int | None:
    limit = expected + width * (expected * (1 - expected) / window) ** 0.5
    for n in range(window, len(mistakes) + 1):
        if mistakes[n - window:n].mean() >= limit:
            return n
    return None

# %% wrong="drift_alarm" really="argmax of nothing but False is 0: a quiet stream rings after the first window and not never"
@exercise
def drift_alarm(mistakes: Tensor, expected: float, window: int, width: float = 3.0) -> int | None:
    if len(mistakes) < window:
        return None
    limit = expected + width * (expected * (1 - expected) / window) ** 0.5
    shares = mistakes.unfold(0, window, 1).mean(dim=1)
    return int((shares > limit).int().argmax()) + window

# %% wrong="drift_alarm" really="stops with an error where there are fewer decisions than the window is long"
@exercise
def drift_alarm(mistakes: Tensor, expected: float, window: int, width: float = 3.0) -> int | None:
    limit = expected + width * (expected * (1 - expected) / window) ** 0.5
    rings = (mistakes.unfold(0, window, 1).mean(dim=1) > limit).nonzero()
    return int(rings[0]) + window if len(rings) else None

# %% wrong="drift_alarm" really="off by one: the last decision is never looked at"
@exercise
def drift_alarm(mistakes: Tensor, expected: float, window: int, width: float = 3.0) -> int | None:
    limit = expected + width * (expected * (1 - expected) / window) ** 0.5
    for seen in range(window, len(mistakes)):
        if float(mistakes[seen - window:seen].sum()) / window > limit:
            return seen

# %% wrong="drift_alarm" really="looks at one window after another without overlap, and not after each decision"
@exercise
def drift_alarm(mistakes: Tensor, expected: float, window: int, width: float = 3.0) -> int | None:
    limit = expected + width * (expected * (1 - expected) / window) ** 0.5
    for block in range(len(mistakes) // window):
        share = mistakes[block * window:(block + 1) * window].mean().item()
        if share > limit:
            return (block + 1) * window
    return None

# %% wrong="drift_alarm" really="may ring before there are as many decisions as the window wants"
@exercise
def drift_alarm(mistakes: Tensor, expected: float, window: int, width: float = 3.0) -> int | None:
    latest = []
    for number, mistake in enumerate(mistakes.tolist(), start=1):
        latest = (latest + [mistake])[-window:]
        share = sum(latest) / len(latest)
        if share > expected + width * (expected * (1 - expected) / window) ** 0.5:
            return number
    return None

# %% right="drift_alarm" style="a deque that forgets, one pass"
from collections import deque

@exercise
def drift_alarm(mistakes: Tensor, expected: float, window: int, width: float = 3.0) -> int | None:
    limit = expected + width * (expected * (1 - expected) / window) ** 0.5
    latest = deque(maxlen=window)
    for number, mistake in enumerate(mistakes.tolist(), 1):
        latest.append(mistake)
        if len(latest) == window and sum(latest) / window > limit:
            return number
    return None

# %% right="drift_alarm" style="differences of running sums"
@exercise
def drift_alarm(mistakes: Tensor, expected: float, window: int, width: float = 3.0) -> int | None:
    running = torch.cat([mistakes.new_zeros(1, dtype=torch.float64), mistakes.double().cumsum(0)])
    shares = (running[window:] - running[:-window]) / window
    limit = expected + width * (expected * (1 - expected) / window) ** 0.5
    rings = torch.nonzero(shares > limit).flatten()
    return int(rings[0]) + window if rings.numel() else None

# %% right="drift_alarm" style="next over a generator of slices"
@exercise
def drift_alarm(mistakes: Tensor, expected: float, window: int, width: float = 3.0) -> int | None:
    import math
    limit = expected + width * math.sqrt(expected * (1 - expected) / window)
    ends = range(window, mistakes.shape[0] + 1)
    return next((end for end in ends if float(mistakes[end - window:end].double().mean()) > limit), None)
