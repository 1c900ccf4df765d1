//! Integration tests of the entrances.
