//! Group commit: entries that come at the same time are written in one transaction, and each caller waits for its own.
//!
//! No task lives on between entries: whoever finds no writer at work starts one, and it ends when nothing waits. So many
//! may wait and no more ([`WAITING`]); one more is refused at once, and its page shows nothing.

use super::disclose::place_of_house;
use super::event::Event;
use super::{Chain, Committed, DiscloseError, Head};
use crate::error::Error;
use crate::opening::Store;
use crate::policy::grounds_in_force;
use crate::seal::DataKey;
use crate::stamp::Stamp;
use domain::clock::Instant;
use domain::decide::Ground;
use sea_orm::{DatabaseTransaction, DbBackend};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// How many entries one transaction holds at most.
const TOGETHER: usize = 64;

/// How many entries wait at most.
pub(crate) const WAITING: usize = 512;

/// How old a decision may be when it is disclosed.
const DECISION_LASTS: chrono::TimeDelta = chrono::TimeDelta::seconds(30);

/// An entry to be written.
pub(crate) struct Work {
    pub chain: Chain,
    pub stamp: Stamp,
    pub event: Event,
    /// What it stands on; `None`: it stands on nothing.
    pub on: Option<On>,
}

/// What must still stand when an entry is written, or it is stale (POLICY §6).
pub(crate) struct On {
    /// The epoch of the chain.
    pub epoch: u64,
    /// When it was decided.
    pub decided_at: Instant,
    /// What may have ended by itself since.
    pub basis: Vec<Ground>,
}

/// An entry that was committed, and the key of its chain.
pub(crate) struct Written {
    pub committed: Committed,
    pub key: Arc<DataKey>,
}

type Answer = Result<Written, DiscloseError>;

/// An entry that waits, and who waits for it.
struct Job {
    work: Work,
    answer: oneshot::Sender<Answer>,
}

/// The jobs of one chain.
struct Batch {
    chain: Chain,
    jobs: Vec<Job>,
}

/// What waits to be written.
#[derive(Default)]
pub(crate) struct Group(Mutex<Queue>);

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Job>,
    writers: usize,
    /// How many transactions there were.
    commits: u64,
}

impl Group {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has a job wait; tells whether another writer is wanted, which then counts.
    fn push(&self, job: Job, writers: usize) -> Result<bool, Error> {
        let mut queue = self.queue();
        if queue.waiting.len() >= WAITING {
            return Err(Error::Busy);
        }
        queue.waiting.push_back(job);
        let another = queue.writers < writers;
        queue.writers += usize::from(another);
        Ok(another)
    }

    /// What is written next, by chain, in the order it came; nothing: the writer is done and no longer counts.
    fn take(&self, writer: &mut Writer<'_>) -> Vec<Batch> {
        let mut queue = self.queue();
        let many = queue.waiting.len().min(TOGETHER);
        if many == 0 {
            queue.writers = queue.writers.saturating_sub(1);
            writer.done = true;
            return Vec::new();
        }
        let mut batches: Vec<Batch> = Vec::new();
        for job in queue.waiting.drain(..many) {
            let chain = job.work.chain;
            match batches.iter_mut().find(|batch| batch.chain == chain) {
                Some(batch) => batch.jobs.push(job),
                None => batches.push(Batch {
                    chain,
                    jobs: vec![job],
                }),
            }
        }
        batches
    }

    /// How many transactions were committed so far.
    #[cfg(feature = "testing")]
    pub(crate) fn commits(&self) -> u64 {
        self.queue().commits
    }

    /// Has jobs wait again, before all others.
    fn put_back(&self, batches: Vec<Batch>) {
        let mut queue = self.queue();
        for job in batches
            .into_iter()
            .rev()
            .flat_map(|batch| batch.jobs.into_iter().rev())
        {
            queue.waiting.push_front(job);
        }
    }
}

/// One that writes. When it breaks off, nobody waits for it in vain.
struct Writer<'a> {
    group: &'a Group,
    done: bool,
}

impl Drop for Writer<'_> {
    fn drop(&mut self) {
        if !self.done {
            let mut queue = self.group.queue();
            queue.writers = queue.writers.saturating_sub(1);
            if queue.writers == 0 {
                queue.waiting.clear();
            }
        }
    }
}

/// What became of the batches of one transaction that was committed.
struct Done {
    answers: Vec<Answer>,
    /// Another transaction held the chain.
    held: bool,
}

/// Why a transaction came to nothing.
enum Broken {
    /// It could not begin, or not be committed: another would fare no better.
    AtItsEnds(Error),
    /// A row could not be read or written: perhaps one chain's fault.
    Within(Error),
}

impl Store {
    /// Writes an entry, together with others that wait.
    ///
    /// # Errors
    /// [`DiscloseError::Stale`] when what it stands on no longer does; [`Error::Busy`] when too many wait.
    pub(crate) async fn write_together(&self, work: Work) -> Answer {
        let (answer, written) = oneshot::channel();
        if self.group().push(Job { work, answer }, self.writers())? {
            // A task of its own: a request that is given up must not take others' entries along.
            let store = self.clone();
            tokio::spawn(async move { store.write_waiting().await });
        }
        match written.await {
            Ok(answer) => answer,
            Err(_) => Err(Error::NotWritten(None).into()),
        }
    }

    /// How many transactions may write at once: SQLite has one writer; on PostgreSQL each holds the chains it writes to.
    fn writers(&self) -> usize {
        match self.write().get_database_backend() {
            DbBackend::Sqlite => 1,
            _ => 3,
        }
    }

    async fn write_waiting(&self) {
        let group = self.group();
        let mut writer = Writer { group, done: false };
        loop {
            let batches = group.take(&mut writer);
            if batches.is_empty() {
                return;
            }
            self.write_batches(batches).await;
        }
    }

    async fn write_batches(&self, batches: Vec<Batch>) {
        match self.write_in_one(&batches).await {
            Ok(done) => self.answer(batches, done),
            // One patient's broken rows are not to keep the others from theirs.
            Err(Broken::Within(_)) if batches.len() > 1 => {
                for batch in batches {
                    let alone = vec![batch];
                    match self.write_in_one(&alone).await {
                        Ok(done) => self.answer(alone, done),
                        Err(Broken::AtItsEnds(error) | Broken::Within(error)) => fail(alone, error),
                    }
                }
            }
            Err(Broken::AtItsEnds(error) | Broken::Within(error)) => fail(batches, error),
        }
    }

    fn answer(&self, batches: Vec<Batch>, done: Vec<Done>) {
        let mut held = Vec::new();
        for (batch, done) in batches.into_iter().zip(done) {
            if done.held {
                held.push(batch);
                continue;
            }
            for (job, answer) in batch.jobs.into_iter().zip(done.answers) {
                // Whoever gave up no longer listens; the entry stands.
                let _ = job.answer.send(answer);
            }
        }
        self.group().put_back(held);
    }

    /// One transaction. INVARIANT: it waits for no chain while it holds another, so no two can wait for each other.
    async fn write_in_one(&self, batches: &[Batch]) -> Result<Vec<Done>, Broken> {
        let transaction = self.begin().await.map_err(Broken::AtItsEnds)?;
        let mut all = Vec::with_capacity(batches.len());
        let mut written = false;
        for (number, batch) in batches.iter().enumerate() {
            let done = self
                .write_batch(&transaction, batch, number == 0)
                .await
                .map_err(Broken::Within)?;
            written |= done.answers.iter().any(Result::is_ok);
            all.push(done);
        }
        if written {
            transaction
                .commit()
                .await
                .map_err(|error| Broken::AtItsEnds(error.into()))?;
            let mut queue = self.group().queue();
            queue.commits = queue.commits.wrapping_add(1);
        } else {
            // Nothing to keep; what was found is true whether or not this can be said to the database.
            let _ = transaction.rollback().await;
        }
        Ok(all)
    }

    async fn write_batch(
        &self,
        transaction: &DatabaseTransaction,
        batch: &Batch,
        may_wait: bool,
    ) -> Result<Done, Error> {
        let none = |held| {
            let missing = || Err(Error::NotFound("patient").into());
            Done {
                answers: batch.jobs.iter().map(|_| missing()).collect(),
                held,
            }
        };
        let locked = if may_wait {
            Head::lock(transaction, batch.chain).await?
        } else {
            Head::lock_if_free(transaction, batch.chain).await?
        };
        let Some(mut head) = locked else {
            return Ok(none(!may_wait));
        };
        let Some(key) = self.chain_key(transaction, batch.chain).await? else {
            return Ok(none(false));
        };
        let mut answers = Vec::with_capacity(batch.jobs.len());
        let house = if batch.jobs.iter().any(|job| rests_on_house(&job.work.event)) {
            Some(place_of_house(transaction).await?)
        } else {
            None
        };
        for job in &batch.jobs {
            let answer = match self
                .write_one((transaction, house), &mut head, &key, &job.work)
                .await
            {
                Err(DiscloseError::Store(error)) if !error.is_of_one_entry() => return Err(error),
                other => other,
            };
            answers.push(answer.map(|committed| Written {
                committed,
                key: Arc::clone(&key),
            }));
        }
        if answers.iter().any(Result::is_ok) {
            head.save(transaction).await?;
        }
        Ok(Done {
            answers,
            held: false,
        })
    }

    async fn write_one(
        &self,
        (transaction, place): (&DatabaseTransaction, Option<u64>),
        head: &mut Head,
        key: &DataKey,
        work: &Work,
    ) -> Result<Committed, DiscloseError> {
        let now = self.clock().now();
        let at = head.next_instant(now);
        if let Some(on) = &work.on {
            let stands = head.epoch == on.epoch
                && now.signed_duration_since(on.decided_at) <= DECISION_LASTS
                && grounds_in_force((transaction, key), work.chain, &on.basis, at).await?;
            if !stands {
                return Err(DiscloseError::Stale);
            }
        }
        // At the instant for which the grounds were looked at, not a later one.
        let mut event = work.event.clone();
        if let Event::Disclosed {
            house: house @ None,
            facts: Some(_),
            ..
        } = &mut event
        {
            *house = place;
        }
        let committed = head
            .append_at(at, self, transaction, key, &work.stamp, event)
            .await?;
        Ok(committed)
    }
}

/// Whether it is still to be said where the house stood: it is of an entry that has facts to decide on again.
const fn rests_on_house(event: &Event) -> bool {
    matches!(
        event,
        Event::Disclosed {
            facts: Some(_),
            house: None,
            ..
        }
    )
}

/// Tells everybody that nothing was written.
fn fail(batches: Vec<Batch>, error: Error) {
    let cause = Arc::new(error);
    tracing::error!(error = %cause, "the ledger could not be written");
    for job in batches.into_iter().flat_map(|batch| batch.jobs) {
        let _ = job
            .answer
            .send(Err(Error::NotWritten(Some(Arc::clone(&cause))).into()));
    }
}
