"""Other years and other places than an article speaks of."""

import pytest

from bot.answering.conditions import restrain
from bot.chinese.places import places_in
from bot.question.conditions import years_asked
from bot.reading.reader import Reading
from index.documents import Article, Metadata, Passage, Span

TEXT = "早在2015年，青山区就设了窗口。现有窗口7个。"


def probability(question: str, *, region: str = "白河市青山区", published: str = "2023-05", text: str = TEXT, indexed: str = "") -> float:
    passage = Passage("a", 0, (), text, 0, len(text), (Span(0, len(text)),))
    article = Article(Metadata("a", region=region, published=published), text)
    (reading,) = restrain(
        question, [Reading(passage, passage.sentences[0], None, 0.9, 1.0)], lambda _: article, lambda name: name in indexed
    )
    return reading.probability


@pytest.mark.parametrize(
    ("question", "restrained"),
    [
        ("有几个窗口", False),
        ("2023年有几个窗口", False),  # the year of publication
        ("2015年设了什么", False),
        ("2021年有几个窗口", True),
        ("How many windows were there in 2021?", True),
        ("是2021年才设的窗口吧？", False),  # the answer corrects it
        ("2021 万元够吗", False),
        ("热线20210301打得通不", False),
        ("青山区有几个窗口", False),
        ("烟台有几个窗口", True),
        ("煙臺有幾個窗口", True),
        ("我从烟台来，青山区有几个窗口", False),
        ("通济街上有几个窗口", False),  # no administrative place
    ],
)
def test_other_year_or_place_makes_an_answer_improbable(question: str, restrained: bool) -> None:
    assert (probability(question) < 0.2) is restrained


def test_place_counts_as_another_one_only_where_the_own_is_known() -> None:
    assert probability("烟台有几个窗口", region="", indexed="烟台") == 0.9, "a city's own articles seldom name it"
    assert probability("烟台有几个窗口", region="", indexed="") < 0.2


def test_year_is_looked_for_in_the_article_where_nothing_else_is_known() -> None:
    assert probability("2015年呢", published="", text="现有窗口7个。") < 0.2
    assert probability("2015年呢", published="") == 0.9


@pytest.mark.parametrize(
    ("question", "sentence", "meets"),
    [
        ("What is the interest rate of the loans?", "发放贷款金额57.70亿元。", False),
        ("What is the interest rate of the loans?", "贷款年利率3.5%。", True),
        ("How long does it take?", "省去了准备纸质材料的环节。", False),
        ("How long does it take?", "审批时限压减至20个工作日。", True),
        ("On what date does enrolment begin?", "报名于6月开始。", False),
        ("How much does the licence cost?", "证照免费寄送。", True),
        ("How many visits were there?", "多次走进高校。", False),
        ("What is the phone number of the ferry?", "渡轮21时停航。", False),
    ],
)
def test_figure_that_is_asked_for_in_english_is_wanted_too(question: str, sentence: str, meets: bool) -> None:
    assert (probability(question, text=sentence) > 0.5) is meets


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("漳州市法院在哪", {"漳州"}),
        ("丰泽区的企业", {"丰泽"}),
        ("济南 首席审批官", {"济南"}),
        ("新区的政策", set()),
        ("我们市里的示范区", set()),
    ],
)
def test_places_are_found_without_their_kind(text: str, places: set[str]) -> None:
    assert places_in(text) == places


def test_years_are_found_in_figures_only_where_they_are_years() -> None:
    assert years_asked("2021年和2022年各多少") == {"2021", "2022"}
    assert years_asked("12021年") == set()
    assert years_asked("二零二一年和二〇二二年各多少") == {"2021", "2022"}
    assert years_asked("三百二十一年") == set()


@pytest.mark.parametrize(
    ("question", "sentence", "meets"),
    [
        ("改造完了按百分之几给补贴？", "共发放资金3200余万元。", False),
        ("改造完了按百分之几给补贴？", "按设备款的10%给予补贴。", True),
        ("增速是多少？", "同比增长，势头良好。", False),
        ("银企对接会开了几场？", "先后为40余家企业讲解金融政策。", False),
        ("銀企對接會開了幾場？", "共举办37场次。", True),
        ("招聘会办了多少场？", "举办招聘会三十余场。", True),
        ("从递交到批下来要几个工作日？", "已为130余企业实施审批。", False),
        ("从递交到批下来要几个工作日？", "需要20个法定工作日。", True),
        ("多久能办好？", "当场办结。", True),
        ("整改了多少个问题？", "重点查找整治法治意识不强等问题。", False),
        ("首贷最高能贷给我多少钱？", "发放首贷381笔，金额57.70亿元。", False),
        ("首贷最高能贷给我多少钱？", "单户不超过300万元。", True),
        ("办证要多少钱？", "证照免费寄送。", True),
        ("办证要多少天？", "当场办结。", True),
        ("最多能带多少人？", "最多可带家属。", False),
        ("平均每户贷了多少？", "共发放8749笔。", False),
        ("几月几号开始报名？", "报名于6月开始。", False),
        ("几月份开始报名？", "报名于6月开始。", True),
        ("哪一年出台的？", "已出台实施方案。", False),
        ("重点培育哪几类企业？", "加大对独角兽、小巨人的培育。", True),  # things are asked for, not how many
        ("这几年办了什么活动？", "举办了招聘会。", True),
        ("渡口服务台电话多少？", "渡口服务台设在候船厅，共1200个座位。", False),
        ("渡口服务台电话多少？", "渡口服务台电话0591-88001234。", True),
        ("打哪个电话预约？", "可拨打12345预约。", True),
        ("打哪个电话预约？", "预约15831人次。", False),
        ("好几个部门要跑吗？", "只进一扇门。", True),
        ("下一场灯会什么时候办？", "截至目前已办灯会8场。", False),
        ("灯会啥时候办？", "灯会每年正月十五举办。", True),
        ("钱什么时候到账？", "审核通过后拨付。", True),
        ("渡口从哪一天起停航？", "审批压减到20个工作日。", False),
        ("候船厅在哪条街上？", "候船厅由集中式大厅改为分布式小站。", False),
        ("候船厅地址？", "候船厅设在江边路12号。", True),
        ("就业资金一个人能领多少？", "共发放资金3200余万元。", False),
        ("就业资金每人能领多少？", "每人发放1500元。", True),
        ("一户最多贷多少？", "个人最高35万元。", True),
    ],
)
def test_sentence_without_the_figure_that_is_asked_for_hardly_answers(question: str, sentence: str, meets: bool) -> None:
    assert (probability(question, text=sentence) > 0.5) is meets


def test_sentence_with_the_figure_goes_before_a_near_one_without_it() -> None:
    text = "合规改革办得好。共办案12起。"
    passage = Passage("a", 0, (), text, 0, len(text), (Span(0, 8), Span(8, len(text))))
    without, holding = Reading(passage, passage.sentences[0], None, 0.6, 1.0), Reading(passage, passage.sentences[1], None, 0.5, 0.9)
    found = restrain("一共办了多少起？", [without, holding], lambda _: Article(Metadata("a"), text), lambda _: False)
    assert [(reading.sentence, round(reading.probability, 2)) for reading in found] == [(holding.sentence, 0.5), (without.sentence, 0.03)]


def test_each_of_several_things_is_held_to_its_own_figure() -> None:
    text = "首批放款86笔。"
    passage = Passage("a", 0, (), text, 0, len(text), (Span(0, len(text)),))
    question = "首批放款有多少，放了多少钱？"
    found = [
        restrain(
            question,
            [Reading(passage, passage.sentences[0], None, 0.6, 1.0)],
            lambda _: Article(Metadata("a"), text),
            lambda _: False,
            part=part,
        )
        for part in ("首批放款有多少", "首批放款放了多少钱？")
    ]
    assert [reading.probability == 0.6 for (reading,) in found] == [True, False]
