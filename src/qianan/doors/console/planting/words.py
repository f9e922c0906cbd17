"""Names for a city that does not exist: people, businesses, roads. Invented from common words; no real business."""

from dataclasses import dataclass
from random import Random

from pypinyin import Style, lazy_pinyin

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
GIVEN_ONE = "伟芳娜敏静强磊军洋勇艳杰娟涛明超霞平刚辉玲鹏丹峰琴宁波红梅云飞燕莉斌婷宇浩凯健鑫佳悦欣阳晨旭琳慧蕾颖"
GIVEN_TWO = (  # noqa: SIM905  words read better without fifty pairs of quotes
    "建国 建华 志强 志伟 晓明 晓东 秀英 秀兰 桂英 桂兰 玉兰 玉梅 海燕 春梅 丽华 丽娟 国强 "
    "国栋 文静 文博 子涵 子轩 雨晴 雨桐 浩然 思远 思琪 嘉欣 佳怡 家豪 俊杰 俊峰 立新 立群 "
    "永强 永红 凤英 淑珍 淑华 振华 振宇 德明 德福 小军 小红 红霞 红梅 新民 "
).split()

BRANDS = (  # noqa: SIM905
    "福顺 和兴 鑫源 瑞祥 聚德 同和 万家 金谷 春晓 清源 百川 明远 嘉禾 永泰 广源 东升 长青 "
    "天和 正阳 宏图 锦绣 知味 云上 老街 四季 五福 三合 安居 康乐 晨光 海川 静安 丰泽 顺达 "
    "恒信 华盛 金鼎 玉泉 兰亭 松鹤 祥云 宝隆 德馨 惠民 利群 友邻 安泰 和顺 新禾 南山 北辰 "
    "朝晖 望京西 青藤 橙子 满庭芳 小满 谷雨 立春 秋实 "
).split()

ROADS = (
    ("光华路", "Guanghua Road"), ("建设路", "Jianshe Road"), ("人民路", "Renmin Road"), ("新华街", "Xinhua Street"),
    ("幸福大街", "Xingfu Avenue"), ("团结路", "Tuanjie Road"), ("文化路", "Wenhua Road"), ("园林路", "Yuanlin Road"),
    ("兴业街", "Xingye Street"), ("南环路", "Nanhuan Road"), ("东大街", "East Avenue"), ("西大街", "West Avenue"),
    ("站前路", "Zhanqian Road"), ("柳荫街", "Liuyin Street"), ("永安里", "Yong'anli"), ("学院路", "Xueyuan Road"),
    ("迎宾路", "Yingbin Road"), ("和平街", "Heping Street"), ("工业路", "Gongye Road"), ("振兴路", "Zhenxing Road"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trade:
    """A kind of business: venue, GB/T 4754 class, its share of all sites in thousandths, how it is called."""

    venue: str
    industry: str
    share: int
    zh: str
    en: str
    heads: tuple[int, int]
    area: tuple[int, int]
    tags: tuple[str, ...] | None = None


TRADES = (
    Trade("restaurant", "6210", 95, "面馆", "Noodle House", (4, 20), (60, 400)),
    Trade("restaurant", "6210", 60, "家常菜馆", "Home Kitchen", (6, 40), (80, 900)),
    Trade("restaurant", "6210", 30, "火锅店", "Hot Pot", (10, 60), (150, 1200), ("gas", "crowd")),
    Trade("restaurant", "6220", 45, "小吃店", "Snack Bar", (2, 8), (20, 90), ("gas", "lpg")),
    Trade("restaurant", "6231", 12, "茶馆", "Teahouse", (3, 12), (60, 300)),
    Trade("restaurant", "6232", 15, "咖啡店", "Coffee", (2, 8), (30, 160), ()),
    Trade("mall", "5213", 85, "便利店", "Convenience Store", (2, 8), (40, 160), ()),
    Trade("mall", "5212", 45, "超市", "Supermarket", (8, 120), (300, 6000)),
    Trade("mall", "5281", 25, "五金店", "Hardware", (2, 6), (30, 200), ("chemicals",)),
    Trade("mall", "5211", 12, "商场", "Department Store", (60, 600), (5000, 60000)),
    Trade("hotel", "6121", 28, "快捷酒店", "Express Hotel", (8, 40), (800, 6000)),
    Trade("hotel", "6110", 8, "饭店", "Hotel", (60, 400), (8000, 50000)),
    Trade("hotel", "6130", 10, "民宿", "Guesthouse", (1, 5), (80, 400), ("sleeping", "gas")),
    Trade("hospital", "8421", 14, "社区卫生服务站", "Community Health Station", (8, 60), (200, 3000)),
    Trade("hospital", "8425", 14, "门诊部", "Clinic", (6, 40), (150, 1500)),
    Trade("hospital", "8411", 3, "医院", "Hospital", (200, 1800), (10000, 90000)),
    Trade("elderly", "8514", 18, "养老院", "Home for the Elderly", (10, 120), (600, 9000)),
    Trade("school", "8310", 42, "幼儿园", "Kindergarten", (12, 60), (600, 4000)),
    Trade("school", "8321", 14, "小学", "Primary School", (40, 160), (4000, 18000)),
    Trade("school", "8391", 16, "培训学校", "Training School", (6, 40), (200, 1800)),
    Trade("petrol", "5265", 14, "加油站", "Petrol Station", (6, 16), (800, 4000)),
    Trade("factory", "3311", 26, "金属制品厂", "Metal Works", (12, 160), (1000, 12000), ("hot_work", "dust")),
    Trade("factory", "2110", 18, "木器厂", "Furniture Works", (10, 90), (800, 9000), ("dust",)),
    Trade("factory", "1421", 18, "食品厂", "Food Works", (15, 200), (1000, 12000), ("ammonia",)),
    Trade("factory", "2319", 18, "印刷厂", "Printing Works", (8, 80), (600, 6000), ("chemicals",)),
    Trade("factory", "1811", 14, "服装厂", "Garment Works", (15, 180), (800, 8000)),
    Trade("construction", "5012", 26, "装饰工程", "Decoration", (6, 60), (100, 2000)),
    Trade("construction", "4910", 18, "电气安装工程", "Electrical Works", (6, 50), (100, 1500)),
    Trade("construction", "4710", 10, "建筑工程", "Building Works", (30, 300), (2000, 30000)),
    Trade("warehouse", "5990", 28, "仓储", "Storage", (4, 60), (800, 20000)),
    Trade("warehouse", "6020", 24, "快递站", "Parcel Station", (4, 30), (80, 900)),
    Trade("entertainment", "9013", 14, "网吧", "Internet Café", (3, 14), (150, 900)),
    Trade("entertainment", "9011", 12, "歌厅", "Karaoke", (8, 60), (300, 2500)),
    Trade("entertainment", "8930", 14, "健身房", "Gym", (4, 30), (200, 2000)),
    Trade("office", "7020", 44, "物业", "Property Management", (10, 200), (2000, 60000)),
    Trade("ebike", "8199", 12, "电动车服务站", "E-bike Service", (1, 6), (20, 200)),
    Trade("rental", "7040", 24, "公寓", "Apartments", (1, 20), (300, 9000)),
    Trade("common", "8040", 24, "理发店", "Hairdresser", (1, 10), (20, 180), ()),
    Trade("common", "8030", 8, "洗衣店", "Laundry", (1, 8), (30, 200), ("chemicals",)),
    Trade("common", "8111", 14, "汽车修理厂", "Garage", (4, 40), (150, 2000), ("hot_work",)),
    Trade("entertainment", "", 6, "密室逃脱馆", "Escape Room", (3, 12), (120, 700), ("crowd",)),
    Trade("common", "", 5, "共享自习室", "Shared Study Room", (1, 4), (60, 400), ()),
    Trade("common", "", 4, "宠物乐园", "Pet Park", (2, 8), (100, 900), ()),
)
"""Shares as a city's trades would suggest. Those without a class are new trades that no department answers for yet."""


def spelled(text: str) -> str:
    """福顺 → Fushun."""
    return "".join(lazy_pinyin(text, style=Style.NORMAL)).capitalize()


def person_name(dice: Random) -> str:
    surname = dice.choice(SURNAMES)
    return surname + (dice.choice(GIVEN_TWO) if dice.random() < 0.55 else dice.choice(GIVEN_ONE))


def place_word(name_zh: str) -> str:
    """建外街道 → 建外: the part of a place's name that a shop would use."""
    for tail in ("街道办事处", "地区办事处", "街道", "地区", "镇", "乡"):
        if name_zh.endswith(tail) and len(name_zh) > len(tail) + 1:
            return name_zh.removesuffix(tail)
    return name_zh[:4]


def business_name(dice: Random, trade: Trade, street_zh: str) -> tuple[str, str]:
    """(Chinese, English): 建外福顺面馆, Jianwai Fushun Noodle House; or after the keeper's surname."""
    place = place_word(street_zh)
    if trade.venue in {"restaurant", "common"} and dice.random() < 0.2:
        surname = dice.choice(SURNAMES)
        zh, en = f"{place}老{surname}{trade.zh}", f"{spelled(place)} Lao {spelled(surname)} {trade.en}"
    else:
        brand = dice.choice(BRANDS)
        zh, en = f"{place}{brand}{trade.zh}", f"{spelled(place)} {spelled(brand)} {trade.en}"
    if trade.venue in {"factory", "construction", "warehouse", "office"} and trade.industry != "6020":
        return f"北京{zh}有限公司", f"Beijing {en} Co., Ltd."
    return zh, en


def address(dice: Random, street_zh: str, street_en: str) -> str:
    road, _ = dice.choice(ROADS)
    return f"{street_zh}{road} {dice.randint(1, 198)} 号"


WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
CODE_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def credit_code(dice: Random, place_code: str, legal_person: bool) -> str:
    """A unified social credit code that checks (GB 32100-2015), of an organisation code that checks (GB 11714)."""
    from stdnum.cn import uscc

    region = place_code[:6] if place_code[:6].isdigit() else "110000"
    body = "MA" + "".join(dice.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(6))
    total = sum(CODE_SIGNS.index(sign) * weight for sign, weight in zip(body, WEIGHTS, strict=True))
    rest = (11 - total % 11) % 11
    code = f"9{1 if legal_person else 2}{region}{body}{'X' if rest == 10 else rest}"
    return code + uscc.calc_check_digit(code)
