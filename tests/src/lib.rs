//! Support for the acceptance suites.
