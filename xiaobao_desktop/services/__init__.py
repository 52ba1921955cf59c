"""Use cases, one function each: the only door for ui/ and cli into the book.

Services are plain synchronous functions. They open one transaction, let the store write history and audit with it,
and return what changed.
"""
