//! The possible outcomes of a step. Concurrent requests can be applied in either order. Their responses
//! determine which.

use super::{
    operations::{Actor, CategoryDeed, Company, Operation, Step},
    world::{Answer, World},
};

/// A request and its caller.
pub(super) struct Request {
    pub(super) operation: Operation,
    pub(super) by: Actor,
    pub(super) keyed: bool,
}

impl Step {
    /// The concurrent requests of an operation.
    pub(super) fn requests(&self, world: &World) -> Vec<Request> {
        let request = |operation: &Operation, by, keyed| Request {
            operation: operation.sent(world, by),
            by,
            keyed,
        };
        let own = || request(&self.operation, self.by, self.keyed);
        let mut requests = match &self.company {
            Company::Alone | Company::Housekeeper | Company::Runner => vec![own()],
            Company::Twin => vec![own(), own()],
            Company::Rival(operation, by) => vec![own(), request(operation, *by, false)],
        };
        // A request cannot name what a concurrent request creates.
        if requests.iter().any(|one| one.operation.has_target(world)) {
            requests.retain(|one| one.operation.has_target(world));
        }
        requests
    }
}

impl Operation {
    /// Resolves numbers and versions for a world.
    fn sent(&self, world: &World, by: Actor) -> Self {
        let Self::Batch(items) = self else {
            return self.fixed(world);
        };
        // A concurrent request cannot refer to a post that the other one creates, but can know its version.
        let posts = world.posts.len();
        let mut ahead = world.clone();
        let mut sent = Vec::new();
        for item in items {
            let mut item = item.clone();
            if let Self::Post { nth, .. } = &mut item {
                match nth.checked_rem(posts) {
                    Some(existing) => *nth = existing,
                    None => continue,
                }
            }
            let item = item.fixed(&ahead);
            ahead.perform(&item, by, false);
            sent.push(item);
        }
        Self::Batch(sent)
    }

    /// Whether the post or category that the request names exists.
    fn has_target(&self, world: &World) -> bool {
        match self {
            Self::Post { nth, .. } => world.existing(*nth).is_some(),
            Self::Category { nth, .. } => world.tree.existing(Some(*nth)).is_some(),
            _ => true,
        }
    }

    /// Whether the request has an `Idempotency-Key`.
    pub(super) fn takes_a_key(&self) -> bool {
        match self {
            Self::Create { .. } => true,
            Self::Post { deed, .. } => deed.takes_a_key(),
            _ => false,
        }
    }

    /// Whether the write changes posts only.
    fn is_of_posts(&self) -> bool {
        matches!(
            self,
            Self::Create { .. } | Self::Post { .. } | Self::Batch(_)
        )
    }

    /// Advances the clock by a millisecond, so that the last owner of a slug is unambiguous.
    fn takes_time(&self) -> bool {
        match self {
            Self::Category { deed, .. } => matches!(deed, CategoryDeed::Merge { .. }),
            Self::Tag { .. } => true,
            _ => false,
        }
    }
}

impl World {
    /// The possible worlds after a step, the most likely first, and the requests.
    pub(super) fn after(mut self, step: &Step) -> Vec<Self> {
        let requests = step.requests(&self);
        if requests
            .iter()
            .any(|request| request.operation.takes_time())
        {
            self.now += 1;
        }
        let orders: Vec<Vec<usize>> = match requests.len() {
            1 => vec![vec![0]],
            // If the responses are equal, prefer the order that allows more: a post that was written before its
            // category was merged can be counted twice for some time.
            _ if requests[1].operation.is_of_posts() => vec![vec![1, 0], vec![0, 1]],
            _ => vec![vec![0, 1], vec![1, 0]],
        };
        let mut worlds = Vec::new();
        let unseen = [(true, true), (false, true), (true, false), (false, false)];
        for (swept, arrived) in unseen {
            for order in &orders {
                let mut start = self.clone();
                (start.swept, start.arrived) = (swept, arrived);
                worlds.push(start.in_order(
                    &requests,
                    order,
                    matches!(step.company, Company::Twin),
                ));
            }
        }
        worlds
    }

    fn in_order(mut self, requests: &[Request], order: &[usize], twins: bool) -> Self {
        let mut answers = vec![None; requests.len()];
        for nth in order {
            let Request {
                operation,
                by,
                keyed,
            } = &requests[*nth];
            // With the same key, the second request is a replay.
            let accepted = answers.iter().flatten().next().cloned();
            let repeated = accepted.filter(|answer: &Answer| {
                twins && *keyed && answer.status < 300 && operation.takes_a_key()
            });
            answers[*nth] = match repeated {
                Some(answer) => Some(answer),
                None => self.perform(operation, *by, *keyed),
            };
        }
        self.answers = answers.into_iter().flatten().collect();
        self
    }
}
