"""The files: from text to plain data that knows its lines, and on to a checked system or scenario."""
