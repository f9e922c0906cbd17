"""The people of the demo whose names and password are shown: everybody's first hour in the house goes with them."""

from dataclasses import dataclass

PASSWORD = "demo-qianan-2026"  # noqa: S105  the demo's own, printed at its start
STREET, DISTRICT, CITY, LINE = "110105001", "110105", "11", "commerce"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody of the demo: how they sign in, and in a line who they are. `post` is the kind of chair they sit on."""

    login: str
    mobile: str
    name: str
    who: str
    role: str
    post: str = ""
    body_code: str = ""
    password: str = PASSWORD


CAST = (
    DemoPerson(
        "xiao_zhao",
        "+8613800000001",
        "赵小明",
        "老王面馆 后厨员工 · cook at Lao Wang's Noodles",
        "worker",
        "production",
    ),
    DemoPerson(
        "sister_liu",
        "+8613800000002",
        "刘芳",
        "老王面馆 安全管理人员 · safety manager of Lao Wang's Noodles",
        "safety_manager",
        "safety_manager",
    ),
    DemoPerson(
        "lao_wang",
        "+8613800000003",
        "王建国",
        "老王面馆 主要负责人 · principal of Lao Wang's Noodles",
        "principal",
        "principal",
    ),
    DemoPerson(
        "market_mgr",
        "+8613800000004",
        "马国栋",
        "永安市场 出租方 · landlord of Yong'an Market",
        "principal",
        "principal",
    ),
    DemoPerson(
        "officer_li",
        "+8613800000005",
        "李敏",
        "建外街道 检查员 · officer of Jianwai Sub-district",
        "street",
        "inspector",
        f"street:{STREET}",
    ),
    DemoPerson(
        "chief_zhang",
        "+8613800000006",
        "张强",
        "朝阳区应急管理局 局长 · head of Chaoyang District's emergency bureau",
        "district",
        "head",
        f"district:{DISTRICT}",
    ),
    DemoPerson(
        "ms_chen",
        "+8613800000007",
        "陈静",
        "朝阳区商务局 局长 · head of Chaoyang District's commerce bureau",
        "industry",
        "head",
        f"dept:{LINE}:{DISTRICT}",
    ),
    DemoPerson(
        "director_sun",
        "+8613800000008",
        "孙丽",
        "市安委会办公室 主任 · director of the city's safety office",
        "city",
        "head",
        f"city:{CITY}",
    ),
    DemoPerson("admin", "+8613800000009", "管理员", "系统管理员 · administrator", "admin"),
)


def demo_people() -> tuple[DemoPerson, ...]:
    """Who can sign in to the demo, in the order in which one would try them."""
    return CAST
