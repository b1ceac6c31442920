import pytest

from bot.llm.tokens import estimate_tokens

# What Qwen2.5's own tokenizer counts.
COUNTED = [("全年共办理130件。", 8), ("申报施工许可时只需在线提交申请，省去了准备纸质申请材料的环节。", 19)]


@pytest.mark.parametrize(("text", "counted"), COUNTED)
def test_estimate_is_near_what_a_tokenizer_counts(text: str, counted: int) -> None:
    assert counted * 0.75 <= estimate_tokens(text) <= counted * 1.5


def test_nothing_takes_no_tokens() -> None:
    assert estimate_tokens("") == 0
