"""The comparison with PyTorch and librosa, where PyTorch is not installed: help, table, and what to install."""

import importlib.util
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def peers(monkeypatch):
    """The script, on a machine without PyTorch."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "torch" else found(name, *rest)
    )
    import peers

    yield peers
    sys.modules.pop("peers")


def figures(*ratios: float, compiler: str | None = "g++") -> dict:
    """Figures of a vocoder's step, with a ratio beside each peer."""
    rows = [
        {"work": "vocoder", "peer": f"peer {number}", "ours_s": 1.0, "theirs_s": ratio, "times_as_fast": ratio}
        for number, ratio in enumerate(ratios)
    ]
    return {"versions": {"tensorflow": "2.21.0"}, "threads": 2, "load": 0.4, "compiler": compiler, "rows": rows}


def test_help_says_what_can_be_measured(peers, capsys):
    with pytest.raises(SystemExit) as ended:
        peers.main(["--help"])
    assert ended.value.code == 0
    printed = capsys.readouterr().out
    assert all(work in printed for work in peers.WORKS)


def test_without_pytorch_it_says_what_to_install(peers):
    with pytest.raises(SystemExit, match=r"Expected PyTorch .* received: .*pip install 'melgan_vc\[peers\]'"):
        peers.main([])


def test_a_row_is_the_median_of_neighbouring_turns(peers):
    row = peers.row("phase", "librosa", {"ours": [1.0, 2.0, 1.0], "librosa": [3.0, 4.0, 9.0]})
    assert (row["ours_s"], row["theirs_s"], row["times_as_fast"]) == (1.0, 4.0, 3.0)


def test_the_table_says_what_is_won_and_what_is_lost_and_why(peers, monkeypatch):
    monkeypatch.setitem(peers.REASONS, "vocoder", "it pours")
    won, lost = peers.table(figures(1.5)), peers.table(figures(1.5, 0.8))
    assert "| training step, vocoder | peer 0 | 1.000 | 1.500 | 1.50 × won |" in won
    assert "pours" not in won and "lost" not in won
    assert "0.80 × **lost**" in lost and "Lost, training step, vocoder: it pours." in lost


def test_the_table_says_where_nothing_could_be_compiled(peers):
    assert "no C++ compiler" in peers.table(figures(1.5, compiler=None))
    assert "no C++ compiler" not in peers.table(figures(1.5))
