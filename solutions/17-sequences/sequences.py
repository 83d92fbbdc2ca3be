# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   course:
#     title: One thing after another
#     rows: [A9, G1, K1]
#     minutes: 150
#     builds_on: [04-networks, 07-batchnorm, 10-tables]
# ---

# %% [markdown] rows="A9 G1"
r"""
# One thing after another

**What comes next?**

*Red tape holds up skyscraper.* Strong tape. Such a headline (this one stands in Google's machine-learning glossary) is called a **[crash
blossom](../glossary.md#crash-blossom)**: read it again, and it says something else. The name comes from a headline of 2009 in *Japan Today*, "Violinist linked
to JAL crash blossoms". The article was about a musician whose career was doing well, 24 years after she lost her father in the crash of an airliner. Copy
editors who discussed the headline online had found their word (told by Ben Zimmer, *The New York Times Magazine*, 2010).

Whoever reads has to choose between two readings, and the choice hangs on other words, some of them far away. How does a machine look at other words? The
networks of the last sixteen lessons saw a picture or a row of a table, all of it at once. This lesson is about what comes one thing after another: letters, the
digits of a sum, the strokes of a pen, the notes of a tune. One kind of network, small enough to be trained here, learns each of the four, each time anew. Here
it goes on by itself, from nothing but a beginning.
"""

# %% setup=true
import math

import torch
import torch.nn.functional as F
from course import data, plots
from course.check import answer, begin, check, checks, exercise, hints
from torch import Tensor, nn, tensor

begin("17-sequences")

# %% tags=["nbval-ignore-output"] rows="G1"
from course.sequences import write
from course.streams import LETTERS, STROKES, TUNES, Alphabet, pen, player, shipped, sounding
from IPython.display import HTML, display

learned_from, unseen = data.plays()                                   # eight plays by Shakespeare; the last tenth of each is for tests
letters = LETTERS                                                     # the 64 symbols of the plays
dice = torch.Generator().manual_seed(1)                               # change me


def goes_on(name: str, alphabet: Alphabet, start: str, count: int, temperature: float = 0.8) -> str:
    """What the network of that name writes after a start, up to the end of a line, or of so many symbols."""
    ends = () if name == "plays" else (alphabet.numbers["\n"],)
    written = write(shipped(name), alphabet.encode(start)[None], count, temperature, dice, ends=ends)
    return alphabet.decode(written[0])


def drawn(axes, signs: str, title: str = "") -> None:
    """Draw what the pen's moves leave on the paper."""
    for line in pen(signs):
        axes.plot([right for right, _ in line], [down for _, down in line], color=plots.COLOURS["blue"], linewidth=3, solid_capstyle="round")
    axes.set(xlim=(-1, 14), ylim=(14, -1), aspect="equal", title=title)
    axes.set_axis_off()


figure, panels = plots.figure(columns=10, width=10.5, height=1.5)
for digit, axes in enumerate(panels):
    drawn(axes, goes_on("strokes", STROKES, f"\n{digit}", 63), f"{digit}")
plots.show(figure, "sequences-at-first")
print(goes_on("plays", letters, "\nHam.\n", 160))
tune = goes_on("tunes", TUNES, "\n3/4|", 130, temperature=0.6)
print(tune)
display(HTML(player(sounding(tune[5:70]), "a tune that a network wrote")))

# %% [markdown] rows="G1"
r"""
It is not Shakespeare, and the tune will not be sung. But nobody told the network a rule, of spelling, of drawing or of music: it saw examples, some four
hundred eights among them. All it was ever asked is the question at the top.

**By the end you can**

- count what follows what, and say how good a guess is, in bits a symbol;
- write attention, its mask, its heads and the block around it, and say what each of them is for;
- train a small transformer that adds numbers which it never saw added;
- choose what comes next, boldly or carefully;
- tell a language model that hides the next word from one that hides any word;
- say why size mattered, what came after pretraining, and what a fluent machine does not know.

**Time:** about 150 minutes: 66 for the six exercises, 10 for the quiz, the rest to read and play. **Builds on:** lesson 04, *A pile of very simple choices*
(softmax, cross-entropy), lesson 07, *The scale of things* (layer norm), and lesson 10, *Shops, dates and embeddings* (embeddings).

## 1. Count what follows
Claude Shannon, 1948, made a machine of paper. Open a book anywhere and write down a letter. Open it again, read until that letter comes, and write down the
letter after it. Go on from that one. What you get looks more like English than letters drawn by lot, and it looks better still if you search for the last two
letters, or the last three.

The units, letters here, are called **[tokens](../glossary.md#token)**, and a run of n of them an **[n-gram](../glossary.md#n-gram)**. Counted once for the
whole book, the runs make a table: for each context, how often each symbol followed. Divide a row by its sum and you have probabilities, lesson 04's kind. One
thing has to be mended. A run that the book does not hold gets 0, and 0 is a strong word: *never*. So add a little to every count before you divide. This is
**[smoothing](../glossary.md#smoothing)**; to add 1 is Laplace's rule, from 1774.

**Exercise 1 (12 minutes, medium): n-grams.** Count every run of `length` symbols, add `smoothing` to each count, and turn counts into probabilities of the
last symbol given the others.
"""

# %% exercise="ngrams" minutes=12
@exercise
def ngrams(tokens: Tensor, length: int, vocabulary: int, smoothing: float = 1.0) -> Tensor:
    """How likely each symbol is after each run of length - 1 symbols, counted in a sequence.

    tokens: (n,), whole numbers from 0 to vocabulary - 1; n may be less than length, and then nothing is counted. length: 1 or more.
    smoothing: added to the count of every run, seen or not; more than 0. Returns (vocabulary,) * length, e.g. (3, 3) for length 2: at
    [i, j] the probability that j follows i, of any type with a decimal point; the last axis adds up to 1. E.g. [0, 1, 0, 0], 2, 2 ->
    [[1/2, 1/2], [2/3, 1/3]]: after 0 came 1 and 0, once each, after 1 came 0. Leaves tokens as they came.
    """
    ### BEGIN SOLUTION
    table = torch.full((vocabulary,) * length, float(smoothing), device=tokens.device)
    for start in range(len(tokens) - length + 1):
        table[tuple(tokens[start:start + length])] += 1
    return table / table.sum(dim=-1, keepdim=True)
    ### END SOLUTION


# %% check="ngrams" points=8
hints("A tensor filled with `smoothing`, with as many axes as a run has symbols: torch.full((vocabulary,) * length, smoothing).",
      "A run is tokens[start : start + length]; tuple(run) is a place in the table: table[tuple(run)] += 1. How many starts are there?",
      "At the end divide by table.sum(dim=-1, keepdim=True).")
check(ngrams, tensor([0, 1, 0, 0]), 2, 2).gives(tensor([[1 / 2, 1 / 2], [2 / 3, 1 / 3]]), same_dtype=False)
check(ngrams).agrees(where=lambda call: call.length <= 2)

# %% check="ngrams" aspect="longer" points=4
check(ngrams, tensor([0, 1, 1]), 3, 2, smoothing=2.0).gives(tensor([[[0.5, 0.5], [0.4, 0.6]], [[0.5, 0.5], [0.5, 0.5]]]), same_dtype=False)
check(ngrams).agrees(where=lambda call: call.length > 2)
check(ngrams).keeps_the_contract()

# %% [markdown]
r"""
How good is a guess? Look at the probability p that it gave to what really came, and take &minus;log2 p: 0 bits if it was certain, 1 bit for a toss of a coin,
6 bits for one symbol among 64. The mean over a text that was not counted is **[bits a symbol](../glossary.md#bits-a-symbol)**: lesson 04's cross-entropy, with
the logarithm to base 2. Two to the power of it is called **[perplexity](../glossary.md#perplexity)**, as if the guess were between so many symbols, all alike.

Try your table on the plays.
"""

# %%
stream, test_stream = letters.encode(learned_from), letters.encode(unseen)
print(f"{len(stream) // 1000},000 symbols to learn from, {len(letters)} different ones")
for length in (1, 2):
    table = ngrams(stream[:100_000], length, len(letters))
    runs = test_stream[:20_000].unfold(0, length, 1)
    found = float(-table[tuple(runs.T)].log2().mean())
    print(f"runs of {length}: about {found:.1f} bits a symbol; the table has {table.numel():,} cells")
print(f"runs of 5 would need {len(letters) ** 5:,} cells")

# %% [markdown]
r"""
A run of five has a billion possible cells, and a text of less than a million symbols. Almost all would be empty. So keep only the runs that were seen, and
where a long run is rare, mix in what the shorter one says. (`NGrams` in `course/sequences.py` takes three quarters off each count and gives them to the
shorter context, and asks of that how many *different* symbols it followed: so Reinhard Kneser and Hermann Ney, 1995. It is still the best plain counting.)
"""

# %%
from course.sequences import NGrams

orders = range(1, 9)
counted = {order: NGrams(stream, order, len(letters)) for order in orders}
by_order = [counted[order].bits(test_stream) for order in orders]
kept = [len(counted[order].seen[-1][0]) for order in orders]
new = [float((counted[order].seen[-1][1] == 1).float().mean()) for order in orders]
figure, (left, right) = plots.figure(columns=2, width=9, height=3)
plots.curves(left, {"plays": tensor(by_order)}, x=tensor(list(orders)), names=("symbols in a run", "bits a symbol, unseen text"))
plots.curves(right, {"seen once": 100 * tensor(new)}, x=tensor(list(orders)), names=("symbols in a run", "runs seen only once, %"))
plots.show(figure, "orders")
for order in (2, 3, 5):
    print(f"--- runs of {order}")
    print(letters.decode(counted[order].write(letters.encode("\nThe "), 120, torch.Generator().manual_seed(0))[1:]))

# %% [markdown]
r"""
The longer the run, the better the guess, up to a point. The curve falls steeply to runs of five. Runs of six do best, a little better than five, and after that
it gets a little worse, since long runs have been seen once or never: of the different runs of eight, three quarters occur once in eight plays. More text moves
the point, slowly. With every symbol more in a run there are 64 times as many possible runs, and nobody has 64 times as much text. This is where counting stops.
It cannot use what stood twenty words ago, and a run that differs in one letter is another run altogether.

### What is a token?
Letters are short, and words are too many. Most systems choose between: begin with letters and make the most frequent pair of neighbours one new symbol; do it
again, and again. This is **[byte-pair encoding](../glossary.md#byte-pair-encoding)**, by Philip Gage, 1994, for packing files, and by Rico Sennrich, Barry
Haddow and Alexandra Birch, 2016, for words. Most of today's begin with bytes, not letters, and stop a merge at a word's border, which this one does not.
"""

# %%
from course.streams import byte_pairs, spelt

part = stream[:150_000]
shorter, pairs = byte_pairs(part, len(letters), merges=300)           # change me
longest = sorted((spelt(len(letters) + number, letters, pairs) for number in range(len(pairs))), key=len)[-10:]
print("the longest of the new symbols:", longest)
print(f"a text of {len(part):,} letters is {len(shorter):,} tokens long: {len(part) / len(shorter):.1f} letters a token")

# %% [markdown]
r"""
The longest of them are small words with their spaces, and a few roles. A model that sees such tokens does not see letters: this is one reason why
large language models have been poor at spelling and at counting letters. This lesson stays with single symbols, so that you can see all there is.

**Experiment.** Set `merges` to 30, and to 1000. Does the text get shorter in proportion?

<details><summary>What one sees, once you have tried</summary>

No. The first thirty, pairs such as `th` and `e` with the space after it, save a quarter of the symbols; a thousand save two thirds. Every new symbol is rarer
than the one before. And the last of them are strings that this text happens to hold: a tokeniser, too, knows only what it was made from.

</details>

## 2. Look back
For a long time the answer to 'how to look further back' was a **[recurrent network](../glossary.md#recurrent-network)**: a vector, the state, is carried along,
and at every symbol a small network makes the new state of the old one and the symbol. In principle it could carry something from any distance. In practice each
step overwrites a little, and the gradient on its way back through hundreds of steps fades or explodes (Hochreiter, 1991). Gates that protect the state helped:
the LSTM of Sepp Hochreiter and Jürgen Schmidhuber, 1997. And in this form it has to go step by step, which a GPU does not like. (States that are carried on by
a linear step are trained for all places at once, and are in use again: Albert Gu and Tri Dao's *Mamba*, 2023.)

The other idea: do not carry the past along, look it up. A dictionary in Python has keys and values. You come with a query, and if it equals a key, you get that
key's value. Now make it soft. A query is a vector, each key is a vector, and how well they fit is their product, number by number, added up. A softmax over
all keys makes weights of these scores, and what comes back is the mean of all values with these weights. This is **[attention](../glossary.md#attention)**
(Bahdanau, Cho and Bengio 2015, for translating; in this form Ashish Vaswani and others, 2017):

softmax(Q K^T / &radic;width) V

Q, K and V are the queries, keys and values as rows of three tables. K^T is K turned on its side, so that every row of Q meets every row of K.

Why the root? The product of two vectors with `width` numbers, independent, of mean 0 and size about 1, has a spread of about &radic;width. Without the root,
scores would be large for wide vectors, the softmax would put all its weight on one key, and its gradient would vanish.

**Exercise 2 (15 minutes, medium): attention.** Every query looks at every key, unless a mask says no. A place that may not be looked at gets the score minus
infinity, so that its weight is exactly 0 and the rest still adds up to 1.
"""

# %% exercise="attention" minutes=15
@exercise
def attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
    """A look-up that is not all or nothing: for each query the values, weighted by how well their keys fit it.

    queries: (..., n, width). keys: (..., m, width). values: (..., m, depth). The axes in front, if there are any, are the same for all
    three. mask: None, or bool, (n, m), True where query i may look at key j; every query may look somewhere. Returns (..., n, depth), in
    the queries' dtype: for each query the mean of the values, with the softmax over the keys of query . key / sqrt(width) as weights, and
    0 where the mask is False. E.g. the query [[0.]], keys [[1.], [5.]], values [[2.], [4.]] -> [[3.]]: both fit equally badly. Gradients
    flow to all three. Leaves its arguments as they came.
    """
    ### BEGIN SOLUTION
    scores = queries @ keys.transpose(-1, -2) / math.sqrt(keys.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    return scores.softmax(dim=-1) @ values
    ### END SOLUTION


# %% check="attention" points=10
hints("Scores are a matrix product: (n, width) times (width, m) gives (n, m). keys.transpose(-1, -2) turns the keys over, whatever axes stand in front.",
      "Divide by math.sqrt(keys.shape[-1]); then .softmax(dim=-1), so that each row adds up to 1; then @ values.",
      "Before the softmax: if mask is not None: scores = scores.masked_fill(~mask, -torch.inf).")
check(attention, tensor([[0.]]), tensor([[1.], [5.]]), tensor([[2.], [4.]])).gives(tensor([[3.]]))
check(attention).agrees(where=lambda call: call.mask is None)
check(attention).is_written_without("scaled_dot_product_attention", "MultiheadAttention", "multi_head_attention_forward",
                                    because="torch has it ready-made, and here you make it")

# %% check="attention" aspect="mask" points=6
check(attention, tensor([[0.]]), tensor([[1.], [5.]]), tensor([[2.], [4.]]), tensor([[True, False]])).gives(tensor([[2.]]))
check(attention).agrees(where=lambda call: call.mask is not None)

# %% check="attention" aspect="contract" points=4
check(attention).keeps_the_contract()

# %% [markdown]
r"""
Torch has this function too, under a longer name. On a GPU it can do without writing the table of scores to memory as a whole: that is FlashAttention (Tri Dao
and others, 2022), the same numbers up to rounding, computed in another order.

A sequence looks things up in itself: queries, keys and values are all made of the same symbols (**[self-attention](../glossary.md#self-attention)**). But who
is asked what comes next must not see what comes next. This rule is the **[causal mask](../glossary.md#causal-mask)**. For a whole text at once: the place in
row i may look at places 0 to i and no further.

**Exercise 3 (5 minutes, easy): the causal mask.**
"""

# %% exercise="causal_mask" minutes=5
@exercise
def causal_mask(length: int) -> Tensor:
    """Where each place of a sequence may look: at itself and at what came before it.

    length: 1 or more. Returns (length, length), bool, True in row i and column j where j <= i, e.g. 2 -> [[True, False], [True, True]].
    """
    ### BEGIN SOLUTION
    return torch.ones(length, length, dtype=torch.bool).tril()
    ### END SOLUTION


# %% check="causal_mask" points=6
hints("Row i may look at columns 0, 1, ..., i: that is a triangle, the lower one.",
      "A square of True: torch.ones(length, length, dtype=torch.bool). A tensor has .tril(), which clears what lies above the diagonal.",
      "Or compare: places[:, None] >= places with places = torch.arange(length).")
check(causal_mask, 2).gives(tensor([[True, False], [True, True]]))
check(causal_mask).agrees()
check(causal_mask).keeps_the_contract()

# %%
words = ["red", "tape", "holds", "up", "sky", "scraper"]
sketch = torch.randn(6, 8, generator=torch.Generator().manual_seed(2))
weights = attention(sketch, sketch, torch.eye(6), causal_mask(6))     # with the identity as values one gets the weights
figure, axes = plots.figure(width=4.6, height=3.6)
shown = axes.imshow(weights, cmap="cividis", vmin=0, vmax=1)
axes.set_xticks(range(6), words, rotation=45)
axes.set_yticks(range(6), words)
axes.set(xlabel="looked at", ylabel="looking")
figure.colorbar(shown, ax=axes, label="weight")
plots.show(figure, "lookup")
print("each row adds up to 1:", bool(torch.allclose(weights.sum(dim=1), torch.ones(6))), "- nothing above the diagonal:", bool((weights.triu(1) == 0).all()))

# %% [markdown]
r"""
The vectors here were drawn by lot, so it means nothing who looks at whom: that is what training is for.

Every query meets every key. Twice as long a sequence has four times as many scores. Measure it:
"""

# %% tags=["nbval-ignore-output"]
import time


def seconds_for(length: int) -> float:
    """The shortest of nine runs of attention over so many places, width 64."""
    q = torch.randn(length, 64)
    attention(q, q, q)
    taken = []
    for _ in range(9):
        begun = time.perf_counter()
        attention(q, q, q)
        taken.append(time.perf_counter() - begun)
    return min(taken)


spent = {length: seconds_for(length) for length in (256, 512, 1024)}
for length, seconds in spent.items():
    print(f"{length} places: {1000 * seconds:.1f} ms")
print(f"twice as long takes {spent[1024] / spent[512]:.1f} times as long")

# %% [markdown]
r"""
That is why the **[context length](../glossary.md#context-length)** of a model, how much of a text it can see, is a figure that its makers print in bold.

## 3. Several looks at once
One look-up finds one kind of thing. A digit of a sum needs at least two: the digit above it and the one below. So cut the width into parts, and let each part
look by itself: these are **[attention heads](../glossary.md#attention-head)**. With a width of 64 and four heads, each has 16 numbers for its queries, keys
and values. It takes no more multiplications than one head of the full width, but four tables of scores.

**Exercise 4 (12 minutes, medium): heads.** All of it is reshaping. Columns 0 to 15 belong to head 0, columns 16 to 31 to head 1, and so on. Give each head its
part, let `attention` work on all heads at once (it takes axes in front), and put the answers beside each other again.
"""

# %% exercise="multi_head" minutes=12 uses="attention"
@exercise
def multi_head(queries: Tensor, keys: Tensor, values: Tensor, heads: int, mask: Tensor | None = None) -> Tensor:
    """Several attentions side by side, each on its own part of the width.

    queries: (batch, n, width). keys, values: (batch, m, width). heads: divides the width; head h has the h-th part of the columns, which
    stand together. mask: None, or bool, (n, m), as in `attention`, the same for all heads. Returns (batch, n, width), in the queries'
    dtype: the answer of head h in the h-th part of the columns. With one head it is `attention`. Each head divides its scores by the
    root of the width of its own part. E.g. the query [[[0., 0.]]], keys [[[1., 1.], [5., 5.]]], values [[[2., 10.], [4., 30.]]] and 2
    heads -> [[[3., 20.]]]: each column by itself. Gradients flow to all three. Leaves its arguments as they came.
    """
    ### BEGIN SOLUTION
    def parted(whole: Tensor) -> Tensor:
        batch, places, width = whole.shape
        return whole.reshape(batch, places, heads, width // heads).transpose(1, 2)     # (batch, heads, places, part)

    found = attention(parted(queries), parted(keys), parted(values), mask)
    return found.transpose(1, 2).reshape(queries.shape)
    ### END SOLUTION


# %% check="multi_head" points=12
hints("(batch, n, width) -> (batch, n, heads, part) by reshape: the last axis is cut, nothing else moves. Where must the heads stand for `attention`?",
      "In front of the places: .transpose(1, 2) gives (batch, heads, n, part). Do so for all three, and call attention once.",
      "Back: .transpose(1, 2) gives (batch, n, heads, part); then reshape to (batch, n, width).")
check(multi_head, tensor([[[0., 0.]]]), tensor([[[1., 1.], [5., 5.]]]), tensor([[[2., 10.], [4., 30.]]]), 2).gives(tensor([[[3., 20.]]]))
check(multi_head).agrees(where=lambda call: call.mask is None)

# %% check="multi_head" aspect="mask" points=4
check(multi_head).agrees(where=lambda call: call.mask is not None)
check(multi_head).keeps_the_contract()

# %% [markdown]
r"""
### Where am I?
Attention takes a mean, and a mean does not know any order: shuffle the places before it, and one look-up says the same. (Two layers with a causal mask can tell
some of the order: Adi Haviv and others, 2022.) So each place gets a vector of its own, learned like the symbol's embedding (lesson 10) and added to it: a
**[positional embedding](../glossary.md#positional-embedding)**. The network of 2017 took sines and cosines of the place's number, which need no training. Many
networks of today turn each pair of numbers in queries and keys by an angle that grows with the place, so that only the *distance* of two places counts (rotary
embeddings: Jianlin Su and others, 2021).
"""

# %%
row = torch.randn(1, 5, 8, generator=torch.Generator().manual_seed(0))
order = tensor([3, 1, 0, 2, 4])
as_it_was, shuffled = multi_head(row[:, -1:], row, row, 2), multi_head(row[:, -1:], row[:, order], row[:, order], 2)
print("shuffled, the last place finds the same:", bool(torch.allclose(as_it_was, shuffled, atol=1e-6)))

# %% [markdown]
r"""
## 4. A block
Attention moves things from place to place. What is to be made of them is the work of a small network with one hidden layer, the same at every place: lesson
04's. One of each is a **[block](../glossary.md#block)**, and blocks are stacked, two here, a hundred in large models. Two details make deep stacks train:

- each step *adds* to what comes in. What is carried past all steps is the **[residual stream](../glossary.md#residual-stream)**, and the gradient finds its way
  back along it (the [skip connection](../glossary.md#skip-connection) of lesson 04);
- each step gets the stream normalised (layer norm, lesson 07), *before* it, and the stream itself is left alone. The first transformers normalised after
  adding. Before is steadier (Ruibin Xiong and others, 2020).

Two functions stand in for attention and for the network in the checks.
"""

# %% setup=true
def gathered(calm: Tensor) -> Tensor:
    """Each place gets the mean of itself and all before it, and its own first number less. (..., n, width) to the same."""
    counts = torch.arange(1, calm.shape[-2] + 1, dtype=calm.dtype, device=calm.device)
    return calm.cumsum(dim=-2) / counts[:, None] - calm[..., :1]


def turned(calm: Tensor) -> Tensor:
    """The numbers of each place moved on by one, doubled, and 1 added. (..., n, width) to the same."""
    return 2 * calm.roll(1, -1) + 1


def bent(calm: Tensor) -> Tensor:
    """What is below zero is cut off, and a quarter added. (..., n, width) to the same."""
    return calm.clamp(min=0) + 0.25


def raised(calm: Tensor) -> Tensor:
    """Half the square, and the number. (..., n, width) to the same."""
    return calm.square() / 2 + calm


# %% [markdown]
r"""
**Exercise 5 (10 minutes, medium): the block.** First attention: normalise, `attend`, add to the stream. Then the network: normalise what has come of it,
`feed`, add.
"""

# %% exercise="block" minutes=10
@exercise
def block(stream: Tensor, attend, feed) -> Tensor:
    """One block of a transformer, normalised first.

    stream: (batch, n, width), width 2 or more. attend, feed: functions, from a normalised stream to what is added to the stream, the same
    shape. Returns (batch, n, width), in the stream's dtype: the stream with attend(its norm) added, and to that feed(the norm of that)
    added. E.g. [[[0., 2.]]], attend doubling, feed halving -> [[[-2.5, 4.5]]]: the norm is -1, 1, the stream -2, 4; its norm again -1, 1.
    Norm is layer norm over the last axis, without weights: less the mean, divided by the root of the variance (dividing by n, not
    n - 1) plus 1e-5, as F.layer_norm(stream, stream.shape[-1:]) does it. Gradients flow. Leaves the stream as it came.
    """
    ### BEGIN SOLUTION
    width = stream.shape[-1:]
    stream = stream + attend(F.layer_norm(stream, width))
    return stream + feed(F.layer_norm(stream, width))
    ### END SOLUTION


# %% check="block" points=13
hints("Two lines, each of the form: stream = stream + something(norm of stream).",
      "F.layer_norm(stream, stream.shape[-1:]) normalises over the last axis. The second line uses the stream that the first has made.",
      "stream = stream + attend(F.layer_norm(stream, stream.shape[-1:])), and the same with feed; return it.")
check(block, tensor([[[0., 2.]]]), gathered, bent).gives(tensor([[[0.25, 5.25]]]), tolerance=1e-4)
# The norm of 0 and 2 is -1 and 1, of which gathered makes 0 and 2: the stream is 0 and 4. Its norm is -1 and 1 again, and bent makes 0.25 and 1.25.
check(block).agrees(where=lambda call: len(call.stream) == 1)

# %% check="block" aspect="several" points=5
check(block).agrees(where=lambda call: len(call.stream) > 1)
check(block).keeps_the_contract()

# %% [markdown]
r"""
That is all. A **[transformer](../glossary.md#transformer)** is: an embedding of the symbol plus one of the place, some blocks, a last norm and a linear layer
that gives a logit for every symbol. `Transformer` in `course/sequences.py` stacks them, out of *your* heads and *your* block. At every place it is asked what
comes next, all places at once, and cross-entropy is the loss: a text of a thousand symbols is a thousand questions with their answers.

## 5. Where counting cannot work
Give it a task on which counting runs of symbols is lost: sums of two numbers of three digits. There are a million of them, and almost every sum is new. A sum
is a sequence, too: `123+456=9750`. The result stands back to front, units first, as a pupil works it out, for then every carry is known when it is needed.

One sum in sixteen is kept for the test, together with its mirror (456+123 with 123+456), chosen by a **[hash](../glossary.md#hash)**: a jumble of the numbers'
bits, so that neither digits nor neighbours tell which they are. And 550 steps of 256 sums touch at most one in seven of the million. The lesson's headline:
after 550 steps, in less than forty seconds of one processor's time, the network is right in all four digits for at least 99 sums of a hundred that it never
saw. (`make claims` measures it from three beginnings.)
"""

# %%
from course.sequences import Transformer, learn
from course.streams import SUMS, added, batch_of_sums, held_out, written_sums

device = "cuda" if torch.cuda.is_available() else "cpu"
tokens, wanted = batch_of_sums(torch.Generator().manual_seed(0), count=3)
for given, asked in zip(tokens, wanted):
    print(SUMS.decode(given), "and asked for in the end:", SUMS.decode(asked[asked >= 0]))

# %%
torch.manual_seed(0)
adder = Transformer(len(SUMS), length=11, width=64, heads=4, layers=2, multi_head=multi_head, block=block).to(device)
losses = learn(adder, batch_of_sums, steps=550, learning_rate=3e-3, generator=torch.Generator().manual_seed(0), name="learning to add")
figure, axes = plots.figure(width=6.5, height=3)
plots.curves(axes, {"the adder": tensor(losses)}, names=("step", "bits a digit of the result"))
plots.show(figure, "adding")
print(f"{sum(part.numel() for part in adder.parameters()):,} weights")

# %% headline=true
first, second = torch.randint(1000, (2, 20_000), generator=torch.Generator().manual_seed(1))
first, second = (numbers[held_out(first, second)] for numbers in (first, second))
said, sure = added(adder, first, second)
right = float((said == first + second).float().mean())
as_many = torch.randint(1000, (2, 150_000), generator=torch.Generator().manual_seed(2))
as_many = as_many[:, ~held_out(*as_many)]                             # as many sums as the network saw, and none of the test
counted_sums = NGrams(written_sums(*as_many).flatten(), 9, len(SUMS))
of_sums = written_sums(first, second).flatten()
by_counting = {name: counted_sums.bits(of_sums, torch.arange(12).eq(8 + place).repeat(len(first)))
               for place, name in enumerate(("units", "tens", "hundreds", "thousands"))}
print("sums that it never saw, right in all four digits: at least 99 %:", right >= 0.99)
print("counting runs of nine, bits a digit:", ", ".join(f"{name} {left:.1f}" for name, left in by_counting.items()), f"; a blind guess {math.log2(10):.1f}")

# %% [markdown]
r"""
For a while the loss hardly moves, and then it falls within a hundred steps or two: the network has found out *where to look*. Given as many sums and runs of
nine, counting learns the units by heart, a hundred pairs, and is lost from the tens on: in the hundreds it is worse than a blind guess. What it lacks is not
room: a table of two digits and a carry has two hundred cells and adds perfectly. It lacks *where to look*. Its context is always what stands just before, and
everything between the two digits is new each time.

**Play.** Type a sum, or a line of a play, and point at a symbol: the page shows where each of the eight heads looks from there. Which heads of the adder look
at the digits that are added? Which look for the carry?

*The same in words:* once the units, or units and tens, are written, three of the four heads of the first layer put about nine tenths of their weight on the two
digits that are to be added next, one in each number. The fourth puts more than half of its weight on the two that have just been added, where a carry would
come from, and a quarter on the next two. The second layer's heads look mostly at the `=` and at what has been written after it, where the first layer has put
together what it found. In the plays one head of the first layer looks at the letter just before, with seven tenths of its weight. In the second layer spaces
and marks get twice as much as their number would give them.
"""

# %% explorer=true
from course.explorers.sequences import sequences_explorer

sequences_explorer()

# %% [markdown] rows="K1"
r"""
It is tempting to read such a picture as a reason: *it looked there, so that is why.* Be careful. A weight says how much a place's value counts in the mean, not
what was in it, nor whether it was large: after the first layer each place holds something of all those that it has looked at. Nor does it say that the answer
would change without it. Sarthak Jain and Byron Wallace, 2019, found, in recurrent networks with one layer of attention, quite different weights that gave the
same answers (*Attention is not Explanation*); Sarah Wiegreffe and Yuval Pinter answered in the same year that it depends on what one calls an explanation.
Lesson 13's rule holds: a map is a suspicion, so take something away and see. And what a layer *knows* can be asked directly, by training a small classifier on
its vectors: Ian Tenney and colleagues, 2019, found parts of speech in the early layers of BERT and who-did-what-to-whom in later ones.

### Held out, but how?
Right on sums that it never saw: does it know how to add? Another network was trained in the same way, equally long, with one difference. Every sum in which
*both numbers end in 5 or more* was kept from it. That is a quarter of all sums, and more is left to learn from than it will ever see. A third was trained so,
too, but three times as long. Guess first.
"""

# %% tags=["nbval-ignore-output"]
tens = torch.randint(100, (2, 2000), generator=torch.Generator().manual_seed(4)) * 10
low, high = torch.randint(5, (2, 2, 2000), generator=torch.Generator().manual_seed(5))
for steps, never in ((550, shipped("ends")), (1650, shipped("ends_longer"))):
    for name, units in (("one ends in 5 or more", torch.stack([low[0] + 5, low[1]])), ("both end in 5 or more", torch.stack([low[0] + 5, high[1] + 5]))):
        numbers = tens + units
        said_now, sure_now = added(never, *numbers)
        correct = said_now == numbers.sum(dim=0)
        print(f"{steps} steps, {name}: {float(correct.float().mean()):.0%} right, {float(sure_now.mean()):.0%} sure on average"
              + (f", and {float(sure_now[~correct].mean()):.0%} where it is wrong" if int((~correct).sum()) > 50 else ""))

# %% [markdown]
r"""
A person who can add 204 and 348 can add 208 and 348. The network that passes the hash's test often cannot. It has seen carries (7 and 4), and each of these
digits in its place. It never saw the two together, and a digit is a name to it: that 8 is one more than 7 is nowhere written, but in the pairs that it was
shown. Trained three times as long, this one gets most of them right, though it still saw none. That is no law either:
begun from other weights, two such networks were right on 74 and on 46 of a hundred after as long, and after 550 steps all three on about half. The test by
a hash showed nothing of this: it was passed in full. So ask of every test of a model how it was held out, and of every failure and every cure whether it
comes back with more training and from another beginning, before you call it a law.

And look at how sure it is after 550 steps, also where it is wrong. It has no word for *I do not know*. It was taught to name a digit, and so it names a digit.

## 6. Choose
The network gives a probability for each symbol. To write, one of them must be chosen. Always the likeliest? Then the plays become 'the stand the stand'. By
lot, as the probabilities say? Then now and then it says something very odd. Between the two there is a knob: divide the logits by a
**[temperature](../glossary.md#temperature)** before the softmax. At 1 nothing changes, near 0 the likeliest takes all, above 1 the odds are evened out.
"""

# %%
plays_net = shipped("plays")
with torch.no_grad():
    after_th = plays_net(letters.encode("\nHam.\nI am th")[None])[0, -1]
best_ten = after_th.topk(10).indices
figure, panels = plots.figure(columns=3, width=9.5, height=2.6)
for axes, temperature in zip(panels, (0.5, 1.0, 2.0)):
    axes.bar(range(10), 100 * (after_th / temperature).softmax(dim=0)[best_ten], color=plots.COLOURS["blue"])
    axes.set_xticks(range(10), [repr(letters.symbols[number])[1:-1] for number in best_ten])
    axes.set(title=f"temperature {temperature}", xlabel="next symbol", ylim=(0, 100))
panels[0].set_ylabel("probability, %")
plots.show(figure, "temperature")

# %% [markdown]
r"""
**Exercise 6 (12 minutes, medium): pick.** The dice are given: one number between 0 and 1 for each row. Add the probabilities up from symbol 0 on, and take
the first symbol at which the sum comes above the number that was thrown. (A symbol of probability .3 owns three tenths of the way from 0 to 1.)
"""

# %% exercise="pick" minutes=12
@exercise
def pick(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    """A symbol for each row of logits, drawn with the probabilities softmax(logits / temperature).

    logits: (n, vocabulary); no two of a row are alike in the checks. temperature: 0 or more; 0 takes the largest logit of each row, and
    chance is not looked at. chance: (n,), numbers from 0 to below 1, one for each row: taken is the first symbol at which the probabilities,
    added up from symbol 0 on, come above it; the last symbol if none does, through rounding. Returns (n,), int64, e.g. [[1., 1.01]],
    temperature 1: the probabilities are .4975 and .5025, added up .4975 and 1, so chance [0.2] -> [0], and chance [0.8] -> [1]. Leaves
    logits and chance as they came.
    """
    ### BEGIN SOLUTION
    if temperature == 0:
        return logits.argmax(dim=-1)
    reached = (logits / temperature).softmax(dim=-1).cumsum(dim=-1)
    # Rounding can leave the last sum a little below 1: then the last symbol is taken.
    return (reached <= chance[:, None]).sum(dim=-1).clamp(max=logits.shape[-1] - 1)
    ### END SOLUTION


# %% check="pick" points=9
hints("(logits / temperature).softmax(dim=-1) are the probabilities of each row; .cumsum(dim=-1) adds them up from the left.",
      "How many of these sums are still at or below the row's chance? So many symbols are passed over. chance[:, None] puts the dice beside their rows.",
      "(reached <= chance[:, None]).sum(dim=-1). And at temperature 0: logits.argmax(dim=-1), before anything is divided.")
check(pick, tensor([[1., 1.01], [1., 1.01]]), 1.0, tensor([0.2, 0.8])).gives(tensor([0, 1]))
check(pick).agrees(where=lambda call: call.temperature == 1)

# %% check="pick" aspect="temperature" points=5
check(pick).agrees(where=lambda call: call.temperature not in (0, 1))

# %% check="pick" aspect="zero" points=4
check(pick, tensor([[1., 3., 2.]]), 0.0, tensor([0.9])).gives(tensor([1]))
check(pick).agrees(where=lambda call: call.temperature == 0)
check(pick).keeps_the_contract()

# %% tags=["nbval-ignore-output"]
for temperature in (0, 0.7, 1.5):                                     # change me
    written = write(plays_net, letters.encode("\nRomeo.\n")[None], 140, temperature, torch.Generator().manual_seed(0), choose=pick)
    print(f"--- temperature {temperature}")
    print(letters.decode(written[0]))

# %% [markdown]
r"""
**Experiment.** Try 0.3 and 3. At which temperature does it read best? Does it keep to words at 3?

<details><summary>What one sees, once you have tried</summary>

Near 0 it goes in circles. From about .6 to .9 it reads best, many words are words, and the lines are as long as lines of verse. At 3 it is hardly better than
letters drawn by lot. Two more knobs are in use: **[top-k](../glossary.md#top-k)** keeps the k likeliest symbols and drops all others (Angela Fan and others,
2018); **[top-p](../glossary.md#top-p)** keeps the likeliest until they add up to p, say .9, so that it keeps few where it is sure and many where it is not (Ari
Holtzman and others, 2020).

</details>

To write one symbol more, the network looks at all of them again. But the keys and values of the earlier places have not changed, as no place sees a later
one. Keep them, and only the new symbol has to go through: a **[KV cache](../glossary.md#kv-cache)**.
"""

# %% tags=["nbval-ignore-output"]
long = Transformer(len(letters), length=400, width=64, heads=4, layers=2).eval()
times = []
for keep in (False, True):
    begun = time.perf_counter()
    texts = write(long, letters.encode("\n")[None], 399, 0, keep=keep)
    times.append(time.perf_counter() - begun)
print(f"400 symbols, all looked at anew each time: {times[0]:.1f} s; with keys and values kept: {times[1]:.1f} s, {times[0] / times[1]:.0f} times as fast")

# %% [markdown]
r"""
The cache is large: for each place, two vectors a layer. For long texts, or many at once, it can take more memory than the weights. So most large models let
several heads share keys and values (grouped queries: Joshua Ainslie and others, 2023).

## 7. Letters, strokes, notes
Now let it compete with counting where counting is strong. First the plays, with twenty seconds of training here or so, and then with the weights that come with
the course (same size, same text, 1,500 steps; the recipe is `tools/sequences.py`). Counting gets the length of run that serves it best, and for the strokes one
table for each digit. For digits and tunes, too, every seventh was kept for the test.
"""

# %% tags=["nbval-ignore-output"]
from course.sequences import bits, windows
from course.streams import items_of, moved, rows_of, split_of

LENGTH = 64
test_rows, test_next = windows(test_stream, torch.arange(0, len(test_stream) - LENGTH - 1, LENGTH // 2), LENGTH)
test_next = test_next.clone()
test_next[:, :LENGTH // 2] = -100                                     # each symbol that is asked about has at least 32 others before it


def some_lines(generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """32 pieces of the plays from places drawn by lot."""
    return windows(stream, torch.randint(len(stream) - LENGTH, (32,), generator=generator), LENGTH)


torch.manual_seed(0)
beginner = Transformer(len(letters), LENGTH, multi_head=multi_head, block=block).to(device)
learn(beginner, some_lines, steps=300, name="reading plays")
short, by_six = bits(beginner, test_rows, test_next), min(by_order)
print(f"a network after 300 steps: {short:.2f} bits a symbol; counting runs of six: {by_six:.2f}")

# %%
found = {"plays": (bits(plays_net, test_rows, test_next), by_six, "6")}
for name, alphabet, order, length in (("strokes", STROKES, 6, 64), ("tunes", TUNES, 4, 160)):
    seen_items, kept_items = split_of(items_of(name))
    if name == "tunes":
        seen_items = [moved(tune, steps) for steps in range(-4, 5) for tune in seen_items]
    spent_bits, symbols = 0.0, 0
    for kind in "0123456789" if name == "strokes" else [""]:           # strokes: one table for each digit
        counted_from, asked_of = (alphabet.encode("\n" + "\n".join(item for item in items if item.startswith(kind)) + "\n")
                                  for items in (seen_items, kept_items))
        spent_bits += NGrams(counted_from, order, len(alphabet)).bits(asked_of) * len(asked_of)
        symbols += len(asked_of)
    found[name] = (bits(shipped(name), *rows_of(alphabet, kept_items, length)), spent_bits / symbols, f"{order}")
print("            network   counting")
for name, (network, counting, order) in found.items():
    print(f"{name:8} {network:10.1f} {counting:10.1f}   bits a symbol; runs of {order}")

# %% [markdown]
r"""
After a few hundred steps the network loses to a table of runs. With 1,500 steps, some minutes on one processor, it loses still, and counting is done in
seconds. What longer training would reach is not measured here, and its rate,
width and context were not tuned. Remember that when somebody shows
you what a network does and no table of counts beside it.

Where the pen goes next depends on what it has drawn already, and on the digit that was asked for, fifteen moves ago on average. There the network is ahead,
also of one table for each digit. Tunes are a close race: there are 61 of them to learn from, a few thousand notes. So each was also shown moved up and down the
scale by up to four steps (lesson 08's trick), to both. Counting is a little ahead, but on ten tunes, from one beginning, that says little. And the network's
400 steps and the lengths of run were chosen by these very tests, which favours both: with more steps it learns the few tunes by heart.

### Why size mattered
What did the networks that everybody talks about do differently? In kind, less than one thinks: another norm, gated layers, queries that share their keys, a
choice among several small networks at each place. In size, and in the choice and cleaning of text, very much. Jared Kaplan and others, 2020, trained many of
them and found that the loss falls along a straight line on paper whose two axes both go up by factors of ten, with weights, with data and with computing, over
many powers of ten. Jordan Hoffmann and others, 2022, found the best use of computing: weights and tokens should grow together, reported as about twenty tokens
for each weight. GPT-3 (Tom Brown and others, 2020) reported 175 billion weights and 300 billion tokens of training: your adder has a hundred thousand weights.
Where enough text of all kinds has been read, counting cannot follow, because it never uses twice what it has learned about similar words; and the network
begins to do things from examples in its input alone, without training (**[in-context learning](../glossary.md#in-context-learning)**). One mechanism of it has
been found: heads that look for an earlier occurrence of the last symbol and copy what followed (induction heads: Catherine Olsson and others, 2022).

It is not free. The energy of training GPT-3 was estimated at about 1,300 megawatt hours (David Patterson and others, 2021; reported), and answering adds to it
day after day: at a reported third of a watt-hour a question, four billion questions cost as much. Lesson 14 counts such costs.

## 8. After the next word
### Two ways to hide a word
The question *what comes next* hides one word, the last. It is how GPT was trained (Alec Radford and others, 2018): with a causal mask, to write; such a network
is called a **[decoder](../glossary.md#decoder)**. BERT (Jacob Devlin and others, 2018) hides any words, reportedly 15 in a hundred, and looks at both sides,
without a mask, to read: an **[encoder](../glossary.md#encoder)**. (The hidden word is replaced by a sign, `red [MASK] holds up skyscraper`, so that the network
cannot read it. BERT was also asked whether two sentences follow one another.) To choose between the two readings of a crash blossom, one wants both sides. To
write, one has only the left one. That either, after a little training for the task, helps with tasks that have no text of their own to spare, is the reason for
all that followed: this is **[pretraining](../glossary.md#pretraining)**, lesson 09's transfer for text.
"""

# %% rows="K1"
headline = ["red", "tape", "holds", "up", "skyscraper"]
figure, panels = plots.figure(columns=2, width=8.4, height=3.2)
for axes, mask, name in zip(panels, (causal_mask(5), torch.ones(5, 5, dtype=torch.bool)), ("GPT: what comes next?", "BERT: what is hidden?")):
    axes.imshow(mask, cmap="cividis", vmin=0, vmax=1)
    axes.set_xticks(range(5), headline, rotation=45)
    axes.set_yticks(range(5), headline)
    axes.set(title=name, xlabel="may be looked at")
panels[0].set_ylabel("looking")
plots.show(figure, "masks")

# %% [markdown]
r"""
### What a fluent machine does not know
Ask the network of the plays three things: about the play, about something later than 1611, and letters drawn by lot. Measure how freely its answer flows:
the mean of the bits of its own symbols, that is, how surprised it is by what it says itself. Question and answer together fit into its 64 symbols.
"""

# %% tags=["nbval-ignore-output"]
asked = {"the king": "\nHam.\nWhere is the king?\n\nHor.\n",
         "the telephone": "\nHam.\nWhere is the telephone?\n\nHor.\n",
         "letters by lot": "\nHam.\nXqzj vvKw PPz, gwbt?\n\nHor.\n"}
fluency = {}
for name, question in asked.items():
    start = letters.encode(question)[None].expand(40, -1)
    answers = write(plays_net, start, 28, 0.8, torch.Generator().manual_seed(3))
    rows, following = answers[:, :-1], answers[:, 1:].clone()
    following[:, :-28] = -100                                         # its own symbols only
    fluency[name] = bits(plays_net, rows, following)
    print(f"{name}: {fluency[name]:.1f} bits a symbol in its own answers; one of them: {letters.decode(answers[0, start.shape[1]:]).strip().splitlines()[0]!r}")
print("as fluent after letters by lot, to half a bit:", abs(fluency["the king"] - fluency["letters by lot"]) < 0.5)

# %% [markdown]
r"""
It answers letters drawn by lot just as smoothly as the others, for it answers none of them: it goes on. The adder of section 5 did know something, and where it
was wrong it was nearly as sure. Nothing in their training ever paid for silence. A fluent sentence is evidence of having read sentences, no more. Large models
know far more, and their false sentences are better made. That a model states what is not so is called a **[hallucination](../glossary.md#hallucination)**, as
if it were a fever. It is the ordinary working of a machine for likely text (Emily Bender, Timnit Gebru and others, 2021; Ziwei Ji and others, 2023). What
helps: let it look things up and quote what it found (retrieval: Patrick Lewis and others, 2020), give it tools, and check the quotes.

### From a writer to an assistant
A pretrained model continues. Asked a question, it may go on with nine more questions. Three steps made assistants out of writers:

1. **[Instruction tuning](../glossary.md#instruction-tuning)**: go on training on questions with good answers, at first some ten thousand written by people
   (reported), today far more, mostly made by machines. It is lesson 09's fine-tuning. To change all weights is dear; LoRA (Edward Hu and others, 2022) freezes
   them and learns, beside each matrix, the product of two thin ones: lesson 14 has more on thin matrices.
2. **[Preference](../glossary.md#preference)**: people are shown two answers and choose the better. A network learns to predict the choice, and the model is
   trained to be rated highly, while it must not move far from where it was: reinforcement learning from human feedback (Paul Christiano and others, 2017; Long
   Ouyang and others, 2022). DPO (Rafael Rafailov and others, 2023) gets there with one loss, and without the network that predicts the choice: raise the
   preferred answer's odds (how many times as likely it is) over the other's, compared with the model as it was.
3. Training on tasks whose answers can be checked by a program (sums, code), where long chains of steps before the answer (Jason Wei and others, 2022) are
   rewarded if the answer is right (DeepSeek-R1, 2025).

What people prefer is not always what is true: they like to be agreed with, and a model learns that as well (Mrinank Sharma and others, 2024). Who chooses,
for what pay, in which language? Lesson 16 asks such questions.

### Two more cautions
An assistant reads its orders and its material through the same slot. A web page may contain *ignore your instructions and*, and there is no wall between the
two: this is **[prompt injection](../glossary.md#prompt-injection)** (Kai Greshake and others, 2023), lesson 12's game with words. And a test that stands on
the web may stand in the training text: **[contamination](../glossary.md#contamination)**. A high mark on an old test may be memory. You have seen with the
sums what a difference it makes how a test was held out.

## Quiz (10 minutes)
Five questions, one letter each. Run the next cell and click, or write the letters between the quotes below it. Who learns alone is told at once whether they
are right, and why not; in a class it may be told when you hand in.
"""

# %% quiz="reading" points=10
[
    {"ask": "A model needs 2 bits a symbol on unseen text. What does that say?",
     "choices": {"a": "on average it is as unsure as if it chose between four equally likely symbols", "b": "it names the right symbol in half of all cases",
                 "c": "each symbol can be written with two letters"},
     "right": "a",
     "because": {"b": "bits measure the probability given to what came, not how often the likeliest was right",
                 "c": "bits are powers of two: 2 bits are a choice among four"}},
    {"ask": "Why does counting stop getting better with longer runs?",
     "choices": {"a": "the computer's memory is full", "b": "most runs of eight letters of a new text were seen once or never",
                 "c": "a language has no rules that reach further than five letters"},
     "right": "b",
     "because": {"a": "only runs that were seen are kept, and these are fewer than the text has letters",
                 "c": "they reach across pages; counts cannot use them, since the same long run hardly comes twice"}},
    {"ask": "What would happen in training without the causal mask?",
     "choices": {"a": "it would be slower, and otherwise the same", "b": "the network would learn from both sides and write better",
                 "c": "each place could look up its own answer, and the network would learn to copy it"},
     "right": "c",
     "because": {"a": "the loss would fall to almost nothing, by cheating",
                 "b": "when it writes there is no other side: what it relied on is missing then"}},
    {"ask": "The adder is right on the sums that a hash held out. Another, trained equally long, saw no two numbers that both end in 5 or more, "
            "and is wrong on half of those. Trained three times as long, it is right on most; one begun from other weights is not. What follows?",
     "choices": {"a": "a network cannot go where no example led", "b": "the first network memorised the sums",
                 "c": "the two tests ask different things, and one network is too few to say whether more training mends it"},
     "right": "c",
     "because": {"a": "after longer training one did, and still no such sum was among its examples",
                 "b": "then it would be wrong on the sums that the hash held out: those were new, too"}},
    {"ask": "A head puts 90 % of its weight on one word. What do you know?",
     "choices": {"a": "the model answered because of this word",
                 "b": "in this head's mean, the value made there counts nine tenths; how much that value says is another matter",
                 "c": "the word is the most important of the sentence"},
     "right": "b",
     "because": {"a": "that vector may hold other words' meaning by now, and other heads may say the opposite; take the word away and see",
                 "c": "important for what? Another head looks elsewhere"}},
]

# %% [markdown]
r"""
## What to remember
1. Ask what comes next, and measure the answer in bits. Counting is a strong opponent: compare with it before you praise a network.
2. Attention is a soft look-up: queries, keys, values, a softmax between. The mask keeps the future out, heads look for several things, positions tell where.
3. A transformer is a stack of two steps, each added to the stream: gather from other places, think at each. Its price grows with the square of the length.
4. 'Never seen' has kinds. Ask how a test was held out, whether it may have been read, and whether longer training or another beginning changes what comes out.
5. A language model gives likely text. Temperature sets how bold, fine-tuning and preference what about; none of them makes it know.

## Terms
[crash blossom](../glossary.md#crash-blossom), [token](../glossary.md#token), [n-gram](../glossary.md#n-gram), [smoothing](../glossary.md#smoothing), [bits a
symbol](../glossary.md#bits-a-symbol), [perplexity](../glossary.md#perplexity), [byte-pair encoding](../glossary.md#byte-pair-encoding), [recurrent
network](../glossary.md#recurrent-network), [attention](../glossary.md#attention), [self-attention](../glossary.md#self-attention), [causal
mask](../glossary.md#causal-mask), [attention head](../glossary.md#attention-head), [positional embedding](../glossary.md#positional-embedding),
[block](../glossary.md#block), [residual stream](../glossary.md#residual-stream), [transformer](../glossary.md#transformer), [hash](../glossary.md#hash),
[temperature](../glossary.md#temperature), [top-k](../glossary.md#top-k), [top-p](../glossary.md#top-p), [KV cache](../glossary.md#kv-cache), [in-context
learning](../glossary.md#in-context-learning), [pretraining](../glossary.md#pretraining), [hallucination](../glossary.md#hallucination), [instruction
tuning](../glossary.md#instruction-tuning), [preference](../glossary.md#preference), [prompt injection](../glossary.md#prompt-injection),
[contamination](../glossary.md#contamination), [context length](../glossary.md#context-length), [decoder](../glossary.md#decoder),
[encoder](../glossary.md#encoder)

## Where to read on
- Claude Shannon, *A Mathematical Theory of Communication*, Bell System Technical Journal 27, 1948. Section 3 is the machine of paper.
- Reinhard Kneser and Hermann Ney, *Improved Backing-off for M-gram Language Modeling*, ICASSP 1995; Stanley Chen and Joshua Goodman, *An Empirical Study of
  Smoothing Techniques for Language Modeling*, Computer Speech and Language 13, 1999.
- Ben Zimmer, *Crash Blossoms*, The New York Times Magazine, 2010. More headlines.
- Ashish Vaswani and others, [*Attention Is All You Need*](https://arxiv.org/abs/1706.03762), NeurIPS 2017; Dzmitry Bahdanau, Kyunghyun Cho and Yoshua
  Bengio, [*Neural Machine Translation by Jointly Learning to Align and Translate*](https://arxiv.org/abs/1409.0473), ICLR 2015; Sepp Hochreiter and Jürgen
  Schmidhuber, *Long Short-Term Memory*, Neural Computation 9, 1997; Sepp Hochreiter, *Untersuchungen zu dynamischen neuronalen Netzen*, diploma thesis,
  Munich 1991; Albert Gu and Tri Dao, [*Mamba*](https://arxiv.org/abs/2312.00752), 2023.
- Ruibin Xiong and others, [*On Layer Normalization in the Transformer Architecture*](https://arxiv.org/abs/2002.04745), ICML 2020; Jianlin Su and others,
  [*RoFormer*](https://arxiv.org/abs/2104.09864), 2021; Tri Dao and others, [*FlashAttention*](https://arxiv.org/abs/2205.14135), NeurIPS 2022.
- Rico Sennrich, Barry Haddow and Alexandra Birch, [*Neural Machine Translation of Rare Words with Subword Units*](https://arxiv.org/abs/1508.07909), ACL
  2016; Philip Gage, *A New Algorithm for Data Compression*, The C Users Journal, 1994.
- Nayoung Lee and others, [*Teaching Arithmetic to Small Transformers*](https://arxiv.org/abs/2307.03381), ICLR 2024. Why the result stands back to front.
- Ari Holtzman and others, [*The Curious Case of Neural Text Degeneration*](https://arxiv.org/abs/1904.09751), ICLR 2020. Top-p. Angela Fan, Mike Lewis and
  Yann Dauphin, [*Hierarchical Neural Story Generation*](https://arxiv.org/abs/1805.04833), ACL 2018. Top-k.
- Jacob Devlin and others, [*BERT*](https://arxiv.org/abs/1810.04805), NAACL 2019; Alec Radford and others, *Improving Language Understanding by Generative
  Pre-Training*, 2018; Tom Brown and others, [*Language Models are Few-Shot Learners*](https://arxiv.org/abs/2005.14165), NeurIPS 2020.
- Jared Kaplan and others, [*Scaling Laws for Neural Language Models*](https://arxiv.org/abs/2001.08361), 2020; Jordan Hoffmann and others, [*Training
  Compute-Optimal Large Language Models*](https://arxiv.org/abs/2203.15556), NeurIPS 2022; David Patterson and others, [*Carbon Emissions and Large Neural
  Network Training*](https://arxiv.org/abs/2104.10350), 2021; Catherine Olsson and others, [*In-context Learning and Induction
  Heads*](https://arxiv.org/abs/2209.11895), 2022.
- Edward Hu and others, [*LoRA*](https://arxiv.org/abs/2106.09685), ICLR 2022; Long Ouyang and others, [*Training Language Models to Follow Instructions
  with Human Feedback*](https://arxiv.org/abs/2203.02155), NeurIPS 2022; Paul Christiano and others, [*Deep Reinforcement Learning from Human
  Preferences*](https://arxiv.org/abs/1706.03741), NeurIPS 2017; Rafael Rafailov and others, [*Direct Preference
  Optimization*](https://arxiv.org/abs/2305.18290), NeurIPS 2023; Mrinank Sharma and others, [*Towards Understanding Sycophancy in Language
  Models*](https://arxiv.org/abs/2310.13548), ICLR 2024.
- Emily Bender, Timnit Gebru, Angelina McMillan-Major and Shmargaret Shmitchell, *On the Dangers of Stochastic Parrots*, FAccT 2021; Ziwei Ji and others,
  [*Survey of Hallucination in Natural Language Generation*](https://arxiv.org/abs/2202.03629), ACM Computing Surveys 55, 2023; Kai Greshake and others,
  [*Not What You've Signed Up For*](https://arxiv.org/abs/2302.12173), 2023. Prompt injection.
- Ian Tenney, Dipanjan Das and Ellie Pavlick, [*BERT Rediscovers the Classical NLP Pipeline*](https://arxiv.org/abs/1905.05950), ACL 2019; Sarthak Jain and
  Byron Wallace, [*Attention is not Explanation*](https://arxiv.org/abs/1902.10186), NAACL 2019; Sarah Wiegreffe and Yuval Pinter, [*Attention is not not
  Explanation*](https://arxiv.org/abs/1908.04626), EMNLP 2019.
- Andrej Karpathy, [*Neural Networks: Zero to Hero*](https://karpathy.ai/zero-to-hero.html), 2022. A language model built from nothing, on video, line by
  line.

This was the last lesson. What is next is yours: take a data set that you know, a question that you care about, and the simplest model that could answer it.
"""

# %% folded=true tags=["nbval-ignore-output"]
from course.desk.ending import ending

ending("Your own attention learned to add three-digit numbers that it had never seen added, where counting knew the units at best.")
