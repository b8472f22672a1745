"""Small numbers written out."""

from __future__ import annotations

from functools import cache

_COUNTED = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    "eighteen|nineteen",
    "zero|un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|dix sept|dix huit|"
    "dix neuf",
    "zero|um|dois|tres|quatro|cinco|seis|sete|oito|nove|dez|onze|doze",
    "zero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce",
)
_TENS = (
    "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety",
    "vingt|trente|quarante|cinquante|soixante|septante|quatre vingt|nonante",
)
_ALONE = {
    "une": 1, "a dozen": 12, "une douzaine": 12, "quatre vingts": 80, "cent": 100, "one hundred": 100,
    "a hundred": 100, "mille": 1000, "one thousand": 1000, "a thousand": 1000,
}  # fmt: skip


@cache
def number_words() -> dict[str, int]:
    """Folded words → number: 0 to 99 in English and French (Belgian and Swiss tens too), 0 to 12 in Portuguese and
    Spanish, and a few round ones."""
    found = dict(_ALONE)
    counted = [names.split("|") for names in _COUNTED]
    for names in counted:
        found.update((name, number) for number, name in enumerate(names))
    for units, tens in zip(counted, _TENS, strict=False):
        for ten, name in zip(range(20, 100, 10), tens.split("|"), strict=True):
            found[name] = ten
            most = 19 if name in ("soixante", "quatre vingt") else 9
            for extra in range(1, most + 1):
                found[f"{name} {units[extra]}"] = ten + extra
                found[f"{name} et {units[extra]}"] = ten + extra
    return found
