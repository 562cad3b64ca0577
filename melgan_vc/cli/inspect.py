"""``melgan-vc inspect FOLDER...``: what is in a folder of audio, and what may go wrong with it."""

from pathlib import Path
from typing import Annotated

import typer

from melgan_vc.cli.common import plain_errors


@plain_errors
def inspect(
    folders: Annotated[list[Path], typer.Argument(help="Folders of audio; two of them are compared.")],
    preset: Annotated[str, typer.Option(help="The preset to train with: its sampling rate matters.")] = "voice",
) -> None:
    """Report on folders of audio: minutes, rates, what is skipped and why, clipping, bandwidth.

    With the preset voice: whether it is speech, and of one person.
    """
    from melgan_vc.corpus.compare import warnings_about
    from melgan_vc.corpus.prepare import inspect_folders
    from melgan_vc.corpus.report import folders_table
    from melgan_vc.methods.presets import preset as find_preset
    from melgan_vc.terminal.console import GuardedConsole, say

    console = GuardedConsole()
    config = find_preset(preset)
    reports = inspect_folders(folders, mel=config.mel, corpus=config.corpus)
    console.print(folders_table(reports))
    for report in reports:
        for file in report.skipped:
            detail = f" ({file.detail})" if file.detail else ""
            say(console, f"Skipped {file.path}: {file.reason}{detail}")
    for warning in warnings_about(reports):
        say(console, f"Warning: {warning}", style="yellow")
    if preset == "voice":
        _listen(console, folders)


def _listen(console, folders: list[Path]) -> None:
    """Say which folders are not one person who speaks."""
    from melgan_vc.corpus.heard_folder import hear_folder
    from melgan_vc.terminal.console import say

    unknown = []
    for folder in folders:
        with console.status(f"listening to {folder}"):
            heard = hear_folder(folder)
        if pitch := heard.pitch():
            say(console, pitch)
        for warning in heard.warnings():
            say(console, f"Warning: {warning}", style="yellow")
        unknown += [heard.unknown] * bool(heard.unknown)
    for sentence in dict.fromkeys(unknown):
        say(console, f"Whether a folder is of one person alone was not found out. {sentence}")
