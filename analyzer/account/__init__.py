"""Reading accounts: what is asked, how it is asked, and what it means as resources."""
