"""What the reader's tests use in place of weights and data: a tiny encoder with a tokenizer like the real one, and a marked text."""

import json
from pathlib import Path
from typing import Any

from bot.reading.training.near_misses import Stated
from index.encoding.bundled import PackedModel, _tokenizer

TEXT = (
    "青山区2022年启动花园城市行动。当年新建口袋公园15处。居民可以向街道提出申请。街道在10个工作日内答复。志愿者因缺少树苗推迟了种树活动。"
)
QUESTIONS = [
    ("青山区哪一年启动花园城市行动？", "2022年"),
    ("新建口袋公园多少处？", "15处"),
    ("居民向谁提出申请？", "街道"),
    ("街道多久答复？", "10个工作日内"),
    ("志愿者为什么推迟种树？", "因缺少树苗"),
]


class TinyEncoder:
    """A transformer of two layers with random weights, 16 wide, and one piece a character."""

    name, fingerprint = "fake:tiny", "tiny-1"

    def __init__(self) -> None:
        letters = sorted(set(TEXT + "query: passage: ？ 0123456789白河港口预约制度夜间" + "".join(question for question, _ in QUESTIONS)))
        special = ["<s>", "<pad>", "</s>", "<unk>"]
        pieces = [(piece, 0.0) for piece in special] + [(piece, -5.0) for piece in ["▁", *letters]] + [("<mask>", 0.0)]
        codes = {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3, "<mask>": len(pieces) - 1}
        self._packed = PackedModel(16, 2, 2, 32, len(pieces), 512, 2, 1e-12, pieces, codes, {1: "", 9: " "}, {})

    def parts(self) -> tuple[Any, Any]:
        import torch
        from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

        torch.manual_seed(1)
        config = BertConfig(
            vocab_size=self._packed.rows,
            hidden_size=16,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=32,
            type_vocab_size=2,
        )
        tokenizer = PreTrainedTokenizerFast(
            tokenizer_object=_tokenizer(self._packed), bos_token="<s>", eos_token="</s>", sep_token="</s>", cls_token="<s>",
            unk_token="<unk>", pad_token="<pad>", mask_token="<mask>",
        )  # fmt: skip
        return BertModel(config, add_pooling_layer=False).eval(), tokenizer


def stated(question: str, answer: str, title: str = "花园城市行动") -> Stated:
    """The question with the whole text as its window."""
    from index.text.split import sentences

    texts = [TEXT[span.start : span.end] for span in sentences(TEXT)]
    start = TEXT.index(answer)
    place = next(n for n in range(len(texts)) if sum(map(len, texts[: n + 1])) > start)
    return Stated(question, title, tuple(texts), place, place, start, start + len(answer), (answer,), ("白河港口实行预约制度。",))


def marked_folder(folder: Path) -> Path:
    """A folder in the form of the outside sets, with the questions on the text."""
    folder.mkdir(parents=True)
    corpus = [{"id": f"d{n}", "title": f"行动{n}", "text": TEXT} for n in range(4)]
    rows = [
        {
            "id": f"q{n}-{m}", "question": question, "answers": [answer], "gold_doc_ids": [f"d{n}"], "answerable": True,
            "meta": {"answer_start": TEXT.index(answer)},
        }
        for n in range(4) for m, (question, answer) in enumerate(QUESTIONS)
    ]  # fmt: skip
    for name, lines in (("corpus", corpus), ("questions", rows)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    return folder
