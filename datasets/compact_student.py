"""Make a student that ships of a run that has one, in eight bits a weight.

    python train_cli.py autoencoder --preset student --voice ... --run runs/student
    python datasets/compact_student.py runs/student --out melgan_vc/nets/student

    python train_cli.py autoencoder --preset note_student --voice ... --run runs/note_student
    python datasets/compact_student.py runs/note_student --out melgan_vc/nets/student

What conversion uses is taken: the averaged weights.
"""

from compact import run_and_folder, write_weights
from framework import MelganVcError
from recipe import run_recipe


def main() -> None:
    """Write the file, and say its hash."""
    options = run_and_folder(__doc__, "a run folder of an autoencoder with content=student")
    from melgan_vc.methods.loading import load_network
    from melgan_vc.nets.packed_weights import packed
    from melgan_vc.runs.run_folder import RunFolder

    config, network = load_network(RunFolder(options.run))
    method = config.method
    if method.name != "autoencoder" or method.content != "student":
        raise MelganVcError(
            f"Expected a run of an autoencoder with content=student, received: {options.run}, of {method.name}"
            + (f" with content={method.content}" if method.name == "autoencoder" else "")
        )
    settings = {
        "mel": config.mel.model_dump(mode="json"),
        "columns": network.encoder.output_shape[-1],
        "channels": method.student.channels,
        "blocks": method.student_blocks,
    }
    file = f"look_ahead_{method.look_ahead}.npz"
    if method.learns_notes:
        settings |= {"look_ahead": method.look_ahead, "probabilities": True}
        file = "notes.npz"
    write_weights(options.out / file, packed(settings, network.encoder.get_weights()))


if __name__ == "__main__":
    run_recipe(main)
