"""A small generator of random numbers: the same numbers on every Python, present and future (SplitMix64)."""

MASK = (1 << 64) - 1


class Prng(object):
    """Numbers determined by a seed alone."""

    def __init__(self, seed):
        self.state = seed & MASK

    def word(self):
        """The next 64 bits."""
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, n):
        """An integer from 0 to n - 1."""
        return self.word() % n

    def between(self, low, high):
        """An integer from low to high, both included."""
        return low + self.below(high - low + 1)

    def chance(self, percent):
        """True with this probability, in percent."""
        return self.below(100) < percent

    def choice(self, items):
        """One of a list."""
        return items[self.below(len(items))]

    def weighted(self, pairs):
        """The value of one of (weight, value), in proportion to the weights."""
        left = self.below(sum(weight for weight, _ in pairs))
        for weight, value in pairs:
            if left < weight:
                return value
            left -= weight
        raise AssertionError("not reached")
