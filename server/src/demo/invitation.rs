//! Somebody of the demo who has a record and no account yet, so that joining can be tried.

use super::records;
use crate::failure::Failure;
use app::DemoInvitation;
use portal::{Portal, invitations};
use store::Stamp;

const FILE: &str = "riley-novak.json";
const CONTENT: &str = include_str!("../../demo/riley-novak.json");
const PATIENT: &str = "Patient/demo-patient-3";
const NAME: &str = "Riley Novak";

/// Imports the record where it isn't there, and makes a fresh invitation: the code of an earlier run is kept nowhere.
/// `None`: somebody has joined with one.
///
/// # Errors
/// When the database can't be written.
pub async fn prepare(portal: &Portal) -> Result<Option<DemoInvitation>, Failure> {
    let store = portal.store();
    if store.patient_by_identity(PATIENT).await?.is_none() {
        records::import_one(portal, FILE, CONTENT).await?;
    }
    let Some(patient) = store.patient_by_identity(PATIENT).await? else {
        return Ok(None);
    };
    let Some(birth) = store.birth_date(patient).await? else {
        return Ok(None);
    };
    let issued = invitations::invite_patient(portal, &Stamp::SYSTEM, patient).await?;
    Ok(issued.ok().map(|issued| DemoInvitation {
        name: NAME.to_owned(),
        code: issued.code.written(),
        birth: birth.format("%m/%d/%Y").to_string(),
    }))
}
