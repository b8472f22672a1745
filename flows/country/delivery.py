"""Whether a published guide may be delivered to a place: only where its endorsement allows it to be published."""

from __future__ import annotations

from flows.country.steps.base import Key, Refusal
from flows.country.steps.course import Course
from flows.country.steps.endorsement import CHANNELS, Channel
from flows.country.steps.publication import Publication


def deliverable(course: Course, channel: Channel) -> Publication | Refusal:
    """The publication that may stand there now: the newest one, where the coordinator named the place; or why not."""
    last = course.publications.last
    if last is None:
        return Refusal("imap.not_published")
    if channel not in last.channels:
        return Refusal("imap.not_allowed", {"version": last.version, "channel": called(channel)})
    return last


def called(channel: Channel) -> Key:
    """What a place is called."""
    return Key(f"secretariat.channel_{channel}")


def channel_of(word: str) -> Channel | None:
    """The place that is meant; None: there is none of that name."""
    return next((one for one in CHANNELS if one == word.strip().lower()), None)
