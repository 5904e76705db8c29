"""Work done behind the page, and how far it has got."""
