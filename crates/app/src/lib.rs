//! Acts and views.
