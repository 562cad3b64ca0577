"""Files of weights that ship inside the package."""

import hashlib
from importlib import resources

from melgan_vc.errors import MelganVcError

_REMEDY = "Install melgan_vc again."


def shipped_file(package: str, name: str, sha256: str) -> bytes:
    """The content of a file of a package, whose hash is known to be right before anything in it is looked at.

    Raises
    ------
    MelganVcError
        If the file is missing or another than that which ships.
    """
    file = resources.files(package) / name
    try:
        data = file.read_bytes()
    except OSError as error:
        raise MelganVcError(f"Expected to read {file}, received: {error}. {_REMEDY}") from None
    if (found := hashlib.sha256(data).hexdigest()) != sha256:
        raise MelganVcError(
            f"Expected {file} with the SHA-256 {sha256[:12]}..., received: {found[:12]}...: damaged, or another "
            f"version. {_REMEDY}"
        )
    return data
