"""What processes are made of: restrictions, forking on command, messages, and two ways to wait."""
