"""One file a command of the command line; each has its click command as ``command``."""
