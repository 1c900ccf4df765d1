//! Rotation of refresh tokens, and the facts of a use.

use std::net::IpAddr;

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Result,
    accounts::{Rotation, RotationOutcome},
    values::Timestamp,
    writes::WriteContext,
};

use super::{DynamoAccountStore, proofs::text, records::SessionRecord};
use crate::{
    keys::{self, Table},
    unit_of_work::{Condition, TransactionOutcome, UnitOfWork},
};

/// The meaning of a failed rotation.
#[derive(PartialEq, Eq)]
enum SessionRefusal {
    /// The session has another refresh token.
    Used,
    /// A new password ended the session.
    Ended,
}

impl DynamoAccountStore {
    /// Replaces the refresh token of a session.
    pub(super) async fn rotate(
        &self,
        context: &WriteContext,
        rotation: &Rotation<'_>,
    ) -> Result<RotationOutcome> {
        let Some(session) = self.current_session(rotation.family, rotation.now).await? else {
            return Ok(RotationOutcome::Unknown);
        };
        if !session.kind.is_tokens() {
            return Ok(RotationOutcome::Unknown);
        }
        if session.secret_digest != rotation.presented {
            // Sessions of earlier versions cannot tell a used token from a forged one.
            let known = session.family_digest.as_deref();
            let is_used = known.is_none_or(|digest| digest == rotation.family_digest);
            return Ok(if is_used {
                RotationOutcome::Reused
            } else {
                RotationOutcome::Unknown
            });
        }
        let mut change = self.of_user(context, session.user_id);
        add_rotation(&mut change, rotation, &session)?;
        // A new password ends earlier sessions, so the condition does not rely on the cache.
        let began = text(&session.created_at);
        let valid = Condition::new("tokens_valid_from <= :began", [(":began", began)]);
        let user = keys::user(session.user_id);
        change.require_if(Table::Identity, user, valid, SessionRefusal::Ended)?;
        let outcome = change.commit().await?;
        self.sessions.invalidate(&rotation.family).await;
        match outcome {
            TransactionOutcome::Committed => Ok(RotationOutcome::Rotated {
                user_id: session.user_id,
                signed_in_at: session.created_at,
            }),
            TransactionOutcome::Refused(failed)
                if failed.iter().any(|it| it.refusal == SessionRefusal::Ended) =>
            {
                Ok(RotationOutcome::Unknown)
            }
            TransactionOutcome::Refused(_) => Ok(RotationOutcome::Reused),
        }
    }
}

/// Adds the new refresh token and the facts of its use.
fn add_rotation(
    change: &mut UnitOfWork<'_, SessionRefusal>,
    rotation: &Rotation<'_>,
    session: &SessionRecord,
) -> Result<()> {
    let idle_end = rotation.now.after(rotation.idle);
    let until = session.ends_at.map_or(idle_end, |end| end.min(idle_end));
    let sender = rotation.sender;
    let (facts, mut values) = use_of(rotation.now, until, sender.address, sender.agent.as_deref());
    let set = format!("SET secret_digest = :next, {facts}");
    values.extend([
        (":presented", text(rotation.presented)),
        (":next", text(rotation.next)),
    ]);
    change.update_if(
        Table::Tokens,
        keys::session(rotation.family),
        &set,
        Condition::new("secret_digest = :presented", values),
        SessionRefusal::Used,
    )
}

/// Returns the assignments and values that record a use of a session.
pub(super) fn use_of(
    at: Timestamp,
    until: Timestamp,
    address: Option<IpAddr>,
    agent: Option<&str>,
) -> (String, Vec<(&'static str, AttributeValue)>) {
    let mut set = "expires_at = :until, used_at = :now".to_owned();
    let mut values = vec![
        (":now", text(&at)),
        (":until", AttributeValue::N(until.as_seconds().to_string())),
    ];
    if let Some(address) = address {
        set.push_str(", client_address = :address");
        values.push((":address", text(&address)));
    }
    if let Some(agent) = agent {
        set.push_str(", user_agent = :agent");
        values.push((":agent", text(agent)));
    }
    (set, values)
}
