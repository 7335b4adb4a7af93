//! Who cares for a patient, as the record tells: care teams, episodes, visits and referrals (POLICY §4.6).

use super::directory::{instant, period, reference, text};
use chrono::{DateTime, TimeDelta};
use domain::clock::Instant;
use domain::labeling::Examined;
use domain::party::RelationshipKind;
use serde_json::Value;

/// How long after a visit its people still care for the patient: results come in, letters are written.
const AFTER_A_VISIT: TimeDelta = TimeDelta::days(30);
/// How long a visit counts that nobody says is over: a system that stopped sending must not leave a record open.
const LONGEST_VISIT: TimeDelta = TimeDelta::days(365);
/// How long a referral counts that names no end.
const REFERRAL: TimeDelta = TimeDelta::days(180);

/// Somebody who cares for a patient for a time.
pub(super) struct Participant {
    pub patient: String,
    /// The practitioner or their role.
    pub member: String,
    /// What tells so: `Type/id`.
    pub told_by: String,
    /// The name space of the relationship's id.
    pub namespace: &'static str,
    pub kind: RelationshipKind,
    pub from: Instant,
    /// When it ends or has ended; at `from` itself: it never was.
    pub until: Option<Instant>,
}

/// Who cares for the patient by this resource. One that was withdrawn tells of a care that never was, so that what an
/// earlier file said of it ends.
pub(super) fn participants(
    resource: &Value,
    examined: &Examined,
    patient: &str,
) -> Vec<Participant> {
    let status = text(resource, &["status"]);
    let status = status.as_deref().unwrap_or_default();
    let told = |namespace, kind, span: (Instant, Option<Instant>), member: Option<String>| {
        member.map(|member| Participant {
            patient: patient.to_owned(),
            member,
            told_by: examined.identity(),
            namespace,
            kind,
            from: span.0,
            until: span.1,
        })
    };
    let treating = RelationshipKind::Treating;
    match examined.resource_type.as_str() {
        "CareTeam" => {
            let team = team(resource, status);
            each(resource, "participant")
                .filter_map(|participant| {
                    let span = both(team, period(participant));
                    told(
                        "care-team",
                        treating,
                        span,
                        reference(participant, "member"),
                    )
                })
                .collect()
        }
        "EpisodeOfCare" => {
            let span = episode(resource, status);
            told(
                "episode",
                RelationshipKind::Coordinating,
                span,
                reference(resource, "careManager"),
            )
            .into_iter()
            .collect()
        }
        "Encounter" => {
            let visit = visit(resource, status);
            each(resource, "participant")
                .filter_map(|participant| {
                    told(
                        "visit",
                        treating,
                        visit,
                        reference(participant, "individual"),
                    )
                })
                .collect()
        }
        "ServiceRequest" => {
            let span = referral(resource, status);
            each(resource, "performer")
                .filter_map(|performer| {
                    told(
                        "referral",
                        treating,
                        span,
                        super::directory::target(performer),
                    )
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

fn each<'a>(resource: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    resource
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// What lies in both.
fn both(
    (from, until): (Instant, Option<Instant>),
    (other_from, other_until): (Instant, Option<Instant>),
) -> (Instant, Option<Instant>) {
    let until = match (until, other_until) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
    (from.max(other_from), until)
}

fn never(from: Instant) -> (Instant, Option<Instant>) {
    (from, Some(from))
}

fn team(resource: &Value, status: &str) -> (Instant, Option<Instant>) {
    let (from, until) = period(resource);
    match status {
        "active" | "" => (from, until),
        _ => never(from),
    }
}

fn episode(resource: &Value, status: &str) -> (Instant, Option<Instant>) {
    let (from, until) = period(resource);
    match status {
        "active" | "onhold" => (from, until),
        "finished" => (from, until.or(Some(from))),
        _ => never(from),
    }
}

fn visit(resource: &Value, status: &str) -> (Instant, Option<Instant>) {
    let (from, until) = period(resource);
    let end = match status {
        "arrived" | "triaged" | "in-progress" | "onleave" => until.unwrap_or(from + LONGEST_VISIT),
        "finished" => until.unwrap_or(from),
        _ => return never(from),
    };
    (from, end.checked_add_signed(AFTER_A_VISIT).or(Some(end)))
}

fn referral(resource: &Value, status: &str) -> (Instant, Option<Instant>) {
    let asked = text(resource, &["authoredOn"]).and_then(|at| instant(&at));
    let when = resource.get("occurrencePeriod").map(|when| {
        // `period` reads the element of that name.
        period(&serde_json::json!({ "period": when }))
    });
    let from = asked
        .or(when.map(|(from, _)| from))
        .unwrap_or(DateTime::UNIX_EPOCH);
    if status != "active" {
        return never(from);
    }
    let end = when.and_then(|(_, until)| until);
    (from, end.or_else(|| from.checked_add_signed(REFERRAL)))
}

#[cfg(test)]
mod tests {
    use super::participants;
    use domain::clock::Instant;
    use domain::labeling::examine;
    use serde_json::{Value, json};

    fn spans(resource: &Value) -> Vec<(String, String, String)> {
        let examined = examine(resource).expect("a readable resource");
        let day = |at: Instant| at.format("%F").to_string();
        participants(resource, &examined, "Patient/1")
            .into_iter()
            .map(|one| {
                let until = one.until.map_or_else(|| "open".to_owned(), day);
                (one.member, day(one.from), until)
            })
            .collect()
    }

    fn visit(status: &str, period: &Value) -> Value {
        json!({"resourceType": "Encounter", "id": "1", "status": status, "period": period,
            "participant": [{"individual": {"reference": "Practitioner/1"}}]})
    }

    fn one(from: &str, until: &str) -> Vec<(String, String, String)> {
        vec![(
            "Practitioner/1".to_owned(),
            from.to_owned(),
            until.to_owned(),
        )]
    }

    #[test]
    fn a_visit_counts_while_it_lasts_and_a_month_longer() {
        let days = json!({"start": "2026-01-01T10:00:00Z", "end": "2026-01-03T10:00:00Z"});
        let began = json!({"start": "2026-01-01T10:00:00Z"});
        assert_eq!(
            spans(&visit("finished", &days)),
            one("2026-01-01", "2026-02-02")
        );
        assert_eq!(
            spans(&visit("in-progress", &began)),
            one("2026-01-01", "2027-01-31")
        );
        assert_eq!(
            spans(&visit("finished", &began)),
            one("2026-01-01", "2026-01-31")
        );
        for status in ["planned", "cancelled", "entered-in-error", "unknown"] {
            assert_eq!(
                spans(&visit(status, &days)),
                one("2026-01-01", "2026-01-01")
            );
        }
    }

    #[test]
    fn a_referral_counts_while_it_is_active() {
        let referral = |status: &str, more: &Value| {
            let mut referral = json!({"resourceType": "ServiceRequest", "id": "1", "status": status, "intent": "order",
                "authoredOn": "2026-01-01", "performer": [{"reference": "Practitioner/1"}, {"display": "somebody"}]});
            for (name, value) in more.as_object().expect("an object") {
                referral[name] = value.clone();
            }
            referral
        };
        assert_eq!(
            spans(&referral("active", &json!({}))),
            one("2026-01-01", "2026-06-30")
        );
        assert_eq!(
            spans(&referral(
                "active",
                &json!({"occurrencePeriod": {"start": "2026-01-05", "end": "2026-01-31"}})
            )),
            one("2026-01-01", "2026-02-01")
        );
        assert_eq!(
            spans(&referral("revoked", &json!({}))),
            one("2026-01-01", "2026-01-01")
        );
    }

    #[test]
    fn teams_and_episodes() {
        let team = json!({"resourceType": "CareTeam", "id": "1", "status": "active", "period": {"start": "2026-01-01"},
            "participant": [{"member": {"reference": "Practitioner/1"}, "period": {"end": "2026-03-01"}}]});
        assert_eq!(spans(&team), one("2026-01-01", "2026-03-02"));
        for status in ["proposed", "suspended", "inactive", "entered-in-error"] {
            let mut team = team.clone();
            team["status"] = json!(status);
            assert_eq!(spans(&team), one("2026-01-01", "2026-01-01"), "{status}");
        }
        let episode = json!({"resourceType": "EpisodeOfCare", "id": "1", "status": "active",
            "period": {"start": "2026-01-01"}, "careManager": {"reference": "Practitioner/1"}});
        assert_eq!(spans(&episode), one("2026-01-01", "open"));
    }
}
