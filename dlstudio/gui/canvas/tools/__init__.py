"""Mouse gestures: one class each, started by a press, moved, then finished or cancelled.

A gesture works on a `CanvasContext` and changes the document only in `finish`, as one undoable
step; it imports no widget. Begin with `gesture.py` (the protocol) and `gesture_factory.py` (which
press starts which gesture); `gesture_controller.py` runs the active one.
"""
