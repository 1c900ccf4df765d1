/// A value built from declared fields or parameters.
///
/// A read function returns this type instead of `Option`, so that `?` does not compile between
/// two declarations: a field after an early return would be missing in the schema, and reported
/// as unknown in requests. `?` compiles inside of [`build`] only.
pub(crate) struct Built<T>(Option<T>);

/// Builds a value after all declarations. `None` if a required value is absent or invalid.
///
/// The closure is `'static`, so it cannot borrow the reader to declare more.
pub(crate) fn build<T>(make: impl FnOnce() -> Option<T> + 'static) -> Built<T> {
    Built(make())
}

impl<T> Built<T> {
    pub(crate) fn into_option(self) -> Option<T> {
        self.0
    }
}

impl<T> From<T> for Built<T> {
    fn from(value: T) -> Self {
        Self(Some(value))
    }
}
