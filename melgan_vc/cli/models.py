"""``melgan-vc models``: the trained models that ship with the package."""

from melgan_vc.cli.common import plain_errors


@plain_errors
def models() -> None:
    """List the trained models that ship: what each converts, sampling rate, method, size.

    A name goes to --model in place of a run folder: melgan-vc convert clip.wav --model NAME. A run folder of that
    name wins; ./NAME is always a path. A vocoder goes to --vocoder; models find the one that fits by themselves.
    """
    from melgan_vc.pretrained import catalogue
    from melgan_vc.terminal.console import GuardedConsole, say
    from melgan_vc.terminal.table import PlainTable

    root, console = catalogue.shipped_folder(), GuardedConsole()
    names = catalogue.model_names(root)
    vocoders = catalogue.vocoder_names(root)
    if not names + vocoders:
        say(console, "No trained models ship with this version. Train your own: melgan-vc train travelgan --help")
        return
    table = PlainTable()
    for heading in ("name", "task", "rate", "method", "size"):
        # Only the task gives way on a narrow terminal: a name must survive being copied.
        table.add_column(heading, no_wrap=heading != "task", overflow="fold")
    for name in names + vocoders:
        model = catalogue.describe(root / name)
        many = model.config.method.named_domains
        task = f"{model.task or '-'}" + (f"\n--to {', '.join(many)}; --like FILE" if many else "")
        cells = [model.name, task, f"{model.config.mel.rate} Hz", model.config.method.name]
        table.add_row(*cells, f"{model.size / 1e6:.1f} MB")
    console.print(table)
    say(console, "Convert with: melgan-vc convert INPUT --model NAME")
    if vocoders:
        say(console, f"Vocoders, which models find by themselves: {', '.join(vocoders)}")
