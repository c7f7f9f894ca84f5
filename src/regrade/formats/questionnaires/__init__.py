"""What a panel elsewhere is asked: tables to fill, and tasks of Label Studio. One module a format."""

from regrade.formats.questionnaires.registry import (
    Questionnaire,
    choose_questionnaire,
    describe_questionnaires,
    write_answered,
    write_questionnaire,
)

__all__ = ["Questionnaire", "choose_questionnaire", "describe_questionnaires", "write_answered", "write_questionnaire"]
