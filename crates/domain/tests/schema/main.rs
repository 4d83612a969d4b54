//! tmp
#[test]
fn print() {
    println!(
        "{}",
        serde_json::to_string_pretty(&domain::schema::components()).unwrap()
    );
}
