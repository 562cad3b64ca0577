"""Which files are never trained on."""

from pathlib import Path

from melgan_vc.corpus.held_out import choose_held_out

NAMES = [f"{i:03}.wav" for i in range(400)]


def held_out(folder, names, share):
    paths = [Path(folder) / name for name in names]
    return {path.name for path, out in zip(paths, choose_held_out(paths, share=share), strict=True) if out}


def test_about_the_share_is_held_out():
    assert 0.05 < len(held_out("a", NAMES, 0.1)) / len(NAMES) < 0.15


def test_choice_survives_moving_the_folder_and_adding_files():
    first = held_out("a", NAMES[:200], 0.1)
    assert first == held_out("elsewhere/b", NAMES, 0.1) & set(NAMES[:200])


def test_five_files_always_hold_out_one_and_four_need_not():
    none_by_share = [name for name in NAMES if not held_out("a", [name, "x", "y"], 0.05)]
    assert len(held_out("a", none_by_share[:5], 1e-9)) == 1
    assert len(held_out("a", none_by_share[:4], 1e-9)) == 0


def test_share_of_zero_holds_out_nothing():
    assert held_out("a", NAMES, 0.0) == set()


def test_one_file_is_always_left_to_train_on():
    assert len(held_out("a", NAMES[:3], 1.0)) == 2
    assert held_out("a", NAMES[:1], 1.0) == set()
