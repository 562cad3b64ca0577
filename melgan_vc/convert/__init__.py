"""Conversion of audio of any length in constant memory."""
