"""Charts, solos and scores: what is played, before any sound is made."""

import itertools
import random
import zipfile

import jazz_classical
import numpy as np
import pytest
from charts import (
    GROOVES,
    HELD_OUT_CHART,
    Tune,
    balanced,
    chart_names,
    chords_by_beat,
    mma_source,
    plan_tune,
    read_chart,
)
from improvise import HIGHEST, LOWEST, chord_tones, solo
from notes import DRUMS, ENSEMBLES, Note, Strike, for_ensemble, notes_of_strikes
from scores import allowed_scores, restriction
from soundfont import levelled

from melgan_vc.errors import MelganVcError


@pytest.mark.parametrize("chart", [*chart_names(), HELD_OUT_CHART])
def test_every_bar_of_a_chart_has_chords_that_can_be_played(chart):
    meter, (key, *bars) = read_chart(chart)
    assert meter in GROOVES
    assert key.startswith("KeySig")
    assert [int(bar.split()[0]) for bar in bars] == list(range(1, len(bars) + 1))
    beats = chords_by_beat(chart)
    assert len(beats) == meter * len(bars)
    assert all(len(chord_tones(chord)) >= 4 for chord in beats)


def test_a_slash_holds_the_chord():
    assert chords_by_beat("blues_with_a_detour")[12:20] == ["Cm7", "Cm7", "F7", "F7", "Bb7", "Bb7", "Bb7", "Bb7"]


def test_the_held_out_chart_is_never_drawn_for_training():
    assert HELD_OUT_CHART not in chart_names()
    assert len(chart_names()) == 12


def test_an_unknown_chord_names_the_known_ones():
    with pytest.raises(MelganVcError, match="such as C7 or Bbm7.*received: 'Hsus4'"):
        chord_tones("Hsus4")


def test_a_solo_stays_in_its_range_and_lands_on_chord_tones():
    chords = chords_by_beat("minor_blues") * 4
    notes = solo(chords, tempo=120, transpose=0, seed=3)
    assert len(notes) > len(chords) / 4
    assert all(LOWEST - 2 <= note.key <= HIGHEST + 2 for note in notes)
    on_beat = [note for note in notes if (note.start / 0.5) % 1 == 0]
    assert on_beat
    assert all(note.key % 12 in chord_tones(chords[round(note.start / 0.5)]) for note in on_beat)
    assert all(a.end <= b.start + 1e-9 for a, b in zip(notes, notes[1:], strict=False)), "one voice"


def test_a_solo_is_the_same_for_the_same_seed_and_moves_with_the_key():
    chords = chords_by_beat("plateau")
    first = solo(chords, tempo=140, transpose=0, seed=5)
    assert first == solo(chords, tempo=140, transpose=0, seed=5)
    assert first != solo(chords, tempo=140, transpose=0, seed=6)
    higher = solo(chords, tempo=140, transpose=3, seed=5)
    assert [note.key + 3 for note in first] == [note.key for note in higher]


def test_the_mma_program_plays_every_chorus_with_its_own_groove():
    tune = Tune("round_table", ("JazzWaltz", "JazzWaltz1"), tempo=150, transpose=-2, choruses=3, seed=9)
    lines = mma_source(tune).splitlines()
    assert lines[:4] == ["RndSeed 9", "Time 3", "Tempo 150", "Transpose -2"]
    assert [line for line in lines if line.startswith("Groove")] == [
        "Groove JazzWaltz",
        "Groove JazzWaltz1",
        "Groove JazzWaltz",
    ]
    assert sum(line.startswith("16 ") for line in lines) == 3


def test_a_planned_tune_has_the_meter_of_its_chart_and_about_the_length_asked_for():
    for seed in range(20):
        tune = plan_tune("slow_lantern", random.Random(seed), seconds=75)
        assert tune.grooves[0] in {"JazzWaltz", "ModernJazzWaltz"}
        assert 50 < tune.choruses * 16 * 3 * 60 / tune.tempo < 100


def test_a_restruck_string_ends_its_earlier_note():
    strikes = [Strike(0.0, 14, 26, 52, 90), Strike(0.5, 14, 26, 52, 80), Strike(1.0, 14, 26, 52, 0)]
    strikes.append(Strike(1.5, 14, 26, 57, 70))
    assert notes_of_strikes(strikes, end=2.0) == [
        Note(0.0, 0.5, 14, 26, 52, 90),
        Note(0.5, 1.0, 14, 26, 52, 80),
        Note(1.5, 2.0, 14, 26, 57, 70),
    ]


@pytest.mark.parametrize(
    ("ensemble", "high", "low"), [("strings", 40, 43), ("winds", 73, 70), ("choir", 52, 52), ("piano", 0, 0)]
)
def test_an_ensemble_takes_the_notes_and_leaves_the_drums(ensemble, high, low):
    notes = [Note(0, 1, 0, 56, 79, 90), Note(0, 1, 15, 32, 36, 90), Note(0, 1, DRUMS, 0, 42, 90)]
    upper, lower = for_ensemble(notes, ensemble)
    assert (upper.program, upper.key, lower.program, lower.key) == (high, 79, low, 36)


@pytest.mark.parametrize("ensemble", ENSEMBLES)
def test_every_register_has_an_instrument_of_the_ensemble(ensemble):
    programs = [for_ensemble([Note(0, 1, 0, 0, key, 90)], ensemble)[0].program for key in range(21, 109)]
    assert {program for _, program in ENSEMBLES[ensemble]} == set(programs)


def test_pieces_take_soundfonts_in_turn_and_those_to_test_with_the_first(tmp_path):
    tunes = itertools.islice(jazz_classical.jazz_pieces(tmp_path, 0, "trio", ["musescore", "fluid"]), 4)
    assert [piece.soundfont for piece in tunes] == ["musescore", "fluid", "musescore", "fluid"]
    scores = list(jazz_classical.classical_pieces(tmp_path, 0, "winds", ["fluid_mono"]))
    assert {(piece.ensemble, piece.soundfont) for piece in scores} == {("winds", "fluid_mono")}
    extra = jazz_classical.extra_pieces(tmp_path, 0, "trio", "choir")
    assert {(piece.target.parent.name, piece.ensemble) for piece in extra} == {
        ("jazz", None), ("classical", "choir"), ("pairs", None), ("pairs", "choir")
    }  # fmt: skip
    assert {piece.soundfont for piece in extra} == {"musescore"}


def test_the_bass_is_softened_and_the_drums_are_not():
    assert balanced(Note(0, 1, 15, 32, 36, 100)).velocity == 50
    assert balanced(Note(0, 1, DRUMS, 32, 36, 100)).velocity == 100


def test_levelling_reaches_the_level_but_never_passes_the_peak():
    noise = np.random.default_rng(0).normal(0, 0.3, 22050).astype(np.float32)
    assert 20 * np.log10(np.std(levelled(noise))) == pytest.approx(-20, abs=0.1)
    click = np.zeros(22050, np.float32)
    click[100] = 0.2
    assert np.max(np.abs(levelled(click))) == pytest.approx(10 ** (-1 / 20), abs=1e-4)
    assert not np.any(levelled(np.zeros(100, np.float32)))


def test_the_allow_list_names_each_score_once_and_keeps_one_out():
    scores = allowed_scores()
    assert len({score.name for score in scores}) == len(scores) > 60
    assert [score.work for score in scores if score.held_out] == ["Mozart, String Quartet K. 80, movement 4"]
    assert all(20 <= score.tempo <= 200 for score in scores)
    assert not [score.path for score in scores if "palestrina" in score.path or score.path.endswith(".krn")]


@pytest.mark.parametrize(
    ("notice", "refused"),
    [
        ("for non-commercial use only", "non-commercial"),
        ("All Rights Reserved", "Rights Reserved"),
        ("© 2004 Somebody", "©"),
        ("© 2014, Creative Commons License (CC-BY)", ""),
        ("Mozart", ""),
    ],
)
def test_a_score_with_a_restriction_is_refused_even_on_the_allow_list(tmp_path, notice, refused):
    with zipfile.ZipFile(tmp_path / "a.mxl", "w") as archive:
        archive.writestr("META-INF/container.xml", "<container/>")
        archive.writestr("a.xml", f"<score-partwise><rights>{notice}</rights></score-partwise>")
    (tmp_path / "a.xml").write_text(f"<rights>{notice}</rights>", encoding="utf-8")
    assert restriction(tmp_path / "a.mxl") == refused
    assert restriction(tmp_path / "a.xml") == refused
