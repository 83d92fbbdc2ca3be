"""course/tables.py and course/shops.py against torch, numpy, pandas and the recipe itself, and lesson 10's headline.
Lesson 10 (Shops, dates and embeddings) teaches what is tested; its own checks are tried by tests/answers/tables.py.
Read course/tables.py first."""

import calendar
import datetime
import hashlib
import json
import math

import numpy
import pandas
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from shared import ROOT
from sklearn.metrics import mean_absolute_percentage_error
from torch import tensor
from torch.testing import assert_close

from course import data
from course import tables as lesson
from course.explorers.tables import begun, map_explorer
from course.shops import DAYS, FILMS, NEW_SHOPS, OLD_SHOPS, PEOPLE, TEST_DAYS, TOWNS

TABLES = data.shops()
PREPARED = lesson.prepare(TABLES)


# The tables


def as_lines(tables) -> bytes:
    """The three tables as lines of text: what the registry's checksum is of."""
    lines = [f"{a} {b:%Y-%m-%d} {c} {d} {e}" for a, b, c, d, e in tables.sales.itertuples(index=False)]
    lines += [f"{a} {b} {c} {'' if d != d else int(d)}" for a, b, c, d in tables.shops.itertuples(index=False)]
    lines += [f"{a:%Y-%m-%d} {b}" for a, b in tables.holidays.itertuples(index=False)]
    return "\n".join(lines).encode()


def test_the_shops_are_those_in_the_registry():
    assert "sha256:" + hashlib.sha256(as_lines(TABLES)).hexdigest() == data.registry()["shops"]["content"]


def test_the_ratings_are_those_in_the_registry():
    made = b"".join(part.nan_to_num(0).byte().numpy().tobytes() for part in data.ratings()[:2])
    assert "sha256:" + hashlib.sha256(made).hexdigest() == data.registry()["ratings"]["content"]


def test_every_old_shop_has_a_row_for_every_day_and_a_new_one_for_the_future():
    counts = TABLES.sales.groupby("shop").size()
    assert (counts.loc[:OLD_SHOPS] == DAYS).all() and (counts.loc[OLD_SHOPS + 1 :] == TEST_DAYS).all()
    assert len(counts) == len(TABLES.shops) == OLD_SHOPS + NEW_SHOPS
    assert set(TABLES.shops["town"]) == set(TOWNS)


def test_a_sale_of_nothing_is_a_closed_day_and_holidays_are_closed():
    sales = TABLES.sales
    assert ((sales["sales"] == 0) == (sales["open"] == 0)).all()
    assert (sales.loc[sales["date"].isin(TABLES.holidays["date"]), "open"] == 0).all()
    week = sales[~sales["date"].isin(TABLES.holidays["date"]) & (sales["date"].dt.day_of_week < 6)]
    assert (week["open"] == 1).all()


def test_what_no_column_says_is_fifteen_percent_of_what_was_sold_besides_the_weather():
    rows = TABLES.sales.assign(expected=TABLES.expected.numpy()).merge(TABLES.shops, on="shop")
    rows = rows[rows["open"] == 1]
    rows = rows.assign(ratio=rows["expected"] / rows["sales"], week=(rows["date"] - rows["date"].min()).dt.days // 7)
    weather = rows.groupby(["town", "week"])["ratio"].transform("mean")
    assert (rows["ratio"] / weather).std() == pytest.approx(0.15, abs=0.012)
    assert (1 / rows.groupby(["town", "week"])["ratio"].mean()).min() > 0.8 and weather.max() < 1.25


def test_a_missing_distance_means_more_sales():
    rows = PREPARED.expected[PREPARED.inputs[:, -1] == 1].mean() / PREPARED.expected[PREPARED.inputs[:, -1] == 0].mean()
    assert rows > 1.3


@pytest.mark.parametrize("made", [data.shops, data.ratings])
def test_a_seed_that_is_none_is_refused(made):
    with pytest.raises(ValueError, match="seed is 0 or more; got -1"):
        made(-1)
    with pytest.raises(TypeError, match="seed is a whole number"):
        made(1.5)


def test_another_seed_makes_other_tables():
    assert not TABLES.sales.equals(data.shops(1).sales)
    assert not torch.equal(data.ratings().known.nan_to_num(), data.ratings(1).known.nan_to_num())


def test_no_rating_is_both_known_and_held_out_and_all_are_whole_stars():
    known, held_out, genres = data.ratings()
    assert known.shape == held_out.shape == (PEOPLE, FILMS) and genres.shape == (FILMS, 3)
    assert (known.isnan() | held_out.isnan()).all()
    for table in (known, held_out):
        assert set(table[~table.isnan()].tolist()) == {1, 2, 3, 4, 5}
    assert (~known.isnan()).float().mean() == pytest.approx(1 / 3, abs=0.03)


def test_the_real_files_are_read_where_somebody_has_them(tmp_path):
    (tmp_path / "train.csv").write_text(
        "Store,DayOfWeek,Date,Sales,Customers,Open,Promo,StateHoliday,SchoolHoliday\n"
        "2,5,2015-07-31,6064,625,1,1,0,1\n1,5,2015-07-31,5263,555,1,1,0,1\n1,4,2014-12-25,0,0,0,0,c,1\n"
    )
    (tmp_path / "store.csv").write_text(
        "Store,StoreType,Assortment,CompetitionDistance,Promo2\n1,c,a,1270,0\n2,a,a,,1\n"
    )
    sales, shops, holidays = data.rossmann(tmp_path)
    assert (
        list(sales) == list(TABLES.sales)
        and list(shops) == list(TABLES.shops)
        and list(holidays) == list(TABLES.holidays)
    )
    assert sales["shop"].tolist() == [1, 1, 2] and sales["sales"].tolist() == [0, 5263, 6064]
    assert sales["date"].tolist()[0] == pandas.Timestamp(2014, 12, 25)
    assert math.isnan(shops["competitor"][1]) and shops["town"].tolist() == ["c", "a"]
    assert holidays.values.tolist() == [[pandas.Timestamp(2014, 12, 25), "c"]]
    with pytest.raises(FileNotFoundError):
        data.rossmann(tmp_path / "elsewhere")
    (tmp_path / "store.csv").write_text("Store,StoreType\n1,c\n")
    with pytest.raises(ValueError, match="store.csv has no column Assortment, CompetitionDistance"):
        data.rossmann(tmp_path)


# The functions


@given(st.dates(datetime.date(1990, 1, 1), datetime.date(2110, 12, 31)))
@settings(deadline=None)
def test_a_date_has_the_parts_that_pandas_gives_it(day):
    stamp, parts = pandas.Timestamp(day), lesson.date_parts(day.year, day.month, day.day)
    assert parts["weekday"] == stamp.day_of_week and parts["day_of_year"] == stamp.day_of_year
    assert parts["days_left"] == stamp.days_in_month - day.day
    assert (parts["payday"] == 1) == (stamp.is_month_end or day.day == 15)
    assert parts["days_left"] < calendar.monthrange(day.year, day.month)[1]


words = st.lists(st.sampled_from(["a", "b", "c", "d", "e", None]), min_size=1, max_size=12)


@given(words, words)
def test_codes_are_the_places_in_an_index_of_pandas_and_one_more(train, new):
    known = pandas.Index(sorted({value for value in train if value is not None}), dtype=object)
    theirs = [(known.get_indexer(column) + 1).tolist() for column in (train, new)]
    assert list(lesson.categorify(train, new)) == theirs


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_gaps_are_filled_as_numpy_would_and_marked(dtype):
    nan = float("nan")
    train, new = tensor([3.0, nan, 1.0, 9.0], dtype=dtype), tensor([nan, 4.0], dtype=dtype)
    filled, other = lesson.fill_missing(train, new)
    median = float(numpy.nanmedian(train.numpy()))
    assert filled.dtype == other.dtype == dtype
    assert filled.tolist() == [[3, 0], [median, 1], [1, 0], [9, 0]] and other.tolist() == [[median, 1], [4, 0]]


@given(st.lists(st.tuples(st.floats(0.5, 50), st.floats(0.5, 50)), min_size=1, max_size=20))
@settings(deadline=None)
def test_rmspe_is_no_less_than_scikit_learns_mean_percentage_error_and_the_same_for_one_row(pairs):
    predicted, actual = tensor(pairs, dtype=torch.float64).T
    found = float(lesson.rmspe(predicted, actual))
    theirs = mean_absolute_percentage_error(actual.numpy(), predicted.numpy())
    assert found >= theirs - 1e-9
    assert float(lesson.rmspe(predicted[:1], actual[:1])) == pytest.approx(abs(pairs[0][0] / pairs[0][1] - 1), abs=1e-9)


def test_closed_days_do_not_count():
    predicted, actual = tensor([90.0, 240.0, 7.0]), tensor([100.0, 200.0, 0.0])
    assert_close(lesson.rmspe(predicted, actual), lesson.rmspe(predicted[:2], actual[:2]))


def test_a_lookup_is_torchs_embedding_and_so_is_its_gradient():
    table = torch.randn(6, 3, generator=torch.Generator().manual_seed(0), requires_grad=True)
    codes = tensor([5, 0, 5, 2])
    one_hot, rows = lesson.lookup(codes, table)
    assert torch.equal(one_hot, torch.nn.functional.one_hot(codes, 6).float())
    assert_close(rows, torch.nn.functional.embedding(codes, table))
    rows.square().sum().backward()
    ours = table.grad.clone()
    table.grad = None
    torch.nn.functional.embedding(codes, table).square().sum().backward()
    assert_close(ours, table.grad)
    assert ours[[1, 3, 4]].eq(0).all()


@pytest.mark.parametrize("decay", [0.0, 0.3])
def test_a_step_is_that_of_torchs_sgd_on_the_known_ratings(decay):
    generator = torch.Generator().manual_seed(1)
    people, films = (torch.randn(n, 2, generator=generator, dtype=torch.float64) for n in (4, 5))
    ratings = torch.randn(4, 5, generator=generator, dtype=torch.float64)
    ratings[torch.rand(4, 5, generator=generator) < 0.5] = torch.nan
    ours = lesson.factorise_step(people, films, ratings, 0.7, decay)
    theirs = [part.clone().requires_grad_() for part in (people, films)]
    known = ~ratings.isnan()
    ((theirs[0] @ theirs[1].T - ratings)[known] ** 2).mean().backward()
    torch.optim.SGD(theirs, lr=0.7, weight_decay=decay).step()
    for mine, its in zip(ours, theirs, strict=True):
        assert_close(mine, its.detach())


def test_factorising_finds_a_table_that_is_a_product():
    generator = torch.Generator().manual_seed(0)
    whole = torch.randn(30, 2, generator=generator) @ torch.randn(2, 20, generator=generator)
    holes = torch.where(torch.rand(30, 20, generator=generator) < 0.3, torch.nan, whole)
    people, films = lesson.factorise(holes, steps=3000, rate=10.0, decay=0.0)
    assert (people @ films.T - whole)[holes.isnan()].square().mean().sqrt() < 0.05


# The table and the network


def test_the_past_knows_no_row_of_the_future_and_no_new_shop():
    assert int(PREPARED.new.sum()) == int((PREPARED.new & PREPARED.future).sum()) > 100
    assert (PREPARED.inputs[PREPARED.new, 0] == 0).all() and (PREPARED.inputs[~PREPARED.new, 0] > 0).all()
    assert PREPARED.inputs[:, 1 : len(PREPARED.sizes)].min() == 1, "the future holds no other unknown code"
    standing = PREPARED.inputs[~PREPARED.future, -2]
    assert_close(standing.mean(), tensor(0.0), atol=1e-4, rtol=0)
    assert_close(standing.std(), tensor(1.0), atol=1e-4, rtol=0)


def test_a_week_that_the_past_has_not_seen_is_unknown():
    weeks = lesson.prepare(TABLES, weeks=True)
    column = weeks.inputs[:, len(PREPARED.sizes)]
    assert (column[weeks.future] == 0).all() and (column[~weeks.future] > 0).all()


def test_a_network_with_embeddings_is_the_one_hot_network_with_the_table_multiplied_in():
    torch.manual_seed(0)
    sizes, numbers = [4, 3], 2
    embedded = lesson.TableNet(sizes, numbers, [2, 2])
    one_hot = lesson.TableNet(sizes, numbers, None)
    first = embedded.layers[0]
    with torch.no_grad():
        parts = [first.weight[:, 2 * at : 2 * at + 2] @ embedded.embeddings[at].weight.T for at in range(2)]
        one_hot.layers[0].weight.copy_(torch.cat([*parts, first.weight[:, 4:]], dim=1))
        one_hot.layers[0].bias.copy_(first.bias)
        for place in (3, 6):
            one_hot.layers[place].load_state_dict(embedded.layers[place].state_dict())
    rows = torch.cat([torch.randint(0, 3, (20, 2)).float(), torch.randn(20, 2)], dim=1)
    assert_close(embedded(rows), one_hot(rows))


def test_an_output_range_is_never_left():
    torch.manual_seed(0)
    model = lesson.TableNet([3], 1, [2], between=(4.0, 11.0))
    rows = torch.tensor([[0.0, 1e4], [1.0, -1e4], [2.0, 0.0]])
    assert ((model(rows) >= 4) & (model(rows) <= 11)).all()


def test_each_part_has_a_dropout_of_its_own():
    model = lesson.TableNet([50], 1, [8], dropout=(0.5, 0.0, 0.0))
    rows = torch.cat([torch.arange(50.0)[:, None], torch.ones(50, 1)], dim=1)
    assert not torch.equal(model(rows), model(rows))
    model.eval()
    assert torch.equal(model(rows), model(rows))


def test_being_forgetful_makes_a_share_of_the_first_category_unknown_and_nothing_else():
    rows = torch.ones(10_000, 3)
    forgotten = lesson.forgetful(0.1, torch.Generator().manual_seed(0))(rows)
    assert 0.09 < float((forgotten[:, 0] == 0).float().mean()) < 0.11
    assert (forgotten[:, 1:] == 1).all() and (rows == 1).all()


def test_widths_are_half_the_codes_and_eight_at_most():
    assert lesson.widths_for([121, 7, 4, 8, 13]) == [8, 4, 2, 4, 7]


def test_the_floor_is_the_best_factor_times_what_was_expected():
    rows = PREPARED.future & ~PREPARED.new
    tried = [
        float(lesson.rmspe(factor * PREPARED.expected[rows], PREPARED.sales[rows]))
        for factor in numpy.arange(0.9, 1.1, 0.002)
    ]
    assert lesson.floor_of(PREPARED) == pytest.approx(min(tried), abs=1e-4)


def bought_by_kind() -> lesson.Table:
    """Two shops and two weekdays, where what a weekday is worth is the opposite for the other shop."""
    shop, weekday = tensor([1.0, 2.0, 1.0, 2.0]).repeat(50), tensor([1.0, 1.0, 2.0, 2.0]).repeat(50)
    one, none = torch.ones(200), torch.zeros(200)
    sales = torch.where(shop == weekday, 1000.0, 100.0)
    future = torch.arange(200) >= 150
    inputs = torch.stack([shop, one, one, weekday, one, none, none, none, none, none], dim=1)
    return lesson.Table(inputs, [3, 2, 2, 3, 2], sales, future, none.bool(), sales)


def test_a_line_says_what_a_weekday_is_worth_to_a_shop_only_where_it_has_a_column_for_the_pair():
    table = bought_by_kind()
    rows = table.future
    assert lesson.rmspe(lesson.linear(table, pairs=True)[rows], table.sales[rows]) < 0.05
    assert_close(lesson.linear(table)[rows], torch.full((50,), 10**2.5), rtol=0.05, atol=0)


def test_pairs_are_one_number_for_each_shop_and_value_and_leave_out_distances():
    columns = lesson.one_hot_columns(PREPARED, pairs=True)
    assert columns.shape == (len(PREPARED.sales), 13) and torch.equal(columns[:, :8], PREPARED.inputs[:, :8])
    for at, value in enumerate((3, 4, 5, 6, 7), start=8):
        pairs = {(shop, one) for shop, one in PREPARED.inputs[:, [0, value]].tolist()}
        assert len(columns[:, at].unique()) == len(pairs)


@pytest.mark.slow
def test_the_network_comes_nearer_to_the_floor_than_boosting_and_both_are_above_it():
    rows = PREPARED.future & ~PREPARED.new
    network = lesson.forecast(lesson.learn(PREPARED), PREPARED)
    trees = lesson.boosted(PREPARED)
    floor = lesson.floor_of(PREPARED)
    ours, theirs = (float(lesson.rmspe(guess[rows], PREPARED.sales[rows])) for guess in (network, trees))
    assert floor * 0.98 < ours < theirs < 1.15 * floor


def test_learning_leaves_the_number_of_threads_as_it_was():
    before = torch.get_num_threads()
    with lesson.one_thread():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == before


# The explorer, and the lesson


def test_the_explorer_begins_knowing_nothing_and_a_step_of_descent_mends_it():
    explorer = map_explorer(TABLES)
    assert explorer.off_by() == pytest.approx(explorer.off_by(middle=True), rel=0.05)
    week = tensor([[math.nan if value is None else value for value in row] for row in explorer.week])
    shops, days = lesson.factorise(week, steps=2000, rate=8.0, decay=0.0)
    explorer.shops, explorer.days = shops.tolist(), days.tolist()
    assert explorer.off_by() < 0.2 * explorer.off_by(middle=True)
    assert "it expects most on" in explorer.sentence()


def test_the_explorers_still_is_a_map_that_training_left_and_playing_goes_on_from_the_beginning():
    explorer = map_explorer(TABLES)
    before = explorer.state
    assert "Trained: Over all shops the map is off by 0.03" in explorer.still()[1]
    assert explorer.state == before


def test_the_explorer_refuses_what_it_cannot_show():
    with pytest.raises(ValueError, match="many is 1"):
        map_explorer(TABLES, many=1)
    with pytest.raises(ValueError, match="cannot show"):
        map_explorer(TABLES, state={"chosen": 24})
    with pytest.raises(ValueError, match="cannot show"):
        map_explorer(TABLES, state={"days": [[0, 0]]})
    assert map_explorer(TABLES, state={"chosen": 3}).chosen == 3
    assert len(begun(5, 1.0, 1)) == 5


def test_the_headline_is_at_most_an_eighth_above_the_floor_and_nearer_than_boosting():
    notebook = json.loads((ROOT / "solutions" / "10-tables" / "tables.ipynb").read_text(encoding="utf-8"))
    cell = next(
        cell for cell in notebook["cells"] if "at most an eighth above the noise floor" in "".join(cell["source"])
    )
    printed = "".join("".join(output["text"]) for output in cell["outputs"] if output.get("name") == "stdout")
    assert printed.count("True") == 2 and "False" not in printed
