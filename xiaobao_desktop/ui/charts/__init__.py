"""Charts on the screen: drawn by the worker, shown, pointed at and saved by widgets."""
