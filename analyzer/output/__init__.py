"""One file per format; each is a function of a `Run`."""
