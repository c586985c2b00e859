"""Files by which programs find their way: robots.txt, llms.txt, sitemaps, icon."""
