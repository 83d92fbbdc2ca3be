"""Right and wrong answers to lesson 10 (Shops, dates and embeddings), as learners give them.
Each cell is an answer to one exercise; a wrong one is named by a part of what the checks must say about it.
Read first: solutions/10-tables/tables.py, for what is asked."""

# %% right="rmspe" style="a mask as weights"
@exercise
def rmspe(predicted, actual):
    mask = (actual > 0).to(actual.dtype)
    safe = torch.where(actual > 0, actual, torch.ones_like(actual))
    return torch.sqrt((((predicted - actual) / safe) ** 2 * mask).sum() / mask.sum())

# %% right="rmspe" style="a loop"
@exercise
def rmspe(predicted, actual):
    total, count = 0, 0
    for guess, truth in zip(predicted, actual):
        if truth != 0:
            total = total + (1 - guess / truth) ** 2
            count += 1
    return (total / count) ** 0.5

# %% right="rmspe" style="nonzero and norm"
@exercise
def rmspe(predicted, actual):
    rows = actual.nonzero().flatten()
    share = predicted[rows] / actual[rows] - 1
    return share.norm() / len(rows) ** 0.5

# %% right="rmspe" style="numpy, which no gradient passes"
@exercise
def rmspe(predicted, actual):
    import numpy
    guesses, truth = predicted.detach().numpy(), actual.detach().numpy()
    keep = numpy.nonzero(truth)
    return tensor(numpy.sqrt(numpy.mean(numpy.square((guesses[keep] - truth[keep]) / truth[keep]))))

# %% right="rmspe" style="lists and math"
@exercise
def rmspe(predicted, actual):
    import math
    squares = [(p / a - 1) ** 2 for p, a in zip(predicted.tolist(), actual.tolist()) if a]
    return tensor(math.sqrt(sum(squares) / len(squares)), dtype=actual.dtype)

# %% right="rmspe" style="vector_norm over the root of a whole number"
@exercise
def rmspe(predicted, actual):
    known = actual.ne(0)
    share = torch.where(known, (predicted - actual) / torch.where(known, actual, 1.0), 0.0)
    return torch.linalg.vector_norm(share) / known.sum().sqrt()

# %% wrong="rmspe" named="you divided by what was predicted"
@exercise
def rmspe(predicted, actual):
    keep = actual != 0
    return (((predicted - actual) / predicted)[keep] ** 2).mean().sqrt()

# %% wrong="rmspe" named="the root is missing"
@exercise
def rmspe(predicted, actual):
    keep = actual != 0
    return (((predicted - actual) / actual)[keep] ** 2).mean()

# %% wrong="rmspe" named="leave those rows out"
@exercise
def rmspe(predicted, actual):
    return (((predicted - actual) / actual) ** 2).mean().sqrt()

# %% wrong="rmspe" named="you divided by the number of all rows"
@exercise
def rmspe(predicted, actual):
    keep = actual != 0
    share = torch.zeros_like(predicted)
    share[keep] = (predicted[keep] - actual[keep]) / actual[keep]
    return (share ** 2).mean().sqrt()

# %% wrong="rmspe" named="mean of absolute shares"
@exercise
def rmspe(predicted, actual):
    keep = actual != 0
    return ((predicted[keep] - actual[keep]).abs() / actual[keep]).mean()

# %% wrong="rmspe" named="percent"
@exercise
def rmspe(predicted, actual):
    keep = actual != 0
    return 100 * (((predicted - actual)[keep] / actual[keep]) ** 2).mean().sqrt()

# %% wrong="rmspe" named="root mean squared error"
@exercise
def rmspe(predicted, actual):
    keep = actual > 0
    return ((predicted - actual)[keep] ** 2).mean().sqrt()

# %% wrong="rmspe" named="you left out rows that were forecast as 0"
@exercise
def rmspe(predicted, actual):
    keep = (actual != 0) & (predicted != 0)
    return (((predicted[keep] - actual[keep]) / actual[keep]) ** 2).mean().sqrt()

# %% wrong="rmspe" named="a small number in place of 0"
@exercise
def rmspe(predicted, actual):
    return (((predicted - actual) / (actual + 1e-8)) ** 2).mean().sqrt()

# %% wrong="rmspe" named="makes a huge share of a closed day"
@exercise
def rmspe(predicted, actual):
    return ((predicted - actual) / torch.clamp(actual, min=1e-8)).pow(2).mean() ** 0.5

# %% right="date_parts" style="timedelta and timetuple"
@exercise
def date_parts(year, month, day):
    import datetime
    today = datetime.date(year, month, day)
    first_of_next = datetime.date(year + month // 12, month % 12 + 1, 1)
    left = (first_of_next - today).days - 1
    return dict(weekday=today.weekday(), day_of_year=today.timetuple().tm_yday, days_left=left, payday=1 if left == 0 or day == 15 else 0)

# %% right="date_parts" style="lengths of months by hand"
@exercise
def date_parts(year, month, day):
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    lengths = [31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    days = sum(lengths[:month - 1]) + day
    before = (year - 1) * 365 + (year - 1) // 4 - (year - 1) // 100 + (year - 1) // 400
    left = lengths[month - 1] - day
    return {"payday": int(day == 15 or left == 0), "weekday": (before + days - 1) % 7, "day_of_year": days, "days_left": left}

# %% right="date_parts" style="pandas"
@exercise
def date_parts(year, month, day):
    import pandas
    stamp = pandas.Timestamp(year=year, month=month, day=day)
    return {"weekday": stamp.dayofweek, "day_of_year": stamp.dayofyear, "days_left": stamp.days_in_month - day,
            "payday": int(stamp.is_month_end or day == 15)}

# %% wrong="date_parts" named="that is `isoweekday`"
@exercise
def date_parts(year, month, day):
    from calendar import monthrange
    from datetime import date
    today = date(year, month, day)
    left = monthrange(year, month)[1] - day
    return {"weekday": today.isoweekday(), "day_of_year": today.timetuple().tm_yday, "days_left": left, "payday": int(day == 15 or left == 0)}

# %% wrong="date_parts" named="the day of the year counts from 1"
@exercise
def date_parts(year, month, day):
    from calendar import monthrange
    from datetime import date
    today = date(year, month, day)
    left = monthrange(year, month)[1] - day
    return {"weekday": today.weekday(), "day_of_year": (today - date(year, 1, 1)).days, "days_left": left, "payday": int(day == 15 or left == 0)}

# %% wrong="date_parts" named="only the 15th is a payday"
@exercise
def date_parts(year, month, day):
    from calendar import monthrange
    from datetime import date
    today = date(year, month, day)
    return {"weekday": today.weekday(), "day_of_year": today.timetuple().tm_yday, "days_left": monthrange(year, month)[1] - day, "payday": int(day == 15)}

# %% wrong="date_parts" named="not every month ends on the 30th or the 31st"
@exercise
def date_parts(year, month, day):
    from calendar import monthrange
    from datetime import date
    today = date(year, month, day)
    return {"weekday": today.weekday(), "day_of_year": today.timetuple().tm_yday, "days_left": monthrange(year, month)[1] - day, "payday": int(day in (15, 30, 31))}

# %% wrong="date_parts" named="February's length depends on the year"
@exercise
def date_parts(year, month, day):
    from datetime import date
    today = date(year, month, day)
    left = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] - day
    return {"weekday": today.weekday(), "day_of_year": today.timetuple().tm_yday, "days_left": left, "payday": int(day == 15 or left == 0)}

# %% wrong="date_parts" named="True and False"
@exercise
def date_parts(year, month, day):
    from calendar import monthrange
    from datetime import date
    today = date(year, month, day)
    left = monthrange(year, month)[1] - day
    return {"weekday": today.weekday(), "day_of_year": today.timetuple().tm_yday, "days_left": left, "payday": day == 15 or left == 0}

# %% wrong="date_parts" named="`monthrange` gives two numbers: the weekday of the 1st"
@exercise
def date_parts(year, month, day):
    from calendar import monthrange
    from datetime import date
    today = date(year, month, day)
    left = monthrange(year, month)[0] - day
    return {"weekday": today.weekday(), "day_of_year": today.timetuple().tm_yday, "days_left": left, "payday": int(day == 15 or left == 0)}

# %% right="categorify" style="a loop that fills a dictionary"
@exercise
def categorify(train, new):
    codes, following = {None: 0}, 1
    for value in sorted(filter(None, set(train))):
        codes[value] = following
        following += 1
    return [codes[value] for value in train], [codes[value] if value in codes else 0 for value in new]

# %% right="categorify" style="the place in a list"
@exercise
def categorify(train, new):
    known = sorted(set(train) - {None})
    code = lambda value: known.index(value) + 1 if value in known else 0
    return list(map(code, train)), list(map(code, new))

# %% right="categorify" style="pandas"
@exercise
def categorify(train, new):
    import pandas
    known = pandas.Index(sorted(set(value for value in train if value is not None)), dtype=object)
    return tuple((known.get_indexer(column) + 1).tolist() for column in (train, new))

# %% right="categorify" style="how many are smaller"
@exercise
def categorify(train, new):
    known = {value for value in train if value}
    rank = {value: sum(other <= value for other in known) for value in known}
    first, second = [], []
    for value in train:
        first.append(rank.get(value, 0))
    for value in new:
        second.append(rank.get(value, 0))
    return first, second

# %% wrong="categorify" named="the order in which the values came"
@exercise
def categorify(train, new):
    codes = {}
    for value in train:
        if value is not None and value not in codes:
            codes[value] = len(codes) + 1
    return [codes.get(value, 0) for value in train], [codes.get(value, 0) for value in new]

# %% wrong="categorify" named="from train and new together"
@exercise
def categorify(train, new):
    known = sorted({value for value in train + new if value is not None})
    codes = {value: number for number, value in enumerate(known, 1)}
    return [codes.get(value, 0) for value in train], [codes.get(value, 0) for value in new]

# %% wrong="categorify" named="two lists of codes"
@exercise
def categorify(train, new):
    def coded(column):
        known = sorted({value for value in column if value is not None})
        return [known.index(value) + 1 if value is not None else 0 for value in column]
    return coded(train), coded(new)

# %% wrong="categorify" named="the first value of the alphabet is 1"
@exercise
def categorify(train, new):
    known = sorted({value for value in train if value is not None})
    codes = {value: number for number, value in enumerate(known)}
    return [codes.get(value, 0) for value in train], [codes.get(value, 0) for value in new]

# %% wrong="categorify" named="the unknown -1, as pandas does"
@exercise
def categorify(train, new):
    import pandas
    known = pandas.Index(sorted(set(value for value in train if value is not None)), dtype=object)
    return tuple(known.get_indexer(column).tolist() for column in (train, new))

# %% wrong="categorify" named="tensors"
@exercise
def categorify(train, new):
    known = sorted(set(train) - {None})
    codes = {value: number for number, value in enumerate(known, 1)}
    return torch.tensor([codes.get(value, 0) for value in train]), torch.tensor([codes.get(value, 0) for value in new])

# %% wrong="categorify" named="None cannot be sorted"
@exercise
def categorify(train, new):
    codes = {value: number for number, value in enumerate(sorted(set(train)), 1)}
    return [codes.get(value, 0) for value in train], [codes.get(value, 0) for value in new]

# %% wrong="categorify" named="capitals before small letters"
@exercise
def categorify(train, new):
    codes = {value: number for number, value in enumerate(sorted(set(train) - {None}, key=str.lower), 1)}
    return [codes.get(value, 0) for value in train], [codes.get(value, 0) for value in new]

# %% wrong="categorify" named="a value that occurs twice was counted twice"
@exercise
def categorify(train, new):
    codes = {value: number for number, value in enumerate(sorted(value for value in train if value is not None), 1)}
    return [codes.get(value, 0) for value in train], [codes.get(value, 0) for value in new]

# %% wrong="categorify" named="take each once"
@exercise
def categorify(train, new):
    known = sorted(value for value in train if value is not None)
    def code(value):
        return known.index(value) + 1 if value in known else 0
    return [code(value) for value in train], [code(value) for value in new]

# %% wrong="categorify" named="what is in new alone has no code in your list"
@exercise
def categorify(train, new):
    codes = {None: 0}
    codes.update({value: number for number, value in enumerate(sorted(set(train) - {None}), 1)})
    return [codes[value] for value in train], [codes[value] for value in new]

# %% wrong="categorify" named="None became a text like any other"
@exercise
def categorify(train, new):
    codes = {value: number for number, value in enumerate(sorted(set(map(str, train))), 1)}
    return [codes.get(str(value), 0) for value in train], [codes.get(str(value), 0) for value in new]

# %% wrong="categorify" named="yours go by how often a value occurs"
@exercise
def categorify(train, new):
    from collections import Counter
    ranked = [value for value, _ in Counter(value for value in train if value is not None).most_common()]
    codes = {value: number for number, value in enumerate(ranked, 1)}
    return [codes.get(value, 0) for value in train], [codes.get(value, 0) for value in new]

# %% right="fill_missing" style="nanmedian and nan_to_num"
@exercise
def fill_missing(train, new):
    middle = float(torch.nanmedian(train))
    return tuple(torch.column_stack([column.nan_to_num(middle), column.isnan().to(column)]) for column in (train, new))

# %% right="fill_missing" style="clones, filled in place"
@exercise
def fill_missing(train, new):
    known = train[train == train].sort().values
    median = known[len(known) // 2]
    tables = []
    for column in (train, new):
        gaps = column != column
        whole = column.clone()
        whole[gaps] = median
        tables.append(torch.cat([whole[:, None], gaps[:, None].type_as(column)], 1))
    return tables[0], tables[1]

# %% right="fill_missing" style="numpy"
@exercise
def fill_missing(train, new):
    import numpy
    median = numpy.nanmedian(train.numpy())
    def table(column):
        values = column.numpy()
        gaps = numpy.isnan(values)
        return torch.from_numpy(numpy.stack([numpy.where(gaps, median, values), gaps], axis=1).astype(values.dtype))
    return table(train), table(new)

# %% wrong="fill_missing" named="you filled with the mean"
@exercise
def fill_missing(train, new):
    mean = train.nanmean()
    return tuple(torch.stack([torch.where(c.isnan(), mean, c), c.isnan().to(c.dtype)], 1) for c in (train, new))

# %% wrong="fill_missing" named="its own median"
@exercise
def fill_missing(train, new):
    def filled(c):
        median = c.nanmedian() if bool((~c.isnan()).any()) else torch.zeros((), dtype=c.dtype)
        return torch.stack([torch.where(c.isnan(), median, c), c.isnan().to(c.dtype)], 1)
    return filled(train), filled(new)

# %% wrong="fill_missing" named="you filled with 0"
@exercise
def fill_missing(train, new):
    return tuple(torch.stack([c.nan_to_num(0.0), c.isnan().to(c.dtype)], 1) for c in (train, new))

# %% wrong="fill_missing" named="a median that NaN takes part in"
@exercise
def fill_missing(train, new):
    return tuple(torch.stack([torch.where(c.isnan(), train.median(), c), c.isnan().to(c.dtype)], 1) for c in (train, new))

# %% wrong="fill_missing" named="the flag is the wrong way round"
@exercise
def fill_missing(train, new):
    median = train.nanmedian()
    return tuple(torch.stack([torch.where(c.isnan(), median, c), (~c.isnan()).to(c.dtype)], 1) for c in (train, new))

# %% wrong="fill_missing" named="rows and columns have changed places"
@exercise
def fill_missing(train, new):
    median = train.nanmedian()
    return tuple(torch.stack([torch.where(c.isnan(), median, c), c.isnan().to(c.dtype)]) for c in (train, new))

# %% wrong="fill_missing" named="new was filled with its own median"
@exercise
def fill_missing(train, new):
    def filled(column):
        missing = column.isnan()
        return torch.stack([torch.where(missing, column[~missing].median(), column), missing.to(column.dtype)], dim=1)
    return filled(train), filled(new)

# %% wrong="fill_missing" named="the gaps of train are still there"
@exercise
def fill_missing(train, new):
    median = train.nanmedian()
    return (torch.stack([train, train.isnan().to(train.dtype)], 1),
            torch.stack([torch.where(new.isnan(), median, new), new.isnan().to(new.dtype)], 1))

# %% wrong="fill_missing" named="numbers and flags got mixed"
@exercise
def fill_missing(train, new):
    median = train.nanmedian()
    return tuple(torch.cat([torch.where(c.isnan(), median, c), c.isnan().to(c.dtype)]).reshape(-1, 2) for c in (train, new))

# %% wrong="fill_missing" really="the arguments are filled in place"
@exercise
def fill_missing(train, new):
    tables = []
    median = train.nanmedian()
    for c in (train, new):
        gaps = c.isnan()
        c[gaps] = median
        tables.append(torch.stack([c, gaps.to(c.dtype)], 1))
    return tuple(tables)

# %% right="lookup" style="torch's one_hot"
@exercise
def lookup(codes, table):
    one_hot = torch.nn.functional.one_hot(codes, num_classes=table.shape[0]).to(table)
    return one_hot, torch.mm(one_hot, table)

# %% right="lookup" style="rows of the identity, and reading"
@exercise
def lookup(codes, table):
    return torch.eye(len(table), dtype=table.dtype, device=table.device)[codes], table[codes]

# %% right="lookup" style="scatter and einsum"
@exercise
def lookup(codes, table):
    one_hot = table.new_zeros(codes.shape[0], table.shape[0]).scatter_(1, codes.unsqueeze(1), 1.0)
    return one_hot, torch.einsum("nc,cw->nw", one_hot, table)

# %% right="lookup" style="a loop"
@exercise
def lookup(codes, table):
    one_hot = torch.zeros(len(codes), len(table)).type_as(table)
    for row, code in enumerate(codes.tolist()):
        one_hot[row, code] = 1
    return one_hot, one_hot.matmul(table)

# %% wrong="lookup" named="as many columns as codes occur"
@exercise
def lookup(codes, table):
    one_hot = torch.nn.functional.one_hot(codes).to(table.dtype)
    return one_hot, table[codes]

# %% wrong="lookup" really="the one-hot matrix is of whole numbers"
@exercise
def lookup(codes, table):
    return torch.nn.functional.one_hot(codes, len(table)), table[codes]

# %% wrong="lookup" named="the one-hot matrix is of whole numbers: make it the table's dtype"
@exercise
def lookup(codes, table):
    one_hot = torch.nn.functional.one_hot(codes, len(table))
    return one_hot, one_hot @ table

# %% wrong="lookup" named="only the rows came back"
@exercise
def lookup(codes, table):
    return table[codes]

# %% wrong="lookup" named="lies on its side"
@exercise
def lookup(codes, table):
    one_hot = (torch.arange(len(table))[:, None] == codes).to(table.dtype)
    return one_hot, one_hot.T @ table

# %% wrong="lookup" named="all codes are switched on in every row"
@exercise
def lookup(codes, table):
    one_hot = torch.zeros(len(codes), len(table), dtype=table.dtype)
    one_hot[:, codes] = 1
    return one_hot, one_hot @ table

# %% wrong="lookup" named="the one-hot matrix comes first"
@exercise
def lookup(codes, table):
    one_hot = (codes[:, None] == torch.arange(len(table))).to(table.dtype)
    return one_hot @ table, one_hot

# %% right="factorise_step" style="autograd"
@exercise
def factorise_step(people, films, ratings, rate, decay=0.0):
    p = people.detach().clone().requires_grad_()
    f = films.detach().clone().requires_grad_()
    known = ~torch.isnan(ratings)
    loss = (((p @ f.T)[known] - ratings[known]) ** 2).mean()
    loss.backward()
    return people - rate * (p.grad + decay * people), films - rate * (f.grad + decay * films)

# %% right="factorise_step" style="a loop over the known ratings"
@exercise
def factorise_step(people, films, ratings, rate, decay=0.0):
    places = (~ratings.isnan()).nonzero().tolist()
    new_people, new_films = people * (1 - rate * decay), films * (1 - rate * decay)
    for row, column in places:
        error = (people[row] * films[column]).sum() - ratings[row, column]
        new_people[row] -= rate * 2 * error * films[column] / len(places)
        new_films[column] -= rate * 2 * error * people[row] / len(places)
    return new_people, new_films

# %% right="factorise_step" style="einsum, the rate first"
@exercise
def factorise_step(people, films, ratings, rate, decay=0.0):
    mask = ~ratings.isnan()
    error = torch.einsum("nk,mk->nm", people, films) - torch.nan_to_num(ratings)
    error = error * mask
    step = 2 * rate / mask.sum()
    return (people - step * torch.einsum("nm,mk->nk", error, films) - rate * decay * people,
            films - step * torch.einsum("nm,nk->mk", error, people) - rate * decay * films)

# %% wrong="factorise_step" named="NaN times 0 is NaN"
@exercise
def factorise_step(people, films, ratings, rate, decay=0.0):
    known = ~ratings.isnan()
    error = (people @ films.T - ratings) * known
    return people - rate * (2 * error @ films / known.sum() + decay * people), films - rate * (2 * error.T @ people / known.sum() + decay * films)

# %% wrong="factorise_step" named="the films were moved by the new people"
@exercise
def factorise_step(people, films, ratings, rate, decay=0.0):
    known = ~ratings.isnan()
    error = torch.where(known, people @ films.T - ratings, 0)
    people = people - rate * (2 * error @ films / known.sum() + decay * people)
    error = torch.where(known, people @ films.T - ratings, 0)
    films = films - rate * (2 * error.T @ people / known.sum() + decay * films)
    return people, films

# %% wrong="factorise_step" named="the films were moved by the new people: both"
@exercise
def factorise_step(people, films, ratings, rate, decay=0.0):
    known = ~ratings.isnan()
    error, count = torch.where(known, people @ films.T - ratings, 0), known.sum()
    people = people - rate * (2 * error @ films / count + decay * people)
    films = films - rate * (2 * error.T @ people / count + decay * films)
    return people, films

# %% wrong="factorise_step" named="the people were moved by the new films"
@exercise
def factorise_step(people, films, ratings, rate, decay=0.0):
    known = ~ratings.isnan()
    error, count = torch.where(known, people @ films.T - ratings, 0), known.sum()
    films = films - rate * (2 * error.T @ people / count + decay * films)
    people = people - rate * (2 * error @ films / count + decay * people)
    return people, films

# %% wrong="factorise_step" named="you divided by each row's own count"
@exercise
def factorise_step(people, films, ratings, rate, decay=0.0):
    known = ~ratings.isnan()
    error = torch.where(known, people @ films.T - ratings, 0)
    own, own_of_films = known.sum(1, keepdim=True).clamp(min=1), known.sum(0)[:, None].clamp(min=1)
    return people - rate * (2 * error @ films / own + decay * people), films - rate * (2 * error.T @ people / own_of_films + decay * films)

# %% wrong="factorise_step" named="you divided by all entries"
@exercise
def factorise_step(people, films, ratings, rate, decay=0.0):
    error = torch.where(ratings.isnan(), 0, people @ films.T - ratings)
    return people - rate * (2 * error @ films / error.numel() + decay * people), films - rate * (2 * error.T @ people / error.numel() + decay * films)

# %% wrong="factorise_step" named="the 2 is missing"
@exercise
def factorise_step(people, films, ratings, rate, decay=0.0):
    known = ~ratings.isnan()
    error = torch.where(known, people @ films.T - ratings, 0)
    return people - rate * (error @ films / known.sum() + decay * people), films - rate * (error.T @ people / known.sum() + decay * films)

# %% wrong="factorise_step" named="unknown ratings were taken for 0 stars"
@exercise
def factorise_step(people, films, ratings, rate, decay=0.0):
    known = ~ratings.isnan()
    error = people @ films.T - ratings.nan_to_num(0)
    return people - rate * (2 * error @ films / known.sum() + decay * people), films - rate * (2 * error.T @ people / known.sum() + decay * films)

# %% wrong="factorise_step" named="the step goes uphill"
@exercise
def factorise_step(people, films, ratings, rate, decay=0.0):
    known = ~ratings.isnan()
    error = torch.where(known, ratings - people @ films.T, 0)
    return people - rate * (2 * error @ films / known.sum() + decay * people), films - rate * (2 * error.T @ people / known.sum() + decay * films)

# %% wrong="factorise_step" named="decay is left out"
@exercise
def factorise_step(people, films, ratings, rate, decay=0.0):
    known = ~ratings.isnan()
    error = torch.where(known, people @ films.T - ratings, 0)
    return people - rate * 2 * error @ films / known.sum(), films - rate * 2 * error.T @ people / known.sum()
