//! Those who act for patients: who acts for me, for whom I act (UX, LAW D).

pub mod accept;
pub mod apply;
pub mod code;
pub mod end;
pub mod ended;
pub mod helper;
pub mod invite;
pub mod overview;
pub mod sign;
pub mod signature;
mod upload;
