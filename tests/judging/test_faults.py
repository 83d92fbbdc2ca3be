"""Faults that the checks had before calls were drawn, one of each kind: right and refused, wrong with full points, a
false word, green below red. tests/answers/ holds the answers of each lesson; what stands here is the kind that was met.
Read grader/judging/answers.py first."""

import pytest
from shared import LESSONS

from course.checks.session import Attempt, Session
from grader.judging.answers import Bench, solved

pytestmark = pytest.mark.usefixtures("nothing_is_made_smaller")


def said_of(folder: str, name: str, text: str, says_why: bool = True) -> tuple[set[str], str]:
    """What the checks at home say of an answer, the other exercises being solved: the statuses, and all words
    together."""
    results = Bench(LESSONS[folder], {**solved(LESSONS[folder]), name: text}).results(name, says_why=says_why)
    return {result.status for result in results}, " ".join(f"{result.message} {result.mistake}" for result in results)


RIGHT = {
    "a table that an experiment imported": (
        "05-convolutions",
        "edge_strength",
        """
@exercise
def edge_strength(image):
    across, down = (
        convolve(image, KERNELS[name].to(image)) for name in ("brighter to the right", "brighter downwards"))
    return torch.hypot(across, down)
""",
    ),
    "torch.nn.functional, by the name of a cell above": (
        "05-convolutions",
        "pool",
        """
@exercise
def pool(images, size, stride=None, kind="max"):
    if kind not in ("max", "average"):
        raise ValueError(kind)
    pools = {"max": nn.functional.max_pool2d, "average": nn.functional.avg_pool2d}
    return pools[kind](images, size, stride)
""",
    ),
    "a function that an experiment imported": (
        "06-dropout",
        "train_and_measure",
        """
@exercise
def train_and_measure(build, practise, train, test, rounds):
    model, found = build(), []
    for _ in range(rounds):
        model.train()
        practise(model, *train)
        model.eval()
        found.append(accuracy(model, *test))
    return found
""",
    ),
    "a name that an experiment defined": (
        "11-gans",
        "generator_loss",
        "@exercise\ndef generator_loss(fake):\n    return soft(-fake).mean()\n",
    ),
    "a line below that uses torch's own": (
        "04-networks",
        "sigmoid",
        solved(LESSONS["04-networks"])["sigmoid"] + "\nprint(sigmoid(torch.zeros(2)))\n"
        "assert torch.allclose(sigmoid(torch.ones(3)), torch.sigmoid(torch.ones(3)))\n",
    ),
    "a word in another line of the cell": (
        "04-networks",
        "sigmoid",
        "def getattr_of(x):\n    return getattr(x, 'compile', None)\n\n\n" + solved(LESSONS["04-networks"])["sigmoid"],
    ),
}


@pytest.mark.parametrize("kind", RIGHT)
def test_what_is_right_is_not_refused(kind: str):
    statuses, words = said_of(*RIGHT[kind])
    assert statuses == {"passed"}, words


WRONG = {
    "the number of classes guessed": (
        "01-tensors",
        "one_hot",
        "@exercise\ndef one_hot(labels, classes):\n    return torch.nn.functional.one_hot(labels).float()\n",
    ),
    "a walk that is held back": (
        "03-descent",
        "descend",
        """
@exercise
def descend(start, x, y, learning_rate, steps):
    path = [start]
    for _ in range(steps):
        path.append((path[-1] - learning_rate * line_gradient(path[-1], x, y)).clamp(-20, 20))
    return torch.stack(path)
""",
    ),
    "steps that raise the loss refused": (
        "03-descent",
        "descend",
        """
@exercise
def descend(start, x, y, learning_rate, steps):
    path = [start]
    def loss(at):
        return ((y - at[0] * x - at[1]) ** 2).mean()
    for _ in range(steps):
        there = path[-1] - learning_rate * line_gradient(path[-1], x, y)
        path.append(there if loss(there) <= loss(path[-1]) else path[-1])
    return torch.stack(path)
""",
    ),
    "gradients that add up at the second call": (
        "03-descent",
        "line_gradient",
        """
kept = {}

@exercise
def line_gradient(parameters, x, y):
    mine = kept.setdefault(parameters.data_ptr(), parameters.detach().clone().requires_grad_(True))
    ((y - mine[0] * x - mine[1]) ** 2).mean().backward()
    return mine.grad.clone()
""",
    ),
    "images detached": (
        "05-convolutions",
        "conv2d",
        """
@exercise
def conv2d(images, kernels, bias=None, stride=1, padding=0):
    return torch.nn.functional.conv2d(images.detach(), kernels, bias, stride, padding)
""",
    ),
    "a mask that is kept": (
        "06-dropout",
        "dropout",
        """
masks = {}

@exercise
def dropout(x, p=0.5, training=True, generator=None):
    if not 0 <= p < 1:
        raise ValueError(p)
    if not training:
        return x
    key = (tuple(x.shape), p)
    if key not in masks:
        masks[key] = torch.rand(x.shape, generator=generator, device=x.device) >= p
    return masked(x, masks[key], p)
""",
    ),
    "no gradient through a norm": (
        "07-batchnorm",
        "batch_norm",
        solved(LESSONS["07-batchnorm"])["batch_norm"].replace("@exercise\n", "@exercise\n@torch.no_grad()\n"),
    ),
    "whole degrees": (
        "08-augmentation",
        "rotation",
        solved(LESSONS["08-augmentation"])["rotation"].replace("### BEGIN SOLUTION", "degrees = float(round(degrees))"),
    ),
    "the codes of one column for both": (
        "16-ethics",
        "worst_slice",
        """
@exercise
def worst_slice(columns, losses, smallest):
    worst, highest = {}, -float("inf")
    for many in (1, 2):
        for chosen in itertools.combinations(range(columns.shape[1]), many):
            for code in columns[:, chosen[0]].unique().tolist():
                rows = (columns[:, list(chosen)] == code).all(dim=1)
                if rows.any() and rows.sum() >= smallest and losses[rows].mean() > highest:
                    worst, highest = {one: code for one in chosen}, float(losses[rows].mean())
    return (worst, highest) if worst else ({}, float(losses.mean()))
""",
    ),
    "records that change only when corrected": (
        "16-ethics",
        "patrol",
        """
@exercise
def patrol(rates, records, days, visits=100.0, corrected=False):
    books, rows = records, [records / records.sum()]
    for _ in range(days):
        new = books + visits * (1 / len(rates) if corrected else rows[-1]) * rates
        rows.append(new / new.sum())
        books = new if corrected else books
    return torch.stack(rows)
""",
    ),
    "the same order in each epoch": (
        "04-networks",
        "fit",
        solved(LESSONS["04-networks"])["fit"].replace(
            "mini_batches(inputs, targets, batch_size, epochs)", "[*mini_batches(inputs, targets, batch_size)] * epochs"
        ),
    ),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_wrong_does_not_get_all_points(kind: str):
    folder, name, text = WRONG[kind]
    assert text.strip() != solved(LESSONS[folder])[name].strip()
    assert "failed" in said_of(folder, name, text, says_why=False)[0]


FALSE = {
    "a mean over one axis kept": (
        "03-descent",
        "line_gradient",
        """
@exercise
def line_gradient(parameters, x, y):
    r = y - parameters[0] * x - parameters[1]
    return torch.stack([-2 * r * x, -2 * r]).mean(1, keepdim=True)
""",
        ("is missing", "one gradient for every row"),
    ),
    "a transposed result of one row": (
        "05-convolutions",
        "convolve",
        "def _right"
        + solved(LESSONS["05-convolutions"])["convolve"].split("def convolve", 1)[1].replace("convolve(", "_right(")
        + "\n@exercise\ndef convolve(image, kernel, stride=1, padding=0):\n    return _right(image, kernel, stride, "
        "padding).T\n",
        ("keepdim",),
    ),
    "biases that are written into": (
        "04-networks",
        "dense",
        "@exercise\ndef dense(inputs, weights, biases):\n    biases += 0\n    return inputs @ weights.T + biases\n",
        ("turn", "transpose"),
    ),
    "an exponential that runs over": (
        "11-gans",
        "generator_loss",
        "@exercise\ndef generator_loss(fake):\n    return torch.log(1 + torch.exp(-fake)).mean()\n",
        ("logarithm of a sigmoid",),
    ),
}


@pytest.mark.parametrize("kind", FALSE)
def test_no_false_word_is_said(kind: str):
    folder, name, text, words = FALSE[kind]
    statuses, said = said_of(folder, name, text)
    assert "failed" in statuses and not [word for word in words if word in said], said


def test_what_was_defined_before_a_cell_stopped_is_not_judged_in_its_place():
    session = Session(lesson="02-lines")
    session.attempts["mse"] = Attempt("mse", lambda prediction, target: 0.0, True)
    assert session.executor.attempt("mse") == ""
    session.note_how_it_ended(
        SyntaxError("invalid", ("a cell", 4, 1, "", 4, 2)), "@exercise\ndef mse(prediction, target):\n    return (\n"
    )
    assert (
        session.executor.attempt("mse")
        == "your cell stopped with SyntaxError at line 4: mend that first, and run it again"
    )
    session.note_how_it_ended(None, "@exercise\ndef mse(prediction, target):\n    return 0\n")
    assert session.executor.attempt("mse") == ""


def test_without_words_the_verdict_is_the_same():
    text = "@exercise\ndef mse(prediction, target):\n    return ((prediction - target) ** 2).sum()\n"
    (one, words), (other, none) = (said_of("02-lines", "mse", text, says_why=says_why) for says_why in (True, False))
    assert one == other == {"failed"} or (one == other and "failed" in one)
    assert "mean" in words and len(none) < len(words)
