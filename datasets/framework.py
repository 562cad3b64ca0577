"""What the recipes take from melgan_vc: its errors. Without it, one sentence says how to install it."""

try:
    from melgan_vc.errors import MelganVcError, did_you_mean
except ModuleNotFoundError as missing:
    if not (missing.name or "").startswith("melgan_vc"):
        raise
    raise SystemExit(
        "The recipes need melgan_vc, which this Python does not have. Install it from the folder of the repository "
        "and run the recipe again:\n  pip install -e ."
    ) from None

__all__ = ["MelganVcError", "did_you_mean"]
