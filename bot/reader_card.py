"""The card beside the reader's weights: what they were made from and for, and what was measured of them."""

import hashlib
import json
from pathlib import Path
from typing import Any

from index.errors import ReaderError

WEIGHTS, CARD = "reader.safetensors", "card.json"


def read_card(folder: Path) -> dict[str, Any]:
    """The card in a folder; raises `ReaderError` when there is none that can be read."""
    try:
        card = json.loads((folder / CARD).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ReaderError(
            f"cannot read the reader's card {str(folder / CARD)!r}: {error}; train one with python -m bot.train_reader"
        ) from error
    if not isinstance(card, dict) or not {"base", "weights"} <= card.keys():
        raise ReaderError(f"{str(folder / CARD)!r} names no base or weights: expected what python -m bot.train_reader writes")
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
        raise ReaderError(
            f"the reader in {str(folder)!r} was trained for the encoder {card['base']['fingerprint']!r}, not {fingerprint!r}: "
            "train one for this encoder with python -m bot.train_reader"
        )
    return card


def file_digest(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
