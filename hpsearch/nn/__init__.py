"""The stacked NumPy multi-layer perceptron."""
