"""``--domain NAME=DIR``, any number of times."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from melgan_vc.cli.common import parse_domains
from melgan_vc.errors import MelganVcError


def test_names_and_folders_in_their_order():
    found = parse_domains(["boris=voices/b", "anna = voices/a=2", "c d=c"])
    assert list(found.items()) == [("boris", Path("voices/b")), ("anna", Path("voices/a=2")), ("c d", Path("c"))]
    assert len(parse_domains([f"v{n}=v" for n in range(100)])) == 100


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["a=1"], "Expected 2 to 100 domains, received: 1."),
        ([], "Expected 2 to 100 domains, received: 0."),
        ([f"v{n}=v" for n in range(101)], "Expected 2 to 100 domains, received: 101."),
        (["a=1", "voices/b"], "Expected --domain NAME=DIR, as in anna=voices/anna, received: 'voices/b'"),
        (["a=1", "=b"], "received: '=b'"),
        (["a=1", "b="], "received: 'b='"),
        (["a=1", "b/c=2"], "without slashes and without a leading '-' in --domain, received: 'b/c'"),
        (["a=1", "b\\c=2"], "received: 'b\\\\c'"),
        (["a=1", "-b=2"], "received: '-b'"),
        (["a=1", "b\tc=2"], "received: 'b\\tc'"),
        (["a=1", "a=2"], "Expected every name once in --domain, received: a twice (1 and 2)"),
    ],
)
def test_what_is_refused(options, message):
    with pytest.raises(MelganVcError, match=re.escape(message)):
        parse_domains(options)


def test_domains_are_named_in_one_place(tmp_path):
    """Else the names of one would go with the folders of the other."""
    options = ["--domain", "a=a", "--domain", "b=b", "--set", 'method.domains=["b","a"]', "--run", tmp_path / "run"]
    done = subprocess.run([sys.executable, "train_cli.py", "stargan", *options], capture_output=True, text=True)
    assert done.returncode == 2 and not (tmp_path / "run").exists()
    assert "Expected the domains of --domain NAME=DIR alone, received: --set method.domains" in done.stderr
