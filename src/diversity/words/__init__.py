"""What is found, in sentences of the reader's language: for pages and the command line alike."""
