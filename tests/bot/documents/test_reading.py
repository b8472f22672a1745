"""A guide's Word document comes back: as it was, edited, with what Word adds."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from docx.document import Document as Opened
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import given, settings

from bot.documents import render
from bot.documents.layout import lay_out
from bot.documents.reading import Identity, Unreadable, identify, read_docx
from flows.country.canonical import content_hash
from flows.country.changes import changes
from flows.country.guide import Bullets, Guide, Statement, Table
from flows.country.walking import statements
from tests.bot.documents import sample
from tests.bot.documents.editing import (
    added_after,
    edited,
    paragraph,
    removed,
    repacked,
    replaced,
    retitled,
    table,
    tracked,
)
from tests.bot.documents.reading_back import BORDER, GROUP, MEMBER, document, guide, one, read, section
from tests.budget import examples
from tests.flows.country.guides import GUIDES
from tests.flows.country.test_changes import drafted
from tests.flows.country.test_edition import FOREWORD, compiled, final


# ---- nothing edited -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "make",
    [
        drafted,
        lambda: drafted(language="en"),
        lambda: compiled(final(forewords=(FOREWORD, replace(FOREWORD, language="en")))),
        lambda: sample.sample("fr"),
        lambda: sample.sample("en"),
        sample.empty,
    ],
)
def test_what_nobody_edited_comes_back_as_it_was(make: object) -> None:
    original: Guide = make()  # type: ignore[operator]
    found = read_docx(render(original, "docx"), original)
    assert found.guide == original
    assert (found.tracked, found.pictures, found.sources_edited, found.comments) == (False, 0, (), ())


def test_saved_by_another_program_it_still_comes_back_as_it_was() -> None:
    assert read().guide == guide()


@settings(max_examples=examples(15), deadline=None)
@given(GUIDES)
def test_whatever_a_guide_says_is_read_back(original: Guide) -> None:
    original = replace(original, cover=True)
    try:
        found = read_docx(render(original, "docx"), original).guide
    except Unreadable as refusal:
        assert refusal.reason == "no_sections"
        return
    assert _printed(found) == _printed(original)


def _printed(original: Guide) -> list[str]:
    from tests.bot.documents.test_render import everything

    return everything(lay_out(original))


def test_hostile_texts_come_back_letter_by_letter() -> None:
    original = sample.hostile()
    found = read_docx(render(original, "docx"), original).guide
    before, after = ([one for one in statements(each) if one.text.strip()] for each in (original, found))
    assert after == before


def test_it_says_which_guide_it_is_of() -> None:
    original = compiled(final(7))
    assert identify(render(original, "docx")) == Identity("BFA", "fr", 7, content_hash(original))


# ---- edited ---------------------------------------------------------------------------------------------------------
def test_an_edited_sentence_keeps_who_said_it_and_where_it_comes_from() -> None:
    new = "Les postes notent les entrées dans un registre."
    found = read(replaced("sur papier", "dans un registre"))
    (change,) = changes(guide(), found.guide)
    assert (change.kind, change.before, change.after) == ("changed", BORDER, new)
    before = next(statement for statement in statements(guide()) if statement.text == BORDER)
    assert one(found, new) == replace(before, text=new)


def test_an_edited_cell_changes_that_cell_only() -> None:
    found = read(replaced("Montant des transferts", "Volume des transferts"))
    (change,) = changes(guide(), found.guide)
    assert change.after == "Migration et développement | Volume des transferts par région. | INS"
    assert one(found, "Volume des transferts par région.").sources == (2,)


def test_an_edited_quotation_stays_in_its_language_without_the_marks_around_it() -> None:
    new = one(read(replaced("Share anonymised files", "Share all files")), "Share all files with universities.")
    assert (new.language, new.sources) == ("en", (4,))


def test_a_new_paragraph_is_a_statement_of_the_editor() -> None:
    found = read(added_after(BORDER, "BodyText", "Ajouté par un expert."))
    (change,) = changes(guide(), found.guide)
    assert (change.anchor, change.kind, change.after) == ("border", "added", "Ajouté par un expert.")
    assert one(found, "Ajouté par un expert.") == Statement("Ajouté par un expert.")


def test_a_citation_typed_by_hand_is_one_where_its_source_is_known() -> None:
    found = read(
        added_after(BORDER, "BodyText", "Selon deux entités [2, 3]"), added_after(BORDER, "BodyText", "Voir [99]")
    )
    assert one(found, "Selon deux entités").sources == (2, 3)
    assert one(found, "Voir [99]").sources == ()


def test_words_typed_on_behind_a_citation_are_not_lost() -> None:
    def type_on(opened: Opened) -> None:
        last = paragraph(opened, BORDER)._p.xpath(".//w:r")[-1]
        last.find(qn("w:t")).text += " Et depuis peu les sorties."

    found = read(type_on)
    assert [
        (statement.text, statement.sources)
        for statement in statements(found.guide)
        if statement.text.startswith(("Les postes", "Et depuis"))
    ] == [
        (BORDER, (3,)),
        ("Et depuis peu les sorties.", ()),
    ]


def test_a_citation_taken_out_is_taken_out() -> None:
    def uncite(opened: Opened) -> None:
        for run in paragraph(opened, BORDER)._p.xpath('.//w:r[w:rPr/w:rStyle[@w:val="Citation"]]'):
            run.getparent().remove(run)

    assert one(read(uncite), BORDER).sources == ()


def test_list_entries_come_and_go_without_touching_the_others() -> None:
    found = read(
        added_after("Recensement général (INS)", "ListBullet", "Nouvelle entrée")
        if False
        else removed("DPF – Direction"),
        added_after("INS – Institut", "ListBullet", "OR – Office des réfugiés"),
    )
    (block,) = section(found, "acronyms").blocks
    assert isinstance(block, Bullets)
    assert [item.statements[0].text.partition(" ")[0] for item in block.items] == ["CM", "INS", "OR", "MRC"]
    (before,) = next(one for one in guide().sections if one.anchor == "acronyms").blocks
    assert isinstance(before, Bullets) and block.items[0] == before.items[0] and block.items[3] == before.items[3]


def test_rows_come_and_go_without_touching_the_others() -> None:
    def add(opened: Opened) -> None:
        cells = table(opened, GROUP).add_row().cells
        for cell, text in zip(cells, ("Membre", "Douanes", "Nom Modèle", "Inspecteur"), strict=False):
            cell.text = text

    def remove(opened: Opened) -> None:
        found = table(opened, GROUP)
        row = next(row for row in found.rows if MEMBER in row.cells[1].text)._tr
        row.getparent().remove(row)

    found = read(remove, add)
    kinds = [(change.kind, change.what, change.anchor) for change in changes(guide(), found.guide)]
    assert kinds == [("changed", "row", "group")] or sorted(kinds) == [
        ("added", "row", "group"),
        ("removed", "row", "group"),
    ]
    (grid,) = (block for block in section(found, "group").blocks if isinstance(block, Table))
    assert [cell.statements[0].text for cell in grid.rows[-1].cells] == [
        "Membre",
        "Douanes",
        "Nom Modèle",
        "Inspecteur",
    ]
    before = next(block for block in section(read(), "group").blocks if isinstance(block, Table))
    assert grid.rows[:2] == before.rows[:2] and grid.anchor == before.anchor and grid.widths == before.widths


def test_the_sources_of_an_edited_row_stay_in_their_column() -> None:
    found = read(replaced("Cartes des mobilités", "Cartes des mobilités internes"))
    row = next(row for block in section(found, "training").blocks if isinstance(block, Table) for row in block.rows)
    assert all(statement.sources == (2,) for cell in row.cells for statement in cell.statements)
    assert len(row.cells) == 5


def test_a_new_section_is_read_with_its_texts_and_a_renamed_one_keeps_its_place() -> None:
    found = read(
        added_after(BORDER, "BodyText", "Texte de la section."),
        added_after(BORDER, "Heading2", "Section nouvelle"),
        retitled("Migration en situations de crise", "Migrations de crise"),
    )
    titles = [(one.anchor, one.number, one.title) for one in section(found, "overview").sections]
    assert titles[-2:] == [("section-nouvelle", "", "Section nouvelle"), ("crisis", "I.6", "Migrations de crise")]
    new = section(found, "section-nouvelle")
    assert "Texte de la section." in str(new.blocks)


def test_a_section_taken_out_is_gone_and_nothing_else() -> None:
    def take(opened: Opened) -> None:
        body = opened.element.body
        inside = False
        for element in list(body):
            style = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
            if style is not None and style.get(qn("w:val"), "").startswith("Heading"):
                inside = "Coordination des acteurs" in "".join(text.text or "" for text in element.iter(qn("w:t")))
            if inside and element.tag != qn("w:sectPr"):
                body.remove(element)

    found = read(take)
    assert {change.anchor for change in changes(guide(), found.guide)} == {"coordination"}


def test_a_heading_without_its_bookmark_is_known_by_its_words() -> None:
    def unmark(opened: Opened) -> None:
        for mark in list(opened.element.body.iter(qn("w:bookmarkStart"), qn("w:bookmarkEnd"))):
            mark.getparent().remove(mark)

    assert read(unmark).guide == guide()


def test_title_and_subtitle_can_be_edited_on_the_cover() -> None:
    found = read(replaced("Un outil pour compléter le profil migratoire", "Un outil commun"))
    assert (found.guide.subtitle, found.guide.title) == ("Un outil commun", guide().title)


# ---- what Word adds -------------------------------------------------------------------------------------------------
def test_tracked_changes_are_read_as_accepted_and_reported() -> None:
    found = read(tracked("Les postes notent", "papier", "ordinateur"))
    assert found.tracked
    assert one(found, "Les postes notent les entrées sur ordinateur.").sources == (3,)


def test_rows_and_paragraphs_deleted_with_tracking_are_gone() -> None:
    def delete_row(opened: Opened) -> None:
        row = next(row for row in table(opened, GROUP).rows if MEMBER in row.cells[1].text)._tr
        row.get_or_add_trPr().append(parse_xml(f'<w:del {nsdecls("w")} w:id="9" w:author="E"/>'))

    def delete_paragraph(opened: Opened) -> None:
        element = paragraph(opened, BORDER)._p
        runs = element.xpath("./w:r | ./w:hyperlink | ./w:bookmarkStart | ./w:bookmarkEnd")
        gone = parse_xml(f'<w:del {nsdecls("w")} w:id="10" w:author="E"/>')
        for run in runs:
            gone.append(run)
        element.append(gone)
        element.get_or_add_pPr().append(parse_xml(f'<w:rPr {nsdecls("w")}><w:del w:id="11" w:author="E"/></w:rPr>'))

    found = read(delete_row, delete_paragraph)
    assert found.tracked
    assert BORDER not in str(found.guide)
    assert {change.kind for change in changes(guide(), found.guide)} == {"removed"}


def test_comments_are_read_with_author_text_section_and_passage() -> None:
    def comment(opened: Opened) -> None:
        runs = paragraph(opened, BORDER).runs
        opened.add_comment(runs[0], "À vérifier auprès de la DPF.\nMerci.", "Experte (exemple)", "E")
        cell = paragraph(opened, "Montant des transferts")
        opened.add_comment(cell.runs[0], "Quelle année ?", "", "")

    found = read(comment)
    assert found.guide == guide()
    assert [(one.author, one.text, one.anchor, one.section, one.passage) for one in found.comments] == [
        ("", "Quelle année ?", "needs", "I.4 Besoins de données", "Montant des transferts par région."),
        (
            "Experte (exemple)",
            "À vérifier auprès de la DPF.\nMerci.",
            "border",
            "I.5 Gestion des frontières",
            BORDER,
        ),
    ]
    assert all(one.at is not None for one in found.comments)


def test_a_table_whose_head_is_no_longer_marked_as_one_is_known_by_its_style() -> None:
    def forget(opened: Opened) -> None:
        for mark in list(opened.element.body.iter(qn("w:tblHeader"))):
            mark.getparent().remove(mark)

    assert read(forget).guide == guide()


def test_pictures_are_counted_and_left_out() -> None:
    def picture(opened: Opened) -> None:
        run = paragraph(opened, BORDER).runs[0]._r
        run.append(parse_xml(f"<w:pict {nsdecls('w')}><w:txbxContent><w:p/></w:txbxContent></w:pict>"))

    found = read(picture)
    assert (found.pictures, found.guide) == (1, guide())


def test_an_edited_list_of_sources_is_reported_and_not_taken() -> None:
    found = read(replaced("Migration Research Centre (MRC) – Représentant", "Autre nom – Représentant"))
    assert found.sources_edited == (4,)
    assert found.guide.sources == guide().sources


def test_line_breaks_content_controls_and_links_are_read() -> None:
    def wrap(opened: Opened) -> None:
        element = paragraph(opened, BORDER)._p
        control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent/></w:sdt>")
        element.addprevious(control)
        control[0].append(element)

    assert read(wrap).guide == guide()


def test_the_edited_guide_can_be_printed_in_every_format() -> None:
    found = read(added_after(BORDER, "ListParagraph", "{{ x }} <b>"), tracked("Les postes", "papier", "écran")).guide
    for format in ("docx", "pdf", "html"):
        assert render(found, format)  # type: ignore[arg-type]
    assert read_docx(render(found, "docx"), found).guide == found


def test_a_long_guide_is_read_in_a_moment() -> None:
    from tests.flows.country.saying import POLICE, contribution

    rows = {f"source/{row}/s3_name": f"Source {row}" for row in range(1, 301)}
    texts = {f"source/{row}/s7_content": f"Contenu {row} " + "mot " * 60 for row in range(1, 301)}
    original = drafted(contribution(POLICE, rows | texts))
    content = edited(render(original, "docx"), replaced("Contenu 150 ", "Contenu changé 150 "))
    begun = time.perf_counter()
    found = read_docx(content, original)
    assert time.perf_counter() - begun < 20
    assert len(changes(original, found.guide)) == 1


def test_footnotes_symbols_and_formulas_are_part_of_the_text() -> None:
    def note(parts: dict[str, bytes]) -> None:
        name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        parts["word/footnotes.xml"] = (
            f'<w:footnotes xmlns:w="{name}"><w:footnote w:id="2"><w:p><w:r><w:t>Depuis 2019.</w:t></w:r></w:p>'
            "</w:footnote></w:footnotes>"
        ).encode()
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
            b"</Types>", f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'.encode()
        )
        relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
        parts["word/_rels/document.xml.rels"] = parts["word/_rels/document.xml.rels"].replace(
            b"</Relationships>",
            f'<Relationship Id="rId99" Type="{relation}" Target="footnotes.xml"/></Relationships>'.encode(),
        )

    def refer(opened: Opened) -> None:
        run = paragraph(opened, BORDER).runs[0]._r
        run.append(parse_xml(f'<w:footnoteReference {nsdecls("w")} w:id="2"/>'))
        run.append(parse_xml(f'<w:sym {nsdecls("w")} w:font="Calibri" w:char="20AC"/>'))
        run.addnext(parse_xml(f"<m:oMath {nsdecls('m')}><m:r><m:t>x=1</m:t></m:r></m:oMath>"))

    found = read_docx(repacked(edited(document(), refer), note), guide())
    assert one(found, BORDER).sources == one(found, "(Depuis 2019.)€x=1").sources == (3,)
