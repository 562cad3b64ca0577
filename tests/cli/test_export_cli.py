"""``melgan-vc export``: what it writes, what it says, what it refuses."""

import json


def test_export(command, identity_run, tmp_path):
    (tmp_path / "report.json").write_text('{"clips": 3}')
    output = tmp_path / "models" / "echo"
    arguments = ["export", identity_run, "--output", output, "--task", "Everything to the same"]
    result = command("melgan-vc", *arguments, "--evaluation", tmp_path / "report.json")
    assert result.exit_code == 0, result.output
    assert f"{identity_run} -> {output}: 0.1 MB; half precision changes" in result.stdout
    assert f"Fill in what {output / 'README.md'} asks for" in result.stdout
    assert json.loads((output / "evaluation.json").read_text()) == {"clips": 3}
    assert json.loads((output / "model.json").read_text()) == {"task": "Everything to the same"}


def test_an_existing_model(command, refused, identity_run, tmp_path):
    arguments = ["export", identity_run, "-o", tmp_path / "echo", "--task", "Everything to the same"]
    assert command("melgan-vc", *arguments).exit_code == 0
    assert "Replace it with --force." in refused("melgan-vc", *arguments)
    assert command("melgan-vc", *arguments, "--force").exit_code == 0


def test_no_run(refused, tmp_path):
    message = refused("melgan-vc", "export", tmp_path / "none", "-o", tmp_path / "echo", "--task", "Nothing")
    assert "Expected a run folder, received: " in message and not (tmp_path / "echo").exists()


def test_help_names_the_options(command):
    for output in (command("melgan-vc", "export").output, command("melgan-vc", "export", "--help").output):
        assert all(word in output for word in ("--output", "--task", "--evaluation", "--force"))
    overview = command("melgan-vc", "--help").output
    assert "models" in overview and "export" in overview
