"""Names in Latin letters."""

import pytest

from qianan.ground.places.romanising import english_of, initials_of, pinyin_of


@pytest.mark.parametrize(
    ("name", "english", "initials"),
    [
        ("建外街道", "Jianwai Sub-district", "jwjd"),
        ("西长安街街道", "Xichang'anjie Sub-district", "xcajjd"),
        ("朝阳区", "Chaoyang District", "cyq"),
        ("朝阳门街道", "Chaoyangmen Sub-district", "cymjd"),
        ("什刹海街道", "Shichahai Sub-district", "schjd"),
        ("大栅栏街道", "Dashilan Sub-district", "dsljd"),
        ("张镇", "Zhangzhen Town", "zz"),
        ("于家务回族乡", "Yujiawu Hui Ethnic Township", "yjwhzx"),
        ("长子营镇", "Zhangziying Town", "zzyz"),
        ("辛庄村村委会", "Xinzhuang Village", "xzccwh"),
        ("张家湾一村村委会", "Zhangjiawanyicun Village", "zjwyccwh"),
        ("铁道部住宅区第三社区居委会", "Tiedaobuzhuzhaiqu No. 3 Community", "tdbzzqdssqjwh"),
        ("第十二社区", "No. 12 Community", "dsesq"),
        ("复兴路24号院社区", "Fuxinglu No. 24 Compound Community", "fxl24hysq"),
        ("1201社区居委会", "1201 Community", "1201sqjwh"),
        ("女人街社区", "Nürenjie Community", "nrjsq"),
        ("Detroit", "Detroit", "detroit"),
    ],
)
def test_a_name_in_english_and_by_initials(name: str, english: str, initials: str) -> None:
    assert (english_of(name), initials_of(name)) == (english, initials)


def test_pinyin_has_neither_tones_nor_spaces() -> None:
    assert pinyin_of("中国矿业大学(北京)社区") == "zhongguokuangyedaxuebeijingshequ"
