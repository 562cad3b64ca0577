"""The names of folders in a model card are text, whatever they hold."""

import os

import pytest
from markdown_it import MarkdownIt

from melgan_vc.corpus.prepare import Domain
from melgan_vc.corpus.report import FolderReport
from melgan_vc.export.card import exported_card
from melgan_vc.methods.presets import preset
from melgan_vc.training.log.model_card import model_card
from melgan_vc.training.progress import Progress

NAMES = [
    "[free money](http:evil)",
    "![x](y)",
    "a | b",
    "<script>alert(1)<script>",
    "a`b`c",
    "*bold* _thin_ ~~gone~~",
    "female_ru",
    "# heading #",
    "back\\slash&amp;",
    "$x$",
    "naïve 你好",
]


def tokens_of(card: str):
    """What a page of Markdown shows: its parts, those within a line too."""
    page = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(card.split("\n---\n", 1)[1])
    return [part for token in page for part in (token, *(token.children or []))]


def card_of(names, run) -> str:
    domains = [Domain(name, None, None, (), FolderReport(name, 8000, 4000.0, ())) for name in names]
    return model_card(preset("debug"), domains, Progress(step=20, batches=20, steps=20), run)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_shown_as_it_is(name, tmp_path):
    card = card_of([name, "jazz"], tmp_path / name)
    for page in (card, exported_card(card, name=name, task="A to B")):
        tokens = tokens_of(page)
        assert not {"link_open", "image", "html_inline", "html_block", "em_open", "strong_open", "s_open"} & {
            token.type for token in tokens
        }
        shown = ["".join(part.content for part in token.children) for token in tokens if token.type == "inline"]
        assert shown[0] in (name, f"{name}: A to B")
        assert name in shown[4:], "a cell of the table has it alone"
        assert "style of {} into".format(name.replace("`", r"\x60")) in shown[1], "between backticks"


@pytest.mark.parametrize("name", ["a\n```\n# b", "a\x1b[31mb", os.fsdecode(b"caf\xe9")])
def test_a_name_that_steers_is_escaped(name, tmp_path):
    card = card_of([name, "jazz"], tmp_path / name)
    card.encode("utf-8")
    assert all(letter.isprintable() or letter == "\n" for letter in card)
    assert [token.tag for token in tokens_of(card) if token.type == "heading_open"] == ["h1"]
    assert len([token for token in tokens_of(card) if token.type == "fence"]) == 1
