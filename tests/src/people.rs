//! A small world that people come into, with a clock that is moved by hand.

use crate::{
    support::{Engine, TestDatabase},
    world::{SMALL_WORLD, World, outside},
};
use app::{
    Book,
    access::{Caller, invitations, log_in, rights::Role},
    outside::{Clock, Outside},
};
use domain::{
    calendar::Instant,
    id::{NetworkId, OfficeId},
    text::Code,
};
use std::{
    net::{IpAddr, Ipv4Addr},
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};
use uuid::Uuid;

/// A password for tests.
pub const PASSWORD: &str = "あさひ かぼちゃ つくえ ねこ";
/// Where people of the tests are.
pub const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
/// Milliseconds.
pub const MINUTE: i64 = 60 * 1_000;
/// Milliseconds.
pub const HOUR: i64 = 60 * MINUTE;
/// Milliseconds.
pub const DAY: i64 = 24 * HOUR;

/// A clock that is moved by hand.
pub struct HandClock(AtomicI64);

impl HandClock {
    /// Lets milliseconds pass.
    pub fn pass(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    #[expect(clippy::expect_used, reason = "tests fail by panicking")]
    fn now(&self) -> Instant {
        Instant::from_millis(self.0.load(Ordering::SeqCst)).expect("a time")
    }
}

/// The small world with people.
pub struct Visited {
    /// The world.
    pub world: World,
    /// Its clock.
    pub clock: Arc<HandClock>,
    ids: AtomicU64,
}

impl Visited {
    /// The small world on an engine, at noon of 2026-07-10 in Tokyo; nobody has come in.
    ///
    /// # Panics
    /// When it cannot be made.
    #[expect(clippy::expect_used, reason = "tests fail by panicking")]
    pub async fn new(engine: Engine) -> Visited {
        let database = TestDatabase::new(engine);
        let url = database.url().parse().expect("an address");
        let Outside { clock, random } = outside(7);
        let clock = Arc::new(HandClock(AtomicI64::new(clock.now().millis())));
        let outside = Outside {
            clock: Arc::<HandClock>::clone(&clock),
            random,
        };
        let book = Book::open(&url, outside).await.expect("a book");
        let world = World { book, database };
        world.record_lines(SMALL_WORLD).await;
        let ids = AtomicU64::new(1_000);
        Visited { world, clock, ids }
    }

    /// The book.
    pub fn book(&self) -> &Book {
        &self.world.book
    }

    /// An id that nothing has yet.
    pub fn id(&self) -> Uuid {
        Uuid::from_u64_pair(0, self.ids.fetch_add(1, Ordering::SeqCst))
    }

    /// An office of the small world.
    ///
    /// # Panics
    /// When there is none of this code.
    #[expect(clippy::expect_used, reason = "tests fail by panicking")]
    pub async fn office(&self, code: &str) -> OfficeId {
        let masters = self.book().store().masters().await.expect("masters");
        let code: Code = code.parse().expect("a code");
        masters.office_by_code(&code).expect("an office").id
    }

    /// The small world's network.
    ///
    /// # Panics
    /// When there is none.
    #[expect(clippy::expect_used, reason = "tests fail by panicking")]
    pub async fn network(&self) -> NetworkId {
        let masters = self.book().store().masters().await.expect("masters");
        masters.networks().next().expect("a network").id
    }

    /// The book's first operator, account `operator`, logged in.
    ///
    /// # Panics
    /// When there is one already.
    #[expect(clippy::expect_used, reason = "tests fail by panicking")]
    pub async fn operator(&self) -> Caller {
        let link = invitations::set_up_link(self.book()).await.expect("a book");
        let link = link.expect("a link");
        invitations::accept_invitation(self.book(), link.expose(), "operator", PASSWORD)
            .await
            .expect("the first operator");
        self.log_in("operator").await
    }

    /// Somebody new with a role, invited by somebody, logged in.
    ///
    /// # Panics
    /// When they cannot come in.
    #[expect(clippy::expect_used, reason = "tests fail by panicking")]
    pub async fn person(&self, by: &Caller, role: Role, login: &str) -> Caller {
        let (_, link) = invitations::invite(self.book(), by, role, self.id())
            .await
            .expect("invited");
        let link = link.expect("a link");
        invitations::accept_invitation(self.book(), link.expose(), login, PASSWORD)
            .await
            .expect("come in");
        self.log_in(login).await
    }

    /// Somebody logged in.
    ///
    /// # Panics
    /// When they are not let in.
    #[expect(clippy::expect_used, reason = "tests fail by panicking")]
    pub async fn log_in(&self, login: &str) -> Caller {
        let (_, caller) = log_in::log_in(self.book(), login, PASSWORD, HERE)
            .await
            .expect("logged in");
        caller
    }
}
