"""The welcome page's picture of each lesson, cut from the picture that the lesson opens with.
No lesson; `python -m tools.covers` makes them anew into course/desk/pictures/ from the solved notebooks.
Read course/desk/welcome.py first."""

import base64
import io
import re
from pathlib import Path

import nbformat
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "course" / "desk" / "pictures"
SIZE = (240, 160)

# Of each opening picture, in shares of its width and height: left, right, top. The height follows from SIZE.
CUTS = {
    "01-tensors": (0.02, 0.40, 0.12),
    "02-lines": (0.12, 0.46, 0.12),
    "03-descent": (0.25, 0.76, 0.27),
    "04-networks": (0.69, 0.99, 0.22),
    "05-convolutions": (0.338, 0.66, 0.12),
    "06-dropout": (0.0, 0.39, 0.07),
    "07-batchnorm": (0.12, 0.5, 0.1),
    "08-augmentation": (0.17, 0.325, 0.1),
    "09-transfer": (0.205, 0.39, 0.32),
    "10-tables": (0.05, 0.355, 0.1),
    "11-gans": (0.605, 0.815, 0.2),
    "12-adversaries": (0.005, 0.245, 0.3),
    "13-explanations": (0.003, 0.163, 0.22),
    "14-efficiency": (0.0, 0.62, 0.05),
    "15-privacy": (0.505, 0.81, 0.0),
    "16-ethics": (0.06, 0.44, 0.1),
    "17-sequences": (0.2, 0.4, 0.03),
}


def opening(file: Path) -> Image.Image:
    """The first picture of a solved notebook. Raises ValueError where it has none."""
    for cell in nbformat.read(file, as_version=4).cells:
        for output in cell.get("outputs", []):
            found = re.search(r"data:image/png;base64,([^\"']+)", output.get("data", {}).get("text/html", ""))
            if found:
                return Image.open(io.BytesIO(base64.b64decode(found[1]))).convert("RGB")
    raise ValueError(f"{file} shows no picture; a lesson opens with one")


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for lesson, (left, right, top) in CUTS.items():
        drawn = opening(next((ROOT / "solutions" / lesson).glob("*.ipynb")))
        corner, width = (left * drawn.width, top * drawn.height), (right - left) * drawn.width
        cut = drawn.resize(
            SIZE, Image.Resampling.LANCZOS, box=(*corner, corner[0] + width, corner[1] + width * SIZE[1] / SIZE[0])
        )
        cut.quantize(128).save(FOLDER / f"{lesson}.png", optimize=True)
        print(f"{lesson}.png  {(FOLDER / f'{lesson}.png').stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
