//! A form with files, read as it comes: no more of it is held than may be kept.

use crate::forms::Fields;
use axum::{
    body::Body,
    http::{HeaderMap, header},
};
use multer::{Constraints, Multipart, SizeLimit};
use portal::proxies::{
    applying::Upload,
    document::{LARGEST, MOST},
};

/// The largest field that is no file, in bytes.
const LARGEST_FIELD: usize = 8 * 1024;
/// The most fields that are no files.
const FIELDS: usize = 50;

/// Why a form could not be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unread {
    /// A file is larger than is taken, or there are more than are taken; the rest was not read.
    TooMuch,
    /// Not a form of ours, or broken off.
    Broken,
}

/// Fields and files. A file field that was left empty is no file.
pub async fn read(
    headers: &HeaderMap,
    body: Body,
    largest: usize,
) -> Result<(Fields, Vec<Upload>), Unread> {
    let boundary = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .and_then(|kind| multer::parse_boundary(kind).ok())
        .ok_or(Unread::Broken)?;
    let limit = SizeLimit::new().whole_stream(u64::try_from(largest).unwrap_or(u64::MAX));
    let constraints = Constraints::new().size_limit(limit);
    let stream = body.into_data_stream();
    let mut form = Multipart::with_constraints(stream, boundary, constraints);
    let mut fields = Vec::new();
    let mut files = Vec::new();
    while let Some(mut field) = form.next_field().await.map_err(|error| unread(&error))? {
        let name = field.name().unwrap_or_default().to_owned();
        let file = field.file_name().map(ToOwned::to_owned);
        let most = if file.is_some() {
            LARGEST
        } else {
            LARGEST_FIELD
        };
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(|error| unread(&error))? {
            if bytes.len().saturating_add(chunk.len()) > most {
                return Err(Unread::TooMuch);
            }
            bytes.extend_from_slice(&chunk);
        }
        match file {
            Some(file) if file.is_empty() && bytes.is_empty() => {}
            Some(file) => files.push(Upload { name: file, bytes }),
            None => fields.push((name, String::from_utf8_lossy(&bytes).into_owned())),
        }
        if files.len() > MOST || fields.len() > FIELDS {
            return Err(Unread::TooMuch);
        }
    }
    Ok((Fields::of(fields), files))
}

fn unread(error: &multer::Error) -> Unread {
    match error {
        multer::Error::StreamSizeExceeded { .. } | multer::Error::FieldSizeExceeded { .. } => {
            Unread::TooMuch
        }
        _ => Unread::Broken,
    }
}
