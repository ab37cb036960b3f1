// Exists so that the test headers are compiled once.
