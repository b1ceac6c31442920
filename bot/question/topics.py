"""What a question asks with, and what it speaks of: by the tags of its words, not by lists of them. Pure functions."""

import re

_WH = re.compile(
    r"多少|多[久大高长远]|(?<![前好近这后])几(?![乎十百千万]|年来|天前)|(?<!个)(?<!没)(?:什么|啥|哪[里儿]?|谁)(?![都也])|怎么(?!都|也)|怎样|如何|咋|为何"
    r"|\b(?:how|what|which|when|where|who|why)\b",
    re.IGNORECASE,
)
_WHETHER = re.compile(
    r"(?!动不动|时不时)(?P<verb>[㐀-鿿]{1,2})不(?P=verb)|有没有|是否|能否|可否|可不可以"
    r"|\b(?:can|do|does|is|are|may|must|should)\s+(?:i|we|you|the|it|they|there|my|a)\b",
    re.IGNORECASE,
)
_ENDS_ASKING = re.compile(r"(?:[吗么呢]|(?<![也都就偏可])(?:不|没有?))[啊呀]?[\s？?。！!，,；;、]*$")
_NO_QUESTION = re.compile(r"不管|无论|不论|任何|没什么|不怎么|几乎|(?<![干做是])什么的(?=[，,都要也]|$)")
_INDIRECT = re.compile(r"不(?:知道|晓得|清楚|懂)|弄不|没底")
_TAG = re.compile(
    r"(?:到底|究竟|请问|这|那|都)*(?:是不是|对不对|对[吗么]|是[吗么]|真的?[吗么]|是真的[吗么]?|是这样[吗么]?|行[吗么]|可以[吗么]|好[吗么]|行不行|可不可以|有没有|怎么办|咋办|怎么回事)"
    r"(?:真的|这样|这回事|呢|啊|呀)*"
)
_OF_BOTH = re.compile(r"哪[个种](?:更|比较|[^，。]?得)|各[是有]|分别|[这那]?俩|[这那]?两[者个]")
_THERE_IS = re.compile(r"[^，,有]{0,4}有(?P<what>[㐀-鿿]{3,12}?)(?:了|的)?(?:[吗么没]|没有)[啊呀]?[\s？?。]*$")  # 区里有养老服务站吗
_WHAT_OF = re.compile(r"(?:那么?)?(?P<name>[^，,。；？?]{1,12}?)呢[？?。！!\s]*")
_WHAT_IS = re.compile(r"^(?:什么(?:是|叫)|何为|啥是)([^，。；？?]{2,20})")
_MODAL = re.compile(r"能不能|可不可以|可以|能(?![力源耗])|要不要|需要|(?<![主重])要|有没有|是不是|会不会|[㐀-鿿]不[㐀-鿿](?=[费钱])")
_LEADS = re.compile(
    r"^(?:.*?(?:想知道|想了?解|想问问?|弄清楚|问清楚|请问|打听|听说|听人说|其实|就是)|请问一?下?|想?问一?下|你好|您好|麻烦|顺便|另外|还有|那么?|其中|里面)[，,\s]*"
)
_NAMES = ("n", "j", "vn", "an", "eng", "l", "i")  # tags of words that name something
_STRIPPED = ("v", "p", "d", "c", "u", "r", "y", "zg", "f", "t", "ad", "m", "q")  # and of those that only lead to what asks
_SHORTEST_NAME, _NO_START = 3, ("q", "c", "k", "x", "w", "u", "m")  # 目录, 小区: of one word with two characters there are too many
_NUMERAL = re.compile(r"[\d一二两三四五六七八九十百千]")
_LONGEST_TOPIC = 16  # characters: a longer one is a story
_QUOTES = '“”‘’「」『』《》"'
_PROBLEM = re.compile(r"(?:怎么|咋)办(?![理得好成证])|[我俺]|有(?:什么|哪些|啥)")  # a trouble of one's own, or an audience: 融资难怎么办
_TAIL = re.compile(r"(?:分别|各自|一共|总共|大概|到底|究竟|[的是在了有共总约于到])+$")  # that the tags take for names
_ATTRIBUTE = re.compile(r"多少|几|多[久大高长远]|怎么样|怎样$|如何$|啥样")
_COMMON = 8000  # how often the dictionary counted a word that names no topic by itself: 钱, 时间, 条件, 企业; 床位 has 94


def asks_something(text: str) -> bool:
    """Whether a text asks: by a question word, by yes or no, or by its last word. 啥都, 谁也 ask nothing."""
    if _NO_QUESTION.search(text):
        return bool(_WHETHER.search(text) or _ENDS_ASKING.search(text))
    return bool(_WH.search(text) or _WHETHER.search(text) or _ENDS_ASKING.search(text))


def says_something(piece: str) -> bool:
    """Whether a piece says more than that something is asked: 哪一年 does not."""
    return len(_WH.sub("", piece).strip("？?。！! ")) > 3 or has_topic(piece) or bool(_named_before(_asking_clause(piece)))


def holds_question_word(text: str) -> bool:
    """Whether a text holds a word that asks for something (多少, 谁, how), rather than for yes or no."""
    return bool(_WH.search(text)) and not _NO_QUESTION.search(text)


def asks_outright(text: str) -> bool:
    """Whether a text asks, and not only says that something is not known."""
    return asks_something(text) and not _INDIRECT.search(text)


def is_tag(segment: str) -> bool:
    """Whether a segment only wants what stands before it confirmed (是不是啊), or asks of several things together (哪个更快)."""
    return bool(_TAG.fullmatch(segment) or _OF_BOTH.match(segment))


def points_into(piece: str) -> bool:
    """Whether a piece asks of a part of what stands before it."""
    return piece.startswith(("其中", "里面"))


def same_asked(piece: str, other: str) -> bool:
    """Whether two pieces ask the same of what they name, so that each names its own: 婚假几天，产假几天."""
    return bool(_names_before(piece)) and _asked(piece) == _asked(other)


def topic_of(piece: str) -> str:
    """What a question speaks of: what stands before the words that ask, without those that only lead to them; "" where nothing does.

    Of a bare attribute (人才公寓租金多少) it is what the attribute is of. Without words that ask it is the whole.
    """
    if defined := _WHAT_IS.match(piece):
        return defined[1].strip()
    clauses = [clause for clause in re.split(r"[，,。；;：:？?！!]", piece) if clause.strip()]
    asking = [clause for clause in clauses if _asking_at(clause) is not None]
    if not asking:
        return clauses[-1].strip() if clauses else ""
    place = clauses.index(asking[-1])
    own = _named_before(clauses[place])
    if not own and place:
        own = _last_names(clauses[place - 1])
    return own if len(own) <= _LONGEST_TOPIC else _last_names(own)


def leads_to_next(segment: str, following: str) -> bool:
    """Whether a segment only says of what the next one asks: 现在呢，要几天."""
    return bool(_WHAT_OF.fullmatch(segment.strip("，, "))) and segment.rstrip().endswith(("，", ",")) and bool(_WH.search(following))


def asked_of_another(piece: str, before: str) -> str | None:
    """What a piece such as 住院呢 asks: of what it names the same as the piece before it asks of its own topic; None where it is no such
    piece, "" where it names but a time, and so goes with the piece before."""
    found = _WHAT_OF.fullmatch(piece)
    if not found or _WH.search(found["name"]) or _WHETHER.search(found["name"]):
        return None
    if all(tag == "t" for _, tag in _tagged(found["name"])):
        return ""
    topic = _without_verb(topic_of(before).strip(_QUOTES), before)
    at = before.find(topic) if topic else -1
    if at < 0:
        return None
    rest = before[at + len(topic) :]
    return found["name"] + (rest[1:] if rest[:1] in tuple(_QUOTES) else rest)


def _without_verb(topic: str, question: str) -> str:
    """A topic without the verb at its end, where that is what the question says of it: 改造 in 路灯改造了多少条街."""
    words = _tagged(topic)
    return topic.removesuffix(words[-1][0]) if len(words) > 1 and words[-1][1] == "v" and f"{topic}了" in question else topic


def has_topic(piece: str) -> bool:
    """Whether a piece names what it speaks of: a name that does something, names that stand together, or what is counted in its own unit.

    A single name with nothing but a question word behind it (票价多少) is an attribute of something that was named before.
    """
    if points_into(piece):
        return False
    if _WHAT_IS.match(piece):
        return True
    clause = _asking_clause(piece)
    names, rest = _names_before(clause), _between(clause)
    if len(names) > 1:
        return True
    if names:
        return (rest or _does_to(clause)) and frequency(names[0]) < _COMMON
    return any(frequency(name) < _COMMON for name in _counted(clause))


def is_name(topic: str) -> bool:
    """Whether words stand for a thing by themselves, so that a sentence can name it: nothing in them is done, asked or told, and it is
    more than what everything has (费用, 政府)."""
    tagged = _tagged(topic.strip(_QUOTES))
    if tagged and _NUMERAL.match(tagged[0][0]):
        tagged = tagged[1:]  # 28个省份; 点 in 点小错 is no number
        tagged = tagged[1:] if tagged and tagged[0][1] == "q" else tagged
    if (
        not tagged
        or len(topic) < _SHORTEST_NAME
        or _MODAL.search(topic)
        or not tagged[-1][1].startswith(_NAMES)
        or tagged[0][1].startswith(_NO_START)
    ):
        return False
    tags_fit = all(tag.startswith((*_NAMES, "m", "q", "t", "b", "a", "c", "k", "x", "w")) or word == "的" for word, tag in tagged)
    return tags_fit and (len(tagged) > 1 or frequency(tagged[0][0]) < _COMMON)


def names_nothing(question: str) -> bool:
    """Whether a question asks something and has no word that says of what, only such as everything has: 什么时候发, 要带哪些材料."""
    if _PROBLEM.search(question) or any(tag == "s" for _, tag in _tagged(_before(_asking_clause(question)))):
        return False
    names = [word for word, tag in _tagged(question) if tag.startswith(_NAMES)]
    return asks_something(question) and all(frequency(name) >= _COMMON for name in names)


def listed_in(question: str) -> str:
    """What a question wants listed, such as 补贴 in 养老有哪些补贴; "" for what everything has."""
    found = re.search(r"(?:哪些|什么|啥)(?P<what>[㐀-鿿]{2,6})", question)
    names = [word for word, tag in _tagged(found["what"]) if tag.startswith(_NAMES)] if found else []
    return names[0] if names and frequency(names[0]) < _COMMON else ""


def frequency(word: str) -> int:
    """How often the dictionary of words counted a word; 0 for one that it does not hold."""
    import rjieba

    return int(rjieba.suggest_freq(word)) if rjieba.has_word(word) else 0


def _asking_clause(piece: str) -> str:
    clauses = [clause for clause in re.split(r"[，,。；;：:？?！!]", piece) if clause.strip()]
    return next((clause for clause in reversed(clauses) if _asking_at(clause) is not None), piece)


def _asking_at(clause: str) -> int | None:
    """Where the words begin that ask: a question word, or the verb of a yes-or-no question."""
    starts = [found.start() for form in (_WH, _WHETHER) if (found := form.search(clause))]
    if _ENDS_ASKING.search(clause) and (modal := _MODAL.search(clause)):
        starts.append(modal.start())
    if starts:
        return min(starts)
    return len(clause) if _ENDS_ASKING.search(clause) else None


def _tagged(text: str) -> list[tuple[str, str]]:
    import rjieba

    return [(word, tag) for word, tag in rjieba.tag(text) if word.strip()]


def _before(clause: str) -> str:
    at = _asking_at(clause)
    return _LEADS.sub("", clause[:at] if at is not None else clause)


def _names_before(clause: str) -> list[str]:
    """The names that stand before what asks."""
    return [word for word, tag in _tagged(_before(clause)) if tag.startswith(_NAMES)]


def _between(clause: str) -> bool:
    """Whether something is done between the last name and what asks, or by what asks."""
    tagged = _tagged(_before(clause))
    last = max((place for place, (_, tag) in enumerate(tagged) if tag.startswith(_NAMES)), default=-1)
    after = clause[_asking_at(clause) or 0 :]
    does = [tag.startswith(("v", "p")) and word not in ("是", "费") for word, tag in (*tagged[last + 1 :], *_tagged(after))]
    return any(does) or not _ATTRIBUTE.match(after)


def _does_to(clause: str) -> bool:
    """Whether what is done stands before the name (加装电梯多少部)."""
    tagged = _tagged(_before(clause))
    return bool(tagged) and tagged[0][1] == "v" and len(tagged[0][0]) > 1


def _counted(clause: str) -> list[str]:
    """What is counted behind a number word and a unit (多少座危桥)."""
    at = _asking_at(clause) or 0
    found = re.match(r"(?:多少|几)[个家座条处名位张间套项支场部辆](?P<rest>.+)", clause[at:])
    return [word for word, tag in _tagged(found["rest"]) if tag.startswith(_NAMES)] if found else []


def _named_before(clause: str) -> str:
    """The words before what asks that name something, joined; without the attribute that is asked for."""
    if not re.search(r"[㐀-鿿]", clause):
        return ""
    tagged = _tagged(_before(clause))
    bare = bool(tagged) and tagged[-1][1].startswith(_NAMES) and not _between(clause)
    told = _WH.search(clause) is not None or _MODAL.search(clause) is not None
    if not told and (there := _THERE_IS.match(clause)):
        return there["what"]
    if not told and (verbs := [place for place, (word, tag) in enumerate(tagged) if tag == "v" and place]):
        tagged = tagged[: verbs[-1]]  # 茶叶种植户有保险吗
    if len(tagged) > 1 and tagged[-1][0] == "了" and len(tagged[-2][0]) > 1 and not frequency(tagged[-2][0]):
        tagged[-2:] = [(tagged[-2][0][:-1], "n")]  # 首贷发了: what the dictionary does not hold has the verb glued to it
    _strip_leading_on(tagged, told=told)
    if bare and len([tag for _, tag in tagged if tag.startswith(_NAMES)]) > 1:
        tagged.pop()
        _strip_leading_on(tagged, told=told)
    return _TAIL.sub("", _without_lead(tagged))


def _without_lead(tagged: list[tuple[str, str]]) -> str:
    """The words from behind the last pronoun or particle of telling, as far as they name something."""
    last = max((place for place, (_, tag) in enumerate(tagged[:-1]) if tag.startswith(("r", "ul", "y", "x"))), default=-1)
    words = tagged[last + 1 :]
    return "".join(word for word, _ in words).strip() if any(tag.startswith(_NAMES) for _, tag in words) else ""


def _strip_leading_on(tagged: list[tuple[str, str]], *, told: bool) -> None:
    """Take away what only leads on from the end of tagged words; a letter keeps its unit (D类)."""
    while tagged and _leads_on(*tagged[-1], told=told) and not (tagged[-1][1] == "q" and len(tagged) > 1 and tagged[-2][1] == "eng"):
        tagged.pop()


def _leads_on(word: str, tag: str, *, told: bool) -> bool:
    """Whether a word behind a name only leads to what asks. A verb of two characters there is part of the name (养犬登记), unless it is
    what the question asks itself (停车场收费吗)."""
    return (
        tag.startswith(_STRIPPED)
        and not tag.startswith(_NAMES)
        and not (told and tag == "v" and (len(word) > 1 or word == "费") and not word.startswith("是"))
    )


def _last_names(clause: str) -> str:
    """The names that stand together at the end of a clause that tells something."""
    names = list[str]()
    for word, tag in reversed(_tagged(clause)):
        if tag.startswith(_NAMES):
            names.insert(0, word)
        elif names:
            break
    return "".join(names)


def _asked(piece: str) -> str:
    clause = _asking_clause(piece)
    at = _asking_at(clause)
    return clause[at:].strip("？?。！! ") if at is not None else ""
