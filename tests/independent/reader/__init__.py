"""The parts of second_reader.py, one section or two of FORMAT.md each; numbers in parentheses are sections."""
