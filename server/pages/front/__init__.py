"""The front page: what the collection is, its telegrams, a picture of one event, people, questions."""
