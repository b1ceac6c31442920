"""The network of the pair reader: the encoder reads question and passage together, and linear heads mark the answer in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from bot.reading.network import HEADS, PASSAGE, QUERY
from index.encoding.encoder import SentenceEncoder


@dataclass(frozen=True, slots=True)
class Batch:
    """Pairs as tokens: `ids` and `mask` (n, tokens); `places` (n, tokens, 2), the characters of the passage behind each token.

    A token that stands for no character of the passage has the place (-1, -1).
    """

    ids: Tensor
    mask: Tensor
    places: Tensor


@dataclass(frozen=True, slots=True)
class Labels:
    """What the heads should say of a batch of n pairs; NaN where a pair says nothing to a head.

    `starts` and `ends` (n,) are the tokens of the answer, 0 where it is not stated; they count where `spans` (n,) is true. `judged`
    (n, 3) are the probabilities of `HEADS`.
    """

    starts: Tensor
    ends: Tensor
    spans: Tensor
    judged: Tensor


class ReaderModel(nn.Module):
    """A BertModel with linear heads: where the answer starts and ends; whether the passage states it, helps with the question at all,
    and supports what is claimed (`HEADS`)."""

    def __init__(self, encoder: nn.Module, width: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.span = nn.Linear(width, 2)
        for name in HEADS:
            setattr(self, name, nn.Linear(width, 1))

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Logits of each token as start (n, tokens) and as end (n, tokens), and of the `HEADS` (n, 3), in float32.

        The first token is where a span stands that is not stated.
        """
        hidden = self.encoder(input_ids=ids, attention_mask=self._attention(mask)).last_hidden_state.float()
        with torch.autocast(hidden.device.type, enabled=False):
            start, end = self.span(hidden).masked_fill(mask.unsqueeze(-1) == 0, torch.finfo(torch.float32).min).unbind(-1)
            return start, end, torch.cat([getattr(self, name)(hidden[:, 0]) for name in HEADS], -1)

    def _attention(self, mask: Tensor) -> Tensor:
        """The mask as it is added to the attention in training (n, 1, tokens, tokens), in bfloat16; the given one otherwise.

        The encoder would make one in float32, which turns all of the attention into float32: a tenth of the time of a step.
        """
        if not torch.is_autocast_enabled("cpu"):
            return mask
        added = torch.zeros(mask.shape, dtype=torch.bfloat16).masked_fill(mask == 0, torch.finfo(torch.bfloat16).min)
        return added[:, None, None, :].expand(-1, -1, mask.shape[1], -1)


def build_model(encoder: SentenceEncoder, seed: int = 0) -> tuple[ReaderModel, Any]:
    """A reader with untrained heads on a copy of the encoder's transformer, and its tokenizer."""
    transformer, tokenizer = encoder.parts()
    torch.manual_seed(seed)
    return ReaderModel(transformer, int(transformer.config.hidden_size)), tokenizer


def loss(model: ReaderModel, batch: Batch, labels: Labels) -> Tensor:
    """The loss of a batch: each head's sum over the pairs that say something to it, by the number of all pairs.

    So a head learns from a pair as much as another does, however rare its pairs are.
    """
    start, end, judged = model(batch.ids, batch.mask)
    span = nn.functional.cross_entropy(start, labels.starts, reduction="none") + nn.functional.cross_entropy(
        end, labels.ends, reduction="none"
    )
    known = ~labels.judged.isnan()
    heads = nn.functional.binary_cross_entropy_with_logits(judged, labels.judged.nan_to_num(0.0), reduction="none")
    return ((span * labels.spans).sum() + _HEAD * (heads * known).sum()) / len(batch.ids)


_HEAD = 1.0  # what a head's loss counts beside a span's


def to_batch(tokenizer: Any, questions: Sequence[str], passages: Sequence[str], longest: int = 512) -> Batch:
    """The pairs as the model reads them: `<s> query: question </s></s> passage: passage </s>`, padded at the end.

    A pair of more than `longest` tokens loses the end of its passage; a question of more than half of them loses its own first.
    """
    read = tokenizer(
        _cut(tokenizer, [QUERY + question for question in questions], longest // 2),
        [PASSAGE + passage[: longest * _CHARACTERS] for passage in passages],
        padding=True, truncation="only_second", max_length=longest, return_offsets_mapping=True,
    )  # fmt: skip
    places = torch.tensor(read["offset_mapping"]) - len(PASSAGE)
    second = torch.tensor([[part == 1 for part in read.sequence_ids(row)] for row in range(len(passages))])
    places = torch.where((second & (places[..., 1] > 0)).unsqueeze(-1), places.clamp(min=0), -1)
    return Batch(torch.tensor(read["input_ids"]), torch.tensor(read["attention_mask"]), places)


_CHARACTERS = 12  # of a token, at most on average: what stands behind so many is cut off in any case


def _cut(tokenizer: Any, texts: Sequence[str], most: int) -> list[str]:
    """The texts, each cut behind so many tokens. Characters do not tell: one may be many tokens."""
    read = tokenizer(list(texts), truncation=True, max_length=most, add_special_tokens=False, return_offsets_mapping=True)
    return [text if len(places) < most else text[: places[-1][1]] for text, places in zip(texts, read["offset_mapping"], strict=True)]


def to_tokens(places: Tensor, starts: Sequence[int], ends: Sequence[int]) -> tuple[Tensor, Tensor]:
    """The tokens (n,) that hold the first and the last character of `[start, end)` of each passage; 0 and 0 where it is not there.

    A start of -1 says that the answer is not stated.
    """
    first, last = [], []
    for row, start, end in zip(places, starts, ends, strict=True):
        holds_start = ((row[:, 0] <= start) & (start < row[:, 1])).nonzero()
        holds_end = ((row[:, 0] < end) & (end <= row[:, 1])).nonzero()
        stated = start >= 0 and len(holds_start) > 0 and len(holds_end) > 0
        first.append(int(holds_start[0]) if stated else 0)
        last.append(int(holds_end[0]) if stated else 0)
    return torch.tensor(first), torch.tensor(last)


def trained(model: ReaderModel) -> dict[str, Tensor]:
    """The weights that training moves: all but the embeddings of words, by name."""
    return {name: tensor for name, tensor in model.state_dict().items() if "word_embeddings" not in name}
