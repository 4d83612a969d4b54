//! The book's id and its key file.

use acceptance::{
    support::{TestDatabase, engines},
    world::World,
};
use app::{Book, key, key::KeyFileError, outside::Outside};
use std::collections::BTreeSet;
use store::DatabaseUrl;

#[tokio::test(flavor = "multi_thread")]
async fn six_programs_at_once_agree_on_one_book() {
    for engine in engines() {
        let database = TestDatabase::new(engine);
        let mut programs = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let url: DatabaseUrl = database.url().parse().unwrap();
            let path = database.directory().join("six.key");
            programs.spawn(async move {
                let book = Book::open(&url, Outside::system()).await.unwrap();
                let key = key::open(&book, &path).await.unwrap();
                let id = book.store().book().await.unwrap().unwrap().book_id;
                book.close().await.unwrap();
                (id, key.public().to_string())
            });
        }
        let agreed: BTreeSet<_> = programs.join_all().await.into_iter().collect();
        assert_eq!(agreed.len(), 1, "{agreed:?}");
    }
}

#[tokio::test]
async fn the_key_is_made_once_for_its_owner_alone() {
    for engine in engines() {
        let world = World::empty(engine).await;
        let path = world.database.directory().join("keys").join("a.key");
        let made = key::open(&world.book, &path).await.unwrap();
        assert_eq!(
            key::open(&world.book, &path).await.unwrap().public(),
            made.public()
        );
        assert_eq!(world.number("SELECT COUNT(*) FROM book_key").await, 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
            let refused = key::open(&world.book, &path).await.unwrap_err();
            assert!(matches!(refused, KeyFileError::Open { .. }), "{refused}");
        }
        assert_eq!(
            std::fs::read_dir(path.parent().unwrap()).unwrap().count(),
            1,
            "nothing left beside it"
        );
    }
}

#[tokio::test]
async fn the_key_of_another_book_is_refused() {
    for engine in engines() {
        let world = World::empty(engine).await;
        let path = world.database.directory().join("other.key");
        let other = TestDatabase::new(engine);
        let book = Book::open(&other.url().parse().unwrap(), Outside::system())
            .await
            .unwrap();
        key::open(&book, &path).await.unwrap();
        let refused = key::open(&world.book, &path).await.unwrap_err();
        assert!(matches!(refused, KeyFileError::OtherBook { .. }), "{refused}");
        std::fs::write(&path, "not a key\n").unwrap();
        let refused = key::open(&world.book, &path).await.unwrap_err();
        assert!(matches!(refused, KeyFileError::Malformed { .. }), "{refused}");
    }
}

#[tokio::test]
async fn a_key_lies_beside_the_file_or_with_the_users_settings() {
    for engine in engines() {
        let world = World::empty(engine).await;
        let url: DatabaseUrl = world.database.url().parse().unwrap();
        let named = std::path::Path::new("named.key");
        assert_eq!(key::path(&world.book, &url, Some(named)).await.unwrap(), named);
        let usual = key::path(&world.book, &url, None).await.unwrap();
        match url.path() {
            Some(file) => assert_eq!(usual, file.with_extension("key")),
            None => assert!(
                usual.parent().unwrap().ends_with("yokoito"),
                "{}",
                usual.display()
            ),
        }
    }
}
