"""The samples panel: predictions, reconstructions or generated samples, live and on demand.

`sample_source.py` requests samples from the run or a restored network; the other files draw
`SamplesView` objects of `insight/samples` and hold the controls. torch is imported only where a
run's observer is created. Begin with `samples_panel.py` and `sample_drawing.py`.
"""
