"""What each kind of node does when its turn comes."""
