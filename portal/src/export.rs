//! A copy to take away: FHIR for machines, PDF for people, made only from what was released (LAW F2, B7).

mod document;
mod fhir;

use crate::actor::Actor;
use crate::disclosure::{self, Decided, Look};
use crate::records::{newest_first, on_consents, own_purpose, within};
use crate::step_up::{self, Action};
use crate::{Portal, Refusal, chart, session};
use chrono::NaiveDate;
use domain::decide::{Action as Doing, Decider, Permit};
use domain::id::PatientId;
use domain::item::{ItemFacts, ItemKind};
use domain::label::{Label, LabelSet};
use domain::purpose::Purpose;
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

pub use document::Words;

/// The file formats.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Format {
    /// A PDF to read and print.
    Pdf,
    /// A FHIR R4 Bundle with labels in `meta.security` (LAW G1).
    Fhir,
}

impl Format {
    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Fhir => "application/fhir+json",
        }
    }

    /// A file name that tells nothing.
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Pdf => "health-record.pdf",
            Self::Fhir => "health-record.json",
        }
    }
}

/// What the copy is narrowed to.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Range {
    /// First day of service.
    pub from: Option<NaiveDate>,
    /// Last day of service.
    pub until: Option<NaiveDate>,
    /// Segments by name; empty: all.
    pub segments: Vec<String>,
}

impl core::fmt::Debug for Range {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Range([redacted])")
    }
}

/// A finished file.
pub struct File {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its format.
    pub format: Format,
}

impl core::fmt::Debug for File {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("File")
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

/// The action that taking this copy asks to confirm.
pub fn action(range: &Range, format: Format) -> Action {
    Action::Export {
        from: range.from,
        until: range.until,
        segments: range.segments.clone(),
        format,
    }
}

/// The copy that was confirmed with a fresh factor and not taken yet.
pub async fn ready(portal: &Portal, session: &Session) -> Result<Option<(Range, Format)>, Refusal> {
    Ok(match step_up::confirmed(portal, session).await? {
        Some(Action::Export {
            from,
            until,
            segments,
            format,
        }) => Some((
            Range {
                from,
                until,
                segments,
            },
            format,
        )),
        _ => None,
    })
}

/// Makes the patient's own copy. Takes the fresh factor for exactly this copy; decided now, not when it was asked for.
pub async fn own(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    range: &Range,
    format: Format,
    words: &dyn Words,
) -> Result<File, Refusal> {
    let patient = actor.patient().ok_or(Refusal::NotAvailable)?;
    step_up::take(portal, session, &action(range, format)).await?;
    let segments = range
        .segments
        .iter()
        .map(|name| Label::from_name(name).ok_or(Refusal::BadRequest))
        .collect::<Result<LabelSet, _>>()?
        .with_children();
    let purpose = own_purpose(actor.role());
    let wanted = |item: &ItemFacts, labels: LabelSet| {
        item.kind == ItemKind::Demographics
            || (within(item, range.from, range.until)
                && (segments.is_empty() || labels.required().overlaps(segments)))
    };
    // A separated counseling note is the patient's to have; this step-up named the copy it goes into (POLICY §4.1).
    make(
        portal,
        actor,
        patient,
        Doing::Download,
        purpose,
        &wanted,
        format,
        words,
    )
    .await
}

/// Makes the copy a clinician may take of a chart: notice and consent scope inside (LAW B1).
pub async fn of_chart(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    patient: PatientId,
    format: Format,
    words: &dyn Words,
) -> Result<File, Refusal> {
    chart::may_open(actor)?;
    let purpose = session::purpose(session, patient)
        .await?
        .ok_or(Refusal::NotAvailable)?;
    // An emergency is for looking: a file would stay after the hour (LAW E1, B3).
    if purpose == Purpose::Emergency {
        let (doing, why) = (Doing::Export, Some(purpose));
        return Err(disclosure::denied(portal, actor, patient, doing, why, None).await);
    }
    step_up::take(
        portal,
        session,
        &Action::ClinicianExport { patient, format },
    )
    .await?;
    make(
        portal,
        actor,
        patient,
        Doing::Export,
        purpose,
        &|_, _| true,
        format,
        words,
    )
    .await
}

#[expect(
    clippy::too_many_arguments,
    reason = "one private function behind two journeys; each argument is one of their differences"
)]
async fn make(
    portal: &Portal,
    actor: &Actor,
    patient: PatientId,
    doing: Doing,
    purpose: Purpose,
    wanted: &(dyn Fn(&ItemFacts, LabelSet) -> bool + Send + Sync),
    format: Format,
    words: &dyn Words,
) -> Result<File, Refusal> {
    let decide = async |look: Look| {
        let Look { viewer, chart } = look;
        let now = portal.now();
        let decider = Decider::new(&viewer, doing, purpose, now, &chart.state);
        let mut items: Vec<&ItemFacts> = chart
            .items
            .iter()
            .filter(|item| {
                // A person reads what pages show; a machine gets the whole record, claims and plans too.
                (format == Format::Fhir || item.kind.is_shown())
                    && decider
                        .labels(item)
                        .is_some_and(|labels| wanted(item, labels))
            })
            .collect();
        newest_first(&mut items);
        let permits: Vec<Permit> = items
            .into_iter()
            .filter_map(|item| decider.permit(item))
            .collect();
        let marks: Vec<fhir::Marks> = permits.iter().map(fhir::Marks::of).collect();
        let (rests_on, _, notice) = chart::grounds(&permits, &chart.state);
        // What a helper takes along on a consent is a disclosure too (LAW B1, D5).
        let (_, owed) = on_consents(&permits, &chart.state);
        let notice = (notice && doing == Doing::Export) || owed;
        Ok(Some(Decided {
            action: doing,
            purpose,
            permits,
            with: (marks, rests_on, notice, now),
        }))
    };
    let stands = chart::stands(portal, doing, purpose);
    let shown = disclosure::show(portal, actor, patient, stands, decide).await?;
    let Some(((marks, rests_on, notice, now), opened)) = shown else {
        return Err(disclosure::denied(portal, actor, patient, doing, Some(purpose), None).await);
    };
    let bytes = match format {
        Format::Fhir => fhir::bundle(&opened, &marks, now, notice, &rests_on),
        Format::Pdf => document::pdf(&opened, now, notice, &rests_on, words)?,
    };
    Ok(File { bytes, format })
}
