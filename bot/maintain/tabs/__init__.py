"""The tabs of the maintainers' page: each has its components, and what its buttons do."""
