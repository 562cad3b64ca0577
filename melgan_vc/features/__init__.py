"""What is heard of sound: tables of numbers on the log-mel's frames, and the recognisers behind some of them."""
