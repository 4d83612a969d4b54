//! The files of the repository: what a clone holds, and what is about to be added to it.

use std::fs;
use std::path::Path;

use acceptance::support::repository;

/// Folders that hold no sources of ours.
const NOT_OURS: [&str; 4] = ["target", ".git", ".work", "node_modules"];

/// A text file.
pub(crate) struct File {
    /// Relative to the top, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    pub(crate) fn has_extension(&self, extension: &str) -> bool {
        Path::new(&self.path)
            .extension()
            .is_some_and(|found| found == extension)
    }
}

/// Every text file, in order of path; files that are not UTF-8 (images, fonts) are left out.
pub(crate) fn all() -> Vec<File> {
    let mut files = Vec::new();
    collect(repository(), &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(
        files.iter().any(|file| file.path == "Cargo.toml"),
        "looked in the wrong place"
    );
    files
}

fn collect(folder: &Path, files: &mut Vec<File>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy();
        if path.is_dir() {
            if !NOT_OURS.contains(&name.as_ref()) {
                collect(&path, files);
            }
        } else if let Ok(text) = fs::read_to_string(&path) {
            let path = path
                .strip_prefix(repository())
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/");
            files.push(File { path, text });
        }
    }
}
