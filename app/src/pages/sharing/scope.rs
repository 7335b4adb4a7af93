//! Which records, as they are picked on a page: read into a draft, and a draft put back on the page.

use super::words::children;
use crate::{
    forms::{Errors, Fields},
    i18n::label_name,
    text,
};
use chrono::NaiveDate;
use domain::{
    consent::{ConsentKind, Scope},
    item::{ItemKind, KINDS, KindSet},
    label::{Label, LabelSet},
};
use portal::sharing::{draft::Draft, grid::COLUMNS};

/// Added to a segment's name: what is in it and in none of its parts.
pub(super) const REST: &str = ".rest";
/// The separated notes, in the order of the page.
pub(super) const NOTES: [Label; 2] = [Label::SudCounselingNote, Label::PsychotherapyNote];

/// What was picked and typed.
#[derive(Clone, Default)]
pub struct Picked {
    /// Segments by name: a parent opens its segment, its parts say how much of it.
    pub(super) segments: Vec<String>,
    /// Separated notes by name.
    pub(super) notes: Vec<String>,
    /// `all` or `some` kinds of items.
    pub(super) which_kinds: String,
    /// Kinds of items by name.
    pub(super) kinds: Vec<String>,
    pub(super) part2: String,
    pub(super) from: String,
    pub(super) until: String,
    pub(super) future: String,
    /// Whether the page is to count what these open.
    pub(super) counted: bool,
}

impl From<&Fields> for Picked {
    fn from(fields: &Fields) -> Self {
        Self {
            segments: fields.all("segments"),
            notes: fields.all("notes"),
            which_kinds: fields.text("which-kinds"),
            kinds: fields.all("kinds"),
            part2: fields.text("part2"),
            from: fields.text("service-from"),
            until: fields.text("service-until"),
            future: fields.text("future"),
            counted: fields.text("do") == "count",
        }
    }
}

impl Picked {
    /// As the draft has it.
    pub(super) fn of(draft: &Draft) -> Self {
        let granted = granted(draft);
        let mut segments = Vec::new();
        for parent in COLUMNS {
            let open = granted.overlaps(LabelSet::of([parent]).with_children());
            if open {
                segments.push(parent.name().to_owned());
            }
            if children(parent).next().is_none() {
                continue;
            }
            // Everything of a segment that isn't open yet is ready to be opened with it.
            if !open || granted.has(parent) {
                segments.push(format!("{}{REST}", parent.name()));
            }
            segments.extend(
                children(parent)
                    .filter(|child| !open || granted.has(*child))
                    .map(|child| child.name().to_owned()),
            );
        }
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let limited = draft.kinds != KindSet::ALL;
        Self {
            segments,
            notes: NOTES
                .into_iter()
                .filter(|note| draft.include.has(*note))
                .map(|note| note.name().to_owned())
                .collect(),
            which_kinds: if limited { "some" } else { "all" }.to_owned(),
            kinds: KINDS
                .into_iter()
                .filter(|kind| limited && draft.kinds.has(*kind))
                .map(|kind| kind.name().to_owned())
                .collect(),
            part2: match draft.part2 {
                Some(true) => "yes",
                Some(false) => "no",
                None => "",
            }
            .to_owned(),
            from: day(draft.service_from),
            until: day(draft.service_until),
            future: if draft.future { "yes" } else { "no" }.to_owned(),
            counted: false,
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.segments.iter().any(|given| given == name)
    }

    /// Picks every segment with all of its parts.
    pub(super) fn everything(&mut self) {
        self.segments.clear();
        for parent in COLUMNS {
            self.segments.push(parent.name().to_owned());
            self.segments.push(format!("{}{REST}", parent.name()));
            self.segments
                .extend(children(parent).map(|child| child.name().to_owned()));
        }
    }

    /// Labels included and excluded. A segment opened with "anything else" brings what it will hold later too,
    /// but for the parts unticked; without it, only the parts ticked (POLICY §2).
    fn labels(&self) -> Result<(LabelSet, LabelSet), Label> {
        let (mut include, mut exclude) = (LabelSet::EMPTY, LabelSet::EMPTY);
        for parent in COLUMNS.into_iter().filter(|one| self.has(one.name())) {
            let (ticked, unticked): (Vec<Label>, Vec<Label>) =
                children(parent).partition(|child| self.has(child.name()));
            let has_parts = !ticked.is_empty() || !unticked.is_empty();
            if !has_parts || self.has(&format!("{}{REST}", parent.name())) {
                include = include.with(parent);
                exclude = exclude.join(LabelSet::of(unticked));
            } else if ticked.is_empty() {
                return Err(parent);
            } else {
                include = include.join(LabelSet::of(ticked));
            }
        }
        Ok((include, exclude))
    }

    /// Takes what was sent into the draft. Where the answers may be `unfinished`, as on the way to single items, what is
    /// still open is no error.
    pub(super) fn take(&self, draft: &mut Draft, unfinished: bool) -> Errors {
        let mut errors = Errors::default();
        self.take_labels(draft, unfinished, &mut errors);
        draft.kinds = KindSet::ALL;
        if self.which_kinds == "some" {
            let kinds: Vec<ItemKind> = self
                .kinds
                .iter()
                .filter_map(|name| ItemKind::from_name(name))
                .collect();
            if kinds.is_empty() && !unfinished {
                errors.add("kinds", text!("sharing-kinds-missing"));
            }
            draft.kinds = KindSet::of(kinds);
        }
        draft.part2 = match self.part2.as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => {
                if !unfinished {
                    errors.add("part2", text!("sharing-part2-missing"));
                }
                None
            }
        };
        match day(&self.from) {
            Ok(from) => draft.service_from = from,
            Err(()) => errors.add("service-from", text!("sharing-what-not-a-day")),
        }
        match day(&self.until) {
            Ok(until) => draft.service_until = until,
            Err(()) => errors.add("service-until", text!("sharing-what-not-a-day")),
        }
        if let (Some(from), Some(until)) = (draft.service_from, draft.service_until)
            && until < from
        {
            errors.add("service-until", text!("sharing-what-reversed"));
        }
        draft.future = self.future != "no";
        errors
    }

    fn take_labels(&self, draft: &mut Draft, unfinished: bool, errors: &mut Errors) {
        // Separated notes go into a consent of their own kind and into no other (LAW A9).
        let notes = if draft.kind() == ConsentKind::Notes {
            let notes = NOTES
                .into_iter()
                .filter(|note| self.notes.iter().any(|given| given == note.name()));
            LabelSet::of(notes)
        } else {
            LabelSet::EMPTY
        };
        let is_notes = draft.kind() == ConsentKind::Notes;
        if is_notes && notes.is_empty() && !unfinished {
            errors.add("notes", text!("sharing-notes-missing"));
        }
        match self.labels() {
            Ok((include, exclude)) => {
                let nothing = include.is_empty() && (is_notes || draft.items_included.is_empty());
                if nothing && !unfinished {
                    errors.add("segments", text!("sharing-what-missing"));
                }
                draft.include = include.join(notes);
                draft.exclude = exclude;
            }
            Err(parent) => errors.add(
                "segments",
                text!("sharing-what-no-part", segment = label_name(parent)),
            ),
        }
    }
}

/// The labels a draft opens.
fn granted(draft: &Draft) -> LabelSet {
    Scope {
        exclude: draft.exclude,
        ..Scope::labels(draft.include)
    }
    .granted()
}

/// Reads a day; an empty field is no limit.
fn day(typed: &str) -> Result<Option<NaiveDate>, ()> {
    if typed.is_empty() {
        return Ok(None);
    }
    typed.parse().map(Some).map_err(|_| ())
}

#[cfg(test)]
mod tests {
    use super::Picked;
    use domain::label::{Label, LabelSet};
    use portal::sharing::draft::Draft;

    fn picked(names: &[&str]) -> Picked {
        Picked {
            segments: names.iter().map(|name| (*name).to_owned()).collect(),
            ..Picked::default()
        }
    }

    #[test]
    fn parts_say_how_much_of_a_segment() {
        let all = picked(&[
            "substance-use",
            "substance-use.alcohol",
            "substance-use.opioids",
            "substance-use.other-drugs",
            "substance-use.rest",
            "hiv",
        ]);
        let whole = LabelSet::of([Label::SubstanceUse, Label::Hiv]);
        assert!(all.labels() == Ok((whole, LabelSet::EMPTY)));

        let but_one = picked(&[
            "substance-use",
            "substance-use.alcohol",
            "substance-use.other-drugs",
            "substance-use.rest",
        ]);
        assert!(
            but_one.labels()
                == Ok((
                    LabelSet::of([Label::SubstanceUse]),
                    LabelSet::of([Label::Opioids])
                ))
        );

        let only = picked(&["substance-use", "substance-use.opioids"]);
        assert!(only.labels() == Ok((LabelSet::of([Label::Opioids]), LabelSet::EMPTY)));
        // Parts without their segment open nothing; a segment without any part is asked again.
        assert!(
            picked(&["substance-use.opioids"]).labels() == Ok((LabelSet::EMPTY, LabelSet::EMPTY))
        );
        assert!(picked(&["substance-use"]).labels() == Err(Label::SubstanceUse));
    }

    /// "Everything except …": all at once, then a part taken out again.
    #[test]
    fn everything_but_a_part() {
        let mut picked = Picked::default();
        picked.everything();
        let Ok((all, none)) = picked.labels() else {
            panic!("each segment has its parts");
        };
        assert!(none.is_empty() && all.with_children() == LabelSet::SEGMENTS);
        picked
            .segments
            .retain(|name| name != "substance-use.opioids");
        assert!(picked.labels() == Ok((all, LabelSet::of([Label::Opioids]))));
    }

    #[test]
    fn a_draft_reads_back_as_it_was_picked() {
        for (include, exclude) in [
            (LabelSet::EMPTY, LabelSet::EMPTY),
            (LabelSet::of([Label::General, Label::Hiv]), LabelSet::EMPTY),
            (
                LabelSet::of([Label::SubstanceUse]),
                LabelSet::of([Label::Opioids]),
            ),
            (LabelSet::of([Label::Opioids, Label::Sti]), LabelSet::EMPTY),
            (
                LabelSet::of([Label::MentalHealth]),
                LabelSet::of([Label::Personality]),
            ),
        ] {
            let mut draft = Draft::new(uuid::Uuid::nil());
            draft.include = include;
            draft.exclude = exclude;
            assert!(Picked::of(&draft).labels() == Ok((include, exclude)));
        }
    }
}
