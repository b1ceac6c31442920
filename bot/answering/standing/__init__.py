"""What must be said of cited articles besides what they say: amended since, recognised in a scan, at odds with one another."""
