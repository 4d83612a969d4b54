//! The resources of version 1, one file each.

pub mod agreements;
pub mod balances;
pub mod cards;
pub mod desk;
pub mod entries;
pub mod evidence;
pub mod groups;
pub mod invitations;
pub mod log;
pub mod lots;
pub mod masters;
pub mod people;
pub mod proposals;
pub mod public;
pub mod readings;
pub mod resets;
pub mod roles;
pub mod sample;
pub mod sessions;
pub mod settings;
pub mod shelf_counts;
pub mod statements;
pub mod stock;
pub mod tokens;
