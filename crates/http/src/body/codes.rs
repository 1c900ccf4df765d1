//! Codes of second factors.

use tintero_domain::{
    accounts::{AuthenticatorCode, SecondFactorCode},
    values::ValueError,
};
use utoipa::openapi::ObjectBuilder;

use super::text::{Text, string};

impl Text for AuthenticatorCode {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        raw.parse()
    }

    fn schema() -> ObjectBuilder {
        string().pattern(Some(r"^(\s|-)*([0-9](\s|-)*){6}$"))
    }
}

impl Text for SecondFactorCode {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        raw.parse()
    }

    fn schema() -> ObjectBuilder {
        string().pattern(Some(
            r"^(\s|-)*(([0-9](\s|-)*){6}|([A-Za-z2-7](\s|-)*){24})$",
        ))
    }
}
