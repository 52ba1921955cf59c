"""The book on disk: the only room with SQL.

A book is a folder: ``book.db`` (encrypted), ``keys.json`` (who may open it), ``book.lock``, ``backups/``. Import the
module you need; this file imports nothing, so that ``keyslots`` can work while the database libraries still load.
"""
