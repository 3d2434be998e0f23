"""Sound documents turned into the tables that a request is judged with."""
