"""Readers of the user's own folders: images with classes, masks or neither, and sounds.

Each reader takes a folder and parsed options and returns raw samples. Whatever it leaves out is
counted and named; splitting and normalisation happen later, in `load.py`. Begin with
`folder_tree.py` (which files there are), then `subset_names.py` (train, validation and test
folders) and `labelled_folder.py`. Imports neither networks nor training.
"""
