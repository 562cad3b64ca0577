"""How far conversions are as loud, as quiet in pauses and as wide as their sources.

    python benchmarks/as_the_source.py jazz2classical song.flac master.mp3 --seconds 20
    python benchmarks/as_the_source.py five_voices --to ru_male clip.ogg

For each file: gated level before and after, samples beyond full scale, correlation of the first two channels, level
of the first over the last, how far the conversion is above the source in pauses (seconds 25 dB below its level or
more), and the median pitch that its loudest channel has as speech.
"""

import argparse

import numpy as np
import soundfile

import melgan_vc as mv
from melgan_vc.audio.channels import ChannelMeter, Mix
from melgan_vc.audio.loudness import gated_level
from melgan_vc.audio.pitch import median_pitch

_PAUSE_DB = -25.0


def measured(sound: np.ndarray, rate: int) -> dict[str, float]:
    """Figures of sound ``(samples, channels)``."""
    meter = ChannelMeter(rate, sound.shape[1])
    meter.update(sound)
    alone = [Mix((channel,), (1.0,)) for channel in range(sound.shape[1])]
    levels = [meter.level_db(mix) for mix in alone]
    several = sound.shape[1] > 1 and np.ptp(sound, axis=0).min() > 0
    loudest = sound[:, int(np.argmax(levels))]
    return {
        "level": gated_level(sum(meter.powers(mix) for mix in alone), meter.lengths),
        "beyond": int(np.count_nonzero(np.abs(sound) > 1.0)),
        "correlation": float(np.corrcoef(sound[:, :2].T)[0, 1]) if several else float("nan"),
        "panning": levels[0] - levels[-1] if several else float("nan"),
        "pitch": median_pitch(loudest, rate),
    }


def pause_above(source: np.ndarray, made: np.ndarray, rate: int, level: float) -> float:
    """Of all seconds of pause, how far the conversion is above its source at most, in dB; NaN without a pause."""

    def seconds(sound: np.ndarray) -> np.ndarray:
        whole = len(sound) // rate * rate
        power = np.square(sound[:whole], dtype=np.float64).sum(axis=1).reshape(-1, rate).mean(axis=1)
        return 10.0 * np.log10(power + 1e-12)

    before, after = seconds(source), seconds(made)
    pauses = before < level + _PAUSE_DB
    return float(np.max((after - before)[pauses])) if pauses.any() else float("nan")


def main() -> None:
    """Print a row of Markdown for each file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--to")
    parser.add_argument("--seconds", type=float, default=20.0, help="from each file, after its first third")
    chosen = parser.parse_args()
    model = mv.load_model(chosen.model)
    print("| file | channels | level | beyond | correlation | panning | pause above | pitch |\n|" + "---|" * 8)
    for name in chosen.files:
        info = soundfile.info(name)
        wanted = min(int(chosen.seconds * info.samplerate), info.frames)
        start = min(info.frames // 3, info.frames - wanted)
        source, rate = soundfile.read(name, frames=wanted, start=start, dtype="float32", always_2d=True)
        made = model.convert(source, rate, to=chosen.to)
        before, after = measured(source, rate), measured(made, rate)
        pause = pause_above(source, made, rate, before["level"])
        figures = [f"{before[figure]:.2f} → {after[figure]:.2f}" for figure in ("correlation", "panning")]
        print(
            f"| {name.rsplit('/', 1)[-1]} | {source.shape[1]} | {before['level']:.1f} → {after['level']:.1f} "
            f"| {after['beyond']} | {' | '.join(figures)} | {pause:.1f} "
            f"| {before['pitch']:.0f} → {after['pitch']:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
