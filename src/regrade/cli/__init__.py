"""The command line: one command group a file. A command parses, calls one workflow step and prints; no rule is here."""
