"""The right side of the page: target, split, baseline, first network and the button."""
