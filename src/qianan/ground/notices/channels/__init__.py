"""Channels of one shape: each file speaks one provider's protocol. A new one looks like the one beside it.

What a channel module has stands in `message.py`.
"""

from types import ModuleType

from qianan.ground.notices.channels import dingtalk, mail, sms, webhook, wecom

ADAPTERS: dict[str, ModuleType] = {
    "sms": sms,
    "mail": mail,
    "wecom": wecom,
    "dingtalk": dingtalk,
    "webhook": webhook,
}
