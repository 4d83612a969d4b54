//! How an office likes its papers, labels and files.

use crate::code;
use acceptance::{people::Visited, support::engines};
use app::access::{
    rights::Role,
    settings::{Setting, set, setting},
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Favourite {
    #[serde(default)]
    colour: String,
}

impl Setting for Favourite {
    const NAME: &'static str = "test-favourite";
}

fn favourite(colour: &str) -> Favourite {
    Favourite {
        colour: colour.to_owned(),
    }
}

#[tokio::test]
async fn an_office_keeps_what_its_people_set_last() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let book = visited.book();
        let (a, b) = (visited.office("a").await, visited.office("b").await);
        let operator = visited.operator().await;
        let of_a = visited.person(&operator, Role::Staff(a), "of-a").await;
        assert_eq!(setting::<Favourite>(book, a).await.unwrap(), Favourite::default());
        for colour in ["blue", "green"] {
            set(book, &of_a, a, &favourite(colour)).await.unwrap();
        }
        assert_eq!(setting::<Favourite>(book, a).await.unwrap(), favourite("green"));
        assert_eq!(setting::<Favourite>(book, b).await.unwrap(), Favourite::default());
        // whoever does not record for an office sets nothing there
        for (who, office) in [(&of_a, b), (&operator, a)] {
            let refused = set(book, who, office, &favourite("red")).await;
            assert_eq!(code(refused), "not-allowed");
        }
        let refused = set(book, &of_a, a, &favourite(&"x".repeat(20_001))).await;
        assert_eq!(code(refused), "setting-too-large");
    }
}
