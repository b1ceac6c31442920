"""The reader on disk: its weights, as 8-bit differences from the base encoder, and the card that says what they are and what was measured.

The card can be read without torch.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.errors import ReaderError

Arrays = Mapping[str, NDArray[Any]]

if TYPE_CHECKING:
    from torch import Tensor

    from bot.reading.model import ReaderModel

WEIGHTS, CARD = "reader.safetensors", "card.json"

_LEVELS = 127
_SCALE = ".scale"
_ENCODER = "encoder."


def quantise(delta: "Tensor") -> "tuple[Tensor, Tensor]":
    """`delta` (rows, …) in int8, and a float32 scale (rows,); each weight is at most half a scale off, which is max|row| / 254."""
    import torch

    rows = delta.reshape(len(delta), -1)
    scale = rows.abs().amax(1).clamp(min=1e-12) / _LEVELS
    return (rows / scale[:, None]).round().clamp(-_LEVELS, _LEVELS).to(torch.int8).reshape(delta.shape), scale


def dequantise(levels: "Tensor", scale: "Tensor") -> "Tensor":
    """The weights (float32) that `quantise` put into levels."""
    return levels.float() * scale.reshape(-1, *[1] * (levels.dim() - 1))


def save(model: "ReaderModel", base: "Mapping[str, Tensor]", folder: Path, card: dict[str, Any]) -> Path:
    """Write the weights and, with their sha256, the card into a folder; `base` are the encoder's weights before training."""
    from safetensors.torch import save_file

    from bot.reading.model import trained

    tensors: dict[str, Tensor] = {}
    for name, tensor in trained(model).items():
        part = name.removeprefix(_ENCODER)
        if part == name:
            tensors[name] = tensor.float().contiguous()  # a head, which the base does not have
        elif tensor.is_floating_point():
            tensors[name], tensors[name + _SCALE] = quantise(tensor.float() - base[part].float())
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors, folder / WEIGHTS)
    whole = {**card, "weights": {"file": WEIGHTS, "sha256": file_digest(folder / WEIGHTS), "bytes": (folder / WEIGHTS).stat().st_size}}
    write_card(folder, whole)
    return folder / WEIGHTS


def load(model: "ReaderModel", folder: Path, fingerprint: str) -> dict[str, Any]:
    """The card, after adding what the folder holds to `model`, whose encoder is the base with that fingerprint.

    Raises `ReaderError` when the weights were made for another encoder, or are not those that the card names.
    """
    import torch

    own = model.state_dict()
    base = {name.removeprefix(_ENCODER): tensor.float().numpy() for name, tensor in own.items() if name.startswith(_ENCODER)}
    whole, heads, card = read(base, folder, fingerprint)
    with torch.no_grad():
        for name, values in {**{_ENCODER + name: values for name, values in whole.items()}, **heads}.items():
            own[name].copy_(torch.from_numpy(values))
    return card


def read(base: Arrays, folder: Path, fingerprint: str) -> tuple[dict[str, NDArray[Any]], dict[str, NDArray[Any]], dict[str, Any]]:
    """The weights of the encoder that the folder's reader has, those of its heads, and its card; `base` are the weights of the encoder with
    that fingerprint. Needs no torch.

    Raises `ReaderError` when the weights were made for another encoder, or are not those that the card names.
    """
    from safetensors.numpy import load_file

    card = check_fit(folder, fingerprint)
    try:
        found = file_digest(folder / WEIGHTS)
    except OSError as error:
        raise ReaderError("reader-weights-unreadable", path=folder / WEIGHTS, error=error) from error
    if found != card["weights"]["sha256"]:
        raise ReaderError("reader-weights-damaged", path=folder / WEIGHTS, found=found, expected=card["weights"]["sha256"])
    stored = load_file(folder / WEIGHTS)
    moved = {name: levels for name, levels in stored.items() if name + _SCALE in stored}
    encoder = {}
    for name, levels in moved.items():
        part = name.removeprefix(_ENCODER)
        scale = stored[name + _SCALE].reshape(-1, *[1] * (levels.ndim - 1))
        encoder[part] = base[part].astype(np.float32) + levels.astype(np.float32) * scale
    heads = {name: values for name, values in stored.items() if name not in moved and not name.endswith(_SCALE)}
    return encoder, heads, card


def read_card(folder: Path) -> dict[str, Any]:
    """The card in a folder; raises `ReaderError` when there is none that can be read."""
    try:
        card = json.loads((folder / CARD).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ReaderError("reader-card-unreadable", path=folder / CARD, error=error) from error
    if not isinstance(card, dict) or not {"base", "weights"} <= card.keys():
        raise ReaderError("reader-card-wrong", path=folder / CARD)
    return card


def write_card(folder: Path, card: dict[str, Any]) -> None:
    """Write the card of a folder."""
    (folder / CARD).write_text(json.dumps(card, ensure_ascii=False, indent=2) + "\n", "utf-8")


def add_to_card(folder: Path, key: str, value: Any) -> None:
    """Put what was measured or fitted into the card of a folder; the rest of it stays."""
    write_card(folder, {**read_card(folder), key: value})


def check_fit(folder: Path, fingerprint: str) -> dict[str, Any]:
    """The card in a folder; raises `ReaderError` when its weights were made for an encoder of another fingerprint."""
    card = read_card(folder)
    if card["base"]["fingerprint"] != fingerprint:
        raise ReaderError("reader-unfit", folder=folder, trained=card["base"]["fingerprint"], fingerprint=fingerprint)
    return card


def file_digest(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
