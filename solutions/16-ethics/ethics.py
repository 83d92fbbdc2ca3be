# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   course:
#     title: Who is harmed?
#     rows: [D1, H4, L1, L2, L3, L4, L5, L6, L7, L8]
#     minutes: 165
#     builds_on: [01-tensors, 04-networks]
# ---

# %% [markdown] rows="L1"
r"""
# Who is harmed?

**When a model is wrong, who pays for it?**

In 2013 and 2014 people who were booked into jail in Broward County, Florida, answered a questionnaire before their trial. A program called COMPAS, sold by a
firm then named Northpointe, turned the answers into a score from 1 to 10: how likely is this person to be arrested again? A judge could read the score before
deciding whether somebody goes home. In May 2016 four journalists of ProPublica, Julia Angwin, Jeff Larson, Surya Mattu and Lauren Kirchner, compared 7,214 of
those scores with what happened in the two years that followed. They published the data, so everything in this lesson can be checked, and you are going to check
it.

Each square below is one in a hundred of the people who were **not** arrested again. The filled ones had been marked as a higher risk.
"""

# %% setup=true
import itertools

import torch
from course import data, plots
from course.check import answer, begin, check, checks, exercise, hints
from torch import Tensor, tensor

begin("16-ethics")

counts = data.compas()              # {"Black": (2, 10), "White": (2, 10)}: outcome by score, people
published = data.compas_tables()    # the tables as ProPublica printed them

# %% folded=true
figure, panels = plots.figure(columns=2, width=8.4, height=3.9)
for axes, (group, people) in zip(panels, counts.items()):
    marked = round(100 * float(people[0, 4:].sum() / people[0].sum()))
    for square in range(100):
        row, column = divmod(square, 10)
        axes.plot(column, -row, marker="s", markersize=13, linestyle="none", markeredgewidth=1.4, markeredgecolor=plots.COLOURS["vermillion"] if square < marked else plots.FAINT,
                  color=plots.COLOURS["vermillion"] if square < marked else "white")
    axes.set(title=f"{group}: {marked} of 100", xlim=(-0.7, 9.7), ylim=(-9.7, 0.7), aspect="equal")
    axes.set_axis_off()
plots.show(figure, "marked")

# %% [markdown]
r"""
Nearly twice as many. ProPublica's headline was *Machine Bias*. The firm answered within weeks: its score was fair, and it had a table to prove it. The odd
thing is that **both tables are right**. How that can be is the first half of this lesson; the second half is about harm that no table shows unless somebody
looks.

**By the end you can**

- compute who is wronged by a model, in which of several ways, and call each by its name;
- say why a score cannot have all its errors equal, and prove it on 6,150 people;
- find the group that fails and that nobody listed, and the column that gives away what you deleted;
- simulate a system that feeds on its own decisions, and break the loop;
- ring an alarm when a system gets worse, and say who picks up;
- write what numbers cannot: a datasheet, a way to appeal, and a stand.

**Time:** about 165 minutes: 62 for the seven exercises, 10 for the quiz, 55 for three pieces of writing, the rest to read and play. **Builds on:** lesson
01, *A block of numbers* (indexing, sums along an axis), and lesson 04, *A pile of very simple choices* (accuracy, thresholds). Half of the points here are
given by a person who reads what you think: there is no check that could.

## 1. Four kinds of people
The score of 1 to 10 is cut somewhere. ProPublica called 5 and more *high*. With two outcomes and two marks there are four kinds of people, and the table that
counts them is the **[confusion matrix](../glossary.md#confusion-matrix)**:

| | marked low | marked high |
|---|---|---|
| not arrested again | left alone, rightly | a **[false positive](../glossary.md#false-positive)**: suspected for nothing |
| arrested again | a **[false negative](../glossary.md#false-negative)**: missed | marked, rightly |

From four counts come rates, and the whole quarrel is about *what to divide by*.

- The **[false positive rate](../glossary.md#false-positive-rate)**: of those who were **not** arrested again, what share was marked high? The person in the
  dock asks this.
- The **[false negative rate](../glossary.md#false-negative-rate)**: of those who **were** arrested again, what share was marked low?
- The **[precision](../glossary.md#precision)**: of those **marked high**, what share was arrested again? The judge who reads 'high' asks this.

Two words of care. *Arrested again* is not *offended again*: an arrest needs a crime or a mistake, and a police officer nearby. And the share of a group that is
arrested again, its **[base rate](../glossary.md#base-rate)**, depends on both.

**Exercise 1 (8 minutes, easy): three rates.** A table has a row for each group and four columns, in the order that ProPublica printed them. Where a rate would
be of nobody (nobody was marked high, say), leave what torch gives you: NaN, *not a number*, is the honest answer.
"""

# %% exercise="rates" minutes=8
@exercise
def rates(table: Tensor) -> Tensor:
    """False positive rate, false negative rate and precision of each group.

    table: (groups, 4), counts of people. Columns: low and not arrested again, high and not arrested again, low and arrested again, high and arrested again.
    Returns (groups, 3), each rate in [0, 1], e.g. [[6, 2, 1, 4]] -> [[0.25, 0.2, 0.6667]].
    """
    ### BEGIN SOLUTION
    low_not, high_not, low_did, high_did = table.T
    return torch.stack([high_not / (low_not + high_not), low_did / (low_did + high_did), high_did / (high_not + high_did)], dim=1)
    ### END SOLUTION


# %% check="rates" points=4
hints("Give the four columns names first. Then ask of each rate: which people is it about?",
      "The false positive rate is about those not arrested again: columns 0 and 1. The false negative rate is about those arrested again: columns 2 and 3. "
      "Precision is about those marked high: columns 1 and 3.",
      "a, b, c, d = table.T; torch.stack([b / (a + b), c / (c + d), d / (b + d)], dim=1).")
check(rates, tensor([[6, 2, 1, 4], [9, 1, 3, 3]])).gives(tensor([[0.25, 0.2, 0.666667], [0.1, 0.5, 0.75]]), same_dtype=False)
check(rates).agrees(where=lambda call: bool((call.table > 0).all()))
check(rates).keeps_the_contract()

# %% check="rates" aspect="nobody" points=1
nan = float("nan")                        # nobody in the first row was spared arrest, and nobody in the second was marked high
check(rates, tensor([[0, 0, 2, 3], [5, 0, 2, 0]])).gives(tensor([[nan, 0.4, 1.0], [0.0, 1.0, nan]]), same_dtype=False)
check(rates).agrees(where=lambda call: bool((call.table == 0).any()))

# %% [markdown]
r"""
Now the table that made the headlines, from the printed counts and with your rates. The last column is the base rate.
"""

# %%
print("                            N    FPR %   FNR %   precision   base rate")
for kind, table in published.items():
    for group, row in table.items():
        of_row = rates(row.view(1, 4))[0]
        print(f"{kind:8s} offence, {group:6s} {int(row.sum()):6d}  {100 * of_row[0]:6.2f}  {100 * of_row[1]:6.2f}  {of_row[2]:10.2f}  "
              f"{row[2:].sum() / row.sum():10.2f}")

# %% [markdown]
r"""
Compare the rows for *any* offence. False positives: 44.85 against 23.45 %. False negatives the other way round: 27.99 against 47.72 %. Those are ProPublica's
findings: the score errs to the harm of Black defendants and to the benefit of White ones. Then read the column of precision: .63 and .59. That is the firm's
finding: a *high* means nearly the same whoever gets it. (In the violent table, which is another score, precision is poor all round.)

A third voice, because you will hear that the program is no better than a coin. It is not that bad: between two people of a group, one arrested again and one
not, it gives the first the higher score in about 64 of 100 cases, and the same score in some ten more; with such ties counted half it is 69, in both groups
(the *area under the curve*, AUC). It is not that good either. In 2018 Julia Dressel and Hany Farid measured 65.4 % right on the same people, and a formula with
two ingredients, age and number of earlier convictions, was right for 66.8 %.

And a fourth, about the data. In 2019 Matias Barenstein found that ProPublica had applied its end date to one kind of people only: those arrested again were
kept when they should have been cut off. That lifts the base rate in the file from 36.2 to 45.1 %. It hardly moves false positive and false negative rates. It
does move precision. Remember it when somebody tells you that data do not lie.

## 2. Where to cut
Who decided that 5 is high? Somebody at a desk. Move the cut, and people change places in the table. For this we need the counts by score: outcome 0 or 1 down
the rows, scores 1 to 10 along the columns.
"""

# %% folded=true
figure, panels = plots.figure(columns=2, width=9.6, height=3.7, sharey=True)
for axes, (group, people) in zip(panels, counts.items()):
    axes.bar([score - 0.2 for score in range(1, 11)], people[0].tolist(), width=0.4, color=plots.COLOURS["sky"], label="not arrested again")
    axes.bar([score + 0.2 for score in range(1, 11)], people[1].tolist(), width=0.4, color=plots.COLOURS["vermillion"], hatch="///", edgecolor="white", label="arrested again")
    axes.axvline(4.5, color=plots.INK, linestyle="--", linewidth=1.4)
    axes.text(4.6, 520, "marked high \u2192", fontsize=11)
    axes.set(title=group, xlabel="decile score", xticks=range(1, 11))
panels[0].set_ylabel("people")
panels[1].legend(loc="center right")
plots.show(figure, "deciles")

# %% [markdown]
r"""
**Exercise 2 (6 minutes, easy): cut.** From the counts by score to the four counts of exercise 1.
"""

# %% exercise="at_cut" minutes=6
@exercise
def at_cut(counts: Tensor, cut: int) -> Tensor:
    """The four counts when a score of `cut` or more is called high.

    counts: (2, scores), people: row 0 not arrested again, row 1 arrested again; column 0 is score 1, column 1 is score 2, and so on.
    cut: a score, from 1 (everybody is high) to scores + 1 (nobody is).
    Returns (4,), whole numbers: low and not, high and not, low and arrested again, high and arrested again,
    e.g. [[5, 4, 3], [1, 2, 6]] and cut 3 -> [9, 3, 3, 6].
    """
    ### BEGIN SOLUTION
    low, high = counts[:, :cut - 1].sum(dim=1), counts[:, cut - 1:].sum(dim=1)
    return torch.stack([low[0], high[0], low[1], high[1]])
    ### END SOLUTION


# %% check="at_cut" points=4
hints("Score 1 lies in column 0. In which column does the score `cut` lie?", "The first cut - 1 columns are low, the rest is high. Add each up along the "
                                                                             "scores, then put the four numbers in order.",
      "low = counts[:, :cut - 1].sum(dim=1); high = counts[:, cut - 1:].sum(dim=1); torch.stack([low[0], high[0], low[1], high[1]]).")
check(at_cut, tensor([[5, 4, 3, 2, 1], [1, 2, 3, 4, 6]]), 3).gives(tensor([9, 6, 3, 13]), same_dtype=False)
check(at_cut, tensor([[5, 4, 3], [1, 2, 6]]), 1).gives(tensor([0, 12, 0, 9]), same_dtype=False)      # a cut at 1 calls everybody high
check(at_cut).agrees()
check(at_cut).keeps_the_contract()

# %% [markdown]
r"""
With a cut at 5 the counts by score must give the printed table back, to the last defendant. And here is the answer of the firm as a picture: of the people with
a given score, what share was arrested again? If the two curves lie together, a 7 means the same whoever gets it, and the score is
called **[calibrated](../glossary.md#calibration)** by group.
"""

# %%
for group, people in counts.items():
    print(f"{group}: {at_cut(people, 5).tolist()}  the printed table: {bool((at_cut(people, 5) == published['any'][group]).all())}")

figure, axes = plots.figure(width=7)
for (group, people), marker in zip(counts.items(), "os"):
    axes.plot(range(1, 11), 100 * people[1] / people.sum(dim=0), marker=marker, label=group)
axes.set(xlabel="decile score", ylabel="arrested again, %", title="What a score means", ylim=(0, 100), xticks=range(1, 11))
axes.legend()
plots.show(figure, "calibration")

# %% [markdown] rows="L1"
r"""
## 3. Not all at once
So make the false positive rates equal: lower the cut for one group or raise it for the other. Nobody says that this would be legal, or just. First see what it
would do.

**Exercise 3 (10 minutes, medium): the cut that equalises.** Given the false positive rate of one group, find the cut at which another group comes nearest to
it, and the price: the precision there. Use your `at_cut` and `rates`.
"""

# %% exercise="equal_false_positives" minutes=10 uses="rates, at_cut"
@exercise
def equal_false_positives(counts: Tensor, wanted: float) -> tuple[int, float]:
    """The cut at which the false positive rate of a group lies nearest to `wanted`, and the precision at that cut.

    counts: (2, scores), people, as in at_cut. wanted: a rate in [0, 1]. Cuts from 1 to scores are tried.
    Returns (cut, precision), e.g. [[4, 3, 2, 1], [5, 6, 5, 4]] and 0.25 -> (3, 0.75): the rates are 1, 0.6, 0.3 and 0.1.
    """
    ### BEGIN SOLUTION
    tables = torch.stack([at_cut(counts, cut) for cut in range(1, counts.shape[1] + 1)])
    found = rates(tables)
    best = int((found[:, 0] - wanted).abs().argmin())
    return best + 1, float(found[best, 2])
    ### END SOLUTION


# %% check="equal_false_positives" points=6
hints("Try every cut, and keep a list of false positive rates.", "Stack the tables of all cuts: `rates` takes them as so many groups. Nearest means the "
                                                                 "smallest absolute difference.",
      "found = rates(torch.stack([at_cut(counts, cut) for cut in range(1, counts.shape[1] + 1)])); best = (found[:, 0] - wanted).abs().argmin().")
check(equal_false_positives, tensor([[4, 3, 2, 1], [5, 6, 5, 4]]), 0.25).gives((3, 0.75))
check(equal_false_positives, tensor([[4, 3, 2, 1], [5, 6, 5, 4]]), 0.0).gives((4, 0.8))              # even the last cut lies above
check(equal_false_positives).agrees()
check(equal_false_positives).keeps_the_contract()

# %% [markdown]
r"""
**Experiment.** Keep the cut for Black defendants where it is, or move it, and equalise by the cut for White ones. What happens to precision? Then think about
who lives in each number: at the cut that is found, how many White defendants who were not arrested again are marked who were not marked before?
"""

# %%
cut = 6                                   # change me: 2 to 10

here = rates(at_cut(counts["Black"], cut).view(1, 4))[0]
other, price = equal_false_positives(counts["White"], float(here[0]))
there = rates(at_cut(counts["White"], other).view(1, 4))[0]
print("                  false positives  false negatives  precision")
print(f"Black, cut at {cut:2d}:     {here[0]:8.3f}         {here[1]:8.3f}      {here[2]:6.3f}")
print(f"White, cut at {other:2d}:     {there[0]:8.3f}         {there[1]:8.3f}      {there[2]:6.3f}")

# %% [markdown] rows="L6"
r"""
At 6 and 4 both error rates are nearly equal: .343 and .350 false positives, .372 and .360 false negatives. ProPublica could be content. And precision, which
was .63 and .59, is now .66 and .54. *High* has come to mean two things, and a White defendant marked high has grounds to complain.

Is there a cleverer pair of cuts, or a cleverer score? In 2016 Jon Kleinberg, Sendhil Mullainathan and Manish Raghavan, and by another road Alexandra
Chouldechova (printed in 2017), showed that there cannot be. Her proof is one line, and you can do it with the table of section 1. Take a hundred people, and
let the base rate be $p$. Those found are $p(1 - \text{FNR})$. If precision is to be PPV, then for each one found rightly there are $(1-\text{PPV})/\text{PPV}$
marked for nothing. Divide those by the share who were not arrested again, $1-p$:

$$\text{FPR} = \frac{p}{1-p}\cdot\frac{1-\text{PPV}}{\text{PPV}}\cdot(1-\text{FNR})$$

No model is in that line, and no county. It holds for every table of four counts that ever was. If two groups have the same precision and the same false
negative rate, then the last two factors are equal, and the false positive rates *must* stand to each other as the **odds** $p/(1-p)$ do. Equal base rates, or a
score that never errs, are the only ways out. (A score that finds nobody at all is left aside.)
"""

# %%
from fractions import Fraction


def exactly(row):
    """Base rate and the three rates of four counts, as fractions: nothing is rounded."""
    low_not, high_not, low_did, high_did = (Fraction(int(count)) for count in row)
    people = low_not + high_not + low_did + high_did
    return (low_did + high_did) / people, high_not / (high_not + low_not), low_did / (low_did + high_did), high_did / (high_did + high_not)


tables = [row for table in published.values() for row in table.values()] + [at_cut(people, place) for people in counts.values() for place in range(1, 11)]
holds = [base / (1 - base) * (1 - precision) / precision * (1 - missed) == falsely for base, falsely, missed, precision in map(exactly, tables)]
print(f"Chouldechova's line holds exactly for {sum(holds)} of {len(holds)} tables")

odds = {group: exactly(published["any"][group])[0] / (1 - exactly(published["any"][group])[0]) for group in counts}
print(f"the odds of being arrested again: Black {float(odds['Black']):.2f}, White {float(odds['White']):.2f}, {float(odds['Black'] / odds['White']):.2f} times")

# %% [markdown]
r"""
With the base rates of this file, equal precision and equal false negative rates would *force* 1.63 times the false positive rate on the group with the higher
base rate. The observed ratio, 44.85 to 23.45, is 1.91. The firm and ProPublica can both be right, and here they are.

Now hold the theorem against every pair of cuts that there is.
"""

# %% headline=true
pairs = list(itertools.product(range(2, 11), repeat=2))
gaps = torch.stack([(rates(at_cut(counts["Black"], one).view(1, 4)) - rates(at_cut(counts["White"], two).view(1, 4)))[0].abs() for one, two in pairs])
useful = torch.tensor([min(float(1 - rates(at_cut(counts[group], place).view(1, 4))[0, 1]) for group, place in zip(counts, pair)) >= 0.5 for pair in pairs])

both = all(bool((at_cut(people, 5) == published["any"][group]).all()) for group, people in counts.items())
nearest = gaps.max(dim=1).values
print(f"ProPublica's table from the counts by score, to the last of {sum(int(people.sum()) for people in counts.values()):,} defendants: {both}")
print(f"pairs of cuts whose false positive rates agree to 2 points:         {int((gaps[:, 0] <= 0.02).sum())} of {len(pairs)}")
print(f"... and whose false negative rates agree as well:                   {int((gaps[:, :2] <= 0.02).all(dim=1).sum())}")
print(f"... and whose precisions agree as well:                             {int((gaps <= 0.02).all(dim=1).sum())}")
print(f"the best pair still leaves one of the three this far apart:         {100 * nearest.min():.1f} points, at cuts {pairs[int(nearest.argmin())]}")
print(f"the best that finds at least half of those arrested again:          {100 * nearest[useful].min():.1f} points, at cuts "
      f"{tuple(pairs[int(i)] for i in useful.nonzero().flatten())[int(nearest[useful].argmin())]}")

# %% [markdown]
r"""
**Fairness by name.** The quarrel has a vocabulary, which laws, papers and libraries use. Three of the words are about groups:

- **[demographic parity](../glossary.md#demographic-parity)**: the same share of each group is marked, whatever came of them afterwards (also *statistical
  parity*);
- **[equalised odds](../glossary.md#equalised-odds)**: the same false positive rate *and* the same false negative rate (Moritz Hardt, Eric Price and Nathan
  Srebro, 2016). Only one of the two, for those who deserve the good outcome, is their *equal opportunity*: here, for those not arrested again;
- **[predictive parity](../glossary.md#predictive-parity)**: the same precision. Calibration, in section 2, asks it of every score and not only at a cut.

Two are about a person. **[Individual fairness](../glossary.md#individual-fairness)** (Cynthia Dwork and others, 2012): similar people are treated similarly,
and somebody must say who is similar; take 'the same score'. **[Counterfactual fairness](../glossary.md#counterfactual-fairness)** (Matt Kusner and
others, 2017): the same person, born into the other group, with all that follows from that, would have got the same answer. No table of counts holds that other
life; the invented town of section 6 will. Here is the rest, on the same counts.
"""

# %%
print("                                    points between the groups                          same score,")
print("cut for Black, White   share marked   false positives   false negatives   precision   another mark")
for cuts in ((5, 5), (7, 7), (6, 4)):
    cut_up = torch.stack([at_cut(people, place) for people, place in zip(counts.values(), cuts)])
    marked = (cut_up[:, 1] + cut_up[:, 3]) / cut_up.sum(dim=1)
    apart = 100 * torch.cat([(marked[0] - marked[1]).abs().view(1), (rates(cut_up)[0] - rates(cut_up)[1]).abs()])
    torn = sum(int(people[:, min(cuts) - 1:max(cuts) - 1].sum()) for people in counts.values())
    print(f"{cuts[0]:8d}, {cuts[1]}{apart[0]:21.1f}{apart[1]:18.1f}{apart[2]:18.1f}{apart[3]:12.1f}{torn:9,d} people")
again = [people[1] / people.sum(dim=0) for people in counts.values()]
print(f"calibration: at the same score the shares arrested again lie {100 * (again[0] - again[1]).abs().mean():.1f} points apart on average, and "
      f"{100 * (again[0] - again[1]).abs().max():.1f} at most")

# %% [markdown]
r"""
One cut for all treats equal scores alike, is as calibrated as the score itself, and at 7 comes within about a point of predictive parity; the other two
criteria it misses by 15 points and more. The pair 6 and 4 does well by both of those. (To the last point they hold together only where base rates agree, or
where the score is worthless.) But precision lies 12 points apart, and to over a thousand people it gives another mark than to somebody with the same score in
the other group. Every row is fair by some of the names, and none by all.

So there is a choice, and a threshold is where it hides. Mathematics says that it must be made. It does not say by whom, or whether a score should have a say in
jailing people at all: a defendant with no score at all was judged by a person, and persons err unequally too, as economists have estimated (Jon Kleinberg and
others, 2018; David Arnold, Will Dobbie and Crystal Yang, 2018).

**Play.** Two cuts, one for each group. Drag them, or let a strategy set them. Can you find a pair that you would defend in front of somebody of each kind:
rightly marked high and wrongly, rightly marked low and wrongly?
"""

# %% explorer=true
from course.explorers.ethics import threshold_explorer

threshold_explorer(data.compas())

# %% [markdown]
r"""
*The same in words:* each group has its own cut. Above are the people by score, a mark for five of them, and those to the right of the cut are marked high:
rings and dots were judged rightly, crosses were marked high and not arrested again, triangles were marked low and arrested again. Below is what each group
pays, three rates side by side, and each button is a strategy. Raise a cut and false positives fall, false negatives rise, and precision mostly rises. Bring two
of the three rates together and the third moves apart.
"""

# %% [markdown] rows="L2 L3"
r"""
## 4. An average hides
In 2018 Joy Buolamwini and Timnit Gebru asked three shops that sold face analysis what sex was shown on 1,270 photographs of members of parliament, balanced by
sex and by the shade of skin. The errors in percent (*Gender Shades*, Conference on Fairness, Accountability and Transparency, 2018):

| | lighter men | lighter women | darker men | darker women |
|---|---|---|---|---|
| Microsoft | 0.0 | 1.7 | 6.0 | 20.8 |
| Face++ | 0.8 | 6.0 | 0.7 | 34.5 |
| IBM | 0.3 | 7.1 | 12.0 | 34.7 |

How could a shop not notice? Because what it looked at was an average, and an average depends on *who is in the test set*. The faces in IJB-A, a benchmark of
the time, were 79.6 % lighter-skinned, those in Adience 86.2 %. Below, each shop's four numbers are averaged with three compositions. The shares by sex within
the benchmarks are from the same paper.
"""

# %%
errors = {"Microsoft": (0.0, 1.7, 6.0, 20.8), "Face++": (0.8, 6.0, 0.7, 34.5), "IBM": (0.3, 7.1, 12.0, 34.7)}
made_of = {"balanced on purpose": (30.3, 23.3, 25.0, 21.3), "like IJB-A": (59.4, 20.2, 16.0, 4.4), "like Adience": (41.6, 44.6, 6.4, 7.4)}   # percent of each of the four groups

figure, axes = plots.figure(width=8.2)
for place, (composition, shares) in enumerate(made_of.items()):
    for shop, (name, errors_of) in enumerate(errors.items()):
        average = float((tensor(shares) * tensor(errors_of)).sum() / sum(shares))
        axes.barh(place + 0.26 * (shop - 1), average, height=0.24, color=plots.COLOURS[("blue", "orange", "green")[shop]], hatch=("", "//", "..")[shop], edgecolor="white", label=name if place == 0 else None)
        axes.text(average + 0.2, place + 0.26 * (shop - 1), f"{average:.0f} %", va="center", fontsize=10)
axes.set(yticks=range(3), yticklabels=list(made_of), xlabel="average error, %", title="The same three machines, three test sets", xlim=(0, 16))
axes.invert_yaxis()
axes.legend()
plots.show(figure, "faces")
print(f"IBM: darker women against lighter men, {errors['IBM'][3] / errors['IBM'][0]:.0f} times the error")

# %% [markdown] rows="L2 L3"
r"""
The same machine errs for 12 in a hundred or for 5, depending on whom one asks. (You may read 'hundreds of times' or '300 times'; IBM's ratio is about 116.)
What was done: a year later Deborah Raji and Joy Buolamwini tested again, and reported that the three shops they had named had improved most for darker women,
while two that had not been named were about as bad as those had been. Naming helps. IBM left the business of face recognition in June 2020.

Where do such sets come from? In 2017 Shreya Shankar and colleagues looked up where the pictures of ImageNet were taken, the set on which a generation of vision
models learned to see. Over 45 % came from the United States, home of 4 % of mankind. India and China, with more than a third of mankind, had about 3 % between
them (*No Classification without Representation*, 2017). Nobody decided that. It is what one finds on the web in English.
"""

# %% [markdown] rows="L4 L5"
r"""
**Rare people, many faces.** A mistake that is rare for one face is common in a crowd. Suppose that a camera looks for ten wanted people among 50,000 in a
stadium, finds a wanted one in 90 of 100 cases, and takes one in a thousand of the others for one of them. That is a better machine than most. An alarm rings.
How likely is it that it is right?
"""

# %%
crowd, wanted_people, found_share = 50_000, 10, 0.9
for one_in in (100, 1000, 10_000):
    false_alarms, right_alarms = (crowd - wanted_people) / one_in, wanted_people * found_share
    print(f"one in {one_in:6,d} taken for somebody else: {false_alarms:5.0f} false alarms, {right_alarms:.0f} right ones: "
          f"{right_alarms / (right_alarms + false_alarms):4.0%} of the alarms are right")

# %% [markdown] rows="L4 L5"
r"""
With one in a thousand, 59 alarms ring, and five in six are for somebody who bought a ticket. If the machine takes some people for others ten times as often,
most of the false alarms are theirs. The independent test of face recognition by NIST, the standards office of the United States, reported in December 2019 that
false matches differed between groups by factors of 10 to 100, over 189 algorithms of 99 developers (NISTIR 8280).

In July 2018 the American Civil Liberties Union matched the 535 members of Congress against 25,000 police photographs, with Amazon's service at its default
threshold of 80 %. It cost
$12.33. **28 members** were matched with somebody who had been arrested. (Not '28 Black members', as the tale often goes.) About 40 % of those 28 were people
of colour, who were about 20 % of Congress: some 11 of 107 against 17 of 428, more than twice and a half the share. Amazon answered that the police should use
a far higher threshold (99 %, as it later said). Which is section 2 again: *somebody sets the cut, and the default is a decision*. In June 2020 the firm stopped
selling it to police, for a year at first.
"""

# %% [markdown] rows="L6 L7"
r"""
## 5. The group that nobody listed
Gender Shades knew where to look. Mostly nobody does. A speech recogniser works for 93 of 100 callers. You check each region, each kind of line, each age band,
and find nothing alarming. Here is such a log, an invented one. Can you see who is not understood?
"""

# %%
from course.ethics import CALLS, call_log

columns, misheard = call_log()
print(f"misheard: {misheard.mean():.1%} of {len(misheard):,} callers")
figure, panels = plots.figure(columns=4, width=10.4, height=3.0, sharey=True)
for column, (axes, name) in enumerate(zip(panels, CALLS)):
    codes = range(int(columns[:, column].max()) + 1)
    axes.bar(codes, [100 * float(misheard[columns[:, column] == code].mean()) for code in codes], color=plots.COLOURS["sky"])
    axes.axhline(100 * misheard.mean(), color=plots.INK, linestyle="--", linewidth=1.2)
    axes.set(xlabel=name, xticks=codes, ylim=(0, 50))
panels[0].set_ylabel("misheard, %")
plots.show(figure, "misheard")

# %% [markdown]
r"""
Region 3 is a bit worse. Who shrugs at that overlooks that in region 3 the *landline* callers are the trouble: few enough to vanish in both averages. People who
fail together may share two things rather than one. So cut the log by every value of every column, and by every *pair* of values: **[sliced
evaluation](../glossary.md#sliced-evaluation)**.

**Exercise 4 (12 minutes, hard): the worst slice.** Find it. A slice of three callers proves nothing, so slices with fewer than `smallest` rows are left out.
"""

# %% exercise="worst_slice" minutes=12
@exercise
def worst_slice(columns: Tensor, losses: Tensor, smallest: int) -> tuple[dict[int, int], float]:
    """The slice with the highest mean loss, among all that one column's value or two columns' values cut out.

    columns: (n, k), whole numbers: the code of each row in each column. losses: (n,), what each row costs, say 1. where it went wrong.
    smallest: a slice of fewer rows is left out; one of exactly so many counts. Of two slices that are equally bad, either will do.
    Returns the slice as {column: code} or {column: code, other column: code}, and its mean loss; ({}, mean of all rows) where no slice is large enough,
    e.g. columns [[0, 0], [0, 1], [1, 0], [1, 1]], losses [0., 0., 0., 1.], smallest 1 -> ({0: 1, 1: 1}, 1.0); with smallest 2 -> ({0: 1}, 0.5) (or {1: 1}).
    """
    ### BEGIN SOLUTION
    worst, highest = {}, -float("inf")
    for many in (1, 2):
        for chosen in itertools.combinations(range(columns.shape[1]), many):
            for codes in columns[:, list(chosen)].unique(dim=0):
                rows = (columns[:, list(chosen)] == codes).all(dim=1)
                if rows.sum() >= smallest and losses[rows].mean() > highest:
                    worst, highest = dict(zip(chosen, codes.tolist())), float(losses[rows].mean())
    return (worst, highest) if worst else ({}, float(losses.mean()))
    ### END SOLUTION


# %% check="worst_slice" points=4
hints("Begin with single columns: for each column and each code in it, the rows that have it. Then pairs.",
      "A slice is a mask: rows = columns[:, i] == a, or (columns[:, i] == a) & (columns[:, j] == b). Keep the best so far, and skip what is too small.",
      "for i, j in itertools.combinations(range(k), 2): for a in columns[:, i].unique().tolist(): for b in ...: rows = ...; if rows.sum() >= smallest and "
      "losses[rows].mean() > highest: ...")
table = tensor([[0, 0], [0, 0], [0, 1], [0, 1], [1, 0], [1, 0], [1, 1], [1, 1]])
check(worst_slice, table, tensor([0., 0., 1., 0., 0., 0.5, 2., 1.5]), 1).gives(({0: 1, 1: 1}, 1.75))
check(worst_slice).agrees(where=lambda call: call.smallest < 4)
check(worst_slice).keeps_the_contract()

# %% check="worst_slice" aspect="size" points=3
check(worst_slice, tensor([[0, 0], [0, 1], [1, 0]]), tensor([1., 0., 0.5]), 3).gives(({}, 0.5))     # no slice has three rows
check(worst_slice, tensor([[0, 0], [0, 1], [0, 0], [1, 2]]), tensor([0., 0.5, 0.25, 2.]), 3).gives(({0: 0}, 0.25))
check(worst_slice).agrees(where=lambda call: call.smallest >= 4)

# %% [markdown]
r"""
**Experiment.** Let it loose on the log. Then make `smallest` 5, and look for the worst slice in a log where *nothing* is wrong: the recogniser mishears 6 % of
everybody. Does it still find somebody?
"""

# %%
smallest = 40                             # change me: 5

for name, hidden in (("the log", 0.4), ("nothing wrong", 0.06)):
    columns, misheard = call_log(hidden=hidden)
    worst, share = worst_slice(columns, misheard, smallest)
    print(f"{name:14s} all {misheard.mean():.1%}; worst slice {share:.0%}:", ", ".join(f"{CALLS[column]} {code}" for column, code in worst.items()))

# %% [markdown] rows="L6 L7"
r"""
It finds the landline callers of region 3, whom four out of ten times nobody understands. And it finds somebody in the harmless log as well: among well over a
hundred slices, one is always the unluckiest. So a slice found is a *question*, to be asked again of fresh calls, and of the people in it. The search does not
say why. (In this log: an old codec, and an accent that the training data did not have.)

Such people are not invented. In 2020 Allison Koenecke and colleagues measured that five big firms' speech recognisers got about 35 of 100 words wrong for Black
speakers and 19 for White ones (*Proceedings of the National Academy of Sciences* 117). In 2017 Louise Kennedy, an Irish vet with two degrees, was failed for
her spoken English, 74 points of the 79 wanted, by a machine when she applied to stay in Australia. (BBC, *The Irish Times* and *The Guardian*, August 2017; the
firm said that its test was sound.)

Nor do you need the inside of a model for this. Rows in, losses out: with any model that answers questions you can ask *what if*. What if this form had another
postcode? Another first name? (The What-If Tool, by James Wexler and colleagues at Google, 2019, is that question with buttons.) Everybody may judge a model
that judges them.

## 6. The column you deleted
"We do not discriminate: the group is not even in our data." An invented town, then. Two groups earn the same. They live mostly in different districts, for old
reasons. Some years of loans are on file, and the clerk who gave them out said no to one group more often. We delete the column *group* and hand the rest to a
model.
"""

# %%
from course.ethics import TOWN, say_yes, town

columns, group, loans = town()


def yes_gap(decided):
    """Percentage points between the two groups' shares of yes."""
    return 100 * float(decided[group == 0].float().mean() - decided[group == 1].float().mean())


print(f"the clerk:                          yes to group 0 {yes_gap(loans):4.0f} points more often")
print(f"a model that sees the group:        {yes_gap(say_yes(torch.cat([columns, group[:, None]], dim=1), loans)):4.0f}")
print(f"a model that does not:              {yes_gap(say_yes(columns, loans)):4.0f}")

# %% [markdown] rows="L6"
r"""
About half of the gap is still there. A column that stands for another is called a **[proxy](../glossary.md#proxy)**. Which is it?

**Exercise 5 (10 minutes, medium): find the proxy.** For each column: how well can the group be guessed from it alone? The best guess for a code is the group
that most rows with that code belong to. Count over all rows how often it is right.
"""

# %% exercise="strongest_proxy" minutes=10
@exercise
def strongest_proxy(columns: Tensor, group: Tensor) -> tuple[int, float]:
    """The column from which the group can be guessed best, and the share of rows for which that guess is right.

    columns: (n, k), whole numbers from 0: the code of each row in each column. group: (n,), whole numbers from 0 (two groups or more).
    The guess for a row is the group that is most frequent among the rows with the same code in that column.
    Returns (column, share), e.g. columns [[0, 0], [1, 0], [0, 1], [1, 1]] and group [0, 0, 1, 1] -> (1, 1.0).
    """
    ### BEGIN SOLUTION
    shares = []
    for column in columns.T:
        right = sum(int(group[column == code].bincount().max()) for code in column.unique())
        shares.append(right / len(group))
    best = max(range(len(shares)), key=shares.__getitem__)
    return best, shares[best]
    ### END SOLUTION


# %% check="strongest_proxy" points=6
hints("Take one column, and one code in it. Which group do most of its rows belong to, and how many are that?",
      "For each code the largest count is guessed right. Add those up over the codes, divide by all rows, and keep the best column.",
      "right = sum(int(group[column == code].bincount().max()) for code in column.unique()); right / len(group).")
check(strongest_proxy, tensor([[0, 1], [0, 0], [0, 1], [1, 2], [0, 2], [0, 0]]), tensor([0, 0, 0, 1, 1, 0])).gives((1, 1.0))
check(strongest_proxy, tensor([[2, 0], [0, 2], [1, 0], [2, 0], [1, 0], [2, 1]]), tensor([0, 1, 0, 1, 2, 2])).gives((1, 4 / 6))    # three groups
check(strongest_proxy).agrees()
check(strongest_proxy).keeps_the_contract()

# %%
proxy, share = strongest_proxy(columns, group)
print(f"the strongest proxy is the {TOWN[proxy]}: it gives the group away for {share:.0%} of the town")
print(f"a model without group and {TOWN[proxy]}:    {yes_gap(say_yes(columns[:, [1, 2, 3, 4]], loans)):4.0f} points")
print(f"... and without the newspaper:           {yes_gap(say_yes(columns[:, [1, 3, 4]], loans)):4.0f} points")

# %% [markdown] rows="L6 L7"
r"""
Delete the district as well, which alone gives 85 people in 100 away, and the newspaper takes its place. In this town two deletions are enough, because this
town has five columns. A real one has hundreds, and a net finds combinations of them that no list of single columns shows. Notice too what you needed in order
to see any of this: **the group**. Who may not look at it cannot find the harm. (In Europe the AI Act lets one process such data for exactly that, under
conditions: article 4a, since 27 July 2026, in place of article 10, paragraph 5.)

Now somebody can be asked what no table of counts could tell: had they been *born into the other group*, what would the model have said? In this town we know
what follows from that: the district mostly, the newspaper sometimes, nothing else. So the same people, with the same luck, live again.
"""

# %%
otherwise, _, _ = town(swapped=True)

for name, chosen in (("with the group", None), ("without the group", [0, 1, 2, 3, 4]), ("and without its two proxies", [1, 3, 4])):
    life, other_life = (torch.cat([rows, who[:, None]], dim=1) if chosen is None else rows[:, chosen] for rows, who in ((columns, group), (otherwise, 1 - group)))
    differs = say_yes(life, loans, decide=life) != say_yes(life, loans, decide=other_life)
    print(f"{name:28s} another answer in the other life: {differs.float().mean():4.0%} of the town")

# %% [markdown] rows="L7"
r"""
Deleting the group leaves a model that is *unaware* of it and still not counterfactually fair. Mind what this rests on: a story of what causes what. Here it was
written by whoever made the town; outside, people argue over it.

The same trap hides in what one predicts. In 2019 Ziad Obermeyer and colleagues opened a score that chose patients for extra care in American hospitals, and
that affects millions. It predicted what a patient would *cost*, as a stand-in for how ill they are. Less was spent on Black patients who were just as ill, so
at the same score they were considerably sicker; mended, the share of Black patients among those offered help would rise from 17.7 to 46.5 % (*Science* 366). No
column was unfair. The label was the proxy.

A proxy need not be a column. Lesson 13 finds one in pictures, a mark in the corner that says what the label is, and shows how to prove that a network reads it
and how to take it away.

Amazon met proxies as words. From 2014 it trained a program to give applicants one to five stars, on ten years of resumes, mostly men's. It learned to mark
down *women's*, as in *women's chess club captain*, and graduates of two women's colleges. The engineers took those words out, could not be sure what was left,
and the project was dropped (Reuters, October 2018; Amazon said that its recruiters never used it to judge applicants). And in November 2019 David Heinemeier
Hansson wrote that Apple's card gave him twenty times the credit of his wife, and Steve Wozniak that his was ten times his wife's. New York's regulator
investigated for over a year and reported in March 2021 that it found no unlawful discrimination: couples were judged one by one, on their own accounts, which
in many marriages are not equal. It did find fault with how decisions were explained.
"""

# %% [markdown] rows="L8"
r"""
## 7. A system that feeds on itself
Two districts, equal in everything. One patrol a day. It goes where the books say that most was found. It finds something there in three visits of ten, as it
would in the other district, and writes it into the books. Tomorrow's lot is drawn by the books. What do the books say after a thousand days? Thirty towns:
"""

# %%
from course.ethics import urn

same, start = tensor([0.3, 0.3]), tensor([1.0, 1.0])
runs = torch.stack([urn(same, start, 1000, torch.Generator().manual_seed(seed))[:, 0] for seed in range(30)])
mended = torch.stack([urn(same, start, 1000, torch.Generator().manual_seed(seed), corrected=True)[:, 0] for seed in range(30)])

figure, panels = plots.figure(columns=2, width=9.6, height=3.7, sharey=True)
for axes, paths, title in zip(panels, (runs, mended), ("Found is written down as found", "Found is divided by how often they looked")):
    for path in paths:
        axes.plot(100 * path, color=plots.COLOURS["blue"], linestyle="-", linewidth=1.0, alpha=0.55)
    axes.axhline(50, color=plots.INK, linestyle="--", linewidth=1.2)
    axes.set(xlabel="day", title=title, ylim=(0, 100))
panels[0].set_ylabel("patrols sent to district A, %")
plots.show(figure, "urns")
print(f"runs in which one of two equal districts gets more than three quarters of the patrols: {int(((runs[:, -1] - 0.5).abs() > 0.25).sum())} of 30; mended: "
      f"{int(((mended[:, -1] - 0.5).abs() > 0.25).sum())}")

# %% [markdown] rows="L8"
r"""
Many a town has found *its* dangerous district, has figures to prove it, and is wrong. The left picture is an urn of George Pólya's (1923): draw a ball, put it
back with one more of its colour. A **[feedback loop](../glossary.md#feedback-loop)** need not make anybody worse; it is enough that the system sees only what
it looks at. Kristian Lum and William Isaac ran a published policing program on Oakland's drug arrests in 2016, and it would have sent the patrols to the
neighbourhoods where they already were, though surveys of drug use showed no such difference. Danielle Ensign and colleagues proved the urn in 2018, with the
cure on the right: what is found counts by *how often one looked*. The police of Los Angeles, an early user of such a program, dropped it in April 2020 after
years of protest by the people who lived there; the reason given was money (*Los Angeles Times*, 21 April).

**Exercise 6 (8 minutes, medium): the loop, and the way out.** Without chance, so that you can follow it on paper. Each day's visits are shared out by the
records; each district adds what was found there, visits times share times rate. With `corrected`, write down what an *even* share of the visits would have
found, also where nobody was sent. With two districts the even share is a half.
"""

# %% exercise="patrol" minutes=8
@exercise
def patrol(rates: Tensor, records: Tensor, days: int, visits: float = 100.0, corrected: bool = False) -> Tensor:
    """The share of the patrols that each district gets, day after day, when patrols follow the records.

    rates: (k,), finds a visit in each district. records: (k,), what the books hold at the start, 0 in some districts perhaps; to be left as it is. visits: a day, in all districts together.
    corrected: add what an even share of the visits, 1 / k of them, would have found in each district.
    Returns (days + 1, k): the shares of the first day, and after each day the new ones, e.g. rates [0.2, 0.1], records [10., 30.], 1 day, 100 visits:
    shares [0.25, 0.75]; found 5 and 7.5; records [15., 37.5]; so [[0.25, 0.75], [0.2857, 0.7143]].
    """
    ### BEGIN SOLUTION
    shares = [records / records.sum()]
    for _ in range(days):
        sent = torch.full_like(shares[-1], 1 / len(rates)) if corrected else shares[-1]
        records = records + visits * sent * rates
        shares.append(records / records.sum())
    return torch.stack(shares)
    ### END SOLUTION


# %% check="patrol" points=4
hints("Shares are records over their sum. Keep a list of them, and put the first day's in before the loop.", "A day: found = visits * share * rate in each "
                                                                                                             "district; records grow by it; new shares.",
      "for _ in range(days): found = visits * shares[-1] * rates; records = records + found; shares.append(records / records.sum()). At the end "
      "torch.stack(shares).")
check(patrol, tensor([0.2, 0.1]), tensor([10., 30.]), 1, 100.0).gives(tensor([[0.25, 0.75], [0.285714, 0.714286]]))
check(patrol).agrees(corrected=False)
check(patrol).keeps_the_contract()

# %% check="patrol" aspect="corrected" points=3
check(patrol, tensor([0.2, 0.1]), tensor([10., 30.]), 1, 100.0, corrected=True).gives(tensor([[0.25, 0.75], [0.363636, 0.636364]]))
check(patrol).agrees(corrected=True)          # an even share of 100 visits finds 10 and 5

# %% [markdown]
r"""
**Experiment.** Now the districts do differ: the first has a third more to find. What would be a fair share of the patrols for it? What do the records say in
the end, with the loop and without? Then let the books begin with an old prejudice, `[10., 90.]`.
"""

# %%
finds, books = tensor([0.4, 0.3]), tensor([50.0, 50.0])     # change me: [10., 90.]

figure, axes = plots.figure(width=7)
axes.plot(100 * patrol(finds, books, 400)[:, 0], label="as found")
axes.plot(100 * patrol(finds, books, 400, corrected=True)[:, 0], label="corrected")
axes.axhline(100 * float(finds[0] / finds.sum()), color=plots.INK, linestyle=":", linewidth=1.4, label="its share of what there is to find")
axes.set(xlabel="day", ylabel="patrols sent to the first district, %", ylim=(0, 100), title="A small difference, fed back")
axes.legend(loc="lower right")
plots.show(figure, "corrected")

# %% [markdown] rows="L8"
r"""
A third more to find, and after 400 days four patrols in five go there, with the curve still climbing. A prejudice in the books does not even need that: without
the correction nothing ever looks at the other district long enough to say no.

Not only the police have loops. **Meetups.** Evan Estola, of the machine learning team of Meetup, warned of this in a talk of December 2015, *When
Recommendation Systems Go Bad*, and the firm told *Civicist* how: men join programmers' meetups more often; so a recommender left to itself shows them to men;
so rooms fill with men, a woman who comes anyway finds herself alone, and the data say that women are not interested. They keep sex out of these
recommendations, though it would fit the past better. A toy of it: both are equally interested, both go more readily where there are people like them.
"""

# %%
from course.ethics import meetup

figure, axes = plots.figure(width=7)
plots.curves(axes, {"recommended by who came": 100 * meetup(12, use_group=True), "recommended to both alike": 100 * meetup(12, use_group=False)}, names=("round", "women in the room, %"))
axes.set(ylim=(0, 60), title="The same people, two recommenders")
plots.show(figure, "meetup")

# %% [markdown] rows="H4"
r"""
*It would have fitted the past better.* A loop does not show on a test set, because the test set is part of the loop. It takes somebody who knows the people,
and says no.

## 8. When it gets worse, and who picks up
A model is finished on a Friday and used for years. Cameras are replaced, forms change, people learn what the machine likes. That
is **[drift](../glossary.md#drift)**, and nobody writes to tell you. Four habits, from people who run such things: *monitor* it; let it *fail gracefully*, with
another way for the person in front of it; *limit the worst case* before it comes; and *never rely on it alone* where a life hangs on it. Drift is
nobody's doing. In lesson 12 somebody changes a network's answer on purpose, by what no eye sees, and the same four habits help. A
network that was made smaller, as in lesson 14, is another network too: as good on average, and it has to be asked again for whom.

The oldest alarm is Walter Shewhart's, from a telephone factory, 1924. You promised that a share $e$ of decisions would be wrong. Among the last $w$ decisions
the share wobbles by chance, by about $\sqrt{e(1-e)/w}$, its **[standard error](../glossary.md#standard-error)**. Ring when it is three of those above $e$.

**Exercise 7 (8 minutes, medium): the alarm.** After each decision, look at the last `window` of them. When does it first ring?
"""

# %% exercise="drift_alarm" minutes=8
@exercise
def drift_alarm(mistakes: Tensor, expected: float, window: int, width: float = 3.0) -> int | None:
    """After how many decisions the alarm first rings, or None if it never does.

    mistakes: (n,), in order: 1. for a decision that was wrong, 0. for one that was right. expected: the share of mistakes that was promised.
    window: how many of the latest decisions are looked at; nothing rings before there are so many.
    It rings when their share of mistakes is above expected + width * sqrt(expected * (1 - expected) / window),
    e.g. [0., 0., 0., 1., 0., 1., 0.] with expected 0.2, window 4, width 1.1: the limit is 0.42; the last four of the first six have a share of 0.5 -> 6.
    """
    ### BEGIN SOLUTION
    limit = expected + width * (expected * (1 - expected) / window) ** 0.5
    for count in range(window, len(mistakes) + 1):
        if float(mistakes[count - window:count].mean()) > limit:
            return count
    return None
    ### END SOLUTION


# %% check="drift_alarm" points=5
hints("The limit does not change: work it out once, before the loop.", "Go through the counts from window to n. The last `window` of the first `count` "
                                                                       "decisions are mistakes[count - window:count].",
      "for count in range(window, len(mistakes) + 1): if mistakes[count - window:count].mean() > limit: return count. After the loop return None.")
check(drift_alarm, tensor([0., 0., 0., 1., 0., 1., 0., 0., 1., 1.]), 0.2, 4, 1.1).gives(6)
check(drift_alarm, tensor([0., 0., 0., 0., 1., 0., 1., 1., 1., 0.]), 0.5, 4, 1.0).gives(None)        # 0.75 lies on the limit, not above it
check(drift_alarm).agrees()
check(drift_alarm).keeps_the_contract()

# %% [markdown] rows="H4"
r"""
**Experiment.** A system promised 5 mistakes in a hundred. At decision 1,000 a supplier changes the camera, and it makes 15. A short window hears it at once,
and hears ghosts as well. Change the width to 4. Which would you take for spam, and which for insulin?
"""

# %%
from course.ethics import stream

width = 3.0                              # change me: 4.0

print("window   false alarms in 20 quiet runs of 1,000   heard after, decisions, median of 20 runs")
for window in (50, 100, 200, 400):
    quiet = sum(drift_alarm(stream(1000, change=None, seed=seed), 0.05, window, width) is not None for seed in range(20))
    late = sorted((drift_alarm(stream(3000, seed=seed)[1000 - window:], 0.05, window, width) or 3000) - window for seed in range(20))
    print(f"{window:6d}   {quiet:20d}   {late[10]:38d}")

# %% [markdown] rows="H4"
r"""
An alarm is worth what happens next. Let it ring in an empty room, or let it hand each decision to a person until somebody has looked: here is what reaches the
people outside in the two cases, if the person is wrong 5 times in a hundred as well, and slower.
"""

# %%
watched = stream(3000, seed=1)
rang = drift_alarm(watched, 0.05, 200, 4.0) or len(watched)
by_hand = stream(3000, change=None, seed=101)
with_people = torch.cat([watched[:rang], by_hand[rang:]])
figure, axes = plots.figure(width=7.4)
plots.curves(axes, {"nobody listens": watched.cumsum(0), "a person takes over": with_people.cumsum(0)}, names=("decisions", "mistakes that reached somebody"))
axes.axvline(1000, color=plots.INK, linestyle=":", linewidth=1.4)
axes.text(985, 0.93 * float(watched.sum()), "the camera\nis changed", ha="right", va="top", fontsize=11)
axes.axvline(rang, color=plots.COLOURS["vermillion"], linestyle="--", linewidth=1.4)
axes.text(rang + 20, 5, "the alarm", fontsize=11, color=plots.COLOURS["vermillion"])
plots.show(figure, "brakes")
print("fewer than two thirds of the mistakes reach somebody when a person takes over:", bool(with_people.sum() < 2 / 3 * watched.sum()))

# %% [markdown] rows="L8 H4"
r"""
There is a catch in the toy: it knows at once which decisions were wrong. Where would you get that from? Mostly from the people they happen to. If they have no
way to say *this is wrong*, then there are no mistakes in your log, and the alarm is silent.

**Arkansas.** In 2016 the state began to let a formula decide how many hours of care at home disabled people get; before, a nurse did. Tammy Dobbs, who has
cerebral palsy and needs help to get up and to eat, had 56 hours a week; the formula gave her 32. The nurse who read out the result could not say why. Legal Aid
of Arkansas, with Kevin De Liban, went to court, and there, under oath, it came out that the software had been built with errors: it had cerebral palsy wrong,
and diabetes. (So Colin Lecher told it in *The Verge*, 21 March 2018.) On 14 May 2018 a judge, Wendell Griffen, barred the state from using it, since the public
had not been told before (*Arkansas Democrat-Gazette*, 22 May). Who was responsible? The researcher had made a formula; a firm had written the software; the
state had set the policy; the nurse only typed. Each could point to the next. That is a **[diffusion of
responsibility](../glossary.md#diffusion-of-responsibility)**, and it is the normal case.
"""

# %% [markdown] essay="appeal" points=14
r"""
## A way to say 'this is wrong' (15 minutes)
Choose one system of this lesson: the score in the courtroom, the hours of care, the loans of section 6, or the stadium's camera. **Design the way in which a
person can appeal**, in about 250 words, as if it had to work from Monday. Somebody will be in a hurry, somebody will not speak the language, and somebody will
be in a cell.

A part counts when a stranger could act on it, and half when it is only named; length brings nothing.

| points | for |
|---|---|
| 3 | one each: the person learns that a machine had a part in it; what it said, and on which facts about them; in words and by a way that they can use |
| 3 | one each: a named role that can say no to the machine; the time and the facts to do it; the authority, and no reason to fear for it |
| 2 | one each: deadlines, in days; what holds in the meantime, so that nobody loses care while a letter is in the post |
| 2 | one each: the worst case is named; what limits it before it happens |
| 2 | one appeal mends more than one case, one each: how the others with the same mistake are found; how the appeals feed the alarm of exercise 7 |
| 2 | one each: what it costs, and whom; for whom it will still not work |
"""

# %% [markdown] rows="D1"
r"""
## 9. Labels, by two
All of this stands on labels, and labels are made by people: paid by the piece, tired, and mostly unnamed. Machine and person have different talents. A machine
compares a thousand pictures without yawning. A person sees at a glance the odd one out on a page of sixty. So let them take turns. The machine sorts the
pictures that it is surest of on pages and writes its guess under each; the person corrects only what is wrong; the machine learns from that, and the next page
comes. (Jeremy Howard showed such a tool in 2014 and later.)

The person below is simulated. They overlook a wrong guess with some chance, and a label that they type is wrong once in a hundred. The pictures are the 1,797
digits of lesson 01. How many labels need to be typed?
"""

# %% tags=["nbval-ignore-output"]
from course.ethics import label_together

pictures, digits = data.digits()
results = {}
print("the person overlooks   labels typed   pages looked through   labels wrong at the end")
for misses in (0.0, 0.05, 0.5):
    results[misses] = label_together(pictures, digits, torch.Generator().manual_seed(0), misses=misses)
    typed, pages, wrong = results[misses]
    print(f"{misses:20.0%}   {typed:12d}   {pages:20d}   {wrong:23d}")
print(f"all by hand:           {len(digits):12d}                          {0.01 * len(digits):23.0f}, about")

# %%
print("fewer than one label in ten is typed:                  ", results[0.05][0] < len(digits) / 10)
print("an attentive pair makes fewer errors than typing alone:", results[0.05][2] < 0.01 * len(digits))
print("a person who trusts the machine makes more:            ", results[0.5][2] > 0.01 * len(digits))

# %% [markdown] rows="D1"
r"""
Over nine labels in ten are saved, and the result is *better* than by hand, as long as somebody looks. The last row is the danger: a person who nods half of the
errors through types just as little, looks just as busy, and leaves more errors than one who works alone. To believe the machine because it is mostly right is
called **[automation bias](../glossary.md#automation-bias)**, and it is a judge's and a nurse's trouble as much as a labeller's. Whoever puts 'a human in the
loop' should measure what the human catches.

And the digits were easy: for each picture there *is* a right answer. Who is right on whether a comment is an insult? The one who is insulted should have been
asked. That, and where the pictures come from, who was paid, who is missing, and what the set must never be used for, belongs on a sheet of paper that travels
with the data. In electronics every part has one. Timnit Gebru and six colleagues asked for it in *Datasheets for Datasets* (2018; Communications of the
ACM, 2021). The **[datasheet](../glossary.md#datasheet)** of the COMPAS counts lies beside them, in `datasets/compas/DATASHEET.md`; for models, Margaret
Mitchell and colleagues proposed **[model cards](../glossary.md#model-card)** in 2019.
"""

# %% [markdown] essay="datasheet" points=18
r"""
## A datasheet (20 minutes)
**Write a datasheet** of about 400 words for a data set that you know from inside: members of a club, photographs on your telephone, a shop's orders, marks,
your own messages. If you have none, take the log of section 5: there a question counts as an answer, if you say whom you would ask. Write for a stranger who
will train something on it in five years and cannot reach you.

A part counts when a stranger could act on it, and half when it is only named; length brings nothing.

| points | for |
|---|---|
| 2 | motivation, one each: who made it, and for what; who paid, in money or in work |
| 5 | composition, one each: what a row is, and how many there are; what the columns mean, and what is missing or doubtful; **who is not in it**; one group that is few, counted (or how you would count it); whether a person can be found again |
| 4 | collection, one each: how it was got; whether those in it know and agreed; who labelled it (or who typed what is in it); how often two of those would disagree, or how you would find out |
| 4 | uses: one for a use that it is good for; one for each of two that it must not be put to; one if both say who would be harmed, and how |
| 1 | distribution and maintenance, all three: who may have it, who mends it, and how somebody gets out of it |
| 2 | honesty: one for each of two sentences that a salesperson would have struck out |
"""

# %% [markdown] rows="L7 L8"
r"""
## 10. Cases
Tales lose their second half in the telling. Here each has a date, who did it, what was done, and where to look it up. Where a common version is wrong, it is
said. The newest first.

| when, what | who was harmed, and how | what was done; what is often told wrongly |
|---|---|---|
| January 2026, Grok | a chatbot undressed people in pictures on X for whoever asked, and was used on pictures of children of 11 to 13 (Internet Watch Foundation) | Britain's Ofcom opened an investigation on 12 January. The European Union forbade such systems, from 2 December 2026 (Regulation 2026/1744). A harm that any tester could have named beforehand |
| August 2024, language models | told to judge people by texts in African American English, they gave them worse jobs, convicted them more often and chose death more often; asked about Black people outright, they were polite | Valentin Hofmann and others, *Nature* 633. Training on human feedback widened the gap between what they said and what they did. No real trial: the choices were hypothetical |
| November 2022, a chatbot | it told Jake Moffatt, whose grandmother had died, that a cheaper fare could be claimed afterwards; Air Canada refused, and argued that it was not liable for what its chatbot said | *Moffatt v. Air Canada*, 2024 BCCRT 149, 14 February 2024: a firm answers for all of its website, and had to pay |
| January 2020, Robert Williams | arrested in front of his daughters and held for thirty hours: Detroit's police had searched with a blurred picture of a thief, and his old driving licence came up | settled on 28 June 2024: no arrest on a match alone, nor on a line-up that follows one, and past cases are audited (ACLU of Michigan). The machine proposed; people stopped asking |
| 2005 to 2019, Dutch childcare benefits | some 26,000 parents accused of fraud and made to pay back everything, often tens of thousands of euros; from 2013 a risk score picked whom to examine, and used nationality (Amnesty, *Xenophobic Machines*, 2021) | the government resigned on 15 January 2021; a fine of 2.75 million euros, December 2021. Not the score alone: the law allowed no small mistakes, and complaints were not believed |
| 2015 to 2019, Robodebt, Australia | a year's income was cut into equal fortnights, and whoever had earned unevenly owed money; it was theirs to prove otherwise | in May 2020 470,000 debts were to be paid back; a royal commission, 7 July 2023: 'neither fair nor legal'. No learning in it: an average, and nobody who had to look |
| June 2015, Google Photos | photographs of Jacky Alciné and a friend were put under the name of an ape | an apology within a day or so, and the label was taken away. In January 2018 *Wired* found it still away: the mend was to stop looking |
| 23 March 2016, Tay | Microsoft's chatbot learned from whoever wrote to it, 'repeat after me' included, and insulted people within hours | withdrawn in a day, with an apology (Microsoft's blog, 25 March). Not mysterious: an open input and people who tried |
| August 2017, a soap dispenser | in a film that Chukwuemeka Afigbo passed on it gives soap to a light hand and none to a dark one | such dispensers wait for the reflection of an infrared beam. No learning at all: you need only testers who look alike |
| to 2018, translation | 'she is a doctor, he is a nurse', by way of Turkish, which has one pronoun, came back with the sexes changed | since December 2018 Google Translate shows both for single sentences in some languages (its blog, 6 December). 'Never mended' was true, and then partly not |
| 26 August 2016, editors | Facebook replaced the editors of its list of news by a program; days later the list led with an invented story (*The Guardian*, 29 August) | closed in June 2018. The program was asked what people talk about, and answered |
| to 2019, autoplay | people were led from a video to ever wilder ones | YouTube said in January 2019 that it cut such recommendations. 'The most powerful radicaliser' is Zeynep Tufekci's *may be one of* (10 March 2018); what was measured later is mixed |
| to 2018, Myanmar | hatred spread on Facebook while Rohingya people were killed and driven out | warnings came from 2013 on; in 2015 a handful of people who read Burmese watched the reports (Reuters, August 2018). A report that Facebook ordered said that November that it had not done enough |
| 18 September 2015, Volkswagen | people breathed what cars were programmed to hide in tests (notice of the United States' environmental agency) | James Liang, an engineer, got 40 months in August 2017. Not only engineers: a manager got seven years that December, and on 26 May 2025 a court in Braunschweig convicted four more former managers |
| 1933 to 1945, punched cards | Dehomag, IBM's German daughter, sold and rented the machines that counted and sorted people for a state that murdered them | told by Edwin Black in 2001. **No judge found IBM guilty**, though it is often said: Swiss courts let Roma orphans sue in 2004 and dismissed the case in 2005 and 2006, because too much time had passed. It was never heard |

Read the second column again. Then the question of this section: in how many of the fifteen was the average error rate the trouble?
"""

# %% [markdown] rows="L8"
r"""
## 11. Rules, and questions
**Rules.** 'You cannot regulate that' was said of cars. In 1966, after Ralph Nader's book and a hearing, the United States made safety a law: belts, steering
columns that give way, dashboards without knobs like daggers. Deaths for each 100 million miles driven have since fallen from 5.7 to 1.2 (1966 and 2024; the
road safety office, NHTSA), not 'dozens of times'. Nobody stopped driving. The paper on datasheets tells it as an example. What there is for us, as of November
2026, and laws change, so look:

- *GDPR, article 22* (European Union, applied since 25 May 2018): nobody has to be subject to a decision based **solely** on automated processing that affects
  them seriously, with exceptions, and then with a right to a human, to speak up, and to contest it. On 7 December 2023 the Court of Justice held that a *score*
  can be such a decision, where those who get it draw strongly on it (case C-634/21, SCHUFA). Lesson 15 has what else that law asks,
  and what a model gives away about the people in its data.
- *The AI Act* (Regulation 2024/1689, in force since 1 August 2024, amended by Regulation 2026/1744, in force since 27 July 2026): since 2 February 2025 some
  uses are forbidden, among them predicting that a person will commit a crime from a profile alone. Since 2 August 2026 a machine that talks to people must say
  that it is one. Courts, police, credit, hiring and schools are high risk: data governance, records, human oversight. That was to apply from 2 August 2026; the
  amendment put it off to 2 December 2027, and to 2 August 2028 for machines inside products such as lifts and toys.
- *Wisconsin, 13 July 2016*: the state's supreme court held that a judge may read a COMPAS score if it is not what decides, and if the report says in writing
  what is known against it (State v. Loomis). Eric Loomis was not allowed to see how it was computed: a trade secret.

**People.** At the conference on Fairness, Accountability and Transparency of 2018 a tutorial was taught by a statistician, Kristian Lum, a public defender, and
a man who had been through arrest and bail himself: what happens between an arrest and a trial, who decides what, and where a score comes in. (Its programme
could not be looked up again.) It costs an afternoon to ask.

**Questions.** This course ends without a recipe, because there is none. It hands out questions, which are better for being asked early, aloud, and by more than
one person.

1. Who is *not* in the data, and who put the labels there?
2. What will be done with the answer, by whom, in how many seconds?
3. Which mistake is worse, for whom? Who decided that?
4. What happens to the thousandth person with the same mistake?
5. What will this system see tomorrow because of what it does today?
6. Where can a person stop it? Where is the valve that lets the pressure out?
7. Who could tell us, and have we asked them? Do they get paid for it?
8. Should it be built? What happens if we do not?
"""

# %% [markdown]
r"""
## Quiz (10 minutes)
Five questions, one letter each. Run the next cell and click, or write the letters between the quotes below it. Who learns alone is told at once whether they
are right, and why not; in a class it may be told when you hand in.
"""

# %% quiz="judging" points=10
[
    {"ask": "Of 200 people who were not arrested again, 50 were marked high. Of 100 marked high, 50 were arrested again. Which is the false positive rate?",
     "choices": {"a": "50 %", "b": "25 %", "c": "it cannot be told without the number of all people"},
     "right": "b",
     "because": {"a": "that is 1 less the precision: it divides by those marked high; the false positive rate divides by the 200 who were not arrested again",
                 "c": "a false positive rate is about those not arrested again only, and both numbers are there"}},
    {"ask": "Two groups have different base rates. A firm says that its score, which errs, has the same precision and the same false negative rate for both. "
            "What follows?",
     "choices": {"a": "the false positive rates differ", "b": "the score is fair", "c": "the firm has made an error in the data"},
     "right": "a",
     "because": {"b": "it is fair by two measures, and by Chouldechova's line it cannot be by the third; fair is not one number",
                 "c": "nothing needs to be wrong: this is what arithmetic makes of equal precision and different base rates"}},
    {"ask": "A model may not see who is a woman. It is trained on ten years of decisions by people who preferred men. What is the best guess?",
     "choices": {"a": "it is neutral, since it cannot know", "b": "it will prefer women", "c": "it prefers men still, by way of other columns; measure it, "
                                                                                               "with the column that it may not see"},
     "right": "c",
     "because": {"a": "other columns stand in for the one that is gone, as the district did in section 6", "b": "nothing in the past decisions would teach it "
                                                                                                                "that"}},
    {"ask": "A search through 150 slices finds one with twice the average error, 40 callers. What do you do first?",
     "choices": {"a": "report that the system discriminates against them", "b": "measure that slice again on fresh calls, and ask some of its people", "c": "nothing: with 150 slices one is always worst"},
     "right": "b",
     "because": {"a": "perhaps it does; but of 150 slices one is always unlucky, and you looked for the worst",
                 "c": "that is a reason to look again, not to look away: it may be forty people whom nobody understands"}},
    {"ask": "Patrols go where the records are highest; records grow where patrols go. The records of district A are ten times those of B. What do they tell "
            "about crime in A and B?",
     "choices": {"a": "that A has ten times as much", "b": "that A has somewhat more", "c": "very little, until one knows how often each was visited"},
     "right": "c",
     "because": {"a": "in section 7 two equal towns' districts drifted that far apart by chance and habit", "b": "not even that follows: equal districts end "
                                                                                                                 "anywhere"}},
]

# %% [markdown] essay="reflection" points=18
r"""
## One page (20 minutes)
The county asks you. It has the score, the two histograms of section 2 and a budget for one clerk. **May the score be used before bail, and if so with which cut
or cuts, and who may overrule it?** Take a stand, in about 400 words. You can stand anywhere, and *not at all* is a place to stand; the points are for how.

A part counts when a stranger could act on it, and half when it is only named; length brings nothing.

| points | for |
|---|---|
| 3 | a stand that somebody could disagree with, in the first three sentences, one each: whether the score may be used; with which cut or cuts, or what is done in its place; who may overrule it, or who decides without it |
| 4 | one for each of three numbers **from your own runs**, with what it is a share *of*; one if your argument would fall without them |
| 4 | who is harmed by *your* choice, one each: those suspected for nothing, and those missed, of the one group and of the other: how many as far as you can know, and how. Without a score these are the judge's mistakes. Not 'some people' |
| 3 | one each: the strongest argument against you; in words that its owner would sign; your answer |
| 2 | one for each of two things that the numbers do not hold, such as: an arrest is not a crime, the base rate's history, the data's faults |
| 2 | one each: what you would have to see in a year to change your mind; who would look |
"""

# %% [markdown]
r"""
## What to remember
1. An error rate is a share *of somebody*. Ask of whom, by group, before you ask how large.
2. If base rates differ and the score errs, precision, false positive and false negative rates cannot all be equal. Somebody chooses which are not, and the
   choice sits in a threshold.
3. Averages hide, pairs of columns reveal, and deleting a column deletes your sight of the harm rather than the harm.
4. A system that acts makes its own data. Divide by how often it looked, or let it not decide where to look.
5. Promise an error rate, watch it, decide beforehand who picks up, and give the people it happens to a way to say *this is wrong*.

## Terms
[confusion matrix](../glossary.md#confusion-matrix), [false positive](../glossary.md#false-positive), [false negative](../glossary.md#false-negative), [false
positive rate](../glossary.md#false-positive-rate), [false negative rate](../glossary.md#false-negative-rate), [precision](../glossary.md#precision), [base
rate](../glossary.md#base-rate), [calibration](../glossary.md#calibration), [demographic parity](../glossary.md#demographic-parity), [equalised
odds](../glossary.md#equalised-odds), [predictive parity](../glossary.md#predictive-parity), [individual fairness](../glossary.md#individual-fairness),
[counterfactual fairness](../glossary.md#counterfactual-fairness), [sliced evaluation](../glossary.md#sliced-evaluation), [proxy](../glossary.md#proxy),
[feedback loop](../glossary.md#feedback-loop), [drift](../glossary.md#drift), [standard error](../glossary.md#standard-error), [diffusion of
responsibility](../glossary.md#diffusion-of-responsibility), [automation bias](../glossary.md#automation-bias), [datasheet](../glossary.md#datasheet), [model
card](../glossary.md#model-card)

## Where to read on
- Julia Angwin, Jeff Larson, Surya Mattu and Lauren Kirchner, *Machine Bias*, ProPublica, 23 May 2016, with *How We Analyzed the COMPAS Recidivism Algorithm*.
  The article, and the notebook that you have just repeated.
- William Dieterich, Christina Mendoza and Tim Brennan, *COMPAS Risk Scales: Demonstrating Accuracy Equity and Predictive Parity*, Northpointe, 2016. The firm's
  answer; read both.
- Alexandra Chouldechova, *Fair Prediction with Disparate Impact*, Big Data 5, 2017. The line that you checked. Jon Kleinberg, Sendhil Mullainathan and Manish
  Raghavan, *Inherent Trade-Offs in the Fair Determination of Risk Scores*, 2016.
- Jon Kleinberg, Himabindu Lakkaraju, Jure Leskovec, Jens Ludwig and Sendhil Mullainathan, *Human Decisions and Machine Predictions*, and David Arnold, Will
  Dobbie and Crystal Yang, *Racial Bias in Bail Decisions*, both Quarterly Journal of Economics 133, 2018. What judges get wrong, estimated.
- Julia Dressel and Hany Farid, *The Accuracy, Fairness, and Limits of Predicting Recidivism*, Science Advances 4, 2018; Matias Barenstein, *ProPublica's COMPAS
  Data Revisited*, 2019.
- Moritz Hardt, Eric Price and Nathan Srebro, *Equality of Opportunity in Supervised Learning*, 2016; Cynthia Dwork and others, *Fairness through Awareness*,
  2012; Matt Kusner and others, *Counterfactual Fairness*, 2017.
- Ziad Obermeyer, Brian Powers, Christine Vogeli and Sendhil Mullainathan, *Dissecting racial bias in an algorithm used to manage the health of populations*,
  Science 366, 2019.
- Joy Buolamwini and Timnit Gebru, *Gender Shades*, Conference on Fairness, Accountability and Transparency, 2018; Deborah Raji and Joy Buolamwini, *Actionable
  Auditing*, AIES, 2019.
- Kristian Lum and William Isaac, *To Predict and Serve?*, Significance 13, 2016; Danielle Ensign and others, *Runaway Feedback Loops in Predictive
  Policing*, 2018.
- Timnit Gebru and others, *Datasheets for Datasets*, Communications of the ACM 64, 2021; Margaret Mitchell and others, *Model Cards for Model Reporting*, 2019.
- Cathy O'Neil, *Weapons of Math Destruction*, 2016; Virginia Eubanks, *Automating Inequality*, 2018. Whole books about section 8.
- Solon Barocas, Moritz Hardt and Arvind Narayanan, *Fairness and Machine Learning*, MIT Press, 2023. The textbook, free to read.
- Jeremy Howard and Rachel Thomas, *Practical Deep Learning for Coders*, lesson 6, fast.ai, 2019. An hour of it asks what you are asked here.

Next: lesson 17 tells what came after, machines that go on writing. And there is what you build, and who comes to you with *this is wrong*.
"""

# %% folded=true tags=["nbval-ignore-output"]
from course.desk.ending import ending

ending("You tried every pair of cuts on 6,150 people, and not one makes all three kinds of error equal for both groups.")
