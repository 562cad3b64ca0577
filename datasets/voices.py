"""Studio voices inside Debian packages: where they are, how to decode them, and one clip list per speaker."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import soundfile as sf
import soxr
from debian import fetch_package
from framework import MelganVcError
from recipe import Checksums, progress_bar, write_clip
from scipy.signal import fftconvolve, firwin

RATE = 16000
"""Sample rate of all these voices, in Hz."""

NOT_SPEECH = frozenset({"ascending-2tone", "beep", "beeperr", "tt-monkeys", "tt-monkeysintro"})
"""Prompts that hold tones or animals instead of the speaker."""


@dataclass(frozen=True)
class Speaker:
    """One voice and the package that holds it."""

    name: str
    package: str
    folder: str
    suffix: str
    credit: str
    held_out: tuple[str, ...] = ()
    """Clips that go into ``held_out/`` instead: for listening to a model that has not seen them."""


def asterisk(name: str, package: str, voice: str, credit: str, held_out: tuple[str, ...] = ()) -> Speaker:
    """A voice of the Asterisk telephone prompts, in the G.722 codec."""
    return Speaker(name, package, f"usr/share/asterisk/sounds/{voice}", ".g722", credit, held_out)


IVRVOICE_RU = asterisk(
    "IvrvoiceRU",
    "asterisk-core-sounds-ru-g722",
    "ru_RU_f_IvrvoiceRU",
    "IvrvoiceRU, Russian, female. Asterisk core sounds, Copyright 2010 Maxim Topal (ivrvoice.ru). Licence: "
    "CC-BY-3.0.",
    held_out=("queue-periodic-announce", "vm-forwardoptions", "confbridge-mute-extended"),
)
MSU_NSH = Speaker(
    "MSU nsh",
    "festvox-ru",
    "usr/share/festival/voices/russian/msu_ru_nsh_clunits/wav",
    ".wav",
    "MSU nsh, Russian, male. The msu_ru_nsh_clunits voice of the Festival project, Copyright (c) 2005 Nickolay V. "
    "Shmyrev. Licence: BSD-like (keep the notice, mark modifications, do not use the author's name to endorse).",
    held_out=("ru_0100", "ru_0300", "ru_0500"),
)
ALLISON_EN = asterisk(
    "Allison Smith (English)",
    "asterisk-core-sounds-en-g722",
    "en_US_f_Allison",
    "Allison Smith, English, female. Asterisk core sounds, Copyright 2003-2010 Allison Smith (theivrvoice.com). "
    "Licence: CC-BY-SA-3.0.",
)
ALLISON_ES = asterisk(
    "Allison Smith (Spanish)",
    "asterisk-core-sounds-es-g722",
    "es_MX_f_Allison",
    "Allison Smith, Spanish, female. Asterisk core sounds, Copyright 2003-2010 Allison Smith (theivrvoice.com). "
    "Licence: CC-BY-SA-3.0.",
)
WALLACK_FR = asterisk(
    "June Wallack",
    "asterisk-core-sounds-fr-g722",
    "fr_CA_f_June",
    "June Wallack, French, female. Asterisk core sounds, Copyright 2006-2008 June Wallack (junewallack.com). "
    "Licence: CC-BY-SA-3.0.",
)
FLORA_IT = asterisk(
    "Carlo Flora",
    "asterisk-core-sounds-it-g722",
    "it_IT_m_Carlo",
    "Carlo Flora, Italian, male. Asterisk core sounds, Copyright 2012 Carlo Flora (segreterietelefoniche.it). "
    "Licence: CC-BY-3.0.",
)
MENARDI_IT = Speaker(
    "Paola Dal Zot",
    "asterisk-prompt-it-menardi-alaw",
    "usr/share/asterisk/sounds/it_IT_f_Menardi",
    ".alaw",
    "Paola Dal Zot, Italian, female. Messages for Asterisk made by Marco Menardi and his wife, Copyright 2006-2011 "
    "Marco Menardi and Paola Dal Zot (http://www.voip.ammdomus.it, where new voices can be had). Licence: "
    "CC-BY-SA-3.0.",
)
ARMELLE_FR = Speaker(
    "Armelle Desjardins",
    "asterisk-prompt-fr-armelle",
    "usr/share/asterisk/sounds/fr",
    ".gsm",
    "Armelle Desjardins, French, female. Asterisk sounds, Copyright 2006 Michel Gutierrez. Licence: BSD-like (keep "
    "the notice, do not use the names of Indigen Solutions or its people to endorse).",
)


def decode_g722(path: Path) -> np.ndarray:
    """Decode raw G.722 to float32 in [-1, 1], shape (samples,), 16 kHz mono; an empty file to no samples."""
    if path.stat().st_size == 0:
        return np.zeros(0, np.float32)
    with av.open(str(path), format="g722") as container:
        frames = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
    return np.concatenate(frames).astype(np.float32) / 32768


def decode_narrow(path: Path) -> np.ndarray:
    """Decode A-law or GSM of 8 kHz to float32 in [-1, 1], shape (samples,), 16 kHz mono with nothing above 4 kHz."""
    kind = path.suffix.removeprefix(".")
    with av.open(str(path), format=kind, options={"sample_rate": "8000"} if kind == "alaw" else {}) as container:
        frames = [frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)]
    return soxr.resample(np.concatenate(frames).astype(np.float32) / 32768, 8000, RATE)


def low_pass(audio: np.ndarray, cutoff: float = 7000.0, rate: int = RATE) -> np.ndarray:
    """Remove everything above `cutoff` with a linear-phase FIR whose delay is taken out again.

    Flat to 0.1 dB up to `cutoff` minus 150 Hz, below -60 dB from `cutoff` plus 150 Hz, at 16 kHz.

    Parameters
    ----------
    audio : np.ndarray, shape (samples,)
        float32 waveform.
    cutoff : float
        Middle of the transition in Hz.
    rate : int
        Sample rate in Hz.

    Returns
    -------
    np.ndarray, shape (samples,)
        Same length, no delay.
    """
    # 255 taps of a Kaiser window (beta 6) give a transition of about 290 Hz and 63 dB of attenuation.
    taps = firwin(255, cutoff, fs=rate, window=("kaiser", 6.0))
    return fftconvolve(audio, taps, mode="same")[: len(audio)].astype(np.float32) if len(audio) else audio


def clips(speaker: Speaker, root: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files of a speaker, each with the reason to skip it, or an empty string."""
    folder = root / speaker.folder
    for path in sorted(folder.rglob(f"*{speaker.suffix}")):
        inside = path.relative_to(folder)
        if inside.parts[0] == "silence":
            yield path, "is silence"
        elif path.stem in NOT_SPEECH:
            yield path, "is not speech"
        elif path.stat().st_size == 0:
            yield path, "is empty (0 bytes)"
        else:
            yield path, ""


def build_voice(speaker: Speaker, out: Path, cache: Path, checksums: Checksums, cutoff: float | None) -> list[str]:
    """Decode every clip of a speaker into the folder `out` as 16 kHz mono FLAC and report what was skipped.

    Parameters
    ----------
    speaker : Speaker
        Which voice.
    out : Path
        Folder of this speaker, inside the folder of `checksums`; held-out clips go to ``held_out/`` beside
        it.
    cache : Path
        Folder for downloads.
    checksums : Checksums
        What is complete already; saved before returning.
    cutoff : float or None
        Low-pass in Hz; None keeps the whole band.

    Returns
    -------
    list of str
        Lines of the report: what was skipped and why, and how much was made.
    """
    root = fetch_package(speaker.package, cache)
    listed = list(clips(speaker, root))
    lines = []
    seconds = made = 0
    try:
        with progress_bar() as bar:
            for path, reason in bar.track(listed, description=speaker.name):
                inside = path.relative_to(root / speaker.folder)
                if reason:
                    lines.append(f"{out.name}: skipped {inside}: {reason}")
                    continue
                folder = out.parent / "held_out" / out.name if path.stem in speaker.held_out else out
                target = folder / "-".join(inside.with_suffix(".flac").parts)
                if not checksums.complete(target):
                    audio = read_clip(path)
                    filtered = low_pass(audio, cutoff) if cutoff else audio
                    checksums.record(target, write_clip(target, filtered, RATE))
                seconds += sf.info(target).duration
                made += 1
    finally:
        checksums.save()
    if not made:
        raise MelganVcError(
            f"Expected clips ({speaker.suffix}) under {root / speaker.folder}, found none. Delete {root} and run "
            "the recipe again; if that does not help, the package has changed its layout."
        )
    return [*lines, f"{out.name}: {made} clips, {seconds / 60:.1f} minutes, {RATE} Hz mono"]


def read_clip(path: Path) -> np.ndarray:
    """Read one clip of a package as float32 of shape (samples,) at 16 kHz."""
    if path.suffix == ".g722":
        return decode_g722(path)
    if path.suffix in (".alaw", ".gsm"):
        return decode_narrow(path)
    return sf.read(path, dtype="float32")[0]
