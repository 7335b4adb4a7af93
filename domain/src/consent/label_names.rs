//! Labels by name in what is signed: a signature covers words, not the places of bits.

use crate::label::{Label, LabelSet};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
pub(super) fn serialize<S: Serializer>(
    labels: &LabelSet,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    if !labels.is_readable() {
        return Err(serde::ser::Error::custom("a label that has no name"));
    }
    labels
        .iter()
        .map(Label::name)
        .collect::<Vec<_>>()
        .serialize(serializer)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<LabelSet, D::Error> {
    let names = Vec::<String>::deserialize(deserializer)?;
    names
        .iter()
        .map(|name| Label::from_name(name).ok_or_else(|| D::Error::custom("an unknown label")))
        .collect()
}
