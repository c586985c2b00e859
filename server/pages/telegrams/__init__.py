"""Reading pages of telegrams: passage by passage what is asserted there, beside the quoted words."""
