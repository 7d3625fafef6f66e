"""Fits what ships in `models.meaning`: from examples written for it, kept in `material/`.

`python -m training.meaning` fits anew, for the encoders that come with Yiqi.
"""
