from multiprocessing import Pool


def careful(n):
    try:
        return 1 / n
    except Exception as error:
        print(error)


def main(executor, options):
    with Pool(2) as pool:
        results = [pool.apply_async(abs, (n,)) for n in range(3)]
        pool.apply_async(abs, (1,), error_callback=print)
        pool.apply_async(abs, (1,), **options)
        pool.apply_async(careful, (1,))
        pool.map_async(abs, range(3)).wait()
        print([each.get() for each in results])
        pool.close()
        pool.join()
    executor.apply_async(abs, (1,))
