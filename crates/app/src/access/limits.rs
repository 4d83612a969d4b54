//! How often somebody may try to log in, or look at what is public. Kept in memory and bounded: a restart forgives, a flood of addresses costs no more
//! than the memory set aside. By the injected clock, so that tests can let time pass.
//!
//! - one account from one address: 10 tries, then one every 90 seconds;
//! - one address, whatever the account: 60 tries, then one every 15 seconds;
//! - public pages of lots from one address: 600, then one every one and a half seconds (a hall full of customers has one);
//! - one account from anywhere: after 30 tries each is *slowed*, never refused, so that nobody elsewhere can lock an
//!   office out by guessing.

use domain::{calendar::Instant, text::Login};
use std::{
    collections::HashMap,
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    time::Duration,
};

const WINDOW: i64 = 15 * 60 * 1_000;
const PER_PAIR: i64 = 10;
const PER_ADDRESS: i64 = 60;
const PER_LOGIN: i64 = 30;
const PER_READER: i64 = 600;
/// Keys of each kind that are remembered.
const REMEMBERED: usize = 20_000;
/// By so much a try is slowed.
const SLOWED: Duration = Duration::from_secs(1);

/// Tries of a key as one number: the time at which all of them will have been forgiven (GCRA).
struct Limiter<K> {
    forgiven_at: HashMap<K, i64>,
    /// Milliseconds after which one try is forgiven.
    interval: i64,
    /// Tries at once.
    burst: i64,
}

impl<K: Hash + Eq + Clone> Limiter<K> {
    fn new(burst: i64) -> Limiter<K> {
        Limiter {
            forgiven_at: HashMap::new(),
            interval: WINDOW / burst,
            burst,
        }
    }

    /// Counts a try, or says how long to wait.
    fn take(&mut self, key: K, now: i64) -> Result<(), Duration> {
        if self.forgiven_at.len() >= REMEMBERED && !self.forgiven_at.contains_key(&key) {
            self.forget(now);
        }
        let forgiven_at = self.forgiven_at.entry(key).or_insert(now);
        let base = (*forgiven_at).max(now);
        let wait = base - now - self.interval * (self.burst - 1);
        if wait > 0 {
            return Err(Duration::from_millis(u64::try_from(wait).unwrap_or_default()));
        }
        *forgiven_at = base + self.interval;
        Ok(())
    }

    /// A try that was none.
    fn give_back(&mut self, key: &K) {
        if let Some(forgiven_at) = self.forgiven_at.get_mut(key) {
            *forgiven_at -= self.interval;
        }
    }

    /// Those that are forgiven; if that is not enough, the half that will be soonest.
    fn forget(&mut self, now: i64) {
        self.forgiven_at.retain(|_, at| *at > now);
        if self.forgiven_at.len() < REMEMBERED {
            return;
        }
        let mut times: Vec<i64> = self.forgiven_at.values().copied().collect();
        times.sort_unstable();
        let middle = times.get(times.len() / 2).copied().unwrap_or(now);
        self.forgiven_at.retain(|_, at| *at > middle);
    }
}

/// A try that is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Try {
    login: Option<Login>,
    address: IpAddr,
    /// To be waited before it is looked at.
    pub slowed: Duration,
}

/// All limits of logging in.
pub(super) struct LogInLimits {
    pairs: Limiter<(Login, IpAddr)>,
    addresses: Limiter<IpAddr>,
    logins: Limiter<Login>,
}

impl Default for LogInLimits {
    fn default() -> LogInLimits {
        LogInLimits {
            pairs: Limiter::new(PER_PAIR),
            addresses: Limiter::new(PER_ADDRESS),
            logins: Limiter::new(PER_LOGIN),
        }
    }
}

impl LogInLimits {
    /// Counts a try to log in, or says how long to wait. A login that cannot be one counts for the address alone.
    pub fn take(&mut self, login: Option<Login>, address: IpAddr, now: Instant) -> Result<Try, Duration> {
        let (address, now) = (network_of(address), now.millis());
        self.addresses.take(address, now)?;
        let mut slowed = Duration::ZERO;
        if let Some(login) = &login {
            self.pairs.take((login.clone(), address), now)?;
            if self.logins.take(login.clone(), now).is_err() {
                slowed = SLOWED;
            }
        }
        Ok(Try {
            login,
            address,
            slowed,
        })
    }

    /// Counts a try for one account from one address alone.
    pub fn take_pair(&mut self, login: &Login, address: IpAddr, now: Instant) -> Result<(), Duration> {
        self.pairs
            .take((login.clone(), network_of(address)), now.millis())
    }

    /// Forgives one account's tries from one address.
    pub fn forget_pair(&mut self, login: &Login, address: IpAddr) {
        self.pairs
            .forgiven_at
            .remove(&(login.clone(), network_of(address)));
    }

    /// The try was right: it is not held against anybody. Thirty people behind one address log in every morning.
    pub fn was_right(&mut self, tried: &Try) {
        self.addresses.give_back(&tried.address);
        if let Some(login) = &tried.login {
            self.pairs.forgiven_at.remove(&(login.clone(), tried.address));
            self.logins.give_back(login);
        }
    }
}

/// How often public pages may be opened: each walks through the book.
pub(super) struct PublicLimits(Limiter<IpAddr>);

impl Default for PublicLimits {
    fn default() -> PublicLimits {
        PublicLimits(Limiter::new(PER_READER))
    }
}

impl PublicLimits {
    /// Counts a page, or says how long to wait.
    pub fn take(&mut self, address: IpAddr, now: Instant) -> Result<(), Duration> {
        self.0.take(network_of(address), now.millis())
    }
}

/// Who has an IPv6 address has 2⁶⁴ of them: the network counts.
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_millis(seconds * 1_000).unwrap()
    }

    fn login(text: &str) -> Login {
        text.parse().unwrap()
    }

    fn address(last: u8) -> IpAddr {
        [192, 0, 2, last].into()
    }

    #[test]
    fn ten_tries_then_one_every_ninety_seconds() {
        let mut limits = LogInLimits::default();
        for _ in 0..10 {
            limits.take(Some(login("a")), address(1), at(0)).unwrap();
        }
        let wait = limits.take(Some(login("a")), address(1), at(0)).unwrap_err();
        assert_eq!(wait, Duration::from_secs(90));
        // somebody else there, or the same account elsewhere, goes on
        limits.take(Some(login("b")), address(1), at(0)).unwrap();
        limits.take(Some(login("a")), address(2), at(0)).unwrap();
        assert!(limits.take(Some(login("a")), address(1), at(89)).is_err());
        limits.take(Some(login("a")), address(1), at(90)).unwrap();
        assert!(limits.take(Some(login("a")), address(1), at(90)).is_err());
        // after the window all is forgiven
        for _ in 0..10 {
            limits.take(Some(login("a")), address(1), at(2_000)).unwrap();
        }
    }

    #[test]
    fn an_address_is_limited_whatever_the_account() {
        let mut limits = LogInLimits::default();
        for n in 0..60 {
            limits
                .take(Some(login(&format!("a{n}"))), address(1), at(0))
                .unwrap();
        }
        assert!(limits.take(Some(login("z")), address(1), at(0)).is_err());
        assert!(limits.take(None, address(1), at(0)).is_err());
        limits.take(Some(login("z")), address(2), at(0)).unwrap();
    }

    #[test]
    fn an_account_is_slowed_and_never_locked() {
        let mut limits = LogInLimits::default();
        for n in 0..30 {
            let tried = limits.take(Some(login("a")), address(n), at(0)).unwrap();
            assert_eq!(tried.slowed, Duration::ZERO);
        }
        let tried = limits.take(Some(login("a")), address(99), at(0)).unwrap();
        assert_eq!(tried.slowed, SLOWED);
    }

    #[test]
    fn who_logs_in_is_not_counted() {
        let mut limits = LogInLimits::default();
        for _ in 0..1_000 {
            let tried = limits.take(Some(login("a")), address(1), at(0)).unwrap();
            assert_eq!(tried.slowed, Duration::ZERO);
            limits.was_right(&tried);
        }
    }

    #[test]
    fn neighbours_of_one_network_count_together() {
        let one = network_of("2001:db8:1:2:aaaa::1".parse().unwrap());
        assert_eq!(one, network_of("2001:db8:1:2:bbbb::7".parse().unwrap()));
        assert_ne!(one, network_of("2001:db8:1:3::1".parse().unwrap()));
        assert_eq!(network_of("::ffff:192.0.2.1".parse().unwrap()), address(1));
    }

    #[test]
    fn one_address_does_not_walk_through_the_book_without_end() {
        let mut limits = PublicLimits::default();
        for _ in 0..600 {
            limits.take(address(1), at(0)).unwrap();
        }
        assert_eq!(limits.take(address(1), at(0)), Err(Duration::from_millis(1_500)));
        limits.take(address(2), at(0)).unwrap();
        limits.take(address(1), at(2)).unwrap();
    }

    #[test]
    fn memory_is_bounded() {
        let mut limiter = Limiter::new(10);
        for n in 0..100_000 {
            assert!(limiter.take(n, n / 1_000).is_ok());
            assert!(limiter.forgiven_at.len() <= REMEMBERED);
        }
    }
}
