"""Configuration: what goes in comes out, and every mistake is answered with a sentence that helps."""

import json
import os
from pathlib import Path

import pytest

from melgan_vc.config.mel import MelConfig
from melgan_vc.config.method import method_config
from melgan_vc.config.method_folders import method_names
from melgan_vc.config.run import RunConfig, load_config
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.presets import preset, presets_of


def message(call, *arguments, **options) -> str:
    with pytest.raises(MelganVcError) as error:
        call(*arguments, **options)
    return str(error.value)


@pytest.mark.parametrize(
    ("name", "method"), [(name, method) for method in method_names() for name in presets_of(method)]
)
def test_json_round_trip(name, method):
    config = preset(name, method)
    assert type(config.method) is method_config(method)
    assert RunConfig.from_json(config.to_json()) == config
    assert json.loads(config.to_json())["mel"]["rate"] == config.mel.rate  # plain JSON, for people to read


def test_file_round_trip(tmp_path):
    config = preset("debug").with_overrides(["training.seed=7", "corpus.level_db=none"])
    path = tmp_path / "config.json"
    path.write_text(config.to_json(), encoding="utf-8")
    loaded = load_config(path)
    assert loaded == config
    assert loaded.corpus.level_db is None


def test_config_cannot_be_changed_in_place():
    with pytest.raises(ValueError, match="frozen"):
        preset("debug").mel.rate = 48000


class TestFile:
    def test_missing(self, tmp_path):
        text = message(load_config, tmp_path / "jazz" / "config.json")
        assert "run folder" in text and "jazz" in text and "there is no config.json" in text

    def test_not_json(self):
        assert "jazz/config.json to be JSON" in message(RunConfig.from_json, "{mel:", source="jazz/config.json")

    def test_not_text(self, tmp_path):
        path = tmp_path / "config.json"
        path.write_bytes(b"\xff\xfe\x00")
        assert "config.json" in message(load_config, path)

    def test_a_pipe_or_a_device_or_a_folder_is_not_waited_for(self, tmp_path):
        os.mkfifo(tmp_path / "config.json")
        (tmp_path / "folder" / "config.json").mkdir(parents=True)
        for place in (tmp_path / "config.json", Path("/dev/zero"), tmp_path / "folder" / "config.json"):
            assert f"Expected {place} to be JSON of a config, received: it is no" in message(load_config, place)

    @pytest.mark.parametrize(
        ("text", "received"),
        [
            ("[" * 100_000, "it is nested deeper than 50 levels"),
            ('{"mel":' * 900 + "1" + "}" * 900, "it is nested deeper than 50 levels"),
            ('{"training": {"seed": ' + "7" * 5000 + "}}", "it has a number of 5000 digits"),
            ('{"training": {"seed": ' + "7" * 90 + "}}", "training.seed: "),
            ('{"preset": "' + "x" * 2**20 + '"}', "it is larger than 1,048,576 bytes"),
            ('{"mel": "' + "x" * 500_000 + '"}', "xxx... (500002 characters)"),
            (json.dumps({f"key {n}": n for n in range(30_000)}), "and 29980 more"),
        ],
        ids=["unclosed lists", "objects", "digits", "large number", "large file", "long text", "many keys"],
    )
    def test_what_is_too_much_is_a_sentence(self, tmp_path, text, received):
        (tmp_path / "config.json").write_text(text)
        told = message(load_config, tmp_path / "config.json")
        assert received in told and len(told) < 3000

    @pytest.mark.parametrize("value", ["[" * 100_000, "7" * 5000, '{"a":' * 900 + "1" + "}" * 900])
    def test_so_it_is_in_a_setting(self, value):
        told = message(preset("debug").with_overrides, [f"training.seed={value}"])
        assert "training.seed: " in told and len(told) < 3000

    @pytest.mark.parametrize("text", ["[]", "3", '"voice"', "null"])
    def test_not_an_object(self, text):
        assert "the config" in message(RunConfig.from_json, text)

    def test_unknown_key_names_the_nearest_real_one(self):
        values = preset("debug").model_dump()
        values["mel"]["hop_lenght"] = 128
        text = message(RunConfig.from_values, values, source="config.json")
        assert "unknown key 'mel.hop_lenght'; did you mean 'mel.hop_length'?" in text
        assert text.startswith("config.json is not valid")

    def test_every_mistake_is_named_at_once(self):
        values = {"mel": {"rate": 10}, "training": {"stepps": 3}, "method": {"width": "wide"}}
        text = message(RunConfig.from_values, values)
        assert "mel.rate" in text and "training.steps'" in text and "method.width" in text

    def test_method_decides_which_keys_there_are(self):
        text = message(RunConfig.from_values, {"method": {"name": "cyclegan", "pieces": 3, "cycel": 1}})
        assert "unknown key 'method.pieces'" in text
        assert "unknown key 'method.cycel'; did you mean 'method.cycle'?" in text

    @pytest.mark.parametrize(
        ("method", "words"),
        [
            (
                {"name": "cyclgan"},
                f"method: expected a name among {', '.join(method_names())}, received: 'cyclgan'; did you",
            ),
            ({"name": None}, f"method: expected a name among {', '.join(method_names())}, received: None"),
            (3, "method: expected a section of settings, received: 3"),
        ],
    )
    def test_no_such_method(self, method, words):
        assert words in message(RunConfig.from_values, {"method": method})

    def test_newer_format_is_refused(self):
        assert "format" in message(RunConfig.from_values, {"format": 3})

    def test_left_out_keys_take_their_defaults(self):
        assert RunConfig.from_json("{}") == RunConfig()


# One of each kind: widths of networks, lengths of windows and transforms, numbers of blocks and critics, steps.
TOO_MUCH = {
    "travelgan": [
        *("method.generator.channels=1000000", "method.embedding=1000000000", "mel.n_fft=1073741824"),
        *("training.batch_size=1000000", "training.steps=10000000000", "training.time_mask=1000000000"),
        *("method.width=1048576", "training.keep_checkpoints=10000000000", "mel.n_mels=1000000"),
    ],
    "cyclegan": ["method.generator.channels=1024", "method.identity_steps=10000000000"],
    "stargan": ["method.style=1000000", "method.classifier.channels=1000000"],
    "vocoder": [
        *("method.blocks=1000000", "method.periods=[0]", "method.resolutions=[1073741824]"),
        *(f"method.periods={list(range(1, 1000))}", "method.critic_channels=512"),
    ],
}


class TestCost:
    @pytest.mark.parametrize(
        ("method", "setting"), [(method, setting) for method, settings in TOO_MUCH.items() for setting in settings]
    )
    def test_what_would_take_gigabytes_is_refused(self, method, setting):
        key = setting.partition("=")[0].rpartition(".")[2]
        told = message(preset("voice", method).with_overrides, [setting])
        assert key in told and "received: " in told

    def test_so_is_what_would_only_together(self):
        for method, settings in {
            "travelgan": ["training.batch_size=1024", "method.width=4096"],
            "vocoder": ["method.blocks=64", "method.generator.channels=2048"],
        }.items():
            for setting in settings:
                preset("voice", method).with_overrides([setting])
            assert "received: " in message(preset("voice", method).with_overrides, settings)
        assert "zero_padding" in message(preset("voice").with_overrides, ["mel.n_fft=16384", "mel.zero_padding=8"])


class TestOverrides:
    @pytest.mark.parametrize(
        ("setting", "read", "value"),
        [
            ("method.identity=5", lambda c: c.method.identity, 5.0),
            ("method.identity=1e-3", lambda c: c.method.identity, 0.001),
            ("training.seed = 3", lambda c: c.training.seed, 3),
            ("training.mixed_precision=true", lambda c: c.training.mixed_precision, True),
            ("training.mixed_precision=False", lambda c: c.training.mixed_precision, False),
            ("training.generator.clip_norm=none", lambda c: c.training.players["generator"].clip_norm, None),
            ("training.generator.every=3", lambda c: c.training.players["generator"].every, 3),
            ("mel.mel_scale=htk", lambda c: c.mel.mel_scale, "htk"),
            ("method.generator.architecture=paper", lambda c: c.method.generator.architecture, "paper"),
        ],
    )
    def test_value_has_the_type_of_its_key(self, setting, read, value):
        result = read(preset("debug").with_overrides([setting]))
        assert result == value
        assert type(result) is type(value)

    def test_several_apply_in_order_and_the_original_stays(self):
        config = preset("debug")
        changed = config.with_overrides(["training.seed=1", "training.steps=9", "training.seed=2"])
        assert (changed.training.seed, changed.training.steps) == (2, 9)
        assert (config.training.seed, config.training.steps) == (0, 20)

    def test_settings_that_are_valid_only_together(self):
        config = preset("voice").with_overrides(["mel.rate=44100", "mel.fmax=22050"])
        assert config.mel.fmax == config.mel.rate / 2

    @pytest.mark.parametrize(
        ("setting", "nearest"),
        [
            ("method.identiti=1", "method.identity"),
            ("identity=1", "method.identity"),
            ("training.learning_rate=1", "training.critic.learning_rate"),
            ("mel.hop=1", "mel.hop_length"),
        ],
    )
    def test_unknown_key_names_the_nearest_real_one(self, setting, nearest):
        text = message(preset("debug").with_overrides, [setting])
        assert repr(setting.split("=")[0]) in text
        assert f"did you mean '{nearest}" in text

    def test_key_like_no_other_lists_them_all(self):
        text = message(preset("debug").with_overrides, ["zzz=1"])
        assert "Keys: " in text and "mel.rate" in text and "training.critic.every" in text

    def test_whole_section_cannot_be_set(self):
        assert "'mel'" in message(preset("debug").with_overrides, ["mel=3"])

    def test_setting_without_a_value(self):
        text = message(preset("debug").with_overrides, ["method.identity"])
        assert "section.key=value" in text and "'method.identity'" in text

    @pytest.mark.parametrize(
        ("setting", "words"),
        [
            ("method.identity=-1", ["method.identity", "greater than or equal to 0", "-1"]),
            ("training.batch_size=1", ["training.batch_size", "greater than or equal to 2", "1"]),
            ("training.steps=many", ["training.steps", "integer", "'many'"]),
            ("training.steps=2.5", ["training.steps", "integer", "2.5"]),
            ("method.pairs=some", ["method.pairs", "'all' or 'single'", "'some'"]),
            ("method.width=30", ["multiple of 4 x pieces = 8", "width=30"]),
            ("method.perturbation=0.5", ["method.perturbation", "greater than or equal to 1", "0.5"]),
            ("mel.fmax=9000", ["rate / 2 = 4000", "fmax=9000"]),
            ("mel.hop_length=400", ["half of n_fft (256)", "hop_length=400"]),
            ("mel.n_fft=513", ["even n_fft", "n_fft=513"]),
            ("method.identity=NaN", ["method.identity", "nan"]),
            ("method.identity=Infinity", ["method.identity", "finite"]),
        ],
    )
    def test_value_out_of_range_says_what_was_expected_and_what_came(self, setting, words):
        text = message(preset("debug").with_overrides, [setting])
        assert text.startswith("--set is not valid")
        for word in words:
            assert word in text


class TestCyclegan:
    @pytest.mark.parametrize(
        ("setting", "words"),
        [
            ("method.width=30", "multiple of 4 frames (the networks halve a window twice), received: width=30"),
            ("method.masked_frames=64", "masked_frames below width, which is 64, received: masked_frames=64"),
            (
                "method.generator.architecture=paper",
                "masked_frames=0 with a generator that is not told which frames",
            ),
            ("method.adversarial_loss=hing", "'least_squares' or 'hinge', received: 'hing'"),
        ],
    )
    def test_value_out_of_range_says_what_was_expected_and_what_came(self, setting, words):
        assert words in message(preset("voice", "cyclegan").with_overrides, [setting])

    def test_identity_may_stay_for_ever(self):
        config = preset("voice", "cyclegan").with_overrides(["method.identity_steps=none"])
        assert config.method.identity_steps is None


class TestContent:
    """Of any method that has these settings."""

    @pytest.mark.parametrize(
        ("method", "settings", "words"),
        [
            ("travelgan", ["masked_frames=64"], "masked_frames below width / pieces, which is 64, received: "),
            ("travelgan", ["masked_frames=9", "generator.architecture=paper"], "masked_frames=0 with a generator"),
            (
                "travelgan",
                ["patch_nce=1", "width=16"],
                "at least 12 frames in what a generator is given, for patch_nce",
            ),
            ("cyclegan", ["patch_nce=1", "width=8", "masked_frames=0"], "for patch_nce, received: 8"),
            (
                "travelgan",
                ["patch_nce=1", "patch_nce_apart=32", "width=128"],
                "for patch_nce with patch_nce_apart=32, received: 64",
            ),
            ("cyclegan", ["patch_nc=1"], "did you mean 'method.patch_nce'"),
        ],
    )
    def test_what_cannot_be_combined_is_refused(self, method, settings, words):
        settings = [f"method.{setting}" for setting in settings]
        assert words in message(preset("voice", method).with_overrides, settings)

    @pytest.mark.parametrize("name", ["voice", "music", "paper", "debug"])
    @pytest.mark.parametrize(("method", "own"), [("travelgan", "travel"), ("cyclegan", "cycle")])
    def test_presets_have_their_own_term_and_none_that_is_added(self, name, method, own):
        chosen = preset(name, method).method
        on = {term for term in ("travel", "cycle", "patch_nce") if getattr(chosen, term) > 0}
        assert on == {own} and (method == "cyclegan" or chosen.masked_frames == 0)


class TestMelConfig:
    def test_same_settings_agree(self):
        MelConfig().require_same(MelConfig(), mine="the run", theirs="the vocoder")

    def test_difference_names_both_values_and_whose_they_are(self):
        text = message(
            MelConfig().require_same,
            MelConfig(hop_length=200, rate=22050),
            mine="run jazz",
            theirs="vocoder x",
        )
        assert "hop_length is 256 in run jazz and 200 in vocoder x" in text
        assert "rate is 16000 in run jazz and 22050 in vocoder x" in text
        assert "n_mels" not in text

    def test_lengths_that_follow_from_it(self):
        config = MelConfig(rate=16000, n_fft=1024, hop_length=256, zero_padding=2)
        assert (config.fft_length, config.n_bins) == (2048, 1025)
        assert config.frames_per_second == 62.5
        assert [config.frames(n) for n in (0, 255, 256, 16000)] == [1, 1, 2, 63]


def test_a_generator_that_cannot_shift_a_voice_says_so():
    text = message(preset("paper").with_overrides, ["method.pitch=0.7"])
    assert "generator among residual, two_one_two" in text and "generator.architecture=paper" in text


class TestStargan:
    def test_domains_and_pitches_from_the_command_line(self):
        method = (
            preset("debug", "stargan")
            .with_overrides(['method.domains=["ann","bob","cat"]', "method.pitches=[200,110.5,180]"])
            .method
        )
        assert method.domains == ("ann", "bob", "cat") and method.pitches == (200.0, 110.5, 180.0)
        assert method.shifts_voice and not preset("debug", "stargan").method.shifts_voice

    @pytest.mark.parametrize(
        ("setting", "words"),
        [
            ('method.domains=["ann"]', "2 to 100 domains of different names, received: ['ann']"),
            ('method.domains=["ann","bob","ann"]', "2 to 100 domains of different names"),
            ("method.pitches=[200]", "a pitch above 0 Hz for each of the 2 domains, or none at all, received"),
            ("method.pitches=[200,0]", "a pitch above 0 Hz"),
            ("method.masked_frames=64", "masked_frames below width, which is 64"),
            ("method.adversarial_loss=bce", "'hinge', 'least_squares' or 'wasserstein', received: 'bce'"),
        ],
    )
    def test_value_out_of_range_says_what_was_expected_and_what_came(self, setting, words):
        assert words in message(preset("voice", "stargan").with_overrides, [setting])

    def test_something_has_to_tell_the_domains_apart(self):
        settings = ["method.critic.architecture=patch", "method.classification=0"]
        said = message(preset("voice", "stargan").with_overrides, settings)
        assert "expected critic.architecture=projection without classification" in said


class TestFormat1:
    """Configs in which players were fields, and a voice's perturbation a setting of every training."""

    OLD = {
        "format": 1,
        "method": {"name": "stargan", "domains": ["ann", "bob"]},
        "training": {
            "generator": {"learning_rate": 6e-4, "every": 2},
            "critic": {"clip_norm": None},
            "perturbation": 1.2,
            "equaliser_db": 6.0,
        },
    }

    def test_it_loads_as_what_it_meant(self):
        config = RunConfig.from_values(self.OLD)
        players = config.training.players
        assert (players["generator"].learning_rate, players["generator"].every) == (6e-4, 2)
        assert players["critic"].clip_norm is None
        assert (config.method.perturbation, config.method.equaliser_db) == (1.2, 6.0)
        assert RunConfig.from_json(config.to_json()) == config and '"format": 2' in config.to_json()

    def test_what_was_off_is_no_setting_of_a_method_without_it(self):
        values = {"method": {"name": "vocoder"}, "training": {"perturbation": None, "equaliser_db": 0.0}}
        assert RunConfig.from_values(values).method.name == "vocoder"
        values["training"]["perturbation"] = 1.2
        assert "unknown key 'method.perturbation'" in message(RunConfig.from_values, values)

    def test_its_keys_are_still_understood_by_set(self):
        config = preset("voice").with_overrides(["training.perturbation=1.5", "training.critic.every=2"])
        assert config.method.perturbation == 1.5 and config.training.players["critic"].every == 2
        assert config == preset("voice").with_overrides(
            ["method.perturbation=1.5", "training.players.critic.every=2"]
        )


class TestPlayers:
    def test_every_player_of_the_method_has_settings(self):
        assert list(RunConfig.from_values({"training": {"players": {}}}).training.players) == ["generator", "critic"]

    def test_one_that_the_method_does_not_have_is_refused(self):
        values = {"training": {"players": {"critc": {"every": 2}}}}
        said = message(RunConfig.from_values, values)
        assert "training.players among generator, critic" in said and "did you mean 'critic'" in said
