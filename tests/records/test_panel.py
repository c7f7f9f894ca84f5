"""What a protocol says of itself."""

from __future__ import annotations

from regrade.records.panel import Protocol


def test_a_protocol_in_sentences() -> None:
    half_blind = Protocol(n_reviewers=3, rule="majority", blind_roles=False)
    assert half_blind.describe() == (
        "3 reviewers an item, majority. Hidden from reviewers: which model predicted a class; what others answered;"
        " suggestions. Shown to them: which class is the label. At most 6 classes a screen. One adjudicator decides"
        " what is disputed."
    )
    seeing = Protocol(n_reviewers=1, blind_model=False, blind_roles=False, blind_peers=False, blind_suggestions=False)
    assert seeing.describe() == (
        "1 reviewer an item, unanimous. Nothing was hidden from reviewers. Shown to them: which model predicted a"
        " class; which class is the label; what others answered; suggestions. At most 6 classes a screen. One"
        " adjudicator decides what is disputed."
    )


def test_what_is_more_than_the_default_is_said() -> None:
    protocol = Protocol(adjudication="vote", n_adjudicators=5, gold_share=0.05, order="groups", reveal=True)
    assert protocol.describe().endswith(
        "More than half of 5 adjudicators decide what is disputed. 5 % of the items are gold. Items come in groups of"
        " similar classes. After an answer on a decided item, what others said of it is shown."
    )
