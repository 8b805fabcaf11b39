//! Chance that a seed repeats (splitmix64).

/// A sequence of numbers that follows from its seed.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`, which is not 0.
    pub fn below(&mut self, end: usize) -> usize {
        (self.number() % end as u64) as usize
    }

    pub fn coin(&mut self) -> bool {
        self.number() & 1 == 1
    }
}

/// The first `limit` numbers below `end` in an order that goes through all of it evenly, whenever it ends.
pub fn spread(end: usize, limit: usize) -> impl Iterator<Item = usize> {
    // The golden ratio leaves the least gaps; a step without a common divisor visits each number once.
    let mut step = (end as f64 * 0.618_033_988_75) as usize | 1;
    let divisor = |mut a: usize, mut b: usize| {
        while b > 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    while divisor(step, end) > 1 {
        step += 1;
    }
    (0..end.min(limit)).map(move |n| (n as u128 * step as u128 % end as u128) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spread_visits_each_number_once_and_evenly() {
        for end in [1, 2, 7, 100, 4_096, 65_536] {
            let mut all: Vec<usize> = spread(end, usize::MAX).collect();
            all.sort_unstable();
            assert_eq!(all, (0..end).collect::<Vec<_>>());
        }
        let mut some: Vec<usize> = spread(10_000, 100).collect();
        some.sort_unstable();
        assert!(some.windows(2).all(|pair| pair[1] - pair[0] < 250));
    }
}
