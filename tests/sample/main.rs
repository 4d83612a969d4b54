//! The sample month: recorded on both engines, compared with the totals its README states.

#![expect(clippy::expect_used, reason = "tests fail by panicking")]

mod month;
mod stories;
mod sums;
mod totals;

use acceptance::support::engines;
use app::writer::Answer;
use domain::registration::RegistrationNumber;
use month::{FILES, README, acts};

#[tokio::test]
async fn the_month_is_the_one_its_readme_describes() {
    let mut heads = Vec::new();
    for engine in engines() {
        let world = month::empty(engine).await;
        for (line, answer) in month::record(&world).await {
            assert!(
                matches!(answer, Answer::Recorded(..)),
                "{engine:?} {line}: {answer:?}"
            );
        }
        let head = world.head().await;
        assert_eq!(head.0, i64::try_from(acts().count()).expect("a count"));

        totals::check(&world).await;
        stories::check(&world).await;
        sums::check(&world).await;

        // the same files once more add nothing
        for (line, answer) in month::record(&world).await {
            assert!(
                matches!(answer, Answer::Already(..)),
                "{engine:?} {line}: {answer:?}"
            );
        }
        assert_eq!(world.head().await, head);
        heads.push(head);
    }
    assert!(heads.windows(2).all(|pair| pair[0] == pair[1]), "{heads:?}");
}

#[test]
fn the_files_hold_as_many_acts_as_stated() {
    let stated = totals::table(README, "files");
    for (name, lines) in FILES {
        assert_eq!(
            stated[&format!("[`{name}`]({name})")][0],
            lines.lines().count().to_string(),
            "{name}"
        );
    }
    let all = acts().count();
    assert_eq!(stated["計"][0], all.to_string());
    assert!((1_400..=1_700).contains(&all), "{all}");
}

#[test]
fn the_bento_is_cooked_on_22_working_days() {
    let cooked = acts().filter(|act| act["kind"] == "process" && act["office"] == "aozora");
    assert_eq!(cooked.count(), 22);
}

#[test]
fn registration_numbers_have_right_check_digits() {
    let mut numbers = 0;
    for act in acts() {
        let Some(number) = act.get("registration") else {
            continue;
        };
        let number: RegistrationNumber = number.as_str().expect("a text").parse().expect("T and 13 digits");
        assert!(number.check_digit_ok(), "{act}");
        numbers += 1;
    }
    // one of the eight corporations and six partners have none
    assert_eq!(numbers, 7 + 25);
}

#[test]
fn every_key_the_readme_names_is_there() {
    let keys: Vec<String> = acts()
        .map(|act| act["key"].as_str().expect("a key").to_owned())
        .collect();
    let named = README
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|code| code.starts_with("2026-"));
    let missing: Vec<&str> = named
        .clone()
        .filter(|key| !keys.iter().any(|known| known == key))
        .collect();
    assert_eq!(missing, [""; 0]);
    assert!(named.count() > 30);
}
