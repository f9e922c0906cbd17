"""邮件: SMTP (RFC 5321), a plain-text message in the reader's language."""

import smtplib
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any

from qianan.ground.accounts.queries import Reach
from qianan.ground.notices.channels.message import Later, Message, Refused
from qianan.ground.notices.wire import Mail, Shown, Wire

SETTINGS: dict[str, Any] = {
    "host": None,
    "port": 587,
    "security": "starttls",
    "user": "",
    "password": "",
    "sender": None,
}
SECRETS = ("password",)
SECURITY = ("starttls", "tls", "none")


def address(reach: Reach, settings: dict[str, Any]) -> str:
    return reach.email


def send(message: Message, settings: dict[str, Any], wire: Wire) -> str:
    """Send one message; gives its Message-ID. Raises Later, Refused."""
    id = f"<{message.id}@{message.host}>"
    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["To"], letter["Subject"] = settings["sender"], message.to, message.subject
    letter["Date"], letter["Message-ID"] = format_datetime(message.at), id
    letter["Auto-Submitted"], letter["Content-Language"] = "auto-generated", message.language
    letter.set_content(message.text, cte="base64")
    try:
        wire.mail(
            Mail(
                host=settings["host"],
                port=int(settings["port"]),
                security=settings["security"],
                user=settings["user"],
                password=settings["password"],
                sender=parseaddr(settings["sender"])[1],
                to=message.to,
                data=letter.as_bytes(),
                shows=Shown(message.channel, message.masked, message.subject, message.text, message.at),
            )
        )
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        raise _said(code, words) from refused
    except smtplib.SMTPAuthenticationError as refused:
        raise Later(f"{refused.smtp_code} {_text(refused.smtp_error)}") from refused
    except smtplib.SMTPResponseException as refused:
        raise _said(refused.smtp_code, refused.smtp_error) from refused
    except smtplib.SMTPException as refused:
        raise Later(f"{type(refused).__name__}: {refused}"[:300]) from refused
    return id


def _said(code: int, words: Any) -> Later | Refused:
    why = f"{code} {_text(words)}"[:300]
    return Refused(why) if 500 <= code < 600 else Later(why)


def _text(words: Any) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else str(words)
