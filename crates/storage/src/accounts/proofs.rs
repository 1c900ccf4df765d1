//! Conditions of the start of a session: the verified password, and the code of a second factor.

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Result,
    accounts::{FactorProof, PasswordProof},
};

use crate::{
    keys::{self, Table},
    unit_of_work::{Condition, UnitOfWork},
};

/// Requires the verified password, and replaces its hash if a renewed one is given.
pub(super) fn require_password(
    change: &mut UnitOfWork<'_, ()>,
    proof: &PasswordProof<'_>,
    unchanged: Condition,
) -> Result<()> {
    let email = keys::email(proof.email);
    match proof.renewed {
        Some(renewed) => {
            let renewed = [(":hash", text(&renewed.0))];
            let set = "SET password_hash = :hash";
            change.update_if(Table::Identity, email, set, unchanged.with(renewed), ())
        }
        None => change.require_if(Table::Identity, email, unchanged, ()),
    }
}

/// Requires the verified facts of a sign-in, and uses up its code.
pub(super) fn require_proof(
    change: &mut UnitOfWork<'_, ()>,
    proof: &PasswordProof<'_>,
) -> Result<()> {
    let verified = (":verified", text(&proof.verified.0));
    let (challenge, set, right) = match proof.factor {
        FactorProof::NotEnrolled => {
            let without = "password_hash = :verified AND attribute_not_exists(factor_secret)";
            return require_password(change, proof, Condition::new(without, [verified]));
        }
        FactorProof::Step {
            challenge,
            sealed,
            step,
        } => {
            let later =
                "password_hash = :verified AND factor_secret = :sealed AND factor_step < :step";
            let step = AttributeValue::N(step.to_string());
            let values = [verified, (":sealed", text(sealed)), (":step", step)];
            let set = "SET factor_step = :step";
            (challenge, set, Condition::new(later, values))
        }
        FactorProof::RecoveryCode {
            challenge,
            digest,
            unused,
        } => {
            let unchanged = "password_hash = :verified AND recovery_codes = :unused";
            let used = AttributeValue::Ss(vec![digest.to_owned()]);
            let unused = AttributeValue::Ss(unused.to_vec());
            let values = [verified, (":unused", unused), (":used", used)];
            let delete = "DELETE recovery_codes :used";
            (challenge, delete, Condition::new(unchanged, values))
        }
    };
    change.update_if(Table::Identity, keys::email(proof.email), set, right, ())?;
    let challenge = keys::sign_in_challenge(challenge);
    change.remove_if(Table::Tokens, challenge, Condition::PRESENT, ())
}

pub(super) fn text(value: &(impl ToString + ?Sized)) -> AttributeValue {
    AttributeValue::S(value.to_string())
}
