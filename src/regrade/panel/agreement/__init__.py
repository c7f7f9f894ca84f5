"""Measures of agreement, each by itself usable on arrays. One measure a file."""

from regrade.panel.agreement.alpha import GroupAlphas, group_alphas, krippendorff_alpha
from regrade.panel.agreement.cohen import cohen_kappa
from regrade.panel.agreement.confusion import UNDECIDED, confusion_tables
from regrade.panel.agreement.dawid_skene import DawidSkene, fit_dawid_skene
from regrade.panel.agreement.fleiss import fleiss_kappa
from regrade.panel.agreement.newest import newest_rows
from regrade.panel.agreement.pairs import PairTables, pair_tables
from regrade.panel.agreement.percent import percent_agreement
from regrade.panel.agreement.posteriors import UnitPosteriors, find_contested, judge_topic
from regrade.panel.agreement.ratings import Ratings, count_ratings
from regrade.panel.agreement.resampling import AlphaInterval, alpha_interval
from regrade.panel.agreement.topics import TopicRatings, describe_topic, rate_units, unit_key

__all__ = [
    "UNDECIDED",
    "AlphaInterval",
    "DawidSkene",
    "GroupAlphas",
    "PairTables",
    "Ratings",
    "TopicRatings",
    "UnitPosteriors",
    "alpha_interval",
    "cohen_kappa",
    "confusion_tables",
    "count_ratings",
    "describe_topic",
    "find_contested",
    "fit_dawid_skene",
    "fleiss_kappa",
    "group_alphas",
    "judge_topic",
    "krippendorff_alpha",
    "newest_rows",
    "pair_tables",
    "percent_agreement",
    "rate_units",
    "unit_key",
]
