"""The policy `single`: only the original label is right, items count alike."""

from __future__ import annotations

from regrade.grading.policies.registry import Covered, Rubric, register_policy


@register_policy("single")
def single(covered: Covered) -> Rubric:
    """Grade the covered items that have an original label, problematic ones too, by that label alone.

    Verdicts are not looked at, so equivalences and the rule for unclear classes change nothing here, and every mistake
    counts as unreviewed.
    """
    return Rubric(
        graded=covered.has_label,
        accepts="original",
        headline="item mean",
        why_not_only_mistakes="they name only mistakes against multi-labels, not those against the original label",
        notes=(
            "multilabel_accuracy is undefined under the policy single.",
            "The policy single looks at no verdict, so every mistake counts as unreviewed.",
        ),
    )
