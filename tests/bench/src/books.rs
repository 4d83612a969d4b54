//! Books built by the program's own import from generated files. Files are kept between runs, and so are the books that
//! are read afterwards: a book whose note says that it holds what this program would build is not built again.

use crate::{
    child, mix,
    place::{Engine, Place, Places},
    probe::Shape,
    progress,
    serving::server::forget_key,
};
use anyhow::{Context, ensure};
use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::PathBuf,
};

/// Changes with what the files hold.
const CONTENT: u32 = 2;
/// Changes with the tables.
const TABLES: &str = include_str!("../../../migrations/sql/SHA256SUMS");

/// What a file and the book of it hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contents {
    /// About so many acts.
    pub acts: usize,
    /// Lots to trace.
    pub shape: Shape,
}

impl Contents {
    fn name(&self) -> String {
        let small = if self.shape == Shape::FULL { "" } else { "_small" };
        format!("{CONTENT}_{}{small}", self.acts)
    }
}

/// A finished import.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Acts of the file, all of them recorded.
    pub acts: usize,
    /// The process.
    pub finished: child::Finished,
}

/// The file, written where it is not there yet.
pub fn acts_file(places: &Places, contents: Contents) -> anyhow::Result<PathBuf> {
    let path = places.cache.join(format!("acts_{}.jsonl", contents.name()));
    if !path.exists() {
        progress::say(&format!("writing {}", path.display()));
        let new = path.with_extension("new");
        let mut file = BufWriter::new(File::create(&new)?);
        let acts = mix::write(&mut file, contents.acts, &contents.shape)?;
        file.flush()?;
        fs::write(path.with_extension("count"), acts.to_string())?;
        fs::rename(new, &path)?;
    }
    Ok(path)
}

/// How many acts they are exactly.
pub fn acts(places: &Places, contents: Contents) -> anyhow::Result<usize> {
    let path = acts_file(places, contents)?.with_extension("count");
    Ok(fs::read_to_string(path)?.parse()?)
}

/// Imports the file by the program; every act must be recorded.
pub fn import(places: &Places, place: &Place, contents: Contents) -> anyhow::Result<Imported> {
    let path = acts_file(places, contents)?;
    let acts = acts(places, contents)?;
    let file = path.to_str().context("a path in UTF-8")?;
    let finished = child::run(&["import", file, "--database", &place.url])?;
    let recorded: String = finished.output.chars().filter(char::is_ascii_digit).collect();
    ensure!(recorded == acts.to_string(), "{acts} acts: {}", finished.output);
    Ok(Imported { acts, finished })
}

/// Builds the book of a file anew, and keeps it.
pub async fn build(places: &Places, engine: Engine, contents: Contents) -> anyhow::Result<(Place, Imported)> {
    let place = places.place(engine, &format!("book_{}", contents.name()))?;
    let note = note(places, engine, contents);
    match fs::remove_file(&note) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => place.remove().await?,
    }
    forget_key(places, &place)?;
    let imported = import(places, &place, contents)?;
    fs::write(note, place.stamp())?;
    Ok((place, imported))
}

/// The book of a file, built where there is none.
pub async fn kept(places: &Places, engine: Engine, contents: Contents) -> anyhow::Result<Place> {
    let place = places.place(engine, &format!("book_{}", contents.name()))?;
    if fs::read_to_string(note(places, engine, contents)).is_ok_and(|note| note == place.stamp()) {
        return Ok(place);
    }
    progress::say(&format!(
        "building the book of {} acts on {engine}",
        contents.acts
    ));
    Ok(build(places, engine, contents).await?.0)
}

fn note(places: &Places, engine: Engine, contents: Contents) -> PathBuf {
    places
        .cache
        .join(format!("book_{}-{engine}.kept", contents.name()))
}

impl Place {
    /// What has to be the same for a kept book to be the one that would be built: where it is, and the tables.
    fn stamp(&self) -> String {
        format!("{}\n{TABLES}", self.url)
    }
}
