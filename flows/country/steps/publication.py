"""Publication: only of the very version that was endorsed, while its endorsement holds (R-57, R-63)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from flows.country.access import Action, Actor
from flows.country.publication import Obstacle
from flows.country.steps.base import Decision, Fact, FileRef, Refusal, Step, When, fact
from flows.country.steps.endorsement import standing

if TYPE_CHECKING:
    from flows.country.steps.course import Course


@dataclass(frozen=True, slots=True)
class Publication:
    """`package`: the archive of all files; `digest`: SHA-256 of the receipt in it."""

    version: int
    package: FileRef
    channels: tuple[str, ...]
    at: datetime
    number: int


@dataclass(slots=True)
class Publications:
    """All of them, oldest first."""

    made: list[Publication] = field(default_factory=list)

    @property
    def last(self) -> Publication | None:
        return self.made[-1] if self.made else None


@fact("publication.made")
@dataclass(frozen=True, slots=True)
class Published(Fact):
    version: int
    package: FileRef
    channels: tuple[str, ...]
    endorsement: int  # number of its entry
    endorsement_hash: str

    def apply(self, course: Course, when: When) -> None:
        course.publications.made.append(Publication(self.version, self.package, self.channels, when.at, when.number))


@dataclass(frozen=True, slots=True)
class Publish(Step):
    """Publish the endorsed version. `source`: language → hash of the content that the answers alone give now;
    `obstacles`: what was found in the way when the package was made; `endorsement_hash`: of the endorsement's entry."""

    action: ClassVar[Action] = "publish"
    version: int
    source: Mapping[str, str]
    obstacles: tuple[Obstacle, ...]
    package: FileRef
    endorsement: int
    endorsement_hash: str

    def decide(self, course: Course, actor: Actor, now: datetime) -> Decision:
        held = standing(course)
        if isinstance(held, Refusal):
            return held
        if held.version != self.version or held.number != self.endorsement:
            return Refusal("endorsement.superseded_version", {"version": self.version, "newest": held.version})
        draft = course.drafts.of(self.version)
        if draft is None or draft.edition != held.endorsement.edition:
            return Refusal("drafts.none")
        if draft.source != self.source:
            return Refusal("publishing.changed", {"version": self.version})
        if self.obstacles:
            return Refusal("publishing.obstacles", {"count": len(self.obstacles)})
        if any(made.version == self.version for made in course.publications.made):
            return Refusal("publishing.already", {"version": self.version})
        return (
            Published(
                *(self.version, self.package, held.endorsement.channels, self.endorsement, self.endorsement_hash),
            ),
        )
