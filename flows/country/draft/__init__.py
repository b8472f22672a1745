"""The draft of a guide, section by section: `compile_guide` is the one door."""

from flows.country.draft.decided import sides_of
from flows.country.draft.edition import Approval, Edition, Foreword
from flows.country.draft.finishing import as_edition
from flows.country.draft.whole import compile_guide

__all__ = ["Approval", "Edition", "Foreword", "as_edition", "compile_guide", "sides_of"]
