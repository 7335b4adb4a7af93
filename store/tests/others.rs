//! What one server changes, others on the same PostgreSQL hear, so that open pages close there too (POLICY §6).
//!
//! Runs where `CONFIDE_TEST_POSTGRES` names a database to make others beside, and passes silently elsewhere.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::world::World;
use core::time::Duration;
use domain::label::{Label, LabelSet};
use sea_orm::{ConnectionTrait, Database};
use store::testing::{TempStore, document};
use store::{Change, Stamp, Store};
use tokio::{
    sync::broadcast::Receiver,
    time::{sleep, timeout},
};

const SOON: Duration = Duration::from_secs(1);

async fn next(changes: &mut Receiver<Change>) -> Option<Change> {
    timeout(SOON, changes.recv()).await.ok().map(Result::unwrap)
}

/// Another server at the same database, which hears already.
async fn other(world: &World) -> (Store, Receiver<Change>) {
    let store = world.temp.reopen(7).await.unwrap();
    let hears = store.clone();
    tokio::spawn(async move { hears.hear_others().await });
    let mut changes = store.changes().listen();
    // Until what is said here is heard there.
    loop {
        world
            .store()
            .sessions()
            .end_all(domain::id::AccountId(uuid::Uuid::nil()), None)
            .await
            .unwrap();
        if timeout(Duration::from_millis(100), changes.recv())
            .await
            .is_ok()
        {
            while timeout(Duration::from_millis(200), changes.recv())
                .await
                .is_ok()
            {}
            return (store, changes);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_revocation_is_heard_by_the_other_server() {
    let Some(temp) = TempStore::on_postgres().await else {
        return;
    };
    let world = World::on(temp, 1).await;
    let (other, mut heard) = other(&world).await;
    let mut own = other.changes().listen();
    let labels = LabelSet::of([Label::Opioids, Label::General]);
    let consent = world.consent(labels, world.in_a_year());
    let id = consent.id;
    let signed = world
        .store()
        .sign_consent(&Stamp::SYSTEM, consent, document());
    signed.await.unwrap();
    assert_eq!(next(&mut heard).await, Some(Change::Patient(world.patient)));
    assert_eq!(next(&mut own).await, Some(Change::Patient(world.patient)));
    // What it does itself it says once.
    let revoked = other.revoke_consent(&Stamp::SYSTEM, world.patient, id);
    revoked.await.unwrap();
    assert_eq!(next(&mut heard).await, Some(Change::Patient(world.patient)));
    assert_eq!(next(&mut heard).await, None);
    // What comes to nothing is not said.
    let import = world.store().begin_import(&Stamp::SYSTEM).await.unwrap();
    drop(import);
    assert_eq!(next(&mut heard).await, None);
    let sessions = world.store().sessions();
    let account = domain::id::AccountId(uuid::Uuid::from_u128(4));
    sessions.end_all(account, None).await.unwrap();
    let key = other.sessions().account_key(account);
    assert_eq!(next(&mut heard).await, Some(Change::Sessions(key)));
}

/// Whoever was cut off looks at everything again, and hears on.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_lost_connection_is_made_up_for() {
    let Some(temp) = TempStore::on_postgres().await else {
        return;
    };
    let world = World::on(temp, 1).await;
    let (other, mut heard) = other(&world).await;
    let raw = Database::connect(world.temp.url()).await.unwrap();
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    raw.execute_unprepared(cut).await.unwrap();
    assert_eq!(next(&mut heard).await, Some(Change::Everyone));
    sleep(Duration::from_millis(1500)).await;
    while next(&mut heard).await.is_some() {}
    world.store().ping().await.unwrap();
    let account = domain::id::AccountId(uuid::Uuid::from_u128(4));
    world
        .store()
        .sessions()
        .end_all(account, None)
        .await
        .unwrap();
    let key = other.sessions().account_key(account);
    assert_eq!(next(&mut heard).await, Some(Change::Sessions(key)));
}

/// Closing a store ends its listening; on SQLite there is nobody to hear.
#[tokio::test]
async fn it_ends_with_the_store() {
    for temp in TempStore::everywhere().await {
        let store = temp.store.clone();
        let hears = tokio::spawn(async move { store.hear_others().await });
        sleep(Duration::from_millis(200)).await;
        let closed = timeout(Duration::from_secs(5), temp.store.clone().close()).await;
        closed.expect("it does not hang").unwrap();
        let ended = timeout(Duration::from_secs(5), hears).await;
        ended.expect("it ends").unwrap();
    }
}
