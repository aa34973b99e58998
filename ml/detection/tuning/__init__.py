"""Fine-tuning of NanoDet on the boxes that people vouch for."""
