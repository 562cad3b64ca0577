"""Which layer of the recogniser tells phonemes alike in every voice: a linear map made for one, heard in others.

    python datasets/five_voices.py --out data/five_voices
    python benchmarks/content_layers.py data/five_voices --to ru_male

For each layer, columns with mean 0 and deviation 1 in each voice; ridge regression from a frame of the wanted voice
to the phoneme that hama hears in it; and the share of frames in which it is right, of held-out frames of that voice
and of the others. Frames in which hama hears a blank are left out, and phonemes that are rare in the wanted voice.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "datasets"))

RATE = 16000
LAYERS = 6
FRAME = 320  # samples, of both
STEP = 2 * RATE  # lengths are multiples of it, so that few are compiled
SECONDS, OTHERS_SECONDS, LONGEST = 480, 150, 10
RARE = 40  # frames
HELD_OUT = 0.2
RIDGE = 300.0


def clips_of(folder: Path, seconds: float) -> list[np.ndarray]:
    """Clips of a folder, in an order of chance, that together are as long as asked."""
    from melgan_vc.audio.files import find_audio, read

    found, total = [], 0.0
    for path in np.random.default_rng(0).permutation([*map(str, find_audio(folder))]):
        wave = read(Path(path), rate=RATE, mono=True)[0][: LONGEST * RATE]
        wave = wave[: len(wave) // STEP * STEP]
        if len(wave):
            found.append(wave)
            total += len(wave) / RATE
        if total > seconds:
            break
    return found


def phonemes(clips: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """What hama hears in each frame of 20 ms, the blank aside, and where it hears none."""
    from hama import ASRModel

    session = ASRModel().session
    given, told = session.get_inputs()[0].name, session.get_outputs()[0].name
    every = [np.squeeze(session.run([told], {given: clip[None]})[0])[: len(clip) // FRAME] for clip in clips]
    scores = np.concatenate(every)
    blank = scores.mean(axis=0).argmax()
    heard = scores.argmax(axis=1) != blank
    scores[:, blank] = -np.inf
    return scores.argmax(axis=1), heard


def content(clips: list[np.ndarray], layer: int, weights: dict) -> np.ndarray:
    """What a layer tells, standardised."""
    from melgan_vc.engine.forward import compiled
    from melgan_vc.features.whisper.encoder import build_encoder, set_weights
    from melgan_vc.features.whisper.log_mel import whisper_log_mel

    model = build_encoder(layer)
    set_weights(model, weights)
    forward = compiled(model, graph=True)
    found = np.concatenate([np.asarray(forward(whisper_log_mel(clip[None])))[0] for clip in clips])
    return (found - found.mean(axis=0)) / found.std(axis=0)


def main() -> None:
    """Print a row for each layer."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="a folder of voices, each a folder")
    parser.add_argument("--to", required=True, help="the voice that the map is made for")
    parser.add_argument("--cache", type=Path, default=Path("data/.cache"), help="folder for downloads")
    options = parser.parse_args()
    from compact_recogniser import published_weights

    weights = published_weights(options.cache)
    from melgan_vc.engine.start import start_engine

    start_engine()
    others = sorted(p.name for p in options.folder.iterdir() if p.is_dir() and p.name not in (options.to, "held_out"))
    clips = {
        voice: clips_of(options.folder / voice, SECONDS if voice == options.to else OTHERS_SECONDS)
        for voice in (options.to, *others)
    }
    told = {voice: phonemes(of) for voice, of in clips.items()}
    named, heard = told[options.to]
    known = np.flatnonzero(np.bincount(named[heard]) > RARE)
    print("layer", options.to, *others)
    for layer in range(1, LAYERS + 1):
        frames = {voice: content(of, layer, weights) for voice, of in clips.items()}
        use = {voice: keep & np.isin(name, known) for voice, (name, keep) in told.items()}
        held_out = np.arange(len(named)) >= (1.0 - HELD_OUT) * len(named)
        learn = use[options.to] & ~held_out
        wanted = (named[learn, None] == known).astype(np.float32)
        given = _with_one(frames[options.to][learn])
        solved = np.linalg.solve(given.T @ given + RIDGE * np.eye(given.shape[1]), given.T @ wanted)
        use[options.to] = use[options.to] & held_out
        right = [
            np.mean(
                known[(_with_one(frames[voice][use[voice]]) @ solved).argmax(axis=1)] == told[voice][0][use[voice]]
            )
            for voice in frames
        ]
        print(layer, *(f"{share:.3f}" for share in right), flush=True)


def _with_one(frames: np.ndarray) -> np.ndarray:
    return np.concatenate([frames, np.ones((len(frames), 1), np.float32)], axis=1)


if __name__ == "__main__":
    main()
