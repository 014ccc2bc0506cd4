from concurrent.futures import ProcessPoolExecutor

with ProcessPoolExecutor() as executor:
    print(list(executor.map(abs, range(3))))  # expect[no-main-guard]
