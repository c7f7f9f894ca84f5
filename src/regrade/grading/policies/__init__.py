"""The policies: how to grade. One policy a file; each is a function from what the labels cover to a rubric."""

# Importing a policy registers it.
from regrade.grading.policies import multilabel as multilabel
from regrade.grading.policies import real as real
from regrade.grading.policies import single as single
from regrade.grading.policies.registry import Covered, Rubric, get_policy, policy_names

__all__ = ["Covered", "Rubric", "get_policy", "policy_names"]
