"""The explorer of lesson 09: a maze that one walks through by holding up poses, which lesson 05's network, cut before
its last layer, looks at, and a head that learns on the page reads. Lesson 09 (Standing on what was learned) shows it;
the drawing and the same arithmetic are in transfer.js, the network's weights in pad.npz.
Read course/explorers/pad.py first: the drawn strokes and the network come from there."""

import math
from functools import cache

import torch
from matplotlib.figure import Figure
from torch import Tensor
from traitlets import Bool, Bytes, Enum, Float, Int, List, TraitError, validate

from course import plots
from course.explorers import Explorer, front_end, seeded
from course.explorers.pad import MOST, SIDE, brightness, inked, network
from course.transfer import ARMS, POSES, Scale, nearest, train_head

# The walls of the maze, S where one begins and F the flag.
MAZE = (
    "#########",
    "#S.#....#",
    "#.##.##.#",
    "#....#..#",
    "###.##.##",
    "#...#...#",
    "#.###.#.#",
    "#.....#F#",
    "#########",
)
START, FLAG = [1, 1], [7, 7]
WAYS = ((0, -1), (1, 0), (0, 1), (-1, 0))  # right and down, in the order of POSES
MOST_EXAMPLES, HELD_OUT = 10, 10  # sprites of each pose to learn from, and others to hold up
COPIES, STEPS, RATE, NEIGHBOURS, SURE = 2, 100, 2.0, 3, 0.5
TURN, SLIP = 40.0, 4.0  # degrees and pixels, the most that full nerves do, to either side
HALVES = (slice(0, 4), slice(3, 7))  # of the 7 by 7 places of the last maps, the middle in both


def sprite(pose: int, seed: int) -> list[list[float]]:
    """A small person who holds a pose, as strokes of x, y, x, y, ... from 0 to 28, another one for each seed."""
    chance = seeded(1000 * pose + seed)
    lot = [2 * next(chance) - 1 for _ in range(8)]
    scale = 1 + 0.1 * lot[2]

    def at(x: float, y: float) -> list[float]:
        return [round(14 + 1.7 * lot[0] + scale * x, 1), round(14 + 1.7 * lot[1] + scale * y, 1)]

    def limb(x: float, y: float, degrees: float, length: float) -> list[float]:
        angle = math.radians(degrees)
        return [*at(x, y), *at(x + length * math.cos(angle), y - length * math.sin(angle))]

    head = [part for turn in range(9) for part in at(*circle(turn / 8, 1.6))]
    return [
        head,
        [*at(0, -3.4), *at(0, 4)],
        limb(0, -3, ARMS[pose] + 16 + 10 * lot[3], 7.8),
        limb(0, -3, ARMS[pose] - 16 + 10 * lot[4], 7.8),
        limb(0, 4, -70 + 10 * lot[5], 7.2),
        limb(0, 4, -110 + 10 * lot[6], 7.2),
    ]


def circle(turn: float, radius: float) -> tuple[float, float]:
    """A place on the edge of the head, above the shoulders, turn from 0 to 1."""
    return radius * math.cos(2 * math.pi * turn), -5.6 + radius * math.sin(2 * math.pi * turn)


def unsteady(strokes: list[list[float]], nerves: float, lot: int) -> list[list[float]]:
    """Strokes as a nervous hand holds them: turned about the middle and out of place, by a lot of its own."""
    chance = seeded(lot)
    turn, right, down = ((2 * next(chance) - 1) * nerves for _ in range(3))
    cosine, sine = math.cos(math.radians(TURN * turn)), math.sin(math.radians(TURN * turn))
    moved = []
    for stroke in strokes:
        places = zip(stroke[::2], stroke[1::2], strict=True)
        moved.append(
            [
                part
                for x, y in places
                for part in (
                    14 + cosine * (x - 14) - sine * (y - 14) + SLIP * right,
                    14 + sine * (x - 14) + cosine * (y - 14) + SLIP * down,
                )
            ]
        )
    return moved


@cache
def features(strokes: tuple[tuple[float, ...], ...]) -> Tensor:
    """What lesson 05's network makes of strokes before its last layer: the means of its 64 last maps over four
    overlapping quarters, (256,)."""
    image = inked([torch.tensor(stroke, dtype=torch.float64).reshape(-1, 2) for stroke in strokes]).float()
    mean, spread = brightness()
    maps = network().features(((image - mean) / spread)[None, None])[0]
    return torch.stack(
        [maps[:, down, across].mean(dim=(1, 2)) for down in HALVES for across in HALVES], dim=1
    ).flatten()


class MazeExplorer(Explorer):
    """The maze and who looks at the poses. strokes: what is held up; own: [pose, strokes] each, what the player has
    taught; count: sprites of each pose to learn from; nerves and lot move what is held up; shaken: whether it learns
    from shaken copies as well; by: who reads, the head or the three nearest neighbours; place and steps in the maze."""

    _esm = front_end("shared.js", "pad.js").replace("export default", "const digitPad =") + front_end("transfer.js")
    STATE = ("place", "steps", "strokes", "own", "count", "nerves", "lot", "shaken", "by")
    weights = Bytes().tag(sync=True)
    mean = Float().tag(sync=True)
    spread = Float().tag(sync=True)
    sprites: List = List().tag(sync=True)
    maze: List = List().tag(sync=True)
    place = List(Int(), default_value=START).tag(sync=True)
    steps = Int(0).tag(sync=True)
    strokes: List = List().tag(sync=True)
    own: List = List().tag(sync=True)
    count = Int(5).tag(sync=True)
    nerves = Float(0.0).tag(sync=True)
    lot = Int(1).tag(sync=True)
    shaken = Bool(False).tag(sync=True)
    by = Enum(("head", "neighbours"), default_value="head").tag(sync=True)

    @validate("strokes")
    def _are_strokes(self, proposal) -> list:
        return checked(proposal["value"])

    @validate("own")
    def _are_examples(self, proposal) -> list:
        for example in proposal["value"]:
            if not (isinstance(example, list) and len(example) == 2 and example[0] in range(len(POSES))):
                raise TraitError("own is a list of [pose, strokes], the pose from 0 to 3")
            checked(example[1])
        return proposal["value"]

    @validate("place")
    def _is_a_way(self, proposal) -> list:
        x, y = proposal["value"]
        if not (0 <= y < len(MAZE) and 0 <= x < len(MAZE[0]) and MAZE[y][x] != "#"):
            raise TraitError("place is [column, row] of a way in the maze")
        return [x, y]

    def examples(self) -> tuple[Tensor, Tensor]:
        """Features (n, 256) and poses (n,) of all that it learns from."""
        given = [(pose, self.sprites[pose][number]) for pose in range(len(POSES)) for number in range(self.count)]
        given += [(pose, strokes) for pose, strokes in self.own]
        seen, poses = [], []
        for number, (pose, strokes) in enumerate(given):
            for copy in range(1 + (COPIES if self.shaken else 0)):
                held = unsteady(strokes, 1.0, 7919 * copy + number) if copy else strokes
                seen.append(features(tuple(map(tuple, held))))
                poses.append(pose)
        return (torch.stack(seen) if seen else torch.zeros(0, 256)).double(), torch.tensor(poses, dtype=torch.int64)

    def shares(self) -> list[float] | None:
        """How sure it is of each pose of what is held up; None where there is nothing to read or to learn from."""
        known, poses = self.examples()
        if not len(known) or not any(self.strokes):
            return None
        scale = Scale(known)
        held = scale(features(tuple(map(tuple, unsteady(self.strokes, self.nerves, self.lot)))).double()[None])
        if self.by == "neighbours":
            return nearest(held, scale(known), poses, len(POSES), min(NEIGHBOURS, len(known)))[0].tolist()
        weight, bias = train_head(scale(known), poses, len(POSES), STEPS, RATE)
        return (held @ weight.T + bias).softmax(dim=1)[0].tolist()

    def sentence(self) -> str:
        n = len(POSES) * self.count + len(self.own)
        there = f"You are at the flag after {self.steps} steps. " if self.place == FLAG else ""
        learned = f"It has learned from {n} {'example' if n == 1 else 'examples'}" + (
            f", each with {COPIES} shaken copies" if self.shaken and n else ""
        )
        if not n:
            return f"{there}It has nothing to learn from. Draw a pose and teach it, or move the slider of examples."
        shares = self.shares()
        if shares is None:
            return f"{there}Nothing is held up. Draw a pose, or let one be drawn. {learned}. Nothing leaves this page."
        first, second = sorted(range(len(POSES)), key=lambda pose: -round(shares[pose], 6))[:2]
        sure, next_best = (f"{100 * shares[pose]:.0f} %" for pose in (first, second))
        walks = "" if shares[first] >= SURE else "That is not enough to walk. "
        return (
            f"{there}It sees {POSES[first]} and is {sure} sure; its second guess is {POSES[second]}, with {next_best}. "
            f"{walks}{learned}. Nothing leaves this page."
        )

    def draw(self) -> Figure:
        figure, (left, middle, right) = plots.figure(3, width=9.6, height=3.2)
        plots.image(left, torch.tensor([[float(cell != "#") for cell in row] for row in MAZE]), "The maze")
        left.plot(*self.place, marker="o", markersize=10, color=plots.COLOURS["blue"])
        left.plot(*FLAG, marker="*", markersize=14, color=plots.COLOURS["vermillion"])
        held = [
            torch.tensor(stroke, dtype=torch.float64).reshape(-1, 2)
            for stroke in unsteady(self.strokes, self.nerves, self.lot)
        ]
        plots.image(middle, inked(held) if held else torch.zeros(SIDE, SIDE), "What it sees")
        shares = self.shares() or [0.0] * len(POSES)
        right.bar(POSES, [100 * share for share in shares], color=plots.COLOURS["blue"])
        right.set(ylim=(0, 100), ylabel="how sure, %")
        return figure

    def still(self) -> tuple[Figure, str]:
        """Where nothing is held up, the still shows a pose that is."""
        if any(self.strokes):
            return super().still()
        shown = maze_explorer({**self.state, "strokes": self.sprites[1][MOST_EXAMPLES]})
        try:
            return shown.draw(), shown.sentence()
        finally:
            shown.close()


def checked(strokes: list) -> list:
    """Strokes as they came. Raises TraitError for what the field cannot hold."""
    if (
        not all(isinstance(stroke, list) and len(stroke) % 2 == 0 for stroke in strokes)
        or sum(map(len, strokes)) > MOST
        or not all(isinstance(part, int | float) and -99 <= part <= 99 for stroke in strokes for part in stroke)
    ):
        raise TraitError(f"strokes are pairs of x and y from 0 to 28, at most {MOST} numbers in all")
    return strokes


def maze_explorer(state: str | dict | None = None) -> MazeExplorer:
    """The maze, the player at its beginning, five sprites of each pose to learn from. state: see `Explorer.begin`."""
    mean, spread = brightness()
    numbers = torch.cat([part.flatten() for part in network().state_dict().values()])
    return MazeExplorer(
        weights=numbers.half().numpy().tobytes(),
        mean=mean,
        spread=spread,
        sprites=[[sprite(pose, seed) for seed in range(MOST_EXAMPLES + HELD_OUT)] for pose in range(len(POSES))],
        maze=list(MAZE),
    ).begin(state)
