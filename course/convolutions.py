"""Filters walked over images: output size, convolution twice (to read, to use), edges, pooling, a small network, a map
of where it looked. Lesson 05 (Crops through a filter) builds every function here down to `class_activation_map`; later
lessons train `SmallCNN`.
Read first: `convolve`, two loops that say what a convolution is; `conv2d` is the same, made fast."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

# Kernels that picture editors have carried for decades, by name: (3, 3), rows from the top down.
KERNELS = {
    "identity": torch.tensor([[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]),
    "blur": torch.tensor([[1.0, 1.0, 1.0], [1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]) / 9,
    "soft blur": torch.tensor([[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]]) / 16,
    "sharpen": torch.tensor([[0.0, -1.0, 0.0], [-1.0, 5.0, -1.0], [0.0, -1.0, 0.0]]),
    "outline": torch.tensor([[-1.0, -1.0, -1.0], [-1.0, 8.0, -1.0], [-1.0, -1.0, -1.0]]),
    "emboss": torch.tensor([[-2.0, -1.0, 0.0], [-1.0, 1.0, 1.0], [0.0, 1.0, 2.0]]),
    # Sobel and Feldman 1968
    "brighter to the right": torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]]),
    "brighter downwards": torch.tensor([[-1.0, -2.0, -1.0], [0.0, 0.0, 0.0], [1.0, 2.0, 1.0]]),
}


def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    """How many places a kernel stops at along one axis. size, kernel: pixels; padding: pixels added at either end.

    Steps of `stride` that would leave the padded image are not taken: 28 wide, kernel 3, stride 2 -> 13.
    Raises ValueError where the kernel is longer than the padded axis."""
    if kernel > size + 2 * padding:
        raise ValueError(f"a kernel of {kernel} does not fit into {size} pixels with {padding} added at either end")
    return (size + 2 * padding - kernel) // stride + 1


def convolve(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    """One kernel walked over a grey image, place by place, to be read. image: (height, width), kernel: (kh, kw), of one
    dtype.

    Returns (rows, columns), in the image's units: at each place the sum of the products of kernel and window. Not
    flipped (what mathematics calls cross-correlation). Zeros are added around the image where padding is above 0."""
    kh, kw = kernel.shape
    rows, columns = (
        output_size(size, length, stride, padding) for size, length in zip(image.shape, kernel.shape, strict=False)
    )
    padded = nn.functional.pad(image, (padding, padding, padding, padding))
    return torch.stack(
        [
            torch.stack(
                [
                    (padded[row * stride : row * stride + kh, column * stride : column * stride + kw] * kernel).sum()
                    for column in range(columns)
                ]
            )
            for row in range(rows)
        ]
    )


def edge_strength(image: Tensor) -> Tensor:
    """How steeply brightness changes, whatever the direction. image: (height, width). Returns (height - 2, width - 2),
    0 or more.

    The length of the two Sobel responses taken together (Sobel and Feldman 1968); a step of 1 gives 4."""
    both = torch.stack([KERNELS["brighter to the right"], KERNELS["brighter downwards"]])[:, None].to(image)
    return conv2d(image[None, None], both)[0].norm(dim=0)


def windows(images: Tensor, height: int, width: int, stride: int = 1) -> Tensor:
    """Every window that a kernel of height x width stops at. images: (n, c, h, w). Returns (n, c, rows, columns,
    height, width).

    A view: no pixel is copied, though most are in several windows."""
    return images.unfold(2, height, stride).unfold(3, width, stride)


def conv2d(images: Tensor, kernels: Tensor, bias: Tensor | None = None, stride: int = 1, padding: int = 0) -> Tensor:
    """Many kernels over a batch of images with channels: the windows laid out as columns, then one matrix product.

    images: (n, c, height, width); kernels: (k, c, kh, kw); bias: (k,), added to each kernel's map, or None.
    Returns (n, k, rows, columns), equal to torch.nn.functional.conv2d. Needs room for every window's pixels, kh * kw /
    stride**2 times the images'. Raises ValueError where the channels differ or a kernel does not fit."""
    if images.ndim != 4 or kernels.ndim != 4 or images.shape[1] != kernels.shape[1]:
        raise ValueError(
            f"images has shape {tuple(images.shape)} and kernels {tuple(kernels.shape)}; wanted (n, c, height, width) "
            "and (k, c, kh, kw), "
            "with the same c"
        )
    (n, c, height, width), (k, _, kh, kw) = images.shape, kernels.shape
    rows, columns = output_size(height, kh, stride, padding), output_size(width, kw, stride, padding)
    seen = windows(nn.functional.pad(images, (padding, padding, padding, padding)), kh, kw, stride)
    # the window's pixels, then the places
    laid_out = seen.permute(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, rows * columns)
    maps = (kernels.reshape(k, -1) @ laid_out).reshape(n, k, rows, columns)
    return maps if bias is None else maps + bias[:, None, None]


def pool(images: Tensor, size: int, stride: int | None = None, kind: str = "max") -> Tensor:
    """One number for each window of size x size: the greatest ("max") or the mean ("average").

    images: (n, c, height, width). stride: pixels from window to window, `size` where none is given. A window that would
    reach beyond the edge is left out. Returns (n, c, rows, columns). Raises ValueError for another kind."""
    if kind not in ("max", "average"):
        raise ValueError(f'kind is {kind!r}; wanted "max" or "average"')
    seen = windows(images, size, size, stride or size)
    return seen.amax(dim=(-2, -1)) if kind == "max" else seen.mean(dim=(-2, -1))


def class_activation_map(features: Tensor, weights: Tensor, classes: Tensor) -> Tensor:
    """Where the evidence for a class lies: the channels added up, each times its weight for that class (Zhou et al.
    2016).

    features: (n, c, height, width), what the last linear layer sees the mean of. weights: (number of classes, c), that
    layer's. classes: (n,), whole numbers, the class asked about in each image. Returns (n, height, width); its mean
    over all places, plus the layer's bias, is the logit."""
    return torch.einsum("nchw,nc->nhw", features, weights[classes])


def enlarge(maps: Tensor, height: int, width: int) -> Tensor:
    """Coarse maps (n, h, w) at the size of the images they belong to, (n, height, width), values blended between
    places."""
    return nn.functional.interpolate(maps[:, None], size=(height, width), mode="bilinear", align_corners=False)[:, 0]


def peaks(maps: Tensor) -> Tensor:
    """The place of the greatest value of each map. maps: (n, height, width). Returns (n, 2), row and column."""
    place = maps.flatten(1).argmax(dim=1)
    return torch.stack([place // maps.shape[2], place % maps.shape[2]], dim=1)


def count_parameters(model: nn.Module) -> int:
    """How many numbers training may change."""
    return sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)


class SmallCNN(nn.Module):
    """Stages of two 3 x 3 convolutions, each halving the image but the last; the mean over all places; one linear
    layer.

    As it comes, for grey digits, it has 72,442 parameters. `features` gives what the mean is taken of, for a class
    activation map; `head` is the linear layer. Images of any size of 2 ** (stages - 1) pixels and more go through."""

    def __init__(
        self,
        channels: int = 1,
        classes: int = 10,
        widths: Sequence[int] = (16, 32, 64),
        normalise: Callable[[int], nn.Module] | None = None,
        dropout: float = 0.0,
    ):
        """channels: of the images, 1 for grey, 3 for colour. classes: logits that come out. widths: kernels in each
        stage.

        normalise: makes a layer, given how many channels it gets, that is put after each convolution and before its
        ReLU (nn.BatchNorm2d in lesson 07); None for none. dropout: the share of the pooled features dropped in training
        (lesson 06). Weights are drawn by torch.manual_seed's generator, as He et al. 2015 draw them. Raises ValueError
        without a stage."""
        super().__init__()
        if not widths:
            raise ValueError("widths is empty; it needs a number of kernels for each stage, such as (16, 32, 64)")
        layers: list[nn.Module] = []
        before = channels
        for stage, width in enumerate(widths):
            if stage > 0:
                layers.append(nn.MaxPool2d(2))
            for _ in range(2):
                # A bias before a layer that takes the mean away again would be a parameter without an effect.
                layers += [
                    nn.Conv2d(before, width, 3, padding=1, bias=normalise is None),
                    *([normalise(width)] if normalise else []),
                    nn.ReLU(),
                ]
                before = width
        self.features = nn.Sequential(*layers)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(before, classes)
        for layer in self.features:
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
                if layer.bias is not None:
                    nn.init.zeros_(layer.bias)

    def forward(self, images: Tensor) -> Tensor:
        """images: (n, channels, height, width), float. Returns logits (n, classes)."""
        return self.head(self.dropout(self.features(images).mean(dim=(2, 3))))
