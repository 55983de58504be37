"""The automaton: what happens to compiled components over time."""
