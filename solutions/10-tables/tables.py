# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   course:
#     title: Shops, dates and embeddings
#     rows: [A2, C6, D2, D3, D4, D5, D6]
#     minutes: 130
#     builds_on: [01-tensors, 02-lines, 03-descent, 04-networks, 06-dropout]
# ---

# %% [markdown] rows="D3"
r"""
# Shops, dates and embeddings

**What will each shop sell on each day of the next eight weeks?**

Most of what firms, offices and hospitals know about us is neither picture nor sentence. It stands in tables: a row for each sale, patient, loan, flight. In a
table the columns have nothing in common. One is a date, one a town, one a price, and one is empty for every tenth row. A network wants numbers, all about
equally large, none missing.

This lesson is about what lies between. Its table says what 124 shops sold on each day of sixty weeks. Somebody has to order bread and plan shifts for the next
eight weeks, and asks you. Below are the last weeks of three of the shops, and what is asked for.
"""

# %% setup=true
import torch
from course import data, plots
from course.check import answer, begin, check, checks, exercise, hints
from torch import Tensor, tensor

begin("10-tables")

nan = float("nan")                  # not a number: what stands in a table where nothing is known

# %% folded=true
tables = data.shops()
figure, panels = plots.figure(columns=3, width=10.5, height=3.4)
for axes, shop in zip(panels, (4, 14, 30)):
    rows = tables.sales[(tables.sales["shop"] == shop) & (tables.sales["open"] == 1)]
    past = rows[(rows["date"] >= "2024-09-02") & (rows["date"] < "2024-11-04")]
    weeks = (past["date"] - past["date"].min()).dt.days / 7
    axes.plot(weeks, past["sales"] / 1000, marker="o", markersize=3.5, linewidth=1.2)
    axes.axvspan(9, 17, color="#eef1f4")
    axes.text(13, past["sales"].max() / 2000, "?", fontsize=34, ha="center", va="center", color=plots.COLOURS["vermillion"])
    axes.set(title=f"Shop {shop}", xlabel="weeks from 2 September 2024", xlim=(-0.3, 17), ylim=(0, None))
panels[0].set_ylabel("sales, thousand euros a day")
plots.show(figure, "three-shops")

# %% [markdown] rows="D3"
r"""
Each shop has a rhythm, and they are not the same rhythm. The shops are invented. A recipe of some sixty lines makes them (`course/shops.py`, described in
`datasets/shops/DATASHEET.md`), and that has one great advantage: the recipe knows how much of each day was luck. So at the end you can say not only how far
your forecast is from the truth, but how far it is from the best forecast that anybody could have made.

**By the end you can**

- split a table by time, and say what a random split would have promised;
- join tables, take a date apart, turn text into codes, and fill a gap without hiding it;
- choose an error that means the same to a small shop and a large one;
- say what an embedding is, as a matrix product and as a map, and train one;
- put a network beside a linear model and gradient boosting without cheating;
- complete a table of ratings by taking it apart.

**Time:** about 130 minutes: 57 for the six exercises, 10 for the quiz, the rest to read and play. **Builds on:** lesson 01, *A block of numbers*
(standardising, one-hot), lesson 02, *A line through a splatter of paint* (squared error), lesson 03, *Down the landscape of loss* (gradient descent), lesson
04, *A pile of very simple choices* (layers, training sets and test sets, the training loop), and lesson 06, *Throw some of it away* (dropout, weight decay).

## 1. Three tables, and the future
What a firm knows lies in several tables. Here there are three: the sales, the shops, the holidays.
"""

# %%
print(tables.sales.head(4), tables.shops.head(4), tables.holidays.head(4), sep="\n\n")

# %% [markdown] rows="D3 D4"
r"""
A network reads one row at a time, so all that is known about a row has to stand in it. The shop's town and size are in another table, under the same number. To
bring them over is a **[join](../glossary.md#join)**: for each row of the first table look up the row of the second that has the same *key*, here the shop's
number, and set it beside. `pandas`, the library that most tables in Python live in, calls it `merge`. `how="left"` keeps every row of the left table, also one
that finds no partner; a join that drops or doubles rows unnoticed is among the commonest mistakes with tables, so count the rows before and after.

Closed days sold nothing. To forecast a 0 for them needs no model, only the door sign, so they are left out.
"""

# %%
joined = tables.sales.merge(tables.shops, on="shop", how="left")
print("rows before and after the join:", len(tables.sales), len(joined))

joined = joined.assign(expected=tables.expected.numpy())      # what the recipe knows: to judge by, never to learn from
joined = joined[joined["open"] == 1]
print("rows of open days:", len(joined))
print(joined.drop(columns="expected").head(3))
print("\nmissing:", {name: int(count) for name, count in joined.isna().sum().items() if count})

# %% [markdown] rows="D3"
r"""
Now hold some rows out to test with. In lesson 04 they were drawn by lot. Not here. The question is about *the next eight weeks*, so the test has to be the
last eight weeks, and nothing that happens in them may be known before: a **[split by time](../glossary.md#split-by-time)**. Their promotions and opening days
may be used: the firm plans them itself. The weather may not. What a random split would have promised is measured in section 8, when there is a model to measure
it with. Guess already: better, worse, the same?

Four shops open on the first day of those weeks. The past has not a single row of them.
"""

# %%
from datetime import timedelta

from course.tables import FUTURE

future = tensor((joined["date"] >= FUTURE.isoformat()).to_numpy())
sales = tensor(joined["sales"].to_numpy(), dtype=torch.float32)
new_shop = tensor((joined["shop"] > 120).to_numpy())
known_future = future & ~new_shop              # what the forecasts are judged on: the shops that the past has seen
print(f"past: {int((~future).sum())} rows; future, from {FUTURE}: {int(known_future.sum())} rows, and {int((future & new_shop).sum())} of new shops")

# %% [markdown] rows="D3"
r"""
## 2. What a miss costs
On its best day the largest shop sells more than a hundred times what the smallest sells on a slow one. Off by 300 euros is nothing for the one and ruin for the
other. The squared error of lesson 02 would care for large shops alone. So count each miss as a share of what was sold. That is the **[root mean square
percentage error](../glossary.md#root-mean-square-percentage-error)**, RMSPE:

$$\text{RMSPE} = \sqrt{\frac{1}{n} \sum_i \left(\frac{\text{predicted}_i - \text{actual}_i}{\text{actual}_i}\right)^2}$$

It divides by the actual value. Where nothing was sold it cannot, and such rows are left out.

**Exercise 1 (6 minutes, easy): rmspe.** As a share: 0.1 is ten percent.
"""

# %% exercise="rmspe" minutes=6
@exercise
def rmspe(predicted: Tensor, actual: Tensor) -> Tensor:
    """Root mean square percentage error, over the rows where something was sold.

    predicted, actual: (n,). Rows with an actual of 0 do not count, whatever was predicted; in at least one row something was sold.
    Returns a scalar tensor, e.g. [90, 240, 7] and [100, 200, 0] -> 0.1581: the root of the mean of 0.01 and 0.04.
    """
    ### BEGIN SOLUTION
    sold = actual != 0
    misses = (predicted[sold] - actual[sold]) / actual[sold]
    return (misses ** 2).mean().sqrt()
    ### END SOLUTION


# %% check="rmspe" points=8
hints("From the inside out: a percentage error for each row, its square, the mean of those, the root.",
      "Keep the rows that count first: a tensor may be indexed by one of True and False.",
      "sold = actual != 0; (((predicted[sold] - actual[sold]) / actual[sold]) ** 2).mean().sqrt().")
check(rmspe, tensor([90.0, 240.0]), tensor([100.0, 200.0])).gives(0.158114)
check(rmspe, tensor([0.0, 240.0]), tensor([100.0, 200.0])).gives(0.721110)     # a forecast of 0 counts
check(rmspe).agrees(where=lambda call: bool((call.actual != 0).all()))
check(rmspe).keeps_the_contract()

# %% check="rmspe" aspect="closed" points=4
check(rmspe, tensor([90.0, 240.0, 7.0]), tensor([100.0, 200.0, 0.0])).gives(0.158114)     # the third shop was closed
check(rmspe).agrees(where=lambda call: bool((call.actual == 0).any()))

# %% [markdown]
r"""
Before any model, the simplest forecast that is not silly. For each shop and weekday: the mean of the past. Whoever brings a network has to beat it.

Beside it stands the other end. The recipe knows what it *expected* to be sold; what was sold differs by luck, whose standard deviation is 0.15 of the day's
sales, and by the weather in a town that week, which nobody knows eight weeks ahead. `floor_of` measures how far off somebody is who knows the recipe and not
the weather, and is even given, with hindsight, the one factor that suits these weeks best. So nobody without that knowledge gets below it but by luck: a
**[noise floor](../glossary.md#noise-floor)**.
"""

# %%
from course.tables import floor_of, prepare

weekday = joined["date"].dt.day_of_week
past_means = joined[(~future).numpy()].groupby(["shop", weekday[(~future).numpy()]])["sales"].mean()
by_weekday = tensor(past_means.reindex(list(zip(joined["shop"], weekday))).to_numpy(), dtype=torch.float32)
prepared = prepare(tables)          # the whole lesson in one call: what you build below is compared with it
floor = floor_of(prepared)
print(f"the shop's mean of that weekday:   {rmspe(by_weekday[known_future], sales[known_future]):.3f}")
print(f"the floor:                         {floor:.3f}")

# %% [markdown] rows="D5"
r"""
Nearly everything in this lesson that is a fair forecast for a known shop lies between those two numbers.

A network is trained on squared errors, not on RMSPE. There is a bridge: let it predict the **logarithm** of the sales (lesson 04 met it in the cross-entropy).
A step of 0.1 in the logarithm is a factor of $e^{0.1} = 1.105$, ten percent, wherever one stands. So a small squared error of logarithms is a small percentage
error of sales, and the network deals in numbers between 5 and 11, not between 250 and 32,000. At the end `exp` brings them back. And a forecast made that way
is never negative.
"""

# %%
print("       sold   predicted   share off   logarithms apart")
for sold, predicted in ((1000.0, 1100.0), (20000.0, 22000.0), (20000.0, 19000.0), (1000.0, 2000.0)):
    print(f"{sold:11,.0f} {predicted:11,.0f} {predicted / sold - 1:11.3f} {(tensor(predicted).log() - tensor(sold).log()).item():18.3f}")

log_means = joined.assign(log=sales.log().numpy())[(~future).numpy()].groupby(["shop", weekday[(~future).numpy()]])["log"].mean()
by_logs = tensor(log_means.reindex(list(zip(joined["shop"], weekday))).to_numpy(), dtype=torch.float32).exp()
print(f"\nthe shop's mean of that weekday: {rmspe(by_weekday[known_future], sales[known_future]):.3f}; of logarithms: "
      f"{rmspe(by_logs[known_future], sales[known_future]):.3f}")

# %% [markdown] rows="D5"
r"""
As long as misses are small the last two columns agree. For large ones they part: double is 1 of the one and 0.69 of the other. RMSPE is not even-handed: who
forecasts nothing at all is off by 1, who forecasts ten times too much is off by 9. So it favours forecasts that are a little low.

Even the simplest forecast gains by logarithms: take the mean of the *logarithms* of each shop and weekday, and `exp` of that, and 0.372 becomes 0.317.

## 3. A date, taken apart
To a network *2024-11-15* is a number like another: 15 November is one more than 14 November. To a shop it is a Friday, in November, and **payday**. A network
can find bends and combinations in its columns by itself, but that the 15th matters it would have to learn from a handful of 15ths, and it cannot see them at
all while the column counts days since 1970. So whoever knows something about dates writes it down, as columns of its own. In this country wages come on the
15th and on the last day of the month.

**Exercise 2 (10 minutes, easy): date_parts.** Python's `datetime.date(year, month, day)` knows weekdays (`.weekday()`, Monday is 0), dates subtract, and
`calendar.monthrange(year, month)[1]` is the number of days in a month. Import them in your cell: `from calendar import monthrange` and `from datetime import
date`.
"""

# %% exercise="date_parts" minutes=10
@exercise
def date_parts(year: int, month: int, day: int) -> dict[str, int]:
    """What a shop's customers may know about a date, as whole numbers.

    Returns a dict of four: "weekday" (0 Monday to 6 Sunday), "day_of_year" (1 for 1 January), "days_left" in the month
    (0 on its last day), "payday" (1 on the 15th and on the last day of the month, else 0),
    e.g. 2024, 2, 28 -> {"weekday": 2, "day_of_year": 59, "days_left": 1, "payday": 0}.
    """
    ### BEGIN SOLUTION
    from calendar import monthrange
    from datetime import date

    today = date(year, month, day)
    days_left = monthrange(year, month)[1] - day
    return {
        "weekday": today.weekday(),
        "day_of_year": (today - date(year, 1, 1)).days + 1,
        "days_left": days_left,
        "payday": int(day == 15 or days_left == 0),
    }
    ### END SOLUTION


# %% check="date_parts" points=12
hints("Make a date of the three numbers; it knows most of what is asked.",
      "The day of the year is how many days after 1 January it is, and one. Days left: the days of this month less the day.",
      "from calendar import monthrange; from datetime import date; "
      "today = date(year, month, day); left = monthrange(year, month)[1] - day; "
      "then today.weekday(), (today - date(year, 1, 1)).days + 1, left, int(day == 15 or left == 0).")
check(date_parts, 2024, 11, 15).gives({"weekday": 4, "day_of_year": 320, "days_left": 15, "payday": 1})
check(date_parts, 2024, 2, 28).gives({"weekday": 2, "day_of_year": 59, "days_left": 1, "payday": 0})      # 2024 is a leap year
check(date_parts, 2023, 2, 28).gives({"weekday": 1, "day_of_year": 59, "days_left": 0, "payday": 1})      # and 2023 is none
check(date_parts).agrees()
check(date_parts).keeps_the_contract()

# %% [markdown] rows="D4"
r"""
Is it worth it? Take all rows of the past, divide each by the mean of its shop and weekday, and average by the day of the month.
"""

# %%
past_rows = joined[(~future).numpy()]
ratio = past_rows["sales"] / past_means.reindex(list(zip(past_rows["shop"], weekday[(~future).numpy()]))).to_numpy()
by_day = ratio.groupby(past_rows["date"].dt.day).mean()

figure, axes = plots.figure(width=8.4, height=3.3)
axes.bar(by_day.index, by_day - 1, bottom=1, color=[plots.COLOURS["vermillion"] if day in (15, 30, 31) else plots.COLOURS["sky"] for day in by_day.index])
axes.axhline(1, color=plots.INK, linewidth=1)
axes.set(xlabel="day of the month", ylabel="sales, as a multiple\nof the usual", xticks=[1, 5, 10, 15, 20, 25, 30])
plots.show(figure, "days-of-the-month")

# %% [markdown] rows="D4"
r"""
The 15th stands out. So does the 31st, always a last day, and more. The 30th is a mixture: a last day in some months and an ordinary day in others. The column
of `days_left` would separate them.

A date taken apart is how many forecasts of sales are made, as an ordinary table in which each row knows what day it is. What most add is a column or two of the
past, *what was sold a year ago* or *on average over the last weeks*, as far as it is known when one forecasts. Older methods for series, such as exponential
smoothing, do well too. In the example that this lesson follows, Jeremy Howard's `add_datepart` makes thirteen such columns out of one.

The day *before* a holiday, `eve`, goes the same way, from the third table. The network below gets weekday, month, payday and eve. The other two, `day_of_year`
and `days_left`, are for you to try.
"""

# %%
dates = list(joined["date"].dt.date)
parts = {day: date_parts(day.year, day.month, day.day) for day in set(dates)}       # 413 different days for 45,696 rows
free = set(tables.holidays["date"].dt.date)
payday = tensor([float(parts[day]["payday"]) for day in dates])
eve = tensor([float(day + timedelta(days=1) in free) for day in dates])
print(f"rows on a payday: {payday.mean():.3f}; on the day before a holiday: {eve.mean():.3f}")

# %% [markdown] rows="D5"
r"""
## 4. From words to codes
*Ashby* is no number. Give each town one: 1, 2, 3, in the order of the alphabet. These are **[categories](../glossary.md#category)** and their numbers are
codes: names that happen to be digits. The town with code 6 is not twice the town with code 3, and no model may be allowed to think so. For that, section 6.

Two rules keep this honest. The list of codes is made **from the past alone**, then used for all rows: what the model will meet next month is not known yet. And
code 0 is kept for *everything else*: a value that is missing, a town that did not exist, a shop that opens tomorrow.

**Exercise 3 (8 minutes, medium): categorify.**
"""

# %% exercise="categorify" minutes=8
@exercise
def categorify(train: list[str | None], new: list[str | None]) -> tuple[list[int], list[int]]:
    """Codes for two columns of text: those of train, and those of new by the same list.

    train, new: strings, or None where the value is missing.
    What occurs in train gets 1, 2, 3, ... in the order of `sorted`; None gets 0, and so does what occurs in new alone.
    Returns two lists of whole numbers, as long as train and new,
    e.g. ["Fowey", "Ashby", None, "Fowey"] and ["Corby", "Fowey"] -> ([2, 1, 0, 2], [0, 2]).
    """
    ### BEGIN SOLUTION
    known = sorted({value for value in train if value is not None})
    codes = {value: number for number, value in enumerate(known, start=1)}
    return [codes.get(value, 0) for value in train], [codes.get(value, 0) for value in new]
    ### END SOLUTION


# %% check="categorify" points=10
hints("Make a dictionary from value to code first, from train alone. Then look every value up.",
      "`set` leaves each value once, `sorted` puts them in order, but None cannot be sorted: leave it out. "
      "`codes.get(value, 0)` gives 0 for what is not there.",
      "codes = {value: number for number, value in enumerate(sorted(set(train) - {None}), start=1)}; "
      "[codes.get(value, 0) for value in train], and the same for new.")
check(categorify, ["small", "large", "small", "medium"], ["large", "small"]).gives(([3, 1, 3, 2], [1, 3]))
check(categorify).agrees(where=lambda call: None not in [*call.train, *call.new] and set(call.new) <= set(call.train))

# %% check="categorify" aspect="unknown" points=6
check(categorify, ["Fowey", "Ashby", None, "Fowey"], ["Corby", "Fowey"]).gives(([2, 1, 0, 2], [0, 2]))     # nobody knew Corby
check(categorify).agrees(where=lambda call: None in [*call.train, *call.new] or not set(call.new) <= set(call.train))
check(categorify).keeps_the_contract()

# %% [markdown] rows="D5"
r"""
Five columns go this way. A shop's number is a name as well; written with three digits, the order of text is the order of numbers.
"""

# %%
columns = {
    "shop": [f"{shop:03d}" for shop in joined["shop"]],
    "town": list(joined["town"]),
    "size": list(joined["size"]),
    "weekday": [str(parts[day]["weekday"]) for day in dates],
    "month": [f"{day.month:02d}" for day in dates],
}
is_past = (~future).tolist()
codes, sizes = [], []
for name, column in columns.items():
    past_codes, all_codes = categorify([value for value, kept in zip(column, is_past) if kept], column)
    codes.append(tensor(all_codes))
    sizes.append(max(past_codes) + 1)                       # with code 0
    print(f"{name:8s} {sizes[-1]:3d} codes; rows of the future with code 0: {int((codes[-1][future] == 0).sum())}")

# %% [markdown] rows="D5"
r"""
Only the new shops are unknown, and they are where they belong.

## 5. A gap is a message
For every sixth shop or so the distance to the nearest competitor is missing. A network cannot read *missing*. One could drop those rows, or write a 0, and both
would be mistakes of the same kind: a 0 says that the competitor stands in the doorway. The usual way is to write what is unremarkable, the
**[median](../glossary.md#median)** of the known distances: half are nearer, half are further. And then, which people forget, to **say that it was missing**, in
a column of its own. Look first whether the gap means anything.
"""

# %%
for missing, rows in past_rows.groupby(past_rows["competitor"].isna()):
    print(f"{'distance missing' if missing else 'distance known':18s} {rows['shop'].nunique():3d} shops, mean sales by size: "
          f"{ {size: round(float(part.mean()), -2) for size, part in rows.groupby('size')['sales']} }")

# %% [markdown] rows="D5"
r"""
It means something. Here a gap is not a distance that somebody forgot to write down. There is no competitor, and the shop sells more for it. Fill the gap
without a flag and it is lost, except where the shop's own number makes up for it. A new shop has no such number: it looks as if its competitor were at a
middling distance.

**Exercise 4 (9 minutes, medium): fill_missing.** The median is a number that is *learned*, so it comes from the past alone as well.
"""

# %% exercise="fill_missing" minutes=9
@exercise
def fill_missing(train: Tensor, new: Tensor) -> tuple[Tensor, Tensor]:
    """Two columns with gaps as two tables of two columns: the numbers with the gaps filled, and where the gaps were.

    train: (n,), new: (m,), NaN where a number is missing. In train an odd number of values is known, so that the median of
    those is the one in the middle.
    Returns (n, 2) and (m, 2) in the dtype of the columns. Column 0: the number, or the median of the known values of train.
    Column 1: 1 where it was missing, else 0. E.g. [4, nan, 1, 2] and [nan, 9] -> [[4, 0], [2, 1], [1, 0], [2, 0]] and [[2, 1], [9, 0]].
    """
    ### BEGIN SOLUTION
    median = train[~train.isnan()].median()

    def filled(column: Tensor) -> Tensor:
        missing = column.isnan()
        return torch.stack([torch.where(missing, median, column), missing.to(column.dtype)], dim=1)

    return filled(train), filled(new)
    ### END SOLUTION


# %% check="fill_missing" points=12
hints("NaN is not equal to anything, not even to itself: ask `.isnan()`.",
      "The median of train's known values fills both columns. `torch.where(missing, median, column)` takes the median where it is missing.",
      "median = train[~train.isnan()].median(); for each column: "
      "torch.stack([torch.where(column.isnan(), median, column), column.isnan().to(column.dtype)], dim=1).")
check(fill_missing, tensor([4.0, nan, 1.0, 2.0]), tensor([nan, 9.0])).gives(
    (tensor([[4.0, 0.0], [2.0, 1.0], [1.0, 0.0], [2.0, 0.0]]), tensor([[2.0, 1.0], [9.0, 0.0]])))
check(fill_missing).agrees()

# %% check="fill_missing" aspect="contract" points=4
check(fill_missing, tensor([5.0, 3.0, 1.0]), tensor([7.0])).gives((tensor([[5.0, 0.0], [3.0, 0.0], [1.0, 0.0]]), tensor([[7.0, 0.0]])))  # no gap at all
check(fill_missing).agrees(where=lambda call: not bool(call.new.isnan().any()))
check(fill_missing).keeps_the_contract()

# %% [markdown] rows="D5"
r"""
One thing is left. Distances run to 5,000 and flags to 1, so [standardise](../glossary.md#standardise) the distances, as in lesson 01, and with which mean and
which standard deviation? Those of the past, for the future too. It sounds like pedantry. Here is what happens where somebody standardises each batch of new
rows by its own: one row of the future, sent alone, has a mean that is itself.
"""

# %%
from course.tables import standardise  # standardise(past, new): both by the mean and the standard deviation of the past

metres = tensor(joined["competitor"].to_numpy(), dtype=torch.float32)
filled = fill_missing(metres[~future], metres)[1]
def shown(column: Tensor) -> list[float]:
    return [round(value, 2) for value in column.tolist()]


some = tensor([300.0, 2500.0, 4800.0])
print("three shops of the future, by the past's mean: ", shown(standardise(filled[~future, 0], some)[1]))
print("the same, by their own mean:                   ", shown(standardise(some, some)[1]))
print("the last one, sent alone, less its own mean:   ", shown(some[2:] - some[2:].mean()))

numbers = [payday, eve, tensor(joined["promotion"].to_numpy(), dtype=torch.float32), standardise(filled[~future, 0], filled[:, 0])[1], filled[:, 1]]
inputs = torch.stack([*codes, *numbers], dim=1)
print("\na row in full:", shown(inputs[0]))
print("your table is the course's:", torch.allclose(inputs, prepared.inputs, atol=1e-5))

# %% [markdown] rows="A2"
r"""
## 6. What one should beat
A library of arrays is a calculator. Nothing in it is about networks, and most models that are at work in the world are none. Three you should know by name.

**Linear regression** gives each column one number and adds up; with a sigmoid behind it, it is *logistic regression*, the workhorse for yes and no. For
categories the columns are [one-hot](../glossary.md#one-hot): a switch for each code. By itself it cannot say that *Saturday* is good for *this* shop and bad
for that one: the Saturday has one number, unless one adds a column for each pair of shop and weekday, an *interaction*.

A **[decision tree](../glossary.md#decision-tree)** asks questions: is it a Saturday? Is the shop one of these eleven? Each answer leads to another question and
in the end to a number. A *random forest* (Leo Breiman, 2001) averages hundreds of trees, each grown on rows drawn anew, and allowed at each question only some
columns, drawn by lot. **[Gradient boosting](../glossary.md#gradient-boosting)** (Jerome Friedman, 2001) grows small trees one after the other, each on what the
ones before it left over: on the residuals of lesson 02. For tables it has been the model to beat for twenty years. On 45 middle-sized tables trees beat
networks, and were quicker (Grinsztajn, Oyallon and Varoquaux, 2022), and in the M5 competition of 2020, 42,840 series of Walmart's sales, nearly all of the
best used them (Makridakis, Spiliotis and Assimakopoulos, 2022).

So all get their best chance here. The line is scikit-learn's `Ridge`, a line with a little weight decay. It gets a switch for each code, payday, eve and
promotion; the distance is the shop's, and each shop has its switch. And it comes twice, the second time with a column for each pair of a shop and a weekday,
month, payday, eve or promotion.
scikit-learn's `HistGradientBoostingRegressor` is told **which columns are categories**, and sees logarithms; before that comes the same program with the codes
as if they were quantities, as one sees it done. The trees' settings were chosen by a look at the test weeks, which favours them. But so were the batch size and
the learning rate of the network in section 7, and the recipe's effects were strengthened after results had been seen. So neither number is quite that of a
fresh test.
"""

# %% tags=["nbval-ignore-output"]
from course.tables import boosted, linear


def error_of(forecast: Tensor) -> float:
    """On the shops of the future that the past has seen."""
    return float(rmspe(forecast[known_future], sales[known_future]))


trees = boosted(prepared)
errors = {"the shop's mean of that weekday": error_of(by_weekday), "linear regression, one-hot": error_of(linear(prepared)),
          "linear regression, and pairs with a shop": error_of(linear(prepared, pairs=True)),
          "gradient boosting, codes as quantities": error_of(boosted(prepared, categories=False)), "gradient boosting, categories": error_of(trees)}
for name, error in errors.items():
    print(f"{name:40s} {error:.3f}")
print(f"{'the floor':40s} {floor:.3f}")

# %% [markdown] rows="D6"
r"""
The line is worse even than the means: with a column for each shop and one for each weekday it cannot say that a Saturday is worth three Mondays here and a
third of one there. Give it a column for each *pair*, shop and weekday, shop and month, and it passes the trees. The price is some 3,000 columns, and somebody
had to know which pairs matter. The network of section 7 finds them itself.

The trees are a strong opponent. They come close to the floor. They are fast, needed no word on dropout, and would not even have needed the standardised column.
Nobody has to be ashamed to stop here. But look at the row above them: the same program, told that shop 60 lies between 59 and 61, so it can only ask *is
the number below 60?*

## 7. A shop is two numbers
One-hot says that all weekdays are equally unlike: Saturday is as far from Sunday as from Tuesday. And it says so of all 120 shops, each a switch of its own,
though some of them are as alike as twins. Suppose instead that each shop were a point on a map, and each weekday an arrow, and that a shop sells well on a
weekday if it lies in the direction of the arrow.

**Play.** Points are shops and arrows are weekdays, and nobody knows where they belong: they begin about the middle, by chance. A day's forecast is how far a
shop lies along the arrow, times the arrow's length. Press *Train*. Then colour the points by what the network was never told. Choose a shop and drag it: what
becomes of its week? Drag *Saturday*. Begin once more with *far apart*.

*The same in words:* the arrows of Monday to Wednesday end up side by side, those of Saturday and Sunday point elsewhere, each its own way, and Friday lies
between. The shops spread out among them: those in office quarters on the side of the working days, those of the suburbs and the seaside towards Saturday. No
column says *office quarter*. Coloured by size they are all mixed up, since how large a shop is says nothing about its week. When you drag a shop away its
forecast worsens; train on and it goes back. From *far apart* the map that comes out is turned, mirrored or stretched another way, and expects the same: only
how arrows and points lie to one another means something.
"""

# %% explorer=true
from course.explorers.tables import map_explorer

map_explorer(tables)

# %% [markdown] rows="D6"
r"""
This is an **[embedding](../glossary.md#embedding)**: to each code belongs a short row of numbers, and the rows are *learned*, like any other weight. All
rows of one category together are a table with a row for each code. In the explorer they were two numbers wide, so that one can look at them; in the network a
shop gets eight.

How does a table of numbers become a layer? Write the code as one-hot, and multiply by the table. The switches that are off multiply their rows by 0, and the
one that is on takes its row out. **An embedding is a dense layer on a one-hot input**, and that is all. In practice nobody multiplies: row 37 is simply read.
But because it *is* a matrix product, the gradient is known: it reaches the rows that were read, and no others.

**Exercise 5 (8 minutes, medium): lookup.** Do it once as a product: the one-hot matrix first, by whatever means, then times the table.
"""

# %% exercise="lookup" minutes=8
@exercise
def lookup(codes: Tensor, table: Tensor) -> tuple[Tensor, Tensor]:
    """An embedding as a matrix product.

    codes: (n,), int64, each from 0 to categories - 1. table: (categories, width), a row for each code.
    Returns the one-hot matrix of the codes, (n, categories), in the table's dtype, and its product with the table, (n, width),
    e.g. [1, 0] and [[5., 6.], [7., 8.], [9., 0.]] -> [[0., 1., 0.], [1., 0., 0.]] and [[7., 8.], [5., 6.]].
    """
    ### BEGIN SOLUTION
    one_hot = torch.zeros(len(codes), len(table), dtype=table.dtype, device=table.device)
    one_hot[torch.arange(len(codes), device=codes.device), codes] = 1
    return one_hot, one_hot @ table
    ### END SOLUTION


# %% check="lookup" points=10
hints("The one-hot matrix has a row for each code that came, and a column for each row of the table.",
      "Begin with zeros and write a 1 into column codes[i] of row i; or compare `codes[:, None]` with `torch.arange(len(table))`. "
      "Then `.to(table.dtype)`, and one matrix product.",
      "one_hot = (codes[:, None] == torch.arange(len(table))).to(table.dtype); return one_hot, one_hot @ table.")
check(lookup, tensor([1, 0]), tensor([[5.0, 6.0], [7.0, 8.0], [9.0, 0.0]])).gives(
    (tensor([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]), tensor([[7.0, 8.0], [5.0, 6.0]])))
check(lookup).agrees()

# %% check="lookup" aspect="contract" points=4
check(lookup, tensor([2, 2]), tensor([[5.0], [7.0], [9.0]])).gives((tensor([[0.0, 0.0, 1.0], [0.0, 0.0, 1.0]]), tensor([[9.0], [9.0]])))
check(lookup).agrees(where=lambda call: len(call.codes) > len(call.table))
check(lookup).keeps_the_contract()

# %%
table = torch.randn(sizes[0], 8, generator=torch.Generator().manual_seed(0), requires_grad=True)
some = codes[0][[0, 400, 400, 40000]]
print("product and reading give the same rows:", torch.equal(lookup(some, table)[1], table[some]))
lookup(some, table)[1].sum().backward()
print("rows that a gradient reached:", (table.grad.abs().sum(dim=1) > 0).nonzero().flatten().tolist(), "of", len(table))

# %% [markdown] rows="D6"
r"""
Now the network. Five codes become five rows of numbers, laid side by side with the five numbers of the table; then two hidden layers of 64 and 32, and one
output, the logarithm of the sales. Half as many numbers as codes, and eight at most, is a rule of thumb and nothing better.

Two details decide. First, **where the rows begin**. Torch's `nn.Embedding` draws them with a standard deviation of 1. Then each shop begins far from each
other shop, at a place that says nothing, and training has to undo that. Begun at 0.1 they start as nearly alike, and what moves apart does so for a reason.
Second, the **new shop**. Code 0 of the shops never occurs in the past, so its row would stay as it was drawn: noise. So in each batch two rows in a hundred
are told *unknown* in place of their shop, and row 0 learns to be a shop about which only town, size and competitor are known.
"""

# %% tags=["nbval-ignore-output"]
from course.tables import forecast, learn

network = learn(prepared, name="the network")
predicted = forecast(network, prepared)
errors["network with embeddings"] = error_of(predicted)
for name, error in errors.items():
    print(f"{name:40s} {error:.3f}")
print(f"{'the floor':40s} {floor:.3f}")

# %% [markdown] rows="D6"
r"""
It comes nearer to the floor than the trees, and is level with the line that was told the pairs, or a little ahead. The network is ahead of the trees in each of
three such tables, by between one and six percent of the error: no landslide. Why can it? The trees have to find out for each group of shops apart what a
Saturday is worth. In the network all shops share what is known about Saturdays, and a shop contributes eight numbers. This table was made so that it pays. On
another the trees may well win, so measure.

What does the network think a weekday is? Its rows have four numbers. To draw them, look from where they spread most (a *principal component*: the direction in
which points differ most, then the next one at a right angle to it).
"""

# %% tags=["nbval-ignore-output"]
def flat(rows: Tensor) -> Tensor:
    """(n, width) as (n, 2): along the two directions in which the rows differ most."""
    centred = rows.detach() - rows.detach().mean(dim=0)
    return centred @ torch.linalg.svd(centred, full_matrices=False).Vh[:2].T


names = {"weekday": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], "month": ["Jan", "Feb", "Mar", "Apr", "May", "Jun",
         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]}
figure, panels = plots.figure(columns=3, width=10.5, height=3.7)
for axes, which in zip(panels, (3, 4)):
    name = list(columns)[which]
    places = flat(network.embeddings[which].weight[1:])
    axes.scatter(*places.T, s=25)
    for (x, y), word in zip(places.tolist(), names[name]):
        axes.annotate(word, (x, y), xytext=(5, 4), textcoords="offset points", fontsize=11)
    axes.margins(0.2)
    axes.set(title=name + "s", xticks=[], yticks=[])
places, mostly = flat(network.embeddings[0].weight[1:]), tables.kinds[:120].argmax(dim=1)
for kind, (word, marker, colour) in enumerate((("office quarter", "o", "blue"), ("suburb", "s", "vermillion"), ("seaside", "^", "green"))):
    panels[2].scatter(*places[mostly == kind].T, s=26, marker=marker, color=plots.COLOURS[colour], label=word)
panels[2].set(title="shops", xticks=[], yticks=[])
panels[2].legend(fontsize=9, handletextpad=0.1)
plots.show(figure, "three-maps")

# %% [markdown] rows="D6"
r"""
The working days lie together, summer lies away from winter, and the shops sort themselves by what their places are like, which stands in no column. When
Cheng Guo and Felix Berkhahn did this to a German chain's sales in 2015, the map of the federal states that came out looked like the map of Germany. The rows
can be taken out and given to another model, trees included, and there they help as well (Guo and Berkhahn, 2016).

**Experiment.** Four changes, one at a time. Which do you expect to help? `between` squeezes the output by a sigmoid between the lowest and the highest
logarithm that can occur, an **[output range](../glossary.md#output-range)**: what is impossible need not be learned. `dropout` is (of the embeddings, of the
first layer, of the second), each its own: one drops little from the embeddings, since there each number was read for a reason, and more further on. To
*choose* by these numbers would use the test up. Who wants to choose holds out the eight weeks before as a [validation set](../glossary.md#validation-set),
chooses there, and looks at the test once.
"""

# %% tags=["nbval-ignore-output"]
changes = {"one-hot in place of embeddings": {"embedded": False}, "begun at 1, as torch does": {"spread": 1.0},
           "between 4 and 11.5": {"between": (4.0, 11.5)}, "dropout .1, .1, 0": {"dropout": (0.1, 0.1, 0.0)}}      # change me
for name, change in changes.items():
    print(f"{name:32s} {error_of(forecast(learn(prepared, name=name, **change), prepared)):.4f}")
print(f"{'as above':32s} {errors['network with embeddings']:.4f}")

# %% [markdown] rows="D6"
r"""
<details><summary>What one sees</summary>

On average over three such tables one-hot columns do a percent or so worse than embeddings, and embeddings that begin at 1 do two or three percent worse: so
those that begin at 1 are worse than no embeddings at all, and who takes torch's default would have concluded that embeddings do not pay. In a single run the
order may be another. Neither the output range nor dropout helps here: a network of some five thousand weights is not in need of them with forty thousand
rows. In the course whose example this follows, layers of 1,000 and 500 units were kept for some 800,000 rows and reined in by dropout, .001 and .01 in the
layers and .04 of the embeddings, rather than made smaller. All differences here are small. One run does not decide such a question; `make claims` asks three.

</details>

## 8. What a random split would have promised
Weather comes in weeks. If one knows how last Tuesday went in Fowey, one knows something about last Thursday in Fowey. So let the network have one category
more, the number of the week, and hold out about as many rows in two ways: drawn by lot, and by time.
"""

# %% tags=["nbval-ignore-output"]
by_lot = ~new_shop & (torch.rand(len(future), generator=torch.Generator().manual_seed(0)) < future.float().mean())
for name, held_out in {"rows drawn by lot": by_lot, "the last eight weeks": None}.items():
    split = prepare(tables, weeks=True, future=held_out)
    rows = split.future & ~new_shop
    guess = forecast(learn(split, name=name), split)
    print(f"with weeks, tested on {name:21s}    {rmspe(guess[rows], split.sales[rows]):.3f}")
print(f"without weeks, tested on the last eight weeks  {errors['network with embeddings']:.3f}")

# %% [markdown] rows="D3"
r"""
By lot it looks splendid, below the floor and on its way to the 0.15 that is pure luck. By time it is worse than the network that knew nothing of weeks. Part of
that is because code 0 of the weeks, which all of the future has, was never learned, so its row is as it was drawn; and part because the weeks took over what
should have been learned about months. Nothing is wrong with the arithmetic: each row that was drawn by lot has neighbours of the same week and town among those
that were learned from, and the network looks the weather up. In November nobody has rows of next week. A random split answers *how well do I fill gaps in the
past?* That is a question too. It is not the one that was asked.

It is called **[leakage](../glossary.md#leakage)** when a model is tested with the help of something that will not be there when it is used. A random split of
rows that belong together is one of its commonest forms: several pictures of one patient, several days of one week. Sayash Kapoor and Arvind Narayanan (2023)
collected cases of it from 17 fields of science, 294 papers. The cure is to split the way the future will: by time, by patient, by shop.

And the shops that nobody has seen?
"""

# %% tags=["nbval-ignore-output"]
fresh = future & new_shop
print(f"shops that the past has seen: {error_of(predicted):.3f}    four new ones, by the network: {rmspe(predicted[fresh], sales[fresh]):.3f}"
      f"    by trees: {rmspe(trees[fresh], sales[fresh]):.3f}")

# %% [markdown] rows="D3"
r"""
Both are further off: how good a shop is, the past could not say. Four shops are few, and in other tables the order of the two is another. Tell whoever
orders bread for a new shop that the number is of another kind.

## 9. People and films
The map of section 7 was made from a table with a row for each shop and a column for each weekday. Put people in place of shops, films in place of weekdays,
and stars in place of sales. Now most of the table is empty, and its gaps are the question: *what would she give the film that she has not seen?*
"""

# %%
ratings = data.ratings()
print("people, films:", tuple(ratings.known.shape), " known:", int((~ratings.known.isnan()).sum()), " held out:", int((~ratings.held_out.isnan()).sum()))
figure, axes = plots.figure(width=7, height=3.6)
shown = axes.imshow(ratings.known[:30].numpy(), aspect="auto", vmin=1, vmax=5)
axes.set(xlabel="film", ylabel="person")
figure.colorbar(shown, ax=axes, label="stars")
plots.show(figure, "stars-given")

# %% [markdown] rows="C6"
r"""
Suppose that each person has $k$ numbers, their tastes, and each film has $k$, what there is of it. The rating is the product of both, number by number,
added up: `people @ films.T` is the whole table at once. To find the numbers go downhill, as in lesson 03, on the mean squared error of the ratings that are
**known**. That is **[matrix factorisation](../glossary.md#matrix-factorisation)**: a large table with gaps, written as a product of two small ones without.

With error $E = \text{people} \cdot \text{films}^T - \text{ratings}$, where a rating is known, and 0 where it is not, and $N$ known ratings, the loss is
$\frac{1}{N} \sum E^2$. Its gradient with respect to people is $\frac{2}{N} E \cdot \text{films}$ and with respect to films $\frac{2}{N} E^T \cdot
\text{people}$. And since many numbers a person could learn a handful of ratings by heart, each number is pulled towards zero besides: [weight
decay](../glossary.md#weight-decay), lesson 06.

**Exercise 6 (16 minutes, hard): factorise_step.** One step of gradient descent for both at once.
"""

# %% exercise="factorise_step" minutes=16
@exercise
def factorise_step(people: Tensor, films: Tensor, ratings: Tensor, rate: float, decay: float = 0.0) -> tuple[Tensor, Tensor]:
    """One step of gradient descent towards people @ films.T = ratings, where ratings is known.

    people: (n, k). films: (m, k). ratings: (n, m), NaN where unknown; at least one is known. rate: the learning rate.
    The loss is the mean of the squared errors over the known ratings. Weight decay: each number loses rate * decay times itself, as
    it was before the step. Returns the new people and the new films, each computed from where both stood before.
    E.g. [[1.]], [[2.], [1.]], [[3., nan]], rate 0.1 -> [[1.4]] and [[2.2], [1.]]: the error is -1, of one known rating.
    """
    ### BEGIN SOLUTION
    known = ~ratings.isnan()
    error = torch.where(known, people @ films.T - ratings, 0)
    people_gradient = 2 * error @ films / known.sum()
    films_gradient = 2 * error.T @ people / known.sum()
    return people - rate * (people_gradient + decay * people), films - rate * (films_gradient + decay * films)
    ### END SOLUTION


# %% check="factorise_step" points=12
hints("First the error of every entry, with a 0 where the rating is unknown. Careful: NaN times 0 is NaN.",
      "`torch.where(known, people @ films.T - ratings, 0)`. Both gradients are a matrix product of the error with the other table, times 2, "
      "over the number of known ratings.",
      "people - rate * (2 * error @ films / count + decay * people), films - rate * (2 * error.T @ people / count + decay * films).")
check(factorise_step, tensor([[1.0]]), tensor([[2.0], [1.0]]), tensor([[3.0, nan]]), 0.1).gives((tensor([[1.4]]), tensor([[2.2], [1.0]])))
check(factorise_step).agrees(decay=0.0)

# %% check="factorise_step" aspect="decay" points=8
check(factorise_step, tensor([[1.0]]), tensor([[2.0], [1.0]]), tensor([[3.0, nan]]), 0.1, decay=0.5).gives((tensor([[1.35]]), tensor([[2.1], [0.95]])))
check(factorise_step).agrees(where=lambda call: call.decay > 0)
check(factorise_step).keeps_the_contract()

# %% [markdown] rows="C6"
r"""
What is it to be compared with? Some people are kind, and some films are good. The mean of the person and the mean of the film, added, less the mean of all,
is a forecast without any tastes in it; the factors get what that leaves over.
"""

# %% tags=["nbval-ignore-output"]
from course.tables import one_thread

known, held_out = ratings.known, ratings.held_out
usual = known.nanmean(dim=1, keepdim=True) + known.nanmean(dim=0, keepdim=True) - known.nanmean()


def off_by(table: Tensor, truth: Tensor) -> float:
    """Root mean squared error in stars, where there is a truth."""
    return float(((table - truth)[~truth.isnan()] ** 2).mean().sqrt())


def complete(width: int = 2, decay: float = 0.002, steps: int = 500) -> Tensor:
    generator = torch.Generator().manual_seed(0)
    people, films = (0.1 * torch.randn(count, width, generator=generator) for count in known.shape)
    with one_thread():                       # for tables as small as these a second core is in the way
        for _ in range(steps):
            # 20: the mean is over all known ratings, so that each single number's gradient is tiny
            people, films = factorise_step(people, films, known - usual, 20.0, decay)
    return usual + people @ films.T


print("                                 known   held out   (stars off)")
print(f"the mean of all                {off_by(known.nanmean().expand_as(known), known):7.2f} {off_by(known.nanmean().expand_as(known), held_out):10.2f}")
print(f"person and film                {off_by(usual, known):7.2f} {off_by(usual, held_out):10.2f}")
for width, decay in ((2, 0.002), (2, 0.0), (8, 0.0)):                   # change me
    table = complete(width, decay)
    print(f"{width} tastes, decay {decay:.3f}          {off_by(table, known):7.2f} {off_by(table, held_out):10.2f}")

# %% [markdown] rows="C6"
r"""
Two numbers a person and two a film, and what was held out is off by about six tenths of a star (root mean square). With eight tastes and no decay the known
ratings are learned by heart and the others suffer: overfitting, in a model that has no layers. Give the eight a decay of 0.002 and see.

This is how the Netflix Prize was fought. In October 2006 the firm offered a million dollars for a table completed ten percent better than its own program
did, .9525 stars off; in September 2009 a team was paid for .8567, and factorisation was at its heart (Koren, Bell and Volinsky, 2009). A second prize was
called off in 2010 after a complaint about privacy: people had been recognised in the table by a few films and dates (Narayanan and Shmatikov, 2008).

The other classic of the trade is **market basket analysis**: who buys bread and butter buys milk. It counts sets of things that are bought together (Agrawal,
Imieliński and Swami, 1993), needs no people at all, and cannot say anything about things that nobody has bought together. Recommending is only one of the uses
that are shown to beginners, though. A telephone that recognises a cassava leaf's disease in a field without a network connection (the app Nuru, with
PlantVillage and the International Institute of Tropical Agriculture) and a program that tells whether a mail sounds angry before you send it are made of the
same parts: something becomes numbers, the numbers get a place on a map, and what lies near each other is treated alike. In lesson 17 words will be rows of such
a table.
"""

# %% [markdown] rows="D2 D3"
r"""
## 10. Other tables
**Adult.** One of the most used tables is from a survey by the United States Census Bureau, 1994: 48,842 people, fourteen columns such as age, schooling,
occupation and sex, and whether they earned more than 50,000 dollars a year (Ronny Kohavi and Barry Becker, 1996). It has everything of this lesson, categories,
gaps and a column that is a code for another, but no dates. It is a toy now, and a questionable one: the threshold is arbitrary, 76 % of the people lie below
it, and what a classifier does to women and Black people changes with it (Ding, Hardt, Miller and Schmidt, *Retiring Adult*, 2021, who offer newer tables in its
place).

**A real chain.** The question of this lesson was put in 2015 by a German chain of drugstores, as a competition on Kaggle, *Rossmann Store Sales*: 1,115 shops,
two and a half years, six weeks to forecast, judged by RMSPE. The entry of Guo and Berkhahn with embeddings came third; the winner reached about .100, and a
lesson of fast.ai that rebuilt the third (Jeremy Howard and Rachel Thomas, 2019) got .105 at best, on weeks that it held out itself, so not quite the same test.
The files are Kaggle's to hand out, so they are not here. If you have them, `data.rossmann("folder")` reads `train.csv` and `store.csv` and gives the three
tables of section 1; the shop's type and assortment stand where here town and size do.

**And today?** For small tables there are networks that were trained once, on millions of made-up tables, and read yours as a prompt, without training. In 2025
it was up to some ten thousand rows (TabPFN; Hollmann and others, *Nature*, 2025). For tables with much history, boosting is still what one tries first.
"""

# %% headline=true tags=["nbval-ignore-output"]
ratio = errors["network with embeddings"] / floor
print("the network is at most an eighth above the noise floor, on eight weeks that it was not trained on:", ratio < 1.125)
print("and nearer to it than gradient boosting with categories:", errors["network with embeddings"] < errors["gradient boosting, categories"])

# %% [markdown]
r"""
## Quiz (10 minutes)
Five questions, one letter each. Run the next cell and click, or write the letters between the quotes below it. Who learns alone is told at once whether they
are right, and why not; in a class it may be told when you hand in.
"""

# %% quiz="reading" points=10
[
    {"ask": "A hospital has ten X-rays of each of 500 patients, and will use the model on new patients. How should it split?",
     "choices": {"a": "by lot, row by row", "b": "by patient: all ten pictures of one on the same side", "c": "each patient's last two pictures for testing"},
     "right": "b",
     "because": {"a": "then the model is tested on people that it knows from their other pictures, and looks better than it will be",
                 "c": "that answers how well it does on patients it has seen before; the new ones are strangers"}},
    {"ask": "A forecast says 150 where 100 was sold, and 50 where 100 was sold. What is the RMSPE of the two?",
     "choices": {"a": "0", "b": "0.5", "c": "0.71"},
     "right": "b",
     "because": {"a": "squares do not cancel: each is off by half", "c": "that is the root of the sum of the two squares; the mean divides by two first"}},
    {"ask": "A table of blood values lacks a value for a third of the patients: the doctor saw no reason to measure it. What do you give the network?",
     "choices": {"a": "the median", "b": "the median, and a flag that says where it was missing", "c": "only patients with all values"},
     "right": "b",
     "because": {"a": "the doctor's judgement is the best thing in that column, and the median alone paints it over",
                 "c": "a third of the patients are gone, and those who are left are the ones whom somebody worried about"}},
    {"ask": "An embedding has 1,000 codes and 16 numbers each. A batch of 64 rows is read. How many numbers of the table can get a gradient?",
     "choices": {"a": "at most 1,024", "b": "all 16,000", "c": "64"},
     "right": "a",
     "because": {"b": "a row that no code of the batch points to is multiplied by 0", "c": "each row that is read has 16 numbers"}},
    {"ask": "A colleague standardises the whole table, median filling included, and then splits it by time. What is wrong?",
     "choices": {"a": "nothing: a mean is not a label", "b": "the mean, the deviation and the median know the future",
                 "c": "tables must not be standardised for trees"},
     "right": "b",
     "because": {"a": "it is no label, and still it was measured with the help of rows that will not be there when the model is used",
                 "c": "it does no harm to trees, which ask only what is above or below a value"}},
]

# %% [markdown]
r"""
## What to remember
1. Split the way the future will: by time, by patient, by shop. A random split answers another question, and flatters.
2. What is learned from data, codes, medians, means, is learned from the past alone. Keep a code for what you have not met.
3. A gap can be a message. Fill it, and say that you did.
4. An embedding is a table of learned rows: a one-hot row times a matrix, read quickly. Begin it small.
5. Give the simple model its best chance, and know your noise floor, before you praise the network.

## Terms
[join](../glossary.md#join), [split by time](../glossary.md#split-by-time), [root mean square percentage
error](../glossary.md#root-mean-square-percentage-error), [noise floor](../glossary.md#noise-floor), [category](../glossary.md#category),
[median](../glossary.md#median), [decision tree](../glossary.md#decision-tree), [gradient boosting](../glossary.md#gradient-boosting),
[embedding](../glossary.md#embedding), [output range](../glossary.md#output-range), [leakage](../glossary.md#leakage), [matrix
factorisation](../glossary.md#matrix-factorisation)

## Where to read on
- Cheng Guo and Felix Berkhahn, [*Entity Embeddings of Categorical Variables*](https://arxiv.org/abs/1604.06737), 2016. The idea of section 7, and the map of
  Germany.
- Jeremy Howard and Rachel Thomas, *Practical Deep Learning for Coders*, lesson 6 of 2019, fast.ai. The real files, in its first part.
- Jerome Friedman, *Greedy Function Approximation: A Gradient Boosting Machine*, Annals of Statistics 29, 2001; Leo Breiman, *Random Forests*, Machine
  Learning 45, 2001.
- Léo Grinsztajn, Edouard Oyallon and Gaël Varoquaux, [*Why do tree-based models still outperform deep learning on typical tabular
  data?*](https://arxiv.org/abs/2207.08815), NeurIPS, 2022.
- Spyros Makridakis, Evangelos Spiliotis and Vassilios Assimakopoulos, *M5 accuracy competition*, International Journal of Forecasting 38, 2022.
- Sayash Kapoor and Arvind Narayanan, *Leakage and the reproducibility crisis in machine-learning-based science*, Patterns 4, 2023.
- Yehuda Koren, Robert Bell and Chris Volinsky, *Matrix Factorization Techniques for Recommender Systems*, IEEE Computer 42, 2009.
- Rakesh Agrawal, Tomasz Imieliński and Arun Swami, *Mining Association Rules between Sets of Items in Large Databases*, SIGMOD, 1993.
- Arvind Narayanan and Vitaly Shmatikov, *Robust De-anonymization of Large Sparse Datasets*, IEEE Symposium on Security and Privacy, 2008.
- Frances Ding, Moritz Hardt, John Miller and Ludwig Schmidt, [*Retiring Adult: New Datasets for Fair Machine Learning*](https://arxiv.org/abs/2108.04884),
  NeurIPS, 2021.
- Noah Hollmann and others, *Accurate predictions on small data with a tabular foundation model*, Nature 637, 2025.

Next: in lesson 11 the loss is no formula any more. It is a second network.
"""

# %% folded=true tags=["nbval-ignore-output"]
from course.desk.ending import ending

ending("On eight weeks that it was not trained on, the network with embeddings came within an eighth of the best forecast anybody could have made.")
