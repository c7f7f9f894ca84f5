"""Comparisons as tables for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

import typer

from regrade.cli.options import UnclearName
from regrade.cli.output import say, warn
from regrade.cli.tables import NOTHING, counted, percent, print_table

if TYPE_CHECKING:
    from regrade.records.comparisons import Comparison, Comparisons, Ensemble, HumanContrast, ItemVotes

MAX_MATRIX = 12
"""With more models the kappa matrix is too wide to read."""
_TINY = 1e-99
"""Smaller p-values are not written out."""
_RULES = {
    "majority": "majority of the classes named",
    "mean_probability": "highest mean probability",
    "any_right": "right if any member is",
}


def print_comparison(pair: Comparison, *, limit: int, unclear: UnclearName) -> None:
    """Two models: what each gets wrong side by side, then what holds of both together.

    Args:
        pair: The comparison, with the items that only one gets wrong.
        limit: Most items of a list.
        unclear: Whether a class marked unclear was accepted.
    """
    typer.echo(f"{_made_by(pair, unclear)} · {counted(pair.n_items, 'shared item')}")
    print_table(
        ("", f"{pair.model_a}>", f"{pair.model_b}>"),
        (
            ("wrong", pair.n_both_wrong + pair.n_only_a_wrong, pair.n_both_wrong + pair.n_only_b_wrong),
            ("only this one wrong", pair.n_only_a_wrong, pair.n_only_b_wrong),
            ("wrong, unreviewed", pair.n_unreviewed_a, pair.n_unreviewed_b),
        ),
    )
    print_table(("", ""), _together(pair))
    _print_items(pair, limit)
    warn(pair.warnings)
    _say_notes(pair.notes)


def print_comparisons(found: Comparisons, *, limit: int, unclear: UnclearName) -> None:
    """Several models: the pairs most alike first, the kappa matrix if it is small, near-copies, ensembles, humans.

    Args:
        found: The comparisons.
        limit: Most pairs, and most items of a list.
        unclear: Whether a class marked unclear was accepted.
    """
    n_models, n_pairs = len(found.models), len(found.pairs)
    typer.echo(f"{_made_by(found, unclear)} · {counted(n_models, 'model')}, {counted(n_pairs, 'pair')}")
    _print_pairs(found.pairs, limit)
    if n_models <= MAX_MATRIX:
        typer.echo("\nerror consistency (kappa): 1 always wrong together, 0 as by chance")
        _print_matrix(found)
    typer.echo(f"\nnear-copies: {_shared(found.near_copies)} or more of their mistakes shared")
    if found.clusters:
        print_table(
            ("models", "mistakes shared>", "same class>"),
            (
                (", ".join(row.models), _shared(row.least_shared_mistakes), _shared(row.least_agreement))
                for row in found.clusters
            ),
        )
    else:
        typer.echo("none")
    for ensemble in found.ensembles:
        _print_ensemble(ensemble)
    if found.humans is not None:
        _print_humans(found.humans, limit)
    warn(found.warnings)
    _say_notes(found.notes)


def _made_by(what: Comparison | Comparisons, unclear: UnclearName) -> str:
    return f"labels {what.labels} · policy {what.policy}" + (
        "" if what.policy == "single" else f" · unclear: {unclear}"
    )


def _together(pair: Comparison) -> Iterable[tuple[str, str]]:
    mean = "class mean" if pair.policy == "multilabel" else "item mean"
    same = "" if pair.same_wrong_share is None else f", {_shared(pair.same_wrong_share)} of them as the same class"
    return (
        ("both wrong", f"{pair.n_both_wrong:,}{same}"),
        (f"difference ({mean})", _difference(pair)),
        ("after all reviews", _interval(pair.difference_min, pair.difference_max)),
        ("McNemar, exact", f"p {_p(pair.mcnemar_p, equals='= ')}"),
        ("error consistency", "kappa = " + _kappa(pair.kappa)),
        ("mistakes shared", _shared(pair.shared_mistakes)),
        ("same class predicted", _shared(pair.agreement)),
    )


def _print_items(pair: Comparison, limit: int) -> None:
    only_a, only_b = pair.only_a_wrong_items or (), pair.only_b_wrong_items or ()
    if not only_a and not only_b:
        return
    typer.echo()
    print_table(
        (f"only {pair.model_a} wrong", f"only {pair.model_b} wrong"),
        zip_longest(only_a[:limit], only_b[:limit], fillvalue=""),
    )
    more = max(len(only_a), len(only_b)) - limit
    if more > 0:
        typer.echo(f"up to {more:,} more: --limit or --json")


def _print_pairs(pairs: Sequence[Comparison], limit: int) -> None:
    alike = sorted(pairs, key=lambda pair: -2.0 if pair.kappa is None else pair.kappa, reverse=True)
    columns = ("A", "B", "items>", "only A wrong>", "only B wrong>", "both>", "A - B>", "95 %>", "p (Holm)>", "kappa>")
    print_table(
        columns,
        (
            (
                pair.model_a,
                pair.model_b,
                pair.n_items,
                pair.n_only_a_wrong,
                pair.n_only_b_wrong,
                pair.n_both_wrong,
                _points(pair.difference),
                _interval(pair.ci_low, pair.ci_high),
                _p(pair.mcnemar_p_holm),
                _kappa(pair.kappa),
            )
            for pair in alike[:limit]
        ),
    )
    more = f"; {counted(len(pairs) - limit, 'more pair')} with --limit" if len(pairs) > limit else ""
    typer.echo(f"the most alike first; A - B in points{more}")


def _print_matrix(found: Comparisons) -> None:
    numbers = range(1, len(found.models) + 1)
    print_table(
        (">", "", *(f"{number}>" for number in numbers)),
        (
            (number, model, *map(_kappa, row))
            for number, model, row in zip(numbers, found.models, found.kappa, strict=True)
        ),
    )


def _print_ensemble(ensemble: Ensemble) -> None:
    who = "human labelers" if ensemble.kind == "human" else "models"
    typer.echo(f"\n{len(ensemble.members)} {who} together, on {counted(ensemble.n_items, 'item')}")
    print_table(
        ("", "accuracy %>", "gain in points>", "95 %>", "mistakes>", "unreviewed>", "ties>"),
        (
            (f"best: {ensemble.best_member}", percent(ensemble.best_accuracy), "", "", "", "", ""),
            *(
                (
                    _RULES[row.rule],
                    percent(row.accuracy),
                    _points(row.gain),
                    _interval(row.gain_ci_low, row.gain_ci_high),
                    row.n_mistakes,
                    row.n_unreviewed,
                    row.n_ties,
                )
                for row in ensemble.scores
            ),
        ),
    )
    _say_notes((*ensemble.notes, *(note for row in ensemble.scores for note in row.notes)))


def _print_humans(humans: HumanContrast, limit: int) -> None:
    typer.echo(f"\nhumans and models, on {counted(humans.n_items, 'item')} that both have")
    for who, rows in (("humans", humans.humans_wrong), ("models", humans.models_wrong)):
        others = "models" if who == "humans" else "humans"
        typer.echo(f"most {who} wrong, most {others} right: {counted(len(rows), 'item')}")
        if rows:
            _print_votes(rows[:limit])
        if len(rows) > limit:
            typer.echo(f"{len(rows) - limit:,} more: --limit or --json")


def _print_votes(rows: Sequence[ItemVotes]) -> None:
    print_table(
        ("item", "humans wrong>", "models wrong>"),
        (
            (row.item_id, f"{row.n_humans_wrong} of {row.n_humans}", f"{row.n_models_wrong} of {row.n_models}")
            for row in rows
        ),
    )


def _say_notes(notes: Iterable[str]) -> None:
    for note in dict.fromkeys(notes):
        say(f"note: {note}")


def _points(share: float | None) -> str:
    return NOTHING if share is None else f"{100 * share:+.2f}"


def _interval(low: float | None, high: float | None) -> str:
    return NOTHING if low is None or high is None else f"{_points(low)} to {_points(high)}"


def _difference(pair: Comparison) -> str:
    if pair.difference is None:
        return NOTHING
    interval = "" if pair.ci_low is None else f", 95 %: {_interval(pair.ci_low, pair.ci_high)}"
    return f"{_points(pair.difference)} points{interval}"


def _shared(share: float | None) -> str:
    return NOTHING if share is None else f"{100 * share:.1f} %"


def _kappa(kappa: float | None) -> str:
    return NOTHING if kappa is None else f"{kappa:.3f}"


def _p(p: float, *, equals: str = "") -> str:
    if p < _TINY:
        return f"<{_TINY:.0e}"
    return equals + (f"{p:.4f}" if p >= 0.0001 else f"{p:.0e}")
