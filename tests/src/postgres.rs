//! Where the tests' PostgreSQL is, and URLs into it.

/// Name of the environment variable that holds the URL of a PostgreSQL made for tests.
pub(crate) const SERVER: &str = "YOKOITO_TEST_POSTGRES";

/// URL of `schema` on the server of the tests.
///
/// # Panics
/// When no server is named: a suite that skipped PostgreSQL would pass without proving anything.
#[expect(clippy::panic, reason = "tests fail by panicking")]
pub(crate) fn url_of_schema(schema: &str) -> String {
    match std::env::var(SERVER) {
        Ok(server) if !server.is_empty() => with_schema(&server, schema),
        _ => panic!(
            "{SERVER} is not set. Run the tests by `tests/run`, or start a private PostgreSQL with \
             `export {SERVER}=\"$(tests/postgres start DIR)\"`. TEST_ENGINES=sqlite leaves PostgreSQL out."
        ),
    }
}

fn with_schema(server: &str, schema: &str) -> String {
    let separator = if server.contains('?') { '&' } else { '?' };
    format!("{server}{separator}schema={schema}")
}

#[cfg(test)]
mod tests {
    use super::with_schema;

    #[test]
    fn the_schema_joins_the_query() {
        assert_eq!(
            with_schema("postgres://u@127.0.0.1:1/d", "t_1"),
            "postgres://u@127.0.0.1:1/d?schema=t_1"
        );
        assert_eq!(
            with_schema("postgres://u@127.0.0.1:1/d?sslmode=disable", "t_1"),
            "postgres://u@127.0.0.1:1/d?sslmode=disable&schema=t_1"
        );
    }
}
