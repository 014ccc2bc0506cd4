"""The file sets fork: nothing is imported again."""
import multiprocessing

context = multiprocessing.get_context('fork')


def work():
    pass


process = context.Process(target=work)
process.start()
process.join()
