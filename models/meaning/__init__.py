"""What a text is about, what it does, and whether two texts fit: judgements that come with Yiqi, fitted on examples
written for it (`training.meaning`)."""
