//! Joining, ways back, and what one signs in with, by HTTP alone (LAW C5, F5, F6, F7); and the commands for people on
//! the machine.

mod account;
mod command_line;
mod invitations;
#[cfg(target_os = "linux")]
mod memory;
mod passwords;
mod qr_code;
mod recovery;
mod steps;
pub mod way;
pub mod wire;
