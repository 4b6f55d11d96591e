"""Writes pickles.tsv: name, protocol, pickle in hexadecimal, and the JSON it stands for or, after "!", the opcode for
which it is refused. Run with Python 3.8 or newer: python3 pickles.py > pickles.tsv"""
import base64
import datetime
import decimal
import json
import pickle
import pickletools
import uuid

shared = ['again', 1]
many = [str(i) for i in range(260)]


class Plain:
    def __init__(self):
        self.a = 1


PLAIN = {
    'none': None,
    'true': True,
    'false': False,
    'small': [0, 1, 255, 256, 65535, 65536, -1, 2147483647, -2147483648],
    'large': [2147483648, -2147483649, 2 ** 63 - 1, -2 ** 63, 2 ** 63, 10 ** 40, -10 ** 40, 10 ** 999, 1 - 10 ** 1000],
    'longer': [2 ** 2040, -2 ** 2039, -2 ** 3000],
    'floats': [0.0, -0.0, 1.5, -2.25, 1e100, 5e-324, 1.7976931348623157e308, 0.1],
    'not-finite': [float('nan'), float('inf'), float('-inf')],
    'text': ['', 'plain', 'ümläut', '漢字', '\U0001f600', 'a\\b\\u0041\\\\u0041', 'line\nbreak\r\0\x1a', '\'"'],
    'surrogates': ['\ud800', 'a\udc80b', '\udfff\ud800'],
    'long-text': ['x' * 255, 'x' * 256, 'ä' * 128],
    'list': [[], [1], [[[2]]], [None] * 1001],
    'tuple': [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), ((),)],
    'dict': {'a': 1, 'b': {'c': {}}, 'd': {str(i): i for i in range(9)}},
    'keys': {1: 'a', -2: 'b', None: 'c', True: 'd', 2.5: 'e', 2 ** 70: 'f'},
    'shared': [shared, shared, (shared, 'again')],
    'many-shared': many + [many[0], many[-1]],
    'call': ('mail.send', None, (1, 'ada@example.org'), {'b': [2], 'c': None}),
    'meta': {'progress': 0.5, 'steps': ['a', 'b']},
}
BYTES = {
    'bytes': [b'', b'abc', bytes(range(256)), b'z' * 300],
}
SETS = {
    'set': [set(), {1}, {'a', 'b'}, set(range(9))],
    'frozenset': [frozenset(), frozenset([1]), frozenset(['x', 'y'])],
}
BYTEARRAYS = {
    'bytearray': [bytearray(), bytearray(b'abc')],
}
REFUSED = {
    'date': datetime.date(2026, 11, 23),
    'datetime': [datetime.datetime(2026, 11, 23, 12, 0, tzinfo=datetime.timezone.utc)],
    'timedelta': datetime.timedelta(seconds=1),
    'decimal': decimal.Decimal('1.5'),
    'uuid': uuid.UUID(int=1),
    'complex': 1j,
    'object': Plain(),
    'class': Plain,
    'function': len,
}


def name(key):
    if isinstance(key, bool) or key is None:
        return json.dumps(key)
    return str(key)


def plain(value):
    if isinstance(value, dict):
        return {name(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode()
    return value


def opcode(pickled):
    refused = ('PERSID BINPERSID REDUCE BUILD GLOBAL INST OBJ NEWOBJ EXT1 EXT2 EXT4 NEWOBJ_EX STACK_GLOBAL '
               'STRING BINSTRING SHORT_BINSTRING NEXT_BUFFER READONLY_BUFFER').split()
    return next(op.name for op, _, _ in pickletools.genops(pickled) if op.name in refused)


def rows(values, first):
    for key, value in values.items():
        for protocol in range(0, 6):
            pickled = pickle.dumps(value, protocol)
            expected = json.dumps(plain(value), separators=(',', ':')) if protocol >= first else '!' + opcode(pickled)
            print(key, protocol, pickled.hex(), expected, sep='\t')


rows(PLAIN, 0)
rows(BYTES, 3)
rows(SETS, 4)
rows(BYTEARRAYS, 5)
rows(REFUSED, 6)
