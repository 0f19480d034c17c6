"""Pages: the same answers as the terminal's, at an address each, served from this machine or written as files.

``addresses`` turns questions into addresses and back, ``pages`` sets an answer into a page, ``forms`` writes it in
another form at the same address, ``app`` serves, ``export`` writes a folder that any static host can serve.
"""
