//! Every test of the program as one binary: built and linked once.

mod audit;
mod cli_decide;
mod command_line;
mod config;
mod demo;
mod emergency;
mod http;
mod joining;
mod journey_story;
mod keys;
mod logs;
mod office_labels;
mod open_pages;
mod proxies;
mod recovery_case;
mod restrictions;
mod sessions;
mod sharing_whole;
mod signing_in;
mod staff;
mod support;
mod tls;
