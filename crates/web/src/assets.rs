//! Styles, scripts and pictures, out of the program itself. Their names hold a part of their hash, so a browser may keep
//! them for ever.

use crate::error::PageError;
use axum::{
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// A file of ours.
pub struct Asset {
    stem: &'static str,
    end: &'static str,
    kind: &'static str,
    content: &'static [u8],
    /// Its address.
    pub path: String,
}

macro_rules! asset {
    ($stem:literal, $end:literal, $kind:literal) => {
        Asset::new(
            $stem,
            $end,
            $kind,
            include_bytes!(concat!("../static/", $stem, ".", $end)),
        )
    };
}

static ASSETS: LazyLock<[Asset; 5]> = LazyLock::new(|| {
    [
        asset!("app", "css", "text/css; charset=utf-8"),
        asset!("grid", "js", "text/javascript; charset=utf-8"),
        asset!("paper", "css", "text/css; charset=utf-8"),
        asset!("print", "js", "text/javascript; charset=utf-8"),
        asset!("icon", "svg", "image/svg+xml"),
    ]
});

impl Asset {
    fn new(stem: &'static str, end: &'static str, kind: &'static str, content: &'static [u8]) -> Asset {
        let hash = hex::encode(Sha256::digest(content));
        let path = format!("/static/{stem}-{}.{end}", &hash[..16]);
        Asset {
            stem,
            end,
            kind,
            content,
            path,
        }
    }
}

/// Address of a file by its name; empty for one that is not there, which a test would find.
pub fn path(name: &str) -> &'static str {
    let found = ASSETS.iter().find(|asset| {
        let stem = name
            .strip_suffix(asset.end)
            .and_then(|stem| stem.strip_suffix('.'));
        stem == Some(asset.stem)
    });
    found.map_or("", |asset| asset.path.as_str())
}

/// A file.
pub async fn serve(Path(name): Path<String>) -> Result<Response, PageError> {
    let found = ASSETS
        .iter()
        .find(|asset| asset.path.strip_prefix("/static/") == Some(&name));
    let asset = found.ok_or_else(PageError::not_found)?;
    let mut answer = asset.content.into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    let kept = HeaderValue::from_static("public, max-age=31536000, immutable");
    headers.insert(header::CACHE_CONTROL, kept);
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_stay_small() {
        let scripts = ASSETS.iter().filter(|asset| asset.end == "js");
        assert!(scripts.map(|asset| asset.content.len()).sum::<usize>() < 30_000);
        assert!(path("app.css").starts_with("/static/app-") && path("nothing.css").is_empty());
    }
}
