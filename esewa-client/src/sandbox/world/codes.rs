//! eSewa's codes: base-36, seven characters, rising; and booking ids of sixteen random bytes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Where codes come from; the same seed gives the same ones.
pub(super) struct Codes {
    random: SplitMix64,
    last: u64,
}

impl Codes {
    pub(super) fn new(seed: u64, given: u64) -> Self {
        // Kept within seven characters.
        let last = FIRST + given.min(GIVEN_MAX) * STEP_MAX;
        Self { random: SplitMix64(seed), last }
    }

    /// How many codes lie behind the next one at most.
    pub(super) fn given(&self) -> u64 {
        (self.last - FIRST).div_ceil(STEP_MAX)
    }

    /// The next transaction code: other merchants are served as well, so a few are skipped.
    pub(super) fn transaction_code(&mut self) -> String {
        self.last += 1 + self.random.next() % STEP_MAX;
        base36(self.last)
    }

    pub(super) fn booking_id(&mut self) -> String {
        let (high, low) = (self.random.next(), self.random.next());
        STANDARD.encode([high.to_be_bytes(), low.to_be_bytes()].concat())
    }

    /// An id of a booking of Intent; its shape is not published.
    pub(super) fn intent_id(&mut self) -> String {
        format!("{:016x}{:016x}", self.random.next(), self.random.next())
    }
}

/// `000H9AA`, a little above what the sandbox gave out in 2026.
const FIRST: u64 = 17 * 36_u64.pow(3) + 9 * 36_u64.pow(2) + 10 * 36 + 10;
const CODE_CHARACTERS: usize = 7;
/// Between two codes of one merchant, at most.
const STEP_MAX: u64 = 36;
const GIVEN_MAX: u64 = 2_000_000_000;

fn base36(mut number: u64) -> String {
    let mut characters = [b'0'; CODE_CHARACTERS];
    for character in characters.iter_mut().rev() {
        // The remainder is below 36, so it indexes the alphabet.
        *character = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(number % 36) as usize];
        number /= 36;
    }
    characters.iter().copied().map(char::from).collect()
}

/// Steele, Lea and Flood's generator: small, seeded, and good enough to look random.
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_rise_and_look_like_esewas() {
        let mut codes = Codes::new(7, 0);
        let given: Vec<String> = (0..1000).map(|_| codes.transaction_code()).collect();
        assert!(given.is_sorted_by(|a, b| a < b));
        assert!(given.iter().all(|code| code.len() == 7 && code.starts_with("000H")), "{given:?}");
        assert_eq!(base36(36 * 36 + 35), "000010Z");
    }

    #[test]
    fn the_same_seed_gives_the_same_codes() {
        let run = |seed| {
            let mut codes = Codes::new(seed, 0);
            (codes.booking_id(), codes.transaction_code(), codes.transaction_code())
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
        assert_eq!(run(1).0.len(), 24, "sixteen bytes in Base64");
    }

    #[test]
    fn codes_go_on_where_an_earlier_emulator_stopped() {
        let mut before = Codes::new(1, 5);
        let given: Vec<String> = (0..100).map(|_| before.transaction_code()).collect();
        let next = Codes::new(1, before.given()).transaction_code();
        assert!(given.iter().all(|code| *code < next));
    }
}
