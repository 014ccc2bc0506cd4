from multiprocessing import Pool


def main():
    with Pool(2) as pool:
        pool.map_async(abs, range(3))  # forkscope: ignore[lost-exception]
        # forkscope: ignore
        pool.map_async(abs, range(3))
        pool.map_async(abs, range(3))  # forkscope: ignore[deadlock] expect[lost-exception]
