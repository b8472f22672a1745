"""Small forms, each for one thing that an interview does."""

from __future__ import annotations

VISIT = """
| survey | | | | | | | |
| | type | name | label::Français (fr) | label::English (en) | relevant | required | constraint | constraint_message::English (en) |
| | select_one yn | visited | Visité ? | Visited? | | yes | | |
| | text | place | Où ? | Where? | ${visited} = 'yes' | | | |
| | integer | days | Combien de jours ? | How many days? | ${visited} = 'yes' | | . > 0 | At least one day. |
| | text | remark | Remarque | Remark | | | | |
| choices | | | | |
| | list_name | name | label::Français (fr) | label::English (en) |
| | yn | yes | Oui | Yes |
| | yn | no | Non | No |
"""  # noqa: E501

SOURCES = """
| survey | | | |
| | type | name | label |
| | text | who | Your name |
| | begin repeat | source | Source |
| | text | title | Title |
| | integer | year | Year |
| | end repeat | | |
| | text | last | Anything else? |
"""

KINDS = """
| survey | | | | | | |
| | type | name | label | appearance | parameters | hint |
| | text | story | Your story | multiline | | |
| | select_multiple fruit | basket | Basket | | | |
| | rank fruit | order | Order | | | |
| | acknowledge | seen | Seen | | | |
| | file | letter | Letter | | | |
| | geopoint | where | Where | | | |
| | range | grade | Grade | | start=1 end=5 step=1 | |
| | date | day | Day | | | |
| choices | | |
| | list_name | name | label |
| | fruit | apple | Apple |
| | fruit | pear | Pear |
| | fruit | plum | Plum |
"""

CORE = """
| survey | | | | |
| | type | name | label | bind::griot:core |
| | note | hello | Welcome | |
| | text | a | A | yes |
| | text | b | B | |
| | begin repeat | r | Thing | |
| | text | c | C | yes |
| | text | d | D | |
| | end repeat | | | |
| | text | e | E | yes |
| settings | | |
| | namespaces | |
| | griot="https://griot-guides.example/ns" | |
"""
