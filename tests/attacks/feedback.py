"""Cases 70 to 75: submissions whose words, pictures or names become code on the page or in the table of whoever reads
them. Read case.py first."""

from case import OTHERS, Attack, Case, place

SCRIPT = """
from IPython.display import HTML, Javascript, display
bad = "<script>alert('@MARK@')</script>"
display(HTML(bad))
display(Javascript("alert('@MARK@')"))
display({"text/html": bad, "application/javascript": "alert(1)"}, raw=True)
print(bad)
"""
RAISES = """
class Bad(Exception):
    pass
Bad.__name__ = Bad.__qualname__ = "<img src=x onerror=alert(1)>"
raise Bad("<script>alert(1)</script>")
"""
MARKDOWN = """<img src=x onerror="alert('@MARK@')"> <a href="javascript:alert(1)">here</a> [there](javascript:alert(1)) ![](https://tracker.example/x.png)
<details open ontoggle=alert(1)><summary>s</summary></details> <style>*{display:none}</style>

```html
</pre><script>alert(1)</script>
```
"""
OTHER_TYPES = """
from IPython.display import display
svg = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script><foreignObject><iframe srcdoc='&lt;script&gt;alert(1)&lt;/script&gt;'/></foreignObject></svg>"
for kind, value in (("image/svg+xml", svg), ("text/html", "<iframe srcdoc='<script>alert(1)</script>'></iframe>"), ("text/latex", r"$\\\\href{javascript:alert(1)}{x} \\\\unicode{<script>alert(1)</script>}$"),
                    ("application/vnd.jupyter.widget-view+json", {"model_id": "@MARK@", "version_major": 2}), ("application/javascript", "alert(1)"),
                    ("application/vnd.plotly.v1+json", {"layout": {"title": "<img src=x onerror=alert(1)>"}}), ("text/markdown", "<img src=x onerror=alert(1)>")):
    display({kind: value, "text/plain": "shown"}, raw=True)
print(r"\\(\\href{javascript:alert(1)}{x}\\)", svg)
"""
ESCAPES = r"""
print("\x1b]0;owned\x07\x1b[2J\x1b[1;1H\x1b[31mgraded: 100 points\x1b[0m\x1b]8;;https://tracker.example\x07link\x1b]8;;\x07\rgraded: 100")
print("\u202egnorw\u2066\x00\x08\x9b31m")
print("2026-01-01 00:00:00 INFO eve: 100 of 100\n\nzoe: refused")
class Odd(Exception):
    pass
Odd.__name__ = Odd.__qualname__ = "\x1b[31mRed\nzoe: refused"
raise Odd("\x1b[2J")
"""
ODD_NAME = r"""
class Odd:
    pass
Odd.__name__ = Odd.__qualname__ = "\x1b[31m<script>alert(1)</script>\n=cmd"
return Odd()
"""


def _formulas(folder, right, wrong):
    place(folder, "zoe.ipynb", right)
    for name in ("=1+1", "-1", "@SUM", "+1", "a,b", '"a"', "=cmd|' -C calc'!A0", "\t=1"):
        place(folder, f"{name}.ipynb", wrong)


EITHER = ("graded", "partly graded")
PAGES = "every word is escaped, and the page forbids scripts: pages.template, templates/page.html"
CASES = [
    Case(
        70,
        "<script> in an output",
        "Feedback",
        PAGES,
        "test",
        (Attack(SCRIPT), Attack(RAISES), Attack(body=RAISES.replace("raise Bad", "raise Bad"))),
        OTHERS,
        EITHER,
    ),
    Case(
        71,
        "onerror in Markdown",
        "Feedback",
        "an essay is shown as it was typed: records._as_plain_text, pages.template",
        "test",
        (Attack(texts=(("reflection", MARKDOWN),)),),
        OTHERS,
    ),
    Case(
        72,
        "SVG, srcdoc, MathJax, widgets, JavaScript types",
        "Feedback",
        "nothing but printed text leaves a cell: inside.Kernel.cell",
        "test",
        (Attack(OTHER_TYPES),),
        OTHERS,
    ),
    Case(
        73,
        "ANSI or log injection",
        "Feedback",
        "no control characters, no type names but plain ones: pages.without_escapes, wire.type_name",
        "test",
        (Attack(ESCAPES), Attack(body=ODD_NAME)),
        OTHERS,
        EITHER,
    ),
    Case(
        74,
        "a formula or a comma in the CSV",
        "Feedback",
        "quoted, and a sign at the front is made text: export.as_csv",
        "test",
        folder=_formulas,
        left="cannot be a student's id",
    ),
    Case(
        75,
        "from there to the instructor's page",
        "Feedback",
        "the notebook for the form grader is the lesson's, with printed text and results: "
        "records.Records._write_notebook",
        "test",
        (
            Attack(
                SCRIPT + OTHER_TYPES,
                after="# </textarea></pre><script>alert(1)</script>\n1",
                texts=(("reflection", MARKDOWN),),
            ),
        ),
        OTHERS,
        EITHER,
    ),
]
