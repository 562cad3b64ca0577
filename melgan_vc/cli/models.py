"""``melgan-vc models``: the trained models that ship with the package."""

from melgan_vc.cli.common import plain_errors


@plain_errors
def models() -> None:
    """List the trained models that ship: what each converts, sampling rate, method, size.

    A name goes to --model in place of a run folder: melgan-vc convert clip.wav --model NAME. A run folder of that
    name wins; ./NAME is always a path. A vocoder goes to --vocoder; models find the one that fits by themselves.
    """
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from melgan_vc.pretrained import catalogue

    root, console = catalogue.shipped_folder(), Console()
    names = catalogue.model_names(root)
    vocoders = catalogue.vocoder_names(root)
    if not names + vocoders:
        console.print("No trained models ship with this version. Train your own: melgan-vc train travelgan --help")
        return
    table = Table()
    for heading in ("name", "task", "rate", "method", "size"):
        # Only the task gives way on a narrow terminal: a name must survive being copied.
        table.add_column(heading, no_wrap=heading != "task", overflow="fold")
    for name in names + vocoders:
        model = catalogue.describe(root / name)
        many = model.config.method.named_domains
        task = f"{model.task or '-'}" + (f"\n--to {', '.join(many)}; --like FILE" if many else "")
        cells = [model.name, task, f"{model.config.mel.rate} Hz", model.config.method.name]
        table.add_row(*map(escape, cells), f"{model.size / 1e6:.1f} MB")
    console.print(table)
    console.print("Convert with: melgan-vc convert INPUT --model NAME", highlight=False)
    if vocoders:
        console.print(f"Vocoders, which models find by themselves: {', '.join(vocoders)}", highlight=False)
