"""The index of a test set: made once, and made anew when its articles or the program that indexes them are others."""

from pathlib import Path

import pytest

from eval.testset import corpus
from eval.testset.corpus import article_path, open_index
from index.text.split import SplitSettings
from tests.support.fakes import GARDEN, BigramEncoder, source


def test_index_of_the_same_articles_is_made_once(encoder: BigramEncoder, tmp_path: Path) -> None:
    for _ in range(2):
        open_index("small", [source("garden", GARDEN)], tmp_path, encoder, SplitSettings()).close()
    assert [path.name for path in (tmp_path / "indexes").glob("small-*/v*")] == ["v000001"]


@pytest.mark.parametrize("changed", ["articles", "program"])
def test_index_is_made_anew_for_other_articles_or_another_program(
    changed: str, encoder: BigramEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_index("small", [source("garden", GARDEN)], tmp_path, encoder, SplitSettings()).close()
    if changed == "program":
        monkeypatch.setattr(corpus, "article_path", lambda: [Path(__file__)])
    text = GARDEN + "花市每月开放。" if changed == "articles" else GARDEN
    open_index("small", [source("garden", text)], tmp_path, encoder, SplitSettings()).close()
    assert len(list((tmp_path / "indexes").iterdir())) == 2


def test_article_path_holds_the_rooms_that_an_article_goes_through() -> None:
    rooms = {file.parent.name for file in article_path()}
    assert {"text", "encoding", "reading", "stored"} <= rooms
    assert "upkeep" not in rooms
