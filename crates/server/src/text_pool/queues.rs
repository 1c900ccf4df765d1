use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

/// Waiting jobs in one queue for each owner. The queues take turns, so an owner with many jobs delays
/// another one by at most one job.
#[derive(Debug)]
pub(super) struct Queues<O, J> {
    by_owner: HashMap<O, VecDeque<J>>,
    /// The owners with waiting jobs. The first one is next.
    turns: VecDeque<O>,
    waiting: usize,
    limits: QueueLimits,
}

/// Maximum numbers of waiting jobs.
#[derive(Debug, Clone, Copy)]
pub(super) struct QueueLimits {
    pub(super) total: usize,
    pub(super) each: usize,
}

impl<O: Copy + Eq + Hash, J> Queues<O, J> {
    pub(super) fn new(limits: QueueLimits) -> Self {
        Self {
            by_owner: HashMap::new(),
            turns: VecDeque::new(),
            waiting: 0,
            limits,
        }
    }

    /// Adds a job. Returns it if too many jobs wait.
    pub(super) fn push(&mut self, owner: O, job: J) -> Result<(), J> {
        let own = self.by_owner.get(&owner).map_or(0, VecDeque::len);
        if own >= self.limits.each || self.waiting >= self.limits.total {
            return Err(job);
        }
        self.by_owner.entry(owner).or_default().push_back(job);
        self.waiting += 1;
        if own == 0 {
            self.turns.push_back(owner);
        }
        Ok(())
    }

    /// The number of waiting jobs.
    pub(super) fn waiting(&self) -> usize {
        self.waiting
    }

    /// Removes the next job.
    pub(super) fn pop(&mut self) -> Option<J> {
        let owner = self.turns.pop_front()?;
        let queue = self.by_owner.get_mut(&owner)?;
        let job = queue.pop_front()?;
        self.waiting -= 1;
        if queue.is_empty() {
            self.by_owner.remove(&owner);
        } else {
            self.turns.push_back(owner);
        }
        Some(job)
    }

    /// Removes jobs for which `is_kept` is false.
    pub(super) fn retain(&mut self, is_kept: impl Fn(&J) -> bool) {
        for queue in self.by_owner.values_mut() {
            queue.retain(&is_kept);
        }
        self.by_owner.retain(|_, queue| !queue.is_empty());
        self.turns.retain(|owner| self.by_owner.contains_key(owner));
        self.waiting = self.by_owner.values().map(VecDeque::len).sum();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: QueueLimits = QueueLimits {
        total: 150,
        each: 100,
    };

    #[test]
    fn an_owner_with_many_jobs_delays_another_one_by_one_job() {
        let mut queues = Queues::new(LIMITS);
        for n in 0..100 {
            queues.push("many", n).unwrap();
        }
        for n in 0..3 {
            queues.push("few", 1000 + n).unwrap();
        }
        let order: Vec<_> = std::iter::from_fn(|| queues.pop()).collect();
        assert_eq!(order[..7], [0, 1000, 1, 1001, 2, 1002, 3]);
        assert_eq!(order.len(), 103);
    }

    #[test]
    fn jobs_above_a_limit_are_returned() {
        let mut queues = Queues::new(LIMITS);
        assert!((0..100).all(|n| queues.push(1, n).is_ok()));
        assert_eq!(queues.push(1, 100), Err(100));
        assert!((0..50).all(|n| queues.push(2, n).is_ok()));
        assert_eq!(queues.push(3, 0), Err(0));
        queues.retain(|job| *job % 2 == 0);
        assert_eq!(queues.push(3, 0), Ok(()));
        assert_eq!(std::iter::from_fn(|| queues.pop()).count(), 76);
    }
}
