"""The community that ships with Yiqi, written by hand and put together by a seeded script."""
