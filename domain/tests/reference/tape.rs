//! Choices read off a tape of numbers: a shorter tape of smaller numbers is a simpler world, so that proptest shrinks
//! worlds by shrinking tapes.

pub struct Tape<'a> {
    cells: &'a [u16],
    at: usize,
}

impl<'a> Tape<'a> {
    pub const fn new(cells: &'a [u16]) -> Self {
        Self { cells, at: 0 }
    }

    fn next(&mut self) -> u16 {
        let cell = self.cells.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        cell
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        usize::from(self.next()) * n / 65_536
    }

    /// Yes in so many of a hundred cases; an empty tape says no.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) >= 100 - percent
    }

    /// One of these; the first is the simplest.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// One of these by weight; the first is the simplest.
    pub fn weigh<T: Copy>(&mut self, of: &[(u16, T)]) -> T {
        let total: usize = of.iter().map(|(weight, _)| usize::from(*weight)).sum();
        let mut at = self.below(total);
        for (weight, value) in of {
            if at < usize::from(*weight) {
                return *value;
            }
            at -= usize::from(*weight);
        }
        of[0].1
    }

    /// Some of these, each in so many of a hundred cases.
    pub fn some<T: Copy>(&mut self, of: &[T], percent: usize) -> Vec<T> {
        of.iter()
            .copied()
            .filter(|_| self.chance(percent))
            .collect()
    }
}
