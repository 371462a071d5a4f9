"""The doctor's checks, one module a subject; each is a function of a connection to findings."""
