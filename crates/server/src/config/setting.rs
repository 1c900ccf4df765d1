//! What a setting is, and the macro that declares each of them in one place.

use super::value::Value;

/// The facts about one setting; the table in `docs/configuration.md` shows the same.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Its key in the configuration file, such as `data_dir`.
    pub name: &'static str,
    /// What it decides, for people.
    pub about: &'static str,
    /// What a value looks like.
    pub form: &'static str,
    /// What holds when nobody sets it.
    pub fallback: Fallback,
    /// Whether its value must never be shown.
    pub secret: bool,
}

/// What holds when a setting is not set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fallback {
    /// This text, read as if somebody had written it.
    Text(&'static str),
    /// No value; the words say what that means.
    Absent(&'static str),
}

impl Setting {
    /// The facts of the setting `name` whose values have the type `V`.
    pub(super) const fn of<V: Value>(
        name: &'static str,
        about: &'static str,
        fallback: Fallback,
    ) -> Self {
        Self {
            name,
            about,
            form: V::FORM,
            fallback,
            secret: V::SECRET,
        }
    }

    /// Its environment variable, such as `TINTERO_DATA_DIR`.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("{}{}", super::PREFIX, self.name.to_uppercase())
    }

    /// The one of `settings` whose key in the file is `name`.
    pub(super) fn named(settings: &'static [Self], name: &str) -> Option<&'static Self> {
        settings.iter().find(|setting| setting.name == name)
    }
}

/// Declares the configuration: each entry becomes a field of `Config`, a row of `SETTINGS`
/// and a line that reads it, so that none of the three can be forgotten.
macro_rules! settings {
    ($($(#[doc = $about:literal])+ $name:ident: $type:ty, $fallback:expr;)+) => {
        /// The effective configuration. Every value is valid by its type.
        #[derive(Debug, Clone)]
        pub struct Config {
            $($(#[doc = $about])+ pub $name: $type,)+
        }

        /// Every setting there is, in the order of the documentation.
        pub const SETTINGS: &[Setting] = &[
            $(Setting::of::<$type>(stringify!($name), concat!($($about),+), $fallback),)+
        ];

        impl Config {
            /// Takes every value out of `layers`; what cannot be read is noted there.
            fn read(layers: &mut Layers) -> Option<Self> {
                $(let $name = layers.value::<$type>(stringify!($name));)+
                Some(Self { $($name: $name?,)+ })
            }
        }
    };
}

pub(super) use settings;
