"""Facts that policies give and encyclopedias hardly do, such as a phone number or a deadline: put into windows, or asked for where absent."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from bot.reading.training.near_misses import Pair, Stated, unstated


@dataclass(frozen=True, slots=True)
class Attribute:
    """A kind of fact: how it is asked for, how it is stated, its values, and what shows that a text may hold one already.

    `{t}` stands for the topic and `{v}` for the value.
    """

    asked: tuple[str, ...]
    stated_as: tuple[str, ...]
    value: Callable[[Random], str]
    shows: re.Pattern[str]


def _one(*options: str) -> Callable[[Random], str]:
    return lambda random: random.choice(options)


def _phone(random: Random) -> str:
    return random.choice(
        (f"0{random.randint(10, 999)}-{random.randint(2000000, 88999999)}", f"{random.randint(2000000, 88999999)}", "12345")
    )


def _place(random: Random) -> str:
    road = random.choice("建设路 海河街 振华街 中山路 文化路 新安路 长江二路 学府街".split())
    return f"{road}{random.randint(1, 300)}号" + random.choice(
        ("", "政务服务大厅", f"{random.randint(1, 9)}楼", "行政审批中心二楼", "便民服务中心")
    )


def _date(random: Random) -> str:
    return random.choice(
        (f"{random.randint(1, 12)}月{random.randint(1, 28)}日", f"{random.randint(1998, 2024)}年{random.randint(1, 12)}月底")
    )


def _sum(random: Random) -> str:
    return random.choice(
        (f"{random.randint(1, 99) * 100}元", f"{random.randint(1, 500)}万元", f"{random.randint(1, 9)}.{random.randint(1, 9)}亿元")
    )


def _person(random: Random) -> str:
    return random.choice("王李张刘陈杨赵黄周吴徐孙").strip() + random.choice("志强 丽 建国 晓明 雪梅 海涛 玉兰 伟 国栋 敏".split())


ATTRIBUTES = (
    Attribute(
        ("{t}的联系电话是多少？", "{t}的咨询电话是什么", "想咨询{t}，打什么电话？", "{t} 电话", "{t}热线号码多少"),
        ("咨询电话：{v}。", "有关{t}的问题可拨打{v}咨询。", "联系电话为{v}。", "服务热线{v}已经开通。"), _phone, re.compile(r"电话|热线|拨打|\d{7}"),
    ),
    Attribute(
        ("{t}的地址在哪里？", "{t}在哪儿办理？", "去什么地方办{t}", "{t}的办公地址是什么？", "{t} 地点"),
        ("办理地点设在{v}。", "地址：{v}。", "相关事务到{v}办理。"), _place, re.compile(r"地址|地点|位于|设[在于]|[路街号楼]"),
    ),
    Attribute(
        ("{t}什么时候截止？", "{t}的报名截止日期是哪天？", "{t}申请到几月几号为止", "{t} 截止时间"),
        ("申请截止日期为{v}。", "报名于{v}截止。", "受理时间到{v}为止。"), _date, re.compile(r"截[止至]|期限|为止|[到至]\d+月"),
    ),
    Attribute(
        ("{t}是几月份办的？", "{t}什么时候举办？", "{t}哪天举行", "{t}是哪一年启动的？"),
        ("该活动于{v}举办。", "{v}，相关工作正式启动。", "这项工作自{v}起实施。"), _date, re.compile(r"\d+月|\d+年|举[办行]|启动|日"),
    ),
    Attribute(
        ("{t}怎么收费？", "{t}要交多少钱", "办{t}的费用是多少？", "{t} 收费标准"),
        ("每次收费{v}。", "办理费用为{v}。", "收费标准为每人{v}。"), _sum, re.compile(r"[元费价钱币]|免[费收]"),
    ),
    Attribute(
        ("{t}补贴多少钱？", "{t}最高能拿多少补助", "{t}一次性奖励多少？", "{t} 补贴金额"),
        ("符合条件的一次性给予{v}补贴。", "最高补助{v}。", "对达标单位奖励{v}。"), _sum, re.compile(r"[元币]|补[贴助]|奖[励金]|资助|[万亿]"),
    ),
    Attribute(
        ("{t}总投资多少？", "{t}投入了多少资金？", "{t}花了多少钱", "{t}的贷款总额是多少？"),
        ("项目总投资{v}。", "为此共投入资金{v}。", "累计发放贷款{v}。"), _sum, re.compile(r"[元币]|投[资入]|资金|[万亿]"),
    ),
    Attribute(
        ("{t}几天能办好？", "{t}的办理时限是几个工作日？", "{t}多久办结", "{t} 办理时间"),
        ("自受理之日起{v}内办结。", "办理时限为{v}。", "承诺在{v}内答复。"),
        lambda random: f"{random.randint(1, 60)}个工作日", re.compile(r"工作日|办结|时限|[天日小]时?内"),
    ),
    Attribute(
        ("{t}由谁负责？", "{t}的负责人是谁？", "{t}的联系人叫什么", "{t} 负责人"),
        ("该项工作由{v}负责。", "负责人为{v}。", "联系人：{v}。"), _person, re.compile(r"负责|联系人|主任|局长|主管|领导|会长"),
    ),
    Attribute(
        ("办理{t}需要什么材料？", "{t}要带哪些证件", "{t}需要提交哪些材料？", "{t} 材料"),
        ("办理时须提交{v}。", "申请人应携带{v}。"),
        _one("身份证和户口本", "营业执照副本及公章", "申请表、身份证复印件", "学历证书和劳动合同", "不动产权证书、身份证明"),
        re.compile(r"材料|提交|证[件明书]|携带|复印"),
    ),
    Attribute(
        ("{t}在哪个网站上申请？", "{t}的网址是什么？", "{t}网上怎么申报", "{t} 网址"),
        ("可登录{v}申请。", "申报网址为{v}。"),
        _one("www.example.gov.cn", "政务服务网", "人力资源网上服务平台", "一体化在线政务平台"), re.compile(r"网|平台|www|http"),
    ),
    Attribute(
        ("申请{t}要满足什么条件？", "哪些人可以申请{t}？", "{t}的对象是谁", "{t} 申请条件"),
        ("凡{v}，均可申请。", "申请对象为{v}。", "仅面向{v}。"),
        _one("毕业五年内的高校毕业生", "注册满一年的小微企业", "本市户籍满六十周岁的老人", "在本区缴纳社会保险满六个月的职工", "退役军人"),
        re.compile(r"条件|申请|对象|资格|符合|面向"),
    ),
    Attribute(
        ("{t}一共有多少家企业参加？", "有几家单位参与了{t}？", "{t}惠及多少家企业", "{t} 企业数量"),
        ("共有{v}参加。", "已惠及{v}。", "{v}参与其中。"),
        lambda random: f"{random.randint(2, 4000)}{random.choice(('', '余', '多'))}家" + random.choice(("企业", "单位")), re.compile(r"\d+[余多]?[家个]|企业|单位|[一二三四五六七八九十]家"),
    ),
    Attribute(
        ("{t}覆盖多少所学校？", "{t}走进了几所学校", "{t}涉及多少名学生？", "{t}招了多少人？"),
        ("先后走进{v}。", "共覆盖{v}。"),
        lambda random: f"{random.randint(2, 300)}{random.choice(('', '余', '多'))}所" + random.choice(("学校", "高校", "院校")), re.compile(r"[一二三四五六七八九十\d][余多]?[所名人]|学校|学生"),
    ),
    Attribute(
        ("{t}比上一年增长了百分之几？", "{t}同比增长多少", "{t}的增幅是多少？", "{t} 增长率"),
        ("同比增长{v}。", "比上一年增长{v}。", "增幅达到{v}。"),
        lambda random: f"{random.randint(1, 60)}.{random.randint(1, 9)}%", re.compile(r"增[长幅加]|上升|下降|减少|[%％倍]|百分|同比|提[高升]"),
    ),
    Attribute(
        ("{t}里女性占多大比例？", "{t}中本地人占几成", "{t}的占比是多少？", "{t}当中外地的有多少？"),
        ("其中女性占{v}。", "外地人员占{v}。", "占总数的{v}。"),
        lambda random: f"{random.randint(5, 95)}%", re.compile(r"占|比[例重]|[%％]|百分|其中|[一二三四五六七八九]成"),
    ),
    Attribute(
        ("{t}明年的目标是多少？", "{t}下一年打算办多少场", "{t}今后计划增加到多少？"),
        ("明年的目标是{v}。", "下一年计划达到{v}。", "今后将增加到{v}。"),
        lambda random: f"{random.randint(2, 900)}" + random.choice(("个", "场", "家", "户")), re.compile(r"目标|计划|明年|下一|今后|将|力争|预计|未来"),
    ),
    Attribute(
        ("{t}的有效期是多久？", "{t}几年内有效", "{t}执行到什么时候？", "{t} 有效期"),
        ("有效期为{v}。", "自发布之日起{v}内有效。", "执行期限{v}。"),
        lambda random: f"{random.randint(1, 10)}年", re.compile(r"有效|期限|[\d一二三四五六七八九十]年|执行|废止"),
    ),
    Attribute(
        ("违反{t}要罚多少钱？", "{t}不办会怎么处罚", "{t}的罚款标准是什么？"),
        ("违反的，处以{v}罚款。", "逾期不办的罚款{v}。"), _sum, re.compile(r"罚|处以|违[反法]|[元币]"),
    ),
    Attribute(
        ("{t}周末上班吗？", "{t}几点开门？", "{t}的办公时间", "{t}节假日办不办", "{t} 开放时间"),
        ("办公时间为{v}。", "对外开放时间：{v}。"),
        _one("周一至周五上午九点到下午五点", "每天8:30至17:00", "工作日9:00—16:30", "周一至周日全天"), re.compile(r"时间|[点时:]\d|周[一二三四五六日末]|工作日|上班|开放|小时"),
    ),
    Attribute(
        ("{t}由哪个部门牵头？", "{t}是哪个单位主管的", "{t}归谁管？", "{t} 主管部门"),
        ("该项工作由{v}牵头。", "主管部门为{v}。"),
        _one("区发改局", "市人社局", "县财政局", "市场监督管理局", "区工信局", "住房和城乡建设局"), re.compile(r"[局部委办厅署会]|牵头|主管|部门|负责|政府"),
    ),
)  # fmt: skip


def asked_pair(case: Stated, random: Random, share_stated: float) -> Pair | None:
    """A pair that asks for an attribute of the window's title; it is stated, in a sentence put between two others, in that share of pairs.

    Where it is not, another attribute stands there in two of three pairs. None where the window may hold such a fact already.
    """
    wanted, other = random.sample(ATTRIBUTES, 2)
    if not case.title or wanted.shows.search(case.text):
        return None
    stated = random.random() < share_stated
    question = random.choice(wanted.asked).format(t=case.title)
    put = wanted if stated else other if random.random() < 2 / 3 else None
    if put is None:
        return unstated(case, "attribute_asked", question=question)
    value = put.value(random)
    sentence = random.choice(put.stated_as).replace("{t}", case.title)
    if not stated and wanted.shows.search(sentence.format(v=value)):
        return None
    at = random.randint(1, len(case.sentences))
    before = "".join(case.sentences[:at])
    passage = before + sentence.format(v=value) + "".join(case.sentences[at:])
    if not stated:
        return unstated(case, "attribute_asked", question=question, passage=passage)
    start = len(before) + sentence.index("{v}")
    found = unstated(case, "attribute_stated", question=question, passage=passage)
    return replace(found, start=start, end=start + len(value)) if found else None
