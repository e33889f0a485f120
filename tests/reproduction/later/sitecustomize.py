"""Python as it runs on another day: clocks are ahead by so many days, or behind, if negative.

The classes of `datetime` stay what they are, for pandas knows them in C: their own methods change.

And Python as it adds in another release: since 3.12 `sum` makes up for what it loses of floats.
"""

import builtins
import ctypes
import datetime
import functools
import gc
import math
import operator
import os
import sys
import time

_AHEAD = int(os.environ.get("TALLYBOOK_TESTS_DAYS", "0")) * 86_400
_time, _time_ns = time.time, time.time_ns
_local, _universal, _format = time.localtime, time.gmtime, time.strftime


def _now(cls, tz=None):
    return cls.fromtimestamp(time.time(), tz)


def _today(cls):
    return cls.fromtimestamp(time.time())


def _utcnow(cls):
    return cls.fromtimestamp(time.time(), datetime.UTC).replace(tzinfo=None)


def _replace(kind, **methods):
    own = gc.get_referents(kind.__dict__)[0]  # which cannot be changed by its name
    own.update({name: classmethod(method) for name, method in methods.items()})
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))


def _other_sum(values, /, start=0):
    values = [*values]
    if not any(isinstance(each, float) for each in (start, *values)):
        return _sum(values, start)
    if sys.version_info < (3, 12):
        return math.fsum([start, *values])
    return functools.reduce(operator.add, values, start)


_sum = builtins.sum
if "TALLYBOOK_TESTS_OTHER_SUM" in os.environ:
    builtins.sum = _other_sum
if _AHEAD:
    time.time = lambda: _time() + _AHEAD
    time.time_ns = lambda: _time_ns() + _AHEAD * 10**9
    time.localtime = lambda at=None: _local(time.time() if at is None else at)
    time.gmtime = lambda at=None: _universal(time.time() if at is None else at)
    time.strftime = lambda form, at=None: _format(form, time.localtime() if at is None else at)
    _replace(datetime.datetime, now=_now, today=_today, utcnow=_utcnow)
    _replace(datetime.date, today=_today)
