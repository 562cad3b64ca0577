"""What could make a training on these folders learn the wrong thing."""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from melgan_vc.corpus.report import FolderReport
from melgan_vc.terminal.printable import printable

FEWEST_MINUTES, GOOD_MINUTES = 5.0, 20.0
MOST_CLIPPED = 0.01
BANDWIDTH_RATIO = 0.9
LEVEL_DIFFERENCE_DB = 10.0


def warnings_about(reports: Sequence[FolderReport], *, of_minutes: bool = False) -> list[str]:
    """Warnings about any number of folders, one sentence or two each; empty if all is well.

    Where minutes are what a method is for, nothing is said of few.
    """
    found = [warning for report in reports for warning in _alone(report, of_minutes=of_minutes)]
    for a, b in combinations(reports, 2):
        found += [*_bandwidths(a, b), *_levels(a, b), *_shared(a, b)]
    return list(map(printable, found))


def _alone(report: FolderReport, *, of_minutes: bool) -> list[str]:
    found = []
    lost = [file for file in report.skipped if file.reason != "not audio"]
    if lost:
        found.append(f"{report.folder}: skipped {report.skipped_sentence()}.")
    damaged = [file.path for file in report.files if file.damaged]
    if damaged:
        found.append(
            f"{report.folder}: {len(damaged)} damaged, such as {damaged[0]}; what can be decoded is used. "
            "Replace them if you can."
        )
    offset = sorted((file for file in report.files if file.offset), key=lambda file: -abs(file.offset))
    if offset:
        found.append(
            f"{report.folder}: {len(offset)} with an offset, a constant that is added to every sample: "
            f"{offset[0].offset:.2g} in {offset[0].path}, such as a faulty sound card adds. It is taken away."
        )
    if report.used_minutes < FEWEST_MINUTES and not of_minutes:
        found.append(
            f"{report.folder} holds {report.used_minutes:.1f} minutes of sound; below {FEWEST_MINUTES:g} the "
            f"critic learns the recordings by heart. Add more: {GOOD_MINUTES:g} are good."
        )
    low = [file for file in report.files if file.rate < report.rate]
    if low:
        found.append(
            f"{report.folder}: {len(low)} of {len(report.files)} files are sampled at less than the features "
            f"({min(file.rate for file in low)} Hz against {report.rate} Hz): their upper mel bands are "
            "empty. Choose a lower rate, or leave these files out."
        )
    if report.clipped > MOST_CLIPPED:
        found.append(
            f"{report.folder}: {report.clipped:.1%} of the samples are clipped, and the distortion will be "
            "learnt as part of the sound. Find recordings that are not cut off."
        )
    copies = [digest for digest, n in Counter(file.digest for file in report.files).items() if n > 1]
    if copies:
        twins = [file.path for file in report.files if file.digest == copies[0]]
        found.append(
            f"{report.folder}: {len(copies)} there more than once, such as {' = '.join(twins)}; a copy of a "
            "held-out file may be trained on. Delete the copies."
        )
    return found


def _bandwidths(a: FolderReport, b: FolderReport) -> list[str]:
    """One low-passed domain is told from the other by that alone, whatever it sounds like."""
    low, high = sorted((a, b), key=lambda report: report.bandwidth_hz)
    low_hz, high_hz = min(low.bandwidth_hz, low.fmax), min(high.bandwidth_hz, high.fmax)
    if not low.files or not high.files or low_hz >= BANDWIDTH_RATIO * high_hz:
        return []
    return [
        f"{low.folder} ends at {low_hz / 1000:.1f} kHz and {high.folder} at {high_hz / 1000:.1f} kHz: "
        f"{low.folder} seems to be low-passed, as by a codec or a lower sampling rate. The critic will tell "
        "the domains apart by that alone, and the model will learn the low-pass instead of the style. Use "
        f"recordings with the same bandwidth, or features that end at fmax = {int(low_hz // 100 * 100)} Hz."
    ]


def _levels(a: FolderReport, b: FolderReport) -> list[str]:
    if not a.files or not b.files or abs(a.level_db - b.level_db) <= LEVEL_DIFFERENCE_DB:
        return []
    quiet, loud = sorted((a, b), key=lambda report: report.level_db)
    return [
        f"{quiet.folder} is {loud.level_db - quiet.level_db:.0f} dB quieter than {loud.folder}. Loudness "
        "levelling evens that out; leave it on. The noise of the quieter recordings comes up with them."
    ]


def _shared(a: FolderReport, b: FolderReport) -> list[str]:
    theirs = {file.digest: file.path for file in b.files}
    both = [(file.path, theirs[file.digest]) for file in a.files if file.digest in theirs]
    if not both:
        return []
    mine, other = both[0]
    return [
        f"{len(both)} in both folders, such as {mine} in {a.folder} and {other} in {b.folder}: the domains "
        "overlap. Delete the copies from one."
    ]
