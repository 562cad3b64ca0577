"""Folders of audio, what is wrong with them, and the random crops that training sees."""
