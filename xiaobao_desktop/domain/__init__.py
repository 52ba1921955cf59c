"""What the field knows: pure functions and declarations, standard library only, no clock of its own."""
