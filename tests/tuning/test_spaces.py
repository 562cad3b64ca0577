"""Search spaces: those with a name, and a user's own function."""

import keras_tuner
import pytest

from melgan_vc.errors import MelganVcError
from melgan_vc.methods.presets import preset
from melgan_vc.tuning.spaces import SPACES, find_space, overrides_of


@pytest.mark.parametrize("name", SPACES)
@pytest.mark.parametrize("edge", [0.0, 0.5, 1.0 - 1e-9])
def test_every_space_gives_settings_of_a_run(name, edge):
    hp = keras_tuner.HyperParameters()
    find_space(name)(hp)
    for parameter in hp.space:
        hp.values[parameter.name] = parameter.prob_to_value(edge)
    config = preset("voice").with_overrides(overrides_of(find_space(name)(hp)))
    assert config != preset("voice")
    assert len({parameter.name for parameter in hp.space}) == len(hp.space) > 1


def test_an_unknown_space():
    with pytest.raises(MelganVcError, match="default, losses, .* received: 'defualt'; did you mean 'default'?"):
        find_space("defualt")


def test_a_function_of_a_file(space_file):
    hp = keras_tuner.HyperParameters()
    hp.values["identity"] = 0.25
    assert overrides_of(find_space(f"{space_file}:identity")(hp)) == ["method.identity=0.25"]


@pytest.mark.parametrize(
    "text, name, message",
    [
        ("", "my_spcae.py:identity", r"there is no such file; did you mean '.*my_space.py'\?"),
        ("def identity(hp): ...", "my_space.py:identiy", "received: 'identiy'; did you mean 'identity'"),
        ("identity = 3", "my_space.py:identity", "Functions: none"),
        ("import nothing_like_it", "my_space.py:identity", "ModuleNotFoundError: No module named 'nothing_like_it'"),
        ("def identity(hp) {", "my_space.py:identity", "SyntaxError"),
    ],
)
def test_a_file_with_a_mistake(space_file, text, name, message):
    space_file.write_text(text)
    with pytest.raises(MelganVcError, match=message):
        find_space(str(space_file.parent / name))


@pytest.mark.parametrize(
    "body, message",
    [
        ('{"method.identiy": 1.0}', "received: 'method.identiy'; did you mean 'method.identity'"),
        ('{"method.identity": -1.0}', "method.identity: "),
        ("3.0", r"Expected a search space to return .* received: 3.0"),
        ("nonsense", "NameError: name 'nonsense' is not defined"),
    ],
)
def test_a_mistake_is_told_before_anything_is_trained(plan, find, space_file, body, message):
    space_file.write_text(f"def identity(hp):\n    return {body}\n")
    with pytest.raises(MelganVcError, match=message):
        find(plan())
    assert not find.folder.exists()


def test_settings_as_a_list_and_conditional_ones(plan, find, instant, space_file):
    space_file.write_text(
        "def either(hp):\n"
        '    pairs = hp.Choice("pairs", ["all", "single"])\n'
        '    with hp.conditional_scope("pairs", ["single"]):\n'
        '        travel = hp.Float("travel", 1.0, 2.0)\n'
        '    return [f"method.pairs={pairs}"] + ([f"method.travel={travel}"] if pairs == "single" else [])\n'
    )
    records = find(plan(space=f"{space_file}:either", trials=6))
    by_pairs = {record.values["pairs"]: record for record in records}
    assert by_pairs["all"].values == {"pairs": "all"}
    assert 1.0 <= by_pairs["single"].values["travel"] <= 2.0
    assert len(by_pairs["all"].overrides) == 1 and len(by_pairs["single"].overrides) == 2


def test_values_become_settings():
    chosen = {"a.b": True, "a.c": 1e-4 / 3, "a.d": None, "a.e": "none", "a.f": 7}
    assert overrides_of(chosen) == ["a.b=true", "a.c=3.33333e-05", "a.e=none", "a.f=7"]
