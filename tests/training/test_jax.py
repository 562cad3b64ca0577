"""The same commands and run folders on JAX, where TensorFlow is never imported.

Run as a script, this file is a person's session on JAX, with one method after the other: a training that meets a
NaN, a resumed one that ends on time, and a conversion, each through the command's own ``main``; then what two runs
translate a log-mel to.
"""

import contextlib
import json
import sys
from pathlib import Path

import numpy as np
import pytest


def session(folder: Path, source: str, target: str, cache: str, tensorflow_run: str, method: str) -> None:
    from melgan_vc.cli import convert, train

    run, wave = str(folder / "run"), str(next(Path(source).glob("*.wav")))

    def command(main, *arguments) -> None:
        sys.argv = ["command", *map(str, arguments)]
        try:
            main()
        except SystemExit as end:
            assert not end.code, end.code

    folders = ["--source", source, "--target", target]
    if method == "vocoder":
        folders = [f"--data={source}", f"--data={target}"]
    if method == "stargan":
        folders = [f"--domain=source={source}", f"--domain=target={target}"]
    if method == "autoencoder":
        folders = ["--target", target]
    folders += ["--preset", "debug", "--steps", 15]
    command(train.main, method, "--run", run, *folders, "--cache", cache)
    first_end = json.loads(Path(run, "checkpoints", "latest.json").read_text())["step"]
    again = ["--resume", "--steps", 100_000, "--minutes", 0.0001]
    command(train.main, method, "--run", run, *again, "--cache", cache)
    how = ["--model", run] if method != "vocoder" else ["--model", untrained_run(folder), "--vocoder", run]
    command(convert.main, wave, *how, "--output", folder / "converted.wav")
    frames = np.load(folder / "frames.npy")
    made = {"of_jax": translated(Path(run), frames), "of_tensorflow": translated(tensorflow_run, frames)}
    if method == "vocoder":
        from melgan_vc.vocoders.griffin_lim import GriffinLim

        made["griffin_lim"] = GriffinLim(debug_mel(), iterations=4, on_accelerator=True).invert(frames[0])
    np.savez(folder / "on_jax.npz", **made)
    imported = [name for name in ("tensorflow", "jax", "keras") if name in sys.modules]
    (folder / "result.json").write_text(json.dumps({"first_end": first_end, "imported": imported}))


def poison_batch_12() -> None:
    """Every training meets a NaN in the weights once."""
    from melgan_vc.training.progress import Counter

    count = Counter.on_train_batch_end

    def count_and_poison(self, batch, logs=None):
        count(self, batch, logs)
        if self.progress.batches == 12:
            self.model.synchronise()
            variable = self.model.method.network.trainable_variables[0]
            variable.assign(np.full(variable.shape, np.nan))

    Counter.on_train_batch_end = count_and_poison


def untrained_run(folder: Path) -> Path:
    """A run that converts to what it was given: what is heard is the vocoder."""
    from melgan_vc.methods.presets import preset
    from melgan_vc.methods.registry import build_network
    from melgan_vc.runs.run_folder import RunFolder

    config, run = preset("debug"), RunFolder(folder / "untrained")
    run.save_config(config)
    build_network(config).save_weights(run.weights_file)
    return run.path


def debug_mel():
    """Log-mel settings of the debug preset."""
    from melgan_vc.methods.presets import preset

    return preset("debug").mel


def some_frames(method: str) -> np.ndarray:
    """Frames ``(2, 96, C)`` as a method's network is given them: log-mels, and what it hears beside them."""
    from melgan_vc.features.registry import features_of
    from melgan_vc.methods.presets import preset

    config = preset("debug", method)
    columns = config.mel.n_mels + sum(feature.columns for feature in features_of(config.method.needs, config.mel))
    return np.random.default_rng(0).uniform(-1, 1, (2, 96, columns)).astype(np.float32)


def translated(run: Path, frames: np.ndarray) -> np.ndarray:
    """What a run makes of frames ``(2, T, C)``: log-mels, or the sound of the first of a vocoder."""
    from melgan_vc.methods.loading import load_conversion
    from melgan_vc.pretrained.vocoders import load_vocoder
    from melgan_vc.runs.run_files import RunFiles

    if RunFiles(run).load_config().method.name == "vocoder":
        return load_vocoder(run).invert(frames[0])
    return load_conversion(run)(frames)


METHODS = ("autoencoder", "travelgan", "vocoder")
"""Of each kind one; that the steps of every method are those of TensorFlow, `TestBackends` shows."""


@pytest.fixture(scope="session", params=METHODS)
def jax_method(request) -> str:
    """One of `METHODS`."""
    return request.param


@pytest.fixture(scope="session")  # pytest comes to a module once for each method
def jax_sessions(tmp_path_factory, corpus, straight_run_of, run_on_jax):
    """The folder of the sessions, with one of each method's."""
    pytest.importorskip("jax")
    root = tmp_path_factory.mktemp("jax")
    for method in METHODS:
        (root / method).mkdir()
        np.save(root / method / "frames.npy", some_frames(method))
    runs = [f"{method}={straight_run_of(method)}" for method in METHODS]
    run_on_jax(__file__, root, corpus["source"], corpus["target"], corpus["cache"], *runs)
    return root


@pytest.fixture(scope="session")
def jax_session(jax_sessions, jax_method):
    """The folder of the method's session, and what it printed."""
    folder = jax_sessions / jax_method
    return folder, " ".join((folder / "printed.txt").read_text().split())  # lines are wrapped


def test_tensorflow_is_not_imported(jax_session, jax_method):
    folder, printed = jax_session
    assert json.loads((folder / "result.json").read_text())["imported"] == ["jax", "keras"]
    assert f"Training {jax_method} on cpu (jax), preset debug." in printed


def test_a_nan_is_rolled_back(jax_session):
    folder, printed = jax_session
    assert "diverged at step" in printed and "back to the checkpoint of step 10" in printed
    assert json.loads((folder / "result.json").read_text())["first_end"] == 15
    for place in folder.glob("run/checkpoints/step-*"):
        assert all(np.isfinite(array).all() for array in np.load(place / "state.npz").values())


def test_a_resumed_run_ends_when_its_minutes_are_over(jax_session):
    folder, printed = jax_session
    assert "Going on from step 15." in printed
    assert "because its time of 0.0001 min is over; everything is saved." in printed
    latest = json.loads((folder / "run" / "checkpoints" / "latest.json").read_text())
    assert latest["step"] == 16, "one step takes longer than that"


def test_conversion(jax_session, corpus):
    import soundfile

    folder, printed = jax_session
    assert "on cpu (jax): real-time factor" in printed
    source = next(corpus["source"].glob("*.wav"))
    assert soundfile.info(folder / "converted.wav").frames == soundfile.info(source).frames


def test_a_run_of_one_backend_converts_on_the_other(jax_session, jax_method, straight_run_of):
    folder, _ = jax_session
    frames, on_jax = np.load(folder / "frames.npy"), np.load(folder / "on_jax.npz")
    for name, run in (("of_jax", folder / "run"), ("of_tensorflow", straight_run_of(jax_method))):
        on_tensorflow = translated(run, frames)
        unchanged = frames if on_tensorflow.shape == frames.shape else np.zeros(1)
        assert np.abs(on_tensorflow - unchanged).max() > 2e-3, "the identity would prove little"
        np.testing.assert_allclose(on_jax[name], on_tensorflow, rtol=0, atol=1e-4)


def test_griffin_lim_on_jax_is_as_near_to_the_log_mel_as_on_the_processor(jax_session, jax_method):
    from melgan_vc.audio.mel import log_mel
    from melgan_vc.vocoders.griffin_lim import GriffinLim

    if jax_method != "vocoder":
        pytest.skip("it knows no methods: once is enough")
    folder, _ = jax_session
    mel, on_jax = np.load(folder / "frames.npy"), np.load(folder / "on_jax.npz")["griffin_lim"]
    on_processor = GriffinLim(debug_mel(), iterations=4).invert(mel[0])
    errors = [np.abs(log_mel(wave, debug_mel())[:96] - mel[0]).mean() for wave in (on_jax, on_processor)]
    assert errors[0] == pytest.approx(errors[1], rel=0.05)


def main(root: str, source: str, target: str, cache: str, *runs: str) -> None:
    from melgan_vc.engine.start import start_engine
    from tests.quick_trainings import collect_garbage_rarely, make_trainings_quick

    start_engine()
    collect_garbage_rarely()
    make_trainings_quick()
    poison_batch_12()
    for method, tensorflow_run in (run.split("=", 1) for run in runs):
        folder = Path(root, method)
        with open(folder / "printed.txt", "w") as printed, contextlib.redirect_stdout(printed):
            session(folder, source, target, cache, tensorflow_run, method)


if __name__ == "__main__":
    main(*sys.argv[1:])
