"""Measurements that corpora do not give: bias by identity, disguise, viewpoint, stance by target.

The tables of sentences beside this file were written for measuring. No row of them may ever train a
bundle: tests compare them with every training corpus of the project.
"""
