from multiprocessing import Pool


def careful_in_part(n):
    print(1 / n)
    try:
        return n
    except Exception:
        return None


def main():
    with Pool(2) as pool:
        for n in range(3):
            pool.apply_async(careful_in_part, (n,), callback=print)  # expect[lost-exception]
        pool.map_async(abs, range(3))  # expect[lost-exception]
        pool.close()
        pool.join()
