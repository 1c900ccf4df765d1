//! The declaration of settings.

use super::value::SettingValue;

/// A setting, as shown in `docs/configuration.md`.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Key in the configuration file, such as `data_dir`.
    pub name: &'static str,
    /// Description of the setting.
    pub about: &'static str,
    /// Form of a value.
    pub form: &'static str,
    /// Default of the setting.
    pub fallback: Fallback,
    /// Whether the value is never shown.
    pub secret: bool,
    /// Whether the text of a value is itself a secret.
    pub(super) holds_secret: fn(&str) -> bool,
}

/// The default of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fallback {
    /// A text that is parsed like a configured one.
    Text(&'static str),
    /// No value, with the meaning of its absence.
    Absent(&'static str),
}

impl Setting {
    /// Declares the setting `name` with values of type `V`.
    pub(super) const fn of<V: SettingValue>(
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
            holds_secret: V::holds_secret,
        }
    }

    /// The environment variable, such as `TINTERO_DATA_DIR`.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("{}{}", super::PREFIX, self.name.to_uppercase())
    }

    /// Finds the setting `name`.
    pub(super) fn named(settings: &'static [Self], name: &str) -> Option<&'static Self> {
        settings.iter().find(|setting| setting.name == name)
    }
}

/// Declares the configuration. Each entry becomes a field of `Config`, a row of `SETTINGS` and a line
/// that reads the value.
macro_rules! settings {
    ($($(#[doc = $about:literal])+ $name:ident: $type:ty, $fallback:expr;)+) => {
        /// The effective configuration. Every value is valid by its type.
        #[derive(Debug, Clone)]
        pub struct Config {
            $($(#[doc = $about])+ pub $name: $type,)+
        }

        /// All settings in the order of the documentation.
        pub const SETTINGS: &[Setting] = &[
            $(Setting::of::<$type>(stringify!($name), concat!($($about),+), $fallback),)+
        ];

        impl Config {
            /// Reads every value from `layers` and reports problems there.
            fn read(layers: &mut Layers) -> Option<Self> {
                $(let $name = layers.value::<$type>(stringify!($name));)+
                Some(Self { $($name: $name?,)+ })
            }
        }
    };
}

pub(super) use settings;
