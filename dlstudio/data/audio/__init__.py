"""Sound: reads WAV files and computes spectrograms, with numpy only.

Imports no torch and knows nothing about folders and classes; `files/sound_folder.py` and
`synthetic/` use it. Begin with `spectrogram.py`.
"""
