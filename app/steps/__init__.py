"""The Lambda tasks of the workflows: one file a workflow, one short function a Task.

A step parses its input, asks one port, calls the domain and returns a dict. It stores nothing: it
plans the writes, and the state machine carries them out under its own role.
"""
