"""The steps of the exercise, from the expression of interest to publication: one module for each, none of them knows
who is spoken to, or how."""
