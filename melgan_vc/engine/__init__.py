"""Keras's backend: started quietly, on a chosen device, with compiled passes; and where features are kept."""
