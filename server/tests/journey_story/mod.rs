//! The story of the portal, step by step and with its refusals, by HTTP alone: what people are shown, and what the
//! ledger says about it. One binary for all steps,.

mod access_history;
mod chart;
mod export;
mod export_of_chart;
mod import;
mod import_senders;
mod noninterference;
mod paging;
mod records;
mod refusals;
mod revocation;
mod sharing;
mod sharing_preview;
mod sharing_sign;
mod sign_in;
