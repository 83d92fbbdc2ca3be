"""Tests of course/sequences.py against torch's own attention and encoder layer and by what must hold for all inputs, of
course/streams.py, of the texts, strokes and tunes, and of lesson 17's explorer. Lesson 17 (One thing after another)
teaches what is tested. Read course/sequences.py first."""

import base64
import gzip
import io
import json
import math
import re
import subprocess
import wave

import numpy
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from shared import made_by, printed, shapes
from torch import nn, tensor
from torch.testing import assert_close

from course import data, sequences, streams
from course.explorers.sequences import ALPHABETS, SHIPPED, SequencesExplorer, Small, sequences_explorer
from course.sequences import NGrams, Transformer, bits, causal_mask, ngrams, windows, write
from course.streams import SUMS, TUNES, added, batch_of_sums, byte_pairs, held_out, pen, written_sums

seeds = st.integers(0, 10_000)


def chance(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


# Counting


@given(st.lists(st.integers(0, 2), max_size=30), st.integers(1, 3), st.sampled_from([0.5, 1.0, 3.0]))
def test_ngrams_are_counts_and_smoothing_over_their_sum(symbols, length, smoothing):
    table = ngrams(tensor(symbols, dtype=torch.int64), length, 3, smoothing)
    runs = [tuple(symbols[start : start + length]) for start in range(len(symbols) - length + 1)]
    for place in numpy.ndindex(*table.shape):
        total = sum(run[:-1] == place[:-1] for run in runs) + 3 * smoothing
        assert float(table[place]) == pytest.approx((runs.count(place) + smoothing) / total)


@given(st.lists(st.integers(0, 3), min_size=12, max_size=60), st.integers(1, 4))
@settings(deadline=None)
def test_what_sparse_counts_say_of_all_symbols_adds_up_to_one(symbols, order):
    counted = NGrams(tensor(symbols), order, 4)
    context = tensor(symbols[-order + 1 :] if order > 1 else [], dtype=torch.int64).expand(4, -1)
    assert float(counted.of(context, torch.arange(4)).sum()) == pytest.approx(1, abs=1e-5)


def test_a_run_of_two_is_discounted_as_the_paper_says():
    counted = NGrams(tensor([0, 1, 0, 1, 0, 2]), 2, 3, discount=0.5)
    # After 0: twice 1, once 2, three in all, two kinds. Alone, by what stood before: 0 after 1; 1 and 2 after 0.
    alone = (1 - 0.5) / 3 + 0.5 * 3 / 3 / 3
    assert float(counted.of(tensor([[0]]), tensor([2]))) == pytest.approx((1 - 0.5) / 3 + 0.5 * 2 / 3 * alone)


# Attention


@given(seeds, st.integers(1, 4), st.integers(1, 5), st.integers(1, 5), st.booleans())
@settings(deadline=None)
def test_attention_is_torchs(seed, width, n, m, masked):
    generator = chance(seed)
    queries, keys = (torch.randn(2, 3, size, width, generator=generator) for size in (n, m))
    values = torch.randn(2, 3, m, 2, generator=generator)
    mask = torch.rand(n, m, generator=generator) < 0.5 if masked else None
    if mask is not None:
        mask[:, 0] = True
    theirs = F.scaled_dot_product_attention(queries, keys, values, attn_mask=mask)
    assert_close(sequences.attention(queries, keys, values, mask), theirs, atol=1e-5, rtol=1e-5)


@given(st.integers(1, 9))
def test_the_mask_is_torchs(length):
    assert_close(causal_mask(length), nn.Transformer.generate_square_subsequent_mask(length) == 0)


@given(seeds, st.sampled_from([1, 2, 4]), st.integers(1, 6))
@settings(deadline=None, max_examples=25)
def test_heads_and_block_are_torchs_encoder_layer(seed, heads, n):
    torch.manual_seed(seed)
    width = 8
    theirs = nn.TransformerEncoderLayer(width, heads, 32, dropout=0.0, batch_first=True, norm_first=True)
    ours = Transformer(5, 6, width, heads, layers=1)
    attention, feed = ours.attentions[0], ours.feeds[0]
    attention.inputs.weight.data, attention.inputs.bias.data = (
        theirs.self_attn.in_proj_weight.data,
        theirs.self_attn.in_proj_bias.data,
    )
    attention.output.load_state_dict(theirs.self_attn.out_proj.state_dict())
    feed[0].load_state_dict(theirs.linear1.state_dict())
    feed[2].load_state_dict(theirs.linear2.state_dict())
    stream, mask = torch.randn(3, n, width), causal_mask(n)
    found = sequences.block(stream, lambda calm: attention(calm, mask), feed)
    assert_close(found, theirs(stream, src_mask=~mask), atol=1e-5, rtol=1e-5)


# The transformer


def a_network(length: int = 10) -> Transformer:
    torch.manual_seed(0)
    return Transformer(7, length, 16, 4, 2).double().eval()


def test_no_place_sees_a_later_one_and_without_the_mask_it_does():
    net, tokens = a_network(), torch.randint(7, (2, 10), generator=chance(0))
    other = tokens.clone()
    other[:, 6:] = (other[:, 6:] + 1) % 7
    assert_close(net(tokens)[:, :6], net(other)[:, :6])
    assert not torch.allclose(net(tokens)[:, 6:], net(other)[:, 6:])
    assert not torch.allclose(net(tokens, causal=False)[:, :6], net(other, causal=False)[:, :6])


@given(st.integers(1, 9))
@settings(deadline=None, max_examples=9)
def test_with_keys_and_values_kept_only_the_new_has_to_go_through(cut):
    net, tokens, kept = a_network(), torch.randint(7, (2, 10), generator=chance(1)), []
    parts = [net(tokens[:, :cut], kept), *(net(tokens[:, place : place + 1], kept) for place in range(cut, 10))]
    assert_close(torch.cat(parts, dim=1), net(tokens))


def test_what_is_written_is_the_same_with_keys_and_values_kept():
    net, start = a_network(12), tensor([[1, 2]])
    anew, kept = (write(net, start, 10, 1.0, chance(3), keep=keep) for keep in (False, True))
    assert anew.tolist() == kept.tolist()
    with pytest.raises(ValueError, match="do not fit"):
        write(net, start, 11, keep=True)


def test_writing_stops_at_the_end_of_every_row_and_sees_the_last_symbols_only():
    net = a_network(4)
    assert write(net, tensor([[1, 2, 3]]), 9).shape == (1, 12)
    assert write(net, tensor([[1], [2]]), 9, ends=range(7)).shape == (2, 2)


def test_bits_are_cross_entropy_to_base_two_and_minus_hundred_is_not_asked():
    net, tokens, targets = a_network(), torch.randint(7, (5, 10)), torch.randint(7, (5, 10))
    targets[:, :4] = -100
    wanted = F.cross_entropy(net(tokens)[:, 4:].flatten(0, 1), targets[:, 4:].flatten()) / math.log(2)
    assert bits(net, tokens, targets, batch_size=2) == pytest.approx(float(wanted.detach()))


def test_a_network_learns_what_repeats():
    pieces = torch.arange(200) % 5
    torch.manual_seed(0)
    net = Transformer(5, 8, 16, 2, 1)
    losses = sequences.learn(net, lambda g: windows(pieces, torch.randint(190, (16,), generator=g), 8), 80, 1e-2)
    assert losses[0] > 1.5 and losses[-1] < 0.1


@given(seeds, st.sampled_from([0.5, 1.0, 3.0]))
@settings(deadline=None, max_examples=10)
def test_symbols_are_picked_as_often_as_they_are_likely(seed, temperature):
    logits = torch.randn(1, 4, generator=chance(seed), dtype=torch.float64)
    even = (torch.arange(20_000, dtype=torch.float64) + 0.5) / 20_000
    counts = sequences.pick(logits.expand(20_000, -1), temperature, even).bincount(minlength=4)
    assert_close(counts.double() / 20_000, (logits[0] / temperature).softmax(0), atol=1e-3, rtol=0)


# What the sequences are made of


@given(st.lists(st.integers(0, 2), min_size=3, max_size=40), st.integers(1, 6))
@settings(deadline=None)
def test_byte_pairs_spell_the_same_text(symbols, merges):
    alphabet = streams.Alphabet("abc")
    shorter, pairs = byte_pairs(tensor(symbols), 3, merges)
    spelt = "".join(streams.spelt(symbol, alphabet, pairs) for symbol in shorter.tolist())
    assert spelt == alphabet.decode(tensor(symbols)) and len(pairs) <= merges
    assert len(pairs) == merges or len(shorter) == 1


def test_an_alphabet_says_which_symbol_it_lacks():
    with pytest.raises(ValueError, match="'z'"):
        streams.Alphabet("abc").encode("az")


@given(st.integers(0, 999), st.integers(0, 999), st.booleans())
def test_sums_are_written_with_the_units_first(first, second, reverse):
    total = f"{first + second:04d}"
    written = SUMS.decode(written_sums(tensor([first]), tensor([second]), reverse)[0])
    assert written == f"{first:03d}+{second:03d}={total[::-1] if reverse else total}"


def test_a_sixteenth_of_the_sums_is_held_out_and_never_in_a_batch():
    first, second = torch.arange(1_000_000) // 1000, torch.arange(1_000_000) % 1000
    held = held_out(first, second)
    assert 0.06 < float(held.float().mean()) < 0.065
    square = held.view(1000, 1000)
    assert bool((square == square.T).all())
    for down, right in ((0, 1), (1, 0), (0, 15), (15, 0), (0, 19), (1, 1), (10, 10)):
        moved_on, kept = square[down:, right:], square[: 1000 - down, : 1000 - right]
        assert 0.055 < float(moved_on[kept].float().mean()) < 0.07
    assert all(0.05 < float(held[first % 10 == digit].float().mean()) < 0.075 for digit in range(10))
    tokens, targets = batch_of_sums(chance(0), 4000)
    digits = tokens - SUMS.numbers["0"]
    powers = tensor([100, 10, 1])
    first, second = (digits[:, :3] * powers).sum(1), (digits[:, 4:7] * powers).sum(1)
    assert len(tokens) == 4000 and not held_out(first, second).any()
    assert bool((targets[:, :7] == -100).all()) and bool((targets[:, 7:] >= 0).all())
    wanted = written_sums(first, second)
    assert_close(targets[:, 7:], wanted[:, 8:])
    assert_close(tokens, wanted[:, :-1])


def test_the_plays_are_in_64_symbols_and_the_test_is_the_end_of_each():
    text, rest = data.plays()
    assert (
        "".join(sorted(set(text + rest))) == streams.LETTERS.symbols
        and len(streams.LETTERS) == 64
        and 0.1 < len(rest) / len(text) < 0.12
    )
    assert "Now is the winter" not in text and "To be, or not to be" in text
    assert "bear Hamlet" in rest.replace("\n", " ") or "rest is silence" in rest


def test_the_strokes_stay_on_the_paper_and_are_what_the_recipe_makes(tmp_path):
    signs = data.strokes()
    assert len(signs) == 5000 and all(re.fullmatch(r"\d[a-h^_]+", row) and len(row) <= 62 for row in signs)
    places = [place for row in signs[:500] for line in pen(row) for place in line]
    assert min(map(min, places)) >= 0 and max(map(max, places)) <= 13
    made = tmp_path / "strokes.txt.gz"
    made_by("strokes", "--count", "5000", to=made)
    same = [
        left == right
        for left, right in zip(gzip.decompress(made.read_bytes()).decode().splitlines(), signs, strict=True)
    ]
    assert sum(same) > 4900  # thinning may differ between versions of scikit-image


def test_a_pen_follows_its_signs():
    assert pen("7_aac^bb_e") == [[(7, 7), (8, 7), (9, 7), (9, 8)], [(11, 10), (10, 10)]]


KEYS = {"C": ("C", ""), "Am": ("A", "^F^G"), "Ddor": ("D", ""), "Ephr": ("E", "")}
TONES = r"([\^_]?)([A-Ga-gz])(,*)(\d*)"


@pytest.mark.parametrize("title", list(data.tunes()))
def test_the_bars_of_a_tune_add_up_and_its_notes_fit_the_key(title):
    metre, key, bars = data.tunes()[title]
    whole = streams.METRES[metre]
    lengths = []
    for bar in bars.split("|"):
        found = re.findall(TONES, bar)
        assert "".join("".join(part) for part in found) == bar
        lengths.append(sum(int(quavers or 1) for *_, quavers in found))
        assert all(sign == "" or sign + letter.upper() in KEYS[key][1] for sign, letter, *_ in found)
    assert set(lengths[1:-1]) <= {whole}
    assert (lengths[0], lengths[-1]) == (whole, whole) or lengths[0] + lengths[-1] == whole
    assert re.findall("[A-Ga-g]", bars)[-1].upper() == KEYS[key][0]
    assert re.search(r"before \d{4}|about 1800|1[5-8]\d\d|1[5-9]th century", title)
    TUNES.encode(f"\n{metre}|{bars}\n")


def test_there_are_forty_tunes_or_more():
    assert len(data.tunes()) >= 40


def test_a_tune_is_heard_for_as_long_as_its_notes_last():
    assert streams.notes("^C,2z3|c") == [(-11, 2), (None, 3), (12, 1)]
    samples = streams.sounding("A2z2", quaver=0.25)
    assert abs(len(samples) / streams.RATE - 1) < 0.01 and abs(samples).max() <= 1
    middle = samples[: streams.RATE // 2]
    strongest = numpy.abs(numpy.fft.rfft(middle)).argmax() * streams.RATE / len(middle)
    assert strongest == pytest.approx(440, abs=3) and not samples[-1000:].any()
    page = streams.player(samples, "an A")
    with wave.open(io.BytesIO(base64.b64decode(re.search(r"base64,([^\"]+)", page)[1]))) as file:
        assert (file.getframerate(), file.getnframes()) == (streams.RATE, len(samples))
    assert 'aria-label="an A"' in page


# The networks that come with the course


def test_the_shipped_adder_adds():
    first, second = torch.randint(1000, (2, 8000), generator=chance(5))
    asked = held_out(first, second)
    said, sure = added(streams.shipped("sums"), first[asked], second[asked])
    assert float((said == first[asked] + second[asked]).float().mean()) > 0.99 and float(sure.mean()) > 0.98


@pytest.mark.slow
def test_the_recipe_of_the_networks_runs(tmp_path):
    made_by("sequences", "--share", "0.001", to=tmp_path / "tried.npz")
    assert shapes(tmp_path / "tried.npz") == shapes(streams.WEIGHTS)


# The explorer

STATES = [
    {"network": "sums", "sum": "123+456=97", "line": "", "place": 8},
    {"network": "sums", "sum": "999+1x=0", "line": "", "place": 60},
    {"network": "plays", "sum": "", "line": "To be, or not to b", "place": 5},
    {"network": "plays", "sum": "", "line": "12", "place": 0},
]


def test_the_script_looks_and_says_what_python_does_in_a_tenth_of_a_second(tmp_path):
    explorer, wanted = sequences_explorer(), []
    for state in STATES:
        for name, value in state.items():
            setattr(explorer, name, value)
        _, _, weights, likely = explorer.look()
        wanted.append((weights.tolist(), likely.tolist(), explorer.sentence()))
    sent = json.loads(explorer.traits_as_json())
    code = f"""
      const known = {{ sums: SIGNS, plays: {json.dumps(sent["letters"])} }};
      const nets = {{ sums: networkOf(halvesOf(bytesOf({json.dumps(sent["adds"])})), known.sums.length),
        plays: networkOf(halvesOf(bytesOf({json.dumps(sent["reads"])})), known.plays.length) }};
      const came = {json.dumps(STATES)}.map(({{ network, sum, line, place }}) => {{
        const began = performance.now(), found = lookAt(nets[network], known[network], network,
          network === "sums" ? sum : line, place);
        return {{ ...found, words: looksInWords(found), took: performance.now() - began }};
      }});
      console.log(JSON.stringify(came));
    """
    (tmp_path / "run.cjs").write_text(explorer._esm.split("export default")[0] + code, encoding="utf-8")
    done = subprocess.run(["node", "run.cjs"], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=120)
    for one, (weights, likely, words) in zip(json.loads(done.stdout), wanted, strict=True):
        rows = [row + [0.0] * (len(weights[0]) - len(row)) for row in one["rows"]]
        assert numpy.allclose(rows, weights, atol=1e-9) and numpy.allclose(one["likely"], likely, atol=1e-9)
        assert one["words"] == words and one["took"] < 400


@pytest.mark.parametrize("network", list(ALPHABETS))
def test_the_explorers_network_is_the_courses(network):
    net = streams.shipped(network).double()
    with numpy.load(SHIPPED) as parts:
        small = Small(parts[network], len(ALPHABETS[network]))
    tokens = torch.randint(len(ALPHABETS[network]), (1, 9), generator=chance(0))
    _, likely = small.look(tokens[0].tolist())
    assert small.at == len(small.numbers)
    assert_close(torch.from_numpy(likely), net(tokens)[0].softmax(dim=-1))


def test_what_the_lesson_says_of_the_explorers_heads_holds_over_many_sums_and_lines():
    with numpy.load(SHIPPED) as parts:
        adds, reads = (Small(parts[name], len(ALPHABETS[name])) for name in ("sums", "plays"))
    ahead, behind, late = numpy.zeros(8), numpy.zeros(8), numpy.zeros(8)
    sums = written_sums(*torch.randint(1000, (2, 60), generator=chance(2)))
    for tokens in sums[:, :11].tolist():
        weights, _ = adds.look(tokens)
        for at in (8, 9):  # the units, or units and tens, are written
            ahead += weights[:, at, 9 - at] + weights[:, at, 13 - at]
            behind += weights[:, at, 10 - at] + weights[:, at, 14 - at]
            late += weights[:, at, 7 : at + 1].sum(axis=1)
    ahead, behind, late = ahead / 120, behind / 120, late / 120
    assert min(ahead[1:4]) > 0.8 and 0.2 < ahead[0] < 0.4 and 0.5 < behind[0] < 0.7
    assert late[4:].mean() > 0.5 > late[:4].max()
    text, marks = data.plays()[1], " \n,.;:!?"
    before, spaces, share = numpy.zeros(8), numpy.zeros(8), 0.0
    for start in range(0, 60_000, 1000):
        piece = text[start : start + 30]
        weights, _ = reads.look([ALPHABETS["plays"].index(sign) for sign in piece])
        is_mark = numpy.array([sign in marks for sign in piece])
        before += weights[:, -1, -2]
        spaces, share = spaces + weights[:, -1] @ is_mark, share + is_mark.mean()
    assert 0.6 < before[1] / 60 < 0.8
    assert spaces[4:].mean() / share > 1.6


def test_a_state_that_no_explorer_has_is_refused():
    with pytest.raises(ValueError, match="which this explorer cannot show"):
        sequences_explorer(state={"place": 99})
    assert isinstance(sequences_explorer(state='{"network": "plays"}'), SequencesExplorer)


# The lesson


def test_the_built_notebook_shows_the_headline_in_its_band():
    said = printed("17-sequences")
    for words in (
        "right in all four digits: at least 99 %: True",
        "shuffled, the last place finds the same: True",
        "to half a bit: True",
    ):
        assert words in said
    assert ": False" not in said
