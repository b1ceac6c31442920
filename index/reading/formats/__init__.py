"""One module for each kind of file, and the process apart in which they are parsed."""
