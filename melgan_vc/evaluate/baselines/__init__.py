"""What a conversion is read beside: conversions whose worth is known."""
