"""Trains the classifier of what messages want: `python -m bot.question.training`. Needs scikit-learn, a development dependency."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from index.cli import application, speaks_plainly

EXAMPLES = Path(__file__).parent / "examples" / "wants.jsonl"
PENALTY = 0.01  # inverse strength of the L2 penalty on standardised vectors; .01 to .1 differ by less than a point on topics held out
FOLDS = 5

app = application("Train the classifier of what messages want.")


@app.command()
@speaks_plainly
def train(
    examples: Annotated[Path, typer.Option(help="JSON lines of text, act, shape and topic.", show_default="the project's")] = EXAMPLES,
    out: Annotated[Path | None, typer.Option(help="The folder that weights and card are written to.", show_default="the project's")] = None,
) -> None:
    """Train on examples, measure on topics that were held out, and write the weights with their card."""
    import numpy as np

    from bot.question.classifier import CARD, FOLDER, WEIGHTS
    from index.encoding.encoder import load_encoder
    from index.settings import IndexSettings, read_settings

    settings = read_settings(IndexSettings)
    encoder = load_encoder(settings.encoding.encoder, settings.encoding.model_cache)
    rows = [json.loads(line) for line in examples.read_text("utf-8").splitlines() if line.strip()]
    vectors = _encode([row["text"] for row in rows], encoder)
    asked = np.array([row["act"] == "ask" for row in rows])
    acts, shapes = np.array([row["act"] for row in rows]), np.array([row["shape"] for row in rows])
    folds = np.array([_fold(row["topic"] or row["text"]) for row in rows])
    act_weights, act_bias, act_names = _fit(vectors, acts)
    shape_weights, shape_bias, shape_names = _fit(vectors[asked], shapes[asked])
    folder = out or FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(
        folder / WEIGHTS, act_weights=act_weights, act_bias=act_bias, shape_weights=shape_weights, shape_bias=shape_bias
    )  # fmt: skip
    card = {
        "encoder": encoder.fingerprint,
        "acts": act_names,
        "shapes": shape_names,
        "examples": {"file": examples.name, "sha256": hashlib.sha256(examples.read_bytes()).hexdigest(), "rows": len(rows)},
        "counts": {"acts": dict(Counter(acts.tolist())), "shapes": dict(Counter(shapes[asked].tolist()))},
        "method": f"multinomial logistic regression, L2 with C={PENALTY} on standardised vectors",
        "accuracy_on_topics_held_out": {
            "acts": _accuracy(vectors, acts, folds),
            "shapes": _accuracy(vectors[asked], shapes[asked], folds[asked]),
        },
    }
    (folder / CARD).write_text(json.dumps(card, ensure_ascii=False, indent=2) + "\n", "utf-8")
    typer.echo(json.dumps(card["accuracy_on_topics_held_out"]))


def _encode(texts: Sequence[str], encoder: Any) -> Any:
    """Texts of like length together: padding would otherwise take most of the time."""
    import numpy as np

    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    vectors = encoder.encode_queries([texts[place] for place in order])
    sorted_back = np.empty_like(vectors)
    sorted_back[order] = vectors
    return sorted_back


def _fold(topic: str) -> int:
    """Which of the folds a topic is in: all examples of a topic are held out together."""
    return hashlib.sha256(topic.encode()).digest()[0] % FOLDS


def _fit(vectors: Any, labels: Any) -> tuple[Any, Any, list[str]]:
    """Weights (dimension, n_labels), bias (n_labels,) and the labels in their order; standardisation is folded into both."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    mean, deviation = vectors.mean(0), vectors.std(0)
    model = LogisticRegression(C=PENALTY, max_iter=5000).fit((vectors - mean) / deviation, labels)
    weights = model.coef_.T / deviation[:, None]
    return weights.astype(np.float32), (model.intercept_ - mean @ weights).astype(np.float32), [str(name) for name in model.classes_]


def _accuracy(vectors: Any, labels: Any, folds: Any) -> float:
    """The share that is told rightly when the topics of each fold are held out in turn."""
    right = 0
    for fold in range(FOLDS):
        held = folds == fold
        weights, bias, names = _fit(vectors[~held], labels[~held])
        found = (vectors[held] @ weights + bias).argmax(1)
        right += sum(names[place] == label for place, label in zip(found, labels[held], strict=True))
    return round(right / len(labels), 4)


if __name__ == "__main__":
    app(prog_name="python -m bot.question.training")
