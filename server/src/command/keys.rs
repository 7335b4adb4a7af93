//! `confide keys`: which keys there are, new ones, and the end of one.

use crate::{
    World,
    cli::keys::{Keys, Rotate, Shred, Status},
    command::configuration,
    config::{Config, KeySource},
    failure::{Exit, Failure},
    output::{self, ProgressLine},
    wiring::{
        self,
        key::{self, Missing},
    },
};
use domain::id::PatientId;
use serde_json::{Value, json};
use std::{io::BufRead, sync::Arc, time::Duration};
use store::{
    Stamp, Store,
    keys::{EnvironmentKey, KeyProvider},
    rotation::{DataProgress, KeyStatus, Rewrapped},
};

/// The variable that `--to-environment` reads.
const NEW_KEY: &str = "CONFIDE_NEW_KEY";

/// Runs one of them.
pub async fn run(command: Keys, world: &World) -> Result<Exit, Failure> {
    match command {
        Keys::Status(arguments) => status(&arguments, world).await,
        Keys::Rotate(arguments) => rotate(&arguments, world).await,
        Keys::Shred(arguments) => shred(&arguments, world).await,
    }
}

async fn open(config: &Config, world: &World) -> Result<Store, Failure> {
    wiring::must_exist(&config.storage)?;
    wiring::open_store(&config.storage, world).await
}

async fn status(arguments: &Status, world: &World) -> Result<Exit, Failure> {
    let config = configuration(&arguments.place, world)?;
    let store = open(&config, world).await?;
    let status = store.key_status().await?;
    if arguments.json {
        output::json(&as_json(&status));
    } else {
        for line in in_words(&status) {
            output::line(&line);
        }
    }
    Ok(Exit::Done)
}

fn as_json(status: &KeyStatus) -> Value {
    let house: Vec<Value> = status
        .house
        .iter()
        .map(|key| {
            json!({
                "name": key.name,
                "version": key.version,
                "older": key.older,
                "wrapped_by": key.wrapped_by,
            })
        })
        .collect();
    json!({
        "provider": status.provider,
        "key": status.key,
        "house": house,
        "patients": status.patients,
        "shredded": status.shredded,
        "patients_wrapped_by": status.patients_wrapped_by,
        "patients_by_version": status.patients_by_version,
        "kept_for_ledger": status.kept_for_ledger,
        "wrapping_change_unfinished": status.has_other_wrappings(),
        "rotation": status.rotation.map(|rotation| json!({
            "started": rotation.started.map(|at| at.to_rfc3339()),
            "announcing": rotation.announcing,
            "patients_waiting": rotation.patients_waiting,
            "house_rows_waiting": rotation.house_rows_waiting,
        })),
        "signing_fingerprint": status.signing_fingerprint,
    })
}

fn named(id: &str) -> &str {
    if id.is_empty() { "not noted" } else { id }
}

fn in_words(status: &KeyStatus) -> Vec<String> {
    let mut lines = vec![format!(
        "wrapping key   {} ({})",
        status.key, status.provider
    )];
    for key in &status.house {
        let by: Vec<&str> = key.wrapped_by.iter().map(|id| named(id)).collect();
        lines.push(format!(
            "{:<14} version {}, older {}, wrapped by {}",
            key.name,
            key.version,
            key.older,
            by.join(" and ")
        ));
    }
    lines.push(format!(
        "patients       {}, shredded {}",
        status.patients, status.shredded
    ));
    for (id, count) in &status.patients_wrapped_by {
        lines.push(format!("  wrapped by   {}: {count}", named(id)));
    }
    for (version, count) in &status.patients_by_version {
        lines.push(format!("  version      {version}: {count}"));
    }
    lines.push(format!(
        "  older versions kept for ledger entries: {}",
        status.kept_for_ledger
    ));
    lines.push(format!("signing key    {}", status.signing_fingerprint));
    if status.has_other_wrappings() {
        lines.push(
            "The change of the wrapping key is not finished: restart every process with the new key, then run \
             `confide keys rotate --drop-old` with it."
                .to_owned(),
        );
    }
    if let Some(rotation) = status.rotation {
        lines.push(format!(
            "A rotation of data keys is not finished: {} patients and {} rows of the house wait. Run \
             `confide keys rotate --data-keys` again.",
            rotation.patients_waiting, rotation.house_rows_waiting
        ));
    }
    lines
}

async fn rotate(arguments: &Rotate, world: &World) -> Result<Exit, Failure> {
    let config = configuration(&arguments.place, world)?;
    let store = open(&config, world).await?;
    let mut progress = ProgressLine::new(arguments.progress);
    if arguments.data_keys {
        return rotate_data(&store, arguments, &config, &mut progress).await;
    }
    let mut show = |patients: u64| progress.show(&format!("{patients} patients"));
    if arguments.drop_old {
        let done = store
            .drop_other_wrappings(&Stamp::SYSTEM, &mut show)
            .await?;
        progress.end();
        tell(&store, done, arguments.json);
        if !arguments.json {
            output::line(
                "Every key is wrapped by the key in use alone. The old one is no longer needed.",
            );
        }
        return Ok(Exit::Done);
    }
    let new = new_key(arguments, world)?;
    let done = store
        .wrap_also_by(&Stamp::SYSTEM, new.as_ref(), &mut show)
        .await?;
    progress.end();
    tell(&store, done, arguments.json);
    if !arguments.json {
        output::line(&format!("Every key is wrapped by {} too.", new.id()));
        output::line(
            "Give each process the new key and restart it; run this again if patients came meanwhile; then run \
             `confide keys rotate --drop-old` with the new key.",
        );
    }
    Ok(Exit::Done)
}

fn tell(store: &Store, done: Rewrapped, as_json: bool) {
    if as_json {
        output::json(&json!({
            "key": store.key_id(),
            "house": done.house,
            "patients": done.patients,
        }));
    } else {
        output::line(&format!(
            "changed: {} keys of the house, {} patients'",
            done.house, done.patients
        ));
    }
}

fn new_key(arguments: &Rotate, world: &World) -> Result<Arc<dyn KeyProvider>, Failure> {
    if let Some(path) = &arguments.to_key_file {
        return key::open(&KeySource::File(path.clone()), Missing::Make, world);
    }
    if let Some(path) = &arguments.to_config {
        let config = Config::load(Some(path), &Vec::new())?;
        return key::open(&config.storage.key, Missing::Make, world);
    }
    let value = world
        .variables
        .iter()
        .find(|(name, _)| name == NEW_KEY)
        .map(|(_, value)| value)
        .ok_or_else(|| Failure::bad_input(format!("--to-environment: {NEW_KEY} is not set")))?;
    let key = EnvironmentKey::from_value(value)
        .map_err(|error| Failure::bad_input(format!("{NEW_KEY}: {error}")))?;
    Ok(Arc::new(key))
}

async fn rotate_data(
    store: &Store,
    arguments: &Rotate,
    config: &Config,
    progress: &mut ProgressLine,
) -> Result<Exit, Failure> {
    // Nothing that a server does for somebody lasts longer than a request may, and each looks for new keys meanwhile.
    let usual = config
        .requests
        .timeout
        .max(Store::KEYS_LOOKED_AT * 2)
        .saturating_add(Duration::from_secs(5));
    let pause = arguments.pause.map_or(usual, Duration::from_secs);
    let patients = store
        .rotate_data_keys(&Stamp::SYSTEM, pause, |done| {
            progress.show(&match done {
                DataProgress::Announcing(patients) => {
                    format!("announcing new keys: {patients} patients")
                }
                DataProgress::Waiting(pause) => format!("waiting {} seconds", pause.as_secs()),
                DataProgress::Patients(done, all) => {
                    format!("sealed anew: {done} of {all} patients")
                }
                DataProgress::House(rows) => format!("sealed anew: {rows} rows of the house"),
            });
        })
        .await?;
    progress.end();
    if arguments.json {
        output::json(&json!({"key": store.key_id(), "patients": patients}));
    } else {
        output::line(&format!(
            "Everything of {patients} patients and of the house is sealed with new keys."
        ));
    }
    Ok(Exit::Done)
}

async fn shred(arguments: &Shred, world: &World) -> Result<Exit, Failure> {
    let reason = arguments.reason.trim();
    if reason.is_empty() {
        return Err(Failure::bad_input("--reason: say why"));
    }
    let config = configuration(&arguments.place, world)?;
    let store = open(&config, world).await?;
    let patient = match arguments.patient.parse() {
        Ok(id) => PatientId(id),
        Err(_) => store
            .patient_by_identity(&arguments.patient)
            .await?
            .ok_or_else(unknown)?,
    };
    if store.policy_state(patient).await?.is_none() {
        return Err(unknown());
    }
    if !arguments.yes && !typed_again(&arguments.patient) {
        return Err(Failure::bad_input(
            "nothing was destroyed: the patient was not typed again (or give --yes)",
        ));
    }
    let done = store.shred_patient(&Stamp::SYSTEM, patient, reason).await?;
    if arguments.json {
        output::json(&json!({
            "patient": patient.to_string(),
            "items": done.items,
            "consents": done.consents,
            "accounts": done.accounts,
            "pages_cleared": done.pages_cleared,
        }));
    } else {
        output::line(&format!(
            "The record is destroyed: {} items, {} consents, {} accounts. Its opaque id in the ledger: {patient}",
            done.items, done.consents, done.accounts
        ));
        if !done.pages_cleared {
            output::line(
                "Old pages may still hold the wrapped key; see \"Shredding\" in docs/operations.md.",
            );
        }
        output::line("Backups made before can still be opened with the wrapping key.");
    }
    Ok(Exit::Done)
}

fn unknown() -> Failure {
    Failure::bad_input("--patient: no such patient, or the record was destroyed before")
}

fn typed_again(patient: &str) -> bool {
    output::note("This can't be undone. Type the patient again to go on:");
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    read.is_ok() && line.trim() == patient
}
