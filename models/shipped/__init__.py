"""The numbers that come with Yiqi: one artifact; its manifest says of each part what it was fitted on, and how."""
