"""The commands: options in, exit status out (0 done, 1 problems found, 2 used wrongly)."""
