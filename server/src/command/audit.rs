//! `confide audit verify`

use crate::{
    World,
    cli::Verify,
    command::configuration,
    failure::{Exit, Failure},
    output::{self, ProgressLine},
    wiring,
};
use serde_json::{Value, json};
use store::VerifyReport;

/// Checks every chain of the ledger; exit code 1 when something is wrong.
pub async fn verify(arguments: Verify, world: &World) -> Result<Exit, Failure> {
    let config = configuration(&arguments.place, world)?;
    wiring::must_exist(&config.storage)?;
    let store = wiring::open_store(&config.storage, world).await?;
    let mut progress = ProgressLine::new(arguments.progress);
    let report = store
        .verify(|done, all| progress.show(&format!("checked {done} of {all} entries")))
        .await?;
    progress.end();
    if arguments.json {
        output::json(&as_json(&report));
    } else {
        output::line(&format!(
            "{} entries in {} chains",
            report.entries, report.chains
        ));
        for fault in &report.faults {
            output::line(&format!(
                "fault: chain {}, entry {}: {}",
                fault.chain, fault.seq, fault.what
            ));
        }
        if report.faults.is_empty() {
            output::line("The ledger is whole.");
        }
    }
    Ok(if report.faults.is_empty() {
        Exit::Done
    } else {
        Exit::FaultFound
    })
}

fn as_json(report: &VerifyReport) -> Value {
    let faults: Vec<Value> = report
        .faults
        .iter()
        .map(|fault| {
            json!({"chain": fault.chain.to_string(), "seq": fault.seq, "what": fault.what.to_string()})
        })
        .collect();
    json!({
        "chains": report.chains,
        "entries": report.entries,
        "shredded": report.shredded,
        "faults": faults,
    })
}
