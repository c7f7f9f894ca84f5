"""The arrows of the loop: load, call pure code, save. What the command line, the web pages and notebooks call."""
