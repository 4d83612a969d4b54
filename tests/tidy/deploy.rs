//! How the program is deployed: what is built on is pinned, nothing unseen is fetched and run, nothing runs as root, and
//! what was accepted has time to be recorded.

use crate::assert_tidy;
use crate::files;

/// Seconds that requests under way and the writer may take at the end.
const FAREWELL: u32 = 40;

/// What the unit keeps from the program.
const HARDENED: [&str; 8] = [
    "DynamicUser=yes",
    "ProtectSystem=strict",
    "ProtectHome=yes",
    "PrivateTmp=yes",
    "PrivateDevices=yes",
    "NoNewPrivileges=yes",
    "SystemCallArchitectures=native",
    "Restart=on-failure",
];

fn text(path: &str) -> String {
    let files = files::all();
    let file = files.into_iter().find(|file| file.path == path);
    file.unwrap().text
}

/// Instructions, each in one line, without comments.
fn instructions(containerfile: &str) -> Vec<String> {
    let lines = containerfile
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    let joined = lines.collect::<Vec<_>>().join("\n").replace("\\\n", " ");
    let instructions = joined.lines().map(str::trim).filter(|line| !line.is_empty());
    instructions.map(str::to_owned).collect()
}

/// A whole version or a digest; `latest`, `1` or nothing may be another image tomorrow.
fn is_pinned(image: &str) -> bool {
    if image.contains("@sha256:") {
        return true;
    }
    let name = image.rsplit('/').next().unwrap_or(image);
    let tag = name.split_once(':').map_or("", |(_, tag)| tag);
    let version = tag.split('-').next().unwrap_or(tag);
    version.contains('.') && version.chars().all(|c| c.is_ascii_digit() || c == '.')
}

fn container_complaints(containerfile: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let (mut stages, mut user) = (Vec::new(), None);
    for instruction in instructions(containerfile) {
        let mut words = instruction.split_whitespace();
        match words.next().unwrap_or_default() {
            "FROM" => {
                let image = words.next().unwrap_or_default().to_owned();
                if !stages.contains(&image) && !is_pinned(&image) {
                    complaints.push(format!("{image}: pin a whole version"));
                }
                stages.extend(words.nth(1).map(str::to_owned));
                user = None;
            }
            "USER" => user = words.next().map(str::to_owned),
            "ADD" => complaints.push(format!("{instruction}: COPY what is here")),
            "RUN" => {
                for fetcher in ["curl", "wget", "http://", "https://"] {
                    if instruction.contains(fetcher) {
                        complaints.push(format!("{instruction}: fetches by {fetcher}"));
                    }
                }
            }
            _ => {}
        }
    }
    let root = |user: &String| {
        user.split(':')
            .next()
            .is_some_and(|user| user == "root" || user == "0")
    };
    if user.as_ref().is_none_or(root) {
        complaints.push("the last stage runs as root".to_owned());
    }
    complaints
}

fn unit_complaints(unit: &str) -> Vec<String> {
    let has = |setting: &str| unit.lines().any(|line| line == setting);
    let missing = HARDENED.into_iter().filter(|setting| !has(setting));
    let mut complaints: Vec<String> = missing
        .map(|setting| format!("the unit lacks {setting}"))
        .collect();
    let stop = unit.lines().find_map(|line| line.strip_prefix("TimeoutStopSec="));
    let seconds = stop.and_then(|stop| stop.trim_end_matches('s').parse::<u32>().ok());
    if seconds.is_none_or(|seconds| seconds <= FAREWELL) {
        complaints.push(format!("TimeoutStopSec must be above {FAREWELL} s"));
    }
    complaints
}

#[test]
fn the_container_is_pinned_and_not_root() {
    assert_tidy(&container_complaints(&text("deploy/Containerfile")));
}

#[test]
fn the_unit_is_hardened_and_stops_in_order() {
    assert_tidy(&unit_complaints(&text("deploy/yokoito.service")));
}

#[test]
fn a_careless_container_is_seen() {
    let careless = "FROM rust:latest AS build\nRUN true && \\\n  curl -sSf example.jp | sh\nFROM a.jp/debian:13.1-slim\n\
                    ADD x /x\nUSER root";
    assert_eq!(
        container_complaints(careless).len(),
        4,
        "{:?}",
        container_complaints(careless)
    );
    assert!(!is_pinned("debian") && !is_pinned("debian:13") && !is_pinned("localhost:5000/debian"));
    assert!(is_pinned("debian@sha256:00") && is_pinned("localhost:5000/rust:1.95.0-slim"));
    let careful = "FROM rust:1.95.0 AS build\nUSER 1\nFROM build\nUSER 10001:10001";
    assert_eq!(container_complaints(careful), [""; 0]);
}

#[test]
fn a_careless_unit_is_seen() {
    let careless = HARDENED.join("\n") + "\nTimeoutStopSec=30s";
    assert_eq!(unit_complaints(&careless).len(), 1);
    assert_eq!(unit_complaints("TimeoutStopSec=60s").len(), HARDENED.len());
}
