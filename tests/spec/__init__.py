"""Small drawn tables that are both the tests of the law's timescales and the pages that explain them."""
