//! Evidence files.

use crate::code;
use acceptance::{people::Visited, support::engines};
use app::access::{
    evidence::{LARGEST, MediaType, evidence, keep_evidence},
    rights::Role,
};
use std::collections::BTreeSet;

#[tokio::test]
async fn a_file_is_kept_once_by_its_hash() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let book = visited.book();
        let (a, b) = (visited.office("a").await, visited.office("b").await);
        let operator = visited.operator().await;
        let of_a = visited.person(&operator, Role::Staff(a), "of-a").await;
        let of_b = visited.person(&operator, Role::Staff(b), "of-b").await;
        let slip = b"%PDF-1.7 slip".to_vec();
        let hash = keep_evidence(book, &of_a, a, "application/pdf", slip.clone())
            .await
            .unwrap();
        // SHA-256 of these bytes
        assert_eq!(
            keep_evidence(book, &of_a, a, "application/pdf", slip.clone())
                .await
                .unwrap(),
            hash
        );
        // the other side has the same slip
        assert_eq!(
            keep_evidence(book, &of_b, b, "application/pdf", slip.clone())
                .await
                .unwrap(),
            hash
        );
        let kept = evidence(book, &hash).await.unwrap().unwrap();
        assert_eq!((kept.media_type, kept.bytes), (MediaType::Pdf, slip));
        assert_eq!(
            kept.offices.into_iter().collect::<BTreeSet<_>>(),
            BTreeSet::from([a, b])
        );
        assert_eq!(
            visited
                .world
                .number("SELECT CAST(COUNT(*) AS bigint) FROM evidence")
                .await,
            1
        );
        assert_eq!(evidence(book, &[0; 32]).await.unwrap(), None);
    }
}

#[tokio::test]
async fn what_is_too_large_or_of_another_kind_is_refused() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let book = visited.book();
        let (a, b) = (visited.office("a").await, visited.office("b").await);
        let operator = visited.operator().await;
        let staff = visited.person(&operator, Role::Staff(a), "staff").await;
        for (office, kind, bytes, why) in [
            (b, "text/plain", b"a".to_vec(), "not-allowed"),
            (a, "text/html", b"<p>".to_vec(), "evidence-kind"),
            (a, "application/pdf", b"<html>".to_vec(), "evidence-not-that-kind"),
            (a, "text/plain", Vec::new(), "evidence-empty"),
            (a, "text/plain", vec![b'a'; LARGEST + 1], "evidence-too-large"),
        ] {
            assert_eq!(code(keep_evidence(book, &staff, office, kind, bytes).await), why);
        }
        let largest = vec![b'a'; LARGEST];
        let hash = keep_evidence(book, &staff, a, "text/plain; charset=utf-8", largest)
            .await
            .unwrap();
        assert_eq!(evidence(book, &hash).await.unwrap().unwrap().bytes.len(), LARGEST);
    }
}
