"""Forms of the house: our look on each widget, one place for what is wrong, photographs that survive a mistake."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from qianan.doors.kit import words
from qianan.kernel.problems import InvalidMany, Problem

LONGEST = 4000
"""Characters of a free text; a form that takes more says so itself."""


def clean_text(text: str, *, longest: int = LONGEST) -> str:
    """A text without control characters but for new lines; a database refuses NUL. Raises ValidationError when long."""
    kept = "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) != "Cc").strip()
    if len(kept) > longest:
        raise forms.ValidationError(
            _("%(count)s characters too many: %(limit)s at most.") % {"count": len(kept) - longest, "limit": longest}
        )
    return kept


def sent(request: HttpRequest) -> Any:
    """What a form is bound to: what was sent, also when it was nothing at all; None when the form is only shown."""
    return request.POST if request.method == "POST" else None


class HouseForm(forms.Form):
    """A plain form with our classes on its widgets. `refuse` puts a problem of the rooms on the field it names."""

    required_css_class = "required"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            widget = field.widget
            if isinstance(widget, (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)):
                continue
            if not widget.is_hidden:
                widget.attrs["class"] = f"{widget.attrs.get('class', '')} input".strip()
            self.dress(name, field)

    def dress(self, name: str, field: forms.Field) -> None:
        """Room for a form to set attributes of its own."""
        if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
            field.error_messages["required"] = _("This is needed.")

    def refuse(self, problem: Problem, fields: Mapping[str, str] | None = None) -> None:
        """Show a problem of the rooms at its field; `fields` maps `where` to a field of another name."""
        for each in problem.problems if isinstance(problem, InvalidMany) else [problem]:
            where = (fields or {}).get(each.where, each.where)
            self.add_error(where if where in self.fields else None, words.say_problem(each))


class TextArea(forms.CharField):
    """A text of some lines, cleaned of control characters."""

    widget = forms.Textarea

    def __init__(self, *args: Any, longest: int = LONGEST, **kwargs: Any) -> None:
        self.longest = longest
        super().__init__(*args, **kwargs)
        self.widget.attrs.update({"maxlength": longest, "rows": 3})
        self.widget.attrs.pop("cols", None)

    def clean(self, value: Any) -> str:
        return clean_text(super().clean(value), longest=self.longest)


class Line(forms.CharField):
    """A text of one line, cleaned of control characters."""

    def __init__(self, *args: Any, longest: int = 120, **kwargs: Any) -> None:
        self.longest = longest
        super().__init__(*args, **kwargs)
        self.widget.attrs["maxlength"] = longest

    def clean(self, value: Any) -> str:
        return clean_text(super().clean(value).replace("\n", " "), longest=self.longest)


class DayField(forms.DateField):
    """A day, by the browser's own calendar."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(*args, **kwargs)


__all__ = ["DayField", "HouseForm", "Line", "TextArea", "clean_text", "sent"]
