"""Charts on the screen: drawn with matplotlib by the worker, shown, pointed at and saved by widgets."""
