"""Pictures of what people see in a day with the course, taken by the browser tests while they run.
No lesson; `python -m tools.moments` makes them anew into docs/pictures/moments/ (a few minutes). The tests call
`moment` of tests/browser/conftest.py.
Read tests/browser/test_first_minute.py first."""

import os
import subprocess
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "pictures" / "moments"
COLOURS = 128  # screenshots are flat: so many are enough, and a third of the bytes


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/browser"], cwd=ROOT, env={**os.environ, "MOMENTS": str(FOLDER)}
    )
    for file in sorted(FOLDER.glob("*.png")):
        Image.open(file).convert("RGB").quantize(COLOURS).save(file, optimize=True)
        print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1000} kB")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
