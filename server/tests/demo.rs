//! Which directories the demo takes and throws away, and that it is the same people every time.

use crate::support::{ORIGIN, began, world};
use confide::{
    demo::{
        Demo,
        directory::{self, Directory, MARKER},
    },
    failure::Exit,
};
use std::{fs, path::Path, sync::Arc};
use store::testing::TestClock;

fn names(path: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(path)
        .expect("a folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

#[test]
fn takes_what_is_new_empty_or_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let new = folder.path().join("a/b");
    drop(Directory::take(&new).expect("a new one"));
    assert!(new.join(MARKER).is_file());
    drop(Directory::take(&new).expect("its own"));
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).expect("a folder");
    drop(Directory::take(&empty).expect("an empty one"));
}

#[test]
fn refuses_what_is_not_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("letter.txt"), "mine").expect("a file");
    let failure = Directory::take(folder.path()).expect_err("somebody else's");
    assert_eq!(failure.exit, Exit::BadInput);
    let failure = directory::remove(folder.path()).expect_err("somebody else's");
    assert_eq!(failure.exit, Exit::BadInput);
    assert_eq!(names(folder.path()), ["letter.txt"]);
}

#[test]
fn throws_away_only_what_a_demo_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("demo");
    drop(Directory::take(&path).expect("a new one"));
    fs::write(path.join("confide.db"), "x").expect("a file");
    fs::write(path.join("letter.txt"), "mine").expect("a file");
    assert!(directory::remove(&path).is_err());
    assert!(path.join("confide.db").exists() && path.join("letter.txt").exists());
    fs::remove_file(path.join("letter.txt")).expect("gone");
    directory::remove(&path).expect("all its own");
    assert!(!path.exists());
    directory::remove(&path).expect("nothing to do");
}

#[cfg(unix)]
#[test]
fn does_not_follow_a_link() {
    let folder = tempfile::tempdir().expect("a folder");
    let real = folder.path().join("real");
    drop(Directory::take(&real).expect("a new one"));
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&real, &link).expect("a link");
    assert!(directory::remove(&link).is_err());
    assert!(real.join(MARKER).exists());
}

#[test]
fn two_demos_do_not_share_a_directory() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("demo");
    let first = Directory::take(&path).expect("a new one");
    assert_eq!(
        Directory::take(&path).expect_err("taken").exit,
        Exit::Environment
    );
    assert!(directory::remove(&path).is_err());
    drop(first);
    drop(Directory::take(&path).expect("free again"));
}

#[tokio::test]
async fn people_are_the_same_in_every_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("demo");
    let clock = Arc::new(TestClock::at(began()));
    let first = Demo::open(&path, &world(&clock, 1), ORIGIN)
        .await
        .map_err(|failure| failure.message)
        .expect("a demo");
    let people = first.people.clone();
    drop(first);
    let second = Demo::open(&path, &world(&clock, 2), ORIGIN)
        .await
        .map_err(|failure| failure.message)
        .expect("the same demo");
    assert!(second.people == people);
    assert_eq!(people.len(), 13);
    for person in &people {
        assert!(person.password.len() >= 15);
        assert!(person.secret().is_some());
        assert!(
            second
                .portal
                .store()
                .account_by_sign_in(&person.sign_in)
                .await
                .expect("an answer")
                .is_some()
        );
    }
}
