"""The explorer of lesson 08: one picture moved by six sliders and relit by two, read once on the left and after every
step on the right. Lesson 08 (The same dog, many pictures) shows it; the drawing is in augmentation.js.
Read course/augmentation.py first: the matrices, the padding and the light come from there."""

import torch
from matplotlib.figure import Figure
from torch import Tensor
from traitlets import Bool, Bytes, Enum, Float, Int

from course import plots
from course.augmentation import PADDINGS, compose, relight, sharpness, shift, warp
from course.explorers import Explorer, figure_of, front_end

LARGEST = 128  # pixels a side: the browser warps the picture seven times for every frame


class AugmentationExplorer(Explorer):
    """A picture and what is done to it. `pixels` are its bytes, (3, height, width); degrees turn it clockwise, zoom
    enlarges it, lean moves its rows sideways, across shifts it by a share of its width, tilt takes its right edge away;
    brightness is a step and contrast a factor on the logits."""

    _esm = front_end("shared.js", "augmentation.js")
    STATE = ("flip", "degrees", "zoom", "lean", "across", "tilt", "brightness", "contrast", "padding")
    pixels = Bytes().tag(sync=True)
    height = Int().tag(sync=True)
    width = Int().tag(sync=True)
    flip = Bool(False).tag(sync=True)
    degrees = Float(0.0).tag(sync=True)
    zoom = Float(1.0).tag(sync=True)
    lean = Float(0.0).tag(sync=True)
    across = Float(0.0).tag(sync=True)
    tilt = Float(0.0).tag(sync=True)
    brightness = Float(0.0).tag(sync=True)
    contrast = Float(1.0).tag(sync=True)
    padding = Enum(PADDINGS, default_value="reflection").tag(sync=True)

    @property
    def picture(self) -> Tensor:
        """(1, 3, height, width), from 0 to 1."""
        return (
            torch.frombuffer(bytearray(self.pixels), dtype=torch.uint8).view(1, 3, self.height, self.width).float()
            / 255
        )

    def steps(self) -> list[Tensor]:
        """The matrices of the movements in use, about the middle of the picture, the first to be done first."""
        x, y = (self.width - 1) / 2, (self.height - 1) / 2
        angle = torch.deg2rad(torch.tensor(self.degrees))
        cosine, sine = float(angle.cos()), float(angle.sin())
        kinds = [
            (self.flip, [[-1, 0, 0], [0, 1, 0], [0, 0, 1]]),
            (self.zoom != 1, [[self.zoom, 0, 0], [0, self.zoom, 0], [0, 0, 1]]),
            (self.lean, [[1, self.lean, 0], [0, 1, 0], [0, 0, 1]]),
            (self.degrees, [[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1]]),
            (self.across, [[1, 0, self.across * self.width], [0, 1, 0], [0, 0, 1]]),
            (self.tilt, [[1, 0, 0], [0, 1, 0], [self.tilt / x, 0, 1]]),
        ]
        return [
            compose([shift(-x, -y), torch.tensor(rows, dtype=torch.float32), shift(x, y)])
            for used, rows in kinds
            if used
        ]

    def both(self) -> tuple[Tensor, Tensor]:
        """The picture read once, and read after every step, each (1, 3, height, width)."""
        steps = self.steps()
        once = warp(self.picture, compose(steps), self.padding) if steps else self.picture
        often = self.picture
        for step in steps:
            often = warp(often, step, self.padding)
        light = torch.tensor([self.brightness]), torch.tensor([self.contrast])
        return relight(once, *light), relight(often, *light)

    def sentence(self) -> str:
        done = [
            *(["mirrored"] if self.flip else []),
            *([f"{figure_of(self.zoom)} times as large"] if self.zoom != 1 else []),
            *([f"leaning by {figure_of(self.lean)}"] if self.lean else []),
            *(
                [f"turned {abs(self.degrees):.0f}\u00b0 {'with' if self.degrees > 0 else 'against'} the clock"]
                if self.degrees
                else []
            ),
            *(
                [f"shifted {abs(self.across):.0%} to the {'right' if self.across > 0 else 'left'}"]
                if self.across
                else []
            ),
            *([f"its {'right' if self.tilt > 0 else 'left'} edge tilted away"] if self.tilt else []),
            *(["brighter" if self.brightness > 0 else "darker"] if self.brightness else []),
            *([f"with {'more' if self.contrast > 1 else 'less'} contrast"] if self.contrast != 1 else []),
        ]
        count = len(self.steps())
        if not done:
            return "The picture as it came: every slider is at rest."
        what = f"The picture is {', '.join(done)}."
        if count < 2:
            return (
                f"{what} With {'one movement' if count else 'no movement'} in use, both sides read it "
                f"{'once' if count else 'as it is'}."
            )
        once, often = (
            shown[
                ..., self.height // 4 : self.height - self.height // 4, self.width // 4 : self.width - self.width // 4
            ]
            for shown in self.both()
        )
        kept = float(sharpness(often) / sharpness(once).clamp(min=1e-6))
        return (
            f"{what} Read after each of the {count} movements, its middle has {kept:.0%} of the sharpness that it "
            "has when it is read once."
        )

    def draw(self) -> Figure:
        figure, panels = plots.figure(2, width=8.0, height=4.0)
        for axes, name, shown in zip(
            panels, ("one matrix, read once", "step by step, read after each"), self.both(), strict=False
        ):
            plots.image(axes, shown[0], name)
        return figure

    def still(self) -> tuple[Figure, str]:
        """A picture to which nothing has been done makes a dull still: then it shows five movements."""
        if self.steps():
            return super().still()
        shown = AugmentationExplorer(
            pixels=self.pixels,
            height=self.height,
            width=self.width,
            degrees=-35,
            zoom=1.2,
            lean=0.3,
            across=0.05,
            tilt=0.2,
        )
        try:
            return shown.draw(), shown.sentence()
        finally:
            shown.close()


def augmentation_explorer(picture: Tensor, state: str | dict | None = None, **settings) -> AugmentationExplorer:
    """The explorer for one picture, (3, height, width) or (1, height, width), floats in [0, 1], at most 128 pixels a
    side. settings: any trait of AugmentationExplorer, degrees=20 say. state: see `Explorer.begin`. Raises ValueError
    for a picture of another shape or range."""
    if (
        picture.ndim != 3
        or picture.shape[0] not in (1, 3)
        or not 2 <= min(picture.shape[1:]) <= max(picture.shape[1:]) <= LARGEST
    ):
        raise ValueError(
            f"picture has shape {tuple(picture.shape)}; wanted (3, height, width) or (1, height, width), 2 to "
            f"{LARGEST} pixels a side"
        )
    if not picture.is_floating_point() or not 0 <= float(picture.min()) <= float(picture.max()) <= 1:
        raise ValueError(
            f"picture is {picture.dtype} from {picture.min():.3g} to {picture.max():.3g}; wanted floats from 0 to 1"
        )
    pixels = (picture.detach().cpu().float().expand(3, -1, -1) * 255).round().to(torch.uint8)
    return AugmentationExplorer(
        pixels=pixels.numpy().tobytes(), height=picture.shape[1], width=picture.shape[2], **settings
    ).begin(state)
