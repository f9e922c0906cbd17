"""Small lists of words, and the scales of risk."""

from decimal import Decimal

from qianan.ground.codebook.models import CodeRow, LoadedFile, RiskScale, Term
from qianan.ground.codebook.queries.shelf import by_code, held, table
from qianan.ground.codebook.reading import TABLES
from qianan.kernel.problems import NotFound
from qianan.methods.lec import Band, Scale


def terms(kind: str) -> list[Term]:
    """The words of one list (venue, tag, tier, …) in their order; `.key` is the word's code within the list."""
    return held(("terms", kind), lambda: [row for row in table(Term) if row.kind == kind])


def term(kind: str, code: str) -> Term:
    """One word by its key (`term("venue", "restaurant")`). Raises NotFound("no_term")."""
    row = by_code(Term).get(f"{kind}-{code}")
    if row is None:
        raise NotFound("no_term", kind=kind, code=code)
    return row


def risk_scale(method: str) -> Scale:
    """The values and bands of a risk method (`lec`, `matrix`) as the city has loaded them, highest band first.

    Raises NotFound("no_risk_scale") when the city has no bands for it.
    """
    return held(("scale", method), lambda: _scale(method))


def _scale(method: str) -> Scale:
    rows = [row for row in table(RiskScale) if row.method == method]
    bands = sorted((row for row in rows if row.kind == "band"), key=lambda row: row.low or Decimal(0), reverse=True)
    if not bands:
        raise NotFound("no_risk_scale", method=method)
    values: dict[str, list[Decimal]] = {}
    for row in rows:
        if row.kind == "value" and row.value is not None:
            values.setdefault(row.factor, []).append(row.value.normalize())
    return Scale(
        edition=bands[0].edition,
        values={factor: tuple(sorted(each, reverse=True)) for factor, each in values.items()},
        bands=tuple(
            Band(
                code=row.code,
                low=row.low or Decimal(0),
                colour=row.colour,
                name_zh=row.name_zh,
                name_en=row.name_en,
                verified=row.verified,
                source=row.source,
                edition=row.edition,
                includes_low=row.includes_low,
            )
            for row in bands
        ),
        verified=all(row.verified for row in rows),
        source=bands[0].source,
    )


def risk_values(method: str) -> list[RiskScale]:
    """The rows of the values a person chooses from, with their words, in the order they were loaded."""
    return [row for row in table(RiskScale) if row.method == method and row.kind == "value"]


def rows_of(name: str) -> list[CodeRow]:
    """All rows of one table by the name of its file (`deadlines`, `ladder`, …). Raises NotFound("no_table")."""
    if name not in TABLES:
        raise NotFound("no_table", name=name)
    return list(table(TABLES[name]))


def loaded_files() -> list[LoadedFile]:
    """Which file each table was last loaded from, by SHA-256."""
    return list(LoadedFile.objects.order_by("table"))
