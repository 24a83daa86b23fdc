from __future__ import annotations

import numpy as np


def test_thumbnails_enlarge_the_card_while_visible(network):
    scene = network.editor.context.scene
    rect_before = scene.cards["relu_1"].rect
    maps = np.zeros((3, 5, 7), dtype=np.uint8)
    network.editor.set_thumbnails({"relu_1": maps})
    assert scene.cards["relu_1"].rect.height() > rect_before.height()
    assert scene.cards["relu_1"].rect.center() == rect_before.center()
    assert network.port("relu_1")[1] == network.port("tanh_2")[1]
    network.editor.set_live_view("off")
    assert scene.cards["relu_1"].rect == rect_before
    network.editor.set_thumbnails({"relu_1": maps})
    assert scene.cards["relu_1"].rect == rect_before
    network.editor.set_live_view("activations")
    assert scene.cards["relu_1"].rect.height() > rect_before.height()
