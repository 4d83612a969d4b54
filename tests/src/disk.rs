//! A disk so small that a test can fill it.

use crate::support::note;
use std::{
    fs::{self, File, Permissions},
    io::{ErrorKind, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;

/// Name of the environment variable that says that nothing can be mounted here; `tests/run` finds out and reports it.
pub const CANNOT_MOUNT: &str = "YOKOITO_CANNOT_MOUNT";

/// A file system in memory, mounted for one test. Taken away at drop, after what runs on it.
pub struct SmallDisk {
    directory: TempDir,
}

impl SmallDisk {
    /// One of so many bytes; none where nothing can be mounted, which has to be said in [`CANNOT_MOUNT`].
    ///
    /// # Panics
    /// When it cannot be mounted and nobody said so.
    #[expect(clippy::expect_used, reason = "tests fail by panicking")]
    pub fn new(bytes: u64) -> Option<SmallDisk> {
        if std::env::var_os(CANNOT_MOUNT).is_some() {
            note(&format!(
                "SKIPPED: {CANNOT_MOUNT} is set: the small disk cannot be made"
            ));
            return None;
        }
        let directory = tempfile::Builder::new()
            .prefix("yokoito-disk-")
            .permissions(Permissions::from_mode(0o755))
            .tempdir()
            .expect("a directory");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={bytes},mode=755"), "tmpfs"])
            .arg(directory.path())
            .output();
        assert!(
            mounted.as_ref().is_ok_and(|output| output.status.success()),
            "a small disk (tmpfs) cannot be mounted: {mounted:?}. Run the tests as root, or set {CANNOT_MOUNT}=1 to leave \
             out what needs it."
        );
        Some(SmallDisk { directory })
    }

    /// Where it is mounted.
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Takes all room but so many bytes.
    ///
    /// # Panics
    /// When there is less.
    pub fn fill(&self, but: u64) -> Ballast {
        let path = self.path().join("ballast");
        let mut ballast = Ballast { path, bytes: 0 };
        let mut file = ballast.create();
        let block = [0; 4096];
        loop {
            match file.write(&block) {
                Ok(written) => ballast.bytes += written as u64,
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::StorageFull, "{error}");
                    break;
                }
            }
        }
        ballast.give_back(but);
        ballast
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // lazily: what still has a file open there keeps it until it ends
        let done = Command::new("umount").arg("-l").arg(self.path()).status();
        if !done.is_ok_and(|status| status.success()) {
            eprintln!("{} is still mounted", self.path().display());
        }
    }
}

/// A file that takes room.
pub struct Ballast {
    path: PathBuf,
    bytes: u64,
}

impl Ballast {
    #[expect(clippy::expect_used, reason = "tests fail by panicking")]
    fn create(&self) -> File {
        File::create(&self.path).expect("a file")
    }

    /// Gives so many bytes back.
    ///
    /// # Panics
    /// When it has less.
    #[expect(clippy::expect_used, reason = "tests fail by panicking")]
    pub fn give_back(&mut self, bytes: u64) {
        self.bytes = self.bytes.checked_sub(bytes).expect("a disk large enough");
        let file = File::options().write(true).open(&self.path).expect("a file");
        file.set_len(self.bytes).expect("made smaller");
    }

    /// Gives all back.
    ///
    /// # Panics
    /// When the file is gone.
    #[expect(clippy::expect_used, reason = "tests fail by panicking")]
    pub fn remove(self) {
        fs::remove_file(&self.path).expect("removed");
    }
}
