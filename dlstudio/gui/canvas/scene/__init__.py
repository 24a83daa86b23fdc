"""Cards, wires and notes of one scope: geometry, camera, spatial index, hit tests.

Nothing here draws the canvas or knows a widget; only the thumbnails know how to paint themselves.
Begin with `scene.py`, which follows the document, `wire_set.py` and `scene_content.py`, which hold
its wires and texts, and `canvas_context.py`, which bundles document, scene and camera for the tools
and commands.
"""
