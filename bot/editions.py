"""Versions of a guide made: compiled from the dossier in every language and format, their files kept by content."""

from __future__ import annotations

import asyncio
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.acting import Services
from bot.attachments import Vault
from bot.documents import MEDIA_TYPES, XLSX, Format, render
from bot.documents.provenance import Provenance
from bot.documents.template import template_version
from bot.gathering import Gathered, Progress, gather
from bot.guides import sources_xlsx
from db.database import Store
from flows import i18n, knowledge
from flows.country.additions import Additions
from flows.country.canonical import basis_hash, content_hash
from flows.country.contribution import Contribution
from flows.country.dossier import Dossier
from flows.country.draft import Approval, Foreword, as_edition, compile_guide
from flows.country.draft import Edition as Dressed
from flows.country.edition import Edition, File
from flows.country.guide import Guide
from flows.country.guide_json import dump, load
from flows.country.ledger import digest
from flows.country.merging import merge
from flows.country.outlines import FIRST, Extent, Outline
from flows.country.participation import participation
from flows.country.steps.additions import additions, invited
from flows.country.steps.base import FileRef
from flows.country.steps.course import Course
from flows.country.steps.drafts import Draft
from flows.country.walking import without_figures

FORMATS: tuple[Format, ...] = ("pdf", "docx", "html")


@dataclass(frozen=True, slots=True)
class Basis:
    """All that a guide is made from, as it stood at one moment."""

    course: Course
    dossier: Dossier
    contributions: tuple[Contribution, ...]
    gathered: Gathered
    additions: Additions
    country: knowledge.Country
    today: date
    """In the country's capital."""
    credits: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Made:
    """A version with its files kept. `guides`: by language."""

    edition: Edition
    source: Mapping[str, str]
    kept: tuple[FileRef, ...]
    guides: Mapping[str, Guide]
    basis: Basis


def languages_of(country: knowledge.Country, wanted: Sequence[str] = ()) -> tuple[str, ...]:
    """The languages that a guide is made in: those wanted that we have texts for, else the country's first such."""
    have = i18n.languages()
    chosen = tuple(dict.fromkeys(one for one in wanted if one in have))
    return chosen or (next((one for one in country.bot_languages if one in have), i18n.FALLBACK),)


async def gather_basis(
    services: Services,
    store: Store,
    code: str,
    now: datetime,
    *,
    accepted: bool,
    progress: Progress = lambda done, total: None,
) -> Basis:
    """Read everything; `accepted`: only contributions that the coordinator accepted. Raises `Unreadable`."""
    country = knowledge.country(code)
    async with store.reading() as tx:
        course = await services.dossiers.course(tx, country.code)
        names = {entity.id: entity.name for entity in await tx.entities.of_country(country.code)}
    read = store, services.interviews.forms, country.code, country.bot_languages[0], now
    gathered = await gather(*read, progress=progress)
    contributions = tuple(
        one.contribution for one in gathered.voices if not accepted or one.contribution.status == "accepted"
    )
    found = additions(course, names)
    dossier = await asyncio.to_thread(merge, country.code, contributions, found)
    kept = course.participants.kept
    sent = [
        (kept(one.stored.entity_id) if one.stored.entity_id is not None else None, one.contribution.status)
        for one in gathered.voices
    ]
    dossier = replace(dossier, participation=participation(invited(course), sent))
    today = now.astimezone(ZoneInfo(country.time_zones[0])).date()
    return Basis(course, dossier, contributions, gathered, found, country, today, services.credits)


def dressed(basis: Basis, number: int, *, final: bool) -> Dressed:
    """As which version a guide is printed: with its forewords, and which entities' hierarchies approved."""
    forewords = tuple(
        Foreword(one.text, one.signatory, one.title, one.language)
        for one in basis.course.endorsement.forewords.values()
    )
    approvals = tuple(_approvals(basis)) if final else ()
    return Dressed(number, basis.today, final, forewords, approvals, basis.credits)


def _approvals(basis: Basis) -> Iterator[Approval]:
    zone = ZoneInfo(basis.country.time_zones[0])
    for voice in basis.gathered.voices:
        handed = basis.course.contributions.get(voice.stored.id)
        if handed is not None and handed.state == "accepted" and handed.clearance.at is not None:
            yield Approval(voice.contribution.entity.name, "", handed.clearance.at.astimezone(zone).date())


def compiled(
    basis: Basis,
    language: str,
    now: datetime,
    number: int,
    *,
    final: bool,
    outline: Outline | None = None,
    extent: Extent | None = None,
    note: str = "",
) -> Guide:
    """The guide in one language, as version `number`, or as none (0); in the outline and to the extent that the country
    has, where none is given. `note` stands on every page."""
    edition, drafts = dressed(basis, number, final=final), basis.course.drafts
    return compile_guide(
        basis.dossier,
        basis.country,
        language,
        now,
        note,
        edition=edition,
        outline=outline or drafts.outline,
        extent=extent or drafts.extent,
    )


def source_of(basis: Basis, languages: Sequence[str], now: datetime) -> dict[str, str]:
    """Language → hash of what the dossier alone says now: whether an endorsed version still rests on the same. In the
    first outline and concise always: a version rests on the same, however it is shown. Without figures, which follow
    from the rest but for who is invited."""
    plain = Dressed(0, basis.today, True)
    return {
        language: content_hash(
            without_figures(compile_guide(basis.dossier, basis.country, language, now, edition=plain))
        )
        for language in languages
    }


async def make(
    services: Services,
    store: Store,
    code: str,
    languages: Sequence[str],
    now: datetime,
    *,
    final: bool,
    comments: bool = True,
) -> Made:
    """Compile the next version and keep its files. Nothing is numbered yet: see `steps.drafts.MakeDraft`. `comments`:
    where each paragraph comes from is told in the Word file of a draft; of a final version, never."""
    basis = await gather_basis(services, store, code, now, accepted=final)
    number = len(basis.course.drafts.versions) + 1
    wanted = languages_of(basis.country, languages)
    newest = basis.course.drafts.newest
    if final and newest is not None and newest.origin == "edited":  # what the experts wrote is what is put forward
        texts = await asyncio.to_thread(read_guides, services.vault, newest.guides)
        edition = dressed(basis, number, final=True)
        edited = {language: as_edition(guide, edition, now) for language, guide in texts.items()}
        return await keep(services.vault, basis, edited, number, newest.source)
    guides = {
        language: await asyncio.to_thread(compiled, basis, language, now, number, final=final) for language in wanted
    }
    ours = basis if final else await gather_basis(services, store, code, now, accepted=True)
    source = await asyncio.to_thread(source_of, ours, wanted, now)
    return await keep(services.vault, basis, guides, number, source, comments=comments and not final)


async def keep(
    vault: Vault,
    basis: Basis,
    guides: Mapping[str, Guide],
    number: int,
    source: Mapping[str, str],
    *,
    comments: bool = False,
    tables: Mapping[str, FileRef] | None = None,
) -> Made:
    """Render the guides and keep everything by its content. `comments`: see `make`; `tables`: by language, the mappings
    of sources that are taken as they are."""
    files: list[File] = []
    kept: list[FileRef] = []
    for language, guide in guides.items():
        for format in FORMATS:
            told = Provenance(guide, basis.dossier) if comments and format == "docx" else None
            content = await asyncio.to_thread(render, guide, format, told)
            name = f"guide-{basis.country.code}-v{number}-{language}.{format}"
            sha256 = await asyncio.to_thread(vault.keep, content)
            files.append(File(name, format, language, len(content), sha256))
        given = (tables or {}).get(language)
        table = given if given is not None else await asyncio.to_thread(_keep_table, vault, basis, guide)
        name = f"sources-{basis.country.code}-v{number}-{language}.xlsx"
        files.append(File(name, "xlsx", language, table.size, table.sha256))
        written = json.dumps(dump(guide), ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")
        sha256 = await asyncio.to_thread(vault.keep, written)
        kept.append(FileRef(f"{language}.json", sha256, len(written), "application/json"))
    contents = {language: content_hash(guide) for language, guide in guides.items()}
    forms = tuple(sorted({one.form_version for one in basis.contributions}))
    extra: dict[str, str] = {}
    for one in basis.course.endorsement.forewords.values():
        name = f"foreword-{one.language}"  # several in one language are told apart by their number
        own = name if name not in extra else f"{name}-{sum(key.startswith(name) for key in extra) + 1}"
        extra[own] = digest([one.text, one.signatory, one.title])
    template = template_version(basis.country.code)
    edition = Edition(
        country=basis.country.code,
        version=number,
        content=contents,
        form_versions=forms,
        template_version=template,
        basis=basis_hash(contents, forms, template, extra),
        files=tuple(files),
        outline=next((guide.outline for guide in guides.values()), FIRST),
    )
    return Made(edition, source, tuple(kept), guides, basis)


def _keep_table(vault: Vault, basis: Basis, guide: Guide) -> FileRef:
    """The mapping of sources as a spreadsheet, kept by its content."""
    content = sources_xlsx(basis.dossier, basis.country, guide)
    return FileRef("", vault.keep(content), len(content), XLSX)


def tables_of(draft: Draft) -> dict[str, FileRef]:
    """The mappings of sources of a version, by language."""
    return {file.language: file_ref(file) for file in draft.edition.files if file.format == "xlsx"}


def is_commented(vault: Vault, draft: Draft) -> bool:
    """Whether the Word files of a version tell where each paragraph comes from."""
    for file in draft.edition.files:
        if file.format == "docx":
            with zipfile.ZipFile(vault.path(file.sha256)) as archive:
                return "word/comments.xml" in archive.namelist()
    return False


def read_guides(vault: Vault, kept: Sequence[FileRef]) -> dict[str, Guide]:
    """The guides of a version, by language, from what `keep` kept."""
    return {one.name.removesuffix(".json"): load(json.loads(vault.path(one.sha256).read_bytes())) for one in kept}


def file_ref(file: File) -> FileRef:
    """A file of an edition, to be sent."""
    media_type = XLSX if file.format == "xlsx" else MEDIA_TYPES.get(file.format, "application/octet-stream")  # type: ignore[call-overload]
    return FileRef(file.name, file.sha256, file.size, media_type)
