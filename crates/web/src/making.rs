//! 作る: 今日の生産, and 加工 by recipes.

pub mod process;
pub mod produce;
