"""Tests of course/ethics.py against fairlearn and by properties that hold for all counts, of the COMPAS counts, and of
lesson 16's headline. Lesson 16 (Who is harmed?) teaches what is tested.
Read course/ethics.py first."""

import hashlib
import itertools
import json
import re
from fractions import Fraction

import numpy
import pytest
import torch
from fairlearn.metrics import (
    MetricFrame,
    demographic_parity_difference,
    equalized_odds_difference,
    false_negative_rate,
    false_positive_rate,
    selection_rate,
)
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shared import ROOT
from sklearn.metrics import precision_score, roc_auc_score
from torch import tensor

from course import data
from course import ethics as lesson
from course.explorers.ethics import in_percent, threshold_explorer

PEOPLE = data.compas()
PUBLISHED = data.compas_tables()
counts_by_score = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=2, max_size=12).map(
    lambda pairs: tensor(pairs).T
)


def persons(
    tables: dict[str, torch.Tensor], cut: int | None = None
) -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray]:
    """One row a person: arrested again, marked high (or the score, where there is no cut), group."""
    rows = [
        (outcome, score if cut is None else int(score >= cut), group)
        for group, people in tables.items()
        for outcome, score in itertools.product((0, 1), range(1, people.shape[1] + 1))
        for _ in range(int(people[outcome, score - 1]))
    ]
    return tuple(numpy.array(column) for column in zip(*rows, strict=False))


# The counts


def test_the_counts_by_score_are_the_published_table_to_the_last_defendant():
    for group, people in PEOPLE.items():
        assert lesson.at_cut(people, lesson.HIGH).tolist() == PUBLISHED["any"][group].tolist()
    assert {group: int(people.sum()) for group, people in PEOPLE.items()} == {"Black": 3696, "White": 2454}


@pytest.mark.parametrize(
    "table, group, printed",
    [
        ("any", "all", (7214, 32.35, 37.40, 0.61)),
        ("any", "Black", (3696, 44.85, 27.99, 0.63)),
        ("any", "White", (2454, 23.45, 47.72, 0.59)),
        ("violent", "Black", (3178, 38.14, 38.37, None)),
        ("violent", "White", (2265, 18.46, 62.62, None)),
    ],
)
def test_the_rates_are_those_that_propublica_printed(table, group, printed):
    row = PUBLISHED[table][group]
    falsely, missed, right = lesson.rates(row).tolist()
    assert (int(row.sum()), round(100 * falsely, 2), round(100 * missed, 2)) == printed[:3]
    assert printed[3] is None or round(right, 2) == printed[3]


def test_the_other_groups_are_what_is_left_of_all():
    left = PUBLISHED["any"]["all"] - PUBLISHED["any"]["Black"] - PUBLISHED["any"]["White"]
    assert (left >= 0).all() and int(left.sum()) == 1064


def test_the_score_tells_apart_as_well_in_both_groups():
    outcome, score, group = persons(PEOPLE)
    areas = [roc_auc_score(outcome[group == name], score[group == name]) for name in PEOPLE]
    assert areas == pytest.approx([0.692, 0.693], abs=6e-4)


def test_a_file_that_was_changed_is_refused(tmp_path, monkeypatch):
    (tmp_path / "compas").mkdir()
    for name in ("counts.csv", "tables.csv"):
        content = (ROOT / "datasets" / "compas" / name).read_bytes()
        (tmp_path / "compas" / name).write_bytes(content.replace(b",307\n", b",308\n").replace(b",990,", b",991,"))
    monkeypatch.setattr(data, "_folder", lambda: tmp_path)
    data.registry.cache_clear()
    (tmp_path / "registry.toml").write_bytes((ROOT / "datasets" / "registry.toml").read_bytes())
    for read in (data.compas, data.compas_tables):
        with pytest.raises(RuntimeError, match="is not the one that its datasheet describes"):
            read()


def test_line_ends_of_windows_change_nothing(tmp_path, monkeypatch):
    (tmp_path / "compas").mkdir()
    for name in ("counts.csv", "tables.csv"):
        (tmp_path / "compas" / name).write_bytes(
            (ROOT / "datasets" / "compas" / name).read_bytes().replace(b"\n", b"\r\n")
        )
    (tmp_path / "registry.toml").write_bytes((ROOT / "datasets" / "registry.toml").read_bytes())
    monkeypatch.setattr(data, "_folder", lambda: tmp_path)
    assert all(torch.equal(data.compas()[group], people) for group, people in PEOPLE.items())


def test_the_registry_holds_the_checksums_of_the_files():
    for file in data.registry()["compas"]["files"]:
        assert (
            file["checksum"]
            == "sha256:" + hashlib.sha256((ROOT / "datasets" / "compas" / file["name"]).read_bytes()).hexdigest()
        )


# Rates and cuts


@pytest.mark.parametrize("cut", [2, 5, 8])
def test_rates_are_those_of_fairlearn_by_group(cut):
    outcome, marked, group = persons(PEOPLE, cut)
    theirs = MetricFrame(
        metrics={
            "falsely": false_positive_rate,
            "missed": false_negative_rate,
            "right": precision_score,
            "marked": selection_rate,
        },
        y_true=outcome,
        y_pred=marked,
        sensitive_features=group,
    ).by_group
    ours = {name: lesson.rates(lesson.at_cut(people, cut)) for name, people in PEOPLE.items()}
    for name, row in ours.items():
        assert row.tolist() == pytest.approx(theirs.loc[name, ["falsely", "missed", "right"]].tolist(), abs=1e-6)
    gap = (ours["Black"] - ours["White"]).abs()
    assert equalized_odds_difference(outcome, marked, sensitive_features=group) == pytest.approx(
        float(gap[:2].max()), abs=1e-6
    )
    shares = [float(people[:, cut - 1 :].sum() / people.sum()) for people in PEOPLE.values()]
    assert demographic_parity_difference(outcome, marked, sensitive_features=group) == pytest.approx(
        abs(shares[0] - shares[1]), abs=1e-6
    )


@given(counts_by_score, st.data())
@settings(deadline=None, max_examples=60)
def test_a_cut_loses_nobody_and_a_higher_one_marks_no_more(people, drawn):
    cut = drawn.draw(st.integers(1, people.shape[1]))
    low_not, high_not, low_did, high_did = lesson.at_cut(people, cut).tolist()
    assert [low_not + high_not, low_did + high_did] == people.sum(dim=1).tolist()
    higher = lesson.at_cut(people, cut + 1).tolist()
    assert higher[1] <= high_not and higher[3] <= high_did


@given(st.lists(st.integers(0, 500), min_size=4, max_size=4))
@settings(deadline=None, max_examples=100)
def test_chouldechovas_line_holds_for_every_table(row):
    low_not, high_not, low_did, high_did = (Fraction(count) for count in row)
    assume(low_not + high_not and low_did + high_did and high_did)
    people = sum(row)
    base = (low_did + high_did) / people
    implied = lesson.implied_false_positive_rate(base, high_did / (high_did + high_not), low_did / (low_did + high_did))
    assert implied == high_not / (high_not + low_not)


def test_equal_rates_with_other_base_rates_mean_a_score_that_never_errs():
    for base in (0.2, 0.4):
        assert lesson.implied_false_positive_rate(base, 1.0, 0.0) == 0
    assert lesson.implied_false_positive_rate(0.4, 0.7, 0.3) > lesson.implied_false_positive_rate(0.2, 0.7, 0.3)


def test_a_rate_of_nobody_is_not_a_number():
    assert lesson.rates(tensor([0, 0, 1, 0])).isnan().tolist() == [True, False, True]


@pytest.mark.parametrize("cut", [0, 12])
def test_a_cut_that_is_none_is_refused(cut):
    with pytest.raises(ValueError, match=f"cut is {cut}; it must be from 1 to 11"):
        lesson.at_cut(PEOPLE["Black"], cut)


@given(counts_by_score, st.floats(0, 1))
@settings(deadline=None, max_examples=60)
def test_no_other_cut_comes_nearer(people, wanted):
    assume(people[0].sum() > 0 and people[:, -1].sum() > 0)
    cut, precision = lesson.equal_false_positives(people, wanted)
    every = [lesson.rates(lesson.at_cut(people, other)) for other in range(1, people.shape[1] + 1)]
    assert abs(float(every[cut - 1][0]) - wanted) == min(abs(float(row[0]) - wanted) for row in every)
    assert precision == pytest.approx(float(every[cut - 1][2]))


# Proxies, slices


@given(st.integers(0, 10_000), st.integers(2, 4))
@settings(deadline=None, max_examples=40)
def test_a_proxy_guesses_no_worse_than_the_largest_group_and_a_copy_is_perfect(seed, groups):
    generator = torch.Generator().manual_seed(seed)
    group, columns = (
        torch.randint(0, groups, (50,), generator=generator),
        torch.randint(0, 6, (50, 3), generator=generator),
    )
    column, share = lesson.strongest_proxy(columns, group)
    assert 0 <= column < 3 and float(group.bincount().max()) / 50 <= share <= 1
    relabelled = (groups - 1 - group).view(-1, 1)
    assert lesson.strongest_proxy(torch.cat([columns, relabelled], dim=1), group)[1] == 1


@given(st.integers(0, 10_000), st.integers(1, 12))
@settings(deadline=None, max_examples=30)
def test_the_worst_slice_is_the_one_that_pandas_finds(seed, smallest):
    import pandas

    generator = torch.Generator().manual_seed(seed)
    columns, losses = torch.randint(0, 3, (60, 3), generator=generator), torch.rand(60, generator=generator)
    found, mean = lesson.worst_slice(columns, losses, smallest)
    table = pandas.DataFrame(columns.numpy()).assign(loss=losses.numpy())
    means = [
        group["loss"].mean()
        for many in (1, 2)
        for chosen in itertools.combinations(range(3), many)
        for _, group in table.groupby(list(chosen))
        if len(group) >= smallest
    ]
    assert mean == pytest.approx(max(means), abs=1e-6)
    rows = torch.stack([columns[:, column] == code for column, code in found.items()]).all(dim=0)
    assert int(rows.sum()) >= smallest and float(losses[rows].mean()) == pytest.approx(mean)


def test_where_no_slice_is_large_enough_all_rows_stand_for_it():
    assert lesson.worst_slice(tensor([[0], [1]]), tensor([1.0, 0.0]), 3) == ({}, 0.5)


# Loops


@given(st.lists(st.tuples(st.floats(0.05, 0.9), st.floats(1, 90)), min_size=2, max_size=5))
@settings(deadline=None, max_examples=40)
def test_corrected_patrols_go_where_there_is_to_find_and_the_others_only_where_there_is_most(districts):
    finds, books = (torch.tensor(column, dtype=torch.float64) for column in zip(*districts, strict=False))
    assert torch.allclose(lesson.patrol(finds, books, 20).sum(dim=1), torch.ones(21, dtype=torch.float64))
    corrected = lesson.patrol(finds, books, 4000, corrected=True)
    assert (corrected[-1] - finds / finds.sum()).abs().max() < 0.05
    looped = lesson.patrol(finds, books, 50)
    assert looped[-1, finds.argmax()] >= looped[0, finds.argmax()] - 1e-9


def test_equal_districts_keep_whatever_prejudice_the_books_began_with():
    shares = lesson.patrol(tensor([0.3, 0.3]), tensor([10.0, 90.0]), 200)
    assert torch.allclose(shares, tensor([0.1, 0.9]).expand(201, 2))


def test_an_urn_is_a_walk_of_shares_and_its_seed_decides_it():
    walk = [
        lesson.urn(tensor([0.3, 0.3]), tensor([1.0, 1.0]), 50, torch.Generator().manual_seed(seed))
        for seed in (1, 1, 2)
    ]
    assert torch.equal(walk[0], walk[1]) and not torch.equal(walk[0], walk[2])
    assert torch.allclose(walk[0].sum(dim=1), torch.ones(51, dtype=torch.float64))


def test_urns_scatter_and_corrected_ones_come_back_to_half():
    last = {
        corrected: torch.stack(
            [
                lesson.urn(
                    tensor([0.3, 0.3]), tensor([1.0, 1.0]), 1000, torch.Generator().manual_seed(seed), corrected
                )[-1, 0]
                for seed in range(10)
            ]
        )
        for corrected in (False, True)
    }
    assert (last[True] - 0.5).abs().max() < 0.15 < 0.3 < (last[False] - 0.5).abs().max()


@given(st.floats(0.05, 0.49))
@settings(deadline=None, max_examples=30)
def test_a_room_empties_of_the_fewer_when_who_came_is_who_is_asked(women):
    looped, mended = lesson.meetup(15, True, women), lesson.meetup(15, False, women)
    assert (looped.diff() < 0).all() and looped[-1] < 0.5 * women
    assert (mended.diff() > 0).all() and mended[-1] <= 0.5 + 1e-6 and mended[-1] > 0.49


# The alarm, labels, town


@given(st.integers(0, 10_000), st.integers(5, 40), st.floats(0.02, 0.4))
@settings(deadline=None, max_examples=60)
def test_the_alarm_rings_at_the_first_window_above_the_limit(seed, window, expected):
    seen = (torch.rand(150, generator=torch.Generator().manual_seed(seed)) < 0.2).float()
    windows = numpy.convolve(seen.double().numpy(), numpy.ones(window) / window, mode="valid")
    above = numpy.flatnonzero(windows > expected + 3 * (expected * (1 - expected) / window) ** 0.5 + 1e-12)
    assert lesson.drift_alarm(seen, expected, window) == (int(above[0]) + window if len(above) else None)


def test_the_alarm_hears_the_very_last_decision():
    assert lesson.drift_alarm(tensor([0.0, 0.0, 0.0, 0.0, 1.0, 1.0]), 0.2, 4, 1.1) == 6


def test_a_stream_without_a_change_has_none():
    assert 0.03 < float(lesson.stream(5000, change=None).mean()) < 0.07
    changed = lesson.stream(6000, change=3000)
    assert float(changed[3000:].mean()) > 2 * float(changed[:3000].mean())


def test_a_person_who_never_errs_leaves_no_wrong_label_and_types_fewer():
    images, labels = data.digits()
    typed, pages, wrong = lesson.label_together(
        images[:400], labels[:400], torch.Generator().manual_seed(0), misses=0.0, slips=0.0
    )
    assert wrong == 0 and typed < 200 and pages == 6


def test_the_town_is_as_it_is_told():
    columns, group, loans = lesson.town(20_000)
    incomes = [columns[group == one, 1].double().mean() for one in (0, 1)]
    assert abs(incomes[0] - incomes[1]) < 0.06, "the two groups have the same incomes"
    assert int(loans.sum()) == int(lesson.say_yes(columns, loans).sum())


def test_in_the_other_life_only_what_follows_from_the_group_differs():
    (columns, group, loans), (otherwise, swapped, _) = lesson.town(2000), lesson.town(2000, swapped=True)
    assert (group + swapped == 1).all()
    assert (columns[:, [1, 3, 4]] == otherwise[:, [1, 3, 4]]).all(), "income, shoes and years in the job stay"
    assert (columns[:, 0] // 4 != otherwise[:, 0] // 4).all(), "who lives in the one half lives in the other"
    assert (lesson.say_yes(columns, loans, decide=columns) >= lesson.say_yes(columns, loans)).all(), (
        "the threshold is that of the town"
    )


# The lesson


def test_the_explorer_says_what_the_rates_are():
    explorer = threshold_explorer(PEOPLE)
    words = explorer.still()[1]
    assert "44.8 %" in words or "44.9 %" in words
    assert "none of the three" in words
    explorer.cuts = {"Black": 6, "White": 4}
    assert "false positives, false negatives" in explorer.sentence()
    explorer.cuts = {"Black": 11, "White": 11}
    assert "nobody can say" in explorer.sentence()
    assert in_percent(0.12345) == "12.3 %" and in_percent(1.0) == "100.0 %"
    with pytest.raises(ValueError, match="cuts is"):
        threshold_explorer(PEOPLE, (0, 5))
    with pytest.raises(ValueError, match="people is two groups"):
        threshold_explorer({"Black": PEOPLE["Black"]})


def test_the_headline_is_the_table_to_the_last_defendant_and_no_pair_of_cuts_has_all_three():
    notebook = json.loads((ROOT / "solutions" / "16-ethics" / "ethics.ipynb").read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if "to the last of" in "".join(cell["source"]))
    printed = "".join("".join(output["text"]) for output in cell["outputs"] if output.get("name") == "stdout")
    assert "6,150 defendants: True" in printed
    assert re.search(r"precisions agree as well: +0$", printed, re.MULTILINE)
    best, useful = (float(number) for number in re.findall(r"([\d.]+) points, at cuts", printed))
    assert 5.5 < best < 6.5 < 9 < useful < 10


def test_half_of_the_points_are_given_by_a_person():
    from shared import LESSONS

    found = LESSONS["16-ethics"]
    assert sum(cell.points for cell in found.essays) == found.points / 2 == 50
    for cell in found.essays:
        rubric = [
            int(line.split("|")[1])
            for line in found.cell(f"essay-{cell.name}").source.splitlines()
            if re.match(r"\| \d+ \|", line)
        ]
        assert sum(rubric) == cell.points, cell.name
