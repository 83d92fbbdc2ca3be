"""What stands in a saved notebook where an explorer was: its still picture, and not a widget that nobody will find the
next day. No lesson teaches this; `course lab` names `before_save` to Jupyter. Read course/explorers/__init__.py
first."""

from typing import Any

WIDGET = "application/vnd.jupyter.widget-view+json"


def before_save(model: dict[str, Any], path: str, contents_manager: Any) -> None:
    """What Jupyter calls before it writes a file (FileContentsManager.pre_save_hook): where an output has a still
    beside its widget, the file keeps the still.

    The page that is open keeps its explorers alive. In the file a widget is a number that only this kernel knows:
    opened without it, JupyterLab would show
    'model not found' instead of the picture. Running the cell brings the explorer back."""
    if model.get("type") != "notebook" or not model.get("content"):
        return
    for cell in model["content"].get("cells", []):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if WIDGET in data and "text/html" in data:
                del data[WIDGET]
