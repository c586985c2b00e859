"""Links to other catalogues: a table to look them up, and files in SSSOM, BEACON and other formats."""
