//! Labels that people put right: the queue of privacy officers, and the patient's "keep this one private", by HTTP alone
//! (POLICY §2).

pub mod officer;
mod private;
mod queue;
mod said;
