"""The policy `multilabel`: any accepted class is right, problematic items are left out, classes count alike."""

from __future__ import annotations

import numpy as np

from regrade.grading.policies.registry import Covered, Rubric, register_policy, unclear_note


@register_policy("multilabel")
def multilabel(covered: Covered) -> Rubric:
    """Grade the items that are not problematic by their verdicts; the headline is the mean over original classes.

    An item that has no accepted class is graded too: any prediction on it is a mistake, and a note says how many.

    Source:
        Shankar et al. 2020, Evaluating machine accuracy on ImageNet; Vasudevan et al. 2022, When does dough become a
        bagel?
    """
    graded = ~covered.problematic
    n_hopeless = int(np.count_nonzero(graded & (covered.n_accepted == 0)))
    n_unlabeled = int(np.count_nonzero(graded & ~covered.has_label))
    notes = unclear_note(covered.unclear)
    if n_hopeless:
        notes += (
            f"Graded items without an accepted class: {n_hopeless}, all mistakes; `--policy real` leaves them out.",
        )
    if n_unlabeled:
        notes += (f"Graded items without an original label: {n_unlabeled}; the class mean leaves them out.",)
    return Rubric(
        graded=graded,
        accepts="verdicts",
        headline="class mean",
        n_problematic=int(np.count_nonzero(covered.problematic)),
        why_not_only_mistakes=_why_not_only_mistakes(covered),
        notes=notes,
    )


def _why_not_only_mistakes(covered: Covered) -> str:
    """Such a source was graded by multi-labels, and with what is unclear accepted: nothing else will do."""
    if not covered.is_multilabel:
        return "they name only mistakes against multi-labels, and these labels judge one class an item"
    if covered.unclear == "reject":
        return "they name only mistakes, and where they name none the prediction may be marked unclear"
    return ""
