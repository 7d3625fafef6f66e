"""What can go wrong, in one table: reason → gRPC status → the sentence a caller reads.

Code raises an exception of this file with a `subject` (an id, a field, a bound): public text, filled into the sentence.
Anything that must not reach a caller goes into `debug`, which is only logged. The reasons are the names of the
enum `yiqi.v1.ErrorReason`, which a test holds equal to this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


class Status(StrEnum):
    """The gRPC status codes in use, by the names of `grpc.StatusCode`; kept as text so that stores need no gRPC."""

    UNAUTHENTICATED = "UNAUTHENTICATED"
    PERMISSION_DENIED = "PERMISSION_DENIED"
    NOT_FOUND = "NOT_FOUND"
    ALREADY_EXISTS = "ALREADY_EXISTS"
    INVALID_ARGUMENT = "INVALID_ARGUMENT"
    FAILED_PRECONDITION = "FAILED_PRECONDITION"
    ABORTED = "ABORTED"
    UNAVAILABLE = "UNAVAILABLE"
    RESOURCE_EXHAUSTED = "RESOURCE_EXHAUSTED"
    DEADLINE_EXCEEDED = "DEADLINE_EXCEEDED"
    CANCELLED = "CANCELLED"
    INTERNAL = "INTERNAL"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the table. `problem` holds `{subject}`, what it is about; `remedy` says what to do."""

    status: Status
    problem: str
    remedy: str


ERRORS: dict[str, Entry] = {
    # Who asks.
    "NOT_AUTHENTICATED": Entry(
        Status.UNAUTHENTICATED,
        "{subject} carries no token that is valid here.",
        'Send a valid one as "authorization: Bearer TOKEN".',
    ),
    "ACCESS_DENIED": Entry(Status.PERMISSION_DENIED, "{subject}.", "Ask an admin for a token that may."),
    "NOT_SECURED": Entry(
        Status.FAILED_PRECONDITION,
        "{subject}.",
        "Set YIQI_TLS_CERT and create a token, or say --insecure.",
    ),
    # Not there.
    "RESOURCE_NOT_FOUND": Entry(Status.NOT_FOUND, "There is no {subject}.", "Check the name."),
    "COMMUNITY_NOT_FOUND": Entry(
        Status.NOT_FOUND, "There is no community {subject}.", "Check the id or create the community first."
    ),
    "MEMBER_NOT_FOUND": Entry(
        Status.NOT_FOUND, "There is no member {subject} in this community.", "Check the id or create the member."
    ),
    "CHANNEL_NOT_FOUND": Entry(
        Status.NOT_FOUND, "There is no channel {subject} in this community.", "Check the id or create the channel."
    ),
    "MESSAGE_NOT_FOUND": Entry(Status.NOT_FOUND, "There is no message {subject} in this community.", "Check the id."),
    "PROJECT_NOT_FOUND": Entry(
        Status.NOT_FOUND, "There is no project {subject} in this community.", "Check the id or create the project."
    ),
    "SUGGESTION_NOT_FOUND": Entry(
        Status.NOT_FOUND, "There is no suggestion {subject} for this member.", "List the suggestions again."
    ),
    "MODEL_NOT_FOUND": Entry(
        Status.NOT_FOUND, "There is no model {subject} in this community.", "List the models: old ones are deleted."
    ),
    "ROUND_NOT_FOUND": Entry(
        Status.NOT_FOUND, "There is no round {subject} in this community.", "Check the id or list the rounds."
    ),
    "INVITATION_NOT_FOUND": Entry(
        Status.NOT_FOUND, "There is no invitation {subject} for this reader.", "List the invitations again."
    ),
    "MERGE_NOT_FOUND": Entry(
        Status.NOT_FOUND,
        "No merge of {subject} can be undone in this community.",
        "List the merges; those of earlier versions of Yiqi, and of imported archives, are not known.",
    ),
    # Already there.
    "DIFFERENT_CONTENT": Entry(
        Status.ALREADY_EXISTS,
        "{subject} already exists with other content.",
        "Choose another id or update the existing one.",
    ),
    "IDENTITY_TAKEN": Entry(
        Status.ALREADY_EXISTS,
        "{subject} belongs to another member already.",
        "Merge the two members or correct the handle.",
    ),
    "REQUEST_ID_REUSED": Entry(
        Status.ALREADY_EXISTS,
        "The request_id was used before to create {subject}.",
        "Choose a fresh request_id for every new resource.",
    ),
    # The request itself is wrong.
    "INVALID_VALUE": Entry(Status.INVALID_ARGUMENT, "{subject} is not valid.", "Correct the value and send it again."),
    "NOT_KNOWN_HERE": Entry(Status.INVALID_ARGUMENT, "{subject}", "Nothing was made."),
    "FIELD_REQUIRED": Entry(Status.INVALID_ARGUMENT, "{subject} is required.", "Fill it in."),
    "TEXT_TOO_LONG": Entry(Status.INVALID_ARGUMENT, "{subject}.", "Shorten the text."),
    "TOO_MANY_ITEMS": Entry(Status.INVALID_ARGUMENT, "{subject}.", "Send fewer at a time."),
    "FORBIDDEN_CHARACTER": Entry(Status.INVALID_ARGUMENT, "{subject} holds a NUL character.", "Remove it."),
    "ID_MALFORMED": Entry(
        Status.INVALID_ARGUMENT,
        "{subject} is not an id.",
        "Use 1 to 128 characters without slashes or control characters, not beginning with a space.",
    ),
    "ATTRIBUTE_NOT_SHARED": Entry(
        Status.INVALID_ARGUMENT,
        "{subject} is not one that members may filter by.",
        'Ask as an organizer, or name it in "matchable" of the community.',
    ),
    "ID_RESERVED": Entry(
        Status.INVALID_ARGUMENT, "{subject} is one of those that the service gives.", "Choose another, or none."
    ),
    "ID_MISLEADING": Entry(Status.INVALID_ARGUMENT, "{subject}.", "Choose one that reads as no other."),
    "NAME_MALFORMED": Entry(Status.INVALID_ARGUMENT, "{subject}.", "Write resource names as the contract shows them."),
    "WRONG_COMMUNITY": Entry(
        Status.INVALID_ARGUMENT, "{subject} belongs to another community than the request.", "Ask inside one community."
    ),
    "OUT_OF_RANGE": Entry(Status.INVALID_ARGUMENT, "{subject}.", "Choose a value inside the bounds."),
    "TIME_IN_FUTURE": Entry(
        Status.INVALID_ARGUMENT,
        "{subject} is more than 5 minutes ahead of the server.",
        "Check the clock or the time zone of the sender.",
    ),
    "TIME_TOO_EARLY": Entry(
        Status.INVALID_ARGUMENT, "{subject} is before 1970.", "Check the unit and the time zone of the sender."
    ),
    "PAGE_TOKEN_INVALID": Entry(
        Status.INVALID_ARGUMENT,
        "{subject} is not a page token of this list.",
        "Pass next_page_token unchanged, with the same request.",
    ),
    "RESUME_TOKEN_INVALID": Entry(
        Status.INVALID_ARGUMENT,
        "{subject} is not a resume_token of this stream.",
        "Pass the last resume_token unchanged, or none to begin now.",
    ),
    "UPDATE_MASK_INVALID": Entry(
        Status.INVALID_ARGUMENT, "{subject} cannot be updated.", 'Name fields of the resource, or "*" for all.'
    ),
    "ETAG_MALFORMED": Entry(
        Status.INVALID_ARGUMENT, "{subject} is not an etag.", "Pass the etag of the last reply unchanged, or none."
    ),
    "ENUM_UNKNOWN": Entry(
        Status.INVALID_ARGUMENT, "{subject} is not a value of this enum.", "Use one that the contract names."
    ),
    "EXTRA_JSON_INVALID": Entry(
        Status.INVALID_ARGUMENT,
        "{subject} is not the JSON text of an object.",
        "Send an object with finite numbers, at most 32 levels deep, or leave it empty.",
    ),
    "TIME_ZONE_UNKNOWN": Entry(
        Status.INVALID_ARGUMENT, "{subject} is not an IANA time zone.", 'Use a name such as "Asia/Shanghai".'
    ),
    "LANGUAGE_TAG_INVALID": Entry(
        Status.INVALID_ARGUMENT, "{subject} is not a language tag.", 'Use a BCP 47 tag such as "en" or "zh-Hans".'
    ),
    "TOKEN_INVALID": Entry(
        Status.INVALID_ARGUMENT,
        "{subject} is not a recommendation token of this community.",
        "Quote the token of the reply that was shown.",
    ),
    "SAME_MEMBER": Entry(Status.INVALID_ARGUMENT, "Both sides are {subject}.", "Name two different members."),
    "MALFORMED_REQUEST": Entry(
        Status.INVALID_ARGUMENT,
        "{subject} could not be read as a message of the contract.",
        "Send valid protobuf with strings in UTF-8.",
    ),
    # The state does not allow it.
    "STATE_CONFLICT": Entry(Status.FAILED_PRECONDITION, "{subject}.", "Bring it into the needed state first."),
    "MEMBER_ERASED": Entry(
        Status.FAILED_PRECONDITION, "The member {subject} was erased and is not brought back.", "Use a new id."
    ),
    "LATER_MERGE": Entry(Status.FAILED_PRECONDITION, "{subject}.", "Undo the later merge first."),
    "DATA_LOCKED": Entry(
        Status.FAILED_PRECONDITION,
        "{subject} is in use by another process.",
        "Stop that process, or talk to it with --server HOST:PORT.",
    ),
    "DATA_DAMAGED": Entry(
        Status.FAILED_PRECONDITION,
        "{subject} is damaged on the disk, so nothing is written there.",
        "Reading goes on as far as it can. Stop the server, run `yiqi salvage`, or restore a backup.",
    ),
    "DATA_UNUSABLE": Entry(Status.FAILED_PRECONDITION, "{subject}.", "Mend that; nothing is lost."),
    "MODEL_REFUSED": Entry(
        Status.FAILED_PRECONDITION, "The model {subject}.", "Promote another one, or this one with force."
    ),
    "MODEL_UNUSABLE": Entry(Status.FAILED_PRECONDITION, "The model {subject}", "Promote another one, or retrain."),
    "NO_EARLIER_MODEL": Entry(
        Status.FAILED_PRECONDITION,
        "In {subject} no earlier model is left to go back to.",
        "List the models and promote one of them.",
    ),
    "MATCH_REFUSED": Entry(Status.FAILED_PRECONDITION, "{subject}.", "Choose other people, or solve the round again."),
    "ROUND_OUTDATED": Entry(
        Status.FAILED_PRECONDITION,
        "{subject} is outdated: somebody in its list was erased since it was solved.",
        "Solve it again: the others meet somebody else, and the rest stays.",
    ),
    "TIMES_WITHOUT_DATE": Entry(
        Status.FAILED_PRECONDITION,
        "{subject}.",
        'Ask for the round with times such as "2026-12-10 18:00" or "2026-12-10 18:00-19:00".',
    ),
    "ETAG_MISMATCH": Entry(
        Status.ABORTED, "{subject} changed since it was read.", "Read it again and repeat the change."
    ),
    "WRITE_CONFLICT": Entry(Status.ABORTED, "{subject} was changed by somebody else at the same moment.", "Try again."),
    "IMPORT_OUT_OF_STEP": Entry(
        Status.ABORTED,
        "The import stands at {subject}, as if somebody else ran it, too.",
        "Begin it again: it goes on from there.",
    ),
    # Not now.
    "INDEX_BEHIND": Entry(
        Status.UNAVAILABLE,
        "The index has not reached {subject} yet.",
        "Try again in a moment, or ask without min_sequence.",
    ),
    "NOT_READY": Entry(Status.UNAVAILABLE, "{subject} is not ready to answer yet.", "Try again in a moment."),
    "SHUTTING_DOWN": Entry(Status.UNAVAILABLE, "{subject} is shutting down.", "Try again: another one will answer."),
    "TOO_LARGE": Entry(
        Status.RESOURCE_EXHAUSTED, "{subject} is larger than the service takes.", "Send it in smaller parts."
    ),
    "TOO_MANY_STREAMS": Entry(
        Status.RESOURCE_EXHAUSTED, "{subject} has as many streams open as it may.", "Close one, or try again later."
    ),
    "TOO_MANY_OUTCOMES": Entry(Status.RESOURCE_EXHAUSTED, "{subject}.", "Send no more of that kind."),
    "OVERLOADED": Entry(
        Status.RESOURCE_EXHAUSTED,
        "{subject} is overloaded.",
        "Try again after the pause in RetryInfo.",
    ),
    "QUOTA_EXCEEDED": Entry(Status.RESOURCE_EXHAUSTED, "{subject}.", "Try again after the time in RetryInfo."),
    "DEADLINE_PASSED": Entry(
        Status.DEADLINE_EXCEEDED, "{subject} did not finish before its deadline.", "Ask for less or allow more time."
    ),
    "STREAM_IDLE": Entry(
        Status.DEADLINE_EXCEEDED,
        "{subject}.",
        "Open it again when needed.",
    ),
    "STREAM_OVER": Entry(Status.UNAVAILABLE, "{subject} was open as long as one may be.", "Open it again."),
    "STREAM_CANCELLED": Entry(
        Status.CANCELLED,
        "{subject} was cancelled.",
        "What was acknowledged stays; send the rest again, repeated items do no harm.",
    ),
    # A fault of the service.
    "INTERNAL": Entry(
        Status.INTERNAL, "Something went wrong inside the service (incident {subject}).", "Report the incident number."
    ),
}


# A status message travels in a header, where a few kilobytes are the limit.
MAX_SUBJECT = 300


class YiqiError(Exception):
    """Something a caller should know. `subject` is public; `debug` is for the log only. `retry_after`: seconds after
    which the same may succeed, 0 where nothing can be said.

    `reason` must be a key of `ERRORS`; each class has one of its own for the usual case.
    """

    default: ClassVar[str] = "INTERNAL"

    def __init__(self, subject: str = "", *, reason: str = "", debug: str = "", retry_after: float = 0.0) -> None:
        self.reason = reason or self.default
        self.retry_after = retry_after
        self.subject = subject if len(subject) <= MAX_SUBJECT else subject[:MAX_SUBJECT] + "…"
        self.debug = debug
        super().__init__(self.sentence)

    @property
    def status(self) -> Status:
        """The gRPC status of this error."""
        return ERRORS[self.reason].status

    @property
    def sentence(self) -> str:
        """What happened and what to do, for people; holds no text that the caller did not send."""
        entry = ERRORS[self.reason]
        return entry.problem.replace("{subject}", self.subject or "The request") + " " + entry.remedy


class NotAuthenticated(YiqiError):
    """Nobody knows who calls: no token, or one that is unknown, expired or revoked. Which of these is not told."""

    default = "NOT_AUTHENTICATED"


class AccessDenied(YiqiError):
    """It is known who calls, and they may not."""

    default = "ACCESS_DENIED"


class NotFound(YiqiError):
    """A named thing does not exist."""

    default = "RESOURCE_NOT_FOUND"


class CommunityNotFound(NotFound):
    """No such community."""

    default = "COMMUNITY_NOT_FOUND"


class MemberNotFound(NotFound):
    """No such member in the community."""

    default = "MEMBER_NOT_FOUND"


class ChannelNotFound(NotFound):
    """No such channel in the community."""

    default = "CHANNEL_NOT_FOUND"


class MessageNotFound(NotFound):
    """No such message in the community."""

    default = "MESSAGE_NOT_FOUND"


class ProjectNotFound(NotFound):
    """No such project in the community."""

    default = "PROJECT_NOT_FOUND"


class SuggestionNotFound(NotFound):
    """No such suggestion for the member."""

    default = "SUGGESTION_NOT_FOUND"


class ModelNotFound(NotFound):
    """No such model in the community."""

    default = "MODEL_NOT_FOUND"


class RoundNotFound(NotFound):
    """No such round in the community."""

    default = "ROUND_NOT_FOUND"


class InvitationNotFound(NotFound):
    """No such invitation in the community, or none that the reader may see."""

    default = "INVITATION_NOT_FOUND"


class MergeNotFound(NotFound):
    """No such merge in the community, or none that can be undone."""

    default = "MERGE_NOT_FOUND"


class AlreadyExists(YiqiError):
    """The id exists with other content; with reason IDENTITY_TAKEN or REQUEST_ID_REUSED, something else is taken."""

    default = "DIFFERENT_CONTENT"


class InvalidArgument(YiqiError):
    """The request is wrong whatever the state; `reason` says how."""

    default = "INVALID_VALUE"


class FailedPrecondition(YiqiError):
    """The request is right but the state does not allow it."""

    default = "STATE_CONFLICT"


class MemberErased(FailedPrecondition):
    """The person was erased on request and is not brought back."""

    default = "MEMBER_ERASED"


class LaterMerge(FailedPrecondition):
    """Another merge builds on the one that is to be undone."""

    default = "LATER_MERGE"


class ModelRefused(FailedPrecondition):
    """The model did not pass its gates, and nobody forced it."""

    default = "MODEL_REFUSED"


class ModelUnusable(FailedPrecondition):
    """The model's files are damaged or were made for something else."""

    default = "MODEL_UNUSABLE"


class NoEarlierModel(FailedPrecondition):
    """No earlier model is left to go back to."""

    default = "NO_EARLIER_MODEL"


class MatchRefused(FailedPrecondition):
    """People in a match may not, or not any more, be brought together."""

    default = "MATCH_REFUSED"


class RoundOutdated(FailedPrecondition):
    """Somebody in a list was erased since it was solved."""

    default = "ROUND_OUTDATED"


class TimesWithoutDate(FailedPrecondition):
    """A round has no times, or one that is on no day, and cannot become a calendar."""

    default = "TIMES_WITHOUT_DATE"


class NotSecured(FailedPrecondition):
    """The server would let strangers in, or let what is said be overheard."""

    default = "NOT_SECURED"


class DataLocked(FailedPrecondition):
    """Another process holds the data folder."""

    default = "DATA_LOCKED"


class DataDamaged(FailedPrecondition):
    """The file that holds the data is damaged."""

    default = "DATA_DAMAGED"


class DataUnusable(FailedPrecondition):
    """The data folder cannot be written, is full, or holds a file that is not what it was."""

    default = "DATA_UNUSABLE"


class Aborted(YiqiError):
    """Somebody else changed the thing meanwhile; reading again and repeating helps."""

    default = "WRITE_CONFLICT"


class EtagMismatch(Aborted):
    """The etag of the request is not that of the stored resource."""

    default = "ETAG_MISMATCH"


class ImportOutOfStep(Aborted):
    """Rows before these are missing from the import."""

    default = "IMPORT_OUT_OF_STEP"


class Unavailable(YiqiError):
    """Not now; the same request may succeed in a moment."""

    default = "NOT_READY"


class IndexBehind(Unavailable):
    """The index did not reach the requested sequence number in time."""

    default = "INDEX_BEHIND"


class ShuttingDown(Unavailable):
    """The server drains and takes no new work."""

    default = "SHUTTING_DOWN"


class ResourceExhausted(YiqiError):
    """More than the service takes at once."""

    default = "TOO_LARGE"


class DeadlinePassed(YiqiError):
    """The time of the request is over."""

    default = "DEADLINE_PASSED"


class StreamCancelled(YiqiError):
    """The caller left in the middle of a stream."""

    default = "STREAM_CANCELLED"


class TooManyStreams(ResourceExhausted):
    """As many streams are open as the service keeps."""

    default = "TOO_MANY_STREAMS"


class TooManyOutcomes(ResourceExhausted):
    """A member told of as many outcomes of a kind as are kept."""

    default = "TOO_MANY_OUTCOMES"


class Overloaded(ResourceExhausted):
    """More is asked than can be answered in time; `retry_after` says when to come back."""

    default = "OVERLOADED"


class StreamIdle(DeadlinePassed):
    """Nothing came over a stream for as long as it is kept open for."""

    default = "STREAM_IDLE"


class StreamOver(Unavailable):
    """A stream was open as long as one may be."""

    default = "STREAM_OVER"


class QuotaExceeded(ResourceExhausted):
    """A token asks more than its quota, or a peer tried too many wrong tokens; `retry_after` says when to come back."""

    default = "QUOTA_EXCEEDED"
