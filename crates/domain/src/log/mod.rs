//! The log of the book (帳簿のログ): an RFC 6962 Merkle tree over the canonical bytes of the entries.
//!
//! Everything here is a plain function of its arguments; the store keeps the rows, the caller brings the key.
//!
//! - [`Frontier`] is what the head row keeps: enough to append and to know the root, 64 hashes at most.
//! - [`append_batch`] says which tile rows receive which hashes when leaves are appended.
//! - [`inclusion_proof`] and [`consistency_proof`] read those tiles; [`verify_inclusion`] and
//!   [`verify_consistency`] need nothing but the proof and the roots, so anybody can check them.
//! - [`Checkpoint`] is the signed head of the log that an office or a coordinator keeps elsewhere.
//!
//! ```
//! use domain::log::{Frontier, TileSet, append_batch, inclusion_proof, leaf_hash, verify_inclusion};
//!
//! let leaves: Vec<_> = [b"entry 1", b"entry 2", b"entry 3"].iter().map(|entry| leaf_hash(*entry)).collect();
//! let mut head = Frontier::default();
//! let mut tiles = TileSet::default();
//! for append in append_batch(&mut head, &leaves) {
//!     tiles.append(&append)?;
//! }
//! let proof = inclusion_proof(1, head.size(), &tiles)?;
//! verify_inclusion(leaf_hash(b"entry 2"), 1, head.size(), &proof, head.root())?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod checkpoint;
mod frontier;
mod hash;
mod key;
mod node;
mod note;
mod proof;
mod tile;
mod tree;
mod verify;

#[cfg(test)]
mod tests;

pub use checkpoint::Checkpoint;
pub use frontier::{Frontier, FrontierError};
pub use hash::{Hash, HashError};
pub use key::{BookKey, KeyError, KeyName, VerifierKey};
pub(crate) use note::sign_note;
pub use note::{NoteError, open_note};
pub use proof::{
    ProofError, consistency_proof, frontier_at, inclusion_proof, needed_tiles_for_consistency,
    needed_tiles_for_frontier, needed_tiles_for_inclusion,
};
pub use tile::{TILE_WIDTH, TileAppend, TileError, TileId, TileSet, append_batch, pack, unpack};
pub use tree::{consistency_proof_of, empty_root, inclusion_proof_of, leaf_hash, node_hash, root_of};
pub use verify::{VerifyError, verify_consistency, verify_inclusion};
