//! Joining, ways back, and what one signs in with, by HTTP alone (LAW C5, F5, F6, F7); and the commands for people on
//! the machine. One binary for all, so that it is linked once.

#[path = "../support/mod.rs"]
mod support;

mod account;
mod command_line;
mod invitations;
#[cfg(target_os = "linux")]
mod memory;
mod passwords;
mod qr_code;
mod recovery;
mod steps;
mod way;
mod wire;
