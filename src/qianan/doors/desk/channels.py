"""Channels: the ways letters go out, on or off, with their settings. Secrets are written, never shown again."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from qianan.doors.desk import frame, lists
from qianan.doors.kit import listing, words
from qianan.doors.kit.actor import actor_of, officers
from qianan.doors.kit.figures import Crumb
from qianan.doors.kit.forms import HouseForm, Line, sent
from qianan.doors.kit.now import now
from qianan.ground.notices import actions, queries
from qianan.ground.notices.channels import ADAPTERS
from qianan.ground.notices.words import kinds
from qianan.kernel.problems import Problem

DOTS = "••••"

NAMES: dict[str, Any] = {
    "access_key_id": gettext_lazy("Access key"),
    "access_key_secret": gettext_lazy("Secret of the access key"),
    "sign_name": gettext_lazy("Signature of the messages"),
    "templates": gettext_lazy("Templates (JSON: kind → template code, * for all others)"),
    "endpoint": gettext_lazy("Address of the provider"),
    "longest": gettext_lazy("Most signs in one variable"),
    "host": gettext_lazy("Mail server"),
    "port": gettext_lazy("Port"),
    "security": gettext_lazy("Security (starttls, tls or none)"),
    "user": gettext_lazy("User"),
    "password": gettext_lazy("Password"),
    "sender": gettext_lazy("Sender's address"),
    "corp_id": gettext_lazy("Corporation id"),
    "secret": gettext_lazy("Secret"),
    "agent_id": gettext_lazy("Application id"),
    "app_key": gettext_lazy("Application key"),
    "app_secret": gettext_lazy("Application secret"),
    "url": gettext_lazy("Address that is called"),
    "secrets": gettext_lazy("Signing secrets (whsec_…, one or more, apart by spaces)"),
}
"""The settings of all adapters by name; a new one is shown by its own name until it has words."""


@officers
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All channels, those never set up included."""
    actor = actor_of(request)
    frame.check_admin(actor)
    rows = queries.channels()
    table = listing.Table(
        columns=(
            listing.Column(_("Channel")),
            listing.Column(_("State")),
            listing.Column(_("Carries")),
            listing.Column(_("Still missing")),
            listing.Column(_("Changed")),
        ),
        rows=tuple(
            listing.Row(
                cells=(
                    listing.link(words.label("channel", row.code), reverse("desk:channel", args=[row.code])),
                    listing.tag(_("on")) if row.on else listing.quiet(_("off")),
                    listing.text(
                        _("%(n)s kinds of letters") % {"n": len(row.kinds)} if row.kinds else _("all letters"),
                        css="wrap",
                    ),
                    listing.text(", ".join(str(NAMES.get(name, name)) for name in missing(row)), css="wrap"),
                    listing.when(row.changed_at),
                )
            )
            for row in rows
        ),
        caption=_("Channels"),
    )
    return lists.show_list(
        request,
        actor,
        title=_("Channels"),
        says=_("Each letter always stands in the inbox; a channel carries it out of the house as well."),
        table=table,
        pager=listing.Pager(says=_("%(n)s channels") % {"n": len(rows)}, previous="", next="", total=len(rows)),
        empty=lists.Empty(_("No channel is known"), ""),
    )


def missing(row: queries.ChannelView) -> list[str]:
    """Settings that must be given and are not."""
    return [
        name
        for name, default in ADAPTERS[row.adapter].SETTINGS.items()
        if default is None and row.shown.get(name) in {None, ""}
    ]


class Settings(HouseForm):
    """One channel. Its fields are those of its adapter; a secret left empty stays as it was."""

    on = forms.BooleanField(label=gettext_lazy("This channel carries letters"), required=False)

    def __init__(self, *args: Any, channel: queries.ChannelView, **kwargs: Any) -> None:
        module = ADAPTERS[channel.adapter]
        initial: dict[str, Any] = {"on": channel.on, "kinds": list(channel.kinds)}
        shown: dict[str, forms.Field] = {}
        for name in module.SETTINGS:
            secret = name in module.SECRETS
            value = channel.shown.get(name)
            shown[f"set-{name}"] = field = Line(
                label=NAMES.get(name, name),
                required=False,
                longest=2000,
                widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}) if secret else forms.TextInput(),
            )
            if secret:
                field.help_text = (
                    _("One is kept, and not shown. Leave it empty to keep it.") if value else _("None is kept yet.")
                )
            else:
                initial[f"set-{name}"] = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
        super().__init__(*args, initial=initial, **kwargs)
        for name, own in shown.items():
            own.widget.attrs["class"] = "input"
            self.fields[name] = own
        self.fields["kinds"] = forms.MultipleChoiceField(
            label=_("Which letters it carries (none ticked = all)"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            choices=[(kind, words.label("notice.kind", kind)) for kind in kinds()],
        )

    def settings(self) -> dict[str, Any]:
        """What was given, as the room takes it; a JSON object for a setting that is one."""
        given: dict[str, Any] = {}
        for name, value in self.cleaned_data.items():
            if not name.startswith("set-"):
                continue
            setting = name.removeprefix("set-")
            if setting == "templates":
                try:
                    given[setting] = json.loads(value) if value else {}
                except ValueError:
                    given[setting] = value
            else:
                given[setting] = value
        return given

    @property
    def settings_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("set-")]


@officers
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, code: str) -> HttpResponse:
    """One channel: on or off, its settings, which letters it carries."""
    actor = actor_of(request)
    frame.check_admin(actor)
    row = queries.channel(code)
    if request.method == "POST" and request.POST.get("act") == "test":
        attempt = actions.test_channel(row.code, by=actor, now=now())
        said = words.label("attempt.state", attempt.state)
        messages.info(request, _("A letter to yourself: %(state)s.") % {"state": said})
        return redirect("desk:channel", row.code)
    form = Settings(sent(request), channel=row)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_channel(
                code,
                adapter=row.adapter,
                on=form.cleaned_data["on"],
                settings=form.settings(),
                kinds=form.cleaned_data["kinds"],
                by=actor,
                now=now(),
            )
        except Problem as problem:
            if problem.family != "invalid":
                raise
            form.refuse(problem, {name: f"set-{name}" for name in ADAPTERS[row.adapter].SETTINGS})
        else:
            messages.success(request, _("Kept. The next letter goes by it."))
            return redirect("desk:channels")
    return frame.show(
        request,
        "desk/channel.html",
        {"channel": row, "form": form},
        actor=actor,
        title=words.label("channel", row.code),
        crumbs=[Crumb(_("Channels"), reverse("desk:channels")), Crumb(words.label("channel", row.code))],
        status=422 if form.errors else 200,
    )
