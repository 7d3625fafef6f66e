"""A community in memory: event log, aggregates, statements, word counts, evidence; builder, snapshot, the view.

`builder` takes in records and makes a `view` of them, which never changes.

| what | modules |
|---|---|
| what people did | `event_log`; sums of it in `running`, `tally`, `timeline`; matrices in `aggregates` |
| what they state | `statements`: profiles as facets; `facet_table`: all facets; `statement_vectors`: where they lie |
| what they say | `word_counts`, `lsa`, `advertising` |
| what they care for | `interests`, searched in `interest_index`; `interest_words`, `evidence`, `centre` |
| what filters ask | `attribute_codes`, `attribute_preferences` |
| how it is kept | `columns`, `byte_vectors`, `sparse`, `rows_by_value`, `kept`; as a file `snapshot` |
"""
