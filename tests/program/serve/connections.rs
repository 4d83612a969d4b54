//! Strangers: many who hold connections and say nothing, one who never finishes a head, one who hangs up.

use super::{book, making};
use crate::run::on;
use acceptance::{
    http::connect,
    run::yokoito,
    served::Served,
    support::{Engine, engines},
};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    process::Command,
    thread,
    time::{Duration, Instant},
};

const IDLE: usize = 2_000;
const GONE: usize = 20;
/// The limit of a head is 20 s.
const CLOSED: Duration = Duration::from_secs(30);
/// A person's patience, on a machine that runs other tests as well.
const IN_TIME: Duration = Duration::from_secs(5);

/// This program needs descriptors as well.
fn raise_own_limit() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum.or(Some(65_536)),
        ..limit
    };
    setrlimit(Resource::Nofile, raised).unwrap();
}

/// How long it took until the other side closed.
fn closed_after(mut stream: TcpStream, begun: Instant) -> Duration {
    let left = CLOSED
        .saturating_sub(begun.elapsed())
        .max(Duration::from_millis(1));
    stream.set_read_timeout(Some(left)).unwrap();
    let mut rest = Vec::new();
    match stream.read_to_end(&mut rest) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
        Err(error) => unreachable!("still open after {:?}: {error}", begun.elapsed()),
    }
    begun.elapsed()
}

#[test]
fn thousands_who_say_nothing_hold_up_nobody_and_are_closed() {
    raise_own_limit();
    let database = book(Engine::Sqlite);
    // with the usual limit of open files, which it raises
    let server = on(
        &database,
        &["serve", "--listen", "127.0.0.1:0", "--key", "book.key"],
    );
    let mut command = Command::new("sh");
    command
        .args(["-c", "ulimit -S -n 1024; exec \"$0\" \"$@\""])
        .arg(server.get_program())
        .args(server.get_args())
        .current_dir(database.directory())
        .env_remove("YOKOITO_DATABASE")
        .env_remove("YOKOITO_KEY");
    let mut served = Served::from(command);
    let till = served.manager();
    let begun = Instant::now();
    let idle: Vec<TcpStream> = (0..IDLE).map(|_| connect(served.address).unwrap()).collect();
    let mut slow = connect(served.address).unwrap();
    slow.write_all(b"POST /v1/productions HTTP/1.1\r\nhost: yokoito\r\nx-slow: ")
        .unwrap();
    let held = Instant::now();
    for n in 0..10 {
        let asked = Instant::now();
        let key = format!("held-{n}");
        till.post("/v1/productions", &key, &making(&key)).expect(201);
        assert!(asked.elapsed() < IN_TIME, "{:?}", asked.elapsed());
        // a byte now and then does not buy time
        slow.write_all(b"a").unwrap();
    }
    let took = closed_after(slow, held);
    assert!(took > Duration::from_secs(10), "closed already after {took:?}");
    for stream in idle {
        closed_after(stream, begun);
    }
    // nor do they hold up the end
    let idle: Vec<TcpStream> = (0..50).map(|_| connect(served.address).unwrap()).collect();
    till.get("/healthz").expect(200);
    let asked = Instant::now();
    served.stop();
    assert!(asked.elapsed() < Duration::from_secs(15), "{:?}", asked.elapsed());
    drop(idle);
}

#[test]
fn who_hangs_up_right_after_sending_is_recorded() {
    for engine in engines() {
        let database = book(engine);
        let mut served = Served::start(&database, &[]);
        let till = served.manager();
        for n in 0..GONE {
            let key = format!("gone-{n}");
            let mut stream = connect(served.address).unwrap();
            let request = till.request("POST", "/v1/productions", Some(&key), Some(&making(&key)));
            stream.write_all(&request).unwrap();
            drop(stream);
        }
        let begun = Instant::now();
        let missing = || -> Vec<usize> {
            let list = till.get("/v1/productions").expect(200).text();
            (0..GONE)
                .filter(|n| !list.contains(&format!("\"gone-{n}\"")))
                .collect()
        };
        while !missing().is_empty() && begun.elapsed() < Duration::from_secs(20) {
            thread::sleep(Duration::from_millis(50));
        }
        let missing = missing();
        let ended = served.stop();
        assert!(missing.is_empty(), "{missing:?} are not recorded: {}", ended.log);
    }
}

#[test]
fn a_place_that_is_taken_is_told() {
    let database = book(Engine::Sqlite);
    let served = Served::start(&database, &[]);
    let address = served.address.to_string();
    for arguments in [["--listen", &address], ["--metrics", &address]] {
        let mut command = yokoito(&["serve", "--database", database.url(), "--key", "book.key"]);
        command.args(arguments).current_dir(database.directory());
        if arguments[0] == "--metrics" {
            command.args(["--listen", "127.0.0.1:0"]);
        }
        let output = command.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(
            said.contains(&address) && said.contains("で変えてください"),
            "{said}"
        );
    }
}
