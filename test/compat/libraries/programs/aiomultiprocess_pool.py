"""aiomultiprocess: a pool of workers that run coroutines, and a process that runs one."""

import asyncio

from aiomultiprocess import Pool, Worker

import probe


async def square(number):
    await asyncio.sleep(0.01)
    if number == 7:
        raise ValueError("on purpose")
    return number * number


async def main():
    async with Pool(processes=2) as pool:
        print(await pool.apply(square, (12,)))
        print(await pool.map(square, range(6)))
        try:
            await pool.apply(square, (7,))
        except Exception as error:
            print(type(error).__name__)
    child = Worker(target=square, args=(4,), name="squarer")
    child.start()
    print(await child.join())


if __name__ == "__main__":
    asyncio.run(main())
    probe.tell()
