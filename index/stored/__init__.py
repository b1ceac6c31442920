"""What a version of the index consists of on disk or on a server, who may write it and who reads it."""
