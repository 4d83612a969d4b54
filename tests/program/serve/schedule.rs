//! Backups that the server makes by itself.

use super::{book, making};
use crate::run::run;
use acceptance::{served::Served, support::engines};
use std::{
    fs,
    time::{Duration, Instant},
};

#[test]
fn the_server_makes_backups() {
    for engine in engines() {
        let database = book(engine);
        let folder = database.directory().join("backups");
        let arguments = [
            "--backup-to",
            "backups",
            "--backup-every",
            "1h",
            "--backup-keep",
            "2",
        ];
        let missing = run(&database, &[&["serve"], &arguments[..]].concat());
        assert_eq!(missing.code, Some(2), "{missing:?}");
        assert!(missing.stderr.contains("「backups」がありません"), "{missing:?}");
        fs::create_dir(&folder).unwrap();
        for old in ["20200101-0000", "20200102-0000", "20200103-0000"] {
            fs::write(folder.join(format!("yokoito-{old}.jsonl.gz")), old).unwrap();
        }
        fs::write(folder.join("月末.jsonl.gz"), "別の控え").unwrap();
        let mut served = Served::start(&database, &arguments);
        served
            .manager()
            .post("/v1/productions", "beside", &making("beside"))
            .expect(201);
        let names = || {
            let mut names: Vec<String> = fs::read_dir(&folder)
                .unwrap()
                .map(|file| file.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            names
        };
        let begun = Instant::now();
        while names().len() != 3 {
            assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", names());
            std::thread::sleep(Duration::from_millis(50));
        }
        let ended = served.stop();
        assert!(ended.log.contains("a backup was made"), "{}", ended.log);
        let names = names();
        assert_eq!(
            (&*names[0], &*names[2]),
            ("yokoito-20200103-0000.jsonl.gz", "月末.jsonl.gz")
        );
        let newest = format!("backups/{}", names[1]);
        run(&database, &["restore", "--check", &newest, "--key", "book.key"]).ok();
        assert!(database.directory().join("book.head").exists());
    }
}
