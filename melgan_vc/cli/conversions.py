"""The files of one ``convert``: what is told before, done one after the other, and told at the end."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from melgan_vc.cli.common import say, say_error
from melgan_vc.convert.batch import Job, why_not
from melgan_vc.convert.leftovers import sweep
from melgan_vc.convert.streams import as_files, input_name, is_stream, output_name
from melgan_vc.errors import MelganVcError, what_failed

if TYPE_CHECKING:
    from melgan_vc.convert.stream import ConvertedFile
    from melgan_vc.methods.conversion import Conversion
    from melgan_vc.vocoders.base import Vocoder


class Batch:
    """Jobs to convert. Those that cannot be written are told now, before a model is loaded or anything is read.

    Parameters
    ----------
    jobs : sequence of Job
        What is to become what.
    overwrite : bool
        Replace existing files.
    picture : bool
        Also draw source and result.
    extension : str or None
        Format of what goes to a stream, such as ``".flac"``.

    Raises
    ------
    MelganVcError
        If there is one job, and it cannot be written.
    typer.Exit
        If there are several, and none can.
    """

    def __init__(self, jobs: Sequence[Job], *, overwrite: bool, picture: bool, extension: str | None):
        self.overwrite, self.picture, self.extension = overwrite, picture, extension
        self.number, self.failed, self.jobs = len(jobs), 0, []
        for job in jobs:
            reason = why_not(job, overwrite=overwrite, picture=picture)
            if reason:
                self._fail(reason)
            else:
                self.jobs.append(job)
        if not self.jobs:
            self._end()

    def convert(self, model: "Conversion", vocoder: "Vocoder", device: str) -> None:
        """Convert every job; one that fails is told, and the rest are done."""
        from melgan_vc.terminal.console import GuardedConsole

        console = GuardedConsole(stderr=True)
        # Where sound goes to standard output, sentences must not.
        aside = any(is_stream(job.target) for job in self.jobs)
        sweep(job.target.parent for job in self.jobs if not is_stream(job.target))
        seconds, started = 0.0, time.perf_counter()
        for number, job in enumerate(self.jobs, start=1):
            name = input_name(job.source)
            try:
                with console.status(f"{number}/{len(self.jobs)} {name}"):
                    done = self._one(job, model, vocoder)
            except BrokenPipeError:
                raise
            except (MelganVcError, OSError) as error:
                self._fail(what_failed(error) if isinstance(error, OSError) else str(error))
                continue
            seconds += done.seconds
            say(f"{name} -> {output_name(job.target)}", err=aside)
            for doubt in done.doubts:
                say(f"Warning: {name}: {doubt}.", err=True)
        elapsed = time.perf_counter() - started
        if seconds:
            say(
                f"{self.number - self.failed} file(s), {seconds:.1f} s of audio in {elapsed:.1f} s on {device}: "
                f"real-time factor {elapsed / seconds:.3f}, sound by {vocoder.name}",
                err=aside,
            )
        self._end()

    def _one(self, job: Job, model: "Conversion", vocoder: "Vocoder") -> "ConvertedFile":
        from melgan_vc.convert.picture import draw_conversion
        from melgan_vc.convert.stream import convert_file

        with as_files(job.source, job.target, extension=self.extension) as (source, target):
            done = convert_file(source, target, model=model, vocoder=vocoder, overwrite=self.overwrite)
            if self.picture:
                name = input_name(job.source) if is_stream(job.source) else None
                draw_conversion(source, target, model.config.mel, overwrite=self.overwrite, source_name=name)
        return done

    def _fail(self, sentence: str) -> None:
        if self.number == 1:
            raise MelganVcError(sentence)
        self.failed += 1
        say_error(sentence)

    def _end(self) -> None:
        if self.failed:
            say(f"{self.failed} of {self.number} files could not be converted.", err=True)
            raise typer.Exit(1)
