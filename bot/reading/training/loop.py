"""The training of the network: examples in batches of like length, checkpoints to go on from."""

import hashlib
import logging
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import torch

from bot.reading.checkpoint import file_digest, load, save
from bot.reading.model import Labels, ReaderModel, build_model, loss, to_batch, to_tokens, trained
from bot.reading.network import HEADS
from bot.reading.training import data, mixture
from bot.reading.training.examples import Example, counted
from bot.reading.training.sources import policies, windows
from index.encoding.encoder import SentenceEncoder
from index.errors import CallError

log = logging.getLogger(__name__)

BATCH = 16  # half of it learns more in the same time than twice as much, as long as the steps are few
PEAK, WARM_UP, DECAY, CLIP = 1e-4, 0.06, 0.01, 1.0  # the learning rate at its highest, the share of the run until then, AdamW's decay
TOKENS = 320  # of a pair: the longest window has about 300
CHECKPOINT = "checkpoint.pt"
_EVERY = 240.0  # seconds between checkpoints
_POOL = 128  # batches that are sorted by length together


@dataclass(frozen=True, slots=True)
class Plan:
    """What to train on, where to write, and when to end: after so many steps or minutes, whichever comes first."""

    data: Path  # the folder of the sets that `sources` names
    out: Path
    minutes: float | None = None
    steps: int | None = None
    seed: int = 20231
    threads: int = 0
    start: Path | None = None  # a folder with weights to go on from, with a new course of the learning rate
    average: bool = False  # whether what is written is the mean of those weights and of what became of them (Wortsman et al. 2022)
    sources: tuple[mixture.Source, ...] = mixture.SOURCES

    def files(self) -> dict[str, str]:
        """The sha256 of each data file, by its folder's name and its own."""
        names = sorted({f"{source.folder}/{name}" for source in self.sources for name in source.files})
        return {name: file_digest(self.data / name) for name in names} | {
            file.name: file_digest(file) for file in (policies.QUESTIONS, windows.QUESTIONS, windows.MADE_UP)
        }

    def examples(self, random: Random) -> list[Example]:
        """One pass over the data."""
        return mixture.examples(self.data, random, self.sources)


@dataclass(slots=True)
class _State:
    step: int = 0
    seconds: float = 0.0
    loss: float = 0.0  # running mean


def run(encoder: SentenceEncoder, plan: Plan, *, resume: bool) -> Path:
    """Train, and write the weights and the card into `plan.out`; returns the weights' path.

    The same folders, seed and steps give the same pairs in the same order. A limit in minutes makes the number of steps depend
    on the machine; the learning rate then falls with the time.
    """
    if plan.threads:
        torch.set_num_threads(plan.threads)
    try:
        files = plan.files()
    except OSError as error:
        raise CallError("training-files", path=error.filename) from error
    model, tokenizer = build_model(encoder, plan.seed)
    before: dict[str, Any] | None = None
    base = {name: tensor.clone() for name, tensor in model.encoder.state_dict().items() if "word_embeddings" not in name}
    if plan.start:
        before = load(model, plan.start, encoder.fingerprint)
    first = {name: tensor.clone() for name, tensor in trained(model).items()} if plan.average else {}
    # The backward pass of the fused attention took 61 % of the time on a CPU.
    model.encoder.set_attn_implementation("eager")  # type: ignore[operator]
    model.eval()  # no dropout: one pass over the pairs does not overfit
    for name, weight in model.named_parameters():
        weight.requires_grad_("word_embeddings" not in name)
    optimiser = torch.optim.AdamW([weight for weight in model.parameters() if weight.requires_grad], lr=PEAK, weight_decay=DECAY)
    drawn = plan.examples(Random(plan.seed))
    made, per_epoch = counted(drawn), len(drawn) // BATCH
    steps = plan.steps or per_epoch
    log.info("%d examples, %d steps: %s", len(drawn), steps, made)
    key = hashlib.sha256(
        repr((sorted(files.items()), plan.seed, encoder.fingerprint, before and before["weights"]["sha256"])).encode()
    ).hexdigest()
    state = _restore(plan.out / CHECKPOINT, key, model, optimiser) if resume else _State()
    plan.out.mkdir(parents=True, exist_ok=True)
    _learn(model, tokenizer, optimiser, plan, state, steps, key)
    with torch.no_grad():
        for name, tensor in trained(model).items():
            if name in first and tensor.is_floating_point():
                tensor.lerp_(first[name], 0.5)
    card = {
        "base": {"name": encoder.name, "fingerprint": encoder.fingerprint, "licence": "MIT (intfloat/multilingual-e5-small)"},
        "data": {
            "files": files,
            "examples_of_a_pass": len(drawn),
            "examples_by_rule": made,
            "rules": data.RULES,
            "licences": {source.folder: source.licence for source in plan.sources},
            "licence": "weights made from them are given under CC BY-SA 4.0",
        },
        "training": {
            "steps": state.step, "steps_of_one_pass": per_epoch, "batch": BATCH, "minutes": round(state.seconds / 60, 1), "seed": plan.seed,
            "learning_rate": PEAK, "warm_up": WARM_UP, "weight_decay": DECAY, "tokens": TOKENS, "precision": "bfloat16 autocast",
            "frozen": "word embeddings", "last_loss": round(state.loss, 4), "averaged_with_start": plan.average,
            "went_on_from": before and {"weights": before["weights"], "training": before["training"]},
        },
    }  # fmt: skip
    return save(model, base, plan.out, card)


def _learn(model: ReaderModel, tokenizer: Any, optimiser: torch.optim.Optimizer, plan: Plan, state: _State, steps: int, key: str) -> None:
    """Make the steps that are left, moving `model`, `optimiser` and `state`."""
    limit = plan.minutes * 60 if plan.minutes else float("inf")
    began, saved = time.monotonic() - state.seconds, time.monotonic()
    for step, drawn in enumerate(mixture.batches(plan.examples, plan.seed, BATCH, _POOL)):
        if step < state.step:
            continue
        done = max(state.step / steps, (time.monotonic() - began) / limit)
        if done >= 1:
            break
        for group in optimiser.param_groups:
            group["lr"] = PEAK * rate(done)
        now = _step(model, tokenizer, optimiser, drawn)
        state.step, state.seconds = step + 1, time.monotonic() - began
        state.loss = now if step == 0 else 0.98 * state.loss + 0.02 * now
        if state.step % 50 == 0 or state.step == steps:
            log.info(
                "step %d of %d, %.0f %% done, loss %.3f, %.2f s a step",
                state.step,
                steps,
                done * 100,
                state.loss,
                state.seconds / state.step,
            )
        if time.monotonic() - saved > _EVERY or state.step == steps:
            _keep(plan.out / CHECKPOINT, key, model, optimiser, state)
            saved = time.monotonic()
    _keep(plan.out / CHECKPOINT, key, model, optimiser, state)


def rate(done: float) -> float:
    """The learning rate's share of its peak when that share of the run is done: up in a straight line, then down to 0."""
    return min(done / WARM_UP, (1 - done) / (1 - WARM_UP)) if done < 1 else 0.0


def _step(model: ReaderModel, tokenizer: Any, optimiser: torch.optim.Optimizer, drawn: Sequence[Example]) -> float:
    heads = [f"{example.head}\n" if example.head else "" for example in drawn]
    passages = [head + example.passage for head, example in zip(heads, drawn, strict=True)]
    batch = to_batch(tokenizer, [example.text for example in drawn], passages, TOKENS)
    shifts = [len(head) if example.start >= 0 else 0 for head, example in zip(heads, drawn, strict=True)]
    first, last = to_tokens(
        batch.places,
        [example.start + shift for example, shift in zip(drawn, shifts, strict=True)],
        [example.end + shift for example, shift in zip(drawn, shifts, strict=True)],
    )
    # An answer behind the last token that is read is marked nowhere, and is not taken for one that is not stated.
    cut = torch.tensor([example.start >= 0 for example in drawn]) & (first == 0)
    judged = torch.tensor([[_or_nothing(getattr(example, name)) for name in HEADS] for example in drawn])
    judged[cut] = float("nan")
    spans = torch.tensor([example.learns_span for example in drawn]) & ~cut
    with torch.autocast("cpu", dtype=torch.bfloat16):
        value = loss(model, batch, Labels(first, last, spans, judged))
    optimiser.zero_grad(set_to_none=True)
    value.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_([weight for weight in model.parameters() if weight.requires_grad], CLIP)
    optimiser.step()
    return float(value.detach())


def _or_nothing(label: float | None) -> float:
    return float("nan") if label is None else label


def _keep(path: Path, key: str, model: ReaderModel, optimiser: torch.optim.Optimizer, state: _State) -> None:
    beside = path.with_suffix(".new")
    kept = {"key": key, "model": trained(model), "optimiser": optimiser.state_dict(), "state": [state.step, state.seconds, state.loss]}
    torch.save(kept, beside)
    os.replace(beside, path)


def _restore(path: Path, key: str, model: ReaderModel, optimiser: torch.optim.Optimizer) -> _State:
    if not path.is_file():
        raise CallError("training-checkpoint-missing", path=path)
    kept = torch.load(path, weights_only=True)
    if kept["key"] != key:
        raise CallError("training-checkpoint-unfit", path=path)
    model.load_state_dict(kept["model"], strict=False)
    optimiser.load_state_dict(kept["optimiser"])
    step, seconds, mean = kept["state"]
    log.info("going on from step %d", step)
    return _State(int(step), float(seconds), float(mean))
