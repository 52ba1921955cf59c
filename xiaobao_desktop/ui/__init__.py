"""The window: pages, dialogs, widgets. Talks to services and domain only; the one room, with app.py, that knows Qt."""
