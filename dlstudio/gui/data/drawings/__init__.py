"""Widgets that draw data: images, points, class balance. They read nothing."""
