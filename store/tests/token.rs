//! The wrapping key inside a PKCS#11 token, on SoftHSM2 (Debian: `softhsm2`; 164.312(a)(2)(iv), LAW F1).
//!
//! Runs where SoftHSM2 is. Elsewhere it says so and passes, except under `CONFIDE_CI=1`, as in `.ci/run`, where it fails.
//! Without a harness: the module reads `SOFTHSM2_CONF`, and a process can't safely set a variable of its own, so this one
//! starts itself again.

use secrecy::SecretString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use store::keys::{KeyError, KeyProvider, TokenKey, TokenPlace};
use store::testing::{TempStore, TestEntropy};
use store::{Error, Stamp};

const INSIDE: &str = "CONFIDE_TEST_TOKEN_MODULE";

fn module() -> Option<PathBuf> {
    [
        "/usr/lib/softhsm/libsofthsm2.so",
        "/usr/lib64/pkcs11/libsofthsm2.so",
        "/usr/local/lib/softhsm/libsofthsm2.so",
    ]
    .into_iter()
    .map(PathBuf::from)
    .find(|path| path.exists())
}

fn main() -> ExitCode {
    if let Some(module) = std::env::var_os(INSIDE) {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(inside(Path::new(&module)));
        return ExitCode::SUCCESS;
    }
    let Some(module) = module() else {
        eprintln!("token: SoftHSM2 is not here; what this test proves was not shown");
        return match std::env::var_os("CONFIDE_CI") {
            Some(_) => ExitCode::FAILURE,
            None => ExitCode::SUCCESS,
        };
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let tokens = folder.path().join("tokens");
    std::fs::create_dir(&tokens).expect("a folder for the tokens");
    let conf = folder.path().join("softhsm2.conf");
    let text = format!(
        "directories.tokendir = {}\nlog.level = ERROR\n",
        tokens.display()
    );
    std::fs::write(&conf, text).expect("a configuration");
    for label in ["house", "spare"] {
        let made = Command::new("softhsm2-util")
            .env("SOFTHSM2_CONF", &conf)
            .args(["--init-token", "--free", "--label", label])
            .args(["--pin", "1234-pin", "--so-pin", "so-pin-5678"])
            .output()
            .expect("softhsm2-util runs");
        assert!(made.status.success(), "{made:?}");
    }
    let again = Command::new(std::env::current_exe().expect("this program"))
        .env("SOFTHSM2_CONF", &conf)
        .env(INSIDE, module)
        .status()
        .expect("this program again");
    if again.success() {
        let _ = writeln!(std::io::stdout(), "token: ok");
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn place(module: &Path, token: &str, key: &str, pin: &str) -> TokenPlace {
    TokenPlace {
        module: module.to_owned(),
        token: token.to_owned(),
        key: key.to_owned(),
        pin: SecretString::from(pin),
    }
}

async fn inside(module: &Path) {
    let good = |key| place(module, "house", key, "1234-pin");
    refusals(module);
    wrapping(&TokenKey::open(good("first"), true).expect("a key is made"));
    database(good("first"), place(module, "spare", "other", "1234-pin")).await;
}

fn refusals(module: &Path) {
    let open = |token, pin, make| TokenKey::open(place(module, token, "first", pin), make);
    assert!(matches!(
        open("house", "1234-pin", false),
        Err(KeyError::NoKeyInToken)
    ));
    assert!(matches!(
        open("no such", "1234-pin", true),
        Err(KeyError::NoToken)
    ));
    assert!(matches!(
        open("house", "wrong-pin", true),
        Err(KeyError::Pin)
    ));
    let nowhere = place(Path::new("/nowhere.so"), "house", "first", "1234-pin");
    assert!(matches!(
        TokenKey::open(nowhere, true),
        Err(KeyError::Module)
    ));
    let printed = format!("{:?}", place(module, "house", "first", "1234-pin"));
    assert!(!printed.contains("1234-pin"), "{printed}");
}

/// Wrapped keys open in their place only, with this key only, and unchanged only.
fn wrapping(key: &TokenKey) {
    let entropy = TestEntropy::new(3);
    let wrapped = key.wrap(&[9; 32], b"place", &entropy).expect("it wraps");
    assert_eq!(*key.unwrap(&wrapped, b"place").expect("it opens"), [9; 32]);
    assert!(matches!(
        key.unwrap(&wrapped, b"elsewhere"),
        Err(KeyError::Wrong)
    ));
    assert!(matches!(key.unwrap(&wrapped, b""), Err(KeyError::Wrong)));
    for at in 0..wrapped.len() {
        let mut changed = wrapped.clone();
        changed[at] ^= 1;
        assert!(
            matches!(key.unwrap(&changed, b"place"), Err(KeyError::Wrong)),
            "byte {at}"
        );
        assert!(
            key.unwrap(&wrapped[..at], b"place").is_err(),
            "cut off at {at}"
        );
    }
    let again = key.wrap(&[9; 32], b"place", &entropy).expect("it wraps");
    assert!(wrapped != again, "a nonce of its own each time");
    assert!(!wrapped.windows(8).any(|some| some == [9; 8]));
    assert_eq!((key.kind(), key.id().len()), ("token", 16));
}

/// A database whose keys a token wraps; another token in its place; a token without the key.
async fn database(first: TokenPlace, second: TokenPlace) {
    let temp = TempStore::new().await;
    let token: Arc<dyn KeyProvider> = Arc::new(TokenKey::open(first, false).expect("it is there"));
    let mut import = temp
        .store
        .begin_import(&Stamp::SYSTEM)
        .await
        .expect("an import");
    let (patient, _) = import.patient("Patient/1").await.expect("a patient");
    import
        .commit(store::ImportCounts::default())
        .await
        .expect("it is kept");
    // From a key in memory into the token.
    temp.store
        .wrap_also_by(&Stamp::SYSTEM, token.as_ref(), |_| ())
        .await
        .expect("wrapped by both");
    let store = temp
        .reopen_with(Arc::clone(&token), 5)
        .await
        .expect("the token opens it");
    store
        .drop_other_wrappings(&Stamp::SYSTEM, |_| ())
        .await
        .expect("dropped");
    assert!(matches!(temp.reopen(7).await, Err(Error::WrongKey)));
    assert!(
        store
            .policy_state(patient)
            .await
            .expect("it opens")
            .is_some()
    );
    store
        .rotate_data_keys(&Stamp::SYSTEM, core::time::Duration::ZERO, |_| ())
        .await
        .expect("rotated");
    assert!(store.verify(|_, _| ()).await.expect("verified").is_sound());
    let status = store.key_status().await.expect("a status");
    assert_eq!((status.provider, status.key.clone()), ("token", token.id()));
    // Another token's key does not open it, and leaves it alone.
    let other: Arc<dyn KeyProvider> = Arc::new(TokenKey::open(second, true).expect("made"));
    assert!(other.id() != token.id());
    let refused = temp.reopen_with(Arc::clone(&other), 6).await;
    assert!(matches!(refused, Err(Error::WrongKey)));
    assert!(temp.reopen_with(token, 7).await.is_ok());
}
