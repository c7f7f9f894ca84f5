"""The panel's rules, pure: which cases there are, what a screen holds, what reviews settle, who may do what."""

from regrade.panel.answers import MAX_NOTE_LENGTH, check_answers
from regrade.panel.ballots import Tally, count_voters, counting_votes, newest_on, tally, votes_needed
from regrade.panel.cases import CasePairs, merge_cases, new_pairs
from regrade.panel.consensus import settle_item
from regrade.panel.disclosure import (
    Openings,
    Place,
    find_openings,
    hides_more,
    is_at,
    is_settled,
    readable_places,
    shows_gold,
)
from regrade.panel.effective import effective_reviews
from regrade.panel.gold import count_gold_ahead, is_gold, score_gold
from regrade.panel.kinds import settle_kind
from regrade.panel.merging import merge_record
from regrade.panel.neighbors import Confusions, Kinship, count_confusions
from regrade.panel.order import group_classes, place_in_groups
from regrade.panel.permissions import Action, is_blind, may, require
from regrade.panel.proposals import Hearing, ProposalState, hear_proposal, proposal_state
from regrade.panel.protocols import change_protocol, tabulate_protocol
from regrade.panel.roles import check_roles, has_admin
from regrade.panel.screens import compose_screens
from regrade.panel.standings import Standing, standings_of
from regrade.panel.texts import check_text

__all__ = [
    "MAX_NOTE_LENGTH",
    "Action",
    "CasePairs",
    "Confusions",
    "Hearing",
    "Kinship",
    "Openings",
    "Place",
    "ProposalState",
    "Standing",
    "Tally",
    "change_protocol",
    "check_answers",
    "check_roles",
    "check_text",
    "compose_screens",
    "count_confusions",
    "count_gold_ahead",
    "count_voters",
    "counting_votes",
    "effective_reviews",
    "find_openings",
    "group_classes",
    "has_admin",
    "hear_proposal",
    "hides_more",
    "is_at",
    "is_blind",
    "is_gold",
    "is_settled",
    "may",
    "merge_cases",
    "merge_record",
    "new_pairs",
    "newest_on",
    "place_in_groups",
    "proposal_state",
    "readable_places",
    "require",
    "score_gold",
    "settle_item",
    "settle_kind",
    "shows_gold",
    "standings_of",
    "tabulate_protocol",
    "tally",
    "votes_needed",
]
