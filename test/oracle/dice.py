"""Random whole numbers and choices that depend on the seed alone, the same on every machine."""
import random


class Dice:
    """Random whole numbers and choices that depend on the seed alone."""

    def __init__(self, seed):
        self.next = random.Random(seed).random

    def below(self, n):
        return int(self.next() * n)

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def percent(self, share):
        return self.below(100) < share

    def choice(self, items):
        return items[self.below(len(items))]

    def some(self, items, share):
        return [item for item in items if self.percent(share)]

    def shuffled(self, items):
        items = list(items)
        for i in range(len(items) - 1, 0, -1):
            j = self.below(i + 1)
            items[i], items[j] = items[j], items[i]
        return items


def share(thousandths):
    """A share with three decimals as a JSON number."""
    return thousandths // 1000 if thousandths % 1000 == 0 else thousandths / 1000


def money(fen):
    """Fen as a JSON number in yuan."""
    return fen // 100 if fen % 100 == 0 else fen / 100
