"""What is missing in a system, ranked by how much the missing fact could change the answer."""
