"""Forms as people write them, each with something that trips engines."""

from __future__ import annotations

ROWS_OF_ROWS = """
| survey | | | | | | |
| | type | name | label | repeat_count | required | constraint |
| | integer | villages | How many villages? | | yes | . < 4 |
| | begin repeat | village | Village | ${villages} | |
| | text | place | Name of the village? | | yes |
| | integer | homes | Homes in ${place}? | | | . < 4 |
| | begin repeat | home | Home | ${homes} | |
| | text | head | Who lives there? | | |
| | begin repeat | member | Member | | |
| | text | who | Member of the home of ${head} in ${place} | | |
| | integer | age | Age of ${who} | | |
| | end repeat | | | | |
| | end repeat | | | | |
| | end repeat | | | | |
"""

COUNTED = """
| survey | | | | | | |
| | type | name | label | repeat_count | constraint | trigger | calculation |
| | integer | n | How many? | | . > 0 and . < 9 | | |
| | begin repeat | r | Person | ${n} | | | |
| | text | name | Name | | | | |
| | end repeat | | | | | | |
| | text | copy | Last count | | | ${n} | concat('n', ${n}) |
"""

SHOWN_ROWS = """
| survey | | | | | |
| | type | name | label | relevant | required |
| | select_one yn | any | Any? | | yes |
| | begin group | g | Group | ${any} = 'yes' | |
| | begin repeat | r | Thing | | |
| | text | a | A | | yes |
| | select_one yn | more | More? | | |
| | begin group | gg | More | ${more} = 'yes' | |
| | text | b | B of ${a} | | yes |
| | end group | | | | |
| | end repeat | | | | |
| | end group | | | | |
| | text | last | Last | count(${r}) < 3 | |
| choices | | |
| | list_name | name | label |
| | yn | yes | Yes |
| | yn | no | No |
"""

CASCADE_IN_ROWS = """
| survey | | | | | |
| | type | name | label | choice_filter | required |
| | select_one country | country | Country | | yes |
| | begin repeat | r | Place | | |
| | select_one region | region | Region | country = ${country} | yes |
| | select_one town | town | Town | region = ${region} | yes |
| | select_multiple town or_other | towns | Towns | | |
| | end repeat | | | | |
| choices | | | | |
| | list_name | name | label | country | region |
| | country | a | A land | | |
| | country | b | B land | | |
| | region | a1 | A one | a | |
| | region | a2 | A two | a | |
| | region | b1 | B one | b | |
| | town | t1 | Tone | | a1 |
| | town | t2 | Ttwo | | a2 |
| | town | t3 | Tthree | | b1 |
"""

SELECTIONS = """
| survey | | | | | | |
| | type | name | label | constraint | constraint_message | choice_filter |
| | select_multiple ill | ills | Illness | not(selected(., 'none') and count-selected(.) > 1) | None alone | |
| | rank ill | ranked | Rank them | | | selected(${ills}, name) |
| | select_multiple ill | two | Exactly two | count-selected(.) = 2 | | |
| choices | | |
| | list_name | name | label |
| | ill | flu | Flu |
| | ill | cold | Cold |
| | ill | none | None of these |
"""

CALCULATED = """
| survey | | | | | | |
| | type | name | label | calculation | default | trigger |
| | text | first | First name | | | |
| | text | family | Family name | | ${first} | |
| | calculate | full | | concat(${first}, ' ', ${family}) | | |
| | calculate | letters | | string-length(${full}) | | |
| | note | hello | Hello ${full}, ${letters} letters | | | |
| | date | day | Day | | today() | |
| | calculate | drawn | | once(random()) | | |
| | integer | age | Age | | | |
| | dateTime | stamp | Stamp | now() | | ${age} |
| | date | due | Due | date(decimal-date-time(${day}) + 30) | | |
| | range | level | Level | | | |
| | acknowledge | ok | Agreed | | | |
| | geopoint | where | Where? | | | |
"""

CHOSEN_ROWS = """
| survey | | | | | |
| | type | name | label | calculation | repeat_count |
| | select_multiple ill | ills | Which? | | |
| | begin repeat | r | Illness | | count-selected(${ills}) |
| | calculate | one | | selected-at(${ills}, position(..) - 1) | |
| | calculate | named | | jr:choice-name(${one}, '${ills}') | |
| | text | days | Days of ${named}? | | |
| | end repeat | | | | |
| | calculate | first | | indexed-repeat(${days}, ${r}, 1) | |
| | select_one ${days} | worst | Which was worst? | | |
| | text | why | Why ${worst} and not ${first}? | | |
| choices | | |
| | list_name | name | label |
| | ill | flu | Flu |
| | ill | cold | Cold |
| | ill | cough | Cough |
"""

BOUNDS = """
| survey | | | | | | |
| | type | name | label | required | constraint | parameters |
| | integer | a | A | | . < 40 | |
| | integer | b | More than ${a} | ${a} > 5 | . > ${a} | |
| | date | from | From | yes | | |
| | date | to | To | ${b} != '' | . >= ${from} and . < date(decimal-date-time(${from}) + 366) | |
| | range | fine | Fine | yes | | start=-2.5 end=2.5 step=0.5 |
| | range | down | Down | | | start=10 end=0 step=-2 |
| | time | t | At | | | |
| | time | later | Later | | . > ${t} | |
"""

LANGUAGES = """
| survey | | | | | | |
| | type | name | label::English | label::French | label::العربية (ar) | hint::French |
| | text | a | A? | - | ما الاسم؟ | - |
| | select_one yn | b | | B ? | - | indice |
| | note | n | A note | | | |
| choices | | | | |
| | list_name | name | label::English | label::French | label::العربية (ar) |
| | yn | yes | Yes | Oui | نعم |
| | yn | no | No | - | |
"""

TABLE = """
| survey | | | | |
| | type | name | label | appearance |
| | begin group | first | First table | table-list |
| | select_one yn | x | X | |
| | select_one yn | y | Y | |
| | end group | | | |
| | begin group | second | Second table | field-list |
| | select_one yn | titles | Do you have… | label |
| | select_one yn | z | Z | list-nolabel |
| | end group | | | |
| choices | | |
| | list_name | name | label |
| | yn | yes | Yes |
| | yn | no | No |
"""

UNICODE = """
| survey | | | |
| | type | name | label |
| | start | start | |
| | deviceid | deviceid | |
| | audit | audit | |
| | text | prénom | Prénom ? |
| | begin group | empty | Empty |
| | end group | | |
| | begin repeat | répéter | |
| | begin group | g | |
| | integer | âge | Âge de ${prénom} |
| | end group | | |
| | end repeat | | |
| settings | | | | | |
| | form_id | form_title | style | instance_name | public_key |
| | f_é | Ünïcode | pages | concat(${prénom}, '!') | MIIB |
"""

NOTHING = """
| survey | | | | |
| | type | name | label | calculation |
| | calculate | c | | 1 |
| | begin group | g | Empty | |
| | end group | | | |
"""

FORMS = (
    *(ROWS_OF_ROWS, COUNTED, SHOWN_ROWS, CASCADE_IN_ROWS, SELECTIONS, CALCULATED),
    *(CHOSEN_ROWS, BOUNDS, LANGUAGES, TABLE, UNICODE, NOTHING),
)
