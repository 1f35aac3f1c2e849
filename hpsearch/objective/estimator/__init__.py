"""The objective that fits an estimator of another library on rows that hpsearch reads."""
