"""Text to vectors: the encoder, and the model that comes with the project."""
