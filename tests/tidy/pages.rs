//! What people read: links lead somewhere, the README's two commands are the real ones, no path of one machine.

use std::path::Path;

use acceptance::support::repository;

use crate::assert_tidy;
use crate::files::{self, File};

/// The README's two commands, in this order: see the main job, prove everything.
const COMMANDS: [&str; 2] = ["cargo run --release -- demo", "tests/run"];

/// Starts of absolute paths that exist on one machine only.
const MACHINE_PATHS: [&str; 2] = [concat!("/", "work/"), concat!("/", "root/")];

/// Targets of `[text](target)`, `![text](target)` and `[name]: target` outside code.
fn links(markdown: &str) -> Vec<String> {
    let mut links = Vec::new();
    let mut in_code = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
            continue;
        }
        if in_code {
            continue;
        }
        // what stands between an even number of backticks is text
        let text: String = line.split('`').step_by(2).collect::<Vec<_>>().join("code");
        let inline = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let named = text
            .strip_prefix('[')
            .and_then(|rest| rest.split_once("]: "))
            .map(|(_, target)| target);
        let targets = inline
            .chain(named)
            .filter_map(|target| target.split_whitespace().next());
        links.extend(targets.map(str::to_owned));
    }
    links
}

fn is_relative(link: &str) -> bool {
    !link.starts_with('#') && !link.contains("://") && !link.starts_with("mailto:")
}

fn broken_links(file: &File, exists: impl Fn(&Path) -> bool) -> Vec<String> {
    let folder = Path::new(&file.path).parent().unwrap_or(Path::new(""));
    let is_broken = |link: &String| {
        let target = link.split('#').next().unwrap_or(link);
        is_relative(link) && !exists(&folder.join(target))
    };
    links(&file.text)
        .into_iter()
        .filter(is_broken)
        .map(|link| format!("{}: the link {link} leads nowhere", file.path))
        .collect()
}

/// Commands of the fenced code blocks, without prompt and comment.
fn commands(markdown: &str) -> Vec<&str> {
    let mut in_code = false;
    let mut commands = Vec::new();
    for line in markdown.lines().map(str::trim) {
        if line.starts_with("```") {
            in_code = !in_code;
        } else if in_code {
            let command = line
                .trim_start_matches("$ ")
                .split(" #")
                .next()
                .unwrap_or(line)
                .trim_end();
            commands.push(command.trim_start_matches("./"));
        }
    }
    commands.retain(|command| COMMANDS.contains(command));
    commands
}

fn machine_paths(file: &File) -> Vec<String> {
    // `crates/work/` or `../work/` is a place in the repository
    let continues_a_path = |c: char| c.is_alphanumeric() || "._-}".contains(c);
    let names_machine = |line: &str| {
        MACHINE_PATHS.iter().any(|start| {
            line.match_indices(start)
                .any(|(at, _)| !line[..at].chars().next_back().is_some_and(continues_a_path))
        })
    };
    file.text
        .lines()
        .enumerate()
        .filter(|(_, line)| names_machine(line))
        .map(|(number, _)| format!("{}:{}: a path of one machine", file.path, number + 1))
        .collect()
}

#[test]
fn links_lead_somewhere() {
    let exists = |path: &Path| repository().join(path).exists();
    let files = files::all();
    let pages = files.iter().filter(|file| file.has_extension("md"));
    assert_tidy(
        &pages
            .flat_map(|page| broken_links(page, exists))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn the_readme_names_its_two_commands() {
    let files = files::all();
    let readme = files
        .iter()
        .find(|file| file.path == "README.md")
        .expect("README.md is missing");
    assert_eq!(
        commands(&readme.text),
        COMMANDS,
        "the commands in README.md's code blocks"
    );
}

#[test]
fn no_path_of_one_machine() {
    assert_tidy(&files::all().iter().flat_map(machine_paths).collect::<Vec<_>>());
}

fn page(text: &str) -> File {
    File {
        path: "docs/a.md".to_owned(),
        text: text.to_owned(),
    }
}

#[test]
fn a_broken_link_is_seen() {
    let text = "See [a](b.md#top), [c](../d.md \"title\"), ![e](https://f.example/g.png), [h](#i), `[j](k)`\n\
                [l]: m.md\n```\n[n](o.md)\n```";
    assert_eq!(
        links(text),
        ["b.md#top", "../d.md", "https://f.example/g.png", "#i", "m.md"]
    );
    assert_eq!(
        broken_links(&page(text), |path| path == Path::new("docs/b.md")),
        [
            "docs/a.md: the link ../d.md leads nowhere",
            "docs/a.md: the link m.md leads nowhere"
        ]
    );
}

#[test]
fn commands_stand_in_code_blocks() {
    let text =
        "tests/run\n```sh\n$ cargo run --release -- demo # 約1分\n```\n```\n./tests/run\ncargo build\n```";
    assert_eq!(commands(text), COMMANDS);
    assert_eq!(commands("```\ntests/run --quick\n```"), [""; 0]);
}

#[test]
fn a_machine_path_is_seen() {
    let here = MACHINE_PATHS[0];
    let text = format!("cd {here}main\nsee ../{here}x, crates{here}y, homework\n\"{here}z\"");
    let seen = machine_paths(&page(&text.replace("..//", "../")));
    assert_eq!(
        seen,
        [
            "docs/a.md:1: a path of one machine",
            "docs/a.md:3: a path of one machine"
        ]
    );
}
