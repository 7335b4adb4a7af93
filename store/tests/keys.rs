//! Keys: made once, kept private, and the wrong one is refused before anything is written.

use std::fs;
use store::Error;
use store::keys::{EnvironmentKey, KeyError, KeyFile, KeyProvider};
use store::testing::{TempStore, TestEntropy};

fn files(temp: &TempStore) -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<_> = fs::read_dir(temp.folder())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_name() != "store.db-shm")
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, fs::read(entry.path()).unwrap())
        })
        .collect();
    found.sort();
    found
}

#[tokio::test]
async fn a_wrong_key_is_refused_and_nothing_is_written() {
    let temp = TempStore::on_a_file().await;
    let before = files(&temp);
    let refused = temp.reopen(8).await;
    assert!(matches!(refused, Err(Error::WrongKey)));
    assert!(before == files(&temp));
    temp.reopen(7).await.unwrap().ping().await.unwrap();
}

#[tokio::test]
async fn lost_keys_are_not_made_anew() {
    use sea_orm::{ConnectionTrait, Database};
    let temp = TempStore::new().await;
    let connection = Database::connect(temp.url()).await.unwrap();
    connection
        .execute_unprepared("DELETE FROM sealed_keys")
        .await
        .unwrap();
    assert!(matches!(temp.reopen(7).await, Err(Error::KeysMissing)));
}

#[tokio::test]
async fn a_bad_address_is_not_repeated() {
    let clock = std::sync::Arc::new(store::testing::TestClock::new());
    let refused = store::Store::open(
        store::Options::new("postgres://user:hunter2@[not-a-host/db"),
        std::sync::Arc::new(store::testing::MemoryKey::new(1)),
        clock,
        std::sync::Arc::new(TestEntropy::new(1)),
    )
    .await
    .unwrap_err();
    assert!(!format!("{refused} {refused:?}").contains("hunter2"));
}

#[cfg(unix)]
#[test]
fn a_key_file_is_private_and_stays_the_same() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    let entropy = TestEntropy::new(1);
    assert!(matches!(KeyFile::open(&path), Err(KeyError::Io(_))));
    let made = KeyFile::open_or_create(&path, &entropy).unwrap();
    let bits = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    assert_eq!(bits, 0o600);
    let names: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(names.len(), 1, "no draft stays");
    let again = KeyFile::open_or_create(&path, &entropy).unwrap();
    assert_eq!(made.id(), again.id());
    let wrapped = made.wrap(&[9; 32], b"place", &entropy).unwrap();
    assert_eq!(*again.unwrap(&wrapped, b"place").unwrap(), [9; 32]);
    assert!(again.unwrap(&wrapped, b"elsewhere").is_err());
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(
        KeyFile::open(&path),
        Err(KeyError::Permissions(0o640))
    ));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&path, "confide-key-1 abc").unwrap();
    assert!(matches!(KeyFile::open(&path), Err(KeyError::Malformed)));
}

#[test]
fn a_key_from_the_environment_is_read_and_never_printed() {
    let digits = "ab".repeat(32);
    let key = EnvironmentKey::from_value(&digits).unwrap();
    assert!(!format!("{key:?}").contains("abab"));
    assert!(!key.id().contains("abab"));
    assert!(EnvironmentKey::from_value("short").is_err());
    assert!(matches!(
        EnvironmentKey::from_variable("CONFIDE_NO_SUCH_VARIABLE"),
        Err(KeyError::Missing(_))
    ));
}
