"""Eyes on the work: lists, controls and the measures that open."""
