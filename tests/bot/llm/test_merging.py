"""A model's sentences and those of the articles in one answer: nothing that the reader is sure of is lost, and its order stays."""

from bot.checking.citations import Citation, Sentence, cite
from bot.llm.drafts import ModelUse, Reply
from bot.llm.merging import Merged, in_order_of
from index.documents import Passage, Span
from index.text.split import sentences

TEXT = "企业可以申请补贴，每户5000元。已经享受同类补贴的除外。申请要带三样：营业执照、合同和发票。办理需要3个工作日。"
PASSAGE = Passage("a", 0, (), TEXT, 0, len(TEXT), tuple(sentences(TEXT)), title="办法")
GRANT, EXCEPT, PAPERS, DAYS = PASSAGE.sentences
GRANT_CLAUSE = Span(GRANT.start, EXCEPT.end)


def quoted(*spans: Span) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    citations = tuple(cite(n, PASSAGE, span) for n, span in enumerate(spans, 1))
    return tuple(Sentence(citation.quote, (citation.n,)) for citation in citations), citations


def merge(extract: tuple[Span, ...], said: list[tuple[str, Span]], *, whole: bool = False) -> Merged:
    reply = Reply(
        ModelUse("m", "p"),
        tuple(Sentence(text, (n,)) for n, (text, _) in enumerate(said, 1)),
        tuple(cite(n, PASSAGE, span) for n, (_, span) in enumerate(said, 1)),
    )
    return in_order_of(*quoted(*extract), reply, whole=whole)


def texts(merged: Merged) -> list[str]:
    return [sentence.marked() for sentence in merged.sentences]


def test_what_comes_first_the_extract_decides() -> None:
    merged = merge((GRANT, DAYS), [("3个工作日办完。", DAYS), ("每户补5000元。", GRANT)])
    assert texts(merged) == ["每户补5000元。[1]", "3个工作日办完。[2]"]
    assert [citation.quote for citation in merged.citations] == [PASSAGE.quote(GRANT), PASSAGE.quote(DAYS)]


def test_what_the_model_leaves_out_stands_in_the_articles_words_in_its_place() -> None:
    merged = merge((GRANT, PAPERS, DAYS), [("3个工作日办完。", DAYS), ("每户补5000元。", GRANT)])
    assert texts(merged) == ["每户补5000元。[1]", f"{PASSAGE.quote(PAPERS)}[2]", "3个工作日办完。[3]"]
    assert merged.worded == 2


def test_what_is_cited_of_a_clause_is_shown_with_its_exception() -> None:
    merged = merge((GRANT_CLAUSE,), [("每户补5000元。", GRANT), ("享受过同类补贴的除外。", EXCEPT)])
    assert texts(merged) == ["每户补5000元。[1]", "享受过同类补贴的除外。[1]"]
    assert [citation.quote for citation in merged.citations] == [PASSAGE.quote(GRANT_CLAUSE)]


def test_what_is_cited_besides_stands_behind() -> None:
    assert texts(merge((DAYS,), [("每户补5000元。", GRANT), ("3个工作日办完。", DAYS)])) == ["3个工作日办完。[1]", "每户补5000元。[2]"]


def test_a_list_that_is_said_in_part_stands_whole_in_the_articles_words() -> None:
    said = [("申请要带营业执照。", PAPERS), ("办理要3个工作日。", DAYS)]
    assert texts(merge((PAPERS, DAYS), said)) == ["申请要带营业执照。[1]", "办理要3个工作日。[2]"]
    merged = merge((PAPERS, DAYS), said, whole=True)
    assert texts(merged) == [f"{PASSAGE.quote(PAPERS)}[1]", "办理要3个工作日。[2]"]
    assert merge((PAPERS,), [("要带营业执照。", PAPERS)], whole=True).worded == 0
