"""Arrays in, arrays out: filters, factor models, concentration, resampling."""
