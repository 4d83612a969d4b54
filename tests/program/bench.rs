//! The benchmark keeps working: a run over a few dozen acts on each engine, whose figures mean nothing.

use acceptance::support::{Engine, TestDatabase, engines, program};
use std::process::Command;

#[test]
fn a_smoke_run_measures_every_group() {
    let bench = program().with_file_name(format!("bench{}", std::env::consts::EXE_SUFFIX));
    for engine in engines() {
        // the books of the run have names of their own; the folder is for its files
        let database = TestDatabase::new(engine);
        let page = database.directory().join("RESULTS.md");
        let frame = "before\n<!-- written by tests/bench/run: begin -->\nold\n<!-- written by tests/bench/run: end -->\nafter\n";
        std::fs::write(&page, frame).unwrap();
        let (name, label, baselines) = match engine {
            Engine::Sqlite => ("sqlite", "SQLite", ["single commits", "one transaction"]),
            Engine::Postgres => ("postgres", "PostgreSQL", ["B1", "COPY"]),
        };
        let output = Command::new(&bench)
            .args(["--smoke", "--engine", name, "--cache"])
            .arg(database.directory().join("cache"))
            .arg("--results")
            .arg(&page)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{engine:?}: {told}");
        let table = String::from_utf8(output.stdout).unwrap();
        let rows: Vec<Vec<&str>> = table
            .lines()
            .map(|line| line.split('|').map(str::trim).collect::<Vec<_>>())
            .filter(|cells| cells.len() == 9)
            .collect();
        let groups: Vec<&str> = rows
            .iter()
            .map(|cells| cells[1])
            .filter(|group| !group.is_empty())
            .collect();
        assert_eq!(
            groups,
            [
                "---",
                "recording",
                "serving",
                "import",
                "reading",
                "verify",
                "closing",
                "netting",
                "size"
            ],
            "{table}"
        );
        let mut measured = 0;
        for cells in rows.iter().filter(|cells| [label, "both"].contains(&cells[3])) {
            measured += 1;
            let figure = cells[4].split(' ').next().unwrap().replace(',', "");
            assert!(figure.parse::<f64>().unwrap() > 0.0, "{cells:?}");
        }
        assert!(measured > 30, "{table}");
        for baseline in baselines {
            assert!(
                rows.iter().any(|cells| cells[2].contains(baseline)),
                "no {baseline}: {table}"
            );
        }
        let page = std::fs::read_to_string(page).unwrap();
        assert!(
            page.starts_with("before\n") && page.ends_with("after\n") && !page.contains("old"),
            "{page}"
        );
        assert!(page.contains(table.trim()), "{page}");
    }
}
