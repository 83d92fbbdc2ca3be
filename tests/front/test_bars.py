"""The bar of a long run: text elsewhere, on a page the browser's own element, named, and gone when the run is over.
Read course/bars.py first."""

from types import SimpleNamespace

from course import bars


def test_on_a_page_it_is_a_named_progress_element_without_a_colour_of_its_own_and_it_goes(capsys, monkeypatch):
    shown = []
    handle = SimpleNamespace(update=lambda page: shown.append(page.data))
    monkeypatch.setattr(bars, "SECONDS_BEFORE", 0)
    monkeypatch.setattr(bars, "get_ipython", lambda: SimpleNamespace(kernel=True))
    monkeypatch.setattr(bars, "display", lambda page, **_: shown.append(page.data) or handle)
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    with bars.Bar(range(4), name="game 2 of <4>") as bar:
        bar.update(4)
        bar.refresh()
        assert (
            '<progress aria-label="game 2 of &lt;4&gt;" value="4" max="4"' in shown[-1]
            and "4 of 4" in shown[-1]
            and "--jp-brand-color1" in shown[-1]
        )
    assert shown[-1] == "" and 'value="0"' in shown[0] and capsys.readouterr().err == ""


def test_elsewhere_it_is_a_line_of_text_and_none_where_none_is_wanted(capsys, monkeypatch):
    monkeypatch.setattr(bars, "SECONDS_BEFORE", 0)
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    assert list(bars.Bar("abc", name="letters")) == ["a", "b", "c"]
    assert "letters:   0%" in capsys.readouterr().err
    assert list(bars.Bar("abc", progress=False)) == ["a", "b", "c"] and capsys.readouterr().err == ""
