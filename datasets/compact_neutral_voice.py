"""Make the neutral voice that ships of a run of one voice, in eight bits a weight.

    python datasets/compact_neutral_voice.py melgan_vc/pretrained/any_to_ru_male --out melgan_vc/nets/neutral

What conversion uses is taken: the averaged weights.
"""

from compact import run_and_folder, write_weights
from framework import MelganVcError
from recipe import run_recipe


def main() -> None:
    """Write the file, and say its hash."""
    options = run_and_folder(__doc__, "a run folder of an autoencoder with content=recognizer and one voice")
    from keras import ops

    from melgan_vc.methods.loading import load_network
    from melgan_vc.nets.packed_weights import packed
    from melgan_vc.runs.run_folder import RunFolder

    config, network = load_network(RunFolder(options.run))
    method, voices = config.method, getattr(config.method, "domains", ())
    if method.name != "autoencoder" or method.content != "recognizer" or len(voices) != 1:
        raise MelganVcError(
            "Expected a run of an autoencoder with content=recognizer and one voice, received: "
            f"{options.run}, of {method.name} with {len(voices)}"
        )
    decoder = network.decoder
    settings = {
        "mel": config.mel.model_dump(mode="json"),
        "pitch": [float(value) for value in decoder.pitch_of(voices[0])],
        "columns": decoder.decoder.input_shape[0][-1],
        "channels": method.decoder.channels,
        "blocks": method.blocks,
    }
    data = packed(settings, [*decoder.decoder.get_weights(), ops.convert_to_numpy(decoder.vectors)[0]])
    write_weights(options.out / "voice.npz", data)


if __name__ == "__main__":
    run_recipe(main)
