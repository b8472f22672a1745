"""The image of a figure in a Word document: WordprocessingML, and how it is known again when it comes back edited."""

from __future__ import annotations

from bot.documents.escaping import escaped
from bot.documents.figures import size
from bot.documents.pages import Picture

_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
PLACE = f"{{{_DRAWING}/wordprocessingDrawing}}docPr"
"""The element that names an image and says what it shows."""
_EMU = 635  # in a twip


def drawing(picture: Picture, image: str, width: int) -> str:
    """A paragraph that holds the image of `picture`, kept with its caption. `image`: the relation to its file;
    `width`: in twips."""
    wide, high = size(picture.figure)
    extent = f'cx="{width * _EMU}" cy="{round(width * _EMU * high / wide)}"'
    name, told = escaped(picture.anchor), escaped(picture.alt)
    return (
        '<w:p><w:pPr><w:pStyle w:val="BodyText"/><w:keepNext/>'
        '<w:spacing w:before="160" w:after="0" w:line="240" w:lineRule="auto"/></w:pPr><w:r><w:drawing>'
        f'<wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing" distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent {extent}/><wp:docPr id="{picture.number}" name="{name}" descr="{told}"/>'
        f'<wp:cNvGraphicFramePr><a:graphicFrameLocks xmlns:a="{_DRAWING}/main" noChangeAspect="1"/>'
        f'</wp:cNvGraphicFramePr><a:graphic xmlns:a="{_DRAWING}/main"><a:graphicData uri="{_DRAWING}/picture">'
        f'<pic:pic xmlns:pic="{_DRAWING}/picture"><pic:nvPicPr><pic:cNvPr id="{picture.number}" name="{name}"/>'
        f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{image}"/><a:stretch><a:fillRect/></a:stretch>'
        f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>'
        "</w:drawing></w:r></w:p>"
    )
