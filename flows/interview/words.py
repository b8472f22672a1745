"""What people type instead of pressing a button. Vocabulary for reading, never shown."""

from __future__ import annotations

from flows.interview.replies.folding import fold, words

YES = words("oui|o|yes|y|ok|okay|d’accord|bien sûr|sim|si|sí|نعم|true")
NO = words("non|n|no|nope|não|nao|لا|false|aucun|aucune|none")
DONE = words("fin|terminé|terminer|j’ai terminé|j’ai fini|fini|done|finished|end|I’m done|fim|concluído|تم|انتهى")
UNKNOWN = words("je ne sais pas|ne sais pas|je ne sais|I don’t know|I do not know|don’t know|não sei|no sé|لا أعرف")
SKIP = words("passer|passer la question|sauter|skip|suivant|next")


def yes_or_no(text: str) -> bool | None:
    """What a plain yes or no says; the numbers are those of the two buttons."""
    said = fold(text)
    if said in YES or said == "1":
        return True
    return False if said in NO or said == "2" else None
