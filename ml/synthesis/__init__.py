"""The data factory: rendered traffic with exact boxes, masks, identities, attributes and calibrations."""
