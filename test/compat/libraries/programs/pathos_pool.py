"""pathos: its pools of processes."""

from pathos.pools import ProcessPool

import probe

if __name__ == "__main__":
    pool = ProcessPool(nodes=2)
    print(pool.map(lambda a, b: a * b, range(10), range(10)), list(pool.imap(lambda a: -a, range(3))))
    pool.close()
    pool.join()
    pool.clear()
    probe.tell()
