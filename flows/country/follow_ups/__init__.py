"""What is said later, to whom and when: the calendar of a country, the policy, and the next move that follows."""
