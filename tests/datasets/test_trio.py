"""The trio that plays the charts: harmony, time and variety, before any sound is made."""

import random
from collections import Counter
from pathlib import Path

import pytest
from charts import GROOVES, HELD_OUT_CHART, Tune, chart_names, chart_notes, chords_by_beat, plan_tune, read_chart
from comping import CHANNEL as CHORDS
from comping import VOICINGS
from improvise import LEAD_CHANNEL, QUALITIES, chord_quality, chord_tones
from jazz_trio import BRUSHES_UP_TO, LATEST, TEMPI, trio
from notes import DRUMS, Note
from swing_drums import BRUSHES, KICK, PEDAL_HAT, RIDE, STICKS
from walking_bass import CHANNEL as BASS
from walking_bass import HIGHEST, LOWEST

CHARTS = [*chart_names(), HELD_OUT_CHART]


def played(chart: str, tempo: int = 150, transpose: int = 0, seed: int = 1, choruses: int = 2) -> list[Note]:
    meter, _ = read_chart(chart)
    chorus = chords_by_beat(chart)
    return trio(chorus * choruses, meter, tempo, transpose, seed, len(chorus))


def by_beat(notes: list[Note], channel: int, tempo: int) -> dict[int, Note]:
    """The notes of a channel that lie on a beat."""
    slack = LATEST * tempo / 60 + 1e-9
    beats = {}
    for note in notes:
        position = note.start * tempo / 60
        if note.channel == channel and abs(position - round(position)) <= slack:
            beats[round(position)] = note
    return beats


@pytest.mark.parametrize("chart", CHARTS)
def test_the_bass_walks_on_every_beat_and_opens_every_bar_and_chord_with_a_root_third_or_fifth(chart):
    meter, _ = read_chart(chart)
    chords = chords_by_beat(chart) * 2
    for seed, transpose in enumerate((-5, 0, 3, 6)):
        bass = by_beat(played(chart, transpose=transpose, seed=seed), BASS, 150)
        assert sorted(bass) == list(range(len(chords)))
        assert all(LOWEST <= note.key <= HIGHEST for note in bass.values())
        starts = [beat for beat in bass if beat % meter == 0 or chords[beat] != chords[beat - 1]]
        tones = [chord_tones(chords[beat]).index((bass[beat].key - transpose) % 12) for beat in starts]
        assert set(tones) <= {0, 1, 2}
        assert Counter(tones).most_common(1)[0][0] == 0, "most often the root"


@pytest.mark.parametrize("chart", CHARTS)
def test_the_bass_line_is_one_voice_without_leaps_beyond_a_tenth(chart):
    bass = [note for note in played(chart) if note.channel == BASS]
    assert all(first.end <= second.start for first, second in zip(bass, bass[1:], strict=False))
    assert max(abs(first.key - second.key) for first, second in zip(bass, bass[1:], strict=False)) <= 16
    assert len({note.key for note in bass}) >= 10


@pytest.mark.parametrize("chart", CHARTS)
def test_every_comped_note_belongs_to_the_chord_that_sounds_or_is_anticipated(chart):
    chords = chords_by_beat(chart) * 2
    for seed in range(3):
        notes = [note for note in played(chart, seed=seed, transpose=2) if note.channel == CHORDS]
        offbeats = 0
        for note in notes:
            position = note.start * 150 / 60
            # A strum and the player's looseness may make it 0.06 beats late or 0.03 early.
            beat = round(position) if -0.04 < position - round(position) < 0.08 else int(position) + 1
            offbeats += beat > position + 0.1
            root, quality = chord_quality(chords[beat])
            assert (note.key - 2 - root) % 12 in {interval % 12 for interval in VOICINGS[quality]}
        assert 0.3 < offbeats / len(notes) < 0.95, "it leans on the off-beats, and not only on them"


def test_voicings_leave_the_root_of_a_seventh_chord_to_the_bass_and_know_every_quality():
    assert VOICINGS.keys() == QUALITIES.keys()
    for quality in ("M7", "7", "9", "m7", "m6"):
        assert 0 not in {interval % 12 for interval in VOICINGS[quality]}
        assert {QUALITIES[quality][1], QUALITIES[quality][3]} <= set(VOICINGS[quality]), "third and seventh name it"


def test_comping_changes_its_rhythm_from_bar_to_bar():
    notes = [note for note in played("last_tram", choruses=3) if note.channel == CHORDS]
    bars: dict[int, set[float]] = {}
    for note in notes:
        position = (note.start + LATEST) * 150 / 60
        bars.setdefault(int(position // 4), set()).add(position % 4 * 3 // 1)
    assert len({frozenset(bar) for bar in bars.values()}) >= 6


@pytest.mark.parametrize(("chart", "tempo"), [("two_rooms", 170), ("round_table", 139), ("last_tram", 105)])
def test_the_drummer_keeps_the_tempo_to_the_millisecond_and_swings(chart, tempo):
    meter, _ = read_chart(chart)
    drums = [note for note in played(chart, tempo=tempo) if note.channel == DRUMS]
    assert {note.program for note in drums} == {BRUSHES if tempo <= 120 else STICKS}
    thirds = [note.start * tempo / 60 * 3 for note in drums]
    assert all(third == pytest.approx(round(third), abs=1e-6) for third in thirds), "on the triplets of the beat"
    hats = {round(note.start * tempo / 60) % meter for note in drums if note.key == PEDAL_HAT}
    assert hats == ({1, 3} if meter == 4 else {1, 2})
    assert any(round(third) % 3 == 2 for third in thirds), "the skip before the beat"
    assert {KICK, PEDAL_HAT} <= {note.key for note in drums}
    assert (RIDE in {note.key for note in drums}) == (tempo > 120)


def test_the_same_seed_plays_the_same_and_another_seed_does_not():
    assert played("plateau", seed=4) == played("plateau", seed=4)
    assert played("plateau", seed=4) != played("plateau", seed=5)


def test_a_tune_of_the_trio_needs_no_mma_and_has_the_solo_on_top():
    tune = plan_tune("side_street", random.Random(2), band="trio")
    notes = chart_notes(tune, mma=None)
    assert {note.channel for note in notes} == {LEAD_CHANNEL, BASS, CHORDS, DRUMS}
    assert tune.name == f"side_street-trio-{tune.tempo}bpm-{tune.name.split('-')[-1]}"
    seconds = tune.choruses * len(chords_by_beat("side_street")) * 60 / tune.tempo
    assert seconds - 1 < max(note.end for note in notes) < seconds + 1


def test_without_a_word_a_tune_is_planned_for_mma_as_before():
    assert {plan_tune("last_tram", random.Random(seed)).grooves for seed in range(40)} <= {
        (first, second) for first, second, _, _ in GROOVES[4]
    }
    trio_tunes = [plan_tune("last_tram", random.Random(seed), band="trio") for seed in range(40)]
    assert all(tune.grooves == () for tune in trio_tunes)
    slow = [tune for tune in trio_tunes if TEMPI[4][0][0] <= tune.tempo <= BRUSHES_UP_TO]
    fast = [tune for tune in trio_tunes if BRUSHES_UP_TO < tune.tempo <= TEMPI[4][1][1]]
    assert min(len(slow), len(fast)) >= 10
    assert len(slow) + len(fast) == 40


def test_no_file_of_the_demo_was_accompanied_by_mma():
    demo = Path(__file__).parents[2] / "datasets" / "demo"
    names = [path.stem for folder in ("jazz", "held_out/jazz") for path in (demo / folder).iterdir()]
    assert len(names) >= 6
    assert all("-trio-" in name for name in names), names
    assert "MMA" not in (demo / "ATTRIBUTION.md").read_text(encoding="utf-8")


def test_the_name_of_an_mma_tune_names_its_groove():
    assert Tune("plateau", ("ModernJazz", "ModernJazz1"), 150, -2, 1, 1).name == "plateau-modernjazz-150bpm-down2"
