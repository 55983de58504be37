"""Is an outage one that somebody has to be told of? Rules of regulators as data, held against many trials.

``rules.py`` says what a rule may say, ``catalogue.py`` reads those in ``regimes/``. ``groups.py``, ``losses.py``, ``together.py`` and
``metrics.py`` work out what the trials say of services and users, ``judge.py`` holds one against the other, ``deadlines.py`` knows
the calendar, and ``assess.py`` puts it together as ``facts.py``. Nothing here is legal advice.
"""
