import contextlib
from multiprocessing import Pool

import pytest


def proper():
    pool = Pool(2)
    pool.map(abs, range(3))
    pool.close()
    pool.join()


def managed():
    with Pool(2) as pool:
        print(pool.map(abs, range(3)))
        pool.close()
        pool.join()


def closing():
    with contextlib.closing(Pool(2)) as pool:
        return pool.map(abs, range(3))


def handed_on(keep):
    pool = Pool(2)
    keep.append(pool)
    pool.map(abs, range(3))


def given_back():
    pool = Pool(2)
    pool.map(abs, range(3))
    return pool


def ended_elsewhere(stack):
    pool = Pool(2)
    stack.callback(pool.terminate)
    return pool.map(abs, range(3))


def in_turn(rounds):
    for _ in range(rounds):
        pool = Pool(2)
        pool.map(abs, range(3))
        pool.close()
        pool.join()


def either(quick):
    pool = Pool(2)
    if quick:
        pool.close()
    else:
        pool.map(abs, range(3))
        pool.terminate()
    pool.join()


def test_refuses():
    pool = Pool(2)
    pool.close()
    with pytest.raises(ValueError):
        pool.map(abs, range(3))
    pool.join()


class Keeper:
    def __init__(self):
        self.pool = Pool(2)

    def run(self):
        return self.pool.map(abs, range(3))
