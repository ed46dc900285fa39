"""Pages of lists: which there are, what one contains on any day, what changed between two, and one's own listing."""
