"""Sound: reads WAV files and computes spectrograms, with numpy only.

Knows neither torch nor folders and classes; `files/sound_folder.py` and `synthetic/` use it.
Begin with `spectrogram.py`.
"""
