//! Every test of the store as one binary, built and linked once; but for the token's, which wants a process of its own.

mod backup;
mod chart_time;
mod compile_fail;
mod disclosure;
mod dump;
mod group;
mod import;
mod invitations;
mod keys;
mod ledger;
mod office;
mod others;
mod people;
mod postgres;
mod race;
mod recovery;
mod replay;
mod reviews;
mod rotation;
mod shred;
mod tampering;
mod world;
