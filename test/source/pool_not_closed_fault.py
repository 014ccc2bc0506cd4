import multiprocessing
from multiprocessing import Pool


def joined():
    pool = Pool(2)
    pool.map(abs, range(3))
    pool.join()  # expect[pool-not-closed]


def joined_first():
    pool = Pool(2)
    pool.map(abs, range(3))
    pool.join()  # expect[pool-not-closed]
    pool.close()


def used_late():
    pool = Pool(2)
    pool.close()
    print(pool.map(abs, range(3)))  # expect[pool-not-closed]
    pool.join()


def used_after_with():
    with multiprocessing.Pool(2) as pool:
        pool.map(abs, range(3))
    print(pool.apply(abs, (1,)))  # expect[pool-not-closed]


def dropped():
    pool = multiprocessing.Pool(2)  # expect[pool-not-closed]
    results = pool.map(abs, range(3))
    text = """kept
as it is"""
    print(results, text)
    return pool.starmap(pow, [(2, 3)])


def dropped_async():
    pool = multiprocessing.get_context('spawn').Pool(2)  # expect[pool-not-closed]
    result = pool.map_async(abs, range(3))
    print(result.get(), pool.apply(abs, (1,)))


def never_named():
    return Pool(2).map(abs, range(3))  # expect[pool-not-closed]
