"""What is printed: one document model, its builders, and the writers that draw it as PDF and Word."""
