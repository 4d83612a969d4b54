//! What comes from outside the rules: the clock and randomness. The only place that reads either.

use domain::calendar::Instant;
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex};

/// Tells the time, UTC milliseconds.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Instant;
}

/// Gives random bytes.
pub trait Randomness: Send + Sync {
    /// 32 random bytes.
    fn seed(&self) -> [u8; 32];
}

/// Clock and randomness together.
#[derive(Clone)]
pub struct Outside {
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Randomness>,
}

impl Outside {
    /// The machine's clock and random source.
    pub fn system() -> Outside {
        Outside {
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandomness),
        }
    }

    /// A clock that stands still and bytes that follow from a number: the same history gives the same bytes.
    pub fn fixed(now: Instant, seed: u64) -> Outside {
        Outside {
            clock: Arc::new(FixedClock(now)),
            random: Arc::new(SeededRandomness(Mutex::new((seed, 0)))),
        }
    }
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where the clock comes in")]
    fn now(&self) -> Instant {
        let since = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        let millis = i64::try_from(since.as_millis()).unwrap_or_default();
        Instant::from_millis(millis).unwrap_or_else(|_| epoch())
    }
}

fn epoch() -> Instant {
    Instant::EPOCH
}

/// A clock that stands still.
pub struct FixedClock(pub Instant);

impl Clock for FixedClock {
    fn now(&self) -> Instant {
        self.0
    }
}

/// A clock that never tells a time before another one: sample data has its own days.
pub struct NotBefore(pub Instant);

impl Clock for NotBefore {
    fn now(&self) -> Instant {
        SystemClock.now().max(self.0)
    }
}

/// The operating system's random source.
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    #[expect(
        clippy::panic,
        reason = "without random salts nothing may be recorded; the writer answers with a failure"
    )]
    fn seed(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        match getrandom::fill(&mut bytes) {
            Ok(()) => bytes,
            Err(error) => panic!("no random bytes: {error}"),
        }
    }
}

/// Bytes that follow from a number and a count.
pub struct SeededRandomness(Mutex<(u64, u64)>);

impl Randomness for SeededRandomness {
    fn seed(&self) -> [u8; 32] {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        state.1 += 1;
        let mut hash = Sha256::new();
        hash.update(state.0.to_be_bytes());
        hash.update(state.1.to_be_bytes());
        hash.finalize().into()
    }
}
