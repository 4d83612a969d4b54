//! Books built by the program's own import from generated files. Files are kept between runs, and so are the books that
//! are read afterwards: a book whose note says that it holds what this program would build is not built again.

use crate::{
    child,
    mix::{self, Written},
    place::{Engine, Place, Places},
    progress,
};
use anyhow::{Context, ensure};
use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::PathBuf,
};

/// Changes with what the files hold.
const CONTENT: u32 = 1;
/// Changes with the tables.
const TABLES: &str = include_str!("../../../migrations/sql/SHA256SUMS");

/// A finished import.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Acts of the file, all of them recorded.
    pub acts: usize,
    /// The process.
    pub finished: child::Finished,
}

/// The file of about so many acts, written where it is not there yet.
pub fn acts_file(places: &Places, acts: usize) -> anyhow::Result<PathBuf> {
    let path = places.cache.join(format!("acts-{CONTENT}-{acts}.jsonl"));
    if !path.exists() {
        progress::say(&format!("writing {}", path.display()));
        let new = path.with_extension("new");
        let mut file = BufWriter::new(File::create(&new)?);
        let Written { acts } = mix::write(&mut file, acts)?;
        file.flush()?;
        fs::write(count_file(&path), acts.to_string())?;
        fs::rename(new, &path)?;
    }
    Ok(path)
}

fn count_file(path: &std::path::Path) -> PathBuf {
    path.with_extension("count")
}

/// Imports the file of about so many acts by the program; every act must be recorded.
pub fn import(places: &Places, place: &Place, acts: usize) -> anyhow::Result<Imported> {
    let path = acts_file(places, acts)?;
    let acts: usize = fs::read_to_string(count_file(&path))?.parse()?;
    let file = path.to_str().context("a path in UTF-8")?;
    let finished = child::run(&["import", file, "--database", &place.url])?;
    let recorded: String = finished.output.chars().filter(char::is_ascii_digit).collect();
    ensure!(recorded == acts.to_string(), "{acts} acts: {}", finished.output);
    Ok(Imported { acts, finished })
}

/// Builds the book of about so many acts, and keeps it.
pub async fn build(places: &Places, engine: Engine, acts: usize) -> anyhow::Result<(Place, Imported)> {
    let place = places.place(engine, &name(acts))?;
    let note = note(places, engine, acts);
    match fs::remove_file(&note) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => place.remove().await?,
    }
    let imported = import(places, &place, acts)?;
    fs::write(note, TABLES)?;
    Ok((place, imported))
}

/// The book of about so many acts, built where there is none.
pub async fn kept(places: &Places, engine: Engine, acts: usize) -> anyhow::Result<Place> {
    if fs::read_to_string(note(places, engine, acts)).is_ok_and(|note| note == TABLES) {
        return places.place(engine, &name(acts));
    }
    progress::say(&format!("building the book of {acts} acts on {engine}"));
    Ok(build(places, engine, acts).await?.0)
}

fn name(acts: usize) -> String {
    format!("book_{CONTENT}_{acts}")
}

fn note(places: &Places, engine: Engine, acts: usize) -> PathBuf {
    places.cache.join(format!("{}-{engine}.kept", name(acts)))
}
