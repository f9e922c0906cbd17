"""Registry import (导入): a table is uploaded, every row is looked at, then it is taken in whole or not at all."""

import json
import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qianan.doors.desk import businesses as registry
from qianan.doors.desk import frame
from qianan.doors.kit import figures, words
from qianan.doors.kit.actor import actor_of, officers
from qianan.doors.kit.figures import Crumb
from qianan.doors.kit.forms import HouseForm
from qianan.doors.kit.now import now
from qianan.kernel.problems import Invalid, NotYours, Problem
from qianan.registry.businesses import access, importing, queries

SHOWN = 500
MAPPING_BYTES = 200_000


class Upload(HouseForm):
    file = forms.FileField(
        label=gettext_lazy("The table"),
        help_text=gettext_lazy(
            "CSV or XLSX, at most 50,000 rows. One line a site; a business with three sites has three lines."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    mapping = forms.FileField(
        label=gettext_lazy("Mapping file"),
        required=False,
        help_text=gettext_lazy("JSON, for a table whose columns have other names than those of the template."),
        widget=forms.FileInput(attrs={"accept": ".json"}),
    )


def _check(actor: Any) -> None:
    """Officers who keep a registry, and administrators. Raises NotYours("may_not_import")."""
    if not access.can_register(actor, frame.root_of(actor)):
        raise NotYours("may_not_import")


@officers
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Upload a table; what this person has brought in before."""
    actor = actor_of(request)
    _check(actor)
    form = Upload(request.POST, request.FILES) if request.method == "POST" else Upload()
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            preview = importing.preview(
                upload.read(),
                name=upload.name[:200],
                mapping=_mapping(form.cleaned_data["mapping"]),
                by=actor,
                now=now(),
            )
        except Problem as problem:
            if problem.family not in {"invalid", "too_large"}:
                raise
            form.refuse(problem, {"": "file"})
        else:
            return show(request, actor, preview)
    return frame.show(
        request,
        "desk/imports.html",
        {
            "form": form,
            "imports": queries.imports_for(actor)[:50],
            "tabs": registry.tabs(actor, "imports"),
        },
        actor=actor,
        title=_("Registry import"),
        crumbs=frame.place_crumbs(actor, frame.root_of(actor), last=[_("Registry import")]),
        status=422 if form.errors else 200,
    )


def _mapping(upload: Any) -> Any:
    """The mapping as JSON. Raises Invalid("bad_mapping")."""
    if upload is None:
        return None
    if upload.size > MAPPING_BYTES:
        raise Invalid("bad_mapping", where="mapping")
    try:
        return json.loads(upload.read().decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Invalid("bad_mapping", where="mapping") from None


def show(request: HttpRequest, actor: Any, preview: Any) -> HttpResponse:
    """What the file would do, and every row that is not right: line, column, what, how to mend it."""
    return frame.show(
        request,
        "desk/import.html",
        {
            "id": preview.id,
            "name": preview.name,
            "rows": preview.rows,
            "ok": preview.ok,
            "problems": [
                {
                    "line": each.line,
                    "column": each.column,
                    "value": each.value,
                    "says": words.say_problem(each.problem),
                    "code": each.code,
                }
                for each in preview.problems
            ],
            "count": preview.count,
            "counts": [
                (_("Businesses"), preview.businesses),
                (_("Sites"), preview.sites),
                (_("People"), preview.people),
            ],
            "sample": [(each.line, each.name, words.label("import.outcome", each.outcome)) for each in preview.sample],
            "columns": preview.columns,
        },
        actor=actor,
        title=_("Before it is taken in: %(name)s") % {"name": preview.name},
        crumbs=[Crumb(_("Registry import"), reverse("desk:imports")), Crumb(preview.name)],
        status=200 if preview.ok else 422,
    )


@officers
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """A file brought in by this person: take it in, or see what became of it."""
    actor = actor_of(request)
    kept = queries.import_for(actor, id)
    if request.method == "POST":
        done = importing.commit(kept.id, by=actor, now=now())
        messages.success(
            request,
            ngettext(
                "Taken in: %(added)s business new, %(changed)s changed, %(same)s as before.",
                "Taken in: %(added)s businesses new, %(changed)s changed, %(same)s as before.",
                done.added,
            )
            % {
                "added": figures.number(done.added),
                "changed": figures.number(done.changed),
                "same": figures.number(done.same),
            },
        )
        return redirect("desk:import", done.id)
    return frame.show(
        request,
        "desk/import_kept.html",
        {
            "kept": kept,
            "problems": [
                {**each, "says": words.say_problem(Invalid(str(each["code"]), value=each.get("value", "")))}
                for each in kept.errors[:SHOWN]
            ],
            "may_commit": kept.state == "previewed" and not kept.errors and kept.content is not None,
        },
        actor=actor,
        title=kept.name,
        crumbs=[Crumb(_("Registry import"), reverse("desk:imports")), Crumb(kept.name)],
    )


@officers
@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """A table to fill in, with three rows that show how."""
    return HttpResponse(
        importing.template(get_language() or "zh-hans"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="qianan-registry.csv"'},
    )
