"""The policy `real`: any accepted class is right, items without one are left out, items count alike."""

from __future__ import annotations

from regrade.grading.policies.registry import Covered, Rubric, register_policy, unclear_note


@register_policy("real")
def real(covered: Covered) -> Rubric:
    """Grade the items that have an accepted class, problematic ones too, by their verdicts.

    Source:
        Beyer et al. 2020, Are we done with ImageNet? (ReaL accuracy).
    """
    return Rubric(
        graded=covered.n_accepted > 0,
        accepts="verdicts",
        headline="item mean",
        why_not_only_mistakes="they name only mistakes against a multi-label set that leaves other items out",
        notes=(*unclear_note(covered.unclear), "multilabel_accuracy is undefined under the policy real."),
    )
