//! The end in the middle of work: who was answered is in the book, once.

use super::{book, making, size};
use crate::run::run;
use acceptance::{
    http::Client,
    served::Served,
    support::{engines, note},
};
use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

const SENDERS: usize = 50;

#[test]
fn what_was_answered_before_the_end_is_in_the_book_once() {
    for engine in engines() {
        let database = book(engine);
        let mut served = Served::start(&database, &[]);
        let till = served.manager();
        let before = size(&database);
        let answered = AtomicUsize::new(0);
        let sent: BTreeMap<String, Option<u16>> = thread::scope(|scope| {
            let senders: Vec<_> = (0..SENDERS)
                .map(|sender| {
                    let (till, answered) = (&till, &answered);
                    scope.spawn(move || until_it_ends(till, sender, answered))
                })
                .collect();
            // all are under way
            while answered.load(Ordering::SeqCst) < 2 * SENDERS {
                thread::sleep(Duration::from_millis(5));
            }
            served.terminate();
            senders
                .into_iter()
                .flat_map(|sender| sender.join().unwrap())
                .collect()
        });
        let ended = served.end();
        assert_eq!(ended.code, Some(0), "{ended:?}");
        let acknowledged = sent.values().filter(|status| **status == Some(201)).count();
        let recorded = size(&database) - before;
        let recorded = usize::try_from(recorded).unwrap();
        assert!(
            recorded >= acknowledged,
            "{recorded} of {acknowledged} answered are there"
        );

        // the same under the same keys, to the next one that runs
        let served = Served::start(&database, &[]);
        let till = Client {
            address: served.address,
            ..till
        };
        for (key, status) in &sent {
            let again = till.post("/v1/productions", key, &making(key));
            match status {
                Some(201) => assert_eq!(
                    (again.status, again.header("idempotency-replayed")),
                    (200, Some("true"))
                ),
                _ => assert!([200, 201].contains(&again.status), "{}", again.text()),
            }
        }
        served.stop();
        assert_eq!(size(&database) - before, sent.len() as u64);
        run(&database, &["verify"]).ok();
        let unheard = recorded - acknowledged;
        note(&format!(
            "{engine:?}: {SENDERS} senders at the end, {acknowledged} answered, {unheard} recorded and not heard"
        ));
    }
}

/// Sends one act after the other until the server takes no more: each key with the status that was heard.
fn until_it_ends(till: &Client, sender: usize, answered: &AtomicUsize) -> Vec<(String, Option<u16>)> {
    let mut sent = Vec::new();
    for n in 0.. {
        let key = format!("e-{sender}-{n}");
        let reply = till.try_ask("POST", "/v1/productions", Some(&key), Some(&making(&key)));
        let status = reply.ok().map(|reply| reply.status);
        sent.push((key, status));
        match status {
            Some(201) => answered.fetch_add(1, Ordering::SeqCst),
            // the writer closes after the listener
            Some(503) | None => break,
            other => unreachable!("{other:?}"),
        };
    }
    sent
}
