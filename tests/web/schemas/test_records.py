"""What goes out is decided field by field: a field that a record gets is sent or named here, never forgotten."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from regrade.labelsets import ChangeCounts
from regrade.records.agreement import (
    Alpha,
    ClassAgreement,
    Confusion,
    Contested,
    Pace,
    PairAgreement,
    PanelAgreement,
    Posterior,
    ReviewerReport,
    TopicAgreement,
)
from regrade.records.discussion import Comment
from regrade.records.gold import GoldScore
from regrade.records.grades import Grade
from regrade.records.guide import GuideText
from regrade.records.labels import LabelSetVersion
from regrade.records.metrics import Figure
from regrade.records.panel import CategoryDefinition, Decision, ProtocolVersion, Review, Taxonomy
from regrade.records.predictions import StoredPredictions
from regrade.records.provenance import ReopenedDecision
from regrade.records.users import Account, ApiToken, User
from regrade.web.schemas import (
    agreement,
    classes,
    discussion,
    disputes,
    grades,
    items,
    labels,
    mistakes,
    neighbors,
    outcomes,
    overview,
    proposals,
    protocols,
    review,
    users,
)
from regrade.web.schemas.base import Out
from regrade.workflow.decisions import DecisionView
from regrade.workflow.discussion import Discussion, Remark, Said, Topic
from regrade.workflow.disputes import Dispute, DisputedClass, DisputeSummary, Poll, Vote, WaitingReopening
from regrade.workflow.guide import ClassCard
from regrade.workflow.invitations import NewInvitation
from regrade.workflow.item import ItemView, PairView, TakenBack
from regrade.workflow.label_diffs import ChangeView, ClassChangesView, LabelsDiff
from regrade.workflow.labels import LabelSetRow
from regrade.workflow.mistakes import Facet, MistakesPage, Tile
from regrade.workflow.model_votes import ModelVote
from regrade.workflow.named_classes import NamedClass
from regrade.workflow.neighbors import NearestImages, NearItem
from regrade.workflow.outcomes import Answer, ClassOutcome, ModelChoice, ModelRanking, Outcome, PastItem
from regrade.workflow.overview import ModelLine, Overview, ReviewerLine
from regrade.workflow.posteriors import ContestedView
from regrade.workflow.progress import Progress
from regrade.workflow.propose import FoundItem, ProposalView
from regrade.workflow.publish import HeldBackView, PublicationPreview, PublishReport
from regrade.workflow.receipts import Receipt
from regrade.workflow.review import ReviewQueue, ReviewScreen
from regrade.workflow.sight import ClassSight, PeerAnswer, ScreenSight

SENT: dict[type[Out], tuple[type[Any], set[str], set[str]]] = {
    # Sent: (record, fields of the record that stay here, fields that come from elsewhere)
    agreement.AlphaOut: (Alpha, set(), set()),
    agreement.ClassAgreementOut: (ClassAgreement, set(), set()),
    agreement.ConfusionOut: (Confusion, set(), set()),
    agreement.ContestedOut: (Contested, {"item"}, set()),
    agreement.ContestedViewOut: (ContestedView, set(), set()),
    agreement.FigureOut: (Figure, set(), set()),
    agreement.GoldOut: (GoldScore, {"reviewer"}, set()),
    agreement.PaceOut: (Pace, set(), set()),
    agreement.PairAgreementOut: (PairAgreement, set(), set()),
    agreement.PanelAgreementOut: (PanelAgreement, set(), set()),
    agreement.PosteriorOut: (Posterior, set(), set()),
    agreement.QuestionAgreementOut: (TopicAgreement, set(), set()),
    agreement.ReviewerReportOut: (ReviewerReport, set(), set()),
    agreement.SuggestionOut: (Posterior, set(), {"class_id"}),
    classes.CardOut: (ClassCard, set(), set()),
    classes.DefinitionOut: (CategoryDefinition, set(), set()),
    classes.GuideEntryOut: (ClassCard, {"examples"}, {"number", "history"}),
    classes.GuideTextOut: (GuideText, {"class_id"}, set()),
    classes.NamedClassOut: (NamedClass, set(), set()),
    classes.TaxonomyOut: (Taxonomy, set(), set()),
    discussion.CommentOut: (Comment, {"id", "split", "item", "pass_"}, set()),
    discussion.DiscussionOut: (Discussion, set(), set()),
    discussion.RemarkOut: (Remark, set(), set()),
    discussion.SaidOut: (Said, set(), set()),
    discussion.TopicOut: (Topic, set(), set()),
    disputes.DisputeOut: (Dispute, set(), {"suggestions"}),
    disputes.DisputeSummaryOut: (DisputeSummary, set(), set()),
    disputes.DisputedClassOut: (DisputedClass, set(), set()),
    disputes.PollOut: (Poll, set(), set()),
    disputes.VoteOut: (Vote, set(), set()),
    disputes.WaitingReopeningOut: (WaitingReopening, set(), set()),
    grades.GradeOut: (Grade, set(), set()),
    grades.ModelOut: (StoredPredictions, {"scores_digest", "probabilities_digest"}, set()),
    items.DecisionOut: (Decision, {"id", "split", "item"}, set()),
    items.ItemDecisionOut: (DecisionView, set(), set()),
    items.ItemOut: (ItemView, set(), set()),
    items.ModelVoteOut: (ModelVote, set(), set()),
    items.PairOut: (PairView, set(), set()),
    # What a review was asked for is told to nobody.
    items.ReviewOut: (Review, {"id", "submission", "split", "item", "purpose"}, set()),
    items.TakenBackOut: (TakenBack, set(), set()),
    labels.ChangeCountsOut: (ChangeCounts, set(), set()),
    labels.ChangeOut: (ChangeView, {"item"}, {"moves_grades"}),
    labels.ClassChangesOut: (ClassChangesView, set(), set()),
    labels.HeldBackOut: (HeldBackView, set(), set()),
    labels.LabelSetOut: (LabelSetRow, set(), set()),
    labels.LabelSetVersionOut: (LabelSetVersion, set(), {"ref"}),
    labels.LabelsDiffOut: (LabelsDiff, set(), {"n_total"}),
    labels.ReopenedOut: (ReopenedDecision, set(), set()),
    labels.PublicationPlanOut: (PublicationPreview, set(), {"n_changes"}),
    labels.PublishedOut: (PublishReport, set(), set()),
    mistakes.FacetOut: (Facet, set(), set()),
    mistakes.MistakeOut: (Tile, set(), set()),
    mistakes.MistakesOut: (MistakesPage, {"filters"}, set()),
    # What an item's file is called may tell a reviewer more than its class.
    neighbors.NearImageOut: (NearItem, {"item_id"}, set()),
    neighbors.NearItemOut: (NearItem, set(), set()),
    neighbors.NearestImagesOut: (NearestImages, set(), set()),
    neighbors.NearestItemsOut: (NearestImages, set(), set()),
    outcomes.AnswerOut: (Answer, set(), set()),
    outcomes.ClassOutcomeOut: (ClassOutcome, set(), set()),
    outcomes.ModelChoiceOut: (ModelChoice, set(), set()),
    outcomes.ModelRankingOut: (ModelRanking, set(), set()),
    outcomes.OutcomeOut: (Outcome, set(), set()),
    outcomes.PastItemOut: (PastItem, set(), set()),
    overview.ModelLineOut: (ModelLine, set(), set()),
    overview.OverviewOut: (Overview, set(), set()),
    overview.ReviewerLineOut: (ReviewerLine, set(), set()),
    proposals.FoundItemOut: (FoundItem, set(), set()),
    proposals.ProposalOut: (ProposalView, set(), set()),
    protocols.ProtocolVersionOut: (ProtocolVersion, set(), set()),
    review.ClassSightOut: (ClassSight, set(), set()),
    review.KindQueueOut: (ReviewQueue, {"open"}, set()),
    review.KindScreenOut: (ReviewScreen, {"pass_", "labels"}, set()),
    review.PeerAnswerOut: (PeerAnswer, set(), set()),
    review.ProgressOut: (Progress, set(), set()),
    review.QueueOut: (ReviewQueue, {"open"}, set()),
    review.ReceiptOut: (Receipt, set(), set()),
    review.ScreenOut: (ReviewScreen, {"pass_", "labels", "accepted"}, set()),
    review.ScreenSightOut: (ScreenSight, set(), set()),
    users.AccountOut: (Account, set(), {"state"}),
    users.InvitationOut: (NewInvitation, {"secret"}, {"path"}),
    users.TokenOut: (ApiToken, set(), set()),
    users.UserOut: (User, set(), set()),
}


@pytest.mark.parametrize("sent", SENT, ids=lambda sent: str(sent.__name__))
def test_every_field_of_a_record_is_sent_or_named_here(sent: type[Out]) -> None:
    record, kept, more = SENT[sent]
    assert set(sent.model_fields) - more == {field.name for field in fields(record)} - kept
    assert more <= set(sent.model_fields)
