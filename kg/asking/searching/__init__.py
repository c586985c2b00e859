"""Search by words, in English, Russian and Spanish: the index, and the hits for what is typed.

word_forms, search_fields → search_texts → search_file, which makes an index in SQLite;
typed_words → search_index, which finds hits in it. Nothing here knows HTTP.
"""
