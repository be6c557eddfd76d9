"""The three levels of clusters, and the environment that holds them."""
